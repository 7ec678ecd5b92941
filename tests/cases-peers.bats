# What other programs make of a network that we write: here what can be told
# without them; tests/peers.sh asks themselves.
#
# shellcheck disable=SC2016,SC2034 # variables of a config; used by common.bash
load common.bash

teardown() { readable; }
tool=sonata-pack

# Three cells and the two virtual ones that drive them.
small() { # option ...
	cat >n.csv <<-'END'
	population,node_id,model_type,model_template,morphology
	cortex,0,biophysical,hoc:A,
	cortex,1,biophysical,hoc:A,
	cortex,2,biophysical,hoc:B,
	thalamus,0,virtual,,
	thalamus,1,virtual,,
	END
	cat >e.csv <<-'END'
	source_population,target_population,source_node_id,target_node_id,delay,syn_weight,model_template,dynamics_params,target_sections
	cortex,cortex,0,2,1,0.5,exp2syn,e.json,['soma']
	thalamus,cortex,1,0,1,0.5,exp2syn,e.json,['soma']
	END
	sonata-pack -n n.csv -o net "$@" e.csv
}

spikes() { # population ...: a file of spikes of these
	for p; do
		printf '%s\n' "5,$p,0" "7.5,$p,1"
	done | { echo timestamps,population,node_ids; cat; } |
		spike-pack -o spikes.h5
}

# A member of the simulation's config, as JSON.
member() { # path, with dots
	python "$1" <<-'END'
	import json, sys
	c = json.load(open('net/simulation_config.json'))
	for key in sys.argv[1].split('.'):
	    c = c[key]
	print(json.dumps(c, sort_keys=True))
	END
}

@test "a simulation's config has all that BMTK asks for, by paths from its own folder" {
	small --simulation
	# BMTK takes other relative paths from where it is started.
	is "$(member manifest)" '{"$COMPONENTS_DIR": "${configdir}/components", "$NETWORK_DIR": "${configdir}", "$OUTPUT_DIR": "${configdir}/output"}'
	is "$(member target_simulator)" '"NEURON"'
	is "$(member run)" '{"dL": null, "dt": 0.1, "nsteps_block": 5000, "spike_threshold": -15, "tstart": 0, "tstop": 1000}'
	is "$(member conditions)" '{"celsius": 34, "v_init": -65}'
	is "$(member inputs)" '{}'
	is "$(member output)" '{"log_file": "log.txt", "output_dir": "$OUTPUT_DIR", "overwrite_output_dir": true, "spikes_file": "spikes.h5", "spikes_sort_order": "time"}'
	is "$(member reports.v_soma)" '{"cells": "all", "file_name": "v_soma.h5", "module": "membrane_report", "sections": "soma", "variable_name": "v"}'
	# What the networks are is said in one place of the tool.
	python <<-'END'
	import json, os
	c = json.load(open('net/simulation_config.json'))
	assert c['networks'] == json.load(open('net/circuit_config.json'))['networks']
	for key, folder in c['components'].items():
	    assert os.path.isdir(folder.replace('$COMPONENTS_DIR', 'net/components')), key
	assert sorted(c['components']) == [
	    'biophysical_neuron_models_dir', 'mechanisms_dir', 'morphologies_dir',
	    'point_neuron_models_dir', 'synaptic_models_dir', 'templates_dir']
	END
	# No config, and no folders, without it.
	rm -r net
	small
	[ ! -e net/simulation_config.json ] && [ ! -e net/components ]
}

