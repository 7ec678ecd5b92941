# The references are closed forms in awk, of NEURON's hh, of the demo's channels,
# and of mod files that are made here to be odd.
load common.bash
load cells.sh

# alpha x / (exp(x) - 1), with its limit where that is 0 / 0.
# shellcheck disable=SC2016 # awk's
rates='
function vtrap(x, y) {
	if (x / y < 1e-6 && x / y > -1e-6) return y * (1 - x / y / 2)
	return x / (exp(x / y) - 1)
}
function sigmoid(v, half, slope) { return 1 / (1 + exp(-(v - half) / slope)) }
function near(is, should, within) {
	if (is != "" && (is - should) ^ 2 <= (within * should) ^ 2) return 1
	print "line " NR ": " is " rather than " should >"/dev/stderr"
	exit bad = 1
}
'

mod() { # name, what is in NEURON besides, PARAMETER, STATE, INITIAL, the rest
	cat <<-END
	NEURON { SUFFIX $1 $2 }
	PARAMETER { $3 }
	STATE { $4 }
	ASSIGNED { v (mV) celsius (degC) dt (ms) cai (mM) i (mA/cm2) }
	INITIAL { $5 }
	$6
	END
}

# A gate m of a leak, by a steady state and a time constant.
gate() { # name, inf, tau, more of NEURON, method, what of m is in the current
	mod "$1" "NONSPECIFIC_CURRENT i $4" 'g = 1e-3 e = -10' m \
		"m = $2" "BREAKPOINT { SOLVE s METHOD ${5:-cnexp}
		i = g * ${6:-m} * (v - e) }
	DERIVATIVE s { LOCAL inf, tau
		inf = $2
		tau = $3
		m' = (inf - m) / tau }" >"$folder/$1.mod"
}

