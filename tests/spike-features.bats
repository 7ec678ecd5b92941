# Traces of straight lines have spikes whose features one can say beforehand.
load common.bash

cells=$reference/golden/cells
efel=$reference/data/o13-efel-allfeatures/tests/testdata/allfeatures

# A trace of straight lines between points "time voltage", sampled every dt ms,
# and a current between two times; "noise" is the half range of what is added to
# the voltage, "-" leaves the column of currents out.
lines() { # dt, current pA|-, from, to, noise; points on the standard input
	awk -v dt="$1" -v amp="$2" -v from="$3" -v to="$4" -v noise="$5" "$draws"'
	{ t[++n] = $1; v[n] = $2 }
	END {
		sow(3)
		print amp == "-" ? "time_ms,v_mV" : "time_ms,v_mV,i_nA"
		k = 1
		for (i = 0; i * dt <= t[n] + dt / 4; i++) {
			x = i * dt
			while (k < n - 1 && x > t[k + 1])
				k++
			y = v[k] + (v[k + 1] - v[k]) * (x - t[k]) / (t[k + 1] - t[k])
			printf "%.10g,%.12g", x, y + noise * (2 * draw() - 1)
			print amp == "-" ? "" : "," (x > from + dt / 4 &&
				x < to + dt / 4 ? amp / 1000 : 0)
		}
	}'
}

# Points of a spike from -50 mV at each of these times: 0.8 ms up to 30 mV, 2.02
# ms down to -71 mV, and 21 ms back.
spikes() { # times
	echo 0 -80
	echo 50 -80
	echo 60 -50
	printf '%s\n' "$@" | awk '{
		print $1, -50
		print $1 + 0.8, 30
		print $1 + 2.82, -71
		print $1 + 23.82, -50
	}'
	echo 400 -50
}

four() { # dt, as the step of "lines"
	spikes 100 130 170 220 | lines "$1" 200 50 300 0
}

column() { # its name, options and file
	spike-features "${@:2}" | cut_column "$1" | paste -s -d' '
}

cut_column() { # its name, of a table on the standard input
	awk -F, -v name="$1" 'NR == 1 {
		for (k = 1; k <= NF; k++)
			if ($k == name)
				c = k
		if (!c)
			print "no column " name
		next
	}
	{ print $c }'
}

near() { # what, it has to be, how near
	awk -v a="$1" -v b="$2" -v by="$3" 'BEGIN {
		n = split(a, x, " ")
		bad = n != split(b, y, " ")
		for (k = 1; k <= n; k++)
			if (x[k] !~ /[0-9]/ || x[k] - y[k] > by || y[k] - x[k] > by)
				bad = 1
		if (bad)
			print a "\nrather than\n" b
		exit bad
	}'
}

# The columns of the first spike, of samples as fine as 0.02 ms.
@test "the features of spikes that are straight lines" {
	four 0.02 >t.csv
	is "$(column spike t.csv)" "1 2 3 4"
	near "$(column threshold_ms t.csv)" "100 130 170 220" 0.021
	near "$(column threshold_mV t.csv)" "-50 -50 -50 -50" 1e-9
	near "$(column upstroke_mV_ms t.csv)" "100 100 100 100" 1e-6
	near "$(column peak_ms t.csv)" "100.8 130.8 170.8 220.8" 1e-9
	near "$(column peak_mV t.csv)" "30 30 30 30" 1e-9
	near "$(column amplitude_mV t.csv)" "80 80 80 80" 1e-9
	near "$(column downstroke_mV_ms t.csv)" "-50 -50 -50 -50" 1e-6
	near "$(column upstroke_downstroke_ratio t.csv)" "2 2 2 2" 1e-6
	near "$(column fast_trough_ms t.csv)" "102.82 132.82 172.82 222.82" 1e-9
	near "$(column fast_trough_mV t.csv)" "-71 -71 -71 -71" 1e-9
	near "$(column trough_ms t.csv)" "102.82 132.82 172.82 222.82" 1e-9
	near "$(column trough_mV t.csv)" "-71 -71 -71 -71" 1e-9
	near "$(column fast_ahp_mV t.csv)" "21 21 21 21" 1e-9
	near "$(column ahp_depth_mV t.csv)" "9 9 9 9" 1e-9
	# above -20.5 mV on samples, and above -10 mV between them
	near "$(column width_ms t.csv)" "1.515 1.515 1.515 1.515" 0.041
	near "$(column half_width_ms t.csv)" "1.2 1.2 1.2 1.2" 1e-9
	is "$(column isi_ms t.csv | wc -w)" 3
	near "$(column isi_ms t.csv)" "30 40 50" 1e-9
}