@test "the options of a simulation are in its config" {
	small --simulation --tstop 250.5 --dt 0.025 --celsius 6.3 --v-init -72 \
		--amp 50 --delay 20
	is "$(member run)" '{"dL": null, "dt": 0.025, "nsteps_block": 5000, "spike_threshold": -15, "tstart": 0, "tstop": 250.5}'
	is "$(member conditions)" '{"celsius": 6.3, "v_init": -72}'
	is "$(member inputs)" '{"current_clamp": {"amp": 0.05, "delay": 20, "duration": 250.5, "input_type": "current_clamp", "module": "IClamp", "node_set": {"model_type": "biophysical"}}}'
	small --simulation --amp -100 --dur 30
	is "$(member inputs.current_clamp.duration)" 30
	is "$(member inputs.current_clamp.delay)" 0
	is "$(sonata-info --inputs net/simulation_config.json | cut -d, -f1-3,8-10)" \
		'input,input_type,module,amp_nA,delay_ms,duration_ms
current_clamp,current_clamp,IClamp,-0.1,0,30'
	for option in tstop=1 dt=1 celsius=1 v-init=1 amp=1 input-spikes=x \
		components=x; do
		misused "--${option%=*} needs --simulation" -n n.csv -o net \
			"--$option" e.csv
	done
	misused '--delay needs --amp' -n n.csv -o net --simulation --delay 1 e.csv
	misused '--dur needs --amp' -n n.csv -o net --simulation --dur 1 e.csv
}

@test "a simulation is given spikes, each population its own" {
	spikes thalamus
	small --simulation --input-spikes spikes.h5
	is "$(member inputs)" '{"spikes_of_thalamus": {"default_population": "thalamus", "input_file": "${configdir}/../spikes.h5", "input_type": "spikes", "module": "sonata", "node_set": "thalamus"}}'
	# Both can be moved, and absolute paths stay what they are.
	mkdir -p a/b && mv net a && mv spikes.h5 a
	is "$(sonata-spikes --inputs a/net/simulation_config.json | sed 1d | xargs)" \
		'5,thalamus,0 7.5,thalamus,1'
	mv a/spikes.h5 a/b
	small --simulation --input-spikes a/b/spikes.h5
	is "$(member inputs.spikes_of_thalamus.input_file)" \
		'"${configdir}/../a/b/spikes.h5"'
	small --simulation --input-spikes "$PWD/a/b/spikes.h5"
	is "$(member inputs.spikes_of_thalamus.input_file)" "\"$PWD/a/b/spikes.h5\""
	cp a/b/spikes.h5 net
	small --simulation --input-spikes net/spikes.h5
	is "$(member inputs.spikes_of_thalamus.input_file)" \
		'"${configdir}/spikes.h5"'
	# What a run has left is read.
	mkdir net/output
	printf 'timestamps,population,node_ids\n9,cortex,2\n' |
		spike-pack -o net/output/spikes.h5
	is "$(sonata-spikes net/simulation_config.json | sed 1d)" 9,cortex,2
}

@test "spikes that BMTK could not give a network are refused" {
	small
	spikes thalamus elsewhere
	bad "spikes.h5: spikes of 'elsewhere', which the network does not have" \
		-n n.csv -o net --simulation --input-spikes spikes.h5 e.csv
	echo timestamps,population,node_ids >text.csv
	bad 'text.csv: not an HDF5 file of spikes, as spike-pack makes one' \
		-n n.csv -o net --simulation --input-spikes text.csv e.csv
	bad 'none.h5: No such file or directory' \
		-n n.csv -o net --simulation --input-spikes none.h5 e.csv
	mkdir net/output
	spikes thalamus
	cp spikes.h5 net/output
	bad 'net/output/spikes.h5: in the folder that BMTK empties when it begins' \
		-n n.csv -o net --simulation --input-spikes net/output/spikes.h5 e.csv
	[ ! -e net/simulation_config.json ]
}

@test "a simulation's models are where --components says" {
	mkdir -p models/mechanisms models/templates
	small --simulation --components models
	is "$(member 'manifest.$COMPONENTS_DIR')" '"${configdir}/../models"'
	is "$(member components)" '{"mechanisms_dir": "$COMPONENTS_DIR/mechanisms", "templates_dir": "$COMPONENTS_DIR/templates"}'
	[ ! -e net/components ]
	is "$(echo models/*)" 'models/mechanisms models/templates'
	mkdir empty
	bad 'empty: no folder of components in it, such as mechanisms' \
		-n n.csv -o net --simulation --components empty e.csv
	bad 'none: No such file or directory' \
		-n n.csv -o net --simulation --components none e.csv
	# Those that are there already stay as they are.
	mkdir -p net/components/templates
	touch net/components/templates/a.hoc
	small --simulation
	[ -e net/components/templates/a.hoc ] && [ -d net/components/mechanisms ]
}

