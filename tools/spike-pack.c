/* spike-pack -- write spikes as a SONATA file
 *
 * Populations stand one after the other in such a file, and HDF5 wants to know
 * how many rows each has.  Spikes come in any order, and more of them than fit
 * into memory: so all are sorted, population by population, and counted, before
 * the first is written. */
#include <stdlib.h>
#include <string.h>

#include "activity/spikesort.h"
#include "files.h"
#include "out.h"
#include "sonata/hdfwrite.h"
#include "sonata/spill.h"
#include "suffix.h"

static unsigned order = SORT_TIME;

static const struct opt opts[] = {
	OPT_TABLE(out_file_opts),
	OPT_WORD(0, "sort", "order", &order, "time|id", "sort spikes by this"),
	OPT_TABLE(train_opts),
	OPT_TABLE(spill_opts_256M),
	OPT_REQUIRED("output"),
	OPT_END,
};

static const struct tool tool = {
	.purpose = "write spikes as a SONATA file",
	.operands = "[file ...]",
	.most = INT32_MAX,
	.opts = opts,
};

/* What SONATA calls the orders; their places are its numbers for them. */
static const char *const sortings[] = {"none", "by_id", "by_time", NULL};

/* A group of this name can be made and found again. */
static void
check_name(const struct trains *t, const char *name)
{
	if (!*name)
		die("%s: spikes without a population: say --unnamed",
		    t->nameless);
	if (strchr(name, '/') || !strcmp(name, "."))
		die("not a name for a population in HDF5: '%s'", name);
}

/* Spikes one at a time. */
struct stream {
	struct spikesort *sorted;
	const struct train_spike *spike;
	size_t left;
};

static const struct train_spike *
next_spike(struct stream *s)
{
	if (s->left == 0)
		s->left = spikesort_next(s->sorted, &s->spike);
	s->left--;
	return s->spike++;
}

static void
pack_population(struct hdfwrite *f, const char *name, struct stream *from,
		uint64_t n)
{
	char *group = format("/spikes/%s", name);
	char *ids = format("%s/node_ids", group);
	char *times = format("%s/timestamps", group);
	struct hdfwrite_sink *id = hdfwrite_sink(f, ids, SINK_U64, n, 1);
	struct hdfwrite_sink *time = hdfwrite_sink(f, times, SINK_REAL, n, 1);

	for (; n > 0; n--) {
		const struct train_spike *s = next_spike(from);

		hdfwrite_int(id, s->node_id);
		hdfwrite_real(time, s->time_ms);
	}
	hdfwrite_sink_close(id);
	hdfwrite_sink_close(time);
	hdfwrite_set_text(f, times, "units", "ms");
	hdfwrite_set_word(f, group, "sorting", sortings,
			  order == SORT_TIME ? 2 : 1);
	free(group);
	free(ids);
	free(times);
}

static void
write_file(struct trains *t)
{
	struct spikesort *sorted = spikesort_read(t, order, true);
	struct stream stream = {.sorted = sorted};
	struct hdfwrite f;
	size_t i;

	for (i = 0; i < t->population.n; i++)
		check_name(t, t->population.name[i]);
	hdfwrite_create(&f, out_path(), 0);
	hdfwrite_group(&f, "/spikes");
	for (i = 0; i < t->population.n; i++)
		pack_population(&f, t->population.name[i], &stream,
				sorted->count[i]);
	hdfwrite_finish(&f);
	files_done();
	spikesort_free(sorted);
}

static void
check_suffix(void)
{
	static const char *const others[] = {
		"csv|tsv|txt|dat|json|html|svg|png|pdf|gz|npy|npz"};

	if (suffix_find(others, LEN(others)) == 0)
		misuse("--output: '%s' is not the name of an HDF5 file",
		       out_path());
}

int
main(int argc, char **argv)
{
	struct trains *t;

	argv = start(argc, argv, &tool);
	check_suffix();
	t = trains_open(argv);
	if (nodefiles_asked() || trains_asks_listed())
		trains_join_nodes(t, NULL);
	write_file(t);
	trains_close(t);
	return WORKED;
}
