# A cut has the rows of the whole whose nodes are left, with all that they had:
# what sonata-nodes, sonata-edges and awk say of the whole is what they say of it.
load common.bash

ids() { # of a cut: population:old=new
	tail -n +2 "$1/id_map.csv" | tr '\n' ' ' | sed 's/\([^ ,]*\),\([0-9]*\),/\1:\2=/g; s/ $//'
}

# Nodes A, of which the last is virtual, B and the virtual V; each attribute of
# edges is another kind of dataset, in two groups whose rows are interleaved.
whole() {
	make-odd n.h5 <<-'END'
	/nodes/A/node_id u4 7 3 5 1 9
	/nodes/A/node_type_id i4 100 101 100 101 102
	/nodes/A/node_group_id u2 0 1 0 0 1
	/nodes/A/node_group_index u2 2 0 1 0 1
	/nodes/A@note s whole
	/nodes/A/0/positions f4b:3 1 2 3 4 5 6 7 8 9
	/nodes/A/0/positions@units s um
	/nodes/A/0/name s one five seven
	/nodes/A/0/dynamics_params/tau f8 1.5 5.5 7.5
	/nodes/A/1/kind u4 1 0
	/nodes/A/1/@library/kind s PV SOM
	/nodes/B/node_type_id i4 -1 -1
	/nodes/V/node_type_id u4 1*4
	/nodes/V/0/rate f8z 10 20 30 40
	END
	make-odd e.h5 <<-'END'
	/edges/A_to_A/source_node_id u4 3 7 9 1 5 7 3 7 5
	/edges/A_to_A/source_node_id@node_population s A
	/edges/A_to_A/target_node_id u8 7 7 3 5 5 1 1 9 3
	/edges/A_to_A/target_node_id@node_population s A
	/edges/A_to_A/edge_type_id u4 1..9
	/edges/A_to_A/edge_group_id u4 1 0 1 0 1 0 1 0 1
	/edges/A_to_A/edge_group_index u4 4 3 3 2 2 1 1 0 0
	/edges/A_to_A/0/w f4z 8 6 4 2
	/edges/A_to_A/0/s s eight six "" two
	/edges/A_to_A/1/f s8 nine seven five three one
	/edges/A_to_A/1/b bool 1 1 0 0 1
	/edges/A_to_A/1/dynamics_params/q i2b 9 7 5 3 1
	/edges/A_to_A/0/scalars/ 
	/edges/A_to_A/indicies/source_to_target/node_id_to_range i8:2 0 0
	/edges/V_to_A/source_node_id u8 0 2 2 3
	/edges/V_to_A/source_node_id@node_population s V
	/edges/V_to_A/target_node_id u8 3 7 9 1
	/edges/V_to_A/target_node_id@node_population s A
	/edges/V_to_A/edge_type_id u4 1*4
	/edges/V_to_A/0/delay f8c 1 2 3 nan
	/edges/B_to_A/source_node_id u8 1 0 1
	/edges/B_to_A/source_node_id@node_population s B
	/edges/B_to_A/target_node_id u8 7 3 7
	/edges/B_to_A/target_node_id@node_population s A
	/edges/B_to_A/edge_type_id i8 -1*3
	/edges/B_to_A/0/
	END
	cat >types.csv <<-'END'
	node_type_id model_type pop_name
	100 biophysical "X 1"
	101 biophysical Y
	102 virtual Z
	END
	cat >c.json <<-'END'
	{"version": 2.3, "manifest": {"$NET": ".", "$MORE": "$NET/more"},
	 "components": {"morphologies_dir": "$MORE/m", "templates_dir": "", "mechanisms_dir": "/abs/x"},
	 "node_sets_file": "$NET/sets.json",
	 "networks": {
	  "nodes": [{"nodes_file": "$NET/n.h5", "node_types_file": "types.csv", "populations": {"A": {
	   "type": "biophysical", "morphologies_dir": "$MORE", "alternate_morphologies": {"h5v1": "a.h5"}}}},
	   {"nodes_file": "n.h5", "node_types_file": null, "populations": {"B": {"type": "point_neuron"}, "V": {"type": "virtual"}}}],
	  "edges": [{"edges_file": "e.h5", "edge_types_file": null}]}}
	END
	cat >sets.json <<-'END'
	{"mine": {"population": "A", "node_id": [7, 3, 8]}, "low": {"node_id": [1, 3]}, "y": {"pop_name": "Y"},
	 "none": {"population": "A", "node_id": [5]}, "b": {"population": "B"}, "v": {"population": ["V", "B"], "node_id": [2, 3]},
	 "few": {"population": "A", "node_id": {"$gt": 2, "$lte": 7}}, "of": ["mine", "none"], "gone": ["none", "b"], "odd": {"nix": 1}}
	END
}

