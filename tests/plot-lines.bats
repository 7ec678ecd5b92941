# shellcheck disable=SC2016 # backquotes and the like are what is tested
load common.bash
load pictures.sh

data() { # a block of the script with these options, on one line
	block "$1" <(script "${@:2}") | paste -s -d,
}

range() { # of an axis
	script "${@:2}" | sed -n "s/^set $1range \[\(.*\)\]/\1/p" | head -n 1
}

probability() { # how many pathways, how long their names are
	awk -v n="$1" -v len="$2" '
	function name(i, s) {
		s = sprintf("g%02d", i)
		while (length(s) < len)
			s = s "_interneuron"
		return substr(s, 1, len)
	}
	BEGIN {
		print "source,target,distance_low_um,distance_high_um,pairs,connections,probability,probability_low,probability_high"
		for (i = 0; i < n; i++)
			for (k = 0; k < 8; k++) {
				p = (i + 1) / (n + 1) / (k + 1)
				printf "%s,%s,%d,%d,100,%d,%g,%g,%g\n",
					name(int(i / 8)), name(i % 8), k * 50,
					k * 50 + 50, 100 * p, p, p * 0.8, p * 1.1
			}
	}' >t
}

distance=(-x "distance_low_um,distance_high_um" -y probability --low probability_low
	--high probability_high)

@test "x is the first column and y the next" {
	table time_ms,v_mV,i_nA 0,-65,1 1,-60,2 2,-62,3
	[ "$(data line0)" = "0 -65,1 -60,2 -62," ]
	plot-lines t >t.svg
	words t.svg | grep -qx "Time (ms)"
	words t.svg | grep -qx "Membrane potential (mV)"
	run ! grep -q '>Current' t.svg
	[ "$(data line0 -x i_nA)" = "1 0,2 1,3 2," ]
	[ "$(data line0 -x v_mV -y i_nA)" = "-65 1,-60 2,-62 3," ]
}

@test "x is the first column that tells no lines or panels apart" {
	table amp_pA,time_ms,v_mV 0,0,-65 0,1,-64 5,0,-65 5,1,-60
	[ "$(data line0 --by amp_pA)" = "0 -65,1 -64," ]
	[ "$(data line1 --by amp_pA)" = "0 -65,1 -60," ]
	plot-lines --panel amp_pA t >t.svg
	words t.svg | grep -qx "Time (ms)"
	words t.svg | grep -qx "Membrane potential (mV)"
}

@test "two columns of x are their mean" {
	table distance_low_um,distance_high_um,p 0,50,1 50,150,2
	[ "$(data line0 -x distance_low_um,distance_high_um)" = "25 1,100 2," ]
	plot-lines -x distance_low_um,distance_high_um t >t.svg
	words t.svg | grep -qx "Distance (µm)"
	plot-lines -x phase_low,phase_high <(printf 'phase_low,phase_high,b\n0,1,2\n') |
		words /dev/stdin | grep -qx "Phase (rad)"
	plot-lines -x distance_low_um,p -y distance_high_um t >t.svg
	words t.svg | grep -qx 'mean of distance_low_um and p'
	run plot-lines -x distance_low_um,distance_high_um,p t
	[ "$status" -eq 1 ]
}

@test "several columns of y are a line each" {
	table t,a,b 0,1,4 1,2,5
	[ "$(data line0 -y a,b)" = "0 1,1 2," ]
	[ "$(data line1 -y a,b)" = "0 4,1 5," ]
	plot-lines -y a,b t >t.svg
	[ "$(words t.svg | grep -cx '[ab]')" -eq 2 ]
	table t,'"a,b"' 0,1 1,2
	[ "$(data line0 -y a,b)" = "0 1,1 2," ]
}

@test "--by: a line each, whatever their order, in one key" {
	table t,g,v 0,PN,1 0,PV,5 1,PN,2 1,PV,6
	[ "$(data line0 --by g)" = "0 1,1 2," ]
	[ "$(data line1 --by g)" = "0 5,1 6," ]
	plot-lines --by g t >t.svg
	[ "$(words t.svg | grep -cx PN)" -eq 1 ]
	[ "$(words t.svg | grep -cx PV)" -eq 1 ]
	table source,target,t,v,w PN,PV,0,1,2 PN,PV,1,2,3
	plot-lines -x t --by source,target t >t.svg
	words t.svg | grep -qx 'PN → PV'
	plot-lines -x t --by target,source t >t.svg
	words t.svg | grep -qx 'PV, PN'
	plot-lines -x t --by source -y v,w t >t.svg
	words t.svg | grep -qx 'PN, v'
	words t.svg | grep -qx 'PN, w'
}

