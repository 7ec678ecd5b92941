# Tables, networks and inputs as other programs leave them: what is right for
# each, on a small file of ours.
# shellcheck disable=SC2016,SC2034 # variables of configs stay; tool is for bad()
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
		(i < 40 || i >= 240 ? -70 : -80 + 10 * exp(-(i / 4 - 10) / 8)) }' >v.dat
	printf '%s\n' time_ms,v_mV >v.csv
	tr '\t\r' ',\n' <v.dat >>v.csv
	cmp <(passive-fit --amp -100 --delay 10 --dur 50 --no-header v.dat) \
		<(passive-fit --amp -100 --delay 10 --dur 50 v.csv)
}

# ---- Populations and attributes ----

@test "a name with several _to_ is cut where that gives two populations" {
	make-odd n.h5 <<-'END'
	/nodes/input_to_cortex/node_type_id i8 -1*3
	/nodes/v1/node_type_id i8 -1*4
	END
	make-odd e.h5 <<-'END'
	/edges/input_to_cortex_to_v1/source_node_id u8 0 1
	/edges/input_to_cortex_to_v1/target_node_id u8 3 2
	END
	nodes_of e.h5
	is "$(sonata-info --edges c.json 2>/dev/null | cut -d, -f1-3)" \
		'population,source_population,target_population
input_to_cortex_to_v1,input_to_cortex,v1'
	conn-matrix --stats rows c.json 2>/dev/null >rows.csv
	grep -qx 'input_to_cortex:-1,v1:-1,3,4,12,2' rows.csv
	# The nodes may be given apart from it.
	conn-matrix --stats rows -n n.h5 e.h5 2>/dev/null | cmp rows.csv
	# One end may be known.
	make-odd e.h5 <<-'END'
	/edges/a_to_b_to_c/source_node_id u8 0
	/edges/a_to_b_to_c/target_node_id u8 0
	/edges/a_to_b_to_c/source_node_id@node_population s a_to_b
	END
	is "$(sonata-edges e.h5 2>/dev/null)" \
		$'source_population,target_population,source_node_id,target_node_id,edge_type_id\na_to_b,c,0,0,'
}

@test "a name that may be cut in two ways is refused" {
	printf '/nodes/%s/node_type_id u8 1\n' a a_to_b c b_to_c | make-odd n.h5
	make-odd e.h5 <<-'END'
	/edges/a_to_b_to_c/source_node_id u8 0
	/edges/a_to_b_to_c/target_node_id u8 0
	END
	nodes_of e.h5
	run -1 --separate-stderr sonata-info --edges c.json
	is "${stderr_lines[-1]}" "sonata-info: e.h5: /edges/a_to_b_to_c: no node_population, and the name may be cut before '_to_b_to_c' or before '_to_c'"
}

hidden() { # n.h5 and e.h5, whose attributes have names of our own columns
	make-odd n.h5 <<-'END'
	/nodes/A/node_type_id u8 100 100
	/nodes/A/node_id u8 7 8
	/nodes/A/0/population s left right
	/nodes/A/0/node_id u8 1 2
	/nodes/A/0/x f8 0.5 1.5
	END
	make-odd e.h5 <<-'END'
	/edges/A_to_A/source_node_id u8 7
	/edges/A_to_A/target_node_id u8 8
	/edges/A_to_A/source_node_id@node_population s A
	/edges/A_to_A/target_node_id@node_population s A
	/edges/A_to_A/edge_type_id u8 5
	/edges/A_to_A/0/edge_id u8 11
	/edges/A_to_A/0/source_population s left
	END
	nodes_of e.h5
}

@test "an end that is not said is of no population that is guessed" {
	make-odd e.h5 <<-'END'
	/edges/E/source_node_id u8 0 1
	/edges/E/target_node_id u8 1 0
	/edges/E/target_node_id@node_population s v1
	END
	make-odd n.h5 <<<'/nodes/v1/node_type_id i8 -1*4'
	nodes_of e.h5
	conn-matrix --stats rows c.json | grep -qx -- -1,-1,4,4,12,2
	printf '/nodes/%s/node_type_id i8 -1*4\n' v1 input | make-odd n.h5
	for tool in conn-matrix conn-count graph-stats; do
		bad 'e.h5: E: of which population its cells are is not said' c.json
	done
}

