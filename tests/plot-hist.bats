# shellcheck disable=SC2016 # backquotes and the like are what is tested
load common.bash
load pictures.sh

bins() { printf '%s\n' bin_low,bin_high,cells "$@"; }

values() { printf '%s\n' v "$@"; }

pathways() { # how many groups, how long their names are: all pairs of them
	awk -v n="$1" -v len="$2" '
	function name(i, s) {
		s = sprintf("g%02d", i)
		while (length(s) < len)
			s = s "_interneuron"
		return substr(s, 1, len)
	}
	BEGIN {
		print "source,target,bin_low,bin_high,cells"
		for (i = 0; i < n; i++)
			for (j = 0; j < n; j++)
				for (k = 0; k < 9; k++)
					printf "%s,%s,%d,%d,%d\n", name(i), name(j),
						k + i * 10, k + i * 10 + 1,
						k < 5 ? k * k : 9 - k
	}'
}

bars() { block bins <(plot-hist "$@" --script); } # low, high, count

# What is said of the values: in the key, or, of several panels, above each.
note() {
	plot-hist "$@" >n.svg && words n.svg >n &&
		grep -E '^(mean|sd|median|outside) ' n >said || return
	paste -s -d, said | sed 's/,/, /g'
}

@test "bins of one whole number stand around it, with exact moments" {
	bins 2,3,1 4,5,3 5,6,2 7,8,1 9,10,1 >t
	[ "$(bars t | head -n 2 | paste -s -d' ')" = "1.5 2.5 1 3.5 4.5 3" ]
	# 2 4 4 4 5 5 7 9: squares of deviations add up to 32
	is "$(note t)" "mean 5.00, sd 2.14, median 4.50"
	# nothing is -0.00
	values 1 -1 -0.0004 >v
	[[ $(note -x v v) == *"median 0.00" ]]
}

@test "bins say the same as the values they were made of" {
	bins 2,3,1 4,5,3 5,6,2 7,8,1 9,10,1 >t
	values 9 4 4 2 7 5 4 5 >v
	[ "$(note t)" = "$(note -x v --bins 2:10:1 v)" ]
	[ "$(bars t)" = "$(bars -x v --bins 2:10:1 v)" ]
}

@test "other bins do not tell a mean, and the picture has none" {
	bins 0,0.5,2 0.5,1,4 1,2.5,2 >t
	run ! note t
	[ "$(bars t | tail -n 1)" = "1 2.5 2" ]
	bins 4,7,1 7,10,1 >t
	run ! note t
	[ "$(bars t | paste -s -d,)" = "3.5 6.5 1,6.5 9.5 1" ]
	run ! note --continuous t
	[ "$(bars --continuous t | paste -s -d,)" = "4 7 1,7 10 1" ]
}

@test "mean, sd and median as the table has them" {
	table bin_low,bin_high,cells,mean,sd,median 0,10,3,1.25,2,1 10,20,1,1.25,2,1
	is "$(note t)" "mean 1.25, sd 2.00, median 1.00"
	[ "$(bars t | paste -s -d,)" = "-0.5 9.5 3,9.5 19.5 1" ]
	table median,bin_low,bin_high,n 7,0,1,3 7,1,2,1
	plot-hist t >t.svg
	words t.svg | grep -qx 'median 7'
	table g,bin_low,bin_high,n,mean,median a,0,1,3,0.5, b,0,1,1,,
	plot-hist --panel g t >t.svg
	words t.svg | grep -qx 'all 3 at 0'
	words t.svg | grep -qx '1 at 0'
	printf '%s\n' g,bin_low,bin_high,n,mean,median a,0,1,3,0.5, a,1,2,3,0.5, b,0,1,1,, b,3,4,1,, >t
	plot-hist --panel g t >t.svg
	is "$(words t.svg | grep '^mean ')" 'mean 0.500'
	table bin_low,bin_high,n,mean 0,1,3,0.5 1,2,3,0.75
	bad "t:3: column 'mean': not as in the rows before; for a panel each: --panel: '0.75'" t
	table bin_low,bin_high,mean 0,1,3
	bad "t: no column of counts" t
	[ "$(bars -y mean t)" = "-0.5 0.5 3" ]
	table bin_low,bin_high,mean,sd 0,1,3,0.5 3,4,2,0.5
	plot-hist -y mean t >t.svg
	words t.svg | grep -qx 'sd 0.500'
}

@test "--continuous" {
	bins 0,1,1 1,2,3 >t
	is "$(note t)" "mean 0.75, sd 0.50, median 1.00"
	run ! note --continuous t
	[ "$(bars --continuous t | tail -n 1)" = "1 2 3" ]
}

