: CaDynamics -- calcium in a shell below the membrane
:
: Destexhe A, Mainen ZF and Sejnowski TJ (1994) J Comput Neurosci 1:195-230, as
: in Hay E et al. (2011) PLoS Comput Biol 7:e1002107: of the calcium that comes
: in, what buffers leave free (gamma) stays in the shell (depth), and goes back
: to its rest (minCai) exponentially (decay).  Without a Q10.

NEURON {
	THREADSAFE
	SUFFIX CaDynamics
	USEION ca READ ica WRITE cai
	RANGE decay, gamma, minCai, depth
}

UNITS {
	(mA) = (milliamp)
	(molar) = (1/liter)
	(mM) = (millimolar)
	(um) = (micron)
	FARADAY = (faraday) (coulomb)
}

PARAMETER {
	gamma = 0.05
	decay = 80 (ms)
	depth = 0.1 (um)
	minCai = 1e-4 (mM)
}

ASSIGNED {
	ica (mA/cm2)
}

STATE {
	cai (mM)
}

INITIAL {
	cai = minCai
}

BREAKPOINT {
	SOLVE shell METHOD cnexp
}

: Two charges an ion; mA/cm2 in 1 um and 1 C is 10000 mM/ms.
DERIVATIVE shell {
	cai' = -(10000) * gamma * ica / (2 * FARADAY * depth)
		- (cai - minCai) / decay
}
