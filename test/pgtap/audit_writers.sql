-- Each function that writes leaves a row of a log, in the transaction of its change: who, what, before and after.
--
-- The functions come from the catalog.  One that is VOLATILE and is not listed here fails, so that a new one is a decision:
-- what it tells, or why it tells nothing.  The listed ones are run in the order of the list, and what each adds to the
-- logs is compared to the letter.

\ir common.psql
\ir records.psql

SELECT plan(70);

-- What is not told, and why.
CREATE TEMPORARY TABLE silent (name text PRIMARY KEY, reason text);
INSERT INTO silent VALUES
	('login', 'state of a sign-in: sessions and attempts are no records'),
	('refresh_token', 'state of a sign-in'),
	('sign_out', 'state of a sign-in'),
	('revoke_session', 'state of a sign-in'),
	('fold_counters', 'derived tables: they say the same before and after'),
	('fold_rollups', 'derived tables'),
	('rebuild_stats', 'derived tables'),
	('reencrypt_access_codes', 'the codes stay what they are, for whoever may see them'),
	('seal_access_code', 'writes nothing; of no use but in updates'),
	('flush_refused', 'what it writes are rows of the audit log'),
	('refused_counts', 'reads what changes while it runs'),
	('object_id_new', 'writes nothing');

-- What is told: "(log) action of record type", a row of it each; log is company or platform.
CREATE TEMPORARY TABLE telling (n serial, name text, arguments text[], token boolean, tells text[]);

-- setting: a call with a customer, one that must be called back, a visit, and Ann, who is a member of both companies
SELECT suite.logged(:'a', suite.call('call', '+13055551234', more => '{"captured": {"accessInstructions": {"gateCode": "1234"}}}')) #>> '{caller,customerId}' AS ours \gset
SELECT suite.logged(:'a', suite.call('waits', '+13055551235', status => 'voicemail')) \g /dev/null
SELECT id AS item FROM callcenter.follow_ups WHERE company_id = :'a' \gset
SELECT suite.done('create_appointment', :'a', '{"customerId": "CUST-00001"}') #>> '{appointment,_id}' AS visit \gset
SELECT callcenter.create_user('{"_id": "65f0000000000000000000aa", "email": "ann@example.com", "password": "correct horse"}') \g /dev/null
SELECT callcenter.grant_company(c, 'ann@example.com', 'agent') FROM unnest(ARRAY[:'a', :'b']) c \g /dev/null
INSERT INTO suite.people VALUES ('ann', callcenter.login('ann@example.com', 'correct horse') ->> 'token');

INSERT INTO telling (name, arguments, token, tells) VALUES
	-- records, by people
	('create_call', ARRAY[:'a', suite.call('new', '+13055551236')::text], true, '{"(company) create customer","(company) create call"}'),
	('open_call', ARRAY[:'a', '{"twilioCallSid": "CAnew", "caller": {"phone": "anonymous"}}'], true, '{"(company) open call"}'),
	('update_call', ARRAY[:'a', 'call', '{"review": {"rating": 4}}'], true, '{"(company) update call"}'),
	('add_call_note', ARRAY[:'a', 'call', '{"text": "noted"}'], true, '{"(company) note call"}'),
	('add_transcript', ARRAY[:'a', 'call', '[{"speaker": "agent", "text": "Hello"}]'], true, '{"(company) update call"}'),
	('link_call', ARRAY[:'a', 'call', 'CUST-00002'], true, '{"(company) link call"}'),
	('create_customer', ARRAY[:'a', '{"phone": "+13055551237"}'], true, '{"(company) create customer"}'),
	('get_or_create_customer', ARRAY[:'a', '+13055551238'], true, '{"(company) create customer"}'),
	('update_customer', ARRAY[:'a', 'CUST-00001', '{"email": "x@example.com"}'], true, '{"(company) update customer"}'),
	('add_customer_note', ARRAY[:'a', 'CUST-00001', '{"text": "noted"}'], true, '{"(company) note customer"}'),
	('create_appointment', ARRAY[:'a', '{"customerId": "CUST-00001"}'], true, '{"(company) create appointment"}'),
	('update_appointment', ARRAY[:'a', :'visit', '{"status": "cancelled"}'], true, '{"(company) update appointment"}'),
	('claim_follow_up', ARRAY[:'a', :'item'], true, '{"(company) claim follow_up"}'),
	('release_follow_up', ARRAY[:'a', :'item'], true, '{"(company) release follow_up"}'),
	('resolve_follow_up', ARRAY[:'a', :'item', '{}'], true, '{"(company) resolve follow_up"}'),
	('reveal_access_codes', ARRAY[:'a', 'call', 'call'], true, '{"(company) reveal call"}'),
	('delete_calls', ARRAY[:'a', '{"callId": "call"}'], true, '{"(company) delete call"}'),
	('delete_customer', ARRAY[:'a', 'CUST-00001', 'erase'], true, '{"(company) erase customer"}'),
	-- administration, by a database role
	('create_company', ARRAY['{"_id": "65f0000000000000000000c3", "name": "New", "timeZone": "America/Denver"}'], false, '{"(company) create company"}'),
	('update_company', ARRAY[:'a', '{"name": "ABC"}'], false, '{"(company) update company"}'),
	('create_user', ARRAY['{"_id": "65f0000000000000000000bb", "email": "bob@example.com", "password": "correct horse"}'], false, '{"(platform) create user"}'),
	('grant_company', ARRAY[:'a', 'bob@example.com', 'agent'], false, '{"(company) grant member"}'),
	('grant_right', ARRAY[:'a', 'bob@example.com', 'reveal'], false, '{"(company) grant member"}'),
	('set_password', ARRAY['ann@example.com', 'another horse'], false, '{"(company) update user","(company) update user","(platform) update user"}'),
	('disable_user', ARRAY['ann@example.com'], false, '{"(company) update user","(company) update user","(platform) update user"}'),
	('enable_user', ARRAY['ann@example.com'], false, '{"(company) update user","(company) update user","(platform) update user"}'),
	('change_password', ARRAY['another horse', 'third horse'], true, '{"(company) update user","(company) update user","(platform) update user"}'),
	('revoke_company', ARRAY[:'a', 'bob@example.com'], false, '{"(company) revoke member"}'),
	('grant_role', ARRAY[:'b', 'tap_service'], false, '{"(company) grant role"}'),
	('revoke_role', ARRAY[:'b', 'tap_service'], false, '{"(company) revoke role"}'),
	-- whose own log goes with it
	('delete_company', ARRAY['65f0000000000000000000c3', 'New'], false, '{"(platform) delete company"}');

