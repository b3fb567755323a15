-- The call document: every field of the proposal goes in and comes out again as it was, alone and with all the others.

\ir common.psql

-- Every field that a client may give, by its place in the acceptance list, with a value as the proposal would have it.
CREATE TEMPORARY TABLE fields (id text, path text PRIMARY KEY, value jsonb);
INSERT INTO fields VALUES
	('C-02', 'callId', '"call_1701456789_abc123"'),
	('C-03', 'twilioCallSid', '"CA0123456789abcdef0123456789abcdef"'),
	('C-04', 'caller.phone', '"+13055551234"'),
	('C-05', 'caller.name', '"Sarah Johnson"'),
	('C-09', 'direction', '"outbound"'),
	('C-10', 'startedAt', '"2025-12-01T14:30:00Z"'),
	('C-11', 'endedAt', '"2025-12-01T14:33:24Z"'),
	('C-12', 'durationSeconds', '204'),
	('C-13', 'analysis.primaryIntent', '"APPOINTMENT_ACCESS_UPDATE"'),
	('C-14', 'analysis.intentConfidence', '0.94'),
	('C-15', 'analysis.emotion.primary', '"NEUTRAL"'),
	('C-16', 'analysis.emotion.intensity', '0.2'),
	('C-17', 'analysis.triageCard', '"Access instructions"'),
	('C-18', 'analysis.scenarioMatched', '"update-access-v3"'),
	('C-19', 'analysis.routingTier', '1'),
	('C-20', 'analysis.llmModel', '"gpt-4o-mini"'),
	('C-21', 'analysis.llmCost', '0.00123400'),
	('C-22', 'captured.name', '"Sarah Johnson"'),
	('C-23', 'captured.phone', '"+13055559876"'),
	('C-24', 'captured.email', '"sarah@example.com"'),
	('C-25', 'captured.address.street', '"123 Main St, Apt 4B"'),
	('C-25', 'captured.address.city', '"Miami"'),
	('C-25', 'captured.address.state', '"FL"'),
	('C-25', 'captured.address.zip', '"33101"'),
	('C-25', 'captured.address.full', '"123 Main St, Apt 4B, Miami, FL 33101"'),
	('C-26', 'captured.problemDescription', '"AC blows warm air."'),
	('C-27', 'captured.urgency', '"urgent"'),
	('C-28', 'captured.appointment.existingId', '"65f0000000000000000000c3"'),
	('C-28', 'captured.appointment.requestedDate', '"2025-12-02"'),
	('C-28', 'captured.appointment.requestedTimeWindow', '"morning"'),
	('C-28', 'captured.appointment.bookedDate', '"2025-12-03"'),
	('C-28', 'captured.appointment.bookedTimeWindow', '"8-10 AM"'),
	('C-29', 'captured.accessInstructions.customerPresent', 'false'),
	('C-29', 'captured.accessInstructions.keyLocation', '"Under the front door mat"'),
	('C-29', 'captured.accessInstructions.gateCode', '"#4821"'),
	('C-29', 'captured.accessInstructions.lockboxCode', '"0070"'),
	('C-29', 'captured.accessInstructions.alternateContact.name', '"Nataly"'),
	('C-29', 'captured.accessInstructions.alternateContact.phone', '"+12223334444"'),
	('C-29', 'captured.accessInstructions.alternateContact.relationship', '"Neighbor"'),
	('C-29', 'captured.accessInstructions.petInfo', '"Two dogs, friendly"'),
	('C-29', 'captured.accessInstructions.specialNotes', '"Ring twice."'),
	('C-30', 'captured.custom', '{"membership": "Gold", "units": [1, 2.5, {"a": null}], "": true, "nested": {"deep": {"deeper": []}}}'),
	('C-31', 'outcome.status', '"transferred"'),
	('C-32', 'outcome.result', '"Appointment Updated"'),
	('C-33', 'outcome.transferredTo', '"+13055550111"'),
	('C-34', 'outcome.appointmentCreated', '"65f0000000000000000000d4"'),
	('C-35', 'outcome.messageLeft', 'true'),
	('C-36', 'outcome.followUpRequired', 'true'),
	('C-37', 'outcome.followUpNotes', '"Call back on Monday."'),
	('C-38', 'actions', '[
		{"type": "sms_sent", "target": "+13055551234", "status": "success", "timestamp": "2025-12-01T14:33:30Z", "details": {"template": "confirm", "": "x"}},
		{"type": "technician_notified", "status": "pending", "timestamp": "2025-12-01T14:33:31.250Z"},
		{"type": "email_sent", "target": "sarah@example.com", "status": "failed", "timestamp": "2025-12-01T14:33:31.250001Z", "details": {}}]'),
	('C-43', 'transcript', '[
		{"speaker": "agent", "text": "Hi Sarah! Welcome back to ABC HVAC.", "timestamp": "2025-12-01T14:30:02Z", "turnNumber": 1},
		{"speaker": "caller", "text": "Hi \"there\" \\ — I left the key\nunder the mat.", "timestamp": "2025-12-01T14:30:06.500Z", "turnNumber": 2},
		{"speaker": "agent", "text": "", "timestamp": "2025-12-01T14:30:09Z", "turnNumber": 7}]'),
	('C-47', 'recording.url', '"https://api.twilio.com/2010-04-01/Recordings/RE1.mp3?x=1&y=%20"'),
	('C-48', 'recording.duration', '203'),
	('C-49', 'recording.storedUntil', '"2026-12-01T00:00:00Z"'),
	('C-50', 'agentNotes.text', '"Very polite."'),
	('C-50', 'agentNotes.addedBy', '"maria@example.com"'),
	('C-50', 'agentNotes.addedAt', '"2025-12-01T15:00:00Z"'),
	('C-51', 'review.reviewed', 'true'),
	('C-52', 'review.reviewedBy', '"boss@example.com"'),
	('C-53', 'review.reviewedAt', '"2025-12-02T09:00:00Z"'),
	('C-54', 'review.rating', '5'),
	('C-55', 'review.feedback', '"Handled well."'),
	('C-56', 'review.flagged', 'true'),
	('C-57', 'review.flagReason', '"Good example"');

