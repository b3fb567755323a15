-- Phone numbers in SQL: the corpus through phone_parse(), callers, the domain, and what the functions promise.
--
-- Run by test/psql-tap in a database that has callcenter and pgTAP, as its superuser.

SET search_path = public, pg_temp;
SELECT plan(50);

-- The corpus, as google-libphonenumber answers it.
CREATE TEMP TABLE corpus (
	text text,
	region text,
	answer text,		-- the status, or E.164
	valid text,
	number_region text,
	number_type integer,
	possible integer,
	national text,
	international text,
	ext text);
\copy corpus FROM PROGRAM './corpus --columns'
SELECT cmp_ok((SELECT count(*)::integer FROM corpus), '>=', 20000, 'the corpus is there');
SELECT is((SELECT count(DISTINCT region)::integer FROM corpus WHERE region <> ''), 245, 'it is of all default regions');

CREATE TEMP VIEW answers AS
	SELECT c.*,
		p.status AS got_status, p.e164 AS got_e164, p.ext AS got_ext, p.region AS got_region, p.number_type AS got_type,
		p.possible AS got_possible, p.valid AS got_valid
	FROM corpus AS c, LATERAL callcenter.phone_parse(c.text, c.region) AS p;

SELECT is_empty($$
	SELECT text, region, answer, got_status, got_e164 FROM answers
	WHERE CASE WHEN answer LIKE '+%' THEN 'OK' ELSE answer END IS DISTINCT FROM got_status
		OR CASE WHEN answer LIKE '+%' THEN answer END IS DISTINCT FROM got_e164$$,
	'status and E.164 are the library''s');
SELECT is_empty($$
	SELECT text, region, answer FROM corpus
	WHERE callcenter.phone_e164(text, region) IS DISTINCT FROM CASE WHEN answer LIKE '+%' THEN answer END$$,
	'phone_e164() gives the same');
SELECT is_empty($$
	SELECT text, region, ext, got_ext, valid, got_valid FROM answers
	WHERE nullif(ext, '') IS DISTINCT FROM got_ext
		OR coalesce(valid, '0') IS DISTINCT FROM got_valid::integer::text$$,
	'extension and validity are the library''s');
SELECT is_empty($$
	SELECT text, region, number_region, got_region FROM answers
	WHERE nullif(number_region, '') IS DISTINCT FROM got_region$$,
	'region is the library''s');
SELECT is_empty($$
	SELECT text, region, number_type, got_type FROM answers
	WHERE (ARRAY['UNKNOWN', 'FIXED_LINE', 'MOBILE', 'FIXED_LINE_OR_MOBILE', 'TOLL_FREE', 'PREMIUM_RATE', 'SHARED_COST', 'VOIP',
		'PERSONAL_NUMBER', 'PAGER', 'UAN', 'VOICEMAIL'])[number_type + 2] IS DISTINCT FROM got_type$$,
	'type is the library''s');
SELECT is_empty($$
	SELECT text, region, possible, got_possible FROM answers
	WHERE (ARRAY['IS_POSSIBLE', 'INVALID_COUNTRY_CODE', 'TOO_SHORT', 'TOO_LONG', 'IS_POSSIBLE_LOCAL_ONLY', 'INVALID_LENGTH'])
		[possible + 1] IS DISTINCT FROM got_possible$$,
	'possible reason is the library''s');

-- What can be stored has the same answers as what was read.
CREATE TEMP TABLE stored AS
	SELECT DISTINCT answer::callcenter.e164 AS e164, valid = '1' AS valid, nullif(number_region, '') AS number_region,
		number_type, national, international
	FROM corpus
	WHERE answer ~ '^\+[1-9][0-9]{5,18}$' AND ext = '';
SELECT cmp_ok((SELECT count(*)::integer FROM stored), '>=', 10000, 'many of them can be stored');
SELECT is_empty($$
	SELECT e164 FROM stored
	WHERE callcenter.phone_is_valid(e164) IS DISTINCT FROM valid
		OR callcenter.phone_region_of(e164) IS DISTINCT FROM number_region
		OR (ARRAY['UNKNOWN', 'FIXED_LINE', 'MOBILE', 'FIXED_LINE_OR_MOBILE', 'TOLL_FREE', 'PREMIUM_RATE', 'SHARED_COST',
			'VOIP', 'PERSONAL_NUMBER', 'PAGER', 'UAN', 'VOICEMAIL'])[number_type + 2]
			IS DISTINCT FROM callcenter.phone_type(e164)$$,
	'validity, region and type of a stored number are those of the number read');
