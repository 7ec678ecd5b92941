#!/bin/bash
# Measure the tools of cells against NEURON and numpy, all in one run.
#
# B is the build directory, SCALE the size (1 is 20 amplitudes and 1e6 samples,
# 0.1 a quick run), ROUNDS how often (3), PYTHON one that has numpy.  Times are
# told, never failed on: what fails is a tool that fails, or that counts other
# spikes than NEURON.
set -u -o pipefail
export LC_ALL=C

B=${B:-build} SCALE=${SCALE:-1} ROUNDS=${ROUNDS:-3} PYTHON=${PYTHON:-python3}
B=$(cd "$B" && pwd) || exit
here=$(cd "$(dirname "$0")" && pwd) || exit
cells=$here/../../pipelines/cells
export PATH=$B/bin:$PATH

work=$(mktemp -d "${TMPDIR:-/tmp}/bmutils-bench.XXXXXX") || exit
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
export XDG_CACHE_HOME=$work/cache
# shellcheck source=tests/bench/measure.sh
. "$here/measure.sh"

amplitudes=$(awk "BEGIN { n = int(20 * $SCALE); print n < 2 ? 2 : n }")
samples=$(awk "BEGIN { n = int(1e6 * $SCALE); print n < 40000 ? 40000 : n }")
apart=50 before=1500 step=1000 tolerance=1e-3
model=(--hoc "$cells/cells.hoc" --template Pyramidal
	--mechanisms "$cells/modfiles")

# Compile the mod files, and find them for NEURON.
compile() {
	fi-sweep "${model[@]}" --amps 0 --delay 0 --dur 1 >/dev/null || exit
	set -- "$XDG_CACHE_HOME"/bmutils/mechanisms/*/mechanisms.so
	library=$1
}

make_trace() {
	local ms=$((samples / 40))
	cell-clamp "${model[@]}" --amp 200 --delay $((ms / 10)) \
		--dur $((ms / 2)) --tstop $ms -o "$work/trace.csv" || exit
	cat "$work/trace.csv" >/dev/null
}

neuron() { # tolerance
	echo "nrniv -nobanner -nogui -nopython -dll $library \
		$cells/cells.hoc $here/sweep.hoc -c \
		'sweep($amplitudes, $apart, $before, $step, $1)' </dev/null"
}

sweep() { # options
	echo "fi-sweep ${model[*]} --amps 0:$(((amplitudes - 1) * \
		apart)):$apart --delay $before --dur $step $*"
}

# Trains at several rates, after so much time that all have in common.
trains() { # rates
	echo "syn-clamp ${model[*]} --synapse Exp2Syn --weight 1e-4 --n 2 \
		--settle $before --every 1 --rate $1"
}

declare_sides() {
	side syn-clamp trains-each "for r in $(seq -s ' ' 101 $((100 + amplitudes))); do
		$(trains "\$r") || exit; done"
	side syn-clamp trains "$(trains "$(seq -s , 101 $((100 + amplitudes)))")"
	side nrniv nrniv "$(neuron 0)"
	side fi-sweep sweep-1 "$(sweep -j 1)"
	side fi-sweep sweep-2 "$(sweep -j 2)"
	side nrniv nrniv-cvode "$(neuron $tolerance)"
	side fi-sweep cvode-2 "$(sweep --cvode $tolerance --dt 0.1 -j 2)"
	side "$PYTHON" numpy "$PYTHON -c 'import numpy, sys
numpy.loadtxt(sys.argv[1], delimiter=\",\", skiprows=1)' $work/trace.csv"
	side passive-fit passive-fit "passive-fit $work/trace.csv"
	side spike-features spike-features "spike-features $work/trace.csv"
}

# Too short for a shell and a meter around it.
start_up() { # side, command ...
	local from to name=$1
	have "$2" || { echo "$2" >"$work/$name.missing"; return; }
	for _ in {1..20}; do
		from=$EPOCHREALTIME
		"${@:2}" >/dev/null 2>"$work/$name.error" ||
			{ echo "${*:2}" >"$work/$name.command"; fail "$name"; return; }
		to=$EPOCHREALTIME
		echo $((${to/./} - ${from/./})) >>"$work/$name.us"
	done
}

counts() { sed -n 's/^\([0-9]*,[0-9]*\).*/\1/p' "$work/$1.output"; }

agree() { # side, the one it has to agree with
	[ -s "$work/$1.us" ] && [ -s "$work/$2.us" ] || return
	diff <(counts "$1") <(counts "$2") >"$work/differs" && return
	echo "amplitudes and spikes of $1 are not those of $2:" >&2
	cat "$work/differs" >&2
	failed=1
}

started() { # title, side
	local us
	if us=$(best "$2"); then
		amount "$1" "$2" "$(awk "BEGIN { printf \"%.1f\", $us / 1e3 }")" \
			ms -30
	else
		speed "$1" "$2" '' ''
	fi
}

throughput() { # side
	local us
	speed "$1" "$1" numpy ''
	us=$(best "$1") || return
	line '' '' '' "$(awk "BEGIN { printf \"%.3g\", $samples / $us }") million samples/s" '' ''
}

for tool in fi-sweep cell-clamp; do
	have "$tool" && continue
	echo "bench: $tool is not in $B/bin" >&2
	exit 1
done
"$PYTHON" -c 'import numpy' 2>/dev/null || PYTHON=numpy-for-python
compile
make_trace
declare_sides
run_sides
start_up clamp-start cell-clamp --hoc "$here/../data/cell.hoc" \
	--template Cell --amp 0 --delay 0 --dur 1 --tstop 0
start_up info-start cell-info --hoc "$here/../data/cell.hoc" --template Cell
agree sweep-1 nrniv
agree sweep-2 nrniv
agree cvode-2 nrniv-cvode

echo "$amplitudes amplitudes, $before + $step ms, $ROUNDS rounds, $(nproc) CPUs"
line what 'best s' 'median s' 'against' gate ''
speed 'NEURON, one after the other' nrniv '' ''
speed 'fi-sweep -j 1' sweep-1 nrniv ''
speed 'fi-sweep -j 2' sweep-2 nrniv 3
speed 'syn-clamp, each rate' trains-each '' ''
speed 'syn-clamp, all rates' trains trains-each 3
speed "NEURON, CVODE $tolerance" nrniv-cvode nrniv ''
speed 'fi-sweep --cvode --dt 0.1 -j 2' cvode-2 nrniv 3
speed '' cvode-2 nrniv-cvode ''
started 'cell-clamp, no time' clamp-start
started 'cell-info, a small cell' info-start
speed "numpy.loadtxt, $samples samples" numpy '' ''
throughput passive-fit
throughput spike-features
exit $failed
