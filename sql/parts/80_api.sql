-- The API.  Every function is SECURITY DEFINER: it finds out who is calling, works under row-level security as
-- callcenter_api (people: as callcenter_auth), and leaves nothing of the identity behind.  Who may call what is in 90_grants.

CREATE FUNCTION callcenter.lookup_by_phone(company_id callcenter.object_id, phone text, token text DEFAULT NULL)
RETURNS json
LANGUAGE c STABLE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_lookup_by_phone';
COMMENT ON FUNCTION callcenter.lookup_by_phone(callcenter.object_id, text, text) IS
	'who is calling: the customer who has this number (E.164 or any spelling of the company''s region) with statistics, last service, upcoming appointment and last call; found is false for an unknown or withheld caller.  Errors: 28000, 42501, P0002.';

CREATE FUNCTION callcenter.create_call(company_id callcenter.object_id, call jsonb, token text DEFAULT NULL)
RETURNS json
LANGUAGE c VOLATILE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_create_call';
COMMENT ON FUNCTION callcenter.create_call(callcenter.object_id, jsonb, text) IS
	'logs a call, whole and once: links or makes its customer, derives duration (seconds), isReturning and previousCallCount; the same callId with the same document gives back the stored call (created false).  Errors: 28000, 42501, P0002, 22023, 22003, 22007, 23502 with the path of the field, 23505 for another document.';

CREATE FUNCTION callcenter.get_call(company_id callcenter.object_id, call_id text, token text DEFAULT NULL)
RETURNS json
LANGUAGE c STABLE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_get_call';
COMMENT ON FUNCTION callcenter.get_call(callcenter.object_id, text, text) IS
	'a whole call, by callId or _id.  Errors: 28000, 42501, P0002.';

CREATE FUNCTION callcenter.list_calls(company_id callcenter.object_id, params jsonb DEFAULT '{}', token text DEFAULT NULL)
RETURNS json
LANGUAGE c STABLE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_list_calls';
COMMENT ON FUNCTION callcenter.list_calls(callcenter.object_id, jsonb, text) IS
	'a page of calls: page and limit (50, at most 100) or after (cursor), startDate, endDate (dates are whole days in the company''s zone), status, intent, tier, urgency (lists), phone, customerId, direction, flagged, reviewed, followUp, q, sort (newest, oldest, longest).  Errors: 28000, 42501, P0002, 22023, 22007 with the name of the parameter.';

CREATE FUNCTION callcenter.get_customer(company_id callcenter.object_id, customer_id text, token text DEFAULT NULL)
RETURNS json
LANGUAGE c STABLE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_get_customer';
COMMENT ON FUNCTION callcenter.get_customer(callcenter.object_id, text, text) IS
	'a customer with statistics and the 50 newest calls, by _id or CUST number.  Errors: 28000, 42501, P0002.';

CREATE FUNCTION callcenter.current_user_info(token text)
RETURNS json
LANGUAGE c STABLE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_current_user_info';
COMMENT ON FUNCTION callcenter.current_user_info(text) IS
	'the bearer of a token, the companies it is for with names, roles and time zones, and when it ends.  Errors: 28000.';

CREATE FUNCTION callcenter.login(email text, password text)
RETURNS json
LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_login';
COMMENT ON FUNCTION callcenter.login(text, text) IS
	'checks a password and gives what current_user_info() gives, with a token that is valid for callcenter.session_lifetime seconds.  Errors: 28P01, the same for every reason.';

CREATE FUNCTION callcenter.create_company(company jsonb)
RETURNS json
LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_create_company';
COMMENT ON FUNCTION callcenter.create_company(jsonb) IS
	'makes a company: name, timeZone (IANA), defaultRegion (ISO 3166, default US), ownNumbers (phone numbers), _id (of the platform; made when absent).  Errors: 22023, 23502 with the path of the field, 23505.';

CREATE FUNCTION callcenter.create_user(usr jsonb)
RETURNS json
LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_create_user';
COMMENT ON FUNCTION callcenter.create_user(jsonb) IS
	'makes a user who can sign in: email, password (8 to 256 characters), name, _id (made when absent).  Errors: 22023, 23502 with the path of the field, 23505.';

CREATE FUNCTION callcenter.grant_company(company_id callcenter.object_id, email text, role text)
RETURNS json
LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_grant_company';
COMMENT ON FUNCTION callcenter.grant_company(callcenter.object_id, text, text) IS
	'makes a user a member of a company as viewer, agent or admin, or changes the role.  Errors: 22023, P0002.';

CREATE FUNCTION callcenter.grant_role(company_id callcenter.object_id, role_name name)
RETURNS json
LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_grant_role';
COMMENT ON FUNCTION callcenter.grant_role(callcenter.object_id, name) IS
	'lets a database role (a service or an analyst) act for a company.  Errors: 42704 for no such role, P0002.';
