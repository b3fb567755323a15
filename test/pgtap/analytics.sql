-- call_analytics(), call_series(), call_heatmap(): the proposal's example to the letter, invariants over a random history
-- against a recount of the rows, periods and comparisons, and who may ask.

\ir common.psql
\ir records.psql

SELECT plan(116);

CREATE FUNCTION pg_temp.asked(name text, params jsonb, company text DEFAULT '65f0000000000000000000a1', caller text DEFAULT 'tap_platform') RETURNS suite.answer LANGUAGE sql AS $$
	SELECT suite.api(caller, name, company, params::text)
$$;
CREATE FUNCTION pg_temp.analytics(params jsonb, company text DEFAULT '65f0000000000000000000a1') RETURNS jsonb LANGUAGE sql AS $$
	SELECT suite.body(pg_temp.asked('call_analytics', params, company))
$$;
CREATE FUNCTION pg_temp.series(params jsonb, company text DEFAULT '65f0000000000000000000a1') RETURNS jsonb LANGUAGE sql AS $$
	SELECT suite.body(pg_temp.asked('call_series', params, company))
$$;
CREATE FUNCTION pg_temp.heatmap(params jsonb, company text DEFAULT '65f0000000000000000000a1') RETURNS jsonb LANGUAGE sql AS $$
	SELECT suite.body(pg_temp.asked('call_heatmap', params, company))
$$;

/*
 * Nothing at all.
 */
SELECT is(suite.part(pg_temp.analytics('{}') -> 'summary', '{"totalCalls": 0, "avgDuration": 0, "bookingRate": 0, "leadBookingRate": 0, "missedRate": 0, "avgRating": 0, "costCoverage": 0,
		"intentBreakdown": 0, "tierUsage": 0, "outcomeBreakdown": 0, "duration": 0, "cost": 0}'),
	'{"totalCalls": 0, "avgDuration": null, "bookingRate": null, "leadBookingRate": null, "missedRate": null, "avgRating": null, "costCoverage": null,
		"intentBreakdown": {}, "tierUsage": {"tier1": 0, "tier2": 0, "tier3": 0}, "outcomeBreakdown": {},
		"duration": {"calls": 0, "total": 0, "average": null, "median": null, "p90": null, "p95": null, "p99": null},
		"cost": {"total": null, "average": null, "calls": 0, "coverage": null}}',
	'a rate, a mean, a percentile of no calls is null, not 0');
SELECT is(pg_temp.analytics('{}') ->> 'period', 'week', 'E-12: the period is a week when none is asked for');
SELECT is(pg_temp.heatmap('{}') -> 'busiest', 'null', 'without calls no hour is the busiest');

/*
 * The proposal's example: 147 calls of a week.
 */
WITH calls AS (
	SELECT n,
		CASE WHEN n <= 67 THEN 'BOOK_APPOINTMENT' WHEN n <= 109 THEN 'SERVICE_QUESTION' WHEN n <= 127 THEN 'BILLING' ELSE 'OTHER' END AS intent,
		CASE WHEN n % 21 = 20 THEN 3 WHEN n % 21 >= 16 THEN 2 ELSE 1 END AS tier,
		CASE WHEN n <= 130 THEN 'completed' WHEN n <= 140 THEN 'transferred' ELSE 'abandoned' END AS status,
		timestamptz '2025-12-01 05:00Z' + n * interval '1 hour' AS at
	FROM generate_series(1, 147) n
)
SELECT count(suite.logged(:'a', suite.call('example' || n, '+1305555' || lpad(n::text, 4, '0'), to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), status,
	jsonb_build_object('durationSeconds', 112 + n - 1, 'analysis', jsonb_build_object('primaryIntent', intent, 'routingTier', tier, 'llmCost', 0.01),
		'actions', CASE WHEN n <= 50 THEN '[{"type": "appointment_created", "status": "success"}]'::jsonb ELSE '[]' END))))
