-- People: who may sign in, and what they may do in a company as viewer, agent or admin.

\ir common.psql

SELECT plan(92);

CREATE FUNCTION pg_temp.create_user(usr jsonb, caller name DEFAULT 'tap_admin') RETURNS suite.answer LANGUAGE sql AS $$
	SELECT suite.ask(caller, format('SELECT callcenter.create_user(%L)', usr))
$$;
CREATE FUNCTION pg_temp.login(email text, password text, caller name DEFAULT 'tap_rest') RETURNS suite.answer LANGUAGE sql AS $$
	SELECT suite.ask(caller, format('SELECT callcenter.login(%L, %L)', email, password))
$$;
-- A test: the sign-in failed, in the one way that tells nothing.
CREATE FUNCTION pg_temp.failed(answer suite.answer, description text) RETURNS text LANGUAGE sql AS $$
	SELECT is(answer.body, '{"success": false, "sqlstate": "28P01", "error": "E-mail address or password is wrong"}', description)
$$;
CREATE FUNCTION pg_temp.grant_company(company text, email text, role text, caller name DEFAULT 'tap_admin') RETURNS suite.answer LANGUAGE sql AS $$
	SELECT suite.ask(caller, format('SELECT callcenter.grant_company(%L, %L, %L)', company, email, role))
$$;
CREATE FUNCTION pg_temp.info(token text, caller name DEFAULT 'tap_rest') RETURNS suite.answer LANGUAGE sql AS $$
	SELECT suite.ask(caller, format('SELECT callcenter.current_user_info(%L)', token))
$$;
-- The claims of a token, unverified.
CREATE FUNCTION pg_temp.claims(token text) RETURNS jsonb LANGUAGE sql AS $$
	SELECT convert_from(decode(rpad(t, (length(t) + 3) / 4 * 4, '='), 'base64'), 'UTF8')::jsonb
	FROM translate(split_part(token, '.', 2), '-_', '+/') t
$$;

/*
 * Making users.
 */
CREATE TEMPORARY TABLE ann AS
	SELECT pg_temp.create_user('{"_id": "65f0000000000000000000aa", "email": " Ann@Example.COM ", "password": "correct horse", "name": "Ann Admin"}') AS answer;
SELECT is((answer).body #- '{user,createdAt}', '{"success": true, "user": {"_id": "65f0000000000000000000aa", "email": "ann@example.com", "name": "Ann Admin"}}',
	'a user is made, with the e-mail address in lower case, and the answer has no password')
FROM ann;
SELECT is((pg_temp.create_user('{"email": "bob@example.com", "password": "correct horse"}')).state, '00000', 'name and _id may be left out');
SELECT ok(bool_and(id ~ '^[0-9a-f]{24}$'), 'an id is then made') FROM callcenter.users;
SELECT suite.refused(pg_temp.create_user(jsonb_build_object('password', 'correct horse', 'email', email)), '23505', 'email', 'A user with this e-mail address or id exists',
	format('two users cannot both be "%s"', email))
FROM unnest('{ann@example.com,ANN@EXAMPLE.COM," ann@example.com "}'::text[]) email;
SELECT suite.refused(pg_temp.create_user('{"_id": "65F0000000000000000000AA", "email": "other@example.com", "password": "correct horse"}'),
	'23505', 'email', 'A user with this e-mail address or id exists', 'nor have the same id');
SELECT suite.refused(pg_temp.create_user(usr::jsonb), state, field, words, 'E-13: a user is refused: ' || why)
FROM (VALUES
	('{"password": "correct horse"}', '23502', 'email', 'is required', 'without an e-mail address'),
	('{"email": "x@example.com"}', '23502', 'password', 'is required', 'without a password'),
	('{"email": "x@example.com", "password": "1234567"}', '22023', 'password', 'must have from 8 to 256 characters', 'with a short password'),
	('{"email": "x@example.com", "password": ""}', '22023', 'password', 'must have from 8 to 256 characters', 'with an empty password'),
	('{"email": "xexample.com", "password": "correct horse"}', '22023', 'email', 'must be an e-mail address', 'with an address without @'),
	('{"email": "  ", "password": "correct horse"}', '22023', 'email', '', 'with a blank address'),
	('{"email": "x@example.com", "password": "correct horse", "name": ""}', '22023', 'name', 'must have from 1 to 200 characters', 'with an empty name'),
	('{"email": "x@example.com", "password": "correct horse", "role": "admin"}', '22023', 'role', 'is not a field', 'with a field that there is not'),
	('{"email": "x@example.com", "password": 12345678}', '22023', 'password', 'must be a string', 'with a number for a password'),
	('{"email": "x@example.com", "password": "correct horse", "_id": "x"}', '22P02', '_id', 'must be an id', 'with a malformed id'),
	('{"email": "x@example.com", "password": "correct horse", "createdAt": "2025-01-01T00:00:00Z"}', '22023', 'createdAt', 'is set by the server', 'with a time of its making'),
	('["x@example.com"]', '22023', '', 'must be a JSON object', 'as an array')
) AS t (usr, state, field, words, why);
SELECT suite.refused(pg_temp.create_user(jsonb_build_object('email', 'x@example.com', 'password', repeat('x', 257))), '22023', 'password',
	'must have from 8 to 256 characters', 'E-13: a user is refused: with a password of 257 characters');
