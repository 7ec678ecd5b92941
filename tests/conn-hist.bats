# Histograms are held against the counts of conn-count, the statistics of
# conn-matrix, values counted once more by awk, and what BMTool has made of the
# same networks.
load common.bash

setup() {
	cd "$BATS_TEST_DIRNAME/data/tricky" || return
	tmp=$BATS_TEST_TMPDIR
}

# What all rows of a pair of groups say again, mean, sd and median, has tests of
# its own; the others are about bins.
conn-hist() {
	command conn-hist "$@" >"$tmp/table" || return
	awk 'NR == 1 { more = /median$/ }
		more { sub(/[,\t][^,\t]*[,\t][^,\t]*[,\t][^,\t]*$/, "") } 1' "$tmp/table"
}

# Cell 0 is of group a; cells 1, 2, ... of group b have these in-degrees.
degrees() { # options, --, degrees
	local options=()
	while [ "$1" != -- ]; do
		options+=("$1")
		shift
	done
	shift
	nodes 0,a >"$tmp/nodes"
	seq $# | sed 's/$/,b/' >>"$tmp/nodes"
	printf '%s\n' "$@" | awk -v OFS=, '
		BEGIN { print "source_node_id,target_node_id" }
		{ for (i = 0; i < $1; i++) print 0, NR }' |
		conn-hist -n "$tmp/nodes" --source a --target b "${options[@]}"
}

# A row for each value, from a to a, of attribute w.
values() { # options, --, values
	local options=()
	while [ "$1" != -- ]; do
		options+=("$1")
		shift
	done
	shift
	nodes 0,a >"$tmp/nodes"
	{ echo source_node_id,target_node_id,w; printf '0,0,%s\n' "$@"; } |
		conn-hist -n "$tmp/nodes" --value w "${options[@]}"
}

# The same as an HDF5 file of edges, $tmp/edges.h5, and its nodes.
file_of() { # values
	nodes 0,a >"$tmp/nodes"
	/usr/bin/python3 - "$tmp/edges.h5" "$@" <<-'END'
	import sys, h5py, numpy
	w = numpy.array(sys.argv[2:], dtype=float)
	with h5py.File(sys.argv[1], "w") as f:
	    p = f.create_group("edges/a_to_a")
	    zero = numpy.zeros(len(w), dtype="uint64")
	    for end in "source", "target":
	        d = p.create_dataset(end + "_node_id", data=zero)
	        d.attrs["node_population"] = "a"
	    p.create_dataset("edge_type_id", data=zero)
	    p.create_dataset("edge_group_id", data=zero)
	    p.create_dataset("edge_group_index", data=numpy.arange(len(w)))
	    p.create_dataset("0/w", data=w)
	END
}

