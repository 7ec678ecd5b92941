# Against sums in awk, truth by simulation, and ../shared/golden/fields.
load common.bash

noise() { # rows: a; b, which is half of it; c, which is not; one of d ahead of a
	awk -v n="$1" "$draws"'BEGIN {
		sow(11)
		print "time_ms,a,b,c,d"
		for (k = 0; k < n; k++) {
			x = k ? next_x : draw(); next_x = draw()
			printf "%d,%.9f,%.9f,%.9f,%.9f\n", k, x, x + draw(), draw(), next_x
		}
	}'
}

# The definitions, of two columns, by Hann's window and no overlap; intervals by
# leaving out one estimate at a time, at this quantile of Student's t.
sums() { # file, columns x and y, window, t
	awk -F, -v cx="$2" -v cy="$3" -v len="$4" -v t="$5" '
	function atanh(r) { return log((1 + r) / (1 - r)) / 2 }
	function tanh(z) { return z > 0 ? (1 - exp(-2 * z)) / (1 + exp(-2 * z)) : 0 }
	NR > 1 { x[n + 0] = $cx; y[n++] = $cy }
	END {
		pi = atan2(0, -1)
		K = int(n / len)
		for (k = 1; k < len / 2; k++) {
			re = im = xx = yy = ure = uim = ii = ai = 0
			for (m = 0; m < K; m++) {
				a = b = c = d = mx = my = 0
				for (j = 0; j < len; j++) {
					mx += x[m * len + j] / len; my += y[m * len + j] / len
				}
				for (j = 0; j < len; j++) {
					h = 0.5 - 0.5 * cos(2 * pi * j / len); w = 2 * pi * j * k / len
					a += h * (x[m * len + j] - mx) * cos(w)
					b -= h * (x[m * len + j] - mx) * sin(w)
					c += h * (y[m * len + j] - my) * cos(w)
					d -= h * (y[m * len + j] - my) * sin(w)
				}
				R[m] = a * c + b * d; I[m] = b * c - a * d
				X[m] = a * a + b * b; Y[m] = c * c + d * d
				size = sqrt(R[m] ^ 2 + I[m] ^ 2)
				re += R[m]; im += I[m]; xx += X[m]; yy += Y[m]
				ure += R[m] / size; uim += I[m] / size
				ii += I[m] ^ 2; ai += I[m] < 0 ? -I[m] : I[m]
			}
			C = (re * re + im * im) / xx / yy
			sum = squares = 0
			for (m = 0; m < K; m++) {
				z[m] = atanh(sqrt(((re - R[m]) ^ 2 + (im - I[m]) ^ 2) / \
					(xx - X[m]) / (yy - Y[m])))
				sum += z[m]
			}
			for (m = 0; m < K; m++)
				squares += (z[m] - sum / K) ^ 2
			se = sqrt((K - 1) / K * squares)
			plv = sqrt(ure * ure + uim * uim) / K
			printf "%.9g,%.7g,%.7g,%.7g,%.7g,%.7g,%.7g,%.7g,%.7g,%d\n",
				1000 * k / len, C, tanh(atanh(sqrt(C)) - t * se) ^ 2,
				tanh(atanh(sqrt(C)) + t * se) ^ 2,
				1 - 0.05 ^ (1 / (K - 1)), atan2(im, re), plv,
				(K * plv * plv - 1) / (K - 1),
				(im * im - ii) / (ai * ai - ii), K
		}
	}' "$1"
}

rounded() { # without 0 Hz and half the rate
	awk -F, 'NR > 2 { if (last) print last
		last = sprintf("%.9g", $3)
		for (k = 4; k <= 11; k++) last = last sprintf(",%.7g", $k)
		last = last "," $12 }'
}

coherence() { # options: rows without header
	signal-coherence "$@" | tail -n +2
}

@test "all measures are what they are defined as" {
	noise 200 >t
	# Student's t of 9 degrees of freedom
	is "$(signal-coherence --welch --window 20 --step 20 --pairs a:b t | rounded)" \
		"$(sums t 2 3 20 2.262157162798205)"
	is "$(signal-coherence --welch --window 20 --step 20 --pairs c:b t | rounded)" \
		"$(sums t 4 3 20 2.262157162798205)"
}

