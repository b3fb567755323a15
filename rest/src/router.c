/*
 * router.c
 *	  From a request to its route, and from the route's statement to an answer.
 *
 * Kore has one route for everything; the routes are in routes.def.  A request
 * passes here twice: first it is checked and its statement submitted, and Kore
 * lets it sleep; when the outcome is there it becomes the answer.
 *
 * Rules
 * - The order of refusals: 404, 405, 401 (no token), 400 (company id), 403
 *	 (another site's request), 415 and 400 (body, query).  All else is decided by
 *	 the function in PostgreSQL.
 * - The body of a good answer is PostgreSQL's text, untouched.
 * - The text of an error is passed on only if the extension raised it for the
 *	 caller: schema name "callcenter" and no table name in its diagnostics.  Text
 *	 of internal errors goes to the log, with the request id.
 */
#include "address.h"
#include "export.h"
#include "health.h"
#include "json.h"
#include "log.h"
#include "metrics.h"
#include "reply.h"
#include "router.h"
#include "session.h"
#include "sqlstate.h"
#include "static.h"

REST_EXPORT int rest_any(struct http_request *req);

typedef enum Access
{
	OPEN,
	SIGNED_IN,
	SIGN_IN,
	REFRESH_IN,
	SIGN_OUT
} Access;

typedef enum Parameter
{
	END,
	COMPANY,
	PATH,
	QUERY,
	BODY,
	VERSION,
	TOKEN,
	REFRESH,
	ADDRESS
} Parameter;

/* What the columns of a statement's row are, see statements.def. */
enum
{
	COLUMN_BODY,
	COLUMN_STATUS,
	COLUMN_TOKEN,
	COLUMN_SECONDS,
	COLUMN_REFRESH,
	COLUMN_SQLSTATE,
	COLUMN_MESSAGE,
	COLUMN_FIELD,
	COLUMN_RETRY_AFTER
};

typedef struct Route
{
	int			method;
	const char *pattern;
	Access		access;
	void		(*answer) (Exchange *exchange); /* NULL: a statement */
	DbStatement statement;
	bool		(*rows) (Exchange *exchange);	/* takes its rows; NULL: one row is the answer */
	Parameter	parameters[DB_PARAMS_MAX + 1];	/* up to END */
	const char *parts[SEGMENTS_MAX];	/* the pattern's segments */
	int			nparts;
} Route;

