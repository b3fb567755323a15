-- Object ids: the domain and the generator.

\ir common.psql

SELECT plan(22);

SELECT lives_ok($$SELECT '65f0000000000000000000a1'::callcenter.object_id$$, '24 lower-case hexadecimal digits are an id');

SELECT throws_ok(format('SELECT %L::callcenter.object_id', value), '22P02', 'an id must have 24 lower-case hexadecimal digits',
	'X-04: ' || why || ' is not an id')
FROM (VALUES
	('', 'nothing'),
	('65f0000000000000000000a', 'one of 23 digits'),
	('65f0000000000000000000a12', 'one of 25 digits'),
	('65F0000000000000000000A1', 'one in upper case'),
	('65f0000000000000000000g1', 'one with a letter that is no digit'),
	(' 65f000000000000000000a1', 'one with white space'),
	('65f0000000000000000000a' || chr(10), 'one with a line break'),
	('65f00000000000000000000' || chr(233), 'one with a letter of two bytes'),
	('65f000000000000000000' || chr(1633) || 'a', 'one with an Arabic digit'),
	('''; DROP TABLE calls; -- a', 'SQL'),
	(repeat('a', 100000), 'a long text')
) AS bad (value, why);

SELECT ok(NULL::callcenter.object_id IS NULL, 'an id may be NULL where the column allows it');

-- what it is made of: the ObjectId specification
SELECT ok(callcenter.object_id_new() ~ '^[0-9a-f]{24}$', 'a new id is one of the domain');
CREATE TEMPORARY TABLE made AS
	SELECT n, callcenter.object_id_new() AS id FROM generate_series(1, 100000) n;
SELECT is(count(DISTINCT id), 100000::bigint, '100,000 new ids are 100,000 ids') FROM made;
SELECT ok(bool_and(abs(('x' || left(id, 8))::bit(32)::bigint - extract(epoch FROM clock_timestamp())) < 60),
	'the first four bytes of a new id are the time')
FROM made;
SELECT is(count(DISTINCT substr(id, 9, 10)), 1::bigint, 'the next five bytes are those of the backend') FROM made;
SELECT is(count(DISTINCT (('x' || right(id, 6))::bit(24)::integer - n::integer) & 16777215), 1::bigint, 'the last three bytes count up') FROM made;

-- another backend draws other random bytes
\set elsewhere `psql -X -A -t -d :DBNAME -c 'SELECT callcenter.object_id_new()' 2>&1`
SELECT ok(:'elsewhere' ~ '^[0-9a-f]{24}$' AND substr(:'elsewhere', 9, 10) <> (SELECT substr(id, 9, 10) FROM made LIMIT 1),
	'another backend has other random bytes');

-- a cast is the only way in: the domain also guards parameters and columns
SELECT throws_ok($$SELECT callcenter.get_call('65F0000000000000000000A1', 'x')$$, '22P02', NULL,
	'X-04: an API function takes no malformed company id');
SELECT throws_ok($$INSERT INTO callcenter.companies (id, name, time_zone) VALUES ('x', 'X', 'UTC')$$, '22P02', NULL,
	'a table takes no malformed id');
SELECT is((SELECT collation_name FROM information_schema.domains WHERE domain_schema = 'callcenter' AND domain_name = 'object_id'), 'C',
	'ids compare by their bytes, in every database');

SELECT * FROM finish();
ROLLBACK;