@test "lines differ in colour, then in shades and dashes" {
	{ echo t,g,v; for i in {1..42}; do echo "0,g$i,$i"; echo "1,g$i,$i"; done; } >t
	script --by g | grep -o 'with lines .*dashtype [^ ]*' | sort -u | wc -l | grep -qx 42
	script --by g | grep 'with lines' | head -n 7 | grep -c 'dashtype solid' | grep -qx 7
	script --by g | grep 'with lines' | grep -o 'rgb "[^"]*"' | sort -u | wc -l | grep -qx 35
	# yellow cannot be seen on white
	script --by g | grep -c f0e442 | grep -qx 0
	# colours of a palette are an order: no dashes
	script --by g --palette magma | grep -o 'with lines .*dashtype [^ ]*' >lines
	sort -u lines | wc -l | grep -qx 42
	grep -c 'dashtype solid' lines | grep -qx 42
	[ "$(head -n 1 lines | grep -o '#.*"')" = '#000004"' ]
}

# Rows of colours, rrggbb: the least distance between two of them in CIELAB
# (D65), as they look to the colour blind; the matrices are those of Machado,
# Oliveira and Fernandes (IEEE TVCG 15:1291, 2009), for all of the severity.
least_distance() { # protan, deutan, tritan
	awk -v matrices='
		1 0 0 0 1 0 0 0 1;
		0.152286 1.052583 -0.204868 0.114503 0.786281 0.099216 -0.003882 -0.048116 1.051998;
		0.367322 0.860646 -0.227968 0.280085 0.672501 0.047413 -0.011820 0.042940 0.968881;
		1.255528 -0.076749 -0.178779 -0.078411 0.930809 0.147602 0.004733 0.691367 0.303900' '
	function channel(s, v) {
		v = 16 * (index("0123456789abcdef", substr(s, 1, 1)) - 1)
		v = (v + index("0123456789abcdef", substr(s, 2, 1)) - 1) / 255
		return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ^ 2.4
	}
	function f(t) { return t > 0.008856 ? t ^ (1 / 3) : 7.787 * t + 16 / 116 }
	function part(m, k, i, v) {
		v = m[k] * red[i] + m[k + 1] * green[i] + m[k + 2] * blue[i]
		return v < 0 ? 0 : v
	}
	{
		red[NR] = channel(substr($1, 1, 2))
		green[NR] = channel(substr($1, 3, 2))
		blue[NR] = channel(substr($1, 5, 2))
	}
	END {
		n = split(matrices, matrix, ";")
		for (k = 1; k <= n; k++) {
			split(matrix[k], m, " ")
			least = 1000
			for (i = 1; i <= NR; i++) {
				r = part(m, 1, i); g = part(m, 4, i); b = part(m, 7, i)
				x = f((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505)
				y = f(0.2126 * r + 0.7152 * g + 0.0722 * b)
				z = f((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089)
				L[i] = 116 * y; A[i] = 500 * (x - y); B[i] = 200 * (y - z)
				for (j = 1; j < i; j++) {
					d = sqrt((L[i] - L[j]) ^ 2 + (A[i] - A[j]) ^ 2 + (B[i] - B[j]) ^ 2)
					least = d < least ? d : least
				}
			}
			printf "%d ", least
		}
	}'
}

@test "the colour blind tell the colours of groups apart" {
	{ echo t,g,v; for i in {1..7}; do echo "0,g$i,$i"; echo "1,g$i,$i"; done; } >t
	script --by g | sed -n 's/.*with lines.*rgb "#\([^"]*\)".*/\1/p' >colours
	[ "$(sort -u colours | wc -l)" -eq 7 ]
	# 2.3 is just noticeable; red and green would be 9 to some
	least_distance <colours | tr ' ' '\n' | awk 'NF && $1 < 15 { exit 1 }'
	[ "$(printf '%s\n' ff0000 00aa00 | least_distance | cut -d' ' -f3)" -lt 15 ]
}

@test "--panel: a panel each, with axes that are alike" {
	table t,g,v 0,PN,1 1,PN,2 0,PV,50 3,PV,60
	plot-lines --panel g t >t.svg
	[ "$(words t.svg | grep -cx PN)" -eq 1 ]
	[ "$(words t.svg | grep -cx PV)" -eq 1 ]
	[ "$(script --panel g | grep -c '^set xrange')" -eq 2 ]
	[ "$(script --panel g --no-points | grep '^set xrange' | sort -u)" = 'set xrange [0:3]' ]
	[ "$(script --panel g | grep '^set yrange' | sort -u | wc -l)" -eq 1 ]
	# a line keeps its colour from panel to panel
	table t,g,k,v 0,A,x,1 1,A,x,2 0,B,y,3 1,B,y,4 0,B,x,5 1,B,x,6
	script --panel g --by k -y v | grep -o 'line[0-9]* with.*rgb "[^"]*"' >l
	[ "$(sort -u l | wc -l)" -eq 2 ]
}

@test "--error reaches to both sides" {
	table t,m,sd 0,5,1 1,6,0.5 2,7,
	[ "$(data bars0 --error sd)" = "0 4 6,1 5.5 6.5" ]
	[ "$(data points0 --error sd)" = "0 5,1 6,2 7" ]
	[ "$(data line0 --error sd)" = "0 5,1 6,2 7," ]
	[ "$(range y --error sd)" = "3.88:7.12" ]
	table t,m,sd 0,5,-1
	run plot-lines --error sd t
	[ "$status" -eq 1 ]
	[ "$output" = "plot-lines: t:2: column 'sd': negative error: '-1'" ]
	table t,a,s,b,r 0,5,1,7,2
	[ "$(data bars1 -y a,b --error s,r)" = "0 5 9" ]
	run plot-lines -y a,b --error s t
	[ "$status" -eq 2 ]
	[ "${lines[0]}" = "plot-lines: --error: 1 columns for 2 of y: 's'" ]
}

@test "--low and --high" {
	table t,p,low,high 0,5,1,6 1,6,,9 2,7,6,8
	[ "$(data bars0 --low low --high high)" = "0 1 6,2 6 8" ]
	table t,p,low,high 0,5,6,1
	run plot-lines --low low --high high t
	[ "$output" = "plot-lines: t:2: column 'low': above the upper end: '6'" ]
	run plot-lines --low low t
	[ "$status" -eq 2 ]
	run plot-lines --low low --high high --error p t
	[ "$status" -eq 2 ]
}

@test "--bands" {
	table t,p,low,high 0,5,1,6 1,6,2,9 2,,, 3,7,6,8 4,7,6,8
	[ "$(data band0 --bands --low low --high high)" = "0 1 6,1 2 9,,3 6 8,4 6 8" ]
	plot-lines --bands --low low --high high t | grep -c 'fill-opacity' >n
	[ "$(cat n)" -ge 2 ]
	run plot-lines --bands t
	[ "$status" -eq 2 ]
}

@test "few points are marked; --points, --no-points, --no-lines, --steps" {
	table t,v 0,1 1,2 2,1
	is "$(data points0)" "0 1,1 2,2 1"
	is "$(data line0)" "0 1,1 2,2 1,"
	is "$(data points0 --no-points)" ""
	is "$(data line0 --no-points)" "0 1,1 2,2 1,"
	is "$(data points0 --no-lines)" "0 1,1 2,2 1"
	is "$(data line0 --no-lines)" ""
	is "$(data points0 --steps)" ""
	is "$(data points0 --steps --points)" "0 1,1 2,2 1"
	is "$(data points0 -T dumb)" ""
	script --steps | grep -q 'line0 with steps'
	script | grep -q 'line0 with lines'
	# marks are seen in the key, too, and no marks are not
	table t,g,v 0,P,1 1,P,2
	plot-lines --by g --script t | grep -c 'pointtype 7' | grep -qx 2
	plot-lines --by g --script --no-points t >s
	run ! grep 'with points\|pointtype' s
	{ echo t,v; seq 0 30 | sed 's/.*/&,&/'; } >t
	is "$(block points0 <(script) | wc -l)" 0
	is "$(block points0 <(script --points) | wc -l)" 31
	is "$(block points0 <(script --to 29) | wc -l)" 30
	misused '--no-lines and --steps exclude each other' --no-lines --steps t
	misused '--no-lines and --no-points exclude each other' --no-lines --no-points t
	misused '--points and --no-points exclude each other' --points --no-points t
}

@test "a fit is dashed above its data, and both are in the key" {
	table time_ms,v_mV,fit_mV 0,1,1.5 1,2,2.5 2,1,1.5
	script -y fit_mV,v_mV >s
	is "$(block line0 s | paste -s -d,)" "0 1,1 2,2 1,"
	is "$(block fit1 s | paste -s -d,)" "0 1.5,1 2.5,2 1.5,"
	# the last thing drawn, in black on what is paler than alone
	is "$(sed -n 's/^ *\(plot \)*\($[a-z]*[01]\) with .*/\2/p' s | paste -s -d' ')" '$line0 $points0 $fit1'
	grep -q '^ *$fit1 with lines .*rgb "#000000" dashtype (6,3)' s
	grep -q 'line0 with lines .*rgb "#80b9d9" dashtype solid' s
	script -y v_mV | grep -q 'line0 with lines .*rgb "#0072b2"'
	script -y fit_mV | grep -q 'line0 with lines .*rgb "#0072b2" dashtype solid'
	# columns of any name, with errors, in one entry of the key for all lines
	table g,t,v,sd,model a,0,1,0.5,2 b,0,3,0.5,4 a,1,2,0.5,3 b,1,5,0.5,6
	plot-lines --by g -x t -y v --error sd --dashed model --no-lines t >t.svg
	is "$(words t.svg | grep -cx model)" 1
	script --by g -x t -y v --error sd --dashed model --no-lines >s
	is "$(block fit3 s | paste -s -d,)" "0 4,1 6,"
	is "$(block bars2 s | paste -s -d,)" "0 2.5 3.5,1 4.5 5.5"
	is "$(block line0 s)" ""
	# in a crowd, too
	{ echo x,y,m; seq 0 2500 | sed 's/.*/&,&,&/'; } >t
	script --no-lines -y y --dashed m >s
	sed '1,/^EOD/d' s | sed -n '/^plot/,$p' | tr -d '\n' | grep -q 'dots.*fit1 with lines'
}

@test "a missing value breaks the line, and nothing gets lost" {
	table t,v 0,1 1,2 2, 3,4 4,nan 5,6 6,7 ,8
	[ "$(data line0)" = "0 1,1 2,,5 6,6 7," ]
	[ "$(data points0 --no-points)" = "3 4" ]
}

@test "--from and --to" {
	table t,v 0,-100 1,2 2,3 3,4 4,100
	[ "$(range x --from 1 --to 3)" = "1:3" ]
	[ "$(range y --from 1 --to 3)" = "1.92:4.08" ]
	[ "$(range x --no-points --from 1.5)" = "1.5:4" ]
	[ "$(range x --no-points --to 2.5)" = "0:2.5" ]
	# the line goes on to where the neighbours are
	[[ $(data line0 --from 1 --to 3) == "0 -100,1 2,2 3,3 4,4 100," ]]
	[ "$(data points0 --from 1 --to 3 --no-lines)" = "1 2,2 3,3 4" ]
	plot-lines --from 10 t >t.svg
	words t.svg | grep -qx 'no data'
	for ends in "--from 2 --to 1" "--from x" "--to inf" "--from 0 --logx"; do
		# shellcheck disable=SC2086 # words
		run plot-lines $ends t
		[ "$status" -eq 2 ]
	done
}

@test "signals of one table have a line each" {
	table signal,frequency_Hz,psd,low,high a,1,2,1,3 a,2,1,0.5,2 b,1,8,7,9 b,2,4,3,5
	plot-lines --low low --high high --bands --by signal t >want
	plot-lines -x frequency_Hz -y psd --low low --high high --band --logy t >log.svg
	plot-lines --low low --high high --bands t | cmp - want
	plot-lines --low low --high high --bands --panel signal t >panels
	run ! cmp -s panels want
	run ! cmp -s log.svg want
	words log.svg | grep -qx a
	table signal_1,signal_2,frequency_Hz,coherence a,b,1,0.2 a,b,2,0.3 a,c,1,0.4 a,c,2,0.1
	plot-lines --by signal_1,signal_2 -x frequency_Hz -y coherence t >want
	plot-lines t | cmp - want
	plot-lines -x signal -y psd <(printf 'signal,psd\n1,2\n2,3\n') >numbers
}

@test "--logx and --log" {
	table f,z 0.5,200 10,40 100,3
	script --logx | grep -qx 'set logscale x'
	script --logx | grep -qx 'unset logscale y'
	script --log | grep -qx 'set logscale y'
	diff <(script --logy) <(script --log)
	plot-lines --logx t >t.svg
	for tic in 1 10 100; do
		words t.svg | grep -qx "$tic"
	done
	table f,z 0.5,200 0,40
	run plot-lines --logx t
	[ "$status" -eq 1 ]
	[ "$output" = "plot-lines: t:3: column 'f': not above 0, as --logx has it (--from leaves out what is below it): '0'" ]
	# what is left out may be anything
	table f,z 0,-1 1,2 2,3 3,-7
	[ "$(data line0 --logx --log --from 0.5 --to 2)" = "1 2,2 3," ]
	run plot-lines --logx --log --from 0.5 t
	[ "$output" = "plot-lines: t:5: column 'z': not above 0, as --log has it: '-7'" ]
	for end in from to; do
		run plot-lines --logx --$end -0.5 t
		[ "$status" -eq 2 ]
		[ "${lines[0]}" = "plot-lines: --$end: not above 0, as --logx has it: '-0.5'" ]
	done
	table f,z 0.5,-200
	run plot-lines --log t
	[ "$output" = "plot-lines: t:2: column 'z': not above 0, as --log has it: '-200'" ]
	# an error bar may reach to 0, and then goes to the frame
	table f,z,sd 1,10,12 2,20,1
	bottom=$(range y --log --error sd | cut -d: -f1)
	[ "$(data bars0 --log --error sd)" = "1 $bottom 22,2 19 21" ]
}

@test "labels of the axes, title" {
	table t,v 0,1 1,2
	plot-lines --xlabel 'time (ms)' --ylabel 'v (mV)' --title 'A trace' t >t.svg
	words t.svg | grep -qx 'time (ms)'
	words t.svg | grep -qx 'v (mV)'
	words t.svg | grep -qx 'A trace'
	[ "$(words t.svg | grep -cx '[tv]')" -eq 0 ]
}

@test "the line of the SVG goes through its points" {
	table t,v 0,0 1,10 2,5 3,10
	plot-lines t | sed -n "s/.*<path stroke='rgb(  0, 114, 178)'[^>]* d='\([^']*\)'.*/\1/p" |
		sed 's/[ML]/\n/g; s/,/ /g' | sed '/^ *$/d' >d
	awk '{ x[NR] = $1; y[NR] = $2 } END {
		printf "%.2f %.2f %.2f %.2f", (x[3] - x[1]) / (x[2] - x[1]),
			(x[4] - x[1]) / (x[2] - x[1]),
			(y[3] - y[1]) / (y[2] - y[1]), (y[4] - y[1]) / (y[2] - y[1])
	}' d >ratios
	[ "$(cat ratios)" = "2.00 3.00 0.50 1.00" ]
}

@test "a long trace is thinned out to what can be seen" {
	awk 'BEGIN {
		print "time_ms,v_mV"
		for (i = 0; i < 100000; i++) {
			x = (x * 1103515245 + 12345) % 2147483648
			v = -65 + x / 2147483648
			if (i % 9973 == 17) v = 40
			printf "%.3f,%.4f\n", i * 0.025, v
		}
	}' >t
	plot-lines t >t.svg
	[ "$(wc -c <t.svg)" -lt 100000 ]
	block line0 <(script) | sed '/^$/d' >thin
	[ "$(wc -l <thin)" -lt 4000 ]
	# every point is one of the table, in its order
	tail -n +2 t | awk -F, '{ print $1 + 0, $2 + 0 }' >all
	awk '{ print $1 + 0, $2 + 0 }' thin | diff - all | grep -c '^<' | grep -qx 0
	# in every pixel column the lowest and the highest are the same
	columns() {
		awk '{ c = int($1 / 2500 * 440) }
		!(c in low) || $2 < low[c] { low[c] = $2 }
		!(c in high) || $2 > high[c] { high[c] = $2 }
		END { for (c in low) print c, low[c], high[c] }' "$1" | sort
	}
	diff <(columns all) <(columns thin)
}

@test "points on the same pixel are one, others are not" {
	awk 'BEGIN {
		print "x,y"
		for (i = 0; i < 1900; i++) print i % 20 "," int(i / 20) % 10
	}' >t
	[ "$(block points0 <(script --no-lines) | sort -u | wc -l)" -eq 200 ]
	[ "$(block points0 <(script --no-lines) | wc -l)" -eq 200 ]
	# so it is in a crowd
	awk 'BEGIN {
		print "x,y"
		for (i = 0; i < 200000; i++) print i % 20 "," int(i / 20) % 10
	}' >t
	[ "$(block dots <(script --no-lines) | sort -u | wc -l)" -eq 200 ]
	[ "$(block dots <(script --no-lines) | wc -l)" -eq 200 ]
}

