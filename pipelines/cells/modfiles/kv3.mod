: kv3 -- potassium current that makes spikes narrow and lets them follow fast
:
: Golomb D et al. (2007) PLoS Comput Biol 3:e156, a model of fast-spiking cells
: of the cortex; the time constant is the product of two sigmoids there too.
: They name no Q10.

NEURON {
	THREADSAFE
	SUFFIX kv3
	USEION k READ ek WRITE ik
	RANGE gbar, g
}

UNITS {
	(mA) = (milliamp)
	(mV) = (millivolt)
	(S) = (siemens)
}

PARAMETER {
	gbar = 0.225 (S/cm2)
}

ASSIGNED {
	v (mV)
	ek (mV)
	ik (mA/cm2)
	g (S/cm2)
	ninf
	ntau (ms)
}

STATE {
	n
}

INITIAL {
	rates(v)
	n = ninf
}

BREAKPOINT {
	SOLVE states METHOD cnexp
	g = gbar * n^2
	ik = g * (v - ek)
}

DERIVATIVE states {
	rates(v)
	n' = (ninf - n) / ntau
}

PROCEDURE rates(v (mV)) {
	LOCAL closing, opening

	ninf = 1 / (1 + exp(-(v + 12.4 (mV)) / 6.8 (mV)))
	closing = 0.087 + 11.4 / (1 + exp((v + 14.6 (mV)) / 8.6 (mV)))
	opening = 0.087 + 11.4 / (1 + exp((1.3 (mV) - v) / 18.7 (mV)))
	ntau = closing * opening * 1 (ms)
}
