-- What a call document may not be: each defect is one error that names the path of the field and what is allowed there,
-- and leaves nothing behind.

\ir common.psql

-- Every field that a client may give, with the kind of JSON that it takes.
CREATE TEMPORARY TABLE fields (path text PRIMARY KEY, kind text, lowest numeric, highest numeric, shortest integer, longest integer);
INSERT INTO fields VALUES
	('callId', 'string', NULL, NULL, 1, 200),
	('twilioCallSid', 'string', NULL, NULL, 1, 64),
	('caller.phone', 'string', NULL, NULL, 0, 250),
	('caller.name', 'string', NULL, NULL, 0, 200),
	('direction', 'enum', NULL, NULL, NULL, NULL),
	('startedAt', 'time', NULL, NULL, NULL, NULL),
	('endedAt', 'time', NULL, NULL, NULL, NULL),
	('durationSeconds', 'integer', 0, 1000000, NULL, NULL),
	('analysis.primaryIntent', 'string', NULL, NULL, 1, 100),
	('analysis.intentConfidence', 'number', 0, 1, NULL, NULL),
	('analysis.emotion.primary', 'string', NULL, NULL, 1, 100),
	('analysis.emotion.intensity', 'number', 0, 1, NULL, NULL),
	('analysis.triageCard', 'string', NULL, NULL, 0, 200),
	('analysis.scenarioMatched', 'string', NULL, NULL, 0, 200),
	('analysis.routingTier', 'integer', 1, 3, NULL, NULL),
	('analysis.llmModel', 'string', NULL, NULL, 0, 200),
	('analysis.llmCost', 'number', 0, 1000000, NULL, NULL),
	('captured.name', 'string', NULL, NULL, 0, 200),
	('captured.phone', 'string', NULL, NULL, 0, 250),
	('captured.email', 'string', NULL, NULL, 0, 254),
	('captured.address.street', 'string', NULL, NULL, 0, 200),
	('captured.address.city', 'string', NULL, NULL, 0, 200),
	('captured.address.state', 'string', NULL, NULL, 0, 200),
	('captured.address.zip', 'string', NULL, NULL, 0, 20),
	('captured.address.full', 'string', NULL, NULL, 0, 500),
	('captured.problemDescription', 'string', NULL, NULL, 0, 10000),
	('captured.urgency', 'enum', NULL, NULL, NULL, NULL),
	('captured.appointment.existingId', 'id', NULL, NULL, NULL, NULL),
	('captured.appointment.requestedDate', 'date', NULL, NULL, NULL, NULL),
	('captured.appointment.requestedTimeWindow', 'string', NULL, NULL, 0, 200),
	('captured.appointment.bookedDate', 'date', NULL, NULL, NULL, NULL),
	('captured.appointment.bookedTimeWindow', 'string', NULL, NULL, 0, 200),
	('captured.accessInstructions.customerPresent', 'boolean', NULL, NULL, NULL, NULL),
	('captured.accessInstructions.keyLocation', 'string', NULL, NULL, 0, 500),
	('captured.accessInstructions.gateCode', 'string', NULL, NULL, 0, 200),
	('captured.accessInstructions.lockboxCode', 'string', NULL, NULL, 0, 200),
	('captured.accessInstructions.alternateContact.name', 'string', NULL, NULL, 0, 200),
	('captured.accessInstructions.alternateContact.phone', 'string', NULL, NULL, 0, 250),
	('captured.accessInstructions.alternateContact.relationship', 'string', NULL, NULL, 0, 200),
	('captured.accessInstructions.petInfo', 'string', NULL, NULL, 0, 500),
	('captured.accessInstructions.specialNotes', 'string', NULL, NULL, 0, 10000),
	('captured.custom', 'map', NULL, NULL, NULL, NULL),
	('outcome.status', 'enum', NULL, NULL, NULL, NULL),
	('outcome.result', 'string', NULL, NULL, 0, 200),
	('outcome.transferredTo', 'string', NULL, NULL, 0, 200),
	('outcome.appointmentCreated', 'id', NULL, NULL, NULL, NULL),
	('outcome.messageLeft', 'boolean', NULL, NULL, NULL, NULL),
	('outcome.followUpRequired', 'boolean', NULL, NULL, NULL, NULL),
	('outcome.followUpNotes', 'string', NULL, NULL, 0, 10000),
	('actions', 'array', NULL, NULL, NULL, NULL),
	('transcript', 'array', NULL, NULL, NULL, NULL),
	('recording.url', 'string', NULL, NULL, 1, 2000),
	('recording.duration', 'integer', 0, 1000000, NULL, NULL),
	('recording.storedUntil', 'time', NULL, NULL, NULL, NULL),
	('agentNotes.text', 'string', NULL, NULL, 1, 10000),
	('agentNotes.addedBy', 'string', NULL, NULL, 0, 200),
	('agentNotes.addedAt', 'time', NULL, NULL, NULL, NULL),
	('review.reviewed', 'boolean', NULL, NULL, NULL, NULL),
	('review.reviewedBy', 'string', NULL, NULL, 0, 200),
	('review.reviewedAt', 'time', NULL, NULL, NULL, NULL),
	('review.rating', 'integer', 1, 5, NULL, NULL),
	('review.feedback', 'string', NULL, NULL, 0, 10000),
	('review.flagged', 'boolean', NULL, NULL, NULL, NULL),
	('review.flagReason', 'string', NULL, NULL, 0, 1000);

