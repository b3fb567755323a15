-- Sessions of people, and the administration of those who may sign in.  All run as callcenter_auth: no company is known yet.

CREATE FUNCTION callcenter.login(email text, password text, address text DEFAULT NULL)
RETURNS json
LANGUAGE c VOLATILE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_login';
COMMENT ON FUNCTION callcenter.login(text, text, text) IS
	'opens a session: what current_user_info() gives, with token (valid for callcenter.token_lifetime) and refreshToken (for refresh_token()).  address is where the person is, for the limits.  A failure is an answer, so that it is counted: success false with sqlstate 28P01, the same for every reason, or 53400 with retryAfter (seconds) when too many were tried.  Errors: 23502 when one is missing, 22023 for an address that is none.';

CREATE FUNCTION callcenter.refresh_token(refresh_token text, address text DEFAULT NULL)
RETURNS json
LANGUAGE c VOLATILE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_refresh_token';
COMMENT ON FUNCTION callcenter.refresh_token(text, text) IS
	'exchanges a refresh token for a new token and a new refreshToken, once; roles and companies are read anew.  One that was exchanged before ends its session; within 10 seconds of that it still gives a token, but no refreshToken.  A failure is an answer, so that it is committed: success false with sqlstate 28000, the same for every reason.';

CREATE FUNCTION callcenter.sign_out(refresh_token text DEFAULT NULL, token text DEFAULT NULL)
RETURNS json
LANGUAGE c VOLATILE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_sign_out';
COMMENT ON FUNCTION callcenter.sign_out(text, text) IS
	'ends the session of a refresh token or, without one, of a token; none is no error.  Tokens that are out stay valid until they end.  Errors: 28000 for a token that does not verify.';

CREATE FUNCTION callcenter.list_sessions(token text)
RETURNS json
LANGUAGE c STABLE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_list_sessions';
COMMENT ON FUNCTION callcenter.list_sessions(text) IS
	'the open sessions of the token''s bearer, the last used first; current is the token''s own.  Errors: 28000.';

CREATE FUNCTION callcenter.revoke_session(session_id text, token text)
RETURNS json
LANGUAGE c VOLATILE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_revoke_session';
COMMENT ON FUNCTION callcenter.revoke_session(text, text) IS
	'ends a session of the token''s bearer.  Errors: 28000, P0002.';

CREATE FUNCTION callcenter.change_password(old_password text, new_password text, token text, address text DEFAULT NULL)
RETURNS json
LANGUAGE c VOLATILE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_change_password';
COMMENT ON FUNCTION callcenter.change_password(text, text, text, text) IS
	'gives the token''s bearer another password and ends all their other sessions.  A wrong old password is an answer, so that it is counted as one of login(): success false with sqlstate 22023 and field oldPassword, or 53400 with retryAfter.  Errors: 28000, 23502, 22023 for a new password that is too short or too long.';

CREATE FUNCTION callcenter.set_password(email text, password text)
RETURNS json
LANGUAGE c VOLATILE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_set_password';
COMMENT ON FUNCTION callcenter.set_password(text, text) IS
	'gives a user another password, ends all their sessions and lets them try again at once.  Errors: 22023, 23502, P0002.';

CREATE FUNCTION callcenter.disable_user(email text)
RETURNS json
LANGUAGE c VOLATILE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_disable_user';
COMMENT ON FUNCTION callcenter.disable_user(text) IS
	'keeps a user from signing in and ends all their sessions; a token that is out stays valid until it ends.  Errors: 23502, P0002.';

CREATE FUNCTION callcenter.enable_user(email text)
RETURNS json
LANGUAGE c VOLATILE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_enable_user';
COMMENT ON FUNCTION callcenter.enable_user(text) IS
	'lets a disabled user sign in again.  Errors: 23502, P0002.';

CREATE FUNCTION callcenter.revoke_company(company_id callcenter.object_id, email text)
RETURNS json
LANGUAGE c VOLATILE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_revoke_company';
COMMENT ON FUNCTION callcenter.revoke_company(callcenter.object_id, text) IS
	'takes a user''s membership of a company back; felt at the next refresh_token().  Errors: 23502, P0002.';
