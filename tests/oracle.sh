# What our tools say about the files of a reference set, in the form of its
# ORACLE.tsv: file, object, population, key, value.  Of what the file asks, no
# more is computed than it asks; a key that is not understood here is not
# answered, and so found missing by who compares.

# A dataset may be shorter than the population: that of A-enum, in both files of
# o05, has two elements for six rows.  It is read for the rows that it has.
short=A-enum

# The populations of an object that a set's ORACLE.tsv asks about, and their
# files; the keys about datasets, such as 0/x.sum|1/mtype[0], and the datasets;
# then the same of short ones.  What there is none of is "-".
asked() { # nodes or edges
	awk -F '\t' -v OFS='\t' -v object="$1" -v short="$short" '
	function join(a, b, by) { return a == "-" ? b : a by b }
	$2 != object { next }
	!seen[$3, $1]++ {
		n++
		population[n] = $3
		file[n] = $1
		keys[n] = names[n] = short_keys[n] = short_names[n] = "-"
	}
	$4 ~ /^[0-9]+\// {
		name = $4
		sub(/^[0-9]+\//, "", name)
		sub(/([.]sum|[.]distinct|\[[0-9]+\])$/, "", name)
		new = !seen[$3, $1, name]++
		if (name == short) {
			short_keys[n] = join(short_keys[n], $4, "|")
			short_names[n] = name
		} else {
			keys[n] = join(keys[n], $4, "|")
			if (new)
				names[n] = join(names[n], name, ",")
		}
	}
	END {
		for (i = 1; i <= n; i++)
			print population[i], file[i], keys[i], names[i], \
				short_keys[i], short_names[i]
	}' ORACLE.tsv
}

# Run a tool, whose table goes to $table: does it refuse?  If so it has to in one
# line and without a row, and what is asked is "refused".
table=$BATS_TEST_TMPDIR/table
refuses() {
	local status=0
	"$@" >"$table" 2>"$table.error" || status=$?
	[ "$status" -eq 0 ] && return 1
	cat "$table.error" >&2
	[ "$status" -eq 1 ] && [ "$(wc -l <"$table.error")" -eq 1 ] &&
		[ "$(wc -l <"$table")" -le 1 ] && return 0
	fail "$* ends with $status"
	exit 1
}

