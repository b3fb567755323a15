/*
 * local_time.h
 *		Days and hours of a company: between instants and dates in an IANA time zone; strict reading of ISO 8601.
 */
#ifndef CALLCENTER_LOCAL_TIME_H
#define CALLCENTER_LOCAL_TIME_H

#include "datatype/timestamp.h"
#include "pgtime.h"
#include "utils/date.h"

extern pg_tz *local_zone(const char *name);
extern DateADT local_date(TimestampTz at, pg_tz *zone);
extern TimestampTz local_day_start(DateADT day, pg_tz *zone);
extern TimestampTz local_hour_start(TimestampTz at, pg_tz *zone);
extern TimestampTz local_hour_end(TimestampTz at, pg_tz *zone);
extern TimestampTz local_clock(DateADT day, int64 time, pg_tz *zone);
extern int64 local_time_of_day(TimestampTz at, pg_tz *zone);
extern bool parse_date(const char *s, size_t length, DateADT *result);
extern bool parse_timestamp(const char *s, size_t length, TimestampTz *result);

#endif							/* CALLCENTER_LOCAL_TIME_H */
