# How the tools of cells come to their cell: the options they all have, by
# cell-clamp, and what they say when something is wrong with a model.
load common.bash
load cells.sh

cell=("--hoc" "$BATS_TEST_DIRNAME/data/cell.hoc" --template Cell)

clamp() { # a short run
	cell-clamp --amp 50 --delay 1 --dur 5 --tstop 8 "$@"
}

misused() { # the message, arguments
	run --separate-stderr clamp "${@:2}"
	is "${stderr_lines[0]}" "cell-clamp: $1"
	[ "$status" -eq 2 ] && [ -z "$output" ]
}

bad() { # the last line said, arguments
	run --separate-stderr clamp "${@:2}"
	is "${stderr_lines[-1]}" "cell-clamp: $1"
	[ "$status" -eq 1 ] && [ -z "$output" ]
}

differ() { # runs, of which no two are the same
	local a b
	for a; do for b; do
		[ "$a" = "$b" ] || ! cmp -s "$a" "$b" || return 1
	done; done
}

settings() { # what -v says
	clamp "$@" -v 2>&1 >/dev/null | sed -n 's/.*: celsius /celsius /p'
}

@test "a cell is needed" {
	misused "--hoc or --swc or --config is needed"
	misused "--hoc and --config exclude each other" --hoc a --config b
	misused "--template and --config exclude each other" --config b \
		--template T
	misused "--config needs --node-type" --config b
	misused "--node-type needs --config" --hoc b --node-type 1
	misused "--template: not 'name(1, 2)': 'a; quit()'" --hoc b \
		--template 'a; quit()'
}

@test "-v says what is in force" {
	is "$(settings "${cell[@]}")" \
		"celsius 16, v_init -65 mV, dt 0.025 ms, nseg rule keep, 3 sections, 7 segments"
}

@test "what the model does not say is NEURON's, and that is said once" {
	echo 'create soma' >bare.hoc
	run --separate-stderr clamp --hoc bare.hoc
	is "$stderr" "cell-clamp: the temperature (--celsius) is NEURON's default, 6.3: the model does not say another
cell-clamp: the voltage to begin with (--v-init) is NEURON's default, -65: the model does not say another"
	run --separate-stderr clamp --hoc bare.hoc --celsius 20 --v-init -70
	is "$stderr" ""
	patch
	run --separate-stderr clamp --hoc patch.hoc
	is "$stderr" ""
}

@test "--celsius, --v-init and --dt go before what the model says" {
	patch 'dt = 0.0125'
	is "$(settings --hoc patch.hoc)" \
		"celsius 10, v_init -64 mV, dt 0.0125 ms, nseg rule keep, 1 sections, 1 segments"
	is "$(settings --hoc patch.hoc --celsius 20 --v-init -70 --dt 0.05)" \
		"celsius 20, v_init -70 mV, dt 0.05 ms, nseg rule keep, 1 sections, 1 segments"
	clamp --hoc patch.hoc >a
	clamp --hoc patch.hoc --celsius 20 >b
	clamp --hoc patch.hoc --v-init -70 >c
	clamp --hoc patch.hoc --dt 0.05 >d
	differ a b c d
	is "$(sed -n 2p c | cut -d, -f2)" -70
	is "$(sed -n 3p d | cut -d, -f1)" 0.05
	misused "dt: not from 1e-6 to 10 ms: 0" --hoc patch.hoc --dt 0
	misused "celsius: no temperature: -300" --hoc patch.hoc --celsius -300
	misused "--celsius: not a number: 'nan'" --hoc patch.hoc --celsius nan
}

@test "the cell's Vinit goes before what the file says" {
	sed 's/Vinit = -65/Vinit = -61/' "$BATS_TEST_DIRNAME/data/cell.hoc" \
		>cell.hoc
	echo 'v_init = -80' >>cell.hoc
	clamp --hoc cell.hoc --template Cell >a
	is "$(sed -n 2p a | cut -d, -f2)" -61
}

