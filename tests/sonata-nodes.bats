# Files are made here as the wild has them: tests/make-odd.c says how to read
# what it is given.
# shellcheck disable=SC2016,SC2059 # formats and backquotes are what is tested
load common.bash

tricky=$BATS_TEST_DIRNAME/data/tricky/config.json

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	make-odd n.h5 <<-'END'
	/nodes/A/node_type_id u4 100*3 101*2
	/nodes/A/0/layer i4 1 2 2 4 6
	/nodes/A/0/name s PN "" PV Sst PV2
	/nodes/A/0/depth f8 0.5 nan -3 10 1e3
	END
}

ids() { # the ids of the nodes written, on one line
	sonata-nodes "$@" | awk -F, '
		NR == 1 { for (k = 1; k < NF && $k != "node_id"; k++); next }
		{ printf "%s%s", s, $k; s = " " }'
}

bad() { # arguments, up to --, and the one line said about them
	local args=()
	while [ "$1" != -- ]; do
		args+=("$1")
		shift
	done
	run sonata-nodes "${args[@]}"
	told "$output" "sonata-nodes: $2"
	[ "$status" -eq 1 ]
}

reads() { # arguments of sonata-nodes; what it writes is on standard input
	diff - <(sonata-nodes "$@" 2>&1)
}

config() { # a config of n.h5, with node sets from the standard input
	cat >sets.json
	echo '{"networks": {"nodes": [{"nodes_file": "n.h5"}]},
		"node_sets_file": "sets.json"}' >c.json
}

@test "a row a node, with all attributes" {
	reads n.h5 <<-'END'
	node_id,node_type_id,depth,layer,name
	0,100,0.5,1,PN
	1,100,nan,2,
	2,100,-3,2,PV
	3,101,10,4,Sst
	4,101,1000,6,PV2
	END
}

@test "-p chooses populations, --all takes all of them" {
	bad "$tricky" -- "$tricky: which node population? there are A and V"
	[ "$(ids -p V "$tricky")" = '0 1 2 3 4' ]
	[ "$(ids --population=A "$tricky")" = '0 1 2 3 4 5 6 7 8 9' ]
	reads -p V -p A --where node_id=3 "$tricky" <<-'END'
	population,node_id,node_type_id,pop_name,model_type,model_template,morphology,layer,x,y,z,rotation_angle_xaxis,rotation_angle_yaxis,rotation_angle_zaxis
	V,3,100,inp,virtual,,,,,,,,,
	A,3,100,X,biophysical,hoc:CellX,blank.swc,2,30,9,0,0.30000000000000004,0.6000000000000001,0.8999999999999999
	END
	[ "$(sonata-nodes --all "$tricky" | cut -d, -f1 | uniq -c |
		xargs)" = '1 population 10 A 5 V' ]
	bad -p B "$tricky" -- "$tricky: no node population 'B': there are A and V"
	misused '--all and --population exclude each other' --all -p A "$tricky"
	misused "node population 'A' is asked for twice" -p A -p V -p A "$tricky"
}

@test "-c chooses columns, ids first, each once" {
	reads -c layer,population,layer,node_group_index,node_id n.h5 <<-'END'
	node_id,node_type_id,layer,population,node_group_index
	0,100,1,A,0
	1,100,2,A,1
	2,100,2,A,2
	3,101,4,A,3
	4,101,6,A,4
	END
	bad -c layer,lyer n.h5 -- "n.h5: /nodes/A: no column 'lyer': besides ids, types and groups there are depth, layer, name"
}

@test "a column that only one of several populations has" {
	reads --all -c layer,model_template --where node_id=9,4 "$tricky" <<-'END'
	population,node_id,node_type_id,layer,model_template
	A,4,100,2,hoc:CellX
	A,9,102,2,hoc:CellZ
	V,4,100,,
	END
	bad -p V -c layer "$tricky" -- "${tricky%/*}/network/V_nodes.h5: /nodes/V: no column 'layer': besides ids, types and groups there are pop_name, model_type"
}