carve() { sonata-cut "$@" 2>said; }

@test "chosen nodes, edges between them, and the virtual nodes that send to them" {
	whole
	carve --where 'node_id=7,3,1' -p A -o out c.json
	is "$(ids out)" 'A:7=0 A:3=1 A:1=2 A:9=3 V:0=0 V:2=1 V:3=2'
	is "$(sonata-nodes --all -c rate,kind,dynamics_params.tau,name out/circuit_config.json)" \
		"$(sonata-nodes --all -c rate,kind,dynamics_params.tau,name c.json | awk -F, -v OFS=, '
		BEGIN { new["A7"] = 0; new["A3"] = 1; new["A1"] = 2; new["A9"] = 3; new["V0"] = 0; new["V2"] = 1; new["V3"] = 2 }
		NR > 1 { if (!($1 $2 in new)) next; $2 = new[$1 $2] } { print }')"
	is "$(sonata-edges --all -c w,s,f,b,dynamics_params.q,delay out/circuit_config.json)" \
		"source_population,target_population,source_node_id,target_node_id,edge_type_id,w,s,f,b,dynamics_params.q,delay
A,A,1,0,1,,,one,TRUE,1,
A,A,0,0,2,2,two,,,,
A,A,3,1,3,,,three,FALSE,3,
A,A,0,2,6,6,six,,,,
A,A,1,2,7,,,seven,TRUE,7,
V,A,0,1,1,,,,,,1
V,A,1,0,1,,,,,,2
V,A,2,2,1,,,,,,nan"
	# Groups are numbered anew, and all is as it was stored.
	is "$(h5dump -y -d /edges/A_to_A/edge_group_index out/A_to_A_edges.h5 | grep '^ *[0-9]' | tr -d ' ')" 0,0,1,1,2
	for d in nodes/A/0/positions nodes/A/0/name nodes/A/1/kind; do
		is "$(h5dump -y -H -d /$d out/A_nodes.h5 | grep DATATYPE)" "$(h5dump -y -H -d /$d n.h5 | grep DATATYPE)"
	done
	for d in 0/w 0/s 1/f 1/b 1/dynamics_params/q; do
		is "$(h5dump -H -d /edges/A_to_A/$d out/A_to_A_edges.h5 | grep DATATYPE)" \
			"$(h5dump -H -d /edges/A_to_A/$d e.h5 | grep DATATYPE)"
	done
	h5dump -pH -d /edges/A_to_A/0/w out/A_to_A_edges.h5 | grep -q DEFLATE
	h5dump -a /nodes/A/0/positions/units out/A_nodes.h5 | grep -q '"um"'
	h5dump -a /nodes/A/note out/A_nodes.h5 | grep -q '"whole"'
	h5dump -d /edges/A_to_A/source_node_id out/A_to_A_edges.h5 | grep -q H5T_STD_U32LE
	h5dump -d /edges/A_to_A/target_node_id out/A_to_A_edges.h5 | grep -q H5T_STD_U64LE
	# What is left of it is a network as good as the whole.
	run sonata-check --strict out/circuit_config.json
	is "$(grep -E ',(error|warning),' <<<"$output")" \
		"node-set-attribute,error,out/node_sets.json,odd,1,no population has the attribute 'nix'"
	cmp types.csv out/A_node_types.csv
	[ ! -e out/B_nodes.h5 ] && [ ! -e out/V_node_types.csv ]
}

