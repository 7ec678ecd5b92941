# The reference counts every pair in a double loop, in awk or elsewhere; its
# bins go in as --bin-edges.
load common.bash

tricky=$BATS_TEST_DIRNAME/data/tricky
golden=$reference/golden

bins() { # of the table "e.csv", without the labels
	conn-distance -n n.csv "$@" e.csv | tail -n +2 | cut -d, -f3-7
}

random() { # 70 cells of three groups on a coarse lattice, many edges
	awk "$draws"'BEGIN {
		sow(11)
		print "node_id,pop_name,half,x,y,z"
		for (i = 0; i < 70; i++)
			printf "%d,%s,%s,%s,%s,%s\n", i * 3,
				substr("PVS", int(draw() * 3) + 1, 1), i % 2,
				int(draw() * 9) / 10, draw() * 100 - 50,
				int(draw() * 5) * 1000.1
	}' >n.csv
	awk "$draws"'BEGIN {
		sow(12)
		print "source_node_id,target_node_id,is_gap_junction,nsyns"
		for (i = 0; i < 3000; i++)
			printf "%d,%d,%s,%s\n", int(draw() * 70) * 3,
				int(draw() * 70) * 3, draw() < 0.1 ? "true" : "",
				draw() < 0.1 ? 0 : 2
	}' >e.csv
}

# Count n.csv and e.csv in a loop over all pairs, by the bins of a table of ours,
# and write the lines of it that are not so.
loop() { # axes, column of the sources' groups, of the targets', the table
	awk -F, -v axes="$1" -v from="$2" -v to="$3" '
	FNR == 1 { file++; next }
	file == 1 {
		id[n++] = $1
		a[$1] = $from; b[$1] = $to
		x[$1] = $4; y[$1] = $5; z[$1] = $6
	}
	file == 2 && $3 != "true" && $4 > 0 { edge[$1, $2] = 1 }
	file == 3 {
		last[$1, $2] = $4
		row[++rows] = $0
	}
	END {
		for (i = 0; i < n; i++)
			for (j = 0; j < n; j++)
				if (i != j)
					pair(id[i], id[j])
		for (k = 1; k <= rows; k++)
			check(row[k])
	}
	function pair(i, j, dx, dy, dz) {
		dx = axes ~ /x/ ? x[i] - x[j] : 0
		dy = axes ~ /y/ ? y[i] - y[j] : 0
		dz = axes ~ /z/ ? z[i] - z[j] : 0
		np++
		ds[np] = sqrt(dx * dx + dy * dy + dz * dz)
		pa[np] = a[i]; pb[np] = b[j]
		there[np] = (i, j) in edge
	}
	function check(s, f, k, p, c) {
		split(s, f, ",")
		for (k = 1; k <= np; k++)
			if (pa[k] == f[1] && pb[k] == f[2] && ds[k] >= f[3] + 0 &&
			    (ds[k] < f[4] + 0 || (ds[k] == f[4] + 0 &&
			     f[4] == last[f[1], f[2]]))) {
				p++
				c += there[k]
			}
		if (p + 0 != f[5] || c + 0 != f[6])
			print s ": " p + 0 ", " c + 0
	}' n.csv e.csv "$4"
}

# The same from the files and through a pipe, with threads and without.
both_ways() { # config, population, options
	local config=$1 population=$2
	shift 2
	sonata-nodes -p "${population%%_*}" "$config" >n
	sonata-edges -e "$population" "$config" >e
	conn-distance -e "$population" "$@" "$config" >direct
	conn-distance -n n "$@" <e >piped
	cmp direct piped
	conn-distance -j 3 -e "$population" "$@" "$config" | cmp direct -
	[ "$(wc -l <direct)" -gt 1 ]
}

