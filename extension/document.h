/*
 * document.h
 *		JSON documents and rows: one table of fields per resource says how they map.
 *
 * A field is declared once.  From its line come the checks of what comes in, the columns of INSERT and UPDATE, the
 * SELECT list and the JSON that goes out.
 */
#ifndef CALLCENTER_DOCUMENT_H
#define CALLCENTER_DOCUMENT_H

#include "executor/spi.h"
#include "lib/stringinfo.h"
#include "utils/jsonb.h"

#include "companies.h"

typedef enum FieldType
{
	FIELD_TEXT,					/* string of at most "max" characters, at least "min" */
	FIELD_OBJECT_ID,			/* 24 hexadecimal digits, folded to lower case */
	FIELD_ENUM,					/* one of the labels of the enum "of" */
	FIELD_BOOL,
	FIELD_INT,					/* whole number from "min" to "max" */
	FIELD_NUMBER,				/* number from "min" to "max" */
	FIELD_NUMERIC,				/* the same, kept exactly as given */
	FIELD_TIMESTAMP,			/* ISO 8601 with an offset; goes out in UTC */
	FIELD_DATE,					/* ISO 8601 date */
	FIELD_MAP,					/* object of anything, of at most "max" bytes */
	FIELD_STRING_MAP,			/* object of strings */
	FIELD_ITEMS,				/* array of at most "max" objects with the fields of "items" */
	FIELD_TEXT_LIST,			/* array of strings; as a parameter also "a,b,c" */
	FIELD_PHONE,				/* a number that somebody said or typed; see columns_add_document() */
	FIELD_ROWS,					/* array of at most "max" objects with the fields of "items", which are rows of a table:
								 * comes in as an ItemList, goes out from an array of composites */
	/* these only go out */
	FIELD_PHONE_DISPLAY,		/* E.164 as people write it, national where it is the company's region */
	FIELD_CUSTOMER_NUMBER,		/* 842 as "CUST-00842" */
	FIELD_ROW,					/* composite as an object with the fields of "items" */
	FIELD_DAY,					/* instant as the company's local date */
	FIELD_TALK,					/* triples as [[speaker, start, end], ...] */
	FIELD_SECRET				/* text that is stored sealed (codes.c), and masked unless it is revealed; comes in as text */
} FieldType;

#define FIELD_REQUIRED		0x01	/* must be there when a record is made */
#define FIELD_CREATE_ONLY	0x02	/* cannot be changed later */
#define FIELD_READ_ONLY		0x04	/* set by the server, refused in input */
#define FIELD_WRITE_ONLY	0x08	/* comes in, but is written by the resource itself */
#define FIELD_IN_LIST		0x10	/* is part of a row of a list */
#define FIELD_LIST_ONLY		0x20	/* is part of a row of a list, and of nothing else */
#define FIELD_DEFAULT_NOW	0x80	/* of an item: the time of the transaction when it is not given */
#define FIELD_DEFAULTED		0x100	/* the column is not null: null in a patch sets its default */
#define FIELD_ANNOTATION	0x200	/* may be changed by agents, who may not change what a call was */
#define FIELD_NO_COLUMN		0x400	/* of rows: the column is computed, and cannot be stored */
#define FIELD_ZERO			0x800	/* goes out as 0 when it has no value */
#define FIELD_NULLABLE_OUT	0x40	/* goes out as null when it has no value, instead of being left out */

typedef struct Field
{
	const char *path;			/* "analysis.emotion.primary"; fields of a group stand together */
	const char *column;			/* of the table; NULL when the resource itself stores it */
	FieldType	type;
	int			flags;
	double		min;
	double		max;
	const char *of;				/* name of the enum type, without schema */
	const struct FieldTable *items; /* of FIELD_ITEMS */
	const char *expression;		/* what SELECT asks for, when it is not the column; of an item: the attribute of its composite */
	const char *derived;		/* the column of the derived table (alias "st") that it comes from; nothing stores it */
} Field;

/* Which fields of its list a table has: a list that is declared once can be written in two parts. */
typedef enum FieldPart
{
	FIELD_PART_ALL,
	FIELD_PART_STORED,			/* without what is derived */
	FIELD_PART_DERIVED			/* what is derived, from a row of the derived table */
} FieldPart;

typedef struct FieldTable
{
	const char *relation;		/* "calls"; NULL when there is none */
	const char *alias;			/* of the relation in SELECT: columns are "alias.column" */
	const Field *fields;
	int			count;
	bool		lenient;		/* parameters: numbers and booleans may be strings */
	bool		whole_row;		/* a whole document takes the row as one value, not column by column */
	FieldPart	part;
} FieldTable;

#define FIELD_TABLE_COUNT(fields) ((int) lengthof(fields))

typedef enum DocumentMode
{
	DOCUMENT_CREATE,
	DOCUMENT_PATCH,
	DOCUMENT_PARAMS
} DocumentMode;