@test "--where compares numbers as numbers" {
	is "$(ids --where layer=2 n.h5)" '1 2'
	is "$(ids --where layer==2.0 n.h5)" '1 2'
	is "$(ids --where layer=6,1,x n.h5)" '0 4'
	is "$(ids --where layer!=2 n.h5)" '0 3 4'
	is "$(ids --where layer!=2,6 n.h5)" '0 3'
	is "$(ids --where 'layer<2' n.h5)" 0
	is "$(ids --where 'layer<=2' n.h5)" '0 1 2'
	is "$(ids --where 'layer>4' n.h5)" 4
	is "$(ids --where 'layer>=4' n.h5)" '3 4'
	is "$(ids --where 'depth=1e1,0.50' n.h5)" '0 3'
	is "$(ids --where 'depth<0' n.h5)" 2
	is "$(ids --where 'layer=1,2,3,4,5,7,8,9,10,11' n.h5)" '0 1 2 3'
}

@test "--where compares texts as texts" {
	is "$(ids --where name=PV n.h5)" 2
	is "$(ids --where name=PN,PV2 n.h5)" '0 4'
	is "$(ids --where name!=PN,PV2 n.h5)" '1 2 3'
	is "$(ids --where name= n.h5)" 1
	is "$(ids --where name!= n.h5)" '0 2 3 4'
	is "$(ids --where 'name~^P' n.h5)" '0 2 4'
	is "$(ids --where 'name~V2?$' n.h5)" '2 4'
	is "$(ids --where 'name~PV|Sst' n.h5)" '2 3 4'
	is "$(ids --where 'layer~[46]' n.h5)" '3 4'
}

@test "--where with ids, types and populations" {
	is "$(ids --where node_id=3,1 n.h5)" '1 3'
	is "$(ids --where node_type_id=101 n.h5)" '3 4'
	is "$(ids --where population=B n.h5)" ''
	is "$(ids --where population=A n.h5)" '0 1 2 3 4'
}

@test "several conditions have to hold all of them" {
	is "$(ids --where 'layer>1' --where 'layer<5' --where name!= n.h5)" '2 3'
}

@test "what is missing or not a number is neither less nor greater" {
	is "$(ids --where 'depth<1e9' n.h5)" '0 2 3 4'
	is "$(ids --where 'depth>=-1e9' n.h5)" '0 2 3 4'
	is "$(ids --where 'name>0' n.h5)" ''
	is "$(ids -p A --where morphology= "$tricky")" 9
	is "$(ids -p A --where 'node_id>7' --where morphology!=x "$tricky")" '8 9'
}

@test "conditions that are none" {
	for s in layer =2 layer!2 'layer!' '~x' ''; do
		misused "not a condition of the form NAME=VALUE: '$s'" \
			--where "$s" n.h5
	done
	misused "'layer': compared with what is not a number: 'x'" \
		--where 'layer<x' n.h5
	misused "'layer': compared with what is not a number: ''" \
		--where 'layer>=' n.h5
	misused "'name': not a regular expression: byte 2: missing closing \
parenthesis: '('" --where 'name~(' n.h5
	misused "'name': say \\b for the end of a word: '\<PV'" --where 'name~\<PV' n.h5
	misused "'name': say \\] for a bracket in brackets: '[^]a]'" \
		--where 'name~[^]a]' n.h5
	bad --where lyer=1 n.h5 -- "n.h5: no column 'lyer': besides ids, types and groups there are depth, layer, name"
}

@test "--node-set with values, lists and operators" {
	config <<-'END'
	{"two": {"layer": 2}, "some": {"layer": [1, 6]}, "name": {"name": "PV"},
	 "both": {"layer": [2, 4], "name": ["PV", "Sst", "PN"]},
	 "regex": {"name": {"$regex": "^PV"}}, "gt": {"layer": {"$gt": 2}},
	 "lt": {"layer": {"$lt": 2}}, "gte": {"layer": {"$gte": 2}},
	 "lte": {"layer": {"$lte": 2}}, "range": {"depth": {"$gt": -4, "$lt": 1}},
	 "id": {"node_id": [4, 2, 0, 77]}, "one": {"node_id": 3},
	 "here": {"population": "A", "node_id": [1]},
	 "there": {"population": ["B", "C"]}, "either": {"population": ["B", "A"]},
	 "none": {"node_id": []}, "never": [], "all": {},
	 "union": ["two", "lt", "id"], "deep": ["union", "one"]}
	END
	members() { is "$(ids --node-set "$1" c.json)" "$2"; }
	members two '1 2'
	members some '0 4'
	members name 2
	members both '2 3'
	members regex '2 4'
	members gt '3 4'
	members lt 0
	members gte '1 2 3 4'
	members lte '0 1 2'
	members range '0 2'
	members id '0 2 4'
	members one 3
	members here 1
	members there ''
	members either '0 1 2 3 4'
	members none ''
	members never ''
	members all '0 1 2 3 4'
	members union '0 1 2 4'
	members deep '0 1 2 3 4'
	members A '0 1 2 3 4' # a population is a set, if there is no set of its name
	is "$(ids --node-set gt --where layer=4 c.json)" 3
	is "$(sonata-nodes --node-set none c.json)" \
		node_id,node_type_id,depth,layer,name
}

