: An electrical synapse, one half of it: the current from this cell to the other
: one, by Ohm's law.  BMTK sets vgap to the voltage of the other cell.
NEURON {
	POINT_PROCESS Gap
	NONSPECIFIC_CURRENT i
	RANGE g, vgap
}

UNITS {
	(nA) = (nanoamp)
	(mV) = (millivolt)
	(uS) = (microsiemens)
}

PARAMETER {
	g = 0 (uS)
}

ASSIGNED {
	v (mV)
	vgap (mV)
	i (nA)
}

BREAKPOINT {
	i = g * (v - vgap)
}
