# Cells are circuits whose impedance is known, stepped by backward Euler as
# NEURON does; spectra are sums in awk.
load common.bash

said() { # with -v, on the standard error
	zap-impedance -v "$@" 2>&1 >/dev/null | sed 's/^zap-impedance: //'
}

# A cell at -70 mV of R = 100 MOhm and C = 0.2 nF, which L = 2000 MOhm ms and 50
# MOhm in series may be beside: 300 ms of rest, a chirp of 4 s, 700 ms of rest.
cell() { # what to set: dt, inductor, linear, noise, hold, top
	awk "${@/#/-v}" "$draws"'function gauss() {
		return sqrt(-2 * log(1 - draw())) * cos(6.283185307179586 * draw())
	}
	function chirp(s) { # s in seconds
		if (linear)
			return sin(3.141592653589793 * (2 + 19 * s / 4) * s)
		return sin(6.283185307179586 / l * (exp(l * s) - 1))
	}
	BEGIN {
		sow(3)
		R = 100; C = 0.2; L = 2000; r = 50; l = log(20) / 4
		dt = dt ? dt : 0.5
		top = top ? top : 0.02
		print "time_ms,v_mV,i_nA"
		for (k = 0; k * dt <= 5000; k++) {
			t = k * dt
			i = t > 300 && t <= 4300 ? top * chirp((t - 300) / 1000) : 0
			b = inductor ? 1 + dt * r / L : 1
			g = inductor ? dt / L / b : 0
			if (k > 0)
				v = (C / dt * v + i - w / b) / (C / dt + 1 / R + g)
			w = inductor ? w / b + g * v : 0
			printf "%.17g,%.17g,%.17g\n", t, v - 70 + noise * gauss(),
				i + hold
		}
	}'
}

# The impedance of a cell in continuous time, or in steps of dt, and by how much
# the table on the standard input is off: the largest relative difference of the
# magnitude, and the largest of the phase.
off() { # dt in ms, inductor
	awk -F, -v dt="$1" -v inductor="$2" 'function abs(x) { return x < 0 ? -x : x }
	FNR > 1 {
		w = 6.283185307179586 * $1 / 1000
		# The derivative is this, in steps (1 - exp(-i w dt)) / dt.
		x = dt ? (1 - cos(w * dt)) / dt : 0
		y = dt ? sin(w * dt) / dt : w
		re = 0.01 + 0.2 * x; im = 0.2 * y
		if (inductor) {
			a = 50 + 2000 * x; b = 2000 * y
			re += a / (a * a + b * b); im -= b / (a * a + b * b)
		}
		d = abs($2 * sqrt(re * re + im * im) - 1)
		size = d > size ? d : size
		d = abs($3 - atan2(-im, re))
		phase = d > phase ? d : phase
	}
	END { printf "%.17g %.17g %d\n", size, phase, NR - 1 }'
}

within() { # the line of off(), limits of both, rows at least
	awk -v a="$2" -v b="$3" -v n="$4" '{ exit !($1 < a && $2 < b && $3 >= n) }' \
		<<<"$1" || { echo "off by $1" && false; }
}

