# Configs as lib/sonata/config.c reads them; tests/config-check.c prints what it read.
# shellcheck disable=SC2016 # the variables are the configs', not the shell's
# The working directory has nothing but the folder c, which has the configs.
load common.bash

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	mkdir c
}

reads() { # what is expected on the standard input, then config-check's operands
	run config-check "$@"
	diff <(cat) - <<<"$output" && [ "$status" -eq 0 ]
}

bad() { # what it says about c/a.json, whose text is on the standard input
	cat >c/a.json
	run config-check c/a.json
	[ "$output" = "config-check: $1" ] || { echo "$output" >&2; return 1; }
	[ "$status" -eq 1 ]
}

manifest() { # with these entries, a nodes_file of that text
	printf '{"manifest": {%s}, "networks": {"nodes": [{"nodes_file": "%s"}]}}' \
		"$1" "$2"
}

node() { # a circuit of one file
	printf '{"networks": {"nodes": [{"nodes_file": "%s"}]} %s}' "$@"
}

@test "nodes, edges and gap junctions, with and without type CSVs" {
	cat >c/a.json <<-'END'
	{"networks": {
	 "nodes": [
	  {"nodes_file": "v1.h5", "node_types_file": "v1.csv"},
	  {"nodes_file": "./net/lgn.h5", "node_types_file": null},
	  {"nodes_file": "/abs/tw.h5", "node_types_file": ""}],
	 "edges": [
	  {"edges_file": "../e.h5", "edge_types_file": "NULL"},
	  {"edges_file": "f.h5", "edge_types_file": "no such.csv"}],
	 "gap_juncs": [{"gap_juncs_file": "g.h5"}, {"gap_juncs_file": "h.h5"}]}}
	END
	reads c/a.json <<-'END'
	nodes c/v1.h5 c/v1.csv
	nodes c/net/lgn.h5 -
	nodes /abs/tw.h5 -
	edges c/../e.h5 -
	edges c/f.h5 c/no such.csv
	gap_juncs c/g.h5
	gap_juncs c/h.h5
	END
	cd c
	reads a.json < <(config-check "$PWD/a.json" | sed "s:$PWD/::g")
}

@test "only nodes, only edges, null for either" {
	echo '{"networks": {"nodes": [{"nodes_file": "n"}], "edges": null}}' >c/a
	reads c/a <<<'nodes c/n -'
	echo '{"networks": {"edges": [{"edges_file": "e"}], "nodes": []}}' >c/a
	reads c/a <<<'edges c/e -'
}

@test "a part may be turned off" {
	cat >c/a.json <<-'END'
	{"networks": {
	 "nodes": [{"nodes_file": "off.h5", "enabled": false},
	  {"nodes_file": "on.h5", "enabled": true}],
	 "edges": [{"enabled": false}, {"edges_file": "e.h5", "enabled": null}]}}
	END
	reads c/a.json <<-'END'
	nodes c/on.h5 -
	edges c/e.h5 -
	END
}

@test "a part is on or off in any spelling" {
	local word
	part() { # its flag
		printf '{"manifest": {"$OFF": "false", "$ON": "True"}, "networks":
			{"nodes": [{"nodes_file": "n"}, {"nodes_file": "m",
			"enabled": %s}]}}' "$1" >c/a
	}
	for word in 1 2 true '"true"' '"True"' '"1"' '"$ON"'; do
		part "$word"
		reads c/a <<<$'nodes c/n -\nnodes c/m -'
	done
	for word in 0 false; do
		part "$word"
		reads c/a <<<'nodes c/n -'
	done
	for word in '"False"' '"false"' '"0"' '"${OFF}"' '""'; do
		part "$word"
		run config-check c/a
		[[ ${lines[0]} = *enabled*'taken for false' ]]
		[ "${lines[1]}" = 'nodes c/n -' ] && [ "${#lines[@]}" -eq 2 ]
	done
	part '"${use_recurrent}"' # BMTK leaves it, and takes it for true
	run config-check c/a
	[ "${lines[0]}" = "config-check: c/a: networks.nodes[1].enabled: \
'\${use_recurrent}' taken for true" ]
	[ "${lines[2]}" = 'nodes c/m -' ]
}

