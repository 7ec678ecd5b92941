# The references are sums over all pairs, closed forms, and numbers of numpy's.
load common.bash

spikes() { # rows of node_id, phase
	printf 'timestamps,population,node_ids,phase_rad\n'
	awk -v OFS=, '{ print NR, "a", $1, $2 }'
}


column() { # of a table on the standard input, by its name
	awk -F, -v name="$1" 'NR == 1 { for (k = 1; k <= NF; k++)
		if ($k == name) at = k } NR > 1 { print $at }'
}

near() { # a number, what it has to be, how near
	awk -v a="$1" -v b="$2" -v d="${3-1e-12}" 'BEGIN {
		exit !(a != "" && (a - b) ^ 2 <= d * d) }' ||
		fail "$1 rather than $2"
}

wave() { # phases of 10 Hz at 1 kHz, of so many ms; more awk
	awk -v n="$1" 'BEGIN { pi = atan2(0, -1)
		print "time_ms,phase_rad,amplitude"
		for (k = 0; k < n; k++) { p = 2 * pi * 0.01 * k
			'"${2-}"'
			printf "%d,%.15g,1\n", k, atan2(sin(p), cos(p)) } }'
}

locked() { # so many cells of so many spikes of each kind, more awk
	awk -v cells="$1" -v n="$2" "$draws"'BEGIN { pi = atan2(0, -1); sow(7)
		print "timestamps,population,node_ids,phase_rad"
		for (c = 0; c < cells; c++) for (k = 0; k < n; k++) {
			t = 20 + draw() * 3900; p = 2 * pi * 0.01 * t
			'"${3-}"'
			printf "%.9g,a,%d,%.15g\n", t, c, atan2(sin(p), cos(p)) } }'
}

@test "three phases, by hand" {
	spikes <<<"4 0
4 1
4 2.5" | spike-lock >got
	is "$(head -n 1 got)" population,node_id,group,spikes,mean_phase_rad,plv,\
ppc,kappa,rayleigh_z,rayleigh_p
	is "$(tail -n 1 got | cut -d, -f1-4)" a,4,,3
	awk 'BEGIN { c = 1 + cos(1) + cos(2.5); s = sin(1) + sin(2.5); n = 3
		r = c * c + s * s
		printf "%.17g %.17g %.17g %.17g %.17g", atan2(s, c), sqrt(r) / n,
			(cos(1) + cos(1.5) + cos(2.5)) / 3, r / n,
			exp(sqrt(1 + 4 * n + 4 * (n * n - r)) - (1 + 2 * n))
		print "" }' >want
	read -r mean plv ppc z p <want
	near "$(column mean_phase_rad <got)" "$mean"
	near "$(column plv <got)" "$plv"
	near "$(column ppc <got)" "$ppc"
	near "$(column rayleigh_z <got)" "$z"
	near "$(column rayleigh_p <got)" "$p"
	# I1(2) / I0(2)
	spikes < <(awk 'BEGIN { r = 0.697774657964008; n = 1e5
		d = sqrt((r * r * (n - 1) + 1) / n)
		# half of the vectors to either side of 0
		for (k = 0; k < n; k++) { a = atan2(sqrt(1 - d * d), d)
			print 1, k % 2 ? a : -a } }') | spike-lock | column kappa >k
	near "$(cat k)" 2 1e-6
}

@test "no spike, one, and two of one phase: empty, and not 0" {
	printf '0,P\n1,P\n2,P\n' | sed '1i node_id,pop_name' >n.csv
	spikes <<<"1 0.5
2 1
2 1" | spike-lock -n n.csv | cut -d, -f2-8,10 >got
	is "$(cat got)" "node_id,group,spikes,mean_phase_rad,plv,ppc,kappa,rayleigh_p
0,P,0,,,,,
1,P,1,0.5,,,,
2,P,2,1,1,1,,$(awk -F, 'END { print $8 }' got)"
	is "$(spikes </dev/null | spike-lock -n n.csv | cut -d, -f2-4 | xargs)" \
		"node_id,group,spikes 0,P,0 1,P,0 2,P,0"
}

