# Against signal-spectrum of each window, sums in awk, and ../shared/golden/fields.
load common.bash

noise() { # rows, step in ms, begin
	awk -v n="$1" -v dt="${2:-1}" -v begin="${3:-0}" "$draws"'BEGIN {
		sow(5)
		print "time_ms,a,b"
		for (k = 0; k < n; k++) {
			x = draw() - 0.5 + x / 2
			printf "%.10g,%.9f,%.9f\n", begin + k * dt, x + 3, draw()
		}
	}'
}

spectrogram() { # options: the table without header
	signal-spectrogram "$@" | tail -n +2
}

@test "each window has its spectrum, at its middle" {
	noise 100 0.5 -3 >t
	for options in '--nw 2' --welch '--nw 2 --tapers 2 --band 200:400'; do
		# shellcheck disable=SC2086
		spectrogram --window 20 --step 7 $options -c a t >own
		for m in 0 1 2 3 4; do
			# shellcheck disable=SC2086
			awk -v from=$((2 + 14 * m)) 'NR == 1 || (NR >= from && NR < from + 40)' t |
				signal-spectrum --window 20 $options -c a | tail -n +2 |
				awk -F, -v OFS=, -v t=$((-3 + 7 * m + 10)) '{ print t, $2, $3 }'
		done >want
		diff own want
		[ -s own ]
	done
	# half a window is half a sample more, for an odd one
	is "$(spectrogram --nw 1 --window 12.5 --step 12.5 -c a t | cut -d, -f1 | uniq | paste -s)" \
		$'3.25\t15.75\t28.25\t40.75'
}

# The definition: the sum over all samples within five sd, each times Gauss's curve
# and a wave; and whether the nearer end is at least sqrt(2) sd away.
sums() { # file, dt in ms, frequency, cycles
	awk -F, -v dt="$2" -v f="$3" -v cycles="$4" 'NR > 1 { x[n++] = $2; t[n - 1] = $1 }
	END {
		w = 2 * 3.14159265358979324 * f * dt / 1000
		sd = cycles / w
		for (k = -int(5 * sd + 0.999999); k <= 5 * sd + 0.999999; k++)
			sum += exp(-k * k / 2 / sd / sd)
		for (k = 0; k < n; k++) {
			re = im = 0
			for (j = 0; j < n; j++)
				if (j - k <= 5 * sd + 0.999999 && k - j <= 5 * sd + 0.999999) {
					g = 2 / sum * exp(-(j - k) ^ 2 / 2 / sd / sd)
					re += g * x[j] * cos(w * (j - k))
					im += g * x[j] * sin(w * (j - k))
				}
			end = k < n - 1 - k ? k : n - 1 - k
			printf "%.9g,%.9g,%.6g,%d\n", t[k], f, re * re + im * im,
				end >= sqrt(2) * sd
		}
	}' "$1"
}

@test "windows and steps have as many samples as there is room for" {
	# 625 and 312 of 0.8 ms, of 500 and 250 ms: half of a window is no more
	noise 1600 0.8 1030.4 >t
	is "$(spectrogram --window 500 --step 250 -c a t | cut -d, -f1 | uniq | paste -s -d' ')" \
		"1280.4 1530 1779.6 2029.2"
	spectrogram --window 500 --step 249.6 -c a t | cmp - <(
		spectrogram --window 500.7 --step 250.3 -c a t)
}

@test "--freqs is the squared amplitude of Morlet's wavelet" {
	noise 120 2 100 >t
	spectrogram --freqs 20:60:20 --cycles 4 -c a t |
		awk -F, '{ printf "%s,%s,%.6g,%s\n", $1, $2, $3, $4 }' >own
	for f in 20 40 60; do sums t 2 $f 4; done | diff own -
	spectrogram --freqs 40:50:20 -c a t |
		awk -F, '{ printf "%s,%s,%.6g,%s\n", $1, $2, $3, $4 }' |
		diff - <(sums t 2 40 6.283185307179586)
	is "$(spectrogram --freqs 0.1:0.3:0.1 -c a t | cut -d, -f2 | uniq | wc -l)" 3
}

@test "a sine of amplitude 2 has the power 4 within the cone" {
	awk 'BEGIN { print "time_ms,x"
		for (k = 0; k < 2000; k++) print k "," 2 * sin(k * 0.02 * 3.14159265358979) }' |
		spectrogram --freqs 10:10:1 >out
	# sd is 100 ms: 142 samples at each end are within sqrt(2) of that
	is "$(cut -d, -f4 out | uniq -c | awk '{ print $2, $1 }' | paste -s)" $'0 142\t1 1716\t0 142'
	# Five sd from the ends all of it is there.
	awk -F, '$1 >= 500 && $1 < 1500 { n++; d = $3 - 4
		if (d > 1e-4 || d < -1e-4) exit 1 } END { exit n != 1000 }' out
}