# The steepest slopes, the widths between samples and the number of spikes hold
# at any sampling that has a sample in each line.
@test "coarse samples" {
	for dt in 0.005 0.1 0.4; do
		four $dt >t.csv
		near "$(column threshold_ms t.csv)" "100 130 170 220" "$dt"1
		near "$(column upstroke_mV_ms t.csv)" "100 100 100 100" 1e-6
		near "$(column peak_mV t.csv)" "30 30 30 30" 1e-6
		near "$(column half_width_ms t.csv)" "1.2 1.2 1.2 1.2" 1e-6
		near "$(column isi_ms t.csv)" "30 40 50" 1e-9
	done
}

@test "a width is above where the spike begins" { # which is above its middle
	printf '%s\n' '0 -50' '10 -50' '10.8 -40' '11 -10' '11.4 -30' \
		'15 -120' '60 -50' '90 -50' | lines 0.05 - >t.csv
	# begins at -50 or so: the middle of -10 and -120 is below that
	near "$(column threshold_mV t.csv)" "-50" 0.7
	near "$(column width_ms t.csv)" "0.533" 0.051
	near "$(column half_width_ms t.csv)" "0.533333333" 1e-6
}

@test "--summary" {
	four 0.02 >t.csv
	spike-features --summary t.csv >s
	is "$(head -n 1 s)" "from_ms,to_ms,amp_pA,v_rest_mV,spikes,rate_Hz,latency_ms,first_isi_ms,last_isi_ms,mean_isi_ms,median_isi_ms,isi_cv,adaptation,bursts,spikes_per_burst,block"
	is "$(wc -l <s)" 2
	summary() { cut_column "$1" <s; }
	is "$(summary from_ms)" 50
	is "$(summary to_ms)" 300
	near "$(summary amp_pA)" 200 1e-9
	near "$(summary v_rest_mV)" -80 1e-9
	is "$(summary spikes)" 4
	near "$(summary rate_Hz)" 16 1e-9
	near "$(summary latency_ms)" 50 0.021
	near "$(summary first_isi_ms)" 30 1e-9
	near "$(summary last_isi_ms)" 50 1e-9
	near "$(summary mean_isi_ms)" 40 1e-9
	near "$(summary median_isi_ms)" 40 1e-9
	near "$(summary isi_cv)" 0.2041241452319315 1e-9 # sqrt(200 / 3) / 40
	near "$(summary adaptation)" 0.126984126984127 1e-9 # (10/70 + 10/90) / 2
	is "$(summary bursts)" 0
	is "$(summary spikes_per_burst)" ""
	is "$(summary block)" 0
}

@test "the median of unordered intervals, which the others do not take over" {
	spikes 60 140 165 200 265 | lines 0.1 200 50 300 0 >t.csv
	near "$(column median_isi_ms --summary t.csv)" 50 1e-9
	near "$(column first_isi_ms --summary t.csv)" 80 1e-9
	near "$(column last_isi_ms --summary t.csv)" 65 1e-9
	near "$(column adaptation --summary t.csv)" \
		"$(awk 'BEGIN { print (-55/105 + 10/60 + 30/100) / 3 }')" 1e-6
}

@test "no spike, one spike, two spikes" {
	spikes | lines 0.1 200 50 300 0 >t.csv
	is "$(spike-features t.csv | wc -l)" 1
	is "$(spike-features --summary t.csv | tail -n 1 | cut -d, -f5-)" \
		"0,0,,,,,,,,0,,0"
	spikes 150 | lines 0.1 200 50 300 0 >t.csv
	is "$(spike-features t.csv | wc -l)" 2
	is "$(spike-features --summary t.csv | tail -n 1 | cut -d, -f5,6,8-)" \
		"1,4,,,,,,,0,,0"
	spikes 150 200 | lines 0.1 200 50 300 0 >t.csv
	near "$(column mean_isi_ms --summary t.csv)" 50 1e-9
	is "$(column isi_cv --summary t.csv)$(column adaptation --summary t.csv)" ""
}

@test "bursts" {
	spikes 100 124 200 224 248 300 360 |
		lines 0.1 - >t.csv
	is "$(column bursts --summary t.csv)" 0
	is "$(column bursts --summary --isi 24 t.csv)" 2
	is "$(column spikes_per_burst --summary --isi 24 t.csv)" 2.5
	is "$(column bursts --summary --isi 60 t.csv)" 2
	is "$(column bursts --summary --isi 76 t.csv)" 1
	is "$(column spikes_per_burst --summary --isi 76 t.csv)" 7
	is "$(column bursts --summary --isi 0 t.csv)" 0
	misused "--isi: must be in [0,inf]: '-1'" --summary --isi -1 t.csv
	misused "--isi needs --summary" --isi 20 t.csv
}