SELECT ok(bool_and(password ~ '^\$scrypt\$ln=15,r=8,p=1\$[A-Za-z0-9+/]{22}==\$[A-Za-z0-9+/]{43}=$'), 'passwords are kept as scrypt hashes') FROM callcenter.users;
SELECT is(count(DISTINCT password), count(*), 'of one password no two hashes are equal') FROM callcenter.users;

/*
 * Memberships.
 */
SELECT is((pg_temp.grant_company(:'a', 'ann@example.com', 'viewer')).body, '{"success": true, "companyId": "65f0000000000000000000a1", "role": "viewer"}', 'a user becomes a member');
SELECT is((pg_temp.grant_company(:'a', 'ANN@example.com ', 'admin')).body ->> 'role', 'admin', 'a grant changes the role');
SELECT is((pg_temp.grant_company(:'b', 'ann@example.com', 'agent')).body ->> 'role', 'agent', 'in another company the role may be another');
SELECT is((SELECT string_agg(company_id || ' ' || role, ', ' ORDER BY company_id) FROM callcenter.memberships),
	'65f0000000000000000000a1 admin, 65f0000000000000000000b2 agent', 'a member has one role in each company');
SELECT suite.refused(pg_temp.grant_company(company, email, role), state, field, words, 'no grant: ' || why)
FROM (VALUES
	(:'a', 'nobody@example.com', 'admin', 'P0002', '', 'User or company not found', 'to nobody'),
	(:'nowhere', 'ann@example.com', 'admin', 'P0002', '', 'User or company not found', 'in no company'),
	(:'a', 'ann@example.com', 'owner', '22023', 'role', 'must be one of: viewer, agent, admin', 'of a role that there is not'),
	(:'a', 'ann@example.com', 'ADMIN', '22023', 'role', 'must be one of: viewer, agent, admin', 'of a role in upper case'),
	(:'a', 'ann@example.com', '', '22023', 'role', 'must be one of: viewer, agent, admin', 'of no role')
) AS t (company, email, role, state, field, words, why);

/*
 * Signing in.
 */
CREATE TEMPORARY TABLE signed_in AS SELECT pg_temp.login('Ann@Example.com', 'correct horse') AS answer;
SELECT (answer).body ->> 'token' AS token FROM signed_in \gset
SELECT is((answer).body - '{token,expiresAt,expiresIn,refreshToken,refreshExpiresAt,companies}'::text[], '{"success": true, "user": {"_id": "65f0000000000000000000aa", "email": "ann@example.com", "name": "Ann Admin"}}',
	'who signs in is told who they are')
FROM signed_in;
SELECT is(
	ARRAY(SELECT suite.part(c, '{"companyId": 0, "name": 0, "role": 0, "timeZone": 0}') FROM signed_in, jsonb_array_elements((answer).body -> 'companies') c),
	ARRAY['{"companyId": "65f0000000000000000000a1", "name": "ABC HVAC", "role": "admin", "timeZone": "America/New_York"}'::jsonb,
		'{"companyId": "65f0000000000000000000b2", "name": "Best Plumbing", "role": "agent", "timeZone": "America/Chicago"}'],
	'and where they may act, as what');
SELECT is((pg_temp.info(:'token')).body, (answer).body - '{token,expiresIn,refreshToken,refreshExpiresAt}'::text[], 'current_user_info says the same of the token') FROM signed_in;
SELECT is(pg_temp.claims(:'token') - '{iat,exp,sid}'::text[], '{"sub": "65f0000000000000000000aa", "email": "ann@example.com", "name": "Ann Admin",
	"companies": {"65f0000000000000000000a1": "admin", "65f0000000000000000000b2": "agent"}}', 'X-02: the token holds the companies');
