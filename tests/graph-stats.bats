# igraph's measures are held against networkx's of random graphs, and against
# what can be counted by hand of small ones.
load common.bash

setup_file() {
	/usr/bin/python3 -c 'import networkx' 2>/dev/null && export READER=yes
	return 0
}

setup() {
	cd "$BATS_TEST_DIRNAME/data/tricky" || return
	tmp=$BATS_TEST_TMPDIR
}

nodes() { # how many, of three groups in turn
	awk -v n="$1" 'BEGIN {
		print "node_id,pop_name"
		for (i = 0; i < n; i++)
			print i ",g" i % 3
	}' >"$tmp/nodes"
}

edges() { # pairs "source,target"
	{ echo source_node_id,target_node_id; printf '%s\n' "$@"; } >"$tmp/edges"
}

# Parallel edges, edges to oneself, cells without any; hubs, as half of the rows
# begin at few cells.
random() { # cells, rows, seed
	nodes "$1"
	mapfile -t rows < <(awk -v n="$1" -v m="$2" -v seed="$3" "$draws"'BEGIN {
		sow(seed)
		for (k = 0; k < m; k++)
			print int(draw() * n * (k % 2 ? 0.2 : 0.9)) "," \
				int(draw() * draw() * n)
	}')
	edges "${rows[@]}"
}

stats() { graph-stats "$@" -n "$tmp/nodes" "$tmp/edges"; }

value() { # of a measure, in $output
	sed -n "s/^$1,//p" <<<"$output"
}

# Do two tables agree, number by number, to so much?
agree() { # ours, theirs, relative
	paste -d ' ' <(tr ',' ' ' <"$1") <(tr ',' ' ' <"$2") | awk -v most="$3" '
	function abs(x) { return x < 0 ? -x : x }
	NF % 2 { print "uneven:", $0; bad++ }
	{
		for (i = 1; i <= NF / 2; i++) {
			a = $i
			b = $(i + NF / 2)
			if (a != b && (a + 0 == 0 || abs(a - b) > most * abs(b)) &&
			    !(abs(a - b) < most * 1e-2 && a ~ /^[-0-9]/)) {
				print
				bad++
			}
		}
	}
	END { exit !NR || bad > 0 }'
}

networkx() { # how, cells
	[ "${READER:-}" ] || skip "no networkx for /usr/bin/python3"
	"$BATS_TEST_DIRNAME/graphs.py" "$@" "$tmp/edges"
}

@test "random graphs measure as networkx measures them" {
	while read -r n m seed; do
		random "$n" "$m" "$seed"
		stats --stats all | sed '1d; /^autapses/d' | LC_ALL=C sort >"$tmp/ours"
		networkx measure "$n" >"$tmp/theirs"
		[ "$(wc -l <"$tmp/theirs")" -eq 41 ]
		agree "$tmp/ours" "$tmp/theirs" 1e-9
	done <<-END
	30 60 1
	60 900 2
	150 400 3
	12 300 4
	END
}

@test "cells of random graphs measure as networkx measures them" {
	while read -r n m seed; do
		random "$n" "$m" "$seed"
		networkx cells "$n" >"$tmp/theirs"
		# Components are numbered by their first cell.
		awk -F, -v OFS=, '{
			for (i = 5; i <= 6; i++) {
				if (!((i, $i) in number))
					number[i, $i] = n[i]++
				$i = number[i, $i]
			}
			if ($7 == "") $7 = "-"
			print
		}' "$tmp/theirs" >"$tmp/numbered"
		stats --by cell | sed '1d; s/^"",//; s/,,/,-,/' >"$tmp/ours"
		agree "$tmp/ours" "$tmp/numbered" 1e-6
	done <<-END
	30 40 5
	80 900 6
	END
}

@test "a triangle and a lone cell" {
	nodes 4
	edges 0,1 1,2 2,0
	run -0 stats --stats all
	is "$output" 'measure,value
nodes,4
edges,3
labels,3
autapses,0
density,0.25
reciprocity,0
in_degree_mean,0.75
in_degree_sd,0.5
in_degree_min,0
in_degree_max,1
out_degree_mean,0.75
out_degree_sd,0.5
out_degree_min,0
out_degree_max,1
degree_mean,1.5
degree_sd,1
degree_min,0
degree_max,2
weak_components,2
largest_weak_component,3
strong_components,2
largest_strong_component,3
transitivity,1
clustering_mean,1
degree_assortativity,
group_assortativity,-0.49999999999999994
triad_003,0
triad_012,3
triad_102,0
triad_021D,0
triad_021U,0
triad_021C,0
triad_111D,0
triad_111U,0
triad_030T,0
triad_030C,1
triad_201,0
triad_120D,0
triad_120U,0
triad_120C,0
triad_210,0
triad_300,0'
}

