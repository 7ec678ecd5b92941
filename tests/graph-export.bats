# What the formats say is read back by networkx, igraph and dot, and held against
# the rows of the tables, added up once more by graphs.py.
load common.bash

setup_file() {
	/usr/bin/python3 -c 'import networkx, igraph' 2>/dev/null &&
		export READERS=yes
	return 0
}

setup() {
	cd "$BATS_TEST_DIRNAME/data/tricky" || return
	tmp=$BATS_TEST_TMPDIR
}

graphs() { # what graphs.py says
	[ "${READERS:-}" ] ||
		skip "no networkx and igraph for /usr/bin/python3"
	"$BATS_TEST_DIRNAME/graphs.py" "$@"
}

tables() { # of the network
	sonata-nodes --all config.json >"$tmp/nodes"
	sonata-edges --all -c nsyns -c is_gap_junction -c syn_weight \
		config.json >"$tmp/edges"
}

# 200 cells of two populations, 3000 rows: parallel ones, ones of no synapses
# and of unsaid ones, and gap junctions either way.
random_tables() {
	awk -v nodes="$tmp/nodes" -v edges="$tmp/edges" "$draws"'BEGIN {
		sow(7)
		print "population,node_id,pop_name,x,y,z" >nodes
		for (i = 0; i < 200; i++)
			printf "%s,%d,%s%d,%g,%g,%s\n", i < 120 ? "a" : "b:c", \
				i < 120 ? i * 3 : i, i < 120 ? "g" : "h", \
				draw() * 7, draw() * 100, draw() * 100, \
				i % 9 ? draw() * 100 : "" >nodes
		print "source_population,target_population,source_node_id," \
			"target_node_id,nsyns,is_gap_junction,syn_weight" >edges
		for (k = 0; k < 3000; k++) {
			i = int(draw() * 200)
			j = k % 4 ? int(draw() * 200) : i + (i < 199)
			printf "%s,%s,%d,%d,%s,%s,%s\n", i < 120 ? "a" : "b:c", \
				j < 120 ? "a" : "b:c", i < 120 ? i * 3 : i, \
				j < 120 ? j * 3 : j, k % 5 ? int(draw() * 4) : "", \
				k % 7 ? "" : "true", k % 6 == 0 ? "1e-7" : \
				k % 6 == 1 ? "-3e20" : int(draw() * 100) >edges
		}
	}'
}

# ---- What the graph is ----

@test "the edges of a network, as a table" {
	run -0 graph-export --weight syn_weight -e A_to_A config.json
	is "$output" 'source,target,source_label,target_label,rows,synapses,weight,is_gap_junction
A:0,A:0,X,X,1,1,10,false
A:0,A:1,X,X,3,3,37.5,false
A:0,A:2,X,X,1,1,0.001,true
A:0,A:5,X,Y,1,1,16.5,false
A:0,A:6,X,Y,2,2,35.5,false
A:1,A:2,X,X,1,1,14,false
A:1,A:4,X,X,1,1,0.001,true
A:1,A:5,X,Y,1,1,17,false
A:2,A:0,X,X,1,1,10.5,false
A:2,A:1,X,X,1,1,13.5,false
A:2,A:7,X,Y,1,4,8,false
A:3,A:4,X,X,2,2,31.5,false
A:4,A:3,X,X,1,1,14.5,false
A:5,A:0,Y,X,1,1,11,false
A:5,A:6,Y,Y,1,1,0.002,true
A:6,A:3,Y,X,1,1,15,false
A:9,A:0,Z,X,1,1,11.5,false'
}

@test "the nodes of a network, as a table" {
	run -0 graph-export --names config.json
	is "${lines[0]}" 'name,population,node_id,label,x,y,z'
	is "${lines[3]}" 'A:2,A,2,A:X,20,6,10'
	is "${lines[15]}" 'V:4,V,4,V:inp,,,'
	[ "${#lines[@]}" -eq 16 ]
}