@test "node sets that are wrong" {
	config <<-'END'
	{"null": {"layer": null}, "op": {"layer": {"$ne": 1}}, "a": ["b"],
	 "b": ["a"], "self": ["self"], "lost": ["nowhere"], "number": 3,
	 "list": [1], "text": {"layer": {"$gt": "x"}}, "re": {"name": {"$regex": "("}}}
	END
	local all='null, op, a, b, self, lost, number, list, text, re'
	wrong() { bad --node-set "$1" c.json -- "sets.json: $2"; }
	wrong null "node set 'null': 'layer': null is neither a text nor a number"
	wrong op "node set 'op': 'layer': no such operator: '\$ne'"
	wrong a "node set 'b': is made of itself"
	wrong self "node set 'self': is made of itself"
	bad --node-set nowhere c.json -- \
		"c.json: no node set 'nowhere': there are $all"
	wrong lost "node set 'lost': no node set 'nowhere': there are $all"
	wrong number "node set 'number': neither conditions nor a list of names"
	wrong list "node set 'list': its list has an item that is not a name"
	wrong text "node set 'text': 'layer': compared with what is not a number: 'x'"
	wrong re "node set 're': 'name': not a regular expression: byte 2: missing \
closing parenthesis: '('"
	bad --node-set x n.h5 -- 'n.h5: a node set needs a config'
	rm sets.json
	echo '{"networks": {"nodes": [{"nodes_file": "n.h5"}]}}' >c.json
	bad --node-set x c.json -- "c.json: no node set 'x': there are none"
}

@test "node sets that double each time end" {
	local i
	{
		echo '{"s0": {"layer": 2}'
		for i in {1..60}; do
			echo ", \"s$i\": [\"s$((i - 1))\", \"s$((i - 1))\"]"
		done
		echo '}'
	} | config
	run ends sonata-nodes --node-set s60 c.json
	is "$output" "sonata-nodes: sets.json: node set 's4': one of more than 10000 in a set"
}

@test "-t, -o" {
	sonata-nodes -c layer n.h5 >plain
	diff <(tr , '\t' <plain) <(sonata-nodes -t -c layer n.h5)
	diff <(tr , '\t' <plain) <(sonata-nodes --tsv -c layer n.h5)
	is "$(sonata-nodes -o out -c layer n.h5)" ''
	cmp plain out
	sonata-nodes --output=out -t n.h5
	cmp out <(sonata-nodes -t n.h5)
}

@test "-o writes all of it or nothing" {
	make-odd bad.h5 <<-'END'
	/nodes/A/node_type_id u4 100*70000
	/nodes/A/node_group_id u4 0*70000
	/nodes/A/node_group_index u4 0..69998 70001
	/nodes/A/0/layer i4 1*70000
	END
	echo before >out
	run sonata-nodes -o out bad.h5
	[ "$status" -eq 1 ]
	is "$(cat out)" before
	is "$(echo *)" 'bad.h5 n.h5 out'
}

