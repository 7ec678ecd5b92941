# What is mended is found no more, and h5diff sees no other data.
load common.bash

header=rule,place,count,message,mended

broken() { # nodes and edges with all that can be mended
	cat <<-'END'
	/nodes/A/node_type_id u4 100*3
	/nodes/A/0/x f8 0 1 2
	/edges/e/source_node_id u8 0 1
	/edges/e/source_node_id@node_population s A
	/edges/e/target_node_id u8 1 2
	/edges/e/target_node_id@node_population s A
	/edges/e/edge_type_id u4 1 1
	/edges/e/edge_group_id u4 0 0
	/edges/e/0/
	/edges/e/indicies/source_to_target/node_id_to_range i8:2 0 1 1 2
	/edges/e/indicies/source_to_target/range_to_edge_id i8:2 0 1 1 2
	/edges/e/indicies/target_to_source/node_id_to_ranges i8:2 0 0 0 1 1 2
	/edges/e/indicies/target_to_source/range_to_edge_id i8:2 0 1 1 2
	END
}

same_data() { # two files, of which the second may have more
	run h5diff "$@"
	[[ ! $output =~ difference ]] || fail "$output"
}

clean() { # is there nothing for sonata-check in a file, for any reader?
	local who
	for who in bmtk libsonata spec; do
		run -0 sonata-check --strict --for $who "$1"
		is "$output" rule,severity,file,place,count,message || return
	done
}

@test "nodes, edges and their index" {
	broken | make-odd net.h5
	cp net.h5 before.h5
	run -0 --separate-stderr sonata-fix -o fixed.h5 net.h5
	is "$stderr" ''
	is "$output" "$header
magic,/,1,no attribute magic,set to 2682
version,/,1,no attribute version,set to 0.1
group-missing,/nodes/A,1,no node_group_id and no node_group_index,group 0 and the rows' numbers written
node-id-missing,/nodes/A,1,no node_id: an id is a row,\"0, 1, 2 and so on written\"
group-missing,/edges/e,1,no edge_group_index,group 0 and the rows' numbers written
index-spelling,/edges/e/indicies,1,'indicies' rather than 'indices',linked as 'indices'
index-spelling,/edges/e/indicies/source_to_target/node_id_to_range,1,'node_id_to_range' rather than 'node_id_to_ranges',linked as 'node_id_to_ranges'
index-bmtk,/edges/e/indicies/target_to_source,1,no 'node_id_to_range',linked as 'node_id_to_range'"
	clean fixed.h5
	same_data net.h5 fixed.h5
	cmp net.h5 before.h5
	# and then there is nothing to do
	run -0 sonata-fix --dry-run fixed.h5
	is "$output" "$header"
}

@test "in place, or not at all" {
	broken | make-odd net.h5
	cp net.h5 before.h5
	chmod 600 net.h5
	run -0 sonata-fix --dry-run net.h5
	is "${#lines[@]}" 9
	cmp net.h5 before.h5
	said=$output
	run -0 sonata-fix -i net.h5
	is "$output" "$said"
	is "$(stat -c %a net.h5)" 600
	clean net.h5
	same_data before.h5 net.h5
	is "$(echo *.h5*)" 'before.h5 net.h5'
	run -0 sonata-fix -t --dry-run before.h5
	is "${lines[1]}" $'magic\t/\t1\tno attribute magic\tset to 2682'
}

