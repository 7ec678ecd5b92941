# The networks are small enough to count by hand; larger ones are compared with
# an independent reference in reference.bats.
# shellcheck disable=SC2016,SC2059 # formats and backquotes are what is tested
load common.bash

tricky=$BATS_TEST_DIRNAME/data/tricky

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	nodes >nodes.csv
}

# Three cells P (0, 1, 2) and two cells Q (3, 4): a pair of P in both
# directions and one of those twice, an autapse, synapses, two gap junctions.
nodes() {
	printf '%s\n' node_id,kind 0,P 1,P 2,P 3,Q 4,Q
}
edges() {
	cat <<-'END'
	source_node_id,target_node_id,nsyns,is_gap_junction,model
	0,1,2,,exc
	0,1,1,,inh
	1,0,1,,exc
	2,2,3,,auto
	0,3,,,NULL
	1,3,4,,x|y
	3,0,1,false,
	4,3,1,0,exc
	3,4,5,true,gap
	0,3,1,1,gap
	END
}
small() { # conn-matrix, of it
	edges | conn-matrix -n nodes.csv -g kind "$@"
}

# A larger one, of 40 cells with ids that are not their places, as tables and
# as a config of HDF5 files.
draw() {
	awk 'function draw(n) { seed = (seed * 16807) % 2147483647; return seed % n }
	BEGIN {
		seed = 4711
		print "node_id,node_type_id,pop_name" >"n.csv"
		print "source_node_id,target_node_id,edge_type_id,nsyns,is_gap_junction" >"e.csv"
		for (i = 0; i < 40; i++) {
			kind = draw(3)
			id = id " " 3 * i + 5; type = type " " 100 + kind
			name = name " " substr("PQR", kind + 1, 1)
			print 3 * i + 5 "," 100 + kind "," substr("PQR", kind + 1, 1) >"n.csv"
		}
		for (i = 0; i < 3000; i++) {
			s = 3 * draw(40) + 5; t = 3 * draw(40) + 5
			n = draw(4); g = draw(10) == 0
			source = source " " s; target = target " " t
			nsyns = nsyns " " n; gap = gap " " g
			print s "," t ",," n "," g >"e.csv"
		}
		print "/nodes/A/node_id u8" id
		print "/nodes/A/node_type_id u4" type
		print "/nodes/A/0/pop_name s" name
		print "/edges/A_to_A/source_node_id u4z" source
		print "/edges/A_to_A/source_node_id@node_population s A"
		print "/edges/A_to_A/target_node_id u8" target
		print "/edges/A_to_A/target_node_id@node_population s A"
		print "/edges/A_to_A/0/nsyns u2" nsyns
		print "/edges/A_to_A/0/is_gap_junction u1" gap
	}' | make-odd both.h5
	echo '{"networks": {"nodes": [{"nodes_file": "both.h5"}],
		"edges": [{"edges_file": "both.h5"}]}}' >c.json
}

numbers() { # the table turned on its side, reals to nine digits
	awk -F, -v OFS=, '
		{ for (i = 1; i <= NF; i++) t[NR, i] = NR > 1 && $i ~ /^[0-9.e-]+$/ ? sprintf("%.9g", $i) : $i; n = NF }
		END { for (i = 1; i <= n; i++) { s = t[1, i]
			for (k = 2; k <= NR; k++) s = s OFS t[k, i]; print s } }'
}

column() { # values of a column
	awk -F, -v name="$1" '
		NR == 1 { for (k = 1; k < NF && $k != name; k++); next }
		{ printf "%s%s", s, $k; s = " " }'
}

bad() { # arguments, up to --, and the one line said about them
	local args=()
	while [ "$1" != -- ]; do
		args+=("$1")
		shift
	done
	run conn-matrix "${args[@]}"
	told "$output" "conn-matrix: $2"
	[ "$status" -eq 1 ]
}

@test "every column" {
	small | numbers | diff - <(cat <<-'END'
	source,P,P,Q,Q
	target,P,Q,P,Q
	n_source,3,3,2,2
	n_target,3,2,3,2
	pairs,6,6,6,2
	rows,4,2,1,1
	synapses,7,5,1,1
	connections,2,2,1,1
	autapses,1,0,0,0
	probability,0.333333333,0.333333333,0.166666667,0.5
	probability_low,0.0967714111,0.0967714111,0.0300533697,0.0945312057
	probability_high,0.700006685,0.700006685,0.563502822,0.905468794
	reciprocal,0.333333333,0.166666667,0.166666667,0
	one_way,0,0.166666667,0,0.5
	pair_connected,0.333333333,,,1
	pair_one_way,0,,,1
	pair_reciprocal,0.333333333,,,0
	convergence_mean,1.33333333,1,0.333333333,0.5
	convergence_sd,0.577350269,1.41421356,0.577350269,0.707106781
	convergence_min,1,0,0,0
	convergence_max,2,2,1,1
	convergence_median,1,1,0,0.5
	convergence_nonzero_mean,1.33333333,2,1,1
	innervated,1,0.5,0.333333333,0.5
	divergence_mean,1.33333333,0.666666667,0.5,0.5
	divergence_sd,0.577350269,0.577350269,0.707106781,0.707106781
	divergence_min,1,0,0,0
	divergence_max,2,1,1,1
	divergence_median,1,1,0.5,0.5
	divergence_nonzero_mean,1.33333333,1,1,1
	projecting,1,0.666666667,0.5,0.5
	synapses_per_connection_mean,2,2.5,1,1
	synapses_per_connection_sd,1.41421356,2.12132034,,
	synapses_per_connection_max,3,4,1,1
	gap_pairs,0,1,1,1
	gap_probability,0,0.166666667,0.166666667,1
	gap_degree_mean,0,0.333333333,0.5,1
	gap_degree_sd,0,0.577350269,0.707106781,0
	gap_degree_min,0,0,0,1
	gap_degree_max,0,1,1,1
	END
	)
}