# Answer keys about datasets from $table: the sum over the rows of a group, how
# many values they have, or the value of the row with an index in the group.
# Sums are compensated (Neumaier), since coordinates cancel; how much the
# rounding of a plain sum may be is added in another field.  positions are shown
# as x, y and z, as many as there are.
dataset_facts() { # object, population, file, keys
	awk -F '\t' -v OFS='\t' -v object="$1" -v population="$2" -v file="$3" \
		-v list="$4" '
	function add(k, x,    t) {
		t = sum[k] + x
		if ((sum[k] < 0 ? -sum[k] : sum[k]) >= (x < 0 ? -x : x))
			lost[k] += (sum[k] - t) + x
		else
			lost[k] += (x - t) + sum[k]
		sum[k] = t
		size[k] += x < 0 ? -x : x
	}
	function answer(k, value, rounding) {
		print file, object, population, key[k], value, rounding + 0
	}
	function take(k, v) {
		rows[k]++
		if (stat[k] == ".sum" && v == "")
			missing[k] = 1
		else if (stat[k] == ".sum")
			add(k, v)
		else if (stat[k] == ".distinct")
			distinct[k] += !seen[k, v]++
		else if (stat[k] == "[]" && $index_column == at[k])
			found[k] = v
	}
	BEGIN {
		n = split(list, key, "|")
		for (k = 1; k <= n; k++) {
			name = key[k]
			group[k] = name + 0
			sub(/^[0-9]+\//, "", name)
			if (!match(name, /([.]sum|[.]distinct|\[[0-9]+\])$/))
				continue
			stat[k] = substr(name, RSTART)
			dataset[k] = substr(name, 1, RSTART - 1)
			if (stat[k] ~ /^\[/) {
				at[k] = substr(stat[k], 2) + 0
				stat[k] = "[]"
			}
			if (dataset[k] == "positions")
				dataset[k] = "x,y,z"
		}
	}
	NR == 1 {
		for (i = 1; i <= NF; i++)
			column[$i] = i
		kind = substr(object, 1, length(object) - 1)
		group_column = column[kind "_group_id"]
		index_column = column[kind "_group_index"]
		for (k = 1; k <= n; k++)
			for (i = split(dataset[k], part, ","); i; i--)
				if (part[i] in column)
					from[k, ++parts[k]] = column[part[i]]
		next
	}
	{
		for (k = 1; k <= n; k++)
			if (group[k] == $group_column)
				for (i = 1; i <= parts[k]; i++)
					take(k, $from[k, i])
	}
	END {
		for (k = 1; k <= n; k++)
			if (missing[k])
				answer(k, "missing")
			else if (rows[k] && stat[k] == ".sum")
				answer(k, sprintf("%.17g", sum[k] + lost[k]), \
					2.3e-16 * rows[k] * size[k])
			else if (rows[k] && stat[k] == ".distinct")
				answer(k, distinct[k])
			else if (k in found)
				answer(k, found[k])
	}' "$table"
}

# How many rows $table has, of which types and in which groups; of edges,
# besides, which ends they have.
row_facts() { # object, population, file
	awk -F '\t' -v OFS='\t' -v object="$1" -v population="$2" -v file="$3" '
	function answer(key, value) { print file, object, population, key, value }
	function name_of(p) { return p == "" ? "None" : p }
	NR == 1 {
		for (i = 1; i <= NF; i++)
			column[$i] = i
		kind = substr(object, 1, length(object) - 1)
		type = column[kind "_type_id"]
		group = column[kind "_group_id"]
		id = column["node_id"]
		source = column["source_node_id"]
		target = column["target_node_id"]
		from = column["source_population"]
		to = column["target_population"]
		next
	}
	{
		count++
		types[$type]++
		groups[$group]++
	}
	object == "nodes" {
		if (count == 1 || $id + 0 < least)
			least = $id + 0
		if (count == 1 || $id + 0 > most)
			most = $id + 0
	}
	object == "edges" {
		unsorted = unsorted || count > 1 && $target + 0 < last
		last = $target + 0
		pairs += !pair[$source, $target]++
		sources += !is_source[$source]++
		targets += !is_target[$target]++
		autapses += $source == $target
		mixed = mixed || count > 1 && ($from != a || $to != b)
		a = $from
		b = $to
	}
	END {
		answer("count", count + 0)
		for (t in types)
			if (t != "")
				answer("count[" kind "_type_id=" t "]", types[t])
		for (g in groups)
			answer("count[" kind "_group_id=" g "]", groups[g])
		if (object == "nodes")
			answer("node_id.min..max", least ".." most)
		if (object == "nodes" || mixed)
			exit
		answer("source_population", name_of(a))
		answer("target_population", name_of(b))
		answer("unique_pairs", pairs + 0)
		answer("distinct_sources", sources + 0)
		answer("distinct_targets", targets + 0)
		answer("sorted_by_target", !unsorted)
		if (a == b)
			answer("autapses", autapses + 0)
	}' "$table"
}

# A list of columns, with positions as those of x, y and z that there are.
spelt_out() { # columns, a tool and its options and file
	local list=$1 axis
	if [[ ,$list, == *,positions,* ]]; then
		list=${list/positions/}
		for axis in x y z; do
			"${@:2}" --where population=none -c "$axis" \
				>/dev/null 2>&1 && list+=,$axis
		done
	fi
	tr -s , <<<"$list" | sed 's/^,//; s/,$//'
}

population_facts() { # object, population, file, keys, columns, short ones
	local kind=${1%s} run=(-p "$2") columns
	[ "$1" = edges ] && run=(-e "$2")
	run=("sonata-$1" --raw -t "${run[@]}" "$3")
	columns=${kind}_group_id,${kind}_group_index
	[ "$1" = edges ] && columns+=,source_population,target_population
	if [ "$6" != - ]; then
		"${run[@]}" -c "$columns,$7" --where "${kind}_id=0,1" \
			>"$table" && dataset_facts "$1" "$2" "$3" "$6" || return
	fi
	[ "$5" = - ] || columns+=,$(spelt_out "$5" "${run[@]}")
	if refuses "${run[@]}" -c "$columns"; then
		printf '%s\t%s\t%s\tcount\trefused\n' "$3" "$1" "$2"
		return
	fi
	row_facts "$1" "$2" "$3" &&
		{ [ "$5" = - ] || dataset_facts "$1" "$2" "$3" "$4"; }
}

table_facts() { # nodes or edges
	local population file keys
	while IFS=$'\t' read -r population file keys; do
		# shellcheck disable=SC2086 # there is no space in keys
		population_facts "$1" "$population" "$file" $keys || return
	done < <(asked "$1")
}

# The populations of edges between whose types the set counts, with the files of
# the nodes at their ends.  A set may have a population of nodes in several
# files: the one meant is that with the most of its path in common.
asked_conn() {
	awk -F '\t' '
	function common(a, b,    i) {
		for (i = 1; substr(a, i, 1) == substr(b, i, 1) && i < length(a); i++)
			;
		return i
	}
	function nodes_of(population, edges,    k, best, found) {
		found = "none"
		for (k = 1; k <= n; k++)
			if (name[k] == population && common(file[k], edges) > best) {
				best = common(file[k], edges)
				found = file[k]
			}
		return found
	}
	$2 == "nodes" && $4 == "count" {
		file[++n] = $1
		name[n] = $3
	}
	$2 == "edges" && $4 ~ /^(source|target)_population$/ {
		end[$1, $3, substr($4, 1, 6)] = $5
	}
	$2 == "conn" && !seen[$3, $1]++ {
		print $3, $1, end[$1, $3, "source"], \
			nodes_of(end[$1, $3, "source"], $1), \
			nodes_of(end[$1, $3, "target"], $1)
	}' OFS='\t' ORACLE.tsv
}

# Of each type, how many cells have an edge to themselves: conn-matrix has them
# in no pair, the oracle has.
autapse_cells() { # edges, population, nodes, population
	sonata-nodes -t -p "$4" -c node_id "$3" >"$table.nodes" &&
		sonata-edges -t -e "$2" "$1" >"$table.edges" &&
		awk -F '\t' '
		FNR == 1 {
			for (i = 1; i <= NF; i++)
				column[$i] = i
			next
		}
		FILENAME ~ /nodes$/ {
			type[$column["node_id"]] = $column["node_type_id"]
			next
		}
		$column["source_node_id"] == $column["target_node_id"] {
			if (!seen[$column["source_node_id"]]++)
				cells[type[$column["source_node_id"]]]++
		}
		END {
			for (t in cells)
				print t "->" t "\t" cells[t]
		}' "$table.nodes" "$table.edges"
}

# For awk: the sum of the column called name.
# shellcheck disable=SC2016
total='
NR == 1 {
	for (at = NF; at && $at != name; at--)
		;
	if (!at)
		exit
}
NR > 1 { sum += $at }
'

# The oracle counts rows, gap junctions too; its deviations are those of a whole
# population (ddof 0), ours those of a sample.
conn_facts() {
	local population file source from to nodes
	while IFS=$'\t' read -r population file source from to; do
		nodes=(-n "$from")
		[ "$from" = "$to" ] || nodes+=(-n "$to")
		conn-matrix -t -e "$population" "${nodes[@]}" -g node_type_id \
			--include-gap "$file" >"$table" || return
		: >"$table.autapses"
		if awk -F '\t' -v name=autapses "$total"' END { exit !sum }' \
			"$table"; then
			autapse_cells "$file" "$population" "$from" "$source" \
				>"$table.autapses" || return
		fi
		awk -F '\t' -v OFS='\t' -v file="$file" \
			-v population="$population" '
		function answer(key, value) {
			print file, "conn", population, types "." key, value
		}
		function spread(of, n) {
			return sprintf("%.17g %.17g %d %d", $column[of "_mean"], \
				n > 1 ? $column[of "_sd"] * sqrt((n - 1) / n) : 0, \
				$column[of "_min"], $column[of "_max"])
		}
		FILENAME ~ /autapses$/ { autapses[$1] = $2; next }
		FNR == 1 {
			for (i = 1; i <= NF; i++)
				column[$i] = i
			next
		}
		$column["rows"] > 0 {
			sub(/^.*:/, "", $1)
			sub(/^.*:/, "", $2)
			types = $1 "->" $2
			answer("edges", $column["rows"])
			answer("pairs", $column["connections"] + autapses[types])
			answer("convergence mean/std/min/max", \
				spread("convergence", $column["n_target"]))
			answer("divergence mean/std/min/max", \
				spread("divergence", $column["n_source"]))
		}' "$table.autapses" "$table"
	done < <(asked_conn)
}

# Old files of gap junctions have two datasets of ids, and no populations.
gap_facts() {
	local file
	while read -r file; do
		sonata-edges -t "$file" >"$table" || return
		awk -F '\t' -v OFS='\t' -v file="$file" '
		NR == 1 {
			for (i = 1; i <= NF; i++)
				column[$i] = i
			next
		}
		$column["is_gap_junction"] != "true" { exit(1) }
		{
			sources += $column["source_node_id"]
			targets += $column["target_node_id"]
		}
		END {
			print file, "gap_juncs", "-", "count", NR - 1
			print file, "gap_juncs", "-", "source_ids.sum", sources
			print file, "gap_juncs", "-", "target_ids.sum", targets
		}' "$table" || return
	done < <(awk -F '\t' '$2 == "gap_juncs" && !seen[$1]++ { print $1 }' \
		ORACLE.tsv)
}

# How many bytes a value of a report has in its file.
value_bytes() { # file, population or -
	local data=/v/data bits
	[ "$2" = - ] || data=/report/$2/data
	bits=$(h5dump -H -d "$data" "$1" |
		sed -n 's/.*H5T_IEEE_F\([0-9]*\).*/\1/p')
	echo $((bits / 8))
}

# All values are in the table if there are as many as the bytes make. Reports
# without a population, which are old, do not say the time of a step.
report_facts() {
	local file object population options
	while IFS=$'\t' read -r file object population; do
		options=(--step 1)
		[ "$population" = - ] || options=(-p "$population")
		sonata-report -t "${options[@]}" "$file" >"$table" || return
		awk -F '\t' -v OFS='\t' -v file="$file" -v object="$object" \
			-v population="$population" \
			-v bytes="$(value_bytes "$file" "$population")" '
		function answer(key, value, rounding) {
			print file, object, population, key, value, rounding + 0
		}
		# A float has the text of one, which may be half of 2^-23 off.
		function recorded(key, value) {
			answer(key, value, (value < 0 ? -value : value) * off)
		}
		BEGIN { off = bytes == 4 ? 2 ^ -24 : 0 }
		NR == 2 {
			start = $5
			first = least = most = $6
		}
		NR > 1 {
			n++
			nodes += !seen[$2]++
			frames += $5 != last_time || n == 1
			if (frames == 2 && $5 != last_time)
				step = $5 - start
			sum += $6
			size += $6 < 0 ? -$6 : $6
			least = $6 < least ? $6 : least
			most = $6 > most ? $6 : most
			last_time = $5
			last = $6
		}
		END {
			answer("shape", frames)
			answer("shape (times x elements)", frames "x" n / frames)
			answer("storage bytes", n * bytes)
			answer("nodes", nodes)
			answer("time start stop step", \
				start " " last_time + step " " step)
			answer("data mean", sprintf("%.17g", sum / n), \
				(1e-15 + off) * size / n)
			recorded("data min", least)
			recorded("data max", most)
			recorded("data[0,0]", first)
			recorded("data[-1,-1]", last)
		}' OFMT=%.17g CONVFMT=%.17g "$table" || return
	done < <(awk -F '\t' -v OFS='\t' '
		$2 ~ /^report/ && !seen[$1, $3]++ { print $1, $2, $3 }' ORACLE.tsv)
}

# Spikes of files without populations are of "(root)".  Times are shown as the
# oracle has them, with a point in any of them.
spike_facts() {
	local file population options
	while IFS=$'\t' read -r file population; do
		options=(-p "$population")
		[ "$population" != "(root)" ] || options=()
		sonata-spikes -t "${options[@]}" "$file" >"$table" || return
		awk -F '\t' -v OFS='\t' -v file="$file" \
			-v population="$population" '
		function answer(key, value) {
			print file, "spikes", population, key, value
		}
		function shown(time,    s) {
			s = sprintf("%.10g", time)
			return s ~ /[.e]/ ? s : s ".0"
		}
		NR > 1 {
			nodes += !spikes[$3]++
			sum += $1
			if (NR == 2 || $1 < first || $1 == first && $3 < id) {
				first = $1 + 0
				id = $3 + 0
			}
			if (NR == 2 || $1 > last)
				last = $1 + 0
			if (NR == 2 || $3 < least)
				least = $3 + 0
			if (NR == 2 || $3 > most)
				most = $3 + 0
		}
		END {
			answer("count", NR - 1)
			for (k in spikes)
				if (spikes[k] > spikes[busiest] || \
				    spikes[k] == spikes[busiest] && \
				    k + 0 < busiest)
					busiest = k + 0
			answer("first..last time", shown(first) ".." shown(last))
			answer("distinct ids", nodes + 0)
			answer("ids min..max", least ".." most)
			answer("sum of times", sprintf("%.17g", sum))
			answer("first by (time,id)", first " " id)
			answer("busiest id (lowest of ties) and its count", \
				busiest " " spikes[busiest])
		}' OFMT=%.17g CONVFMT=%.17g "$table" || return
	done < <(awk -F '\t' -v OFS='\t' '
		$2 == "spikes" && !seen[$1, $3]++ { print $1, $3 }' ORACLE.tsv)
}

file_facts() {
	local file
	while read -r file; do
		if refuses sonata-nodes "$file" && refuses sonata-edges "$file"; then
			printf '%s\tfile\t-\tunreadable\trefused\n' "$file"
		fi
	done < <(awk -F '\t' '$2 == "file" { print $1 }' ORACLE.tsv)
}

# Every row of ORACLE.tsv has to have an answer, and the same one.
ours='nodes|edges|conn|gap_juncs|report|report-v|spikes|file'

check_oracle() { # of the set in the working directory
	local facts=$BATS_TEST_TMPDIR/facts rows
	{ table_facts nodes && table_facts edges && conn_facts && gap_facts &&
		report_facts && spike_facts && file_facts; } >"$facts" || fail "no facts" || return
	rows=$(cut -f 2 ORACLE.tsv | grep -cxE "$ours")
	[ "$rows" -gt 0 ] || fail "no row about $ours" || return
	awk -F '\t' -v rows="$rows" -v ours="^($ours)\$" "$agree"'
	function complain(what) { print what ": " $0; bad++ }
	# Means and deviations are written with six decimals.
	function same(a, b, rounding,    x, y, i, n) {
		if (b == "refused")
			return a == "unknown" || a ~ /^malformed / || $2 == "file"
		n = split(a, x, " ")
		if (n != split(b, y, " "))
			return a == b
		for (i = 1; i <= n; i++)
			if (!agree(x[i], y[i], 1e-9, \
				   n == 4 && i < 3 ? 5.1e-7 : rounding))
				return 0
		return 1
	}
	FNR == NR {
		fact[$1, $2, $3, $4] = $5
		rounding[$1, $2, $3, $4] = $6 + 0
		if ($2 == "conn" && $4 ~ /[.]edges$/)
			counted[$1, $3]++
		next
	}
	/^#/ || $2 == "object" { next }
	$2 !~ ours { complain("unknown object"); next }
	{ checked++ }
	$2 == "conn" && $4 ~ /[.]edges$/ { counted[$1, $3]-- }
	!(($1, $2, $3, $4) in fact) { complain("no answer"); next }
	!same($5, fact[$1, $2, $3, $4], rounding[$1, $2, $3, $4]) {
		complain("ours is " fact[$1, $2, $3, $4])
	}
	END {
		for (c in counted)
			if (counted[c] != 0) {
				print "types with edges, but not in the oracle:", c
				bad++
			}
		print checked + 0, "rows checked of", rows
		exit(bad > 0 || checked != rows)
	}' "$facts" ORACLE.tsv
}

# ---- EXPECTED.tsv: queries in prose, each kind understood once ----

# The population that a file is asked about, where a query does not name it: the
# first that can be read.
population_in() { # file
	awk -F '\t' -v file="$1" '
	$1 == file && $4 == "count" && $5 ~ /^[0-9]+$/ {
		print $3
		exit
	}' ORACLE.tsv
}

# The rows of population $here of $file for which conditions hold, without the
# header.
edges() {
	sonata-edges -t -e "$here" "$@" "$file" |
		sed 1d
}

nodes() {
	sonata-nodes -t -p "$here" -c node_id "$@" \
		"$file" | sed 1d
}

# One column of those rows, the values separated by commas.
values() { # nodes or edges, column, options
	local option=-p
	[ "$1" = edges ] && option=-e
	"sonata-$1" -t "$option" "$here" -c "$2" \
		"${@:3}" "$file" | awk -F '\t' -v name="$2" '
	NR == 1 {
		for (i = 1; i <= NF; i++)
			column[$i] = i
		next
	}
	{ printf "%s%s", (NR > 2 ? "," : ""), $column[name] }
	END { print "" }'
}

# The values of some rows in the order asked for, not that of the rows.
values_of() { # nodes or edges, column, 0,1,5
	local id
	for id in ${3//,/ }; do
		values "$1" "$2" --where "${1%s}_id=$id"
	done | paste -sd ,
}

# 250..299 or 1,10,100 as a condition.
within() { # column, ids
	case $2 in
	*..*) printf -- '--where\n%s>=%s\n--where\n%s<=%s\n' \
		"$1" "${2%%..*}" "$1" "${2##*..}" ;;
	*) printf -- '--where\n%s=%s\n' "$1" "$2" ;;
	esac
}

edge_ids() { # those for which this holds
	local ids
	ids=$(values edges edge_id "$@")
	printf '%s\n' "${ids:-(none)}"
}

# The texts of an enumeration in the order of their codes.
library() { # nodes or edges, column
	paste <(values "$1" "$2" --raw | tr ',' '\n') \
		<(values "$1" "$2" | tr ',' '\n') |
		sort -n -u | cut -f 2 | paste -sd ,
}

ends() { # the populations of the edges' ends, separated by this
	local from to
	from=$(values edges source_population | tr ',' '\n' | uniq)
	to=$(values edges target_population | tr ',' '\n' | uniq)
	printf '%s%s%s' "$from" "$1" "$to"
}

# Answer a query about nodes or edges as EXPECTED.tsv words the answer.
answer() { # query, arguments, what is expected; in $file
	local how=() ids name
	case $1 in
	edges.count* | edges.source_population* | nodes.count)
		[ "$2" = "$here" ] || return ;;&
	"edges.count") edges | wc -l ;;
	"edges.count; source; target") echo "$(edges | wc -l); $(ends '; ')" ;;
	"edges.count; connected pairs")
		echo "$(edges | wc -l); $(edges | cut -f 1,2 | sort -u | wc -l)" ;;
	"edges.source_population;target_population") ends ';' ;;
	"edges.by_target count")
		mapfile -t how < <(within target_node_id "$2")
		edges "${how[@]}" | wc -l ;;
	"edges.by_source count")
		mapfile -t how < <(within source_node_id "$2")
		edges "${how[@]}" | wc -l ;;
	"edges.by_target ids" | "edges.by_target ids (no index in file)")
		edge_ids --where "target_node_id=$2" ;;
	"edges.by_source ids" | "edges.by_source ids (no index in file)")
		edge_ids --where "source_node_id=$2" ;;
	"edges.connecting ids") # src [0, 1] trg [0, 3]
		ids=${2// /}
		name=${ids#*trg}
		ids=${ids%trg*}
		edge_ids --where "source_node_id=$(tr -d 'src[]' <<<"$ids")" \
			--where "target_node_id=$(tr -d '[]' <<<"$name")" ;;
	"edges from source to target") # 1 -> 3
		edges --where "source_node_id=${2%% *}" \
			--where "target_node_id=${2##* }" | wc -l ;;
	"edges.filter count") # edge_type_id=7 and nsyns=4
		edges --where "${2%% and *}" --where "${2##* and }" | wc -l ;;
	"edges.filter by edge type column")
		# How many, and types of which theirs is one each: the list
		# is not of all that occur (10 in o03 is in it, and does not).
		ids=${3#*edge_type_id in }
		echo "$(edges --where "$2" | wc -l) (edge_type_id in ${ids%)})"
		[ "$(edges --where "$2" --where "edge_type_id!=${ids%)}" |
			wc -l)" -eq 0 ] || echo "and in others" ;;
	"edge type column of the edges with target 100")
		how=(--where target_node_id=100)
		ids=$(values edges "$2" "${how[@]}" | tr ',' '\n' | sort -u)
		echo "$ids for all $(edges "${how[@]}" | wc -l)" ;;
	"source ids of edges") values_of edges source_node_id "$2" ;;
	"target ids of edges") values_of edges target_node_id "$2" ;;
	"enum attribute codes of edges") # NAME 0..5
		mapfile -t how < <(within edge_id "${2#* }")
		name=${2%% *}
		echo "$(values edges "$name" --raw "${how[@]}")" \
			"(library $(library edges "$name"))" ;;
	"enum attribute text of edge") values_of edges "${2% *}" "${2##* }" ;;
	"nodes.count") nodes | wc -l ;;
	"node attribute" | "dynamics parameter") attribute_answer "$@" ;;
	"enum attribute text") # NAME of 0; library, or NAME of 1
		name=${2%% *}
		ids=${2#* of }
		if [ "${ids%; library}" != "$ids" ]; then
			echo "$(values_of nodes "$name" "${ids%;*}");" \
				"$(library nodes "$name")"
		elif refuses sonata-nodes -p "$here" \
			-c "$name" --where "node_id=$ids" "$file"; then
			echo "error: code out of the library"
		fi ;;
	"node has attribute tuning_angle") # nodes 84; 432
		for ids in $(tr -dc '0-9 ' <<<"${2#nodes }"); do
			[ -n "$(values nodes tuning_angle \
				--where "node_id=$ids")" ] && echo yes || echo no
		done | paste -sd ';' | sed 's/;/; /g' ;;
	"node_type_id of nodes") values_of nodes node_type_id "$2" ;;
	"nodes of group")
		ids=$(values nodes node_id --where "node_group_id=$2")
		echo "$(tr ',' '\n' <<<"$ids" | wc -l) nodes," \
			"first ${ids%%,*}, last ${ids##*,}" ;;
	"nodes.filter count") # group 0, tuning_angle=0.0
		ids=${2#group }
		nodes --where "node_group_id=${ids%%,*}" --where "${2#*, }" |
			wc -l ;;
	"position columns") # v1; lgn, of files beside it
		for name in ${2//;/}; do
			sonata-nodes "${file%/*}/${name}_nodes.h5" |
				head -n 1 | tr ',' '\n' | grep -cx '[xyz]'
		done | paste -sd ';' | sed 's/;/; /g' ;;
	"attribute names")
		sonata-nodes -p "$2" --where node_id=none "$file" |
			tr ',' '\n' | grep -vE '^node_|^dynamics_params' | sort |
			paste -sd ' ' ;;
	"populations") # edges-AB, and edges-AC, which cannot be read
		refuses sonata-edges "$file" && ids=$(cat "$table.error")
		[[ $ids == *edges-AB\ and\ edges-AC* ]] &&
			edges >"$table" && [ -s "$table" ] &&
			refuses sonata-edges -e edges-AC "$file" &&
			echo "edges-AB, edges-AC (AC has no datasets: must be" \
				"refused, not crash)" ;;
	esac
}