@test "ways to choose the same nodes" {
	whole
	carve -p A --where 'node_id=7,3' -o w c.json
	carve --node-set mine -o s c.json
	carve -p A --ids 7,3-4,3 -o i c.json
	sonata-nodes -p A --where 'node_id=7,3' c.json >t.csv
	carve -p A -n t.csv -o t c.json
	sonata-nodes --all --where 'node_id=7' c.json >7.csv
	printf 'population,node_id\nA,3\nV,1\n' >3.csv
	carve -n 7.csv -n 3.csv -o n c.json
	for d in s i t n; do
		is "$(ids $d)" 'A:7=0 A:3=1 A:9=2 V:0=0 V:2=1'
		cmp w/A_to_A_edges.h5 $d/A_to_A_edges.h5
	done
	# All of them have to hold, and a population is enough.
	carve --node-set y --ids 3,7 -p A -o both c.json
	is "$(ids both)" 'A:3=0 A:9=1 V:0=0'
	carve -p B -o b c.json
	is "$(ids b)" 'B:0=0 B:1=1'
	is "$(ls b)" $'B_nodes.h5\ncircuit_config.json\nid_map.csv\nnode_sets.json'
	carve -p A -p B -o ab c.json
	is "$(sonata-info --edges ab/circuit_config.json | awk -F, '{ print $1, $4 }')" \
		$'population rows\nA_to_A 8\nB_to_A 3\nV_to_A 3'
}

@test "the counts of conn-matrix are those of the chosen cells" {
	cp -r "$data/tricky/config.json" "$data/tricky/network" .
	sonata-cut --where 'layer=1' -o out config.json
	for unit in rows synapses connections; do
		is "$(conn-matrix --unit $unit -e A_to_A out/circuit_config.json)" \
			"$(sonata-edges -e A_to_A --source-where layer=1 --target-where layer=1 config.json |
				conn-matrix --unit $unit -n <(sonata-nodes -p A --where layer=1 config.json))"
	done
	is "$(sonata-info --edges out/circuit_config.json | awk -F, '{ print $1, $4 }')" \
		$'population rows\nA_to_A 10\nV_to_A 2'
	sonata-check out/simulation_config.json | sort | awk -F, '{ print $1 }' | uniq >part
	sonata-check config.json | awk -F, '{ print $1 }' | sort -u >whole
	is "$(comm -23 part whole)" ''
}

@test "nodes outside become virtual" {
	whole
	carve --node-set mine --keep-outside -o out c.json
	is "$(ids out)" 'A:7=0 A:3=1 A:9=2 V:0=0 V:2=1 external_A:5=0 external_B:0=0 external_B:1=1'
	is "$(sonata-edges --all -c w,f out/circuit_config.json)" \
		'source_population,target_population,source_node_id,target_node_id,edge_type_id,w,f
A,A,1,0,1,,one
A,A,0,0,2,2,
A,A,2,1,3,,three
V,A,0,1,1,,
V,A,1,0,1,,
external_A,A,0,1,9,,nine
external_B,A,1,0,-1,,
external_B,A,0,1,-1,,
external_B,A,1,0,-1,,'
}

