/*
 * export.h
 *	  Answers of any length, a batch at a time.
 */
#ifndef CALLCENTER_EXPORT_H
#define CALLCENTER_EXPORT_H

#include "rest.h"

extern bool export_rows(Exchange *exchange);
extern bool export_file(Exchange *exchange);
extern void export_forget(Exchange *exchange);
extern void export_tick(void);

#endif
