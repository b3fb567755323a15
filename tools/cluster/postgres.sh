# shellcheck shell=sh
# The private PostgreSQL cluster: made, configured, started, stopped.
#
# It listens on a socket in a directory that only the account can enter, so local
# connections are trusted; there is no TCP listener.

# write_key_ring: makes the key ring, or adds the key for access codes to one that an older version has made.
write_key_ring() {
	if [ ! -e "$key_file" ]; then
		(umask 077 && "$root/tools/keyring" >"$key_file.new")
	elif ! grep -q '"A256GCM"' "$key_file"; then
		(umask 077 && "$root/tools/keyring" --codes --ring "$key_file" >"$key_file.new")
	else
		return 0
	fi
	own "$key_file.new"
	mv -- "$key_file.new" "$key_file"
}

# postgres_settings: prints the configuration that differs from PostgreSQL's defaults.
postgres_settings() {
	cat <<-END
		# Written at each start; change tools/cluster/postgres.sh instead.
		cluster_name = 'callcenter'
		listen_addresses = ''
		port = $pg_port
		unix_socket_directories = '$sockets'
		shared_preload_libraries = 'callcenter'
		callcenter.key_file = '$key_file'
		max_connections = 100
		timezone = 'UTC'
		log_timezone = 'UTC'
		log_line_prefix = '%m [%p] %q%u@%d %a '
		log_parameter_max_length = 0
		log_parameter_max_length_on_error = 0
		$pg_settings
	END
}

settings_current() {
	postgres_settings | cmp -s - "$data/callcenter.conf"
}

postgres_pid() {
	parent_of "$run/postgres.pid" "$(postgres_program)" "$data"
}

# make_cluster: initdb.
make_cluster() {
	rm -rf -- "$data"
	mkdir -m 0700 -- "$data"
	own "$data"
	say "making a private PostgreSQL cluster in $data"
	if ! as_account "$pg_bindir/initdb" --pgdata="$data" --username="$superuser" --auth-local=trust \
		--auth-host=reject --encoding=UTF8 --locale=C.UTF-8 --data-checksums --no-instructions >"$log/initdb.log" 2>&1; then
		log_since "$log/initdb.log" 0
		die "initdb failed"
	fi
	echo "include 'callcenter.conf'" >>"$data/postgresql.conf"
}

# sql ARGUMENT...: psql as the superuser.
sql() {
	env PGHOST="$sockets" PGPORT="$pg_port" PGUSER="$superuser" PGDATABASE="${sql_database:-$database}" \
		PGOPTIONS='-c client_min_messages=warning' "$pg_bindir/psql" -X -q -A -t -v ON_ERROR_STOP=1 "$@"
}

# postgres_answers: true when it takes connections; also true, to end the wait, when it is gone.
postgres_answers() {
	if [ -z "$(processes_of "$(postgres_program)" "$data")" ]; then
		return 0
	fi
	"$pg_bindir/pg_isready" -q -h "$sockets" -p "$pg_port"
}

start_postgres() {
	# What a parent that was killed left behind: its backends, which see it soon, and
	# its lock files, whose number may be another process's by now.
	await 20 none_of "$(postgres_program)" "$data" || stop_postgres
	rm -f -- "$data/postmaster.pid" "$sockets/.s.PGSQL.$pg_port.lock"

	postgres_settings >"$data/callcenter.conf.new"
	own "$data/callcenter.conf.new"
	mv -- "$data/callcenter.conf.new" "$data/callcenter.conf"

	mark=$(log_mark "$log/postgres.log")
	touch "$log/postgres.log"
	own "$log/postgres.log"
	(
		cd -- "$data" || exit
		exec_as_account setsid "$(postgres_program)" -D "$data" </dev/null >>"$log/postgres.log" 2>&1
	) &
	pid=$!
	echo "$pid" >"$run/postgres.pid"

	# The shell that was forked becomes PostgreSQL after a few steps.
	await 10 became "$pid" "$(postgres_program)" "$data" || true
	if ! await "$patience" postgres_answers || ! postgres_pid >/dev/null; then
		log_since "$log/postgres.log" "$mark"
		die "PostgreSQL did not start"
	fi
}

# became PID PROGRAM DIRECTORY: true when the process is that program, or is no more.
became() {
	process_is "$@" || ! kill -0 "$1" 2>/dev/null
}

stop_postgres() {
	end_processes INT "$run/postgres.pid" "$(postgres_program)" "$data"
}
