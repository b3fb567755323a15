-- Who is calling, by database role: what a role may do, that nobody takes another's identity, and that nothing of an
-- identity is left when a call is over.

\ir common.psql

SELECT plan(111);

SELECT suite.logged(:'a', suite.call('in a')) IS NULL AS made \gset
SELECT suite.logged(:'b', suite.call('in b')) IS NULL AS made \gset

/*
 * Services.
 */
SELECT is((suite.list_calls(caller, company)).state, '00000', format('%s may act for %s', caller, company))
FROM (VALUES ('tap_service'::name, :'a'), ('tap_platform', :'a'), ('tap_platform', :'b'), ('tap_admin', :'a')) AS t (caller, company);
SELECT suite.refused(suite.list_calls(caller, company), '42501', '', 'You do not have access to this company', format('X-03: %s may not act for %s', caller, company))
FROM (VALUES ('tap_service'::name, :'b'), ('tap_service', :'nowhere'), ('tap_admin', :'b'), ('tap_admin', :'nowhere')) AS t (caller, company);
SELECT is(suite.list_calls('tap_service', :'b'), suite.list_calls('tap_service', :'nowhere'), 'X-09: a company that there is not is refused as one of others, to the last diagnostic');
SELECT suite.refused(answer, '42501', '', 'You do not have access to this company', 'X-03: every function asks whether the role may: ' || what)
FROM (VALUES
	('lookup_by_phone', suite.lookup('tap_service', :'b', '+13055551234')),
	('create_call', suite.create_call('tap_service', :'b', suite.call('x'))),
	('get_call', suite.get_call('tap_service', :'b', 'in b')),
	('get_customer', suite.get_customer('tap_service', :'b', 'CUST-00001'))
) AS t (what, answer);
SELECT suite.refused(suite.list_calls('tap_rest', :'a'), '28000', '', 'authentication required', 'the REST server''s role is nobody without a token');
SELECT is((suite.list_calls(caller, :'a')).message, message, format('%s does not get as far', caller))
FROM (VALUES ('tap_nobody'::name, 'permission denied for schema callcenter'), ('tap_analyst', 'permission denied for function list_calls')) AS t (caller, message);

-- by way of another role
CREATE ROLE tap_group IN ROLE callcenter_service;
CREATE ROLE tap_member LOGIN IN ROLE tap_group;
CREATE ROLE tap_idle LOGIN NOINHERIT IN ROLE tap_group;
CREATE ROLE tap_alone LOGIN IN ROLE callcenter_service;
SELECT callcenter.grant_role(:'a', 'tap_group') IS NULL AS granted \gset
SELECT is((suite.list_calls('tap_member', :'a')).state, '00000', 'a grant to a group is one to its members');
SELECT suite.refused(suite.list_calls('tap_alone', :'a'), '42501', '', 'You do not have access', 'but not to others');
SELECT is((suite.list_calls('tap_idle', :'a')).message, 'permission denied for schema callcenter', 'a member that does not inherit is not one');

-- taken back
SAVEPOINT granted;
DELETE FROM callcenter.role_grants WHERE role_name = 'tap_group';
SELECT suite.refused(suite.list_calls('tap_member', :'a'), '42501', '', 'You do not have access', 'a grant that is taken back is gone at once');
ROLLBACK TO SAVEPOINT granted;
REVOKE tap_group FROM tap_member;
SELECT is((suite.list_calls('tap_member', :'a')).message, 'permission denied for schema callcenter', 'so is a membership');
ROLLBACK TO SAVEPOINT granted;
REVOKE callcenter_all_companies FROM tap_platform;
SELECT suite.refused(suite.list_calls('tap_platform', :'a'), '42501', '', 'You do not have access', 'so is the right to act for all companies');
ROLLBACK TO SAVEPOINT granted;

/*
 * Whose session it is counts, not which role it has put on.
 */
CREATE FUNCTION suite.as_role(caller name, role name, statement text) RETURNS suite.answer LANGUAGE plpgsql AS $$
DECLARE
	answer suite.answer;
BEGIN
	RETURN suite.ask(caller, format('SELECT suite.with_role(%L, %L)', role, statement));
END
$$;
CREATE FUNCTION suite.with_role(role name, statement text) RETURNS json LANGUAGE plpgsql AS $$
DECLARE
	said json;