# Hold a table source,target,bin,left,right,connected,possible,p of the reference
# data against ours, a pair of groups at a time; "self" says that it takes a
# cell and itself for a pair.
against() { # the table, whether "self" or "other", options and config
	local table=$1 self=$2 a b edges n=0
	shift 2
	while IFS=' ' read -r a b edges; do
		conn-distance --source "$a" --target "$b" --bin-edges "$edges" \
			"$@" >ours
		[ "$(wc -l <ours)" -gt 1 ]
		awk -F, -v a="$a" -v b="$b" -v self="$self" '
		FILENAME == "cells" { cells[$1] = $2; next }
		FNR == 1 { next }
		FILENAME == "ours" { ours[n++] = $0; next }
		$1 == a && $2 == b {
			split(ours[$3], f, ",")
			if (self == "self" && a == b && $3 == 0)
				$7 -= cells[a]
			if (f[1] != a || f[2] != b || f[3] != $4 || f[4] != $5 ||
			    f[5] != $7 || f[6] != $6 ||
			    ($7 > 0 && self != "self" && f[7] != $8))
				print ours[$3], "rather than", $0
			seen++
		}
		END { if (seen != n) print seen, "rows rather than", n }' \
			ours cells "$table" >wrong
		is "$(cat wrong)" ""
		n=$((n + 1))
	done < <(awk -F, 'NR > 1 && $4 != "" && $4 >= 0 && $4 < $5 {
		k = $1 " " $2
		if (!(k in edges))
			order[n++] = k
		edges[k] = (edges[k] == "" ? $4 : edges[k]) "," $5
	} END {
		for (i = 0; i < n; i++)
			print order[i], edges[order[i]]
	}' "$table")
	[ "$n" -gt 0 ]
}

cells() { # how many cells a group has, for "against"
	conn-matrix --stats rows "$@" | tail -n +2 | cut -d, -f1,3 >cells
}

# bats test_tags=long
@test "every row of the reference, tricky" {
	cells -e A_to_A "$tricky/config.json"
	against "$tricky/reference/reference.probability.csv" other \
		-e A_to_A "$tricky/config.json"
}

# bats test_tags=long
@test "every row of the reference, la" {
	need golden/la/config.json
	cells -e LA_to_LA "$golden/la/config.json"
	against "$golden/la/reference/reference.probability.csv" other \
		-e LA_to_LA "$golden/la/config.json"
}

@test "every row of the reference, example300" {
	need golden/example300/config.json
	cells -e example_net_to_example_net "$golden/example300/config.json"
	against "$golden/example300/reference/reference.probability.csv" \
		other -e example_net_to_example_net \
		"$golden/example300/config.json"
}

# BMTool's bins are our default ones where two cells are in the same place; it
# takes a cell and itself for a pair, and counts rows, which are connections
# here.
# bats test_tags=long
@test "BMTool's probabilities, example300, all of them, along xyz and xy" {
	need golden/example300/config.json
	local e=example_net_to_example_net n=$golden/example300 version
	cells -e $e "$n/config.json"
	for version in 0.5.9.5 0.8.6; do
		against "$n/bmtool-$version/probability.xyz.csv" self -e $e \
			"$n/config.json"
		against "$n/bmtool-$version/probability.xy.csv" self -e $e \
			--axes xy "$n/config.json"
	done
	conn-distance -e $e "$n/config.json" |
		awk -F, 'NR > 1 { print $1, $2, $3 + 0, $4 + 0, $6 }' >ours
	awk -F, 'NR > 1 { print $1, $2, $4 + 0, $5 + 0, $6 }' \
		"$n/bmtool-0.8.6/probability.xyz.csv" | diff - ours
}

# Rows are connections but where the network has several for a pair (PN to PV) or
# gap junctions (PV to PV, SOM to SOM).
# bats test_tags=long
@test "BMTool's probabilities, la" {
	need golden/la/config.json
	local n=$golden/la
	cells -e LA_to_LA "$n/config.json"
	awk -F, 'NR == 1 || !(($1 ~ /^PN/ || $1 == "PV") && $2 == "PV" ||
		$1 == "SOM" && $2 == "SOM")' \
		"$n/bmtool-0.8.6/probability.xyz.csv" >theirs
	[ "$(wc -l <theirs)" -eq 97 ]
	against theirs self -e LA_to_LA "$n/config.json"
}

# bats test_tags=long
@test "BMTool's probabilities, tricky, where there are no multapses and gaps" {
	local k axes n=$tricky/bmtool-0.8.6
	cells -e A_to_A "$tricky/config.json"
	for k in xyz xy; do
		awk -F, 'NR == 1 || $1 != $2 && $1 $2 != "XY"' \
			"$n/probability.$k.csv" >theirs
		[ "$(wc -l <theirs)" -eq 41 ]
		against theirs self -e A_to_A --axes $k "$tricky/config.json"
	done
}

