-- Days are those of the company's calendar, also where clocks change: a list for a day has the calls whose local date it
-- is, all days together have every call once, and a row's day is that date.
--
-- (In Newfoundland clocks changed at a minute past midnight until 2011; its days were not one stretch, and are left out.)
--
-- What the local date is, PostgreSQL's own conversion from timestamptz says, which is never ambiguous.

\ir common.psql

-- Each zone with a stretch of days on which something happens.
CREATE TEMPORARY TABLE stretches (n integer PRIMARY KEY, zone text, first date, last date, what text);
INSERT INTO stretches VALUES
	(1, 'America/New_York', '2025-11-01', '2025-11-03', 'a day of 25 hours'),
	(2, 'America/New_York', '2025-03-08', '2025-03-10', 'a day of 23 hours'),
	(3, 'America/Havana', '2025-11-01', '2025-11-03', 'clocks that go back over midnight, to a day with two midnights'),
	(4, 'America/Havana', '2025-03-08', '2025-03-10', 'clocks that go forward at midnight, to a day with none'),
	(5, 'America/Santiago', '2025-09-06', '2025-09-08', 'no midnight'),
	(6, 'America/Santiago', '2025-04-05', '2025-04-07', 'the last hour of a day twice'),
	(7, 'Asia/Beirut', '2025-03-29', '2025-03-31', 'no midnight'),
	(8, 'Asia/Beirut', '2025-10-25', '2025-10-27', 'the last hour of a day twice'),
	(9, 'Africa/Cairo', '2025-04-24', '2025-04-26', 'no midnight'),
	(10, 'Atlantic/Azores', '2025-10-25', '2025-10-27', 'clocks that go back to midnight'),
	(11, 'Atlantic/Azores', '2025-03-29', '2025-03-31', 'clocks that go forward at midnight'),
	(12, 'Australia/Lord_Howe', '2025-10-04', '2025-10-06', 'half an hour more'),
	(13, 'Australia/Lord_Howe', '2025-04-05', '2025-04-07', 'half an hour less'),
	(14, 'Asia/Kolkata', '2025-06-01', '2025-06-02', 'days that begin at half past'),
	(15, 'Asia/Kathmandu', '2025-06-01', '2025-06-02', 'days that begin at a quarter past'),
	(17, 'America/St_Johns', '1988-04-02', '1988-04-04', 'clocks that went forward by two hours'),
	(18, 'Pacific/Apia', '2011-12-28', '2012-01-01', 'a day that there was not'),
	(19, 'Pacific/Kiritimati', '2025-01-01', '2025-01-02', '14 hours ahead'),
	(20, 'Antarctica/Troll', '2025-03-29', '2025-03-31', 'two hours at once'),
	(21, 'Antarctica/Troll', '2025-10-25', '2025-10-27', 'two hours at once, back'),
	(22, 'Europe/London', '2024-02-28', '2024-03-01', 'a leap day'),
	(23, 'UTC', '2025-12-31', '2026-01-01', 'new year');

SELECT plan((SELECT count(*)::integer FROM stretches) * 3 + 12);

-- A company for each, with a call every 15 minutes from two days before to two days after, and one just before each.
SELECT callcenter.create_company(jsonb_build_object('_id', '65f00000000000000000' || lpad(to_hex(n), 4, '0'), 'name', zone, 'timeZone', zone)) IS NULL AS made
FROM stretches OFFSET 21 \gset
INSERT INTO callcenter.calls (company_id, id, call_id, caller_kind, caller_raw, caller_region, metadata_version, started_at, status, is_booked, content_hash)
SELECT '65f00000000000000000' || lpad(to_hex(n), 4, '0'), callcenter.object_id_new(), row_number() OVER (), 'withheld', 'anonymous', 'US', '0', at - early, 'completed', false, ''
FROM stretches, generate_series(first - interval '2 days' + time '00:00', last + interval '3 days', interval '15 minutes') AS g (local_at),
	LATERAL (SELECT local_at AT TIME ZONE 'UTC' AS at) a,
	unnest('{0,1 microsecond}'::interval[]) early;
SELECT cmp_ok(count(*), '>', 10000::bigint, 'there are calls to look at') FROM callcenter.calls;

CREATE FUNCTION pg_temp.company(n integer) RETURNS text LANGUAGE sql AS $$
	SELECT '65f00000000000000000' || lpad(to_hex(n), 4, '0')
$$;
-- The calls of days, as the list has them: how many it says, how many it shows, the first and the last.
CREATE FUNCTION pg_temp.listed(n integer, first date, last date) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	said jsonb;
	params jsonb := jsonb_build_object('startDate', first, 'endDate', last, 'limit', 100, 'sort', 'oldest');
	total text;
	shown integer := 0;
	days text[] := '{}';
	begins text;
	ends text;