# node 0: location; tuning_angle, or attr-X of 0,5, or dparam-X of 0,5
attribute_answer() { # query, arguments
	local name
	case $2 in
	node\ *)
		for name in $(tr -d ';' <<<"${2#*: }"); do
			values_of nodes "$name" "$(tr -dc 0-9 <<<"${2%%:*}")"
		done | paste -sd ';' | sed 's/;/; /g' ;;
	*)
		name=${2%% of *}
		[ "$1" = "dynamics parameter" ] && name=dynamics_params.$name
		values_of nodes "$name" "${2#* of }" ;;
	esac
}

# What is not about nodes, edges, reports or spikes is for other tools: traces,
# simulations and features, and the version of a file.
not_ours() { # query
	case $1 in
	"f-I: spikes in "* | "FI: number of spikes in "* | \
	"rheobase (first FI current with a spike)" | "ZAP: "* | \
	"current clamp spikes: "* | "feature values ("* | \
	"depol_block, depol_block_bool" | \
	"spike_count; mean_frequency; "* | "file version")
		return 0 ;;
	*) return 1 ;;
	esac
}

# ---- Reports ----

# The values of a report, those of a frame on a line, as the test files of others
# have them: rounded to a digit after the point.
frames() { # options
	sonata-report --wide "$@" "$file" | sed 1d | cut -d , -f 2- |
		awk -F , -v OFS=' ' '{
			for (i = 1; i <= NF; i++)
				$i = sprintf("%.1f", $i)
		} 1' | paste -sd ';' | sed 's/;/; /g'
}

