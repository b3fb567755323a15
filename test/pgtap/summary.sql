-- call_summary: every figure is that of a plain query over the same rows; serial, parallel, merged and rolled up are the
-- same; what is added can be taken away; damaged values are refused.

\ir common.psql

SELECT plan(76);
SET LOCAL search_path = suite, callcenter, public, pg_catalog;

-- Random rows of every kind: nulls, many intents, costs of every scale, instants in 60 years.
SELECT setseed(0.42) IS NULL AS seeded \gset
CREATE TABLE suite.rows AS
SELECT n, timestamptz '1990-01-01' + random() * interval '60 years' AS started_at,
	CASE WHEN n % 9 <> 0 THEN (CASE WHEN n % 3 = 0 THEN random() * 40 WHEN n % 1000 = 1 THEN random() * 2147483647 ELSE exp(random() * 9) END)::int END AS duration_seconds,
	(enum_range(NULL::call_status))[1 + (random() * 5.99)::int % 6]::text AS status,
	(CASE WHEN random() < 0.8 THEN 'inbound' ELSE 'outbound' END)::call_direction AS direction,
	CASE (n % 7) WHEN 0 THEN NULL WHEN 1 THEN '' WHEN 2 THEN 'Répair ' || n % 50 ELSE 'intent_' || (random() * random() * 20)::int END AS primary_intent,
	CASE WHEN n % 5 <> 0 THEN (1 + random() * 2.99)::int % 4 WHEN n % 25 = 0 THEN 7 END::smallint AS routing_tier,
	random() < 0.3 AS is_booked, random() < 0.4 AS is_returning,
	(enum_range(NULL::caller_kind))[1 + n % 7] AS caller_kind,
	CASE n % 6 WHEN 0 THEN NULL WHEN 1 THEN round(random()::numeric, 4) WHEN 2 THEN random()::numeric * 0.001 WHEN 3 THEN (n || 'e-24')::numeric
		WHEN 4 THEN (random() * 1e6)::numeric ELSE -round((random() * 1e11)::numeric, 3) END AS llm_cost,
	random() < 0.1 AS follow_up_required, random() < 0.5 AS reviewed,
	CASE WHEN n % 4 = 0 THEN 1 + n % 5 END::smallint AS rating, random() < 0.05 AS flagged, 1 + n % 8 AS part
FROM generate_series(1, 20000) n;
ALTER TABLE suite.rows ADD PRIMARY KEY (n);
ANALYZE suite.rows;

\set columns 'call_facts(started_at, duration_seconds, status, direction, primary_intent, routing_tier, is_booked, is_returning, caller_kind, llm_cost, follow_up_required, reviewed, rating, flagged)'
SELECT summarize('America/New_York', :columns) AS s FROM rows \gset

