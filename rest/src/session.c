/*
 * session.c
 *	  The caller's tokens: from the Authorization header or the session's cookies.
 *
 * Whether a token is good is found out in PostgreSQL, once, by the function that
 * gets it.  Here only what is plainly absent or malformed is refused.
 *
 * Rules
 * - Machines send "Authorization: Bearer", browsers a cookie; both at once is
 *	 refused, since one of them was not meant.
 * - Cookies are HttpOnly, SameSite=Strict and without Domain.  The token's has
 *	 Path=/ and goes with every request; it ends with the token.  The refresh
 *	 token's has Path=/api/session and goes where it is exchanged or given back
 *	 only; it ends with the browser.  Over https they are "__Host-cc" and, as
 *	 __Host- asks for Path=/, "__Secure-cc-refresh", both Secure; over plain
 *	 http, which is for the machine itself only, "cc" and "cc-refresh".
 *	 Elsewhere nobody can sign in without https.
 * - A browser sends cookies by itself, so an unsafe method that comes with one
 *	 must come from our own pages: Sec-Fetch-Site says same-origin, or, from
 *	 browsers too old to send that, Origin names our host.  Neither: refused.
 *	 Without a cookie a page of an origin in CALLCENTER_CORS_ORIGINS may ask
 *	 too, but not sign a browser in.
 * - A token is never logged, nor put into an error.
 */
#include "reply.h"
#include "session.h"

#define TOKEN_MAX 6144
#define REFRESH_PATH "/api/session"

/* Is this a name of the machine itself? */
static bool
is_loopback(const char *host)
{
	static const char *const names[] = {"localhost", "127.0.0.1", "[::1]"};
	size_t		i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
	{
		size_t		length = strlen(names[i]);

		if (strncasecmp(host, names[i], length) == 0 &&
			(host[length] == '\0' || host[length] == ':'))
			return true;
	}
	return false;
}

/* The name of the token's cookie. */
static const char *
cookie_name(const Exchange *exchange)
{
	return exchange->https ? "__Host-cc" : "cc";
}

/* The name of the refresh token's cookie. */
static const char *
refresh_cookie_name(const Exchange *exchange)
{
	return exchange->https ? "__Secure-cc-refresh" : "cc-refresh";
}

/* Finds a cookie's value in a Cookie header. */
static const char *
find_cookie(const char *header, const char *name, size_t *length)
{
	size_t		name_length = strlen(name);

	while (*header != '\0')
	{
		size_t		n;

		header += strspn(header, "; ");
		n = strcspn(header, ";");
		if (n > name_length && strncmp(header, name, name_length) == 0 && header[name_length] == '=')
		{
			*length = n - name_length - 1;
			return header + name_length + 1;
		}
		header += n;
	}
	return NULL;
}

/* Has this the form of a token: base64url parts and dots, not too long? */
static bool
is_token(const char *token, size_t length)
{
	size_t		i;

	if (length == 0 || length > TOKEN_MAX)
		return false;
	for (i = 0; i < length; i++)
	{
		char		c = token[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
			  c == '.' || c == '-' || c == '_'))
			return false;
	}
	return true;
}

/* Refuses for want of a token. */
static bool
unauthorized(Exchange *exchange)
{
	reply_error(exchange, 401, "authentication_required", "Authentication required", NULL, NULL);
	return false;
}

/*
 * Reads the caller's token into the exchange.  False when that was answered
 * with an error; without "required" only two credentials at once are one.
 */
bool
session_read(Exchange *exchange, bool required)
{
	const char *authorization = NULL;
	const char *cookies = NULL;
	const char *token = NULL;
	size_t		length = 0;

	http_request_header(exchange->req, "authorization", &authorization);
	if (http_request_header(exchange->req, "cookie", &cookies))
		token = find_cookie(cookies, cookie_name(exchange), &length);
	if (token != NULL)
		exchange->credential = CREDENTIAL_COOKIE;
	if (authorization != NULL)
	{
		if (token != NULL)
		{
			reply_error(exchange, 400, "two_credentials", "Invalid request",
						"send a session cookie or an Authorization header, not both", NULL);
			return false;
		}
		if (strncasecmp(authorization, "Bearer ", 7) == 0)
		{
			token = authorization + 7 + strspn(authorization + 7, " ");
			length = strlen(token);
			exchange->credential = CREDENTIAL_BEARER;
		}
	}
	if (token != NULL && is_token(token, length))
		text_append(&exchange->token, token, length);
	else if (required)
		return unauthorized(exchange);
	return true;
}

