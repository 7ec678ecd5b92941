# shellcheck disable=SC2086 # a tool and its options are several words
# The bins that conn-hist and plot-hist choose are the same, and those that
# numpy has as 'auto', worked out by /usr/bin/python3.
load common.bash

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	printf 'node_id,pop_name\n0,a\n' >nodes
}

# The lines of v: as a table with a header, t, and an HDF5 file of edges.
edges() {
	{ echo w && cat v; } >t
	awk -v p=/edges/a_to_a '{ w = w " " ($1 == "" ? "nan" : $1) } END {
		print p "/source_node_id u8 0*" NR
		print p "/target_node_id u8 0*" NR
		print p "/source_node_id@node_population s a"
		print p "/target_node_id@node_population s a"
		print p "/0/w f8" w
	}' v | make-odd edges.h5
}

hist() { # options: low, high and count of all bins
	conn-hist -n nodes --value w "$@" edges.h5 2>err | sed 1d | cut -d, -f3-5
}

bars() { # options: those of the bins that are drawn, around whole numbers or not
	plot-hist -x w "$@" --script t 2>err | awk '
	/^\$bins/ { on = 1; next }
	/^EOD/ { on = 0 }
	on { print $1 "," $2 "," $3 }'
}

moved() { # bars around whole numbers, to where their bins are
	awk -F, '{ printf "%.17g,%.17g,%s\n", $1 + 0.5, $2 + 0.5, $3 }'
}

# Low, high and count of numpy's bins.
numpy() { # how many: auto, a number, or a list of edges
	/usr/bin/python3 - "$1" <<-'END'
	import sys, numpy
	w = numpy.array([float(s) for s in open("v") if s.strip()])
	w = w[numpy.isfinite(w)]
	how = sys.argv[1]
	if "," in how:
	    how = [float(s) for s in how.split(",")]
	elif how != "auto":
	    how = int(how)
	n, edge = numpy.histogram(w, how)
	for row in zip(edge, edge[1:], n):
	    print("%.17g,%.17g,%d" % row)
	END
}

# Fields are equal but for the last digits.
alike() { # file, file
	paste -d, "$1" "$2" | awk -F, '
	function far(a, b) {
		d = a - b
		m = a < 0 ? -a : a
		return (d < 0 ? -d : d) > 1e-12 * (m > 1 ? m : 1)
	}
	NF != 6 || $3 != $6 || far($1, $4) || far($2, $5) {
		print "# " $0
		bad = 1
	}
	END { exit bad || NR == 0 }'
}

same_bins() { # options: conn-hist's and plot-hist's
	hist "$@" >h
	bars "$@" >b
	if cat v <(cut -d, -f1,2 h | tr , '\n') | awk '$1 % 1 { exit 1 }'; then
		moved <b >c && mv c b
	fi
	grep -v ',0$' h | alike - b
}

numpy_bins() { # auto, a number or edges
	if [ "$1" = auto ]; then set -- "$1"; else set -- "$1" --bins "$1"; fi
	numpy "$1" >n
	hist "${@:2}" >h
	alike n h
	same_bins "${@:2}"
}

reals() { # how many, what awk makes of u, which is even, and z, which is normal
	awk -v n="$1" "$draws"'BEGIN {
		sow(7)
		for (i = 0; i < n; i++) {
			u = draw()
			z = sqrt(-2 * log(1 - u)) * cos(6.283185307179586 * draw())
			printf "%.6f\n", '"$2"'
		}
	}' >v
	edges
}

# bats test_tags=long
@test "automatic bins are numpy's: few values, many, skewed, half the same" {
	reals 20 u && numpy_bins auto
	reals 1000 z && numpy_bins auto
	reals 3000 'exp(z)' && numpy_bins auto
	reals 301 '-1e6 + 1000 * z' && numpy_bins auto
	reals 301 '1e-6 * int(1e3 * u)' && numpy_bins auto
	reals 500 'i < 300 ? 0.5 : u' && numpy_bins auto
	[ "$(wc -l <h)" -eq 10 ] # ceil(log2(500) + 1)
}

