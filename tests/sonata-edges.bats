# Files are made here as the wild has them: tests/make-odd.c says how to read
# what it is given.
load common.bash

tricky=$BATS_TEST_DIRNAME/data/tricky/config.json

bad() { # arguments, up to --, and the one line said about them
	local args=()
	while [ "$1" != -- ]; do
		args+=("$1")
		shift
	done
	run sonata-edges "${args[@]}"
	is "$output" "sonata-edges: $2"
	[ "$status" -eq 1 ]
}

reads() { # arguments of sonata-edges; what it writes is on standard input
	diff - <(sonata-edges "$@" 2>&1)
}

pairs() { # source>target of the edges written, on one line
	sonata-edges "$@" | awk -F, '
		NR == 1 { for (k = 1; k < NF && $k != "source_node_id"; k++); next }
		{ printf "%s%s>%s", s, $k, $(k + 1); s = " " }'
}

edges() { # an edges file of population A_to_A; what else is in it follows
	make-odd e.h5 < <(cat && printf '%s\n' \
		'/edges/A_to_A/source_node_id@node_population s A' \
		'/edges/A_to_A/target_node_id@node_population s A')
}

small() { # n.h5, e.h5 and a config of both, with node sets on standard input
	make-odd n.h5 <<-'END'
	/nodes/A/node_id u8 10 11 12 13
	/nodes/A/node_type_id u4 1*4
	/nodes/A/0/layer i4 1 2 2 3
	END
	edges <<-'END'
	/edges/A_to_A/source_node_id u8 10 11 12 13 10
	/edges/A_to_A/target_node_id u8 11 12 13 10 12
	/edges/A_to_A/edge_type_id u4 7 7 8 8 7
	/edges/A_to_A/0/delay f8 0.5 1 1.5 nan 2
	END
	cat >sets.json
	echo '{"networks": {"nodes": [{"nodes_file": "n.h5"}],
		"edges": [{"edges_file": "e.h5"}]}, "node_sets_file": "sets.json"}' >c.json
}

@test "a row an edge, and what cannot be done without" {
	small <<<'{}'
	reads c.json <<-'END'
	source_node_id,target_node_id,edge_type_id
	10,11,7
	11,12,7
	12,13,8
	13,10,8
	10,12,7
	END
	cmp <(sonata-edges c.json) <(sonata-edges e.h5)
}

@test "nsyns and is_gap_junction are there when a population has them" {
	sonata-edges -e A_to_A "$tricky" | sed -n '1p;2p;10p;22p' | diff - <(printf '%s\n' \
		source_node_id,target_node_id,edge_type_id,nsyns,is_gap_junction \
		0,0,200,, 0,2,204,1,True 2,7,201,4,)
	is "$(sonata-edges -e V_to_A "$tricky" | head -n 2 | xargs)" \
		'source_population,target_population,source_node_id,target_node_id,edge_type_id,nsyns V,A,0,0,300,1'
}

@test "-e chooses populations, --all takes all of them" {
	bad "$tricky" -- "$tricky: which edge population? there are A_to_A and V_to_A"
	is "$(pairs -e V_to_A "$tricky")" '0>0 1>1 2>2 3>3 4>4'
	reads --edge-population V_to_A -e A_to_A --where target_node_id=3 "$tricky" <<-'END'
	source_population,target_population,source_node_id,target_node_id,edge_type_id,nsyns,is_gap_junction
	V,A,3,3,300,1,
	A,A,4,3,200,,
	A,A,6,3,202,,
	END
	is "$(sonata-edges --all "$tricky" | cut -d, -f1,2 | uniq -c | xargs)" \
		'1 source_population,target_population 21 A,A 5 V,A'
	bad -e B "$tricky" -- "$tricky: no edge population 'B': there are A_to_A and V_to_A"
	misused '--all and --edge-population exclude each other' --all -e V_to_A "$tricky"
	misused "edge population 'V_to_A' is asked for twice" -e V_to_A -e V_to_A "$tricky"
}

