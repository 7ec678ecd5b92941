/* make-odd -- make the HDF5 file that the standard input describes
 *
 *	/nodes/A/node_type_id u4 100 101*2
 *	/nodes/A/0/positions f8:3 0 0 0 1 1 1 2 2 nan
 *	/nodes/A/0/name s PV SOM ""
 *	/nodes/A/1/
 *	/edges/A_to_A/source_node_id@node_population s A
 *
 * A line a dataset, an attribute (with an @) or a group (ends in a slash): its
 * path, its type and its values; groups on the way are made.  Types are i, u
 * and f with the bytes of one, s for texts of any length and s8 for those of
 * eight bytes, bool, which h5py writes for True and False, and bool16 with
 *codes of sixteen bytes; e is the enumeration none, by_id, by_time.  An
 *attribute of several values has one dimension.  After the type may stand o (of
 *an integer only the upper half of the bits is used), b (big-endian), z (chunks
 *of two, shuffled and packed), d (packed only), c (chunks only), and :3 for a
 *dataset of three columns.  5*9 is nine times 5, 0..9 all numbers from 0 to 9,
 *and "" an empty text. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <hdf5.h>

#include "opt.h"
#include "util.h"

static const struct opt opts[] = {OPT_END};
static const struct tool tool = {
	.purpose = "make an HDF5 file for a test",
	.operands = "file",
	.least = 1,
	.most = 1,
	.opts = opts,
};

struct line {
	char *path, *attribute, *type;
	char **value;
	size_t n, cap;
	size_t wide; /* columns, 0 for one dimension */
	bool half, big, chunked, shuffled, packed;
};

static void
add_value(struct line *l, const char *s)
{
	l->value = grow(l->value, &l->cap, l->n + 1, sizeof *l->value);
	l->value[l->n++] = copy(strcmp(s, "\"\"") != 0 ? s : "");
}

static int64_t
whole(const char *s)
{
	int64_t v;

	if (!parse_int(s, &v))
		die("not an integer: '%s'", s);
	return v;
}

static double
real(const char *s)
{
	double v;

	if (!parse_num(s, &v))
		die("not a number: '%s'", s);
	return v;
}

static void
add_values(struct line *l, char *s)
{
	char *times = strchr(s, '*'), *range = strstr(s, "..");
	int64_t i, n;

	if (*l->type == 's' || (!times && !range)) {
		add_value(l, s);
	} else if (times) {
		*times++ = '\0';
		for (n = whole(times); n > 0; n--)
			add_value(l, s);
	} else {
		*range = '\0';
		n = whole(range + 2);
		for (i = whole(s); i <= n; i++) {
			char *one = format("%lld", (long long)i);

			add_value(l, one);
			free(one);
		}
	}
}

static bool
is_bool(const struct line *l)
{
	return !strncmp(l->type, "bool", 4);
}

/* Take what stands after the type proper off it. */
static void
take_flags(struct line *l)
{
	char *p = strchr(l->type, ':');

	if (p) {
		*p++ = '\0';
		l->wide = (size_t)whole(p);
	}
	if (is_bool(l))
		return;
	for (p = l->type + strlen(l->type) - 1; strchr("obzdc", *p); p--) {
		l->half = l->half || *p == 'o';
		l->big = l->big || *p == 'b';
		l->chunked = l->chunked || strchr("zdc", *p);
		l->shuffled = l->shuffled || *p == 'z';
		l->packed = l->packed || *p == 'z' || *p == 'd';
		*p = '\0';
	}
}

static struct line
parse_line(char *s)
{
	struct line l = {0};
	char *word;

	l.path = strsep(&s, " \n");
	l.attribute = strrchr(l.path, '@'); /* but there is /0/@library/x */
	if (l.attribute && l.attribute[-1] == '/')
		l.attribute = NULL;
	if (l.attribute)
		*l.attribute++ = '\0';
	l.type = strsep(&s, " \n");
	if (!l.type || !*l.type)
		return l;
	take_flags(&l);
	while ((word = strsep(&s, " \n")))
		if (*word)
			add_values(&l, word);
	return l;
}

static size_t
size_of(const char *s, int64_t most)
{
	int64_t n = whole(s);

	if (n < 1 || n > most)
		die("not a size from 1 to %lld: '%s'", (long long)most, s);
	return (size_t)n;
}

static hid_t
text_type(const char *size)
{
	hid_t t = H5Tcopy(H5T_C_S1);

	H5Tset_size(t, *size ? size_of(size, 1 << 20) : H5T_VARIABLE);
	return t;
}

static hid_t
bool_type(const char *size)
{
	hid_t base = H5Tcopy(H5T_STD_I8LE), t;
	char v[16] = {0};

	H5Tset_size(base, *size ? size_of(size, 16) : 1);
	t = H5Tenum_create(base);
	H5Tenum_insert(t, "FALSE", v);
	v[0] = 1;
	H5Tenum_insert(t, "TRUE", v);
	H5Tclose(base);
	return t;
}

/* How spikes are sorted, as SONATA has it. */
static hid_t
sorting_type(void)
{
	static const char *const words[] = {"none", "by_id", "by_time"};
	hid_t t = H5Tenum_create(H5T_STD_U8LE);
	uint8_t i;

	for (i = 0; i < 3; i++)
		H5Tenum_insert(t, words[i], &i);
	return t;
}

