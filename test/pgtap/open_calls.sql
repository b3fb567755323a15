-- Calls that go on: what telephony opens, how it is shown, what counts it (nothing), and how the full record completes it
-- (C-03, B-10, S-01).

\ir common.psql
\ir records.psql

SELECT plan(47);

CREATE FUNCTION suite.opens(call jsonb, caller text DEFAULT 'tap_platform', company text DEFAULT '65f0000000000000000000a1')
RETURNS suite.answer
LANGUAGE sql AS $$
	SELECT suite.api(caller, 'open_call', company, call::text)
$$;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA suite TO PUBLIC;

SELECT suite.logged(:'a', suite.call('call_1', '+13052131001', more => '{"captured": {"name": "Dana Whitcomb"}}')) \g /dev/null
SELECT suite.body(suite.opens('{"twilioCallSid": "CA1", "caller": {"phone": "(305) 213-1001"}, "startedAt": "2025-12-01T15:00:00Z"}')) AS answer \gset
SELECT is(:'answer'::jsonb #- '{call,_id}' #- '{call,caller,customerId}', '{"success": true, "created": true, "call": {"twilioCallSid": "CA1", "caller": {"phone": "+13052131001", "phoneDisplay": "(305) 213-1001",
	"name": "Dana Whitcomb", "customerNumber": "CUST-00001"}, "direction": "inbound", "startedAt": "2025-12-01T15:00:00Z", "inProgress": true}}', 'B-10 a call that telephony opens is there, with whom it is from');
SELECT :'answer'::jsonb #>> '{call,_id}' AS id \gset
SELECT is(suite.body(suite.opens('{"twilioCallSid": "CA1", "caller": {"phone": "+1 305 213 1001"}}')), :'answer'::jsonb || '{"created": false}', 'C-03 opened again, it is the same one');
SELECT suite.refused(suite.opens('{"twilioCallSid": "CA1", "caller": {"phone": "+13052139999"}}'), '23505', 'caller.phone', 'exists with another caller', 'C-03 another caller under the same twilioCallSid is a conflict');
SELECT is(suite.body(suite.api('tap_platform', 'get_call', :'a', key)) -> 'call', :'answer'::jsonb -> 'call', 'S-02 it is found by its ' || what) FROM (VALUES (:'id', '_id'), ('CA1', 'twilioCallSid')) t (key, what);

