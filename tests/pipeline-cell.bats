# The report of a cell, cell.mk.
load common.bash
load pipelines.sh

profile() { make --no-print-directory -f "$here/cell.mk" "$@"; }

small() { # a report that takes no time
	[ -e cell.hoc ] || cp "$BATS_TEST_DIRNAME/data/cell.hoc" .
	profile HOC=cell.hoc TEMPLATE=Cell OUT=out SETTLE=20 CLAMP=200 \
		STEP=-20 AMPS=0:200:100 JOBS=1 "$@"
}

@test "the report of a cell is made again only where something has changed" {
	small >first
	[ "$(small)" = "make: Nothing to be done for 'all'." ]
	[ "$(wc -l <out/fi.csv)" -eq 4 ]
	# Its numbers stand in the pictures, and the pictures on the page.
	grep -q '>R_in 7[0-9.]* MΩ, τ [0-9.]* ms, sag 0.0' out/passive.svg
	grep -q '>f_res [0-9.]* Hz, Q 1.1' out/impedance.svg
	is "$(grep -c '<img alt=".*" src="data:image/svg+xml;base64,' out/index.html)" 6
	base64 -w 0 out/clamp.svg | grep -qFf - out/index.html
	is "$(grep -c 'left out' first)" 0
	small AMPS=0:200:50 >second
	[ "$(wc -l <out/fi.csv)" -eq 6 ]
	touch -d '+2 seconds' out/fi.csv
	small AMPS=0:200:50 >third
	grep -q '^plot-lines .*fi.svg' third
	run ! grep -q '^fi-sweep\|^cell-' third
	touch -d '+4 seconds' cell.hoc
	profile -n HOC=cell.hoc TEMPLATE=Cell OUT=out | grep -q '^cell-clamp'
}

@test "temperature, options and format of a cell's report can be chosen" {
	small >log
	cp -r out before
	small CELSIUS=25 V_INIT=-66 OPTIONS='--set soma.L=25' FORMAT=png ZAP=2 \
		>log
	[ "$(head -c 4 out/fi.png | tail -c 3)" = PNG ]
	for table in clamp step zap; do
		run ! cmp -s "out/$table.csv" "before/$table.csv"
	done
	grep -q "^soma,,1,25," out/parameters.csv
}

@test "a cell that does not run has an error, and no report" {
	printf '%s\n' 'create soma' 'soma insert none' >cell.hoc
	local time
	for time in first second; do
		run small -s TEMPLATE=
		[ "$status" -eq 2 ] || fail "the $time time: $status"
		is "${#lines[@]}" 2
		is "${lines[0]}" "cell-clamp: cell.hoc:2: none is not a MECHANISM: \
'soma insert none'; --mechanisms names the folder of its mod file"
	done
}

@test "a report without a cell says what to give" {
	run profile
	[ "$status" -eq 2 ]
	[[ $output == *"give a cell: HOC=cells.hoc TEMPLATE=name MECHANISMS=modfiles"* ]]
}

@test "a report of an Allen cell, by its files, which are looked at" {
	cp "$BATS_TEST_DIRNAME"/data/allen/{cell.swc,fit.json} .
	set -- OPTIONS='--swc cell.swc --fit fit.json' OUT=out
	profile "$@" out/parameters.csv | grep -q "^cell-info --swc cell.swc --fit fit.json"
	is "$(profile -n "$@" out/parameters.csv)" "make: 'out/parameters.csv' is up to date."
	touch -d '+2 seconds' fit.json
	profile -n "$@" out/parameters.csv 2>/dev/null | grep -q "^cell-info"
}
