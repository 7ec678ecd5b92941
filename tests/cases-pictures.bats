# Small inputs that pictures, bins and names once fell short of.
# shellcheck disable=SC2086,SC2100 # options are words; names of tools
load common.bash
load pictures.sh

note() { # of a histogram of conn-hist
	conn-hist "$@" | plot-hist >t.svg
	words t.svg | grep -e '^mean ' -e '^sd ' -e '^median ' >said &&
		paste -s -d, said | sed 's/,/, /g'
}

# What a file is, by its content.
content() {
	case $(head -c 5 "$1" | tr -d '\0') in
	?PNG*) echo png ;;
	%PDF*) echo pdf ;;
	'<?xml') echo svg ;;
	'<!DOC') echo html ;;
	reset | digra) echo script ;;
	*) echo text ;;
	esac
}

# A table that each of the plot tools draws; $plot is it and its options.
every_plot() { # what to do
	printf 'source,target,p,x,y,z,timestamps,node_ids,bin_low,bin_high,n\na,b,1,2,3,4,5,6,7,8,9\n' >t
	local plot
	for plot in 'plot-matrix -y p' 'plot-hist -y n' 'plot-lines -x x -y y' \
		plot-raster plot-positions 'plot-graph -y p'; do
		"$1" || fail "$plot"
	done
}

# ---- One definition of a bin ----

@test "conn-hist and plot-hist have the same bins" {
	nodes 0,A 1,A 2,A 3,A 4,A 5,A 6,A 7,A >n.csv
	{ echo source_node_id,target_node_id,w
	printf '0,%d,1.5\n' 1 2 3 4 5 6
	echo 0,7,9.25; } | sonata-pack -n n.csv -o .
	for bins in '' '--bins 3' '--bins 0:10:2.5' '--bins 0,1.5,9.25' '--bins 1:2:1'; do
		conn-hist --value w $bins circuit_config.json | awk -F, '$5 > 0 && NR > 1 { print $3, $4, $5 }' >a
		sonata-edges -c w circuit_config.json | plot-hist -x w $bins --script >s
		is "$(block bins s)" "$(cat a)"
	done
	is "$(wc -l <a)" 1
	conn-hist --value w circuit_config.json >a
	is "$(cut -d, -f3 a | paste -s -d' ')" "bin_low 1.5 3.4375 5.375 7.3125"
}

@test "bins that are wider than their range are refused" {
	printf 'x\n1\n2\n' >t
	for tool in plot-hist conn-hist; do
		for bins in 0:10:1e9 0:10:20 0:1:1e308; do
			misused "--bins: the width does not divide the range: '$bins'" \
				"$([ $tool = plot-hist ] && echo -x || echo --value)" x --bins "$bins" t
		done
	done
}

# ---- Numbers that look exact ----

@test "mean and median above binned values are those of the values" {
	nodes 0,A 1,A 2,A >n.csv
	{ echo source_node_id,target_node_id,w
	printf '0,1,%s\n' 1.5 1.5 1.75 2.5 11; } | sonata-pack -n n.csv -o .
	is "$(note --value w circuit_config.json)" "mean 3.65, sd 4.13, median 1.75"
	is "$(note --value w --bins 0:20:10 circuit_config.json)" "mean 3.65, sd 4.13, median 1.75"
	is "$(note --value w --bins 0:20:1 circuit_config.json)" "mean 3.65, sd 4.13, median 1.75"
	is "$(note --bins 0:20:20 circuit_config.json)" "mean 1.67, sd 2.89, median 0.00"
	# as plot-hist has it of the values
	sonata-edges -c w circuit_config.json | plot-hist -x w --bins 0:20:10 >t.svg
	words t.svg | grep -qx "mean 3.65"
}

@test "of bins that do not tell there is no mean" {
	printf 'bin_low,bin_high,cells\n0,10,4\n10,20,2\n' >t
	plot-hist t >t.svg
	run ! grep -q -e mean -e binned t.svg
	printf 'bin_low,bin_high,cells\n0,0.5,4\n0.5,1,2\n' | plot-hist >t.svg
	run ! grep -q mean t.svg
	printf 'bin_low,bin_high,cells\n0,1,4\n1,2,2\n' | plot-hist --continuous >t.svg
	run ! grep -q mean t.svg
}

# ---- A name never contradicts its content ----