@test "what leads has a phase above 0" {
	noise 4000 >t
	# d is 1 ms ahead of a: 2 pi f / 1000, but for the little that a window loses
	coherence --pairs d:a,a:d --window 200 t | awk -F, '$3 > 20 && $3 < 480 {
		w = 2 * 3.14159265358979 * $3 / 1000 * ($1 == "d" ? 1 : -1)
		if ($8 - w > 0.05 || w - $8 > 0.05 || $4 < 0.98) { print; bad = 1 }
		n++
	}
	END { exit bad || n != 182 }'
}

@test "coherence is the same whatever the units, and swapped but for signs" {
	noise 400 >t
	awk -F, -v OFS=, -v CONVFMT=%.17g 'NR > 1 { $2 = $2 * -2048 + 70; $3 /= 512 } 1' t >scaled
	coherence --pairs b:a --window 100 --nw 2 t | cut -d, -f3-7,9- >one
	coherence --pairs a:b --window 100 --nw 2 scaled | cut -d, -f3-7,9- >two
	paste -d, one two | awk -F, '{ for (k = 1; k <= 9; k++) { d = $k - $(k + 9)
		if (d > 1e-6 || d < -1e-6) { print; exit 1 } } } END { exit NR != 51 }'
	is "$(coherence --pairs a:b --window 100 t | cut -d, -f8 | tr -d -)" \
		"$(coherence --pairs b:a --window 100 t | cut -d, -f8 | tr -d -)"
}

# bats test_tags=long
@test "intervals cover, and of unrelated signals one in twenty is critical" {
	for options in '' '--nw 2' --welch '--welch --step 25'; do
		for share in 0 0.2 0.5 0.8; do
			# shellcheck disable=SC2086
			echo "$share $(spectra-check coherence 100 2000 $share \
				--window 200 $options) $options"
		done
	done >out
	# Where there is none the lower end is above 0 too often, as the page says.
	awk '$1 > 0 && ($2 < 0.94 || $2 > 0.96) { print; bad = 1 }
	$1 == 0 && ($3 < 0.04 || $3 > 0.06) { print; bad = 1 }
	END { exit bad || NR != 16 }' out
}

@test "ppc and wpli2 of unrelated signals are 0 on average, plv is not" {
	noise 40000 >t
	for options in '--welch --step 100' --welch '--nw 2'; do
		# shellcheck disable=SC2086
		head -n 801 t | coherence --pairs a:c --window 100 $options |
			awk -F, '{ plv += $9; n++ } END { exit !(plv / n > 0.1) }'
		# shellcheck disable=SC2086
		coherence --by part --pairs a:c --window 100 $options <(awk -F, -v OFS=, '
			{ print $1, $2, $4, (NR > 1 ? int((NR - 2) / 800) : "part") }' t) |
			awk -F, '$4 > 10 && $4 < 490 { ppc += $11; n++; wpli += $12 }
			END { ppc /= n; wpli /= n; print ppc, wpli, n
				exit !(ppc < 0.005 && ppc > -0.005 && wpli < 0.01 && wpli > -0.01) }'
	done
}

@test "one multiple of the other is coherent, and has no lag to speak of" {
	noise 400 >t
	awk -F, -v OFS=, -v OFMT=%.17g '{ print $1, $2, (NR > 1 ? -0.3 * $2 : "twin"),
		(NR > 1 ? 5 : "still") }' t >twins
	coherence --window 100 --pairs a:twin twins >out
	awk -F, '$4 < 1 - 1e-12 || $5 < 1 - 1e-6 || $6 > 1 || $9 < 1 - 1e-12 ||
		$10 < 1 - 1e-12 || $11 != "" || $8 ^ 2 - 9.8696044 > 1e-6 { print; bad = 1 }
		END { exit bad || NR != 51 }' out
	# nothing can be said of a constant
	is "$(coherence --window 100 --pairs a:still twins | cut -d, -f4-6,8-11 | sort -u)" ,,,,,,
}

