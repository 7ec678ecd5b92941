: NaV -- sodium current of fast-spiking cells
:
: Carter BC, Giessel AJ, Sabatini BL and Bean BP (2012) Neuron 75:1081-1093:
: rates of mouse CA1 cells at 37 degrees, in the scheme of Raman IM and Bean BP
: (2001) Biophys J 80:729-737 with the blocked state as the sixth inactivated
: one.  A Q10 of 2.3 on all rates, as in Gouwens NW et al. (2018) Nat Commun
: 9:710.
:
:	C1 - C2 - C3 - C4 - C5 - O
:	 |    |    |    |    |    |
:	I1 - I2 - I3 - I4 - I5 - I6
:
: A channel that is inactivated opens alfac times as fast and closes btfac
: times as slowly; one that has moved n times inactivates alfac^n times as fast
: and recovers btfac^n times as slowly.

NEURON {
	THREADSAFE
	SUFFIX NaV
	USEION na READ ena WRITE ina
	RANGE gbar, g, ina
}

UNITS {
	(mA) = (milliamp)
	(mV) = (millivolt)
	(S) = (siemens)
}

PARAMETER {
	gbar = 0.015 (S/cm2)

	Con = 0.01 (/ms)	: C1 to I1
	Coff = 40 (/ms)		: I1 to C1
	Oon = 8 (/ms)		: O to I6
	Ooff = 0.05 (/ms)	: I6 to O
	alpha = 400 (/ms)	: one of four moves, at 0 mV
	beta = 12 (/ms)		: its way back, at 0 mV
	gamma = 250 (/ms)	: C5 to O, and I5 to I6
	delta = 60 (/ms)	: O to C5, and I6 to I5

	alfac = 2.51
	btfac = 5.32

	x1 = 24 (mV)		: alpha grows e-fold in so much,
	x2 = -24 (mV)		: and beta
}

ASSIGNED {
	v (mV)
	celsius (degC)
	ena (mV)
	ina (mA/cm2)
	g (S/cm2)
	q
	a (/ms)
	b (/ms)
	ai (/ms)
	bi (/ms)
	on (/ms)
	off (/ms)
}

STATE {
	C1 FROM 0 TO 1
	C2 FROM 0 TO 1
	C3 FROM 0 TO 1
	C4 FROM 0 TO 1
	C5 FROM 0 TO 1
	I1 FROM 0 TO 1
	I2 FROM 0 TO 1
	I3 FROM 0 TO 1
	I4 FROM 0 TO 1
	I5 FROM 0 TO 1
	O FROM 0 TO 1
	I6 FROM 0 TO 1
}

INITIAL {
	q = 2.3^((celsius - 37 (degC)) / 10 (degC))
	SOLVE scheme STEADYSTATE sparse
}

BREAKPOINT {
	SOLVE scheme METHOD sparse
	g = gbar * O
	ina = g * (v - ena)
}

KINETIC scheme {
	rates(v)
	~ C1 <-> C2 (4 * a, b)
	~ C2 <-> C3 (3 * a, 2 * b)
	~ C3 <-> C4 (2 * a, 3 * b)
	~ C4 <-> C5 (a, 4 * b)
	~ C5 <-> O (q * gamma, q * delta)
	~ I1 <-> I2 (4 * ai, bi)
	~ I2 <-> I3 (3 * ai, 2 * bi)
	~ I3 <-> I4 (2 * ai, 3 * bi)
	~ I4 <-> I5 (ai, 4 * bi)
	~ I5 <-> I6 (q * gamma, q * delta)
	~ C1 <-> I1 (on, off)
	~ C2 <-> I2 (on * alfac, off / btfac)
	~ C3 <-> I3 (on * alfac^2, off / btfac^2)
	~ C4 <-> I4 (on * alfac^3, off / btfac^3)
	~ C5 <-> I5 (on * alfac^4, off / btfac^4)
	~ O <-> I6 (q * Oon, q * Ooff)
	CONSERVE C1 + C2 + C3 + C4 + C5 + O + I1 + I2 + I3 + I4 + I5 + I6 = 1
}

PROCEDURE rates(v (mV)) {
	a = q * alpha * exp(v / x1)
	b = q * beta * exp(v / x2)
	ai = a * alfac
	bi = b / btfac
	on = q * Con
	off = q * Coff
}