/* What came in, by field; values have the C type of their FieldType (see document_sql_type). */
typedef struct Document
{
	const FieldTable *table;
	Datum	   *values;
	bool	   *isnull;			/* no value: absent, or null */
	bool	   *present;		/* named in the document */
} Document;

/* What came in for a field of rows. */
typedef struct ItemList
{
	int			count;
	Document  **items;
} ItemList;

/* What writing needs to know beside the row. */
typedef struct WriteContext
{
	const Company *company;
	bool		reveal;			/* access codes in clear, of rows that have an id; only reveal_access_codes() asks for it */
	const bool *only;			/* by field: which ones to write; NULL for all */
} WriteContext;

/* What stands in the place of an access code that the caller may not see; coming in, it keeps the code. */
#define SECRET_MASK "\342\200\242\342\200\242\342\200\242\342\200\242"

extern Document *document_empty(const FieldTable *table);

/* Takes masked access codes out of a document, so that they keep what is stored. */
extern void document_keep_secrets(Document *document);

extern Document *document_read(const FieldTable *table, Jsonb *input, DocumentMode mode);

/* Gives the number of the field with this path in its table; the path must exist. */
extern int	field_number(const FieldTable *table, const char *path);

extern bool document_knows(const Document *document, const char *path);
extern bool document_is_present(const Document *document, const char *path);
extern bool document_has(const Document *document, const char *path);
extern Datum document_get(const Document *document, const char *path);
extern text *document_text(const Document *document, const char *path);
extern void document_set(Document *document, const char *path, Datum value);

/* Collects columns, values and types for INSERT; more columns may be added by hand before columns_insert(). */
typedef struct ColumnSet
{
	int			region;			/* that phone numbers of the document are read in, see phone.h; 0 when it has none */
	const char *company_id;		/* whose row it is, and its id: needed where there are access codes, which are sealed for it */
	const char *record_id;
	int			count;
	const char *names[100];		/* NULL: a parameter that is no column, for what follows the VALUES */
	const char *casts[100];		/* type to cast to, NULL for none */
	bool		defaults[100];	/* set to the column's default, UPDATE only */
	const char *phones[100];	/* the column of the number that this one tells of, see columns_add_document(); NULL for none */
	Oid			types[100];
	Datum		values[100];
	bool		isnull[100];
} ColumnSet;

extern void columns_add(ColumnSet *set, const char *name, Oid type, Datum value, bool isnull);
extern void columns_add_enum(ColumnSet *set, const char *name, const char *enum_type, const char *label);

/*
 * Adds the fields of a document that have a column: those with a value, in a patch also those that it clears.
 *
 * A phone number (FIELD_PHONE) has four columns: as it came; "_e164", the key when it is valid, else NULL; "_region" and
 * "_metadata_version", by which it was read.  Where a patch brings the number that is stored, be it as it came or as it is
 * shown, all four stay: no key is made anew by newer metadata.
 */
extern void columns_add_document(ColumnSet *set, const Document *document, DocumentMode mode);
extern uint64 columns_insert(const ColumnSet *set, const char *relation, const char *suffix);
extern uint64 columns_update(ColumnSet *set, const char *relation, Datum company, Datum id, const char *also);
extern uint64 columns_update_company(ColumnSet *set, Datum company);

extern void document_select_list(StringInfo sql, const FieldTable *table, bool list);
extern int	document_select_count(const FieldTable *table, bool list);
extern void document_write(StringInfo out, const FieldTable *table, bool list, HeapTuple row, TupleDesc desc, int first_column,
						   const WriteContext *context);
/* A row taken apart, to be written from or read. */
typedef struct DocumentRow
{
	TupleDesc	desc;			/* NULL when the row is null */
	uint64		type;			/* identifies the row type */
	Datum	   *values;
	bool	   *isnull;
} DocumentRow;

/* Takes a row that is one value apart; a null row has no value in any field. */
extern void document_open_row(DocumentRow *row, Datum value, bool isnull);

/* Writes the members of a document whose fields are all columns of an opened row. */
extern void document_write_row(StringInfo out, const FieldTable *table, const DocumentRow *row, const WriteContext *context);

/* Gives a value of an opened row by the path of its field. */
extern Datum document_row_get(const FieldTable *table, const DocumentRow *row, const char *path, bool *isnull);

/* Gives the value, which is not null, of a column's field from the row of a whole document, selected as its first column. */
extern Datum document_row_value(const FieldTable *table, HeapTuple row, TupleDesc desc, const char *path);

/* Writes the first "count" rows of SPI_tuptable, selected as rows of a list, as a JSON array. */
extern void document_write_rows(StringInfo out, const FieldTable *table, uint64 count, const WriteContext *context);
extern void document_write_phone(StringInfo out, const char *e164, const WriteContext *context);

#endif							/* CALLCENTER_DOCUMENT_H */
