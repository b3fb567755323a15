/*
 * worker.c
 *		The background worker: one process for a database that has work, started by whoever finds the work.
 *
 * A session that finds work (a refused access whose own transaction is about to fail; deltas that should be folded) sets
 * the bit of the task in the slot of its database, and wakes the worker or has one started.  The worker does each task in
 * a transaction of its own by calling functions of the extension, and leaves when it has been idle for IDLE_SECONDS.
 *
 * Rules
 * - Nothing here is needed for a correct answer: what is not done in the background is done by the next request, or by
 *	 calling the functions.  So every failure to start a worker (no process left, a standby, the library not preloaded) is
 *	 only noted.
 * - Fields of a slot are changed under SHARED_LOCK_WORKER, but for the atomic ones.  Nothing is raised or allocated under it.
 * - The worker runs as the superuser that made the cluster.  It calls only functions that are members of the extension,
 *	 found without a search path: a schema of that name that somebody else made gives it nothing to run.
 * - A task that fails is logged and tried again after 1, 2, 4 ... seconds, RETRIES times; then it rests for REST_SECONDS
 *	 and waits for a request.  A worker that ends is not restarted by the server, so it cannot crash in a loop.
 * - A task runs at most once in its interval, so that a flood of requests is one transaction in that time.
 * - While it waits, the worker looks twice a second whether somebody wants to drop, rename or copy the database, and makes
 *	 way; DROP DATABASE waits for 5 seconds before it gives up.
 */
#include "postgres.h"

#include "access/xact.h"
#include "access/xlog.h"
#include "catalog/dependency.h"
#include "catalog/namespace.h"
#include "catalog/pg_database.h"
#include "catalog/pg_proc.h"
#include "commands/extension.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "nodes/pg_list.h"
#include "nodes/value.h"
#include "parser/parse_func.h"
#include "pgstat.h"
#include "port/atomics.h"
#include "postmaster/bgworker.h"
#include "postmaster/interrupt.h"
#include "storage/ipc.h"
#include "storage/latch.h"
#include "storage/lock.h"
#include "storage/proc.h"
#include "tcop/tcopprot.h"
#include "utils/guc.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"
#include "utils/timestamp.h"
#include "utils/wait_event.h"

#include "shared.h"
#include "worker.h"

#define SLOTS			64		/* databases that can have background work at a time */
#define IDLE_SECONDS	10
#define LOOK_MS			500		/* between two looks for a DROP DATABASE */
#define START_SECONDS	30		/* a worker that has not come up by then is given up */
#define RETRIES			5
#define REST_SECONDS	60
#define NO_PROCESS_SECONDS	1	/* after the server had no process left */
#define REFUSED_INTERVAL_MS	5000	/* between two batches of refused accesses, see refused.c */
#define FOLD_INTERVAL_MS	1000
#define FOLD_DELTAS		256
#define FOLD_SECONDS	10
#define FOLD_BACKLOG	16384	/* deltas that show that nobody folds */

/* What a task is: functions of the extension, called in order; what an older version of the extension does not have is left out. */
typedef struct TaskDefinition
{
	const char *functions[2];
	int			interval_ms;	/* from one run to the next at least */
} TaskDefinition;

static const TaskDefinition definitions[WORKER_TASKS] = {
	[WORKER_REFUSED] = {{"flush_refused"}, REFUSED_INTERVAL_MS},
	[WORKER_FOLD] = {{"fold_counters", "fold_rollups"}, FOLD_INTERVAL_MS},
};

/* Of one database. */
typedef struct WorkerSlot
{
	Oid			database;		/* InvalidOid: free */
	uint32		pending;		/* bits of the tasks that were asked for */
	Latch	   *latch;			/* of the worker; NULL when none runs */
	TimestampTz starting_at;	/* when a worker was ordered that has not come up; 0 for none */
	TimestampTz used_at;		/* last request */
	TimestampTz not_before[WORKER_TASKS];	/* when the task may run next */
	TimestampTz no_start_before;	/* when a worker may be ordered next */
	uint16		failures[WORKER_TASKS]; /* of the task, since it last went well */
	pg_atomic_uint32 deltas;	/* appended since they were last folded */
	pg_atomic_uint64 folded_at; /* a TimestampTz */
} WorkerSlot;

