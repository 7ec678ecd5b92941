# The references are NEURON itself, given the same equations by a hoc script, the
# closed forms of two compartments, and gap junctions of mod files.
load common.bash
load cells.sh

cell=(--hoc "$BATS_TEST_DIRNAME/data/cell.hoc" --template Cell)

templates() { # two compartments, of 1.2566 nS and of twice that, and a dendrite
	cat >cells.hoc <<-'END'
	celsius = 20
	v_init = -70
	begintemplate One
	public soma
	create soma
	proc init() {
		soma { L = 20 diam = 20 insert pas g_pas = 1e-4 e_pas = -70 }
		if (numarg()) soma.g_pas = $1
	}
	endtemplate One
	begintemplate Y
	public soma, dend
	create soma, dend[2]
	proc init() { local i
		connect dend[0](0), soma(0.5)
		connect dend[1](1), soma(1)
		soma { L = 20 diam = 20 nseg = 3 insert pas e_pas = -70 }
		for i = 0, 1 dend[i] { L = 80 diam = 2 - i nseg = 3 Ra = 100
			insert pas g_pas = 1e-4 e_pas = -70 }
	}
	proc leaky() { soma.g_pas = $1 }
	endtemplate Y
	END
	one=(--hoc cells.hoc --template One)
	tree=(--hoc cells.hoc --template Y)
}

late() { # v_mV.1 and v_mV.2 at the step's last sample, of each sweep
	awk -F, 'NR == 1 { for (k = 1; k <= NF; k++) at[$k] = k }
		$at["time_ms"] == 1000 {
			print $at["v_mV.1"], $at["v_mV.2"] }'
}

@test "the same bits as nrniv with a LinearMechanism" {
	nrn <<-END >plain
	{load_file("stdrun.hoc") load_file("$data/cell.hoc")}
	objref a, b, c, g, y, z, list, x, gap, stim, v1, v2
	a = new Cell()
	b = new Cell()
	c = new Matrix(2, 2, 2)
	g = new Matrix(2, 2)
	y = new Vector(2)
	z = new Vector(2)
	x = new Vector(2)
	x.x[0] = 0.3
	x.x[1] = 1
	list = new SectionList()
	a.dend[0] { list.append() one = 2 * 0.1 / area(0.3) }
	b.dend[1] list.append()
	two = 2 * 0.1 / 100
	{g.setval(0, 0, one) g.setval(0, 1, -one)}
	{g.setval(1, 0, -two) g.setval(1, 1, two)}
	gap = new LinearMechanism(c, g, y, z, list, x)
	b.dend[1] { stim = new IClamp(1) }
	stim.del = 5
	stim.dur = 20
	stim.amp = 0.1
	v1 = new Vector()
	v2 = new Vector()
	a.dend[0] { v1.record(&v(0.3)) }
	b.dend[1] { v2.record(&v(1)) }
	v_init = -65
	tstop = 30
	run()
	for i = 0, v1.size() - 1 printf("%.17g,%.17g\n", v1.x[i], v2.x[i])
	END
	cell-couple "${cell[@]}" --gap 2 --at1 'dend[0](0.3)' --at2 'dend[1](1)' \
		--amp 100 --delay 5 --dur 20 --tstop 30 --into 2 >ours
	is "$(head -n 2 ours)" "into,time_ms,v_mV.1,v_mV.2,i_nA
2,0,-65,-65,0"
	[ "$(wc -l <plain)" = 1201 ]
	tail -n +2 ours | awk -F, '{ printf "%.17g,%.17g\n", $3, $4 }' | cmp - plain
}