@test "-c chooses columns" {
	small <<<'{}'
	reads -c delay,edge_id,source_population,edge_group_index,population e.h5 <<-'END'
	source_node_id,target_node_id,edge_type_id,delay,edge_id,source_population,edge_group_index,population
	10,11,7,0.5,0,A,0,A_to_A
	11,12,7,1,1,A,1,A_to_A
	12,13,8,1.5,2,A,2,A_to_A
	13,10,8,nan,3,A,3,A_to_A
	10,12,7,2,4,A,4,A_to_A
	END
	bad -c dealy e.h5 -- "e.h5: /edges/A_to_A: no column 'dealy': besides ids, types and groups there are delay"
}

@test "the plain columns are the same with others beside them" {
	make-odd big.h5 <<-'END'
	/edges/A_to_A/source_node_id u4z 0..70000
	/edges/A_to_A/target_node_id i8b 0..70000
	/edges/A_to_A/edge_type_id i4 -1*70001
	/edges/A_to_A/0/w f4 1*70001
	END
	sonata-edges big.h5 2>/dev/null | cksum >plain
	sonata-edges -c w big.h5 2>/dev/null | cut -d, -f-3 | cksum >beside
	cmp plain beside
	sonata-edges --where 'edge_id>=0' big.h5 2>/dev/null | cksum | cmp plain
	sonata-edges -c w -t big.h5 2>/dev/null | cut -f-3 | tr '\t' , | cksum |
		cmp plain
}

@test "--where, with every operator" {
	small <<<'{}'
	is "$(pairs --where delay=1 e.h5)" '11>12'
	is "$(pairs --where delay!=1 e.h5)" '10>11 12>13 13>10 10>12'
	is "$(pairs --where 'delay<1' e.h5)" '10>11'
	is "$(pairs --where 'delay<=1' e.h5)" '10>11 11>12'
	is "$(pairs --where 'delay>1' e.h5)" '12>13 10>12'
	is "$(pairs --where 'delay>=1' e.h5)" '11>12 12>13 10>12'
	is "$(pairs --where 'edge_type_id~^8$' e.h5)" '12>13 13>10'
	is "$(pairs --where source_node_id=10,13 e.h5)" '10>11 13>10 10>12'
	is "$(pairs --where target_node_id=12 --where 'delay>1' e.h5)" '10>12'
	is "$(pairs --where source_population=B e.h5)" ''
	bad --where dealy=1 e.h5 -- "e.h5: no column 'dealy': besides ids, types and groups there are delay"
	misused "not a condition of the form NAME=VALUE: 'delay'" --where delay e.h5
}

@test "--source-where and --target-where" {
	small <<<'{}'
	is "$(pairs --source-where layer=1 c.json)" '10>11 10>12'
	is "$(pairs --target-where layer=1 c.json)" '13>10'
	is "$(pairs --source-where layer=2,3 --source-where 'node_id<13' c.json)" \
		'11>12 12>13'
	is "$(pairs --source-where layer=1 --target-where node_id=12 c.json)" '10>12'
	is "$(pairs --source-where layer=2 --where 'delay>1' c.json)" '12>13'
	misused "not a condition of the form NAME=VALUE: 'layer'" --source-where layer c.json
	misused "not a condition of the form NAME=VALUE: 'layer'" --target-where layer c.json
	bad --target-where lyer=1 c.json -- "c.json: no column 'lyer': besides ids, types and groups there are layer"
	is "$(pairs --all --source-where layer=1 --source-where 'node_id>4' "$tricky")" \
		'5>0 6>3 5>6'
	bad --source-where layer=1 e.h5 -- 'e.h5: no node populations'
}

# bats test_tags=long
@test "--node-set, --source-node-set and --target-node-set" {
	small <<-'END'
	{"low": {"layer": {"$lte": 2}}, "ten": {"node_id": [10]}, "none": [],
	 "gte": {"layer": {"$gte": 2}}, "ends": ["ten", "top"],
	 "top": {"layer": {"$gt": 2}}, "re": {"layer": {"$regex": "[13]"}},
	 "lt": {"layer": {"$lt": 3}, "population": "A"}}
	END
	is "$(pairs --node-set low c.json)" '10>11 11>12 10>12'
	is "$(pairs --node-set lt c.json)" '10>11 11>12 10>12'
	is "$(pairs --node-set gte c.json)" '11>12 12>13'
	is "$(pairs --node-set ends c.json)" '13>10'
	is "$(pairs --node-set re c.json)" '13>10'
	is "$(pairs --node-set A c.json)" '10>11 11>12 12>13 13>10 10>12'
	is "$(pairs --node-set none c.json)" ''
	is "$(pairs --source-node-set ten c.json)" '10>11 10>12'
	is "$(pairs --target-node-set ten c.json)" '13>10'
	is "$(pairs --source-node-set low --target-node-set top c.json)" '12>13'
	is "$(pairs --node-set low --source-node-set ten --target-where node_id=12 c.json)" \
		'10>12'
	bad --target-node-set high c.json -- "c.json: no node set 'high': there are \
low, ten, none, gte, ends, top, re, lt"
	bad --node-set low e.h5 -- 'e.h5: no node populations'
	is "$(pairs -e V_to_A --source-node-set V "$tricky")" '0>0 1>1 2>2 3>3 4>4'
	is "$(pairs -e V_to_A --source-where node_id=2 "$tricky")" '2>2'
	is "$(pairs -e V_to_A --target-where pop_name=X --target-where 'x>20' "$tricky")" \
		'3>3 4>4'
}

