# The references are NEURON itself, stepped by a hoc script, the closed forms of
# synapses, and traces that NEURON made for others.
load common.bash
load cells.sh

cell=(--hoc "$BATS_TEST_DIRNAME/data/cell.hoc" --template Cell)

# A pair of receptors as BMTK's models have them, whose current is not called i
# and whose arguments are ten; one that acts a second time by itself; and what is
# no synapse, or none that can be driven here.
setup_file() {
	mkdir "$BATS_FILE_TMPDIR/mods"
	cd "$BATS_FILE_TMPDIR/mods" || return
	cat >Pair.mod <<-'END'
	NEURON {
		POINT_PROCESS Pair
		RANGE i_ampa, i_nmda, itotal, i, tau_a, tau_n, ratio, e, Use, Dep, initW
		GLOBAL mg
		NONSPECIFIC_CURRENT itotal
	}
	PARAMETER { tau_a = 2 (ms) tau_n = 60 (ms) ratio = 0.5 e = 0 (mV) Use = 0.5
		Dep = 100 (ms) initW = 1 mg = 1 }
	ASSIGNED { v (mV) i_ampa (nA) i_nmda (nA) itotal (nA) i (1) }
	STATE { a (uS) n (uS) }
	INITIAL { a = 0 n = 0 i = 7 }
	BREAKPOINT {
		SOLVE falls METHOD cnexp
		i_ampa = a * (v - e)
		i_nmda = n * (v - e) / (1 + exp(-0.062 * v) * mg / 3.57)
		itotal = initW * (i_ampa + i_nmda)
	}
	DERIVATIVE falls { a' = -a / tau_a n' = -n / tau_n }
	NET_RECEIVE(weight, w_ampa, w_nmda, R, Pr, u, tsyn (ms), kind, more[2]) {
		INITIAL { R = 1 u = 0 tsyn = t kind = 1 }
		w_ampa = weight
		w_nmda = weight * ratio
		R = 1 - (1 - R) * exp(-(t - tsyn) / Dep)
		Pr = Use * R
		R = R - Pr
		tsyn = t
		a = a + Pr * w_ampa
		n = n + Pr * w_nmda
	}
	END
	sed -i 's/, more\[2\]/, more/' Pair.mod
	cat >Echo.mod <<-'END'
	NEURON { POINT_PROCESS Echo RANGE i, g, after, weight, odd
		NONSPECIFIC_CURRENT i }
	PARAMETER { after = 5 (ms) weight = 2 }
	ASSIGNED { v (mV) i (nA) g (uS) odd }
	INITIAL { g = 0 if (after < 1) { after = 1 } }
	BREAKPOINT { i = g * v odd = log(g) }
	NET_RECEIVE(w) {
		if (flag == 0) { g = g + w * weight net_send(after, 1) }
		if (flag == 1) { g = 0 }
	}
	END
	cat >Leak.mod <<-'END'
	NEURON { POINT_PROCESS Leak RANGE g, i NONSPECIFIC_CURRENT i }
	PARAMETER { g = 0.001 (uS) }
	ASSIGNED { v (mV) i (nA) }
	BREAKPOINT { i = g * v }
	END
	cat >Unit.mod <<-'END'
	NEURON { ARTIFICIAL_CELL Unit RANGE m }
	ASSIGNED { m }
	NET_RECEIVE(w) { m = m + w }
	END
	cat >Pointed.mod <<-'END'
	: a POINTER of a comment is none
	NEURON { POINT_PROCESS Pointed
		RANGE i
		POINTER rng, other
		NONSPECIFIC_CURRENT i }
	ASSIGNED { v (mV) i (nA) rng other }
	BREAKPOINT { i = 0 }
	NET_RECEIVE(w) { i = rng }
	END
	cat >Chance.mod <<-'END'
	NEURON { POINT_PROCESS Chance RANGE i, g NONSPECIFIC_CURRENT i }
	ASSIGNED { v (mV) i (nA) g (uS) }
	INITIAL { g = 0 }
	BREAKPOINT { i = g * v }
	NET_RECEIVE(w) { g = g + w * scop_random() }
	END
	cat >InC.mod <<-'END'
	NEURON { POINT_PROCESS InC RANGE i NONSPECIFIC_CURRENT i }
	ASSIGNED { v (mV) i (nA) }
	BREAKPOINT { i = 0 }
	NET_RECEIVE(w) {
	VERBATIM
		(void)drand48();
	ENDVERBATIM
	}
	END
}

