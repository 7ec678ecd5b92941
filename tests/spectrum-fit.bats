# Against spectra that are made of a power law and peaks, and fooof 1.1.0's numbers
# in ../shared/golden/fields.
load common.bash

# A spectrum of 10^offset / (knee + f^exponent), and peaks "frequency height sd".
law() { # knee, exponent, offset, peaks ...
	local knee=$1 exponent=$2 offset=$3
	shift 3
	printf '%s\n' "$@" | awk -v knee="$knee" -v e="$exponent" -v offset="$offset" '
	function gauss(x) { return x * x > 1000 ? 0 : exp(-x * x / 2) }
	NF == 3 { f[n + 0] = $1; h[n + 0] = $2; s[n++] = $3 }
	END {
		print "frequency_Hz,psd"
		for (x = 0; x <= 100; x += 0.5) {
			y = x ? offset - log(knee + x ^ e) / log(10) : 5
			for (k = 0; k < n; k++)
				y += h[k] * gauss((x - f[k]) / s[k])
			printf "%g,%.17g\n", x, 10 ^ y
		}
	}'
}

fit() { # options: the table without header
	spectrum-fit "$@" | tail -n +2
}

ragged() { # the same with a peak beside the law that no number describes
	law 0 1.2 -4 '10 1 1.5' '40 0.8 2.5' '70 0.5 2' | awk -F, -v OFS=, "$draws"'
		BEGIN { sow(3); CONVFMT = "%.17g" }
		NR > 1 { $2 *= 10 ^ (0.1 * (draw() - 0.5)) } 1'
}

off() { # numbers and those they should be, how far off at most
	awk -v a="$1" -v b="$2" -v most="$3" 'BEGIN {
		n = split(a, x, /[ ,\n]+/)
		if (n != split(b, y, /[ ,\n]+/)) { print a; exit 1 }
		for (k = 1; k <= n; k++) {
			d = x[k] - y[k]
			if (d > most || d < -most) { print a " rather than " b; exit 1 }
		}
	}' >&2
}

@test "a power law is found as it is, and nothing else" {
	law 0 1.5 2 >s
	spectrum-fit s >out
	is "$(head -n 1 out)" kind,frequency_Hz,height_log10,sd_Hz,power_log10,bandwidth_Hz,offset,knee,exponent,r2,error
	is "$(wc -l <out) $(cut -d, -f1-6,8 out | tail -n 1)" '2 aperiodic,,,,,,'
	off "$(cut -d, -f7,9-11 out | tail -n 1)" 2,1.5,1,0 1e-9
	law 0 0 2 >s
	is "$(fit s)" aperiodic,,,,,,2,,0,,0
	law 50 2 1 >s
	fit --knee s >out
	is "$(wc -l <out)" 1
	off "$(cut -d, -f7-11 out)" 1,50,2,1,0 1e-5
	# without one, a bend is what the line does not fit
	[ "$(fit s | awk -F, '$1 == "aperiodic" { print ($11 > 0.01) }')" = 1 ]
}

@test "peaks are found where they are" {
	law 0 1.2 -4 '10 1 1.5' '40 0.8 2.5' '70 0.5 2' >s
	fit --from 1 s >out
	off "$(awk -F, '$1 == "peak" { print $2, $3, $4 }' out)" \
		$'10 1 1.5\n40 0.8 2.5\n70 0.5 2' 0.05
	off "$(awk -F, '$1 == "aperiodic" { print $7, $9 }' out)" '-4 1.2' 0.05
	# twice the deviation; and how far the model is above the law
	awk -F, '$1 == "peak" { n++; d = $6 - 2 * $4; e = $5 - $3
		if (d > 1e-12 || d < -1e-12 || e > 1e-2 || e < -1e-2) exit 1 }
		END { exit n != 3 }' out
}

@test "--peaks, --min-height, --threshold and --width leave some out" {
	ragged >s
	peaks() { fit --from 1 "$@" s | awk -F, '$1 == "peak" { printf "%.0f ", $2 }'; }
	is "$(peaks)" '10 40 70 '
	is "$(peaks --peaks 2)" '10 40 '
	is "$(peaks --peaks 0)" ''
	is "$(peaks --min-height 0.7)" '10 40 '
	is "$(peaks --threshold 5)" ''
	[ "$(peaks --min-height 0 --threshold 1 | wc -w)" -gt 3 ]
	[ "$(fit --from 1 --width 1:4 s | awk -F, '$1 == "peak" && $4 > 2 + 1e-9' | wc -l)" = 0 ]
	[ "$(fit --from 1 --width 7:12 s | awk -F, '$1 == "peak" && $4 < 3.5 - 1e-9' | wc -l)" = 0 ]
	is "$(peaks --from 20 --to 60)" '40 '
}