@test "all in one bin is what conn-matrix says" {
	need golden/la/config.json
	conn-distance -e LA_to_LA --bin-edges 0,inf "$golden/la/config.json" |
		cut -d, -f1,2,5- | tail -n +2 >ours
	conn-matrix -e LA_to_LA --stats connections,probability \
		"$golden/la/config.json" | cut -d, -f1,2,5- | tail -n +2 |
		diff - ours
	grep -q '^PV,PV,57360,8635,0.15054.*,0.14763740.*,0.15349029' ours
}

@test "from files and through a pipe: the same bytes, tricky" {
	local c=$tricky/config.json
	both_ways "$c" A_to_A
	both_ways "$c" A_to_A --axes yz --width 3 --include-gap -g layer
}

@test "from files and through a pipe: the same bytes, la" {
	need golden/la/config.json
	local c=$golden/la/config.json
	both_ways "$c" LA_to_LA
}

# bats test_tags=long
@test "a loop over all pairs counts the same" {
	local axes
	random
	for axes in xyz xy xz yz x y z zyx; do
		conn-distance -n n.csv --axes $axes e.csv >t
		[ "$(wc -l <t)" -eq 73 ]
		is "$(loop $axes 2 2 t)" ""
	done
	conn-distance -n n.csv --width 777.7 e.csv >t
	is "$(loop xyz 2 2 t)" ""
	conn-distance -n n.csv --bin-edges 10,1000.1,1000.2,2000.2 e.csv >t
	is "$(loop xyz 2 2 t)" ""
	[ "$(wc -l <t)" -eq 28 ]
}

@test "groups of sources and of targets, which may share cells" {
	random
	conn-distance -n n.csv --source-group half e.csv >t
	[ "$(wc -l <t)" -eq 49 ]
	is "$(loop xyz 3 2 t)" ""
	conn-distance -n n.csv --target-group half e.csv >t
	is "$(loop xyz 2 3 t)" ""
	conn-distance -n n.csv -g half e.csv >t
	[ "$(wc -l <t)" -eq 33 ]
	is "$(loop xyz 3 3 t)" ""
}

@test "bins are half open, the last one closed" {
	line
	is "$(bins --axes x --bin-edges 10,20,30)" \
		$'10,20,6,1,0.16666666666666666\n20,30,6,2,0.3333333333333333'
	is "$(bins --axes x --bin-edges 0,10,20)" $'0,10,0,0,\n10,20,10,2,0.2'
	is "$(bins --axes x --bin-edges 0,inf)" '0,inf,12,3,0.25'
	is "$(bins --axes x --width 15)" $'0,15,6,1,0.16666666666666666\n15,30,6,2,0.3333333333333333'
	is "$(bins --axes x --width 16)" $'0,16,6,1,0.16666666666666666\n16,32,6,2,0.3333333333333333'
	is "$(bins --axes x --width 40)" '0,40,12,3,0.25'
	is "$(bins --axes y --width 40)" '0,40,12,3,0.25'
}

@test "eight bins by default, up to the largest distance" {
	line
	is "$(bins --axes x | cut -d, -f1-4)" "$(printf '%s\n' 0,3.75,0,0 \
		3.75,7.5,0,0 7.5,11.25,6,1 11.25,15,0,0 15,18.75,0,0 \
		18.75,22.5,4,1 22.5,26.25,0,0 26.25,30,2,1)"
	is "$(bins --axes z | cut -d, -f1-4 | tail -n 1)" 3.5,4,8,2
}

@test "no distance: one bin, from 0 to 0" {
	line
	is "$(bins --axes y)" 0,0,12,3,0.25
	printf '%s\n' node_id,pop_name,x,y,z 0,P,1,2,3 >n.csv
	printf '%s\n' source_node_id,target_node_id 0,0 >e.csv
	is "$(bins)" 0,0,0,0,
}

interval() { # z, options: 3 of 12
	conn-distance -n n.csv --axes x --bin-edges 0,inf "${@:2}" e.csv |
		awk -F, -v z="$1" 'NR == 2 {
		p = 0.25; n = 12
		m = p + z * z / (2 * n)
		w = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
		low = (m - w) / (1 + z * z / n) - $8
		high = (m + w) / (1 + z * z / n) - $9
		near = low * low + high * high < 1e-24
	}
	END { exit !near }'
}

@test "the interval is Wilson's" {
	line
	interval 1.959963984540054
	interval 1.959963984540054 --level 0.95
	interval 0.6744897501960817 --level 0.5
}

