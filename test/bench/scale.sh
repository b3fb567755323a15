#!/bin/sh
# What calls of the API cost as a company grows: the same at every size.
#
# Makes companies of 100,000, 1,000,000 and (BENCH_SCALE) more calls in a database of its
# own, all at once there, and times the same statements in each by turns (paired.c), so
# that what else the machine does hits all sizes.  Goal: at most 1.10 times the smallest.
# Totals that lists show are judged by themselves: at most 1 ms at the largest size.  So are
# the figures of a period there, of a day to three years, from rollups: at most 5 ms; and pages
# with their totals by each filter, alone and beside another, of what is common and what is
# rare and old: at most 5 ms in the company of 1,000,000, or the largest below.  In larger ones
# the total of two filters may have to be counted (LIST_FEW), which is told there as text (q) is,
# which no index has.
#
# The rows are realistic but lean: every key, time, outcome and summary, no transcript and
# no captured address (some 350 bytes of heap a call and nine indexes).  There is a customer
# to ten calls.  They are loaded with triggers off, and the derived tables are computed by
# rebuild_stats(), which must find them right afterwards, with what was logged since.
#
#   BENCH_SCALE ("100000 1000000")   sizes; with 10000000 some 19 GB and half an hour
#   BENCH_TURNS (100), BENCH_BATCH (15)
set -eu
cd "$(dirname -- "$0")/../.."
# shellcheck source=test/tap.sh
. test/tap.sh

