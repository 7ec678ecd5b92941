#!/bin/bash
# Measure the tools of signals: against reading and writing the same table, and
# what they take of memory for each sample.
#
# B is the build directory, SCALE the size (1 is 1e7 samples, 0.1 a quick run),
# ROUNDS how often (3).  Times are told, never failed on: what fails is a tool
# that fails.
set -u -o pipefail
export LC_ALL=C

B=${B:-build} SCALE=${SCALE:-1} ROUNDS=${ROUNDS:-3}
B=$(cd "$B" && pwd) || exit
here=$(cd "$(dirname "$0")" && pwd) || exit
export PATH=$B/bin:$B/bin/bench:$PATH

work=$(mktemp -d "${TMPDIR:-/tmp}/bmutils-bench.XXXXXX") || exit
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
# shellcheck source=tests/bench/measure.sh
. "$here/measure.sh"

samples=$(awk "BEGIN { n = int(1e7 * $SCALE); print n < 100000 ? 100000 : n }")

# Noise that goes to and fro, every 0.1 ms.
awk -v n="$samples" -v few=20000 -v dir="$work" 'BEGIN {
	srand(1)
	print "time_ms,a" >(dir "/few.csv")
	print "time_ms,a" >(dir "/many.csv")
	print "time_ms,a,b" >(dir "/two.csv")
	for (k = 0; k < n; k++) {
		v = 0.99 * v + rand() - 0.5
		row = sprintf("%.10g,%.6g", k / 10, v)
		print row >(dir "/many.csv")
		print row "," rand() + v / 2 >(dir "/two.csv")
		if (k < few) print row >(dir "/few.csv")
	}
}' || exit

# The time, and with it the most memory, in kB.
measured() { # side, tool and options
	echo "env time -f %M -o $work/$1.kb ${*:2}"
}

sized() { # side, tool and options: of few samples and of many
	side "$2" "$1.few" "$(measured "$1.few" "${@:2}" "$work/few.csv")"
	side "$2" "$1" "$(measured "$1" "${@:2}" "$work/many.csv")"
}

side bare-table table "bare-table $work/many.csv"
side bare-table table-3 "bare-table --columns 3 $work/many.csv"
sized filter signal-filter --low 250
sized filter-8 signal-filter --low 250 --order 8
sized filter-band signal-filter --band 4:1000
sized phase signal-phase --edges keep --band 4:12
sized wavelet signal-phase --edges keep --freq 8
printf '%s\n' start_ms,stop_ms 0,1000 1000,2000 >"$work/windows.csv"
sized average signal-average -w "$work/windows.csv"
sized spectrum signal-spectrum
sized welch signal-spectrum --welch
sized spectrogram signal-spectrogram --band 0:100
sized wavelets signal-spectrogram --freqs 8:8:1 --step 10
side bare-table table-two "bare-table $work/two.csv"
side signal-coherence coherence "signal-coherence $work/two.csv"
run_sides

per_sample() { # title, side, bytes at most
	local bytes
	if [ ! -s "$work/$2.few.kb" ] || [ ! -s "$work/$2.kb" ]; then
		speed "$1" "$2" '' "-$3"
		return
	fi
	bytes=$(awk "BEGIN { printf \"%.1f\", ($(<"$work/$2.kb") - \
		$(<"$work/$2.few.kb")) * 1024 / ($samples - 20000) }")
	amount "$1" "$2" "$bytes" 'B a sample' "-$3"
}

times() { # title, side, yardstick, times at most
	local us other ratio
	if ! us=$(best "$2") || ! other=$(best "$3"); then
		speed "$1" "$2" '' "-$4"
		return
	fi
	ratio=$(awk "BEGIN { printf \"%.2f\", $us / $other }")
	line "$1" "$(seconds "$us")" "$(seconds "$(median "$2")")" \
		"$ratio x the time of $3" "<= $4" "$(verdict "$ratio" "-$4")"
}

echo "$samples samples, $ROUNDS rounds, $(nproc) CPUs"
line what 'best s' 'median s' 'against' gate ''
speed 'read and write the table' table '' ''
speed 'write two columns more' table-3 '' ''
times 'signal-filter --order 4' filter table 1.5
times 'signal-filter --order 8' filter-8 table 1.5
times 'signal-filter --band, order 4' filter-band table 1.5
per_sample 'signal-filter, memory' filter 40
times 'signal-phase --band' phase table-3 1.5
times 'signal-phase --freq' wavelet table-3 1.5
per_sample 'signal-phase --band, memory' phase 40
per_sample 'signal-phase --freq, memory' wavelet 40
times signal-average average table 1
per_sample 'signal-average, memory' average 40
times signal-spectrum spectrum table 1.5
times 'signal-spectrum --welch' welch table 1.5
times signal-spectrogram spectrogram table 1.5
times 'signal-spectrogram --freqs' wavelets table 1.5
per_sample 'signal-spectrum, memory' spectrum 40
per_sample 'signal-spectrogram, memory' spectrogram 40
per_sample '--freqs, memory' wavelets 40
times 'signal-coherence of two' coherence table-two 1.5
exit $failed
