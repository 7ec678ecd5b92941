# Filters are compared with numbers that scipy has said, with waves whose gain one
# can say beforehand, and with the reference's.
load common.bash
load fields.bash

# An impulse at the 21st of 60 samples, on a constant, at 1 kHz.
impulse() {
	awk 'BEGIN { print "time_ms,a"
		for (k = 0; k < 60; k++) print k "," (k == 20) + 0.5 }'
}

# Butterworth filters of scipy 1.10: sosfiltfilt(butter(...)), and with causal
# sosfilt() from sosfilt_zi()'s state, at the samples named.
@test "scipy's numbers, both ways and forward" {
	local options want
	impulse >in
	while IFS=: read -r options want; do
		# shellcheck disable=SC2086 # options
		signal-filter ${options//;/:} in | awk -F, -v want="$want" '
			NR > 1 { a[NR - 2] = $2 }
			END {
				n = split(want, w, " ")
				for (k = 1; k < n; k += 2)
					if ((a[w[k]] - w[k + 1]) ^ 2 > 1e-22)
						bad = bad " " w[k] " " a[w[k]]
				print bad
				exit bad != "" || NR != 61 || n < 8
			}' || fail "$options"
	done <<-'END'
	--low 50 --order 3:0 0.49874539656 10 0.499950108475 19 0.601865445943 20 0.604317531787 59 0.499762442712
	--low 50 --order 3 --causal:0 0.5 19 0.5 20 0.502898194634 21 0.515575172547 25 0.615211366956 59 0.499832823236
	--high 100:0 0.00063205616533 19 -0.188336558607 20 0.796189125892 25 0.00128198116707
	--high 100 --order 4 --causal:0 0 20 0.43284664499 21 -0.705750824542 25 0.123771226672
	--band 60;150 --order 3:10 0.0125880097297 19 0.143982248855 20 0.187235664828 25 -0.114218345901 59 -0.00138439645186
	--band 60;150 --order 3 --causal:0 0 20 0.0138200738838 21 0.0555111430656 25 -0.189743814411 59 0.0044351192114
	--stop 60;150 --order 2:0 0.507396489031 19 0.35589020544 20 1.30616286214 25 0.602912610757 59 0.500200804635
	--stop 60;150 --order 2 --causal:0 0.5 20 1.16877425277 21 0.0733373006707 25 0.684763650912 59 0.50120576961
	--band 5;450 --order 1:0 -0.00829741748289 19 0.104427675339 20 0.852175412731 25 0.0203072973872
	--band 5;450 --order 1 --causal:0 0 20 0.85140588562 21 0.207364138342 59 -0.00926252923365
	--low 250 --order 1:0 0.5 19 0.75 20 1 25 0.5
	--low 250 --order 1 --causal:0 0.5 20 1 21 1 25 0.5
	END
}

@test "the reference's filters" {
	need golden/fields
	fields lfp.csv.gz >lfp
	fields ecp10k.csv.gz | signal-filter --low 250 --order 8 --every 10 >low
	fields reference/filter_low.csv >want
	near low channel0_mV want channel0_mV 1e-9
	near low channel1_mV want channel1_mV 1e-9
	is "$(cut -d, -f1 low)" "$(cut -d, -f1 want)"
	fields reference/filter_band.csv.gz >want
	for band in theta,4:12 gamma,30:50; do
		signal-filter --band "${band#*,}" --every 10 --force lfp >got
		near got channel0_mV want "${band%,*}0_mV" 1e-9
		near got channel1_mV want "${band%,*}1_mV" 1e-9
	done
	fields reference/filter_high_stop.csv.gz >want
	signal-filter --high 1 --every 10 --force lfp >got
	near got channel0_mV want high1_mV 1e-9
	signal-filter --stop 38:42 --order 2 --every 10 --force lfp >got
	near got channel0_mV want stop38_42_mV 1e-9
}

gains() { # of waves of 1, 10, 20, 40 and 300 Hz, at 2 kHz: options
	awk 'BEGIN {
		print "time_ms,h1,h10,h20,h40,h300"
		for (k = 0; k < 8000; k++) {
			w = atan2(0, -1) / 1000 * k
			print 7 + k / 2 "," sin(w) "," sin(10 * w) "," \
				sin(20 * w) "," sin(40 * w) "," sin(300 * w)
		}
	}' | signal-filter "$@" | awk -F, 'NR > 2000 && NR <= 6000 {
		for (k = 2; k <= 6; k++) power[k] += 2 * $k ^ 2 / 4000
	}
	END {
		for (k = 2; k <= 6; k++)
			printf "%.3f%s", sqrt(power[k]), k < 6 ? " " : "\n"
	}'
}

