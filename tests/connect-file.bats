load common.bash

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	cat >n.csv <<-'END'
	population,node_id,pop_name
	la,4,SOM
	thal,2,TH
	la,0,PV
	thal,0,TH
	la,3,PN
	la,2,PV
	la,1,PN
	END
	cat >p.csv <<-'END'
	w,target_node_id,source_node_id,"a ""b"
	1.50,3,2,"x,y"
	,0,0,
	2e0,3,0,z
	7,2,2,
	,3,0,q
	END
}

rows() { connect-file "$@" | tail -n +2; }

random() { # 500 cells, 20000 pairs of them
	awk 'BEGIN {
		print "node_id,half"
		for (i = 0; i < 500; i++)
			print i * 3 "," i % 2
	}' >n.csv
	awk "$draws"'BEGIN {
		sow(5)
		print "source_node_id,target_node_id,w,text"
		for (i = 0; i < 20000; i++)
			print int(draw() * 500) * 3 "," \
				int(draw() * 500) * 3 "," i "," \
				sprintf("%*s", draw() * 20, "") "t"
	}' >p.csv
}

@test "ids, in the order of sources and targets, with the other columns" {
	connect-file --pairs p.csv -g population --source thal --target la \
		n.csv >t
	diff t - <<-'END'
	source_population,target_population,source_node_id,target_node_id,w,"a ""b"
	thal,la,0,0,,
	thal,la,0,3,2e0,z
	thal,la,0,3,,q
	thal,la,2,2,7,
	thal,la,2,3,1.50,"x,y"
	END
}

@test "places in the groups" {
	printf '%s\n' source_node_id,target_node_id 1,0 0,1 0,0 >at.csv
	is "$(rows --relative --pairs at.csv --source TH --target PN n.csv |
		xargs)" "thal,la,0,1 thal,la,0,3 thal,la,2,1"
}

@test "populations have to be those of the cells" {
	printf '%s\n' source_population,source_node_id,target_node_id \
		thal,0,0 la,0,1 >q.csv
	is "$(rows --pairs q.csv --source TH --target PV n.csv 2>said)" \
		thal,la,0,0
	is "$(cat said)" "connect-file: q.csv: 1 of 2 rows are of no such cells, and left out; the first is line 3"
	bad "q.csv:3: column 'source_population': no such source: 'la'" \
		--strict --pairs q.csv --source TH --target PV n.csv
	bad "q.csv:3: column 'source_population': cells of this population are needed as well: give tables with a population column: 'la'" \
		--pairs q.csv <(printf '%s\n' node_id 0 1)
	printf '%s\n' target_population,source_node_id,target_node_id \
		thal,0,0 la,0,0 >q.csv
	is "$(rows --pairs q.csv --source TH --target PV n.csv 2>said)" \
		thal,la,0,0
}

@test "rows of no such cells are left out and counted, or an error" {
	run --separate-stderr connect-file --pairs p.csv --source TH \
		--target PN n.csv
	[ "$status" -eq 0 ]
	is "$stderr" "connect-file: p.csv: 2 of 5 rows are of no such cells, and left out; the first is line 3"
	is "${#lines[@]}" 4
	bad "p.csv:3: column 'target_node_id': no such target: '0'" --strict \
		--pairs p.csv --source TH --target PN n.csv
	bad "p.csv:2: column 'source_node_id': no such source: '2'" --strict \
		--pairs p.csv --source PN --target TH n.csv
	printf '%s\n' source_node_id,target_node_id 1,0 2,0 -1,0 0,2 >at.csv
	is "$(rows --relative --pairs at.csv --source TH --target PN n.csv \
		2>said)" thal,la,2,1
	grep -q ' 3 of 4 rows .* line 3$' said
	bad "at.csv:3: column 'source_node_id': no such source: '2'" \
		--relative --strict --pairs at.csv --source TH --target PN n.csv
}

@test "rows that are there twice, and cells with themselves" {
	printf '%s\n' node_id 5 6 >ids.csv
	printf '%s\n' source_node_id,target_node_id 6,6 5,6 5,6 >q.csv
	is "$(rows --pairs q.csv --report r.csv ids.csv | xargs)" "5,6 5,6 6,6"
	sed 2d q.csv | rows --pairs - --report r.csv ids.csv >t
	diff <(cut -d, -f1-10 r.csv) - <<-'END'
	connector,source,target,direction,kind,pairs,possible,made,requested,obtained
	all->all,all,all,forward,directed,4,4,2,,0.5
	all->all,all,all,forward,directed,2,2,1,,0.5
	END
}

@test "a stable sort of the rows that match, in any memory" {
	random
	connect-file --pairs p.csv n.csv >t
	(head -n 1 p.csv; tail -n +2 p.csv | sort -s -t, -k1n -k2n) | cmp - t
	connect-file -S 64K --pairs p.csv n.csv | cmp - t
	connect-file --pairs t n.csv | cmp - t
	connect-file --pairs - n.csv <p.csv | cmp - t
	run env TMPDIR=/nonexistent connect-file --pairs p.csv n.csv
	[ "$status" -eq 1 ]
	(head -n 1 n.csv; tail -n +2 n.csv | sort -R) |
		connect-file --pairs p.csv | cmp - t
}

