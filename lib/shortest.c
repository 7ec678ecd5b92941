/* v = m / 2^q, and v * 10^k has 17 digits before its point.  All of m * 10^k is
 * below 2^53 * 10^20 < 2^120. */
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "shortest.h"
#include "util.h"

__extension__ typedef unsigned __int128 wide;
__extension__ typedef __int128 wide_signed;

#define LEAST (-4) /* numbers are between these powers of ten */
#define MOST 15

static const double limit[] = {1e-4, 1e-3, 1e-2, 1e-1, 1e0,  1e1, 1e2,
			       1e3,  1e4,  1e5,  1e6,  1e7,  1e8, 1e9,
			       1e10, 1e11, 1e12, 1e13, 1e14, 1e15};

static const uint64_t ten[] = {
	1,
	10,
	100,
	1000,
	10000,
	100000,
	1000000,
	10000000,
	100000000,
	1000000000,
	10000000000,
	100000000000,
	1000000000000,
	10000000000000,
	100000000000000,
	1000000000000000,
	10000000000000000,
	100000000000000000,
	1000000000000000000,
};

/* The number times 10^k: its whole part, and the rest in units of 2^-q. */
struct scaled {
	uint64_t whole;
	wide left, power; /* power: 10^k */
	unsigned q, k;
	bool even; /* then a text half way to the next double reads back */
};

/* The doubles nearest to 10^-4, ... 10^-1 are not below these, so that
 * comparing with them is exact. */
static int
magnitude(double v)
{
	int e;

	frexp(v, &e);
	e = (int)floor((e - 1) * 0.30102999566398120);
	return v >= limit[e + 1 - LEAST] ? e + 1 : e;
}

static struct scaled
scale(uint64_t bits, double v)
{
	struct scaled x = {0};
	uint64_t m = (bits & (((uint64_t)1 << 52) - 1)) | (uint64_t)1 << 52;
	wide product;

	x.q = 1075 - (unsigned)(bits >> 52);
	x.k = (unsigned)(16 - magnitude(v));
	x.power = x.k > 18 ? (wide)ten[18] * ten[x.k - 18] : ten[x.k];
	x.even = m % 2 == 0;
	product = m * x.power;
	x.whole = (uint64_t)(product >> x.q);
	x.left = product - ((wide)x.whole << x.q);
	return x;
}

/* The nearest whole number without the last digits; the even one of two. */
static uint64_t
rounded(const struct scaled *x, unsigned digits)
{
	uint64_t n = x->whole / ten[digits], rest = x->whole % ten[digits];
	wide twice = (((wide)rest << x->q) + x->left) * 2;
	wide one = (wide)ten[digits] << x->q;

	return n + (twice > one || (twice == one && n % 2 == 1));
}

/* Is a text less than half the way to the next double from the number? */
static bool
reads_back(const struct scaled *x, uint64_t n, unsigned digits)
{
	wide_signed steps =
		(wide_signed)(n * ten[digits]) - (wide_signed)x->whole;
	wide_signed off =
		steps * ((wide_signed)1 << x->q) - (wide_signed)x->left;
	wide twice = 2 * (wide)(off < 0 ? -off : off);

	return twice < x->power || (twice == x->power && x->even);
}

/* n / 10^places, without zeros at the end. */
static size_t
put(char *s, uint64_t n, unsigned places)
{
	char digit[40], *end = digit + sizeof digit, *p = end;
	unsigned i;
	size_t len;

	while (places > 0 && n % 10 == 0) {
		n /= 10;
		places--;
	}
	for (i = 0; i < places; i++, n /= 10)
		*--p = (char)('0' + n % 10);
	if (places > 0)
		*--p = '.';
	do
		*--p = (char)('0' + n % 10);
	while (n /= 10);
	len = (size_t)(end - p);
	memcpy(s, p, len);
	s[len] = '\0';
	return len;
}

size_t
shortest_text(double v, char *s)
{
	double a = fabs(v);
	struct scaled x;
	uint64_t bits, n;
	unsigned digits = 2;
	size_t sign = v < 0;

	memcpy(&bits, &a, sizeof bits);
	if (!(a >= limit[0] && a < limit[MOST - LEAST]) || bits << 12 == 0)
		return 0;
	x = scale(bits, a);
	n = rounded(&x, digits);
	while (digits > 0 && !reads_back(&x, n, digits))
		n = rounded(&x, --digits);
	if (sign)
		*s = '-';
	return sign + put(s + sign, n, x.k - digits);
}
