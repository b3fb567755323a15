/*
 * static.h
 *	  The page, from memory.
 */
#ifndef CALLCENTER_STATIC_H
#define CALLCENTER_STATIC_H

#include "rest.h"

typedef struct StaticFile StaticFile;

extern void static_load(const char *directory);
extern const char *static_release(void);
extern const StaticFile *static_find(const char *path);
extern void static_answer(Exchange *exchange, const StaticFile *file);
extern void static_home(Exchange *exchange);

#endif
