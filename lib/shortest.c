/* v = m / 2^q, and v * 10^k has 17 digits before its point.  All of m * 10^k is
 * below 2^53 * 10^21 < 2^123. */
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

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

/* n / 10^places, without zeros at the end.  Two digits at a time take half of
 * the time. */
static size_t
put(char *s, bool negative, uint64_t n, unsigned places)
{
	static const char pairs[] = "0001020304050607080910111213141516171819"
				    "2021222324252627282930313233343536373839"
				    "4041424344454647484950515253545556575859"
				    "6061626364656667686970717273747576777879"
				    "8081828384858687888990919293949596979899";
	char digit[2 * SHORTEST_ROOM], *end = digit + SHORTEST_ROOM, *p = end;
	unsigned i;

	for (; places > 0 && n % 10 == 0; places--)
		n /= 10;
	for (i = places; i > 1; i -= 2, n /= 100)
		memcpy(p -= 2, pairs + n % 100 * 2, 2);
	for (; i > 0; i--, n /= 10)
		*--p = (char)('0' + n % 10);
	if (places > 0)
		*--p = '.';
	do
		*--p = (char)('0' + n % 10);
	while (n /= 10);
	if (negative)
		*--p = '-';
	*end = '\0';
	memcpy(s, p, SHORTEST_ROOM);
	return (size_t)(end - p);
}

size_t
shortest_text(double v, char *s)
{
	double a = fabs(v);
	struct scaled x;
	uint64_t bits, n;
	unsigned drop = 2;

	memcpy(&bits, &a, sizeof bits);
	if (!(a >= 1e-4 && a < 1e15) || bits << 12 == 0)
		return 0;
	x = scale(bits << 12 >> 12 | (uint64_t)1 << 52,
		  (int)(bits >> 52) - 1023);
	if (!round_to(&x, 100, &n) && drop-- && !round_to(&x, 10, &n) && drop--)
		round_to(&x, 1, &n);
	return put(s, v < 0, n, x.k - drop);
}

/* Here v * 10^k is a double, and exact: it has at most 24 + 28 bits.  The first
 * k makes six digits, or seven that begin with 1.  A text that is off by half
 * of 2^-q reads back if m is even; below a power of two the next float is
 * nearer. */
size_t
shortest_float(float v, char *s)
{
	double a = fabs((double)v), reach, n;
	uint32_t bits;
	int exponent;
	unsigned k;

	memcpy(&bits, &v, sizeof bits);
	if (!(a >= 1e-4F && a < 1e6))
		return 0;
	exponent = (int)(bits >> 23 & 255) - 127;
	k = (unsigned)(5 - (exponent * 1233 >> 12));
	reach = 0.5 / (double)((uint64_t)1 << (23 - exponent));
	reach *= bits << 9 == 0 ? 0.5 : bits % 2 ? 1 - 1e-14 : 1;
	while (n = rint(a * ten[k]), fabs(n - a * ten[k]) > reach * ten[k])
		k++;
	return put(s, v < 0, (uint64_t)n, k);
}
