# Counts are held against those of other programs: numbers that came with the
# reference data, and what h5py and Python's sets make of the same files.
# shellcheck disable=SC2016 # variables of configs are meant to stay
load common.bash

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	tricky=$BATS_TEST_DIRNAME/data/tricky
}

edges_header=population,source_population,target_population,rows,connected_pairs
edges_header+=,autapse_rows,autapse_cells,synapses,gap_rows,sorted_by,indices
edges_header+=,bytes,compression
inputs_header=input,input_type,module,node_set,file,spikes,cells,amp_nA
inputs_header+=,delay_ms,duration_ms,problem

python() { # run a script, with what fixtures need
	has_h5py || skip "no h5py for /usr/bin/python3"
	cat - <(printf '\n') >script.py
	PYTHONPATH=. /usr/bin/python3 script.py
}

fixtures() { # a module to write populations with
	cat >fixtures.py <<-'EOF'
	import h5py, numpy as np
	def nodes(name, path="nodes.h5", n=None, mode="a", **columns):
	    with h5py.File(path, mode) as f:
	        g = f.require_group("nodes/" + name)
	        for k, v in columns.items():
	            g[k] = v
	def edges(name, source, target, path="edges.h5", ends=("A", "A"),
	          groups={}, packing={}, dtype="u8", **columns):
	    with h5py.File(path, "a") as f:
	        g = f.require_group("edges/" + name)
	        ids = (("source_node_id", source), ("target_node_id", target))
	        for (k, v), end in zip(ids, ends or (None, None)):
	            d = g.create_dataset(k, data=np.array(v, dtype), **packing)
	            if end is not None:
	                d.attrs["node_population"] = end
	        for k, v in columns.items():
	            g[k] = v
	        for k, v in groups.items():
	            g[k] = v
	EOF
}

line() { # of --edges for one population, some fields of it
	sonata-info --edges "$1" | awk -F'\t' 1 | sed 's/"target,source"/target;source/
		s/"source,target"/source;target/' | awk -F, -v p="$2" -v k="$3" '
		$1 == p { n = split(k, at, ",")
			for (i = 1; i <= n; i++)
				printf "%s%s", $at[i], i < n ? "," : "\n" }'
}

@test "nodes: a row for each type" {
	run -0 sonata-info "$tricky/config.json"
	[ "$output" = "population,node_type_id,count,pop_name,model_type,model_template,morphology
A,100,5,X,biophysical,hoc:CellX,blank.swc
A,101,4,Y,biophysical,hoc:CellY,blank.swc
A,102,1,Z,biophysical,hoc:CellZ,
V,100,5,inp,virtual,," ]
}

@test "node sets that are not there do not matter" {
	sed "s:\./network:$tricky/network:; s:^{:&\"node_sets_file\"\: \"none.json\",:" \
		"$tricky/config.json" >c.json
	grep none.json c.json
	sonata-info c.json | cmp - <(sonata-info "$tricky/config.json")
	run -1 sonata-nodes --node-set x -p A c.json
	[ "$output" = "sonata-nodes: none.json: No such file or directory" ]
}

@test "nodes: the counts that BMTool prints" {
	for net in la example300; do
		golden=$reference/golden/$net
		need "golden/$net"
		awk '/^[^ ].*:$/ { p = $1; sub(":", "", p) }
			/^[0-9]/ { print p "," $2 "," $NF "," $3 }' \
			"$golden"/bmtool-0.5.9.5/plot_basic_cell_info.stdout.txt >theirs
		[ -s theirs ]
		# they leave out populations that no edges lead to
		sonata-info "$golden/config.json" | awk -F, -v OFS=, '
			NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i }
			NR > 1 { print $1, $2, $3, $at["pop_name"] }' >ours
		run -1 grep -Fxvf ours theirs
	done
}

