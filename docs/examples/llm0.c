/*
 * llm0.c
 *		An example of how LLM-0 uses callcenter: one incoming call from the first
 *		ring to the linked record.
 *
 * Reads a call from a JSON file, as the telephony platform would tell of it, and
 * goes through the seven steps of an incoming call.  Each prints a line.
 *
 * Rules worth copying
 * - One connection per worker, kept open; every statement is prepared once.
 * - Values are bound parameters, never part of the text of a statement.
 * - JSON is PostgreSQL's business: the server takes it apart and puts it
 *	 together, so no JSON parser is needed here.
 * - A caller is answered even when the database does not know, or does not
 *	 answer: recognition is a help, not a condition.
 * - A call may be logged again after a doubtful failure: create_call() knows
 *	 it by its callId and answers with what is stored.
 *
 * The database role needs membership in callcenter_service and a grant for the
 * company; see README.md in this directory.
 *
 *		cc -I"$(pg_config --includedir)" llm0.c -lpq -o llm0
 *		./llm0 COMPANY_ID CALL.json [COMPANY_NAME]
 */
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libpq-fe.h>

/* The statements, by name. */
static const struct
{
	const char *name;
	const char *sql;
}			statements[] = {
	/* $1 the call: its id, who calls, and the first thing the caller says */
	{"read_call",
		"SELECT call ->> 'callId', call #>> '{caller,phone}', "
		" (SELECT turn ->> 'text' "
		"  FROM jsonb_array_elements(call -> 'transcript') WITH ORDINALITY AS t (turn, n) "
		"  WHERE turn ->> 'speaker' = 'caller' ORDER BY n LIMIT 1) "
		"FROM (SELECT $1::jsonb) AS file (call)"},

	/* $1 company, $2 number: what is known of the caller, and the context for the agent */
	{"recognize",
		"SELECT answer ->> 'found', answer #>> '{customer,customerId}', "
		" answer #>> '{customer,fullName}', answer #>> '{customer,firstName}', "
		" answer #>> '{customer,stats,totalCalls}', "
		" jsonb_strip_nulls(jsonb_build_object( "
		"  'name', answer #> '{customer,fullName}', "
		"  'phone', answer #> '{customer,phone}', "
		"  'customerId', answer #> '{customer,customerId}', "
		"  'addresses', answer #> '{customer,addresses}', "
		"  'preferences', answer #> '{customer,preferences}', "
		"  'lastContact', answer #> '{customer,lastContactDate}', "
		"  'totalCalls', answer #> '{customer,stats,totalCalls}', "
		"  'history', answer -> 'recentHistory')) "
		"FROM (SELECT callcenter.lookup_by_phone($1, $2)::jsonb) AS lookup (answer)"},

	/* $1 company, $2 call id, $3 what the caller says, $4 context: one turn of the agent */
	{"agent_turn",
		"SELECT jsonb_build_object('companyId', $1::text, 'callId', $2::text, "
		" 'text', $3::text, 'customerContext', $4::jsonb)"},

	/* $1 company, $2 the call: logs it whole, and tells whose call it is */
	{"log_call",
		"SELECT answer ->> 'created', answer #>> '{call,caller,customerNumber}', "
		" answer #>> '{call,caller,name}', answer #>> '{call,caller,previousCallCount}' "
		"FROM (SELECT callcenter.create_call($1, $2)::jsonb) AS log (answer)"},
};

/* A caller as recognition leaves it; the texts live as long as the result. */
typedef struct Caller
{
	PGresult   *result;			/* NULL when recognition failed */
	bool		found;
	const char *number;			/* "CUST-00842" */
	const char *full_name;		/* "" while nobody knows it */
	const char *first_name;
	const char *calls;
	const char *context;		/* JSON */
} Caller;

