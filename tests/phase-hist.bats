# The references are counts and times that are known, and numbers of numpy's.
load common.bash

wave() { # phases p and amplitudes a of so many ms; awk
	awk -v n="$1" 'BEGIN { pi = atan2(0, -1); OFS = ","
		print "time_ms,phase_rad,amplitude"
		for (k = 0; k < n; k++) { p = a = 1; '"$2"'
			print k, p, a } }'
}

spikes() { # rows of node_id, phase, amplitude
	printf 'population,node_ids,phase_rad,amplitude\n'
	printf 'a,%s\n' "$@"
}

@test "spikes over the time that the signal is in a bin, and over the cells" {
	# For 3 s below 0, and for 1 s above.
	wave 4000 'p = k < 3000 ? -1 : 1' >w
	printf 'node_id,pop_name\n0,P\n1,P\n2,Q\n' >n
	spikes 0,-1,1 0,-1,1 0,-1,1 0,1,1 0,1,1 1,1,1 >s
	phase-hist --bins 2 --signal w -n n s >got
	is "$(cat got)" "population,group,phase_low,phase_high,amplitude_low,\
amplitude_high,spikes,seconds,rate_Hz
a,P,-3.141592653589793,0,1,1,3,3,0.5
a,P,0,3.141592653589793,1,1,3,1,1.5
a,Q,-3.141592653589793,0,1,1,0,3,0
a,Q,0,3.141592653589793,1,1,0,1,0"
	run --separate-stderr phase-hist --bins 2 --signal w s
	is "$stderr" "phase-hist: no --nodes: rates are of the cells that spike"
	is "$(cut -d, -f1,2,7,9 <<<"$output" | xargs)" \
		"population,group,spikes,rate_Hz a,,3,0.5 a,,3,1.5"
	is "$(phase-hist --signal w -n n s | wc -l)" 73
	is "$(phase-hist --bins 2 --signal w -n n -g node_id s |
		cut -d, -f2,7 | xargs)" "group,spikes 0,3 0,2 1,0 1,1 2,0 2,0"
	is "$(phase-hist --bins 2 --signal w -n n <(spikes 0,9 | head -n 1) |
		cut -d, -f2,7 | xargs)" "group,spikes P,0 P,0 Q,0 Q,0"
}

@test "golden: 16 phases and 4 quantiles of amplitude" {
	need golden/fields/reference/phase_hist.csv
	local gold=$reference/golden/fields
	zcat "$gold/lfp.csv.gz" |
		signal-phase --band 4:12 -c channel0_mV 2>/dev/null >theta
	spike-phase --signal theta "$gold/spikes.csv" |
		phase-hist --bins 16 --quantiles 4 --signal theta \
			-n "$gold/nodes.csv" |
		paste -d, - "$gold/reference/phase_hist.csv" | awk -F, '
		NR == 1 { if ($1 != $10 || $9 != $18) exit 1; next }
		$2 != $11 || $7 != $16 { exit 1 }
		{ for (k = 3; k <= 9; k++) if (($k - $(k + 9)) ^ 2 > 1e-18) exit 1 }
		END { exit NR != 193 }'
}

@test "as long in one quantile as in another" {
	wave 1000 'p = 0; a = k * k' >w
	spikes 0,0,0 0,0,998001 0,0,62400 >s
	phase-hist --bins 1 --quantiles 4 --signal w s 2>/dev/null |
		cut -d, -f5-8 >got
	is "$(cat got)" "amplitude_low,amplitude_high,spikes,seconds
0,62375.25,1,0.25
62375.25,249500.5,1,0.25
249500.5,561375.75,0,0.25
561375.75,998001,1,0.25"
}

@test "where the signal never is there is no rate" {
	wave 100 'p = 1; if (k > 50) p = ""' >w
	is "$(phase-hist --bins 2 --signal w <(spikes 0,1,1) 2>/dev/null |
		cut -d, -f7- | xargs)" "spikes,seconds,rate_Hz 0,0, \
1,0.051,19.607843137254903"
}

@test "the ends are one phase, and the cosine is above all rates" {
	wave 1000 'p = (k + 0.5) / 1000 * 2 * pi - pi' >w
	spikes 0,-3.141592653589793,1 0,3.141592653589793,1 0,3.2,1 0,0.1,1 >s
	phase-hist --bins 4 --cosine --signal w s 2>/dev/null | cut -d, -f7- >got
	is "$(cut -d, -f1 got | xargs)" "spikes 2 0 1 1"
	awk -F, 'NR == 1 { exit $4 != "cosine" }' got
	awk -F, 'NR > 1 { if ($3 > most) most = $3; c[NR] = $4 }
		END { d = (c[3] + c[2]) / 2 - 1.2 * most
			exit !(c[3] > c[2] && c[2] > most && d * d < 1e-20) }' got
}

@test "one of several signals" {
	{
		echo signal,time_ms,phase_rad,amplitude
		wave 100 'p = 1' | tail -n +2 | sed 's/^/a,/'
		wave 100 'p = -1' | tail -n +2 | sed 's/^/b,/'
	} >w
	is "$(phase-hist --bins 2 --signal w --channel b <(spikes 0,-1,1) \
		2>/dev/null | cut -d, -f8 | xargs)" "seconds 0.1 0"
	bad "w: several signals: --channel may be a, b" --signal w < <(spikes 0,1,1)
}

@test "what is wrong" {
	wave 100 'p = 1' >w
	misused "--signal is needed"
	bad "standard input: no column 'amplitude': there are node_ids, phase_rad" \
		--signal w <<<node_ids,phase_rad
	bad "standard input:2: column 'amplitude': not an amplitude of --signal: '2'" \
		--signal w < <(spikes 0,1,2)
	bad "standard input:2: column 'phase_rad': not an angle in rad: '7'" \
		--signal w < <(spikes 0,7,1)
	wave 100 'p = ""' >none
	bad "none: no phase in it" --signal none < <(spikes 0,1,1)
	misused "--bins: must be in [1,100000]: '0'" --bins 0 --signal w
}