# Five elements of a cell by the first and the last of them.
by_cell() {
	sed -E 's/([0-9.]+)( [0-9.]+){3} ([0-9.]+)/\1..\3/g'
}

# A time just beyond one that is to be in.
after() {
	awk "BEGIN { print $1 + 0.01 }"
}

report_values() { # All nodes 3,4 t 0.2..0.5; node 1, t=0.6
	local ids times
	ids=$(grep -oE 'nodes? [0-9,]+' <<<"$1" | grep -oE '[0-9]+' | paste -sd ,)
	times=${1#*, t=}
	case $1 in
	*" t "*..*)
		times=${1#* t }
		times=${times%% *}
		frames -p All --ids "$ids" --from "${times%..*}" \
			--to "$(after "${times#*..}")" ;;
	*"frames t="*" and "*)
		times=${1#*t=}
		frames -p All --ids "$ids" --from "${times% and *}" \
			--to "$(after "${times#* and }")" | by_cell ;;
	*) frames -p All --ids "$ids" --from "$times" \
		--to "$(after "$times")" ;;
	esac
}

# When a cell's voltage comes to -15 mV from below, as BMTK counts: the time of
# the sample after it.
crossings() {
	sonata-report -t "$file" | awk -F '\t' '
	NR == 2 { start = $5 }
	NR > 2 && !step && $5 != start { step = $5 - start }
	NR > 1 {
		if ($2 in last && last[$2] < -15 && $6 >= -15)
			print $2, $5 + (step ? step : 0)
		last[$2] = $6
	}' | sort -k 1,1n -k 2,2n
}

cross_at_spikes() { # the file of spikes
	paste -d ' ' <(crossings) \
		<(sonata-spikes -t "$1" | sed 1d | awk -F '\t' '{ print $3, $1 }' |
			sort -k 1,1n -k 2,2n) | awk '
	$1 != $3 || $2 - $4 > 1e-3 || $4 - $2 > 1e-3 { bad = 1 }
	END {
		if (!bad)
			print NR, "spikes; each spike time = (index of first" \
				" sample >= -15 mV + 1) * step"
	}'
}

# BMTK's first files have the voltage at the beginning, the later ones do not.
trace_difference() { # v/data[1:40001] against report/biophysical/data[:,3]
	local node=${1##*,}
	paste -d , <(sonata-report --wide --step 0.1 "$file" | sed 1,2d) \
		<(sonata-report --wide --ids "${node%]}" \
			"${file%/*/*}/output/membrane_potential.h5" | sed 1d) |
		awk -F , '
		NF != 4 { bad = 1 }
		{
			d = $2 - $4
			d = d < 0 ? -d : d
			most = d > most ? d : most
		}
		END {
			if (!bad)
				printf "max difference %.1e mV (the" \
					" verification file has the t=0" \
					" sample first)\n", most
		}'
}

# Answer a query about a report as EXPECTED.tsv words the answer.
report_answer() { # query, arguments, what is expected; in $file
	local node
	case $1 in
	"report time start stop step")
		sonata-report -t -p "$2" "$file" | awk -F '\t' '
		NR > 1 && (NR == 2 || $5 != last) {
			step = $5 - last
			last = $5
			if (NR == 2)
				start = $5
		}
		END { print start, last + step, step }' ;;
	"report node ids in file order") # 10,11,...,20,1,2,...,9
		sonata-report -t -p "$2" --to 0.01 "$file" | cut -f 2 | awk '
		NR > 1 && $1 != last + 1 || NR == 2 {
			if (n > 2)
				printf "...,"
			if (n > 1)
				printf "%s,", last
			printf "%s,", $1
			n = 0
		}
		NR > 1 {
			if (++n == 2)
				printf "%s,", $1
			last = $1
		}
		END { print "...," last }' ;;
	"report values") report_values "$2" ;;
	"report dtype")
		[ "$(value_bytes "$file" "$2")" = 8 ] &&
			sonata-report -p "$2" "$file" >"$table" &&
			[ -s "$table" ] && echo "$3" ;;
	"report elements of nodes") # 3; 4
		for node in ${2//;/}; do
			sonata-report -p All --ids "$node" --to 0.01 -t "$file" |
				sed 1d | cut -f 3 | paste -sd ' '
		done | paste -sd ';' | sed 's/;/; /g' ;;
	"upward crossings of "*" = spikes of "*)
		cross_at_spikes "${1##*= spikes of }" ;;
	"trace equals the report") trace_difference "$2" ;;
	esac
}

