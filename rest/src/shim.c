/*
 * shim.c
 *	  Between the sockets and Kore's HTTP parser.
 *
 * Kore 4.1 loses requests that follow another in the same segment, reads on for
 * ever when a body is longer than announced, leaves the body of a GET in the
 * stream, and answers its own refusals bare.  struct connection has pointers to
 * its read and write functions; ours stand here.
 *
 * Rules
 * - Kore gets exactly one request head, checked and rewritten by head.c, and
 *	 then exactly the bytes of its body.  What came after stays in read_ahead.
 * - One request at a time on a connection, so that answers leave in order: the
 *	 next head is handed over when the one before is answered, and not while
 *	 much of the answers is still unread.
 * - What is refused here gets a whole answer, and the connection lingers: it is
 *	 read and thrown away for a moment, so that the client sees the answer
 *	 instead of a reset.
 * - Deadlines for heads, bodies and answers that nobody reads are kept here;
 *	 Kore's own (set out of reach in the configuration) would answer bare.  Idle
 *	 connections are closed by Kore (http_keepalive_time).
 * - A client that shuts down its sending side is taken as gone: Kore does so,
 *	 and it frees the place of callers who gave up.
 */
#include <sys/socket.h>

#include "log.h"
#include "reply.h"
#include "shim.h"

#define READ_AHEAD (2 * HEAD_MAX)
#define HEAD_MS 10000			/* from the first byte of a head to its last */
#define BODY_MS 30000
#define LINGER_MS 2000
#define STUCK_MS 30000			/* an answer of which nothing is read */
#define UNREAD_MAX (256 * 1024) /* bytes of answers; above: no further request */

/* Our part of a connection; Kore frees it (hdlr_extra). */
typedef struct Link
{
	uint64_t	since;			/* ms: begin of the present head, body or lingering */
	uint64_t	unread_since;	/* ms: when "unread" last shrank */
	size_t		unread;
	uint64_t	skip;			/* bytes of a body that nobody wants */
	bool		lingers;
	bool		paused;			/* waits for the client to read */
	size_t		start;			/* of what is not used yet in read_ahead */
	size_t		end;
	char		read_ahead[READ_AHEAD];
} Link;

static const HeadError large_head = {431, "head_too_large", "the request head is too large"};
static const HeadError large_body = {413, "body_too_large", "the body is too large"};
static const HeadError slow = {408, "request_timeout", "the request did not come in time"};
static const HeadError busy = {503, "busy", "too many requests at once"};

static bool resuming;			/* reading from within the answering of a request */
static bool kicked;				/* a timer runs that ends the wait for events */

/* Bytes of answers that the client has not taken. */
size_t
shim_unread(const struct connection *c)
{
	const struct netbuf *nb;
	size_t		bytes = 0;

	TAILQ_FOREACH(nb, &c->send_queue, list)
		bytes += nb->b_len - nb->s_off;
	return bytes;
}

/* Is a request of this connection not answered yet? */
static bool
is_busy(const struct connection *c)
{
	const struct http_request *req;

	TAILQ_FOREACH(req, &c->http_requests, olist)
		if (req->status == 0 && !(req->flags & HTTP_REQUEST_DELETE))
			return true;
	return false;
}

/* Ends a connection from within a read: Kore's loop must stop. */
static void
hang_up(struct connection *c)
{
	c->evt.flags &= ~KORE_EVENT_READ;
	kore_connection_disconnect(c);
}

/*
 * Takes the buffer from Kore: its reading stops until http_start_recv() gives
 * it a new one.
 */
static void
stop_reading(struct connection *c)
{
	kore_free(c->rnb->buf);
	c->rnb->buf = NULL;
	c->rnb->m_len = 0;
}

/* Refuses: answers, then reads and throws away until the client has the answer. */
static void
refuse(struct connection *c, Link *link, const HeadError *why)
{
	reply_refuse(c, why);
	link->lingers = true;
	link->since = kore_time_ms();
	link->start = link->end = 0;
	if (!net_send_flush(c))
		hang_up(c);
}

/*
 * Reads what the socket has, after what is there already.  Returns 1 for some
 * bytes, 0 for none now, -1 when the connection is over.
 */