# bats test_tags=long
@test "in a crowd of points no group hides another, and little is drawn" {
	awk 'BEGIN {
		print "x,y,g"
		seed = 1
		for (i = 0; i < 50000; i++) {
			seed = seed * 16807 % 2147483647
			print seed % 997 "," int(seed / 997) % 991 ",g" int(i / 25000)
		}
	}' >t
	plot-lines --no-lines --by g t >t.svg
	[ "$(wc -c <t.svg)" -lt 1200000 ]
	block dots <(script --no-lines --by g) >d
	# every dot is a point of the table, and both groups are on top alike
	awk '{ print $1 "," $2 }' d | sort -u >drawn
	tail -n +2 t | cut -d, -f1,2 | sort -u | comm -23 drawn - >other
	[ ! -s other ]
	tail -n 2000 d | awk '{ n[$4]++ } END { for (g in n) print n[g] }' |
		awk '$1 < 700 { exit 1 } END { exit NR != 2 }'
	# three groups more than there are colours have shapes
	awk 'NR == 1 { print; next } { print $0 int(NR / 9) % 5 }' t >u
	plot-lines --no-lines --by g --script u | grep -q 'points pointtype variable'
	plot-lines --no-lines --by g --script --logx <(sed 's/^0,/1,/' t) |
		grep -q 'points pointtype variable'
	plot-lines --no-lines --by g -T dumb t >d
	same_script plot-lines --no-lines --by g
}

