/*
 * text.h
 *	  A growing piece of text, and JSON strings written into it.
 */
#ifndef CALLCENTER_TEXT_H
#define CALLCENTER_TEXT_H

#include <stddef.h>

typedef struct Text
{
	char	   *data;			/* NUL-terminated once anything was appended */
	size_t		length;
	size_t		size;
} Text;

extern void text_append(Text *text, const void *data, size_t length);
extern void text_add(Text *text, const char *string);
extern void text_format(Text *text, const char *format, ...)
			__attribute__((format(printf, 2, 3)));
extern void text_json(Text *text, const char *string, size_t length);
extern void text_reset(Text *text);
extern void text_free(Text *text);

#endif
