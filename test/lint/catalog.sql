-- Rules that the catalog of a database with callcenter keeps (DESIGN 3 and 4), as queries over the system catalogs.
--
-- A rule is a function lint_<rule>() that returns the objects that break it. Each is run twice: over the extension as
-- it is, where it must find nothing but what is excepted here with a reason, and as a control in a subtransaction with a
-- planted defect, where it must find that. A rule without a control cannot be trusted to look.

\set QUIET on
SET client_min_messages = warning;
SET search_path = pg_catalog, public, pg_temp;

-- What is excepted, and why.
CREATE TEMPORARY TABLE allowed (rule text, object text, why text, PRIMARY KEY (rule, object));
INSERT INTO allowed VALUES
	('key', 'companies_pkey', 'a company is found by its id'),
	('key', 'users_pkey', 'people belong to no company; memberships says where they may go'),
	('key', 'users_email_key', 'sign-in knows the address only'),
	('foreign_key', 'memberships_user_id_fkey', 'people belong to no company'),
	('key', 'platform_log_pkey', 'the log of what belongs to no company'),
	('policy', 'platform_log', 'nobody but callcenter_auth reads it, who bypasses row-level security'),
	('key', 'user_sessions_pkey', 'a session is of a person, who belongs to no company'),
	('key', 'user_sessions_family_key', 'a session is found by its refresh token'),
	('key', 'user_sessions_user', 'sessions of a person'),
	('foreign_key', 'user_sessions_user_id_fkey', 'people belong to no company'),
	('key', 'sign_in_attempts_pkey', 'before the password is known there is no company'),
	('key', 'sign_in_attempts_forget', 'before the password is known there is no company'),
	('dump_mark', 'user_sessions', 'a restore must not bring back a session that was ended since'),
	('dump_mark', 'sign_in_attempts', 'says something for two hours, and where somebody signs in from'),
	('policy', 'user_sessions', 'nobody but callcenter_auth reads it, who bypasses row-level security'),
	('policy', 'sign_in_attempts', 'nobody but callcenter_auth reads it, who bypasses row-level security'),
	('public_execute', 'object_id_check(value text)', 'check of a domain: whoever casts to it runs it'),
	('public_execute', 'e164_check(value text)', 'check of a domain: whoever casts to it runs it'),
	('policy', 'users', 'nobody but callcenter_auth reads it, who bypasses row-level security'),
	('view_column', 'call_day_summaries.summary', 'is there to be added up and read with the accessors, as its comment says'),
	('view_column', 'call_hour_summaries.summary', 'is there to be added up and read with the accessors, as its comment says'),
	('volatile_parallel', 'object_id_new()', 'random and a counter of the backend; writes nothing');

-- Derived tables: triggers rebuild them while a restore loads the rest, so they are not marked for dump, and not forced.
CREATE TEMPORARY TABLE derived (name text PRIMARY KEY);
INSERT INTO derived VALUES ('customer_stats'), ('call_rollups'), ('company_counters'), ('company_counter_deltas'), ('call_rollup_deltas');

-- The tables, views and functions of the schema.
CREATE VIEW pg_temp.relations AS
	SELECT c.relname::text AS name, c.*
	FROM pg_class c
	WHERE c.relnamespace = 'callcenter'::regnamespace;

CREATE VIEW pg_temp.functions AS
	SELECT p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')' AS name, p.*
	FROM pg_proc p
	WHERE p.pronamespace = 'callcenter'::regnamespace;

CREATE FUNCTION pg_temp.lint_public_execute() RETURNS SETOF text LANGUAGE sql AS $$
	SELECT name
	FROM functions
	WHERE EXISTS (SELECT FROM aclexplode(coalesce(proacl, acldefault('f', proowner))) WHERE grantee = 0)
$$;

CREATE FUNCTION pg_temp.lint_definer_path() RETURNS SETOF text LANGUAGE sql AS $$
	SELECT name
	FROM functions
	WHERE prosecdef AND NOT coalesce('search_path=pg_catalog, pg_temp' = ANY (proconfig), false)
$$;

CREATE FUNCTION pg_temp.lint_definer_owner() RETURNS SETOF text LANGUAGE sql AS $$
	SELECT name
	FROM functions
	WHERE prosecdef AND pg_get_userbyid(proowner) NOT IN ('callcenter_api', 'callcenter_auth', 'callcenter_stats')
