# The references are sums over shifts, one by one, and numbers of scipy's.
load common.bash

pairs() { # rows of two signals: more awk, for x and y of k; how many; the seed
	awk -v n="${2-60}" -v seed="${3-5}" "$draws"'BEGIN { sow(seed); OFS = ","
		print "time_ms,x,y"
		for (k = 0; k < n; k++) { x = draw(); y = draw(); '"${1-}"'
			printf "%d,%.9g,%.9g\n", 10 * k, x, y } }'
}

both() { # a table of two: correlate its columns
	signal-correlate -c x --with y "${@:2}" "$1" "$1"
}

by_hand() { # the same, from ranks and shifts that are counted one by one
	awk -F, -v guard="$2" 'NR > 1 { x[n + 0] = $2; y[n++ + 0] = $3 }
	function ranks(v, r,   i, j) { for (i = 0; i < n; i++) { r[i] = 0.5
		for (j = 0; j < n; j++)
			r[i] += v[j] < v[i] ? 1 : v[j] == v[i] ? 0.5 : 0 } }
	function rho(a, b, k,   i, s, t, u, m) { m = (n + 1) / 2
		for (i = 0; i < n; i++) { s += (a[i] - m) * (b[(i + k) % n] - m)
			t += (a[i] - m) ^ 2; u += (b[i] - m) ^ 2 }
		return s / sqrt(t * u) }
	END { ranks(x, a); ranks(y, b); own = rho(a, b, 0)
		for (k = guard + 1; k < n - guard; k++) { r = rho(a, b, k); m++
			sum += r; square += r * r
			above += r * r >= own * own - 1e-12 }
		printf "%.12g,%.12g,%.12g\n", own,
			sqrt((square - sum * sum / m) / (m - 1)),
			(1 + above) / (1 + m) }' "$1"
}

near() { # rows of numbers, how near
	awk -F, -v d="${3-1e-9}" 'NR == 1 { for (k = 1; k <= NF; k++) x[k] = $k; n = NF }
		NR == 2 { if (NF != n) exit 1; for (k = 1; k <= n; k++)
			if (($k - x[k]) ^ 2 > d * d) exit 1 }' <<<"$1
$2" || fail "$1
rather than
$2"
}

@test "ranks, and all shifts" {
	pairs 'x += y; if (k % 7 == 0) x = y = 0.5' >t
	both t >got
	is "$(head -n 1 got)" "signal_1,signal_2,samples,spearman,pearson,naive_p,\
shift_sd,shift_p"
	is "$(tail -n 1 got | cut -d, -f1-3)" x,y,60
	near "$(tail -n 1 got | cut -d, -f4,7,8)" "$(by_hand t 3)"
	near "$(both t --guard 55 | tail -n 1 | cut -d, -f4,7,8)" "$(by_hand t 5)"
	near "$(both t --guard 0 | tail -n 1 | cut -d, -f4,7,8)" "$(by_hand t 0)"
	is "$(both t --guard 400 | tail -n 1 | cut -d, -f7,8)" ,
	pairs 'y = 3 * x * x' 41 >t
	near "$(both t | tail -n 1 | cut -d, -f4,8)" "1,$(by_hand t 2 | cut -d, -f3)"
}

@test "golden: rates of groups and the power of theta" {
	need golden/fields/reference/correlate.csv
	local gold=$reference/golden/fields
	zcat "$gold/lfp.csv.gz" |
		signal-phase --band 4:12 -c channel0_mV 2>/dev/null >theta
	spike-rate --bin 10 --from 0 --to 20000 -n "$gold/nodes.csv" \
		-g pop_name "$gold/spikes.csv" |
		signal-correlate -c spikes --by group --power --with amplitude \
			- theta | paste -d, - "$gold/reference/correlate.csv" |
		awk -F, 'NR == 1 { next }
		$1 != $11 || $4 != $12 || ($5 - $13) ^ 2 > 1e-18 ||
		($6 - $14) ^ 2 > 1e-18 || ($7 - $15) ^ 2 > 1e-18 { exit 1 }
		# There it is one shift in twenty samples.
		($8 / $16 - 1) ^ 2 > 0.01 || ($9 - $17) ^ 2 > 0.01 { exit 1 }
		END { exit NR != 4 }'
}

@test "what changes slowly is no evidence" {
	for s in 1 2 3 4 5 6 7 8; do
		pairs 'u = 0.97 * u + x - 0.5; v = 0.97 * v + y - 0.5; x = u; y = v' \
			1500 $s >t
		both t --guard 1000 | tail -n 1 | cut -d, -f6,8
	done >p
	# Of eight pairs of nothing, some look like much.
	awk -F, '$1 < 0.05 { naive++ } $2 < 0.05 { shift++ }
		END { exit !(naive >= 3 && shift <= 1) }' p
}

@test "the second signal is averaged over the steps of the first" {
	pairs 'x = k * k % 17' 30 >t
	awk 'BEGIN { print "time_ms,z,w"; for (k = 20; k < 287; k++)
		print k "," (int(k / 10) ^ 2 % 17) + (k % 10 - 4.5) "," k }' >fine
	signal-correlate -c x --with z t fine >got
	# Samples 2 to 27 are whole.
	is "$(tail -n 1 got | cut -d, -f3)" 26
	near "$(tail -n 1 got | cut -d, -f4,5)" 1,1
	signal-correlate -c x --with z --power t fine | tail -n 1 | cut -d, -f5 >p
	awk '{ exit !($1 > 0.9 && $1 < 0.9999) }' p
	is "$(signal-correlate t fine | cut -d, -f1,2 | tail -n +2 | xargs)" \
		"x,z y,z x,w y,w"
	bad "fine: steps of 1 ms, and t has longer ones, of 10 ms: give that first" \
		-c z --with x fine t
}

@test "records by a column, and one table from a pipe" {
	pairs >t
	awk -F, -v OFS=, 'NR == 1 { print "g", $0; next } { print "b", $0
		print "a", $1, $3, $2 }' t >two
	signal-correlate --by g -c x --with y two t >got
	is "$(cut -d, -f1-4 got | xargs)" \
		"g,signal_1,signal_2,samples b,x,y,60 a,x,y,60"
	near "$(tail -n 1 got | cut -d, -f5)" 1
	signal-correlate --by g -c x --with y - t <two | cmp - got
	signal-correlate --by g -c x --with y two - <t | cmp - got
	signal-correlate --by g -c x --with y -t -o got.tsv two t
	tr '\t' , <got.tsv | cmp - got
	signal-correlate --separator ';' --by g -c x --with y <(tr , \; <two) \
		<(tr , \; <t) | cmp - got
}

@test "what does not change has no correlation" {
	pairs 'x = 3' >t
	is "$(both t | tail -n 1 | cut -d, -f3-)" 60,,,,,
	pairs '' 2 >t
	is "$(both t | tail -n 1 | cut -d, -f3-)" 2,,,,,
	is "$(head -n 1 t | signal-correlate -c x --with y - t | wc -l)" 1
}

@test "what is wrong" {
	pairs >t
	sed 's/^\([0-9]\)/9\1/' t | awk -F, -v OFS=, 'NR > 1 { $1 = 5000 + 10 * k++ }
		{ print }' >later
	bad "t: has no time in common with later" -c x --with y t later
	bad "later: no samples" t later < <(head -n 1 t >later)
	bad "t: no column 'z': there are time_ms, x, y" --with z t t
	sed 9d t >gap
	bad "gap:9: column 'time_ms': a gap: 80 ms after 60 ms, where a step is 10 ms" \
		gap t
	misused "missing operand" t
}
