-- Analytics over a random history, against a recount of the rows: calls of four zones whose clocks change, logged late and
-- in any order, changed, re-linked and deleted; with appended changes that are folded and that are not.
--
-- The recount shares nothing with the extension: PostgreSQL's own conversion says what the local date is, GROUP BY counts.

\ir common.psql

SELECT plan(115);

SELECT setseed(0.42);
CREATE TEMPORARY TABLE zones (n integer PRIMARY KEY, zone text, company text, week_start integer);
INSERT INTO zones VALUES (1, 'America/New_York', '65f000000000000000000e01', 7), (2, 'America/Havana', '65f000000000000000000e02', 1),
	(3, 'Australia/Lord_Howe', '65f000000000000000000e03', 3), (4, 'UTC', '65f000000000000000000e04', 1);
SELECT count(callcenter.create_company(jsonb_build_object('_id', company, 'name', zone, 'timeZone', zone, 'weekStart', week_start))) AS made FROM zones \gset
-- two stretches of three weeks in which clocks change, and an hour at each of them that has many calls
CREATE FUNCTION pg_temp.log_some(calls integer) RETURNS bigint LANGUAGE sql AS $$
	INSERT INTO callcenter.calls (company_id, id, call_id, caller_kind, caller_raw, caller_region, metadata_version, direction, started_at, duration_seconds, primary_intent,
		routing_tier, status, is_booked, is_returning, llm_cost, follow_up_required, reviewed, rating, flagged, content_hash)
	SELECT company, id, id, CASE WHEN r[1] < 0.1 THEN 'withheld' ELSE 'other' END::callcenter.caller_kind, 'x', 'US', '0', CASE WHEN r[2] < 0.2 THEN 'outbound' ELSE 'inbound' END::callcenter.call_direction,
		CASE WHEN r[3] < 0.5 THEN timestamptz '2025-03-01 00:00Z' WHEN r[3] < 0.55 THEN timestamptz '2025-04-05 14:00Z' WHEN r[3] < 0.6 THEN '2025-11-02 04:00Z' ELSE timestamptz '2025-10-20 00:00Z' END
			+ CASE WHEN r[3] BETWEEN 0.5 AND 0.6 THEN interval '4 hours' ELSE interval '40 days' END * r[4],
		CASE WHEN r[5] < 0.9 THEN (r[5] * r[5] * 400)::integer END, (ARRAY['book', 'BILLING', 'vendor', 'ask', 'none', NULL])[1 + floor(r[6] * 6)::integer],
		CASE WHEN r[7] < 0.9 THEN 1 + floor(r[7] * 3.3)::smallint END, (enum_range(NULL::callcenter.call_status))[1 + floor(r[8] * 6)::integer]::text, r[9] < 0.3, r[10] < 0.4,
		CASE WHEN r[11] < 0.5 THEN round(r[11]::numeric / 7, 12) END, r[12] < 0.1, r[13] < 0.5, CASE WHEN r[14] < 0.3 THEN 1 + floor(r[14] * 16)::smallint END, r[15] < 0.05, ''
	FROM (SELECT z.company, callcenter.object_id_new() AS id, (SELECT array_agg(random()) FROM generate_series(1, 15) WHERE i > 0 AND z.n > 0) AS r
		FROM zones z, generate_series(1, calls) i) x;
	SELECT count(*) FROM callcenter.calls
$$;