@test "--unit: convergence and divergence in rows, synapses, connections" {
	small --stats convergence_mean,convergence_max,divergence_mean,divergence_median \
		--unit rows >by_rows
	cmp by_rows <(small --stats convergence_mean,convergence_max,divergence_mean,divergence_median)
	is "$(small --unit synapses --stats convergence,divergence | numbers | sed 1,5d | xargs)" \
		'convergence_mean,2.33333333,2.5,0.333333333,0.5 convergence_sd,1.15470054,3.53553391,0.577350269,0.707106781 convergence_min,1,0,0,0 convergence_max,3,5,1,1 convergence_median,3,2.5,0,0.5 convergence_nonzero_mean,2.33333333,5,1,1 innervated,1,0.5,0.333333333,0.5 divergence_mean,2.33333333,1.66666667,0.5,0.5 divergence_sd,1.15470054,2.081666,0.707106781,0.707106781 divergence_min,1,0,0,0 divergence_max,3,4,1,1 divergence_median,3,1,0.5,0.5 divergence_nonzero_mean,2.33333333,2.5,1,1 projecting,1,0.666666667,0.5,0.5'
	is "$(small --unit connections --stats convergence_mean,convergence_max,innervated,divergence_mean,projecting | numbers | sed 1,5d | xargs)" \
		'convergence_mean,0.666666667,1,0.333333333,0.5 convergence_max,1,2,1,1 innervated,0.666666667,0.5,0.333333333,0.5 divergence_mean,0.666666667,0.666666667,0.5,0.5 projecting,0.666666667,0.666666667,0.5,0.5'
	misused "--unit: must be rows|synapses|connections: 'row'" --unit row x
}

# bats test_tags=long
@test "--stats: families, and single columns" {
	header() {
		is "$(small --stats "$1" | head -n 1)" \
			"source,target,n_source,n_target,pairs,$2"
		# whatever else is shown, the numbers are the same
		small | awk -F, -v OFS=, -v list="$2" '
			NR == 1 { n = split("source,target,n_source,n_target,pairs," list, want)
				for (i = 1; i <= NF; i++) at[$i] = i }
			{ s = $at[want[1]]; for (i = 2; i <= n; i++) s = s OFS $at[want[i]]; print s }' |
			diff - <(small --stats "$1")
	}
	header rows rows
	header synapses synapses
	header connections connections
	header autapses autapses
	header probability probability,probability_low,probability_high
	header reciprocal reciprocal,one_way
	header pair pair_connected,pair_one_way,pair_reciprocal
	header convergence convergence_mean,convergence_sd,convergence_min,convergence_max,convergence_median,convergence_nonzero_mean,innervated
	header divergence divergence_mean,divergence_sd,divergence_min,divergence_max,divergence_median,divergence_nonzero_mean,projecting
	header synapses_per_connection synapses_per_connection_mean,synapses_per_connection_sd,synapses_per_connection_max
	header gap gap_pairs,gap_probability,gap_degree_mean,gap_degree_sd,gap_degree_min,gap_degree_max
	header gap_degree_max,rows,one_way rows,one_way,gap_degree_max
	for name in $(small | head -n 1 | cut -d, -f6- | tr , ' '); do
		case $name in probability | reciprocal) continue ;; esac
		header "$name" "$name"
	done
	misused "--stats: 'probabilty' is neither a statistic nor a column: see conn-matrix(1)" \
		--stats rows,probabilty x
}

@test "--level: Wilson's interval, at the level asked for" {
	# 240 cells, of whose 57360 pairs 8635 are connected
	{
		echo node_id
		seq 0 239
	} >n.csv
	awk 'BEGIN {
		print "source_node_id,target_node_id"
		for (i = 0; i < 57600 && n < 8635; i++)
			if (i % 240 != int(i / 240)) {
				print int(i / 240) "," i % 240
				n++
			}
	}' >e.csv
	is "$(conn-matrix -n n.csv --stats connections,probability e.csv | numbers | sed 1,4d | xargs)" \
		'pairs,57360 connections,8635 probability,0.150540446 probability_low,0.1476374 probability_high,0.153490296'
	conn-matrix -n n.csv --stats probability e.csv | tail -n 1 |
		awk -F, '{ exit !(sprintf("%.10f %.10f", $7, $8) == "0.1476374004 0.1534902964") }'
	cmp <(conn-matrix -n n.csv e.csv) <(conn-matrix -n n.csv --level .95 e.csv)
	# z of 99 % is 2.575829303548901
	conn-matrix -n n.csv --level 0.99 --stats probability e.csv | tail -n 1 |
		awk -F, '{ z = 2.575829303548901; p = 8635 / 57360; n = 57360
			m = p + z * z / 2 / n; w = z * sqrt(p * (1 - p) / n + z * z / 4 / n / n)
			low = (m - w) / (1 + z * z / n); high = (m + w) / (1 + z * z / n)
			exit !(sprintf("%.10f %.10f", $7, $8) == sprintf("%.10f %.10f", low, high)) }'
	misused '--level: must be in (0,1): '\''95'\''' --level 95 e.csv
	misused '--level: must be in (0,1): '\''0'\''' --level 0 e.csv
	misused '--level: too near 1: '\''0.9999999999999999'\''' \
		--level 0.9999999999999999 e.csv
}

