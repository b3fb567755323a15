# shellcheck shell=sh
# Names, ports and paths of one instance, read from the environment.
#
# Everything private lives in $place: where CALLCENTER_VAR points, after symbolic
# links.  Sourced by tools/cluster/cluster, which has set $root; defines names, does
# nothing.

pg_config=${PG_CONFIG:-pg_config}
http_port=${CALLCENTER_HTTP_PORT:-8080}
pg_port=${CALLCENTER_PG_PORT:-54329}
demo=${CALLCENTER_DEMO:-1}
workers=${CALLCENTER_WORKERS:-2}
log_level=${CALLCENTER_LOG_LEVEL:-info}

database=callcenter
superuser=postgres

# More lines for postgresql.conf; the tests use it.
pg_settings=${CALLCENTER_PG_SETTINGS:-}

# A directory with install scripts of older versions; the tests of upgrades use it.
old_scripts=${CALLCENTER_OLD_SCRIPTS:-}

# How long, in seconds, a server may take to come up or go away.
patience=${CALLCENTER_PATIENCE:-60}

case ${CALLCENTER_VAR:-} in
'') var=$root/var ;;
/*) var=$CALLCENTER_VAR ;;
*) var=$PWD/$CALLCENTER_VAR ;;
esac
place=$(readlink -m -- "$var")

# set_paths: names what lies in $place; called again when the place has moved.
set_paths() {
	data=$place/data			# the PostgreSQL cluster; the account's
	pgsql=$place/pgsql			# private copy of PostgreSQL's layout, with our extension
	rest=$place/rest			# what the REST server runs: module and page
	run=$place/run				# pid files and, when the path is short enough, the socket
	log=$place/log				# postgres.log, rest.log
	key_file=$place/keys.jwks
	env_file=$place/env			# for the caller's shell
	demo_file=$place/demo		# what the demo loader said: ids and sign-in

	# A socket's path has to fit into 107 bytes.
	sockets=$run
	if [ ${#sockets} -gt 85 ]; then
		sockets=/tmp/callcenter-$(path_hash "$place")
	fi
}

# path_hash PATH: prints 12 hex digits that stand for a path.
path_hash() {
	printf %s "$1" | sha256sum | cut -c 1-12
}

set_paths

# say TEXT: tells the user; die TEXT: tells the user and gives up.
say() {
	printf '%s\n' "$*" >&2
}

die() {
	say "callcenter: $*"
	exit 1
}

check_settings() {
	for setting in "CALLCENTER_HTTP_PORT=$http_port" "CALLCENTER_PG_PORT=$pg_port"; do
		case ${setting#*=} in
		'' | *[!0-9]* | ??????*) die "$setting is not a port" ;;
		esac
		if [ "${setting#*=}" -lt 1024 ] || [ "${setting#*=}" -gt 65535 ]; then
			die "$setting: the port must be between 1024 and 65535"
		fi
	done
	case $workers in
	'' | *[!0-9]* | 0*) die "CALLCENTER_WORKERS=$workers is not a number of processes" ;;
	esac
	# Kore's configuration knows no quotes.
	case $place in
	*[[:space:]\'\\]*) die "the path \"$place\" holds a blank, quote or backslash: set CALLCENTER_VAR to one that does not" ;;
	esac
}