-- Access codes go in, and come out masked, for everybody.
ALTER TABLE fields ADD shown jsonb;
UPDATE fields SET shown = CASE WHEN path ~ '(keyLocation|gateCode|lockboxCode)$' THEN '"••••"' ELSE value END;

CREATE FUNCTION pg_temp.whole() RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
	document jsonb := '{}';
	field record;
BEGIN
	FOR field IN SELECT path, value FROM fields LOOP
		document := suite.put(document, field.path, field.value);
	END LOOP;
	RETURN document;
END
$$;

-- What the server adds to a call, and nothing else.
CREATE TEMPORARY TABLE derived (path text PRIMARY KEY);
INSERT INTO derived VALUES
	('_id'), ('caller.phoneDisplay'), ('caller.customerId'), ('caller.customerNumber'), ('caller.isReturning'),
	('caller.previousCallCount'), ('day'), ('summary'), ('booked'), ('captured.phoneDisplay'),
	('captured.accessInstructions.alternateContact.phoneDisplay'), ('turns'), ('createdAt'), ('updatedAt'), ('version'), ('timeZone');

SELECT plan(
	(SELECT count(*)::integer FROM fields) * 3	-- create, get, alone
	+ 10 + 6 + 8 + 7 + 4);

/*
 * All fields at once.
 */
CREATE TEMPORARY TABLE made AS
	SELECT suite.create_call('tap_admin', :'a', pg_temp.whole()) AS answer;
CREATE TEMPORARY TABLE stored AS
	SELECT suite.get_call('tap_admin', :'a', 'call_1701456789_abc123') AS answer;

SELECT is((answer).state, '00000', 'a call with every field of the proposal is taken') FROM made;
SELECT is((answer).body - 'call', '{"success": true, "created": true}', 'E-03: create_call says that it made the call') FROM made;
SELECT is((answer).body - 'call', '{"success": true}', 'E-02: get_call answers with the call and nothing beside it') FROM stored;
SELECT is((m.answer).body -> 'call', (s.answer).body -> 'call', 'create_call gives the call as get_call does') FROM made m, stored s;

SELECT is(suite.at((answer).body -> 'call', path), shown,
	format('%s: %s comes out of create_call %s', id, path, CASE shown WHEN value THEN 'as it went in' ELSE 'masked' END))
FROM made, fields;
SELECT is(suite.at((answer).body -> 'call', path), shown,
	format('%s: %s comes out of get_call %s', id, path, CASE shown WHEN value THEN 'as it went in' ELSE 'masked' END))
FROM stored, fields;
SELECT is(suite.body(suite.ask('tap_admin', format('SELECT callcenter.reveal_access_codes(%L, ''call'', ''call_1701456789_abc123'')', :'a'))),
	(SELECT jsonb_build_object('success', true, 'call', jsonb_build_object('captured', jsonb_build_object('accessInstructions',
		jsonb_object_agg(replace(path, 'captured.accessInstructions.', ''), value)))) FROM fields WHERE shown <> value),
	'C-29: reveal_access_codes gives the codes as they went in, and nothing else');
SELECT set_eq($$
		SELECT p.path FROM stored, suite.paths((answer).body -> 'call') p
		WHERE NOT EXISTS (SELECT FROM fields f WHERE p.path = f.path OR p.path ^@ (f.path || '[') OR p.path ^@ (f.path || '.'))
	$$, $$SELECT CASE path WHEN 'turns' THEN 'turns[][]' ELSE path END FROM derived UNION ALL SELECT 'notes[].' || m FROM unnest('{_id,text,addedBy,addedAt}'::text[]) m$$,
	'the stored call has no member but those that were given and those that the server adds');
