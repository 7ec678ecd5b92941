: K_Tst -- transient potassium current, as Hay et al. model it
:
: Hay E et al. (2011) PLoS Comput Biol 7:e1002107, after Korngreen A and
: Sakmann B (2000) J Physiol 525:621-639, 10 mV lower for the junction
: potential.  Rates of 21 degrees with a Q10 of 2.3; that model is at 34
: degrees only.

NEURON {
	THREADSAFE
	SUFFIX K_Tst
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
	g = gbar * m * m * m * m * h
	ik = g * (v - ek)
}

DERIVATIVE states {
	rates(v)
	m' = (minf - m) / mtau
	h' = (hinf - h) / htau
}

PROCEDURE rates(v (mV)) {
	LOCAL x

	x = v + 10 (mV)
	minf = logistic(x, 19 (mV))
	mtau = 0.92 (ms) * exp(-((x + 71 (mV)) / 59 (mV))^2)
	mtau = (0.34 (ms) + mtau) / q
	hinf = logistic(-66 (mV) - x, 10 (mV))
	htau = 49 (ms) * exp(-((x + 73 (mV)) / 23 (mV))^2)
	htau = (8 (ms) + htau) / q
}

FUNCTION logistic(x (mV), k (mV)) (1) {
	logistic = 1 / (1 + exp(-x / k))
}