# Every number the reference data has for what this tool counts.
oracle() { # a set: file, object, population, key, value
	awk -F'\t' '($2 == "nodes" || $2 == "edges") &&
		$4 ~ /^(count|count\[(node|edge)_type_id=.*|source_population|target_population|unique_pairs|autapses|sorted_by_target)$/' \
		"$1/ORACLE.tsv" | awk -F'\t' '
		# a population that has no name on it: autapses cannot be told
		$4 == "source_population" && $5 == "None" { nameless[$1 $3] = 1 }
		{ line[NR] = $0; at[NR] = $1 $3; key[NR] = $4 }
		END { for (i = 1; i <= NR; i++)
			if (!(nameless[at[i]] && key[i] ~ /population$|autapses/))
				print line[i] }'
}

count_types() { # file, option, prefix
	sonata-info -t "$1" "${@:3}" | awk -F'\t' -v OFS='\t' -v p="$2" '
		NR == 1 { id = $2 }
		NR > 1 && $3 > 0 { n += $3 }
		NR > 1 && $3 > 0 && $2 != "" { print p, "count[" id "=" $2 "]", $3 }
		END { print p, "count", n + 0 }'
}

count_edges() {
	sonata-info -t --edges "$1" -e "$3" | awk -F'\t' -v OFS='\t' -v p="$2" '
		NR > 1 {
			if ($2 != "") {
				print p, "source_population", $2
				print p, "target_population", $3
			}
			print p, "unique_pairs", $5
			if ($2 != "" && $2 == $3)
				print p, "autapses", $6
			print p, "sorted_by_target", $10 ~ /^"?target/ ? 1 : 0
			rows = $4
		}
		END { if (rows != n) exit 1 }' n="$4"
}

# Of populations without rows or ids the reference has a word, not a count.
refuses() { # file, object, population
	if [ "$2" = nodes ]; then
		run -1 sonata-info -p "$3" "$1"
	else
		run -1 sonata-info --edges -e "$3" "$1"
	fi
	[[ $output = *"so it cannot be told how many there are" ]]
}

# bats test_tags=long
@test "all counts of the reference data" {
	need data
	compared=0
	for set in "$reference"/data/*/; do
		oracle "$set" >facts
		awk -F'\t' '$4 == "count" && $5 !~ /^[0-9]+$/' facts >refused
		grep -Fxvf refused facts | sort >theirs || true
		while IFS=$'\t' read -r file object name _; do
			refuses "$set/$file" "$object" "$name"
		done <refused
		cut -f1-3 theirs | sort -u >populations
		while IFS=$'\t' read -r file object name; do
			prefix=$file$'\t'$object$'\t'$name
			if [ "$object" = nodes ]; then
				count_types "$set/$file" "$prefix" -p "$name"
			else
				count_types "$set/$file" "$prefix" --edge-types -e "$name" |
					tee types
				count_edges "$set/$file" "$prefix" "$name" \
					"$(awk -F'\t' '$4 == "count" { print $5 }' types)"
			fi
		done <populations >ours 2>complaints
		run -1 grep -v ': no node_population; taken from the name$' complaints
		sort ours | diff theirs -
		compared=$((compared + $(wc -l <ours)))
	done
	[ "$compared" -gt 800 ]
}

@test "nodes: ids below zero, none, and of types that are not in the CSV" {
	fixtures
	python <<-'EOF'
	from fixtures import *
	nodes("b", node_type_id=np.array([-1, 7, -1, 300, -5], ">i4"))
	nodes("a", node_id=[5, 9, 1])
	nodes("c", node_type_id=np.array([], "i8"))
	EOF
	printf '%s\n' 'node_type_id  pop_name  count ' '-1 minus 1' '8 unused "a b"' \
		'300 NULL ""' '-9 less "say ""x"""' >types.csv
	run -0 sonata-info --types types.csv nodes.h5
	[ "$output" = 'population,node_type_id,count,pop_name,attribute.count
a,,3,,
a,-9,0,less,"say ""x"""
a,-1,0,minus,1
a,8,0,unused,a b
a,300,0,,
b,-9,0,less,"say ""x"""
b,-5,1,,
b,-1,2,minus,1
b,7,1,,
b,8,0,unused,a b
b,300,1,,
c,-9,0,less,"say ""x"""
c,-1,0,minus,1
c,8,0,unused,a b
c,300,0,,' ]
	run -0 sonata-info nodes.h5
	[ "$output" = "population,node_type_id,count
a,,3
b,-5,1
b,-1,2
b,7,1
b,300,1" ]
}

@test "nodes: the types of each population, and the properties of all" {
	fixtures
	python <<-'EOF'
	from fixtures import *
	nodes("a", node_type_id=[1, 2, 1])
	nodes("b", node_type_id=[1])
	nodes("z", path="z.h5", node_type_id=[4])
	EOF
	printf '%s\n' 'population node_type_id x p' 'a 1 ax ap' 'b 1 bx bp' 'a 2 NULL q' >ab.csv
	printf '%s\n' node_type_id,q,p '4,"u v",w' >z.csv
	cat >c.json <<-'EOF'
	{"networks": {"nodes": [
	  {"nodes_file": "nodes.h5", "node_types_file": "ab.csv"},
	  {"nodes_file": "z.h5", "node_types_file": "z.csv"}]}}
	EOF
	run -0 sonata-info c.json
	[ "$output" = "population,node_type_id,count,x,p,q
a,1,2,ax,ap,
a,2,1,,q,
b,1,1,bx,bp,
z,4,1,,w,u v" ]
	run -0 sonata-info -p z --population=b c.json
	[ "$output" = "population,node_type_id,count,q,p,x
z,4,1,u v,w,
b,1,1,,bp,bx" ]
	run -0 sonata-info --edges c.json
	[ "$output" = "$edges_header" ]
	run -0 sonata-info --edge-types c.json
	[ "$output" = population,edge_type_id,count ]
}

@test "nodes: the CSV with the usual name" {
	fixtures
	python <<-'EOF'
	from fixtures import *
	nodes("a", path="v1_nodes.h5", node_type_id=[1])
	EOF
	printf '%s\n' 'node_type_id p' '1 q' >v1_node_types.csv
	printf '%s\n' 'node_type_id p' '1 other' >other.csv
	run -0 sonata-info v1_nodes.h5
	[ "${lines[1]}" = a,1,1,q ]
	run -0 sonata-info --types=other.csv v1_nodes.h5
	[ "${lines[1]}" = a,1,1,other ]
}

@test "nodes: more types than fit in a batch" {
	fixtures
	python <<-'EOF'
	from fixtures import *
	ids = np.arange(200000) * 7919 % 150001 * 1000003 - 9
	nodes("a", node_type_id=ids)
	with open("theirs", "w") as f:
	    for i, n in zip(*np.unique(ids, return_counts=True)):
	        print("a", i, n, sep=",", file=f)
	EOF
	sonata-info nodes.h5 | sed 1d | cmp - theirs
}

@test "edge types: a row for each" {
	run -0 sonata-info --edge-types "$tricky/config.json"
	[ "${#lines[@]}" = 8 ]
	[ "${lines[0]}" = population,edge_type_id,count,target_query,source_query,model_template,dynamics_params,syn_weight,is_gap_junction ]
	[ "${lines[1]}" = "A_to_A,200,10,pop_name=='X',pop_name=='X',exp2syn,XX.json,1.0," ]
	[ "${lines[6]}" = "A_to_A,205,1,pop_name=='Y',pop_name=='Y',,,0.002,True" ]
	[ "${lines[7]}" = "V_to_A,300,5,pop_name=='X',*,exp2syn,VX.json,," ]
	run -0 sonata-info --edge-types -e V_to_A "$tricky/config.json"
	[ "$output" = "population,edge_type_id,count,target_query,source_query,model_template,dynamics_params
V_to_A,300,5,pop_name=='X',*,exp2syn,VX.json" ]
	printf '%s\n' 'edge_type_id p' '300 q' >other.csv
	run -0 sonata-info --edge-types --types other.csv "$tricky/network/V_A_edges.h5"
	[ "${lines[1]}" = V_to_A,300,5,q ]
}

@test "edges: a row for each population" {
	run -0 sonata-info --edges "$tricky/config.json"
	[ "$output" = "$edges_header
A_to_A,A,A,21,17,1,1,24,3,\"target,source\",,698,none
V_to_A,V,A,5,5,0,0,5,0,\"target,source\",,150,none" ]
	run -0 sonata-info --edges -e V_to_A --edge-population=A_to_A "$tricky/config.json"
	[ "$(cut -d, -f1 <<<"$output" | paste -sd,)" = population,V_to_A,A_to_A ]
}

@test "edges: without node files, and with the types of --types" {
	cp "$tricky"/network/A_A_edges.h5 .
	[ "$(line A_A_edges.h5 A_to_A 4,8,9)" = 21,24,0 ]
	run -0 sonata-info --edges --types "$tricky/network/A_A_edge_types.csv" A_A_edges.h5
	[[ ${lines[1]} = A_to_A,A,A,21,17,1,1,24,3,* ]]
}

@test "edges: pairs and autapses as Python's sets have them" {
	fixtures
	python <<-'EOF'
	from fixtures import *
	import random
	random.seed(5)
	def both(name, rows, **how):
	    s, t = [r[0] for r in rows], [r[1] for r in rows]
	    edges(name, s, t, **how)
	    same = how.get("ends", ("A", "A")) == ("A", "A")
	    loops = [a for a, b in rows if a == b] if same else []
	    print(name, len(rows), len(set(rows)), len(loops), len(set(loops)),
	          sep=",", file=out)
	out = open("theirs", "w")
	for n, cells in ((1, 1), (2, 2), (5000, 60), (70000, 300), (150000, 40000)):
	    rows = [(random.randrange(cells), random.randrange(cells))
	            for i in range(n)]
	    name = "n%d" % n
	    both(name, rows)
	    both(name + "_by_source", sorted(rows))
	    both(name + "_by_target", sorted(rows, key=lambda r: (r[1], r[0])))
	    both(name + "_from_B", rows, ends=("B", "A"))
	# ids just within what pairs can be counted of
	both("wide", [(random.choice((0, 4294967295, 77)),
	               random.choice((1, 2147483646, 5, 77)))
	              for i in range(9999)], dtype="u4",
	     packing=dict(chunks=(997,), compression=4, shuffle=True))
	both("hub", [(1, 2)] * 30000 + [(2, 1), (0, 9)] + [(1, 2)] * 30000)
	EOF
	sort theirs >expected
	sonata-info -t --edges edges.h5 | sed 1d | cut -f1,4-7 | tr '\t' , | sort |
		diff expected -
	sonata-info -t --edges -S 64K edges.h5 | sed 1d | cut -f1,4-7 | tr '\t' , |
		sort | diff expected -
}

@test "edges: -S says when pairs are sorted on disk" {
	fixtures
	python <<-'EOF'
	from fixtures import *
	edges("e", np.arange(50000) * 7919 % 1000, np.arange(50000) * 104729 % 977)
	EOF
	TMPDIR=/nowhere run -0 sonata-info --edges edges.h5
	TMPDIR=/nowhere run -1 sonata-info --edges -S 64K edges.h5
	[[ $output = *"/nowhere"* ]]
	TMPDIR=$PWD run -0 sonata-info --edges --memory=64K edges.h5
	is "$(find . -type f | sort | xargs)" "./edges.h5 ./fixtures.py ./script.py"
}

@test "edges: what they are sorted by" {
	fixtures
	python <<-'EOF'
	from fixtures import *
	edges("ts", [1, 5, 0, 0, 7], [0, 0, 3, 3, 9])
	edges("t", [5, 1, 0], [0, 0, 3])
	edges("st", [0, 0, 3, 4], [1, 5, 0, 0])
	edges("s", [0, 0, 3], [5, 1, 0])
	edges("no", [3, 0, 4], [5, 1, 0])
	edges("one", [3], [5])
	edges("none", [], [])
	# the only row that is out of order begins a batch of 65536
	n = 3 * 65536
	ids = np.arange(n)
	ids[65536] = 0
	edges("late", ids, ids)
	ids = np.arange(n) // 2
	other = np.arange(n) % 2
	edges("late_t", np.append(other, 0), np.append(ids, ids[-1]))
	EOF
	[ "$(line edges.h5 ts 10)" = "target;source" ]
	[ "$(line edges.h5 t 10)" = target ]
	[ "$(line edges.h5 st 10)" = "source;target" ]
	[ "$(line edges.h5 s 10)" = "source" ]
	[ "$(line edges.h5 no 10)" = "" ]
	[ "$(line edges.h5 one 10)" = "target;source" ]
	[ "$(line edges.h5 none 2,3,4,5,6,7,8,9,10)" = "A,A,0,0,0,0,0,0,target;source" ]
	[ "$(line edges.h5 late 10)" = "" ]
	[ "$(line edges.h5 late_t 10)" = target ]
}

@test "edges: synapses and gap junctions, wherever files keep them" {
	fixtures
	python <<-'EOF'
	from fixtures import *
	six = dict(source=[0, 1, 2, 3, 4, 5], target=[0] * 6)
	edges("plain", **six)
	edges("one_group", **six, groups={"0/nsyns": [2, 0, 5, 1, 1, 3]})
	edges("mixed", **six, edge_group_id=[0, 2, 0, 2, 7, 7],
	      edge_group_index=[1, 0, 0, 1, 1, 0], groups={
	      "0/nsyns": np.array([9, 1], "i1"), "2/delay": [.1, .2],
	      "7/nsyns": [3., 4.], "7/is_gap_junction": np.array([1, 0], "i1")})
	edges("typed", **six, edge_type_id=[1, 2, 3, 1, 4, 9],
	      edge_group_id=[0, 0, 0, 0, 0, 0], edge_group_index=range(6),
	      groups={"0/delay": [1] * 6})
	edges("boolean", **six,
	      groups={"0/is_gap_junction": np.array([1, 0, 0, 1, 1, 0], bool)})
	EOF
	printf '%s\n' 'edge_type_id nsyns is_gap_junction' '1 10 True' '2 NULL 1' \
		'3 100 NULL' '4 1000 False' >types.csv
	[ "$(line edges.h5 plain 4,8,9)" = 6,6,0 ]
	[ "$(line edges.h5 one_group 4,8,9)" = 6,12,0 ]
	[ "$(line edges.h5 mixed 4,8,9)" = 6,19,1 ]
	[ "$(line edges.h5 boolean 4,8,9)" = 6,6,3 ]
	run --separate-stderr -0 sonata-info --edges -e typed --types types.csv edges.h5
	# 10 + 1 + 100 + 10 + 1000 + 1
	[[ ${lines[1]} = typed,A,A,6,6,1,1,1122,3,* ]]
	cat >c.json <<-'EOF'
	{"networks": {"nodes": [], "edges": [{"edges_file": "edges.h5",
	  "populations": {"plain": {"type": "electrical"}, "one_group": {}}}]}}
	EOF
	[ "$(line c.json plain 4,9)" = 6,6 ]
	[ "$(line c.json one_group 4,9)" = 6,0 ]
	[ "$(line c.json mixed 4,9)" = "" ]
}

@test "edges: a file of nothing but gap junctions" {
	python <<-'EOF'
	import h5py
	with h5py.File("x_gap_juncs.h5", "w") as f:
	    f["source_ids"] = [3, 1, 1]
	    f["target_ids"] = [1, 1, 3]
	    f["src_gap_ids"] = f["trg_gap_ids"] = [0, 1, 2]
	EOF
	[ "$(line x_gap_juncs.h5 gap_juncs 1,2,3,4,5,6,7,8,9,10,11,12,13)" = "gap_juncs,,,3,3,,,3,3,target,,96,none" ]
}

@test "edges: populations without names of their ends" {
	fixtures
	python <<-'EOF'
	from fixtures import *
	edges("e", [1, 1, 2], [1, 1, 2], ends=None)
	edges("x_to_y", [1, 1, 2], [1, 1, 2], ends=None)
	edges("x_to_x", [1, 1, 2], [1, 1, 2], ends=None)
	EOF
	sonata-info --edges edges.h5 2>warnings | cut -d, -f1-7 >ours
	[ "$(sed 1d ours)" = "e,,,3,2,,
x_to_x,x,x,3,2,3,2
x_to_y,x,y,3,2,0,0" ]
	[ "$(wc -l <warnings)" = 2 ]
	grep -qx 'sonata-info: edges.h5: /edges/x_to_y: no node_population; taken from the name' warnings
}

@test "edges: indices in all spellings" {
	fixtures
	python <<-'EOF'
	from fixtures import *
	def index(name, group, ways, row, *more):
	    edges(name, [0], [0])
	    with h5py.File("edges.h5", "a") as f:
	        for way in ways:
	            g = f.create_group("edges/%s/%s/%s" % (name, group, way))
	            g[row] = np.array([[0, 1]])
	            for k in more:
	                g[k] = np.array([[0, 1]])
	both = ("source_to_target", "target_to_source")
	index("a", "indices", both, "node_id_to_ranges", "range_to_edge_id")
	index("b", "indicies", both[1:], "node_id_to_range", "range_to_edge_id")
	index("c", "incidies", both[:1], "node_id_to_range", "range_to_edge_id")
	index("half", "indices", both, "node_id_to_ranges")
	edges("none", [0], [0])
	edges("old", [0], [0], index_pointer=[0, 1])
	index("all", "indicies", both, "node_id_to_range", "range_to_edge_id")
	with h5py.File("edges.h5", "a") as f:
	    f["edges/all/index_pointer"] = [0, 1]
	EOF
	[ "$(line edges.h5 a 11)" = source_to_target+target_to_source ]
	[ "$(line edges.h5 b 11)" = target_to_source ]
	[ "$(line edges.h5 c 11)" = source_to_target ]
	[ "$(line edges.h5 half 11)" = "" ]
	[ "$(line edges.h5 none 11)" = "" ]
	[ "$(line edges.h5 old 11)" = index_pointer ]
	[ "$(line edges.h5 all 11)" = source_to_target+target_to_source+index_pointer ]
}

@test "edges: bytes and compression" {
	fixtures
	python <<-'EOF'
	from fixtures import *
	ids = np.arange(100000) % 777
	edges("plain", ids, ids, edge_type_id=np.array(ids, "u2"),
	      groups={"0/delay": np.array(ids, "f4")})
	edges("links", ids, ids)
	edges("gzip", ids, ids, packing=dict(chunks=(4096,), compression=9))
	edges("shuffle", ids, ids, packing=dict(chunks=(4096,), compression=1,
	      shuffle=True))
	edges("sums", ids, ids, packing=dict(chunks=(4096,), fletcher32=True))
	with h5py.File("edges.h5", "a") as f:
	    g = f["edges/links"]
	    g["indices/source_to_target/node_id_to_ranges"] = np.zeros((9, 2))
	    g["indices/source_to_target/node_id_to_range"] = \
	        g["indices/source_to_target/node_id_to_ranges"]
	    g["soft"] = h5py.SoftLink("/edges/plain")
	    for p in "gzip", "shuffle", "sums":
	        g = f["edges/" + p]
	        print(p, sum(g[k].id.get_storage_size() for k in g), sep=",",
	              file=open(p, "w"))
	EOF
	[ "$(line edges.h5 plain 12,13)" = $((100000 * (8 + 8 + 2 + 4))),none ]
	[ "$(line edges.h5 links 12,13)" = $((1600000 + 9 * 16)),none ]
	[ "$(line edges.h5 gzip 1,12)" = "$(cat gzip)" ]
	[ "$(line edges.h5 gzip 13)" = gzip-9 ]
	[ "$(line edges.h5 shuffle 1,12)" = "$(cat shuffle)" ]
	[ "$(line edges.h5 shuffle 13)" = shuffle+gzip-1 ]
	[ "$(line edges.h5 sums 1,12)" = "$(cat sums)" ]
	[ "$(line edges.h5 sums 13)" = fletcher32 ]
}

@test "edges: ids that cannot be" {
	fixtures
	python <<-'EOF'
	from fixtures import *
	edges("minus", [0, 1, 2], [5, 6, -7], dtype="i8")
	edges("far", [9, 2**62, 1], [3, 2**62, 1])
	edges("far_sorted", [1, 2**62, 2**62], [1, 2**62, 2**62])
	edges("top", [1], [2**63 + 5])
	edges("nsyns", [1, 2], [1, 2], groups={"0/nsyns": [1, -2]})
	edges("gap", [1, 2], [1, 2], edge_type_id=[1, 2])
	EOF
	run -1 sonata-info --edges -e minus edges.h5
	[ "$output" = "sonata-info: edges.h5: /edges/minus/target_node_id: row 2: negative: '-7'" ]
	run -1 sonata-info --edges -e far edges.h5
	[[ $output = "sonata-info: edges.h5: /edges/far: ids up to 4611686018427387904 and 4611686018427387904 are too large"* ]]
	run -0 sonata-info --edges -e far_sorted edges.h5
	[[ ${lines[1]} = far_sorted,A,A,3,2,3,2,* ]]
	run -1 sonata-info --edges -e top edges.h5
	[[ $output = *"row 0: too large, or negative: '9223372036854775813'" ]]
	run -1 sonata-info --edges -e nsyns edges.h5
	[ "$output" = "sonata-info: edges.h5: /edges/nsyns: row 1: nsyns: not a number of synapses: '-2'" ]
	printf '%s\n' 'edge_type_id is_gap_junction' '1 True' '2 maybe' >types.csv
	run -1 sonata-info --edges -e gap --types types.csv edges.h5
	[ "$output" = "sonata-info: edges.h5: /edges/gap: row 1: is_gap_junction: neither true nor false: 'maybe'" ]
}

simulate() { # a simulation config with these inputs
	cat >sim.json <<-EOF
	{"run": {"tstop": 1}, "networks": {"nodes": [{"nodes_file": "none.h5"}]},
	 "manifest": {"\$IN": "in"}, "inputs": {$1}}
	EOF
}

shown() { # the rows of the inputs of sim.json, which have no problem
	sonata-info --inputs sim.json | sed '1d; s/,$//'
}

@test "inputs: none" {
	run -0 sonata-info --inputs "$tricky/config.json"
	[ "$output" = "$inputs_header" ]
	simulate ''
	run -0 sonata-info --inputs sim.json
	[ "$output" = "$inputs_header" ]
}

@test "inputs: of what cannot have any" {
	echo '{"networks": {"nodes": [{"nodes_file": "none.h5"}]}}' >circuit.json
	run -1 sonata-info --inputs circuit.json
	[ "$output" = "sonata-info: circuit.json: not a simulation config: it has neither 'inputs' nor 'run'" ]
	run -1 sonata-info --inputs "$tricky/network/A_nodes.h5"
	[[ $output = *"A_nodes.h5: not a simulation config, so it has no inputs" ]]
	[ "${#lines[@]}" = 1 ]
}

@test "inputs: without a circuit" {
	echo '{"run": {}, "network": null, "node_sets_file": "none.json",
		"inputs": {"i": {"amp": 5}}}' >sim.json
	run -0 shown
	[ "$output" = "i,,,,,,,5,," ]
	run -1 sonata-info sim.json
	[ "$output" = "sonata-info: sim.json: no 'networks', and no 'network' that has them" ]
	run -1 sonata-info --files sim.json
	[ "$output" = "sonata-info: sim.json: no 'networks', and no 'network' that has them" ]
	sed "s:\./network:$tricky/network:" "$tricky/config.json" >circuit_config.json
	run -0 shown
	[ "$output" = "i,,,,,,,5,," ]
	sonata-info sim.json | cmp - <(sonata-info "$tricky/config.json")
}

@test "inputs: current clamps" {
	simulate '"z": {"input_type": "current_clamp", "module": "IClamp",
		"node_set": "cells", "amp": 0.15, "delay": 500.0, "duration": 1e3},
	 "a": {"input_type": "current_clamp", "module": "IClamp",
		"node_set": {"population": "A", "node_id": [0, 1]},
		"amp": [0.1, -2], "delay": [1, 2], "duration": [3, 4.25]},
	 "off": {"enabled": false, "input_type": "current_clamp"},
	 "on": {"enabled": true, "input_type": "current_clamp", "module": "linear",
		"amp_start": 0.5, "amp_end": 1, "delay": 0, "duration": 15,
		"compartment_set": "c"},
	 "relative": {"input_type": "current_clamp", "module": "relative_linear",
		"percent_start": 80, "delay": 0, "duration": 15, "node_set": "Column"},
	 "null": {"input_type": "current_clamp", "module": "IClamp", "amp": null,
		"delay": null, "duration": []},
	 "odd,\"name": {}'
	run -0 sonata-info --inputs sim.json
	[ "$output" = "$inputs_header
z,current_clamp,IClamp,cells,,,,0.15,500,1000,
a,current_clamp,IClamp,\"{\"\"population\"\":\"\"A\"\",\"\"node_id\"\":[0,1]}\",,,,0.1,1,3,
a,current_clamp,IClamp,\"{\"\"population\"\":\"\"A\"\",\"\"node_id\"\":[0,1]}\",,,,-2,2,4.25,
on,current_clamp,linear,,,,,0.5,0,15,
relative,current_clamp,relative_linear,Column,,,,,0,15,
null,current_clamp,IClamp,,,,,,,,
\"odd,\"\"name\",,,,,,,,,," ]
}

@test "inputs: current clamps that are wrong" {
	simulate '"c": {"amp": [1, 2], "delay": [1, 2], "duration": 3}'
	run -1 sonata-info --inputs sim.json
	[ "$output" = "sonata-info: sim.json: inputs.c: duration has 1 values where another has 2" ]
	for bad in '"1"' '[1, "2"]' '{}' true 1e999 '[[1]]'; do
		simulate "\"c\": {\"amp\": $bad}"
		run -1 sonata-info --inputs sim.json
		[ "$output" = "sonata-info: sim.json: inputs.c.amp is not a number, or a list of them" ]
	done
	simulate '"c": 5'
	run -1 sonata-info --inputs sim.json
	[ "$output" = "sonata-info: sim.json: inputs.c is not an object" ]
	simulate '"c": {"module": 5}'
	run -1 sonata-info --inputs sim.json
	[ "$output" = "sonata-info: sim.json: inputs.c.module is not a text" ]
}

@test "inputs: current clamps in a file" {
	mkdir in
	printf '%s\n' 'timestamps amps' '800.0 0.15' '1300.0 0.0' '' '1800  0.175 ' \
		'2300 -1' '2300.5 2' >in/a.csv
	printf 'x,t,i\r\n1,0.5,0\r\n2,0.75,0\r\n' >in/b.csv
	simulate '"a": {"input_type": "csv", "module": "IClamp", "file": "in/a.csv"},
	 "b": {"input_type": "file", "module": "IClamp", "file": "$IN/b.csv",
		"timestamps_column": "t", "amplitudes_column": "i", "separator": ","}'
	run -0 shown
	[ "$output" = "a,csv,IClamp,,in/a.csv,,,0.15,800,500
a,csv,IClamp,,in/a.csv,,,0.175,1800,500
a,csv,IClamp,,in/a.csv,,,-1,2300,0.5
a,csv,IClamp,,in/a.csv,,,2,2300.5,
b,file,IClamp,,in/b.csv,,,,," ]
	simulate '"a": {"input_type": "csv", "module": "IClamp", "file": "$IN/a.csv"}'
	printf '%s\n' 'timestamps amps' '2 1' '1 0' >in/a.csv
	run -1 sonata-info --inputs sim.json
	[ "$output" = "sonata-info: in/a.csv:3: column 'timestamps': before the one above it: '1'" ]
	printf '%s\n' 'timestamps amps' '2 1A' >in/a.csv
	run -1 sonata-info --inputs sim.json
	[ "$output" = "sonata-info: in/a.csv:2: column 'amps': not a number: '1A'" ]
	printf '%s\n' 'timestamps amps' '2 1 3' >in/a.csv
	run -1 sonata-info --inputs sim.json
	[ "$output" = "sonata-info: in/a.csv:2: 3 fields where the header has 2" ]
	printf '%s\n' 'timestamp amps' '2 1' >in/a.csv
	run -1 sonata-info --inputs sim.json
	[[ $output == "sonata-info: in/a.csv: no column 'timestamps': there are "* ]]
	: >in/a.csv
	is "$(sonata-info --inputs sim.json | sed 1d)" "a,csv,IClamp,,in/a.csv,,,,,,empty"
	rm in/a.csv
	is "$(sonata-info --inputs sim.json | sed 1d)" \
		"a,csv,IClamp,,in/a.csv,,,,,,No such file or directory"
}

@test "files: all that a network is read from, once" {
	mkdir net
	cat >sim.json <<-'EOF'
	{"run": {}, "network": "net/circuit.json", "node_sets_file": "no sets.json",
	 "inputs": {"i": {"input_file": "spikes.h5"}}}
	EOF
	cat >net/circuit.json <<-'EOF'
	{"node_sets_file": "sets.json", "networks": {
	 "nodes": [{"nodes_file": "a.h5", "node_types_file": "types.csv"},
	  {"nodes_file": "b.h5", "node_types_file": "types.csv"},
	  {"nodes_file": "a.h5", "populations": {"A": {}}},
	  {"nodes_file": "off.h5", "enabled": false}],
	 "edges": [{"edges_file": "e,f.h5", "edge_types_file": "edges.csv"},
	  {"edges_file": "a.h5", "edge_types_file": "NULL"}],
	 "gap_juncs": [{"gap_juncs_file": "g.h5"}]}}
	EOF
	run -0 sonata-info --files sim.json
	[ "$output" = 'kind,file
config,sim.json
config,net/circuit.json
config,no sets.json
config,net/sets.json
nodes,net/a.h5
nodes,net/b.h5
node_types,net/types.csv
edges,"net/e,f.h5"
edge_types,net/edges.csv
gap_juncs,net/g.h5' ]
	(cd net && run -0 sonata-info --files "$PWD/../sim.json" &&
		[ "${lines[2]}" = "config,$PWD/../net/circuit.json" ])
	sonata-info -t --files "$tricky/config.json" | cut -f2 | sed 1d |
		while read -r file; do [ -f "$file" ]; done
}

@test "files: of an HDF5 file" {
	mkdir net
	cp "$tricky"/network/{A_*,V_nodes.h5} net
	run -0 sonata-info --files net/A_nodes.h5
	[ "$output" = 'kind,file
nodes,net/A_nodes.h5
node_types,net/A_node_types.csv' ]
	run -0 sonata-info --files net/A_A_edges.h5
	[ "$output" = 'kind,file
edges,net/A_A_edges.h5
edge_types,net/A_A_edge_types.csv' ]
	run -0 sonata-info --files net/V_nodes.h5
	[ "$output" = 'kind,file
nodes,net/V_nodes.h5' ]
	run -0 sonata-info --files --types other.csv net/V_nodes.h5
	[ "${lines[2]}" = node_types,other.csv ]
	fixtures
	python <<-'EOF'
	from fixtures import *
	nodes("a", path="both.h5", node_type_id=[1])
	nodes("b", path="both.h5", node_type_id=[1])
	edges("e", [0], [0], path="both.h5")
	EOF
	run -0 sonata-info --files both.h5
	[ "$output" = $'kind,file\nnodes,both.h5' ]
}

@test "inputs: the clamps of the reference data" {
	examples=$reference/data/o06-bmtk-small/examples
	need data/o06-bmtk-small/examples
	run -0 sonata-info --inputs "$examples/point_120cells/config.simulation_iclamp.csv.json"
	[ "$(sed 1d <<<"$output" | rev | cut -d, -f2-4 | rev | paste -sd' ')" = \
		"0.00015,800,500 0.000175,1800,500 0.0002,2800,500" ]
	run -0 sonata-info --inputs "$examples/point_120cells/config.simulation_iclamp.aslist.json"
	[ "$(sed 1d <<<"$output" | rev | cut -d, -f2-4 | rev | paste -sd' ')" = \
		"0.00015,500,500 0.000175,1500,500 0.0002,2500,500" ]
	run -0 sonata-info --inputs "$examples/point_120cells/config.simulation_iclamp.nwb.json"
	[[ ${lines[1]} = *.nwb,,,,,, ]]
	run -0 sonata-info --inputs "$examples/ei_networks/popnet/config.json"
	[[ ${lines[1]} = LGN_pop_rates,csv,pop_rates,external,*/inputs/rates_50Hz.csv,,,,,, ]]
	run -0 sonata-info --inputs "$examples/bio_comsol/config_comsol_1c.json"
	[[ ${lines[1]} = Extracellular_Stim,lfp,comsol,all,*/COMSOL_1c.txt,,,,,, ]]
}

