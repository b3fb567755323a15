-- Erasing a person: afterwards no table says a word of them, the audit log included, and the counts stay (K-30, B-06, B-13).

\ir common.psql
\ir records.psql

SELECT plan(40);

-- Everything that can say something of a person, or leads to the telephone company's record of a call, says "Zaphod", "213-4242" or "x4711z".
SELECT suite.logged(:'a', suite.call('call_e1', '+13052134242', status => 'voicemail', more => jsonb_build_object('twilioCallSid', 'CAzaphod1',
	'captured', '{"name": "Zaphod Beeblebrox", "phone": "305 213 4242", "email": "zaphod@example.com", "address": {"street": "1 Zaphod St", "full": "1 Zaphod St"}, "problemDescription": "Zaphod has no heat",
		"appointment": {"requestedTimeWindow": "when Zaphod wakes", "bookedTimeWindow": "after Zaphod''s lunch"},
		"accessInstructions": {"gateCode": "x4711z", "keyLocation": "Zaphod''s mat", "alternateContact": {"name": "Zaphod jr", "phone": "305 213 4242"}, "petInfo": "Zaphod the cat", "specialNotes": "ask Zaphod"},
		"custom": {"nick": "Zaphod"}}'::jsonb,
	'transcript', '[{"speaker": "caller", "text": "Zaphod here, code x4711z"}]'::jsonb, 'agentNotes', '{"text": "call Zaphod"}'::jsonb,
	'actions', '[{"type": "sms_sent", "target": "+13052134242"}]'::jsonb, 'recording', '{"url": "https://example.com/zaphod.mp3"}'::jsonb))) #>> '{caller,customerId}' AS who \gset
SELECT suite.body(suite.api('agent', 'claim_follow_up', :'a')) #>> '{followUp,_id}' AS item \gset
SELECT suite.body(suite.api('agent', 'resolve_follow_up', :'a', :'item', '{"note": "Zaphod is fine"}')) \g /dev/null
SELECT suite.logged(:'a', suite.call('call_e2', '+13052134242', '2025-12-02T14:30:00Z')) \g /dev/null
SELECT suite.done('update_call', :'a', 'call_e2', '{"captured": {"name": "Zaphod", "problemDescription": "Zaphod again"}, "outcome": {"result": "told Zaphod", "transferredTo": "Zaphod''s aunt", "followUpNotes": "Zaphod"}, "review": {"rating": 2, "feedback": "Zaphod is rude", "flagged": true, "flagReason": "Zaphod"}}') \g /dev/null
SELECT suite.done('add_call_note', :'a', 'call_e2', '{"text": "Zaphod called"}') \g /dev/null
SELECT suite.logged(:'a', suite.call('call_e3', '+13052134242', '2025-12-03T14:30:00Z')) \g /dev/null
SELECT suite.done('update_call', :'a', 'call_e3', '{"captured": {"name": "Zaphod"}}') \g /dev/null
SELECT suite.body(suite.api('admin', 'delete_calls', :'a', '{"callId": "call_e3"}')) \g /dev/null
SELECT suite.done('update_customer', :'a', :'who', '{"phoneWork": "(305) 213-4242 ", "phone": "+13052134243", "email": "zaphod@example.com", "preferences": {"specialInstructions": "Zaphod only", "paymentMethod": "Zaphod''s card"}, "tags": ["Zaphod"],
	"addresses": [{"street": "1 Zaphod St", "lockboxCode": "x4711z", "accessNotes": "Zaphod knows", "alternateContact": {"name": "Zaphod jr", "phone": "305 213 4242"}}], "equipment": [{"type": "AC", "notes": "Zaphod''s", "serialNumber": "Zx4711z"}]}') \g /dev/null
SELECT suite.done('add_customer_note', :'a', :'who', '{"text": "Zaphod is VIP"}') \g /dev/null
SELECT suite.done('create_appointment', :'a', jsonb_build_object('customerId', :'who', 'service', 'Zaphod''s AC', 'notes', 'ring Zaphod', 'timeWindow', 'before Zaphod goes', 'externalRef', 'job of Zaphod', 'status', 'completed', 'value', 100)::text) #>> '{appointment,_id}' AS visit \gset
SELECT suite.done('update_appointment', :'a', :'visit', '{"notes": "ring Zaphod twice"}') \g /dev/null
SELECT suite.body(suite.api('admin', 'reveal_access_codes', :'a', 'call', 'call_e1')) \g /dev/null
SELECT suite.done('open_call', :'a', '{"twilioCallSid": "CAzaphod9", "caller": {"phone": "+13052134242", "name": "ZAPHOD B"}}') \g /dev/null
-- somebody else, who stays
SELECT suite.logged(:'a', suite.call('call_o1', '+13052135555', more => '{"captured": {"name": "Ford Prefect"}}')) #>> '{caller,customerId}' AS other \gset
SELECT suite.done('update_customer', :'a', :'other', '{"lastName": "Perfect"}') \g /dev/null

