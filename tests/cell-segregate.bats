# A cut at -inf gives back the cell's own run, to the last bit; what a cut makes of
# a gate is looked at by NEURON alone.
load common.bash
load cells.sh

head=mechanism,gate,cut_mV,width_mV
run=(--amp 300 --delay 10 --dur 40 --tstop 60)

cuts() { # rows of a table of cuts
	printf '%s\n' "$head" "$@" >cuts.csv
}

alone() { # a cell of one compartment with these mechanisms, in alone.hoc
	cat >alone.hoc <<-END
	celsius = 20
	v_init = -66
	begintemplate Alone
	public soma
	create soma[1]
	proc init() {
		soma { L = 20 diam = 20 insert pas $(printf 'insert %s ' "$@") }
	}
	endtemplate Alone
	END
	model=(--hoc alone.hoc --template Alone --mechanisms m)
}

# A channel with the parts that are given, in m/ch.mod: its declarations, the
# start, what is in BREAKPOINT, the equations, and what follows.
channel() {
	mkdir -p m
	cat >m/ch.mod <<-END
	NEURON {
		SUFFIX ch
		USEION k READ ek WRITE ik
		RANGE gbar
	}
	PARAMETER { gbar = 0.003 }
	ASSIGNED { v ek ik ninf ntau }
	${1:-$state}
	INITIAL {
		rates(v)
		${2:-n = ninf}
	}
	BREAKPOINT {
		SOLVE states ${METHOD-METHOD cnexp}
		${3:-ik = gbar * n^4 * (v - ek)}
	}
	${KIND-DERIVATIVE} states {
		rates(v)
		${4:-$moves}
	}
	${5:-$rates}
	END
	alone ch
}

state='STATE { n }'
moves="n' = (ninf - n) / ntau"
rates='PROCEDURE rates(v) {
	ninf = 1 / (1 + exp(-(v + 40) / 9))
	ntau = 1 + 4 * exp(-((v + 50) / 30)^2)
}'

traces() { # of the cell in $model and of what was made of it in out
	local name=${model[3]}

	cell-clamp "${model[@]}" "${run[@]}" >before.csv
	cell-clamp --mechanisms "${model[5]}" --mechanisms out \
		--hoc "out/${name}Seg.hoc" --template "${name}Seg" \
		"${run[@]}" >after.csv
}

# The compiled code is the same for all widths, and compiling it takes the time: where
# many mechanisms are cut, one width is enough.
restored() { # MECHANISM,GATE ...: cut at -inf, by a step and smoothly, or $widths
	local width

	for width in ${widths-0 5}; do
		cuts "${@/%/,-inf,$width}"
		cell-segregate "${model[@]}" --cuts cuts.csv -o out
		traces
		cmp before.csv after.csv
	done
}

# Nothing is left in the folder for what is on its way.
setup() {
	cd "$BATS_TEST_TMPDIR" || return
	quick_compiler
	mkdir tmp
	export TMPDIR=$PWD/tmp
}

refused() { # MESSAGE [MECHANISM,GATE]: and nothing is left
	cuts "${2:-ch,n},-50,1"
	rm -rf out
	bad "$1" "${model[@]}" --cuts cuts.csv -o out --report r.csv
	[ ! -e out ] && [ ! -e r.csv ]
	is "$(ls -d tmp/* 2>/dev/null)" ''
}

# The steady state and time constant of a state, measured by NEURON's own steps:
# where a state goes from 0 and from 1 in one step of 0.01 ms.
step_of() { # HOC-FILE TEMPLATE STATE V: the state after a step from 0 and from 1
	nrn <<-END
	{load_file("stdrun.hoc")}
	{nrn_load_dll("$library")}
	{load_file("$1")}
	objref c, z
	c = new $2()
	access c.soma
	z = new SEClamp(0.5)
	z.dur1 = 1e9
	z.amp1 = $4
	z.rs = 1e-9
	celsius = 20
	dt = 0.01
	func go() {
		finitialize($4)
		$3 = \$1
		fcurrent()
		fadvance()
		return $3
	}
	{printf("%.15g %.15g\n", go(0), go(1))}
	END
}

# ---- What is given back ----