@test "inputs: spike files of both layouts" {
	python <<-'EOF'
	import h5py, numpy as np
	with h5py.File("new.h5", "w") as f:
	    f["spikes/a/timestamps"] = [1., 2., 3., 4.]
	    f["spikes/a/node_ids"] = np.array([7, 7, 0, 2], "u8")
	    f["spikes/b/timestamps"] = [1.]
	    f["spikes/b/node_ids"] = [7]
	    f["spikes/c/timestamps"] = f["spikes/c/node_ids"] = []
	    f.create_group("spikes/d")
	with h5py.File("old.h5", "w") as f:
	    ids = np.arange(200000) * 31 % 12345
	    f.create_dataset("spikes/gids", data=ids, dtype="u2", compression=3)
	    f["spikes/timestamps"] = ids * 1.
	with h5py.File("empty.h5", "w") as f:
	    f.create_group("spikes")
	EOF
	simulate '"n": {"input_type": "spikes", "module": "h5", "input_file": "new.h5",
		"node_set": "all"},
	 "both": {"input_type": "spikes", "module": "sonata",
		"input_file": ["old.h5", "empty.h5"]},
	 "bbp": {"input_type": "spikes", "module": "synapse_replay", "delay": 1,
		"spike_file": "new.h5", "duration": 9},
	 "elsewhere": {"input_type": "spikes", "module": "nwb", "input_file": "x.nwb"},
	 "poisson": {"input_type": "spikes", "module": "poisson", "rate": 5,
		"delay": 0, "duration": 2}'
	run -0 shown
	[ "$output" = "n,spikes,h5,all,new.h5,5,4,,,
both,spikes,sonata,,old.h5,200000,12345,,,
both,spikes,sonata,,empty.h5,0,0,,,
bbp,spikes,synapse_replay,,new.h5,5,4,,1,9
elsewhere,spikes,nwb,,x.nwb,,,,,
poisson,spikes,poisson,,,,,,0,2" ]
}