-- The tables in which a row says so.
CREATE FUNCTION suite.found(pattern text) RETURNS text[] LANGUAGE plpgsql AS $$
DECLARE
	t text;
	found text[] := '{}';
	n bigint;
BEGIN
	FOR t IN SELECT relname FROM pg_class WHERE relnamespace = 'callcenter'::regnamespace AND relkind = 'r' ORDER BY relname LOOP
		EXECUTE format('SELECT count(*) FROM callcenter.%I x WHERE x::text ~* $1', t) INTO n USING pattern;
		IF n > 0 THEN
			found := found || t;
		END IF;
	END LOOP;
	RETURN found;
END
$$;
\set person zaphod|beeblebrox|213-?424[23]|x4711z
SELECT is(suite.found(:'person') @> '{appointments,audit_log,call_notes,calls,customer_addresses,customer_equipment,customer_notes,customer_phones,customer_tags,customers,follow_ups,open_calls,transcripts}', true,
	'control: before, all of them say something');
SELECT count(*) AS entries FROM callcenter.audit_log \gset
CREATE TEMPORARY TABLE before AS SELECT id, at, actor, action, record_type, record_id, ARRAY(SELECT jsonb_object_keys(before) ORDER BY 1) AS b, ARRAY(SELECT jsonb_object_keys(after) ORDER BY 1) AS a FROM callcenter.audit_log;
CREATE TEMPORARY TABLE counts AS SELECT s.calls, s.rating, s.completed_appointments, s.lifetime_value FROM callcenter.customer_stats s WHERE s.customer_id = :'who';

SELECT suite.body(suite.api('admin', 'delete_customer', :'a', :'who', 'erase')) AS answer \gset
SELECT is(suite.found(:'person'), '{}', 'no table says a word of a person who was erased');
SELECT results_eq('SELECT * FROM counts', format('SELECT s.calls, s.rating, s.completed_appointments, s.lifetime_value FROM callcenter.customer_stats s WHERE s.customer_id = %L', :'who'), 'K-30 the counts stay');
SELECT is((SELECT count(*) FROM callcenter.audit_log)::int, :entries + 1, 'B-06 no entry of the audit log is gone, and one is new');
SELECT is(ARRAY(SELECT id::text FROM before EXCEPT SELECT b.id::text FROM before b JOIN callcenter.audit_log l ON (l.id, l.at, l.actor, l.action, l.record_type, l.record_id) = (b.id, b.at, b.actor, b.action, b.record_type, b.record_id)
	WHERE ARRAY(SELECT jsonb_object_keys(l.before) ORDER BY 1) = b.b AND ARRAY(SELECT jsonb_object_keys(l.after) ORDER BY 1) = b.a), '{}', 'B-06 who did what to which field, and when, stays of each');
SELECT is((SELECT after ->> 'email' FROM callcenter.audit_log WHERE record_type = 'customer' AND action = 'update' AND after ? 'email' ORDER BY id LIMIT 1), '[erased]', 'B-06 what stood there says that it was taken out');
SELECT is((SELECT after ->> 'lastName' FROM callcenter.audit_log WHERE record_type = 'customer' AND action = 'update' AND after ? 'lastName'), 'Perfect', 'B-06 what it says of others stays');
SELECT ok((SELECT (after ->> 'redactedEntries')::int FROM callcenter.audit_log WHERE action = 'erase') >= 10, 'B-06 the erasure itself is in it, with how many entries it changed');
SELECT is(callcenter.rebuild_stats(), 0::bigint, 'rebuild_stats() finds nothing to change');