@test "populations restrict a part and say its type" {
	cat >c/a.json <<-'END'
	{"networks": {
	 "nodes": [{"nodes_file": "n.h5", "populations":
	   {"A": {"type": "biophysical"}, "B": {}, "C": null}},
	  {"nodes_file": "all.h5", "populations": null},
	  {"nodes_file": "none.h5", "populations": {}}],
	 "edges": [{"edges_file": "e.h5",
	  "populations": {"A__A": {"type": "electrical"}}}]}}
	END
	reads c/a.json <<-'END'
	nodes c/n.h5 -
	only A biophysical
	only B -
	only C -
	nodes c/all.h5 -
	nodes c/none.h5 -
	edges c/e.h5 -
	only A__A electrical
	END
	reads c/a.json A <<<$'has c/n.h5 biophysical\nhas c/all.h5 -'
	reads c/a.json C <<<$'has c/n.h5 -\nhas c/all.h5 -'
	reads c/a.json A__A <<<$'has c/all.h5 -\nhas c/e.h5 electrical'
	reads c/a.json a <<<$'has c/all.h5 -'
}

@test "variables in both forms, in any order" {
	manifest '"$NODES": "${NET}/nodes", "$NET": "$BASE/net",
		"BASE": "./x", "${y}": "y"' '$NODES/${BASE}-$NET.h5' >c/a
	reads c/a <<<'nodes c/x/net/nodes/./x-./x/net.h5 -'
}

@test "a name that begins another is not taken for it" {
	local net='"$NET": "a"' dir='"$NETWORK_DIR": "b"'
	manifest "$net, $dir" '$NETWORK_DIR/$NET.h5' >c/a
	reads c/a <<<'nodes c/b/a.h5 -'
	manifest "$dir, $net" '$NETWORK_DIR/${NET}WORK_DIR' >c/a
	reads c/a <<<'nodes c/b/aWORK_DIR -'
	bad "c/a.json: networks.nodes[0].nodes_file: unknown variable '\$NETWORK'" \
		< <(manifest "$net, $dir" '$NETWORK/x.h5')
}

@test "a dollar that begins no name is a dollar" {
	manifest '' 'a$/b$' >c/a
	reads c/a <<<'nodes c/a$/b$ -'
}

@test "what BMTK knows besides the manifest" {
	manifest '"$BASE": "${configdir}"' '$BASE/n.h5' >c/a
	reads c/a <<<"nodes $PWD/c/n.h5 -"
	reads "$PWD/c/a" <<<"nodes $PWD/c/n.h5 -"
	(cd c && reads a <<<"nodes $PWD/n.h5 -")
	manifest '' '${workingdir}/n.h5' >c/a
	reads c/a <<<"nodes $PWD/n.h5 -"
	manifest '' '${configfname}.h5' >c/a
	reads c/a <<<"nodes $PWD/c/a.h5 -"
	manifest '' '/${datetime}/${date}/${time}' >c/a
	run config-check c/a
	[[ $output =~ ^nodes\ /(....-..-..)_(..-..-..)/(.*)/(.*)\ -$ ]]
	[ "${BASH_REMATCH[1]}" = "${BASH_REMATCH[3]}" ]
	[ "${BASH_REMATCH[2]}" = "${BASH_REMATCH[4]}" ]
	date -d "${BASH_REMATCH[3]} ${BASH_REMATCH[4]//-/:}"
	manifest '"$time": "now", "configdir": "here"' '$configdir/${time}' >c/a
	reads c/a <<<"nodes c/here/now -"
}

@test "a folder with a dollar in its name" {
	mkdir 'x$y'
	cd 'x$y'
	manifest '"$A": "${configdir}"' '$A/n.h5' >a
	reads a <<<"nodes $PWD/n.h5 -"
}

