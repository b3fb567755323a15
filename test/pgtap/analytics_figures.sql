-- Every member of call_analytics() against plain SQL over the same rows: figures, rates with what they are made of, lengths,
-- cost, follow-ups, slices, and how all of it changed.  Which instants a period has is asked of the answer itself
-- (analytics.sql and test/analytics/zones.mjs say whether they are right); what is counted in them shares nothing with
-- the extension.

\ir common.psql

SELECT plan(40);

SELECT setseed(0.4711);
\set c 65f000000000000000000f01
SELECT callcenter.create_company(jsonb_build_object('_id', :'c', 'name', 'Counted', 'timeZone', 'America/New_York')) IS NULL AS made \gset
INSERT INTO callcenter.calls (company_id, id, call_id, caller_kind, caller_raw, caller_region, metadata_version, direction, started_at, duration_seconds, primary_intent,
	routing_tier, status, is_booked, is_returning, llm_cost, follow_up_required, reviewed, rating, flagged, content_hash)
SELECT :'c', id, id, CASE WHEN r[1] < 0.1 THEN 'withheld' ELSE 'other' END::callcenter.caller_kind, 'x', 'US', '0', CASE WHEN r[2] < 0.2 THEN 'outbound' ELSE 'inbound' END::callcenter.call_direction,
	timestamptz '2024-09-01 00:00Z' + r[3] * interval '500 days', CASE WHEN r[5] < 0.9 THEN (r[5] * r[5] * r[5] * 2000)::integer END,
	(ARRAY['book', 'BILLING', 'Vendor', 'ask', 'repair', NULL])[1 + floor(r[6] * 6)::integer], CASE WHEN r[7] < 0.9 THEN 1 + floor(r[7] * 3.3)::smallint END,
	(enum_range(NULL::callcenter.call_status))[1 + floor(r[8] * 6)::integer]::text, r[9] < 0.3, r[10] < 0.4, CASE WHEN r[11] < 0.5 THEN round(r[11]::numeric / 7, 6) END, r[12] < 0.1, r[13] < 0.5,
	CASE WHEN r[14] < 0.3 THEN 1 + floor(r[14] * 16)::smallint END, r[15] < 0.05, ''
FROM (SELECT callcenter.object_id_new() AS id, (SELECT array_agg(random()) FROM generate_series(1, 15) WHERE i > 0) AS r FROM generate_series(1, 4000) i) x;
-- follow-ups that were open for minutes, for months, and still are
INSERT INTO callcenter.follow_ups (company_id, id, phone, status, reason, priority, due_at, attempts, first_call_id, first_call_at, last_call_id, last_call_at, opened_at, resolved_at,
	resolution, recovered)
SELECT :'c', id, '+1305' || lpad(i::text, 7, '0'), CASE WHEN is_open THEN 'open' ELSE 'done' END, 'voicemail', 'normal', opened + r[2] * interval '3 days', 1, id, opened, id, opened, opened,
	CASE WHEN NOT is_open THEN opened + exp(r[3] * 12) * interval '1 minute' END, CASE WHEN NOT is_open THEN 'person' END, NOT is_open AND r[4] < 0.4
FROM (SELECT callcenter.object_id_new() AS id, i, r, r[1] < 0.1 AS is_open, timestamptz '2024-09-01 00:00Z' + r[5] * interval '500 days' AS opened
	FROM (SELECT i, (SELECT array_agg(random()) FROM generate_series(1, 5) WHERE i > 0) AS r FROM generate_series(1, 1500) i) y) x;
SELECT cmp_ok(count(*), '>', 30::bigint, 'some follow-ups were open for more than 30 days') FROM callcenter.follow_ups WHERE company_id = :'c' AND resolved_at - opened_at > interval '30 days';

CREATE FUNCTION pg_temp.quotient(num numeric, den numeric, decimals integer) RETURNS numeric LANGUAGE sql AS $$ SELECT round(num / nullif(den, 0), decimals) $$;

