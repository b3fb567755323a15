/*
 * platform_log.h
 *		The log of what belongs to no company.
 */
#ifndef CALLCENTER_PLATFORM_LOG_H
#define CALLCENTER_PLATFORM_LOG_H

/*
 * Writes a row of it: what "actor" did to a record, named by its id.  "before" and "after" are JSON texts or NULL, and name
 * nobody.  Runs as callcenter_auth.  Inside SPI_connect().
 */
extern void platform_log_write(const char *actor, const char *action, const char *record_type, Datum record_id,
							   const char *before, const char *after);

#endif							/* CALLCENTER_PLATFORM_LOG_H */
