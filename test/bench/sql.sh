#!/bin/sh
# What calls of the API cost over one connection, beside SELECT 1 and beside SQL by hand.
#
# Works in a database of its own (a company of 2,000 customers and 20,000 calls) on the
# running server of the env file, as its role llm0.  All statements run prepared, by turns, on one connection a role
# (paired.c); figures are the least and the middle of the turns, in microseconds, and
# goals are judged by the least.  Prints TAP; the figures are comments.
#
# What a goal compares, and why that is fair:
# - lookup by hand: one SELECT under row-level security (role bench_reader, an analyst
#   whose company is set), which makes the same JSON data of the tables; and one that
#   makes it of the row with the same card and statistics that the lookup reads.
# - create_call logs calls of one customer, each later than the one before, as they come.
# - create_call against a bare INSERT: the same row, by literals, into a copy of the
#   table with the same indexes and checks, without triggers, policies, foreign keys.
# - create_call against a CTE by hand with the same effect, which is tested: finds and
#   locks the customer, takes the number of its earlier calls from the same statistics
#   (and counts those that are not earlier), settles an open follow-up, inserts the same
#   rows of call, transcript, audit log, counters and rollups, and adds to the statistics,
#   in copies with the same indexes and foreign keys, without triggers and policies; it
#   reads no document: its values are literals.  It is planned once and answers with the
#   call as JSON, too.
# - committed with fsync and synchronous_commit on, as calls are logged, and in transactions
#   that are rolled back, which leaves the work alone.  Rolled back, the bare INSERT is no
#   measure, and no goal is asserted of it: the CTE by hand is nearly four times as much,
#   because a call is more than its row.
# - instructions: counted by callgrind in a single-user server on a copy of the data,
#   of executions of the prepared statement after the first ones; no machine's noise.
# - list: json_agg of the same fifty rows and columns under row-level security.
#
#   test/bench/sql.sh [--quick]    --quick: fewer turns, no goals, nothing committed
#
#   BENCH_TURNS (150), BENCH_BATCH (20 runs of each statement in a turn)
set -eu
cd "$(dirname -- "$0")/../.."
# shellcheck source=test/tap.sh
. test/tap.sh

