-- Follow-ups: which calls open one, who it is for, by when, what adds to it, who takes it and what ends it (C-35, C-36, S-04,
-- R-06).

\ir common.psql
\ir records.psql

SELECT plan(85);

-- A call, logged by the platform: number, start, status, more members.
CREATE FUNCTION suite.rings(call_id text, phone text, started_at text, status text, more jsonb DEFAULT '{}')
RETURNS text
LANGUAGE sql AS $$
	SELECT suite.body(suite.create_call('tap_platform', '65f0000000000000000000a1', jsonb_build_object('callId', call_id, 'caller', jsonb_build_object('phone', phone),
		'startedAt', started_at, 'outcome', jsonb_build_object('status', status) || coalesce(more -> 'outcome', '{}')) || (more - 'outcome'))) #>> '{call,callId}'
$$;

-- What is kept of the items that a call is part of, oldest first.
CREATE FUNCTION suite.items(call_id text)
RETURNS text[]
LANGUAGE sql AS $$
	SELECT coalesce(array_agg(concat_ws(' ', f.status, f.reason, f.priority, f.attempts, f.resolution) ORDER BY f.id), '{}')
	FROM callcenter.follow_ups f
	JOIN callcenter.follow_up_calls l ON l.company_id = f.company_id AND l.follow_up_id = f.id
	JOIN callcenter.calls c ON c.company_id = l.company_id AND c.id = l.call_id
	WHERE c.call_id = $1
$$;

-- The item that a call is part of.
CREATE FUNCTION suite.item(call_id text)
RETURNS text
LANGUAGE sql AS $$
	SELECT l.follow_up_id FROM callcenter.follow_up_calls l JOIN callcenter.calls c ON c.company_id = l.company_id AND c.id = l.call_id
	WHERE c.call_id = $1 ORDER BY l.follow_up_id DESC LIMIT 1
$$;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA suite TO PUBLIC;

/*
 * Which calls open one.
 */
SELECT is(suite.items(suite.rings('call_f' || n, '+130521340' || n, '2025-12-01T14:30:00Z', status, more)), items, 'R-06 ' || what)
FROM (VALUES
	(10, 'completed', '{"outcome": {"followUpRequired": true}}'::jsonb, '{open requested normal 1}'::text[], 'a call of which somebody says so opens a follow-up (C-36)'),
	(11, 'completed', '{"outcome": {"messageLeft": true}}', '{open message normal 1}', 'a message that was left opens one (C-35)'),
	(12, 'voicemail', '{}', '{open voicemail normal 1}', 'voicemail opens one'),
	(13, 'abandoned', '{"durationSeconds": 15}', '{open missed normal 1}', 'a caller who gave up after 15 s opens one'),
	(14, 'abandoned', '{"durationSeconds": 14}', '{}', 'one who gave up before opens none'),
	(15, 'abandoned', '{}', '{}', 'one of whom it is not known how long they waited opens none'),
	(16, 'error', '{"captured": {"urgency": "emergency"}}', '{open emergency emergency 1}', 'an emergency that was not booked opens one, however the call ended'),
	(17, 'completed', '{"captured": {"urgency": "emergency", "appointment": {"bookedDate": "2025-12-02"}}}', '{}', 'an emergency that was booked opens none'),
	(18, 'completed', '{"analysis": {"primaryIntent": "ac_repair"}, "captured": {"urgency": "urgent"}}', '{open lead urgent 1}', 'a lead that was not booked opens one, as urgent as the caller was'),
	(19, 'completed', '{"analysis": {"primaryIntent": "Billing"}}', '{}', 'an intent that is no lead of the company''s opens none'),
	(20, 'completed', '{}', '{}', 'a call without an intent is no qualified lead'),
	(21, 'transferred', '{"analysis": {"primaryIntent": "ac_repair"}}', '{}', 'a lead that was put through to somebody opens none'),
	(22, 'spam', '{"outcome": {"followUpRequired": true, "messageLeft": true}}', '{}', 'spam opens none, whatever is said of it'),
	(23, 'voicemail', '{"direction": "outbound"}', '{}', 'the company''s own call that reached a voicemail opens none'),
	(24, 'completed', '{"direction": "outbound", "outcome": {"followUpRequired": true}}', '{open requested normal 1}', 'but one that somebody wants to follow up does')
) AS t (n, status, more, items, what);
SELECT is(suite.items(suite.rings('call_fw1', 'anonymous', '2025-12-01T14:30:00Z', 'voicemail', '{"outcome": {"followUpRequired": true}}')), '{}', 'R-06 a withheld caller cannot be called back');
SELECT is(suite.items(suite.rings('call_fw2', '+13055550100', '2025-12-01T14:30:00Z', 'voicemail')), '{}', 'R-06 nor is the company itself');