@test "a bin for each degree, zeros too" {
	run -0 degrees -- 0 2 2 5 0 0
	[ "$output" = source,target,bin_low,bin_high,cells$'
a,b,0,1,3
a,b,1,2,0
a,b,2,3,2
a,b,3,4,0
a,b,4,5,0
a,b,5,6,1' ]
	run -0 degrees -- 3
	[ "${lines[1]}" = a,b,3,4,1 ]
	[ "${#lines[@]}" -eq 2 ]
}

@test "rows say mean, sd and median: of all cells, or of the values" {
	moments() { [ "$(sed 1d "$tmp/table" | cut -d, -f1,2,6- | uniq)" = "$1" ]; }
	degrees -- 0 2 2 5 0 0 >/dev/null
	[ "$(head -n 1 "$tmp/table")" = source,target,bin_low,bin_high,cells,mean,sd,median ]
	[ "$(wc -l <"$tmp/table")" -eq 7 ]
	moments a,b,1.5,1.9748417658131499,1
	degrees --nonzero --bins 0:4:2 -- 0 2 2 5 0 0 >/dev/null
	moments a,b,3,1.7320508075688772,2
	degrees -- 3 >/dev/null
	moments a,b,3,,3
	values --bins 0:4:2 -- 1 2 4 '' 5 >/dev/null
	[ "$(head -n 1 "$tmp/table")" = source,target,bin_low,bin_high,edges,mean,sd,median ]
	moments a,a,3,1.8257418583505538,3
	values --bins 0,1,2 -- '' nan >/dev/null
	moments a,a,,,
	file_of 0.5 1.5 5.5
	conn-hist -n "$tmp/nodes" --value w "$tmp/edges.h5" >/dev/null
	moments a,a,2.5,2.6457513110645907,1.5
	command conn-hist --all config.json >"$tmp/all"
	diff <(sed 1d "$tmp/all" | cut -d, -f1,2,6,7 | uniq) \
		<(conn-hist --all --summary config.json | sed 1d |
			cut -d, -f1,2,4,5 | grep -v ',,')
}

@test "a median of more values than are kept is not known" {
	# shellcheck disable=SC2046 # words
	values --bins 0:1:1 -- $(yes 0.25 | head -n 4096) >/dev/null
	[ "$(tail -n 1 "$tmp/table")" = a,a,0,1,4096,0.25,0,0.25 ]
	# shellcheck disable=SC2046 # words
	values --bins 0:1:1 -- $(yes 0.25 | head -n 4097) >/dev/null
	[ "$(tail -n 1 "$tmp/table")" = a,a,0,1,4097,0.25,0, ]
}

@test "--nonzero" {
	run -0 degrees --nonzero -- 0 2 2 3 0 0
	[ "$output" = source,target,bin_low,bin_high,cells$'\na,b,2,3,2\na,b,3,4,1' ]
	run -0 degrees --nonzero -- 0 0
	[ "$output" = source,target,bin_low,bin_high,cells ]
	run -0 degrees --nonzero --summary -- 0 0
	[ "${lines[1]}" = a,b,0,,,,,0 ]
}

# The histograms that the rows of conn-count make; its column is the unit's.
count_again() { # direction, column
	awk -F, -v OFS=, -v way="$1" -v column="$2" '
	NR > 1 && $4 == way {
		pair = way == "in" ? $5 OFS $3 : $3 OFS $5
		n[pair OFS $column OFS $column + 1]++
	}
	END { for (k in n) print k, n[k] }' | sort
}

@test "every unit and direction, counted again from conn-count" {
	conn-count --all config.json >"$tmp/counts"
	column=6
	for unit in rows synapses connections; do
		for way in in out; do
			diff <(count_again "$way" "$column" <"$tmp/counts") \
				<(conn-hist --all --unit "$unit" --direction "$way" \
					config.json | sed 1d | grep -v ',0$' | sort)
		done
		column=$((column + 1))
	done
	cmp <(conn-hist config.json) <(conn-hist --unit rows --direction in config.json)
}

@test "the statistics are those of conn-matrix, to the last digit" {
	for unit in rows synapses connections; do
		for way in in,convergence out,divergence; do
			name=${way#*,}
			cmp <(conn-hist --summary --unit "$unit" --direction "${way%,*}" \
				config.json | sed 1d | cut -d, -f1,2,4-7) \
				<(conn-matrix --unit "$unit" --stats "${name}_mean,${name}_sd,${name}_min,${name}_max" \
					config.json | sed 1d | cut -d, -f1,2,6-)
		done
	done
	run -0 conn-hist --summary -e A_to_A config.json
	[ "${lines[0]}" = source,target,count,mean,sd,min,max,missing ]
	[ "${lines[2]}" = X,Y,4,1.25,0.9574271077563381,0,2,0 ]
}

@test "the statistics of la are those of conn-matrix" {
	need golden/la/config.json
	la=$reference/golden/la/config.json
	cmp <(conn-hist --summary "$la" | sed 1d | cut -d, -f1,2,4-7) \
		<(conn-matrix --stats convergence_mean,convergence_sd,convergence_min,convergence_max \
			"$la" | sed 1d | cut -d, -f1,2,6-)
}

@test "--include-gap" {
	run -0 conn-hist -e A_to_A --source X --target X config.json
	[ "$(cut -d, -f3,5 <<<"$output" | tail -n +2 | xargs)" = "1,2 2,2 3,0 4,1" ]
	run -0 conn-hist -e A_to_A --source X --target X --include-gap config.json
	[ "$(cut -d, -f3,5 <<<"$output" | tail -n +2 | xargs)" = "1,1 2,2 3,1 4,1" ]
}

@test "--source and --target choose, in the order of the table" {
	conn-hist config.json >"$tmp/all"
	cmp <(conn-hist --source A:Z --source A:X config.json) \
		<(grep -E '^(source|A:X|A:Z),' "$tmp/all")
	cmp <(conn-hist --source V:inp --target A:Y --target A:X config.json) \
		<(grep -E '^(source|V:inp,A:X|V:inp,A:Y),' "$tmp/all")
}

@test "a group that is not there is named with those that are" {
	run -1 conn-hist --source Q config.json
	[ "$output" = "conn-hist: no source group 'Q': there are A:X, A:Y, A:Z, V:inp" ]
	run -1 conn-hist --source A:X --target V:inp config.json
	[ "$output" = "conn-hist: no target group 'V:inp': there are A:X, A:Y, A:Z" ]
	run -1 degrees --target Q -- 1 2
	[ "$output" = "conn-hist: no target group 'Q': there are a, b" ]
}

@test "files and tables give the same bytes" {
	sonata-nodes --all config.json >"$tmp/nodes"
	sonata-edges --all -c syn_weight config.json >"$tmp/edges"
	for options in '' '--unit connections --direction out' \
		'--summary --unit synapses' '--value syn_weight --summary' \
		'--value syn_weight --bins 0:20:2.5'; do
		# shellcheck disable=SC2086 # they are several
		conn-hist $options config.json >"$tmp/of-files"
		# shellcheck disable=SC2086
		conn-hist $options -n "$tmp/nodes" <"$tmp/edges" >"$tmp/of-tables"
		cmp "$tmp/of-files" "$tmp/of-tables"
	done
}

# bats test_tags=long
@test "files and tables give the same bytes for la" {
	need golden/la/config.json
	la=$reference/golden/la/config.json
	sonata-nodes --all "$la" >"$tmp/nodes"
	sonata-edges --all -c delay "$la" >"$tmp/edges"
	for options in --nonzero '--unit connections -S 64K' \
		'--value delay --summary' '--value delay --bins 0:2:0.1'; do
		# shellcheck disable=SC2086 # they are several
		cmp <(conn-hist $options "$la") \
			<(conn-hist $options -n "$tmp/nodes" <"$tmp/edges")
		# shellcheck disable=SC2086
		cmp <(conn-hist $options "$la") <(conn-hist -j 2 $options "$la")
	done
	cmp <(conn-hist --value delay -e LA_to_LA "$la") \
		<(conn-hist -j 2 --value delay -e LA_to_LA "$la")
}

@test "more than 50 integers: as many bins as the rule says, in whole numbers" {
	run -0 degrees -- $(seq 1 50)
	[ "${#lines[@]}" -eq 51 ]
	# Freedman and Diaconis: quartiles 25.75 and 75.25 of 100, 2 * 49.5 /
	# 100^(1/3) is 21.3.  Sturges: log2(100) + 1 bins of 99 are 12.95 wide.
	run -0 degrees -- $(seq 1 100)
	[ "$(cut -d, -f3- <<<"$output" | tail -n +2 | xargs)" = \
		"1,14,13 14,27,13 27,40,13 40,53,13 53,66,13 66,79,13 79,92,13 92,105,9" ]
	# 1200 from 0 to 299, quartiles 119 and 179: 2 * 60 / 1200^(1/3) is 11.29,
	# and Sturges has 299 / 11.23.
	mapfile -t many < <(seq 0 299; for _ in {1..9}; do seq 100 199; done)
	run -0 degrees -- "${many[@]}"
	[ "$(sed 1d <<<"$output" | cut -d, -f3- | head -n 2 | xargs)" = "0,11,11 11,22,11" ]
	[ "${#lines[@]}" -eq 29 ]
}

@test "where half of the values are the same: Sturges" {
	# log2(100) + 1 bins of 100, which are 13.08 wide.
	mapfile -t zeros < <(yes 0 | head -n 99)
	run -0 degrees -- "${zeros[@]}" 100
	[ "$(cut -d, -f3- <<<"$output" | tail -n +2 | xargs)" = \
		"0,13,99 13,26,0 26,39,0 39,52,0 52,65,0 65,78,0 78,91,0 91,104,1" ]
}

@test "--bins: half open, but for the last" {
	run -0 degrees --bins 0:4:2 -- 0 1 2 3 4
	[ "$output" = source,target,bin_low,bin_high,cells$'\na,b,0,2,2\na,b,2,4,3' ]
	run -0 values --bins 0:1:0.1 -- 0 0.1 0.3 0.30000000000000004 0.7 0.9999 1
	[ "$(cut -d, -f3- <<<"$output" | tail -n +2 | xargs)" = \
		"0,0.1,1 0.1,0.2,1 0.2,0.3,0 0.3,0.4,2 0.4,0.5,0 0.5,0.6,0 0.6,0.7,0 0.7,0.8,1 0.8,0.9,0 0.9,1,2" ]
	run -0 values --bins -1:1:1 -- -1 -0.5 -0 0.5
	[ "$(cut -d, -f3- <<<"$output" | tail -n +2 | xargs)" = "-1,0,2 0,1,2" ]
}

@test "--bins: a number of them, from the least to the greatest" {
	run -0 degrees --bins 4 -- 2 3 4 9 10
	[ "$(cut -d, -f3- <<<"$output" | tail -n +2 | xargs)" = \
		"2,4,2 4,6,1 6,8,0 8,10,2" ]
	run -0 degrees --bins 2 -- 3 3
	[ "$(cut -d, -f3- <<<"$output" | tail -n +2 | xargs)" = "2.5,3,0 3,3.5,2" ]
}

@test "what is in no bin is counted and said" {
	run --separate-stderr -0 degrees --bins 1:3:1 -- 0 1 2 3 4 9
	# shellcheck disable=SC2154 # run sets it
	[ "$stderr" = "conn-hist: cells in no bin: 3" ]
	[ "${lines[2]}" = a,b,2,3,2 ]
	run --separate-stderr -0 values --bins 0:1:1 -- 0.5 -0.1 '' 1.1 NaN
	[ "$stderr" = $'conn-hist: edges in no bin: 2\nconn-hist: edges without a value: 2' ]
	[ "${lines[1]}" = a,a,0,1,1 ]
}

@test "bins that make no sense are misuse" {
	for bins in 0 -3 1.5 x 1:2 1:2:3:4 2:1:1 0:1:0 0:1:-1 0:1:0.3 nan:1:1 \
		0:inf:1 '' 0:1:1e-9 2000000 '0:1:1 '; do
		run -2 conn-hist --bins "$bins" config.json
		[[ ${lines[0]} == "conn-hist: --bins: "*"'$bins'" ]]
	done
}

@test "options that have nothing to do with each other are misuse" {
	for options in '--summary --bins 3' '--value w --unit rows' \
		'--value w --direction in' '--value w --nonzero' \
		'--unit cells' '--direction both'; do
		# shellcheck disable=SC2086 # they are several
		run -2 conn-hist $options config.json
		[[ ${lines[0]} == "conn-hist: --"* ]]
	done
}

# Count, mean, sd, least and greatest of an attribute, by groups.
measure_again() { # nodes, edges with the attribute last
	awk -F, '
	FILENAME == ARGV[1] { group[$1] = $2; next }
	FNR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
	$at["is_gap_junction"] != "True" {
		k = group[$at["source_node_id"]] "," group[$at["target_node_id"]]
		if ($NF == "") { missing[k]++; next }
		v[k, n[k]++] = $NF
		sum[k] += $NF - v[k, 0]
		if (n[k] == 1 || $NF + 0 < min[k]) min[k] = $NF
		if (n[k] == 1 || $NF + 0 > max[k]) max[k] = $NF
	}
	END {
		for (k in n) {
			mean = v[k, 0] + sum[k] / n[k]
			ss = 0
			for (i = 0; i < n[k]; i++)
				ss += (v[k, i] - mean) ^ 2
			sd = ""
			if (n[k] > 1)
				sd = sprintf("%.10g", sqrt(ss / (n[k] - 1)))
			printf "%s,%d,%.10g,%s,%.10g,%.10g,%d\n", k, n[k], mean,
				sd, min[k], max[k], missing[k]
		}
	}' "$1" "$2" | sort
}

rounded() {
	sed 1d | awk -F, -v OFS=, '$3 > 0 {
		for (i = 4; i <= 7; i++)
			if ($i != "")
				$i = sprintf("%.10g", $i)
		print
	}' | sort
}

@test "--value: statistics, measured again" {
	sonata-nodes -p A -c pop_name config.json | cut -d, -f1,3 >"$tmp/nodes"
	sonata-edges -e A_to_A -c syn_weight config.json >"$tmp/edges"
	diff <(measure_again "$tmp/nodes" "$tmp/edges") \
		<(conn-hist --value syn_weight --summary -e A_to_A config.json | rounded)
}

@test "--value: statistics of la, measured again" {
	need golden/la/config.json
	la=$reference/golden/la/config.json
	sonata-nodes -p LA -c pop_name "$la" | cut -d, -f1,3 >"$tmp/nodes"
	sonata-edges -e LA_to_LA -c delay "$la" >"$tmp/edges"
	diff <(measure_again "$tmp/nodes" "$tmp/edges") \
		<(conn-hist --value delay --summary -e LA_to_LA "$la" | rounded)
}

@test "--value: sums keep what doubles would lose" {
	run -0 values --summary -- 1e16 1 1 1 1 1 -1e16
	[ "$(cut -d, -f4 <<<"${lines[1]}")" = "$(awk 'BEGIN { printf "%.16g", 5 / 7 }')" ]
}

@test "--value: missing, not a number and infinite" {
	run -0 values --summary -- 1 '' NaN inf 3
	[ "${lines[1]}" = a,a,2,2,1.4142135623730951,1,3,3 ]
}

@test "--value: rows that are all alike" {
	local alike
	mapfile -t alike < <(yes -- -0.1 | head -n 40)
	run -0 values --summary -- "${alike[@]}"
	is "${lines[1]}" a,a,40,-0.1,0,-0.1,-0.1,0
	run -0 values --bins -1:0:0.5 -- "${alike[@]}"
	is "${lines[2]}" a,a,-0.5,0,40
	run -0 values --summary -- "${alike[@]/#*/}"
	is "${lines[1]}" a,a,0,,,,,40
}

@test "--value: the bins of a file are found by reading it twice" {
	# log2(100) + 1, which 8 bins are enough for.
	mapfile -t tenths < <(seq -f %.1f 0.1 0.1 10)
	file_of "${tenths[@]}"
	run -0 conn-hist -n "$tmp/nodes" --value w "$tmp/edges.h5"
	[ "${lines[0]}" = source,target,bin_low,bin_high,edges ]
	[ "$(awk -F, 'NR > 1 { printf "%g,%g,%s ", $3, $4, $5 }' <<<"$output")" = \
		"0.1,1.3375,13 1.3375,2.575,12 2.575,3.8125,13 3.8125,5.05,12 5.05,6.2875,12 6.2875,7.525,13 7.525,8.7625,12 8.7625,10,13 " ]
	file_of 3 4 4
	run -0 conn-hist -n "$tmp/nodes" --value w "$tmp/edges.h5"
	[ "$(cut -d, -f3- <<<"$output" | tail -n +2 | xargs)" = "3,4,1 4,5,2" ]
	file_of 2.5 2.5 nan
	run --separate-stderr -0 conn-hist -n "$tmp/nodes" --value w "$tmp/edges.h5"
	[ "${lines[1]}" = a,a,2,3,2 ]
	[ "$stderr" = "conn-hist: edges without a value: 1" ]
	run --separate-stderr -0 conn-hist -n "$tmp/nodes" --value w --bins 4 "$tmp/edges.h5"
	[ "$(cut -d, -f3- <<<"$output" | tail -n +2 | xargs)" = \
		"2,2.25,0 2.25,2.5,0 2.5,2.75,2 2.75,3,0" ]
}

@test "--value: automatic bins are at most 1000, and lose nothing" {
	mapfile -t some < <(seq -f %.2f 0.01 0.01 5)
	file_of "${some[@]}" 1e9
	conn-hist -n "$tmp/nodes" --value w "$tmp/edges.h5" >"$tmp/out"
	[ "$(wc -l <"$tmp/out")" -eq 1001 ]
	[ "$(awk -F, 'NR > 1 { n += $5 } END { print n }' "$tmp/out")" -eq 501 ]
	file_of -1.7e308 0.5 1.7e308
	run -1 conn-hist -n "$tmp/nodes" --value w "$tmp/edges.h5"
	[ "$output" = "conn-hist: values from -1.7e+308 to 1.7e+308 are too far apart for bins" ]
}

@test "--value: more values than the quartiles are taken from" {
	/usr/bin/python3 -c 'print(*((i * 7919 % 9973) / 7 for i in range(9973)))' \
		>"$tmp/values"
	# shellcheck disable=SC2046 # they are many
	file_of $(cat "$tmp/values")
	conn-hist -n "$tmp/nodes" --value w "$tmp/edges.h5" >"$tmp/out"
	# Evenly spread: half of the range over the cube root of their number.
	n=$(($(wc -l <"$tmp/out") - 1))
	[ "$n" -ge 21 ] && [ "$n" -le 22 ] # 21.5 would be ideal
	[ "$(awk -F, 'NR > 1 { n += $5 } END { print n }' "$tmp/out")" -eq 9973 ]
}

@test "--value: gap junctions do not count, unless asked for" {
	run -0 conn-hist --value syn_weight --summary -e A_to_A config.json
	[[ ${lines[1]} == X,X,10,* ]]
	run -0 conn-hist --value syn_weight --summary --include-gap -e A_to_A config.json
	[[ ${lines[1]} == X,X,12,* ]]
}

@test "--value of a table without bins is misuse" {
	for options in '' '--bins 7'; do
		# shellcheck disable=SC2086 # they are several
		run -2 values $options -- 1 2
		[[ ${lines[0]} == "conn-hist: --bins: LOW:HIGH:WIDTH or edges are needed "* ]]
	done
	run -0 values --summary -- 1 2
	run -0 values --bins 0,1,2,10 -- 1 2 3
	[ "$(cut -d, -f3- <<<"$output" | tail -n +2 | xargs)" = "0,1,0 1,2,1 2,10,2" ]
}

@test "--value that is not there, or is no number" {
	run -1 conn-hist --value nope config.json
	[[ $output == "conn-hist: config.json: no column 'nope': besides ids and types there are "* ]]
	run -1 values --value v --summary -- 1
	[[ $output == "conn-hist: standard input: no column 'v': there are "* ]]
	run -1 values --summary -- 1 x
	[ "$output" = "conn-hist: standard input:3: column 'w': not a number: 'x'" ]
	run -1 conn-hist --value model_template -e A_to_A config.json
	[[ $output == "conn-hist: "*": row 0: model_template: not a number" ]]
}

@test "-v says the statistics" {
	run --separate-stderr -0 degrees -v -- 0 2 2 3
	[ "$stderr" = "conn-hist: a to b: 4 cells, mean 1.75, sd 1.25831, median 2" ]
	[ "${#lines[@]}" -eq 5 ]
	run --separate-stderr -0 values --verbose --summary -- 1 2 4 ''
	[ "$stderr" = "conn-hist: a to a: 3 edges, mean 2.33333, sd 1.52753, min 1, max 4, 1 missing" ]
	run --separate-stderr -0 degrees -- 0 2 2 3
	[ -z "$stderr" ]
}

@test "--all, --no-prepend, -g, -t and -o" {
	[ "$(conn-hist --all --summary config.json | wc -l)" -eq 17 ]
	[ "$(conn-hist --summary config.json | wc -l)" -eq 13 ]
	run -0 conn-hist --no-prepend --source inp --target X config.json
	[ "${lines[1]}" = inp,X,1,2,5 ]
	run -0 conn-hist -e A_to_A -g layer --target 2 --source 1 --summary config.json
	[ "${lines[1]}" = 1,2,6,0.3333333333333333,0.5163977794943223,0,1,0 ]
	run -0 conn-hist -t -e A_to_A --source X --target Z -o "$tmp/out" config.json
	[ -z "$output" ]
	run -0 tail -n 1 "$tmp/out"
	[ "$output" = $'X\tZ\t0\t1\t1\t0\t\t0' ]
}

@test "empty populations give a header" {
	nodes >"$tmp/nodes"
	run -0 conn-hist -n "$tmp/nodes" <<<source_node_id,target_node_id
	[ "$output" = source,target,bin_low,bin_high,cells ]
	run -0 conn-hist --summary -n "$tmp/nodes" <<<source_node_id,target_node_id
	[ "$output" = source,target,count,mean,sd,min,max,missing ]
	run -0 conn-hist --value w --bins 0:1:1 -n "$tmp/nodes" <<<source_node_id,target_node_id,w
	[ "$output" = source,target,bin_low,bin_high,edges ]
	run -1 conn-hist --source a -n "$tmp/nodes" <<<source_node_id,target_node_id
	[ "$output" = "conn-hist: no source group 'a': there are none" ]
}

@test "no edges give zeros" {
	nodes 3,a 4,a >"$tmp/nodes"
	run -0 conn-hist -n "$tmp/nodes" <<<source_node_id,target_node_id
	[ "${lines[1]}" = a,a,0,1,2 ]
	run -0 conn-hist --value w --bins 0:1:1 -n "$tmp/nodes" <<<source_node_id,target_node_id,w
	[ "${lines[1]}" = a,a,0,1,0 ]
	run -0 conn-hist --value w --summary -n "$tmp/nodes" <<<source_node_id,target_node_id,w
	[ "${lines[1]}" = a,a,0,,,,,0 ]
}

# BMTool 0.5.9.5 counts rows, gap junctions among them or not, and leaves out
# the cells that have none; 0.8.6 crashes.
bmtool_degrees() { # file, False or True
	awk -F, -v OFS=, -v gap="$2" '
	NR > 1 && $3 == gap && $4 > 0 && $5 !~ /values/ {
		n = split($5, v, " ")
		for (i = 1; i <= n; i++)
			count[$1 OFS $2 OFS v[i]]++
	}
	END { for (k in count) print k, count[k] }' "$1" | sort
}

our_degrees() { # options; a bin for each degree
	conn-hist --nonzero --bins 0:1000:1 "$@" |
		awk -F, -v OFS=, 'NR > 1 && $5 > 0 { print $1, $2, $3, $5 }' | sort
}

same_degrees() { # config, edges, BMTool's file
	bmtool_degrees "$3" True >"$tmp/theirs"
	[ -s "$tmp/theirs" ]
	our_degrees -e "$2" --include-gap "$1" |
		join -t '|' - "$tmp/theirs" >"$tmp/common"
	diff "$tmp/theirs" "$tmp/common"
	bmtool_degrees "$3" False >"$tmp/theirs"
	our_degrees -e "$2" "$1" | join -t '|' - "$tmp/theirs" >"$tmp/common"
	diff "$tmp/theirs" "$tmp/common"
}

@test "BMTool's connection histograms" {
	same_degrees config.json A_to_A bmtool-0.5.9.5/connection_histogram.csv
}

@test "BMTool's connection histograms of la" {
	need golden/la/bmtool-0.5.9.5/connection_histogram.csv
	la=$reference/golden/la
	same_degrees "$la/config.json" LA_to_LA "$la/bmtool-0.5.9.5/connection_histogram.csv"
}

@test "BMTool's connection histograms of example300" {
	need golden/example300/bmtool-0.5.9.5/connection_histogram.csv
	net=$reference/golden/example300
	same_degrees "$net/config.json" example_net_to_example_net \
		"$net/bmtool-0.5.9.5/connection_histogram.csv"
}

# BMTool 0.8.6 has the weights of all edges, gap junctions among them, in ten
# bins; 0.5.9.5 gives weights to the wrong edges.
bmtool_weights() { # file: the summary, to 12 digits
	awk -F, -v OFS=, 'NR > 1 && $3 > 0 {
		print $1, $2, $3, sprintf("%.12g,%.12g,%.12g", $4, $5, $6)
	}' "$1" | sort
}

