# The channels of pipelines/mechanisms, each clamped in one compartment by NEURON
# itself and compared with the formulas of the papers that it cites, written down
# here a second time, for awk.
#
# shellcheck disable=SC2016 # awk's
load common.bash
load cells.sh

mods=$root/pipelines/mechanisms
gated='Nap:ina NaTa:ina NaTs:ina NaTa_t:ina NaTs2_t:ina Nap_Et2:ina Im:ik
	Im_v2:ik K_P:ik K_T:ik K_Pst:ik K_Tst:ik Kd:ik Kv2like:ik Kv3_1:ik
	Ca_HVA:ica Ca_LVA:ica Ih:ihcn_Ih' # by the voltage, and each by itself
others='NaV:ina SK:ik'

# Where a rate of one of them is 0 / 0.
holes='-154.9 -69 -66 -64.4 -60 -48 -40 -38 -32 -27 -17 43'

# One compartment that nothing moves: its capacitance is that of a lake.
setup_file() {
	export LIB
	LIB=$(mechanisms-check "$mods")
	cat >"$BATS_FILE_TMPDIR/clamp.hoc" <<-'END'
	create soma
	objref gates
	strdef mech, current, cmd, name, open
	soma { L = 10 diam = 10 cm = 1e12 }

	func value() {
		sprint(cmd, "hoc_ac_ = soma.%s(0.5)", $s1)
		execute(cmd)
		return hoc_ac_
	}

	proc set() {
		sprint(cmd, "soma.%s(0.5) = %.17g", $s1, $2)
		execute(cmd)
	}

	proc put() { // mechanism, its current
		mech = $s1
		current = $s2
		sprint(cmd, "soma insert %s", mech)
		execute(cmd)
		gates = new MechanismStandard(mech, 3)
		if (!strcmp(current, "ina")) set("ena", 53)
		if (!strcmp(current, "ik")) set("ek", -107)
		if (!strcmp(current, "ica")) set("eca", 120)
	}

	// For each gate: mechanism, gate, celsius, v, inf, tau, g, i.
	proc clamp() { local k, x  localobj inf // celsius, v
		celsius = $1
		finitialize($2)
		inf = new Vector(gates.count())
		for k = 0, gates.count() - 1 {
			gates.name(name, k)
			inf.x[k] = value(name)
		}
		sprint(name, "g_%s", mech)
		sprint(open, "%.17g %.17g", value(name), value(current))
		for k = 0, gates.count() - 1 {
			gates.name(name, k)
			set(name, inf.x[k] + 0.5)
		}
		dt = 0.01
		fadvance()
		for k = 0, gates.count() - 1 {
			gates.name(name, k)
			x = dt / log(0.5 / (value(name) - inf.x[k]))
			printf("%s %s %g %.17g %.17g %.17g %s\n", mech, name, \
				$1, $2, inf.x[k], x, open)
		}
	}
	END
}

hoc() { # a script on the standard input, after those above
	cat "$BATS_FILE_TMPDIR/clamp.hoc" - >script.hoc
	nrniv -nogui -nopython -nobanner -notatty -dll "$LIB" script.hoc \
		</dev/null
}

agree() { # with awk, which prints what does not
	local said
	said=$(awk "$1" got)
	is "$said" ""
}

each() { # hoc that is done for each of the gated ones, in its turn
	for channel in $gated; do
		printf '{put("%s", "%s")}\n%s\n{soma uninsert %s}\n' \
			"${channel%:*}" "${channel#*:}" "$1" "${channel%:*}"
	done
}

# Formulas as the papers and their models write them: inf and tau of a gate, the
# conductance by the gates' values, and the reversal potential.
forms='
function trap(x, k) { return x == 0 ? k : x / (exp(x / k) - 1) }
function bell(v, mid, width) { return exp(-((v - mid) / width) ^ 2) }
function step(v, mid, k) { return 1 / (1 + exp(-(v - mid) / k)) }
function rates(a, b, q) { inf = a / (a + b); tau = 1 / (a + b) / q }
function both(i, t) { inf = i; tau = t }