@test "an index of both ends, in both spellings" {
	whole
	carve -p A -o out c.json
	is "$(h5ls -r out/A_to_A_edges.h5 | awk '/indi/ && /Dataset/ { print $1, $3 }')" \
		"/edges/A_to_A/indices/source_to_target/node_id_to_range {5,
/edges/A_to_A/indices/source_to_target/node_id_to_ranges same
/edges/A_to_A/indices/source_to_target/range_to_edge_id {8,
/edges/A_to_A/indices/target_to_source/node_id_to_range {5,
/edges/A_to_A/indices/target_to_source/node_id_to_ranges same
/edges/A_to_A/indices/target_to_source/range_to_edge_id {5,"
	run sonata-check out/A_to_A_edges.h5
	run ! grep index <<<"$output"
}

@test "the config: components where they are, populations that are left" {
	whole
	mkdir more deep
	ln -s ../c.json deep/link.json
	carve --node-set mine -o deep/out c.json
	jq -S . deep/out/circuit_config.json >config
	is "$(jq -S 'del(.networks)' config)" "$(jq -S . <<-'END'
	{"version": 2.3, "manifest": {"$BASE_DIR": "."}, "node_sets_file": "$BASE_DIR/node_sets.json",
	 "components": {"morphologies_dir": "$BASE_DIR/../../more/m", "templates_dir": "", "mechanisms_dir": "/abs/x"}}
	END
	)"
	is "$(jq -S .networks config)" "$(jq -S . <<-'END'
	{"nodes": [{"nodes_file": "$BASE_DIR/A_nodes.h5", "node_types_file": "$BASE_DIR/A_node_types.csv", "populations": {"A": {
	  "type": "biophysical", "morphologies_dir": "$BASE_DIR/../../more",
	  "alternate_morphologies": {"h5v1": "$BASE_DIR/../../a.h5"}}}},
	 {"nodes_file": "$BASE_DIR/V_nodes.h5", "populations": {"V": {"type": "virtual"}}}],
	 "edges": [{"edges_file": "$BASE_DIR/A_to_A_edges.h5", "populations": {"A_to_A": {"type": "chemical"}}},
	 {"edges_file": "$BASE_DIR/V_to_A_edges.h5", "populations": {"V_to_A": {"type": "chemical"}}}]}
	END
	)"
	# Types that the config does not say are those of the nodes.
	jq 'del(.networks.nodes[0].populations) | del(.networks.nodes[1]) | .components.provenance.id_mapping = "m.json"' c.json >d.json
	carve --node-set mine -o out d.json
	is "$(sed 's/: there are .*//' said)" "sonata-cut: types.csv: no type 1, which n.h5 has
sonata-cut: sets.json: kept, though it cannot be read: node set 'odd': 'nix': no population has that attribute
sonata-cut: d.json: node sets left out, as none of their nodes is left: none, b, v, gone
sonata-cut: d.json: components.provenance is left out: it is of the old ids"
	is "$(jq -c '.networks.nodes[0].populations, .metadata, .components.provenance' out/circuit_config.json)" \
		$'{"A":{"type":"biophysical"}}\n{"status":"partial"}\nnull'
}

@test "node sets have the new ids, and those without nodes are left out" {
	whole
	carve --node-set mine -o out c.json
	is "$(jq -cS . out/node_sets.json)" "$(jq -cS . <<-'END'
	{"mine": {"population": "A", "node_id": [0, 1]}, "low": {"population": "A", "node_id": [1]}, "y": {"pop_name": "Y"},
	 "v": {"population": "V", "node_id": [1]}, "few": {"population": "A", "node_id": [0, 1]}, "of": ["mine"], "odd": {"nix": 1}}
	END
	)"
	# Ids of several populations are as many sets.
	jq '.networks.nodes[1].populations.V.type = "point_neuron"' c.json >d.json
	echo '{"all": {"node_id": [1, 3, 7]}, "low": [1, 3], "list": ["all", "low"]}' >sets.json
	carve --where 'node_id>1' -o out2 d.json
	is "$(jq -cS . out2/node_sets.json)" "$(jq -cS . <<-'END'
	{"all": ["all.A", "all.V"], "all.A": {"population": "A", "node_id": [1, 0]}, "all.V": {"population": "V", "node_id": [1]},
	 "low": ["low.A", "low.V"], "low.A": {"population": "A", "node_id": [1]}, "low.V": {"population": "V", "node_id": [1]},
	 "list": ["all", "low"]}
	END
	)"
}