@test "--nseg-rule divides the sections" {
	is "$(settings "${cell[@]}" --nseg-rule allen | grep -o '[0-9]* segments')" \
		"15 segments"
	patch 'soma { L = 500 diam = 1 Ra = 100 cm = 1 }'
	# lambda_f(100) = 1e5/2 sqrt(diam / (pi f Ra cm)) = 282.1 um
	is "$(settings --hoc patch.hoc --nseg-rule dlambda |
		grep -o '[0-9]* segments')" "19 segments"
	misused "--nseg-rule: must be keep|allen|dlambda: 'x'" --hoc patch.hoc \
		--nseg-rule x
}

@test "--set and --params set parameters, the former after the latter" {
	clamp "${cell[@]}" >a
	clamp "${cell[@]}" --set soma.gnabar_hh=0 >b
	clamp "${cell[@]}" --set dend.g_pas=1e-3 >c
	clamp "${cell[@]}" --set 'dend[1].g_pas=1e-3' >d
	clamp "${cell[@]}" --set soma.L=40 >e
	clamp "${cell[@]}" --set soma.ena=20 >f
	clamp "${cell[@]}" --set dend.Ra=1000 >g
	clamp "${cell[@]}" --set celsius=30 >h
	differ a b c d e f g h
	clamp "${cell[@]}" --celsius 30 | cmp - h
	clamp "${cell[@]}" --set 'dend[0].g_pas=1e-3' \
		--set 'dend[1].g_pas=1e-3' | cmp - c
	printf 'name,value\ndend.g_pas,1e-3\nsoma.gnabar_hh,0.5\n' >p
	clamp "${cell[@]}" --params p --set soma.gnabar_hh=0.12 | cmp - c
	clamp "${cell[@]}" --params p >i
	differ c i
	clamp "${cell[@]}" --set soma.g_pas=1 2>&1 | grep -q "no 'g_pas' in soma"
	clamp "${cell[@]}" --set g_pas@all=1e-3 | cmp - c
	clamp "${cell[@]}" --set Ra@all=1000 >j
	clamp "${cell[@]}" --set soma.Ra=1000 --set dend.Ra=1000 | cmp - j
	printf 'name,value\ng_pas@all,1e-3\n' >p
	clamp "${cell[@]}" --params p | cmp - c
	misused "--set: no 'gx' in soma; there are: L, Ra, nseg, diam, cm, ena, nai, nao, ek, ki, ko, gnabar_hh, gkbar_hh, gl_hh, el_hh" \
		"${cell[@]}" --set soma.gx=1
	misused "--set: no section 'axon'; there are: soma, dend[0], dend[1]" \
		"${cell[@]}" --set axon.L=1
	misused "--set: no 'gx' in any section; there are: L, Ra, nseg, diam, cm, ena, nai, nao, ek, ki, ko, gnabar_hh, gkbar_hh, gl_hh, el_hh, g_pas, e_pas" \
		"${cell[@]}" --set gx@all=1
	misused "--set: not name=value: 'soma.L'" "${cell[@]}" --set soma.L
	misused "--set: neither 'section.parameter' nor a number of NEURON's: 'nosuch'" \
		"${cell[@]}" --set nosuch=1
	misused "--set: neither 'section.parameter' nor a number of NEURON's: 'celsius=1 quit()'" \
		"${cell[@]}" --set 'celsius=1 quit()=1'
	printf 'name,value\ndend.g_pas,x\n' >p
	bad "p:2: column 'value': not a number: 'x'" "${cell[@]}" --params p
}

@test "--call calls a function of the cell, with numbers and texts only" {
	clamp "${cell[@]}" --call 'leak(1e-3)' >a
	clamp "${cell[@]}" --set dend.g_pas=1e-3 | cmp - a
	misused "--call: not 'name(1, 2)': 'leak'" "${cell[@]}" --call leak
	misused "--call: neither numbers nor texts: 'leak(system(\"touch x\"))'" \
		"${cell[@]}" --call 'leak(system("touch x"))'
	misused "--call: not 'name(1, 2)': 'leak(1) quit'" "${cell[@]}" \
		--call 'leak(1) quit'
	bad "NEURON: nosuch not a public member of Cell (Cell nosuch)" "${cell[@]}" \
		--call 'nosuch()'
	[ ! -e x ]
}

