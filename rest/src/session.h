/*
 * session.h
 *	  The caller's tokens: from the Authorization header or the session's cookies.
 */
#ifndef CALLCENTER_SESSION_H
#define CALLCENTER_SESSION_H

#include "rest.h"

extern bool session_read(Exchange *exchange, bool required);
extern bool session_read_refresh(Exchange *exchange, bool required);
extern bool session_check_origin(Exchange *exchange);
extern bool session_cookie_allowed(Exchange *exchange);
extern void session_set_cookies(Exchange *exchange, const char *token, const char *seconds, const char *refresh);
extern void session_clear_cookies(Exchange *exchange);

#endif