@test "the mod files of LA's network: spikes at given times, and a gap junction" {
	export XDG_CACHE_HOME=$PWD/cache
	lib=$(mechanisms-check "$root/pipelines/la/modfiles")
	cat >try.hoc <<-END
	{nrn_load_dll("$lib")  load_file("stdrun.hoc")}
	objref stim, empty, unset, nil, con[3], times, none, got, pc, gap[2]
	// Those before the start are left out; two can be at a time.
	times = new Vector()
	{times.append(-1, 0, 1, 2.5, 2.5, 7, 99)}
	none = new Vector()
	got = new Vector()
	stim = new VecStim()
	{stim.play(times)}
	empty = new VecStim()
	{empty.play(none)}
	unset = new VecStim()
	con[0] = new NetCon(stim, nil)
	con[1] = new NetCon(empty, nil)
	con[2] = new NetCon(unset, nil)
	{for i = 0, 2 con[i].record(got)}
	// A cell is pulled to the one that it is coupled with.
	create a, b
	forall { diam = 10 L = 10 insert pas }
	a { e_pas = -60 }
	b { e_pas = -80 }
	pc = new ParallelContext()
	a { gap[0] = new Gap(0.5)  pc.source_var(&v(0.5), 0) }
	b { gap[1] = new Gap(0.5)  pc.source_var(&v(0.5), 1) }
	{pc.target_var(gap[0], &gap[0].vgap, 1)}
	{pc.target_var(gap[1], &gap[1].vgap, 0)}
	{pc.setup_transfer()  pc.set_maxstep(10)}
	tstop = 50
	proc show() { local i
		run()
		for i = 0, got.size() - 1 printf("%g ", got.x[i])
		printf("%.2f %.2f\n", a.v(0.5), b.v(0.5))
	}
	{show()}
	// As much as each cell's own conductance: a third of the difference stays.
	{gap[0].g = PI * 0.001  gap[1].g = PI * 0.001  show()}
	quit()
	END
	nrniv -nogui -nopython -nobanner -notatty try.hoc >out 2>err </dev/null
	is "$(cat out)" '0 1 2.5 2.5 7 -60.00 -80.00
0 1 2.5 2.5 7 -66.67 -73.33'
}

# bats test_tags=long
@test "the network of build-la.mk has models for all that it names" {
	unset MAKEFLAGS MAKELEVEL
	make -f "$root/pipelines/build-la.mk" OUT=la TSTOP=80 RATE=20 >log
	# All cells of the thalamus, at 20 Hz for 80 ms: 4 standard errors.
	is "$(sonata-info --inputs la/network/simulation_config.json |
		awk -F, 'NR > 1 { d = $6 - 3200
			print $1, $4, (d < 226 && d > -226) ? "as asked" : $6 }')" \
		'spikes_of_thalamus thalamus as asked'
	is "$(sonata-spikes --inputs la/network/simulation_config.json |
		awk -F, '$1 >= 80' | wc -l)" 1 # the header
	python <<-'END'
	import csv, glob, json, os
	c = json.load(open('la/network/simulation_config.json'))
	assert c['run']['tstop'] == 80
	folder = {k: v.replace('$COMPONENTS_DIR', 'la/components')
	          for k, v in c['components'].items()}
	hoc = open(folder['templates_dir'] + '/cells.hoc').read()
	templates = set()
	for name in glob.glob('la/network/*_types.csv'):
	    for row in csv.DictReader(open(name), delimiter=' '):
	        template = row.get('model_template', 'NULL')
	        if template.startswith('hoc:'):
	            templates.add(template[4:])
	            assert f'begintemplate {template[4:]}' in hoc
	        elif template != 'NULL':
	            assert template == 'exp2syn', template
	            s = json.load(open(folder['synaptic_models_dir'] + '/' +
	                               row['dynamics_params']))
	            assert set(s) >= {'tau1', 'tau2', 'erev'}
	            assert (s['erev'] == 0) == (row['dynamics_params'][:2] in ('PN', 'BG'))
	        # BioNet asks for both, of each edge.
	        if 'edge_type_id' in row:
	            assert row['target_sections'][0] == '['
	            assert json.loads(row['distance_range']) == [0, 1000]
	assert templates == {'Pyramidal', 'FastSpiking'}
	assert 'gap.mod' in os.listdir(folder['mechanisms_dir'] + '/modfiles')
	END
	read_by_all --for bmtk,bionet la/network/circuit_config.json
	# The library is where neuron.load_mechanisms() looks for it.
	make -f "$root/pipelines/build-la.mk" OUT=la TSTOP=80 RATE=20 mechanisms \
		>log
	cat >try.hoc <<-END
	{nrn_load_dll("la/components/mechanisms/$(uname -m)/.libs/libnrnmech.so")}
	{load_file("la/components/templates/cells.hoc")}
	objref cells[2], stim
	cells[0] = new Pyramidal()
	cells[1] = new FastSpiking()
	stim = new VecStim()
	cells[1].soma[0] print ismembrane("naf"), secname()
	quit()
	END
	is "$(nrniv -nogui -nopython -nobanner -notatty try.hoc 2>err </dev/null)" \
		'1 FastSpiking[0].soma[0]'
}