@test "attributes with the name of one of our columns are shown beside it" {
	hidden
	is "$(sonata-nodes --all c.json)" \
		'population,node_id,node_type_id,attribute.node_id,attribute.population,x
A,7,100,1,left,0.5
A,8,100,2,right,1.5'
	is "$(sonata-nodes -c attribute.node_id --where attribute.population=right c.json)" \
		$'node_id,node_type_id,attribute.node_id\n8,100,2'
	is "$(sonata-edges -c attribute.edge_id,edge_id,attribute.source_population c.json)" \
		$'source_node_id,target_node_id,edge_type_id,attribute.edge_id,edge_id,attribute.source_population\n7,8,5,11,0,left'
	conn-matrix --stats rows -g attribute.population c.json | grep -qx left,right,1,1,1,1
	# It comes back from a file that we write.
	sonata-nodes n.h5 >n.csv
	sonata-edges e.h5 >e.csv
	sonata-pack --population A -n n.csv -o . e.csv
	sonata-nodes A_nodes.h5 | cut -d, -f1,3- | cmp - <(cut -d, -f1,3- n.csv)
	is "$(h5ls -r A_nodes.h5 | grep -c '/nodes/A/0/node_id')" 1
}

@test "a dataset beside populations is none" {
	hidden
	make-odd n2.h5 <<-'END'
	/nodes/A/node_type_id u8 100
	/nodes/note u8 1 2 3
	END
	is "$(sonata-nodes n2.h5)" $'node_id,node_type_id\n0,100'
	make-odd e2.h5 <<-'END'
	/edges/note u8 1 2 3
	/edges/A_to_A/source_node_id u8 0
	/edges/A_to_A/target_node_id u8 0
	END
	is "$(sonata-edges e2.h5 2>/dev/null)" $'source_node_id,target_node_id,edge_type_id\n0,0,'
	make-odd s.h5 <<-'END'
	/spikes/note u8 1
	/spikes/A/node_ids u8 3
	/spikes/A/timestamps f8 0.5
	END
	is "$(sonata-spikes s.h5)" $'timestamps,population,node_ids\n0.5,A,3'
}

@test "files from before SONATA are called that" {
	make-odd e.h5 <<-'END'
	/edges/source_gid u8 0
	/edges/target_gid u8 0
	END
	tool=sonata-edges bad 'e.h5: /edges/source_gid: from before SONATA, without populations and with ids called gid' e.h5
	make-odd e.h5 <<-'END'
	/edges/A_to_A/source_gid u8 0
	/edges/A_to_A/target_gid u8 0
	END
	tool=sonata-edges bad 'e.h5: /edges/A_to_A: no source_node_id, so it cannot be told how many there are: from before SONATA, with ids called gid' e.h5
	make-odd n.h5 <<-'END'
	/nodes/node_gid u8 0
	END
	make-odd g.h5 <<-'END'
	/nodes/A/node_type_id u8 1
	/nodes/A/node_group u8 0
	END
	tool=sonata-nodes bad 'g.h5: /nodes/A/node_group: from before SONATA, where node_group_id was called so' g.h5
	tool=sonata-nodes bad 'n.h5: /nodes/node_gid: from before SONATA, without populations and with ids called gid' n.h5
}

@test "positions of four columns, and indices past the end, are refused" {
	make-odd n.h5 <<-'END'
	/nodes/A/node_type_id u8 100 100
	/nodes/A/0/positions f8:4 0 0 0 1 1 1 1 1
	END
	tool=sonata-nodes bad 'n.h5: /nodes/A/0/positions: 4 columns, which are not x, y and z' n.h5
	is "$(sonata-nodes -c node_group_id n.h5)" \
		$'node_id,node_type_id,node_group_id\n0,100,0\n1,100,0'
	make-odd n.h5 <<-'END'
	/nodes/A/node_type_id u8 100 100 100
	/nodes/A/node_group_id u8 0 1 0
	/nodes/A/node_group_index u8 0 0 2
	/nodes/A/0/x f8 0 1
	/nodes/A/1/x f8 0
	END
	tool=sonata-nodes bad "n.h5: /nodes/A/node_group_index: row 2: past the end of /nodes/A/0/x, which has 2 rows: '2'" n.h5
}