/*
 * One item a caller.
 */
SELECT suite.rings('call_g1', '+13052135001', '2025-12-01T14:30:00Z', 'voicemail') \g /dev/null
SELECT suite.rings('call_g2', '(305) 213-5001', '2025-12-01T15:30:00Z', 'abandoned', '{"durationSeconds": 40}') \g /dev/null
SELECT is(suite.items('call_g2'), '{open voicemail urgent 2}', 'R-06 a second attempt adds to the item and makes it urgent');
SELECT suite.rings('call_g3', '305-213-5001', '2025-12-01T13:30:00Z', 'voicemail', '{"captured": {"urgency": "emergency"}}') \g /dev/null
SELECT is(suite.items('call_g3'), '{open emergency emergency 3}', 'R-06 an emergency raises priority and reason');
SELECT is((SELECT count(DISTINCT suite.item('call_g' || n)) FROM generate_series(1, 3) n), 1::bigint, 'R-06 it is one item all the time');
SELECT results_eq($$SELECT f.first_call_id = a.id, f.last_call_id = b.id, f.first_call_at, f.last_call_at, f.due_at FROM callcenter.follow_ups f, callcenter.calls a, callcenter.calls b
		WHERE f.id = suite.item('call_g1') AND a.call_id = 'call_g3' AND b.call_id = 'call_g2'$$,
	$$VALUES (true, true, '2025-12-01T13:30:00Z'::timestamptz, '2025-12-01T15:30:00Z'::timestamptz, now() + interval '15 minutes')$$,
	'R-06 which knows its first and last call, and is due in a quarter of an hour');
SELECT throws_ok($$INSERT INTO callcenter.follow_ups (company_id, id, customer_id, reason, priority, due_at, attempts, first_call_id, first_call_at, last_call_id, last_call_at)
		SELECT company_id, callcenter.object_id_new(), customer_id, reason, priority, due_at, attempts, first_call_id, first_call_at, last_call_id, last_call_at
		FROM callcenter.follow_ups WHERE id = suite.item('call_g1')$$, '23505', NULL, 'R-06 a second open item of one customer cannot be');
SELECT is((SELECT due_at FROM callcenter.follow_ups WHERE id = suite.item('call_f18')), now() + interval '1 hour', 'R-06 an urgent one is due in an hour');

-- however many calls an item has, one more reads none of them
CREATE FUNCTION suite.rows_read() RETURNS bigint LANGUAGE sql AS $$
	SELECT sum(pg_stat_get_xact_tuples_returned(r.oid))::bigint FROM pg_class r LEFT JOIN pg_index x ON x.indexrelid = r.oid
	WHERE r.oid = ANY ('{callcenter.calls,callcenter.follow_up_calls}'::regclass[]) OR x.indrelid = ANY ('{callcenter.calls,callcenter.follow_up_calls}'::regclass[])
$$;
SELECT suite.rings('call_w' || n, '+13052135077', to_char('2025-12-01T10:00:00Z'::timestamptz + n * interval '1 minute', 'YYYY-MM-DD"T"HH24:MI:SSOF:00'), 'voicemail')
FROM generate_series(1, 40) n \g /dev/null
SELECT suite.rows_read() AS before \gset
SELECT suite.rings('call_w41', '+13052135077', '2025-12-02T10:00:00Z', 'voicemail') \g /dev/null
SELECT ok(suite.rows_read() - :before < 20, 'R-06 an attempt reads hardly a row of the forty before it: ' || suite.rows_read() - :before);
SELECT is(suite.items('call_w41'), '{open voicemail urgent 41}', 'R-06 and is counted');