@test "the step, from the current or as it is said, or the whole" {
	spikes 100 200 310 350 | lines 0.1 200 150 330 0 >t.csv
	spikes 100 200 310 350 | lines 0.1 - >bare.csv
	near "$(column threshold_ms t.csv)" "200 310" 0.11
	near "$(column latency_ms --summary t.csv)" 50 0.11
	near "$(column threshold_ms --whole t.csv)" "100 200 310 350" 0.11
	near "$(column rate_Hz --summary --whole t.csv)" 10 1e-9
	near "$(column latency_ms --summary --whole t.csv)" 100 0.11
	near "$(column amp_pA --summary --whole t.csv)" 200 1e-9
	near "$(column threshold_ms bare.csv)" "100 200 310 350" 0.11
	is "$(spike-features --summary bare.csv | tail -n 1 | cut -d, -f1-6)" \
		"0,400,,,4,10"
	is "$(column ahp_depth_mV bare.csv | tr -d ' ')" ""
	for f in t.csv bare.csv; do
		near "$(column threshold_ms --amp 10 --delay 190 --dur 100 $f)" \
			200 0.11
		near "$(column amp_pA --summary --amp 10 --delay 190 --dur 90 $f)" \
			10 1e-9
	done
	misused "--amp needs --delay" --amp 10 t.csv
	misused "--delay needs --dur" --delay 10 t.csv
	misused "--dur needs --amp" --dur 10 t.csv
}

@test "rest is the mean of the 100 ms before the step, or of what there is" {
	printf '%s\n' '0 -60' '99.95 -60' '100 -70' '149.95 -70' '150 -72' \
		'199.9 -72' '200 -50' '250 -50' | lines 0.1 100 199.9 240 0 >t.csv
	near "$(column v_rest_mV --summary t.csv)" -71 0.02
	printf '%s\n' '0 -60' '10 -50' '20 -50' | lines 0.1 - >t.csv
	is "$(column v_rest_mV --amp 1 --delay 0 --dur 9 --summary t.csv)" -60
	near "$(column v_rest_mV --amp 1 --delay 5 --dur 9 --summary t.csv)" \
		-57.55 1e-9 # 0 to 4.9 ms
}

@test "a test pulse before the step is no rest" {
	# 20 mV lower from 20 to 40 ms, for -100 pA
	four 0.02 | awk -F, -v OFS=, 'NR > 1 && $1 > 20.01 && $1 < 40.01 {
		$2 -= 20; $3 = -0.1 } 1' >t.csv
	near "$(column v_rest_mV --summary t.csv)" -80 1e-9
	near "$(column ahp_depth_mV t.csv)" "9 9 9 9" 1e-9
	near "$(column amp_pA --summary t.csv)" 200 1e-9
}

@test "rest is that of passive-fit, however times are rounded" {
	for dt in 0.07 0.0625 0.333333333333; do
		printf '%s\n' '0 -60' '133 -70' '135 -80' '300 -80' |
			lines $dt -100 133 250 0.5 >t.csv
		near "$(column v_rest_mV --summary t.csv)" \
			"$(passive-fit t.csv | cut_column v_rest_mV)" 1e-9
	done
}

@test "what rises before the step is none of it" {
	# steeply, just before
	printf '%s\n' '0 -60' '99.95 -60' '100 -55' '101 30' '103 -60' '300 -60' |
		lines 0.05 100 100 250 0 >t.csv
	near "$(column latency_ms --summary t.csv)" 0 1e-9
	near "$(column threshold_ms t.csv)" 100 1e-9
	# above the threshold already
	printf '%s\n' '0 -60' '99.95 -60' '100 -10' '101 30' '103 -60' '150 -60' \
		'151 30' '153 -60' '300 -60' | lines 0.05 100 100 250 0 >t.csv
	near "$(column peak_ms t.csv)" 151 1e-9
	is "$(column spikes --summary --whole t.csv)" 2
}

@test "noise that hides where spikes begin is said, once" {
	warned="noise hides where spikes begin: say --filter, or a lower one"
	spikes 100 130 | lines 0.005 200 50 300 0.5 >t.csv
	run --separate-stderr spike-features t.csv
	is "$stderr" "spike-features: t.csv:2: $warned"
	[ "$status" -eq 0 ]
	{
		echo "sweep,$(head -n 1 t.csv)"
		sed '1d;s/^/a,/' t.csv
		sed '1d;s/^/b,/' t.csv
	} >two.csv
	run --separate-stderr spike-features --summary --detect dvdt two.csv
	is "$stderr" "spike-features: two.csv:2: sweep 'a': $warned"
	is "$(spike-features --filter 2 two.csv 2>&1 >/dev/null)" ""
	# none, and noise where there are no spikes
	four 0.005 >t.csv
	is "$(spike-features t.csv 2>&1 >/dev/null)" ""
	spikes | lines 0.005 200 50 300 0.5 >t.csv
	is "$(spike-features t.csv 2>&1 >/dev/null)" ""
}

