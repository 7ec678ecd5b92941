NEURON { SUFFIX k RANGE g THREADSAFE }
INCLUDE "y.inc"
STATE { c o }
KINETIC s { ~ c <-> o (a(v), 1/(b+1)) CONSERVE c + o = 1 }
BREAKPOINT { SOLVE s METHOD sparse }
VERBATIM
int x;
ENDVERBATIM
FUNCTION a(v (mV)) { a = exp(v/10) } : end
COMMENT
x
ENDCOMMENT
