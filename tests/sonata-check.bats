# Every rule is broken once, in a file that is otherwise as it should be, and
# what is found is compared as a whole: no rule may find what is another one's.
# shellcheck disable=SC2016 # sed and configs have a $ of their own
load common.bash

header=rule,severity,file,place,count,message

good() { # nodes and edges as make-odd takes them
	cat <<-'END'
	/.@magic u4 2682
	/.@version u4 0 1
	/nodes/A/node_id u8 0..3
	/nodes/A/node_type_id u4 100*3 101
	/nodes/A/node_group_id u4 0*4
	/nodes/A/node_group_index u8 0..3
	/nodes/A/0/x f8 0 1 2 3
	/nodes/A/0/layer u1 0 1 1 0
	/nodes/A/0/@library/layer s L1 L2
	/nodes/A/0/dynamics_params/g f4 1 2 3 4
	/edges/A_to_A/source_node_id u8 1 2 0 3 0
	/edges/A_to_A/source_node_id@node_population s A
	/edges/A_to_A/target_node_id u8 0 0 1 2 3
	/edges/A_to_A/target_node_id@node_population s A
	/edges/A_to_A/edge_type_id u4 10*5
	/edges/A_to_A/edge_group_id u4 0*5
	/edges/A_to_A/edge_group_index u8 0..4
	/edges/A_to_A/0/delay f4 1*5
	/edges/A_to_A/0/w f4 1*5
	/edges/A_to_A/indices/target_to_source/node_id_to_ranges i8:2 0 1 1 2 2 3 3 4
	/edges/A_to_A/indices/target_to_source/node_id_to_range i8:2 0 1 1 2 2 3 3 4
	/edges/A_to_A/indices/target_to_source/range_to_edge_id i8:2 0 2 2 3 3 4 4 5
	/edges/A_to_A/indices/source_to_target/node_id_to_ranges i8:2 0 2 2 3 3 4 4 5
	/edges/A_to_A/indices/source_to_target/node_id_to_range i8:2 0 2 2 3 3 4 4 5
	/edges/A_to_A/indices/source_to_target/range_to_edge_id i8:2 2 3 4 5 0 1 1 2 3 4
	END
}

spikes() {
	cat <<-'END'
	/.@magic u4 2682
	/.@version u4 0 1
	/spikes/A/node_ids u8 1 0 3
	/spikes/A/timestamps f8 1 2 2
	/spikes/A/timestamps@units s ms
	/spikes/A@sorting e 2
	END
}

report() {
	cat <<-'END'
	/.@magic u4 2682
	/.@version u4 0 1
	/report/A/data f4:3 1 2 3 4 5 6
	/report/A/data@units s mV
	/report/A/mapping/node_ids u8 1 3
	/report/A/mapping/node_ids@sorted u1 1
	/report/A/mapping/index_pointers u8 0 1 3
	/report/A/mapping/element_ids u4 0 0 1
	/report/A/mapping/element_pos f4 0.5 0.5 0.5
	/report/A/mapping/time f8 0 1 0.5
	/report/A/mapping/time@units s ms
	END
}

network() { # and a simulation of it, in this folder
	good | make-odd net.h5
	spikes | make-odd spikes.h5
	report | make-odd v.h5
	printf 'node_type_id pop_name n\n100 "a b" 1\n101 c 2\n' >nt.csv
	printf 'edge_type_id model\n10 exp2syn\n' >et.csv
	cat >sets.json <<-'END'
	{"all_of_A": {"population": "A"},
	 "some": {"node_id": [0, 2], "layer": ["L1"], "x": {"$gt": 0.5}},
	 "named": {"pop_name": {"$regex": "^a"}, "n": 1},
	 "both": ["some", "named", "A"]}
	END
	cat >circuit.json <<-'END'
	{"manifest": {"$DIR": "."},
	 "networks": {
	  "nodes": [{"nodes_file": "$DIR/net.h5", "node_types_file": "nt.csv",
	             "populations": {"A": {"type": "virtual"}}}],
	  "edges": [{"edges_file": "$DIR/net.h5", "edge_types_file": "et.csv",
	             "populations": {"A_to_A": {"type": "chemical"}}}]}}
	END
	cat >sim.json <<-'END'
	{"network": "circuit.json", "node_sets_file": "sets.json",
	 "run": {"tstop": 5, "dt": 0.1},
	 "inputs": {"in": {"input_type": "spikes", "module": "h5",
	  "input_file": "spikes.h5", "node_set": "some"}},
	 "output": {"output_dir": ".", "spikes_file": "spikes.h5"},
	 "reports": {"v": {"cells": "both", "variable_name": "v"}}}
	END
}

finds() { # findings, a line each, without severity and file; arguments
	local want=$1 got
	shift
	run --separate-stderr sonata-check "$@"
	is "$stderr" '' || return
	is "${lines[0]}" "$header" || return
	got=$(tail -n +2 <<<"$output" | sed -E 's/^([^,]*),[^,]*,[^,]*,/\1,/')
	is "$got" "$want"
}

