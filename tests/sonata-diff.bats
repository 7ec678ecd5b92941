# Networks that differ in one thing each; what is only stored otherwise is the
# same.
# shellcheck disable=SC2016 # operators of node sets
load common.bash

header=what,population,attribute,place,a,b,count

net() { # lines of make-odd, and those of nodes A and edges e
	cat
	cat <<-'END'
	/nodes/A/node_type_id u4 100 100 101
	/nodes/A/node_id u8 0 1 2
	/nodes/A/0/x f8 0 0.5 7
	/edges/e/source_node_id@node_population s A
	/edges/e/target_node_id@node_population s A
	END
}

edges() { # of e: sources, targets, types, delays, weights
	cat <<-END
	/edges/e/source_node_id u8 $1
	/edges/e/target_node_id u8 $2
	/edges/e/edge_type_id u4 $3
	/edges/e/0/delay f8 $4
	/edges/e/0/w f8 $5
	END
}

usual() { edges '0 1 1 2 0' '1 2 2 0 0' '1 1 2 2 1' '1 2 2 0.5 3' '5 6 7 nan 9'; }

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	usual | net | make-odd a.h5
	printf 'edge_type_id delay model\n1 NULL exc\n2 NULL inh\n' >types.csv
}

same() { # two files, or options
	run --separate-stderr sonata-diff "$@"
	is "$output" '' && is "$stderr" '' && [ "$status" -eq 0 ]
}

differs() { # the rows after the header, arguments
	run --separate-stderr sonata-diff "${@:2}"
	is "$output" "$header
$1" && is "$stderr" '' && [ "$status" -eq 1 ]
}

trouble() { # the one line said, arguments
	run --separate-stderr sonata-diff "${@:2}"
	told "$stderr" "sonata-diff: $1" && is "$output" '' && [ "$status" -eq 2 ]
}

@test "what is stored otherwise is the same" {
	same a.h5 a.h5
	# other widths, chunks, reals; another order; names of types and indices
	net <<-'END' | make-odd b.h5
	/.@magic u4 2682
	/edges/e/source_node_id i4z 2 1 0 0 1
	/edges/e/target_node_id u2d 0 2 0 1 2
	/edges/e/edge_type_id i8c 2 1 1 1 2
	/edges/e/0/delay f4z 0.5 2 3 1 2
	/edges/e/0/w f4b nan 6 9 5 7
	/edges/e/indices/source_to_target/node_id_to_ranges i8:2 0 1
	END
	same a.h5 b.h5
	# groups that alternate, and what they lack in the type
	net <<-'END' | make-odd b.h5
	/edges/e/source_node_id u8 0 1 1 2 0
	/edges/e/target_node_id u8 1 2 2 0 0
	/edges/e/edge_type_id u4 7 8 9 9 7
	/edges/e/edge_group_id u4 0 1 0 1 1
	/edges/e/edge_group_index u8 0 0 1 1 2
	/edges/e/0/w u1 5 7
	/edges/e/1/delay f8 2 0.5 3
	/edges/e/1/w f8 6 nan 9
	END
	printf '"edge_type_id","model","delay"\n7,exc,1.0\n8,exc,\n9,"inh",2\n' >b.csv
	same --types types.csv --types b.csv a.h5 b.h5
	# 0.1 in four bytes is not in eight, but the same number
	for width in 4 8; do
		usual | sed "/delay/s/f8.*/f$width 1 0.1 1e-3 0.5 3/" | net | make-odd w$width.h5
	done
	same w4.h5 w8.h5
	same w8.h5 w4.h5
	usual | sed "/delay/s/f8.*/f8 1 0.1000001 1e-3 0.5 3/" | net | make-odd w9.h5
	run -1 sonata-diff w4.h5 w9.h5
	is "${lines[2]}" 'edge-value,e,delay,1->2,0.10000000149011612,0.10000009834766388,1'
	usual | sed "/delay/s/f8.*/f8 1 0.1000000001 1e-3 0.5 3/" | net | make-odd w9.h5
	run -1 sonata-diff w8.h5 w9.h5
	# texts and an enumeration
	{ usual; echo '/edges/e/0/name s p q p q r'; } | net | make-odd c.h5
	{ usual; echo '/edges/e/0/name u1 2 1 2 1 0'; echo '/edges/e/0/@library/name s r q p'; } |
		net | make-odd d.h5
	same c.h5 d.h5
}

