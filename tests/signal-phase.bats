# Phases of waves are known beforehand; those of a mixture are the reference's.
load common.bash
load fields.bash

wave() { # rate in kHz, samples, what to print of t in s, the name
	awk -v rate="$1" -v n="$2" 'BEGIN { pi = atan2(0, -1); print "time_ms,'"${4:-a}"'"
		for (k = 0; k < n; k++) {
			t = k / rate / 1000
			print 5 + k / rate "," '"$3"'
		}
	}'
}

@test "the reference's phases and amplitudes" {
	need golden/fields
	local rhythm
	fields lfp.csv.gz >lfp
	fields reference/phase.csv.gz >want
	while read -r rhythm options; do
		# shellcheck disable=SC2086 # options
		signal-phase $options -c channel0_mV --edges keep lfp |
			awk 'NR == 1 || NR % 10 == 2' >got
		near got phase_rad want "${rhythm}_rad" 1e-9 angle
		near got amplitude want "${rhythm}_mV" 1e-9
	done <<-'END'
	theta --band 4:12
	gamma --band 30:50
	w8 --freq 8
	w40 --freq 40
	END
}

# The largest distance from the phase of a wave and from its amplitude, in the
# middle half of the record.
off() { # frequency, phase at 0 s, amplitude, of a table on the standard input
	awk -F, -v f="$1" -v p="$2" -v a="$3" '
		NR > 1 { t[NR] = $1; x[NR] = $2; y[NR] = $3 }
		END {
			for (k = int(NR / 4); k < NR * 3 / 4; k++) {
				d = x[k] - p - 2 * atan2(0, -1) * f * (t[k] - 5) / 1000
				d = atan2(sin(d), cos(d)); e = y[k] / a - 1
				most = d * d > most ? d * d : most
				more = e * e > more ? e * e : more
			}
			printf "%.6f %.6f\n", sqrt(most), sqrt(more)
		}'
}

@test "a wave has its own phase and amplitude, whatever the rate" {
	local rate
	for rate in 0.4 1 2; do
		wave $rate 4000 '3 * cos(2 * pi * 80 * t + 1)' >in
		is "$(signal-phase --freq 80 in 2>&- | off 80 1 3)" "0.000000 0.000000"
		is "$(signal-phase --band 60:107 in 2>&- | off 80 1 3 | cut -c1-5)" 0.000
	done
	# Phase 0 is the peak.
	wave 1 1000 'cos(2 * pi * 10 * t)' | signal-phase --freq 10 --edges keep |
		awk -F, '$1 == 505 && ($2 - 0) ^ 2 < 1e-9 { n++ }
			$1 == 555 && $2 ^ 2 > 9.86 { n++ } END { exit n != 2 }'
}

@test "a wavelet hears other frequencies by a Gaussian, of f divided by its cycles" {
	heard() { # frequency of the wave, options: the amplitude in the middle
		wave 1 8000 "cos(2 * pi * $1 * t)" | signal-phase --freq 20 "${@:2}" --edges keep |
			awk -F, '$1 == 4005 { printf "%.4f\n", $3 }'
	}
	is "$(heard 20)" 1.0000
	# exp(-1/2) at f + f / cycles
	is "$(heard 23.1830988618379)" 0.6065
	is "$(heard 22 --cycles 10)" 0.6065
	is "$(heard 24 --cycles 10)" 0.1353
	is "$(heard 22 --cycles 20)" 0.1353
}

# scipy 1.10: hilbert() of an impulse through butter(2, [20, 200]) both ways, of an
# even and of an odd number of samples.
@test "scipy's phases of few samples, even and odd" {
	local n want
	while read -r n want; do
		awk -v n="$n" 'BEGIN { print "time_ms,a"
			for (k = 0; k < n; k++) print k "," (k == 11) }' |
			signal-phase --band 20:200 --order 2 --edges keep |
			awk -F, -v want="$want" 'NR > 1 { p[NR - 2] = $2; a[NR - 2] = $3 }
				END {
					n = split(want, w, " ")
					for (k = 1; k < n; k += 3)
						if ((p[w[k]] - w[k + 1]) ^ 2 + (a[w[k]] - w[k + 2]) ^ 2 > 1e-20)
							bad = bad " " w[k] ":" p[w[k]] "," a[w[k]]
					print bad
					exit bad != "" || n < 9
				}' || fail "$n"
	done <<-'END'
	30 0 -1.58243616732 0.0161841448799 10 -0.725475453409 0.337037605585 12 0.762421238064 0.345366213138 29 -2.01338511499 0.0219543850216
	31 0 -1.5824491464 0.0148587313852 10 -0.725188588849 0.336908355931 12 0.76291433244 0.345456097088 30 -1.95558365075 0.0200554346447
	END
}

@test "--order is the filter's" {
	wave 1 2000 'cos(2 * pi * 20 * t)' >in
	signal-phase --band 5:20 --order 2 --edges keep in >two
	signal-phase --band 5:20 --edges keep in >four
	run ! cmp -s two four
	signal-phase --band 5:20 --order 4 --edges keep in | cmp - four
}

