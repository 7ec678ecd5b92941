#!/bin/bash
# Measure the tools against what one would write instead, all in one run.
#
# B is the build directory, SCALE the size (1 is 2e7 edges, 0.01 a quick run),
# ROUNDS how often (5), PYTHON one that has h5py.  The network is made in a
# temporary directory, or once and for all if there is a directory $B/bench.
# Times are told, never failed on: what fails is a tool that fails.
set -u -o pipefail
export LC_ALL=C

B=${B:-build} SCALE=${SCALE:-1} ROUNDS=${ROUNDS:-5} PYTHON=${PYTHON:-python3}
B=$(cd "$B" && pwd) || exit
here=$(cd "$(dirname "$0")" && pwd) || exit
export PATH=$B/bin:$B/bin/bench:$PATH

rows=$(awk "BEGIN { printf \"%d\", 2e7 * $SCALE }")
cells=$(awk "BEGIN { printf \"%d\", 1e5 * $SCALE }")
groups=16
counters=$((cells * groups * 4 * 2))
stats=rows,convergence,divergence
columns=source_node_id,target_node_id,edge_type_id

work=$(mktemp -d "${TMPDIR:-/tmp}/bmutils-bench.XXXXXX") || exit
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
data=$work/data
[ -d "$B/bench" ] && data=$B/bench/$rows
# shellcheck source=tests/bench/measure.sh
. "$here/measure.sh"

# The most memory, in kB, that one of its processes has.
weigh() { # side
	/usr/bin/time -o "$work/$1.kb" -f %M bash -o pipefail -c \
		"$(<"$work/$1.command")" >/dev/null 2>"$work/$1.error" ||
		fail "$1"
}

per_second() { # title, side, gate
	local us
	us=$(best "$2") || return
	amount "$1" "$2" "$(awk "BEGIN { printf \"%.3g\", $rows / $us }")" \
		'million rows/s' "$3"
}

per_edge() { # title, side, nanoseconds at most
	local us
	us=$(best "$2") || { speed "$1" "$2" '' "-$3"; return; }
	amount "$1" "$2" "$(awk "BEGIN {
		printf \"%.1f\", $us * 1e3 / $rows }")" 'ns an edge' "-$3"
}

memory() { # title, side
	local kb
	[ -s "$work/$2.kb" ] || return
	kb=$(<"$work/$2.kb")
	amount "$1" "$2" "$(awk "BEGIN {
		printf \"%.1f\", $kb / 1024 - $counters / 1048576 }")" \
		'MB beside counters' -64
}

more_per_edge() { # title, side, the side without it, nanoseconds at most
	local us less
	if ! us=$(best "$2") || ! less=$(best "$3"); then
		speed "$1" "$2" '' "-$4"
		return
	fi
	amount "$1" "$2" "$(awk "BEGIN {
		printf \"%.1f\", ($us - $less) * 1e3 / $rows }")" \
		'ns more an edge' "-$4"
}

# Bytes beyond what a tiny network takes.
bytes_each() { # title, side, how many, what they are, at most
	[ -s "$work/$2.kb" ] || return
	amount "$1" "$2" "$(awk "BEGIN { printf \"%d\", ($(<"$work/$2.kb") - \
		$(<"$work/tiny.kb")) * 1024 / $3 }")" "B a $4" "-$5"
}

# Cells and edges of so many populations: two cells in each, and an edge to the
# next one.
make_populations() { # how many
	awk -v n="$1" -v cells="$work/cells.$1" -v edges="$work/edges.$1" '
		BEGIN {
		print "node_id,population" >cells
		print "source_node_id,target_node_id,source_population," \
			"target_population" >edges
		for (i = 0; i < n; i++) {
			print "0,P" i "\n1,P" i >cells
			print "0,1,P" i ",P" (i + 1) % n >edges
		} }'
}

# How much longer four times as many populations take.
populations() { # title, side
	local us fewer
	if ! us=$(best "$2-20000") || ! fewer=$(best "$2-5000"); then
		speed "$1" "$2-20000" '' -5
		return
	fi
	amount "$1" "$2-20000" "$(awk "BEGIN {
		printf \"%.1f\", $us / $fewer }")" 'x 5000 of them' -5
}