@test "a table of types with an index that has no name, and with semicolons" {
	make-odd n.h5 <<<'/nodes/A/node_type_id u8 7 8'
	local table
	for table in ' node_type_id pop_name\n0 7 "a b"\n1 8 c\n' \
		' node_type_id pop_name\n7 "a b"\n8 c\n' \
		',node_type_id,pop_name\n0,7,a b\n1,8,c\n'; do
		# shellcheck disable=SC2059
		printf "$table" >t.csv
		is "$(sonata-nodes --types t.csv n.h5)" \
			$'node_id,node_type_id,pop_name\n0,7,a b\n1,8,c'
	done
	printf 'node_type_id;pop_name\n7;a\n' >t.csv
	tool=sonata-nodes bad "t.csv: separated by semicolons, rather than by spaces or \
commas: 'node_type_id;pop_name'" --types t.csv n.h5
}

@test "a table of types may have positions by their old name" {
	make-odd n.h5 <<<'/nodes/A/node_type_id u8 100 101'
	printf 'node_type_id pos_x\n100 5\n101 7.5\n' >t.csv
	is "$(sonata-nodes --types t.csv n.h5)" $'node_id,node_type_id,x\n0,100,5\n1,101,7.5'
}

@test "types in the opposite order of their ids, more than can be moved one by one" {
	make-odd n.h5 <<<'/nodes/A/node_type_id u8 1 400000'
	{ echo node_type_id x; seq 400000 -1 1 | awk '{ print $1, -$1 }'; } >t.csv
	is "$(sonata-nodes --types t.csv n.h5)" $'node_id,node_type_id,x\n0,1,-1\n1,400000,-400000'
	echo 7 1 >>t.csv
	tool=sonata-nodes bad 't.csv: type 7 is there twice' --types t.csv n.h5
}

# ---- Columns that are asked for ----

@test "-g: a column that no population has is refused, with those there are" {
	printf '%s\n' population,node_id,kind A,0,p V,0,q >n.csv
	printf '%s\n' source_population,target_population,source_node_id,target_node_id V,A,0,0 >e.csv
	printf '%s\n' timestamps,population,node_ids 1,A,0 >s.csv
	make-odd n.h5 <<-'END'
	/nodes/A/node_type_id u8 100
	/nodes/A/0/kind s p
	/nodes/V/node_type_id u8 100
	/nodes/V/0/x f8 1
	END
	make-odd e.h5 <<-'END'
	/edges/V_to_A/source_node_id u8 0
	/edges/V_to_A/target_node_id u8 0
	/edges/V_to_A/source_node_id@node_population s V
	/edges/V_to_A/target_node_id@node_population s A
	END
	nodes_of e.h5
	local lack="n.csv: no column 'celltype': there are population, node_id, kind"
	local lack5="c.json: no column 'celltype': there are node_id, node_type_id, kind, x"
	for tool in conn-matrix conn-count conn-hist graph-export graph-html; do
		bad "$lack" -g celltype -n n.csv e.csv
		bad "$lack5" -g celltype c.json
		bad "$lack5" -g A=celltype c.json
		bad "$lack5" --source-group celltype c.json
	done
	for tool in sonata-spikes spike-rate plot-raster; do
		bad "$lack" -g celltype -n n.csv s.csv
		bad "$lack5" -g celltype -n c.json s.csv
	done
	tool=sonata-spikes bad "$lack" -c celltype -n n.csv s.csv
	# One that some populations have is taken there, but not where it is asked
	# for by population.
	run -0 --separate-stderr conn-matrix --stats rows -g kind c.json
	is "$output" $'source,target,n_source,n_target,pairs,rows\nV:100,A:p,1,1,1,1'
	is "$stderr" "conn-matrix: population 'V' has no 'kind': grouped by node_type_id"
	tool=conn-matrix bad "population 'V' has no 'kind'" -g A=kind,V=kind c.json
	run -0 --separate-stderr conn-matrix --stats rows -g A=kind c.json
	is "$stderr" ''
}