@test "spikes" {
	spikes() { # times, ids, sorting
		printf '%s\n' '/.@magic u4 2682' '/.@version u4 0 1' "/spikes/A/gids u8 $2" \
			"/spikes/A/timestamps f8 $1" "${@:3}" | make-odd s.h5
	}
	spikes '1 2 3' '1 0 3' '/spikes/A@sorting s by_gid'
	cp s.h5 before.h5
	run -0 sonata-fix -i s.h5
	is "$output" "$header
spikes-layout,/spikes/A,1,called gids,linked as 'node_ids'
spikes-units,/spikes/A/timestamps,1,no units,set to 'ms'
spikes-sorting-type,/spikes/A,1,'by_gid' as a text,set to 'by_time'"
	clean s.h5
	spikes '1 2 3' '0 1 3' '/spikes/A/gids@sorting s by_gid'
	run -0 sonata-fix -i s.h5
	is "${lines[3]}" "spikes-sorting-type,/spikes/A/gids,1,'by_gid' as a text,set to 'by_id'"
	clean s.h5
	spikes '3 1 2' '0 1 0' '/spikes/A@sorting e 2'
	run -0 sonata-fix -i s.h5
	is "${lines[3]}" "spikes-sorting,/spikes/A,1,row 1: not sorted 'by_time',set to 'none'"
	clean s.h5
}

@test "reports" {
	printf '%s\n' '/.@magic u4 2682' '/.@version u4 0 1' '/report/A/data f4:2 1 2 3 4' \
		'/report/A/data@variable s v' '/report/A/mapping/gids u8 3 1' \
		'/report/A/mapping/gids@sorted u1 1' '/report/A/mapping/index_pointer u8 0 1 2' \
		'/report/A/mapping/element_id u4 0 0' '/report/A/mapping/time f8 0 1 0.5' | make-odd r.h5
	cp r.h5 before.h5
	run -0 sonata-fix -i r.h5
	clean r.h5
	same_data before.h5 r.h5
	is "$(sonata-report r.h5 | head -n 1)" "$(sonata-report before.h5 | head -n 1)"
}

@test "what has several answers stays" {
	printf '%s\n' '/.@magic u4 2682' '/.@version u4 0 1' '/nodes/A/node_type_id u4 100*3' \
		'/nodes/A/node_id u4 0 1 1' '/nodes/A/0/x f8 0 1' '/nodes/A/1/x f8 2' | make-odd n.h5
	run -0 sonata-fix -o m.h5 n.h5
	is "$output" "$header"
	run -0 h5diff n.h5 m.h5
}

@test "populations of a config" {
	broken | make-odd net.h5
	printf 'node_type_id model_type\n100 virtual\n' >t.csv
	echo '{"networks": {"nodes": [{"nodes_file": "net.h5", "node_types_file": "t.csv"}],
	 "edges": [{"edges_file": "net.h5"}]}, "z": 1}' >c.json
	run -0 sonata-fix -o d.json c.json
	is "$output" "$header
populations,networks.nodes[0],1,no populations,populations added
populations,networks.edges[0],1,no populations,populations added"
	is "$(tr -d ' \t\n' <d.json)" '{"networks":{"nodes":[{"nodes_file":"net.h5","node_types_file":"t.csv","populations":{"A":{"type":"virtual"}}}],"edges":[{"edges_file":"net.h5","populations":{"e":{"type":"chemical"}}}]},"z":1}'
}

@test "what is wrong ends it, and leaves nothing" {
	misused '--output or --in-place or --dry-run is needed' net.h5
	misused '--output and --dry-run exclude each other' -o x --dry-run net.h5
	bad 'none.h5: No such file or directory' -i none.h5
	echo >t.csv
	bad 't.csv: not an HDF5 file' -i t.csv
	broken | make-odd net.h5
	head -c 2000 net.h5 >cut.h5
	bad 'cut.h5: not a whole HDF5 file: cut short, or damaged' -i cut.h5
	is "$(echo *.h5* *.csv*)" 'cut.h5 net.h5 t.csv'
	# someone else's file is not made one of SONATA
	printf '/electrodes/x f8 1\n' | make-odd lfp.h5
	bad 'lfp.h5: neither nodes, edges, spikes nor a report in it' --dry-run lfp.h5
	bad 'lfp.h5: neither nodes, edges, spikes nor a report in it' -i lfp.h5
}
