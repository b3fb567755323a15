/*
 * shim.h
 *	  Between the sockets and Kore's HTTP parser.
 */
#ifndef CALLCENTER_SHIM_H
#define CALLCENTER_SHIM_H

#include "rest.h"

extern void shim_attach(struct connection *c);
extern size_t shim_unread(const struct connection *c);
extern void shim_resume(struct connection *c);
extern void shim_tick(uint64_t now);
extern int	shim_close_idle(void);

#endif
