/*
 * phone.h
 *		Phone numbers: what was written -> E.164, region, type, validity, formats;
 *		and what kind of caller a telephone line announced.
 *
 * Owns the interface of phone.c.  The code behind it is pure C over tables that
 * tools/phone generates from Google's metadata (phone_tables.h): no postgres.h,
 * no allocation, no locale, no state.  Every function may be called from any
 * thread or process, and none of them fails otherwise than by its result.
 *
 * Rules for whoever calls this
 *
 * - A caller's number, or one that somebody typed, goes through phone_caller().
 *	 phone_parse() alone takes "client:12133734253" and the keypad spelling of
 *	 RESTRICTED for subscribers; it is exactly Google's parse(), no more.
 * - Only a caller with is_key set may become the number of a customer.  Its e164
 *	 may find one also without: +52 1 55... is no possible number any more, but
 *	 has a variant that is (phone_variants()).
 * - A stored E.164 is never parsed again (parsing is not idempotent: Google
 *	 takes a digit off Belarusian numbers that begin +375 810).  It is taken
 *	 apart with phone_e164_split(), which changes nothing.
 * - Whatever reads the metadata may answer differently after an update of the
 *	 tables: such SQL functions are STABLE, and raw input, region and
 *	 phone_metadata_version() are stored beside a key that was made here.
 *
 * Text is UTF-8 with an explicit length and need not end in NUL, unless it is
 * said otherwise.  A region is an index from phone_region_index(); 0 is none.
 */
#ifndef PHONE_H
#define PHONE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Longest input, in UTF-16 code units as Google counts; longer is TOO_LONG. */
#define PHONE_INPUT_MAX		250

/* No input of more bytes than this is within PHONE_INPUT_MAX. */
#define PHONE_INPUT_BYTES	(3 * PHONE_INPUT_MAX)

#define PHONE_NATIONAL_MAX	17	/* digits after the calling code */
#define PHONE_EXTENSION_MAX 20	/* digits of an extension */

/* Room for an E.164: plus, calling code, national digits, NUL. */
#define PHONE_E164_SIZE		(1 + 3 + PHONE_NATIONAL_MAX + 1)

/* Room for the longest text that phone_format() writes, with NUL. */
#define PHONE_FORMAT_SIZE	128

/* The most other spellings that phone_variants() gives. */
#define PHONE_VARIANTS_MAX	2

/* What came of reading a number.  The names are Google's parse errors. */
typedef enum PhoneStatus
{
	PHONE_OK,
	PHONE_INVALID_COUNTRY_CODE, /* no such calling code, or no region given */
	PHONE_NOT_A_NUMBER,
	PHONE_TOO_SHORT_AFTER_IDD,	/* nothing after the international prefix */
	PHONE_TOO_SHORT,			/* fewer than two national digits */
	PHONE_TOO_LONG,				/* more than 17, or input over the limit */
	PHONE_BAD_UTF8
} PhoneStatus;

/* What the length of a number says.  The order is Google's ValidationResult. */
typedef enum PhonePossible
{
	PHONE_IS_POSSIBLE,
	PHONE_POSSIBLE_INVALID_COUNTRY_CODE,
	PHONE_POSSIBLE_TOO_SHORT,
	PHONE_POSSIBLE_TOO_LONG,
	PHONE_IS_POSSIBLE_LOCAL_ONLY,	/* can be dialled within an area only */
	PHONE_POSSIBLE_INVALID_LENGTH
} PhonePossible;

/* Type of line.  The order is Google's PhoneNumberType. */
typedef enum PhoneType
{
	PHONE_TYPE_UNKNOWN = -1,
	PHONE_FIXED_LINE,
	PHONE_MOBILE,
	PHONE_FIXED_LINE_OR_MOBILE,
	PHONE_TOLL_FREE,
	PHONE_PREMIUM_RATE,
	PHONE_SHARED_COST,
	PHONE_VOIP,
	PHONE_PERSONAL_NUMBER,
	PHONE_PAGER,
	PHONE_UAN,
	PHONE_VOICEMAIL
} PhoneType;

typedef enum PhoneStyle
{
	PHONE_NATIONAL,				/* (213) 373-4253 */
	PHONE_INTERNATIONAL			/* +1 213-373-4253 */
} PhoneStyle;

/* Who wrote the text: the telephone network, or a person at a keyboard. */
typedef enum PhoneSource
{
	PHONE_TRUNK,
	PHONE_AGENT
} PhoneSource;

/* What kind of caller a text announces. */
typedef enum PhoneKind
{
	PHONE_KIND_E164,			/* a subscriber's number, in full */
	PHONE_KIND_SHORT,			/* a short number of the region */
	PHONE_KIND_EMERGENCY,		/* an emergency number of the region */
	PHONE_KIND_WITHHELD,		/* no number was sent */
	PHONE_KIND_SIP,				/* a SIP address, with or without a number */
	PHONE_KIND_CLIENT,			/* a softphone's name, never a number */
	PHONE_KIND_OTHER			/* none of these; status says why */
} PhoneKind;