suffixes() {
	local kind
	for kind in svg png pdf; do
		$plot -o "x.$kind" t
		is "$(content "x.$kind")" $kind || return
		mkdir -p a.d
		$plot -T $kind -o a.d/plain t
		is "$(content a.d/plain)" $kind || return
	done
	$plot -o X.PNG t
	is "$(content X.PNG)" png || return
	for kind in 'svg x.png' 'png x.svg' 'pdf x.svg' 'svg x.html' 'png x.txt'; do
		set -- $kind
		run --separate-stderr $plot -T "$1" -o "new.$2" t
		is "${stderr_lines[0]}" "${plot%% *}: --output: 'new.$2' is not the name of -T $1" || return
		[ "$status" -eq 2 ] && [ ! -e "new.$2" ] || return
	done
	run --separate-stderr $plot -o x.jpeg t
	is "${stderr_lines[0]}" "${plot%% *}: --output: what to draw into 'x.jpeg'?  Choose with -T" || return
	[ "$status" -eq 2 ] && [ ! -e x.jpeg ] || return
	$plot -T svg -o x.new t
	is "$(content x.new)" svg || return
	$plot -o /dev/stdout t | head -c 5 | grep -q '<?xml'
}

# bats test_tags=long
@test "the suffix chooses what is drawn, and never contradicts -T" {
	every_plot suffixes
	plot-hist -o x.html t
	is "$(content x.html)" html
	plot-hist -o x.txt --size 40x20 t
	is "$(content x.txt)" text
	for name in x.html x.txt; do
		tool=plot-graph
		misused "--output: what to draw into '$name'?  Choose with -T" -y p -o $name t
	done
	tool=plot-matrix
	misused "--no-values and --terminal=dumb exclude each other" -y p --no-values -o x.txt t
}

scripts() {
	local own=gp other=dot
	[ "${plot%% *}" != plot-graph ] || own=dot other=gp
	$plot --script -o x.$own t
	is "$(content x.$own)" script || return
	for name in x.svg x.png x.pdf x.html x.$other; do
		run --separate-stderr $plot --script -o "$name" t
		is "${stderr_lines[0]}" "${plot%% *}: --output: '$name' is not the name of a script for $([ $own = gp ] && echo gnuplot || echo dot)" || return
		[ "$status" -eq 2 ] || return
	done
	for name in x.gp x.gv; do
		run --separate-stderr $plot -o "$name" t
		is "${stderr_lines[0]}" "${plot%% *}: --output: '$name' is the name of a script: --script" || return
	done
	$plot --script -o x.text t
	is "$(content x.text)" script
}

@test "a script has the name of a script, and a picture has not" {
	every_plot scripts
	plot-hist -T png --script -o x.gp t
	grep -q pngcairo x.gp
}

@test "a page, and a graph, are not called something else" {
	nodes 0,A 1,A >n.csv
	printf 'source_node_id,target_node_id\n0,1\n' >e.csv
	tool=graph-html
	misused "--output: 'x.png' is not the name of a page" -n n.csv -o x.png e.csv
	graph-html -n n.csv -o x.html e.csv
	is "$(content x.html)" html
	tool=graph-export
	for name in x.json x.dot x.gexf x.gml x.svg; do
		misused "--output: '$name' is not the name of what is written: --file-format" -n n.csv -o $name e.csv
	done
	misused "--output: 'x.csv' is not the name of what is written: --file-format" -f mtx -n n.csv -o x.csv e.csv
	misused "--output: 'x.mtx' is not the name of what is written: --file-format" -f mtx --names -n n.csv -o x.mtx e.csv
	graph-export -f dot -n n.csv -o x.gv e.csv
	graph-export -n n.csv -o x e.csv
	tool=edge-delay
	for name in x.graphml x.GML x.jpg x.eps; do
		misused "--output: '$name' is not the name of a table" --constant 1 -o $name e.csv
	done
	printf '%s\n' timestamps,node_ids 1,0 >s.csv
	tool=spike-pack
	for name in x.csv x.txt x.png; do
		misused "--output: '$name' is not the name of an HDF5 file" --unnamed A -o $name s.csv
	done
	spike-pack --unnamed A -o x.nwb s.csv
}

@test "--help offers what the tool takes" {
	plot-graph --help | grep -q 'what to draw: svg|png|pdf (svg)'
	run ! grep -q -e canvas -e viridis\) <(plot-graph --help)
	tool=plot-graph
	misused "--terminal: must be svg|png|pdf: 'canvas'" -T canvas t
}

