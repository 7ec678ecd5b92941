#include <hdf5.h>
#include <stdlib.h>
#include <string.h>

#include <libdeflate.h>

#include "sonata/hdfchunk.h"
#include "util.h"

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

/* Fetch chunk number k as it is in the file; returns its bytes, or 0 if it is
 * not there or was left unpacked, both of which are rare and left to HDF5. */
static size_t
fetch_chunk(const struct hdf_column *c, uint64_t k, struct hdfchunk *u)
{
	hsize_t at = k * c->chunk, bytes = 0;
	uint32_t skipped = 0;

	hdf_enter(c->path);
	if (H5Dget_chunk_storage_size(c->set, &at, &bytes) < 0)
		bytes = 0;
	if (bytes > 0) {
		u->raw = grow(u->raw, &u->mraw, bytes, 1);
		if (H5Dread_chunk(c->set, H5P_DEFAULT, &at, &skipped, u->raw) <
		    0)
			bytes = 0;
	}
	hdf_leave();
	return skipped ? 0 : (size_t)bytes;
}

/* Unpack chunk number k into u->plain; false if HDF5 has to do it. */
static bool
unpack_chunk(const struct hdf_column *c, uint64_t k, struct hdfchunk *u)
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

/* Make int64_t of elements of 1, 2, 4 or 8 bytes in this machine's order. */
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

/* How many of n rows are in the chunk of the first one, which is unpacked now,
 * from *from on; 0 if HDF5 has to read them. */
static size_t
find_rows(const struct hdf_column *c, uint64_t first, size_t n,
	  struct hdfchunk *u, const void **from)
{
	size_t at, left;

	if (n == 0 || c->chunk == 0 || first + n > c->n ||
	    !unpack_chunk(c, first / c->chunk, u))
		return 0;
	at = (size_t)(first % c->chunk);
	left = c->chunk - at;
	*from = u->plain + at * c->size;
	return left < n ? left : n;
}

void
hdfchunk_ids(const struct hdf_column *c, uint64_t first, size_t n, int64_t *v,
	     struct hdfchunk *u)
{
	const void *from;
	size_t k;

	for (; (k = find_rows(c, first, n, u, &from)) > 0; n -= k) {
		widen(from, c->size, c->is_signed, k, v);
		first += k;
		v += k;
	}
	if (n > 0 && c->native && c->chunk == 0 && c->size < sizeof *v) {
		u->plain = grow(u->plain, &u->mplain, n * c->size, 1);
		hdf_column_raw(c, first, n, u->plain);
		widen(u->plain, c->size, c->is_signed, n, v);
	} else if (n > 0) {
		hdf_column_unchecked(c, first, n, v);
	}
}

bool
hdfchunk_words(const struct hdf_column *c, uint64_t first, size_t n,
	       uint32_t *v, struct hdfchunk *u)
{
	const void *from;
	size_t k;

	if (!c->native || c->size != sizeof *v)
		return false;
	for (; (k = find_rows(c, first, n, u, &from)) > 0; n -= k) {
		memcpy(v, from, k * sizeof *v);
		first += k;
		v += k;
	}
	if (n > 0)
		hdf_column_raw(c, first, n, v);
	return true;
}

void
hdfchunk_free(struct hdfchunk *u)
{
	free(u->raw);
	free(u->shuffled);
	free(u->plain);
	if (u->inflate)
		libdeflate_free_decompressor(u->inflate);
	*u = (struct hdfchunk){0};
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
hdfchunk_packing(const struct hdf_column *c)
{
	char *s = copy(""), *one, *longer;
	hid_t plist;
	int i, n;

	hdf_enter(c->path);
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
	hdf_leave();
	if (*s)
		return s;
	free(s);
	return copy("none");
}
