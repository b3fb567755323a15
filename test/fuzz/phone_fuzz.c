/*
 * phone_fuzz.c
 *		The number core under libFuzzer.
 *
 * The first byte of an input chooses region and source, the rest is the text.
 * Whatever the text, what comes out keeps the promises of phone.h; if not, the
 * driver aborts.  test/fuzz/phone builds and runs it.
 */
#include "../../extension/phone.h"

#include <stdlib.h>
#include <string.h>

/* Regions that phone_region_index() can give. */
#define REGIONS		245

extern int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
promise(bool kept)
{
	if (!kept)
		abort();
}

/* Checks all that can be asked about a number that was read. */
static void
check_number(const PhoneNumber *number)
{
	char		e164[PHONE_E164_SIZE];
	char		out[PHONE_FORMAT_SIZE];
	PhoneNumber stored;
	PhoneType	type;
	int			length = phone_e164(number, e164);
	int			region = phone_classify(number, &type);

	promise(length == (int) strlen(e164) && length < PHONE_E164_SIZE);
	promise(e164[0] == '+' && e164[1] >= '1' && e164[1] <= '9');
	promise(strspn(e164 + 1, "0123456789") == (size_t) length - 1);
	promise(number->national_length >= 2 &&
			number->national_length == strlen(number->national));
	promise(number->extension_length == strlen(number->extension) &&
			strspn(number->extension, "0123456789") == number->extension_length);
	promise(phone_region_code(region) != NULL);
	promise(phone_type_name(type)[0] != '\0');
	promise(phone_is_valid(number) ==
			(region != 0 && type != PHONE_TYPE_UNKNOWN));
	promise(phone_possible_reason(number) != PHONE_POSSIBLE_INVALID_COUNTRY_CODE);
	promise(phone_format(number, PHONE_NATIONAL, out, sizeof(out)) ==
			(int) strlen(out));
	promise(phone_format(number, PHONE_INTERNATIONAL, out, sizeof(out)) ==
			(int) strlen(out));

	/* A stored number comes apart where it was put together. */
	if (phone_e164_is_syntax(e164, length))
	{
		promise(phone_e164_split(e164, length, &stored));
		promise(stored.calling_code == number->calling_code &&
				strcmp(stored.national, number->national) == 0);
	}
	else
		promise(!phone_is_valid(number));
}

static void
check_caller(const PhoneCaller *caller)
{
	bool		has_number = caller->e164[0] != '\0';
	char		variants[PHONE_VARIANTS_MAX][PHONE_E164_SIZE];
	int			count = phone_variants(caller->e164, variants, PHONE_VARIANTS_MAX);

	promise(phone_kind_name(caller->kind)[0] != '\0');
	promise(!has_number ||
			phone_e164_is_syntax(caller->e164, strlen(caller->e164)));
	promise(has_number == (caller->kind == PHONE_KIND_E164) ||
			caller->kind == PHONE_KIND_SIP);
	promise(!caller->is_key || has_number);
	promise(!caller->valid || caller->status == PHONE_OK);
	for (int i = 0; i < count; i++)
	{
		promise(phone_e164_is_syntax(variants[i], strlen(variants[i])));
		promise(strcmp(variants[i], caller->e164) != 0);
	}
	if (caller->status == PHONE_OK)
		check_number(&caller->number);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char	   *text;
	int			region;
	PhoneNumber number;
	PhoneCaller caller;

	if (size == 0)
		return 0;
	region = data[0] % (REGIONS + 1);
	text = malloc(size);
	memcpy(text, data + 1, size - 1);
	if (phone_parse(text, size - 1, region, &number) == PHONE_OK)
		check_number(&number);
	phone_caller(text, size - 1, region, PHONE_TRUNK, &caller);
	check_caller(&caller);
	phone_caller(text, size - 1, region, PHONE_AGENT, &caller);
	check_caller(&caller);
	phone_e164_split(text, size - 1, &number);
	free(text);
	return 0;
}