mods() { printf '%s' "$BATS_FILE_TMPDIR/mods"; }

gold() { # a mechanism of golden, and where it is
	G=$reference/golden/synapses
	on=(--mechanisms "$G/mod" --hoc "$G/cells.hoc" --celsius 20 --v-init -70
		--dt 0.025 --synapse "$1" --syn tau1=0.5 --syn tau2=5 --syn e=0
		--weight 0.001)
	[ "$1" != TmSyn ] || on+=(--syn U=0.5 --syn tau_rec=300 --syn tau_facil=0)
}

close() { # a table, a reference, and how closely: all of their numbers
	paste -d, "$1" "$2" | awk -F, -v by="$3" '{ for (k = 1; k <= NF / 2; k++) {
		a = $k; b = $(k + NF / 2); d = a - b; d = d < 0 ? -d : d
		if (a ~ /^[a-zA-Z]/ ? a != b : d > by * (1 + (b < 0 ? -b : b))) {
			print NR ": " a " rather than " b; bad = 1 } } }
		END { exit bad || !NR }'
}

@test "the traces of golden/synapses, digit by digit" {
	need golden/synapses/reference/trace-train-TmSyn-psc.csv
	printf 'time_ms\n10\n' >one.csv
	for m in Exp2Syn TmSyn; do for c in psp psc; do
		gold $m
		hold=-70
		[ $c = psc ] || hold=none
		on+=(--template BallStick --at 'dend(0.7)' --clamp "$hold"
			--every 0.1)
		syn-clamp "${on[@]}" --pulses one.csv >$m.$c
		printf '%s\n' $m.$c "$G/reference/trace-single-$m-$c.csv"
		[ $m = Exp2Syn ] || {
			syn-clamp "${on[@]}" --rate 50 --recovery 250 >train.$c
			printf '%s\n' train.$c "$G/reference/trace-train-$m-$c.csv"
		}
	done; done | while read -r a; do
		read -r b
		awk -F, 'NR == 1 { print; next } { for (k = 1; k <= NF; k++)
			printf "%.10g%s", $k, k < NF ? "," : "\n" }' "$a" | cmp - "$b"
	done
}

# bats test_tags=long
@test "golden/synapses: measures of trains, stepped by NEURON, and closed forms" {
	need golden/synapses/reference/stp-traces.csv
	for m in Exp2Syn TmSyn; do
		gold $m
		for at in 'OneComp soma' 'BallStick dend'; do for c in psp psc; do
			read -r t s <<<"$at"
			hold=-70
			[ $c = psc ] || hold=none
			[ "$s" = soma ] || s='dend(0.7)'
			syn-clamp "${on[@]}" --template "$t" --at "$s" --clamp $hold \
				--rate 20,50 --recovery 250 >trace
			syn-features --delay 1.3 --summary trace 2>said |
				tail -n +2 | cut -d, -f1,2,4-8 >ours
			grep "^$t,$m,$c," "$G/reference/stp-traces.csv" |
				cut -d, -f4- >theirs
			close ours theirs 1e-7
		done; done
		syn-clamp "${on[@]}" --template OneComp --clamp -70 --rs 1e-6 \
			--rate 1,5,10,20,50,100 --recovery 250 -j 2 >trace
		syn-features --delay 1.3 --summary trace 2>said |
			tail -n +2 | cut -d, -f1,2,4,5,6,7,8 >ours
		grep "^$m," "$G/reference/frequency.csv" | grep -v ',200,' |
			cut -d, -f2-5,7,9,10 >theirs
		close ours theirs 5e-6
	done
}

by_nrniv() { # the synapse's hoc, how long; time 0 is after 50 ms
	nrn "${@:3}" <<-END
	{load_file("stdrun.hoc") load_file("$data/cell.hoc")}
	objref c, s, n, nobody, vv, ii, cc, vc
	c = new Cell()
	$1
	n = new NetCon(nobody, s)
	n.weight = 0.002
	n.delay = 0
	vv = new Vector()
	ii = new Vector()
	cc = new Vector()
	{vv.record(&c.soma.v(0.5)) ii.record(&s.i)}
	if (object_id(vc)) {cc.record(&vc.i)} else {cc.record(&s.i)}
	{finitialize(-65)}
	{n.event(50 + 3 + 0.7) n.event(50 + 9 + 0.7)}
	for i = 1, (50 + $2) / dt + 0.5 fadvance()
	for i = 2000, vv.size() - 1 printf("%.17g,%.17g,%.17g\n", vv.x[i], \
		ii.x[i], cc.x[i] * object_id(vc, 1))
	END
}

