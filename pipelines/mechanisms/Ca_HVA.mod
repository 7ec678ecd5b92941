: Ca_HVA -- calcium current of high threshold
:
: Reuveni I, Friedman A, Amitai Y and Gutnick MJ (1993) J Neurosci
: 13:4609-4621: rates of neocortical pyramidal cells, without a Q10.

NEURON {
	THREADSAFE
	SUFFIX Ca_HVA
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
	eca (mV)
	ica (mA/cm2)
	g (S/cm2)
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
	LOCAL a, b

	a = 0.055 (/ms/mV) * linoid(v + 27 (mV), 3.8 (mV))
	b = 0.94 (/ms) * exp(-(v + 75 (mV)) / 17 (mV))
	minf = a / (a + b)
	mtau = 1 / (a + b)
	a = 0.000457 (/ms) * exp(-(v + 13 (mV)) / 50 (mV))
	b = 0.0065 (/ms) / (1 + exp(-(v + 15 (mV)) / 28 (mV)))
	hinf = a / (a + b)
	htau = 1 / (a + b)
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
