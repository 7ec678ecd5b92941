: km -- muscarinic potassium current (Kv7), slow and without inactivation
:
: Yamada WM, Koch C and Adams PR (1989) Multiple channels and calcium dynamics,
: in Methods in Neuronal Modeling, MIT Press, as in Pospischil M et al. (2008)
: Biol Cybern 99:427-441, who fit taumax, the scale of the time constant, to
: each cell.  It is taken to be that of 36 degrees, with a Q10 of 2.3, as is
: usual in models of the cortex.

NEURON {
	THREADSAFE
	SUFFIX km
	USEION k READ ek WRITE ik
	RANGE gbar, g, taumax
}

UNITS {
	(mA) = (milliamp)
	(mV) = (millivolt)
	(S) = (siemens)
}

PARAMETER {
	gbar = 7e-5 (S/cm2)
	taumax = 608 (ms)
}

ASSIGNED {
	v (mV)
	celsius (degC)
	ek (mV)
	ik (mA/cm2)
	g (S/cm2)
	q
	pinf
	ptau (ms)
}

STATE {
	p
}

INITIAL {
	q = 2.3^((celsius - 36 (degC)) / 10 (degC))
	rates(v)
	p = pinf
}

BREAKPOINT {
	SOLVE states METHOD cnexp
	g = gbar * p
	ik = g * (v - ek)
}

DERIVATIVE states {
	rates(v)
	p' = (pinf - p) / ptau
}

PROCEDURE rates(v (mV)) {
	LOCAL x

	x = v + 35 (mV)
	pinf = 1 / (1 + exp(-x / 10 (mV)))
	ptau = taumax /
		(q * (3.3 * exp(x / 20 (mV)) + exp(-x / 20 (mV))))
}