@test "the demo's cells, cut at -inf" {
	model=("${demo[@]:0:2}" --template Pyramidal "${demo[@]:2}")
	restored nat,m kdr,n km,p ih,m
	[ "$(awk -F, '$2 > 0' before.csv | wc -l)" -gt 0 ]
	model[3]=FastSpiking
	restored naf,m kv3,n
}

@test "NEURON's own demo, cut at -inf, all gates and one" {
	[ -d "$nrn_demo/release" ] || skip "no $nrn_demo/release"
	alone HHna HHk cachan1 cachan capump
	model[5]=$nrn_demo/release
	widths=5 restored HHna,m HHk,n cachan1,S cachan,oca
	widths=0 restored HHna,m
	refused "$nrn_demo/release/mcna.mod:65: 'P' cannot be cut: it is in a KINETIC block" MCna,P
}

@test "the channels of the Allen cells, cut at -inf" {
	alone Ca_HVA Ca_LVA Ih Im Im_v2 K_P K_T Kd Kv2like Kv3_1 NaTa NaTs Nap \
		SK
	model[5]=$root/pipelines/mechanisms
	sed -i 's/insert SK/& gbar_NaTs = 0.1 gbar_Kv3_1 = 0.1 gbar_Nap = 1e-4/' \
		alone.hoc
	widths=0 restored Ca_HVA,m Ca_LVA,m Ih,m Im,m Im_v2,m K_P,m K_T,m Kd,m \
		Kv2like,m Kv3_1,m NaTa,m NaTs,m Nap,minf
}

@test "an Allen cell, from its two files" {
	model=(--swc "$data/allen/cell.swc" --fit "$data/allen/fit.json")
	cell-segregate "${model[@]}" --suggest |
		awk -F, -v OFS=, 'NR > 1 { $3 = "-inf" } 1' >cuts.csv
	[ "$(wc -l <cuts.csv)" -gt 3 ]
	cell-segregate "${model[@]}" --cuts cuts.csv -o out
	cell-clamp "${model[@]}" "${run[@]}" >before.csv
	cell-clamp --mechanisms "$root/pipelines/mechanisms" --mechanisms out \
		--hoc out/Cell_fitSeg.hoc --template Cell_fitSeg "${run[@]}" \
		>after.csv
	cmp before.csv after.csv
}

@test "the order of the mechanisms stays, whatever they are called" {
	channel
	for name in naf nap; do
		sed "s/SUFFIX ch/SUFFIX $name/" m/ch.mod >m/$name.mod
	done
	mv m/ch.mod m/na.mod
	sed -i 's/SUFFIX ch/SUFFIX na/; s/0.003/0.00037/' m/na.mod
	alone na naf nap
	restored na,n
}

# ---- What is cut ----