@test "a node table without populations serves the only one" {
	nodes 0,X 1,Y >n.csv
	printf '%s\n' source_population,target_population,source_node_id,target_node_id \
		A,A,0,1 >e.csv
	is "$(conn-matrix --stats rows -n n.csv e.csv | sed -n 3p)" X,Y,1,1,1,1
	is "$(graph-export --by group -n n.csv e.csv | sed -n 2p | cut -d, -f1,2)" X,Y
	printf '%s\n' node_id,x,y,z 0,0,0,0 1,3,4,0 >at.csv
	is "$(edge-distance -n at.csv e.csv | tail -1)" A,A,0,1,5
	printf '%s\n' timestamps,population,node_ids 1,A,0 >s.csv
	is "$(sonata-spikes -n n.csv -g pop_name s.csv)" \
		$'timestamps,population,node_ids,group\n1,A,0,X'
	is "$(connect-file --pairs e.csv n.csv)" $'source_node_id,target_node_id\n0,1'
	is "$(connect-gap --seed 1 --p-non 0 --p-uni 1 --p-rec 0 --chemical e.csv n.csv)" \
		$'source_node_id,target_node_id,is_gap_junction\n0,1,true'
	sonata-pack -n n.csv -o D e.csv
	is "$(sonata-edges --all D/circuit_config.json | tail -1 | cut -d, -f1-4)" A,A,0,1
	# It serves no second one.
	printf '%s\n' A,B,0,1 >>e.csv
	printf '%s\n' 1,B,0 >>s.csv
	local lack=' are needed as well: give tables with a population column'
	tool=conn-matrix bad "e.csv:3: column 'target_population': nodes of this population$lack: 'B'" \
		-n n.csv e.csv
	tool=edge-distance complains "e.csv:3: column 'target_population': nodes of this population$lack: 'B'" \
		-n at.csv e.csv
	tool=sonata-spikes complains "s.csv: nodes of population 'B'$lack" -n n.csv s.csv
	tool=sonata-spikes complains "s.csv: nodes of population 'B'$lack" --listed -n n.csv s.csv
}

# ---- Gap junctions that the config lists ----

with_gaps() { # a config of n.h5, of this file of edges and this entry of gap_juncs
	config '"networks": {"nodes": [{"nodes_file": "n.h5"}],
		"edges": ['"${1:+{\"edges_file\": \"$1\"\}}"'], "gap_juncs": ['"$2"']}'
}

gaps_of() { # of c.json: population, ends, gap_rows; and of conn-matrix gap_pairs
	sonata-info --edges c.json | awk -F, 'NR > 1 { print $1, $2, $3, $9 }'
	conn-matrix --stats gap c.json | awk -F, 'NR > 1 && $6 { print $1, $2, $6 }'
}

@test "gap junctions that are in the config's gap_juncs alone are counted" {
	printf '/nodes/%s/node_type_id u8 100*4\n' A B | make-odd n.h5
	make-odd e.h5 <<-'END'
	/edges/A_to_A/source_node_id u8 0 1 2
	/edges/A_to_A/target_node_id u8 1 2 3
	/edges/A_to_A/edge_type_id u8 7*3
	/edges/A_to_A/source_node_id@node_population s A
	/edges/A_to_A/target_node_id@node_population s A
	END
	printf 'edge_type_id note\n7 x\n' >t.csv
	with_gaps '' '{"gap_juncs_file": "e.h5", "gap_juncs_types_file": "t.csv"}'
	is "$(gaps_of)" $'A_to_A A A 3\n100 100 3'
	is "$(sonata-edges -c note c.json | tail -1)" 2,3,7,true,x
	is "$(sonata-info --files c.json | tail -2)" $'gap_juncs,e.h5\nedge_types,t.csv'
	# BMTK's own file has no populations; its name says it.
	make-odd B_gap_juncs.h5 <<-'END'
	/source_ids u8 0 1 2
	/target_ids u8 1 2 3
	/src_gap_ids u8 0 2 4
	/trg_gap_ids u8 1 3 5
	END
	with_gaps '' '{"gap_juncs_file": "B_gap_juncs.h5"}'
	is "$(gaps_of)" $'B_gap_juncs B B 3\n100 100 3'
	is "$(sonata-edges -c src_gap_ids c.json | tail -1)" 2,3,,true,4
	is "$(graph-stats c.json | grep -c .)" "$(graph-stats --include-gap c.json | grep -c .)"
	mv B_gap_juncs.h5 g.h5
	with_gaps '' '{"gap_juncs_file": "g.h5"}'
	tool=conn-matrix bad 'g.h5: g: of which population its cells are is not said' c.json
	make-odd n.h5 <<<'/nodes/C/node_type_id u8 100*4'
	is "$(gaps_of)" $'g C C 3\n100 100 3'
	# A population that is asked for by name does not need them.
	with_gaps e.h5 '{"gap_juncs_file": "nodes.json"}'
	is "$(sonata-edges -e A_to_A c.json | wc -l)" 4
}