SELECT is(ARRAY(SELECT p.proname::text FROM pg_proc p WHERE pronamespace = 'callcenter'::regnamespace AND provolatile = 'v' AND prorettype <> 'trigger'::regtype
		AND proname NOT IN (SELECT name FROM silent UNION SELECT name FROM telling) ORDER BY 1),
	'{}', 'of every function that writes it is said here what it tells the logs, or why nothing');
SELECT is(ARRAY(SELECT name FROM (SELECT name FROM silent UNION ALL SELECT name FROM telling) s
		WHERE NOT EXISTS (SELECT FROM pg_proc p WHERE pronamespace = 'callcenter'::regnamespace AND p.proname = s.name AND provolatile = 'v' AND prorettype <> 'trigger'::regtype) ORDER BY 1),
	'{}', 'and of no other');
SELECT is(ARRAY(SELECT p.proname::text FROM pg_proc p, unnest('{callcenter_rest,callcenter_service,callcenter_analyst,callcenter_admin}'::name[]) r
		WHERE pronamespace = 'callcenter'::regnamespace AND prorettype = 'trigger'::regtype AND has_function_privilege(r, p.oid, 'EXECUTE')),
	'{}', 'triggers, which are not asked for, are called by nobody');

-- Runs a function; gives what the logs have of it that they had not before.
CREATE FUNCTION pg_temp.told(asked telling) RETURNS TABLE (n integer, name text, log text, company text, actor text, at timestamptz, action text, record_type text, record_id text, before jsonb, after jsonb)
LANGUAGE plpgsql AS $$
DECLARE
	caller text := CASE WHEN NOT asked.token THEN 'tap_admin' WHEN asked.name = 'change_password' THEN 'ann' ELSE 'admin' END;
	seen text[] := ARRAY(SELECT id::text FROM callcenter.audit_log UNION ALL SELECT id FROM callcenter.platform_log);
BEGIN
	PERFORM suite.body(suite.api(caller, asked.name, VARIADIC asked.arguments));
	RETURN QUERY
		SELECT asked.n, asked.name, '(company)', l.company_id::text, l.actor, l.at, l.action, l.record_type, l.record_id, l.before, l.after FROM callcenter.audit_log l WHERE l.id <> ALL (seen)
		UNION ALL
		SELECT asked.n, asked.name, '(platform)', NULL, l.actor, l.at, l.action, l.record_type, l.record_id::text, l.before, l.after FROM callcenter.platform_log l WHERE l.id <> ALL (seen);
END
$$;
CREATE TEMPORARY TABLE told AS SELECT t.* FROM (SELECT * FROM telling ORDER BY n) asked, pg_temp.told(asked) t;
SELECT is(ARRAY(SELECT format('%s %s %s', log, action, record_type) AS entry FROM told t WHERE t.n = telling.n ORDER BY entry), ARRAY(SELECT entry FROM unnest(tells) entry ORDER BY entry),
	format('B-06: %s tells it', name))
FROM telling ORDER BY n;
SELECT is(string_agg(DISTINCT actor, ', '), CASE WHEN t.n IS NULL THEN NULL WHEN NOT token THEN 'tap_admin' WHEN name = 'change_password' THEN '65f0000000000000000000aa, ann@example.com' ELSE 'admin@example.com' END,
	format('and that %s did it', max(actor)))