SELECT ok(NOT (answer).body::text ~ :'a' AND (answer).body #> '{call,companyId}' IS NULL, 'X-10: a call does not name its company') FROM stored;
SELECT is((SELECT llm_cost::text FROM callcenter.calls WHERE company_id = :'a' AND call_id = 'call_1701456789_abc123'), '0.00123400',
	'C-21: a cost is kept exactly, to the last digit given');
SELECT is((answer).body #>> '{call,timeZone}', 'America/New_York', 'a call says which zone its days are counted in') FROM stored;
SELECT is(
	(SELECT count(*) FROM json_each((SELECT callcenter.get_call(:'a', 'call_1701456789_abc123')) -> 'call')),
	(SELECT count(*) FROM stored, jsonb_each((answer).body -> 'call')),
	'no member of a call is written twice');

/*
 * Each field alone, beside the required ones: groups open and close whatever stands next to a field.
 */
CREATE FUNCTION pg_temp.alone(path text, value jsonb) RETURNS suite.answer LANGUAGE sql AS $$
	SELECT suite.create_call('tap_admin', '65f0000000000000000000a1',
		suite.put(suite.call(CASE path WHEN 'callId' THEN 'only' ELSE 'only_' || path END), path, value))
$$;
SELECT is(suite.at((pg_temp.alone(path, CASE path WHEN 'callId' THEN '"another"' ELSE value END)).body -> 'call', path),
	CASE path WHEN 'callId' THEN '"another"' ELSE shown END,
	id || ': ' || path || ' can be given without the optional ones')
FROM fields WHERE path <> 'agentNotes.addedBy' AND path <> 'agentNotes.addedAt' AND path <> 'twilioCallSid'
UNION ALL
SELECT is(suite.at((pg_temp.alone(path, '"CAalone"')).body -> 'call', path), '"CAalone"', id || ': ' || path || ' can be given without the optional ones')
FROM fields WHERE path = 'twilioCallSid'
UNION ALL
-- who added a note, and when, are of a note
SELECT is(suite.at((pg_temp.alone(path, value)).body -> 'call', 'agentNotes'), NULL, id || ': ' || path || ' says nothing without a text')
FROM fields WHERE path IN ('agentNotes.addedBy', 'agentNotes.addedAt');

/*
 * What a field becomes that is not given, or is null: the proposal's defaults, else nothing.
 */
CREATE TEMPORARY TABLE shortest AS SELECT suite.logged(:'a', suite.call('shortest', '+13055550001')) AS call;
SELECT is(call #> '{caller,isReturning}', 'false', 'C-07: isReturning is false by default') FROM shortest;
SELECT is(call #> '{caller,previousCallCount}', '0', 'C-08: previousCallCount is 0 by default') FROM shortest;
SELECT is(call -> 'direction', '"inbound"', 'C-09: direction is inbound by default') FROM shortest;
SELECT is(call #> '{outcome,followUpRequired}', 'false', 'C-36: followUpRequired is false by default') FROM shortest;
SELECT is(call -> 'review', '{"reviewed": false, "flagged": false}', 'C-51 C-56: a new call is neither reviewed nor flagged') FROM shortest;
SELECT set_eq($$SELECT path FROM shortest, suite.paths(call)$$, ARRAY['_id', 'callId', 'caller.phone', 'caller.phoneDisplay',
		'caller.customerId', 'caller.customerNumber', 'caller.isReturning', 'caller.previousCallCount', 'direction', 'startedAt', 'day',
		'booked', 'outcome.status', 'outcome.followUpRequired', 'review.reviewed', 'review.flagged', 'createdAt', 'updatedAt', 'version', 'timeZone'],
	'what a call does not have is left out');

CREATE FUNCTION pg_temp.with_null(path text, call_id text) RETURNS jsonb LANGUAGE sql AS $$
	SELECT suite.logged('65f0000000000000000000a1', suite.put(suite.call(call_id, '+13055550002'), path, 'null'))
		- '{_id,callId,caller,createdAt,updatedAt}'::text[]
$$;
SELECT is(
	ARRAY(SELECT path FROM fields
		WHERE path NOT IN ('callId', 'caller.phone', 'startedAt', 'outcome.status')
			AND pg_temp.with_null(path, 'null_' || path) <> (SELECT call - '{_id,callId,caller,createdAt,updatedAt}'::text[] FROM shortest)
		ORDER BY path),
	'{}', 'in a new call, null is the same as absent, for every optional field');
SELECT is(
	ARRAY(SELECT g FROM unnest('{analysis,captured,actions,transcript,recording,agentNotes,review,analysis.emotion,captured.address,captured.appointment,captured.accessInstructions,captured.accessInstructions.alternateContact}'::text[]) g
		WHERE pg_temp.with_null(g, 'group_' || g) <> (SELECT call - '{_id,callId,caller,createdAt,updatedAt}'::text[] FROM shortest)),
	'{}', 'a null group is the same as an absent one');
SELECT is(
	ARRAY(SELECT g FROM unnest('{analysis,captured,recording,agentNotes,review,analysis.emotion,captured.address,captured.appointment,captured.accessInstructions,captured.accessInstructions.alternateContact}'::text[]) g
		WHERE suite.logged(:'a', suite.put(suite.call('empty_' || g, '+13055550002'), g, '{}')) - '{_id,callId,caller,createdAt,updatedAt}'::text[]
			<> (SELECT call - '{_id,callId,caller,createdAt,updatedAt}'::text[] FROM shortest)),
	'{}', 'so is an empty one');
SELECT is(suite.logged(:'a', suite.call('no_actions', more => '{"actions": []}')) -> 'actions', '[]', 'no actions are still an array when they were given');
SELECT is(suite.logged(:'a', suite.call('no_turns', more => '{"transcript": []}')) -> 'turns', NULL, 'an empty transcript says nothing about who spoke');
SELECT is(suite.logged(:'a', suite.call('no_custom', more => '{"captured": {"custom": {}}}')) #> '{captured,custom}', '{}', 'an empty map stays one');
SELECT is(suite.logged(:'a', suite.call('action', more => '{"actions": [{"type": "note_added"}]}')) #>> '{actions,0,timestamp}',
	to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), 'C-41: an action without a time is of now');
SELECT is(suite.logged(:'a', suite.call('access', more => '{"captured": {"accessInstructions": {"gateCode": "1"}}}')) #> '{captured,accessInstructions,customerPresent}',
	'true', 'C-29: access instructions mean that the customer is there, unless they say otherwise');

/*
 * What is normal and what is kept as written.
 */
SELECT is(suite.logged(:'a', suite.put(suite.call('same_instant'), 'startedAt', to_jsonb(given))) ->> 'startedAt', kept,
	format('C-10: %s is the instant %s', given, kept))
FROM (VALUES
	('2025-12-01T09:30:00-05:00', '2025-12-01T14:30:00Z')
) AS t (given, kept);
SELECT is(suite.logged(:'a', suite.put(suite.call('instant_' || given), 'endedAt', to_jsonb(given))) ->> 'endedAt', kept,
	format('C-11: %s is the instant %s', given, kept))
FROM (VALUES
	('2025-12-01T23:59:60Z', '2025-12-02T00:00:00Z'),
	('2025-12-02T01:30+0530', '2025-12-01T20:00:00Z'),
	('2025-12-01 14:31:00.5z', '2025-12-01T14:31:00.500Z'),
	('2025-12-01T14:31:00.123456789Z', '2025-12-01T14:31:00.123456Z')
) AS t (given, kept);
SELECT is(suite.logged(:'a', suite.put(suite.call('date_time'), 'captured.appointment.bookedDate', '"2025-12-03T23:30:00-05:00"'))
	#>> '{captured,appointment,bookedDate}', '2025-12-03', 'C-28: of a date that comes with a time, the date as written counts');
SELECT is(suite.logged(:'a', suite.put(suite.call('upper'), 'outcome.appointmentCreated', '"65F0000000000000000000E5"'))
	#>> '{outcome,appointmentCreated}', '65f0000000000000000000e5', 'ids in a document may be in upper case, and are kept in lower case');

/*
 * Numbers of people beside the caller.
 */
SELECT is(suite.logged(:'a', suite.put(suite.call('spoken_' || given), 'captured.phone', to_jsonb(given))) -> 'captured', kept, 'C-23: ' || why)
FROM (VALUES
	('(305) 555-9876', '{"phone": "+13055559876", "phoneDisplay": "(305) 555-9876"}'::jsonb, 'a valid number that was heard becomes E.164'),
	('555 98', '{"phone": "555 98", "phoneDisplay": "555 98"}', 'what is no number stays as it was heard'),
	('+44 20 7946 0958', '{"phone": "+442079460958", "phoneDisplay": "+44 20 7946 0958"}', 'a foreign number is shown in international form')
) AS t (given, kept, why);
SELECT is(suite.logged(:'a', suite.put(suite.call('neighbor'), 'captured.accessInstructions.alternateContact.phone', '"305 555 9876"'))
	#> '{captured,accessInstructions,alternateContact,phone}', '"+13055559876"', 'C-29: the same holds for an alternate contact');

SELECT * FROM finish();
ROLLBACK;