@test "BMTool's gap.csv, and the closed form of two compartments" {
	need golden/synapses/bmtool/gap.csv
	local gold=$reference/golden/synapses
	for t in OneComp BallStick; do
		cell-couple --hoc "$gold/cells.hoc" --template $t --v-init -70 \
			--celsius 20 --gap 0.1,0.2,0.5,1,2 |
			coupling --baseline 0 2>/dev/null | tail -n +2 |
			sed "s/^/$t,/"
	done >ours
	paste -d, ours <(tail -n +2 "$gold/bmtool/gap.csv") |
		awk -F, '{ d = $3 / $11 - 1 }
			$1 != $9 || $2 != $10 * 1000 || d * d > 1e-16 { exit 1 }
			END { exit NR != 10 }'
	grep One ours | paste -d, - <(tail -n +2 "$gold/reference/gap.csv") |
		awk -F, 'function off(a, b) { return (a / b - 1) ^ 2 > 1e-18 }
			off($3, $12) || off($5, $14) || off($6, $15) ||
			off($7, $2) { exit 1 } END { exit NR != 5 }'
}

@test "two compartments of our own: g / (g + g_l)" {
	templates
	cell-couple "${one[@]}" --gap 1e-6,0.1,7,1000,1e9 | late | awk '
		BEGIN { split("1e-6 0.1 7 1000 1e9", g); l = atan2(0, -1) * 0.4 }
		{ d = ($2 + 70) / ($1 + 70) / (g[NR] / (g[NR] + l)) - 1
			# of 1e-6 nS the voltage has ten digits
			if (d * d > (NR == 1 ? 1e-12 : 1e-18)) exit 1 }
		END { exit NR != 5 }'
}

@test "no conductance is no coupling, and the step leaves the other alone" {
	templates
	is "$(cell-couple "${one[@]}" --gap 0 --amp 100 | late | cut -d' ' -f2)" -70
}

@test "half gap junctions of a mod file give the same" {
	need golden/synapses/mod/gap.mod
	local lib
	mkdir mod
	cp "$reference/golden/synapses/mod/gap.mod" mod
	lib=$(mechanisms-check mod)
	templates
	nrn <<-END >plain
	{load_file("stdrun.hoc") nrn_load_dll("$lib") load_file("cells.hoc")}
	objref a, b, p, q, pc, stim
	a = new Y()
	b = new Y()
	pc = new ParallelContext()
	a.dend[0] { p = new Gap(0.5) pc.source_var(&v(0.5), 1) }
	b.dend[1] { q = new Gap(0.2) pc.source_var(&v(0.2), 2) }
	a.dend[0] { pc.target_var(p, &p.vgap, 2) }
	b.dend[1] { pc.target_var(q, &q.vgap, 1) }
	{pc.setup_transfer()}
	p.g = 0.0007
	q.g = 0.0007
	a.dend[0] { stim = new IClamp(0.5) }
	stim.del = 500
	stim.dur = 500
	stim.amp = -0.01
	tstop = 1000
	run()
	printf("%.17g %.17g\n", a.dend[0].v(0.5), b.dend[1].v(0.2))
	END
	cell-couple "${tree[@]}" --gap 0.7 --at1 'dend[0](0.5)' \
		--at2 'dend[1](0.2)' | late | paste -d' ' - plain |
		awk '{ a = $1 - $3; b = $2 - $4; exit a * a + b * b > 1e-20 }'
}

@test "several conductances are runs of their own, for any -j and shard" {
	local g=(--gap "0,0.5,20" --into both --settle 2 --delay 3 --dur 10)
	cell-couple "${cell[@]}" "${g[@]}" >all
	is "$(head -n 1 all)" "g_nS,into,time_ms,v_mV.1,v_mV.2,i_nA"
	for n in 0 0.5 20; do
		for i in 1 2; do
			cell-couple "${cell[@]}" "${g[@]}" --gap $n --into $i |
				tail -n +2 | awk -F, -v n=$n -v i=$i '
					{ print n "," (i == 1 ? "1," : "") $0 }'
		done
	done | cmp - <(tail -n +2 all)
	for j in 3 auto; do
		cell-couple "${cell[@]}" "${g[@]}" -j $j | cmp - all
	done
	for n in 4 9; do
		for ((i = 0; i < n; i++)); do
			cell-couple "${cell[@]}" "${g[@]}" --shard $i/$n -o part.$i
			is "$(head -n 1 part.$i)" "$(head -n 1 all)"
			tail -n +2 part.$i
		done | cmp - <(tail -n +2 all)
	done
}