# bats test_tags=long
@test "shards, one after the other, are the whole" {
	make-odd big.h5 <<-'END'
	/nodes/A/node_type_id u4 100*100001
	/nodes/A/0/layer u4 0..100000
	END
	for f in n.h5 big.h5; do
		sonata-nodes "$f" >whole
		for n in 1 3 7; do
			for ((i = 0; i < n; i++)); do
				sonata-nodes --shard "$i/$n" "$f" | tail -n +2
			done >parts
			cmp <(tail -n +2 whole) parts
		done
	done
	is "$(ids --shard 1/3 n.h5)" '1 2'
	is "$(ids --shard 1/3 --where layer=2 --where name=PV n.h5)" 2
	for s in x 3/3 1/0 1 -1/3 1/3x ''; do
		misused "--shard: must be I/N, I in [0,N): '$s'" --shard "$s" n.h5
	done
}

# ---- What files are like ----

@test "attributes in several groups, interleaved, of different types" {
	make-odd g.h5 <<-'END'
	/nodes/A/node_type_id u4 100*7
	/nodes/A/node_group_id u2 5 0 5 1 0 1 5
	/nodes/A/node_group_index u4 2 1 0 1 0 0 1
	/nodes/A/0/q i4 10 11
	/nodes/A/0/only i1 -1 -2
	/nodes/A/1/q f8 0.25 2.5e-300
	/nodes/A/5/q s a,b c "
	/nodes/A/3/unused f4 1
	/nodes/A/7/
	END
	reads g.h5 <<-'END'
	node_id,node_type_id,only,q,unused
	0,100,,"""",
	1,100,-2,11,
	2,100,,"a,b",
	3,100,,2.5e-300,
	4,100,-1,10,
	5,100,,0.25,
	6,100,,c,
	END
	is "$(ids --where 'q<1' g.h5)" '3 5'
	is "$(ids --where 'q=c,10' g.h5)" '4 6'
}

@test "a population without any group" {
	make-odd g.h5 <<<'/nodes/A/node_type_id u4 100*2'
	reads g.h5 <<<$'node_id,node_type_id\n0,100\n1,100'
}

@test "the HDF5 value goes before that of the CSV, element by element" {
	make-odd v_nodes.h5 <<-'END'
	/nodes/v/node_type_id u4 100 101 100 101 102
	/nodes/v/node_group_id u2 1 1 0 0 0
	/nodes/v/node_group_index u4 0 1 0 1 2
	/nodes/v/1/weight f8 7.5 8.5
	/nodes/v/0/tag s a b c
	END
	printf '%s\n' 'node_type_id weight tag' '100 1.50 x' '101 NULL y' \
		>v_node_types.csv
	reads v_nodes.h5 <<-'END'
	sonata-nodes: v_node_types.csv: no type 102, which v_nodes.h5 has
	node_id,node_type_id,weight,tag
	0,100,7.5,x
	1,101,8.5,y
	2,100,1.50,a
	3,101,,b
	4,102,,c
	END
}

@test "--types names the type CSV of an HDF5 file" {
	printf '%s\n' 'node_type_id pop_name' '100 PN' '101 PV' >t.csv
	reads --types t.csv --where layer=4,1 -c pop_name n.h5 <<-'END'
	node_id,node_type_id,pop_name
	0,100,PN
	3,101,PV
	END
	bad --types none.csv n.h5 -- 'none.csv: No such file or directory'
}

types() { # the type CSV, as printf has it; the rest is what -c shows
	printf "$1" >n_types.csv
	diff - <(sonata-nodes -c "$2" --types n_types.csv --where node_id=0,3 n.h5 |
		tail -n +2 | cut -d, -f3-)
}

@test "type CSVs as they are" {
	types 'node_type_id a  b\n100   1 2\n101 3     4\n' a,b <<<$'1,2\n3,4'
	types 'node_type_id a b  \n100 1 2 \n101 3 4   \n' a,b <<<$'1,2\n3,4'
	types 'node_type_id a b\r\n100 1 2\r\n101 3 4\r\n\r\n' a,b <<<$'1,2\n3,4'
	types 'node_type_id a b\r\r\n100 1 2\r\r\n101 3 4\r\r\n' a,b <<<$'1,2\n3,4'
	types 'node_type_id\ta\tb\n100\t\t2\n101\t3\t4' a,b <<<$',2\n3,4'
	types 'node_type_id,a,b\n101,,x y\n100,1,2\n' a,b <<<$'1,2\n,x y'
	types 'a node_type_id b\n"x y" 100 "say ""hi"""\n"" 101 "0 1 2"\n' a,b \
		<<<$'x y,"say ""hi"""\n,0 1 2'
	types 'node_type_id a b\n100  2\n101 3 \n' a,b <<<$',2\n3,'
	types 'node_type_id a b\n100 NULL NONE\n101 NaN nan\n' a,b <<<$',\n,'
	types '\xEF\xBB\xBFnode_type_id a b\n100 1 2\n101 3 4\n' a,b <<<$'1,2\n3,4'
	types 'population node_type_id a\nB 100 9\nA 101 8\nA 100 7\n' a <<<$'7\n8'
	types "node_type_id q\n100 pop_name=='X'\n101 a&b|c\n" q \
		<<<$'pop_name==\'X\'\na&b|c'
}