@test "what BMTK would not run is said, once" {
	printf '%s\n' population,node_id,model_type a,0,biophysical \
		a,1,biophysical v,0,virtual >n.csv
	head=source_population,target_population,source_node_id,target_node_id
	said() { # what, columns, edges ...
		printf '%s\n' "$head$2" "${@:3}" >e.csv
		is "$(sonata-pack -n n.csv -o net --simulation e.csv 2>&1)" \
			"${1:+sonata-pack: $1}"
		[ -e net/simulation_config.json ]
		is "$(sonata-pack -n n.csv -o net e.csv 2>&1)" ''
	}
	all=,delay,syn_weight,model_template,dynamics_params,target_sections
	e=",1,0.5,exp2syn,e.json,['soma']"
	said '' "$all" "a,a,0,1$e"
	for column in delay syn_weight model_template dynamics_params \
		target_sections; do
		said "BMTK asks for a $column of edges, which 'v_to_a' has not" \
			"${all/$column/other}" "v,a,0,1$e"
	done
	said '' "${all/syn_weight/weight_function}" "a,a,0,1$e"
	said "BMTK takes no edges to virtual cells, as 'a_to_v' has" \
		"$all" "a,v,0,0$e"
	twice=("a,a,0,1$e,true" "a,a,1,0$e,true")
	said '' "$all,is_gap_junction" "${twice[@]}"
	said "net/a_gap_juncs.h5: BMTK takes one gap junction of the same two nodes: 1, 0" \
		"$all,is_gap_junction" "${twice[@]}" "${twice[@]}"
	said "net/a_gap_juncs.h5: BMTK takes no gap junction of a node with itself: 1, 1" \
		"$all,is_gap_junction" "a,a,0,1$e,true" "a,a,1,1$e,true"
	printf '%s\n' population,node_id,model_type a,0,biophysical \
		a,1,virtual v,0,biophysical >n.csv
	for gap in a,a,0,1 a,v,0,0; do
		said "BMTK takes gap junctions within a population without virtual cells, as '${gap:0:1}_to_${gap:2:1}' has not" \
			"$all,is_gap_junction" "$gap$e,true"
	done
	printf '%s\n' population,node_id a,0 >n.csv
	said "BMTK asks for a model_type of nodes, which 'a' has not" "$all"
	printf '%s\n' population,node_id,model_type a,0,biophysical \
		a,2,biophysical >n.csv
	said "BMTK asks for ids 0, 1, 2 and so on, which 'a' has not" "$all"
	misused '--simulation and --dialect=libsonata exclude each other' \
		-n n.csv -o net --simulation --dialect libsonata e.csv
}

@test "a simulation has only the edges that there are, and blanks in names" {
	printf '%s\n' node_id,model_type 0,biophysical >n.csv
	echo source_node_id,target_node_id >e.csv
	sonata-pack -n n.csv -o net --population 'a b' --simulation e.csv
	is "$(member networks.edges)" '[]'
	# BMTK's file of spikes on their way has blanks between its columns.
	is "$(member output.cache_to_disk)" false
	sonata-info --edges net/circuit_config.json | grep -c 'a b_to_a b'
}
