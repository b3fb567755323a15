/*
 * cards.h
 *		Cards: the ready profile of a customer, by number.
 */
#ifndef CALLCENTER_CARDS_H
#define CALLCENTER_CARDS_H

#include "companies.h"

/*
 * Tells how cards of a company are written now: a hash of the fields, the phone metadata and the company's region.  A card
 * of another format must not be shown.
 */
extern int64 card_format(const Company *company);

/* Writes a customer's card as it would be written now: the members of the profile; NULL when there is no such customer. */
extern char *card_live(text *company_id, text *customer, const Company *company);

/* Writes all cards anew where they are wrong; returns how many were.  The tables they come from are locked. */
extern int64 cards_rebuild(void);

#endif							/* CALLCENTER_CARDS_H */
