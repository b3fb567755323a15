-- Lists of calls: every filter and every order, by page and by cursor, gives the rows that it should, each exactly once.
--
-- What it should give is asked of the table by a condition of the test's own.

\ir common.psql

SELECT plan(248);

/*
 * 150 calls of company A with all sorts of attributes, with ties in time and length; and some of company B.
 */
SELECT suite.logged(:'a', jsonb_strip_nulls(jsonb_build_object(
	'callId', 'call_' || n,
	'twilioCallSid', 'CA' || n,
	'caller', jsonb_build_object(
		'phone', (ARRAY['+13055550001', '(305) 555-0002', '+13055550003', 'anonymous', '+442079460958', '+5491123456789', '+541123456789', 'sip:bob@example.com'])[1 + n % 8],
		'name', (ARRAY[NULL, 'Ann Lee', 'Bob O''Neil', '100% Roofing', 'José_Peña', 'back\slash'])[1 + n % 6]),
	'startedAt', to_char(timestamptz '2025-10-01T00:00:00Z' + (n / 2) * interval '9 hours 7 minutes', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
	'durationSeconds', (ARRAY[NULL, 60, 60, 61, 600])[1 + n % 5],
	'direction', (ARRAY['inbound', 'inbound', 'outbound'])[1 + n % 3],
	'analysis', jsonb_strip_nulls(jsonb_build_object(
		'primaryIntent', (ARRAY[NULL, 'BOOK_APPOINTMENT', 'BILLING', 'EMERGENCY'])[1 + n % 4],
		'routingTier', (ARRAY[NULL, 1, 2, 3])[1 + n % 4 * 3 % 4])),
	'captured', jsonb_strip_nulls(jsonb_build_object(
		'urgency', (ARRAY[NULL, 'normal', 'urgent', 'emergency'])[1 + n % 4],
		'problemDescription', (ARRAY[NULL, 'No heat in the den', 'AC drips; 50% humidity', 'Leak_under_sink'])[1 + n % 4])),
	'outcome', jsonb_strip_nulls(jsonb_build_object(
		'status', (ARRAY['completed', 'completed', 'transferred', 'voicemail', 'abandoned', 'spam', 'error'])[1 + n % 7],
		'result', (ARRAY[NULL, 'Booked for Monday'])[1 + n % 2],
		'followUpRequired', n % 5 = 0)),
	'review', jsonb_build_object('flagged', n % 6 = 0, 'reviewed', n % 4 = 0)))) IS NULL AS made
FROM generate_series(1, 150) n OFFSET 149 \gset
SELECT suite.logged(:'b', suite.call('other_' || n, '+13055550001', more => '{"captured": {"problemDescription": "No heat in the den"}}')) IS NULL AS made
FROM generate_series(1, 5) n OFFSET 4 \gset
SELECT id AS bob FROM callcenter.customers WHERE company_id = :'a' AND customer_number = 1 \gset
SELECT count(*) AS linked FROM callcenter.calls WHERE company_id = :'a' AND customer_id = :'bob' \gset
SELECT ok(:linked > 10, 'the first customer has calls');

-- Reads a list to its end and gives its call ids in order; what is not as it should be is told in their place.
CREATE FUNCTION pg_temp.by_cursor(params jsonb, page_size integer) RETURNS text[] LANGUAGE plpgsql AS $$
DECLARE
	said jsonb;
	ids text[] := '{}';
	turn integer := 0;
BEGIN
	params := params || jsonb_build_object('limit', page_size);
	LOOP
		said := suite.body(suite.list_calls('tap_platform', '65f0000000000000000000a1', params));
		ids := ids || ARRAY(SELECT c ->> 'callId' FROM jsonb_array_elements(said -> 'calls') c);
		EXIT WHEN said #>> '{pagination,nextCursor}' IS NULL;
		IF jsonb_array_length(said -> 'calls') <> page_size THEN
			RETURN ARRAY['a page that is not the last is not full'];
		END IF;
		params := params || jsonb_build_object('after', said #> '{pagination,nextCursor}');
		turn := turn + 1;
		IF turn > 200 THEN
			RETURN ARRAY['no end'];
		END IF;
	END LOOP;
	RETURN ids;
END
$$;
CREATE FUNCTION pg_temp.by_page(params jsonb, page_size integer) RETURNS text[] LANGUAGE plpgsql AS $$
DECLARE
	said jsonb;
	ids text[] := '{}';
	page integer := 1;
BEGIN
	LOOP
		said := suite.body(suite.list_calls('tap_platform', '65f0000000000000000000a1', params || jsonb_build_object('limit', page_size, 'page', page)));
		IF (said -> 'pagination') - 'nextCursor' <> jsonb_build_object('page', page, 'limit', page_size, 'total', said #> '{pagination,total}',
				'pages', ceil((said #>> '{pagination,total}')::numeric / page_size)) THEN
			RETURN ARRAY[said ->> 'pagination'];
		END IF;
		EXIT WHEN said -> 'calls' = '[]';
		ids := ids || ARRAY(SELECT c ->> 'callId' FROM jsonb_array_elements(said -> 'calls') c);
		page := page + 1;
	END LOOP;
	IF (said #>> '{pagination,total}')::integer <> cardinality(ids) THEN
		RETURN ARRAY[format('total %s, but %s rows', said #>> '{pagination,total}', cardinality(ids))];
	END IF;
	RETURN ids;
END
$$;
-- What the table says.
CREATE FUNCTION pg_temp.expected(condition text, sort text) RETURNS text[] LANGUAGE plpgsql AS $$
DECLARE
	ids text[];
BEGIN
	EXECUTE format('SELECT array_agg(c.call_id ORDER BY %s) FROM callcenter.calls c
		LEFT JOIN callcenter.customers cu ON cu.company_id = c.company_id AND cu.id = c.customer_id
		WHERE c.company_id = ''65f0000000000000000000a1'' AND (%s)',
		CASE coalesce(sort, 'newest')
			WHEN 'newest' THEN 'c.started_at DESC, c.id DESC'
			WHEN 'oldest' THEN 'c.started_at, c.id'
			ELSE 'coalesce(c.duration_seconds, -1) DESC, c.id DESC' END,
		condition) INTO ids;
	RETURN coalesce(ids, '{}');
END
$$;
CREATE FUNCTION pg_temp.lists(params jsonb, condition text, page_size integer, description text) RETURNS text LANGUAGE sql AS $$
	SELECT is(
		ARRAY[pg_temp.by_cursor(params, page_size)::text, pg_temp.by_page(params, page_size)::text],
		ARRAY[e::text, e::text], description)
	FROM pg_temp.expected(condition, params ->> 'sort') e
$$;

/*
 * Each filter, in each order.
 */
CREATE TEMPORARY TABLE filters (params jsonb, condition text);
INSERT INTO filters VALUES
	('{}', 'true'),
	('{"status": "completed"}', $$c.status = 'completed'$$),
	('{"status": "voicemail,abandoned"}', $$c.status IN ('voicemail', 'abandoned')$$),
	('{"status": ["voicemail", "abandoned", "voicemail"]}', $$c.status IN ('voicemail', 'abandoned')$$),
	('{"status": "spam,,error,"}', $$c.status IN ('spam', 'error')$$),
	('{"intent": "BILLING"}', $$c.primary_intent = 'BILLING'$$),
	('{"intent": "BILLING,EMERGENCY,NO_SUCH"}', $$c.primary_intent IN ('BILLING', 'EMERGENCY')$$),
	('{"intent": "billing"}', 'false'),
	('{"status": "completed", "intent": "BILLING,EMERGENCY"}', $$c.status = 'completed' AND c.primary_intent IN ('BILLING', 'EMERGENCY')$$),
	('{"tier": "3"}', 'c.routing_tier = 3'),
	('{"tier": 3}', 'c.routing_tier = 3'),
	('{"tier": "1,2"}', 'c.routing_tier IN (1, 2)'),
	('{"tier": [1, 2]}', 'c.routing_tier IN (1, 2)'),
	('{"tier": ["1", "2"]}', 'c.routing_tier IN (1, 2)'),
	('{"urgency": "emergency"}', $$c.urgency = 'emergency'$$),
	('{"urgency": "urgent,normal"}', $$c.urgency IN ('urgent', 'normal')$$),
	('{"direction": "outbound"}', $$c.direction = 'outbound'$$),
	('{"flagged": "true"}', 'c.flagged'),
	('{"flagged": false}', 'NOT c.flagged'),
	('{"reviewed": true}', 'c.reviewed'),
	('{"reviewed": "0"}', 'NOT c.reviewed'),
	('{"followUp": "1"}', 'c.follow_up_required'),
	('{"followUp": "false"}', 'NOT c.follow_up_required'),
	('{"phone": "+13055550001"}', $$c.caller_phone = '+13055550001'$$),
	('{"phone": "305.555.0002"}', $$c.caller_phone = '+13055550002'$$),
	('{"phone": "+44 20 7946 0958"}', $$c.caller_phone = '+442079460958'$$),
	('{"phone": "+5491123456789"}', $$c.caller_phone IN ('+5491123456789', '+541123456789')$$),
	('{"phone": "anonymous"}', $$c.caller_raw = 'anonymous'$$),
	('{"phone": "sip:bob@example.com"}', $$c.caller_raw = 'sip:bob@example.com'$$),
	('{"phone": "+13055559999"}', 'false'),
	('{"customerId": "CUST-00001"}', 'cu.customer_number = 1'),
	('{"customerId": "cust-2"}', 'cu.customer_number = 2'),
	('{"customerId": "CUST-99999"}', 'false'),
	('{"customerId": "nobody"}', 'false'),
	('{"q": "ann"}', $$c.caller_name = 'Ann Lee' OR cu.full_name ~* 'ann'$$),
	('{"q": "O''NEIL"}', $$c.caller_name ~* 'o''neil' OR cu.full_name ~* 'o''neil'$$),
	('{"q": "100%"}', $$strpos(c.caller_name, '100%') > 0 OR strpos(cu.full_name, '100%') > 0$$),
	('{"q": "é_P"}', $$strpos(lower(c.caller_name), 'é_p') > 0 OR strpos(lower(cu.full_name), 'é_p') > 0$$),
	('{"q": "\\"}', $$strpos(c.caller_name, chr(92)) > 0 OR strpos(cu.full_name, chr(92)) > 0$$),
	('{"q": "%"}', $$strpos(c.caller_name || ' ' || coalesce(c.problem_description, ''), '%') > 0 OR strpos(cu.full_name, '%') > 0 OR strpos(c.problem_description, '%') > 0$$),
	('{"q": "no HEAT"}', $$c.problem_description ~* 'no heat'$$),
	('{"q": "monday"}', $$c.result ~* 'monday'$$),
	('{"q": "0001"}', $$c.caller_phone LIKE '%0001'$$),
	('{"q": "(305) 555-0002"}', $$c.caller_phone = '+13055550002'$$),
	('{"q": "nowhere to be found"}', 'false'),
	('{"startDate": "2025-10-10"}', $$c.started_at >= '2025-10-10 00:00 America/New_York'$$),
	('{"endDate": "2025-10-10"}', $$c.started_at < '2025-10-11 00:00 America/New_York'$$),
	('{"startDate": "2025-10-10", "endDate": "2025-10-20"}', $$c.started_at >= '2025-10-10 00:00 America/New_York' AND c.started_at < '2025-10-21 00:00 America/New_York'$$),
	('{"startDate": "2025-10-10T12:00:00Z", "endDate": "2025-10-10T21:14:00-00:30"}', $$c.started_at >= '2025-10-10 12:00Z' AND c.started_at < '2025-10-10 21:44Z'$$),
	('{"startDate": "2025-10-20", "endDate": "2025-10-10"}', 'false'),
	('{"startDate": "0001-01-01", "endDate": "9999-12-31"}', 'true');
INSERT INTO filters VALUES (format('{"customerId": "%s"}', :'bob')::jsonb, 'cu.customer_number = 1');

SELECT is(ARRAY(SELECT params FROM filters WHERE (condition = 'false') <> (pg_temp.expected(condition, NULL) = '{}')), '{}',
	'every filter of this test finds something, but for those that must not');
SELECT pg_temp.lists(params, condition, 7, 'E-01: ' || params::text) FROM filters;
SELECT pg_temp.lists(params || format('{"sort": "%s"}', sort)::jsonb, condition, 7, format('E-01: %s, %s first', params, sort))
FROM filters, unnest('{oldest,longest,newest}'::text[]) sort
WHERE params IN ('{}', '{"status": "completed"}', '{"intent": "BILLING"}', '{"flagged": "true"}', '{"phone": "+13055550001"}', '{"customerId": "CUST-00001"}', '{"q": "no HEAT"}');
SELECT pg_temp.lists('{"sort": "longest"}', 'true', size, format('P-02: pages of %s', size)) FROM unnest('{1,2,50,100}'::integer[]) size;

/*
 * Filters together: 60 combinations of two to four, drawn from a fixed seed.
 */
CREATE FUNCTION pg_temp.combinations(n integer) RETURNS TABLE (params jsonb, condition text) LANGUAGE plpgsql AS $$
DECLARE
	filter record;
BEGIN
	PERFORM setseed(0.42);
	FOR i IN 1 .. n LOOP
		params := jsonb_build_object('sort', (ARRAY['newest', 'oldest', 'longest'])[1 + i % 3]);
		condition := 'true';
		FOR filter IN SELECT f.params, f.condition FROM filters f WHERE f.condition <> 'false' ORDER BY random() LOOP
			CONTINUE WHEN params ?| ARRAY(SELECT jsonb_object_keys(filter.params));
			params := params || filter.params;
			condition := format('%s AND (%s)', condition, filter.condition);
			EXIT WHEN (SELECT count(*) FROM jsonb_object_keys(params)) > 2 + i % 3;
		END LOOP;
		RETURN NEXT;
	END LOOP;
END
$$;
CREATE TEMPORARY TABLE combined AS SELECT * FROM pg_temp.combinations(60);
SELECT ok(count(DISTINCT params) > 55 AND count(*) FILTER (WHERE pg_temp.expected(condition, NULL) <> '{}') > 20,
	'the combinations differ, and many of them find something')
FROM combined;
SELECT pg_temp.lists(params, condition, 3, 'E-01: ' || params::text) FROM combined;

/*
 * Totals are those of the rows also after the counters have been folded, after changes, and after deletions.
 */
SELECT ok(callcenter.fold_counters() > 0, 'there are counters to fold');
SELECT pg_temp.lists(params, condition, 50, 'folded: ' || params::text) FROM filters WHERE params::text ~ 'status|intent|Date' OR params = '{}';
UPDATE callcenter.calls SET status = 'completed', primary_intent = 'BILLING', started_at = started_at + interval '61 minutes' WHERE company_id = :'a' AND call_id LIKE 'call_1%';
DELETE FROM callcenter.calls WHERE company_id = :'a' AND call_id LIKE 'call_2%';
SELECT pg_temp.lists(params, condition, 50, 'changed: ' || params::text) FROM filters WHERE params::text ~ 'status|intent|Date' OR params = '{}';
SELECT is(callcenter.rebuild_stats(), 0::bigint, 'a rebuild finds nothing wrong');

/*
 * The shape of the answer.
 */
CREATE TEMPORARY TABLE page AS SELECT suite.body(suite.list_calls('tap_platform', :'a', '{"page": "2", "limit": "10", "sort": "oldest"}')) AS said;
SELECT is(jsonb_set(said, '{pagination,nextCursor}', 'null') - 'calls', format('{"success": true, "timeZone": "America/New_York",
		"pagination": {"page": 2, "limit": 10, "total": %s, "pages": %s, "nextCursor": null}}', n, (n + 9) / 10)::jsonb, 'E-01: the answer beside its rows')
FROM page, LATERAL (SELECT count(*) AS n FROM callcenter.calls WHERE company_id = :'a') c;
SELECT is(jsonb_array_length(suite.body(suite.list_calls('tap_platform', :'a')) -> 'calls'), 50, 'P-02: a page has 50 rows by default');
SELECT is((suite.body(suite.list_calls('tap_platform', :'a')) #> '{pagination,limit}'), '50', 'P-02: and says so');
SELECT is(suite.body(suite.list_calls('tap_platform', :'a', '{"page": 999999}')) -> 'calls', '[]', 'E-01: behind the last page there is nothing');
SELECT is(suite.body(suite.list_calls('tap_platform', :'a', '{"flagged": null, "q": null, "limit": null}')) #> '{pagination,limit}', '50', 'a parameter that is null is not given');
SELECT suite.logged(:'a', suite.call('row', '(305) 555-1234', '2025-12-05T00:00:00Z', more => '{"twilioCallSid": "CArow", "captured": {"name": "Row Jones", "urgency": "urgent",
	"problemDescription": "Water heater is out", "email": "r@example.com", "accessInstructions": {"gateCode": "1"}}, "endedAt": "2025-12-05T00:01:00Z",
	"analysis": {"primaryIntent": "EMERGENCY", "intentConfidence": 0.9, "routingTier": 2, "emotion": {"primary": "CALM"}, "llmCost": 0.1},
	"outcome": {"status": "completed", "result": "Booked", "appointmentCreated": "65f0000000000000000000d1"}, "recording": {"url": "https://example.com/r"},
	"transcript": [{"speaker": "agent", "text": "Hello", "timestamp": "2025-12-05T00:00:01Z"}], "review": {"rating": 4}, "agentNotes": {"text": "n"}}')) #>> '{caller,customerId}' AS row_customer \gset
SELECT is(row - '_id', format('{"callId": "row", "caller": {"phone": "+13055551234", "phoneDisplay": "(305) 555-1234", "name": "Row Jones", "customerId": "%s",
			"customerNumber": "%s", "isReturning": false, "previousCallCount": 0},
		"direction": "inbound", "startedAt": "2025-12-05T00:00:00Z", "day": "2025-12-04", "durationSeconds": 60, "summary": "Water heater is out", "booked": true,
		"analysis": {"primaryIntent": "EMERGENCY", "intentConfidence": 0.9, "routingTier": 2}, "outcome": {"status": "completed", "result": "Booked", "followUpRequired": false},
		"urgency": "urgent", "turns": [[1, 1000, 60000]], "review": {"reviewed": false, "flagged": false, "rating": 4}, "hasRecording": true}',
		:'row_customer', (SELECT 'CUST-' || lpad(customer_number::text, 5, '0') FROM callcenter.customers WHERE id = :'row_customer'))::jsonb,
	'E-01 P-03: a row has what a list shows, and no more')
FROM (SELECT suite.body(suite.list_calls('tap_platform', :'a', '{"limit": 1, "sort": "newest"}')) #> '{calls,0}' AS row) r;
SELECT ok(NOT suite.body(suite.list_calls('tap_platform', :'a', '{"limit": 100}'))::text ~ :'a', 'X-10: no row names the company');

-- a cursor stands still while calls arrive
CREATE TEMPORARY TABLE here AS SELECT suite.body(suite.list_calls('tap_platform', :'a', '{"limit": 5}')) AS said;
SELECT suite.logged(:'a', suite.call('newer', '+13055551234', '2026-01-01T00:00:00Z')) IS NULL AS made \gset
SELECT is(ARRAY(SELECT c ->> 'callId' FROM jsonb_array_elements(suite.body(suite.list_calls('tap_platform', :'a',
			jsonb_build_object('limit', 5, 'after', said #> '{pagination,nextCursor}'))) -> 'calls') c),
	(pg_temp.expected('true', 'newest'))[7:11], 'a page behind a cursor is the same when newer calls have arrived')
FROM here;

/*
 * What a parameter may not be.
 */
SELECT suite.refused(suite.list_calls('tap_platform', :'a', params::jsonb), state, field, words, 'E-13: ' || params)
FROM (VALUES
	('{"page": 0}', '22003', 'page', 'must be from 1 to'),
	('{"page": -1}', '22003', 'page', 'must be from 1 to'),
	('{"page": "one"}', '22023', 'page', 'must be a whole number'),
	('{"page": "1.5"}', '22023', 'page', 'must be a whole number'),
	('{"page": " 1"}', '22023', 'page', 'must be a whole number'),
	('{"page": ""}', '22023', 'page', 'must be a whole number'),
	('{"page": "99999999999999999999"}', '22023', 'page', 'must be a whole number'),
	('{"page": 1e100}', '22003', 'page', 'must be from 1 to'),
	('{"limit": 0}', '22003', 'limit', 'must be from 1 to 100'),
	('{"limit": 101}', '22003', 'limit', 'must be from 1 to 100'),
	('{"limit": "101"}', '22003', 'limit', 'must be from 1 to 100'),
	('{"limit": true}', '22023', 'limit', 'must be a whole number'),
	('{"status": "compleded"}', '22023', 'status', 'must be one of: completed, transferred, voicemail, abandoned, spam, error'),
	('{"status": ["completed", "x"]}', '22023', 'status', 'must be one of: completed'),
	('{"status": ["completed", null]}', '22023', 'status[1]', 'must be a string'),
	('{"status": ""}', '22023', 'status', 'must not be empty'),
	('{"status": ",,"}', '22023', 'status', 'must not be empty'),
	('{"status": []}', '22023', 'status', 'must not be empty'),
	('{"status": {"x": 1}}', '22023', 'status', 'must be an array of strings'),
	('{"urgency": "high"}', '22023', 'urgency', 'must be one of: normal, urgent, emergency'),
	('{"direction": "sideways"}', '22023', 'direction', 'must be one of: inbound, outbound'),
	('{"direction": "inbound,outbound"}', '22023', 'direction', 'must be one of: inbound, outbound'),
	('{"tier": "4"}', '22023', 'tier', 'must be one or more of: 1, 2, 3'),
	('{"tier": 1.5}', '22023', 'tier', 'must be one or more of: 1, 2, 3'),
	('{"tier": "1;2"}', '22023', 'tier', 'must be one or more of: 1, 2, 3'),
	('{"flagged": "yes"}', '22023', 'flagged', 'must be true or false'),
	('{"flagged": 1}', '22023', 'flagged', 'must be true or false'),
	('{"followUp": ""}', '22023', 'followUp', 'must be true or false'),
	('{"startDate": "2025-02-30"}', '22007', 'startDate', 'must be a date (2025-12-01) or a time with an offset'),
	('{"startDate": "2025-10-10T12:00:00"}', '22007', 'startDate', 'must be a date (2025-12-01) or a time with an offset'),
	('{"endDate": "tomorrow"}', '22007', 'endDate', 'must be a date (2025-12-01) or a time with an offset'),
	('{"endDate": ""}', '22023', 'endDate', 'must have from 1 to 40 characters'),
	('{"endDate": 20251010}', '22023', 'endDate', 'must be a string'),
	('{"sort": "oldest first"}', '22023', 'sort', 'must be one of: newest, oldest, longest'),
	('{"sort": "id; DROP TABLE x"}', '22023', 'sort', 'must be one of: newest, oldest, longest'),
	('{"q": ""}', '22023', 'q', 'must have from 1 to 200 characters'),
	('{"phone": ""}', '22023', 'phone', 'must have from 1 to 250 characters'),
	('{"customerId": ""}', '22023', 'customerId', 'must have from 1 to 40 characters'),
	('{"Status": "completed"}', '22023', 'Status', 'is not a parameter'),
	('{"company_id": "x"}', '22023', 'company_id', 'is not a parameter'),
	('{"page.limit": "x"}', '22023', 'page.limit', 'is not a parameter'),
	('{"after": "x"}', '22023', 'after', 'must be a nextCursor of this list'),
	('{"after": "newest.1"}', '22023', 'after', 'must be a nextCursor of this list'),
	('{"after": "newest.1.65f0000000000000000000z1"}', '22023', 'after', 'must be a nextCursor of this list'),
	('{"after": "newest.x.65f0000000000000000000a1"}', '22023', 'after', 'must be a nextCursor of this list'),
	('{"after": "newest..65f0000000000000000000a1"}', '22023', 'after', 'must be a nextCursor of this list'),
	('{"after": "newest.1.2.65f0000000000000000000a1"}', '22023', 'after', 'must be a nextCursor of this list'),
	('{"after": "newest.99999999999999999999.65f0000000000000000000a1"}', '22023', 'after', 'must be a nextCursor of this list'),
	('{"after": "oldest.1.65f0000000000000000000a1"}', '22023', 'after', 'in the same order'),
	('{"after": "newest.1.65f0000000000000000000a1", "sort": "longest"}', '22023', 'after', 'in the same order'),
	('{"after": "newest.1.65f0000000000000000000a1", "page": 2}', '22023', 'after', 'cannot be used together with page'),
	('[]', '22023', '', 'must be a JSON object'),
	('"x"', '22023', '', 'must be a JSON object')
) AS t (params, state, field, words);
SELECT suite.refused(suite.list_calls('tap_platform', :'a', NULL), '23502', '', 'missing', 'E-13: NULL is no set of parameters');
SELECT suite.refused(suite.list_calls('tap_platform', :'a', jsonb_build_object(key, repeat('x', 100000))), '22023', key, '', format('E-13: %s of 100 kB', key))
FROM unnest('{q,phone,customerId,after,sort,startDate,status,tier}'::text[]) key;
SELECT suite.refused(suite.list_calls('tap_platform', :'a', jsonb_build_object('intent', intents)), '54000', 'intent', 'must have at most 50 elements',
	format('E-13: 51 intents as %s', jsonb_typeof(intents)))
FROM (SELECT jsonb_agg('I' || n) FROM generate_series(1, 51) n UNION ALL SELECT to_jsonb(string_agg('I' || n, ',')) FROM generate_series(1, 51) n) i (intents);
-- a cursor that was made up finds what is behind it, and does no harm
SELECT is((suite.list_calls('tap_platform', :'a', jsonb_build_object('after', 'newest.' || at || '.000000000000000000000000'))).state, '00000', 'a cursor of the time ' || at)
FROM unnest('{9223372036854775807,-9223372036854775808,0}'::text[]) at;
SELECT is((suite.list_calls('tap_platform', :'a', jsonb_build_object('sort', 'longest', 'after', 'longest.4294967296.000000000000000000000000'))).body #>> '{calls,0,callId}',
	(pg_temp.expected('true', 'longest'))[1], 'a cursor of a length that there is not');

SELECT * FROM finish();
ROLLBACK;
