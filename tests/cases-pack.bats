# What those who read SONATA files need of the ones we write, and that a network
# which goes through our own tools stays what it is.
#
# shellcheck disable=SC2034 # used by common.bash
load common.bash
tool=sonata-pack

teardown() { readable; }

# For python: the file of a population, and the texts of an enumeration.
packed='
import h5py
def of(kind, name, net="net"):
    return h5py.File(f"{net}/{name}_{kind}.h5", "r")[f"{kind}/{name}"]
def named(group, name):
    texts = list(group["@library"][name].asstr())
    return [texts[code] for code in group[name]]
'

network() { # cells, inputs and edges of all sorts, in net; options of sonata-pack
	cat >n.csv <<-'END'
	population,node_id,pop_name,layer,model_type,model_template,morphology,model_processing,x,y,z
	LA,0,PN,L2,biophysical,hoc:Cell_A,"a cell, no. 1.swc",aibs_perisomatic,0,1,2
	LA,1,PN,L4,biophysical,hoc:Cell_A,"a cell, no. 1.swc",aibs_perisomatic,3,4,5
	LA,2,PV,L2,biophysical,ctdb:Biophys1.hoc,,,6,7,8
	LA,3,PV,L4,biophysical,ctdb:Biophys1.hoc,,,9,10,11
	thal,0,inp,,virtual,,,,,,
	thal,1,inp,,virtual,,,,,,
	END
	cat >e.csv <<-'END'
	source_population,target_population,source_node_id,target_node_id,delay,syn_weight,model_template,dynamics_params,target_sections,weight_function,is_gap_junction
	LA,LA,0,1,1,0.5,exp2syn,e.json,['basal'],wmax,
	LA,LA,1,2,2,0.25,exp2syn,e.json,['basal'],wmax,
	LA,LA,2,3,,1e-05,,,,,true
	LA,LA,3,0,,2e-05,,,,,true
	thal,LA,0,1,1,4,exp2syn,t.json,['apical'],,
	thal,LA,1,3,1,5,exp2syn,t.json,['apical'],,
	END
	sonata-pack -n n.csv -o net "$@" e.csv
}

config() { # an expression in python, of the config c
	/usr/bin/python3 -c "
import json
c = json.load(open('net/circuit_config.json'))
print($1)"
}

@test "node_id is written, even if it is the number of the row" {
	network
	python <<-END
	$packed
	for name, n in ('LA', 4), ('thal', 2):
	    ids = of('nodes', name)['node_id']
	    assert list(ids) == list(range(n)) and ids.dtype == 'u8'
	END
}

@test "texts are of types, whatever they are called, and come back as they were" {
	network
	diff net/LA_node_types.csv - <<-'END'
	node_type_id pop_name layer model_type model_template morphology model_processing
	100 PN L2 biophysical hoc:Cell_A "a cell, no. 1.swc" aibs_perisomatic
	101 PN L4 biophysical hoc:Cell_A "a cell, no. 1.swc" aibs_perisomatic
	102 PV L2 biophysical ctdb:Biophys1.hoc NULL NULL
	103 PV L4 biophysical ctdb:Biophys1.hoc NULL NULL
	END
	python <<-END
	$packed
	assert sorted(of('nodes', 'LA')['0']) == ['x', 'y', 'z']
	assert sorted(of('edges', 'LA_to_LA')['0']) == ['delay', 'syn_weight']
	END
	# Numbers among texts, and spaces at their ends, are of types too.
	printf '%s\n' node_id,depth '0,007' '1,1.50' '2," a "' >m.csv
	sonata-pack -n m.csv -o m <<<source_node_id,target_node_id
	is "$(cut -d' ' -f2- m/default_node_types.csv)" $'depth\n007\n1.50\n" a "'
	sonata-nodes -c depth m/circuit_config.json | cut -d, -f1,3 |
		diff - <(tr -d '"' <m.csv)
}

@test "a node set over a text chooses its cells" {
	network
	echo '{"second": {"layer": "L2"}, "pv4": {"pop_name": "PV", "layer": "L4"}}' \
		>net/node_sets.json
	sed -i '1s/{/{"node_sets_file": "node_sets.json",/' \
		net/circuit_config.json
	for set in second pv4; do
		sonata-nodes -p LA -c layer --node-set $set \
			net/circuit_config.json | sed 1d | cut -d, -f1 | xargs
	done >got
	is "$(cat got)" $'0 2\n3'
}

