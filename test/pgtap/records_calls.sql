-- Changes of calls: patches, notes, transcripts, links, deletion.

\ir common.psql
\ir records.psql

SELECT plan(299);

CREATE FUNCTION pg_temp.call(id text) RETURNS jsonb LANGUAGE sql AS $$
	SELECT suite.body(suite.get_call('tap_platform', '65f0000000000000000000a1', id)) -> 'call'
$$;
CREATE FUNCTION pg_temp.patch(id text, patch jsonb, caller text DEFAULT 'tap_platform', version integer DEFAULT NULL) RETURNS suite.answer LANGUAGE sql AS $$
	SELECT suite.api(caller, 'update_call', '65f0000000000000000000a1', id, patch::text, version::text)
$$;

SELECT suite.logged(:'a', suite.call('one', '+13055551234', more => '{"endedAt": "2025-12-01T14:33:24Z", "twilioCallSid": "CA1",
	"captured": {"name": "Sarah Johnson", "problemDescription": "No heat. Second floor."}}')) #>> '{caller,customerId}' AS sarah \gset
SELECT suite.logged(:'a', suite.call('two', '+13055551234', '2025-12-02T14:30:00Z', more => '{"twilioCallSid": "CA2"}')) ->> '_id' AS two \gset
SELECT suite.logged(:'b', suite.call('one', '+13055551234')) ->> '_id' AS foreign_call \gset

/*
 * S-04: every field that can be patched is set, kept when absent, and cleared by null.
 */
CREATE TEMPORARY TABLE fields (path text, value jsonb, cleared jsonb);
INSERT INTO fields VALUES
	('twilioCallSid', '"CA9"', NULL), ('caller.name', '"Sally"', '"Sarah Johnson"'), ('endedAt', '"2025-12-01T14:40:00Z"', NULL),
	('durationSeconds', '77', NULL), ('analysis.primaryIntent', '"BILLING"', NULL), ('analysis.intentConfidence', '0.5', NULL),
	('analysis.emotion.primary', '"ANGRY"', NULL), ('analysis.emotion.intensity', '0.25', NULL), ('analysis.triageCard', '"card"', NULL),
	('analysis.scenarioMatched', '"scenario"', NULL), ('analysis.routingTier', '2', NULL), ('analysis.llmModel', '"model"', NULL),
	('analysis.llmCost', '0.0125', NULL), ('captured.name', '"S. Johnson"', NULL), ('captured.phone', '"+13052139999"', NULL),
	('captured.email', '"s@example.com"', NULL), ('captured.address.street', '"1 Main St"', NULL), ('captured.address.city', '"Miami"', NULL),
	('captured.address.state', '"FL"', NULL), ('captured.address.zip', '"33101"', NULL), ('captured.address.full', '"1 Main St, Miami"', NULL),
	('captured.problemDescription', '"The pump hums"', NULL), ('captured.urgency', '"urgent"', NULL),
	('captured.appointment.existingId', '"65f0000000000000000000c1"', NULL), ('captured.appointment.requestedDate', '"2025-12-03"', NULL),
	('captured.appointment.requestedTimeWindow', '"8-10"', NULL), ('captured.appointment.bookedDate', '"2025-12-04"', NULL),
	('captured.appointment.bookedTimeWindow', '"10-12"', NULL), ('captured.accessInstructions.customerPresent', 'false', NULL),
	('captured.accessInstructions.keyLocation', '"under the mat"', NULL), ('captured.accessInstructions.gateCode', '"1234"', NULL),
	('captured.accessInstructions.lockboxCode', '"99"', NULL), ('captured.accessInstructions.alternateContact.name', '"Nataly"', NULL),
	('captured.accessInstructions.alternateContact.phone', '"+13052138888"', NULL),
	('captured.accessInstructions.alternateContact.relationship', '"neighbour"', NULL), ('captured.accessInstructions.petInfo', '"dog"', NULL),
	('captured.accessInstructions.specialNotes', '"back door"', NULL), ('captured.custom', '{"x": [1, {"y": null}]}', NULL),
	('outcome.result', '"Booked"', NULL), ('outcome.transferredTo', '"Bob"', NULL), ('outcome.appointmentCreated', '"65f0000000000000000000c2"', NULL),
	('outcome.messageLeft', 'true', NULL), ('outcome.followUpRequired', 'true', 'false'), ('outcome.followUpNotes', '"call back"', NULL),
	('actions', '[{"type": "sms_sent", "target": "+13055551234", "status": "success", "timestamp": "2025-12-01T14:33:00Z", "details": {"a": "b"}}]', NULL),
	('transcript', '[{"speaker": "caller", "text": "Hello", "timestamp": "2025-12-01T14:30:01Z", "turnNumber": 1}]', NULL),
	('recording.url', '"https://example.com/r"', NULL), ('recording.duration', '200', NULL), ('recording.storedUntil', '"2030-01-01T00:00:00Z"', NULL),
	('review.reviewed', 'true', 'false'), ('review.reviewedBy', '"ann"', NULL), ('review.reviewedAt', '"2025-12-05T00:00:00Z"', NULL),
	('review.rating', '4', NULL), ('review.feedback', '"fine"', NULL), ('review.flagged', 'true', 'false'), ('review.flagReason', '"rude"', NULL);
CREATE FUNCTION pg_temp.shown(path text, value jsonb) RETURNS jsonb LANGUAGE sql AS $$
	SELECT CASE WHEN path ~ '(keyLocation|gateCode|lockboxCode)$' AND value IS NOT NULL THEN '"••••"' ELSE value END
$$;
CREATE TEMPORARY TABLE patched AS
	SELECT f.*, suite.body(pg_temp.patch('one', suite.put('{}', f.path, f.value))) -> 'call' AS call,
		suite.body(pg_temp.patch('one', '{"outcome": {"status": "transferred"}}')) -> 'call' AS kept,
		suite.body(pg_temp.patch('one', suite.put('{}', f.path, 'null'))) -> 'call' AS after_null
	FROM fields f;
SELECT is(suite.at(call, path), pg_temp.shown(path, value), 'S-04: a patch sets ' || path) FROM patched;
SELECT is(suite.at(kept, path), pg_temp.shown(path, value), 'S-04: a patch that does not name it keeps ' || path) FROM patched;
SELECT is(suite.at(after_null, path), cleared, 'S-04: null clears ' || path) FROM patched;
SELECT is(array_agg(f.path ORDER BY f.path), NULL, 'S-04: every field that can be changed was')
FROM (SELECT DISTINCT substring(path FROM '^[^\[]+') AS path FROM suite.paths(pg_temp.call('one'))) f
WHERE f.path NOT IN (SELECT path FROM fields) AND f.path !~ '^(agentNotes|_id|callId|caller\.|direction|startedAt|day|summary|booked|turns|createdAt|updatedAt|version|timeZone|outcome\.status|.*Display)';
SELECT is((pg_temp.call('one') ->> 'version')::int, (1 + 3 * (SELECT count(*) FROM fields))::int, 'every change raises the version by one');

/*
 * What a patch implies.
 */
SELECT is(suite.body(pg_temp.patch('one', '{"endedAt": "2025-12-01T14:31:40Z"}')) #> '{call,durationSeconds}', '100', 'C-12: endedAt gives durationSeconds');
SELECT is(suite.body(pg_temp.patch('one', '{"endedAt": "2025-12-01T14:31:50Z", "durationSeconds": 7}')) #> '{call,durationSeconds}', '7', 'C-12: unless it is given');
SELECT is(suite.body(pg_temp.patch('one', '{"captured": {"problemDescription": "It leaks. A lot."}}')) #>> '{call,summary}', 'It leaks. A lot.', 'the summary follows the problem');
SELECT is(suite.body(pg_temp.patch('one', '{"captured": {"problemDescription": null}, "transcript": [{"speaker": "agent", "text": "Hi."}, {"speaker": "caller", "text": "My tap drips."}]}')) #>> '{call,summary}',
	'My tap drips.', 'without a problem the caller''s first sentence is the summary');
SELECT is(suite.body(pg_temp.patch('one', '{"transcript": null}')) -> 'call' -> 'summary', NULL, 'without both there is none');
SELECT is(suite.body(pg_temp.patch('one', p::jsonb)) #> '{call,booked}', wanted::jsonb, format('D-15: booked is %s after %s', wanted, p))
FROM (VALUES (1, '{"captured": {"appointment": {"bookedDate": "2025-12-04"}}}', 'true'), (2, '{"captured": {"appointment": {"bookedDate": null}}}', 'false'),
	(3, '{"outcome": {"appointmentCreated": "65f0000000000000000000c2"}}', 'true'), (4, '{"outcome": {"appointmentCreated": null}}', 'false'),
	(5, '{"actions": [{"type": "appointment_created", "status": "success"}]}', 'true'), (6, '{"actions": [{"type": "appointment_created", "status": "failed"}]}', 'false')) AS t (n, p, wanted);
SELECT is(suite.body(pg_temp.patch('one', '{"captured": {"phone": "(305) 213-9999"}}')) #>> '{call,captured,phone}', '+13052139999', 'C-23: a number that was heard becomes E.164');
SELECT is(suite.part(suite.body(pg_temp.patch('one', '{"review": {"reviewed": true}}', 'agent')) #> '{call,review}', '{"reviewedBy": 1}'), '{"reviewedBy": "agent@example.com"}', 'C-52: a review is by who made it');
SELECT ok((pg_temp.call('one') #>> '{review,reviewedAt}')::timestamptz BETWEEN now() - interval '1 second' AND now(), 'C-53: and of now');
SELECT is((suite.body(pg_temp.patch('one', '{"review": {"reviewed": false}}')) #> '{call,review}') - '{rating,feedback}'::text[], '{"reviewed": false, "flagged": false}', 'C-51: a review that is taken back is by nobody');
SELECT is(suite.body(pg_temp.patch('one', '{"review": {"reviewed": true}}')) #> '{call,review,reviewed}', 'true', 'it can be made again')
UNION ALL
SELECT is((suite.body(pg_temp.patch('one', '{"review": {"reviewed": null}}')) #> '{call,review}') - '{rating,feedback}'::text[], '{"reviewed": false, "flagged": false}', 'C-51: null takes it back too');
SELECT is(suite.body(pg_temp.patch('one', '{"captured": {"accessInstructions": {"gateCode": "4321"}}}')) #>> '{call,captured,accessInstructions,gateCode}', '••••', 'access codes go out masked')
UNION ALL
SELECT is(suite.body(pg_temp.patch('one', '{"captured": {"accessInstructions": {"gateCode": "••••", "petInfo": "cat"}}}')) #>> '{call,captured,accessInstructions,petInfo}', 'cat', 'a masked code may come back in a patch');
SELECT is(suite.opened(:'a', 'call', 'one') #>> '{captured,accessInstructions,gateCode}', '4321', 'and keeps what is stored');

/*
 * What is refused, and leaves the call as it was.
 */
SELECT pg_temp.call('one') AS before \gset
SELECT suite.refused(pg_temp.patch('one', patch::jsonb), state, field, words, 'E-13: a patch is refused: ' || patch)
FROM (VALUES
	('{"callId": "x"}', '22023', 'callId', 'cannot be changed'), ('{"caller": {"phone": "+13055550001"}}', '22023', 'caller.phone', 'cannot be changed'),
	('{"startedAt": "2025-12-01T14:30:00Z"}', '22023', 'startedAt', 'cannot be changed'), ('{"direction": "outbound"}', '22023', 'direction', 'cannot be changed'),
	('{"caller": {"isReturning": true}}', '22023', 'caller.isReturning', 'is set by the server'), ('{"version": 3}', '22023', 'version', 'is set by the server'),
	('{"summary": "x"}', '22023', 'summary', 'is set by the server'), ('{"notes": []}', '22023', 'notes', 'is set by the server'), ('{"caller": {"customerId": "x"}}', '22023', 'caller.customerId', 'is set by the server'),
	('{"bogus": 1}', '22023', 'bogus', 'is not a field'), ('{"analysis": {"bogus": 1}}', '22023', 'analysis.bogus', 'is not a field'),
	('{"outcome": {"status": "done"}}', '22023', 'outcome.status', 'completed, transferred, voicemail, abandoned, spam, error'),
	('{"agentNotes": null}', '22023', 'agentNotes.text', 'cannot be cleared'), ('{"agentNotes": {"text": null}}', '22023', 'agentNotes.text', 'cannot be cleared'),
	('{"outcome": {"status": null}}', '23502', 'outcome.status', 'is required'), ('{"review": {"rating": 6}}', '22003', 'review.rating', 'from 1 to 5'),
	('{"analysis": {"routingTier": 0}}', '22003', 'analysis.routingTier', 'from 1 to 3'), ('{"analysis": {"intentConfidence": "high"}}', '22023', 'analysis.intentConfidence', 'must be a number'),
	('{"endedAt": "2025-12-01T14:29:59Z"}', '22023', 'endedAt', 'must not be before startedAt'), ('{"endedAt": "2025-12-01T15:00:00"}', '22007', 'endedAt', ''),
	('{"twilioCallSid": "CA2"}', '23505', 'twilioCallSid', 'A call with this twilioCallSid exists'),
	('[]', '22023', '', 'must be a JSON object'), ('null', '22023', '', 'must be a JSON object')) AS t (patch, state, field, words);
SELECT is(pg_temp.call('one'), :'before'::jsonb, 'nothing of it is written');
SELECT suite.refused(suite.api(:'platform', 'update_call', :'a', id, '{}'), 'P0002', '', 'Call not found', format('call "%s" is not to be found', id))
FROM unnest(ARRAY['nobody', :'foreign_call', '65f0000000000000000000ee']) id;
SELECT suite.refused(suite.api(:'platform', 'update_call', :'a', NULL, '{}'), '23502', 'callId', 'is required', 'a call id is required');
SELECT suite.refused(suite.api(:'platform', 'update_call', :'a', 'one', NULL), '23502', '', 'the patch is missing', 'a patch is required');
SELECT is((pg_temp.patch('one', '{"outcome": {"result": "a"}}', version => (pg_temp.call('one') ->> 'version')::int)).state, '00000', 'a change from the stored version is made');
SELECT suite.refused(pg_temp.patch('two', '{"outcome": {"result": "a"}}', version => 7), '40001', '', 'version 7 is expected, version 1 is stored', 'a stale one tells both versions');
SELECT is(suite.body(pg_temp.patch(:'two', '{}')) #>> '{call,callId}', 'two', 'a call is named by _id as well; an empty patch changes nothing');

/*
 * Agents annotate; admins and services may change all.
 */
SELECT is((pg_temp.patch('one', p::jsonb, 'agent')).state, '00000', 'an agent may patch ' || p)
FROM unnest(ARRAY['{"review": {"reviewed": true, "rating": 5, "feedback": "x", "flagged": true, "flagReason": "y"}}', '{"agentNotes": {"text": "a note"}}',
	'{"outcome": {"followUpRequired": true, "followUpNotes": "z"}}']) p;
SELECT suite.refused(pg_temp.patch('one', p::jsonb, 'agent'), '42501', '', 'This needs the admin role', 'an agent may not patch ' || p)
FROM unnest(ARRAY['{"analysis": {"primaryIntent": "X"}}', '{"outcome": {"status": "spam"}}', '{"captured": {"name": "X"}}', '{"transcript": []}', '{"recording": {"url": "x"}}',
	'{"review": {"rating": 1}, "captured": {"name": "X"}}', '{"agentNotes": {"text": "x", "addedBy": "somebody else"}}']) p;
SELECT suite.refused(pg_temp.patch('one', '{"review": {"rating": 1}}', 'viewer'), '42501', '', 'This needs the agent role', 'a viewer may not patch');
SELECT is((pg_temp.patch('one', '{"captured": {"name": "X"}}', who)).state, '00000', who || ' may patch everything') FROM unnest(ARRAY['admin', 'tap_service', 'tap_admin']) who;

/*
 * C-29: customerPresent is true unless it is said, whether the instructions come with the call or later.
 */
SELECT suite.logged(:'b', suite.call('gate', 'anonymous')) \g /dev/null
SELECT is(suite.done('update_call', :'b', 'gate', patch) #> '{call,captured,accessInstructions,customerPresent}', present::jsonb, 'C-29: customerPresent after ' || patch)
FROM (VALUES ('{"captured": {"name": "X"}}', NULL), ('{"captured": {"accessInstructions": {"petInfo": "dog"}}}', 'true'), ('{"captured": {"accessInstructions": {"customerPresent": false}}}', 'false'),
	('{"captured": {"accessInstructions": {"gateCode": "12"}}}', 'false'), ('{"captured": {"accessInstructions": null}}', NULL), ('{"captured": {"accessInstructions": {"specialNotes": "x", "customerPresent": null}}}', NULL)) AS t (patch, present);

/*
 * Notes.
 */
SELECT is((suite.body(suite.api('agent', 'add_call_note', :'a', 'two', '{"text": "first"}')) -> 'note') - '{_id,addedAt}'::text[], '{"text": "first", "addedBy": "agent@example.com"}',
	'E-05 S-11: a note has text, author and time');
SELECT suite.done('add_call_note', :'a', :'two', '{"text": "second"}') \g /dev/null
SELECT is(pg_temp.call('two') #>> '{agentNotes,text}', 'second', 'D-03 C-50: agentNotes is the latest');
SELECT is((SELECT count(*) FROM callcenter.call_notes n WHERE n.company_id = :'a' AND n.call_id = :'two'), 2::bigint, 'D-03: both are kept');
SELECT is(jsonb_path_query_array(pg_temp.call('two'), '$.notes[*].text'), '["second", "first"]', 'D-03 B-21: both are shown, the latest first');
SELECT is((pg_temp.call('two') #> '{notes,1}') - '{_id,addedAt}'::text[], '{"text": "first", "addedBy": "agent@example.com"}', 'D-03: each with its author');
SELECT is(suite.body(pg_temp.patch('two', '{}')) #> '{call,notes}', pg_temp.call('two') -> 'notes', 'D-03: the answer to a change shows them too');
SELECT is(pg_temp.call('one') #>> '{notes,0,text}', pg_temp.call('one') #>> '{agentNotes,text}', 'D-03: one that came with a patch is among them');
SELECT is((pg_temp.call('two') ->> 'version')::int, 5, 'a note raises the version');
SELECT suite.refused(suite.api(:'platform', 'add_call_note', :'a', 'two', note), state, field, words, 'a note is refused: ' || coalesce(note, 'NULL'))
FROM (VALUES ('{}', '23502', 'text', 'is required'), ('{"text": ""}', '22023', 'text', ''), ('{"text": "x", "addedBy": "y"}', '22023', 'addedBy', 'is set by the server'),
	('{"text": "x", "category": "billing"}', '22023', 'category', 'is not a field'), (NULL, '23502', '', 'the note is missing')) AS t (note, state, field, words);

/*
 * S-05: a transcript that comes later.
 */
SELECT is(suite.done('add_transcript', :'a', 'two', '[{"speaker": "caller", "text": "It is cold. Very.", "timestamp": "2025-12-02T14:30:01Z"}, {"speaker": "agent", "text": "Hm", "timestamp": "2025-12-02T14:30:03Z"}]')
	#> '{call}' -> 'summary', '"It is cold. Very."', 'S-05: a transcript that comes later is the call''s, and gives the summary');
SELECT is(jsonb_path_query_array(pg_temp.call('two'), '$.transcript[*].turnNumber'), '[1, 2]', 'C-46: turns are numbered');
SELECT is(suite.done('add_transcript', :'a', 'two', '[{"speaker": "agent", "text": "Only me"}]') #> '{call,transcript}', '[{"text": "Only me", "speaker": "agent", "turnNumber": 1}]', 'the last one wins');
SELECT is(suite.done('add_transcript', :'a', 'two', '[]') -> 'call', pg_temp.call('two'), 'S-05: one without turns is not complete, and changes nothing');
SELECT is(jsonb_array_length(pg_temp.call('two') -> 'transcript'), 1, 'S-05: so that the call keeps its own');
SELECT suite.refused(suite.api(:'platform', 'add_transcript', :'a', 'two', t), state, field, words, 'a transcript is refused: ' || coalesce(t, 'NULL'))
FROM (VALUES ('[{"speaker": "dog", "text": "x"}]', '22023', 'transcript[0].speaker', 'agent, caller'), ('[{"speaker": "agent", "text": "x"}, {"speaker": "agent"}]', '23502', 'transcript[1].text', 'is required'),
	('{}', '22023', 'transcript', 'must be an array'), ('"x"', '22023', 'transcript', 'must be an array'), ('null', '23502', 'transcript', 'is required'), (NULL, '23502', '', 'the transcript is missing')) AS r (t, state, field, words);
SELECT suite.refused(suite.api('agent', 'add_transcript', :'a', 'two', '[]'), '42501', '', 'admin', 'an agent does not bring transcripts');

/*
 * S-06 S-12: links, both ways; who called before follows.
 */
SELECT suite.done('create_customer', :'a', '{"phone": "305-213-7777", "firstName": "Bob"}') #>> '{customer,_id}' AS bob \gset
SELECT suite.logged(:'a', suite.call('three', '+13055551234', '2025-12-03T14:30:00Z')) \g /dev/null
SELECT suite.logged(:'a', suite.call('hidden', 'anonymous', '2025-12-02T20:00:00Z')) \g /dev/null
CREATE FUNCTION pg_temp.counts() RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(format('%s %s%s', call_id, previous_call_count, CASE WHEN is_returning <> (previous_call_count > 0) THEN ' wrong' END), ', ' ORDER BY started_at)
	FROM callcenter.calls WHERE company_id = '65f0000000000000000000a1'
$$;
CREATE FUNCTION pg_temp.total(id text) RETURNS jsonb LANGUAGE sql AS $$
	SELECT suite.done('get_customer_stats', '65f0000000000000000000a1', id) #> '{stats,totalCalls}'
$$;
SELECT is(pg_temp.counts(), 'one 0, two 1, hidden 0, three 2', 'S-12: before the links');
SELECT is(suite.part(suite.done('link_call', :'a', 'hidden', 'CUST-00001') #> '{call,caller}', '{"customerId": 1, "isReturning": 1, "previousCallCount": 1, "name": 1}'),
	jsonb_build_object('customerId', :'sarah', 'isReturning', true, 'previousCallCount', 2, 'name', 'Sarah Johnson'), 'S-12: a withheld caller is linked by hand');
SELECT is(pg_temp.counts(), 'one 0, two 1, hidden 2, three 3', 'S-12: it counts for later calls');
SELECT is(pg_temp.total('CUST-00001'), '4', 'S-12: and in the statistics');
SELECT suite.done('link_call', :'a', 'two', :'bob') \g /dev/null
SELECT is(pg_temp.counts() || pg_temp.total('CUST-00001') || pg_temp.total(:'bob'), 'one 0, two 0, hidden 1, three 231', 'S-12: a call moves to another customer, with its statistics');
SELECT suite.done('link_call', :'a', 'two', NULL) \g /dev/null
SELECT is(pg_temp.counts() || pg_temp.total('CUST-00001') || pg_temp.total(:'bob'), 'one 0, two 0, hidden 1, three 230', 'S-12: a link is taken away');
SELECT suite.done('link_call', :'a', 'two', 'CUST-00001') \g /dev/null
SELECT is(pg_temp.counts(), 'one 0, two 1, hidden 2, three 3', 'S-12: linked again, all is as it was');
SELECT is(suite.done('update_call', :'a', 'one', '{"outcome": {"status": "spam"}}') #> '{call,caller,previousCallCount}', '0', 'D-14: a call that turns out to be spam')
UNION ALL
SELECT is(pg_temp.counts(), 'one 0, two 0, hidden 1, three 2', 'D-14: no longer counts for later ones');
SELECT suite.done('update_call', :'a', 'one', '{"outcome": {"status": "completed"}}') \g /dev/null
SELECT is(pg_temp.counts(), 'one 0, two 1, hidden 2, three 3', 'D-14: and counts again when it was none');
SELECT suite.refused(suite.api(:'platform', 'link_call', :'a', 'two', id), 'P0002', '', 'Customer not found', format('"%s" is no customer to link to', id))
FROM unnest(ARRAY['CUST-00099', '65f0000000000000000000ee', 'x', (SELECT id FROM callcenter.customers WHERE company_id = :'b')]) id;
SELECT is((suite.api('agent', 'link_call', :'a', 'two', 'CUST-00001')).state, '00000', 'an agent may link');

/*
 * R-02: deletion.
 */
SELECT suite.refused(suite.api('admin', 'delete_calls', :'a', '{}'), '22023', '', 'name at least one filter', 'R-02: a deletion without a filter is refused');
SELECT suite.refused(suite.api('admin', 'delete_calls', :'a', p), '22023', field, words, 'R-02: a deletion is refused: ' || p)
FROM (VALUES ('{"page": 1, "status": "spam"}', 'page', 'is not a parameter'), ('{"q": "x"}', 'q', 'is not a parameter'), ('{"dryRun": true}', '', 'name at least one filter'),
	('{"status": "gone"}', 'status', 'must be')) AS t (p, field, words);
SELECT suite.logged(:'a', suite.call('spam ' || n, '+1305555400' || n, '2025-11-0' || n || 'T10:00:00Z', 'spam')) FROM generate_series(1, 3) n \g /dev/null
SELECT suite.logged(:'a', suite.call('late ' || n, '+13055551234', '2025-12-1' || n || 'T10:00:00Z', 'voicemail')) FROM generate_series(1, 3) n \g /dev/null
SELECT is(suite.body(suite.api('admin', 'delete_calls', :'a', '{"status": "spam", "dryRun": true}')), '{"success": true, "dryRun": true, "deleted": 3}', 'R-02: a dry run only counts')
UNION ALL
SELECT is(suite.body(suite.api('admin', 'delete_calls', :'a', '{"status": "spam", "dryRun": "true"}')), '{"success": true, "dryRun": true, "deleted": 3}', 'R-02: and leaves all where it was');
SELECT is(suite.body(suite.api('admin', 'delete_calls', :'a', '{"status": "spam"}')), '{"success": true, "dryRun": false, "deleted": 3}', 'R-02: the calls that a filter leaves are deleted');
SELECT is(suite.done('list_calls', :'a', '{"status": "spam"}') #> '{pagination,total}', '0', 'R-02: they are gone from lists and totals');
SELECT is(suite.body(suite.api('admin', 'delete_calls', :'a', '{"callId": "hidden,late 2,nobody"}')) -> 'deleted', '2', 'R-02: calls can be named');
SELECT is(pg_temp.counts(), 'one 0, two 1, three 2, late 1 3, late 3 4', 'R-02: who called before is counted anew');
SELECT is(suite.body(suite.api('admin', 'delete_calls', :'a', '{"startDate": "2025-12-11", "endDate": "2025-12-11"}')) -> 'deleted', '1', 'R-02: by days of the company');
SELECT suite.body(suite.api('admin', 'delete_calls', :'a', '{"callId": ["late 3"]}')) \g /dev/null
SELECT is(suite.done('get_customer_stats', :'a', :'sarah') ->> 'lastContactDate', '2025-12-03T14:30:00Z', 'K-28: the last contact goes back when the last call is deleted');
SELECT is(suite.body(suite.api('admin', 'delete_calls', :'a', '{"customerId": "CUST-09999"}')) -> 'deleted', '0', 'R-02: nobody''s calls are none');
SELECT is((SELECT count(*) FROM callcenter.transcripts t WHERE NOT EXISTS (SELECT 1 FROM callcenter.calls c WHERE (c.company_id, c.id) = (t.company_id, t.call_id))), 0::bigint, 'R-02: transcripts go with their calls');
SELECT is((SELECT count(*) FROM callcenter.calls WHERE company_id = :'b'), 2::bigint, 'B-12: the other company has its calls');
SELECT is(callcenter.rebuild_stats(), 0::bigint, 'derived tables are right');

SELECT * FROM finish();
ROLLBACK;