BEGIN
	LOOP
		said := suite.body(suite.list_calls(session_user, pg_temp.company(n), params));
		total := coalesce(total, said #>> '{pagination,total}');
		shown := shown + jsonb_array_length(said -> 'calls');
		begins := coalesce(begins, said #>> '{calls,0,startedAt}');
		ends := coalesce(said #>> '{calls,-1,startedAt}', ends);
		days := ARRAY(SELECT DISTINCT d FROM (SELECT unnest(days) UNION SELECT c ->> 'day' FROM jsonb_array_elements(said -> 'calls') c) x (d) ORDER BY d);
		EXIT WHEN said #>> '{pagination,nextCursor}' IS NULL;
		params := params || jsonb_build_object('after', said #> '{pagination,nextCursor}');
	END LOOP;
	RETURN format('%s of %s, %s to %s, on %s', shown, total, begins, ends, days);
END
$$;
CREATE FUNCTION pg_temp.iso(at timestamptz) RETURNS text LANGUAGE sql AS $$
	SELECT to_char(at AT TIME ZONE 'UTC', CASE WHEN at = date_trunc('second', at) THEN 'YYYY-MM-DD"T"HH24:MI:SS"Z"' ELSE 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"' END)
$$;
CREATE FUNCTION pg_temp.expected(n integer, zone text, first date, last date) RETURNS text LANGUAGE sql AS $$
	SELECT format('%s of %s, %s to %s, on %s', count(*), count(*), pg_temp.iso(min(started_at)), pg_temp.iso(max(started_at)),
		ARRAY(SELECT DISTINCT d::date::text FROM unnest(array_agg((started_at AT TIME ZONE zone)::date)) d ORDER BY 1))
	FROM callcenter.calls
	WHERE company_id = pg_temp.company(n) AND (started_at AT TIME ZONE zone)::date BETWEEN first AND last
$$;
SELECT is(
	ARRAY(SELECT format('%s: %s', day::date, pg_temp.listed(n, day::date, day::date)) FROM generate_series(first - 1, last + 1, interval '1 day') day),
	ARRAY(SELECT format('%s: %s', day::date, pg_temp.expected(n, zone, day::date, day::date)) FROM generate_series(first - 1, last + 1, interval '1 day') day),
	format('D-13: %s, %s: each day of a list has its calls', zone, what))
FROM stretches;
SELECT is(pg_temp.listed(n, first, last), pg_temp.expected(n, zone, first, last), format('D-13: %s, %s: so have several days', zone, what)) FROM stretches;
SELECT callcenter.fold_counters() > 0 AS folded \gset
SELECT is(pg_temp.listed(n, first, last), pg_temp.expected(n, zone, first, last), format('D-13: %s, %s: and when the counters are folded', zone, what)) FROM stretches;

-- days that differ in length
SELECT is(pg_temp.listed(n, day, day), expected, format('D-13: the %s in %s has %s', to_char(day, 'FMDD Month YYYY'), zone, why))
FROM (VALUES
	(1, 'America/New_York', date '2025-11-02', '200 of 200, 2025-11-02T04:00:00Z to 2025-11-03T04:59:59.999999Z, on {2025-11-02}', '25 hours'),
	(2, 'America/New_York', '2025-03-09', '184 of 184, 2025-03-09T05:00:00Z to 2025-03-10T03:59:59.999999Z, on {2025-03-09}', '23 hours'),
	(3, 'America/Havana', '2025-11-02', '200 of 200, 2025-11-02T04:00:00Z to 2025-11-03T04:59:59.999999Z, on {2025-11-02}', '25 hours, from its first midnight'),
	(4, 'America/Havana', '2025-03-09', '184 of 184, 2025-03-09T05:00:00Z to 2025-03-10T03:59:59.999999Z, on {2025-03-09}', '23 hours, from one o''clock'),
	(18, 'Pacific/Apia', '2011-12-30', '0 of 0,  to , on {}', 'no hours: there was none'),
	(15, 'Asia/Kathmandu', '2025-06-01', '192 of 192, 2025-05-31T18:15:00Z to 2025-06-01T18:14:59.999999Z, on {2025-06-01}', '24 hours, from a quarter past in UTC')
) AS t (n, zone, day, expected, why);

-- the company's zone can change, and days with it, for every backend
UPDATE callcenter.companies SET time_zone = 'Asia/Tokyo' WHERE id = pg_temp.company(23);
SELECT is(pg_temp.listed(23, '2026-01-01', '2026-01-01'), pg_temp.expected(23, 'Asia/Tokyo', '2026-01-01', '2026-01-01'), 'a change of the time zone moves the days at once');
SELECT is((suite.list_calls(session_user, pg_temp.company(23), '{"limit": 1}')).body ->> 'timeZone', 'Asia/Tokyo', 'and is told');

-- the session's settings are nobody's zone
SET LOCAL timezone = 'Asia/Tokyo';
SET LOCAL datestyle = 'German';
SET LOCAL intervalstyle = 'sql_standard';
SET LOCAL extra_float_digits = -10;
SELECT is(pg_temp.listed(1, '2025-11-02', '2025-11-02'), '200 of 200, 2025-11-02T04:00:00Z to 2025-11-03T04:59:59.999999Z, on {2025-11-02}',
	'the session''s time zone and date style change nothing');
SELECT is((suite.try_call('tap_platform', :'a', suite.call('x', more => '{"captured": {"appointment": {"bookedDate": "2025-12-03"}}, "analysis": {"intentConfidence": 0.123456789012345}}'))).body
	#> '{call,captured,appointment,bookedDate}', '"2025-12-03"', 'nor dates');
SELECT is((suite.try_call('tap_platform', :'a', suite.call('x', more => '{"analysis": {"intentConfidence": 0.123456789012345}}'))).body #> '{call,analysis,intentConfidence}',
	'0.123456789012345', 'nor the digits of a number');

SELECT * FROM finish();
ROLLBACK;