broken() { # what of good() becomes what, in sed; findings; options
	good | sed -E "$1" | make-odd net.h5
	finds "$2" "${@:3}" net.h5
}

bad_spikes() { spikes | sed -E "$1" | make-odd s.h5 && finds "$2" "${@:3}" s.h5; }
bad_report() { report | sed -E "$1" | make-odd r.h5 && finds "$2" "${@:3}" r.h5; }

changed() { # a file, what of it becomes what; findings; options
	network
	sed -i -E "$2" "$1"
	finds "$3" "${@:4}" sim.json
}

@test "a correct file is silent" {
	good | make-odd net.h5
	for who in bmtk libsonata nest spec; do
		run -0 --separate-stderr sonata-check --strict --for $who net.h5
		is "$output" "$header" && is "$stderr" ''
	done
	spikes | make-odd s.h5
	report | make-odd r.h5
	run -0 sonata-check --strict s.h5
	is "$output" "$header"
	run -0 sonata-check --strict r.h5
	is "$output" "$header"
}

@test "a correct simulation is silent" {
	network
	for who in bmtk libsonata nest spec; do
		run -0 --separate-stderr sonata-check --strict --for $who sim.json
		is "$output" "$header" && is "$stderr" ''
	done
}

@test "an error is exit 1, a warning with --strict" {
	good | sed '/magic/d' | make-odd net.h5
	run -0 sonata-check net.h5
	is "${lines[1]}" 'magic,warning,net.h5,/,1,no attribute magic'
	run -1 sonata-check --strict net.h5
	run -0 sonata-check --strict --for bmtk net.h5
	is "${lines[1]}" 'magic,note,net.h5,/,1,no attribute magic'
	good | sed 's/u4 10\*5/u4 10*4/' | make-odd net.h5
	run -1 sonata-check net.h5
}

@test "a reader that is not harmed hears nothing" {
	good | sed '/A.node_id u8/d' | make-odd net.h5
	run -1 sonata-check --for bmtk net.h5
	is "${lines[1]}" 'node-id-missing,error,net.h5,/nodes/A,1,no node_id: an id is a row'
	run -0 sonata-check --for libsonata net.h5
	is "$output" "$header"
	run -0 sonata-check --for spec net.h5
	is "${lines[1]}" 'node-id-missing,warning,net.h5,/nodes/A,1,no node_id: an id is a row'
}

@test "what is no SONATA file is no finding" {
	echo 'node_ids timestamps' >s.csv
	bad 's.csv: not an HDF5 file' s.csv
	bad 'none.h5: No such file or directory' none.h5
	misused 'missing operand'
	misused '--rules is of no file' --rules none.h5
	misused '--rules and --strict exclude each other' --rules --strict
}

@test "containers" {
	broken 's/2682/7/' 'magic,/,1,"not 2682, which is 0x0A7A"'
	broken '/magic/d' 'magic,/,1,no attribute magic'
	broken '/version/d' 'version,/,1,no attribute version'
	broken 's/version u4 0 1/version u4 1/' 'version,/,1,not two integers'
	good | make-odd net.h5
	python net.h5 <<-'END'
	import h5py, sys
	h5py.File(sys.argv[1], "a").attrs["version"] = 0.1
	END
	finds 'version,/,1,not two integers
version-scalar,/,1,one number' --for bmtk net.h5
	broken 's,/(nodes|edges)/,/\1_of/,' 'contents,/,1,"neither nodes, edges, spikes nor a report"'
}

@test "a file that HDF5 cannot read is a finding, and others are checked" {
	network
	head -c 3000 net.h5 >cut.h5
	finds 'hdf5,,1,"not a whole HDF5 file: cut short, or damaged"' cut.h5
	mv cut.h5 net.h5
	sed -i s/both/none/ sim.json
	spikes | sed /units/d | make-odd spikes.h5
	finds 'hdf5,,1,"not a whole HDF5 file: cut short, or damaged"
spikes-units,/spikes/A/timestamps,1,no units' sim.json
	run -1 sonata-check sim.json
}

@test "a check goes on after what cannot be read" {
	broken 's/edge_group_id u4 0.5/edge_group_id f8 0 0.5 0 0 0/; s/2682/7/; s/(target.*) 2 3$/\1 2 9/' \
		'magic,/,1,"not 2682, which is 0x0A7A"
id-type,/edges/A_to_A/edge_group_id,5,stored as reals
hdf5,/edges/A_to_A/groups,1,/edges/A_to_A/edge_group_id: row 1: not an integer
edge-end,/edges/A_to_A/target_node_id,1,row 4: no node '"'9' in population 'A'"'
index-stale,/edges/A_to_A/indices/target_to_source,1,"row 4: given to node '"'3'"', whose it is not"'
}