@test "an edge has half of the amplitude, or 0.707 with --causal" {
	is "$(gains --low 20)" "1.000 0.996 0.500 0.004 0.000"
	is "$(gains --low 20 --causal)" "1.000 0.998 0.707 0.062 0.000"
	is "$(gains --high 20)" "0.000 0.004 0.500 0.996 1.000"
	is "$(gains --band 10:40)" "0.000 0.500 1.000 0.500 0.000"
	is "$(gains --stop 10:40)" "1.000 0.500 0.000 0.500 1.000"
	is "$(gains --low 20 --order 1)" "0.998 0.800 0.500 0.200 0.004"
	is "$(gains --low 20 --order 8)" "1.000 1.000 0.500 0.000 0.000"
}

@test "nothing is delayed, and a record turned about is filtered the same" {
	awk "$draws"'BEGIN { sow(1); print "time_ms,a"
		for (k = 0; k < 500; k++) print k "," draw() }' >in
	{ echo time_ms,a; tail -n +2 in | tac | awk -F, '{ print 499 - $1 "," $2 }'; } >back
	signal-filter --low 100 in | tail -n +2 | cut -d, -f2 >got
	signal-filter --low 100 back | tail -n +2 | tac | cut -d, -f2 |
		paste -d, got - | awk -F, 'NR > 150 && NR < 350 && ($1 - $2) ^ 2 > 1e-20 {
			exit 1
		}'
	awk 'BEGIN { for (k = 0; k < 500; k++) print k "," 3 }' |
		cat <(echo time_ms,a) - | signal-filter --low 5 --causal |
		awk -F, 'NR > 1 && ($2 - 3) ^ 2 > 1e-20 { exit 1 }'
}

@test "times are written as the shortest text that reads back" {
	local step begin format
	while read -r begin step format; do
		awk -v begin="$begin" -v step="$step" -v format="$format" 'BEGIN {
			print "time_ms,a"
			for (k = 0; k < 60; k++)
				printf format ",1\n", begin + k * step }' >in
		signal-filter --low "$(awk "BEGIN { print 100 / $step }")" in |
			cut -d, -f1 >got
		# out_num, of another tool
		diff got <(sed 1d in | awk -F, '{ print "p,0," $1 }' |
			cat <(echo population,node_ids,timestamps) - |
			sonata-spikes | sed '1s/.*/time_ms/; s/,.*//') || fail "$begin $step"
	done <<-'END'
	0 1 %d
	0 0.1 %.1f
	-3 0.1 %.17g
	1030.4 0.8 %.1f
	0 0.025 %.3f
	-0.5 0.00001 %.5f
	0 0.0001 %.4f
	123456789 0.5 %.2f
	0 0.33333333 %.8f
	5e9 10000 %.0f
	0 0.7 %.17g
	END
}

