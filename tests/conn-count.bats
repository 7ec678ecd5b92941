# Counts are held against the rows themselves, counted once more by awk, against
# conn-matrix, and against what BMTool has made of the same networks.
load common.bash

setup() {
	cd "$BATS_TEST_DIRNAME/data/tricky" || return
	tmp=$BATS_TEST_TMPDIR
}

# Count the rows of a table anew: cell, direction, partner's group, rows,
# synapses, partners, those of them that are connected both ways; no zeros.
count() { # nodes, edges, is a gap junction an edge like any other?
	awk -F, -v gaps="${3:-0}" '
	function add(way, cell, partner, n, key) {
		key = cell "," way "," group[partner]
		rows[key]++
		synapses[key] += n
		partners[key] += 0
		both[key] += 0
		if (n == 0 || cell == partner || seen[key, partner]++)
			return
		partners[key]++
		if (way == "in")
			both[key] += (cell, partner) in there
		else
			both[key] += (partner, cell) in there
	}
	FNR == 1 { for (i = 1; i <= NF; i++) at[FILENAME, $i] = i; next }
	FILENAME == ARGV[1] {
		group[$at[FILENAME, "node_id"]] = $at[FILENAME, "pop_name"]
		next
	}
	{
		gap = $at[FILENAME, "is_gap_junction"] == "True"
		if (gap && !gaps)
			next
		n++
		s[n] = $at[FILENAME, "source_node_id"]
		t[n] = $at[FILENAME, "target_node_id"]
		y[n] = $at[FILENAME, "nsyns"]
		if (y[n] == "")
			y[n] = 1
		if (y[n] > 0)
			there[s[n], t[n]]
	}
	END {
		for (i = 1; i <= n; i++) {
			add("in", t[i], s[i], y[i])
			add("out", s[i], t[i], y[i])
		}
		for (key in rows)
			print key "," rows[key] "," synapses[key] "," \
				partners[key] "," both[key]
	}' "$1" "$2" | sort
}

counted() { # what the tool says, in the same form
	cut -d, -f2,4- | sed 1d | sort
}

@test "rows, synapses, connections and reciprocal of each cell" {
	nodes 7,a 8,b 9,a >"$tmp/nodes"
	run -0 conn-count -n "$tmp/nodes" <<-'END'
	source_node_id,target_node_id,nsyns
	7,8,2
	7,8,3
	8,7,
	9,8,1
	9,9,4
	END
	[ "$output" = 'population,node_id,group,direction,partner_group,rows,synapses,connections,reciprocal
"",7,a,in,a,0,0,0,0
"",7,a,in,b,1,1,1,1
"",7,a,out,a,0,0,0,0
"",7,a,out,b,2,5,1,1
"",8,b,in,a,3,6,2,1
"",8,b,in,b,0,0,0,0
"",8,b,out,a,1,1,1,1
"",8,b,out,b,0,0,0,0
"",9,a,in,a,1,4,0,0
"",9,a,in,b,0,0,0,0
"",9,a,out,a,1,4,0,0
"",9,a,out,b,1,1,1,0' ]
}

@test "an edge of no synapses is a row, but no connection" {
	nodes 0,a 1,b >"$tmp/nodes"
	run -0 conn-count --nonzero -n "$tmp/nodes" \
		<<<$'source_node_id,target_node_id,nsyns\n0,1,0\n1,0,1'
	[ "${lines[2]}" = '"",0,a,out,b,1,0,0,0' ]
	[ "${lines[4]}" = '"",1,b,out,a,1,1,1,0' ]
}

@test "the rows counted once more give the same" {
	sonata-nodes -p A config.json >"$tmp/nodes"
	sonata-edges -e A_to_A config.json >"$tmp/edges"
	diff <(count "$tmp/nodes" "$tmp/edges") \
		<(conn-count -e A_to_A --nonzero config.json | counted)
	diff <(count "$tmp/nodes" "$tmp/edges" 1) \
		<(conn-count -e A_to_A --nonzero --include-gap config.json | counted)
	! diff -q <(count "$tmp/nodes" "$tmp/edges" 1) \
		<(count "$tmp/nodes" "$tmp/edges") || return
}

# bats test_tags=long
@test "the rows of la counted once more give the same" {
	need golden/la/config.json
	la=$reference/golden/la/config.json
	sonata-nodes -p LA "$la" >"$tmp/nodes"
	sonata-edges -e LA_to_LA "$la" >"$tmp/edges"
	diff <(count "$tmp/nodes" "$tmp/edges") \
		<(conn-count -e LA_to_LA --nonzero "$la" | counted)
}

# Each row has a cell at either end.
sums() {
	awk -F, -v OFS=, 'NR > 1 {
		pair = $4 == "in" ? $5 "," $3 : $3 "," $5
		way[pair, $4]
		rows[pair, $4] += $6
		synapses[pair, $4] += $7
		connections[pair, $4] += $8
	}
	END {
		for (k in way) {
			split(k, part, SUBSEP)
			print part[1], rows[k], synapses[k], connections[k], part[2]
		}
	}' | sort
}