@test "a synapse without a number is one, and chemical" {
	{ usual; printf '/edges/e/0/%s\n' 'nsyns u1 1 1 1 1 1' 'is_gap_junction bool 0 0 0 0 0'; } | net | make-odd b.h5
	same a.h5 b.h5
	{ usual; printf '/edges/e/0/%s\n' 'nsyns u1 1 1 1 1 2'; } | net | make-odd b.h5
	differs 'edge-attribute,e,nsyns,,,1,' a.h5 b.h5
}

@test "one thing differs" {
	sed 's/node_id u8 0 1 2$/node_id u8 0 1 3/' <(usual | net) | make-odd b.h5
	differs 'node-removed,A,,,,,1
node-removed,A,,2,node_type_id=101 x=7,,1
node-added,A,,,,,1
node-added,A,,3,,node_type_id=101 x=7,1' a.h5 b.h5
	sed 's/x f8 0 0.5 7/x f8 0 0.25 8.5/' <(usual | net) | make-odd b.h5
	differs 'node-value,A,x,,,,2
node-value,A,x,1,0.5,0.25,1
node-value,A,x,2,7,8.5,1
node-mean,A,x,,2.5,2.9166666666666665,
node-maximum,A,x,,7,8.5,' a.h5 b.h5
	# one of two edges between the same nodes, and another order
	edges '2 1 1 0 0' '0 2 2 1 0' '2 2 1 1 1' '0.5 2 2.5 1 3' 'nan 7 6 5 9' | net | make-odd b.h5
	differs 'edge-value,e,delay,,,,1
edge-value,e,delay,1->2,2,2.5,1
edge-mean,e,delay,,1.7,1.8,' a.h5 b.h5
	edges '0 1 1 2' '1 2 2 0' '1 1 2 2' '1 2 2 0.5' '5 6 7 nan' | net | make-odd b.h5
	differs 'edge-count,e,,,5,4,
edge-removed,e,,,,,1
edge-removed,e,,0->0,edge_type_id=1 delay=3 w=9,,1
edge-mean,e,edge_type_id,,1.4,1.5,
edge-mean,e,delay,,1.7,1.375,
edge-maximum,e,delay,,3,2,
edge-mean,e,w,,6.75,6,
edge-maximum,e,w,,9,7,' a.h5 b.h5
	# the same edge several times is told once, with their number
	edges '0 1 1 2 0 0 0' '1 2 2 0 0 0 0' '1 1 2 2 1 1 1' '1 2 2 0.5 3 3 3' '5 6 7 nan 9 9 9' |
		net | make-odd b.h5
	run -1 sonata-diff a.h5 b.h5
	is "${lines[3]}" 'edge-added,e,,0->0,,edge_type_id=1 delay=3 w=9,2'
	# a missing value and one that is there; attributes; ends; populations
	edges '0 1 1 2 0' '1 2 2 0 0' '1 1 2 2 1' '1 2 2 0.5 3' '5 6 7 8 9' | net | make-odd b.h5
	run -1 sonata-diff a.h5 b.h5
	is "${lines[2]}" 'edge-value,e,w,2->0,,8,1'
	usual | grep -v /w | net | make-odd b.h5
	differs 'edge-attribute,e,w,,4,,' a.h5 b.h5
	usual | net | sed '/target.*@/s/A$/B/' | make-odd b.h5
	differs 'edge-ends,e,target_population,,A,B,' a.h5 b.h5
	usual | net | sed 's,nodes/A,nodes/B,' | make-odd b.h5
	differs 'node-population,A,,,A,B,' a.h5 b.h5
	# edges between the same nodes are found by them
	{ usual; usual | sed 's,/e/,/f/,'; printf '/edges/f/%s_node_id@node_population s A\n' source target; } |
		net | make-odd b.h5
	differs 'edge-population,f,,,,f,' a.h5 b.h5
	usual | net | sed 's,edges/e,edges/g,' | make-odd c.h5
	differs 'edge-population,e,,,e,g,' a.h5 c.h5
}

