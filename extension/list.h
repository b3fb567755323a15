/*
 * list.h
 *		Pages of records: filters, order, page numbers and cursors, shared by all list functions.
 *
 * A list function begins with list_begin(), adds the filters that its parameters ask for, and ends with list_end().
 */
#ifndef CALLCENTER_LIST_H
#define CALLCENTER_LIST_H

#include "document.h"
#include "identity.h"

#define LIST_LIMIT_DEFAULT	50
#define LIST_LIMIT_MAX		100
#define LIST_PAGE_MAX		1000000
#define LIST_ARGS_MAX		40

/* So many rows are few. */
#define LIST_FEW			10000

/* The total is to be counted; any other value given to list_end() is the total. */
#define LIST_TOTAL_COUNT	(-1)

/* The parameters that every list has. */
#define LIST_PARAMETERS \
	{"page", NULL, FIELD_INT, 0, 1, LIST_PAGE_MAX}, \
	{"limit", NULL, FIELD_INT, 0, 1, LIST_LIMIT_MAX}, \
	{"after", NULL, FIELD_TEXT, 0, 1, 80}, \
	{"sort", NULL, FIELD_TEXT, 0, 1, 20}

/*
 * The end of a LATERAL SELECT of one row by its id, behind the condition on the company.  Written so that only the index by id
 * gives the order that is asked for: in a small table the planner, who keeps no statistics, takes all rows of a company for
 * one, and would as soon read them by any other index.
 */
#define LIST_BY_ID(column, value) column " >= " value " AND " column " <= " value " ORDER BY " column " LIMIT 1"

/* How rows can be sorted.  A cursor holds the key and the id of the last row. */
typedef struct SortOrder
{
	const char *name;			/* NULL ends the list of orders; the first is the default */
	const char *key;			/* of the row, never null: a time or a bigint */
	const char *order;
	const char *comparison;		/* of the key and id of rows behind a cursor with those of the cursor */
	bool		by_time;		/* the key is a time */
	const struct ListSource *source;	/* what rows are read from in this order; NULL for what the list is made of */
	bool		is_alone;		/* filters have no index in this order: where few rows match, they are sorted */
} SortOrder;

/* What a list is made of.  Filters are written in the aliases of "from" and "filter_joins". */
typedef struct ListSource
{
	const char *member;			/* of the answer: "calls" */
	const FieldTable *fields;
	const FieldTable *parameters;
	const SortOrder *orders;
	const char *id;				/* "c.id" */
	const char *alias;			/* of the records: "c" */
	const char *keys;			/* the columns that id and orders are made of, where a page is chosen by them alone; NULL for none */
	const char *from;			/* the records */
	const char *filter_joins;	/* what filters need beside them (needs_joins); NULL for nothing */
	const char *by_key;			/* with "keys": FROM items that give a record of its keys "k" */
	const char *joins;			/* what the rows that are shown are made of beside them */
	const char *company_column;
	const struct ListSource *counted;	/* what rows are counted in, with the same filters; NULL for itself */
} ListSource;

/* A statement while it is composed: its conditions and the values they are bound to. */
typedef struct ListQuery
{
	const ListSource *source;
	Identity   *identity;
	const Company *company;
	Document   *params;
	const SortOrder *sort;
	StringInfoData where;
	int			conditions;		/* where those of filters begin in it, behind that on the company */
	const char *from;			/* the records, instead of those of the source; NULL for those */
	const char *count_from;		/* the same for counting, in the aliases of what the source is counted in */
	int			nargs;
	Oid			types[LIST_ARGS_MAX];
	Datum		values[LIST_ARGS_MAX];
	bool		is_empty;		/* nothing can match */
	bool		by_filter;		/* where few rows match, they are sorted: filters have an index, and none in this order */
	bool		is_filtered;	/* has conditions of filters; known once the cursor is added */
	bool		needs_joins;	/* a filter needs filter_joins */
	const char *word_column;	/* that has one of several words and an index by word and order; NULL for none */
	int			words_arg;		/* the words */
	int			nwords;
	int			traits_from;	/* of calls: where conditions on traits begin in "where" */
	int			replaced_from;	/* conditions in "where" from here */
	int			replaced_to;	/* to here are the same as those of the next two */
	const char *instead;		/* NULL for none */
	bool		word_is_instead;	/* the words are those of "instead" */
	const char *beside;			/* a further condition instead; NULL for none */
	int64		total;			/* of rows; LIST_TOTAL_COUNT while it is not known */
	const char *also;			/* further members of the answer, with the comma before them; NULL for none */
} ListQuery;

/* Enters the identity, connects to SPI and reads the parameters: arguments 0 company_id, 1 params, 2 token. */
extern ListQuery *list_begin(FunctionCallInfo fcinfo, const ListSource *source, CallerRight right);

/* The same for parameters of a function that is not a list, without identity and SPI, which are the caller's. */
extern ListQuery *list_compose(const ListSource *source, Identity *identity, const Company *company, Jsonb *params);

/* Writes the page, leaves SPI and the identity, and gives the answer. */
extern Datum list_end(ListQuery *query, int64 total);

/* Binds a value; returns its parameter number. */
extern int	list_bind(ListQuery *query, Oid type, Datum value);

extern void list_add(ListQuery *query, const char *fmt,...) pg_attribute_printf(2, 3);
extern void list_add_equal(ListQuery *query, const char *path, const char *column);
extern void list_add_choice(ListQuery *query, const char *path, const char *column);

/* The same for a column of which an index has the rows of a word in order, which a page is then taken from word by word. */
extern void list_add_word(ListQuery *query, const char *path, const char *column);
extern void list_add_flag(ListQuery *query, const char *path, const char *column);
extern void list_add_period(ListQuery *query, const char *column);

/*
 * Counts the rows that the filters leave, up to LIST_FEW + 1 of them: so many are read and sorted sooner than found on the way
 * through all records.
 */
extern int64 list_count_few(ListQuery *query);

/*
 * Looks up the ids of the rows that the filters leave, "from" which must have them all in scope, unless they are more than
 * "most": they are bound as an array, and take the place of the filters.  The caller sets query->from, which gives the records
 * of them.  Gives how many there are; LIST_TOTAL_COUNT for more.
 */
extern int64 list_gather(ListQuery *query, const char *from, const char *company_column, const char *id, int64 most, int *ids_arg);

/* Gives the words of a parameter that is a list, as an array; 0 where it is not given. */
extern Datum list_choice(const ListQuery *query, const char *path);

/* Tells whether a word is one of such a parameter's, or it is not given. */
extern bool list_chooses(const ListQuery *query, const char *path, const char *word);

/* Gives the period of startDate and endDate; infinities where they are not given. */
extern void list_period(const ListQuery *query, TimestampTz *start, TimestampTz *end);

/* Binds the parameter "q" for text_has(); gives the argument, 0 when there is none. */
extern int	list_bind_text(ListQuery *query);

/*
 * Gives the condition that a number in a column is one that "q" may mean: that it ends in its digits, or is what it is as
 * people of the company's region write it.  NULL when it means none.
 */
extern char *list_number_condition(ListQuery *query, const char *column);

/* Adds the condition on rows behind the cursor "after", when there is one; true when there is. */
extern bool list_add_cursor(ListQuery *query);

/* Selects rows in order, from "offset" on; they are in SPI_tuptable, followed by sort key and id. */
extern uint64 list_select(ListQuery *query, int64 limit, int64 offset);

/* Writes the cursor of a selected row. */
extern void list_write_cursor(StringInfo out, const ListQuery *query, uint64 row);

#endif							/* CALLCENTER_LIST_H */