@test "each of the two rules by hand" {
	# Sturges: ceil(log2(9) + 1) = 5; 2 * 2 / 9^(1/3) is wider
	seq 0.5 1 8.5 >v && edges
	[ "$(hist | paste -s -d' ')" = \
		"0.5,2.1,2 2.1,3.7,2 3.7,5.3,1 5.3,6.9,2 6.9,8.5,2" ]
	same_bins
	# Freedman and Diaconis: quartiles 500 apart, 2 * 500 / 1000^(1/3) = 100
	# would be 10 bins; Sturges has log2(1000) + 1 = 10.97
	awk 'BEGIN { for (i = 0; i < 1001; i++) print i / 2 + (i % 2 ? 0 : 0.001) }' >v && edges
	[ "$(hist | wc -l)" -eq 11 ]
	same_bins
	# quartiles 1 apart in 100: 100 / (2 / 1000^(1/3)) = 500
	awk 'BEGIN { print -49.5; print 50.5; for (i = 0; i < 998; i++) print i % 2 ? 0 : 1 }' >v && edges
	[ "$(hist | wc -l)" -eq 500 ]
	same_bins
}

@test "whole numbers have a bin each up to 50, and beyond that whole widths" {
	awk 'BEGIN { for (i = 0; i < 1000; i++) print i % 50 }' >v && edges
	[ "$(hist | cut -d, -f3 | sort -u)" = 20 ]
	[ "$(hist | wc -l)" -eq 50 ]
	[ "$(bars | cut -d, -f1,2 | sed -n '1p;$p' | paste -s -d' ')" = "-0.5,0.5 48.5,49.5" ]
	# log2(102) + 1 = 7.67 bins in a range of 101: 13.2, so 13 wide
	seq 0 101 >v && edges
	[ "$(hist | paste -s -d' ')" = \
		"0,13,13 13,26,13 26,39,13 39,52,13 52,65,13 65,78,13 78,91,13 91,104,11" ]
	[ "$(bars | tail -n 1)" = 90.5,103.5,11 ]
	# one among them that is not whole: equal widths that are not, either
	{ seq 0 100 && echo 101.5; } >v && edges && numpy_bins auto
	seq -3 3 >v && edges
	[ "$(hist | head -n 1)" = -3,-2,1 ]
}

@test "no more than 1000 automatic bins, of whole numbers either" {
	{ seq -f %.2f 0.01 0.01 5 && echo 1e9; } >v && edges
	[ "$(hist | wc -l)" -eq 1000 ]
	[ "$(hist | awk -F, '{ n += $3 } END { print n }')" -eq 501 ]
	same_bins
	# 1500 wide: 1 would be nearest to 1.5, and make 1501 of them
	{ awk 'BEGIN { for (i = 0; i < 3000; i++) print i % 3 }' && echo 1500; } >v && edges
	[ "$(hist | wc -l)" -eq 751 ]
	[ "$(hist | head -n 1)" = 0,2,2000 ]
}

# bats test_tags=long
@test "equal values are in the middle of a bin" {
	echo 2.5 >v && edges && numpy_bins auto && numpy_bins 4
	printf '%s\n' -0.25 -0.25 -0.25 >v && edges && numpy_bins auto
	printf '%s\n' 3 3 >v && edges
	[ "$(hist)" = 3,4,2 ]
	numpy_bins 2
	# whole numbers of doubles that are farther apart
	printf '%s\n' 1e300 1e300 >v && edges
	[ "$(hist | awk -F, '$1 < 1e300 && $2 > 1e300 { print $3 }')" = 2 ]
	same_bins
}

@test "values that are not there, or infinite, choose no bins" {
	printf '%s\n' 0.5 '' nan 1.5 2.5 NaN >v && edges && numpy_bins auto
	run -0 hist
	[ "$(cat err)" = "conn-hist: edges without a value: 3" ]
	printf '%s\n' '' nan >v && edges
	run -0 hist
	[ -z "$output" ]
}

@test "more values than 4096: both tools take the same ones for the quartiles" {
	reals 30000 z && same_bins
	[ "$(awk -F, '{ n += $3 } END { print n }' h)" -eq 30000 ]
	# near to numpy's, which takes all
	numpy auto >n
	[ $((100 * ($(wc -l <h) - $(wc -l <n)))) -le $((5 * $(wc -l <n))) ]
	[ $((100 * ($(wc -l <n) - $(wc -l <h)))) -le $((5 * $(wc -l <n))) ]
	reals 30000 'int(100 * z)' && same_bins
}