@test "texts that are numbers, and those that are not" {
	{ usual; echo '/edges/e/0/name s 007 1.50 x true 1e3'; } | net | make-odd b.h5
	{ usual; echo '/edges/e/0/name s 7 1.5 x TRUE 1000'; } | net | make-odd c.h5
	run -1 sonata-diff b.h5 c.h5
	is "$(printf '%s\n' "${lines[@]}" | grep '>')" 'edge-value,e,name,0->1,007,7,1
edge-value,e,name,2->0,true,TRUE,1'
	# integers that no double has
	{ usual; echo '/edges/e/0/id i8 9007199254740993 1 2 3 4'; } | net | make-odd b.h5
	{ usual; echo '/edges/e/0/id i8 9007199254740992 1 2 3 4'; } | net | make-odd c.h5
	run -1 sonata-diff b.h5 c.h5
	is "${lines[2]}" 'edge-value,e,id,0->1,9007199254740993,9007199254740992,1'
}

@test "ids of types, and what they stand for" {
	sed 's/edge_type_id u4 1 1 2 2 1/edge_type_id u4 3 3 4 4 3/' <(usual | net) | make-odd b.h5
	printf 'edge_type_id delay model\n4 NULL inh\n3 NULL exc\n' >b.csv
	same --types types.csv --types b.csv a.h5 b.h5
	run -1 sonata-diff --max-rows 1 --type-ids --types types.csv --types b.csv a.h5 b.h5
	is "${lines[2]}" 'edge-value,e,edge_type_id,0->0,1,3,1'
	# without types there is nothing else
	run -1 sonata-diff --max-rows 1 a.h5 b.h5
	is "${lines[2]}" 'edge-value,e,edge_type_id,0->0,1,3,1'
	# one file is of both; and those of nodes are others
	run -1 --separate-stderr sonata-diff --max-rows 0 --types types.csv a.h5 b.h5
	is "${lines[*]}" "$header edge-value,e,model,,,,5"
	is "$stderr" 'sonata-diff: types.csv: no type 3, which b.h5 has'
	printf 'node_type_id size\n100 1\n101 2\n' >n.csv
	printf 'node_type_id size\n100 1\n101 3\n' >m.csv
	differs 'node-value,A,size,,,,1
node-value,A,size,2,2,3,1
node-mean,A,size,,1.3333333333333333,1.6666666666666667,
node-maximum,A,size,,2,3,' --types n.csv --types types.csv --types m.csv --types b.csv a.h5 b.h5
	# one with the usual name is found
	cp a.h5 p_edges.h5
	cp b.h5 q_edges.h5
	cp types.csv p_edge_types.csv
	cp b.csv q_edge_types.csv
	same p_edges.h5 q_edges.h5
	sed -i 's/inh/gap/' q_edge_types.csv
	differs 'edge-value,e,model,,,,2
edge-value,e,model,1->2,inh,gap,1
edge-value,e,model,2->0,inh,gap,1' p_edges.h5 q_edges.h5
}

@test "what is tolerated, and what is left out" {
	edges '0 1 1 2 0' '1 2 2 0 0' '1 1 2 2 1' '1 2 2.001 0.5 3' '5 6 7 nan 9.09' | net | make-odd b.h5
	run -1 sonata-diff a.h5 b.h5
	is "$(cut -d, -f1-4 <<<"$output" | grep '>')" 'edge-value,e,w,0->0
edge-value,e,delay,1->2'
	same --tolerance 0.1 a.h5 b.h5
	same --relative-tolerance 0.01 a.h5 b.h5
	run -1 sonata-diff --tolerance 0.01 a.h5 b.h5
	is "$(cut -d, -f1-4 <<<"$output" | grep '>')" 'edge-value,e,w,0->0'
	run -1 sonata-diff --relative-tolerance 0.001 a.h5 b.h5
	is "$(cut -d, -f1-4 <<<"$output" | grep '>')" 'edge-value,e,w,0->0'
	same --ignore w --ignore delay a.h5 b.h5
	run -1 sonata-diff --ignore w a.h5 b.h5
	is "$(cut -d, -f1-4 <<<"$output" | grep '>')" 'edge-value,e,delay,1->2'
	# rows between the same nodes find each other whatever their order
	edges '1 1 1' '2 2 2' '1 1 1' '1 1.09 5' '3 2 1' | net | make-odd b.h5
	edges '1 1 1' '2 2 2' '1 1 1' '5.05 1.05 1.04' '1 3 2' | net | make-odd c.h5
	same --tolerance 0.1 b.h5 c.h5
	trouble "--ignore: no attribute 'ww' in a.h5 or b.h5" --ignore ww --ignore w a.h5 b.h5
}