@test "lines that go back are drawn as they go" {
	table x,y 0,0 1,1 0,1 1,0 0,0
	[ "$(data line0)" = "0 0,1 1,0 1,1 0,0 0," ]
}

@test "a header without rows, one row, equal values, huge ones" {
	table t,v
	plot-lines t >t.svg
	[ "$(words t.svg | grep -v '^[0-9.]*$' | paste -s -d' ')" = "t v no data" ]
	plot-lines --by t -x v -y v t >/dev/null
	table t,v 1,
	plot-lines t >t.svg
	words t.svg | grep -qx 'no data'
	for row in 1,5 0,0 -3,1e300 1e-300,-7; do
		table t,v "$row"
		[ -n "$(data points0)" ]
		plot-lines t >t.svg
		run ! grep -q 'no data' t.svg
	done
	table t,v 0,5 1,5
	plot-lines t >t.svg
	table t,v 1,-1e308 2,1e308
	run plot-lines t
	[ "$status" -eq 1 ]
	[ "$output" = "plot-lines: values too far apart: from -1e+308 to 1e+308" ]
}

@test "bad input is named by file, line and column" {
	table t,v 0,1 1,x
	run plot-lines t
	[ "$status" -eq 1 ]
	[ "$output" = "plot-lines: t:3: column 'v': not a number: 'x'" ]
	table t,v 0,1 y,2
	run plot-lines t
	[ "$output" = "plot-lines: t:3: column 't': not a number: 'y'" ]
	table t,v inf,2
	run plot-lines t
	[ "$output" = "plot-lines: t:2: column 't': not a finite number: 'inf'" ]
	run plot-lines -y w t
	[[ $output == "plot-lines: t: no column 'w': there are "* ]]
	table t 1
	run plot-lines t
	[ "$output" = "plot-lines: t: no column for y" ]
}