@test "unknown variables are named with their file" {
	bad "c/a.json: networks.nodes[0].nodes_file: unknown variable '\$NO'" \
		< <(manifest '' '$NO/x.h5')
	bad "c/a.json: manifest.\$A: unknown variable '\${NO}'" \
		< <(manifest '"$A": "${NO}"' '$A/x.h5')
	bad "c/a.json: networks.nodes[0].nodes_file: unknown variable '\${A'" \
		< <(manifest '"$A": "a"' '${A')
	bad "c/a.json: networks.nodes[0].nodes_file: unknown variable '\${}'" \
		< <(manifest '"$A": "a"' '${}')
}

@test "what nobody needs may be anything" {
	manifest '"$A": "${NO}", "$B": "$C", "$C": "$B", "$D": 1, "D": 2' x >c/a
	reads c/a <<<'nodes c/x -'
	node n ', "inputs": {"i": {"rates": "x$NO", "file": "$NO/f", "g": "$B"}},
		"manifest": {"$A": "$NO", "$B": "$A/$B"}' >c/a
	reads c/a <<-'END'
	nodes c/n -
	input i
	input i rates 'x$NO'
	input i file 'c/$NO/f'
	input i g 'c/$B'
	END
}

# bats test_tags=long
@test "a long manifest, back to front" {
	local i
	{
		printf '{"manifest": {'
		for ((i = 0; i < 20000; i++)); do
			printf '"$V%d": "$V%d",\n' $i $((i + 1))
		done
		printf '"$V%d": "x"}, "networks": {"nodes": [{"nodes_file": "$V0"}]}}' $i
	} >c/a
	reads c/a <<<'nodes c/x -'
	i=$(printf '%20000s' '') # as many mentions of each other, all of them empty
	printf '{"manifest": {"$V": "", "$W": "%s"}, "networks": {"nodes":
		[{"nodes_file": "n$W"}]}}' "${i// /'$V'}" >c/a
	reads c/a <<<'nodes c/n -'
}

@test "a manifest that goes in a circle" {
	bad "c/a.json: manifest.\$A is defined by itself" \
		< <(manifest '"$A": "$A/x"' '$A')
	bad "c/a.json: manifest.\$C is defined by itself" \
		< <(manifest '"$C": "${D}", "$D": "$C", "$A": "$B", "$B": "/$C"' '$A')
}

@test "a manifest that is none" {
	bad "c/a.json: manifest is not an object" \
		< <(node '$A' ', "manifest": []')
	bad "c/a.json: manifest.\$A is not a text" < <(manifest '"$A": 1' '$A')
	bad "c/a.json: manifest.A is defined twice" \
		< <(manifest '"$A": "a", "A": "b"' '$A')
	manifest '"$A": "a", "A": "a"' '$A' >c/a
	reads c/a <<<'nodes c/a -'
	bad "c/a.json: manifest.\$F: too long with its variables replaced" \
		< <(manifest "$(printf '"$A": "%0999d"' 0), \"\$B\": \"\$A\$A\$A\$A\",
		\"\$C\": \"\$B\$B\$B\$B\", \"\$D\": \"\$C\$C\$C\",
		\"\$F\": \"\$D\$D\"" '$F')
}

@test "a path is the config's folder's, else the working directory's" {
	node n.h5 >c/a
	touch n.h5
	run config-check c/a
	[ "${lines[0]}" = "config-check: c/a: not in its folder, so taken from \
the working directory: 'n.h5'" ]
	[ "${lines[1]}" = 'nodes n.h5 -' ]
	touch c/n.h5
	reads c/a <<<'nodes c/n.h5 -'
}

@test "there is one warning about it" {
	touch n t e
	echo '{"networks": {"edges": [{"edges_file": "e"}], "nodes":
		[{"nodes_file": "./n", "node_types_file": "t"}]}}' >c/a
	run config-check c/a
	[ "${#lines[@]}" -eq 3 ]
	[ "${lines[1]}" = 'nodes n t' ]
	[ "${lines[2]}" = 'edges e -' ]
}

