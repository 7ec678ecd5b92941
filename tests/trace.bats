# Traces are read, and steps found, by passive-fit, whose curve begins and ends
# with the step when rest is one sample.
load common.bash

fails() { # exit status, the first line said, arguments; input is passed on
	run --separate-stderr passive-fit "${@:3}"
	told "${stderr_lines[0]}" "passive-fit: $2"
	[ "$status" -eq "$1" ] && [ -z "$output" ]
}

# A cell of 100 MOhm and 20 ms at -70 mV, sampled every 0.1 ms for 400 ms: the
# current is an awk expression in nA of the time t, the voltage answers to that
# of -0.1 nA from 100 to 300 ms.  Gaussian noise is g().
trace() { # header, fields of the table as awk writes them, the current
	local i=${3:-on ? -0.1 : 0}
	awk -v OFS=, "$draws"'function g() {
		return sqrt(-2 * log(1 - draw())) * cos(6.283185307179586 * draw())
	}
	BEGIN {
		sow(7)
		if ("'"$1"'" != "")
			print "'"$1"'"
		for (k = 0; k <= 4000; k++) {
			t = k / 10
			on = t > 100 && t <= 300
			v = -70
			if (t > 100)
				v -= 10 * (1 - exp(-(t - 100) / 20))
			if (t > 300)
				v += 10 * (1 - exp(-(t - 300) / 20))
			i = '"${i//$'\n'/ }"'
			print '"$2"'
		}
	}'
}

step() { # of the standard input: its amplitude, first and last time
	cat >in
	passive-fit --method simple --baseline 0 "$@" in |
		awk -F, 'NR == 2 { printf "%.3f ", $4 }'
	passive-fit --method exp --window whole --baseline 0 --curve "$@" in |
		awk -F, 'NR == 2 { printf "%s ", $1 } END { print $1 }'
}

@test "a step of its own kind of current" {
	is "$(trace time_ms,v_mV,i_nA t,v,i | step)" "-100.000 100 300"
	is "$(trace time_ms,v_mV,i_nA t,v,i 'on ? 0.05 : 0' | step)" \
		"50.000 100 300"
}

@test "current before the step is not of the step" {
	is "$(trace time_ms,v_mV,i_nA t,v,i 'on ? -0.12 : -0.02' | step)" \
		"-100.000 100 300"
}

@test "a step to the end of the trace, and one that leaves little" {
	is "$(trace time_ms,v_mV,i_nA t,v,i 't > 150 ? -0.1 : 0' | step)" \
		"-100.000 150 400"
	is "$(trace time_ms,v_mV,i_nA t,v,i 't > 5 && t <= 399.9 ? -0.1 : 0' |
		step)" "-100.000 5 399.9"
}

@test "a test pulse, smaller or larger, is not the step" {
	local amp
	for amp in -0.01 0.05 0.1 -0.1 -0.9; do
		is "$(trace time_ms,v_mV,i_nA t,v,i \
			"on ? -0.1 : t > 20 && t <= 40 ? $amp : 0" | step)" \
			"-100.000 100 300"
	done
	for amp in 2 -2; do
		is "$(trace time_ms,v_mV,i_nA t,v,i \
			"on ? -0.1 : t > 20 && t <= 22 ? $amp : 0" | step)" \
			"-100.000 100 300"
	done
}

@test "short steps, of a fiftieth and of a two-hundredth of the trace" {
	is "$(trace time_ms,v_mV,i_nA t,v,i 't > 100 && t <= 108 ? -0.1 : 0' |
		step)" "-100.000 100 108"
	is "$(trace time_ms,v_mV,i_nA t,v,i \
		'(t > 100 && t <= 102 ? -0.1 : 0) + (draw() < 0.3 ? 0.001 : 0)' |
		step | cut -d' ' -f2,3)" "100 102"
}

