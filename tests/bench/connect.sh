#!/bin/bash
# Measure the connectors, and sonata-pack: what they take of time and memory for
# an edge.
#
# B is the build directory, SCALE the size (1 is 10^4 cells, 10^8 edges at most,
# and 10^5 cells in a cube; 0.1 a quick run), ROUNDS how often (3).  Times are
# told, never failed on: what fails is a connector that fails, or one that makes
# other edges with two threads than with one.
set -u -o pipefail
export LC_ALL=C

B=${B:-build} SCALE=${SCALE:-1} ROUNDS=${ROUNDS:-3}
B=$(cd "$B" && pwd) || exit
here=$(cd "$(dirname "$0")" && pwd) || exit
export PATH=$B/bin:$PATH

work=$(mktemp -d "${TMPDIR:-/tmp}/bmutils-bench.XXXXXX") || exit
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
# shellcheck source=tests/bench/measure.sh
. "$here/measure.sh"

scaled() { # a number, and how many at least
	awk "BEGIN { n = int($1 * $SCALE); print n < $2 ? $2 : n }"
}

square=$(scaled 1e4 1000) cube=$(scaled 1e5 2000)

# Half of the cells of a table are of group A, the others of group B.
make_cells() { # how many, the side of their cube in um
	awk -v n="$1" -v side="$2" 'BEGIN {
		srand(1)
		print "node_id,pop_name,x,y,z"
		for (i = 0; i < n; i++)
			printf "%d,%s,%.3f,%.3f,%.3f\n", i, i % 2 ? "B" : "A",
				rand() * side, rand() * side, rand() * side
	}'
}

# As dense for any number of them: 10^5 in a cube of 1 mm.
side_of() { awk "BEGIN { print 1000 * ($1 / 1e5) ^ (1 / 3) }"; }

# With the memory it takes at most, in MB, as GNU time has it.
measured() { # side, tool and options
	echo "env time -f %M -o $work/$1.kb ${*:2} >$work/$1.out"
}

random="connect-random --seed 1"
pairs="--source A --target B --p 0.01 $work/pairs.csv"
reciprocal="connect-reciprocal --seed 1 --p0 0.01 --pr 0.001"
gaussian="--p gaussian:pmax=0.1,sigma=100 $work/cube.csv"

# As many edges as the rules of fixed degrees make, in no order, with a column of
# their own; and as a sorted table with reals of 17 digits.
make_tables() {
	awk -v n="$edges" -v cells="$cube" 'BEGIN {
		srand(3)
		print "source_node_id,target_node_id,weight"
		for (i = 0; i < n; i++)
			printf "%d,%d,%.5f\n", rand() * cells, rand() * cells, rand()
	}' >"$work/unsorted.csv"
	connect-random --seed 1 --rule fixed_outdegree --outdegree "$degree" \
		"$work/square.csv" | awk -F, -v OFS=, 'NR == 1 { print $0, "delay" }
		NR > 1 { printf "%s,%.17g\n", $0, 0.5 + rand() }' >"$work/delays.csv"
}

declare_sides() {
	local k
	side connect-file file "$(measured file connect-file \
		--pairs "$work/unsorted.csv" "$work/cube.csv")"
	side connect-random indegree "$(measured indegree "$random" \
		--rule fixed_indegree --indegree "$degree" "$work/square.csv")"
	side connect-random outdegree "$(measured outdegree "$random" \
		--rule fixed_outdegree --outdegree "$degree" "$work/square.csv")"
	side connect-random total "$(measured total "$random" \
		--rule fixed_total_number --n "$edges" "$work/square.csv")"
	side sonata-pack pack "$(measured pack sonata-pack \
		-n "$work/square.csv" -o "$work/network" "$work/delays.csv")"
	side connect-reciprocal pairs "$(measured pairs "$reciprocal" \
		--source A --target B "$work/pairs.csv")"
	side connect-reciprocal group "$(measured group "$reciprocal" \
		"$work/square.csv")"
	side connect-random random "$(measured random "$random" "$pairs")"
	side connect-random cube-1 "$(measured cube-1 "$random" "$gaussian")"
	side connect-random cube-2 "$(measured cube-2 "$random" -j 2 \
		"$gaussian")"
	for k in 6 7 8; do
		side connect-random edges-$k "$(measured edges-$k "$random" \
			--p 0.01 "$work/$k.csv" "| wc -l")"
	done
}