# The definitions, by sums over all samples: the rows of the frequencies from
# low to high, of a window that begins with the first sample.
sums() { # file, samples in a segment, segments, frequencies averaged, low, high
	awk -F, -v len="$2" -v segments="$3" -v average="$4" -v low="$5" \
		-v high="$6" '
	NR == 2 { rv = $2; ri = $3; t0 = $1 }
	NR == 3 { dt = $1 - t0 }
	NR > 1 { v[n] = $2 - rv; i[n++] = $3 - ri }
	END {
		pi = atan2(0, -1)
		for (s = 0; s < segments; s++) {
			at = segments > 1 ? int(s * (n - len) / (segments - 1) + 0.5) : 0
			for (k = low; k <= high; k++) {
				a = b = c = d = 0
				for (j = 0; j < len; j++) {
					x = 2 * pi * j * k / len
					h = segments > 1 ? 0.5 - 0.5 * cos(2 * pi * j / len) : 1
					a += h * v[at + j] * cos(x); b -= h * v[at + j] * sin(x)
					c += h * i[at + j] * cos(x); d -= h * i[at + j] * sin(x)
				}
				vv[k] += a * a + b * b
				ii[k] += c * c + d * d
				re[k] += a * c + b * d; im[k] += b * c - a * d
			}
		}
		for (k = low; k <= high; k++) {
			V = I = x = y = 0
			for (j = k - (average - 1) / 2; j <= k + (average - 1) / 2; j++)
				if (j >= low && j <= high) {
					V += vv[j]; I += ii[j]; x += re[j]; y += im[j]
				}
			printf "%.9g,%.9g,%.9g,%.9g\n", 1000 * k / len / dt,
				sqrt(x * x + y * y) / I, atan2(y, x),
				(x * x + y * y) / V / I
		}
	}' "$1"
}

# A table rounded to nine digits, as sums writes it.
rounded() {
	awk -F, 'NR > 1 { printf "%.9g,%.9g,%.9g,%s\n", $1, $2, $3,
		$4 == "" ? "" : sprintf("%.9g", $4) }'
}

random() { # samples of current and voltage that have little to do with each other
	awk -v n="$1" -v part="${2:-0.3}" "$draws"'BEGIN {
		sow(5)
		print "time_ms,v_mV,i_nA"
		for (k = 0; k < n; k++) {
			i = draw() - 0.5
			printf "%d,%.17g,%.17g\n", 2 * k, 3 * i + part * draw() - 65, i
		}
	}'
}

@test "a membrane has the impedance of a resistor and a capacitor" {
	cell dt=0.1 >t
	zap-impedance --band 1:20 t >z
	is "$(head -n 1 z)" \
		"frequency_Hz,impedance_MOhm,phase_rad,coherence,impedance_low_MOhm,impedance_high_MOhm"
	# In steps to the last digits, in continuous time but for half a step.
	within "$(off 0.1 <z)" 1e-9 1e-9 88
	within "$(off <z)" 0.0025 0.0063 88
	cell dt=0.1 linear=1 | zap-impedance --band 1:20 >z
	within "$(off 0.1 <z)" 1e-9 1e-9 88
	within "$(off <z)" 0.0025 0.0063 88
}

@test "an inductive branch makes it resonate where theory has it" {
	cell inductor=1 >t
	zap-impedance --band 1:20 t >z
	within "$(off 0.5 1 <z)" 1e-9 1e-9 88
	# The largest of the true ones on the same frequencies.
	peak=$(awk -F, 'NR > 1 {
		w = 6.283185307179586 * $1 / 1000
		x = (1 - cos(w * 0.5)) / 0.5; y = sin(w * 0.5) / 0.5
		a = 50 + 2000 * x; b = 2000 * y
		re = 0.01 + 0.2 * x + a / (a * a + b * b)
		im = 0.2 * y - b / (a * a + b * b)
		z = 1 / sqrt(re * re + im * im)
		if (NR == 2) first = z
		if (z > most) { most = z; f = $1 }
	} END { printf "peak %.4g MOhm at %.4g Hz, Q %.4g", most, f, most / first }' z)
	run said --band 1:20 t
	[[ ${lines[1]} == *" MOhm at 1.064 Hz, $peak" ]]
}

@test "-v says the cutoff of a cell without resonance" {
	cell dt=0.1 >t
	run said --band 0.4:20 t
	is "${lines[0]}" "window from 300.1 to 5000 ms, segments: 1, the voltage ends 0 mV from rest"
	# 1 / (2 pi R C) is 7.958 Hz.
	[[ ${lines[1]} =~ ^99\.86\ MOhm\ at\ 0\.4255\ Hz,\ peak\ 99\.86\ MOhm\ at\ 0\.4255\ Hz,\ Q\ 1:\ low-pass,\ f3dB\ 7\.9[67].?\ Hz$ ]]
	run said --band 1:5 t
	[[ ${lines[1]} == *": low-pass, f3dB above 4.894 Hz" ]]
	is "$(zap-impedance t 2>&1 >/dev/null)" ""
}

