-- The audit log, who may call what, and that no function reaches into another company.

\ir common.psql
\ir records.psql

SELECT plan(466);

/*
 * B-06 H-04: every change tells who, what, when, before and after; codes are masked.
 */
SELECT suite.logged(:'a', suite.call('one', '+13055551234', more => '{"captured": {"name": "Sarah Johnson", "accessInstructions": {"gateCode": "1234"}}}')) \g /dev/null
SELECT suite.body(suite.api('agent', 'update_call', :'a', 'one', '{"review": {"rating": 4}, "agentNotes": {"text": "fine"}}')) \g /dev/null
SELECT suite.body(suite.api('admin', 'update_call', :'a', 'one', '{"captured": {"accessInstructions": {"gateCode": "9876", "lockboxCode": "55"}}, "outcome": {"result": "Done"}}')) \g /dev/null
SELECT suite.body(suite.api('agent', 'add_call_note', :'a', 'one', '{"text": "noted"}')) \g /dev/null
SELECT suite.body(suite.api('admin', 'add_transcript', :'a', 'one', '[{"speaker": "agent", "text": "Hello"}]')) \g /dev/null
SELECT suite.body(suite.api('agent', 'link_call', :'a', 'one', NULL)) \g /dev/null
SELECT suite.body(suite.api('admin', 'reveal_access_codes', :'a', 'call', (SELECT id FROM callcenter.calls WHERE call_id = 'one'))) \g /dev/null
SELECT id AS sarah FROM callcenter.customers \gset
CREATE TEMPORARY TABLE log AS
	SELECT row_number() OVER (ORDER BY at, id) AS n, l.* FROM callcenter.audit_log l WHERE company_id = :'a' AND record_id = 'one';
SELECT is(string_agg(format('%s by %s', action, actor), ', ' ORDER BY n), 'create by postgres, update by agent@example.com, update by admin@example.com, note by agent@example.com, update by admin@example.com, link by agent@example.com, reveal by admin@example.com',
	'B-06: every change of a call is told, in order, with who made it') FROM (SELECT n, action, CASE actor WHEN session_user THEN 'postgres' ELSE actor END AS actor FROM log) l;
