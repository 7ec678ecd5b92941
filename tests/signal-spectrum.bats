# Against sums in awk, known values, truth, and ../shared/golden/fields.
load common.bash

noise() { # rows, step in ms, begin
	awk -v n="$1" -v dt="${2:-1}" -v begin="${3:-0}" "$draws"'BEGIN {
		sow(7)
		print "time_ms,a,b"
		for (k = 0; k < n; k++) {
			x = draw() - 0.5 + x / 2
			printf "%.10g,%.9f,%.9f\n", begin + k * dt, x + 3, draw()
		}
	}'
}

# The definition, of the column a: every window of so many samples, a step apart,
# less its mean and times Hann.
sums() { # file, dt in ms, window, step
	awk -F, -v dt="$2" -v len="$3" -v step="$4" 'NR > 1 { x[n++] = $2 }
	END {
		pi = atan2(0, -1)
		for (at = 0; at + len <= n; at += step) {
			mean = 0
			for (j = 0; j < len; j++)
				mean += x[at + j] / len
			for (k = 0; k <= len / 2; k++) {
				re = im = h2 = 0
				for (j = 0; j < len; j++) {
					h = 0.5 - 0.5 * cos(2 * pi * j / len)
					h2 += h * h
					re += h * (x[at + j] - mean) * cos(2 * pi * j * k / len)
					im += h * (x[at + j] - mean) * sin(2 * pi * j * k / len)
				}
				psd[k] += (re * re + im * im) / h2 * dt / 1000
			}
			m++
		}
		for (k = 0; k <= len / 2; k++)
			printf "%.9g,%.8g\n", 1000 * k / len / dt,
				psd[k] / m * (k == 0 || 2 * k == len ? 1 : 2)
	}' "$1"
}

rounded() { awk -F, '$1 == "a" { printf "%.9g,%.8g\n", $2, $3 }'; }

psd() { # what follows options: the table of these, without header
	signal-spectrum "$@" | tail -n +2
}

@test "--welch is the mean of the windows' sums" {
	noise 100 >t
	is "$(signal-spectrum --welch --window 32 t | rounded)" "$(sums t 1 32 16)"
	is "$(signal-spectrum --welch --window 33 t | rounded)" "$(sums t 1 33 16)"
	is "$(signal-spectrum --welch --window 25 --step 30 t | rounded)" \
		"$(sums t 1 25 30)"
	noise 60 0.1 -7.3 >t
	is "$(signal-spectrum --welch --window 3 t | rounded)" "$(sums t 0.1 30 15)"
	# 38 / (1 + 2 * 18/19 / 36), for 19 windows that half overlap
	noise 200 >t
	is "$(psd --welch --window 20 t | cut -d, -f6 | sort -u)" 36.1
}

@test "tapers solve the equation that defines them" {
	spectra-check tapers 64 4 8 >out
	# D. Slepian, as many others have them: the first for NW 4
	[[ $(head -n 1 out) == 0.999999999746 ]]
	spectra-check tapers 201 2.5 5 >>out
	spectra-check tapers 9 2 4 >>out
	awk 'NF == 2 && ($1 > 1e-14 || $2 > 1e-13) { bad = 1 } NF == 2 { n++ }
		END { exit bad || n != 3 }' out
}

# bats test_tags=long
@test "intervals cover the power of noise" {
	for options in '' --welch '--welch --step 25' '--step 50' \
		'--nw 2 --step 150 --level 0.9'; do
		# shellcheck disable=SC2086
		echo "$(spectra-check spectrum 500 1000 0 --window 200 $options) $options"
	done >out
	awk '{ want = /level/ ? 0.9 : 0.95 }
	$1 < want - 0.01 || $1 > want + 0.01 { print; bad = 1 }
	END { exit bad || NR != 5 }' out
}

@test "a sine of amplitude 2 has the power 2, spread over nw / window" {
	awk 'BEGIN { print "time_ms,x"
		for (k = 0; k < 4000; k++) print k "," 2 * sin(k * 0.2 * 3.14159265358979) }' >t
	# 100 Hz; windows of 1 s, so that frequencies are 1 Hz apart
	for options in '' '--nw 2' --welch; do
		# shellcheck disable=SC2086
		psd --window 1000 $options t | awk -F, '{ sum += $3 }
			$3 > 0.01 { if ($2 < least || !least) least = $2; most = $2 }
			END { printf "%.4f %d %d\n", sum, least, most }'
	done >out
	is "$(<out)" $'2.0000 96 104\n2.0000 98 102\n2.0000 99 101'
}