@test "--types names the type CSV of an HDF5 file" {
	small <<<'{}'
	printf '%s\n' 'edge_type_id nsyns template' '7 3 exc' '8 NULL inh' >t.csv
	reads --types t.csv -c template --where 'source_node_id>10' e.h5 <<-'END'
	source_node_id,target_node_id,edge_type_id,nsyns,template
	11,12,7,3,exc
	12,13,8,,inh
	13,10,8,,inh
	END
	sed s/nsyns/n/ t.csv >e_types.csv
	reads --types e_types.csv -c n --where edge_id=0 e.h5 <<-'END'
	source_node_id,target_node_id,edge_type_id,n
	10,11,7,3
	END
	bad --types no.csv e.h5 -- 'no.csv: No such file or directory'
	printf '%s\n' 'edge_type_id n' '7 3 4' >t.csv
	bad --types t.csv e.h5 -- 't.csv:2: 3 fields where the header has 2'
	printf '%s\n' 'edge_type_id n n' '7 3 4' '8 3 4' >t.csv
	bad --types t.csv e.h5 -- "t.csv: column 'n' is there twice"
	printf '%s\n' 'edge_type_id,n,,' '7,3,,' '8,4,,' >t.csv
	is "$(sonata-edges -c n --types t.csv --where edge_id=2 e.h5 | xargs)" \
		'source_node_id,target_node_id,edge_type_id,n 12,13,8,4'
}

@test "the usual type CSV beside an HDF5 file is taken" {
	small <<<'{}'
	cp e.h5 v_edges.h5
	printf '%s\n' 'edge_type_id w' '7 3' >v_edge_types.csv
	run sonata-edges -c w --where edge_id=1,2 v_edges.h5
	is "$output" $'sonata-edges: v_edge_types.csv: no type 8, which v_edges.h5 has
source_node_id,target_node_id,edge_type_id,w
11,12,7,3
12,13,8,'
}

@test "-t, -o" {
	sonata-edges --all "$tricky" >plain
	diff <(tr , '\t' <plain) <(sonata-edges --all -t "$tricky")
	is "$(sonata-edges --all --output out "$tricky")" ''
	cmp plain out
	edges <<-'END'
	/edges/A_to_A/source_node_id u8 0*80000
	/edges/A_to_A/target_node_id u8 0*80000
	/edges/A_to_A/edge_group_id u4 0*80000
	/edges/A_to_A/edge_group_index u4 0*79999 9
	/edges/A_to_A/0/w f8 1 2
	END
	run sonata-edges -o out -c w e.h5
	[ "$status" -eq 1 ]
	cmp plain out
	is "$(echo *)" 'e.h5 out plain'
	sonata-edges -o - e.h5 >stdout
	[ ! -e ./- ] && cmp stdout <(sonata-edges e.h5)
}

# bats test_tags=long
@test "shards, one after the other, are the whole" {
	edges <<-'END'
	/edges/A_to_A/source_node_id u4z 0..100000
	/edges/A_to_A/target_node_id u8 0..100000
	/edges/A_to_A/edge_type_id u8 1*100001
	/edges/A_to_A/0/w f4 0..100000
	END
	for columns in edge_type_id w; do
		sonata-edges -c "$columns" e.h5 | tail -n +2 >whole
		for n in 1 3 7; do
			for ((i = 0; i < n; i++)); do
				sonata-edges -c "$columns" --shard "$i/$n" e.h5 |
					tail -n +2
			done >parts
			cmp whole parts
		done
	done
	for i in 0 1 2; do # of each population, its part
		sonata-edges --all --shard "$i/3" "$tricky" | tail -n +2
	done | sort >parts
	sonata-edges --all "$tricky" | tail -n +2 | sort | cmp - parts
	is "$(pairs -e V_to_A --shard 4/5 "$tricky")" '4>4'
	misused "--shard: must be I/N, I in [0,N): '2/2'" --shard 2/2 e.h5
}

