# sonata-nodes, sonata-edges, sonata-report and conn-matrix against what others
# have found in the same files: ORACLE.tsv are numbers computed straight from the
# HDF5 files, EXPECTED.tsv those that the owners' own tests hold.  Every row of
# them that speaks of nodes, edges, connections or reports is compared; one that
# is not understood fails.  How the oracle counts is said in the README.md beside
# the sets.

load common.bash
load reference.sh
load oracle.sh

# ---- The checks themselves, on a set of our own: they can fail ----

own_set() { # of data/tricky, whose numbers can be counted by hand
	cd "$BATS_TEST_TMPDIR" || return
	cp "$BATS_TEST_DIRNAME"/data/tricky/network/A_* .
	cp "$BATS_TEST_DIRNAME"/data/reports/compartments.h5 .
	spike-pack -o spikes.h5 "$BATS_TEST_DIRNAME/data/spikes.csv"
	echo 'no HDF5' >none.h5
	while IFS='|' read -r file object population key value; do
		printf '%s\t%s\t%s\t%s\t%s\n' "$file" "$object" "$population" \
			"$key" "$value"
	done >ORACLE.tsv <<-'END'
	file|object|population|key|value
	A_nodes.h5|nodes|A|count|10
	A_nodes.h5|nodes|A|count[node_type_id=101]|4
	A_nodes.h5|nodes|A|node_id.min..max|0..9
	A_nodes.h5|nodes|A|0/z.sum|45.0
	A_nodes.h5|nodes|A|0/layer.distinct|2
	A_nodes.h5|nodes|A|0/layer[2]|2
	spikes.h5|spikes|A|count|7
	spikes.h5|spikes|A|first..last time|1.25..40.125
	spikes.h5|spikes|A|distinct ids|3
	spikes.h5|spikes|A|ids min..max|0..7
	spikes.h5|spikes|A|sum of times|108.375
	spikes.h5|spikes|A|first by (time,id)|1.25 0
	spikes.h5|spikes|A|busiest id (lowest of ties) and its count|0 4
	compartments.h5|report|cortex|shape (times x elements)|3x5
	compartments.h5|report|cortex|storage bytes|120
	compartments.h5|report|cortex|nodes|2
	compartments.h5|report|cortex|time start stop step|100.0 101.5 0.5
	compartments.h5|report|cortex|data mean|23.0
	compartments.h5|report|cortex|data[-1,-1]|35.0
	A_A_edges.h5|edges|A_to_A|count|21
	A_A_edges.h5|edges|A_to_A|source_population|A
	A_A_edges.h5|edges|A_to_A|target_population|A
	A_A_edges.h5|edges|A_to_A|unique_pairs|17
	A_A_edges.h5|edges|A_to_A|distinct_sources|8
	A_A_edges.h5|edges|A_to_A|distinct_targets|8
	A_A_edges.h5|edges|A_to_A|sorted_by_target|1
	A_A_edges.h5|edges|A_to_A|autapses|1
	A_A_edges.h5|conn|A_to_A|100->100.edges|12
	A_A_edges.h5|conn|A_to_A|100->100.pairs|9
	A_A_edges.h5|conn|A_to_A|100->100.convergence mean/std/min/max|2.400000 1.019804 1 4
	A_A_edges.h5|conn|A_to_A|100->101.edges|5
	A_A_edges.h5|conn|A_to_A|101->100.edges|2
	A_A_edges.h5|conn|A_to_A|101->101.edges|1
	A_A_edges.h5|conn|A_to_A|102->100.edges|1
	none.h5|file|-|unreadable|Unable to open file
	END
}

changed() { # the rows as sed changes them fail, saying this
	own_set
	sed -i "$1" ORACLE.tsv
	run check_oracle
	[[ $status -ne 0 && $output == *"$2"* ]] || fail "$1: $status: $output"
}

@test "a set of our own" {
	own_set
	run check_oracle
	[ "${lines[-1]}" = "35 rows checked of 35" ]
	[ "$status" -eq 0 ]
}

@test "a wrong number fails" {
	changed 's/45\.0/45.0000001/' "ours is 45: A_nodes.h5"
	changed 's/count\t21/count\t20/' "ours is 21: A_A_edges.h5"
	changed 's/1\.019804/1.019806/' "ours is 2.39"
	changed 's/100\.pairs\t9/100.pairs\t8/' "ours is 9: A_A_edges.h5"
	changed 's/targets\t8/targets\t9/' "ours is 8: A_A_edges.h5"
	changed 's/mean\t23/mean\t24/' "ours is 23: compartments.h5"
	changed 's/3x5/5x3/' "ours is 3x5: compartments.h5"
	changed 's/108\.375/108.376/' "ours is 108.375: spikes.h5"
	changed 's/0 4$/0 5/' "ours is 0 4: spikes.h5"
}