$$;

CREATE FUNCTION pg_temp.lint_row_security() RETURNS SETOF text LANGUAGE sql AS $$
	SELECT name
	FROM relations
	WHERE relkind IN ('r', 'p')
		AND NOT (relrowsecurity AND (relforcerowsecurity OR name IN (SELECT d.name FROM derived d)))
$$;

-- The bare form: the table's company column compared with the call, no subquery, for every command and role.
CREATE FUNCTION pg_temp.lint_policy() RETURNS SETOF text LANGUAGE sql AS $$
	SELECT r.name
	FROM relations r
	WHERE relkind IN ('r', 'p')
		AND NOT EXISTS (SELECT FROM pg_policy WHERE polrelid = r.oid)
	UNION ALL
	SELECT r.name || '.' || polname
	FROM relations r
	JOIN pg_policy ON polrelid = r.oid
	WHERE NOT (polpermissive AND polcmd = '*' AND polroles = '{0}' AND polwithcheck IS NULL)
		OR regexp_replace(pg_get_expr(polqual, polrelid), '[()]|::text', '', 'g') <>
			CASE r.name WHEN 'companies' THEN 'id' ELSE 'company_id' END || ' = callcenter.current_company'
$$;

CREATE FUNCTION pg_temp.lint_key() RETURNS SETOF text LANGUAGE sql AS $$
	SELECT i.name
	FROM relations i
	JOIN pg_index x ON x.indexrelid = i.oid
	LEFT JOIN pg_attribute a ON a.attrelid = x.indrelid AND a.attnum = x.indkey[0]
	WHERE a.attname IS DISTINCT FROM 'company_id'
$$;

CREATE FUNCTION pg_temp.lint_foreign_key() RETURNS SETOF text LANGUAGE sql AS $$
	SELECT conname::text
	FROM pg_constraint
	JOIN relations r ON r.oid = conrelid
	JOIN pg_attribute own ON own.attrelid = conrelid AND own.attnum = conkey[1]
	JOIN pg_attribute other ON other.attrelid = confrelid AND other.attnum = confkey[1]
	WHERE contype = 'f'
		AND NOT (own.attname = 'company_id'
			AND other.attname = CASE confrelid::regclass::text WHEN 'callcenter.companies' THEN 'id' ELSE 'company_id' END
			AND confdeltype IN ('a', 'c') AND confupdtype IN ('a', 'c'))
$$;

CREATE FUNCTION pg_temp.lint_foreign_key_cycle() RETURNS SETOF text LANGUAGE sql AS $$
	WITH RECURSIVE reach (start, relation) AS (
		SELECT conrelid, confrelid FROM pg_constraint JOIN relations r ON r.oid = conrelid WHERE contype = 'f'
		UNION
		SELECT reach.start, k.confrelid FROM reach JOIN pg_constraint k ON k.conrelid = reach.relation AND k.contype = 'f'
	)
	SELECT r.name FROM reach JOIN relations r ON r.oid = start WHERE start = relation
$$;

CREATE FUNCTION pg_temp.lint_comment() RETURNS SETOF text LANGUAGE sql AS $$
	SELECT name FROM relations
	WHERE relkind IN ('r', 'p', 'v', 'm') AND obj_description(oid, 'pg_class') IS NULL
	UNION ALL
	SELECT name FROM functions WHERE obj_description(oid, 'pg_proc') IS NULL
	UNION ALL
	SELECT typname::text FROM pg_type t
	WHERE typnamespace = 'callcenter'::regnamespace AND typtype IN ('b', 'd', 'e', 'r') AND typelem = 0
		AND obj_description(oid, 'pg_type') IS NULL
	UNION ALL
	SELECT oprname::text FROM pg_operator
	WHERE oprnamespace = 'callcenter'::regnamespace AND obj_description(oid, 'pg_operator') IS NULL
	UNION ALL
	SELECT rolname::text FROM pg_authid
	WHERE rolname LIKE 'callcenter\_%' AND NOT rolcanlogin AND shobj_description(oid, 'pg_authid') IS NULL
	UNION ALL
	SELECT 'schema callcenter' WHERE obj_description('callcenter'::regnamespace, 'pg_namespace') IS NULL
$$;

