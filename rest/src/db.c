/*
 * db.c
 *	  The connections to PostgreSQL, in Kore's event loop.  The only file that
 *	  includes libpq.
 *
 * Each worker has its own connections, no threads, and never waits for one:
 * connecting, sending and reading are non-blocking.  A connection belongs to a
 * lane (statements.def), prepares the lane's statements when it comes up and
 * then runs them in pipeline mode, each in a transaction of its own, so that an
 * error touches no neighbour.
 *
 * Rules
 * - Everything is bounded: the queue of a lane, the time a request waits in it
 *	 (QUEUE_MS), the time a statement may run (statement_timeout in PostgreSQL,
 *	 and some more here in case PostgreSQL does not answer at all).
 * - A lost connection: a READ is sent again, a WRITE never is, since it may have
 *	 been done; its caller hears DB_LOST.  A READ that was running when its
 *	 connection was lost without PostgreSQL saying goodbye may itself have crashed
 *	 the backend and is sent again only once.
 * - A connection whose prepared statements have become stale (the extension was
 *	 altered) takes no more requests and is renewed when it has answered those
 *	 it has.
 * - Connections are reopened from the tick only, never while events are being
 *	 handed out: an event of the old socket may still be under way.
 * - Parameters belong to the caller; they are read until the request is done or
 *	 db_forget() was called.
 */
#include <sys/epoll.h>
#include <sys/socket.h>

#include <limits.h>
#include <netdb.h>

#include <kore/kore.h>
#include <libpq-fe.h>

#include "log.h"
#include "sqlstate.h"

#define QUEUE_MS 5000			/* a request waits for a connection */
#define CONNECT_MS 3000			/* connecting and preparing */
#define GRACE_MS 3000			/* beyond the statement timeout */
#define PING_MS 2000			/* of silence, then a ping */
#define SILENCE_MS 10000		/* without any answer: not ready */
#define BACKOFF_MIN_MS 100
#define BACKOFF_MAX_MS 500
#define DEFAULT_PORT "5432"
#define NO_LIMIT INT_MAX		/* but for QUEUE_MS */

typedef enum Kind
{
	READ,
	WRITE
} Kind;

typedef enum State
{
	CLOSED,						/* waits for retry_at */
	CONNECTING,
	PREPARING,
	READY
} State;

typedef struct Connection Connection;

struct DbRequest
{
	TAILQ_ENTRY(DbRequest) list;
	DbStatement statement;
	DbOutcome	outcome;
	const char *values[DB_PARAMS_MAX];
	void		(*done) (void *);
	void	   *arg;			/* NULL: nobody waits any more */
	bool		queued;			/* in a lane's queue */
	bool		sent;			/* on its way, in a connection's list */
	int			again;			/* how often it was sent again */
	PGresult   *result;
	uint64_t	queued_us;
	uint64_t	sent_us;
	uint64_t	done_us;
};

TAILQ_HEAD(RequestList, DbRequest);

struct Connection
{
	struct kore_event event;	/* must be first: epoll hands it to Kore */
	int			number;
	DbLane		lane;
	State		state;
	PGconn	   *pg;
	int			fd;				/* as registered with epoll */
	int			mask;
	int			in_flight;
	int			prepared;		/* statements prepared so far */
	bool		farewell;		/* PostgreSQL said that it ends the connection */
	bool		renew;
	uint64_t	since;			/* ms; READY: since the head of the pipeline runs */
	uint64_t	retry_at;
	uint32_t	backoff;
	struct RequestList sent;	/* in the order of the pipeline */
};

typedef struct Lane
{
	const char *name;
	int			connections;
	int			depth;
	uint32_t	queue_max;
	int			timeout_s;
	struct RequestList queue;
	Connection *first;
	uint64_t	down_since;		/* ms; 0: has a connection */
} Lane;

static const struct
{
	const char *name;
	DbLane		lane;
	Kind		kind;
	int			parameters;
	const char *sql;
}			statements[DB_STATEMENTS] =
{
#define STATEMENT(name, lane, kind, parameters, sql) {#name, LANE_##lane, kind, parameters, sql},
#include "statements.def"
#undef STATEMENT
};

