: Kv2like -- delayed rectifier potassium current (Kv2)
:
: Keren N, Peled N and Korngreen A (2005) J Neurophysiol 94:3730-3742, rates of
: 21 degrees, with a Q10 of 2.3; half points and speed of activation as those
: of what guangxitoxin blocks in CA1, Liu PW and Bean BP (2014) J Neurosci
: 34:4991-5002.  Half of it inactivates slowly, half more slowly.  The formula
: of h2tau is negative below -119 mV, where nothing was measured: it ends at 1
: us.

NEURON {
	THREADSAFE
	SUFFIX Kv2like
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
	hinf
	h1tau (ms)
	h2tau (ms)
}

STATE {
	m
	h1
	h2
}

INITIAL {
	q = 2.3^((celsius - 21 (degC)) / 10 (degC))
	rates(v)
	m = minf
	h1 = hinf
	h2 = hinf
}

BREAKPOINT {
	SOLVE states METHOD cnexp
	g = gbar * m * m * (h1 + h2) / 2
	ik = g * (v - ek)
}

DERIVATIVE states {
	rates(v)
	m' = (minf - m) / mtau
	h1' = (hinf - h1) / h1tau
	h2' = (hinf - h2) / h2tau
}

PROCEDURE rates(v (mV)) {
	LOCAL a, b

	a = 0.12 (/ms/mV) * linoid(v - 43 (mV), 11 (mV))
	b = 0.02 (/ms) * exp(-(v + 1.27 (mV)) / 120 (mV))
	minf = a / (a + b)
	mtau = 2.5 / (q * (a + b))
	hinf = logistic(-58 (mV) - v, 11 (mV))
	h1tau = 1010 (ms) + 23.7 (ms/mV) * (v + 54 (mV))
	h1tau = (360 (ms) + h1tau * exp(-((v + 75 (mV)) / 48 (mV))^2)) / q
	h2tau = 1380 (ms) * exp(-0.011 (/mV) * v)
	h2tau = (2350 (ms) + h2tau - 210 (ms) * exp(-0.03 (/mV) * v)) / q
	if (h2tau < 1e-3 (ms)) {
		h2tau = 1e-3 (ms)
	}
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
