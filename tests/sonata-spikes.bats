# Layouts are made here, by h5py where they are HDF5.
# shellcheck disable=SC2016 # backquotes are what is tested
load common.bash

tricky=$BATS_TEST_DIRNAME/data/tricky/config.json
table=$BATS_TEST_DIRNAME/data/spikes.csv

reads() { # arguments; what is written is on the standard input
	diff - <(sonata-spikes "$@" 2>&1 </dev/null)
}

rows() { # arguments: rows as time,population,id on one line
	sonata-spikes "$@" | sed 1d | paste -sd ' '
}

layouts() { # the same spikes in every layout of HDF5
	python <<-'EOF'
	import h5py, numpy as np
	t = [2.5, 0.5, 7.25]
	i = [3, 0, 3]
	kind = h5py.special_dtype(enum=("u1", {"none": 0, "by_id": 1, "by_time": 2}))
	with h5py.File("pop.h5", "w") as f:
	    g = f.create_group("spikes/v1")
	    g["timestamps"], g["node_ids"] = t, np.array(i, "u8")
	    g["timestamps"].attrs["units"] = "ms"
	    g.attrs.create("sorting", 2, dtype=kind)
	    f["spikes/none/timestamps"] = f["spikes/none/node_ids"] = []
	with h5py.File("root.h5", "w") as f:
	    f["spikes/timestamps"], f["spikes/gids"] = np.array(t, "f4"), np.array(i, ">u2")
	    f["spikes"].attrs["sorting"] = "by_gid"
	with h5py.File("seconds.h5", "w") as f:
	    g = f.create_group("spikes/v1")
	    g["timestamps"], g["node_ids"] = np.array(t) / 1000, np.array(i, "i1")
	    g["timestamps"].attrs["units"] = np.bytes_("s")
	    g["node_ids"].attrs["sorting"] = "none"
	with h5py.File("packed.h5", "w") as f:
	    f.create_dataset("spikes/v1/timestamps", data=t, chunks=(2,), compression=4)
	    f.create_dataset("spikes/v1/node_ids", data=i, chunks=(2,), compression=4,
	                     shuffle=True)
	EOF
}

@test "every layout gives the same table" {
	layouts
	same='2.5,v1,3 0.5,v1,0 7.25,v1,3'
	is "$(rows pop.h5)" "$same"
	is "$(rows seconds.h5)" "$same"
	is "$(rows packed.h5)" "$same"
	is "$(rows root.h5)" '2.5,,3 0.5,,0 7.25,,3'
	is "$(rows --unnamed v1 root.h5)" "$same"
	printf '%s\n' 'timestamps population node_ids' '2.5 v1 3' '0.5 v1 0' \
		'' '7.25  v1 3' >bmtk.csv
	is "$(rows bmtk.csv)" "$same"
	is "$(rows - <bmtk.csv)" "$same"
	printf 'gid\ttimestamp\r\n3\t2.5\r\n0\t.5\r\n3\t725e-2' >old.tsv
	is "$(rows --unnamed v1 old.tsv)" "$same"
	printf '%s\n' 'timestamps, node_ids' '2.5, 3' '.5,0' '7.25 ,3' >loose
	is "$(rows --unnamed v1 loose)" "$same"
	is "$(sonata-spikes pop.h5 | sonata-spikes | sed 1d | paste -sd ' ')" \
		"$same"
	is "$(sonata-spikes root.h5 | rows)" '2.5,,3 0.5,,0 7.25,,3'
	is "$(sonata-spikes -t pop.h5 | tee t | rows)" "$same"
	is "$(head -n 1 t)" $'timestamps\tpopulation\tnode_ids'
}

@test "several files, the standard input among them, and pipes" {
	layouts
	is "$(printf 'node_ids,timestamps\n9,1\n' | rows pop.h5 - seconds.h5)" \
		'2.5,v1,3 0.5,v1,0 7.25,v1,3 1,,9 2.5,v1,3 0.5,v1,0 7.25,v1,3'
	is "$(rows <(echo node_ids,timestamps; echo 1,2))" 2,,1
}

@test "names of populations stay text" {
	name='`touch x`, "y" $(touch x) <script>'
	printf 'timestamps,population,node_ids\n1,"%s",2\n' \
		"${name//\"/\"\"}" >s.csv
	sonata-spikes s.csv | cmp - s.csv
	sonata-spikes s.csv | sonata-spikes | cmp - s.csv
	[ ! -e x ]
}

@test "no spikes: a header and no rows" {
	layouts
	head=timestamps,population,node_ids
	is "$(sonata-spikes -p none pop.h5)" "$head"
	is "$(echo node_ids,timestamps | sonata-spikes --sort id)" "$head"
	is "$(sonata-spikes --from 8 pop.h5)" "$head"
	is "$(sonata-spikes -p none --summary pop.h5 | tail -n 1)" \
		none,0,0,,,,true,true
	bad 'standard input: no header' </dev/null
}