FROM calls \gset example_
SELECT is(suite.part(pg_temp.analytics('{"period": "week", "asOf": "2025-12-08T05:00:00Z", "from": "2025-12-01", "to": "2025-12-07"}'::jsonb - 'period'),
		'{"success": 0, "summary": {"totalCalls": 0, "avgDuration": 0, "bookingRate": 0, "intentBreakdown": 0, "tierUsage": 0, "outcomeBreakdown": 0}}'),
	'{"success": true, "summary": {"totalCalls": 147, "avgDuration": 185, "bookingRate": 0.34,
		"intentBreakdown": {"BOOK_APPOINTMENT": 67, "SERVICE_QUESTION": 42, "BILLING": 18, "OTHER": 20},
		"tierUsage": {"tier1": 112, "tier2": 28, "tier3": 7},
		"outcomeBreakdown": {"completed": 130, "transferred": 10, "abandoned": 7}}}',
	'E-12: the proposal''s example, to the letter');
SELECT is(suite.part(pg_temp.analytics('{"period": "week", "asOf": "2025-12-07T23:00:00-05:00"}'), '{"success": 0, "period": 0, "summary": {"totalCalls": 0, "bookingRate": 0}}'),
	'{"success": true, "period": "week", "summary": {"totalCalls": 147, "bookingRate": 0.34}}', 'E-12: and by its name');
SELECT is((pg_temp.asked(name, '{"startDate": "2025-12-01", "endDate": "2025-12-07", "asOf": "2025-12-08T05:00:00Z"}')).body, (pg_temp.asked(name, '{"from": "2025-12-01", "to": "2025-12-07", "asOf": "2025-12-08T05:00:00Z"}')).body,
	'D-06: ' || name || ' takes the dates of lists too') FROM unnest('{call_analytics,call_series,call_heatmap}'::text[]) name;
SELECT is(pg_temp.analytics('{"from": "2025-12-01", "to": "2025-12-07"}') #> '{summary,rates,bookingRate}', '{"value": 0.340136, "numerator": 50, "denominator": 147}',
	'D-05: a rate stands beside its numerator and denominator');
-- BILLING is no lead; 7 abandoned ones lasted longer than 15 seconds
SELECT is(pg_temp.analytics('{"from": "2025-12-01", "to": "2025-12-07"}') #> '{summary,rates,leadBookingRate}', '{"value": 0.387597, "numerator": 50, "denominator": 129}',
	'D-05: leads are without the intents that are none, whatever their case');
SELECT is((suite.ask('tap_admin', format('SELECT callcenter.update_company(%L, ''{"nonLeadIntents": ["service_question", "Billing"]}'')', :'a'))).state, '00000', 'another list of such intents');
SELECT is(pg_temp.analytics('{"from": "2025-12-01", "to": "2025-12-07"}') #> '{summary,rates,leadBookingRate}', '{"value": 0.574713, "numerator": 50, "denominator": 87}',
	'counts from now on, for calls that are there already too');
