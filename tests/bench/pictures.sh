#!/bin/bash
# Measure large pictures: a matrix of 10^6 cells, 2 x 10^5 spikes, a diagram of
# 12 groups with an arrow from each to each.
#
# B is the build directory, ROUNDS how often (3).  Times are told, never failed
# on.  gnuplot is most of them.
set -u -o pipefail
export LC_ALL=C

B=${B:-build} ROUNDS=${ROUNDS:-3}
B=$(cd "$B" && pwd) || exit
here=$(cd "$(dirname "$0")" && pwd) || exit
export PATH=$B/bin:$PATH

work=$(mktemp -d "${TMPDIR:-/tmp}/bmutils-bench.XXXXXX") || exit
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
# shellcheck source=tests/bench/measure.sh
. "$here/measure.sh"

awk 'BEGIN {
	print "source,target,v"
	for (i = 0; i < 1000; i++)
		for (j = 0; j < 1000; j++)
			printf "n%d,n%d,%.4f\n", i, j, sin(i / 50) * cos(j / 70)
}' >"$work/matrix.csv"
awk 'BEGIN {
	srand(1)
	print "timestamps,population,node_ids"
	for (i = 0; i < 200000; i++)
		printf "%.2f,a,%d\n", rand() * 3000, rand() * 1000
}' >"$work/spikes.csv"

awk 'BEGIN {
	print "source,target,n_source,n_target,v"
	for (i = 0; i < 12; i++)
		for (j = 0; j < 12; j++)
			printf "n%d,n%d,%d,%d,%.4f\n", i, j, 90 - i, 90 - j,
				exp(sin(i + 3 * j))
}' >"$work/pathways.csv"

side 'plot-matrix gnuplot' matrix "env time -f %M -o $work/matrix.kb \
	plot-matrix -o $work/matrix.svg $work/matrix.csv"
side 'plot-raster gnuplot' raster \
	"plot-raster -o $work/raster.png $work/spikes.csv"
side 'plot-raster gnuplot' column \
	"plot-raster --size 85mm -o $work/column.svg $work/spikes.csv"
side 'plot-graph dot' graph \
	"plot-graph -o $work/graph.svg $work/pathways.csv 2>/dev/null"
run_sides

echo "pictures, $ROUNDS rounds, $(nproc) CPUs"
line what 'best s' 'median s' '' gate ''
within 'plot-matrix, 1000 x 1000 cells' matrix 3
if [ -s "$work/matrix.svg" ]; then
	mb=$(($(wc -c <"$work/matrix.svg") / 1000000))
	line 'plot-matrix, the SVG' '' '' "$mb MB" '<= 8 MB' "$(verdict $mb -8)"
	line '' '' '' "$(($(<"$work/matrix.kb") / 1024)) MB of memory" '' ''
fi
within 'plot-raster, 2 x 10^5 spikes' raster 0.4
within 'plot-raster, the same at 85 mm' column 0.4
within 'plot-graph, 12 groups, 144 arrows' graph 3
exit $failed