@test "two spaces are an empty field where that makes their number right" {
	# as BMTK writes a type without one of its properties
	printf '%s\r\n' 'node_type_id rotation_angle_zaxis model_template morphology potential pop_name' \
		'100 1.5707963267948966 hoc:Cell_Af  e PN' \
		'101 1.5707963267948966 hoc:InterneuronCellf  i FSI' >t.csv
	reads --types t.csv --where node_id=3 \
		-c rotation_angle_zaxis,morphology,potential,pop_name n.h5 <<-'END'
	node_id,node_type_id,rotation_angle_zaxis,morphology,potential,pop_name
	3,101,1.5707963267948966,,i,FSI
	END
}

@test "type CSVs that are wrong" {
	csv() {
		printf "$1" >t.csv
		bad --types t.csv n.h5 -- "t.csv$2"
	}
	csv 'node_type_id a\n100 1\n101 1 2\n' ':3: 3 fields where the header has 2'
	csv 'node_type_id a b\n100 1\n' ':2: 2 fields where the header has 3'
	csv 'node_type_id,a\n100,1,2\n' ':2: 3 fields where the header has 2'
	csv 'node_type_id a\n100 1\n101 2\n100 3\n' ': type 100 is there twice'
	csv 'a b\n1 2\n' ": no column 'node_type_id'"
	csv 'node_type_id a\nx 1\n' ":2: column 'node_type_id': not an integer: 'x'"
	csv 'node_type_id a\n100 "x\n' ':2: misplaced quote'
	csv 'node_type_id a\n100 "x"y\n' ':2: misplaced quote'
	csv '' ': no header'
	csv '\n \n' ': no header'
	csv 'node_type_id a\n100 \0\n' ': not text'
}

@test "enumerations, by name and by number" {
	make-odd e.h5 <<-'END'
	/nodes/A/node_type_id i8 -1*4
	/nodes/A/0/mtype u1 2 0 1 2
	/nodes/A/0/@library/mtype s L1 L23,a L4
	/nodes/A/0/active bool 1 0 0 1
	END
	reads e.h5 <<-'END'
	node_id,node_type_id,active,mtype
	0,-1,TRUE,L4
	1,-1,FALSE,L1
	2,-1,FALSE,"L23,a"
	3,-1,TRUE,L4
	END
	reads --raw e.h5 <<-'END'
	node_id,node_type_id,active,mtype
	0,-1,1,2
	1,-1,0,0
	2,-1,0,1
	3,-1,1,2
	END
	is "$(ids --where mtype=L4 e.h5)" '0 3'
	is "$(ids --raw --where mtype=L4 e.h5)" '0 3'
	is "$(ids --where active=TRUE --where mtype=L4 e.h5)" '0 3'
}

@test "a code past the end of its library" {
	make-odd e.h5 <<-'END'
	/nodes/A/node_type_id i8 -1*3
	/nodes/A/0/mtype u4 0 1 2
	/nodes/A/0/@library/mtype s L1 L2
	END
	run sonata-nodes -o out e.h5
	is "$output" 'sonata-nodes: e.h5: /nodes/A/0/mtype: row 2: code 2 is none of the 2 in its library'
	[ "$status" -eq 1 ]
	[ ! -e out ]
	is "$(ids --raw e.h5)" '0 1 2'
}

