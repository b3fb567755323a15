/*
 * reply.h
 *	  Every answer that leaves the server.
 */
#ifndef CALLCENTER_REPLY_H
#define CALLCENTER_REPLY_H

#include "rest.h"

typedef enum ReplyBody
{
	REPLY_COPY,					/* the body is copied */
	REPLY_LASTING				/* the body stays where it is for good */
} ReplyBody;

extern void reply_new_ref(char *ref);
extern void reply_header(Exchange *exchange, const char *name, const char *format, ...)
			__attribute__((format(printf, 3, 4)));
extern void reply_send(Exchange *exchange, int status, const char *type, const char *cache,
					   const void *body, size_t length, ReplyBody keep);
extern void reply_json(Exchange *exchange, int status, const char *body, size_t length);
extern void reply_error(Exchange *exchange, int status, const char *code, const char *error,
						const char *message, const char *field);
extern void reply_stream_begin(Exchange *exchange, const char *type);
extern void reply_stream_chunk(Exchange *exchange, const char *data, size_t length);
extern void reply_stream_end(Exchange *exchange);
extern void reply_refuse(struct connection *c, const HeadError *why);

#endif
