#!/bin/bash
# Measure conn-matrix on 10^9 edges against 10^7: time an edge, memory, and that
# eight shards of them merge into the same bytes.
#
# B is the build directory, SCALE the size (1 is 10^9 edges of 2 10^5 cells in
# 17 groups; 0.01 a quick run), ROUNDS how often the small one is read (5).  The
# edges are made in B, as ids of four bytes in 8 GB, and are gone afterwards: as
# many as the disk has room for, if that is fewer.  Times are told, never failed
# on: what fails is a tool that fails, or shards that merge into something else.
set -u -o pipefail
export LC_ALL=C

B=${B:-build} SCALE=${SCALE:-1} ROUNDS=${ROUNDS:-5}
B=$(cd "$B" && pwd) || exit
here=$(cd "$(dirname "$0")" && pwd) || exit
export PATH=$B/bin:$B/bin/bench:$PATH

work=$(mktemp -d "$B/large.XXXXXX") || exit
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
# shellcheck source=tests/bench/measure.sh
. "$here/measure.sh"

groups=17 shards=8 stats=rows,convergence,divergence
cells=$(awk "BEGIN { n = int(2e5 * $SCALE); print n < 2000 ? 2000 : n }")
large=$(awk "BEGIN { printf \"%d\", 1e9 * $SCALE }")
small=$((large / 100))

# Beside the edges, 2 GB are for others.
make_data() {
	local free
	free=$(df --output=avail -k "$work" | tail -n 1)
	free=$(((free - 2000000) * 1024 / 8))
	if [ "$free" -lt $((10 * small)) ]; then
		echo "no room for $large edges of 8 bytes on the disk: skipped"
		goal "$large edges" 'no room on the disk' '' 'not measured'
		exit 0
	fi
	if [ "$free" -lt "$large" ]; then
		echo "no room for $large edges of 8 bytes on the disk: $free"
		large=$free
	fi
	make-edges --only narrow "$work/small" "$small" "$cells" $groups &&
		make-edges --only narrow "$work/large" "$large" "$cells" \
			$groups || exit
	cat "$work"/*/*.h5 >/dev/null
}

matrix() { # side, jobs, directory
	side conn-matrix "$1" "env time -f '%M %U %S' -o $work/$1.cost \
		conn-matrix -j $2 -g pop_name --stats $stats $work/$3/narrow.json"
}

declare_sides() {
	sides=()
	side bare-read "bare-$1" "bare-read $work/$1/narrow_edges.h5"
	matrix "$1-1" 1 "$1"
	matrix "$1-2" 2 "$1"
}

per_edge() { # side, rows
	awk "BEGIN { printf \"%.2f\", $(best "$1") * 1e3 / $2 }"
}

# How much longer an edge takes than one of the small network.
linear() { # title, the sides' ending
	local one many cost
	if ! best "large-$2" >/dev/null || ! best "small-$2" >/dev/null; then
		speed "$1" "large-$2" '' -1.3
		return
	fi
	many=$(per_edge "large-$2" "$large") one=$(per_edge "small-$2" "$small")
	line "$1" "$(seconds "$(best "large-$2")")" "$many ns" \
		"$(awk "BEGIN { printf \"%.2f\", $many / $one }") x $one ns" \
		'<= 1.3' "$(verdict "$(awk "BEGIN { print $many / $one }")" -1.3)"
	read -r -a cost <"$work/large-$2.cost"
	line '' '' '' "$((cost[0] / 1024)) MB" '<= 256' \
		"$(verdict $((cost[0] / 1024)) -256)"
	line '' '' '' "${cost[1]} s user, ${cost[2]} s system" '' ''
	speed '' "large-$2" bare-large ''
}

# One after the other, as they would run on machines of their own.
merge() {
	local i title="$shards shards merged, the same bytes"
	if ! have conn-merge || [ ! -s "$work/large-1.output" ]; then
		line "$title" - - 'not built: conn-merge' same ''
		return
	fi
	for ((i = 0; i < shards; i++)); do
		conn-matrix -g pop_name --stats $stats --shard $i/$shards \
			--partial -o "$work/part.$i" "$work/large/narrow.json" ||
			failed=1
	done
	if conn-merge "$work"/part.* >"$work/merged" &&
		cmp "$work/merged" "$work/large-1.output"; then
		line "$title" '' '' same same met
	else
		line "$title" '' '' 'not the same' same 'not met'
		failed=1
	fi
}

make_data
declare_sides small
run_sides
declare_sides large
ROUNDS=1 run_sides
cmp "$work/large-1.output" "$work/large-2.output" || failed=1

echo "$large edges against $small, $cells cells, $groups groups, $(nproc) CPUs"
line what 'best s' 'an edge' 'against' gate ''
speed 'bare read' bare-large '' ''
linear "$large edges, -j 1" 1
linear "$large edges, -j 2" 2
merge
exit $failed
