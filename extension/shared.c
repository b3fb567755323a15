/*
 * shared.c
 *		Shared memory of the extension: a table of areas, each owned by a module.
 *
 * There is shared memory only where the library is in shared_preload_libraries.  Everywhere else the modules find none
 * and do without: no background work, no counters over all sessions.  An area has a fixed size, so that nothing in it can
 * run out; it is made anew when the server restarts its processes after a crash.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "storage/ipc.h"
#include "storage/shmem.h"

#include "refused.h"
#include "shared.h"
#include "worker.h"

#define TRANCHE "callcenter"

typedef struct SharedArea
{
	const char *name;
	Size		(*size) (void);
	void		(*attach) (void *area, bool found);	/* in each process; initialises it unless it was found */
} SharedArea;

static const SharedArea areas[] = {
	{"callcenter worker", worker_shared_size, worker_shared_attach},
	{"callcenter refused", refused_shared_size, refused_shared_attach},
};

static shmem_request_hook_type previous_request_hook = NULL;
static shmem_startup_hook_type previous_startup_hook = NULL;
static LWLockPadded *locks = NULL;

LWLock *
shared_lock(SharedLock lock)
{
	return locks != NULL ? &locks[lock].lock : NULL;
}

/* Says how much memory will be needed. */
static void
request(void)
{
	if (previous_request_hook)
		previous_request_hook();
	for (int i = 0; i < (int) lengthof(areas); i++)
		RequestAddinShmemSpace(MAXALIGN(areas[i].size()));
	RequestNamedLWLockTranche(TRANCHE, SHARED_LOCK_COUNT);
}

/* Makes the areas, or finds them. */
static void
startup(void)
{
	if (previous_startup_hook)
		previous_startup_hook();
	LWLockAcquire(AddinShmemInitLock, LW_EXCLUSIVE);
	for (int i = 0; i < (int) lengthof(areas); i++)
	{
		bool		found;
		void	   *area = ShmemInitStruct(areas[i].name, areas[i].size(), &found);

		areas[i].attach(area, found);
	}
	locks = GetNamedLWLockTranche(TRANCHE);
	LWLockRelease(AddinShmemInitLock);
}

void
shared_init(void)
{
	if (!process_shared_preload_libraries_in_progress || IsBinaryUpgrade)
		return;
	previous_request_hook = shmem_request_hook;
	shmem_request_hook = request;
	previous_startup_hook = shmem_startup_hook;
	shmem_startup_hook = startup;
}
