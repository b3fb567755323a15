-- Lists of records: filters, sorts, pages and cursors of customers, visits and the audit log; exports of calls.

\ir common.psql
\ir records.psql

SELECT plan(116);

-- 2,300 calls of 60 customers, and their visits; every kind of value occurs.
DO $$
DECLARE
	i integer;
BEGIN
	FOR i IN 1 .. 60 LOOP
		PERFORM callcenter.create_customer('65f0000000000000000000a1', jsonb_build_object('phone', '+1305213' || (1000 + i), 'fullName', format('Name%s Family%s', i % 7, i),
			'email', format('mail%s@example.com', i), 'status', (ARRAY['lead', 'active', 'churned'])[1 + i % 3], 'customerType', (ARRAY['residential', 'commercial'])[1 + i % 2],
			'tags', CASE i % 4 WHEN 0 THEN '["VIP", "Plan"]' WHEN 1 THEN '["VIP"]' ELSE '[]' END::jsonb, 'addresses', jsonb_build_array(jsonb_build_object('street', format('%s Elm Street', i)))));
	END LOOP;
	FOR i IN 1 .. 60 LOOP
		PERFORM callcenter.create_appointment('65f0000000000000000000a1', jsonb_build_object('customerId', 'CUST-' || (1 + i % 20), 'date', '2025-03-01'::date + i % 30,
			'status', (ARRAY['scheduled', 'completed', 'cancelled', 'no_show'])[1 + i % 4], 'value', i));
	END LOOP;
END
$$;
INSERT INTO callcenter.calls (company_id, id, call_id, caller_phone, caller_kind, caller_raw, caller_region, metadata_version, caller_name, customer_id, started_at, duration_seconds,
	primary_intent, intent_confidence, routing_tier, urgency, status, result, summary, reviewed, rating, flagged, follow_up_required, is_booked, content_hash, direction)
SELECT :'a', callcenter.object_id_new(), 'call ' || n, CASE WHEN n % 10 > 0 THEN '+1305213' || (1001 + n % 60) END, CASE WHEN n % 10 > 0 THEN 'e164' ELSE 'withheld' END::callcenter.caller_kind,
	CASE WHEN n % 10 > 0 THEN '+1305213' || (1001 + n % 60) ELSE 'anonymous' END, 'US', '8', CASE n % 5 WHEN 0 THEN 'Caller ' || n END,
	CASE WHEN n % 10 > 0 THEN (SELECT id FROM callcenter.customers WHERE company_id = :'a' AND customer_number = 1 + n % 60 ORDER BY id LIMIT 1) END,
	'2025-03-01T00:00:00Z'::timestamptz + n / 3 * interval '40 minutes', CASE WHEN n % 7 > 0 THEN n % 300 END,
	(ARRAY['BILLING', 'REPAIR', NULL])[1 + n % 3], 0.5, 1 + n % 3, (ARRAY['normal', 'urgent', 'emergency', NULL])[1 + n % 4], (ARRAY['completed', 'transferred', 'voicemail', 'abandoned', 'spam', 'error'])[1 + n % 6],
	'Result ' || n, 'Summary, with "quotes"' || n, n % 2 = 0, nullif(n % 6, 0), n % 8 = 0, n % 9 = 0, n % 4 = 0, '\x00', CASE WHEN n % 11 = 0 THEN 'outbound' ELSE 'inbound' END::callcenter.call_direction
FROM generate_series(1, 2300) n;
SELECT is(callcenter.rebuild_stats(), 0::bigint, 'derived tables are right after INSERT by hand');

-- A member of a list, walked through by cursor or by page.
CREATE FUNCTION pg_temp.walk(f text, member text, key text, params jsonb, size integer, by_page boolean) RETURNS text[] LANGUAGE plpgsql AS $$
DECLARE
	keys text[] := '{}';
	page jsonb;
	n integer := 1;
	after text;
BEGIN
	LOOP
		page := suite.body(suite.api('admin', f, '65f0000000000000000000a1', (params || jsonb_build_object('limit', size) ||
			CASE WHEN by_page THEN jsonb_build_object('page', n) WHEN after IS NOT NULL THEN jsonb_build_object('after', after) ELSE '{}' END)::text));
		keys := keys || ARRAY(SELECT e ->> key FROM jsonb_array_elements(page -> member) WITH ORDINALITY AS t (e, o) ORDER BY o);
		after := page #>> '{pagination,nextCursor}';
		EXIT WHEN after IS NULL;
		n := n + 1;
	END LOOP;
	RETURN keys;