# ---- What files are like ----

@test "interleaved groups, attributes in some of them, and the CSV beneath" {
	edges <<-'END'
	/edges/A_to_A/source_node_id u8 0..5
	/edges/A_to_A/target_node_id u8 0..5
	/edges/A_to_A/edge_type_id u4 1 2 1 2 1 2
	/edges/A_to_A/edge_group_id u2 0 1 0 2 1 0
	/edges/A_to_A/edge_group_index u4 2 0 0 0 1 1
	/edges/A_to_A/0/nsyns u1 3 4 5
	/edges/A_to_A/1/nsyns f8 6 nan
	/edges/A_to_A/1/w f8 0.25 0.5
	/edges/A_to_A/2/w s heavy
	END
	printf '%s\n' 'edge_type_id w nsyns' '1 10 NULL' '2 20 7' >t.csv
	reads --types t.csv -c w e.h5 <<-'END'
	source_node_id,target_node_id,edge_type_id,nsyns,w
	0,0,1,5,10
	1,1,2,6,0.25
	2,2,1,3,10
	3,3,2,7,heavy
	4,4,1,nan,0.5
	5,5,2,4,20
	END
}

@test "without types, without groups" {
	edges <<-'END'
	/edges/A_to_A/source_node_id u8 0 1
	/edges/A_to_A/target_node_id u8 1 0
	END
	reads e.h5 <<-'END'
	source_node_id,target_node_id,edge_type_id
	0,1,
	1,0,
	END
	reads -c edge_group_id,edge_group_index --where edge_id=1 e.h5 <<-'END'
	source_node_id,target_node_id,edge_type_id,edge_group_id,edge_group_index
	1,0,,0,1
	END
}

@test "only node_population says of which populations the ends are" {
	make-odd e.h5 <<-'END'
	/edges/A_to_B/source_node_id u8 0
	/edges/A_to_B/source_node_id@node_population s X
	/edges/A_to_B/target_node_id u8 1
	/edges/A_to_B/target_node_id@node_population s3 Y_Z
	END
	reads e.h5 <<-'END'
	source_population,target_population,source_node_id,target_node_id,edge_type_id
	X,Y_Z,0,1,
	END
	make-odd e.h5 <<-'END'
	/edges/A__A__chemical/source_node_id u8 0
	/edges/A__A__chemical/source_node_id@node_population s A
	/edges/A__A__chemical/target_node_id u8 1
	/edges/A__A__chemical/target_node_id@node_population s A
	END
	is "$(pairs e.h5)" '0>1'
}

@test "without node_population the name is taken, and that is said" {
	make-odd e.h5 <<-'END'
	/edges/A_to_B/source_node_id u8 0
	/edges/A_to_B/target_node_id u8 1
	END
	reads e.h5 <<-'END'
	sonata-edges: e.h5: /edges/A_to_B: no node_population; taken from the name
	source_population,target_population,source_node_id,target_node_id,edge_type_id
	A,B,0,1,
	END
}

@test "several populations, and nodes, in one file" {
	make-odd b.h5 <<-'END'
	/nodes/A/node_type_id u4 1*2
	/edges/A_to_A/source_node_id u8 0
	/edges/A_to_A/source_node_id@node_population s A
	/edges/A_to_A/target_node_id u8 1
	/edges/A_to_A/target_node_id@node_population s A
	/edges/loops/source_node_id u8 1
	/edges/loops/source_node_id@node_population s A
	/edges/loops/target_node_id u8 1
	/edges/loops/target_node_id@node_population s A
	/edges/loops/0/nsyns i2 4
	END
	bad b.h5 -- 'b.h5: which edge population? there are A_to_A and loops'
	reads --all b.h5 <<-'END'
	source_population,target_population,source_node_id,target_node_id,edge_type_id,nsyns
	A,A,0,1,,
	A,A,1,1,,4
	END
	is "$(pairs -e loops --source-where node_id=1 b.h5)" '1>1'
}