SELECT is(pg_temp.analytics('{"from": "2025-12-01", "to": "2025-12-07"}') #> '{summary,cost}', '{"total": 1.47, "average": 0.01, "calls": 147, "coverage": 1}', 'what they cost');
SELECT is(pg_temp.analytics('{"from": "2025-12-01", "to": "2025-12-07"}') #> '{summary,duration}',
	'{"calls": 147, "total": 27195, "average": 185, "median": 184.5, "p90": 244.5, "p95": 250.5, "p99": 257.5}', 'how long they were; percentiles are the middle of their bucket');
SELECT is(pg_temp.analytics('{"from": "2025-12-01", "to": "2025-12-07"}') #> '{tiers}',
	'[{"tier": "tier1", "calls": 112, "share": 0.7619, "bookedCalls": 40, "bookingRate": 0.36, "previousCalls": 0, "previousShare": null, "change": null},
	{"tier": "tier2", "calls": 28, "share": 0.1905, "bookedCalls": 8, "bookingRate": 0.29, "previousCalls": 0, "previousShare": null, "change": null},
	{"tier": "tier3", "calls": 7, "share": 0.0476, "bookedCalls": 2, "bookingRate": 0.29, "previousCalls": 0, "previousShare": null, "change": null}]', 'tiers with their shares');
SELECT is(pg_temp.analytics('{"from": "2025-12-08", "to": "2025-12-14"}') #> '{intents,0}',
	'{"intent": "BOOK_APPOINTMENT", "isLead": true, "calls": 0, "share": null, "bookedCalls": 0, "bookingRate": null, "previousCalls": 67, "previousShare": 0.4558, "change": null}',
	'an intent that is gone is told, with what it was');

-- the same in parts
SELECT is((SELECT jsonb_agg(p -> 'totalCalls') FROM jsonb_array_elements(pg_temp.series('{"from": "2025-12-01", "to": "2025-12-07"}') -> 'points') p), '[23, 24, 24, 24, 24, 24, 4]', 'the days of that week');
SELECT is(pg_temp.series(jsonb_build_object('from', '2025-11-24', 'to', '2025-12-14', 'step', step)) #>> '{step}', step, 'a series by ' || step)
FROM unnest('{hour,day,week,month}'::text[]) step;
SELECT is((SELECT array_agg(sum ORDER BY key) FROM (SELECT f.key, sum(f.value::numeric) FROM jsonb_array_elements(pg_temp.series(jsonb_build_object('from', '2025-11-24', 'to', '2025-12-14', 'step', step)) -> 'points') p,
		jsonb_each_text(p) f WHERE f.key IN ('totalCalls', 'bookedCalls', 'leads', 'bookedLeads', 'newCalls', 'returningCalls', 'missedCalls', 'abandonedCalls') GROUP BY f.key) s),
	(SELECT array_agg(f.value::numeric ORDER BY f.key) FROM jsonb_each_text(pg_temp.analytics('{"from": "2025-11-24", "to": "2025-12-14"}') -> 'summary') f
		WHERE f.key IN ('totalCalls', 'bookedCalls', 'leads', 'bookedLeads', 'newCalls', 'returningCalls', 'missedCalls', 'abandonedCalls')),
	'adds up to the period by ' || step)
FROM unnest('{hour,day,week,month}'::text[]) step;
SELECT is(pg_temp.heatmap('{"from": "2025-12-01", "to": "2025-12-07"}') -> 'totalCalls', '147', 'so does the heat map');
SELECT is(pg_temp.heatmap('{"from": "2025-12-01", "to": "2025-12-07"}') #> '{weekdays,0}',
	'{"weekday": "Monday", "days": 1, "totalCalls": 23, "calls": [0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1],
	"bookedCalls": [0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]}', 'by hours of the company''s clock');

-- the first and the last period that there are, with what they are compared with
SELECT is(ARRAY(SELECT part FROM pg_temp.series(params::jsonb) s, LATERAL (SELECT s ->> 'end' UNION ALL SELECT s #>> array['comparison', k] FROM unnest('{from,to,start,end,until}'::text[]) k) x (part)
	WHERE part !~ '^\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\dZ)?$'), '{}', format('%s is told with four digits of years', params))
FROM unnest('{"{\"from\": \"1000-01-01\", \"to\": \"1100-03-01\"}","{\"from\": \"9998-12-31\", \"to\": \"9998-12-31\"}","{\"period\": \"year\", \"asOf\": \"1000-07-01T00:00:00Z\"}"}'::text[]) params;

-- CSV
CREATE FUNCTION pg_temp.csv(what text, params jsonb, caller text DEFAULT 'tap_platform') RETURNS text LANGUAGE sql AS $$
	SELECT (suite.api(caller, 'export_analytics', '65f0000000000000000000a1', what, params::text)).body #>> '{}'
$$;
SELECT is((string_to_array(pg_temp.csv('summary', '{"from": "2025-12-01", "to": "2025-12-07"}'), E'\r\n'))[1:7],
	'{"Figure,Of,Value,Comparison","From,,2025-12-01,2025-11-24","To,,2025-12-07,2025-11-30","Total calls,,147,0","Avg duration,,185,","Booking rate,,0.34,","Lead booking rate,,0.57,"}',
	'CSV of the summary');
SELECT is((string_to_array(pg_temp.csv('series', '{"from": "2025-12-01", "to": "2025-12-02"}'), E'\r\n'))[2:3],
	'{"2025-12-01T05:00:00Z,2025-12-01T06:00:00Z,2025-12-01 00:00,0,,,,0,0,0,0,0,0,0","2025-12-01T06:00:00Z,2025-12-01T07:00:00Z,2025-12-01 01:00,1,112,1,1,1,1,1,1,0,0,0"}', 'of a series');
SELECT is((string_to_array(pg_temp.csv('heatmap', '{"from": "2025-12-01", "to": "2025-12-07"}'), E'\r\n'))[8],
	'Sunday,1,4,1,1,1,1,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0', 'of the heat map');
SELECT suite.refused(suite.api('tap_platform', 'export_analytics', :'a', 'everything', '{}'), '22023', 'what', 'must be one of: summary, series, heatmap', 'and of nothing else');
-- an intent is a caller's word: a spreadsheet must not compute it
SELECT suite.logged(:'a', suite.call('formula', started_at => '2020-01-01T12:00:00Z', more => '{"analysis": {"primaryIntent": "=1+1"}}')) IS NULL AS logged \gset
SELECT ok(pg_temp.csv('summary', '{"from": "2020-01-01", "to": "2020-01-01"}') LIKE E'%\r\nIntent,"''=1+1",1,0\r\n%', 'a cell is never a formula');

/*
 * Periods: which days they are, and which instants.
 */
CREATE FUNCTION pg_temp.period(params jsonb, company text) RETURNS text LANGUAGE sql AS $$
	SELECT format('%s to %s: %s - %s', a ->> 'from', a ->> 'to', a ->> 'start', a ->> 'end') FROM pg_temp.series(params || '{"compare": "none", "step": "month"}', company) a
$$;
CREATE FUNCTION pg_temp.company_in(zone text, more jsonb DEFAULT '{}') RETURNS text LANGUAGE sql AS $$
	SELECT callcenter.create_company(jsonb_build_object('name', zone, 'timeZone', zone) || more) #>> '{company,_id}'
$$;
SELECT is(pg_temp.period(params::jsonb, pg_temp.company_in(zone, more::jsonb)), period, format('%s in %s%s', params, zone, nullif(more, '{}')))
FROM (VALUES
	('America/New_York', '{}', '{"period": "today", "asOf": "2025-12-03T04:59:59Z"}', '2025-12-02 to 2025-12-02: 2025-12-02T05:00:00Z - 2025-12-03T05:00:00Z'),
	('America/New_York', '{}', '{"period": "week", "asOf": "2025-12-03T05:00:00Z"}', '2025-12-01 to 2025-12-07: 2025-12-01T05:00:00Z - 2025-12-08T05:00:00Z'),
	('America/New_York', '{"weekStart": 7}', '{"asOf": "2025-12-03T05:00:00Z"}', '2025-11-30 to 2025-12-06: 2025-11-30T05:00:00Z - 2025-12-07T05:00:00Z'),
	('America/New_York', '{"weekStart": 7}', '{"asOf": "2025-11-30T05:00:00Z"}', '2025-11-30 to 2025-12-06: 2025-11-30T05:00:00Z - 2025-12-07T05:00:00Z'),
	('America/New_York', '{"weekStart": 3}', '{"asOf": "2025-12-02T12:00:00Z"}', '2025-11-26 to 2025-12-02: 2025-11-26T05:00:00Z - 2025-12-03T05:00:00Z'),
	('America/New_York', '{}', '{"period": "month", "asOf": "2024-02-29T12:00:00Z"}', '2024-02-01 to 2024-02-29: 2024-02-01T05:00:00Z - 2024-03-01T05:00:00Z'),
	('America/New_York', '{}', '{"period": "month", "asOf": "2025-11-20T12:00:00Z"}', '2025-11-01 to 2025-11-30: 2025-11-01T04:00:00Z - 2025-12-01T05:00:00Z'),
	('America/New_York', '{}', '{"period": "year", "asOf": "2025-12-31T23:59:59-05:00"}', '2025-01-01 to 2025-12-31: 2025-01-01T05:00:00Z - 2026-01-01T05:00:00Z'),
	('America/Havana', '{}', '{"period": "today", "asOf": "2025-11-02T12:00:00Z"}', '2025-11-02 to 2025-11-02: 2025-11-02T04:00:00Z - 2025-11-03T05:00:00Z'),
	('America/Havana', '{}', '{"period": "today", "asOf": "2025-03-09T12:00:00Z"}', '2025-03-09 to 2025-03-09: 2025-03-09T05:00:00Z - 2025-03-10T04:00:00Z'),
	('Africa/Cairo', '{}', '{"period": "today", "asOf": "2025-04-25T12:00:00Z"}', '2025-04-25 to 2025-04-25: 2025-04-24T22:00:00Z - 2025-04-25T21:00:00Z'),
	('America/Asuncion', '{}', '{"period": "today", "asOf": "2023-10-01T12:00:00Z"}', '2023-10-01 to 2023-10-01: 2023-10-01T04:00:00Z - 2023-10-02T03:00:00Z'),
	('Australia/Lord_Howe', '{}', '{"period": "today", "asOf": "2025-04-06T00:00:00Z"}', '2025-04-06 to 2025-04-06: 2025-04-05T13:00:00Z - 2025-04-06T13:30:00Z'),
	('Australia/Lord_Howe', '{}', '{"period": "today", "asOf": "2025-10-05T00:00:00Z"}', '2025-10-05 to 2025-10-05: 2025-10-04T13:30:00Z - 2025-10-05T13:00:00Z'),
	('Pacific/Apia', '{}', '{"from": "2011-12-29", "to": "2011-12-31"}', '2011-12-29 to 2011-12-31: 2011-12-29T10:00:00Z - 2011-12-31T10:00:00Z'),
	('Pacific/Apia', '{}', '{"from": "2011-12-30", "to": "2011-12-30"}', '2011-12-30 to 2011-12-30: 2011-12-30T10:00:00Z - 2011-12-30T10:00:00Z')
) AS t (zone, more, params, period);
-- how many hours days have
CREATE FUNCTION pg_temp.hours(zone text, day text) RETURNS text LANGUAGE sql AS $$
	SELECT format('%s parts, %s hours', jsonb_array_length(s -> 'points'), round(extract(epoch FROM (s ->> 'end')::timestamptz - (s ->> 'start')::timestamptz) / 3600, 1))
	FROM pg_temp.series(jsonb_build_object('from', day, 'to', day, 'step', 'hour', 'asOf', '2030-01-01T00:00:00Z'), pg_temp.company_in(zone)) s
$$;
SELECT is(pg_temp.hours(zone, day), hours, format('the %s in %s has %s', day, zone, hours))
FROM (VALUES ('America/New_York', '2025-11-02', '25 parts, 25.0 hours'), ('America/New_York', '2025-03-09', '23 parts, 23.0 hours'), ('America/New_York', '2025-06-01', '24 parts, 24.0 hours'),
	('Australia/Lord_Howe', '2025-04-06', '24 parts, 24.5 hours'), ('Australia/Lord_Howe', '2025-10-05', '24 parts, 23.5 hours'), ('America/Havana', '2025-11-02', '25 parts, 25.0 hours'),
	('Pacific/Apia', '2011-12-30', '0 parts, 0.0 hours')) AS t (zone, day, hours);

/*
 * What a period is compared with.
 */
CREATE FUNCTION pg_temp.compared(params jsonb, zone text DEFAULT 'America/New_York') RETURNS text LANGUAGE sql AS $$
	SELECT format('%s to %s until %s', c ->> 'from', c ->> 'to', c ->> 'until')
	FROM (SELECT pg_temp.series(params || '{"step": "month"}', pg_temp.company_in(zone)) -> 'comparison') x (c)
$$;
SELECT is(pg_temp.compared(params::jsonb, zone), comparison, format('%s in %s: %s', params, zone, why))
FROM (VALUES
	('{"period": "today", "asOf": "2025-12-03T19:30:00Z"}', 'America/New_York', '2025-12-02 to 2025-12-02 until 2025-12-02T19:30:00Z', 'yesterday up to this time of day'),
	('{"period": "today", "asOf": "2025-12-03T19:30:00Z", "match": "weekday"}', 'America/New_York', '2025-11-26 to 2025-11-26 until 2025-11-26T19:30:00Z', 'the same weekday'),
	('{"period": "week", "asOf": "2025-12-03T19:30:00Z"}', 'America/New_York', '2025-11-24 to 2025-11-30 until 2025-11-26T19:30:00Z', 'last week up to Wednesday'),
	('{"period": "month", "asOf": "2025-12-03T19:30:00Z"}', 'America/New_York', '2025-11-01 to 2025-11-30 until 2025-11-03T19:30:00Z', 'last month up to the 3rd'),
	('{"period": "month", "asOf": "2025-03-31T19:30:00Z"}', 'America/New_York', '2025-02-01 to 2025-02-28 until 2025-03-01T05:00:00Z', 'all of a shorter month'),
	('{"period": "month", "asOf": "2025-12-03T19:30:00Z", "match": "weekday"}', 'America/New_York', '2025-10-27 to 2025-11-26 until 2025-10-29T18:30:00Z', 'whole weeks earlier, without overlap'),
	('{"period": "year", "asOf": "2025-12-03T19:30:00Z"}', 'America/New_York', '2024-01-01 to 2024-12-31 until 2024-12-02T19:30:00Z', 'as many days of last year'),
	('{"from": "2025-11-10", "to": "2025-11-12"}', 'America/New_York', '2025-11-07 to 2025-11-09 until 2025-11-10T05:00:00Z', 'as many days before'),
	('{"from": "2025-11-10", "to": "2025-11-12", "match": "weekday"}', 'America/New_York', '2025-11-03 to 2025-11-05 until 2025-11-06T05:00:00Z', 'the same weekdays'),
	('{"from": "2025-11-10", "to": "2025-11-12", "compare": "year"}', 'America/New_York', '2024-11-10 to 2024-11-12 until 2024-11-13T05:00:00Z', 'the same dates'),
	('{"from": "2025-11-10", "to": "2025-11-12", "compare": "year", "match": "weekday"}', 'America/New_York', '2024-11-11 to 2024-11-13 until 2024-11-14T05:00:00Z', '52 weeks earlier'),
	('{"from": "2024-02-29", "to": "2024-02-29", "compare": "year"}', 'America/New_York', '2023-02-28 to 2023-02-28 until 2023-03-01T05:00:00Z', 'a date that there was not'),
	('{"from": "2024-02-28", "to": "2024-02-28", "compare": "year"}', 'America/New_York', '2023-02-28 to 2023-02-28 until 2023-03-01T05:00:00Z', 'and the one before it'),
	('{"from": "2030-01-01", "to": "2030-01-02", "asOf": "2025-12-03T19:30:00Z"}', 'America/New_York', '2029-12-30 to 2029-12-31 until 2029-12-30T05:00:00Z', 'nothing of a period that is to come'),
	('{"period": "today", "asOf": "2025-03-10T06:30:00Z"}', 'America/New_York', '2025-03-09 to 2025-03-09 until 2025-03-09T07:00:00Z', 'half past two, which yesterday was not: from three on'),
	('{"period": "today", "asOf": "2025-11-03T06:30:00Z"}', 'America/New_York', '2025-11-02 to 2025-11-02 until 2025-11-02T05:30:00Z', 'half past one, which yesterday was twice: the first'),
	('{"period": "today", "asOf": "2025-11-03T15:00:00Z"}', 'America/New_York', '2025-11-02 to 2025-11-02 until 2025-11-02T15:00:00Z', 'ten o''clock, after 11 hours'),
	('{"period": "today", "asOf": "2025-11-03T15:00:00Z"}', 'America/Havana', '2025-11-02 to 2025-11-02 until 2025-11-02T15:00:00Z', 'ten o''clock, after 11 hours')
) AS t (params, zone, comparison, why);
SELECT is(pg_temp.series('{"compare": "none"}') -> 'comparison', 'null', 'or it is not compared');
-- 147 against 147 shifted by a week
SELECT is(pg_temp.analytics('{"period": "week", "asOf": "2025-12-10T12:00:00-05:00"}') #> '{comparison,change}' -> 'totalCalls', '{"difference": -59, "rate": -1}', 'counts change by difference and rate');
SELECT is(pg_temp.analytics('{"from": "2025-12-03", "to": "2025-12-04"}') #> '{comparison,change}' -> 'bookingRate', '{"points": -93.8}', 'rates by points');
SELECT is(pg_temp.analytics('{"from": "2025-12-03", "to": "2025-12-04"}') #> '{comparison,change}' -> 'avgDuration', '{"difference": 48, "rate": 0.3519}', 'means by difference and rate');

/*
 * Parameters.
 */
SELECT suite.refused(pg_temp.asked(name, params::jsonb), state, field, words, format('E-13: %s is not asked for %s', name, params))
FROM (VALUES
	('call_analytics', '{"period": "fortnight"}', '22023', 'period', 'must be one of: week, today, month, year, custom'),
	('call_analytics', '{"period": "week", "from": "2025-01-01", "to": "2025-01-02"}', '22023', 'period', 'cannot be used together with from and to'),
	('call_analytics', '{"period": "custom"}', '22023', 'from', 'is required'),
	('call_analytics', '{"from": "2025-01-01"}', '22023', 'to', 'is required'),
	('call_analytics', '{"from": "2025-01-02", "to": "2025-01-01"}', '22023', 'to', 'must not be before from'),
	('call_analytics', '{"from": "1900-01-01", "to": "2025-01-01"}', '22023', 'to', 'must be within 36600 days'),
	('call_analytics', '{"from": "0999-12-31", "to": "1000-01-01"}', '22023', 'from', 'must be in the years 1000 to 9998'),
	('call_series', '{"from": "9998-12-31", "to": "9999-01-01"}', '22023', 'to', 'must be in the years 1000 to 9998'),
	('call_heatmap', '{"asOf": "9999-06-01T00:00:00Z"}', '22023', 'asOf', 'must be in the years 1000 to 9998'),
	('call_analytics', '{"from": "yesterday", "to": "2025-01-01"}', '22007', 'from', 'must be a date'),
	('call_analytics', '{"asOf": "2025-01-01"}', '22007', 'asOf', 'must be a time'),
	('call_analytics', '{"compare": "you"}', '22023', 'compare', 'must be one of: previous, year, none'),
	('call_analytics', '{"match": "moon"}', '22023', 'match', 'must be one of: date, weekday'),
	('call_analytics', '{"step": "day"}', '22023', 'step', 'is not a parameter; there are: period, from, to, startDate, endDate, asOf, compare, match'),
	('call_analytics', '{"from": "2025-01-01", "startDate": "2025-01-01", "to": "2025-01-02"}', '22023', 'startDate', 'cannot be used together with from'),
	('call_series', '{"from": "2025-01-01", "to": "2025-01-02", "endDate": "2025-01-02"}', '22023', 'endDate', 'cannot be used together with to'),
	('call_heatmap', '{"period": "week", "startDate": "2025-01-01", "endDate": "2025-01-02"}', '22023', 'period', 'cannot be used together with startDate and endDate'),
	('call_analytics', '{"startDate": "2025-01-01"}', '22023', 'endDate', 'is required'),
	('call_analytics', '{"endDate": "2025-01-01"}', '22023', 'startDate', 'is required'),
	('call_analytics', '{"startDate": "2025-01-02", "endDate": "2025-01-01"}', '22023', 'endDate', 'must not be before startDate'),
	('call_analytics', '{"tz": "Asia/Tokyo"}', '22023', 'tz', 'is not a parameter'),
	('call_heatmap', '{"compare": "none"}', '22023', 'compare', 'is not a parameter; there are: period, from, to, startDate, endDate, asOf'),
	('call_series', '{"step": "minute"}', '22023', 'step', 'must be one of: hour, day, week, month'),
	('call_series', '{"period": "year", "step": "hour"}', '22023', 'step', 'can be hour for at most 93 days'),
	('call_series', '{"from": "2000-01-01", "to": "2025-01-01", "step": "day"}', '22023', 'step', 'can be day for at most 3660 days'),
	('call_series', '[]', '22023', '', '')
) AS t (name, params, state, field, words);

/*
 * Who may ask.
 */
SELECT is((pg_temp.asked('call_analytics', '{}', caller => caller)).state, '00000', caller || ' may ask')
FROM unnest('{viewer,agent,admin,tap_service,tap_platform}'::text[]) caller;
SELECT suite.refused(pg_temp.asked(name, '{}', :'b', 'viewer'), '42501', '', 'You do not have access to this company', 'another company''s ' || name || ' is refused')
FROM unnest('{call_analytics,call_series,call_heatmap}'::text[]) name;
SELECT is((pg_temp.asked('call_analytics', '{}', caller => 'tap_analyst')).message, 'permission denied for function call_analytics', 'an analyst reads views');
SELECT is(pg_temp.analytics('{"from": "2025-12-01", "to": "2025-12-07"}', :'b') #>> '{summary,totalCalls}', '0', 'the other company has no such calls');

SELECT * FROM finish();
ROLLBACK;
