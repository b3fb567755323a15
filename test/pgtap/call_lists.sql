-- Lists of calls: whatever the filters and the order, each call is on one page, by cursor and by number, with equal starts and
-- durations; the total is exact, the CSV has the same calls; calls that come and go between pages take no other one away;
-- and what a page reads does not grow with the company, however rare the calls are.

\ir common.psql
\ir records.psql

SELECT plan(410);

-- 900 calls: a dozen at a time, some without an intent, tier, urgency or duration; what is rare is among the oldest
INSERT INTO callcenter.customers (company_id, id, customer_number, first_name, status)
SELECT :'a', '65f00000000000000000' || 1000 + n, n, (ARRAY['Änne', 'BERT', 'Carla'])[1 + n % 3], 'lead' FROM generate_series(1, 30) n;
CREATE FUNCTION pg_temp.load(first integer, last integer) RETURNS void LANGUAGE sql AS $$
	INSERT INTO callcenter.calls (company_id, id, call_id, caller_phone, caller_kind, caller_raw, caller_region, metadata_version, customer_id, started_at, duration_seconds,
		primary_intent, routing_tier, status, urgency, direction, flagged, reviewed, follow_up_required, summary, is_booked, content_hash)
	SELECT '65f0000000000000000000a1', callcenter.object_id_new(), 'call_' || n, '+13055550' || 100 + n % 30, 'e164', '', 'US', '-',
		CASE WHEN n % 5 > 0 THEN '65f00000000000000000' || 1001 + n % 30 END, timestamptz '2025-03-01Z' + n / 12 * interval '1 hour', nullif(n * 7 % 50, 0),
		CASE WHEN n % 11 = 0 THEN NULL WHEN n = 13 THEN 'RARE' WHEN n % 10 = 3 THEN 'UNHEARD' ELSE 'INTENT_' || n % 4 END, nullif(CASE WHEN n IN (7, 40) THEN 3 ELSE n % 3 END, 0),
		CASE WHEN n IN (8, 50) THEN 'error' WHEN n % 10 = 3 THEN 'voicemail' ELSE (ARRAY['completed', 'completed', 'abandoned', 'transferred'])[1 + n % 4] END,
		CASE WHEN n IN (9, 60) THEN 'emergency' WHEN n % 7 = 0 THEN NULL WHEN n % 6 = 0 THEN 'urgent' ELSE 'normal' END,
		(CASE WHEN n IN (10, 70) THEN 'outbound' ELSE 'inbound' END)::callcenter.call_direction, n IN (7, 11), n < 20, n % 10 = 3 AND n % 3 = 0,
		CASE WHEN n % 20 = 1 THEN 'The HEATER is loud' WHEN n = 12 THEN 'ein Öfchen' END, false, '\x00'
	FROM generate_series(first, last) n
$$;
SELECT pg_temp.load(1, 900) \g /dev/null
ANALYZE callcenter.calls, callcenter.customers;
SELECT is((SELECT count(*) FROM callcenter.calls WHERE traits <> callcenter.call_traits(status, direction, routing_tier, follow_up_required, reviewed, flagged, urgency)), 0::bigint,
	'the trigger keeps traits');