-- figures
SELECT is(total_calls(:'s'), count(*), 'total_calls') FROM rows;
SELECT is(booked_calls(:'s'), count(*) FILTER (WHERE is_booked), 'booked_calls') FROM rows;
SELECT is(booking_rate(:'s'), avg(is_booked::int)::float8, 'booking_rate') FROM rows;
SELECT is(returning_calls(:'s'), count(*) FILTER (WHERE is_returning), 'returning_calls') FROM rows;
SELECT is(new_calls(:'s'), count(*) FILTER (WHERE NOT is_returning), 'new_calls') FROM rows;
SELECT is(missed_calls(:'s'), count(*) FILTER (WHERE status = 'voicemail' OR status = 'abandoned' AND coalesce(duration_seconds, 15) >= 15), 'missed_calls') FROM rows;
SELECT is(abandoned_calls(:'s'), count(*) FILTER (WHERE status = 'abandoned' AND duration_seconds < 15), 'abandoned_calls') FROM rows;
SELECT is(withheld_calls(:'s'), count(*) FILTER (WHERE caller_kind = 'withheld'), 'withheld_calls') FROM rows;
SELECT is(follow_up_calls(:'s'), count(*) FILTER (WHERE follow_up_required), 'follow_up_calls') FROM rows;
SELECT is(reviewed_calls(:'s'), count(*) FILTER (WHERE reviewed), 'reviewed_calls') FROM rows;
SELECT is(flagged_calls(:'s'), count(*) FILTER (WHERE flagged), 'flagged_calls') FROM rows;
SELECT is(rated_calls(:'s'), count(rating), 'rated_calls') FROM rows;
SELECT is(avg_rating(:'s'), avg(rating)::float8, 'avg_rating') FROM rows;
SELECT is(calls_with_duration(:'s'), count(duration_seconds), 'calls_with_duration') FROM rows;
SELECT is(total_duration(:'s'), sum(duration_seconds), 'total_duration') FROM rows;
SELECT is(avg_duration(:'s'), avg(duration_seconds)::float8, 'avg_duration') FROM rows;
SELECT is(calls_with_cost(:'s'), count(llm_cost), 'calls_with_cost') FROM rows;
SELECT is(total_cost(:'s')::text, trim_scale(sum(llm_cost))::text, 'total_cost is exact, with all its digits') FROM rows;
SELECT is(by_status(:'s'), jsonb_object_agg(status, n), 'by_status') FROM (SELECT status, count(*) AS n FROM rows GROUP BY 1) x;
SELECT is(by_direction(:'s'), jsonb_object_agg(direction, n), 'by_direction') FROM (SELECT direction, count(*) AS n FROM rows GROUP BY 1) x;
SELECT is(by_tier(:'s'), jsonb_object_agg(tier, n), 'by_tier')
FROM (SELECT CASE WHEN routing_tier IS NULL THEN 'none' WHEN routing_tier IN (1, 2, 3) THEN routing_tier::text ELSE 'other' END AS tier, count(*) AS n FROM rows GROUP BY 1) x;
SELECT is(by_intent(:'s'), jsonb_object_agg(intent, n), 'by_intent') FROM (SELECT coalesce(primary_intent, '') AS intent, count(*) AS n FROM rows GROUP BY 1) x;
SELECT is(by_hour(:'s'), jsonb_agg(n ORDER BY hour), 'by_hour is that of the wall clock')
FROM (SELECT hour, (SELECT count(*) FROM rows WHERE extract(hour FROM started_at AT TIME ZONE 'America/New_York') = hour) AS n FROM generate_series(0, 23) hour) x;
SELECT is(hour_details(:'s'), jsonb_agg(jsonb_build_object('calls', n, 'booked', b) ORDER BY hour), 'hour_details')
FROM (SELECT hour, count(n) AS n, count(n) FILTER (WHERE is_booked) AS b FROM generate_series(0, 23) hour
	LEFT JOIN rows ON extract(hour FROM started_at AT TIME ZONE 'America/New_York') = hour GROUP BY 1) x;
SELECT is(tier_details(:'s'), jsonb_object_agg(tier, jsonb_build_object('calls', n, 'booked', b)), 'tier_details')
FROM (SELECT CASE WHEN routing_tier IS NULL THEN 'none' WHEN routing_tier IN (1, 2, 3) THEN routing_tier::text ELSE 'other' END AS tier, count(*) AS n,
	count(*) FILTER (WHERE is_booked) AS b FROM rows GROUP BY 1) x;
\set lead '(direction = \'inbound\' AND status NOT IN (\'spam\', \'error\') AND NOT (status = \'abandoned\' AND coalesce(duration_seconds < 15, false)))'
SELECT is(intent_details(:'s'), jsonb_object_agg(intent, jsonb_build_object('calls', n, 'booked', b, 'leads', l, 'bookedLeads', bl)), 'intent_details')
FROM (SELECT coalesce(primary_intent, '') AS intent, count(*) AS n, count(*) FILTER (WHERE is_booked) AS b, count(*) FILTER (WHERE :lead) AS l,
	count(*) FILTER (WHERE :lead AND is_booked) AS bl FROM rows GROUP BY 1) x;
SELECT is(leads(:'s', '{intent_1,INTENT_2,none,intent_1}'), count(*) FILTER (WHERE :lead AND lower(coalesce(primary_intent, '')) NOT IN ('intent_1', 'intent_2')), 'leads') FROM rows;
SELECT is(booked_leads(:'s', '{intent_1,INTENT_2,NULL}'), count(*) FILTER (WHERE :lead AND is_booked AND lower(coalesce(primary_intent, '')) NOT IN ('intent_1', 'intent_2')), 'booked_leads') FROM rows;
SELECT is(lead_booking_rate(:'s', '{}'), (count(*) FILTER (WHERE :lead AND is_booked))::float8 / count(*) FILTER (WHERE :lead), 'lead_booking_rate') FROM rows;
SELECT ok(bool_and(sum = total_calls(:'s')), 'each breakdown sums to total_calls')
FROM (SELECT (SELECT sum(value::bigint) FROM jsonb_each_text(b)) AS sum FROM unnest(ARRAY[by_status(:'s'), by_direction(:'s'), by_tier(:'s'), by_intent(:'s')]) b
	UNION ALL SELECT sum(value::bigint) FROM jsonb_array_elements_text(by_hour(:'s'))) x;