@test "gap junctions that edges repeat are counted once" {
	make-odd n.h5 <<<'/nodes/A/node_type_id u8 100*4'
	make-odd e.h5 <<-'END'
	/edges/A_to_A/source_node_id u8 0 2 2 3
	/edges/A_to_A/target_node_id u8 1 1 3 0
	/edges/A_to_A/edge_type_id u8 7*3 8
	/edges/A_to_A/source_node_id@node_population s A
	/edges/A_to_A/target_node_id@node_population s A
	/edges/A_to_A/0/is_gap_junction bool 1 1 1 0
	END
	make-odd A_gap_juncs.h5 <<-'END'
	/source_ids u8 0 1 2
	/target_ids u8 1 2 3
	END
	with_gaps e.h5 '{"gap_juncs_file": "A_gap_juncs.h5"}'
	is "$(gaps_of)" $'A_to_A A A 3\n100 100 3'
	# The same file may be listed as both.
	with_gaps e.h5 '{"gap_juncs_file": "./e.h5"}'
	is "$(gaps_of)" $'A_to_A A A 4\n100 100 4'
	# What edges do not have is not lost.
	rm A_gap_juncs.h5
	make-odd A_gap_juncs.h5 <<-'END'
	/source_ids u8 0 1 1
	/target_ids u8 1 2 3
	END
	with_gaps e.h5 '{"gap_juncs_file": "A_gap_juncs.h5"}'
	run -0 --separate-stderr conn-matrix --stats gap c.json
	is "$(cut -d, -f6 <<<"$output" | xargs)" 'gap_pairs 4'
	is "$stderr" 'conn-matrix: A_gap_juncs.h5: 2 of its 3 pairs are gap junctions of other edges too'
	# A file that is not there is said where it would matter.
	with_gaps e.h5 '{"gap_juncs_file": "/of/someone/else.h5"}'
	run -0 --separate-stderr sonata-info --edges c.json
	is "$stderr" ''
	make-odd plain.h5 <<-'END'
	/edges/A_to_A/source_node_id u8 0
	/edges/A_to_A/target_node_id u8 1
	/edges/A_to_A/source_node_id@node_population s A
	/edges/A_to_A/target_node_id@node_population s A
	END
	with_gaps plain.h5 '{"gap_juncs_file": "/of/someone/else.h5"}'
	run -0 --separate-stderr sonata-info --edges c.json
	is "$stderr" 'sonata-info: /of/someone/else.h5: not there, so its gap junctions are left out'
}

# ---- What a simulation is given, and what it leaves ----

spike_file() { # s.h5, with spikes at these times of node 0 of population A
	rm -f s.h5
	printf '/spikes/A/node_ids u8 0*%d\n/spikes/A/timestamps f8 %s\n' $# "$*" |
		make-odd s.h5
}

@test "spikes after the end of the simulation are said, once" {
	make-odd n.h5 <<<'/nodes/A/node_type_id u8 1 1'
	spike_file 1 500 600 700
	local saved='"output": {"output_dir": ".", "spikes_file": "s.h5"}'
	nodes_of '' ', "run": {"tstop": 100}, '"$saved"
	local said='spike-rate: left out, from run.tstop of 100 ms on: 3 spikes: --to takes them in'
	local how
	for how in '' '--per cell' '--bin 10' '--bursts'; do
		# shellcheck disable=SC2086 # options
		run -0 --separate-stderr spike-rate $how c.json
		is "$stderr" "$said"
	done
	run -0 --separate-stderr spike-rate --to 1000 c.json
	is "$stderr" '' && is "${lines[1]}" 'A,1,2,1,4,2,2.8284271247461903,0,4'
	# Those that are not meant are not left out.
	run -0 --separate-stderr spike-rate --ids 1 c.json
	is "$stderr" ''
	spike_file 1 2 200
	nodes_of '' ', "run": {"tstart": 1.5, "tstop": 100}, '"$saved"
	run -0 --separate-stderr spike-rate c.json
	is "$stderr" 'spike-rate: left out, before run.tstart of 1.5 ms: 1 spike: --from takes them in
spike-rate: left out, from run.tstop of 100 ms on: 1 spike: --to takes them in'
}

