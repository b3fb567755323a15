/*
 * router.h
 *	  From a request to its route, and from the route's statement to an answer.
 */
#ifndef CALLCENTER_ROUTER_H
#define CALLCENTER_ROUTER_H

#include "rest.h"

extern void router_open(void);
extern void router_wake(void *exchange);
extern int	router_count(void);
extern const char *router_method(int slot);
extern const char *router_pattern(int slot);

#endif