# ---- Cells without a z ----

flat() { # xy.csv and xye.csv, where no cell has a z
	printf 'node_id,pop_name,x,y\n0,A,0,0\n1,A,3,4\n' >xy.csv
	printf 'source_node_id,target_node_id\n0,1\n' >xye.csv
}

mixed() { # a network whose virtual cells have x and y only
	printf '%s\n' population,node_id,pop_name,x,y,z,model_type V1,0,A,0,0,0,biophysical \
		V1,1,A,3,4,12,biophysical LGN,0,L,0,0,,virtual LGN,1,L,6,8,,virtual >n.csv
	printf '%s\n' source_population,target_population,source_node_id,target_node_id \
		V1,V1,0,1 LGN,V1,1,0 | sonata-pack -n n.csv -o .
}

said() { # the one line said, a command, which works
	run --separate-stderr "${@:2}"
	is "$stderr" "$1" && [ "$status" -eq 0 ]
}

@test "distance is along the axes that all cells have" {
	flat
	said "conn-distance: population '' has no 'z': all distances are along xy, as by --axes xy" \
		conn-distance -n xy.csv xye.csv
	is "$output" "$(conn-distance --axes xy -n xy.csv xye.csv)"
	tool=conn-distance
	bad "xy.csv:2: column 'z': node 0 has no position: without z: --axes xy" \
		--axes xyz -n xy.csv xye.csv
	mixed
	said "conn-distance: population 'LGN' has no 'z': all distances are along xy, as by --axes xy" \
		conn-distance circuit_config.json
	is "$output" "$(conn-distance --axes xy circuit_config.json)"
	# of cells that all have z, nothing is left out
	said '' conn-distance -e V1_to_V1 circuit_config.json
	is "$output" "$(conn-distance --axes xyz -e V1_to_V1 circuit_config.json)"
	sonata-nodes --all circuit_config.json >all.csv
	printf '%s\n' source_population,target_population,source_node_id,target_node_id V1,V1,0,1 >e.csv
	said '' conn-distance -n all.csv e.csv
	# populations of a table are not known at first
	printf '%s\n' source_population,target_population,source_node_id,target_node_id LGN,V1,0,1 >l.csv
	said "conn-distance: population 'LGN' has no 'z': all distances are along xy, as by --axes xy" \
		conn-distance -n all.csv l.csv
	is "$output" "$(conn-distance --axes xy -n all.csv l.csv)"
	# in one population some have z, and others have not: which is a mistake
	sed -i 's/^V1,1,.*/V1,1,A,3,4,,biophysical/' n.csv
	bad "n.csv:3: column 'z': node 1 has no position: without z: --axes xy" -n n.csv e.csv
}

@test "edges and connectors name the option for cells without z" {
	flat
	run --separate-stderr edge-distance -n xy.csv xye.csv
	is "$stderr" "edge-distance: xy.csv:2: column 'z': node 0 has no position: without z: --axes xy"
	is "$(edge-distance --axes xy -n xy.csv xye.csv | tail -n 1)" 0,1,5
	run --separate-stderr edge-delay --sd 0 -n xy.csv xye.csv
	is "$stderr" "edge-delay: xy.csv:2: column 'z': node 0 has no position: without z: --metric cylindrical"
	is "$(edge-delay --sd 0 --metric cylindrical -n xy.csv xye.csv | tail -n 1)" 0,1,0.805
	for tool in 'connect-random' 'connect-gap' 'connect-reciprocal --pr 0'; do
		p=--p
		[ "${tool%% *}" != connect-reciprocal ] || p=--p0
		run --separate-stderr $tool $p uniform:p=1,max=6 --seed 1 xy.csv
		is "$stderr" "${tool%% *}: xy.csv:2: column 'z': node 0 has no position: without z: --metric cylindrical"
		$tool $p uniform:p=1,max=6 --metric cylindrical --seed 1 xy.csv | grep -q ^0,1
		$tool $p uniform:p=1,max=4 --metric cylindrical --seed 1 xy.csv >out
		is "$(wc -l <out)" 1
	done
}

