# conn-matrix against an independent reference, to nine digits, against BMTool's
# matrices where they mean the same, and against itself by the other way in.
# The networks are those of golden/ in the reference data; tricky is ours too.

load common.bash
load reference.sh

enter() { # the folder of a network
	if [ "$1" = tricky ]; then
		cd "$BATS_TEST_DIRNAME/data/tricky" || return
	else
		need "golden/$1/config.json"
		cd "$reference/golden/$1" || return
	fi
}

tables=$BATS_TEST_TMPDIR

# For awk: the tables of conn-matrix, cell by cell, whose files are named before
# each as unit=... or table=...; o(COLUMN) is that of the pair a, b in table t.
# Labels are without the population.
# shellcheck disable=SC2016
cells='
function o(column) {
	if (!((t, column) in known)) {
		print "there is no column " column
		bad++
	}
	return cell[t, a, b, column]
}
function times(x, y) { return x == "" || y == "" ? "" : x * y }
function take_cells(    i) {
	if (FNR == 1) {
		for (i = 1; i <= NF; i++) {
			name[i] = $i
			known[t, $i] = 1
		}
		return
	}
	if (!keep_populations) {
		sub(/^.*:/, "", $1)
		sub(/^.*:/, "", $2)
	}
	sub(/:/, "_", $1)
	sub(/:/, "_", $2)
	for (i = 3; i <= NF; i++)
		cell[t, $1, $2, name[i]] = $i
	is_pair[t, $1, $2] = 1
}
function check(expected, got, relative, absolute) {
	checked++
	if (agree(expected, got, relative, absolute))
		return
	print "row " FNR ", column " field ": theirs is " expected \
		", ours is " got
	bad++
}
'

# ---- The independent reference ----

# What no column of ours holds, out of the edges: of each pair of groups, how
# many cells have an edge to themselves, and how many pairs of cells have more
# than one synapse; chemical.
edge_counts() { # edge population
	sonata-nodes --all -t -c pop_name config.json >"$tables/nodes" &&
		sonata-edges -e "$1" -t -c source_population,target_population \
			config.json >"$tables/edges" &&
		awk -F '\t' -v OFS='\t' '
	FNR == 1 {
		split("", column)
		for (i = 1; i <= NF; i++)
			column[$i] = i
		next
	}
	FILENAME ~ /nodes$/ {
		group[$column["population"], $column["node_id"]] = \
			$column["pop_name"]
		next
	}
	"is_gap_junction" in column &&
		tolower($column["is_gap_junction"]) ~ /^(true|1)$/ { next }
	{
		from = $column["source_population"]
		to = $column["target_population"]
		s = $column["source_node_id"]
		t = $column["target_node_id"]
		n = "nsyns" in column ? $column["nsyns"] : ""
		groups = group[from, s] OFS group[to, t]
		if (from == to && s == t)
			autapses[groups] += !seen[s]++
		else {
			before = synapses[s, t]
			synapses[s, t] += n == "" ? 1 : n
			multi[groups] += before <= 1 && synapses[s, t] > 1
		}
		all[groups] = 1
	}
	END {
		print "source", "target", "autapse_cells", "multi_pairs"
		for (g in all)
			print g, autapses[g] + 0, multi[g] + 0
	}' "$tables/nodes" "$tables/edges"
}

