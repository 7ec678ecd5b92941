#!/bin/bash
# synapse-table.sh -- what the synapses of each edge type of a network do
#
# usage: synapse-table.sh config [option of syn-clamp ...] >table
#
#	pipelines/synapse-table.sh circuit_config.json --clamp 0 >synapses.csv
#
# A row for each type of edges, and each type of cells that they lead to: what
# syn-features measures of one pulse, and of a train with more pulses after a pause,
# as BMTool's generate_synaptic_table() has it.  The synapse, its weight and delay,
# and the cell that it is on are those of the network.  The cell is held at -70 mV if
# no --clamp says otherwise: there a synapse with that reversal does nothing, and what
# the current still drifts by is measured (--settle).  These are looked for in the
# environment:
#
# RATE		of the train in Hz (50)
# RECOVERY	the pause after its 8 pulses, before 4 more, in ms (250)
# WINDOW	how long the response to one pulse is measured, in ms (500)
# JOBS		how many types at a time (as many as there are CPUs)
#
# A type that cannot be run, such as one onto a cell that is not NEURON's, has the
# reason in the column status.  If none can, that is an error.
set -eu -o pipefail

program=synapse-table.sh
usage='usage: synapse-table.sh config [option of syn-clamp ...] >table'
here=$(cd "$(dirname "$0")" && pwd)
export RATE=${RATE:-50} RECOVERY=${RECOVERY:-250} WINDOW=${WINDOW:-500}

die() { # reason, exit status
	printf '%s: %s\n' "$program" "$1" >&2
	exit "${2:-1}"
}

# With their delays, which may be those of each edge, if there are any.
edges() { # population, config
	sonata-edges -e "$1" -c edge_type_id,delay "$2" 2>/dev/null ||
		sonata-edges -e "$1" -c edge_type_id "$2"
}

# How many edges of each type lead to cells of each type, of all populations of
# edges: population, edge type, node type, number and mean delay, which is "-" if
# there is none, with tabs between.
count_ends() { # config, folder
	local population target
	sonata-info --edges "$1" -o "$2/populations"
	awk -f "$here/report/csv.awk" -f - "$2/populations" >"$2/ends" <<-'END'
	BEGIN {
		record()
		edges = column("population")
		to = column("target_population")
		while (record())
			printf "%s\t%s\n", field[edges], field[to]
	}
	END
	while IFS=$'\t' read -r population target; do
		sonata-nodes -p "$target" -c node_type_id "$1" -o "$2/nodes"
		edges "$population" "$1" |
			population=$population awk -F, -v OFS='\t' '
			# From the right, as a name may have a comma in it.
			FNR == 1 {
				for (k = 1; k <= NF; k++)
					after[$k] = NF - k
				next
			}
			NR == FNR {
				type[$(NF - after["node_id"])] = \
					$(NF - after["node_type_id"])
				next
			}
			{
				pair = $(NF - after["edge_type_id"]) OFS \
					type[$(NF - after["target_node_id"])]
				delay = "delay" in after ? \
					$(NF - after["delay"]) : ""
			}
			!n[pair]++ { first[pair] = delay }
			delay != "" { sum[pair] += delay; known[pair]++ }
			delay != first[pair] { differ[pair] }
			END {
				for (pair in n)
					print ENVIRON["population"], pair, n[pair],
						!known[pair] ? "-" : \
						!(pair in differ) ? first[pair] : \
						sprintf("%.17g", sum[pair] / known[pair])
			}' "$2/nodes" - | sort -n -k 2 -k 3
	done <"$2/ends"
}

