# shellcheck shell=sh
# The processes of this instance: found, awaited, ended.
#
# A process belongs to the instance when the program it runs and the directory it
# works in are the instance's own, as /proc tells.  A pid file only says which of
# them is the parent; a number in it that belongs to something else by now is never
# signalled.

# process_is PID PROGRAM DIRECTORY: true when that process runs that program there.
process_is() {
	case $1 in
	'' | *[!0-9]*) return 1 ;;
	esac
	program=$(readlink -- "/proc/$1/exe" 2>/dev/null) || return 1
	[ "${program% (deleted)}" = "$2" ] && [ "$(readlink -- "/proc/$1/cwd" 2>/dev/null)" = "$3" ]
}

# processes_of PROGRAM DIRECTORY: prints the pids of all such processes.
processes_of() {
	for entry in /proc/[0-9]*; do
		if process_is "${entry#/proc/}" "$1" "$2"; then
			echo "${entry#/proc/}"
		fi
	done
}

# parent_of PIDFILE PROGRAM DIRECTORY: prints the pid in the file if that process is ours.
parent_of() {
	pid=
	[ -r "$1" ] || return 1
	read -r pid <"$1" || [ -n "$pid" ] || return 1
	process_is "$pid" "$2" "$3" && echo "$pid"
}

# await SECONDS COMMAND...: true as soon as the command is, false when time is up.
await() {
	deadline=$(($(date +%s) + $1))
	shift
	until "$@"; do
		[ "$(date +%s)" -lt "$deadline" ] || return 1
		sleep 0.1
	done
}

none_of() {
	[ -z "$(processes_of "$1" "$2")" ]
}

# end_processes SIGNAL PIDFILE PROGRAM DIRECTORY: signals the parent, waits until the
# whole family is gone, and kills what does not go.
end_processes() {
	if parent=$(parent_of "$2" "$3" "$4"); then
		kill -s "$1" "$parent" 2>/dev/null || true
	else
		# No parent: its children may have outlived it.
		for pid in $(processes_of "$3" "$4"); do
			kill -s TERM "$pid" 2>/dev/null || true
		done
	fi
	if ! await "$patience" none_of "$3" "$4"; then
		say "killing what did not end in $patience s"
		for pid in $(processes_of "$3" "$4"); do
			kill -s KILL "$pid" 2>/dev/null || true
		done
		await 10 none_of "$3" "$4" || die "processes are left: $(processes_of "$3" "$4" | tr '\n' ' ')"
	fi
	rm -f -- "$2"
}

# listening PORT: true when something on this machine accepts TCP connections there.
listening() {
	cat /proc/net/tcp /proc/net/tcp6 2>/dev/null | awk -v port="$(printf %04X "$1")" '
		$4 == "0A" && $2 ~ ":" port "$" { found = 1 }
		END { exit !found }'
}

# log_mark FILE: prints where a log ends now; log_since FILE MARK: what came after, at most 40 lines.
log_mark() {
	stat -c %s -- "$1" 2>/dev/null || echo 0
}

log_since() {
	say "---- the end of $1:"
	tail -c "+$(($2 + 1))" -- "$1" 2>/dev/null | tail -n 40 >&2 || true
	say "----"
}