-- What the rows of a stretch come to: numbers by name, from which the rest is made.
CREATE FUNCTION pg_temp.numbers(s timestamptz, u timestamptz) RETURNS jsonb LANGUAGE sql AS $$
	WITH c AS (
		SELECT *, direction = 'inbound' AND status NOT IN ('spam', 'error') AND NOT (status = 'abandoned' AND coalesce(duration_seconds, 15) < 15)
			AND coalesce(lower(primary_intent), '') NOT IN ('billing', 'vendor', 'reschedule', 'wrong_number') AS is_lead
		FROM callcenter.calls WHERE company_id = '65f000000000000000000f01' AND started_at >= s AND started_at < u
	)
	SELECT jsonb_build_object('calls', count(*), 'booked', count(*) FILTER (WHERE is_booked), 'leads', count(*) FILTER (WHERE is_lead), 'bookedLeads', count(*) FILTER (WHERE is_lead AND is_booked),
		'returning', count(*) FILTER (WHERE is_returning), 'new', count(*) FILTER (WHERE NOT is_returning),
		'missed', count(*) FILTER (WHERE status = 'voicemail' OR status = 'abandoned' AND coalesce(duration_seconds, 15) >= 15),
		'abandoned', count(*) FILTER (WHERE status = 'abandoned' AND duration_seconds < 15), 'withheld', count(*) FILTER (WHERE caller_kind = 'withheld'),
		'followUp', count(*) FILTER (WHERE follow_up_required), 'reviewed', count(*) FILTER (WHERE reviewed), 'flagged', count(*) FILTER (WHERE flagged),
		'rated', count(rating), 'rating', coalesce(sum(rating), 0), 'timed', count(duration_seconds), 'seconds', coalesce(sum(duration_seconds), 0),
		'costed', count(llm_cost), 'cost', coalesce(sum(llm_cost), 0), 'outbound', count(*) FILTER (WHERE direction = 'outbound'))
		|| (SELECT jsonb_build_object('open', count(*) FILTER (WHERE opened_at < u AND (resolved_at IS NULL OR resolved_at >= u)),
				'overdue', count(*) FILTER (WHERE opened_at < u AND (resolved_at IS NULL OR resolved_at >= u) AND due_at < u),
				'opened', count(*) FILTER (WHERE opened_at >= s AND opened_at < u), 'resolved', count(*) FILTER (WHERE resolved_at >= s AND resolved_at < u),
				'recovered', count(*) FILTER (WHERE resolved_at >= s AND resolved_at < u AND recovered))
			FROM callcenter.follow_ups WHERE company_id = '65f000000000000000000f01')
	FROM c
$$;

-- The figures of a summary: how each is made of two numbers, or of one.
CREATE TEMPORARY TABLE figures (name text, kind text, num text, den text, decimals integer);
INSERT INTO figures VALUES ('totalCalls', 'count', 'calls'), ('bookedCalls', 'count', 'booked'), ('leads', 'count', 'leads'), ('bookedLeads', 'count', 'bookedLeads'), ('newCalls', 'count', 'new'),
	('returningCalls', 'count', 'returning'), ('missedCalls', 'count', 'missed'), ('abandonedCalls', 'count', 'abandoned'), ('withheldCalls', 'count', 'withheld'), ('followUpCalls', 'count', 'followUp'),
	('reviewedCalls', 'count', 'reviewed'), ('flaggedCalls', 'count', 'flagged');
INSERT INTO figures VALUES ('avgDuration', 'mean', 'seconds', 'timed', 0), ('avgRating', 'mean', 'rating', 'rated', 2), ('bookingRate', 'rate', 'booked', 'calls', 2),
	('leadBookingRate', 'rate', 'bookedLeads', 'leads', 2), ('returningRate', 'rate', 'returning', 'calls', 2), ('missedRate', 'rate', 'missed', 'calls', 2), ('costCoverage', 'rate', 'costed', 'calls', 2);
-- those that change as counts do, beside the figures
INSERT INTO figures VALUES ('followUpsOpen', 'follow-up', 'open'), ('followUpsOverdue', 'follow-up', 'overdue'), ('followUpsOpened', 'follow-up', 'opened'), ('followUpsResolved', 'follow-up', 'resolved'),
	('followUpsRecovered', 'follow-up', 'recovered'), ('cost', 'cost', 'cost');