@test "windows of any length, as the sums have it" {
	for n in 8 9 16 31 60 97 360; do
		random "$n" >t
		diff <(zap-impedance --from 0 --band 0:249 t | rounded) \
			<(sums t "$n" 1 1 1 $(((n * 498) / 1000)) |
				cut -d, -f1-3 | sed 's/$/,/')
	done
}

@test "--smooth averages within the band, and then there is a coherence" {
	random 97 >t
	for n in 3 5 21; do
		diff <(zap-impedance --from 0 --band 20:100 --smooth $n t | rounded) \
			<(sums t 97 1 $n 4 19)
	done
	is "$(zap-impedance --from 0 --smooth 1 t)" "$(zap-impedance --from 0 t)"
	is "$(zap-impedance --from 0 t | cut -d, -f4- | sort -u | paste -s)" \
		",,	coherence,impedance_low_MOhm,impedance_high_MOhm"
}

@test "--method welch averages segments that overlap by half" {
	random 450 >t
	# Two ninths of 450 are 100, and there are eight of them.
	diff <(zap-impedance --from 0 --band 10:245 --method welch t | rounded) \
		<(sums t 100 8 1 2 49)
	run said --from 0 --method welch t
	[[ ${lines[0]} == *", segments: 8, "* ]]
	diff <(zap-impedance --from 0 --band 10:90 --method welch --smooth 3 t |
		rounded) <(sums t 100 8 3 2 18)
	is "$(zap-impedance --method ratio --from 0 t)" \
		"$(zap-impedance --from 0 t)"
}

@test "--segment is how long one is, and all of the window is in some" {
	random 450 >t
	diff <(zap-impedance --from 0 --band 10:240 --method welch --segment 200 t |
		rounded) <(sums t 100 8 1 2 48)
	# 61 odd samples, which hop by less than half.
	diff <(zap-impedance --from 0 --band 20:240 --method welch --segment 122 t |
		rounded) <(sums t 61 14 1 3 29)
	diff <(zap-impedance --from 0 --band 20:240 --method welch --segment 600 t |
		rounded) <(sums t 300 2 1 12 144)
	bad "t:2: the window has no room for two segments" --from 0 \
		--method welch --segment 602 t
	bad "t:2: too few samples in a segment" --from 0 --method welch \
		--segment 14 t
}

@test "the interval is Student's" {
	random 97 >t
	# Two frequencies leave 2 degrees of freedom, for which the quantile is
	# (2 p - 1) / sqrt(2 p (1 - p)).
	zap-impedance --from 0 --band 20:100 --smooth 3 --level 0.9 t >z
	sed -n 2p z | awk -F, '{
		p = 0.95
		want = (2 * p - 1) / sqrt(2 * p * (1 - p))
		want *= $2 * sqrt((1 / $4 - 1) / 2)
		exit !((($6 - $2) / want - 1) ^ 2 < 1e-16 &&
			(($2 - $5) / want - 1) ^ 2 < 1e-16)
	}'
	diff <(zap-impedance --from 0 --smooth 3 t) \
		<(zap-impedance --from 0 --smooth 3 --level 0.95 t)
	run ! diff -q <(zap-impedance --from 0 --smooth 3 t) \
		<(zap-impedance --from 0 --smooth 3 --level 0.9 t)
}