static int
fill(struct connection *c, Link *link)
{
	ssize_t		n;

	if (link->start > 0)
	{
		memmove(link->read_ahead, link->read_ahead + link->start, link->end - link->start);
		link->end -= link->start;
		link->start = 0;
	}
	do
		n = recv(c->fd, link->read_ahead + link->end, READ_AHEAD - link->end, 0);
	while (n == -1 && errno == EINTR);
	if (n > 0)
	{
		link->end += (size_t) n;
		return 1;
	}
	if (n == -1 && (errno == EAGAIN || errno == EWOULDBLOCK))
	{
		c->evt.flags &= ~KORE_EVENT_READ;
		return 0;
	}
	hang_up(c);
	return -1;
}

/* Throws away the rest of a body that nobody wants, and empty lines before a head. */
static void
skip_unwanted(Link *link)
{
	size_t		have = link->end - link->start;

	if (link->skip > 0)
	{
		size_t		n = link->skip < have ? (size_t) link->skip : have;

		link->start += n;
		link->skip -= n;
	}
	if (link->skip > 0)
		return;
	while (link->start < link->end && (link->read_ahead[link->start] == '\r' ||
									   link->read_ahead[link->start] == '\n'))
		link->start++;
}

/* Ends the wait for events, so that a request found outside of it runs now. */
static void
kick_done(void *arg, u_int64_t now)
{
	(void) arg;
	(void) now;
	kicked = false;
}

/* Reads the next head and hands it to Kore, rewritten. */
static void
read_head(struct connection *c, Link *link, size_t *bytes)
{
	const HeadError *error;
	Head		head;
	size_t		length;

	if (is_busy(c))
	{
		stop_reading(c);
		return;
	}
	if (shim_unread(c) > UNREAD_MAX)
	{
		link->paused = true;
		stop_reading(c);
		return;
	}
	for (;;)
	{
		skip_unwanted(link);
		length = head_end(link->read_ahead + link->start, link->end - link->start);
		if (length > 0)
			break;
		if (link->end - link->start >= HEAD_MAX)
		{
			refuse(c, link, &large_head);
			return;
		}
		if (link->start == link->end)
			link->since = kore_time_ms();
		if (fill(c, link) <= 0)
			return;
	}

	error = head_parse(link->read_ahead + link->start, length, &head);
	if (length > HEAD_MAX)
		error = &large_head;
	else if (error == NULL && head.content_length > http_body_max)
		error = &large_body;
	else if (error == NULL && http_request_count >= http_request_limit)
		error = &busy;
	if (error == NULL)
	{
		*bytes = head_write(&head, (char *) c->rnb->buf, c->rnb->b_len);
		if (*bytes == 0)
			error = &large_head;
	}
	if (error != NULL)
	{
		refuse(c, link, error);
		return;
	}
	link->start += length;
	link->since = kore_time_ms();
	if (!head.takes_body)
		link->skip = head.content_length;
	if (head.expects_continue && head.content_length > link->end - link->start)
	{
		static const char go_on[] = "HTTP/1.1 100 Continue\r\n\r\n";

		net_send_queue(c, go_on, sizeof(go_on) - 1);
	}
	if (resuming && !kicked)
	{
		kicked = true;
		kore_timer_add(kick_done, 0, NULL, KORE_TIMER_ONESHOT);
	}
}

/* Reads a part of the body, no more than Kore asks for. */
static void
read_body(struct connection *c, Link *link, size_t *bytes)
{
	size_t		want = c->rnb->b_len - c->rnb->s_off;

	if (link->start == link->end && fill(c, link) <= 0)
		return;
	if (want > link->end - link->start)
		want = link->end - link->start;
	memcpy(c->rnb->buf + c->rnb->s_off, link->read_ahead + link->start, want);
	link->start += want;
	*bytes = want;
}

/* Kore's read function of a connection. */
static int
shim_read(struct connection *c, size_t *bytes)
{
	Link	   *link = c->hdlr_extra;

	*bytes = 0;
	if (link->lingers)
	{
		do
			link->start = link->end = 0;
		while (fill(c, link) > 0);
	}
	else if (c->rnb->cb == http_header_recv)
		read_head(c, link, bytes);
	else
		read_body(c, link, bytes);

	/*
	 * Without bytes Kore's callback must not run; the cleared flag says that
	 * there is nothing to read, an empty buffer that reading has stopped.
	 */
	if (*bytes == 0 && c->rnb->buf != NULL && (c->evt.flags & KORE_EVENT_READ))
		return shim_read(c, bytes);
	return KORE_RESULT_OK;
}

