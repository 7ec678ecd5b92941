: Im_v2 -- potassium current that muscarine blocks (M), of fast cells
:
: Vervaeke K, Hu H, Graham LJ and Storm JF (2006) Neuron 49:257-270: six
: charges, of which 0.4 act on opening, half open at -48 mV, no faster than 15
: ms, at 30 degrees; with a Q10 of 2.3, as in Gouwens NW et al. (2018) Nat
: Commun 9:710.

NEURON {
	THREADSAFE
	SUFFIX Im_v2
	USEION k READ ek WRITE ik
	RANGE gbar, g, ik
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
	ek (mV)
	ik (mA/cm2)
	g (S/cm2)
	q
	minf
	mtau (ms)
}

STATE {
	m
}

INITIAL {
	q = 2.3^((celsius - 30 (degC)) / 10 (degC))
	rates(v)
	m = minf
}

BREAKPOINT {
	SOLVE states METHOD cnexp
	g = gbar * m
	ik = g * (v - ek)
}

DERIVATIVE states {
	rates(v)
	m' = (minf - m) / mtau
}

PROCEDURE rates(v (mV)) {
	LOCAL a, b, x

	x = 6 * (v + 48 (mV)) / 26.12 (mV) : 26.12 mV is RT/F at 30 degrees
	a = 0.007 (/ms) * exp(0.4 * x)
	b = 0.007 (/ms) * exp(-0.6 * x)
	minf = a / (a + b)
	mtau = (15 (ms) + 1 / (a + b)) / q
}