@test "columns that are no signals are written as they are" {
	awk 'BEGIN { print "note,a,time_ms,b"
		for (k = 0; k < 30; k++) print "\"n," k "\"," k "," k + 10 ",00" k }' >in
	signal-filter --low 20 -c a in >got
	is "$(cut -d, -f1,2,4,5 got)" "$(cut -d, -f1,2,4,5 in)"
	awk -F, '{ print (NR == 1 ? $3 : $4) "," (NR == 1 ? $2 : $3) }' in |
		signal-filter --low 20 | awk -F, '{ print $2 }' >want
	is "$(awk -F, '{ print NR == 1 ? $2 : $3 }' got)" "$(cat want)"
	signal-filter --low 20 -c b,a in | cut -d, -f3 |
		cmp - <(cut -d, -f3 got)
	run ! cmp -s got <(signal-filter --low 20 -c b in)
	# Rows that are left out take their texts along.
	signal-filter --low 20 -c a --every 7 --force in |
		cmp - <(awk 'NR == 1 || NR % 7 == 2' got)
}

@test "--by: each value is a record, wherever its rows are" {
	for record in x y; do
		awk -v r=$record "$draws"'BEGIN { sow(r == "x"); print "cell,time_ms,a"
			for (k = 0; k < 40; k++)
				print r "," (r == "x" ? k : 5 + k / 2) "," draw() }' >$record
		cut -d, -f2- $record | signal-filter --low 60 | tail -n +2 |
			sed "s/^/$record,/"
	done >want
	paste -d'\n' x y | tail -n +2 >in
	is "$(signal-filter --by cell --low 60 in | tail -n +2)" "$(cat want)"
}

@test "from a pipe and from a file the same bytes" {
	impulse >in
	signal-filter --low 30 in >got
	signal-filter --low 30 <in | cmp - got
	signal-filter --low 30 - < <(cat in) | cmp - got
	signal-filter --low 30 -o out in && cmp out got
	is "$(signal-filter --low 30 -t in)" "$(tr , '\t' <got)"
}

@test "a table without rows is a header" {
	is "$(printf 'time_ms,a\n' | signal-filter --low 30)" time_ms,a
}

@test "steps that are not regular are named by their line" {
	steps() { cat <(echo time_ms,a) - <(echo); }
	seq 0 49 | sed 's/$/,1/; 31d' | steps | bad "standard input:32: column 'time_ms': a gap: 31 ms after 29 ms, where a step is 1 ms" --low 30
	seq 0 49 | sed 's/$/,1/; 31s/30/30.4/; 10s/^/\n/' | steps | bad "standard input:33: column 'time_ms': a gap: 30.4 ms after 29 ms, where a step is 1 ms" --low 30
	seq 0 49 | sed 's/$/,1/; 31s/30/29.9/' | steps | bad "standard input:32: column 'time_ms': an uneven step: 29.9 ms after 29 ms, where a step is 1 ms" --low 30
	seq 0 49 | awk '{ print $1 + 0.00001 * $1 ^ 2 ",1" }' | steps | bad "standard input:51: column 'time_ms': the steps drift: the first is 1.00001 ms, the last 1.001 ms" --low 30
	printf '%s,1\n' 0 1 3 | steps | bad "standard input:4: column 'time_ms': a gap: 3 ms after 1 ms, where a step is 1 ms" --low 30
	# A two thousandth of a step is none.
	seq 0 49 | sed 's/$/,1/; 31s/30/30.0005/' | steps | signal-filter --low 30 >got
	seq 0 49 | sed 's/$/,1/; 31s/30/29/' | steps | bad "standard input:32: column 'time_ms': time does not increase (--by is for several records in one table): '29'" --low 30
	seq 0 49 | sed 's/$/,1,x/; 31s/30/29/' | cat <(echo time_ms,a,g) - | bad "standard input:32: column 'time_ms': time does not increase: '29'" --low 30 --by g
}

@test "values have to be there, and finite" {
	sonata-report "$BATS_TEST_DIRNAME/data/reports/ecp.h5" |
		bad "standard input: a row for each value, and not a column for each signal: sonata-report --wide writes those" --low 30
	impulse | sed '9s/,.*/,/' | bad "standard input:9: column 'a': not a number: ''" --low 30
	impulse | sed '9s/,.*/,nan/' | bad "standard input:9: column 'a': not a finite number: 'nan'" --low 30
	impulse | sed '9s/,.*/,-inf/' | bad "standard input:9: column 'a': not a finite number: '-inf'" --low 30
	impulse | sed '9s/^7/x/' | bad "standard input:9: column 'time_ms': not a number: 'x'" --low 30
	# Others may be anything.
	impulse | sed 's/$/,7/; 1s/7/b/; 9s/7$/nan/' | signal-filter -c a --low 30 |
		grep -q ',nan$'
}