@test "only one group of sources, or of targets" {
	local c=$tricky/config.json
	conn-distance -e A_to_A "$c" >all
	conn-distance -e A_to_A --source Y "$c" | diff - <(grep -E '^(so|Y)' all)
	conn-distance -e A_to_A --target Y "$c" |
		diff - <(grep -E '^(so|.,Y)' all)
	conn-distance -e A_to_A --source X --target Z "$c" |
		diff - <(grep -E '^(so|X,Z)' all)
	bad "--source: there is no such group: 'Q'" -e A_to_A --source Q "$c"
	bad "--target: there is no such group: 'A:X'" -e A_to_A --target A:X "$c"
	bad "--target: there is no such group: 'Q'" -e A_to_A --target Q "$c"
}

two() { # populations A and B at the same places, with the same ids
	cat >n.csv <<-'END'
	population,node_id,pop_name,x,y,z
	A,0,P,0,0,0
	A,1,Q,8,0,0
	B,0,P,0,0,0
	B,1,R,8,0,0
	END
	cat >e.csv <<-'END'
	source_population,target_population,source_node_id,target_node_id,w
	B,A,0,0,1
	B,A,0,1,2
	A,A,0,1,3
	END
}

@test "cells of two populations are two cells, whatever their ids" {
	two
	conn-distance -n n.csv --bin-edges 0,4,8 e.csv | cut -d, -f1-6 >t
	diff t - <<-'END'
	source,target,distance_low_um,distance_high_um,pairs,connections
	A:P,A:P,0,4,0,0
	A:P,A:P,4,8,0,0
	A:P,A:Q,0,4,0,0
	A:P,A:Q,4,8,1,1
	A:Q,A:P,0,4,0,0
	A:Q,A:P,4,8,1,0
	A:Q,A:Q,0,4,0,0
	A:Q,A:Q,4,8,0,0
	B:P,A:P,0,4,1,1
	B:P,A:P,4,8,0,0
	B:P,A:Q,0,4,0,0
	B:P,A:Q,4,8,1,1
	B:R,A:P,0,4,0,0
	B:R,A:P,4,8,1,0
	B:R,A:Q,0,4,1,0
	B:R,A:Q,4,8,0,0
	END
	conn-distance --no-prepend -n n.csv --bin-edges 0,8 e.csv |
		cut -d, -f1,2 | tail -n +2 >t
	diff t - <<-'END'
	A:P,A:P
	A:P,Q
	Q,A:P
	Q,Q
	B:P,A:P
	B:P,Q
	R,A:P
	R,Q
	END
	conn-distance -n n.csv --source B:P --target A:Q --bin-edges 0,8 e.csv \
		>t
	is "$(tail -n +2 t | cut -d, -f1-6)" B:P,A:Q,0,8,1,1
}

@test "gap junctions are left out, or taken in" {
	local c=$tricky/config.json n
	n=$(conn-distance -e A_to_A --bin-edges 0,inf "$c" |
		awk -F, '{ n += $6 } END { print n }')
	is "$n" 13
	n=$(conn-distance -e A_to_A --bin-edges 0,inf --include-gap "$c" |
		awk -F, '{ n += $6 } END { print n }')
	is "$n" 16
}

@test "a population without positions is left out, and that is said" {
	local c=$tricky/config.json
	run --separate-stderr conn-distance "$c"
	[ "$status" -eq 0 ]
	[ "$stderr" = "conn-distance: population 'V' has no positions: left out" ]
	[ "$output" = "$(conn-distance -e A_to_A "$c" | sed '1!s/^\([XYZ]\),/A:\1,A:/')" ]
}

@test "a cell without a position is named" {
	local c=$tricky/config.json
	local v="$tricky/network/V_nodes.h5: /nodes/V: row 0"
	bad "$v: column 'x': node 0 has no position" -e V_to_A "$c"
	bad "$v: column 'z': node 0 has no position: without z: --axes xy" -e V_to_A --axes z "$c"
	conn-distance --source A:X "$c" | cut -d, -f3- >t
	conn-distance -e A_to_A --source X "$c" | cut -d, -f3- | diff - t
	line
	sed -i 's/^2,P,2,20,0,5/2,P,2,20,0,/' n.csv
	local two="n.csv:4: column 'z': node 2 has no position: without z: --axes xy"
	bad "$two" -n n.csv e.csv
	bins --axes xy >t
	bad "$two" -n n.csv -g layer e.csv
	bins -g layer --source 1 --target 1 >t
	sed -i 's/^2,P,2,20,0,/2,P,2,20,0,inf/' n.csv
	bad "n.csv:4: column 'z': not a finite number: 'inf'" -n n.csv e.csv
	cut -d, -f1-5 n.csv >flat.csv
	bad "flat.csv:2: column 'z': node 0 has no position: without z: --axes xy" \
		--axes xyz -n flat.csv e.csv
	conn-distance -n flat.csv --axes yx e.csv >t
}