@test "--hoc takes files in order, and folders" {
	mkdir cells
	cp "$BATS_TEST_DIRNAME/data/cell.hoc" cells/a.hoc
	echo 'celsius = 25' >cells/b.hoc
	echo 'nonsense (' >cells/c.txt
	is "$(settings --hoc cells --template Cell | cut -d, -f1)" "celsius 25"
	is "$(settings --hoc cells/b.hoc --hoc cells/a.hoc --template Cell |
		cut -d, -f1)" "celsius 16"
	mkdir none
	bad "none: no hoc file in it" --hoc none
}

@test "--template: those that there are, are listed" {
	misused "no template 'Cel'; there are: Cell" \
		"${cell[@]:0:2}" --template Cel
	misused "no sections at top level; --template may be: Cell" \
		"${cell[@]:0:2}"
}

@test "a template's cell is its own sections, whatever else is there" {
	sed '$a create other, another' "$BATS_TEST_DIRNAME/data/cell.hoc" >c.hoc
	printf 'objref mine\nmine = new Cell()\n' >>c.hoc
	clamp --hoc c.hoc --template Cell | cmp - <(clamp "${cell[@]}")
}

@test "--mechanisms: mod files are compiled, once" {
	export XDG_CACHE_HOME=$PWD/cache
	clamp "${demo[@]}" --template FastSpiking >a
	find cache -name '*.so' -printf '%p %T@\n' >first
	is "$(wc -l <first)" 1
	clamp "${demo[@]}" --template FastSpiking | cmp - a
	find cache -name '*.so' -printf '%p %T@\n' | cmp - first
	run --separate-stderr clamp "${demo[@]:0:2}" --template FastSpiking
	[[ ${stderr_lines[-1]} == "cell-clamp: "*"/cells.hoc:"*" is not a MECHANISM: "*"; --mechanisms names the folder of its mod file" ]]
	[ "$status" -eq 1 ]
}

