: kdr -- delayed-rectifier potassium current of a pyramidal cell
:
: Rates of Traub RD and Miles R (1991) Neuronal Networks of the Hippocampus,
: Cambridge University Press, as functions of the distance from vt, which sets
: where spikes begin: Pospischil M et al. (2008) Biol Cybern 99:427-441.  They
: are those of 36 degrees; a Q10 of 3 is that of Hodgkin AL and Huxley AF (1952)
: J Physiol 117:500-544.

NEURON {
	THREADSAFE
	SUFFIX kdr
	USEION k READ ek WRITE ik
	RANGE gbar, g, vt
}

UNITS {
	(mA) = (milliamp)
	(mV) = (millivolt)
	(S) = (siemens)
}

PARAMETER {
	gbar = 0.005 (S/cm2)
	vt = -56.2 (mV)
}

ASSIGNED {
	v (mV)
	celsius (degC)
	ek (mV)
	ik (mA/cm2)
	g (S/cm2)
	q
	ninf
	ntau (ms)
}

STATE {
	n
}

INITIAL {
	q = 3^((celsius - 36 (degC)) / 10 (degC))
	rates(v)
	n = ninf
}

BREAKPOINT {
	SOLVE states METHOD cnexp
	g = gbar * n^4
	ik = g * (v - ek)
}

DERIVATIVE states {
	rates(v)
	n' = (ninf - n) / ntau
}

PROCEDURE rates(v (mV)) {
	LOCAL a, b, x

	x = v - vt
	a = 0.032 (/ms/mV) * linoid(x - 15 (mV), 5 (mV))
	b = 0.5 (/ms) * exp((10 (mV) - x) / 40 (mV))
	ninf = a / (a + b)
	ntau = 1 / (q * (a + b))
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