@test "populations" {
	broken '/nodes.A.node_/d' \
		'population,/nodes/A,1,no datasets that tell how many rows it has'
	broken '/node_type_id/d' 'type-id-missing,/nodes/A,1,no node_type_id'
	broken '/edge_type_id/d' 'type-id-missing,/edges/A_to_A,1,no edge_type_id'
	broken '/A_to_A.target_node_id/d; /indices/d' \
		'population,/edges/A_to_A,1,no source_node_id or no target_node_id
node-population-missing,/edges/A_to_A/target_node_id,1,no attribute node_population'
	broken '/node_group_i/d' 'group-missing,/nodes/A,1,no node_group_id and no node_group_index'
	broken '/edge_group_id/d' 'group-missing,/edges/A_to_A,1,no edge_group_id'
	broken 's/node_type_id u4 100.3/node_type_id f8 100*3/' \
		'id-type,/nodes/A/node_type_id,4,stored as reals'
	broken 's/edge_type_id u4 10.5/edge_type_id u4 10*4/' \
		'length,/edges/A_to_A/edge_type_id,1,4 rows where there are 5'
	broken 's/node_id u8 0..3/node_id u8:1 0..3/' \
		'id-unread,/nodes/A/node_id,1,not a dataset of one dimension'
	broken 's/node_type_id u4 100.3 101/node_type_id s a b c d/' \
		'id-unread,/nodes/A/node_type_id,4,stored as texts'
	good | make-odd net.h5
	python net.h5 <<-'END'
	import h5py, sys
	h5py.File(sys.argv[1], "a")["nodes/A/0/cube"] = [[[1]], [[2]], [[3]], [[4]]]
	END
	finds 'dataset,/nodes/A/0/cube,1,"neither numbers nor texts, one a row"' net.h5
}

@test "more rows than the file has room for" {
	# one of three billion rows that were never written, as h5py makes it
	good | make-odd net.h5
	python net.h5 <<-'END'
	import h5py, sys
	with h5py.File(sys.argv[1], "a") as f:
	    for name in "node_id", "node_type_id", "node_group_id", "node_group_index":
	        del f["nodes/A"][name]
	    f["nodes/A"].create_dataset("node_type_id", shape=(3 * 10**12,), dtype="u8", chunks=(1000,))
	    del f["edges"]
	END
	run sonata-check net.h5
	[[ $output == *'size,error,net.h5,/nodes/A,1,3000000000000 values in a file of '* ]]
}

@test "groups" {
	broken 's/node_group_id u4 0.4/node_group_id u4 0*3 7/' \
		"group-unknown,/nodes/A,1,row 3: no group '7'"
	broken 's/node_group_index u8 0..3/node_group_index u8 0 1 2 4/' \
		"group-index,/nodes/A,1,row 3: past the end of its group: '4'"
	broken 's/node_group_index u8 0..3/node_group_index i8 0 1 2 -1/' \
		"group-index,/nodes/A,1,row 3: past the end of its group: '-1'"
	broken 's/0.g f4 1 2 3 4/0\/g f4 1 2 3/; s/params.g f4 1 2 3 4/params\/g f4 1 2 3/' \
		'group-length,/nodes/A/0/dynamics_params/g,1,3 rows where others of the group have 4'
	broken 's/node_group_index u8 0..3/node_group_index u8 1 0 2 3/' \
		"group-order,/nodes/A,2,row 0: not the next of its group: '1'"
	# in two groups by turns
	broken 's/node_group_id u4 0.4/node_group_id u4 0 1 0 1/
		s/node_group_index u8 0..3/node_group_index u8 0 0 1 1/
		s/^.*A.0.x .*/&\n\/nodes\/A\/1\/y f4 1 2/' \
		"group-order,/nodes/A,2,row 2: not the next of its group: '1'"
	broken 's/node_group_id u4 0.4/node_group_id u4 0 0 1 1/
		s/node_group_index u8 0..3/node_group_index u8 0 1 0 1/
		s/^.*A.0.x .*/&\n\/nodes\/A\/1\/y f4 1 2/' \
		'single-group,/nodes/A,2,"there are 0, 1"' --for libsonata
	broken 's,/nodes/A/0/,/nodes/A/zero/,' 'group-absent,/nodes/A,1,no group 0' --for libsonata
	run -1 sonata-check --for bmtk net.h5
	run -0 sonata-check net.h5
}

@test "enumerations" {
	broken 's/layer u1 0 1 1 0/layer u1 0 2 1 3/' \
		'enumeration,/nodes/A/0/layer,2,row 1: code 2 is none of the 2 in its library'
	broken 's/layer u1 0 1 1 0/layer f4 0 1 1 0/' \
		'enumeration,/nodes/A/0/@library/layer,1,a library of no dataset of integers'
	broken 's/@library.layer s L1 L2/@library\/layer u1 1 2/' \
		'enumeration,/nodes/A/0/@library/layer,1,a library that is not texts'
}

