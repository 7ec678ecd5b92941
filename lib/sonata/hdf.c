/* Every entry into HDF5 is under one lock.  Debian's library has a lock of its
 * own, with the unpacking of chunks inside it; other builds have none. */
#include <inttypes.h>
#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <libdeflate.h>

#include "files.h"
#include "sonata/hdf.h"
#include "util.h"

#define ARENA_BLOCK ((size_t)1 << 16)
#define MAX_TEXT ((size_t)16 << 20)  /* bytes; more are a mistake */
#define MAX_CHUNK ((size_t)16 << 20) /* bytes of a chunk that we unpack */
#define WINDOW ((size_t)1 << 16)     /* rows of a column read at random */

static pthread_mutex_t lock;

/* A library that was built for threads has an error stack for each of them. */
static void
enter(void)
{
	static _Thread_local bool quiet;

	pthread_mutex_lock(&lock);
	if (!quiet)
		H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
	quiet = true;
}

static void
leave(void)
{
	pthread_mutex_unlock(&lock);
}

/* File locks fail on many cluster file systems, and we only read. */
static void
start_library(void)
{
	pthread_mutexattr_t attr;

	setenv("HDF5_USE_FILE_LOCKING", "FALSE", 0);
	pthread_mutexattr_init(&attr);
	pthread_mutexattr_settype(&attr, PTHREAD_MUTEX_RECURSIVE);
	pthread_mutex_init(&lock, &attr);
	if (H5open() < 0)
		die("cannot start HDF5");
}

bool
hdf_looks_like(const char *s, size_t n)
{
	return n >= 8 && !memcmp(s, "\211HDF\r\n\032\n", 8);
}

hid_t
hdf_open(const char *path)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	hid_t file;
	char s[8] = "";
	size_t n = files_first_bytes(path, s, sizeof s);

	pthread_once(&once, start_library);
	if (!hdf_looks_like(s, n))
		die("%s: not an HDF5 file", path);
	enter();
	file = H5Fopen(path, H5F_ACC_RDONLY, H5P_DEFAULT);
	leave();
	if (file < 0)
		die("%s: not a whole HDF5 file: cut short, or damaged", path);
	return file;
}

/* What cannot be read is not the same as what is not there. */
static _Noreturn void
damaged(hid_t at, const char *path)
{
	char file[4096] = "";

	if (H5Fget_name(at, file, sizeof file) <= 0)
		strcpy(file, "HDF5 file");
	die("%s: %s: cannot be read: the file is damaged", file, path);
}

static bool
is_group(hid_t at, const char *path)
{
	H5O_info_t info;

	if (H5Oget_info_by_name(at, path, &info, H5P_DEFAULT) < 0)
		damaged(at, path);
	return info.type == H5O_TYPE_GROUP;
}

/* H5Lexists wants every link on the way to be there, and to be of a group. */
static bool
exists(hid_t at, const char *path)
{
	char *s = copy(path), *p = s;
	htri_t there = 1;

	while (there > 0 && p) {
		p = strchr(p + 1, '/');
		if (p)
			*p = '\0';
		there = H5Lexists(at, s, H5P_DEFAULT);
		if (there > 0)
			there = H5Oexists_by_name(at, s, H5P_DEFAULT);
		if (there < 0)
			damaged(at, s);
		if (there > 0 && p)
			there = is_group(at, s);
		if (p)
			*p = '/';
	}
	free(s);
	return there > 0;
}

bool
hdf_has(hid_t at, const char *path)
{
	bool yes;

	enter();
	yes = exists(at, path);
	leave();
	return yes;
}

bool
hdf_is_group(hid_t at, const char *path)
{
	bool yes;

	enter();
	yes = exists(at, path) && is_group(at, path);
	leave();
	return yes;
}

static herr_t
take_name(hid_t at, const char *name, const H5L_info_t *info, void *arg)
{
	struct {
		char **name;
		size_t n, cap;
	} *names = arg;

	(void)at;
	(void)info;
	names->name = grow(names->name, &names->cap, names->n + 1,
			   sizeof *names->name);
	names->name[names->n++] = copy(name);
	return 0;
}

