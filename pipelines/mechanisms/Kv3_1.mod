: Kv3_1 -- fast potassium current (Kv3.1)
:
: Rettig J et al. (1992) EMBO J 11:2473-2486, as modelled by Hay E et al.
: (2011) PLoS Comput Biol 7:e1002107, without a Q10.

NEURON {
	THREADSAFE
	SUFFIX Kv3_1
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
	vshift = 0 (mV)
}

ASSIGNED {
	v (mV)
	ek (mV)
	ik (mA/cm2)
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
	ik = g * (v - ek)
}

DERIVATIVE states {
	rates(v)
	m' = (minf - m) / mtau
}

PROCEDURE rates(v (mV)) {
	LOCAL x

	x = v - vshift
	minf = logistic(x - 18.7 (mV), 9.7 (mV))
	mtau = 4 (ms) * logistic(x + 46.56 (mV), 44.14 (mV))
}

FUNCTION logistic(x (mV), k (mV)) (1) {
	logistic = 1 / (1 + exp(-x / k))
}