@test "ids of nodes" {
	broken 's/A.node_id u8 0..3/A\/node_id u8 0 1 1 2/; /A_to_A/d' \
		'node-id-duplicate,/nodes/A/node_id,1,ids that are there more than once'
	broken 's/A.node_id u8 0..3/A\/node_id u8 1 0 2 3/' \
		"node-id-order,/nodes/A/node_id,1,row 1: '0' after a greater id"
	broken 's/A.node_id u8 0..3/A\/node_id u8 2 1 2 1/; /A_to_A/d' \
		"node-id-duplicate,/nodes/A/node_id,2,ids that are there more than once
node-id-order,/nodes/A/node_id,2,row 1: '1' after a greater id"
	broken 's/A.node_id u8 0..3/A\/node_id i8 -1 1 2 3/; /A_to_A/d' \
		'id-range,/nodes/A/node_id,1,"row 0: below 0, or 2^63 and above"'
	broken 's/A.node_id u8 0..3/A\/node_id u8 0 1 2 18446744073709551615/; /A_to_A/d' \
		'id-range,/nodes/A/node_id,1,"row 3: below 0, or 2^63 and above"'
	broken 's/A.node_id u8 0..3/A\/node_id u8 1 2 3 4/; /A_to_A/d' \
		"node-id-gap,/nodes/A/node_id,4,row 0: '1'" --for libsonata
	broken 's/A.node_id u8 0..3/A\/node_id u8 0 1 2 2147483648/; /A_to_A/d' \
		"id-wide,/nodes/A/node_id,1,row 3: '2147483648'
node-id-gap,/nodes/A/node_id,1,row 3: '2147483648'" --for nest
}

@test "ends of edges" {
	broken '/source.*node_population/d' \
		'node-population-missing,/edges/A_to_A/source_node_id,1,no attribute node_population'
	broken 's/target_node_id u8 0 0 1 2 3/target_node_id u8 0 0 1 2 4/; /indices/d' \
		"edge-end,/edges/A_to_A/target_node_id,1,row 4: no node '4' in population 'A'"
	broken 's/source_node_id u8 1/source_node_id i8 -1/; /indices/d' \
		'id-range,/edges/A_to_A/source_node_id,1,"row 0: below 0, or 2^63 and above"'
	broken 's/u8 1 2 0 3 0/u8 1 3 3 0 0/; s/u8 0 0 1 2 3/u8 3 2 0 2 1/; /indices/d' \
		'edge-order,/edges/A_to_A,1,row 3: sorted neither by source nor by target'
	broken 's/source_node_id u8 1/source_node_id u8 0/; /indices/d' \
		"autapse,/edges/A_to_A,1,row 0: from '0' to itself"
	broken 's/source_node_id u8 1/source_node_id u8 2/; /indices/d' \
		'multapse,/edges/A_to_A,1,rows of pairs that are there already: 5 rows of 4 pairs'
	# counted as well where rows are not sorted
	broken 's/u8 1 2 0 3 0/u8 1 3 2 1 1/; s/u8 0 0 1 2 3/u8 2 0 1 2 2/; /indices/d' \
		'edge-order,/edges/A_to_A,1,row 2: sorted neither by source nor by target
multapse,/edges/A_to_A,2,rows of pairs that are there already: 5 rows of 3 pairs' -S 64K
	broken 's/delay f4 1.5/delay f4 1 nan 1 inf 1/' \
		'delay-nan,/edges/A_to_A/0/delay,2,row 1: not finite'
	# but gap junctions need none
	good | sed '/0.w f4/a /edges/A_to_A/0/is_gap_junction i1 0 1 0 0 0
		s/delay f4 1.5/delay f4 1 nan 1 inf 1/' | make-odd net.h5
	finds 'delay-nan,/edges/A_to_A/0/delay,1,row 3: not finite' net.h5
	broken 's/delay f4 1.5/delay f4 1 1 -0.5 1 1/' \
		'delay-negative,/edges/A_to_A/0/delay,1,row 2: below 0'
}