@test "fractions of cells have no sd, one cell has none" {
	bins 0,1,0.25 1,2,0.75 >t
	is "$(note t)" "mean 0.75, median 1.00"
	bins 3,4,1 >t
	is "$(note t)" 'mean 3, median 3'
}

@test "the bars of the SVG are as high as the counts" {
	bins 0,1,10 1,2,40 2,3,20 | plot-hist >t.svg
	# how high a bar is: of the y of its corners the most less the least
	sed -n "s/.*rgb(  0, 114, 178).*points = '\([^']*\)'.*/\1/p" t.svg | awk '{
		low = high = ""
		for (i = 1; i <= NF; i++) {
			split($i, at, ",")
			if (low == "" || at[2] < low) low = at[2]
			if (high == "" || at[2] > high) high = at[2]
		}
		print high - low
	}' >heights
	[ "$(awk '{ h[NR] = $1 } END { printf "%.1f %.1f", h[2] / h[1], h[3] / h[1] }' heights)" = "4.0 2.0" ]
}

@test "-y, --low and --high choose columns" {
	printf '%s\n' a,from_um,to_um,n,m 1,0,5,3,8 1,5,10,1,9 >t
	[ "$(bars --low from_um --high to_um t | cut -d' ' -f3 | paste -s -d' ')" = "8 9" ]
	[ "$(bars --low from_um --high to_um -y n t | cut -d' ' -f3 | paste -s -d' ')" = "3 1" ]
	plot-hist --low from_um --high to_um -y n t >t.svg
	words t.svg | grep -qx n
	run plot-hist t
	[[ $output == "plot-hist: t: no column 'bin_low': there are "* ]]
}

@test "labels of the axes" {
	bins 0,1,3 >t
	plot-hist t >t.svg
	words t.svg | grep -qx Cells
	plot-hist --xlabel 'partners per cell' --ylabel 'how many' --title All t >t.svg
	words t.svg | grep -qx 'partners per cell'
	words t.svg | grep -qx 'how many'
	words t.svg | grep -qx All
	run ! grep -q '>Cells<' t.svg
	values 1 2 | plot-hist -x v >t.svg
	words t.svg | grep -qx v
	words t.svg | grep -qx Count
	printf 'distance_low_um,distance_high_um,pairs\n0,5,1\n' |
		plot-hist --low distance_low_um --high distance_high_um >t.svg
	words t.svg | grep -qx 'Distance (µm)'
}

@test "a panel for each pathway, in order" {
	pathways 3 4 >t
	plot-hist t >t.svg
	[ "$(words t.svg | grep -c ' → ')" -eq 9 ]
	words t.svg | grep -qx 'g00_ → g02_'
	[ "$(texts t.svg | awk '/ → / { print $2, $1, $NF }' | sort -n -k1,1 -k2,2 |
		cut -d' ' -f3 | paste -s -d' ')" = "g00_ g01_ g02_ g00_ g01_ g02_ g00_ g01_ g02_" ]
	[ "$(words t.svg | grep -c '^mean ')" -eq 9 ]
	plot-hist --panel source,target t | cmp - t.svg
}

@test "--panel takes any columns" {
	printf '%s\n' layer,bin_low,bin_high,cells L4,0,1,3 L5,0,1,4 L4,1,2,2 >t
	plot-hist --panel layer t >t.svg
	words t.svg | grep -qx L4
	words t.svg | grep -qx L5
	words t.svg | grep -qx 'mean 0.400, sd 0.548, median 0.000'
	words t.svg | grep -qx 'all 4 at 0'
	run plot-hist t
	[ "$status" -eq 1 ]
	[ "$output" = "plot-hist: t:3: bin overlaps that of line 2; for a panel each: --panel" ]
	# not the same groups, though they read the same
	printf '%s\n' p,q,v 'a, b,c,1' '"a","b, c",2' |
		sed '2s/.*/"a, b","c",1/' | plot-hist -x v --panel p,q >t.svg
	[ "$(words t.svg | grep -cx 'a, b, c')" -eq 2 ]
	run plot-hist --panel nowhere t
	[[ $output == "plot-hist: t: no column 'nowhere': there are "* ]]
}