SELECT ok(bool_and(at = now()), 'with its time') FROM log;
SELECT is(before::text || after::text, '{}{"review": {"rating": 4}, "agentNotes": {"text": "fine"}}', 'with what was and became') FROM log WHERE n = 2;
SELECT is(before::text || after::text, '{"captured": {"accessInstructions": {"gateCode": "••••"}}}{"outcome": {"result": "Done"}, "captured": {"accessInstructions": {"gateCode": "••••", "lockboxCode": "••••"}}}', 'access codes are masked in it') FROM log WHERE n = 3;
SELECT is(after ->> 'text', 'noted', 'a note') FROM log WHERE n = 4;
SELECT is(before || after, jsonb_build_object('customerId', NULL), 'a link, from whom') FROM log WHERE n = 6;
SELECT is(before ->> 'customerId', :'sarah', 'and to whom') FROM log WHERE n = 6;
SELECT is(after, '{"captured": {"accessInstructions": {"gateCode": "••••", "lockboxCode": "••••"}}}', 'a reveal tells which codes were seen, not what they are, and of which call, however it was named') FROM log WHERE n = 7;
SELECT suite.body(suite.api('agent', 'update_customer', :'a', 'CUST-00001', '{"email": "s@example.com", "addresses": [{"street": "1 Main", "lockboxCode": "31337"}]}')) \g /dev/null
SELECT suite.body(suite.api('agent', 'add_customer_note', :'a', :'sarah', '{"text": "hm"}')) \g /dev/null
SELECT suite.body(suite.api('admin', 'reveal_access_codes', :'a', 'customer', :'sarah')) #>> '{customer,addresses,0,lockboxCode}' AS code \gset
SELECT suite.body(suite.api('admin', 'delete_customer', :'a', 'CUST-00001', 'delete')) \g /dev/null
SELECT is(jsonb_path_query_array(suite.audited(:'a', 'customer', 'CUST-00001'), '$[*].action')::text || :'code', '["create", "update", "note", "reveal", "delete"]31337', 'B-06: and of a customer that a call made, under one name');
SELECT is(count(*), 0::bigint, 'no code is in the audit log') FROM callcenter.audit_log l WHERE l::text ~ '"1234"|9876|"55"|31337';
SELECT suite.body(suite.api('agent', 'create_appointment', :'a', '{"service": "Fix", "callId": "one"}')) #>> '{appointment,_id}' AS visit \gset
SELECT suite.body(suite.api('agent', 'update_appointment', :'a', :'visit', '{"status": "cancelled"}')) \g /dev/null
SELECT is(suite.audited(:'a', 'appointment', :'visit') -> 1, '{"action": "update", "actor": "agent@example.com", "before": {"status": "scheduled"}, "after": {"status": "cancelled"}}', 'B-06: and of a visit');
SELECT suite.body(suite.api('admin', 'delete_calls', :'a', '{"callId": "one"}')) \g /dev/null
SELECT is(suite.audited(:'a', 'call', 'one') -> -1, '{"action": "delete", "actor": "admin@example.com", "before": {"startedAt": "2025-12-01T14:30:00Z"}}', 'B-06: and of a deletion');
-- fifteen changes of records, the company itself, and the grants of three roles and three people
SELECT is(count(*), 22::bigint, 'what is refused, tried or only counted is no change') FROM (SELECT suite.api('agent', 'update_call', :'a', 'one', '{"bogus": 1}'), suite.api('admin', 'delete_calls', :'a', '{"status": "spam", "dryRun": true}'), suite.api('viewer', 'add_call_note', :'a', 'one', '{"text": "x"}') OFFSET 0) tries, callcenter.audit_log WHERE company_id = :'a';
-- S: the log is read by admins, per record and per company
SELECT is(suite.body(suite.api('admin', 'list_audit', :'a', p)) #>> '{pagination,total}', n, 'the audit log for ' || p)
FROM (VALUES ('{}', '22'), ('{"action": "grant"}', '6'), ('{"recordType": "member"}', '3'), ('{"recordType": "call"}', '8'), ('{"recordType": "call", "recordId": "one"}', '8'), ('{"recordId": "CUST-00001"}', '5'), ('{"actor": "agent@example.com"}', '7'), ('{"action": "reveal"}', '2'), ('{"action": "reveal,link"}', '3'),
	('{"startDate": "2025-01-01", "endDate": "2025-01-31"}', '0'), ('{"actor": "nobody"}', '0')) AS t (p, n);
-- a record is named by its _id as well as by callId or CUST number, and a call that telephony opened has one history
SELECT suite.done('open_call', :'a', '{"twilioCallSid": "CAtwo", "caller": {"phone": "+13055551234"}}') \g /dev/null
SELECT suite.logged(:'a', suite.call('two', '+13055551234', more => '{"twilioCallSid": "CAtwo"}')) #>> '{caller,customerId}' AS again \gset
SELECT is((SELECT string_agg(e ->> 'action', ', ') FROM jsonb_array_elements(suite.body(suite.api('admin', 'list_audit', :'a', jsonb_build_object('recordId', id)::text)) -> 'entries') e), actions, 'the audit log of ' || what)
FROM (VALUES ('two', 'create, open', 'a call by callId'), ((SELECT id::text FROM callcenter.calls WHERE call_id = 'two'), 'create, open', 'a call by _id'),
	('CUST-00002', 'create', 'a customer by number'), (:'again', 'create', 'a customer by _id'), (:'visit', 'update, create', 'a visit'), ('65f0000000000000000000ee', NULL, 'nothing')) AS t (id, actions, what);
SELECT throws_ok(s, '55000', 'rows of the audit log cannot be changed or removed', 'nobody can change it: ' || s)
FROM unnest(ARRAY['DELETE FROM callcenter.audit_log', 'UPDATE callcenter.audit_log SET actor = ''x''', 'TRUNCATE callcenter.audit_log']) s;
SELECT is(string_agg(format('%s %s', r.rolname, p), ', '), 'callcenter_api DELETE, callcenter_api INSERT, callcenter_api SELECT, callcenter_auth INSERT', 'and no role may try, but to add and read, and who erases and deletes companies')
FROM (SELECT r.rolname, p FROM pg_roles r, unnest('{SELECT,INSERT,UPDATE,DELETE,TRUNCATE}'::text[]) p WHERE r.rolname LIKE 'callcenter%' AND r.rolname NOT LIKE '%login' AND has_table_privilege(r.oid, 'callcenter.audit_log', p) ORDER BY 1, 2) r;

/*
 * Who may call what.  Each function is tried with arguments that fit, by each caller, in both companies.
 */
SELECT suite.logged(:'a', suite.call('call', '+13055551234')) #>> '{caller,customerId}' AS ours \gset
SELECT suite.logged(:'b', suite.call('theirs', '+13055551234')) #>> '{caller,customerId}' AS theirs \gset
SELECT suite.done('create_appointment', :'a', '{"customerId": "CUST-00002"}') #>> '{appointment,_id}' AS visit \gset
SELECT suite.logged(:'a', suite.call('waits', '+13055551235', status => 'voicemail')) \g /dev/null
SELECT id AS item FROM callcenter.follow_ups WHERE company_id = :'a' AND resolved_at IS NULL ORDER BY id DESC LIMIT 1 \gset
SELECT suite.done('create_appointment', :'b', '{"customerId": "CUST-00001", "externalRef": "secret"}') #>> '{appointment,_id}' AS their_visit \gset
CREATE TEMPORARY TABLE functions (name text, needs text, arguments text[]);
INSERT INTO functions VALUES
	('lookup_by_phone', 'viewer', '{+13055551234}'), ('enrich_context', 'viewer', ARRAY['+13055551234', '{}']), ('get_call', 'viewer', '{call}'), ('list_calls', 'viewer', ARRAY['{}']), ('get_customer', 'viewer', '{CUST-00002}'), ('list_customers', 'viewer', ARRAY['{}']),
	('get_customer_stats', 'viewer', '{CUST-00002}'), ('customer_timeline', 'viewer', ARRAY['CUST-00002', '{}']), ('list_appointments', 'viewer', ARRAY['{}']), ('export_calls', 'viewer', ARRAY['{}']),
	('update_call', 'agent', ARRAY['call', '{"review": {"rating": 1}}']), ('add_call_note', 'agent', ARRAY['call', '{"text": "x"}']), ('link_call', 'agent', ARRAY['call', 'CUST-00002']),
	('create_customer', 'agent', ARRAY['{"phone": "3052130077"}']), ('get_or_create_customer', 'agent', ARRAY['3052130078']), ('update_customer', 'agent', ARRAY['CUST-00002', '{}']),
	('add_customer_note', 'agent', ARRAY['CUST-00002', '{"text": "x"}']), ('create_appointment', 'agent', ARRAY['{}']), ('update_appointment', 'agent', ARRAY[:'visit', '{}']),
	('open_call', 'service', ARRAY['{"twilioCallSid": "CAx", "caller": {"phone": "+13055551234"}}']), ('create_call', 'service', ARRAY[suite.call('new', '+13055551234')::text]), ('add_transcript', 'service', ARRAY['call', '[{"speaker": "agent", "text": "x"}]']),
	('list_follow_ups', 'viewer', ARRAY['{}']), ('claim_follow_up', 'agent', ARRAY[:'item']), ('release_follow_up', 'agent', ARRAY[:'item']), ('resolve_follow_up', 'agent', ARRAY[:'item', '{}']),
	('delete_calls', 'admin', ARRAY['{"callId": "call"}']), ('delete_customer', 'admin', ARRAY['CUST-00002', 'erase']), ('call_analytics', 'viewer', ARRAY['{}']), ('call_series', 'viewer', ARRAY['{}']), ('call_heatmap', 'viewer', ARRAY['{}']), ('export_analytics', 'viewer', ARRAY['series', '{}']),
	('list_audit', 'admin', ARRAY['{}']), ('reveal_access_codes', 'admin', ARRAY['call', 'call']);
SELECT is(array_agg(p.proname::text ORDER BY p.proname), NULL, 'every function with a token is tried')
FROM pg_proc p WHERE pronamespace = 'callcenter'::regnamespace AND proargnames @> '{company_id,token}' AND proname NOT IN (SELECT name FROM functions);
-- levels: what each caller has of what is needed
SELECT is((suite.tried(who, name, VARIADIC ARRAY[:'a'] || arguments)).state, CASE WHEN needs = ANY (has) THEN '00000' ELSE '42501' END, format('%s %s %s', who, CASE WHEN needs = ANY (has) THEN 'may' ELSE 'may not' END, name))
FROM functions, (VALUES ('viewer', '{viewer}'::text[]), ('agent', '{viewer,agent}'), ('admin', '{viewer,agent,service,admin}'), ('tap_service', '{viewer,agent,service}'), ('tap_analyst', '{}'), ('tap_nobody', '{}')) AS callers (who, has);
SELECT is((suite.tried('tap_rest', name, VARIADIC ARRAY[:'a'] || arguments)).state, '28000', 'without a token nobody may ' || name) FROM functions;
-- B-06: what writes tells the audit log, in the transaction of the change; what reads does not
CREATE FUNCTION pg_temp.entries(name text, arguments text[]) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	earlier text[] := ARRAY(SELECT id::text FROM callcenter.audit_log);
	seen text[];
	written bigint;
	proper bigint;
BEGIN
	BEGIN
		IF name = 'release_follow_up' THEN
			PERFORM suite.body(suite.api('admin', 'claim_follow_up', VARIADIC ARRAY['65f0000000000000000000a1'] || arguments));
		END IF;
		seen := ARRAY(SELECT id::text FROM callcenter.audit_log);
		PERFORM suite.body(suite.api('admin', name, VARIADIC ARRAY['65f0000000000000000000a1'] || arguments));
		SELECT count(*), count(*) FILTER (WHERE l.actor = 'admin@example.com' AND l.at = now() AND l.company_id = '65f0000000000000000000a1')
		INTO written, proper FROM callcenter.audit_log l WHERE l.id <> ALL (seen);
		RAISE EXCEPTION 'undo' USING ERRCODE = 'CC000';
	EXCEPTION WHEN SQLSTATE 'CC000' THEN
		NULL;
	END;
	RETURN format('%s%s%s', least(written, 1), CASE WHEN proper < written THEN ', of somebody else or another time' END,
		CASE WHEN (SELECT count(*) FROM callcenter.audit_log) <> cardinality(earlier) THEN ', left when the change was undone' END);
END
$$;
SELECT is(pg_temp.entries(f.name, f.arguments), CASE p.provolatile WHEN 'v' THEN '1' ELSE '0' END,
	format('B-06: %s %s', f.name, CASE p.provolatile WHEN 'v' THEN 'tells the audit log who did it, and when, in the same transaction' ELSE 'only reads, and tells it nothing' END))
FROM functions f JOIN pg_proc p ON p.proname = f.name AND p.pronamespace = 'callcenter'::regnamespace;
-- isolation: a person and a service of company a, in company b
SELECT suite.refused(suite.tried(who, name, VARIADIC ARRAY[company] || arguments), '42501', '', 'You do not have access to this company', format('X-09: %s may not %s in %s', who, name, company))
FROM functions, unnest('{admin,tap_service}'::text[]) who, unnest(ARRAY[:'b', :'nowhere']) company;
-- isolation: company b's records, named in company a
SELECT is(format('%s %s', (suite.tried('tap_platform', f, VARIADIC ARRAY[:'a'] || arguments)).state, (suite.tried('tap_platform', f, VARIADIC ARRAY[:'a'] || arguments)).message),
	format('%s %s', (suite.tried('tap_platform', f, VARIADIC ARRAY[:'a'] || array_replace(array_replace(array_replace(arguments, 'theirs', 'nothing'), :'theirs', '65f0000000000000000000ee'), :'their_visit', '65f0000000000000000000ee'))).state,
		(suite.tried('tap_platform', f, VARIADIC ARRAY[:'a'] || array_replace(array_replace(array_replace(arguments, 'theirs', 'nothing'), :'theirs', '65f0000000000000000000ee'), :'their_visit', '65f0000000000000000000ee'))).message),
	format('X-09: %s of another company''s record is as of none', f))
FROM (VALUES ('get_call', ARRAY['theirs']), ('update_call', ARRAY['theirs', '{}']), ('add_call_note', ARRAY['theirs', '{"text": "x"}']), ('add_transcript', ARRAY['theirs', '[]']), ('link_call', ARRAY['theirs', 'CUST-00002']), ('link_call', ARRAY['call', :'theirs']),
	('get_customer', ARRAY[:'theirs']), ('update_customer', ARRAY[:'theirs', '{}']), ('add_customer_note', ARRAY[:'theirs', '{"text": "x"}']), ('get_customer_stats', ARRAY[:'theirs']), ('customer_timeline', ARRAY[:'theirs', '{}']),
	('update_appointment', ARRAY[:'their_visit', '{}'])) AS t (f, arguments);
SELECT is((suite.tried('admin', f, VARIADIC ARRAY[:'a'] || arguments)).state, 'P0002', format('X-09: nor is %s', f)) FROM (VALUES ('delete_customer', ARRAY[:'theirs', 'erase']), ('reveal_access_codes', ARRAY['customer', :'theirs']), ('reveal_access_codes', ARRAY['call', 'theirs'])) AS t (f, arguments);
SELECT suite.refused(suite.tried('tap_platform', 'create_appointment', :'a', jsonb_build_object('customerId', :'theirs')::text), '22023', 'customerId', 'is not a customer', 'X-09: a visit cannot be for another company''s customer');
SELECT suite.refused(suite.tried('tap_platform', 'create_appointment', :'a', '{"callId": "theirs"}'), '22023', 'callId', 'is not a call', 'X-09: nor come of its call');
SELECT is((suite.tried('tap_platform', 'create_appointment', :'a', '{"externalRef": "secret"}')).state, '00000', 'X-09: its references do not conflict');
SELECT is(suite.body(suite.api('admin', 'delete_calls', :'a', '{"callId": "theirs"}')) -> 'deleted', '0', 'X-09: its calls are not deleted');
SELECT is(strpos(string_agg((suite.done(f, :'a', '{}'))::text, ''), :'theirs') + strpos(string_agg((suite.done(f, :'a', '{}'))::text, ''), 'theirs'), 0, 'X-10: nothing of it is in lists') FROM unnest('{list_calls,list_customers,list_appointments,export_calls}'::text[]) f;
SELECT is((SELECT version FROM callcenter.calls WHERE call_id = 'theirs'), 1, 'X-09: its call is as it was')
UNION ALL SELECT is((SELECT version FROM callcenter.customers WHERE id = :'theirs'), 1, 'X-09: its customer is as it was');
SELECT is(callcenter.current_company(), NULL, 'no identity is left behind');

SELECT * FROM finish();
ROLLBACK;
