-- Tokens: which of them are believed. One that is not is refused in one and the same way, whatever is wrong with it.

\ir common.psql

\set forged `node forge.mjs 65f0000000000000000000a1`
CREATE TEMPORARY TABLE tokens (good boolean, name text, token text);
INSERT INTO tokens
SELECT kind.key = 'good', t.key, t.value
FROM json_each(:'forged') kind, json_each_text(kind.value) t;

SELECT plan((SELECT count(*)::integer FROM tokens) + 41);

SELECT ok(count(*) FILTER (WHERE good) > 12 AND count(*) FILTER (WHERE NOT good) > 85, 'there are tokens to try') FROM tokens;
SELECT is((suite.list_calls('tap_rest', :'a', '{}', token)).state, '00000', 'X-02: a token is believed ' || name) FROM tokens WHERE good;
CREATE TEMPORARY TABLE refusals AS SELECT name, token, suite.list_calls('tap_rest', :'a', '{}', token) AS answer FROM tokens WHERE NOT good;
SELECT suite.refused(answer, '28000', '', 'authentication required', 'X-02: a token is refused ' || name) FROM refusals;
SELECT is(count(DISTINCT answer), 1::bigint, 'every refusal is the same, to the last diagnostic') FROM refusals;

-- cut off anywhere, changed anywhere
SELECT token AS plain FROM tokens WHERE name = 'signed with HS256' \gset
SELECT token AS signed FROM tokens WHERE name = 'signed with ES256' \gset
SELECT is(ARRAY(SELECT n FROM generate_series(0, length(token) - 1) n WHERE (suite.list_calls('tap_rest', :'a', '{}', left(token, n))).state <> '28000'), '{}',
	format('no beginning of a token is one (%s)', name))
