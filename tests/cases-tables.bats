# Tables, networks and inputs as other programs leave them: what is right for
# each, on a small file of ours.
# shellcheck disable=SC2016 # variables of configs are meant to stay
load common.bash

config() { # c.json, with these keys
	printf '{%s}\n' "$1" >c.json
}

nodes_of() { # a config of n.h5, and perhaps e.h5
	config '"networks": {"nodes": [{"nodes_file": "n.h5"}],
		"edges": ['"${1:+{\"edges_file\": \"$1\"\}}"']}'"$2"
}

# ---- Line ends ----

two_cells() { # a table of nodes and one of edges, whose lines end like this
	printf "%b$1" node_id,pop_name 0,a 1,b >n.csv
	printf "%b$1" source_node_id,target_node_id,w 0,1,2 1,0,3 >e.csv
}

@test "CR, LF, CR LF and CR CR LF end a line" {
	local end
	for end in '\n' '\r' '\r\n' '\r\r\n'; do
		two_cells "$end"
		is "$(conn-matrix --stats rows -n n.csv e.csv)" \
			'source,target,n_source,n_target,pairs,rows
a,a,1,1,0,0
a,b,1,1,1,1
b,a,1,1,1,1
b,b,1,1,0,0'
	done
	# The last line need not end.
	printf 'source_node_id,target_node_id,w\r0,1,2\r1,0,3' >e.csv
	conn-matrix --stats rows -n n.csv e.csv | grep -q '^b,a,1,1,1,1$'
}

@test "line ends may differ in a file, and messages count them all" {
	local end
	nodes 0,a >n.csv
	for end in '\n' '\r' '\r\n' '\r\r\n'; do
		printf "%b$end" source_node_id,target_node_id 0,0 '' 0,7 >e.csv
		tool=conn-matrix bad "e.csv:4: column 'target_node_id': there is no such node: '7'" \
			-n n.csv e.csv
	done
	printf 'source_node_id,target_node_id\r0,0\r\n\r0,0\n\r\r\n0,0\r\r0,7' >e.csv
	tool=conn-matrix bad "e.csv:8: column 'target_node_id': there is no such node: '7'" \
		-n n.csv e.csv
}

@test "line ends between quotes are a part of the text" {
	printf 'node_id,note\r0,"a\r\nb\r\rc"\r1,"d\re"\r' >n.csv
	printf 'source_node_id,target_node_id\r0,1\r' >e.csv
	is "$(conn-matrix --stats rows -g note --wide rows -n n.csv e.csv | od -An -c | tr -d ' \n')" \
		'source,"a\r\nb\r\rc","d\re"\n"a\r\nb\r\rc",0,1\n"d\re",0,0\n'
}

@test "line ends of spikes, types and traces" {
	printf 'timestamps population node_ids\r1 A 0\r\r\n2 A 1\r\n' >s.csv
	is "$(sonata-spikes s.csv)" $'timestamps,population,node_ids\n1,A,0\n2,A,1'
	make-odd n.h5 <<-'END'
	/nodes/A/node_type_id u4 100 101
	/nodes/A/0/x f8 0 1
	END
	printf 'node_type_id pop_name ei\r100 "a b" e\r\r101 c i\r' >t.csv
	is "$(sonata-info --types t.csv n.h5)" 'population,node_type_id,count,pop_name,ei
A,100,1,a b,e
A,101,1,c,i'
	printf 'node_type_id pop_name\r100 a b\r' >t.csv
	tool=sonata-info bad 't.csv:2: 3 fields where the header has 2' --types t.csv n.h5
	awk 'BEGIN { for (i = 0; i <= 400; i++) printf "%g\t%g\r", i / 4,
		i < 40 || i >= 240 ? -70 : -80 + 10 * exp(-(i / 4 - 10) / 8) }' >v.dat
	printf '%s\n' time_ms,v_mV >v.csv
	tr '\t\r' ',\n' <v.dat >>v.csv
	cmp <(passive-fit --amp -100 --delay 10 --dur 50 --no-header v.dat) \
		<(passive-fit --amp -100 --delay 10 --dur 50 v.csv)
}
