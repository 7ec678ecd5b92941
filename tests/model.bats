# How the tools of cells come to their cell: the options they all have, by
# cell-clamp, and what they say when something is wrong with a model.
bats_require_minimum_version 1.5.0
load cells.sh

cell=("--hoc" "$BATS_TEST_DIRNAME/data/cell.hoc" --template Cell)

setup() { cd "$BATS_TEST_TMPDIR" || return; }

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
	misused "no cell: neither --hoc nor --config"
	misused "--hoc and --config exclude each other" --hoc a --config b
	misused "--template and --config exclude each other" --config b \
		--template T
	misused "--config and --node-type need each other" --config b
	misused "--config and --node-type need each other" --hoc b --node-type 1
	misused "--template: not a name: 'a; quit()'" --hoc b \
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
	misused "--dt: not from 1e-6 to 10 ms: 0" --hoc patch.hoc --dt 0
	misused "--celsius: no temperature: -300" --hoc patch.hoc --celsius -300
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
	misused "--nseg-rule: 'x' is none of keep, allen, dlambda" --hoc patch.hoc \
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
	misused "--set: no 'gx' in soma; there are: L, Ra, nseg, diam, cm, ena, nai, nao, ek, ki, ko, gnabar_hh, gkbar_hh, gl_hh, el_hh" \
		"${cell[@]}" --set soma.gx=1
	misused "--set: no section 'axon.L'; there are: soma, dend[0], dend[1]" \
		"${cell[@]}" --set axon.L=1
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
	misused "--template: no 'Cel'; there are: Cell" \
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
		"celsius 30.5, v_init -70 mV, dt 0.05 ms, nseg rule keep, 3 sections, 7 segments"
	clamp --config sim.json --node-type types.csv:100 |
		cmp - <(clamp "${cell[@]}" --celsius 30.5 --v-init -70 --dt 0.05)
	misused "--node-type: '7' is none of those of hoc cells: types.csv:100 (hoc:Cell)" \
		--config sim.json --node-type 7
	bad "network/types.csv: node type 101: model_template is not 'hoc:...': 'ctdb:Biophys1.hoc'" \
		--config sim.json --node-type 101
	sed -i 's/30.5/"warm"/' sim.json
	bad "sim.json: conditions.celsius is not a number" --config sim.json \
		--node-type 100
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
	misused "--node-type: '100' is none of those of hoc cells: a.csv:100 (hoc:Cell), b.csv:100 (hoc:Cell)" \
		--config c.json --node-type 100
	clamp --config c.json --node-type b.csv:100 >/dev/null
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
	printf 'celsius = 20\nv_init = -60\ncreate soma, axon\n' >roots.hoc
	bad "more than one root section: soma, axon" --hoc roots.hoc
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