# The same from a table, as the end of a pipe.
agree() { # what graphs.py says, of each format; the options after it
	local format
	for format in dot graphml gexf json; do
		graph-export --no-prepend -f "$format" "${@:2}" \
			>"$tmp/graph" || return
		diff "$1" <(graphs "$format" "$tmp/graph") >&2 || return
		[ "$format" != graphml ] ||
			diff "$1" <(graphs igraph "$tmp/graph") >&2 || return
	done
}

# bats test_tags=long
@test "every format read back has the nodes, edges and weights of the rows" {
	tables
	graphs rows "$tmp/nodes" "$tmp/edges" >"$tmp/want"
	[ "$(grep -c ^edge "$tmp/want")" -eq 22 ]
	agree "$tmp/want" --weight syn_weight config.json
	agree "$tmp/want" --weight syn_weight -n "$tmp/nodes" "$tmp/edges"
}

@test "every format read back has the edges of random tables" {
	random_tables
	graphs rows "$tmp/nodes" "$tmp/edges" >"$tmp/want"
	[ "$(grep -c ^edge "$tmp/want")" -gt 1500 ]
	[ "$(grep -c 'true$' "$tmp/want")" -gt 200 ]
	[ "$(awk -F '\t' '/^edge/ && $2 == $3' "$tmp/want" | wc -l)" -gt 3 ]
	agree "$tmp/want" --weight syn_weight -n "$tmp/nodes" "$tmp/edges"
}

@test "without --weight each synapse weighs 1" {
	tables
	cut -d, -f1-7 "$tmp/edges" >"$tmp/plain"
	graphs rows "$tmp/nodes" "$tmp/plain" >"$tmp/want"
	agree "$tmp/want" config.json
}

@test "a matrix read back has the weights of the table" {
	weights=(--weight syn_weight -e A_to_A)
	graph-export "${weights[@]}" --gap without config.json >"$tmp/edges"
	graph-export --names -f mtx -e A_to_A config.json >"$tmp/names"
	graph-export "${weights[@]}" -f mtx config.json >"$tmp/graph" 2>"$tmp/said"
	is "$(<"$tmp/said")" "graph-export: gap junctions are left out: --gap=only writes their matrix"
	grep -qx '10 10 14' "$tmp/graph"
	graphs mtx "$tmp/graph" | awk -F '\t' '
		FNR == NR { if (FNR > 1) { split($0, f, ","); name[FNR - 1] = f[1] } next }
		/^edge/ { print name[$2] "," name[$3] "," $6 + 0 }' "$tmp/names" - |
		sort | diff - <(sed 1d "$tmp/edges" | cut -d, -f1,2,7 | sort)
}

@test "a matrix of gap junctions is symmetric, the lower triangle of it" {
	run -0 graph-export -f mtx --gap only -e A_to_A config.json
	is "$output" '%%MatrixMarket matrix coordinate integer symmetric
% from the node of the row to that of the column, numbered as --names lists them
10 10 3
3 1 1
5 2 1
7 6 1'
	run -0 --separate-stderr graph-export -f mtx --gap without config.json
	[ -z "$stderr" ]
}

@test "--multi has an edge for each row, ones of no synapses too" {
	random_tables
	run -0 graph-export --multi -n "$tmp/nodes" "$tmp/edges"
	[ "${#lines[@]}" -eq 3001 ]
	[ "$(cut -d, -f5 <<<"$output" | sort -u | tail -n 1)" = rows ]
	[ "$(cut -d, -f5 <<<"$output" | sort -u | head -n 1)" = 1 ]
	grep -q ',1,0,0,false$' <<<"$output"
	for format in graphml gexf json; do
		graph-export --multi -f "$format" -n "$tmp/nodes" "$tmp/edges" \
			>"$tmp/graph"
		[ "$(graphs "$format" "$tmp/graph" | grep -c ^edge)" -eq 3000 ]
	done
	[ "$(graphs igraph <(graph-export --multi -f graphml -n "$tmp/nodes" \
		"$tmp/edges") | grep -c ^edge)" -eq 3000 ]
}