@test "gap junctions by the population's type in the config" {
	edges <<-'END'
	/edges/A_to_A/source_node_id u8 0 1
	/edges/A_to_A/target_node_id u8 1 0
	END
	echo '{"networks": {"nodes": [], "edges": [{"edges_file": "e.h5",
		"populations": {"A_to_A": {"type": "electrical"}}}]}}' >c.json
	reads c.json <<-'END'
	source_node_id,target_node_id,edge_type_id,is_gap_junction
	0,1,,true
	1,0,,true
	END
	sed s/electrical/chemical/ c.json >d.json
	is "$(sonata-edges d.json | head -n 1)" \
		source_node_id,target_node_id,edge_type_id
}

@test "BMTK's file of gap junctions" {
	make-odd g.h5 <<-'END'
	/source_ids u8 3 4
	/target_ids u8 4 5
	/src_gap_ids u8 0 2
	/trg_gap_ids u8 1 3
	END
	reads -c src_gap_ids,trg_gap_ids g.h5 <<-'END'
	source_node_id,target_node_id,edge_type_id,is_gap_junction,src_gap_ids,trg_gap_ids
	3,4,,true,0,1
	4,5,,true,2,3
	END
}

@test "enumerations, dynamics_params, by name and by number" {
	edges <<-'END'
	/edges/A_to_A/source_node_id u8 0 1
	/edges/A_to_A/target_node_id u8 1 0
	/edges/A_to_A/0/kind u1 1 0
	/edges/A_to_A/0/@library/kind s exc inh
	/edges/A_to_A/0/is_gap_junction bool 0 1
	/edges/A_to_A/0/dynamics_params/tau f8 0.1 2
	END
	reads -c kind,dynamics_params.tau e.h5 <<-'END'
	source_node_id,target_node_id,edge_type_id,is_gap_junction,kind,dynamics_params.tau
	0,1,,FALSE,inh,0.1
	1,0,,TRUE,exc,2
	END
	reads --raw -c kind --where kind=exc e.h5 <<-'END'
	source_node_id,target_node_id,edge_type_id,is_gap_junction,kind
	1,0,,1,0
	END
	edges <<-'END'
	/edges/A_to_A/source_node_id u8 0 1
	/edges/A_to_A/target_node_id u8 1 0
	/edges/A_to_A/0/kind u1 1 2
	/edges/A_to_A/0/@library/kind s exc inh
	END
	bad -c kind e.h5 -- 'e.h5: /edges/A_to_A/0/kind: row 1: code 2 is none of the 2 in its library'
	is "$(pairs e.h5)" '0>1 1>0' # no one asked
}

@test "ids of every width and byte order, packed or not" {
	for type in u1 u2 u4 u8 i1 i2 i4 i8 f4 f8; do
		for way in '' z d c b bz; do
			edges <<-END
			/edges/A_to_A/source_node_id $type$way 3 127 0 5 1
			/edges/A_to_A/target_node_id $type$way 0..4
			/edges/A_to_A/edge_type_id $type$way 7*5
			END
			is "$(sonata-edges e.h5 | xargs)" \
				'source_node_id,target_node_id,edge_type_id 3,0,7 127,1,7 0,2,7 5,3,7 1,4,7'
		done
	done
}

@test "integers of odd widths, or that use some of their bits" {
	for type in u3 u4o i4o i8o u16 i16; do
		for way in '' z d c b bz; do
			edges <<-END
			/edges/A_to_A/source_node_id $type$way 3 127 0 5 1
			/edges/A_to_A/target_node_id u4 0..4
			END
			if [[ $type = ?16 ]]; then
				bad e.h5 -- 'e.h5: /edges/A_to_A/source_node_id: integers of 16 bytes'
			else
				is "$(pairs e.h5)" '3>0 127>1 0>2 5>3 1>4'
			fi
		done
	done
	edges <<-'END'
	/edges/A_to_A/source_node_id u8 0 1
	/edges/A_to_A/target_node_id u8 1 0
	/edges/A_to_A/0/on bool16 0 1
	END
	bad -c on e.h5 -- 'e.h5: /edges/A_to_A/0/on: an enumeration of integers of 16 bytes'
}