@test "a BMTK network's node type is a cell" {
	mkdir -p c/templates c/mechanisms/modfiles network
	cp "$BATS_TEST_DIRNAME/data/cell.hoc" c/templates
	cp "$root"/pipelines/cells/modfiles/*.mod c/mechanisms/modfiles
	cat >network/types.csv <<-'END'
	node_type_id model_type model_template pop_name
	100 biophysical hoc:Cell pyr
	101 biophysical ctdb:Biophys1.hoc scn
	102 virtual NULL in
	END
	cat >sim.json <<-'END'
	{"run": {"tstop": 10, "dt": 0.05},
	 "conditions": {"celsius": 30.5, "v_init": -70},
	 "components": {"templates_dir": "c/templates",
	  "mechanisms_dir": "./c/mechanisms"},
	 "networks": {"nodes": [{"nodes_file": "network/nodes.h5",
	  "node_types_file": "network/types.csv"}]}}
	END
	is "$(settings --config sim.json --node-type 100)" \
		"celsius 30.5, v_init -70 mV, dt 0.05 ms, nseg rule dL, 3 sections, 15 segments"
	clamp --config sim.json --node-type types.csv:100 --nseg-rule keep |
		cmp - <(clamp "${cell[@]}" --celsius 30.5 --v-init -70 --dt 0.05)
	misused "--node-type: '7' is none of those of cells: types.csv:100 (hoc:Cell), types.csv:101 (ctdb:Biophys1.hoc)" \
		--config sim.json --node-type 7
	bad "network/types.csv: node type 101: model_processing is none of BMTK's own, aibs_perisomatic, aibs_allactive or one of these _directed: --axon says what it makes of the axon: ''" \
		--config sim.json --node-type 101
	sed -i 's/30.5/"warm"/' sim.json
	bad "sim.json: conditions.celsius is not a number" --config sim.json \
		--node-type 100
}

# bats test_tags=long
@test "a ctdb: node type is an Allen cell" {
	mkdir -p c/fits c/shapes
	cp "$BATS_TEST_DIRNAME/data/allen/fit.json" c/fits
	cp "$BATS_TEST_DIRNAME/data/allen/cell.swc" c/shapes
	cat >types.csv <<-'END'
	node_type_id model_template morphology dynamics_params model_processing
	1 ctdb:Biophys1.hoc cell.swc fit.json aibs_perisomatic
	2 ctdb:Biophys1 cell fit.json aibs_allactive_directed,extracellular
	3 ctdb:Biophys1.hoc cell fit.json aibs_allactive_fullaxon
	4 ctdb:Biophys1.hoc cell fit.json fix_it
	5 nml:Cell_1.cell.nml cell NULL aibs_perisomatic
	6 ctdb:Biophys1.hoc gone fit.json aibs_perisomatic
	7 ctdb:Biophys1.hoc cell NULL aibs_perisomatic
	8 ctdb:Biophys1.hoc NULL fit.json aibs_perisomatic
	9 nrn:IntFire1 NULL NULL NULL
	END
	cat >sim.json <<-'END'
	{"run": {"dt": 0.1, "dL": 10}, "conditions": {"celsius": 30, "v_init": -70},
	 "components": {"morphologies_dir": "c/shapes",
	  "biophysical_neuron_models_dir": "c/fits"},
	 "networks": {"nodes": [{"nodes_file": "n.h5",
	  "node_types_file": "types.csv"}]}}
	END
	own=(--swc "$BATS_TEST_DIRNAME/data/allen/cell.swc"
		--fit "$BATS_TEST_DIRNAME/data/allen/fit.json"
		--celsius 30 --v-init -70 --dt 0.1)
	of() { clamp --config sim.json --node-type "$@"; }
	is "$(settings --config sim.json --node-type 1)" \
		"celsius 30, v_init -70 mV, dt 0.1 ms, nseg rule dL, 10 sections, 78 segments"
	# BMTK's dL, if none is said, and the fit's own rule.
	sed -i 's/, "dL": 10//' sim.json
	of 1 | cmp - <(clamp "${own[@]}")
	of 2 | cmp - <(clamp "${own[@]}" --axon bmtk)
	of 3 | cmp - <(clamp "${own[@]}" --axon full)
	of 4 --axon legacy | cmp - <(clamp "${own[@]}" --axon legacy)
	of 1 --axon full | cmp - <(clamp "${own[@]}" --axon full)
	bad "types.csv: node type 4: model_processing is none of BMTK's own, aibs_perisomatic, aibs_allactive or one of these _directed: --axon says what it makes of the axon: 'fix_it'" \
		--config sim.json --node-type 4
	bad "types.csv: node type 5: model_template is NeuroML, which is not read: say --swc with its morphology and --fit with its JSON: 'nml:Cell_1.cell.nml'" \
		--config sim.json --node-type 5
	bad "c/shapes/gone: No such file or directory" --config sim.json --node-type 6
	bad "types.csv: node type 7: dynamics_params names no file: ''" \
		--config sim.json --node-type 7
	bad "types.csv: node type 8: morphology names no file: ''" \
		--config sim.json --node-type 8
	bad "types.csv: node type 9: model_template is not 'hoc:...' or 'ctdb:Biophys1': 'nrn:IntFire1'" \
		--config sim.json --node-type 9
	rm c/fits/fit.json
	bad "c/fits/fit.json: No such file or directory" --config sim.json --node-type 1
	misused "--axon needs --swc or --config" "${cell[@]}" --axon full
}

@test "BMTK leaves glob out, AllenSDK sets it" {
	sed 's/"genome": \[/&{"section": "glob", "name": "celsius", "value": 20},/' \
		"$BATS_TEST_DIRNAME/data/allen/fit.json" >fit.json
	cp "$BATS_TEST_DIRNAME/data/allen/cell.swc" .
	printf 'node_type_id model_template morphology dynamics_params model_processing\n1 ctdb:Biophys1 cell fit.json aibs_perisomatic\n' \
		>types.csv
	echo '{"networks": {"nodes": [{"nodes_file": "n.h5",
		"node_types_file": "types.csv"}]}}' >sim.json
	is "$(settings --config sim.json --node-type 1)" \
		"celsius 34, v_init -78 mV, dt 0.025 ms, nseg rule keep, 10 sections, 40 segments"
	is "$(settings --swc cell.swc --fit fit.json)" \
		"celsius 20, v_init -78 mV, dt 0.025 ms, nseg rule keep, 10 sections, 40 segments"
}

@test "the same number in two files of types has to be told apart" {
	cp "$BATS_TEST_DIRNAME/data/cell.hoc" .
	for n in a b; do
		printf 'node_type_id model_template\n100 hoc:Cell\n' >$n.csv
	done
	cat >c.json <<-'END'
	{"components": {"templates_dir": "."}, "networks": {"nodes": [
	 {"nodes_file": "a.h5", "node_types_file": "a.csv"},
	 {"nodes_file": "b.h5", "node_types_file": "b.csv"}]}}
	END
	misused "--node-type: '100' is none of those of cells: a.csv:100 (hoc:Cell), b.csv:100 (hoc:Cell)" \
		--config c.json --node-type 100
	clamp --config c.json --node-type b.csv:100 >/dev/null
}

@test "what BMTK gives a hoc cell: dL, and params for its template" {
	mkdir -p t fits
	# shellcheck disable=SC2016  # hoc's arguments
	sed 's/Vinit = -65/Vinit = -$1/' \
		"$BATS_TEST_DIRNAME/data/cell.hoc" >t/cell.hoc
	echo '{"params": [62, 3]}' >fits/p.json
	printf 'node_type_id model_template dynamics_params\n1 hoc:Cell p.json\n' \
		>types.csv
	cat >c.json <<-'END'
	{"run": {"tstop": 9}, "components": {"templates_dir": "t",
	  "biophysical_neuron_models_dir": "fits", "mechanisms_dir": "fits"},
	 "networks": {"nodes": [{"nodes_file": "n.h5",
	  "node_types_file": "types.csv"}]}}
	END
	is "$(settings --config c.json --node-type 1)" \
		"celsius 16, v_init -62 mV, dt 0.1 ms, nseg rule dL, 3 sections, 15 segments"
	is "$(settings --config c.json --node-type 1 --nseg-rule keep)" \
		"celsius 16, v_init -62 mV, dt 0.1 ms, nseg rule keep, 3 sections, 7 segments"
	sed -i 's/"tstop": 9/"dL": null, "dt": 0.05/' c.json
	is "$(settings --config c.json --node-type 1)" \
		"celsius 16, v_init -62 mV, dt 0.05 ms, nseg rule keep, 3 sections, 7 segments"
	run --separate-stderr clamp --config c.json --node-type 1
	is "$stderr" "cell-clamp: fits: no mod files"
	clamp --hoc t/cell.hoc --template 'Cell(62, 3)' --nseg-rule keep >a
	is "$(sed -n 2p a | cut -d, -f2)" -62
	rm fits/p.json
	bad "fits/p.json: No such file or directory" --config c.json --node-type 1
	sed -i 's/"mechanisms_dir": "fits"/"mechanisms_dir": 5/' c.json
	bad "c.json: components.mechanisms_dir is not a text" --config c.json \
		--node-type 1
}

@test "a template's name in a table of types is no program" {
	cat >types.csv <<-'END'
	node_type_id,model_template
	1,"hoc:x"") system(""touch pwned"") printf("""
	END
	cat >c.json <<-'END'
	{"components": {"templates_dir": "."}, "networks": {"nodes": [
	 {"nodes_file": "n.h5", "node_types_file": "types.csv"}]}}
	END
	bad "types.csv: node type 1: model_template is not a name in hoc: 'hoc:x\") system(\"touch pwned\") printf(\"'" \
		--config c.json --node-type 1
	[ ! -e pwned ]
}

same() { # a model that says all itself, as NEURON's run() has it
	nrn <<-END | grep -v '^Changed dt' >theirs
	{load_file("stdrun.hoc")}
	{load_file("$1")}
	access soma
	objref stimulus, volts
	stimulus = new IClamp(0.5)
	stimulus.amp = 0.05
	stimulus.del = 1
	stimulus.dur = 5
	volts = new Vector()
	{volts.record(&v(0.5))}
	tstop = 8
	run()
	for i = 0, volts.size() - 1 printf("%.17g\n", volts.x[i])
	END
	clamp --hoc "$1" 2>err | tail -n +2 | cut -d, -f2 |
		awk '{ printf "%.17g\n", $1 }' | cmp - theirs
}

@test "what a model does by itself is as in NEURON's own run" {
	patch 'x = -54
	proc init() {
		el_hh = x
		finitialize(v_init)
	}'
	same patch.hoc
	patch 'proc advance() {
		fadvance()
		soma.v(0.5) = soma.v(0.5) + 0.01
	}'
	same patch.hoc
	patch 'steps_per_ms = 100'
	same patch.hoc
	is "$(settings --hoc patch.hoc | cut -d, -f3)" " dt 0.01 ms"
	patch 'objref noise, source
	noise = new Random(3)
	{noise.normal(0, 0.01)}
	soma source = new IClamp(0.5)
	source.dur = 1e9
	{noise.play(&source.amp)}'
	same patch.hoc
	is "$(cat err)" "cell-clamp: the model has its own: 1 IClamp"
}

@test "what a model's init() changes is said" {
	patch 'proc init() {
		celsius = 20
		finitialize(v_init)
	}'
	run --separate-stderr clamp --hoc patch.hoc
	is "$stderr" "cell-clamp: the model's init() makes celsius 20, not 10"
	patch 'proc init() {
		dt = 0.1
		finitialize(v_init)
	}'
	bad "the model's init() makes dt 0.1, not 0.025: say --dt 0.1" \
		--hoc patch.hoc
	clamp --hoc patch.hoc --dt 0.1 >/dev/null
	patch 'proc init() {
		gnabar_hh = 0.1
		finitialize(v_init)
	}'
	run --separate-stderr clamp --hoc patch.hoc --set soma.gnabar_hh=0.2
	is "$stderr" "cell-clamp: --set: soma.gnabar_hh=0.2: the model begins with 0.1"
}

# NEURON goes on with the file that loads it.
@test "a file that a model loads is wrong, or not there" {
	mkdir sub
	printf 'celsius = 20\nv_init = -60\ncreate soma\n{load_file("b.hoc")}\n' \
		>sub/a.hoc
	run --separate-stderr clamp --hoc sub/a.hoc
	is "$stderr" "cell-clamp: sub/a.hoc:4: Couldn't find: b.hoc: '{load_file(\"b.hoc\")}'"
	[ "$status" -eq 0 ]
	run --separate-stderr clamp --hoc sub/a.hoc --strict
	is "$stderr" "cell-clamp: sub/a.hoc:4: Couldn't find: b.hoc: '{load_file(\"b.hoc\")}'"
	[ "$status" -eq 1 ] && [ -z "$output" ]
	echo 'x = = 3' >sub/b.hoc
	run --separate-stderr clamp --hoc sub/a.hoc
	is "$stderr" "cell-clamp: b.hoc:1: syntax error: 'x = = 3'"
	[ "$status" -eq 0 ]
	run --separate-stderr clamp --hoc sub/a.hoc --strict
	is "$stderr" "cell-clamp: b.hoc:1: syntax error: 'x = = 3'"
	[ "$status" -eq 1 ] && [ -z "$output" ]
	echo 'x = 3' >sub/b.hoc
	clamp --hoc sub/a.hoc >/dev/null
	clamp --hoc sub >/dev/null # b.hoc, once
}

@test "--set where it cannot be, or makes no sense" {
	misused "--set: neither 'section.parameter' nor a number of NEURON's: 'Ra'" \
		"${cell[@]}" --set Ra=7
	bad "soma: L cannot be 0" "${cell[@]}" --set soma.L=0
	bad "soma: diam cannot be -5" "${cell[@]}" --set soma.diam=-5
	bad "dend[0]: Ra cannot be 0" "${cell[@]}" --set dend.Ra=0
	bad "soma: nseg is not a number from 1 to 32767: 4.7" "${cell[@]}" \
		--set soma.nseg=4.7
	printf 'name,value\nsoma.L,3\nfoo.g,1\n' >p
	misused "p:3: no section 'foo'; there are: soma, dend[0], dend[1]" \
		"${cell[@]}" --params p
}

@test "a rule for nseg looks at what was set, and a set nseg goes before it" {
	is "$(settings "${cell[@]}" --nseg-rule allen --set dend.L=300 \
		--set soma.nseg=5 | grep -o '[0-9]* segments')" "35 segments"
}

@test "the sections of an object at top level go by their own names" {
	printf 'objref mine\nmine = new Cell()\nv_init = -61\n' |
		cat "$BATS_TEST_DIRNAME/data/cell.hoc" - >c.hoc
	clamp --hoc c.hoc --set 'dend[1].g_pas=1e-3' --record soma |
		cmp - <(clamp "${cell[@]}" --set 'dend[1].g_pas=1e-3' --v-init -61)
}

@test "a section of an object in the cell is set by its whole name" {
	sed '/^objref all/s/$/, leaf/; s/^	membrane.*//
		s/^	all = new SectionList()/	leaf = new Leaf()\n	connect leaf.tip(0), dend[1](1)\n&/' \
		"$BATS_TEST_DIRNAME/data/cell.hoc" >outer
	printf 'begintemplate Leaf\npublic tip\ncreate tip\nproc init() { tip { L = 50 diam = 1 insert pas } }\nendtemplate Leaf\n' |
		cat - outer >c.hoc
	clamp --hoc c.hoc --template Cell >a
	clamp --hoc c.hoc --template Cell --set 'Leaf[0].tip.g_pas=0.1' >b
	differ a b
}