make_data() {
	if [ ! -e "$data/done" ] || [ ! -e "$data/narrow.json" ]; then
		mkdir -p "$data" &&
			make-edges "$data" "$rows" "$cells" "$groups" &&
			touch "$data/done" || exit
	fi
	make-edges "$work/tiny" 10 5 2 || exit
	make_populations 5000
	make_populations 20000
	cat "$data"/* >/dev/null # all sides read what is in memory
	rm -f "$data/nodes.csv"
	if have sonata-nodes; then
		sonata-nodes "$data/contiguous.json" >"$data/nodes.csv" ||
			failed=1
	fi
}

declare_sides() {
	local kind jobs n
	for kind in contiguous narrow gzip unsorted; do
		side bare-read "bare-$kind" "bare-read $data/${kind}_edges.h5"
		side "$PYTHON" "numpy-$kind" "$PYTHON $here/numpy_loop.py \
			$data/${kind}_edges.h5 $data/nodes.h5"
		for jobs in 1 2; do
			side conn-matrix "$kind-$jobs" "conn-matrix -j $jobs \
				-g pop_name --stats $stats $data/$kind.json"
		done
	done
	local write="sonata-edges -c $columns $data/contiguous.json"
	side sonata-edges cat "$write | cat >/dev/null"
	side 'sonata-edges sonata-nodes conn-matrix' text "$write |
		conn-matrix -n $data/nodes.csv -g pop_name --stats $stats"
	side conn-matrix everything "conn-matrix -g pop_name \
		$data/unsorted.json"
	side conn-hist value "conn-hist --value delay --summary -g pop_name \
		$data/contiguous.json"
	side sonata-edges where "sonata-edges --where 'delay>3' \
		$data/contiguous.json"
	side sonata-edges attribute "sonata-edges -c delay \
		$data/contiguous.json"
	side sonata-edges plain "sonata-edges $data/contiguous.json"
	for n in 5000 20000; do
		side conn-count "conn-count-$n" "conn-count \
			-n $work/cells.$n $work/edges.$n"
	done
	side 'sonata-edges edge-delay' any-order "sonata-edges --shard 0/10 \
		$data/unsorted.json | edge-delay --normal 1:0.1 --seed 1 \
		--any-order"
	side conn-hist tiny "conn-hist $work/tiny/contiguous.json"
	side conn-count in "conn-count --direction in -g pop_name \
		$data/contiguous.json"
	side conn-hist degree "conn-hist -g pop_name $data/contiguous.json"
	side sonata-diff diff "sonata-diff $data/contiguous_edges.h5 \
		$data/gzip_edges.h5"
	side sonata-cut cut "rm -rf $work/cut; sonata-cut \
		--where 'node_id<$cells' -o $work/cut $data/contiguous.json"
	side conn-distance distance "conn-distance -g pop_name \
		$data/contiguous.json"
}

# Too short for a shell and a meter around it.
start_up() {
	local from to
	for _ in {1..20}; do
		from=$EPOCHREALTIME
		sonata-info "$work/tiny/contiguous.json" >/dev/null || return
		to=$EPOCHREALTIME
		echo $((${to/./} - ${from/./})) >>"$work/start.us"
	done
}

# The tools and the yardstick have counted the same edges.
agree() {
	local kind total
	for kind in contiguous narrow gzip unsorted; do
		for total in "$kind-1" "$kind-2" "$([ "$kind" = contiguous ] &&
			echo text)"; do
			[ -s "$work/$total.output" ] || continue
			awk -F, -v rows="$rows" -v side="$total" '
				NR == 1 { for (i = 1; i <= NF; i++)
					if ($i == "rows") c = i }
				NR > 1 { n += $c }
				END { if (n != rows) {
					print side ": " n " rows, not " rows
					exit 1 } }' "$work/$total.output" >&2 ||
				failed=1
		done
		[ -s "$work/numpy-$kind.output" ] || continue
		[ "$(cut -d ' ' -f 1 "$work/numpy-$kind.output")" = "$rows" ] ||
			failed=1
	done
}

for tool in make-edges bare-read; do
	have "$tool" && continue
	echo "bench: $tool is not in $B/bin/bench" >&2
	exit 1
done
"$PYTHON" -c 'import h5py, numpy' 2>/dev/null || PYTHON=h5py-for-python
make_data
declare_sides
run_sides
for name in "${sides[@]}"; do
	[ -x /usr/bin/time ] && [ ! -e "$work/$name.failed" ] && weigh "$name"
done
if have sonata-info; then
	start_up || { touch "$work/start.failed"; failed=1; }
else
	echo sonata-info >"$work/start.missing"
fi
agree

echo "$rows edges, $cells cells, $groups groups, $ROUNDS rounds, $(nproc) CPUs"
line what 'best s' 'median s' 'against' gate ''
for kind in contiguous narrow gzip unsorted; do
	speed "bare read, $kind" "bare-$kind" '' ''
	speed "numpy, $kind" "numpy-$kind" '' ''
	case $kind in
	contiguous) bare=0.4 numpy=5 ;;
	narrow) bare=0.5 numpy=5 ;;
	gzip) bare='' numpy=4 ;;
	*) bare='' numpy='' ;;
	esac
	speed "conn-matrix -j 1, $kind" "$kind-1" "numpy-$kind" ''
	speed "conn-matrix -j 2, $kind" "$kind-2" "numpy-$kind" "$numpy"
	speed '' "$kind-2" "bare-$kind" "$bare"
	memory '' "$kind-2"
done
speed 'sonata-edges | cat' cat '' ''
speed 'sonata-edges | conn-matrix' text cat 0.6
per_second '  or' text 40
memory '' text
within 'all statistics, unsorted' everything 0.6
memory '' everything
per_edge 'conn-hist --value, of types' value 10
per_edge 'sonata-edges --where, of types' where 10
more_per_edge 'sonata-edges -c, of types' attribute plain 10
bytes_each conn-hist degree "$cells" cell 136
bytes_each 'conn-count --direction in' in "$cells" cell 256
bytes_each 'edge-delay --any-order' any-order $((rows / 10)) row 24
# Most of it is the disk's, which has to have the files before their names.
per_edge 'sonata-cut, where all is kept' cut 1000
speed 'sonata-diff, contiguous and gzip' diff bare-gzip ''
populations 'conn-count, 20000 populations' conn-count
if us=$(best distance); then
	amount 'conn-distance' distance "$(awk "BEGIN {
		printf \"%.3f\", $us / 1e6 / ($cells * $cells / 1e9) }")" \
		's per 10^9 pairs' -3
else
	speed conn-distance distance '' ''
fi
if us=$(best start); then
	ROUNDS=20 amount 'sonata-info, a tiny file' start \
		"$(awk "BEGIN { printf \"%.1f\", $us / 1e3 }")" ms -8
else
	speed sonata-info start '' ''
fi
exit $failed
