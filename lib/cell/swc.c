#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cell/nrn.h"
#include "cell/swc.h"
#include "util.h"

#define LARGEST 1e9 /* um, and ids: what is beyond is a slip */

const char *const swc_kind_name[SWC_KINDS] = {"soma", "axon", "dend", "apic"};

enum { ID, TYPE, X, Y, Z, RADIUS, PARENT, COLUMNS };

static const char *const column_name[] = {"id", "type",   "x",     "y",
					  "z",  "radius", "parent"};

struct swc_point {
	int64_t id, type, parent;
	size_t line;
	char *where; /* "x y z radius", as the file has them */
};

struct swc_points {
	const char *path;
	struct swc_point *point;
	size_t n, cap;
};

static _Noreturn void bad_line(const struct swc_points *s, size_t line,
			       const char *fmt, ...) PRINTF(3, 4);

static _Noreturn void
bad_line(const struct swc_points *s, size_t line, const char *fmt, ...)
{
	va_list ap;
	char *what;

	va_start(ap, fmt);
	what = vformat(fmt, ap);
	va_end(ap);
	die("%s:%zu: %s", s->path, line, what);
}

static _Noreturn void
bad_field(const struct swc_points *s, size_t line, int column, const char *what,
	  const char *field)
{
	bad_line(s, line, "column '%s': %s: '%s'", column_name[column], what,
		 field);
}

static int64_t
whole(const struct swc_points *s, size_t line, int column, const char *field,
      double v)
{
	if (v != floor(v))
		bad_field(s, line, column, "not an integer", field);
	return (int64_t)v;
}

static struct swc_point
point_of(const struct swc_points *s, size_t line, char *const *field,
	 const double *v)
{
	struct swc_point p = {.line = line};

	p.id = whole(s, line, ID, field[ID], v[ID]);
	p.type = whole(s, line, TYPE, field[TYPE], v[TYPE]);
	p.parent = whole(s, line, PARENT, field[PARENT], v[PARENT]);
	if (p.id < 0)
		bad_field(s, line, ID, "below 0", field[ID]);
	if (p.type < 1 || p.type >= SWC_TYPES)
		bad_field(s, line, TYPE,
			  "neither 1 (soma), 2 (axon), 3 (dendrite), 4 "
			  "(apical dendrite) nor up to 255",
			  field[TYPE]);
	if (v[RADIUS] <= 0)
		bad_field(s, line, RADIUS, "not above 0", field[RADIUS]);
	if (p.parent >= p.id)
		bad_field(s, line, PARENT,
			  p.parent == p.id ? "the point is its own parent"
					   : "not lower than the point's id",
			  field[PARENT]);
	return p;
}

/* A line without its comment and what ends it.  More than seven columns are
 * there in files of other programs, whose readers leave them out, too. */
static void
add_line(struct swc_points *s, size_t line, char *text)
{
	char *copied, *rest, *field[COLUMNS];
	double v[COLUMNS];
	struct swc_point p;
	int n = 0;

	text[strcspn(text, "#\r\n")] = '\0';
	rest = copied = copy(text);
	while (n < COLUMNS && (field[n] = strsep(&rest, " \t")))
		n += *field[n] != '\0';
	if (n > 0 && n < COLUMNS)
		bad_line(s, line, "%d columns rather than 7: '%s'", n, text);
	if (n == COLUMNS) {
		for (n = 0; n < COLUMNS; n++) {
			if (!parse_num(field[n], &v[n]))
				bad_field(s, line, n, "not a number", field[n]);
			if (!(fabs(v[n]) < LARGEST))
				bad_field(s, line, n,
					  isfinite(v[n]) ? "too large"
							 : "not finite",
					  field[n]);
		}
		p = point_of(s, line, field, v);
		p.where = format("%s %s %s %s", field[X], field[Y], field[Z],
				 field[RADIUS]);
		s->point = grow(s->point, &s->cap, s->n + 1, sizeof *s->point);
		s->point[s->n++] = p;
	}
	free(copied);
}

static int
by_id(const void *a, const void *b)
{
	const struct swc_point *p = a, *q = b;

	if (p->id != q->id)
		return p->id < q->id ? -1 : 1;
	return (p->line > q->line) - (p->line < q->line);
}

/* The place of a point, from 1; 0 if there is none. */
static size_t
find_point(const struct swc_points *s, int64_t id)
{
	size_t low = 0, high = s->n, mid;

	while (low < high) {
		mid = low + (high - low) / 2;
		if (s->point[mid].id == id)
			return mid + 1;
		if (s->point[mid].id < id)
			low = mid + 1;
		else
			high = mid;
	}
	return 0;
}

