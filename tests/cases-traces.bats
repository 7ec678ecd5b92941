# Traces that were once measured wrongly, or refused.  What is right is computed
# here, from the formula that a trace is made by.
#
# shellcheck disable=SC2034 # the tool that common.bash complains of
load common.bash

# A cell of 100 MOhm at -70 mV: a step of amp nA from 200 to 700 ms of 1000, its
# answer with tau ms, on samples of an awk expression of the number k.  More awk
# may change v at time t; fmt is how voltages are written.
cell() { # settings of awk such as amp=-0.1, and the rest by the names below
	local dt=0.05 times='k * dt' more='' fmt=%.9g noise=0 one said=()
	for one; do
		case $one in
		times=* | more=* | fmt=* | dt=* | noise=*)
			local "${one?}" ;;
		*) said+=(-v "$one") ;;
		esac
	done
	awk -v amp=-0.1 -v tau=20 -v dt="$dt" -v seed=1 -v noise="$noise" \
		"${said[@]}" "$draws"'
	function g() {
		return sqrt(-2 * log(1 - draw())) * cos(6.283185307179586 * draw())
	}
	BEGIN {
		sow(seed)
		print "time_ms,v_mV,i_nA"
		for (k = 0; (t = '"$times"') <= 1000; k++) {
			s = t - 200
			v = -70
			if (s > 0)
				v += 100 * amp * (1 - exp(-s / tau))
			if (s > 500)
				v -= 100 * amp * (1 - exp(-(s - 500) / tau))
			'"$more"'
			if (noise)
				v += noise * g()
			printf "%.12g,'"$fmt"',%g\n", t, v,
				(s > 1e-9 && s < 500.000000001 ? amp : 0)
		}
	}'
}

get() { # columns by name, of the rows of the standard input
	awk -F, -v names="$*" '
	NR == 1 { n = split(names, name, " "); for (k = 1; k <= NF; k++) at[$k] = k; next }
	{ for (k = 1; k <= n; k++) printf "%s%s", $at[name[k]], k < n ? " " : "\n" }'
}

near() { # how near, numbers, as many that they have to be
	awk -v by="$1" -v got="$2" -v want="$3" 'BEGIN {
		n = split(got, g, " ")
		bad = n == 0 || n != split(want, w, " ")
		for (k = 1; k <= n; k++)
			bad = bad || g[k] !~ /^-?[0-9]/ || (g[k] - w[k]) ^ 2 > by * by
		if (bad)
			print got "\nrather than\n" want
		exit bad
	}'
}

# ---- Means are over time ----

# A table of 0.1 ms with a millisecond at -60 mV in its rest, and one of 10 ms
# with that millisecond of 1 us; the step is the same in both.
dense() { # when the millisecond begins, 1 us or 100, in units of 1 us
	awk -v at="$1" -v fine="$2" 'BEGIN {
		print "time_ms,v_mV,i_nA"
		for (us = 0; us <= 400000; us += step) {
			t = us / 1000
			v = us >= at && us <= at + 1000 ? -60 : -70
			if (us >= 200000)
				v = -80 + 10 * exp(-(t - 200) / 20)
			printf "%.10g,%.9g,%g\n", t, v, (us > 200000 ? -0.1 : 0)
			step = us >= at && us < at + 1000 ? fine : 10000
			if (us >= 200000 || fine == 100)
				step = 100
			# The samples of 10 ms go on where they were.
			if (us == at + 1000 && fine != 100)
				step = 10000 - us % 10000
			if (us < at && us + step > at)
				step = at - us
		}
	}'
}

@test "a voltage that is sampled densely counts no more for it" {
	local at
	for at in 100000 110000 153000 188000; do
		dense $at 1 >irregular
		dense $at 100 >regular
		[ "$(awk -F, '$2 == -60' irregular | wc -l)" -eq 1001 ]
		# 1 ms of 100 at -60, and 0.1 ms of the regular one on the way to
		# and fro, which comes before the rest at first.
		near 0.011 "$(passive-fit irregular | get v_rest_mV)" -69.9
		near 0.011 "$(passive-fit regular | get v_rest_mV)" -69.9
		near 0.011 "$(spike-features --summary irregular |
			get v_rest_mV)" -69.9
		near 0.11 "$(passive-fit irregular | get r_in_MOhm)" 101
		near 1e-5 "$(passive-fit irregular | get v_final_mV tau_ms)" \
			"$(passive-fit regular | get v_final_mV tau_ms)"
	done
}

