# The references are angles that are known, and numbers of numpy's.
load common.bash

table() { # awk: what phase p and amplitude a are at t; first, last, step
	awk -v first="$2" -v last="$3" -v step="$4" '
	function wrap(p) { return atan2(sin(p), cos(p)) }
	BEGIN { pi = atan2(0, -1); print "time_ms,phase_rad,amplitude"
		n = int((last - first) / step + 0.5)
		for (k = 0; k <= n; k++) { t = first + k * step
			p = a = ""; '"$1"'
			if (p == "") printf "%.15g,,\n", t
			else printf "%.15g,%.15g,%.15g\n", t, p, a } }'
}

spikes() { # their times
	printf 'timestamps,population,node_ids\n'
	printf '%s,a,1\n' "$@"
}

at() { # the phases and amplitudes, a spike a line
	spike-phase --signal "$@" | tail -n +2 | cut -d, -f4,5
}

@test "at a sample next to what is blank it is that of the sample" {
	# 0.8 ms are no whole number of them in a double, and 1030.4 is none either
	table 'if (k > 2 && k < 8) { p = k / 10; a = k }' 1030.4 1038.4 0.8 >wave
	is "$(at wave <(spikes 1032.8 1033.6 1036 1032.7 1036.1) 2>/dev/null | paste -s -d' ')" \
		"0.3,3 0.4,4 0.7,7"
}

@test "between two samples it is between them on the circle" {
	table 'p = k == 0 ? 3 : -3; a = k + 1' 0 10 10 >wave
	spikes 0 2.5 5 10 | at wave >got
	awk -F, '{ print $1 < 0 ? $1 + 2 * 3.141592653589793 : $1, $2 }' got |
		awk '{ printf "%.4f %s\n", $1, $2 }' >round
	is "$(cat round)" "3.0000 1
3.0704 1.25
3.1416 1.5
3.2832 2"
}

@test "spikes are found by time, whatever the rate and the first sample" {
	for s in "0 2000 1" "1030 3000 2.5" "-20.5 2500 0.1"; do
		# shellcheck disable=SC2086 # three numbers
		table 'p = wrap(2 * pi * 0.01 * (t - 7)); a = 3' $s >wave
		# 1107 and what is one half of a step beside it.
		spikes 1107 1207 1108.25 | at wave | awk -F, -v s="$s" '
			NR <= 2 && ($1 * $1 > (s ~ /2.5$/ ? 1e-5 : 1e-18)) { exit 1 }
			NR == 3 && ($1 - 2 * 3.141592653589793 * 0.0125) ^ 2 > 1e-6 {
				exit 1 }
			$2 != 3 { exit 1 }'
	done
}

@test "half of a step off, a sample of its own would be too far" {
	# 80 Hz at 400 Hz.
	table 'p = wrap(2 * pi * 0.08 * t); a = 1' 0 100 2.5 >wave
	spikes 51.25 | at wave | awk -F, '{ p = 2 * 3.141592653589793 * 4.1
		d = $1 - (p - 8 * 3.141592653589793); exit d * d > 1e-18 }'
}

@test "the phases of golden" {
	need golden/fields/reference/spike_phase.csv.gz
	local gold=$reference/golden/fields
	zcat "$gold/lfp.csv.gz" >lfp
	signal-phase --band 4:12 -c channel0_mV lfp 2>/dev/null >theta
	signal-phase --band 30:50 -c channel0_mV lfp 2>/dev/null >gamma
	spike-phase --signal gamma "$gold/spikes.csv" | tail -n +2 | cut -d, -f4,5 |
		paste -d, <(spike-phase --signal theta "$gold/spikes.csv" |
			tail -n +2) - |
		paste -d, - <(zcat "$gold/reference/spike_phase.csv.gz" |
			tail -n +2) | awk -F, '
		function off(a, b) { a -= b; if (a < 0) a = -a
			return a > 3.2 ? 6.283185307179586 - a : a }
		$1 != $8 || $3 != $10 || off($4, $11) > 1e-9 ||
		off($5, $12) > 1e-9 || off($6, $13) > 1e-9 ||
		off($7, $14) > 1e-9 { exit 1 } END { exit NR != 4290 }'
}

@test "other columns are written as they are" {
	table 'p = 1; a = 2' 0 100 1 >wave
	printf 'x,timestamps,"a ""b"""\n1e3,5,"p,q"\n,6.0,\n' |
		spike-phase --signal wave >got
	is "$(cat got)" 'x,timestamps,"a ""b""",phase_rad,amplitude
1e3,5,"p,q",1,2
"",6.0,,1,2'
	spikes 5 | tr , \; | spike-phase --separator ';' --signal \
		<(tr , \; <wave) -t -o got
	is "$(cat got)" $'timestamps\tpopulation\tnode_ids\tphase_rad\tamplitude
5\ta\t1\t1\t2'
	is "$(spikes 5 | head -n 1 | spike-phase --signal wave)" \
		timestamps,population,node_ids,phase_rad,amplitude
}

@test "what has no phase is left out and counted" {
	table 'if (t >= 20) { p = 1; a = 2 }' 10 100 1 >wave
	spikes 9.999 10 19.5 20 55 100 100.001 >s
	run --separate-stderr spike-phase --signal wave s
	is "$(cut -d, -f1 <<<"$output" | xargs)" "timestamps 20 55 100"
	is "$stderr" "spike-phase: left out, outside of the signal: 2 spikes
spike-phase: left out, where the signal has no phase: 2 spikes"
	run --separate-stderr spike-phase --signal wave <(spikes 9 50)
	is "$stderr" "spike-phase: left out, outside of the signal: 1 spike"
}

@test "one of several signals" {
	{
		echo signal,time_ms,phase_rad,amplitude
		table 'p = 1; a = 2' 0 10 1 | tail -n +2 | sed 's/^/a,/'
		table 'p = 2; a = 3' 0 10 1 | tail -n +2 | sed 's/^/b,/'
	} >wave
	is "$(spikes 5 | at wave --channel a)" 1,2
	is "$(spikes 5 | at wave --channel b)" 2,3
	spikes 5 >s
	bad "wave: several signals: --channel may be a, b" --signal wave s
	misused "--channel: no signal 'c'; there are: a, b" --signal wave \
		--channel c s
	is "$(grep -v ^b wave >one; at one s)" 1,2
	cut -d, -f2- one >none
	misused "--channel: none has no column 'signal'" --signal none \
		--channel a s
}

@test "what is wrong with the tables" {
	table 'p = 1; a = 2' 0 10 1 >wave
	misused "--signal is needed"
	bad "standard input: no column 'timestamps': there are time" --signal wave \
		<<<time
	bad "standard input:2: column 'timestamps': not a number: 'x'" \
		--signal wave < <(spikes x)
	bad "standard input:2: column 'timestamps': not a finite number: 'nan'" \
		--signal wave < <(spikes nan)
	bad "standard input: has a column 'phase_rad' already" --signal wave \
		<<<timestamps,phase_rad
	sed 6d wave >gap
	bad "gap:6: column 'time_ms': a gap: 5 ms after 3 ms, where a step is 1 ms" \
		--signal gap < <(spikes 5)
	table 'p = 90; a = 2' 0 10 1 >degrees
	bad "degrees: column 'phase_rad': not an angle in rad at 0 ms: 90" \
		--signal degrees < <(spikes 5)
	table 'p = 1; a = -2' 0 10 1 >negative
	bad "negative: column 'amplitude': below 0 at 0 ms: -2" \
		--signal negative < <(spikes 5)
	bad "empty: no samples" --signal empty < <(head -n 1 wave >empty; spikes 5)
}