quick=false
[ "${1:-}" != --quick ] || quick=true
turns=${BENCH_TURNS:-$($quick && echo 20 || echo 150)}
batch=${BENCH_BATCH:-20}
work=$(mktemp -d)
PGDATABASE=bench_sql_$$
PGOPTIONS='-c client_min_messages=warning'
export PGDATABASE PGOPTIONS
# server COMMAND: what is of the server, not of a database
server() {
	psql -Xq -d postgres -v ON_ERROR_STOP=1 -c "$1"
}
cleanup() {
	# the role's rights are of the database
	server "DROP DATABASE IF EXISTS $PGDATABASE WITH (FORCE)" && server "DROP ROLE IF EXISTS bench_reader" ||
		echo "# the database $PGDATABASE or the role bench_reader is left" >&2
	rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 143' INT TERM HUP

query() {
	psql -XAtq -v ON_ERROR_STOP=1 -c "$1"
}

make -s build/bench/paired >&2
server "CREATE DATABASE $PGDATABASE"
query "CREATE EXTENSION callcenter CASCADE"
phone=+13055550142
company=$(query "SELECT callcenter.create_company('{\"name\":\"Bench\",\"timeZone\":\"America/New_York\",\"defaultRegion\":\"US\"}')->'company'->>'_id'")

# ---- the company: 2,000 customers with ten calls each; one of them is who calls
psql -XAtq -v ON_ERROR_STOP=1 -v company="$company" -v phone="$phone" >"$work/setup" <<'END'
INSERT INTO callcenter.customers (company_id, id, customer_number, first_name, last_name)
SELECT :'company', callcenter.object_id_new(), n, 'First' || n, 'Last' || n FROM generate_series(1, 2000) n;
UPDATE callcenter.customer_numbers SET last_number = 2000 WHERE company_id = :'company';
INSERT INTO callcenter.customer_phones (company_id, phone, customer_id, kind, raw, region, metadata_version)
SELECT company_id, CASE customer_number WHEN 1000 THEN :'phone' ELSE '+1305' || (2130000 + customer_number) END, id, 'primary', '', 'US', callcenter.phone_metadata_version()
FROM callcenter.customers WHERE company_id = :'company';
INSERT INTO callcenter.calls (company_id, id, call_id, caller_phone, caller_kind, caller_raw, caller_region, metadata_version, customer_id, started_at, ended_at,
	duration_seconds, primary_intent, routing_tier, status, result, summary, is_booked, content_hash, previous_call_count, is_returning)
SELECT p.company_id, callcenter.object_id_new(), 'call_' || n, p.phone, 'e164', p.phone, 'US', '8', p.customer_id, '2025-01-01T00:00:00Z'::timestamptz + n * interval '5 minutes',
	'2025-01-01T00:03:24Z'::timestamptz + n * interval '5 minutes', 204, (ARRAY['BILLING', 'REPAIR', 'QUOTE'])[1 + n % 3], 1 + n % 3, 'completed', 'answered', 'the heater makes a noise', false, sha256('x'),
	(n - 1) / 2000, n > 2000
FROM generate_series(1, 20000) n JOIN (SELECT p.*, row_number() OVER (ORDER BY phone) AS k FROM callcenter.customer_phones p WHERE company_id = :'company') p ON p.k = 1 + n % 2000;
INSERT INTO callcenter.transcripts (company_id, call_id, turns, talk)
SELECT company_id, id, '[{"speaker":"agent","text":"How can I help?","turnNumber":1},{"speaker":"caller","text":"My heater makes a noise.","turnNumber":2}]', '{1,2000,5000,0,5000,204000}'
FROM callcenter.calls WHERE company_id = :'company';
SELECT callcenter.update_customer(:'company', 'CUST-01000', '{"addresses": [{"type": "home", "street": "418 Palermo Avenue", "city": "Decatur", "state": "GA", "zip": "30030", "isPrimary": true, "lockboxCode": "0070"}],
	"equipment": [{"type": "AC", "brand": "Carrier", "model": "PS27-646", "addressIndex": 0}], "tags": ["vip"], "preferences": {"preferredTimeOfDay": "morning"}}') IS NOT NULL AS made \gset
INSERT INTO callcenter.appointments (company_id, id, customer_id, service, scheduled_date, time_window, status, value)
SELECT company_id, callcenter.object_id_new(), id, s.service, current_date + s.days, '8-10 AM', s.status::callcenter.appointment_status, s.value
FROM callcenter.customers, (VALUES ('AC repair', -200, 'completed', 420), ('Tune-up', 5, 'scheduled', NULL)) s (service, days, status, value)
WHERE company_id = :'company' AND customer_number = 1000;
VACUUM ANALYZE;
CREATE ROLE bench_reader LOGIN;
GRANT callcenter_analyst, callcenter_all_companies TO bench_reader;
GRANT SELECT ON ALL TABLES IN SCHEMA callcenter TO bench_reader;
SELECT format('ALTER ROLE bench_reader SET callcenter.company_id = %L', :'company') \gexec
END

# A call as it is logged, by a caller who is known, later than the one before (\$1 and \$2 are start and end, see
# paired.c): an expression of type jsonb.  PHONE stands for the number.
document="('{\"callId\":\"bench_' || gen_random_uuid() || '\",\"caller\":{\"phone\":\"PHONE\"},\"startedAt\":\"' || \$1 || '\",\"endedAt\":\"' || \$2 || '\",\"analysis\":{\"primaryIntent\":\"BILLING\",\"routingTier\":1},\"captured\":{\"problemDescription\":\"the heater makes a noise\"},\"outcome\":{\"status\":\"completed\"},\"transcript\":[{\"speaker\":\"agent\",\"text\":\"How can I help?\",\"timestamp\":\"2030-12-01T15:00:02Z\"},{\"speaker\":\"caller\",\"text\":\"My heater makes a noise.\",\"timestamp\":\"2030-12-01T15:00:05Z\"}]}')::jsonb"
known=$(printf '%s' "$document" | sed "s/PHONE/$phone/")
new=$(printf '%s' "$document" | sed "s/PHONE/+1404' || (2130000 + floor(random() * 1000000))::text || '/")

# ---- copies, and the statements by hand made of a row that create_call has stored
psql -XAtq -v ON_ERROR_STOP=1 -v company="$company" -v phone="$phone" >"$work/by-hand" <<SQL
PREPARE log (text, text) AS SELECT callcenter.create_call(:'company', $known)#>>'{call,_id}' AS call;
BEGIN;
EXECUTE log ('2030-12-01T14:29:59Z', '2030-12-01T14:59:59Z') \\gset
-- before anybody folds it
CREATE TEMPORARY TABLE delta AS SELECT * FROM callcenter.call_rollup_deltas WHERE company_id = :'company' ORDER BY hour DESC LIMIT 1;
COMMIT;
CREATE SCHEMA bench_bare;
CREATE SCHEMA bench_cte;
CREATE FUNCTION bench_cte.copy(schema text, relation text) RETURNS void LANGUAGE plpgsql AS \$\$
DECLARE
	columns text := (SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute
		WHERE attrelid = ('callcenter.' || relation)::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = '');
BEGIN
	EXECUTE format('CREATE TABLE %I.%I (LIKE callcenter.%2\$I INCLUDING ALL)', schema, relation);
	EXECUTE format('INSERT INTO %I.%I (%s) SELECT %3\$s FROM callcenter.%2\$I', schema, relation, columns);
END \$\$;
SELECT bench_cte.copy('bench_bare', 'calls');
SELECT bench_cte.copy('bench_cte', t) FROM unnest('{companies,customers,customer_phones,calls,transcripts,audit_log,customer_stats,company_counter_deltas,call_rollup_deltas,follow_ups}'::text[]) t;
SELECT format('ALTER TABLE bench_cte.%I ADD %s', r.relname, replace(pg_get_constraintdef(c.oid), ' callcenter.', ' bench_cte.'))
FROM pg_constraint c JOIN pg_class r ON r.oid = c.conrelid JOIN pg_class f ON f.oid = c.confrelid
WHERE c.contype = 'f' AND r.relnamespace = 'callcenter'::regnamespace
	AND to_regclass('bench_cte.' || r.relname) IS NOT NULL AND to_regclass('bench_cte.' || f.relname) IS NOT NULL \\gexec
VACUUM ANALYZE;
-- an INSERT of a row by literals, but for what "instead" says of columns
CREATE FUNCTION bench_cte.insert_of(schema text, relation text, stored jsonb, instead jsonb) RETURNS text LANGUAGE sql AS \$\$
	SELECT format('INSERT INTO %I.%I (%s) SELECT %s', schema, relation, string_agg(quote_ident(attname), ', ' ORDER BY attnum),
		string_agg(coalesce(instead ->> attname, format('%L::%s', stored ->> attname, format_type(atttypid, atttypmod))), ', ' ORDER BY attnum))
	FROM pg_attribute
	WHERE attrelid = ('callcenter.' || relation)::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
\$\$;
-- what a call's facts are when its start and whether its caller called before are said otherwise
CREATE FUNCTION bench_cte.facts_of(c callcenter.calls, is_returning text) RETURNS text LANGUAGE sql AS \$\$
	SELECT format('callcenter.call_facts(\$1, %L::integer, %L::text, %L::callcenter.call_direction, %L::text, %L::smallint, %L::boolean, %s, %L::callcenter.caller_kind, %L::numeric, %L::boolean, '
		'%L::boolean, %L::smallint, %L::boolean)', c.duration_seconds, c.status, c.direction, c.primary_intent, c.routing_tier, c.is_booked, is_returning, c.caller_kind, c.llm_cost,
		c.follow_up_required, c.reviewed, c.rating, c.flagged)
\$\$;
\\echo bare
SELECT bench_cte.insert_of('bench_bare', 'calls', to_jsonb(c), '{"id": "callcenter.object_id_new()", "call_id": "''bench_'' || gen_random_uuid()", "started_at": "\$1", "ended_at": "\$2"}')
FROM callcenter.calls c WHERE c.company_id = :'company' AND c.id = :'call';
\\echo cte
SELECT format('WITH caller AS MATERIALIZED (
	SELECT cu.id, cu.full_name FROM bench_cte.customer_phones p JOIN bench_cte.customers cu ON cu.company_id = p.company_id AND cu.id = p.customer_id
	WHERE p.company_id = %1\$L AND p.phone = %2\$L AND NOT p.shared FOR NO KEY UPDATE OF cu
), earlier AS MATERIALIZED (
	SELECT (s.counting_calls - (SELECT count(*) FROM bench_cte.calls c WHERE c.company_id = s.company_id AND c.customer_id = s.customer_id
		AND c.started_at >= \$1 AND c.status NOT IN (''spam'', ''error'')))::integer AS n
	FROM bench_cte.customer_stats s WHERE s.company_id = %1\$L AND s.customer_id = (SELECT id FROM caller)
), settled AS (UPDATE bench_cte.follow_ups f SET status = ''done'', resolved_by = ''llm0'', resolved_at = now(), resolution = ''call'', version = f.version + 1, updated_at = now()
	WHERE f.company_id = %1\$L AND f.customer_id = (SELECT id FROM caller) AND f.resolved_at IS NULL AND f.last_call_at < \$1 RETURNING 1
), call AS (%3\$s RETURNING *
), transcript AS (%4\$s RETURNING 1
), audit AS (%5\$s RETURNING 1
), stats AS (INSERT INTO bench_cte.customer_stats AS s (company_id, customer_id, calls, counting_calls, calls_with_duration, duration_seconds, average_duration, first_contact, last_contact, last_call_id, last_call, last_intent, last_status,
		last_result, last_summary)
	SELECT company_id, customer_id, 1, 1, 1, duration_seconds, duration_seconds, started_at, started_at, id, call_id, primary_intent, status, result, summary FROM call
	ON CONFLICT (company_id, customer_id) DO UPDATE SET calls = s.calls + 1, counting_calls = s.counting_calls + 1, calls_with_duration = s.calls_with_duration + 1,
	duration_seconds = s.duration_seconds + EXCLUDED.duration_seconds, average_duration = round((s.duration_seconds + EXCLUDED.duration_seconds)::numeric / (s.calls_with_duration + 1))::bigint, first_contact = least(s.first_contact, EXCLUDED.first_contact),
	last_contact = greatest(s.last_contact, EXCLUDED.last_contact), last_call_id = EXCLUDED.last_call_id, last_call = EXCLUDED.last_call, last_intent = EXCLUDED.last_intent,
	last_status = EXCLUDED.last_status, last_result = EXCLUDED.last_result, last_summary = EXCLUDED.last_summary RETURNING 1
), counters AS (INSERT INTO bench_cte.company_counter_deltas SELECT company_id, ''call'', date_trunc(''hour'', started_at, ''UTC''), status, primary_intent, 1 FROM call RETURNING 1
), rollups AS (%6\$s RETURNING 1
) SELECT row_to_json(call) FROM call', c.company_id, :'phone',
	bench_cte.insert_of('bench_cte', 'calls', to_jsonb(c), '{"id": "callcenter.object_id_new()", "call_id": "''bench_'' || gen_random_uuid()", "customer_id": "(SELECT id FROM caller)",
		"previous_call_count": "(SELECT n FROM earlier)", "is_returning": "(SELECT n > 0 FROM earlier)", "started_at": "\$1", "ended_at": "\$2"}'::jsonb
		|| jsonb_build_object('facts', bench_cte.facts_of(c, '(SELECT n > 0 FROM earlier)'))),
	(SELECT bench_cte.insert_of('bench_cte', 'transcripts', to_jsonb(t) - 'talk', format('{"call_id": "call.id", "talk": "''%s''::integer[]"}', t.talk)::jsonb) || ' FROM call' FROM callcenter.transcripts t WHERE t.company_id = c.company_id AND t.call_id = c.id),
	(SELECT bench_cte.insert_of('bench_cte', 'audit_log', to_jsonb(l), '{"id": "callcenter.object_id_new()", "record_id": "call.call_id", "at": "now()"}') || ' FROM call' FROM callcenter.audit_log l
		WHERE l.company_id = c.company_id AND l.record_type = 'call' AND l.record_id = c.call_id),
	(SELECT bench_cte.insert_of('bench_cte', 'call_rollup_deltas', to_jsonb(d), '{}') || ' FROM call' FROM delta d))