@test "indices" {
	local way=/edges/A_to_A/indices/target_to_source
	broken '/indices/d' 'index-missing,/edges/A_to_A,1,no indices' --for libsonata
	broken '/target_to_source/d' "index-missing,$way,1,no index target_to_source" --for libsonata
	broken 's/indices/indicies/' \
		"index-spelling,/edges/A_to_A/indicies,1,'indicies' rather than 'indices'"
	broken 's/indices/incidies/' \
		"index-spelling,/edges/A_to_A/incidies,1,'incidies' rather than 'indices'"
	broken '/target_to_source.node_id_to_ranges/d' \
		"index-spelling,$way/node_id_to_range,1,'node_id_to_range' rather than 'node_id_to_ranges'"
	broken '$a /edges/A_to_A/index_pointer u8 0 2 3 4 5' \
		'index-spelling,/edges/A_to_A/index_pointer,1,an index of the time before indices'
	broken '/target_to_source.node_id_to_range /d' "index-bmtk,$way,1,no 'node_id_to_range'" --for bmtk
	broken '/target_to_source.range_to/d' "index-incomplete,$way,1,no range_to_edge_id"
	broken '/target_to_source.range_to/s/:2//' \
		"index-incomplete,$way/range_to_edge_id,1,not two columns of integers"
	broken '/target_to_source.range_to/s/4 5$/4 6/' \
		"index-end,$way,1,\"node 3: ends at '6', past the end\""
	broken '/target_to_source.node_id_to/s/3 4$/3 5/' \
		"index-end,$way,1,\"node 3: ends at '5', past the end\""
	broken '/target_to_source.range_to/s/2 3 3 4/3 4 2 3/' \
		"index-stale,$way,2,\"row 2: given to node '2', whose it is not\""
	broken '/target_to_source.node_id_to/s/3 4$/3 3/' "index-stale,$way,1,row 4: given to no node"
	broken '/target_to_source.node_id_to/s/0 1 1 2/0 0 1 2/' \
		"index-stale,$way,2,row 0: given to no node"
	broken '/target_to_source.range_to/s/0 2 2 3/0 3 2 3/' \
		"index-stale,$way,1,\"row 2: given to node '0', whose it is not\"
index-overlap,$way,1,row 2: given to node '1' a second time"
	broken '/target_to_source.node_id_to/s/2 3 3 4/2 4 3 4/' \
		"index-stale,$way,1,\"row 4: given to node '2', whose it is not\"
index-overlap,$way,1,row 3: given to node '3' a second time"
	# empty ones, in the three ways that there are
	for empty in '-1 -1' '0 0' '4 4' '2 1'; do
		broken "/target_to_source.node_id_to/s/\$/ $empty/" ''
	done
}

@test "an index of more ranges than fit in memory" {
	awk 'BEGIN { n = 30000
		print "/edges/e/edge_type_id u4 1*" n
		printf "/edges/e/source_node_id u4"
		for (i = 0; i < n; i++) printf " %d", i * 7 % n
		printf "\n/edges/e/target_node_id u4 0..%d\n", n - 1
		print "/edges/e/source_node_id@node_population s a"
		print "/edges/e/target_node_id@node_population s a"
		print "/edges/e/edge_group_id u4 0*" n
		print "/edges/e/edge_group_index u4 0.." n - 1
		print "/edges/e/0/"
		for (k = 0; k < 2; k++) {
			printf "/edges/e/indices/source_to_target/%s i8:2",
				k ? "range_to_edge_id" : "node_id_to_ranges"
			for (i = 0; i < n; i++) { # the inverse of 7 is 12857 * ...
				if (!k) printf " %d %d", i, i + 1
			}
			if (k) {
				for (i = 0; i < n; i++) at[i * 7 % n] = i
				for (i = 0; i < n; i++) printf " %d %d", at[i], at[i] + 1
			}
			print ""
		}
		print "/.@magic u4 2682\n/.@version u4 0 1" }' >odd
	make-odd e.h5 <odd
	finds "autapse,/edges/e,6,row 0: from '0' to itself" -S 64K e.h5
}

@test "files of types" {
	changed nt.csv 's/^101.*/101 c/' 'types-field,,1,line 3: 2 fields where the header has 3
type-unknown,/nodes/A,1,row 3: type '"'101' is not in 'nt.csv'"
	changed nt.csv 's/"a b"/"a"b/' "types-quote,,1,line 2: misplaced quote
type-unknown,/nodes/A,3,row 0: type '100' is not in 'nt.csv'"
	changed nt.csv 's/^101/one/' "types-id,,1,line 3: column 'node_type_id': not an integer: 'one'
type-unknown,/nodes/A,1,row 3: type '101' is not in 'nt.csv'"
	changed nt.csv 's/^101/100/' "types-duplicate,,1,type 100 is there twice
type-unknown,/nodes/A,1,row 3: type '101' is not in 'nt.csv'"
	changed nt.csv 's/ ([^b])/,\1/g' 'types-separator,,1,line 1: separated by commas rather than by spaces'
	changed nt.csv 's/^101/101 /' \
		'types-blanks,,1,line 3: blanks that separate nothing for who takes each for a separator' --for bmtk
	changed nt.csv 's/node_type_id/type/' "types-unread,,1,\"no column 'node_type_id': there are type, pop_name, n\""
	changed nt.csv '3d' "type-unknown,/nodes/A,1,row 3: type '101' is not in 'nt.csv'"
	# the type -1 is none, which BMTK does not know
	network
	good | sed 's/100.3 101/100*3 -1/; s/node_type_id u4/node_type_id i8/' | make-odd net.h5
	finds 'type-none,/nodes/A,1,row 3: type '"'-1'" --for bmtk sim.json
	finds '' sim.json
	changed circuit.json 's/"et.csv"/null/' "types-missing,networks.edges[0],1,no 'edge_types_file'" --for nest
	changed circuit.json 's/"nt.csv"/null/' "node-set-attribute,named,1,no population has the attribute 'pop_name'
node-set-attribute,named,1,no population has the attribute 'n'"
	good | make-odd net.h5
	echo 'node_type_id' >t.csv
	finds "type-unknown,/nodes/A,4,row 0: type '100' is not in 't.csv'
types-unread,,1,no column 'edge_type_id': there are node_type_id" --types t.csv net.h5
	misused '--types is for an HDF5 file: a config names its own' --types t.csv sim.json
}