@test "the end of the step cuts a spike off" {
	# at its peak, on its way down above where it began, and below that
	for to in 100.8 102 102.6; do
		spikes 100 | lines 0.02 200 50 $to 0 >"at$to"
		is "$(spike-features "at$to" | wc -l)" 2
		is "$(spike-features --summary "at$to" | cut_column spikes)" 1
	done
	for to in 100.8 102; do
		is "$(spike-features "at$to" | tail -n 1 | cut -d, -f8-16)" ",,,,,,,,"
	done
	is "$(column half_width_ms at100.8)" ""
	near "$(column half_width_ms at102)" 1.2 1e-9
	near "$(column downstroke_mV_ms at102.6)" -50 1e-6
	near "$(column trough_mV at102.6)" -59 0.01 # the last sample is not of it
	is "$(column fast_trough_mV at102.6)$(column width_ms at102.6)" ""
}

@test "--detect threshold: the first sample above it, if it was below before" {
	# up to -20, just above it, from above it on
	printf '%s\n' '0 -60' '10 -60' '11 -20' '12 -60' '30 -60' |
		lines 0.5 - >t.csv
	is "$(spike-features t.csv | wc -l)" 1
	printf '%s\n' '0 -60' '10 -60' '11 -19.9' '12 -60' '30 -60' |
		lines 0.5 - >t.csv
	is "$(spike-features t.csv | wc -l)" 2
	is "$(spike-features --threshold -19.9 t.csv | wc -l)" 1
	is "$(spike-features --threshold -19.95 t.csv | wc -l)" 2
	printf '%s\n' '0 0' '5 0' '6 -60' '10 -60' '11 0' '12 -60' '30 -60' |
		lines 0.5 - >t.csv
	near "$(column peak_ms t.csv)" 11 1e-9
	# above it when the step begins: no spike of the step
	printf '%s\n' '0 -60' '5 -60' '6 0' '10 0' '11 -60' '20 -60' '21 0' \
		'22 -60' '30 -60' | lines 0.5 100 7 25 0 >t.csv
	near "$(column peak_ms t.csv)" 21 1e-9
}

@test "--threshold has a hysteresis of 5 mV" {
	dip() { # how far between two peaks
		printf '%s\n' '0 -60' '10 -60' '11 10' '12 '"$1" '13 10' \
			'14 -60' '30 -60' | lines 0.1 - | spike-features "${@:2}" |
			tail -n +2 | wc -l
	}
	is "$(dip -24.9)" 1
	is "$(dip -25.1)" 2
	is "$(dip -24.9 --threshold -19)" 2
	is "$(dip -25.1 --threshold -21)" 1
}

@test "a slow and noisy crossing counts once" {
	printf '%s\n' '0 -60' '10 -60' '30 0' '40 0' '60 -60' '80 -60' |
		lines 0.01 - - - 2 >t.csv
	is "$(column spikes --summary t.csv)" 1
	printf '%s\n' '0 -60' '10 -60' '30 0' '40 0' '60 -60' '80 -60' |
		lines 0.01 - - - 8 >t.csv
	[ "$(column spikes --summary t.csv)" -gt 1 ] # it is the 5 mV that did it
}

@test "--detect dvdt: 20 mV/ms, 2 mV high, to -30 mV" {
	pulse() { # from, to, in so many ms; what is found
		printf '%s\n' '0 -90' "10 $1" "30 $1" "$(
			awk -v a="$3" 'BEGIN { print 30 + a }') $2" "50 $1" "80 $1" |
			lines 0.05 - | spike-features --detect dvdt | tail -n +2 | wc -l
	}
	is "$(pulse -60 -25 1)" 1 # by threshold it is none
	is "$(pulse -60 -29 1)" 1
	is "$(pulse -60 -31 1)" 0
	is "$(pulse -60 0 2.9)" 1
	is "$(pulse -60 0 3.1)" 0
	is "$(pulse -28 -25.9 0.05)" 1
	is "$(pulse -28 -26.1 0.05)" 0
	is "$(pulse -110 -5 4.6)" 1
	is "$(pulse -130 -5 5.4)" 0 # 5 ms from where it begins to the peak
	printf '%s\n' '0 -60' '10 -60' '11 -25' '20 -60' '30 -60' |
		lines 0.05 - >t.csv
	is "$(spike-features t.csv | wc -l)" 1
	misused "--threshold needs --detect=threshold" \
		--detect dvdt --threshold -20 t.csv
	misused "--detect: must be threshold|dvdt: 'other'" --detect other t.csv
}

