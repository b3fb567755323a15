/*
 * json.h
 *	  Is a text JSON that PostgreSQL takes as jsonb?
 */
#ifndef CALLCENTER_JSON_H
#define CALLCENTER_JSON_H

#include <stddef.h>

#define JSON_DEPTH_MAX 64		/* objects and arrays inside each other */

extern const char *json_check(const char *data, size_t length);

#endif