@test "a simulation's circuit is found from the simulation" {
	mkdir c/net
	node '$N/n.h5' ', "manifest": {"$N": "circuit"}' >c/net/circuit.json
	echo '{"manifest": {"$N": "net"}, "network": "$N/circuit.json",
		"inputs": {"i": {"input_file": "$N/i.h5"}}}' >c/a
	reads c/a <<-'END'
	nodes c/net/circuit/n.h5 -
	input i
	input i input_file 'c/net/i.h5'
	END
}

@test "what a named file has holds" {
	node theirs ', "inputs": {"theirs": {}}' >c/b
	node ours ', "inputs": {"ours": {}}, "network": "b"' >c/a
	reads c/a <<<$'nodes c/theirs -\ninput theirs'
	node ours ', "inputs": {"ours": {}}, "network": null' >c/a
	reads c/a <<<$'nodes c/ours -\ninput ours'
	node ours ', "inputs": null, "network": "c"' >c/a
	echo '{"inputs": {"theirs": {}}}' >c/c
	reads c/a <<<$'nodes c/ours -\ninput theirs'
}

@test "a file that names circuit and simulation" {
	node n ', "node_sets": {"x": {"k": "circuit"}, "y": {}}' >c/circuit
	echo '{"inputs": {"i": {}}, "node_sets": {"x": {"k": "sim"}, "z": {}},
		"network": "circuit"}' >c/sim
	echo '{"network": "circuit", "simulation": "sim",
		"node_sets": {"x": {"k": "own"}, "w": {}}}' >c/a
	reads c/a <<-'END'
	nodes c/n -
	node_set x {"k":"sim"}
	node_set z {}
	node_set w {}
	node_set y {}
	input i
	END
}

@test "a simulation's node sets come before its circuit's" {
	mkdir c/net
	echo '{"A": {"from": "circuit"}, "B": [1, 2]}' >c/net/sets
	node n ', "node_sets_file": "sets"' >c/net/circuit
	echo '{"A": {"from": "simulation"}, "C": ["A"]}' >c/sets
	echo '{"network": "net/circuit", "node_sets_file": "$S/sets",
		"manifest": {"$S": "."}, "node_sets": {"C": ["own"]}}' >c/a
	reads c/a <<-'END'
	nodes c/net/n -
	node_set C ["own"]
	node_set A {"from":"simulation"}
	node_set B [1,2]
	END
}

@test "no node sets, in all spellings" {
	for none in null '""' '"NULL"'; do
		node n ", \"node_sets_file\": $none, \"node_sets\": null" >c/a
		reads c/a <<<'nodes c/n -'
	done
}

@test "node sets that cannot be read" {
	bad 'c/sets: No such file or directory' \
		< <(node n ', "node_sets_file": "sets"')
	echo '[]' >c/sets
	bad 'c/sets: not an object' < <(node n ', "node_sets_file": "sets"')
	bad 'c/a.json: node_sets_file is not a text' \
		< <(node n ', "node_sets_file": 1')
	bad 'c/a.json: node_sets is not an object' < <(node n ', "node_sets": []')
	bad 'c/../c: Is a directory' < <(node n ', "node_sets_file": "../c"')
}

@test "node sets are read when they are asked for" {
	node n ', "node_sets_file": "sets"' >c/a.json
	reads c/a.json A <<<'has c/n -'
	run config-check c/a.json
	[ "$output" = 'config-check: c/sets: No such file or directory' ]
}