#define ANSWER(function) .answer = function
#define CALL(name, ...) .statement = STATEMENT_##name, .parameters = {__VA_ARGS__}
#define ROWS(function) .rows = function
#define ROUTE(verb, path, who, ...) \
	{.method = HTTP_METHOD_##verb, .pattern = path, .access = who, __VA_ARGS__},

static Route routes[] =
{
#include "routes.def"
};

#define ROUTES ((int) (sizeof(routes) / sizeof(routes[0])))

static const struct
{
	int			method;
	const char *name;
}			methods[] =
{
	{HTTP_METHOD_GET, "GET"}, {HTTP_METHOD_HEAD, "HEAD"}, {HTTP_METHOD_POST, "POST"},
	{HTTP_METHOD_PUT, "PUT"}, {HTTP_METHOD_PATCH, "PATCH"}, {HTTP_METHOD_DELETE, "DELETE"},
	{HTTP_METHOD_OPTIONS, "OPTIONS"},
};

/* How many parameters the route's statement gets. */
static int
count_parameters(const Route *route)
{
	int			n = 0;

	while (route->parameters[n] != END)
		n++;
	return n;
}

/* Cuts the patterns into segments and checks the table; in the parent. */
void
router_open(void)
{
	int			i;

	if (ROUTES > METRICS_STATIC)
		fatalx("more routes than the metrics have room for");
	for (i = 0; i < ROUTES; i++)
	{
		Route	   *route = &routes[i];
		char	   *segments[SEGMENTS_MAX];
		int			j;

		route->nparts = params_path(kore_strdup(route->pattern), segments);
		for (j = 0; j < route->nparts; j++)
			route->parts[j] = segments[j];
		if (route->nparts < 0 || (route->answer == NULL &&
								  count_parameters(route) != db_parameters(route->statement)))
			fatalx("route %s does not fit its statement", route->pattern);
	}
}

/* How many routes there are. */
int
router_count(void)
{
	return ROUTES;
}

/* A route's method. */
const char *
router_method(int slot)
{
	return http_method_text(routes[slot].method);
}

/* A route's pattern. */
const char *
router_pattern(int slot)
{
	return routes[slot].pattern;
}

/* Frees what an exchange holds; Kore calls it when it frees the request. */
static void
exchange_free(struct http_request *req)
{
	Exchange   *exchange = http_state_get(req);

	export_forget(exchange);
	if (exchange->db != NULL)
		db_forget(exchange->db);
	if (exchange->token.data != NULL)
		OPENSSL_cleanse(exchange->token.data, exchange->token.size);
	text_free(&exchange->token);
	if (exchange->refresh.data != NULL)
		OPENSSL_cleanse(exchange->refresh.data, exchange->refresh.size);
	text_free(&exchange->refresh);
	text_free(&exchange->query);
	text_free(&exchange->headers);
}

/* Begins an exchange. */
static Exchange *
exchange_new(struct http_request *req)
{
	Exchange   *exchange = http_state_create(req, sizeof(*exchange), exchange_free);
	const char *proto;

	exchange->req = req;
	exchange->started = rest_now_us();
	exchange->route_name = "unmatched";
	exchange->route_slot = METRICS_UNMATCHED;
	exchange->https = http_request_header(req, "x-forwarded-proto", &proto) &&
		strcasecmp(proto, "https") == 0;
	reply_new_ref(exchange->ref);
	kore_strlcpy(exchange->path, req->path, sizeof(exchange->path));
	address_read(exchange);
	address_cors(exchange);
	return exchange;
}

/* ---- the route ---- */

/* Do the segments of the path fit the pattern? */
static bool
fits(const Route *route, const Exchange *exchange)
{
	int			i;

	if (route->nparts != exchange->nsegments)
		return false;
	for (i = 0; i < route->nparts; i++)
	{
		if (route->parts[i][0] == ':' ? exchange->segments[i][0] == '\0' :
			strcmp(route->parts[i], exchange->segments[i]) != 0)
			return false;
	}
	return true;
}

/* Answers OPTIONS, or refuses a method: both name the methods there are. */
static void
answer_methods(Exchange *exchange, int allowed)
{
	Text		list = {0};
	size_t		i;

	allowed |= HTTP_METHOD_OPTIONS;
	if (allowed & HTTP_METHOD_GET)
		allowed |= HTTP_METHOD_HEAD;
	for (i = 0; i < sizeof(methods) / sizeof(methods[0]); i++)
		if (allowed & methods[i].method)
			text_format(&list, "%s%s", list.length > 0 ? ", " : "", methods[i].name);
	reply_header(exchange, "allow", "%s", list.data);
	if (exchange->req->method == HTTP_METHOD_OPTIONS)
		address_preflight(exchange, list.data);
	text_free(&list);

	if (exchange->req->method == HTTP_METHOD_OPTIONS)
		reply_send(exchange, 204, NULL, "no-store", NULL, 0, REPLY_COPY);
	else
		reply_error(exchange, 405, "method_not_allowed", "Method not allowed", NULL, NULL);
}

/*
 * Finds the route and notes it in the exchange.  False when there is none, or a
 * file, and that was answered.
 */
static bool
find_route(Exchange *exchange)
{
	int			method = exchange->req->method;
	int			allowed = 0;
	const StaticFile *file;
	int			i;

	if ((file = static_find(exchange->req->path)) != NULL)
	{
		exchange->route_name = "static";
		exchange->route_slot = METRICS_STATIC;
		if (method & (HTTP_METHOD_GET | HTTP_METHOD_HEAD))
			static_answer(exchange, file);
		else
			answer_methods(exchange, HTTP_METHOD_GET);
		return false;
	}
	exchange->nsegments = params_path(exchange->path, exchange->segments);
	if (exchange->nsegments < 0)
	{
		reply_error(exchange, 400, "malformed_path", "Invalid request",
					"the path must be percent-encoded UTF-8 without NUL", NULL);
		return false;
	}
	for (i = 0; i < ROUTES; i++)
	{
		if (!fits(&routes[i], exchange))
			continue;
		allowed |= routes[i].method;
		if (exchange->route == NULL && (routes[i].method == method ||
										(method == HTTP_METHOD_HEAD && routes[i].method == HTTP_METHOD_GET)))
		{
			exchange->route = &routes[i];
			exchange->route_name = routes[i].pattern;
			exchange->route_slot = i;
		}
	}
	if (exchange->route != NULL)
		return true;
	if (allowed != 0)
		answer_methods(exchange, allowed);
	else
		reply_error(exchange, 404, "not_found", "Not found", NULL, NULL);
	return false;
}

/* ---- the statement's parameters ---- */

/* Checks the company id in the path. */
static bool
read_company(Exchange *exchange)
{
	int			i;

	for (i = 0; i < exchange->route->nparts; i++)
	{
		if (strcmp(exchange->route->parts[i], ":companyId") != 0)
			continue;
		if (!params_company(exchange->segments[i], exchange->company))
		{
			exchange->company[0] = '\0';
			reply_error(exchange, 400, "invalid_company_id", "Invalid company ID format", NULL, NULL);
			return false;
		}
	}
	return true;
}

/* The next ":name" segment that is not the company, after segment *at. */
static const char *
next_path_parameter(const Exchange *exchange, int *at)
{
	for (; *at < exchange->route->nparts; (*at)++)
	{
		const char *part = exchange->route->parts[*at];

		if (part[0] == ':' && strcmp(part, ":companyId") != 0)
			return exchange->segments[(*at)++];
	}
	return NULL;
}

/* Is the body declared as JSON? */
static bool
is_json(const char *type)
{
	size_t		length = strcspn(type, "; ");

	return length == 16 && strncasecmp(type, "application/json", 16) == 0;
}

/* Checks the body; NULL when it was refused, else its text, NUL-terminated. */
static const char *
read_body(Exchange *exchange)
{
	struct http_request *req = exchange->req;
	struct kore_buf *body = req->http_body;
	const char *type;
	const char *wrong;

	if (!http_request_header(req, "content-type", &type) || !is_json(type))
	{
		reply_error(exchange, 415, "json_required", "Unsupported media type",
					"send the body as application/json", NULL);
		return NULL;
	}
	if (body == NULL || req->http_body_length == 0)
	{
		reply_error(exchange, 400, "empty_body", "Invalid request", "the body is empty", NULL);
		return NULL;
	}
	wrong = json_check((const char *) body->data, req->http_body_length);
	if (wrong != NULL)
	{
		reply_error(exchange, 400, "invalid_json", "Invalid request", wrong, NULL);
		return NULL;
	}
	body->offset = req->http_body_length;	/* Kore has set it back to the start */
	kore_buf_append(body, "", 1);
	return (const char *) body->data;
}

/* Turns the query string into JSON; NULL when it was refused. */
static const char *
read_query(Exchange *exchange)
{
	ParamError	error;
	Text		message = {0};

	if (params_query(exchange->req->query_string, &exchange->query, &error))
		return exchange->query.data;
	if (error.field.length > 0)
		text_format(&message, "parameter \"%s\" ", error.field.data);
	text_add(&message, error.message);
	reply_error(exchange, 400, "invalid_parameter", "Invalid request", message.data,
				error.field.length > 0 ? error.field.data : NULL);
	text_free(&message);
	text_free(&error.field);
	return NULL;
}

/*
 * Reads the version that a change was made from: If-Match: "3", or 3.  False
 * when it is malformed, and that was answered.
 */
static bool
read_version(Exchange *exchange)
{
	const char *value;
	size_t		length;

	if (!http_request_header(exchange->req, "if-match", &value) || strcmp(value, "*") == 0)
		return true;
	length = strlen(value);
	if (length > 1 && value[0] == '"' && value[length - 1] == '"')
	{
		value++;
		length -= 2;
	}
	if (length == 0 || length > VERSION_DIGITS || strspn(value, "0123456789") != length)
	{
		reply_error(exchange, 400, "invalid_version", "Invalid request",
					"If-Match must be the version that the change was made from", NULL);
		return false;
	}
	snprintf(exchange->version, sizeof(exchange->version), "%.*s", (int) length, value);
	return true;
}

/* The statement's outcome is there: Kore may go on with the request. */
void
router_wake(void *arg)
{
	Exchange   *exchange = arg;

	http_request_wakeup(exchange->req);
}

/* Submits the route's statement; false when the request was answered instead. */
static bool
submit(Exchange *exchange)
{
	const Route *route = exchange->route;
	const char *values[DB_PARAMS_MAX];
	bool		takes_query = false;
	int			segment = 0;
	int			n;

	for (n = 0; route->parameters[n] != END; n++)
	{
		switch (route->parameters[n])
		{
			case COMPANY:
				values[n] = exchange->company;
				break;
			case PATH:
				values[n] = next_path_parameter(exchange, &segment);
				break;
			case QUERY:
				values[n] = read_query(exchange);
				takes_query = true;
				break;
			case BODY:
				values[n] = read_body(exchange);
				break;
			case VERSION:
				if (!read_version(exchange))
					return false;
				values[n] = exchange->version[0] != '\0' ? exchange->version : NULL;
				break;
			case TOKEN:
				values[n] = exchange->token.data;
				break;
			case REFRESH:
				values[n] = exchange->refresh.data;
				break;
			case ADDRESS:
				values[n] = exchange->address;
				break;
			case END:
				break;
		}
		if (values[n] == NULL && (route->parameters[n] == QUERY || route->parameters[n] == BODY))
			return false;
	}
	if (!takes_query && exchange->req->query_string != NULL &&
		exchange->req->query_string[0] != '\0')
	{
		reply_error(exchange, 400, "invalid_parameter", "Invalid request",
					"this address takes no parameters", NULL);
		return false;
	}
	exchange->db = db_submit(route->statement, values, n, router_wake, exchange);
	return true;
}

/* ---- the answer ---- */

/* Does the route give cookies to a browser? */
static bool
gives_cookies(const Route *route)
{
	return route->access == SIGN_IN || route->access == REFRESH_IN;
}

/*
 * Answers with a failure that the statement returned instead of raising it, so
 * that what it wrote was committed.
 */
static void
answer_failure(Exchange *exchange, const char *sqlstate)
{
	const SqlState *state = sqlstate_find(sqlstate, true);
	const char *message = db_value(exchange->db, COLUMN_MESSAGE, NULL);
	const char *seconds = db_value(exchange->db, COLUMN_RETRY_AFTER, NULL);

	exchange->retry_after = seconds != NULL ? atoi(seconds) : 0;
	if (exchange->route->access == REFRESH_IN)
		session_clear_cookies(exchange);
	reply_error(exchange, state->status, state->code, state->error,
				message != NULL && strcasecmp(message, state->error) != 0 ? message : NULL,
				db_value(exchange->db, COLUMN_FIELD, NULL));
}

/* Answers with what the statement returned. */
static void
answer_row(Exchange *exchange)
{
	size_t		length = 0;
	const char *body = db_value(exchange->db, COLUMN_BODY, &length);
	const char *status = db_value(exchange->db, COLUMN_STATUS, NULL);
	const char *token = db_value(exchange->db, COLUMN_TOKEN, NULL);
	const char *sqlstate = db_value(exchange->db, COLUMN_SQLSTATE, NULL);

	if (sqlstate != NULL)
	{
		answer_failure(exchange, sqlstate);
		return;
	}
	if (body == NULL)
	{
		reply_error(exchange, 400, "invalid_request", "Invalid request",
					"something that is needed is missing", NULL);
		return;
	}
	if (token != NULL && gives_cookies(exchange->route))
		session_set_cookies(exchange, token, db_value(exchange->db, COLUMN_SECONDS, NULL),
							db_value(exchange->db, COLUMN_REFRESH, NULL));
	if (exchange->route->access == SIGN_OUT)
	{
		session_clear_cookies(exchange);
		reply_header(exchange, "clear-site-data", "\"cache\", \"storage\"");
	}
	reply_json(exchange, status != NULL ? atoi(status) : 200, body, length);
}

/* Answers with the error that PostgreSQL raised. */
static void
answer_sql_error(Exchange *exchange)
{
	const char *sqlstate = db_error(exchange->db, DB_SQLSTATE);
	const char *schema = db_error(exchange->db, DB_SCHEMA);
	const char *message = db_error(exchange->db, DB_MESSAGE);
	const char *column = NULL;
	bool		ours = schema != NULL && strcmp(schema, "callcenter") == 0 &&
		db_error(exchange->db, DB_TABLE) == NULL;
	const SqlState *state = sqlstate_find(sqlstate, ours);

	if (state->status >= 500)
		log_event(LOG_LEVEL_ERROR, exchange->ref, "SQLSTATE %s: %s",
				  sqlstate != NULL ? sqlstate : "none", message != NULL ? message : "no message");
	if (ours)
		column = db_error(exchange->db, DB_COLUMN);
	else
		message = state->status == 400 ? "a value is missing or not allowed" : NULL;
	if (message != NULL && strcasecmp(message, state->error) == 0)
		message = NULL;			/* says nothing more */
	if (exchange->route->access == SIGN_OUT && state->status == 401)
		session_clear_cookies(exchange);
	if (column != NULL && column[0] == '\0')
		column = NULL;
	reply_error(exchange, state->status, state->code, state->error, message, column);
}

/* The outcome is there: answers.  True when more is to come. */
static bool
answer_outcome(Exchange *exchange)
{
	if (exchange->route->rows != NULL &&
		(exchange->streamed > 0 || db_outcome(exchange->db) == DB_ROW))
		return exchange->route->rows(exchange);

	switch (db_outcome(exchange->db))
	{
		case DB_ROW:
			answer_row(exchange);
			break;
		case DB_ERROR:
			answer_sql_error(exchange);
			break;
		case DB_LOST:
			reply_error(exchange, 503, "connection_lost", "Service unavailable",
						"the database went away; whether the request was carried out is not known", NULL);
			break;
		case DB_BUSY:
			reply_error(exchange, 503, "busy", "Service unavailable", "too many requests at once", NULL);
			break;
		case DB_DOWN:
			reply_error(exchange, 503, "database_unavailable", "Service unavailable",
						"the database is not reachable", NULL);
			break;
		case DB_LATE:
			reply_error(exchange, 504, "timeout", "Timeout", "the database is too busy", NULL);
			break;
		case DB_WAITING:
			break;
	}
	return false;
}

/* A request has come: answers it, or submits its statement and returns true. */
static bool
begin(Exchange *exchange)
{
	const Route *route;

	if (!find_route(exchange))
		return false;
	route = exchange->route;
	exchange->sets_cookies = gives_cookies(route) || route->access == SIGN_OUT;
	/* an exchange looks at the refresh token alone: the other has ended, or is to */
	if (route->access == REFRESH_IN ? !session_read_refresh(exchange, true) :
		!session_read(exchange, route->access == SIGNED_IN))
		return false;
	if (route->access == SIGN_OUT)
		session_read_refresh(exchange, false);
	if (!read_company(exchange) || !session_check_origin(exchange))
		return false;
	if (route->answer != NULL)
	{
		route->answer(exchange);
		return false;
	}
	if (gives_cookies(route) && !session_cookie_allowed(exchange))
		return false;
	if (!submit(exchange))
		return false;
	if (db_outcome(exchange->db) == DB_WAITING)
		return true;
	return answer_outcome(exchange);
}

/* Kore's handler of every request. */
int
rest_any(struct http_request *req)
{
	Exchange   *exchange;

	if (http_state_exists(req))
	{
		if (!answer_outcome(http_state_get(req)))
			return KORE_RESULT_OK;
	}
	else
	{
		exchange = exchange_new(req);
		if (!begin(exchange))
			return KORE_RESULT_OK;
	}
	http_request_sleep(req);
	return KORE_RESULT_RETRY;
}