function form(gate, v, T,	q) {
	q = 2.3 ^ ((T - 21) / 10)
	if (gate == "m_Ih")
		rates(0.001 * 6.43 * trap(v + 154.9, 11.9),
			0.001 * 193 * exp(v / 33.1), 1)
	else if (gate == "m_Im")
		rates(3.3e-3 * exp(2.5 * 0.04 * (v + 35)),
			3.3e-3 * exp(-2.5 * 0.04 * (v + 35)), q)
	else if (gate == "m_Im_v2") {
		rates(0.007 * exp(6 * 0.4 * (v + 48) / 26.12),
			0.007 * exp(-6 * 0.6 * (v + 48) / 26.12), 1)
		tau = (15 + tau) / 2.3 ^ ((T - 30) / 10)
	} else if (gate ~ /^m_NaT/)
		rates(0.182 * trap(half[gate] - v, 6),
			0.124 * trap(v - half[gate], 6), fast(gate, T))
	else if (gate ~ /^h_NaT/)
		rates(0.015 * trap(v - half[gate], 6),
			0.015 * trap(half[gate] - v, 6), fast(gate, T))
	else if (gate == "m_Nap_Et2") {
		form("m_NaTa_t", v, T)
		both(step(v, -52.6, 4.6), 6 * tau)
	} else if (gate == "m_K_Pst")
		both(step(v + 10, -1, 12), (1.25 + slow(v + 10)) / q)
	else if (gate == "m_K_Tst")
		both(step(v + 10, 0, 19), (0.34 + 0.92 * bell(v + 10, -71, 59)) / q)
	else if (gate ~ /^h_K_.st$/) # as measured, but 10 mV lower
		form(substr(gate, 1, 5), v + 10, T)
	else if (gate ~ /^h_Nap/) {
		rates(2.88e-6 * trap(v + 17, 4.63),
			6.94e-6 * trap(-(v + 64.4), 2.63), q)
		inf = step(v, -48.8, -10)
	} else if (gate == "m_K_P")
		both(step(v, -14.3, 14.6), (1.25 + slow(v)) / q)
	else if (gate == "h_K_P")
		both(step(v, -54, -11),
			(360 + (1010 + 24 * (v + 55)) * bell(v, -75, 48)) / q)
	else if (gate == "m_K_T")
		both(step(v, -47, 29), (0.34 + 0.92 * bell(v, -71, 59)) / q)
	else if (gate == "h_K_T")
		both(step(v, -66, -10), (8 + 49 * bell(v, -73, 23)) / q)
	else if (gate == "m_Kd")
		both(step(v, -43, 8), 1)
	else if (gate == "h_Kd")
		both(step(v, -67, -7.3), 1500)
	else if (gate == "m_Kv2like")
		rates(0.12 * trap(43 - v, 11), 0.02 * exp(-(v + 1.27) / 120),
			q / 2.5)
	else if (gate == "h1_Kv2like")
		both(step(v, -58, -11),
			(360 + (1010 + 23.7 * (v + 54)) * bell(v, -75, 48)) / q)
	else if (gate == "h2_Kv2like") {
		both(step(v, -58, -11),
			(2350 + 1380 * exp(-0.011 * v) - 210 * exp(-0.03 * v)) / q)
		if (tau < 0.001) tau = 0.001
	} else if (gate == "m_Kv3_1")
		both(step(v, 18.7, 9.7), 0.2 * 20 * step(v, -46.56, 44.14))
	else if (gate == "m_Ca_HVA")
		rates(0.055 * trap(-27 - v, 3.8), 0.94 * exp((-75 - v) / 17), 1)
	else if (gate == "h_Ca_HVA")
		rates(0.000457 * exp((-13 - v) / 50),
			0.0065 / (exp((-v - 15) / 28) + 1), 1)
	else if (gate == "m_Ca_LVA") # all by 10 mV
		both(step(v + 10, -30, 6), (5 + 20 * step(v + 10, -25, -5)) / q)
	else if (gate == "h_Ca_LVA")
		both(step(v + 10, -80, -6.4),
			(20 + 50 * step(v + 10, -40, -7)) / q)
	else
		print "no form: " gate
}

function slow(v) {
	return v < -50 ? 175.03 * exp(0.026 * v) : 13 * exp(-0.026 * v)
}

