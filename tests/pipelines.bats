# The pipelines do what they say, on networks of our own.
load common.bash

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	here=$BATS_TEST_DIRNAME/../pipelines
	unset MAKEFLAGS MAKELEVEL # of the make that runs the tests
}

report() { make --no-print-directory -f "$here/network.mk" "$@"; }

tricky() { cp -r "$BATS_TEST_DIRNAME/data/tricky/." .; }

@test "the demo makes every table and picture" {
	cd "$BATS_FILE_TMPDIR"
	"$here/demo.sh" demo >log
	grep -q '^sonata-pack -n la/cells.csv -o la/network ' log
	grep -q '^PV  *0.093' log # the matrix in the terminal
	for tool in sonata-spikes sonata-report spike-rate plot-raster plot-graph \
		plot-positions graph-export graph-stats graph-html; do
		grep -q "^\(.*[$|] *\)\?$tool " log
	done
	for table in types populations nodes matrix cells histogram distance \
		graph activity/report/summary activity/report/groups \
		activity/report/cells activity/report/rates; do
		[ "$(wc -l <"demo/$table.csv")" -gt 1 ]
	done
	for picture in total probability convergence divergence reciprocal gap \
		histogram distance diagram positions activity/report/raster \
		activity/report/rates activity/report/cells; do
		grep -q '</svg>' "demo/$picture.svg"
		run ! grep -q 'no data' "demo/$picture.svg"
	done
	grep -q '</graphml>' demo/groups.graphml
	grep -q '</html>' demo/network.html
	# The header, and the 2000 cells that others reach.
	[ "$(wc -l <demo/cells.csv)" -eq 2001 ]
	for cell in Pyramidal FastSpiking; do
		for table in parameters clamp step 'fi' zap features summary \
			passive fit impedance exact; do
			[ "$(wc -l <"demo/$cell/$table.csv")" -gt 1 ]
		done
		for picture in clamp features passive 'fi' zap impedance; do
			grep -q '</svg>' "demo/$cell/$picture.svg"
			run ! grep -q 'no data' "demo/$cell/$picture.svg"
		done
	done
}

column() { # of a table, by its name
	awk -F, -v name="$1" 'NR == 1 { for (i = 1; i <= NF; i++)
			if ($i == name) k = i }
		NR > 1 { print $k }' "$2"
}

near() { # a number, what it has to be, and how far from it
	awk -v x="$1" -v y="$2" -v d="$3" 'BEGIN {
		if (x - y > d || y - x > d) {
			print x, "is not", y; exit 1 } }'
}

# What cells.hoc promises of them.
@test "the cells of the demo are what they are said to be" {
	cd "$BATS_FILE_TMPDIR/demo"
	near "$(column v_rest_mV Pyramidal/passive.csv)" -72.1 0.1
	near "$(column r_in_MOhm Pyramidal/passive.csv)" 92 1
	near "$(column sag_ratio Pyramidal/passive.csv)" 0.15 0.01
	near "$(column r_in_MOhm FastSpiking/passive.csv)" 179 1
	near "$(column sag_ratio FastSpiking/passive.csv)" 0 0.001
	[ "$(column spikes Pyramidal/summary.csv | xargs)" = "0 15 32" ]
	[ "$(column spikes FastSpiking/summary.csv | xargs)" = "44 79 100" ]
	[ "$(column status Pyramidal/passive.csv)" = ok ]
	# The F-I curve counts what the traces have.
	[ "$(awk -F, '$1 == 300 { print $2 }' Pyramidal/fi.csv)" = 32 ]
}

# A cell of the simulation has the spikes of its current.
@test "the spikes of the demo are those of the cells" {
	cd "$BATS_FILE_TMPDIR/demo"
	[ "$(wc -l <activity/nodes.csv)" -eq 41 ]
	while IFS=, read -r _ id template amp; do
		diff <(sonata-spikes --ids "$id" activity/simulation_config.json |
				sed 1d | cut -d, -f1) \
			<(sed -n "s/^$amp,//p" "activity/$template.csv")
	done < <(sed 1d activity/nodes.csv)
	[ "$(awk -F, '{ n += $5 } END { print n }' activity/report/groups.csv)" -eq \
		"$(cat activity/Pyramidal.csv activity/FastSpiking.csv |
			grep -vc amp_pA)" ]
}