@test "plot-positions draws on the plane of the axes that all cells have" {
	flat
	said "plot-positions: xy.csv: no column 'z': drawn as by --project xy" plot-positions xy.csv
	is "$output" "$(plot-positions --project xy xy.csv)"
	tool=plot-positions
	bad "xy.csv: no column 'z', which --view needs: --project xy" --view 0,0 xy.csv
	bad "xy.csv: no column 'z'" --project xz xy.csv
	mixed
	said "plot-positions: n.csv: 2 of 4 cells have no 'z': drawn as by --project xy" plot-positions n.csv
	is "$output" "$(plot-positions --project xy n.csv)"
	# others lack other axes: they have no plane in common
	printf 'x,y,z\n1,2,3\n1,,3\n1,2,\n4,5,6\n' >t
	said "plot-positions: t: cells without a position, which are left out: 2" plot-positions t
	grep -q '2 of 4 cells' <<<"$output"
}

# ---- Cells alone ----

cells_only() { # c.json: a network whose config has no edges
	printf 'node_id,pop_name,x,y,z\n0,A,1,2,3\n1,B,2,3,4\n' >n.csv
	printf 'source_node_id,target_node_id\n' | sonata-pack -n n.csv -o .
	printf '{"networks": {"nodes": [{"nodes_file": "default_nodes.h5",
		"node_types_file": "default_node_types.csv"}]%s}}' "$1" >c.json
}

@test "a network without edges is a graph of its cells" {
	for edges in '' ', "edges": []'; do
		cells_only "$edges"
		said '' graph-html -o x.html c.json
		grep -q '"connections":0' x.html
		grep -q '"groups":\[{"name":"A"' x.html
		said '' graph-stats c.json
		grep -qx nodes,2 <<<"$output"
		said '' graph-export -f graphml --by group c.json
		is "$(grep -c '<node ' <<<"$output")" 2
	done
	tool=graph-html
	bad "c.json: no edge populations" -e A_to_B c.json
	tool=conn-matrix
	bad "c.json: no edge populations" c.json
}

# bats test_tags=long
@test "network.mk draws all it can of a network without edges" {
	for edges in '' ', "edges": []'; do
		cells_only "$edges"
		rm -rf out
		make -f "$root/pipelines/network.mk" CONFIG=c.json OUT=out >log 2>&1
		is "$(cd out && printf '%s ' *)" "colors.csv graph.csv groups.graphml index.html network.html nodes.csv populations.csv positions.svg types.csv "
	done
	cells_only ''
	printf 'source_node_id,target_node_id\n' | sonata-pack -n n.csv -o .
	make -f "$root/pipelines/network.mk" CONFIG=circuit_config.json OUT=out >log 2>&1
	[ -e out/total.svg ] && [ -e out/histogram.svg ] && [ -e out/diagram.svg ]
}

# bats test_tags=long
@test "network.mk draws all it can where virtual cells have no z" {
	mixed
	make -f "$root/pipelines/network.mk" CONFIG=circuit_config.json OUT=out >log 2>&1
	[ -e out/positions.svg ] && [ -e out/distance.svg ] && [ -e out/network.html ]
	is "$(grep -c 'has no .z.: all distances' log)" 1
	is "$(grep -c 'cells have no .z.: drawn' log)" 1
	# one fault does not keep the rest from being drawn
	sed -i 's/^V1,1,.*/V1,1,A,,4,12,biophysical/' n.csv
	printf '%s\n' source_population,target_population,source_node_id,target_node_id \
		V1,V1,0,1 LGN,V1,1,0 | sonata-pack -n n.csv -o .
	run -0 make -f "$root/pipelines/network.mk" CONFIG=circuit_config.json OUT=rest
	[[ $output == *"column 'x': node 1 has no position"* ]]
	for f in total.svg histogram.svg diagram.svg positions.svg network.html graph.csv; do
		[ -e rest/$f ] || fail "no $f: $output"
	done
}

# ---- What is hidden ----

@test "the first spike is not hidden by the axis" {
	nodes 0,PV >n.csv
	printf 'timestamps,node_ids\n10,0\n20,0\n' >t
	for options in '' '--rate 5' '--from 10'; do
		plot-raster -n n.csv $options --script t |
			sed -n 's/^set xrange \[\(.*\):.*/\1/p' | awk '!($1 < 10 && $1 > 9.9) { exit 1 }'
	done
	# where there is room there is no more
	plot-raster -n n.csv --from 5 --script t | grep -q 'set xrange \[5:'
}

