#!/bin/sh
# How fast the REST server is, beside pgbench driving the same functions.
#
# 16 connections each; both by turns in every round, on the same machine, as the same
# role, so that what else the machine does hits both.  Works in a company of its own
# on the running system of the env file.  Prints TAP; the figures are comments:
# minimum, median and maximum over the rounds.
#
#   BENCH_ROUNDS (5), BENCH_SECONDS (4, of each run), BENCH_CONNECTIONS (16)
set -eu
cd "$(dirname -- "$0")/../.."
# shellcheck source=test/tap.sh
. test/tap.sh

rounds=${BENCH_ROUNDS:-5}
seconds=${BENCH_SECONDS:-4}
connections=${BENCH_CONNECTIONS:-16}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 143' INT TERM HUP

query() {
	psql -XAtq -v ON_ERROR_STOP=1 -c "$1"
}

company=$(query "SELECT callcenter.create_company('{\"name\":\"Bench\",\"timeZone\":\"America/New_York\",\"defaultRegion\":\"US\"}')->'company'->>'_id'")
token=$(tools/token --company "$company" --role admin)

# The same statements as rest/src/statements.def has.
cat >"$work/post.sql" <<-END
	\set n random(1000, 9999)
	SELECT body, CASE WHEN (body->>'created')::boolean THEN 201 ELSE 200 END
	FROM callcenter.create_call('$company', ('{"callId":"call_' || gen_random_uuid() || '","caller":{"phone":"+1305555' || :n || '","name":"Maria Lopez"},"startedAt":"2025-12-01T14:30:00Z","endedAt":"2025-12-01T14:33:24Z","analysis":{"primaryIntent":"repair","intentConfidence":0.92,"routingTier":2},"captured":{"problemDescription":"the heater makes a noise"},"outcome":{"status":"completed","result":"booked"},"transcript":[{"speaker":"agent","text":"how can I help?","timestamp":"2025-12-01T14:30:02Z","turnNumber":1},{"speaker":"caller","text":"my heater makes a noise","timestamp":"2025-12-01T14:30:05Z","turnNumber":2}]}')::jsonb, '$token') AS body;
END
echo "SELECT callcenter.list_calls('$company', '{\"limit\":\"50\"}'::jsonb, '$token');" >"$work/list.sql"
cat >"$work/lookup.sql" <<-END
	\set n random(1000, 9999)
	SELECT callcenter.lookup_by_phone('$company', '+1305555' || :n, '$token');
END

# by_pgbench WHAT: prints transactions a second.
by_pgbench() {
	pgbench -n -U callcenter_rest_login -M prepared -c "$connections" -j 2 -T "$seconds" -f "$work/$1.sql" 2>"$work/pgbench.err" |
		sed -n 's/^tps = \([0-9.]*\) .*/\1/p'
}

# by_rest WHAT: prints requests a second, p50 and p99 in ms, answers that were not good.
by_rest() {
	wrk -t 2 -c "$connections" -d "${seconds}s" -s test/bench/rest.lua "$CALLCENTER_URL" -- "$1" "$company" "$token" \
		>"$work/wrk.out" 2>"$work/wrk.figures"
	cat "$work/wrk.figures"
}

# spread FILE COLUMN: minimum, median and maximum of a column.
spread() {
	sort -n -k "$2,$2" "$1" | awk -v c="$2" '{ v[NR] = $c } END { printf "%.5g / %.5g / %.5g", v[1], v[int((NR + 1) / 2)], v[NR] }'
}

median() {
	sort -n -k "$2,$2" "$1" | awk -v c="$2" '{ v[NR] = $c } END { print v[int((NR + 1) / 2)] }'
}

no_errors() {
	awk '$4 != 0 { bad = 1; print } END { exit bad }' "$1"
}

pgbench -n -U callcenter_rest_login -M prepared -c 4 -t 500 -f "$work/post.sql" >"$work/fill" 2>&1 || {
	cat "$work/fill" >&2
	exit 1
}

tap_comment "$connections connections, $rounds rounds of $seconds s each; fsync is $(query 'SHOW fsync')"
tap_comment "requests or transactions a second: minimum / median / maximum"
for what in post list lookup; do
	: >"$work/rest.$what"
	: >"$work/pgbench.$what"
done
round=0
while [ "$round" -lt "$rounds" ]; do
	round=$((round + 1))
	for what in post list lookup; do
		by_rest "$what" >>"$work/rest.$what"
		by_pgbench "$what" >>"$work/pgbench.$what"
	done
done
for what in post list lookup; do
	rest=$work/rest.$what
	ok "$what: every answer is good" no_errors "$rest"
	tap_comment "$what over REST   $(spread "$rest" 1)   p50 $(median "$rest" 2) ms, p99 $(median "$rest" 3) ms"
	tap_comment "$what by pgbench  $(spread "$work/pgbench.$what" 1)"
	tap_comment "$what ratio       $(awk -v a="$(median "$rest" 1)" -v b="$(median "$work/pgbench.$what" 1)" 'BEGIN { printf "%.2f", a / b }')"
done
by_rest live >"$work/rest.live"
ok "live: every answer is good" no_errors "$work/rest.live"
tap_comment "live (no database) over REST: $(cut -d ' ' -f 1 "$work/rest.live")"
done_testing
