# shellcheck disable=SC2016 # backquotes and the like are what is tested
load common.bash
load pictures.sh

# The dots of a group: time and row, which is the middle of the dot.
dots() { # group, options
	block "spikes$1" <(script "${@:2}") |
		awk '{ printf "%s%.6g %d", (NR > 1 ? "," : ""), $1, $2 + $4 / 2 + 0.01 }'
}

rate() { # line, options
	block "rate$1" <(script "${@:2}") | paste -s -d,
}

range() { # of an axis; the first mark is clear of the axis by less than 0.05
	script "${@:2}" | sed -n "s/^set $1range \[\(.*\)\]/\1/p" | head -n 1 |
		awk -F: '{ print int(20 * $1 + ($1 < 0 ? -0.5 : 0.95)) / 20 ":" $2 }'
}

labels() { # from the bottom up
	plot-raster "$@" t >t.svg
	texts t.svg | sort -k 2,2rn | cut -d' ' -f7- | unescape |
		grep -vx -e 'Time (ms)' -e 'Cell (node id)' -e '-\?[0-9.]*' | paste -s -d,
}

bad() { # what it says
	run --separate-stderr "${@:2}"
	echo "$status: $stderr" >&2
	[ "$status" -eq 1 ] && [ -z "$output" ] && [ "$stderr" = "plot-raster: $1" ]
}

misused() {
	run --separate-stderr "${@:2}"
	echo "$status: $stderr" >&2
	[ "$status" -eq 2 ] && [ -z "$output" ] &&
		[ "${stderr_lines[0]}" = "plot-raster: $1" ]
}

many() { # cells, groups, length of their names, spikes
	awk -v cells="$1" -v groups="$2" -v len="$3" -v n="$4" "$draws"'BEGIN {
		sow(1)
		print "timestamps,population,node_ids,pop_name"
		for (i = 0; i < n; i++) {
			id = int(draw() * cells)
			s = sprintf("g%02d", int(id * groups / cells))
			while (length(s) < len)
				s = s "_interneuron"
			printf "%.3f,net,%d,%s\n", 1000 * draw(), id, \
				substr(s, 1, len)
		}
	}' >t
}

@test "a dot for each spike, at its time and in the row of its id" {
	table timestamps,node_ids 1,4 2.5,2 7,7
	[ "$(dots 0)" = "1 4,2.5 2,7 7" ]
	[ "$(range y)" = "1.5:7.5" ]
	plot-raster t >t.svg
	words t.svg | grep -qx 'Cell (node id)'
	words t.svg | grep -qx 'Time (ms)'
	table timestamps,population,node_ids 1,net,4 2.5,net,2
	[ "$(dots 0)" = "1 4,2.5 2" ]
}

@test "--xlabel, --ylabel, and --range of the rates" {
	table timestamps,node_ids,pop_name 1,4,a 2.5,2,b 7,7,a
	plot-raster --rate 5 t >t.svg
	is "$(words t.svg | grep '[A-Z(]' | sort | paste -s -d,)" "(Hz),Firing rate,Time (ms)"
	plot-raster --rate 5 --xlabel When --ylabel Who t >t.svg
	is "$(words t.svg | grep '[A-Z(]' | sort | paste -s -d,)" "(Hz),Firing rate,When,Who"
	no_clash plot-raster --rate 5 --ylabel 'Cells of both groups'
	script --rate 5 --range 0:1000 | grep -qx 'set yrange \[0:1000\]'
	script --rate 5 --range 50:80 | grep -qx 'set yrange \[50:80\]'
	misused "--range needs --rate" plot-raster --range 0:1 t
	table timestamps,node_ids 1,4 2.5,2
	plot-raster --ylabel Id t >t.svg
	is "$(words t.svg | grep '[A-Z(]' | sort | paste -s -d,)" "Id,Time (ms)"
	plot-raster --ylabel Id -T dumb t | grep -q '^ *Id *$'
}

