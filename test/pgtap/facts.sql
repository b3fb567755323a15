-- call_facts and calls.facts: whatever writes a call and however, its facts are what its columns say; damaged values are
-- refused.  What is counted of facts is in summary.sql.

\ir common.psql

SELECT plan(35);
SET LOCAL search_path = suite, callcenter, public, pg_catalog;

\set columns 'started_at, duration_seconds, status, direction, primary_intent, routing_tier, is_booked, is_returning, caller_kind, llm_cost, follow_up_required, reviewed, rating, flagged'
CREATE FUNCTION suite.wrong() RETURNS text[] LANGUAGE sql AS $$
	SELECT ARRAY(SELECT call_id FROM callcenter.calls WHERE facts::text IS DISTINCT FROM callcenter.call_facts(started_at, duration_seconds, status, direction, primary_intent,
		routing_tier, is_booked, is_returning, caller_kind, llm_cost, follow_up_required, reviewed, rating, flagged)::text)
$$;

-- rows by the owner's hand, of every kind
SELECT setseed(0.7) IS NULL AS seeded \gset
INSERT INTO callcenter.calls (company_id, id, call_id, caller_kind, caller_raw, caller_region, metadata_version, content_hash, started_at, duration_seconds, status, direction,
	primary_intent, routing_tier, is_booked, is_returning, llm_cost, follow_up_required, reviewed, rating, flagged, problem_description)
SELECT CASE WHEN n % 3 = 0 THEN :'b' ELSE :'a' END, object_id_new(), 'call_' || n, (enum_range(NULL::caller_kind))[2 + n % 3], '-', 'US', '-', '',
	timestamptz '2020-01-01' + random() * interval '9 years', CASE WHEN n % 5 <> 0 THEN (random() * 4000)::int END, (enum_range(NULL::call_status))[1 + n % 6]::text,
	(enum_range(NULL::call_direction))[1 + n % 2], CASE n % 4 WHEN 0 THEN NULL WHEN 1 THEN '' WHEN 2 THEN 'Répair' ELSE 'INTENT_' || n END, nullif(n % 5, 4)::smallint, n % 2 = 0, n % 7 = 0,
	CASE n % 6 WHEN 0 THEN NULL WHEN 1 THEN 'NaN' WHEN 2 THEN round(random()::numeric, 4) WHEN 3 THEN (n || 'e-24')::numeric WHEN 4 THEN -random()::numeric * 1000 ELSE 999999999999.5 END,
	n % 11 = 0, n % 13 = 0, CASE WHEN n % 4 = 0 THEN (1 + n % 5)::smallint END, n % 17 = 0, repeat('the heater ', n % 400)
