#!/bin/sh
# What it costs that every call asks who is calling, and that row-level security guards every row.
#
# Identity: the cheapest call of the API (a lookup of a withheld caller, which reads no record) by database role and by
# tokens of each algorithm, beside a function that asks nobody. Row-level security: calls of the API as they are, and
# with callcenter_api passing by row-level security for that while, in pairs; the tax may be 1.20 at most.
#
# By turns in every round, over one connection, prepared; minima over the rounds of the twentieth part that is
# quickest. Works on the demo data of the running
# system of the env file, whose key ring and roles are put back. Prints TAP; the figures are comments.
#
#   BENCH_ROUNDS (9), BENCH_SECONDS (2, of each run)
set -eu
cd "$(dirname -- "$0")/../.."
# shellcheck source=test/tap.sh
. test/tap.sh

rounds=${BENCH_ROUNDS:-9}
seconds=${BENCH_SECONDS:-2}
tax=1.20
work=$(mktemp -d)
ring=$CALLCENTER_KEY_FILE
cp -p -- "$ring" "$work/ring"

query() {
	psql -XAtq -v ON_ERROR_STOP=1 -c "$1"
}
put_back() {
	query "ALTER ROLE callcenter_api NOBYPASSRLS" || true
	cat "$work/ring" >"$ring"
	query "SELECT pg_reload_conf()" >/dev/null || true
	rm -rf "$work"
}
trap put_back EXIT
trap 'exit 143' INT TERM HUP

# a ring with a key of every algorithm; sessions that begin later read it
tools/keyring --with rsa --with ed25519 >"$work/new"
cat "$work/new" >"$ring"
query "SELECT pg_reload_conf()" >/dev/null

company=$CALLCENTER_COMPANY
phone=$(query "SELECT caller_phone FROM callcenter.calls WHERE company_id = '$company' AND customer_id IS NOT NULL ORDER BY started_at DESC LIMIT 1")
call=$(query "SELECT call_id FROM callcenter.calls WHERE company_id = '$company' ORDER BY started_at DESC LIMIT 1")
customer=$(query "SELECT customer_id FROM callcenter.calls WHERE company_id = '$company' AND customer_id IS NOT NULL ORDER BY started_at DESC LIMIT 1")

# run ROLE FILE: prints the microseconds that one transaction of twenty stays below, which other work of the machine
# disturbs less than an average. From the end of one to the end of the next: pgbench's own figure is 0 for some that
# are quick.
run() {
	rm -f "$work"/log.*
	pgbench -n -U "$1" -M prepared -c 1 -T "$seconds" -f "$2" -l --log-prefix="$work/log" >/dev/null 2>"$work/err" || {
		cat "$work/err" >&2
		return 1
	}
	awk '{ now = ($5 - first) * 1000000 + $6 } NR == 1 { first = $5; now = $6 } NR > 1 { print now - before } { before = now }' "$work"/log.* |
		sort -n | awk '{ us[NR] = $1 } END { print us[int((NR + 19) / 20)] }'
}
least() {
	sort -n "$1" | head -n 1
}

# ---- identity

echo "SELECT 1;" >"$work/select-1.sql"
echo "SELECT callcenter.ping();" >"$work/nobody.sql"
echo "SELECT callcenter.lookup_by_phone('$company', 'anonymous');" >"$work/role.sql"
for kid in dev dev-es256 dev-rs256 dev-eddsa; do
	token=$(tools/token --company "$company" --ttl 86400 --key-file "$work/new" --kid "$kid")
	echo "SELECT callcenter.lookup_by_phone('$company', 'anonymous', '$token');" >"$work/$kid.sql"
done
# waits until new sessions read the new ring
tries=0
until psql -XAtq -U callcenter_rest_login -f "$work/dev-eddsa.sql" >/dev/null 2>&1; do
	tries=$((tries + 1))
	[ "$tries" -lt 200 ] || { echo "Bail out! the key ring is not read"; exit 1; }
done

