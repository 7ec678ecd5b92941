/* Every entry into HDF5 is under one lock.  Debian's library has a lock of its
 * own, with the unpacking of chunks inside it; other builds have none. */
#include <ctype.h>
#include <hdf5.h>
#include <inttypes.h>
#include <math.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "files.h"
#include "labels.h"
#include "sonata/hdf.h"
#include "util.h"

#define ARENA_BLOCK ((size_t)1 << 16)
#define MAX_TEXT ((size_t)16 << 20)  /* bytes; more are a mistake */
#define MAX_CHUNK ((size_t)16 << 20) /* bytes of a chunk that we unpack */
#define WINDOW ((size_t)1 << 16)     /* rows of a column read at random */

_Static_assert(sizeof(hid_t) == sizeof(int64_t), "hdf.h has room for handles");

static pthread_mutex_t lock;

/* ---- Damaged files ----
 *
 * HDF5 1.10 trusts most of what it reads: a length or an address that is wrong
 * may crash it, or keep it busy for ever. */

/* The file that this thread reads; NULL: it is not in HDF5. */
static _Thread_local const char *volatile reading;

static const int crashes[] = {SIGSEGV, SIGBUS, SIGFPE, SIGABRT};
static struct sigaction before[LEN(crashes)];

/* What comes next calls nothing that a signal must not call. */
static void
say_crashed(const char *path)
{
	static const char what[] = ": damaged: HDF5 itself crashed on it\n";
	const char *const part[] = {progname, ": ", path, what};
	char text[4096];
	size_t n = 0, i, k;

	for (i = 0; i < LEN(part); i++)
		for (k = 0; part[i][k] && n < sizeof text; k++, n++) {
			text[n] = part[i][k];
			if (i == 2 && iscntrl((unsigned char)text[n]))
				text[n] = '?';
		}
	if (write(STDERR_FILENO, text, n) < 0)
		return; /* there is no one left to tell */
}

/* Crashes elsewhere, and signals that someone sent, are none of ours. */
static void
crashed(int sig, siginfo_t *info, void *context)
{
	bool sent = info->si_code <= 0 &&
		    (sig != SIGABRT || info->si_pid != getpid());
	size_t i = 0;

	(void)context;
	if (reading && !sent) {
		say_crashed(reading);
		files_take_back();
		_exit(failure);
	}
	while (crashes[i] != sig)
		i++;
	sigaction(sig, &before[i], NULL);
	if (info->si_code <= 0)
		raise(sig);
}

static void
watch_crashes(void)
{
	struct sigaction new = {.sa_sigaction = crashed,
				.sa_flags = SA_SIGINFO | SA_ONSTACK};
	size_t i;

	sigemptyset(&new.sa_mask);
	for (i = 0; i < LEN(crashes); i++)
		sigaction(crashes[i], &new, &before[i]);
}

/* A stack to handle the overflow of the other one. */
static void
take_stack(void)
{
	static _Thread_local char room[32768];
	stack_t old, new = {.ss_sp = room, .ss_size = sizeof room};

	if (sigaltstack(NULL, &old) == 0 && old.ss_flags & SS_DISABLE)
		sigaltstack(&new, NULL);
}

static uint64_t
little_endian(const unsigned char *p, size_t n)
{
	uint64_t v = 0;

	while (n-- > 0)
		v = v << 8 | p[n];
	return v;
}

/* Are the objects of a global heap, where texts of variable length are, one
 * behind the other up to its end?  Over one of no size HDF5 1.10 never gets
 * (H5HG_read), and one too long leads it astray.  HDF5 File Format
 * Specification 3.0, III.E; lengths are those of all files, 8 bytes.  A first
 * read may have only the beginning. */
static bool
is_sound_heap(const unsigned char *p, size_t n)
{
	enum { HEAD = 16 }; /* bytes before the objects, and before each */
	uint64_t size = little_endian(p + 8, 8), at = HEAD, need;

	while (at + HEAD <= size && at + HEAD <= n) {
		need = little_endian(p + at + 8, 8);
		if (need > size)
			return false;
		if (little_endian(p + at, 2) != 0) /* else it is free space */
			need = HEAD + (need + 7) / 8 * 8;
		if (need < HEAD || need > size - at)
			return false;
		at += need;
	}
	return true;
}