BEGIN
	EXECUTE format('SET LOCAL ROLE %I', role);
	EXECUTE statement INTO said;
	RESET ROLE;
	RETURN said;
END
$$;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA suite TO PUBLIC;
SELECT format('SELECT callcenter.list_calls(%L)', :'a') AS list_a \gset
SELECT format('SELECT callcenter.list_calls(%L)', :'b') AS list_b \gset
SELECT is((suite.as_role('tap_rest', 'tap_platform', :'list_a')).message, 'permission denied to set role "tap_platform"', 'the REST server''s role cannot put on another');
SELECT suite.refused(suite.as_role('tap_idle', 'callcenter_service', :'list_a'), '28000', '', 'authentication required',
	'a role that is put on calls the function, but is not who calls');
SELECT suite.refused(suite.as_role('tap_idle', 'tap_group', :'list_a'), '28000', '', 'authentication required', 'also one that is granted the company');
SELECT is((suite.as_role('tap_platform', 'callcenter_service', :'list_b')).state, '00000', 'who puts on a lesser role is still who they are');
-- a function of somebody who may
CREATE FUNCTION suite.lent(company text) RETURNS json LANGUAGE sql SECURITY DEFINER AS 'SELECT callcenter.list_calls(company)';
CREATE FUNCTION suite.lent_count() RETURNS bigint LANGUAGE sql SECURITY DEFINER AS 'SELECT count(*) FROM callcenter.calls';
GRANT CREATE ON SCHEMA suite TO tap_platform, tap_analyst;
ALTER FUNCTION suite.lent(text) OWNER TO tap_platform;
ALTER FUNCTION suite.lent_count() OWNER TO tap_analyst;
SELECT suite.refused(suite.ask('tap_rest', format('SELECT suite.lent(%L)', :'a')), '28000', '', 'authentication required', 'a SECURITY DEFINER function lends its owner''s rights, but not who its owner is');
SELECT suite.refused(suite.ask('tap_service', format('SELECT suite.lent(%L)', :'b')), '42501', '', 'You do not have access', 'nor its owner''s companies');
SELECT is((suite.ask('tap_rest', 'SELECT suite.lent_count()')).body, '0', 'an analyst''s function shows nothing to others');

-- Runs a statement that gives nothing, as a role.
CREATE FUNCTION suite.told(caller name, statement text) RETURNS suite.answer LANGUAGE plpgsql AS $$
BEGIN
	RETURN suite.ask(caller, format('SELECT suite.run(%L)', statement), false);
END
$$;
CREATE FUNCTION suite.run(statement text) RETURNS json LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE statement;
	RETURN NULL;
END
$$;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA suite TO PUBLIC;

/*
 * The carrier of the identity cannot be written by anybody, and not be read by those whom it concerns.
 */
SELECT format('%s admin@example.com', :'a') AS forged \gset
SELECT is((suite.told(caller, statement)).state, '42501', format('%s: %s', caller, replace(statement, :'forged', '…')))
FROM unnest('{tap_rest,tap_service,tap_analyst,tap_nobody}'::name[]) caller,
	unnest(ARRAY[
		format('SET callcenter.identity = %L', :'forged'),
		format('SELECT to_json(set_config(''callcenter.identity'', %L, true))', :'forged'),
		format('CREATE FUNCTION pg_temp.forged() RETURNS json LANGUAGE sql SET callcenter.identity = %L AS ''SELECT json_build_array()''', :'forged'),
		format('ALTER ROLE CURRENT_USER SET callcenter.identity = %L', :'forged'),
		'SELECT to_json(current_setting(''callcenter.identity''))']) statement;