@test "the interval holds the truth as often as it says" {
	# A resistor of 3 MOhm in white noise; every fifth of what five average.
	random 6000 4 >t
	zap-impedance --from 0 --band 0:249 --smooth 5 t | awk -F, 'NR % 5 == 2 {
		hits += $5 <= 3 && 3 <= $6; n++
	} END { print hits / n; exit !(n > 590 && hits / n > 0.92 && hits / n < 0.98) }'
	# Eight segments, and 21 that overlap by more than half.
	for length in 2667 1110 "2667 --smooth 5"; do
		# shellcheck disable=SC2086 # options and their arguments
		zap-impedance --from 0 --band 0:249 --method welch \
			--segment $length t | awk -F, 'NR > 3 {
			hits += $5 <= 3 && 3 <= $6; n++
		} END { print hits / n
			exit !(n > 250 && hits / n > 0.91 && hits / n < 0.99) }'
	done
}

@test "noise lowers coherence and widens the interval" {
	for noise in 0 0.3 1; do
		cell noise=$noise | zap-impedance --band 1:20 --smooth 9 |
			awk -F, 'NR > 1 { sum += $4; wide += $6 - $5; n++ }
			END { print sum / n, wide / n }'
	done >seen
	awk '{ exit $1 > 1 || (NR > 1 && !($1 < c && $2 > w)) }
		{ c = $1; w = $2 }' seen
	awk 'NR == 1 && $1 < 0.99 || NR == 3 && $1 > 0.97 { exit 1 }' seen
}

@test "without --band there are the frequencies of the chirp" {
	ends() { zap-impedance "$@" | awk -F, 'NR == 2 { print $1 } END { print $1 }'; }
	near() { # two lines, low, high: off by no more than 1 Hz
		awk -v a="$2" -v b="$3" 'function abs(x) { return x < 0 ? -x : x }
		{ x[NR] = $1 }
		END { print x[1], x[2]; exit !(abs(x[1] - a) < 0.5 && abs(x[2] - b) < 1) }' \
			<<<"$1"
	}
	cell >t
	near "$(ends t)" 1 20
	near "$(ends --method welch --segment 3000 t)" 1 20
	cell linear=1 >t
	near "$(ends t)" 1 20
	# Noise of the current, up to a fifth of it, is none of them.
	awk -F, -v OFS=, "$draws"'BEGIN { sow(2) }
		NR > 1 { $3 += 0.008 * (draw() - 0.5) } 1' t >noisy
	near "$(ends noisy)" 1 20
	is "$(ends --band 2.1:15 t | paste -s)" "2.127659574468085	14.893617021276595"
}

@test "the window is from the onset of the current to the end of the trace" {
	cell >t
	run said t
	[[ ${lines[0]} == "window from 300.5 to 5000 ms, "* ]]
	# What is held is no onset, and what is held no impedance.
	cell hold=-0.05 >held
	run said held
	[[ ${lines[0]} == "window from 300.5 to 5000 ms, "* ]]
	diff <(zap-impedance --band 1:20 t | rounded) \
		<(zap-impedance --band 1:20 held | rounded)
	# A chirp may begin with less than its greatest current.
	awk -F, -v OFS=, 'NR > 1 && $1 < 1500 { $3 /= 3 } 1' t >slow
	run said slow
	[[ ${lines[0]} == "window from 300.5 to 5000 ms, "* ]]
	# A voltage that drifts before is not looked at.
	awk -F, -v OFS=, 'NR > 1 && $1 < 150 { $2 += 5 - $1 / 30 } 1' t >drift
	diff <(zap-impedance t) <(zap-impedance drift)
}

@test "noise of the current is no onset" {
	for seed in 1 2 3; do
		cell | awk -F, -v OFS=, -v seed=$seed "$draws"'
			BEGIN { sow(seed) }
			NR > 1 {
				x = sqrt(-2 * log(1 - draw()))
				$3 += 0.001 * x * cos(6.283185307179586 * draw())
			} 1' >t
		# a tenth of 20 pA is two standard deviations
		run said t
		[[ ${lines[0]} =~ ^window\ from\ ([0-9.]+)\ to\ 5000\ ms, ]]
		awk -v t="${BASH_REMATCH[1]}" 'BEGIN { exit !(t > 280 && t < 340) }'
	done
	# a chirp that begins at once is no noise
	cell | awk -F, -v OFS=, 'NR == 1 || $1 >= 300' >t
	run said t
	[[ ${lines[0]} == "window from 300.5 to 5000 ms, "* ]]
}

