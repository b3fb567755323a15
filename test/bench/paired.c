/*
 * paired.c
 *		Times SQL statements against each other, over libpq, prepared, by turns.
 *
 *		paired FILE TURNS BATCH [FIRST]
 *
 * A turn runs each statement of the file BATCH times in a row, so that what else the machine does hits all of them; the
 * figure of a turn is the median of the batch, which a run that was interrupted does not move.  Prints a line for each statement: name, minimum and median over the
 * turns, in microseconds.
 *
 * FILE holds statements, each under a line "-- NAME ROLE [rollback]".  Statements of one role share a connection.  With
 * "rollback" each run has a transaction of its own, whose BEGIN and ROLLBACK are not timed; without it a statement
 * commits.  A statement may use $1 and $2: the start and the end of a call, in ISO 8601, a millisecond later in each run
 * of any statement, so that each call is the last of its caller; FIRST (0) is how many milliseconds the first one is late.
 * The server is the one of the environment of libpq.
 */
#include <libpq-fe.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define MAX_STATEMENTS	128
#define MAX_TURNS		10000
#define NAME_SIZE		64
#define TIME_SIZE		64

typedef struct Statement
{
	char		name[NAME_SIZE];
	char		role[NAME_SIZE];
	bool		rollback;
	char	   *sql;
	int			nparams;		/* 0 or 2 */
	PGconn	   *conn;
	double	   *turns;			/* microseconds of each turn */
} Statement;

static Statement statements[MAX_STATEMENTS];
static int	nstatements = 0;
static int	call_ms = 0;		/* how late the next call starts */

/* Says what is wrong, and ends. */
__attribute__((format(printf, 1, 2), noreturn)) static void
die(const char *fmt,...)
{
	va_list		args;

	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
	fputc('\n', stderr);
	exit(1);
}

/* Reads the file of statements. */
static void
read_statements(const char *path)
{
	FILE	   *file = fopen(path, "r");
	char	   *line = NULL;
	size_t		size = 0;

	if (file == NULL)
		die("cannot read %s", path);
	while (getline(&line, &size, file) > 0)
	{
		char		name[NAME_SIZE],
					role[NAME_SIZE],
					mode[NAME_SIZE] = "";
		Statement  *statement = &statements[nstatements - 1];

		if (sscanf(line, "-- %63s %63s %63s", name, role, mode) >= 2)
		{
			if (nstatements == MAX_STATEMENTS)
				die("more than %d statements", MAX_STATEMENTS);
			statement = &statements[nstatements++];
			strcpy(statement->name, name);
			strcpy(statement->role, role);
			statement->rollback = strcmp(mode, "rollback") == 0;
			statement->sql = calloc(1, 1);
		}
		else if (nstatements == 0)
			die("%s does not begin with a name", path);
		else
		{
			statement->sql = realloc(statement->sql, strlen(statement->sql) + strlen(line) + 1);
			strcat(statement->sql, line);
		}
	}
	fclose(file);
	free(line);
}

/* Runs a command or ends. */
static void
command(PGconn *conn, const char *sql)
{
	PGresult   *result = PQexec(conn, sql);

	if (PQresultStatus(result) != PGRES_COMMAND_OK && PQresultStatus(result) != PGRES_TUPLES_OK)
		die("%s: %s", sql, PQerrorMessage(conn));
	PQclear(result);
}

/* Connects each statement as its role, one connection a role, and prepares it. */
static void
connect_statements(void)
{
	for (int i = 0; i < nstatements; i++)
	{
		Statement  *statement = &statements[i];
		PGresult   *result;

		for (int j = 0; j < i && statement->conn == NULL; j++)
			if (strcmp(statements[j].role, statement->role) == 0)
				statement->conn = statements[j].conn;
		if (statement->conn == NULL)
		{
			const char *keywords[] = {"user", NULL};
			const char *values[] = {statement->role, NULL};

			statement->conn = PQconnectdbParams(keywords, values, 0);
			if (PQstatus(statement->conn) != CONNECTION_OK)
				die("%s", PQerrorMessage(statement->conn));
		}
		result = PQprepare(statement->conn, statement->name, statement->sql, 0, NULL);
		if (PQresultStatus(result) != PGRES_COMMAND_OK)
			die("%s: %s", statement->name, PQerrorMessage(statement->conn));
		PQclear(result);
		result = PQdescribePrepared(statement->conn, statement->name);
		statement->nparams = PQnparams(result);
		if (PQresultStatus(result) != PGRES_COMMAND_OK || (statement->nparams != 0 && statement->nparams != 2))
			die("%s has %d parameters: %s", statement->name, statement->nparams, PQerrorMessage(statement->conn));
		PQclear(result);
	}
}

/* Writes when the call of a run starts and ends. */
static void
next_call(char *start, char *end)
{
	snprintf(start, TIME_SIZE, "2030-12-01T14:%02d:%02d.%03dZ", 30 + call_ms / 60000 % 30, call_ms / 1000 % 60, call_ms % 1000);
	snprintf(end, TIME_SIZE, "2030-12-01T15:%02d:%02d.%03dZ", call_ms / 60000 % 30, call_ms / 1000 % 60, call_ms % 1000);
	call_ms++;
}

static double
now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1e6 + time.tv_nsec / 1e3;
}

/* Runs a statement once; returns the microseconds it took. */
static double
run(const Statement *statement)
{
	PGresult   *result;
	char		call_start[TIME_SIZE],
				call_end[TIME_SIZE];
	const char *params[] = {call_start, call_end};
	double		start,
				end;

	next_call(call_start, call_end);
	if (statement->rollback)
		command(statement->conn, "BEGIN");
	start = now();
	result = PQexecPrepared(statement->conn, statement->name, statement->nparams, params, NULL, NULL, 0);
	end = now();
	if (PQresultStatus(result) != PGRES_TUPLES_OK && PQresultStatus(result) != PGRES_COMMAND_OK)
		die("%s: %s", statement->name, PQerrorMessage(statement->conn));
	PQclear(result);
	if (statement->rollback)
		command(statement->conn, "ROLLBACK");
	return end - start;
}

static int
compare(const void *a, const void *b)
{
	double		x = *(const double *) a,
				y = *(const double *) b;

	return x < y ? -1 : x > y;
}

int
main(int argc, char **argv)
{
	int			turns = argc >= 4 ? atoi(argv[2]) : 0;
	int			batch = argc >= 4 ? atoi(argv[3]) : 0;
	double	   *runs;

	if (turns < 1 || turns > MAX_TURNS || batch < 1)
		die("usage: paired FILE TURNS BATCH [FIRST]");
	if (argc > 4)
		call_ms = atoi(argv[4]);
	read_statements(argv[1]);
	connect_statements();
	runs = malloc(sizeof(double) * batch);
	for (int i = 0; i < nstatements; i++)
		statements[i].turns = malloc(sizeof(double) * turns);

	/* before the first turn every statement runs until its plans and caches are there */
	for (int turn = -1; turn < turns; turn++)
		for (int i = 0; i < nstatements; i++)
		{
			for (int n = 0; n < batch; n++)
				runs[n] = run(&statements[i]);
			qsort(runs, batch, sizeof(double), compare);
			if (turn >= 0)
				statements[i].turns[turn] = runs[batch / 2];
		}

	for (int i = 0; i < nstatements; i++)
	{
		qsort(statements[i].turns, turns, sizeof(double), compare);
		printf("%s %.1f %.1f\n", statements[i].name, statements[i].turns[0], statements[i].turns[turns / 2]);
	}
	return 0;
}