-- what is left is no person, and stays so
SELECT is(suite.done('get_customer', :'a', :'who') #> '{customer,erasedAt}' IS NOT NULL, true, 'K-60 a customer who was erased says so');
SELECT is((SELECT bool_and((c ? 'erasedAt') = (c ->> '_id' = :'who')) FROM jsonb_array_elements(suite.done('list_customers', :'a', '{}') -> 'customers') c), true, 'K-60 in lists, too, and nobody else does');
SELECT suite.refused(suite.tried('admin', f, VARIADIC ARRAY[:'a'] || replace(arguments::text, 'who', :'who')::text[]), '23505', field, 'was erased', format('nobody can be that person again by %s', f))
FROM (VALUES ('update_customer', '{who,"{\"firstName\": \"Zaphod\"}"}'::text[], ''), ('add_customer_note', '{who,"{\"text\": \"x\"}"}', ''), ('link_call', '{call_o1,who}', 'customerId'),
	('create_appointment', '{"{\"customerId\": \"who\"}"}', 'customerId')) AS t (f, arguments, field);
SELECT suite.refused(suite.tried('admin', 'update_appointment', :'a', suite.done('create_appointment', :'a', '{}') #>> '{appointment,_id}', jsonb_build_object('customerId', :'who')::text), '23505', 'customerId', 'was erased', 'nor by update_appointment');
SELECT is(suite.logged(:'a', suite.call('call_e4', '+13052134242')) #>> '{caller,customerId}' <> :'who', true, 'who calls from the number later is a new customer');
SELECT is(suite.body(suite.tried('admin', 'delete_customer', :'a', :'who', 'erase')) ->> 'success', 'true', 'erasing again is no error');

-- nobody else can
SELECT throws_ok(s, '55000', 'rows of the audit log cannot be changed or removed', 'B-06 the owner cannot: ' || s)
FROM unnest('{"UPDATE callcenter.audit_log SET before = NULL","UPDATE callcenter.audit_log SET after = NULL WHERE false","DELETE FROM callcenter.audit_log"}'::text[]) s;
SET LOCAL ROLE callcenter_api;
SELECT throws_ok(s, '55000', 'rows of the audit log cannot be changed or removed', 'B-06 nor callcenter_api: ' || s)
FROM unnest('{"UPDATE callcenter.audit_log SET before = NULL","UPDATE callcenter.audit_log SET after = NULL WHERE false","DELETE FROM callcenter.audit_log"}'::text[]) s;
SELECT throws_ok(s, '42501', NULL, 'B-06 nor callcenter_api: ' || s)
FROM unnest('{"UPDATE callcenter.audit_log SET actor = ''x''","UPDATE callcenter.audit_log SET at = now()","TRUNCATE callcenter.audit_log"}'::text[]) s;
RESET ROLE;
SELECT suite.refused(suite.api(who, 'delete_customer', :'a', :'other', 'erase'), '42501', '', 'admin', 'B-06 erasing is not for ' || who) FROM unnest('{viewer,agent,tap_service}'::text[]) who;
-- an error between leaves the log closed
SELECT suite.body(suite.api('admin', 'delete_customer', :'a', :'other', 'erase')) \g /dev/null
SELECT throws_ok('UPDATE callcenter.audit_log SET before = NULL', '55000', NULL, 'B-06 after it the log is closed again');

/*
 * TRUNCATE.
 */
SELECT suite.logged(:'a', suite.call('call_t' || n, '+1305213600' || n, more => '{"outcome": {"status": "voicemail"}}')) FROM generate_series(1, 3) n \g /dev/null
SELECT suite.logged(:'b', suite.call('call_t1', '+13052136001')) \g /dev/null
SELECT ok((SELECT sum(calls) FROM callcenter.customer_stats) >= 4, 'control: there are statistics');
TRUNCATE callcenter.calls CASCADE;
SELECT is((SELECT coalesce(sum(calls), 0) FROM callcenter.customer_stats), 0::numeric, 'K-30 TRUNCATE of calls leaves no statistics of them');
SELECT is(suite.body(suite.list_calls(:'platform', :'a')) #> '{pagination,total}', '0', 'S-03 nor a total');
SELECT is((SELECT count(*) FROM callcenter.follow_up_calls), 0::bigint, 'R-06 nor calls of follow-ups');
SELECT is(callcenter.rebuild_stats(), 0::bigint, 'rebuild_stats() finds nothing to change');
TRUNCATE callcenter.customers CASCADE;
SELECT is((SELECT count(*) FROM callcenter.customer_stats), 0::bigint, 'K-30 TRUNCATE of customers leaves no statistics at all');
SELECT is(suite.body(suite.ask(:'platform', format('SELECT callcenter.list_customers(%L)', :'a'))) #> '{pagination,total}', '0', 'S-10 nor a total');
SELECT is(suite.body(suite.lookup(:'platform', :'a', '+13052136001')) -> 'found', 'false', 'S-14 nor is anybody recognised');
SELECT is(callcenter.rebuild_stats(), 0::bigint, 'rebuild_stats() finds nothing to change after it');

SELECT * FROM finish();
ROLLBACK;