@test "records that are too short" {
	impulse | head -n 2 | bad "standard input:2: a record of one row: no step, and so no rate" --low 30
	impulse | head -n 16 | bad "standard input: a record of 15 samples, where a filter both ways needs 16: a lower --order needs fewer" --low 30
	impulse | head -n 17 | signal-filter --low 30 >got
	impulse | head -n 16 | signal-filter --low 30 --causal >got
	impulse | head -n 28 | bad "standard input: a record of 27 samples, where a filter both ways needs 28: a lower --order needs fewer" --band 30:60
	impulse | sed 's/$/,x/; 1s/x/g/' | head -n 10 | bad "standard input: g 'x': a record of 9 samples, where a filter both ways needs 16: a lower --order needs fewer" --low 30 --by g
}

@test "columns" {
	impulse | bad "standard input: no column 'b': there are time_ms, a" --low 30 -c b
	impulse | bad "standard input: column 'a' cannot be a signal twice" --low 30 -c a,a
	impulse | bad "standard input: column 'time_ms' cannot be a signal: it is the time" --low 30 -c time_ms
	impulse | bad "standard input: column 'a' cannot be a signal: it is that of --by" --low 30 -c a --by a
	impulse | sed 's/time_ms/t/' | bad "standard input: no column 'time_ms': there are t, a" --low 30
	seq 9 | sed '1s/.*/time_ms/' | bad "standard input: no signal beside the time" --low 30
	impulse | misused "--by: the time tells no records apart: 'time_ms'" --low 30 --by time_ms
}

@test "edges are below half the rate" {
	impulse | misused "--low: 500 Hz is not below half the rate of 1000 Hz" --low 500
	impulse | misused "--high: 600 Hz is not below half the rate of 1000 Hz" --high 600
	impulse | misused "--band: 501 Hz is not below half the rate of 1000 Hz" --band 4:501
	impulse | misused "--stop: 501 Hz is not below half the rate of 1000 Hz" --stop 4:501
	misused "--low or --high or --band or --stop is needed" </dev/null
	misused "--low and --band exclude each other" --low 3 --band 4:5
	misused "--band: must be low:high, the first < the second: '12:4'" --band 12:4
	misused "--order: must be in [1,20]: '21'" --low 5 --order 21
	misused "--force needs --every" --low 5 --force
}

@test "--every is refused where something would be mistaken for something else" {
	impulse | misused "--every 10: --low lets 0.33 of the amplitude pass at 50 Hz, half the new rate, or above, where it would seem to be below: let less pass, or say --force" --low 42 --every 10 --order 2
	impulse | misused "--every 3: --high lets 1 of the amplitude pass at 166.667 Hz, half the new rate, or above, where it would seem to be below: let less pass, or say --force" --high 42 --every 3
	impulse | misused "--every 10: --band lets 1 of the amplitude pass at 50 Hz, half the new rate, or above, where it would seem to be below: let less pass, or say --force" --band 40:80 --every 10 --order 2
	impulse | misused "--every 2: --stop lets 1 of the amplitude pass at 250 Hz, half the new rate, or above, where it would seem to be below: let less pass, or say --force" --stop 240:260 --every 2
	impulse | signal-filter --low 25 --every 10 --order 8 >got
	is "$(wc -l <got)" 7
	impulse | signal-filter --low 42 --every 10 --order 2 --force >got
	# One pass leaves more.
	impulse | signal-filter --low 27 --every 10 >got
	impulse | misused "--every 10: --low lets 0.083 of the amplitude pass at 50 Hz, half the new rate, or above, where it would seem to be below: let less pass, or say --force" --low 27 --every 10 --causal
}
