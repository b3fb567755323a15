/*
 * reply.c
 *	  Every answer that leaves the server.
 *
 * Kore's http_response() is not used: its own refusals would carry none of the
 * headers below, it sends a length with 304, no Date, and copies each header
 * twice.  The answer is put together here and queued on the connection.
 *
 * Rules
 * - Security headers go with every answer, errors included; so do Date and the
 *	 request id.  An answer is not stored by caches unless its sender says so.
 * - One shape for errors: success false, error, code, ref, and message and field
 *	 where they help.  Text of the database reaches the caller only through
 *	 router.c, which knows what may be passed on.
 * - Nothing that a client sent goes into a header.
 */
#include <openssl/rand.h>
#include <time.h>

#include "log.h"
#include "metrics.h"
#include "reply.h"
#include "shim.h"

#define CONTENT_SECURITY_POLICY \
	"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; " \
	"media-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; " \
	"frame-ancestors 'none'; object-src 'none'; " \
	"require-trusted-types-for 'script'; trusted-types lit-html"

static const char security_headers[] =
"content-security-policy: " CONTENT_SECURITY_POLICY "\r\n"
"x-content-type-options: nosniff\r\n"
"referrer-policy: same-origin\r\n"
"cross-origin-opener-policy: same-origin\r\n"
"cross-origin-resource-policy: same-origin\r\n"
"permissions-policy: microphone=(), camera=(), geolocation=(), payment=(), usb=()\r\n";

#define JSON_TYPE "application/json; charset=utf-8"
#define NO_STORE "no-store"

static const struct
{
	int			status;
	const char *text;
}			texts[] =
{
	{200, "OK"}, {201, "Created"}, {204, "No Content"},
	{302, "Found"}, {304, "Not Modified"},
	{400, "Bad Request"}, {401, "Unauthorized"}, {403, "Forbidden"}, {404, "Not Found"},
	{405, "Method Not Allowed"}, {408, "Request Timeout"}, {409, "Conflict"},
	{411, "Length Required"}, {412, "Precondition Failed"}, {413, "Content Too Large"},
	{414, "URI Too Long"}, {415, "Unsupported Media Type"}, {417, "Expectation Failed"},
	{429, "Too Many Requests"}, {431, "Request Header Fields Too Large"},
	{500, "Internal Server Error"}, {501, "Not Implemented"}, {503, "Service Unavailable"},
	{504, "Gateway Timeout"}, {505, "HTTP Version Not Supported"},
};

typedef struct Answer
{
	int			status;
	const char *ref;
	const char *type;			/* NULL: no body */
	const char *cache;
	const char *headers;		/* further lines, or "" */
	const void *body;
	size_t		length;
	bool		head_only;
	bool		close;
	bool		chunked;		/* the body comes later, in chunks */
	ReplyBody	keep;
} Answer;

/* The reason phrase of a status. */
static const char *
status_text(int status)
{
	size_t		i;

	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (texts[i].status == status)
			return texts[i].text;
	return "Status";
}

/* The time as a Date header has it, made once a second. */
static const char *
http_date(void)
{
	static char date[40];
	static time_t made;
	time_t		now = time(NULL);
	struct tm	utc;

	if (now != made)
	{
		gmtime_r(&now, &utc);
		strftime(date, sizeof(date), "%a, %d %b %Y %H:%M:%S GMT", &utc);
		made = now;
	}
	return date;
}

/* Makes a request id: a random prefix for each worker's life, then a count. */
void
reply_new_ref(char *ref)
{
	static uint32_t prefix;
	static uint32_t count;

	if (prefix == 0 && RAND_bytes((unsigned char *) &prefix, sizeof(prefix)) != 1)
		prefix = (uint32_t) rest_now_us();
	snprintf(ref, REF_LENGTH + 1, "%08x%08x", prefix, ++count);
}

/* Queues an answer on its connection. */
static void
answer_queue(struct connection *c, const Answer *a)
{
	static Text head;
	bool		has_body = a->type != NULL;

	text_reset(&head);
	text_format(&head, "HTTP/1.1 %d %s\r\ndate: %s\r\nx-request-id: %s\r\n",
				a->status, status_text(a->status), http_date(), a->ref);
	if (a->chunked)
		text_format(&head, "content-type: %s\r\ntransfer-encoding: chunked\r\n", a->type);
	else if (has_body)
		text_format(&head, "content-type: %s\r\ncontent-length: %zu\r\n", a->type, a->length);
	else if (a->status != 204 && a->status != 304)
		text_add(&head, "content-length: 0\r\n");
	text_format(&head, "connection: %s\r\ncache-control: %s\r\n",
				a->close ? "close" : "keep-alive", a->cache);
	text_add(&head, a->headers);
	text_append(&head, security_headers, sizeof(security_headers) - 1);
	text_append(&head, "\r\n", 2);

	net_send_queue(c, head.data, head.length);
	if (!has_body || a->head_only || a->length == 0)
		return;
	if (a->keep == REPLY_LASTING && a->length > NETBUF_SEND_PAYLOAD_MAX)
		net_send_stream(c, (void *) (uintptr_t) a->body, a->length, NULL, NULL);
	else
		net_send_queue(c, a->body, a->length);
}

/* Adds a header line to the answer to come; the value is the server's own. */
void
reply_header(Exchange *exchange, const char *name, const char *format, ...)
{
	char		value[1024];
	va_list		args;

	va_start(args, format);
	vsnprintf(value, sizeof(value), format, args);
	va_end(args);
	text_format(&exchange->headers, "%s: %s\r\n", name, value);
}

/* Does the client want the connection closed after this answer? */
static bool
wants_close(struct http_request *req)
{
	const char *value;

	/* head.c passes this header on only as "close" */
	return http_request_header(req, "connection", &value) == KORE_RESULT_OK;
}