-- counted nowhere
SELECT is(suite.body(suite.list_calls(:'platform', :'a')) #> '{pagination,total}', '1', 'S-03 a call that goes on is in no total');
SELECT is((SELECT s.calls FROM callcenter.customer_stats s), 1::bigint, 'K-30 nor in the statistics of its customer');
SELECT is(suite.body(suite.lookup(:'platform', :'a', '+13052131001')) #> '{customer,stats,totalCalls}', '1', 'B-17 nor does recognition count the call that it is made for');
SELECT suite.body(suite.opens('{"twilioCallSid": "CA2", "caller": {"phone": "+13052131002"}}')) \g /dev/null
SELECT is((SELECT count(*) FROM callcenter.customers), 1::bigint, 'B-16 a customer is made after the call, not when it begins');
SELECT is((SELECT count(*) FROM callcenter.follow_ups), 0::bigint, 'R-06 nothing is to be followed up yet');
SELECT is(callcenter.rebuild_stats(), 0::bigint, 'rebuild_stats() finds nothing to change');

-- shown apart
UPDATE callcenter.open_calls SET started_at = now() - interval '1 hour' WHERE twilio_call_sid = 'CA1';
SELECT suite.body(suite.opens('{"twilioCallSid": "CA3", "caller": {"phone": "anonymous"}, "direction": "outbound"}')) \g /dev/null
SELECT is(ARRAY(SELECT x ->> 'twilioCallSid' FROM jsonb_array_elements(suite.body(suite.api('viewer', 'list_calls', :'a')) -> 'inProgress') x ORDER BY 1), '{CA1,CA2,CA3}', 'S-03 the first page of all calls has those that go on');
SELECT is(suite.body(suite.list_calls(:'platform', :'a', p::jsonb)) -> 'inProgress', NULL, 'S-03 but not a page of others: ' || p)
FROM unnest('{"{\"page\": 2}","{\"status\": \"completed\"}","{\"sort\": \"oldest\"}","{\"q\": \"Dana\"}"}'::text[]) p;
SELECT is(suite.body(suite.list_calls(:'platform', :'b')) -> 'inProgress', NULL, 'X-09 nor that of another company');
SELECT suite.refused(suite.api('tap_platform', 'get_call', :'b', 'CA1'), 'P0002', '', 'Call not found', 'X-09 who does not find them');
SELECT is((suite.opens('{"twilioCallSid": "CA1", "caller": {"phone": "+13052139999"}}', company => :'b')).state, '00000', 'D-01 a twilioCallSid is one of a company: another may have the same');
UPDATE callcenter.open_calls SET started_at = now() - interval '25 hours' WHERE twilio_call_sid = 'CA2';
SELECT is(ARRAY(SELECT x ->> 'twilioCallSid' FROM jsonb_array_elements(suite.body(suite.list_calls(:'platform', :'a')) -> 'inProgress') x ORDER BY 1), '{CA1,CA3}', 'S-03 after a day it is not shown any more');
SELECT is((suite.get_call(:'platform', :'a', 'CA2')).state, '00000', 'N-07 but kept');

-- completed
SELECT suite.call('call_2', '+13052131001', '2025-12-01T15:00:02Z', 'voicemail', '{"twilioCallSid": "CA1"}') AS full_record \gset
SELECT suite.body(suite.create_call(:'platform', :'a', :'full_record')) AS done \gset
SELECT is(:'done'::jsonb #> '{created}', 'true', 'S-01 the first full record completes it');
SELECT is(:'done'::jsonb #>> '{call,_id}', :'id', 'S-01 and takes its _id');
SELECT is((SELECT count(*) FROM callcenter.open_calls WHERE company_id = :'a' AND twilio_call_sid = 'CA1'), 0::bigint, 'S-01 so that it goes on no more');
SELECT is(suite.body(suite.get_call(:'platform', :'a', :'id')) #>> '{call,callId}', 'call_2', 'S-02 whoever has the id finds the whole record');
SELECT is((SELECT s.calls FROM callcenter.customer_stats s WHERE company_id = :'a'), 2::bigint, 'K-30 from now on it counts');
SELECT is((SELECT count(*) FROM callcenter.follow_ups WHERE company_id = :'a'), 1::bigint, 'R-06 and is followed up');
SELECT is(suite.body(suite.create_call(:'platform', :'a', :'full_record')) -> 'created', 'false', 'S-01 the same record again changes nothing');
SELECT suite.refused(suite.create_call(:'platform', :'a', :'full_record'::jsonb || '{"callId": "call_3"}'), '23505', 'twilioCallSid', 'exists', 'S-01 a second record of the same twilioCallSid conflicts');
SELECT suite.refused(suite.create_call(:'platform', :'a', :'full_record'::jsonb || '{"endedAt": "2025-12-01T15:05:00Z"}'), '23505', 'callId', 'with other content', 'S-01 and so does the same call with other content');
SELECT is(suite.body(suite.opens('{"twilioCallSid": "CA1", "caller": {"phone": "+13052131001"}}')) #> '{call,callId}', '"call_2"', 'C-03 a webhook that comes late is told of the call');
SELECT is((SELECT count(*) FROM callcenter.open_calls WHERE company_id = :'a' AND twilio_call_sid = 'CA1'), 0::bigint, 'C-03 and opens nothing');

-- refused
SELECT suite.refused(suite.opens(call::jsonb), '23502', field, 'is required', 'open_call: ' || field) FROM (VALUES ('{"caller": {"phone": "+13052131001"}}', 'twilioCallSid'), ('{"twilioCallSid": "CA9"}', 'caller.phone')) t (call, field);
SELECT suite.refused(suite.opens('{"twilioCallSid": "CA9", "caller": {"phone": "1"}, "outcome": {"status": "completed"}}'), '22023', 'outcome', 'is not a field', 'open_call: what telephony cannot know');
SELECT suite.refused(suite.opens('{"twilioCallSid": "CA9", "caller": {"phone": "+13052131001"}}', 'agent'), '42501', '', 'admin', 'open_call: people do not open calls');
SELECT is((SELECT count(*) FROM callcenter.audit_log WHERE company_id = :'a' AND action = 'open' AND record_type = 'call'), 3::bigint, 'B-06 each is in the audit log once');
SELECT is((SELECT count(*) FROM callcenter.audit_log WHERE company_id = :'a' AND action = 'open' AND record_id = :'id'), 1::bigint, 'B-06 by the _id that the whole record has');

SELECT suite.refused(suite.tried('tap_platform', f, VARIADIC ARRAY[:'a', key] || arguments), '23505', 'callId', 'is in progress', format('a call that goes on is no unknown call to %s, by %s', f, what))
FROM (VALUES ('update_call', '{"{}"}'::text[]), ('add_call_note', '{"{\"text\": \"x\"}"}'), ('add_transcript', '{"[]"}'), ('link_call', '{CUST-00001}')) AS t (f, arguments),
	(SELECT 'CA2' AS key, 'twilioCallSid' AS what UNION ALL SELECT id, '_id' FROM callcenter.open_calls WHERE twilio_call_sid = 'CA2') k;

-- erased
SELECT suite.body(suite.opens('{"twilioCallSid": "CA5", "caller": {"phone": "+13052131001", "name": "WHITCOMB D"}}')) \g /dev/null
SELECT suite.body(suite.api('admin', 'delete_customer', :'a', 'CUST-00001', 'erase')) \g /dev/null
SELECT is((SELECT count(*) FROM callcenter.open_calls WHERE caller_phone = '+13052131001'), 0::bigint, 'a person who is erased is on no line');

SELECT * FROM finish();
ROLLBACK;
