#!/bin/sh
# How long a call of the API takes over one connection, beside SELECT 1 over the same.
#
# By turns in every round, prepared, as the role of LLM-0; prints the minimum over the
# rounds of the average of each, in microseconds, and what it is to SELECT 1.  Works on
# the demo data of the running system of the env file; the calls that it logs are rolled
# back.  Prints TAP; the figures are comments.
#
#   BENCH_ROUNDS (7), BENCH_SECONDS (1, of each run)
set -eu
cd "$(dirname -- "$0")/../.."
# shellcheck source=test/tap.sh
. test/tap.sh

rounds=${BENCH_ROUNDS:-7}
seconds=${BENCH_SECONDS:-1}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 143' INT TERM HUP

query() {
	psql -XAtq -v ON_ERROR_STOP=1 -c "$1"
}

company=$CALLCENTER_COMPANY
phone=$(query "SELECT caller_phone FROM callcenter.calls WHERE company_id = '$company' AND customer_id IS NOT NULL ORDER BY started_at DESC LIMIT 1")
call=$(query "SELECT call_id FROM callcenter.calls WHERE company_id = '$company' ORDER BY started_at DESC LIMIT 1")

echo "SELECT 1;" >"$work/select-1.sql"
echo "SELECT callcenter.ping();" >"$work/ping.sql"
echo "SELECT callcenter.lookup_by_phone('$company', 'anonymous');" >"$work/lookup-withheld.sql"
echo "SELECT callcenter.lookup_by_phone('$company', '+15005550006');" >"$work/lookup-unknown.sql"
echo "SELECT callcenter.lookup_by_phone('$company', '$phone');" >"$work/lookup-known.sql"
echo "SELECT callcenter.get_call('$company', '$call');" >"$work/get-call.sql"
echo "SELECT callcenter.list_calls('$company', '{\"limit\":50}');" >"$work/list-50.sql"
cat >"$work/create-call.sql" <<-END
	BEGIN;
	SELECT callcenter.create_call('$company', ('{"callId":"bench_' || gen_random_uuid() || '","caller":{"phone":"$phone"},"startedAt":"2030-12-01T14:30:00Z","endedAt":"2030-12-01T14:33:24Z","analysis":{"primaryIntent":"BOOK_APPOINTMENT","routingTier":1},"captured":{"problemDescription":"the heater makes a noise"},"outcome":{"status":"completed"},"transcript":[{"speaker":"agent","text":"How can I help?","timestamp":"2030-12-01T14:30:02Z"},{"speaker":"caller","text":"My heater makes a noise.","timestamp":"2030-12-01T14:30:05Z"}]}')::jsonb);
	ROLLBACK;
END
printf 'BEGIN;\nSELECT 1;\nROLLBACK;\n' >"$work/empty-transaction.sql"

all="select-1 ping lookup-withheld lookup-unknown lookup-known get-call list-50 empty-transaction create-call"

# run WHAT: prints the average microseconds of one transaction.
run() {
	pgbench -n -U llm0 -M prepared -c 1 -T "$seconds" -f "$work/$1.sql" 2>"$work/err" |
		sed -n 's/^latency average = \([0-9.]*\) ms$/\1/p' | awk '{ print $1 * 1000 }'
}

round=0
while [ "$round" -lt "$rounds" ]; do
	for what in $all; do
		run "$what" >>"$work/$what.us"
	done
	round=$((round + 1))
done

base=$(sort -n "$work/select-1.us" | head -n 1)
echo "# minima over $rounds rounds of $seconds s, one connection, prepared"
for what in $all; do
	least=$(sort -n "$work/$what.us" | head -n 1)
	ok "$what was measured" test -n "$least"
	awk -v w="$what" -v l="$least" -v b="$base" 'BEGIN { printf "# %-18s %8.0f us  %5.2f x SELECT 1\n", w, l, l / b }'
done
done_testing
