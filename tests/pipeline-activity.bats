# The report of a simulation, activity.mk.
load common.bash
load pipelines.sh

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
	# A group has the colour that it has in the report of the network.
	is "$(paste -s -d' ' out/colors.csv)" "group,colour A:X, A:Y, A:Z, V:inp,"
	grep -q -- "--colors 'out/colors.csv' -n" first
	grep -q "^plot-lines .*rates.svg --colors 'out/colors.csv'" first
	printf '%s\n' group,colour Y,#112233 A:X, >mine
	activity CONFIG=config.json OUT=my COLORS=mine my/raster.svg my/rates.svg >log
	grep -q 'rgb( 17,  34,  51)' my/raster.svg
	grep -q 'rgb( 17,  34,  51)' my/rates.svg
	# A line for each of the channels.
	grep -q '>channel9</text>' out/report-ecp.svg
	diff <(sonata-report --wide --report-name v config.json) out/report-v.csv
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
	diff <(sonata-report --wide --report-name v --ids 3 --from 0 --to 200 \
		config.json) out/report-v.csv
	touch -d '+4 seconds' results/spikes.h5
	activity -n CONFIG=config.json OUT=out OUTPUT=results FORMAT=png |
		grep -q '^spike-rate'
}

@test "what cannot be drawn does not keep the rest from being drawn" {
	simulated
	run activity CONFIG=config.json OUT=out BIN=0 REPORTS=v
	[ "$status" -ne 0 ]
	[ -e out/cells.svg ] && [ -e out/report-v.svg ] && [ ! -e out/rates.csv ]
}

# An ECP of two channels at steps of 0.2 ms, 8 and 40 Hz in the first.
@test "a report of electrodes: its spectrum, phases of spikes, locking of groups" {
	simulated
	python <<-'END'
	import h5py
	import numpy as np
	t = np.arange(0, 1000, 0.2)
	w = 2 * np.pi * t / 1000
	with h5py.File("output/ecp.h5", "w") as f:
	    g = f.create_group("ecp")
	    g["data"] = np.c_[np.cos(8 * w) + 0.3 * np.cos(40 * w), np.sin(8 * w)]
	    g["time"] = [0, 1000, 0.2]
	    g["channel_id"] = np.arange(2).astype("u8")
	END
	activity CONFIG=config.json OUT=out WINDOW=500 >log 2>&1
	for picture in spectrum theta-cycle gamma-cycle; do
		grep -q '</svg>' out/$picture.svg
		run ! grep -q 'no data' out/$picture.svg
	done
	sonata-report --wide --report-name ecp config.json |
		signal-filter --low 250 --order 8 --every 5 | cmp - out/lfp.csv
	is "$(sed -n '2p;$p' out/lfp.csv | cut -d, -f1 | xargs)" "0 999"
	signal-spectrum --window 500 out/lfp.csv | cmp - out/spectrum.csv
	signal-phase --band 4:12 -c channel0 --edges keep out/lfp.csv |
		cmp - out/theta.csv
	sonata-spikes config.json | spike-phase --signal out/theta.csv |
		cmp - out/theta-spikes.csv
	spike-lock --per group -n config.json out/theta-spikes.csv |
		cmp - out/theta-lock.csv
	phase-hist --bins 18 --cosine -n config.json --signal out/gamma.csv \
		out/gamma-spikes.csv | cmp - out/gamma-cycle.csv
	[ "$(activity CONFIG=config.json OUT=out WINDOW=500)" = \
		"make: Nothing to be done for 'all'." ]
	# Another channel, another rhythm, a part of the time.
	activity CONFIG=config.json OUT=part WINDOW=500 CHANNEL=channel1 THETA=6:10 \
		FROM=200 TO=900 part/theta.csv part/spectrum.csv part/theta-spikes.csv >log 2>&1
	cmp out/lfp.csv part/lfp.csv
	signal-phase --band 6:10 -c channel1 --edges keep out/lfp.csv | cmp - part/theta.csv
	awk -F, 'NR == 1 || $1 >= 200 && $1 < 900' out/lfp.csv |
		signal-spectrum --window 500 | cmp - part/spectrum.csv
	sonata-spikes --from 200 --to 900 config.json |
		spike-phase --signal part/theta.csv | cmp - part/theta-spikes.csv
	# A report that is in the config is missed, and so is one that somebody named.
	mv output/ecp.h5 away.h5
	run --separate-stderr activity -s CONFIG=config.json OUT=away
	[[ $stderr == *"lfp.csv"*"output/ecp.h5: No such file or directory"* ]]
	run --separate-stderr activity CONFIG=config.json OUT=none ECP=lfp none/lfp.csv
	[[ $stderr == *"no report 'lfp': v, ecp"* ]]
}

