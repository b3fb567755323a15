/*
 * shared.h
 *		Shared memory of the extension.
 */
#ifndef CALLCENTER_SHARED_H
#define CALLCENTER_SHARED_H

#include "storage/lwlock.h"

/* Asks for shared memory when the library is preloaded; called once, when the library is loaded. */
extern void shared_init(void);

/* The lock of an area, by the area's name; of the areas that shared.c lists. */
typedef enum SharedLock
{
	SHARED_LOCK_WORKER,
	SHARED_LOCK_REFUSED,
	SHARED_LOCK_COUNT
} SharedLock;

/* NULL when there is no shared memory, because the library is not in shared_preload_libraries. */
extern LWLock *shared_lock(SharedLock lock);

#endif							/* CALLCENTER_SHARED_H */
