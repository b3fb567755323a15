/*
 * params.h
 *	  Paths and query strings: strict decoding.
 */
#ifndef CALLCENTER_PARAMS_H
#define CALLCENTER_PARAMS_H

#include <stdbool.h>
#include <stddef.h>

#include "text.h"

#define PARAMS_MAX 32			/* parameters of a query string */
#define SEGMENTS_MAX 12			/* segments of a path */

/* What is wrong with a request's path or query. */
typedef struct ParamError
{
	const char *message;
	Text		field;			/* name of the parameter; empty: none */
} ParamError;

extern bool params_utf8(const char *data, size_t length);
extern int	params_path(char *path, char **segments);
extern bool params_query(const char *query, Text *json, ParamError *error);
extern bool params_company(const char *segment, char *id);

#endif
