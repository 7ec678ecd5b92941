# The pipelines do what they say, on networks of our own.
bats_require_minimum_version 1.5.0

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	here=$BATS_TEST_DIRNAME/../pipelines
	unset MAKEFLAGS MAKELEVEL # of the make that runs the tests
}

report() { make --no-print-directory -f "$here/network.mk" "$@"; }

tricky() { cp -r "$BATS_TEST_DIRNAME/data/tricky/." .; }

@test "the demo makes every table and picture" {
	"$here/demo.sh" demo >log
	grep -q '^\$ sonata-pack -n nodes.csv -o network edges.csv$' log
	grep -q '^PV  *0.094' log # the matrix in the terminal
	for table in types populations matrix cells histogram distance; do
		[ "$(wc -l <"demo/$table.csv")" -gt 1 ]
	done
	for picture in total probability convergence divergence reciprocal gap \
		histogram distance; do
		grep -q '</svg>' "demo/$picture.svg"
		run ! grep -q 'no data' "demo/$picture.svg"
	done
	# The header, and the 2000 cells that others reach.
	[ "$(wc -l <demo/cells.csv)" -eq 2001 ]
}

@test "the demo is the same each time" {
	"$here/demo.sh" a >log
	"$here/demo.sh" b >log
	diff -r a b
}

@test "a report is made again only where something has changed" {
	tricky
	report CONFIG=config.json OUT=out >first
	[ "$(report CONFIG=config.json OUT=out)" = "make: Nothing to be done for 'all'." ]
	touch -d '+2 seconds' out/matrix.csv
	report CONFIG=config.json OUT=out >second
	grep -q '^plot-matrix .*total' second
	run ! grep -q '^conn-\|^plot-hist' second
	touch -d '+4 seconds' network/A_A_edge_types.csv
	report CONFIG=config.json OUT=out >third
	grep -q '^conn-hist' third
	touch -d '+6 seconds' config.json
	report -n CONFIG=config.json OUT=out | grep -q '^conn-matrix'
}

@test "groups, format and folder of a report can be chosen" {
	tricky
	report CONFIG=config.json OUT=by GROUP=layer FORMAT=png >log
	cut -d, -f1 by/matrix.csv | grep -qx A:2
	[ "$(head -c 4 by/total.png | tail -c 3)" = PNG ]
	[ ! -e by/total.svg ]
}

@test "a report without a network says what to give" {
	run report
	[ "$status" -eq 2 ]
	[[ $output == *"give a network: CONFIG="* ]]
}

@test "a tool that fails leaves no table behind" {
	tricky
	head -c 3000 network/A_A_edges.h5 >short
	mv short network/A_A_edges.h5
	run report CONFIG=config.json OUT=out
	[ "$status" -eq 2 ]
	[[ $output == *"A_A_edges.h5: not a whole HDF5 file"* ]]
	[ ! -e out/matrix.csv ]
}

@test "missing packages are named where none can be installed" {
	mkdir bin
	printf '#!/bin/sh\nexit 1\n' >bin/dpkg-query
	printf '#!/bin/sh\necho 1000\n' >bin/id
	chmod +x bin/*
	for tool in sh dirname; do
		ln -s "$(command -v "$tool")" "bin/$tool"
	done
	run env PATH="$PWD/bin" "$here/deps.sh" first second
	[ "$status" -eq 1 ]
	[[ $output == *"apt-get install first second" ]]
}
