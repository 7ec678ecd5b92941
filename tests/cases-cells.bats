# Cells that tools of cells once had wrong numbers of, or refused.  The reference
# is NEURON itself: a plain hoc script that calls run(), and has to give the same
# doubles.
#
# shellcheck disable=SC2016,SC2034 # hoc's arguments; what common.bash uses
load common.bash
load cells.sh

tool='cell-clamp'

clamp() { # a short run
	cell-clamp --amp 100 --delay 1 --dur 5 --tstop 8 "$@"
}

by_nrniv() { # what comes before the run, arguments of nrniv: its samples
	nrn "${@:2}" <<-END 2>nrniv.err
	{load_file("stdrun.hoc")}
	$1
	objref stimulus, volts
	stimulus = new IClamp(0.5)
	stimulus.amp = ${amp:-0.1}
	stimulus.del = ${delay:-1}
	stimulus.dur = ${dur:-5}
	volts = new Vector()
	{volts.record(&v(0.5))}
	v_init = -64
	tstop = ${tstop:-8}
	run()
	for i = 0, volts.size() - 1 printf("v %.17g\n", volts.x[i])
	END
}

volts() { # of a table, as NEURON prints them
	tail -n +2 | cut -d, -f2 | awk '{ printf "v %.17g\n", $1 }'
}

same() { # a model at top level, arguments: the run of nrniv
	by_nrniv "{load_file(\"$1\")}
	access soma" | grep '^v ' >theirs
	clamp --hoc "$1" "${@:2}" 2>err | volts >ours
	[ "$(wc -l <ours)" -gt 300 ]
	cmp ours theirs
}

says() { # a line that is among those that were said
	grep -qxF "cell-clamp: $1" err || fail "$(cat err)"
}

model() { # what is said besides of a soma and a dendrite
	cat >cell.hoc <<-END
	celsius = 10
	v_init = -64
	create soma, dend
	soma { L = 20 diam = 20 nseg = 3 insert hh }
	dend { L = 100 diam = 2 nseg = 5 insert pas }
	{connect dend(0), soma(1)}
	access soma
	$*
	END
}

# ---- What a model keeps the address of stays where it is ----

keeps() { # a current by the address of another segment's voltage
	mkdir -p mod
	cat >mod/keeps.mod <<-'END'
	NEURON { SUFFIX keeps  NONSPECIFIC_CURRENT i  RANGE g, i }
	PARAMETER { g = 1e-4 }
	ASSIGNED { v  i }
	VERBATIM
	static double *kept;
	extern double *hoc_pgetarg(int);
	ENDVERBATIM
	BREAKPOINT {
	VERBATIM
		i = kept ? g * (v - *kept) : 0;
	ENDVERBATIM
	}
	PROCEDURE look() {
	VERBATIM
		kept = hoc_pgetarg(1);
	ENDVERBATIM
	}
	END
}