@test "the same bits as nrniv: an event of NetCon's own for each pulse" {
	printf 'time_ms\n3\n9\n' >two.csv
	by_nrniv 'c.dend[1] s = new Exp2Syn(0.3)
	{s.tau1 = 1 s.tau2 = 4 s.e = -10}
	c.dend[0] vc = new SEClamp(0.7)
	{vc.dur1 = 1e9 vc.amp1 = -60 vc.rs = 0.5}' 20 >plain
	syn-clamp "${cell[@]}" --synapse Exp2Syn --syn tau1=1 --syn tau2=4 \
		--syn e=-10 --at 'dend[1](0.3)' --weight 0.002 --delay 0.7 \
		--pulses two.csv --settle 50 --tstop 20 --clamp -60 \
		--clamp-at 'dend[0](0.7)' --rs 0.5 >ours
	is "$(head -n 1 ours)" time_ms,v_mV,i_syn_nA,i_clamp_nA
	is "$(wc -l <plain)" 801
	same() { awk -F, '{ printf "%.17g,%.17g\n", $1, $2 }'; }
	cmp <(same <plain) <(tail -n +2 ours | cut -d, -f2,3 | same)
	awk -F, 'NR > 1 && $4 == 0 { exit 1 }' ours
	# Without a clamp, its current is none, and the voltage another one.
	syn-clamp "${cell[@]}" --synapse Exp2Syn --syn tau1=1 --syn tau2=4 \
		--syn e=-10 --at 'dend[1](0.3)' --weight 0.002 --delay 0.7 \
		--pulses two.csv --settle 50 --tstop 20 >free
	awk -F, 'NR > 1 && $4 != 0 { exit 1 }' free
	run ! cmp -s free ours
}

@test "several runs are each as alone, whatever --jobs and --shard" {
	s=(--synapse Exp2Syn --weight 0.0005 --every 1 --settle 20)
	syn-clamp "${cell[@]}" "${s[@]}" --rate 100,20 --n 3 --recovery 30,70 \
		--test 2 >all
	is "$(head -n 1 all)" rate_Hz,recovery_ms,time_ms,v_mV,i_syn_nA,i_clamp_nA
	is "$(cut -d, -f1,2 all | uniq | xargs)" \
		"rate_Hz,recovery_ms 100,30 100,70 20,30 20,70"
	syn-clamp "${cell[@]}" "${s[@]}" --rate 100,20 --n 3 --recovery 30,70 \
		--test 2 -j 4 | cmp - all
	for i in 0 1 2; do
		syn-clamp "${cell[@]}" "${s[@]}" --rate 100,20 --n 3 --recovery 30,70 \
			--test 2 --shard $i/3 | tail -n +2
	done | cmp - <(tail -n +2 all)
	syn-clamp "${cell[@]}" "${s[@]}" --rate 20 --n 3 --recovery 70 --test 2 |
		tail -n +2 | cmp - <(sed -n 's/^20,70,//p' all)
	syn-clamp "${cell[@]}" "${s[@]}" --rate 20,50 --n 1 --first 0 --tstop 2 |
		cut -d, -f1,2 | xargs | grep -qx \
		'rate_Hz,time_ms 20,0 20,1 20,2 50,0 50,1 50,2'
	is "$(syn-clamp "${cell[@]}" "${s[@]}" --rate 20,50 --shard 5/7)" \
		rate_Hz,time_ms,v_mV,i_syn_nA,i_clamp_nA
}