@test "configs" {
	changed circuit.json 's/"manifest"/manifest/' \
		"json,,1,\"line 1: column 2: not JSON: 'manifest: {\"\"\$DIR\"\": \"\".\"\"},'\""
	changed circuit.json '1s/^/[/; $s/$/]/' 'json,,1,not an object'
	changed circuit.json 's/"manifest": /&{"$A": 1}, &/' \
		'json,,1,"an object has the key '"'manifest'"' twice, with different values"'
	changed sim.json 's/"run": \{/"run": [{/; s/0.1\}/0.1}]/' 'config,run,1,not an object'
	changed circuit.json 's/"nodes": \[/"nodes": 3, "n": [/' 'config,networks.nodes,1,not a list'
	changed circuit.json 's/"nodes_file": "\$DIR/"file": "$DIR/' "config,networks.nodes[0],1,no 'nodes_file'"
	changed circuit.json 's/DIR": "."/OTHER": "."/' \
		"variable,networks: nodes_file,1,unknown variable '\$DIR'
variable,networks: edges_file,1,unknown variable '\$DIR'"
	changed circuit.json 's/et.csv/none.csv/' \
		"file-missing,networks.edges[0].edge_types_file,1,No such file or directory: 'none.csv'"
	changed sim.json 's/sets.json/none.json/' \
		"file-missing,node_sets_file,1,No such file or directory: 'none.json'"
	changed sim.json 's/"input_file": "spikes.h5"/"input_file": "none.h5"/' \
		"file-missing,inputs.in.input_file,1,No such file or directory: 'none.h5'"
	changed sim.json 's/circuit.json/none.json/' \
		"file-missing,network,1,No such file or directory: 'none.json'"
	changed sim.json 's/"network": "circuit.json", //' "network-missing,,1,\"no 'networks', and no 'network' that has them\""
	changed circuit.json 's/"A_to_A": \{/"A_to_B": {/' \
		"population-absent,networks.edges[0].populations,1,'A_to_B' is not in 'net.h5'"
	changed circuit.json '/populations.*virtual/s/"populations": /"p": /' \
		'populations,networks.nodes[0],1,no populations' --for libsonata
}

@test "populations that are there twice, or not at all" {
	network
	cp net.h5 too.h5
	sed -i 's/"nodes": \[/&{"nodes_file": "too.h5"}, /' circuit.json
	finds "population-twice,/nodes/A,1,also in too.h5
population-twice,/edges/A_to_A,1,also in another file
node-set-attribute,named,1,no population has the attribute 'pop_name'
node-set-attribute,named,1,no population has the attribute 'n'" sim.json 
	# an entry again, but not one of another population of the same file
	network
	sed -i 's/"nodes": \[/&{"nodes_file": ".\/net.h5", "node_types_file": "nt.csv", "populations": {"A": {}}}, /' circuit.json
	finds "population-twice,networks.nodes[1],1,population 'A' is also in networks.nodes[0]" sim.json
	network
	{ good; good | sed -n 's,^/nodes/A/,/nodes/B/,p'; } | make-odd net.h5
	sed -i 's/"nodes": \[/&{"nodes_file": ".\/net.h5", "node_types_file": "nt.csv", "populations": {"B": {}}}, /' circuit.json
	finds '' sim.json
	network
	good | sed 's/target_node_id@node_population s A/target_node_id@node_population s B/' | make-odd net.h5
	finds "node-population-unknown,/edges/A_to_A/target_node_id,1,no population of nodes 'B'" sim.json
}

@test "paths" {
	mkdir -p conf
	network
	mv circuit.json sim.json sets.json conf
	finds "path,networks.nodes[0].nodes_file,1,\"found elsewhere, as 'net.h5'\"
path,networks.nodes[0].node_types_file,1,\"found elsewhere, as 'nt.csv'\"
path,networks.edges[0].edges_file,1,\"found elsewhere, as 'net.h5'\"
path,networks.edges[0].edge_types_file,1,\"found elsewhere, as 'et.csv'\"" conf/circuit.json 
}