@test "panels are a grid, with a key, and the same axes with --share" {
	printf '%s\n' source,target,bin_low,bin_high,cells B,A,0,1,3 B,A,1,2,1 \
		A,B,0,1,1 A,B,5,6,9 A,C,0,1,2 A,C,1,2,2 C,C,3,4,7 >t
	plot-hist --xlabel k t >t.svg
	# rows are sources, columns targets
	texts t.svg | awk '/ → / { x[$7 $9] = $1; y[$7 $9] = $2 } END {
		exit !(x["AC"] == x["CC"] && x["BA"] < x["AB"] && x["AB"] < x["AC"] &&
			y["AB"] == y["AC"] && y["BA"] < y["AB"] && y["AB"] < y["CC"]) }'
	# a label below the lowest of each column
	is "$(texts t.svg | awk '$NF == "k" { print $2 }' | sort -n | uniq -c | awk '{ print $1 }' | paste -s -d' ')" "1 1 1"
	# what is in one bin is a number
	words t.svg | grep -qx 'all 7 at 3'
	is "$(plot-hist --script t | grep -c '^\$bins <<')" 3
	# the key has what is drawn
	is "$(words t.svg | grep -x -e mean -e sd -e median | paste -s -d,)" mean,sd,median
	is "$(block mean <(plot-hist --script t) | head -n 2 | cut -d' ' -f1 | paste -s -d,)" 0.25,0.25
	is "$(block sd <(plot-hist --script t) | head -n 2 | cut -d' ' -f1 | paste -s -d,)" -0.25,0.75
	is "$(block median <(plot-hist --script t) | head -n 2 | cut -d' ' -f1 | paste -s -d,)" 0,0
	ranges() { plot-hist "$@" --script t | grep '^set [xy]range' | sort -u | wc -l; }
	is "$(ranges)" 7
	is "$(ranges --share)" 2
	plot-hist --share --xlabel k t >t.svg
	is "$(words t.svg | grep -cx 5)" 3
}

@test "panels with the same axes have the same bins" {
	{ echo g,v; for i in {0..40}; do echo "a,$i.5"; echo "b,$((i * 7)).25"; done; } >t
	bars -x v --panel g --share t | awk 'NF == 3 && !/EOD/ { d[$2 - $1]; n += $3 }
		END { for (i in d) k++; exit !(k == 1 && n == 82) }'
	bars -x v --panel g t | awk 'NF == 3 && !/EOD/ { d[$2 - $1] } END { for (i in d) k++; exit k != 2 }'
}

@test "eight by eight panels have room in 85 mm, with the same axes" {
	pathways 8 3 >t
	plot-hist --size 85mm t >t.svg 2>err
	is "$(cat err)" "plot-hist: --size: no room for axes of each panel: all have the same
plot-hist: --size: no room for what stands above panels"
	texts t.svg | awk '$4 < 8 { exit 1 }'
	is "$(plot-hist --size 85mm --script t 2>/dev/null | grep '^set [xy]range' | sort -u | wc -l)" 2
	pathways 4 3 >t
	is "$(plot-hist --size 85mm t 2>&1 >t.svg)" ''
	is "$(words t.svg | grep -c '^median [0-9]')" 16
}

@test "one bar alone is a bar; --log and --range are those of counts" {
	bins 3,4,40 >t
	is "$(bars t)" "2.5 3.5 40"
	range() { plot-hist "$@" --script t | sed -n 's/^set yrange \[\(.*\)\]/\1/p'; }
	bins 0,1,1 1,2,100 >t
	is "$(range --range 0:500)" 0:500
	plot-hist --log --script t | grep -qx 'set logscale y'
	range --log | awk -F: '{ exit !($1 > 0.3 && $1 < 0.6) }'
	misused "--range: not above 0, as --log has it: '0:5'" --log --range 0:5 t
	# where it has room the key is in the frame, and so is a note
	bins 0,1,9 1,2,1 2,3,0 3,4,1 >t
	plot-hist --note 'n = 11' t >t.svg
	texts t.svg | awk '/mean 0.545$/ { exit !($1 > 250 && $1 < 440 && $2 < 60) }'
	texts t.svg | awk '/n = 11$/ { exit !($2 < 60) }'
}

@test "raw values go into as many bins as the rule says" {
	{ echo v; awk 'BEGIN { for (i = 0; i < 100; i++) print i + 0.5 }'; } >t
	# log2(100) + 1 = 7.64, so eight bins in 99, 12.375 wide
	bars -x v t >b
	[ "$(cut -d' ' -f3 b | paste -s -d' ')" = "13 12 13 12 12 13 12 13" ]
	[ "$(head -n 1 b | cut -d' ' -f1)" = 0.5 ]
	[ "$(tail -n 1 b | cut -d' ' -f2)" = 99.5 ]
	is "$(note -x v t)" "mean 50.0, sd 29.0, median 50.0"
}