@test "pulses come when they are asked to" {
	s=(--mechanisms "$(mods)" "${cell[@]}" --synapse Echo --weight 1e-9 --delay 0
		--settle 0 --clamp -65)
	began() { # when the conductance, which a pulse makes, is there
		awk -F, 'NR > 1 && $3 != 0 && !was { printf "%s ", $1 }
			{ was = NR > 1 && $3 != 0 }' | sed 's/ $//'
	}
	# An event is there in the step that its time is the beginning of.
	is "$(syn-clamp "${s[@]}" --rate 100 --n 3 --first 2 | began)" \
		"2.025 12.025 22.025"
	is "$(syn-clamp "${s[@]}" --rate 100 --n 2 --recovery 25.5 --test 2 |
		began)" "10.025 20.025 45.525 55.525"
	is "$(syn-clamp "${s[@]}" --rate 50 --duration 50 | began)" "10.025 30.025"
	is "$(syn-clamp "${s[@]}" --rate 50 --duration 50.1 --first 0 | began)" \
		"0.025 20.025 40.025"
	is "$(syn-clamp "${s[@]}" --rate 50 --recovery 20 | began | wc -w)" 12
	printf 'time_ms,x\n0,1\n7.5,2\n' >p.csv
	is "$(syn-clamp "${s[@]}" --pulses p.csv --delay 1 | began)" "1.025 8.525"
	is "$(syn-clamp "${s[@]}" --pulses p.csv | tail -n 1 | cut -d, -f1)" 107.5
	is "$(syn-clamp "${s[@]}" --pulses p.csv --delay 2 --every 0.5 |
		tail -n 1 | cut -d, -f1)" 109.5
}

@test "a synapse with arguments, a current and globals of other names" {
	s=(--mechanisms "$(mods)" "${cell[@]}" --synapse Pair --weight 0.002
		--at dend[0] --rate 50 --n 2 --recovery 100 --test 1 --clamp -40)
	syn-clamp "${s[@]}" --current itotal --track i_ampa --track i_nmda \
		--track a >pair
	is "$(head -n 1 pair)" \
		time_ms,v_mV,i_syn_nA,i_clamp_nA,i_ampa,i_nmda,a
	# The sum of both; and what is released follows the depression.
	awk -F, 'NR > 1 && ($3 - $5 - $6) ^ 2 > 1e-30 { print; exit 1 }' pair
	awk -F, 'NR > 1 { if ($7 > last + 1e-12) print $7 - last; last = $7 }' pair |
		awk 'BEGIN { R = 1; T[2] = 20; T[3] = 100 }
		{ R = 1 - (1 - R) * exp(-T[NR] / 100); want = 0.002 * 0.5 * R; R /= 2
		  if ($1 > want || $1 < want * 0.98) { print NR, $1, want; exit 1 } }
		END { exit NR != 3 }'
	# i is a variable, and no current.
	is "$(syn-clamp "${s[@]}" | awk -F, 'NR == 2 { print $3 }')" 7
	syn-clamp "${s[@]}" --current itotal --syn mg=0 --syn initW=2 >free
	syn-clamp "${s[@]}" --current itotal --syn mg_Pair=0 --syn initW=2 | cmp - free
	run ! cmp -s <(cut -d, -f3 pair) <(cut -d, -f3 free)
	misused "--current: no 'ica' in Pair; there are: i_ampa, $(:
		)i_nmda, itotal, i, a, n" "${s[@]}" --current ica
	misused "--track: no 'g' in Pair; there are: i_ampa, $(:
		)i_nmda, itotal, i, a, n" "${s[@]}" --track g
}

@test "a synapse that acts again by itself, and has a weight of its own" {
	s=(--mechanisms "$(mods)" "${cell[@]}" --synapse Echo --rate 50 --n 1
		--clamp -65 --every 1 --tstop 20 --delay 0 --track g)
	is "$(syn-clamp "${s[@]}" --weight 0.003 | cut -d, -f1,5 | sed -n '12p;17p;18p' |
		xargs)" "10,0 15,0.006 16,0"
	is "$(syn-clamp "${s[@]}" --weight 0.003 --syn weight=1 --syn after=7 |
		cut -d, -f1,5 | sed -n '18p;19p' | xargs)" "16,0.003 17,0.003"
	run --separate-stderr syn-clamp "${s[@]}" --weight 0.003 --syn after=0.5
	is "$stderr" "syn-clamp: --syn: after=0.5: Echo begins with 1"
}