@test "the order of rows" {
	edges '1 0 1 2 0' '2 1 2 0 0' '1 1 2 2 1' '2 1 2 0.5 3' '6 5 7 nan 9' | net | make-odd b.h5
	same a.h5 b.h5
	differs 'edge-ids,e,,,,,2
edge-ids,e,,row 0,0->1,1->2,1
edge-ids,e,,row 1,1->2,0->1,1
edge-value,e,delay,,,,2
edge-value,e,delay,row 0,1,2,1
edge-value,e,delay,row 1,2,1,1
edge-value,e,w,,,,2
edge-value,e,w,row 0,5,6,1
edge-value,e,w,row 1,6,5,1' --order a.h5 b.h5
	same --order a.h5 a.h5
	edges '0 1 1 2' '1 2 2 0' '1 1 2 2' '1 2 2 0.5' '5 6 7 nan' | net | make-odd b.h5
	run -1 sonata-diff --order a.h5 b.h5
	is "${lines[3]}" 'edge-removed,e,,0->0,edge_type_id=1 delay=3 w=9,,1'
}

@test "how much is shown, and where" {
	edges '0 1 1 2 0' '1 2 2 0 0' '1 1 2 2 1' '2 3 4 5 6' '5 6 7 nan 9' | net | make-odd b.h5
	run -1 sonata-diff --max-rows 2 a.h5 b.h5
	is "$output" "$header
edge-value,e,delay,,,,5
edge-value,e,delay,0->0,3,6,1
edge-value,e,delay,0->1,1,2,1
edge-minimum,e,delay,,0.5,2,
edge-mean,e,delay,,1.7,4,
edge-maximum,e,delay,,3,6,"
	said=$output
	run -1 sonata-diff -t --max-rows 0 a.h5 b.h5
	is "${lines[1]}" $'edge-value\te\tdelay\t\t\t\t5'
	run -1 sonata-diff --max-rows 2 -o out.csv a.h5 b.h5
	is "$output" ''
	is "$(cat out.csv)" "$said"
	run -1 --separate-stderr sonata-diff -q a.h5 b.h5
	is "$output$stderr" ''
	run -1 sonata-diff -q --tolerance 0.1 a.h5 b.h5
	run -1 sonata-diff -q --order a.h5 b.h5
	same -q a.h5 a.h5
	same -q --tolerance 5 a.h5 b.h5
}

@test "more rows than fit in memory, as counting finds them" {
	python <<-'END'
	import collections, h5py, numpy as np
	rng = np.random.default_rng(7)
	n = 20000
	def write(name, rows, kind):
	    with h5py.File(name, "w") as f:
	        for i, what in enumerate(("source_node_id", "target_node_id")):
	            d = f.create_dataset("edges/e/" + what, data=rows[i].astype(kind))
	            d.attrs["node_population"] = "A"
	        f["edges/e/edge_type_id"] = np.zeros(len(rows[0]), "u4")
	        f["edges/e/0/w"] = rows[2]
	a = [rng.integers(0, 60, n), rng.integers(0, 60, n), rng.integers(0, 9, n) / 4]
	p = rng.permutation(n)
	b = [v[p].copy() for v in a]
	for k, rows in enumerate(b):
	    rows[rng.integers(0, n, 50)] = 3
	b = [v[:-7] for v in b]
	write("big.h5", a, "u8")
	write("b.h5", b, "i2")
	one, two = (collections.Counter(zip(*(v.tolist() for v in x))) for x in (a, b))
	left = [collections.Counter(), collections.Counter()]
	for k, rows in enumerate((one - two, two - one)):
	    for (s, t, w), c in rows.items():
	        left[k][s, t] += c
	changed = sum((left[0] & left[1]).values())
	with open("counted", "w") as f:
	    print(changed, sum((left[0] - left[1]).values()),
	          sum((left[1] - left[0]).values()), file=f)
	END
	counts() {
		run -1 sonata-diff --max-rows 0 "$@" big.h5 b.h5
		awk -F, '{ n[$1] = $7 } END { print n["edge-value"], n["edge-removed"], n["edge-added"] }' \
			<<<"$output"
	}
	is "$(counts)" "$(cat counted)"
	is "$(counts -S 64K)" "$(cat counted)"
	# where they do not fit, they go to a file
	TMPDIR=/nonexistent run -2 sonata-diff -S 64K big.h5 b.h5
	TMPDIR=/nonexistent run -1 sonata-diff big.h5 b.h5
}