/* The driver that reads files is HDF5's own, "sec2", but for this. */
static H5FD_class_t driver;
static herr_t (*read_plain)(H5FD_t *, H5FD_mem_t, hid_t, haddr_t, size_t,
			    void *);

static herr_t
/* NOLINTNEXTLINE(readability-function-size): HDF5 wants so many arguments */
read_checked(H5FD_t *file, H5FD_mem_t type, hid_t plan, haddr_t at, size_t n,
	     void *to)
{
	static const char heap[] = "GCOL\1\0\0"; /* with the 0 at its end */

	if (read_plain(file, type, plan, at, n, to) < 0)
		return -1;
	if (n >= 4096 && !memcmp(to, heap, sizeof heap) &&
	    !is_sound_heap(to, n))
		return -1;
	return 0;
}

/* How files are opened to be read. */
static hid_t
make_access(void)
{
	hid_t access = H5Pcreate(H5P_FILE_ACCESS);
	H5FD_t *any =
		H5FDopen("/dev/null", H5F_ACC_RDONLY, access, HADDR_UNDEF);

	if (!any)
		die("cannot start HDF5");
	driver = *any->cls;
	read_plain = driver.read;
	driver.read = read_checked;
	H5FDclose(any);
	if (H5Pset_driver(access, H5FDregister(&driver), NULL) < 0)
		die("cannot start HDF5");
	return access;
}

/* ---- The library ---- */

/* File locks fail on many cluster file systems, and writers go to files that
 * have temporary names. */
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
	watch_crashes();
}

static _Thread_local size_t depth; /* of hdf_enter()s */

/* A library that was built for threads has an error stack for each of them. */
void
hdf_enter(const char *path)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	static _Thread_local bool quiet;

	pthread_once(&once, start_library);
	pthread_mutex_lock(&lock);
	if (!quiet) {
		H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
		take_stack();
	}
	quiet = true;
	if (depth++ == 0)
		reading = path;
}

void
hdf_leave(void)
{
	if (--depth == 0)
		reading = NULL;
	pthread_mutex_unlock(&lock);
}

bool
hdf_looks_like(const char *s, size_t n)
{
	return n >= 8 && !memcmp(s, "\211HDF\r\n\032\n", 8);
}

/* Lengths of 8 bytes are what is_sound_heap() knows. */
static bool
has_usual_sizes(hid_t file)
{
	hid_t plan = H5Fget_create_plist(file);
	size_t address = 0, length = 0;

	H5Pget_sizes(plan, &address, &length);
	H5Pclose(plan);
	return length == 8;
}

static hid_t
open_checked(const char *path)
{
	static hid_t access;
	hid_t file;

	if (access == 0)
		access = make_access();
	file = H5Fopen(path, H5F_ACC_RDONLY, access);
	if (file < 0 || has_usual_sizes(file))
		return file;
	H5Fclose(file);
	return H5Fopen(path, H5F_ACC_RDONLY, H5P_DEFAULT);
}

/* The files that are open, by path.  HDF5 looks at all that is open when it
 * closes a file, so that to open one for each of n populations would take n^2.
 */
static struct {
	struct labels path;
	struct hdf_file **file; /* NULL: closed */
	size_t cap;
} opened;

static struct hdf_file **
find_opened(const char *path)
{
	size_t i = label(&opened.path, path);

	opened.file = grow(opened.file, &opened.cap, i + 1,
			   sizeof(struct hdf_file *));
	return &opened.file[i];
}

static struct hdf_file *
open_file(const char *path)
{
	struct hdf_file *f = zeros(1, sizeof *f);
	char s[8] = "";

	if (!hdf_looks_like(s, files_first_bytes(path, s, sizeof s)))
		die("%s: not an HDF5 file", path);
	f->path = copy(path);
	f->id = open_checked(path);
	if (f->id < 0)
		die("%s: not a whole HDF5 file: cut short, or damaged", path);
	return f;
}

struct hdf_file *
hdf_open(const char *path)
{
	struct hdf_file **f;

	hdf_enter(path);
	f = find_opened(path);
	if (!*f)
		*f = open_file(path);
	(*f)->users++;
	hdf_leave();
	return *f;
}