simulation() {
	whole
	mkdir -p in
	printf '%s\n' '/spikes/V/node_ids u8 2 1 0 2' '/spikes/V/timestamps f8 1 2 0.5 3' \
		'/spikes/V@sorting s by_id' '/spikes/X/node_ids u8 1' '/spikes/X/timestamps f8 1' | make-odd in/v.h5
	printf '%s\n' '/spikes/gids u8 0 1 2' '/spikes/timestamps f8 1 2 3' | make-odd in/old.h5
	printf '%s\n' 'timestamps population node_ids' '3.5 V 2' '1 V 1' '2 A 3' >in/v.csv
	cat >s.json <<-'END'
	{"manifest": {"$OUT": "./output", "$IN": "in"}, "network": "c.json", "run": {"tstop": 10}, "node_set": "mine",
	 "node_sets": {"rec": {"population": "A", "node_id": [3]}},
	 "inputs": {
	  "a": {"input_type": "spikes", "module": "h5", "input_file": "$IN/v.h5", "node_set": "V"},
	  "b/c": {"input_type": "spikes", "module": "csv", "input_file": ["in/v.csv", "in/v.h5"], "node_set": "v"},
	  "old": {"input_type": "spikes", "module": "sonata", "input_file": "$IN/old.h5", "node_set": "V"},
	  "clamp": {"input_type": "current_clamp", "module": "IClamp", "node_set": {"population": "A", "node_ids": [5, 7]}, "amp": 1},
	  "none": {"input_type": "current_clamp", "module": "IClamp", "node_set": "none", "amp": 1},
	  "nwb": {"input_type": "spikes", "module": "nwb", "input_file": "in/x.nwb", "node_set": "V"},
	  "five": {"input_type": "current_clamp", "module": "IClamp", "node_set": {"population": "A", "node_id": [5]}, "amp": 1}},
	 "reports": {"v": {"cells": [1, 7, 3], "variable_name": "v"}, "r": {"cells": "rec", "file_name": "$OUT/r.h5", "positions": "$IN/p.csv"},
	  "z": {"cells": "b"}},
	 "conditions": {"modifications": {"m": {"node_set": "b"}, "n": {"node_set": "y"}}},
	 "connection_overrides": [{"source": "v", "target": "mine"}, {"source": "mine", "target": "b"}],
	 "output": {"output_dir": "$OUT", "log_file": "log.txt", "spikes_file": "$OUT/spikes.h5"}}
	END
}

@test "the simulation: inputs, reports and all else that is of nodes" {
	simulation
	carve --node-set mine -o out s.json
	is "$(jq -S 'del(.run)' out/simulation_config.json)" "$(jq -S . <<-'END'
	{"manifest": {"$BASE_DIR": "."}, "network": "$BASE_DIR/circuit_config.json", "node_set": "mine",
	 "node_sets_file": "$BASE_DIR/node_sets.json",
	 "inputs": {
	  "a": {"input_type": "spikes", "module": "h5", "input_file": "$BASE_DIR/input_a.h5", "node_set": "V"},
	  "b/c": {"input_type": "spikes", "module": "csv", "input_file": ["$BASE_DIR/input_b_c.csv", "$BASE_DIR/input_b_c_2.h5"], "node_set": "v"},
	  "old": {"input_type": "spikes", "module": "sonata", "input_file": "$BASE_DIR/input_old.h5", "node_set": "V"},
	  "nwb": {"input_type": "spikes", "module": "nwb", "input_file": "$BASE_DIR/../in/x.nwb", "node_set": "V"},
	  "clamp": {"input_type": "current_clamp", "module": "IClamp", "node_set": {"population": "A", "node_ids": [0]}, "amp": 1}},
	 "reports": {"v": {"cells": {"population": "A", "node_id": [0, 1]}, "variable_name": "v"},
	  "r": {"cells": "rec", "file_name": "$BASE_DIR/output/r.h5", "positions": "$BASE_DIR/../in/p.csv"}},
	 "conditions": {"modifications": {"n": {"node_set": "y"}}},
	 "connection_overrides": [{"source": "v", "target": "mine"}],
	 "output": {"output_dir": "$BASE_DIR/output", "log_file": "log.txt", "spikes_file": "$BASE_DIR/output/spikes.h5"}}
	END
	)"
	is "$(jq -c .rec,.mine out/node_sets.json)" $'{"node_id":[1],"population":"A"}\n{"node_id":[0,1],"population":"A"}'
	is "$(sonata-spikes out/input_a.h5)" "timestamps,population,node_ids
