-- A company leaves: afterwards no table has a row of it, the audit log included, and nothing of others has changed.

\ir common.psql
\ir records.psql

SELECT plan(45);

\set c 65f0000000000000000000c3
CREATE FUNCTION pg_temp.delete_company(company text, name text, caller name DEFAULT 'tap_admin') RETURNS suite.answer LANGUAGE sql AS $$
	SELECT suite.ask(caller, format('SELECT callcenter.delete_company(%L, %L)', company, name))
$$;

-- company c has something of everything, and three people: who is in it alone, who is in company a too, who is in none
SELECT callcenter.create_company(jsonb_build_object('_id', :'c', 'name', 'Marvin''s', 'timeZone', 'America/Denver')) \g /dev/null
SELECT callcenter.create_user(jsonb_build_object('_id', id, 'email', name || '@example.com', 'password', 'correct horse'))
FROM (VALUES ('65f0000000000000000000d1', 'only'), ('65f0000000000000000000d2', 'both'), ('65f0000000000000000000d3', 'none')) AS t (id, name) \g /dev/null
SELECT callcenter.grant_company(c, e, 'admin') FROM (VALUES (:'c', 'only@example.com'), (:'c', 'both@example.com'), (:'a', 'both@example.com')) AS t (c, e) \g /dev/null
SELECT callcenter.grant_role(:'c', 'tap_service') \g /dev/null
INSERT INTO suite.people SELECT p, callcenter.login(p || '@example.com', 'correct horse') ->> 'token' FROM unnest('{only,both}'::text[]) p;
CREATE FUNCTION pg_temp.fill(company text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	who text;
	item text;
BEGIN
	who := suite.logged(company, suite.call('call_1', '+13052134242', status => 'voicemail', more => '{"captured": {"name": "Marvin", "accessInstructions": {"gateCode": "4711"}},
		"transcript": [{"speaker": "caller", "text": "Here is Marvin"}], "agentNotes": {"text": "call Marvin"}}')) #>> '{caller,customerId}';
	item := suite.done('claim_follow_up', company) #>> '{followUp,_id}';
	PERFORM suite.logged(company, suite.call('call_2', '+13052134242', '2025-12-02T14:30:00Z', status => 'voicemail'));
	PERFORM suite.logged(company, suite.call('call_3', '+13052134299', '2025-12-02T14:30:00Z'));
	PERFORM suite.done('update_customer', company, who, '{"tags": ["Marvin"], "addresses": [{"street": "1 Marvin St", "lockboxCode": "4711"}], "equipment": [{"type": "AC"}]}');
	PERFORM suite.done('add_customer_note', company, who, '{"text": "Marvin is sad"}');
	PERFORM suite.done('create_appointment', company, jsonb_build_object('customerId', who, 'callId', 'call_1', 'status', 'completed', 'value', 100)::text);
	PERFORM suite.done('open_call', company, '{"twilioCallSid": "CAmarvin", "caller": {"phone": "+13052134242"}}');
END
$$;
SELECT pg_temp.fill(x) FROM unnest(ARRAY[:'a', :'c']) x \g /dev/null
SELECT callcenter.fold_counters(), callcenter.fold_rollups() \g /dev/null
SELECT suite.logged(x, suite.call('call_4', '+13052134242', '2025-12-03T14:30:00Z')) FROM unnest(ARRAY[:'a', :'c']) x \g /dev/null

-- The tables that have rows of a company, and what the rows of all others are.
CREATE FUNCTION suite.rows_of(company text) RETURNS text[] LANGUAGE plpgsql AS $$
DECLARE
	t record;
	found text[] := '{}';
	n bigint;
BEGIN
	FOR t IN SELECT relname, CASE relname WHEN 'companies' THEN 'id' ELSE 'company_id' END AS key FROM pg_class c WHERE relnamespace = 'callcenter'::regnamespace AND relkind = 'r'
		AND (relname = 'companies' OR EXISTS (SELECT FROM pg_attribute a WHERE attrelid = c.oid AND attname = 'company_id')) ORDER BY relname LOOP
		EXECUTE format('SELECT count(*) FROM callcenter.%I WHERE %I = $1', t.relname, t.key) INTO n USING company;
		IF n > 0 THEN
			found := found || t.relname::text;
		END IF;
	END LOOP;
	RETURN found;
END
$$;
CREATE FUNCTION suite.others(company text) RETURNS TABLE (name text, sum text) LANGUAGE plpgsql AS $$
DECLARE
	t record;
BEGIN
	FOR t IN SELECT relname FROM pg_class c WHERE relnamespace = 'callcenter'::regnamespace AND relkind = 'r' AND relname NOT IN ('platform_log', 'sign_in_attempts') ORDER BY relname LOOP
		name := t.relname;
		EXECUTE format('SELECT md5(string_agg(x::text, '' '' ORDER BY x::text COLLATE "C")) FROM callcenter.%I x WHERE x::text !~ $1', t.relname) INTO sum USING company || '|65f0000000000000000000d1|only@example';
		RETURN NEXT;
	END LOOP;
END
$$;
SELECT is(ARRAY(SELECT relname::text FROM pg_class c WHERE relnamespace = 'callcenter'::regnamespace AND relkind = 'r' AND relname <> ALL (suite.rows_of(:'c')) ORDER BY 1),
	'{platform_log,sign_in_attempts,user_sessions,users}', 'control: every table that is of companies has rows of the one that leaves');
CREATE TEMPORARY TABLE before AS SELECT * FROM suite.others(:'c');

-- who may not, and how not
SELECT suite.refused(pg_temp.delete_company(:'c', name), '22023', 'name', 'must be the name of the company that is to be deleted', format('the name confirms it, not "%s"', name))
FROM unnest('{"",Marvin,"marvin''s","Marvin''s ",ABC HVAC}'::text[]) name;
SELECT suite.refused(pg_temp.delete_company(:'c', NULL), '23502', 'name', 'is required', 'nor none');
SELECT suite.refused(pg_temp.delete_company(:'nowhere', 'Marvin''s'), 'P0002', '', 'Company not found', 'a company that there is not cannot leave');
SELECT suite.refused(pg_temp.delete_company(NULL, 'Marvin''s'), '23502', 'companyId', 'is required', 'a company is named');
SELECT is((pg_temp.delete_company(:'c', 'Marvin''s', caller)).message, 'permission denied for function delete_company', caller || ' deletes no company')
FROM unnest('{tap_rest,tap_platform,tap_service,tap_analyst}'::name[]) caller;
SELECT throws_ok(format('DELETE FROM callcenter.companies WHERE id = %L', :'c'), '23503', NULL, 'a company that has an audit log cannot be deleted by SQL');
SET LOCAL ROLE callcenter_api;
SELECT throws_ok('DELETE FROM callcenter.audit_log', '55000', 'rows of the audit log cannot be changed or removed', 'nor its log by callcenter_api');
RESET ROLE;

-- an error between takes all of it back, and leaves the log closed
CREATE FUNCTION suite.fails() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no'; END $$;
CREATE TRIGGER fails AFTER DELETE ON callcenter.audit_log FOR EACH STATEMENT EXECUTE FUNCTION suite.fails();
SELECT is((pg_temp.delete_company(:'c', 'Marvin''s')).state, 'P0001', 'when the audit log cannot be removed');
DROP TRIGGER fails ON callcenter.audit_log;
SELECT set_eq(format('SELECT * FROM suite.others(%L)', :'c'), 'SELECT * FROM before', 'nothing of others is gone');
SELECT is(cardinality(suite.rows_of(:'c')) > 20, true, 'nor anything of the company');
SELECT throws_ok('DELETE FROM callcenter.audit_log', '55000', 'rows of the audit log cannot be changed or removed', 'and the log is closed');
SELECT is(current_user, session_user, 'and whoever was at it is who they were');
CREATE TRIGGER fails AFTER INSERT ON callcenter.platform_log FOR EACH STATEMENT EXECUTE FUNCTION suite.fails();
SELECT is((pg_temp.delete_company(:'c', 'Marvin''s')).state, 'P0001', 'when it cannot be told');
DROP TRIGGER fails ON callcenter.platform_log;
SELECT is(callcenter.current_company(), NULL, 'no identity is left behind');
SELECT is(current_user, session_user, 'nor callcenter_auth');

-- it leaves
SELECT count(*) AS entries FROM callcenter.audit_log WHERE company_id = :'c' \gset
SELECT is((pg_temp.delete_company(:'c', 'Marvin''s')).body, jsonb_build_object('success', true, 'companyId', :'c', 'deleted',
	jsonb_build_object('calls', 4, 'customers', 2, 'appointments', 1, 'transcripts', 1, 'followUps', (SELECT count(*) FROM callcenter.follow_ups WHERE company_id = :'a'), 'auditEntries', :entries, 'users', 1)), 'a company leaves, with all that it had');
SELECT is(suite.rows_of(:'c'), '{}', 'no table has a row of it');
SELECT set_eq(format('SELECT * FROM suite.others(%L)', :'c'), 'SELECT * FROM before', 'and every row of others is as it was');
SELECT is(callcenter.rebuild_stats() + callcenter.fold_counters() + callcenter.fold_rollups(), 0::bigint, 'rebuild_stats() finds nothing to change, nor is there anything to fold');
SELECT is(suite.rows_of(:'c'), '{}', 'and folding makes nothing of it');
SELECT is(ARRAY(SELECT email FROM callcenter.users WHERE id >= '65f0000000000000000000d1' AND id <= '65f0000000000000000000d3' ORDER BY email), '{both@example.com,none@example.com}', 'who was a member of it alone is gone, and nobody else');
SELECT is(ARRAY(SELECT u.email FROM callcenter.user_sessions s JOIN callcenter.users u ON u.id = s.user_id WHERE u.email IN ('both@example.com', 'only@example.com')), '{both@example.com}', 'with their sessions');
SELECT is(suite.ask('tap_rest', 'SELECT callcenter.login(''only@example.com'', ''correct horse'')')::text ~ '28P01', true, 'they cannot sign in');
SELECT is(suite.body(suite.ask('tap_rest', 'SELECT callcenter.login(''both@example.com'', ''correct horse'')')) -> 'companies' @> jsonb_build_array(jsonb_build_object('companyId', :'a')), true, 'who is in another company can');
SELECT is(jsonb_array_length(suite.body(suite.ask('tap_rest', 'SELECT callcenter.login(''both@example.com'', ''correct horse'')')) -> 'companies'), 1, 'for that one');

-- what is left
SELECT is(suite.body(suite.ask('tap_admin', 'SELECT callcenter.list_platform_log(entries => 1)')) #- '{entries,0,at}' #- '{entries,0,_id}', jsonb_build_object('success', true, 'entries', jsonb_build_array(
	jsonb_build_object('actor', 'tap_admin', 'action', 'delete', 'recordType', 'company', 'recordId', :'c', 'before',
		jsonb_build_object('calls', 4, 'customers', 2, 'appointments', 1, 'transcripts', 1, 'followUps', (SELECT count(*) FROM callcenter.follow_ups WHERE company_id = :'a'), 'auditEntries', :entries, 'users', 1)))),
	'the platform knows that it left, when, who did it, and how much it was');
