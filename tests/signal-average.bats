# Means of parabolas, whose windows and errors one can count, and the reference's.
load common.bash
load fields.bash

ramp() { # samples, step in ms, begin: k and k^2
	awk -v n="$1" -v step="$2" -v begin="$3" 'BEGIN { print "time_ms,a,b"
		for (k = 0; k < n; k++) print begin + k * step "," k "," k * k }'
}

windows() { # "start,stop" ...
	printf '%s\n' start_ms,stop_ms "$@" >w
}

@test "the reference's trial average of theta power" {
	need golden/fields
	fields lfp.csv.gz | signal-phase --band 4:12 -c channel0_mV --edges keep |
		awk -F, 'NR == 1 { print "time_ms,power" } NR > 1 {
			printf "%s,%.17g\n", $1, $3 ^ 2 }' |
		signal-average -w "$reference/golden/fields/windows.csv" |
		awk 'NR == 1 || NR % 10 == 2' >got
	fields reference/average.csv.gz >want
	for column in time_ms mean sem trials; do
		near got $column want $column 1e-9
	done
}

@test "mean, error and Student's interval over trials" {
	windows 10,13 20,23 40,43
	ramp 60 1 0 | signal-average -w w -c b >got
	is "$(cut -d, -f1,2,7 got | xargs)" "time_ms,signal,trials 0,b,3 1,b,3 2,b,3"
	# 100, 400 and 1600: sd 793.7..., t of 2 degrees
	awk -F, 'NR == 2 {
		sd = sqrt((600 ^ 2 + 300 ^ 2 + 900 ^ 2) / 2)
		sem = sd / sqrt(3); t = 0.95 * sqrt(2 / 0.0975)
		d = ($3 - 700) ^ 2 + ($4 - sem) ^ 2 + ($5 - 700 + t * sem) ^ 2 + \
			($6 - 700 - t * sem) ^ 2
		exit !(d < 1e-14)
	}' got
	# and 2.9199855803537 at 0.9
	ramp 60 1 0 | signal-average -w w -c b --level 0.9 | awk -F, 'NR == 2 {
		exit !(($6 - 700 - 2.9199855803537 * $4) ^ 2 < 1e-14) }'
}

@test "one trial has no error" {
	windows 10,12
	is "$(ramp 60 1 0 | signal-average -w w | tail -n +2 | xargs)" \
		"0,a,10,,,,1 1,a,11,,,,1 0,b,100,,,,1 1,b,121,,,,1"
}

@test "windows are half-open, and begin with the nearest sample" {
	starts() { ramp 60 1 5.5 | signal-average -w w -c a | cut -d, -f3 | xargs; }
	windows 7.5,9.5
	is "$(starts)" "mean 2 3"
	windows 7.3,9.3
	is "$(starts)" "mean 2 3"
	windows 6.9,9.3
	is "$(starts)" "mean 1 2"
	windows 5.5,65.5
	is "$(starts | wc -w)" 61
	# Steps of 0.1 ms are texts of as few digits.
	windows 0.5,0.9
	is "$(ramp 60 0.1 0 | signal-average -w w -c a --at 0.1 | cut -d, -f1,3 | xargs)" \
		"time_ms,mean -0.1,5 0,6 0.1,7 0.2,8"
	is "$(ramp 60 0.1 0 | signal-average -w w -c a --at 0.15 | cut -d, -f1 | sed -n 2p)" -0.15
}

@test "unequal windows are cut to the shortest, and that is said" {
	windows 10,13 20,22.2 40,45
	run --separate-stderr signal-average -w w -c a <(ramp 60 1 0)
	is "$stderr" "signal-average: windows are cut to the shortest, of 2 ms"
	is "$(cut -d, -f3 <<<"$output" | cut -c-9 | xargs)" "mean 23.333333 24.333333"
}