@test "populations, windows and ids" {
	is "$(rows -p V "$table")" '2,V,4 5,V,1'
	is "$(rows -p V -p A --to 3 "$table")" '1.25,A,0 2,V,4'
	is "$(rows --from 14.5 --to 22 "$table")" '14.5,A,0 18,A,0'
	is "$(rows --from 22 "$table")" '22,A,3 40.125,A,3'
	is "$(rows --ids 1,4-7 "$table")" '3.5,A,7 2,V,4 5,V,1'
	is "$(rows --ids 4,2-9,3 -p A "$table")" '3.5,A,7 22,A,3 40.125,A,3'
	layouts
	bad "pop.h5: no population 'x' in it" -p x pop.h5
	misused '--from must be < --to: 3, 3' --from 3 --to 3 pop.h5
	misused "--to: not a number: 'nan'" --to nan pop.h5
	for ids in '' '1,' x -1 3-1 1--2 1.5; do
		run sonata-spikes --ids="$ids" pop.h5
		[ "$status" -eq 2 ]
		[[ $output == *"--ids: neither an id nor a range"* ]]
	done
}

@test "sorted, whatever the file says" {
	layouts
	is "$(rows --sort time pop.h5)" '0.5,v1,0 2.5,v1,3 7.25,v1,3'
	cat >s.csv <<-'END'
	timestamps,population,node_ids
	3,b,1
	-2,a,9
	3,a,2
	0,b,7
	-0,a,8
	-2.5,b,1
	3,a,1
	END
	is "$(rows --sort time s.csv)" \
		'-2.5,b,1 -2,a,9 0,b,7 -0,a,8 3,b,1 3,a,1 3,a,2'
	is "$(rows --sort id s.csv)" \
		'-2.5,b,1 3,b,1 0,b,7 3,a,1 3,a,2 -0,a,8 -2,a,9'
	run -2 sonata-spikes --sort x s.csv
	run -2 sonata-spikes --sort id --summary s.csv
	run -2 sonata-spikes -c x -n "$tricky" --summary s.csv
	run -2 sonata-spikes -g x -n "$tricky" --summary s.csv
}

@test "more spikes than memory, against sort" {
	awk "$draws"'BEGIN {
		sow(1)
		print "timestamps,population,node_ids"
		for (i = 0; i < 70000; i++)
			printf "%d,%s,%d\n", draw() * 3000 - 500, \
				draw() < .3 ? "a" : "b", draw() * draw() * 900
	}' >s.csv
	head=$(head -n 1 s.csv)
	# The population that appears first comes first.
	first=$(sed -n '2s/^[^,]*,\(.\).*/\1/p' s.csv)
	[ "$first" = b ] && order=r || order=
	{ echo "$head"; sed 1d s.csv | sort -t, -k1,1n -k2,2"$order" -k3,3n; } |
		cmp - <(sonata-spikes -S 64k --sort time s.csv)
	{ echo "$head"; sed 1d s.csv | sort -t, -k2,2"$order" -k3,3n -k1,1n; } |
		cmp - <(sonata-spikes -S 64k --sort id s.csv)
	sonata-spikes --sort id s.csv | cmp - <(sonata-spikes -S 64k --sort id s.csv)
	TMPDIR=/nonexistent run -1 sonata-spikes -S 64k --sort id s.csv
	[[ $output == *": scratch file in /nonexistent: "* ]]
	TMPDIR=/nonexistent sonata-spikes -S 64M --sort id s.csv >/dev/null
	# The largest id that a key has room for, and the one after it.
	printf '%s\n' timestamps,node_ids 1,17592186044415 0,3 -0,3 >s.csv
	for k in time id; do
		sonata-spikes --sort $k s.csv
	done | grep -v t >keys
	is "$(cut -d , -f 1,3 keys | xargs)" \
		'-0,3 0,3 1,17592186044415 -0,3 0,3 1,17592186044415'
	printf '%s\n' timestamps,node_ids 1,17592186044416 >s.csv
	bad 'cannot sort spikes of a node 17592186044416' --sort id s.csv
}

@test "a summary of each population" {
	layouts
	reads --summary pop.h5 root.h5 "$table" <<-'END'
	population,spikes,nodes,first_ms,last_ms,sorting,by_time,by_id
	none,0,0,,,,true,true
	v1,3,2,0.5,7.25,by_time,false,false
	"",3,2,0.5,7.25,by_gid,false,false
	A,7,3,1.25,40.125,,false,false
	V,2,2,2,5,,true,false
	END
	is "$(sonata-spikes --summary seconds.h5 | cut -d, -f6 | tail -n 1)" none
	is "$(sonata-spikes --summary pop.h5 seconds.h5 | sed -n 3p)" \
		v1,6,2,0.5,7.25,,false,false
	is "$(sonata-spikes --summary --from 1 --ids 3 pop.h5 | tail -n 1)" \
		v1,2,1,2.5,7.25,by_time,true,true
}