@test "the steady state is multiplied, and the time constant stays" {
	local v c library
	channel
	for c in -50,0 -50,4; do
		cuts "ch,n,$c"
		cell-segregate "${model[@]}" --cuts cuts.csv -o out
		XDG_CACHE_HOME=$PWD/cache$c cell-info --mechanisms m \
			--mechanisms out --hoc out/AloneSeg.hoc \
			--template AloneSeg >/dev/null
		library=$(ls "$PWD/cache$c"/bmutils/mechanisms/*/*.so)
		for v in -80 -60.5 -49.5 -20; do
			step_of alone.hoc Alone n_ch $v >steps
			step_of out/AloneSeg.hoc AloneSeg n_chseg $v >>steps
			awk -v v=$v -v cut=-50 -v w="${c#*,}" '
				{ inf[NR] = $1 / ($1 + 1 - $2); rest[NR] = $2 - $1 }
				END {
					s = w > 0 ? 1 / (1 + exp(-(v - cut) / w)) : \
						v >= cut
					exit !(NR == 2 && \
						(inf[2] - inf[1] * s)^2 < 1e-20 && \
						(rest[2] - rest[1])^2 < 1e-26)
				}' steps || fail "$v mV, $c: $(cat steps)"
		done
	done
}

@test "every way in which a gate is computed" {
	local form
	for form in \
		"n' = (ninf - n) / ntau" \
		"n' = -(n - ninf) / ntau" \
		"n' = (-n + ninf) * (1 / ntau)" \
		"n' = ninf / ntau - n / ntau" \
		"n' = al(v) * (1 - n) - be(v) * n" \
		"n' = al(v) - (al(v) + be(v)) * n" \
		"if (v > -1000) { n' = (ninf - n) / ntau }"; do
		channel '' '' '' "$form" "$rates
			FUNCTION al(v (mV)) (/ms) { al = ninfof(v) / 2 (ms) }
			FUNCTION be(v (mV)) (/ms) { be = (1 - ninfof(v)) / 2 (ms) }
			FUNCTION ninfof(v) { ninfof = 1 / (1 + exp(-(v + 40) / 9)) }"
		widths=5 restored ch,n
		cuts ch,n,-50,0
		cell-segregate "${model[@]}" --cuts cuts.csv -o out
	done
}

@test "a gate without an equation of motion, and one that steps by itself" {
	channel '' '' 'n = ninf ik = gbar * n^4 * (v - ek)' \
		"h' = (1 - h) / 10"
	sed -i 's/STATE { n }/STATE { n h }/' m/ch.mod
	restored ch,n
	KIND=PROCEDURE METHOD='' channel '' '' '' \
		'n = n + (1 - exp(-dt / ntau)) * (ninf - n)'
	sed -i 's/states {/states() {/; s/v ek ik/dt &/' m/ch.mod
	restored ch,n
	grep -q 'n = n + (1 - exp(-dt / ntau)) \* (ninf\*ncutsigma() - n)' \
		out/chseg.mod
}

@test "a variable that no state follows" {
	channel 'STATE { h }' 'h = 1' 'ik = gbar * ninf^4 * h * (v - ek)' \
		"h' = (1 - h) / 10"
	restored ch,ninf
	grep -q 'gbar \* (ninf\*ninfcutsigma())^4 \* h' out/chseg.mod
	channel
	refused "m/ch.mod:11: 'ninf' cannot be cut: 'n' is computed from it, and is the gate" \
		ch,ninf
}

@test "tables, comments, other names, included files" {
	channel 'STATE { n h }
		COMMENT
		n'"'"' = 1 }
		ENDCOMMENT
		: n = 2 {
		DEFINE many 3
		UNITS { (mV) = (millivolt) }' 'h = hh(0.5) n = ninf' \
		'ik = gbar * n^4 * h * (v - ek)' '' 'PROCEDURE rates(v (mV)) {
		LOCAL n
		TABLE ninf, ntau FROM -100 TO 100 WITH 200
		n = exp(-(v + 40 (mV)) / 9 (mV))
		ninf = 1 / (1 + n)
		ntau = 2
	}
	FUNCTION hh(n) { hh = n + 0.5 }
	UNITSOFF'
	sed -n "/DERIVATIVE/,/^}/p" m/ch.mod >m/part.inc
	sed -i "/DERIVATIVE/,/^}/c INCLUDE \"part.inc\"" m/ch.mod
	sed -i "s/n' = .*/& h' = (1 - h) \/ 10 : included/" m/part.inc
	restored ch,n
	grep -qF "n' = (ninf*ncutsigma() - n) / ntau h' =" out/chseg.mod
	grep -qF "n = exp(-(v + 40 (mV)) / 9 (mV))" out/chseg.mod
	grep -qF "h = hh(0.5) n = ninf*ncutsigma()" out/chseg.mod
	sed -i "s/n' = /n' = n * /" m/part.inc
	refused "m/part.inc:3: 'n' cannot be cut: its equation is not linear in it, so that its steady state is no factor"
}

@test "what is not about the gate is the same, byte for byte" {
	model=("${demo[@]:0:2}" --template Pyramidal "${demo[@]:2}")
	cuts nat,m,-50,1
	cell-segregate "${model[@]}" --cuts cuts.csv -o out
	awk '/^: segregated from/ { exit } { print }' out/natseg.mod |
		sed 's/natseg RANGE mcut, mwidth/nat/; s/\*mcutsigma()//' |
		cmp - <(cat "${demo[3]}/nat.mod" <(echo))
}

@test "a start that is a number is no steady state" {
	channel '' 'n = 0.05'
	restored ch,n
	grep -q 'n = 0.05$' out/chseg.mod
}

@test "a cut is tuned without compiling" {
	model=("${demo[@]:0:2}" --template FastSpiking "${demo[@]:2}")
	cuts naf,m,-50,1 kv3,n,-30,0
	cell-segregate "${model[@]}" --cuts cuts.csv -o out
	traces
	run ! cmp -s before.csv after.csv
	cell-clamp --mechanisms "${demo[3]}" --mechanisms out \
		--hoc out/FastSpikingSeg.hoc --template FastSpikingSeg \
		"${run[@]}" --set mcut_nafseg@all=-1e9 \
		--set ncut_kv3seg@all=-1e9 >after.csv
	cmp before.csv after.csv
}

# ---- The hoc file ----

@test "names in the hoc file are whole, in texts as well" {
	channel
	sed 's/SUFFIX ch/SUFFIX chx/' m/ch.mod >m/chx.mod
	echo 'proc beside() { is_beside = 1 }' >beside.hoc
	cat >alone.hoc <<-'END'
	load_file("beside.hoc")
	celsius = 20 // ch, gbar_ch
	begintemplate Part
	endtemplate Part
	begintemplate Other
	proc init() { print "insert ch" }
	endtemplate Other
	begintemplate Alone
	public soma, part
	create soma[1]
	objref part, this
	strdef s
	proc init() {
		soma { insert pas insert ch insert chx
			gbar_ch(0.5) = 0.001 /* gbar_ch */
			gbar_chx = 0.002 }
		part = new Part()
		s = "\ngbar_ch = 0.0015"
		soma { execute("gbar_ch = 0.0015", this)
			if (!ismembrane("ch")) quit() }
		print "the ch channel of Alone"
	}
	endtemplate Alone
	END
	restored ch,n
	grep -v '^load_file' out/AloneSeg.hoc | diff - <(
		sed -e '/^load_file/d' -e '/begintemplate Other/,/endtemplate/d' \
			-e 's/template Alone/&Seg/' -e 's/insert ch /insert chseg /' \
			-e 's/gbar_ch(/gbar_chseg(/' -e 's/gbar_ch = /gbar_chseg = /' \
			-e 's/ismembrane("ch")/ismembrane("chseg")/' alone.hoc
	) | grep '^[<>]' | { ! grep -v '^< $'; }
	grep -qF "load_file(\"$PWD/beside.hoc\")" out/AloneSeg.hoc
}

@test "a cell at top level" {
	channel
	echo 'create soma
		soma { L = 20 diam = 20 insert ch gbar_ch = 0.01 }' >top.hoc
	cuts ch,n,-inf,0
	cell-segregate --hoc top.hoc --mechanisms m --cuts cuts.csv -o out 2>/dev/null
	cell-clamp --hoc top.hoc --mechanisms m "${run[@]}" >before.csv
	cell-clamp --hoc out/topSeg.hoc --mechanisms m --mechanisms out \
		"${run[@]}" >after.csv
	cmp before.csv after.csv
}

# ---- What is said of it ----

@test "the spikes before and after are those of fi-sweep" {
	model=("${demo[@]:0:2}" --template FastSpiking "${demo[@]:2}")
	cuts naf,m,-50,1
	cell-segregate "${model[@]}" --cuts cuts.csv -o out --fi-report fi.csv \
		--report r.csv --amps 0:200:100 --delay 50 --dur 100
	fi=(--amps 0:200:100 --delay 50 --dur 100)
	{
		echo cell,amp_pA,spikes,rate_Hz
		fi-sweep "${model[@]}" "${fi[@]}" | tail -n +2 |
			cut -d, -f1-3 | sed 's/^/FastSpiking,/'
		fi-sweep --mechanisms "${demo[3]}" --mechanisms out \
			--hoc out/FastSpikingSeg.hoc --template FastSpikingSeg \
			"${fi[@]}" | tail -n +2 | cut -d, -f1-3 |
			sed 's/^/FastSpikingSeg,/'
	} | diff - fi.csv
	# The sodium conductance is cut, the others are not.
	is "$(head -n 1 r.csv)" mechanism,cell,v_mV,conductance_S_cm2
	awk -F, '
		NR > 1 && $2 == "FastSpiking" { g[$1, $3] = $4; n++ }
		$2 == "FastSpikingSeg" {
			s = $1 == "naf" ? (1 / (1 + exp(-($3 + 50))))^3 : 1
			if (($4 - g[$1, $3] * s)^2 > 1e-16) bad++
			m++
		}
		END { exit !(n == 3 * 181 && m == n && !bad) }' r.csv
	plot-lines -x v_mV -y conductance_S_cm2 --by cell --panel mechanism \
		-o r.svg r.csv
}

@test "what is suggested: below half by 3 slopes, of what can be cut" {
	run -0 --separate-stderr cell-segregate --suggest "${demo[@]}" \
		--template Pyramidal
	is "$output" "$head
kdr,n,-68.9,1.1
km,p,-65,1
nat,m,-58.3,0.74"
	# m_inf of km is 1 / (1 + exp(-(v + 35) / 10))
	run -0 --separate-stderr cell-segregate --suggest "${demo[@]}" \
		--template Pyramidal --set soma.vt_nat=-52
	[[ $output == *nat,m,-48.3* ]]
	channel '' '' '' "n' = (ninf - n) * n / ntau"
	sed -i 's/cnexp/derivimplicit/' m/ch.mod
	run -0 --separate-stderr cell-segregate "${model[@]}" --suggest
	is "$output" "$head"
}

@test "a BMTK cell" {
	mkdir -p net/templates
	channel
	cp alone.hoc net/templates
	cat >net/circuit_config.json <<-'END'
	{"components": {"templates_dir": "templates", "mechanisms_dir": "../m"},
	 "networks": {"nodes": [{"node_types_file": "t.csv",
	  "nodes_file": "none.h5"}], "edges": []}}
	END
	cat >net/config.json <<-'END'
	{"network": "circuit_config.json", "run": {"dt": 0.05},
	 "conditions": {"celsius": 25, "v_init": -70}}
	END
	printf 'node_type_id model_type model_template\n1 biophysical hoc:Alone\n' \
		>net/t.csv
	model=(--config net/config.json --node-type 1)
	cuts ch,n,-inf,1
	cell-segregate "${model[@]}" --cuts cuts.csv -o out
	cell-clamp "${model[@]}" "${run[@]}" >before.csv
	cell-clamp --hoc out/AloneSeg.hoc --template AloneSeg --mechanisms m \
		--mechanisms out --celsius 25 --v-init -70 --dt 0.05 \
		"${run[@]}" >after.csv
	cmp before.csv after.csv
}

# ---- What is refused ----

@test "gates that are not there, or are not activation" {
	model=("${demo[@]:0:2}" --template Pyramidal "${demo[@]:2}")
	refused "cuts.csv:2: column 'gate': 'h' of 'nat' is an inactivation gate: only activation is cut" nat,h
	cuts nat,x,-50,1
	misused "cuts.csv:2: column 'gate': no gate 'x' in 'nat'; there are: m, h" \
		"${model[@]}" --cuts cuts.csv -o out
	cuts na,m,-50,1
	misused "cuts.csv:2: column 'mechanism': no mod file has 'na'; there are: ih, kdr, km, kv3, naf, nat" \
		"${model[@]}" --cuts cuts.csv -o out
	cuts kv3,n,-50,1
	run -2 --separate-stderr cell-segregate "${model[@]}" --cuts cuts.csv -o out
	[[ ${stderr_lines[0]} == "cell-segregate: cuts.csv:2: column 'mechanism': 'kv3' is not in the cell; there are: "* ]]
	[ ! -e out ]
	channel '' '' '' "n' = (0.5 - n) / ntau"
	refused "cuts.csv:2: column 'gate': 'n' of 'ch' is no activation gate: its steady state does not change with voltage, or no conductance with it"
}

at_work() { ls tmp/cell-segregate.*/FastSpikingSeg.hoc >/dev/null 2>&1; }

@test "a tool that is stopped leaves nothing" {
	model=("${demo[@]:0:2}" --template FastSpiking "${demo[@]:2}")
	cuts naf,m,-50,1
	cell-segregate "${model[@]}" --cuts cuts.csv -o out --fi-report fi.csv \
		--dur 1e6 &
	await at_work
	stop $!
	is "$status $(ls tmp)" '143 '
	[ ! -e out ]
}

@test "a table of cuts that is none" {
	channel
	local out=("${model[@]}" --cuts cuts.csv -o out)
	cuts ch,n,nan,1
	bad "cuts.csv:2: column 'cut_mV': not a number: 'nan'" "${out[@]}"
	cuts ch,n,-50,-1
	bad "cuts.csv:2: column 'width_mV': not from 0 to 1000: '-1'" "${out[@]}"
	cuts ch,n,-50,inf
	bad "cuts.csv:2: column 'width_mV': not a finite number: 'inf'" "${out[@]}"
	cuts ch,n,-50,0 ch,n,-40,0
	bad "cuts.csv:3: gate 'n' of 'ch' is cut twice" "${out[@]}"
	echo "$head" >cuts.csv
	bad "cuts.csv: no cuts" "${out[@]}"
	cuts ch,n,-50,1
	misused "--output: the folder of --mechanisms: 'm'" "${model[@]}" \
		--cuts cuts.csv -o m
	misused "--cuts needs --output" "${model[@]}" --cuts cuts.csv
	local more="; one that these files load has to be in a file of --hoc"
	misused "no template 'Alon'; there are: Alone$more" --hoc alone.hoc \
		--template Alon --mechanisms m --cuts cuts.csv -o out
	echo '{load_file("alone.hoc")}' >loader.hoc
	misused "no template 'Alone'; there are: none$more" --hoc loader.hoc \
		--template Alone --mechanisms m --cuts cuts.csv -o out
}

@test "constructs that are refused, with their line" {
	channel '' '' '' "n' = (ninf - n) * n / ntau"
	refused "m/ch.mod:19: 'n' cannot be cut: its equation is not linear in it, so that its steady state is no factor"
	channel '' '' '' "n' = (ninf - n^2) / ntau"
	refused "m/ch.mod:19: 'n' cannot be cut: its equation is not linear in it, so that its steady state is no factor"
	channel '' '' '' "LOCAL d d = (ninf - n) / ntau n' = d"
	refused "m/ch.mod:19: 'n' cannot be cut: its equation has 'd', which is computed from it"
	channel '' '' '' "n' = ninf / ntau"
	refused "m/ch.mod:19: 'n' cannot be cut: its equation is not linear in it, so that its steady state is no factor"
	channel 'STATE { n[2] }' 'n[0] = ninf n[1] = 0' \
		'ik = gbar * n[0] * (v - ek)' "n'[0] = (ninf - n[0]) / ntau"
	refused "m/ch.mod:8: 'n' cannot be cut: it is an array"
	KIND=KINETIC METHOD='METHOD sparse' channel 'STATE { c n }' '' '' \
		'~ c <-> n (1, 1)'
	refused "m/ch.mod:19: 'n' cannot be cut: it is in a KINETIC block"
	KIND=LINEAR METHOD='' channel '' '' '' '~ n = ninf'
	refused "m/ch.mod:19: 'n' cannot be cut: it is in a LINEAR block"
	KIND=NONLINEAR METHOD='' channel '' '' '' '~ n * n = ninf'
	refused "m/ch.mod:19: 'n' cannot be cut: it is in a NONLINEAR block"
	channel '' '' '' '' "$rates
	CONSTRUCTOR { n = 0 }"
	refused "m/ch.mod:25: 'n' cannot be cut: it is in a CONSTRUCTOR block"
	channel '' '' '' '' "$rates
	PROCEDURE p() {
	VERBATIM
		n = 0; /* n */
	ENDVERBATIM
	}"
	refused "m/ch.mod:27: 'n' cannot be cut: it is used in VERBATIM"
	channel '' '' '' '' 'PROCEDURE rates(v) {
		TABLE n FROM -100 TO 100 WITH 200
		n = 1
	}'
	refused "m/ch.mod:22: 'n' cannot be cut: it is in a TABLE itself"
	channel '' '' 'ik = gbar * m * (v - ek)' "m' = (ninf - m) / ntau"
	sed -i 's/STATE { n }/STATE { n m }/; /n = ninf/d' m/ch.mod
	refused "m/ch.mod:8: 'n' cannot be cut: it has no equation"
	channel
	sed -i 's/gbar = 0.003/& ncut = 1/' m/ch.mod
	refused "m/ch.mod:6: 'ncut' is a name here already: the cut has to have it"
	channel
	sed -i 's/SUFFIX/POINT_PROCESS/; s/USEION.*/NONSPECIFIC_CURRENT i/
		s/ek ik/e i/; s/ik = /i = /; s/ek)/e)/' m/ch.mod
	refused "m/ch.mod:2: 'ch' cannot be cut: it is not a mechanism of the membrane (SUFFIX)"
	channel
	sed -i 's/{ v ek/{ ek/; s/(v)/()/; s/v /ek /; s/- v/- ek/' m/ch.mod
	refused "m/ch.mod:2: 'ch' cannot be cut: it does not declare the voltage v"
	channel
	sed 's/SUFFIX ch/SUFFIX chseg/' m/ch.mod >m/chseg.mod
	refused "m/chseg.mod: 'ch' has a file of this name already"
}

