/* clamp.h -- a mechanism alone in one compartment, at a voltage that is held
 *
 *	double *x;
 *
 *	clamp_open("na", section, 0.5, false);
 *	x = clamp_states();
 *	clamp_begin(-65, 0.025);
 *	x[0] = 0.5;
 *	clamp_step();
 *	visit(x[0], clamp_current(-65));
 *
 * This is for a child of workers.h: the cell is taken away, if it can be,
 * as otherwise it takes part in each step.  The compartment has so large a
 *capacitance that no current changes the voltage; concentrations and reversal
 *potentials are put back before each step, and NEURON computes none of them.
 */
#ifndef CLAMP_H
#define CLAMP_H

#include <stdbool.h>
#include <stddef.h>

/* The names of the state variables of a mechanism, n of them, in new memory:
 * "m", "ca[3]", without the mechanism's own behind. */
char **clamp_names(const char *mechanism, size_t *n);

/* Begin with the parameters of a section at x, and with what its ions are when
 * the model has been initialised; if it is alone, without other sections. */
void clamp_open(const char *mechanism, size_t section, double x, bool alone);

/* The states, in the order of their names: they may be read and written. */
double *clamp_states(void);

/* What concentrations and reversal potentials there are, n names such as "cai"
 * and "eca", and their values, which may be written. */
const char *const *clamp_ions(size_t *n, double **value);

/* Go to this voltage, and let the mechanism begin: its INITIAL block leaves the
 * states. */
void clamp_begin(double mV, double dt);

/* Let the states go for a step; they are NaN where that fails. */
void clamp_step(void);

/* The current through the mechanism in mA/cm2 with the states as they are, at
 * another voltage that is not kept. */
double clamp_current(double mV);

/* What NEURON has found wrong with the beginning, or NULL.  After it, nothing
 * is done, and all numbers are NaN. */
const char *clamp_fault(void);

#endif