our_weights() { # config, edges
	conn-hist -e "$2" --value syn_weight --include-gap --summary "$1" |
		awk -F, -v OFS=, 'NR > 1 && $3 > 0 {
			print $1, $2, $3, sprintf("%.12g,%.12g,%.12g", $4, $6, $7)
		}' | sort
}

bmtool_bins() { # file: a row for each bin
	awk -F, -v OFS=, 'NR > 1 && $3 > 0 {
		n = split($7, count, " ")
		split($8, edge, " ")
		for (i = 1; i <= n; i++)
			print $1, $2, sprintf("%.12g,%.12g", edge[i], edge[i + 1]), count[i]
	}' "$1" | sort
}

our_bins() { # config, edges
	conn-hist -e "$2" --value syn_weight --include-gap --bins 10 "$1" |
		awk -F, -v OFS=, 'NR > 1 {
			print $1, $2, sprintf("%.12g,%.12g", $3, $4), $5
		}' | sort
}

@test "BMTool's weights" {
	file=bmtool-0.8.6/edge_property.syn_weight.csv
	diff <(bmtool_weights $file) <(our_weights config.json A_to_A)
	diff <(bmtool_bins $file) <(our_bins config.json A_to_A)
}

@test "BMTool's weights of la" {
	need golden/la/bmtool-0.8.6/edge_property.syn_weight.csv
	la=$reference/golden/la
	file=$la/bmtool-0.8.6/edge_property.syn_weight.csv
	diff <(bmtool_weights "$file") <(our_weights "$la/config.json" LA_to_LA)
	diff <(bmtool_bins "$file") <(our_bins "$la/config.json" LA_to_LA)
}
