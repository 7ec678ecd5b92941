: SK -- potassium current that calcium activates
:
: Kohler M et al. (1996) Science 273:1709-1714: half open at 0.43 uM with a
: Hill coefficient of 4.8, at any voltage, within 1 ms, without a Q10, as in
: Hay E et al. (2011) PLoS Comput Biol 7:e1002107.

NEURON {
	THREADSAFE
	SUFFIX SK
	USEION k READ ek WRITE ik
	USEION ca READ cai
	RANGE gbar, g, ik
}

UNITS {
	(mA) = (milliamp)
	(mV) = (millivolt)
	(S) = (siemens)
	(molar) = (1/liter)
	(mM) = (millimolar)
}

PARAMETER {
	gbar = 1e-6 (S/cm2)
	zTau = 1 (ms)
}

ASSIGNED {
	v (mV)
	cai (mM)
	ek (mV)
	ik (mA/cm2)
	g (S/cm2)
	zinf
}

STATE {
	z
}

INITIAL {
	rates(cai)
	z = zinf
}

BREAKPOINT {
	SOLVE states METHOD cnexp
	g = gbar * z
	ik = g * (v - ek)
}

DERIVATIVE states {
	rates(cai)
	z' = (zinf - z) / zTau
}

: Closed where there is no calcium, or, in a coarse step, less than none.
PROCEDURE rates(cai (mM)) {
	zinf = 0
	if (cai > 0) {
		zinf = 1 / (1 + (0.00043 (mM) / cai)^4.8)
	}
}