@test "a step that begins in the first hundredth of the trace" {
	local delay
	for delay in 0 0.1 0.5 1.6 1.9 2 2.1 3.9; do
		is "$(trace time_ms,v_mV,i_nA t,v,i \
			"t > $delay && t <= 300 ? -0.1 : 0" | step)" \
			"-100.000 $delay 300"
		is "$(trace time_ms,v_mV,i_nA t,v,i \
			"(t > $delay && t <= 300 ? -0.1 : 0) + g() / 2000" |
			step | cut -d' ' -f2,3)" "$delay 300"
	done
	# A glitch in the first sample, to which the current does not come back.
	is "$(trace time_ms,v_mV,i_nA t,v,i 'k == 0 ? 0.5 : on ? -0.1 : 0' |
		step)" "-100.000 100 300"
}

@test "a step within another is next to the current just before it" {
	is "$(trace time_ms,v_mV,i_nA t,v,i \
		'on ? -0.1 : t > 20 && t <= 100 ? 0.05 : 0' | step)" \
		"-150.000 100 300"
	is "$(trace time_ms,v_mV,i_nA t,v,i \
		'on ? -0.1 : t > 80 && t <= 100 ? -0.05 : 0' | step)" \
		"-50.000 100 300"
	is "$(trace time_ms,v_mV,i_nA t,v,i \
		'(on ? -0.1 : t > 20 && t <= 100 ? -0.04 : 0) + g() / 1000' |
		step | cut -d' ' -f2,3)" "100 300"
}

@test "what changes is no step" {
	local current
	for current in '(t - 100) / 1000 * on' 'sin(t / 30)' \
		'0.1 * on * sin(t * t / 5000)' \
		't > 50 && t <= 350 ? on ? -0.08 : -0.05 : 0' \
		't > 50 && t <= 350 ? on ? -0.02 : -0.05 : 0'; do
		trace time_ms,v_mV,i_nA t,v,i "$current" >it
		fails 1 "it:2: the current changes within its step: say --amp, --delay and --dur" it
		is "$(step --amp -100 --delay 100 --dur 200 <it)" \
			"-100.000 100 300"
	done
	# A twentieth of it may be off, as where an amplifier takes its time.
	is "$(trace time_ms,v_mV,i_nA t,v,i \
		'on ? -0.1 * (1 - exp(-(t - 100) / 2)) : 0' | step |
		cut -d' ' -f3)" 300
}

@test "the amplitude is a mean, without what is off" {
	is "$(trace time_ms,v_mV,i_nA t,v,i \
		'on ? -0.1 - k % 2 / 1000 : 0' | step)" "-100.500 100 300"
	is "$(trace time_ms,v_mV,i_nA t,v,i \
		'on ? -0.1 - (k % 100 ? 0 : 5) : -k % 2 / 1000' | step |
		cut -d' ' -f1)" "-99.500"
}

@test "of two steps the longer one, not both with what is between" {
	is "$(trace time_ms,v_mV,i_nA t,v,i \
		'(t > 50 && t <= 150) || (t > 200 && t <= 350) ? -0.1 : 0' |
		step)" "-100.000 200 350"
}

@test "a noisy current, with glitches and a test pulse" {
	local noise out
	for noise in 0.005 0.02 0.03; do
		out=$(trace time_ms,v_mV,i_nA t,v,i "(on ? -0.1 : 0) +
			(t > 20 && t <= 30 ? -0.3 : 0) +
			(k == 2000 || k == 500 ? 1 : 0) + $noise * g()" | step)
		awk '{ exit !($1 > -102 && $1 < -98 && $2 > 99.3 && $2 < 100.7 &&
			$3 > 299.3 && $3 < 300.7) }' <<<"$out" || {
			echo "$noise: $out"
			false
		}
	done
}