@test "texts that vary are enumerations, and what is looked for in types stays" {
	awk 'BEGIN { print "node_id,name,class,morphology"
		for (i = 0; i < 60; i++)
			print i ",cell" i ",p" i % 3 ",m" i ".swc" }' >many.csv
	cut -d, -f1-3 many.csv |
		sonata-pack -n - -o net <(echo source_node_id,target_node_id)
	python <<-END
	$packed
	p = of('nodes', 'default')['0']
	assert sorted(p) == ['@library', 'name']
	assert named(p, 'name') == [f'cell{i}' for i in range(60)]
	assert p['name'].dtype == 'u4'
	END
	is "$(xargs <net/default_node_types.csv)" \
		'node_type_id class 100 p0 101 p1 102 p2'
	sonata-nodes -c name,class net/circuit_config.json | cut -d, -f1,3- |
		diff - <(cut -d, -f1-3 many.csv)
	# Each cell has its morphology, so that other texts make no more types.
	sonata-pack -n many.csv -o net <<<source_node_id,target_node_id
	is "$(head -n 2 net/default_node_types.csv)" \
		$'node_type_id name class morphology\n100 cell0 p0 m0.swc'
	sonata-nodes net/circuit_config.json | cut -d, -f1,3- | diff - many.csv
	awk -F, -v OFS=, 'NR > 1 { $4 = "m" $1 % 40 } 1' many.csv >more.csv
	sonata-pack -n more.csv -o net <<<source_node_id,target_node_id
	is "$(head -n 2 net/default_node_types.csv)" \
		$'node_type_id morphology\n100 m0'
	# pop_name stays as well.
	sed -i '1s/name/pop_name/' many.csv
	cut -d, -f1-3 many.csv |
		sonata-pack -n - -o net <(echo source_node_id,target_node_id)
	is "$(head -n 2 net/default_node_types.csv)" \
		$'node_type_id pop_name class\n100 cell0 p0'
	# Half of the elements are few types.
	cut -d, -f1-3 many.csv | awk -F, -v OFS=, 'NR > 1 { $2 = "c" $1 % 30 } 1' |
		sonata-pack -n - -o half <(echo source_node_id,target_node_id)
	is "$(wc -l <half/default_node_types.csv)" 31
	# More than 10000 are too many.
	awk 'BEGIN { print "node_id,morphology"
		for (i = 0; i < 10001; i++) print i ",m" i }' >m.csv
	sonata-pack -n m.csv -o huge <<<source_node_id,target_node_id
	is "$(cat huge/default_node_types.csv)" $'node_type_id\n100'
	sed '$d' m.csv >less.csv
	sonata-pack -n less.csv -o large <<<source_node_id,target_node_id
	is "$(wc -l <large/default_node_types.csv)" 10001
	rm -r huge # that BMTK cannot find the morphologies of
}