CREATE FUNCTION pg_temp.summary(s timestamptz, u timestamptz, n jsonb) RETURNS jsonb LANGUAGE sql AS $$
	WITH c AS (SELECT * FROM callcenter.calls WHERE company_id = '65f000000000000000000f01' AND started_at >= s AND started_at < u)
	SELECT (SELECT jsonb_object_agg(name, CASE kind WHEN 'count' THEN (n ->> num)::numeric ELSE pg_temp.quotient((n ->> num)::numeric, (n ->> den)::numeric, decimals) END)
			FROM figures WHERE kind IN ('count', 'mean', 'rate'))
		|| jsonb_build_object('rates', (SELECT jsonb_object_agg(name, jsonb_build_object('value', pg_temp.quotient((n ->> num)::numeric, (n ->> den)::numeric, 6), 'numerator', n -> num, 'denominator', n -> den))
				FROM figures WHERE kind = 'rate'),
			'duration', jsonb_build_object('calls', n -> 'timed', 'total', n -> 'seconds', 'average', pg_temp.quotient((n ->> 'seconds')::numeric, (n ->> 'timed')::numeric, 1)),
			'cost', jsonb_build_object('calls', n -> 'costed', 'total', CASE WHEN n -> 'costed' <> '0' THEN n -> 'cost' END,
				'average', pg_temp.quotient((n ->> 'cost')::numeric, (n ->> 'costed')::numeric, 6), 'coverage', pg_temp.quotient((n ->> 'costed')::numeric, (n ->> 'calls')::numeric, 4)),
			'followUps', jsonb_build_object('open', n -> 'open', 'overdue', n -> 'overdue', 'opened', n -> 'opened', 'resolved', n -> 'resolved', 'recovered', n -> 'recovered'),
			'directionBreakdown', jsonb_build_object('inbound', (n ->> 'calls')::bigint - (n ->> 'outbound')::bigint, 'outbound', n -> 'outbound'),
			'intentBreakdown', coalesce((SELECT jsonb_object_agg(k, v) FROM (SELECT coalesce(primary_intent, 'none') AS k, count(*) AS v FROM c GROUP BY 1) x), '{}'),
			'tierUsage', '{"tier1": 0, "tier2": 0, "tier3": 0}' || coalesce((SELECT jsonb_object_agg(k, v) FROM (SELECT coalesce('tier' || routing_tier, 'none') AS k, count(*) AS v FROM c GROUP BY 1) x), '{}'),
			'outcomeBreakdown', coalesce((SELECT jsonb_object_agg(k, v) FROM (SELECT status AS k, count(*) AS v FROM c GROUP BY 1) x), '{}'))
$$;
CREATE FUNCTION pg_temp.change(n jsonb, p jsonb) RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_object_agg(name, CASE kind
		WHEN 'rate' THEN jsonb_build_object('points', pg_temp.quotient((a * e - b * d) * 100, d * e, 1))
		ELSE jsonb_build_object('difference', pg_temp.quotient(a * e - b * d, d * e, CASE kind WHEN 'cost' THEN 6 ELSE coalesce(decimals, 0) END), 'rate', pg_temp.quotient(a * e - b * d, b * d, 4)) END)
	FROM figures, LATERAL (SELECT (n ->> num)::numeric AS a, (p ->> num)::numeric AS b, coalesce((n ->> den)::numeric, 1) AS d, coalesce((p ->> den)::numeric, 1) AS e) x
$$;
-- The slices of both stretches by a key, as an object of objects.
CREATE FUNCTION pg_temp.slices(what text, s timestamptz, u timestamptz, ps timestamptz, pu timestamptz, calls numeric, previous numeric) RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_object_agg(k, jsonb_build_object(what, k, 'calls', n, 'share', pg_temp.quotient(n, calls, 4), 'previousCalls', p, 'previousShare', pg_temp.quotient(p, previous, 4),
			'change', pg_temp.quotient((n * previous - p * calls) * 100, calls * previous, 1))
		|| CASE what WHEN 'outcome' THEN '{}' ELSE jsonb_build_object('bookedCalls', b, 'bookingRate', pg_temp.quotient(b, n, 2)) END
		|| CASE what WHEN 'intent' THEN jsonb_build_object('isLead', lower(k) NOT IN ('billing', 'vendor')) ELSE '{}' END)
	FROM (SELECT k, count(*) FILTER (WHERE is_now) AS n, count(*) FILTER (WHERE is_now AND is_booked) AS b, count(*) FILTER (WHERE is_before) AS p FROM (
			SELECT CASE what WHEN 'intent' THEN coalesce(primary_intent, 'none') WHEN 'tier' THEN coalesce('tier' || routing_tier, 'none') ELSE status END AS k, is_booked,
				started_at >= s AND started_at < u AS is_now, started_at >= ps AND started_at < pu AS is_before
			FROM callcenter.calls WHERE company_id = '65f000000000000000000f01' AND (started_at >= s AND started_at < u OR started_at >= ps AND started_at < pu)
			UNION ALL SELECT 'tier' || t, false, false, false FROM generate_series(1, 3) t WHERE what = 'tier') x GROUP BY k) y