FROM tokens WHERE name ~ '^signed with .S256$';
SELECT is(
	ARRAY(
		SELECT n FROM generate_series(1, length(token)) n
		WHERE (suite.list_calls('tap_rest', :'a', '{}', overlay(token PLACING
			CASE substr(token, n, 1) WHEN 'A' THEN 'B' WHEN 'B' THEN 'A' WHEN '.' THEN 'A' ELSE chr(ascii(substr(token, n, 1)) # 1) END FROM n FOR 1))).state <> '28000'),
	'{}', format('no character of a token can be another (%s)', name))
FROM tokens WHERE name ~ '^signed with .S256$';

-- the last letter of a signature has bits that say nothing: only one of those that would do is right
SELECT is(
	ARRAY(
		SELECT letter FROM regexp_split_to_table('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_', '') letter
		WHERE (suite.list_calls('tap_rest', :'a', '{}', left(:'plain', -1) || letter)).state <> '28000'),
	ARRAY[right(:'plain', 1)], 'a token has one spelling');

-- where there is none
SELECT suite.refused(suite.list_calls('tap_rest', :'a'), '28000', '', 'authentication required', 'X-02: no token is refused in the same words');
SELECT is(suite.list_calls('tap_rest', :'a'), (SELECT answer FROM refusals LIMIT 1), 'and in the same way');
SELECT suite.refused(answer, '28000', '', 'authentication required', 'X-02: every function asks for a token: ' || what)
FROM (VALUES
	('lookup_by_phone', suite.lookup('tap_rest', :'a', '+13055551234', 'x')),
	('create_call', suite.create_call('tap_rest', :'a', suite.call('x'), 'x')),
	('get_call', suite.get_call('tap_rest', :'a', 'x', 'x')),
	('list_calls', suite.list_calls('tap_rest', :'a', '{}', 'x')),
	('get_customer', suite.get_customer('tap_rest', :'a', 'CUST-00001', 'x')),
	('current_user_info', suite.ask('tap_rest', 'SELECT callcenter.current_user_info(''x'')'))
) AS t (what, answer);
-- the token is looked at before the document is
SELECT suite.refused(suite.create_call('tap_rest', :'a', '{"bogus": 1}', 'x'), '28000', '', 'authentication required', 'a document is not read for somebody who is not known');
SELECT suite.refused(suite.create_call('tap_rest', :'a', NULL, 'x'), '28000', '', 'authentication required', 'nor looked for');

/*
 * Companies of a token.
 */
\set both `../../tools/token --company 65f0000000000000000000a1 --company 65f0000000000000000000b2 --role viewer --kid dev-es256`
\set listed `../../tools/token --claims '{"companies": null, "companyIds": ["65f0000000000000000000b2", "65f0000000000000000000a1"]}'`
\set only_b `../../tools/token --company 65f0000000000000000000b2`
\set none `../../tools/token --claims '{"companies": {}}'`
\set nothing `../../tools/token --claims '{"companies": null}'`
\set mixed `../../tools/token --claims '{"companies": {"65f0000000000000000000a1": "viewer", "65F0000000000000000000B2": "admin"}}'`
SELECT is((suite.list_calls('tap_rest', company, '{}', :'both')).state, '00000', 'a token of two companies opens ' || company) FROM unnest(ARRAY[:'a', :'b']) company;
SELECT is((suite.create_call('tap_rest', company, suite.call('by listed'), :'listed')).state, '00000', 'X-02: companyIds make their bearer an admin of ' || company)
FROM unnest(ARRAY[:'a', :'b']) company;
SELECT suite.refused(suite.create_call('tap_rest', :'a', suite.call('x'), :'mixed'), '42501', '', 'This needs the admin role', 'a role holds for its company: viewer of the first');
SELECT is((suite.create_call('tap_rest', :'b', suite.call('by mixed'), :'mixed')).state, '00000', 'a role holds for its company: admin of the second');
SELECT suite.refused(suite.list_calls('tap_rest', company, '{}', token), '42501', '', 'You do not have access to this company', 'X-03: access is denied: ' || why)
FROM (VALUES
	(:'a', :'only_b', 'T-06: with a token of B to A'),
	(:'nowhere', :'only_b', 'with a token of B to a company that there is not'),
	(:'a', :'none', 'with a token of no company'),
	(:'a', :'nothing', 'with a token that says nothing of companies')
) AS t (company, token, why);
SELECT is(suite.list_calls('tap_rest', :'a', '{}', :'only_b'), suite.list_calls('tap_rest', :'nowhere', '{}', :'only_b'),
	'X-09: a company that there is not is refused as one of others, to the last diagnostic');
SELECT suite.refused(answer, '42501', '', 'You do not have access to this company', 'X-03: every function denies access: ' || what)
FROM (VALUES
	('lookup_by_phone', suite.lookup('tap_rest', :'a', '+13055551234', :'only_b')),
	('create_call', suite.create_call('tap_rest', :'a', suite.call('x'), :'only_b')),
	('get_call', suite.get_call('tap_rest', :'a', 'x', :'only_b')),
	('get_customer', suite.get_customer('tap_rest', :'a', 'CUST-00001', :'only_b'))
) AS t (what, answer);
SELECT is((suite.list_calls('tap_rest', company, '{}', :'both')).state, '22P02', 'X-04: a malformed company id is refused: ' || company)
FROM unnest('{x,65F0000000000000000000A1,"65f0000000000000000000a1 "}'::text[]) company;
SELECT suite.refused(suite.list_calls('tap_rest', NULL, '{}', :'both'), '22P02', '', 'Invalid company ID format', 'X-04: no company id is');

/*
 * A token says who its bearer is, also for a caller who is somebody by role.
 */
SELECT suite.refused(suite.list_calls('tap_platform', :'a', '{}', :'only_b'), '42501', '', 'You do not have access to this company',
	'who brings a token acts as its bearer, whatever the database role may do');
SELECT suite.refused(suite.list_calls('tap_platform', :'a', '{}', 'x'), '28000', '', 'authentication required', 'and is refused with one that is none');
SELECT suite.refused(suite.list_calls(session_user, :'a', '{}', 'x'), '28000', '', 'authentication required', 'even a superuser');
SELECT is((suite.ask('tap_rest', format('SELECT callcenter.current_user_info(%L)', token))).body -> 'user', '{"_id": "65f0000000000000000000aa"}', 'who has no e-mail address is known by sub')
FROM tokens WHERE name = 'without an e-mail address';
SELECT is((suite.create_call('tap_rest', :'a', suite.call('noted', more => '{"agentNotes": {"text": "x"}}'), token)).body #>> '{call,agentNotes,addedBy}', '65f0000000000000000000aa',
	'and writes under it')
FROM tokens WHERE name = 'without an e-mail address';

SELECT * FROM finish();
ROLLBACK;
