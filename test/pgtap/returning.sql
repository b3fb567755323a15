-- Who has called before: isReturning and previousCallCount (DESIGN 9) do not depend on the order in which calls arrive.

\ir common.psql

SELECT plan(31);

-- Logs calls ("id day status number") in the given order and tells "id:previousCallCount" of each, by start; undone.
CREATE FUNCTION pg_temp.counted(company text, calls text[]) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	call text;
	said text;
BEGIN
	FOREACH call IN ARRAY calls LOOP
		PERFORM suite.logged(company, suite.call(split_part(call, ' ', 1), split_part(call, ' ', 4),
			format('2025-12-%sT12:00:00Z', lpad(split_part(call, ' ', 2), 2, '0')), split_part(call, ' ', 3)));
	END LOOP;
	SELECT string_agg((row ->> 'callId') || ':' || (row #>> '{caller,previousCallCount}')
			|| CASE WHEN (row #> '{caller,isReturning}')::boolean <> ((row #> '{caller,previousCallCount}')::integer > 0) THEN '!' ELSE '' END,
		' ' ORDER BY row ->> 'startedAt', row ->> 'callId')
	INTO said
	FROM jsonb_array_elements((suite.list_calls(session_user, company)).body -> 'calls') AS row;
	RAISE EXCEPTION 'undo' USING ERRCODE = 'CC000';
EXCEPTION WHEN SQLSTATE 'CC000' THEN
	RETURN said;
END
$$;

SELECT is(pg_temp.counted(:'a', calls), wanted, why)
FROM (VALUES
	(ARRAY['a 1 completed +13055550030'], 'a:0', 'C-07 C-08: a first call is not returning'),
	(ARRAY['a 1 completed +13055550030', 'b 2 completed +13055550030', 'c 3 completed +13055550030'], 'a:0 b:1 c:2', 'C-08: each earlier call counts'),
	(ARRAY['a 1 voicemail +13055550030', 'b 2 abandoned +13055550030', 'c 3 transferred +13055550030', 'd 4 completed +13055550030'], 'a:0 b:1 c:2 d:3',
		'C-08: missed and transferred calls count'),
	(ARRAY['a 1 spam +13055550030', 'b 2 completed +13055550030'], 'a:0 b:0', 'C-08: a spam call does not count'),
	(ARRAY['a 1 error +13055550030', 'b 2 completed +13055550030'], 'a:0 b:0', 'C-08: nor does one that failed'),
	(ARRAY['a 1 completed +13055550030', 'b 2 spam +13055550030', 'c 3 error +13055550030'], 'a:0 b:1 c:1', 'C-08: but they are counted for'),
	(ARRAY['a 1 completed +13055550030', 'b 2 completed +13055550031'], 'a:0 b:0', 'C-08: another number is another caller'),
	(ARRAY['a 1 completed anonymous', 'b 2 completed anonymous', 'c 3 completed Restricted'], 'a:0 b:0 c:0', 'D-02: withheld callers are never the same'),
	(ARRAY['a 1 completed sip:bob@example.com', 'b 2 completed sip:bob@example.com'], 'a:0 b:0', 'a SIP address is not a number'),
	(ARRAY['a 1 completed 911', 'b 2 completed 911'], 'a:0 b:0', 'an emergency number is nobody''s'),
	(ARRAY['a 1 completed +13055550100', 'b 2 completed +13055550100', 'c 3 spam +13055550100', 'd 4 completed +13055550100'], 'a:0 b:1 c:2 d:2',
		'without a customer (the company''s own number) the number counts'),
	(ARRAY['a 5 completed +13055550030', 'b 5 completed +13055550030'], 'a:0 b:0', 'of calls that start at the same instant none is earlier')
) AS t (calls, wanted, why);

-- late arrivals
SELECT is(pg_temp.counted(:'a', calls), wanted, why)
FROM (VALUES
	(ARRAY['b 2 completed +13055550030', 'a 1 completed +13055550030'], 'a:0 b:1', 'D-14: a call that arrives late corrects the later one'),
	(ARRAY['c 3 completed +13055550030', 'b 2 completed +13055550030', 'a 1 completed +13055550030'], 'a:0 b:1 c:2', 'D-14: and all later ones'),
	(ARRAY['b 2 completed +13055550030', 'a 1 spam +13055550030'], 'a:0 b:0', 'D-14: a late spam call corrects nothing'),
	(ARRAY['x 9 completed +13055550030', 'b 2 spam +13055550030', 'c 3 error +13055550030', 'a 1 completed +13055550030'], 'a:0 b:1 c:1 x:1',
		'D-14: spam and failed calls are corrected too'),
	(ARRAY['c 3 spam +13055550100', 'a 1 completed +13055550100'], 'a:0 c:1', 'D-14: also where no other call is later, and there is no customer'),
	(ARRAY['b 2 completed +13055550100', 'a 1 completed +13055550100'], 'a:0 b:1', 'D-14: also by number, without a customer'),
	(ARRAY['a 1 completed +13055550030', 'c 3 spam +13055550030', 'd 3 completed +13055550030', 'b 3 completed +13055550030', 'e 4 completed +13055550030'], 'a:0 b:1 c:1 d:1 e:3',
		'D-14: one that starts with the last ones counts none of them'),
	(ARRAY['a 1 completed +13055550030', 'x 9 error +13055550030', 'z 9 completed +13055550030', 'b 2 completed +13055550030'], 'a:0 b:1 x:2 z:2',
		'D-14: one that comes late does not count failed ones twice'),
	(ARRAY['a 1 spam +13055550030', 'b 1 error +13055550100', 'c 3 completed +13055550030', 'd 4 completed +13055550030', 'e 3 completed +13055550030'], 'a:0 b:0 c:0 e:0 d:2',
		'D-14: nor spam that came before there was a customer')
) AS t (calls, wanted, why);

-- whatever the order: a spam call makes no customer, so it must not be the first to arrive for it to be the customer's
CREATE FUNCTION pg_temp.orders(calls text[]) RETURNS SETOF text[] LANGUAGE sql AS $$
	WITH RECURSIVE pick (taken, rest) AS (
		SELECT '{}'::text[], calls
		UNION ALL
		SELECT taken || rest[n], rest[:n - 1] || rest[n + 1:]
		FROM pick, generate_subscripts(rest, 1) n
	)
	SELECT taken FROM pick WHERE rest = '{}'
$$;
SELECT is(count(*), 120::bigint, 'five calls arrive in 120 orders') FROM pg_temp.orders(ARRAY['1', '2', '3', '4', '5']);
SELECT is(
	ARRAY(
		SELECT DISTINCT pg_temp.counted(:'a', o)
		FROM pg_temp.orders(ARRAY['a 1 completed +13055550030', 'b 2 voicemail +13055550030', 'c 3 spam +13055550030', 'd 4 error +13055550030', 'e 5 abandoned +13055550030']) o
		WHERE o[1] NOT LIKE '%spam%'),
	ARRAY['a:0 b:1 c:2 d:2 e:2'], 'D-14: in 96 orders of arrival the counts are the same');
SELECT is(
	ARRAY(
		SELECT DISTINCT regexp_replace(pg_temp.counted(:'a', o), ' c:\d', '')
		FROM pg_temp.orders(ARRAY['a 1 completed +13055550030', 'b 2 voicemail +13055550030', 'c 3 spam +13055550030', 'd 4 error +13055550030', 'e 5 abandoned +13055550030']) o
		WHERE o[1] LIKE '%spam%'),
	ARRAY['a:0 b:1 d:2 e:2'], 'D-14: and with a spam call first, but for that');

-- by customer: any of its numbers, and other spellings of one line
SELECT suite.logged(:'a', suite.call('m1', '+13055550040', '2025-11-01T12:00:00Z')) #>> '{caller,customerId}' AS customer \gset
INSERT INTO callcenter.customer_phones (company_id, phone, customer_id, kind) VALUES (:'a', '+13055550041', :'customer', 'mobile');
SELECT is(call #> '{caller,previousCallCount}', '1', 'D-07: a call from another number of the customer counts the first')
FROM (SELECT suite.logged(:'a', suite.call('m2', '+13055550041', '2025-11-02T12:00:00Z')) AS call) c;
SELECT is((suite.get_call(session_user, :'a', 'm2')).body #>> '{call,caller,customerId}', :'customer', 'D-07: and is the customer''s');
SELECT is(suite.logged(:'a', suite.call('m3', '+13055550040', '2025-11-03T12:00:00Z')) #> '{caller,previousCallCount}', '2', 'D-07: both numbers count together');

SELECT callcenter.create_company('{"_id": "65f0000000000000000000c3", "name": "Clima", "timeZone": "America/Mexico_City", "defaultRegion": "MX"}') IS NULL AS made \gset
SELECT is(pg_temp.counted('65f0000000000000000000c3', ARRAY['a 1 completed +525512345678', 'b 2 completed +5215512345678', 'c 3 completed 5512345678']),
	'a:0 b:1 c:2', 'a Mexican line is one caller with and without its 1');

-- per company
SELECT suite.logged(:'a', suite.call('n1', '+13055550050', '2025-11-01T12:00:00Z')) IS NULL AS made \gset
SELECT is(suite.logged(:'b', suite.call('n2', '+13055550050', '2025-11-02T12:00:00Z')) #> '{caller,previousCallCount}', '0',
	'X-09: a call of another company does not count');
SELECT is(suite.logged(:'b', suite.call('n0', '+13055550050', '2025-10-01T12:00:00Z')) #> '{caller,previousCallCount}', '0',
	'X-09: nor does it later');
SELECT is((suite.get_call(session_user, :'a', 'n1')).body #> '{call,caller,previousCallCount}', '0', 'X-09: a late call of another company corrects nothing');

SELECT * FROM finish();
ROLLBACK;