-- What the rows say of a range of local dates.
CREATE FUNCTION pg_temp.recount(company text, zone text, first date, last date) RETURNS jsonb LANGUAGE sql AS $$
	WITH c AS (
		SELECT *, direction = 'inbound' AND status NOT IN ('spam', 'error') AND NOT (status = 'abandoned' AND coalesce(duration_seconds, 15) < 15)
			AND coalesce(lower(primary_intent), '') NOT IN ('billing', 'vendor', 'reschedule', 'wrong_number') AS is_lead
		FROM callcenter.calls WHERE company_id = company AND (started_at AT TIME ZONE zone)::date BETWEEN first AND last
	)
	SELECT jsonb_build_object('totalCalls', count(*), 'avgDuration', round(avg(duration_seconds)), 'bookedCalls', count(*) FILTER (WHERE is_booked),
		'bookingRate', trim_scale(round((count(*) FILTER (WHERE is_booked))::numeric / nullif(count(*), 0), 2)), 'leads', count(*) FILTER (WHERE is_lead),
		'bookedLeads', count(*) FILTER (WHERE is_lead AND is_booked), 'newCalls', count(*) FILTER (WHERE NOT is_returning), 'returningCalls', count(*) FILTER (WHERE is_returning),
		'missedCalls', count(*) FILTER (WHERE status = 'voicemail' OR status = 'abandoned' AND coalesce(duration_seconds, 15) >= 15),
		'abandonedCalls', count(*) FILTER (WHERE status = 'abandoned' AND duration_seconds < 15), 'withheldCalls', count(*) FILTER (WHERE caller_kind = 'withheld'),
		'followUpCalls', count(*) FILTER (WHERE follow_up_required), 'reviewedCalls', count(*) FILTER (WHERE reviewed), 'flaggedCalls', count(*) FILTER (WHERE flagged),
		'avgRating', trim_scale(round(avg(rating), 2)),
		'intentBreakdown', coalesce((SELECT jsonb_object_agg(i, n) FROM (SELECT coalesce(primary_intent, 'none') AS i, count(*) AS n FROM c GROUP BY 1) x), '{}'),
		'tierUsage', '{"tier1": 0, "tier2": 0, "tier3": 0}'::jsonb || coalesce((SELECT jsonb_object_agg(t, n) FROM (SELECT coalesce('tier' || routing_tier, 'none') AS t, count(*) AS n FROM c GROUP BY 1) x), '{}'),
		'outcomeBreakdown', coalesce((SELECT jsonb_object_agg(s, n) FROM (SELECT status AS s, count(*) AS n FROM c GROUP BY 1) x), '{}'),
		'directionBreakdown', jsonb_build_object('inbound', count(*) FILTER (WHERE direction = 'inbound'), 'outbound', count(*) FILTER (WHERE direction = 'outbound')),
		'cost', trim_scale(round(sum(llm_cost), 6)))
	FROM c