@test "there are no triads of fewer than three cells" {
	for n in 0 1 2; do
		nodes "$n"
		edges
		sed -i 2d "$tmp/edges"
		[ "$n" -lt 2 ] || edges 0,1
		run -0 stats --stats triads
		is "$(cut -d, -f2 <<<"$output" | sort -u | paste -s -d' ')" '0 value'
		[ "${#lines[@]}" -eq 17 ]
	done
}

# One graph for each of the sixteen; the letters are those of Holland and
# Leinhardt: down is away from the cell that the other two have in common.
@test "each triad by its name" {
	nodes 3
	while read -r name rows; do
		# shellcheck disable=SC2086 # one word each
		edges $rows
		run -0 stats --stats triads
		is "$(grep -v ',0$' <<<"$output" | sed 1d)" "triad_$name,1"
	done <<-'END'
	012 0,1
	102 0,1 1,0
	021D 1,0 1,2
	021U 0,1 2,1
	021C 0,1 1,2
	111D 0,1 1,0 2,1
	111U 0,1 1,0 1,2
	030T 0,1 2,1 0,2
	030C 1,0 2,1 0,2
	201 0,1 1,0 1,2 2,1
	120D 1,0 1,2 0,2 2,0
	120U 0,1 2,1 0,2 2,0
	120C 0,1 1,2 0,2 2,0
	210 0,1 1,2 2,1 0,2 2,0
	300 0,1 1,0 1,2 2,1 0,2 2,0
	END
}

@test "parallel rows are one connection, those of no synapses none" {
	nodes 3
	printf '%s\n' source_node_id,target_node_id,nsyns 0,1,2 0,1,3 1,0,0 1,1,4 \
		1,1,1 2,2,0 >"$tmp/edges"
	run -0 stats
	[ "$(value edges)" = 1 ]
	[ "$(value autapses)" = 1 ]
	[ "$(value reciprocity)" = 0 ]
	[ "$(value in_degree_max)" = 1 ]
}

@test "edges and degrees are those of conn-count and conn-matrix" {
	run -0 graph-stats config.json
	[ "$(value nodes)" -eq 15 ]
	[ "$(value labels)" -eq 4 ]
	[ "$(value autapses)" -eq 1 ]
	[ "$(value edges)" -eq "$(conn-matrix --stats connections config.json |
		awk -F, '{ n += $NF } END { print n }')" ]
	diff <(graph-stats --by cell config.json |
		awk -F, 'NR > 1 { print $1 "," $2 "," $3 "," $4 "," $5 }') \
		<(conn-count config.json | awk -F, '
		FNR > 1 {
			cell = $1 "," $2 "," $3
			if (!(cell in seen))
				order[++n] = cell
			seen[cell]
			sum[cell, $4] += $8
		}
		END {
			for (i = 1; i <= n; i++)
				print order[i] "," sum[order[i], "in"] + 0 "," \
					sum[order[i], "out"] + 0
		}')
}

@test "--by group measures the cells of each group, and what is between them" {
	random 90 900 8
	stats --by group --stats all >"$tmp/all"
	is "$(head -n 1 "$tmp/all")" group,measure,value
	for g in 0 1 2; do
		awk -F, -v OFS=, -v g="$g" 'FNR > 1 && $1 % 3 == g && $2 % 3 == g {
			print ($1 - g) / 3, ($2 - g) / 3 }' "$tmp/edges" >"$tmp/rows"
		mapfile -t rows <"$tmp/rows"
		(
			mkdir "$tmp/$g"
			tmp=$tmp/$g
			nodes 30
			edges "${rows[@]}"
			stats --stats all | sed '1d; /^labels/d; /^group_/d'
		) >"$tmp/one"
		diff "$tmp/one" <(sed -n "s/^g$g,//p" "$tmp/all")
	done
	is "$(stats --by group --stats size)" "$(head -n 1 "$tmp/all"
		grep -E ',(nodes|edges|autapses),' "$tmp/all")"
}

@test "a cell that has fewer than two partners has no clustering" {
	nodes 4
	edges 0,1 1,0 2,0
	run -0 stats --by cell
	is "$(rev <<<"$output" | cut -d, -f2- | rev)" 'population,node_id,group,in_degree,out_degree,weak_component,strong_component,clustering
"",0,g0,2,1,0,0,0
"",1,g1,1,1,0,0,
"",2,g2,0,1,0,1,
"",3,g0,0,0,1,2,'
	is "$(stats --stats clustering)" $'measure,value\ntransitivity,0\nclustering_mean,0'
}

