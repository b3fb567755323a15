-- The counters of follow-ups: what call_analytics() tells of them at any instant is what the rows say, at the edges of
-- hours, days and months too, with changes folded and not folded, and after rows were changed, taken back and removed.

\ir common.psql
\ir records.psql

SELECT plan(34);

\set c 65f000000000000000000f02
-- a clock that is 45 minutes off the hours of UTC, in which counters are kept
SELECT callcenter.create_company(jsonb_build_object('_id', :'c', 'name', 'Counted', 'timeZone', 'Asia/Kathmandu')) IS NULL AS made \gset

-- every order of opened, due and resolved among these instants, that of resolved not before opened; of some instants two things at once
CREATE TEMPORARY TABLE instants AS
SELECT at FROM unnest('{2024-12-31 23:59:59.999999Z,2025-05-31 22:59:59.999999Z,2025-05-31 23:00Z,2025-05-31 23:00:00.000001Z,2025-05-31 23:30Z,2025-06-01 00:00Z,
	2025-06-01 00:20Z,2025-06-02 07:10Z,2025-07-01 00:00Z}'::timestamptz[]) at;
CREATE TEMPORARY TABLE rows AS
SELECT lpad(to_hex(row_number() OVER ()), 24, '0') AS id, o.at AS opened, d.at AS due, r.at AS resolved
FROM (SELECT at FROM instants UNION ALL SELECT '-infinity') o, (SELECT at FROM instants UNION ALL SELECT unnest('{-infinity,infinity}'::timestamptz[])) d,
	(SELECT at FROM instants UNION ALL SELECT NULL) r
WHERE r.at IS NULL OR r.at >= o.at;
INSERT INTO callcenter.follow_ups (company_id, id, phone, status, reason, priority, due_at, attempts, first_call_id, first_call_at, last_call_id, last_call_at, opened_at, resolved_at,
	resolution, recovered)
SELECT :'c', id, '+1305' || right('000000' || ('x' || right(id, 6))::bit(24)::int, 7), CASE WHEN resolved IS NULL THEN 'open' ELSE 'done' END, 'voicemail', 'normal', due, 1, id, '2025-01-01', id, '2025-01-01',
	opened, resolved, CASE WHEN resolved IS NOT NULL THEN 'person' END, id LIKE '%3' OR id LIKE '%8'
FROM rows;
SELECT ok(count(*) > 600 AND count(*) FILTER (WHERE recovered AND resolved_at IS NULL) > 5 AND count(*) FILTER (WHERE due_at < opened_at) > 100
	AND count(*) FILTER (WHERE resolved_at < due_at) > 100 AND count(*) FILTER (WHERE resolved_at = opened_at) > 50, 'control: follow-ups of all kinds') FROM callcenter.follow_ups WHERE company_id = :'c';

-- What the rows of a company say of a stretch.
CREATE FUNCTION pg_temp.counts(company text, s timestamptz, u timestamptz) RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_build_object('open', count(*) FILTER (WHERE opened_at < u AND (resolved_at IS NULL OR resolved_at >= u)),
		'overdue', count(*) FILTER (WHERE opened_at < u AND (resolved_at IS NULL OR resolved_at >= u) AND due_at < u),
		'opened', count(*) FILTER (WHERE opened_at >= s AND opened_at < u), 'resolved', count(*) FILTER (WHERE resolved_at >= s AND resolved_at < u),
		'recovered', count(*) FILTER (WHERE resolved_at >= s AND resolved_at < u AND recovered))
	FROM callcenter.follow_ups WHERE company_id = company
