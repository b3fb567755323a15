-- Pages of lists are read in the order of an index, also where the planner knows nothing of a company and its words: a page
-- of 50 takes about as many rows of a company's calls, however many there are.

\ir common.psql

SELECT plan(9);

INSERT INTO callcenter.calls (company_id, id, call_id, caller_phone, caller_kind, caller_raw, caller_region, metadata_version, started_at, duration_seconds,
	primary_intent, routing_tier, status, is_booked, content_hash)
SELECT :'a', callcenter.object_id_new(), 'call_' || n, '+13055550' || 100 + n % 4, 'e164', '', 'US', '-', timestamptz '2025-12-01Z' + n * interval '1 minute', 60,
	'INTENT_' || n % 4, 1 + n % 3, (ARRAY['completed', 'abandoned'])[1 + n % 2], false, ''
FROM generate_series(1, 4000) n;
ANALYZE callcenter.calls;

-- Rows of calls that were read so far, by the indexes of the table or one after another.
CREATE FUNCTION pg_temp.rows_so_far() RETURNS bigint LANGUAGE sql AS $$
	SELECT sum(pg_stat_get_xact_tuples_returned(r.oid))::bigint FROM pg_class r LEFT JOIN pg_index x ON x.indexrelid = r.oid
	WHERE coalesce(x.indrelid, r.oid) = 'callcenter.calls'::regclass
$$;
-- Rows of calls that a list with these parameters reads.
CREATE FUNCTION pg_temp.rows_read(params jsonb) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	before bigint := pg_temp.rows_so_far();
BEGIN
	-- what a plan costs to make is not what it costs to run
	PERFORM suite.list_calls('tap_platform', '65f0000000000000000000a1', params);
	PERFORM suite.list_calls('tap_platform', '65f0000000000000000000a1', params);
	RETURN (pg_temp.rows_so_far() - before) / 2;
END
$$;
SELECT cmp_ok(pg_temp.rows_read(params::jsonb), '<=', most::bigint, format('P-04: a page of %s reads at most %s rows', params, most))
FROM (VALUES
	('{}', 110),
	('{"intent": "INTENT_1"}', 110),
	('{"status": "abandoned"}', 110),
	('{"phone": "305-555-0101"}', 1110),	-- and counts the total, of which nothing is kept
	('{"intent": "INTENT_1,INTENT_2"}', 210),
	('{"intent": "INTENT_1,INTENT_2,INTENT_3,INTENT_0"}', 320),
	('{"intent": "INTENT_1,INTENT_2", "sort": "oldest"}', 210)) AS t (params, most);

-- one page by words is the same as among all rows
SELECT is((SELECT jsonb_agg(c -> 'callId') FROM jsonb_array_elements((suite.list_calls('tap_platform', :'a', '{"intent": "INTENT_1,INTENT_3,INTENT_1", "page": 2, "limit": 7}')).body -> 'calls') c),
	(SELECT jsonb_agg(call_id ORDER BY started_at DESC) FROM (SELECT call_id, started_at FROM callcenter.calls
		WHERE company_id = :'a' AND primary_intent IN ('INTENT_1', 'INTENT_3') ORDER BY started_at DESC, id DESC LIMIT 7 OFFSET 7) c),
	'E-01: the second page of calls with one of several intents');
SELECT is((SELECT jsonb_agg(c -> 'callId') FROM jsonb_array_elements((suite.list_calls('tap_platform', :'a', '{"intent": "INTENT_0,INTENT_1,INTENT_2,INTENT_3", "page": 80, "limit": 100}')).body -> 'calls') c), NULL,
	'there is no page behind the last');

SELECT * FROM finish();
ROLLBACK;