@test "--detect dvdt: the slope falls below 0 between two spikes" {
	two() { # points between two rises
		printf '%s\n' '0 -60' '10 -60' '11 -20' "$@" '14 30' '16 -60' '50 -60' |
			lines 0.05 - | spike-features --detect dvdt | tail -n +2 | wc -l
	}
	is "$(two '12.5 -10')" 1
	is "$(two '12.5 -20')" 1
	is "$(two '12.5 -21')" 2
	# it does, but the second one begins before the voltage is at its highest
	# between the two
	is "$(two '11.2 -20.5' '12.25 -10')" 1
}

# AllenSDK has it below 0 from where the first begins to the sample before the
# second does.
@test "--detect dvdt: where the slope falls, to the sample" {
	two() { # points about two rises
		printf '%s\n' '0 -60' "$@" '14 30' '16 -60' '50 -60' |
			lines 0.05 - | spike-features --detect dvdt
	}
	is "$(two '10 -60' '11 -20' '12.45 -20' '12.5 -20.5' | wc -l)" 2
	is "$(two '10 -60' '11 -20' '12.4 -20' '12.45 -20.5' '12.5 -20.5' | wc -l)" 3
	is "$(two '9.95 -60' '10 -59' '11 -20' '12.5 -20' | wc -l)" 2
	is "$(two '9.95 -59' '10 -60' '11 -20' '12.5 -20' | wc -l)" 3
	# and a peak from which it does not fall has no trough
	two '9.95 -59' '10 -60' '11 -20' '12.5 -18.5' >t
	is "$(cut_column peak_ms <t | paste -s -d' ')" "12.4 14"
	is "$(sed -n 2p t | cut -d, -f8-16)" ",,,,,,,,"
}

# The two are one spike again, which would take 8 ms: it begins at the later one.
@test "--detect dvdt: a spike that takes too long begins later" {
	printf '%s\n' '0 -60' '10 -60' '11 -20' '11.2 -20.5' '15 -9' '15.5 -9' \
		'17.2 -4' '18.2 30' '20 -60' '40 -60' | lines 0.05 - >t.csv
	near "$(column threshold_ms --detect dvdt t.csv)" 15.5 0.051
	near "$(column peak_ms --detect dvdt t.csv)" 18.2 1e-9
}

@test "--detect threshold: the upstroke is from 5 ms before on, after the last" {
	# a jump at the beginning of the current, steeper than the spike
	printf '%s\n' '0 -80' '80 -80' '80.05 -50' '90 -50' '90.8 30' '95 -70' \
		'120 -50' | lines 0.05 - >t.csv
	near "$(column upstroke_mV_ms t.csv)" 100 1e-6
	near "$(column threshold_ms t.csv)" 90 0.051
	# a spike before, steeper than the next
	printf '%s\n' '0 -50' '10 -50' '10.4 30' '11 -50' '11.8 30' '15 -70' \
		'40 -50' | lines 0.05 - >t.csv
	near "$(column upstroke_mV_ms t.csv)" "200 100" 1e-6
}

@test "a spike begins after the peak of the one before, however it is filtered" {
	printf '%s\n' '0 -50' '10 -50' '11 10' '11.2 -26' '11.4 20' '15 -70' \
		'40 -50' | lines 0.05 - | spike-features --filter 0.3 >s
	is "$(cut_column spike <s | paste -s)" $'1\t2'
	near "$(cut_column threshold_ms <s | tail -n 1)" 11.05 1e-9
}

# One that comes too late to be of its rise: the peak before it is taken.
@test "--detect dvdt: a plateau above the spike is not its peak" {
	printf '%s\n' '0 -60' '10 -60' '11 0' '11.5 -10' '30 -10' '60 5' '70 -60' \
		'90 -60' | lines 0.05 - >t.csv
	near "$(column peak_ms --detect dvdt t.csv)" 11 1e-9
}

@test "both ways find the same features of the same spikes" {
	four 0.02 >t.csv
	spike-features t.csv >a
	spike-features --detect dvdt t.csv | cmp a -
	spike-features --summary t.csv >a
	spike-features --detect dvdt --summary t.csv | cmp a -
}

@test "block: above where spikes begin, for more than 50 ms" {
	plateau() { # ms at -49, where the spike began at -50; options
		printf '%s\n' '0 -60' '90 -50' '100 -50' '100.8 30' '102.4 -49' \
			"$(awk -v d="$1" 'BEGIN { print 100 + d }') -49" '180 -70' \
			'300 -70' | lines 0.1 200 50 250 0 |
			spike-features --summary "${@:2}" | cut_column block
	}
	is "$(plateau 45)" 0
	is "$(plateau 49)" 1 # it takes 2 ms to be below -50
	is "$(plateau 49 --detect dvdt)" 1
	# two stretches of less than 50 ms are none
	printf '%s\n' '0 -60' '10 -50' '10.8 30' '12 -49' '55 -49' '56 -51' \
		'57 -49' '100 -49' '101 -70' '200 -70' | lines 0.1 - |
		spike-features --summary >s
	is "$(cut_column block <s)" 0
}

