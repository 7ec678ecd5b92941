# What comes out is read back with h5py and h5dump, and compared with what a
# plain sort of the same tables gives.
load common.bash

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	cat >nodes.csv <<-'END'
	node_id,pop_name,x,y,z,layer,tag
	2,PN,3,0,0,4,a
	0,PN,1,0.5,-2,2,b
	1,PV,2,,1,3,7.50
	END
	cat >edges.csv <<-'END'
	source_node_id,target_node_id,nsyns,delay,model_template,is_gap_junction
	2,1,3,0.5,exc,
	0,1,1,,exc,
	1,1,1,1,gap by gap,true
	1,0,2,2,inh,
	2,1,4,0.25,exc,
	END
}

teardown() { readable; }

# For python: the texts of an enumeration.
named='
def named(group, name):
    texts = list(group["@library"][name].asstr())
    return [texts[code] for code in group[name]]
'

same() { # are two networks the same, byte for byte?
	diff -r "$1" "$2"
}

big() { # tables: 40 cells, 5000 edges with properties of all kinds
	awk "$draws"'BEGIN {
		sow(1); OFS = ","
		print "node_id", "population", "pop_name" >"bn.csv"
		for (i = 0; i < 40; i++)
			print i % 20, i < 20 ? "a" : "b", "p" i % 3 >"bn.csv"
		print "source_population", "target_population",
			"source_node_id", "target_node_id", "n", "w", "s",
			"model_template"
		for (i = 0; i < 5000; i++)
			print draw() < 0.5 ? "a" : "b", draw() < 0.8 ? "a" : "b",
				int(20 * draw()), int(draw() * draw() * 20), i,
				i % 7 ? draw() : "", "t" i % 9, "m" i % 4
	}' >be.csv
}

@test "nodes by id, with their attributes and types" {
	sonata-pack -n nodes.csv -o net edges.csv
	python <<-'END'
	import h5py, numpy as np
	f = h5py.File('net/default_nodes.h5', 'r')
	assert f.attrs['magic'] == 0x0A7A and f.attrs['magic'].dtype == 'u4'
	assert list(f.attrs['version']) == [0, 1]
	p = f['nodes/default']
	assert sorted(p) == ['0', 'node_group_id', 'node_group_index',
	    'node_id', 'node_type_id']
	assert list(p['node_id']) == [0, 1, 2] and p['node_id'].dtype == 'u8'
	assert list(p['node_type_id']) == [101, 102, 100]
	assert list(p['node_group_id']) == [0, 0, 0]
	assert list(p['node_group_index']) == [0, 1, 2]
	assert sorted(p['0']) == ['layer', 'x', 'y', 'z']
	assert list(p['0/x']) == [1, 2, 3] and p['0/x'].dtype == 'f8'
	y = p['0/y'][:]
	assert y[0] == .5 and np.isnan(y[1]) and y[2] == 0
	assert list(p['0/layer']) == [2, 3, 4] and p['0/layer'].dtype == 'i8'
	END
	is "$(cat net/default_node_types.csv)" \
		$'node_type_id pop_name tag\n100 PN a\n101 PN b\n102 PV 7.50'
}