FROM callcenter.calls c WHERE c.company_id = :'company' AND c.id = :'call';
SQL
sed -n '/^bare$/,/^cte$/p' "$work/by-hand" | sed '1d;$d' >"$work/bare.sql"
sed '1,/^cte$/d' "$work/by-hand" >"$work/cte.sql"
# a parameter must not make the planner plan it at every run
server "ALTER ROLE ${PGUSER:-postgres} IN DATABASE $PGDATABASE SET plan_cache_mode = force_generic_plan"

# stored SCHEMA: what the last call of the caller has stored there, but for ids and times of storing.
stored() {
	query "SELECT to_jsonb(s) - '{last_call_id,last_call}'::text[], to_jsonb(c) - '{id,call_id,content_hash,created_at,updated_at}'::text[], to_jsonb(t) - 'call_id' - 'talk',
		to_jsonb(l) - '{id,at,record_id}'::text[], (SELECT count(*) FROM $1.follow_ups f WHERE f.company_id = c.company_id)
		FROM $1.customer_stats s JOIN $1.calls c ON c.company_id = s.company_id AND c.id = s.last_call_id AND c.call_id = s.last_call
		LEFT JOIN $1.transcripts t ON t.company_id = c.company_id AND t.call_id = c.id LEFT JOIN $1.audit_log l ON l.company_id = c.company_id AND l.record_id = c.call_id
		WHERE s.company_id = '$company' AND s.customer_id = (SELECT p.customer_id FROM callcenter.customer_phones p WHERE p.company_id = s.company_id AND p.phone = '$phone')"
}
{
	printf '%s\n' "PREPARE log (text, text) AS SELECT callcenter.create_call('$company', $known);" "PREPARE cte AS $(cat "$work/cte.sql");"
	echo "EXECUTE log ('2030-12-01T14:29:59.5Z', '2030-12-01T14:59:59.5Z');"
	echo "EXECUTE cte ('2030-12-01T14:29:59.5Z', '2030-12-01T14:59:59.5Z');"
} | psql -Xq -v ON_ERROR_STOP=1 -o /dev/null
is "the CTE by hand has the effect of create_call" "$(stored bench_cte)" "$(stored callcenter)"
ok "and that is all that a call stores" test "$(stored callcenter | grep -c 'heater.*heater.*create')" -eq 1