char **
hdf_names(hid_t at, const char *path, size_t *n)
{
	struct {
		char **name;
		size_t n, cap;
	} names = {0};

	enter();
	if (exists(at, path) && is_group(at, path) &&
	    H5Literate_by_name(at, path, H5_INDEX_NAME, H5_ITER_INC, NULL,
			       take_name, &names, H5P_DEFAULT) < 0)
		damaged(at, path);
	leave();
	*n = names.n;
	return names.name;
}

void
hdf_free_names(char **name, size_t n)
{
	while (n > 0)
		free(name[--n]);
	free(name);
}

/* Texts are of fixed or variable length; the one is as good as the other. */
static char *
attribute_text(hid_t attr, hid_t type)
{
	hid_t mem = H5Tcopy(H5T_C_S1);
	char *s = NULL;

	if (H5Tis_variable_str(type) > 0) {
		char *text = NULL;

		H5Tset_size(mem, H5T_VARIABLE);
		H5Tset_cset(mem, H5Tget_cset(type));
		if (H5Aread(attr, mem, &text) >= 0)
			s = copy(text ? text : "");
		H5free_memory(text);
	} else {
		size_t size = H5Tget_size(type);

		s = zeros(size + 1, 1);
		H5Tset_size(mem, size + 1);
		H5Tset_cset(mem, H5Tget_cset(type));
		if (H5Aread(attr, mem, s) < 0) {
			free(s);
			s = NULL;
		}
	}
	H5Tclose(mem);
	return s;
}

/* NULL if it is no text, or several. */
static char *
read_attribute(hid_t at, const char *object, const char *name)
{
	hid_t attr =
		H5Aopen_by_name(at, object, name, H5P_DEFAULT, H5P_DEFAULT);
	hid_t type = H5Aget_type(attr), space = H5Aget_space(attr);
	char *s = NULL;

	if (attr < 0 || type < 0 || space < 0)
		damaged(at, object);
	if (H5Tget_class(type) == H5T_STRING &&
	    H5Sget_simple_extent_npoints(space) == 1) {
		s = attribute_text(attr, type);
		if (!s)
			damaged(at, object);
	}
	H5Sclose(space);
	H5Tclose(type);
	H5Aclose(attr);
	return s;
}

char *
hdf_attribute(hid_t at, const char *object, const char *name)
{
	char *s = NULL;
	htri_t there;

	enter();
	if (exists(at, object)) {
		there = H5Aexists_by_name(at, object, name, H5P_DEFAULT);
		if (there < 0)
			damaged(at, object);
		if (there > 0)
			s = read_attribute(at, object, name);
	}
	leave();
	return s;
}

static char *
arena_take(struct hdf_arena *a, size_t n)
{
	char *p;

	if (n > ARENA_BLOCK) {
		a->large = grow(a->large, &a->mlarge, a->nlarge + 1,
				sizeof *a->large);
		return a->large[a->nlarge++] = zeros(n, 1);
	}
	if (a->nblock == 0 || a->used + n > ARENA_BLOCK) {
		if (a->nblock > 0)
			a->current++;
		if (a->current == a->nblock) {
			a->block = grow(a->block, &a->mblock, a->nblock + 1,
					sizeof *a->block);
			a->block[a->nblock++] = zeros(ARENA_BLOCK, 1);
		}
		a->used = 0;
	}
	p = a->block[a->current] + a->used;
	a->used += n;
	return p;
}

void
hdf_arena_reset(struct hdf_arena *a)
{
	while (a->nlarge > 0)
		free(a->large[--a->nlarge]);
	a->current = a->used = 0;
}

void
hdf_arena_free(struct hdf_arena *a)
{
	hdf_free_names(a->block, a->nblock);
	hdf_free_names(a->large, a->nlarge);
	*a = (struct hdf_arena){0};
}