@test "shards" {
	local n k
	random
	connect-file --pairs p.csv --report all.csv n.csv >t
	for n in 1 3 7; do
		head -n 1 t >merged
		rm -f r.csv
		for ((k = 0; k < n; k++)); do
			rows --shard $k/$n --report r.csv --pairs p.csv n.csv \
				>>merged
		done
		cmp merged t
		is "$(awk -F, 'NR > 1 { m += $8 } END { print m }' r.csv)" \
			"$(tail -n 1 all.csv | cut -d, -f8)"
	done
}

@test "rows with long fields" {
	awk 'BEGIN {
		print "source_node_id,target_node_id,text"
		for (long = "x"; length(long) < 100000;)
			long = long long
		for (i = 9; i >= 0; i--)
			print i "," i "," substr(long, 1, 30000 * (i % 4)) i
	}' >long.csv
	seq 0 9 | sed 1inode_id |
		connect-file --pairs long.csv >t
	(head -n 1 long.csv; tail -n +2 long.csv | tac) | cmp - t
}

@test "what sonata-edges writes comes back" {
	local c=$BATS_TEST_DIRNAME/data/tricky/config.json
	sonata-edges -e A_to_A "$c" >edges.csv
	sonata-nodes -p A "$c" | connect-file --strict --pairs edges.csv >t
	(head -n 1 edges.csv; tail -n +2 edges.csv | sort -s -t, -k1n -k2n) |
		diff - t
}

@test "properties" {
	printf '%s\n' source_node_id,target_node_id,delay 0,1,2 >q.csv
	set -- --pairs q.csv --source TH --target PN n.csv
	is "$(connect-file --property gain=1 "$@" | tail -n 1)" thal,la,0,1,2,1
	misused "--property: a column of the connector's own: 'delay=1'" \
		--property delay=1 "$@"
}

@test "the name in the report" {
	rows --pairs p.csv --source TH --target PV --report r.csv n.csv 2>t >t
	rows --pairs p.csv --source TH --target PV --name mine --report r.csv \
		n.csv 2>t >t
	is "$(cut -d, -f1 r.csv | xargs)" "connector TH->PV mine"
}

@test "tab separated, and into a file" {
	random
	connect-file -t --pairs p.csv n.csv | tr '\t' , |
		cmp - <(connect-file --pairs p.csv n.csv)
	connect-file -o out.csv --pairs p.csv n.csv
	connect-file --pairs p.csv n.csv | cmp - out.csv
}

@test "no rows, no cells" {
	head -n 1 p.csv | connect-file --pairs - -g population --source thal \
		--target la n.csv >t
	is "$(cat t)" 'source_population,target_population,source_node_id,target_node_id,w,"a ""b"'
	is "$(echo node_id | connect-file --pairs \
		<(echo source_node_id,target_node_id))" \
		source_node_id,target_node_id
}

@test "bad input" {
	printf '%s\n' source_node_id,target 0,1 >q.csv
	bad "q.csv: no column 'target_node_id'" --pairs q.csv --source TH n.csv \
		--target PV
	printf '%s\n' source_node_id,target_node_id,w,w 0,1,2,3 >q.csv
	bad "q.csv: column 'w' is there twice" --pairs q.csv --source TH \
		--target PV n.csv
	printf '%s\n' source_node_id,target_node_id, 0,1,2 >q.csv
	bad "q.csv: a column without a name" --pairs q.csv --source TH \
		--target PV n.csv
	printf '%s\n' source_node_id,target_node_id 0,one >q.csv
	bad "q.csv:2: column 'target_node_id': not an integer: 'one'" \
		--pairs q.csv --source TH --target PV n.csv
	bad "no-such-file: No such file or directory" --pairs no-such-file \
		--source TH --target PV n.csv
}

@test "misuse" {
	misused "--pairs is needed" n.csv
	misused "the cells and --pairs cannot both be the standard input" \
		--pairs -
	misused "the cells and --pairs cannot both be the standard input" \
		--pairs - n.csv -
	misused "--shard: must be I/N, I in [0,N): '1/1'" --shard 1/1 \
		--pairs p.csv --source TH --target PV n.csv
	misused "--memory: not a size: 'x'" -S x --pairs p.csv n.csv
}

@test "rows with columns of their own take no system call each" {
	[ "$BUILD" = build ] && strace -o /dev/null connect-file --version >out ||
		skip "no strace, or none of this build"
	{ echo node_id; seq 0 99; } >nodes.csv
	awk "$draws"'BEGIN { sow(3); print "source_node_id,target_node_id,w"
		for (i = 0; i < 5000; i++)
			printf "%d,%d,w%0*d\n", 100 * draw(), 100 * draw(), i % 2 * 30, i }' >pairs.csv
	strace -f -o calls connect-file --pairs pairs.csv nodes.csv >out
	[ "$(wc -l <calls)" -lt 1000 ]
	diff <(sed 1d pairs.csv | sort -s -t, -k1,1n -k2,2n) <(sed 1d out)
}