# All columns of the reference but those in not_ours: standard deviation, least
# and greatest of the cells that have a partner at all.  Ours are of all cells,
# the mean of those with a partner apart.  Reciprocal pairs are counted in both
# directions in ours, once in the reference.
chemical() { # network
	local unit of args=()
	enter "$1"
	while read -r of; do
		for unit in rows synapses connections; do
			conn-matrix -t -e "$of" --unit "$unit" config.json \
				>"$tables/$of.$unit"
			args+=(t="$of.$unit" "$tables/$of.$unit")
		done
		edge_counts "$of" >"$tables/$of.edges"
		args+=(t="$of.edges" "$tables/$of.edges")
	done < <(sed 1d reference/reference.chemical.csv | cut -d , -f 1 |
		sort -u)
	awk -v not_ours='^(in|out)_[a-z]+_nonzero_(std|min|max)$' \
		"$agree$cells"'
	function edge_count(name) {
		t = of ".edges"
		return is_pair[t, a, b] ? o(name) : 0
	}
	function ours(field,    part, way, x, n) {
		t = of ".rows"
		if (field in same)
			return o(same[field])
		if (field == "autapse_cells" || field == "multi_pairs")
			return edge_count(field)
		if (field == "innervated_targets")
			return times(o("innervated"), o("n_target"))
		if (field == "projecting_sources")
			return times(o("projecting"), o("n_source"))
		if (field == "reciprocal_pairs" || field == "one_way_pairs") {
			n = o("pairs")
			if (n == 0)
				return 0
			if (field == "one_way_pairs")
				return times(o("one_way"), n)
			return times(o("reciprocal"), a == b ? n / 2 : n)
		}
		split(field, part, "_")
		way = part[1] == "in" ? "convergence" : "divergence"
		x = part[4] == "std" ? "sd" : part[4]
		if (part[3] == "nonzero")
			x = "nonzero_mean"
		t = of "." (part[2] == "partners" ? "connections" : part[2])
		return o(way "_" x)
	}
	# Within a group ours has fractions of the unordered pairs besides.
	function unordered(n) {
		t = of ".rows"
		diagonal++
		field = "reciprocal_pairs"
		check(theirs[field], o("pair_reciprocal") * n, 1e-9, 1e-12)
		field = "one_way_pairs"
		check(theirs[field], o("pair_one_way") * n, 1e-9, 1e-12)
		check(theirs["reciprocal_pairs"] + theirs["one_way_pairs"], \
			o("pair_connected") * n, 1e-9, 1e-12)
	}
	BEGIN {
		n = split("n_source n_target rows synapses", word, " ")
		for (i = 1; i <= n; i++)
			same[word[i]] = word[i]
		same["possible_pairs"] = "pairs"
		same["connected_pairs"] = "connections"
		same["p_connect"] = "probability"
		same["p_reciprocal"] = "reciprocal"
		same["p_one_way"] = "one_way"
	}
	FILENAME !~ /[.]csv$/ { take_cells(); next }
	FNR == 1 {
		columns = NF
		for (i = 1; i <= NF; i++) {
			header[i] = $i
			left += $i ~ not_ours
		}
		next
	}
	{
		of = $1
		a = $2
		b = $3
		lines++
		for (i = 4; i <= NF; i++) {
			field = header[i]
			if (field !~ not_ours)
				check($i, ours(field), 1e-9, 1e-12)
			theirs[field] = $i
		}
		if (a == b && theirs["possible_pairs"] > 0)
			unordered(theirs["possible_pairs"] / 2)
	}
	END {
		print checked " cells checked of " lines " rows"
		exit(bad || !lines || \
			checked != lines * (columns - 3 - left) + 3 * diagonal)
	}' FS='\t' "${args[@]}" FS=, reference/reference.chemical.csv
}

gaps() { # network, edge population
	enter "$1"
	conn-matrix -t -e "$2" config.json >"$tables/gap"
	conn-matrix -t -e "$2" --include-gap --stats rows config.json \
		>"$tables/all"
	awk -v not_ours='^degree_nonzero_' "$agree$cells"'
	function ours(field,    rows) {
		t = "gap"
		if (field in same)
			return o(same[field])
		if (field == "rows") {
			rows = o("rows")
			t = "all"
			return o("rows") - rows
		}
		if (field == "possible_pairs" && a == b)
			return o("n_source") * (o("n_source") - 1) / 2
		if (field == "possible_pairs")
			return o("n_source") * o("n_target")
		sub(/^degree_all_/, "", field)
		return o("gap_degree_" (field == "std" ? "sd" : field))
	}
	BEGIN {
		same["n_a"] = "n_source"
		same["n_b"] = "n_target"
		same["coupled_pairs"] = "gap_pairs"
		same["p"] = "gap_probability"
	}
	FILENAME !~ /[.]csv$/ { take_cells(); next }
	FNR == 1 {
		columns = NF
		for (i = 1; i <= NF; i++) {
			header[i] = $i
			left += $i ~ not_ours
		}
		next
	}
	{
		a = $1
		b = $2
		lines++
		for (i = 3; i <= NF; i++) {
			field = header[i]
			if (field !~ not_ours)
				check($i, ours(field), 1e-9, 1e-12)
		}
	}
	END {
		print checked " cells checked of " lines " rows"
		exit(bad || !lines || checked != lines * (columns - 2 - left))
	}' FS='\t' t=gap "$tables/gap" t=all "$tables/all" \
		FS=, reference/reference.gap.csv
}

