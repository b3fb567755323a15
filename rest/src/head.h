/*
 * head.h
 *	  The head of an HTTP request: find it, check it, write it clean.
 */
#ifndef CALLCENTER_HEAD_H
#define CALLCENTER_HEAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HEAD_MAX 8192			/* bytes of a request head */
#define HEAD_LINES_MAX 100		/* header lines in it */
#define HEAD_TARGET_MAX 1900	/* bytes of path and query; Kore stops at 1999 */
#define HEAD_HOST_MAX 250

/* The header fields that the server reads; all others end here. */
typedef enum HeadField
{
	HEAD_HOST,
	HEAD_CONNECTION,
	HEAD_CONTENT_LENGTH,
	HEAD_CONTENT_TYPE,
	HEAD_TRANSFER_ENCODING,
	HEAD_EXPECT,
	HEAD_AUTHORIZATION,
	HEAD_COOKIE,
	HEAD_ORIGIN,
	HEAD_SEC_FETCH_SITE,
	HEAD_ACCEPT_ENCODING,
	HEAD_IF_NONE_MATCH,
	HEAD_IF_MATCH,
	HEAD_FORWARDED_PROTO,
	HEAD_FORWARDED_FOR,
	HEAD_FIELDS
} HeadField;

typedef struct HeadSlice
{
	const char *data;			/* NULL: not there */
	size_t		length;
} HeadSlice;

typedef struct Head
{
	HeadSlice	method;
	HeadSlice	target;
	HeadSlice	fields[HEAD_FIELDS];
	bool		http10;
	bool		takes_body;		/* POST, PUT, PATCH */
	bool		expects_continue;
	uint64_t	content_length;
} Head;

/* Why a request is refused before it has a route. */
typedef struct HeadError
{
	int			status;
	const char *code;
	const char *message;
} HeadError;

extern size_t head_end(const char *data, size_t length);
extern const HeadError *head_parse(const char *data, size_t length, Head *head);
extern size_t head_write(const Head *head, char *out, size_t size);

#endif