/*
 * Deadlines in business time.  The company is open while it is, in its zone, an hour ago until an hour from now, and so on.
 */
CREATE FUNCTION suite.due(days text[], opens interval, closes interval, minutes integer, number text) RETURNS timestamptz LANGUAGE plpgsql AS $$
DECLARE
	clock CONSTANT timestamp := now() AT TIME ZONE 'America/New_York';
BEGIN
	UPDATE callcenter.companies SET business_days = days::callcenter.weekday[], business_opens = to_char(date '2000-01-01' + opens, 'HH24:MI'),
		business_closes = CASE closes WHEN interval '24 hours' THEN '24:00' ELSE to_char(date '2000-01-01' + closes, 'HH24:MI') END, follow_up_minutes_normal = minutes
	WHERE id = '65f0000000000000000000a1';
	PERFORM suite.rings('call_d' || number, number, '2025-12-01T14:30:00Z', 'voicemail');
	RETURN (SELECT due_at FROM callcenter.follow_ups WHERE id = suite.item('call_d' || number));
END
$$;
CREATE FUNCTION suite.day(ahead integer) RETURNS text LANGUAGE sql STABLE AS $$
	SELECT to_char((now() AT TIME ZONE 'America/New_York')::date + ahead, 'FMDay')
$$;
CREATE FUNCTION suite.instant(ahead integer, clock interval) RETURNS timestamptz LANGUAGE sql STABLE AS $$
	SELECT ((now() AT TIME ZONE 'America/New_York')::date + ahead + clock) AT TIME ZONE 'America/New_York'