@test "a drift of the voltage is said, and --detrend takes it out" {
	said="the voltage ends -0.235 mV from rest, which makes small impedances wrong: let it come to rest, or say --detrend if it drifts"
	cell >t
	zap-impedance t >z
	awk -F, -v OFS=, 'NR > 1 { $2 = sprintf("%.17g", $2 - $1 / 2e4) } 1' \
		t >drift
	run --separate-stderr zap-impedance drift
	is "$stderr" "zap-impedance: drift:2: $said"
	[ "$status" -eq 0 ]
	{
		echo "sweep,$(head -n 1 t)"
		sed '1d;s/^/a,/' t
		sed '1d;s/^/b,/' drift
	} >two
	is "$(zap-impedance two 2>&1 >/dev/null)" \
		"zap-impedance: two:10003: sweep 'b': $said"
	for options in "" "--method welch"; do
		# shellcheck disable=SC2086 # options and their arguments
		run --separate-stderr zap-impedance $options --detrend drift
		is "$stderr" ""
		# shellcheck disable=SC2086
		diff <(zap-impedance $options t | rounded | cut -d, -f1-2) \
			<(rounded <<<"$output" | cut -d, -f1-2)
	done
	run ! diff -q z <(zap-impedance drift 2>&-)
	# half as large as 5 % of the greatest deflection
	awk -F, -v OFS=, 'NR > 1 { $2 -= $1 / 1e5 } 1' t >drift
	is "$(zap-impedance drift 2>&1 >/dev/null)" ""
	# where there is but a sample before
	awk -F, -v OFS=, 'NR == 1 || $1 >= 300 {
		if (NR > 1)
			$2 = sprintf("%.17g", $2 - $1 / 2e4)
		print
	}' t >drift
	diff <(rounded <z | cut -d, -f1-2) \
		<(zap-impedance --detrend drift | rounded | cut -d, -f1-2)
}

@test "a peak in one frequency is called noise" {
	# hum of 0.5 mV, at a frequency of the window and beside
	for f in 17.021276595744681 17.1; do
		cell | awk -F, -v OFS=, -v f=$f 'NR > 1 { $2 = sprintf("%.17g",
			$2 + 0.5 * sin(6.283185307179586 * f * $1 / 1000)) } 1' >t
		run said --band 1:20 t
		[[ ${lines[1]} == *" at 17.0"*": noise, as those next to it are not half of it: say --smooth" ]]
		run said --band 1:15 t
		[[ ${lines[1]} == *": low-pass, f3dB "* ]]
	done
}

@test "the rest is that before the window" {
	cell >t
	# A test pulse is none of it, which in segments would tell.
	awk -F, -v OFS=, 'NR > 1 && $1 > 230 && $1 <= 250 { $2 -= 30; $3 = -0.1 } 1' \
		t >pulse
	diff <(zap-impedance --method welch --from 300.5 --band 0:20 t) \
		<(zap-impedance --method welch --from 300.5 --band 0:20 pulse)
	# In segments the mean is not gone but for 0 Hz.
	awk -F, -v OFS=, 'NR > 1 { $2 = sprintf("%.17g", $2 + 1000) } 1' t >high
	for file in t high; do
		zap-impedance --threshold 2000 --method welch --band 0:20 $file |
			awk -F, 'NR > 1 { printf "%s %.6g %.6f\n", $1, $2, $3 }' >$file.z
	done
	diff t.z high.z
	[ "$(wc -l <t.z)" -eq 20 ]
}

