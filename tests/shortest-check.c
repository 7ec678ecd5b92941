/* The shortest text of doubles and floats against printing and reading back. */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "shortest.h"
#include "util.h"

static uint64_t state = 1;

static uint64_t
next(void)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state;
}

static void
check(double v)
{
	char s[SHORTEST_ROOM], want[SHORTEST_ROOM];
	size_t len = shortest_text(v, s);
	int n = 15;

	if (len == 0) {
		if (fabs(v) >= 1e-4 && fabs(v) < 1e15 &&
		    fabs(frexp(v, &n)) != 0.5)
			die("nothing for %.17g", v);
		return;
	}
	do
		snprintf(want, sizeof want, "%.*g", n, v);
	while (strtod(want, NULL) != v && n++ < 17);
	if (strcmp(s, want) != 0 || strlen(s) != len)
		die("'%s', not '%s'", s, want);
}

static void
check_float(float v)
{
	char s[SHORTEST_ROOM], want[SHORTEST_ROOM];
	size_t len = shortest_float(v, s);
	int n = 6;

	if (len == 0) {
		if (fabsf(v) >= 1e-4F && fabsf(v) < 1e6F)
			die("nothing for the float %.9g", (double)v);
		return;
	}
	do
		snprintf(want, sizeof want, "%.*g", n, (double)v);
	while (strtof(want, NULL) != v && n++ < 9);
	if (strcmp(s, want) != 0 || strlen(s) != len)
		die("'%s', not '%s' as a float", s, want);
}

static void
check_floats(void)
{
	float v = ldexpf((float)(next() >> 40), (int)(next() % 36) - 37);

	check_float(v);
	check_float(-v);
	check_float((float)(next() % 1000000) / 1e3F);
	check_float(nextafterf((float)(next() % 100000) / 1e3F, 0));
}

/* Numbers of any magnitude, those that come from float, and decimal ones. */
static void
check_kinds(void)
{
	double v = ldexp((double)(next() >> 11), (int)(next() % 120) - 90);

	check(v);
	check(-(double)(float)v);
	check((double)(next() % 1000000000) / pow(10, (double)(next() % 12)));
	check(nextafter((double)(next() % 1000000) / 1000, 0));
}

static void
check_around(double v)
{
	check(v);
	check(nextafter(v, 0));
	check(nextafter(v, INFINITY));
	check_float((float)v);
	check_float(nextafterf((float)v, 0));
	check_float(nextafterf((float)v, INFINITY));
}

int
main(void)
{
	int i;

	for (i = -6; i < 18; i++)
		check_around(pow(10, i));
	for (i = -20; i < 60; i++) {
		check_around(ldexp(1, i));
		check(ldexp(3, i));
	}
	check(0);
	check(-0.0);
	check(NAN);
	check(-INFINITY);
	check(5e-324);
	check_float(0);
	check_float(-NAN);
	check_float(INFINITY);
	for (i = 0; i < 100000; i++) {
		check_kinds();
		check_floats();
	}
	puts("agree");
	return WORKED;
}
