# The references are formulas: the impedances of one compartment and of a cable;
# and what a chirp shows.
load common.bash
load cells.sh

cell=(--hoc "$data/cell.hoc" --template Cell)
patch=(--hoc patch.hoc --celsius 20)

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	passive
}

agree() { # impedances and phases of two tables within so much of Z
	is "$(wc -l <"$1")" "$(wc -l <"$2")"
	[ "$(wc -l <"$1")" -gt 10 ]
	paste -d, <(cut -d, -f1-3 "$1") <(cut -d, -f1-3 "$2") |
		awk -F, -v most="$3" 'NR > 1 {
		x = $2 * cos($3) / $5 - cos($6)
		y = $2 * sin($3) / $5 - sin($6)
		df = $1 - $4
		if (df * df > $4 * $4 * 1e-20 || x * x + y * y > most * most) {
			print
			exit 1
		}
	}'
}

@test "one compartment: exact is R / (1 + i w tau), a run backward Euler's" {
	options=("${patch[@]}" --dur 3000 --band 1:40)
	cell-zap "${options[@]}" | zap-impedance --band 1:40 >run
	cell-impedance "${options[@]}"  >exact
	# In steps, i w is (1 - exp(-i w dt)) / dt.
	for dt in 0 0.025; do
		awk -F, -v OFS=, -v dt=$dt 'NR == 1 { print $1, $2, $3; next } {
			pi = atan2(0, -1)
			r = 1e-6 / (1e-4 * pi * 20 * 20 * 1e-8)
			w = 2 * pi * $1 / 1000
			re = 1; im = 10 * w
			if (dt > 0) {
				re = 1 + 10 * (1 - cos(w * dt)) / dt
				im = 10 * sin(w * dt) / dt
			}
			z = r / sqrt(re * re + im * im)
			printf "%s,%.17g,%.17g\n", $1, z, -atan2(im, re)
		}' exact >theory$dt
	done
	agree exact theory0 1e-6
	agree run theory0.025 1e-6
	run agree run theory0 1e-4
	[ "$status" -ne 0 ]
}

@test "a cable: exact is its cotangent, and to the other end its sine" {
	cat >cable.hoc <<-'EOF'
	v_init = -70
	create dend
	dend {
		L = 1000 diam = 2 nseg = 301 Ra = 100
		insert pas g_pas = 1e-4 e_pas = -70
	}
	EOF
	cell-impedance --hoc cable.hoc --celsius 20 --inject 'dend(0)' \
		--record 'dend(0)' --record 'dend(1)' --delay 1 --dur 500  >a
	is "$(head -n 1 a)" "frequency_Hz,impedance_MOhm,phase_rad,impedance_MOhm.dend(1),phase_rad.dend(1)"
	# q = sqrt(1 + i w tau) = a + i b; Z = R / q coth(q l), R / q / sinh(q l)
	awk -F, 'NR == 1 { print; print >"far"; next } {
		pi = atan2(0, -1)
		lambda = sqrt(2e-4 / (4 * 1e-4 * 100))
		l = 0.1 / lambda
		r = lambda * 100 / (pi * 1e-8) / 1e6
		w = 2 * pi * $1 * 0.01
		m = sqrt(sqrt(1 + w * w)); p = atan2(w, 1) / 2
		a = m * cos(p) * l; b = m * sin(p) * l
		e = exp(a); f = exp(-a)
		sre = (e - f) / 2 * cos(b); sim = (e + f) / 2 * sin(b)
		cre = (e + f) / 2 * cos(b); cim = (e - f) / 2 * sin(b)
		s = sqrt(sre * sre + sim * sim); ps = atan2(sim, sre)
		c = sqrt(cre * cre + cim * cim); pc = atan2(cim, cre)
		printf "%s,%.17g,%.17g\n", $1, r / m * c / s, pc - ps - p
		printf "%s,%.17g,%.17g\n", $1, r / m / s, -ps - p >"far"
	}' a >near
	agree a near 1e-5
	cut -d, -f1,4,5 a >end
	agree end far 2e-5
}

@test "a chirp and exact agree on the cells of the demo" {
	for t in Pyramidal FastSpiking; do
		cell-zap "${demo[@]}" --template $t --amp 5 --dur 6000 |
			zap-impedance --band 0.5:50 >run
		cell-impedance "${demo[@]}" --template $t --dur 6000 >exact
		agree run exact 0.006
		is "$(paste -d, <(cut -d, -f1,2 run) exact | awk -F, '
			NR > 1 && ($2 / $4 > 1.005 || $2 / $4 < 0.995)')" ""
	done
}

@test "exact at 0 Hz is what a small step shows" {
	for t in Pyramidal FastSpiking; do
		r=$(printf 'frequency_Hz\n0\n' | cell-impedance "${demo[@]}" \
			--template $t  --frequencies - | tail -n 1)
		for amp in 0.1 -0.1; do
			cell-clamp "${demo[@]}" --template $t --amp $amp \
				--delay 1000 --dur 1000 --tstop 2000 --every 100 |
				awk -F, -v amp=$amp '$1 == 1000 { v = $2 }
				END { print ($2 - v) / amp * 1000 }'
		done | awk -F, -v r="$r" '{ sum += $1 } END {
			split(r, f); d = f[2] / (sum / 2) - 1
			if (d > 2e-5 || d < -2e-5) { print r, sum / 2; exit 1 }
		}'
	done
}