@test "the ends are said, or left empty" {
	wave 1 2000 'cos(2 * pi * 8 * t)' >in
	run --separate-stderr signal-phase --freq 8 in
	is "$stderr" "signal-phase: what is nearer to an end of the record than 176.777 ms depends on what is not in it: --edges blank leaves that empty"
	run --separate-stderr signal-phase --freq 8 --cycles 8 in
	is "$stderr" "signal-phase: what is nearer to an end of the record than 225.079 ms depends on what is not in it: --edges blank leaves that empty"
	run --separate-stderr signal-phase --freq 0.5 in
	is "$stderr" "signal-phase: all of the record of 1999 ms is nearer to an end than 2828.43 ms, and so depends on what is not in it"
	run --separate-stderr signal-phase --band 4:12 in
	is "$stderr" "signal-phase: what is nearer to an end of the record than 917 ms depends on what is not in it: --edges blank leaves that empty"
	signal-phase --freq 8 in >kept 2>&-
	run --separate-stderr signal-phase --freq 8 --edges keep in
	is "$stderr" "" && is "$output" "$(cat kept)"
	run --separate-stderr signal-phase --freq 8 --edges blank in
	is "$stderr" ""
	is "$output" "$(awk 'NR == 1 || NR > 178 && NR < 1825 { print; next }
		{ sub(",.*", ",,"); print }' kept)"
}

@test "several signals are one after the other, by their names" {
	wave 1 300 'cos(2 * pi * 20 * t) "," sin(2 * pi * 20 * t) ",x"' a,b,c >in
	signal-phase --freq 20 --edges keep -c a,b in >got
	is "$(head -n 1 got)" signal,time_ms,phase_rad,amplitude
	for signal in a b; do
		signal-phase --freq 20 --edges keep -c $signal in | tail -n +2 |
			sed "s/^/$signal,/"
	done | cmp - <(tail -n +2 got)
	# and that table is read by --by, as one of several records is
	awk -F, 'NR == 1 { print $1 ",time_ms,x"; next } { print $1 "," $2 "," $4 * cos($3) }' \
		got >long
	is "$(signal-phase --freq 20 --edges keep --by signal long | head -n 1)" \
		signal,time_ms,phase_rad,amplitude
	is "$(signal-phase --freq 20 --edges keep --by signal long | cut -d, -f1 | uniq -c | xargs)" \
		"1 signal 300 a 300 b"
	sed 's/$/,1/; 1s/1$/y/' long >twice
	is "$(signal-phase --freq 20 --edges keep --by signal twice | cut -d, -f1 | uniq)" \
		"$(printf '%s\n' signal 'a x' 'a y' 'b x' 'b y')"
	sed 1s/signal/cell/ twice >other
	is "$(signal-phase --freq 20 --edges keep --by cell other | cut -d, -f1,2 | uniq)" \
		"$(printf '%s\n' cell,signal a,x a,y b,x b,y)"
}

@test "nothing has an amplitude of 0, and no phase" {
	wave 1 100 0 | signal-phase --band 20:40 --edges keep >got
	is "$(cut -d, -f2- got | sort -u)" "$(printf ',0\nphase_rad,amplitude')"
}

@test "from a pipe and from a file the same bytes" {
	wave 1 500 'cos(2 * pi * 20 * t)' >in
	for options in '--freq 20' '--band 10:30'; do
		# shellcheck disable=SC2086 # options
		signal-phase $options --edges keep in >got
		# shellcheck disable=SC2086 # options
		signal-phase $options --edges keep < <(cat in) | cmp - got
		# shellcheck disable=SC2086 # options
		is "$(signal-phase $options --edges keep -t in)" "$(tr , '\t' <got)"
	done
	signal-phase --freq 20 --edges keep -o out in
	signal-phase --freq 20 --edges keep in | cmp - out
	is "$(printf 'time_ms,a\n' | signal-phase --freq 20)" time_ms,phase_rad,amplitude
	is "$(printf 'time_ms,a,b\n' | signal-phase --freq 20)" signal,time_ms,phase_rad,amplitude
}

@test "a long record is as a short one, far from its ends" {
	# Blocks of the wavelet's transforms begin somewhere.
	wave 1 30000 'cos(2 * pi * 40 * t) + cos(2 * pi * 37 * t)' >in
	signal-phase --freq 40 --edges keep in >long
	{ head -n 1 in; sed -n 15002,17001p in; } | signal-phase --freq 40 --edges keep >short
	paste -d, <(sed -n 15502,16501p long) <(sed -n 502,1501p short) |
		awk -F, '($3 - $6) ^ 2 > 1e-18 { exit 1 }
			$1 != $4 { exit 1 } END { exit NR != 1000 }'
}

@test "bad input" {
	wave 1 100 1 | sed 51d | bad "standard input:51: column 'time_ms': a gap: 55 ms after 53 ms, where a step is 1 ms" --freq 20
	wave 1 100 1 | sed '51s/,.*/,nan/' | bad "standard input:51: column 'a': not a finite number: 'nan'" --freq 20
	wave 1 27 1 | bad "standard input: a record of 27 samples, where a filter both ways needs 28: a lower --order needs fewer" --band 20:30
	wave 1 9 1 | bad "standard input: a record of 9 samples, where a filter both ways needs 10" --band 20:30 --order 1
	wave 1 1 1 | bad "standard input:2: a record of one row: no step, and so no rate" --freq 20
	wave 1 100 1 | misused "--freq: 500 Hz is not below half the rate of 1000 Hz" --freq 500
	wave 1 100 1 | misused "--band: 600 Hz is not below half the rate of 1000 Hz" --band 20:600
	misused "--band or --freq is needed"
	misused "--band and --freq exclude each other" --band 2:3 --freq 3
	misused "--order needs --band" --freq 3 --order 3
	misused "--cycles needs --freq" --band 2:3 --cycles 3
	wave 1 100 1 | sed 's/$/,1/; 1s/1$/phase_rad/' | misused "--by: the output has a column 'phase_rad' of its own" --freq 20 --by phase_rad --edges keep
}
