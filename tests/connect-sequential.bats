load common.bash

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	cat >n.csv <<-'END'
	population,node_id,pop_name,layer
	la,4,SOM,1
	thal,2,TH,1
	la,0,PV,1
	thal,0,TH,2
	la,3,PN,1
	thal,4,TH,1
	la,2,PV,2
	thal,1,TH,1
	la,1,PN,2
	thal,3,TH,2
	END
}

rows() { connect-sequential "$@" | tail -n +2; }

@test "targets are several groups, in the order they are given" {
	connect-sequential --source TH --target PN --target PV --target SOM \
		n.csv >t
	diff t - <<-'END'
	source_population,target_population,source_node_id,target_node_id
	thal,la,0,1
	thal,la,1,3
	thal,la,2,0
	thal,la,3,2
	thal,la,4,4
	END
	is "$(rows --source TH --target SOM --target PV --target PN n.csv |
		cut -d, -f4 | xargs)" "4 0 2 1 3"
}

@test "sources are several groups: rows in the order of their ids" {
	is "$(rows --source SOM --source PV --source PN --target TH n.csv |
		cut -d, -f3,4 | xargs)" "0,1 1,3 2,2 3,4 4,0"
}

@test "both are several groups" {
	awk 'BEGIN {
		print "node_id,pop_name"
		for (i = 0; i < 12; i++)
			print i "," substr("ABCD", i % 4 + 1, 1)
	}' >four.csv
	is "$(rows --source B --source A --target C --target D four.csv |
		xargs)" "0,3 1,2 4,7 5,6 8,11 9,10"
}

@test "each is connected once, to one, whatever the sizes" {
	awk 'BEGIN {
		print "population,node_id,pop_name"
		for (i = 0; i < 1000; i++)
			print "in," i * 3 ",in"
		for (i = 0; i < 1000; i++)
			print "la," (i * 7) % 1000 "," i % 5
	}' >big.csv
	rows --source in --target 3 --target 0 --target 4 --target 1 \
		--target 2 big.csv >t
	is "$(cut -d, -f3 t | sort -u | wc -l)" 1000
	is "$(cut -d, -f4 t | sort -u | wc -l)" 1000
	cut -d, -f3 t | sort -cn
	rows -g population --source in --target la big.csv |
		awk -F, '$3 != 3 * $4 { exit 1 }'
}

@test "the network that is packed has one-to-one input" {
	sed '/thal/d' n.csv >la.csv
	sed '/la,/d' n.csv >thal.csv
	connect-sequential --source TH --target PV --target PN --target SOM \
		thal.csv la.csv |
		sonata-pack -n thal.csv -n la.csv --population la -o net
	conn-matrix -g pop_name --wide connections net/circuit_config.json >t
	diff t - <<-'END'
	source,la:PV,la:PN,la:SOM
	thal:TH,2,2,1
	END
}

@test "any order of the rows, threads and shards: the same bytes" {
	local n k
	awk 'BEGIN {
		print "node_id,pop_name"
		for (i = 0; i < 5000; i++)
			print i * 3 "," (i % 2 ? "a" : i % 4 ? "b" : "c")
	}' >big.csv
	set -- --source a --target c --target b
	connect-sequential "$@" big.csv >t
	(head -n 1 big.csv; tail -n +2 big.csv | sort -R) |
		connect-sequential "$@" | cmp - t
	connect-sequential "$@" <(head -n 3000 big.csv) \
		<(sed 2,3000d big.csv) | cmp - t
	connect-sequential -j 4 "$@" big.csv | cmp - t
	for n in 1 3 7; do
		head -n 1 t >merged
		for ((k = 0; k < n; k++)); do
			rows --shard $k/$n "$@" big.csv >>merged
		done
		cmp merged t
	done
	[ "$(rows --shard 0/3 "$@" big.csv | wc -l)" -lt 1000 ]
}

@test "properties and synapses" {
	is "$(connect-sequential --source PN --target PV --nsyn 5 \
		--property delay=2.0 --property syn=exc n.csv | xargs)" \
		"source_population,target_population,source_node_id,target_node_id,nsyns,delay,syn la,la,1,0,5,2.0,exc la,la,3,2,5,2.0,exc"
}

@test "unequal lengths" {
	bad "5 sources but 2 targets" --source TH --target PV n.csv
	bad "3 sources but 2 targets" -g layer --source 1 --target 2 \
		<(grep -v thal n.csv)
	bad "3 sources but 5 targets" --source PV --source SOM --target TH n.csv
}

@test "a cell is not its own target, unless it may be" {
	bad "cell 0 would be its own target" --source PV --target PV n.csv
	is "$(rows --autapses --source PV --target PV n.csv | xargs)" \
		"la,la,0,0 la,la,2,2"
	printf '%s\n' node_id 1 2 >ids.csv
	bad "cell 1 would be its own target" ids.csv
	is "$(connect-sequential --autapses ids.csv | xargs)" \
		"source_node_id,target_node_id 1,1 2,2"
}