static hid_t
number_type(const struct line *l)
{
	bool real = *l->type == 'f';
	size_t size = size_of(l->type + 1, 16);
	hid_t t;

	if (real)
		t = H5Tcopy(size == 4 ? H5T_IEEE_F32LE : H5T_IEEE_F64LE);
	else
		t = H5Tcopy(*l->type == 'u' ? H5T_STD_U64LE : H5T_STD_I64LE);
	if (!real)
		H5Tset_size(t, size);
	if (l->half) {
		H5Tset_precision(t, 4 * size);
		H5Tset_offset(t, 4 * size);
	}
	if (l->big)
		H5Tset_order(t, H5T_ORDER_BE);
	return t;
}

/* The values in memory, of the type mem. */
static void *
values_of(const struct line *l, hid_t mem)
{
	size_t i, size = H5Tget_size(mem);
	char *v = zeros(l->n, size);

	for (i = 0; i < l->n; i++) {
		const char *s = l->value[i];
		int64_t n = *l->type == 'i' ? whole(s) : 0;
		uint64_t u = *l->type == 'u' ? strtoull(s, NULL, 10) : 0;
		double r = *l->type == 'f' ? real(s) : 0;
		char flag[16] = {*s == '1' ? 1 : 0};

		if (!strcmp(l->type, "s"))
			memcpy(v + i * size, &l->value[i], size);
		else if (*l->type == 's')
			memcpy(v + i * size, s, strnlen(s, size));
		else if (*l->type == 'f')
			memcpy(v + i * size, &r, size);
		else if (*l->type == 'b')
			memcpy(v + i * size, flag, size);
		else if (*l->type == 'e')
			v[i * size] = (char)(*s - '0');
		else
			memcpy(v + i * size, *l->type == 'u' ? (void *)&u : &n,
			       size);
	}
	return v;
}

/* Into a dataset or an attribute of this type. */
static void
write_values(const struct line *l, hid_t to, hid_t type)
{
	hid_t mem = type;
	herr_t status;
	void *v;

	if (*l->type == 'f')
		mem = H5T_NATIVE_DOUBLE;
	else if (*l->type == 'i')
		mem = H5T_NATIVE_INT64;
	else if (*l->type == 'u')
		mem = H5T_NATIVE_UINT64;
	v = values_of(l, mem);
	status = l->attribute
			 ? H5Awrite(to, mem, v)
			 : H5Dwrite(to, mem, H5S_ALL, H5S_ALL, H5P_DEFAULT, v);
	if (status < 0)
		die("%s: cannot be written", l->path);
	free(v);
}

static void
write_dataset(hid_t file, const struct line *l, hid_t type, hid_t links)
{
	hid_t plist = H5Pcreate(H5P_DATASET_CREATE), space, set;
	hsize_t wide = l->wide ? l->wide : 1;
	hsize_t extent[2] = {l->n / wide, wide}, chunk[2] = {2, wide};

	if (l->chunked && extent[0] > 1000)
		chunk[0] = 1000;
	space = H5Screate_simple(l->wide ? 2 : 1, extent, NULL);
	if (l->chunked)
		H5Pset_chunk(plist, l->wide ? 2 : 1, chunk);
	if (l->shuffled)
		H5Pset_shuffle(plist);
	if (l->packed)
		H5Pset_deflate(plist, 4);
	set = H5Dcreate2(file, l->path, type, space, links, plist, H5P_DEFAULT);
	if (set < 0)
		die("%s: cannot be made", l->path);
	if (l->n > 0)
		write_values(l, set, type);
	H5Dclose(set);
	H5Sclose(space);
	H5Pclose(plist);
}

static void
write_attribute(hid_t file, const struct line *l, hid_t type)
{
	hsize_t n = l->n;
	hid_t space =
		n > 1 ? H5Screate_simple(1, &n, NULL) : H5Screate(H5S_SCALAR);
	hid_t attr = H5Acreate_by_name(file, l->path, l->attribute, type, space,
				       H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);

	if (attr < 0 || l->n == 0)
		die("%s@%s: cannot be made", l->path, l->attribute);
	write_values(l, attr, type);
	H5Aclose(attr);
	H5Sclose(space);
}

static void
write_line(hid_t file, const struct line *l)
{
	hid_t links = H5Pcreate(H5P_LINK_CREATE), type;

	H5Pset_create_intermediate_group(links, 1);
	if (!l->type || !*l->type) {
		H5Gclose(H5Gcreate2(file, l->path, links, H5P_DEFAULT,
				    H5P_DEFAULT));
		H5Pclose(links);
		return;
	}
	if (*l->type == 's')
		type = text_type(l->type + 1);
	else if (*l->type == 'e')
		type = sorting_type();
	else
		type = is_bool(l) ? bool_type(l->type + 4) : number_type(l);
	if (l->attribute)
		write_attribute(file, l, type);
	else
		write_dataset(file, l, type, links);
	H5Tclose(type);
	H5Pclose(links);
}

static void
free_line(struct line *l)
{
	while (l->n > 0)
		free(l->value[--l->n]);
	free(l->value);
}

int
main(int argc, char **argv)
{
	const char *path = start(argc, argv, &tool)[0];
	hid_t file = H5Fcreate(path, H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
	char *s = NULL;
	size_t room = 0;

	if (file < 0)
		die("%s: cannot be made", path);
	while (getline(&s, &room, stdin) > 0) {
		struct line l = parse_line(s);

		if (*l.path)
			write_line(file, &l);
		free_line(&l);
	}
	free(s);
	if (H5Fclose(file) < 0)
		die("%s: cannot be written", path);
	return WORKED;
}