@test "--dialect libsonata has all texts in HDF5, in one group" {
	network --dialect bmtk
	sed 's/,dynamics_params,/,params,/' e.csv >l.csv
	sed -i '1s/layer/layer,level/; 2s/L2/L2,7/; 3,$s/\(LA\|thal\),\([0-9]\),\([^,]*\),\([^,]*\)/\1,\2,\3,\4,/' n.csv
	sonata-pack --dialect libsonata -n n.csv -o lib l.csv
	set -- lib/*.csv
	[ ! -e "$1" ]
	is "$(grep -c types_file lib/circuit_config.json)" 0
	python <<-END
	$packed
	p = of('nodes', 'LA', 'lib')
	assert [k for k in p if k.isdigit()] == ['0']
	assert list(p['node_type_id']) == [-1] * 4
	assert named(p['0'], 'pop_name') == ['PN', 'PN', 'PV', 'PV']
	assert named(p['0'], 'layer') == ['L2', 'L4'] * 2
	assert p['0/level'].dtype == 'f8' and p['0/level'][0] == 7
	p = of('edges', 'LA_to_LA', 'lib')['0']
	assert named(p, 'model_template') == ['', 'exp2syn', 'exp2syn', '']
	assert list(p['is_gap_junction']) == [1, 0, 0, 1]
	END
	read_by_all --for libsonata,snap lib/circuit_config.json
	bad "edges of 'LA_to_LA': column 'dynamics_params' is a group in HDF5, and so can only be of types: name it in --type-columns, or leave it out" \
		--dialect libsonata -n n.csv -o no e.csv
	[ ! -e no ]
	sonata-pack --dialect libsonata --type-columns dynamics_params \
		-n n.csv -o both e.csv
	is "$(tail -n 1 both/thal_to_LA_edge_types.csv)" '100 t.json'
}

@test "the config names populations, and of what type they are" {
	network
	is "$(config "c['networks']['nodes'][0]['populations']")" \
		"{'LA': {'type': 'biophysical'}}"
	is "$(config "c['networks']['nodes'][1]['populations']")" \
		"{'thal': {'type': 'virtual'}}"
	is "$(config "[e['populations'] for e in c['networks']['edges']]")" \
		"[{'LA_to_LA': {'type': 'chemical'}}, {'thal_to_LA': {'type': 'chemical'}}]"
	is "$(config "c['metadata']['status']")" partial
	# A population of cells is one, even if some are virtual.
	printf '%s\n' node_id,model_type 0,virtual 1,point_neuron 2,virtual >m.csv
	printf '%s\n' source_node_id,target_node_id,is_gap_junction 0,1,1 1,2,True |
		sonata-pack -n m.csv -o net
	is "$(config "c['networks']['nodes'][0]['populations']")" \
		"{'default': {'type': 'point_neuron'}}"
	is "$(config "c['networks']['edges'][0]['populations']")" \
		"{'default_to_default': {'type': 'electrical'}}"
	is "$(config "c.get('metadata')")" None
}

@test "dynamics_params is of types, and in HDF5 only a group" {
	network
	is "$(sonata-edges -e thal_to_LA -c dynamics_params net/circuit_config.json |
		awk -F, '{ print $NF }' | xargs)" 'dynamics_params t.json t.json'
	printf '%s\n' node_id,node_type_id,dynamics_params 0,7,a.json 1,7,b.json >m.csv
	local head=source_node_id,target_node_id
	bad "m.csv:3: column 'dynamics_params': others of this type have another: 'b.json'" \
		-n m.csv -o no <<<$head
	printf '%s\n' node_id,node_type_id,dynamics_params 0,7,a.json 1,-1,b.json >m.csv
	bad "m.csv:3: column 'dynamics_params': it belongs to a type, and -1 is none: 'b.json'" \
		-n m.csv -o no <<<$head
	[ ! -e no ]
	printf '%s\n' node_id,dynamics_params.tau,dynamics_params.kind \
		0,1.5,a 1,2,b >m.csv
	sonata-pack -n m.csv -o net <<<$head
	python <<-END
	$packed
	p = of('nodes', 'default')['0/dynamics_params']
	assert list(p['tau']) == [1.5, 2] and list(p['kind'].asstr()) == ['a', 'b']
	END
}

@test "gap junctions have the file that BMTK looks for" {
	network
	is "$(config "c['networks']['gap_juncs']")" \
		"[{'gap_juncs_file': '\$NETWORK_DIR/LA_gap_juncs.h5'}]"
	python <<-'END'
	import h5py
	f = h5py.File('net/LA_gap_juncs.h5')
	assert sorted(f) == ['source_ids', 'src_gap_ids', 'target_ids',
	    'trg_gap_ids']
	get = lambda name: f[name][()].tolist()
	assert list(zip(get('source_ids'), get('target_ids'))) == [(3, 0), (2, 3)]
	assert get('src_gap_ids') + get('trg_gap_ids') == [0, 2, 1, 3]
	assert {f[name].dtype.str for name in f} == {'<i8'}
	END
	sonata-info --edges net/circuit_config.json | cut -d, -f1-4,9 >got
	grep -x 'LA_to_LA,LA,LA,4,2' got
	# The numbers go on in the next population; between two there is no file.
	cat >g.csv <<-'END'
	source_population,target_population,source_node_id,target_node_id,is_gap_junction
	a,a,0,1,true
	b,b,1,0,True
	a,b,0,0,1
	END
	printf '%s\n' population,node_id a,0 a,1 b,0 b,1 >m.csv
	sonata-pack -n m.csv -o two g.csv
	is "$(cd two && echo *_gap_juncs.h5)" 'a_gap_juncs.h5 b_gap_juncs.h5'
	python <<-'END'
	import h5py
	f = h5py.File('two/b_gap_juncs.h5')
	assert [f[k][0] for k in ('source_ids', 'target_ids', 'src_gap_ids',
	    'trg_gap_ids')] == [1, 0, 2, 3]
	END
	# As an attribute it is a number, which is not true where it is false.
	sonata-pack --type-columns '' -n m.csv -o plain g.csv
	python <<-END
	$packed
	p = of('edges', 'a_to_b', 'plain')['0/is_gap_junction']
	assert list(p) == [1] and p.dtype == 'i8'
	END
	# Among words and numbers any would be true for BMTK.
	printf '%s\n' source_node_id,target_node_id,is_gap_junction 0,1,1 1,0,False \
		0,0, >g.csv
	printf '%s\n' node_id 0 1 >m.csv
	sonata-pack -n m.csv -o mixed g.csv
	is "$(cut -d' ' -f2 mixed/default_to_default_edge_types.csv | xargs)" \
		'is_gap_junction true false false'
	printf '%s\n' source_node_id,target_node_id,is_gap_junction 0,1,perhaps >g.csv
	bad "g.csv:2: column 'is_gap_junction': neither true nor false: 'perhaps'" \
		-n m.csv -o no g.csv
}

@test "target_sections have distance_range and nsyns beside them" {
	network
	diff net/thal_to_LA_edge_types.csv - <<-'END'
	edge_type_id model_template dynamics_params target_sections distance_range nsyns
	100 exp2syn t.json ['apical'] "[0.0, 1e+20]" 1
	END
	diff <(cut -d' ' -f6- net/LA_to_LA_edge_types.csv) - <<-'END'
	is_gap_junction distance_range nsyns
	false "[0.0, 1e+20]" 1
	true NULL 1
	END
	# Where there are some, others get it.
	printf '%s\n' node_id 0 1 >m.csv
	printf '%s\n' source_node_id,target_node_id,nsyns,target_sections,distance_range \
		"0,1,2,['basal'],\"[50, 100]\"" "1,0,3,['apical']," 0,0,1,, \
		"1,1,1,['soma'],150" >t.csv
	sonata-pack -n m.csv -o net t.csv
	diff net/default_to_default_edge_types.csv - <<-'END'
	edge_type_id target_sections distance_range
	100 ['basal'] "[50, 100]"
	101 ['apical'] "[0.0, 1e+20]"
	102 NULL NULL
	103 ['soma'] 150
	END
	# Biophysical cells have a morphology, if only none.
	printf '%s\n' node_id,model_type 0,biophysical 1,virtual >m.csv
	sonata-pack -n m.csv -o net <<<source_node_id,target_node_id
	is "$(head -n 2 net/default_node_types.csv)" \
		$'node_type_id model_type morphology\n100 biophysical NULL'
}

@test "--positions-matrix writes x, y and z as one matrix" {
	network --positions-matrix
	python <<-END
	$packed
	p = of('nodes', 'LA')['0']
	assert list(p) == ['positions'] and p['positions'].dtype == 'f8'
	assert p['positions'][()].tolist() == [[0, 1, 2], [3, 4, 5], [6, 7, 8],
	    [9, 10, 11]]
	assert list(of('nodes', 'thal')['0']) == []
	END
	sonata-nodes -p LA -c x,y,z net/circuit_config.json | cut -d, -f1,3- |
		diff - <(awk -F, -v OFS=, '$1 != "thal" { print $(NF - 10 - q),
			$(NF - 2), $(NF - 1), $NF }' n.csv | sed 's/^[^,]*,//' |
			awk -v OFS=, 'NR == 1 { print "node_id", $0; next }
				{ print NR - 2, $0 }')
	# With one axis missing there is none.
	printf '%s\n' node_id,pos_x,y 0,1,2 >m.csv
	bad "--positions-matrix: nodes of 'default' have no 'z'" \
		--positions-matrix -n m.csv -o no <<<source_node_id,target_node_id
	misused '--positions-matrix needs --dialect=bmtk' \
		--positions-matrix --dialect libsonata -n n.csv -o no e.csv
}

@test "sonata-edges --attributes writes what sonata-pack takes" {
	network
	sonata-edges --all --attributes net/circuit_config.json >got
	is "$(head -n 1 got)" source_population,target_population,source_node_id,target_node_id,edge_type_id,nsyns,is_gap_junction,model_template,dynamics_params,target_sections,weight_function,distance_range,delay,syn_weight
	grep -qxF "thal,LA,0,1,100,1,,exp2syn,t.json,['apical'],,\"[0.0, 1e+20]\",1,4" got
	sonata-nodes --all net/circuit_config.json >cells
	sonata-pack -n cells -o again got
	sonata-edges --all --attributes again/circuit_config.json | diff got -
	sonata-nodes --all again/circuit_config.json | diff cells -
	# Of one population its own, and -c does not repeat them.
	is "$(sonata-edges -e thal_to_LA --attributes -c delay \
		net/circuit_config.json | head -n 1 | cut -d, -f6-)" \
		nsyns,model_template,dynamics_params,target_sections,distance_range,delay,syn_weight
}

@test "type -1 is none, and so is a missing one" {
	printf '%s\n' node_id,node_type_id,morphology 0,-1,a 1,-1,b 2,,c >m.csv
	printf '%s\n' source_node_id,target_node_id,edge_type_id,kind \
		0,1,-1,x 1,2,5,y 2,0,5,y 0,0,-1, >t.csv
	sonata-pack -n m.csv -o net t.csv
	sonata-nodes net/circuit_config.json | diff - <(sed 's/^2,,/2,-1,/' m.csv)
	sonata-edges --attributes net/circuit_config.json | sort |
		diff - <(sort t.csv)
	is "$(cat net/default_node_types.csv)" $'node_type_id\n-1'
	is "$(cat net/default_to_default_edge_types.csv)" $'edge_type_id\n-1\n5'
}

@test "labels that spell a missing value stay what they are" {
	printf '%s\n' node_id,pop_name,x,code 0,NULL,1,01 1,NaN,2,1e5 2,NONE,3,abc \
		3,nan,4,0x1F 4,None,NULL,1_0 5,null,,infinity 6,,7,nan '7," a ",8,1.50' \
		8,-1,nan,007 >lab.csv
	printf '%s\n' source_node_id,target_node_id,w 0,1, 1,2,0.5 2,3,nan >le.csv
	sonata-pack -n lab.csv --population A -o net le.csv
	sonata-nodes -c pop_name,code net/circuit_config.json | cut -d, -f1,3- |
		diff - <(cut -d, -f1,2,4 lab.csv | tr -d '"')
	python <<-END
	$packed
	import numpy as np
	p = of('nodes', 'A')['0']
	assert list(np.isnan(p['x'])) == [False] * 4 + [True] * 2 + [False] * 2 + [
	    True]
	assert len(p['@library/pop_name']) == 9
	assert np.isnan(of('edges', 'A_to_A')['0/w'][2])
	END
	# A type file cannot have them.
	bad "lab.csv:2: column 'pop_name': in a type file this is a missing text: 'NULL'" \
		--node-type-columns pop_name -n lab.csv -o no le.csv
	rm -r net # where pop_name is not for BMTK
	# inf is a number among numbers.
	printf '%s\n' node_id,a,b 0,1.5,inf 1,inf,x 2,-inf, >m.csv
	sonata-pack -n m.csv -o inf <<<source_node_id,target_node_id
	sonata-nodes -c a,b inf/circuit_config.json | cut -d, -f1,3- | cmp - m.csv
	# Of many numbers it is not kept how they are written; no text may follow.
	awk 'BEGIN { print "node_id,v"; for (i = 0; i < 65536; i++) print i ",0.50"
		print "65536,1.50"; print "65537,2" }' >m.csv
	sonata-pack -n m.csv -o long <<<source_node_id,target_node_id
	echo 65538,text >>m.csv
	bad "m.csv:65538: column 'v': among so many numbers it is not kept as it is written, and texts come after it: '1.50'" \
		-n m.csv -o no <<<source_node_id,target_node_id
}

@test "an attribute that has the name of our own columns keeps it" {
	make-odd A_nodes.h5 <<-'END'
	/nodes/A/node_type_id u4 1*3
	/nodes/A/0/population s left right left
	/nodes/A/0/node_type_id f8 0.5 1.5 2.5
	/nodes/A/0/x f8 1 2 3
	END
	sonata-nodes --all A_nodes.h5 >n.csv
	grep -q attribute.population n.csv
	sonata-pack -n n.csv -o net <<<source_node_id,target_node_id
	sonata-nodes --all net/circuit_config.json | diff n.csv -
	python <<-END
	$packed
	p = of('nodes', 'A')['0']
	assert named(p, 'population') == ['left', 'right', 'left']
	assert list(p['node_type_id']) == [0.5, 1.5, 2.5]
	END
	bad "--node-type-columns: 'attribute.population' cannot be of types" \
		--node-type-columns attribute.population -n n.csv -o no \
		<<<source_node_id,target_node_id
}

@test "both indices have the names of both dialects, and empty rows end at once" {
	network
	python <<-END
	$packed
	p = of('edges', 'thal_to_LA')['indices']
	for name, rows in (('source_to_target', [[0, 1], [1, 2]]),
	        ('target_to_source', [[0, 0], [0, 1], [1, 1], [1, 2]])):
	    i = p[name]
	    assert i['node_id_to_range'] == i['node_id_to_ranges']
	    assert i['node_id_to_ranges'][()].tolist() == rows
	END
}

# ---- Round trips ----

round_trip() { # files, and options as -o OPTIONS before them
	/usr/bin/python3 "$BATS_TEST_DIRNAME/roundtrip.py" "$@"
}

# bats test_tags=long
@test "our own networks go round" {
	round_trip "$BATS_TEST_DIRNAME/data/tricky/config.json" >got
	is "$(cat got)" '1 of 1 networks are the same'
	round_trip -o '--dialect libsonata --type-columns dynamics_params' \
		"$BATS_TEST_DIRNAME/data/tricky/config.json"
	make-la nodes >n.csv
	make-la edges >e.csv
	sonata-pack -n n.csv -o la e.csv
	round_trip la/circuit_config.json
	network
	round_trip net/circuit_config.json
	round_trip -o --positions-matrix -o '--compress 4' net/circuit_config.json
	# Groups, in any order, of attributes with other types, and without types.
	make-odd odd.h5 <<-'END'
	/nodes/A/node_id u8 7 3 5 1
	/nodes/A/node_type_id i4 5 6 5 -1
	/nodes/A/node_group_id u4 0 1 1 0
	/nodes/A/node_group_index u4 1 0 1 0
	/nodes/A/0/level i4 1 2
	/nodes/A/0/name s one "two words"
	/nodes/A/1/level f8 0.5 nan
	/nodes/A/1/positions f8:3 1 2 3 4 5 6
	/nodes/A/1/dynamics_params/tau f4 0.1 0.2
	/nodes/A/1/kind u1 1 2
	/nodes/A/1/@library/kind s NULL nan x
	/edges/A_to_A/source_node_id u8 7 3 5
	/edges/A_to_A/target_node_id u8 1 1 3
	/edges/A_to_A/source_node_id@node_population s A
	/edges/A_to_A/target_node_id@node_population s A
	/edges/A_to_A/0/flag bool 0 1 1
	/edges/A_to_A/0/w f8 inf -inf 1e300
	/edges/A_to_A/0/id i8 9223372036854775807 -5 0
	END
	round_trip odd.h5
}

@test "what a table cannot carry is refused" {
	make-odd A_nodes.h5 <<-'END'
	/nodes/A/node_type_id u4 1*2
	/nodes/A/0/matrix f8:3 1 2 3 4 5 6
	END
	run -1 sonata-nodes A_nodes.h5
	[[ $output == *': not a dataset of one dimension' ]]
}

@test "what a table does not say is said" {
	make-odd e.h5 <<-'END'
	/edges/synapses/source_node_id u8 0
	/edges/synapses/target_node_id u8 1
	/edges/synapses/source_node_id@node_population s A
	/edges/synapses/target_node_id@node_population s B
	/edges/synapses/0/
	END
	run --separate-stderr sonata-edges --attributes e.h5
	is "$output" $'source_population,target_population,source_node_id,target_node_id,edge_type_id\nA,B,0,1,'
	is "$stderr" "sonata-edges: e.h5: the table does not say that these edges are of population 'synapses': sonata-pack would call it 'A_to_B'"
	run --separate-stderr sonata-edges e.h5
	is "$stderr" ''
}

# bats test_tags=long
@test "networks of others go round" {
	local set files
	need data
	for set in "$reference"/data/o*; do
		# A simulation's config is the network of its circuit's.
		mapfile -t files < <(find "$set" -name '*.h5' -o \
			-name '*circuit*.json' | sort)
		[ ${#files[@]} -gt 0 ] || continue
		echo "${set##*/}:"
		# Bare files of edges that do not say of which nodes they are.
		round_trip "${files[@]}" | grep -v "gap_juncs.h5: sonata-pack: \|^edge_index_example.h5: sonata-pack: n.csv:2: column 'population': a population's name cannot be empty: ''" || true
	done >got
	cat got
	awk '/ networks are the same$/ { n += $3; same += $1 } !/:$/ && !/same$/
		END { exit n < 150 || n - same > 4 }' got
	run ! grep -v ':$\|the same$' got
}