@test "paths in inputs are resolved, other texts are not" {
	cat >c/a.json <<-'END'
	{"manifest": {"$IN": "./in", "$N": "5"}, "networks":
	 {"nodes": [{"nodes_file": "n"}]}, "inputs": {
	 "a": {"input_file": "s.h5", "module": "s.h5", "node_set": "n", "x": 1},
	 "b": {"input_file": ["./a.nwb", "${IN}/b.nwb"], "sets": ["n", "m"]},
	 "c": {"file": "i.csv", "rates": "$IN/r.csv", "comsol_file": "/c.txt"},
	 "d": {"spike_file": "s", "file": "", "weight_file": "NULL"},
	 "e": {"note": "five is $N", "profile": "r.csv", "_file": "f"}}}
	END
	reads c/a.json <<-'END'
	nodes c/n -
	input a
	input a input_file 'c/s.h5'
	input a module 's.h5'
	input a node_set 'n'
	input b
	input b input_file 'c/a.nwb'
	input b input_file 'c/in/b.nwb'
	input b sets 'n'
	input b sets 'm'
	input c
	input c file 'c/i.csv'
	input c rates 'c/in/r.csv'
	input c comsol_file '/c.txt'
	input d
	input d spike_file 'c/s'
	input d file ''
	input d weight_file 'NULL'
	input e
	input e note 'five is 5'
	input e profile 'r.csv'
	input e _file 'c/f'
	END
}

@test "files that are not there, or not for reading" {
	run config-check none.json
	[ "$output" = 'config-check: none.json: No such file or directory' ]
	[ "$status" -eq 1 ]
	run config-check c
	[ "$output" = 'config-check: c: Is a directory' ]
	bad 'c/no: No such file or directory' <<<'{"network": "no"}'
	bad 'c/no: No such file or directory' <<<'{"simulation": "no"}'
}

@test "what is not JSON is named by its line and column" {
	bad "c/a.json:1: column 1: not JSON: it ends too early" </dev/null
	bad "c/a.json:1: column 1: not JSON: 'x'" <<<x
	bad "c/a.json:2: column 8: not JSON: '}, {'" <<<$'{"a":\n [1, 2,}, {'
	bad "c/a.json:2: column 8: not JSON: '\"b\"'" <<<$'{\n"ü": 1 "b"'
	bad "c/a.json:1: column 4: not JSON: '{}'" <<<'{} {}'
	bad "c/a.json:2: column 1: not JSON: it ends too early" <<<'{"a": 1'
	bad "c/a.json:1: column 2: not JSON: 'aaaaaaaaaaaaaaaaaaaaaaa'" \
		<<<'{aaaaaaaaaaaaaaaaaaaaaaaü'
}

@test "the column of a key or a text that is at fault" {
	bad "c/a.json:1: column 9: not JSON: '}'" <<<'{"a": 1,}'
	bad "c/a.json:1: column 3: not JSON: ']'" <<<'[{]'
	bad "c/a.json:1: column 9: not JSON: '2x'" <<<'{"a": 1,2x'
	bad "c/a.json:1: column 5: not JSON: 'x'" <<<'[1,2x'
	bad "c/a.json:1: column 2: not JSON: '\"a'" <<<'{"a'
	bad "c/a.json:1: column 2: not JSON: '\"a'" <<<'["a'
	bad "c/a.json:1: column 6: not JSON: '\\q\"'" <<<'{"{,x\q"'
	bad "c/a.json:2: column 1: not JSON: it ends too early" <<<'{"a": 1, '
}

@test "comments are told from other faults" {
	bad "c/a.json:2: column 3: not JSON, which has no comments: '// ours'" \
		<<<$'{"a": 1,\n  // ours\n}'
	bad "c/a.json:1: column 2: not JSON, which has no comments: '/* a */'" \
		<<<$'{/* a */\n}'
}

@test "a byte order mark is skipped" {
	{ printf '\xEF\xBB\xBF'; node n; } >c/a
	reads c/a <<<'nodes c/n -'
	bad "c/a.json:1: column 2: not JSON: 'x'" < <(printf '\xEF\xBB\xBF{x')
}