SELECT is(count(*), 0::bigint, 'and not who was in it') FROM callcenter.platform_log l WHERE l::text ~* 'marvin|only@|4242';
SELECT throws_ok('DELETE FROM callcenter.audit_log', '55000', 'rows of the audit log cannot be changed or removed', 'the log is closed again');
SELECT throws_ok('UPDATE callcenter.audit_log SET actor = ''x''', '55000', NULL, 'for changes too');

-- whoever comes after it
SELECT suite.refused(suite.api(who, name, VARIADIC ARRAY[:'c'] || arguments), state, '', words, format('%s of a company that has left, by %s', name, who))
FROM (VALUES ('tap_platform', 'create_call', ARRAY[suite.call('late')::text], 'P0002', 'Company not found'), ('tap_platform', 'lookup_by_phone', '{+13052134242}', 'P0002', 'Company not found'),
	('only', 'list_calls', '{}', 'P0002', 'Company not found'), ('both', 'update_customer', '{CUST-00001,"{}"}', 'P0002', 'Company not found'), ('tap_service', 'get_call', '{call_1}', '42501', 'You do not have access to this company')) AS t (who, name, arguments, state, words);
SELECT suite.refused(pg_temp.delete_company(:'c', 'Marvin''s'), 'P0002', '', 'Company not found', 'a company leaves once');
SELECT callcenter.create_company(jsonb_build_object('_id', :'c', 'name', 'Marvin''s', 'timeZone', 'America/Denver')) \g /dev/null
SELECT is(suite.logged(:'c', suite.call('call_1', '+13052134242')) ->> 'previousCallCount', suite.logged(:'b', suite.call('call_1', '+13052134242')) ->> 'previousCallCount', 'its id may be given again, to a company that knows nobody');
SELECT is(suite.done('list_calls', :'c') #>> '{pagination,total}', '1', 'and has what it is given');

SELECT * FROM finish();
ROLLBACK;
