#!/bin/bash
# Measure sonata-report: against reading alone, and against what one would write
# in Python.
#
# B is the build directory, SCALE the size (1 is 10^8 values: 20 000 frames of
# 5000 cells, in 0.7 GB), ROUNDS how often (1), PYTHON one that has h5py; pandas
# is measured where it is there.  Times are told, never failed on: what fails is
# a side that fails, a table without all values, or memory that follows them.
set -u -o pipefail
export LC_ALL=C

B=${B:-build} SCALE=${SCALE:-1} ROUNDS=${ROUNDS:-1} PYTHON=${PYTHON:-python3}
B=$(cd "$B" && pwd) || exit
here=$(cd "$(dirname "$0")" && pwd) || exit
export PATH=$B/bin:$B/bin/bench:$PATH

work=$(mktemp -d "${TMPDIR:-/tmp}/bmutils-bench.XXXXXX") || exit
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
# shellcheck source=tests/bench/measure.sh
. "$here/measure.sh"

cells=5000
frames=$(awk "BEGIN { n = int(20000 * $SCALE); print n < 200 ? 200 : n }")

# Voltages as four bytes, contiguous and packed, as BMTK and neurodamus have
# them; all of them are different, so that no text is shorter than it has to be:
# seven or eight digits, where those of a double are 16.  A row takes some 32 ns of
# the processor, where a call for each field took 66.
make_data() {
	"$PYTHON" - "$work" "$frames" "$cells" <<-'END'
	import sys
	import h5py
	import numpy as np

	work, frames, cells = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
	rng = np.random.default_rng(1)
	how = {"contiguous": {}, "gzip": dict(chunks=(200, 50), compression=4)}
	files = {}
	for name, options in how.items():
	    f = h5py.File(f"{work}/{name}.h5", "w")
	    report = f.create_group("report/cells")
	    report.create_dataset("data", (frames, cells), "f4", **options)
	    report["mapping/node_ids"] = np.arange(cells)
	    report["mapping/index_pointers"] = np.arange(cells + 1)
	    report["mapping/element_ids"] = np.zeros(cells, "u4")
	    report["mapping/time"] = [0, frames * 0.1, 0.1]
	    files[name] = report["data"]
	for first in range(0, frames, 200):
	    n = min(200, frames - first)
	    block = -65 + 5 * rng.standard_normal((n, cells), "f4")
	    for data in files.values():
	        data[first:first + n] = block
	END
}

# A row for each frame, in blocks, written with the shortest text of each value.
python="import csv, sys, h5py
data = h5py.File('$work/contiguous.h5')['report/cells/data']
out = csv.writer(sys.stdout, lineterminator='\\n')
for first in range(0, len(data), 200):
    block = data[first:first + 200].astype(float).tolist()
    out.writerows([[(first + i) * 0.1] + v for i, v in enumerate(block)])"
pandas="import sys, h5py, numpy as np, pandas as pd
data = h5py.File('$work/contiguous.h5')['report/cells/data']
for first in range(0, len(data), 200):
    block = pd.DataFrame(data[first:first + 200].astype(float))
    block.insert(0, 'time_ms', 0.1 * np.arange(first, first + len(block)))
    block.to_csv(sys.stdout, index=False, header=first == 0)"

# How many fields a table has.
fields="tr -cd ',\\n' | wc -c"

# With the memory it takes at most, in kB, as GNU time has it.
measured() { # side, tool and options
	echo "env time -f %M -o $work/$1.kb ${*:2} | $fields"
}

declare_sides() {
	local kind
	for kind in contiguous gzip; do
		side bare-frames "bare-$kind" "bare-frames $work/$kind.h5"
		side sonata-report "wide-$kind" "$(measured "wide-$kind" \
			sonata-report --wide "$work/$kind.h5")"
	done
	side sonata-report long "$(measured long sonata-report \
		"$work/contiguous.h5")"
	side sonata-report unchecked "$(measured unchecked sonata-report \
		--wide --keep-nan "$work/contiguous.h5")"
	side sonata-report one "$(measured one sonata-report --wide \
		--ids 4711 "$work/contiguous.h5")"
	side "$PYTHON" python "$PYTHON -c \"$python\" | $fields"
	"$PYTHON" -c 'import pandas' 2>/dev/null &&
		side "$PYTHON" pandas "$PYTHON -c \"$pandas\" | $fields"
}

megabytes() { # side, at most
	[ -s "$work/$1.kb" ] || return
	local mb=$(($(<"$work/$1.kb") / 1024))
	line '' '' '' "$mb MB" "<= $2 MB" "$(verdict "$mb" "-$2")"
	[ "$mb" -le "$2" ] || failed=1
}

per_value() { # side, at most
	local us ns
	us=$(best "$1") || return
	ns=$(awk "BEGIN { printf \"%.0f\", $us * 1e3 / $frames / $cells }")
	line '' '' '' "$ns ns a value" "<= $2 ns" "$(verdict "$ns" "-$2")"
}

whole() { # side, fields
	[ -s "$work/$1.output" ] || return
	[ "$(<"$work/$1.output")" -eq "$2" ] && return
	echo "$1: $(<"$work/$1.output") fields, not $2" >&2
	failed=1
}

if ! have sonata-report || ! have bare-frames; then
	echo "bench: sonata-report or bare-frames is not in $B/bin" >&2
	exit 1
fi
make_data || exit
declare_sides
run_sides
wide=$(((frames + 1) * (cells + 1)))
for name in wide-contiguous wide-gzip unchecked; do
	whole $name $wide
done
whole long $(((frames * cells + 1) * 6))
whole one $(((frames + 1) * 2))

echo "$frames frames of $cells cells, $ROUNDS rounds, $(nproc) CPUs"
line what 'best s' 'median s' 'against' gate ''
speed 'bare read, contiguous' bare-contiguous '' ''
speed 'bare read, gzip' bare-gzip '' ''
speed 'h5py and csv, wide' python '' ''
[ ! -e "$work/pandas.command" ] || speed 'h5py and pandas, wide' pandas python ''
for name in wide-contiguous wide-gzip unchecked long; do
	speed "sonata-report, $name" $name python ''
	speed '' $name bare-contiguous ''
	per_value $name 40
	megabytes $name 64
done
speed 'sonata-report, one cell' one bare-contiguous ''
megabytes one 64
exit $failed