SELECT is_empty($$
	SELECT e164 FROM stored
	WHERE callcenter.phone_format(e164, 'national') IS DISTINCT FROM national
		OR callcenter.phone_format(e164, 'international') IS DISTINCT FROM international$$,
	'so are its formats');

-- Rows are written in place: they must be what PostgreSQL would have formed of the same columns, wherever they go.
SELECT is_empty($$
	SELECT parsed::text FROM (SELECT callcenter.phone_parse(text, region) AS parsed FROM corpus OFFSET 0) AS rows
	WHERE NOT parsed *= ROW((parsed).status, (parsed).e164, (parsed).ext, (parsed).region, (parsed).number_type, (parsed).possible, (parsed).valid)
		OR record_send(parsed) <> record_send(ROW((parsed).status, (parsed).e164, (parsed).ext, (parsed).region, (parsed).number_type,
			(parsed).possible, (parsed).valid))$$, 'a row is, byte by byte, the row of its columns, also to a client');
SELECT is_empty($$
	SELECT called::text FROM (SELECT callcenter.phone_caller(text, region) AS called FROM corpus OFFSET 0) AS rows
	WHERE NOT called *= ROW((called).kind, (called).status, (called).e164, (called).ext, (called).region, (called).number_type, (called).possible,
		(called).valid, (called).is_key)$$, 'also that of a caller');

-- Answers depend on nothing but the arguments.
CREATE TEMP TABLE answers_before AS SELECT * FROM answers;
SET search_path = '';
SET lc_messages = 'C'; SET lc_numeric = 'C'; SET lc_monetary = 'C';
CREATE TEMP TABLE answers_after AS
	SELECT c.*,
		p.status AS got_status, p.e164 AS got_e164, p.ext AS got_ext, p.region AS got_region, p.number_type AS got_type,
		p.possible AS got_possible, p.valid AS got_valid
	FROM pg_temp.corpus AS c, LATERAL callcenter.phone_parse(c.text, c.region) AS p;
RESET ALL;
SET search_path = public, pg_temp;
SELECT is_empty('(TABLE answers_before EXCEPT ALL TABLE answers_after)', 'search_path and locale change no answer');

-- Callers.
CREATE FUNCTION pg_temp.caller(raw text, region text, source text DEFAULT 'trunk') RETURNS text
LANGUAGE sql
RETURN (SELECT concat_ws(' ', kind, e164, CASE WHEN is_key THEN 'key' END) FROM callcenter.phone_caller(raw, region, source));

SELECT is(pg_temp.caller('+1 (213) 373-4253', NULL), 'e164 +12133734253 key', 'a number in full');
SELECT is(pg_temp.caller('(213) 373-4253', 'US', 'agent'), 'e164 +12133734253 key', 'a national number that is typed');
SELECT is(pg_temp.caller('(213) 000-0000', 'US', 'agent'), 'e164 +12130000000', 'one that is not valid is no key');
SELECT is(pg_temp.caller('+12130000000', 'US'), 'e164 +12130000000 key', 'from a line possible is enough');
SELECT is(pg_temp.caller('+3758101234567', 'BY'), 'e164 +3758101234567 key', 'a valid number is kept as it stands');
SELECT is(pg_temp.caller('anonymous', 'US'), 'withheld', 'a withheld number');
SELECT is(pg_temp.caller('', 'US'), 'withheld', 'an empty one');
SELECT is(pg_temp.caller('+266696687', 'US'), 'withheld', 'a keypad spelling from a line');
SELECT is(pg_temp.caller('7378742833', 'US', 'agent'), 'e164 +17378742833 key', 'a person may mean that number');
SELECT is(pg_temp.caller('911', 'US'), 'emergency', 'an emergency number');
SELECT is(pg_temp.caller('116117', 'DE'), 'short', 'a short number');
SELECT is(pg_temp.caller('sip:alice@example.com', 'US'), 'sip', 'a SIP address');
SELECT is(pg_temp.caller('sip:+12133734253@example.com', 'US'), 'sip +12133734253 key', 'a SIP address with a number');
SELECT is(pg_temp.caller('client:12133734253', 'US'), 'client', 'a softphone''s name');
SELECT is(pg_temp.caller('hello', 'US'), 'other', 'something else');
SELECT is(callcenter.phone_caller('+12133734253', 'US', 'elsewhere'), NULL, 'a source that there is not gives null');