/* The cell's is the first that is not one of axon, if there is one. */
static const struct swc_point *
find_root(const struct swc_points *s)
{
	const struct swc_point *root = NULL, *p;
	size_t i;

	for (i = 0; i < s->n; i++) {
		p = &s->point[i];
		if (p->parent < 0 && (!root || (root->type == SWC_AXON + 1 &&
						p->type != SWC_AXON + 1)))
			root = p;
	}
	return root;
}

/* Pieces of axon that nothing holds are for who knows what becomes of it. */
static void
check_root(const struct swc_points *s, const struct swc_point *p,
	   const struct swc_point *root, struct swc *swc)
{
	if (p == root)
		return;
	if (p->type != SWC_AXON + 1)
		bad_line(s, p->line, "a second root; the first is in line %zu",
			 root->line);
	if (swc->npieces++ == 0)
		swc->piece = p->line;
}

/* Points are sorted by their ids. */
static void
check_tree(const struct swc_points *s, struct swc *swc)
{
	const struct swc_point *root = find_root(s), *p;
	bool soma = false;
	size_t i;

	for (i = 0; i < s->n; i++) {
		p = &s->point[i];
		soma |= p->type == 1;
		if (i > 0 && p->id == p[-1].id)
			bad_line(s, p->line, "id %lld is that of line %zu, too",
				 (long long)p->id, p[-1].line);
		if (p->parent < 0)
			check_root(s, p, root, swc);
		else if (!find_point(s, p->parent))
			bad_line(
				s, p->line,
				"column 'parent': no point has this id: '%lld'",
				(long long)p->parent);
	}
	if (s->n == 0)
		die("%s: no points", s->path);
	if (!soma)
		die("%s: no soma: no point is of type 1", s->path);
}

/* Points in the order of their ids, which become 1, 2, ...: Import3d has an
 * array as long as the largest. */
static char *
numbered(const struct swc_points *s, size_t *len)
{
	char *text = NULL;
	FILE *f = open_memstream(&text, len);
	const struct swc_point *p;
	size_t i, parent;

	for (i = 0; f && i < s->n; i++) {
		p = &s->point[i];
		parent = p->parent < 0 ? 0 : find_point(s, p->parent);
		fprintf(f, "%zu %lld %s %s%zu\n", i + 1, (long long)p->type,
			p->where, parent ? "" : "-", parent ? parent : 1);
	}
	if (!f || fclose(f))
		die("memory:");
	return text;
}

/* Neurolucida's texts begin with a comment, or with a list. */
static bool
is_neurolucida(const char *text)
{
	text += strspn(text, " \t\r\n");
	return *text == ';' || *text == '(';
}

/* Lines of old programs end with a CR alone. */
static void
end_lines(char *text)
{
	if (!strchr(text, '\n'))
		while ((text = strchr(text, '\r')))
			*text = '\n';
}

/* All of a file; there is no NUL in it. */
static char *
read_all(const char *path, size_t *len)
{
	char *text = NULL;
	size_t room = 0;
	ssize_t n;
	FILE *f;

	f = strcmp(path, "-") == 0 ? stdin : NULL;
	if (!f)
		nrn_check_file(path);
	if (!f && !(f = fopen(path, "re")))
		die("%s:", path);
	n = getdelim(&text, &room, '\0', f);
	if (ferror(f))
		die("%s:", path);
	*len = n > 0 ? (size_t)n : 0;
	if (*len == 0)
		die("%s: empty", path);
	if (strlen(text) < *len)
		die("%s: not text", path);
	if (f != stdin)
		fclose(f);
	return text;
}

struct swc
swc_read(const char *path)
{
	struct swc swc = {.path = path, .kind = SWC_POINTS};
	struct swc_points s = {.path = path};
	char *text = read_all(path, &swc.len), *rest = text, *line;
	size_t n = 0, i;

	end_lines(text);
	if (strncmp(text, "\xEF\xBB\xBF", 3) == 0)
		memset(text, ' ', 3);
	if (is_neurolucida(text)) {
		swc.kind = SWC_NEUROLUCIDA;
		swc.text = text;
		return swc;
	}
	while ((line = strsep(&rest, "\n")))
		add_line(&s, ++n, line);
	free(text);
	if (s.n > 0)
		qsort(s.point, s.n, sizeof *s.point, by_id);
	check_tree(&s, &swc);
	swc.n = s.n;
	swc.line = zeros(s.n, sizeof *swc.line);
	for (i = 0; i < s.n; i++) {
		swc.has_type[s.point[i].type] = true;
		swc.line[i] = s.point[i].line;
	}
	swc.text = numbered(&s, &swc.len);
	for (i = 0; i < s.n; i++)
		free(s.point[i].where);
	free(s.point);
	return swc;
}

void
swc_free(struct swc *s)
{
	free(s->text);
	free(s->line);
}