@test "means are on straight lines between samples, cut at their ends" {
	local b
	# A drift, of which every mean is that of its middle, on samples 0.04 to
	# 3 ms apart.
	cell times='k < 5 ? k : t + 0.04 + draw() ^ 4 * 3' amp=0 more='v += t / 100' |
		awk -F, -v OFS=, 'NR > 1 { $3 = $1 > 650 ? -0.1 : 0 } 1' >in
	before=$(awk -F, '$3 == 0 { t = $1 } END { print t }' in)
	end=$(tail -n 1 in | cut -d, -f1)
	for b in 100 33.3 7; do
		near 1e-7 "$(passive-fit --baseline $b in | get v_rest_mV)" \
			"$(awk "BEGIN { printf \"%.12g\", -70 + ($before - $b / 2) / 100 }")"
		near 1e-7 "$(passive-fit --baseline $b in | get v_final_mV)" \
			"$(awk "BEGIN { b = $b; if (b > ($end - $before) / 10) \
				b = ($end - $before) / 10
				printf \"%.12g\", -70 + ($end - b / 2) / 100 }")"
	done
	near 1e-7 "$(spike-features --summary in | get v_rest_mV)" \
		"$(awk "BEGIN { printf \"%.12g\", -70 + ($before - 50) / 100 }")"
	# The peak of a sag, within 4 ms of it: a parabola on lines.
	cell dt=1 times='k % 3 ? k : k + 0.5' tau=1 \
		more='if (t > 200 && t <= 700 && t < 270) v -= 5 - (t - 250) ^ 2 / 80' |
		passive-fit --peak-width 8 >out
	near 0.02 "$(get sag_mV <out)" "$(awk 'BEGIN {
		print -(5 - 16 / 3 / 80) }')"
}

@test "where samples are even, means are those of samples as before" {
	cell more='v += t / 1000' dt=0.1 >in
	near 1e-9 "$(passive-fit in | get v_rest_mV)" -69.85005
}

@test "the longest step is that of time, not of samples" {
	# 1 us in a test pulse of 2 ms, 1 ms in the step.
	cell times='k <= 50 ? k : k <= 2050 ? 50 + (k - 50) / 1000 : k - 1998' |
		awk -F, -v OFS=, '$1 > 50 && $1 <= 52 { $3 = -0.05 } 1' |
		passive-fit >out
	near 1e-6 "$(get amp_pA <out)" -100
	near 0.01 "$(get v_rest_mV r_in_MOhm <out)" "-70 100"
}

@test "the current of a chirp at rest is a mean over time" {
	awk 'BEGIN {
		print "time_ms,v_mV,i_nA"
		# 0.9 pA, which is no onset, for a ms, in samples of 1 us.
		for (us = 0; us <= 4500000; us += us >= 440000 && us < 441000 ? 1 : 1000) {
			t = us / 1000
			i = t > 440 && t <= 441 ? 0.0009 : 0
			if (t > 500 && t <= 4000)
				i = 0.02 * sin(6.28318530718e-3 * (t - 500) * (1 + (t - 500) / 600))
			if (us % 1000 == 0)
				v += (100 * (t > 500) * i - v) / 21
			printf "%.10g,%.12g,%.12g\n", t, v - 70, i
		}
	}' >dense
	awk -F, 'NR == 1 || $1 == int($1)' dense >plain
	# In segments the rest is not gone but for 0 Hz.
	paste -d, <(zap-impedance --method welch --band 0:3 dense) \
		<(zap-impedance --method welch --band 0:3 plain) |
		awk -F, 'NR > 1 { n++; d = $2 / $8 - 1; print d; if (d * d > 1e-6) bad++ }
		END { exit !(n >= 2 && !bad) }'
}

# ---- Fits of what is not there ----