@test "both directions add up to what conn-matrix counts" {
	conn-count config.json | sums >"$tmp/sums"
	for way in in out; do
		diff <(grep ",$way\$" "$tmp/sums" | sed 's/,[a-z]*$//') \
			<(conn-matrix --stats rows,synapses,connections config.json |
				cut -d, -f1,2,6- | sed 1d | sort)
	done
}

@test "files and tables give the same bytes" {
	sonata-nodes --all config.json >"$tmp/nodes"
	sonata-edges --all config.json >"$tmp/edges"
	for options in '' --wide '--nonzero --include-gap -g layer'; do
		# shellcheck disable=SC2086 # they are several
		cmp <(conn-count $options config.json) \
			<(conn-count $options -n "$tmp/nodes" <"$tmp/edges")
	done
	cmp <(conn-count -e A_to_A config.json) \
		<(sonata-edges -e A_to_A config.json | conn-count \
			-n <(sonata-nodes -p A -c population,node_id,pop_name config.json))
}

@test "files and tables give the same bytes for la" {
	need golden/la/config.json
	la=$reference/golden/la/config.json
	sonata-nodes --all "$la" >"$tmp/nodes"
	cmp <(conn-count "$la") \
		<(sonata-edges --all "$la" | conn-count -n "$tmp/nodes" -S 64K)
}

@test "nor do threads or memory make a difference" {
	cmp <(conn-count config.json) <(conn-count -j 3 -S 1K config.json)
}

@test "--direction" {
	conn-count config.json >"$tmp/both"
	for way in in out; do
		cmp <(conn-count --direction "$way" config.json) \
			<(awk -F, -v way="$way" 'NR == 1 || $4 == way' "$tmp/both")
	done
	cmp "$tmp/both" <(conn-count --direction both config.json)
	run -2 conn-count --direction up config.json
	[[ $output == "conn-count: --direction: "*"'up'"* ]]
}

@test "--nonzero leaves out the rows without a row" {
	cmp <(conn-count --nonzero config.json) \
		<(conn-count config.json | awk -F, 'NR == 1 || $6 > 0')
}

@test "--wide is the connections of each cell in a row" {
	for way in in out; do
		diff <(conn-count --wide --direction "$way" config.json | awk -F, '
			NR == 1 { split($0, name); next }
			{
				for (i = 4; i <= NF; i++)
					if ($i != "")
						print $1 "," $2 "," $3 "," name[i] "," $i
			}') \
			<(conn-count --direction "$way" config.json |
				sed 1d | cut -d, -f1-3,5,8)
	done
	run -2 conn-count --wide --direction both config.json
	[[ $output == "conn-count: --wide and --direction=both exclude"* ]]
}