# ---- the statements
cat >"$work/lookup-tables.sql" <<END
SELECT json_build_object('success', true, 'found', true, 'customer', json_build_object('_id', cu.id, 'customerId', 'CUST-' || lpad(cu.customer_number::text, 5, '0'),
	'phone', ph.primary_phone, 'phoneDisplay', ph.primary_phone, 'phoneSecondary', ph.secondary_phone, 'phoneMobile', ph.mobile_phone, 'phoneWork', ph.work_phone,
	'email', cu.email, 'firstName', cu.first_name, 'lastName', cu.last_name, 'fullName', cu.full_name, 'customerType', cu.customer_type, 'status', cu.status, 'source', cu.source,
	'addresses', (SELECT json_agg(json_build_object('_id', a.id, 'type', a.type, 'label', a.label, 'street', a.street, 'unit', a.unit, 'city', a.city, 'state', a.state, 'zip', a.zip, 'isPrimary', a.is_primary,
		'petInfo', a.pet_info) ORDER BY a.position) FROM callcenter.customer_addresses a WHERE a.company_id = cu.company_id AND a.customer_id = cu.id),
	'equipment', (SELECT json_agg(json_build_object('_id', e.id, 'type', e.type, 'brand', e.brand, 'model', e.model, 'serialNumber', e.serial_number, 'addressId', e.address_id) ORDER BY e.position)
		FROM callcenter.customer_equipment e WHERE e.company_id = cu.company_id AND e.customer_id = cu.id),
	'preferences', json_build_object('preferredTimeOfDay', cu.preferred_time_of_day, 'communicationMethod', cu.communication_method, 'language', cu.language),
	'tags', (SELECT json_agg(g.tag ORDER BY g.tag) FROM callcenter.customer_tags g WHERE g.company_id = cu.company_id AND g.customer_id = cu.id),
	'notes', (SELECT json_agg(json_build_object('_id', n.id, 'text', n.text) ORDER BY n.added_at DESC) FROM callcenter.customer_notes n WHERE n.company_id = cu.company_id AND n.customer_id = cu.id),
	'createdAt', cu.created_at, 'updatedAt', cu.updated_at, 'version', cu.version, 'firstContactDate', st.first_contact, 'lastContactDate', st.last_contact,
	'stats', json_build_object('totalCalls', st.calls, 'totalAppointments', st.appointments, 'completedAppointments', st.completed_appointments, 'cancelledAppointments', st.cancelled_appointments,
		'noShows', st.no_shows, 'lifetimeValue', st.lifetime_value, 'avgCallDuration', st.duration_seconds / nullif(st.calls_with_duration, 0))),
	'recentHistory', json_build_object(
		'lastService', (SELECT json_build_object('service', a.service, 'date', a.scheduled_date) FROM callcenter.appointments a WHERE a.company_id = cu.company_id AND a.customer_id = cu.id AND a.status = 'completed' ORDER BY a.scheduled_date DESC LIMIT 1),
		'upcomingAppointment', (SELECT json_build_object('_id', a.id, 'service', a.service, 'date', a.scheduled_date, 'timeWindow', a.time_window) FROM callcenter.appointments a
			WHERE a.company_id = cu.company_id AND a.customer_id = cu.id AND a.status = 'scheduled' AND a.scheduled_date >= current_date ORDER BY a.scheduled_date LIMIT 1),
		'lastCall', (SELECT json_build_object('callId', c.call_id, 'startedAt', c.started_at, 'primaryIntent', c.primary_intent, 'status', c.status, 'result', c.result, 'summary', c.summary) FROM callcenter.calls c
			WHERE c.company_id = cu.company_id AND c.customer_id = cu.id ORDER BY c.started_at DESC LIMIT 1)))