@test "what is no synapse is refused, with a list" {
	s=(--mechanisms "$(mods)" "${cell[@]}" --weight 1 --rate 50)
	list='ExpSyn, Exp2Syn, Chance, Echo, InC, Pair, Pointed'
	misused "--synapse: 'Leak' has no NET_RECEIVE; there are: $list" "${s[@]}" \
		--synapse Leak
	misused "--synapse: 'Unit' is an ARTIFICIAL_CELL, which is at no site; there are: $list" \
		"${s[@]}" --synapse Unit
	misused "--synapse: 'hh' is no point process; there are: $list" "${s[@]}" \
		--synapse hh
	misused "--synapse: 'exp2syn' is no point process; there are: $list" "${s[@]}" \
		--synapse exp2syn
	misused "--synapse: 'Pointed' has a POINTER that nothing sets here, rng, other: one without is needed, of $list" "${s[@]}" \
		--synapse Pointed
	run --separate-stderr syn-clamp "${s[@]}" --synapse Chance --weight 1e-5
	is "$stderr" "syn-clamp: Chance draws random numbers, by scop_random: a run is one of many"
	[ "$status" -eq 0 ]
	run --separate-stderr syn-clamp "${s[@]}" --synapse InC
	is "$stderr" "syn-clamp: InC draws random numbers, by drand48: a run is one of many"
	misused "--synapse or --edge-type is needed" "${s[@]}"
}

@test "parameters, weight and places that are not there" {
	s=("${cell[@]}" --synapse Exp2Syn --rate 50)
	misused "--syn: no 'tau3' in Exp2Syn; there are: tau1, tau2, e" "${s[@]}" \
		--weight 1 --syn tau3=1
	misused "--syn: not name=value: 'tau1'" "${s[@]}" --weight 1 --syn tau1
	misused "--weight is needed" "${s[@]}"
	misused "--weight: not a number: 'big'" "${s[@]}" --weight big
	misused "--at: no section 'axon'; there are: soma, dend[0], dend[1]" \
		"${s[@]}" --weight 1 --at axon
	misused "--clamp-at: not from 0 to 1: 'soma(2)'" "${s[@]}" --weight 1 \
		--clamp-at 'soma(2)'
	misused "--clamp: neither none nor a voltage in mV: 'on'" "${s[@]}" \
		--weight 1 --clamp on
	misused "--rs: must be in (0,inf): '0'" "${s[@]}" --weight 1 --rs 0
	printf 'name,value\nsoma.g_pas,1\nsyn.tau2,6\ntau1,0.3\nsyn.weight,0.001\n' >p.csv
	syn-clamp "${s[@]}" --syn-params p.csv --every 1 >by.table
	syn-clamp "${s[@]}" --syn tau2=6 --syn tau1=0.3 --weight 0.001 --every 1 |
		cmp - by.table
	syn-clamp "${s[@]}" --syn-params p.csv --weight 0.0001 --syn tau2=5 \
		--every 1 | cmp - <(syn-clamp "${s[@]}" --syn tau2=5 --syn tau1=0.3 \
		--weight 0.0001 --every 1)
	printf 'name,value\ntau3,1\n' >bad.csv
	misused "bad.csv:2: no 'tau3' in Exp2Syn; there are: tau1, tau2, e" \
		"${s[@]}" --syn-params bad.csv --weight 1
}

@test "BMTK's dynamics_params: what is no parameter is said" {
	s=("${cell[@]}" --synapse Exp2Syn --rate 50 --weight 0.001 --every 1)
	echo '{"level_of_detail": "exp2syn", "tau1": 0.3, "tau2": 6, "erev": -10,
		"x": 1}' >p.json
	run --separate-stderr syn-clamp "${s[@]}" --syn-params p.json
	is "$stderr" "syn-clamp: p.json: 'erev' is 'e' of Exp2Syn, as in BMTK
syn-clamp: p.json: no parameters of Exp2Syn: level_of_detail, x"
	syn-clamp "${s[@]}" --syn tau1=0.3 --syn tau2=6 --syn e=-10 |
		cmp - <(printf '%s\n' "$output")
	echo '{"tau1": 0.3, "tau2": "6"}' >text.json
	bad "text.json: 'tau2', which Exp2Syn has, is not a number" "${s[@]}" \
		--syn-params text.json
	echo '{"tau1": 0.3, "tau1": 0.4}' >twice.json
	bad "twice.json: an object has the key 'tau1' twice, with different values" "${s[@]}" \
		--syn-params twice.json
}

