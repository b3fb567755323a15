/*
 * worker.h
 *		Work in the background: what must not be done by the session that finds it.
 */
#ifndef CALLCENTER_WORKER_H
#define CALLCENTER_WORKER_H

typedef enum WorkerTask
{
	WORKER_REFUSED,				/* writes refused accesses into the audit log */
	WORKER_FOLD,				/* folds appended deltas into counters and rollups */
	WORKER_TASKS
} WorkerTask;

/*
 * Asks for a task to be done soon in this database.  Cheap, raises nothing, allocates nothing: it may be called after a
 * commit and on the way to an error.  Does nothing on a standby and without shared_preload_libraries.
 */
extern void worker_request(WorkerTask task);

/*
 * Notes that the transaction appends deltas.  When it has committed, folding is asked for: after FOLD_DELTAS of them in
 * the whole database, or after FOLD_SECONDS since it was last done.
 */
extern void worker_note_deltas(int count);

/*
 * Tells whether the worker folds what is noted.  When it does not (there is none, or the server has had no process for
 * it), sessions fold now and then themselves.
 */
extern bool worker_keeps_up(void);

extern void worker_init(void);
extern Size worker_shared_size(void);
extern void worker_shared_attach(void *area, bool found);

#endif							/* CALLCENTER_WORKER_H */