@test "--from and --to are in ms" {
	cell >t
	run said --from 100 --to 4300 t
	[[ ${lines[0]} == "window from 100 to 4300 ms, "* ]]
	# Of 8401 samples, number 5.
	zap-impedance --from 100 --to 4300 --band 1:1.2 t | awk -F, '
		{ d = $1 * 8401 / 2000 - 5 }
		END { exit !(NR == 2 && d * d < 1e-18) }'
	bad "t:2: --from: -5 ms, where the trace is from 0 to 5000" --from -5 t
	bad "t:2: --from: 5001 ms, where the trace is from 0 to 5000" --from 5001 t
	bad "t:2: --to: 5001 ms, where the trace is from 0 to 5000" --to 5001 t
	bad "t:2: --to: -5 ms, where the trace is from 0 to 5000" --to -5 t
	bad "t:2: too few samples from the beginning of the current on" \
		--from 100 --to 103 t
	bad "t:2: the current does not change" --from 0 --to 200 t
	bad "t:2: too few samples from the beginning of the current on" \
		--from 4999 t
}

@test "spikes in the window are an error, unless they are allowed" {
	cell >t
	awk -F, -v OFS=, '$1 >= 2000 && $1 < 2002 || $1 >= 3000 && $1 < 3001 {
		$2 = 20 } 1' t >spikes
	bad "spikes:2: 2 spikes in the window, the first at 2000 ms: take a smaller current, or --allow-spikes" spikes
	[ -z "$output" ] || is "${#lines[@]}" 1
	bad "spikes:2: 1 spike in the window, the first at 3000 ms: take a smaller current, or --allow-spikes" --from 2500 spikes
	zap-impedance --allow-spikes spikes >z
	[ "$(wc -l <z)" -gt 80 ]
	# Not in the window.
	zap-impedance --from 3500 spikes >z
	zap-impedance --threshold 30 spikes >z
	bad "t:2: 1 spike in the window, the first at 401.5 ms: take a smaller current, or --allow-spikes" --threshold -69 --to 700 t
	# By their slope they begin a sample before.
	run zap-impedance --detect dvdt spikes
	[ "$status" -eq 1 ]
	[[ $output == *": 2 spikes in the window, the first at 1999"* ]]
}

@test "--filter takes spikes out that are noise" {
	cell dt=0.02 >t
	awk -F, -v OFS=, '$1 > 2000 && $1 < 2000.03 { $2 = -20 } 1' t >glitch
	run zap-impedance --detect dvdt glitch
	[ "$status" -eq 1 ]
	[[ $output == *": 1 spike in the window, "* ]]
	zap-impedance --detect dvdt --filter 0.5 glitch >z
}

@test "columns, units and tables without a header" {
	cell >t
	zap-impedance t >z
	awk -F, -v OFS=, 'NR == 1 { print "s,x,membrane,command"; next }
		{ printf "%.17g,0,%.17g,%.17g\n", $1 / 1000, $2 / 1000,
			$3 * 1000 }' t >named
	options=(--voltage membrane:V --current command:pA)
	diff <(rounded <z) <(zap-impedance --time s:s "${options[@]}" named |
		rounded)
	bad "named: no column 'time_ms': say --time, which may be s, x, membrane, command, or --no-header if there is none" \
		"${options[@]}" named
	tail -n +2 t >bare
	diff z <(zap-impedance --no-header bare)
	tr , '\t' <t >t.tsv
	diff z <(zap-impedance <t.tsv)
}