# What the README says draws a picture, and what the demo does.
readme() {
	awk -v picture="$1" '/^## / { on = 0 }
		/^!\[/ { on = index($0, "(man/gallery/" picture ".svg)") }
		on && /^    / { print substr($0, 5) }' "$here/../README.md"
}

drew() {
	awk -v end=" >gallery/$1.svg" '/^\$ / { s = ""; $0 = substr($0, 3) }
		{ s = s $0 "\n"; k = index($0, end) }
		k { print substr(s, 1, index(s, end) - 1); exit }' \
		"$BATS_FILE_TMPDIR/log"
}

@test "the README's gallery says how the demo draws it" {
	cd "$here/../man/gallery"
	set -- *.svg
	[ "$#" -eq "$(grep -c '(man/gallery/' ../../README.md)" ]
	for picture in *.svg; do
		readme "${picture%.svg}" | grep .
		diff <(readme "${picture%.svg}") <(drew "${picture%.svg}")
		[ "$(wc -c <"$picture")" -lt 60000 ]
	done
}

@test "the README's gallery is what the demo draws" {
	cd "$BATS_FILE_TMPDIR/demo/gallery"
	gallery=$here/../man/gallery
	[ -s made-with ]
	cmp made-with "$gallery/made-with" ||
		skip "the gallery is of other programs: $(paste -sd ';' \
			"$gallery/made-with")"
	diff -rq . "$gallery" # make demo; cp build/demo/gallery/* man/gallery
}

@test "the impedance of a chirp is NEURON's own, within 0.5 %" {
	cd "$BATS_FILE_TMPDIR/demo"
	for cell in Pyramidal FastSpiking; do
		paste -d, <(cut -d, -f1,2 $cell/impedance.csv) \
			<(cut -d, -f1,2 $cell/exact.csv) | awk -F, 'NR > 1 {
				n++
				d = $2 / $4 - 1
				if ($1 != $3 || d > 0.005 || d < -0.005) exit 1
			}
			END { exit n < 500 }'
	done
}

@test "the demo is the same each time" {
	"$here/demo.sh" again >log
	diff -r again "$BATS_FILE_TMPDIR/demo"
}

# Within 4 standard errors of what was asked for, over all pairs.
drawn() { # probability, what it has to be, of so many pairs
	near "$1" "$2" "$(awk -v p="$2" -v n="$3" \
		'BEGIN { print 4 * sqrt(p * (1 - p) / n) }')"
}

@test "the network of BMTool's README: built, packed and measured" {
	make -f "$here/build-la.mk" OUT=la >log
	grep '^LA:PV,LA:PV,' la/matrix.csv >pv
	head -n 1 la/matrix.csv | cat - pv >row
	drawn "$(column reciprocal row)" 0.0677 28680
	# p0 goes for both directions of a pair, which are not independent.
	drawn "$(column probability row)" 0.15 28680
	awk -F, '$4 == "gap" && $5 != "unordered-all" && $5 != "unordered" {
		print $5, $7, $9, $10 }' la/report.csv >gaps
	is=$(awk '{ print $1, $3 }' gaps | xargs)
	[ "$is" = "unordered-non 0.1228 unordered-uni 0.56 unordered-rec 1" ]
	while read -r _ n asked made; do
		drawn "$made" "$asked" "$n"
	done <gaps
	# One thalamic cell for each.
	for table in pyr_inp:1601 pv_inp:241 som_inp:161; do
		[ "$(wc -l <"la/${table%:*}.csv")" -eq "${table#*:}" ]
	done
	# The synapses of each direction, by types of the packed network.
	sonata-nodes -p LA -c cell_class la/network/circuit_config.json >cells
	sonata-edges -e LA_to_LA -c model_template,dynamics_params \
		la/network/circuit_config.json >edges
	awk -F, 'FNR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
		FILENAME == "cells" { class[$at["node_id"]] = $at["cell_class"]; next }
		{ print class[$at["source_node_id"]], class[$at["target_node_id"]],
			$at["model_template"], $at["dynamics_params"] }' cells edges |
		sort | uniq -c | awk -v OFS=, '{ print $2, $3, $4, $5 }' >synapses
	diff synapses - <<-END
		PN,PN,pyr2pyr,PN2PN.json
		PN,PV,pyr2int,PN2PV.json
		PN,SOM,pyr2int,PN2SOM.json
		PV,PN,int2pyr,PV2PN.json
		PV,PV,,
		PV,PV,int2int,PV2PV.json
		PV,SOM,int2int,PV2SOM.json
		SOM,PN,int2pyr,SOM2PN.json
		SOM,SOM,int2int,SOM2SOM.json
	END
	make -f "$here/build-la.mk" OUT=again JOBS=1 >log
	diff -r la again
	# A table that is made again is in the report once, and another seed
	# makes all of them again.
	rm again/pv2pv.csv
	make -f "$here/build-la.mk" OUT=again >log
	diff -r la again
	make -f "$here/build-la.mk" OUT=again SEED=2 >log
	run ! cmp -s la/pv2pv.csv again/pv2pv.csv
	[ "$(wc -l <again/report.csv)" -eq "$(wc -l <la/report.csv)" ]
}

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