@test "golden: cells, groups and pools" {
	need golden/fields/reference/lock_cell.csv
	local gold=$reference/golden/fields s n=("-n" "$reference/golden/fields/nodes.csv")
	zcat "$gold/lfp.csv.gz" >lfp
	for s in "theta --band 4:12" "gamma --band 30:50" "w8 --freq 8" \
		"w40 --freq 40"; do
		# shellcheck disable=SC2086 # an option and its argument
		signal-phase ${s#* } -c channel0_mV lfp 2>/dev/null >"${s%% *}"
		s=${s%% *}
		spike-phase --signal "$s" "$gold/spikes.csv" >spikes
		spike-lock "${n[@]}" -w "$gold/windows.csv" spikes |
			tail -n +2 | cut -d, --complement -f3 | sed "s/^/$s,/" >>cells
		paste -d, <(spike-lock "${n[@]}" --per group spikes) \
			<(spike-lock "${n[@]}" --per group --least 20 spikes) \
			<(spike-lock "${n[@]}" --per pool spikes) |
			tail -n +2 | sed "s/^/$s,/" >>groups
	done
	paste -d, cells <(tail -n +2 "$gold/reference/lock_cell.csv") | awk -F, '
		function off(k, part) { if ($k == "" && $(k + 12) == "") return 0
			if ($k == "" || $(k + 12) == "") return 1
			d = $k - $(k + 12); if (d < 0) d = -d
			return d > (part ? part * $(k + 12) : 1e-9) }
		$1 != $13 || $3 != $15 || $4 != $16 || off(5) || off(6) || off(7) ||
		off(8, 1e-6) || off(9) || off(10, 1e-6) || off(11) || off(12) { exit 1 }
		END { exit NR != 120 }'
	paste -d, groups <(tail -n +2 "$gold/reference/lock_group.csv") | awk -F, '
		function off(a, b) { return ($a - $b) ^ 2 > 1e-18 }
		$1 != $28 || $3 != $30 || $4 != $31 || $5 != $32 || off(6, 33) ||
		off(7, 34) || $13 != $35 || off(14, 36) || $9 != $37 ||
		$21 != $38 || off(24, 39) || off(22, 40) { exit 1 }
		END { exit NR != 12 }'
}

@test "ppc has no bias, and plv has" {
	locked 400 5 'p = 2 * pi * draw()' | spike-lock --per group >got
	is "$(cut -d, -f1-4 got | tail -n 1)" a,,400,400
	awk -F, 'NR > 1 { z = $5 / $6; exit !(z > -3.5 && z < 3.5 && $7 > 0.35 &&
		$6 > 0.009 && $6 < 0.014 && $8 > 5 && $8 < 40) }' got
	awk 'BEGIN { for (c = 0; c < 10; c++) for (k = 0; k < 40; k++)
		print c, c * 0.62831853 + (k % 5 - 2) * 0.3 }' | spikes >ten
	awk -F, 'NR > 1 { exit !($5 > 0.8) }' <(spike-lock --per group ten)
	awk -F, 'NR > 1 { exit !($7 ^ 2 < 1e-4 && $4 == 400 && $3 == 10) }' \
		<(spike-lock --per pool ten)
}

@test "--least chooses the cells that count" {
	printf '1 0\n1 1\n2 0\n2 1\n2 2\n3 1\n' | spikes >s
	is "$(spike-lock --per group s | cut -d, -f3,4)" "cells,counted
3,2"
	is "$(spike-lock --per group --least 3 s | cut -d, -f3,4,6)" \
		"cells,counted,ppc_sem
3,1,"
	near "$(spike-lock --per group --least 3 s | column ppc_mean)" \
		"$(spike-lock s | sed -n 3p | cut -d, -f7)"
}

