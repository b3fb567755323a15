/*
 * head.c
 *	  The head of an HTTP request: find it, check it, write it clean.
 *
 * Kore's own parser takes a header that begins with "host" for the Host header,
 * drops what comes after 23 lines, ignores Transfer-Encoding, takes the first
 * of two Content-Length and answers its refusals bare.  So shim.c shows Kore
 * only what this file has written: a head with nothing doubtful in it and with
 * only those header fields that the server reads.  A field that some handler is
 * to read is added to HeadField and to the table below.
 *
 * Rules: RFC 9112, its strict side wherever it leaves a choice.  Includes
 * nothing of Kore and allocates nothing, so it can be fuzzed alone.
 */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "head.h"

#define ONCE true				/* a second one is an error, not ignored */

static const struct
{
	const char *name;
	bool		once;
	bool		hidden;			/* understood here, not passed on */
	bool		last;			/* of several the last counts: it is the nearest proxy's */
}			fields[HEAD_FIELDS] =
{
	[HEAD_HOST] = {"host", ONCE, true},	/* written first, by hand */
	[HEAD_CONNECTION] = {"connection", false, true},
	[HEAD_CONTENT_LENGTH] = {"content-length", ONCE, true},
	[HEAD_CONTENT_TYPE] = {"content-type", ONCE, false},
	[HEAD_TRANSFER_ENCODING] = {"transfer-encoding", false, true},
	[HEAD_EXPECT] = {"expect", ONCE, true},
	[HEAD_AUTHORIZATION] = {"authorization", ONCE, false},
	[HEAD_COOKIE] = {"cookie", ONCE, false},
	[HEAD_ORIGIN] = {"origin", ONCE, false},
	[HEAD_SEC_FETCH_SITE] = {"sec-fetch-site", ONCE, false},
	[HEAD_ACCEPT_ENCODING] = {"accept-encoding", false, false},
	[HEAD_IF_NONE_MATCH] = {"if-none-match", false, false},
	[HEAD_IF_MATCH] = {"if-match", ONCE, false},
	[HEAD_FORWARDED_PROTO] = {"x-forwarded-proto", false, false, true},
	[HEAD_FORWARDED_FOR] = {"x-forwarded-for", false, false, true},
};

static const struct
{
	const char *name;
	bool		takes_body;
}			methods[] =
{
	{"GET", false}, {"HEAD", false}, {"POST", true}, {"PUT", true},
	{"PATCH", true}, {"DELETE", false}, {"OPTIONS", false},
};

static const HeadError bad_line = {400, "malformed_request", "the request line is malformed"};
static const HeadError bad_target = {400, "malformed_request", "the request target must be a path"};
static const HeadError bad_header = {400, "malformed_header", "a header line is malformed"};
static const HeadError bad_bytes = {400, "malformed_header", "a header value holds bytes that are not allowed"};
static const HeadError twice = {400, "duplicate_header", "a header that may come once came twice"};
static const HeadError bad_host = {400, "malformed_host", "exactly one Host header is needed"};
static const HeadError bad_length = {400, "malformed_length", "Content-Length is malformed"};
static const HeadError two_lengths = {400, "malformed_length", "Content-Length and Transfer-Encoding exclude each other"};
static const HeadError no_length = {411, "length_required", "send a Content-Length instead of Transfer-Encoding"};
static const HeadError long_target = {414, "uri_too_long", "the path and query are too long"};
static const HeadError bad_expect = {417, "expectation_failed", "only 100-continue may be expected"};
static const HeadError many_lines = {431, "too_many_headers", "too many header lines"};
static const HeadError bad_method = {501, "unknown_method", "the method is not known"};
static const HeadError bad_version = {505, "unknown_version", "only HTTP/1.1 and HTTP/1.0 are spoken"};

/*
 * Returns the length of the head that the data begin with, its empty line
 * included, or 0 while that has not come yet.
 */
size_t
head_end(const char *data, size_t length)
{
	const char *end = data + length;
	const char *p = data;

	while ((p = memchr(p, '\n', (size_t) (end - p))) != NULL)
	{
		p++;
		if (p < end && *p == '\n')
			return (size_t) (p + 1 - data);
		if (p + 1 < end && p[0] == '\r' && p[1] == '\n')
			return (size_t) (p + 2 - data);
	}
	return 0;
}

