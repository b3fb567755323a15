/*
 * csv.c
 *		Cells of CSV (RFC 4180).
 *
 * A cell that a spreadsheet would take for a formula is preceded by an apostrophe (OWASP, CSV injection).
 */
#include "postgres.h"

#include "csv.h"

void
csv_cell(StringInfo out, const char *value, bool is_harmless)
{
	bool		formula = !is_harmless && value[0] != '\0' && strchr("=+-@\t\r", value[0]) != NULL;

	/* an E.164 and a negative number begin like formulas, but are none */
	if (formula && (value[0] == '+' || value[0] == '-') && strspn(value + 1, "0123456789.") == strlen(value + 1))
		formula = false;
	if (!formula && strpbrk(value, ",\"\r\n") == NULL)
	{
		appendStringInfoString(out, value);
		return;
	}
	appendStringInfoChar(out, '"');
	if (formula)
		appendStringInfoChar(out, '\'');
	for (const char *p = value; *p; p++)
	{
		if (*p == '"')
			appendStringInfoChar(out, '"');
		appendStringInfoChar(out, *p);
	}
	appendStringInfoChar(out, '"');
}

void
csv_end(StringInfo out)
{
	appendStringInfoString(out, "\r\n");
}
