: K_Pst -- persistent potassium current, as Hay et al. model it
:
: Hay E et al. (2011) PLoS Comput Biol 7:e1002107, after Korngreen A and
: Sakmann B (2000) J Physiol 525:621-639, 10 mV lower for the junction
: potential.  Rates of 21 degrees with a Q10 of 2.3; that model is at 34
: degrees only.

NEURON {
	THREADSAFE
	SUFFIX K_Pst
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
	g = gbar * m * m * h
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
	minf = logistic(x + 1 (mV), 12 (mV))
	if (x < -50 (mV)) {
		mtau = 175.03 (ms) * exp(0.026 (/mV) * x)
	} else {
		mtau = 13 (ms) * exp(-0.026 (/mV) * x)
	}
	mtau = (1.25 (ms) + mtau) / q
	hinf = logistic(-54 (mV) - x, 11 (mV))
	htau = 1010 (ms) + 24 (ms/mV) * (x + 55 (mV))
	htau = (360 (ms) + htau * exp(-((x + 75 (mV)) / 48 (mV))^2)) / q
}

FUNCTION logistic(x (mV), k (mV)) (1) {
	logistic = 1 / (1 + exp(-x / k))
}
