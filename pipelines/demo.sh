#!/bin/sh
# demo.sh -- build a network, measure it and draw it; profile two cells
#
# usage: pipelines/demo.sh directory
#
# The network is like the lateral amygdala of BMTool's README: 2000 cells in four
# groups, and as many thalamic ones that drive them.  The single cells are those
# of cells/.
set -eu

[ $# -eq 1 ] || { echo "usage: demo.sh directory" >&2; exit 2; }
out=$1
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$out"

run() { # a command of a shell, shown
	printf '\n$ %s\n' "$*"
	sh -c "$*"
}

cd "$out"
run "make --no-print-directory -f '$here/build-la.mk' OUT=la"
run "sonata-info la/network/circuit_config.json"
run "sonata-edges -e LA_to_LA la/network/circuit_config.json | head -n 4"
run "conn-matrix -e LA_to_LA la/network/circuit_config.json |
    plot-matrix -T dumb -y probability"
printf '\nand now all of the report, by pipelines/network.mk:\n'
make --no-print-directory -f "$here/network.mk" CONFIG=la/network/circuit_config.json OUT=.

cell="--hoc $here/cells/cells.hoc --mechanisms $here/cells/modfiles"
run "cell-info $cell --template Pyramidal --tree"
run "cell-clamp $cell --template Pyramidal --amp -100 --settle 500 |
    passive-fit | cut -d, -f2-11"
run "fi-sweep $cell --template FastSpiking --amps 0:300:25 --settle 500 |
    plot-lines -T dumb -y rate_Hz"
printf '\nand now all of the reports, by pipelines/cell.mk:\n'
for template in Pyramidal FastSpiking; do
	make --no-print-directory -f "$here/cell.mk" OUT="$template" \
		HOC="$here/cells/cells.hoc" TEMPLATE="$template" \
		MECHANISMS="$here/cells/modfiles"
done
printf '\nTables and pictures are in %s:\n' "$out"
ls ./*.csv ./*.svg ./la ./Pyramidal ./FastSpiking