@test "every sweep by itself" {
	cell >a
	cell inductor=1 top=0.01 >b
	for name in sweep amp_pA; do
		{
			awk -v name=$name 'NR == 1 { print name "," $0 }' a
			tail -n +2 a | sed 's/^/20,/'
			tail -n +2 b | sed 's/^/10,/'
		} >both
		diff <(zap-impedance both) <(
			zap-impedance a | awk '
				{ print (NR == 1 ? "sweep" : 20) "," $0 }'
			zap-impedance b | sed 1d | sed 's/^/10,/')
	done
	run said both
	is "${#lines[@]}" 4
	[[ ${lines[1]} == "sweep '20': "* ]]
	[[ ${lines[3]} == "sweep '10': "* ]]
	awk -F, -v OFS=, 'NR > 10002 && $2 == 2000 { $3 = 0 } 1' both >spike
	bad "spike:10003: sweep '10': 1 spike in the window, the first at 2000 ms: take a smaller current, or --allow-spikes" spike
}

@test "a current that is nowhere has no impedance" {
	# 5 Hz and nothing else: of 400 samples, number 4.
	awk 'BEGIN {
		print "time_ms,v_mV,i_nA"
		for (k = 0; k < 400; k++) {
			i = sin(6.283185307179586 * k / 100)
			printf "%d,%.17g,%.17g\n", 2 * k, i - 70, i
		}
	}' >t
	zap-impedance --from 0 --band 0:10 --smooth 1 t >z
	is "$(grep -c ',,,,,$' z)" 7
	awk -F, 'NR == 5 { exit !($1 == 5 && ($2 - 1) ^ 2 < 1e-20) }' z
	run said --from 0 --band 0:10 t
	is "${lines[1]}" "1 MOhm at 5 Hz, peak 1 MOhm at 5 Hz, Q 1: low-pass, f3dB above 10 Hz"
	run said --from 0 --band 0:4 t
	is "${lines[1]}" "the current has nothing in the band"
}

@test "what cannot be measured is said in one line" {
	cell >t
	cut -d, -f1,2 t >two
	bad "two:2: no column of currents: say --current" two
	awk -F, -v OFS=, 'NR > 1 { $3 = 0.1 } 1' t >constant
	bad "constant:2: the current does not change" constant
	head -n 606 t >short
	bad "short:2: too few samples from the beginning of the current on" short
	sed 3000d t >gap
	bad "gap:3000: the samples are not evenly spaced: this one comes 1 ms after the one before, most 0.5" gap
	awk -F, -v OFS=, 'NR > 1 { $1 = sprintf("%.17g", $1 * (1 + $1 / 1e6)) } 1' t >slow
	bad "slow:604: the samples are not evenly spaced: this one comes 0.500301 ms after the one before, most 0.50265" slow
	# What rounding makes of times is no matter.
	awk -F, -v OFS=, 'NR > 1 { $1 = sprintf("%.3f", $1 + (NR % 3) / 50) } 1' \
		t >rounded
	zap-impedance rounded >z
	bad "--band: half of the sampling rate is 1000 Hz: '1:1001'" \
		--band 1:1001 t
	bad "t:2: no frequency from 0.01 to 0.02 Hz: they are 0.212766 Hz apart" \
		--band 0.01:0.02 t
}

@test "misuse" {
	misused "--band: must be low:high: '5'" --band 5
	misused "--band: not a number: 'x'" --band 5:x
	misused "--band: must be low:high, the first < the second: '5:5'" --band 5:5
	misused "--band: must be in [0,inf): '-1'" --band -1:5
	misused "--band: must be in [0,inf): 'inf'" --band 1:inf
	misused "--smooth: not an odd number: '4'" --smooth 4
	misused "--smooth: must be in [1,inf): '-1'" --smooth -1
	misused "--segment needs --method=welch" --segment 100
	misused "--segment: must be in (0,inf]: '0'" --method welch --segment 0
	misused "--level needs --smooth or --method=welch" --level 0.9
	misused "--level needs more than --smooth 1" --level 0.9 --smooth 1
	misused "--level: must be in (0,1): '1'" --smooth 3 --level 1
	misused "--level: must be in (0,1): '0'" --smooth 3 --level 0
	misused "--level: too near 1: '0.9999999999999999'" \
		--smooth 3 --level 0.9999999999999999
	misused "--from must be < --to: 5, 5" --from 5 --to 5
	misused "--filter needs --detect=dvdt" --filter 1
	misused "--threshold needs --detect=threshold" --detect dvdt --threshold 1
	misused "--allow-spikes and --threshold exclude each other" \
		--allow-spikes --threshold 1
	misused "--allow-spikes and --detect exclude each other" \
		--allow-spikes --detect threshold
	misused "--allow-spikes and --filter exclude each other" \
		--allow-spikes --filter 1
	run zap-impedance --method x
	[ "$status" -eq 2 ]
}

