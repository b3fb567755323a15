/*
 * phone_internal.h
 *		What the sources of the phone number core share: the shapes of the tables,
 *		the tables, and text as units.
 *
 * For phone.c, phone_text.c and phone_caller.c only.  The tables are static
 * data without pointers; each source keeps those that it uses.
 */
#ifndef PHONE_INTERNAL_H
#define PHONE_INTERNAL_H

#include "phone.h"

#include <string.h>

/* Where the tables are; a test may put those of another release in. */
#ifndef PHONE_TABLES
#define PHONE_TABLES "phone_tables.h"
#endif

/* What a prefix match takes off the front, and whether a transform goes there. */
typedef struct PrefixOutcome
{
	uint8_t		length;
	uint8_t		transforms;
	uint8_t		groups[2][2];	/* from and to of what $1 and $2 caught */
} PrefixOutcome;

/* A region, or a calling code without one; 0 stands for no automaton. */
typedef struct RegionRow
{
	char		code[4];
	uint16_t	calling_code;
	uint16_t	general;		/* the pattern of all its national numbers */
	uint32_t	lengths;		/* bit n: n digits are possible */
	uint32_t	local_lengths;	/* bit n: n digits work within an area */
	uint16_t	international_prefix;
	uint16_t	national_prefix;
	uint16_t	transform;		/* in texts */
	uint16_t	short_numbers;
} RegionRow;

/* A calling code. */
typedef struct CodeRow
{
	uint16_t	calling_code;
	uint16_t	main_region;
	uint16_t	regions;		/* where its regions begin in code_regions */
	uint16_t	region_count;
	uint16_t	classes;		/* automaton: number -> region and type */
	uint16_t	national;		/* automaton: number -> format */
	uint16_t	international;
	uint16_t	national_formats;	/* where its formats begin in format_list */
	uint16_t	international_formats;
	uint16_t	extension_prefix;	/* in texts */
} CodeRow;

/* A format: groups of least to most digits, put into a template. */
typedef struct FormatRow
{
	uint8_t		groups;
	uint8_t		least[8];
	uint8_t		most[8];
	uint16_t	template;		/* in texts */
} FormatRow;

/* One UTF-16 code unit of the input. */
typedef struct Unit
{
	uint8_t		class;			/* for the grammar automata */
	uint8_t		ascii;
	uint8_t		digit;			/* 0 to 9 in any of the three alphabets */
	uint8_t		marks;			/* what it may be a part of */
} Unit;

typedef struct ClassRange
{
	uint16_t	first;
	uint16_t	last;
	uint8_t		class;
} ClassRange;

#include PHONE_TABLES

#define LENGTH_OF(array) ((int) (sizeof(array) / sizeof((array)[0])))

/* code_index of a calling code that there is not */
#define NO_CODE				255

/* value of a state in an automaton of classes: place << TYPE_BITS | type + 1 */
#define TYPE_BITS			4

/* values in an automaton of short numbers */
#define SHORT_NUMBER		1
#define EMERGENCY_NUMBER	2

/* Fewest digits of a national number, most digits of a calling code. */
#define NATIONAL_MIN		2
#define CALLING_CODE_MAX	3

/* What stands for a character outside ASCII in Unit.ascii. */
#define NOT_ASCII			0x80
#define FULL_WIDTH_PLUS		0x81

/* No digit, in Unit.digit. */
#define NO_DIGIT			0xFF

/*
 * Bits of Unit.marks and Span.marks.  Most texts have few of them, and what
 * needs one of them is not looked for then.
 */
#define MARK_LETTER			0x01	/* an ASCII letter */
#define MARK_EXTENSION		0x02	/* no extension is without one of these */
#define MARK_PARAMETER		0x04	/* the semicolon before a parameter */
#define MARK_SLASH			0x08	/* of either kind */

/* A stretch of units. */
typedef struct Span
{
	const Unit *at;
	int			length;
	unsigned	marks;			/* of all units, perhaps of more */
} Span;

/*
 * Digits in ASCII.  Room for all of an input, twice because a context may be
 * put in front of it, and for what a transform adds.
 */
typedef struct Digits
{
	int			length;
	char		at[2 * PHONE_INPUT_MAX + TRANSFORM_LITERALS];
} Digits;

/* Says whether a unit is an ASCII letter. */
static inline bool
is_letter(Unit unit)
{
	return (unit.marks & MARK_LETTER) != 0;
}

static inline bool
is_digit(Unit unit)
{
	return unit.digit != NO_DIGIT;
}

static inline bool
is_plus(Unit unit)
{
	return unit.ascii == '+' || unit.ascii == FULL_WIDTH_PLUS;
}

/* Gives the part of a span from one place to another. */
static inline Span
part(Span span, int from, int to)
{
	return (Span) {span.at + from, to - from, span.marks};
}

/* Says whether a span begins with a plus sign. */
static inline bool
begins_with_plus(Span span)
{
	return span.length > 0 && is_plus(span.at[0]);
}

/* Turns text into units, at most PHONE_INPUT_MAX of them, and gives their span. */
extern PhoneStatus phone_read_units(const char *s, size_t n,
									Unit *units, Span *span);

/* Gives the place of an ASCII text in a span, from a place on, or -1. */
extern int	phone_find(Span span, int from, const char *text);

/*
 * Gives the digits of a span.  Letters become the digits of their keys if there
 * are enough of them to be a word; everything else goes.
 */
extern void phone_read_digits(Span span, Digits *digits);

/*
 * Reads a number.  keep_valid: one with a plus sign that is valid as it stands
 * keeps all its digits.
 */
extern PhoneStatus phone_read_number(Span input, int region, bool keep_valid,
									 PhoneNumber *number);

/* Gives what digits are among the short numbers of a region, as bits above. */
extern unsigned phone_short_number(const Digits *digits, int region);

#endif							/* PHONE_INTERNAL_H */