@test "packed again it is the same" {
	cp -r "$data/tricky" .
	tricky=tricky/config.json
	sonata-nodes --all $tricky >n.csv
	sonata-edges --all --attributes $tricky >e.csv
	sonata-pack -n n.csv -o net e.csv
	cd tricky
	run -1 sonata-diff config.json ../net/circuit_config.json
	is "$(cut -d, -f1 <<<"$output" | sort -u)" "setting
what"
	sonata-fix -o fixed.h5 network/A_A_edges.h5 >/dev/null
	# the types beside one file are those of the other one too
	run -0 --separate-stderr sonata-diff network/A_A_edges.h5 fixed.h5
	is "$output" ''
	is "$stderr" 'sonata-diff: fixed.h5: no types beside it: taken from network/A_A_edge_types.csv'
}

@test "spikes" {
	printf '%s\n' '/spikes/A/node_ids u8 0 1 2 2' '/spikes/A/timestamps f8 1.5 1.5 2 2' \
		'/spikes/B/node_ids u4 0' '/spikes/B/timestamps f8 9' '/spikes/C/' | make-odd s.h5
	printf 'timestamps population node_ids\n2 A 2\n9 B 0\n1.5 A 1\n2 A 2\n1.5 A 0\n' >s.csv
	same s.h5 s.csv
	same --order s.h5 s.h5
	run -1 sonata-diff --order --max-rows 1 s.h5 s.csv
	is "${lines[2]}" 'spike-value,A,,row 0,0 1.5,2 2,1'
	printf 'timestamps population node_ids\n2 A 2\n9 B 0\n1.5 A 1\n2.25 A 2\n1.5 A 4\n1 A 4\n' >t.csv
	differs 'spike-count,A,,,4,5,
spike-removed,A,,,,,2
spike-removed,A,,0,1.5,,1
spike-removed,A,,2,2,,1
spike-added,A,,,,,3
spike-added,A,,2,,2.25,1
spike-added,A,,4,,1,1
spike-added,A,,4,,1.5,1' s.h5 t.csv
	differs 'spike-count,A,,,4,5,
spike-removed,A,,,,,1
spike-removed,A,,0,1.5,,1
spike-added,A,,,,,2
spike-added,A,,4,,1,1
spike-added,A,,4,,1.5,1' --tolerance 0.3 s.h5 t.csv
	run -1 sonata-diff -q s.h5 t.csv
	# spikes of no population are of the only one there is
	printf 'timestamps node_ids\n2 2\n1.5 1\n' >u.csv
	printf 'timestamps population node_ids\n1.5 A 1\n2 A 2\n' >v.csv
	same u.csv v.csv
	grep -v B s.csv >w.csv
	differs 'spike-count,B,,,1,0,
spike-removed,B,,,,,1
spike-removed,B,,0,9,,1' s.h5 w.csv
	# seconds are milliseconds
	printf '%s\n' '/spikes/A/node_ids u8 1 2' '/spikes/A/timestamps f8 0.0015 0.002' \
		'/spikes/A/timestamps@units s s' | make-odd x.h5
	same x.h5 v.csv
}

