# shellcheck shell=sh
# Which operating-system account the servers run as, and where it can reach.
#
# PostgreSQL refuses to run as root, and the REST server should not: as root both
# run as "postgres", the account of Debian's package.  For anybody else the account
# is the caller's own.  Programs and pages in $place stay root's then, so that the
# servers cannot change what they run; only what they write belongs to the account.

if [ "$(id -u)" -eq 0 ]; then
	account=postgres
else
	account=$(id -un)
fi

# exec_as_account COMMAND...: becomes the command, as the account, with an
# environment of its own and without the files that a caller left open.
exec_as_account() {
	exec 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&-
	if [ "$(id -u)" -eq 0 ]; then
		exec setpriv --reuid="$account" --regid="$(id -g "$account")" --clear-groups --inh-caps=-all --no-new-privs \
			env -i PATH="$PATH" LANG=C.UTF-8 HOME="$place" "$@"
	else
		exec env -i PATH="$PATH" LANG=C.UTF-8 HOME="$HOME" "$@"
	fi
}

as_account() {
	(exec_as_account "$@")
}

# own PATH...: gives files to the account.
own() {
	if [ "$(id -u)" -eq 0 ]; then
		chown "$account:" "$@"
	fi
}

# find_place: settles where the private directories are, and makes that one.  It is
# done before anything is locked, so that an instance has one lock.  A place that
# the account cannot reach, such as one in a clone below /root, moves to /var/lib, and
# CALLCENTER_VAR becomes a symbolic link to it.
find_place() {
	id "$account" >/dev/null 2>&1 || die "there is no account \"$account\"; tools/deps install run makes it with PostgreSQL"
	if [ ! -d "$place" ]; then
		mkdir -p -- "$place" || die "cannot make $place"
	fi
	# shellcheck disable=SC2016	# expanded by the inner shell
	if ! as_account sh -c 'cd -- "$1"' sh "$place" 2>/dev/null; then
		rmdir -- "$place" 2>/dev/null ||
			die "the account \"$account\" cannot reach $place: remove it, or set CALLCENTER_VAR"
		place=/var/lib/callcenter-$(path_hash "$var")
		mkdir -p -- "$place"
		mkdir -p -- "$(dirname -- "$var")"
		ln -sfn -- "$place" "$var"
		set_paths
		say "the account \"$account\" cannot reach $var: it is a link to $place now"
	fi
	if [ -d "$data" ] && [ "$(stat -c %U -- "$data")" != "$account" ]; then
		die "$data belongs to $(stat -c %U -- "$data"), not to $account: run as the user who made it, or set CALLCENTER_VAR"
	fi

}

# make_directories: makes what $place holds.  Only what the servers write is the account's.
make_directories() {
	mkdir -p -- "$run" "$log" "$pgsql" "$rest"
	chmod 0700 "$run" "$log"
	own "$run" "$log"
	if [ "$sockets" != "$run" ]; then
		# In a directory that everybody writes: it must be made here or be ours.
		# shellcheck disable=SC2016
		as_account sh -c 'mkdir -m 0700 -- "$1" 2>/dev/null || { [ -d "$1" ] && [ ! -L "$1" ] && [ -O "$1" ]; }' sh "$sockets" ||
			die "$sockets is not a directory of $account"
		as_account chmod 0700 "$sockets"
	fi
}