# bats test_tags=long
@test "--wide: a matrix of one column" {
	is "$(small --wide rows | xargs)" 'source,P,Q P,4,2 Q,1,1'
	is "$(small --wide convergence_max | xargs)" 'source,P,Q P,2,2 Q,1,1'
	is "$(small --wide pair_one_way | xargs)" 'source,P,Q P,0, Q,,1'
	is "$(small --wide gap_degree_max | xargs)" 'source,P,Q P,0,1 Q,1,1'
	is "$(conn-matrix --wide rows "$tricky/config.json" | xargs)" \
		'source,A:X,A:Y,A:Z A:X,10,5,0 A:Y,2,0,0 A:Z,1,0,0 V:inp,5,0,0'
	for name in $(small | head -n 1 | cut -d, -f6- | tr , ' '); do
		is "$(small --wide "$name" | tail -n +2 | cut -d, -f2- | tr , '\n' | xargs)" \
			"$(small --stats "$name" | column "$name" | xargs)"
	done
	misused "--wide: 'row' is not a column: see conn-matrix(1)" --wide row x
	misused "--wide: 'pairs' is not a column: see conn-matrix(1)" --wide pairs x
}

@test "--attribute: the values edges have" {
	is "$(small --stats rows --attribute model | column model)" \
		'auto|exc|inh gap|x|y  exc|gap'
	small --attribute model | cut -d, -f-40 | cmp - <(small)
	is "$(small --stats rows --attribute model | head -n 1)" \
		source,target,n_source,n_target,pairs,rows,model
	is "$(conn-matrix -e A_to_A --stats rows --attribute dynamics_params "$tricky/config.json" |
		column dynamics_params)" 'XX.json XY.json  YX.json   ZX.json  '
	is "$(conn-matrix --stats rows --attribute edge_type_id "$tricky/config.json" |
		column edge_type_id)" '200|204 201  202 205  203   300  '
	edges >e.csv
	bad -n nodes.csv --attribute modle e.csv -- "e.csv: no column 'modle'"
	bad --attribute modle "$tricky/config.json" -- \
		"$tricky/config.json: no column 'modle': besides ids and types there are target_query, source_query, model_template, dynamics_params, syn_weight, is_gap_junction, nsyns"
	# one that only some populations have
	is "$(conn-matrix --stats rows --attribute syn_weight -g pop_name "$tricky/config.json" |
		sed 2,10d | column syn_weight)" '  '
}

@test "--include-gap: gap junctions as rows" {
	is "$(small --include-gap --stats rows,synapses,connections,autapses,reciprocal,gap |
		numbers | sed 1,5d | xargs)" \
		'rows,4,3,1,2 synapses,7,6,1,6 connections,2,2,1,2 autapses,1,0,0,0 reciprocal,0.333333333,0.166666667,0.166666667,1 one_way,0,0.166666667,0,0 gap_pairs,0,1,1,1 gap_probability,0,0.166666667,0.166666667,1 gap_degree_mean,0,0.333333333,0.5,1 gap_degree_sd,0,0.577350269,0.707106781,0 gap_degree_min,0,0,0,1 gap_degree_max,0,1,1,1'
	is "$(conn-matrix -e A_to_A --wide rows --include-gap "$tricky/config.json" | xargs)" \
		'source,X,Y,Z X,12,5,0 Y,2,1,0 Z,1,0,0'
}

@test "-g: grouped by any column, population by population" {
	labels() { conn-matrix --stats rows "$@" "$tricky/config.json" 2>&1 | column source; }
	is "$(labels)" 'A:X A:X A:X A:Y A:Y A:Y A:Z A:Z A:Z V:inp V:inp V:inp'
	is "$(labels -g pop_name)" "$(labels)"
	is "$(labels -e A_to_A -g layer)" '1 1 2 2'
	is "$(labels -g A=layer,V=node_id)" 'A:1 A:1 A:2 A:2 V:0 V:0 V:1 V:1 V:2 V:2 V:3 V:3 V:4 V:4'
	is "$(labels -g V=model_type)" \
		'A:X A:X A:X A:Y A:Y A:Y A:Z A:Z A:Z V:virtual V:virtual V:virtual'
	is "$(labels --group node_type_id -e V_to_A)" 'V:100 V:100 V:100'
	is "$(conn-matrix -g layer -e V_to_A --stats rows "$tricky/config.json" 2>&1)" \
		"conn-matrix: population 'V' has no 'layer': grouped by node_type_id
source,target,n_source,n_target,pairs,rows
V:100,A:1,5,4,20,2
V:100,A:2,5,6,30,3"
	is "$(conn-matrix -e A_to_A -g layer --wide rows "$tricky/config.json" | xargs)" \
		'source,1,2 1,9,2 2,3,4'
}

@test "groups by number and by text are the same from a table" {
	sonata-nodes -p A "$tricky/config.json" >n.csv
	for g in layer x rotation_angle_xaxis model_template; do
		cmp <(conn-matrix -e A_to_A -g "$g" "$tricky/config.json") \
			<(sonata-edges -e A_to_A "$tricky/config.json" |
				conn-matrix -n n.csv -g "$g")
	done
}

@test "--source-group and --target-group: groups that overlap" {
	conn-matrix -e A_to_A --source-group pop_name --target-group layer \
		--stats rows,probability,pair "$tricky/config.json" | numbers | diff - <(cat <<-'END'
	source,X,X,Y,Y,Z,Z
	target,1,2,1,2,1,2
	n_source,5,5,4,4,1,1
	n_target,4,6,4,6,4,6
	pairs,18,27,14,22,4,5
	rows,10,5,1,1,1,0
	probability,0.333333333,0.148148148,0.0714285714,0.0454545455,0.25,0
	probability_low,0.162787748,0.0591592778,0.0127222152,0.00806942762,0.0455872608,0
	probability_high,0.562505327,0.324786854,0.314687044,0.217980458,0.699358157,0.434482465
	pair_connected,,,,,,
	pair_one_way,,,,,,
	pair_reciprocal,,,,,,
	END
	)
	is "$(conn-matrix -e V_to_A -g model_type --target-group A=layer --wide rows "$tricky/config.json" | xargs)" \
		'source,A:1,A:2 V:virtual,2,3'
	is "$(conn-matrix -e V_to_A -g model_type --source-group V=pop_name --wide rows "$tricky/config.json" | xargs)" \
		'source,A:biophysical V:inp,5'
	# the same cells by another name are the same group
	sonata-nodes -p A "$tricky/config.json" | sed 's/node_type_id/other/' >n.csv
	is "$(conn-matrix -n n.csv -g pop_name --target-group other --stats pair \
		<(sonata-edges -e A_to_A "$tricky/config.json") | column pair_one_way)" \
		'0.2    0    '
}

