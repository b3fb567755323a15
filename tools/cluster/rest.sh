# shellcheck shell=sh
# The REST server: a Kore process family on 127.0.0.1, as the account.

kore=$(readlink -f -- "$(command -v kore || echo /usr/bin/kore)")

rest_configuration() {
	sed -e "s|@PORT@|$http_port|g" -e "s|@MODULE@|$rest/callcenter.so|g" -e "s|@ROOT@|$rest|g" \
		-e "s|@PIDFILE@|$run/kore.pid|g" -e "s|@WORKERS@|$workers|g" "$root/rest/conf/callcenter.conf.in"
}

configuration_current() {
	rest_configuration | cmp -s - "$rest/kore.conf"
}

rest_pid() {
	parent_of "$run/rest.pid" "$kore" "$rest"
}

# rest_answers: true when it says that it is ready; also true, to end the wait, when it is gone.
rest_answers() {
	if [ -z "$(rest_pid)" ]; then
		return 0
	fi
	curl -s -f -o /dev/null --max-time 2 "http://127.0.0.1:$http_port/readyz"
}

# claim_port: nothing listens where the REST server will.  What a parent that was killed
# left behind would share the port with it.
claim_port() {
	end_processes TERM "$run/rest.pid" "$kore" "$rest"
	if listening "$http_port"; then
		die "port $http_port is in use by something else: set CALLCENTER_HTTP_PORT"
	fi
}

start_rest() {
	rest_configuration >"$rest/kore.conf"
	chmod 0644 "$rest/kore.conf"

	mark=$(log_mark "$log/rest.log")
	touch "$log/rest.log"
	own "$log/rest.log"
	(
		cd -- "$rest" || exit
		# shellcheck disable=SC3045	# dash knows -S
		ulimit -S -n 16384 2>/dev/null || true
		exec_as_account CALLCENTER_DB="host=$sockets port=$pg_port dbname=$database user=callcenter_rest_login" \
			CALLCENTER_HTTP_PORT="$http_port" CALLCENTER_FRONTEND="$rest/frontend" \
			CALLCENTER_WORKERS="$workers" CALLCENTER_LOG_LEVEL="$log_level" \
			CALLCENTER_TRUSTED_PROXIES="${CALLCENTER_TRUSTED_PROXIES:-}" CALLCENTER_CORS_ORIGINS="${CALLCENTER_CORS_ORIGINS:-}" \
			setsid "$kore" -fnr -c "$rest/kore.conf" </dev/null >>"$log/rest.log" 2>&1
	) &
	pid=$!
	echo "$pid" >"$run/rest.pid"

	await 10 became "$pid" "$kore" "$rest" || true
	if ! await "$patience" rest_answers || [ -z "$(rest_pid)" ]; then
		log_since "$log/rest.log" "$mark"
		die "the REST server did not start"
	fi
}

stop_rest() {
	end_processes TERM "$run/rest.pid" "$kore" "$rest"
}