@test "--wide is empty where no edges of the input could be" {
	run -0 conn-count --wide --direction out config.json
	[ "${lines[0]}" = population,node_id,group,A:X,A:Y,A:Z ]
	[ "${lines[11]}" = V,0,V:inp,1,0,0 ]
	run -0 conn-count --wide --all config.json
	[ "${lines[11]}" = V,0,V:inp,0,0,0,0 ]
	nodes=$tmp/nodes
	printf '%s\n' population,node_id,node_type_id a,0,1 b,0,1 c,0,1 >"$nodes"
	run -0 conn-count --wide -n "$nodes" <<-'END'
	source_population,target_population,source_node_id,target_node_id
	a,b,0,0
	b,c,0,0
	END
	[ "$output" = $'population,node_id,group,a:1,b:1\nb,0,b:1,1,\nc,0,c:1,,1' ]
}

@test "--wide --nonzero leaves out cells without partners" {
	run -0 conn-count --wide --nonzero -e A_to_A config.json
	cmp <(conn-count --wide --nonzero config.json) \
		<(conn-count --wide config.json | awk -F, 'NR == 1 || $4 + $5 + $6 + $7')
	[ "${#lines[@]}" -eq 9 ]
}

@test "--all shows pairs of populations without edges" {
	[ "$(conn-count config.json | grep -c ^V)" -eq 15 ]
	[ "$(conn-count --all config.json | grep -c ^V)" -eq 40 ]
	run -0 conn-count --all config.json
	[[ $output == *"V,0,V:inp,in,A:X,0,0,0,0"* ]]
	[[ $output == *"V,0,V:inp,out,A:X,1,1,1,0"* ]]
}

@test "reciprocal is empty where there is no way back" {
	run -0 conn-count config.json
	[[ $output == *$'\nA,0,A:X,in,V:inp,1,1,1,\n'* ]]
	[[ $output == *$'\nA,0,A:X,in,A:Y,1,1,1,1\n'* ]]
}

@test "the way back may be in another population of edges" {
	printf '%s\n' population,node_id,node_type_id a,0,1 b,0,1 >"$tmp/nodes"
	run -0 conn-count --nonzero -n "$tmp/nodes" <<-'END'
	source_population,target_population,source_node_id,target_node_id
	a,b,0,0
	b,a,0,0
	b,a,0,0
	END
	[ "${lines[1]}" = a,0,a:1,in,b:1,2,2,1,1 ]
	[ "${lines[2]}" = a,0,a:1,out,b:1,1,1,1,1 ]
}

@test "groups of sources and of targets may differ" {
	run -0 conn-count -e A_to_A --source-group layer config.json
	[ "${lines[1]}" = A,0,X,in,1,2,2,1,1 ]
	[ "${lines[3]}" = A,0,1,out,X,4,4,1,0 ]
	run -0 conn-count -e A_to_A --target-group layer config.json
	[ "${lines[1]}" = A,0,1,in,X,2,2,1,0 ]
}

@test "--no-prepend, -t and -o" {
	run -0 conn-count --no-prepend config.json
	[ "${lines[1]}" = A,0,X,in,X,2,2,1,0 ]
	run -0 conn-count -t -e A_to_A -o "$tmp/out" config.json
	[ -z "$output" ]
	run -0 sed -n 2p "$tmp/out"
	[ "$output" = $'A\t0\tX\tin\tX\t2\t2\t1\t0' ]
}

@test "empty populations give a header" {
	nodes >"$tmp/nodes"
	run -0 conn-count -n "$tmp/nodes" <<<source_node_id,target_node_id
	[ "$output" = population,node_id,group,direction,partner_group,rows,synapses,connections,reciprocal ]
	run -0 conn-count --wide -n "$tmp/nodes" <<<source_node_id,target_node_id
	[ "$output" = population,node_id,group ]
}

@test "no edges give zeros" {
	nodes 3,a >"$tmp/nodes"
	run -0 conn-count -n "$tmp/nodes" <<<source_node_id,target_node_id
	[ "${lines[1]}" = '"",3,a,in,a,0,0,0,0' ]
	[ "${lines[2]}" = '"",3,a,out,a,0,0,0,0' ]
	[ "${#lines[@]}" -eq 3 ]
}

