/* sweep.h -- values that an option lists
 *
 *	static const struct sweep_of voltages = {
 *		.one = "a voltage", .many = "voltages", .unit = "mV",
 *		.most = 1e3};
 *	int64_t *uV;
 *	size_t n;
 *
 *	uV = sweep_read("v", "-100:50:0.5", &voltages, &n);
 *
 * They are "a,b,c", or "start:stop:step" with the end included.  They are
 * counted in thousandths of their unit, so that rounding does not lose the last
 * one.
 */
#ifndef SWEEP_H
#define SWEEP_H

#include <stddef.h>
#include <stdint.h>

/* How they are called in messages, and the largest there may be. */
struct sweep_of {
	const char *one, *many, *unit;
	double most;
};

/* The n values in new memory.  Anything else is misuse of the option. */
int64_t *sweep_read(const char *option, const char *text,
		    const struct sweep_of *of, size_t *n);

#endif