@test "pairs of different windows, whatever the order of spikes" {
	awk "$draws"'BEGIN { sow(3); for (k = 0; k < 60; k++)
		printf "%.6f,a,%d,%.6f\n", draw() * 100, k % 2, draw() * 3 }' |
		sed '1i timestamps,population,node_ids,phase_rad' >s
	printf 'start_ms,stop_ms\n50,80\n0,20\n20,50\n' >w
	run --separate-stderr spike-lock -w w s
	echo "$output" >got
	spike-lock -w w <(head -n 1 s; tail -n +2 s | sort -r) 2>/dev/null |
		paste -d, - got | awk -F, 'NR > 1 { for (k = 5; k <= 12; k++)
			if (($k - $(k + 12)) ^ 2 > 1e-20) exit 1 }'
	awk -F, 'NR > 1 && $1 >= 80 { n++ } END { print n }' s >out
	is "$stderr" "spike-lock: left out, in no window: $(cat out) spikes"
	awk -F, 'NR > 1 && $1 < 80 && $3 == 0 { n++; t = $1
		w[n] = t < 20 ? 1 : t < 50 ? 2 : 3; p[n] = $4; m[w[n]]++ }
		END { for (i = 1; i <= n; i++) for (j = 1; j <= n; j++)
			if (w[i] != w[j]) { c = cos(p[i] - p[j]); a += c; na++
				b += c / (m[w[i]] * m[w[j]]) }
			printf "%.15g %.15g %d\n", a / na, b / 6, n }' s >want
	read -r ppc1 ppc2 n <want
	near "$(column ppc1 <got | head -n 1)" "$ppc1"
	near "$(column ppc2 <got | head -n 1)" "$ppc2"
	is "$(column spikes <got | head -n 1)" "$n"
	# A window has its start and not its stop.
	printf 'timestamps,node_ids,phase_rad\n50,0,1\n80,0,1\n' |
		spike-lock -w w 2>/dev/null | column spikes >k
	is "$(cat k)" 1
	printf 'timestamps,node_ids,phase_rad\n50,0,1\n51,0,1\n' |
		spike-lock -w w | column ppc1 >k
	is "$(cat k)" ''
	spike-lock -w w --per group s 2>/dev/null | column ppc1_mean >k
	near "$(cat k)" "$(column ppc1 <got | awk '{ s += $1 } END { print s / 2 }')" 1e-6
	printf 'start_ms,stop_ms\n0,20\n19,30\n' >w
	bad "w:3: the window from 19 to 30 ms has time in common with that of line 2" \
		-w w s
}

@test "surrogates follow from the seed and the cell alone" {
	wave 4000 >theta
	locked 3 30 'if (c == 2) p = 2 * pi * 0.01 * (t = 50 + 100 * k)' >s
	local o=(--surrogates 50 --signal theta --seed 4)
	for o2 in --shift "--dither 50"; do
		# shellcheck disable=SC2086 # two words
		spike-lock "${o[@]}" $o2 s >all
		# shellcheck disable=SC2086
		spike-lock "${o[@]}" $o2 <(head -n 1 s; tail -n +2 s | sort -r) |
			cut -d, -f11,13 | cmp - <(cut -d, -f11,13 all) ||
			fail "$o2: not the same"
		# shellcheck disable=SC2086
		grep -v ',a,[02],' s | spike-lock "${o[@]}" $o2 |
			cmp - <(sed -n '1p;3p' all)
		# shellcheck disable=SC2086
		run ! cmp -s <(spike-lock "${o[@]}" $o2 --seed 5 s) all
	done
	run --separate-stderr spike-lock "${o[@]}" s
	is "$stderr" "spike-lock: --dither is half a cycle of the signal: 50 ms"
	paste -d, <(echo "$output") <(spike-lock "${o[@]}" --dither 50 s) |
		awk -F, 'NR > 1 { for (k = 11; k <= 13; k++)
			if (($k - $(k + 13)) ^ 2 > 1e-20) exit 1 }'
}