@test "--step thins wavelets out" {
	noise 100 >t
	is "$(spectrogram --freqs 50:60:10 --step 7 -c a t)" \
		"$(spectrogram --freqs 50:60:10 -c a t | awk -F, '$1 % 7 == 0')"
}

@test "several signals, --by, pipes, --tsv, no rows" {
	noise 60 >t
	signal-spectrogram --window 30 --nw 2 t >all
	is "$(head -n 1 all)" signal,time_ms,frequency_Hz,psd
	is "$(grep ^b, all)" "$(spectrogram --window 30 --nw 2 -c b t | sed 's/^/b,/')"
	is "$(spectrogram --freqs 90:90:1 t | grep ^b,)" \
		"$(spectrogram --freqs 90:90:1 -c b t | sed 's/^/b,/')"
	awk -F, -v OFS=, '{ print $0, (NR > 1 ? "one" : "trial")
		if (NR > 1) print $0, "two" }' t >long
	signal-spectrogram --by trial --window 30 --nw 2 -c a,b long >by
	is "$(head -n 1 by)" "trial,$(head -n 1 all)"
	is "$(tail -n +2 by)" "$(for t in one two; do
		tail -n +2 all | sed "s/^/$t,/"; done)"
	signal-spectrogram --window 30 --nw 2 <t | cmp - all
	signal-spectrogram --window 30 --nw 2 -t t | tr '\t' , | cmp - all
	is "$(head -n 1 t | signal-spectrogram -c a)" time_ms,frequency_Hz,psd
	is "$(head -n 1 t | signal-spectrogram --freqs 1:2:1)" \
		signal,time_ms,frequency_Hz,power,inside
}

@test "golden/fields" {
	need golden/fields/reference
	local golden=$reference/golden/fields
	zcat "$golden/lfp.csv.gz" | cut -d, -f1,2 >lfp
	signal-spectrogram --window 500 --step 250 --nw 2 --band 0:100 lfp >own
	zcat "$golden/reference/spectrogram.csv.gz" | awk -F, 'FNR == 1 { next }
		NR == FNR { want[$1, $2] = $3; next }
		($1, $2) in want { n++; d = $3 / want[$1, $2] - 1
			if (d > 1e-9 || d < -1e-9) { print; exit 1 } }
		END { exit n != 4029 }' - own
	signal-spectrogram --freqs 8:40:32 --step 10 lfp >own
	zcat "$golden/reference/phase.csv.gz" | awk -F, 'NR == FNR {
			theta[$1] = $7 ^ 2; gamma[$1] = $9 ^ 2; next }
		FNR > 1 { n++; d = $3 / ($2 == 8 ? theta[$1] : gamma[$1]) - 1
			if (d > 1e-9 || d < -1e-9) { print; exit 1 } }
		END { exit n != 4000 }' - own
}

@test "what it refuses" {
	noise 100 >t
	bad 't: 100 samples of 1 ms are less than --window 2000: say a shorter one' t
	bad 't: --step 0.4 is less than the 1 ms of a sample' --window 50 --step 0.4 t
	bad 't: --step 0.4 is less than the 1 ms of a sample' --freqs 5:9:1 --step 0.4 t
	misused "--band: half the rate is 500 Hz: '0:501'" --window 50 --band 0:501 t
	misused '--freqs: 500 Hz is not below half the rate of 1000 Hz' --freqs 5:502:5 t
	for freqs in 5 5:9 5:9:1:1 5:x:1 0:9:1 5:9:0 5:inf:1 ''; do
		misused "--freqs: not low:high:step above 0: '$freqs'" --freqs "$freqs" t
	done
	misused "--freqs: high is below low: '9:5:1'" --freqs 9:5:1 t
	misused "--freqs: more than a million of them: '1:400:1e-5'" --freqs 1:400:1e-5 t
	misused '--freqs and --window exclude each other' --freqs 5:9:1 --window 50 t
	misused '--cycles needs --freqs' --cycles 4 t
	misused "--cycles: must be in (0,inf): '0'" --freqs 5:9:1 --cycles 0 t
	sed 51d t >gap
	bad "gap:51: column 'time_ms': a gap: 50 ms after 48 ms, where a step is 1 ms" gap
	sed '7s/.*/5,nan,1/' t >nan
	bad "nan:7: column 'a': not a finite number: 'nan'" nan
}