@test "edges by target and source, with both indices" {
	sonata-pack -n nodes.csv -o net edges.csv
	python <<-'END'
	import h5py, numpy as np
	f = h5py.File('net/default_to_default_edges.h5', 'r')
	assert f.attrs['magic'] == 0x0A7A and list(f.attrs['version']) == [0, 1]
	p = f['edges/default_to_default']
	assert list(p['source_node_id']) == [1, 0, 1, 2, 2]
	assert list(p['target_node_id']) == [0, 1, 1, 1, 1]
	assert p['source_node_id'].dtype == 'u8'
	for end in 'source_node_id', 'target_node_id':
	    assert p[end].attrs['node_population'] == 'default'
	assert list(p['edge_type_id']) == [102, 100, 101, 100, 100]
	assert list(p['edge_group_id']) == [0] * 5
	assert list(p['edge_group_index']) == [0, 1, 2, 3, 4]
	assert list(p['0/nsyns']) == [2, 1, 1, 3, 4]
	assert p['0/nsyns'].dtype == 'i8'
	assert np.array_equal(p['0/delay'][:], [2, np.nan, 1, .5, .25],
	    equal_nan=True)
	i = p['indices/source_to_target']
	assert i['node_id_to_ranges'][:].tolist() == [[0, 1], [1, 3], [3, 4]]
	assert i['range_to_edge_id'][:].tolist() == [[1, 2], [0, 1], [2, 3],
	    [3, 5]]
	assert i['node_id_to_range'] == i['node_id_to_ranges']
	i = p['indices/target_to_source']
	assert i['node_id_to_ranges'][:].tolist() == [[0, 1], [1, 2], [2, 2]]
	assert i['range_to_edge_id'][:].tolist() == [[0, 1], [1, 5]]
	assert i['node_id_to_range'] == i['node_id_to_ranges']
	END
	[ "$(cat net/default_to_default_edge_types.csv)" = \
'edge_type_id model_template is_gap_junction
100 exc false
101 "gap by gap" true
102 inh false' ]
}

@test "the config names the files, and can be moved with them" {
	sonata-pack -n nodes.csv -o net edges.csv
	python <<-'END'
	import json
	c = json.load(open('net/circuit_config.json'))
	assert c == {'metadata': {'status': 'partial'},
	    'manifest': {'$NETWORK_DIR': '.'}, 'networks': {
	    'nodes': [{'nodes_file': '$NETWORK_DIR/default_nodes.h5',
	        'node_types_file':
	            '$NETWORK_DIR/default_node_types.csv',
	        'populations': {'default': {'type': 'biophysical'}}}],
	    'edges': [{'edges_file':
	            '$NETWORK_DIR/default_to_default_edges.h5',
	        'edge_types_file':
	        '$NETWORK_DIR/default_to_default_edge_types.csv',
	        'populations': {'default_to_default': {'type': 'chemical'}}}],
	    'gap_juncs': [{'gap_juncs_file':
	        '$NETWORK_DIR/default_gap_juncs.h5'}]}}
	END
}

@test "several populations, against a plain sort" {
	big
	sonata-pack -n bn.csv -o net be.csv
	set -- net/*
	[ $# -eq 13 ]
	python <<-'END'
	import csv, h5py, math
	rows = {}
	for r in csv.DictReader(open('be.csv')):
	    pair = r['source_population'], r['target_population']
	    rows.setdefault(pair, []).append(r)
	assert len(rows) == 4
	for (s, t), want in rows.items():
	    want.sort(key=lambda r: (int(r['target_node_id']),
	        int(r['source_node_id'])))
	    name = f'{s}_to_{t}'
	    p = h5py.File(f'net/{name}_edges.h5', 'r')['edges'][name]
	    assert p['source_node_id'].attrs['node_population'] == s
	    assert p['target_node_id'].attrs['node_population'] == t
	    types = {line.split()[0]: line.split()[1:] for line in
	        open(f'net/{name}_edge_types.csv')}
	    get = lambda n: p[n][:].tolist()
	    for end in 'source_node_id', 'target_node_id':
	        assert get(end) == [int(r[end]) for r in want]
	    assert get('0/n') == [int(r['n']) for r in want]
	    assert [('%.6g' % w if w == w else '') for w in get('0/w')] == [
	        r['w'] and '%.6g' % float(r['w']) for r in want]
	    assert [types[str(i)] for i in get('edge_type_id')] == [
	        [r['s'], r['model_template']] for r in want]
	    for end, index in (('source', 'source_to_target'),
	            ('target', 'target_to_source')):
	        i = p['indices'][index]
	        ranges = i['range_to_edge_id'][:].tolist()
	        ids = get(end + '_node_id')
	        last = 0
	        for node, (a, b) in enumerate(i['node_id_to_ranges']):
	            assert a == last
	            last = b
	            have = [k for r in ranges[a:b]
	                for k in range(*r)]
	            assert have == [k for k, v in enumerate(ids)
	                if v == node]
	        assert last == len(ranges) and node == 19
	END
}

@test "the same bytes, whatever the memory and the time" {
	big
	sonata-pack -n bn.csv -o one be.csv
	sleep 1
	sonata-pack -S 64K -n bn.csv -o two be.csv
	same one two
}

@test "scratch files are for what exceeds the memory" {
	big
	TMPDIR=/nonexistent sonata-pack -n bn.csv -o net be.csv
	run env TMPDIR=/nonexistent sonata-pack -S 64K -n bn.csv -o new be.csv
	[ "$status" -eq 1 ]
	[[ $output == "sonata-pack: scratch file in /nonexistent: No such file or directory" ]]
	[ ! -e new ]
}

@test "a shuffled table has the same edges" {
	big
	# Edges of the same pair stay in order: there must be none.  Types are
	# numbered by order too, so that there are no texts.
	cut -d, -f1-6 be.csv | awk -F, '!seen[$1, $2, $3, $4]++' >once.csv
	(head -n 1 once.csv; tail -n +2 once.csv | sort -t, -k5nr) >turned.csv
	[ "$(sed -n 2p once.csv)" = "$(tail -n 1 turned.csv)" ]
	sonata-pack -n bn.csv -o once once.csv
	sonata-pack -n bn.csv -o turned turned.csv
	same once turned
}

@test "several tables of nodes and edges, with different columns" {
	cat >more.csv <<-'END'
	population,node_id,dynamics_params.tau,potential
	thalamus,0,1.5,exc
	thalamus,1,2.5,inh
	END
	cat >input.csv <<-'END'
	source_population,target_population,source_node_id,target_node_id,syn_weight
	thalamus,cortex,1,2,3
	thalamus,cortex,0,2,4
	END
	sed 's/^/cortex,cortex,/; 1s/.*/source_population,target_population,source_node_id,target_node_id,nsyns,delay,model_template,is_gap_junction/' \
		edges.csv >inside.csv
	sonata-pack --population cortex -n nodes.csv -n more.csv -o net \
		inside.csv - <input.csv
	run ls net
	[ "${lines[*]}" = "circuit_config.json cortex_gap_juncs.h5 cortex_node_types.csv cortex_nodes.h5 cortex_to_cortex_edge_types.csv cortex_to_cortex_edges.h5 thalamus_node_types.csv thalamus_nodes.h5 thalamus_to_cortex_edge_types.csv thalamus_to_cortex_edges.h5" ]
	[ "$(cat net/thalamus_node_types.csv)" = \
		$'node_type_id potential\n100 exc\n101 inh' ]
	[ "$(cat net/thalamus_to_cortex_edge_types.csv)" = \
		$'edge_type_id\n100' ]
	python <<-'END'
	import h5py
	p = h5py.File('net/thalamus_nodes.h5', 'r')['nodes/thalamus']
	assert list(p['0']) == ['dynamics_params']
	assert list(p['0/dynamics_params/tau']) == [1.5, 2.5]
	p = h5py.File('net/thalamus_to_cortex_edges.h5', 'r')
	p = p['edges/thalamus_to_cortex']
	assert list(p['0']) == ['syn_weight']
	assert list(p['0/syn_weight']) == [4, 3]
	assert p['0/syn_weight'].dtype == 'f8'
	i = p['indices/target_to_source']
	assert i['node_id_to_ranges'][:].tolist() == [[0, 0], [0, 0], [0, 1]]
	END
}

# bats test_tags=long
@test "a zero keeps its sign" {
	printf 'node_id,x,w,tag\n0,-0,-0,-0\n1,-0.0,1.5,b\n2,0,-0.0,c\n' >z.csv
	printf '%s\n' source_node_id,target_node_id,delay,w 0,0,-0,1 1,0,-0.0,-0 \
		2,0,0,-0e0 >ze.csv
	awk 'BEGIN { for (i = 0; i < 70000; i++) print "0,1,1,1"
		print "1,1,-0,-0" }' >>ze.csv
	sonata-pack -n z.csv -o net ze.csv
	python <<-'END'
	import h5py, numpy as np
	n = h5py.File('net/default_nodes.h5')['nodes/default/0']
	e = h5py.File('net/default_to_default_edges.h5')['edges/default_to_default/0']
	signs = lambda v: list(np.flatnonzero(np.signbit(v)))
	assert signs(n['x']) == [0, 1], n['x'][:]
	assert signs(n['w']) == [0, 2]
	assert signs(e['delay']) == [0, 1, 70003]
	assert signs(e['w']) == [1, 2, 70003]
	END
	is "$(sed -n 2p net/default_node_types.csv)" '100 -0'
	sonata-edges --attributes net/default_to_default_edges.h5 >e2.csv
	sonata-nodes net/default_nodes.h5 --types net/default_node_types.csv >n2.csv
	sonata-pack -n n2.csv -o again e2.csv
	h5diff net/default_to_default_edges.h5 again/default_to_default_edges.h5
	h5diff net/default_nodes.h5 again/default_nodes.h5
}

