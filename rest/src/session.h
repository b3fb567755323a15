/*
 * session.h
 *	  The caller's token: from the Authorization header or the session cookie.
 */
#ifndef CALLCENTER_SESSION_H
#define CALLCENTER_SESSION_H

#include "rest.h"

extern bool session_read(Exchange *exchange, bool required);
extern bool session_check_origin(Exchange *exchange);
extern bool session_cookie_allowed(Exchange *exchange);
extern void session_set_cookie(Exchange *exchange, const char *token);
extern void session_end(Exchange *exchange);

#endif
