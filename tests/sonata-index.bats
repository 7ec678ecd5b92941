# An index is right if it gives to each node the rows that awk finds for it, and
# to whom it was there before, if nothing else has changed.
load common.bash

edges() { # rows of source and target, as make-odd takes them
	printf '%s\n' "/edges/e/source_node_id u8 $1" '/edges/e/source_node_id@node_population s A' \
		"/edges/e/target_node_id u8 $2" '/edges/e/target_node_id@node_population s B' \
		"/edges/e/edge_type_id u4 1*$(wc -w <<<"$1")" /edges/e/0/ |
		{ cat; [ $# -lt 3 ] || printf '%s\n' "$3"; } | make-odd e.h5
}

dataset() { # its values, on a line
	h5dump -y -w 0 -d "/edges/e/indices/$1" "$2" | sed -n '/DATA {/,/}/p' |
		tr -dc '0-9, \n' | tr -s ', \n' ' ' | sed 's/^ //; s/ $//'
}

@test "the ranges of each node, in both directions" {
	edges '2 2 0 2 0' '1 1 1 0 3'
	run -0 --separate-stderr sonata-index -o x.h5 e.h5
	is "$output$stderr" ''
	is "$(dataset source_to_target/node_id_to_ranges x.h5)" '0 2 2 2 2 4'
	is "$(dataset source_to_target/range_to_edge_id x.h5)" '2 3 4 5 0 2 3 4'
	is "$(dataset target_to_source/node_id_to_ranges x.h5)" '0 1 1 2 2 2 2 3'
	is "$(dataset target_to_source/range_to_edge_id x.h5)" '3 4 0 3 4 5'
	is "$(dataset source_to_target/node_id_to_range x.h5)" '0 2 2 2 2 4'
	run -0 h5diff e.h5 x.h5 /edges/e/source_node_id
	is "$output" ''
}

@test "a row for each node, of a file of nodes, a config or the file itself" {
	edges '0 1' '0 1'
	printf '%s\n' '/nodes/A/node_type_id u4 1*4' '/nodes/B/node_type_id u4 1*2' \
		'/nodes/B/node_id u4 0 7' | make-odd n.h5
	sonata-index -n n.h5 -o x.h5 e.h5
	is "$(dataset source_to_target/node_id_to_ranges x.h5)" '0 1 1 2 2 2 2 2'
	is "$(dataset target_to_source/node_id_to_ranges x.h5 | wc -w)" 16
	echo '{"networks": {"nodes": [{"nodes_file": "n.h5"}]}}' >c.json
	sonata-index -n c.json -o y.h5 e.h5
	cmp x.h5 y.h5
	edges '0 1' '0 1' '/nodes/A/node_type_id u4 1*3'
	sonata-index -o x.h5 e.h5
	is "$(dataset source_to_target/node_id_to_ranges x.h5)" '0 1 1 2 2 2'
	is "$(dataset target_to_source/node_id_to_ranges x.h5)" '0 1 1 2'
}

@test "an index that is there is replaced, whatever it is called" {
	edges '0 1' '1 0' '/edges/e/indicies/source_to_target/node_id_to_range i8:2 0 9 9 9'
	sonata-index -i e.h5
	run ! h5ls e.h5/edges/e/indicies
	is "$(dataset source_to_target/range_to_edge_id e.h5)" '0 1 1 2'
	run sonata-check e.h5
	run ! grep '^index' <<<"$output"
}

@test "more ranges than fit in memory, as awk finds them" {
	local n=20000
	edges "$(awk "BEGIN { for (i = 0; i < $n; i++) printf \"%d \", i * 7919 % 501 }")" \
		"$(awk "BEGIN { for (i = 0; i < $n; i++) printf \"%d \", int(i / 40) }")"
	sonata-index -S 64K -o x.h5 e.h5
	is "$(dataset source_to_target/range_to_edge_id x.h5)" "$(awk "BEGIN {
		for (i = 0; i < $n; i++) { k = i * 7919 % 501; s[k] = s[k] i \" \" i + 1 \" \" }
		for (k = 0; k < 501; k++) all = all s[k]
		sub(/ \$/, \"\", all); print all }")"
	sonata-index -o y.h5 e.h5
	cmp x.h5 y.h5
}

@test "populations without rows" {
	printf '%s\n' '/edges/e/source_node_id u8' '/edges/e/target_node_id u8' | make-odd e.h5
	sonata-index -i e.h5
	h5ls -r e.h5 | grep -q 'range_to_edge_id Dataset {0, 2}'
}

@test "what is wrong ends it, and leaves nothing" {
	misused '--output or --in-place is needed' e.h5
	misused '--output and --in-place exclude each other' -i -o x.h5 e.h5
	bad 'none.h5: No such file or directory' -i none.h5
	edges '0 1' '1 0'
	cp e.h5 before.h5
	printf '%s\n' '/edges/e/source_node_id i8 0 -1' '/edges/e/target_node_id i8 0 1' | make-odd bad.h5
	bad "bad.h5: /edges/e/source_node_id: row 1: negative: '-1'" -o x.h5 bad.h5
	printf '%s\n' '/edges/e/source_node_id i8 0 1' | make-odd bad.h5
	bad 'bad.h5: /edges/e/target_node_id: not there' -o x.h5 bad.h5
	printf '%s\n' '/edges/e/source_node_id i8 0 1 4294967296' '/edges/e/target_node_id i8 0 1 2' | make-odd bad.h5
	bad "bad.h5: /edges/e/source_node_id: row 2: too large for an index, which has a row for each id: '4294967296'" -o x.h5 bad.h5
	printf '%s\n' '/edges/e/source_node_id i8 0 1 2' '/edges/e/target_node_id i8 0 1' | make-odd bad.h5
	bad 'bad.h5: /edges/e/target_node_id: 2 rows where there are 3' -o x.h5 bad.h5
	echo '/nodes/A/node_type_id u4 1' | make-odd n.h5
	bad 'n.h5: no edges in it' -i n.h5
	is "$(echo *.h5*)" 'bad.h5 before.h5 e.h5 n.h5'
	cmp e.h5 before.h5
}
