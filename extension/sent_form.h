/*
 * sent_form.h
 *		What values of the extension's types look like outside of the database.
 */
#ifndef CALLCENTER_SENT_FORM_H
#define CALLCENTER_SENT_FORM_H

#include "fmgr.h"
#include "lib/stringinfo.h"

/* Gives the stored form that a text or a message holds, which is still to be checked; an error when that is damaged. */
extern const char *sent_read_text(const char *type, const char *text, Size *length);
extern const char *sent_read_message(const char *type, StringInfo message, Size *length);

/* Gives the text or the message of a stored form. */
extern char *sent_write_text(const struct varlena *stored);
extern bytea *sent_write_message(const struct varlena *stored);

/* Refuses a value that comes from outside. */
extern void sent_refuse(const char *type, int sqlstate, const char *reason) pg_attribute_noreturn();

#endif							/* CALLCENTER_SENT_FORM_H */