CREATE TEMPORARY TABLE sorts (sort text, ordered text);
INSERT INTO sorts VALUES ('newest', 'c.started_at DESC, c.id DESC'), ('oldest', 'c.started_at, c.id'), ('longest', 'coalesce(c.duration_seconds, -1) DESC, c.id DESC');
CREATE TEMPORARY TABLE filters (params jsonb, condition text);
INSERT INTO filters VALUES
	('{}', 'true'),
	('{"status": "completed"}', 'c.status = ''completed'''), ('{"status": "error"}', 'c.status = ''error'''), ('{"status": "error,abandoned,error"}', 'c.status IN (''error'', ''abandoned'')'),
	('{"status": "spam"}', 'false'),
	('{"intent": "INTENT_1"}', 'c.primary_intent = ''INTENT_1'''), ('{"intent": "RARE"}', 'c.primary_intent = ''RARE'''), ('{"intent": "INTENT_1,RARE,INTENT_1"}', 'c.primary_intent IN (''INTENT_1'', ''RARE'')'),
	('{"tier": "1"}', 'c.routing_tier = 1'), ('{"tier": "3,2"}', 'c.routing_tier IN (2, 3)'), ('{"tier": "3"}', 'c.routing_tier = 3'),
	('{"urgency": "normal"}', 'c.urgency = ''normal'''), ('{"urgency": "emergency"}', 'c.urgency = ''emergency'''), ('{"urgency": "urgent,emergency"}', 'c.urgency IN (''urgent'', ''emergency'')'),
	('{"direction": "inbound"}', 'c.direction = ''inbound'''), ('{"direction": "outbound"}', 'c.direction = ''outbound'''),
	('{"flagged": true}', 'c.flagged'), ('{"flagged": false}', 'NOT c.flagged'), ('{"reviewed": true}', 'c.reviewed'), ('{"reviewed": false}', 'NOT c.reviewed'),
	('{"followUp": true}', 'c.follow_up_required'), ('{"followUp": false}', 'NOT c.follow_up_required'),
	('{"phone": "305-555-0107"}', 'c.caller_phone = ''+13055550107'''), ('{"customerId": "CUST-00007"}', 'c.customer_id = ''65f000000000000000001007'''),
	('{"startDate": "2025-03-01", "endDate": "2025-03-02"}', 'c.started_at >= ''2025-03-01 00:00-05'' AND c.started_at < ''2025-03-03 00:00-05'''),
	('{"q": "heater"}', 'c.summary = ''The HEATER is loud'''), ('{"q": "ÄNNE"}', 'c.customer_id IN (SELECT id FROM callcenter.customers WHERE first_name = ''Änne'')'), ('{"q": "ÖFCHEN"}', 'c.call_id = ''call_12'''),
	('{"q": "bert"}', 'c.customer_id IN (SELECT id FROM callcenter.customers WHERE first_name = ''BERT'')'), ('{"q": "5550107"}', 'c.caller_phone = ''+13055550107'''), ('{"q": "nobody"}', 'false'),
	('{"status": "voicemail", "intent": "UNHEARD"}', 'c.status = ''voicemail'' AND c.primary_intent = ''UNHEARD'''), ('{"status": "voicemail", "intent": "INTENT_1"}', 'false'),
	('{"status": "voicemail,completed", "intent": "UNHEARD,INTENT_0"}', 'c.status IN (''voicemail'', ''completed'') AND c.primary_intent IN (''UNHEARD'', ''INTENT_0'')'),
	('{"intent": "INTENT_1", "reviewed": true}', 'c.primary_intent = ''INTENT_1'' AND c.reviewed'), ('{"intent": "INTENT_1,INTENT_2", "reviewed": false}', 'c.primary_intent IN (''INTENT_1'', ''INTENT_2'') AND NOT c.reviewed'),
	('{"intent": "RARE", "tier": "1"}', 'c.primary_intent = ''RARE'' AND c.routing_tier = 1'),
	('{"status": "completed", "reviewed": false, "flagged": false}', 'c.status = ''completed'' AND NOT c.reviewed AND NOT c.flagged'), ('{"flagged": true, "reviewed": true}', 'c.flagged AND c.reviewed'),
	('{"status": "completed", "followUp": true}', 'false'), ('{"tier": "2", "urgency": "urgent", "status": "abandoned"}', 'c.routing_tier = 2 AND c.urgency = ''urgent'' AND c.status = ''abandoned'''),
	('{"phone": "305-555-0107", "status": "completed"}', 'c.caller_phone = ''+13055550107'' AND c.status = ''completed'''), ('{"customerId": "CUST-00007", "intent": "INTENT_2"}', 'c.customer_id = ''65f000000000000000001007'' AND c.primary_intent = ''INTENT_2'''),
	('{"startDate": "2025-03-01T05:00:00Z", "endDate": "2025-03-03T01:00:00Z", "status": "completed"}', 'c.started_at >= ''2025-03-01 05:00Z'' AND c.started_at < ''2025-03-03 01:00Z'' AND c.status = ''completed'''),
	('{"startDate": "2025-03-02", "intent": "INTENT_1,INTENT_1"}', 'c.started_at >= ''2025-03-02 00:00-05'' AND c.primary_intent = ''INTENT_1'''),
	('{"startDate": "2025-03-02", "tier": "1,2"}', 'c.started_at >= ''2025-03-02 00:00-05'' AND c.routing_tier IN (1, 2)'), ('{"endDate": "2025-03-01", "followUp": true}', 'c.started_at < ''2025-03-02 00:00-05'' AND c.follow_up_required'),
	('{"endDate": "2025-03-01", "reviewed": false}', 'c.started_at < ''2025-03-02 00:00-05'' AND NOT c.reviewed'), ('{"startDate": "2025-03-02", "flagged": true, "tier": "1"}', 'false'),
	('{"startDate": "2025-03-01", "endDate": "2025-03-02", "urgency": "normal", "direction": "inbound"}', 'c.started_at >= ''2025-03-01 00:00-05'' AND c.started_at < ''2025-03-03 00:00-05'' AND c.urgency = ''normal'' AND c.direction = ''inbound'''),
	('{"q": "heater", "status": "completed"}', 'c.summary = ''The HEATER is loud'' AND c.status = ''completed'''), ('{"q": "bert", "intent": "INTENT_2,RARE", "tier": "1"}', 'c.customer_id IN (SELECT id FROM callcenter.customers WHERE first_name = ''BERT'') AND c.primary_intent IN (''INTENT_2'', ''RARE'') AND c.routing_tier = 1');