megabytes() { # title, side, gate
	local us kb
	us=$(best "$2") || { speed "$1" "$2" '' ''; return; }
	kb=$(<"$work/$2.kb")
	line "$1" "$(seconds "$us")" "$(seconds "$(median "$2")")" \
		"$((kb / 1024)) MB" "${3:+<= $3 MB}" \
		"${3:+$(verdict $((kb / 1024)) "-$3")}"
}

per_edge() { # title, side, ns at most, how many edges, or those that came out
	local us n=${4:-}
	us=$(best "$2") || { speed "$1" "$2" '' ''; return; }
	n=${n:-$(wc -l <"$work/$2.out")}
	amount "$1" "$2" "$(awk "BEGIN { printf \"%.0f\", $us * 1e3 / $n }")" \
		'ns an edge' "-$3"
}

# How much longer an edge takes than with a tenth of the edges.
linear() { # the power of ten that says how many edges
	local us fewer n m
	us=$(best "edges-$1") || { speed "10^$1 edges" "edges-$1" '' ''; return; }
	n=$(<"$work/edges-$1.out")
	line "10^$1 edges" "$(seconds "$us")" \
		"$(seconds "$(median "edges-$1")")" \
		"$(awk "BEGIN { printf \"%.0f ns an edge\", $us * 1e3 / $n }")" \
		'' ''
	fewer=$(best "edges-$(($1 - 1))") || return
	m=$(<"$work/edges-$(($1 - 1)).out")
	line '' '' '' "$(awk "BEGIN { printf \"%.2f x as long an edge\", \
		$us / $n / ($fewer / $m) }")" '' ''
}

agree() { # side, the one it has to agree with
	[ -s "$work/$1.us" ] && [ -s "$work/$2.us" ] || return
	cmp "$work/$1.out" "$work/$2.out" && return
	echo "the edges of $1 are not those of $2" >&2
	failed=1
}

if ! have connect-random; then
	echo "bench: connect-random is not in $B/bin" >&2
	exit 1
fi
make_cells $((2 * square)) 1000 >"$work/pairs.csv"
make_cells "$square" 1000 >"$work/square.csv"
make_cells "$cube" "$(side_of "$cube")" >"$work/cube.csv"
for k in 6 7 8; do
	make_cells "$(awk "BEGIN { print int(10 * sqrt($SCALE * 1e$k)) }")" \
		1000 >"$work/$k.csv"
done
degree=$((square / 10)) edges=$((square * (square / 10)))
make_tables
declare_sides
run_sides
agree cube-2 cube-1

echo "$square x $square cells, p 0.01; $cube cells, $ROUNDS rounds, $(nproc) CPUs"
line what 'best s' 'median s' '' gate ''
within 'connect-reciprocal, two groups' pairs 0.5
megabytes '' pairs 64
within 'connect-reciprocal, one group' group 0.5
megabytes '' group 64
within 'connect-random, two groups' random 0.5
megabytes '' random 64
linear 6
linear 7
linear 8
best edges-7 >/dev/null && per_edge 'Bernoulli, 10^7 edges' edges-7 30 \
	"$(<"$work/edges-7.out")"
per_edge 'fixed_indegree' indegree 60
per_edge 'fixed_outdegree' outdegree 60
per_edge 'fixed_total_number' total 60
within 'Gaussian of 100 um, 0.1' cube-1 10
megabytes '' cube-1 ''
per_edge 'Gaussian, an edge' cube-1 200
within 'the same, -j 2' cube-2 10
within "connect-file, a third column" file 1.1
per_edge 'sonata-pack, reals of 17 digits' pack 100 "$edges"
exit $failed