-- nothing
SELECT is(total_calls(summarize('UTC', :columns)), 0::bigint, 'a summary of no rows is one of no calls') FROM rows WHERE false;
SELECT is(ARRAY[booking_rate(s)::text, avg_duration(s)::text, avg_rating(s)::text, duration_percentile(s, 0.5)::text, lead_booking_rate(s, '{}')::text], ARRAY[NULL, NULL, NULL, NULL, NULL],
	'of which there are no rates, averages and percentiles') FROM (SELECT rollup(NULL) AS s) x;
SELECT is(ARRAY[by_status(s)::text, by_intent(s)::text, total_cost(s)::text], '{"{}","{}",0}', 'and nothing in the breakdowns') FROM (SELECT rollup(NULL) AS s) x;
SELECT ok(call_summary_is_empty(rollup(NULL)) AND NOT call_summary_is_empty(:'s'), 'it is told from others');

-- percentiles
SELECT is(ARRAY(
	SELECT p FROM generate_series(0, 1, 0.001) p, LATERAL (SELECT percentile_disc(p) WITHIN GROUP (ORDER BY duration_seconds) AS exact FROM rows) x
	WHERE abs(duration_percentile(:'s', p::float8) - exact) > exact / 128.0 OR (exact < 128 AND duration_percentile(:'s', p::float8) <> exact)), '{}',
	'a percentile is exact below 128 seconds, else at most 1/128 off');
SELECT is(ARRAY(
	SELECT d FROM (SELECT (2 ^ (n / 100.0))::bigint::int AS d FROM generate_series(0, 3099) n UNION SELECT 2147483647 UNION SELECT 0) x,
		LATERAL (SELECT summarize('UTC', call_facts(now(), z.d, 'completed', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)) AS s FROM (SELECT x.d) z) y
	WHERE abs(duration_percentile(s, 0.5) - d) > d / 128.0 OR total_duration(s) <> d), '{}', 'also of every other length of a call');
SELECT throws_ok($$SELECT duration_percentile(rollup(NULL), 1.01)$$, '22003', NULL, 'a share is between 0 and 1');
SELECT throws_ok($$SELECT duration_percentile(rollup(NULL), 'NaN')$$, '22003', NULL, 'and a number');

-- the clock, in zones of every kind
SELECT is(ARRAY(
	SELECT zone FROM unnest('{America/Havana,America/New_York,Australia/Lord_Howe,Asia/Kathmandu,Pacific/Apia,America/St_Johns,Africa/Casablanca,Antarctica/Troll,Europe/Dublin,UTC}'::text[]) zone
	WHERE by_hour((SELECT summarize(zone, :columns) FROM rows)) IS DISTINCT FROM (
		SELECT jsonb_agg(n ORDER BY hour) FROM (SELECT hour, count(n) AS n FROM generate_series(0, 23) hour
			LEFT JOIN rows ON extract(hour FROM started_at AT TIME ZONE zone) = hour GROUP BY 1) x)), '{}', 'the hour is the one that PostgreSQL tells, in every zone');
SELECT is(ARRAY(
	SELECT zone || ' ' || at FROM unnest('{America/Havana,America/New_York,Australia/Lord_Howe}'::text[]) zone, generate_series(timestamptz '2025-01-01', timestamptz '2026-01-01', interval '7 minutes') at
	GROUP BY zone, at
	HAVING by_hour(summarize(zone, call_facts(at, NULL, 'completed', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL))) -> extract(hour FROM at AT TIME ZONE zone)::int <> '1'), '{}',
	'at every 7 minutes of a year');
SELECT is(by_hour(s) -> extract(hour FROM timestamptz '9999-07-01 12:00Z' AT TIME ZONE 'America/New_York')::int, '1', 'and in a far year')
FROM (SELECT summarize('America/New_York', call_facts('9999-07-01 12:00Z', NULL, 'completed', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)) AS s) x;