@test "chemical edges of tricky" { chemical tricky; }
@test "chemical edges of la" { chemical la; }
@test "chemical edges of example300" { chemical example300; }
@test "gap junctions of tricky" { gaps tricky A_to_A; }
@test "gap junctions of la" { gaps la LA_to_LA; }

# ---- BMTool's matrices, rounded to two decimals ----

# One matrix against the table of the same name; what is theirs in our columns
# is in meaning(), "skip" where the two are defined differently in that cell.
# All cells of theirs have to be there, and some have to be compared.
matrix() { # version, file, table
	local all=0
	[[ $2 != */all.* ]] || all=1
	awk -v version="$1" -v keep_populations="$all" "$agree$cells"'
	# Rows are connections: no multapse, no autapse, no gap junction beside
	# a synapse.
	function simple() { return o("rows") == o("connections") }
	function both_simple(    yes, x) {
		yes = simple()
		x = a
		a = b
		b = x
		yes = yes && is_pair[t, a, b] && simple()
		b = a
		a = x
		return yes
	}
	function full(way) {
		return o(way == "convergence" ? "innervated" : "projecting") == 1
	}
	# Rows per cell, of the cells that have any: the greatest is that of all
	# cells, the mean our nonzero one; least and deviation are ours where
	# there is no cell without.
	function spread(way, of) {
		if (of ~ /^mean/)
			return o(way "_nonzero_mean")
		if (of == "max")
			return o(way "_max")
		# Of one cell, the deviation is 0 in 0.8.6 and empty in ours.
		if (!full(way) || of == "std" && version == "0.8.6" && \
			o(way "_sd") == "")
			return "skip"
		return o(way (of == "min" ? "_min" : "_sd"))
	}
	# Per cent of pairs, by the version.  Per cent of edges in both ways or
	# one is of the duplicates among the edges and the edges turned round.
	function percent(of,    way) {
		way = of == "total" ? "connected" : \
			of == "bi" ? "reciprocal" : "one_way"
		if (of == "total" && version == "0.5.9.5") {
			if (a != b && simple())
				again(100 * o("probability"))
			return 100 * o("rows") / (o("n_source") * o("n_target"))
		}
		# Ids and labels of two populations are taken for one.
		if (population(a) != population(b))
			return "skip"
		if (a == b)
			return version == "0.5.9.5" ||
				o("rows") - o("autapses") != o("connections") ? \
				"skip" : times(100, o("pair_" way))
		if (of == "total")
			return simple() ? times(100, o("probability")) : "skip"
		return both_simple() ? times(100, o(way)) : "skip"
	}
	function population(label) {
		sub(/_[^_]*$/, "", label)
		return keep_populations ? label : ""
	}
	function again(value) { check(theirs, value, 0, 0.005 + 1e-9) }
	function meaning(    part) {
		split(what, part, ".")
		if (part[1] == "total")
			return o("rows")
		if (part[1] == "return_dict")
			return spread("convergence", "mean")
		if (what ~ /^(con|di)vergence[.](mean|mean_std|min|max|std)$/)
			return spread(part[1], part[2])
		if (what == "percent.innervation")
			return 100 * o("innervated")
		if (what ~ /^percent[.](total|bi|uni)$/)
			return percent(part[2])
		# Each pair counts twice, in what seems to be made of a mean that
		# is rounded already: la is 0.0058 off.
		if (what == "gap.percent")
			return 200 * o("gap_pairs") / (o("n_source") * o("n_target"))
		print "not known: " what
		bad++
		return "skip"
	}
	FILENAME !~ /[.]csv$/ { take_cells(); next }
	FNR == 1 {
		what = FILENAME
		sub(/^.*[0-9]\//, "", what)
		sub(/[.]num[.]csv$/, "", what)
		sub(/^(all|layer)[.]/, "", what)
		sub(/[.]nogap$/, "", what)
		for (i = 2; i <= NF; i++)
			header[i] = $i
		next
	}
	{
		a = $1
		for (i = 2; i <= NF; i++) {
			b = field = header[i]
			cells++
			if (!is_pair[t, a, b]) {
				print "not in ours: " a ", " b
				bad++
				continue
			}
			theirs = $i
			value = meaning()
			if (value == "skip")
				continue
			# Where there is no edge, one version leaves the cell
			# empty and the other has 0, whatever it is of.
			if (o("rows") == 0 && (theirs == "" || theirs == 0))
				theirs = value
			check(theirs, value, 0, \
				(what == "gap.percent" ? 0.01 : 0.005) + 1e-9)
		}
	}
	END {
		print FILENAME ": " checked + 0 " comparisons, " cells " cells"
		exit(bad || !checked)
	}' t=table FS='\t' "$3" FS=, "$2"
}

# Every file of a version: compared, or here is why not.
bmtool() { # network, edge population, version
	local file name table
	enter "$1"
	conn-matrix -t -e "$2" config.json >"$tables/chemical"
	conn-matrix -t -e "$2" --include-gap config.json >"$tables/gap"
	conn-matrix -t -g node_type_id --include-gap config.json >"$tables/all"
	[ "$1" != tricky ] || conn-matrix -t -e "$2" -g layer --include-gap \
		config.json >"$tables/layer"
	for file in "bmtool-$3"/*; do
		name=${file##*/}
		table=gap
		case $name in
		*.nogap.*) table=chemical ;;
		all.*) table=all ;;
		layer.*) table=layer ;;
		esac
		case $name in
		# Empty, or 0 where there is no edge.
		*.stdev_as_documented.num.csv) continue ;;
		# 0.5.9.5 shows the chemical edges; 0.8.6 has half the degree,
		# over the cells that the file happens to call targets.
		gap.convergence.num.csv) continue ;;
		gap.percent.num.csv) [ "$3" = 0.5.9.5 ] && continue ;;
		graph.model_template.csv)
			templates "$2" "$file" || return
			continue ;;
		*.num.csv) ;;
		# Of other tools, or what was on the screen, to one decimal.
		connection_distance.* | connection_histogram.csv | \
		connector_percent_matrix.txt | convergence.return_dict.json | \
		edge_property.syn_weight.csv | graph_size.txt | \
		node_connections.csv | plot_basic_cell_info.stdout.txt | \
		positions_rotation_calls.txt | probability.* | \
		probability_connection_matrix.stdout.txt | sim_setup.stdout.txt)
			continue ;;
		*) fail "not known: $file" || return ;;
		esac
		matrix "$3" "$file" "$tables/$table" ||
			fail "$file differs" || return
	done
}