@test "a row that is not understood fails" {
	changed 's/node_id.min..max/node_id.median/' "no answer: A_nodes.h5"
	changed 's/z\.sum/z.product/' "ours is refused"
	changed 's/0\/z\.sum/1\/z.sum/' "no answer: A_nodes.h5"
	changed 's/100\.edges\t12/100.loops\t12/' "no answer: A_A_edges.h5"
	changed 's/101->100\.edges/100->102.edges/' "no answer: A_A_edges.h5"
	changed 's/\tspikes\t/\tsynapses\t/' "unknown object: spikes.h5"
	changed 's/sum of times/median of times/' "no answer: spikes.h5"
	changed 's/data mean/data median/' "no answer: compartments.h5"
}

@test "a connection that the oracle does not have fails" {
	changed '/102->100/d' "types with edges, but not in the oracle"
}

@test "a file that can be read and should not, or the other way round, fails" {
	changed 's/^none\.h5/A_nodes.h5/' "no answer"
	changed 's/count\t10/count\tunknown/' "ours is 10"
	changed 's/^none.*/&\nnone.h5\tnodes\tA\tcount\t10/' \
		"ours is refused: none.h5"
}

@test "a query that is not understood fails" {
	own_set
	printf '%s\t%s\t%s\t%s\n' A_nodes.h5 nodes.count A 10 \
		A_A_edges.h5 'edges.by_target count' 0,1 8 >EXPECTED.tsv
	run check_expected
	[ "$status" -eq 0 ]
	[ "$output" = "2 rows checked of 2, 0 are others'" ]
	sed -i 's/by_target/by_whom/' EXPECTED.tsv
	run check_expected
	[ "$status" -ne 0 ]
	sed -i 's/by_whom/by_target/; s/8$/9/' EXPECTED.tsv
	run check_expected
	[ "$status" -ne 0 ]
	[[ $output == *"expected '9', ours '8'"* ]]
}

# ---- The sets ----

@test "every set is in the tests below" {
	need data
	cd "$reference/data" || return
	diff <(printf '%s\n' */ORACLE.tsv */EXPECTED.tsv | sort) \
		<(sed -nE 's/^@test .*\{ (oracle|expected) (.*); }$/\2 \1/p' \
			"$BATS_TEST_FILENAME" |
			sed 's: oracle:/ORACLE.tsv:; s: expected:/EXPECTED.tsv:' |
			sort)
}

oracle() { # of this set
	need "data/$1/ORACLE.tsv"
	cd "$reference/data/$1" && check_oracle
}

@test "ORACLE.tsv of o01" { oracle o01-sonata-5cells-iclamp; }
@test "ORACLE.tsv of o02" { oracle o02-sonata-300intfire; }
@test "ORACLE.tsv of o03" { oracle o03-pysonata-tests; }
@test "ORACLE.tsv of o04" { oracle o04-sonata-index-simtests; }
@test "ORACLE.tsv of o05" { oracle o05-libsonata-tests; }
@test "ORACLE.tsv of o06" { oracle o06-bmtk-small; }
@test "ORACLE.tsv of o07" { oracle o07-bmtk-neuropixels; }
@test "ORACLE.tsv of o08" { oracle o08-bmtool-networks; }
@test "ORACLE.tsv of o09" { oracle o09-sonata-extension-uc123; }
@test "ORACLE.tsv of o10" { oracle o10-neurodamus-ringtest; }
@test "ORACLE.tsv of o11" { oracle o11-obi-tiny-N10-dim6; }
@test "ORACLE.tsv of o12" { oracle o12-brainbuilder-sonata; }

expected() { # of this set
	need "data/$1/EXPECTED.tsv"
	cd "$reference/data/$1" && check_expected
}

@test "EXPECTED.tsv of o01" { expected o01-sonata-5cells-iclamp; }
@test "EXPECTED.tsv of o03" { expected o03-pysonata-tests; }
@test "EXPECTED.tsv of o05" { expected o05-libsonata-tests; }
@test "EXPECTED.tsv of o06" { expected o06-bmtk-small; }
@test "EXPECTED.tsv of o11" { expected o11-obi-tiny-N10-dim6; }
@test "EXPECTED.tsv of o13" { expected o13-efel-allfeatures; }
@test "EXPECTED.tsv of o14" { expected o14-bmtool-singlecell; }
