/*
 * phone_bench.c
 *		What the number core costs.
 *
 * Reads texts with their regions from stdin (tab-separated, no escapes) and
 * prints four numbers: nanoseconds of CPU time a text for parsing to E.164; for
 * that with validity, region and possible reason; for that with both formats;
 * and microseconds for the slowest of some texts of 250 characters.
 */
#include "../../extension/phone.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define ROUNDS		9

/* A text to read. */
typedef struct Line
{
	char	   *text;
	size_t		length;
	int			region;
} Line;

/* What is asked about a text. */
typedef enum Depth
{
	NUMBER, KNOWN, FORMATS
} Depth;

/* Keeps the compiler from leaving the work out. */
static volatile unsigned sink;

static double
cpu_nanoseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double) now.tv_sec * 1e9 + (double) now.tv_nsec;
}

static unsigned
work(const Line *line, Depth depth)
{
	PhoneNumber number;
	PhoneType	type;
	char		e164[PHONE_E164_SIZE];
	char		out[PHONE_FORMAT_SIZE];
	unsigned	result;

	if (phone_parse(line->text, line->length, line->region, &number) != PHONE_OK)
		return 0;
	result = (unsigned) phone_e164(&number, e164);
	if (depth >= KNOWN)
	{
		result += phone_is_valid(&number);
		result += (unsigned) phone_classify(&number, &type);
		result += phone_possible_reason(&number);
	}
	if (depth >= FORMATS)
	{
		result += (unsigned) phone_format(&number, PHONE_NATIONAL,
										  out, sizeof(out));
		result += (unsigned) phone_format(&number, PHONE_INTERNATIONAL,
										  out, sizeof(out));
	}
	return result;
}

/* Gives the CPU time of a text, the best of some rounds over all of them. */
static double
measure(const Line *lines, int count, Depth depth)
{
	double		best = 0;

	for (int round = 0; round < ROUNDS; round++)
	{
		double		start = cpu_nanoseconds();
		double		spent;

		for (int i = 0; i < count; i++)
			sink += work(&lines[i], depth);
		spent = (cpu_nanoseconds() - start) / count;
		if (round == 0 || spent < best)
			best = spent;
	}
	return best;
}

/* Gives the time of the slowest of some texts of the greatest length. */
static double
measure_worst(void)
{
	static const char *const fillers[] = {
		"1", "0", "x", " ", "+", "(", "12 ", "ext1", "1,", "a1", "~1#", "-1/",
		";ext=1", "\xEF\xBC\x91", "\xD9\xA1"
	};
	double		worst = 0;

	for (size_t i = 0; i < sizeof(fillers) / sizeof(fillers[0]); i++)
	{
		char		text[PHONE_INPUT_BYTES + 8] = "+1213";
		size_t		used = strlen(fillers[i]);
		size_t		step = (unsigned char) fillers[i][0] < 0x80 ? used : 1;
		Line		line = {text, 5, phone_region_index("BR")};
		double		spent;

		for (size_t units = 5; units + step <= PHONE_INPUT_MAX; units += step)
		{
			memcpy(text + line.length, fillers[i], used);
			line.length += used;
		}
		spent = measure(&line, 1, FORMATS);
		if (spent > worst)
			worst = spent;
	}
	return worst / 1000;
}

int
main(void)
{
	Line	   *lines = NULL;
	int			count = 0;
	char	   *text = NULL;
	size_t		size = 0;
	ssize_t		length;

	while ((length = getline(&text, &size, stdin)) > 0)
	{
		char	   *tab;

		text[strcspn(text, "\n")] = '\0';
		tab = strchr(text, '\t');
		if (tab == NULL)
			continue;
		*tab = '\0';
		lines = realloc(lines, (size_t) (count + 1) * sizeof(Line));
		lines[count].text = strdup(text);
		lines[count].length = strlen(text);
		lines[count++].region = phone_region_index(tab + 1);
	}
	printf("%.0f %.0f %.0f %.1f\n", measure(lines, count, NUMBER),
		   measure(lines, count, KNOWN), measure(lines, count, FORMATS),
		   measure_worst());
	return 0;
}
