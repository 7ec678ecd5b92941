/* units.h -- the units that times, voltages and currents are in
 *
 *	const struct unit *u = units_in("Vm (V)", UNITS_VOLTAGE);
 *
 *	v = number * u->times / u->over;
 */
#ifndef UNITS_H
#define UNITS_H

#include <stdbool.h>
#include <stddef.h>

enum units_kind { UNITS_TIME, UNITS_VOLTAGE, UNITS_CURRENT, UNITS_KINDS };

/* Units are quotients of whole numbers, so that -100 pA is the double next to
 * -0.1. */
struct unit {
	const char *name;
	enum units_kind kind;
	double times, over; /* makes it ms, mV, nA */
};

/* The unit of that name, or NULL; all of a kind, as a message lists them, in
 * new memory; ours: ms, mV, nA. */
const struct unit *units_called(const char *name, enum units_kind kind);
char *units_list(enum units_kind kind);
const struct unit *units_ours(enum units_kind kind);

/* The unit that the name of a column has at its end or in brackets, as in
 * "Vm_V", "t (s)", "time/ms", "V [mV] 1", "mV" and "v_mV.dend(0.5)", or NULL.
 */
const struct unit *units_in(const char *name, enum units_kind kind);

/* Has no cell such a number in the unit that it was taken for?  It is the time
 * from sample to sample, or the largest of the voltages or currents, as the
 * table has it.  *likely is the unit that it may be in instead, or NULL.  Where
 * the unit was a guess, too small a voltage or current counts as well. */
bool units_doubt(double number, const struct unit *taken, bool is_guess,
		 const struct unit **likely);

#endif