@test "the cells settle apart, and are coupled from time 0 on" {
	templates
	cell-couple "${one[@]}" --template2 'One(2e-4)' --set e_pas@all=-60 \
		--gap 50 --settle 3 --delay 5 --dur 1 >ours
	cell-clamp "${one[@]}" --set e_pas@all=-60 --amp 0 --delay 0 --tstop 3 \
		>alone
	paste -d, <(sed -n 2p ours) <(tail -n 1 alone) |
		awk -F, '{ d = $2 - $6; exit d * d > 1e-24 }'
	awk -F, '{ d = $3 - $2 } NR == 2 { first = d }
		END { exit !(first > 1 && d < first / 10) }' ours
}

@test "the step and the samples" {
	templates
	cell-couple "${one[@]}" --gap 1 >ours
	is "$(awk -F, 'NR > 1 && $4 { if (!n++) print $1, $4; last = $1 }
		END { print last, $1, n }' ours)" "500.025 -0.01
1000 1100 20000"
	cell-couple "${one[@]}" --gap 1 --amp 20 --delay 1 --dur 2 --tstop 4 \
		--every 0.5 >ours
	is "$(cut -d, -f1,4 ours | tail -n +2 | xargs)" \
		"0,0 0.5,0 1,0 1.5,0.02 2,0.02 2.5,0.02 3,0.02 3.5,0 4,0"
}

@test "another template is the second cell, with its arguments" {
	templates
	local g=(--gap 3 --delay 2 --dur 20)
	cell-couple "${one[@]}" --template2 Y "${g[@]}" | cut -d, -f2,3 >a
	cell-couple "${tree[@]}" --template2 One "${g[@]}" --into 2 |
		awk -F, '{ print $4 "," $3 }' >b
	is "$(tail -n +2 a | md5sum)" "$(tail -n +2 b | md5sum)"
	cell-couple "${one[@]}" --template2 'One(2e-4)' --gap 1e9 | late |
		awk '{ d = ($1 + 70) / (-10 / (atan2(0, -1) * 1.2)) - 1
			exit d * d > 1e-12 }'
	misused "no template 'Z'; there are: One, Y" "${one[@]}" --template2 Z --gap 1
	misused "--template2: not 'name(1, 2)': '2'" "${one[@]}" --template2 2 --gap 1
}

@test "what is called and set is of both cells" {
	templates
	cell-couple "${one[@]}" --gap 1 --set soma.g_pas=2e-4 | late | awk '
		{ d = ($2 + 70) / ($1 + 70) / (1 / (1 + atan2(0, -1) * 0.8)) - 1
			exit d * d > 1e-18 }'
	cell-couple "${tree[@]}" --gap 1 --into both --call 'leaky(1e-3)' \
		--nseg-rule allen | coupling | awk -F, 'NR > 1 { exit $1 != $2 }'
	bad "Y[1]: no" "${tree[@]}" --gap 1 --call 'none(1)' || [[ $stderr == *none* ]]
}

@test "an end of a section is the node that it is connected to" {
	templates
	local g=(--gap 2 --at2 'dend[1](0.5)' --delay 2 --dur 20)
	cell-couple "${tree[@]}" "${g[@]}" --at1 'soma(0.5)' >a
	cell-couple "${tree[@]}" "${g[@]}" --at1 'dend[0](0)' | cmp - a
	cell-couple "${tree[@]}" "${g[@]}" --at1 'soma(1)' >a
	cell-couple "${tree[@]}" "${g[@]}" --at1 'dend[1](1)' | cmp - a
	# What flows out of one node flows into the other.
	cell-couple "${tree[@]}" --gap 5 --at1 'dend[0](1)' --at2 'dend[1](0)' \
		--into both | coupling | awk -F, 'NR > 1 { d = $5 / 5 - 1
			exit d * d > 1e-16 }'
}