@test "--all: pairs of populations without edges too" {
	is "$(conn-matrix --all --wide rows "$tricky/config.json" | xargs)" \
		'source,A:X,A:Y,A:Z,V:inp A:X,10,5,0,0 A:Y,2,0,0,0 A:Z,1,0,0,0 V:inp,5,0,0,0'
	is "$(conn-matrix --all -e A_to_A --stats rows "$tricky/config.json" | wc -l)" 17
	is "$(conn-matrix -e A_to_A --stats rows "$tricky/config.json" | wc -l)" 10
	sonata-nodes --all "$tricky/config.json" >n.csv
	sonata-edges --all "$tricky/config.json" >e.csv
	cmp <(conn-matrix --all "$tricky/config.json") <(conn-matrix --all -n n.csv e.csv)
	# now that all are read, there is a way back
	is "$(conn-matrix --all --stats reciprocal "$tricky/config.json" | column reciprocal)" \
		'0.2 0.05 0 0.05 0 0 0 0  0 0 0 0 0 0 0'
}

@test "a way back in another population" {
	make-odd ab.h5 <<-'END'
	/nodes/A/node_type_id u4 1*2
	/nodes/B/node_type_id u4 1*3
	/edges/there/source_node_id u8 0 0 1 1
	/edges/there/source_node_id@node_population s A
	/edges/there/target_node_id u8 0 1 1 1
	/edges/there/target_node_id@node_population s B
	/edges/back/source_node_id u8 0 0 2 1
	/edges/back/source_node_id@node_population s B
	/edges/back/target_node_id u8 0 0 1 0
	/edges/back/target_node_id@node_population s A
	END
	conn-matrix --stats rows,connections,autapses,reciprocal,pair ab.h5 | diff - <(cat <<-'END'
	source,target,n_source,n_target,pairs,rows,connections,autapses,reciprocal,one_way,pair_connected,pair_one_way,pair_reciprocal
	A:1,B:1,2,3,6,4,3,0,0.3333333333333333,0.16666666666666669,,,
	B:1,A:1,3,2,6,4,3,0,0.3333333333333333,0.16666666666666669,,,
	END
	)
	is "$(conn-matrix -e there --stats reciprocal ab.h5 | tail -n 1)" \
		A:1,B:1,2,3,6,,
}

@test "--no-prepend, and labels that two populations have" {
	is "$(conn-matrix --no-prepend --wide rows "$tricky/config.json" | xargs)" \
		'source,X,Y,Z X,10,5,0 Y,2,0,0 Z,1,0,0 inp,5,0,0'
	is "$(conn-matrix --no-prepend -g node_type_id --wide rows "$tricky/config.json" | xargs)" \
		'source,A:100,101,102 A:100,10,5,0 101,2,0,0 102,1,0,0 V:100,5,0,0'
}

@test "-e: of these populations only" {
	is "$(conn-matrix -e V_to_A --wide rows "$tricky/config.json" | xargs)" \
		'source,A:X,A:Y,A:Z V:inp,5,0,0'
	cmp <(conn-matrix -e V_to_A -e A_to_A "$tricky/config.json") \
		<(conn-matrix "$tricky/config.json")
	bad -e V "$tricky/config.json" -- "$tricky/config.json: no edge population 'V': there are A_to_A and V_to_A"
	misused "edge population 'V_to_A' is asked for twice" \
		-e V_to_A --edge-population V_to_A "$tricky/config.json"
	misused '--edge-population: a table has no populations to choose from' -n nodes.csv -e V_to_A
}

@test "-n: from tables, HDF5 files and configs" {
	draw
	conn-matrix c.json >whole
	cmp whole <(conn-matrix both.h5)
	cmp whole <(sonata-edges c.json | conn-matrix -n n.csv)
	cmp whole <(conn-matrix -n n.csv e.csv)
	cmp whole <(conn-matrix --nodes both.h5 e.csv)
	cmp whole <(conn-matrix -n c.json - <e.csv)
	cmp whole <(conn-matrix -n n.csv both.h5)
	cmp whole <(sonata-nodes c.json | conn-matrix -n - e.csv)
	tr , '\t' <e.csv | conn-matrix -n <(tr , '\t' <n.csv) | cmp whole
	awk -F, '{ print $5 "," $2 ",x," $4 "," $1 }' e.csv | conn-matrix -n n.csv | cmp whole
	(head -n 1 e.csv; tail -n +2 e.csv | tac) | conn-matrix -n n.csv | cmp whole
	sed '2,$s/[^,]*/"&"/g' e.csv | conn-matrix -n n.csv | cmp whole
	sed 's/$/\r/' e.csv | conn-matrix -n n.csv | cmp whole
	misused '--nodes: needed with an edge table, which does not say what cells there are' e.csv
}

