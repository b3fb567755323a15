/*
 * health.c
 *	  Is the server alive, and can it work?
 *
 * /healthz answers as long as the event loop turns: a supervisor restarts what
 * does not.  /readyz says whether requests should come here now: every lane has
 * a connection whose statements are prepared (so the extension is there and
 * fits this server), PostgreSQL answered lately, and we are not shutting down.
 */
#include "health.h"
#include "reply.h"

/* GET /healthz */
void
health_live(Exchange *exchange)
{
	static const char body[] = "{\"success\":true}";

	reply_json(exchange, 200, body, sizeof(body) - 1);
}

/* GET /readyz */
void
health_ready(Exchange *exchange)
{
	const char *why = rest_draining ? "shutting down" : db_not_ready();

	if (why != NULL)
		reply_error(exchange, 503, "not_ready", "Not ready", why, NULL);
	else
		health_live(exchange);
}