@test "bad input is named by its place" {
	nodes 0,a >"$tmp/nodes"
	run -1 conn-count -n "$tmp/nodes" <<<$'source_node_id,target_node_id\n0,1'
	[ "$output" = "conn-count: standard input:2: column 'target_node_id': there is no such node: '1'" ]
	run -1 conn-count -n "$tmp/nodes" <<<$'source_node_id,target_node_id,nsyns\n0,0,-1'
	[[ $output == "conn-count: standard input:2: column 'nsyns': "* ]]
	run -1 conn-count -n "$tmp/nodes" <<<source,target
	[[ $output == "conn-count: standard input: no column 'source_node_id': there are "* ]]
	run -2 conn-count <<<source_node_id,target_node_id
	[[ $output == "conn-count: --nodes: "* ]]
	run -1 conn-count -e none config.json
	[[ $output == "conn-count: config.json: "*none* ]]
}

# BMTool's table has the groups in an order of its own, one that the tests put
# right by their names, and no name of a population.
bmtool() { # its file, labels of the groups in our order
	awk -F, -v want="$2" '
	NR == 1 {
		n = split(want, label)
		for (i = 3; i <= NF; i++)
			at[$i] = i
		next
	}
	{
		line = $1 "," $2
		for (i = 1; i <= n; i++)
			line = line "," $at[label[i] " incoming Connections"]
		print line
	}' "$1"
}

# A cell is its own partner there if it is connected to itself.
with_autapses() { # edges, our table
	awk -F, -v OFS=, '
	FILENAME == ARGV[1] { if ($1 == $2) self[$1] = 1; next }
	FNR == 1 { for (i = 4; i <= NF; i++) at[$i] = i; next }
	{ $at[$3] += self[$2]; print $2, $3, substr($0, length($1 $2 $3) + 4) }' \
		"$1" "$2"
}

same_as_bmtool() { # config, edges, folder, groups
	sonata-edges -e "$2" "$1" >"$tmp/edges"
	conn-count -e "$2" --wide --include-gap "$1" >"$tmp/wide"
	for version in 0.5.9.5 0.8.6; do
		diff <(bmtool "$3/bmtool-$version/node_connections.csv" "$4") \
			<(with_autapses "$tmp/edges" "$tmp/wide")
	done
}

@test "BMTool's node connections, but for autapses" {
	same_as_bmtool config.json A_to_A . X,Y,Z
	run diff <(bmtool bmtool-0.8.6/node_connections.csv X,Y,Z) \
		<(sed 1d "$tmp/wide" | cut -d, -f2-)
	[ "$output" = $'1c1\n< 0,X,2,1,1\n---\n> 0,X,1,1,1' ]
}

@test "BMTool's node connections of la, but for autapses" {
	need golden/la/bmtool-0.8.6/node_connections.csv
	la=$reference/golden/la
	same_as_bmtool "$la/config.json" LA_to_LA "$la" PNa,PNc,PV,SOM
	# There are some, and gap junctions, too.
	[ "$(diff <(bmtool "$la/bmtool-0.8.6/node_connections.csv" PNa,PNc,PV,SOM) \
		<(sed 1d "$tmp/wide" | cut -d, -f2-) | grep -c '^<')" -eq 17 ]
	[ "$(diff "$tmp/wide" <(conn-count -e LA_to_LA --wide "$la/config.json") |
		grep -c '^<')" -gt 0 ]
}

@test "BMTool's node connections of example300" {
	need golden/example300/bmtool-0.8.6/node_connections.csv
	net=$reference/golden/example300
	same_as_bmtool "$net/config.json" example_net_to_example_net "$net" PN,FSI
	cmp <(conn-count -e example_net_to_example_net --wide "$net/config.json") \
		"$tmp/wide" # neither autapses nor gap junctions
}
