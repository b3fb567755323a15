/*
 * sent_form.c
 *		What values of the extension's types look like outside of the database.
 *
 * What is sent is the stored form with a checksum (CRC-32C) behind it, so that a changed byte does not become another
 * figure; the text form is that in hexadecimal, as text of bytea is.
 */
#include "postgres.h"

#include "libpq/pqformat.h"
#include "mb/pg_wchar.h"
#include "port/pg_bswap.h"
#include "port/pg_crc32c.h"
#include "utils/builtins.h"

#include "sent_form.h"

static uint32
checksum(const char *data, Size length)
{
	pg_crc32c	crc;

	INIT_CRC32C(crc);
	COMP_CRC32C(crc, data, length);
	FIN_CRC32C(crc);
	return pg_hton32(crc);
}

void
sent_refuse(const char *type, int sqlstate, const char *reason)
{
	ereport(ERROR,
			(errcode(sqlstate),
			 errmsg("invalid value of type %s", type),
			 errdetail("The value is damaged: %s.", reason)));
}

/* Takes the checksum off. */
static const char *
read_sent(const char *type, const char *data, Size *length, int sqlstate)
{
	uint32		sum;

	if (*length < sizeof(sum))
		sent_refuse(type, sqlstate, "it is too short");
	*length -= sizeof(sum);
	memcpy(&sum, data + *length, sizeof(sum));
	if (sum != checksum(data, *length))
		sent_refuse(type, sqlstate, "its checksum is wrong");
	return data;
}

const char *
sent_read_text(const char *type, const char *text, Size *length)
{
	char	   *data;

	*length = strlen(text);
	if (*length < 2 || text[0] != '\\' || text[1] != 'x' || *length % 2 != 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
				 errmsg("invalid input syntax for type %s: \"%.*s\"", type, pg_mbcliplen(text, *length, 64), text)));
	data = palloc(*length / 2);
	*length = hex_decode(text + 2, *length - 2, data);
	return read_sent(type, data, length, ERRCODE_INVALID_TEXT_REPRESENTATION);
}

const char *
sent_read_message(const char *type, StringInfo message, Size *length)
{
	*length = message->len - message->cursor;
	return read_sent(type, pq_getmsgbytes(message, *length), length, ERRCODE_INVALID_BINARY_REPRESENTATION);
}

/* Appends the form that is sent. */
static void
append_sent(StringInfo out, const struct varlena *stored)
{
	uint32		sum = checksum(VARDATA_ANY(stored), VARSIZE_ANY_EXHDR(stored));

	appendBinaryStringInfo(out, VARDATA_ANY(stored), VARSIZE_ANY_EXHDR(stored));
	appendBinaryStringInfo(out, (const char *) &sum, sizeof(sum));
}

char *
sent_write_text(const struct varlena *stored)
{
	StringInfoData sent;
	char	   *text;

	initStringInfo(&sent);
	append_sent(&sent, stored);
	text = palloc((Size) sent.len * 2 + 3);
	memcpy(text, "\\x", 2);
	text[2 + hex_encode(sent.data, sent.len, text + 2)] = '\0';
	return text;
}

bytea *
sent_write_message(const struct varlena *stored)
{
	StringInfoData message;

	pq_begintypsend(&message);
	append_sent(&message, stored);
	return pq_endtypsend(&message);
}
