/*
 * calls.h
 *		Calls: what lists, customers and lookups share with calls.c.
 */
#ifndef CALLCENTER_CALLS_H
#define CALLCENTER_CALLS_H

#include "document.h"

/* The call document; see call_fields.c.  SELECTs of it read from CALL_SOURCES, whose aliases its expressions use. */
extern const FieldTable call_fields;

/* What a row of a list is made of. */
#define CALL_ROW_SOURCES \
	"FROM callcenter.calls c " \
	"LEFT JOIN callcenter.customers cu ON cu.company_id = c.company_id " \
	"AND cu.id = c.customer_id " \
	"LEFT JOIN callcenter.transcripts t ON t.company_id = c.company_id " \
	"AND t.call_id = c.id "

/* What a whole call is made of. */
#define CALL_SOURCES CALL_ROW_SOURCES \
	"LEFT JOIN LATERAL (SELECT n.text, n.added_by, n.added_at FROM callcenter.call_notes n " \
	"WHERE n.company_id = c.company_id AND n.call_id = c.id " \
	"ORDER BY n.added_at DESC, n.id DESC LIMIT 1) n ON true "

/* Writes rows of calls (SPI_tuptable of document_select_list(..., list)) as a JSON array. */
extern void call_rows_write(StringInfo out, uint64 count, const WriteContext *context);

#endif							/* CALLCENTER_CALLS_H */