-- What is volatile usually writes, and what writes must not run in a parallel worker.
CREATE FUNCTION pg_temp.lint_volatile_parallel() RETURNS SETOF text LANGUAGE sql AS $$
	SELECT name FROM functions WHERE provolatile = 'v' AND proparallel <> 'u'
$$;

-- LEAKPROOF is a promise: a function whose errors and timing do not depend on the data. Each has been judged.
CREATE FUNCTION pg_temp.lint_leakproof() RETURNS SETOF text LANGUAGE sql AS $$
	SELECT name FROM functions WHERE proleakproof
$$;

CREATE FUNCTION pg_temp.lint_dump_mark() RETURNS SETOF text LANGUAGE sql AS $$
	WITH marked AS (
		SELECT unnest(extconfig) AS oid FROM pg_extension WHERE extname = 'callcenter'
	)
	SELECT name FROM relations
	WHERE relkind IN ('r', 'p') AND (oid IN (SELECT oid FROM marked)) = (name IN (SELECT d.name FROM derived d))
$$;

CREATE FUNCTION pg_temp.lint_sequence() RETURNS SETOF text LANGUAGE sql AS $$
	SELECT name FROM relations WHERE relkind = 'S'
$$;

CREATE FUNCTION pg_temp.lint_view() RETURNS SETOF text LANGUAGE sql AS $$
	SELECT name FROM relations
	WHERE relkind = 'm' OR relkind = 'v' AND NOT coalesce('security_invoker=true' = ANY (reloptions), false)
$$;

-- What a BI tool meets in a view: types of PostgreSQL's own, and a comment on every column.
CREATE FUNCTION pg_temp.lint_view_column() RETURNS SETOF text LANGUAGE sql AS $$
	SELECT r.name || '.' || a.attname
	FROM relations r
	JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum > 0
	JOIN pg_type t ON t.oid = a.atttypid
	WHERE r.relkind = 'v' AND (t.typnamespace <> 'pg_catalog'::regnamespace OR col_description(r.oid, a.attnum) IS NULL)
$$;

-- Rights on tables and their columns, but for the owner's own.
CREATE VIEW pg_temp.rights AS
	SELECT r.name, a.grantee, a.privilege_type
	FROM relations r, aclexplode(r.relacl) a
	WHERE a.grantee <> r.relowner
	UNION ALL
	SELECT r.name, a.grantee, a.privilege_type
	FROM relations r
	JOIN pg_attribute t ON t.attrelid = r.oid, aclexplode(t.attacl) a
	WHERE a.grantee <> r.relowner;

CREATE FUNCTION pg_temp.lint_right() RETURNS SETOF text LANGUAGE sql AS $$
	SELECT DISTINCT privilege_type || ' on ' || name || ' to ' || CASE grantee WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(grantee) END
	FROM rights
	WHERE grantee = 0 OR privilege_type IN ('TRUNCATE', 'REFERENCES', 'TRIGGER')
$$;

-- The REST role has no table right, neither its own nor through a role it is a member of.
CREATE FUNCTION pg_temp.lint_rest_right() RETURNS SETOF text LANGUAGE sql AS $$
	SELECT DISTINCT privilege_type || ' on ' || name
	FROM rights
	WHERE CASE grantee WHEN 0 THEN true ELSE pg_has_role('callcenter_rest', grantee, 'MEMBER') END
$$;

CREATE FUNCTION pg_temp.lint_schema_right() RETURNS SETOF text LANGUAGE sql AS $$
	SELECT a.privilege_type || ' to ' || CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(a.grantee) END
	FROM pg_namespace n, aclexplode(n.nspacl) a
	WHERE n.nspname = 'callcenter' AND a.grantee <> n.nspowner AND (a.privilege_type = 'CREATE' OR a.grantee = 0)
$$;

-- But that which fills in a column of its own row, on a replica too.
CREATE FUNCTION pg_temp.lint_row_trigger() RETURNS SETOF text LANGUAGE sql AS $$
	SELECT tgname::text FROM pg_trigger JOIN relations r ON r.oid = tgrelid WHERE NOT tgisinternal AND tgtype & 1 = 1
		AND NOT (r.name = 'calls' AND tgname = 'calls_facts' AND tgtype = 1 + 2 + 4 + 16 AND tgenabled = 'A')
$$;