SELECT is((suite.told(session_user, statement)).message, message, format('not even a superuser: %s', replace(statement, :'forged', '…')))
FROM (VALUES
	(format('SET callcenter.identity = %L', :'forged'), 'parameter "callcenter.identity" cannot be set'),
	(format('SELECT to_json(set_config(''callcenter.identity'', %L, true))', :'forged'), 'parameter "callcenter.identity" cannot be set'),
	(format('CREATE FUNCTION pg_temp.forged() RETURNS json LANGUAGE sql SET callcenter.identity = %L AS ''SELECT json_build_array()''', :'forged'), 'parameter "callcenter.identity" cannot be set'),
	(format('ALTER ROLE tap_rest SET callcenter.identity = %L', :'forged'), 'parameter "callcenter.identity" cannot be set')
) AS t (statement, message);
GRANT SET ON PARAMETER callcenter.identity TO tap_service;
SELECT is((suite.told('tap_service', format('SET callcenter.identity = %L', :'forged'))).message, 'parameter "callcenter.identity" cannot be set', 'nor who was granted to set it');
SELECT is((suite.ask(caller, format('SELECT to_json(current_setting(%L))', setting))).state, '42501', format('%s does not see %s', caller, setting))
FROM unnest('{tap_rest,tap_analyst}'::name[]) caller, unnest('{callcenter.key_file,callcenter.token_issuer,callcenter.token_audience}'::text[]) setting;
SELECT is((suite.told('tap_rest', 'SET callcenter.made_up = 1')).state, '42602', 'a parameter of the extension''s that there is not cannot be made up');
SELECT is((suite.ask('tap_rest', 'SELECT to_json(count(*)) FROM pg_settings WHERE name = ''callcenter.identity''')).body, '0', 'pg_settings does not show it');

/*
 * Nothing is left when a call is over, whichever way it ends.
 */
CREATE FUNCTION pg_temp.identity() RETURNS text LANGUAGE sql VOLATILE AS $$
	SELECT current_setting('callcenter.identity') || coalesce(callcenter.current_company(), '')
$$;
SELECT is(pg_temp.identity(), '', 'before a call there is no identity');
SELECT callcenter.list_calls(:'a') IS NULL AS listed \gset
SELECT is(pg_temp.identity(), '', 'after a call there is none');
SELECT is((SELECT string_agg(coalesce(nullif(pg_temp.identity(), ''), 'none'), ' ') FROM (SELECT callcenter.list_calls(:'a') UNION ALL SELECT callcenter.list_calls(:'b') OFFSET 0) l),
	'none none', 'nor between two calls in a statement');
SELECT is((SELECT ARRAY[pg_temp.identity(), (callcenter.list_calls(:'a') ->> 'success'), pg_temp.identity()]), '{"",true,""}', 'nor before and behind one in a row');
DO $$
BEGIN
	PERFORM callcenter.get_call('65f0000000000000000000a1', 'nope');
EXCEPTION WHEN no_data_found THEN
	IF current_setting('callcenter.identity') <> '' THEN
		RAISE EXCEPTION 'an identity is left where the error is caught';
	END IF;
