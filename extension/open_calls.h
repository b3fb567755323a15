/*
 * open_calls.h
 *		Calls that go on; see open_calls.c.  All of these work inside the identity and SPI of an API function.
 */
#ifndef CALLCENTER_OPEN_CALLS_H
#define CALLCENTER_OPEN_CALLS_H

#include "document.h"
#include "identity.h"

/* Takes the open call with a twilioCallSid away, and gives its id; 0 when there is none, or when the call is stored already. */
extern Datum open_call_take(text *company, text *sid, text *call_id);

/* Writes the open call with this id or twilioCallSid as the member "call" of an answer; false when there is none. */
extern bool open_call_write(StringInfo out, const Identity *identity, const Company *company, text *key);

/* Tells whether a call with this id or twilioCallSid goes on. */
extern bool open_call_exists(text *company, text *key);

/* Gives the calls that go on as a further member of an answer, with the comma before it; NULL when there are none. */
extern char *open_calls_shown(const Identity *identity, const Company *company);

#endif							/* CALLCENTER_OPEN_CALLS_H */