typedef struct WorkerShared
{
	WorkerSlot	slots[SLOTS];
} WorkerShared;

static WorkerShared *shared = NULL;
static WorkerSlot *own_slot = NULL; /* of MyDatabaseId; may have been given to another since */
static int	own_deltas = 0;		/* of the transaction */

PGDLLEXPORT void cc_worker_main(Datum database);

/*
 * Section: slots
 */

Size
worker_shared_size(void)
{
	return sizeof(WorkerShared);
}

void
worker_shared_attach(void *area, bool found)
{
	shared = area;
	if (found)
		return;
	memset(shared, 0, sizeof(WorkerShared));
	for (int i = 0; i < SLOTS; i++)
	{
		pg_atomic_init_u32(&shared->slots[i].deltas, 0);
		pg_atomic_init_u64(&shared->slots[i].folded_at, 0);
	}
}

/* Tells whether there is anything to ask. */
static bool
worker_available(void)
{
	return shared != NULL && OidIsValid(MyDatabaseId) && !RecoveryInProgress();
}

/* Empties a slot for a database.  Under the lock. */
static void
reset_slot(WorkerSlot *slot, Oid database)
{
	slot->pending = 0;
	slot->latch = NULL;
	slot->starting_at = 0;
	slot->no_start_before = 0;
	memset(slot->not_before, 0, sizeof(slot->not_before));
	memset(slot->failures, 0, sizeof(slot->failures));
	pg_atomic_write_u32(&slot->deltas, 0);
	pg_atomic_write_u64(&slot->folded_at, 0);
	slot->database = database;
}

/*
 * Gives the slot of a database: the one it has, a free one, or that of the database that has asked for nothing for
 * the longest time and has no worker.  NULL when every slot has a worker.  Under the lock.
 */
static WorkerSlot *
find_slot(Oid database)
{
	WorkerSlot *slot = NULL;

	if (own_slot != NULL && own_slot->database == database)
		return own_slot;
	for (int i = 0; i < SLOTS; i++)
	{
		WorkerSlot *s = &shared->slots[i];

		if (s->database == database)
			return own_slot = s;
		if (s->latch == NULL && s->starting_at == 0 &&
			(slot == NULL || (OidIsValid(slot->database) && (!OidIsValid(s->database) || s->used_at < slot->used_at))))
			slot = s;
	}
	if (slot != NULL)
		reset_slot(slot, database);
	return own_slot = slot;
}

/* Orders a worker for this database; false when the server has no process left. */
static bool
order_worker(void)
{
	BackgroundWorker worker = {
		.bgw_flags = BGWORKER_SHMEM_ACCESS | BGWORKER_BACKEND_DATABASE_CONNECTION,
		.bgw_start_time = BgWorkerStart_RecoveryFinished,
		.bgw_restart_time = BGW_NEVER_RESTART,
		.bgw_main_arg = ObjectIdGetDatum(MyDatabaseId),
	};

	strlcpy(worker.bgw_name, "callcenter worker", sizeof(worker.bgw_name));
	strlcpy(worker.bgw_type, "callcenter worker", sizeof(worker.bgw_type));
	strlcpy(worker.bgw_library_name, "callcenter", sizeof(worker.bgw_library_name));
	strlcpy(worker.bgw_function_name, "cc_worker_main", sizeof(worker.bgw_function_name));
	return RegisterDynamicBackgroundWorker(&worker, NULL);
}

