-- A line for each table of the extension: rows and checksum of all columns by their names (an update appends columns).  Changes of counters and rollups that are
-- not folded yet are folded first: how they were appended is no part of what is kept.

SET TimeZone = 'UTC';
SELECT callcenter.fold_counters() >= 0, callcenter.fold_rollups() >= 0;
SELECT format('SELECT ''%1$s'' || '' '' || count(*) || '' '' || coalesce(md5(string_agg(to_jsonb(t)::text, E''\n'' ORDER BY to_jsonb(t)::text COLLATE "C")), ''-'') FROM %1$s t%2$s', oid::regclass,
	CASE relname WHEN 'company_counters' THEN ' WHERE grain <> ''fold'' AND records <> 0' END)
FROM pg_class
WHERE relnamespace = 'callcenter'::regnamespace AND relkind = 'r'
ORDER BY relname
\gexec
