/*
 * text.c
 *	  A growing piece of text, and JSON strings written into it.
 *
 * Used instead of kore_buf, which grows by exactly the missing bytes and so
 * copies everything on every append.  Includes nothing of Kore: the pure parts
 * of the server (head.c, params.c) stand on it and can be tested alone.
 *
 * Running out of memory ends the process; a worker is started again.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"

#define TEXT_FIRST_SIZE 256

/* Makes room for "more" further bytes and the terminating NUL. */
static void
text_reserve(Text *text, size_t more)
{
	size_t		size = text->size ? text->size : TEXT_FIRST_SIZE;

	while (size - text->length <= more)
		size *= 2;
	if (size == text->size)
		return;
	text->data = realloc(text->data, size);
	if (text->data == NULL)
		abort();
	text->size = size;
}

/* Appends bytes. */
void
text_append(Text *text, const void *data, size_t length)
{
	text_reserve(text, length);
	memcpy(text->data + text->length, data, length);
	text->length += length;
	text->data[text->length] = '\0';
}

/* Appends a C string. */
void
text_add(Text *text, const char *string)
{
	text_append(text, string, strlen(string));
}

/* Appends what printf would print. */
void
text_format(Text *text, const char *format, ...)
{
	va_list		args;
	int			length;

	va_start(args, format);
	length = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (length < 0)
		abort();
	text_reserve(text, (size_t) length);
	va_start(args, format);
	vsnprintf(text->data + text->length, (size_t) length + 1, format, args);
	va_end(args);
	text->length += (size_t) length;
}

/*
 * Appends a JSON string with its quotes.  The bytes are taken as they are but
 * for quotes, backslashes and control characters: the caller vouches for UTF-8.
 */
void
text_json(Text *text, const char *string, size_t length)
{
	const char *end = string + length;
	const char *run = string;
	const char *p;

	text_append(text, "\"", 1);
	for (p = string; p < end; p++)
	{
		unsigned char c = (unsigned char) *p;

		if (c >= 0x20 && c != '"' && c != '\\')
			continue;
		text_append(text, run, (size_t) (p - run));
		if (c < 0x20)
			text_format(text, "\\u%04x", c);
		else
			text_format(text, "\\%c", c);
		run = p + 1;
	}
	text_append(text, run, (size_t) (end - run));
	text_append(text, "\"", 1);
}

/* Empties the text, keeping its memory. */
void
text_reset(Text *text)
{
	text->length = 0;
	if (text->data != NULL)
		text->data[0] = '\0';
}

/* Gives the memory back. */
void
text_free(Text *text)
{
	free(text->data);
	memset(text, 0, sizeof(*text));
}
