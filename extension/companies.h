/*
 * companies.h
 *		Settings of companies.
 */
#ifndef CALLCENTER_COMPANIES_H
#define CALLCENTER_COMPANIES_H

#include "c.h"
#include "pgtime.h"

/* The settings of a company that its functions work by; owned by the cache, valid until the function returns. */
typedef struct Company
{
	char		id[25];
	const char *name;
	const char *time_zone_name;
	pg_tz	   *time_zone;
	int			region;			/* default region of phone numbers, see phone.h */
	int			nown_numbers;
	const char **own_numbers;	/* E.164 */
	int			nnon_lead_intents;
	const char **non_lead_intents;	/* folded to lower case */
	int			week_start;		/* 1 Monday to 7 Sunday */
	int			follow_up_minutes[3];	/* deadlines of follow-ups: normal (of business time), urgent, emergency */
	int			business_days;	/* bit 0 Monday to bit 6 Sunday */
	int			business_opens; /* minutes from midnight */
	int			business_closes;
} Company;

extern void companies_init(void);

/*
 * Gives the settings of the company whose identity is active; company_get() raises P0002 when there is none,
 * company_find() returns NULL.  Inside SPI_connect().
 */
extern const Company *company_find(const char *company_id);
extern const Company *company_get(const char *company_id);

/*
 * Keeps a company from being deleted until the transaction ends.  Whoever writes anything of a company holds it first,
 * before any row: delete_company() waits for who holds it, and whoever comes later waits for delete_company(), and then
 * finds no company.  Several are held in the order of their ids.
 */
extern void company_hold(const char *company_id);

/* Waits for all who hold a company, and lets nobody hold it until the transaction ends. */
extern void company_hold_alone(const char *company_id);

extern bool company_owns_number(const Company *company, const char *e164);

/* Tells whether callers with this intent (NULL: none) are leads, as far as the intent says. */
extern bool company_intent_is_lead(const Company *company, const text *intent);

#endif							/* CALLCENTER_COMPANIES_H */