FROM callcenter.customer_phones p
JOIN callcenter.customers cu ON cu.company_id = p.company_id AND cu.id = p.customer_id
LEFT JOIN callcenter.customer_stats st ON st.company_id = cu.company_id AND st.customer_id = cu.id
LEFT JOIN LATERAL (SELECT max(q.phone) FILTER (WHERE q.kind = 'primary') AS primary_phone, max(q.phone) FILTER (WHERE q.kind = 'secondary') AS secondary_phone,
	max(q.phone) FILTER (WHERE q.kind = 'mobile') AS mobile_phone, max(q.phone) FILTER (WHERE q.kind = 'work') AS work_phone
	FROM callcenter.customer_phones q WHERE q.company_id = cu.company_id AND q.customer_id = cu.id) ph ON true
WHERE p.company_id = '$company' AND p.phone = '$phone' AND NOT p.shared
END
cat >"$work/lookup-card.sql" <<END
SELECT json_build_object('success', true, 'found', true, 'customer', ('{' || st.card || '}')::json, 'firstContactDate', st.first_contact, 'lastContactDate', st.last_contact, 'becameCustomerDate', st.became_customer,
	'stats', json_build_object('totalCalls', st.calls, 'totalAppointments', st.appointments, 'completedAppointments', st.completed_appointments, 'cancelledAppointments', st.cancelled_appointments,
		'noShows', st.no_shows, 'lifetimeValue', st.lifetime_value, 'avgCallDuration', st.average_duration, 'avgResponseRating', st.average_rating),
	'recentHistory', json_build_object('lastService', st.last_service, 'lastServiceDate', st.last_service_date,
		'upcomingAppointment', CASE WHEN st.next_visit_date >= current_date THEN json_build_object('_id', st.next_visit_id, 'service', st.next_visit_service, 'date', st.next_visit_date, 'timeWindow', st.next_visit_window) END,
		'lastCall', json_build_object('callId', st.last_call, 'startedAt', st.last_contact, 'primaryIntent', st.last_intent, 'status', st.last_status, 'result', st.last_result, 'summary', st.last_summary)))