# bats test_tags=long
@test "nothing overlaps and nothing leaves the picture" {
	probability 4 3
	no_clash plot-lines "${distance[@]}" --by source,target
	probability 4 30
	no_clash plot-lines "${distance[@]}" --by source,target
	no_clash plot-lines "${distance[@]}" --by source,target --size 700x600
	no_clash plot-lines -x pairs -y probability --title 'a title that is far longer than the picture below it is wide, by far and more' --xlabel 'and so is the label below the axis, which is as long as that' --ylabel 'and another that stands upright, higher than the picture is high'
	probability 16 3
	no_clash plot-lines "${distance[@]}" --by target --panel source
	no_clash plot-lines "${distance[@]}" --panel source,target
	table f,z 0.001,200000 10,40 1000,3
	no_clash plot-lines --logx --log
	table t,v 1000000,0.0001 1000003,0.0002
	no_clash plot-lines
	printf 'g,"t\nt","v\nv"\n"a\nb",1,2\n"c\nd",2,3\n' >t
	no_clash plot-lines --by g -x $'t\nt' -y $'v\nv' --title $'1\n2'
	no_clash plot-lines --panel g -x $'t\nt' -y $'v\nv'
}

@test "neither do forty lines nor forty panels with names of thirty letters" {
	probability 40 30
	no_clash plot-lines "${distance[@]}" --by source,target
	[ "$(words t.svg | grep -c ' → ')" -eq 40 ]
	# 8 pixels are 6 points
	texts t.svg | awk '$4 < 8 { exit 1 }'
	# two columns
	[ "$(texts t.svg | awk '/ → / { print $1 }' | sort -u | wc -l)" -eq 2 ]
	no_clash plot-lines "${distance[@]}" --panel source,target
}