@test "from one site to another, in both directions" {
	options=("${cell[@]}" --delay 200 --dur 1000 --band 5:100 --dt 0.005)
	there=("${options[@]}" --inject soma --record 'dend[1](1)')
	back=("${options[@]}" --inject 'dend[1](1)' --record soma)
	cell-impedance "${there[@]}"  >a
	cell-impedance "${back[@]}"  >b
	agree a b 1e-6
	cell-zap "${there[@]}" --amp 0.1 | zap-impedance --band 5:100 >c
	agree c a 0.01
	cell-zap "${back[@]}" --amp 0.1 | zap-impedance --band 5:100 >c
	agree c b 0.01
	cell-impedance "${options[@]}"  >c
	run agree c a 0.01
	[ "$status" -ne 0 ]
}

@test "the frequencies of zap-impedance, or those of a table" {
	for o in "--dur 1000" "--dur 777.7 --every 0.1 --delay 10.05" \
		"--dur 1000 --tstop 1900" "--dur 1000 --band 0:20"; do
		linear=
		[[ $o != *" 0:20" ]] || linear=--linear
		# shellcheck disable=SC2086
		cell-zap "${patch[@]}" $o $linear |
			zap-impedance --band 0.5:20 >z
		# shellcheck disable=SC2086
		cell-impedance "${patch[@]}" --band 0.5:20 $o  >exact
		[ "$(wc -l <z)" -gt 15 ]
		[ -z "$linear" ] || sed -i '/^0\.[0-4]/d' z exact
		is "$(awk -F, 'NR > 1 { printf "%.12g\n", $1 }' exact)" \
			"$(awk -F, 'NR > 1 { printf "%.12g\n", $1 }' z)"
		cell-impedance "${patch[@]}"  --frequencies z >b
		is "$(cut -d, -f1 b)" "$(cut -d, -f1 z)"
	done
	printf 'a\tfrequency_Hz\nx\t7\ny\t0\n' >f
	is "$(cell-impedance "${patch[@]}"  --frequencies f | cut -d, -f1 |
		paste -sd,)" "frequency_Hz,7,0"
	is "$(cell-impedance "${patch[@]}"  --frequencies - <f)" \
		"$(cell-impedance "${patch[@]}"  --frequencies f)"
}

@test "each recorded site has columns" {
	sites=(--record soma --record 'dend[0](0.5)' --record 'dend[1](1)')
	echo frequency_Hz >f
	cell-impedance "${cell[@]}" "${sites[@]}" --frequencies f >a
	is "$(cat a)" "frequency_Hz,impedance_MOhm,phase_rad,impedance_MOhm.dend[0](0.5),phase_rad.dend[0](0.5),impedance_MOhm.dend[1](1),phase_rad.dend[1](1)"
}

@test "--hold: another voltage, which a chirp has too" {
	options=("${demo[@]}" --template Pyramidal --dur 2000 --settle 1000)
	cell-impedance "${options[@]}" >rest
	cell-impedance "${options[@]}" --hold 50 >exact
	cell-zap "${options[@]}" --hold 50 --amp 2 >run
	zap-impedance --band 0.5:50 run >z
	agree z exact 0.01
	run agree rest exact 0.03
	[ "$status" -ne 0 ]
}

@test "the operating point is at the end of --settle and --delay" {
	printf 'frequency_Hz\n10\n' >f
	options=(--frequencies f "${cell[@]}")
	cell-impedance "${options[@]}" --delay 0 >x 2>log
	cell-impedance "${options[@]}" --delay 3 >y 2>log
	cell-impedance "${options[@]}" --delay 1 --settle 2 >z 2>log
	[ "$(cat x)" != "$(cat y)" ]
	cmp y z
}

@test "--cvode is another way to where the impedance is computed" {
	printf 'frequency_Hz\n10\n' >f
	options=(--frequencies f "${cell[@]}" --delay 1000)
	cell-impedance "${options[@]}" >a
	cell-impedance "${options[@]}" --cvode 1e-5 >b
	[ "$(cat a)" != "$(cat b)" ]
	paste -d, a b | awk -F, 'NR == 2 { d = $2 / $5 - 1; exit d * d > 1e-10 }'
}

@test "a parameter of the model" {
	printf 'frequency_Hz\n10\n' >f
	options=(--frequencies f)
	cell-impedance "${options[@]}" "${patch[@]}" >a
	cell-impedance "${options[@]}" "${patch[@]}" --set soma.g_pas=2e-4 >b
	# 10 and 5 ms at 10 Hz.
	is "$(paste -d, a b | awk -F, 'NR == 2 {
		w = atan2(0, -1) / 50
		ratio = 2 * sqrt((1 + w * w * 25) / (1 + w * w * 100))
		printf "%.6f\n", $2 / $5 / ratio
	}')" 1.000000
}

