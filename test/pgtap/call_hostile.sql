-- Documents that somebody sends to do harm: what fits is kept to the byte, what does not is one error.

\ir common.psql

SELECT plan(82);

-- Logs a call with a text at a path and gives what came back.
CREATE FUNCTION pg_temp.echoed(path text, value jsonb) RETURNS jsonb LANGUAGE sql AS $$
	SELECT suite.at((suite.try_call('tap_admin', '65f0000000000000000000a1', suite.put(suite.call('x'), path, value))).body -> 'call', path)
$$;
CREATE FUNCTION pg_temp.tried(path text, value jsonb) RETURNS suite.answer LANGUAGE sql AS $$
	SELECT suite.try_call('tap_platform', '65f0000000000000000000a1', suite.put(suite.call('x'), path, value))
$$;

/*
 * Texts.
 */
CREATE TEMPORARY TABLE texts (why text PRIMARY KEY, value text);
INSERT INTO texts VALUES
	('SQL', $t$'); DROP TABLE callcenter.calls; --$t$),
	('a format', '%s%n%1$s %%'),
	('JSON', '{"a":"b\u0041","c":[1,2]}'),
	('quotes and backslashes', $t$"\"\\'`$t$),
	('HTML', '<script>alert("x")</script>&amp;'),
	('control characters', (SELECT string_agg(chr(n), '') FROM generate_series(1, 31) n) || chr(127)),
	('line ends', E'a\r\nb\nc\rd' || chr(8232) || chr(8233)),
	('emoji', '👩‍👩‍👧‍👦 🇺🇸 é'),
	('right-to-left marks', chr(8238) || 'moc.elpmaxe' || chr(8236)),
	('the last characters of Unicode', chr(65533) || chr(65279) || chr(1114109)),
	('white space only', E' \t '),
	('a word of JSON', 'null'),
	('a mask', '••••');
SELECT is(
	ARRAY(
		SELECT path FROM unnest('{callId,twilioCallSid,caller.name,analysis.primaryIntent,captured.name,captured.email,captured.address.street,captured.problemDescription,captured.accessInstructions.petInfo,outcome.result,recording.url,agentNotes.text,review.feedback}'::text[]) path
		WHERE pg_temp.echoed(path, to_jsonb(value)) IS DISTINCT FROM to_jsonb(value)),
	'{}', 'a text may be ' || why || ', and comes back as it went in')
FROM texts;
SELECT is(
	(pg_temp.echoed('transcript', jsonb_build_array(jsonb_build_object('speaker', 'caller', 'text', value))) #> '{0,text}'),
	to_jsonb(value), 'what a caller says may be ' || why)
FROM texts;
SELECT is(pg_temp.echoed('captured.custom', jsonb_build_object(value, value)), jsonb_build_object(value, value),
	'a custom field may have a name that is ' || why)
FROM texts;
SELECT suite.logged(:'a', suite.put(suite.call('secret ' || why), 'captured.accessInstructions.gateCode', to_jsonb(value))) IS NULL AS made FROM texts OFFSET 12 \gset
SELECT is(
	ARRAY(
		SELECT why FROM texts
		WHERE suite.body(suite.ask('tap_admin', format('SELECT callcenter.reveal_access_codes(%L, ''call'', %L)', :'a', 'secret ' || why)))
			#> '{call,captured,accessInstructions,gateCode}' IS DISTINCT FROM to_jsonb(value)),
	'{}', 'and an access code may be any of these');
SELECT is(
	(suite.try_call('tap_admin', :'a', suite.call('x', more => '{"captured": {"problemDescription": "\ud83d\ude00 \u00e9"}}'))).body #>> '{call,captured,problemDescription}',
	'😀 é', 'an escaped character is the character');

SELECT suite.refused(pg_temp.tried(path, to_jsonb(repeat('x', 100000))), '22023', path, 'characters', path || ' does not take 100 kB')
FROM unnest('{callId,caller.phone,captured.problemDescription}'::text[]) path;
SELECT suite.refused(pg_temp.tried('outcome.status', to_jsonb(repeat('x', 100000))), '22023', 'outcome.status', 'must be one of', 'outcome.status does not take 100 kB');

/*
 * Who calls.
 */
SELECT is(
	ARRAY[body #>> '{call,caller,phone}', body #>> '{call,caller,customerId}', body #>> '{call,caller,isReturning}'],
	ARRAY[phone, NULL, 'false'], format('a caller may be %s, and is no customer', why))
FROM (VALUES
	('''; DELETE FROM callcenter.customers; --', 'SQL'),
	('sip:bob@example.com', 'a SIP address'),
	('client:agent007', 'a softphone'),
	('911', 'an emergency number'),
	(repeat('9', 250), '250 digits'),
	(repeat('é', 250), '250 letters'),
	('+', 'a plus sign')
) AS t (phone, why), LATERAL (SELECT (suite.try_call('tap_admin', '65f0000000000000000000a1', suite.call('x', phone))).body) s;
SELECT ok((suite.try_call('tap_admin', '65f0000000000000000000a1', suite.call('x', chr(8238) || '+13055551234x' || chr(1)))).state = '00000',
	'a caller may be a number in rubbish');

/*
 * Shapes.
 */
SELECT is(suite.at(body -> 'call', 'callId'), '"second"', 'of a name that comes twice, the last counts')
FROM (SELECT (suite.ask('tap_admin', format($$SELECT callcenter.create_call(%L, '{"callId": "first", "caller": {"phone": "+13055551234"},
	"startedAt": "2025-12-01T14:30:00Z", "outcome": {"status": "spam"}, "callId": "second"}')$$, :'a'), false)).body) s;

-- nested as deep as 64 kB of a custom field are
SELECT is(pg_temp.echoed('captured.custom', ('{"x":' || repeat('[', 5000) || repeat(']', 5000) || '}')::jsonb) #> '{x,0,0,0,0,0,0,0,0,0}',
	(repeat('[', 4991) || repeat(']', 4991))::jsonb, 'a custom field may be 5,000 levels deep');
SELECT is((suite.ask('tap_admin', format('SELECT callcenter.create_call(%L, %L)', :'a',
		'{"captured":{"custom":' || repeat('{"x":', 500000) || '1' || repeat('}', 500001) || '}}'))).state,
	'54001', 'a document of 500,000 levels is an error, and no crash');
SELECT suite.refused(pg_temp.tried('captured.custom', jsonb_build_object('x', (repeat('[', 6500) || repeat(']', 6500))::jsonb, 'y', repeat('y', 60000))),
	'54000', 'captured.custom', 'must have at most 65536 bytes', 'C-30: a custom map is at most 64 kB');
SELECT is((pg_temp.tried('captured.custom', jsonb_build_object('y', repeat('y', 65000)))).state, '00000', 'C-30: 65,000 bytes fit');
SELECT suite.refused(pg_temp.tried('captured.custom', (SELECT jsonb_object_agg('key ' || n, n) FROM generate_series(1, 10000) n)),
	'54000', 'captured.custom', 'must have at most 65536 bytes', 'C-30: 10,000 custom fields do not');
SELECT suite.refused(pg_temp.tried('actions', jsonb_build_array(jsonb_build_object('type', 'sms_sent', 'details', jsonb_build_object('y', repeat('y', 66000))))),
	'54000', 'actions[0].details', 'must have at most 65536 bytes', 'C-42: nor do details of that size');
SELECT suite.refused(suite.try_call('tap_platform', :'a', suite.call('x') || (SELECT jsonb_object_agg('k' || n, n) FROM generate_series(1, 100000) n)),
	'22023', 'k1', 'is not a field of this document', 'of 100,000 unknown fields one is named');

-- long lists
CREATE FUNCTION pg_temp.turns(count integer) RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_agg(jsonb_build_object('speaker', CASE n % 2 WHEN 0 THEN 'caller' ELSE 'agent' END, 'text', 'turn ' || n)) FROM generate_series(1, count) n
$$;
SELECT is((call -> 'transcript' -> 9999) - 'timestamp', '{"speaker": "caller", "text": "turn 10000", "turnNumber": 10000}', 'C-43: a transcript has up to 10,000 turns')
FROM (SELECT (pg_temp.tried('transcript', pg_temp.turns(10000))).body -> 'call' AS call) c;
SELECT suite.refused(pg_temp.tried('transcript', pg_temp.turns(10001)), '54000', 'transcript', 'must have at most 10000 elements', 'C-43: and not more');
SELECT suite.refused(pg_temp.tried('transcript', jsonb_build_array(jsonb_build_object('speaker', 'agent', 'text', repeat('x', 20001)))),
	'22023', 'transcript[0].text', 'must have at most 20000 characters', 'C-44: a turn has up to 20,000 characters');
SELECT suite.refused(pg_temp.tried('actions', (SELECT jsonb_agg('{"type": "note_added"}'::jsonb) FROM generate_series(1, 1001))),
	'54000', 'actions', 'must have at most 1000 elements', 'C-38: a call has up to 1,000 actions');
SELECT is(jsonb_array_length(pg_temp.echoed('actions', (SELECT jsonb_agg('{"type": "note_added"}'::jsonb) FROM generate_series(1, 1000)))),
	1000, 'C-38: 1,000 actions are taken');

/*
 * Numbers.
 */
SELECT is(pg_temp.echoed(path, given::jsonb), kept::jsonb, format('%s may be %s', path, left(given, 30)))
FROM (VALUES
	('analysis.llmCost', '0.' || repeat('3', 500), '0.' || repeat('3', 500)),
	('analysis.llmCost', '1e-500', '1e-500'),
	('analysis.llmCost', '-0', '0'),
	('analysis.intentConfidence', '0.30000000000000004', '0.30000000000000004'),
	('analysis.intentConfidence', '1e-320', '1e-320'),
	('analysis.intentConfidence', '1e-400', '0'),
	('durationSeconds', '1E3', '1000'),
	('transcript', '[{"text": "", "speaker": "agent", "turnNumber": 1000000}]', '[{"text": "", "speaker": "agent", "turnNumber": 1000000}]'),
	('captured.custom', '{"n": 123456789012345678901234567890.000, "e": 1e300}', '{"n": 123456789012345678901234567890.000, "e": 1e300}')
) AS t (path, given, kept);

/*
 * The summary is cut out of what somebody said.
 */
SELECT is((pg_temp.tried('captured.problemDescription', to_jsonb(problem))).body #>> '{call,summary}', summary, 'a summary of ' || why)
FROM (VALUES
	(repeat('日本語', 1000), left(repeat('日本語', 1000), 200), 'letters of three bytes is cut at a letter'),
	(repeat('😀', 199) || 'ab', repeat('😀', 199) || 'a', 'characters of four bytes has 200'),
	(E'\nsecond line', NULL, 'an empty first line is none'),
	(E'first line\nsecond line', 'first line', 'lines is the first'),
	('The kitchen sink has been leaking since Tuesday morning. It is getting worse.', 'The kitchen sink has been leaking since Tuesday morning.', 'sentences is the first'),
	('Hi. My AC is out.', 'Hi. My AC is out.', 'a short sentence takes the next one too'),
	('', NULL, 'nothing is none')
) AS t (problem, summary, why);

SELECT * FROM finish();
ROLLBACK;
