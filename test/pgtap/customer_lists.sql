-- Lists of customers: whatever the order, each customer is on one page, by cursor and by number, with equal keys and
-- customers who were never in contact; and what a page reads does not grow with the company.

\ir common.psql
\ir records.psql

SELECT plan(239);

-- 600 customers: of each status, three of four with calls, which come in groups at the same time; one of ten has visits only
INSERT INTO callcenter.customers (company_id, id, customer_number, first_name, customer_type, status)
SELECT :'a', callcenter.object_id_new(), n, 'Person ' || n, (enum_range(NULL::callcenter.customer_type))[1 + n % 3], (enum_range(NULL::callcenter.customer_status))[1 + n % 7 % 5]
FROM generate_series(1, 600) n;
INSERT INTO callcenter.customers (company_id, id, customer_number, status) SELECT :'b', callcenter.object_id_new(), n, 'lead' FROM generate_series(1, 20) n;
INSERT INTO callcenter.customer_phones (company_id, phone, customer_id, kind)
SELECT company_id, '+1305213' || 1000 + customer_number, id, 'primary' FROM callcenter.customers WHERE company_id = :'a';
INSERT INTO callcenter.customer_tags (company_id, customer_id, tag)
SELECT company_id, id, tag FROM callcenter.customers, unnest('{VIP,Plan}'::text[]) tag
WHERE company_id = :'a' AND CASE tag WHEN 'VIP' THEN customer_number % 3 > 0 ELSE customer_number % 50 = 0 END;
INSERT INTO callcenter.customer_addresses (company_id, id, customer_id, position, street)
SELECT company_id, callcenter.object_id_new(), id, n, customer_number || ' Palm Street' FROM callcenter.customers, generate_series(0, 1) n WHERE company_id = :'a' AND customer_number % 60 = 1;
INSERT INTO callcenter.calls (company_id, id, call_id, caller_kind, caller_raw, caller_region, metadata_version, customer_id, started_at, duration_seconds, status, is_booked, content_hash)
SELECT company_id, callcenter.object_id_new(), 'call ' || customer_number || ' ' || n, 'withheld', '', 'US', '-', id, '2025-03-01Z'::timestamptz + customer_number % 40 / 4 * n * interval '1 day', 60,
	'completed', false, '\x00'
FROM callcenter.customers, generate_series(1, 1 + customer_number::integer % 5) n WHERE company_id = :'a' AND customer_number % 4 > 0;
INSERT INTO callcenter.appointments (company_id, id, customer_id, status, value)
SELECT company_id, callcenter.object_id_new(), id, 'completed', customer_number % 4 * 100.25 FROM callcenter.customers WHERE company_id = :'a' AND customer_number % 10 = 0;
ANALYZE callcenter.customers, callcenter.customer_stats;
SELECT is(callcenter.rebuild_stats(), 0::bigint, 'K-30 the triggers keep what rebuild_stats() makes');
SELECT is((SELECT count(*) FROM callcenter.customer_stats WHERE calls = 0 AND appointments = 0 AND company_id = :'a'), 120::bigint, 'control: there are customers without calls and visits');

-- what the lists are to show, from the records themselves
CREATE TEMPORARY TABLE expected AS
SELECT cu.id, 'CUST-' || lpad(cu.customer_number::text, 5, '0') AS number, cu.customer_number, cu.status, cu.customer_type::text AS type,
	coalesce((SELECT max(c.started_at) FROM callcenter.calls c WHERE c.customer_id = cu.id), '-infinity') AS contact,
	(SELECT count(*) FROM callcenter.calls c WHERE c.customer_id = cu.id) AS calls,
	coalesce((SELECT sum(a.value) FROM callcenter.appointments a WHERE a.customer_id = cu.id), 0) AS value,
	ARRAY(SELECT g.tag::text FROM callcenter.customer_tags g WHERE g.customer_id = cu.id) AS tags
FROM callcenter.customers cu WHERE cu.company_id = :'a';
SELECT cmp_ok((SELECT max(n) FROM (SELECT count(*) AS n FROM expected WHERE contact > '-infinity' GROUP BY contact) x), '>', 20::bigint, 'control: many were in contact last at the same time');
SELECT cmp_ok((SELECT count(*) FROM expected WHERE contact = '-infinity'), '>=', 120::bigint, 'control: many were in contact never');

