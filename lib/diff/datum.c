#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "diff/datum.h"
#include "out.h"
#include "sonata/reading.h"
#include "util.h"

#define TEXT ((datum_t)0xFFF9 << 48)

static bool
is_text(datum_t d)
{
	return d >> 48 == 0xFFF9;
}

struct datum_column
datum_column(const char *attribute, bool of_edges)
{
	const struct property_default *usual =
		of_edges ? property_default(attribute) : NULL;
	struct datum_column c = {.sort = property_sort(attribute)};

	c.missing = usual ? datum_number((double)usual->number) : DATUM_MISSING;
	return c;
}

void
datum_next_batch(struct datum_column *c)
{
	memset(c->seen, 0, sizeof c->seen);
}

datum_t
datum_number(double v)
{
	datum_t d;

	if (isnan(v))
		return DATUM_MISSING;
	v += 0.0; /* of -0 too, which is the same number */
	memcpy(&d, &v, sizeof d);
	return d;
}

static datum_t
number_of(const struct datum_column *c, double v)
{
	return datum_number(c->narrow ? (double)(float)v : v);
}

static datum_t
text_datum(struct datums *all, const char *s)
{
	return TEXT | label(&all->text, s);
}

/* A number that begins with a 0 without need is a name. */
static bool
is_name(const char *s)
{
	return *s == '0' && isdigit((unsigned char)s[1]);
}

static datum_t
parse_text(struct datums *all, const struct datum_column *c, const char *s)
{
	double v;
	bool flag;

	if (c->sort == PROPERTY_FLAG && parse_flag(s, &flag))
		return datum_number(flag);
	if (c->sort != PROPERTY_WORD && !is_name(s) && parse_num(s, &v))
		return number_of(c, v);
	return text_datum(all, s);
}

static datum_t
of_text(struct datums *all, struct datum_column *c, const char *s)
{
	struct datum_seen *seen = &c->seen[(uintptr_t)s / 16 % LEN(c->seen)];

	if (seen->text != s)
		*seen = (struct datum_seen){s, parse_text(all, c, s)};
	return seen->is;
}

datum_t
datum_of(struct datums *all, struct datum_column *c, const struct hdf_value *v)
{
	static const int64_t exact = (int64_t)1 << 53;
	char room[32];

	if (reading_missing(v))
		return c->missing;
	if (v->kind == V_TEXT)
		return of_text(all, c, v->as.s);
	if (c->sort == PROPERTY_WORD ||
	    (v->kind == V_INT && (v->as.i > exact || v->as.i < -exact)))
		return text_datum(all, reading_text(v, room));
	return number_of(c, v->kind == V_INT ? (double)v->as.i : v->as.r);
}

double
datum_value(datum_t d)
{
	double v;

	memcpy(&v, &d, sizeof v);
	return v;
}

int
datum_compare(datum_t a, datum_t b)
{
	double p = datum_value(a), q = datum_value(b);

	if (isnan(p) || isnan(q))
		return isnan(p) && isnan(q) ? (a > b) - (a < b)
					    : isnan(p) - isnan(q);
	return (p > q) - (p < q);
}

bool
datum_is_exact(const struct datums *all)
{
	return all->absolute == 0 && all->relative == 0;
}

bool
datum_tolerates(const struct datums *all, double a, double b)
{
	double apart = fabs(a - b), most = fmax(fabs(a), fabs(b));

	return a == b || apart <= all->absolute ||
	       apart <= all->relative * most;
}

bool
datum_is_near(const struct datums *all, datum_t a, datum_t b)
{
	return a == b || datum_tolerates(all, datum_value(a), datum_value(b));
}

const char *
datum_text(const struct datums *all, datum_t d, char *room32)
{
	if (d == DATUM_MISSING)
		return "";
	if (is_text(d))
		return all->text.name[(uint32_t)d];
	room32[out_num_text(datum_value(d), room32)] = '\0';
	return room32;
}

void
datums_free(struct datums *all)
{
	labels_free(&all->text);
}
