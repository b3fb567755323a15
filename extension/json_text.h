/*
 * json_text.h
 *		Writes JSON text into a StringInfo.
 *
 * A comma is put by itself: json_key() and json_item() look at what was written last.
 */
#ifndef CALLCENTER_JSON_TEXT_H
#define CALLCENTER_JSON_TEXT_H

#include "datatype/timestamp.h"
#include "lib/stringinfo.h"
#include "utils/date.h"

extern void json_item(StringInfo out);
extern void json_key(StringInfo out, const char *key);
extern void json_string(StringInfo out, const char *s, size_t length);
extern void json_cstring(StringInfo out, const char *s);
extern void json_text(StringInfo out, const text *t);
extern void json_bool(StringInfo out, bool value);
extern void json_int(StringInfo out, int64 value);
/* a ratio of whole numbers, rounded half away from zero; null when the denominator is 0 */
extern void json_ratio(StringInfo out, int128 numerator, int128 denominator, int decimals);
extern void json_timestamp(StringInfo out, TimestampTz value);
extern void json_date(StringInfo out, DateADT value);
extern Datum json_result(StringInfo out);

#endif							/* CALLCENTER_JSON_TEXT_H */
