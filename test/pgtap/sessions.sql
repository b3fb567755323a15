-- Sessions of people: refresh tokens, their end, passwords, and how often a password may be tried.
--
-- Time passes by moving what is stored back: the functions look at the wall clock.

\ir common.psql

SELECT plan(193);

CREATE FUNCTION pg_temp.login(email text, password text, address text DEFAULT '192.0.2.1', caller name DEFAULT 'tap_rest') RETURNS suite.answer LANGUAGE sql AS $$
	SELECT suite.ask(caller, format('SELECT callcenter.login(%L, %L, %L)', email, password, address))
$$;
CREATE FUNCTION pg_temp.refresh(token text, address text DEFAULT '192.0.2.1') RETURNS suite.answer LANGUAGE sql AS $$
	SELECT suite.ask('tap_rest', format('SELECT callcenter.refresh_token(%L, %L)', token, address))
$$;
CREATE FUNCTION pg_temp.ask(call text, VARIADIC arguments text[]) RETURNS suite.answer LANGUAGE sql AS $$
	SELECT suite.ask('tap_rest', format('SELECT callcenter.%I(%s)', call, (SELECT string_agg(quote_nullable(a), ', ' ORDER BY n) FROM unnest(arguments) WITH ORDINALITY AS t (a, n))))
$$;
CREATE FUNCTION pg_temp.administer(call text, VARIADIC arguments text[]) RETURNS suite.answer LANGUAGE sql AS $$
	SELECT suite.ask('tap_admin', format('SELECT callcenter.%I(%s)', call, (SELECT string_agg(quote_nullable(a), ', ' ORDER BY n) FROM unnest(arguments) WITH ORDINALITY AS t (a, n))))
$$;
-- What came of a sign-in: ok, wrong, or the seconds to wait.
CREATE FUNCTION pg_temp.outcome(answer suite.answer) RETURNS text LANGUAGE sql AS $$
	SELECT CASE WHEN answer.state <> '00000' THEN answer.state
		WHEN (answer.body ->> 'success')::boolean THEN 'ok'
		WHEN answer.body ->> 'sqlstate' = '53400' THEN answer.body ->> 'retryAfter'
		WHEN answer.body ->> 'sqlstate' = '28P01' THEN 'wrong'
		ELSE answer.body ->> 'sqlstate' END
$$;
CREATE FUNCTION pg_temp.claims(token text) RETURNS jsonb LANGUAGE sql AS $$
	SELECT convert_from(decode(rpad(t, (length(t) + 3) / 4 * 4, '='), 'base64'), 'UTF8')::jsonb
	FROM translate(split_part(token, '.', 2), '-_', '+/') t
$$;
-- Time passes.
CREATE FUNCTION pg_temp.later(by interval) RETURNS void LANGUAGE sql AS $$
	UPDATE callcenter.user_sessions SET rotated_at = rotated_at - by, created_at = created_at - by, used_at = used_at - by, expires_at = expires_at - by;
	UPDATE callcenter.sign_in_attempts SET failed_at = failed_at - by, allowed_at = allowed_at - by, succeeded_at = succeeded_at - by, forget_at = forget_at - by;
$$;

SELECT callcenter.create_user('{"_id": "65f0000000000000000000aa", "email": "ann@example.com", "password": "correct horse", "name": "Ann Admin"}') IS NULL AS made \gset
SELECT callcenter.create_user('{"_id": "65f0000000000000000000bb", "email": "bob@example.com", "password": "battery staple"}') IS NULL AS made \gset
SELECT callcenter.grant_company(:'a', 'ann@example.com', 'admin') IS NULL AS made \gset

/*
 * What a sign-in gives.
 */
CREATE TEMPORARY TABLE first AS SELECT (pg_temp.login('ann@example.com', 'correct horse')).body;
SELECT body ->> 'token' AS token, body ->> 'refreshToken' AS refresh FROM first \gset
SELECT matches(:'refresh'::text, '^[A-Za-z0-9_-]{64}$', 'a sign-in gives a refresh token: 48 bytes that say nothing');
SELECT is(pg_temp.claims(:'token') ->> 'sid', (SELECT id::text FROM callcenter.user_sessions), 'the token names its session');
SELECT is(count(*), 1::bigint, 'which is one row') FROM callcenter.user_sessions WHERE user_id = '65f0000000000000000000aa' AND address = '192.0.2.1';
SELECT is(count(*), 0::bigint, 'in which neither token is') FROM callcenter.user_sessions s
WHERE s::text LIKE '%' || encode(convert_to(:'refresh', 'UTF8'), 'hex') || '%' OR s::text LIKE '%' || encode(decode(translate(:'refresh', '-_', '+/'), 'base64'), 'hex') || '%';
SELECT is(family_hash, sha256(substr(raw, 1, 16)), 'but SHA-256 of the part that is the session''s')
FROM callcenter.user_sessions, decode(translate(:'refresh', '-_', '+/'), 'base64') raw;
SELECT is(token_hash, sha256(substr(raw, 17)), 'and of the part that is its own')
FROM callcenter.user_sessions, decode(translate(:'refresh', '-_', '+/'), 'base64') raw;
SELECT is((body ->> 'expiresIn')::integer, 900, 'a token lasts callcenter.token_lifetime') FROM first;
SELECT ok((body ->> 'refreshExpiresAt')::timestamptz - clock_timestamp() BETWEEN '11:59' AND '12:00', 'a session that is not used callcenter.session_idle') FROM first;
SELECT ok(expires_at - clock_timestamp() BETWEEN '6 days 23:59' AND '7 days', 'and any callcenter.session_lifetime') FROM callcenter.user_sessions;