network() { # cells of two kinds and one that is none, and edges to them
	mkdir -p c/templates c/synaptic_models
	cp "$data/cell.hoc" c/templates
	cat >>c/templates/cell.hoc <<-'END'
	begintemplate Small
	public soma
	create soma
	proc init() { soma { L = 10 diam = 10 insert pas e_pas = -60 } }
	endtemplate Small
	END
	echo '{"level_of_detail": "exp2syn", "erev": 0.0, "tau1": 1.0, "tau2": 3.0}' \
		>c/synaptic_models/exc.json
	echo '{"tau1": 2, "tau2": 8, "e": -70}' >c/synaptic_models/inh.json
	echo '{"level_of_detail": "ExpSyn", "tau": 8.0}' >c/synaptic_models/lod.json
	cat >n.csv <<-'END'
	node_id,pop_name,model_type,model_template
	0,pyr,biophysical,hoc:Cell
	1,pyr,biophysical,hoc:Cell
	2,int,biophysical,hoc:Small
	3,lif,point_neuron,nrn:IntFire1
	END
	cat >e.csv <<-'END'
	source_node_id,target_node_id,model_template,dynamics_params,syn_weight,delay,target_sections
	1,0,exp2syn,exc.json,0.001,2.5,
	2,1,exp2syn,exc.json,0.001,2.5,
	0,2,Exp2Syn,inh.json,0.002,1,['basal']
	0,2,Exp2Syn,inh.json,0.004,1,['basal']
	1,2,,lod.json,0.00003,,
	0,3,,lod.json,0.1,1,
	0,1,ExpSyn,,,1,
	0,2,Gap,,,1,
	END
	sonata-pack -n n.csv -o net e.csv --simulation --v-init -65 --celsius 16 \
		--dt 0.05 --components "$PWD/c"
	sed -i '/"mechanisms_dir"/d' net/simulation_config.json
}

@test "the synapse of an edge type: mechanism, parameters, weight, delay and cell" {
	network
	from=(--config net/simulation_config.json --rate 50 --n 2 --every 1
		--nseg-rule keep)
	by=(--hoc c/templates --celsius 16 --v-init -65 --dt 0.05 --rate 50 --n 2
		--every 1)
	types() { # what is said and written
		run --separate-stderr syn-clamp "${from[@]}" "$@"
		stderr=${stderr//$PWD\//}
		[ "$status" -eq 0 ] || fail "$stderr"
	}
	types --edge-type 100
	is "$stderr" "syn-clamp: c/synaptic_models/exc.json: 'erev' is 'e' of Exp2Syn, as in BMTK
syn-clamp: c/synaptic_models/exc.json: no parameters of Exp2Syn: level_of_detail"
	syn-clamp "${by[@]}" --template Cell --synapse Exp2Syn --syn tau1=1 \
		--syn tau2=3 --syn e=0 --weight 0.001 --delay 2.5 |
		cmp - <(printf '%s\n' "$output")
	types --edge-type default_to_default_edge_types.csv:101
	is "$stderr" "syn-clamp: edge type default_to_default_edge_types.csv:101: syn_weight of 2 edges is from 0.002 to 0.004: the mean is taken, 0.003 (--weight)
syn-clamp: edge type default_to_default_edge_types.csv:101 is on ['basal'] in the network: here it is at the soma (--at)"
	syn-clamp "${by[@]}" --template Small --synapse Exp2Syn --syn tau1=2 \
		--syn tau2=8 --syn e=-70 --weight 0.003 --delay 1 |
		cmp - <(printf '%s\n' "$output")
	# Options go before the network.
	types --edge-type 101 --weight 0.0005 --delay 3 --syn tau2=4 --at soma
	syn-clamp "${by[@]}" --template Small --synapse Exp2Syn --syn tau1=2 \
		--syn tau2=4 --syn e=-70 --weight 0.0005 --delay 3 |
		cmp - <(printf '%s\n' "$output")
	misused "--node-type is needed: edge type 102 leads to several, default_node_types.csv:101, default_node_types.csv:102" \
		"${from[@]}" --edge-type 102
	types --edge-type 102 --node-type 101
	[[ $stderr == *"syn-clamp: edge type 102 has no delay: 1.3 ms are taken (--delay)"* ]]
	syn-clamp "${by[@]}" --template Small --synapse ExpSyn --syn tau=8 \
		--weight 0.00003 | cmp - <(printf '%s\n' "$output")
	misused "--node-type: edge type 102 does not lead to '100', but to default_node_types.csv:101, default_node_types.csv:102" \
		"${from[@]}" --edge-type 102 --node-type 100
	misused "--weight is needed: edge type 103" "${from[@]}" --edge-type 103
	misused "edge type 104: 'Gap' is no point process; there are: ExpSyn, Exp2Syn" \
		"${from[@]}" --edge-type 104
	misused "--edge-type: not a number: 'x'" "${from[@]}" --edge-type x
	list=default_to_default_edge_types.csv
	misused "--edge-type: '7' is none of these, or several of them: $list:100 (exp2syn), $(:
		)$list:101 (Exp2Syn), $list:102, $list:103 (ExpSyn), $list:104 (Gap)" \
		"${from[@]}" --edge-type 7
	misused "--config needs --node-type or --edge-type" "${from[@]}" \
		--synapse ExpSyn
	echo '{"networks": {"edges": [{"edges_file": "e.h5"}]}}' >untyped.json
	misused "--edge-type: no edges in untyped.json have types: '7'" \
		--config untyped.json --node-type 101 --edge-type 7 --rate 5
	misused "--hoc or --swc or --config is needed" --rate 50 --edge-type 3
	# Without its edges, what the type says, for a cell that is named.
	rm net/default_to_default_edges.h5
	sed -i 's/nsyns$/nsyns delay/; s/^\(10[0-9] .*\)/\1 4/' \
		net/default_to_default_edge_types.csv
	types --edge-type 101 --node-type 101 --weight 0.001 --at soma
	syn-clamp "${by[@]}" --template Small --synapse Exp2Syn --syn tau1=2 \
		--syn tau2=8 --syn e=-70 --weight 0.001 --delay 4 |
		cmp - <(printf '%s\n' "$output")
	bad "$PWD/net/default_to_default_edges.h5: No such file or directory" \
		"${from[@]}" --edge-type 101
	rm c/synaptic_models/exc.json
	run --separate-stderr syn-clamp "${from[@]}" --edge-type 100 \
		--node-type 100
	[[ $stderr == "syn-clamp: "*"synaptic_models/exc.json: No such file or directory" ]]
	[ "$status" -eq 1 ]
}

