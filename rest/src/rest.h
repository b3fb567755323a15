/*
 * rest.h
 *	  What the parts of the REST server share: settings and the exchange.
 *
 * An Exchange is one request with its answer.  It lives in Kore's request
 * (hdlr_extra) from the first call of the router until Kore frees the request,
 * also when the client goes away in between.
 */
#ifndef CALLCENTER_REST_H
#define CALLCENTER_REST_H

#include <kore/kore.h>
#include <kore/http.h>

#include <stdbool.h>
#include <stdint.h>

#include "db.h"
#include "head.h"
#include "params.h"
#include "text.h"

/* Kore finds its hooks with dlsym(); nothing else leaves the module. */
#define REST_EXPORT __attribute__((visibility("default")))

#define WORKERS_MAX 64
#define REF_LENGTH 16
#define COMPANY_LENGTH 24
#define VERSION_DIGITS 9
#define ADDRESS_MAX 46			/* INET6_ADDRSTRLEN */

/* How the caller proves itself; the token is verified in PostgreSQL. */
typedef enum Credential
{
	CREDENTIAL_NONE,
	CREDENTIAL_BEARER,
	CREDENTIAL_COOKIE
} Credential;

struct Route;

typedef struct Exchange
{
	struct http_request *req;
	const struct Route *route;	/* NULL while none has matched */
	const char *route_name;		/* for the log and the metrics; never the path */
	int			route_slot;
	uint64_t	started;		/* microseconds, monotonic */
	char		ref[REF_LENGTH + 1];	/* request id, given to the caller */
	bool		https;			/* the caller speaks TLS with a proxy before us */

	char		company[COMPANY_LENGTH + 1];	/* "" while not known */
	char	   *segments[SEGMENTS_MAX];
	int			nsegments;
	Credential	credential;
	Text		token;
	Text		refresh;		/* the refresh token of the cookie */
	char		address[ADDRESS_MAX];	/* where the caller is, see address.c */
	bool		cors;			/* a page of an origin that CORS lets ask */
	bool		sets_cookies;	/* the route signs a browser in */
	int			retry_after;	/* seconds, for an error's Retry-After; 0: the usual */
	char		version[VERSION_DIGITS + 1];	/* of If-Match; "" without */
	Text		query;			/* the query string as a JSON object */
	Text		headers;		/* further header lines of the answer */
	DbRequest  *db;
	size_t		streamed;		/* bytes of an answer that comes in chunks */
	bool		waits;			/* for its client; in export.c's list */
	TAILQ_ENTRY(Exchange) waiting;
	char		path[HEAD_TARGET_MAX + 1];	/* the segments point into it */
} Exchange;

typedef struct Settings
{
	const char *frontend;		/* directory of the page */
	const char *address;		/* IPv4 address to listen on */
	uint16_t	port;
} Settings;

extern Settings settings;
extern bool rest_draining;		/* shutting down: answers close, nothing new */

extern uint64_t rest_now_us(void);

#endif
