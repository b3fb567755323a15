-- What the planner remembers of columns.  An analyst reads estimates off EXPLAIN, and they come from the rows of all
-- companies: whether a number or a name is known to somebody, how many calls a company has, and, asking again and again,
-- the values themselves.  So no statistics are kept of a column, unless it holds a word of our own vocabularies, a
-- time, or a small count: what those tell is a share over all companies together.  Plans do not need the rest: every
-- index begins with the company, and a list of several intents takes its page from the first rows of each.
--
-- Must come last: whatever column there is by then is judged by its type.

DO $$
DECLARE
	silent record;
BEGIN
	FOR silent IN
		SELECT c.oid, c.relname, a.attname, a.attnum
		FROM pg_catalog.pg_class c
		JOIN pg_catalog.pg_attribute a ON a.attrelid OPERATOR(pg_catalog.=) c.oid AND a.attnum OPERATOR(pg_catalog.>) 0 AND NOT a.attisdropped
		JOIN pg_catalog.pg_type t ON t.oid OPERATOR(pg_catalog.=) a.atttypid
		WHERE c.relnamespace OPERATOR(pg_catalog.=) 'callcenter'::pg_catalog.regnamespace AND c.relkind IN ('r', 'p')
			AND t.typtype OPERATOR(pg_catalog.<>) 'e' AND t.typcategory NOT IN ('B', 'D')
			AND a.atttypid OPERATOR(pg_catalog.<>) 'pg_catalog.int2'::pg_catalog.regtype
			AND NOT EXISTS (
				SELECT FROM pg_catalog.pg_constraint k
				WHERE k.conrelid OPERATOR(pg_catalog.=) c.oid AND k.contype OPERATOR(pg_catalog.=) 'c'
					AND k.conkey OPERATOR(pg_catalog.=) ARRAY[a.attnum] AND k.conname OPERATOR(pg_catalog.~) '_vocabulary$')
	LOOP
		EXECUTE pg_catalog.format('ALTER TABLE callcenter.%I ALTER COLUMN %I SET STATISTICS 0', silent.relname, silent.attname);
		-- those of before an update
		DELETE FROM pg_catalog.pg_statistic
		WHERE starelid OPERATOR(pg_catalog.=) silent.oid AND staattnum OPERATOR(pg_catalog.=) silent.attnum;
	END LOOP;
END
$$;
