/* bare-table -- read a table of numbers and write it again, and nothing else
 *
 * With --columns N each row has so many numbers instead of its own, which are
 * the last one times some factor and so have all their digits: what a result of
 * as many columns costs as text.
 */
#include <stdlib.h>

#include "out.h"
#include "rows.h"

static int64_t columns = 0;

static const struct opt opts[] = {
	OPT_INT_IN(0, "columns", "n", &columns, "[1,100]",
		   "write so many columns (as there are)"),
	OPT_TABLE(out_opts),
	OPT_END,
};

static const struct tool tool = {
	.purpose = "read and write a table of the bench",
	.operands = "file",
	.least = 1,
	.most = 1,
	.opts = opts,
};

int
main(int argc, char **argv)
{
	double *value, factor[100];
	struct rows in;
	size_t k, n;

	argv = start(argc, argv, &tool);
	rows_open(&in, argv[0]);
	n = columns ? (size_t)columns : in.n;
	value = zeros(in.n, sizeof *value);
	for (k = 0; k < LEN(factor); k++)
		factor[k] = 1 / (double)(k + 7);
	while (rows_next(&in)) {
		for (k = 0; k < in.n; k++)
			value[k] = rows_finite(&in, k);
		out_num(value[0]);
		for (k = 1; k < n; k++)
			out_num(value[in.n - 1] * factor[k]);
		out_end();
	}
	rows_close(&in);
	free(value);
	return WORKED;
}