/*
 * Reads the refresh token of the cookie into the exchange.  False when it is
 * required and not there, and that was answered.
 */
bool
session_read_refresh(Exchange *exchange, bool required)
{
	const char *cookies;
	const char *token = NULL;
	size_t		length = 0;

	if (http_request_header(exchange->req, "cookie", &cookies))
		token = find_cookie(cookies, refresh_cookie_name(exchange), &length);
	if (token != NULL)
	{
		exchange->credential = CREDENTIAL_COOKIE;
		if (is_token(token, length))
			text_append(&exchange->refresh, token, length);
	}
	if (exchange->refresh.length == 0 && required)
		return unauthorized(exchange);
	return true;
}

/* Does the Origin header name the host that was asked? */
static bool
is_own_origin(const char *origin, const char *host)
{
	const char *name = strstr(origin, "://");

	return name != NULL && strcasecmp(name + 3, host) == 0;
}

/*
 * Refuses an unsafe request that another site may have made the browser send:
 * one that carries the cookie, or is to set it.  False when answered so.
 */
bool
session_check_origin(Exchange *exchange)
{
	struct http_request *req = exchange->req;
	const char *site;
	const char *origin;
	bool		own;

	if (req->method & (HTTP_METHOD_GET | HTTP_METHOD_HEAD | HTTP_METHOD_OPTIONS))
		return true;
	if (http_request_header(req, "sec-fetch-site", &site))
		own = strcmp(site, "same-origin") == 0;
	else if (http_request_header(req, "origin", &origin))
		own = is_own_origin(origin, req->host);
	else
		own = exchange->credential != CREDENTIAL_COOKIE;	/* not a browser */
	if (exchange->cors && exchange->credential != CREDENTIAL_COOKIE && !exchange->sets_cookies)
		own = true;
	if (!own)
		reply_error(exchange, 403, "cross_site", "Access denied",
					"the request does not come from this site", NULL);
	return own;
}

/* Refuses to sign a browser in where its cookie could be read on the way. */
bool
session_cookie_allowed(Exchange *exchange)
{
	if (exchange->https || is_loopback(exchange->req->host))
		return true;
	reply_error(exchange, 403, "https_required", "Access denied",
				"sign in over https", NULL);
	return false;
}

/*
 * Puts tokens into the cookies of the answer; the first lasts for so many
 * seconds.  Without a refresh token the browser keeps the one it has.
 */
void
session_set_cookies(Exchange *exchange, const char *token, const char *seconds, const char *refresh)
{
	const char *secure = exchange->https ? "; Secure" : "";

	text_format(&exchange->headers, "set-cookie: %s=%s; Path=/; Max-Age=%s; HttpOnly; SameSite=Strict%s\r\n",
				cookie_name(exchange), token, seconds, secure);
	if (refresh != NULL)
		text_format(&exchange->headers, "set-cookie: %s=%s; Path=" REFRESH_PATH "; HttpOnly; SameSite=Strict%s\r\n",
					refresh_cookie_name(exchange), refresh, secure);
}

/* Takes the cookies back; the browser forgets what it has stored of the pages, too. */
void
session_clear_cookies(Exchange *exchange)
{
	const char *secure = exchange->https ? "; Secure" : "";

	text_format(&exchange->headers,
				"set-cookie: %s=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0%s\r\n"
				"set-cookie: %s=; Path=" REFRESH_PATH "; HttpOnly; SameSite=Strict; Max-Age=0%s\r\n",
				cookie_name(exchange), secure, refresh_cookie_name(exchange), secure);
}
