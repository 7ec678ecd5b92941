#!/bin/bash
# Measure the tools of spikes, and the memory of those of traces.
#
# B is the build directory, SCALE the size (1 is 1e7 spikes and 1e6 samples, 0.1
# a quick run), ROUNDS how often (3), PYTHON one that has h5py.  Times are told,
# never failed on: what fails is a tool that fails.
set -u -o pipefail
export LC_ALL=C

B=${B:-build} SCALE=${SCALE:-1} ROUNDS=${ROUNDS:-3} PYTHON=${PYTHON:-python3}
B=$(cd "$B" && pwd) || exit
here=$(cd "$(dirname "$0")" && pwd) || exit
export PATH=$B/bin:$PATH

work=$(mktemp -d "${TMPDIR:-/tmp}/bmutils-bench.XXXXXX") || exit
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
# shellcheck source=tests/bench/measure.sh
. "$here/measure.sh"

spikes=$(awk "BEGIN { printf \"%d\", 1e7 * $SCALE }")
samples=$(awk "BEGIN { n = int(1e6 * $SCALE); print n < 50000 ? 50000 : n }")

# Two populations, in no order, at steps of 0.1 ms.
make_spikes() {
	"$PYTHON" - "$work/spikes.h5" "$spikes" <<-'END'
	import sys
	import h5py
	import numpy as np

	rng = np.random.default_rng(1)
	with h5py.File(sys.argv[1], "w") as f:
	    for name, part in ("a", 0.8), ("b", 0.2):
	        n = int(int(sys.argv[2]) * part)
	        g = f.create_group("spikes/" + name)
	        g["node_ids"] = rng.integers(0, 80000, n).astype("u8")
	        g["timestamps"] = np.round(rng.random(n) * 10000, 1)
	        g["timestamps"].attrs["units"] = "ms"
	END
}

# A step and a chirp, which a cell of 100 MOhm and 20 ms answers, every 0.025
# ms.  The chirp is of so many samples that FFTW has factors of them.
make_traces() { # samples
	awk -v n="$1" -v dir="$work" 'BEGIN {
		step = dir "/step." n; chirp = dir "/chirp." n
		print "time_ms,v_mV,i_nA" >step
		print "time_ms,v_mV,i_nA" >chirp
		for (k = 0; k <= n; k++) {
			i = k > n / 4 && k <= n / 2 ? -0.1 : 0
			v += (100 * i - v) / 800
			printf "%.10g,%.9g,%g\n", k / 40, v - 70, i >step
			j = k > n / 50 ? 0.05 * sin((k / 40000) ^ 2 * 6) : 0
			u += (100 * j - u) / 800
			printf "%.10g,%.9g,%.9g\n", k / 40, u - 70, j >chirp
		}
	}'
}

# The time, and with it the most memory, in kB.
measured() { # side, tool and options
	echo "env time -f %M -o $work/$1.kb ${*:2}"
}

declare_sides() {
	local n
	side sonata-spikes read "sonata-spikes $work/spikes.h5"
	for order in time id; do
		side sonata-spikes "sort-$order" \
			"sonata-spikes --sort $order $work/spikes.h5"
		side spike-pack "pack-$order" \
			"spike-pack --sort $order -o $work/out.h5 $work/spikes.h5"
	done
	side spike-stim stim "$(measured stim spike-stim --rate 10 \
		--to 10000 --seed 1 "$work/nodes.csv")"
	for n in 2000 "$samples"; do
		side passive-fit "passive.$n" \
			"$(measured "passive.$n" passive-fit "$work/step.$n")"
		side spike-features "features.$n" "$(measured "features.$n" \
			spike-features "$work/step.$n")"
		side zap-impedance "zap.$n" \
			"$(measured "zap.$n" zap-impedance "$work/chirp.$n")"
	done
}

per_sample() { # title, side, bytes at most
	local bytes
	if [ ! -s "$work/$2.2000.kb" ] || [ ! -s "$work/$2.$samples.kb" ]; then
		speed "$1" "$2.$samples" '' "-$3"
		return
	fi
	bytes=$(awk "BEGIN { printf \"%.1f\", ($(<"$work/$2.$samples.kb") - \
		$(<"$work/$2.2000.kb")) * 1024 / ($samples - 2000) }")
	amount "$1" "$2.$samples" "$bytes" 'B a sample' "-$3"
}

# A hundredth of the spikes that are drawn for them in 10 s at 10 Hz.
make_nodes() {
	awk -v n="$((spikes / 100))" 'BEGIN {
		print "node_id,population"
		for (i = 0; i < n; i++)
			print i ",V"
	}' >"$work/nodes.csv"
}

make_spikes && make_nodes && make_traces 2000 && make_traces "$samples" || exit
cat "$work"/* >/dev/null
declare_sides
run_sides
echo "$spikes spikes, $samples samples, $ROUNDS rounds, $(nproc) CPUs"
line what 'best s' 'median s' 'against' gate ''
speed 'sonata-spikes, as they come' read '' ''
for order in time id; do
	within "sonata-spikes --sort $order" "sort-$order" 1.0
	within "spike-pack --sort $order" "pack-$order" 1.0
done
within "spike-stim, as text" stim 1.0
[ ! -s "$work/stim.kb" ] || amount 'spike-stim, memory' stim "$(awk "BEGIN {
	printf \"%.1f\", $(<"$work/stim.kb") / 1024 }")" MB -16
per_sample passive-fit passive 25
per_sample spike-features features 25
per_sample zap-impedance zap 60
exit $failed