@test "an index, however it is spelled, does not matter" {
	edges <<-'END'
	/edges/A_to_A/source_node_id u8 0 1
	/edges/A_to_A/target_node_id u8 1 0
	/edges/A_to_A/indicies/source_to_target/node_id_to_range u8:2 9 9
	/edges/A_to_A/0/w f8 1 2
	END
	is "$(pairs e.h5)" '0>1 1>0'
}

@test "populations without edges" {
	edges <<-'END'
	/edges/A_to_A/source_node_id u8
	/edges/A_to_A/target_node_id u8
	/edges/A_to_A/edge_type_id u4
	/edges/A_to_A/0/nsyns u4
	END
	reads e.h5 <<<source_node_id,target_node_id,edge_type_id,nsyns
	reads -t --where nsyns=1 --shard 0/2 e.h5 \
		<<<$'source_node_id\ttarget_node_id\tedge_type_id\tnsyns'
	sonata-edges -o out e.h5
	is "$(cat out)" source_node_id,target_node_id,edge_type_id,nsyns
}

@test "what is wrong is said in a line" {
	edges <<-'END'
	/edges/A_to_A/source_node_id u8 0 1
	/edges/A_to_A/target_node_id u8 1 0 1
	END
	bad e.h5 -- 'e.h5: /edges/A_to_A/target_node_id: 3 rows where there are 2'
	make-odd e.h5 <<<'/edges/A_to_A/source_node_id u8 0 1'
	bad e.h5 -- 'e.h5: /edges/A_to_A: no target_node_id'
	make-odd e.h5 <<<'/edges/A_to_A/0/w u8 0 1'
	bad e.h5 -- 'e.h5: /edges/A_to_A: no source_node_id, so it cannot be told how many there are'
	edges <<-'END'
	/edges/A_to_A/source_node_id u8 0 1
	/edges/A_to_A/target_node_id u8 1 0
	/edges/A_to_A/edge_group_id u8 0 3
	/edges/A_to_A/edge_group_index u8 0 0
	/edges/A_to_A/0/w f8 1 2
	END
	bad -c w e.h5 -- 'e.h5: /edges/A_to_A: row 1: there is no group 3'
	edges <<-'END'
	/edges/A_to_A/source_node_id u8 0 1
	/edges/A_to_A/target_node_id u8 1 0
	/edges/A_to_A/edge_group_id u8 0 0
	/edges/A_to_A/edge_group_index u8 0 2
	/edges/A_to_A/0/w f8 1 2
	END
	bad -c w e.h5 -- "e.h5: /edges/A_to_A/edge_group_index: row 1: past the end of /edges/A_to_A/0/w, which has 2 rows: '2'"
	edges <<-'END'
	/edges/A_to_A/source_node_id u8 0 18446744073709551615
	/edges/A_to_A/target_node_id u8 1 0
	END
	bad e.h5 -- "e.h5: /edges/A_to_A/source_node_id: row 1: too large: '18446744073709551615'"
	small <<<'{}'
	edges <<-'END'
	/edges/A_to_A/source_node_id u8 10 99
	/edges/A_to_A/target_node_id u8 11 10
	END
	is "$(pairs c.json)" '10>11 99>10' # as it is in the file
	bad --source-where layer=2 c.json -- "e.h5: /edges/A_to_A/source_node_id: row 1: there is no such node: '99'"
	edges <<-'END'
	/edges/A_to_A/source_node_id f8 10 10.5
	/edges/A_to_A/target_node_id u8 11 10
	END
	bad --source-where layer=2 c.json -- 'e.h5: /edges/A_to_A/source_node_id: row 1: not an integer'
	make-odd n.h5 <<-'END'
	/nodes/A/node_id i8 10 -11
	/nodes/A/node_type_id u4 1*2
	END
	bad --source-where node_id=10 c.json -- "n.h5: column 'node_id': negative: '-11'"
	make-odd n.h5 <<-'END'
	/nodes/A/node_id i8 10 11 10
	/nodes/A/node_type_id u4 1*3
	END
	bad --source-where node_id=10 c.json -- "n.h5: column 'node_id': there twice: '10'"
}