# bats test_tags=long
@test "one exponential is not two, whatever digits or noise it is written with" {
	local fmt dt tau noise
	while read -r fmt dt tau noise; do
		cell fmt="$fmt" dt="$dt" tau="$tau" noise="$noise" amp=-0.075 >in
		passive-fit --method exp2 in >out
		near "$(awk "BEGIN { print $tau / 50 }")" "$(get tau_ms <out)" "$tau"
		[[ $(get status <out) == "degenerate: "* ]]
		is "$(get tau_method a2_mV tau2_ms <out)" "exp-allen  "
	done <<-'END2'
	%.5f 0.02 20 0
	%.4f 0.02 30 0
	%.3f 0.02 50 0
	%.2f 0.02 30 0
	%.6f 0.02 20 0
	%.17g 0.05 20 0
	%.6g 0.1 12 0
	%.4f 0.05 20 0.2
	%.2f 0.05 20 0.05
	END2
}

@test "one exponential is not two in noise that was filtered" {
	local seed
	for seed in 2 4 10 12 15; do
		cell seed=$seed dt=0.2 amp=-0.075 \
			more='e = 0.95 * e + 0.2 * sqrt(1 - 0.95 ^ 2) * g(); v += e' |
			passive-fit --method exp2 >out
		[[ $(get status <out) == "degenerate: "* ]]
	done
}

@test "two exponentials are two in few digits and in noise" {
	local fmt noise
	for fmt in %.2f %.4f %.17g; do
		cell fmt=$fmt more='if (s > 0 && s <= 500) v -= 2 * (1 - exp(-s / 2))' |
			passive-fit --method exp2 >out
		is "$(get status <out)" ok
		near 0.05 "$(get tau_ms tau2_ms <out)" "20 2"
	done
	cell noise=0.2 more='if (s > 0 && s <= 500) v -= 2 * (1 - exp(-s / 2))' |
		passive-fit --method exp2 >out
	is "$(get status <out)" ok
	near 0.5 "$(get tau_ms tau2_ms <out)" "20 2"
}

@test "a small and slow term is not the membrane" {
	cell more='if (s > 0 && s <= 500) v -= 0.05 * (1 - exp(-s / 200))' |
		passive-fit --method exp2 >out
	is "$(get status tau_method <out)" \
		"degenerate: an amplitude of 0.05 mV for a deflection of -10 mV exp-allen"
	near 0.3 "$(get tau_ms <out)" 20
}

@test "a deflection in a few steps of its last digit has no time constant" {
	local method
	for method in simple exp exp2; do
		cell amp=-0.0000005 fmt=%.5f | passive-fit --method $method >out
		[[ $(get status <out) == *"degenerate: "* ]]
		is "$(get tau_ms tau_method <out)" " "
		cell amp=-0.0005 fmt=%.5f | passive-fit --method $method >out
		near 0.05 "$(get tau_ms <out)" 20
	done
	# Noise makes up for the digits.
	cell amp=-0.004 fmt=%.1f noise=0.2 dt=0.02 | passive-fit >out
	is "$(get status <out)" ok
	near 4 "$(get tau_ms <out)" 20
}

# ---- Spikes ----

spike() { # its height and when it begins: it decays by 1 ms
	echo "if (t > $2 && t < $2 + 20) v += $1 * exp(-(t - $2))"
}

@test "spikes in rest or step are said, also small ones and those cut off" {
	local amp
	for amp in -0.1 0.1; do
		is "$(cell amp=$amp more="$(spike 100 150)" | passive-fit |
			get status tau_ms)" "1 spike before the step "
		is "$(cell amp=$amp more="$(spike 40 150)" | passive-fit |
			get status tau_ms)" "1 spike before the step "
		is "$(cell amp=$amp more="$(spike 100 500)" | passive-fit |
			get status tau_ms)" "1 spike in the step "
		is "$(cell amp=$amp more="$(spike 30 650)" | passive-fit |
			get status tau_ms)" "1 spike in the step "
		# On its way up when the step ends, below the threshold or above.
		for slope in 60 200; do
			is "$(cell amp=$amp more="if (t > 699.6) v += $slope * (t - 699.6)" |
				passive-fit | get status tau_ms)" "1 spike in the step "
		done
		is "$(cell amp=$amp more="$(spike 100 150); $(spike 90 300); $(spike 90 400)" |
			passive-fit | get status)" "1 spike before the step; 2 in it"
	done
	# Before the mean of rest, but not over.
	is "$(cell more="$(spike 100 98)" | passive-fit | get status)" \
		"1 spike before the step"
	is "$(cell more="$(spike 100 120)" | passive-fit --baseline 10 |
		get status)" ok
	is "$(cell times='130.5 + k * dt' more="$(spike 100 130)" | passive-fit |
		get status)" "1 spike before the step"
	is "$(cell more="$(spike 100 60); $(spike 100 750)" | passive-fit |
		get status)" ok
}