FROM callcenter.customer_stats st WHERE st.company_id = '$company' AND st.phone = '$phone'
END
cat >"$work/list-by-hand.sql" <<END
SELECT json_agg(r) FROM (SELECT c.id, c.call_id, coalesce(c.caller_phone, c.caller_raw) AS phone, c.caller_phone, c.caller_kind, coalesce(nullif(c.caller_name, ''), cu.full_name, nullif(c.captured_name, '')) AS name,
	c.customer_id, cu.customer_number, c.is_returning, c.previous_call_count, c.direction, c.started_at, c.duration_seconds, (c.started_at AT TIME ZONE 'America/New_York')::date AS day, c.summary, c.is_booked,
	c.primary_intent, c.intent_confidence, c.routing_tier, c.status, c.result, c.follow_up_required, c.urgency, t.talk, c.reviewed, c.rating, c.flagged, c.recording_url IS NOT NULL AS has_recording
FROM (SELECT * FROM callcenter.calls c WHERE c.company_id = '$company' ORDER BY c.started_at DESC, c.id DESC LIMIT 50) c
LEFT JOIN LATERAL (SELECT * FROM callcenter.customers cu WHERE cu.company_id = c.company_id AND cu.id = c.customer_id LIMIT 1) cu ON true
LEFT JOIN LATERAL (SELECT * FROM callcenter.transcripts t WHERE t.company_id = c.company_id AND t.call_id = c.id LIMIT 1) t ON true
ORDER BY c.started_at DESC, c.id DESC) r
END

printf '%s\n' "SELECT callcenter.create_call('$company', $known)" >"$work/call.sql"