@test "--by group has what conn-matrix counts" {
	run -0 graph-export --by group --gap without config.json
	is "${lines[0]}" source,target,connections,rows,synapses,weight,is_gap_junction
	diff <(sed 1d <<<"$output" | cut -d, -f1-5 | sort) \
		<(conn-matrix --stats connections,rows,synapses config.json |
			awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
			$at["synapses"] > 0 { print $1 "," $2 "," $at["connections"] \
				"," $at["rows"] "," $at["synapses"] }' | sort)
	diff <(graph-export --by group --gap only config.json | sed 1d | cut -d, -f1-3) - <<-'END'
	A:X,A:X,2
	A:Y,A:Y,1
	END
	is "$(graph-export --by group --names config.json)" 'name,population,label,cells
A:X,A,A:X,5
A:Y,A,A:Y,4
A:Z,A,A:Z,1
V:inp,V,V:inp,5'
}

@test "--by group adds weights up, in every format" {
	random_tables
	graph-export --by group --names -n "$tmp/nodes" "$tmp/edges" >"$tmp/names"
	graph-export --weight syn_weight -n "$tmp/nodes" "$tmp/edges" | awk -F, '
	FNR == NR { place[$1] = FNR; next }
	FNR > 1 {
		ends = $3 "\t" $4
		if ($8 == "true" && place[$4] < place[$3])
			ends = $4 "\t" $3
		sum[ends "\t" $8] += $7
	}
	END { for (k in sum) print k "\t" sum[k] }' "$tmp/names" - |
		sort >"$tmp/want"
	for format in dot graphml gexf json; do
		graph-export --by group -f "$format" --weight syn_weight \
			-n "$tmp/nodes" "$tmp/edges" >"$tmp/graph"
		graphs "$format" "$tmp/graph" | awk -F '\t' '/^edge/ {
			print $2 "\t" $3 "\t" $7 "\t" $6 + 0 }' | sort |
			diff "$tmp/want" -
	done
}

@test "--gap tells gap junctions from the rest" {
	run -0 graph-export --gap without config.json
	run ! grep -q true <<<"$output"
	is "$(graph-export --gap with config.json)" "$(graph-export config.json)"
	for format in dot graphml gexf json; do
		graph-export -f "$format" --gap only config.json >"$tmp/graph"
		graphs "$format" "$tmp/graph" >"$tmp/got"
		[ "$(grep -c '^edge.*true$' "$tmp/got")" -eq 3 ]
		[ "$(grep -c ^edge "$tmp/got")" -eq 3 ]
	done
	grep -q '"directed": false' "$tmp/graph"
}

@test "rows of a gap junction either way are one, from the first cell" {
	run -0 graph-export -n <(printf 'node_id\n5\n3\n') <<-'END'
	source_node_id,target_node_id,is_gap_junction
	3,5,1
	5,3,1
	5,5,1
	END
	is "${lines[1]}" '5,5,,,1,1,1,true'
	is "${lines[2]}" '5,3,,,2,2,2,true'
	[ "${#lines[@]}" -eq 3 ]
}

@test "--gap merged: one edge for all rows from a cell to another" {
	run -0 graph-export --gap merged -n <(printf 'node_id\n5\n3\n') <<-'END'
	source_node_id,target_node_id,is_gap_junction,nsyns
	3,5,0,2
	3,5,1,
	5,3,1,
	5,3,0,0
	5,5,0,4
	END
	is "${lines[1]}" '5,5,,,1,4,4,false'
	is "${lines[2]}" '5,3,,,2,1,1,true'
	is "${lines[3]}" '3,5,,,2,3,3,true'
	[ "${#lines[@]}" -eq 4 ]
	# As a graph of Python that is given one row after the other.
	is "$(graph-export --gap merged config.json | sed 1d | cut -d, -f1,2 |
		sort)" \
		"$(sonata-edges --all -c nsyns config.json | awk -F, -v OFS=, '
			NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
			$at["nsyns"] != "0" {
				print $at["source_population"] ":" $at["source_node_id"],
				$at["target_population"] ":" $at["target_node_id"]
			}' | sort -u)"
	graph-export -f dot --gap merged config.json >"$tmp/graph"
	run ! grep -q dir=none "$tmp/graph"
	# Groups are the sums of them.
	is "$(graph-export --by group --gap merged -e A_to_A config.json |
		grep ^X,X)" X,X,8,12,12,12,true
}