@test "the demonstration network, more rows than a batch" {
	make-la nodes >ln.csv
	make-la edges >le.csv
	sonata-pack -n ln.csv -o net le.csv
	python <<-'END'
	import csv, h5py
	key = lambda r: (int(r['target_node_id']), int(r['source_node_id']))
	want = sorted((r for r in csv.DictReader(open('le.csv'))
	    if r['source_population'] == 'LA'), key=key)
	p = h5py.File('net/LA_to_LA_edges.h5', 'r')['edges/LA_to_LA']
	assert len(want) > 90000 and sorted(p['0']) == ['delay', 'nsyns',
	    'syn_weight']
	for name in 'source_node_id', 'target_node_id', '0/nsyns':
	    assert p[name][:].tolist() == [int(r[name[-5:] == 'nsyns' and
	        'nsyns' or name]) for r in want]
	for name in 'delay', 'syn_weight':
	    assert p['0'][name][:].tolist() == [float(r[name]) for r in want]
	# The chances that make-la is about, of PV cells: 1600 to 1839.
	pv = lambda i: 1600 <= i < 1840
	pairs = {key(r) for r in want if not r['is_gap_junction'] and
	    pv(key(r)[0]) and pv(key(r)[1])}
	both = sum((b, a) in pairs for a, b in pairs)
	assert abs(len(pairs) / 57360 - .15) < .005
	assert abs(both / 57360 - .069) < .005
	gaps = sum(r['is_gap_junction'] == 'true' for r in want)
	assert abs(gaps / 28680 - .077) < .005
	END
}

@test "ids with gaps are written" {
	printf 'node_id\n7\n3\n' >gaps.csv
	printf 'source_node_id,target_node_id\n7,3\n' |
		sonata-pack -n gaps.csv -o net
	python <<-'END'
	import h5py
	p = h5py.File('net/default_nodes.h5', 'r')['nodes/default']
	assert list(p['node_id']) == [3, 7]
	p = h5py.File('net/default_to_default_edges.h5', 'r')
	i = p['edges/default_to_default/indices/source_to_target']
	assert i['node_id_to_ranges'][:].tolist() == [[0, 0]] * 7 + [[0, 1]]
	END
}

@test "no edges: an empty population" {
	printf 'source_node_id,target_node_id,nsyns\n' |
		sonata-pack --compress 4 -n nodes.csv -o net
	python <<-'END'
	import h5py
	p = h5py.File('net/default_to_default_edges.h5', 'r')
	p = p['edges/default_to_default']
	assert p['source_node_id'].shape == (0,)
	assert list(p['0']) == []
	for i in p['indices'].values():
	    assert i['node_id_to_ranges'][:].tolist() == [[0, 0]] * 3
	    assert i['range_to_edge_id'].shape == (0, 2)
	END
	[ "$(cat net/default_to_default_edge_types.csv)" = edge_type_id ]
}

@test "--compress" {
	big
	sonata-pack -n bn.csv -o plain be.csv
	sonata-pack --compress 9 -n bn.csv -o packed be.csv
	h5dump -pH -d /edges/a_to_a/source_node_id packed/a_to_a_edges.h5 \
		>dump
	grep -q 'COMPRESSION DEFLATE { LEVEL 9 }' dump
	grep -q SHUFFLE dump
	h5dump -pH -d /edges/a_to_a/source_node_id plain/a_to_a_edges.h5 |
		grep -q CONTIGUOUS
	h5diff plain/a_to_a_edges.h5 packed/a_to_a_edges.h5
}

