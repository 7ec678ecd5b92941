: Ca_LVA -- calcium current of low threshold
:
: Steady states of Avery RB and Johnston D (1996) J Neurosci 16:5567-5582, time
: constants read off the figures of Randall AD and Tsien RW (1997)
: Neuropharmacology 36:879-893, at 21 degrees; with a Q10 of 2.3, and 10 mV
: lower for the junction potential, as in Hay E et al. (2011) PLoS Comput Biol
: 7:e1002107.

NEURON {
	THREADSAFE
	SUFFIX Ca_LVA
	USEION ca READ eca WRITE ica
	RANGE gbar, g, ica
}

UNITS {
	(mA) = (milliamp)
	(mV) = (millivolt)
	(S) = (siemens)
}

PARAMETER {
	gbar = 1e-5 (S/cm2)
}

ASSIGNED {
	v (mV)
	celsius (degC)
	eca (mV)
	ica (mA/cm2)
	g (S/cm2)
	q
	minf
	mtau (ms)
	hinf
	htau (ms)
}

STATE {
	m
	h
}

INITIAL {
	q = 2.3^((celsius - 21 (degC)) / 10 (degC))
	rates(v)
	m = minf
	h = hinf
}

BREAKPOINT {
	SOLVE states METHOD cnexp
	g = gbar * m * m * h
	ica = g * (v - eca)
}

DERIVATIVE states {
	rates(v)
	m' = (minf - m) / mtau
	h' = (hinf - h) / htau
}

PROCEDURE rates(v (mV)) {
	minf = logistic(v + 40 (mV), 6 (mV))
	mtau = (5 (ms) + 20 (ms) * logistic(-35 (mV) - v, 5 (mV))) / q
	hinf = logistic(-90 (mV) - v, 6.4 (mV))
	htau = (20 (ms) + 50 (ms) * logistic(-50 (mV) - v, 7 (mV))) / q
}

FUNCTION logistic(x (mV), k (mV)) (1) {
	logistic = 1 / (1 + exp(-x / k))
}