SELECT is((c ->> 'exp')::integer - (c ->> 'iat')::integer, 900, 'a token is valid for callcenter.token_lifetime') FROM pg_temp.claims(:'token') c;
SELECT is(to_timestamp((pg_temp.claims(:'token') ->> 'exp')::bigint), ((answer).body ->> 'expiresAt')::timestamptz, 'expiresAt says until when') FROM signed_in;
SELECT is((suite.list_calls('tap_rest', :'a', '{}', :'token')).state, '00000', 'the token opens the first company');
SELECT is((suite.list_calls('tap_rest', :'b', '{}', :'token')).state, '00000', 'and the second');
SELECT is((pg_temp.login('bob@example.com', 'correct horse')).body -> 'companies', '[]', 'a user of no company may sign in, to nothing');

UPDATE callcenter.users SET disabled = true WHERE email = 'bob@example.com';
CREATE FUNCTION pg_temp.tried(email text, password text) RETURNS suite.answer LANGUAGE sql AS $$
	DELETE FROM callcenter.sign_in_attempts;	-- how often is another matter
	SELECT pg_temp.login(email, password)
$$;
CREATE TEMPORARY TABLE refusals AS
	SELECT why, pg_temp.tried(email, password) AS answer
	FROM (VALUES
		('a wrong password', 'ann@example.com', 'wrong horse'),
		('a password in another case', 'ann@example.com', 'Correct horse'),
		('a password with a space behind it', 'ann@example.com', 'correct horse '),
		('an empty password', 'ann@example.com', ''),
		('a password of 100 kB', 'ann@example.com', repeat('x', 100000)),
		('the hash as password', 'ann@example.com', (SELECT password FROM callcenter.users WHERE email = 'ann@example.com')),
		('an unknown address', 'nobody@example.com', 'correct horse'),
		('no address', '', 'correct horse'),
		('SQL', $$' OR true --$$, 'correct horse'),
		('a disabled user', 'bob@example.com', 'correct horse')
	) AS t (why, email, password);
SELECT pg_temp.failed(answer, 'sign-in fails in the same words for ' || why) FROM refusals;
DELETE FROM callcenter.sign_in_attempts;
SELECT suite.refused(pg_temp.login(email, password), '23502', field, 'is required', format('E-13: %s is required', field))
FROM (VALUES (NULL, 'correct horse', 'email'), ('ann@example.com', NULL, 'password'), (NULL, NULL, 'email')) AS t (email, password, field);
UPDATE callcenter.users SET disabled = false, password = '' WHERE email = 'bob@example.com';
SELECT pg_temp.failed(pg_temp.login('bob@example.com', ''), 'no hash is no password');
UPDATE callcenter.users SET password = '$scrypt$ln=31,r=1000,p=1000$AAAAAAAAAAAAAAAAAAAAAA==$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=' WHERE email = 'bob@example.com';
SELECT pg_temp.failed(pg_temp.login('bob@example.com', 'correct horse'), 'a hash that would take for ever is no password');
UPDATE callcenter.users SET password = (SELECT password FROM callcenter.users WHERE email = 'ann@example.com') WHERE email = 'bob@example.com';
SELECT is((pg_temp.login('bob@example.com', 'correct horse')).state, '00000', 'a hash carries its own salt: it can be moved');

/*
 * Roles.
 */
\set viewer `../../tools/token --company 65f0000000000000000000a1 --role viewer --email vi@example.com`
\set agent `../../tools/token --company 65f0000000000000000000a1 --role agent --email ag@example.com`
\set admin `../../tools/token --company 65f0000000000000000000a1 --role admin --email ad@example.com`
CREATE TEMPORARY TABLE tokens (role text, token text);
INSERT INTO tokens VALUES ('viewer', :'viewer'), ('agent', :'agent'), ('admin', :'admin');
SELECT suite.logged(:'a', suite.call('codes', more => '{"captured": {"accessInstructions": {"keyLocation": "mat", "gateCode": "1234", "lockboxCode": "0070", "petInfo": "dog"}}}'))
	IS NULL AS made \gset
SELECT is(
	format('%s %s %s %s %s', (suite.lookup('tap_rest', :'a', '+13055551234', token)).state, (suite.get_call('tap_rest', :'a', 'codes', token)).state,
		(suite.list_calls('tap_rest', :'a', '{}', token)).state, (suite.get_customer('tap_rest', :'a', 'CUST-00001', token)).state, (pg_temp.info(token)).state),
	'00000 00000 00000 00000 00000', format('%s %s may look up, read and list', CASE role WHEN 'viewer' THEN 'a' ELSE 'an' END, role))
FROM tokens;
SELECT suite.refused(suite.create_call('tap_rest', :'a', suite.call('by ' || role), token), '42501', '', 'This needs the admin role', format('a person who is %s does not log calls', role))
FROM tokens WHERE role <> 'admin';
SELECT is((suite.create_call('tap_rest', :'a', suite.call('by admin', more => '{"agentNotes": {"text": "x"}, "review": {"reviewed": true}}'), :'admin')).body #>> '{call,agentNotes,addedBy}',
	'ad@example.com', 'an admin may log a call, and what is by somebody is by the bearer of the token');
SELECT is((suite.get_call('tap_rest', :'a', 'by admin', :'viewer')).body #>> '{call,review,reviewedBy}', 'ad@example.com', 'C-52: so is a review');
-- access codes are masked for everybody; a reveal is a call of its own, for admins
CREATE FUNCTION pg_temp.reveal(caller name, company text, record_id text, token text DEFAULT NULL) RETURNS suite.answer LANGUAGE sql AS $$
	SELECT suite.ask(caller, format('SELECT callcenter.reveal_access_codes(%L, ''call'', %L, %L)', company, record_id, token))
$$;
CREATE TEMPORARY TABLE readers (who text, caller name, token text);
INSERT INTO readers SELECT 'a person who is ' || role, 'tap_rest', token FROM tokens;
INSERT INTO readers VALUES ('a service', 'tap_service', NULL), ('the platform', 'tap_platform', NULL), ('an administrator''s role', 'tap_admin', NULL), ('a superuser', session_user, NULL);
SELECT is((suite.get_call(caller, :'a', 'codes', token)).body #> '{call,captured,accessInstructions}',
	'{"keyLocation": "••••", "gateCode": "••••", "lockboxCode": "••••", "petInfo": "dog", "customerPresent": true}',
	'access codes are masked for ' || who)
FROM readers;
SELECT suite.refused(pg_temp.reveal(caller, :'a', 'codes', token), '42501', '', 'This needs the admin role', 'nor are they revealed to ' || who)
FROM readers WHERE who ~ 'viewer|agent|service|platform';
SELECT is((SELECT count(*) FROM callcenter.audit_log WHERE action = 'reveal'), 0::bigint, 'what is not revealed is not in the audit log');
SELECT is((pg_temp.reveal(caller, :'a', 'codes', token)).body #> '{call,captured,accessInstructions}',
	'{"keyLocation": "mat", "gateCode": "1234", "lockboxCode": "0070"}', 'they are revealed to ' || who)
FROM readers WHERE who ~ 'admin|superuser';
SELECT is(ARRAY(SELECT concat_ws(' ', actor, action, record_type, record_id, after) FROM callcenter.audit_log WHERE action = 'reveal' ORDER BY id),
	ARRAY(SELECT actor || ' reveal call codes {"captured": {"accessInstructions": {"gateCode": "••••", "keyLocation": "••••", "lockboxCode": "••••"}}}'
		FROM (VALUES (1, 'ad@example.com'), (2, 'tap_admin'), (3, session_user::text)) AS t (n, actor) ORDER BY n),
	'B-06: and the audit log says to whom, but not the codes');
SELECT suite.refused(pg_temp.reveal('tap_rest', :'b', 'codes', :'admin'), '42501', '', 'You do not have access to this company', 'X-03: an admin reveals nothing of another company');
SELECT suite.refused(pg_temp.reveal('tap_rest', :'a', 'codes'), '28000', '', 'authentication required', 'X-02: without a token nothing is revealed');

/*
 * Who asks.
 */
SELECT suite.refused(pg_temp.info(NULL), '28000', '', 'authentication required', 'X-02: nobody is the bearer of no token');
SELECT is((pg_temp.info(:'admin', caller)).message, message, format('current_user_info is %s for %s', CASE WHEN message IS NULL THEN 'there' ELSE 'not there' END, caller))
FROM (VALUES ('tap_admin'::name, NULL), ('tap_service', 'permission denied for function current_user_info'), ('tap_analyst', 'permission denied for function current_user_info'))
	AS t (caller, message);
-- a company of the token that is gone
\set gone `../../tools/token --company 65f0000000000000000000a1 --company 65f0000000000000000000ff`
SELECT is(jsonb_path_query_array((pg_temp.info(:'gone')).body, '$.companies[*].companyId'), '["65f0000000000000000000a1"]', 'a company that does not exist any more is left out');
SELECT is((answer).message, 'permission denied for function ' || what, format('%s is not for %s', what, caller))
FROM unnest('{tap_rest,tap_platform,tap_analyst}'::name[]) caller,
	LATERAL (VALUES
		('create_user', pg_temp.create_user('{"email": "x@example.com", "password": "correct horse"}', caller)),
		('grant_company', pg_temp.grant_company('65f0000000000000000000a1', 'ann@example.com', 'admin', caller))
	) AS t (what, answer);

SELECT * FROM finish();
ROLLBACK;