@test "positions in each of their spellings" {
	make-odd p.h5 <<-'END'
	/nodes/A/node_type_id u4 1*2
	/nodes/A/0/positions f8:3 1 2 3 4 5 6
	END
	reads p.h5 <<<$'node_id,node_type_id,x,y,z\n0,1,1,2,3\n1,1,4,5,6'
	make-odd p.h5 <<-'END'
	/nodes/A/node_type_id u4 1*2
	/nodes/A/0/positions f4z:2 1 2 4 5.5
	END
	reads p.h5 <<<$'node_id,node_type_id,x,y\n0,1,1,2\n1,1,4,5.5'
	make-odd p.h5 <<-'END'
	/nodes/A/node_type_id u4 1*2
	/nodes/A/0/pos_x f8 1 2
	/nodes/A/0/pos_z f8 5 6
	END
	reads p.h5 <<<$'node_id,node_type_id,x,z\n0,1,1,5\n1,1,2,6'
	make-odd p.h5 <<-'END'
	/nodes/A/node_type_id u4 1*3
	/nodes/A/node_group_id u4 0 1 2
	/nodes/A/node_group_index u4 0*3
	/nodes/A/0/x f4 0.5
	/nodes/A/1/pos_x f8 1.5
	/nodes/A/2/positions f8:3 2.5 0 0
	END
	is "$(sonata-nodes -c x p.h5 | cut -d, -f3 | xargs)" 'x 0.5 1.5 2.5'
}

@test "dynamics_params are attributes" {
	make-odd d.h5 <<-'END'
	/nodes/A/node_type_id u4 1*2
	/nodes/A/node_group_id u4 0 1
	/nodes/A/node_group_index u4 0 0
	/nodes/A/0/dynamics_params/holding f4 0.25
	/nodes/A/1/dynamics_params/threshold f8 -1e-7
	/nodes/A/1/dynamics_params/@library/threshold s low high
	/nodes/A/1/x f8 3
	END
	reads d.h5 <<-'END'
	node_id,node_type_id,x,dynamics_params.holding,dynamics_params.threshold
	0,1,,0.25,
	1,1,3,,-1e-07
	END
	is "$(ids --where 'dynamics_params.threshold<0' d.h5)" 1
}

@test "numbers of every width and byte order, packed or not" {
	for type in u1 u2 u4 u8 i1 i2 i4 i8 f4 f8; do
		for way in '' z d c b bz; do
			make-odd w.h5 <<-END
			/nodes/A/node_id $type$way 3 127 0 5 1
			/nodes/A/node_type_id $type$way 100 7 7 7 100
			/nodes/A/0/v $type$way 0 1 2 3 4
			END
			is "$(sonata-nodes w.h5 | xargs)" \
				'node_id,node_type_id,v 3,100,0 127,7,1 0,7,2 5,7,3 1,100,4'
		done
	done
}

@test "the greatest numbers" {
	make-odd w.h5 <<-'END'
	/nodes/A/node_type_id i8 -1*2
	/nodes/A/0/a u4 4294967295 0
	/nodes/A/0/b i8 -9223372036854775808 9223372036854775807
	/nodes/A/0/c f4 0.1 16777217
	/nodes/A/0/d f8 0.1 1e-300
	END
	reads w.h5 <<-'END'
	node_id,node_type_id,a,b,c,d
	0,-1,4294967295,-9223372036854775808,0.10000000149011612,0.1
	1,-1,0,9223372036854775807,16777216,1e-300
	END
	make-odd w.h5 <<<'/nodes/A/node_type_id u8 1 18446744073709551615'
	bad w.h5 -- "w.h5: /nodes/A/node_type_id: row 1: too large: '18446744073709551615'"
}

@test "texts of fixed length" {
	make-odd w.h5 <<-'END'
	/nodes/A/node_type_id u4 1*3
	/nodes/A/0/a s4 PV four ""
	/nodes/A/0/b s3z x y z
	END
	reads w.h5 <<<$'node_id,node_type_id,a,b\n0,1,PV,x\n1,1,four,y\n2,1,,z'
}

@test "node ids are those of the file, or the rows" {
	make-odd i.h5 <<-'END'
	/nodes/A/node_id u8 12 7 900000000000
	/nodes/A/node_type_id u4 1*3
	END
	reads i.h5 <<<$'node_id,node_type_id\n12,1\n7,1\n900000000000,1'
	is "$(ids --where 'node_id>7' i.h5)" '12 900000000000'
}