@test "positions as far apart as a float has" {
	line
	sed 's/^3,P,2,30/3,P,2,1e200/' n.csv >far.csv
	bad "far.csv:5: column 'x': more than a float has: '1e200'" -n far.csv e.csv
	sed -i 's/^3,P,2,30/3,P,2,3e38/' n.csv
	is "$(bins | tail -n 1 | cut -d, -f2)" 3e+38
	is "$(bins --bin-edges 0,100)" 0,100,6,2,0.3333333333333333
}

@test "no edges, no cells" {
	line
	head -n 1 e.csv >none.csv
	conn-distance -n n.csv --bin-edges 0,inf none.csv >t
	is "$(tail -n +2 t | cut -d, -f-8)" P,P,0,inf,12,0,0,0
	head -n 1 n.csv >nobody.csv
	is "$(conn-distance -n nobody.csv none.csv | wc -l)" 1
}

@test "types from elsewhere" {
	local n=$tricky/network
	sed 's/ X / first /' "$n/A_node_types.csv" >nodes.csv
	sed 's/True/NULL/' "$n/A_A_edge_types.csv" >edges.csv
	conn-distance -n "$n/A_nodes.h5" --bin-edges 0,inf "$n/A_A_edges.h5" |
		diff - <(conn-distance -e A_to_A --bin-edges 0,inf \
			"$tricky/config.json")
	conn-distance -n "$n/A_nodes.h5" --node-types nodes.csv \
		--bin-edges 0,inf "$n/A_A_edges.h5" >t
	grep -q '^first,first,' t
	conn-distance -n "$n/A_nodes.h5" --types edges.csv --bin-edges 0,inf \
		"$n/A_A_edges.h5" | diff - <(conn-distance -e A_to_A \
			--include-gap --bin-edges 0,inf "$tricky/config.json")
}

@test "pairs that exceed the memory are sorted on disk" {
	awk 'BEGIN {
		print "node_id,x,y,z"
		for (i = 0; i < 300; i++)
			print i "," i % 7 "," i % 11 "," i % 13
	}' >n.csv
	awk 'BEGIN {
		print "source_node_id,target_node_id"
		for (i = 0; i < 300; i++)
			for (j = 0; j < 300; j += 2)
				print (i * 7) % 300 "," (j * 11) % 300
	}' >e.csv
	bins >t
	bins -S 64K | diff - t
	run env TMPDIR=/nonexistent conn-distance -S 64K -n n.csv e.csv
	[ "$status" -eq 1 ]
}

@test "tab separated, and into a file" {
	line
	conn-distance -n n.csv -t e.csv | tr '\t' , |
		diff - <(conn-distance -n n.csv e.csv)
	conn-distance -n n.csv -o out.csv e.csv
	conn-distance -n n.csv e.csv | diff - out.csv
}

@test "misuse" {
	line
	misused "--axes: not some of x, y and z, each once: 'xq'" --axes xq
	misused "--axes: not some of x, y and z, each once: 'xx'" --axes xx
	misused "--axes: not some of x, y and z, each once: ''" --axes ''
	misused "--width: must be in (0,inf): '0'" --width 0
	misused "--width: must be in (0,inf): 'inf'" --width inf
	misused "--width: not a number: 'nan'" --width nan
	misused "--width: not a number: '1um'" --width 1um
	misused "--width: more than 1000000 bins" --width 1e-6 -n n.csv e.csv
	for edges in 5 0,,5 0,5,5 5,0 0,nan 0:10:5; do
		misused "--bin-edges: not two or more edges that ascend: '$edges'" \
			--bin-edges "$edges"
	done
	misused "--bin-edges: below 0: '-1,5'" --bin-edges -1,5
	misused "--width and --bin-edges exclude each other" --width 1 \
		--bin-edges 0,1
	misused "--level: must be in (0,1): '1'" --level 1
	misused "--level: not a number: 'nan'" --level nan
	misused "--level: too near 1: '0.9999999999999999'" \
		--level 0.9999999999999999
	misused "--level: not a number: 'x'" --level x
}