@test "what is narrower or wider than a peak may be is as near to it as it may" {
	law 0 1 0 '20 1 0.2' '60 0.8 9' '85 1.5 0.25' >s
	off "$(fit --from 1 s | awk -F, '$1 == "peak" { print $2, $4 }')" \
		$'20 0.5\n60 6\n85 0.5' 0.5
	is "$(fit --from 1 s | awk -F, '$1 == "peak" { print $4 }' | paste -s)" $'0.5\t6\t0.5'
}

@test "--curve and --residual are of the numbers that are written" {
	ragged >s
	spectrum-fit --from 2 --to 90 s >fit
	spectrum-fit --from 2 --to 90 --curve s >curve
	spectrum-fit --from 2 --to 90 --residual s >rest
	is "$(head -n 1 curve) $(head -n 1 rest)" \
		'frequency_Hz,psd,aperiodic,model frequency_Hz,residual,residual_log10'
	is "$(cut -d, -f1 curve | sed -n '2p;$p' | paste -s)" $'2\t90'
	awk -F, '
	function gauss(x) { return x * x > 1000 ? 0 : exp(-x * x / 2) }
	function off(x, y) { x = x / y - 1; return x > 1e-9 || x < -1e-9 }
	FNR == 1 { file++; next }
	file == 1 && $1 == "aperiodic" { offset = $7; e = $9 }
	file == 1 && $1 == "peak" { f[n + 0] = $2; h[n + 0] = $3; s[n++] = $4 }
	file == 2 {
		y = offset - e * log($1) / log(10); law = 10 ^ y
		for (k = 0; k < n; k++) y += h[k] * gauss(($1 - f[k]) / s[k])
		if (off($3, law) || off($4, 10 ^ y)) { print; bad = 1 }
		psd[$1] = $2; own[$1] = $3
	}
	file == 3 {
		d = $2 - (psd[$1] - own[$1]); g = $3 - log(psd[$1] / own[$1]) / log(10)
		if (d > 1e-15 || d < -1e-15 || g > 1e-9 || g < -1e-9) { print; bad = 1 }
		m++
	}
	END { exit bad || n != 3 || m != 177 }' fit curve rest
}

@test "--band is the power above the law over that of the law" {
	ragged >s
	spectrum-fit --from 1 --curve s >curve
	spectrum-fit --from 1 --band 7:13 --band 1.2:99.9 s >out
	is "$(head -n 1 out | cut -d, -f12-)" band_low_Hz,band_high_Hz,ratio
	is "$(grep -c . out) $(grep ^band out | cut -d, -f1-13 | paste -s)" \
		"7 band,,,,,,,,,,,7,13	band,,,,,,,,,,,1.2,99.9"
	for band in '7 13' '1.5 99.5'; do
		# shellcheck disable=SC2086
		set -- $band
		awk -F, -v low="$1" -v high="$2" 'NR > 1 && $1 >= low && $1 <= high {
			w = $1 == low || $1 == high ? 0.5 : 1
			a += w * ($2 - $3); b += w * $3 } END { print a / b }' curve
	done >want
	off "$(grep ^band out | cut -d, -f14)" "$(<want)" 1e-4
	# of the law itself, nothing
	law 0 1.5 2 >s
	off "$(fit --band 1:50 s | tail -n 1 | cut -d, -f14)" 0 1e-9
}

@test "each signal by itself, wherever its rows are; pipes, --tsv, no rows" {
	ragged >a
	law 0 1.5 2 '20 1 2' >b
	paste -d, a b | awk -F, -v OFS=, 'NR == 1 { print "signal,dof", $1, $2; next }
		{ print "a", 7, $1, $2; print "b", 7, $3, $4 }' >both
	spectrum-fit both >out
	is "$(head -n 1 out)" "signal,$(spectrum-fit a | head -n 1)"
	is "$(tail -n +2 out)" "$(fit a | sed s/^/a,/; fit b | sed s/^/b,/)"
	spectrum-fit <both | cmp - out
	spectrum-fit -t both | tr '\t' , | cmp - out
	is "$(spectrum-fit --curve both | head -n 2 | cut -d, -f1,2)" \
		$'signal,frequency_Hz\na,0.5'
	is "$(head -n 1 both | spectrum-fit)" "$(head -n 1 out)"
}

