/*
 * phone_cpp.cc
 *		Reads texts from stdin, prints what Debian's libphonenumber makes of them.
 *
 *		phone_cpp [parse|bench]
 *
 * parse: lines and answers as of phone_read.c, for ASCII texts without escapes.
 * bench: reads all lines, then prints the nanoseconds of CPU time a text for
 * parsing to E.164, and for validity, region and possibility as well.
 */
#include <phonenumbers/phonenumberutil.h>

#include <ctime>
#include <cstdio>
#include <iostream>
#include <string>
#include <vector>

using i18n::phonenumbers::PhoneNumber;
using i18n::phonenumbers::PhoneNumberUtil;

/* A line: text and default region. */
struct Line
{
	std::string text;
	std::string region;
};

/* Names of phone.h for the library's errors. */
static const char *
StatusName(PhoneNumberUtil::ErrorType error)
{
	switch (error)
	{
		case PhoneNumberUtil::NO_PARSING_ERROR:
			return "OK";
		case PhoneNumberUtil::INVALID_COUNTRY_CODE_ERROR:
			return "INVALID_COUNTRY_CODE";
		case PhoneNumberUtil::NOT_A_NUMBER:
			return "NOT_A_NUMBER";
		case PhoneNumberUtil::TOO_SHORT_AFTER_IDD:
			return "TOO_SHORT_AFTER_IDD";
		case PhoneNumberUtil::TOO_SHORT_NSN:
			return "TOO_SHORT";
		case PhoneNumberUtil::TOO_LONG_NSN:
			return "TOO_LONG";
	}
	return "";
}

/* The number of ValidationResult in JavaScript, whose order is another. */
static int
PossibleNumber(PhoneNumberUtil::ValidationResult result)
{
	switch (result)
	{
		case PhoneNumberUtil::IS_POSSIBLE:
			return 0;
		case PhoneNumberUtil::INVALID_COUNTRY_CODE:
			return 1;
		case PhoneNumberUtil::TOO_SHORT:
			return 2;
		case PhoneNumberUtil::TOO_LONG:
			return 3;
		case PhoneNumberUtil::IS_POSSIBLE_LOCAL_ONLY:
			return 4;
		case PhoneNumberUtil::INVALID_LENGTH:
			return 5;
	}
	return -1;
}

/* PhoneNumberType in JavaScript has UNKNOWN as -1, here it is 11. */
static int
TypeNumber(PhoneNumberUtil::PhoneNumberType type)
{
	return type == PhoneNumberUtil::UNKNOWN ? -1 : static_cast<int>(type);
}

static void
Parse(const PhoneNumberUtil &util, const Line &line)
{
	PhoneNumber number;
	std::string e164, region, national, international;
	PhoneNumberUtil::ErrorType error;

	error = util.Parse(line.text, line.region.empty() ? "ZZ" : line.region, &number);
	if (error != PhoneNumberUtil::NO_PARSING_ERROR)
	{
		printf("%s\n", StatusName(error));
		return;
	}
	util.Format(number, PhoneNumberUtil::E164, &e164);
	util.Format(number, PhoneNumberUtil::NATIONAL, &national);
	util.Format(number, PhoneNumberUtil::INTERNATIONAL, &international);
	util.GetRegionCodeForNumber(number, &region);
	printf("%s\t%d\t%s\t%d\t%d\t%s\t%s\t%s\n", e164.c_str(),
		   util.IsValidNumber(number), region == "ZZ" ? "" : region.c_str(),
		   TypeNumber(util.GetNumberType(number)),
		   PossibleNumber(util.IsPossibleNumberWithReason(number)),
		   national.c_str(), international.c_str(), number.extension().c_str());
}

static double
CpuNanoseconds()
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return static_cast<double>(now.tv_sec) * 1e9 + static_cast<double>(now.tv_nsec);
}

/* Gives the CPU time of a text, the best of some rounds over all of them. */
static double
Measure(const PhoneNumberUtil &util, const std::vector<Line> &lines, bool all)
{
	double		best = 0;

	for (int round = 0; round < 4; round++)
	{
		double		start = CpuNanoseconds();
		double		spent;

		for (const Line &line : lines)
		{
			PhoneNumber number;
			std::string e164, region;

			if (util.Parse(line.text, line.region.empty() ? "ZZ" : line.region, &number) !=
				PhoneNumberUtil::NO_PARSING_ERROR)
				continue;
			util.Format(number, PhoneNumberUtil::E164, &e164);
			if (all)
			{
				util.IsValidNumber(number);
				util.GetRegionCodeForNumber(number, &region);
				util.IsPossibleNumberWithReason(number);
			}
		}
		spent = (CpuNanoseconds() - start) / static_cast<double>(lines.size());
		if (round == 0 || spent < best)
			best = spent;
	}
	return best;
}

int
main(int argc, char **argv)
{
	const PhoneNumberUtil &util = *PhoneNumberUtil::GetInstance();
	bool		bench = argc > 1 && std::string(argv[1]) == "bench";
	std::vector<Line> lines;
	std::string text;

	while (std::getline(std::cin, text))
	{
		size_t		tab = text.find('\t');
		Line		line = {text.substr(0, tab), text.substr(tab + 1)};

		if (bench)
			lines.push_back(line);
		else
			Parse(util, line);
	}
	if (bench)
		printf("%.0f %.0f\n", Measure(util, lines, false), Measure(util, lines, true));
	return 0;
}