@test "inputs: spike files of text" {
	printf '%s\n' 'timestamps population node_ids' '1.5 v1 3' '2 v1 3' '2 lgn 3' \
		'4 v1 0' >new.csv
	printf 'gid\ttimestamp\r\n3\t1\r\n3\t2e1\r\n' >old.csv
	printf '%s\n' 'timestamps population node_ids' >none.csv
	simulate '"s": {"input_type": "spikes", "module": "csv", "input_file": ["new.csv",
		"old.csv", "none.csv"]}'
	run -0 shown
	[ "$output" = "s,spikes,csv,,new.csv,4,3,,,
s,spikes,csv,,old.csv,2,1,,,
s,spikes,csv,,none.csv,0,0,,," ]
}

@test "inputs: spike files that are wrong" {
	mkdir in
	simulate '"s": {"input_type": "spikes", "module": "sonata", "input_file": "in/s"}'
	problem() { # of a row
		is "$(sonata-info --inputs sim.json | sed 1d)" "s,spikes,sonata,,in/s,,,,,,$1"
	}
	problem 'No such file or directory'
	: >in/s
	problem empty
	printf '%s\n' 'timestamps node_ids' '1 -1' >in/s
	run -1 sonata-info --inputs sim.json
	[ "$output" = "sonata-info: in/s:2: column 'node_ids': not the id of a node: '-1'" ]
	printf '%s\n' 'timestamps node_ids' 'nan 1' >in/s
	run -1 sonata-info --inputs sim.json
	[ "$output" = "sonata-info: in/s:2: column 'timestamps': not a finite number: 'nan'" ]
	printf 'timestamps node_ids\n1 \0 1\n' >in/s
	problem 'not text'
	python <<-'EOF'
	import h5py
	with h5py.File("in/s", "w") as f:
	    f["spikes/a/timestamps"] = [1., 2.]
	EOF
	run -1 sonata-info --inputs sim.json
	[ "$output" = "sonata-info: in/s: /spikes/a: no node_ids" ]
	python <<-'EOF'
	import h5py
	with h5py.File("in/s", "a") as f:
	    f["spikes/a/node_ids"] = [1, 2, 3]
	EOF
	run -1 sonata-info --inputs sim.json
	[ "$output" = "sonata-info: in/s: /spikes/a/node_ids: 3 rows where there are 2 times" ]
	python <<-'EOF'
	import h5py
	with h5py.File("in/s", "w") as f:
	    f["processing"] = 1
	EOF
	problem 'not spikes: no group /spikes'
	simulate '"s": {"input_type": "spikes", "module": "sonata", "input_file": [1]}'
	run -1 sonata-info --inputs sim.json
	[ "$output" = "sonata-info: sim.json: inputs.s.input_file is not a list of texts" ]
}