void
worker_request(WorkerTask task)
{
	TimestampTz now;
	WorkerSlot *slot;
	Latch	   *latch = NULL;
	bool		start = false;

	if (!worker_available())
		return;
	now = GetCurrentTimestamp();
	LWLockAcquire(shared_lock(SHARED_LOCK_WORKER), LW_EXCLUSIVE);
	slot = find_slot(MyDatabaseId);
	if (slot != NULL)
	{
		slot->used_at = now;
		slot->pending |= 1 << task;
		latch = slot->latch;
		start = latch == NULL && now >= slot->no_start_before && now >= slot->not_before[task] &&
			(slot->starting_at == 0 || TimestampDifferenceExceeds(slot->starting_at, now, START_SECONDS * 1000));
		if (start)
			slot->starting_at = now;
	}
	LWLockRelease(shared_lock(SHARED_LOCK_WORKER));

	if (latch != NULL)
		SetLatch(latch);
	else if (start && !order_worker())
	{
		LWLockAcquire(shared_lock(SHARED_LOCK_WORKER), LW_EXCLUSIVE);
		slot->starting_at = 0;
		slot->no_start_before = TimestampTzPlusMilliseconds(now, NO_PROCESS_SECONDS * 1000);
		LWLockRelease(shared_lock(SHARED_LOCK_WORKER));
	}
}

/*
 * Section: folding after a commit
 */

void
worker_note_deltas(int count)
{
	own_deltas += count;
}

bool
worker_keeps_up(void)
{
	return worker_available() && (own_slot == NULL || pg_atomic_read_u32(&own_slot->deltas) < FOLD_BACKLOG);
}

/* Adds the transaction's deltas up when they have become visible, and asks for folding when it is time. */
static void
at_transaction_end(XactEvent event, void *arg)
{
	int			deltas = own_deltas;
	WorkerSlot *slot = own_slot;
	uint32		total;
	TimestampTz folded_at;

	if (deltas == 0)
		return;
	switch (event)
	{
		case XACT_EVENT_COMMIT:
			own_deltas = 0;
			break;
		case XACT_EVENT_ABORT:
		case XACT_EVENT_PREPARE:
			own_deltas = 0;
			return;
		default:
			return;
	}
	if (!worker_available())
		return;
	if (slot == NULL || slot->database != MyDatabaseId)
	{
		/* the first of this session */
		LWLockAcquire(shared_lock(SHARED_LOCK_WORKER), LW_EXCLUSIVE);
		slot = find_slot(MyDatabaseId);
		LWLockRelease(shared_lock(SHARED_LOCK_WORKER));
		if (slot == NULL)
			return;
	}
	total = pg_atomic_add_fetch_u32(&slot->deltas, deltas);
	folded_at = (TimestampTz) pg_atomic_read_u64(&slot->folded_at);
	if (total >= FOLD_DELTAS ?
		(slot->pending & (1 << WORKER_FOLD)) == 0 || slot->latch == NULL :
		TimestampDifferenceExceeds(folded_at, GetCurrentTransactionStopTimestamp(), FOLD_SECONDS * 1000))
		worker_request(WORKER_FOLD);
}

void
worker_init(void)
{
	RegisterXactCallback(at_transaction_end, NULL);
}

/*
 * Section: the worker
 */

/* Takes the slot for this process; false when another worker has it. */
static bool
take_slot(Oid database)
{
	bool		taken = false;
	WorkerSlot *slot;

	LWLockAcquire(shared_lock(SHARED_LOCK_WORKER), LW_EXCLUSIVE);
	slot = find_slot(database);
	if (slot != NULL && slot->latch == NULL)
	{
		slot->latch = MyLatch;
		slot->starting_at = 0;
		taken = true;
	}
	LWLockRelease(shared_lock(SHARED_LOCK_WORKER));
	return taken;
}

