# cells.sh -- what the tests of cell tools share, besides common.bash
#
# shellcheck shell=bash disable=SC2034

# Compiled mod files are kept between runs, but not in the user's own cache.
export XDG_CACHE_HOME=${BATS_TMPDIR:-/tmp}/bmutils-tests-$UID

# A compiler for tests that compile much more than they run: it takes half as long.
quick_compiler() {
	mkdir -p "$XDG_CACHE_HOME"
	export CC=$XDG_CACHE_HOME/cc0
	[ -x "$CC" ] || {
		# shellcheck disable=SC2016 # the script's
		printf '#!/bin/sh\nexec cc "$@" -O0\n' >"$CC.$$"
		chmod +x "$CC.$$"
		mv "$CC.$$" "$CC"
	}
}

# The demo's cells, and NEURON's own demo.
demo=(--hoc "$root/pipelines/cells/cells.hoc"
	--mechanisms "$root/pipelines/cells/modfiles")
nrn_demo=/usr/share/nrn/demo

nrn() { # run a hoc script from the standard input, by NEURON itself
	cat >script.hoc
	nrniv -nogui -nopython -nobanner -notatty "$@" script.hoc </dev/null
}

patch() { # one compartment of Hodgkin and Huxley's, with what is said besides
	cat >patch.hoc <<-END
	celsius = 10
	v_init = -64
	create soma
	soma {
		L = 20
		diam = 20
		insert hh
	}
	$*
	END
}

passive() { # one passive compartment, of 795.8 MOhm and 10 ms
	cat >patch.hoc <<-'EOF'
	v_init = -70
	create soma
	soma { L = 20 diam = 20 insert pas g_pas = 1e-4 e_pas = -70 }
	EOF
}