CREATE TEMPORARY TABLE sorts (sort text, ordered text);
INSERT INTO sorts VALUES ('lastContact', 'contact DESC, id DESC'), ('newest', 'customer_number DESC'), ('oldest', 'customer_number'), ('calls', 'calls DESC, id DESC'), ('value', 'value DESC, id DESC');
CREATE TEMPORARY TABLE filters (params jsonb, condition text);
INSERT INTO filters VALUES ('{}', 'true'), ('{"status": "active"}', 'status = ''active'''), ('{"status": "do_not_contact,lead,lead"}', 'status IN (''lead'', ''do_not_contact'')'),
	('{"type": "commercial"}', 'type = ''commercial'''), ('{"status": "churned", "type": "commercial,residential"}', 'status = ''churned'' AND type IN (''commercial'', ''residential'')'),
	('{"tag": "VIP"}', '''VIP'' = ANY (tags)'), ('{"tag": "VIP,Plan"}', 'tags @> ''{VIP,Plan}'''), ('{"tag": "Plan,Plan", "status": "lead,active,inactive"}', '''Plan'' = ANY (tags) AND status IN (''lead'', ''active'', ''inactive'')'),
	('{"tag": "none"}', 'false'), ('{"q": "person 1", "status": "lead"}', 'status = ''lead'' AND customer_number::text LIKE ''1%'''),
	('{"type": "property_manager", "tag": "VIP"}', 'type = ''property_manager'' AND ''VIP'' = ANY (tags)'), ('{"type": "commercial", "tag": "Plan,VIP", "q": "PERSON"}', 'type = ''commercial'' AND tags @> ''{VIP,Plan}'''),
	('{"q": "PERSON 30"}', 'customer_number::text LIKE ''30%'''), ('{"q": "2131077"}', 'customer_number = 77'), ('{"q": "(305) 213-1078"}', 'customer_number = 78'), ('{"q": "1 palm"}', 'customer_number % 60 = 1'),
	('{"q": "nobody"}', 'false'), ('{"q": "person", "type": "residential"}', 'type = ''residential''');
CREATE FUNCTION pg_temp.expect(condition text, ordered text) RETURNS text[] LANGUAGE plpgsql AS $$
DECLARE
	numbers text[];
BEGIN
	EXECUTE format('SELECT coalesce(array_agg(number ORDER BY %s), ''{}'') FROM expected WHERE %s', ordered, condition) INTO numbers;
	RETURN numbers;
END
$$;

-- The customers of a list, page for page, by cursor or by number.
CREATE FUNCTION pg_temp.walk(params jsonb, size integer, by_page boolean) RETURNS text[] LANGUAGE plpgsql AS $$
DECLARE
	numbers text[] := '{}';
	page jsonb;
	n integer := 1;
	after text;
BEGIN
	LOOP
		page := suite.done('list_customers', '65f0000000000000000000a1', (params || jsonb_build_object('limit', size) ||
			CASE WHEN by_page THEN jsonb_build_object('page', n) WHEN after IS NOT NULL THEN jsonb_build_object('after', after) ELSE '{}' END)::text);
		numbers := numbers || ARRAY(SELECT e ->> 'customerId' FROM jsonb_array_elements(page -> 'customers') WITH ORDINALITY AS t (e, o) ORDER BY o);
		after := page #>> '{pagination,nextCursor}';
		EXIT WHEN after IS NULL;
		n := n + 1;
	END LOOP;
	RETURN numbers;