1,V,1
0.5,V,0
3,V,1"
	is "$(cat out/input_b_c.csv)" $'timestamps population node_ids\n3.5 V 1\n2 A 1'
	is "$(sonata-spikes out/input_old.h5)" $'timestamps,population,node_ids\n1,V,0\n3,V,1'
	is "$(grep -v 'left out\|kept' said)" "sonata-cut: s.json: inputs.nwb: its spikes are of the old ids: it is not read"
	is "$(grep -c 'left out: none' said)" 5
	run sonata-check out/simulation_config.json
	run ! grep spikes <<<"$output"
}

# shellcheck disable=SC2016 # variables of configs
@test "a simulation that has its network itself, and is run from anywhere" {
	cp -r "$data/tricky/network" .
	sed 's|"./network"|"${configdir}/network"|' "$data/tricky/config.json" >config.json
	sonata-cut --where layer=1 -o out config.json
	is "$(jq -c .manifest,.network out/simulation_config.json)" $'{"$BASE_DIR":"${configdir}"}\nnull'
	is "$(jq -c .manifest out/circuit_config.json)" '{"$BASE_DIR":"."}'
	is "$(jq -S .networks out/simulation_config.json)" "$(jq -S .networks out/circuit_config.json)"
	is "$(cd / && sonata-edges --all "$OLDPWD/out/simulation_config.json")" "$(sonata-edges --all out/circuit_config.json)"
}

@test "output that would go elsewhere" {
	simulation
	for d in /abs/results ../results; do
		jq --arg d $d '.output.output_dir = $d' s.json >o.json
		rm -rf out
		carve --node-set mine -o out o.json
		[[ $(jq -r .output.output_dir out/simulation_config.json) =~ ^.BASE_DIR/(output|results)$ ]]
	done
	grep -q "^sonata-cut: .*/results: output goes to 'results' in the new folder" said
}

@test "gap junctions: of edges, and of a file of them" {
	whole
	printf '%s\n' '/source_ids u8 7 3 1' '/target_ids u8 3 9 7' '/src_gap_ids u8 0 2 4' '/trg_gap_ids u8 1 3 5' |
		make-odd A_gap_juncs.h5
	jq '.networks.gap_juncs = [{"gap_juncs_file": "A_gap_juncs.h5"}] | .networks.edges[0].populations =
		{"A_to_A": {"type": "electrical"}, "V_to_A": {}}' c.json >g.json
	carve -p A --ids 1,3,7 -o out g.json
	is "$(h5dump -y -d /src_gap_ids -d /source_ids -d /target_ids out/A_gap_juncs.h5 | grep '^ *[0-9]' | tr -d ' ' | tr '\n' ' ')" '0,4 0,2 1,0 '
	# shellcheck disable=SC2016 # the config's
	is "$(jq -c .networks.gap_juncs out/circuit_config.json)" '[{"gap_juncs_file":"$BASE_DIR/A_gap_juncs.h5"}]'
	carve -p A --ids 1,3,7 --keep-outside -o out2 g.json
	is "$(grep gap said)" \
		'sonata-cut: gap junctions with nodes outside are left out, as virtual nodes have none: 1'
	[ ! -e out2/external_A_to_A_edges.h5 ]
}

many() { # edges: more than a million to node 0, 2 to node 1, 1 to node 2
	printf '%s\n' '/edges/e/source_node_id u4 0*1048577 1 2 0' '/edges/e/source_node_id@node_population s A' \
		'/edges/e/target_node_id u4 0*1048577 1 1 2' '/edges/e/target_node_id@node_population s A' \
		'/edges/e/edge_type_id u1 1*1048580' "$@" | make-odd e.h5
	printf '%s\n' '/nodes/A/node_type_id u4 1*4' | make-odd n.h5
	echo '{"networks": {"nodes": [{"nodes_file": "n.h5"}], "edges": [{"edges_file": "e.h5"}]}}' >c.json
}

