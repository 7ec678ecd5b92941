: Nap_Et2 -- persistent sodium current, as Hay et al. model it
:
: Hay E et al. (2011) PLoS Comput Biol 7:e1002107, after Magistretti J and
: Alonso A (1999) J Gen Physiol 114:491-509: as Nap, but for the activation,
: which takes six times as long as that of NaTa_t, and is cubed.  Rates of 21
: degrees with a Q10 of 2.3; that model is at 34 degrees only.

NEURON {
	THREADSAFE
	SUFFIX Nap_Et2
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

	minf = logistic(v + 52.6 (mV), 4.6 (mV))
	a = 0.182 (/ms/mV) * linoid(v + 38 (mV), 6 (mV))
	b = 0.124 (/ms/mV) * linoid(-38 (mV) - v, 6 (mV))
	mtau = 6 / (q * (a + b))
	hinf = logistic(-48.8 (mV) - v, 10 (mV))
	a = 2.88e-6 (/ms/mV) * linoid(-17 (mV) - v, 4.63 (mV))
	b = 6.94e-6 (/ms/mV) * linoid(v + 64.4 (mV), 2.63 (mV))
	htau = 1 / (q * (a + b))
}

FUNCTION logistic(x (mV), k (mV)) (1) {
	logistic = 1 / (1 + exp(-x / k))
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