@test "--inputs: spikes that cannot be read are said" {
	spike_file 1
	config '"run": {"tstop": 10}, "inputs": {
		"a": {"input_type": "spikes", "module": "h5", "input_file": "s.h5"},
		"b": {"input_type": "spikes", "module": "nwb", "input_file": "x.nwb"},
		"c": {"input_type": "current_clamp", "module": "IClamp"}}'
	run -0 --separate-stderr sonata-spikes --inputs c.json
	is "$stderr" 'sonata-spikes: c.json: inputs whose spikes are in no file that is read are left out: b'
	is "${#lines[@]}" 2
}

@test "populations that spikes do not name are said where they are left out" {
	printf '%s\n' population,node_id A,0 V,0 W,0 >n.csv
	printf '%s\n' timestamps,population,node_ids 1,A,0 >s.csv
	local said='left out, as the spikes do not name them: V, W'
	run -0 --separate-stderr plot-raster -n n.csv s.csv
	is "$stderr" "plot-raster: $said"
	run -0 --separate-stderr spike-rate --from 0 --to 5 -n n.csv s.csv
	is "$stderr" "spike-rate: $said"
}

clamp() { # amp_nA of a clamp of 500, with these keys of the config and of it
	config "$1"'"run": {"tstop": 100}, "inputs": {"c": {"input_type": "current_clamp",
		"module": "IClamp", "amp": 500, "delay": 0, "duration": 10'"$2"'}}'
	sonata-info --inputs c.json | sed -n 2p | cut -d, -f8
}

@test "amplitudes are in pA for NEST, or in the unit that is said" {
	is "$(clamp '')" 500
	is "$(clamp '"target_simulator": "NEURON", ')" 500
	is "$(clamp '"target_simulator": "NEST", ')" 0.5
	is "$(clamp '"target_simulator": "$S", "manifest": {"$S": "nest"}, ')" 0.5
	is "$(clamp '"target_simulator": "NEST", ' ', "units": "nA"')" 500
	is "$(clamp '' ', "units": "pA"')" 0.5
	run -0 --separate-stderr clamp '' ', "units": "mV"'
	is "$output" ''
	is "$stderr" "sonata-info: c.json: inputs.c.units is not a unit of current, so amp_nA is left empty: 'mV'"
	printf '%s\n' 'timestamps amps' '1 150' '2 0' >a.csv
	config '"target_simulator": "NEST", "run": {}, "inputs": {"c": {"input_type": "csv",
		"module": "IClamp", "file": "a.csv"}}'
	is "$(sonata-info --inputs c.json | sed -n 2p | cut -d, -f8-10)" 0.15,1,1
	# The simulator may be said by the circuit.
	make-odd n.h5 <<<'/nodes/A/node_type_id u8 1'
	nodes_of '' ', "target_simulator": "NEST"'
	mv c.json circuit.json
	is "$(clamp '"network": "circuit.json", ')" 0.5
}

@test "--inputs: spikes of no file, and units that are of no current" {
	spike_file 1 2
	local file none='"input_type": "spikes", "module": "h5", "node_set": "A"'
	for file in '' ', "input_file": null' ', "input_file": ""' ', "input_file": 3' \
		', "input_file": []'; do
		config '"run": {"tstop": 10}, "inputs": {"a": {'"$none, \"input_file\": \"s.h5\""'},
			"b": {'"$none$file"'}}'
		is "$(sonata-info --inputs c.json | cut -d, -f1,5-7,11)" \
			$'input,file,spikes,cells,problem\na,s.h5,2,1,\nb,,,,no file is named'
		run -0 --separate-stderr sonata-spikes --inputs c.json
		is "$stderr" 'sonata-spikes: c.json: inputs whose spikes are in no file that is read are left out: b'
	done
	config '"run": {}, "inputs": {"probe": {"input_type": "spikes", "module": "ecephys_probe",
		"input_file": "x.nwb", "units": {"location": ["VISp"]}}}'
	run -0 --separate-stderr sonata-info --inputs c.json
	is "${lines[1]}" probe,spikes,ecephys_probe,,x.nwb,,,,,, && is "$stderr" ''
}