/*
 * A number taken apart.  Leading zeros that belong to the number (Italy) are
 * among the national digits.  Both strings end in NUL.
 */
typedef struct PhoneNumber
{
	uint16_t	calling_code;
	uint8_t		national_length;
	uint8_t		extension_length;
	bool		international;	/* was written with a plus sign */
	char		national[PHONE_NATIONAL_MAX + 1];
	char		extension[PHONE_EXTENSION_MAX + 1];
} PhoneNumber;

/* All that phone_caller() finds out about a caller. */
typedef struct PhoneCaller
{
	PhoneKind	kind;
	PhoneStatus status;			/* OK: number and what follows it are filled */
	PhoneNumber number;
	PhonePossible possible;
	PhoneType	type;
	int			region;			/* of the number; 0 when none */
	bool		valid;
	bool		is_key;			/* may become a customer's number */
	char		e164[PHONE_E164_SIZE];	/* "" unless of kind e164, or in a sip address */
} PhoneCaller;

/*
 * Gives the index of a region by its two-letter code (NUL-terminated, either
 * case), or 0.  "GB" is the United Kingdom; "001" and "ZZ" are not regions.
 */
extern int	phone_region_index(const char *code);

/* Gives the code of a region, "001" for a non-geographical one, "" for 0. */
extern const char *phone_region_code(int region);

/*
 * Reads a number as Google's parse() does, with the given default region (0:
 * only numbers that begin with a plus sign can be read).  The number is
 * defined only when the result is PHONE_OK.
 */
extern PhoneStatus phone_parse(const char *s, size_t n, int region,
							   PhoneNumber *number);

/*
 * Says what kind of caller a text announces, and reads its number if it has
 * one.  The caller is always filled; the result is its kind.
 *
 * Differs from phone_parse() in that a number written with a plus sign that is
 * valid as it stands is kept as it stands.
 */
extern PhoneKind phone_caller(const char *raw, size_t n, int region,
							  PhoneSource source, PhoneCaller *caller);

/* Says whether a caller has a number: a subscriber, or a SIP address with one. */
static inline bool
phone_caller_has_number(const PhoneCaller *caller)
{
	return caller->e164[0] != '\0';
}

/* Writes the E.164 of a number (PHONE_E164_SIZE bytes), gives its length. */
extern int	phone_e164(const PhoneNumber *number, char *out);

/*
 * Says whether a text has the syntax of a stored E.164: a plus sign and 6 to 19
 * digits, the first not 0.  Reads no metadata.
 */
extern bool phone_e164_is_syntax(const char *s, size_t n);

/*
 * Takes a stored E.164 apart at its calling code, changing nothing.  False if
 * the syntax is wrong, the calling code unknown or the rest too long.
 */
extern bool phone_e164_split(const char *s, size_t n, PhoneNumber *number);

/*
 * Gives the region of a number (0 if none claims it) and its type.  A number
 * that has no type in its region is PHONE_TYPE_UNKNOWN and not valid.
 */
extern int	phone_classify(const PhoneNumber *number, PhoneType *type);

/* Says whether a region claims the number and knows its type. */
extern bool phone_is_valid(const PhoneNumber *number);

/* Says whether a number has a length that numbers of its country have. */
extern PhonePossible phone_possible_reason(const PhoneNumber *number);

/*
 * Writes a number as people write it, with its extension if it has one.  out
 * has at least PHONE_FORMAT_SIZE bytes.  Gives the length, or -1 if size is less.
 */
extern int	phone_format(const PhoneNumber *number, PhoneStyle style,
						 char *out, size_t size);

/*
 * Gives the other E.164 spellings of the same line, for lookups only: Mexico
 * with and without 1, Argentina with and without 9, Brazil with and without
 * the ninth digit.  Writes at most max of them, gives how many.  Reads no
 * metadata; e164 ends in NUL.
 */
extern int	phone_variants(const char *e164, char out[][PHONE_E164_SIZE],
						   int max);

/* Version of the metadata that the tables were made from, as "3.2.47". */
extern const char *phone_metadata_version(void);

/*
 * Names of the values above, as SQL shows them: statuses, reasons and types as
 * Google spells them (OK, IS_POSSIBLE, FIXED_LINE), kinds in lower case.
 */
extern const char *phone_status_name(PhoneStatus status);
extern const char *phone_possible_name(PhonePossible possible);
extern const char *phone_type_name(PhoneType type);
extern const char *phone_kind_name(PhoneKind kind);

#endif							/* PHONE_H */
