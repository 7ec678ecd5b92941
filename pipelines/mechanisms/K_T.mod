: K_T -- transient potassium current
:
: Korngreen A and Sakmann B (2000) J Physiol 525:621-639: fast current of layer
: 5 pyramidal cells at 21 degrees, at the voltages of the paper, without the 10
: mV that Hay E et al. (2011) PLoS Comput Biol 7:e1002107 subtract, but with
: their Q10 of 2.3.

NEURON {
	THREADSAFE
	SUFFIX K_T
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
	mTauF = 1
	hTauF = 1
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

	x = v - vshift
	minf = logistic(x + 47 (mV), 29 (mV))
	mtau = 0.92 (ms) * exp(-((x + 71 (mV)) / 59 (mV))^2)
	mtau = (0.34 (ms) + mTauF * mtau) / q
	hinf = logistic(-66 (mV) - x, 10 (mV))
	htau = 49 (ms) * exp(-((x + 73 (mV)) / 23 (mV))^2)
	htau = (8 (ms) + hTauF * htau) / q
}

FUNCTION logistic(x (mV), k (mV)) (1) {
	logistic = 1 / (1 + exp(-x / k))
}