report() { # name of the file, ids, pointers, elements, time, data of rows
	printf '%s\n' "/report/A/data f4:3 $6" '/report/A/data@units s mV' \
		"/report/A/mapping/node_ids u8 $2" "/report/A/mapping/index_pointer u8 $3" \
		"/report/A/mapping/element_ids u4 $4" "/report/A/mapping/time f8 $5" | make-odd "$1"
}

@test "reports" {
	report r.h5 '1 4' '0 1 3' '0 0 1' '0 1 0.5' '1 2 3 4 5 6'
	report s.h5 '4 1' '0 2 3' '1 0 0' '0 1 0.5' '3 2 1 6 5 4'
	same r.h5 s.h5
	run -1 sonata-diff --order --max-rows 0 r.h5 s.h5
	report s.h5 '1 4' '0 1 3' '0 0 1' '0 1 0.5' '1 2.25 3 4 5.5 6'
	differs 'report-value,A,,,,,2
report-value,A,,4.0 at 0 ms,2,2.25,1
report-value,A,,4.0 at 0.5 ms,5,5.5,1
report-greatest,A,,4.0 at 0.5 ms,5,5.5,' r.h5 s.h5
	same --tolerance 0.5 r.h5 s.h5
	same --relative-tolerance 0.2 r.h5 s.h5
	differs 'report-value,A,,,,,2
report-value,A,,4.0 at 0 ms,2,2.25,1
report-greatest,A,,4.0 at 0.5 ms,5,5.5,' --max-rows 1 r.h5 s.h5
	report s.h5 '1 5' '0 1 3' '0 0 1' '1 2 0.25' '1 2 3 4 5 6 7 8 9'
	differs 'frame-count,A,,,2,3,
report-start,A,,,0,1,
report-step,A,,,0.5,0.25,
element-removed,A,,,,,2
element-removed,A,,4.0,4.0,,1
element-removed,A,,4.1,4.1,,1
element-added,A,,,,,2
element-added,A,,5.0,,5.0,1
element-added,A,,5.1,,5.1,1' r.h5 s.h5
	report s.h5 '1 4' '0 1 3' '0 0 1' '0 1 0.5' '1 2 3 4 5 6'
	h5repack s.h5 t.h5
	same s.h5 t.h5
	printf '%s\n' '/report/A/data f4:3 1 2 3 4 5 6' '/report/A/data@units s V' \
		'/report/A/mapping/node_ids u8 1 4' '/report/A/mapping/index_pointer u8 0 1 3' \
		'/report/A/mapping/element_ids u4 0 0 1' '/report/A/mapping/time f8 0 1 0.5' \
		'/report/A/mapping/element_pos f8 0.5 0.5 0.5' '/report/B/' | make-odd u.h5
	differs 'report-units,A,,,mV,V,
element-position,A,,,,,3
element-position,A,,1.0,,0.5,1
element-position,A,,4.0,,0.5,1
element-position,A,,4.1,,0.5,1
report-population,B,,,,B,' r.h5 u.h5
}

@test "files of types" {
	printf '"edge_type_id","model","delay"\n2,"inh",\n1,exc,NULL\n' >b.csv
	same types.csv b.csv
	printf 'edge_type_id model delay x\n1 exc 2.0 1\n3 gap 1 NULL\n' >c.csv
	differs 'type-value,,delay,,,,1
type-value,,delay,1,,2,1
type-value,,x,,,,1
type-value,,x,1,,1,1
type-removed,,,,,,1
type-removed,,,2,model=inh,,1
type-added,,,,,,1
type-added,,,3,,delay=1 model=gap,1' types.csv c.csv
	printf 'edge_type_id model delay\n1 exc 2\n2 inh 2.5\n' >b.csv
	printf 'edge_type_id model delay\n1 exc 2.0\n2 inh 2.45\n' >c.csv
	same --tolerance 0.06 b.csv c.csv
	same --ignore delay b.csv c.csv
	printf 'node_type_id model\n1 exc\n' >n.csv
	printf 'node_type_id model\n1 inh\n' >m.csv
	differs 'type-value,,model,,,,1
type-value,,model,1,exc,inh,1' n.csv m.csv
}

