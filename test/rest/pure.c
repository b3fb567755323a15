/*
 * pure.c
 *	  Runs the pure parts of the REST server on what it is told on standard input.
 *
 * A line is a command and its argument in hex; the answer is a line:
 *		json TEXT		ok, or why not
 *		query STRING	the JSON object in hex, or "error"
 *		path PATH		the segments in hex, or "error"
 *		head BYTES		"STATUS CODE", or ok and the rewritten head in hex
 * test/rest/pure.test.mjs builds it with the sanitizers.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "head.h"
#include "json.h"
#include "params.h"

/* Decodes hex into memory of exactly its size, so that the sanitizers see every byte too many. */
static char *
unhex(const char *hex, size_t *length)
{
	size_t		n = strlen(hex) / 2;
	char	   *bytes = malloc(n > 0 ? n : 1);
	size_t		i;

	for (i = 0; i < n; i++)
	{
		unsigned	byte;

		sscanf(hex + 2 * i, "%2x", &byte);
		bytes[i] = (char) byte;
	}
	*length = n;
	return bytes;
}

/* The same as a C string. */
static char *
unhex_string(const char *hex)
{
	size_t		n;
	char	   *bytes = unhex(hex, &n);
	char	   *string = malloc(n + 1);

	memcpy(string, bytes, n);
	string[n] = '\0';
	free(bytes);
	return string;
}

static void
print_hex(const char *bytes, size_t n)
{
	size_t		i;

	for (i = 0; i < n; i++)
		printf("%02x", (unsigned char) bytes[i]);
}

static void
run_json(const char *hex)
{
	size_t		n;
	char	   *bytes = unhex(hex, &n);
	const char *wrong = json_check(bytes, n);

	puts(wrong != NULL ? wrong : "ok");
	free(bytes);
}

static void
run_query(const char *hex)
{
	char	   *query = unhex_string(hex);
	Text		json = {0};
	ParamError	error;

	if (params_query(query, &json, &error))
	{
		print_hex(json.data, json.length);
		putchar('\n');
	}
	else
		puts("error");
	text_free(&json);
	text_free(&error.field);
	free(query);
}

static void
run_path(const char *hex)
{
	char	   *path = unhex_string(hex);
	char	   *segments[SEGMENTS_MAX];
	int			n = params_path(path, segments);
	int			i;

	if (n < 0)
		printf("error");
	for (i = 0; i < n; i++)
	{
		if (i > 0)
			putchar(' ');
		print_hex(segments[i], strlen(segments[i]));
	}
	putchar('\n');
	free(path);
}

static void
run_head(const char *hex)
{
	size_t		n;
	char	   *bytes = unhex(hex, &n);
	size_t		end = head_end(bytes, n);
	const HeadError *error;
	Head		head;
	char		out[HEAD_MAX + 100];

	if (end == 0)
		puts("incomplete");
	else if ((error = head_parse(bytes, end, &head)) != NULL)
		printf("%d %s\n", error->status, error->code);
	else
	{
		printf("ok ");
		print_hex(out, head_write(&head, out, sizeof(out)));
		putchar('\n');
	}
	free(bytes);
}

int
main(void)
{
	static char line[4 * 1024 * 1024];

	while (fgets(line, sizeof(line), stdin) != NULL)
	{
		char	   *argument = strchr(line, ' ');

		line[strcspn(line, "\n")] = '\0';
		*argument++ = '\0';
		if (strcmp(line, "json") == 0)
			run_json(argument);
		else if (strcmp(line, "query") == 0)
			run_query(argument);
		else if (strcmp(line, "path") == 0)
			run_path(argument);
		else
			run_head(argument);
	}
	return 0;
}