@test "--type-columns and --node-type-columns" {
	sonata-pack --type-columns nsyns,is_gap_junction \
		--node-type-columns layer -n nodes.csv -o net edges.csv
	[ "$(cat net/default_to_default_edge_types.csv)" = \
'edge_type_id nsyns is_gap_junction
100 3 false
101 1 false
102 1 true
103 2 false
104 4 false' ]
	[ "$(cat net/default_node_types.csv)" = \
		$'node_type_id layer\n100 4\n101 2\n102 3' ]
	python <<-'END'
	import h5py
	p = h5py.File('net/default_to_default_edges.h5', 'r')
	assert sorted(p['edges/default_to_default/0']) == ['@library', 'delay',
	    'model_template']
	END
	sonata-pack --type-columns '' -n nodes.csv -o net edges.csv
	[ "$(cat net/default_to_default_edge_types.csv)" = \
		$'edge_type_id\n100' ]
	run sonata-pack --type-columns nsyns,syn -n nodes.csv -o net edges.csv
	[ "$status" -eq 1 ]
	[ "$output" = \
		"sonata-pack: --type-columns: no edge table has a property 'syn'" ]
	rm -r net # which is not for BMTK, as it was asked for
}

@test "type ids that the tables give" {
	cat >types.csv <<-'END'
	source_node_id,target_node_id,edge_type_id,model_template
	0,1,7,b
	1,0,-1,a
	2,2,7,b
	END
	sonata-pack -n nodes.csv -o net types.csv
	# -1 is none, so that a text of it is an attribute of the edge.
	is "$(cat net/default_to_default_edge_types.csv)" $'edge_type_id\n-1\n7'
	python <<-END
	import h5py
	$named
	p = h5py.File('net/default_to_default_edges.h5', 'r')
	p = p['edges/default_to_default']
	assert list(p['edge_type_id']) == [-1, 7, 7]
	assert named(p['0'], 'model_template') == ['a', 'b', 'b']
	END
	sonata-edges -c model_template net/circuit_config.json | sort >got
	sort types.csv | cmp - got
	# What is the same in all of a type is of the type, and what varies is not.
	cat >types.csv <<-'END'
	source_node_id,target_node_id,edge_type_id,model_template,layer
	0,1,7,b,L2
	1,0,3,c,L2
	2,2,7,b,L4
	2,1,,,
	END
	sonata-pack -n nodes.csv -o net types.csv
	is "$(cat net/default_to_default_edge_types.csv)" \
		$'edge_type_id model_template\n-1 NULL\n3 c\n7 b'
	sonata-edges --attributes net/circuit_config.json | sort >got
	sed 's/^2,1,,/2,1,-1,/' types.csv | sort | cmp - got
	run sonata-pack --type-columns layer -n nodes.csv -o net types.csv
	[ "$status" -eq 1 ]
	is "$output" "sonata-pack: types.csv:4: column 'layer': others of this type have another: 'L4'"
	run sonata-pack -n nodes.csv -o net edges.csv types.csv
	[ "$status" -eq 1 ]
	[ "$output" = "sonata-pack: edges.csv: no column 'edge_type_id', which other tables have" ]
}

@test "texts with spaces, quotes and commas in type files" {
	printf 'source_node_id,target_node_id,dynamics_params\n0,0,"a ""b"", c"\n' |
		sonata-pack -n nodes.csv -o net
	[ "$(tail -n 1 net/default_to_default_edge_types.csv)" = \
		'100 "a ""b"", c"' ]
}

bad() { # edges, what it says about it; nodes, if they are not nodes.csv
	run sonata-pack -n "${3:-nodes.csv}" -o net <<<"$1"
	[ "$status" -eq 1 ]
	told "$output" "sonata-pack: $2"
	[ ! -e net ]
}

@test "bad edges are named by file, line and column" {
	local head=source_node_id,target_node_id in="standard input"
	bad "$head"$'\n0,1\n0,3' "$in:3: column 'target_node_id': there is no such node: '3'"
	bad "$head"$'\n-1,1' "$in:2: column 'source_node_id': negative: '-1'"
	bad "$head"$'\nx,1' "$in:2: column 'source_node_id': not an integer: 'x'"
	bad "$head"$'\n0' "$in:2: 1 fields where the header has 2"
	bad source_node_id "$in: no column 'target_node_id'"
	bad "$head,target_population"$'\n0,1,default' \
		"$in: no column 'source_population'"
	bad "$head,source_population,target_population"$'\n0,1,default,v' \
		"$in:2: column 'target_population': there are no nodes of this population: 'v'"
	bad "$head,a,b,a" "$in: column 'a' is there twice"
	bad "$head,model_template"$'\n0,1,"a\tb"' \
		"$in:2: column 'model_template': control character: 'a?b'"
	bad "$head,a/b" "$in: 'a/b' cannot be the name of a property"
	bad "$head,edge_type_id"$'\n0,1,x' \
		"$in:2: column 'edge_type_id': not an integer: 'x'"
	printf 'node_id,population\n0,a\n0,b\n' >two.csv
	bad "$head" "$in: no column 'source_population', and the nodes are of 2 populations" two.csv
}

@test "bad nodes are named by file, line and column" {
	local head=source_node_id,target_node_id
	printf 'node_id\n0\n1\n0\n' >n.csv
	bad $head "n.csv:4: column 'node_id': there twice: '0'" n.csv
	printf 'node_id\n-5\n' >n.csv
	bad $head "n.csv:2: column 'node_id': negative: '-5'" n.csv
	printf 'node_id\n2147483648\n' >n.csv
	bad $head "n.csv:2: column 'node_id': node id past 2147483647: '2147483648'" n.csv
	printf 'node_id,population\n1,../a\n' >n.csv
	bad $head "n.csv:2: column 'population': a population's name cannot begin with '.': '../a'" n.csv
	printf 'id\n1\n' >n.csv
	bad $head "n.csv: no column 'node_id'" n.csv
	bad $head "none.csv: No such file or directory" none.csv
	bad $head "/dev/null: no header" /dev/null
}

@test "what is missing or wrong in the call" {
	run sonata-pack -o net edges.csv
	[ "$status" -eq 2 ]
	[ "${lines[0]}" = "sonata-pack: --nodes is needed" ]
	run sonata-pack -n nodes.csv edges.csv
	[ "$status" -eq 2 ]
	[ "${lines[0]}" = "sonata-pack: --output is needed" ]
	run sonata-pack -n nodes.csv -o net --compress 10 edges.csv
	[ "$status" -eq 2 ]
	run sonata-pack -n nodes.csv -o net --population a/b edges.csv
	[ "$status" -eq 2 ]
	run sonata-pack -n nodes.csv -o a/b/c edges.csv
	[ "$status" -eq 1 ]
	[ "$output" = "sonata-pack: a/b/c: No such file or directory" ]
	run sonata-pack -n nodes.csv -o nodes.csv edges.csv
	[ "$status" -eq 1 ]
	[[ $output == "sonata-pack: nodes.csv"*": Not a directory" ]]
}

@test "a run that fails leaves what there was" {
	sonata-pack -n nodes.csv -o net edges.csv
	cp -r net before
	big
	run sonata-pack -n nodes.csv -o net <<<$'source_node_id,target_node_id\n9,9'
	[ "$status" -eq 1 ]
	same before net
	sed 's/^[ab],[ab],//; 1s/.*/source_node_id,target_node_id,n,w,s,m/' \
		be.csv >many.csv
	awk 'BEGIN { print "node_id"; for (i = 0; i < 20; i++) print i }' >n.csv
	for there in net new; do
		run bash -c "trap '' XFSZ; ulimit -f 100
			sonata-pack -n n.csv -o $there many.csv"
		[ "$status" -eq 1 ]
		[ "$output" = "sonata-pack: $there/default_to_default_edges.h5: File too large" ]
	done
	same before net
	[ ! -e new ]
}

@test "a run that is stopped leaves what there was" {
	sonata-pack -n nodes.csv -o net edges.csv
	cp -r net before
	mkfifo pipe
	sonata-pack -n nodes.csv -o net pipe 3>&- &
	exec 8>pipe
	printf 'source_node_id,target_node_id\n0,1\n' >&8
	stop $!
	is "$status" 143
	exec 8>&-
	same before net
}

many() { # rows, as large as that
	awk -v n="$1" 'BEGIN {
		print "source_node_id,target_node_id,n,w"
		for (i = 0; i < n; i++)
			print i * 7 % 20 "," i % 19 "," i "," i / 7
	}'
}