$$;
CREATE FUNCTION pg_temp.told(answer jsonb, what text) RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_object_agg(x ->> what, x) FROM jsonb_array_elements(answer -> (what || 's')) x
$$;

-- A summary without the percentiles, which are rounded to buckets; and those that are further off than they may be.
CREATE FUNCTION pg_temp.without(summary jsonb) RETURNS jsonb LANGUAGE sql AS $$ SELECT summary #- '{duration,median}' #- '{duration,p90}' #- '{duration,p95}' #- '{duration,p99}' $$;
CREATE FUNCTION pg_temp.off(summary jsonb, s timestamptz, u timestamptz) RETURNS text[] LANGUAGE sql AS $$
	SELECT ARRAY(SELECT format('%s is %s, not %s', k, said, exact) FROM (VALUES ('median', 0.5), ('p90', 0.9), ('p95', 0.95), ('p99', 0.99)) p (k, share),
		LATERAL (SELECT percentile_disc(share) WITHIN GROUP (ORDER BY duration_seconds) AS exact FROM callcenter.calls
			WHERE company_id = '65f000000000000000000f01' AND started_at >= s AND started_at < u) e, LATERAL (SELECT (summary #>> ARRAY['duration', k])::numeric AS said) d
		WHERE (said IS NULL) <> (exact IS NULL) OR abs(said - exact) > CASE WHEN exact < 128 THEN 0 ELSE exact / 128.0 END)
$$;

-- What an answer says that the rows do not.
CREATE FUNCTION pg_temp.wrong(params jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
	said jsonb := suite.body(suite.ask('tap_platform', format('SELECT callcenter.call_analytics(%L, %L)', '65f000000000000000000f01', params)));
	before jsonb := said -> 'comparison';
	s timestamptz := said ->> 'start';
	u timestamptz := said ->> 'until';
	ps timestamptz := before ->> 'start';
	pu timestamptz := before ->> 'until';
	n jsonb := pg_temp.numbers(s, u);
	p jsonb := pg_temp.numbers(ps, pu);
	wrong jsonb := '{}';
	part record;
BEGIN
	FOR part IN
		SELECT 'summary' AS name, pg_temp.without(said -> 'summary') AS a, pg_temp.summary(s, u, n) AS b
		UNION ALL SELECT 'percentiles', to_jsonb(pg_temp.off(said -> 'summary', s, u)), '[]'
		UNION ALL SELECT 'comparison', pg_temp.without(before -> 'summary'), pg_temp.summary(ps, pu, p)
		UNION ALL SELECT 'percentiles of the comparison', to_jsonb(pg_temp.off(before -> 'summary', ps, pu)), '[]'
		UNION ALL SELECT 'change', before -> 'change', pg_temp.change(n, p)
		UNION ALL SELECT w || 's', pg_temp.told(said, w), pg_temp.slices(w, s, u, ps, pu, (n ->> 'calls')::numeric, (p ->> 'calls')::numeric) FROM unnest('{intent,tier,outcome}'::text[]) w
		UNION ALL SELECT 'the order of ' || w || 's', to_jsonb(ARRAY(SELECT x -> 'calls' FROM jsonb_array_elements(said -> (w || 's')) x)),
			to_jsonb(ARRAY(SELECT x -> 'calls' FROM jsonb_array_elements(said -> (w || 's')) x ORDER BY (x ->> 'calls')::bigint DESC)) FROM unnest('{intent}'::text[]) w
	LOOP
		IF part.a IS DISTINCT FROM part.b THEN
			wrong := wrong || jsonb_build_object(part.name, CASE WHEN jsonb_typeof(part.a) = 'object' AND jsonb_typeof(part.b) = 'object'
				THEN (SELECT jsonb_object_agg(k, jsonb_build_array(part.a -> k, part.b -> k)) FROM (SELECT jsonb_object_keys(part.a || part.b) AS k) x WHERE part.a -> k IS DISTINCT FROM part.b -> k)
				ELSE jsonb_build_array(part.a, part.b) END);
		END IF;
	END LOOP;
	RETURN wrong;
END
$$;

SELECT is(pg_temp.wrong(params::jsonb), '{}', format('%s: all that is told is what the rows say', params))
FROM (VALUES ('{"period": "today", "asOf": "2025-06-11T18:30:00Z"}'), ('{"period": "week", "asOf": "2025-06-11T18:30:00Z"}'), ('{"period": "month", "asOf": "2025-06-11T18:30:00Z"}'),
	('{"period": "year", "asOf": "2025-12-11T18:30:00Z"}'), ('{"period": "week", "asOf": "2025-06-11T18:30:00Z", "match": "weekday", "compare": "year"}'),
	('{"period": "month", "asOf": "2025-03-31T23:30:00Z"}'), ('{"period": "month", "asOf": "2025-09-30T23:30:00Z", "match": "weekday"}'),
	('{"from": "2025-03-09", "to": "2025-03-09", "asOf": "2026-03-01T00:00:00Z"}'), ('{"from": "2024-11-03", "to": "2024-11-03", "asOf": "2026-03-01T00:00:00Z"}'),
	('{"from": "2025-01-01", "to": "2025-12-31", "compare": "year", "asOf": "2026-03-01T00:00:00Z"}'), ('{"from": "2024-09-01", "to": "2024-10-31", "asOf": "2026-03-01T00:00:00Z"}'),
	('{"from": "2030-01-01", "to": "2030-01-31"}'), ('{"from": "2010-01-01", "to": "2010-01-31"}'), ('{"from": "2026-01-10", "to": "2026-02-10"}')) t (params);
-- as of the very instants at which something happened: a call, a follow-up that was opened, was due, was resolved
SELECT is(pg_temp.wrong(jsonb_build_object('period', period, 'asOf', to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))), '{}', format('so it is as of the instant of %s, this %s', what, period))
FROM (SELECT 'a call' AS what, min(started_at) AS at FROM callcenter.calls WHERE company_id = :'c' AND started_at > '2025-05-07'
	UNION ALL SELECT 'a follow-up that is opened', min(opened_at) FROM callcenter.follow_ups WHERE opened_at > '2025-05-07'
	UNION ALL SELECT 'one that is due', min(due_at) FROM callcenter.follow_ups WHERE due_at > '2025-05-07'
	UNION ALL SELECT 'one that is resolved', min(resolved_at) FROM callcenter.follow_ups WHERE resolved_at > '2025-05-07') x, unnest('{today,week,month,year}'::text[]) period
ORDER BY what, period;
SELECT is(pg_temp.wrong(jsonb_build_object('from', '2025-05-01', 'to', '2025-05-31', 'asOf', to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'))), '{}', format('and of dates, as of %s', at))
FROM unnest('{2025-05-01 04:00Z,2025-05-01 04:00:01Z,2025-05-16 12:00Z,2025-06-01 03:59:59Z,2025-06-01 04:00Z,2024-01-01 00:00Z,2030-01-01 00:00Z}'::timestamptz[]) at;

-- control: one row that is changed behind the triggers' back is seen
SELECT callcenter.fold_rollups() > 0 AS folded \gset
SELECT is(pg_temp.wrong('{"from": "2025-01-01", "to": "2025-12-31"}'), '{}', 'when rollups are folded too');
SET LOCAL session_replication_role = replica;
UPDATE callcenter.calls SET is_booked = NOT is_booked WHERE id = (SELECT min(id) FROM callcenter.calls WHERE company_id = :'c' AND started_at BETWEEN '2025-02-01' AND '2025-11-01');
SET LOCAL session_replication_role = origin;
SELECT isnt(pg_temp.wrong('{"from": "2025-01-01", "to": "2025-12-31"}') -> 'summary', NULL, 'control: a row that was changed without its trigger is seen');

SELECT * FROM finish();
ROLLBACK;