@test "a recorded current that steps by units of its converter" {
	is "$(trace time_ms,v_mV,i_nA t,v,i \
		'(on ? -0.1 : 0) + (draw() < 0.3 ? 0.001 : 0) +
		(t > 310 ? 0.001 : 0)' | step | cut -d' ' -f2,3)" "100 300"
}

@test "noise alone is no step, and neither is a constant" {
	trace time_ms,v_mV,i_nA t,v,i 'g() / 50' |
		fails 1 "standard input:2: no step in the current: say --amp, --delay and --dur"
	trace time_ms,v_mV,i_nA t,v,i -0.1 >in
	fails 1 "in:2: no step in the current: say --amp, --delay and --dur" in
}

@test "--amp, --delay and --dur say the step, whatever the current" {
	is "$(trace time_ms,v_mV t,v |
		step --amp -100 --delay 100 --dur 200)" "-100.000 100 300"
	is "$(trace time_ms,v_mV,i_nA t,v,i |
		step --amp -50 --delay 120 --dur 99.96)" "-50.000 120 220"
	is "$(trace time_ms,v_mV t,v |
		step --amp -100 --delay 100 --dur 300.1)" "-100.000 100 400"
}

@test "a step that is not in the trace" {
	trace time_ms,v_mV t,v >in
	fails 1 "in:2: the trace is from 0 to 400 ms, and the step from 100 to 401" \
		--amp 1 --delay 100 --dur 301 in
	fails 1 "in:2: the trace is from 0 to 400 ms, and the step from -1 to 9" \
		--amp 1 --delay -1 --dur 10 in
	fails 1 "in:2: no sample in a step of 0.01 ms" \
		--amp 1 --delay 100 --dur 0.01 in
	fails 1 "in:2: no column of currents: say --current, or --amp, --delay and --dur" \
		in
}

@test "options of the step that say none" {
	fails 2 "--delay needs --dur" --amp 1 --delay 2 no
	fails 2 "--dur needs --amp" --dur 2 no
	fails 2 "--amp: not a step: '0'" --amp 0 --delay 1 --dur 1 no
	fails 2 "--amp: not a step: '1e+200'" --amp 1e200 --delay 1 --dur 1 no
	fails 2 "--amp: not a step: '1e-200'" --amp 1e-200 --delay 1 --dur 1 no
	fails 2 "--amp: not a number: 'x'" --amp x --delay 1 --dur 1 no
	fails 2 "--dur: must be in (0,inf): '0'" --amp 1 --delay 1 --dur 0 no
	fails 2 "--delay: must be in (-inf,inf): 'inf'" --amp 1 --delay inf --dur 1 no
}

@test "columns by their default names, and by others" {
	trace time_ms,v_mV,i_nA t,v,i >in
	passive-fit in >want
	trace t_ms,v_mV,i_nA t,v,i | passive-fit | cmp - want
	trace i_nA,x,v_mV,time_ms i,1,v,t | passive-fit | cmp - want
	trace a,b,c,time_ms,v_mV,i_nA t,v,i,2,2,2 |
		passive-fit --time a --voltage b --current c | cmp - want
	trace a:b,v_mV,i_nA t,v,i | passive-fit --time a:b | cmp - want
	passive-fit - <in | cmp - want
	tr , '\t' <in | passive-fit | cmp - want
}

near() { # two tables of one row, but for the last digits
	paste -d, "$1" "$2" | awk -F, 'NR == 2 {
		n = NF / 2
		for (k = 1; k <= n; k++)
			if ($k != $(k + n) &&
			    ($k - $(k + n)) ^ 2 > 1e-14 * $k * $k + 1e-20)
				bad = bad " " $k " " $(k + n)
	} END { print bad; exit bad != "" || NR != 2 }'
}