@test "a weight that a row lacks leaves the sum unknown" {
	printf 'node_id,pop_name\n0,a\n1,a\n' >"$tmp/nodes"
	printf '%s\n' source_node_id,target_node_id,w 0,1,2 0,1, 1,0,3 >"$tmp/edges"
	run -0 graph-export --weight w -n "$tmp/nodes" "$tmp/edges"
	is "${lines[1]}" '0,1,a,a,2,2,,false'
	is "${lines[2]}" '1,0,a,a,1,1,3,false'
	for format in dot graphml gexf json; do
		graph-export -f "$format" --weight w -n "$tmp/nodes" "$tmp/edges" \
			>"$tmp/graph"
		graphs "$format" "$tmp/graph" | grep -qx $'edge\t0\t1\t2.0\t2.0\t\tfalse'
	done
	bad "0 and 1: no weight, which a matrix needs" -f mtx --weight w \
		-n "$tmp/nodes" "$tmp/edges"
	printf '%s\n' source_node_id,target_node_id,nsyns,w 0,1,4,1e308 >"$tmp/edges"
	bad "0 and 1: a weight that is infinite" --weight w -n "$tmp/nodes" \
		"$tmp/edges"
}

# ---- Texts ----

# Markup, a command, a quote, what DOT and XML take for their own, and bytes
# that no XML may have: a control character and what is not UTF-8.
hostile() {
	# shellcheck disable=SC2016 # as it stands
	labels=('`touch x`' '""; system(""x"")' '@x' '{/=50 y}' '<script>' '&lt;'
		'a\N\n' $'\x01\xff\xed\xa0\x80' 'é→中' "]]>" 'a,b')
	{
		echo node_id,pop_name
		for i in "${!labels[@]}"; do
			printf '%d,"%s"\n' "$i" "${labels[i]}"
		done
	} >"$tmp/nodes"
	printf 'source_node_id,target_node_id\n0,1\n' >"$tmp/edges"
	cd "$tmp" || return
}

as_read() { # the labels as a format can say them
	# shellcheck disable=SC2016 # as it stands
	printf '%s\n' '`touch x`' '"; system("x")' '@x' '{/=50 y}' '<script>' \
		'&lt;' 'a\N\n' "$1????" 'é→中' ']]>' 'a,b'
}

@test "labels are texts, whatever is in them: XML and JSON" {
	hostile
	for format in graphml gexf json; do
		graph-export -f "$format" -n nodes edges >graph
		[ "$format" != json ] || as_read $'\x01' >want
		[ "$format" = json ] || as_read '?' >want
		graphs "$format" graph | awk -F '\t' '/^node/ { print $2 "\t" $5 }' |
			sort -n | cut -f 2 | diff want -
	done
	run ! grep -q '<' graph
	[ ! -e x ]
}

@test "labels are texts, whatever is in them: dot draws them as they stand" {
	hostile
	graph-export -f dot -n nodes edges | dot -Tsvg >svg
	sed -n '/^<g.*class="node"/,/^<\/g>/s/^<text.*>\(.*\)<\/text>/\1/p' svg |
		/usr/bin/python3 -c 'import html, sys
print(html.unescape(sys.stdin.read()), end="")' | tr '\240' ' ' >drawn
	diff <(as_read '?' | sort) <(sed 's/\xc2\xa0/ /g; s/\xc2 / /g' drawn | sort)
	[ ! -e x ]
}