@test "--call may build the cell" {
	# shellcheck disable=SC2016  # hoc's arguments
	printf 'celsius = 20\nv_init = -60\nbegintemplate B\npublic build, soma\ncreate soma\nproc init() { }\nproc build() { create soma\n soma { L = $1 insert hh } }\nendtemplate B\n' \
		>b.hoc
	clamp --hoc b.hoc --template B --call 'build(20)' >a
	clamp --hoc b.hoc --template B --call 'build(30)' >b
	differ a b
}

@test "quit() in init() leaves no file behind" {
	patch 'proc init() { quit() }'
	bad "the model called quit()" --hoc patch.hoc -o out --spikes s
	[ ! -e out ] && [ ! -e s ]
	is "$(find . -name 's.*' -o -name 'out.*')" ""
}

@test "what is wrong with a model is said in one line" {
	bad "no.hoc: No such file or directory" --hoc no.hoc
	printf 'x = 3\ny = = 4\n' >syntax.hoc
	bad "syntax.hoc:2: syntax error: 'y = = 4'" --hoc syntax.hoc
	printf 'create soma\nsoma insert nax\n' >missing.hoc
	bad "missing.hoc:2: nax is not a MECHANISM: 'soma insert nax'; --mechanisms names the folder of its mod file" \
		--hoc missing.hoc
	echo 'quit()' >quit.hoc
	bad "the model called quit()" --hoc quit.hoc
	echo 'x = 1' >empty.hoc
	bad "empty.hoc: no sections" --hoc empty.hoc
	printf 'create soma\nobjref o\no.x()\n' >nil.hoc
	run --separate-stderr clamp --hoc nil.hoc
	[[ ${stderr_lines[-1]} == "cell-clamp: nil.hoc:"* ]]
	[ "$status" -eq 1 ]
}