@test "columns and groups of nodes" {
	reads -n "$tricky" -c layer,pop_name -p A --to 4 "$table" <<-'END'
	timestamps,population,node_ids,layer,pop_name
	3.5,A,7,2,Y
	1.25,A,0,1,X
	END
	is "$(rows -n "$tricky" -p A -g layer --to 4 "$table")" \
		'3.5,A,7,2 1.25,A,0,1'
	sonata-nodes --all -c pop_name,layer "$tricky" >nodes.csv
	sonata-spikes -n nodes.csv -g pop_name -c layer "$table" |
		cmp - <(sonata-spikes -n "$tricky" -g pop_name -c layer "$table")
	sonata-nodes --all -c layer "$tricky" |
		sonata-spikes -n - -c layer "$table" |
		cmp - <(sonata-spikes -n nodes.csv -c layer "$table")
	bad "$tricky: no column 'x9': there are node_id, node_type_id, pop_name, model_type, model_template, morphology, layer, x, y, z, rotation_angle_xaxis, rotation_angle_yaxis, rotation_angle_zaxis" \
		-n "$tricky" -c x9 "$table"
	bad "nodes.csv: no column 'x9': there are $(head -1 nodes.csv | sed 's/,/, /g')" \
		-n nodes.csv -c x9 "$table"
	misused "--columns: an empty name: 'x,'" -n nodes.csv -c x, "$table"
	misused '--nodes: needed to know the nodes' -c x "$table"
}

@test "a population without the group's column is grouped by type" {
	printf '%s\n' population,node_id,node_type_id,kind A,0,100, A,7,101, \
		V,4,7,in >n.csv
	run -0 --separate-stderr sonata-spikes -n n.csv -g kind --listed \
		--to 5 "$table"
	is "$output" "timestamps,population,node_ids,group
3.5,A,7,101
1.25,A,0,100
2,V,4,in"
	is "$stderr" "sonata-spikes: population 'A' has no 'kind': grouped by node_type_id"
}

@test "spikes of nodes that are not there" {
	printf '%s\n' population,node_id A,0 A,3 >n.csv
	bad "$table: population 'A' has no node 7" -n n.csv -p A "$table"
	bad "$table: there are no nodes of population 'V'" -n n.csv "$table"
	is "$(rows -n n.csv --listed --from 15 "$table")" \
		'22,A,3 18,A,0 40.125,A,3'
	misused '--nodes: needed to know the nodes' --listed "$table"
}

@test "nodes and spikes without populations" {
	printf '%s\n' node_id,kind 0,a 3,b 7,c 1,d 4,e >n.csv
	is "$(rows -n n.csv -c kind -p A --to 4 "$table")" \
		'3.5,A,7,c 1.25,A,0,a'
	bad "$table: nodes of population 'V' are needed as well: give tables with a population column" \
		-n n.csv "$table"
	printf '%s\n' node_ids,timestamps 7,1 >s.csv
	is "$(rows -n n.csv -c kind s.csv)" 1,,7,c
	bad 's.csv: its spikes name no population, and the nodes are of 2: say --unnamed' \
		-n "$tricky" s.csv
	is "$(rows --unnamed A -n "$tricky" -c pop_name s.csv)" 1,A,7,Y
	printf '%s\n' population,node_id A,0 >a.csv
	bad "a.csv:2: column 'node_id': there twice: '0'" -n a.csv -n a.csv "$table"
}

