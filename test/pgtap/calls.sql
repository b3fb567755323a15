-- What create_call makes of a document, and what get_call gives back.

\ir common.psql

SELECT plan(83);

/*
 * Length.
 */
SELECT is(suite.logged(:'a', suite.call('length_' || why, more => more::jsonb)) -> 'durationSeconds', wanted::jsonb, 'C-12: the length of a call ' || why)
FROM (VALUES
	('{"endedAt": "2025-12-01T14:33:24Z"}', '204', 'is from its start to its end'),
	('{"endedAt": "2025-12-01T14:33:24.999Z"}', '204', 'is in whole seconds that have passed'),
	('{"endedAt": "2025-12-01T09:33:24-05:00"}', '204', 'does not depend on the offsets of its times'),
	('{"endedAt": "2025-12-01T14:33:24Z", "durationSeconds": 190}', '190', 'is as given, when it is given'),
	('{"durationSeconds": 190}', '190', 'can be given without an end'),
	('{}', NULL, 'is not known without an end')
) AS t (more, wanted, why);

/*
 * Once: the same call id again.
 */
CREATE TEMPORARY TABLE first AS
	SELECT suite.create_call('tap_platform', :'a', suite.call('once', '+13055550010',
		more => '{"twilioCallSid": "CAonce", "captured": {"name": "Ada Once"}, "agentNotes": {"text": "n"}, "transcript": [{"speaker": "caller", "text": "Hi"}]}')) AS answer;
CREATE FUNCTION pg_temp.everything() RETURNS text LANGUAGE sql AS $$
	SELECT concat_ws(' ',
		(SELECT md5(string_agg(c::text, ' ' ORDER BY c::text)) FROM callcenter.calls c),
		(SELECT md5(string_agg(c::text, ' ' ORDER BY c::text)) FROM callcenter.customers c),
		(SELECT md5(string_agg(c::text, ' ' ORDER BY c::text)) FROM callcenter.customer_phones c),
		(SELECT md5(string_agg(c::text, ' ' ORDER BY c::text)) FROM callcenter.customer_numbers c),
		(SELECT md5(string_agg(c::text, ' ' ORDER BY c::text)) FROM callcenter.transcripts c),
		(SELECT md5(string_agg(c::text, ' ' ORDER BY c::text)) FROM callcenter.call_notes c),
		(SELECT md5(string_agg(c::text, ' ' ORDER BY c::text)) FROM callcenter.appointments c),
		(SELECT md5(string_agg(c::text, ' ' ORDER BY c::text)) FROM callcenter.call_appointments c))