is_of_report() { # query
	case $1 in
	"report "* | "upward crossings of "* | "trace equals the report") ;;
	*) return 1 ;;
	esac
}

# ---- Spikes ----

# Rows of spikes, of some of them: "All 3", "10,11,12", "10..14, 200<=t<=800".
# A window of ours ends before its end.
spikes_of() { # arguments
	local options=() ids=${1%%, *} window=${1#*, }
	if [[ $ids == *" "* ]]; then
		options+=(-p "${ids% *}")
		ids=${ids##* }
	fi
	[ "$window" = "$1" ] || options+=(--from "${window%%<=*}"
		--to "$(awk -v t="${window##*<=}" \
			'BEGIN { printf "%.10g", t + 1e-6 }')")
	sonata-spikes -t --ids "${ids/../-}" "${options[@]}" "$file" | sed 1d
}

# The ids of a list that have no spike.
silent_of() { # 10,11,12
	local id
	for id in ${1//,/ }; do
		[ -n "$(spikes_of "$id")" ] || echo " (no spike of $id)"
	done
}

# Answer a query about spikes as EXPECTED.tsv words the answer.
spike_answer() { # query, arguments; in $file
	local options=(-p "$2") name
	[ "$2" != "(root)" ] || options=()
	case $1 in
	"spikes.count; distinct ids")
		sonata-spikes --summary -t "${options[@]}" "$file" |
			awk -F '\t' 'NR == 2 { print $2 "; " $3 }' ;;
	"spikes.first and last time")
		sonata-spikes --summary -t "${options[@]}" "$file" |
			awk -F '\t' 'NR == 2 { print $4, $5 }' ;;
	"spikes of id" | "spikes of ids")
		if [[ $2 == *" "* ]]; then
			spikes_of "$2" | cut -f 1 | paste -sd ,
		else
			echo "$(spikes_of "$2" | wc -l)$(silent_of "$2")"
		fi ;;
	"spikes of id in window" | "spikes of ids in window")
		if [[ ${2%%, *} == *" "* ]]; then
			spikes_of "$2" | awk -F '\t' '{ print $3, $1 }'
		else
			spikes_of "$2" | wc -l
		fi ;;
	"spikes of id: count first last")
		spikes_of "$2" | cut -f 1 | sort -n | awk '
		NR == 1 { first = $1 }
		END { print NR, first, $1 }' ;;
	"sorting attribute") # by_time (2): SONATA's numbers
		for name in ${2//;/}; do
			sonata-spikes --summary -t -p "$name" "$file" |
				awk -F '\t' -v codes="none by_id by_time" '
				NR == 2 {
					split(codes, name, " ")
					for (k in name)
						if (name[k] == $6)
							print $6 " (" k - 1 ")"
				}'
		done | paste -sd ';' | sed 's/;/; /g' ;;
	"populations")
		sonata-spikes --summary -t "$file" | sed 1d | cut -f 1 |
			paste -sd , | sed 's/,/, /g' ;;
	esac
}