END
$$;
SELECT is(pg_temp.identity(), '', 'nor after an error that is caught');
SAVEPOINT s;
\set ON_ERROR_STOP off
SELECT callcenter.create_call(:'a', '{"callId": "x", "caller": {"phone": "1"}, "startedAt": "2025-12-01T14:30:00Z", "outcome": {"status": "expected error"}}');
\set ON_ERROR_STOP on
ROLLBACK TO SAVEPOINT s;
SELECT is(pg_temp.identity(), '', 'nor after an error and ROLLBACK TO SAVEPOINT');
SAVEPOINT s;
SELECT callcenter.list_calls(:'a') IS NULL AS listed \gset
ROLLBACK TO SAVEPOINT s;
SELECT is(pg_temp.identity(), '', 'nor after a call that is rolled back');
SAVEPOINT s;
SELECT callcenter.list_calls(:'a') IS NULL AS listed \gset
RELEASE SAVEPOINT s;
SELECT is(pg_temp.identity(), '', 'nor after a savepoint that is released');
-- a portal that is stopped on the way
DECLARE half CURSOR FOR SELECT callcenter.list_calls(:'a') ->> 'success' FROM generate_series(1, 3);
FETCH 1 FROM half \g /dev/null
SELECT is(pg_temp.identity(), '', 'nor while a cursor stands between two calls');
CLOSE half;
-- one call in another's argument
SELECT is(callcenter.get_call(:'b', callcenter.list_calls(:'b') #>> '{calls,0,callId}') #>> '{call,callId}', 'in b', 'a call in the argument of another works for itself');
SELECT is((suite.ask('tap_platform', format('SELECT callcenter.get_call(%L, callcenter.list_calls(%L) #>> ''{calls,0,_id}'')', :'a', :'b'))).state, 'P0002',
	'and does not lend its company to the other');
PREPARE again (text) AS SELECT callcenter.list_calls($1) #>> '{calls,0,callId}';
CREATE TEMPORARY TABLE said_of_a AS EXECUTE again(:'a');
CREATE TEMPORARY TABLE said_of_b AS EXECUTE again(:'b');
SELECT is((SELECT a::text || b FROM said_of_a a, said_of_b b), '("in a")("in b")', 'a prepared statement is for whom it is run, each time');
SELECT is(pg_temp.identity(), '', 'and leaves nothing');
-- the same plan for two roles: what row-level security lets through is not kept
SELECT is(
	format('%s %s %s', (suite.ask('tap_service', :'list_a')).body #>> '{calls,0,callId}', (suite.ask('tap_platform', :'list_b')).body #>> '{calls,0,callId}',
		(suite.ask('tap_service', :'list_a')).body #>> '{calls,0,callId}'), 'in a in b in a', 'plans that a backend keeps are not of the company that they were made for');

/*
 * Analysts.
 */
CREATE FUNCTION suite.counted(caller name, company text, relation text DEFAULT 'calls') RETURNS suite.answer LANGUAGE sql AS $$
	SELECT suite.ask(caller, format('SELECT to_json(count(*)) FROM callcenter.%I, (SELECT set_config(''callcenter.company_id'', %L, true) OFFSET 0) s', relation, company))
$$;
CREATE FUNCTION suite.seen(company text, statement text) RETURNS json LANGUAGE plpgsql AS $$
DECLARE
	said json;
BEGIN
	PERFORM set_config('callcenter.company_id', company, true);
	EXECUTE statement INTO said;
	RETURN said;
END
$$;
CREATE FUNCTION suite.read(caller name, company text, statement text) RETURNS suite.answer LANGUAGE sql AS $$
	SELECT suite.ask(caller, format('SELECT suite.seen(%L, %L)', company, statement))
$$;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA suite TO PUBLIC;
SELECT is((suite.read('tap_analyst', :'a', 'SELECT json_agg(call_id) FROM callcenter.calls')).body, '["in a"]', 'an analyst reads the rows of the company that is set');
SELECT is((suite.read('tap_analyst', '', 'SELECT to_json(count(*)) FROM callcenter.calls')).body, '0', 'without a company there are none');
SELECT suite.refused(suite.read('tap_analyst', company, 'SELECT to_json(count(*)) FROM callcenter.calls'), '42501', '', 'You do not have access to this company', why)
FROM (VALUES
	(:'b', 'a company that is not granted is an error, not silence'),
	(:'nowhere', 'so is one that there is not')
) AS t (company, why);
SELECT is(suite.read('tap_analyst', :'b', 'SELECT to_json(count(*)) FROM callcenter.calls'), suite.read('tap_analyst', :'nowhere', 'SELECT to_json(count(*)) FROM callcenter.calls'),
	'X-09: and both are one error');
SELECT is((suite.told('tap_analyst', format('SET callcenter.company_id = %L', value))).state, '22023', format('"%s" is no company', value))
FROM unnest('{x,65F0000000000000000000A1,"65f0000000000000000000a1 ","*"}'::text[]) value;
SELECT is((suite.read(caller, :'a', 'SELECT to_json(count(*)) FROM callcenter.calls')).state, '42501', caller || ' reads no table')
FROM unnest('{tap_rest,tap_service,tap_platform,tap_admin}'::name[]) caller;
GRANT SELECT ON callcenter.calls TO tap_nobody;
GRANT USAGE ON SCHEMA callcenter TO tap_nobody;
GRANT EXECUTE ON FUNCTION callcenter.current_company() TO tap_nobody;
SELECT callcenter.grant_role(:'a', 'tap_nobody') IS NULL AS granted \gset
SELECT suite.refused(suite.read('tap_nobody', :'a', 'SELECT to_json(count(*)) FROM callcenter.calls'), '42501', '', 'You do not have access to this company',
	'who was given a table and a company, but is no analyst, sees nothing of it');
SELECT is((suite.read('tap_analyst', :'a', statement)).state, '42501', 'an analyst does not: ' || left(statement, 60))
FROM unnest(ARRAY[
	'UPDATE callcenter.calls SET result = ''x'' RETURNING to_json(1)', 'DELETE FROM callcenter.calls RETURNING to_json(1)',
	'INSERT INTO callcenter.customers (company_id, id, customer_number) VALUES (''65f0000000000000000000a1'', ''65f0000000000000000000d9'', 9) RETURNING to_json(1)',
	'TRUNCATE callcenter.calls', 'SELECT to_json(gate_code) FROM callcenter.calls', 'SELECT to_json(recording_url) FROM callcenter.calls', 'SELECT to_json(c) FROM callcenter.calls c',
	'SELECT to_json(u) FROM callcenter.users u', 'SELECT to_json(g) FROM callcenter.role_grants g', 'SELECT to_json(own_numbers) FROM callcenter.companies',
	'CREATE INDEX ON callcenter.calls (id)', 'LOCK TABLE callcenter.calls IN ACCESS EXCLUSIVE MODE']) statement;
CREATE ROLE tap_director LOGIN IN ROLE callcenter_analyst, callcenter_all_companies;
SELECT is((suite.read('tap_director', company, 'SELECT json_agg(call_id) FROM callcenter.calls')).body, wanted::jsonb, 'an analyst of all companies reads one at a time: ' || wanted)
FROM (VALUES (:'a', '["in a"]'), (:'b', '["in b"]'), ('', NULL)) AS t (company, wanted);
-- a function that looks at what it is given, and is cheap
CREATE FUNCTION suite.peek(call_id text) RETURNS boolean LANGUAGE plpgsql COST 0.000001 AS $$
BEGIN
	IF call_id <> 'in a' THEN
		RAISE EXCEPTION 'peeked at %', call_id;
	END IF;
	RETURN true;
END
$$;
SELECT is((suite.read('tap_analyst', :'a', 'SELECT to_json(count(*)) FROM callcenter.calls WHERE suite.peek(call_id)')).body, '1', 'no function of an analyst''s sees a row of another company');
SELECT is((suite.read('tap_analyst', :'a', 'SELECT to_json(count(*)) FROM callcenter.calls WHERE 1 / (call_id = ''in a'')::integer = 1')).body, '1', 'nor does an error');

/*
 * Parallel workers have the identity of their leader.
 */
INSERT INTO callcenter.calls (company_id, id, call_id, caller_kind, caller_raw, caller_region, metadata_version, started_at, status, is_booked, content_hash)
SELECT company, callcenter.object_id_new(), n, 'withheld', 'anonymous', 'US', '0', '2025-01-01Z', 'completed', false, ''
FROM unnest(ARRAY[:'a', :'b']) company, generate_series(1, 3000) n;
SET LOCAL parallel_setup_cost = 0;
SET LOCAL parallel_tuple_cost = 0;
SET LOCAL min_parallel_table_scan_size = 0;
SET LOCAL max_parallel_workers_per_gather = 2;
SET LOCAL enable_indexscan = off;
SET LOCAL enable_bitmapscan = off;
SET LOCAL enable_indexonlyscan = off;
CREATE TEMPORARY TABLE plan AS
	SELECT (suite.read('tap_analyst', :'a', 'EXPLAIN (ANALYZE, FORMAT JSON) SELECT count(*) FROM callcenter.calls WHERE result IS NULL')).body AS plan;
SELECT ok(jsonb_path_exists(plan, '$.**."Workers Launched" ? (@ > 0)'), 'the plan is parallel, and workers were started') FROM plan;
SELECT is((suite.read('tap_analyst', :'a', 'SELECT to_json(count(*)) FROM callcenter.calls WHERE result IS NULL')).body, '3001', 'workers see the rows of the company, and only those');
SELECT suite.refused(suite.read('tap_analyst', :'b', 'SELECT to_json(count(*)) FROM callcenter.calls WHERE result IS NULL'), '42501', '', 'You do not have access to this company',
	'a company that is not granted is an error in workers too');
SELECT is((suite.read('tap_analyst', '', 'SELECT to_json(count(*)) FROM callcenter.calls WHERE result IS NULL')).body, '0', 'and without one they see nothing');

SELECT * FROM finish();
ROLLBACK;