# bats test_tags=long
@test "57 populations fit, with names of 30 characters" {
	for n in 4 11 40 57; do
		awk -v n=$n 'BEGIN { print "timestamps,population,node_ids"
			for (i = 0; i < 20 * n; i++)
				printf "%d,P%02d_layer23_interneuron_of_cortex,%d\n", i, i % n, i / n }' >t
		no_clash plot-raster
		no_clash plot-raster --rate 20
		is "$(words t.svg | grep -c ^P)" $n
		texts t.svg | awk '$4 < 8 { exit 1 }'
		[ $n -gt 11 ] || no_clash plot-raster --size 321x240
		no_clash plot-raster --size 642x700
	done
	run plot-raster --size 321x240 t
	[[ $output =~ ^"plot-raster: --size: too small: "(321x[0-9]+)" would do"$ ]]
	no_clash plot-raster --size "${BASH_REMATCH[1]}"
}

@test "labels of columns are level where their cells are wide" {
	{ echo source,target,p,p_low,p_high
	for a in Scnn1a Rorb; do for b in Scnn1a Rorb Nr5a1 PV1 PV2 LIF_exc LIF_inh; do
		echo "v1:$a,v1:$b,0.000141,8.42e-05,0.000237"
	done; done; } >t
	plot-matrix -y p --with-interval t >t.svg
	is "$(texts t.svg | grep -c '\(middle\|end\) [0-9.]* up .* v1:')" 0
	no_clash plot-matrix -y p --with-interval
}

@test "the loops of gap junctions keep clear of what is beside them" {
	apart() { # the texts on lines
		plot-graph -y p -T pdf t >t.pdf
		pdf_boxes t.pdf | awk '$5 ~ /^[0-9.]+$/' >words
		[ "$(wc -l <words)" -eq "$1" ] || return
		clashes 9999 9999 <words >found
		is "$(cat found)" ''
	}
	printf '%s\n' source,target,p,gap_pairs A,A,0.1,51 A,B,0.2,3 B,A,0.1,3 \
		B,B,0.3,7 C,C,5,4 >t
	apart 9
	printf '%s\n' source,target,p,gap_pairs A_long_name_of_interneurons,A_long_name_of_interneurons,0.1,51 \
		B,B,0.2,3 >t
	apart 4
}

# ---- Numbers that a picture cannot hold ----

@test "a position that no float has is refused, with its place" {
	printf 'node_id,pop_name,x,y,z\n0,A,1e308,1,1\n1,B,2,2,2\n' >n.csv
	printf 'source_node_id,target_node_id\n0,1\n1,0\n' >e.csv
	for tool in 'graph-html' 'graph-export -f json' 'conn-distance' 'edge-distance'; do
		run --separate-stderr $tool -n n.csv e.csv
		is "$stderr" "${tool%% *}: n.csv:2: column 'x': more than a float has: '1e308'"
		[ "$status" -eq 1 ]
	done
	run --separate-stderr plot-positions n.csv
	is "$stderr" "plot-positions: n.csv:2: column 'x': more than a float has: '1e308'"
	sonata-pack -n n.csv -o net e.csv
	run --separate-stderr graph-html net/circuit_config.json
	is "$stderr" "graph-html: net/default_nodes.h5: /nodes/default: row 0: column 'x': more than a float has"
	printf 'timestamps,node_ids\n1e308,1\n-1e308,2\n' >s.csv
	run --separate-stderr plot-raster s.csv
	is "$stderr" "plot-raster: spikes too far apart: from -1e+308 to 1e+308 ms"
	tool=graph-html
	for x in inf -inf; do
		sed "s/1e308/$x/" n.csv >m.csv
		bad "m.csv:2: column 'x': not a finite number: '$x'" -n m.csv e.csv
	done
	sed s/1e308/-3.5e38/ n.csv >m.csv
	bad "m.csv:2: column 'x': more than a float has: '-3.5e38'" -n m.csv e.csv
	sed s/1e308/3.4e38/ n.csv >m.csv
	bad "cells too far apart for a page: 3.4e+38 um" -n m.csv e.csv
	sed s/1e308/1e29/ n.csv >m.csv
	graph-html -n m.csv -o x.html e.csv
	run ! grep -q '"box":.*\(inf\|nan\)' x.html
	grep -q '"box":\[' x.html
}
