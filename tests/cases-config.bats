# Configs, node sets and damaged files as people have them, and what is right for
# each: found by running the tools on networks of others.
# shellcheck disable=SC2016,SC2034 # variables are the configs', or common.bash's
load common.bash
tool=sonata-nodes

setup_file() {
	cd "$BATS_FILE_TMPDIR" || return
	python <<-'END'
	import h5py
	import numpy as np

	def nodes(path, **populations):
	    with h5py.File(path, "w") as f:
	        for name, attributes in populations.items():
	            g = f.create_group("nodes/" + name)
	            n = len(next(iter(attributes.values())))
	            g["node_type_id"] = np.full(n, -1)
	            for k, v in attributes.items():
	                g["0/" + k] = v

	def spikes(path):
	    with h5py.File(path, "w") as f:
	        f["spikes/A/timestamps"] = [1.5]
	        f["spikes/A/node_ids"] = np.array([0], "u8")

	nodes("n.h5", A={"mtype": ["L2_PC", "L23_BC", "L4_PC"], "depth": [1, 2, 3],
	                 "x": [0.5, 1, 2]},
	      B={"colour": np.array([b"red", b"caf\xe9"]), "depth": [1, 1]})
	with h5py.File("n.h5", "a") as f:
	    f["nodes/A/0/layer"] = np.array([0, 1, 0], "u1")
	    f["nodes/A/0/@library/layer"] = ["L1", "L2"]
	spikes("s.h5")
	with h5py.File("v.h5", "w") as f: # texts of variable length
	    g = f.create_group("edges/A_to_A")
	    for end in "source", "target":
	        ids = g.create_dataset(end + "_node_id", data=np.arange(4) % 3)
	        ids.attrs["node_population"] = "A"
	END
}

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	cp "$BATS_FILE_TMPDIR"/*.h5 .
}

circuit() { # node sets; a config of n.h5, c.json
	printf '%s' "$1" >sets.json
	echo '{"node_sets_file": "sets.json",
	 "networks": {"nodes": [{"nodes_file": "n.h5"}]}}' >c.json
}

simulation() { # more of c.json; output_dir and spikes_file
	printf '{"run": {"tstop": 10}, "output": {"output_dir": "%s",
		"spikes_file": "%s"} %s}' "$2" "$3" "$1"
}

spikes_of() { # a config: those of s.h5 are found
	run --separate-stderr sonata-spikes "$1"
	is "$output" $'timestamps,population,node_ids\n1.5,A,0' && [ "$status" -eq 0 ]
}

ids() { # of the nodes of population A in a set
	sonata-nodes -p A -c node_id --node-set "$1" c.json | cut -d, -f1 | tail -n +2 |
		paste -sd' '
}

# ---- Configs ----

@test "a path that the working directory has, and not the config's folder" {
	mkdir sub output
	mv s.h5 output
	simulation '' ./output s.h5 >sub/c.json
	spikes_of sub/c.json
	is "$stderr" "sonata-spikes: sub/c.json: not in its folder, so taken from \
the working directory: 'output/s.h5'"
	simulation '' .//./output ./s.h5 >sub/c.json
	spikes_of sub/c.json
	echo '{"components": {}, "networks": {"nodes": [{"nodes_file": "././n.h5"}]}}' \
		>sub/c.json
	is "$(sonata-nodes -p B -c node_id sub/c.json 2>/dev/null | wc -l)" 3
}

@test "a flag that BMTK's scripts fill in" {
	echo '{"networks": {"nodes": [{"nodes_file": "n.h5"}], "edges":
	 [{"edges_file": "v.h5", "enabled": "${use_recurrent}"}]}}' >c.json
	run --separate-stderr sonata-nodes -p A -c node_id c.json
	is "$output" $'node_id,node_type_id\n0,-1\n1,-1\n2,-1' && is "$stderr" ''
	run --separate-stderr sonata-edges c.json
	is "${#lines[@]}" 5
	is "$stderr" "sonata-edges: c.json: networks.edges[0].enabled: \
'\${use_recurrent}' taken for true"
}

@test "inputs and reports that are on or off" {
	simulation ', "reports": {"a": {"enabled": "False"}, "b": {"enabled": 0},
		"c": {"file_name": "v.h5"}}, "inputs": {
		"off": {"input_type": "spikes", "module": "h5", "input_file": "no",
			"enabled": 0},
		"on": {"input_type": "spikes", "module": "h5", "input_file": "s.h5",
			"enabled": "${use_input}", "node_set": "A"}}' . s.h5 >c.json
	run --separate-stderr sonata-spikes --inputs c.json
	is "$output" $'timestamps,population,node_ids\n1.5,A,0'
	is "$stderr" "sonata-spikes: c.json: inputs.on.enabled: '\${use_input}' taken \
for true"
	is "$(sonata-info --inputs c.json 2>/dev/null | cut -d, -f1)" $'input\non'
	run sonata-report c.json
	is "${lines[1]}" 'sonata-report: v.h5: no group /report in it, nor /ecp, nor /mapping'
}

@test "a spikes_file that begins with the output_dir" {
	mkdir output
	mv s.h5 output
	simulation '' ./output ./output/s.h5 >c.json
	spikes_of c.json && is "$stderr" ''
	simulation '' output/ .//output//s.h5 >c.json
	spikes_of c.json && is "$stderr" ''
	simulation ', "manifest": {"$O": "output"}' '$O' '$O/s.h5' >c.json
	spikes_of c.json
	mkdir output/output # what only libsonata finds
	mv output/s.h5 output/output
	simulation '' ./output ./output/s.h5 >c.json
	spikes_of c.json
	mv output/output/s.h5 output/output_s.h5 # not below it
	simulation '' output output_s.h5 >c.json
	spikes_of c.json
	mkdir reports
	simulation ', "reports": {"v": {"file_name": "./reports/v.h5"}}' reports x >c.json
	run sonata-report c.json
	is "$output" 'sonata-report: reports/v.h5: No such file or directory'
}

@test "a copy of the config in its output_dir" {
	mkdir -p run/output
	mv s.h5 run/output
	for spikes in s.h5 ./output/s.h5; do
		simulation '' ./output $spikes >run/output/c.json
		spikes_of run/output/c.json
		is "$stderr" "sonata-spikes: run/output/c.json: its folder taken for its \
output_dir: './output'"
	done
	cd run/output
	spikes_of c.json
	mv c.json other.json
	mkdir ../other
	mv ./*.json ../other
	run sonata-spikes ../other/other.json # which is none
	is "$output" 'sonata-spikes: ../other/output/s.h5: No such file or directory'
}

@test "backslashes between folders" {
	mkdir -p network out
	mv n.h5 network
	mv s.h5 out
	cat >c.json <<-'END'
	{"manifest": {"$N": ".\\network"}, "networks":
	 {"nodes": [{"nodes_file": "$N\\n.h5"}], "edges": []},
	 "run": {}, "output": {"output_dir": ".\\out", "spikes_file": ".\\out\\s.h5"},
	 "inputs": {"i": {"input_type": "spikes", "module": "h5",
	  "input_file": "out\\s.h5"}}}
	END
	run --separate-stderr sonata-info c.json
	is "$output" $'population,node_type_id,count\nA,-1,3\nB,-1,2'
	is "$stderr" "sonata-info: c.json: '\\' taken as '/': '.\\network\\n.h5'"
	spikes_of c.json
	run --separate-stderr sonata-spikes --inputs c.json
	is "${#lines[@]}" 2
	printf '%s' '{"network": "sub\\..\\c.json"}' >d.json
	mkdir sub
	is "$(sonata-info d.json 2>/dev/null | wc -l)" 3
	mv network/n.h5 '.\network\n.h5' # a name like any other
	sed -i 's/\$N/./; s/\.\\\\network/x/; s/\.\\\\n/.\\\\network\\\\n/' c.json
	run --separate-stderr sonata-info c.json
	is "${#lines[@]}" 3 && is "$stderr" ''
}

# bats test_tags=long
@test "a circuit that is not needed is not opened" {
	local circuit input='"inputs": {"i": {"input_type": "spikes", "module": "h5",
		"input_file": "s.h5", "node_set": "A"}}'
	mkfifo pipe
	echo '{' >broken
	echo '{"network": "circle"}' >circle
	for circuit in /no/such/c.json '$NO/c.json' pipe . broken circle; do
		simulation ", \"network\": \"$circuit\", $input, \"reports\":
			{\"v\": {}}" . s.h5 >c.json
		spikes_of c.json && is "$stderr" ''
		run --separate-stderr ends sonata-spikes --summary --inputs c.json
		is "${#lines[@]}" 2 && is "$stderr" ''
		is "$(ends sonata-info --inputs c.json | wc -l)" 2
		run ends sonata-report c.json
		is "$output" 'sonata-report: v.h5: no group /report in it, nor /ecp, nor /mapping'
		run ends sonata-nodes c.json
		[ "$status" -eq 1 ] && is "${#lines[@]}" 1
	done
	is "$(sonata-spikes --summary c.json | wc -l)" 2
	simulation ", \"network\": 5, \"simulation\": \"no.json\", $input" . s.h5 >c.json
	spikes_of c.json
	bad 'c.json: network is not a text' c.json
	echo '{"network": "no.json"}' >c.json
	complains 'no.json: No such file or directory' c.json
}

@test "parts that are not needed" {
	local file
	cat >c.json <<-'END'
	{"manifest": {"$A": "$B", "$B": "$A", "$C": "$NO"},
	 "components": {"templates_dir": "$A"}, "run": 5, "conditions": "x",
	 "output": {"output_dir": "$NO"}, "inputs": [], "reports": 3,
	 "node_sets_file": "$NO", "networks": {"nodes": [{"nodes_file": "n.h5"}],
	 "edges": [{"edges_file": "$C/e.h5"}], "gap_juncs": {}}}
	END
	is "$(sonata-nodes -p A -c node_id c.json | wc -l)" 4
	is "$(sonata-info c.json | wc -l)" 3
	tool=sonata-edges
	bad "c.json: manifest.\$C: unknown variable '\$NO'" c.json
	for file in no.h5 '$NO/n.h5' '$C/n.h5'; do # B is what is asked for
		echo "{\"networks\": {\"nodes\": [{\"nodes_file\": \"$file\"},
			{\"nodes_file\": \"n.h5\"}], \"edges\": [{\"edges_file\":
			\"v.h5\"}, {\"edges_file\": \"$file\"}]}}" >c.json
		is "$(sonata-nodes -p B -c node_id c.json | wc -l)" 3
		is "$(sonata-edges -e A_to_A c.json | wc -l)" 5
		is "$(conn-matrix -e A_to_A -g mtype c.json | wc -l)" 10
		run sonata-info c.json
		[ "$status" -eq 1 ]
		run sonata-nodes -p C c.json
		[ "$status" -eq 1 ] && [[ $output != *'no node population'* ]]
	done
	cat >c.json <<-'END'
	{"networks": {"nodes": "$NO", "edges": [{"edges_file": "v.h5"}]}}
	END
	is "$(sonata-edges c.json | wc -l)" 5
}

@test "a population that its file has not" {
	echo '{"networks": {"nodes": [{"nodes_file": "n.h5", "populations": {"A": {}, "b": {}}}]}}' >c.json
	run -0 --separate-stderr sonata-nodes -c node_id c.json
	is "$stderr" 'sonata-nodes: n.h5: the config has node populations of it that it has not: b'
	is "${lines[0]}" node_id,node_type_id
}

@test "a manifest that is as long as they come" {
	{
		echo '{"manifest": {'
		awk 'BEGIN { for (i = 0; i < 30000; i++)
			printf "\"$V%d\": \"$V%d\",\n", i, i + 1 }'
		echo '"$V30000": "."},'
		echo '"networks": {"nodes": [{"nodes_file": "$V0/n.h5"}]}}'
	} >c.json
	is "$(ends sonata-info --files c.json)" \
		$'kind,file\nconfig,c.json\nnodes,n.h5'
}

# bats test_tags=long
@test "five thousand populations" {
	python <<-'END'
	import h5py

	with h5py.File("many.h5", "w") as f:
	    for k in range(5000):
	        f.create_dataset(f"nodes/p{k:05}/node_type_id", data=[1])
	END
	echo '{"networks": {"nodes": [{"nodes_file": "many.h5"}]}}' >c.json
	is "$(ends sonata-info c.json | wc -l)" 5001
	is "$(ends sonata-nodes --all c.json | tail -n 1)" p04999,0,1
	is "$(ends sonata-nodes -p p01234 c.json)" $'node_id,node_type_id\n0,1'
	{ echo population,node_id; seq -f 'p%.0f,1' 1200; } >n.csv
	echo source_population,target_population,source_node_id,target_node_id \
		>e.csv
	echo p1,p2,1,1 >>e.csv
	is "$(ends conn-matrix -n n.csv --stats rows e.csv | head -n 2 | wc -l)" 2
	run ends sonata-nodes -p x c.json
	[[ $output = *"no node population 'x': there are p00000, "*', ...' ]]
}

@test "what a config names is a file" {
	mkfifo pipe
	ln -s pipe link
	local file
	for file in pipe link /dev/zero .; do
		echo "{\"networks\": {\"nodes\": [{\"nodes_file\": \"n.h5\",
			\"node_types_file\": \"$file\"}]},
			\"node_sets_file\": \"$file\"}" >c.json
		run ends sonata-nodes -p A --node-set x c.json
		[ "$status" -eq 1 ]
		[[ $output = *': not a regular file' || $output = *'Is a directory' ]]
		echo "{\"networks\": {\"nodes\": [{\"nodes_file\": \"$file\"}]}}" >c.json
		run ends sonata-nodes c.json
		[ "$status" -eq 1 ] && is "${#lines[@]}" 1
		simulation ", \"inputs\": {\"i\": {\"input_type\": \"spikes\", \"module\":
			\"csv\", \"input_file\": \"$file\"}}" . "$file" >c.json
		for how in '' --inputs; do
			run ends sonata-spikes $how c.json
			[ "$status" -eq 1 ] && is "${#lines[@]}" 1
		done
		echo "{\"networks\": {\"nodes\": [{\"nodes_file\": \"n.h5\"}]},
			\"node_sets_file\": \"$file\"}" >c.json
		run ends sonata-nodes -p A --node-set x c.json
		[ "$status" -eq 1 ] && is "${#lines[@]}" 1
	done
	[ ! -e /proc/kmsg ] || ln -s /proc/kmsg log
	[ ! -e log ] || for file in log /proc/kmsg; do
		echo "{\"network\": \"$file\"}" >c.json
		run ends sonata-nodes c.json
		is "${#lines[@]}" 1 && [ "$status" -eq 1 ]
	done
	# What the command line names may be a pipe.
	is "$(sonata-nodes -p A -c mtype,colour --types \
		<(printf 'node_type_id colour\n-1 red\n') n.h5 | tail -n 1)" 2,-1,L4_PC,red
	simulation '' . x >c.json
	is "$(sonata-spikes <(echo timestamps,node_ids; echo 1,2) | wc -l)" 2
}

@test "times of a report in units that are none" {
	python <<-'END'
	import h5py
	import numpy as np

	with h5py.File("r.h5", "w") as f:
	    for name, units in ("A", "mR"), ("B", "ms"):
	        g = f.create_group("report/" + name)
	        g["data"] = np.array([[1.0], [2.0]])
	        g["mapping/node_ids"] = [0]
	        g["mapping/index_pointers"] = [0, 1]
	        g["mapping/time"] = [0.5, 1.5, 0.5]
	        g["mapping/time"].attrs["units"] = units
	END
	tool=sonata-report
	local bad="r.h5: /report/A/mapping/time: neither in ms nor in s: 'mR': say \
--units or --step"
	bad "$bad" r.h5
	bad "$bad" -p A r.h5
	times() { sonata-report -p "$1" "${@:2}" r.h5 | cut -d, -f5,6 | paste -sd' '; }
	is "$(times B)" 'time_ms,value 0.5,1 1,2'
	is "$(times A --units ms)" 'time_ms,value 0.5,1 1,2'
	is "$(times A --units s)" 'time_ms,value 500,1 1000,2'
	is "$(times B --units s)" 'time_ms,value 500,1 1000,2'
	is "$(times A --step 0.1)" 'time_ms,value 0.1,1 0.2,2'
	is "$(times B --step 0.1)" 'time_ms,value 0.5,1 1,2'
	misused '--step and --units exclude each other' --step 1 --units s r.h5
}

# ---- Node sets ----

@test "regular expressions are ECMAScript's" {
	circuit '{"digits": {"mtype": {"$regex": "^L\\d+_PC$"}},
	 "word": {"mtype": {"$regex": "\\bL\\w{4}\\b"}},
	 "not": {"mtype": {"$regex": "^(?!L4)(?:L2|L23)_.*?C$"}},
	 "inside": {"mtype": {"$regex": "3_[\\D]"}},
	 "empty": {"mtype": {"$regex": "[]"}}, "any": {"mtype": {"$regex": "[^]"}},
	 "escape": {"mtype": {"$regex": "\\x4c4\\u005fP"}},
	 "reference": {"mtype": {"$regex": "^(x)?L2\\1_"}},
	 "end": {"mtype": {"$regex": "C\\n?$(?!\\n)"}}}'
	is "$(ids digits)" '0 2'
	is "$(ids word)" '0 2'
	is "$(ids not)" '0 1'
	is "$(ids inside)" '1'
	is "$(ids empty)" ''
	is "$(ids any)" '0 1 2'
	is "$(ids escape)" 2
	is "$(ids reference)" 0
	is "$(ids end)" '0 1 2'
	is "$(sonata-nodes -p A -c node_id --where 'mtype~^L\d+_PC$' n.h5 | wc -l)" 3
}

@test "texts that are not UTF-8 are data" {
	circuit '{"dot": {"colour": {"$regex": "^caf.$"}},
		"byte": {"colour": {"$regex": "\\xe9"}},
		"no": {"colour": {"$regex": "é"}}, "big": {"colour": {"$regex": "\\u{1f600}"}}}'
	set_of_b() { sonata-nodes -p B -c node_id --node-set "$1" c.json | wc -l; }
	is "$(set_of_b dot)" 2
	is "$(set_of_b byte)" 2
	is "$(set_of_b no)" 1
	is "$(set_of_b big)" 1
	circuit "$(printf '{"latin": {"colour": {"$regex": "f\351$"}}}')"
	is "$(set_of_b latin)" 2
}

@test "a regular expression that takes for ever" {
	python <<-'END'
	import h5py

	with h5py.File("n.h5", "a") as f:
	    f["nodes/A/0/long"] = ["a" * 64] * 3
	END
	circuit '{"slow": {"long": {"$regex": "^(a|aa)+$(?!)"}},
		"deep": {"long": {"$regex": "(.?){0,99}x"}}}'
	run ends sonata-nodes -p A --node-set slow c.json
	[[ $output = "sonata-nodes: sets.json: node set 'slow': 'long': too many \
ways to match 'aaa"* ]]
	is "${#lines[@]}" 1 && [ "$status" -eq 1 ]
	run ends sonata-nodes -p A --node-set deep c.json
	[ "$status" -le 1 ]
}

@test "a regular expression that is none" {
	circuit '{"open": {"mtype": {"$regex": "^(L"}}, "range": {"mtype":
		{"$regex": "[z-a]"}}, "number": {"mtype": {"$regex": 5}}}'
	bad "sets.json: node set 'open': 'mtype': not a regular expression: byte 4: \
missing closing parenthesis: '^(L'" -p A --node-set open c.json
	bad "sets.json: node set 'range': 'mtype': not a regular expression: byte 4: \
range out of order in character class: '[z-a]'" -p A --node-set range c.json
	bad "sets.json: node set 'number': 'mtype': \$regex: not a text" \
		-p A --node-set number c.json
}

@test "an attribute that no population has, and a set that is none" {
	circuit '{"typo": {"mtpye": "L2_PC"}, "theirs": {"colour": "red"},
		"both": ["theirs", "typo"], "other": {"population": "B", "mtpye": "x"}}'
	run sonata-nodes -p A --node-set typo c.json
	[[ $output = "sonata-nodes: sets.json: node set 'typo': 'mtpye': no population \
has that attribute: there are "*mtype*colour* ]]
	is "${#lines[@]}" 1 && [ "$status" -eq 1 ]
	is "$(ids theirs)" ''
	run sonata-nodes -p A --node-set both c.json
	[[ $output = *"'mtpye': no population has"* ]]
	is "$(ids other)" '' # what is said of B's nodes is nothing to A's
	circuit '{"typo": {"population": "C", "mtype": "x"},
		"either": {"population": ["C", "B"]}, "all": ["typo", "either"]}'
	bad "sets.json: node set 'typo': 'population': no such population: there are A, B" \
		-p A --node-set typo c.json
	is "$(sonata-nodes -p B -c node_id --node-set either c.json | wc -l)" 3
	is "$(sonata-nodes -p B -c node_id --node-set all c.json | wc -l)" 3
	# Many of another population in one set.
	local i other=
	for ((i = 0; i < 40; i++)); do
		other+=", \"b$i\": {\"population\": \"B\", \"node_id\": [$i], \"colour\": \"red\"}"
	done
	circuit '{"one": {"node_id": 1}'"$other"', "all": ["b0", "b1", "one"'"$(printf ', "b%d"' {2..39})]}"
	is "$(ids all)" 1
	circuit '{"typo": {"mtpye": "x"}, "theirs": {"colour": "red"},
		"both": ["theirs", "typo"], "other": {"population": "B"}}'
	bad "c.json: no node set 'tpyo': there are typo, theirs, both, other" \
		-p A --node-set tpyo c.json
	is "$(sonata-nodes --all -c node_id --node-set B c.json | wc -l)" 3
}

@test "values of node sets that are of another kind" {
	wrong() { # what it says, conditions
		circuit "{\"s\": $2}"
		bad "sets.json: node set 's': $1" -p A --node-set s c.json
	}
	wrong "'node_id': not the id of a node: '1.5'" '{"node_id": 1.5}'
	wrong "'node_id': not the id of a node: '-1'" '{"node_id": -1}'
	wrong "'node_id': not the id of a node: '-1'" '{"node_id": [1, -1]}'
	wrong "'node_id': not the id of a node: 'x'" '{"node_id": "x"}'
	wrong "'node_id': not the id of a node: '1e+300'" '{"node_id": [0, 1e300]}'
	wrong "'node_id': both texts and numbers" '{"node_id": [0, "1"]}'
	wrong "'population': a population's name is a text: '1'" '{"population": 1}'
	wrong "'layer': a number, but the attribute has texts: '0'" '{"layer": 0}'
	wrong "'layer': a number, but the attribute has texts: '0'" \
		'{"layer": {"$gt": 0}}'
	wrong "'mtype': a number, but the attribute has texts: '1'" '{"mtype": [1, 2]}'
	wrong "'depth': a text, but the attribute has numbers: 'deep'" \
		'{"depth": ["deep"]}'
	wrong "'depth': not an integer, as the attribute has them: '1.5'" \
		'{"depth": 1.5}'
	wrong "'depth': true or false is neither a text nor a number" '{"depth": true}'
	wrong "'depth': a list or an object is neither a text nor a number" \
		'{"depth": [[1]]}'
	wrong "'depth': a list or an object is neither a text nor a number" \
		'{"depth": [1, {}]}'
	wrong "'depth': null is neither a text nor a number" '{"depth": null}'
	wrong "'depth': no operator in it" '{"depth": {}}'
	wrong "'depth': compared with what is not a number: '1'" \
		'{"depth": {"$gt": "1"}}'
	wrong "'depth': too large: 'inf'" '{"depth": {"$lt": 1e999}}'
	circuit '{"s": {"x": 0.5}, "t": {"depth": [1, 3]}, "u": {"layer": "L2"}}'
	is "$(ids s)" 0
	is "$(ids t)" '0 2'
	is "$(ids u)" 1
}

@test "a key twice" {
	circuit '{"a": {"node_id": [0]}, "b": ["a"], "b": ["a"]}'
	is "$(ids a)" 0
	is "$(ids b)" 0
	circuit '{"a": {"node_id": [0]}, "a": {"node_id": [1]}}'
	bad "sets.json: an object has the key 'a' twice, with different values" \
		-p A --node-set a c.json
}

# ---- Damaged files ----

patch_heap() { # offset from the heap's beginning, bytes for printf
	local at
	at=$(grep -abo GCOL v.h5 | head -n 1 | cut -d: -f1)
	# shellcheck disable=SC2059 # the bytes are a format
	printf "$2" | dd of=v.h5 bs=1 seek=$((at + $1)) conv=notrunc status=none
}

@test "a heap that keeps HDF5 busy for ever" {
	patch_heap 16 '\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0' # free space of no size
	tool=sonata-edges
	bad 'v.h5: /edges/A_to_A/source_node_id: cannot be read: the file is damaged' \
		--all v.h5
}

@test "a heap whose objects are too long" {
	patch_heap 24 '\377\377\377\377\377\377\377\377'
	tool=sonata-edges
	bad 'v.h5: /edges/A_to_A/source_node_id: cannot be read: the file is damaged' \
		--all v.h5
	cp "$BATS_FILE_TMPDIR"/v.h5 .
	patch_heap 24 '\0\100\0\0\0\0\0\0'
	bad 'v.h5: /edges/A_to_A/source_node_id: cannot be read: the file is damaged' \
		--all v.h5
}

@test "a file that crashes HDF5 itself" {
	python <<-'END'
	import struct

	b = bytearray(open("v.h5", "rb").read())
	heap = struct.pack("<Q", b.find(b"GCOL"))
	at = b.find(heap)
	while at >= 0: # an object far behind those of the heap
	    b[at + 8:at + 12] = struct.pack("<I", 2000000000)
	    at = b.find(heap, at + 1)
	open("v.h5", "wb").write(b)
	END
	echo before >out.csv
	tool=sonata-edges
	bad 'v.h5: damaged: HDF5 itself crashed on it' --all -o out.csv v.h5
	is "$(cat out.csv)" before
	is "$(echo out.csv*)" out.csv
	tool=conn-matrix
	nodes 0,P 1,P 2,P 3,P >n.csv
	bad 'v.h5: damaged: HDF5 itself crashed on it' -j 2 -n n.csv v.h5
}

@test "a crash elsewhere is none of a file's" {
	ulimit -c 0
	mkfifo pipe
	ASAN_OPTIONS=$ASAN_OPTIONS:handle_segv=0 conn-matrix -n n.h5 pipe \
		2>err >out &
	exec 9>pipe # it reads
	await catches $! 11
	stop $! SEGV 2>/dev/null
	is "$status" 139
	[ ! -s err ]
	exec 9>&-
}