is_of_spikes() { # query
	case $1 in
	"spikes."* | "spikes of "* | "sorting attribute") ;;
	"populations") [[ $file == */spikes.h5 ]] ;;
	*) return 1 ;;
	esac
}

# Is an answer what is expected, number by number and word by word?  An answer
# may go on after what is expected, as with a last node that is not told.
answers() { # expected, ours
	awk -F '\t' "$agree"'
	{
		gsub(/[ ,;()]+/, " ")
		n = split($1, a, " ")
		m = split($2, b, " ")
		for (i = 1; i <= n; i++)
			if (!agree(a[i], b[i], 1e-9, 0))
				exit(1)
		exit(m > n && b[n + 1] != "last")
	}' <<<"$1"$'\t'"$2"
}

# Every row is either checked or of a kind that is not ours.  Ours are those of
# files of nodes or edges, but for a file's version, and those about reports and
# spikes.
check_expected() { # of the set in the working directory
	local file query arguments expected rest got here
	local checked=0 simulated=0 others=0 rows
	while IFS=$'\t' read -r file query arguments expected rest; do
		if not_ours "$query"; then
			others=$((others + 1))
			continue
		fi
		[ "$query" = "attribute names" ] &&
			expected=$(tr ' ' '\n' <<<"$expected" | sort | paste -sd ' ')
		if is_of_report "$query"; then
			simulated=$((simulated + 1))
			got=$(report_answer "$query" "$arguments" "$expected")
		elif is_of_spikes "$query"; then
			simulated=$((simulated + 1))
			got=$(spike_answer "$query" "$arguments")
		else
			here=$(population_in "$file")
			got=$(answer "$query" "$arguments" "$expected")
		fi
		answers "$expected" "$got" || fail "$file: $query: $arguments:" \
			"expected '$expected', ours '$got'" || return
		checked=$((checked + 1))
	done < <(sed '/^#/d; /^file\t/d; s/\t\t/\t-\t/g' EXPECTED.tsv)
	rows=$(grep -v $'\tfile version\t' EXPECTED.tsv |
		grep -cE $'^[^\t]*(nodes|edges)[^/\t]*[.]h5\t' || true)
	rows=$((rows + simulated))
	echo "$checked rows checked of $rows, $others are others'"
	[ "$checked" -eq "$rows" ] && [ $((checked + others)) -gt 0 ] &&
		[ $((checked + others)) -eq "$(sed '/^#/d; /^file\t/d' \
			EXPECTED.tsv | wc -l)" ]
}