/*
 * Exchanges.
 */
CREATE TEMPORARY TABLE second AS SELECT (pg_temp.refresh(:'refresh', '192.0.2.2')).body;
SELECT body ->> 'token' AS token2, body ->> 'refreshToken' AS refresh2 FROM second \gset
SELECT is(body - '{token,refreshToken,expiresAt,refreshExpiresAt,expiresIn}'::text[], (SELECT body - '{token,refreshToken,expiresAt,refreshExpiresAt,expiresIn}'::text[] FROM first), 'an exchange gives what a sign-in gives') FROM second;
SELECT isnt(:'refresh2'::text, :'refresh'::text, 'with another refresh token');
SELECT is(left(:'refresh2', 21), left(:'refresh', 21), 'of the same session');
SELECT is(count(*), 1::bigint, 'which is still one') FROM callcenter.user_sessions;
SELECT is(address, '192.0.2.2', 'where it is now') FROM callcenter.user_sessions;
SELECT is((suite.list_calls('tap_rest', :'a', '{}', :'token2')).state, '00000', 'the token is good');
SELECT is((suite.list_calls('tap_rest', :'a', '{}', :'token')).state, '00000', 'and so is the one before, until its end');

-- twice within the grace
CREATE TEMPORARY TABLE grace AS SELECT (pg_temp.refresh(:'refresh')).body;
SELECT is(body ->> 'success', 'true', 'the refresh token of before is answered for some seconds: two tabs may ask at once') FROM grace;
SELECT is((suite.list_calls('tap_rest', :'a', '{}', body ->> 'token')).state, '00000', 'with a token') FROM grace;
SELECT ok(NOT body ? 'refreshToken', 'but no second line of refresh tokens') FROM grace;
SELECT is(pg_temp.outcome(pg_temp.refresh(:'refresh2')), 'ok', 'and the session goes on');

-- later: it was stolen, or its owner's was
SELECT (pg_temp.login('ann@example.com', 'correct horse')).body ->> 'refreshToken' AS stolen \gset
SELECT (pg_temp.refresh(:'stolen')).body ->> 'refreshToken' AS of_the_thief \gset
SELECT pg_temp.later('11 s') \g /dev/null
SELECT is((pg_temp.refresh(:'stolen')).body, '{"success": false, "sqlstate": "28000", "error": "authentication required"}', 'a refresh token that is used again later is refused');
SELECT is(pg_temp.outcome(pg_temp.refresh(:'of_the_thief')), '28000', 'and its session has ended, for whoever had the last one');
SELECT is(count(*), 1::bigint, 'other sessions have not') FROM callcenter.user_sessions WHERE user_id = '65f0000000000000000000aa';
-- an older one than the one before is judged so at once
SELECT (pg_temp.login('ann@example.com', 'correct horse')).body ->> 'refreshToken' AS r1 \gset
SELECT (pg_temp.refresh(:'r1')).body ->> 'refreshToken' AS r2 \gset
SELECT (pg_temp.refresh(:'r2')).body ->> 'refreshToken' AS r3 \gset
SELECT is(pg_temp.outcome(pg_temp.refresh(:'r1')), '28000', 'there is no grace for the one before the one before');
SELECT is(pg_temp.outcome(pg_temp.refresh(token)), '28000', 'the session has ended, for number ' || n) FROM unnest(ARRAY[:'r2', :'r3']) WITH ORDINALITY AS t (token, n);

-- what was never a refresh token
SELECT (pg_temp.login('ann@example.com', 'correct horse')).body ->> 'refreshToken' AS live \gset
SELECT is((pg_temp.refresh(token)).body, '{"success": false, "sqlstate": "28000", "error": "authentication required"}', 'no refresh token: ' || why)
FROM (VALUES (NULL, 'none'), ('', 'empty'), ('x', 'short'), (repeat('A', 64), 'of no session'), (left(:'live', 63), 'a character less'), (:'live' || 'A', 'a character more'),
	(overlay(:'live' PLACING '=' FROM 64), 'not base64url'), (:'token', 'a token'), (repeat('A', 100000), '100 kB'), (E'\u0001', 'a control character')) AS t (token, why);