# The values of model_template between groups; a gap junction has none, which
# theirs calls nan.
templates() { # edge population, file
	diff <(conn-matrix -t -e "$1" --attribute model_template --stats rows \
		--include-gap config.json | cut -f 1,2,7 | sed 1d | sort) \
		<(sed -E 's/nan\||\|?nan//g' "$2" | awk -F , -v OFS='\t' '
		NR == 1 {
			for (i = 2; i <= NF; i++)
				name[i] = $i
			next
		}
		{
			for (i = 2; i <= NF; i++)
				print $1, name[i], $i
		}' | sort)
}

@test "BMTool 0.5.9.5 on tricky" { bmtool tricky A_to_A 0.5.9.5; }
@test "BMTool 0.8.6 on tricky" { bmtool tricky A_to_A 0.8.6; }
@test "BMTool 0.5.9.5 on la" { bmtool la LA_to_LA 0.5.9.5; }
@test "BMTool 0.8.6 on la" { bmtool la LA_to_LA 0.8.6; }
@test "BMTool 0.5.9.5 on example300" {
	bmtool example300 example_net_to_example_net 0.5.9.5
}
@test "BMTool 0.8.6 on example300" {
	bmtool example300 example_net_to_example_net 0.8.6
}

@test "tricky is the same here and in the reference data" {
	need golden/tricky
	diff -r "$reference/golden/tricky" "$BATS_TEST_DIRNAME/data/tricky"
}

# ---- Both ways in: the same options have to give the same bytes ----

# The edges and nodes of --all, or of these edge populations, as text.  Edges
# within one population do not say which, so the nodes have to be its own.
as_text() { # --all or edge populations, a column more or -
	local of edges=() nodes=(--all)
	case $1 in
	--all) edges=(--all) ;;
	*) for of in $1; do edges+=(-e "$of"); done ;;
	esac
	[ "$2" = - ] || edges+=(-c "$2")
	[[ $1 == *_to_* && ${1%_to_*} = "${1#*_to_}" ]] && nodes=(-p "${1%_to_*}")
	sonata-nodes "${nodes[@]}" config.json >"$tables/nodes.csv" &&
		sonata-edges "${edges[@]}" config.json >"$tables/edges.csv"
}

