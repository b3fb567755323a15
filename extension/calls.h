/*
 * calls.h
 *		Calls: what lists, customers and lookups share with calls.c.
 */
#ifndef CALLCENTER_CALLS_H
#define CALLCENTER_CALLS_H

#include "document.h"
#include "identity.h"

/* The call document; see call_fields.c.  SELECTs of it read from CALL_SOURCES, whose aliases its expressions use. */
extern const FieldTable call_fields;
extern const FieldTable turn_fields;
extern const FieldTable call_note_fields;

/*
 * What a row of a list is made of, beside the call "c".  Each is looked up by its key for a row that is shown: as a join
 * without LIMIT, the planner would read all of a company that it has no statistics of.
 */
#define CALL_ROW_JOINS \
	"LEFT JOIN LATERAL (SELECT * FROM callcenter.customers cu WHERE cu.company_id = c.company_id AND cu.id = c.customer_id " \
	"LIMIT 1) cu ON true " \
	"LEFT JOIN LATERAL (SELECT * FROM callcenter.transcripts t WHERE t.company_id = c.company_id AND t.call_id = c.id " \
	"LIMIT 1) t ON true "
#define CALL_ROW_SOURCES "FROM callcenter.calls c " CALL_ROW_JOINS

/* What a whole call is made of: its notes too, the latest first.  OFFSET keeps the planner from reading them for each column. */
#define CALL_SOURCES CALL_ROW_SOURCES \
	"LEFT JOIN LATERAL (SELECT nullif(ARRAY(SELECT r FROM callcenter.call_notes r " \
	"WHERE r.company_id = c.company_id AND r.call_id = c.id " \
	"ORDER BY r.added_at DESC, r.id DESC), '{}') AS notes OFFSET 0) n ON true "

/* The appointment that a call made or changed. */
#define CALL_APPOINTMENT(role) \
	"(SELECT ca.appointment_id FROM callcenter.call_appointments ca " \
	"WHERE ca.company_id = c.company_id AND ca.call_id = c.id " \
	"AND ca.role = '" role "'::callcenter.appointment_role " \
	"ORDER BY ca.appointment_id LIMIT 1)"

/* Selects a whole call by id or call id; it is in SPI_tuptable.  False when there is none. */
extern bool call_select(text *company, text *key);

/* Writes the selected call as the member "call" of an answer. */
extern void call_write(StringInfo out, const Identity *identity, const Company *company);

/*
 * Links the appointments that a document names (outcome.appointmentCreated, captured.appointment.existingId).  One that is
 * not known yet is made with what the call knows of it.
 */
extern void call_link_appointments(const Document *document, text *company, Datum call_id, text *customer, text *summary);

/* Tells whether a document says how to get in, beside who is there. */
extern bool call_says_access(const Document *document);

/* Adds a note to a call; by the caller when "added_by" is NULL. */
extern Datum call_note_insert(const Identity *identity, Datum call_id, text *note, text *added_by, TimestampTz added_at);

/*
 * Counts isReturning and previousCallCount of a caller's calls anew: of a customer, or of a number without customer (the
 * other one is NULL).
 */
extern void calls_recount(text *company, text *customer, const char *e164);

/* The list of calls, and its filters; see list.h. */
struct ListSource;
struct ListQuery;
extern const struct ListSource call_list_source;
extern const struct ListSource call_delete_source;
extern void call_list_filters(struct ListQuery *query);

/* Decides by what pages are taken and rows counted; after the filters, before list_end() or list_select(). */
extern void call_list_choose_index(struct ListQuery *query);

#endif							/* CALLCENTER_CALLS_H */