@test "inputs: the spikes of the reference data" {
	need data
	compared=0
	for config in o06-bmtk-small/examples/{bio_14cells/config.simulation,bio_1cell/config.simulation_syns,bio_intfire_ring/config.simulation,point_120cells/config.simulation,point_stdp/config.simulation_virtual} \
		o04-sonata-index-simtests/examples/300_cells/simulation_config o02-sonata-300intfire/examples/300_intfire/config; do
		set=$reference/data/${config%%/*}
		sonata-info -t --inputs "$reference/data/$config.json" >ours
		while IFS=$'\t' read -r _ type _ _ file spikes cells _; do
			[ "$type" = spikes ] || continue
			file=$(realpath --relative-to="$set" "$file")
			[ "$(awk -F'\t' -v f="$file" '$1 == f && $2 == "spikes" {
				if ($4 == "count") n = $5
				if ($4 == "distinct ids") d = $5
			} END { print n " " d }' "$set/ORACLE.tsv")" = "$spikes $cells" ]
			compared=$((compared + 1))
		done <ours
	done
	[ "$compared" = 9 ]
}

@test "-t and -o" {
	sonata-info -t "$tricky/config.json" >out.tsv
	[ "$(sed -n 2p out.tsv)" = A$'\t'100$'\t'5$'\t'X$'\t'biophysical$'\t'hoc:CellX$'\t'blank.swc ]
	run -0 sonata-info -o out --tsv "$tricky/config.json"
	[ -z "$output" ]
	cmp out.tsv out
}

@test "misuse" {
	c=$tricky/config.json
	run -2 sonata-info
	for both in '--edges --inputs' '--edge-types --edges' \
		'--edge-types --inputs' '--files --inputs' '--edges --files'; do
		# shellcheck disable=SC2086 # they are two options
		run -2 sonata-info $both "$c"
		[[ ${lines[0]} == "sonata-info: --"*" and --"*" exclude each other" ]]
	done
	for what in --edge-types --edges --inputs --files; do
		run -2 sonata-info $what -p A "$c"
		[ "${lines[0]}" = "sonata-info: --population and $what exclude each other" ]
	done
	for what in -t --inputs --files; do
		run -2 sonata-info $what -e A_to_A "$c"
		[ "${lines[0]}" = "sonata-info: --edge-population needs --edge-types or --edges" ]
	done
	run -2 sonata-info -p A -p V -p A "$c"
	[ "${lines[0]}" = "sonata-info: node population 'A' is asked for twice" ]
	run -2 sonata-info --inputs --types x.csv "$c"
	run -2 sonata-info --types "$tricky/network/A_node_types.csv" "$c"
	[ "${lines[0]}" = "sonata-info: --types is for an HDF5 file: a config names its own" ]
	run -2 sonata-info "$c" "$c"
}

@test "files that are not what they should be" {
	run -1 sonata-info nowhere.json
	[ "$output" = "sonata-info: nowhere.json: No such file or directory" ]
	echo node_id,x >nodes.csv
	run -1 sonata-info nodes.csv
	[ "$output" = "sonata-info: nodes.csv: not an HDF5 file" ]
	for size in 100 1000 2000; do
		head -c $size "$tricky/network/A_A_edges.h5" >cut.h5
		run -1 sonata-info --edges cut.h5
		[ "$output" = "sonata-info: cut.h5: not a whole HDF5 file: cut short, or damaged" ]
	done
	run -1 sonata-info "$tricky/network/A_A_edges.h5"
	[[ $output = *"A_A_edges.h5: no node populations" ]]
	run -1 sonata-info --edges "$tricky/network/A_nodes.h5"
	[[ $output = *"A_nodes.h5: no edge populations" ]]
	run -1 sonata-info -p B "$tricky/config.json"
	[[ $output = *"config.json: no node population 'B': there are A and V" ]]
	run -1 sonata-info --edges -e B "$tricky/config.json"
	[[ $output = *"config.json: no edge population 'B': there are A_to_A and V_to_A" ]]
	cp -r "$tricky" copy
	rm copy/network/V_node_types.csv copy/network/V_A_edge_types.csv
	run -1 sonata-info copy/config.json
	[ "$output" = "sonata-info: copy/network/V_node_types.csv: No such file or directory" ]
	run -0 sonata-info -p A copy/config.json
	run -1 sonata-info --edges copy/config.json
	[ "$output" = "sonata-info: copy/network/V_A_edge_types.csv: No such file or directory" ]
	rm copy/network/V_nodes.h5
	run -1 sonata-info copy/config.json
	[ "$output" = "sonata-info: copy/network/V_nodes.h5: No such file or directory" ]
	run -1 sonata-info --types none.csv "$tricky/network/A_nodes.h5"
	[ "$output" = "sonata-info: none.csv: No such file or directory" ]
}

@test "a population that is malformed spoils no other" {
	fixtures
	python <<-'EOF'
	from fixtures import *
	edges("good", [1], [2])
	with h5py.File("edges.h5", "a") as f:
	    f["edges/bad/target_node_id"] = [1, 2]
	    f["edges/short/source_node_id"] = [1, 2]
	    f["edges/short/target_node_id"] = [1]
	EOF
	run -1 sonata-info --edges edges.h5
	[ "$output" = "sonata-info: edges.h5: /edges/bad: no source_node_id, so it cannot be told how many there are" ]
	run -1 sonata-info --edges -e good -e short edges.h5
	[ "$output" = "sonata-info: edges.h5: /edges/short/target_node_id: 1 rows where there are 2" ]
	run -0 sonata-info --edges -e good edges.h5
	[[ ${lines[1]} = good,A,A,1,1,0,0,* ]]
	run -0 sonata-info --edge-types -e good edges.h5
	[ "${lines[1]}" = good,,1 ]
}