@test "block without a spike: above what would make one" {
	flat() { # the voltage, options
		printf '0 %s\n60 %s\n' "$1" "$1" | lines 0.1 - |
			spike-features --summary "${@:2}" | cut_column block
	}
	is "$(flat -19)" 1
	is "$(flat -21)" 0
	is "$(flat -19 --threshold -10)" 0
	is "$(flat -29 --detect dvdt)" 1
	is "$(flat -31 --detect dvdt)" 0
	printf '0 -10\n49 -10\n' | lines 0.1 - >t.csv
	is "$(column block --summary t.csv)" 0
	# outside of the step it does not count
	printf '0 -10\n80 -10\n81 -60\n200 -60\n' | lines 0.1 100 100 180 0 >t.csv
	is "$(column block --summary t.csv)" 0
	is "$(column block --whole --summary t.csv)" 1
}

# The gain at 1 kHz, twice over, by the polynomial of the filter and the tangents
# that the bilinear transform puts in the place of frequencies.
@test "--filter is a Bessel filter of order 4, there and back" {
	awk 'BEGIN {
		print "time_ms,v_mV"
		for (k = 0; k <= 4000; k++)
			printf "%.10g,%.17g\n", k * 0.005,
				60 * sin(2 * 3.14159265358979 * k * 0.005)
	}' >t.csv
	for cutoff in 0.7 2 10 50; do
		want=$(awk -v c=$cutoff 'function tan(x) { return sin(x) / cos(x) }
		BEGIN {
			pi = 3.14159265358979
			w = 105 ^ 0.25 * tan(pi * 0.005) / tan(pi * 0.005 * c)
			re = w ^ 4 - 45 * w ^ 2 + 105
			im = 105 * w - 10 * w ^ 3
			print 60 * 2 * pi * 105 ^ 2 / (re ^ 2 + im ^ 2)
		}')
		got=$(spike-features --filter $cutoff t.csv | cut_column upstroke_mV_ms |
			sed -n 10p)
		near "$got" "$want" "$(awk -v w="$want" 'BEGIN { print w * 5e-4 }')"
	done
	# and nothing is shifted: voltages stay, the peak is where it was
	near "$(column peak_ms t.csv | cut -d' ' -f10)" \
		"$(column peak_ms --filter 2 t.csv | cut -d' ' -f10)" 1e-9
}

@test "--filter makes noisy traces measurable" {
	spikes 100 130 170 220 | lines 0.005 - - - 0.5 >t.csv
	near "$(column threshold_ms --filter 5 t.csv)" "100 130 170 220" 0.15
	near "$(column upstroke_mV_ms --filter 5 t.csv)" "100 100 100 100" 10
	near "$(column half_width_ms --filter 5 t.csv)" "1.2 1.2 1.2 1.2" 0.05
	is "$(spike-features --detect dvdt --filter 5 t.csv | wc -l)" 5
	# which they would not be
	[ "$(column upstroke_mV_ms t.csv | cut -d. -f1)" -gt 150 ]
	run near "$(column threshold_ms t.csv)" "100 130 170 220" 0.15
	[ "$status" -ne 0 ]
}

@test "what --filter refuses" {
	printf '%s\n' time_ms,v_mV 0,1 1,2 2,3 3.5,4 4.5,5 >t.csv
	bad "t.csv:5: --filter: the samples are not evenly spaced: this one comes 1.5 ms after the one before, most 1" \
		--filter 0.1 t.csv
	four 0.1 >t.csv
	bad "t.csv:2: --filter: not below half of the sampling rate, 5 kHz" \
		--filter 5 t.csv
	spike-features --filter 4.9 t.csv
	misused "--filter: must be in (0,inf): '0'" --filter 0 t.csv
	misused "--filter: must be in (0,inf): 'inf'" --filter inf t.csv
	misused "--threshold: must be in (-inf,inf): 'inf'" --threshold inf t.csv
}

@test "--filter goes on as a trace does where it begins" {
	printf '%s\n' '0 -60' '1 30' '4 -60' '50 -60' | lines 0.02 - >t.csv
	near "$(column upstroke_mV_ms --filter 5 t.csv)" 90 1
}

@test "a filter longer than the trace" {
	printf '%s\n' time_ms,v_mV 0,-60 1,30 >t.csv
	spike-features --filter 0.1 t.csv
	spike-features --filter 0.1 --detect dvdt --summary t.csv
}