@test "a VERBATIM block keeps the address of a voltage" {
	keeps
	cat >pair.hoc <<-'END'
	begintemplate Pair
	public soma, dend
	create soma, dend
	proc init() {
		create soma, dend
		soma { L = 20 diam = 20 nseg = 3 insert hh insert keeps }
		dend { L = 20 diam = 20 nseg = 3 insert hh }
		connect dend(0), soma(1)
		soma look_keeps(&dend.v(.8))
	}
	endtemplate Pair
	END
	lib=$(mechanisms-check mod)
	amp=0.3 delay=5 dur=50 tstop=60 by_nrniv "{nrn_load_dll(\"$lib\")}
	{load_file(\"pair.hoc\")}
	objref cell
	cell = new Pair()
	access cell.soma" | grep '^v ' >theirs
	pair=(--hoc pair.hoc --mechanisms mod --template Pair --v-init -64)
	cell-clamp "${pair[@]}" --amp 300 --delay 5 --dur 50 --tstop 60 \
		--spikes s >table
	volts <table | cmp - theirs
	is "$(tail -n +2 s | wc -l)" 4
	cell-clamp "${pair[@]}" --amp 300,400 --delay 5 --dur 50 --tstop 60 \
		--spikes t >/dev/null
	is "$(grep -c '^300,' t)" 4
	is "$(fi-sweep "${pair[@]}" --amps 300 --delay 5 --dur 50 |
		sed -n 2p | cut -d, -f2)" 4
}

@test "pictures, pointers and players of a model see what they saw" {
	model 'objref shape
	shape = new PlotShape()'
	same cell.hoc
	model 'objref g, ranges
	g = new Graph()
	{g.addvar("v", &soma.v(0.5))}
	{graphList[0].append(g)}
	ranges = new RangeVarPlot("v")
	{ranges.begin(0) ranges.end(1)}'
	same cell.hoc
	model 'objref played, times, stim
	soma stim = new IClamp(0.2)
	stim.dur = 1e9
	played = new Vector(100)
	{played.indgen(0, 0.001)}
	{played.play(&stim.amp, 0.1)}'
	same cell.hoc
	model 'objref c, g, y, y0, b, sl, xvec, lm
	c = new Matrix(1, 1, 2)
	g = new Matrix(1, 1)
	{g.x[0][0] = 0.001}
	y = new Vector(1)
	b = new Vector(1)
	soma lm = new LinearMechanism(c, g, y, b, 0.5)'
	same cell.hoc
	model 'soma insert extracellular'
	same cell.hoc
	model 'objref noise, stim
	soma stim = new IClamp(0.2)
	stim.dur = 1e9
	noise = new Random(3)
	{noise.normal(0, 0.01)}
	{noise.play(&stim.amp)}'
	same cell.hoc
}

# ---- What NEURON's run() calls ----

@test "a model's own stdinit() is called, as by run()" {
	model 'proc stdinit() {
		realtime = 0
		setdt()
		init()
		initPlot()
		soma.el_hh = -60
	}'
	same cell.hoc
	model
	clamp --hoc cell.hoc 2>/dev/null | volts | cmp -s - theirs && fail same
	model 'proc initPlot() { soma.el_hh = -60 }'
	same cell.hoc
	model 'proc setdt() { soma.el_hh = -60 }'
	same cell.hoc
}

@test "a model's own continuerun(), step() and Plot() are called" {
	model 'proc continuerun() {
		soma.el_hh = -60
		while (t < $1 - dt / 2) fadvance()
	}'
	same cell.hoc
	same cell.hoc --settle 0
	model 'proc step() {
		advance()
		soma.el_hh = soma.el_hh + 0.01
	}'
	same cell.hoc
	model 'proc Plot() { soma.el_hh = soma.el_hh + 0.01 }'
	same cell.hoc
	model 'begintemplate Watch
	public view_count, begin, plot, flush, fastflush
	external soma
	func view_count() { return 1 }
	proc begin() { }
	proc plot() { soma.el_hh = soma.el_hh + 0.01 }
	proc flush() { }
	proc fastflush() { }
	endtemplate Watch
	{graphList[0].append(new Watch())}'
	same cell.hoc
}

@test "several amplitudes of a model with its own step() are runs of their own" {
	model 'proc step() {
		advance()
		soma.el_hh = soma.el_hh + 0.01
	}
	proc init() {
		soma.el_hh = -54.3
		finitialize(v_init)
	}'
	same cell.hoc
	clamp --hoc cell.hoc --amp 50,100 2>/dev/null | grep '^100,' |
		cut -d, -f2- | sed 1i\\header | volts | cmp - theirs
	run --separate-stderr cell-zap --hoc cell.hoc --dur 10
	is "$stderr" "cell-zap: the model's own way to run goes with steps of current only"
	[ "$status" -eq 1 ]
}

@test "a model's tstop is that of the run" {
	model 'proc init() {
		soma.el_hh = -60 + tstop
		finitialize(v_init)
	}'
	same cell.hoc
}