-- serial = parallel = merged = rolled up
SELECT is(rollup(s)::text, :'s', 'rolled up from parts') FROM (SELECT summarize('America/New_York', :columns) AS s FROM rows GROUP BY part) x;
SELECT is(rollup(s)::text, :'s', 'from days') FROM (SELECT summarize('America/New_York', :columns) AS s FROM rows GROUP BY started_at::date) x;
SELECT is(rollup(s)::text, :'s', 'from single calls') FROM (SELECT summarize('America/New_York', :columns) AS s FROM rows GROUP BY n) x;
SELECT is(rollup(s ORDER BY random())::text, :'s', 'in any order') FROM (SELECT summarize('America/New_York', :columns) AS s FROM rows GROUP BY n % 100) x;
SELECT is(ARRAY(
	SELECT cut FROM generate_series(0, 20000, 997) cut
	WHERE (SELECT summarize('America/New_York', :columns) FROM rows WHERE n <= cut) OPERATOR(callcenter.+) (SELECT summarize('America/New_York', :columns) FROM rows WHERE n > cut)
		OPERATOR(callcenter.<>) :'s'), '{}', 'added from two halves, wherever they are cut');
SELECT is(ARRAY(
	SELECT cut FROM generate_series(0, 20000, 997) cut, LATERAL (SELECT summarize('America/New_York', :columns) AS b FROM rows WHERE n > cut) y
	WHERE (:'s' OPERATOR(callcenter.-) b) OPERATOR(callcenter.<>) (SELECT summarize('America/New_York', :columns) FROM rows WHERE n <= cut)), '{}', 'what is taken away leaves the rest');
SELECT ok(call_summary_is_empty(:'s' OPERATOR(callcenter.-) :'s'), 'all taken away leaves nothing');
SELECT is((rollup(NULL) OPERATOR(callcenter.-) :'s' OPERATOR(callcenter.+) :'s' OPERATOR(callcenter.+) :'s')::text, :'s', 'on the way it may be negative');
SELECT is(total_calls(rollup(NULL) OPERATOR(callcenter.-) :'s'), -20000::bigint, 'and says so');
SET LOCAL min_parallel_table_scan_size = 0;
SET LOCAL parallel_setup_cost = 0;
SET LOCAL parallel_tuple_cost = 0;
SET LOCAL max_parallel_workers_per_gather = 2;
SET LOCAL parallel_leader_participation = off;
CREATE FUNCTION suite.plan_of(q text, how text DEFAULT 'COSTS off') RETURNS SETOF text LANGUAGE plpgsql AS $$ BEGIN RETURN QUERY EXECUTE format('EXPLAIN (%s) %s', how, q); END $$;
SELECT ok(EXISTS (SELECT FROM suite.plan_of($$SELECT summarize('America/New_York', call_facts(started_at, duration_seconds, status, direction, primary_intent, routing_tier, is_booked, is_returning, caller_kind,
	llm_cost, follow_up_required, reviewed, rating, flagged)) FROM rows$$) line WHERE line LIKE '%Partial Aggregate%'), 'a large table is counted in parallel');
SELECT ok(EXISTS (SELECT FROM suite.plan_of($$SELECT summarize('America/New_York', call_facts(started_at, duration_seconds, status, direction, primary_intent, routing_tier, is_booked, is_returning, caller_kind,
	llm_cost, follow_up_required, reviewed, rating, flagged)) FROM rows$$, 'ANALYZE, TIMING off') line WHERE line ~ 'Workers Launched: [1-9]'), 'by workers');
SELECT is((SELECT summarize('America/New_York', :columns) FROM rows)::text, :'s', 'with the same result');
CREATE TABLE suite.stored AS SELECT n % 500 AS k, summarize('America/New_York', :columns) AS s FROM rows GROUP BY n % 500;
ANALYZE suite.stored;
SELECT ok(EXISTS (SELECT FROM suite.plan_of('SELECT rollup(s) FROM stored') line WHERE line LIKE '%Partial Aggregate%'), 'stored summaries too');
SELECT is((SELECT rollup(s) FROM stored)::text, :'s', 'with the same result');
SELECT is((SELECT rollup(s) FROM (SELECT rollup(s) AS s FROM stored GROUP BY k % 7) x)::text, :'s', 'and in groups');
SET LOCAL max_parallel_workers_per_gather = 0;
SET LOCAL enable_hashagg = off;
SELECT is((SELECT rollup(s) FROM (SELECT rollup(s) AS s FROM stored GROUP BY k % 7) x)::text, :'s', 'sorted groups too');
SELECT is(ARRAY(SELECT k FROM (SELECT k, rollup(s) OVER (ORDER BY k) AS w, (SELECT rollup(i.s) FROM stored i WHERE i.k <= o.k) AS e FROM stored o WHERE k < 50) x WHERE w <> e), '{}', 'windows add up');