direct() { # --all or edge populations, options of conn-matrix
	local of edges=()
	[ "$1" = --all ] || for of in $1; do edges+=(-e "$of"); done
	conn-matrix "${edges[@]}" "${@:2}" config.json >"$tables/direct"
}

piped() { # options of conn-matrix; the edges are on the standard input
	conn-matrix -n "$tables/nodes.csv" "$@" >"$tables/piped"
}

# Each line of the standard input is options, which have to make a difference,
# so that none is lost on both ways.
both_ways() { # --all or edge populations, a column more or -
	local options last=""
	as_text "$1" "$2"
	while read -r options; do
		# shellcheck disable=SC2086 # several options on a line
		direct "$1" $options &&
			piped $options <"$tables/edges.csv" &&
			[ -s "$tables/direct" ] &&
			cmp "$tables/direct" "$tables/piped" ||
			fail "differ: $1 $options" || return
		[ "$(cat "$tables/direct")" != "$last" ] ||
			fail "no difference: $1 $options" || return
		last=$(cat "$tables/direct")
	done
}

all_options() { # node population
	cat <<-END
		--unit rows
		--include-gap
		--unit synapses
		--unit synapses --include-gap
		--unit connections
		--unit connections --include-gap
		-g node_type_id
		-g $1=model_type
		--source-group model_type
		--target-group model_type
		--source-group node_type_id --target-group model_type
		--all
		--level 0.5
		--stats rows,gap
		--stats rows,gap -t
		--wide synapses
	END
}

@test "tricky straight from HDF5 and as text" {
	enter tricky
	both_ways --all - < <(all_options A && echo --no-prepend)
	# As text, edges within one population do not say that it is A.
	both_ways A_to_A - < <(all_options A | grep -v -e --all -e A=)
	both_ways V_to_A - <<-'END'
		--unit rows
		--source-group node_type_id
		--target-group model_type
		--stats rows
	END
	both_ways "V_to_A A_to_A" - <<<--include-gap
}

@test "tricky with an attribute straight from HDF5 and as text" {
	enter tricky
	both_ways --all model_template <<<"--attribute model_template"
	both_ways A_to_A syn_weight <<-'END'
		--attribute syn_weight
		--attribute syn_weight --include-gap
	END
}

@test "la straight from HDF5 and as text" {
	enter la
	both_ways --all - <<-'END'
		--unit rows
		--unit synapses --include-gap
		--unit connections --source-group model_type
	END
	both_ways LA_to_LA model_template <<-'END'
		--include-gap
		--unit synapses
		--attribute model_template --include-gap
	END
	both_ways thalamus_pyr_to_LA - <<<"--unit connections"
}

@test "tricky through pipes from end to end" {
	enter tricky
	cmp <(conn-matrix config.json) <(sonata-edges --all config.json |
		conn-matrix -n <(sonata-nodes --all config.json))
	cmp <(conn-matrix -e A_to_A config.json) \
		<(sonata-edges -e A_to_A config.json |
			conn-matrix -n <(sonata-nodes -p A config.json))
}

# The check can fail: what a table has lost cannot be told from what is in it.
without() { # a column of the edges
	awk -F , -v OFS=, -v lost="$1" '
	NR == 1 {
		for (i = 1; i <= NF; i++)
			if ($i == lost)
				at = i
		if (!at)
			exit(1)
	}
	{
		line = ""
		for (i = 1; i <= NF; i++)
			if (i != at)
				line = line (line == "" ? "" : ",") $i
		print line
	}' "$tables/edges.csv"
}

loses() { # a column, in the network entered
	as_text --all -
	direct --all
	without "$1" >"$tables/edges.without"
	piped <"$tables/edges.without"
	! cmp -s "$tables/direct" "$tables/piped"
}

@test "a table that has lost nsyns gives something else" {
	enter tricky
	loses nsyns
}

@test "a table that has lost is_gap_junction gives something else" {
	enter tricky
	loses is_gap_junction
}

@test "a table of la that has lost a column gives something else" {
	enter la
	loses nsyns
	loses is_gap_junction
}

@test "a table that has lost its populations is refused" {
	enter tricky
	as_text --all -
	without source_population >"$tables/edges.without"
	run piped <"$tables/edges.without"
	[ "$status" -eq 1 ]
}