# ---- What readers need, as facts ----

# bats test_tags=long
@test "readers.py finds what each reader would not read" {
	network
	read_by_all --for bionet net/circuit_config.json
	# What is done to a file, and what is said about it then.
	python "$BATS_TEST_DIRNAME" <<-'END'
	import contextlib, io, shutil, sys
	import h5py
	sys.path.insert(0, sys.argv[1])
	import readers
	def breaks(name, what, says):
	    shutil.rmtree("broken", ignore_errors=True)
	    shutil.copytree("net", "broken")
	    with h5py.File("broken/" + name, "r+") as f:
	        exec(what, {"f": f})
	    said = io.StringIO()
	    with contextlib.redirect_stdout(said):
	        status = readers.main(["broken/circuit_config.json"])
	    assert status and says in said.getvalue(), (what, said.getvalue())
	nodes, edges, gaps = "LA_nodes.h5", "LA_to_LA_edges.h5", "LA_gap_juncs.h5"
	breaks(nodes, "del f['nodes/LA/node_id']", "LA: no node_id: bmtk, ")
	breaks(nodes, "f['nodes/LA/0/pop_name'] = [b'a'] * 4",
	       "pop_name of group 0 is in HDF5: bmtk, ")
	breaks(nodes, "f['nodes/LA/0/dynamics_params'] = [1] * 4",
	       "dynamics_params of group 0 is a dataset: bmtk, ")
	breaks(nodes, "f['nodes/LA/node_type_id'][0] = 9",
	       "no type 9 in the type file: bmtk, ")
	breaks(nodes, "f['nodes/LA/0/w'] = [1] * 3",
	       "4 rows of group 0, but not in w: bmtk, ")
	breaks(edges, "del f['edges/LA_to_LA/indices/source_to_target/node_id_to_range']",
	       "index source_to_target without node_id_to_range")
	breaks(edges, "f['edges/LA_to_LA/target_node_id'][0] = 2",
	       "target_to_source: rows 0 to 1 are not of 0: bmtk, ")
	breaks(edges, "del f['edges/LA_to_LA/source_node_id'].attrs['node_population']",
	       "source_node_id does not say of which nodes: bmtk, ")
	breaks(gaps, "f['source_ids'][0] = 1",
	       "gap junctions of LA_to_LA are not those of the file: bmtk, ")
	breaks(gaps, "f['src_gap_ids'][0] = 1",
	       "a number of a gap junction's end is there twice: bmtk, ")
	shutil.rmtree("broken")
	facts = io.StringIO()
	with contextlib.redirect_stdout(facts):
	    assert readers.main(["--facts"]) == 0
	assert facts.getvalue().count("\n") > 20
	END
	# and it fails, so that a test does
	h5copy -i net/LA_nodes.h5 -o net/LA_nodes.h5 -s /nodes/LA -d /nodes/LB
	run ! read_by_all net/circuit_config.json
	[[ $output == *'node population LB is not named, or its type: '* ]]
	rm -r net
}