@test "nodes chosen by their attributes" {
	is "$(rows -n "$tricky" --where pop_name=Y "$table")" 3.5,A,7
	is "$(rows -n "$tricky" --where pop_name=X --where layer=2 "$table")" \
		'22,A,3 40.125,A,3'
	cp -r "${tricky%/*}" net
	sed 's/"manifest"/"node_sets_file": "sets.json", "manifest"/' \
		"$tricky" >net/config.json
	echo '{"few": {"node_id": [3, 7]}, "y": {"pop_name": "Y"}}' \
		>net/sets.json
	is "$(rows -n net/config.json --node-set few "$table")" \
		'3.5,A,7 22,A,3 40.125,A,3'
	is "$(rows -n net/config.json --node-set few --where pop_name=X "$table")" \
		'22,A,3 40.125,A,3'
	sonata-nodes -p A "$tricky" >n.csv
	misused "--where and --node-set choose nodes of a config or an HDF5 file, not of a table: 'n.csv'" \
		-n n.csv --where layer=1 "$table"
	bad "$tricky: no column 'laier': besides ids, types and groups there are pop_name, model_type, model_template, morphology, layer, x, y, z, rotation_angle_xaxis, rotation_angle_yaxis, rotation_angle_zaxis" -n "$tricky" --where laier=1 "$table"
	types=${tricky%/*}/network/A_node_types.csv
	cp "${tricky%/*}/network/A_nodes.h5" a.h5
	is "$(rows -n a.h5 --node-types "$types" -p A --where pop_name=Y \
		"$table")" 3.5,A,7
	run -1 sonata-spikes -n a.h5 -p A --where pop_name=Y "$table"
}

config() { # a simulation of the tricky network; JSON beside it
	cp -r "${tricky%/*}" net
	sed -i 's/"output"/"unused"/' net/config.json
	mkdir net/out
	spike-pack -p A -o net/out/s.h5 "$table"
	sonata-spikes -p V "$table" | cut -d, -f1,3 >net/v.csv
	cat >net/sim.json <<-END
	{"network": "config.json", "manifest": {"\$O": "out"},
	"run": {"tstop": 50}, $1}
	END
}

@test "a config stands for what the simulation wrote" {
	config '"output": {"output_dir": "$O", "spikes_file": "s.h5"}'
	is "$(rows net/sim.json)" "$(rows -p A --sort time "$table")"
	is "$(rows -c pop_name --to 4 net/sim.json)" '1.25,A,0,X 3.5,A,7,Y'
	misused "more than one config: 'net/sim.json' and 'net/sim.json'" \
		net/sim.json net/sim.json
	for file in '"spikes_file": "$O/s.h5"' \
		"\"output_dir\": \"none\", \"spikes_file\": \"$PWD/net/out/s.h5\"" \
		'"output_dir": "none", "spikes_file": "$O/s.h5"'; do
		rm -r net
		config "\"output\": {$file}"
		is "$(rows --to 2 net/sim.json)" 1.25,A,0
	done
	rm -r net
	config '"output": {"output_dir": "$O"}'
	bad 'net/sim.json: no output.spikes_file in it: name the file itself' \
		net/sim.json
	rm -r net
	config '"output": {"output_dir": "$NONE", "spikes_file": "s.h5"}'
	bad "net/sim.json: output.output_dir: unknown variable '\$NONE'" \
		net/sim.json
	run -0 sonata-nodes -p A net/sim.json
}

@test "or, asked for, for what it was given" {
	input='"input_type": "spikes", "module": "csv", "input_file": "$D/v.csv"'
	config '"inputs": {"a": {'"$input"', "node_set": "V"},
		"b": {'"$input"', "node_set": {"population": "W"}},
		"c": {'"$input"', "enabled": false},
		"d": {"input_type": "current_clamp", "module": "IClamp"}}'
	sed -i 's/"\$O": "out"/"$D": "."/' net/sim.json
	is "$(rows --inputs net/sim.json)" '2,V,4 5,V,1 2,W,4 5,W,1'
	is "$(rows --inputs --unnamed Z -p Z --to 3 net/sim.json)" '2,Z,4 2,Z,4'
	is "$(rows --inputs -p V -c pop_name net/sim.json)" '2,V,4,inp 5,V,1,inp'
	misused '--inputs: needs a config' --inputs "$table"
	rm -r net
	config '"inputs": {}'
	bad 'net/sim.json: no input in it has files of spikes' --inputs net/sim.json
}

@test "text that is no table of spikes" {
	try() { # the message; the table is on the standard input
		cat >s
		bad "s$1" s
	}
	try ": no column 'node_ids': there are timestamps, population" <<<timestamps,population
	try ": no column 'timestamps': there are node_ids, population" <<<node_ids,population
	printf '%s\n' node_ids,timestamps 1,2 x,3 |
		try ":3: column 'node_ids': not an integer: 'x'"
	printf '%s\n' node_ids,timestamps 1,2 -1,3 |
		try ":3: column 'node_ids': not the id of a node: '-1'"
	printf '%s\n' node_ids,timestamps 1,2 1, |
		try ":3: column 'timestamps': not a finite number: 'nan'"
	printf '%s\n' node_ids,timestamps 1,inf |
		try ":2: column 'timestamps': not a finite number: 'inf'"
	printf '%s\n' 'node_ids timestamps' '1 2' '1 2 3' |
		try ':3: 3 fields where the header has 2'
	printf '%s\n' 'node_ids timestamps' '1 nan' |
		try ":2: column 'timestamps': not a finite number: 'nan'"
	printf '%s\n' 'node_ids timestamps' '1.5 2' |
		try ":2: column 'node_ids': not an integer: '1.5'"
	printf '%s\n' 'node_ids timestamps population' '1 2 v"1"' |
		try ":2: misplaced quote"
	bad 'none: No such file or directory' none
}