@test "a width alone: the height is what the groups need" {
	many 400 4 30 2000
	no_clash plot-raster --rate 20 --size 85mm
	is "$(sed -n 's/^ width="\([^"]*\)".*/\1/p' t.svg)" 85mm
	# long names are on two lines there, and leave room
	is "$(words t.svg | grep -c -x -e 'g0[0-3]_interneuron_' -e interneuron_in)" 8
	script --size 85mm | sed -n 's/^set \([lr]\)margin at screen //p' | paste -s -d' ' |
		awk '{ exit $2 - $1 < 0.42 }'
	plot-raster --size 85mmx70mm t >u.svg
	is "$(words u.svg | grep -c '^g0[0-3]_interneuron_interneuron_in$')" 4
	many 400 40 30 2000
	no_clash plot-raster --rate 20 --size 85mm
	is "$(labels --size 85mm | tr , '\n' | wc -l)" 40
	texts t.svg | awk '$4 < 8 { exit 1 }'
}

@test "--colors: a group has its colour wherever it stands" {
	table timestamps,node_ids,pop_name 1,1,b 2,2,c
	printf '%s\n' group,colour a, b, c,#123456 >colors
	script --colors colors >s
	# b is the second of the scheme, c what the file says
	grep -q '^plot \$spikes0 .*"#e69f00"' s
	grep -q '^ *\$spikes1 .*"#123456"' s
	script --rate 5 --colors colors | grep -q '^plot \$rate0 .*"#e69f00"'
}

@test "groups by pop_name, from the bottom up in the order of their first cell" {
	table timestamps,population,node_ids,pop_name,layer 1,A,9,PV,x 2,A,3,SOM,y \
		3,A,5,PV,y 4,A,9,PV,x
	[ "$(labels)" = SOM,PV ]
	[ "$(dots 0)" = "2 0" ]
	[ "$(dots 1)" = "1 2,3 1,4 2" ]
	[ "$(range y)" = "-0.5:2.5" ]
	[ "$(labels -g layer)" = y,x ]
	[ "$(dots 1 -g layer)" = "1 2,4 2" ]
	sed -i 's/layer/group/' t
	[ "$(labels)" = y,x ]
	[ "$(labels -g pop_name)" = SOM,PV ]
	run plot-raster -g nothing t
	[ "$status" -eq 1 ] && [[ $output == *"'nothing'"* ]]
}

@test "populations are groups, and those of each their own" {
	table timestamps,population,node_ids 1,A,4 2,B,4 3,A,5
	[ "$(labels)" = A,B ]
	[ "$(dots 0)" = "1 0,3 1" ]
	[ "$(dots 1)" = "2 2" ]
	table timestamps,population,node_ids,pop_name 1,A,4,PV 2,B,4,PV 3,A,5,
	[ "$(labels)" = A:PV,A,B:PV ]
}

@test "-n: silent cells keep their place" {
	table timestamps,node_ids 1,30 2,10
	printf '%s\n' node_id,pop_name,layer 10,a,L1 20,b,L2 30,a,L2 40,b,L1 >n
	[ "$(labels -n n)" = a,b ]
	[ "$(dots 0 -n n)" = "1 1,2 0" ]
	[ "$(range y -n n)" = "-0.5:3.5" ]
	[ "$(labels -n n -g layer)" = L1,L2 ]
	[ "$(dots 1 -n n -g layer)" = "1 3" ]
	table timestamps,population,node_ids 1,net,30
	[ "$(dots 0 -n n)" = "1 1" ]
	table timestamps,node_ids 1,30 2,11
	bad "t:3: --nodes has no such node: '11'" plot-raster -n n t
}

@test "groups without spikes are named in grey, and said" {
	table timestamps,node_ids 1,30 2,10
	printf '%s\n' node_id,pop_name 10,a 20,b 30,a 40,c >n
	run --separate-stderr plot-raster -n n t
	is "$stderr" "plot-raster: groups without spikes: b, c"
	printf '%s\n' "$output" >t.svg
	is "$(texts t.svg | awk '$7 ~ /^[abc]$/ { print $7, $6 }' | sort | paste -s -d' ')" \
		"a black b rgb(128,128,128) c rgb(128,128,128)"
	run --separate-stderr plot-raster -n n --from 2 t
	is "$stderr" "plot-raster: groups without spikes: b, c"
	run --separate-stderr plot-raster -n n --from 5 t
	is "$stderr" ""
	run --separate-stderr plot-raster t
	is "$stderr" ""
}

@test "-n: populations without spikes are left out" {
	printf '%s\n' population,node_id,pop_name A,0,a A,1,a B,0,a C,0,c >n
	table timestamps,population,node_ids 1,A,1
	[ "$(labels -n n)" = a ]
	[ "$(range y -n n)" = "-0.5:1.5" ]
	table timestamps,population,node_ids 1,A,1 2,B,0
	[ "$(labels -n n)" = A:a,B:a ]
	printf '%s\n' population,node_id,pop_name D,0,a >m
	table timestamps,population,node_ids 1,A,1 2,D,0
	bad "t:3: --nodes has no such population: 'D'" plot-raster -n n t
	[ "$(labels -n n -n m)" = A:a,D:a ]
}

@test "-n: a config, and an HDF5 file" {
	table timestamps,population,node_ids 1,A,0 2,A,5
	nodes=$BATS_TEST_DIRNAME/data/tricky/network/A_nodes.h5
	[ "$(range y -n "$nodes")" = "-0.5:9.5" ]
	script -n "$nodes" -g layer >want
	script -n "$BATS_TEST_DIRNAME/data/tricky/config.json" -g layer | cmp want -
	sonata-nodes -p A "$BATS_TEST_DIRNAME/data/tricky/config.json" >n
	script -n n -g layer | cmp want -
}

@test "-n: cells that are not chosen have no row, and no spikes" {
	table timestamps,population,node_ids 1,A,0 2,A,5 3,A,9
	nodes=$BATS_TEST_DIRNAME/data/tricky/network/A_nodes.h5
	[ "$(range y -n "$nodes" --where 'node_id>=5')" = "-0.5:4.5" ]
	[ "$(script -n "$nodes" --where 'node_id>=5' | grep -c '^[239] .* 0 0')" -eq 2 ]
	printf '%s' '{"networks": {"nodes": [{"nodes_file": "'"$nodes"'"}]},
		"node_sets": {"few": {"population": "A", "node_id": [0, 9]}}}' >c.json
	[ "$(range y -n c.json --node-set few)" = "-0.5:1.5" ]
	run ! plot-raster --where node_id=5 t
	cp "$nodes" elsewhere.h5
	cp "${nodes%/*}"/A_node_types.csv types
	script -n elsewhere.h5 --node-types types -g pop_name >typed
	script -n "$nodes" -g pop_name | cmp typed -
}

@test "--from and --to: the end is not in" {
	table timestamps,node_ids 1,1 2,1 3,1 4,2
	[ "$(dots 0 --from 2 --to 4)" = "2 1,3 1" ]
	[ "$(range x --from 2 --to 3)" = 2:3 ]
	[ "$(range y --from 2 --to 3)" = 0.5:2.5 ]
	[ "$(range x)" = 0:4 ]
	table timestamps,node_ids 100,1 110,1
	[ "$(range x)" = 100:110 ]
	[ "$(range x --to 105)" = 100:105 ]
	misused "--from must be < --to: 3, 2" plot-raster --from 3 --to 2 t
	misused "--from: not a number: 'x'" plot-raster --from x t
	misused "--to: must be in (-inf,inf): 'inf'" plot-raster --to inf t
}

@test "--rate: spikes for each cell and second" {
	table timestamps,node_ids 0,1 1,1 9.9,2 10,1 19,2 25,1
	[ "$(rate 0 --rate 10)" = "0 150,10 150,10 100,20 100,20 50,30 50" ]
	[ "$(rate 0 --rate 10 --to 25)" = "0 150,10 150,10 100,20 100,20 0,25 0" ]
	[ "$(rate 0 --rate 10 --from 5 --to 25)" = "5 100,15 100,15 50,25 50" ]
	printf '%s\n' node_id 1 2 3 4 >n
	sed -i 's/node_id/&,node_type_id/; 2,$s/$/,5/' n
	[ "$(rate 0 -n n --rate 10 | cut -d, -f1)" = "0 75" ]
	table timestamps,node_ids 104,1 106,1
	[ "$(rate 0 --rate 5)" = "100 200,105 200,105 200,110 200" ]
	misused "--rate: must be in (0,inf): '0'" plot-raster --rate 0 t
	bad "--rate: 1000000000 bins, more than 10000000: '1e-07'" plot-raster --from 0 --to 100 --rate 1e-7 t
}

@test "--rate: as spike-rate has it" {
	many 80 4 3 2000
	awk 'BEGIN { print "node_id,pop_name"
		for (i = 0; i < 90; i++) printf "%d,g%02d\n", i, i / 20 }' >n
	spike-rate --bin 50 --from 100 --to 900 -n n t >rates
	for i in 0 1 2 3; do
		block rate$i <(script -n n --rate 50 --from 100 --to 900) |
			awk 'NR % 2 { print $1 "," $2 }' |
			diff - <(grep ",g0$i," rates | cut -d, -f1,2)
	done
}