@test "what is no spike" {
	local amp tau
	# A passive cell may be above the threshold for good, and fast.
	for amp in 2 1 -1; do
		for tau in 1 5 20; do
			is "$(cell amp=$amp tau=$tau | passive-fit | get status)" ok
		done
	done
	is "$(cell noise=1 | passive-fit | get status)" ok
	is "$(cell more='if (t > 150 && t < 190) v += 8 * exp(-(t - 150) / 5)' |
		passive-fit | get status)" ok
}

@test "passive-fit has --detect, --threshold and --filter" {
	cell more="$(spike 40 500)" >in
	is "$(passive-fit --threshold -45 in | get status)" "1 spike in the step"
	is "$(passive-fit --threshold -20 in | get status)" ok
	is "$(passive-fit --detect threshold in | get status)" ok
	cell amp=0.1 more="$(spike 36 500)" >in # to -24 mV
	is "$(passive-fit --detect threshold in | get status)" ok
	is "$(passive-fit --detect dvdt in | get status)" "1 spike in the step"
	is "$(passive-fit --detect dvdt --filter 0.1 in | get status)" ok
	tool=passive-fit
	misused "--filter needs --detect=dvdt" --filter 1 in
	misused "--threshold needs --detect=threshold" --detect dvdt \
		--threshold 1 in
}

@test "--vi leaves out what has spikes before the step" {
	{
		cell | sed '1s/^/sweep,/; 1!s/^/a,/'
		cell amp=-0.05 | sed '1d; s/^/b,/'
		cell amp=0.05 more="$(spike 100 150)" | sed '1d; s/^/c,/'
	} >in
	run --separate-stderr passive-fit --vi in
	is "$stderr" "passive-fit: in:40004: sweep 'c': 1 spike before the step: left out"
	near 1e-6 "$(get r_in_MOhm sweeps <<<"$output")" "100 2"
}

@test "spike-features says that there are spikes in its rest, once" {
	{
		cell more="$(spike 100 150); $(spike 90 170)" | sed '1s/^/sweep,/; 1!s/^/a,/'
		cell more="$(spike 100 150)" | sed '1d; s/^/b,/'
	} >in
	run --separate-stderr spike-features --summary in
	is "$stderr" "spike-features: in:2: sweep 'a': 2 spikes in the rest before the step, the first at 150.05 ms: v_rest_mV is a mean with them in it"
	[ "$status" -eq 0 ]
	is "$(cell more="$(spike 100 60)" | spike-features --summary 2>&1 >/dev/null)" ""
}

chirp() { # more awk, which may change v at time t
	awk 'BEGIN {
		print "time_ms,v_mV,i_nA"
		for (k = 0; k <= 9000; k++) {
			t = k / 2
			i = 0
			if (t > 500 && t <= 4000)
				i = 0.02 * sin(6.28318530718e-3 * (t - 500) * (1 + (t - 500) / 600))
			u += (100 * i - u) / 41
			v = u - 70
			'"$1"'
			printf "%.10g,%.12g,%.12g\n", t, v, i
		}
	}'
}

@test "spikes in a chirp, or in the rest before it, are an error" {
	tool=zap-impedance
	chirp '' >in
	zap-impedance in >want
	chirp "$(spike 100 1000)" >in
	bad "in:2: 1 spike in the window, the first at 1000.5 ms: take a smaller current, or --allow-spikes" in
	chirp "$(spike 40 1000)" >in
	bad "in:2: 1 spike in the window, the first at 1000.5 ms: take a smaller current, or --allow-spikes" in
	zap-impedance --threshold -20 in >/dev/null
	chirp "$(spike 100 450)" >in
	bad "in:2: 1 spike in the rest before the window, the first at 450.5 ms: say --from, or --allow-spikes" in
	zap-impedance --allow-spikes in >/dev/null
	chirp "$(spike 100 300)" >in
	zap-impedance in | cmp - want
}

# ---- Units ----

