/*
 * health.h
 *	  Is the server alive, and can it work?
 */
#ifndef CALLCENTER_HEALTH_H
#define CALLCENTER_HEALTH_H

#include "rest.h"

extern void health_live(Exchange *exchange);
extern void health_ready(Exchange *exchange);

#endif
