-- Who is calling, for which company. Everything fails closed: without an identity current_company() is NULL.

CREATE FUNCTION callcenter.current_company()
RETURNS callcenter.object_id
LANGUAGE c STABLE PARALLEL SAFE
AS 'MODULE_PATHNAME', 'cc_current_company';
COMMENT ON FUNCTION callcenter.current_company() IS
	'the company of the identity that is active: inside an API function the one it was called for, else the one that an analyst names in callcenter.company_id (42501 when it is not granted); NULL without an identity';

CREATE FUNCTION callcenter.seal_access_code(company_id text, relation text, record_id text, column_name text, value bytea)
RETURNS bytea
LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE
AS 'MODULE_PATHNAME', 'cc_seal_access_code';
COMMENT ON FUNCTION callcenter.seal_access_code(text, text, text, text, bytea) IS
	'an access code as it is stored: encrypted for its place with the first encryption key of the key ring; for updates from versions that stored codes in clear.  Errors: F0000 without such a key.';

CREATE FUNCTION callcenter.reencrypt_access_codes()
RETURNS bigint
LANGUAGE c VOLATILE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_reencrypt_access_codes';
COMMENT ON FUNCTION callcenter.reencrypt_access_codes() IS
	'encrypts with the first encryption key of the key ring every access code that another key has encrypted; returns how many there were.  A key that is not needed any more may be removed after it.  Errors: F0000 when a key is missing.';