@test "units, by the names of the columns or after a colon" {
	trace time_ms,v_mV,i_nA t,v,i | passive-fit --method simple >want
	trace x_s,y_V,z_A t/1000,v/1000,i/1000000000 | passive-fit \
		--method simple --time x_s --voltage y_V --current z_A >got
	near got want
	trace x,y,z t/1000,v/1000,i*1000 | passive-fit --method simple \
		--time x:s --voltage y:V --current z:pA >got
	near got want
	trace x_s,y_V,z_A t,v,i | passive-fit --method simple --time x_s:ms \
		--voltage y_V:mV --current z_A:nA | cmp - want
	trace time_ms,v_mV,i_pA t,v,i*1000 |
		passive-fit --method simple --current i_pA >got
	near got want
}

@test "columns that are not there" {
	trace t,v_mV,i_nA t,v,i >in
	fails 1 "in: no column 'time_ms': say --time, which may be t, v_mV, i_nA, or --no-header if there is none" in
	fails 1 "in: no column 'x'" --time x in
	fails 1 "in: no column 'c'" --time t --current c in
	fails 1 "in: no column 'x:h'" --time x:h in
	fails 1 "in: --time: 'h' is none of ms, s, us" --time t:h in
	fails 1 "in: --current: 'kA' is none of nA, pA, A, uA, mA" --time t \
		--current i_nA:kA in
	trace time_ms,time_ms,v_mV t,t,v >in
	fails 1 "in: column 'time_ms' is there twice" in
}

@test "--no-header: blanks, tabs or commas, and numbers for names" {
	local said=(--method simple --no-header)
	trace time_ms,v_mV,i_nA t,v,i | passive-fit --method simple >want
	trace '' t,v,i | passive-fit "${said[@]}" | cmp - want
	trace '' '" " t "   " v "\t" i " "' | passive-fit "${said[@]}" |
		cmp - want
	trace '' 't " , " v ",\t" i "\r"' >in
	passive-fit "${said[@]}" in | cmp - want
	trace '' 'v,"x",i,t,"\n"' | tr -s ',' | sed 's/,$//' |
		passive-fit "${said[@]}" --time 4 --voltage 1 --current 3 |
		cmp - want
	trace '' 't/1000,v' | passive-fit "${said[@]}" --time 1:s --amp -100 \
		--delay 100 --dur 200 >got
	near got want
}

@test "--no-header: what is wrong" {
	printf '0 1 2\n1 1\n' >in
	fails 1 "in:2: 2 fields where the first line has 3" --no-header in
	printf '0,1,2\n1,,2\n' >in
	fails 1 "in:2: column '2': not a number: ''" --no-header in
	printf '0\n1\n' >in
	fails 1 "in:1: no column '2' in '0': say --voltage" --no-header in
	printf '#voltages:\n0 1\n' >in
	fails 1 "in:1: no column '2' in '#voltages:': say --voltage" --no-header in
	printf '0 1\n1 1\n' >in
	fails 1 "in: no column '3'" --no-header --current 3 in
	fails 2 "--time: not the number of a column, with --no-header: 'x:s'" \
		--no-header --time x:s in
	: >in
	fails 1 "in: no samples" --no-header in
	printf '0 1\n1 1\0\n' >in
	fails 1 "in: not text" --no-header in
	fails 1 ".: Is a directory" --no-header .
	fails 1 "no-such-file: No such file or directory" --no-header no-such-file
}