# ---- Spikes: what BMTool 0.8.6 has of golden/spikes ----

enter_spikes() { # as enter does; the nodes are those of la
	need golden/spikes/spikes.h5
	need golden/la/config.json
	cd "$reference/golden/spikes" || return
	nodes=(-n ../la/config.json -p LA)
}

# For awk: two CSV files with a column of theirs and one of ours that are the
# same number, by keys; every row of theirs has to have one of ours.
# shellcheck disable=SC2016
columns='
FNR == 1 {
	split("", at)
	for (i = 1; i <= NF; i++)
		at[$i] = i
	next
}
'

same_rates() { # file of theirs, ours on the standard input
	awk -F, "$agree$columns"'
	FILENAME == "-" { ours[$at["node_id"]] = $at["rate_Hz"]; next }
	{
		n++
		bad += ours[$at["node_ids"]] != $at["firing_rate"]
	}
	END { exit(n != 300 || bad > 0) }' - "$1"
}

@test "BMTool's rates of cells" {
	enter_spikes
	spike-rate --per cell "${nodes[@]}" spikes.h5 | same_rates rates.cell.csv
	spike-rate --per cell "${nodes[@]}" --from 200 --to 800 spikes.h5 |
		same_rates rates.cell.200-800.csv
}

# BMTool has no silent cells: the nodes are those that have spikes.
same_groups() { # file of theirs, options
	{ echo population,node_id,pop_name
		sed '1d; s/^\([^,]*\),[^,]*,\([^,]*\),.*/LA,\1,\2/' \
			rates.cell.csv; } >"$tables/nodes.csv"
	spike-rate -n "$tables/nodes.csv" "${@:2}" spikes.h5 |
		awk -F, "$agree$columns"'
	FILENAME == "-" {
		mean[$at["group"]] = $at["mean_Hz"]
		sd[$at["group"]] = $at["sd_Hz"]
		next
	}
	{
		n++
		g = $at["pop_name"]
		bad += !agree(mean[g], $at["firing_rate_mean"], 4e-15, 0)
		bad += !agree(sd[g], $at["firing_rate_std"], 4e-15, 0)
	}
	END { exit(n != 4 || bad > 0) }' - "$1"
}

@test "BMTool's rates of groups" {
	enter_spikes
	same_groups rates.pop.csv
	same_groups rates.pop.200-800.csv --from 200 --to 800
}

# Theirs are written with twelve digits.
same_series() { # file of theirs, raw or smoothed, options
	spike-rate --bin 2.5 --from 0 --to 1000 "${nodes[@]}" "${@:3}" \
		spikes.h5 | awk -F, -v type="$2" "$agree$columns"'
	FILENAME == "-" {
		rate[$at["group"], $at["time_ms"]] = $at["rate_Hz"]
		next
	}
	$at["type"] == type {
		n++
		bad += !agree(rate[$at["population"], $at["time"]],
			$at["rate"], 6e-12, 0)
	}
	END { exit(n != 1600 || bad > 0) }' - "$1"
}

@test "BMTool's population rates" {
	enter_spikes
	for how in gaussian boxcar exponential; do
		same_series population_rate.$how.csv raw
		same_series population_rate.$how.csv smoothed --smooth $how
	done
	run same_series population_rate.boxcar.csv smoothed --smooth gaussian
	[ "$status" -ne 0 ]
}

@test "BMTool's bursts" {
	enter_spikes
	spike-rate --bursts "${nodes[@]}" spikes.h5 | awk -F, "$columns"'
	FILENAME == "-" {
		c = $at["node_id"]
		bursts[c]++
		starts[c] = starts[c] (starts[c] == "" ? "" : " ") $at["start_ms"]
		next
	}
	{
		n++
		c = $at["node_ids"]
		bad += bursts[c] + 0 != $at["bursts"] || starts[c] != $at["starts"]
	}
	END { exit(n != 50 || bad > 0) }' - burst_times.csv
}

@test "BMTool's table of spikes with their groups" {
	enter_spikes
	diff <(sonata-spikes "${nodes[@]}" -c pop_name spikes.h5 | sed 1d |
		awk -F, -v OFS=, '{ print $3, $1, $4 }' | sort) \
		<(sed '1d; s/[.]0,/,/' labelled.csv | sort)
}
