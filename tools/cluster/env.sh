# shellcheck shell=sh
# $place/env: how a shell, and any tool in it, finds the running system.

# quoted TEXT: prints it as one word of shell.
quoted() {
	printf "'%s'" "$(printf %s "$1" | sed "s/'/'\\\\''/g")"
}

write_env() {
	company=$(demo_value CALLCENTER_COMPANY)
	email=$(demo_value CALLCENTER_EMAIL)
	(
		umask 077
		{
			echo "# Written by tools/cluster/cluster start; source it: . $(quoted "$var/env")"
			export_line CALLCENTER_VAR "$var"
			export_line CALLCENTER_HTTP_PORT "$http_port"
			export_line CALLCENTER_PG_PORT "$pg_port"
			export_line CALLCENTER_URL "http://127.0.0.1:$http_port"
			export_line CALLCENTER_KEY_FILE "$key_file"
			export_line PGHOST "$sockets"
			export_line PGPORT "$pg_port"
			export_line PGDATABASE "$database"
			export_line PGUSER "$superuser"
			if [ -n "$company" ]; then
				export_line CALLCENTER_COMPANY "$company"
				export_line CALLCENTER_OTHER_COMPANY "$(demo_value CALLCENTER_OTHER_COMPANY)"
				export_line CALLCENTER_EMAIL "$email"
				export_line CALLCENTER_PASSWORD "$(demo_value CALLCENTER_PASSWORD)"
				export_line CALLCENTER_TOKEN "$(CALLCENTER_KEY_FILE=$key_file "$root/tools/token" \
					--company "$company" --role admin --email "$email" --sub "$(user_id "$email")" --ttl 43200)"
			fi
		} >"$env_file.new"
	)
	mv -- "$env_file.new" "$env_file"
}

# user_id EMAIL: prints the id of the user who signs in with an address.
user_id() {
	sql -v email="$1" <<-'END'
		SELECT id FROM callcenter.users WHERE email = :'email';
	END
}

export_line() {
	echo "export $1=$(quoted "$2")"
}