@test "nodes and edges in one file, several populations" {
	make-odd b.h5 <<-'END'
	/nodes/A/node_type_id u4 1*2
	/nodes/B/node_type_id u4 2
	/nodes/B/0/q u4 5
	/edges/A_to_B/source_node_id u8 0
	/edges/A_to_B/target_node_id u8 0
	END
	bad b.h5 -- 'b.h5: which node population? there are A and B'
	reads --all b.h5 <<-'END'
	population,node_id,node_type_id,q
	A,0,1,
	A,1,1,
	B,0,2,5
	END
}

@test "populations without nodes" {
	make-odd z.h5 <<-'END'
	/nodes/A/node_id u8
	/nodes/A/node_type_id u4
	/nodes/A/node_group_id u4
	/nodes/A/node_group_index u4
	/nodes/A/0/x f8
	/nodes/A/0/mtype u4
	/nodes/A/0/@library/mtype s
	END
	reads z.h5 <<<node_id,node_type_id,mtype,x
	reads --where x=1 --where node_id=3 z.h5 <<<node_id,node_type_id,mtype,x
	reads --shard 1/3 z.h5 <<<node_id,node_type_id,mtype,x
	reads --all z.h5 <<<population,node_id,node_type_id,mtype,x
	sonata-nodes -o out z.h5
	is "$(cat out)" node_id,node_type_id,mtype,x
}

@test "group indices and groups that are not there" {
	make-odd g.h5 <<-'END'
	/nodes/A/node_type_id u4 1*3
	/nodes/A/node_group_id u4 0*3
	/nodes/A/node_group_index u4 0 9 1
	/nodes/A/0/q f8 1 2
	END
	bad g.h5 -- "g.h5: /nodes/A/node_group_index: row 1: past the end of /nodes/A/0/q, which has 2 rows: '9'"
	make-odd g.h5 <<-'END'
	/nodes/A/node_type_id u4 1*3
	/nodes/A/node_group_id u4 0 0 4
	/nodes/A/node_group_index u4 0 1 0
	/nodes/A/0/q f8 1 2
	END
	bad g.h5 -- 'g.h5: /nodes/A: row 2: there is no group 4'
	make-odd g.h5 <<-'END'
	/nodes/A/node_type_id u4 1*2
	/nodes/A/node_group_id u4 0*2
	/nodes/A/node_group_index i4 0 -1
	/nodes/A/0/q f8 1 2
	END
	bad g.h5 -- "g.h5: /nodes/A/node_group_index: row 1: negative: '-1'"
	make-odd g.h5 <<-'END'
	/nodes/A/node_type_id u4 1*3
	/nodes/A/0/q f8 1 2
	END
	bad g.h5 -- 'g.h5: /nodes/A/0/q: row 2 is past the end: there are 2'
}

@test "columns that are not of one length" {
	make-odd g.h5 <<-'END'
	/nodes/A/node_type_id u4 1*3
	/nodes/A/node_id u8 0 1
	END
	bad g.h5 -- 'g.h5: /nodes/A/node_id: 2 rows where there are 3'
	make-odd g.h5 <<<'/nodes/A/0/q f8 1 2'
	bad g.h5 -- 'g.h5: /nodes/A: no node_type_id, so it cannot be told how many there are'
	make-odd g.h5 <<-'END'
	/nodes/A/node_type_id s one two
	/nodes/A/0/q f8 1 2
	END
	printf '%s\n' 'node_type_id a' '1 2' >t.csv
	bad --types t.csv g.h5 -- 'g.h5: /nodes/A/node_type_id: row 0: not an integer'
}

@test "files that are not what they should be" {
	bad nowhere.h5 -- 'nowhere.h5: No such file or directory'
	bad . -- '.: Is a directory'
	echo hello >t.h5
	bad t.h5 -- 't.h5: not an HDF5 file'
	: >t.h5
	bad t.h5 -- 't.h5: not an HDF5 file'
	make-odd t.h5 <<<'/reports/A/x u4 1'
	bad t.h5 -- 't.h5: no node or edge populations in it'
	make-odd t.h5 <<-'END'
	/edges/A_to_A/source_node_id u8 0
	/edges/A_to_A/target_node_id u8 0
	END
	bad t.h5 -- 't.h5: no node populations'
	bad --all t.h5 -- 't.h5: no node populations'
	misused 'missing operand'
	misused "unexpected operand: 'b'" a b
}