@test "node sets" {
	echo '{"a": {"node_id": [3, 1, 2]}, "b": ["a", "c"], "c": {"x": "v", "y": 2}, "run": {"z": 1}}' >a.json
	echo '{"c": {"y": [2.0], "x": ["v"]}, "b": ["c", "a"], "a": {"node_id": [1, 2, 3]}, "run": {"z": 1}}' >b.json
	same a.json b.json
	echo '{"c": {"y": {"$gt": 2}, "x": "v"}, "b": ["c"], "a": {"node_id": [1, 2, 3], "w": "é"}}' >c.json
	differs 'node-set,,,,,,4
node-set,,,a.w,,"""é""",1
node-set,,,b,"[""a"",""c""]","""c""",1
node-set,,,c.y,2,"{""$gt"":2}",1
node-set,,,run,"{""z"":1}",,1' a.json c.json
	echo '{"c": {"y": {"$gt": 2.5}}}' >d.json
	echo '{"c": {"y": {"$gt": 2}}}' >e.json
	same --tolerance 0.5 d.json e.json
}

config() { # folder: a network, its inputs and outputs
	mkdir -p "$1/output"
	usual | net | make-odd "$1/net.h5"
	cp types.csv "$1"
	echo '{"a": {"node_id": [1, 2]}}' >"$1/sets.json"
	printf 'timestamps node_ids\n2 2\n1.5 1\n' >"$1/in.csv"
	echo 'v' >"$1/clamp.txt"
	printf 'timestamps population node_ids\n1.5 A 1\n2 A 2\n' >"$1/output/spikes.csv"
	report "$1/output/v.h5" '1 4' '0 1 3' '0 0 1' '0 1 0.5' '1 2 3 4 5 6'
	cat >"$1/c.json" <<-'END'
	{"networks": {"nodes": [{"nodes_file": "net.h5"}],
	  "edges": [{"edges_file": "net.h5", "edge_types_file": "types.csv"}]},
	 "node_sets_file": "sets.json",
	 "target_simulator": "NEURON", "run": {"tstop": 100, "dt": 0.1}, "conditions": {"celsius": 34},
	 "inputs": {"in": {"input_type": "spikes", "module": "csv", "input_file": "in.csv", "node_set": "a"},
	  "clamp": {"input_type": "current_clamp", "module": "FileIClamp", "file": "clamp.txt", "node_set": "a"},
	  "off": {"input_type": "spikes", "module": "csv", "input_file": "none.csv", "enabled": false}},
	 "output": {"output_dir": "output", "spikes_file": "spikes.csv"},
	 "reports": {"v": {"cells": "a", "variable_name": "v", "module": "membrane_report"}}}
	END
}

@test "configs, and all that they name" {
	config one
	config two
	same one/c.json two/c.json
	# another name and order, and what is off, are the same
	mv two/net.h5 two/other.h5
	sed -i 's/net.h5/other.h5/; s/none.csv/other.csv/' two/c.json
	same one/c.json two/c.json
	sed -i 's/100/200/; s/NEURON/NEST/; s/34/35.5/; s/"module": "csv", "input_file": "in/"module": "h5", "input_file": "in/' two/c.json
	echo '{"a": {"node_id": [1, 2, 3]}}' >two/sets.json
	printf 'timestamps node_ids\n2 2\n1.5 7\n' >two/in.csv
	echo 'w' >two/clamp.txt
	printf 'timestamps population node_ids\n1.5 A 1\n3 A 2\n' >two/output/spikes.csv
	report two/output/v.h5 '1 4' '0 1 3' '0 0 1' '0 1 0.5' '1 2 3 4 5 8'
	edges '0 1 1 2 0' '1 2 2 0 0' '1 1 2 2 1' '1 2 2 0.5 4' '5 6 7 nan 9' | net | make-odd two/other.h5
	differs 'edge-value,e,delay,,,,1
edge-value,e,delay,0->0,3,4,1
edge-mean,e,delay,,1.7,1.9,
edge-maximum,e,delay,,3,4,
node-set,,,,,,1
node-set,,,a.node_id,"[1,2]","[1,2,3]",1
setting,,,,,,4
setting,,,target_simulator,"""NEURON""","""NEST""",1
setting,,,run.tstop,100,200,1
setting,,,conditions.celsius,34,35.5,1
setting,,,inputs.in.module,"""csv""","""h5""",1
spike-removed,,inputs.in,,,,1
spike-removed,,inputs.in,1,1.5,,1
spike-added,,inputs.in,,,,1
spike-added,,inputs.in,7,,1.5,1
file,,,,,,1
file,,,inputs.clamp,one/clamp.txt,two/clamp.txt,1
spike-removed,A,output,,,,1
spike-removed,A,output,2,2,,1
spike-added,A,output,,,,1
spike-added,A,output,2,,3,1
report-value,A,reports.v,,,,1
report-value,A,reports.v,4.1 at 0.5 ms,6,8,1
report-greatest,A,reports.v,4.1 at 0.5 ms,6,8,' one/c.json two/c.json
	same --tolerance 200 one/c.json one/c.json
	# what only one has
	config two
	rm two/output/spikes.csv
	sed -i 's/"v": {"cells"/"w": {"cells"/; s/"clamp":/"zap":/' two/c.json
	mv two/output/v.h5 two/output/w.h5
	run -1 sonata-diff one/c.json two/c.json
	is "$(cut -d, -f1,4 <<<"$output" | tail -n +2)" 'setting,
setting,inputs.clamp
setting,inputs.zap
setting,reports.v
setting,reports.w
file,
file,output
file,reports.v
file,reports.w'
	# gap junctions and populations are matched by name
	sed 's/edges\/e/edges\/f/' <(usual | net) | make-odd two/net.h5
	run -1 sonata-diff one/c.json two/c.json
	is "${lines[1]}" 'edge-population,e,,,e,f,'
}