/*
 * Answers.  type NULL: no body; cache: the Cache-Control header.  Logs and
 * counts the request and lets the connection read the next one.
 */
void
reply_send(Exchange *exchange, int status, const char *type, const char *cache,
		   const void *body, size_t length, ReplyBody keep)
{
	struct http_request *req = exchange->req;
	struct connection *c = req->owner;
	double		ms = (double) (rest_now_us() - exchange->started) / 1000.0;
	Answer		answer = {
		.status = status,
		.ref = exchange->ref,
		.type = type,
		.cache = cache,
		.body = body,
		.length = length,
		.head_only = req->method == HTTP_METHOD_HEAD,
		.keep = keep,
	};

	log_exchange(exchange, status, length, ms);
	metrics_count(exchange->route_slot, status, ms);
	req->status = (u_int16_t) status;
	if (c == NULL)
		return;					/* the client has gone */

	if (exchange->https)
		reply_header(exchange, "strict-transport-security", "max-age=31536000; includeSubDomains");
	answer.headers = exchange->headers.data != NULL ? exchange->headers.data : "";
	answer.close = rest_draining || wants_close(req) || (c->flags & CONN_CLOSE_EMPTY) != 0;
	answer_queue(c, &answer);
	if (answer.close)
		c->flags |= CONN_CLOSE_EMPTY;
	else
		shim_resume(c);
}

/* Begins an answer whose length is not known yet: 200, and chunks to come. */
void
reply_stream_begin(Exchange *exchange, const char *type)
{
	Answer		answer = {
		.status = 200,
		.ref = exchange->ref,
		.type = type,
		.cache = NO_STORE,
		.chunked = true,
		.close = rest_draining || wants_close(exchange->req),
		.keep = REPLY_COPY,
	};

	if (exchange->https)
		reply_header(exchange, "strict-transport-security", "max-age=31536000; includeSubDomains");
	answer.headers = exchange->headers.data != NULL ? exchange->headers.data : "";
	answer_queue(exchange->req->owner, &answer);
}

/* Sends a part of it. */
void
reply_stream_chunk(Exchange *exchange, const char *data, size_t length)
{
	char		size[32];

	if (exchange->req->method == HTTP_METHOD_HEAD || length == 0)
		return;
	snprintf(size, sizeof(size), "%zx\r\n", length);
	net_send_queue(exchange->req->owner, size, strlen(size));
	net_send_queue(exchange->req->owner, data, length);
	net_send_queue(exchange->req->owner, "\r\n", 2);
	exchange->streamed += length;
}

/* Ends it; logs, counts and lets the connection read the next request. */
void
reply_stream_end(Exchange *exchange)
{
	struct http_request *req = exchange->req;
	double		ms = (double) (rest_now_us() - exchange->started) / 1000.0;

	if (req->method != HTTP_METHOD_HEAD)
		net_send_queue(req->owner, "0\r\n\r\n", 5);
	log_exchange(exchange, 200, exchange->streamed, ms);
	metrics_count(exchange->route_slot, 200, ms);
	req->status = 200;
	if (rest_draining || wants_close(req))
		req->owner->flags |= CONN_CLOSE_EMPTY;
	else
		shim_resume(req->owner);
}

/* Answers with JSON text. */
void
reply_json(Exchange *exchange, int status, const char *body, size_t length)
{
	reply_send(exchange, status, JSON_TYPE, NO_STORE, body, length, REPLY_COPY);
}

/* Writes the one shape of errors. */
static void
error_body(Text *body, const char *ref, const char *code, const char *error,
		   const char *message, const char *field)
{
	text_add(body, "{\"success\":false,\"error\":");
	text_json(body, error, strlen(error));
	if (message != NULL)
	{
		text_add(body, ",\"message\":");
		text_json(body, message, strlen(message));
	}
	if (field != NULL)
	{
		text_add(body, ",\"field\":");
		text_json(body, field, strlen(field));
	}
	text_format(body, ",\"code\":\"%s\",\"ref\":\"%s\"}", code, ref);
}

/*
 * Answers with an error.  code: for programs, snake_case; error: for people;
 * message and field may be NULL.
 */
void
reply_error(Exchange *exchange, int status, const char *code, const char *error,
			const char *message, const char *field)
{
	Text		body = {0};

	if (status == 401 || status == 403 || status == 429)
		metrics_refused(code);
	if (status == 401)
		reply_header(exchange, "www-authenticate", "Bearer realm=\"callcenter\"");
	if (status == 429)
		reply_header(exchange, "retry-after", "%d", exchange->retry_after > 0 ? exchange->retry_after : 30);
	if (status == 503 || status == 504)
		reply_header(exchange, "retry-after", "1");
	error_body(&body, exchange->ref, code, error, message, field);
	reply_json(exchange, status, body.data, body.length);
	text_free(&body);
}

/*
 * Answers a request that is refused before Kore has seen it.  The connection is
 * to be closed by the caller once this has been read (shim.c lingers).
 */
void
reply_refuse(struct connection *c, const HeadError *why)
{
	char		ref[REF_LENGTH + 1];
	Text		body = {0};
	Answer		answer = {
		.status = why->status,
		.ref = ref,
		.type = JSON_TYPE,
		.cache = NO_STORE,
		.headers = why->status == 503 ? "retry-after: 1\r\n" : "",
		.close = true,
		.keep = REPLY_COPY,
	};

	reply_new_ref(ref);
	error_body(&body, ref, why->code, status_text(why->status), why->message, NULL);
	answer.body = body.data;
	answer.length = body.length;
	answer_queue(c, &answer);
	text_free(&body);
	log_refusal(ref, why->status, why->code);
	metrics_count(METRICS_REFUSED, why->status, 0.0);
}