/* The names of an HDF5 enumeration, such as h5py's FALSE and TRUE. */
static void
take_members(struct hdf_column *c, hid_t type)
{
	int i, n = H5Tget_nmembers(type);
	hid_t base = H5Tget_super(type);
	size_t size = H5Tget_size(base);

	if (n < 0 || size == 0)
		die("%s: the file is damaged", c->path);
	if (size > sizeof *c->code)
		die("%s: an enumeration of integers of %zu bytes", c->path,
		    size);
	c->name = zeros((size_t)n, sizeof *c->name);
	c->code = zeros((size_t)n, sizeof *c->code);
	c->nnames = (size_t)n;
	for (i = 0; i < n; i++) {
		char *s = H5Tget_member_name(type, (unsigned)i);

		if (s)
			c->name[i] = copy(s);
		else
			die("%s: the file is damaged", c->path);
		H5free_memory(s);
		H5Tget_member_value(type, (unsigned)i, &c->code[i]);
		H5Tconvert(base, H5T_NATIVE_INT64, 1, &c->code[i], NULL,
			   H5P_DEFAULT);
	}
	H5Tclose(base);
}

static void
learn_type(struct hdf_column *c)
{
	hid_t type = H5Dget_type(c->set);
	H5T_class_t class = H5Tget_class(type);

	c->size = H5Tget_size(type);
	if (class == H5T_ENUM) {
		take_members(c, type);
	} else if (class == H5T_STRING) {
		c->kind = C_TEXT;
		c->type = H5Tcopy(H5T_C_S1);
		H5Tset_size(c->type, H5Tis_variable_str(type) > 0
					     ? H5T_VARIABLE
					     : c->size + 1);
		H5Tset_cset(c->type, H5Tget_cset(type));
	} else if (class == H5T_FLOAT) {
		c->kind = C_REAL;
	} else if (class == H5T_INTEGER) {
		c->is_signed = H5Tget_sign(type) != H5T_SGN_NONE;
		if (c->size > sizeof(int64_t))
			die("%s: integers of %zu bytes", c->path, c->size);
	} else {
		die("%s: neither numbers nor texts", c->path);
	}
	H5Tclose(type);
}

/* Is the only packing one that we know how to undo? */
static bool
know_filters(struct hdf_column *c, hid_t plist)
{
	int i, n = H5Pget_nfilters(plist);

	for (i = 0; i < n; i++) {
		unsigned flags, config, params[8];
		size_t nparams = LEN(params);
		H5Z_filter_t f =
			H5Pget_filter2(plist, (unsigned)i, &flags, &nparams,
				       params, 0, NULL, &config);

		if (f == H5Z_FILTER_SHUFFLE && i == 0)
			c->shuffled = true;
		else if (f == H5Z_FILTER_DEFLATE && i == n - 1)
			c->packed = true;
		else
			return false;
	}
	return c->packed;
}

/* A chunk that does not fit into HDF5's cache would be unpacked anew for every
 * part of it that is read. */
static hid_t
widen_cache(hid_t set, hid_t file, const char *dataset, size_t bytes)
{
	hid_t access;

	if (bytes <= (size_t)1 << 20)
		return set;
	access = H5Pcreate(H5P_DATASET_ACCESS);
	H5Pset_chunk_cache(access, 521, bytes + 1, 1);
	H5Dclose(set);
	set = H5Dopen2(file, dataset, access);
	H5Pclose(access);
	return set;
}

/* Are elements integers as this machine has them? */
static bool
is_native(const struct hdf_column *c, hid_t type)
{
	return H5Tget_class(type) == H5T_INTEGER &&
	       H5Tget_order(type) == H5Tget_order(H5T_NATIVE_INT) &&
	       (c->size == 1 || c->size == 2 || c->size == 4 || c->size == 8) &&
	       H5Tget_precision(type) == 8 * c->size &&
	       H5Tget_offset(type) == 0;
}

static void
learn_layout(struct hdf_column *c, hid_t file, const char *dataset)
{
	hid_t plist = H5Dget_create_plist(c->set), type = H5Dget_type(c->set);
	hsize_t chunk[2] = {0, 1};

	if (H5Pget_layout(plist) == H5D_CHUNKED) {
		H5Pget_chunk(plist, c->wide ? 2 : 1, chunk);
		if (!c->wide && know_filters(c, plist) && is_native(c, type) &&
		    chunk[0] * c->size <= MAX_CHUNK)
			c->chunk = (size_t)chunk[0];
		c->set = widen_cache(c->set, file, dataset,
				     (size_t)(chunk[0] * chunk[1]) * c->size);
	}
	H5Tclose(type);
	H5Pclose(plist);
}