@test "node sets" {
	changed sets.json 's/"layer"/"laver"/' "node-set-attribute,some,1,no population has the attribute 'laver'"
	changed sets.json 's/\["L1"\]/[1]/' "node-set-value,some,1,\"'layer': a number, but the attribute has texts\""
	changed sets.json 's/"x": \{"\$gt": 0.5\}/"x": "L1"/' \
		"node-set-value,some,1,\"'x': a text, but the attribute has numbers\""
	changed sets.json 's/\[0, 2\]/[0, -2]/' "node-set-value,some,1,'node_id': not the id of a node"
	changed sets.json 's/\[0, 2\]/[0, 1.5]/' "node-set-value,some,1,'node_id': not the id of a node"
	changed sets.json 's/"L1"/"L1", 1/' "node-set-value,some,1,\"'layer': a number, but the attribute has texts\"
node-set-value,some,1,'layer': both texts and numbers"
	changed sets.json 's/\["L1"\]/null/' "node-set-value,some,1,'layer': null"
	changed sets.json 's/\["L1"\]/true/' "node-set-value,some,1,\"'layer': true or false, but the attribute has others\"" 
	changed sets.json 's/\$gt/$above/' "node-set-value,some,1,'x': no such operator"
	changed sets.json 's/0.5/"L1"/' "node-set-value,some,1,'x': compared with what is not a number"
	changed sets.json 's/"population": "A"/"population": "B"/' \
		"node-set-population,all_of_A,1,no population of nodes 'B'"
	changed sets.json 's/"A"\]/"B"]/' "node-set-unknown,both,1,no node set 'B'"
	changed sets.json 's/"A"\]/"both"]/' 'node-set-unknown,both,1,made of itself'
	changed sets.json 's/"A"\]/7]/' 'node-set,both,1,its list has an item that is not a name'
	changed sets.json 's/\{"population": "A"\}/7/' 'node-set,all_of_A,1,neither conditions nor a list of names'
	changed sim.json 's/"cells": "both"/"cells": "none"/' "node-set-unknown,reports.v.cells,1,no node set 'none'"
}

@test "spikes" {
	bad_spikes 's/node_ids u8 1 0 3/gids u8 1 0 3/' 'spikes-layout,/spikes/A,1,called gids'
	bad_spikes 's,/spikes/A,/spikes,' 'spikes-layout,/spikes,1,spikes of no population'
	bad_spikes 's/node_ids u8 1 0 3/node_ids u8 1 0/' 'spikes-length,/spikes/A,1,2 ids and 3 times'
	bad_spikes '/node_ids/d' 'spikes-length,/spikes/A,1,no node_ids'
	bad_spikes '/units/d' 'spikes-units,/spikes/A/timestamps,1,no units'
	bad_spikes 's/units s ms/units s s/' "spikes-units,/spikes/A/timestamps,1,units are 's'"
	bad_spikes 's/f8 1 2 2/f8 1 2 nan/' 'spikes-time,/spikes/A/timestamps,1,row 2: not a number'
	bad_spikes 's/f8 1 2 2/f8 -1 2 2/' 'spikes-negative,/spikes/A/timestamps,1,row 0: below 0'
	bad_spikes 's/f8 1 2 2/f8 1 2 1.5/' "spikes-sorting,/spikes/A,1,row 2: not sorted 'by_time'"
	bad_spikes 's/sorting e 2/sorting e 1/' "spikes-sorting,/spikes/A,1,row 1: not sorted 'by_id'"
	bad_spikes 's/sorting e 1/sorting e 0/; s/f8 1 2 2/f8 3 2 1/; s/e 2/e 0/' ''
	bad_spikes 's/sorting e 2/sorting s by_time/' "spikes-sorting-type,/spikes/A,1,'by_time' as a text"
	bad_spikes 's/A@sorting e 2/A\/node_ids@sorting e 2/' \
		"spikes-sorting-type,/spikes/A/node_ids,1,'by_time' as an enumeration"
	bad_spikes 's/node_ids u8/node_ids f8/' 'id-type,/spikes/A/node_ids,3,not integers'
}

@test "spikes of a simulation" {
	network
	spikes | sed 's/u8 1 0 3/u8 1 0 4/; s/f8 1 2 2/f8 1 2 5.5/' | make-odd spikes.h5
	finds "spikes-tstop,/spikes/A/timestamps,1,\"row 2: after tstop, which is 5 ms\"
spikes-id,/spikes/A/node_ids,1,row 2: no node '4' in population 'A'" sim.json
	spikes | sed 's,/A,/B,' | make-odd spikes.h5
	finds "spikes-population,/spikes/B,1,no population of nodes 'B'" sim.json
}

