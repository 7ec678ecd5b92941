: nat -- transient sodium current of a pyramidal cell
:
: Rates of Traub RD and Miles R (1991) Neuronal Networks of the Hippocampus,
: Cambridge University Press, as functions of the distance from vt, which sets
: where spikes begin: Pospischil M et al. (2008) Biol Cybern 99:427-441.  They
: are those of 36 degrees; a Q10 of 3 is that of Hodgkin AL and Huxley AF (1952)
: J Physiol 117:500-544.

NEURON {
	THREADSAFE
	SUFFIX nat
	USEION na READ ena WRITE ina
	RANGE gbar, g, vt
}

UNITS {
	(mA) = (milliamp)
	(mV) = (millivolt)
	(S) = (siemens)
}

PARAMETER {
	gbar = 0.05 (S/cm2)
	vt = -56.2 (mV)
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
	q = 3^((celsius - 36 (degC)) / 10 (degC))
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
	LOCAL a, b, x

	x = v - vt
	a = 0.32 (/ms/mV) * linoid(x - 13 (mV), 4 (mV))
	b = 0.28 (/ms/mV) * linoid(40 (mV) - x, 5 (mV))
	minf = a / (a + b)
	mtau = 1 / (q * (a + b))
	a = 0.128 (/ms) * exp((17 (mV) - x) / 18 (mV))
	b = 4 (/ms) / (1 + exp((40 (mV) - x) / 5 (mV)))
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