static void
learn_shape(struct hdf_column *c)
{
	hid_t space = H5Dget_space(c->set);
	hsize_t extent[2] = {0, 0};
	int rank = H5Sget_simple_extent_ndims(space);

	if (rank < 0)
		die("%s: the file is damaged", c->path);
	if (H5Sget_simple_extent_type(space) == H5S_NULL)
		rank = 1;
	else if (rank == 0)
		extent[0] = 1;
	else if (rank <= 2)
		H5Sget_simple_extent_dims(space, extent, NULL);
	else
		die("%s: more than two dimensions", c->path);
	H5Sclose(space);
	c->n = extent[0];
	c->wide = rank == 2 ? extent[1] : 0;
	if (c->axis < 0 && c->wide == 1)
		c->axis = 0;
	if ((c->axis < 0) != (c->wide == 0) ||
	    (c->axis >= 0 && (hsize_t)c->axis >= c->wide))
		die("%s: not a dataset of %s", c->path,
		    c->axis < 0 ? "one dimension" : "so many columns");
}

struct hdf_column *
hdf_axis(hid_t file, const char *path, const char *dataset, int axis)
{
	struct hdf_column *c;

	if (!hdf_has(file, dataset) || hdf_is_group(file, dataset))
		return NULL;
	c = zeros(1, sizeof *c);
	c->path = format("%s: %s", path, dataset);
	c->axis = axis;
	enter();
	c->set = H5Dopen2(file, dataset, H5P_DEFAULT);
	if (c->set < 0)
		die("%s: not a dataset", c->path);
	learn_shape(c);
	learn_type(c);
	learn_layout(c, file, dataset);
	leave();
	return c;
}

struct hdf_column *
hdf_column(hid_t file, const char *path, const char *dataset)
{
	return hdf_axis(file, path, dataset, -1);
}

bool
hdf_in_seconds(const struct hdf_column *c, hid_t file, const char *dataset)
{
	static const char *const known[] = {
		"",  "ms",     "millisecond", "milliseconds",
		"s", "second", "seconds"};
	enum { SECONDS = 4 };
	char *units = hdf_attribute(file, dataset, "units");
	size_t i = 0;

	while (units && i < LEN(known) && strcmp(units, known[i]) != 0)
		i++;
	if (i == LEN(known))
		die("%s: neither in ms nor in s: '%s'", c->path, units);
	free(units);
	return i >= SECONDS;
}

void
hdf_column_close(struct hdf_column *c)
{
	if (!c)
		return;
	enter();
	H5Dclose(c->set);
	if (c->type > 0)
		H5Tclose(c->type);
	leave();
	hdf_free_names(c->name, c->nnames);
	free(c->code);
	free(c->path);
	free(c);
}

/* Read rows [first, first + n) as the given type in memory. */
static void
read_rows(const struct hdf_column *c, uint64_t first, size_t n, hid_t type,
	  void *to)
{
	hsize_t start[2] = {first, c->axis > 0 ? (hsize_t)c->axis : 0};
	hsize_t count[2] = {n, 1};
	hid_t space, mem;
	herr_t status;

	if (n == 0)
		return;
	if (first >= c->n || n > c->n - first)
		die("%s: row %llu is past the end: there are %llu", c->path,
		    (unsigned long long)(first < c->n ? c->n : first),
		    (unsigned long long)c->n);
	enter();
	space = H5Dget_space(c->set);
	mem = H5Screate_simple(1, count, NULL);
	if (H5Sget_simple_extent_ndims(space) > 0)
		H5Sselect_hyperslab(space, H5S_SELECT_SET, start, NULL, count,
				    NULL);
	status = H5Dread(c->set, type, mem, space, H5P_DEFAULT, to);
	H5Sclose(mem);
	H5Sclose(space);
	leave();
	if (status < 0)
		die("%s: cannot be read: the file is cut short, or damaged",
		    c->path);
}

/* HDF5 would cut unsigned numbers of eight bytes at the greatest signed one,
 * and no one would notice. */