@test "a model's own run() is not called, which is said" {
	model 'proc run() { stdinit() soma.el_hh = 0 continuerun(tstop) }'
	clamp --hoc cell.hoc 2>err >own
	says "the model's own run() is not called, but what NEURON's calls: stdinit() and continuerun()"
	model
	clamp --hoc cell.hoc | cmp - own
}

@test "a model's stoprun is passed over, which is said" {
	model 'proc advance() {
		fadvance()
		if (t > 3) stoprun = 1
	}'
	clamp --hoc cell.hoc 2>err >stopped
	says "the model sets stoprun before 8 ms: the run goes on"
	model
	clamp --hoc cell.hoc | cmp - stopped
}

# ---- What is undone is said ----

@test "a model's cvode_active(1) is undone, which is said" {
	model
	clamp --hoc cell.hoc >fixed 2>/dev/null
	for how in '{cvode_active(1)}' '{cvode.active(1)}' '{cvode_local(1)}'; do
		model "$how"$'\n{cvode.atol(1e-4)}'
		clamp --hoc cell.hoc 2>err | cmp - fixed
		is "$(cat err)" "cell-clamp: the model's cvode_active(1) is undone: steps are fixed unless a tool is given --cvode"
	done
	model 'proc init() {
		cvode_active(1)
		finitialize(v_init)
	}'
	run --separate-stderr clamp --hoc cell.hoc
	[ "$status" -eq 1 ] && [ -z "$output" ]
	is "$stderr" "cell-clamp: the model's init() turns CVODE on: say --cvode"
}

@test "a model's threads are undone, which is said" {
	model 'objref pc
	pc = new ParallelContext()
	{pc.nthread(3)}'
	clamp --hoc cell.hoc --amp 0,100 2>err | grep '^100,' | cut -d, -f2- >got
	is "$(cat err)" "cell-clamp: the model's 3 threads are one here"
	model
	clamp --hoc cell.hoc | tail -n +2 | cmp - got
	model 'objref pc
	pc = new ParallelContext()
	proc init() {
		pc.nthread(2)
		finitialize(v_init)
	}'
	bad "the model's init() makes threads, which are one here" --amp 0,100 \
		--hoc cell.hoc
}

@test "--dt goes before a model's steps_per_ms" {
	model 'steps_per_ms = 10'
	same cell.hoc
	clamp --hoc cell.hoc --dt 0.05 2>err >got
	is "$(cat err)" ""
	is "$(sed -n 3p got | cut -d, -f1)" 0.05
	model 'dt = 0.05
	steps_per_ms = 20'
	clamp --hoc cell.hoc | cmp - got
}

@test "--cvode leaves a model's own advance() to continuerun()" {
	model
	clamp --hoc cell.hoc --cvode 1e-3 >all
	head -n -1 all >plain # the end is an event, at which CVODE steps anew
	model 'steps = 0
	proc advance() {
		fadvance()
		steps += 1
	}'
	clamp --hoc cell.hoc --cvode 1e-3 | head -n -1 | cmp - plain
	model 'proc advance() {
		fadvance()
		if (t > 3) soma.el_hh = -50
	}'
	clamp --hoc cell.hoc --cvode 1e-3 >own
	run ! cmp -s own all
}

# ---- Models that NEURON takes ----