@test "--inputs: files that are missing or no spikes have rows that say so" {
	printf 'gid spike-times\n0 1.5,2.5\n' >old.csv
	printf '0\t1\t2\n' >three.dat
	printf '0.5 3\n' >two.dat
	make-odd n.h5 <<<'/nodes/A/node_type_id u8 1'
	spike_file 1 2
	local files=() file json
	for file in no.h5 s.h5 n.h5 old.csv two.dat three.dat .; do
		files+=("\"$file\": {\"input_type\": \"spikes\", \"module\": \"h5\", \"input_file\": \"$file\"}")
	done
	printf -v json '%s, ' "${files[@]}"
	config '"run": {"tstop": 10}, "inputs": {'"$json"'
		"clamp": {"input_type": "current_clamp", "module": "IClamp", "amp": 0.1}}'
	is "$(sonata-info --inputs c.json 2>/dev/null | cut -d, -f1,6-8,11)" \
		"input,spikes,cells,amp_nA,problem
no.h5,,,,No such file or directory
s.h5,2,1,,
n.h5,,,,not spikes: no group /spikes
old.csv,,,,not spikes: no column 'timestamps'
two.dat,1,1,,
three.dat,,,,not spikes: no column 'timestamps'
.,,,,Is a directory
clamp,,,0.1,"
}

@test "spikes without a header, or with an index that has no name, as BMTK reads them" {
	printf '0.25 0\n0.5 3\n' >s.csv
	run -0 --separate-stderr sonata-spikes --unnamed V1 s.csv
	is "$output" $'timestamps,population,node_ids\n0.25,V1,0\n0.5,V1,3'
	is "$stderr" 'sonata-spikes: s.csv: no header: columns taken for timestamps and node_ids'
	is "$(printf '0.25\t0\r\n' | sonata-spikes 2>/dev/null)" $'timestamps,population,node_ids\n0.25,,0'
	local sep
	for sep in ' ' ',' $'\t'; do
		printf '%s\n' ' timestamps population node_ids' '0 0.25 V1 0' '1 0.5 V1 3' |
			tr ' ' "$sep" >s.csv
		is "$(sonata-spikes s.csv)" $'timestamps,population,node_ids\n0.25,V1,0\n0.5,V1,3'
	done
	# Columns that are aligned have no index, and rows are alike.
	printf '  timestamps node_ids\n  0.25 0\n 10.5 3\n' >s.csv
	is "$(sonata-spikes s.csv)" $'timestamps,population,node_ids\n0.25,,0\n10.5,,3'
	printf ' timestamps node_ids\n0 0.25 0\n1 3\n' >s.csv
	tool=sonata-spikes complains 's.csv:3: 1 fields where the header has 2' s.csv
	printf '1 2 3\n' >s.csv
	tool=sonata-spikes bad "s.csv: no column 'node_ids': there are 1, 2, 3" s.csv
}

@test "texts of spikes whose populations have blanks, and places in what has no header" {
	printf '%s\n' 'timestamps population node_ids' '1 "V 1" 0' '2 V1 1' '3 "a""b" 2' >s.csv
	is "$(sonata-spikes s.csv)" \
		$'timestamps,population,node_ids\n1,V 1,0\n2,V1,1\n3,"a""b",2'
	local row
	for row in '1 "V 1 0' '1 "V"1 0' '1 V"1" 0'; do
		printf '%s\n' 'timestamps population node_ids' "$row" >s.csv
		tool=sonata-spikes complains 's.csv:2: misplaced quote' s.csv
	done
	printf '0.5 0\n3 0.5\n' >s.csv
	run sonata-spikes s.csv
	is "${lines[-1]}" "sonata-spikes: s.csv:2: column '2': not an integer: '0.5'"
	printf '3 0.5\n0.5 0\n' >s.csv
	run sonata-spikes s.csv
	is "${lines[-1]}" "sonata-spikes: s.csv:1: column '2': not an integer: '0.5'"
	printf '1;V;0\n' | sed 1itimestamps\;population\;node_ids >s.csv
	tool=sonata-spikes bad "s.csv: separated by semicolons, rather than by commas or \
tabs: 'timestamps;population;node_ids': say --separator ';'" s.csv
}

