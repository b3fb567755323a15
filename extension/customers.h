/*
 * customers.h
 *		Customers: what calls and lookups share with customers.c.
 */
#ifndef CALLCENTER_CUSTOMERS_H
#define CALLCENTER_CUSTOMERS_H

#include "document.h"
#include "identity.h"

/* The customer document, and its two parts: what a card holds and what is derived; see customer_fields.c. */
extern const FieldTable customer_fields;
extern const FieldTable customer_card_fields;
extern const FieldTable customer_stats_fields;
extern const FieldTable address_fields;
extern const FieldTable equipment_fields;
extern const FieldTable appointment_fields;

/* What a customer document is made of. */
#define CUSTOMER_PHONES_JOIN \
	"LEFT JOIN LATERAL (SELECT " \
	"max(p.phone) FILTER (WHERE p.kind = 'primary') AS primary_phone, " \
	"max(p.phone) FILTER (WHERE p.kind = 'secondary') AS secondary_phone, " \
	"max(p.phone) FILTER (WHERE p.kind = 'mobile') AS mobile_phone, " \
	"max(p.phone) FILTER (WHERE p.kind = 'work') AS work_phone " \
	"FROM callcenter.customer_phones p WHERE p.company_id = cu.company_id AND p.customer_id = cu.id) ph ON true "
#define CUSTOMER_JOINS CUSTOMER_PHONES_JOIN \
	"LEFT JOIN LATERAL (SELECT * FROM callcenter.customer_stats st WHERE st.company_id = cu.company_id AND st.customer_id = cu.id " \
	"LIMIT 1) st ON true "
#define CUSTOMER_SOURCES "FROM callcenter.customers cu " CUSTOMER_JOINS

/* Shown wherever a customer is: true when nobody may contact him, else NULL; of the alias "cu". */
#define CUSTOMER_BARRED "CASE WHEN cu.status = 'do_not_contact' THEN true END"

/* What a visit "a" shows of its customer, looked up by its key for a row that is shown. */
#define APPOINTMENT_JOINS \
	"LEFT JOIN LATERAL (SELECT cu.full_name, cu.customer_number, cu.status FROM callcenter.customers cu " \
	"WHERE cu.company_id = a.company_id AND cu.id = a.customer_id LIMIT 1) cu ON true "

/* What a call shows of its customer. */
typedef struct ShownCustomer
{
	NullableDatum full_name;	/* text */
	NullableDatum number;		/* bigint */
	NullableDatum barred;		/* boolean, see CUSTOMER_BARRED */
	bool		has_email;		/* which calls do not show, but may fill */
} ShownCustomer;

/*
 * Finds the customer of a number and locks its row, so that calls of one customer are counted one after another.  Returns
 * NULL when nobody has the number, or when several customers share it.  Inside SPI_connect().
 */
extern text *customer_lock_by_phone(text *company, const char *e164, ShownCustomer *shown);

/* What a call knows of a customer that it makes. */
typedef struct NewCustomer
{
	const char *e164;
	text	   *raw;
	const char *region;
	text	   *name;			/* "First Last"; NULL when not known */
	text	   *email;
	bool		created;		/* set when the customer was not there */
	bool		has_calls;		/* set when it was made, but calls of the number have become its own */
	bool		has_follow_up;	/* and the same of an open follow-up */
	ShownCustomer shown;		/* set when there is a customer */
} NewCustomer;

/*
 * Makes the customer of a number that customer_lock_by_phone() found none for, unless somebody else has made it meanwhile.
 * NULL when several customers share the number.
 */
extern text *customer_create_by_phone(const Identity *identity, NewCustomer *customer);

/* Finds the customer of a number, or makes one; two first calls at once make one customer. */
extern text *customer_find_or_create(const Identity *identity, NewCustomer *customer);

/* Tells whether a call brought (name and email may be NULL) what is blank in a profile. */
extern bool customer_has_blanks(const ShownCustomer *shown, const text *name, const text *email);

/* Fills what is blank in a profile with what a call brought; "shown" follows. */
extern void customer_fill_blanks(const Identity *identity, text *id, text *name, text *email, ShownCustomer *shown);

/*
 * Links the spam calls of a number that became a customer's, so that it does not matter which came first: a spam call makes
 * no customer, but is one of the customer who has the number.  Returns whether there were any; the customer is locked.
 */
extern bool customer_adopt_spam(text *company, text *id, const char *e164);

/* Locks two customers (either may be NULL) in the order of their ids, so that what they count cannot change. */
extern void customers_lock(text *company, text *one, text *other);

/*
 * Locks numbers, so that their calls without customer can be counted; after the locks of customers.  What cannot be locked
 * as a row is locked: as objects of the class "calls", at most NUMBER_LOCKS of a company.  Not advisory locks, which
 * anybody with a connection could take and hold.
 */
extern void numbers_lock(text *company, const char *const *numbers, int count);

/* Selects a customer's whole document into SPI_tuptable; false when there is none. */
extern bool customer_select(text *company, text *id);

/* Writes the selected customer, the newest calls and the appointments as the member "customer" of an answer. */
extern void customer_write(StringInfo out, text *company, text *id, const WriteContext *context);

/* Gives a reference to a customer (NULL for none), as the audit log tells whose something was. */
extern const char *customer_reference_json(text *id);

/*
 * Locks the visits that a call made and that are of a customer (NULL: of nobody); returns how many, and their ids.  After
 * the locks of customers, before that of the call.
 */
extern uint64 appointments_lock_made(text *company, Datum call, text *customer, Datum **ids);

/* Gives locked visits to another customer, or to nobody (NULL). */
extern void appointments_give(const Identity *identity, const Datum *ids, uint64 count, text *from, text *to);

/* Splits a name at its last space into first and last name; a single word is a first name. */
extern void customer_split_name(text *name, text **first, text **last);

/* Gives out the next customer number of a company, and keeps others from making customers until the transaction ends. */
extern Datum customer_next_number(text *company);

/* Gives the id of a customer named by id or CUST number; NULL when there is none. */
extern text *customer_resolve(text *company, text *reference);

/* Tells whether the person was erased: the customer is a tombstone, which nothing more is said of. */
extern bool customer_is_erased(text *company, text *id);

#endif							/* CALLCENTER_CUSTOMERS_H */