@test "reports" {
	local m=/report/A/mapping
	bad_report '/time/d' "report-layout,$m,1,no time"
	bad_report '/data/d' 'report-layout,/report/A,1,no data'
	bad_report 's/index_pointers/index_pointer/' \
		"report-layout,$m/index_pointer,1,'index_pointer' rather than 'index_pointers'"
	bad_report '/data@units/d' 'report-units,/report/A/data,1,no units'
	bad_report '/time@units/d' "report-units,$m/time,1,no units"
	bad_report 's/pointers u8 0 1 3/pointers u8 0 2 1/' \
		"report-pointers,$m/index_pointers,1,\"row 2: '1', where the data have 3 columns\""
	bad_report 's/pointers u8 0 1 3/pointers u8 0 1 4/' \
		"report-pointers,$m/index_pointers,1,\"row 2: '4', where the data have 3 columns\""
	bad_report 's/pointers u8 0 1 3/pointers u8 0 1 2/' \
		"report-pointers,$m/index_pointers,1,\"row 2: '2', where the data have 3 columns\""
	bad_report 's/pointers u8 0 1 3/pointers u8 0 1 2 3/' "report-pointers,$m/index_pointers,1,4 rows for 2 nodes" 
	bad_report 's/pointers u8 0 1 3/pointers u8 0 1/' \
		"report-pointer-count,$m/index_pointers,1,\"as many as nodes, 2\""
	bad_report 's/element_ids u4 0 0 1/element_ids u4 0 0/' \
		"report-length,$m/element_ids,1,\"2 rows, but the data have 3 columns\""
	bad_report 's/time f8 0 1 0.5/time f8 0 1 -0.5/' "report-time,$m/time,1,\"no start, stop and step: 0 1 -0.5\""
	bad_report 's/time f8 0 1 0.5/time f8 0 1/' "report-time,$m/time,1,\"2 values rather than start, stop and step\""
	bad_report 's/time f8 0 1 0.5/time f8 0 2 0.5/' "report-frames,$m/time,1,2 frames from 0 to 2 by 0.5"
	bad_report 's/node_ids u8 1 3/node_ids u8 3 1/' "report-sorted,$m/node_ids,1,row 1: '1' after a greater id"
	network
	report | sed 's/u8 1 3/u8 1 7/' | make-odd v.h5
	finds "report-id,$m/node_ids,1,row 1: no node '7' in population 'A'" sim.json
}

ecp() { # how many columns its data have, how many channels
	make-odd e.h5 <<-END
	/.@magic u4 2682
	/.@version u4 0 1
	/ecp/channel_id u4 1..$2
	/ecp/data f4:$1 1 2 3 4 5 6
	/ecp/data@units s mV
	/ecp/time f8 0 1.5 0.5
	/ecp/time@units s ms
	END
}

@test "electrodes" {
	ecp 3 2
	finds '' e.h5
	ecp 2 2
	finds 'report-layout,/ecp/data,1,times by channels rather than channels by times' e.h5
	ecp 2 5
	finds 'report-length,/ecp/data,1,neither dimension is that of the 5 channels' e.h5
}

@test "what our own tools write is silent" {
	local who
	printf '%s\n' group,count,shape,x0,y0,z0,x1,y1,z1 PN,40,box,0,0,0,500,500,500 \
		PV,10,box,0,0,0,500,500,500 >groups.csv
	place-cells --seed 1 groups.csv >cells.csv
	connect-reciprocal --p0 .1 --pr .05 --seed 1 cells.csv | edge-delay --constant 1 |
		sonata-pack -n cells.csv -o net
	connect-random --p .1 --seed 1 cells.csv |
		sonata-pack --dialect libsonata -n cells.csv -o other
	printf 'timestamps,node_ids,population\n1,0,default\n2,3,default\n' | spike-pack -o s.h5
	for who in bmtk libsonata nest spec; do
		for file in net/circuit_config.json s.h5; do
			run -0 sonata-check --strict --for $who $file
			is "$(grep -v '^autapse,' <<<"$output")" "$header" || return
		done
	done
	for who in libsonata spec; do
		run -0 sonata-check --strict --for $who other/circuit_config.json
		is "$(grep -v '^autapse,' <<<"$output")" "$header" || return
	done
}

@test "the manual has every rule as it is" {
	sonata-check --rules -t | awk -F'\t' 'function s(x) { return x == "" ? "-" : x }
		NR > 1 { gsub(/"/, "")
			 printf ".It Cm %s\n%s\n.Pq %s, %s, %s, %s ;\n%s\n", $1, $6, s($2), s($3), s($4), s($5), $7 }' >rules
	[ "$(wc -l <rules)" -gt 200 ]
	sed -n '/^\.Sh RULES/,/^\.Sh/p' "$root/man/$tool.1" | grep -vE '^\.(Sh|Ss|Bl|El|Pp)' |
		sed -n '/^\.It/,$p' | diff - rules
}

@test "every rule is in a test" {
	local rule
	for rule in $(sonata-check --rules | tail -n +2 | cut -d, -f1); do
		grep -qE "['\"]?$rule," "$BATS_TEST_FILENAME" || fail "no test of $rule"
	done
}