@test "networks of no cells, one and two" {
	nodes 0
	edges
	run -0 stats --stats all
	[ "${#lines[@]}" -eq 43 ]
	[ "$(value nodes)" = 0 ] && [ -z "$(value density)" ] && [ -z "$(value degree_mean)" ]
	[ "$(value weak_components)" = 0 ] && [ "$(value largest_strong_component)" = 0 ]
	is "$(stats --by cell | wc -l)" 1
	is "$(stats --by group)" group,measure,value
	nodes 1
	run -0 stats --stats all
	[ "$(value weak_components)" = 1 ] && [ -z "$(value density)" ]
	[ -z "$(value transitivity)" ] && [ "$(value triad_003)" = 0 ]
	is "$(stats --by cell | tail -n 1)" '"",0,g0,0,0,0,0,,1'
	nodes 2
	edges 0,1 1,0
	run -0 stats
	[ "$(value density)" = 1 ] && [ "$(value reciprocity)" = 1 ]
}

@test "--stats chooses" {
	random 40 200 9
	is "$(stats --stats size,density,reciprocity,degree,components,clustering,assortativity)" \
		"$(stats)"
	is "$(stats --stats density)" "$(stats | grep -E '^(measure|density)')"
	is "$(stats --stats triads | wc -l)" 17
	is "$(stats --stats components | cut -d, -f1 | xargs)" \
		"measure weak_components largest_weak_component strong_components largest_strong_component"
	is "$(stats -t --stats density)" "$(stats --stats density | tr , '\t')"
}

@test "gap junctions are no edges, but with --include-gap" {
	run -0 graph-stats -e A_to_A config.json
	[ "$(value edges)" -eq 13 ]
	run -0 graph-stats --include-gap -e A_to_A config.json
	[ "$(value edges)" -eq 16 ]
}

# bats test_tags=long
@test "a table and the files it came from give the same, in any memory" {
	for by in network group cell; do
		graph-stats --by "$by" config.json >"$tmp/want"
		graph-stats --by "$by" -j 2 -S 64k config.json | cmp "$tmp/want"
		sonata-edges --all config.json | graph-stats --by "$by" \
			-n <(sonata-nodes --all config.json) | cmp "$tmp/want"
	done
	run -0 graph-stats -g layer -e A_to_A --by group --stats size config.json
	is "${lines[1]}" 1,nodes,4
	run -0 graph-stats --all -e A_to_A --stats size config.json
	is "${lines[1]}" nodes,15
}

# In the least room in which the tool starts, and then in more and more, until
# it works: igraph runs out of memory somewhere on the way.
@test "what igraph complains of is one line of ours" {
	! grep -q __asan_init "$(command -v graph-stats)" ||
		skip "the sanitizer takes all the room"
	nodes 2000
	awk "$draws"'BEGIN {
		sow(1)
		print "source_node_id,target_node_id"
		for (k = 0; k < 300000; k++)
			print int(draw() * 2000) "," int(draw() * 2000)
	}' >"$tmp/edges"
	room=40000
	until (ulimit -v "$room" && graph-stats --version) >/dev/null 2>&1; do
		room=$((room + 4000))
		[ "$room" -lt 1000000 ]
	done
	until (ulimit -v "$room" && stats -S 64k --stats components) \
		>/dev/null 2>"$tmp/said"; do
		# GnuTLS, which comes with HDF5, complains as it is loaded.
		sed -i '/GnuTLS/d' "$tmp/said"
		[ "$(wc -l <"$tmp/said")" -eq 1 ]
		grep -q '^graph-stats: ' "$tmp/said"
		cat "$tmp/said" >>"$tmp/all"
		room=$((room + 1500))
	done
	grep -q '^graph-stats: Out of memory: ' "$tmp/all"
}

@test "what cannot be is refused" {
	misused "--by: must be network|group|cell: 'layer'" --by layer config.json
	misused "--stats: must be size|density|reciprocity|degree|components|clustering|assortativity|triads|all: 'size2'" --stats size2 config.json
	misused "--stats and --by=cell exclude each other" --by cell --stats size config.json
}

@test "ranks are the same to the last digit in every run" {
	cd "$BATS_TEST_TMPDIR"
	{ echo node_id && seq 0 599; } >n.csv
	connect-random --seed 1 --p 0.1 n.csv >e.csv
	graph-stats --by cell -n n.csv e.csv >once
	for _ in 1 2 3; do
		OMP_NUM_THREADS=4 graph-stats --by cell -n n.csv e.csv |
			cmp - once
	done
}