@test "what surrogates break" {
	# Cell 0 is locked, 1 is not, 2 is so regular that a shift keeps it, and 3
	# has bursts at any phase.
	wave 4000 'p += 3 * sin(k / 300)' >theta
	locked 4 80 '
		if (c == 3 && k % 8) t = last + 2; last = t
		p = 2 * pi * 0.01 * t + 3 * sin(t / 300)
		if (c == 0) { t += (pi - (p - 2 * pi * int(p / (2 * pi)))) * 100 / (2 * pi)
			if (t < 0) t += 100; if (t > 3990) t -= 100 }
		' | cut -d, -f1-3 | spike-phase --signal theta 2>/dev/null >s
	local o=(--surrogates 400 --signal theta --seed 1)
	spike-lock "${o[@]}" --dither 50 s | column surrogate_p >dither
	spike-lock "${o[@]}" --shift s >shifted
	awk 'NR == 1 { exit !($1 < 0.01) }' dither
	awk 'NR == 2 { exit !($1 > 0.02) }' dither
	awk 'NR == 4 { exit !($1 < 0.05) }' dither
	awk -F, 'NR == 2 && !($13 < 0.05) || NR == 5 && !($13 > 0.02) { exit 1 }' shifted
	awk 'BEGIN { print "timestamps,node_ids"; for (k = 0; k < 39; k++)
		print 20 + 100 * k ",0" }' >regular
	wave 4000 >theta
	spike-phase --signal theta regular | spike-lock "${o[@]}" --shift >got
	awk -F, 'NR > 1 { exit !($10 < 1e-10 && $11 > 0.99) }' got
	# The whole group, against the mean of its cells.
	spike-phase --signal theta <(cut -d, -f1-3 s) |
		spike-lock "${o[@]}" --dither 50 --per group >got
	is "$(head -n 1 got | cut -d, -f9-)" surrogate_mean,surrogate_sd,surrogate_p
	awk -F, 'NR > 1 { exit !($9 ^ 2 < 1e-4 && $10 > 0.002 && $10 < 0.02) }' got
	spike-phase --signal theta <(cut -d, -f1-3 s) |
		spike-lock "${o[@]}" --dither 50 --per pool >got
	awk -F, 'NR > 1 { exit !($11 ^ 2 < 1e-5 && $4 == 320) }' got
}

@test "golden: what surrogates give" {
	need golden/fields/reference/surrogates.csv
	local gold=$reference/golden/fields
	zcat "$gold/lfp.csv.gz" >lfp
	signal-phase --band 4:12 -c channel0_mV lfp 2>/dev/null >theta
	spike-phase --signal theta "$gold/spikes.csv" >s
	for way in --shift --dither=62.5; do
		spike-lock --surrogates 400 --seed 2 $way --signal theta s |
			awk -F, -v OFS=, -v way=$way 'NR > 1 && $4 > 1 {
				print $2, $11, $12, $13, way }'
	done >ours
	awk -F, 'FNR == NR { if ($1 == "theta") { m[$2] = $6; s[$2] = $7; p[$2] = $8
				u[$2] = $10 } next }
		$5 == "--shift" { z = ($2 - m[$1]) / s[$1] * 20; q = p[$1]
			d = ($4 - q) / (5 * sqrt(q * (1 - q) / 400) + 0.003)
			if (z > 5 || z < -5 || d > 1 || d < -1) exit 1; n++ }
		$5 != "--shift" { z = $2 / u[$1] * 20; r = $3 / u[$1]
			if (z > 6 || z < -6 || r < 0.8 || r > 1.3) exit 1; n++ }
		END { exit n != 54 }' "$gold/reference/surrogates.csv" ours
}

@test "what is wrong" {
	wave 100 >theta
	spikes <<<"1 0.5" >s
	bad "standard input: no column 'phase_rad': there are a, b" <<<a,b
	bad "standard input:2: column 'phase_rad': not a number: 'x'" \
		< <(spikes <<<"1 x")
	bad "standard input:2: column 'phase_rad': not an angle in rad: '90'" \
		< <(spikes <<<"1 90")
	bad "standard input: no column 'timestamps': there are node_ids, phase_rad" \
		-w w < <(printf 'start_ms,stop_ms\n0,1\n' >w
			printf 'node_ids,phase_rad\n')
	bad "standard input:2: the phase is 0.5, and that of --signal 0.0628319" \
		--surrogates 3 --seed 1 --shift --signal theta <s
	bad "standard input:2: --signal has no phase at 900 ms" --surrogates 3 \
		--seed 1 --shift --signal theta < <(sed 's/^1,/900,/' s)
	misused "--seed is needed: the same one draws the same" --surrogates 3 \
		--signal theta s
	misused "--surrogates needs --signal" --surrogates 3 --seed 1 s
	misused "--dither needs --surrogates" --dither 3 s
	misused "--dither and --shift exclude each other" --surrogates 3 --seed 1 \
		--signal theta --shift --dither 3 s
	misused "--dither: longer than the signal, which has 99 ms: 200" \
		--surrogates 3 --seed 1 --signal theta --dither 200 s
	misused "--least needs --per=group" --least 3 s
	bad "standard input:2: --nodes has no such node: '1'" -n n.csv \
		< <(printf 'node_id,pop_name\n0,P\n' >n.csv; cat s)
}