-- Tables and views are their installer's: an owner passes by what is granted, and could take row-level security off.
CREATE FUNCTION pg_temp.lint_owner() RETURNS SETOF text LANGUAGE sql AS $$
	SELECT r.name FROM relations r, pg_extension e
	WHERE e.extname = 'callcenter' AND r.relowner <> e.extowner
	UNION ALL
	SELECT 'schema callcenter' FROM pg_namespace n, pg_extension e
	WHERE n.nspname = 'callcenter' AND e.extname = 'callcenter' AND n.nspowner <> e.extowner
$$;

-- No role of the extension has what another one has.
CREATE FUNCTION pg_temp.lint_membership() RETURNS SETOF text LANGUAGE sql AS $$
	SELECT format('%s in %s', member::regrole, roleid::regrole)
	FROM pg_auth_members
	WHERE member::regrole::text LIKE 'callcenter\_%' AND NOT (SELECT rolcanlogin FROM pg_roles r WHERE r.oid = member)
$$;

-- Nobody signs in as a role of the extension, and only those two pass by row-level security.
CREATE FUNCTION pg_temp.lint_role() RETURNS SETOF text LANGUAGE sql AS $$
	SELECT rolname::text
	FROM pg_roles
	WHERE rolname IN ('callcenter_api', 'callcenter_auth', 'callcenter_stats', 'callcenter_rest', 'callcenter_service',
			'callcenter_analyst', 'callcenter_all_companies', 'callcenter_admin')
		AND (rolcanlogin OR rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication
			OR rolbypassrls <> (rolname IN ('callcenter_auth', 'callcenter_stats')))
$$;

-- Columns that name a record are object ids, not bare text.
CREATE FUNCTION pg_temp.lint_id_type() RETURNS SETOF text LANGUAGE sql AS $$
	SELECT r.name || '.' || a.attname
	FROM relations r
	JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped
	WHERE r.relkind IN ('r', 'p') AND a.attname IN ('id', 'company_id', 'customer_id', 'user_id', 'appointment_id')
		AND a.atttypid <> 'callcenter.object_id'::regtype
$$;

-- Planner statistics are of the rows of all companies, and EXPLAIN shows them to an analyst: only words of our own
-- vocabularies, times and small counts may have any.
CREATE FUNCTION pg_temp.lint_statistics() RETURNS SETOF text LANGUAGE sql AS $$
	SELECT r.name || '.' || a.attname
	FROM relations r
	JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped
	JOIN pg_type t ON t.oid = a.atttypid
	WHERE r.relkind IN ('r', 'p') AND a.attstattarget <> 0
		AND t.typtype <> 'e' AND t.typcategory NOT IN ('B', 'D') AND t.typname <> 'int2'
		AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conrelid = r.oid AND k.contype = 'c' AND k.conkey = ARRAY[a.attnum] AND k.conname ~ '_vocabulary$')
	UNION ALL
	SELECT stxname::text FROM pg_statistic_ext WHERE stxnamespace = 'callcenter'::regnamespace
	UNION ALL
	-- an index over an expression keeps statistics of its own
	SELECT r.name
	FROM relations r
	JOIN pg_index x ON x.indexrelid = r.oid
	JOIN pg_attribute a ON a.attrelid = r.oid
	JOIN pg_type t ON t.oid = a.atttypid
	WHERE x.indkey[a.attnum - 1] = 0 AND a.attstattarget <> 0 AND t.typcategory NOT IN ('B', 'D')
$$;

-- raw_found(rule): what breaks a rule; found(rule): what of it is not excepted.
CREATE FUNCTION pg_temp.raw_found(rule text) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
	RETURN QUERY EXECUTE format('SELECT pg_temp.lint_%s()', rule);
END
$$;

CREATE FUNCTION pg_temp.found(rule text) RETURNS SETOF text LANGUAGE sql AS $$
	SELECT pg_temp.raw_found(rule)
	EXCEPT
	SELECT a.object FROM allowed a WHERE a.rule = $1
	ORDER BY 1
$$;

-- found_with(rule, defect): the same after SQL that plants a defect, which is undone.
CREATE FUNCTION pg_temp.found_with(rule text, defect text) RETURNS text[] LANGUAGE plpgsql AS $$
DECLARE
	result text[];