@test "plot-lines draws it" {
	cell | zap-impedance --smooth 5 >z
	plot-lines -x frequency_Hz -y impedance_MOhm --low impedance_low_MOhm \
		--high impedance_high_MOhm --bands --logx z >z.svg
	grep -q '>|Z| (MΩ)<' z.svg
}

golden() { # a cell's trace, as "t"
	dir=$reference/golden/cells/$1/c34/zap_exp
	need "golden/cells/$1/c34/zap_exp/trace.csv.gz"
	gzip -dc "$dir/trace.csv.gz" >t
}

# BMTool pairs a voltage with the current of the step that follows, and ends its
# window with the current, the last of which no step has had.
# bats test_tags=long
@test "BMTool's own bins, of its own window and pairs" {
	for cell in PV_Cell ET_Cell; do
		golden $cell
		awk -F, -v OFS=, 'NR == 1
			NR > 2 { print t, v, NR == 640003 ? last : $3 }
			NR == 2 { l = log(100) / 15
				x = 6.283185307179586 * 0.5 / l * (exp(l * 15) - 1)
				last = sprintf("%.17g", 0.02 * sin(x)) }
			{ t = $1; v = $2 }' t >shifted
		zap-impedance -v --from 1000 --to 16000 --band 0.5:50 shifted 2>said >z
		is "$(wc -l <z)" "$(wc -l <"$dir/impedance.csv")"
		paste -d, z "$dir/impedance.csv" | awk -F, '
			function off(x, limit) { return x > limit || x < -limit }
			NR > 1 && (off($1 - $7, 1e-6) || off($2 / $8 - 1, 1e-6) ||
				off($3 - $9, 1e-6)) { print; bad++ }
			END { exit bad > 0 }'
		peak=$(sed -n 's/.*"peak_freq": *\([0-9.]*\).*/\1/p' "$dir/result.json")
		grep -qF " at $(printf %.4g "$peak") Hz, Q 1" said
	done
}

# NEURON's small-signal impedance is without the bend of 20 pA, of which the
# cell with channels has 1.5 %; its spectrum averaged over 1 Hz is not bent.
# bats test_tags=long
@test "the exact impedance of the cells" {
	exact() { # cell, the table, the limit
		awk -F, -v cell="$1" -v limit="$3" '
		FNR == 1 { next }
		NR == FNR { if ($1 == cell && $2 == 34) { f[++n] = $3; z[n] = $4 }
			next }
		{
			while (f[k + 1] < $1)
				k++
			part = ($1 - f[k]) / (f[k + 1] - f[k])
			d = $2 / (z[k] + part * (z[k + 1] - z[k])) - 1
			d = d < 0 ? -d : d
			most = d > most ? d : most
		}
		END { print most; exit !(FNR > 700 && most < limit) }' \
			"$reference/golden/cells/linear_impedance.csv" "$2"
	}
	golden PV_Cell
	zap-impedance -v t 2>said >z
	exact PV_Cell z 0.005
	# 27.04 Hz.
	sed -n 's/.*low-pass, f3dB \(.*\) Hz/\1/p' said |
		awk '{ exit !($1 > 26.9 && $1 < 27.2) }'
	golden ET_Cell
	zap-impedance t >z
	exact ET_Cell z 0.015
	zap-impedance --smooth 15 t >z
	exact ET_Cell z 0.01
}