@test "-o, -t and -v" {
	short=("${cell[@]}" --delay 1 --dur 25)
	cell-impedance "${short[@]}" >a
	cell-impedance "${short[@]}" -o b
	cmp a b
	cell-impedance "${short[@]}" -t | tr '\t' , | cmp - a
	run --separate-stderr cell-impedance "${short[@]}" -v
	[[ $stderr == *"the voltage at soma(0.5) before the impedance is computed is -64.9"* ]]
}

@test "a cell that is not at rest" {
	options=("${cell[@]}" --v-init -70 --delay 10 --dur 500)
	run --separate-stderr cell-impedance "${options[@]}"
	[ "$status" -eq 0 ]
	[[ $stderr == *" mV in the last 10 ms before the impedance is computed, and is "* ]]
	run --separate-stderr cell-impedance "${options[@]}" --settle 300
	is "$stderr" ""
}

@test "what NEURON's impedance leaves out is said" {
	mkdir mod
	cat >mod/cad.mod <<-'EOF'
	NEURON { SUFFIX cad USEION ca READ ica WRITE cai }
	UNITS { (mM) = (milli/liter) (mA) = (milliamp) }
	ASSIGNED { ica (mA/cm2) }
	STATE { cai (mM) }
	INITIAL { cai = 5e-5 }
	BREAKPOINT { SOLVE s METHOD derivimplicit }
	DERIVATIVE s { cai' = -10 * ica - (cai - 5e-5) / 50 }
	EOF
	cat >mod/steps.mod <<-'EOF'
	NEURON { SUFFIX steps NONSPECIFIC_CURRENT i }
	ASSIGNED { v i }
	STATE { m }
	INITIAL { m = 0 }
	BREAKPOINT { SOLVE s
		i = 1e-5 * m * (v + 70) }
	PROCEDURE s() { m = m + 0.1 * (0.5 - m) }
	EOF
	printf 'frequency_Hz\n10\n' >f
	model() { # what is inserted
		cat patch.hoc - <<-EOF >other.hoc
		$*
		EOF
	}
	options=(--hoc other.hoc --celsius 20 --frequencies f
		--mechanisms mod --delay 10)
	model "soma insert cad"
	run --separate-stderr cell-impedance "${options[@]}"
	is "$stderr" "cell-impedance: concentrations of ca are taken to be constant"
	[ "$status" -eq 0 ]
	model "soma insert steps"
	bad "NEURON: steps cannot be used with CVODE" "${options[@]}"
	model "soma insert extracellular"
	bad "NEURON: Impedance calculation with extracellular not implemented" \
		"${options[@]}"
	model "objref c, g, y, b, l
	c = new Matrix(1, 1)
	g = new Matrix(1, 1)
	y = new Vector(1)
	b = new Vector(1)
	soma l = new LinearMechanism(c, g, y, b, 0.5)"
	bad "NEURON's Impedance cannot take a LinearMechanism in" "${options[@]}"
}

@test "misuse" {
	misused "--band: must be low:high, the first < the second: '50:5'" --band 50:5
	misused "--band: half of the sampling rate is 50 Hz: '0.5:50'" \
		"${patch[@]}" --every 10
	misused "--band: the frequencies of a trace of this length are multiples of 5 Hz: '1:4'" \
		"${patch[@]}" --band 1:4 --dur 100
	misused "--frequencies and --band exclude each other" --frequencies f \
		--band 1:2 "${patch[@]}"
	misused "--frequencies and --every exclude each other" --every 1 \
		--frequencies f "${patch[@]}"
	misused "--hold: must be in [-1e9,1e9]: '1e10'" --hold 1e10
	misused "--dur: less than a step of 0.025 ms: 0.01" "${patch[@]}" --dur 0.01
	misused "--delay: must be in [0,inf): '-1'" "${patch[@]}" --delay -1
	misused "--tstop: before the chirp: 10" "${patch[@]}" --tstop 10
	misused "--record: no section 'apic'; there are: soma, dend[0], dend[1]" \
		"${cell[@]}" --record apic
}

@test "a bad table of frequencies" {
	for f in -1 x '' inf; do
		printf 'frequency_Hz,z\n1,1\n%s,1\n' "$f" >f
		run --separate-stderr cell-impedance "${patch[@]}" \
			--frequencies f
		[ "$status" -eq 1 ] && [ -z "$output" ]
		[[ $stderr == "cell-impedance: f:3: column 'frequency_Hz': "*"'$f'" ]]
	done
	printf 'f\n1\n' >f
	bad "f: no column 'frequency_Hz'" "${patch[@]}" --frequencies f
	bad "no: No such file or directory" "${patch[@]}" --frequencies no
}

@test "a run that diverges" {
	cat >>patch.hoc <<-'EOF'
	soma g_pas = -1e-3
	EOF
	run --separate-stderr cell-impedance "${patch[@]}" --delay 2000 \
		--dur 500 --v-init -60
	[ "$status" -eq 1 ] && [ -z "$output" ]
	[[ $stderr == *"is not a number from "*": the run diverges" ]]
}