CREATE FUNCTION pg_temp.expect(condition text, ordered text) RETURNS text[] LANGUAGE plpgsql AS $$
DECLARE
	ids text[];
BEGIN
	EXECUTE format('SELECT coalesce(array_agg(c.call_id ORDER BY %s), ''{}'') FROM callcenter.calls c WHERE c.company_id = ''65f0000000000000000000a1'' AND (%s)', ordered, condition) INTO ids;
	RETURN ids;
END
$$;
-- The calls of a list, page for page, by cursor or by number.
CREATE FUNCTION pg_temp.walk(params jsonb, size integer, by_page boolean) RETURNS text[] LANGUAGE plpgsql AS $$
DECLARE
	ids text[] := '{}';
	page jsonb;
	n integer := 1;
	after text;
BEGIN
	LOOP
		page := suite.done('list_calls', '65f0000000000000000000a1', (params || jsonb_build_object('limit', size) ||
			CASE WHEN by_page THEN jsonb_build_object('page', n) WHEN after IS NOT NULL THEN jsonb_build_object('after', after) ELSE '{}' END)::text);
		ids := ids || ARRAY(SELECT e ->> 'callId' FROM jsonb_array_elements(page -> 'calls') WITH ORDINALITY AS t (e, o) ORDER BY o);
		after := page #>> '{pagination,nextCursor}';
		EXIT WHEN after IS NULL;
		n := n + 1;
	END LOOP;
	RETURN ids;
END
$$;
-- The calls of an export.
CREATE FUNCTION pg_temp.exported(params jsonb) RETURNS text[] LANGUAGE plpgsql AS $$
DECLARE
	ids text[] := '{}';
	batch jsonb;
	after text;
BEGIN
	LOOP
		batch := suite.done('export_calls', '65f0000000000000000000a1', (params || CASE WHEN after IS NULL THEN '{}' ELSE jsonb_build_object('after', after) END)::text);
		ids := ids || ARRAY(SELECT split_part(line, ',', 1) FROM string_to_table(batch ->> 'csv', E'\r\n') WITH ORDINALITY AS t (line, o) WHERE line ~ '^call_' ORDER BY o);
		after := batch ->> 'next_cursor';
		EXIT WHEN after IS NULL;
	END LOOP;
	RETURN ids;