# bats test_tags=long
@test "edges are found by the index, unless it is stale" {
	many '/edges/e/0/'
	sonata-index -n n.h5 -o i.h5 e.h5
	carve --ids 1-3 -o a c.json
	mv i.h5 e.h5
	carve --ids 1-3 -o b c.json
	is "$(cat said)" ''
	cmp a/e_edges.h5 b/e_edges.h5
	is "$(sonata-edges b/circuit_config.json | tail -n +2)" $'0,0,1\n1,0,1'
	# Of node 1 it has one row, of the other it says nothing.
	many '/edges/e/0/' '/edges/e/indices/target_to_source/node_id_to_ranges i8:2 0 1 1 2 2 3' \
		'/edges/e/indices/target_to_source/range_to_edge_id i8:2 0 1048578 1048578 1048579 1048579 1048580'
	carve --ids 1-3 -o c c.json
	is "$(cat said)" "sonata-cut: e.h5: /edges/e: its index is stale, and not used: sonata-index makes another one"
	cmp a/e_edges.h5 c/e_edges.h5
	# All rows have a range, but no node has that of node 1.
	many '/edges/e/0/' '/edges/e/indices/target_to_source/node_id_to_ranges i8:2 0 1 0 0 2 3' \
		'/edges/e/indices/target_to_source/range_to_edge_id i8:2 0 1048577 1048577 1048579 1048579 1048580'
	carve --ids 1-3 -o d c.json
	is "$(cat said)" "sonata-cut: e.h5: /edges/e: its index is stale, and not used: sonata-index makes another one"
	cmp a/e_edges.h5 d/e_edges.h5
}

@test "what is wrong with the choice" {
	whole
	misused '--node-set or --where or --ids or --nodes or --population is needed' -o out c.json
	misused '--output is needed' -p A c.json
	misused "--output: a network is a folder: '-'" -p A -o - c.json
	bad "c.json: no node set 'x': there are mine, low, y, none, b, v, few, of, gone, odd" --node-set x -o out c.json
	bad "c.json: no node population 'x': there are A, B and V" -p x -o out c.json
	bad "n.h5: population 'V' is virtual: its nodes come with the edges that they have" -p V -o out c.json
	bad "c.json: --ids: nothing of '4' is in it" --ids 3,4 -o out c.json
	bad 'c.json: no nodes are chosen: virtual ones come with the edges that they have' --where pop_name=Z -o out c.json
	bad 'c.json: no nodes are chosen: virtual ones come with the edges that they have' --node-set v -p A -o out c.json
	printf 'node_id\n7\n4\n' >t.csv
	bad "t.csv:3: column 'node_id': there is no such node in 'A': '4'" -n t.csv -p A -o out c.json
	bad "t.csv: nodes of population 'B' are needed as well: give tables with a population column" -n <(sed '$d' t.csv) -o out c.json ||
		bad "/dev/fd/63: nodes of population 'B' are needed as well: give tables with a population column" -n <(sed '$d' t.csv) -o out c.json
	printf 'population,node_id\nX,1\n' >x.csv
	bad "c.json: no node population 'X': there are A, B and V" -n x.csv -o out c.json
	bad "n.h5: an HDF5 file, not a config" -p A -o out n.h5
	[ ! -e out ]
}

@test "links to nothing are left out, and others followed" {
	whole
	python <<-'END'
	import h5py
	with h5py.File("n.h5", "r+") as f:
	    f["nodes/A/0/same"] = h5py.SoftLink("/nodes/A/0/name")
	    f["nodes/A/0/gone"] = h5py.SoftLink("/nothing")
	    f["nodes/A/else"] = h5py.ExternalLink("none.h5", "/x")
	END
	carve -p A --ids 1,7 -o out c.json
	is "$(grep link said | sort)" "sonata-cut: n.h5: /nodes/A/0/gone: a link to nothing, which is left out
sonata-cut: n.h5: /nodes/A/else: a link to nothing, which is left out"
	is "$(sonata-nodes -p A -c same out/circuit_config.json | cut -d, -f3 | xargs)" 'same seven one'
	is "$(sonata-nodes -p A n.h5 2>&1 | grep -c gone)" 0
}