/* Is this a character of an RFC 9110 token? */
static bool
is_token(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
		(c != '\0' && strchr("!#$%&'*+-.^_`|~", c) != NULL);
}

/* Splits off the next line, which must end with CRLF; false when it does not. */
static bool
next_line(const char **at, const char *end, HeadSlice *line)
{
	const char *newline = memchr(*at, '\n', (size_t) (end - *at));

	if (newline == NULL || newline == *at || newline[-1] != '\r')
		return false;
	line->data = *at;
	line->length = (size_t) (newline - 1 - *at);
	*at = newline + 1;
	return memchr(line->data, '\r', line->length) == NULL;
}

/* Reads "METHOD target HTTP/1.x". */
static const HeadError *
parse_request_line(HeadSlice line, Head *head)
{
	const char *end = line.data + line.length;
	const char *space = memchr(line.data, ' ', line.length);
	const char *target;
	const char *p;
	size_t		i;

	if (space == NULL || space == line.data)
		return &bad_line;
	head->method.data = line.data;
	head->method.length = (size_t) (space - line.data);
	for (p = line.data; p < space; p++)
		if (!is_token(*p))
			return &bad_line;

	target = space + 1;
	space = memchr(target, ' ', (size_t) (end - target));
	if (space == NULL || space == target || end - space != 9)
		return &bad_line;
	if (memcmp(space + 1, "HTTP/1.1", 8) != 0)
	{
		if (memcmp(space + 1, "HTTP/1.0", 8) != 0)
			return memcmp(space + 1, "HTTP/", 5) == 0 ? &bad_version : &bad_line;
		head->http10 = true;
	}

	head->target.data = target;
	head->target.length = (size_t) (space - target);
	if (head->target.length > HEAD_TARGET_MAX)
		return &long_target;
	if (*target != '/')
		return &bad_target;
	for (p = target; p < space; p++)
		if (*p <= ' ' || *p >= 0x7f || *p == '#')
			return &bad_target;

	for (i = 0; i < sizeof(methods) / sizeof(methods[0]); i++)
	{
		if (strlen(methods[i].name) == head->method.length &&
			memcmp(methods[i].name, head->method.data, head->method.length) == 0)
		{
			head->takes_body = methods[i].takes_body;
			return NULL;
		}
	}
	return &bad_method;
}

/* Reads "Name: value"; keeps it when it is a field that the server reads. */
static const HeadError *
parse_field(HeadSlice line, Head *head)
{
	const char *end = line.data + line.length;
	const char *colon = memchr(line.data, ':', line.length);
	const char *p;
	bool		plain = true;
	int			i;

	if (colon == NULL || colon == line.data)
		return &bad_header;
	for (p = line.data; p < colon; p++)
		if (!is_token(*p))
			return &bad_header;

	for (p = colon + 1; p < end; p++)
	{
		unsigned char c = (unsigned char) *p;

		if ((c < 0x20 && c != '\t') || c == 0x7f)
			return &bad_bytes;
		if (c > 0x7f)
			plain = false;
	}
	for (p = colon + 1; p < end && (*p == ' ' || *p == '\t'); p++)
		;
	while (end > p && (end[-1] == ' ' || end[-1] == '\t'))
		end--;

	for (i = 0; i < HEAD_FIELDS; i++)
	{
		if (strlen(fields[i].name) != (size_t) (colon - line.data) ||
			strncasecmp(fields[i].name, line.data, (size_t) (colon - line.data)) != 0)
			continue;
		if (!plain)
			return &bad_bytes;
		if (head->fields[i].data != NULL && !fields[i].last)
			return fields[i].once ? &twice : NULL;
		head->fields[i].data = p;
		head->fields[i].length = (size_t) (end - p);
		break;
	}
	return NULL;
}

/* Checks Host: a name or address, perhaps with a port. */
static const HeadError *
check_host(const Head *head)
{
	HeadSlice	host = head->fields[HEAD_HOST];
	size_t		i;

	if (host.data == NULL)
		return head->http10 ? NULL : &bad_host;
	if (host.length == 0 || host.length > HEAD_HOST_MAX)
		return &bad_host;
	for (i = 0; i < host.length; i++)
	{
		char		c = host.data[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
			  c == '.' || c == '-' || c == '_' || c == ':' || c == '[' || c == ']'))
			return &bad_host;
	}
	return NULL;
}