@test "samples that are not as they should be" {
	printf 'time_ms,v_mV\n' | fails 1 "standard input:2: no samples"
	printf 'time_ms,v_mV\n1,2\n' |
		fails 1 "standard input:2: a trace of one sample"
	printf 'time_ms,v_mV\n1,2\n1,2\n' |
		fails 1 "standard input:3: column 'time_ms': time does not increase: '1'"
	printf 'time_ms,v_mV\n1,2\n2,2\n1.5,2\n' |
		fails 1 "standard input:4: column 'time_ms': time does not increase: '1.5'"
	printf 'time_ms,v_mV\n1,2\n2,\n' |
		fails 1 "standard input:3: column 'v_mV': not a number: ''"
	printf 'time_ms,v_mV\n1,2\n2,nan\n' |
		fails 1 "standard input:3: column 'v_mV': not a finite number: 'nan'"
	printf 'time_ms,v_mV\n1,2\n2,-1e100\n' |
		fails 1 "standard input:3: column 'v_mV': too large: '-1e100'"
	printf 'time_ms,v_mV\n1e-200,2\n2e-200,2\n' |
		fails 1 "standard input:3: column 'time_ms': time does not increase: '2e-200'"
	trace time_ms,v_mV,i_nA t,v,i 'on ? 1e-120 : 0' |
		fails 1 "standard input:2: no step in the current: say --amp, --delay and --dur"
	printf 'time_ms,v_mV\n1,2\n2,x\n' |
		fails 1 "standard input:3: column 'v_mV': not a number: 'x'"
	printf 'time_ms,v_V\n1,2\n2,1e308\n' |
		fails 1 "standard input:3: column 'v_V': too large: '1e308'" \
			--voltage v_V
}

sweeps() { # the column, its values
	local name
	echo "$1,time_ms,v_mV,i_nA"
	for name in "${@:2}"; do
		trace '' "\"$name\",t,v,i"
	done
}

@test "sweeps are runs of a column, each with its own times" {
	sweeps sweep b a 'c d' | passive-fit >got
	is "$(cut -d, -f1 got | xargs)" "sweep b a c d"
	[ "$(tail -n +2 got | cut -d, -f2- | sort -u | wc -l)" -eq 1 ]
	sweeps amp_pA -100 5 | passive-fit >got
	is "$(cut -d, -f1 got | xargs)" "sweep -100 5"
	sweeps amp_pA,sweep 1,x 1,y | passive-fit >got
	is "$(cut -d, -f1 got | xargs)" "sweep x y"
}

@test "sweeps side by side: what stands for * is their name" {
	# what a sweep has alone, below each other
	trace '' '"b",t,v,i' >b
	trace '' '"c d",t,v+1,i/2' >c
	{ echo sweep,time_ms,v_mV,i_nA; cat b c; } | passive-fit >want
	paste -d, b c | awk -F, 'BEGIN { print "T (s),V b (mV),I b (nA),V c d (mV),I c d (nA)" }
		{ print $2 / 1000 "," $3 "," $4 "," $7 "," $8 }' >in
	wide() { passive-fit --time 'T (s)' --voltage 'V * (mV)' "$@"; }
	wide --current 'I * (nA)' in >got
	is "$(cut -d, -f1-5 got)" "$(cut -d, -f1-5 want)"
	is "$(cut -d, -f1 got | xargs)" "sweep b c d"
	sed '1s/(mV)/()/g; 1s/(nA)/()/g' in | passive-fit --time 'T (s)' \
		--voltage 'V * ():mV' --current 'I * ():nA' | cmp - got
	# one current for both
	wide --current 'I b (nA)' in | cut -d, -f1,4 | sed -n 3p >got
	is "$(cat got)" "c d,-100"
	# and none
	wide in --amp -100 --delay 100 --dur 200 | cut -d, -f1,4 >got
	is "$(sed -n 3p got)" "c d,-100"
}