writing() { # is it at the files, so that there are more than those of before?
	set -- net/*
	[ $# -gt 5 ]
}

# It may be done before it is stopped: then it gets more to do.
@test "a run that is stopped while it writes leaves what there was" {
	local rows
	awk 'BEGIN { print "node_id"; for (i = 0; i < 20; i++) print i }' >n.csv
	many 9 | sonata-pack -n n.csv -o net
	cp -r net before
	for ((rows = 30000; ; rows *= 4)); do
		many $rows >many.csv
		sonata-pack -S 64K -n n.csv -o net many.csv 3>&- &
		until writing || gone $!; do :; done
		stop $!
		[ "$status" -eq 0 ] || break
		rm -r net
		cp -r before net
	done
	is "$status" 143
	same before net
}

@test "numbers among many texts keep their values, and how they are written" {
	# Texts are numbered in a table that grows while it is written.
	awk 'BEGIN { print "node_id,layer"
		for (i = 0; i < 297; i++) print i "," i
		print "297,007\n298,1.50\n299,1e5\n300,4a" }' >mixed.csv
	echo source_node_id,target_node_id |
		sonata-pack -n mixed.csv -o net
	python <<-END
	import h5py
	$named
	p = h5py.File('net/default_nodes.h5', 'r')['nodes/default/0']
	assert named(p, 'layer') == [str(i) for i in range(297)] + ['007',
	    '1.50', '1e5', '4a']
	END
	sonata-nodes -c layer net/circuit_config.json | cut -d, -f1,3 |
		cmp - mixed.csv
}

@test "two pathways of the same name are an error" {
	printf 'node_id,population\n0,A_to_B\n0,C\n0,A\n0,B_to_C\n' >n.csv
	local head=source_population,target_population,source_node_id,target_node_id
	bad "$head"$'\nA_to_B,C,0,0\nA,B_to_C,0,0' \
		"edges from 'A_to_B' to 'C' and from 'A' to 'B_to_C' would both be population 'A_to_B_to_C'" n.csv
	sonata-pack -n n.csv -o net <<<"$head"$'\nA_to_B,C,0,0\nA,C,0,0'
}

@test "names that populations cannot have" {
	local head=source_node_id,target_node_id name
	for name in a\$b \$HOME 'a/b'; do
		printf 'node_id,population\n0,%s\n' "$name" >n.csv
		bad $head "n.csv:2: column 'population': a population's name cannot have '/' or '\$': '$name'" n.csv
	done
	for name in . .. .hidden; do
		printf 'node_id,population\n0,%s\n' "$name" >n.csv
		bad $head "n.csv:2: column 'population': a population's name cannot begin with '.': '$name'" n.csv
	done
	printf 'node_id,population\n0,\n' >n.csv
	bad $head "n.csv:2: column 'population': a population's name cannot be empty: ''" n.csv
	printf 'node_id,population\n0,"a\nb"\n' >n.csv
	bad $head "n.csv:2: column 'population': a population's name cannot have a control character: 'a?b'" n.csv
	run sonata-pack -n nodes.csv -o net --population a\$b edges.csv
	[ "$status" -eq 2 ]
	[ "${lines[0]}" = "sonata-pack: --population: a population's name cannot have '/' or '\$': 'a\$b'" ]
	sonata-pack -n nodes.csv -o net --population 'a {b}' edges.csv
	sonata-nodes net/circuit_config.json >/dev/null
}

@test "a delay is no text" {
	local head=source_node_id,target_node_id
	printf 'node_id\n0\n1\n' >n.csv
	bad "$head,delay"$'\n0,1,2\n1,0,fast' \
		"standard input:3: column 'delay': not a number: 'fast'" n.csv
	printf 'node_id,x\n0,NULL\n1,here\n' >n.csv
	bad $head "n.csv:3: column 'x': not a number: 'here'" n.csv
}

@test "an integer that a real cannot hold is not rounded" {
	local head=source_node_id,target_node_id
	local why="an integer that a real cannot hold, in a column that is of reals or has missing values"
	printf 'node_id,a\n0,1.5\n1,9007199254740993\n2,\n' >n.csv
	bad $head "n.csv:3: column 'a': $why: '9007199254740993'" n.csv
	printf 'node_id,a\n0,0.5\n1,-9223372036854775807\n' >n.csv
	bad $head "n.csv:3: column 'a': $why: '-9223372036854775807'" n.csv
	printf 'node_id,a\n0,1\n1,18446744073709551615\n' >n.csv
	bad $head "n.csv:3: column 'a': $why: '18446744073709551615'" n.csv
	printf 'node_id,x\n0,9007199254740993\n' >n.csv
	bad $head "n.csv:2: column 'x': $why: '9007199254740993'" n.csv
	# Integers, exact ones and texts stay what they are.
	cat >n.csv <<-'END'
	node_id,a,b,c
	0,9223372036854775807,9007199254740994,9007199254740993
	1,-9223372036854775808,,18446744073709551615
	2,9007199254740993,18446744073709551616,t
	3,0,-1180591620717411303424,
	END
	sonata-pack -n n.csv -o net <<<$head
	python <<-'END'
	import h5py, numpy as np
	p = h5py.File('net/default_nodes.h5', 'r')['nodes/default/0']
	assert p['a'].dtype == 'i8' and list(p['a']) == [2**63 - 1, -2**63,
	    2**53 + 1, 0]
	b = p['b'][:]
	assert np.isnan(b[1]) and [int(b[i]) for i in (0, 2, 3)] == [
	    2**53 + 2, 2**64, -2**70]
	END
	is "$(cut -d' ' -f2 net/default_node_types.csv | xargs)" \
		'c 9007199254740993 18446744073709551615 t NULL'
}

@test "an edge that does not say has one synapse, and is chemical" {
	cat >some.csv <<-'END'
	source_node_id,target_node_id,nsyns
	0,1,3
	1,1,5
	END
	cat >others.csv <<-'END'
	source_node_id,target_node_id,delay
	2,1,0.5
	0,2,1.5
	END
	cat >gaps.csv <<-'END'
	source_node_id,target_node_id,is_gap_junction
	0,0,true
	END
	sonata-pack -n nodes.csv -o net some.csv others.csv gaps.csv
	python <<-'END'
	import h5py, numpy as np
	p = h5py.File('net/default_to_default_edges.h5', 'r')
	p = p['edges/default_to_default']
	assert list(p['edge_group_id']) == [0] * 5 and list(p['0']) == ['delay',
	    'nsyns']
	assert list(p['source_node_id']) == [0, 0, 1, 2, 0]
	assert p['0/nsyns'].dtype == 'i8'
	assert list(p['0/nsyns']) == [1, 3, 5, 1, 1]
	assert np.array_equal(p['0/delay'][:], [np.nan, np.nan, np.nan, .5, 1.5],
	    equal_nan=True)
	END
	h5dump -d /edges/default_to_default/0/nsyns \
		net/default_to_default_edges.h5 | grep -q 'H5T_STD_I64LE'
	[ "$(cat net/default_to_default_edge_types.csv)" = \
		$'edge_type_id is_gap_junction\n100 false\n101 true' ]
	run sonata-info --edges net/circuit_config.json
	[ "$(cut -d, -f4,8,9 <<<"$output")" = $'rows,synapses,gap_rows\n5,11,1' ]
	sonata-edges net/circuit_config.json |
		conn-matrix -n nodes.csv --stats synapses,gap_pairs - >want
	conn-matrix --stats synapses,gap_pairs net/circuit_config.json |
		cmp - want
	# as attributes, in words and in numbers
	sonata-pack --type-columns '' -n nodes.csv -o net some.csv gaps.csv
	sed 's/true/1/' gaps.csv >ones.csv
	sonata-pack --type-columns '' -n nodes.csv -o ones some.csv ones.csv
	sonata-pack --type-columns is_gap_junction,nsyns -n nodes.csv \
		-o typed some.csv ones.csv
	[ "$(cat typed/default_to_default_edge_types.csv)" = \
		$'edge_type_id nsyns is_gap_junction\n100 3 0\n101 5 0\n102 1 1' ]
	python <<-'END'
	import h5py
	for net in 'net', 'ones': # a text would be true for BMTK
	    p = h5py.File(net + '/default_to_default_edges.h5', 'r')[
	        'edges/default_to_default/0/is_gap_junction']
	    assert list(p) == [1, 0, 0] and p.dtype == 'i8'
	END
	# Where no edge says so, nothing is said.
	sonata-pack -n nodes.csv -o net others.csv - \
		<<<source_node_id,target_node_id,nsyns,is_gap_junction
	run sonata-edges net/circuit_config.json
	[ "${lines[0]}" = source_node_id,target_node_id,edge_type_id ]
}

@test "readers take a NaN in nsyns for one synapse" {
	sonata-pack -n nodes.csv -o net edges.csv
	conn-matrix --stats rows,synapses -j 2 net/circuit_config.json >want
	python <<-'END'
	import h5py
	g = h5py.File('net/default_to_default_edges.h5', 'r+')[
	    'edges/default_to_default/0']
	n = g['nsyns'][:].astype('f8')
	assert n[1] == n[2] == 1
	n[1] = n[2] = float('nan')
	del g['nsyns']
	g['nsyns'] = n
	END
	conn-matrix --stats rows,synapses -j 2 net/circuit_config.json >got 2>err
	cmp want got
	[ "$(cat err)" = "conn-matrix: net/default_to_default_edges.h5: /edges/default_to_default: nsyns is NaN in some rows, which are taken for one synapse each" ]
	sonata-edges net/circuit_config.json |
		conn-matrix --stats rows,synapses -n nodes.csv | cmp - want
}

parts() { # edges whose integers are there or not, in all ways
	cat >section.csv <<-'END'
	source_node_id,target_node_id,afferent_section_id,afferent_section_pos,a
	2,1,7,0.25,
	0,1,8,0.5,9007199254740993
	END
	cat >plain.csv <<-'END'
	source_node_id,target_node_id,a,delay,word
	0,0,4,1.5,x
	1,2,,2.5,
	END
}

@test "integers that some elements lack make groups, and stay integers" {
	parts
	sonata-pack -n nodes.csv -o net section.csv plain.csv
	python <<-'END'
	import h5py, numpy as np
	p = h5py.File('net/default_to_default_edges.h5', 'r')
	p = p['edges/default_to_default']
	assert list(p['target_node_id']) == [0, 1, 1, 2]
	assert list(p['edge_group_id']) == [2, 0, 1, 3]
	assert list(p['edge_group_index']) == [0, 0, 0, 0]
	have = {k: {n: p[k][n][()].tolist() for n in p[k]} for k in '0123'}
	nan = [np.nan]
	assert str(have) == str({
	    '0': {'a': [2**53 + 1], 'afferent_section_id': [8],
	        'afferent_section_pos': [.5]},
	    '1': {'afferent_section_id': [7], 'afferent_section_pos': [.25]},
	    '2': {'a': [4], 'delay': [1.5]},
	    '3': {'delay': [2.5]}}), have
	for d in p['0/a'], p['2/a'], p['1/afferent_section_id']:
	    assert d.dtype == 'i8'
	END
	h5dump net/default_to_default_edges.h5 >/dev/null
	columns=afferent_section_id,afferent_section_pos,a,delay,word
	sonata-edges -c $columns net/circuit_config.json >e.csv
	is "$(cat e.csv)" "source_node_id,target_node_id,edge_type_id,$columns
0,0,101,,,4,1.5,x
0,1,100,8,0.5,9007199254740993,,
2,1,100,7,0.25,,,
1,2,100,,,,2.5,"
	# That table makes the same network, in whatever order.
	sonata-pack -n nodes.csv -o again e.csv
	h5diff {net,again}/default_to_default_edges.h5
	(head -n 1 e.csv; tail -n +2 e.csv | sort -r) >turned.csv
	sonata-pack -n nodes.csv -o turned turned.csv
	h5diff {net,turned}/default_to_default_edges.h5
	sonata-pack --compress 1 -n nodes.csv -o packed e.csv
	h5diff {net,packed}/default_to_default_edges.h5
}

@test "nodes have groups too, and too many groups are none" {
	printf 'node_id,level,dynamics_params.k\n0,5,\n1,,7\n2,6,8\n' >n.csv
	sonata-pack -n n.csv -o net <<<source_node_id,target_node_id
	python <<-'END'
	import h5py
	p = h5py.File('net/default_nodes.h5', 'r')['nodes/default']
	assert list(p['node_group_id']) == [1, 2, 0]
	assert list(p['node_group_index']) == [0, 0, 0]
	assert list(p['0/level']) == [6] and list(p['1/level']) == [5]
	assert list(p['0/dynamics_params/k']) == [8]
	assert list(p['2/dynamics_params/k']) == [7]
	assert 'dynamics_params' not in p['1'] and 'level' not in p['2']
	END
	[ "$(sonata-nodes -c level,dynamics_params.k net/circuit_config.json |
		cut -d, -f1,3-)" = "$(cat n.csv)" ]
	awk 'BEGIN { OFS = ","; print "node_id", "a", "b", "c", "d", "e"
		for (i = 0; i < 32; i++)
			print i, i % 2 ? 1 : "", int(i / 2) % 2 ? 1 : "",
			int(i / 4) % 2 ? 1 : "", int(i / 8) % 2 ? 1 : "",
			i < 16 ? 1 : "" }' >n.csv
	sonata-pack -n n.csv -o many <<<source_node_id,target_node_id
	awk -F, '$1 % 8 != 0 || NR == 1' n.csv | cut -d, -f1-5 >m.csv
	awk 'NR == 1 { print } NR > 1 { print NR - 2 substr($0, index($0, ",")) }' \
		m.csv >f.csv
	sonata-pack -n f.csv -o few <<<source_node_id,target_node_id
	python <<-'END'
	import h5py, numpy as np
	p = h5py.File('many/default_nodes.h5', 'r')['nodes/default']
	assert set(p['node_group_id']) == {0} and p['0/a'].dtype == 'f8'
	assert np.isnan(p['0/a'][0]) and p['0/a'][1] == 1
	p = h5py.File('few/default_nodes.h5', 'r')['nodes/default']
	assert len(set(p['node_group_id'])) == 14 and p['0/a'].dtype == 'i8'
	END
	for net in many few; do
		sonata-nodes -c a,b,c,d $net/circuit_config.json |
			cut -d, -f1,3- | sed 's/nan//g' >$net.csv
	done
	cut -d, -f1-5 n.csv | cmp - many.csv
	cmp f.csv few.csv
	# What a real cannot hold is an error only then.
	rm -r net
	sed '33s/,1,/,9007199254740993,/' n.csv >huge.csv
	bad source_node_id,target_node_id "huge.csv:33: column 'a': an integer that a real cannot hold, in a column that is of reals or has missing values: '9007199254740993'" huge.csv
}

@test "what readers compute is left out, and said" {
	sonata-pack -n nodes.csv -o net edges.csv
	sonata-nodes -c node_group_id,node_group_index,layer \
		net/circuit_config.json >n.csv
	sonata-edges -c edge_id,population,edge_group_id,edge_group_index,nsyns \
		net/circuit_config.json >e.csv
	run sonata-pack -n n.csv -o again e.csv
	[ "$status" -eq 0 ]
	[ "${#lines[@]}" -eq 2 ]
	[ "${lines[0]}" = "sonata-pack: n.csv: left out, because nodes get them anew: node_group_id, node_group_index" ]
	[ "${lines[1]}" = "sonata-pack: e.csv: left out, because edges get them anew: edge_id, population, edge_group_id, edge_group_index" ]
	python <<-'END'
	import h5py
	p = h5py.File('again/default_nodes.h5', 'r')['nodes/default/0']
	assert list(p) == ['layer']
	p = h5py.File('again/default_to_default_edges.h5', 'r')
	assert list(p['edges/default_to_default/0']) == ['nsyns']
	END
}

@test "columns that cannot be there together, or at all" {
	local head=source_node_id,target_node_id
	printf 'node_id,dynamics_params,dynamics_params.tau\n0,a.json,2\n' >n.csv
	run sonata-pack --node-type-columns '' -n n.csv -o net <<<$head
	[ "$status" -eq 1 ]
	is "$output" "sonata-pack: nodes of 'default': column 'dynamics_params' is a group in HDF5, and so can only be of types: name it in --node-type-columns, or leave it out"
	[ ! -e net ]
	sonata-pack -n n.csv -o net <<<$head # of the type, and of the cell
	sonata-nodes -c dynamics_params,dynamics_params.tau \
		net/circuit_config.json | grep -x 0,100,a.json,2
	rm -r net
	printf 'node_id,positions\n0,1\n' >n.csv
	bad $head "n.csv: 'positions' cannot be the name of an attribute, where it is a matrix of x, y and z" n.csv
	printf 'node_id,@library\n0,1\n' >n.csv
	bad $head "n.csv: '@library' cannot be the name of a property" n.csv
	printf 'node_id,pos_y,y\n0,1,2\n' >n.csv
	bad $head "columns 'y' and 'pos_y' of node tables are the same attribute" n.csv
	printf 'node_id,pos_y\n0,1\n' >n.csv
	sonata-pack -n n.csv -o net <<<$head
	[ "$(sonata-nodes -c y net/circuit_config.json)" = \
		$'node_id,node_type_id,y\n0,100,1' ]
}

@test "ids that are too sparse for an index" {
	local head=source_node_id,target_node_id
	printf 'node_id\n3\n2147483647\n5\n' >n.csv
	sonata-pack -n n.csv -o net <<<"$head"$'\n5,3'
	python <<-'END'
	import h5py
	p = h5py.File('net/default_to_default_edges.h5', 'r')
	p = p['edges/default_to_default/indices']
	assert p['source_to_target/node_id_to_ranges'][:].tolist() == [
	    [0, 0]] * 5 + [[0, 1]]
	assert p['target_to_source/node_id_to_ranges'][:].tolist() == [
	    [0, 0]] * 3 + [[0, 1]]
	END
	[ "$(sonata-edges net/circuit_config.json)" = \
		"$head,edge_type_id"$'\n5,3,100' ]
	rm -r net
	bad "$head"$'\n5,3\n3,2147483647' \
		"standard input:3: column 'target_node_id': node ids are too sparse for an index, which has a row for each below: '2147483647'" n.csv
	sonata-pack -n n.csv -o net <<<"$head" # without edges
	[ "$(stat -c %s net/default_to_default_edges.h5)" -lt 100000 ]
}

@test "more files than there can be" {
	awk 'BEGIN { print "node_id,population"
		for (i = 0; i < 512; i++) print "0,p" i }' >n.csv
	bad source_population,target_population,source_node_id,target_node_id \
		"512 populations and 0 pathways take 1025 files, more than 1024: pack parts of the network into directories of their own" n.csv
}