END
$$;
SELECT is(pg_temp.walk(params || jsonb_build_object('sort', sort), 41, false), pg_temp.expect(condition, ordered), format('E-01 sorted by %s, by cursor: %s', sort, params)) FROM sorts, filters;
SELECT is(pg_temp.walk(params || jsonb_build_object('sort', sort), 60, true), pg_temp.expect(condition, ordered), format('E-01 sorted by %s, by number: %s', sort, params)) FROM sorts, filters
WHERE sort <> 'oldest';
SELECT is((suite.done('list_calls', :'a', params::text) #>> '{pagination,total}')::integer, cardinality(pg_temp.expect(condition, 'c.id')), 'E-01 the total is exact: ' || params::text) FROM filters;
SELECT is(pg_temp.exported(params), pg_temp.expect(condition, 'c.started_at DESC, c.id DESC'), 'R-02 the CSV has the calls of the list: ' || params::text) FROM filters WHERE params::text !~ ', ' OR params ? 'intent';

/*
 * Between two pages calls come and go: in front of the cursor, behind it, and those that it names.
 */
CREATE FUNCTION pg_temp.disturbed(params jsonb, condition text, ordered text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	page jsonb := suite.done('list_calls', '65f0000000000000000000a1', (params || '{"limit": 30}')::text);
	after jsonb := jsonb_build_object('after', page #>> '{pagination,nextCursor}');
	seen text[] := ARRAY(SELECT e ->> 'callId' FROM jsonb_array_elements(page -> 'calls') e);
	rest text[] := (pg_temp.expect(condition, ordered))[31:];
	walked text[];
	gone text[] := seen[30:30] || rest[1:1] || rest[cardinality(rest):];
BEGIN
	DELETE FROM callcenter.calls c WHERE c.call_id = ANY (gone);
	UPDATE callcenter.calls c SET started_at = c.started_at + interval '30 days', duration_seconds = 500 WHERE c.call_id = seen[2];
	-- what comes while one reads stands at the end of neither order
	PERFORM pg_temp.load(2001, 2012);
	walked := ARRAY(SELECT e ->> 'callId' FROM jsonb_array_elements(suite.done('list_calls', '65f0000000000000000000a1', (params || after || '{"limit": 100}')::text) -> 'calls') WITH ORDINALITY AS t (e, o) ORDER BY o);
	DELETE FROM callcenter.calls c WHERE c.call_id ~ '^call_20..$';
	RETURN CASE WHEN walked = (rest[2:cardinality(rest) - 1])[:100] THEN 'as before' ELSE format('%s instead of %s', walked, rest) END;
END
$$;
SELECT is(pg_temp.disturbed(params || jsonb_build_object('sort', sort), condition, ordered), 'as before', format('a cursor goes on where it stood, sorted by %s: %s', sort, params))
FROM sorts, filters WHERE sort = 'newest' AND params IN ('{}', '{"status": "completed"}', '{"intent": "INTENT_1"}', '{"reviewed": false}', '{"intent": "INTENT_1,INTENT_2", "reviewed": false}');
SELECT is(callcenter.rebuild_stats(), 0::bigint, 'rebuild_stats() finds nothing to change');

/*
 * What a page reads.  The company has 6,000 calls now; the rare ones stay the oldest.
 */
SELECT pg_temp.load(901, 6000) \g /dev/null
ANALYZE callcenter.calls;
CREATE FUNCTION pg_temp.rows_so_far() RETURNS bigint LANGUAGE sql AS $$
	SELECT sum(pg_stat_get_xact_tuples_returned(r.oid))::bigint FROM pg_class r LEFT JOIN pg_index x ON x.indexrelid = r.oid
	WHERE coalesce(x.indrelid, r.oid) = 'callcenter.calls'::regclass
$$;
-- Rows of calls that a page reads, which shows no total.
CREATE FUNCTION pg_temp.rows_read(params jsonb) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	before bigint;
	after jsonb := CASE params ->> 'sort' WHEN 'oldest' THEN '{"after": "oldest.-100000000000000000.000000000000000000000000"}' WHEN 'longest' THEN '{"after": "longest.1000000.000000000000000000000000"}'
		ELSE '{"after": "newest.2000000000000000.000000000000000000000000"}' END;
BEGIN
	PERFORM suite.done('list_calls', '65f0000000000000000000a1', (params || after)::text);
	before := pg_temp.rows_so_far();
	PERFORM suite.done('list_calls', '65f0000000000000000000a1', (params || after)::text);
	RETURN pg_temp.rows_so_far() - before;
END
$$;
CREATE FUNCTION pg_temp.rows_counted(params jsonb) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	before bigint;
BEGIN
	PERFORM suite.done('list_calls', '65f0000000000000000000a1', (params || '{"limit": 1}')::text);
	before := pg_temp.rows_so_far();
	PERFORM suite.done('list_calls', '65f0000000000000000000a1', (params || '{"limit": 1}')::text);
	RETURN pg_temp.rows_so_far() - before;
END
$$;
CREATE TEMPORARY TABLE bounds (params jsonb, most bigint);
INSERT INTO bounds VALUES ('{}', 110), ('{"status": "completed"}', 110), ('{"status": "error"}', 110), ('{"status": "error,spam"}', 1200), ('{"intent": "INTENT_1"}', 110), ('{"intent": "RARE"}', 110), ('{"tier": "3"}', 1200),
	('{"urgency": "emergency"}', 1200), ('{"direction": "outbound"}', 1200), ('{"flagged": true}', 110), ('{"reviewed": true}', 1200), ('{"followUp": true}', 1200), ('{"reviewed": false}', 2000),
	('{"status": "abandoned", "tier": "3"}', 1200), ('{"status": "completed", "followUp": true}', 110), ('{"flagged": true, "reviewed": true}', 1200), ('{"intent": "INTENT_1", "tier": "3"}', 1200), ('{"intent": "RARE", "reviewed": false}', 1200),
	('{"phone": "305-555-0107", "flagged": true}', 300), ('{"customerId": "CUST-00007", "status": "error"}', 300);
SELECT cmp_ok(pg_temp.rows_read(params || jsonb_build_object('sort', sort)), '<=', most, format('P-04 a page of %s, sorted by %s, reads at most %s rows', params, sort, most))
FROM bounds, sorts WHERE sort <> 'longest' OR params = '{}';
SELECT cmp_ok(pg_temp.rows_counted(params), '<=', most::bigint, format('P-04 the total of %s takes at most %s rows', params, most))
FROM (VALUES ('{"tier": "1"}'::jsonb, 1200), ('{"direction": "inbound"}', 1200), ('{"flagged": false}', 1200), ('{"reviewed": false}', 1200), ('{"followUp": false}', 1200), ('{"intent": "INTENT_1"}', 30), ('{"status": "completed"}', 30),
	('{"status": "completed", "startDate": "2025-03-02"}', 300), ('{"intent": "INTENT_1", "startDate": "2025-03-02"}', 300), ('{"tier": "1,2", "startDate": "2025-03-02"}', 1400), ('{"status": "voicemail", "intent": "INTENT_1"}', 200)) AS t (params, most);

SELECT * FROM finish();
ROLLBACK;
