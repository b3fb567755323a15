# shellcheck shell=sh
# A database of one's own for suites that need several sessions; sourced after tap.sh.
#
# The server is the one of PGHOST and PGPORT, the caller its superuser; roles are
# those of the cluster (tools/cluster/roles.sql).  The database has callcenter and two
# companies, and is gone at the end, with the files in $work.

database=isolation_$$
a=65f0000000000000000000a1
b=65f0000000000000000000b2
work=$(mktemp -d)
export PGDATABASE="$database"

scratch_drop() {
	# who still waits at a gate, because a test went wrong
	if [ -p "$work/gate" ]; then
		echo go 1<>"$work/gate"
	fi
	PGOPTIONS='-c client_min_messages=warning' psql -X -q -d postgres -c "DROP DATABASE IF EXISTS $database WITH (FORCE)" || true
	rm -rf "$work"
}
trap scratch_drop EXIT
trap 'exit 143' INT TERM HUP

# sql ARGUMENT...: psql as the superuser; rows as text without decoration.
sql() {
	psql -X -q -A -t -v ON_ERROR_STOP=1 -v VERBOSITY=sqlstate "$@"
}

# as ROLE STATEMENT: what a session of a role is told: rows, or "ERROR:  SQLSTATE".
as() {
	sql -U "$1" -c "$2" 2>&1 || true
}

# call ID PHONE START [MORE]: the document of a call, as an SQL literal.
call() {
	printf "'{\"callId\": \"%s\", \"caller\": {\"phone\": \"%s\"}, \"startedAt\": \"%s\", \"outcome\": {\"status\": \"completed\"}%s}'" "$1" "$2" "$3" "${4:+, $4}"
}

# await CONDITION: waits until an SQL condition holds, for 20 seconds at most.
await() {
	sql -v condition="$1" <<-'END'
		SELECT format('DO $do$ DECLARE began timestamptz := clock_timestamp(); holds boolean; BEGIN LOOP EXECUTE %L INTO holds; EXIT WHEN holds;
			IF clock_timestamp() > began + interval ''20 s'' THEN RAISE EXCEPTION ''waited in vain''; END IF; PERFORM pg_sleep(0.01); PERFORM pg_stat_clear_snapshot(); END LOOP; END $do$', 'SELECT ' || :'condition') \gexec
	END
}

# together FILE [ROLE]: runs each line of a file as a statement of a session of its own, as llm0 or another role; what each
# is told is in $work/said, one line a session.  The sessions wait behind a lock until all are there, and then run together.
together() {
	sessions=$(wc -l <"$1")
	mkfifo "$work/gate"
	sql -c "SELECT pg_advisory_lock(1)" -c "\\! cat $work/gate" -c "SELECT pg_advisory_unlock(1)" >/dev/null &
	gate=$!
	await "EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted)"
	n=0
	pids=
	while read -r statement; do
		n=$((n + 1))
		sql -U "${2:-llm0}" -c "DO \$\$ BEGIN PERFORM pg_advisory_xact_lock_shared(1); END \$\$" -c "$statement" >"$work/said.$n" 2>&1 &
		pids="$pids $!"
	done <"$1"
	await "(SELECT count(*) = $sessions FROM pg_locks WHERE locktype = 'advisory' AND NOT granted)"
	echo go >"$work/gate"
	# shellcheck disable=SC2086	# a list of processes
	wait $gate $pids || true
	cat "$work"/said.* | sort >"$work/said"
	rm -f "$work"/said.* "$work/gate"
}

# A session that stays open: begin, tell SQL, finish.
begin() {
	rm -f "$work/in"
	mkfifo "$work/in"
	PGAPPNAME=open psql -X -q -A -t -v VERBOSITY=sqlstate -f "$work/in" >"$work/out" 2>&1 &
	open=$!
	exec 3>"$work/in"
}

tell() {
	echo "$1" >&3
}

finish() {
	tell "$1"
	exec 3>&-
	wait "$open"
}

# A statement of another session, in the background; done_with waits for it and prints what it was told.
start() {
	PGAPPNAME=other sql -c "$1" >"$work/other" 2>&1 &
	other=$!
}

done_with() {
	wait "$other" || true
	cat "$work/other"
}

# shellcheck disable=SC2034	# what suites await
idle="EXISTS (SELECT FROM pg_stat_activity WHERE application_name = 'open' AND state = 'idle in transaction')"
# shellcheck disable=SC2034
waits="EXISTS (SELECT FROM pg_stat_activity WHERE application_name = 'other' AND wait_event_type = 'Lock')"

psql -X -q -d postgres -c "CREATE DATABASE $database"
PGOPTIONS='-c client_min_messages=warning' sql -c "CREATE EXTENSION callcenter CASCADE"
sql >/dev/null <<END
	SELECT callcenter.create_company('{"_id": "$a", "name": "ABC HVAC", "timeZone": "America/New_York", "ownNumbers": ["+13055550100"]}');
	SELECT callcenter.create_company('{"_id": "$b", "name": "Best Plumbing", "timeZone": "America/Chicago"}');
END
