/* v = m / 2^q, and v * 10^k has 17 digits before its point.  All of m * 10^k is
 * below 2^53 * 10^21 < 2^123. */
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "digits.h"
#include "shortest.h"
#include "util.h"

__extension__ typedef unsigned __int128 wide;

/* A number and how far off a text may be, in units of 10^-k / 2^q. */
struct scaled {
	wide v, close;
	unsigned q, k;
};

static const double ten[] = {1,    1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
			     1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
			     1e16, 1e17, 1e18, 1e19, 1e20, 1e21};

/* A text in the middle between two doubles reads back as the even one. */
static inline struct scaled
scale(uint64_t m, int exponent)
{
	struct scaled x = {.q = (unsigned)(52 - exponent),
			   .k = 16 - (unsigned)(exponent * 1233 >> 12)};
	wide power = (wide)ten[x.k];

	if ((uint64_t)(m * power >> x.q) >= 100000000000000000)
		power = (wide)ten[--x.k];
	x.v = m * power;
	x.close = power / 2 - m % 2;
	return x;
}

/* The nearest multiple of step, n * step / 10^k; the even one of two.  Does it
 * read back? */
static inline bool
round_to(const struct scaled *x, uint64_t step, uint64_t *n)
{
	wide below, above;

	*n = (uint64_t)(x->v >> x->q) / step;
	below = x->v - ((wide)(*n * step) << x->q);
	above = ((wide)step << x->q) - below;
	if (above > below || (above == below && *n % 2 == 0))
		return below <= x->close;
	++*n;
	return above <= x->close;
}

static inline uint64_t
power(unsigned k)
{
	return (uint64_t)(int64_t)ten[k]; /* signed takes no branch */
}

/* The text of n / 10^places, which is nearest to v, without zeros at the end.
 * Four or eight digits behind the point are written at a time, because it
 * cannot be foreseen how many count, and where they belong, because a copy
 * would wait for them: see shortest_float. */
static size_t
put(char *s, double v, uint64_t n, unsigned places)
{
	uint64_t whole = (uint64_t)(int64_t)fabs(v);
	char *p = s;

	n -= whole ? whole * power(places) : 0;
	if (v < 0)
		*p++ = '-';
	p = digits_unsigned(p, whole);
	*p++ = '.';
	for (; places > 8; places -= 8, n %= power(places))
		p = digits_eight(p, n / power(places - 8));
	digits_eight(p, n * power(8 - places));
	for (p += places; p[-1] == '0'; p--)
		;
	p -= p[-1] == '.';
	*p = '\0';
	return (size_t)(p - s);
}

/* Numbers of at most four decimals, such as most times, take half as long.  No
 * other text of so few digits reads back as the same double; and the quotient
 * of two exact whole numbers is the nearest double, as strtod's is. */
size_t
shortest_text(double v, char *s)
{
	double a = fabs(v);
	struct scaled x;
	uint64_t bits, n = a < 1e9 ? (uint64_t)(int64_t)(a * 1e4 + 0.5) : 0;
	unsigned drop = 2;

	if (n > 0 && (double)(int64_t)n / 1e4 == a)
		return put(s, v, n, 4);
	memcpy(&bits, &a, sizeof bits);
	if (!(a >= 1e-4 && a < 1e15) || bits << 12 == 0)
		return 0;
	x = scale(bits << 12 >> 12 | (uint64_t)1 << 52,
		  (int)(bits >> 52) - 1023);
	if (!round_to(&x, 100, &n) && drop-- && !round_to(&x, 10, &n) && drop--)
		round_to(&x, 1, &n);
	return put(s, v, n, x.k - drop);
}

/* Here v * 10^k is a double, and exact: it has at most 24 + 28 bits.  The first
 * k makes six digits, or seven that begin with 1; what is near enough with so
 * many digits is so with more.  A text that is off by half of 2^-q reads back
 * if m is even; below a power of two the next float is nearer.  Neither how
 * many digits there are nor whether m is even is a branch, which would be
 * guessed wrong half of the time: with put(), 17 ns rather than 28. */
size_t
shortest_float(float v, char *s)
{
	static const double even[] = {1, 1 - 1e-14}, magic = 0x1p52;
	double a = fabs((double)v), reach, n;
	uint32_t bits;
	int exponent;
	unsigned k, i, more = 0;

	memcpy(&bits, &v, sizeof bits);
	if (!(a >= 1e-4F && a < 1e6))
		return 0;
	exponent = (int)(bits >> 23 & 255) - 127;
	k = (unsigned)(5 - (exponent * 1233 >> 12));
	reach = 0.5 / (double)((int64_t)1 << (23 - exponent)) * even[bits % 2];
	reach *= bits << 9 == 0 ? 0.5 : 1;
	for (i = 0; i < 3; i++) {
		n = a * ten[k + i] + magic - magic; /* rint() of it */
		more += fabs(n - a * ten[k + i]) > reach * ten[k + i];
	}
	k += more;
	return put(s, (double)v,
		   (uint64_t)(int64_t)(a * ten[k] + magic - magic), k);
}