-- text and binary
SELECT is(:'s'::call_summary::text, :'s', 'text goes out and in');
CREATE FUNCTION suite.stored(summary call_summary) RETURNS bytea LANGUAGE sql AS $$ SELECT substr(b, 1, length(b) - 4) FROM call_summary_send(summary) b $$;
SELECT is(call_summary_of_stored(stored(:'s'))::text, :'s', 'the stored form goes out and in');
-- A value as COPY reads it: its bytes in a file of the server's, inside the frame of one row with one column.
CREATE FUNCTION suite.received(sent bytea) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	object oid := lo_from_bytea(0, '\x5047434f50590aff0d0a000000000000000000'::bytea || '\x0001'::bytea || int4send(length(sent)) || sent || '\xffff'::bytea);
	file text := 'summary_test_' || pg_backend_pid();
	value call_summary;
BEGIN
	CREATE TEMPORARY TABLE IF NOT EXISTS received (s call_summary);
	TRUNCATE received;
	PERFORM lo_export(object, file);
	BEGIN
		EXECUTE format('COPY received FROM %L (FORMAT binary)', file);
		SELECT s INTO value FROM received;
	EXCEPTION WHEN invalid_binary_representation THEN
		value := NULL;
	END;
	PERFORM lo_unlink(object);
	RETURN value::text;
END $$;
SELECT is(suite.received(call_summary_send(:'s')), :'s', 'binary goes out and in');
SELECT is(octet_length(call_summary_send(summarize('UTC', :columns))) < 100, true, 'a single call takes less than 100 bytes') FROM rows WHERE n = 1;

CREATE FUNCTION suite.text_is_taken(value text) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
	PERFORM value::call_summary;
	RETURN true;
EXCEPTION WHEN invalid_text_representation OR invalid_parameter_value THEN
	RETURN false;
END $$;
-- damage: of samples of every size each beginning, and each byte changed to some others, is refused or is a good value
CREATE FUNCTION suite.damaged(sample bytea, OUT refused bigint, OUT taken bigint, OUT wrong bigint) LANGUAGE plpgsql AS $$
DECLARE
	bytes bytea;
	value call_summary;