@test "pulses that cannot be" {
	s=("${cell[@]}" --synapse ExpSyn --weight 0.001)
	misused "--pulses or --rate is needed" "${s[@]}"
	misused "--rate: the rate is not above 0 Hz: '0'" "${s[@]}" --rate 50,0
	misused "--rate: not a number: 'x'" "${s[@]}" --rate 50,x
	misused "--rate: it is there twice: '50'" "${s[@]}" --rate 50,20,50
	misused "--rate: a train of this rate takes over 1e9 ms: '1e-300'" \
		"${s[@]}" --rate 1e-300
	misused "--recovery: the recovery is not above 0 ms: '-5'" "${s[@]}" \
		--rate 50 --recovery -5
	misused "--test needs --recovery" "${s[@]}" --rate 50 --test 3
	misused "--duration and --n exclude each other" "${s[@]}" --rate 50 \
		--duration 100 --n 3
	misused "--duration: no pulse in it, as the first one comes at 10 ms: 5" \
		"${s[@]}" --rate 50 --duration 5
	misused "--rate: over a million pulses: '1e6'" "${s[@]}" --rate 1e6 \
		--duration 1e8
	misused "--tstop: before the last event, at 31.3 ms: 30" "${s[@]}" \
		--rate 50 --n 2 --tstop 30
	wrong() { # message, times
		printf 'time_ms\n' >p.csv
		[ -z "$2" ] || tr ' ' '\n' <<<"$2" >>p.csv
		bad "p.csv$1" "${s[@]}" --pulses p.csv
	}
	wrong ":3: column 'time_ms': a pulse before time 0: '-1'" '5 -1'
	wrong ":3: column 'time_ms': time does not increase: '5'" '5 5'
	wrong ":2: column 'time_ms': a pulse after 1e9 ms: '2e9'" 2e9
	wrong ": no pulses" ''
	misused "--pulses and --rate exclude each other" "${s[@]}" --rate 50 \
		--pulses p.csv
}

@test "a spike among potentials is an error, but not under a clamp" {
	s=("${cell[@]}" --synapse ExpSyn --syn tau=2 --weight 0.05 --rate 50 --n 1
		--every 1)
	bad "a spike at 11.6 ms at soma(0.5): it hides the potentials; --weight, --allow-spikes or --clamp" "${s[@]}"
	bad "at 100 Hz: a spike at 11.6 ms at soma(0.5): it hides the potentials; --weight, --allow-spikes or --clamp" \
		"${s[@]}" --rate 100,50
	syn-clamp "${s[@]}" --allow-spikes | awk -F, '$2 > 0 { n++ } END { exit !n }'
	syn-clamp "${s[@]}" --clamp -65 >/dev/null
	# Of several runs, none of the table is written.
	run --separate-stderr syn-clamp "${s[@]}" --rate 50,20 -o out.csv
	[ "$status" -eq 1 ] && [ ! -e out.csv ]
}