# statement NAME ROLE MODE SQL: adds one to those of paired.
statement() {
	printf -- '-- %s %s %s\n%s\n' "$1" "$2" "$3" "$4"
}
{
	statement select-1 llm0 '' "SELECT 1"
	statement ping llm0 '' "SELECT callcenter.ping()"
	statement lookup-withheld llm0 '' "SELECT callcenter.lookup_by_phone('$company', 'anonymous')"
	statement lookup-unknown llm0 '' "SELECT callcenter.lookup_by_phone('$company', '+15005550006')"
	statement lookup-known llm0 '' "SELECT callcenter.lookup_by_phone('$company', '$phone')"
	statement lookup-tables bench_reader '' "$(cat "$work/lookup-tables.sql")"
	statement lookup-card bench_reader '' "$(cat "$work/lookup-card.sql")"
	statement get-call llm0 '' "SELECT callcenter.get_call('$company', 'call_19000')"
	statement list-50 llm0 '' "SELECT callcenter.list_calls('$company', '{\"limit\":50}')"
	statement list-by-hand bench_reader '' "$(cat "$work/list-by-hand.sql")"
} >"$work/reads"
{
	statement create-call llm0 rollback "$(cat "$work/call.sql")"
	statement create-call-new llm0 rollback "SELECT callcenter.create_call('$company', $new)"
	statement create-bare "${PGUSER:-postgres}" rollback "$(cat "$work/bare.sql")"
	statement create-cte "${PGUSER:-postgres}" rollback "$(cat "$work/cte.sql")"
} >"$work/writes"

# Reads first: what is rolled back leaves dead rows in front of the newest call.
for kind in reads writes; do
	build/bench/paired "$work/$kind" "$turns" "$batch"
done >"$work/figures"

least() {
	awk -v w="$1" '$1 == w { print $2 }' "$work/figures"
}

# ratio_of WHAT BASE: how many times the base it is.
ratio_of() {
	awk -v a="$(least "$1")" -v b="$(least "$2")" 'BEGIN { printf "%.2f", a / b }'
}

# goal NAME WHAT BASE MOST: a test that WHAT takes at most MOST times BASE.
goal() {
	ratio=$(ratio_of "$2" "$3")
	tap_comment "$2 / $3 = $ratio (goal: at most $4)"
	$quick || ok "$1" awk -v r="$ratio" -v m="$4" 'BEGIN { exit !(r <= m) }'
}

tap_comment "$turns turns of $batch runs, one connection a role, prepared; microseconds: least, middle; least by SELECT 1"
awk -v b="$(least select-1)" '{ printf "# %-18s %8.1f %8.1f  %6.2f\n", $1, $2, $3, $2 / b }' "$work/figures"
ok "every statement was measured" test "$(wc -l <"$work/figures")" -eq 14
goal "a lookup of a known caller takes at most 2.2 times SELECT 1" lookup-known select-1 2.2
goal "and at most 1.15 times a SELECT by hand of the tables" lookup-known lookup-tables 1.15
goal "and of the card" lookup-known lookup-card 1.15
tap_comment "create-call / create-bare = $(ratio_of create-call create-bare), create-cte / create-bare = $(ratio_of create-cte create-bare) (see above)"
goal "create_call takes at most 1.3 times a CTE with the same effect" create-call create-cte 1.3
goal "a list of 50 takes at most 1.3 times json_agg of the same" list-50 list-by-hand 1.3
! $quick || {
	done_testing
	exit
}

# ---- committed: what a call writes, and how often it waits for the disk
calls=200
late=100000 # of calls that came before, see paired.c

# committed WHAT ROLE: WAL bytes and syncs a call.
committed() {
	statement "committed-$1" "$2" '' "$(cat "$work/$1.sql")" >"$work/commits-of-one"
	build/bench/paired "$work/commits-of-one" 1 "$calls" "$late" >"$work/warm"
	late=$((late + 10000))
	before=$(query "SELECT pg_stat_force_next_flush(); SELECT wal_bytes, wal_sync FROM pg_stat_wal" | tail -n 1)
	# a turn before the first is not timed
	build/bench/paired "$work/commits-of-one" 1 "$calls" "$late" >"$work/warm"
	late=$((late + 10000))
	after=$(query "SELECT pg_stat_force_next_flush(); SELECT wal_bytes, wal_sync FROM pg_stat_wal" | tail -n 1)
	echo "$before|$after" | awk -F '|' -v n="$((calls * 2))" '{ printf "%.0f %.2f\n", ($3 - $1) / n, ($4 - $2) / n }'
}
# The least of some rounds: a checkpoint between makes whole pages of it, and folding and vacuum write for all.
query CHECKPOINT
for _ in 1 2 3; do
	for what in bare cte call; do
		committed "$what" "$([ "$what" = call ] && echo llm0 || echo "${PGUSER:-postgres}")" >>"$work/rounds-$what"
	done