static bool
is_wide_unsigned(const struct hdf_column *c)
{
	return c->kind == C_INT && c->size == 8 && !c->is_signed && !c->code;
}

/* Reals that are integers; HDF5 would cut the others. */
static void
read_whole(const struct hdf_column *c, uint64_t first, size_t n, int64_t *v)
{
	double *real = zeros(n, sizeof *real);
	size_t i;

	read_rows(c, first, n, H5T_NATIVE_DOUBLE, real);
	for (i = 0; i < n; i++, first++) {
		if (!(fabs(real[i]) < 9e15 && real[i] == floor(real[i])))
			die("%s: row %" PRIu64 ": not an integer", c->path,
			    first);
		v[i] = (int64_t)real[i];
	}
	free(real);
}

/* HDF5 would cut unsigned numbers of eight bytes at the greatest signed one,
 * and no one would notice; read as they are, what is too large is negative. */
static void
read_ids(const struct hdf_column *c, uint64_t first, size_t n, int64_t *v)
{
	if (c->kind == C_TEXT)
		die("%s: not numbers", c->path);
	if (c->kind == C_REAL) {
		read_whole(c, first, n, v);
		return;
	}
	read_rows(c, first, n,
		  is_wide_unsigned(c) ? H5T_NATIVE_UINT64 : H5T_NATIVE_INT64,
		  v);
}

void
hdf_column_check(const struct hdf_column *c, uint64_t first, size_t n,
		 const int64_t *v)
{
	size_t i;

	for (i = 0; is_wide_unsigned(c) && i < n; i++)
		if (v[i] < 0)
			die("%s: row %" PRIu64 ": too large: '%" PRIu64 "'",
			    c->path, first + i, (uint64_t)v[i]);
}

void
hdf_column_ints(const struct hdf_column *c, uint64_t first, size_t n,
		int64_t *v)
{
	read_ids(c, first, n, v);
	hdf_column_check(c, first, n, v);
}

/* Texts of rows [first, first + n), into the arena. */
static void
read_texts(const struct hdf_column *c, uint64_t first, size_t n,
	   struct hdf_value *v, struct hdf_arena *a)
{
	bool variable;
	size_t i, size;
	char **text, *fixed;

	enter();
	variable = H5Tis_variable_str(c->type) > 0;
	size = H5Tget_size(c->type);
	leave();
	text = zeros(n, variable ? sizeof *text : size);
	fixed = (char *)text;
	read_rows(c, first, n, c->type, text);
	for (i = 0; i < n; i++) {
		const char *s = variable ? text[i] : fixed + i * size;
		size_t len = s ? strlen(s) : 0;
		char *own;

		if (len >= MAX_TEXT)
			die("%s: row %" PRIu64 ": a text of %zu bytes", c->path,
			    first + i, len);
		own = arena_take(a, len + 1);
		memcpy(own, s ? s : "", len + 1);
		v[i] = (struct hdf_value){V_TEXT, {.s = own}};
	}
	enter();
	for (i = 0; variable && i < n; i++)
		H5free_memory(text[i]);
	leave();
	free(text);
}

static const char *
code_name(const struct hdf_column *c, int64_t code, uint64_t row)
{
	size_t i;

	if (!c->code && code >= 0 && (uint64_t)code < c->nnames)
		return c->name[code];
	for (i = 0; c->code && i < c->nnames; i++)
		if (c->code[i] == code)
			return c->name[i];
	die("%s: row %llu: code %lld is none of the %zu in its library",
	    c->path, (unsigned long long)row, (long long)code, c->nnames);
}

/* Rows [first, first + n), as what they are. */
static void
read_values(const struct hdf_column *c, uint64_t first, size_t n,
	    struct hdf_value *v, struct hdf_arena *a)
{
	int64_t *ints;
	double *reals;
	size_t i;

	if (c->kind == C_TEXT) {
		read_texts(c, first, n, v, a);
	} else if (c->kind == C_REAL) {
		reals = zeros(n, sizeof *reals);
		read_rows(c, first, n, H5T_NATIVE_DOUBLE, reals);
		for (i = 0; i < n; i++)
			v[i] = (struct hdf_value){V_REAL, {.r = reals[i]}};
		free(reals);
	} else {
		ints = zeros(n, sizeof *ints);
		hdf_column_ints(c, first, n, ints);
		for (i = 0; i < n; i++)
			v[i] = (struct hdf_value){V_INT, {.i = ints[i]}};
		free(ints);
	}
}

