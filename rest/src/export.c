/*
 * export.c
 *	  Answers of any length, a batch at a time: CSV exports.
 *
 * The one kind of request that takes more than one statement.  export_calls()
 * returns a batch of rows and the cursor behind it; each batch becomes a chunk
 * of the answer (Transfer-Encoding: chunked), and the next one is asked for when
 * the client has taken the last.  So an export of any size needs the memory of
 * one batch, holds no connection while its client is slow, and ends when the
 * client leaves.  Each batch takes its turn in the heavy lane.
 *
 * When a later batch fails, the status has been sent already: the connection is
 * closed without the last chunk, by which a client sees that it is not whole.
 */
#include "export.h"
#include "log.h"
#include "reply.h"
#include "router.h"
#include "shim.h"

/* Exports whose client has not taken the last batch yet. */
static TAILQ_HEAD(, Exchange) waiting = TAILQ_HEAD_INITIALIZER(waiting);

/* Gives up in the middle: the client sees an answer without its end. */
static bool
cut_off(Exchange *exchange)
{
	log_event(LOG_LEVEL_WARN, exchange->ref, "export cut off after %zu bytes", exchange->streamed);
	exchange->req->status = 500;
	kore_connection_disconnect(exchange->req->owner);
	return false;
}

/* Asks for the batch behind the cursor that is in the query. */
static bool
ask_next(Exchange *exchange)
{
	const char *const values[] = {exchange->company, exchange->query.data, exchange->token.data};

	exchange->db = db_submit(STATEMENT_export_calls, values, 3, router_wake, exchange);
	return db_outcome(exchange->db) == DB_WAITING || cut_off(exchange);
}

/* Puts the cursor into the query: the last of two equal members counts. */
static void
set_cursor(Exchange *exchange, const char *cursor)
{
	Text	   *query = &exchange->query;

	query->length--;			/* the closing brace */
	text_add(query, query->length > 1 ? ",\"after\":" : "\"after\":");
	text_json(query, cursor, strlen(cursor));
	text_add(query, "}");
}

/*
 * A batch is there, or an error.  Returns whether the exchange goes on; if not,
 * it has been answered.
 */
bool
export_rows(Exchange *exchange)
{
	size_t		length = 0;
	const char *csv;
	const char *cursor;

	if (db_outcome(exchange->db) != DB_ROW)
		return cut_off(exchange);	/* the first batch's errors are the router's */
	csv = db_value(exchange->db, 0, &length);
	cursor = db_value(exchange->db, 1, NULL);
	if (exchange->streamed == 0)
	{
		reply_header(exchange, "content-disposition", "attachment; filename=\"calls.csv\"");
		reply_stream_begin(exchange, "text/csv; charset=utf-8");
	}
	reply_stream_chunk(exchange, csv, length);
	if (cursor == NULL || exchange->req->method == HTTP_METHOD_HEAD)
	{
		reply_stream_end(exchange);
		return false;
	}

	set_cursor(exchange, cursor);
	db_forget(exchange->db);
	exchange->db = NULL;
	if (!net_send_flush(exchange->req->owner))
		return cut_off(exchange);
	if (shim_unread(exchange->req->owner) == 0)
		return ask_next(exchange);
	TAILQ_INSERT_TAIL(&waiting, exchange, waiting);
	exchange->waits = true;
	return true;
}

/* CSV that is small enough for one row: its text, and the name of the file. */
bool
export_file(Exchange *exchange)
{
	size_t		length = 0;
	const char *csv = db_value(exchange->db, 0, &length);

	reply_header(exchange, "content-disposition", "attachment; filename=\"%s\"", db_value(exchange->db, 1, NULL));
	reply_send(exchange, 200, "text/csv; charset=utf-8", "no-store", csv, length, REPLY_COPY);
	return false;
}

/* The exchange ends, whyever. */
void
export_forget(Exchange *exchange)
{
	if (exchange->waits)
		TAILQ_REMOVE(&waiting, exchange, waiting);
	exchange->waits = false;
}

/* Goes on with those whose clients have taken what there was. */
void
export_tick(void)
{
	Exchange   *exchange;
	Exchange   *next;

	for (exchange = TAILQ_FIRST(&waiting); exchange != NULL; exchange = next)
	{
		next = TAILQ_NEXT(exchange, waiting);
		if (exchange->req->owner == NULL || shim_unread(exchange->req->owner) > 0)
			continue;
		export_forget(exchange);
		if (!ask_next(exchange))
			http_request_wakeup(exchange->req); /* Kore frees it with its connection */
	}
}