@test "the same id in another population is another cell" {
	is "$(rows -g population --source thal --target la n.csv | head -n 1)" \
		thal,la,0,0
}

@test "the report" {
	connect-sequential --source TH --target PN --target PV --target SOM \
		--report r.csv n.csv >t
	connect-sequential --source PN --target PV --name mine --report r.csv \
		n.csv >t
	diff <(cut -d, -f1-10 r.csv) - <<-'END'
	connector,source,target,direction,kind,pairs,possible,made,requested,obtained
	TH->PN+PV+SOM,TH,PN,forward,directed,10,10,2,0.2,0.2
	TH->PN+PV+SOM,TH,PV,forward,directed,10,10,2,0.2,0.2
	TH->PN+PV+SOM,TH,SOM,forward,directed,5,5,1,0.2,0.2
	mine,PN,PV,forward,directed,4,4,2,0.5,0.5
	END
	rm r.csv
	connect-sequential --source TH --target PN --target PV --target SOM \
		--shard 0/2 --report r.csv n.csv >t
	is "$(tail -n +2 r.csv | cut -d, -f3,6,8)" PN,4,2
}

@test "a cell and itself is no pair of the report, unless it may be" {
	printf '%s\n' node_id,pop_name 0,B 1,B 2,A 3,A 4,A >ab.csv
	is "$(rows --source A --source B --report r.csv ab.csv | xargs)" \
		"0,3 1,4 2,0 3,1 4,2"
	rows --autapses --source A --source B --report r.csv ab.csv >t
	rows --shard 1/2 --target A --target B --report r.csv ab.csv >t
	diff <(tail -n +2 r.csv | cut -d, -f1-3,6-8) - <<-'END'
	A+B->all,A,all,12,12,3
	A+B->all,B,all,8,8,2
	A+B->all,A,all,15,15,3
	A+B->all,B,all,10,10,2
	all->A+B,all,A,6,6,1
	all->A+B,all,B,6,6,2
	END
}

@test "sources and targets may have some cells in common" {
	is "$(rows --source PN --source PV --target PV --target PN n.csv |
		cut -d, -f3,4 | xargs)" "0,1 1,0 2,3 3,2"
	printf '%s\n' node_id,pop_name 0,A 1,B 2,C 3,A 4,B 5,C >abc.csv
	is "$(rows --source A --source B --target B --target C abc.csv |
		xargs)" "0,1 1,2 3,4 4,5"
}

@test "no cells, no edges" {
	head -n 1 n.csv >none.csv
	is "$(connect-sequential --source TH --target PV none.csv)" \
		"source_population,target_population,source_node_id,target_node_id"
	is "$(echo node_id | connect-sequential)" source_node_id,target_node_id
}

@test "node types are groups where there are no names" {
	printf '%s\n' node_id,node_type_id 0,100 1,101 >types.csv
	is "$(rows --source 100 --target 101 types.csv)" 0,1
}

@test "tab separated, and into a file" {
	set -- --source PN --target PV n.csv
	connect-sequential -t "$@" | tr '\t' , |
		diff - <(connect-sequential "$@")
	connect-sequential -o out.csv "$@"
	connect-sequential "$@" | diff - out.csv
}

@test "bad input" {
	bad "--target: no cell is of group 'XX'" --source TH --target PV \
		--target XX n.csv
	bad "--source: no cell is of group 'XX'" --source XX --target PV n.csv
	bad "n.csv: no column 'area'" -g area --source TH --target PV n.csv
	bad "n.csv:3: the target cells are of several populations: 'la' and 'thal'" \
		--source PV n.csv
	printf '%s\n' node_id,pop_name 0,a 1,b 0,a >twice.csv
	bad "twice.csv:4: column 'node_id': there twice: '0'" --source a \
		--target b twice.csv
	printf '%s\n' node_id,pop_name -1,a >negative.csv
	bad "negative.csv:2: column 'node_id': negative: '-1'" --source a \
		negative.csv
	printf '%s\n' population,node_id ,1 >unnamed.csv
	bad "unnamed.csv:2: column 'population': a population's name cannot be empty: ''" unnamed.csv
	printf '%s\n' node_id,pop_name 9,a >lone.csv
	bad "lone.csv: no column 'population', unlike the table before" \
		--source PV --target PN n.csv lone.csv
	bad "n.csv: a column 'population', unlike the table before" \
		--source PV --target PN lone.csv n.csv
}

@test "misuse" {
	misused "--target: there twice: 'PV'" --target PV --target PV n.csv
	misused "--source: there twice: 'PV'" --source PV --source PV n.csv
	misused "--nsyn: must be in [1,inf): '0'" --nsyn 0 n.csv
	misused "--nsyn: not an integer: '1.5'" --nsyn 1.5 n.csv
	misused "--shard: must be I/N, I in [0,N): '3/3'" --shard 3/3 \
		--source PN --target PV n.csv
	misused "--jobs: must be auto or in [1,1024]: '0'" -j 0 \
		--source PN --target PV n.csv
	misused "--property: not NAME=VALUE: 'delay'" --property delay \
		--source PN --target PV n.csv
}
