: Spikes at given times, which ascend: BMTK gives each virtual cell one of these.
:
:	stim = new VecStim()
:	stim.play(times)	: a Vector, in ms, which has to stay there
:
: Times before the start are left out.
NEURON {
	ARTIFICIAL_CELL VecStim
	POINTER vector
}

ASSIGNED {
	vector
	number : of the next spike
}

INITIAL {
	number = 0
	while (number < spikes() && at(number) < t) {
		number = number + 1
	}
	if (number < spikes()) {
		net_send(at(number) - t, 1)
	}
}

NET_RECEIVE (weight) {
	if (flag == 1) {
		net_event(t)
		number = number + 1
		if (number < spikes()) {
			net_send(at(number) - t, 1)
		}
	}
}

VERBATIM
extern void *vector_arg(int);
extern int vector_capacity(void *);
extern double *vector_vec(void *);
ENDVERBATIM

PROCEDURE play() {
VERBATIM
	_p_vector = (double *)vector_arg(1);
ENDVERBATIM
}

FUNCTION spikes() {
VERBATIM
	_lspikes = _p_vector ? vector_capacity((void *)_p_vector) : 0;
ENDVERBATIM
}

FUNCTION at(k) {
VERBATIM
	_lat = vector_vec((void *)_p_vector)[(int)_lk];
ENDVERBATIM
}