FROM generate_series(1, 900) n;
SELECT is(suite.wrong(), '{}', 'facts of new rows are what the columns say');
SELECT ok(count(DISTINCT facts::text) > 850 AND min(pg_column_size(facts)) >= 17 AND max(pg_column_size(facts)) < 60, 'short, and different') FROM callcenter.calls;
UPDATE callcenter.calls SET facts = (SELECT facts FROM callcenter.calls WHERE call_id = 'call_2') WHERE call_id < 'call_2';
SELECT is(suite.wrong(), '{}', 'also when those of another call are set');
CREATE FUNCTION suite.kept(change text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	before text[] := ARRAY(SELECT facts::text FROM callcenter.calls ORDER BY id);
BEGIN
	EXECUTE 'UPDATE callcenter.calls SET ' || change;
	IF suite.wrong() <> '{}' THEN
		RETURN 'wrong';
	END IF;
	RETURN CASE WHEN before = ARRAY(SELECT facts::text FROM callcenter.calls ORDER BY id) THEN 'same' ELSE 'new' END;
END $$;
SELECT is(suite.kept(change), 'new', 'after an update of ' || split_part(change, ' ', 1))
FROM unnest(ARRAY['started_at = started_at + interval ''1 second''', 'duration_seconds = coalesce(duration_seconds, 0) + 1', 'status = ''transferred''', 'direction = ''outbound''',
	'primary_intent = ''OTHER''', 'routing_tier = 2', 'is_booked = NOT is_booked', 'is_returning = NOT is_returning', 'caller_kind = ''withheld''', 'llm_cost = 0.5', 'follow_up_required = NOT follow_up_required',
	'reviewed = NOT reviewed', 'rating = 3', 'flagged = NOT flagged']) change;
SELECT is(suite.kept(change), 'same', 'and as they were after one of ' || split_part(change, ' ', 1))
FROM unnest(ARRAY['summary = ''x''', 'version = version + 1']) change;
SET LOCAL session_replication_role = replica;
UPDATE callcenter.calls SET status = 'voicemail' WHERE call_id < 'call_3';
SELECT is(suite.wrong(), '{}', 'a replica keeps them too');
SET LOCAL session_replication_role = origin;
SELECT callcenter.rebuild_stats() > 0 AS mended \gset

-- what no call can have
CREATE FUNCTION suite.refused(change text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	col text;
BEGIN
	EXECUTE 'UPDATE callcenter.calls SET ' || change;
	RETURN 'taken';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS col = COLUMN_NAME;
	RETURN SQLSTATE || ' ' || col;
END $$;
SELECT is(suite.refused('started_at = NULL'), '23502 started_at', 'no start: the error names the column');
SELECT is(suite.refused('status = NULL'), '23502 status', 'no status: too');
SELECT is(suite.refused('status = ''done'''), '22P02 ', 'another status');
SELECT is(suite.refused('started_at = ''infinity'''), '22008 ', 'an endless start');
SELECT is(suite.refused('llm_cost = 1e12'), '22003 ', 'a cost that is too large');

-- the type
SELECT is(ARRAY(SELECT call_id FROM callcenter.calls WHERE facts::text::call_facts::text <> facts::text), '{}', 'text goes out and in');
CREATE FUNCTION suite.crc32c(data bytea) RETURNS bytea LANGUAGE plpgsql AS $$
DECLARE
	crc bigint := 4294967295;
BEGIN
	FOR i IN 0 .. length(data) - 1 LOOP
		crc := crc # get_byte(data, i);
		FOR bit IN 1 .. 8 LOOP
			crc := CASE WHEN crc & 1 = 1 THEN (crc >> 1) # 2197175160 ELSE crc >> 1 END;
		END LOOP;
	END LOOP;
	RETURN substr(int8send(crc # 4294967295), 5);
END $$;
CREATE FUNCTION suite.taken(value text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
	facts call_facts;
	s call_summary;
BEGIN
	facts := value;
	s := summarize('UTC', facts);
	-- what is taken is one that is written so, of one call
	IF facts::text <> value OR total_calls(s) <> 1 OR s OPERATOR(callcenter.-) s OPERATOR(callcenter.<>) rollup(NULL)
		OR (SELECT sum(v::bigint) FROM jsonb_each_text(by_intent(s)) e (k, v)) <> 1 THEN
		RAISE EXCEPTION 'taken, but not good: %', value;
	END IF;
	RETURN true;
EXCEPTION WHEN invalid_text_representation OR invalid_parameter_value THEN
	RETURN false;
END $$;
SELECT ok(bool_and(suite.taken('\x' || encode(b || suite.crc32c(b), 'hex'))), 'control: the checksum is CRC-32C')
FROM (SELECT substr(call_facts_send(facts), 1, length(call_facts_send(facts)) - 4) AS b FROM callcenter.calls ORDER BY id LIMIT 20) x;
CREATE TEMPORARY TABLE damaged AS
SELECT substr(b, 1, at) || coalesce(x, '') || CASE WHEN x IS NULL THEN '' ELSE substr(b, at + 1 + length(x)) END AS bytes
FROM (SELECT substr(call_facts_send(facts), 1, length(call_facts_send(facts)) - 4) AS b FROM callcenter.calls WHERE call_id IN ('call_4', 'call_10', 'call_15', 'call_29', 'call_36', 'call_47')) s,
	LATERAL generate_series(0, length(b)) at,
	LATERAL (SELECT NULL::bytea AS x UNION ALL SELECT set_byte('\x00', 0, get_byte(b, at) # c) FROM unnest('{1,4,16,128,255}'::int[]) c WHERE at < length(b)) y;
SELECT ok(count(*) FILTER (WHERE NOT taken) > count(*) / 6 AND count(*) FILTER (WHERE taken) > count(*) / 6, 'a changed value with a right checksum is refused, or is another good one')
FROM (SELECT suite.taken('\x' || encode(bytes || suite.crc32c(bytes), 'hex')) AS taken FROM damaged) x;
SELECT is(ARRAY(SELECT bytes FROM (SELECT call_facts_send(facts) AS b FROM callcenter.calls WHERE call_id IN ('call_4', 'call_10')) s, LATERAL generate_series(0, length(b) - 1) at,
	LATERAL (SELECT substr(b, 1, at) AS bytes UNION ALL SELECT set_byte(b, at, get_byte(b, at) # 64)) d WHERE suite.taken(bytes::text)), '{}', 'with a wrong one it is refused');
SELECT is(ARRAY(SELECT text FROM unnest(ARRAY['', 'x', '\x', '\x0', '\x01', '\x01zz', '(1)', '{}']) text WHERE suite.taken(text)), '{}', 'so is text');
SELECT is(ARRAY(SELECT e FROM unnest('{"\\xff41","\\xc341","\\xc080","\\x4100"}'::bytea[]) e,
	LATERAL (SELECT substr(s, 1, length(s) - 4) || e AS b FROM call_facts_send(call_facts('2030-01-01', 1, 'spam', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)) s) x
	WHERE suite.taken('\x' || encode(b || suite.crc32c(b), 'hex'))), '{}', 'and an intent that is no text');

-- who reads them
SELECT is(total_calls(summarize('UTC', NULL::call_facts)), 0::bigint, 'no facts, no call');
CREATE FUNCTION suite.company_total() RETURNS json LANGUAGE plpgsql SET search_path = callcenter, pg_catalog AS $$
BEGIN
	PERFORM set_config('callcenter.company_id', '65f0000000000000000000a1', true);
	RETURN (SELECT to_json(total_calls(summarize('UTC', facts))) FROM calls);
END $$;
GRANT EXECUTE ON FUNCTION suite.company_total() TO PUBLIC;
SELECT is((suite.ask('tap_analyst', 'SELECT suite.company_total()')).body, to_jsonb(count(*)), 'an analyst counts those of the company') FROM callcenter.calls WHERE company_id = :'a';
SELECT is((SELECT attstattarget FROM pg_attribute WHERE attrelid = 'callcenter.calls'::regclass AND attname = 'facts'), 0, 'the planner keeps no statistics of them');

-- a library that is newer than the tables finds a column missing: that is an error, not the end of the server
CREATE TABLE suite.older (LIKE callcenter.calls);
ALTER TABLE suite.older DROP COLUMN traits;
CREATE TRIGGER older BEFORE INSERT ON suite.older FOR EACH ROW EXECUTE FUNCTION callcenter.call_facts_kept();
SELECT throws_like('INSERT INTO suite.older SELECT ' || (SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute WHERE attrelid = 'suite.older'::regclass AND attnum > 0 AND NOT attisdropped) || ' FROM callcenter.calls LIMIT 1',
	'table "older" lacks a column%', 'calls of another version are refused');

SELECT * FROM finish();
ROLLBACK;