@test "-n: nodes without a name stand for one population" {
	c=$tricky/config.json
	sonata-nodes -p A "$c" >a.csv
	cmp <(conn-matrix -e A_to_A "$c") <(conn-matrix -e A_to_A -n a.csv "$c" | sed s/A://g)
	bad -e V_to_A -n a.csv "$c" -- "$tricky/network/V_A_edges.h5: /edges/V_to_A: nodes of population 'A' are needed as well: give tables with a population column"
	bad -n a.csv "$c" -- "$tricky/network/V_A_edges.h5: /edges/V_to_A: nodes of population 'V' are needed as well: give tables with a population column"
	sonata-nodes --all "$c" >both.csv
	cmp <(conn-matrix "$c") <(conn-matrix -n both.csv "$c")
}

@test "-n: several, of several populations" {
	conn-matrix "$tricky/config.json" >whole
	sonata-nodes --all "$tricky/config.json" >all.csv
	sonata-nodes -p A -c pop_name,population "$tricky/config.json" >a.csv
	sonata-edges --all "$tricky/config.json" >e.csv
	cmp whole <(conn-matrix -n all.csv e.csv)
	cmp whole <(conn-matrix -n a.csv -n "$tricky/network/V_nodes.h5" e.csv)
	cmp whole <(conn-matrix -n "$tricky/config.json" e.csv)
	bad -n a.csv -n all.csv e.csv -- "all.csv:2: column 'node_id': there twice: '0'"
	bad -n a.csv e.csv -- "e.csv:23: column 'source_population': there are no nodes of this population: 'V'"
	sonata-edges -e A_to_A "$tricky/config.json" >a_edges.csv
	bad -n all.csv a_edges.csv -- 'a_edges.csv: no source_population and target_population, but the nodes are of 2 populations'
	cut -d, -f2- e.csv >half.csv
	bad -n all.csv half.csv -- 'half.csv: one of source_population and target_population, but not both'
}

@test "a bare edges file, with its nodes" {
	cmp <(conn-matrix -e A_to_A "$tricky/config.json") \
		<(conn-matrix -n "$tricky/network/A_nodes.h5" "$tricky/network/A_A_edges.h5")
	bad "$tricky/network/A_A_edges.h5" -- "$tricky/network/A_A_edges.h5: /edges/A_to_A: there are no nodes of population 'A': give them with -n"
	make-odd gaps.h5 <<-'END'
	/source_ids u8 3 0
	/target_ids u8 4 3
	END
	is "$(conn-matrix -n nodes.csv -g kind --stats rows,gap_pairs gaps.h5 | column gap_pairs)" \
		'0 1 1 1'
}

@test "--types and --node-types" {
	make-odd n.h5 <<<'/nodes/A/node_type_id u4 100 100 101'
	make-odd e.h5 <<-'END'
	/edges/A_to_A/source_node_id u8 0 1 2
	/edges/A_to_A/source_node_id@node_population s A
	/edges/A_to_A/target_node_id u8 1 2 0
	/edges/A_to_A/target_node_id@node_population s A
	/edges/A_to_A/edge_type_id u8 1 2 3
	END
	printf '%s\n' 'node_type_id pop_name' '100 PN' '101 PV' >t.csv
	printf '%s\n' 'edge_type_id is_gap_junction nsyns' '1 NULL 7' '2 True 1' '3 False NULL' >et.csv
	is "$(conn-matrix -n n.h5 --node-types t.csv --stats synapses,gap_pairs e.h5 | xargs)" \
		'source,target,n_source,n_target,pairs,synapses,gap_pairs PN,PN,2,2,2,1,0 PN,PV,2,1,2,1,0 PV,PN,1,2,2,1,0 PV,PV,1,1,0,0,0'
	is "$(conn-matrix -n n.h5 --types et.csv --stats synapses,gap_pairs e.h5 | xargs)" \
		'source,target,n_source,n_target,pairs,synapses,gap_pairs 100,100,2,2,2,7,0 100,101,2,1,2,0,1 101,100,1,2,2,1,1 101,101,1,1,0,0,0'
	bad -n n.h5 --types no.csv e.h5 -- 'no.csv: No such file or directory'
	bad -n n.h5 --node-types no.csv e.h5 -- 'no.csv: No such file or directory'
	misused '--types is for an HDF5 file: a table has them itself' -n n.h5 --types et.csv
	printf 'node_id\n0\n' >table.csv
	misused '--node-types is for an HDF5 file: a table has them itself' \
		-n table.csv --node-types t.csv e.h5
	misused '--node-types is for an HDF5 file: a config names its own' \
		-n "$BATS_TEST_DIRNAME/data/tricky/config.json" --node-types t.csv e.h5
}

@test "-t, -o" {
	small >plain
	diff <(tr , '\t' <plain) <(small -t)
	diff <(tr , '\t' <plain) <(small --tsv)
	is "$(small -o out)" ''
	cmp plain out
	edges | sed '$s/^0/7/' >e.csv
	run conn-matrix -n nodes.csv --output=out e.csv
	[ "$status" -eq 1 ]
	cmp plain out
	is "$(echo *)" 'e.csv nodes.csv out plain'
}

@test "-j and -S change nothing" {
	draw
	conn-matrix c.json >whole
	for j in 1 2 4 auto; do
		cmp whole <(conn-matrix -j "$j" c.json)
	done
	cmp whole <(conn-matrix --jobs=3 -S 4K c.json)
	cmp whole <(conn-matrix --memory 1K -n n.csv e.csv)
	cmp whole <(conn-matrix -S 1G c.json)
	conn-matrix "$tricky/config.json" | cmp - <(conn-matrix -j 4 "$tricky/config.json")
	make-odd big.h5 <<-'END'
	/nodes/A/node_type_id u4 0*10 1*20
	/edges/A_to_A/source_node_id u4z 0..29 3*200000
	/edges/A_to_A/source_node_id@node_population s A
	/edges/A_to_A/target_node_id u4z 0..29 7*99999 12*100001
	/edges/A_to_A/target_node_id@node_population s A
	END
	conn-matrix big.h5 >whole
	is "$(column rows <whole)" '100009 100001 0 20'
	for j in 2 3 4; do
		cmp whole <(conn-matrix -j "$j" big.h5)
	done
	misused "--jobs: must be auto or in [1,1024]: '0'" -j 0 c.json
	misused "--memory: not a size: 'x'" -S x c.json
}

@test "scratch files go to TMPDIR, and are gone" {
	awk 'BEGIN { print "source_node_id,target_node_id"
		for (i = 0; i < 300000; i++) print i * 7919 % 2000 "," i % 1999 }' >e.csv
	(echo node_id; seq 0 1999) >n.csv
	mkdir scratch
	TMPDIR=$PWD/scratch conn-matrix -S 100K -n n.csv e.csv >one
	is "$(ls scratch)" ''
	cmp one <(conn-matrix -n n.csv e.csv)
	run env TMPDIR=/nowhere conn-matrix -S 100K -n n.csv e.csv
	[ "$status" -eq 1 ]
	[ "${#lines[@]}" -eq 1 ]
	[[ $output == *': No such file or directory' ]]
}