BEGIN
	refused := 0; taken := 0; wrong := 0;
	FOR at IN 0 .. least(length(sample), 400) - 1 LOOP
		FOR change IN 0 .. 6 LOOP
			bytes := CASE change WHEN 0 THEN substr(sample, 1, at) WHEN 6 THEN substr(sample, 1, at) || '\x80'::bytea || substr(sample, at + 1)
				ELSE set_byte(sample, at, (get_byte(sample, at) # (ARRAY[1, 2, 64, 128, 255])[change])) END;
			BEGIN
				value := call_summary_of_stored(bytes);
				taken := taken + 1;
				-- what is taken is one that can be written, and whose breakdowns agree
				IF stored(value) <> bytes
					OR (SELECT coalesce(sum(v::bigint), 0) FROM jsonb_each_text(by_intent(value)) e (k, v)) <> total_calls(value)
					OR (SELECT sum(v::bigint) FROM jsonb_array_elements_text(by_hour(value)) v) <> total_calls(value)
					OR (SELECT coalesce(sum(v::bigint), 0) FROM jsonb_each_text(by_tier(value)) e (k, v)) <> total_calls(value)
					OR (SELECT coalesce(sum((v ->> 'booked')::bigint), 0) FROM jsonb_each(intent_details(value)) e (k, v)) <> booked_calls(value)
					OR (SELECT sum((v ->> 'booked')::bigint) FROM jsonb_array_elements(hour_details(value)) v) <> booked_calls(value) THEN
					wrong := wrong + 1;
				END IF;
			EXCEPTION WHEN invalid_binary_representation OR numeric_value_out_of_range THEN
				refused := refused + 1;
			END;
		END LOOP;
	END LOOP;
END $$;
CREATE TEMPORARY TABLE damage AS
SELECT d.* FROM (SELECT 1 AS n, stored(rollup(NULL)) AS sample
	UNION ALL SELECT 2, stored(summarize('UTC', :columns)) FROM rows WHERE n = 4
	UNION ALL SELECT 3, stored(summarize('UTC', :columns)) FROM rows WHERE n < 40
	UNION ALL SELECT 4, stored(:'s')
	UNION ALL SELECT 5, stored(rollup(NULL) OPERATOR(callcenter.-) summarize('UTC', :columns)) FROM rows WHERE n < 10) x, suite.damaged(sample) d;
SELECT is(sum(wrong), 0::numeric, 'a damaged value is refused, or is another good one') FROM damage;
SELECT ok(sum(refused) > 3 * sum(taken), 'most are refused without a look at the checksum') FROM damage;
CREATE TEMPORARY TABLE changed AS
SELECT substr(b, 1, at) || coalesce(x, '') || CASE WHEN x IS NULL THEN '' ELSE substr(b, at + 2) END AS bytes
FROM (SELECT call_summary_send(summarize('UTC', :columns)) AS b FROM rows WHERE n < 5) s, LATERAL generate_series(0, length(b) - 1) at,
	LATERAL (SELECT NULL::bytea AS x UNION ALL SELECT set_byte('\x00', 0, get_byte(b, at) # c) FROM unnest('{1,16,128,255}'::int[]) c) y;
SELECT is(ARRAY(SELECT bytes FROM changed WHERE suite.text_is_taken(bytes::text)), '{}', 'every changed byte and every beginning of the text form is refused');
SELECT is(ARRAY(SELECT bytes FROM changed WHERE hashtext(bytes::text) % 8 = 0 AND suite.received(bytes) IS NOT NULL), '{}', 'and of the binary form');
SELECT is(ARRAY(SELECT text FROM unnest(ARRAY['', 'x', '\x', '\x0', '\x02000000000000000000000000000000', '\x01', '\x01zz', '\x01000000000000000000000000', '{}', '\x010000000000000000000000000000000000']) text
	WHERE suite.text_is_taken(text)), '{}', 'so is text');
-- a summary with an intent of two bytes, which are then others
CREATE FUNCTION suite.stored_is_taken(bytes bytea) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
	PERFORM call_summary_of_stored(bytes);
	RETURN true;
EXCEPTION WHEN invalid_binary_representation THEN
	RETURN false;
END $$;
CREATE TEMPORARY TABLE named AS
SELECT overlay(b placing name from position('\x4142'::bytea in b) for 2) AS bytes, name
FROM (SELECT stored(summarize('UTC', call_facts(now(), 5, 'completed', NULL, 'AB', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL))) AS b) x,
	unnest('{"\\xc3a9","\\xff41","\\xc341","\\xc080","\\x4100","\\x0041"}'::bytea[]) name;
SELECT is(by_intent(call_summary_of_stored(bytes)), '{"é": 1}', 'the name of an intent is text') FROM named WHERE name = '\xc3a9';
SELECT is(ARRAY(SELECT name FROM named WHERE name <> '\xc3a9' AND suite.stored_is_taken(bytes)), '{}', 'what is none in the database''s encoding is refused');
SELECT throws_ok(format('SELECT %L::call_summary', 'x' || repeat('é', 40)), '22P02', format('invalid input syntax for type call_summary: "x%s"', repeat('é', 31)),
	'an error shows whole characters of what it refuses');
DO $$ BEGIN EXECUTE format('COPY (SELECT) TO PROGRAM %L', 'rm -f summary_test_' || pg_backend_pid()); END $$;
SELECT throws_ok($$SELECT call_summary_of_stored(NULL) + 1$$, '42883', NULL, 'a summary is no number');
SELECT throws_ok($$SELECT callcenter.rollup_transition(rollup(NULL), rollup(NULL))$$, '0A000', NULL, 'the parts of an aggregate are not called');
SELECT throws_ok($$SELECT summarize('Nowhere/City', call_facts(now(), NULL, 'completed', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL))$$, '22023', NULL, 'no such zone');
SELECT throws_ok($$SELECT summarize('UTC', call_facts(now(), NULL, 'done', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL))$$, '22P02', NULL, 'no such status');
SELECT throws_ok($$SELECT summarize('UTC', call_facts('infinity', NULL, 'spam', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL))$$, '22008', NULL, 'no such instant');
SELECT throws_ok($$SELECT summarize('UTC', call_facts(now(), NULL, 'spam', NULL, NULL, NULL, NULL, NULL, NULL, 1e12, NULL, NULL, NULL, NULL))$$, '22003', NULL, 'a cost that is too large');

SELECT * FROM finish();
ROLLBACK;