@test "names of populations are escaped in ids, groups called alike refused" {
	printf 'population,node_id,pop_name\n"q""<&\\",0,a\n' >"$tmp/nodes"
	printf '%s\n' source_population,target_population,source_node_id,target_node_id \
		'"q""<&\","q""<&\",0,0' >"$tmp/edges"
	for format in graphml gexf json; do
		graph-export -f "$format" -n "$tmp/nodes" "$tmp/edges" >"$tmp/graph"
		graphs "$format" "$tmp/graph" | grep -qxF $'edge\tq"<&\\:0\tq"<&\\:0\t1.0\t1.0\t1.0\tfalse'
	done
	graph-export -f dot -n "$tmp/nodes" "$tmp/edges" | dot -Tdot | grep -q 'q\\"<&'
	printf 'population,node_id,pop_name\nA,0,B:c\nA:B,0,c\n' >"$tmp/nodes"
	bad "two groups are called 'A:B:c'" -n "$tmp/nodes" "$tmp/edges"
}

# ---- The same bytes ----

@test "two nodes that would be called alike in the output are refused" {
	printf 'node_id,pop_name\n0,a\xff\n1,a\xfe\n2,b\n' >"$tmp/nodes"
	printf 'source_node_id,target_node_id\n0,1\n1,2\n' >"$tmp/edges"
	for format in dot graphml gexf json; do
		bad "two nodes would be called 'a?'" \
			--by group -f "$format" -n "$tmp/nodes" "$tmp/edges"
		graph-export -f "$format" -n "$tmp/nodes" "$tmp/edges" >/dev/null
	done
	run -0 graph-export --by group -n "$tmp/nodes" "$tmp/edges"
	is "${lines[2]}" $'a\xfe,b,1,1,1,1,false'
	printf 'population,node_id\na\xff,0\na\xfe,0\n' >"$tmp/nodes"
	echo source_population,target_population,source_node_id,target_node_id >"$tmp/edges"
	bad "two nodes would be called 'a?:0'" \
		-g node_id -f json -n "$tmp/nodes" "$tmp/edges"
}

# bats test_tags=long
@test "a table and the files it came from give the same, in any memory" {
	random_tables
	graph-export --weight syn_weight -n "$tmp/nodes" "$tmp/edges" >"$tmp/want"
	graph-export --weight syn_weight -S 64k -n "$tmp/nodes" <"$tmp/edges" |
		cmp "$tmp/want"
	tables
	for format in csv dot graphml gexf mtx json; do
		graph-export -f "$format" config.json 2>/dev/null >"$tmp/want"
		graph-export -f "$format" -j 2 config.json 2>/dev/null | cmp "$tmp/want"
		graph-export -f "$format" -n "$tmp/nodes" "$tmp/edges" 2>/dev/null |
			cmp "$tmp/want"
	done
}

@test "the order of rows does not matter" {
	random_tables
	cut -d, -f1-6 "$tmp/edges" >"$tmp/plain"
	graph-export -n "$tmp/nodes" "$tmp/plain" >"$tmp/want"
	{ head -n 1 "$tmp/plain"; sed 1d "$tmp/plain" | tac; } |
		graph-export -n "$tmp/nodes" | cmp "$tmp/want"
}

@test "rows that do not fit in the memory are sorted on disk" {
	awk "$draws"'BEGIN {
		sow(3)
		print "source_node_id,target_node_id"
		for (k = 0; k < 40000; k++)
			print int(draw() * 50) "," int(draw() * 50)
	}' >"$tmp/edges"
	{ echo node_id; seq 0 49; } >"$tmp/nodes"
	graph-export -S 64k -n "$tmp/nodes" "$tmp/edges" | cmp - \
		<(graph-export -n "$tmp/nodes" "$tmp/edges")
	TMPDIR=/nonexistent run -1 graph-export -S 64k -n "$tmp/nodes" "$tmp/edges"
	[[ $output == "graph-export: scratch file in /nonexistent: No such file or directory" ]]
}