@test "what is wrong with files ends it, and leaves nothing" {
	whole
	echo '{}' >sets.json
	mkdir there
	touch file
	bad 'there: is there already' -p A -o there/ c.json
	bad 'file: is there already' -p A -o file c.json
	bad 'no/such/out: No such file or directory' -p A -o no/such/out c.json
	printf '%s\n' '/edges/V_to_A/source_node_id u8 0 9' '/edges/V_to_A/source_node_id@node_population s V' \
		'/edges/V_to_A/target_node_id u8 3 7' '/edges/V_to_A/target_node_id@node_population s A' \
		'/edges/V_to_A/0/' | make-odd e.h5
	bad "e.h5: /edges/V_to_A/source_node_id: row 1: 'V' has no node 9" -p A -o out c.json
	printf '%s\n' '/edges/A/source_node_id u8 7 7' '/edges/A/source_node_id@node_population s A' \
		'/edges/A/target_node_id u8 3 7' '/edges/A/target_node_id@node_population s A' \
		'/edges/A/edge_group_id u4 0 0' '/edges/A/edge_group_index u4 0 2' '/edges/A/0/w f8 1 2' | make-odd e.h5
	complains "e.h5: /edges/A/0/w: no row 2: it has 2" -p A -o out c.json
	printf '%s\n' '/edges/A/source_node_id u8 7' '/edges/A/source_node_id@node_population s A' \
		'/edges/A/target_node_id u8 3' '/edges/A/target_node_id@node_population s A' \
		'/edges/A/0/synapse_id u8 1' '/edges/A/0/synapse_id@edge_population s B' | make-odd e.h5
	bad "e.h5: /edges/A/0/synapse_id: numbers of edges of 'B', which would be others in the cut" -p A -o out c.json
	printf '%s\n' '/edges/A/source_node_id u8 7' '/edges/A/source_node_id@node_population s Q' \
		'/edges/A/target_node_id u8 3' '/edges/A/target_node_id@node_population s A' | make-odd e.h5
	bad "e.h5: /edges/A: no nodes of population 'Q'" -p A -o out c.json
	whole
	printf '%s\n' '/nodes/external_B/node_type_id u4 1' | make-odd x.h5
	jq '.networks.nodes += [{"nodes_file": "x.h5"}]' c.json >x.json
	bad "x.json: --keep-outside: there is a population 'external_B' already" --node-set mine --keep-outside -o out x.json
	run ! compgen -G 'out*'
}

@test "a full disk leaves nothing" {
	many '/edges/e/0/w f8 1*1048580'
	run bash -c "trap '' XFSZ; ulimit -f 500; sonata-cut -p A -o out c.json"
	is "$status ${lines[-1]}" '1 sonata-cut: out/e_edges.h5: File too large'
	run ! compgen -G 'out*'
}

@test "who is stopped leaves nothing" {
	simulation
	jq 'del(.node_sets_file)' c.json >d.json
	jq '.network = "d.json" | del(.node_sets) | del(.node_set) |
		.inputs |= {five} | del(.connection_overrides)' s.json >t.json
	# It has something to say when it writes, and no one listens.
	mkfifo said
	exec 8<>said
	dd if=/dev/zero of=said bs=4096 count=1000 oflag=nonblock 2>/dev/null || true
	for signal in TERM INT HUP; do
		env --default-signal sonata-cut -p A --ids 3,7 -o out t.json 2>said 3>&- 8>&- &
		await compgen -G 'out.??????' >seen
		stop $! $signal
		is "$status" "$((128 + $(kill -l $signal)))"
		run ! compgen -G 'out*'
	done
}
