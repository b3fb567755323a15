/*
 * transcript.h
 *		Transcripts of calls.
 */
#ifndef CALLCENTER_TRANSCRIPT_H
#define CALLCENTER_TRANSCRIPT_H

#include "datatype/timestamp.h"
#include "utils/array.h"
#include "utils/jsonb.h"

/* A transcript as it is stored. */
typedef struct Transcript
{
	Jsonb	   *turns;			/* in order, every turn with its number; NULL without turns */
	ArrayType  *talk;			/* triples of speaker, start and end in milliseconds; NULL when a turn has no time */
	text	   *summary;		/* what the caller said first; NULL when the caller said nothing */
} Transcript;

/* Reads an array of turns (checked by the field table of a call) of a call that starts and ends then (DT_NOEND: not known). */
extern void transcript_read(Transcript *transcript, Jsonb *turns, TimestampTz start, TimestampTz end);

/* Stores the transcript of a new call.  Inside SPI_connect(). */
extern void transcript_add(text *company, Datum call_id, const Transcript *transcript);

/* Stores a transcript; the last one wins.  Inside SPI_connect(). */
extern void transcript_store(text *company, Datum call_id, const Transcript *transcript);

/* Cuts a text down to its first line or sentence; NULL when there is none. */
extern text *summary_of(const char *s, int length);

extern JsonbValue *json_string_member(JsonbContainer *object, const char *key);
extern bool json_string_is(const JsonbValue *value, const char *s);

#endif							/* CALLCENTER_TRANSCRIPT_H */