@test "what diverges is no table" {
	s=(--mechanisms "$(mods)" "${cell[@]}" --synapse Echo --rate 50 --n 1
		--every 1)
	bad "the voltage at soma(0.5) is not a number from 11.325 ms on: the run diverges" \
		"${s[@]}" --weight 1e308 --clamp -65
	bad "odd is not a number from 0 ms on: the run diverges" "${s[@]}" \
		--weight 0.001 --clamp -65 --track odd
	misused "--track: it is there twice: 'g'" "${s[@]}" --weight 1 --track g \
		--track i --track g
}

@test "sections at top level, several of them roots" {
	cat >two.hoc <<-'END'
	v_init = -70
	celsius = 20
	create a, b
	forall { L = 20 diam = 20 insert pas e_pas = -70 }
	END
	s=(--hoc two.hoc --synapse ExpSyn --weight 0.001 --rate 50 --n 1 --tstop 20
		--every 5)
	misused "--record names the site where there are several root sections: a, b" \
		"${s[@]}"
	misused "--at names the site where there are several root sections: a, b" \
		"${s[@]}" --record a
	misused "--clamp-at names the site where there are several root sections: a, b" \
		"${s[@]}" --record a --at b --clamp -70
	syn-clamp "${s[@]}" --record a --record b --at b >o
	is "$(head -n 1 o)" 'time_ms,v_mV,v_mV.b(0.5),i_syn_nA,i_clamp_nA'
	is "$(cut -d, -f2 o | sort -u | xargs)" "-70 v_mV"
	run ! grep -q '^20,-70,-70,' o
}

@test "our own synapse: closed forms of depression and facilitation" {
	mkdir own
	cp "$root/pipelines/mechanisms/TsodyksMarkram.mod" own
	s=(--mechanisms own "${cell[@]}" --synapse TsodyksMarkram --weight 0.001
		--clamp -65 --rate "20,80" --n 30 --recovery 200 --test 2 --track release
		--track g --delay 0)
	for p in '0.5 300 0' '0.1 100 500' '0.3 0 200' '0.4 0 0'; do
		read -r U rec facil <<<"$p"
		syn-clamp "${s[@]}" --syn U="$U" --syn tau_rec="$rec" \
			--syn tau_facil="$facil" |
			awk -F, -v U="$U" -v rec="$rec" -v facil="$facil" '
			function left(T, tau) { return tau > 0 ? exp(-T / tau) : 0 }
			function check(a, b, by) {
				if ((a - b) ^ 2 > (by * b) ^ 2) {
					print U, rec, facil, $1, k, a " not " b; bad = 1 }
			}
			NR == 1 { next }
			$1 != rate { rate = $1; k = 0; x = 1; u = 0; next_at = 10 }
			k < 32 && $3 > next_at + 0.01 { # half a step after it
				if (k) { x = 1 - (1 - x) * left(T, rec); u = u * left(T, facil) }
				u += U * (1 - u)
				check($7, u * x, 1e-9)
				if (k == 29) { # and so it goes on for ever
					us = U / (1 - (1 - U) * left(T, facil))
					xs = (1 - left(T, rec)) / (1 - (1 - us) * left(T, rec))
					if (left(T, facil) ^ 29 < 1e-3) check($7, us * xs, 2e-2)
				}
				x *= 1 - u
				T = k == 29 ? 200 : 1000 / rate
				next_at += T
				k++
				n++
			}
			END { exit bad || n != 64 }'
	done
	# All that is released at once: the peak is the weight.
	is "$(syn-clamp "${s[@]}" --syn U=1 --rate 1 --n 1 --recovery 1 --test 1 |
		awk -F, 'NR > 1 && $6 > g { g = $6 } END { printf "%.3f", 1000 * g }')" 1.000
	run --separate-stderr syn-clamp "${s[@]}" --rate 50 --n 1 --syn tau1=2 --syn tau2=2
	is "$stderr" "syn-clamp: --syn: tau1=2: TsodyksMarkram begins with 1.9998"
}