@test "sweeps side by side that are not there, or one after the other as well" {
	echo 't_ms,V 1 (mV),I 1 (nA),V 2 (mV)' >in
	fails 1 "in: no column 'U *'" --voltage 'U *' in
	run --separate-stderr passive-fit --voltage 'U *' in
	[[ $stderr == *": there are 't_ms', 'V 1 (mV)'"* ]] ||
		[[ $stderr == *': there are t_ms, V 1 (mV)'* ]]
	fails 1 "in: no column 'I 2 (nA)'" --voltage 'V * (mV)' \
		--current 'I * (nA)' in
	fails 2 "--current: '*' needs one in --voltage: 'I *'" --voltage 'V 1 (mV)' \
		--current 'I *' in
	fails 2 "--voltage: must have one '*': 'V * (*)'" --voltage 'V * (*)' in
	sed 's/t_ms/t_ms,sweep/' in >long
	fails 1 "long: --voltage: 'V *' is sweeps side by side, and column 'sweep' is sweeps one after the other" \
		--voltage 'V *' long
	fails 2 "--voltage: not the number of a column, with --no-header: 'V *'" \
		--no-header --voltage 'V *' in
	# A column may be called so.
	trace 'time_ms,V *,i_nA' t,v,i | passive-fit --voltage 'V *:mV' >got
	trace time_ms,v_mV,i_nA t,v,i | passive-fit | diff - got
}

@test "no unit in the names of sweeps side by side: what is said names all of them" {
	trace 't_ms,V 1,I 1' t,v,i >in
	run --separate-stderr passive-fit --voltage 'V *' --current 'I *' in
	is "$stderr" "passive-fit: in: no unit in a column's name, taken 'V *' for mV, \
'I *' for nA: say --voltage 'V *:unit', --current 'I *:unit'"
}

@test "a sweep that comes back, and one of one sample" {
	sweeps sweep a b a >in
	local line=$((4001 * 2 + 2))
	run --separate-stderr passive-fit in
	is "$stderr" "passive-fit: in:$line: column 'sweep': its samples are not all together: 'a'"
	[ "$status" -eq 1 ]
	{ sweeps sweep a && echo b,1,2,3; } >in
	run --separate-stderr passive-fit in
	is "$stderr" "passive-fit: in:4003: a trace of one sample"
	[ "$status" -eq 1 ]
}

@test "a trace that is longer than a block" {
	awk 'BEGIN {
		print "time_ms,v_mV,i_nA"
		for (k = 0; k <= 660000; k++)
			print k / 100 "," (k > 100000 && k <= 500000 ? -80 : -70) \
				"," (k > 100000 && k <= 500000 ? -0.1 : 0)
	}' | passive-fit --method simple >got
	is "$(tail -n 1 got | cut -d, -f1-5)" "1,-70,-80,-100,100"
}

# Times of few digits, as far from each other as the first two, are not kept.
# bats test_tags=long
@test "times are those of the table to the last bit, on a grid and off it" {
	python - <<-'END'
	import subprocess
	from decimal import Decimal as D

	def curve(name, text, times, over):
	    with open("in", "w") as f:
	        f.write(f"t,{name},i_nA\n")
	        for k, t in enumerate(text):
	            f.write(f"{t},{-70 - min(k, 2000) % 7 / 8},0\n")
	    ms = [float(t) * times / over for t in text]
	    run = ["passive-fit", "--time", "t:" + unit, "--amp", "-50",
	           "--delay", repr(ms[2000]), "--dur", repr(ms[-1] - ms[2000]),
	           "--method", "exp", "--curve", "--baseline", "1e15", "in"]
	    rows = subprocess.run(run, capture_output=True, text=True,
	                          check=True).stdout.split()[1:]
	    got = [float(row.split(",")[0]) for row in rows]
	    assert len(got) > 2900 and got == ms[-len(got):], (unit, text[:3])

	for unit, times, over in ("ms", 1, 1), ("s", 1000, 1), ("us", 1, 1000):
	    for first, step in ("0", "0.025"), ("-12.3", "0.1"), ("7", "3"), \
	            ("0.000003", "0.000025"), ("1e6", "0.0333333333"):
	        even = [D(first) + k * D(step) for k in range(3001)]
	        text = [str(t) for t in even]
	        curve("v_mV", text, times, over)
	        for off in 1, 2999:
	            other = list(text)
	            other[off] = str(even[off] + D(step) / 64)
	            curve("v_mV", other, times, over)
	        curve("v_mV", [repr(float(t) * 1.1) for t in even], times, over)
	END
}