@test "sweeps" {
	{
		echo sweep,time_ms,v_mV,i_nA
		spikes 100 | lines 0.5 200 50 300 0 | sed '1d;s/^/one,/'
		spikes | lines 0.5 - | sed '1d;s/^/"a,b",/;s/$/,0/'
		spikes 100 160 | lines 0.5 -50 50 300 0 | sed '1d;s/^/3,/'
	} >t.csv
	is "$(spike-features t.csv | cut -d, -f1,2 | paste -s -d' ')" \
		"sweep,spike one,1 3,1 3,2"
	is "$(column isi_ms t.csv | wc -w)" 1
	is "$(spike-features --summary t.csv | sed 's/,[^"]*$//' | paste -s -d' ')" \
		'sweep one "a,b" 3'
	is "$(spike-features --summary t.csv | sed 's/"a,b"/2/' | cut -d, -f2-4,6 |
		paste -s -d' ')" \
		"from_ms,to_ms,amp_pA,spikes 50,300,200,1 0,400,,0 50,300,-50,2"
	sed '1s/sweep/amp_pA/' t.csv >a.csv
	spike-features t.csv >s
	spike-features a.csv | cmp s -
	bad "t.csv:2: sweep 'one': the trace is from 0 to 400 ms, and the step from 500 to 510" \
		--amp 1 --delay 500 --dur 10 t.csv
	bad "t.csv:2: sweep 'one': --filter: not below half of the sampling rate, 1 kHz" \
		--filter 1 t.csv
}

@test "columns and units" {
	four 0.1 >t.csv
	spike-features t.csv >want
	spike-features --summary t.csv >summary
	awk -F, 'NR == 1 { print "amps\tx\twhen\tu"; next }
		{ print $3 * 1000 "\t0\t" $1 "\t" $2 }' t.csv >u.tsv
	spike-features --time when --voltage u:mV --current amps:pA u.tsv |
		cmp want -
	spike-features --summary --time when:ms --voltage u --current amps:pA u.tsv |
		cmp summary -
	tail -n +2 t.csv | spike-features --no-header | cmp want -
	tail -n +2 u.tsv | spike-features --no-header --time 3 --voltage 4 \
		--current 1:pA - | cmp want -
	run spike-features --voltage nothing t.csv
	[ "$status" -ne 0 ]
	near "$(awk -F, 'NR > 1 { $1 /= 1000; $2 /= 1000 } { print $1 "," $2 }' \
		t.csv | spike-features --time time_ms:s --voltage v_mV:V |
		cut_column peak_mV | paste -s -d' ')" "30 30 30 30" 1e-2
}

@test "-o and -t" {
	four 0.1 >t.csv
	spike-features -o out t.csv
	spike-features t.csv | cmp out -
	spike-features -t t.csv | tr '\t' , | cmp out -
	[[ $(spike-features -t t.csv | head -n 1) == spike$'\t'threshold_ms* ]]
}

@test "what is no trace" {
	printf '%s\n' time_ms,v_mV 0,1 1,2 1,3 >t.csv
	bad "t.csv:4: column 'time_ms': time does not increase: '1'" t.csv
	run --separate-stderr spike-features <<<time_ms,v_mV
	[ "$status" -eq 1 ] && [ "${#stderr_lines[@]}" -eq 1 ]
	for row in 2,nan '2,' 2,x 2,inf ,3 2; do
		printf '%s\n' time_ms,v_mV 0,1 1,2 $row >t.csv
		run --separate-stderr spike-features t.csv
		[ "$status" -eq 1 ] && [ "${#stderr_lines[@]}" -eq 1 ]
		[[ $stderr == "spike-features: t.csv:4: "* ]]
	done
}

# A number of the reference, which has its Inf and NaN as Python writes them.
allen() { # cell, key
	awk -v cell="\"$1/cc_300\":" -v key="\"$2\":" '
		$1 == cell { here = 1 }
		here && $1 == key { sub(",", "", $2); print $2; exit }
	' "$cells/allensdk_features.json"
}

same() { # what, it has to be, to 9 digits
	near "$1" "$2" "$(awk -v x="$2" 'BEGIN {
		print (x < 0 ? -x : x) * 1e-9 + 1e-11 }')"
}