$$;
-- What is told of periods as of some instants, and of the periods before them, that the rows do not say.
CREATE FUNCTION pg_temp.wrong(company text, asked timestamptz[]) RETURNS SETOF text LANGUAGE sql AS $$
	WITH answers AS (
		SELECT callcenter.call_analytics(company, jsonb_build_object('period', period, 'asOf', to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')))::jsonb AS said
		FROM unnest(asked) at, unnest('{today,month,year}'::text[]) period
	), told AS (
		SELECT (said ->> 'start')::timestamptz AS s, (said ->> 'until')::timestamptz AS u, said #> '{summary,followUps}' AS f FROM answers
		UNION
		SELECT (said #>> '{comparison,start}')::timestamptz, (said #>> '{comparison,until}')::timestamptz, said #> '{comparison,summary,followUps}' FROM answers
	)
	SELECT format('%s to %s: %s, not %s', s, u, f, pg_temp.counts(company, s, u)) FROM told WHERE f IS DISTINCT FROM pg_temp.counts(company, s, u) ORDER BY s, u
$$;
-- As of the instants above, and of ones just before and after.
CREATE FUNCTION pg_temp.wrong() RETURNS SETOF text LANGUAGE sql AS $$
	SELECT pg_temp.wrong('65f000000000000000000f02', ARRAY(SELECT i.at + d FROM instants i, unnest('{-1us,0,1us,1h,40d}'::interval[]) d))
$$;
CREATE FUNCTION pg_temp.appended() RETURNS bigint LANGUAGE sql AS $$ SELECT count(*) FROM callcenter.company_counter_deltas WHERE kind = 'follow_up' $$;

-- judges WHAT: what is told is right as it is, and, folded or not, the counters are those that a recount makes
SELECT is(ARRAY(SELECT pg_temp.wrong()), '{}', 'R-06 what is told of follow-ups is what the rows say, before anything is folded');
SELECT cmp_ok(pg_temp.appended(), '>', 20::bigint, 'control: changes are appended');
SELECT cmp_ok(pg_temp.appended(), '<', 60::bigint, 'and a statement appends one for each event of an hour');
SELECT callcenter.fold_counters() AS folded \gset
SELECT is(pg_temp.appended(), 0::bigint, 'control: they are folded');
SELECT is(ARRAY(SELECT pg_temp.wrong()), '{}', 'R-06 and when all is folded');
SELECT is(callcenter.rebuild_stats(), 0::bigint, 'rebuild_stats() finds nothing to change');

-- changes that move no event
UPDATE callcenter.follow_ups SET attempts = attempts + 1, status = CASE status WHEN 'open' THEN 'claimed' ELSE status END, claimed_by = 'who', claimed_at = now(), priority = 'urgent' WHERE company_id = :'c';
SELECT is(pg_temp.appended(), 0::bigint, 'an update that changes no time of an event appends nothing');
UPDATE callcenter.follow_ups SET due_at = '2025-05-31 23:40Z' WHERE company_id = :'c' AND due_at = '2025-05-31 23:30Z' AND opened_at < '2025-05-31' AND (resolved_at IS NULL OR resolved_at < '2025-05-31');
SELECT is(pg_temp.appended(), 0::bigint, 'nor one that leaves it in its hour');
SELECT is(ARRAY(SELECT pg_temp.wrong()), '{}', 'R-06 what is told is right all the same');

-- changes that do, part of them folded
UPDATE callcenter.follow_ups SET due_at = due_at + interval '1 hour' WHERE company_id = :'c' AND id LIKE '%1';
UPDATE callcenter.follow_ups SET due_at = 'infinity' WHERE company_id = :'c' AND id LIKE '%2';
SELECT is(ARRAY(SELECT pg_temp.wrong()), '{}', 'R-06 deadlines that move are told');
UPDATE callcenter.follow_ups SET status = 'done', resolution = 'booking', recovered = true, resolved_at = greatest(opened_at, '2025-06-01 00:20Z') WHERE company_id = :'c' AND resolved_at IS NULL AND id LIKE '%4';
SELECT is(ARRAY(SELECT pg_temp.wrong()), '{}', 'R-06 those that are resolved are told');
UPDATE callcenter.follow_ups SET status = 'open', resolution = NULL, resolved_at = NULL WHERE company_id = :'c' AND resolved_at IS NOT NULL AND id LIKE '%5';
SELECT is(ARRAY(SELECT pg_temp.wrong()), '{}', 'R-06 and those that are open once more');
UPDATE callcenter.follow_ups SET recovered = NOT recovered WHERE company_id = :'c' AND id LIKE '%6';
SELECT is(ARRAY(SELECT pg_temp.wrong()), '{}', 'R-06 and those that were recovered, or were not');
UPDATE callcenter.follow_ups SET opened_at = opened_at - interval '1 year' WHERE company_id = :'c' AND id LIKE '%7';
SELECT is(ARRAY(SELECT pg_temp.wrong()), '{}', 'R-06 and those that were opened at another time');
DELETE FROM callcenter.follow_ups WHERE company_id = :'c' AND id LIKE '%8';
SELECT is(ARRAY(SELECT pg_temp.wrong()), '{}', 'R-06 and that some are gone');
SELECT is(callcenter.rebuild_stats(), 0::bigint, 'rebuild_stats() finds nothing to change');
SELECT is(ARRAY(SELECT pg_temp.wrong()), '{}', 'R-06 and when all of it is folded');

-- a savepoint that is taken back takes its changes with it
SAVEPOINT before;
UPDATE callcenter.follow_ups SET opened_at = '2020-01-01', resolved_at = NULL, resolution = NULL, status = 'open' WHERE company_id = :'c';
DELETE FROM callcenter.follow_ups WHERE company_id = :'c' AND id LIKE '%a';
SELECT is(ARRAY(SELECT pg_temp.wrong()), '{}', 'R-06 all of them in one statement');
ROLLBACK TO before;
SELECT is(ARRAY(SELECT pg_temp.wrong()), '{}', 'R-06 and nothing of it after a rollback');
SELECT throws_ok($$UPDATE callcenter.follow_ups SET resolved_at = opened_at - interval '1 us' WHERE resolved_at > opened_at AND opened_at > '-infinity'$$, '23514', NULL, 'none is resolved before it was opened');

-- those of another company, which the API opens, resolves and erases
CREATE FUNCTION pg_temp.wrong_now() RETURNS SETOF text LANGUAGE sql AS $$
	SELECT pg_temp.wrong('65f0000000000000000000a1', ARRAY(SELECT now() + d FROM unnest('{-1us,0,1us,1h,3d,40d}'::interval[]) d))
$$;
SELECT min(suite.logged(:'a', suite.call('call_k' || n, '+1305213600' || n, status => 'voicemail')) #>> '{caller,customerId}') AS who FROM generate_series(1, 4) n \gset
SELECT suite.body(suite.api('agent', 'claim_follow_up', :'a')) #>> '{followUp,_id}' AS item \gset
SELECT suite.body(suite.api('agent', 'resolve_follow_up', :'a', :'item', '{"note": "told them"}')) \g /dev/null
SELECT is(pg_temp.counts(:'a', now(), now() + interval '1 us') - 'overdue', '{"open": 3, "opened": 4, "resolved": 1, "recovered": 0}', 'control: four are opened, one is resolved');
SELECT is(ARRAY(SELECT pg_temp.wrong_now()), '{}', 'R-06 what the API does is told');
SELECT suite.logged(:'a', suite.call('call_k9', '+13052136002', '2025-12-02T14:30:00Z', more => '{"captured": {"appointment": {"bookedDate": "2025-12-09"}}}')) \g /dev/null
SELECT is(pg_temp.counts(:'a', now(), now() + interval '1 us') ->> 'recovered', '1', 'control: a booking recovers one');
SELECT is(ARRAY(SELECT pg_temp.wrong_now()), '{}', 'R-06 which is told');
SELECT suite.body(suite.api('admin', 'delete_customer', :'a', :'who', 'erase')) \g /dev/null
SELECT is(ARRAY(SELECT pg_temp.wrong_now()), '{}', 'R-06 after a customer was erased, what is left is told');
SELECT suite.body(suite.api('admin', 'delete_calls', :'a', '{"callId": "call_k3"}')) \g /dev/null
SELECT is(ARRAY(SELECT pg_temp.wrong_now()), '{}', 'R-06 and after calls were deleted');
SELECT is(ARRAY(SELECT pg_temp.wrong()), '{}', 'R-06 nothing of it is told of the first company');
SELECT is(callcenter.rebuild_stats(), 0::bigint, 'rebuild_stats() finds nothing to change');

-- control: a row that is changed behind the triggers' back is seen, and mended
SET LOCAL session_replication_role = replica;
UPDATE callcenter.follow_ups SET due_at = due_at - interval '3 days' WHERE company_id = :'c' AND id = (SELECT min(id) FROM callcenter.follow_ups
	WHERE company_id = :'c' AND opened_at < '2025-01-01' AND due_at > '2025-06-01' AND due_at < 'infinity' AND resolved_at IS NULL);
SET LOCAL session_replication_role = origin;
SELECT isnt(ARRAY(SELECT pg_temp.wrong()), '{}', 'control: a row that was changed without its trigger is seen');
SELECT cmp_ok(callcenter.rebuild_stats(), '>', 2::bigint, 'rebuild_stats() says that counters were wrong');
SELECT is(ARRAY(SELECT pg_temp.wrong()), '{}', 'and mends them');

TRUNCATE callcenter.follow_ups CASCADE;
SELECT is((SELECT coalesce(sum(abs(records)), 0) FROM callcenter.company_counters WHERE kind = 'follow_up') + pg_temp.appended(), 0::numeric, 'TRUNCATE of follow-ups leaves no counters of them');
SELECT is(ARRAY(SELECT pg_temp.wrong()), '{}', 'R-06 and none are told');

SELECT * FROM finish();
ROLLBACK;