BEGIN {
	half["m_NaTa"] = -48; half["h_NaTa"] = -69
	half["m_NaTs"] = -40; half["h_NaTs"] = -66
	half["m_NaTa_t"] = -38; half["h_NaTa_t"] = -66
	half["m_NaTs2_t"] = -32; half["h_NaTs2_t"] = -60
}

function fast(gate, T) { # of 23 degrees, or, as Hay et al. take it, of 21
	return 2.3 ^ ((T - (gate ~ /_t$/ ? 21 : 23)) / 10)
}

function open(mech, v) { # a channel, as its gates are, in x[]
	if (mech ~ /^NaT/ || mech == "Nap_Et2") return x["m"] ^ 3 * x["h"]
	if (mech == "Nap") return step(v, -52.6, 4.6) * x["h"]
	if (mech ~ /^K_T/) return x["m"] ^ 4 * x["h"]
	if (mech == "Kd") return x["m"] * x["h"]
	if (mech == "Kv2like") return x["m"] ^ 2 * (0.5 * x["h1"] + 0.5 * x["h2"])
	if (mech ~ /^(K_P|K_Pst|Ca_HVA|Ca_LVA)$/) return x["m"] ^ 2 * x["h"]
	return x["m"]
}

function reversal(mech) {
	return mech ~ /^Na/ ? 53 : mech ~ /^Ca/ ? 120 : mech == "Ih" ? -45 : -107
}

function near(what, a, b, by) {
	if (!(a - b <= by * (b < 0 ? -b : b) && b - a <= by * (b < 0 ? -b : b)))
		print what ": " a " rather than " b ": " $0
}
'

@test "each file compiles alone, is thread-safe, has its units right, cites a paper" {
	for mod in "$mods"/*.mod; do
		name=$(basename "$mod" .mod)
		cp "$mod" .
		said=$(nocmodl "$name.mod" 2>&1) || fail "$said"
		# The one of states that add up has to say that CVODE knows better.
		is "$(grep -v "^Translating\|^NEURON's CVode method" <<<"$said")" \
			"Thread Safe"
		! grep -w TABLE "$mod" || fail "$name has a table"
		grep -qx $'\tTHREADSAFE' "$mod" &&
			grep -qxE $'\t'"(SUFFIX|POINT_PROCESS) $name" "$mod"
		said=$(modlunit "$name.mod" 2>&1)
		is "$(sed '/^$/d; /^model /d' <<<"$said")" \
			"Checking units of $name.mod"
		# Authors, a year, a journal, a volume and a page.
		sed '/^NEURON/,$d; s/^: *//' "$mod" | tr '\n' ' ' | grep -qE \
			'([[:upper:]]+|et al\.) \((19|20)[0-9]{2}\) [[:upper:]][[:alpha:] ]+ [0-9]+:e?[0-9]+' ||
			fail "$name cites no paper"
	done
	is "$(find "$mods" -name '*.mod' | wc -l)" 22
}