@test "--bins: a number, LOW:HIGH:WIDTH, edges" {
	reals 200 z
	numpy_bins 7
	numpy_bins -1,-0.5,0,3
	numpy_bins 0,1e-3,0.1,10
	same_bins --bins=-2:2:0.25
	[ "$(cat err)" = "" ]
	hist --bins=-2:2:0.25 >h
	[ "$(cat err)" = "conn-hist: edges in no bin: $(awk '$1 < -2 || $1 > 2' v | wc -l)" ]
}

@test "a value on an edge is in the upper bin, but for the last" {
	seq 0 0.1 1 >v && edges
	[ "$(hist --bins 0:1:0.1 | cut -d, -f3 | paste -s -d' ')" = "1 1 1 1 1 1 1 1 1 2" ]
	same_bins --bins 0:1:0.1
	printf '%s\n' 0 1 5 20 >v && edges
	[ "$(hist --bins 0,1,5,20 | paste -s -d' ')" = "0,1,1 1,5,1 5,20,2" ]
	same_bins --bins 0,1,5,20
	[ "$(hist --bins 20,21,22 | paste -s -d' ')" = "20,21,1 21,22,0" ]
}

@test "--bins that make no sense are misuse of both tools" {
	echo 1 >v && edges
	for bins in 0 -1 1.5 x '' 1000001 1:2 1:2:3:4 2:1:0.5 0:1:0 0:1:-1 nan:1:1 \
		0:inf:1 :: 0:1:1e-9 0:1e307:1e304 1e308:1.7e308:1e307 \
		1e16:10000000000000010:1 '0:1:1 '; do
		for tool in "conn-hist -n nodes --value w" "plot-hist -x w"; do
			run -2 $tool --bins="$bins" t
			[ "${lines[0]}" = "${tool%% *}: --bins: not LOW:HIGH:WIDTH, edges such as 0,1,5 or from 1 to 1000000 bins: '$bins'" ]
		done
	done
	for tool in "conn-hist -n nodes --value w" "plot-hist -x w"; do
		for bins in 0:1:0.3 0:1:0.6 0:10:1e9; do
			run -2 $tool --bins="$bins" t
			[ "${lines[0]}" = "${tool%% *}: --bins: the width does not divide the range: '$bins'" ]
		done
		for bins in '1,' 1,1 2,1 1,nan 1,x; do
			run -2 $tool --bins="$bins" t
			[ "${lines[0]}" = "${tool%% *}: --bins: not two or more edges that ascend: '$bins'" ]
		done
		for bins in -1.7e308,1.7e308 0,inf; do
			run -2 $tool --bins="$bins" t
			[ "${lines[0]}" = "${tool%% *}: --bins: too far apart: '$bins'" ]
		done
	done
}

@test "values too far apart or too close for bins" {
	printf '%s\n' -1.7e308 0.5 1.7e308 >v && edges
	for tool in "conn-hist -n nodes --value w edges.h5" "plot-hist -x w t"; do
		run -1 $tool
		[ "$output" = "${tool%% *}: values from -1.7e+308 to 1.7e+308 are too far apart for bins" ]
	done
	# three doubles in a row: no more bins than that
	printf '%s\n' 0.5 0.5000000000000001 0.5000000000000002 >v && edges
	[ "$(hist | awk -F, '$1 >= $2' | wc -l)" -eq 0 ]
	[ "$(hist | awk -F, '{ n += $3 } END { print n }')" -eq 3 ]
	for tool in "conn-hist -n nodes --value w edges.h5" "plot-hist -x w t"; do
		run -1 $tool --bins 100
		[ "$output" = "${tool%% *}: values from 0.5 to 0.50000000000000022 are too close for 100 bins" ]
	done
}

@test "the case of one rule" {
	cases=${BM_REFERENCE:-$BATS_TEST_DIRNAME/../../shared}/cases/22-one-rule
	[ -d "$cases/net" ] || skip "no cases/22-one-rule"
	net=$cases/net/circuit_config.json
	conn-hist --value w "$net" | sed 1d | cut -d, -f3-5 >h
	sonata-edges -c w "$net" >t
	bars >b
	grep -v ',0$' h | alike - b
	sonata-edges -c w "$net" | sed 1d | cut -d, -f4 >v
	numpy auto >n
	alike n h
}
