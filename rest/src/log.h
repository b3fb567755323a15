/*
 * log.h
 *	  JSON lines on standard output.
 */
#ifndef CALLCENTER_LOG_H
#define CALLCENTER_LOG_H

#include "rest.h"

typedef enum LogLevel
{
	LOG_LEVEL_ERROR,
	LOG_LEVEL_WARN,
	LOG_LEVEL_INFO,
	LOG_LEVEL_DEBUG
} LogLevel;

extern void log_open(const char *level);
extern void log_event(LogLevel level, const char *ref, const char *format, ...)
			__attribute__((format(printf, 3, 4)));
extern void log_exchange(const Exchange *exchange, int status, size_t bytes, double ms);
extern void log_refusal(const char *ref, int status, const char *code);
extern void log_flush(void);
extern uint64_t log_dropped(void);

#endif