@test "files that are not what they should be" {
	bad nowhere.h5 -- 'nowhere.h5: No such file or directory'
	bad . -- '.: Is a directory'
	echo source_node_id,target_node_id >t.csv
	bad t.csv -- 't.csv: not an HDF5 file'
	make-odd n.h5 <<<'/nodes/A/node_type_id u4 1'
	bad n.h5 -- 'n.h5: no edge populations'
	bad --all n.h5 -- 'n.h5: no edge populations'
	edges <<-'END'
	/edges/A_to_A/source_node_id u8z 0..9999
	/edges/A_to_A/target_node_id u8z 0..9999
	/edges/A_to_A/edge_type_id u8 0..9999
	END
	size=$(stat -c %s e.h5)
	for part in 8 500 2000 "$((size / 2))" "$((size - 1))"; do
		head -c "$part" e.h5 >cut.h5
		run sonata-edges -o out cut.h5
		[ "$status" -eq 1 ]
		[ "${#lines[@]}" -eq 1 ]
		[[ $output == 'sonata-edges: cut.h5: '* ]]
		[ ! -e out ]
	done
}

@test "chunks that are damaged" {
	edges <<-'END'
	/edges/A_to_A/source_node_id u8z 0..9999
	/edges/A_to_A/target_node_id u8 0..9999
	/edges/A_to_A/edge_type_id u8 1*10000
	END
	at=$(grep -abo $'x\x5e' e.h5 | head -n 1 | cut -d: -f1)
	printf '\377\377\377\377\377\377\377\377' |
		dd of=e.h5 bs=1 seek="$((at + 20))" conv=notrunc status=none
	run sonata-edges -o out e.h5
	[ "$status" -eq 1 ]
	[[ $output == 'sonata-edges: e.h5: /edges/A_to_A/source_node_id: chunk '*' cannot be unpacked: the file is damaged' ]]
	[ ! -e out ]
}

# What of a group cannot be read must not be taken for what is not there.
@test "groups that are damaged" {
	edges <<-'END'
	/edges/A_to_A/source_node_id u8 0..3
	/edges/A_to_A/target_node_id u8 0..3
	/edges/A_to_A/edge_group_id u1 0 0 1 1
	/edges/A_to_A/edge_group_index u1 0 1 0 1
	/edges/A_to_A/0/nsyns u8 3 4
	/edges/A_to_A/1/nsyns u8 5 6
	/edges/A_to_A/1/@library/nsyns s a b c d e f g
	END
	sonata-edges e.h5 >whole
	while IFS=: read -r at _; do
		cp e.h5 d.h5
		printf XXXX | dd of=d.h5 bs=1 seek="$at" conv=notrunc status=none
		if run sonata-edges -o out d.h5 && [ "$status" -eq 0 ]; then
			cmp whole out
		else
			[ "$status" -eq 1 ]
			[ "${#lines[@]}" -eq 1 ]
			[[ $output == 'sonata-edges: d.h5: '*damaged* ]]
			said=$((said + 1))
		fi
	done < <(grep -abo -e SNOD -e TREE -e HEAP e.h5)
	[ "$said" -gt 5 ]
}

@test "attributes of types: texts that are long, quoted or missing" {
	make-odd v_edges.h5 <<-'END'
	/edges/v/source_node_id u8 0 1 2 0 1
	/edges/v/target_node_id u4 0 1 2 1 2
	/edges/v/edge_type_id u2 7 9 8 4 7
	END
	cat >v_edge_types.csv <<-'END'
	edge_type_id delay name file
	7 2.0 "a b" short
	8 NULL c "x,y"
	9 0.5 NULL a_text_of_more_than_22_characters
	END
	run --separate-stderr sonata-edges -c delay,name v_edges.h5
	[ "$stderr" = "sonata-edges: v_edge_types.csv: no type 4, which v_edges.h5 has" ]
	is "$output" "source_node_id,target_node_id,edge_type_id,delay,name
0,0,7,2.0,a b
1,1,9,0.5,
2,2,8,,c
0,1,4,,
1,2,7,2.0,a b"
	sonata-edges -c delay,name,file v_edges.h5 2>err |
		cut -d, -f-5 | diff - <(echo "$output")
	is "$(sonata-edges -c file v_edges.h5 2>err | cut -d, -f4-)" 'file
short
a_text_of_more_than_22_characters
"x,y"

short'
	is "$(sonata-edges -c name --where 'delay<1' v_edges.h5 2>err | tail -n 1)" 1,1,9,
}