SELECT is(pg_temp.outcome(pg_temp.refresh(:'live')), 'ok', 'and none of it ended a session');
SELECT suite.refused(suite.list_calls('tap_rest', :'a', '{}', :'live'), '28000', '', 'authentication required', 'a refresh token is no token');

-- roles are read anew
SELECT (pg_temp.login('ann@example.com', 'correct horse')).body ->> 'refreshToken' AS r1 \gset
SELECT is((pg_temp.administer('grant_company', :'a', 'ann@example.com', 'viewer')).state, '00000', 'a role is changed');
CREATE TEMPORARY TABLE lesser AS SELECT (pg_temp.refresh(:'r1')).body;
SELECT is(body #>> '{companies,0,role}', 'viewer', 'an exchange reads roles anew') FROM lesser;
SELECT suite.refused(suite.create_call('tap_rest', :'a', suite.call('x'), body ->> 'token'), '42501', '', 'This needs the admin role', 'and the token has them') FROM lesser;
SELECT is((pg_temp.administer('revoke_company', :'a', ' ANN@example.com')).body, '{"success": true, "companyId": "65f0000000000000000000a1"}', 'a membership is taken back');
SELECT is((pg_temp.refresh(body ->> 'refreshToken')).body -> 'companies', '[]', 'and the next token is for no company') FROM lesser;
SELECT suite.refused(pg_temp.administer('revoke_company', company, email), 'P0002', '', 'Membership not found', why)
FROM (VALUES (:'a', 'ann@example.com', 'what is not there cannot be taken back'), (:'b', 'ann@example.com', 'nor in another company'), (:'a', 'nobody@example.com', 'nor from nobody')) AS t (company, email, why);
SELECT callcenter.grant_company(:'a', 'ann@example.com', 'admin') IS NULL AS made \gset

-- how long a session lasts
SELECT (pg_temp.login('ann@example.com', 'correct horse')).body ->> 'refreshToken' AS r1 \gset
SELECT pg_temp.later('11:59:50') \g /dev/null
SELECT (pg_temp.refresh(:'r1')).body ->> 'refreshToken' AS r2 \gset
SELECT isnt(:'r2'::text, ''::text, 'a session lasts while it is used');
SELECT pg_temp.later('12:00:01') \g /dev/null
SELECT is(pg_temp.outcome(pg_temp.refresh(:'r2')), '28000', 'and not longer than callcenter.session_idle without');
SELECT is(count(*), 0::bigint, 'it is then gone') FROM callcenter.user_sessions WHERE token_hash = sha256(substr(decode(translate(:'r2', '-_', '+/'), 'base64'), 17));
SELECT (pg_temp.login('ann@example.com', 'correct horse')).body ->> 'refreshToken' AS r1 \gset
UPDATE callcenter.user_sessions SET expires_at = clock_timestamp() + interval '90 s';
CREATE TEMPORARY TABLE last AS SELECT (pg_temp.refresh(:'r1')).body;
SELECT ok((body ->> 'expiresIn')::integer <= 90 AND (body ->> 'refreshExpiresAt')::timestamptz <= clock_timestamp() + interval '90 s', 'no token lasts longer than its session') FROM last;
UPDATE callcenter.user_sessions SET expires_at = clock_timestamp();
SELECT is(pg_temp.outcome(pg_temp.refresh(body ->> 'refreshToken')), '28000', 'a session has an end, however much it is used') FROM last;
SELECT count(pg_temp.login('ann@example.com', 'correct horse')) AS made FROM generate_series(1, 3) \gset
SELECT is(count(*), 3::bigint, 'a sign-in removes the user''s sessions that have ended') FROM callcenter.user_sessions WHERE user_id = '65f0000000000000000000aa';
INSERT INTO callcenter.user_sessions (id, user_id, family_hash, token_hash, created_at, used_at, expires_at)
SELECT callcenter.object_id_new(), '65f0000000000000000000aa', sha256(n::text::bytea), '', now(), now() - n * interval '1 s', now() + interval '1 day' FROM generate_series(1, 150) n;
SELECT (pg_temp.login('ann@example.com', 'correct horse')).body ->> 'refreshToken' AS r1 \gset
SELECT is(count(*), 100::bigint, 'and the oldest where there are more than a hundred') FROM callcenter.user_sessions WHERE user_id = '65f0000000000000000000aa';
SELECT is(pg_temp.outcome(pg_temp.refresh(:'r1')), 'ok', 'the newest is not among them');
DELETE FROM callcenter.user_sessions;

/*
 * Ends.
 */
SELECT (pg_temp.login('ann@example.com', 'correct horse')).body ->> 'refreshToken' AS r1 \gset
SELECT (pg_temp.login('ann@example.com', 'correct horse')).body ->> 'refreshToken' AS other \gset
SELECT (pg_temp.refresh(:'r1')).body ->> 'refreshToken' AS r2 \gset
SELECT is((pg_temp.ask('sign_out', :'r1')).body, '{"success": true}', 'who has any refresh token of a session can end it');
SELECT is(pg_temp.outcome(pg_temp.refresh(:'r2')), '28000', 'it has then ended');
SELECT is((pg_temp.ask('sign_out', token)).body, '{"success": true}', 'to end none is no error') FROM unnest(ARRAY[:'r1', 'nonsense', NULL]) token;
SELECT is(pg_temp.outcome(pg_temp.refresh(:'other')), 'ok', 'the user''s other session lasts');
CREATE TEMPORARY TABLE by_token AS SELECT (pg_temp.login('ann@example.com', 'correct horse')).body;
SELECT is((pg_temp.ask('sign_out', NULL, body ->> 'token')).body, '{"success": true}', 'a token ends its session as well') FROM by_token;
SELECT is(pg_temp.outcome(pg_temp.refresh(body ->> 'refreshToken')), '28000', 'for good') FROM by_token;
SELECT suite.refused(pg_temp.ask('sign_out', NULL, 'nonsense'), '28000', '', 'authentication required', 'what is no token does not');
\set platforms `../../tools/token --company 65f0000000000000000000a1 --sub 65f0000000000000000000aa`
SELECT is((pg_temp.ask('sign_out', NULL, :'platforms')).body, '{"success": true}', 'a token of the platform''s has no session to end');
DELETE FROM callcenter.user_sessions;

-- one's own sessions
CREATE TEMPORARY TABLE mine AS SELECT n, (pg_temp.login('ann@example.com', 'correct horse', '192.0.2.' || n)).body FROM generate_series(1, 3) n;
CREATE TEMPORARY TABLE bobs AS SELECT (pg_temp.login('bob@example.com', 'battery staple')).body;
SELECT body ->> 'token' AS token FROM mine WHERE n = 2 \gset
CREATE TEMPORARY TABLE listed AS SELECT (pg_temp.ask('list_sessions', :'token')).body;
SELECT is(jsonb_path_query_array(body, '$.sessions[*].address'), '["192.0.2.3", "192.0.2.2", "192.0.2.1"]', 'one sees one''s own sessions, the last first, and where they are') FROM listed;
SELECT is(jsonb_path_query_array(body, '$.sessions[*].current'), '[false, true, false]', 'and which is this one') FROM listed;
SELECT is(ARRAY(SELECT DISTINCT jsonb_object_keys(s) FROM listed, jsonb_array_elements(body -> 'sessions') s ORDER BY 1), '{address,createdAt,current,expiresAt,lastUsedAt,sessionId}', 'and nothing to take one over with');
SELECT body #>> '{sessions,0,sessionId}' AS third FROM listed \gset
SELECT id AS bobs_id FROM callcenter.user_sessions WHERE user_id = '65f0000000000000000000bb' \gset
SELECT is((pg_temp.ask('revoke_session', :'third', :'token')).body, '{"success": true}', 'one of them is ended');
SELECT is(pg_temp.outcome(pg_temp.refresh(body ->> 'refreshToken')), '28000', 'it has then ended') FROM mine WHERE n = 3;
SELECT suite.refused(pg_temp.ask('revoke_session', id, :'token'), 'P0002', '', 'Session not found', 'X-09: no session to end: ' || why)
FROM (VALUES (:'third', 'one that has ended'), (:'bobs_id', 'somebody else''s'), ('65f0000000000000000000ff', 'none'), ('nonsense', 'a malformed one')) AS t (id, why);
SELECT is(pg_temp.outcome(pg_temp.refresh(body ->> 'refreshToken')), 'ok', 'somebody else''s lasts') FROM bobs;
SELECT suite.refused(pg_temp.ask(call, VARIADIC arguments), '28000', '', 'authentication required', format('X-02: %s needs a token', call))
FROM (VALUES ('list_sessions', ARRAY[NULL]::text[]), ('list_sessions', ARRAY['x']), ('revoke_session', ARRAY[:'third', NULL]), ('change_password', ARRAY['correct horse', 'another horse', NULL])) AS t (call, arguments);

/*
 * Passwords.
 */
SELECT is((pg_temp.ask('change_password', 'correct horse', 'another horse', :'token', '192.0.2.2')).body, '{"success": true, "sessionsEnded": 1}', 'a password is changed, and other sessions end');
SELECT is(pg_temp.outcome(pg_temp.refresh(body ->> 'refreshToken')), CASE n WHEN 2 THEN 'ok' ELSE '28000' END, format('session %s %s', n, CASE n WHEN 2 THEN 'is kept' ELSE 'has ended' END)) FROM mine WHERE n < 3;
SELECT is(pg_temp.outcome(pg_temp.login('ann@example.com', 'correct horse')), 'wrong', 'the old one is none any more');
SELECT is(pg_temp.outcome(pg_temp.login('ann@example.com', 'another horse')), 'ok', 'the new one is');
SELECT is((pg_temp.ask('change_password', 'wrong horse', 'a third horse', :'token', '192.0.2.2')).body,
	'{"success": false, "sqlstate": "22023", "field": "oldPassword", "error": "field \"oldPassword\" is not the present password"}', 'who does not know the old one does not change it');
SELECT suite.refused(pg_temp.ask('change_password', old, new, :'token'), state, field, words, 'E-13: no new password: ' || why)
FROM (VALUES ('another horse', 'short', '22023', 'newPassword', 'must have from 8 to 256 characters', 'a short one'), ('another horse', repeat('é', 257), '22023', 'newPassword', 'must have from 8 to 256 characters', 'one of 257 characters'),
	('another horse', NULL, '23502', 'newPassword', 'is required', 'none'), (NULL, 'a third horse', '23502', 'oldPassword', 'is required', 'without the old one')) AS t (old, new, state, field, words, why);
\set stranger `../../tools/token --company 65f0000000000000000000a1 --sub 65f0000000000000000000dd`
SELECT suite.refused(pg_temp.ask('change_password', 'another horse', 'a third horse', :'stranger'), '28000', '', 'authentication required', 'who is not a user here has no password to change');

-- by an administrator
SELECT (pg_temp.login('ann@example.com', 'another horse')).body ->> 'refreshToken' AS r1 \gset
SELECT is((pg_temp.administer('set_password', 'Ann@example.com', 'correct horse')).body, '{"success": true, "user": {"_id": "65f0000000000000000000aa", "email": "ann@example.com", "name": "Ann Admin", "disabled": false}}', 'an administrator sets a password');
SELECT is(pg_temp.outcome(pg_temp.refresh(:'r1')), '28000', 'all sessions have then ended');
SELECT is(pg_temp.outcome(pg_temp.login('ann@example.com', 'correct horse')), 'ok', 'and the password is that');
SELECT (pg_temp.login('ann@example.com', 'correct horse')).body ->> 'refreshToken' AS r1 \gset
SELECT is((pg_temp.administer('disable_user', 'ann@example.com')).body #>> '{user,disabled}', 'true', 'an administrator disables a user');
SELECT is(pg_temp.outcome(pg_temp.refresh(:'r1')), '28000', 'whose sessions have ended');
SELECT is(pg_temp.outcome(pg_temp.login('ann@example.com', 'correct horse')), 'wrong', 'and who cannot sign in');
SELECT is((pg_temp.administer('enable_user', 'ann@example.com')).body #>> '{user,disabled}', 'false', 'and enables them');
SELECT is(pg_temp.outcome(pg_temp.refresh(:'r1')), '28000', 'the sessions are gone');
SELECT (pg_temp.login('ann@example.com', 'correct horse')).body ->> 'refreshToken' AS r1 \gset
UPDATE callcenter.users SET disabled = true WHERE email = 'ann@example.com';
SELECT is(pg_temp.outcome(pg_temp.refresh(:'r1')), '28000', 'an exchange looks whether the user is disabled, too');
UPDATE callcenter.users SET disabled = false WHERE email = 'ann@example.com';
SELECT suite.refused(pg_temp.administer(call, VARIADIC arguments), 'P0002', '', 'User not found', call || ' needs a user')
FROM (VALUES ('set_password', ARRAY['nobody@example.com', 'correct horse']), ('disable_user', ARRAY['nobody@example.com']), ('enable_user', ARRAY['nobody@example.com'])) AS t (call, arguments);
SELECT suite.refused(pg_temp.administer('set_password', 'ann@example.com', 'short'), '22023', 'password', 'must have from 8 to 256 characters', 'E-13: an administrator sets no short password');
-- a hash of other parameters is made anew when its password is known
UPDATE callcenter.users SET password = '$scrypt$ln=14,r=8,p=1$' || split_part(password, '$', 4) || '$' || split_part(password, '$', 5) WHERE email = 'bob@example.com';
SELECT is(pg_temp.outcome(pg_temp.login('bob@example.com', 'battery staple', '192.0.2.9')), 'wrong', 'the parameters belong to the hash');
-- scrypt of "battery staple", as Node.js computes it
UPDATE callcenter.users SET password = '$scrypt$ln=14,r=8,p=1$BwcHBwcHBwcHBwcHBwcHBw==$IsbzVV+spGY50KeOAJc6D1KwF0oHXze/LBW8XldQ9Lk=' WHERE email = 'bob@example.com';
SELECT is(pg_temp.outcome(pg_temp.login('bob@example.com', 'battery staple', '192.0.2.9')), 'ok', 'a hash of other parameters is checked with its own');
SELECT matches(password, '^\$scrypt\$ln=15,r=8,p=1\$', 'and made anew') FROM callcenter.users WHERE email = 'bob@example.com';
SELECT is(pg_temp.outcome(pg_temp.login('bob@example.com', 'battery staple', '192.0.2.9')), 'ok', 'for the same password');

/*
 * How often.  The first five failures at an account from an address are free; each further one doubles the wait.
 */
DELETE FROM callcenter.sign_in_attempts;
SELECT is(ARRAY(SELECT pg_temp.outcome(pg_temp.login(email, 'wrong horse', '198.51.100.1')) FROM generate_series(1, 7)), '{wrong,wrong,wrong,wrong,wrong,2,2}', 'five failures, then a wait: ' || email)
FROM unnest('{ann@example.com,nobody@example.com}'::text[]) email;
UPDATE callcenter.sign_in_attempts SET allowed_at = clock_timestamp() + interval '59.5 s' WHERE account = sha256('ann@example.com') AND address = '198.51.100.1';
SELECT is(pg_temp.outcome(pg_temp.login('ANN@example.com ', 'correct horse', '198.51.100.1')), '60', 'which is the same for the right password, however the address is spelled');
SELECT is((pg_temp.login('ann@example.com', 'x', '198.51.100.1')).body, '{"success": false, "sqlstate": "53400", "error": "Too many attempts: try again in 60 seconds", "retryAfter": 60}', 'the answer says how long');
SELECT is(failures, 5::double precision, 'what is refused is not counted') FROM callcenter.sign_in_attempts WHERE account = sha256('ann@example.com') AND address = '198.51.100.1';
-- waits out each wait, fails once more and tells the next wait
CREATE FUNCTION pg_temp.next_wait(email text, address text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	PERFORM pg_temp.later(make_interval(secs => pg_temp.outcome(pg_temp.login(email, 'wrong horse', address))::integer));
	PERFORM pg_temp.login(email, 'wrong horse', address);
	RETURN pg_temp.outcome(pg_temp.login(email, 'wrong horse', address));
END
$$;
SELECT is(ARRAY(SELECT pg_temp.next_wait('ann@example.com', '198.51.100.1') FROM generate_series(1, 10)), '{4,8,16,32,64,128,256,300,300,300}', 'the wait doubles, up to five minutes');
SELECT is(pg_temp.outcome(pg_temp.login('ann@example.com', 'correct horse', '198.51.100.2')), 'ok', 'at another address one does not wait');
SELECT is(pg_temp.outcome(pg_temp.login('bob@example.com', 'battery staple', '198.51.100.1')), 'ok', 'nor at another account');
SELECT pg_temp.later('300 s') \g /dev/null
SELECT is(pg_temp.outcome(pg_temp.login('ann@example.com', 'correct horse', '198.51.100.1')), 'ok', 'who waits and knows the password is in');
SELECT is(ARRAY(SELECT pg_temp.outcome(pg_temp.login('ann@example.com', 'wrong horse', '198.51.100.1')) FROM generate_series(1, 6)), '{wrong,wrong,wrong,wrong,wrong,2}', 'and has five failures free again');
SELECT pg_temp.later('1 hour 1 s') \g /dev/null
SELECT is(ARRAY(SELECT pg_temp.outcome(pg_temp.login('ann@example.com', 'wrong horse', '198.51.100.1')) FROM generate_series(1, 6)), '{wrong,wrong,wrong,wrong,wrong,2}', 'an hour without one forgets them, too');
SELECT is((pg_temp.administer('set_password', 'ann@example.com', 'correct horse')).state, '00000', 'an administrator sets a password');
SELECT is(pg_temp.outcome(pg_temp.login('ann@example.com', 'correct horse', '198.51.100.1')), 'ok', 'and nobody waits for it');

-- the old password of a change counts as a password
SELECT (pg_temp.login('ann@example.com', 'correct horse', '198.51.100.3')).body ->> 'token' AS token \gset
SELECT is(ARRAY(SELECT pg_temp.outcome(pg_temp.ask('change_password', 'wrong horse', 'another horse', :'token', '198.51.100.3')) FROM generate_series(1, 6)), '{22023,22023,22023,22023,22023,2}', 'a wrong old password counts as one at sign-in');
SELECT is(pg_temp.outcome(pg_temp.login('ann@example.com', 'correct horse', '198.51.100.3')), '2', 'and with it');

-- addresses
SELECT is(ARRAY(SELECT pg_temp.outcome(pg_temp.login('six@example.com', 'x', '2001:db8:1:2::' || n)) FROM generate_series(1, 6) n), '{wrong,wrong,wrong,wrong,wrong,2}', 'the addresses of an IPv6 network are one: its host has them all');
SELECT is(pg_temp.outcome(pg_temp.login('six@example.com', 'x', '2001:db8:1:3::1')), 'wrong', 'another network is another');
SELECT is(ARRAY(SELECT pg_temp.outcome(pg_temp.login('mapped@example.com', 'x', (ARRAY['192.0.2.77', '::ffff:192.0.2.77', '::FFFF:c000:024d'])[1 + n % 3])) FROM generate_series(1, 6) n), '{wrong,wrong,wrong,wrong,wrong,2}', 'an IPv4 address is one, however it is written');
SELECT suite.refused(pg_temp.login('ann@example.com', 'correct horse', address), '22023', 'address', 'must be an IP address', format('E-13: no address: "%s"', address))
FROM unnest('{"",localhost,192.0.2.1:80,192.0.2,192.0.2.1/32,999.0.2.1}'::text[]) address;
SELECT is(ARRAY(SELECT pg_temp.outcome(pg_temp.login('none@example.com', 'x', NULL)) FROM generate_series(1, 6)), '{wrong,wrong,wrong,wrong,wrong,2}', 'who tells no address has none: they count together');

/*
 * Nobody locks anybody out.
 */
DELETE FROM callcenter.sign_in_attempts;
CREATE FUNCTION pg_temp.failed_much(account bytea, address text, failures integer) RETURNS void LANGUAGE sql AS $$
	INSERT INTO callcenter.sign_in_attempts (account, address, failures, failed_at, forget_at)
	VALUES (account, address, failures, clock_timestamp(), clock_timestamp() + interval '2 hours')
	ON CONFLICT ON CONSTRAINT sign_in_attempts_pkey DO UPDATE SET failures = EXCLUDED.failures, failed_at = EXCLUDED.failed_at
$$;
SELECT is(pg_temp.outcome(pg_temp.login('ann@example.com', 'correct horse', '203.0.113.1')), 'ok', 'somebody signs in at home');
SELECT is(pg_temp.outcome(pg_temp.login('ann@example.com', 'wrong horse', '203.0.113.' || n)), 'wrong', 'and is attacked from elsewhere') FROM generate_series(2, 3) n;
SELECT is(failures > 1.9, true, 'which is counted') FROM callcenter.sign_in_attempts WHERE account = sha256('ann@example.com') AND address = '';
SELECT pg_temp.failed_much(sha256('ann@example.com'), '', 1000) \g /dev/null
SELECT is(pg_temp.outcome(pg_temp.login('ann@example.com', 'correct horse', '203.0.113.1')), 'ok', 'much: at home one does not notice');
SELECT is(pg_temp.outcome(pg_temp.login('ann@example.com', 'wrong horse', '203.0.113.1')), 'wrong', 'also not who mistypes');
SELECT is(pg_temp.outcome(pg_temp.login('ann@example.com', 'correct horse', '203.0.113.1')), 'ok', 'once');
SELECT is(pg_temp.outcome(pg_temp.login('ann@example.com', 'correct horse', '203.0.113.99')), '30', 'elsewhere one waits half a minute');
SELECT pg_temp.later('10 s') \g /dev/null
SELECT pg_temp.failed_much(sha256('ann@example.com'), '', 100000) \g /dev/null
SELECT is(pg_temp.outcome(pg_temp.login('ann@example.com', 'correct horse', '203.0.113.99')), '20', 'which goes by, whatever the others do meanwhile');
SELECT pg_temp.later('20 s') \g /dev/null
SELECT is(pg_temp.outcome(pg_temp.login('ann@example.com', 'correct horse', '203.0.113.99')), 'ok', 'and is in');
SELECT pg_temp.failed_much(sha256('ann@example.com'), '', 1000) \g /dev/null
SELECT is(pg_temp.outcome(pg_temp.login('ann@example.com', 'wrong horse', '203.0.113.2')), '30', 'an address that has failed before waits as well');
SELECT pg_temp.later('30 s') \g /dev/null
SELECT is(ARRAY(SELECT pg_temp.outcome(pg_temp.login('ann@example.com', 'wrong horse', '203.0.113.2')) FROM generate_series(1, 2)), '{wrong,30}', 'and after each failure');
SELECT is(round(failures), 40::double precision, 'what is remembered of an attack has an end') FROM callcenter.sign_in_attempts WHERE account = sha256('ann@example.com') AND address = '';
UPDATE callcenter.sign_in_attempts SET failures = 25 WHERE account = sha256('ann@example.com') AND address = '';
SELECT pg_temp.later('6 minutes') \g /dev/null
SELECT is(pg_temp.outcome(pg_temp.login('ann@example.com', 'wrong horse', '203.0.113.50')), 'wrong', 'an attack that is over is forgotten, one failure a minute');
SELECT pg_temp.later('91 days') \g /dev/null
SELECT pg_temp.failed_much(sha256('ann@example.com'), '', 1000) \g /dev/null
SELECT is(pg_temp.outcome(pg_temp.login('ann@example.com', 'correct horse', '203.0.113.1')), '30', 'an address where nobody has signed in for ninety days is not known any more');

-- one address, many accounts
DELETE FROM callcenter.sign_in_attempts;
SELECT is(pg_temp.outcome(pg_temp.login('bob@example.com', 'battery staple', '203.0.113.7')), 'ok', 'somebody signs in in an office');
SELECT pg_temp.failed_much('', '203.0.113.7', 49) \g /dev/null
SELECT is(pg_temp.outcome(pg_temp.login('x@example.com', 'x', '203.0.113.7')), 'wrong', 'where somebody tries one account after another');
SELECT is(pg_temp.outcome(pg_temp.login('y@example.com', 'x', '203.0.113.7'))::integer BETWEEN 1 AND 10, true, 'after fifty failures an address waits, for any account');
SELECT is(count(*), 0::bigint, 'and what is refused so writes nothing: made-up accounts fill no table') FROM callcenter.sign_in_attempts WHERE account = sha256('y@example.com');
SELECT is(pg_temp.outcome(pg_temp.login('bob@example.com', 'battery staple', '203.0.113.7')), 'ok', 'but not for those who sign in there');
SELECT is(pg_temp.outcome(pg_temp.login('y@example.com', 'x', '203.0.113.8')), 'wrong', 'and other addresses do not');
SELECT pg_temp.later('10 s') \g /dev/null
SELECT is(ARRAY(SELECT pg_temp.outcome(pg_temp.login(n || '@example.com', 'x', '203.0.113.7')) IN ('wrong') FROM generate_series(1, 2) n), '{t,f}', 'one failure is forgotten every ten seconds');

/*
 * What is kept.
 */
SELECT is(count(*), 0::bigint, 'no e-mail address is in the counts') FROM callcenter.sign_in_attempts a WHERE encode(account, 'escape') LIKE '%example%' OR address LIKE '%@%';
SELECT pg_temp.later('2 hours 1 s') \g /dev/null
SELECT is(ARRAY(SELECT pg_temp.outcome(pg_temp.login(n || '@example.com', 'x', '203.0.113.200')) FROM generate_series(1, 2) n), '{wrong,wrong}', 'two hours later');
SELECT is(count(*), 0::bigint, 'what says nothing any more is gone') FROM callcenter.sign_in_attempts WHERE forget_at < clock_timestamp();
SELECT is(array_agg(address), '{203.0.113.7}', 'where somebody signs in is kept') FROM callcenter.sign_in_attempts WHERE account = sha256('bob@example.com') AND address <> '';

/*
 * Who may.
 */
SELECT is((suite.ask(caller, call)).message, 'permission denied for function ' || substring(call FROM 'callcenter\.(\w+)'), format('%s is not for %s', substring(call FROM 'callcenter\.(\w+)'), caller))
FROM unnest('{tap_rest,tap_platform,tap_analyst}'::name[]) caller,
	unnest(ARRAY['SELECT callcenter.set_password(''ann@example.com'', ''correct horse'')', 'SELECT callcenter.disable_user(''ann@example.com'')', 'SELECT callcenter.enable_user(''ann@example.com'')',
		'SELECT callcenter.revoke_company(''65f0000000000000000000a1'', ''ann@example.com'')']) call;
SELECT is((suite.ask(caller, call)).message, 'permission denied for function ' || substring(call FROM 'callcenter\.(\w+)'), format('%s is not for %s', substring(call FROM 'callcenter\.(\w+)'), caller))
FROM unnest('{tap_platform,tap_analyst}'::name[]) caller,
	unnest(ARRAY['SELECT callcenter.login(''ann@example.com'', ''x'')', 'SELECT callcenter.refresh_token(''x'')', 'SELECT callcenter.sign_out(''x'')', 'SELECT callcenter.list_sessions(''x'')',
		'SELECT callcenter.revoke_session(''x'', ''x'')', 'SELECT callcenter.change_password(''x'', ''x'', ''x'')']) call;
SELECT is((suite.ask(caller, format('SELECT to_json(count(*)) FROM callcenter.%I', relation))).state, '42501', format('%s does not see %s', caller, relation))
FROM unnest('{tap_rest,tap_platform,tap_analyst,tap_admin}'::name[]) caller, unnest('{user_sessions,sign_in_attempts,users}'::text[]) relation;

SELECT * FROM finish();
ROLLBACK;
