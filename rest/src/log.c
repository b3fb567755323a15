/*
 * log.c
 *	  JSON lines on standard output: one for each answer, and events.
 *
 * What never gets into a line: a token, a cookie, a password, a path or query
 * string as it came (they hold phone numbers) and the text of a database error
 * that is not an internal one.  A line names the route by its pattern.
 *
 * Lines are gathered and written in blocks of whole lines, at most PIPE_BUF
 * bytes each, so that the workers' lines do not mix in a pipe.  A reader that
 * does not keep up never stops a worker: what does not fit is dropped and
 * counted.
 */
#include <limits.h>
#include <poll.h>
#include <time.h>

#include "log.h"

#define BUFFER_MAX (256 * 1024)
#define SLOW_MS 1000.0

static const char *const names[] = {"error", "warn", "info", "debug"};

static LogLevel threshold = LOG_LEVEL_INFO;
static Text pending;
static uint64_t dropped;

/* Sets the level: error, warn (also refused and slow requests), info (all), debug. */
void
log_open(const char *level)
{
	int			i;

	for (i = 0; level != NULL && i <= LOG_LEVEL_DEBUG; i++)
		if (strcmp(level, names[i]) == 0)
			threshold = (LogLevel) i;
}

/* How many lines were dropped because nobody read them. */
uint64_t
log_dropped(void)
{
	return dropped;
}

/* Begins a line; false when it is not wanted or there is no room. */
static bool
line_begin(LogLevel level)
{
	struct timespec now;
	struct tm	utc;
	char		stamp[32];

	if (level > threshold)
		return false;
	if (pending.length > BUFFER_MAX)
	{
		log_flush();
		if (pending.length > BUFFER_MAX)
		{
			dropped++;
			return false;
		}
	}
	clock_gettime(CLOCK_REALTIME, &now);
	gmtime_r(&now.tv_sec, &utc);
	strftime(stamp, sizeof(stamp), "%Y-%m-%dT%H:%M:%S", &utc);
	text_format(&pending, "{\"time\":\"%s.%03ldZ\",\"level\":\"%s\",\"worker\":%d", stamp,
				now.tv_nsec / 1000000, names[level], worker != NULL ? worker->id : 0);
	return true;
}

/* Ends a line; events and errors go out at once, the rest with the next tick. */
static void
line_end(bool at_once)
{
	text_add(&pending, "}\n");
	if (at_once || worker == NULL)
		log_flush();
}

/* Writes an event; ref: the request it belongs to, or NULL. */
void
log_event(LogLevel level, const char *ref, const char *format, ...)
{
	char		message[512];
	va_list		args;

	if (!line_begin(level))
		return;
	va_start(args, format);
	vsnprintf(message, sizeof(message), format, args);
	va_end(args);
	if (ref != NULL)
		text_format(&pending, ",\"ref\":\"%s\"", ref);
	text_add(&pending, ",\"message\":");
	text_json(&pending, message, strlen(message));
	line_end(true);
}

/* Writes the line of an answered request. */
void
log_exchange(const Exchange *exchange, int status, size_t bytes, double ms)
{
	LogLevel	level = LOG_LEVEL_INFO;

	if (status >= 500)
		level = LOG_LEVEL_ERROR;
	else if (status >= 400 || ms > SLOW_MS)
		level = LOG_LEVEL_WARN;
	if (!line_begin(level))
		return;
	text_format(&pending, ",\"ref\":\"%s\",\"method\":\"%s\",\"route\":", exchange->ref,
				http_method_text(exchange->req->method));
	text_json(&pending, exchange->route_name, strlen(exchange->route_name));
	if (exchange->company[0] != '\0')
		text_format(&pending, ",\"company\":\"%s\"", exchange->company);
	text_format(&pending, ",\"status\":%d,\"bytes\":%zu,\"ms\":%.3f", status, bytes, ms);
	if (exchange->db != NULL)
		text_format(&pending, ",\"queue_ms\":%.3f,\"db_ms\":%.3f",
					db_queue_ms(exchange->db), db_run_ms(exchange->db));
	line_end(false);
}

/* Writes the line of a request that was refused before it had a route. */
void
log_refusal(const char *ref, int status, const char *code)
{
	if (!line_begin(LOG_LEVEL_WARN))
		return;
	text_format(&pending, ",\"ref\":\"%s\",\"status\":%d,\"code\":\"%s\"", ref, status, code);
	line_end(false);
}

/* Writes what has gathered, as far as the reader takes it without waiting. */
void
log_flush(void)
{
	size_t		done = 0;

	while (done < pending.length)
	{
		struct pollfd output = {.fd = STDOUT_FILENO, .events = POLLOUT};
		const char *start = pending.data + done;
		size_t		length = pending.length - done;
		ssize_t		written;

		if (length > PIPE_BUF)
		{
			const char *newline = memrchr(start, '\n', PIPE_BUF);

			length = newline != NULL ? (size_t) (newline + 1 - start) : PIPE_BUF;
		}
		if (poll(&output, 1, 0) != 1 || !(output.revents & POLLOUT))
			break;
		written = write(STDOUT_FILENO, start, length);
		if (written <= 0)
			break;
		done += (size_t) written;
	}
	if (done == 0)
		return;
	memmove(pending.data, pending.data + done, pending.length - done);
	pending.length -= done;
	pending.data[pending.length] = '\0';
}