void
hdf_close(struct hdf_file *f)
{
	hdf_enter(f->path);
	if (--f->users == 0) {
		*find_opened(f->path) = NULL;
		H5Fclose(f->id);
		free(f->path);
		free(f);
	}
	hdf_leave();
}

/* What cannot be read is not the same as what is not there. */
static _Noreturn void
damaged(const struct hdf_file *f, const char *path)
{
	die("%s: %s: cannot be read: the file is damaged", f->path, path);
}

static bool
is_group(const struct hdf_file *f, const char *path)
{
	H5O_info_t info;

	/* All that there is to know takes a look at each link in the group. */
	if (H5Oget_info_by_name2(f->id, path, &info, H5O_INFO_BASIC,
				 H5P_DEFAULT) < 0)
		damaged(f, path);
	return info.type == H5O_TYPE_GROUP;
}

/* H5Lexists wants every link on the way to be there, and to be of a group. */
static bool
exists(const struct hdf_file *f, const char *path)
{
	char *s = copy(path), *p = s;
	htri_t there = 1;

	while (there > 0 && p) {
		p = strchr(p + 1, '/');
		if (p)
			*p = '\0';
		there = H5Lexists(f->id, s, H5P_DEFAULT);
		if (there > 0)
			there = H5Oexists_by_name(f->id, s, H5P_DEFAULT);
		if (there < 0)
			damaged(f, s);
		if (there > 0 && p)
			there = is_group(f, s);
		if (p)
			*p = '/';
	}
	free(s);
	return there > 0;
}

bool
hdf_has(const struct hdf_file *f, const char *path)
{
	bool yes;

	hdf_enter(f->path);
	yes = exists(f, path);
	hdf_leave();
	return yes;
}

