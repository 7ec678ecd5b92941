/* connect-gap -- connect pairs of cells by gap junctions
 *
 * A gap junction is of a pair of cells, which is drawn once.  Its chance may
 * depend on whether the two are connected by synapses, one way or both: then
 * pairs are of classes, by the edges that are read (coupled.h), and a class has
 * its chance. */
#include "connect/coupled.h"
#include "out.h"
#include "random/random.h"

static const char *p_text, *chemical;

/* Of pairs connected by synapses in no, one or both directions. */
static const char *by_class[TWOWAY_CLASSES];

static const struct opt opts[] = {
	OPT_STR(0, "p", "chance", &p_text, "of a gap junction, of any pair"),
	OPT_STR(0, "chemical", "file", &chemical,
		"or by the synapses of this edge table:"),
	OPT_STR(0, "p-non", "chance", &by_class[0],
		"of one between cells without synapses"),
	OPT_STR(0, "p-uni", "chance", &by_class[1],
		"of one between cells with synapses one way"),
	OPT_STR(0, "p-rec", "chance", &by_class[2],
		"of one between cells with synapses both ways"),
	OPT_TABLE(coupled_opts),
	OPT_TABLE(pool_opts),
	OPT_TABLE(chance_opts),
	OPT_TABLE(random_opts),
	OPT_TABLE(connect_opts),
	OPT_TABLE(out_opts),
	OPT_REQUIRED("p chemical"),
	OPT_EXCLUDE("p chemical"),
	OPT_NEEDS("chemical", "p-non"),
	OPT_NEEDS("chemical", "p-uni"),
	OPT_NEEDS("chemical", "p-rec"),
	OPT_NEEDS("p-non p-uni p-rec strict", "chemical"),
	OPT_END,
};

static const struct tool tool = {
	.purpose = "connect pairs of cells by gap junctions",
	.operands = "[file ...]",
	.most = INT32_MAX,
	.opts = opts,
};

static void
read_rules(struct twoway_pairs *p)
{
	static const char *const class_option[] = {"p-non", "p-uni", "p-rec"};
	size_t c;

	p->nclasses = chemical ? LEN(by_class) : 1;
	for (c = 0; chemical && c < LEN(by_class); c++)
		chance_read(class_option[c], by_class[c],
			    &p->rule[c].p[FORWARD]);
	if (p_text)
		chance_read("p", p_text, &p->rule[0].p[FORWARD]);
}

int
main(int argc, char **argv)
{
	static const char *const class[] = {"non", "uni", "rec"};
	struct twoway_pairs pairs = {.wanted = TWOWAY_ALL, .gap = true};
	struct coupled coupled = {0};

	argv = start(argc, argv, &tool);
	connect_check_input(argv, "chemical", chemical);
	random_need_seed();
	read_rules(&pairs);
	twoway_begin(&pairs, "connect-gap", argv);
	coupled_check(&pairs);
	if (chemical)
		coupled_read(&coupled, &pairs, chemical, false);
	if (connect_wants_report())
		twoway_sum_up(&pairs);
	twoway_connect(&pairs);
	if (connect_wants_report())
		twoway_report(&pairs, class);
	twoway_end(&pairs);
	coupled_free(&coupled);
	return WORKED;
}