@test "NEURON's own library is found by its name" {
	cat >c.hoc <<-'END'
	begintemplate C
	public soma
	create soma
	objref reader
	proc init() {
		reader = new Import3d_SWC_read()
		soma { L = 20 diam = 20 insert hh }
	}
	endtemplate C
	END
	clamp --hoc import3d.hoc --hoc c.hoc --template C 2>/dev/null >got
	is "$(wc -l <got)" 322
	run --separate-stderr clamp --hoc c.hoc --template C
	is "${stderr_lines[0]}" "cell-clamp: c.hoc:6: Import3d_SWC_read is not a template: 'reader = new Import3d_SWC_read()'; --hoc import3d.hoc, before the others, loads NEURON's own"
	[ "$status" -eq 1 ]
	mkdir lib
	mv c.hoc lib/mine.hoc
	HOC_LIBRARY_PATH=$PWD/lib clamp --hoc import3d.hoc --hoc mine.hoc \
		--template C 2>/dev/null | cmp - got
	bad "nosuch.hoc: No such file or directory" \
		--amp 1 --hoc nosuch.hoc
	bad "lib/nosuch.hoc: No such file or directory" --amp 1 \
		--hoc lib/nosuch.hoc
	# BMTK loads import3d.hoc before all templates.
	printf 'node_type_id model_template\n1 hoc:C\n' >types.csv
	cat >c.json <<-'END'
	{"components": {"templates_dir": "lib"}, "networks": {"nodes": [
	 {"nodes_file": "n.h5", "node_types_file": "types.csv"}]}}
	END
	clamp --config c.json --node-type 1 2>/dev/null | cmp - got
}

@test "a template that needs arguments is named" {
	# shellcheck disable=SC2016  # hoc's arguments
	printf 'begintemplate D\npublic soma\ncreate soma\nproc init() { soma.L = $1 }\nendtemplate D\n' >d.hoc
	bad "NEURON: init not enough arguments; --template 'D(args)' gives them to its init()" \
		--amp 1 --hoc d.hoc --template D
	bad "NEURON: init not enough arguments; --template 'D(args)' gives them to its init()" \
		--amp 1 --hoc d.hoc --template 'D()'
	clamp --hoc d.hoc --template 'D(30)' >/dev/null
}

@test "several cells at top level run where the sites are named" {
	cat >two.hoc <<-'END'
	celsius = 10
	v_init = -64
	create a, b
	a { L = 20 diam = 20 insert hh }
	b { L = 30 diam = 20 insert pas }
	END
	by_nrniv '{load_file("two.hoc")}
	access a' | grep '^v ' >theirs
	clamp --hoc two.hoc --inject 'a(0.5)' --record 'a(0.5)' | volts |
		cmp - theirs
	misused "--inject names the site where there are several root sections: a, b" \
		--amp 1 --hoc two.hoc
	misused "--record names the site where there are several root sections: a, b" \
		--amp 1 --hoc two.hoc --inject 'a(0.5)'
	is "$(cell-info --hoc two.hoc | cut -d, -f1 | sort -u | xargs)" \
		"a b section"
	is "$(cell-info --hoc two.hoc --tree | cut -d: -f1 | xargs)" "a b"
	fi-sweep --hoc two.hoc --amps 0 --inject b --record b >/dev/null
}

@test "what NEURON goes on after is a warning; --strict ends" {
	cat >cell.hoc <<-'END'
	celsius = 10
	v_init = -64
	FARADAY = 96520
	R = 8.3
	{load_file("nowhere.hoc")}
	create soma
	soma { L = 20 diam = 20 insert hh }
	END
	same cell.hoc
	says "cell.hoc:3: Assignment to modern physical constant FARADAY: 'FARADAY = 96520'"
	says "cell.hoc:5: Couldn't find: nowhere.hoc: '{load_file(\"nowhere.hoc\")}'"
	bad "cell.hoc:3: Assignment to modern physical constant FARADAY: 'FARADAY = 96520'" \
		--amp 1 --hoc cell.hoc --strict
	for tool in cell-info cell-impedance cell-zap fi-sweep; do
		bad "cell.hoc:3: Assignment to modern physical constant FARADAY: 'FARADAY = 96520'" \
			--hoc cell.hoc --strict
	done
	# What NEURON stops at ends the tool, after what went before.
	printf 'FARADAY = 96520\nx = = 3\n' >cell.hoc
	run --separate-stderr clamp --hoc cell.hoc
	is "$stderr" "cell-clamp: cell.hoc:1: Assignment to modern physical constant FARADAY: 'FARADAY = 96520'
cell-clamp: cell.hoc:2: syntax error: 'x = = 3'"
	[ "$status" -eq 1 ]
}

# ---- Nothing is lost, nothing is run ----