bool
hdf_is_group(const struct hdf_file *f, const char *path)
{
	bool yes;

	hdf_enter(f->path);
	yes = exists(f, path) && is_group(f, path);
	hdf_leave();
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
hdf_names(const struct hdf_file *f, const char *path, size_t *n)
{
	struct {
		char **name;
		size_t n, cap;
	} names = {0};

	hdf_enter(f->path);
	if (exists(f, path) && is_group(f, path) &&
	    H5Literate_by_name(f->id, path, H5_INDEX_NAME, H5_ITER_INC, NULL,
			       take_name, &names, H5P_DEFAULT) < 0)
		damaged(f, path);
	hdf_leave();
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

static herr_t
add_storage(hid_t at, const char *name, const H5O_info_t *info, void *arg)
{
	uint64_t *bytes = arg;
	hid_t set;

	if (info->type != H5O_TYPE_DATASET)
		return 0;
	set = H5Dopen2(at, name, H5P_DEFAULT);
	if (set < 0)
		return -1;
	*bytes += H5Dget_storage_size(set);
	H5Dclose(set);
	return 0;
}

uint64_t
hdf_stored(const struct hdf_file *f, const char *group)
{
	uint64_t bytes = 0;

	hdf_enter(f->path);
	if (H5Ovisit_by_name2(f->id, group, H5_INDEX_NAME, H5_ITER_NATIVE,
			      add_storage, &bytes, H5O_INFO_BASIC,
			      H5P_DEFAULT) < 0)
		damaged(f, group);
	hdf_leave();
	return bytes;
}

/* A text may be of fixed or of variable length. */
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

/* The name that an enumeration has for a value, or NULL. */
static char *
attribute_name(hid_t attr, hid_t type)
{
	char value[8] = "", name[64] = "";

	if (H5Tget_size(type) > sizeof value ||
	    H5Aread(attr, type, value) < 0 ||
	    H5Tenum_nameof(type, value, name, sizeof name) < 0)
		return NULL;
	return copy(name);
}

/* An attribute of an object, or -1 if there is none; and how many values it
 * has. */
static hid_t
open_attribute(const struct hdf_file *f, const char *object, const char *name,
	       hssize_t *n)
{
	htri_t there = 0;
	hid_t attr, space;

	if (exists(f, object))
		there = H5Aexists_by_name(f->id, object, name, H5P_DEFAULT);
	if (there == 0)
		return -1;
	attr = H5Aopen_by_name(f->id, object, name, H5P_DEFAULT, H5P_DEFAULT);
	space = H5Aget_space(attr);
	if (attr < 0 || space < 0)
		damaged(f, object);
	*n = H5Sget_simple_extent_npoints(space);
	H5Sclose(space);
	return attr;
}

char *
hdf_attribute(const struct hdf_file *f, const char *object, const char *name)
{
	hssize_t n;
	hid_t attr, type;
	char *s = NULL;

	hdf_enter(f->path);
	attr = open_attribute(f, object, name, &n);
	if (attr >= 0) {
		type = H5Aget_type(attr);
		if (n == 1 && H5Tget_class(type) == H5T_ENUM)
			s = attribute_name(attr, type);
		else if (n == 1 && H5Tget_class(type) == H5T_STRING &&
			 !(s = attribute_text(attr, type)))
			damaged(f, object);
		H5Tclose(type);
		H5Aclose(attr);
	}
	hdf_leave();
	return s;
}

bool
hdf_attribute_num(const struct hdf_file *f, const char *object,
		  const char *name, double *v)
{
	hssize_t n;
	hid_t attr;

	hdf_enter(f->path);
	attr = open_attribute(f, object, name, &n);
	if (attr >= 0) {
		if (n != 1 || H5Aread(attr, H5T_NATIVE_DOUBLE, v) < 0)
			*v = NAN;
		H5Aclose(attr);
	}
	hdf_leave();
	return attr >= 0;
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
	free(a->scratch);
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

/* Do we know how to undo all of the packing? */
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

/* Are the elements integers as this machine stores them? */
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

	c->native = !c->wide && is_native(c, type);
	if (H5Pget_layout(plist) == H5D_CHUNKED) {
		H5Pget_chunk(plist, c->wide ? 2 : 1, chunk);
		if (c->native && know_filters(c, plist) &&
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
hdf_axis(const struct hdf_file *f, const char *dataset, int axis)
{
	struct hdf_column *c;

	if (!hdf_has(f, dataset) || hdf_is_group(f, dataset))
		return NULL;
	c = zeros(1, sizeof *c);
	c->path = format("%s: %s", f->path, dataset);
	c->axis = axis;
	hdf_enter(f->path);
	c->set = H5Dopen2(f->id, dataset, H5P_DEFAULT);
	if (c->set < 0)
		die("%s: not a dataset", c->path);
	learn_shape(c);
	learn_type(c);
	learn_layout(c, f->id, dataset);
	hdf_leave();
	return c;
}

struct hdf_column *
hdf_column(const struct hdf_file *f, const char *dataset)
{
	return hdf_axis(f, dataset, -1);
}

struct hdf_column *
hdf_any_column(const struct hdf_file *f, const char *group,
	       const char *const *names)
{
	struct hdf_column *c = NULL;

	for (; *names && !c; names++) {
		char *dataset = format("%s/%s", group, *names);

		c = hdf_column(f, dataset);
		free(dataset);
	}
	return c;
}

char *
hdf_column_attribute(const struct hdf_column *c, const struct hdf_file *f,
		     const char *name)
{
	return hdf_attribute(f, c->path + strlen(f->path) + 2, name);
}

double
hdf_column_unit_ms(const struct hdf_column *c, const struct hdf_file *f,
		   char **other)
{
	static const char *const known[] = {
		"",  "ms",     "millisecond", "milliseconds",
		"s", "second", "seconds"};
	enum { SECONDS = 4 };
	char *units = hdf_column_attribute(c, f, "units");
	size_t i = 0;

	while (units && i < LEN(known) && strcmp(units, known[i]) != 0)
		i++;
	if (i == LEN(known)) {
		*other = format("%s: neither in ms nor in s: '%s'", c->path,
				units);
		free(units);
		return 0;
	}
	free(units);
	return i < SECONDS ? 1 : 1000;
}

bool
hdf_column_in_seconds(const struct hdf_column *c, const struct hdf_file *f)
{
	char *other = NULL;
	double unit_ms = hdf_column_unit_ms(c, f, &other);

	if (other)
		die("%s", other);
	return unit_ms == 1000;
}

void
hdf_column_close(struct hdf_column *c)
{
	if (!c)
		return;
	hdf_enter(c->path);
	H5Dclose(c->set);
	if (c->type > 0)
		H5Tclose(c->type);
	hdf_leave();
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
	hdf_enter(c->path);
	space = H5Dget_space(c->set);
	mem = H5Screate_simple(1, count, NULL);
	if (H5Sget_simple_extent_ndims(space) > 0)
		H5Sselect_hyperslab(space, H5S_SELECT_SET, start, NULL, count,
				    NULL);
	status = H5Dread(c->set, type, mem, space, H5P_DEFAULT, to);
	H5Sclose(mem);
	H5Sclose(space);
	hdf_leave();
	if (status < 0)
		die("%s: cannot be read: the file is cut short, or damaged",
		    c->path);
}

/* HDF5 would clip unsigned numbers of eight bytes to the greatest signed one,
 * and no one would notice; read as they are, those above it come out negative.
 */
static bool
is_wide_unsigned(const struct hdf_column *c)
{
	return c->kind == C_INT && c->size == 8 && !c->is_signed && !c->code;
}

/* Read reals that are integers; HDF5 would truncate others. */
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

void
hdf_column_raw(const struct hdf_column *c, uint64_t first, size_t n, void *to)
{
	const hid_t type[][2] = {{H5T_NATIVE_UINT8, H5T_NATIVE_INT8},
				 {H5T_NATIVE_UINT16, H5T_NATIVE_INT16},
				 {H5T_NATIVE_UINT32, H5T_NATIVE_INT32},
				 {H5T_NATIVE_UINT64, H5T_NATIVE_INT64}};
	size_t k = 0;

	while ((size_t)1 << k < c->size)
		k++;
	read_rows(c, first, n, type[k][c->is_signed], to);
}

static void
need_numbers(const struct hdf_column *c)
{
	if (c->kind == C_TEXT)
		die("%s: not numbers", c->path);
}

void
hdf_column_unchecked(const struct hdf_column *c, uint64_t first, size_t n,
		     int64_t *v)
{
	need_numbers(c);
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
	hdf_column_unchecked(c, first, n, v);
	hdf_column_check(c, first, n, v);
}

void
hdf_column_reals(const struct hdf_column *c, uint64_t first, size_t n,
		 double *v)
{
	need_numbers(c);
	read_rows(c, first, n, H5T_NATIVE_DOUBLE, v);
}

/* Read the texts of rows [first, first + n) into the arena. */
static void
read_texts(const struct hdf_column *c, uint64_t first, size_t n,
	   struct hdf_value *v, struct hdf_arena *a)
{
	bool variable;
	size_t i, size;
	char **text, *fixed;

	hdf_enter(c->path);
	variable = H5Tis_variable_str(c->type) > 0;
	size = H5Tget_size(c->type);
	hdf_leave();
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
	hdf_enter(c->path);
	for (i = 0; variable && i < n; i++)
		H5free_memory(text[i]);
	hdf_leave();
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

/* Room for n numbers of eight bytes.  New room for each batch would be mapped
 * and unmapped each time, which takes longer than to read them. */
static void *
arena_scratch(struct hdf_arena *a, size_t n)
{
	a->scratch = grow(a->scratch, &a->mscratch, n * 8, 1);
	return a->scratch;
}

/* Read rows [first, first + n) as numbers or texts, whichever they are. */
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
		reals = arena_scratch(a, n);
		read_rows(c, first, n, H5T_NATIVE_DOUBLE, reals);
		for (i = 0; i < n; i++)
			v[i] = (struct hdf_value){V_REAL, {.r = reals[i]}};
	} else {
		ints = arena_scratch(a, n);
		hdf_column_ints(c, first, n, ints);
		for (i = 0; i < n; i++)
			v[i] = (struct hdf_value){V_INT, {.i = ints[i]}};
	}
}

struct hdf_wanted {
	uint64_t row;
	size_t place;
};

static int
by_row(const void *a, const void *b)
{
	const struct hdf_wanted *p = a, *q = b;

	return (p->row > q->row) - (p->row < q->row);
}

/* Read rows in any order, a window of the column at a time: to read what lies
 * between them is faster than to select them, unless they are very few. */
static void
read_scattered(const struct hdf_column *c, const uint64_t *row, size_t n,
	       struct hdf_value *v, struct hdf_arena *a)
{
	struct hdf_wanted *want = zeros(n, sizeof *want);
	struct hdf_value *window = NULL;
	size_t room = 0, i, k, len;

	for (i = 0; i < n; i++)
		want[i] = (struct hdf_wanted){row[i], i};
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