/* Kore's write function: whole buffers, and whole answers in one segment. */
static int
shim_write(struct connection *c, size_t length, size_t *written)
{
	Link	   *link = c->hdlr_extra;
	struct netbuf *nb = c->snb;
	bool		last = TAILQ_NEXT(nb, list) == NULL;
	ssize_t		n;

	(void) length;
	n = send(c->fd, nb->buf + nb->s_off, nb->b_len - nb->s_off,
			 MSG_NOSIGNAL | (last ? 0 : MSG_MORE));
	if (n == -1)
	{
		if (errno == EINTR)
		{
			*written = 0;
			return KORE_RESULT_OK;
		}
		if (errno != EAGAIN && errno != EWOULDBLOCK)
			return KORE_RESULT_ERROR;
		c->evt.flags &= ~KORE_EVENT_WRITE;
		return KORE_RESULT_OK;
	}
	*written = (size_t) n;
	if (last && (size_t) n == nb->b_len - nb->s_off && link->lingers)
		shutdown(c->fd, SHUT_WR);
	return KORE_RESULT_OK;
}

/* Lets a connection read its next request; called when one is answered. */
void
shim_resume(struct connection *c)
{
	Link	   *link = c->hdlr_extra;

	link->paused = false;
	resuming = true;
	http_start_recv(c);
	resuming = false;
}

/* Enforces the deadlines; now: kore_time_ms(). */
void
shim_tick(uint64_t now)
{
	struct connection *c;
	struct connection *next;

	for (c = TAILQ_FIRST(&connections); c != NULL; c = next)
	{
		Link	   *link = c->hdlr_extra;
		bool		in_head;
		bool		in_body;
		size_t		unread;

		next = TAILQ_NEXT(c, list);
		if (c->proto != CONN_PROTO_HTTP || c->owner == NULL)
			continue;

		unread = shim_unread(c);
		if (unread == 0 || unread < link->unread)
			link->unread_since = now;
		link->unread = unread;
		in_body = c->rnb->buf != NULL && c->rnb->cb != http_header_recv;
		in_head = !in_body && link->end > link->start && !is_busy(c) && !link->paused;

		if (link->lingers)
		{
			if (now > link->since + LINGER_MS)
				kore_connection_disconnect(c);
		}
		else if (unread > 0 && now > link->unread_since + STUCK_MS)
			kore_connection_disconnect(c);
		else if ((in_head && now > link->since + HEAD_MS) ||
				 (in_body && now > link->since + BODY_MS))
			refuse(c, link, &slow);
		else if (link->paused && unread < UNREAD_MAX / 4)
		{
			shim_resume(c);
			if (!net_send_flush(c))
				kore_connection_disconnect(c);
		}
	}
}

/*
 * Shutting down: closes connections on which nothing is under way.  Returns
 * how many are left.
 */
int
shim_close_idle(void)
{
	struct connection *c;
	struct connection *next;
	int			left = 0;

	for (c = TAILQ_FIRST(&connections); c != NULL; c = next)
	{
		Link	   *link = c->hdlr_extra;

		next = TAILQ_NEXT(c, list);
		if (c->proto != CONN_PROTO_HTTP || c->owner == NULL)
			continue;
		if (TAILQ_EMPTY(&c->http_requests) && TAILQ_EMPTY(&c->send_queue) &&
			link->start == link->end)
			kore_connection_disconnect(c);
		else
			left++;
	}
	return left;
}

/*
 * Takes over a new connection: does what kore_connection_accept() does for
 * HTTP, with our functions.
 */
void
shim_attach(struct connection *c)
{
	Link	   *link = kore_malloc(sizeof(*link));

	memset(link, 0, offsetof(Link, read_ahead));
	link->since = link->unread_since = kore_time_ms();
	c->hdlr_extra = link;
	c->proto = CONN_PROTO_HTTP;
	c->idle_timer.length = (uint64_t) http_keepalive_time * 1000;
	c->read = shim_read;
	c->write = shim_write;
	net_recv_queue(c, http_header_max, NETBUF_CALL_CB_ALWAYS, http_header_recv);
}