done
for what in bare cte call; do
	sort -n "$work/rounds-$what" | head -n 1 >"$work/committed-$what"
	read -r bytes syncs <"$work/committed-$what"
	tap_comment "$what, committed: $bytes bytes of WAL, $syncs syncs a call"
done
{
	statement committed-call llm0 '' "$(cat "$work/call.sql")"
	statement committed-bare "${PGUSER:-postgres}" '' "$(cat "$work/bare.sql")"
	statement committed-cte "${PGUSER:-postgres}" '' "$(cat "$work/cte.sql")"
} >"$work/commits"
build/bench/paired "$work/commits" "$((turns / 2))" 5 "$late" >>"$work/figures"
grep '^committed-' "$work/figures" | awk '{ printf "# %-18s %8.1f %8.1f\n", $1, $2, $3 }'
wal=$(awk 'NR == FNR { a = $1; next } { printf "%.2f", a / $1 }' "$work/committed-call" "$work/committed-cte")
tap_comment "fsync is $(query 'SHOW fsync'), synchronous_commit $(query 'SHOW synchronous_commit'); WAL of create_call $wal times that of the CTE (goal: at most 1.15)"
goal "create_call committed takes at most 3.0 times a bare INSERT" committed-call committed-bare 3.0
goal "and at most 1.3 times the CTE" committed-call committed-cte 1.3
ok "create_call writes at most 1.15 times the WAL of the CTE" awk -v r="$wal" 'BEGIN { exit !(r <= 1.15) }'
# shellcheck disable=SC2016
ok "and waits for the disk once" awk '{ exit !($2 >= 0.95 && $2 <= 1.1) }' "$work/committed-call"

# ---- instructions
# shellcheck source=tools/cluster/account.sh
. tools/cluster/account.sh
place=$work
chmod 711 "$work"
mkdir "$work/copy"
"$(pg_config --bindir)/pg_basebackup" -D "$work/copy/data" -c fast -X stream
own -R "$work/copy"
postgres=$(query "SELECT setting FROM pg_config WHERE name = 'BINDIR'")/postgres

# counted ROLE TIMES FILE: instructions of a server that runs the statement so often.
counted() {
	{
		echo "SET SESSION AUTHORIZATION $1;"
		[ "$1" != bench_reader ] || echo "SET callcenter.company_id = '$company';"
		printf 'PREPARE x AS %s;\n' "$(tr '\n\t' '  ' <"$3")"
		yes 'EXECUTE x;' | head -n "$2"
	} >"$work/copy/input"
	# shellcheck disable=SC2016
	as_account sh -c 'cd "$1" && exec valgrind --tool=callgrind --callgrind-out-file="$1/counts" "$2" --single -D "$1/data" "$3"' \
		sh "$work/copy" "$postgres" "$PGDATABASE" <"$work/copy/input" >"$work/copy/answers" 2>"$work/copy/valgrind"
	[ "$(grep -c Decatur "$work/copy/answers")" -ge "$2" ] || echo "$1: $3" >>"$work/unanswered"
	awk '/^(summary|totals):/ { print $2; exit }' "$work/copy/counts"
}
# instructions ROLE FILE: of one execution.
instructions() {
	few=$(counted "$1" 20 "$2")
	echo "$((($(counted "$1" 120 "$2") - few) / 100))"
}
echo "SELECT callcenter.lookup_by_phone('$company', '$phone')" >"$work/lookup-known.sql"
counted llm0 1 "$work/lookup-known.sql" >/dev/null # the copy recovers
lookup=$(instructions llm0 "$work/lookup-known.sql")
tables=$(instructions bench_reader "$work/lookup-tables.sql")
card=$(instructions bench_reader "$work/lookup-card.sql")
ok "each of them answered with the customer" test ! -e "$work/unanswered"
tap_comment "instructions: a lookup $lookup, by hand of the tables $tables, by hand of the card $card"
ok "a lookup takes at most 1.35 times the instructions of a SELECT by hand of the tables" test "$((lookup * 100))" -le "$((tables * 135))"
ok "and of the card" test "$((lookup * 100))" -le "$((card * 135))"
done_testing