# Spikes of straight lines, every 100 ms for a second, every 0.5 ms: 10 Hz.
spikes() { # header, and the factors that time and voltage are written with
	awk -v header="$1" -v x="${2:-1}" -v y="${3:-1}" 'BEGIN {
		print header
		for (k = 0; k <= 2000; k++) {
			t = k / 2
			p = (t + 50) % 100
			v = p < 1 ? -70 + 100 * p : p < 3 ? 80 - 50 * p : -70
			printf "%.10g,%.10g\n", t * x, v * y
		}
	}'
}

@test "the unit in a column's name is read" {
	local name factor
	spikes time_ms,v_mV | spike-features --summary >want
	while IFS='|' read -r name factor; do
		spikes "$name,v_mV" "$factor" >in
		run --separate-stderr spike-features --summary --time "$name" in
		is "$stderr" ""
		near 1e-6 "$(get rate_Hz from_ms to_ms latency_ms <<<"$output")" \
			"$(get rate_Hz from_ms to_ms latency_ms <want)"
	done <<-'END2'
	Time (s)|0.001
	Time (s) |0.001
	Time [sec]|0.001
	t[s]|0.001
	t_s|0.001
	time/s|0.001
	time / ms|1
	time_in_ms|1
	t (ms) of sweep 1|1
	t:s|0.001
	ms|1
	t_us|1000
	time (µs)|1000
	t_usec|1000
	Time (Seconds)|0.001
	time in milliseconds|1
	t (microseconds)|1000
	END2
	while IFS='|' read -r name factor; do
		spikes "time_ms,$name" 1 "$factor" >in
		run --separate-stderr spike-features --summary --voltage "$name" in
		is "$stderr" ""
		is "$(get spikes <<<"$output")" 10
	done <<-'END2'
	Vm (mV)|1
	V [mV]|1
	V [V]|0.001
	Vm_V|0.001
	soma V|0.001
	mV|1
	v_mV.dend[1](0.5)|1
	v (uV)|1000
	Vm (millivolts)|1
	volts|0.001
	END2
	cell >in
	passive-fit in >want
	while IFS='|' read -r name factor; do
		awk -F, -v OFS=, -v name="$name" -v x="$factor" \
			'{ $3 = NR == 1 ? name : $3 * x } 1' in |
			passive-fit --current "$name" >out 2>said
		is "$(cat said)" ""
		near 1e-6 "$(get amp_pA r_in_MOhm tau_ms <out)" \
			"$(get amp_pA r_in_MOhm tau_ms <want)"
	done <<-'END2'
	I (pA)|1000
	i_nA|1
	I/nA|1
	I (A)|1e-9
	Im [uA]|1e-3
	I (nanoAmperes)|1
	i_picoamps|1000
	END2
}

@test "a column without a unit is taken for ours, which is said once" {
	{
		spikes sweep,t,v | sed '1!s/^/a,/'
		spikes '' | sed '1d; s/^/b,/'
	} >in
	run --separate-stderr spike-features --time t --voltage v in
	is "$stderr" "spike-features: in: no unit in a column's name, taken 't' for ms, 'v' for mV: say --time 't:unit', --voltage 'v:unit'"
	is "$output" "$(spike-features --time t:ms --voltage v:mV in 2>&1)"
	run --separate-stderr zap-impedance --no-header <(chirp '' | tail -n +2)
	[[ $stderr == *"taken '1' for ms, '2' for mV, '3' for nA: say --time '1:unit', --voltage '2:unit', --current '3:unit'" ]]
	# An amp may be an amplitude.
	cell | sed '1s/i_nA/amp/' >in
	run --separate-stderr passive-fit --current amp in
	[[ $stderr == *"taken 'amp' for nA"* ]]
	# A letter alone is the quantity, and what is in brackets may be a site.
	spikes 'time_ms,V' >in
	run --separate-stderr spike-features --voltage V in
	[[ $stderr == *"taken 'V' for mV"* ]]
	spikes 'time_ms,V (soma)' >in
	run --separate-stderr spike-features --voltage 'V (soma)' in
	[[ $stderr == *"taken 'V (soma)' for mV"* ]]
	# Nothing is said of our own names but of what they hold.
	spikes time_ms,v_mV >in
	is "$(spike-features in 2>&1 >/dev/null)" ""
	spikes time_ms,v_mV 0.001 10 >in
	run --separate-stderr spike-features in
	is "$stderr" "spike-features: in:2: column 'time_ms': a sample every 0.0005 ms, which is likely s: say --time 'time_ms:unit', even if it is ms
spike-features: in:2: column 'v_mV': a voltage of 700 mV, which is likely uV: say --voltage 'v_mV:unit', even if it is mV"
	is "$(spike-features --time time_ms:ms --voltage v_mV:mV in 2>&1)" "$output"
}

