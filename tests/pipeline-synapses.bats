# What the synapses of each edge type of a network do, synapse-table.sh.
load common.bash

script=$BATS_TEST_DIRNAME/../pipelines/synapse-table.sh

# Two types of synapses onto a cell, another one's delay is its own, and one onto a
# point.
setup_file() {
	cd "$BATS_FILE_TMPDIR" || return
	mkdir templates models
	cp "$BATS_TEST_DIRNAME/data/cell.hoc" templates
	echo '{"level_of_detail": "exp2syn", "tau1": 0.5, "tau2": 5, "erev": 0}' \
		>models/fast.json
	echo '{"tau1": 2, "tau2": 40, "erev": -90}' >models/slow.json
	cat >nodes.csv <<-'END'
	population,node_id,pop_name,model_type,model_template
	net,0,PN,biophysical,hoc:Cell
	net,1,LIF,point_neuron,nrn:IntFire1
	net,2,PV,biophysical,hoc:Cell
	in,0,bg,virtual,
	far,0,PN,biophysical,hoc:Cell
	END
	cat >edges.csv <<-'END'
	source_population,target_population,source_node_id,target_node_id,delay,syn_weight,model_template,dynamics_params
	net,net,0,0,2,0.001,exp2syn,fast.json
	in,net,0,0,0.5,0.002,Exp2Syn,slow.json
	in,net,0,0,0.5,0.002,Exp2Syn,slow.json
	in,net,0,2,0.5,0.002,Exp2Syn,slow.json
	in,net,0,1,1,0.002,,
	END
	sonata-pack -n nodes.csv -o net edges.csv \
		--type-columns delay,syn_weight,model_template,dynamics_params
	jq '.components = {"templates_dir": "../templates",
		"synaptic_models_dir": "../models"}' net/circuit_config.json >net/c.json
	"$script" net/c.json --settle 100 >table 2>said
}

setup() { cd "$BATS_FILE_TMPDIR" || return; }

field() { # column, row
	awk -F, -v name="$1" -v row="$2" 'NR == 1 {
		for (k = 1; k <= NF; k++)
			if ($k == name)
				c = k
	}
	NR == row { print $c }' "${3-table}"
}

@test "a row for each type, and the reason where there is nothing" {
	is "$(head -n 1 table)" "population,edge_type_id,node_type_id,count,model_template,dynamics_params,baseline,amp,latency_ms,peak_ms,rise_20_80_ms,half_width_ms,decay_tau_ms,integral,ppr,stp_initial,stp_induction,stp_recovery,stp_recovery_single,status"
	is "$(cut -d, -f1-6 table | sed 1d)" "net_to_net,100,100,1,exp2syn,fast.json
in_to_net,100,100,2,Exp2Syn,slow.json
in_to_net,100,102,1,Exp2Syn,slow.json
in_to_net,101,101,1,,"
	is "$(field status 2) $(field status 3) $(field status 4)" "ok ok ok"
	is "$(field amp 4)" "$(field amp 3)"
	is "$(field amp 5)" ""
	[[ $(field status 5) == *'syn-clamp: '* ]]
}

@test "its numbers are those of the tools, with the network's weight and delay" {
	syn-clamp --hoc templates/cell.hoc --template Cell --synapse Exp2Syn \
		--syn tau1=2 --syn tau2=40 --syn e=-90 --weight 0.002 --delay 0.5 \
		--settle 100 --clamp -70 --rate 1 --n 1 --tstop 550 |
		syn-features --delay 0.5 --rate 1 --n 1 --window 500 >want
	is "$(sed -n 3p table | cut -d, -f7-14)" "$(sed -n 2p want | cut -d, -f3-10)"
	# Currents outwards and inwards, each with the delay of its own.
	[[ $(field amp 2) == -* && $(field amp 3) != -* ]]
	[[ $(field latency_ms 2) == 2.0* && $(field latency_ms 3) == 0.* ]]
}

@test "delays that the edges have, and not their types" {
	# Once of two edges, the mean; once of all alike.
	sed -n '1p; /^in,net,0,0/p' edges.csv | sed '2s/,0.5,/,0.3,/; 3s/,0.5,/,0.9,/' >own.csv
	sed -n 5p edges.csv | sed 's/,0.5,/,0.7,/' >>own.csv
	sonata-pack -n nodes.csv -o own own.csv \
		--type-columns syn_weight,model_template,dynamics_params
	jq -s '.[0] * {components: .[1].components}' own/circuit_config.json net/c.json >own/c.json
	"$script" own/c.json --settle 100 >own/table 2>own/said
	"$script" own/c.json --settle 100 --delay 0.6 2>/dev/null | sed -n 2p |
		diff - <(sed -n 2p own/table)
	is "$(printf %.5f "$(field amp 3 own/table)")" "$(printf %.5f "$(field amp 2 own/table)")"
	run ! grep 'say --delay' own/said
}

# An id is one of several populations': syn-clamp's --edge-type POPULATION:ID.
@test "a type by its population, or by the file of its types" {
	local run=(syn-clamp --config net/c.json --settle 1 --rate 1 --n 1 --tstop 12
		--node-type 100)
	"${run[@]}" --edge-type in_to_net:100 2>/dev/null >by
	"${run[@]}" --edge-type in_to_net_edge_types.csv:100 2>/dev/null | cmp - by
	run ! cmp -s by <("${run[@]}" --edge-type net_to_net:100 2>/dev/null)
	run --separate-stderr "${run[@]}" --edge-type 100
	[[ $stderr == "syn-clamp: --edge-type: '100' is none of these, or several of them: "* ]]
	[ "$status" -eq 2 ]
}

@test "another voltage, another train" {
	RATE=20 RECOVERY=100 WINDOW=50 JOBS=1 "$script" net/c.json --settle 100 \
		--clamp -90 >other 2>/dev/null
	# 90 over 70 mV; and at the reversal what the clamp is off by.
	awk -v a="$(field amp 2 other)" -v b="$(field amp 2)" \
		-v c="$(field amp 3 other)" -v d="$(field amp 3)" 'BEGIN {
		exit !(a / b > 1.28 && a / b < 1.29 && (c / d) ^ 2 < 1e-4)
	}'
}

@test "what cannot be" {
	run "$script"
	is "$output" "synapse-table.sh: usage: synapse-table.sh config [option of syn-clamp ...] >table"
	[ "$status" -eq 2 ]
	run "$script" nosuch.json
	is "$output" "sonata-info: nosuch.json: No such file or directory"
	[ "$status" -eq 1 ]
	WINDOW=x run "$script" net/c.json
	is "$output" "synapse-table.sh: WINDOW: not a whole number of ms: 'x'"
	RATE=20,50 run "$script" net/c.json
	is "$output" "synapse-table.sh: RATE: not one number: '20,50'"
	run "$script" net/c.json --settle 1 --n 4
	is "$output" "synapse-table.sh: --n: not here: see RATE, RECOVERY and WINDOW"
	[ "$status" -eq 2 ]
	run "$script" net/c.json --node-type 102
	is "$output" "synapse-table.sh: --node-type: not here: all types of the config have rows"
	# What is said before the reason is not the reason.
	run --separate-stderr "$script" net/c.json --syn nosuch=1
	is "$output" ""
	[[ $stderr == "synapse-table.sh: net/c.json: no type can be run, the first: \"syn-clamp: --syn: no 'nosuch' in Exp2Syn; "* ]]
	[ "$status" -eq 1 ]
}