@test "two sites of one cell" {
	templates
	cell-couple "${tree[@]}" --same-cell --at1 'dend[0](1)' --at2 'dend[1](0)' \
		--gap 0,4 --into both | coupling | tail -n +2 >ours
	# The conductance adds to that of the cell between the two sites.
	is "$(awk -F, '{ printf "%.6f ", $6 - before; before = $6 }' ours |
		cut -d' ' -f2)" 4.000000
	cell-couple --hoc "$data/cell.hoc" --template Cell --same-cell --gap 1 \
		--at1 soma --at2 'dend[1]' --delay 1 --dur 1 >/dev/null
	patch $'create dend\nconnect dend(0), soma(1)'
	cell-couple --hoc patch.hoc --same-cell --at1 soma --at2 dend --gap 1 \
		--delay 1 --dur 1 >/dev/null
	misused "--at2: the same segment as --at1: 'dend[0](0.4)'" "${tree[@]}" \
		--same-cell --at1 'dend(0.6)' --at2 'dend(0.4)' --gap 1
	misused "--at2: the same segment as --at1: 'dend[1](1)'" "${tree[@]}" \
		--same-cell --at1 'soma(1)' --at2 'dend[1](1)' --gap 1
	misused "a second cell needs a --template: sections at top level are \
there once" --hoc patch.hoc --gap 1
	misused "--same-cell needs --at1 or --at2" "${tree[@]}" --gap 1 --same-cell
	misused "--same-cell and --template2 exclude each other" "${tree[@]}" \
		--same-cell --at1 soma --template2 Y --gap 1
}

@test "the electrodes are at the junction, or where they are said to be" {
	templates
	local g=(--gap 2 --delay 5 --dur 20 --amp -50 --into both)
	cell-couple "${tree[@]}" "${g[@]}" --at1 'dend[0](1)' --at2 'dend[0](1)' \
		--probe1 soma --probe2 'dend[1]' >ours
	cell-couple "${tree[@]}" "${g[@]}" --at1 'dend[0](1)' --at2 'dend[0](1)' |
		cmp -s - ours && false
	# Of linear cells, what goes in here and comes out there is the same the
	# other way round.
	awk -F, '$2 == 5 { rest = $4 } $2 == 25 && $1 == 1 { a = $4 + 70 }
		$2 == 25 && $1 == 2 { b = $3 + 70 }
		END { d = a / b - 1; exit !(a && d * d < 1e-18) }' ours
}

@test "an Allen cell is two of them" {
	need data/o01-sonata-5cells-iclamp/examples/shared_components
	local of=$reference/data/o01-sonata-5cells-iclamp/examples/shared_components
	cell-couple --swc "$of/morphologies/Pvalb_469628681_m.swc" --fit \
		"$of/biophysical_neuron_templates/json/473862421_fit.json" \
		--gap 0.5 --at1 'dend(0.5)' --at2 'dend[3]' --into both \
		--delay 200 --dur 150 --dt 0.1 --tstop 350 --amp -20 | coupling >ours
	awk -F, 'NR > 1 { exit !($5 > 0.495 && $5 < 0.505) }' ours
}

@test "misuse" {
	templates
	misused "--gap: not a conductance from 0 to 1e9 nS: '-1'" "${one[@]}" \
		--gap 1,-1
	misused "--gap: not a conductance from 0 to 1e9 nS: ''" "${one[@]}" --gap 1,
	misused "--gap: not a conductance from 0 to 1e9 nS: 'inf'" "${one[@]}" \
		--gap inf
	misused "--gap: it is there twice: '1.0'" "${one[@]}" --gap 1,2,1.0
	misused "--gap is needed" "${one[@]}"
	misused "--into: must be 1|2|both: '3'" "${one[@]}" --gap 1 --into 3
	misused "unrecognized option '--cvode'" "${one[@]}" --gap 1 --cvode 0.1
	misused "--tstop: before the step, which begins at 500 ms: 400" \
		"${one[@]}" --gap 1 --tstop 400
	misused "--dur: less than a step of 0.025 ms: 0" "${one[@]}" --gap 1 --dur 0
	misused "--every: not a multiple of dt, 0.025 ms: 0.03" "${one[@]}" \
		--gap 1 --every 0.03
	misused "--at1: no section 'axon'; there are: soma" "${one[@]}" --gap 1 \
		--at1 axon
	misused "--probe2: not from 0 to 1: 'soma(2)'" "${one[@]}" --gap 1 \
		--probe2 'soma(2)'
}
