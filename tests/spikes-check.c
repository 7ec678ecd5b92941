/* spikes-check -- print the spikes of a file, and how their batches add up */
#include <stdio.h>

#include "activity/spikes.h"
#include "opt.h"
#include "util.h"

static const struct opt opts[] = {OPT_END};
static const struct tool tool = {
	.purpose = "print the spikes of a file",
	.operands = "file",
	.least = 1,
	.most = 1,
	.opts = opts,
};

int
main(int argc, char **argv)
{
	struct spikes *s;
	size_t i, batches = 0;

	argv = start(argc, argv, &tool);
	s = spikes_open(argv[0], 0);
	for (; spikes_next(s); batches++)
		for (i = 0; i < s->n; i++)
			printf("%.17g '%s' %lld\n", s->time_ms[i],
			       s->population.name[s->of[i]],
			       (long long)s->node_id[i]);
	for (i = 0; i < s->population.n; i++)
		printf("population '%s'\n", s->population.name[i]);
	printf("batches %zu\n", batches);
	spikes_close(s);
	return WORKED;
}
