-- One line a table of the extension: name, rows, checksum over the rows whatever their order.

SELECT format(
	'SELECT %L, count(*), md5(coalesce(string_agg(t::text, E''\n'' ORDER BY t::text COLLATE "C"), '''')) FROM %s AS t',
	c.oid::regclass, c.oid::regclass)
FROM pg_class AS c
JOIN pg_depend AS d ON d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e'
JOIN pg_extension AS e ON d.refclassid = 'pg_extension'::regclass AND d.refobjid = e.oid
WHERE e.extname = 'callcenter' AND c.relkind IN ('r', 'p')
ORDER BY c.relname COLLATE "C"
\gexec
