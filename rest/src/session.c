/*
 * session.c
 *	  The caller's token: from the Authorization header or the session cookie.
 *
 * Whether a token is good is found out in PostgreSQL, once, by the function that
 * gets it.  Here only what is plainly absent or malformed is refused.
 *
 * Rules
 * - Machines send "Authorization: Bearer", browsers a cookie; both at once is
 *	 refused, since one of them was not meant.
 * - The cookie is HttpOnly, SameSite=Strict, Path=/ and without Domain.  Over
 *	 https it is "__Host-cc" and Secure; over plain http, which is for the
 *	 machine itself only, it is "cc".  Elsewhere nobody can sign in without https.
 * - A browser sends the cookie by itself, so an unsafe method that comes with it
 *	 must come from our own pages: Sec-Fetch-Site says same-origin, or, from
 *	 browsers too old to send that, Origin names our host.  Neither: refused.
 * - A token is never logged, nor put into an error.
 */
#include "reply.h"
#include "session.h"

#define TOKEN_MAX 6144

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

/* The name of the session cookie. */
static const char *
cookie_name(const Exchange *exchange)
{
	return exchange->https ? "__Host-cc" : "cc";
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

/* Puts a token into the session cookie of the answer. */
void
session_set_cookie(Exchange *exchange, const char *token)
{
	text_format(&exchange->headers, "set-cookie: %s=%s; Path=/; HttpOnly; SameSite=Strict%s\r\n",
				cookie_name(exchange), token, exchange->https ? "; Secure" : "");
}

/* DELETE /api/session: the browser forgets the session and what it has stored. */
void
session_end(Exchange *exchange)
{
	static const char body[] = "{\"success\":true}";

	text_format(&exchange->headers,
				"set-cookie: %s=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0%s\r\n"
				"clear-site-data: \"cache\", \"storage\"\r\n",
				cookie_name(exchange), exchange->https ? "; Secure" : "");
	reply_json(exchange, 200, body, sizeof(body) - 1);
}