-- A value of the wrong JSON type for each kind, and what the error says.
CREATE TEMPORARY TABLE wrong_types (kind text, value jsonb, words text);
INSERT INTO wrong_types
SELECT kind, value, words
FROM (VALUES
	('{string,enum,time,date,id}'::text[], '[1, true, [], {}, ["x"]]'::jsonb, 'must be a string'),
	('{integer}', '["1", true, [], {}, [1]]', 'must be a whole number'),
	('{number}', '["1", true, [], {}, [1]]', 'must be a number'),
	('{boolean}', '["true", 0, 1, [], {}]', 'must be true or false'),
	('{map}', '["{}", 0, true, []]', 'must be an object'),
	('{array}', '["[]", 0, true, {}]', 'must be an array of objects')
) AS t (kinds, bad, words), unnest(kinds) kind, jsonb_array_elements(bad) value;

CREATE FUNCTION pg_temp.with_field(path text, value jsonb) RETURNS suite.answer LANGUAGE sql AS $$
	SELECT suite.try_call('tap_platform', '65f0000000000000000000a1', suite.put(suite.call('x'), path, value))
$$;

SELECT plan(
	(SELECT count(*)::integer FROM fields)
	+ (SELECT count(*)::integer FROM fields WHERE longest IS NOT NULL)
	+ (SELECT count(*)::integer FROM fields WHERE highest IS NOT NULL)
	+ 148);

/*
 * Types.
 */
SELECT is(
	ARRAY(
		SELECT format('%s: %s at "%s" of "%s", %s', w.value, answer.state, answer.field, answer.origin, answer.message)
		FROM wrong_types w, pg_temp.with_field(f.path, w.value) AS answer
		WHERE w.kind = f.kind
			AND (answer.state, answer.field, answer.origin, answer.message)
				IS DISTINCT FROM ('22023', f.path, 'callcenter', format('field "%s" %s', f.path, w.words))),
	'{}', format('E-13: %s must be %s', path,
		CASE kind WHEN 'array' THEN 'an array of objects' WHEN 'integer' THEN 'a whole number' WHEN 'map' THEN 'an object'
			WHEN 'number' THEN 'a number' WHEN 'boolean' THEN 'true or false' ELSE 'a string' END))
FROM fields f;
-- the test above looks at something
SELECT is((SELECT count(*) FROM fields f WHERE NOT EXISTS (SELECT FROM wrong_types w WHERE w.kind = f.kind)), 0::bigint,
	'the test of types has wrong values for every field');
SELECT suite.refused(pg_temp.with_field(path, '"x"'), '22023', path, 'must be an object', 'E-13: the group ' || path || ' must be an object')
FROM unnest('{analysis,captured.address,review}'::text[]) path;

/*
 * Lengths, in characters, and ranges.
 */