$$;
CREATE FUNCTION pg_temp.said(company text, params jsonb) RETURNS jsonb LANGUAGE sql AS $$
	SELECT (a -> 'summary') - 'rates' - 'duration' - 'followUps' - 'costCoverage' - 'leadBookingRate' - 'missedRate' - 'returningRate' || jsonb_build_object('cost', a #> '{summary,cost,total}')
	FROM (SELECT suite.body(suite.ask('tap_platform', format('SELECT callcenter.call_analytics(%L, %L)', company, params))) AS a) x
$$;
CREATE FUNCTION pg_temp.days(company text, params jsonb) RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_object_agg(p ->> 'date', p -> 'totalCalls') FILTER (WHERE p -> 'totalCalls' <> '0')
	FROM jsonb_array_elements(suite.body(suite.ask('tap_platform', format('SELECT callcenter.call_series(%L, %L)', company, params))) -> 'points') p
$$;
CREATE FUNCTION pg_temp.hours(company text, zone text) RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_object_agg(k, v) FROM (
		SELECT format('%s %s', p ->> 'date', p ->> 'hour') AS k, sum((p ->> 'totalCalls')::bigint) AS v
		FROM jsonb_array_elements(suite.body(suite.ask('tap_platform', format('SELECT callcenter.call_series(%L, %L)', company,
			'{"from": "2025-10-20", "to": "2025-11-20", "step": "hour"}'))) -> 'points') p
		WHERE p -> 'totalCalls' <> '0' GROUP BY 1) x
$$;

-- When people call, by weekday and hour of the clock, as the rows say it; and how many days of each weekday there were.
CREATE FUNCTION pg_temp.heatmap(company text) RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_object_agg(w ->> 'weekday', jsonb_build_object('days', w -> 'days', 'calls', w -> 'calls', 'booked', w -> 'bookedCalls', 'total', w -> 'totalCalls'))
	FROM jsonb_array_elements(suite.body(suite.ask('tap_platform', format('SELECT callcenter.call_heatmap(%L, %L)', company, '{"from": "2025-02-20", "to": "2025-11-20"}'))) -> 'weekdays') w
$$;
CREATE FUNCTION pg_temp.heatmap_of_rows(company text, zone text) RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_object_agg(to_char(date '2024-01-01' + weekday, 'FMDay'), jsonb_build_object('days', (SELECT count(*) FROM generate_series(timestamp '2025-02-20', '2025-11-20', '1 day') d
			WHERE extract(isodow FROM d) = weekday + 1), 'calls', calls, 'booked', booked, 'total', total))
	FROM (SELECT weekday, jsonb_agg(n ORDER BY hour) AS calls, jsonb_agg(b ORDER BY hour) AS booked, sum(n) AS total
		FROM (SELECT weekday, hour, count(local) AS n, count(*) FILTER (WHERE is_booked) AS b FROM generate_series(0, 6) weekday CROSS JOIN generate_series(0, 23) hour
			LEFT JOIN (SELECT started_at AT TIME ZONE zone AS local, is_booked FROM callcenter.calls
				WHERE company_id = company AND (started_at AT TIME ZONE zone)::date BETWEEN '2025-02-20' AND '2025-11-20') c
				ON extract(isodow FROM local) = weekday + 1 AND extract(hour FROM local) = hour
			GROUP BY weekday, hour) x GROUP BY weekday) y
$$;

-- What is wrong with the parts of a series: they follow on each other from the start of the period to what has passed of
-- it, begin where a day, week, month of the clock or an hour does, and have the calls that started in them.
CREATE FUNCTION pg_temp.wrong_parts(company text, zone text, week_start integer, params jsonb) RETURNS SETOF text LANGUAGE sql AS $$
	WITH s AS (SELECT a -> 'points' AS points, a ->> 'step' AS step, (a ->> 'start')::timestamptz AS first, (a ->> 'until')::timestamptz AS until, (a ->> 'end')::timestamptz AS last
		FROM suite.body(suite.ask('tap_platform', format('SELECT callcenter.call_series(%L, %L)', company, params))) a),
	e AS MATERIALIZED (SELECT n, e FROM s, jsonb_array_elements(points) WITH ORDINALITY AS x (e, n)),
	p AS (SELECT n, (e ->> 'start')::timestamptz AS start, (e ->> 'end')::timestamptz AS finish, e, (SELECT step FROM s), (SELECT first FROM s), (SELECT until FROM s), (SELECT last FROM s),
			lag((e ->> 'end')::timestamptz) OVER (ORDER BY n) AS before, lead(n) OVER (ORDER BY n) IS NULL AS is_last
		FROM e),
	c AS MATERIALIZED (SELECT started_at, is_booked FROM callcenter.calls WHERE company_id = company),
	counted AS (SELECT n, count(started_at) AS calls, count(*) FILTER (WHERE is_booked) AS booked FROM p LEFT JOIN c ON started_at >= start AND started_at < least(finish, until) GROUP BY n)
	SELECT format('%s: %s', params, e - 'leads' - 'newCalls') FROM p JOIN counted USING (n)
	WHERE start <> coalesce(before, first) OR finish <= start OR is_last <> (finish >= until) OR finish > last
		OR (e ->> 'totalCalls')::bigint <> calls OR (e ->> 'bookedCalls')::bigint <> booked
		OR (e ->> 'isComplete')::boolean <> (finish <= until) OR e ->> 'date' <> (start AT TIME ZONE zone)::date::text
		OR (e ->> 'hour')::integer <> extract(hour FROM start AT TIME ZONE zone)
		OR n > 1 AND CASE step WHEN 'hour' THEN finish - start > interval '90 minutes' WHEN 'day' THEN (start AT TIME ZONE zone)::date = ((start - interval '1 second') AT TIME ZONE zone)::date
			WHEN 'week' THEN extract(isodow FROM start AT TIME ZONE zone) <> week_start ELSE extract(day FROM start AT TIME ZONE zone) <> 1 END
	UNION ALL SELECT format('%s: there are none', params) WHERE NOT EXISTS (SELECT FROM p)
$$;

-- The tests of one state of the records.
CREATE FUNCTION pg_temp.check_all(what text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
	z record;
BEGIN
	FOR z IN SELECT * FROM zones ORDER BY n LOOP
		RETURN NEXT is(
			ARRAY(SELECT pg_temp.said(z.company, jsonb_build_object('from', d, 'to', d + s, 'compare', 'none')) FROM unnest('{2025-03-01,2025-03-09,2025-04-06,2025-11-02,2025-11-20,2025-12-24}'::date[]) d,
				unnest('{0,6,40}'::integer[]) s),
			ARRAY(SELECT pg_temp.recount(z.company, z.zone, d, d + s) FROM unnest('{2025-03-01,2025-03-09,2025-04-06,2025-11-02,2025-11-20,2025-12-24}'::date[]) d, unnest('{0,6,40}'::integer[]) s),
			format('%s: every figure of days and weeks in %s is that of the rows', what, z.zone));
		RETURN NEXT is(pg_temp.days(z.company, '{"from": "2025-01-01", "to": "2025-12-31", "step": "day"}'),
			(SELECT jsonb_object_agg(d, n) FROM (SELECT (started_at AT TIME ZONE z.zone)::date AS d, count(*) AS n FROM callcenter.calls WHERE company_id = z.company GROUP BY 1) x),
			format('%s: so are the days of a series in %s', what, z.zone));
		RETURN NEXT is(pg_temp.hours(z.company, z.zone),
			(SELECT jsonb_object_agg(to_char(h, 'YYYY-MM-DD FMHH24'), n) FROM (SELECT date_trunc('hour', started_at AT TIME ZONE z.zone) AS h, count(*) AS n FROM callcenter.calls
				WHERE company_id = z.company AND (started_at AT TIME ZONE z.zone)::date BETWEEN '2025-10-20' AND '2025-11-20' GROUP BY 1) x),
			format('%s: and the hours in %s', what, z.zone));
		RETURN NEXT is(pg_temp.heatmap(z.company), pg_temp.heatmap_of_rows(z.company, z.zone), format('%s: and the heat map in %s', what, z.zone));
		RETURN NEXT is(ARRAY(SELECT w FROM (VALUES ('{"from": "2025-03-05", "to": "2025-04-10", "step": "hour"}'::jsonb), ('{"from": "2025-10-29", "to": "2025-11-05", "step": "hour", "asOf": "2025-11-03T14:20:00Z"}'),
				('{"from": "2025-03-01", "to": "2025-11-20", "step": "day"}'), ('{"from": "2025-03-01", "to": "2025-11-20", "step": "week"}'), ('{"from": "2025-02-15", "to": "2025-11-20", "step": "month"}'),
				('{"period": "month", "asOf": "2025-11-02T05:30:00Z", "step": "day"}'), ('{"period": "year", "asOf": "2025-10-30T05:30:00Z", "step": "week"}')) x (params),
				LATERAL pg_temp.wrong_parts(z.company, z.zone, z.week_start, params) w), '{}', format('%s: the parts of a series in %s have no gaps, and each its calls', what, z.zone));
	END LOOP;
END
$$;

-- Breakdowns of a company's calls add up.
CREATE FUNCTION pg_temp.breakdowns(what text) RETURNS SETOF text LANGUAGE sql AS $$
	SELECT is(
		ARRAY(SELECT format('%s of %s: %s of %s', b, z.zone, (SELECT sum(v::bigint) FROM jsonb_each_text(s -> b) AS e (k, v)), s ->> 'totalCalls')
			FROM zones z, LATERAL pg_temp.said(z.company, '{"from": "2025-01-01", "to": "2025-12-31"}') s, unnest('{intentBreakdown,tierUsage,outcomeBreakdown,directionBreakdown}'::text[]) b
			WHERE (SELECT sum(v::bigint) FROM jsonb_each_text(s -> b) AS e (k, v)) IS DISTINCT FROM (s ->> 'totalCalls')::numeric),
		'{}', what || ': every breakdown adds up to all calls')
$$;

SELECT cmp_ok(pg_temp.log_some(400), '=', 1600::bigint, 'there are calls');
SELECT pg_temp.check_all('appended');
SELECT pg_temp.breakdowns('appended');
SELECT callcenter.fold_rollups() > 0 AS folded \gset
SELECT pg_temp.check_all('folded');

-- late arrivals, changes of everything, and what goes
SELECT pg_temp.log_some(100) > 0 AS more \gset
UPDATE callcenter.calls SET started_at = started_at + (random() * 60 - 30) * interval '1 day' WHERE random() < 0.1;
UPDATE callcenter.calls SET is_booked = NOT is_booked, primary_intent = CASE WHEN random() < 0.5 THEN 'BILLING' END WHERE random() < 0.1;
UPDATE callcenter.calls SET status = 'abandoned', duration_seconds = (random() * 30)::integer, rating = NULL WHERE random() < 0.1;
UPDATE callcenter.calls SET is_returning = NOT is_returning, llm_cost = NULL, routing_tier = NULL WHERE random() < 0.1;
DELETE FROM callcenter.calls WHERE random() < 0.1;
SELECT pg_temp.check_all('changed');
SELECT pg_temp.breakdowns('changed');

-- each counted column by itself: what a summary counts of a call is taken away and added again, whatever it is that changes
CREATE FUNCTION pg_temp.check_change(change text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	z record;
BEGIN
	SELECT * INTO z FROM zones WHERE n = 1;
	EXECUTE format('UPDATE callcenter.calls SET %s WHERE company_id = %L AND id IN (SELECT id FROM callcenter.calls WHERE company_id = %L ORDER BY md5(id || %L) LIMIT 30)',
		change, z.company, z.company, change);
	RETURN is(pg_temp.said(z.company, '{"from": "2025-01-01", "to": "2025-12-31", "compare": "none"}'), pg_temp.recount(z.company, z.zone, '2025-01-01', '2025-12-31'),
		'a change of one column is counted: ' || change);
END
$$;
SELECT pg_temp.check_change(change) FROM unnest(ARRAY['duration_seconds = coalesce(duration_seconds, 0) + 7', 'duration_seconds = NULL', 'status = CASE status WHEN ''completed'' THEN ''error'' ELSE ''completed'' END',
	'direction = CASE direction WHEN ''inbound'' THEN ''outbound'' ELSE ''inbound'' END::callcenter.call_direction', 'primary_intent = coalesce(primary_intent, '''') || ''x''', 'primary_intent = NULL',
	'routing_tier = 1 + coalesce(routing_tier, 0) % 3', 'routing_tier = NULL', 'is_booked = NOT is_booked', 'is_returning = NOT is_returning',
	'caller_kind = CASE caller_kind WHEN ''withheld'' THEN ''other'' ELSE ''withheld'' END::callcenter.caller_kind', 'llm_cost = coalesce(llm_cost, 0) + 0.000001', 'llm_cost = NULL',
	'follow_up_required = NOT follow_up_required', 'reviewed = NOT reviewed', 'rating = 1 + coalesce(rating, 0) % 5', 'rating = NULL', 'flagged = NOT flagged',
	'started_at = started_at + interval ''5 hours''']) change;

-- another zone
UPDATE callcenter.companies co SET time_zone = z.zone FROM (VALUES (1, 'Pacific/Auckland'), (2, 'Asia/Kathmandu'), (3, 'America/St_Johns'), (4, 'Africa/Cairo')) AS z (n, zone)
WHERE co.id = '65f000000000000000000e0' || z.n;
UPDATE zones SET zone = co.time_zone FROM callcenter.companies co WHERE co.id = company;
SELECT pg_temp.check_all('in another zone');

-- what had started by an instant, against the rows before it
SELECT is(
	ARRAY(SELECT pg_temp.said(z.company, jsonb_build_object('from', '2025-10-25', 'to', '2025-11-10', 'asOf', at)) #>> '{totalCalls}' FROM zones z, unnest('{2025-11-02T05:30:00Z,2025-11-02T06:29:59Z,2025-11-05T12:00:00Z}'::text[]) at
		ORDER BY n, at),
	ARRAY(SELECT count(*)::text FROM zones z CROSS JOIN unnest('{2025-11-02T05:30:00Z,2025-11-02T06:29:59Z,2025-11-05T12:00:00Z}'::text[]) at
		LEFT JOIN callcenter.calls c ON c.company_id = z.company AND (started_at AT TIME ZONE zone)::date BETWEEN '2025-10-25' AND '2025-11-10' AND started_at < at::timestamptz
		GROUP BY n, at ORDER BY n, at),
	'of a period that has not passed, what had started is counted');

/*
 * Views say the same.
 */
SELECT is(ARRAY(SELECT to_jsonb(d) FROM (SELECT day, total_calls, booked_calls, leads, booked_leads, new_calls, returning_calls, missed_calls, abandoned_calls, withheld_calls, outbound_calls,
			follow_up_calls, reviewed_calls, flagged_calls, rated_calls, calls_with_duration, total_seconds, calls_with_cost, total_cost FROM callcenter.daily_calls WHERE company_id = company) d ORDER BY day),
	ARRAY(SELECT to_jsonb(d) FROM (SELECT day, count(*) AS total_calls, count(*) FILTER (WHERE is_booked) AS booked_calls, count(*) FILTER (WHERE is_lead) AS leads,
			count(*) FILTER (WHERE is_lead AND is_booked) AS booked_leads, count(*) FILTER (WHERE NOT is_returning) AS new_calls, count(*) FILTER (WHERE is_returning) AS returning_calls,
			count(*) FILTER (WHERE is_missed) AS missed_calls, count(*) FILTER (WHERE is_abandoned) AS abandoned_calls, count(*) FILTER (WHERE caller_kind = 'withheld') AS withheld_calls,
			count(*) FILTER (WHERE direction = 'outbound') AS outbound_calls, count(*) FILTER (WHERE follow_up_required) AS follow_up_calls, count(*) FILTER (WHERE reviewed) AS reviewed_calls,
			count(*) FILTER (WHERE flagged) AS flagged_calls, count(rating) AS rated_calls, count(duration_seconds) AS calls_with_duration, coalesce(sum(duration_seconds), 0) AS total_seconds,
			count(llm_cost) AS calls_with_cost, coalesce(trim_scale(sum(llm_cost)), 0) AS total_cost
		FROM callcenter.calls_flat WHERE company_id = company GROUP BY day) d ORDER BY day), format('daily_calls in %s are calls_flat by day', zone))
FROM zones ORDER BY n;
SELECT is(ARRAY(SELECT format('%s %s %s %s', day, hour, weekday, sum(total_calls)) FROM callcenter.hourly_calls WHERE company_id = company GROUP BY day, hour, weekday ORDER BY day, hour),
	ARRAY(SELECT format('%s %s %s %s', day, hour, weekday, count(*)) FROM callcenter.calls_flat WHERE company_id = company GROUP BY day, hour, weekday ORDER BY day, hour),
	format('hourly_calls in %s are calls_flat by hour', zone))
FROM zones WHERE n < 3 ORDER BY n;
SELECT is(ARRAY(SELECT format('%s %s %s %s %s %s', day, intent, total_calls, booked_calls, leads, booked_leads) FROM callcenter.intent_calls WHERE company_id = company ORDER BY day, intent),
	ARRAY(SELECT format('%s %s %s %s %s %s', day, intent, count(*), count(*) FILTER (WHERE is_booked), count(*) FILTER (WHERE is_lead), count(*) FILTER (WHERE is_lead AND is_booked))
		FROM callcenter.calls_flat WHERE company_id = company GROUP BY day, intent ORDER BY day, intent),
	format('intent_calls in %s are calls_flat by intent', zone))
FROM zones WHERE n < 3 ORDER BY n;
SELECT is(ARRAY(SELECT format('%s %s %s', day, outcome, total_calls) FROM callcenter.outcome_calls WHERE company_id = company ORDER BY day, outcome),
	ARRAY(SELECT format('%s %s %s', day, outcome, count(*)) FROM callcenter.calls_flat WHERE company_id = company GROUP BY day, outcome ORDER BY day, outcome),
	format('outcome_calls in %s are calls_flat by outcome', zone))
FROM zones WHERE n < 3 ORDER BY n;
SELECT is(ARRAY(SELECT format('%s %s %s %s', day, tier, total_calls, booked_calls) FROM callcenter.tier_calls WHERE company_id = company ORDER BY day, tier),
	ARRAY(SELECT format('%s %s %s %s', day, tier, count(*), count(*) FILTER (WHERE is_booked)) FROM callcenter.calls_flat WHERE company_id = company GROUP BY day, tier ORDER BY day, tier),
	format('tier_calls in %s are calls_flat by tier', zone))
FROM zones WHERE n < 3 ORDER BY n;

SELECT * FROM finish();
ROLLBACK;