# shellcheck disable=SC2016  # nothing is to be run
@test "names of files are data" {
	mkdir 'a "b" \c'
	cp "$BATS_TEST_DIRNAME/data/cell.hoc" 'a "b" \c/x`touch y`%s.hoc'
	clamp --hoc 'a "b" \c/x`touch y`%s.hoc' --template Cell |
		cmp - <(clamp "${cell[@]}")
	[ ! -e y ]
	cp "$BATS_TEST_DIRNAME/data/cell.hoc" $'line\nbreak.hoc'
	run --separate-stderr clamp --hoc $'line\nbreak.hoc'
	[ "$status" -eq 1 ] && [ "${#stderr_lines[@]}" -eq 1 ]
}

@test "LIBNRNIV names another NEURON; without any, that is said" {
	LIBNRNIV=/usr/lib/nrn/libnrniv.so clamp "${cell[@]}" |
		cmp - <(clamp "${cell[@]}")
	export LIBNRNIV=/nowhere/libnrniv.so
	run --separate-stderr clamp "${cell[@]}"
	[[ $stderr == "cell-clamp: LIBNRNIV: /nowhere/libnrniv.so: "* ]]
	[ "$status" -eq 1 ]
}

@test "no tool is linked with NEURON or MPI" {
	for tool in $TOOLS; do
		ldd "$(command -v "$tool")" | grep -E 'libnrniv|libmpi' && return 1
	done
	true
}