struct wanted {
	uint64_t row;
	size_t place;
};

static int
by_row(const void *a, const void *b)
{
	const struct wanted *p = a, *q = b;

	return (p->row > q->row) - (p->row < q->row);
}

/* Rows in any order, a window of the column at a time: reading what lies
 * between them is faster than selecting them, unless they are very few. */
static void
read_scattered(const struct hdf_column *c, const uint64_t *row, size_t n,
	       struct hdf_value *v, struct hdf_arena *a)
{
	struct wanted *want = zeros(n, sizeof *want);
	struct hdf_value *window = NULL;
	size_t room = 0, i, k, len;

	for (i = 0; i < n; i++)
		want[i] = (struct wanted){row[i], i};
	qsort(want, n, sizeof *want, by_row);
	for (i = 0; i < n; i = k) {
		uint64_t first = want[i].row;

		for (k = i; k < n && want[k].row - first < WINDOW; k++)
			;
		len = (size_t)(want[k - 1].row - first) + 1;
		window = grow(window, &room, len, sizeof *window);
		read_values(c, first, len, window, a);
		for (; i < k; i++)
			v[want[i].place] = window[want[i].row - first];
	}
	free(window);
	free(want);
}

static bool
in_one_piece(const uint64_t *row, size_t n)
{
	size_t i;

	for (i = 1; i < n; i++)
		if (row[i] != row[0] + i)
			return false;
	return true;
}

void
hdf_column_values(const struct hdf_column *c, const uint64_t *row, size_t n,
		  struct hdf_value *v, struct hdf_arena *a)
{
	if (n > 0 && in_one_piece(row, n))
		read_values(c, row[0], n, v, a);
	else if (n > 0)
		read_scattered(c, row, n, v, a);
}

void
hdf_column_names(const struct hdf_column *c, const uint64_t *row, size_t n,
		 struct hdf_value *v)
{
	size_t i;

	for (i = 0; c->name && i < n; i++)
		v[i] = (struct hdf_value){
			V_TEXT, {.s = code_name(c, v[i].as.i, row[i])}};
}

void
hdf_column_library(struct hdf_column *c, const struct hdf_column *names)
{
	struct hdf_arena a = {0};
	struct hdf_value *v = zeros((size_t)names->n, sizeof *v);
	size_t i, n = (size_t)names->n;

	if (names->kind != C_TEXT)
		die("%s: a library that is not texts", names->path);
	if (c->kind != C_INT)
		die("%s: has a library, but is not integers", c->path);
	read_values(names, 0, n, v, &a);
	c->name = zeros(n, sizeof *c->name);
	c->nnames = n;
	for (i = 0; i < n; i++)
		c->name[i] = copy(v[i].as.s);
	free(v);
	hdf_arena_free(&a);
}

/* Bytes of the same place in each element stand together in a shuffled chunk.
 */
static void
unshuffle(const char *from, char *to, size_t size, size_t n)
{
	size_t i, k;

	for (k = 0; k < size; k++)
		for (i = 0; i < n; i++)
			to[i * size + k] = *from++;
}

/* Fetch chunk number k as it is in the file; 0 bytes if it is not there, or was
 * left unpacked, which are both rare and HDF5's to deal with. */
static size_t
fetch_chunk(const struct hdf_column *c, uint64_t k, struct hdf_unpacker *u)
{
	hsize_t at = k * c->chunk, bytes = 0;
	uint32_t skipped = 0;

	enter();
	if (H5Dget_chunk_storage_size(c->set, &at, &bytes) < 0)
		bytes = 0;
	if (bytes > 0) {
		u->raw = grow(u->raw, &u->mraw, bytes, 1);
		if (H5Dread_chunk(c->set, H5P_DEFAULT, &at, &skipped, u->raw) <
		    0)
			bytes = 0;
	}
	leave();
	return skipped ? 0 : (size_t)bytes;
}