@test "what only the compiler or the measurement finds" {
	channel '' '' '' '' "$rates
	VERBATIM
	void shared(void) { }
	ENDVERBATIM"
	refused "chseg.mod:26: 'shared' is defined in m/ch.mod, too"
	channel '' '' '' "half(n) n' = (ninf - n) / ntau + extra" "$rates
	PROCEDURE half(x) { extra = -x / ntau }"
	sed -i 's/ninf ntau/& extra/; s/RANGE gbar/&, extra/' m/ch.mod
	sed -i 's/cnexp/derivimplicit/' m/ch.mod
	cuts ch,n,-50,1
	run -1 --separate-stderr cell-segregate "${model[@]}" --cuts cuts.csv -o out
	[[ $stderr == *"cuts.csv:2: 'n' of 'ch' cannot be cut: at "* ]]
	[ ! -e out ]
}

@test "a start that hides from the words is measured" {
	channel '' 'n = 1 n = n * ninf'
	cuts ch,n,-50,1
	run -1 --separate-stderr cell-segregate "${model[@]}" --cuts cuts.csv -o out
	[[ $stderr == *"cuts.csv:2: 'n' of 'ch' cannot be cut: at -120 mV its start would be "* ]]
	[ ! -e out ]
}

@test "two gates from one steady state: the other one stays" {
	channel 'STATE { n m }' 'n = ninf m = ninf' \
		'ik = gbar * n^2 * m^2 * (v - ek)' \
		"n' = (ninf - n) / ntau m' = (ninf - m) / 3"
	widths=5 restored ch,n ch,m
	cuts ch,n,-50,2
	cell-segregate "${model[@]}" --cuts cuts.csv -o out
	cell-gates "${model[@]}" >before.csv
	cell-gates --mechanisms m --mechanisms out --hoc out/AloneSeg.hoc \
		--template AloneSeg >after.csv
	awk -F, '
		NR == FNR { inf[$2, $3] = $4; tau[$2, $3] = $5; next }
		$1 == "chseg" {
			s = $2 == "n" ? 1 / (1 + exp(-($3 + 50) / 2)) : 1
			if (($4 - inf[$2, $3] * s)^2 > 1e-16 || \
				($5 - tau[$2, $3])^2 > 1e-16)
				bad++
			n++
		}
		END { exit !(n > 20 && !bad) }' before.csv after.csv
}

@test "a mechanism that another file inserts" {
	channel
	cat >more.hoc <<-'END'
	begintemplate More
	public soma
	create soma[1]
	proc init() { soma { insert ch } }
	endtemplate More
	END
	echo 'proc more() { insert ch }' >proc.hoc
	sed -i 's/^begintemplate/load_file("proc.hoc")\n&/
		s/insert ch /more()/; s/^public/external more\n&/' alone.hoc
	refused "cuts.csv:2: 'ch' is inserted outside of alone.hoc, which is the file that is changed"
}