# ---- Few cells ----

@test "a network without edges has its nodes, one without nodes nothing" {
	echo node_id,pop_name >"$tmp/nodes"
	echo source_node_id,target_node_id >"$tmp/edges"
	is "$(graph-export -n "$tmp/nodes" "$tmp/edges")" \
		source,target,source_label,target_label,rows,synapses,weight,is_gap_junction
	for n in 0 1; do
		[ "$n" -eq 0 ] || echo 7,a >>"$tmp/nodes"
		for format in dot graphml gexf json mtx; do
			graph-export -f "$format" -n "$tmp/nodes" "$tmp/edges" >"$tmp/graph"
			[ "$(graphs "$format" "$tmp/graph" | grep -c .)" -eq "$n" ]
		done
	done
	is "$(graph-export --names -n "$tmp/nodes" "$tmp/edges")" \
		$'name,population,node_id,label,x,y,z\n7,,7,a,,,'
}

@test "--all has the populations without edges, too" {
	run -0 graph-export --names -e A_to_A config.json
	[ "${#lines[@]}" -eq 11 ]
	is "${lines[1]}" 'A:0,A,0,X,0,0,0'
	run -0 graph-export --names --all -e A_to_A config.json
	[ "${#lines[@]}" -eq 16 ]
	is "${lines[1]}" 'A:0,A,0,A:X,0,0,0'
}

@test "-g and -t" {
	run -0 graph-export --names -t -g layer -e A_to_A config.json
	is "${lines[3]}" $'A:2\tA\t2\t2\t20\t6\t10'
	run -0 graph-export --names --source-group layer --target-group layer \
		-e A_to_A config.json
	is "${lines[3]}" 'A:2,A,2,2,20,6,10'
	misused "--source-group and --target-group: in a graph each cell has one group" \
		--source-group layer -e A_to_A config.json
}

@test "-o writes all of it or nothing" {
	graph-export -f json -o "$tmp/graph" config.json
	graph-export -f json config.json | cmp "$tmp/graph"
	bad "config.json: no column 'nothing': besides ids and types there are target_query, source_query, model_template, dynamics_params, syn_weight, is_gap_junction, nsyns" \
		-o "$tmp/other" --weight nothing config.json
	[ ! -e "$tmp/other" ]
}

@test "what cannot be is refused" {
	misused "--file-format: must be csv|dot|graphml|gexf|mtx|json: 'png'" -f png config.json
	misused "--by: must be cell|group: 'layer'" --by layer config.json
	misused "--gap: must be with|without|only|merged: 'no'" --gap no config.json
	misused "--gap=with and --file-format=mtx exclude each other" -f mtx --gap with config.json
	misused "--gap=merged and --multi exclude each other" --multi --gap merged config.json
	misused "--multi and --file-format=mtx exclude each other" -f mtx --multi config.json
	misused "--multi and --by=group exclude each other" --multi --by group config.json
	misused "--names needs --file-format=csv or --file-format=mtx" --names -f json config.json
	misused "--weight: 'nsyns' is no weight" --weight nsyns config.json
	printf 'node_id,x,y,z\n0,inf,0,0\n' >"$tmp/nodes"
	echo source_node_id,target_node_id >"$tmp/edges"
	run ! graph-export --names -n "$tmp/nodes" "$tmp/edges"
}

@test "-t is for tables" {
	cd "$BATS_TEST_DIRNAME/data/tricky" || return
	run -2 graph-export -t -f json -e A_to_A config.json
	[ "${lines[0]}" = "graph-export: --tsv needs --file-format=csv or --names" ]
	run -0 graph-export -t -e A_to_A config.json
	[[ ${lines[0]} == source$'\t'target$'\t'* ]]
}