/* Finds out how long the body is. */
static const HeadError *
check_length(Head *head)
{
	HeadSlice	length = head->fields[HEAD_CONTENT_LENGTH];
	size_t		i;

	if (head->fields[HEAD_TRANSFER_ENCODING].data != NULL)
		return length.data != NULL ? &two_lengths : &no_length;
	if (length.data == NULL)
		return NULL;
	if (length.length == 0 || length.length > 18)
		return &bad_length;
	for (i = 0; i < length.length; i++)
	{
		if (length.data[i] < '0' || length.data[i] > '9')
			return &bad_length;
		head->content_length = head->content_length * 10 + (uint64_t) (length.data[i] - '0');
	}
	return NULL;
}

/*
 * Reads a whole head (as long as head_end said).  Returns NULL and fills
 * *head, whose slices point into the data; or returns why it is refused.
 */
const HeadError *
head_parse(const char *data, size_t length, Head *head)
{
	const char *at = data;
	const char *end = data + length;
	const HeadError *error;
	HeadSlice	line;
	int			lines = 0;

	memset(head, 0, sizeof(*head));
	if (memchr(data, '\0', length) != NULL || !next_line(&at, end, &line))
		return &bad_line;
	if ((error = parse_request_line(line, head)) != NULL)
		return error;
	for (;;)
	{
		if (!next_line(&at, end, &line))
			return &bad_header;
		if (line.length == 0)
			break;
		if (++lines > HEAD_LINES_MAX)
			return &many_lines;
		if ((error = parse_field(line, head)) != NULL)
			return error;
	}
	if ((error = check_host(head)) != NULL || (error = check_length(head)) != NULL)
		return error;
	if (head->fields[HEAD_EXPECT].data != NULL)
	{
		HeadSlice	expect = head->fields[HEAD_EXPECT];

		if (expect.length != 12 || strncasecmp(expect.data, "100-continue", 12) != 0)
			return &bad_expect;
		head->expects_continue = !head->http10;
	}
	return NULL;
}

/* Does the Connection header ask to close, or is the client too old to keep it? */
static bool
wants_close(const Head *head)
{
	HeadSlice	list = head->fields[HEAD_CONNECTION];
	const char *end = list.data + list.length;
	const char *p;

	if (head->http10)
		return true;
	for (p = list.data; p != NULL && p < end;)
	{
		const char *stop;

		while (p < end && (*p == ' ' || *p == '\t' || *p == ','))
			p++;
		for (stop = p; stop < end && *stop != ',' && *stop != ' ' && *stop != '\t'; stop++)
			;
		if (stop - p == 5 && strncasecmp(p, "close", 5) == 0)
			return true;
		p = stop;
	}
	return false;
}

/*
 * Writes the head as Kore is to see it: HTTP/1.1, Host first, the known fields,
 * "connection: close" where it ends with this request.  Returns its length, or
 * 0 when "size" is too small (HEAD_MAX and a hundred more is enough).
 */
size_t
head_write(const Head *head, char *out, size_t size)
{
	HeadSlice	host = head->fields[HEAD_HOST];
	size_t		used;
	int			i;

	used = (size_t) snprintf(out, size, "%.*s %.*s HTTP/1.1\r\nhost: %.*s\r\n",
							 (int) head->method.length, head->method.data,
							 (int) head->target.length, head->target.data,
							 host.data ? (int) host.length : 4,
							 host.data ? host.data : "none");
	if (used < size && head->takes_body)
		used += (size_t) snprintf(out + used, size - used, "content-length: %llu\r\n",
								  (unsigned long long) head->content_length);
	if (used < size && wants_close(head))
		used += (size_t) snprintf(out + used, size - used, "connection: close\r\n");
	for (i = 0; i < HEAD_FIELDS && used < size; i++)
	{
		char	   *tab;
		size_t		start = used;

		if (fields[i].hidden || head->fields[i].length == 0)
			continue;
		used += (size_t) snprintf(out + used, size - used, "%s: %.*s\r\n", fields[i].name,
								  (int) head->fields[i].length, head->fields[i].data);
		while (used < size && (tab = memchr(out + start, '\t', used - start)) != NULL)
			*tab = ' ';
	}
	if (used < size)
		used += (size_t) snprintf(out + used, size - used, "\r\n");
	return used < size ? used : 0;
}
