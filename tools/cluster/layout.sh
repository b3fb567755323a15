# shellcheck shell=sh
# The private copy of PostgreSQL's layout, with our extension in it.
#
# PostgreSQL 15 looks for extensions next to itself only: it takes the directory of
# the running bin/postgres, links followed, and finds share and lib relative to it.
# So $pgsql repeats the installed layout with links to the system's files, a real
# copy of bin/postgres, and our files.  The system's own directories are not written.

pg_bindir=$("$pg_config" --bindir 2>/dev/null) || pg_bindir=
pg_sharedir=$("$pg_config" --sharedir 2>/dev/null) || pg_sharedir=
pg_pkglibdir=$("$pg_config" --pkglibdir 2>/dev/null) || pg_pkglibdir=

built_version=$(sed -n "s/^default_version *= *'\(.*\)'.*/\1/p" "$root/callcenter.control")
built_script=$root/sql/callcenter--$built_version.sql
built_library=$root/callcenter.so
built_module=$root/build/rest/callcenter.so

# postgres_program: the one that runs.
postgres_program() {
	echo "$pgsql$pg_bindir/postgres"
}

check_built() {
	[ -n "$pg_bindir" ] || die "there is no pg_config; run: tools/deps install run"
	for file in "$built_library" "$built_script" "$built_module"; do
		[ -e "$file" ] || die "$file is not built; run: make build"
	done
}

# library_current, module_current: true when what is installed is what is built.
library_current() {
	cmp -s "$built_library" "$pgsql$pg_pkglibdir/callcenter.so" &&
		cmp -s "$pg_bindir/postgres" "$(postgres_program)"
}

module_current() {
	cmp -s "$built_module" "$rest/callcenter.so" && diff -rq "$root/frontend" "$rest/frontend" >/dev/null 2>&1
}

# mirror DIRECTORY: repeats a directory of the system with links to what is in it.
mirror() {
	mkdir -p -- "$pgsql.new$1"
	ln -s -- "$1"/* "$pgsql.new$1/"
}

# put FILE DIRECTORY: copies one of our files over whatever the system has by that name.
put() {
	rm -f -- "$2/$(basename -- "$1")"
	install -m 0644 -- "$1" "$2/"
}

# install_layout: makes $pgsql anew.  PostgreSQL of this instance must be down.
install_layout() {
	rm -rf -- "$pgsql.new"
	mirror "$pg_bindir"
	mirror "$pg_sharedir"
	mirror "$pg_pkglibdir"

	rm -- "$pgsql.new$pg_bindir/postgres"
	install -m 0755 -- "$pg_bindir/postgres" "$pgsql.new$pg_bindir/postgres"

	rm -- "$pgsql.new$pg_sharedir/extension"
	mirror "$pg_sharedir/extension"
	rm -f -- "$pgsql.new$pg_sharedir"/extension/callcenter.control "$pgsql.new$pg_sharedir"/extension/callcenter--*

	put "$built_library" "$pgsql.new$pg_pkglibdir"
	rm -rf -- "$pgsql"
	mv -- "$pgsql.new" "$pgsql"
	install_scripts
}

# install_scripts: brings the control file and the SQL scripts up to date; harmless to a running server.
install_scripts() {
	extension_directory=$pgsql$pg_sharedir/extension
	put "$root/callcenter.control" "$extension_directory"
	for file in "$built_script" "$root"/sql/callcenter--*--"$built_version".sql "$root"/sql/upgrade/callcenter--*--*.sql ${old_scripts:+"$old_scripts"/callcenter--*.sql}; do
		[ ! -e "$file" ] || put "$file" "$extension_directory"
	done
}

# install_module: what the REST server runs.  It must be down.
install_module() {
	rm -rf -- "$rest/frontend"
	put "$built_module" "$rest"
	cp -R -- "$root/frontend" "$rest/frontend"
	chmod -R u=rwX,go=rX "$rest"
}