callers="select-1 nobody role dev dev-es256 dev-rs256 dev-eddsa"
round=0
while [ "$round" -lt "$rounds" ]; do
	for what in $callers; do
		case $what in
		role) who=llm0 ;;
		*) who=callcenter_rest_login ;;
		esac
		run "$who" "$work/$what.sql" >>"$work/$what.us"
	done
	round=$((round + 1))
done
echo "# minima over $rounds rounds of $seconds s, one connection, prepared"
echo "# identity: a lookup of a withheld caller"
base=$(least "$work/nobody.us")
for what in $callers; do
	us=$(least "$work/$what.us")
	ok "$what was measured" test -n "$us"
	case $what in
	select-1) name="SELECT 1" ;;
	nobody) name="ping(), who asks nobody" ;;
	role) name="by database role" ;;
	dev) name="by token, HS256" ;;
	dev-es256) name="by token, ES256" ;;
	dev-rs256) name="by token, RS256" ;;
	dev-eddsa) name="by token, EdDSA" ;;
	esac
	awk -v n="$name" -v u="$us" -v b="$base" 'BEGIN { printf "# %-24s %8.0f us  %+7.0f us\n", n, u, u - b }'
done

# ---- row-level security

echo "SELECT callcenter.lookup_by_phone('$company', '$phone');" >"$work/lookup.sql"
echo "SELECT callcenter.get_call('$company', '$call');" >"$work/get-call.sql"
echo "SELECT callcenter.get_customer('$company', '$customer');" >"$work/get-customer.sql"
echo "SELECT callcenter.list_calls('$company', '{\"limit\": 50}');" >"$work/list-calls.sql"
echo "SELECT callcenter.list_calls('$company', '{\"limit\": 50, \"status\": \"completed\", \"reviewed\": \"false\"}');" >"$work/list-filtered.sql"
echo "SELECT callcenter.list_customers('$company', '{\"limit\": 50}');" >"$work/list-customers.sql"
calls="lookup get-call get-customer list-calls list-filtered list-customers"

# with_security YES|NO: callcenter_api is bound by row-level security, or not.
with_security() {
	case $1 in
	yes) query "ALTER ROLE callcenter_api NOBYPASSRLS" ;;
	no) query "ALTER ROLE callcenter_api BYPASSRLS" ;;
	esac
}
round=0
while [ "$round" -lt "$rounds" ]; do
	# by turns first, so that a machine that slows down favours neither
	if [ $((round % 2)) -eq 0 ]; then order="yes no"; else order="no yes"; fi
	for what in $calls; do
		for security in $order; do
			with_security "$security"
			run llm0 "$work/$what.sql" >>"$work/$what.$security"
		done
	done
	round=$((round + 1))
done
with_security yes

# within BOUND RATIO
within() {
	awk -v r="$2" -v b="$1" 'BEGIN { exit !(r > 0 && r <= b) }'
}
echo "# row-level security: the same call without and with"
for what in $calls; do
	without=$(least "$work/$what.no")
	with=$(least "$work/$what.yes")
	ratio=$(awk -v w="$with" -v o="$without" 'BEGIN { printf "%.3f", w / o }')
	printf '# %-16s %8.0f us %8.0f us   x %s\n' "$what" "$without" "$with" "$ratio"
	ok "$what: row-level security costs at most x $tax" within "$tax" "$ratio"
done

# Control: a policy that looks something up for each row is a tax that is found.
query "CREATE POLICY planted ON callcenter.calls AS RESTRICTIVE USING ((SELECT count(*) FROM generate_series(1, 50 + length(call_id))) > 0)"
trap 'query "SET client_min_messages = error; DROP POLICY IF EXISTS planted ON callcenter.calls"; put_back' EXIT
taxed=$(run llm0 "$work/list-calls.sql")
query "DROP POLICY planted ON callcenter.calls"
ok "control: a policy that works for each row is above it" not within "$tax" "$(awk -v w="$taxed" -v o="$(least "$work/list-calls.no")" 'BEGIN { printf "%.3f", w / o }')"
done_testing