@test "degrees of freedom are two for each window and taper" {
	noise 100 >t
	for options in '--nw 1 --window 50' '--nw 2 --window 50' \
		'--nw 2.5 --window 25' '--nw 2 --tapers 2 --window 50' \
		'--nw 1 --window 50 --step 5'; do
		# shellcheck disable=SC2086
		psd $options t | cut -d, -f6 | sort -u
	done >out
	is "$(head -n 4 out)" $'4\n12\n32\n8'
	# Of one taper as for Welch: fewer than for 11 windows.
	awk 'NR == 5 { exit !($1 > 4 && $1 < 8) }' out
	# One of each: dof S / chi^2, which is -2 log p for two degrees of freedom
	psd --nw 1 --window 100 --level 0.8 t | awk -F, 'function off(x) {
			return x > 1e-12 || x < -1e-12 }
		off($4 / $3 * -log(0.1) - 1) || off($5 / $3 * -log(0.9) - 1) { bad = 1 }
		END { exit bad || NR != 102 }'
	[ "$(psd --window 50 --nw 2 t)" != "$(psd --window 50 --nw 2 --level 0.9 t)" ]
}

@test "--band, -c and --by choose" {
	noise 100 >t
	signal-spectrum --nw 2 --window 50 t >all
	is "$(psd --nw 2 --window 50 --band 40:80 -c b t)" \
		"$(grep -E '^b,(40|60|80),' all)"
	is "$(psd --nw 2 --window 50 --band 60:60 t)" "$(grep -E ',60,' all)"
	is "$(psd --nw 2 --window 50 --band 480:500 t | cut -d, -f2)" \
		$'480\n500\n480\n500'
	awk -F, -v OFS=, -v OFMT=%.17g '{ print $0, (NR > 1 ? "one" : "trial")
		if (NR > 1) print $1, $2 * 2, $3, "two" }' t >long
	signal-spectrum --by trial --nw 2 --window 50 -c a,b long >by
	is "$(head -n 1 by)" trial,signal,frequency_Hz,psd,low,high,dof
	is "$(grep ^one, by)" "$(tail -n +2 all | sed 's/^/one,/')"
	is "$(grep ^two,b by)" "$(grep ^b all | sed 's/^/two,/')"
	awk -F, '/^two,a/ { y[$3] = $4 } /^one,a/ { x[$3] = $4 }
		END { for (f in x) { n++; r = y[f] / x[f] - 4
			if (r > 1e-9 || r < -1e-9) exit 1 }; exit n != 26 }' by
}

@test "a constant has no power, and rounding adds none" {
	awk 'BEGIN { print "time_ms,x"
		for (k = 0; k < 300; k++) print k ",-65.1" }' |
		signal-spectrum --window 100 | cut -d, -f3-5 | sort -u >out
	is "$(<out)" $'0,0,0\npsd,low,high'
}

@test "a pipe, a file and --tsv; no rows" {
	noise 100 >t
	signal-spectrum --window 50 t >file
	signal-spectrum --window 50 <t | cmp - file
	signal-spectrum --window 50 - < <(cat t) | cmp - file
	signal-spectrum --window 50 -t t | tr '\t' , | cmp - file
	is "$(head -n 1 t | signal-spectrum)" signal,frequency_Hz,psd,low,high,dof
}

@test "golden/fields" {
	need golden/fields/reference
	local golden=$reference/golden/fields
	zcat "$golden/lfp.csv.gz" >lfp
	for way in welch multitaper; do
		if [ $way = welch ]; then
			signal-spectrum --welch lfp
		else
			signal-spectrum lfp
		fi >own
		zcat "$golden/reference/spectrum_$way.csv.gz" | awk -F, 'NR == FNR {
			want[$1, $2] = $0; next }
		($1, $2) in want && FNR > 1 {
			n++
			split(want[$1, $2], w)
			for (k = 3; k <= 6; k++)
				if ($k / w[k] - 1 > 1e-9 || $k / w[k] - 1 < -1e-9) {
					print $0, w[k]; exit 1 }
		}
		END { exit n != 1203 }' - own
	done
}

@test "what it refuses" {
	noise 100 >t
	bad 't: 100 samples of 1 ms are less than --window 2000: say a shorter one' t
	bad 't: --window 8 is 8 samples of 1 ms, where it takes 9' --window 8 t
	bad 't: --window 50 is 50 samples of 1 ms, where it takes 2e+300' \
		--window 50 --nw 1e300 t
	bad 't: --window 3 is 3 samples of 1 ms, where it takes 4' --welch --window 3 t
	bad 't: --step 0.2 is less than the 1 ms of a sample' --window 50 --step 0.2 t
	misused "--band: half the rate is 500 Hz: '0:501'" --window 50 --band 0:501 \
		-o new t
	[ ! -e new ]
	misused "--band: no frequency in it, as they are 20 Hz apart: '41:59'" \
		--window 50 --band 41:59 t
	misused "--tapers: more than twice --nw 2 would leak: '5'" --nw 2 --tapers 5 t
	misused '--welch and --nw exclude each other' --welch --nw 2 t
	misused "--nw: must be in [1,inf): '0.5'" --nw 0.5 t
	misused "--window: must be in (0,inf): '0'" --window 0 t
	sed 51d t >gap
	bad "gap:51: column 'time_ms': a gap: 50 ms after 48 ms, where a step is 1 ms" gap
	sed '7s/.*/5,nan,1/' t >nan
	bad "nan:7: column 'a': not a finite number: 'nan'" nan
	bad "no.csv: No such file or directory" no.csv
}