@test "two estimates have no interval, and the options say how many there are" {
	noise 100 >t
	coherence --nw 1 --window 50 --pairs a:b t >out
	is "$(cut -d, -f5,6,12 out | sort -u)" ,,2
	is "$(coherence --nw 1 --tapers 2 --window 50 --pairs a:b t |
		cut -d, -f12 | sort -u)" 4
	is "$(coherence --window 50 --nw 2 --pairs a:b t | awk -F, '{ printf "%.12g,%s\n", $7, $12 }' |
		sort -u)" "$(awk 'BEGIN { printf "%.12g,6", 1 - 0.05 ^ 0.2 }')"
	is "$(coherence --window 50 --nw 2 --level 0.99 --pairs a:b t | awk -F, '{ printf "%.12g\n", $7 }' |
		sort -u)" "$(awk 'BEGIN { printf "%.12g", 1 - 0.01 ^ 0.2 }')"
	[ "$(coherence --window 50 --nw 2 --level 0.99 t | cut -d, -f5)" != \
		"$(coherence --window 50 --nw 2 t | cut -d, -f5)" ]
}

@test "--pairs, -c, --band and --by choose" {
	noise 100 | sed '1s/d$/c:d/' >t
	pairs() { coherence --window 50 --band 40:40 "$@" t | cut -d, -f1-3; }
	is "$(pairs)" "$(printf '%s,40\n' a,b a,c a,c:d b,c b,c:d c,c:d)"
	is "$(pairs -c c,a,b)" "$(printf '%s,40\n' c,a c,b a,b)"
	is "$(pairs --pairs b:a,a:c:d --pairs c:a)" "$(printf '%s,40\n' b,a a,c:d c,a)"
	signal-coherence --window 50 --pairs a:b t >all
	awk -F, -v OFS=, '{ print $1, $2, $3, (NR > 1 ? "one" : "trial")
		if (NR > 1) print $1, $2, $3, "two" }' t >long
	signal-coherence --by trial --window 50 long >by
	is "$(head -n 1 by)" "trial,$(head -n 1 all)"
	is "$(tail -n +2 by)" "$(for t in one two; do
		tail -n +2 all | sed "s/^/$t,/"; done)"
	signal-coherence --window 50 --pairs a:b <t | cmp - all
	is "$(head -n 1 t | signal-coherence)" "$(head -n 1 all)"
}

@test "golden/fields" {
	need golden/fields/reference
	local golden=$reference/golden/fields
	zcat "$golden/lfp.csv.gz" | signal-coherence >own
	zcat "$golden/reference/coherence.csv.gz" | awk -F, 'NR == FNR {
		want[$1, $2, $3] = $0; next }
	($1, $2, $3) in want && FNR > 1 {
		n++
		split(want[$1, $2, $3], w)
		for (k = 4; k <= 12; k++) {
			d = $k - w[k]
			if (($k == "") != (w[k] == "") || d > 1e-9 || d < -1e-9) {
				print $0, w[k]; exit 1 }
		}
	}
	END { exit n != 597 }' - own
}

@test "what it refuses" {
	noise 100 >t
	bad 't: 1 segment of 1 taper: 1 independent estimates, of which coherence needs 2: say a shorter --window' \
		--nw 1 --window 100 t
	bad 't: 2 segments of 1 taper: 1.95 independent estimates, of which coherence needs 2: say a shorter --window' \
		--welch --window 66 t
	bad 't: one signal, and coherence is of two' -c a --window 50 t
	misused "--pairs: not two signals with ':' between them: 'a'" --pairs a t
	misused "--pairs: not two signals with ':' between them: 'a:x'" --pairs a:b,a:x t
	misused "--pairs: not two signals with ':' between them: 'a:c'" -c a,b --pairs a:c t
	misused "--pairs: a signal with itself: 'a:a'" --pairs a:a t
	misused "--band: half the rate is 500 Hz: '0:501'" --window 50 --band 0:501 t
	misused "--tapers: more than twice --nw 4 would leak: '9'" --tapers 9 t
	bad 't: 100 samples of 1 ms are less than --window 2000: say a shorter one' t
	sed 51d t >gap
	bad "gap:51: column 'time_ms': a gap: 50 ms after 48 ms, where a step is 1 ms" gap
	sed '7s/.*/5,,1,1,1/' t >hole
	bad "hole:7: column 'a': not a number: ''" hole
}