@test "parameters are called as the Allen Institute's fits set them" {
	{
		cat <<-'END'
		proc list() { local k // mechanism; 1: of a segment, -1: of all
			gates = new MechanismStandard($s1, $2)
			for k = 0, gates.count() - 1 {
				gates.name(name, k)
				sprint(cmd, "hoc_ac_ = %s", name)
				if ($2 == 1) hoc_ac_ = gates.get(name) else execute(cmd)
				printf(" %s=%g", name, hoc_ac_)
			}
		}
		END
		for name in $gated $others CaDynamics; do
			printf '{list("%s", 1)}\n{list("%s", -1)}\n' \
				"${name%:*}" "${name%:*}"
			printf '{printf("\\n")}\n'
		done
	} | hoc >got
	sort got | diff - <(sort <<-'END'
	 gbar_Nap=1e-05
	 gbar_NaTa=1e-05 malphaF_NaTa=0.182 mbetaF_NaTa=0.124 mvhalf_NaTa=-48 mk_NaTa=6 halphaF_NaTa=0.015 hbetaF_NaTa=0.015 hvhalf_NaTa=-69 hk_NaTa=6
	 gbar_NaTs=1e-05 malphaF_NaTs=0.182 mbetaF_NaTs=0.124 mvhalf_NaTs=-40 mk_NaTs=6 halphaF_NaTs=0.015 hbetaF_NaTs=0.015 hvhalf_NaTs=-66 hk_NaTs=6
	 gbar_NaTa_t=1e-05
	 gbar_NaTs2_t=1e-05
	 gbar_Nap_Et2=1e-05
	 gbar_K_Pst=1e-05
	 gbar_K_Tst=1e-05
	 gbar_NaV=0.015 Con_NaV=0.01 Coff_NaV=40 Oon_NaV=8 Ooff_NaV=0.05 alpha_NaV=400 beta_NaV=12 gamma_NaV=250 delta_NaV=60 alfac_NaV=2.51 btfac_NaV=5.32 x1_NaV=24 x2_NaV=-24
	 gbar_Im=1e-05
	 gbar_Im_v2=1e-05
	 gbar_K_P=1e-05 vshift_K_P=0 tauF_K_P=1
	 gbar_K_T=1e-05 vshift_K_T=0 mTauF_K_T=1 hTauF_K_T=1
	 gbar_Kd=1e-05
	 gbar_Kv2like=1e-05
	 gbar_Kv3_1=1e-05 vshift_Kv3_1=0
	 gbar_SK=1e-06 zTau_SK=1
	 gbar_Ca_HVA=1e-05
	 gbar_Ca_LVA=1e-05
	 gbar_Ih=1e-05 ehcn_Ih=-45
	 gamma_CaDynamics=0.05 decay_CaDynamics=80 depth_CaDynamics=0.1 minCai_CaDynamics=0.0001
	END
	)
}

@test "steady states, time constants and currents are those of the papers" {
	{
		echo 'proc all() { local i, v'
		echo 'for v = -12, 6 for i = 0, 1 clamp(22 + 12 * i, v * 10 + 0.3) }'
		each 'all()'
	} | hoc >got
	is "$(wc -l <got)" $((32 * 19 * 2))
	agree "$forms"'
	function check() {
		if (mech == "") return
		near(mech " g", g, 1e-5 * open(mech, v), 1e-9)
		near(mech " i", i, g * (v - reversal(mech)), 1e-9)
	}
	{
		if ($1 != mech || $4 != v || $3 != T) check()
		mech = $1; T = $3; v = $4; g = $7; i = $8
		form($2, v, T)
		near("inf", $5, inf, 1e-9)
		near("tau", $6, tau, 1e-7)
		split($2, gate, "_")
		x[gate[1]] = inf
	}
	END { check() }'
}

@test "no voltage is a singular point" {
	{
		echo 'proc all() {'
		for v in $holes; do
			for by in -2e-3 -2e-5 0 2e-5 2e-3; do
				echo "clamp(34, $v + $by)"
			done
		done
		echo '}'
		each 'all()'
	} | hoc >got
	is "$(wc -l <got)" $((32 * 12 * 5))
	# The limit itself, and nothing uneven beside it.
	agree "$forms"'
	{
		form($2, $4, $3)
		near("inf", $5, inf, 1e-9)
		near("tau", $6, tau, 1e-7)
	}'
}

# The twelve states of NaV: row i of a, columns 1 to 13, by Gauss and Jordan.
scheme='
function flow(from, to, rate) {
	a[from, from] += rate
	a[to, from] -= rate
}

function fill(v, T,	q, i, f, b) { # C1 to C5, I1 to I5, O, I6
	q = 2.3 ^ ((T - 37) / 10)
	for (i = 1; i <= 12; i++) for (j = 1; j <= 13; j++) a[i, j] = 0
	for (i = 1; i <= 4; i++) {
		f = q * (5 - i) * 400 * exp(v / 24)
		b = q * i * 12 * exp(-v / 24)
		flow(i, i + 1, f)
		flow(i + 1, i, b)
		flow(i + 5, i + 6, f * 2.51)
		flow(i + 6, i + 5, b / 5.32)
	}
	for (i = 0; i <= 4; i++) {
		flow(i + 1, i + 6, q * 0.01 * 2.51 ^ i)
		flow(i + 6, i + 1, q * 40 / 5.32 ^ i)
	}
	flow(5, 11, q * 250); flow(11, 5, q * 60)
	flow(10, 12, q * 250); flow(12, 10, q * 60)
	flow(11, 12, q * 8); flow(12, 11, q * 0.05)
}