/* Gives the slot back when the process ends, however it does. */
static void
give_slot_back(int code, Datum arg)
{
	LWLockAcquire(shared_lock(SHARED_LOCK_WORKER), LW_EXCLUSIVE);
	if (own_slot->latch == MyLatch)	/* not yet another worker's */
		own_slot->latch = NULL;
	if (code != 0)				/* it did not come up, or was told to go: not at once again */
		own_slot->no_start_before = TimestampTzPlusMilliseconds(GetCurrentTimestamp(), NO_PROCESS_SECONDS * 1000);
	LWLockRelease(shared_lock(SHARED_LOCK_WORKER));
}

/* Gives the slot back in order to leave, unless something was asked for meanwhile. */
static bool
nothing_pending(void)
{
	bool		nothing;

	LWLockAcquire(shared_lock(SHARED_LOCK_WORKER), LW_EXCLUSIVE);
	nothing = own_slot->pending == 0;
	if (nothing)
		own_slot->latch = NULL; /* from here on a request starts another */
	LWLockRelease(shared_lock(SHARED_LOCK_WORKER));
	return nothing;
}

/* Takes the tasks that are due; *wait_ms becomes the time until the next one is. */
static uint32
take_due(long *wait_ms)
{
	TimestampTz now = GetCurrentTimestamp();
	uint32		due = 0;

	LWLockAcquire(shared_lock(SHARED_LOCK_WORKER), LW_EXCLUSIVE);
	for (int task = 0; task < WORKER_TASKS; task++)
	{
		if ((own_slot->pending & (1 << task)) == 0)
			continue;
		if (own_slot->not_before[task] <= now)
			due |= 1 << task;
		else
			*wait_ms = Min(*wait_ms, TimestampDifferenceMilliseconds(now, own_slot->not_before[task]) + 1);
	}
	own_slot->pending &= ~due;
	LWLockRelease(shared_lock(SHARED_LOCK_WORKER));
	return due;
}

/* Notes how a task went, and when it may run again. */
static void
note_result(WorkerTask task, bool well)
{
	int			pause_ms = definitions[task].interval_ms;

	LWLockAcquire(shared_lock(SHARED_LOCK_WORKER), LW_EXCLUSIVE);
	if (well)
		own_slot->failures[task] = 0;
	else if (++own_slot->failures[task] <= RETRIES)
	{
		own_slot->pending |= 1 << task;
		pause_ms = 1000 << (own_slot->failures[task] - 1);
	}
	else
	{
		own_slot->failures[task] = 0;
		pause_ms = REST_SECONDS * 1000;
	}
	own_slot->not_before[task] = TimestampTzPlusMilliseconds(GetCurrentTimestamp(), pause_ms);
	LWLockRelease(shared_lock(SHARED_LOCK_WORKER));
}

/* Gives the extension's own function of that name without arguments; InvalidOid when there is none. */
static Oid
extension_function(const char *name)
{
	Oid			extension = get_extension_oid("callcenter", true);
	Oid			function;

	if (!OidIsValid(extension) || !OidIsValid(get_namespace_oid("callcenter", true)))
		return InvalidOid;
	function = LookupFuncName(list_make2(makeString("callcenter"), makeString(pstrdup(name))), 0, NULL, true);
	if (!OidIsValid(function) || getExtensionOfObject(ProcedureRelationId, function) != extension)
		return InvalidOid;
	return function;
}

/* Calls a function of the extension in a transaction of its own; false, with the error logged, when it fails. */
static bool
run_function(const char *name)
{
	volatile bool well = true;

	PG_TRY();
	{
		Oid			function;

		SetCurrentStatementStartTimestamp();
		StartTransactionCommand();
		PushActiveSnapshot(GetTransactionSnapshot());
		function = extension_function(name);
		if (OidIsValid(function))
		{
			FmgrInfo	flinfo;

			LOCAL_FCINFO(fcinfo, 0);

			pgstat_report_activity(STATE_RUNNING, name);
			fmgr_info(function, &flinfo);
			InitFunctionCallInfoData(*fcinfo, &flinfo, 0, InvalidOid, NULL, NULL);
			(void) FunctionCallInvoke(fcinfo);
		}
		PopActiveSnapshot();
		CommitTransactionCommand();
	}
	PG_CATCH();
	{
		HOLD_INTERRUPTS();
		EmitErrorReport();
		MemoryContextSwitchTo(TopMemoryContext);
		FlushErrorState();
		AbortCurrentTransaction();
		RESUME_INTERRUPTS();
		well = false;
	}
	PG_END_TRY();
	pgstat_report_stat(true);
	pgstat_report_activity(STATE_IDLE, NULL);
	return well;
}

