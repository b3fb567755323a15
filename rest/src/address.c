/*
 * address.c
 *	  Where a caller is, and which other origins may ask.
 *
 * Rules
 * - The caller's address is the other end of the connection.  When that is one
 *	 of CALLCENTER_TRUSTED_PROXIES (IPv4 addresses, by comma), it is the last one
 *	 of X-Forwarded-For: the proxy wrote that, and anybody what stands before it.
 * - CORS is off unless CALLCENTER_CORS_ORIGINS names origins, by comma, each as a
 *	 browser writes it ("https://app.example.com").  They are compared exactly,
 *	 and may send tokens, not cookies: Access-Control-Allow-Credentials is never
 *	 sent.
 */
#include <arpa/inet.h>

#include "address.h"
#include "reply.h"

#define LIST_MAX 32

static struct in_addr proxies[LIST_MAX];
static int	nproxies;
static const char *origins[LIST_MAX];
static int	norigins;

/* Cuts a list at its commas, in place; blanks around its items do not count. */
static char *
next_item(char **list)
{
	char	   *item = *list;
	char	   *end;

	while (*item == ' ' || *item == ',')
		item++;
	if (*item == '\0')
		return NULL;
	*list = item + strcspn(item, ",");
	end = *list;
	if (**list == ',')
		(*list)++;
	while (end > item && end[-1] == ' ')
		end--;
	*end = '\0';
	return item;
}

/* Is this an origin as a browser writes it: scheme, host and perhaps port, in lower case? */
static bool
is_origin(const char *origin)
{
	const char *host = strncmp(origin, "https://", 8) == 0 ? origin + 8 :
		strncmp(origin, "http://", 7) == 0 ? origin + 7 : NULL;

	return host != NULL && *host != '\0' &&
		strspn(host, "abcdefghijklmnopqrstuvwxyz0123456789.-:[]") == strlen(host);
}

/* Reads the settings; in the parent.  A list that is wrong ends the start. */
void
address_configure(const char *proxy_list, const char *origin_list)
{
	char	   *list = kore_strdup(proxy_list);
	char	   *item;

	while ((item = next_item(&list)) != NULL)
		if (nproxies == LIST_MAX || inet_pton(AF_INET, item, &proxies[nproxies++]) != 1)
			fatalx("CALLCENTER_TRUSTED_PROXIES: not an IPv4 address, or too many: %s", item);
	list = kore_strdup(origin_list);
	while ((item = next_item(&list)) != NULL)
	{
		if (norigins == LIST_MAX || !is_origin(item))
			fatalx("CALLCENTER_CORS_ORIGINS: not an origin such as https://app.example.com, or too many: %s", item);
		origins[norigins++] = item;
	}
}

/* Is the other end of the connection a proxy that may speak for others? */
static bool
is_proxy(struct in_addr peer)
{
	int			i;

	for (i = 0; i < nproxies; i++)
		if (proxies[i].s_addr == peer.s_addr)
			return true;
	return false;
}

/* Takes the last address of X-Forwarded-For; false when it is none. */
static bool
read_forwarded(const char *list, char *address)
{
	const char *last = strrchr(list, ',');
	char		item[ADDRESS_MAX + 8];
	unsigned char binary[sizeof(struct in6_addr)];
	char	   *end;

	last = last != NULL ? last + 1 : list;
	last += strspn(last, " ");
	if (strlen(last) >= sizeof(item))
		return false;
	strcpy(item, last);
	for (end = item + strlen(item); end > item && end[-1] == ' '; end--)
		;
	*end = '\0';
	/* some write a port behind it: 192.0.2.1:5678, [2001:db8::1]:5678 */
	if (item[0] == '[' && (end = strchr(item, ']')) != NULL)
	{
		*end = '\0';
		memmove(item, item + 1, strlen(item));
	}
	else if ((end = strchr(item, ':')) != NULL && strchr(end + 1, ':') == NULL)
		*end = '\0';
	if (strlen(item) >= ADDRESS_MAX ||
		(inet_pton(AF_INET, item, binary) != 1 && inet_pton(AF_INET6, item, binary) != 1))
		return false;
	strcpy(address, item);
	return true;
}

/* Finds out where the caller is. */
void
address_read(Exchange *exchange)
{
	struct in_addr peer = exchange->req->owner->addr.ipv4.sin_addr;
	const char *forwarded;

	if (is_proxy(peer) && http_request_header(exchange->req, "x-forwarded-for", &forwarded) &&
		read_forwarded(forwarded, exchange->address))
		return;
	inet_ntop(AF_INET, &peer, exchange->address, sizeof(exchange->address));
}

/* Lets the answer be read by a page of another origin, if that is one that may ask. */
void
address_cors(Exchange *exchange)
{
	const char *origin;
	int			i;

	if (norigins == 0 || strncmp(exchange->req->path, "/api/", 5) != 0)
		return;
	reply_header(exchange, "vary", "Origin");
	if (!http_request_header(exchange->req, "origin", &origin))
		return;
	for (i = 0; i < norigins; i++)
	{
		if (strcmp(origins[i], origin) != 0)
			continue;
		exchange->cors = true;
		reply_header(exchange, "access-control-allow-origin", "%s", origins[i]);
		reply_header(exchange, "access-control-expose-headers", "retry-after, x-request-id");
	}
}

/* Tells such a page what it may ask. */
void
address_preflight(Exchange *exchange, const char *methods)
{
	if (!exchange->cors)
		return;
	reply_header(exchange, "access-control-allow-methods", "%s", methods);
	reply_header(exchange, "access-control-allow-headers", "authorization, content-type, if-match");
	reply_header(exchange, "access-control-max-age", "600");
}