$$;
SELECT is(suite.due(ARRAY[suite.day(1)], '8 hours', '18 hours', 60, '+13052136001'), suite.instant(1, '9 hours'), 'R-06 a normal one is due after an hour of the next business day');
SELECT is(suite.due(ARRAY[suite.day(1), suite.day(2)], '8 hours', '18 hours', 900, '+13052136002'), suite.instant(2, '13 hours'), 'R-06 what is left of a day goes on the next one');
SELECT is(suite.due(ARRAY[suite.day(6)], '9 hours', '24 hours', 30, '+13052136003'), suite.instant(6, '9 hours 30 minutes'), 'R-06 days on which the company is closed do not count');
SELECT is(suite.due(ARRAY[suite.day(0), suite.day(1)], '0 hours', '24 hours', 45, '+13052136004'), now() + interval '45 minutes', 'R-06 while the company is open the time runs at once');
SELECT is(suite.due('{}', '8 hours', '18 hours', 60, '+13052136005'), now() + interval '1 hour', 'R-06 a company that is never open counts as always open');
SELECT is(suite.body(suite.ask('tap_admin', $$SELECT callcenter.update_company('65f0000000000000000000a1', '{"followUps": {"urgentMinutes": 30, "normalMinutes": null},
		"businessHours": {"days": ["Monday", "Sunday"], "opens": "07:30", "closes": "24:00"}}')$$)) #> '{company,businessHours}',
	'{"days": ["Monday", "Sunday"], "opens": "07:30", "closes": "24:00"}', 'R-06 deadlines and business hours are settings of the company');
SELECT suite.rings('call_du', '+13052136006', '2025-12-01T14:30:00Z', 'voicemail', '{"captured": {"urgency": "urgent"}}') \g /dev/null
SELECT is((SELECT due_at FROM callcenter.follow_ups WHERE id = suite.item('call_du')),
	now() + interval '30 minutes', 'R-06 which hold from then on');
SELECT suite.refused(suite.ask('tap_admin', format($$SELECT callcenter.update_company('65f0000000000000000000a1', %L)$$, patch), false), '22023', field, words, 'R-06 settings: ' || words)
FROM (VALUES
	('{"businessHours": {"opens": "24:30"}}', 'businessHours.opens', 'must be a time of day from 00:00 to 24:00'),
	('{"businessHours": {"opens": "9:300"}}', 'businessHours.opens', 'must be a time of day from 00:00 to 24:00'),
	('{"businessHours": {"opens": "19:00", "closes": "18:00"}}', 'businessHours.closes', 'must be later than businessHours.opens'),
	('{"businessHours": {"closes": "07:00"}}', 'businessHours.closes', 'must be later than businessHours.opens'),
	('{"businessHours": {"days": ["Mon"]}}', 'businessHours.days', 'must be one of: Monday')
) AS t (patch, field, words);

/*
 * What ends one.
 */
SELECT suite.rings('call_h1', '+13052137001', '2025-12-01T14:30:00Z', 'voicemail') \g /dev/null
SELECT suite.rings('call_h0', '+13052137001', '2025-12-01T13:30:00Z', 'completed') \g /dev/null
SELECT is(suite.items('call_h1'), '{open voicemail normal 1}', 'R-06 a completed call from before, which arrives late, ends nothing');
SELECT suite.rings('call_h2', '+13052137001', '2025-12-01T15:30:00Z', 'completed') \g /dev/null
SELECT is(suite.items('call_h1'), '{done voicemail normal 1 call}', 'R-06 a later call that was completed does');
SELECT is(suite.items(suite.rings('call_h3', '+13052137001', '2025-12-01T14:45:00Z', 'voicemail')), '{}', 'R-06 and a call from in between, which arrives late, opens none');
SELECT is(suite.items(suite.rings('call_h4', '+13052137001', '2025-12-01T16:45:00Z', 'voicemail')), '{open voicemail normal 1}', 'R-06 a new need opens a new one');
SELECT suite.rings('call_h5', '+13052137001', '2025-12-01T17:00:00Z', 'completed', '{"analysis": {"primaryIntent": "ac_repair"}, "captured": {"appointment": {"bookedDate": "2025-12-03"}}}') \g /dev/null
SELECT is((SELECT concat_ws(' ', status, resolution, recovered, resolved_by) FROM callcenter.follow_ups WHERE id = suite.item('call_h4')), 'done booking t tap_platform',
	'R-06 a booking ends it, and counts as recovered');
SELECT suite.rings('call_h6', '+13052137001', '2025-12-02T10:00:00Z', 'voicemail') \g /dev/null
SELECT suite.done('create_appointment', :'a', jsonb_build_object('customerId', (SELECT customer_id FROM callcenter.calls WHERE call_id = 'call_h6'))::text) \g /dev/null
SELECT is(suite.items('call_h6'), '{done voicemail normal 1 booking}', 'R-06 so does a visit that is booked without a call');
SELECT suite.rings('call_h7', '+13052137001', '2025-12-02T11:00:00Z', 'voicemail') \g /dev/null
SELECT suite.done('create_appointment', :'a', jsonb_build_object('customerId', (SELECT customer_id FROM callcenter.calls WHERE call_id = 'call_h6'), 'status', 'cancelled')::text) \g /dev/null
SELECT is(suite.items('call_h7'), '{open voicemail normal 1}', 'R-06 but not one that is cancelled');
SELECT suite.done('create_appointment', :'a', '{"callId": "call_h7"}') \g /dev/null
SELECT is(suite.items('call_h7'), '{done voicemail normal 1 booking}', 'R-06 and one that is booked for the call itself');

/*
 * Changes of calls.
 */
SELECT suite.rings('call_i1', '+13052138001', '2025-12-01T14:30:00Z', 'completed') \g /dev/null
SELECT suite.done('update_call', :'a', 'call_i1', '{"outcome": {"followUpRequired": true}}') \g /dev/null
SELECT is(suite.items('call_i1'), '{open requested normal 1}', 'R-06 PATCH asks for a follow-up');
SELECT suite.done('update_call', :'a', 'call_i1', '{"outcome": {"followUpRequired": false}}') \g /dev/null
SELECT is(suite.items('call_i1'), '{dismissed requested normal 1 withdrawn}', 'R-06 and takes it back');
SELECT suite.done('update_call', :'a', 'call_i1', '{"outcome": {"followUpRequired": true}}') \g /dev/null
SELECT is(suite.items('call_i1'), '{dismissed requested normal 1 withdrawn,open requested normal 1}', 'R-06 asked again, it is a new one');
SELECT suite.done('update_call', :'a', 'call_i1', '{"captured": {"urgency": "emergency"}}') \g /dev/null
SELECT is((suite.items('call_i1'))[2], 'open emergency emergency 1', 'R-06 a PATCH of the urgency raises it');
SELECT suite.done('update_call', :'a', 'call_i1', '{"captured": {"appointment": {"bookedDate": "2025-12-09"}}, "outcome": {"followUpRequired": false}}') \g /dev/null
SELECT is((suite.items('call_i1'))[2], 'done emergency emergency 1 booking', 'R-06 a PATCH that books ends it');
SELECT suite.done('update_call', :'a', 'call_i1', '{"review": {"rating": 4}}') \g /dev/null
SELECT is(cardinality(suite.items('call_i1')), 2, 'R-06 a PATCH of anything else leaves follow-ups alone');

SELECT suite.rings('call_j1', '+13052138101', '2025-12-01T14:30:00Z', 'voicemail') \g /dev/null
SELECT suite.rings('call_j2', '+13052138101', '2025-12-01T15:30:00Z', 'voicemail') \g /dev/null
SELECT suite.rings('call_j3', '+13052138102', '2025-12-01T15:30:00Z', 'voicemail') \g /dev/null
SELECT suite.item('call_j3') AS before \gset
SELECT suite.done('link_call', :'a', 'call_j2', (SELECT customer_id FROM callcenter.calls WHERE call_id = 'call_j3')) \g /dev/null
SELECT is(suite.item('call_j2'), :'before', 'R-06 a call that is linked to somebody else goes over to their item');
SELECT is((SELECT attempts FROM callcenter.follow_ups WHERE id = suite.item('call_j1')), 1, 'R-06 and out of the other');
SELECT suite.item('call_j1') AS before \gset
SELECT suite.done('link_call', :'a', 'call_j1', NULL) \g /dev/null
SELECT is((SELECT concat_ws(' ', id, customer_id IS NULL, phone, attempts) FROM callcenter.follow_ups WHERE id = suite.item('call_j1')),
	:'before' || ' t +13052138101 1', 'R-06 unlinked, the item is the number''s');
SELECT suite.body(suite.api('admin', 'delete_calls', :'a', '{"callId": ["call_j2"]}')) \g /dev/null
SELECT is((SELECT attempts FROM callcenter.follow_ups WHERE id = suite.item('call_j3')), 1, 'R-06 a call that is deleted is no attempt any more');
SELECT suite.body(suite.api('admin', 'delete_calls', :'a', '{"callId": ["call_j3"]}')) \g /dev/null
SELECT is((SELECT count(*) FROM callcenter.follow_ups f WHERE NOT EXISTS (SELECT FROM callcenter.follow_up_calls l WHERE l.follow_up_id = f.id)), 0::bigint,
	'R-06 with its last call an item is gone');

/*
 * Customers that go.
 */
SELECT suite.rings('call_k1', '+13052138201', '2025-12-01T14:30:00Z', 'voicemail') \g /dev/null
SELECT suite.item('call_k1') AS before \gset
SELECT suite.body(suite.api('tap_platform', 'claim_follow_up', :'a', :'before')) \g /dev/null
SELECT suite.body(suite.api('admin', 'delete_customer', :'a', (SELECT customer_id FROM callcenter.calls WHERE call_id = 'call_k1'), 'delete')) \g /dev/null
SELECT is((SELECT concat_ws(' ', id, status, customer_id IS NULL, phone) FROM callcenter.follow_ups WHERE id = suite.item('call_k1')),
	:'before' || ' claimed t +13052138201', 'K-01 R-06 the item of a customer who is deleted goes on under the number, whoever has it');
SELECT suite.rings('call_k2', '+13052138201', '2025-12-01T15:30:00Z', 'voicemail') \g /dev/null
SELECT is((SELECT concat_ws(' ', id, status, customer_id IS NULL, coalesce(phone, '-'), attempts) FROM callcenter.follow_ups WHERE id = suite.item('call_k2')),
	:'before' || ' claimed f - 2', 'R-06 and is the customer''s again who is made of the number');
SELECT suite.done('resolve_follow_up', :'a', :'before', '{"note": "She is Dana Whitcomb"}') \g /dev/null
SELECT suite.rings('call_k3', '+13052138201', '2025-12-01T16:30:00Z', 'voicemail') \g /dev/null
SELECT suite.body(suite.api('admin', 'delete_customer', :'a', (SELECT customer_id FROM callcenter.calls WHERE call_id = 'call_k3'), 'erase')) \g /dev/null
SELECT is(ARRAY(SELECT concat_ws(' ', status, coalesce(resolution_note, '-'), coalesce(phone, '-')) FROM callcenter.follow_ups WHERE id IN (SELECT follow_up_id FROM callcenter.follow_up_calls l
		JOIN callcenter.calls c ON c.id = l.call_id WHERE c.call_id IN ('call_k2', 'call_k3')) ORDER BY id), '{done - -,dismissed - -}', 'K-01 R-06 erasing ends what was open and leaves no word of people');

SELECT suite.rings('call_k4', '+13052138202', '2025-12-01T14:30:00Z', 'voicemail') \g /dev/null
SELECT suite.body(suite.api('admin', 'delete_customer', :'a', (SELECT customer_id FROM callcenter.calls WHERE call_id = 'call_k4'), 'delete')) \g /dev/null
SELECT suite.rings('call_k5', '+13052138202', '2025-12-01T15:30:00Z', 'completed') \g /dev/null
SELECT is(suite.items('call_k4'), '{done voicemail normal 1 call}', 'R-06 a call that makes a customer of the number settles what the number had open');

/*
 * Who takes one.
 */
UPDATE callcenter.follow_ups SET status = 'dismissed', resolved_at = now(), resolution = 'withdrawn' WHERE resolved_at IS NULL;
SELECT suite.rings('call_m' || n, '+130521390' || (10 + n), '2025-12-01T14:30:00Z', 'voicemail', jsonb_build_object('captured', jsonb_build_object('urgency', u)))
FROM (VALUES (1, 'normal'), (2, 'emergency'), (3, 'urgent')) t (n, u) \g /dev/null
SELECT is(ARRAY(SELECT x #>> '{lastCall,callId}' FROM jsonb_array_elements(suite.body(suite.api('viewer', 'list_follow_ups', :'a')) -> 'followUps') x), '{call_m2,call_m3,call_m1}',
	'R-06 the list has what is due first, first');
SELECT is(suite.body(suite.api('viewer', 'list_follow_ups', :'a', '{"limit": 1, "status": "open,claimed", "priority": "emergency,urgent"}')) #> '{pagination,total}', '2', 'R-06 it is filtered, and knows its total');
SELECT is(suite.body(suite.api('viewer', 'list_follow_ups', :'a', '{"overdue": true}')) -> 'followUps', '[]', 'R-06 nothing is overdue yet');
UPDATE callcenter.follow_ups SET due_at = now() - interval '1 minute' WHERE id = suite.item('call_m3');
SELECT is(suite.body(suite.api('viewer', 'list_follow_ups', :'a', '{"overdue": "true"}')) #> '{followUps,0,overdue}', 'true', 'R-06 what is late is');
SELECT suite.refused(suite.api('viewer', 'claim_follow_up', :'a', suite.item('call_m1')), '42501', '', 'agent', 'R-06 a viewer takes nothing');
SELECT is(suite.body(suite.api('agent', 'claim_follow_up', :'a')) #>> '{followUp,lastCall,callId}', 'call_m3', 'R-06 an agent who asks for the next one gets what is due first');
SELECT is(suite.part(suite.body(suite.api('agent', 'claim_follow_up', :'a', suite.item('call_m3'))), '{"claimed": 1, "followUp": {"status": 1, "claimedBy": 1}}'),
	'{"claimed": true, "followUp": {"status": "claimed", "claimedBy": "agent@example.com"}}', 'R-06 taking it again changes nothing');
SELECT suite.refused(suite.api('admin', 'claim_follow_up', :'a', suite.item('call_m3')), '23505', 'claimedBy', 'is claimed by agent@example.com', 'R-06 somebody else does not get it');
SELECT is(suite.body(suite.api('admin', 'claim_follow_up', :'a')) #>> '{followUp,lastCall,callId}', 'call_m2', 'R-06 but the next one');
SELECT is(suite.body(suite.api('admin', 'release_follow_up', :'a', suite.item('call_m2'))) #>> '{followUp,status}', 'open', 'R-06 and gives it back');
SELECT is(suite.part(suite.body(suite.api('agent', 'resolve_follow_up', :'a', suite.item('call_m3'), '{"note": "Called, comes tomorrow"}')) -> 'followUp',
	'{"status": 1, "resolvedBy": 1, "resolution": 1, "note": 1, "recovered": 1}'),
	'{"status": "done", "resolvedBy": "agent@example.com", "resolution": "person", "note": "Called, comes tomorrow", "recovered": false}', 'R-06 who has called back says so');
SELECT suite.refused(suite.api('agent', 'resolve_follow_up', :'a', suite.item('call_m3'), '{"status": "dismissed"}'), '23505', 'status', 'is done already', 'R-06 what is done is done');
SELECT suite.refused(suite.api('agent', 'release_follow_up', :'a', suite.item('call_m3')), '23505', 'status', 'is done already', 'R-06 and cannot be given back');
SELECT suite.refused(suite.api('agent', 'claim_follow_up', :'a', suite.item('call_m3')), '23505', 'status', 'is done already', 'R-06 nor taken');
SELECT suite.refused(suite.tried('agent', 'resolve_follow_up', :'a', suite.item('call_m1'), '{"status": "open"}'), '22023', 'status', 'must be one of: done, dismissed', 'R-06 a resolution is done or dismissed');
SELECT suite.refused(suite.tried('agent', f, :'a', '65f000000000000000000999'), 'P0002', '', 'Follow-up not found', 'R-06 ' || f || ': there is no such one') FROM unnest('{claim_follow_up,release_follow_up,resolve_follow_up}'::text[]) f;
SELECT suite.refused(suite.tried('tap_platform', f, :'b', suite.item('call_m1')), 'P0002', '', 'Follow-up not found', 'X-09 R-06 ' || f || ': nor in another company') FROM unnest('{claim_follow_up,release_follow_up,resolve_follow_up}'::text[]) f;
SELECT suite.body(suite.api('agent', 'resolve_follow_up', :'a', suite.item('call_m' || n), '{"status": "dismissed"}')) FROM unnest('{1,2}'::int[]) n \g /dev/null
SELECT is(suite.body(suite.api('agent', 'claim_follow_up', :'a')), '{"success": true, "claimed": false, "followUp": null}', 'R-06 when nothing waits there is nothing to take');
SELECT is(suite.body(suite.api('viewer', 'list_follow_ups', :'a', '{"status": "done", "claimedBy": "agent@example.com"}')) #>> '{followUps,0,lastCall,callId}', 'call_m3', 'R-06 what was done is listed on demand');

SELECT is(ARRAY(SELECT action FROM callcenter.audit_log WHERE record_type = 'follow_up' AND record_id = suite.item('call_m3') ORDER BY id), '{open,claim,resolve}', 'B-06 each change of a follow-up is in the audit log');
SELECT is(ARRAY(SELECT f.id::text
	FROM callcenter.follow_ups f
	JOIN LATERAL (SELECT count(*) AS attempts, max(l.priority::callcenter.urgency) AS priority, min(l.reason::callcenter.follow_up_reason) AS reason, min(c.started_at) AS first, max(c.started_at) AS last
		FROM callcenter.follow_up_calls l JOIN callcenter.calls c ON c.id = l.call_id WHERE l.follow_up_id = f.id) n ON true
	WHERE (f.attempts, f.priority, f.reason, f.first_call_at, f.last_call_at) IS DISTINCT FROM (n.attempts, n.priority::text, n.reason::text, n.first, n.last)),
	'{}', 'R-06 every item says of its calls what they are');

SELECT * FROM finish();
ROLLBACK;