/* Says what is wrong and ends the program. */
static void
die(const char *format,...)
{
	va_list		args;

	fputs("llm0: ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	exit(EXIT_FAILURE);
}

/* Reads a file whole, with a NUL after it. */
static char *
read_file(const char *name)
{
	size_t		size = 0;
	size_t		room = 65536;
	char	   *text = malloc(room);
	FILE	   *file = fopen(name, "rb");

	if (file == NULL || text == NULL)
		die("could not open \"%s\"", name);
	while ((size += fread(text + size, 1, room - size, file)) == room)
	{
		text = realloc(text, room *= 2);
		if (text == NULL)
			die("\"%s\" is too large", name);
	}
	if (ferror(file))
		die("could not read \"%s\"", name);
	fclose(file);
	text[size] = '\0';
	if (strlen(text) != size)
		die("\"%s\" is not a text file", name);
	return text;
}

/* Connects as the environment says (PGHOST, PGUSER, PGDATABASE, ...) and prepares the statements. */
static PGconn *
connect_and_prepare(void)
{
	const char *const keywords[] = {"fallback_application_name", "client_encoding", "connect_timeout", NULL};
	const char *const values[] = {"llm0", "UTF8", "5", NULL};
	PGconn	   *conn = PQconnectdbParams(keywords, values, 0);

	if (PQstatus(conn) != CONNECTION_OK)
		die("%s", PQerrorMessage(conn));
	for (size_t i = 0; i < sizeof(statements) / sizeof(statements[0]); i++)
	{
		PGresult   *result = PQprepare(conn, statements[i].name, statements[i].sql, 0, NULL);

		if (PQresultStatus(result) != PGRES_COMMAND_OK)
			die("%s", PQresultErrorMessage(result));
		PQclear(result);
	}
	return conn;
}

/*
 * Runs a prepared statement that gives one row.  On failure says why, with the
 * SQLSTATE and the field at fault if the server names one, and gives NULL.
 */
static PGresult *
run(PGconn *conn, const char *statement, int nparams, const char *const *params)
{
	PGresult   *result = PQexecPrepared(conn, statement, nparams, params, NULL, NULL, 0);
	const char *message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
	const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
	const char *field = PQresultErrorField(result, PG_DIAG_COLUMN_NAME);

	if (PQresultStatus(result) == PGRES_TUPLES_OK && PQntuples(result) == 1)
		return result;
	fprintf(stderr, "llm0: %s: %s (SQLSTATE %s%s%s)\n", statement,
			message != NULL ? message : PQerrorMessage(conn),
			state != NULL ? state : "none",
			field != NULL ? ", field " : "", field != NULL ? field : "");
	PQclear(result);
	return NULL;
}

/* Looks the caller up while the phone rings.  Whoever cannot be looked up is a stranger. */
static Caller
recognize(PGconn *conn, const char *company, const char *phone)
{
	const char *const params[] = {company, phone};
	Caller		caller = {.context = "{}"};

	caller.result = run(conn, "recognize", 2, params);
	if (caller.result == NULL)
		return caller;
	caller.found = strcmp(PQgetvalue(caller.result, 0, 0), "true") == 0;
	caller.number = PQgetvalue(caller.result, 0, 1);
	caller.full_name = PQgetvalue(caller.result, 0, 2);
	caller.first_name = PQgetvalue(caller.result, 0, 3);
	caller.calls = PQgetvalue(caller.result, 0, 4);
	caller.context = PQgetvalue(caller.result, 0, 5);
	return caller;
}

/* Greets a customer by name, and a stranger politely. */
static void
print_greeting(const Caller *caller, const char *company_name)
{
	const char *to = company_name != NULL ? " to " : "";
	const char *where = company_name != NULL ? company_name : "";

	if (caller->found && caller->first_name[0] != '\0')
		printf("5 greeting  Hi %s! Welcome back%s%s. How can I help?\n", caller->first_name, to, where);
	else if (caller->found)
		printf("5 greeting  Welcome back%s%s. How can I help?\n", to, where);
	else
		printf("5 greeting  Thank you for calling%s%s. How can I help?\n", company_name != NULL ? " " : "", where);
}

int
main(int argc, char **argv)
{
	const char *company;
	const char *company_name;
	char	   *file;
	PGconn	   *conn;
	PGresult   *call;
	PGresult   *turn;
	PGresult   *logged;
	Caller		caller;
	const char *call_id;
	const char *phone;

	if (argc < 3 || argc > 4)
	{
		fprintf(stderr, "usage: %s COMPANY_ID CALL.json [COMPANY_NAME]\n", argv[0]);
		return 2;
	}
	company = argv[1];
	company_name = argc == 4 ? argv[3] : NULL;

	/* 1. The platform tells of a call. */
	file = read_file(argv[2]);
	conn = connect_and_prepare();
	call = run(conn, "read_call", 1, (const char *const[]) {file});
	if (call == NULL)
		die("\"%s\" is not a call", argv[2]);
	call_id = PQgetvalue(call, 0, 0);
	printf("1 call      %s\n", call_id);

	/* 2. Who is calling?  Whatever the network said, as it said it. */
	phone = PQgetvalue(call, 0, 1);
	printf("2 caller    %s\n", phone);

	/* 3. Is it somebody we know? */
	caller = recognize(conn, company, phone);
	if (caller.found)
		printf("3 lookup    %s %s, earlier calls: %s\n", caller.number, caller.full_name, caller.calls);
	else
		printf("3 lookup    nobody we know\n");

	/* 4. What the agent is given with each thing the caller says; here, the first. */
	turn = run(conn, "agent_turn", 4,
			   (const char *const[]) {company, call_id, PQgetvalue(call, 0, 2), caller.context});
	if (turn == NULL)
		die("could not put the agent's context together");
	printf("4 context   %s\n", PQgetvalue(turn, 0, 0));

	/* 5. The agent answers the phone. */
	print_greeting(&caller, company_name);

	/* 6. The call is over and is logged, once and whole. */
	logged = run(conn, "log_call", 2, (const char *const[]) {company, file});
	if (logged == NULL)
		die("the call is not logged; it can be logged again as it is");
	printf("6 logged    %s\n", strcmp(PQgetvalue(logged, 0, 0), "true") == 0 ? "created" : "was there already");

	/* 7. It is linked to its customer, who was made if there was none. */
	if (PQgetisnull(logged, 0, 1))
		printf("7 customer  none\n");
	else
		printf("7 customer  %s %s, earlier calls: %s\n",
			   PQgetvalue(logged, 0, 1), PQgetvalue(logged, 0, 2), PQgetvalue(logged, 0, 3));

	PQclear(logged);
	PQclear(turn);
	PQclear(caller.result);
	PQclear(call);
	PQfinish(conn);
	free(file);
	return EXIT_SUCCESS;
}
