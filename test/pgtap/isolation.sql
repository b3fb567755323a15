-- Nobody crosses a company: two companies with the same numbers, ids and words, asked in every way (proposal 10.2).

\ir common.psql

SELECT plan(83);

/*
 * The same in both, but for a word.
 */
SELECT suite.logged(company, suite.call(n::text, '+1305555123' || n % 3, format('2025-12-0%sT14:30:00Z', n), more => format('{"twilioCallSid": "CA%1$s",
	"captured": {"name": "Sarah %2$s", "problemDescription": "%2$s has no heat", "accessInstructions": {"gateCode": "%2$s"}},
	"transcript": [{"speaker": "caller", "text": "%2$s here"}], "agentNotes": {"text": "%2$s"},
	"outcome": {"status": "completed", "appointmentCreated": "65f0000000000000000000d%1$s"}}', n, word)::jsonb)) IS NULL AS made
FROM (VALUES (:'a', 'apple'), (:'b', 'banana')) AS t (company, word), generate_series(1, 5) n OFFSET 9 \gset
SELECT suite.logged(:'b', suite.call('only_b', '+13055559999', '2025-12-06T14:30:00Z', more => '{"twilioCallSid": "CAonly_b", "captured": {"name": "Only Banana"},
	"outcome": {"status": "completed", "appointmentCreated": "65f0000000000000000000db"}}')) ->> '_id' AS call_b \gset
SELECT id AS customer_b FROM callcenter.customers WHERE company_id = :'b' AND full_name = 'Only Banana' \gset
SELECT id AS call_a FROM callcenter.calls WHERE company_id = :'a' AND call_id = '1' \gset
\set viewer_a `../../tools/token --company 65f0000000000000000000a1 --role viewer`
\set admin_a `../../tools/token --company 65f0000000000000000000a1`
\set admin_b `../../tools/token --company 65f0000000000000000000b2`

CREATE FUNCTION pg_temp.state_of_b() RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	relation regclass;
	sum text;
	sums text := '';
BEGIN
	FOR relation IN SELECT c.oid FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'company_id'
		WHERE c.relnamespace = 'callcenter'::regnamespace AND c.relkind = 'r' ORDER BY c.relname
	LOOP
		EXECUTE format('SELECT md5(string_agg(r::text, '' '' ORDER BY r::text)) FROM %s r WHERE company_id = ''65f0000000000000000000b2''', relation) INTO sum;
		sums := format('%s %s %s', sums, relation, sum);
	END LOOP;
	RETURN sums;
END
$$;
CREATE TEMPORARY TABLE before AS SELECT pg_temp.state_of_b() AS state;

/*
 * The proposal's cases.
 */
SELECT ok(NOT said @? '$.calls[*] ? (@.callId == "only_b")' AND jsonb_array_length(said -> 'calls') = 5 AND said::text !~ 'anana', 'T-05: the list of one company does not have a call of another')
FROM (SELECT (suite.list_calls('tap_rest', :'a', '{}', :'admin_a')).body AS said) s;
SELECT suite.refused(suite.list_calls('tap_rest', :'a', '{}', :'admin_b'), '42501', '', 'You do not have access to this company', 'T-06: a token of one company does not open another');
SELECT is((suite.lookup('tap_rest', :'a', '+13055551231', :'admin_a')).body #>> '{customer,fullName}', 'Sarah apple', 'T-07: a lookup finds the company''s own customer');
SELECT is((suite.lookup('tap_rest', :'b', '+13055551231', :'admin_b')).body #>> '{customer,fullName}', 'Sarah banana', 'T-07: and the other company''s its own');
SELECT is((suite.lookup('tap_rest', :'a', '+13055559999', :'admin_a')).body -> 'found', 'false', 'T-08: a number of another company''s customer finds nobody');

/*
 * Whatever is asked of A says nothing of B.
 */
SELECT is((answer).state, '00000', 'asked of A: ' || what) || E'\n' || unalike((answer).body::text, '%anana%', 'says nothing of B: ' || what) || E'\n'
	|| unalike((answer).body::text, '%0000b2%', 'and does not name B: ' || what)
FROM (VALUES
	('the whole list', suite.list_calls('tap_rest', :'a', '{"limit": 100}', :'viewer_a')),
	('a search for B''s word', suite.list_calls('tap_rest', :'a', '{"q": "banana"}', :'viewer_a')),
	('a search for B''s number', suite.list_calls('tap_rest', :'a', '{"q": "5559999"}', :'viewer_a')),
	('calls of B''s number', suite.list_calls('tap_rest', :'a', '{"phone": "+13055559999"}', :'viewer_a')),
	('calls of B''s customer', suite.list_calls('tap_rest', :'a', jsonb_build_object('customerId', :'customer_b'), :'viewer_a')),
	('calls of a customer number that both have', suite.list_calls('tap_rest', :'a', '{"customerId": "CUST-00001"}', :'viewer_a')),
	('a call id that both have', suite.get_call('tap_rest', :'a', '1', :'viewer_a')),
	('a customer number that both have', suite.get_customer('tap_rest', :'a', 'CUST-00001', :'viewer_a')),
	('a number that both have', suite.lookup('tap_rest', :'a', '+13055551231', :'viewer_a')),
	('B''s number', suite.lookup('tap_rest', :'a', '+13055559999', :'viewer_a')),
	('who the bearer is', suite.ask('tap_rest', format('SELECT callcenter.current_user_info(%L)', :'viewer_a')))
) AS t (what, answer);

/*
 * A record of B and one that nobody has are one answer, to the last diagnostic.
 */
CREATE TEMPORARY TABLE doors (what text, statement text, of_b text, of_nobody text);
INSERT INTO doors VALUES
	('get_call by _id', 'SELECT callcenter.get_call($1, $2, $3)', :'call_b', '65f0000000000000000000e9'),
	('get_call by callId', 'SELECT callcenter.get_call($1, $2, $3)', 'only_b', 'only_x'),
	('get_customer by _id', 'SELECT callcenter.get_customer($1, $2, $3)', :'customer_b', '65f0000000000000000000e9'),
	('get_customer by number', 'SELECT callcenter.get_customer($1, $2, $3)', 'CUST-00004', 'CUST-99999'),
	('lookup_by_phone', 'SELECT (callcenter.lookup_by_phone($1, $2, $3)::jsonb - ''caller'')::json', '+13055559999', '+13055559998'),
	('list_calls of a customer', 'SELECT callcenter.list_calls($1, jsonb_build_object(''customerId'', $2), $3)', :'customer_b', '65f0000000000000000000e9'),
	('list_calls of a number', 'SELECT callcenter.list_calls($1, jsonb_build_object(''phone'', $2), $3)', '+13055559999', '+13055559998'),
	('list_calls behind a call', 'SELECT callcenter.list_calls($1, jsonb_build_object(''after'', ''newest.818000000000000.'' || $2), $3)', :'call_b', 'ffffffffffffffffffffffff'),
	('update_call', 'SELECT callcenter.update_call($1, $2, ''{"review": {"flagged": true}}'', NULL, $3)', :'call_b', '65f0000000000000000000e9'),
	('add_call_note', 'SELECT callcenter.add_call_note($1, $2, ''{"text": "x"}'', $3)', :'call_b', '65f0000000000000000000e9'),
	('add_transcript', 'SELECT callcenter.add_transcript($1, $2, ''[{"speaker": "agent", "text": "x"}]'', $3)', :'call_b', '65f0000000000000000000e9'),
	('link_call', 'SELECT callcenter.link_call($1, $2, ''CUST-00001'', $3)', :'call_b', '65f0000000000000000000e9'),
	('link_call to a customer', 'SELECT callcenter.link_call($1, ''1'', $2, $3)', :'customer_b', '65f0000000000000000000e9'),
	('delete_calls', 'SELECT callcenter.delete_calls($1, jsonb_build_object(''callId'', jsonb_build_array($2)), $3)', 'only_b', 'only_x'),
	('update_customer', 'SELECT callcenter.update_customer($1, $2, ''{"firstName": "x"}'', NULL, $3)', :'customer_b', '65f0000000000000000000e9'),
	('add_customer_note', 'SELECT callcenter.add_customer_note($1, $2, ''{"text": "x"}'', $3)', :'customer_b', '65f0000000000000000000e9'),
	('delete_customer', 'SELECT callcenter.delete_customer($1, $2, ''delete'', $3)', :'customer_b', '65f0000000000000000000e9'),
	('get_customer_stats', 'SELECT callcenter.get_customer_stats($1, $2, $3)', :'customer_b', '65f0000000000000000000e9'),
	('customer_timeline', 'SELECT callcenter.customer_timeline($1, $2, ''{}'', $3)', :'customer_b', '65f0000000000000000000e9'),
	('create_appointment for a customer', 'SELECT callcenter.create_appointment($1, jsonb_build_object(''customerId'', $2, ''date'', ''2026-01-01''), $3)', :'customer_b', '65f0000000000000000000e9'),
	('update_appointment', 'SELECT callcenter.update_appointment($1, $2, ''{"service": "x"}'', NULL, $3)', '65f0000000000000000000db', '65f0000000000000000000e9'),
	('list_appointments of a customer', 'SELECT callcenter.list_appointments($1, jsonb_build_object(''customerId'', $2), $3)', :'customer_b', '65f0000000000000000000e9'),
	('reveal_access_codes of a call', 'SELECT callcenter.reveal_access_codes($1, ''call'', $2, $3)', :'call_b', '65f0000000000000000000e9'),
	('reveal_access_codes of a customer', 'SELECT callcenter.reveal_access_codes($1, ''customer'', $2, $3)', :'customer_b', '65f0000000000000000000e9');
CREATE FUNCTION pg_temp.knock(statement text, company text, id text, token text) RETURNS suite.answer LANGUAGE sql AS $$
	SELECT suite.ask('tap_rest', replace(replace(replace(statement, '$1', quote_literal(company)), '$2', quote_literal(id)), '$3', quote_literal(token)))
$$;
SELECT is(pg_temp.knock(statement, :'a', of_b, :'admin_a'), pg_temp.knock(statement, :'a', of_nobody, :'admin_a'), 'X-09: a record of another company is as one that there is not: ' || what)
FROM doors;
-- for its own company the record is there: the doors do open
CREATE FUNCTION pg_temp.try_knock(statement text, company text, id text, token text) RETURNS suite.answer LANGUAGE sql AS $$
	SELECT suite.ask('tap_rest', replace(replace(replace(statement, '$1', quote_literal(company)), '$2', quote_literal(id)), '$3', quote_literal(token)), false)
$$;
SELECT is(ARRAY(SELECT what FROM doors
		WHERE what <> 'list_calls behind a call'
			AND ((pg_temp.try_knock(statement, :'b', of_b, :'admin_b')).state <> '00000'
				OR pg_temp.try_knock(statement, :'b', of_b, :'admin_b') = pg_temp.try_knock(statement, :'b', of_nobody, :'admin_b'))),
	'{}', 'to its own company each record is there');
SELECT is((SELECT state FROM before), pg_temp.state_of_b(), 'and nothing of the other company has changed');

/*
 * Writing: what another company has is neither taken nor refused.
 */
SELECT is((suite.create_call('tap_rest', :'a', suite.call('only_b', '+13055559999', '2025-12-06T14:30:00Z', more => '{"twilioCallSid": "CAonly_b",
		"outcome": {"status": "completed", "appointmentCreated": "65f0000000000000000000db"}}'), :'admin_a')).body #>> '{call,caller,name}', NULL,
	'D-01: callId, twilioCallSid, number and appointment of another company''s call are free, and bring nothing of it along');
SELECT is((SELECT count(*) FROM callcenter.appointments WHERE id = '65f0000000000000000000db'), 2::bigint, 'an appointment id that both have is two appointments');
SELECT is((SELECT state FROM before), pg_temp.state_of_b(), 'and the other company''s stays as it was');

/*
 * Keys: no row of one company can point at a row of another, not even by its owner's hand.
 */
CREATE FUNCTION pg_temp.foreign_keys_that_cross() RETURNS SETOF text LANGUAGE sql AS $$
	SELECT format('%s.%s', conrelid::regclass, conname)
	FROM pg_constraint k
	WHERE contype = 'f' AND connamespace = 'callcenter'::regnamespace AND confrelid <> 'callcenter.companies'::regclass
		AND NOT EXISTS (
			SELECT FROM unnest(conkey, confkey) AS c (here, there)
			JOIN pg_attribute h ON h.attrelid = conrelid AND h.attnum = c.here
			JOIN pg_attribute t ON t.attrelid = confrelid AND t.attnum = c.there
			WHERE h.attname = 'company_id' AND t.attname = 'company_id')
$$;
SELECT set_eq('SELECT pg_temp.foreign_keys_that_cross()', ARRAY['callcenter.memberships.memberships_user_id_fkey', 'callcenter.user_sessions.user_sessions_user_id_fkey'], 'every foreign key between records carries the company');
SELECT throws_ok(statement, '23503', NULL, what)
FROM (VALUES
	(format('UPDATE callcenter.calls SET customer_id = %L WHERE company_id = %L AND call_id = ''1''', :'customer_b', :'a'), 'a call cannot be another company''s customer''s'),
	(format('UPDATE callcenter.appointments SET customer_id = %L WHERE company_id = %L AND id = ''65f0000000000000000000d1''', :'customer_b', :'a'), 'nor an appointment'),
	(format('INSERT INTO callcenter.customer_phones (company_id, phone, customer_id, kind) VALUES (%L, ''+13055557777'', %L, ''work'')', :'a', :'customer_b'), 'nor a number'),
	(format('INSERT INTO callcenter.transcripts (company_id, call_id, turns) VALUES (%L, %L, ''[]'')', :'a', :'call_b'), 'nor a transcript another company''s call''s'),
	(format('INSERT INTO callcenter.call_notes (company_id, id, call_id, text, added_by) VALUES (%L, callcenter.object_id_new(), %L, ''x'', ''x'')', :'a', :'call_b'), 'nor a note'),
	(format('INSERT INTO callcenter.call_appointments VALUES (%L, %L, ''65f0000000000000000000d1'', ''discussed'')', :'a', :'call_b'), 'nor a link')
) AS t (statement, what);

/*
 * Analysts: each table shows the company's rows and no other.
 */
CREATE FUNCTION suite.companies_in(relation text) RETURNS json LANGUAGE plpgsql AS $$
DECLARE
	said json;
BEGIN
	PERFORM set_config('callcenter.company_id', '65f0000000000000000000a1', true);
	EXECUTE format('SELECT json_agg(DISTINCT %I) FROM callcenter.%I', CASE relation WHEN 'companies' THEN 'id' ELSE 'company_id' END, relation) INTO said;
	RETURN said;
END
$$;
GRANT EXECUTE ON FUNCTION suite.companies_in(text) TO PUBLIC;
SELECT is((suite.ask('tap_analyst', format('SELECT suite.companies_in(%L)', relation))).body, jsonb_build_array(:'a'), 'X-07: an analyst sees the company''s rows only in ' || relation)
FROM unnest('{companies,customers,customer_phones,calls,transcripts,call_notes,call_appointments,appointments}'::text[]) relation;
CREATE FUNCTION pg_temp.companies_of(relation text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	said bigint;
BEGIN
	EXECUTE format('SELECT count(DISTINCT %I) FROM callcenter.%I', CASE relation WHEN 'companies' THEN 'id' ELSE 'company_id' END, relation) INTO said;
	RETURN said;
END
$$;
SELECT is(ARRAY(SELECT r FROM unnest('{companies,customers,customer_phones,calls,transcripts,call_notes,call_appointments,appointments}'::text[]) r WHERE pg_temp.companies_of(r) <> 2),
	'{}', 'and each of those tables has rows of both');

SELECT * FROM finish();
ROLLBACK;
