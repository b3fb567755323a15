-- Edges of calls, numbers and visits that two rules meet at (D-01, D-07, K-03, S-01, S-06).

\ir common.psql
\ir records.psql

SELECT plan(42);

/*
 * A number that several customers share.
 */
SELECT suite.done('create_customer', :'a', '{"firstName": "Ann", "phone": "3052131001"}') #>> '{customer,_id}' AS ann \gset
SELECT suite.done('create_customer', :'a', '{"firstName": "Ben", "phone": "3052131002"}') #>> '{customer,_id}' AS ben \gset
SELECT suite.done('create_customer', :'a', '{"firstName": "Cleo", "phone": "3052131003"}') #>> '{customer,_id}' AS cleo \gset
INSERT INTO callcenter.customer_phones (company_id, phone, customer_id, kind, shared) VALUES (:'a', '+13052131009', :'ann', 'work', true), (:'a', '+13052131009', :'ben', 'work', true);
SELECT is(suite.body(suite.lookup(:'platform', :'a', '+13052131009')) -> 'found', 'false', 'D-07 a shared number is nobody''s in particular');
SELECT suite.done('update_customer', :'a', :'cleo', '{"phone": "(305) 213-1009"}') \g /dev/null
SELECT is((SELECT shared FROM callcenter.customer_phones WHERE customer_id = :'cleo' AND kind = 'primary'), true, 'K-03 a number that others share is one more''s as a shared one, also as the primary');
SELECT is(suite.body(suite.lookup(:'platform', :'a', '+13052131009')) -> 'found', 'false', 'D-07 so that it is still nobody''s in particular');
SELECT is(suite.done('create_customer', :'a', '{"firstName": "Dee", "phone": "3052131010", "phoneMobile": "3052131009"}') #>> '{customer,phoneMobile}', '+13052131009', 'K-05 the same for a new customer');
SELECT is((SELECT count(*) FROM callcenter.customer_phones WHERE phone = '+13052131009' AND NOT shared), 0::bigint, 'D-07 nobody owns it alone');
SELECT suite.refused(suite.api('agent', 'update_customer', :'a', :'ben', '{"phoneMobile": "3052131001"}'), '23505', 'phoneMobile', 'belongs to CUST-00001', 'K-61 a number that is somebody''s own stays so');
SELECT is(suite.logged(:'a', suite.call('call_s1', '+13052131009')) #> '{caller,customerId}', NULL, 'D-07 a call of a shared number is linked to nobody');

/*
 * Spam: which came first, the call or the customer, does not matter.
 */
SELECT suite.logged(:'a', suite.call('call_p1', '+13052132001', '2025-12-01T10:00:00Z', 'spam')) \g /dev/null
SELECT is((SELECT count(*) FROM callcenter.customer_phones WHERE phone = '+13052132001'), 0::bigint, 'S-01 a spam call makes no customer');
SELECT suite.logged(:'a', suite.call('call_p2', '+13052132001', '2025-12-01T11:00:00Z')) AS call \gset
SELECT is((SELECT customer_id::text FROM callcenter.calls WHERE call_id = 'call_p1'), :'call'::jsonb #>> '{caller,customerId}', 'S-06 the customer whose number it turns out to be has the spam call too');
SELECT is(suite.part(:'call'::jsonb, '{"caller": {"isReturning": 1, "previousCallCount": 1}}'), '{"caller": {"isReturning": false, "previousCallCount": 0}}', 'C-07 it is no earlier call');
SELECT suite.logged(:'a', suite.call('call_p3', '+13052132001', '2025-12-01T12:00:00Z', 'spam')) \g /dev/null
SELECT is((SELECT count(DISTINCT customer_id) FROM callcenter.calls WHERE call_id LIKE 'call\_p_'), 1::bigint, 'S-06 as one that comes later');
SELECT is((SELECT array_agg(previous_call_count ORDER BY started_at) FROM callcenter.calls WHERE call_id LIKE 'call\_p_'), '{0,0,1}', 'C-08 and each counts what was before it');
SELECT suite.logged(:'a', suite.call('call_q1', '+13052132002', '2025-12-01T10:00:00Z', 'spam')) \g /dev/null
SELECT suite.done('update_customer', :'a', :'ben', '{"phoneMobile": "3052132002"}') \g /dev/null
SELECT is((SELECT customer_id::text FROM callcenter.calls WHERE call_id = 'call_q1'), :'ben', 'S-06 the same when somebody types the number');
SELECT is((SELECT calls FROM callcenter.customer_stats WHERE customer_id = :'ben'), 1::bigint, 'K-30 it is one of the customer''s calls');
SELECT is(callcenter.rebuild_stats(), 0::bigint, 'rebuild_stats() finds nothing to change');

/*
 * The same record again, after something else has changed: it changes nothing.
 */
SELECT suite.call('call_r1', '+13052133001', more => '{"captured": {"name": "Dana Whitcomb", "email": "dana@example.com"}}') AS record \gset
SELECT suite.logged(:'a', :'record') #>> '{caller,customerId}' AS dana \gset
SELECT suite.done('update_customer', :'a', :'dana', '{"firstName": null, "lastName": null, "email": null}') \g /dev/null
SELECT count(*) AS audited FROM callcenter.audit_log \gset
SELECT is(suite.body(suite.create_call(:'platform', :'a', :'record')) -> 'created', 'false', 'D-01 a record that comes again is the call that is stored');
SELECT is((SELECT (cu.full_name, cu.email, cu.version)::text FROM callcenter.customers cu WHERE cu.id = :'dana'), '(,,2)', 'D-01 it fills no profile that somebody has emptied');
SELECT suite.body(suite.api('admin', 'delete_customer', :'a', :'dana', 'delete')) \g /dev/null
SELECT is(suite.body(suite.create_call(:'platform', :'a', :'record')) -> 'created', 'false', 'D-01 nor does it make the customer again who was deleted');
SELECT is((SELECT count(*) FROM callcenter.customer_phones WHERE phone = '+13052133001'), 0::bigint, 'D-01 nobody has the number');
SELECT is((SELECT count(*) FROM callcenter.audit_log) - :audited, 1::bigint, 'B-06 only the deletion is in the audit log');
SELECT suite.logged(:'a', suite.call('call_r2', '+13052133002', more => '{"twilioCallSid": "CAr2"}')) \g /dev/null
INSERT INTO callcenter.open_calls (company_id, id, twilio_call_sid, caller_phone, caller_kind, caller_raw, caller_region, metadata_version)
VALUES (:'a', callcenter.object_id_new(), 'CAr2', '+13052133002', 'e164', '+13052133002', 'US', '');
SELECT is(suite.body(suite.create_call(:'platform', :'a', suite.call('call_r2', '+13052133002', more => '{"twilioCallSid": "CAr2"}'))) -> 'created', 'false', 'D-01 the same of one that telephony opened');
SELECT is((SELECT count(*) FROM callcenter.open_calls WHERE twilio_call_sid = 'CAr2'), 1::bigint, 'D-01 it takes no open call');

/*
 * Visits.
 */
SELECT suite.done('update_customer', :'a', :'ann', '{"addresses": [{"street": "1 Ann St"}]}') #>> '{customer,addresses,0,_id}' AS address \gset
SELECT suite.refused(suite.tried('agent', 'create_appointment', :'a', jsonb_build_object('customerId', :'ben', 'addressId', :'address')::text), '22023', 'addressId', 'is not an address of the visit''s customer', 'K-59 a visit is at an address of its customer');
SELECT suite.refused(suite.tried('agent', 'create_appointment', :'a', jsonb_build_object('addressId', :'address')::text), '22023', 'addressId', 'is not an address', 'K-59 so one without a customer has none');
SELECT suite.refused(suite.tried('agent', 'create_appointment', :'a', jsonb_build_object('customerId', :'ann', 'addressId', '65f0000000000000000000ee')::text), '22023', 'addressId', 'is not an address', 'K-59 nor one that is not there');
SELECT suite.done('create_appointment', :'a', jsonb_build_object('customerId', :'ann', 'addressId', :'address', 'callId', 'call_p2')::text) #>> '{appointment,_id}' AS visit \gset
SELECT is((SELECT address_id::text FROM callcenter.appointments WHERE id = :'visit'), :'address', 'K-59 the right one is taken');
SELECT suite.refused(suite.tried('agent', 'update_appointment', :'a', :'visit', jsonb_build_object('customerId', :'ben', 'addressId', :'address')::text), '22023', 'addressId', 'is not an address', 'K-59 a change is checked as the visit will be');
SELECT suite.refused(suite.tried('agent', 'update_appointment', :'a', :'visit', '{"callId": null}'), '22023', 'callId', 'cannot be cleared', 'S-12 the call that made a visit cannot be cleared');
SELECT suite.refused(suite.tried('tap_platform', 'update_call', :'a', 'call_p2', format('{"%s": %s}', field, value)), '22023', field, 'cannot be changed', format('C-02 %s of a call cannot be changed, not to %s', field, value))
FROM (VALUES ('callId', 'null'), ('callId', '"x"'), ('startedAt', 'null'), ('direction', 'null')) t (field, value);
SELECT suite.done('update_appointment', :'a', :'visit', jsonb_build_object('customerId', :'ben')::text) \g /dev/null
SELECT is((SELECT address_id FROM callcenter.appointments WHERE id = :'visit'), NULL, 'K-59 another customer does not live there');

/*
 * The visit that a call made, when the call turns out to be somebody else's.
 */
SELECT suite.done('create_customer', :'a', '{"firstName": "Dot", "phone": "3052131004", "addresses": [{"street": "4 Elm"}]}') #>> '{customer,_id}' AS dot \gset
SELECT suite.done('create_call', :'a', '{"callId": "hidden", "startedAt": "2025-11-01T10:00:00Z", "caller": {"phone": "anonymous"}, "outcome": {"status": "completed", "appointmentCreated": "65f0000000000000000000d1"}}') \g /dev/null
SELECT suite.done('create_call', :'a', '{"callId": "mover", "startedAt": "2025-11-01T11:00:00Z", "caller": {"phone": "anonymous"}, "captured": {"appointment": {"existingId": "65f0000000000000000000d2"}}, "outcome": {"status": "completed"}}') \g /dev/null
SELECT suite.done('create_appointment', :'a', jsonb_build_object('_id', '65f0000000000000000000d3', 'callId', 'hidden', 'customerId', :'cleo', 'status', 'completed', 'value', 10, 'date', '2025-11-02')::text) \g /dev/null
CREATE FUNCTION pg_temp.whose() RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(right(a.id, 2) || ' ' || coalesce(cu.first_name, '-'), ', ' ORDER BY a.id)
	FROM callcenter.appointments a LEFT JOIN callcenter.customers cu ON cu.company_id = a.company_id AND cu.id = a.customer_id WHERE a.id LIKE '65f0000000000000000000d_'
$$;
SELECT is(pg_temp.whose(), 'd1 -, d2 -, d3 Cleo', 'control: whose the visits are');
SELECT suite.done('link_call', :'a', 'hidden', :'dot') \g /dev/null
SELECT suite.done('link_call', :'a', 'mover', :'dot') \g /dev/null
SELECT is(pg_temp.whose(), 'd1 Dot, d2 -, d3 Cleo', 'S-01 the visit that a call made goes with it when the call is linked; one that it changed, or that somebody else has, does not');
SELECT is(suite.done('get_customer_stats', :'a', :'dot') #>> '{stats,totalAppointments}', '1', 'and counts for its customer');
UPDATE callcenter.appointments SET address_id = (SELECT id FROM callcenter.customer_addresses WHERE customer_id = :'dot'), status = 'completed' WHERE id = '65f0000000000000000000d1';
SELECT suite.done('link_call', :'a', 'hidden', :'ben') \g /dev/null
SELECT is(pg_temp.whose() || ' ' || (SELECT status FROM callcenter.customers WHERE id = :'ben'), 'd1 Ben, d2 -, d3 Cleo active', 'to another customer too, whom a completed one makes active');
SELECT is((SELECT format('%s %s', address_id, version) FROM callcenter.appointments WHERE id = '65f0000000000000000000d1'), ' 3', 'without the address of the first');
SELECT is((SELECT string_agg(format('%s %s', l.before, l.after), ', ' ORDER BY l.id) FROM callcenter.audit_log l WHERE l.record_id = '65f0000000000000000000d1' AND l.action = 'update'),
	format('{"customerId": null} {"customerId": "%s"}, {"customerId": "%s"} {"customerId": "%s"}', :'dot', :'dot', :'ben'), 'as the audit log tells');
SELECT suite.done('link_call', :'a', 'hidden', :'ben') \g /dev/null
SELECT is((SELECT version FROM callcenter.appointments WHERE id = '65f0000000000000000000d1'), 3, 'a call that is linked to its own customer again changes no visit');
SELECT suite.done('link_call', :'a', 'hidden', NULL) \g /dev/null
SELECT is(pg_temp.whose(), 'd1 -, d2 -, d3 Cleo', 'and with the link the visit is taken away');
SELECT is(callcenter.rebuild_stats(), 0::bigint, 'K-30 rebuild_stats() finds nothing to change');

SELECT * FROM finish();
ROLLBACK;