function solve(	i, j, k, f) {
	for (i = 1; i <= 12; i++)
		for (k = 1; k <= 12; k++) {
			if (k == i) continue
			f = a[k, i] / a[i, i]
			for (j = i; j <= 13; j++) a[k, j] -= f * a[i, j]
		}
	for (i = 1; i <= 12; i++) a[i, 13] /= a[i, i]
}

function steady(v, T,	j) { # all of them together are 1
	fill(v, T)
	for (j = 1; j <= 13; j++) a[12, j] = 1
	solve()
}

function later(v, T, dt,	i) { # an implicit step from C1 alone
	fill(v, T)
	for (i = 1; i <= 12; i++) a[i, i] += 1 / dt
	a[1, 13] = 1 / dt
	solve()
}

function near(what, a, b) {
	if (!(a - b <= 1e-8 && b - a <= 1e-8))
		print what ": " a " rather than " b ": " $0
}
'

@test "NaV begins in the steady state of its scheme, and follows it" {
	hoc >got <<-'END'
	proc states() { local k // mechanism's part, celsius, v
		printf("%s %g %g", $s1, $2, $3)
		for k = 0, gates.count() - 1 {
			gates.name(name, k)
			printf(" %.17g", value(name))
		}
		printf(" %.17g %.17g\n", soma.g_NaV(0.5), soma.ina(0.5))
	}
	proc all() { local c, k, x
		for c = 0, 1 for x = -6, 2 {
			celsius = 22 + 12 * c
			finitialize(x * 20)
			states("steady", celsius, x * 20)
			for k = 0, gates.count() - 1 {
				gates.name(name, k)
				set(name, k == 0)
			}
			dt = 0.01
			fadvance()
			states("later", celsius, x * 20)
		}
	}
	{put("NaV", "ina")}
	all()
	END
	is "$(wc -l <got)" 36
	agree "$scheme"'
	$1 == "steady" { steady($3, $2) }
	$1 == "later" { later($3, $2, 0.01) }
	{
		for (i = 1; i <= 12; i++) near("state " i, $(i + 3), a[i, 13])
	}
	$1 == "steady" {
		near("g", $16 / 0.015, $14)
		near("i", $17 / 0.015, $14 * ($3 - 53))
	}'
}

@test "SK is half open at 0.43 uM, and shut without calcium" {
	hoc >got <<-'END'
	proc at() {
		set("cai", $1)
		cai0_ca_ion = $1
		printf("%.17g ", $1)
		clamp(22 + 12 * ($1 > 4e-4), -60)
	}
	{put("SK", "ik")}
	for k = -1, 10 at(k * 2.15e-4)
	for k = 0, 6 at(10^(-5 * k))
	END
	is "$(wc -l <got)" 19
	agree "$forms"'
	{
		z = $1 > 0 ? 1 / (1 + (0.00043 / $1) ^ 4.8) : 0
		near("z", $6, z, 1e-9)
		near("tau", $7, 1, 1e-7)
		near("g", $8, 1e-6 * z, 1e-9)
		near("i", $9, 1e-6 * z * 47, 1e-9)
	}'
}