$$;
CREATE TEMPORARY TABLE before AS SELECT pg_temp.everything() AS state;
SELECT is((answer).body -> 'created', 'true', 'a new call is made') FROM first;
CREATE TEMPORARY TABLE again AS
	SELECT suite.ask('tap_platform', format('SELECT callcenter.create_call(%L, %L)', :'a', '{ "transcript" : [ {"text":"Hi","speaker":"caller"} ],
		"twilioCallSid":"CAonce","outcome":{"status":"completed"},"captured":{"name":"Ada Once"},"startedAt":"2025-12-01T14:30:00Z",
		"agentNotes":{"text":"n"},"caller":{"phone":"+13055550010"},"callId":"once" }')) AS answer;
SELECT is((a.answer).body, jsonb_set((f.answer).body, '{created}', 'false'), 'D-01: the same document again, in whatever order, gives the stored call')
FROM first f, again a;
SELECT is(pg_temp.everything(), state, 'and changes nothing') FROM before;
SELECT is((suite.create_call('tap_service', :'a', suite.call('once', '+13055550010',
		more => '{"twilioCallSid": "CAonce", "captured": {"name": "Ada Once"}, "agentNotes": {"text": "n"}, "transcript": [{"speaker": "caller", "text": "Hi"}]}'))).body -> 'created',
	'false', 'it does not matter who logs it again');
SELECT suite.refused(suite.create_call('tap_platform', :'a', suite.put(suite.call('once', '+13055550010',
		more => '{"twilioCallSid": "CAonce", "captured": {"name": "Ada Once"}, "agentNotes": {"text": "n"}, "transcript": [{"speaker": "caller", "text": "Hi"}]}'), path, value::jsonb)),
	'23505', 'callId', 'A call with this callId exists with other content', format('another %s under the same call id is a conflict', path))
FROM (VALUES
	('caller.phone', '"+13055550011"'), ('startedAt', '"2025-12-01T14:30:01Z"'), ('outcome.status', '"voicemail"'), ('captured.name', '"Ada Twice"'),
	('twilioCallSid', '"CAother"'), ('transcript', '[{"speaker": "caller", "text": "Ho"}]'), ('agentNotes.text', '"m"'), ('durationSeconds', '1')
) AS t (path, value);
SELECT suite.refused(suite.create_call('tap_platform', :'a', suite.call('twice', '+13055550012', more => '{"twilioCallSid": "CAonce"}')),
	'23505', 'twilioCallSid', 'A call with this twilioCallSid exists', 'C-03: two calls of a company do not have the same twilioCallSid');
SELECT is(pg_temp.everything(), state, 'a conflict changes nothing: no customer is made, no number is used') FROM before;
SELECT is(suite.logged(:'a', suite.call('sid_' || n)) -> 'twilioCallSid', NULL, 'any number of calls have none: ' || n) FROM generate_series(1, 2) n;

-- per company
SELECT is((suite.create_call('tap_platform', :'b', suite.call('once', '+13055550010', more => '{"twilioCallSid": "CAonce"}'))).body -> 'created',
	'true', 'D-01: another company may use the same callId and twilioCallSid');
SELECT is((suite.get_call('tap_platform', :'a', 'once')).body #>> '{call,caller,name}', 'Ada Once', 'each company reads its own call: the first');
SELECT is((suite.get_call('tap_platform', :'b', 'once')).body #>> '{call,caller,name}', NULL, 'each company reads its own call: the second');

/*
 * Reading a call.
 */
SELECT is((suite.get_call('tap_platform', :'a', (answer).body #>> '{call,_id}')).body -> 'call', (answer).body -> 'call', 'E-02: a call is found by its _id, too')
FROM first;
SELECT is((suite.get_call('tap_platform', :'a', (suite.logged(:'a', suite.call('0123456789abcdef01234567')) ->> 'callId'))).body #>> '{call,callId}',
	'0123456789abcdef01234567', 'a callId may look like an _id');
SELECT suite.refused(suite.get_call('tap_platform', :'a', id), 'P0002', '', 'Call not found', 'E-02: there is no call ' || left(id, 24))
FROM unnest(ARRAY['nope', '', '65f0000000000000000000c9', 'ONCE', 'once ', repeat('x', 100000)]) id;
SELECT suite.refused(suite.get_call('tap_platform', :'b', (answer).body #>> '{call,_id}'), 'P0002', '', 'Call not found',
	'E-02: another company''s call is not there, in the same words')
FROM first;
SELECT suite.refused(suite.get_call('tap_platform', :'a', NULL), '23502', 'callId', 'is required', 'E-02: NULL names no call');
SELECT ok(call ->> 'createdAt' = call ->> 'updatedAt' AND (call ->> 'createdAt')::timestamptz = now() AND call -> 'version' = '1',
	'C-58: a new call is of now, in version 1')
FROM (SELECT (answer).body -> 'call' AS call FROM first) c;
SELECT is(suite.logged(:'a', suite.call('day_' || started_at, '+13055550013', started_at)) ->> 'day', day,
	format('the day of a call at %s is %s in New York', started_at, day))
FROM (VALUES ('2025-12-02T04:59:59Z', '2025-12-01'), ('2025-12-02T05:00:00Z', '2025-12-02'), ('2025-07-02T03:59:59Z', '2025-07-01'), ('2025-07-02T04:00:00Z', '2025-07-02'))
	AS t (started_at, day);

/*
 * Transcripts.
 */
CREATE FUNCTION pg_temp.transcript(turns text, more jsonb DEFAULT '{}') RETURNS jsonb LANGUAGE sql AS $$
	SELECT (suite.try_call('tap_admin', '65f0000000000000000000a1', suite.call('t', more => jsonb_build_object('transcript', turns::jsonb) || more))).body -> 'call'
$$;
SELECT is((SELECT string_agg((t ->> 'turnNumber') || (t ->> 'text'), ' ' ORDER BY n) FROM jsonb_array_elements(pg_temp.transcript(turns) -> 'transcript') WITH ORDINALITY AS e (t, n)),
	wanted, 'C-46: turns ' || why)
FROM (VALUES
	('[{"speaker":"agent","text":"a","turnNumber":3},{"speaker":"agent","text":"b","turnNumber":1},{"speaker":"agent","text":"c","turnNumber":2}]', '1b 2c 3a', 'are in the order of their numbers'),
	('[{"speaker":"agent","text":"a"},{"speaker":"caller","text":"b"},{"speaker":"agent","text":"c"}]', '1a 2b 3c', 'without numbers are in the order of the document'),
	('[{"speaker":"agent","text":"a","turnNumber":0},{"speaker":"agent","text":"b","turnNumber":1}]', '0a 1b', 'may be numbered from 0'),
	('[{"speaker":"agent","text":"a","turnNumber":1},{"speaker":"agent","text":"b","turnNumber":1},{"speaker":"agent","text":"c","turnNumber":1}]', '1a 1b 1c', 'of one number stay as they came')
) AS t (turns, wanted, why);

-- who spoke when: [0 caller, 1 agent; from, to in milliseconds of the call]
SELECT is(pg_temp.transcript(turns, more::jsonb) -> 'turns', wanted::jsonb, 'who spoke when: ' || why)
FROM (VALUES
	('[{"speaker":"agent","text":"a","timestamp":"2025-12-01T14:30:02Z"},{"speaker":"caller","text":"b","timestamp":"2025-12-01T14:30:06.500Z"}]', '{"endedAt": "2025-12-01T14:30:20Z"}',
		'[[1,2000,6500],[0,6500,20000]]', 'a turn lasts until the next, the last until the end of the call'),
	('[{"speaker":"caller","text":"b","timestamp":"2025-12-01T14:30:06.500Z"}]', '{}',
		'[[0,6500,9500]]', 'a last turn takes 3 s when the end is not known'),
	('[{"speaker":"agent","text":"a","timestamp":"2025-12-01T14:29:58Z"},{"speaker":"caller","text":"b","timestamp":"2025-12-01T14:30:01Z"}]', '{"endedAt": "2025-12-01T14:30:02Z"}',
		'[[1,0,1000],[0,1000,2000]]', 'nobody speaks before the call'),
	('[{"speaker":"agent","text":"a","timestamp":"2025-12-01T14:30:05Z"},{"speaker":"caller","text":"b","timestamp":"2025-12-01T14:30:03Z"}]', '{"endedAt": "2025-12-01T14:30:04Z"}',
		'[[1,5000,5000],[0,3000,4000]]', 'no turn ends before it began'),
	('[{"speaker":"agent","text":"a","timestamp":"2025-12-01T14:30:09Z"}]', '{"endedAt": "2025-12-01T14:30:04Z"}',
		'[[1,9000,9000]]', 'nor does the last, when it is behind the end'),
	('[{"speaker":"agent","text":"a","timestamp":"2025-12-01T14:30:02Z"},{"speaker":"caller","text":"b"}]', '{}', NULL, 'not known when a turn has no time'),
	('[{"speaker":"agent","text":"a"}]', '{}', NULL, 'not known without times'),
	('[{"speaker":"agent","text":"a","timestamp":"2125-12-01T14:30:02Z"}]', '{}', NULL, 'not known when a time is a century off')
) AS t (turns, more, wanted, why);

/*
 * The one line that lists show.
 */
SELECT is(suite.logged(:'a', suite.call('summary_' || why, more => more::jsonb)) ->> 'summary', wanted, 'the summary of a call ' || why)
FROM (VALUES
	('{"captured": {"problemDescription": "No heat"}, "transcript": [{"speaker": "caller", "text": "Hello"}]}', 'No heat', 'is the captured problem'),
	('{"transcript": [{"speaker": "agent", "text": "Welcome"}, {"speaker": "caller", "text": "My sink leaks"}, {"speaker": "caller", "text": "Badly"}]}', 'My sink leaks', 'is else what the caller said first'),
	('{"transcript": [{"speaker": "caller", "text": ""}, {"speaker": "caller", "text": "Badly"}]}', 'Badly', 'is not an empty turn'),
	('{"transcript": [{"speaker": "agent", "text": "Welcome"}]}', NULL, 'is never what the agent said'),
	('{"transcript": [{"speaker": "caller", "text": "second", "turnNumber": 2}, {"speaker": "caller", "text": "first", "turnNumber": 1}]}', 'first', 'follows the numbers of turns')
) AS t (more, wanted, why);

/*
 * Booked.
 */
SELECT is(suite.logged(:'a', suite.call('booked_' || why, more => more::jsonb)) -> 'booked', wanted::jsonb, 'D-15: a call is ' || why)
FROM (VALUES
	('{"outcome": {"status": "completed", "appointmentCreated": "65f0000000000000000000d1"}}', 'true', 'booked by outcome.appointmentCreated'),
	('{"actions": [{"type": "sms_sent", "status": "success"}, {"type": "appointment_created", "status": "success"}]}', 'true', 'booked by a successful appointment_created'),
	('{"captured": {"appointment": {"bookedDate": "2025-12-03"}}}', 'true', 'booked by captured.appointment.bookedDate'),
	('{"actions": [{"type": "appointment_created", "status": "failed"}, {"type": "appointment_created", "status": "pending"}, {"type": "appointment_created"}]}', 'false', 'not booked by attempts'),
	('{"actions": [{"type": "appointment_updated", "status": "success"}]}', 'false', 'not booked by a change'),
	('{"captured": {"appointment": {"requestedDate": "2025-12-03", "bookedTimeWindow": "8-10", "existingId": "65f0000000000000000000d2"}}}', 'false', 'not booked by a wish'),
	('{"outcome": {"status": "completed", "result": "Appointment Booked"}}', 'false', 'not booked by words')
) AS t (more, wanted, why);

/*
 * Appointments.
 */
SELECT suite.logged(:'a', suite.call('books', '+13055550020', more => '{"captured": {"name": "Bo Booker", "problemDescription": "No cooling", "appointment":
		{"bookedDate": "2025-12-05", "bookedTimeWindow": "8-10 AM", "existingId": "65f0000000000000000000d4", "requestedDate": "2025-12-09", "requestedTimeWindow": "noon"}},
	"outcome": {"status": "completed", "appointmentCreated": "65f0000000000000000000d3"}}')) IS NULL AS made \gset
SELECT is(
	ARRAY(
		SELECT concat_ws(' | ', a.id, a.scheduled_date, a.time_window, a.status, a.service, cu.full_name)
		FROM callcenter.appointments a
		JOIN callcenter.customers cu ON (cu.company_id, cu.id) = (a.company_id, a.customer_id)
		WHERE a.id IN ('65f0000000000000000000d3', '65f0000000000000000000d4')
		ORDER BY a.id),
	ARRAY[
		'65f0000000000000000000d3 | 2025-12-05 | 8-10 AM | scheduled | No cooling | Bo Booker',
		'65f0000000000000000000d4 | 2025-12-09 | noon | scheduled | No cooling | Bo Booker'],
	'C-28 C-34: appointments that are not known yet are made with what the call knows of them');
SELECT is(
	ARRAY(
		SELECT ca.appointment_id || ' ' || ca.role
		FROM callcenter.call_appointments ca
		JOIN callcenter.calls c ON (c.company_id, c.id) = (ca.company_id, ca.call_id)
		WHERE c.call_id = 'books'
		ORDER BY 1),
	ARRAY['65f0000000000000000000d3 created', '65f0000000000000000000d4 changed'],
	'C-28 C-34: a call is linked to the appointment it created and to the one it changed');
SELECT is((suite.create_call('tap_platform', :'a', suite.call('changes', '+13055550021', more => '{"captured": {"appointment":
		{"existingId": "65f0000000000000000000d3", "requestedDate": "2026-01-01"}}}'))).state, '00000', 'another call may change the same appointment');
SELECT is((SELECT scheduled_date FROM callcenter.appointments WHERE id = '65f0000000000000000000d3'), '2025-12-05'::date,
	'a wish does not overwrite an appointment that is known');
SELECT is((SELECT cu.full_name FROM callcenter.appointments a JOIN callcenter.customers cu ON (cu.company_id, cu.id) = (a.company_id, a.customer_id)
		WHERE a.id = '65f0000000000000000000d3'), 'Bo Booker', 'nor whose it is');
SELECT is((suite.create_call('tap_platform', :'b', suite.call('books', more => '{"outcome": {"status": "completed", "appointmentCreated": "65f0000000000000000000d3"}}'))).state,
	'00000', 'another company may have an appointment of the same id');

/*
 * Notes and reviews that come with the call.
 */
SELECT is(call -> 'agentNotes', jsonb_build_object('text', 'n', 'addedBy', 'tap_platform', 'addedAt', (call ->> 'createdAt')), 'C-50: a note is by default of the caller, of now')
FROM (SELECT (answer).body -> 'call' AS call FROM first) c;
SELECT is((SELECT count(*) FROM callcenter.call_notes), 1::bigint, 'D-03: a note is a row of its own');
SELECT is((suite.logged(:'a', suite.call('reviewed', more => '{"review": {"reviewed": true}}')) -> 'review') - 'reviewedAt',
	format('{"reviewed": true, "flagged": false, "reviewedBy": "%s"}', session_user)::jsonb, 'C-52: a review is by default of the caller');
SELECT is(((suite.get_call('tap_platform', :'a', 'reviewed')).body #>> '{call,review,reviewedAt}')::timestamptz, now(), 'C-53: and of now');
SELECT is(suite.logged(:'a', suite.call('unreviewed', more => '{"review": {"reviewed": false, "rating": 3}}')) -> 'review',
	'{"reviewed": false, "flagged": false, "rating": 3}', 'C-51: a call that is not reviewed is by nobody');

/*
 * The answer is made of the row as it is inserted; it says what is read later.
 */
SELECT suite.logged(:'a', suite.call('nameless', '+13055550072')) IS NOT NULL AS made \gset
SELECT is(suite.logged(:'a', suite.call('answered ' || why, phone, more => more::jsonb)),
	(suite.get_call('tap_platform', :'a', 'answered ' || why)).body -> 'call', 'the answer to a call ' || why || ' is what is read later')
FROM (VALUES
	('of a new caller', '+13055550071', '{"captured": {"name": "Grace Hopper", "phone": "(305) 555-0199"}}'),
	('of a known one', '+13055550071', '{"transcript": [{"speaker": "caller", "text": "Hi"}], "captured": {"custom": {"a": [1, 2.50]}, "accessInstructions": {"gateCode": "0070"}}}'),
	('that fills a name', '+13055550072', '{"captured": {"name": " Alan Turing "}}'),
	('of nobody', 'anonymous', '{"analysis": {"llmCost": 0.0120, "intentConfidence": 0.9}}'),
	('of spam', '+13055550073', '{"outcome": {"status": "spam"}, "transcript": []}'),
	('with a note', '+13055550071', '{"agentNotes": {"text": "n"}}'),
	('that booked', '+13055550071', '{"outcome": {"status": "completed", "appointmentCreated": "64f1c0de5a1e0000000000f1"}}')
) AS t (why, phone, more);

-- a customer is made by a call; that of spam before it becomes the customer's, and starts later
SELECT suite.logged(:'a', suite.call('spam before', '+13055550074', '2025-12-02T14:30:00Z', 'spam')) IS NOT NULL AS made,
	suite.logged(:'a', suite.call('first of its number', '+13055550074', '2025-12-01T14:30:00Z')) IS NOT NULL AS made_too \gset
SELECT is((suite.get_call('tap_platform', :'a', 'spam before')).body #> '{call,caller,previousCallCount}', '1',
	'a call that makes its customer counts for the later spam call, which is the customer''s now');

SELECT * FROM finish();
ROLLBACK;
