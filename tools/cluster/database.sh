# shellcheck shell=sh
# The database of the private cluster: extension, login roles, demo data.
#
# A cluster counts as made when the checksum of the install script that made its
# database is written into it; one that was left half made is made again.

ready() {
	[ -e "$data/callcenter.sum" ]
}

# mark_ready: the database is what the built install script makes.
mark_ready() {
	sha256sum <"$built_script" >"$data/callcenter.sum"
}

installed_version() {
	sql -c "SELECT extversion FROM pg_catalog.pg_extension WHERE extname = 'callcenter'"
}

make_database() {
	sql_database=postgres
	sql -c "CREATE DATABASE $database"
	sql_database=
	sql -c "CREATE EXTENSION pg_trgm" -c "CREATE EXTENSION callcenter"
	sql -f "$root/tools/cluster/roles.sql"
	if [ "$demo" != 0 ]; then
		load_demo
	fi
	mark_ready
}

# load_demo: two companies with their calls, as the loader makes them.
load_demo() {
	say "loading demo data"
	PGHOST=$sockets PGPORT=$pg_port PGUSER=$superuser PGDATABASE=$database "$root/tools/demo/load" >"$demo_file.new" ||
		die "the demo data could not be loaded"
	chmod 0600 "$demo_file.new"
	mv -- "$demo_file.new" "$demo_file"
	company=$(demo_value CALLCENTER_COMPANY)
	sql -v company="$company" <<-'END'
		SELECT callcenter.grant_role(:'company', 'bi_demo') \g /dev/null
		ALTER ROLE bi_demo SET callcenter.company_id = :'company';
	END
}

# demo_value NAME: prints what the loader said for a name; nothing without demo data.
demo_value() {
	[ -e "$demo_file" ] || return 0
	sed -n "s/^$1=['\"]\{0,1\}\([^'\"]*\)['\"]\{0,1\}\$/\1/p" "$demo_file"
}

# update_database: brings the extension to the version that is built.
update_database() {
	was=$(installed_version)
	[ -n "$was" ] || die "the database has no extension callcenter; run: make reset"
	if [ "$was" != "$built_version" ]; then
		say "updating the extension from $was to $built_version"
		sql -c "ALTER EXTENSION callcenter UPDATE TO '$built_version'"
		mark_ready
	elif ! sha256sum <"$built_script" | cmp -s - "$data/callcenter.sum"; then
		say "note: the install script differs from the one this database was made with; make reset makes it anew"
	fi
}