@test "--spikes /dev/stdout is the standard output" {
	model
	cell=(--hoc cell.hoc --amp 300)
	clamp "${cell[@]}" --spikes s >/dev/null
	[ "$(wc -l <s)" -gt 1 ]
	clamp "${cell[@]}" -o /dev/null --spikes /dev/stdout | cmp - s
	clamp "${cell[@]}" -o table --spikes /dev/stdout | cmp - s
	clamp "${cell[@]}" --spikes /dev/fd/3 3>fd >/dev/null
	cmp fd s
}

@test "a name of a hoc file runs nothing" {
	model
	mkdir d
	cp cell.hoc 'd/a", system("touch PWN"), ".hoc'
	bad "d/a\", system(\"touch PWN\"), \".hoc: hoc cannot have names with a quote, a '\\', a line break or '\$('" \
		--amp 1 --hoc d
	bad "d/a\", system(\"touch PWN\"), \".hoc: hoc cannot have names with a quote, a '\\', a line break or '\$('" \
		--amp 1 --hoc 'd/a", system("touch PWN"), ".hoc'
	is "$(find . -name PWN)" ""
	rm d/*
	cp cell.hoc 'd/a\.hoc'
	run --separate-stderr clamp --hoc d
	[[ $stderr == "cell-clamp: d/a\\.hoc: hoc cannot have names with "* ]]
	[ "$status" -eq 1 ]
	bad "$(printf '%01000d' 1): too long a name for hoc" --amp 1 \
		--hoc "$(printf '%01000d' 1)"
}

@test "what is not a regular file is not waited for" {
	model
	keeps
	mkdir d
	ln -s /dev/zero d/a.hoc
	bad "d/a.hoc: not a regular file" --amp 1 --hoc d
	rm d/a.hoc
	mkfifo d/a.hoc
	bad "d/a.hoc: not a regular file" --amp 1 --hoc d
	bad "d/a.hoc: not a regular file" --amp 1 --hoc d/a.hoc
	bad "/dev/zero: not a regular file" --amp 1 --hoc /dev/zero
	clamp --hoc <(cat cell.hoc) | cmp - <(clamp --hoc cell.hoc)
	mkfifo mod/pipe.mod
	bad "mod/pipe.mod: not a regular file" --amp 1 --hoc cell.hoc \
		--mechanisms mod
	rm mod/pipe.mod
	ln -s /dev/zero mod/zero.mod
	bad "mod/zero.mod: not a regular file" --amp 1 --hoc cell.hoc \
		--mechanisms mod
	rm mod/zero.mod
	mkfifo mod/pipe.inc
	echo 'INCLUDE "pipe.inc"' >>mod/keeps.mod
	bad "mod/pipe.inc: not a regular file" --amp 1 --hoc cell.hoc \
		--mechanisms mod
}

@test "a compiled library that is damaged is made anew" {
	export XDG_CACHE_HOME=$PWD/cache
	model
	keeps
	clamp --hoc cell.hoc --mechanisms mod >good
	entry=$(echo cache/bmutils/mechanisms/*)
	cp -a "$entry" whole
	for damage in 'truncate -s 5000' 'truncate -s 0' 'cp /bin/true' rm \
		'sed -i s/keeps/lost_/' 'ln -sf nowhere'; do
		rm -rf cache/bmutils/mechanisms/*
		cp -a whole "$entry"
		$damage "$entry/mechanisms.so"
		clamp --hoc cell.hoc --mechanisms mod 2>err | cmp - good
		is "$(cat err)" ""
	done
	for damage in 'truncate -s 7' rm 'ln -sf /dev/zero' 'ln -sf nowhere'; do
		rm -rf cache/bmutils/mechanisms/*
		cp -a whole "$entry"
		$damage "$entry/sources"
		clamp --hoc cell.hoc --mechanisms mod | cmp - good
	done
	rm -rf cache/bmutils/mechanisms/*
	ln -s nowhere "$entry"
	clamp --hoc cell.hoc --mechanisms mod | cmp - good
	rm -rf cache/bmutils/mechanisms/*
	: >"$entry"
	clamp --hoc cell.hoc --mechanisms mod | cmp - good
}

@test "cell.mk draws the rest where the exact impedance is impossible" {
	unset MAKEFLAGS MAKELEVEL
	model 'objref c, g, y, b, lm
	c = new Matrix(1, 1, 2)
	g = new Matrix(1, 1)
	{g.x[0][0] = 0.0001}
	y = new Vector(1)
	b = new Vector(1)
	soma lm = new LinearMechanism(c, g, y, b, 0.5)'
	make -f "$root/pipelines/cell.mk" HOC=cell.hoc SETTLE=20 CLAMP=300 \
		STEP=-20 AMPS=0:200:100 JOBS=1 OUT=out >log 2>&1 || fail "$(cat log)"
	is "$(cd out && echo *.svg)" \
		"clamp.svg features.svg fi.svg impedance.svg passive.svg zap.svg"
	grep -q "cell-impedance: NEURON's Impedance cannot take a LinearMechanism in" log
	is "$(wc -l <out/exact.csv)" 1
	# Nor does what cannot be drawn at all keep the rest from it.
	run make -f "$root/pipelines/cell.mk" HOC=cell.hoc SETTLE=20 CLAMP=0 \
		STEP=0 AMPS=0:200:100 ZAP=500 JOBS=1 OUT=none
	[ "$status" -eq 0 ]
	[[ $output == *"cell.mk: left out: impedance.svg, impedance.csv, exact.csv: zap-impedance: "* ]]
	for name in clamp zap 'fi'; do
		[ -s none/$name.svg ]
	done
}

@test "cell.mk takes the sites of several cells at top level" {
	unset MAKEFLAGS MAKELEVEL
	printf '%s\n' 'create a, b' 'forall { L=20 diam=20 insert hh }' >two.hoc
	make -f "$root/pipelines/cell.mk" HOC=two.hoc SETTLE=20 CLAMP=300 \
		STEP=-20 AMPS=0:200:100 JOBS=1 OUT=out INJECT='b(0.5)' \
		RECORD='b(0.5)' CELSIUS=6.3 V_INIT=-65 >log 2>&1 || fail "$(cat log)"
	is "$(cd out && echo *.svg)" \
		"clamp.svg features.svg fi.svg impedance.svg passive.svg zap.svg"
}

@test "several tools find a damaged library at a time" {
	export XDG_CACHE_HOME=$PWD/cache
	model
	keeps
	clamp --hoc cell.hoc --mechanisms mod >good
	truncate -s 5000 cache/bmutils/mechanisms/*/mechanisms.so
	for i in 1 2 3; do
		clamp --hoc cell.hoc --mechanisms mod >got.$i &
	done
	wait
	for i in 1 2 3; do
		cmp got.$i good
	done
}

# ---- What is said ----

@test "progress has a total, where the table goes to a file, too" {
	model
	for tool in 'cell-clamp --amp' 'fi-sweep --amps'; do
		watch log "${tool% *}: [1-9][0-9]* of 10001 amplitudes \\(" \
			"$tool" 0:100:0.01 --hoc cell.hoc -o table
	done
	awk 'BEGIN { print "frequency_Hz"; for (i = 1; i < 1e6; i++) print i }' >f.csv
	watch log2 ' [1-9][0-9]* of 999999 frequencies \(' cell-impedance \
		--frequencies f.csv --hoc cell.hoc -o table
}

@test "--help says what is where -S or --cvode is not given" {
	for t in $TOOLS; do
		man=$(sed -n '/^.It Fl S , /,/^.It/s/^The default is \(.*\)\./\1/p' \
			"$root/man/$t.1")
		is "$("$t" --help | sed -n 's/.*-S, .*(\(.*\))$/\1/p')" "$man"
	done
	for t in cell-clamp cell-impedance fi-sweep; do
		"$t" --help | grep -q -e '--cvode=mV .*(fixed'
	done
}