# bats test_tags=long
@test "of nothing but noise: two peaks by Welch, by tapers next to none" {
	awk "$draws"'function gauss() {
		return sqrt(-2 * log(1 - draw())) * cos(6.283185307179586 * draw())
	}
	BEGIN { # sums of slow and fast: about 1/f
		sow(9); print "time_ms,x"
		for (k = 0; k < 20000; k++) {
			x = 0
			for (j = 0; j < 9; j++) {
				a = exp(-0.001 * 4 ^ (j - 1))
				y[j] = a * y[j] + sqrt(1 - a * a) * gauss(); x += y[j]
			}
			printf "%d,%.6f\n", k, x
		}
	}' >noise
	# shellcheck disable=SC2086
	peaks() { signal-spectrum "${@:2}" noise | fit --from 1 --to 100 $1 | grep -c peak; }
	[ "$(peaks '' || true)" -le 1 ]
	[ "$(peaks '' --welch --window 1000 || true)" -le 1 ]
	[ "$(peaks '--min-height 0 --width 0.5:12' --welch)" -gt 10 ]
}

@test "golden/fields: the numbers of fooof 1.1.0" {
	need golden/fields/reference
	local golden=$reference/golden/fields/reference
	zcat "$golden/spectrum_welch.csv.gz" >s
	for knee in '' --knee; do
		# shellcheck disable=SC2086
		spectrum-fit $knee --from 1 --to 100 s | tail -n +2 >own
		grep ",$([ "$knee" ] && echo knee || echo fixed),[ap]" "$golden/spectrum_fit.csv" |
			cut -d, -f1,3- | paste -d, own - | awk -F, '
		function off(k, most) { d = $k - $(k + 12); return d > most || d < -most }
		$1 != $13 || $2 != $14 || off(3, 1e-3) || off(4, 1e-2) || off(5, 1e-2) ||
			off(6, 1e-2) || off(7, 1e-2) || off(8, 1e-3) || off(9, 1e-2) ||
			off(10, 1e-3) || off(11, 1e-3) || off(12, 1e-3) { print; bad = 1 }
		END { exit bad || NR != 15 }'
	done
}

@test "what it refuses" {
	law 0 1.2 -4 >s
	bad 's: 5 frequencies above 0 in what is fitted, which takes 8' --to 2.5 s
	bad 's: 1 frequency above 0 in what is fitted, which takes 8' --from 99.9 s
	sed '11s/,.*/,0/' s >zero
	bad "zero:11: column 'psd': not above 0, so no logarithm: '0'" zero
	sed '11s/,.*/,nan/' s >nan
	bad "nan:11: column 'psd': not a finite number: 'nan'" nan
	spectrum-fit --from 5 nan >/dev/null # out of what is fitted
	sed '12d' s >gap
	bad "gap:12: column 'frequency_Hz': 5.5 Hz after 4.5 Hz, where a step is 0.5 Hz: a fit takes even ones" gap
	sed '12s/^5/1/' s >back
	bad "back:12: column 'frequency_Hz': not above the one before of the same signal: '1'" back
	sed '2s/^0/-1/' s >minus
	bad "minus:2: column 'frequency_Hz': below 0: '-1'" minus
	sed 's/psd/x/' s >none
	bad "none: no column 'psd'" none
	awk -F, 'NR == 1 { print "signal," $0; next } $1 % 10 == 0 { print "a," $0 }' s >wide
	bad "wide: signal 'a': frequencies are 10 Hz apart: say --width" wide
	spectrum-fit --width 12:30 wide >/dev/null
	bad 's: --band 200:300 has no two frequencies of what is fitted, from 0.5 to 100 Hz' \
		--band 200:300 s
	bad 's: --band 5.1:5.9 has no two frequencies of what is fitted, from 0.5 to 100 Hz' \
		--band 5.1:5.9 s
	for band in 5 5: :5 9:5 x:5 -1:5 5:inf; do
		misused "--band: not low:high from 0 on: '$band'" --band=$band s
	done
	misused '--from must be < --to: 9, 5' --from 9 --to 5 s
	misused '--curve and --residual exclude each other' --curve --residual s
	misused '--curve and --band exclude each other' --curve --band 1:5 s
	misused "--width: must be low:high, the first < the second: '5:2'" --width 5:2 s
}
