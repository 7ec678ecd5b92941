# The report of a network, network.mk.
load common.bash
load pipelines.sh

teardown() { readable; }

ends_with() { # what is left out
	is "$status" 0
	is "$(grep '^network[.]mk: ' <<<"$stderr")" \
		"$(printf 'network.mk: left out: %s\n' "$@")"
}

report() { make --no-print-directory -f "$here/network.mk" "$@"; }

@test "a report is made again only where something has changed" {
	tricky
	report CONFIG=config.json OUT=out >first
	[ "$(report CONFIG=config.json OUT=out)" = "make: Nothing to be done for 'all'." ]
	touch -d '+2 seconds' out/matrix.csv
	report CONFIG=config.json OUT=out >second
	grep -q '^plot-matrix .*total' second
	run ! grep -q '^conn-\|^plot-hist' second
	touch -d '+4 seconds' network/A_A_edge_types.csv
	report CONFIG=config.json OUT=out >third
	grep -q '^conn-hist' third
	touch -d '+6 seconds' config.json
	report -n CONFIG=config.json OUT=out | grep -q '^conn-matrix'
}

@test "a group has one colour in all pictures of a report" {
	tricky
	report CONFIG=config.json OUT=out out/colors.csv >log
	is "$(paste -s -d' ' out/colors.csv)" "group,colour A:X, A:Y, A:Z, V:inp,"
	report CONFIG=config.json OUT=out FORMAT=svg out/positions.svg out/diagram.svg >log
	tr -d '\n' <log | grep -q '| plot-positions [^|]*--colors .out/colors.csv'
	grep -q '>A:X</text>' out/positions.svg
	grep -q '^plot-graph .*--colors .out/colors.csv' log
	printf '%s\n' group,colour Y,#112233 X, >mine
	report CONFIG=config.json OUT=my COLORS=mine my/positions.svg my/diagram.svg >log
	grep -q 'rgb( 17,  34,  51)' my/positions.svg
	grep -q '#112233' my/diagram.svg
	[ ! -e my/colors.csv ]
	# it is a prerequisite of what is drawn with it
	touch -d '+2 seconds' mine
	report -n CONFIG=config.json OUT=my COLORS=mine my/positions.svg | grep -q '| plot-positions'
}

@test "names of groups with commas and quotes have a colour" {
	printf '%s\n' node_id,pop_name,x,y,z '0,"a, ""b""",1,2,3' 1,c,2,3,5 >nodes
	printf 'source_node_id,target_node_id\n0,1\n' | sonata-pack -n nodes -o .
	report CONFIG=circuit_config.json OUT=out out/positions.svg >log
	is "$(paste -s -d' ' out/colors.csv)" 'group,colour "a, ""b""", c,'
}

@test "groups, format and folder of a report can be chosen" {
	tricky
	report CONFIG=config.json OUT=by GROUP=layer FORMAT=png >log
	cut -d, -f1 by/matrix.csv | grep -qx A:2
	[ "$(head -c 4 by/total.png | tail -c 3)" = PNG ]
	[ ! -e by/total.svg ]
}

@test "the diagram of a report names synapses and their signs" {
	tricky
	report CONFIG=config.json OUT=out SYNAPSE=model_template \
		EXCITATORY=exp2syn INHIBITORY=inhsyn out/diagram.svg >log
	grep -q '>[^<]*exp2syn[^<]*</text>' out/diagram.svg
	grep -q '>inhibitory<' out/diagram.svg
	report CONFIG=config.json OUT=by GROUP=A=layer by/diagram.svg \
		by/positions.svg >log
	run ! grep -q 'inhibitory' by/diagram.svg
	grep -q '>A:2<' by/diagram.svg
	grep -q '>A:2</text>' by/positions.svg
	report CONFIG=config.json OUT=by GROUP=layer -B by/positions.svg >log
	grep -q '>A:2</text>' by/positions.svg
}

@test "a report of cells without positions leaves out what is about places" {
	printf 'node_id,pop_name\n0,A\n1,B\n' >nodes
	printf 'source_node_id,target_node_id\n0,1\n' | sonata-pack -n nodes -o .
	report CONFIG=circuit_config.json OUT=out >log
	[ -e out/network.html ] && [ -e out/graph.csv ]
	[ ! -e out/positions.svg ] && [ ! -e out/distance.csv ]
}

