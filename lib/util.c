#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "util.h"

#define ENOUGH 1000 /* characters of what a message lists */

const char *progname = "?";
int failure = FAILED;

static void (*undo[8])(void);
static size_t nundo;

void
at_failure(void (*f)(void))
{
	if (nundo < LEN(undo))
		undo[nundo++] = f;
}

/* Names and values out of files are a part of messages, and a line break or an
 * escape sequence in one must not pass for a message of ours. */
static void
tame(char *s)
{
	for (; *s; s++)
		if (iscntrl((unsigned char)*s))
			*s = '?';
}

static void complain(const char *fmt, va_list ap) PRINTF(1, 0);

static void
complain(const char *fmt, va_list ap)
{
	int err = errno;
	size_t len = strlen(fmt);
	char text[4096];

	vsnprintf(text, sizeof text, fmt, ap);
	tame(text);
	fprintf(stderr, "%s: %s%s%s\n", progname, text,
		len && fmt[len - 1] == ':' ? " " : "",
		len && fmt[len - 1] == ':' ? strerror(err) : "");
}

void
warn(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	complain(fmt, ap);
	va_end(ap);
}

/* Of several threads that fail at once the first one speaks and ends the tool;
 * the others wait for that. */
static void
fail_first(void)
{
	static atomic_flag failing = ATOMIC_FLAG_INIT;
	static _Thread_local bool first;

	while (!first && atomic_flag_test_and_set(&failing))
		pause();
	first = true;
}

void
die(const char *fmt, ...)
{
	va_list ap;

	fail_first();
	va_start(ap, fmt);
	complain(fmt, ap);
	va_end(ap);
	end_badly();
}

static void
take_all_back(void)
{
	fail_first();
	while (nundo > 0)
		undo[--nundo]();
}

/* Not exit(): handlers of a run that went well have nothing to do here, and
 * this may be called from one of them. */
void
end_badly(void)
{
	take_all_back();
	_exit(failure);
}

void
end_by_signal(int sig)
{
	sigset_t set;

	take_all_back();
	signal(sig, SIG_DFL);
	sigemptyset(&set);
	sigaddset(&set, sig);
	raise(sig);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	_exit(FAILED);
}

void *
zeros(size_t n, size_t size)
{
	void *p = calloc(n ? n : 1, size);

	if (!p)
		die("out of memory");
	return p;
}

void *
grow(void *p, size_t *cap, size_t n, size_t size)
{
	size_t old = *cap, want = old + old / 2 + 16;

	if (n <= old)
		return p;
	if (want < n)
		want = n;
	if (want > SIZE_MAX / size || !(p = realloc(p, want * size)))
		die("out of memory");
	memset((char *)p + old * size, 0, (want - old) * size);
	*cap = want;
	return p;
}

char *
copy(const char *s)
{
	char *t = strdup(s);

	if (!t)
		die("out of memory");
	return t;
}

char *
vformat(const char *fmt, va_list ap)
{
	va_list again;
	char *s;
	int n;

	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	s = zeros((size_t)n + 1, 1);
	vsnprintf(s, (size_t)n + 1, fmt, ap);
	return s;
}

char *
format(const char *fmt, ...)
{
	va_list ap;
	char *s;

	va_start(ap, fmt);
	s = vformat(fmt, ap);
	va_end(ap);
	return s;
}

char *
join(char *list, const char *next)
{
	size_t n = list ? strlen(list) : 0;
	char *longer;

	if (n > ENOUGH && !strcmp(list + n - 3, "..."))
		return list;
	if (n > ENOUGH)
		next = "...";
	longer = list ? format("%s, %s", list, next) : copy(next);
	free(list);
	return longer;
}

/* Most of a filter's time goes by here, and strtoll takes several times as
 * long.  Up to eighteen digits fit in any case, so only longer numbers are
 * left to it. */
bool
parse_int(const char *s, int64_t *v)
{
	const char *digits = s + (*s == '-'), *p = digits;
	uint64_t n = 0;
	unsigned d;

	while ((d = (unsigned)*p - '0') < 10) {
		n = 10 * n + d;
		p++;
	}
	if (p == digits || *p != '\0')
		return false;
	if (p - digits > 18) {
		errno = 0;
		*v = strtoll(s, NULL, 10);
		return errno == 0;
	}
	*v = *s == '-' ? -(int64_t)n : (int64_t)n;
	return true;
}

__extension__ typedef unsigned __int128 wide;

/* n / 10^places for n < 2^64, rounded once.  A double holds whole numbers below
 * 2^53 and powers of ten up to the 22nd exactly (Clinger, PLDI 1990).  Else the
 * quotient has 57 bits or more for places <= 18, and its last one says whether
 * there is a rest. */
static double
quotient(uint64_t n, size_t places)
{
	static const double power[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,
				       1e7,  1e8,  1e9,  1e10, 1e11, 1e12, 1e13,
				       1e14, 1e15, 1e16, 1e17, 1e18};
	wide whole = (wide)n << 64, d, q;

	if (n < (uint64_t)1 << 53)
		return (double)n / power[places];
	d = (uint64_t)power[places];
	q = whole / d;
	return (double)(q | (q * d != whole)) * 0x1p-64;
}

/* In a quarter of the time of strtod, to which exponents, infinities and longer
 * numbers are left, and which reports subnormal numbers, too. */
bool
parse_num(const char *s, double *v)
{
	const char *p = s + (*s == '-');
	size_t digits = 0, places = 0;
	uint64_t n = 0;
	char *end;

	for (; *p >= '0' && *p <= '9'; p++, digits++)
		n = 10 * n + (uint64_t)(*p - '0');
	if (*p == '.')
		for (p++; *p >= '0' && *p <= '9'; p++, digits++, places++)
			n = 10 * n + (uint64_t)(*p - '0');
	if (*p == '\0' && digits > 0 && digits < 20 && places < 19) {
		*v = quotient(n, places);
		*v = *s == '-' ? -*v : *v;
		return true;
	}
	if (isspace((unsigned char)*s))
		return false;
	errno = 0;
	*v = strtod(s, &end);
	return end != s && *end == '\0' && (errno == 0 || fabs(*v) < 1);
}

bool
parse_size(const char *s, size_t *v)
{
	static const char units[] = "KMGT";
	double bytes;
	char *end;
	const char *unit;

	if (!(*s >= '0' && *s <= '9'))
		return false;
	bytes = strtod(s, &end);
	if (*end && (unit = strchr(units, toupper((unsigned char)*end)))) {
		for (; unit >= units; unit--)
			bytes *= 1024;
		end++;
	}
	if (*end || !(bytes >= 1 && bytes < 9e18))
		return false;
	*v = (size_t)bytes;
	return true;
}

bool
parse_flag(const char *s, bool *v)
{
	bool yes = !strcasecmp(s, "true") || !strcmp(s, "1");
	bool no = !strcasecmp(s, "false") || !strcmp(s, "0") || is_missing(s);

	*v = yes;
	return yes || no;
}

bool
is_missing(const char *s)
{
	return !*s || ((*s == 'N' || *s == 'n') &&
		       (!strcmp(s, "NULL") || !strcmp(s, "NONE") ||
			!strcasecmp(s, "nan")));
}