@test "gap junctions by the population's type in the config" {
	make-odd b.h5 <<-'END'
	/nodes/A/node_type_id i8 -1*4
	/edges/A__A__electrical/source_node_id u8 0 1
	/edges/A__A__electrical/source_node_id@node_population s A
	/edges/A__A__electrical/target_node_id u8 1 0
	/edges/A__A__electrical/target_node_id@node_population s A
	/edges/A__A__chemical/source_node_id u8 2 3
	/edges/A__A__chemical/source_node_id@node_population s A
	/edges/A__A__chemical/target_node_id u8 3 1
	/edges/A__A__chemical/target_node_id@node_population s A
	END
	echo '{"networks": {"nodes": [{"nodes_file": "b.h5"}], "edges": [{"edges_file": "b.h5",
		"populations": {"A__A__electrical": {"type": "electrical"},
		"A__A__chemical": {"type": "chemical"}}}]}}' >c.json
	is "$(conn-matrix --stats rows,connections,gap_pairs,gap_degree_mean c.json | tail -n 1)" \
		-1,-1,4,4,12,2,2,1,0.5
	is "$(conn-matrix --stats rows,gap_pairs b.h5 | tail -n 1)" -1,-1,4,4,12,4,0
	sonata-nodes c.json >n.csv
	cmp <(sonata-edges --all c.json | sed 's/A,A,//; s/source_population,target_population,//' |
		conn-matrix -n n.csv) <(conn-matrix c.json)
	cmp <(sonata-edges --all c.json | conn-matrix -n c.json) <(conn-matrix c.json)
}

@test "gap junctions are counted once, whichever end comes first" {
	printf '%s\n' source_node_id,target_node_id,is_gap_junction 0,1,1 1,0,1 \
		0,1,True 3,1,true 2,2,1 |
		conn-matrix -n nodes.csv -g kind --stats rows,gap | numbers | sed 1,5d |
		diff - <(cat <<-'END'
	rows,0,0,0,0
	gap_pairs,1,1,1,0
	gap_probability,0.333333333,0.166666667,0.166666667,0
	gap_degree_mean,0.666666667,0.333333333,0.5,0
	gap_degree_sd,0.577350269,0.577350269,0.707106781,0
	gap_degree_min,0,0,0,0
	gap_degree_max,1,1,1,0
	END
	)
}

@test "synapses: none, missing, and many" {
	is "$(printf '%s\n' source_node_id,target_node_id,nsyns 0,1,0 0,1, 0,2,NULL 1,2,4294967295 1,2,4294967295 |
		conn-matrix -n nodes.csv --stats synapses,connections,synapses_per_connection_max -g kind |
		sed -n 2p)" P,P,3,3,6,8589934592,3,8589934590
	make-odd n.h5 <<<'/nodes/A/node_type_id u4 1*3'
	make-odd e.h5 <<-'END'
	/edges/A_to_A/source_node_id u8 0 1 2
	/edges/A_to_A/source_node_id@node_population s A
	/edges/A_to_A/target_node_id u8 1 2 0
	/edges/A_to_A/target_node_id@node_population s A
	/edges/A_to_A/0/nsyns f8 2 nan 3
	/edges/A_to_A/0/is_gap_junction f8 nan 0 1
	END
	conn-matrix -n n.h5 --stats rows,synapses e.h5 >direct
	is "$(column synapses <direct)" 3
	cmp direct <(sonata-edges e.h5 | conn-matrix -n n.h5 --stats rows,synapses)
}

@test "synapses by the thousand million, which differ by one" {
	printf '%s\n' node_id,kind 0,P 1,P 2,P 3,P 4,P >n.csv
	printf '%s\n' source_node_id,target_node_id,nsyns 0,1,1000000000 \
		0,2,1000000001 0,3,1000000002 0,4,1000000001 >e.csv
	is "$(conn-matrix -n n.csv -g kind --stats synapses_per_connection e.csv | tail -n 1)" \
		P,P,5,5,20,1000000001,0.816496580927726,1000000002
	# the greatest there are: 2^32 - 1, or none but one
	printf '%s\n' source_node_id,target_node_id,nsyns 0,1,4294967295 \
		0,2,4294967295 0,3,4294967295 0,4,1 >e.csv
	is "$(conn-matrix -n n.csv -g kind --stats synapses_per_connection_sd e.csv | tail -n 1)" \
		P,P,5,5,20,2147483647
}