@test "JSON nested too deep, and as deep as may be" {
	local open close before
	open=$(printf '%998s' '') close=${open// /]} open=${open// /[}
	node n ", \"x\": $open$close" >c/a
	reads c/a <<<'nodes c/n -'
	before='{"a\"[[": "[[", "b": '
	bad "c/a.json:1: column $((${#before} + 1000)): nested more than 1000 deep" \
		<<<"${before}[[$open$close]]}"
	open=$(printf '%1000s' '') open=${open// /'{"a":'}
	bad 'c/a.json:1: column 5001: nested more than 1000 deep' <<<"$open{}"
}

@test "inputs and keys at great depth" {
	local open close
	open=$(printf '%900s' '') close=${open// /\}} open=${open// /'{"a":'}
	node n ", \"inputs\": {\"i\": $open\"\$configfname\"$close}" >c/a
	reads c/a <<<$'nodes c/n -\ninput i\ninput i a \'-\''
	bad "c/a.json: x: an object has the key 'b' twice, with different values" \
		< <(node n ", \"x\": $open{\"b\": 1, \"c\": 2, \"b\": 3}$close")
}

@test "bytes that are no text, and too many" {
	bad 'c/a.json: not text' < <(printf '{}\0')
	bad "c/a.json: a text with '\\u0000' in it" < <(node 'a\u0000b')
	truncate -s 65M c/big
	run config-check c/big
	[ "$output" = \
	    'config-check: c/big: too large for a config, over 67108864 bytes' ]
}

@test "a config through a pipe" {
	run config-check <(node /n.h5)
	[ "$output" = 'nodes /n.h5 -' ]
}

@test "a key that stands twice" {
	local twice='twice, with different values'
	bad "c/a.json: an object has the key 'networks' $twice" \
		< <(node n ', "networks": {}')
	echo '{"A": {}, "B": {}, "A": {"x": 1}}' >c/sets
	bad "c/sets: an object has the key 'A' $twice" \
		< <(node n ', "node_sets_file": "sets"')
	bad "c/a.json: inputs: an object has the key 'x' $twice" \
		< <(node n ', "inputs": {"i": {"x": 1, "x": "1"}}')
	node n ', "a": {"nodes": {"a": [{"a": {}}]}}' >c/a
	reads c/a <<<'nodes c/n -'
}

@test "a key that stands twice with the same value" {
	node n ', "node_sets": {"A": {"x": [1, {"y": null}], "z": 2}, "B": ["A"],
		"A": {"z": 2, "x": [1, {"y": null, "y": null}]}, "B": ["A"]},
		"network": null, "network": null' >c/a
	reads c/a <<-'END'
	nodes c/n -
	node_set A {"x":[1,{"y":null}],"z":2}
	node_set B ["A"]
	END
}

@test "values of another type than is needed" {
	bad 'c/a.json: not an object' <<<'[]'
	bad 'c/a.json: networks is not an object' <<<'{"networks": []}'
	bad 'c/a.json: networks.nodes is not a list' <<<'{"networks": {"nodes": {}}}'
	bad 'c/a.json: networks.edges is not a list' <<<'{"networks": {"edges": 1}}'
	gaps() {
		bad "c/a.json: networks.gap_juncs$1" < <(printf '{"networks":
		{"nodes": [{"nodes_file": "n"}], "gap_juncs": %s}}' "$2")
	}
	gaps ' is not a list' '"x"'
	gaps '[0] is not an object' '["x"]'
	gaps "[0] has no 'gap_juncs_file'" '[{}]'
	bad 'c/a.json: network is not a text' <<<'{"network": {}}'
	bad 'c/a.json: simulation is not a text' <<<'{"simulation": false}'
	bad 'c/a.json: inputs is not an object' < <(node n ', "inputs": []')
}

@test "parts of another type than is needed" {
	part() { bad "c/a.json: networks.edges[1]$1" < <(printf \
		'{"networks": {"edges": [{"edges_file": "e"}, %s]}}' "$2"); }
	part ' is not an object' '"x.h5"'
	part " has no 'edges_file'" '{"nodes_file": "n"}'
	part " has no 'edges_file'" '{"edges_file": null}'
	part " has no 'edges_file'" '{"edges_file": ""}'
	part '.edges_file is not a text' '{"edges_file": ["e"]}'
	part '.edge_types_file is not a text' \
		'{"edges_file": "e", "edge_types_file": {}}'
	part '.enabled is not true or false' '{"edges_file": "e", "enabled": []}'
	part '.populations is not an object' \
		'{"edges_file": "e", "populations": ["A"]}'
	part '.populations.A is not an object' \
		'{"edges_file": "e", "populations": {"A": "chemical"}}'
	part '.populations.A.type is not a text' \
		'{"edges_file": "e", "populations": {"A": {"type": 1}}}'
	bad 'c/a.json: networks.nodes[0].nodes_file is empty' \
		< <(manifest '"$E": ""' '$E')
}

@test "configs that name each other in a circle" {
	bad "c/a.json: network leads back to 'c/a.json'" <<<'{"network": "a.json"}'
	echo '{"network": "../c/a.json"}' >c/b
	bad "c/b: network leads back to 'c/../c/a.json'" <<<'{"simulation": "b"}'
	ln -s a.json c/link
	bad "c/a.json: simulation leads back to 'c/link'" \
		<<<'{"simulation": "link"}'
}

@test "too many configs" {
	local i
	for i in {1..70}; do
		echo "{\"network\": \"$((i + 1))\"}" >"c/$i"
	done
	run config-check c/1
	[ "$output" = 'config-check: c/1: names more than 64 configs' ]
	for i in {1..20}; do # two to the power of twenty, if one were to read all
		echo "{\"network\": \"$((i + 1))\", \"simulation\": \"$((i + 1))\"}" \
			>"c/$i"
	done
	node n >c/21
	run config-check c/1
	[ "$output" = 'config-check: c/1: names more than 64 configs' ]
}

@test "the circuit of a simulation that names none is beside it" {
	node n ', "node_sets": {"x": {"k": "circuit"}}' >c/circuit_config.json
	echo '{"run": {}, "node_sets": {"x": {"k": "sim"}}}' >c/a
	reads c/a <<<$'nodes c/n -\nnode_set x {"k":"sim"}'
	(cd c && reads a <<<$'nodes n -\nnode_set x {"k":"sim"}')
	echo '{"network": null, "inputs": {}}' >c/a
	reads c/a <<<$'nodes c/n -\nnode_set x {"k":"circuit"}'
	echo '{"simulation": "a"}' >c/b
	reads c/b <<<$'nodes c/n -\nnode_set x {"k":"circuit"}'
	node own ', "run": {}' >c/a
	reads c/a <<<'nodes c/own -'
	node named >c/c
	echo '{"run": {}, "network": "c"}' >c/a
	reads c/a <<<'nodes c/named -'
	reads c/b <<<'nodes c/named -'
	bad "c/a.json: no 'networks', and no 'network' that has them" \
		<<<'{"node_sets": {}}'
	echo '{"run": {}}' >c/circuit_config.json
	run config-check c/circuit_config.json
	[ "$output" = "config-check: c/circuit_config.json: no 'networks', and no \
'network' that has them" ]
}

@test "no network at all" {
	local none="no 'networks', and no 'network' that has them"
	bad "c/a.json: $none" <<<'{}'
	bad "c/a.json: $none" <<<'{"run": {}}'
	bad "c/a.json: $none" <<<'{"networks": null, "network": "NULL"}'
	echo '{"components": {}}' >c/b
	bad "c/b: $none" <<<'{"network": "b"}'
	bad "c/a.json: no nodes and no edges in 'networks'" <<<'{"networks": {}}'
	bad "c/a.json: no nodes and no edges in 'networks'" \
		<<<'{"networks": {"nodes": [], "edges": [{"enabled": false}]}}'
}

@test "real configs are read, or refused in a line" {
	need data
	find "$reference/data" "$reference/golden" \( -name 'config*.json' -o \
		-name 'circuit*.json' -o -name 'simulation*.json' \) >all
	while read -r config; do
		run config-check "$config"
		echo "$config: $output"
		[ "$status" -le 1 ]
		[ "$status" -eq 0 ] || [ "${#lines[@]}" -eq 1 ]
		echo "$status" >>statuses
	done <all
	# Of 73, the 7 refused have no circuit, or name an absent file.
	[ "$(grep -c 0 statuses)" -ge 60 ]
}
