-- Every member of the extension, a line each, in an order that does not depend on when it was made.
--
-- Not described: the order of columns (an update appends them) and object ids.

SET search_path = pg_catalog;

CREATE FUNCTION pg_temp.rights(acl aclitem[], owner oid) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(format('%s:%s', CASE grantee WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(grantee) END, privilege_type), ' '
		ORDER BY CASE grantee WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(grantee) END COLLATE "C", privilege_type)
	FROM aclexplode(acl)
	WHERE grantee <> owner
$$;

CREATE TEMPORARY TABLE described (line text);

INSERT INTO described
SELECT format('member %s', pg_describe_object(classid, objid, objsubid))
FROM pg_depend
WHERE deptype = 'e' AND refclassid = 'pg_extension'::regclass
	AND refobjid = (SELECT oid FROM pg_extension WHERE extname = 'callcenter');

INSERT INTO described
SELECT format('relation %s kind %s owner %s rls %s/%s options %s rights %s dumped %s comment %s', relname, relkind, pg_get_userbyid(relowner),
	relrowsecurity, relforcerowsecurity, reloptions, pg_temp.rights(relacl, relowner),
	(SELECT extcondition[array_position(extconfig, c.oid)] FROM pg_extension WHERE extname = 'callcenter'),
	obj_description(c.oid, 'pg_class'))
FROM pg_class c
WHERE relnamespace = 'callcenter'::regnamespace;

INSERT INTO described
SELECT format('column %s.%s type %s collation %s not null %s default %s generated %s statistics %s rights %s comment %s', c.relname, a.attname,
	format_type(a.atttypid, a.atttypmod), a.attcollation::regcollation, a.attnotnull, pg_get_expr(d.adbin, d.adrelid), a.attgenerated,
	a.attstattarget, pg_temp.rights(a.attacl, c.relowner), col_description(c.oid, a.attnum))
FROM pg_class c
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
WHERE c.relnamespace = 'callcenter'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'c');

INSERT INTO described
SELECT format('view %s %s', relname, pg_get_viewdef(oid)) FROM pg_class
WHERE relnamespace = 'callcenter'::regnamespace AND relkind IN ('v', 'm');

INSERT INTO described
SELECT format('constraint %s on %s %s', conname, coalesce(conrelid::regclass::text, contypid::regtype::text), pg_get_constraintdef(oid))
FROM pg_constraint
WHERE connamespace = 'callcenter'::regnamespace;

INSERT INTO described
SELECT format('index %s', pg_get_indexdef(indexrelid))
FROM pg_index
WHERE indrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'callcenter'::regnamespace);

INSERT INTO described
SELECT format('policy %s on %s command %s roles %s permissive %s using %s check %s', polname, polrelid::regclass, polcmd, polroles,
	polpermissive, pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid))
FROM pg_policy;

INSERT INTO described
SELECT format('trigger %s enabled %s', pg_get_triggerdef(t.oid), tgenabled)
FROM pg_trigger t
JOIN pg_class c ON c.oid = t.tgrelid
WHERE c.relnamespace = 'callcenter'::regnamespace AND NOT tgisinternal;

INSERT INTO described
SELECT format('function %s owner %s rights %s strict %s volatile %s parallel %s leakproof %s cost %s settings %s definition %s comment %s',
	p.oid::regprocedure, pg_get_userbyid(proowner), pg_temp.rights(coalesce(proacl, acldefault('f', proowner)), proowner), proisstrict,
	provolatile, proparallel, proleakproof, procost, proconfig, CASE WHEN prokind = 'a' THEN NULL ELSE pg_get_functiondef(p.oid) END,
	obj_description(p.oid, 'pg_proc'))
FROM pg_proc p
WHERE pronamespace = 'callcenter'::regnamespace;

INSERT INTO described
SELECT format('aggregate %s transition %s final %s combine %s state %s initial %s', aggfnoid, aggtransfn, aggfinalfn, aggcombinefn,
	aggtranstype::regtype, agginitval)
FROM pg_aggregate
JOIN pg_proc p ON p.oid = aggfnoid
WHERE pronamespace = 'callcenter'::regnamespace;

INSERT INTO described
SELECT format('type %s kind %s base %s default %s collation %s not null %s rights %s values %s comment %s', t.oid::regtype, typtype,
	typbasetype::regtype, typdefault, typcollation::regcollation, typnotnull, pg_temp.rights(typacl, typowner),
	(SELECT string_agg(enumlabel, ' ' ORDER BY enumsortorder) FROM pg_enum WHERE enumtypid = t.oid), obj_description(t.oid, 'pg_type'))
FROM pg_type t
WHERE typnamespace = 'callcenter'::regnamespace AND typtype IN ('b', 'd', 'e', 'r') AND typelem = 0;

INSERT INTO described
SELECT format('operator %s function %s commutator %s negator %s restrict %s join %s', oid::regoperator, oprcode, oprcom::regoperator,
	oprnegate::regoperator, oprrest, oprjoin)
FROM pg_operator
WHERE oprnamespace = 'callcenter'::regnamespace;

INSERT INTO described
SELECT format('operator class %s method %s for %s family %s default %s', opcname, amname, opcintype::regtype, opfname, opcdefault)
FROM pg_opclass
JOIN pg_am a ON a.oid = opcmethod
JOIN pg_opfamily f ON f.oid = opcfamily
WHERE opcnamespace = 'callcenter'::regnamespace;

INSERT INTO described
SELECT format('schema owner %s rights %s comment %s', pg_get_userbyid(nspowner), pg_temp.rights(nspacl, nspowner), obj_description(oid, 'pg_namespace'))
FROM pg_namespace
WHERE nspname = 'callcenter';

INSERT INTO described
SELECT format('role %s super %s login %s bypass %s inherit %s comment %s', rolname, rolsuper, rolcanlogin, rolbypassrls, rolinherit,
	shobj_description(oid, 'pg_authid'))
FROM pg_roles
WHERE rolname LIKE 'callcenter\_%' AND NOT rolcanlogin;

SELECT regexp_replace(line, '\s+', ' ', 'g') FROM described ORDER BY line COLLATE "C";