@test "windows that are not within the signal are counted" {
	windows -1,2 10,13 20,23 58,61 70,73
	run --separate-stderr signal-average -w w -c a <(ramp 60 1 0)
	is "$stderr" "signal-average: windows left out, as they are not within the signal: 3 of 5"
	is "$(cut -d, -f3,7 <<<"$output" | xargs)" "mean,trials 15,2 16,2 17,2"
	windows -1,2 58,61
	ramp 60 1 0 | bad "standard input: no window of w is within the signal, which is from 0 to 60 ms" -w w
}

@test "--by: records of their own, and those of signal-phase" {
	windows 10,12 20,22
	for cell in x y; do
		ramp 40 1 "$([ $cell = x ] && echo 0 || echo 5)" | awk -F, -v OFS=, -v c=$cell \
			'{ print NR == 1 ? "cell" : c, $1, $2 }'
	done | awk 'NR == 1 || !/cell/' >in
	is "$(signal-average -w w --by cell in | cut -d, -f1-4,8 | xargs)" \
		"cell,time_ms,signal,mean,trials x,0,a,15,2 x,1,a,16,2 y,0,a,10,2 y,1,a,11,2"
	sed 1s/cell/signal/ in | signal-average -w w --by signal |
		cut -d, -f1-3,7 | xargs >got
	is "$(cat got)" "time_ms,signal,mean,trials 0,x,15,2 1,x,16,2 0,y,10,2 1,y,11,2"
	windows 0,2
	run --separate-stderr signal-average -w w --by cell in
	is "$stderr" "signal-average: in: cell 'y': no window of w is within the signal, which is from 5 to 45 ms"
}

@test "from a pipe and from a file the same bytes" {
	windows 10,13 20,23
	ramp 60 1 0 >in
	signal-average -w w in >got
	signal-average -w w < <(cat in) | cmp - got
	ramp 60 1 0 | signal-average --windows <(cat w) -o out - && cmp out got
	is "$(signal-average -w w -t in)" "$(tr , '\t' <got)"
	is "$(printf 'time_ms,a\n' | signal-average -w w)" time_ms,signal,mean,sem,low,high,trials
}

@test "bad input" {
	windows 10,13
	ramp 60 1 0 | sed 21d | bad "standard input:21: column 'time_ms': a gap: 20 ms after 18 ms, where a step is 1 ms" -w w
	ramp 60 1 0 | sed '21s/,.*/,nan,1/' | bad "standard input:21: column 'a': not a finite number: 'nan'" -w w
	misused "--windows is needed"
	misused "--level: must be in (0,1): '1'" -w w --level 1
	ramp 60 1 0 >in
	echo start_ms >w
	bad "w: no column 'stop_ms': there are start_ms" -w w in
	windows
	bad "w: no windows" -w w in
	windows 5,8 10,9
	bad "w:3: column 'stop_ms': not after start_ms: '9'" -w w in
	windows 5,8 10,nan
	bad "w:3: column 'stop_ms': not a finite number: 'nan'" -w w in
	windows 5,8 10,10.4
	bad "w:3: a window of 0.4 ms, where a step is 1 ms" -w w in
	windows 5,8
	ramp 60 1 0 | sed 1s/b/mean/ | misused "--by: the output has a column 'mean' of its own" -w w --by mean
	bad "none:" -w none in || is "$stderr" "signal-average: none: No such file or directory"
}

@test "of ten windows of noise the interval has the mean, 95 times of 100" {
	awk 'BEGIN { srand(1); print "time_ms,x"
		for (k = 0; k < 50000; k++)
			printf "%d,%.6f\n", k, sqrt(-2 * log(1 - rand())) * \
				cos(6.283185307179586 * rand()) }' >noise.csv
	awk 'BEGIN { print "start_ms,stop_ms"
		for (w = 0; w < 10; w++) print 5000 * w "," 5000 * (w + 1) }' >windows.csv
	signal-average -w windows.csv noise.csv >mean.csv
	is "$(head -n 1 mean.csv)" time_ms,signal,mean,sem,low,high,trials
	awk -F, 'NR > 1 { n++; has += $5 <= 0 && $6 >= 0 }
		END { print has / n; exit n != 5000 || has / n < 0.94 || has / n > 0.96 }' \
		mean.csv
}