@test "bins of whole numbers hold equally many of them" {
	{ echo v; awk 'BEGIN { for (i = 0; i < 1000; i++) print i % 10 }'; } >t
	[ "$(bars -x v t | cut -d' ' -f3 | sort -u)" = 100 ]
	{ echo v; awk 'BEGIN { for (i = 0; i < 63; i++) print i }'; } >t
	# 62 / (log2(63) + 1) = 8.9
	[ "$(bars -x v t | cut -d' ' -f1 | paste -s -d' ')" = "-0.5 8.5 17.5 26.5 35.5 44.5 53.5" ]
	[ "$(bars -x v t | cut -d' ' -f3 | sort -u)" = 9 ]
}

@test "--bins" {
	values 0 0.1 0.2 0.5 0.6 1 >t
	[ "$(bars -x v --bins 2 t | paste -s -d,)" = "0 0.5 3,0.5 1 3" ]
	[ "$(bars -x v --bins 0:1:0.25 t | paste -s -d,)" = "0 0.25 3,0.5 0.75 2,0.75 1 1" ]
	[ "$(bars -x v --bins 0:0.5:0.25 t | paste -s -d,)" = "0 0.25 3,0.25 0.5 1" ]
	is "$(note -x v --bins 0:0.5:0.25 t)" "outside 2, mean 0.400, sd 0.374, median 0.350"
	[ "$(bars -x v --bins 0,0.1,1 t | paste -s -d,)" = "0 0.1 1,0.1 1 5" ]
	for bins in 0 -1 x 1.5 1:2 1:2:3:4 2:1:0.5 0:1:0 :: nan:1:1 0:1:0.3 0:10:1e9 1,1; do
		run plot-hist -x v --bins "$bins" t
		[ "$status" -eq 2 ]
		[[ ${lines[0]} == "plot-hist: --bins: "*"'$bins'" ]]
	done
}

@test "options that do not go together" {
	bins 0,1,2 >t
	for option in --low --high -y; do
		run plot-hist -x v "$option" cells t
		[ "$status" -eq 2 ]
	done
	run plot-hist -x v --continuous t
	[ "$status" -eq 2 ]
	run plot-hist --bins 3 t
	[ "$status" -eq 2 ]
	[ "${lines[0]}" = "plot-hist: --bins needs --x" ]
}

@test "few values, equal ones, missing ones, none" {
	for v in 0 1e300 -3 1e-300 2.5; do
		values "$v" "$v" >t
		[[ $(note -x v t) == 'mean '*', sd 0'*', median '* ]]
	done
	printf 'g,v\na,\nb,1\nb,nan\nb,3\n' >t
	plot-hist -x v --panel g t >t.svg
	words t.svg | grep -qx 'mean 2.00, sd 1.41, median 2.00'
	[ "$(words t.svg | grep -cx 'no data')" -eq 1 ]
	bins 0,1,0 | plot-hist >t.svg
	words t.svg | grep -qx 'no data'
}

@test "a header without rows is an empty frame" {
	bins | plot-hist >t.svg
	[ "$(words t.svg | grep -v '^[0-9.]*$' | paste -s -d' ')" = "Cells no data" ]
	values | plot-hist -x v --panel v -T dumb | grep -q 'no data'
}

@test "bad input is named by file, line and column" {
	bins 0,1,2 x,2,3 >t
	run plot-hist t
	[ "$status" -eq 1 ]
	[ "$output" = "plot-hist: t:3: column 'bin_low': not a number: 'x'" ]
	bins 0,1,2 1,1,3 >t
	run plot-hist t
	[ "$output" = "plot-hist: t:3: column 'bin_high': not above the lower end: '1'" ]
	bins 0,1,-2 >t
	run plot-hist t
	[ "$output" = "plot-hist: t:2: column 'cells': negative count: '-2'" ]
	bins 0,inf,2 >t
	run plot-hist t
	[ "$output" = "plot-hist: t:2: column 'bin_high': not a finite number: 'inf'" ]
	values 1 y >t
	run plot-hist -x v t
	[ "$output" = "plot-hist: t:3: column 'v': not a number: 'y'" ]
	values -1e308 1e308 >t
	run plot-hist -x v t
	[ "$output" = "plot-hist: values from -1e+308 to 1e+308 are too far apart for bins" ]
	printf 'bin_low,bin_high\n' >t
	run plot-hist t
	[ "$output" = "plot-hist: t: no column of counts" ]
}

# bats test_tags=long
@test "nothing overlaps and nothing leaves the picture" {
	pathways 1 3 >t
	no_clash plot-hist
	no_clash plot-hist --title 'a title that is far longer than the histogram below it is wide, by far and more'
	pathways 2 30 >t
	no_clash plot-hist --xlabel 'partners per cell'
	pathways 4 30 >t
	no_clash plot-hist
	no_clash plot-hist --size 900x800
	pathways 4 3 >t
	no_clash plot-hist --xlabel 'partners per cell'
}