@test "truncated files" {
	make-odd t.h5 <<-'END'
	/nodes/A/node_type_id u4z 100*5000
	/nodes/A/0/x f8 0..4999
	END
	size=$(stat -c %s t.h5)
	for part in 7 8 100 1000 2000 "$((size / 2))" "$((size - 1))"; do
		head -c "$part" t.h5 >cut.h5
		run sonata-nodes -o out cut.h5
		[ "$status" -eq 1 ]
		[ "${#lines[@]}" -eq 1 ]
		[[ $output == 'sonata-nodes: cut.h5: '* ]]
		[ ! -e out ]
	done
}

@test "damaged files end in order" {
	make-odd t.h5 <<-'END'
	/nodes/A/node_id u4z 0..99
	/nodes/A/node_type_id u4z 100*100
	/nodes/A/0/x f8d 0..99
	/nodes/A/0/name s a*100
	END
	size=$(stat -c %s t.h5)
	for ((at = 64; at < size; at += size / 60)); do
		cp t.h5 d.h5
		printf '\377\001\200\377' |
			dd of=d.h5 bs=1 seek="$at" conv=notrunc status=none
		run ends sonata-nodes d.h5
		[ "$status" -le 1 ]
	done
}

@test "node populations twice, and files that a config lacks" {
	echo '{"networks": {"nodes": [{"nodes_file": "n.h5"}, {"nodes_file": "n.h5"}]}}' >c.json
	bad c.json -- "n.h5: node population 'A' is there twice: also in n.h5"
	echo '{"networks": {"nodes": [{"nodes_file": "no.h5"}]}}' >c.json
	bad c.json -- 'no.h5: No such file or directory'
	echo '{"networks": {"nodes": [{"nodes_file": "n.h5", "node_types_file": "no.csv"}]}}' >c.json
	bad c.json -- 'no.csv: No such file or directory'
	echo '{"networks": {"nodes": [{"nodes_file": "n.h5", "node_types_file": "NULL"}]}}' >c.json
	is "$(ids c.json)" '0 1 2 3 4'
	echo '{"manifest": {"$A": "$B", "$B": "$A"}, "networks": {"nodes": [{"nodes_file": "$A/n.h5"}]}}' >c.json
	run sonata-nodes c.json
	[ "$status" -eq 1 ]
	[ "${#lines[@]}" -eq 1 ]
}

@test "a config may restrict a file to some of its populations" {
	make-odd b.h5 <<-'END'
	/nodes/A/node_type_id u4 1*2
	/nodes/B/node_type_id u4 2
	END
	echo '{"networks": {"nodes": [{"nodes_file": "b.h5", "populations": {"B": {}}}]}}' >c.json
	reads c.json <<<$'node_id,node_type_id\n0,2'
}

@test "labels are data" {
	make-odd l.h5 <<-'END'
	/nodes/A/node_type_id u4 1*3
	/nodes/A/0/name s `touch` $(x) =1+1
	END
	reads l.h5 <<-'END'
	node_id,node_type_id,name
	0,1,`touch`
	1,1,$(x)
	2,1,=1+1
	END
}

@test "texts may be long, but not without end" {
	for type in s s70000; do
		{
			echo '/nodes/A/node_type_id u4 1*3'
			echo "/nodes/A/0/name $type PV $(printf '%070000d' 7) SOM"
		} | make-odd l.h5
		sonata-nodes -c name l.h5 | cmp - <(
			echo node_id,node_type_id,name
			printf '0,1,PV\n1,1,%070000d\n2,1,SOM\n' 7
		)
	done
	{
		echo '/nodes/A/node_type_id u4 1*3'
		echo "/nodes/A/0/name s PV $(head -c 16777216 /dev/zero | tr '\0' x) SOM"
	} | make-odd l.h5
	bad -c name l.h5 -- 'l.h5: /nodes/A/0/name: row 1: a text of 16777216 bytes'
}