static Lane lanes[DB_LANES] =
{
#define LANE(name, connections, depth, queue, timeout_s) \
	{#name, connections, depth, queue, timeout_s, {0}, NULL, 0},
#include "statements.def"
#undef LANE
};

static const char *conninfo;
static Text hosts;				/* lists for libpq, one entry an address */
static Text addresses;
static Text ports;
static DbStats *stats;
static Connection *pool;
static int	pool_size;
static uint64_t answered_at;	/* ms: PostgreSQL was last heard of */
static DbRequest *ping;
static bool outage;				/* logged, not over yet */

static void connection_event(void *arg, int error);
static void connection_lost(Connection *c, const char *why);
static bool connection_read_answers(Connection *c);
static void lane_run(Lane *lane);

/* ---- requests ---- */

/* Ends a request and wakes its owner, or frees it when there is none. */
static void
request_done(DbRequest *r, DbOutcome outcome)
{
	r->outcome = outcome;
	r->done_us = rest_now_us();
	if (r->arg == NULL)
	{
		stats->orphaned++;
		db_forget(r);
		return;
	}
	r->done(r->arg);
}

/* Puts a request at one end of its lane's queue. */
static void
request_queue(DbRequest *r, bool first)
{
	DbLane		lane = statements[r->statement].lane;

	if (first)
		TAILQ_INSERT_HEAD(&lanes[lane].queue, r, list);
	else
		TAILQ_INSERT_TAIL(&lanes[lane].queue, r, list);
	r->queued = true;
	stats->lanes[lane].queued++;
}

/* Takes a request out of its lane's queue. */
static void
request_unqueue(DbRequest *r)
{
	DbLane		lane = statements[r->statement].lane;

	TAILQ_REMOVE(&lanes[lane].queue, r, list);
	r->queued = false;
	stats->lanes[lane].queued--;
}

/*
 * Queues a read once more, if that has happened less than "limit" times; false
 * when it must not be.
 */
static bool
request_again(DbRequest *r, int limit)
{
	if (r->arg == NULL || statements[r->statement].kind != READ || r->again >= limit)
		return false;
	r->again++;
	PQclear(r->result);
	r->result = NULL;
	stats->resent++;
	request_queue(r, true);
	return true;
}

/*
 * Submits a statement.  values: text parameters, kept by the caller; done(arg):
 * called once when the outcome is there, unless db_forget() comes first.  It is
 * not called when the request is refused at once (the outcome says so).
 */
DbRequest *
db_submit(DbStatement statement, const char *const *values, int nvalues,
		  void (*done) (void *), void *arg)
{
	Lane	   *lane = &lanes[statements[statement].lane];
	DbRequest  *r = kore_calloc(1, sizeof(*r));
	int			i;

	r->statement = statement;
	r->outcome = DB_WAITING;
	r->done = done;
	r->arg = arg;
	r->queued_us = r->sent_us = r->done_us = rest_now_us();
	for (i = 0; i < nvalues; i++)
		r->values[i] = values[i];

	if (lane->down_since != 0 && kore_time_ms() - lane->down_since > QUEUE_MS)
	{
		stats->expired++;
		r->outcome = DB_DOWN;
	}
	else if (stats->lanes[lane - lanes].queued >= lane->queue_max)
	{
		stats->busy++;
		r->outcome = DB_BUSY;
	}
	else
	{
		request_queue(r, false);
		lane_run(lane);
	}
	return r;
}

/* The caller needs the request no more; what is on its way is let finish. */
void
db_forget(DbRequest *r)
{
	r->arg = NULL;
	if (r->sent)
		return;
	if (r->queued)
		request_unqueue(r);
	PQclear(r->result);
	kore_free(r);
}

/* How far the request has come. */
DbOutcome
db_outcome(const DbRequest *r)
{
	return r->outcome;
}

/* A column of the row, or NULL when it is NULL or not there. */
const char *
db_value(const DbRequest *r, int column, size_t *length)
{
	if (column >= PQnfields(r->result) || PQgetisnull(r->result, 0, column))
		return NULL;
	if (length != NULL)
		*length = (size_t) PQgetlength(r->result, 0, column);
	return PQgetvalue(r->result, 0, column);
}

/* A field of the error, or NULL. */
const char *
db_error(const DbRequest *r, DbField field)
{
	static const int codes[] = {
		[DB_SQLSTATE] = PG_DIAG_SQLSTATE,
		[DB_MESSAGE] = PG_DIAG_MESSAGE_PRIMARY,
		[DB_SCHEMA] = PG_DIAG_SCHEMA_NAME,
		[DB_TABLE] = PG_DIAG_TABLE_NAME,
		[DB_COLUMN] = PG_DIAG_COLUMN_NAME,
	};

	return r->result != NULL ? PQresultErrorField(r->result, codes[field]) : NULL;
}

/* Milliseconds that the request waited for a connection. */
double
db_queue_ms(const DbRequest *r)
{
	return (double) (r->sent_us - r->queued_us) / 1000.0;
}

/* Milliseconds from sending it until its answer was there. */
double
db_run_ms(const DbRequest *r)
{
	return (double) (r->done_us - r->sent_us) / 1000.0;
}

/* How many parameters a statement takes. */
int
db_parameters(DbStatement statement)
{
	return statements[statement].parameters;
}

/* A lane's name. */
const char *
db_lane_name(DbLane lane)
{
	return lanes[lane].name;
}

/* ---- connections ---- */

/* Tells epoll what is waited for. */
static void
connection_watch(Connection *c, int mask)
{
	int			fd = PQsocket(c->pg);

	/* While connecting, libpq may have a new socket with the old number. */
	if (fd < 0 || (fd == c->fd && mask == c->mask && c->state != CONNECTING))
		return;
	c->fd = fd;
	c->mask = mask;
	kore_platform_event_schedule(fd, mask, 0, c);
}

/* Notes PostgreSQL's farewell; other notices are of no interest. */
static void
connection_notice(void *arg, const PGresult *result)
{
	Connection *c = arg;
	const char *sqlstate = PQresultErrorField(result, PG_DIAG_SQLSTATE);

	if (sqlstate != NULL && strncmp(sqlstate, "57P", 3) == 0)
		c->farewell = true;
}

/* Adds an entry to the lists of addresses. */
static void
add_address(const char *host, size_t host_length, const char *address, const char *port)
{
	const char *comma = hosts.data != NULL ? "," : "";

	text_format(&hosts, "%s%.*s", comma, (int) host_length, host);
	text_format(&addresses, "%s%s", comma, address);
	text_format(&ports, "%s%s", comma, port);
}

/* Adds all addresses of a host; one that begins with "/" is a socket's directory. */
static void
resolve_host(const char *host, size_t length, const char *port)
{
	struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
	struct addrinfo *found;
	struct addrinfo *each;
	char		name[256];
	char		address[64];
	int			error;

	if (length == 0 || *host == '/' || *host == '@')
	{
		add_address(host, length, "", port);
		return;
	}
	snprintf(name, sizeof(name), "%.*s", (int) length, host);
	if ((error = getaddrinfo(name, NULL, &hints, &found)) != 0)
		fatalx("CALLCENTER_DB: cannot resolve \"%s\": %s", name, gai_strerror(error));
	for (each = found; each != NULL; each = each->ai_next)
	{
		if (getnameinfo(each->ai_addr, each->ai_addrlen, address, sizeof(address),
						NULL, 0, NI_NUMERICHOST) == 0)
			add_address(host, length, address, port);
	}
	freeaddrinfo(found);
}

/*
 * Takes the connection string and resolves the hosts in it, in the parent: in a
 * worker that would stop the event loop, and needs system calls that its sandbox
 * does not have.  A host that moves is found after a restart.
 */
void
db_configure(const char *connection_string)
{
	PQconninfoOption *options;
	PQconninfoOption *each;
	char	   *error = NULL;
	const char *host = getenv("PGHOST");
	const char *port = getenv("PGPORT");
	bool		resolved = false;

	conninfo = connection_string;
	options = PQconninfoParse(conninfo, &error);
	if (options == NULL)
		fatalx("CALLCENTER_DB: %s", error != NULL ? error : "out of memory");
	for (each = options; each->keyword != NULL; each++)
	{
		if (each->val == NULL)
			continue;
		if (strcmp(each->keyword, "host") == 0)
			host = each->val;
		else if (strcmp(each->keyword, "port") == 0)
			port = each->val;
		else if (strcmp(each->keyword, "hostaddr") == 0)
			resolved = true;
	}
	if (port == NULL)
		port = DEFAULT_PORT;
	while (host != NULL && *host != '\0' && !resolved)
	{
		size_t		host_length = strcspn(host, ",");
		size_t		port_length = strcspn(port, ",");
		char		one[16];

		snprintf(one, sizeof(one), "%.*s", (int) port_length, port);
		resolve_host(host, host_length, one);
		host += host_length + (host[host_length] == ',');
		if (port[port_length] == ',')
			port += port_length + 1;	/* else one port is for all */
	}
	PQconninfoFree(options);
}

/* Begins to connect. */
static void
connection_open(Connection *c)
{
	char		options[128];
	const char *keywords[] = {"dbname", "application_name", "client_encoding", "options",
		"gssencmode", "keepalives_idle", hosts.data != NULL ? "host" : NULL, "hostaddr", "port", NULL};
	const char *values[] = {conninfo, "callcenter-rest", "UTF8", options,
		"disable", "30", hosts.data, addresses.data, ports.data, NULL};

	snprintf(options, sizeof(options),
			 "-c statement_timeout=%ds -c idle_in_transaction_session_timeout=10s -c jit=off",
			 lanes[c->lane].timeout_s);
	c->since = kore_time_ms();
	c->state = CONNECTING;
	c->farewell = c->renew = false;
	c->prepared = 0;
	c->pg = PQconnectStartParams(keywords, values, 1);
	if (c->pg == NULL || PQstatus(c->pg) == CONNECTION_BAD)
	{
		connection_lost(c, c->pg != NULL ? PQerrorMessage(c->pg) : "out of memory");
		return;
	}
	PQsetNoticeReceiver(c->pg, connection_notice, c);
	connection_watch(c, EPOLLOUT);
}

/* Closes a connection and sets when to try again. */
static void
connection_close(Connection *c, uint32_t wait)
{
	Lane	   *lane = &lanes[c->lane];

	if (c->state == READY)
	{
		stats->disconnects++;
		if (--stats->lanes[c->lane].ready == 0)
			lane->down_since = kore_time_ms();
	}
	PQfinish(c->pg);			/* close() also takes the socket out of epoll */
	c->pg = NULL;
	c->fd = -1;
	c->mask = 0;
	c->state = CLOSED;
	c->backoff = wait;
	c->retry_at = kore_time_ms() + wait;
}

/* The connection is gone, or unusable: deals with what was on its way. */
static void
connection_lost(Connection *c, const char *why)
{
	bool		was_ready = c->state == READY;
	bool		suspect = true; /* the head may have crashed the backend; the others waited */
	uint32_t	wait;
	DbRequest  *r;

	if (was_ready)
	{
		/* What came before the end counts: answers, and the farewell. */
		PQconsumeInput(c->pg);
		connection_read_answers(c);
		PQisBusy(c->pg);
	}
	else
		stats->connect_failures++;
	if (!outage)
	{
		outage = true;
		log_event(LOG_LEVEL_WARN, NULL, "database connection %s: %.300s",
				  was_ready ? "lost" : "failed", why);
	}
	while ((r = TAILQ_FIRST(&c->sent)) != NULL)
	{
		TAILQ_REMOVE(&c->sent, r, list);
		r->sent = false;
		c->in_flight--;
		stats->lanes[c->lane].in_flight--;
		if (request_again(r, suspect && !c->farewell ? 1 : NO_LIMIT))
		{
			suspect = false;
			continue;
		}
		suspect = false;
		stats->lost++;
		request_done(r, DB_LOST);
	}

	if (was_ready)
		wait = 0;
	else if (c->backoff == 0)
		wait = BACKOFF_MIN_MS + (uint32_t) c->number * 7;
	else
		wait = c->backoff * 2 > BACKOFF_MAX_MS ? BACKOFF_MAX_MS : c->backoff * 2;
	connection_close(c, wait);
}

/* Sends what libpq has buffered, as far as the socket takes it. */
static void
connection_flush(Connection *c)
{
	switch (PQflush(c->pg))
	{
		case 0:
			connection_watch(c, EPOLLIN | EPOLLRDHUP);
			break;
		case 1:
			connection_watch(c, EPOLLIN | EPOLLOUT | EPOLLRDHUP);
			break;
		default:
			connection_lost(c, PQerrorMessage(c->pg));
	}
}

/* Finds the next statement of the connection's lane, from "i" on. */
static int
next_statement(const Connection *c, int i)
{
	while (i < DB_STATEMENTS && statements[i].lane != c->lane)
		i++;
	return i;
}

/* Connected: prepares the lane's statements, all in one pipeline. */
static void
connection_prepare(Connection *c)
{
	int			i;

	c->state = PREPARING;
	if (PQsetnonblocking(c->pg, 1) != 0 || !PQenterPipelineMode(c->pg))
	{
		connection_lost(c, PQerrorMessage(c->pg));
		return;
	}
	for (i = next_statement(c, 0); i < DB_STATEMENTS; i = next_statement(c, i + 1))
	{
		if (!PQsendPrepare(c->pg, statements[i].name, statements[i].sql,
						   statements[i].parameters, NULL))
		{
			connection_lost(c, PQerrorMessage(c->pg));
			return;
		}
	}
	c->prepared = next_statement(c, 0);
	if (!PQpipelineSync(c->pg))
	{
		connection_lost(c, PQerrorMessage(c->pg));
		return;
	}
	connection_flush(c);
}

/* Every statement is prepared: takes requests. */
static void
connection_ready(Connection *c)
{
	c->state = READY;
	c->backoff = 0;
	c->since = answered_at = kore_time_ms();
	stats->connects++;
	stats->lanes[c->lane].ready++;
	lanes[c->lane].down_since = 0;
	if (outage)
	{
		int			i;

		/* Where one gets through the others will, too. */
		for (i = 0; i < pool_size; i++)
			pool[i].retry_at = 0;
		outage = false;
		log_event(LOG_LEVEL_INFO, NULL, "database connection is up");
	}
	lane_run(&lanes[c->lane]);
}

/* Reads the answers to the PREPAREs. */
static void
connection_read_prepared(Connection *c)
{
	while (c->state == PREPARING && !PQisBusy(c->pg))
	{
		PGresult   *result = PQgetResult(c->pg);
		char		why[300];

		switch (PQresultStatus(result))
		{
			case PGRES_COMMAND_OK:
				c->prepared = next_statement(c, c->prepared + 1);
				break;
			case PGRES_PIPELINE_SYNC:
				connection_ready(c);
				break;
			default:
				if (result == NULL)
				{
					if (PQstatus(c->pg) == CONNECTION_BAD)
						connection_lost(c, PQerrorMessage(c->pg));
					break;
				}
				snprintf(why, sizeof(why), "cannot prepare \"%s\": %s",
						 c->prepared < DB_STATEMENTS ? statements[c->prepared].name : "",
						 PQresultErrorMessage(result));
				connection_lost(c, why);
		}
		PQclear(result);
	}
}

/* The head of the pipeline has its answer. */
static void
connection_answered(Connection *c)
{
	DbRequest  *r = TAILQ_FIRST(&c->sent);
	const SqlState *state;

	TAILQ_REMOVE(&c->sent, r, list);
	r->sent = false;
	c->in_flight--;
	stats->lanes[c->lane].in_flight--;
	c->since = answered_at = kore_time_ms();

	if (PQresultStatus(r->result) == PGRES_TUPLES_OK && PQntuples(r->result) == 1)
	{
		stats->rows++;
		request_done(r, DB_ROW);
		return;
	}
	state = sqlstate_find(db_error(r, DB_SQLSTATE), db_error(r, DB_SCHEMA) != NULL);
	if (state->renew)
		c->renew = true;
	if (state->retry &&
		request_again(r, state->renew ? lanes[c->lane].connections + 1 : 1))
		return;
	stats->errors++;
	request_done(r, DB_ERROR);
}

/*
 * Reads answers: each is a result, a NULL and a sync.  False when libpq's idea
 * of the pipeline and ours differ.
 */
static bool
connection_read_answers(Connection *c)
{
	int			nulls = 0;

	while (c->in_flight > 0 && !PQisBusy(c->pg))
	{
		PGresult   *result = PQgetResult(c->pg);
		DbRequest  *r = TAILQ_FIRST(&c->sent);
		const char *sqlstate;

		if (result == NULL)
		{
			if (++nulls > 1)
				return false;
			continue;
		}
		nulls = 0;
		if (PQresultStatus(result) == PGRES_PIPELINE_SYNC)
		{
			PQclear(result);
			if (r->result == NULL)
				return false;
			connection_answered(c);
			continue;
		}
		sqlstate = PQresultErrorField(result, PG_DIAG_SQLSTATE);
		if (sqlstate != NULL && strncmp(sqlstate, "57P", 3) == 0)
			c->farewell = true;
		if (PQresultStatus(result) == PGRES_FATAL_ERROR && sqlstate == NULL)
		{
			PQclear(result);	/* libpq's own: the connection is broken */
			return false;
		}
		if (r->result == NULL)
			r->result = result;
		else
			PQclear(result);
	}
	return true;
}

/* Something can be read. */
static void
connection_read(Connection *c)
{
	bool		alive = PQconsumeInput(c->pg) != 0;

	if (c->state == PREPARING)
	{
		if (alive)
			connection_read_prepared(c);
		else
			connection_lost(c, PQerrorMessage(c->pg));
		return;
	}

	if (!alive || !connection_read_answers(c) || PQstatus(c->pg) == CONNECTION_BAD)
		connection_lost(c, PQerrorMessage(c->pg));
	else if (c->in_flight == 0)
		PQisBusy(c->pg);		/* lets libpq take in a farewell */

	lane_run(&lanes[c->lane]);
}

/* epoll has something for a connection. */
static void
connection_event(void *arg, int error)
{
	Connection *c = arg;

	(void) error;				/* libpq sees it too */
	switch (c->state)
	{
		case CLOSED:			/* an event of the socket just closed */
			break;
		case CONNECTING:
			switch (PQconnectPoll(c->pg))
			{
				case PGRES_POLLING_READING:
					connection_watch(c, EPOLLIN);
					break;
				case PGRES_POLLING_WRITING:
					connection_watch(c, EPOLLOUT);
					break;
				case PGRES_POLLING_OK:
					connection_prepare(c);
					break;
				default:
					connection_lost(c, PQerrorMessage(c->pg));
			}
			break;
		case PREPARING:
		case READY:
			connection_read(c);
			if (c->pg != NULL && (c->mask & EPOLLOUT))
				connection_flush(c);
			break;
	}
}

/* Sends a request; false when the connection does not take it. */
static bool
connection_send(Connection *c, DbRequest *r)
{
	if (!PQsendQueryPrepared(c->pg, statements[r->statement].name,
							 statements[r->statement].parameters, r->values, NULL, NULL, 0) ||
		!PQpipelineSync(c->pg))
		return false;
	r->sent = true;
	r->sent_us = rest_now_us();
	if (c->in_flight++ == 0)
		c->since = kore_time_ms();
	stats->lanes[c->lane].in_flight++;
	stats->sent++;
	TAILQ_INSERT_TAIL(&c->sent, r, list);
	return true;
}

/*
 * Is an idle connection still open?  One that PostgreSQL has closed meanwhile is
 * found here, before a request is lost with it.
 */
static bool
connection_usable(Connection *c)
{
	char		byte;
	ssize_t		n;

	if (c->in_flight > 0)
		return true;
	n = recv(c->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
	if (n == -1 && (errno == EAGAIN || errno == EWOULDBLOCK))
		return true;
	if (n > 0 && PQconsumeInput(c->pg))
	{
		PQisBusy(c->pg);		/* takes a notice in */
		if (!c->farewell)
			return true;
	}
	connection_lost(c, "closed by the server");
	return false;
}

/* The lane's connection with the most room, or NULL. */
static Connection *
lane_connection(Lane *lane)
{
	Connection *best = NULL;
	int			i;

	for (i = 0; i < lane->connections; i++)
	{
		Connection *c = &lane->first[i];

		if (c->state == READY && !c->renew && c->in_flight < lane->depth &&
			(best == NULL || c->in_flight < best->in_flight))
			best = c;
	}
	return best;
}

/* Gives waiting requests to connections with room. */
static void
lane_run(Lane *lane)
{
	DbRequest  *r;
	Connection *c;

	while ((r = TAILQ_FIRST(&lane->queue)) != NULL && (c = lane_connection(lane)) != NULL)
	{
		if (!connection_usable(c))
			continue;
		request_unqueue(r);
		if (connection_send(c, r))
			connection_flush(c);
		else
		{
			request_queue(r, true);
			connection_lost(c, PQerrorMessage(c->pg));
		}
	}
}

/* ---- the whole ---- */

/* The answer to a ping; that it came is all that matters. */
static void
ping_done(void *arg)
{
	(void) arg;
	if (ping == NULL)
		return;					/* refused before db_submit() came back */
	db_forget(ping);
	ping = NULL;
}

/* Opens all connections, without waiting for them. */
void
db_open(DbStats *shared)
{
	int			lane;
	int			i;
	int			n = 0;

	stats = shared;
	memset(stats->lanes, 0, sizeof(stats->lanes));	/* a worker died before us */
	for (lane = 0; lane < DB_LANES; lane++)
		pool_size += lanes[lane].connections;
	pool = kore_calloc((size_t) pool_size, sizeof(Connection));
	answered_at = kore_time_ms();
	for (lane = 0; lane < DB_LANES; lane++)
	{
		TAILQ_INIT(&lanes[lane].queue);
		lanes[lane].first = &pool[n];
		lanes[lane].down_since = kore_time_ms();
		for (i = 0; i < lanes[lane].connections; i++, n++)
		{
			pool[n].event.type = KORE_TYPE_PGSQL_CONN;
			pool[n].event.handle = connection_event;
			pool[n].number = n;
			pool[n].lane = (DbLane) lane;
			pool[n].fd = -1;
			TAILQ_INIT(&pool[n].sent);
			connection_open(&pool[n]);
		}
	}
}

/* Reopens, and enforces the deadlines; now: kore_time_ms(). */
void
db_tick(uint64_t now)
{
	DbRequest  *r;
	int			i;

	for (i = 0; i < pool_size; i++)
	{
		Connection *c = &pool[i];
		uint64_t	limit = (uint64_t) lanes[c->lane].timeout_s * 1000 + GRACE_MS;

		switch (c->state)
		{
			case CLOSED:
				if (now >= c->retry_at)
					connection_open(c);
				break;
			case CONNECTING:
			case PREPARING:
				if (now > c->since + CONNECT_MS)
					connection_lost(c, "no connection in time");
				break;
			case READY:
				if (c->in_flight > 0 && now > c->since + limit)
					connection_lost(c, "no answer in time");
				else if (c->renew && c->in_flight == 0)
					connection_close(c, 0);
				break;
		}
	}
	for (i = 0; i < DB_LANES; i++)
	{
		while ((r = TAILQ_FIRST(&lanes[i].queue)) != NULL &&
			   rest_now_us() > r->queued_us + QUEUE_MS * 1000)
		{
			request_unqueue(r);
			r->sent_us = rest_now_us();
			stats->expired++;
			request_done(r, lanes[i].down_since != 0 ? DB_DOWN : DB_LATE);
		}
		lane_run(&lanes[i]);
	}
	if (ping == NULL && now > answered_at + PING_MS)
	{
		ping = db_submit(STATEMENT_ping, NULL, 0, ping_done, &ping);
		if (ping->outcome != DB_WAITING)
			ping_done(NULL);
	}
}

/* Why the database cannot be asked now, or NULL when it can. */
const char *
db_not_ready(void)
{
	int			i;

	for (i = 0; i < DB_LANES; i++)
		if (stats->lanes[i].ready == 0)
			return "no database connection";
	if (kore_time_ms() > answered_at + SILENCE_MS)
		return "the database does not answer";
	return NULL;
}

/* Closes all connections; nothing may be on its way any more. */
void
db_close(void)
{
	int			i;

	for (i = 0; i < pool_size; i++)
		if (pool[i].pg != NULL)
			PQfinish(pool[i].pg);
}
