# shellcheck shell=sh
# An instance of its own for suites that stop and start servers; sourced after tap.sh.
#
# start SETTINGS   starts it, or starts it anew with other lines in postgresql.conf
# make_database    makes the suite's database, $database, with two companies; the REST server is in another one
# sql, as, call    as in test/isolation/scratch.sh
# poll, eventually wait for a condition, for 20 seconds at most

a=65f0000000000000000000a1
b=65f0000000000000000000b2
database=watched
work=$(mktemp -d)
chmod 0755 "$work"
cluster=$PWD/tools/cluster/cluster
for variable in $(env | sed -n 's/^\(\(CALLCENTER_\|PG\)[A-Z_]*\)=.*/\1/p'); do
	[ "$variable" = PG_CONFIG ] || unset "$variable"
done
export CALLCENTER_VAR="$work/var" CALLCENTER_DEMO=0
CALLCENTER_HTTP_PORT=$(node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })')
export CALLCENTER_HTTP_PORT
log=$CALLCENTER_VAR/log/postgres.log

cleanup() {
	"$cluster" reset >/dev/null 2>&1 || true
	rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 143' INT TERM HUP

start() {
	CALLCENTER_PG_SETTINGS="fsync = off
$1" "$cluster" start >"$work/start" 2>&1 || {
		cat "$work/start" >&2
		exit 1
	}
	# shellcheck source=/dev/null
	. "$CALLCENTER_VAR/env"
	export PGDATABASE="$database"
}

# sql ARGUMENT...: psql as the superuser; rows as text without decoration.
sql() {
	psql -X -q -A -t -v ON_ERROR_STOP=1 -v VERBOSITY=sqlstate "$@"
}

# as ROLE STATEMENT: what a session of a role is told: rows, or "ERROR:  SQLSTATE".
as() {
	sql -U "$1" -c "$2" 2>&1 || true
}

# call ID PHONE START: the document of a call, as an SQL literal.
call() {
	printf "'{\"callId\": \"%s\", \"caller\": {\"phone\": \"%s\"}, \"startedAt\": \"%s\", \"outcome\": {\"status\": \"completed\"}}'" "$1" "$2" "$3"
}

# poll COMMAND...: waits until a command succeeds, for 20 seconds at most.
poll() {
	polls=0
	until "$@" >/dev/null 2>&1; do
		polls=$((polls + 1))
		[ "$polls" -lt 400 ] || return 1
		sleep 0.05
	done
}

holds() {
	[ "$(sql -c "SELECT $1")" = t ]
}

# eventually NAME CONDITION: a test that an SQL condition holds within 20 seconds.
eventually() {
	ok "$1" poll holds "$2"
}

make_database() {
	sql -d postgres -c "CREATE DATABASE $database"
	PGOPTIONS='-c client_min_messages=warning' sql -c "CREATE EXTENSION callcenter CASCADE"
	sql >/dev/null <<-END
		SELECT callcenter.create_company('{"_id": "$a", "name": "ABC HVAC", "timeZone": "America/New_York", "ownNumbers": ["+13055550100"]}');
		SELECT callcenter.create_company('{"_id": "$b", "name": "Best Plumbing", "timeZone": "America/Chicago"}');
	END
}

# since MARK: what the server has logged since then; mark: now.
mark() {
	wc -c <"$log"
}
since() {
	tail -c "+$(($1 + 1))" "$log"
}