@test "a report without a cell says what to give" {
	run profile
	[ "$status" -eq 2 ]
	[[ $output == *"give a cell: HOC=cells.hoc TEMPLATE=name MECHANISMS=modfiles"* ]]
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

@test "the diagram of a report names synapses and their signs" {
	tricky
	report CONFIG=config.json OUT=out SYNAPSE=model_template \
		EXCITATORY=exp2syn INHIBITORY=inhsyn out/diagram.svg >log
	grep -q '>[^<]*exp2syn[^<]*</text>' out/diagram.svg
	grep -q 'bar: inhibitory' out/diagram.svg
	report CONFIG=config.json OUT=by GROUP=A=layer by/diagram.svg \
		by/positions.svg >log
	run ! grep -q 'inhibitory' by/diagram.svg
	grep -q '>A:2<' by/diagram.svg
	grep -q '>X</text>' by/positions.svg
	report CONFIG=config.json OUT=by GROUP=layer -B by/positions.svg >log
	grep -q '>2</text>' by/positions.svg
}

@test "a report of cells without positions leaves out what is about places" {
	printf 'node_id,pop_name\n0,A\n1,B\n' >nodes
	printf 'source_node_id,target_node_id\n0,1\n' | sonata-pack -n nodes -o .
	report CONFIG=circuit_config.json OUT=out >log
	[ -e out/network.html ] && [ -e out/graph.csv ]
	[ ! -e out/positions.svg ] && [ ! -e out/distance.csv ]
}

activity() { make --no-print-directory -f "$here/activity.mk" "$@"; }

simulated() { # the simulation of the fixtures, with two reports
	cp -r "$BATS_TEST_DIRNAME"/data/{config.json,output,tricky} .
	cp "$BATS_TEST_DIRNAME"/data/reports/{v,ecp}.h5 output/
	sed '$d' config.json >c
	{ cat c; echo ',"reports": { "v": {}, "ecp": {} } }'; } >config.json
}

@test "the activity of a simulation, made again only where something has changed" {
	simulated
	activity CONFIG=config.json OUT=out REPORTS='v ecp' >first
	for table in summary groups cells rates report-v report-ecp; do
		[ "$(wc -l <"out/$table.csv")" -gt 1 ]
	done
	for picture in raster rates cells report-v report-ecp; do
		grep -q '</svg>' "out/$picture.svg"
		run ! grep -q 'no data' "out/$picture.svg"
	done
	# A line for each of the channels.
	grep -q '>channel9_mV</text>' out/report-ecp.svg
	diff <(sonata-report --wide --report v config.json) out/report-v.csv
	diff <(spike-rate --per cell config.json) out/cells.csv
	set -- CONFIG=config.json OUT=out REPORTS='v ecp'
	[ "$(activity "$@")" = "make: Nothing to be done for 'all'." ]
	touch -d '+2 seconds' out/rates.csv
	activity "$@" >second
	grep -q '^plot-lines .*rates.svg' second
	run ! grep -q '^spike-rate\|^sonata-' second
	touch -d '+4 seconds' output/spikes.h5
	activity -n "$@" >third
	grep -q '^spike-rate' third
	grep -q 'plot-raster' third
}

@test "groups, time, bins, reports and format of activity can be chosen" {
	simulated
	mv output results
	sed -i '/"manifest"/,/}/s/"output"/"results"/' config.json
	activity CONFIG=config.json OUT=out OUTPUT=results GROUP=layer FROM=0 \
		TO=200 BIN=40 REPORTS=v CHOICE='--ids 3' FORMAT=png >log
	[ "$(head -c 4 out/raster.png | tail -c 3)" = PNG ]
	diff <(spike-rate -g layer --from 0 --to 200 --bin 40 config.json) \
		out/rates.csv
	diff <(sonata-report --wide --report v --ids 3 --from 0 --to 200 \
		config.json) out/report-v.csv
	touch -d '+4 seconds' results/spikes.h5
	activity -n CONFIG=config.json OUT=out OUTPUT=results FORMAT=png |
		grep -q '^spike-rate'
}

@test "activity without a simulation says what to give" {
	run activity
	[ "$status" -eq 2 ]
	[[ $output == *"give a simulation: CONFIG=simulation_config.json"* ]]
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
