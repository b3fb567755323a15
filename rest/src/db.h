/*
 * db.h
 *	  Prepared statements of statements.def, run over a few connections.
 */
#ifndef CALLCENTER_DB_H
#define CALLCENTER_DB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DB_PARAMS_MAX 6

typedef enum DbLane
{
#define LANE(name, connections, depth, queue, timeout_s) LANE_##name,
#include "statements.def"
#undef LANE
	DB_LANES
} DbLane;

typedef enum DbStatement
{
#define STATEMENT(name, lane, kind, parameters, sql) STATEMENT_##name,
#include "statements.def"
#undef STATEMENT
	DB_STATEMENTS
} DbStatement;

/* How far a request has come. */
typedef enum DbOutcome
{
	DB_WAITING,					/* in the queue or on its way */
	DB_ROW,						/* one row is there */
	DB_ERROR,					/* PostgreSQL refused: see db_error() */
	DB_LOST,					/* the connection went away, perhaps after the work */
	DB_BUSY,					/* the lane's queue is full */
	DB_DOWN,					/* no connection came in time */
	DB_LATE						/* its turn did not come in time */
} DbOutcome;

typedef enum DbField
{
	DB_SQLSTATE,
	DB_MESSAGE,
	DB_SCHEMA,
	DB_TABLE,
	DB_COLUMN
} DbField;

/* Kept in memory that all workers share; each worker writes its own. */
typedef struct DbLaneStats
{
	uint64_t	ready;			/* connections */
	uint64_t	queued;
	uint64_t	in_flight;
} DbLaneStats;

typedef struct DbStats
{
	DbLaneStats lanes[DB_LANES];
	uint64_t	sent;
	uint64_t	rows;
	uint64_t	errors;
	uint64_t	lost;			/* requests answered as DB_LOST */
	uint64_t	busy;
	uint64_t	expired;		/* DB_DOWN and DB_LATE */
	uint64_t	orphaned;		/* results nobody waited for any more */
	uint64_t	resent;
	uint64_t	connects;
	uint64_t	connect_failures;
	uint64_t	disconnects;
} DbStats;

typedef struct DbRequest DbRequest;

extern void db_configure(const char *connection_string);
extern void db_open(DbStats *stats);
extern void db_tick(uint64_t now);
extern void db_close(void);
extern const char *db_not_ready(void);

extern DbRequest *db_submit(DbStatement statement, const char *const *values, int nvalues,
							void (*done) (void *), void *arg);
extern void db_forget(DbRequest *request);
extern DbOutcome db_outcome(const DbRequest *request);
extern const char *db_value(const DbRequest *request, int column, size_t *length);
extern const char *db_error(const DbRequest *request, DbField field);
extern double db_queue_ms(const DbRequest *request);
extern double db_run_ms(const DbRequest *request);
extern int	db_parameters(DbStatement statement);
extern const char *db_lane_name(DbLane lane);

#endif