@test "trouble" {
	misused 'missing operand' a.h5
	trouble 'none.h5: No such file or directory' a.h5 none.h5
	trouble 'none.h5: No such file or directory' none.h5 a.h5
	trouble '.: Is a directory' a.h5 .
	echo hello >hello
	trouble 'hello: not a file of SONATA: neither HDF5, JSON, types nor spikes' hello a.h5
	trouble 'a.h5 is nodes or edges and types.csv is edge types: not two of a kind' a.h5 types.csv
	printf '/x u1 1\n' | make-odd x.h5
	trouble 'x.h5: neither nodes, edges, spikes nor a report in it' a.h5 x.h5
	usual | net | grep nodes | make-odd n.h5
	usual | net | grep edges | make-odd e.h5
	trouble 'n.h5 has nodes and e.h5 has edges: not two of a kind' n.h5 e.h5
	head -c 3000 a.h5 >cut.h5
	trouble 'cut.h5: not a whole HDF5 file: cut short, or damaged' a.h5 cut.h5
	trouble 'cut.h5: not a whole HDF5 file: cut short, or damaged' -o out cut.h5 a.h5
	[ ! -e out ]
	echo '{"a": ' >a.json
	run -2 --separate-stderr sonata-diff a.json a.json
	[[ $stderr == 'sonata-diff: a.json:'* ]]
	{ usual; echo '/edges/e/edge_group_index u4 9 9 9 9 9'; } | net | make-odd b.h5
	trouble "b.h5: /edges/e/edge_group_index: row 0: past the end of /edges/e/0/delay, which has 5 rows: '9'" a.h5 b.h5
	misused '--types is for an HDF5 file: a config names its own' --types t "$data/config.json" "$data/config.json"
	misused '--types is for HDF5 files of nodes and edges' --types t types.csv types.csv
	trouble '--types: a.h5 is nodes or edges, not types' --types a.h5 a.h5 a.h5
	misused '--types: more than two files of edge types' --types types.csv --types types.csv --types types.csv a.h5 a.h5
	misused '--type-ids is for nodes and edges' --type-ids types.csv types.csv
	misused '--order is for nodes, edges, spikes and reports' --order types.csv types.csv
	printf 'timestamps node_ids\n2 2\n' >s.csv
	misused '--ignore is for nodes, edges and their types' --ignore x s.csv s.csv
	misused '--quiet and --max-rows exclude each other' -q --max-rows 1 a.h5 a.h5
	misused '--quiet and --output exclude each other' -q -o x a.h5 a.h5
	misused '--quiet and --tsv exclude each other' -q -t a.h5 a.h5
}