@test "--rate: a line for each of seven groups, or one for all" {
	table timestamps,node_ids,pop_name 1,1,a 2,1,a 3,2,b
	[ "$(rate 0 --rate 10)" = "0 200,10 200" ]
	[ "$(rate 1 --rate 10)" = "0 100,10 100" ]
	{ echo timestamps,node_ids,pop_name
	for i in 1 2 3 4 5 6 7 8; do echo "$i,$i,g$i"; done; } >t
	[ "$(rate 0 --rate 10)" = "0 100,10 100" ]
	[ -z "$(rate 1 --rate 10)" ]
	sed -i '$d' t
	[ -n "$(rate 6 --rate 10)" ]
}

@test "--rate: the one line of many groups says whose it is" {
	many 80 8 3 200
	plot-raster --rate 20 t >t.svg
	is "$(words t.svg | grep -cx 'all cells')" 1
	no_clash plot-raster --rate 20
	many 80 7 3 200
	plot-raster --rate 20 t >t.svg
	is "$(words t.svg | grep -cx 'all cells')" 0
	table timestamps,node_ids 1,1 2,2
	plot-raster --rate 20 t >t.svg
	is "$(words t.svg | grep -cx 'all cells')" 0
}

@test "--rate: many bins are thinned out to what can be seen" {
	many 100 1 3 20000
	[ "$(block rate0 <(script --rate 0.1) | wc -l)" -lt 3000 ]
	most() { awk '$2 > m { m = $2 } END { print m }'; }
	[ "$(block rate0 <(script --rate 0.1) | most)" = \
		"$(awk -F , 'NR > 1 { n = ++c[int($1 / 0.1)]; if (n > m) m = n }
			END { print m / 100 / 0.0001 }' t)" ]
}

@test "dots in the same pixel are one" {
	table timestamps,node_ids 0,1 500,1 500.01,1 500.02,1 1000,1
	[ "$(dots 0)" = "0 1,500 1,1000 1" ]
	[ "$(dots 0 --from 500 --to 500.03)" = "500 1,500.01 1,500.02 1" ]
}

# The part of the area that strokes cover, as wide as they are drawn.
covered() { # options
	script "$@" | awk '
	/^set [lrtb]margin/ { m[substr($2, 1, 1)] = $5 }
	/^set terminal/ { sub(/.*size /, ""); wide = $0 + 0 }
	/^set yrange/ && !y { split(substr($3, 2), r, ":"); y = r[2] - r[1] }
	/^\$spikes/ { inside = 1; next }
	/^EOD/ { inside = 0 }
	inside { sum += $4; n++ }
	/linewidth/ && /spikes/ { split($0, w, "linewidth "); width = w[2] + 0 }
	END {
		across = (m["r"] - m["l"]) * wide
		printf "%.2f %.2f %d\n", sum / y * width / 1.2 / across, width, n
	}'
}

@test "where spikes crowd they are drawn finer, and do not fill the area" {
	many 1000 1 3 60000
	read -r part width strokes < <(covered --size 321x240)
	awk -v p="$part" -v w="$width" 'BEGIN { exit !(p < 0.5 && w == 0.4) }'
	[ "$strokes" -lt 100000 ]
	# few keep a width that is seen: 0.9 points, or 1.35 in rows that are high
	many 1000 1 3 1000
	read -r part width strokes < <(covered --size 321x240)
	is "$width" 1.20
	many 20 1 3 200
	read -r part width strokes < <(covered --size 321x240)
	is "$width" 1.80
	# so do those of a group of few beside a crowd, which are a pixel high
	{ many 1000 1 3 60000; cut -d, -f1,3,4 t; for i in 5 205 905; do
		echo "$i,1001,rare"; done; } >u
	mv u t
	script --size 321x240 >s
	grep -q 'spikes1 with vectors nohead linewidth 1.2 ' s
	grep -q 'spikes0 with vectors nohead linewidth 0.4 ' s
	block spikes1 s | awk '$4 < 4 { exit 1 } END { exit NR != 3 }'
}

# Columns of strokes between others would be white lines.
@test "in a PNG a step is a dot" {
	many 1000 1 3 60000
	script --size 60mm -T png | awk '
	/^set [lr]margin/ { m[substr($2, 1, 1)] = $5 }
	/^set terminal/ { sub(/.*size /, ""); wide = $0 + 0 }
	/^set xrange/ { split(substr($3, 2), r, ":") }
	/^\$spikes/ { inside = 1; next }
	/^EOD/ { inside = 0 }
	inside && $4 > 5 { x[n++] = $1 }
	END {
		scale = (m["r"] - m["l"]) * wide / (r[2] - r[1])
		for (i = 1; i < n; i++) {
			step = (x[i] - x[i - 1]) * scale
			if (step > 0.01 && (step < least || !least))
				least = step
		}
		exit !(n > 100 && least > 0.99 && least <= 1.0001) }'
}

# bats test_tags=long
@test "more cells than pixels: no picture is large, and no group is lost" {
	many 100000 3 4 300000
	{ echo timestamps,node_ids,pop_name; sed 1d t | cut -d, -f1,3,4
	echo 5,100000,rare; } >u
	mv u t
	plot-raster t >t.svg
	[ "$(wc -c <t.svg)" -lt 4000000 ]
	[ "$(block spikes3 <(script) | wc -l)" -eq 1 ]
	[ "$(labels)" = g00_,g01_,g02_,rare ]
	# Every spike is in a stroke of its group, but for a pixel.
	script | awk '
	/^\$spikes/ { g = substr($1, 8); next }
	/^EOD/ { g = "" }
	g == 1 && NF == 4 { if ($2 < low || low == "") low = $2
		if ($2 + $4 > high) high = $2 + $4 }
	END { exit !(low > 31000 && high < 64500 && high - low > 31500) }'
}

@test "no spikes: an empty frame" {
	table timestamps,node_ids
	for how in "" "--rate 5" "-n n" "-n n --rate 5" "--from 3 --to 9"; do
		printf '%s\n' node_id,pop_name 1,a 2,b >n
		# shellcheck disable=SC2086 # words
		plot-raster $how t >t.svg
		words t.svg | grep -qx 'no data'
		# shellcheck disable=SC2086
		plot-raster $how -T dumb t | grep -q 'no data'
	done
	table timestamps,node_ids 1,2
	plot-raster --from 5 t | grep -q 'no data'
}

# bats test_tags=long
@test "no label hides another, or is cut off" {
	many 40 4 6 200
	no_clash plot-raster
	no_clash plot-raster --rate 20 --title "a title"
	no_clash plot-raster --size 400x300
	many 400 40 30 2000
	no_clash plot-raster --rate 20
	no_clash plot-raster --size 700x520
	[ "$(labels | tr , '\n' | wc -l)" -eq 40 ]
	awk 'BEGIN { print "timestamps,node_ids,pop_name"; for (i = 0; i < 5000; i++)
		print i "," i "," (i < 5 || i > 4994 ? "small" i : "large") }' >t
	no_clash plot-raster
	[ "$(labels | tr , '\n' | wc -l)" -eq 11 ]
	table timestamps,node_ids 1,100000 2,200000
	no_clash plot-raster --rate 1 --title "a title that is longer than the picture is wide, as titles of theses are, and then some more of it"
}

