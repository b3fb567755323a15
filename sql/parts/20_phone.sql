-- Phone numbers: the domain of stored ones, and what can be asked about them.
--
-- Whatever reads metadata is STABLE: another release of the tables may answer differently, so PostgreSQL must not let
-- these functions into an index or a generated column. Only the syntax of a stored number is IMMUTABLE. No function
-- raises for bad input; a cast to the domain does.

CREATE FUNCTION callcenter.e164_check(value text)
RETURNS boolean
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'cc_e164_check';
COMMENT ON FUNCTION callcenter.e164_check(text) IS
	'true for a plus sign and 6 to 19 digits, the first not 0; anything else is error 22P02 (the check of domain e164)';

CREATE DOMAIN callcenter.e164 AS text COLLATE "C"
	CONSTRAINT e164_syntax CHECK (callcenter.e164_check(VALUE));
COMMENT ON DOMAIN callcenter.e164 IS
	'phone number in E.164: a plus sign and 6 to 19 digits, the first not 0; syntax only, a number range may be unknown';

CREATE FUNCTION callcenter.phone_parse(
	raw text,
	region text DEFAULT NULL,
	OUT status text,
	OUT e164 text,
	OUT ext text,
	OUT region text,
	OUT number_type text,
	OUT possible text,
	OUT valid boolean)
LANGUAGE c STABLE PARALLEL SAFE
AS 'MODULE_PATHNAME', 'cc_phone_parse';
COMMENT ON FUNCTION callcenter.phone_parse(text, text) IS
	'reads a number as Google''s libphonenumber does, with a default region (two letters; null: only numbers with a plus sign). '
	'status is OK, INVALID_COUNTRY_CODE, NOT_A_NUMBER, TOO_SHORT_AFTER_IDD, TOO_SHORT, TOO_LONG or BAD_UTF8; '
	'use phone_caller() for what callers or people sent';

CREATE FUNCTION callcenter.phone_e164(raw text, region text DEFAULT NULL)
RETURNS text
LANGUAGE c STABLE PARALLEL SAFE
AS 'MODULE_PATHNAME', 'cc_phone_e164';
COMMENT ON FUNCTION callcenter.phone_e164(text, text) IS
	'the E.164 that phone_parse() reads, null if it reads none; the quick way to compare many numbers';

CREATE FUNCTION callcenter.phone_caller(
	raw text,
	region text DEFAULT NULL,
	source text DEFAULT 'trunk',
	OUT kind text,
	OUT status text,
	OUT e164 callcenter.e164,
	OUT ext text,
	OUT region text,
	OUT number_type text,
	OUT possible text,
	OUT valid boolean,
	OUT is_key boolean)
LANGUAGE c STABLE PARALLEL SAFE
AS 'MODULE_PATHNAME', 'cc_phone_caller';
COMMENT ON FUNCTION callcenter.phone_caller(text, text, text) IS
	'what kind of caller a text announces (e164, short, emergency, withheld, sip, client, other) and its number. '
	'source is trunk (a telephone line sent it) or agent (somebody typed it), another gives null; '
	'is_key says whether the number may become a customer''s: from a line with a plus sign when its length is possible, '
	'else when it is valid in its region';

CREATE FUNCTION callcenter.phone_is_valid(e164 text)
RETURNS boolean
LANGUAGE c STABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'cc_phone_is_valid';
COMMENT ON FUNCTION callcenter.phone_is_valid(text) IS
	'whether a stored number belongs to a range that is in use; false for what is no E.164';

CREATE FUNCTION callcenter.phone_region_of(e164 text)
RETURNS text
LANGUAGE c STABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'cc_phone_region_of';
COMMENT ON FUNCTION callcenter.phone_region_of(text) IS
	'region of a stored number: two letters, 001 for one without a country, null if no region claims it';

CREATE FUNCTION callcenter.phone_type(e164 text)
RETURNS text
LANGUAGE c STABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'cc_phone_type';
COMMENT ON FUNCTION callcenter.phone_type(text) IS
	'type of a stored number: FIXED_LINE, MOBILE, FIXED_LINE_OR_MOBILE, TOLL_FREE, PREMIUM_RATE, SHARED_COST, VOIP, '
	'PERSONAL_NUMBER, PAGER, UAN, VOICEMAIL or UNKNOWN; null for what is no E.164';

CREATE FUNCTION callcenter.phone_format(e164 text, style text DEFAULT 'national')
RETURNS text
LANGUAGE c STABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'cc_phone_format';
COMMENT ON FUNCTION callcenter.phone_format(text, text) IS
	'a stored number as people write it, in style national or international; null for what is no E.164 or no style';

CREATE FUNCTION callcenter.phone_variants(e164 text)
RETURNS callcenter.e164[]
LANGUAGE c STABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'cc_phone_variants';
COMMENT ON FUNCTION callcenter.phone_variants(text) IS
	'other numbers of the same line, for lookups only: Mexico with and without 1, Argentina with and without 9, '
	'Brazil with and without the ninth digit';

CREATE FUNCTION callcenter.phone_metadata_version()
RETURNS text
LANGUAGE c STABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'cc_phone_metadata_version';
COMMENT ON FUNCTION callcenter.phone_metadata_version() IS
	'release of Google''s metadata that the answers come from, as numbered by the npm package google-libphonenumber';