# A file for each row to come, of what is in front of it, and one of the ids of its
# edge type and node type, its population and its delay, a line each; how many there
# are.
split_types() { # table of sonata-info --edge-types, that of count_ends, folder
	awk -v folder="$3" -v pairs="$2" -f "$here/report/csv.awk" -f - "$1" <<-'END'
	function quoted(text) {
		if (text !~ /[",\n\r]/)
			return text
		gsub(/"/, "\"\"", text)
		return "\"" text "\""
	}
	function front(node, count,	i, line) {
		line = quoted(field[1]) "," field[2] "," node "," count ","
		for (i = 1; i <= n; i++)
			line = line quoted(field[at[i]]) ","
		return line
	}
	function add(node, count, ms) {
		rows++
		printf "%s", front(node, count) >(folder "/" rows ".front")
		printf "%s\n%s\n%s\n%s\n", field[2], field[1],
			ms != "-" ? ms : delay ? field[delay] : "", node >(folder "/" rows ".type")
		close(folder "/" rows ".front")
		close(folder "/" rows ".type")
	}
	BEGIN {
		while ((getline line <pairs) > 0) {
			split(line, part, "\t")
			key = part[1] SUBSEP part[2]
			ends[key] = ends[key] part[3] " " part[4] " " part[5] " "
		}
		record()
		delay = column("delay")
		split("source_query target_query model_template dynamics_params",
			name, " ")
		for (i = 1; i in name; i++)
			if (column(name[i]))
				at[++n] = column(name[i])
		printf "%s", front("node_type_id", "count") >(folder "/header")
		while (record()) {
			m = split(ends[field[1] SUBSEP field[2]], part, " ")
			if (m == 0)
				add("", 0, "-")
			for (i = 1; i + 2 <= m; i += 3)
				add(part[i], part[i + 1], part[i + 2])
		}
		print rows + 0
	}
	END
}

features=baseline,amp,latency_ms,peak_ms,rise_20_80_ms,half_width_ms,decay_tau_ms
features+=,integral,ppr,stp_initial,stp_induction,stp_recovery,stp_recovery_single

# What one pulse does, and how those of a train differ.  What the first run says,
# the second says again.
measure() { # where tables go, delay or "", options of syn-clamp
	local to=$1 delay=() end
	[ -z "$2" ] || delay=(--delay "$2")
	end=$(awk -v window="$WINDOW" -v delay="$2" 'BEGIN {
		printf "%d", window + 50 + delay
	}')
	shift 2
	syn-clamp "$@" --rate 1 --n 1 --tstop "$end" -o "$to.single" &&
		syn-features "${delay[@]}" --rate 1 --n 1 --window "$WINDOW" \
			"$to.single" -o "$to.pulse" || return
	syn-clamp "$@" --rate "$RATE" --recovery "$RECOVERY" -o "$to.train" \
		2>"$to.again" || {
		cat "$to.again" >&2
		return 1
	}
	syn-features "${delay[@]}" --rate "$RATE" --recovery "$RECOVERY" --summary \
		"$to.train" -o "$to.summary"
}

# The row of a type, or why there is none.
write_row() { # folder, number, config, options of syn-clamp
	local to=$1/$2 type why node=()
	mapfile -t type <"$to.type"
	[ -z "${type[3]}" ] || node=(--node-type "${type[3]}")
	if measure "$to" "${DELAY:-${type[2]}}" --config "$3" \
		--edge-type "${type[1]}:${type[0]}" "${node[@]}" "${@:4}" \
		2>"$to.said"; then
		cat "$to.said" >&2
		paste -d, <(sed 1d "$to.pulse" | cut -d, -f3-10) \
			<(sed 1d "$to.summary" | cut -d, -f2-6) \
			<(sed 1d "$to.pulse" | cut -d, -f11) >"$to.measured"
	else
		why=$(grep -v '^Try ' "$to.said" | tail -n 1) || true
		printf '%s"%s"\n' "${features//[^,]/}," "${why//\"/\"\"}" \
			>"$to.measured"
		touch "$to.failed"
	fi
	rm -f "$to.single" "$to.train"
}
export -f measure write_row
export features

[[ ${1--} != -* ]] ||
	die "$usage" 2
config=$1
shift
[[ $WINDOW =~ ^[1-9][0-9]*$ ]] || die "WINDOW: not a whole number of ms: '$WINDOW'" 2
for name in RATE RECOVERY; do
	[[ ${!name} =~ ^[0-9.]+$ ]] || die "$name: not one number: '${!name}'" 2
done
# The pulses and the tables of syn-clamp are what is measured here.
for word in "$@"; do
	case $word in
	--n | --n=* | --pu* | --ra* | --recov* | --tes* | --fir* | --du* | --ts* | \
		--sh* | --ou* | -[ot]*)
		die "$word: not here: see RATE, RECOVERY and WINDOW" 2
		;;
	--no* | --ed* | --conf*)
		die "$word: not here: all types of the config have rows" 2
		;;
	-h | --h | --he*)
		die "$usage" 2
		;;
	esac
done
for tool in sonata-info syn-clamp syn-features; do
	command -v $tool >/dev/null || die "no $tool in PATH"
done
[[ " $* " == *' --clamp'[\ =]* ]] || set -- --clamp -70 "$@"
[[ " $* " == *' --settle'[\ =]* ]] || set -- --settle 1000 "$@"

# A delay that the options say is that of all types.
DELAY=
for ((i = 1; i <= $#; i++)); do
	case ${!i} in
	--delay=*) DELAY=${!i#*=} ;;
	--delay)
		next=$((i + 1))
		DELAY=${!next-}
		;;
	esac
done
export DELAY

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 1' HUP INT TERM
sonata-info --edge-types "$config" -o "$folder/types"
count_ends "$config" "$folder" >"$folder/pairs"
rows=$(split_types "$folder/types" "$folder/pairs" "$folder")
[ "$rows" -gt 0 ] || die "$config: no edges"
seq "$rows" | xargs -P "${JOBS:-$(nproc)}" -I '{}' bash -c 'write_row "$@"' - \
	"$folder" '{}' "$config" "$@"
if [ "$(find "$folder" -name '*.failed' | wc -l)" -eq "$rows" ]; then
	die "$config: no type can be run, the first: $(sed 's/^,*//' "$folder/1.measured")"
fi
printf '%s%s,status\n' "$(cat "$folder/header")" "$features"
for ((number = 1; number <= rows; number++)); do
	cat "$folder/$number.front" "$folder/$number.measured"
done