setup_file() {
	export folder=$BATS_FILE_TMPDIR/mods
	mkdir "$folder"
	export up='1 / (1 + exp(-(v + 31.25) / 6.5))'
	export down='1 / (1 + exp((v + 31.25) / 6.5))'
	gate exact "$up" 3
	gate falls "$down" 3
	gate fraction "$up" 3 '' '' '(1 - m)'
	gate implicit "$up" 3 '' derivimplicit
	gate runs "$up" 3 '' runge
	gate steps "$up" 3 '' euler
	gate bell 'exp(-(v + 40)^2 / 400)' 3
	gate flat 0.25 3
	gate ground '0.3 + 0.7 / (1 + exp(-(v + 31.25) / 6.5))' 3
	gate twofold '0.5 / (1 + exp(-(v + 80) / 3)) + 0.5 / (1 + exp(-v / 3))' 3
	gate part '1 / (1 + exp(-(v - 100) / 6.5))' 3
	gate tiny "$up" 1e-6
	gate huge "$up" 1e4
	gate frozen "$up" 1e30
	gate jump '(v > -40.5)' 3
	gate broken '(v + 40) / (1 - exp(-(v + 40) / 10)) / 200' 3
	gate calcium '1 / (1 + (3e-4 / cai)^2.5)' '1 + 1e3 * cai' \
		'USEION ca READ cai'
	gate growing 'm + m' 3
	gate curved 'sqrt(m) * m + 0.1' 3
	mod unused 'NONSPECIFIC_CURRENT i' 'g = 1e-3' m 'm = 0' '
		BREAKPOINT { SOLVE s METHOD cnexp
		i = g * (v + 70) }
	DERIVATIVE s { m'"'"' = ('"$up"' - m) / 3 }' >"$folder/unused.mod"
	# Without a state, by an ion, and by what has none.
	mod instant 'USEION k READ ek WRITE ik' 'g = 1e-3' '' '' "
		ASSIGNED { ek (mV) ik (mA/cm2) }
		BREAKPOINT { ik = g * $up * (v - ek) }" | sed '/^STATE/d' \
		>"$folder/instant.mod"
	mod idle '' 'g = 1' '' '' '' | sed '/^STATE/d' >"$folder/idle.mod"
	# As Hines' old files have it: mexp is by dt.
	mod old 'NONSPECIFIC_CURRENT i' 'g = 1e-3' m "m = $up" "
	ASSIGNED { mexp minf }
	BREAKPOINT { SOLVE s
		i = g * m^2 * (v + 10) }
	PROCEDURE s() { table(v)
		m = m + mexp * (minf - m) }
	PROCEDURE table(v) {
		TABLE minf, mexp DEPEND dt FROM -120 TO 80 WITH 200
		minf = $up
		mexp = 1 - exp(-dt / 3) }" >"$folder/old.mod"
	# The step is a number in it: there is no time constant.
	mod fixed 'NONSPECIFIC_CURRENT i' 'g = 1e-3' m "m = $up" "
	BREAKPOINT { SOLVE s
		i = g * m * (v + 10) }
	PROCEDURE s() { m = m + 0.1 * ($up - m) }" >"$folder/fixed.mod"
	# What is computed of the states in the step is used in the current.
	mod inside 'NONSPECIFIC_CURRENT i' 'g = 1e-3' m "m = $up" "
	ASSIGNED { gm }
	BREAKPOINT { SOLVE s
		i = gm * (v + 10) }
	PROCEDURE s() { m = m + (1 - exp(-dt / 3)) * ($up - m)
		gm = g * m^3 }" >"$folder/inside.mod"
	# It has gates, but no conductance as it is.
	mod closed 'NONSPECIFIC_CURRENT i' 'g = 0' 'm h' "m = $up h = $down" "
	BREAKPOINT { SOLVE s METHOD cnexp
		i = g * m * h * (v + 10) }
	DERIVATIVE s { m' = ($up - m) / 3
		h' = ($down - h) / 3 }" >"$folder/closed.mod"
	# The same, and no steady state at -40 mV.
	mod hollow 'NONSPECIFIC_CURRENT i' 'g = 0' m "m = $up" "
	BREAKPOINT { SOLVE s METHOD cnexp
		i = g * m * (v + 10) }
	DERIVATIVE s { m' = ($up - m) / (3 * (v + 40) / (v + 40)) }" \
		>"$folder/hollow.mod"
	# It goes round and round its fixed point.
	mod circles 'NONSPECIFIC_CURRENT i' 'g = 1e-3' 'a b' 'a = 1 b = 0' "
	BREAKPOINT { SOLVE s METHOD derivimplicit
		i = g * a * (v + 10) }
	DERIVATIVE s { a' = b
		b' = (1 - a * a) * b - a }" >"$folder/circles.mod"
	# Closed, open, inactivated.
	mod scheme 'NONSPECIFIC_CURRENT i' 'g = 1e-3' 'c o z' \
		'c = 1 o = 0 z = 0' "
	BREAKPOINT { SOLVE s METHOD sparse
		i = g * o * (v + 10) }
	KINETIC s {
		~ c <-> o (exp(v / 20), exp(-v / 25))
		~ o <-> z (0.01, 0.002)
	}" >"$folder/scheme.mod"
	# It has a concentration, and changes it.
	mod pool 'USEION ca READ ica, cai WRITE cai' 'depth = 0.1' 'ca (mM)' \
		'ca = 1e-4' "
	ASSIGNED { ica (mA/cm2) }
	BREAKPOINT { SOLVE s METHOD cnexp }
	DERIVATIVE s { ca' = -ica * 5e-3 / depth + (1e-4 - ca) / 80
		cai = ca }" >"$folder/pool.mod"
	cat >"$folder/gap.mod" <<-'END'
	NEURON { SUFFIX gap POINTER other NONSPECIFIC_CURRENT i }
	ASSIGNED { v (mV) i (mA/cm2) other (mV) }
	BREAKPOINT { i = 1e-3 * (v - other) }
	END
	cat >"$folder/abort.mod" <<-'END'
	NEURON { SUFFIX abrt NONSPECIFIC_CURRENT i }
	ASSIGNED { v (mV) i (mA/cm2) }
	BREAKPOINT {
	VERBATIM
		abort();
	ENDVERBATIM
		i = 1e-3 * v
	}
	END
	cat >"$folder/spot.mod" <<-'END'
	NEURON { POINT_PROCESS Spot NONSPECIFIC_CURRENT i }
	ASSIGNED { v (mV) i (nA) }
	BREAKPOINT { i = 1e-3 * v }
	END
	cd "$BATS_FILE_TMPDIR" || return
	cell-gates --celsius 20 --mechanisms mods >curves.csv 2>said
	cell-gates --celsius 20 --mechanisms mods --summary >summary.csv 2>/dev/null
}

curve() { awk -F, -v m="$1" '$1 == m' "$BATS_FILE_TMPDIR/curves.csv"; }

row() { # a mechanism, columns of its summary, by number
	awk -F, -v m="$1" '$1 == m' "$BATS_FILE_TMPDIR/summary.csv" |
		cut -d, -f"$2"
}

same_sigmoid() { # of 6.5 mV: awk's expression of tau, and how near
	awk -F, "$rates"'
	{ near($4, sigmoid($3, -31.25, 6.5), 1e-9) }
	{ near($5, '"$1"', '"${2:-1e-9}"') }
	END { exit bad || NR != 201 }'
}

@test "NEURON's hh, at two temperatures" {
	for celsius in 6.3 21.7; do
		cell-gates --celsius $celsius --set usetable_hh=0 hh >hh.csv
		is "$(head -n 1 hh.csv)" \
			mechanism,gate,v_mV,inf,tau_ms,conductance_S_cm2
		awk -F, -v c=$celsius "$rates"'
		NR == 1 { next }
		$2 == "m" { a = 0.1 * vtrap(-($3 + 40), 10)
			b = 4 * exp(-($3 + 65) / 18) }
		$2 == "h" { a = 0.07 * exp(-($3 + 65) / 20)
			b = 1 / (exp(-($3 + 35) / 10) + 1) }
		$2 == "n" { a = 0.01 * vtrap(-($3 + 55), 10)
			b = 0.125 * exp(-($3 + 65) / 80) }
		{
			x[$2, $3] = a / (a + b)
			near($4, a / (a + b), 1e-10)
			near($5, 1 / (3 ^ ((c - 6.3) / 10) * (a + b)), 1e-10)
		}
		$2 == "n" { near($6, 0.12 * x["m", $3] ^ 3 * x["h", $3] + \
			0.036 * x["n", $3] ^ 4 + 3e-4, 1e-9) }
		END { exit bad || NR != 604 }' hh.csv
	done
}

@test "its table is used as in a run" {
	cell-gates --celsius 6.3 --v=-120,-100.5,-100 hh >with
	cell-gates --celsius 6.3 --v=-120,-100.5,-100 --set usetable_hh=0 hh \
		>without
	is "$(awk -F, '$2 == "m" { print $4 }' with | sort -u | wc -l)" 1
	is "$(awk -F, '$2 == "m" { print $4 }' without | sort -u | wc -l)" 3
	# Between two points of it, a line.
	cell-gates --celsius 6.3 --v=-40,-39.5,-39 hh | awk -F, "$rates"'
	$2 == "h" { inf[++n] = $4 }
	END { near(inf[2], (inf[1] + inf[3]) / 2, 1e-12); exit bad }'
}

@test "the demo's channels" {
	cell-gates --celsius 34 --mechanisms "$root/pipelines/cells/modfiles" \
		--ion ena=50 --ion ek=-90 >demo.csv
	awk -F, "$rates"'
	$1 == "km" {
		near($4, sigmoid($3, -35, 10), 1e-9)
		x = $3 + 35
		rate = 3.3 * exp(x / 20) + exp(-x / 20)
		near($5, 608 / (2.3 ^ -0.2 * rate), 1e-9)
		near($6, 7e-5 * $4, 1e-9)
	}
	$1 == "kv3" {
		near($4, sigmoid($3, -12.4, 6.8), 1e-9)
		closing = 0.087 + 11.4 * sigmoid(-$3, 14.6, 8.6)
		near($5, closing * (0.087 + 11.4 * sigmoid($3, 1.3, 18.7)), 1e-9)
		near($6, 0.225 * $4 ^ 2, 1e-9)
	}
	$1 == "ih" {
		a = 0.00643 * vtrap($3 + 154.9, 11.9)
		b = 0.193 * exp($3 / 33.1)
		near($4, a / (a + b), 1e-9)
		near($5, 1 / (a + b), 1e-9)
	}
	$1 == "naf" && $2 == "h" {
		a = 0.07 * exp(-($3 + 58) / 20)
		b = sigmoid($3, -28, 10)
		near($4, a / (a + b), 1e-9)
		near($5, 1 / (5 * (a + b)), 1e-9)
	}
	{ seen[$1]++ }
	END {
		exit bad || seen["km"] + seen["kv3"] + seen["ih"] != 603 ||
			seen["naf"] != 402
	}' demo.csv
}

@test "whatever the method of integration" {
	for m in exact implicit runs steps; do
		curve $m | same_sigmoid 3 1e-8
	done
	curve old | same_sigmoid 3
	is "$(row old 10)" 2
	curve inside | awk -F, "$rates"'
	{ near($6, 1e-3 * $4 ^ 3, 1e-9) }
	END { exit bad || NR != 201 }'
	is "$(row inside 3,10)" activation,3
	curve tiny | same_sigmoid 1e-6
	curve huge | same_sigmoid 1e4
	curve jump | awk -F, '{ exit $4 != ($3 > -40.5) }'
}

@test "half and slope of an exact Boltzmann function" {
	for m in exact implicit runs steps tiny huge; do
		row $m 5,6 | awk -F, "$rates"'
		{ near($1, -31.25, 1e-9); near($2, 6.5, 1e-9); exit bad }'
		is "$(row $m 3,4,10,13)" activation,first-order,1,ok
	done
	row falls 5,6 | awk -F, "$rates"'
	{ near($1, -31.25, 1e-9); near($2, -6.5, 1e-9); exit bad }'
	row exact 7,8,9,11 | awk -F, "$rates"'
	{ near($4, 3, 1e-9); near($3, 1, 1e-12); exit $1 > 1e-9 || $2 > 1e-9 }'
}

@test "a fit that is none is known by its errors" {
	cell-gates --celsius 6.3 --summary hh >hh.csv
	awk -F, "$rates"'
	$2 == "h" { near($11, 8.58165, 1e-5); near($12, -67, 1e-9) }
	NR > 1 && !($7 > 0.01 && $7 < 1 && $9 > 0.99 && $9 < 1) { bad = 1 }
	END { exit bad }' hh.csv
	is "$(cut -d, -f2,3,10,13 hh.csv | tail -n +2 | xargs)" \
		"m,activation,3,ok h,inactivation,1,ok n,activation,4,ok"
}

@test "activation and inactivation, by what they do to the conductance" {
	is "$(row exact 3)" activation
	# A gate that falls is inactivation, unless nothing else opens it.
	is "$(row falls 3)" activation
	is "$(row fraction 3,10)" activation,1
	cell-gates --celsius 34 --mechanisms "$root/pipelines/cells/modfiles" \
		--v=-180:60:1 --summary 2>/dev/null >demo.csv
	is "$(cut -d, -f1-3 demo.csv | tail -n +2 | xargs)" \
		"ih,m,activation kdr,n,activation km,p,activation kv3,n,activation naf,m,activation naf,h,inactivation nat,m,activation nat,h,inactivation"
	awk -F, '$1 == "ih" { exit !($6 < 0) }' demo.csv
	is "$(row closed 2,3,13 | xargs -d '\n')" \
		"m,activation,no current h,inactivation,no current"
	is "$(row hollow 3,13)" "activation,no current"
	is "$(row unused 3,13)" "other,no effect on the conductance"
}

@test "what has no half" {
	is "$(row bell 3,13)" other,bell-shaped
	is "$(row flat 3,13)" other,constant
	is "$(row ground 3,13)" "activation,not from 0 to 1"
	is "$(row twofold 3,13)" "activation,not a Boltzmann function"
	is "$(row part 3,13)" "activation,partial range"
	is "$(row growing 3,13)" "other,no steady state"
	is "$(row circles 2,3,13 | xargs -d '\n')" \
		"a,other,no steady state b,other,no steady state"
	is "$(row idle 2,3,13)" ",other,no state and no current"
	is "$(row pool 2,3,13)" "ca,other,constant"
	is "$(row jump 3)" activation
}

@test "where there is no number, it is missing and said" {
	is "$(curve broken | awk -F, '$4 == "" { print $3 }')" -40
	grep -qx 'cell-gates: broken: no steady state of m at -40 mV' \
		"$BATS_FILE_TMPDIR/said"
	is "$(curve growing | cut -d, -f4,5 | sort -u)" ,
	is "$(curve frozen | cut -d, -f4,5 | sort -u)" ,
	# A step that takes no notice of dt.
	curve fixed | awk -F, "$rates"'
	{ near($4, sigmoid($3, -31.25, 6.5), 1e-9) }
	$5 != "" { bad = 1 }
	END { exit bad }'
}

@test "a step that is not linear" {
	# m = m^1.5 + 0.1 has a stable solution, which relaxes by 1 - 1.5 m^0.5.
	curve curved | awk -F, "$rates"'
	{
		near($4 ^ 1.5 + 0.1, $4, 1e-8)
		near($5, 3 / (1 - 1.5 * sqrt($4)), 1e-6)
	}
	END { exit bad || NR != 201 }'
	is "$(row curved 4)" nonlinear
}

@test "a scheme of states" {
	is "$(row scheme 2,3,4,10 | xargs)" \
		"c,other,coupled, o,activation,coupled,1 z,other,coupled,"
	curve scheme | awk -F, "$rates"'
	{
		k = exp($3 / 20) / exp(-$3 / 25)
		z = 1 + k + 5 * k
		near($4, ($2 == "c" ? 1 : $2 == "o" ? k : 5 * k) / z, 1e-7)
		# The slower eigenvalue of the two that are not 0.
		a = exp($3 / 20); b = exp(-$3 / 25)
		p = a + b + 0.012
		q = a * 0.01 + a * 0.002 + b * 0.002
		near($5, 1 / (2 * q / (p + sqrt(p * p - 4 * q))), 1e-6)
	}
	$2 == "o" { near($6, 1e-3 * $4, 1e-9) }
	END { exit bad || NR != 603 }'
}

@test "--conductance is that of the curves, a row for a voltage" {
	cell-gates --celsius 6.3 --conductance hh pas >g.csv
	is "$(head -n 1 g.csv)" mechanism,v_mV,conductance_S_cm2
	cell-gates --celsius 6.3 hh pas | cut -d, -f1,3,6 | uniq >all.csv
	sort -u all.csv | cmp - <(sort g.csv)
	is "$(wc -l <g.csv)" 403
	cell-gates --celsius 20 --mechanisms "$folder" --conductance --v 0 \
		--cai 1e-4,1e-3 calcium idle pool >g.csv
	is "$(cut -d, -f1-3 g.csv | xargs)" \
		"mechanism,v_mV,cai_mM calcium,0,0.0001 calcium,0,0.001"
}

@test "a conductance without a state" {
	# By its slope against ek, it is not the slope against v.
	curve instant | awk -F, "$rates"'
	{ near($6, 1e-3 * sigmoid($3, -31.25, 6.5), 1e-9) }
	$2 $4 $5 != "" { bad = 1 }
	END { exit bad || NR != 201 }'
	is "$(row instant 2,3,4,13)" ,activation,instant,ok
	row instant 5 | awk "$rates"'{ near($1, -31.25, 1e-6); exit bad }'
}

@test "the Goldman-Hodgkin-Katz equation" {
	[ -e "$nrn_demo/release" ] || skip "no demo of NEURON"
	cell-gates --celsius 16 --mechanisms "$nrn_demo/release" cachan \
		--v=-60,-20,20 --ion cai=1e-3 --ion cao=3 >ghk.csv
	# dI/dv, by differences of the formula in cachan1.mod.
	awk -F, "$rates"'
	function efun(z) { return z / (exp(z) - 1) }
	function ghk(v,  z) {
		z = 1e-3 * 2 * F * v / (R * 289.15)
		return 1e-3 * 2 * F * (1e-3 * efun(-z) - 3 * efun(z))
	}
	BEGIN { F = 96485.33; R = 8.314462 }
	NR > 1 {
		slope = (ghk($3 + 0.01) - ghk($3 - 0.01)) / 0.02
		near($6, 0.2e-7 * $4 ^ 2 * slope, 1e-4)
	}
	END { exit bad || NR != 4 }' ghk.csv
}

@test "calcium" {
	cell-gates --celsius 20 --mechanisms "$folder" --v=-65,0 \
		--cai 1e-5:1e-2:4 calcium exact >cai.csv
	is "$(head -n 1 cai.csv)" \
		mechanism,gate,v_mV,cai_mM,inf,tau_ms,conductance_S_cm2
	awk -F, "$rates"'
	$1 == "calcium" {
		n++
		near($5, 1 / (1 + (3e-4 / $4) ^ 2.5), 1e-9)
		near($6, 1 + 1e3 * $4, 1e-9)
	}
	$1 == "exact" && $4 != "" { bad = 1 }
	END { exit bad || n != 8 || NR != 11 }' cai.csv
	is "$(awk -F, '$1 == "calcium" && $3 == 0 { print $4 }' cai.csv |
		awk '{ printf "%.3g\n", $1 }' | xargs)" "1e-05 0.0001 0.001 0.01"
	# What others may not change is held.
	cell-gates --celsius 20 --mechanisms "$folder" --v 0 --ion cai=7e-4 \
		calcium | awk -F, "$rates"'
	NR == 2 { near($4, 1 / (1 + (3 / 7) ^ 2.5), 1e-9); exit bad }'
}

@test "half a concentration, and a Hill coefficient" {
	cell-gates --celsius 20 --mechanisms "$folder" --v 0 \
		--cai 1e-6:1e-1:101 --summary calcium exact >hill.csv
	is "$(head -n 1 hill.csv)" \
		mechanism,gate,v_mV,kind,kinetics,half_mM,hill,half_se_mM,hill_se,r2,power,tau_max_ms,tau_max_mM,status
	awk -F, "$rates"'
	$1 == "calcium" {
		near($6, 3e-4, 1e-9)
		near($7, 2.5, 1e-9)
		near($12, 101, 1e-9)
		near($13, 0.1, 1e-9)
	}
	END { exit bad || NR != 3 }' hill.csv
	is "$(cut -d, -f1,3,4,14 hill.csv | tail -n +2 | xargs -d '\n')" \
		"calcium,0,activation,ok exact,,other,no calcium"
	cell-gates --celsius 20 --mechanisms "$folder" --cai 1e-4,1e-3 \
		--summary exact calcium >two.csv
	is "$(cut -d, -f1-4,14 two.csv | tail -n +2 | xargs)" \
		"calcium,m,0.0001,other,constant calcium,m,0.001,other,constant exact,m,,activation,ok"
}

@test "a cell: parameters where they are, and --at" {
	cat >cell.hoc <<-'END'
	celsius = 34
	v_init = -70
	create soma, dend
	connect dend(0), soma(1)
	dend { nseg = 3 insert kdr vt_kdr(0.5) = -50 gbar_kdr = 1 }
	soma { insert km gbar_km = 0.5 taumax_km = 1000 insert kdr
		vt_kdr = -60 gbar_kdr = 0.2 }
	END
	local cell=(--hoc cell.hoc --mechanisms "$root/pipelines/cells/modfiles")
	cell-gates "${cell[@]}" --v=-35 >soma
	awk -F, "$rates"'
	$1 == "km" { near($5, 1000 / (2.3 ^ -0.2 * 4.3), 1e-9)
		near($6, 0.25, 1e-9) }
	$1 == "kdr" { near($6, 0.2 * $4 ^ 4, 1e-9) }
	END { exit bad || NR != 3 }' soma
	# kdr is shifted by 10 mV there, with five times as much of it.
	cell-gates "${cell[@]}" --v=-25 --at 'dend(0.5)' kdr >dend
	is "$(awk -F, '$1 == "kdr" { print $4, $5 }' soma)" \
		"$(awk -F, '$1 == "kdr" { print $4, $5 }' dend)"
	awk -F, "$rates"'NR == 2 { near($6, $4 ^ 4, 1e-9); exit bad }' dend
	is "$(cell-gates "${cell[@]}" --v 0 --at dend | cut -d, -f1 | xargs)" \
		"mechanism kdr"
	misused "dend has no mechanism 'km'; there are: kdr" "${cell[@]}" \
		--at dend km
	cell-gates "${cell[@]}" --v=-35 --set soma.gbar_km=2 km |
		awk -F, "$rates"'NR == 2 { near($6, 1, 1e-9); exit bad }'
	# Without a cell they are of its patches.
	cell-gates --celsius 34 --mechanisms "$root/pipelines/cells/modfiles" \
		--set patch.gbar_km=2 --v=-35 km |
		awk -F, "$rates"'NR == 2 { near($6, 1, 1e-9); exit bad }'
}

@test "a cell that does more when it begins" {
	cat >busy.hoc <<-'END'
	create soma, dend
	connect dend(0), soma(1)
	soma insert hh
	dend { nseg = 5 insert pas }
	objref handler, stim, netcon, syn, played, times
	proc begin() { soma.gnabar_hh = 0.24 }
	handler = new FInitializeHandler("begin()")
	soma syn = new ExpSyn(0.5)
	stim = new NetStim()
	stim.interval = 0.001
	netcon = new NetCon(stim, syn)
	netcon.weight = 0.1
	played = new Vector(100, -30)
	times = new Vector(100)
	times.indgen(0.1)
	played.play(&soma.v(0.5), times, 1)
	proc init() { finitialize(v_init)  soma.ena = 60 }
	END
	cell-gates --hoc busy.hoc --celsius 6.3 --v=-80,-30 hh |
		awk -F, 'NR > 1 && NR < 4 { print $3, $4, $5 }' >busy
	cell-gates --celsius 6.3 --v=-80,-30 hh |
		awk -F, 'NR > 1 && NR < 4 { print $3, $4, $5 }' | cmp - busy
	is "$(cell-gates --hoc busy.hoc --celsius 6.3 --v=20 --conductance hh)" \
		"$(cell-gates --set patch.gnabar_hh=0.24 --celsius 6.3 --v=20 \
			--conductance hh)"
}

@test "the channels of the Allen Institute's cells" {
	cell-gates --celsius 34 --mechanisms "$root/pipelines/mechanisms" \
		--v=-150:60:5 --summary CaDynamics Ca_HVA Ca_LVA Ih Im Im_v2 K_P \
		K_T Kd Kv2like Kv3_1 NaTa NaTs NaV Nap SK >allen.csv 2>said
	is "$(awk -F, '$3 == "activation" { print $1 "." $2 }' allen.csv |
		xargs)" "Ca_HVA.m Ca_LVA.m Ih.m Im.m Im_v2.m K_P.m K_T.m Kd.m Kv2like.m Kv3_1.m NaTa.m NaTs.m"
	is "$(awk -F, '$3 == "inactivation" { print $1 "." $2 }' allen.csv |
		xargs)" "Ca_HVA.h Ca_LVA.h K_P.h K_T.h Kd.h Kv2like.h1 Kv2like.h2 NaTa.h NaTs.h Nap.h"
	is "$(grep -c '^NaV,.*,coupled,' allen.csv)" 12
	is "$(grep -E '^(SK|CaDynamics),' allen.csv | cut -d, -f1-4,13 | xargs -d '\n')" \
		"CaDynamics,,other,,no state and no current SK,z,other,first-order,constant"
}

@test "NEURON's demo" {
	[ -e "$nrn_demo/release" ] || skip "no demo of NEURON"
	cell-gates --celsius 6.3 --mechanisms "$nrn_demo/release" \
		--v=-100:50:25 --summary 2>said >demo.csv
	is "$(cut -d, -f1 demo.csv | tail -n +2 | sort -u | xargs)" \
		"HHk HHna MCna cachan cachan1 cadifpmp capump nacax trel"
	is "$(awk -F, '$3 == "activation" { print $1 "." $2 }' demo.csv | xargs)" \
		"cachan1.S cachan.oca HHk.n HHna.m"
}

@test "what cannot be clamped is said, and the others are measured" {
	grep -q 'cell-gates: gap is left out: ' "$BATS_FILE_TMPDIR/said"
	grep -qx 'cell-gates: abrt is left out: it ends NEURON by signal 6 (Aborted)' \
		"$BATS_FILE_TMPDIR/said"
	row gap 2,3 | grep -qx ,other
	[ -n "$(row gap 13)" ]
	run --separate-stderr cell-gates --celsius 20 --mechanisms "$folder" gap
	[ "$status" -eq 1 ]
	is "$output" ''
	[[ $stderr == "cell-gates: gap: "* ]]
}

@test "what is wrong with the call" {
	misused "neither a cell nor --mechanisms nor a mechanism"
	misused "no mechanism 'nax'; there are: pas, fastpas, hh" nax --celsius 20
	misused "Spot: a point process has no current per area" --celsius 20 \
		--mechanisms "$folder" Spot
	misused "--summary and --conductance exclude each other" --summary \
		--conductance hh
	misused "--v: not a voltage in mV: 'x'" --v x hh
	misused "--v: not start:stop:step: '1:2'" --v 1:2 hh
	misused "--cai: no concentration above 0 mM: '0'" --cai 0 hh
	misused "--cai: not low:high:n: '1:2'" --cai 1:2 hh
	misused "--cai: low is not below high: '2:1:3'" --cai 2:1:3 hh
	misused "--cai: not a number from 2 to 100000: '1'" --cai 1:2:1 hh
	misused "--ion: not name=value: 'ek'" --ion ek hh
	misused "--ion: no concentration above 0 mM: 'ki=0'" --ion ki=0 hh
	misused "--ion: 'cai' is given twice" --cai 1 --ion cai=1 hh
	misused "no mechanism has 'cai'; there are: ena,nai,nao,ek,ki,ko" \
		--celsius 20 --cai 1e-4 hh
	misused "the cell has no mechanism 'km'; there are: pas, hh" \
		--hoc "$data/cell.hoc" --template Cell km
	misused "--at: no section 'axon'; there are: soma, dend[0], dend[1]" \
		--hoc "$data/cell.hoc" \
		--template Cell --at axon
}