@test "neither do 64 panels with names of thirty letters" {
	pathways 8 30 >t
	no_clash plot-hist
	words t.svg | grep -qx 'g07_interneuron_interneuron_in'
	# 8 pixels are 6 points
	texts t.svg | awk '$4 < 8 { exit 1 }'
}

@test "--size" {
	pathways 3 3 >t
	plot-hist --size 900x700 t >t.svg
	[ "$(size t.svg)" = "900 700" ]
	run plot-hist --size 200x100 t
	[ "$status" -eq 1 ]
	[[ $output == "plot-hist: --size: too small: "*x*" would do" ]]
	would=${output#*small: }
	no_clash plot-hist --size "${would% would do}"
}

@test "--palette colours the bars" {
	bins 0,1,3 >t
	plot-hist t | grep -qF 'rgb(  0, 114, 178)'
	plot-hist --palette magma t >t.svg
	run ! grep -qF 'rgb(  0, 114, 178)' t.svg
}

@test "-T dumb draws with characters" {
	run plot-hist -T dumb --xlabel partners --title T \
		<(bins 0,1,1 1,2,4 2,3,2)
	[ "$status" -eq 0 ]
	[[ $output == *'*****'* ]]
	[[ $output == *partners* ]]
	[[ ${lines[1]} == Cells* ]]
	[[ $output == *'mean 1.14, sd 0.69, median 1.00'* ]]
	[[ $output != *$'\f'* ]]
	# every tic is whole
	pathways 3 30 | plot-hist -T dumb >t
	[ "$(grep -c 'mean' t)" -eq 9 ]
	[ "$(grep -c '^ *[0-9]* +' t)" -ge 18 ]
}

@test "same input, same bytes; the script draws the same picture" {
	pathways 3 8 >t
	plot-hist t >a.svg
	plot-hist t | cmp - a.svg
	same_script plot-hist
	plot-hist -T pdf t >a.pdf
	[ "$(head -c 5 a.pdf)" = %PDF- ]
	pathways 1 3 >t
	same_script plot-hist
}

@test "labels are drawn as they stand, and run nothing" {
	{
		echo source,target,bin_low,bin_high,cells
		for name in "${odd[@]}"; do
			echo "$(csv "$name"),$(csv "$name"),0,1,2"
		done
	} >t
	plot-hist t >t.svg
	words t.svg >w
	for name in "${odd[@]}"; do
		grep -qxF -e "$name → $name" w || {
			grep -qxF -e "$name →" w
			grep -qxF -e "$name" w
		}
	done
	for terminal in png pdf canvas dumb; do
		plot-hist -T "$terminal" t >/dev/null
	done
	plot-hist --script t | gnuplot 2>/dev/null | cmp - t.svg
	rsvg-convert t.svg >t.png
	[ ! -e x ]
}

# bats test_tags=long
@test "so are the title and the labels of the axes" {
	for name in "${odd[@]}"; do
		printf '%s,%s,%s\n0,1,2\n' "$(csv "l$name")" "$(csv "h$name")" \
			"$(csv "y$name")" >t
		plot-hist --low "l$name" --high "h$name" --title "t$name" \
			--xlabel "x$name" t >t.svg
		words t.svg >w
		for text in "t$name" "x$name" "y$name"; do
			grep -qxF -- "$text" w
		done
		plot-hist --low "l$name" --high "h$name" --ylabel "$name" t >t.svg
		words t.svg | grep -qxF -- "$name"
	done
	[ ! -e x ]
}

@test "-o writes the file whole or not at all" {
	bins 0,1,2 >t
	plot-hist -o t.svg t
	plot-hist t | cmp - t.svg
	echo old >t.svg
	run plot-hist -o t.svg <(bins 0,1,x)
	[ "$status" -eq 1 ]
	[ "$(cat t.svg)" = old ]
	run bash -c 'plot-hist t >/dev/full'
	[ "$status" -eq 1 ]
	[ "$output" = "plot-hist: standard output: No space left on device" ]
}

@test "counts have at least two tics, however small the panel" {
	{
		echo source,target,bin_low,bin_high,cells
		printf '%s,0,1,40\n%s,1,2,7\n' PN,PN PN,PN PN,PV PN,PV PV,PN PV,PN PV,PV PV,PV
	} >t
	plot-hist --panel source,target --size 317x250 t >t.svg
	[ "$(words t.svg | grep -cE '^ *(20|40)$')" -ge 2 ]
}