@test "CaDynamics: calcium comes in with the current and leaves at its pace" {
	hoc >got <<-'END'
	{put("Ca_HVA", "ica")}
	soma {
		insert CaDynamics
		gbar_Ca_HVA = 1e-3
		gamma_CaDynamics = 0.02
		decay_CaDynamics = 50
		depth_CaDynamics = 0.2
		minCai_CaDynamics = 2e-4
	}
	dt = 0.1
	celsius = 34
	finitialize(-20)
	printf("%.17g %.17g 0\n", soma.cai(0.5), soma.ica(0.5))
	fadvance()
	printf("%.17g %.17g 1\n", soma.cai(0.5), soma.ica(0.5))
	finitialize(-120)
	set("cai", 1e-3)
	fadvance()
	printf("%.17g %.17g 2\n", soma.cai(0.5), soma.ica(0.5))
	END
	# Two charges an ion: 96485.332 C/mol; 1 A/l in 1 ms is 1 mM C/mol.
	agree "$forms"'
	function shell(cai, ica,	rest) { # 0.1 ms later
		rest = 2e-4 - 50 * 0.02 * ica * 1e4 / (2 * 96485.332 * 0.2)
		return rest + (cai - rest) * exp(-0.1 / 50)
	}
	$3 == 0 { near("cai", $1, 2e-4, 1e-12); if ($2 >= 0) print "ica " $2 }
	$3 == 1 { near("cai", $1, shell(2e-4, $2), 1e-6) }
	$3 == 2 { near("cai", $1, shell(1e-3, $2), 1e-6) }'
}

@test "cells on several threads are what they are on one" {
	local all='insert CaDynamics'
	for channel in $gated $others; do all+=" insert ${channel%:*}"; done
	for n in 1 2 3; do
		hoc <<-END
		create cell[4]
		objref pc, stim[4]
		proc make() { local k
			for k = 0, 3 cell[k] {
				L = 10 + k
				$all
				gbar_NaTs = 0.5
				gbar_Kv3_1 = 0.1
				gbar_SK = 1e-4
				stim[k] = new IClamp(0.5)
				stim[k].dur = 1e9
				stim[k].amp = 0.05 * (k + 1)
			}
		}
		{make()}
		pc = new ParallelContext()
		{pc.nthread($n)}
		dt = 0.025
		{finitialize(-80)}
		while (t < 30) fadvance()
		for i = 0, 3 printf("%.17g %.17g\\n", cell[i].v(0.5), cell[i].cai(0.5))
		END
	done >got
	is "$(wc -l <got)" 12
	is "$(sed -n 5,8p got)" "$(sed -n 1,4p got)"
	is "$(sed -n 9,12p got)" "$(sed -n 1,4p got)"
	is "$(sort -u got | wc -l)" 4
}

@test "global parameters: shifts, factors, half points and rates" {
	hoc >got <<-'END'
	proc all() {
		put("K_P", "ik")
		clamp(34, -70)
		vshift_K_P = 10
		tauF_K_P = 3
		clamp(34, -60)
		put("K_T", "ik")
		clamp(34, -60)
		vshift_K_T = 10
		mTauF_K_T = 2
		hTauF_K_T = 3
		clamp(34, -50)
		put("Kv3_1", "ik")
		clamp(34, -20)
		vshift_Kv3_1 = 10
		clamp(34, -10)
		put("NaTs", "ina")
		clamp(23, -43)
		mvhalf_NaTs = -48
		hvhalf_NaTs = -69
		mk_NaTs = 5
		hk_NaTs = 7
		malphaF_NaTs = 0.2
		mbetaF_NaTs = 0.1
		halphaF_NaTs = 0.01
		hbetaF_NaTs = 0.02
		clamp(23, -43)
		put("Ih", "ihcn_Ih")
		ehcn_Ih = -30
		clamp(34, -80)
	}
	all()
	END
	agree "$forms"'
	function same(inf, tau) {
		near("inf", $5, inf, 1e-9)
		near("tau", $6, tau, 1e-7)
	}
	BEGIN { q = 2.3 ^ 1.3 }
	{ s[NR] = $5; t[NR] = $6 }
	NR == 3 { same(s[1], t[1] * 3) }
	NR == 4 { same(s[2], t[2]) }
	NR == 7 { same(s[5], 2 * t[5] - 0.34 / q) }
	NR == 8 { same(s[6], 3 * t[6] - 2 * 8 / q) }
	NR == 10 { same(s[9], t[9]) }
	NR == 13 {
		rates(0.2 * trap(-5, 5), 0.1 * trap(5, 5), 1)
		same(inf, tau)
	}
	NR == 14 {
		rates(0.01 * trap(26, 7), 0.02 * trap(-26, 7), 1)
		same(inf, tau)
	}
	NR == 15 { near("i", $8, $7 * -50, 1e-9) }'
	is "$(wc -l <got)" 15
}