/* Have chunk number k in u->plain; false if HDF5 has to do it. */
static bool
unpack_chunk(const struct hdf_column *c, uint64_t k, struct hdf_unpacker *u)
{
	size_t bytes, size = c->chunk * c->size;
	char *to;

	if (u->chunk == k + 1)
		return true;
	bytes = fetch_chunk(c, k, u);
	if (bytes == 0)
		return false;
	u->plain = grow(u->plain, &u->mplain, size, 1);
	u->shuffled = grow(u->shuffled, &u->mshuffled, size, 1);
	to = c->shuffled ? u->shuffled : u->plain;
	if (!u->inflate && !(u->inflate = libdeflate_alloc_decompressor()))
		die("out of memory");
	if (libdeflate_zlib_decompress(u->inflate, u->raw, bytes, to, size,
				       NULL) != LIBDEFLATE_SUCCESS)
		die("%s: chunk %llu cannot be unpacked: the file is damaged",
		    c->path, (unsigned long long)k);
	if (c->shuffled)
		unshuffle(u->shuffled, u->plain, c->size, c->chunk);
	u->chunk = k + 1;
	return true;
}

#define WIDEN(type)                                                            \
	do {                                                                   \
		const type *p = from;                                          \
		for (i = 0; i < n; i++)                                        \
			v[i] = (int64_t)p[i];                                  \
	} while (0)

/* Elements of 1, 2, 4 or 8 bytes, in this machine's byte order, as int64_t. */
static void
widen(const void *from, size_t size, bool is_signed, size_t n, int64_t *v)
{
	size_t i;

	if (size == 8)
		memcpy(v, from, n * sizeof *v);
	else if (size == 4 && is_signed)
		WIDEN(int32_t);
	else if (size == 4)
		WIDEN(uint32_t);
	else if (size == 2 && is_signed)
		WIDEN(int16_t);
	else if (size == 2)
		WIDEN(uint16_t);
	else if (size == 1 && is_signed)
		WIDEN(int8_t);
	else if (size == 1)
		WIDEN(uint8_t);
}

void
hdf_column_ids(const struct hdf_column *c, uint64_t first, size_t n, int64_t *v,
	       struct hdf_unpacker *u)
{
	bool ours = c->chunk > 0 && first + n <= c->n;
	size_t take, at;

	while (n > 0 && ours) {
		at = (size_t)(first % c->chunk);
		take = c->chunk - at < n ? c->chunk - at : n;
		ours = unpack_chunk(c, first / c->chunk, u);
		if (!ours)
			break;
		widen(u->plain + at * c->size, c->size, c->is_signed, take, v);
		first += take;
		v += take;
		n -= take;
	}
	if (n > 0)
		read_ids(c, first, n, v);
}

void
hdf_unpacker_free(struct hdf_unpacker *u)
{
	free(u->raw);
	free(u->shuffled);
	free(u->plain);
	if (u->inflate)
		libdeflate_free_decompressor(u->inflate);
	*u = (struct hdf_unpacker){0};
}

static char *
filter_name(hid_t plist, unsigned i)
{
	unsigned flags, config, params[8];
	size_t nparams = LEN(params);
	char name[64] = "";
	H5Z_filter_t f = H5Pget_filter2(plist, i, &flags, &nparams, params,
					sizeof name, name, &config);

	if (f == H5Z_FILTER_DEFLATE)
		return format("gzip-%u", params[0]);
	if (f == H5Z_FILTER_SHUFFLE)
		return copy("shuffle");
	return *name ? copy(name) : format("filter %d", (int)f);
}

char *
hdf_column_packing(const struct hdf_column *c)
{
	char *s = copy(""), *one, *longer;
	hid_t plist;
	int i, n;

	enter();
	plist = H5Dget_create_plist(c->set);
	n = H5Pget_nfilters(plist);
	for (i = 0; i < n; i++) {
		one = filter_name(plist, (unsigned)i);
		longer = format("%s%s%s", s, i ? "+" : "", one);
		free(one);
		free(s);
		s = longer;
	}
	H5Pclose(plist);
	leave();
	if (*s)
		return s;
	free(s);
	return copy("none");
}