/* Does a task. */
static void
run_task(WorkerTask task)
{
	bool		well = true;

	if (task == WORKER_FOLD)
	{
		pg_atomic_write_u32(&own_slot->deltas, 0);
		pg_atomic_write_u64(&own_slot->folded_at, (uint64) GetCurrentTimestamp());
	}
	for (int i = 0; i < (int) lengthof(definitions[task].functions) && definitions[task].functions[i] != NULL; i++)
		well = run_function(definitions[task].functions[i]) && well;
	note_result(task, well);
}

/* Tells whether somebody wants the database for himself: to drop it, to rename it, to copy it. */
static bool
database_is_wanted(void)
{
	LOCKTAG		tag;
	bool		wanted;

	SET_LOCKTAG_OBJECT(tag, InvalidOid, DatabaseRelationId, MyDatabaseId, 0);
	StartTransactionCommand();
	wanted = LockAcquire(&tag, RowExclusiveLock, false, true) == LOCKACQUIRE_NOT_AVAIL;
	CommitTransactionCommand();
	return wanted;
}

/* The parameters that the database may have set for its sessions, but that this process has of its own. */
static void
set_parameters(void)
{
	static const char *const parameters[][2] = {
		{"application_name", "callcenter worker"},
		{"search_path", "pg_catalog, pg_temp"},
		{"default_transaction_read_only", "off"},
		{"default_transaction_isolation", "read committed"},
		{"session_replication_role", "origin"},
		{"row_security", "on"},
	};

	for (int i = 0; i < (int) lengthof(parameters); i++)
		SetConfigOption(parameters[i][0], parameters[i][1], PGC_SUSET, PGC_S_OVERRIDE);
}

/* The process: does what is asked for in a database, and leaves when nothing is. */
void
cc_worker_main(Datum database)
{
	TimestampTz idle_since;

	pqsignal(SIGTERM, die);
	pqsignal(SIGHUP, SignalHandlerForConfigReload);
	BackgroundWorkerUnblockSignals();

	if (shared == NULL)
		proc_exit(0);
	if (!take_slot(DatumGetObjectId(database)))
		proc_exit(0);
	before_shmem_exit(give_slot_back, (Datum) 0);
	BackgroundWorkerInitializeConnectionByOid(DatumGetObjectId(database), InvalidOid, 0);
	set_parameters();

	idle_since = GetCurrentTimestamp();
	for (;;)
	{
		long		wait_ms = LOOK_MS;
		uint32		due = take_due(&wait_ms);

		for (int task = 0; task < WORKER_TASKS; task++)
			if ((due & (1 << task)) != 0)
				run_task((WorkerTask) task);
		if (due != 0)
		{
			idle_since = GetCurrentTimestamp();
			continue;
		}
		if (database_is_wanted() ||
			(TimestampDifferenceExceeds(idle_since, GetCurrentTimestamp(), IDLE_SECONDS * 1000) && nothing_pending()))
			proc_exit(0);

		(void) WaitLatch(MyLatch, WL_LATCH_SET | WL_TIMEOUT | WL_EXIT_ON_PM_DEATH, wait_ms, PG_WAIT_EXTENSION);
		ResetLatch(MyLatch);
		if (ProcDiePending)
			proc_exit(0);
		CHECK_FOR_INTERRUPTS();
		if (ConfigReloadPending)
		{
			ConfigReloadPending = false;
			ProcessConfigFile(PGC_SIGHUP);
		}
	}
}