@test "populations without cells, without edges" {
	make-odd z.h5 <<-'END'
	/nodes/A/node_type_id u4
	/nodes/B/node_type_id u4 1*2
	/edges/A_to_B/source_node_id u8
	/edges/A_to_B/source_node_id@node_population s A
	/edges/A_to_B/target_node_id u8
	/edges/A_to_B/target_node_id@node_population s B
	/edges/B_to_B/source_node_id u8
	/edges/B_to_B/source_node_id@node_population s B
	/edges/B_to_B/target_node_id u8
	/edges/B_to_B/target_node_id@node_population s B
	END
	is "$(conn-matrix -e A_to_B --stats rows z.h5)" \
		source,target,n_source,n_target,pairs,rows
	is "$(conn-matrix -e B_to_B --stats rows,probability,convergence_mean z.h5 |
		numbers | sed 1,5d | xargs)" \
		'rows,0 probability,0 probability_low,0 probability_high,0.657619772 convergence_mean,0'
	is "$(conn-matrix -j 4 --wide rows z.h5 | xargs)" 'source,B:1 B:1,0'
	echo source_node_id,target_node_id >e.csv
	echo node_id >n.csv
	is "$(conn-matrix -n n.csv --stats rows e.csv)" \
		source,target,n_source,n_target,pairs,rows
	is "$(conn-matrix -n nodes.csv -g kind --wide rows e.csv | xargs)" \
		'source,P,Q P,0,0 Q,0,0'
}

@test "labels are data" {
	printf '%s\n' node_id,kind '0,"`touch x`"' '1,"a,b"' '2,"say ""hi"""' 3, '4,"two
lines"' >n.csv
	echo source_node_id,target_node_id >e.csv
	conn-matrix -n n.csv -g kind --wide rows e.csv | head -n 3 | diff - <(cat <<-'END'
	source,`touch x`,"a,b","say ""hi""",,"two
	lines"
	`touch x`,0,0,0,0,0
	END
	)
	[ ! -e x ]
}

@test "tables that are wrong" {
	wrong() { # the table, what is said about it
		printf "$1" >e.csv
		bad -n nodes.csv e.csv -- "e.csv$2"
		run conn-matrix -n nodes.csv <e.csv
		told "$output" "conn-matrix: standard input$2"
		[ "$status" -eq 1 ]
	}
	local head=source_node_id,target_node_id
	wrong "$head\n0,1\n0,9\n" ":3: column 'target_node_id': there is no such node: '9'"
	wrong "$head\n-1,1\n" ":2: column 'source_node_id': there is no such node: '-1'"
	wrong "$head\n0,1\n0,x\n" ":3: column 'target_node_id': not an integer: 'x'"
	wrong "$head\n0,\n" ":2: column 'target_node_id': not an integer: ''"
	wrong "$head\n0,1.5\n" ":2: column 'target_node_id': not an integer: '1.5'"
	wrong "$head\n0,1,2\n" ':2: 3 fields where the header has 2'
	wrong "$head\n0\n" ':2: 1 fields where the header has 2'
	wrong "$head\n0,\"1\n" ':2: misplaced quote'
	wrong 'source,target\n0,1\n' ": no column 'source_node_id'"
	wrong '' ': no header'
	wrong "$head,nsyns\n0,1,x\n" ":2: column 'nsyns': not an integer: 'x'"
	wrong "$head,nsyns\n0,1,-2\n" ":2: column 'nsyns': not a number of synapses: '-2'"
	wrong "$head,is_gap_junction\n0,1,yes\n" \
		":2: column 'is_gap_junction': neither true nor false: 'yes'"
	wrong "$head\n0,99999999999999999999\n" \
		":2: column 'target_node_id': not an integer: '99999999999999999999'"
	wrong "$head\n0,1\n\0\n" ': not text'
}

@test "node tables that are wrong" {
	edges >e.csv
	wrong() {
		printf "$1" >n.csv
		bad -n n.csv e.csv -- "n.csv$2"
	}
	wrong 'node_id\n-1\n' ":2: column 'node_id': negative: '-1'"
	wrong 'node_id\n0\n1\n0\n' ":4: column 'node_id': there twice: '0'"
	wrong 'id\n0\n' ": no column 'node_id'"
	wrong 'node_id,kind\n0\n' ':2: 1 fields where the header has 2'
	wrong 'node_id\nx\n' ":2: column 'node_id': not an integer: 'x'"
	wrong '' ': no header'
	bad -n no.csv e.csv -- 'no.csv: No such file or directory'
}

