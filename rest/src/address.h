/*
 * address.h
 *	  Where a caller is, and which other origins may ask.
 */
#ifndef CALLCENTER_ADDRESS_H
#define CALLCENTER_ADDRESS_H

#include "rest.h"

extern void address_configure(const char *proxies, const char *origins);
extern void address_read(Exchange *exchange);
extern void address_cors(Exchange *exchange);
extern void address_preflight(Exchange *exchange, const char *methods);

#endif