FROM telling LEFT JOIN told t USING (n, name) WHERE name IN ('create_call', 'create_company', 'create_user', 'set_password', 'change_password', 'grant_role') GROUP BY n, name, token, t.n ORDER BY n;
SELECT is(count(*), 0::bigint, 'at the time of its transaction') FROM told WHERE at <> now();

-- what is told of companies and people
SELECT is(after, '{"_id": "65f0000000000000000000c3", "name": "New", "timeZone": "America/Denver"}', 'of a new company what it was made with') FROM (SELECT suite.part(after, '{"_id": 1, "name": 1, "timeZone": 1}') AS after FROM told WHERE name = 'create_company') t;
SELECT is(ARRAY(SELECT DISTINCT company || ' ' || record_id FROM told WHERE name = f AND log = '(company)' ORDER BY 1), ARRAY[:'a' || ' ann@example.com', :'b' || ' ann@example.com'], f || ' is told to each company of the user')
FROM unnest('{set_password,disable_user,enable_user,change_password}'::text[]) f;
SELECT is(ARRAY(SELECT DISTINCT record_id FROM told WHERE name = f AND log = '(platform)'), '{65f0000000000000000000aa}', f || ' is told the platform, by id') FROM unnest('{set_password,disable_user,enable_user,change_password}'::text[]) f;
SELECT is(ARRAY(SELECT DISTINCT before::text || after FROM told WHERE name = f), ARRAY[said], 'with what was and became: ' || f)
FROM (VALUES ('disable_user', '{"disabled": false}{"disabled": true}'), ('enable_user', '{"disabled": true}{"disabled": false}'), ('set_password', '{"password": "••••"}{"password": "••••"}'), ('change_password', '{"password": "••••"}{"password": "••••"}')) AS t (f, said);
SELECT is(count(*), 0::bigint, 'no password, hash or token is in a log') FROM told t, (SELECT password FROM callcenter.users UNION SELECT token FROM suite.people UNION SELECT unnest('{horse,scrypt,refresh}'::text[])) secret (word)
WHERE strpos(t::text, word) > 0;
SELECT is(count(*), 0::bigint, 'and nobody''s address or name in that of the platform') FROM told t WHERE log = '(platform)' AND t::text ~ '@|Ann|Bob|ann|bob';
SELECT suite.ask('tap_admin', 'SELECT callcenter.disable_user(''nobody@example.com'')') \g /dev/null
SELECT is((SELECT count(*) FROM callcenter.platform_log l WHERE l.at = now()), (SELECT count(*) FROM told WHERE log = '(platform)') + 4, 'what is refused is not told: there are those, and the four users of before');

-- who reads that of the platform
SELECT is(jsonb_array_length(suite.body(suite.ask('tap_admin', 'SELECT callcenter.list_platform_log()')) -> 'entries')::bigint, count(*), 'the platform''s log is listed to administrators') FROM callcenter.platform_log;
SELECT is(suite.body(suite.ask('tap_admin', 'SELECT callcenter.list_platform_log(entries => 1)')) #- '{entries,0,at}' #- '{entries,0,_id}', '{"success": true, "entries": [{"actor": "tap_admin", "action": "delete", "recordType": "company", "recordId": "65f0000000000000000000c3", "before": {"calls": 0, "users": 0, "customers": 0, "followUps": 0, "transcripts": 0, "appointments": 0, "auditEntries": 1}}]}', 'the newest first');
SELECT is(ARRAY(WITH RECURSIVE page AS (
			SELECT suite.body(suite.ask('tap_admin', 'SELECT callcenter.list_platform_log(entries => 2)')) -> 'entries' AS entries
			UNION ALL SELECT suite.body(suite.ask('tap_admin', format('SELECT callcenter.list_platform_log(%L, 2)', p.entries #>> '{-1,_id}'))) -> 'entries' FROM page p WHERE jsonb_array_length(p.entries) > 0)
		SELECT e ->> '_id' FROM page, jsonb_array_elements(entries) e), ARRAY(SELECT id::text FROM callcenter.platform_log ORDER BY id DESC), 'page by page, each entry once');
SELECT suite.refused(suite.ask('tap_admin', format('SELECT callcenter.list_platform_log(entries => %s)', n)), '22023', 'entries', 'must be from 1 to 1000', 'not ' || n || ' at once') FROM unnest('{0,1001}'::int[]) n;
SELECT is((suite.ask(caller, 'SELECT callcenter.list_platform_log()')).state, '42501', caller || ' does not read it') FROM unnest('{tap_rest,tap_service,tap_platform,tap_analyst,tap_nobody}'::name[]) caller;
SELECT throws_ok(s, '55000', 'rows of the audit log cannot be changed or removed', 'nobody changes it: ' || s) FROM unnest('{"DELETE FROM callcenter.platform_log","UPDATE callcenter.platform_log SET actor = ''x''","TRUNCATE callcenter.platform_log"}'::text[]) s;

SELECT * FROM finish();
ROLLBACK;
