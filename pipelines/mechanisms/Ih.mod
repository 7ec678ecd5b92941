: Ih -- cation current that hyperpolarization activates (HCN)
:
: Kole MHP, Hallermann S and Stuart GJ (2006) J Neurosci 26:1677-1687: rates
: measured in layer 5 pyramidal cells at 34 degrees, without a Q10.  Reversal
: as in Hay E et al. (2011) PLoS Comput Biol 7:e1002107.

NEURON {
	THREADSAFE
	SUFFIX Ih
	NONSPECIFIC_CURRENT ihcn
	RANGE gbar, g, ihcn
}

UNITS {
	(mA) = (milliamp)
	(mV) = (millivolt)
	(S) = (siemens)
}

PARAMETER {
	gbar = 1e-5 (S/cm2)
	ehcn = -45 (mV)
}

ASSIGNED {
	v (mV)
	ihcn (mA/cm2)
	g (S/cm2)
	minf
	mtau (ms)
}

STATE {
	m
}

INITIAL {
	rates(v)
	m = minf
}

BREAKPOINT {
	SOLVE states METHOD cnexp
	g = gbar * m
	ihcn = g * (v - ehcn)
}

DERIVATIVE states {
	rates(v)
	m' = (minf - m) / mtau
}

PROCEDURE rates(v (mV)) {
	LOCAL a, b

	a = 0.00643 (/ms/mV) * linoid(-154.9 (mV) - v, 11.9 (mV))
	b = 0.193 (/ms) * exp(v / 33.1 (mV))
	minf = a / (a + b)
	mtau = 1 / (a + b)
}

: x / (1 - exp(-x / k)), and its series to 1e-16 where that is 0 / 0.
FUNCTION linoid(x (mV), k (mV)) (mV) {
	LOCAL u

	u = x / k
	if (fabs(u) < 1e-4) {
		linoid = k * (1 + u / 2 + u^2 / 12)
	} else {
		linoid = x / (1 - exp(-u))
	}
}
