/*
 * customers.h
 *		Customers: what calls and lookups share with customers.c.
 */
#ifndef CALLCENTER_CUSTOMERS_H
#define CALLCENTER_CUSTOMERS_H

#include "document.h"
#include "identity.h"

/* The customer document; see customer_fields.c. */
extern const FieldTable customer_fields;

/* What a customer document is made of. */
#define CUSTOMER_SOURCES \
	"FROM callcenter.customers cu " \
	"LEFT JOIN LATERAL (SELECT " \
	"max(p.phone) FILTER (WHERE p.kind = 'primary') AS primary_phone, " \
	"max(p.phone) FILTER (WHERE p.kind = 'secondary') AS secondary_phone, " \
	"max(p.phone) FILTER (WHERE p.kind = 'mobile') AS mobile_phone, " \
	"max(p.phone) FILTER (WHERE p.kind = 'work') AS work_phone " \
	"FROM callcenter.customer_phones p WHERE p.company_id = cu.company_id AND p.customer_id = cu.id) ph ON true " \
	"LEFT JOIN LATERAL (SELECT count(*)::integer AS total_calls, " \
	"coalesce(round(avg(c.duration_seconds)), 0)::integer AS avg_call_duration, " \
	"round(avg(c.rating), 2) AS avg_rating, " \
	"min(c.started_at) AS first_contact, max(c.started_at) AS last_contact " \
	"FROM callcenter.calls c WHERE c.company_id = cu.company_id AND c.customer_id = cu.id) st ON true "

/*
 * Finds the customer of a number and locks its row, so that calls of one customer are counted one after another.
 * Returns NULL when nobody has the number, or when several customers share it.  Inside SPI_connect().
 */
extern text *customer_find_by_phone(text *company, const char *e164);

/* What a call knows of a customer that it makes. */
typedef struct NewCustomer
{
	const char *e164;
	text	   *raw;
	const char *region;
	text	   *name;			/* "First Last"; NULL when not known */
	text	   *email;
} NewCustomer;

/* Finds the customer of a number, or makes one; two first calls at once make one customer. */
extern text *customer_find_or_create(text *company, const NewCustomer *customer);

/* Fills what is blank in a profile with what a call brought. */
extern void customer_fill_blanks(text *company, text *id, text *name, text *email);

/* Gives the id of a customer named by id or CUST number; NULL when there is none. */
extern text *customer_resolve(text *company, text *reference);

#endif							/* CALLCENTER_CUSTOMERS_H */