SELECT is(
	format('%s %s, %s at %s, empty %s',
		(pg_temp.with_field(path, to_jsonb(repeat('é', longest)))).state,
		(pg_temp.with_field(path, to_jsonb(repeat('é', shortest + 1)))).state,
		(pg_temp.with_field(path, to_jsonb(repeat('é', longest + 1)))).state,
		(pg_temp.with_field(path, to_jsonb(repeat('x', longest + 1)))).field,
		(pg_temp.with_field(path, '""')).state),
	format('00000 00000, 22023 at %s, empty %s', path, CASE shortest WHEN 0 THEN '00000' ELSE '22023' END),
	format('E-13: %s has %s to %s characters', path, shortest, longest))
FROM fields WHERE longest IS NOT NULL;

SELECT is(
	format('%s %s, below %s, above %s, far %s at %s',
		(pg_temp.with_field(path, to_jsonb(lowest))).state,
		(pg_temp.with_field(path, to_jsonb(highest))).state,
		(pg_temp.with_field(path, to_jsonb(lowest - step))).state,
		(pg_temp.with_field(path, to_jsonb(highest + step))).state,
		(pg_temp.with_field(path, '1e1000')).state,
		(pg_temp.with_field(path, '-1e1000')).field),
	format('00000 00000, below 22003, above 22003, far 22003 at %s', path),
	format('E-13: %s is from %s to %s', path, lowest, highest))
FROM fields, LATERAL (SELECT CASE kind WHEN 'number' THEN 0.000001 ELSE 1 END AS step) s
WHERE highest IS NOT NULL;
SELECT suite.refused(pg_temp.with_field('analysis.routingTier', '0'), '22003', 'analysis.routingTier', 'must be from 1 to 3',
	'C-19: a routing tier is 1, 2 or 3');
SELECT suite.refused(pg_temp.with_field('review.rating', '6'), '22003', 'review.rating', 'must be from 1 to 5', 'C-54: a rating is from 1 to 5');
SELECT suite.refused(pg_temp.with_field('analysis.intentConfidence', '1.01'), '22003', 'analysis.intentConfidence', 'must be from 0 to 1',
	'C-14: a confidence is from 0 to 1');
SELECT suite.refused(pg_temp.with_field(path, value::jsonb), '22023', path, 'must be a whole number', format('E-13: %s is not %s', path, value))
FROM (VALUES ('durationSeconds', '203.5'), ('analysis.routingTier', '1.5'), ('review.rating', '4.999999999999'), ('recording.duration', '0.1')) AS t (path, value);
SELECT is((pg_temp.with_field(path, value::jsonb)).state, '00000', format('%s may be %s, which is whole', path, value))
FROM (VALUES ('durationSeconds', '204.000'), ('analysis.routingTier', '3e0')) AS t (path, value);

/*
 * Closed vocabularies.
 */
CREATE TEMPORARY TABLE vocabularies (path text, labels text);
INSERT INTO vocabularies VALUES
	('direction', 'inbound, outbound'),
	('captured.urgency', 'normal, urgent, emergency'),
	('outcome.status', 'completed, transferred, voicemail, abandoned, spam, error');
SELECT is(ARRAY(SELECT label FROM unnest(string_to_array(labels, ', ')) label WHERE (pg_temp.with_field(path, to_jsonb(label))).state <> '00000'),
	'{}', format('E-13: %s takes %s', path, labels))
FROM vocabularies;
SELECT suite.refused(pg_temp.with_field(path, to_jsonb(bad)), '22023', path, 'must be one of: ' || labels,
	format('E-13: %s is not "%s"', path, left(bad, 20)))
FROM vocabularies, unnest(ARRAY['', upper(split_part(labels, ', ', 1)), split_part(labels, ', ', 1) || ' ', repeat('x', 64), split_part(labels, ', ', 1) || repeat('x', 64)]) bad
WHERE path = 'outcome.status' OR bad = '' OR bad ~ ' $' OR bad = upper(bad);

/*
 * Times and dates.
 */
SELECT suite.refused(pg_temp.with_field('startedAt', to_jsonb(bad)), '22007', 'startedAt', 'must be a time in ISO 8601 with an offset',
	format('C-10: %s is not a time: %s', bad, why))