left_out() { # of an activity that ends well: lines, without the makefile's name
	is "$status" 0
	is "$(sed -n 's/^activity[.]mk: left out: //p' <<<"$stderr")" \
		"$(printf '%s\n' "$@")"
}

# A record of electrodes that nothing can be said of.
short="spectrum.svg, theta-cycle.svg, gamma-cycle.svg, theta-lock.csv, gamma-lock.csv, \
spectrum.csv, lfp.csv, theta-cycle.csv, theta-spikes.csv, theta.csv, gamma-cycle.csv, \
gamma-spikes.csv, gamma.csv: signal-filter: standard input: a record of 3 samples, \
where a filter both ways needs 28: a lower --order needs fewer"

@test "an activity without spikes, a report or a column is what there is" {
	simulated
	rm output/spikes.h5
	set -- CONFIG=config.json OUT=out REPORTS='v none' GROUP=no
	run --separate-stderr activity -s "$@"
	left_out "GROUP: graph-export: config.json: no column 'no': there are \
node_id, node_type_id, pop_name, model_type, model_template, morphology, layer, \
x, y, z, rotation_angle_xaxis, rotation_angle_yaxis, rotation_angle_zaxis" \
		"raster.svg, rates.svg, cells.svg, summary.csv, groups.csv, cells.csv, \
rates.csv: sonata-spikes: output/spikes.h5: No such file or directory" \
		"$short" \
		"report-none.svg, report-none.csv: sonata-report: config.json: no \
report 'none': v, ecp"
	is "$(cd out && echo *.svg)" report-v.svg
	[ "$(activity "$@")" = "make: Nothing to be done for 'all'." ]
	# No spike in the file of spikes.
	printf 'timestamps,population,node_ids\n' | spike-pack -o output/spikes.h5
	run --separate-stderr activity -s CONFIG=config.json OUT=out
	left_out "raster.svg: summary.csv has no rows" \
		"rates.svg: rates.csv has no rows" "cells.svg: cells.csv has no rows" \
		"$short"
	grep -q '<dt>cells.svg</dt><dd>cells.csv has no rows</dd>' out/index.html
	# Damaged, it is an error.
	head -c 1000 "$data/output/spikes.h5" >output/spikes.h5
	run --separate-stderr activity -s CONFIG=config.json OUT=out
	[ "$status" -eq 2 ]
	is "$(grep -v '^make: \|: left out: ' <<<"$stderr")" \
		"sonata-spikes: output/spikes.h5: not a whole HDF5 file: cut short, or damaged"
}

@test "a network that was not simulated has no activity" {
	printf '%s\n' node_id,pop_name 0,A >nodes
	echo source_node_id,target_node_id | sonata-pack -n nodes -o .
	run --separate-stderr activity -s CONFIG=circuit_config.json OUT=out
	left_out "raster.svg, rates.svg, cells.svg, summary.csv, groups.csv, cells.csv, \
rates.csv: sonata-spikes: circuit_config.json: no output.spikes_file in it: name the file itself" \
		"inputs.csv: sonata-info: circuit_config.json: not a simulation config: \
it has neither 'inputs' nor 'run'"
	[ -e out/index.html ]
}

@test "a raster has the time of the run, and few cells have no histogram" {
	printf '%s\n' node_id,pop_name 0,A 1,A >nodes
	echo source_node_id,target_node_id | sonata-pack -n nodes -o .
	mkdir output
	printf 'timestamps,population,node_ids\n%s,default,0\n%s,default,1\n' 61 72 |
		spike-pack -o output/spikes.h5
	echo '{ "network": "circuit_config.json", "run": { "tstop": 200 },
		"output": { "output_dir": "output", "spikes_file": "spikes.h5" } }' >run.json
	run --separate-stderr activity CONFIG=run.json OUT=out
	left_out "cells.svg: fewer than three cells in cells.csv"
	[[ $output == *plot-raster* ]]
	grep -q '>200</text>' out/raster.svg
	activity CONFIG=run.json OUT=out FROM=50 TO=150 >log
	grep -q '>150</text>' out/raster.svg
	run ! grep -q '>200</text>' out/raster.svg
	# Without bins it has that of its spikes.
	run ! activity -s CONFIG=run.json OUT=none BIN=30
	[ ! -e none/rates.csv ] && [ -e none/raster.svg ]
}

@test "activity without a simulation says what to give" {
	run activity
	[ "$status" -eq 2 ]
	[[ $output == *"give a simulation: CONFIG=simulation_config.json"* ]]
}
