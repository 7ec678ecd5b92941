: Im -- potassium current that muscarine blocks (M)
:
: Adams PR, Brown DA and Constanti A (1982) J Physiol 330:537-572, bullfrog
: neurons at 21 degrees, as in Hay E et al. (2011) PLoS Comput Biol 7:e1002107:
: both rates 3.3 /s at -35 mV and e-fold in 10 mV, with a Q10 of 2.3.

NEURON {
	THREADSAFE
	SUFFIX Im
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
	q = 2.3^((celsius - 21 (degC)) / 10 (degC))
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
	LOCAL a, b

	a = 0.0033 (/ms) * exp((v + 35 (mV)) / 10 (mV))
	b = 0.0033 (/ms) * exp(-(v + 35 (mV)) / 10 (mV))
	minf = a / (a + b)
	mtau = 1 / (q * (a + b))
}
