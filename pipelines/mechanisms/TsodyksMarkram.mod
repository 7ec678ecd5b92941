: TsodyksMarkram -- a synapse with short-term depression and facilitation
:
: Tsodyks M, Pawelzik K and Markram H (1998) Neural Comput 10:821-835, after
: Tsodyks MV and Markram H (1997) Proc Natl Acad Sci USA 94:719-723.  Of the
: resources, x are there, and a pulse releases u of these: u x.  Before it, x has
: come back towards 1 (tau_rec) and u has gone down towards 0 (tau_facil; 0: at
: once); it then goes up by U of what is left.  x and u are those of a connection,
: which begins rested: the first pulse releases U.
:
: The conductance rises by tau1 and falls by tau2, and a pulse that releases all
: has a peak of the connection's weight, in uS.

NEURON {
	THREADSAFE
	POINT_PROCESS TsodyksMarkram
	RANGE tau1, tau2, e, U, tau_rec, tau_facil, i, g, release
	NONSPECIFIC_CURRENT i
}

UNITS {
	(nA) = (nanoamp)
	(mV) = (millivolt)
	(uS) = (microsiemens)
}

PARAMETER {
	tau1 = 0.2 (ms) <1e-9, 1e9>
	tau2 = 2 (ms) <1e-9, 1e9>
	e = 0 (mV)
	U = 0.5 (1) <0, 1>
	tau_rec = 300 (ms) <0, 1e9>
	tau_facil = 0 (ms) <0, 1e9>
}

ASSIGNED {
	v (mV)
	i (nA)
	g (uS)
	release (1)
	scale (1)
}

STATE {
	rise (uS)
	fall (uS)
}

: Two equal time constants have no difference to scale.
INITIAL {
	LOCAL peak
	if (tau1 > 0.9999 * tau2) {
		tau1 = 0.9999 * tau2
	}
	peak = tau1 * tau2 / (tau2 - tau1) * log(tau2 / tau1)
	scale = 1 / (exp(-peak / tau2) - exp(-peak / tau1))
	rise = 0
	fall = 0
	release = 0
}

BREAKPOINT {
	SOLVE decays METHOD cnexp
	g = fall - rise
	i = g * (v - e)
}

DERIVATIVE decays {
	rise' = -rise / tau1
	fall' = -fall / tau2
}

FUNCTION left(since (ms), tau (ms)) (1) {
	if (tau > 0) {
		left = exp(-since / tau)
	} else {
		left = 0
	}
}

NET_RECEIVE(weight (uS), x (1), u (1), last (ms)) {
	INITIAL {
		x = 1
		u = 0
		last = t
	}
	x = 1 - (1 - x) * left(t - last, tau_rec)
	u = u * left(t - last, tau_facil)
	u = u + U * (1 - u)
	release = u * x
	x = x - release
	last = t
	rise = rise + weight * release * scale
	fall = fall + weight * release * scale
}
