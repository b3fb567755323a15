/*
 * api.h
 *		The frame of every API function: identity, SPI, arguments, answer.
 */
#ifndef CALLCENTER_API_H
#define CALLCENTER_API_H

#include "fmgr.h"
#include "lib/stringinfo.h"
#include "utils/jsonb.h"

#include "identity.h"

/*
 * Begins: enters the identity for the company of argument 0 with the token of argument "token_arg", and connects to SPI.  A
 * VOLATILE function is refused in a read-only transaction (25006), such as each one on a standby.
 */
extern Identity *api_begin(FunctionCallInfo fcinfo, int token_arg, CallerRight right);

/* Ends: gives the JSON text as the result, leaves SPI, and the identity when there is one (else NULL). */
extern Datum api_end(Identity *identity, StringInfo out);

/* Gives an argument that must be there; "path" is what an error calls it. */
extern text *api_text(FunctionCallInfo fcinfo, int arg, const char *path);

/* Gives a document that must be there; "what" is what an error calls it. */
extern Jsonb *api_document(FunctionCallInfo fcinfo, int arg, const char *what);

#endif							/* CALLCENTER_API_H */
