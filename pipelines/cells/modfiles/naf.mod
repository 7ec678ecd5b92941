: naf -- fast sodium current of a fast-spiking cell
:
: Wang XJ and Buzsaki G (1996) J Neurosci 16:6402-6413.  They take m to be at
: its steady state always; here it follows, by the same rates and phi as h, in
: about 0.1 ms.  Phi stands for temperature: celsius changes nothing.

NEURON {
	THREADSAFE
	SUFFIX naf
	USEION na READ ena WRITE ina
	RANGE gbar, g, phi
}

UNITS {
	(mA) = (milliamp)
	(mV) = (millivolt)
	(S) = (siemens)
}

PARAMETER {
	gbar = 0.035 (S/cm2)
	phi = 5
}

ASSIGNED {
	v (mV)
	ena (mV)
	ina (mA/cm2)
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
	g = gbar * m^3 * h
	ina = g * (v - ena)
}

DERIVATIVE states {
	rates(v)
	m' = (minf - m) / mtau
	h' = (hinf - h) / htau
}

PROCEDURE rates(v (mV)) {
	LOCAL a, b

	a = 0.1 (/ms/mV) * linoid(v + 35 (mV), 10 (mV))
	b = 4 (/ms) * exp(-(v + 60 (mV)) / 18 (mV))
	minf = a / (a + b)
	mtau = 1 / (phi * (a + b))
	a = 0.07 (/ms) * exp(-(v + 58 (mV)) / 20 (mV))
	b = 1 (/ms) / (1 + exp(-(v + 28 (mV)) / 10 (mV)))
	hinf = a / (a + b)
	htau = 1 / (phi * (a + b))
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
