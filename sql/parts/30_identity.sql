-- Who is calling, for which company. Everything fails closed: without an identity current_company() is NULL.

CREATE FUNCTION callcenter.current_company()
RETURNS callcenter.object_id
LANGUAGE c STABLE PARALLEL SAFE
AS 'MODULE_PATHNAME', 'cc_current_company';
COMMENT ON FUNCTION callcenter.current_company() IS
	'the company of the identity that is active: inside an API function the one it was called for, else the one that an analyst names in callcenter.company_id (42501 when it is not granted); NULL without an identity';
