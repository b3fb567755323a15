-- The roles of DESIGN 4. They belong to the cluster, not to the database, so another database may have made them; then
-- they must be what they would be here: a role of that name that can log in or bypasses row-level security is refused.

DO $$
DECLARE
	wanted record;
	existing pg_catalog.pg_roles;
BEGIN
	FOR wanted IN
		SELECT *
		FROM (VALUES
			('callcenter_api', false, 'owns the API functions of callcenter; subject to row-level security'),
			('callcenter_auth', true, 'owns sign-in of callcenter: users and memberships, nothing else'),
			('callcenter_stats', true, 'owns the triggers of callcenter: reads base tables, writes derived ones'),
			('callcenter_rest', false, 'what the REST server may do: call API functions with a token'),
			('callcenter_service', false, 'services such as LLM-0: call API functions for companies granted to them'),
			('callcenter_analyst', false, 'BI tools: read what is safe to show of companies granted to them'),
			('callcenter_all_companies', false, 'a service or analyst that may act for every company'),
			('callcenter_admin', false, 'administration of callcenter: companies, users, grants')
		) AS r (name, bypass, description)
	LOOP
		SELECT * INTO existing FROM pg_catalog.pg_roles WHERE rolname OPERATOR(pg_catalog.=) wanted.name;
		IF NOT FOUND THEN
			EXECUTE pg_catalog.format('CREATE ROLE %I NOLOGIN %s', wanted.name,
				CASE WHEN wanted.bypass THEN 'BYPASSRLS' ELSE 'NOBYPASSRLS' END);
			EXECUTE pg_catalog.format('COMMENT ON ROLE %I IS %L', wanted.name, wanted.description);
		ELSIF existing.rolcanlogin OR existing.rolsuper OR existing.rolbypassrls OPERATOR(pg_catalog.<>) wanted.bypass THEN
			RAISE EXCEPTION 'role "%" exists with other attributes than callcenter needs', wanted.name
				USING ERRCODE = 'duplicate_object',
				HINT = pg_catalog.format('It must be NOLOGIN, NOSUPERUSER and %s.',
					CASE WHEN wanted.bypass THEN 'BYPASSRLS' ELSE 'NOBYPASSRLS' END);
		END IF;
	END LOOP;
END
$$;