END
$$;
CREATE FUNCTION pg_temp.total(f text, params jsonb) RETURNS bigint LANGUAGE sql AS $$
	SELECT (suite.done(f, '65f0000000000000000000a1', params::text) #>> '{pagination,total}')::bigint
$$;

/*
 * S-10 E-06: customers.
 */
CREATE TEMPORARY TABLE filters (params jsonb, condition text);
INSERT INTO filters VALUES ('{}', 'true'), ('{"status": "lead"}', 'status = ''lead'''), ('{"status": "lead,churned"}', 'status IN (''lead'', ''churned'')'), ('{"type": "commercial"}', 'customer_type = ''commercial'''),
	('{"tag": "VIP"}', 'customer_number % 4 < 2'), ('{"tag": "VIP,Plan"}', 'customer_number % 4 = 0'), ('{"tag": "none"}', 'false'), ('{"q": "name3"}', 'customer_number % 7 = 3'),
	('{"q": "FAMILY12"}', 'customer_number = 12'), ('{"q": "mail5@"}', 'customer_number = 5'), ('{"q": "31 elm"}', 'customer_number = 31'), ('{"q": "2131007"}', 'customer_number = 7'), ('{"q": "213-1007"}', 'customer_number = 7'),
	('{"q": "%"}', 'false'), ('{"q": "_"}', 'false'), ('{"q": "\\"}', 'false'), ('{"q": "Name1", "status": "active", "tag": "VIP", "type": "residential"}', 'customer_number % 7 = 1 AND status = ''active'' AND customer_number % 4 < 2 AND customer_type = ''residential''');
CREATE FUNCTION pg_temp.matching(condition text) RETURNS text[] LANGUAGE plpgsql AS $$
DECLARE
	found text[];
BEGIN
	EXECUTE format('SELECT coalesce(array_agg(''CUST-'' || lpad(customer_number::text, 5, ''0'') ORDER BY customer_number), ''{}'') FROM callcenter.customers WHERE company_id = ''65f0000000000000000000a1'' AND %s', condition) INTO found;
	RETURN found;
END
$$;
SELECT is(pg_temp.walk('list_customers', 'customers', 'customerId', params || '{"sort": "oldest"}', 7, false), pg_temp.matching(condition), 'S-10: customers that ' || params::text) FROM filters;
SELECT is(pg_temp.total('list_customers', params), cardinality(pg_temp.matching(condition))::bigint, 'S-10: the total is exact for ' || params::text) FROM filters;
SELECT is(array_agg(DISTINCT params::text) FILTER (WHERE said <> cardinality(wanted)), NULL, format('S-10: the total is exact for all %s pairs of these filters', count(*)))
FROM (SELECT a.params || b.params AS params, pg_temp.total('list_customers', a.params || b.params) AS said, pg_temp.matching(format('(%s) AND (%s)', a.condition, b.condition)) AS wanted
	FROM filters a JOIN filters b ON a.params::text < b.params::text AND NOT a.params ?| ARRAY(SELECT jsonb_object_keys(b.params)) WHERE a.params <> '{}' AND b.params <> '{}') pairs
HAVING count(*) > 50 AND count(*) FILTER (WHERE said > 0) > 15;
SELECT is(pg_temp.walk('list_customers', 'customers', 'customerId', jsonb_build_object('sort', sort), 11, false), pg_temp.walk('list_customers', 'customers', 'customerId', jsonb_build_object('sort', sort), 13, true),
	format('S-10: sorted by %s, cursors and pages show the same', sort)) FROM unnest('{lastContact,newest,oldest,calls,value}'::text[]) sort;
SELECT is(pg_temp.walk('list_customers', 'customers', 'customerId', jsonb_build_object('sort', sort), 100, false), ARRAY(SELECT 'CUST-' || lpad(c.customer_number::text, 5, '0')
	FROM callcenter.customers c LEFT JOIN callcenter.customer_stats s ON (s.company_id, s.customer_id) = (c.company_id, c.id) WHERE c.company_id = :'a'
	ORDER BY CASE sort WHEN 'lastContact' THEN extract(epoch FROM s.last_contact) WHEN 'newest' THEN c.customer_number WHEN 'calls' THEN coalesce(s.calls, 0) WHEN 'value' THEN coalesce(s.lifetime_value, 0) END DESC NULLS LAST, c.id DESC),
	format('S-10: sorted by %s', sort)) FROM unnest('{lastContact,newest,calls,value}'::text[]) sort;
SELECT is(p, '{"page": 2, "limit": 25, "total": 60, "pages": 3}', 'E-06: pages') FROM (SELECT (suite.done('list_customers', :'a', '{"page": "2", "limit": "25"}') -> 'pagination') - 'nextCursor' AS p) x;
SELECT is(jsonb_array_length(suite.done('list_customers', :'a') -> 'customers'), 50, 'P-02: 50 unless said');
SELECT ok(NOT e ?| '{addresses,equipment,notes,callHistory,preferences,companyId}', 'P-03 X-10: a row of customers has the summary only') FROM (SELECT suite.done('list_customers', :'a', '{"q": "FAMILY12"}') #> '{customers,0}' AS e) x;
SELECT suite.refused(suite.api(:'platform', 'list_customers', :'a', p), '22023', f, w, 'E-13: a list is refused: ' || p)
FROM (VALUES ('{"sort": "name"}', 'sort', 'lastContact, newest, oldest, calls, value'), ('{"status": "x"}', 'status', ''), ('{"bogus": 1}', 'bogus', 'is not a parameter'), ('{"after": "x"}', 'after', 'nextCursor'),
	('{"after": "newest.1.65f0000000000000000000c1", "page": 2}', 'after', ''), ('{"after": "newest.1.65f0000000000000000000c1"}', 'after', 'in the same order'), ('{"type": "x"}', 'type', '')) AS t (p, f, w);

/*
 * Visits, the audit log.
 */
SELECT is(pg_temp.total('list_appointments', params), (SELECT count(*) FROM callcenter.appointments a WHERE company_id = :'a' AND status::text = ANY (coalesce(s, '{scheduled,completed,cancelled,no_show}')) AND scheduled_date BETWEEN coalesce(f, '2000-01-01') AND coalesce(t, '3000-01-01')
	AND (cust IS NULL OR customer_id = (SELECT id FROM callcenter.customers WHERE company_id = :'a' AND customer_number = cust))), 'B-19: visits that ' || params::text)
FROM (VALUES ('{}'::jsonb, NULL::text[], NULL::date, NULL::date, NULL::int), ('{"status": "completed"}', '{completed}', NULL, NULL, NULL), ('{"status": "completed,no_show"}', '{completed,no_show}', NULL, NULL, NULL),
	('{"startDate": "2025-03-05", "endDate": "2025-03-09"}', NULL, '2025-03-05', '2025-03-09', NULL), ('{"customerId": "CUST-00003"}', NULL, NULL, NULL, 3), ('{"customerId": "CUST-00003", "status": "scheduled"}', '{scheduled}', NULL, NULL, 3),
	('{"customerId": "CUST-00099"}', '{none}', NULL, NULL, NULL)) AS v (params, s, f, t, cust);
SELECT is(pg_temp.walk('list_appointments', 'appointments', '_id', jsonb_build_object('sort', sort), 7, false), pg_temp.walk('list_appointments', 'appointments', '_id', jsonb_build_object('sort', sort), 9, true), format('visits by %s: cursors and pages show the same', sort))
FROM unnest('{latest,earliest}'::text[]) sort;
SELECT is(pg_temp.walk('list_audit', 'entries', '_id', jsonb_build_object('sort', sort), 17, false), pg_temp.walk('list_audit', 'entries', '_id', jsonb_build_object('sort', sort), 19, true), format('the audit log by %s: cursors and pages show the same', sort))
FROM unnest('{newest,oldest}'::text[]) sort;

/*
 * R-02: an export is exactly the listed set.
 */
CREATE FUNCTION pg_temp.export(params jsonb) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	csv text := '';
	batch jsonb;
	after text;
BEGIN
	LOOP
		batch := suite.done('export_calls', '65f0000000000000000000a1', (params || CASE WHEN after IS NULL THEN '{}' ELSE jsonb_build_object('after', after) END)::text);
		csv := csv || (batch ->> 'csv');
		after := batch ->> 'next_cursor';
		EXIT WHEN after IS NULL;
	END LOOP;
	RETURN csv;
END
$$;
CREATE FUNCTION pg_temp.exported(params jsonb) RETURNS text[] LANGUAGE sql AS $$
	SELECT ARRAY(SELECT split_part(l, ',', 1) FROM regexp_split_to_table(rtrim(pg_temp.export(params), E'\r\n'), E'\r\n') WITH ORDINALITY AS t (l, n) WHERE n > 1 ORDER BY n)
$$;
CREATE TEMPORARY TABLE exports (params jsonb);
INSERT INTO exports VALUES ('{}'), ('{"sort": "oldest"}'), ('{"sort": "longest"}'), ('{"status": "spam,completed"}'), ('{"intent": "BILLING"}'), ('{"tier": "1,3"}'), ('{"phone": "(305) 213-1007"}'), ('{"phone": "anonymous"}'), ('{"customerId": "CUST-00007"}'),
	('{"customerId": "CUST-00099"}'), ('{"direction": "outbound"}'), ('{"flagged": true}'), ('{"flagged": false, "sort": "longest"}'), ('{"reviewed": "true"}'), ('{"followUp": true}'), ('{"urgency": "emergency,urgent"}'), ('{"q": "family12"}'), ('{"q": "result 77"}'),
	('{"startDate": "2025-03-05", "endDate": "2025-03-07"}'), ('{"startDate": "2025-03-05T10:00:00Z", "sort": "oldest"}'), ('{"endDate": "2025-03-05", "status": "error", "intent": "REPAIR"}');
SELECT is(pg_temp.exported(params), pg_temp.walk('list_calls', 'calls', 'callId', params, 100, false), 'R-02: the export is what the list shows: ' || params::text) FROM exports;
SELECT is(cardinality(pg_temp.exported(params))::bigint, pg_temp.total('list_calls', params), 'R-02: and as many as its total says: ' || params::text) FROM exports;
SELECT is(cardinality(pg_temp.exported('{}')), 2300, 'R-02: more than one batch');
SELECT is(octet_length(suite.done('export_calls', :'a', '{}') ->> 'csv') < 400000, true, 'R-02: a batch is bounded');
SELECT suite.refused(suite.api(:'platform', 'export_calls', :'a', p), '22023', f, '', 'R-02: an export is refused: ' || p) FROM (VALUES ('{"page": 2}', 'page'), ('{"bogus": 1}', 'bogus'), ('{"after": "x"}', 'after'), ('{"sort": "x"}', 'sort')) AS t (p, f);
SELECT is(suite.done('export_calls', :'b', '{}'), '{"csv": "Call id,Started at,Local time,Duration seconds,Direction,Phone,Phone display,Name,Customer,Do not contact,Returning,Previous calls,Intent,Confidence,Tier,Urgency,Status,Result,Booked,Follow-up required,Summary,Reviewed,Rating,Flagged,LLM cost\r\n", "next_cursor": null}'::jsonb, 'R-02: nothing is headings only');
SELECT suite.logged(:'b', suite.call('=cmd()', '+13055551234', '2025-07-01T12:00:00Z', more => '{"endedAt": "2025-07-01T12:01:00Z", "caller": {"phone": "+13055551234", "name": "@SUM(A1)"}, "outcome": {"status": "completed", "result": "-2+3"}, "captured": {"problemDescription": "a \"quoted\", word"}, "analysis": {"primaryIntent": "+1 800", "routingTier": 2, "llmCost": 0.0125}}')) \g /dev/null
SELECT is(split_part(suite.done('export_calls', :'b', '{}') ->> 'csv', E'\r\n', 2), '"''=cmd()",2025-07-01T12:00:00Z,2025-07-01 07:00:00,60,inbound,+13055551234,(305) 555-1234,"''@SUM(A1)",CUST-00001,,no,0,"''+1 800",,2,,completed,"''-2+3",no,no,"a ""quoted"", word",no,,no,0.0125',
	'R-02: cells are quoted, local time is the company''s, and no cell is a formula');

SELECT * FROM finish();
ROLLBACK;