sizes=${BENCH_SCALE:-100000 1000000}
turns=${BENCH_TURNS:-100}
batch=${BENCH_BATCH:-15}
work=$(mktemp -d)
home=${PGDATABASE:-postgres}
name=scale_$$
PGOPTIONS='-c client_min_messages=warning'
export PGOPTIONS
cleanup() {
	psql -X -q -d "$home" -c "DROP DATABASE IF EXISTS $name WITH (FORCE)" >/dev/null 2>&1 || true
	rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 143' INT TERM HUP

run() {
	psql -XAtq -v ON_ERROR_STOP=1 -d "$name" "$@"
}

make -s build/bench/paired >&2
sorted=$(printf '%s' "$sizes" | tr ' ' '\n' | sort -n)
largest=$(printf '%s\n' "$sorted" | tail -n 1)
filtered=$(printf '%s\n' "$sorted" | awk '$1 <= 1000000' | tail -n 1)
filtered=${filtered:-$largest}
needed=$((largest / 500 + 1000))
free=$(df -Pm "$(psql -XAtqc 'SHOW data_directory')" | awk 'NR == 2 { print $4 }')
if [ "$free" -lt "$((needed * 2))" ]; then
	tap_comment "$free MB are free, some $((needed * 2)) are needed"
	exit 1
fi
psql -X -q -d "$home" -c "CREATE DATABASE $name"
run -c "CREATE EXTENSION callcenter CASCADE"

# The id of the company of a size.
company_of() {
	printf '65f0%020d' "$1"
}

for size in $sizes; do
	began=$(date +%s)
	run -v company="$(company_of "$size")" -v size="$size" <<-'END' >/dev/null
		SET synchronous_commit = off;
		SET maintenance_work_mem = '256MB';
		SELECT callcenter.create_company(json_build_object('_id', :'company', 'name', 'Scale', 'timeZone', 'America/New_York')::jsonb);
		SET session_replication_role = replica;
		INSERT INTO callcenter.customers (company_id, id, customer_number, first_name, last_name, customer_type, status)
		SELECT :'company', :'size' || 'c' || lpad(to_hex(n), 23 - length(:'size'), '0'), n, 'First' || n, 'Last' || n,
			(CASE WHEN n BETWEEN 101 AND 160 THEN 'property_manager' ELSE 'residential' END)::callcenter.customer_type,
			(ARRAY['lead', 'active', 'active', 'lead', 'active', 'inactive', 'active', 'churned', 'active', 'do_not_contact'])[1 + n % 10]
		FROM generate_series(1, :size / 10) n;
		UPDATE callcenter.customer_numbers SET last_number = :size / 10 WHERE company_id = :'company';
		INSERT INTO callcenter.customer_phones (company_id, phone, customer_id, kind, raw, region, metadata_version)
		SELECT :'company', '+1305' || (2000000 + n), :'size' || 'c' || lpad(to_hex(n), 23 - length(:'size'), '0'), 'primary', '', 'US', callcenter.phone_metadata_version()
		FROM generate_series(1, :size / 10) n;
		-- as they come: a call every 12 seconds, callers in turn; the first ones are emergencies, and were reviewed
		INSERT INTO callcenter.calls (company_id, id, call_id, caller_phone, caller_kind, caller_raw, caller_region, metadata_version, customer_id, started_at, ended_at,
			duration_seconds, primary_intent, routing_tier, status, result, summary, is_booked, content_hash, previous_call_count, is_returning,
			urgency, reviewed)
		SELECT :'company', :'size' || 'a' || lpad(to_hex(n), 23 - length(:'size'), '0'), 'call_' || n, '+1305' || (2000001 + n % (:size / 10)), 'e164', '+1305' || (2000001 + n % (:size / 10)), 'US', '8',
			:'size' || 'c' || lpad(to_hex(1 + n % (:size / 10)), 23 - length(:'size'), '0'),
			'2025-12-01T00:00:00Z'::timestamptz - (:size - n) * interval '12 seconds', '2025-12-01T00:03:24Z'::timestamptz - (:size - n) * interval '12 seconds',
			204, (ARRAY['BILLING', 'REPAIR', 'QUOTE', 'BOOK_APPOINTMENT'])[1 + n % 4], 1 + n % 3, (ARRAY['completed', 'voicemail', 'transferred', 'abandoned'])[1 + n / 7 % 4], 'answered',
			'The heater makes a noise', false, sha256('x'), (n - 1) / (:size / 10), n > :size / 10,
			CASE WHEN n <= 60 THEN 'emergency' ELSE 'normal' END, n <= :size / 200
		FROM generate_series(1, :size) n;
	END
	tap_comment "$size calls loaded in $(($(date +%s) - began)) s"
done
began=$(date +%s)
run -c "SELECT callcenter.rebuild_stats()" >/dev/null
run -c "VACUUM ANALYZE" -c "CHECKPOINT"
tap_comment "derived tables and statistics made in $(($(date +%s) - began)) s; $(run -c "SELECT pg_size_pretty(pg_database_size(current_database()))")"

# Keys are spread over the data, the same at each size: the customer and call in the middle, and pages at both ends.
for size in $sizes; do
	company=$(company_of "$size")
	deep=$(run -c "SELECT format('newest.%s.%s', (extract(epoch FROM started_at) * 1000000)::bigint - 946684800000000, id) FROM callcenter.calls
		WHERE company_id = '$company' ORDER BY started_at, id OFFSET 60 LIMIT 1")
	deep_customer=$(run -c "SELECT format('lastContact.%s.%s', (extract(epoch FROM last_contact) * 1000000)::bigint - 946684800000000, customer_id) FROM callcenter.customer_stats
		WHERE company_id = '$company' ORDER BY last_contact, customer_id OFFSET 60 LIMIT 1")
	statement() {
		printf -- '-- %s:%s llm0 %s\n%s\n' "$1" "$size" "$2" "$3"
	}
	list() {
		statement "$1" '' "SELECT callcenter.list_calls('$company', '$2')"
	}
	customers() {
		statement "$1" '' "SELECT callcenter.list_customers('$company', '$2')"
	}
	period() {
		statement "$1" '' "SELECT callcenter.call_analytics('$company', '$2')"
	}
	{
		statement lookup '' "SELECT callcenter.lookup_by_phone('$company', '+1305$((2000000 + size / 20))')"
		statement get-call '' "SELECT callcenter.get_call('$company', 'call_$((size / 2))')"
		list list-first '{"limit":50}'
		list list-deepest "{\"limit\":50,\"after\":\"$deep\"}"
		customers customers-first '{"limit":50}'
		customers customers-calls '{"limit":50,"sort":"calls"}'
		customers customers-value '{"limit":50,"sort":"value"}'
		customers customers-deepest "{\"limit\":50,\"after\":\"$deep_customer\"}"
		list list-emergency '{"limit":50,"urgency":"emergency"}'
		list list-unreviewed '{"limit":50,"reviewed":false}'
		list list-longest '{"limit":50,"sort":"longest"}'
		customers customers-managers '{"limit":50,"type":"property_manager"}'
		if [ "$size" = "$filtered" ]; then
			list list-tier '{"limit":50,"tier":"2"}'
			list list-inbound '{"limit":50,"direction":"inbound"}'
			list list-outbound '{"limit":50,"direction":"outbound"}'
			list list-flagged '{"limit":50,"flagged":true}'
			list list-phone "{\"limit\":50,\"phone\":\"+1305$((2000000 + size / 20))\"}"
			list list-status-intent '{"limit":50,"status":"voicemail","intent":"REPAIR"}'
			list list-status-unreviewed '{"limit":50,"status":"voicemail","reviewed":false}'
			list list-intent-emergency '{"limit":50,"intent":"REPAIR","urgency":"emergency"}'
			list list-none '{"limit":50,"flagged":true,"urgency":"emergency"}'
			list list-month-tier '{"limit":50,"startDate":"2025-11-01","endDate":"2025-11-30","tier":"2"}'
			list list-longest-emergency '{"limit":50,"sort":"longest","urgency":"emergency"}'
			customers customers-managers-calls '{"limit":50,"type":"property_manager","sort":"calls"}'
			customers customers-residential '{"limit":50,"type":"residential"}'
			customers customers-none '{"limit":50,"type":"commercial"}'
		fi
		if [ "$size" = "$largest" ]; then
			# a total costs what a list of one row costs beyond a page by cursor, which shows none
			list total-none "{\"limit\":1,\"after\":\"$deep\"}"
			list total-all '{"limit":1}'
			list total-date '{"limit":1,"startDate":"2025-11-25","endDate":"2025-11-30"}'
			list total-status '{"limit":1,"status":"voicemail"}'
			list total-intent '{"limit":1,"intent":"REPAIR"}'
			customers customers-total-none "{\"limit\":1,\"after\":\"$deep_customer\"}"
			customers customers-total-all '{"limit":1}'
			customers customers-total-status '{"limit":1,"status":"churned"}'
			period period-day '{"period":"today","asOf":"2025-12-01T04:00:00Z"}'
			period period-month '{"period":"month","asOf":"2025-12-01T04:00:00Z"}'
			period period-year '{"period":"year","asOf":"2025-12-01T04:00:00Z"}'
			period period-three-years '{"from":"2022-12-01","to":"2025-11-30"}'
		fi
	} >>"$work/reads"
	statement create-call rollback "SELECT callcenter.create_call('$company', ('{\"callId\":\"bench_' || gen_random_uuid() || '\",\"caller\":{\"phone\":\"+1305$((2000000 + size / 20))\"},\"startedAt\":\"2030-12-01T14:30:00Z\",\"endedAt\":\"2030-12-01T14:33:24Z\",\"analysis\":{\"primaryIntent\":\"BILLING\",\"routingTier\":1},\"captured\":{\"problemDescription\":\"the heater makes a noise\"},\"outcome\":{\"status\":\"completed\"}}')::jsonb)" >>"$work/writes"
done
# Reads first: what is rolled back leaves dead rows in front of the newest call.
for kind in reads writes; do
	PGDATABASE=$name build/bench/paired "$work/$kind" "$turns" "$batch"
done >"$work/figures"

least() {
	awk -v w="$1" '$1 == w { print $2 }' "$work/figures"
}

company=$(company_of "$largest")
for text in "list_calls nobody" "list_customers Last777"; do
	tap_comment "${text% *} of $largest calls by text: $(run -c "SET SESSION AUTHORIZATION llm0" -c "EXPLAIN ANALYZE SELECT callcenter.${text% *}('$company', '{\"q\":\"${text#* }\"}')" | awk '/^Execution Time/ { print $3 }') ms"
done
[ "$filtered" = "$largest" ] || tap_comment "list_calls of $largest calls by two filters that many pass: $(run -c "SET SESSION AUTHORIZATION llm0" -c "EXPLAIN ANALYZE SELECT callcenter.list_calls('$company', '{\"status\":\"voicemail\",\"reviewed\":false}')" | awk '/^Execution Time/ { print $3 }') ms"
smallest=$(printf '%s\n' "$sorted" | head -n 1)
tap_comment "$turns turns of $batch runs; microseconds: least, middle"
awk '{ printf "# %-22s %9.1f %9.1f\n", $1, $2, $3 }' "$work/figures"
for what in lookup get-call create-call list-first list-deepest list-longest customers-first customers-deepest customers-calls customers-value; do
	for size in $sizes; do
		[ "$size" != "$smallest" ] || continue
		growth=$(awk -v a="$(least "$what:$size")" -v b="$(least "$what:$smallest")" 'BEGIN { printf "%.2f", a / b }')
		tap_comment "$what from $smallest to $size calls: $growth (goal: at most 1.10)"
		ok "$what costs at most 1.10 times as much at $size calls as at $smallest" awk -v g="$growth" 'BEGIN { exit !(g <= 1.10) }'
	done
done
for what in list customers; do
	ratio=$(awk -v a="$(least "$what-deepest:$largest")" -v b="$(least "$what-first:$largest")" 'BEGIN { printf "%.2f", a / b }')
	tap_comment "$what: deepest page / first page at $largest calls: $ratio (goal: at most 1.10)"
	ok "$what: the deepest page costs at most 1.10 times what the first does" awk -v g="$ratio" 'BEGIN { exit !(g <= 1.10) }'
done
for what in total-all total-date total-status total-intent customers-total-all customers-total-status; do
	cost=$(awk -v a="$(least "$what:$largest")" -v b="$(least "${what%total-*}total-none:$largest")" 'BEGIN { printf "%.0f", a - b }')
	tap_comment "$what: $cost us more than a page without a total (goal: at most 1000)"
	ok "$what takes at most 1 ms" test "$cost" -le 1000
done
for what in period-day period-month period-year period-three-years; do
	ok "$what of $largest calls takes at most 5 ms" awk -v t="$(least "$what:$largest")" 'BEGIN { exit !(t > 0 && t <= 5000) }'
done
for what in list-emergency list-unreviewed list-longest list-tier list-inbound list-outbound list-flagged list-phone list-status-intent list-status-unreviewed \
	list-intent-emergency list-none list-month-tier list-longest-emergency customers-managers customers-managers-calls customers-residential customers-none; do
	ok "$what of $filtered calls takes at most 5 ms" awk -v t="$(least "$what:$filtered")" 'BEGIN { exit !(t > 0 && t <= 5000) }'
done
ok "rebuild_stats() finds nothing to change" test "$(run -c 'SELECT callcenter.rebuild_stats()')" -eq 0
done_testing