@test "spikes that are given are of no population that only a node set is called" {
	printf 'node_ids timestamps\n0 1\n' >s.csv
	echo '{"list": {"population": ["B"]}, "more": {"population": ["A", "B"]},
		"sets": ["list"], "kind": {"ei": "e"}}' >sets.json
	local set
	input_of() { # the population, a node set
		config '"node_sets_file": "sets.json", "run": {}, "inputs": {"i": {"input_type": "spikes",
			"module": "csv", "input_file": "s.csv", "node_set": '"$2"'}}'
		is "$(sonata-spikes --inputs c.json | tail -n +2)" "1,$1,0"
	}
	input_of A '"A"'
	input_of B '"list"'
	input_of B '{"population": ["B"]}'
	for set in '"more"' '"sets"' '"kind"'; do
		input_of '' "$set"
	done
}

@test "spikes without a population, packed: the file is named" {
	printf '%s\n' timestamps,population,node_ids 1,A,0 >a.csv
	printf '%s\n' timestamps,node_ids 1,0 >b.csv
	tool=spike-pack bad 'b.csv: spikes without a population: say --unnamed' -o s.h5 a.csv b.csv
}

@test "an end of the simulation that is no number is refused" {
	make-odd n.h5 <<<'/nodes/A/node_type_id u8 1 1'
	spike_file 1 500
	local run
	for run in '"tstop": "100"' '"tstop": "${tstop}"' '"tstart": "5", "tstop": 100'; do
		nodes_of '' ', "run": {'"$run"'}, "output": {"output_dir": ".", "spikes_file": "s.h5"}'
		run=${run%%:*}
		tool=spike-rate bad "c.json: run.${run//\"/} is not a number: give --from and --to" c.json
		spike-rate --from 0 --to 100 c.json >table
	done
}

# ---- Names and texts that mean something else ----

@test "columns of nodes and types beside ours of the same name" {
	printf '%s\n' population,node_id,kind,group A,0,k,g >n.csv
	printf '%s\n' timestamps,population,node_ids 1,A,0 >s.csv
	is "$(sonata-spikes -n n.csv -g kind -c group,population,kind s.csv)" \
		$'timestamps,population,node_ids,group,attribute.group,attribute.population,kind\n1,A,0,k,g,A,k'
	is "$(sonata-spikes -n n.csv -c group,group s.csv)" \
		$'timestamps,population,node_ids,group\n1,A,0,g'
	make-odd n.h5 <<<'/nodes/A/node_type_id u8 100'
	printf 'node_type_id count\n100 7\n' >t.csv
	is "$(sonata-info --types t.csv n.h5)" \
		$'population,node_type_id,count,attribute.count\nA,100,1,7'
	nodes 0,P >n.csv
	printf '%s\n' source_node_id,target_node_id,rows 0,0,x >e.csv
	is "$(conn-matrix --stats rows --attribute rows -n n.csv e.csv)" \
		$'source,target,n_source,n_target,pairs,rows,attribute.rows\nP,P,1,1,0,1,x'
}

@test "labels that spell a missing value stay what they are" {
	local label n=0
	echo node_id,pop_name >n.csv
	for label in NULL NaN NONE nan None null; do
		echo "$n,$label" >>n.csv
		n=$((n + 1))
	done
	printf '%s\n' source_node_id,target_node_id 0,1 >e.csv
	is "$(conn-matrix --stats rows --wide rows -n n.csv e.csv | head -1)" \
		source,NULL,NaN,NONE,nan,None,null
	is "$(graph-export --by group -n n.csv e.csv | sed -n 2p | cut -d, -f1,2)" NULL,NaN
	# In a network that is written they stay as well, or are refused.
	if sonata-pack -n n.csv --population A -o D e.csv 2>/dev/null; then
		is "$(sonata-nodes -c pop_name D/A_nodes.h5 | cut -d, -f3 | xargs)" \
			"$(cut -d, -f2 n.csv | xargs)"
	fi
}

# ---- What is documented ----

@test "documented sorts are by the column that is meant" {
	cp -r "$data/tricky/"* .
	cp config.json circuit_config.json
	sed -n '/conn-matrix --stats convergence/,/head/{ s/#.*//; p; }' "$root/README.md" >pipe
	config=circuit_config.json bash ./pipe >sorted.csv
	conn-matrix --stats convergence config.json |
		awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == "convergence_mean") k = i
			next } { print $k }' | sort -gr | head >want
	cut -d, -f6 sorted.csv | cmp - want
	# None sorts numbers that may have an exponent as if they had none.
	run ! grep -nE 'sort [^|]*-k *[0-9,]*n?r?n' "$root/README.md" "$root"/man/*.[157]
}
