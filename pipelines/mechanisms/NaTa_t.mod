: NaTa_t -- transient sodium current of the axon, as Hay et al. model it
:
: Hay E et al. (2011) PLoS Comput Biol 7:e1002107, after Colbert CM and Pan E
: (2002) Nat Neurosci 5:533-538.  Rates of 21 degrees with a Q10 of 2.3; that
: model is at 34 degrees only.

NEURON {
	THREADSAFE
	SUFFIX NaTa_t
	USEION na READ ena WRITE ina
	RANGE gbar, g, ina
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
	ena (mV)
	ina (mA/cm2)
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
	g = gbar * m * m * m * h
	ina = g * (v - ena)
}

DERIVATIVE states {
	rates(v)
	m' = (minf - m) / mtau
	h' = (hinf - h) / htau
}

PROCEDURE rates(v (mV)) {
	LOCAL a, b

	a = 0.182 (/ms/mV) * linoid(v + 38 (mV), 6 (mV))
	b = 0.124 (/ms/mV) * linoid(-38 (mV) - v, 6 (mV))
	minf = a / (a + b)
	mtau = 1 / (q * (a + b))
	a = 0.015 (/ms/mV) * linoid(-66 (mV) - v, 6 (mV))
	b = 0.015 (/ms/mV) * linoid(v + 66 (mV), 6 (mV))
	hinf = a / (a + b)
	htau = 1 / (q * (a + b))
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