zigzag() { # two lines that leave no room
	{ echo t,g,v; for i in {0..40}; do echo "$i,PN,$((i % 2))"; done
	echo 0,PV,0; echo 40,PV,1; } >t
}

@test "the key stands where it hides nothing: inside, beside or below" {
	table t,g,v 0,PN,0 1,PN,1 0,PV,0 1,PV,0.5
	plot-lines --by g t >t.svg
	# in the upper left corner
	texts t.svg | awk '/PN$/ { exit !($1 < 200 && $2 < 100) }'
	sed 's/,/,/; s/^1,\(.*\),.*/1,\1,-1/' t >u
	plot-lines --by g u >t.svg
	texts t.svg | awk '/PN$/ { exit !($1 > 250 && $2 < 100) }'
	zigzag
	plot-lines --by g t >t.svg
	[ "$(texts t.svg | awk '/PN$/ { print ($1 > 450) }')" = 1 ]
	probability 4 30
	plot-lines "${distance[@]}" --by source,target t >t.svg
	[ "$(texts t.svg | awk '/ → / { print ($2 > 300) }' | sort -u)" = 1 ]
	# never inside one of several panels
	table t,g,v 0,PN,0 1,PN,1 0,PV,0 1,PV,1
	plot-lines --by g --panel g t >t.svg
	is "$(texts t.svg | awk '$NF == "PN" { print ($1 > 350) }' | sort -n | paste -s -d' ')" "0 1"
}

@test "the key lists what is drawn, and says what its numbers are" {
	table t,amp_pA,v_mV 0,100,1 1,100,2 5,200,3 6,200,4 0,300, 1,300,
	plot-lines --by amp_pA t >t.svg
	is "$(words t.svg | grep -x '[1-3]00' | paste -s -d' ')" "100 200"
	words t.svg | grep -qx 'Injected current (pA)'
	plot-lines --by amp_pA --from 4 t >t.svg
	is "$(words t.svg | grep -x '[1-3]00' | paste -s -d' ')" 200
	# a band has a sample
	table t,g,v,sd 0,a,1,1 1,a,2,1 0,b,5,1 1,b,6,1
	is "$(plot-lines --by g -y v --error sd --bands --script t | grep -c '^set object rectangle .*transparent')" 2
}

@test "y of one unit have a label, and the key what they differ in" {
	table time_ms,v_mV.soma,v_mV.dend 0,1,2 1,2,3
	plot-lines -y v_mV.soma,v_mV.dend t >t.svg
	is "$(words t.svg | grep -v '^[0-9.]*$' | sort | paste -s -d,)" "Membrane potential (mV),Time (ms),dend,soma"
	table time_ms,node1_mV,node2_mV,i_nA 0,1,2,3 1,2,3,4
	plot-lines -y node1_mV,node2_mV t >t.svg
	is "$(words t.svg | grep -v '^[0-9.]*$' | sort | paste -s -d,)" "Time (ms),mV,node1,node2"
	plot-lines -y node1_mV,i_nA t >t.svg
	is "$(words t.svg | grep -v '^[0-9.]*$' | sort | paste -s -d,)" "Current (nA),Time (ms),node1 (mV)"
	table frequency_Hz,impedance_MOhm,exact_MOhm 1,5,6 2,5,6
	plot-lines -y impedance_MOhm,exact_MOhm t >t.svg
	is "$(words t.svg | grep -v '^[0-9.]*$' | sort | paste -s -d,)" "Frequency (Hz),exact,impedance,|Z| (MΩ)"
	table time_ms,v_mV,fit_mV 0,1,1 1,2,2
	plot-lines -y v_mV,fit_mV t >t.svg
	is "$(words t.svg | grep -v '^[0-9.]*$' | sort | paste -s -d,)" "Membrane potential (mV),Time (ms),data,fit"
}

