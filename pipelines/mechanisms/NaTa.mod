: NaTa -- transient sodium current of the axon
:
: Colbert CM and Pan E (2002) Nat Neurosci 5:533-538: rates of layer 5
: pyramidal cells at 23 degrees, with a Q10 of 2.3.  The half points are those
: of Gouwens NW et al. (2018) Nat Commun 9:710, 8 and 3 mV below those of the
: soma, NaTs.

NEURON {
	THREADSAFE
	SUFFIX NaTa
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

	malphaF = 0.182 (/ms/mV)
	mbetaF = 0.124 (/ms/mV)
	mvhalf = -48 (mV)
	mk = 6 (mV)

	halphaF = 0.015 (/ms/mV)
	hbetaF = 0.015 (/ms/mV)
	hvhalf = -69 (mV)
	hk = 6 (mV)
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
	q = 2.3^((celsius - 23 (degC)) / 10 (degC))
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

	a = malphaF * linoid(v - mvhalf, mk)
	b = mbetaF * linoid(mvhalf - v, mk)
	minf = a / (a + b)
	mtau = 1 / (q * (a + b))
	a = halphaF * linoid(hvhalf - v, hk)
	b = hbetaF * linoid(v - hvhalf, hk)
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