@test "type is never below 6 points" {
	many 400 60 20 1000
	plot-raster --rate 20 t >t.svg
	[ "$(texts t.svg | awk '$4 < 8' | wc -l)" -eq 0 ]
	run plot-raster --size 300x200 t
	[ "$status" -eq 1 ]
	[[ $output =~ ^"plot-raster: --size: too small: "([0-9]+x[0-9]+)" would do"$ ]]
	plot-raster --size "${BASH_REMATCH[1]}" t >/dev/null
}

@test "labels are drawn as they stand, and nothing is run" {
	{ echo timestamps,node_ids,pop_name
	for i in "${!odd[@]}"; do
		echo "$i,$i,$(csv "${odd[i]}")"
	done; } >t
	for terminal in svg png canvas dumb pdf; do
		plot-raster --rate 2 --title "${odd[0]}" -T "$terminal" t >out
		[ ! -e touch ] && [ ! -e x ]
	done
	plot-raster --title "${odd[1]}" t >t.svg
	words t.svg >found
	for s in "${odd[@]}"; do
		grep -qxF -e "$s" found || { echo "$s" >&2; return 1; }
	done
}

@test "the script draws the picture" {
	many 40 4 6 200
	same_script plot-raster --rate 20
}

@test "the same bytes each time" {
	many 40 4 6 200
	for terminal in svg png pdf; do
		plot-raster -T $terminal --rate 20 t | cmp - \
			<(plot-raster -T $terminal --rate 20 t)
	done
}

