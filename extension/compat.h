/*
 * compat.h
 *		Every difference between PostgreSQL 15 and 18 that the extension meets, and no logic.
 */
#ifndef CALLCENTER_COMPAT_H
#define CALLCENTER_COMPAT_H

#if PG_VERSION_NUM < 150000
#error callcenter needs PostgreSQL 15 or later
#endif

#if PG_VERSION_NUM >= 160000
#include "varatt.h"
#endif

#endif							/* CALLCENTER_COMPAT_H */