FROM (VALUES
	('', 'nothing'),
	('2025-12-01T14:30:00', 'it has no offset'),
	('2025-12-01', 'it has no time'),
	('2025-12-01T14Z', 'it has no minutes'),
	('2025-13-01T14:30:00Z', 'there is no month 13'),
	('2025-00-01T14:30:00Z', 'there is no month 0'),
	('2025-02-29T14:30:00Z', '2025 is no leap year'),
	('1900-02-29T14:30:00Z', 'nor was 1900'),
	('2025-12-32T14:30:00Z', 'there is no day 32'),
	('2025-12-01T24:00:00Z', 'a day has hours 0 to 23'),
	('2025-12-01T14:60:00Z', 'an hour has minutes 0 to 59'),
	('2025-12-01T14:30:61Z', 'a minute has 61 seconds at most'),
	('2025-12-01T14:30:00.Z', 'the fraction has no digits'),
	('2025-12-01T14:30:00+16:00', 'no zone is 16 hours away'),
	('2025-12-01T14:30:00+5', 'the offset has one digit'),
	('2025-12-01T14:30:00 America/New_York', 'zones are not offsets'),
	('2025-12-01T14:30:00Zx', 'something follows'),
	(' 2025-12-01T14:30:00Z', 'something precedes'),
	('12/01/2025 14:30:00Z', 'it is not ISO 8601'),
	('20251201T143000Z', 'it has no separators'),
	('now', 'it is a word of PostgreSQL'),
	('infinity', 'it is a word of PostgreSQL'),
	('0000-12-31T00:00:00Z', 'years begin with 1'),
	('0001-01-01T00:00:00+00:01', 'years begin with 1, in UTC too'),
	('9999-12-31T23:59:59-00:01', 'years end with 9999, in UTC too'),
	('99999-12-31T23:59:59Z', 'years end with 9999')
) AS t (bad, why);
SELECT is((pg_temp.with_field('startedAt', to_jsonb(good))).body #>> '{call,startedAt}', good, format('C-10: %s is a time', good))
FROM unnest('{0001-01-01T00:00:00Z,9999-12-31T23:59:59.999999Z,2024-02-29T00:00:00Z,2000-02-29T23:59:59Z}'::text[]) good;
SELECT suite.refused(pg_temp.with_field('captured.appointment.bookedDate', to_jsonb(bad)), '22007', 'captured.appointment.bookedDate',
	'must be a date in ISO 8601', format('C-28: %s is not a date', bad))
FROM unnest('{tomorrow,2025-12-1,2025-02-30,12/03/2025,2025-12-03T25:00:00Z,2025-12-03T10:00:00,infinity,-2025-12-03}'::text[]) bad;
SELECT suite.refused(pg_temp.with_field('endedAt', '"2025-12-01T14:29:59.999999Z"'), '22023', 'endedAt', 'must not be before startedAt',
	'C-11: a call does not end before it started');
SELECT is((pg_temp.with_field('endedAt', '"2025-12-01T14:30:00Z"')).body #> '{call,durationSeconds}', '0', 'C-12: a call may end when it started');

/*
 * Ids.
 */
SELECT suite.refused(pg_temp.with_field(path, to_jsonb(bad)), '22P02', path, 'must be an id of 24 hexadecimal digits',
	format('%s: "%s" is not an id', path, left(bad, 30)))
FROM (VALUES
	('captured.appointment.existingId', ''),
	('captured.appointment.existingId', '65f0000000000000000000c'),
	('captured.appointment.existingId', 'CUST-00001'),
	('outcome.appointmentCreated', '65f0000000000000000000c33'),
	('outcome.appointmentCreated', '65f0000000000000000000g3'),
	('outcome.appointmentCreated', repeat('é', 12)),
	('outcome.appointmentCreated', repeat('a', 100000))
) AS t (path, bad);

/*
 * Required fields.
 */
CREATE FUNCTION pg_temp.without(path text) RETURNS suite.answer LANGUAGE sql AS $$
	SELECT suite.try_call('tap_platform', '65f0000000000000000000a1', suite.call('x') #- string_to_array(path, '.'))
$$;
SELECT suite.refused(pg_temp.without(path), '23502', path, 'is required', format('%s: %s is required', id, path))
FROM (VALUES ('C-02', 'callId'), ('C-04', 'caller.phone'), ('C-10', 'startedAt'), ('C-31', 'outcome.status')) AS t (id, path);
SELECT suite.refused(pg_temp.with_field(path, 'null'), '23502', path, 'is required', format('%s: %s is not null', id, path))
FROM (VALUES ('C-02', 'callId'), ('C-04', 'caller.phone'), ('C-10', 'startedAt'), ('C-31', 'outcome.status')) AS t (id, path);
SELECT suite.refused(pg_temp.with_field('caller', 'null'), '23502', 'caller.phone', 'is required', 'C-04: a null group leaves its required field out');
SELECT suite.refused(suite.try_call('tap_platform', :'a', '{}'), '23502', 'callId', 'is required', 'an empty document lacks its first required field');

/*
 * Fields that there are not.
 */
SELECT suite.refused(pg_temp.with_field(path, '1'), '22023', path, 'is not a field of this document', 'E-13: ' || path || ' is not a field')
FROM unnest('{bogus,companyId,caller.bogus,captured.accessInstructions.alternateContact.bogus,callId2,CallId,call_id,outcome.Status}'::text[]) path;

/*
 * Fields that the server sets.
 */
SELECT suite.refused(pg_temp.with_field(path, value::jsonb), '22023', path, 'is set by the server', path || ' is set by the server')
FROM (VALUES
	('_id', '"65f0000000000000000000c3"'), ('caller.phoneDisplay', '"x"'), ('caller.withheld', 'true'), ('caller.customerId', '"65f0000000000000000000c3"'),
	('caller.customerNumber', '"CUST-00001"'), ('caller.isReturning', 'true'), ('caller.previousCallCount', '3'), ('day', '"2025-12-01"'),
	('summary', '"x"'), ('booked', 'true'), ('captured.phoneDisplay', '"x"'), ('urgency', '"urgent"'), ('turns', '[]'), ('createdAt', '"2025-12-01T14:30:00Z"'),
	('updatedAt', 'null'), ('version', '1')
) AS t (path, value);

/*
 * Names that look like paths are names.
 */
SELECT suite.refused(suite.try_call('tap_platform', :'a', suite.call('x') || more::jsonb), '22023', field, 'is not a field of this document',
	'E-13: a member named ' || field || ' is not the field of that path')
FROM (VALUES
	('{"caller.name": "Sarah"}', 'caller.name'),
	('{"outcome.status": "spam"}', 'outcome.status'),
	('{"analysis.emotion": {"primary": "CALM"}}', 'analysis.emotion')
) AS t (more, field);
SELECT suite.refused(suite.try_call('tap_platform', :'a', suite.call('x') || more::jsonb), '22023', field, 'is not a field of this document',
	'E-13: nor is one named ' || field || ' inside a group')
FROM (VALUES
	('{"analysis": {"emotion.primary": "CALM"}}', 'analysis.emotion.primary'),
	('{"captured": {"": 1}}', 'captured.'),
	('{"": 1}', ''),
	('{".": 1}', '.'),
	('{"analysis.": 1}', 'analysis.'),
	('{"captured": {"address.": {"x": 1}}}', 'captured.address.')
) AS t (more, field);
-- A name is the client's own text: what an error says of it is bounded, and whole characters.
CREATE FUNCTION pg_temp.is_start(shown text, of_name text) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
	RETURN of_name ^@ convert_from(textsend(shown), 'UTF8') AND octet_length(shown) BETWEEN 55 AND 60;
EXCEPTION WHEN character_not_in_repertoire THEN
	RETURN false;
END
$$;
SELECT ok((answer).state = '22023' AND (answer).origin = 'callcenter' AND pg_temp.is_start((answer).field, name),
	format('E-13: an unknown name of %s bytes is cut at a character in the error', octet_length(name)))
FROM unnest(ARRAY[repeat('x', 60000), 'x' || repeat('é', 5000), repeat('日本', 50), repeat('𝒳', 300)]) name,
	LATERAL (SELECT suite.try_call('tap_platform', '65f0000000000000000000a1', suite.call('x') || jsonb_build_object(name, 1)) AS answer) a;
SELECT ok((answer).state = '22023' AND pg_temp.is_start(replace((answer).field, 'actions[0].details.', ''), repeat('x' || 'é', 9000)),
	'E-13: so is a name in a map')
FROM (SELECT pg_temp.with_field('actions', jsonb_build_array(jsonb_build_object('type', 'sms_sent', 'details', jsonb_build_object(repeat('x' || 'é', 9000), 1)))) AS answer) a;

/*
 * Elements of lists.
 */
CREATE FUNCTION pg_temp.with_item(list text, item jsonb) RETURNS suite.answer LANGUAGE sql AS $$
	SELECT pg_temp.with_field(list, jsonb_build_array(
		CASE list WHEN 'actions' THEN '{"type": "sms_sent"}'::jsonb ELSE '{"speaker": "agent", "text": "Hello."}' END, item))
$$;
SELECT suite.refused(pg_temp.with_item(list, item::jsonb), state, field, words, 'E-13: ' || field || ' ' || words)
FROM (VALUES
	('actions', '"sms_sent"', '22023', 'actions[1]', 'must be an object'),
	('actions', 'null', '22023', 'actions[1]', 'must be an object'),
	('actions', '{}', '23502', 'actions[1].type', 'is required'),
	('actions', '{"type": "fax_sent"}', '22023', 'actions[1].type', 'must be one of: sms_sent, email_sent, appointment_created, appointment_updated, appointment_cancelled, transfer_initiated, voicemail_left, customer_created, customer_updated, note_added, technician_notified'),
	('actions', '{"type": "sms_sent", "status": "ok"}', '22023', 'actions[1].status', 'must be one of: success, failed, pending'),
	('actions', '{"type": "sms_sent", "timestamp": "yesterday"}', '22007', 'actions[1].timestamp', 'must be a time'),
	('actions', '{"type": "sms_sent", "details": []}', '22023', 'actions[1].details', 'must be an object'),
	('actions', '{"type": "sms_sent", "details": {"n": 1}}', '22023', 'actions[1].details.n', 'must be a string'),
	('actions', '{"type": "sms_sent", "details": {"n": {"x": "y"}}}', '22023', 'actions[1].details.n', 'must be a string'),
	('actions', '{"type": "sms_sent", "details": {"n": null}}', '22023', 'actions[1].details.n', 'must be a string'),
	('actions', '{"type": "sms_sent", "bogus": 1}', '22023', 'actions[1].bogus', 'is not a field of this document'),
	('transcript', '[]', '22023', 'transcript[1]', 'must be an object'),
	('transcript', '{"text": "Hi"}', '23502', 'transcript[1].speaker', 'is required'),
	('transcript', '{"speaker": "robot", "text": "Hi"}', '22023', 'transcript[1].speaker', 'must be one of: agent, caller'),
	('transcript', '{"speaker": "agent"}', '23502', 'transcript[1].text', 'is required'),
	('transcript', '{"speaker": "agent", "text": null}', '23502', 'transcript[1].text', 'is required'),
	('transcript', '{"speaker": "agent", "text": "Hi", "turnNumber": -1}', '22003', 'transcript[1].turnNumber', 'must be from 0 to 1000000'),
	('transcript', '{"speaker": "agent", "text": "Hi", "turnNumber": 1.5}', '22023', 'transcript[1].turnNumber', 'must be a whole number'),
	('transcript', '{"speaker": "agent", "text": "Hi", "timestamp": "2025-12-01T14:30:00"}', '22007', 'transcript[1].timestamp', 'must be a time')
) AS t (list, item, state, field, words);

/*
 * What is no document at all.
 */
SELECT suite.refused(suite.try_call('tap_platform', :'a', document::jsonb), '22023', '', 'must be a JSON object',
	'E-13: ' || document || ' is no document')
FROM unnest(ARRAY['[]', 'null', '1', 'true', '"x"']) document;
SELECT suite.refused(suite.try_call('tap_platform', :'a', jsonb_build_array(suite.call('x'))), '22023', '', 'must be a JSON object',
	'E-13: several calls are no document');
SELECT suite.refused(suite.try_call('tap_platform', :'a', NULL), '23502', '', 'is missing', 'E-13: NULL is no document');

SELECT * FROM finish();
ROLLBACK;