@test "--palette, --title, --size and -o" {
	many 40 4 6 200
	script --palette magma >other
	run ! cmp -s other <(script)
	plot-raster --title 'My spikes' --size 500x400 -o out.svg t
	words out.svg | grep -qx 'My spikes'
	[ "$(size out.svg)" = "500 400" ]
}

@test "in the terminal" {
	table timestamps,node_ids,pop_name 1,0,a 5,1,b 9,0,a
	plot-raster -T dumb t >t.txt
	[ "$(grep -o '[AB]' t.txt | sort | paste -sd '')" = AAB ]
	grep -q '^ *a *|' t.txt
}

@test "what is wrong in the table" {
	table timestamps,node_ids 1,x
	bad "t:2: column 'node_ids': not the id of a node: 'x'" plot-raster t
	table timestamps,node_ids 1,-3
	bad "t:2: column 'node_ids': not the id of a node: '-3'" plot-raster t
	table timestamps,node_ids inf,3
	bad "t:2: column 'timestamps': not a finite number: 'inf'" plot-raster t
	table timestamps,node_ids ,3
	bad "t:2: column 'timestamps': not a number: ''" plot-raster t
	table timestamps,node_ids 1,3 x,3
	bad "t:3: column 'timestamps': not a number: 'x'" plot-raster t
	table times,node_ids 1,3
	run plot-raster t
	[ "$status" -eq 1 ] && [[ $output == *timestamps* ]]
	table timestamps,node_ids,pop_name 1,3,a 2,3,b
	bad "t:3: another group than before: 'b'" plot-raster t
}

@test "a spike beside whose time a millisecond is nothing" {
	for time in 1e37 -1.79e308 1.79e308; do
		plot-raster --script <<<"timestamps,node_ids"$'\n'"$time,2" >script
		sed -n 's/^set xrange .\(.*\):\(.*\)]/\1 \2/p' script |
			awk '{ n = $1 < $2 } END { exit !n }'
		plot-raster <<<"timestamps,node_ids"$'\n'"$time,2" | grep -q '</svg>'
	done
}

@test "cells without a group are told beside their rows" {
	printf '%s\n' timestamps,node_ids,pop_name 1,0, 2,1,PV >t
	plot-raster t >t.svg
	grep -q '>no group<' t.svg
	printf '%s\n' group,colour ,#123456 >c
	plot-raster --colors c --script t | grep -q '#123456'
}