END
$$;
SELECT is(pg_temp.walk(params || jsonb_build_object('sort', sort), 37, false), pg_temp.expect(condition, ordered), format('S-10 sorted by %s, by cursor: %s', sort, params)) FROM sorts, filters;
SELECT is(pg_temp.walk(params || jsonb_build_object('sort', sort), 41, true), pg_temp.expect(condition, ordered), format('S-10 sorted by %s, by number: %s', sort, params)) FROM sorts, filters;
SELECT is((suite.done('list_customers', :'a', params::text) #>> '{pagination,total}')::integer, cardinality(pg_temp.expect(condition, 'id')), 'S-10 the total is exact: ' || params::text) FROM filters;
SELECT is(pg_temp.walk('{}', 100, false), pg_temp.expect('true', 'contact DESC, id DESC'), 'S-10 unless said they are sorted by last contact');

/*
 * What a row shows, and what changes the order.
 */
SELECT suite.done('update_customer', :'a', 'CUST-00004', '{"addresses": [{"city": "Hialeah", "state": "FL"}, {"city": "Doral", "state": "GA", "isPrimary": true}], "tags": ["b", "a"], "email": "p@example.com", "status": "do_not_contact"}') \g /dev/null
SELECT is(suite.done('list_customers', :'a', '{"q": "p@example.com"}') #> '{customers,0}',
	(SELECT jsonb_build_object('_id', id, 'customerId', number, 'phone', '+13052131004', 'phoneDisplay', '(305) 213-1004', 'email', 'p@example.com', 'firstName', 'Person 4', 'fullName', 'Person 4', 'customerType', type,
		'status', 'do_not_contact', 'doNotContact', true, 'city', 'Doral', 'state', 'GA', 'tags', '["a", "b"]'::jsonb, 'stats', '{"totalCalls": 0, "lifetimeValue": 0}'::jsonb) FROM expected WHERE customer_number = 4),
	'E-06 a row has the profile in short, with the primary address and number');
SELECT suite.logged(:'a', suite.call('late', '+13052131004', '2025-11-30T10:00:00Z')) \g /dev/null
SELECT is(suite.done('list_customers', :'a', '{"limit": 1}') #>> '{customers,0,customerId}', 'CUST-00004', 'K-28 who has called comes first');
SELECT is(suite.done('list_customers', :'a', '{"limit": 1, "status": "do_not_contact"}') #>> '{customers,0,customerId}', 'CUST-00004', 'K-25 among those of the changed status, too');
SELECT suite.body(suite.api('admin', 'delete_calls', :'a', '{"callId": ["late"]}')) \g /dev/null
SELECT is(array_position(pg_temp.walk('{}', 100, false), 'CUST-00004') > 450, true, 'K-28 and goes back when the call is deleted');

/*
 * What a page reads.  The company is 4,600 customers large now.
 */
INSERT INTO callcenter.customers (company_id, id, customer_number, first_name, status)
SELECT :'a', callcenter.object_id_new(), n, 'Person ' || n, (ARRAY['lead', 'active'])[1 + n % 2] FROM generate_series(601, 4600) n;
INSERT INTO callcenter.calls (company_id, id, call_id, caller_kind, caller_raw, caller_region, metadata_version, customer_id, started_at, duration_seconds, status, is_booked, content_hash)
SELECT company_id, callcenter.object_id_new(), 'call ' || customer_number, 'withheld', '', 'US', '-', id, '2025-03-01Z'::timestamptz + customer_number * interval '1 minute', 60, 'completed', false, '\x00'
FROM callcenter.customers WHERE company_id = :'a' AND customer_number > 600;
ANALYZE callcenter.customers, callcenter.customer_stats;

-- Rows of customers and their statistics that were read so far, by their indexes or one after another.
CREATE FUNCTION pg_temp.rows_so_far() RETURNS bigint LANGUAGE sql AS $$
	SELECT sum(pg_stat_get_xact_tuples_returned(r.oid))::bigint FROM pg_class r LEFT JOIN pg_index x ON x.indexrelid = r.oid
	WHERE coalesce(x.indrelid, r.oid) IN ('callcenter.customers'::regclass, 'callcenter.customer_stats'::regclass)
$$;
CREATE FUNCTION pg_temp.rows_read(params jsonb) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	before bigint;
BEGIN
	PERFORM suite.done('list_customers', '65f0000000000000000000a1', params::text);
	before := pg_temp.rows_so_far();
	PERFORM suite.done('list_customers', '65f0000000000000000000a1', params::text);
	RETURN pg_temp.rows_so_far() - before;
END
$$;
-- the cursor in front of the last pages of a list that has so many
CREATE FUNCTION pg_temp.deep(sort text) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
	page jsonb := suite.done('list_customers', '65f0000000000000000000a1', format('{"sort": "%s", "page": 45, "limit": 100}', sort));
BEGIN
	RETURN jsonb_build_object('sort', sort, 'after', page #>> '{pagination,nextCursor}');
END
$$;
SELECT cmp_ok(pg_temp.rows_read(params), '<=', most::bigint, format('P-04 a page of customers, %s, reads at most %s rows', params, most))
FROM (VALUES
	('{}'::jsonb, 112),
	('{"status": "active"}', 112), ('{"status": "lead,active"}', 112), ('{"status": "churned"}', 112),
	-- here and below with what the index has of rows that were changed since: a customer's row is made, gets its card, and its calls
	('{"sort": "newest"}', 230), ('{"sort": "oldest"}', 230), ('{"sort": "newest", "status": "lead"}', 160), ('{"sort": "newest", "status": "lead,active"}', 260),
	('{"type": "residential"}', 400), ('{"type": "property_manager"}', 1300), ('{"type": "commercial,property_manager", "status": "churned"}', 1000), ('{"type": "property_manager", "tag": "Plan"}', 150), ('{"type": "property_manager", "tag": "none"}', 5),
	('{"type": "property_manager", "sort": "newest"}', 1300), ('{"tag": "VIP,Plan", "type": "residential"}', 200),
	('{"sort": "calls"}', 300), ('{"sort": "value"}', 160), ('{"sort": "calls", "status": "lead"}', 500), ('{"sort": "value", "status": "churned"}', 500), (pg_temp.deep('calls'), 600), (pg_temp.deep('value'), 300),
	(pg_temp.deep('lastContact'), 600), (pg_temp.deep('newest'), 230), (pg_temp.deep('oldest'), 230), (pg_temp.deep('lastContact') || '{"status": "lead"}', 400),
	('{"tag": "Plan"}', 90), ('{"tag": "Plan", "sort": "newest"}', 90)) AS t (params, most);

-- a customer who goes, also with the whole company, leaves no row
SELECT suite.body(suite.api('admin', 'delete_customer', :'a', 'CUST-00604', 'erase')) \g /dev/null
SELECT is((SELECT count(*) FROM callcenter.customer_stats WHERE company_id = :'a'), 4600::bigint, 'K-30 who is erased keeps the counts');
DELETE FROM callcenter.calls WHERE company_id = :'a' AND customer_id = (SELECT id FROM callcenter.customers WHERE company_id = :'a' AND customer_number = 700);
DELETE FROM callcenter.customers WHERE company_id = :'a' AND customer_number = 700;
SELECT is((SELECT count(*) FROM callcenter.customer_stats WHERE company_id = :'a'), 4599::bigint, 'K-30 who is deleted has no row any more');
SELECT is(callcenter.rebuild_stats(), 0::bigint, 'K-30 rebuild_stats() finds nothing to change');
INSERT INTO callcenter.companies (id, name, time_zone, default_region) VALUES ('65f0000000000000000000c3', 'Gone', 'America/New_York', 'US');
INSERT INTO callcenter.customers (company_id, id, customer_number) SELECT '65f0000000000000000000c3', callcenter.object_id_new(), n FROM generate_series(1, 3) n;
INSERT INTO callcenter.calls (company_id, id, call_id, caller_kind, caller_raw, caller_region, metadata_version, customer_id, started_at, duration_seconds, status, is_booked, content_hash)
SELECT company_id, callcenter.object_id_new(), 'call ' || customer_number, 'withheld', '', 'US', '-', id, '2025-03-01Z', 60, 'completed', false, '\x00'
FROM callcenter.customers WHERE company_id = '65f0000000000000000000c3' AND customer_number < 3;
SELECT is((SELECT count(*) FROM callcenter.customer_stats WHERE company_id = '65f0000000000000000000c3'), 3::bigint, 'control: another company has rows');
DELETE FROM callcenter.companies WHERE id = '65f0000000000000000000c3';
SELECT is((SELECT count(*) FROM callcenter.customer_stats WHERE company_id = '65f0000000000000000000c3'), 0::bigint, 'K-30 a company that goes leaves none');

SELECT * FROM finish();
ROLLBACK;
