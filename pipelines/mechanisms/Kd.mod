: Kd -- potassium current that inactivates slowly (D)
:
: Foust AJ, Yu Y, Popovic M, Zecevic D and McCormick DA (2011) J Neurosci
: 31:15490-15498, layer 5 axons.  Both time constants are constant, at any
: voltage and at any temperature.

NEURON {
	THREADSAFE
	SUFFIX Kd
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
	ek (mV)
	ik (mA/cm2)
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
	g = gbar * m * h
	ik = g * (v - ek)
}

DERIVATIVE states {
	rates(v)
	m' = (minf - m) / mtau
	h' = (hinf - h) / htau
}

PROCEDURE rates(v (mV)) {
	minf = logistic(v + 43 (mV), 8 (mV))
	mtau = 1 (ms)
	hinf = logistic(-67 (mV) - v, 7.3 (mV))
	htau = 1500 (ms)
}

FUNCTION logistic(x (mV), k (mV)) (1) {
	logistic = 1 / (1 + exp(-x / k))
}