@test "numbers that no cell has are refused, with the likely unit" {
	tool=spike-features
	spikes t,v_mV 0.001 >in
	bad "in:2: column 't': a sample every 0.0005 ms, which is likely s: say --time 't:unit', even if it is ms" --time t in
	is "$(spike-features --time t:ms in 2>&1 >/dev/null)" ""
	near 1e-6 "$(spike-features --summary --time t:s in | get rate_Hz)" 10
	spikes time_ms,v 1 1000 >in
	bad "in:2: column 'v': a voltage of 70000 mV, which is likely uV: say --voltage 'v:unit', even if it is mV" --voltage v in
	spikes 'time_ms,Vm (V)' >in
	bad "in:2: column 'Vm (V)': a voltage of 70 V, which is likely mV: say --voltage 'Vm (V):unit', even if it is V" --voltage 'Vm (V)' in
	spikes time_ms,v 1 0.001 >in
	bad "in:2: column 'v': a voltage of 0.07 mV, which is likely V: say --voltage 'v:unit', even if it is mV" --voltage v in
	spike-features --voltage v:mV in
	tool=passive-fit
	cell | sed '1s/i_nA/i/' >in
	run --separate-stderr passive-fit --current i in
	is "$(get amp_pA <<<"$output")" -100
	awk -F, -v OFS=, 'NR > 1 { $3 *= 1000 } 1' in >pA
	bad "pA:4003: column 'i': a current of 100 nA, which is likely pA: say --current 'i:unit', even if it is nA" --current i pA
	is "$(passive-fit --current i:pA pA | get amp_pA)" -100
}

# ---- Evenly spaced ----

@test "times are even within the rounding of their digits" {
	local rate digits
	while read -r rate digits; do
		awk -v rate="$rate" -v digits="$digits" 'BEGIN {
			print "time_ms,v_mV"
			for (k = 0; k <= 200 * rate; k++) {
				t = k / rate
				p = t % 50
				v = p < 23 ? p - 73 : -50
				if (p < 3)
					v = p < 1 ? 80 * p - 50 : 80 - 50 * p
				printf "%." digits "f,%.6g\n", t, v
			}
		}' >in
		is "$(spike-features --detect dvdt --filter 10 in 2>&1 |
			tail -n +2 | wc -l)" 3
		# And so are slopes.
		near 0.01 "$(spike-features in | get upstroke_mV_ms downstroke_mV_ms |
			paste -s)" "80 -50 80 -50 80 -50 80 -50"
	done <<-'END2'
	30 4
	30 2
	44.1 2
	64 2
	22.05 3
	END2
}

@test "a gap is an error that names its line" {
	awk 'BEGIN {
		print "time_ms,v_mV\n"
		for (k = 0; k <= 6000; k++)
			if (k != 3000)
				printf "%.4f,%g\n", k / 30, k % 1500 < 30 ? k % 1500 - 50 : -50
	}' >in
	tool=spike-features
	bad "in:3003: --filter: the samples are not evenly spaced: this one comes 0.0666 ms after the one before, most 0.0333" \
		--filter 10 in
	# Which is no matter without.
	spike-features in >out
	# In the middle, where the times are as coarse as the gap is wide.
	awk -v OFS=, 'BEGIN {
		print "time_ms,v_mV"
		for (k = 0; k <= 1000; k++)
			print k + (k >= 500), -50
	}' >in
	bad "in:502: --filter: the samples are not evenly spaced: this one comes 2 ms after the one before, most 1" \
		--filter 0.1 in
	tool=zap-impedance
	chirp '' | sed 3000d >in
	bad "in:3000: the samples are not evenly spaced: this one comes 1 ms after the one before, most 0.5" in
	# Blank lines are lines.
	chirp '' | sed -e 3000d -e '7s/^/\n\n/' >in
	bad "in:3002: the samples are not evenly spaced: this one comes 1 ms after the one before, most 0.5" in
}