@test "--note stands in the frame where it hides nothing" {
	table t,v 0,0 1,1
	plot-lines --note 'R_in 104 MΩ' t >t.svg
	texts t.svg | awk '/R_in 104 MΩ$/ { exit !($1 < 200 && $2 < 100) }'
	table t,v 0,1 1,0
	plot-lines --note 'R_in 104 MΩ' t >t.svg
	texts t.svg | awk '/R_in 104 MΩ$/ { exit !($1 > 300 && $2 < 100) }'
	# too long for a line of it
	plot-lines --note 'R_in 104 MΩ, τ 20.3 ms; sag 0.14' --size 200x150 t >t.svg
	is "$(words t.svg | grep -e R_in -e τ -e sag | paste -s -d/)" 'R_in 104 MΩ,/τ 20.3 ms;/sag 0.14'
	# where there is no room, above
	zigzag
	plot-lines --by g --note above t >t.svg
	texts t.svg | awk '/above$/ { exit !($2 < 30) }'
	# and in a frame too narrow for its parts
	table t,g,v 0,1,0 1,1,0 0,2,1 1,2,1 0,3,1 0,4,1
	plot-lines --panel g --note 'a part longer than a panel, and another' --size 85mm t >t.svg
	words t.svg | grep -qx 'a part longer than a panel, and another'
	zigzag
	no_clash plot-lines --by g --note 'a note that is longer than what it is to be above' --size 300x200
	plot-lines -T dumb --by g --note above t | head -n 3 | grep -q above
}

@test "--log and --range are those of y" {
	table t,v 0,1 1,10 2,100
	is "$(range y --range 5:50)" 5:50
	is "$(range y --log --range 0.1:1000)" 0.1:1000
	script --log | grep -qx 'set logscale y'
	# what is beyond is left out
	is "$(data points0 --no-lines --range 5:50)" "1 10"
	misused "--range: not above 0, as --log has it: '0:5'" --log --range 0:5 t
}

@test "--colors: groups have the colours of a table" {
	table t,g,v 0,PN,1 1,PN,2 0,PV,5 1,PV,6
	printf '%s\n' group,colour 'PV,#123456' >c
	script --by g --colors c | grep -q 'line1 with lines .*rgb "#123456"'
	table t,population,group,v 0,LA,PN,1 1,LA,PN,2
	printf '%s\n' group,colour X, 'LA:PN,#abcdef' >c
	script --by population,group -y v --colors c | grep -q 'line0 with lines .*rgb "#abcdef"'
	misused '--colors needs --by' --colors c t
}

@test "panels: titles with names and units, a grid, labels under each column" {
	table amp_pA,time_ms,v_mV -100,0,1 -100,1,2 200,0,5 200,1,6 300,0,7
	plot-lines --panel amp_pA t >t.svg
	is "$(words t.svg | grep amp | paste -s -d,)" 'amp_pA = -100 pA,amp_pA = 200 pA,amp_pA = 300 pA'
	is "$(words t.svg | grep -cx 'Time (ms)')" 2
	# tics are written at the edge: of y once
	is "$(words t.svg | grep -cx 4)" 2
	# rows are sources and columns targets, whatever comes first
	table source,target,d,v B,A,0,1 A,B,0,2 A,C,0,3 B,C,0,4
	plot-lines --panel source,target -x d t >t.svg
	texts t.svg | awk '/ → / { print $7 $9, $1, $2 }' | sort >spots
	is "$(cut -d" " -f1 spots | paste -s -d' ')" "AB AC BA BC"
	awk '{ x[$1] = $2; y[$1] = $3 }
		END { exit !(x["AC"] == x["BC"] && x["BA"] < x["AB"] && x["AB"] < x["AC"] &&
			y["AB"] == y["AC"] && y["BA"] == y["BC"] && y["BA"] < y["AB"]) }' spots
	# one below each column, where its lowest panel is
	is "$(texts t.svg | awk '$NF == "d" { print $2 }' | sort -n | uniq -c | awk '{ print $1 }' | paste -s -d' ')" "1 2"
	# of many, titles are at the margins
	probability 16 3
	plot-lines "${distance[@]}" --panel source,target t >t.svg
	is "$(words t.svg | grep -cx g01)" 2
	is "$(words t.svg | grep -x -e Source -e Target | sort | paste -s -d,)" Source,Target
	is "$(texts t.svg | awk '$NF ~ /^g0/ { print $5 }' | sort | uniq -c | paste -s -d' ' | tr -s ' ')" " 8 level 2 up"
	# 85 mm have room for eight columns, whose areas are never flat
	plot-lines "${distance[@]}" --panel source,target --size 85mm t >t.svg
	texts t.svg | awk '$4 < 8 { exit 1 }'
	plot-lines "${distance[@]}" --by source,target --script --size 85mm t |
		sed -n 's/^set terminal .* size \([0-9.]*\),\([0-9.]*\) .*/size \1 \2/p
			s/^set \([lrtb]\)margin at screen \(.*\)/\1 \2/p' |
		awk '{ v[$1] = $2 } /size/ { high = $3 } END {
			exit !((v["t"] - v["b"]) * high > 0.5 * (v["r"] - v["l"]) * v["size"]) }'
}