@test "HDF5 files that are wrong, directly and through the pipe" {
	make-odd n.h5 <<<'/nodes/A/node_type_id u4 1*3'
	wrong() { # what is said of e.h5, whose lines are on standard input
		make-odd e.h5 < <(cat && printf '%s\n' \
			'/edges/A_to_A/source_node_id@node_population s A' \
			'/edges/A_to_A/target_node_id@node_population s A')
		for j in 1 4; do
			bad -j "$j" -n n.h5 e.h5 -- "$1"
		done
		run bash -c 'set -o pipefail; sonata-edges e.h5 | conn-matrix -n n.h5 -o out'
		[ "$status" -ne 0 ]
		[[ $output == *"$2"* ]]
		[ "${#lines[@]}" -le 2 ]
	}
	wrong "e.h5: /edges/A_to_A/target_node_id: row 1: there is no such node: '3'" \
		"standard input:3: column 'target_node_id': there is no such node: '3'" <<-'END'
	/edges/A_to_A/source_node_id u8 0 1
	/edges/A_to_A/target_node_id u4 1 3
	END
	wrong "e.h5: /edges/A_to_A/source_node_id: row 1: there is no such node: '-2'" \
		"there is no such node: '-2'" <<-'END'
	/edges/A_to_A/source_node_id i4z 0 -2
	/edges/A_to_A/target_node_id i4 1 2
	END
	wrong "e.h5: /edges/A_to_A/source_node_id: row 0: there is no such node: '-2'" \
		"there is no such node: '-2'" <<-'END'
	/edges/A_to_A/source_node_id i8 -2 1
	/edges/A_to_A/target_node_id u8 1 2
	END
	wrong 'e.h5: /edges/A_to_A: row 1: nsyns: not a number of synapses' \
		"column 'nsyns': not a number of synapses: '-3'" <<-'END'
	/edges/A_to_A/source_node_id u8 0 1
	/edges/A_to_A/target_node_id u8 1 2
	/edges/A_to_A/0/nsyns i4 0 -3
	END
	wrong 'e.h5: /edges/A_to_A: row 0: is_gap_junction: neither true nor false' \
		"column 'is_gap_junction': neither true nor false: 'maybe'" <<-'END'
	/edges/A_to_A/source_node_id u8 0 1
	/edges/A_to_A/target_node_id u8 1 2
	/edges/A_to_A/0/is_gap_junction s maybe True
	END
	wrong 'e.h5: /edges/A_to_A/0/nsyns: row 1 is past the end: there are 1' \
		'e.h5: /edges/A_to_A/0/nsyns: row 1 is past the end: there are 1' <<-'END'
	/edges/A_to_A/source_node_id u8 0 1
	/edges/A_to_A/target_node_id u8 1 2
	/edges/A_to_A/0/nsyns i4 3
	END
	wrong 'e.h5: /edges/A_to_A/target_node_id: 1 rows where there are 2' \
		'e.h5: /edges/A_to_A/target_node_id: 1 rows where there are 2' <<-'END'
	/edges/A_to_A/source_node_id u8 0 1
	/edges/A_to_A/target_node_id u8 1
	END
	wrong 'e.h5: /edges/A_to_A/source_node_id: row 1: not an integer' \
		"not an integer: '0.5'" <<-'END'
	/edges/A_to_A/source_node_id f8 1 0.5
	/edges/A_to_A/target_node_id f4 1 2
	END
	make-odd n.h5 <<-'END'
	/nodes/A/node_type_id u4 1*2
	/nodes/A/node_id f4 0 1.5
	END
	bad -n n.h5 e.h5 -- 'n.h5: /nodes/A/node_id: row 1: not an integer'
}

@test "files that are not what they should be" {
	bad -n nodes.csv nowhere -- 'nowhere: No such file or directory'
	bad -n nodes.csv . -- '.: Is a directory'
	bad -n nodes.csv /dev/null -- '/dev/null: no header'
	make-odd n.h5 <<<'/nodes/A/node_type_id u4 1*3'
	bad n.h5 -- 'n.h5: no edge populations'
	make-odd e.h5 <<-'END'
	/edges/A_to_A/source_node_id u8z 0..9999
	/edges/A_to_A/source_node_id@node_population s A
	/edges/A_to_A/target_node_id u8z 0..9999
	/edges/A_to_A/target_node_id@node_population s A
	/nodes/A/node_type_id u4 1*10000
	END
	conn-matrix --stats rows e.h5 >whole
	size=$(stat -c %s e.h5)
	for part in 8 500 2000 "$((size / 2))" "$((size - 1))"; do
		head -c "$part" e.h5 >cut.h5
		for j in 1 3; do
			run ends conn-matrix -j "$j" -o whole cut.h5
			[ "$status" -eq 1 ]
			[ "${#lines[@]}" -eq 1 ]
			[[ $output == 'conn-matrix: cut.h5: '* ]]
		done
	done
	is "$(column rows <whole)" 10000
	echo '{"networks": {"edges": [{"edges_file": "e.h5", "edge_types_file": "no.csv"}]}}' >c.json
	bad c.json -- 'no.csv: No such file or directory'
	echo '{"manifest": {"$A": "$A/x"}, "networks": {"edges": [{"edges_file": "$A/e.h5"}]}}' >c.json
	run conn-matrix c.json
	[ "$status" -eq 1 ]
	[ "${#lines[@]}" -eq 1 ]
}

@test "a link to what is not there yet is followed" {
	mkdir sub
	ln -s sub/one two
	ln -s two three
	small >whole
	small -o three
	cmp whole sub/one
	[ -L two ] && [ -L three ]
	small -o three # and there it is
	cmp whole sub/one
	[ -L two ] && [ -L three ]
	ln -s ring ring
	run small -o ring
	is "$output" 'conn-matrix: ring: Too many levels of symbolic links'
	[ "$status" -eq 1 ]
}

@test "an output file that may not grow any more" {
	draw
	run bash -c 'ulimit -f 0; exec conn-matrix -o out c.json'
	is "$output" 'conn-matrix: out: File too large'
	[ "$status" -eq 1 ]
	is "$(echo out*)" 'out*'
}

@test "columns that are there twice" {
	echo source_node_id,target_node_id,source_node_id >e.csv
	bad -n nodes.csv e.csv -- "e.csv: column 'source_node_id' is there twice"
	echo source_node_id,target_node_id,nsyns,model,nsyns >e.csv
	bad -n nodes.csv e.csv -- "e.csv: column 'nsyns' is there twice"
	is "$(conn-matrix -n nodes.csv -g kind --stats rows e.csv | wc -l)" 5
	printf '%s\n' node_id,kind,kind 0,P,P >n.csv
	bad -n n.csv -g kind e.csv -- "n.csv: column 'kind' is there twice"
}

@test "threads that fail at once say one thing" {
	make-odd e.h5 <<-'END'
	/nodes/A/node_type_id u4 1*4
	/edges/A_to_A/source_node_id u8 0*300000
	/edges/A_to_A/source_node_id@node_population s A
	/edges/A_to_A/target_node_id u8 1*300000
	/edges/A_to_A/target_node_id@node_population s A
	/edges/A_to_A/0/w f8d 0.5*300000
	END
	perl -0777 -i -pe 's/x\x5e/\xff\xff/g' e.h5
	for i in 1 2 3 4; do
		bad -j "$i" --attribute w e.h5 -- 'e.h5: /edges/A_to_A/0/w: cannot be read: the file is cut short, or damaged'
	done
}