# bats test_tags=long
@test "AllenSDK's numbers of the reference cells" {
	need golden/cells/allensdk_features.json
	for cell in PV_Cell ET_Cell scnn1a; do
		zcat "$cells/$cell/c34/cc_300/trace.csv.gz" >t.csv
		for way in threshold dvdt; do
			spike-features --detect $way --summary t.csv >s
			spike-features --detect $way t.csv | head -n 2 >f
			while read -r theirs ours; do
				same "$(cut_column "$ours" <s)" "$(allen $cell/c34 "$theirs")"
			done <<-'END'
			nspikes_allensdk spikes
			v_baseline v_rest_mV
			rate_Hz rate_Hz
			latency_ms latency_ms
			adapt adaptation
			isi_cv isi_cv
			mean_isi_ms mean_isi_ms
			END
			while read -r theirs ours scale; do
				same "$(cut_column "$ours" <f)" "$(awk -v s="$scale" \
					-v x="$(allen $cell/c34 "$theirs")" \
					'BEGIN { printf "%.15g", x * s }')"
			done <<-'END'
			AP1_threshold_t threshold_ms 1000
			AP1_threshold_v threshold_mV 1
			AP1_peak_t peak_ms 1000
			AP1_peak_v peak_mV 1
			AP1_trough_v trough_mV 1
			AP1_fast_trough_v fast_trough_mV 1
			AP1_width width_ms 1000
			AP1_upstroke upstroke_mV_ms 1
			AP1_downstroke downstroke_mV_ms 1
			AP1_upstroke_downstroke_ratio upstroke_downstroke_ratio 1
			END
		done
	done
}

# NEURON's own times of the same runs, at the threshold that they were made with.
@test "as many spikes as BMTool has of the reference cells" {
	need golden/cells/PV_Cell/c34/cc_300/spikes.csv
	for cell in PV_Cell ET_Cell scnn1a; do
		zcat "$cells/$cell/c34/cc_300/trace.csv.gz" >t.csv
		is "$(column spikes --whole --threshold -15 --summary t.csv)" \
			"$(tail -n +2 "$cells/$cell/c34/cc_300/spikes.csv" | wc -l)"
	done
}

expected() { # a feature of eFEL's, on one line
	/usr/bin/python3 -c 'import json, sys
print(*json.load(open(sys.argv[1]))[sys.argv[2]])' \
		"$efel/expectedresults.json" "$1"
}

# eFEL looks at the trace every 0.1 ms, the samples are 0.25 ms apart.
@test "eFEL's numbers, where they mean the same" {
	need "${efel#"$reference"/}/testdata.txt"
	step=(--no-header --amp 100 --delay 700 --dur 2000)
	spike-features "${step[@]}" "$efel/testdata.txt" >f
	spike-features "${step[@]}" --summary "$efel/testdata.txt" >s
	spike() { cut_column "$1" <f | paste -s -d' '; }
	summary() { cut_column "$1" <s; }
	near "$(summary spikes)" "$(expected spike_count_stimint)" 0
	near "$(spike peak_ms)" "$(expected peak_time)" 0.15
	near "$(spike peak_mV)" "$(expected peak_voltage)" 0.25
	near "$(spike upstroke_mV_ms)" "$(expected AP_peak_upstroke)" 0.03
	near "$(spike downstroke_mV_ms)" "$(expected AP_peak_downstroke)" 0.01
	near "$(spike isi_ms)" "$(expected all_ISI_values)" 0.6
	near "$(spike trough_mV | cut -d' ' -f1-5)" \
		"$(expected min_voltage_between_spikes)" 0.01
	near "$(spike fast_trough_mV)" "$(expected min_AHP_values)" 0.45
	near "$(spike half_width_ms)" "$(expected AP_duration_half_width)" 0.2
	near "$(spike width_ms)" "$(expected spike_half_width)" 0.35
	near "$(summary v_rest_mV)" "$(expected voltage_base)" 0.1
	# the first of the intervals is not in these
	spike isi_ms | awk '{
		for (k = 2; k <= NF; k++) {
			sum += $k; square += $k * $k
			if (k > 2)
				adapt += ($k - $(k - 1)) / ($k + $(k - 1))
		}
		n = NF - 1
		print sqrt((square - sum * sum / n) / (n - 1)) / (sum / n),
			adapt / (n - 1)
	}' >i
	near "$(cut -d' ' -f1 i)" "$(expected ISI_CV)" 1e-3
	near "$(cut -d' ' -f2 i)" "$(expected adaptation_index2)" 1e-3
	# time_to_first_spike and mean_frequency are of peaks
	near "$(spike peak_ms | awk '{ print $1 - 700 }')" \
		"$(expected time_to_first_spike)" 0.15
	near "$(spike peak_ms | awk '{ print 1000 * NF / ($NF - 700) }')" \
		"$(expected mean_frequency)" 1e-3
	is "$(summary block)" "$(expected depol_block_bool)"
}

@test "eFEL's depolarisation block" {
	need "${efel#"$reference"/}/testdbdata.txt"
	for way in threshold dvdt; do
		is "$(column block --no-header --amp 100 --delay 419.995 --dur 1000 \
			--detect $way --summary "$efel/testdbdata.txt")" 1
	done
}