@test "--size" {
	probability 4 3
	plot-lines "${distance[@]}" --by source,target --size 500x300 t >t.svg
	[ "$(size t.svg)" = "500 300" ]
	run plot-lines "${distance[@]}" --by source,target --size 100x60 t
	[ "$status" -eq 1 ]
	[[ $output == "plot-lines: --size: too small: "*x*" would do" ]]
	would=${output#*small: }
	no_clash plot-lines "${distance[@]}" --by source,target --size "${would% would do}"
}

@test "-T dumb draws with characters, and says which is which" {
	table t,g,v 0,PN,1 1,PN,2 0,PV,2 1,PV,1
	run plot-lines -T dumb --by g --ylabel V --xlabel T t
	[ "$status" -eq 0 ]
	[[ $output == *'***'* ]]
	[[ $output == *'###'* ]]
	[[ $output == *'* PN'*'# PV'* ]]
	[[ ${lines[0]} == V* ]]
	[[ $output == *$' T\n'* ]]
	[[ $output != *$' \n'* ]]
	run plot-lines -T dumb --by g --no-lines t
	[[ $output == *'A PN'*'B PV'* ]]
	run plot-lines -T dumb -y v --error v --bands t
	[ "$status" -eq 0 ]
}

@test "same input, same bytes; the script draws the same picture" {
	probability 16 8
	plot-lines "${distance[@]}" --by target --panel source t >a.svg
	plot-lines "${distance[@]}" --by target --panel source t | cmp - a.svg
	same_script plot-lines "${distance[@]}" --by target --panel source
	same_script plot-lines "${distance[@]}" --by target,source --bands
	plot-lines -T pdf t -x pairs -y probability_low >a.pdf
	[ "$(head -c 5 a.pdf)" = %PDF- ]
}

@test "labels are drawn as they stand, and run nothing" {
	{
		echo source,target,x,v
		for name in "${odd[@]}"; do
			echo "$(csv "$name"),$(csv "$name"),0,1"
			echo "$(csv "$name"),$(csv "$name"),1,2"
		done
	} >t
	for option in --by --panel; do
		plot-lines "$option" source -x x -y v t >t.svg
		words t.svg >w
		for name in "${odd[@]}"; do
			grep -qxF -- "$name" w
		done
		for terminal in png pdf canvas dumb; do
			plot-lines "$option" source -x x -y v -T "$terminal" t >/dev/null
		done
		plot-lines "$option" source,target -x x -y v t >want
		plot-lines "$option" source,target -x x -y v t --script |
			gnuplot 2>/dev/null | cmp - want
		rsvg-convert t.svg >t.png
	done
	[ ! -e x ]
}

# bats test_tags=long
@test "so are the title, the labels and the names of columns" {
	for name in "${odd[@]}"; do
		printf '%s,%s\n0,1\n1,2\n' "$(csv "x$name")" "$(csv "y$name")" >t
		plot-lines --title "t$name" t >t.svg
		words t.svg >w
		for text in "t$name" "x$name" "y$name"; do
			grep -qxF -- "$text" w
		done
		plot-lines --xlabel "a$name" --ylabel "b$name" t >t.svg
		words t.svg | grep -qxF -- "a$name"
		words t.svg | grep -qxF -- "b$name"
	done
	[ ! -e x ]
}

@test "-o writes the file whole or not at all" {
	table t,v 0,1 1,2
	plot-lines -o t.svg t
	plot-lines t | cmp - t.svg
	echo old >t.svg
	run plot-lines -o t.svg <(printf 't,v\n0,x\n')
	[ "$status" -eq 1 ]
	[ "$(cat t.svg)" = old ]
	run bash -c 'plot-lines t >/dev/full'
	[ "$status" -eq 1 ]
	[ "$output" = "plot-lines: standard output: No space left on device" ]
}

@test "long titles of panels are on two lines where a page is narrow" {
	local i
	{
		echo x,v,g
		for i in {01..11}; do
			printf '%s\n' {0,1},"1,L${i}_layer23_interneuron_of_cor"
		done
	} >t
	plot-lines --panel g -y v --size 85mm t >t.svg
	grep -q '>interneuron_of_cor<' t.svg
	# in a column of their own each, they were 560 mm high
	head -n 5 t.svg | grep -o ' height="[0-9.]*mm"' | awk -F'"' '{ exit !($2 + 0 < 150) }'
}

@test "the last number of an axis stands where there is room beside it" {
	printf '%s\n' x,v,source,target {10,197},1,cortex:LIF_{exc,inh},cortex:LIF_{exc,inh} >t
	is "$(plot-lines --panel source,target -x x -y v --size 85mm --script t |
		grep -c '^set xtics .*("100" 100, "200" 200)')" 2
}