# The last row of cells has no position, and a name to be escaped.
bare() { # rows of edges
	printf '%s\n' node_id,pop_name,x,y '0,A,1,2' '1,A,3,5' '2,<b>&,,' >nodes
	printf '%s\n' source_node_id,target_node_id "$@" | sonata-pack -n nodes -o .
}

@test "what a network has not is left out of its report, with the reason" {
	bare
	set -- CONFIG=circuit_config.json OUT=out GROUP=no
	run --separate-stderr report -s "$@"
	ends_with \
		"GROUP: graph-export: circuit_config.json: no column 'no': \
there are node_id, node_type_id, pop_name, x, y" \
		"probability.svg, convergence.svg, divergence.svg, \
reciprocal.svg, gap.svg: nothing but zeros in matrix.csv" \
		"distance.svg, distance.csv: conn-distance: default_nodes.h5: \
/nodes/default: row 2: column 'x': node 2 has no position"
	[ -e out/positions.svg ] && [ -e out/diagram.svg ] && [ ! -e out/reciprocal.svg ]
	grep -q '<dt>distance.svg, distance.csv</dt><dd>conn-distance: ' out/index.html
	[ "$(report "$@")" = "make: Nothing to be done for 'all'." ]
	# There are edges, after all; what was not there comes, and leaves the list.
	find out -exec touch -d '-10 seconds' {} +
	bare 0,1 1,0
	run --separate-stderr report -s CONFIG=circuit_config.json OUT=out
	ends_with \
		"gap.svg: nothing but zeros in matrix.csv" \
		"distance.svg, distance.csv: conn-distance: default_nodes.h5: \
/nodes/default: row 2: column 'x': node 2 has no position"
	[ -e out/reciprocal.svg ] && [ ! -e out/.made/left-out/reciprocal.svg ]
	run --separate-stderr report -s CONFIG=circuit_config.json OUT=out out/gap.svg
	is "$status: $stderr" "0: gap.svg is left out: nothing but zeros in matrix.csv"
}

@test "the page of a report has pictures, tables and commands, and no tags of files" {
	bare 0,1 1,0
	report -s CONFIG=circuit_config.json OUT=out FORMAT=png >log 2>&1
	grep -q '<img alt="Positions of cells" src="data:image/png;base64,iVBOR' \
		out/index.html
	grep -q '<td>&lt;b&gt;&amp;</td>' out/index.html
	grep -q '<pre><code>conn-matrix .*circuit_config.json' out/index.html
	grep -q '<b>' out/index.html && return 1
	grep -q "default-src 'none'" out/index.html
	xmllint --html --noout out/index.html 2>&1 | grep -v 'Tag section invalid\|<section\|\^' && return 1
	# As it was run: it makes the same again.
	cp out/matrix.csv before
	sed -n 's/.*<pre><code>\(conn-matrix .*\)/\1/p' out/index.html |
		sed 's/<.*//' >again
	rm out/matrix.csv
	sh again
	cmp before out/matrix.csv
}

@test "without the tools a report says so, in a line" {
	bare 0,1
	PATH=/usr/bin:/bin run report CONFIG=circuit_config.json
	[ "$status" -eq 2 ]
	[[ $output == *"no sonata-info in PATH: "* ]]
	is "${#lines[@]}" 1
}

@test "a report without a network says what to give" {
	run report
	[ "$status" -eq 2 ]
	[[ $output == *"give a network: CONFIG="* ]]
}

@test "a tool that fails leaves no table behind" {
	tricky
	head -c 3000 network/A_A_edges.h5 >short
	mv short network/A_A_edges.h5
	run report CONFIG=config.json OUT=out
	[ "$status" -eq 2 ]
	[ ! -e out/matrix.csv ]
	# One line, whoever says it, and that of make.
	is "$(grep -c 'A_A_edges.h5: not a whole HDF5 file: cut short' <<<"$output")" 1
	grep -q '^<h2>Failed' out/index.html
	[ "$(grep '^make: \*\*\*' <<<"$output")" != '' ]
	run report CONFIG=config.json OUT=out out/matrix.csv
	[ "$status" -eq 2 ]
}