-- Variants.
SELECT is(callcenter.phone_variants('+5215512345678'), ARRAY['+525512345678']::callcenter.e164[], 'Mexico without 1');
SELECT is(callcenter.phone_variants('+541123456789'), ARRAY['+5491123456789']::callcenter.e164[], 'Argentina with 9');
SELECT is(callcenter.phone_variants('+551188887777'), ARRAY['+5511988887777']::callcenter.e164[], 'Brazil with the ninth digit');
SELECT is(callcenter.phone_variants('+12133734253'), '{}'::callcenter.e164[], 'elsewhere there is one number a line');

-- Bad input has an answer, not an error.
SELECT is(s, 'TOO_LONG', 'a text of 1 MB is too long')
	FROM (SELECT status AS s FROM callcenter.phone_parse(repeat('1', 1000000), 'US')) AS p;
CREATE TEMP TABLE long_texts (raw text);
ALTER TABLE long_texts ALTER raw SET STORAGE EXTERNAL;
INSERT INTO long_texts VALUES (repeat('1', 1000000));
SELECT is(status, 'TOO_LONG', 'also one that lies out of line') FROM long_texts, callcenter.phone_parse(raw, 'US');
SELECT is(callcenter.phone_format(repeat('1', 1000000), 'national'), NULL, 'it has no format');
SELECT is((callcenter.phone_parse(NULL, 'US')).status, NULL, 'null gives null');
SELECT is((callcenter.phone_parse('+12133734253', NULL)).e164, '+12133734253', 'no default region is needed for a full number');
SELECT is((callcenter.phone_parse('2133734253', 'XX')).status, 'INVALID_COUNTRY_CODE', 'an unknown region is none');
SELECT is(ARRAY[callcenter.phone_is_valid('x')::text, callcenter.phone_region_of('x'), callcenter.phone_type('x'),
	callcenter.phone_format('x', 'national'), callcenter.phone_format('+12133734253', 'x'), callcenter.phone_variants('x')::text],
	ARRAY['false', NULL, NULL, NULL, NULL, '{}'], 'nor does what is no E.164 raise an error');
SELECT is(callcenter.phone_format('+21012345678', 'national'), '+21012345678', 'a number of an unknown code stays as it is');

-- The domain.
SELECT lives_ok($$SELECT '+123456'::callcenter.e164, '+1234567890123456789'::callcenter.e164, '+99999999'::callcenter.e164$$,
	'the domain knows syntax only');
SELECT throws_ok($$SELECT '2133734253'::callcenter.e164$$, '22P02',
	'invalid input syntax for type callcenter.e164: "2133734253"', 'a cast of anything else raises');
SELECT throws_ok($$SELECT E'+1\n\u00e9'::callcenter.e164$$, '22P02',
	'invalid input syntax for type callcenter.e164: "+1\x0a\xc3\xa9"', 'what the message shows is ASCII');
SELECT throws_ok($$SELECT repeat('9', 1000000)::callcenter.e164$$, '22P02', NULL, 'a long text raises as well');
SELECT is((SELECT collname::text FROM pg_type JOIN pg_collation ON pg_collation.oid = typcollation
	WHERE pg_type.oid = 'callcenter.e164'::regtype), 'C', 'numbers sort by their bytes');

-- Labels: what reads metadata cannot get into an index.
SELECT is_empty($$
	SELECT oid::regprocedure FROM pg_proc
	WHERE pronamespace = 'callcenter'::regnamespace AND proname LIKE 'phone\_%'
		AND NOT (provolatile = 's' AND proparallel = 's' AND NOT proleakproof AND NOT prosecdef)$$,
	'phone functions are stable and parallel safe');
CREATE TABLE indexed (e164 callcenter.e164);
SELECT throws_ok($$CREATE INDEX ON indexed (callcenter.phone_format(e164))$$, '42P17', NULL, 'an index of a format is refused');

SELECT is(callcenter.phone_metadata_version(), '3.2.47', 'the tables are of the pinned release');

SELECT * FROM finish();