BEGIN
	BEGIN
		EXECUTE defect;
		result := ARRAY(SELECT pg_temp.found(rule));
		RAISE EXCEPTION 'undo' USING ERRCODE = 'CC000';
	EXCEPTION WHEN SQLSTATE 'CC000' THEN
		RETURN result;
	END;
END
$$;

CREATE TEMPORARY TABLE controls (rule text, defect text, object text);
INSERT INTO controls VALUES
	('public_execute', 'GRANT EXECUTE ON FUNCTION callcenter.current_user_info(text) TO PUBLIC', 'current_user_info(token text)'),
	('public_execute', 'CREATE FUNCTION callcenter.planted() RETURNS int LANGUAGE sql AS ''SELECT 1''', 'planted()'),
	('definer_path', 'CREATE FUNCTION callcenter.planted() RETURNS int LANGUAGE sql SECURITY DEFINER AS ''SELECT 1''', 'planted()'),
	('definer_path', 'ALTER FUNCTION callcenter.current_user_info(text) SET search_path = pg_catalog, public, pg_temp',
		'current_user_info(token text)'),
	('definer_owner', 'CREATE FUNCTION callcenter.planted() RETURNS int LANGUAGE sql SECURITY DEFINER AS ''SELECT 1''', 'planted()'),
	('row_security', 'ALTER TABLE callcenter.calls NO FORCE ROW LEVEL SECURITY', 'calls'),
	('row_security', 'ALTER TABLE callcenter.calls DISABLE ROW LEVEL SECURITY', 'calls'),
	('row_security', 'CREATE TABLE callcenter.planted (company_id callcenter.object_id)', 'planted'),
	('policy', 'DROP POLICY company ON callcenter.calls', 'calls'),
	('policy', 'CREATE POLICY everybody ON callcenter.calls USING (true)', 'calls.everybody'),
	('policy', 'ALTER POLICY company ON callcenter.calls USING (company_id = (SELECT callcenter.current_company()))', 'calls.company'),
	('policy', 'ALTER POLICY company ON callcenter.calls WITH CHECK (true)', 'calls.company'),
	('key', 'CREATE INDEX planted ON callcenter.calls (started_at)', 'planted'),
	('key', 'CREATE INDEX planted ON callcenter.calls ((lower(call_id)))', 'planted'),
	('foreign_key', 'ALTER TABLE callcenter.calls ADD CONSTRAINT planted FOREIGN KEY (customer_id) REFERENCES callcenter.users', 'planted'),
	('foreign_key', 'ALTER TABLE callcenter.calls ADD CONSTRAINT planted FOREIGN KEY (company_id, customer_id)
		REFERENCES callcenter.customers ON DELETE SET NULL (customer_id)', 'planted'),
	('foreign_key_cycle', 'ALTER TABLE callcenter.customers ADD last_call_id callcenter.object_id,
		ADD CONSTRAINT planted FOREIGN KEY (company_id, last_call_id) REFERENCES callcenter.calls', 'customers'),
	('comment', 'COMMENT ON TABLE callcenter.calls IS NULL', 'calls'),
	('comment', 'COMMENT ON TYPE callcenter.urgency IS NULL', 'urgency'),
	('comment', 'COMMENT ON FUNCTION callcenter.current_user_info(text) IS NULL', 'current_user_info(token text)'),
	('volatile_parallel', 'CREATE FUNCTION callcenter.planted() RETURNS int LANGUAGE sql VOLATILE PARALLEL SAFE AS ''SELECT 1''', 'planted()'),
	('leakproof', 'ALTER FUNCTION callcenter.current_user_info(text) LEAKPROOF', 'current_user_info(token text)'),
	('dump_mark', 'CREATE TABLE callcenter.planted (company_id callcenter.object_id)', 'planted'),
	('dump_mark', 'UPDATE pg_catalog.pg_extension SET extconfig = extconfig[2:], extcondition = extcondition[2:] WHERE extname = ''callcenter''',
		(SELECT relname FROM pg_extension JOIN pg_class c ON c.oid = extconfig[1] WHERE extname = 'callcenter')),
	('sequence', 'CREATE SEQUENCE callcenter.planted', 'planted'),
	('sequence', 'ALTER TABLE callcenter.calls ADD planted bigint GENERATED ALWAYS AS IDENTITY', 'calls_planted_seq'),
	('view', 'CREATE VIEW callcenter.planted AS SELECT 1', 'planted'),
	('view', 'CREATE MATERIALIZED VIEW callcenter.planted AS SELECT 1', 'planted'),
	('view_column', 'COMMENT ON COLUMN callcenter.daily_calls.leads IS NULL', 'daily_calls.leads'),
	('view_column', 'CREATE OR REPLACE VIEW callcenter.open_follow_ups AS SELECT o.*, ''65f0000000000000000000a1''::callcenter.object_id AS planted FROM callcenter.open_follow_ups o',
		'open_follow_ups.planted'),
	('right', 'GRANT TRUNCATE ON callcenter.calls TO callcenter_api', 'TRUNCATE on calls to callcenter_api'),
	('right', 'GRANT REFERENCES (id) ON callcenter.calls TO callcenter_analyst', 'REFERENCES on calls to callcenter_analyst'),
	('right', 'GRANT SELECT ON callcenter.calls TO PUBLIC', 'SELECT on calls to PUBLIC'),
	('rest_right', 'GRANT SELECT (id) ON callcenter.calls TO callcenter_rest', 'SELECT on calls'),
	('rest_right', 'GRANT callcenter_api TO callcenter_rest', 'SELECT on calls'),
	('schema_right', 'GRANT CREATE ON SCHEMA callcenter TO callcenter_api', 'CREATE to callcenter_api'),
	('schema_right', 'GRANT USAGE ON SCHEMA callcenter TO PUBLIC', 'USAGE to PUBLIC'),
	('row_trigger', 'CREATE TRIGGER planted BEFORE UPDATE ON callcenter.calls FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()',
		'planted'),
	('row_trigger', 'ALTER TABLE callcenter.calls ENABLE TRIGGER calls_facts', 'calls_facts'),
	('role', 'ALTER ROLE callcenter_rest LOGIN', 'callcenter_rest'),
	('role', 'ALTER ROLE callcenter_api BYPASSRLS', 'callcenter_api'),
	('id_type', 'CREATE TABLE callcenter.planted (company_id text)', 'planted.company_id'),
	('owner', 'ALTER TABLE callcenter.calls OWNER TO callcenter_api', 'calls'),
	('owner', 'ALTER SCHEMA callcenter OWNER TO callcenter_api', 'schema callcenter'),
	('membership', 'GRANT callcenter_auth TO callcenter_rest', 'callcenter_rest in callcenter_auth'),
	('statistics', 'ALTER TABLE callcenter.calls ALTER COLUMN caller_phone SET STATISTICS -1', 'calls.caller_phone'),
	('statistics', 'ALTER TABLE callcenter.customers ALTER COLUMN company_id SET STATISTICS 100', 'customers.company_id'),
	('statistics', 'ALTER TABLE callcenter.calls ADD planted text', 'calls.planted'),
	('statistics', 'CREATE STATISTICS callcenter.planted ON company_id, caller_phone FROM callcenter.calls', 'planted'),
	('statistics', 'CREATE INDEX planted ON callcenter.calls (company_id, (lower(caller_name)))', 'planted');

CREATE VIEW pg_temp.rules AS
	SELECT substr(proname, 6) AS rule
	FROM pg_proc
	WHERE pronamespace = pg_my_temp_schema() AND proname LIKE 'lint\_%'
	ORDER BY 1;

SELECT plan((SELECT count(*) * 2 FROM rules)::int + (SELECT count(*) FROM controls)::int + 1);

SELECT is(ARRAY(SELECT pg_temp.found(rule)), '{}'::text[], rule || ' holds') FROM rules;
SELECT ok(EXISTS (SELECT FROM controls c WHERE c.rule = r.rule), rule || ' has a control') FROM rules r;
SELECT ok(object = ANY (pg_temp.found_with(rule, defect)), format('control: %s finds %s after %s', rule, object, regexp_replace(defect, '\s+', ' ', 'g')))
FROM controls;
-- An exception that excepts nothing hides the next one.
SELECT is_empty($$
	SELECT a.rule, a.object FROM allowed a
	WHERE NOT EXISTS (SELECT FROM pg_temp.raw_found(a.rule) AS f WHERE f = a.object)
$$, 'every exception is needed');
SELECT * FROM finish();
