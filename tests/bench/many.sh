#!/bin/bash
# Measure how much of what the tools take, for the table of bmutils(7): 10^7
# cells, 1000 groups, 20 000 populations, 10^8 spikes.
#
# B is the build directory, SCALE the size (1; 0.01 is a quick look), MANY which
# of cells, groups, populations, spikes and pictures, PYTHON one that has h5py.
# At SCALE 1 the files take 7 GB, one part after the other; a part that the disk
# has no room for is left out.  Times are CPU time, which what else the machine
# does makes no longer; figures are told, never failed on: what fails is a tool
# that fails.
set -u -o pipefail
export LC_ALL=C

B=${B:-build} SCALE=${SCALE:-1} PYTHON=${PYTHON:-python3}
MANY=${MANY:-cells groups populations spikes pictures}
B=$(cd "$B" && pwd) || exit
export PATH=$B/bin:$B/bin/bench:$PATH

work=$(mktemp -d "${TMPDIR:-/tmp}/bmutils-many.XXXXXX") || exit
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
cd "$work" || exit
failed=0

scaled() { awk "BEGIN { n = $1 * $SCALE; printf \"%d\", n < $2 ? $2 : n }"; }

room() { # kB that a part takes at SCALE 1
	local need
	need=$(scaled "$1" 10000)
	[ "$(df --output=avail -k . | tail -n 1)" -gt "$need" ] && return
	echo "no room for $need kB on the disk: left out"
	return 1
}

# A line of the table: the cost of a command, and that for each of so many.
cost() { # how many, of what, the command
	local n=$1 unit=$2
	shift 2
	env time -o cost -f '%U %S %M' "$@" >/dev/null 2>error
	# sonata-check has findings, as ids of four bytes are all there is.
	if [ $? -gt "$([ "$1" = sonata-check ]; echo $((! $?)))" ]; then
		cat error >&2
		failed=1
		return
	fi
	tail -n 1 cost | awk -v n="$n" -v unit="$unit" -v what="$*" '{
		s = $1 + $2
		printf "%8.2f s %7.0f MB  %8.3g us %8.3g B a %-10s  %s\n", s,
			$3 / 1024, s / n * 1e6, $3 * 1024 / n, unit, what
	}'
}

network() { # edges, cells, groups
	make-edges --only narrow net "$1" "$2" "$3" || exit
	cat net/* >/dev/null
}

cells() {
	local cells edges
	room 3000000 || return
	cells=$(scaled 1e7 10000) edges=$(scaled 1e8 100000)
	echo "$cells cells in 16 groups, $edges edges"
	network "$edges" "$cells" 16
	cost "$cells" cell sonata-info net/narrow.json
	cost "$cells" cell sonata-nodes net/narrow.json
	cost "$edges" edge sonata-edges net/narrow.json
	cost "$edges" edge sonata-check net/narrow.json
	for stats in rows rows,convergence,divergence rows,connections; do
		cost "$edges" edge conn-matrix --stats "$stats" net/narrow.json
	done
	cost "$cells" cell conn-count net/narrow.json
	cost "$edges" edge conn-hist net/narrow.json
	sonata-nodes net/narrow.json >nodes.csv
	sonata-edges -c source_node_id,target_node_id net/narrow.json |
		head -n $((cells + 1)) >edges.csv
	rm -r net
	cost "$cells" cell conn-matrix -n nodes.csv edges.csv
	cost "$cells" edge sonata-pack -n nodes.csv -o packed edges.csv
	cost "$cells" edge connect-random --seed 1 \
		--p "$(awk "BEGIN { print 1 / $cells }")" nodes.csv
	cost "$cells" cell graph-stats --stats degree packed/circuit_config.json
	cost "$cells" edge graph-export packed/circuit_config.json
	rm -r packed nodes.csv edges.csv
}

groups() {
	local cells edges
	room 1000000 || return
	cells=$(scaled 1e5 1000) edges=$(scaled 1e7 10000)
	echo "$cells cells in 1000 groups, $edges edges"
	network "$edges" "$cells" 1000
	for stats in rows rows,convergence,divergence rows,connections; do
		cost $((cells * 1000)) 'cell x group' conn-matrix --stats "$stats" \
			net/narrow.json
	done
	cost $((cells * 1000)) 'cell x group' conn-count net/narrow.json
	cost $((cells * 1000)) 'cell x group' conn-hist net/narrow.json
	rm -r net
	cells=$(scaled 1e5 1000)
	echo "$cells cells in 16 groups"
	network "$edges" "$cells" 16
	cost $((cells * cells)) pair conn-distance --width 100 net/narrow.json
	rm -r net
}

# A node population of ten cells each, and a pathway from each to the next.
populations() {
	local n
	room 200000 || return
	n=$(scaled 2e4 200)
	echo "$n populations and as many pathways"
	"$PYTHON" - "$n" <<-'END' || exit
	import json
	import sys
	import h5py
	import numpy as np

	n, ids, none = int(sys.argv[1]), np.arange(10), np.zeros(10, "i8")
	with h5py.File("nodes.h5", "w", libver="latest") as nodes, \
	        h5py.File("edges.h5", "w", libver="latest") as edges:
	    for f in nodes, edges:
	        f.attrs["magic"] = np.uint32(0x0A7A)
	        f.attrs["version"] = np.array([0, 1], "u4")
	    for i in range(n):
	        group = nodes.create_group(f"nodes/p{i}")
	        group["node_id"] = ids
	        group["node_type_id"] = none + i % 2
	        ends = f"p{i}", f"p{(i + 1) % n}"
	        group = edges.create_group("edges/{}_to_{}".format(*ends))
	        group["edge_type_id"] = none
	        for end, name in zip(("source", "target"), ends):
	            at = group.create_dataset(end + "_node_id", data=ids)
	            at.attrs["node_population"] = name
	with open("node_types.csv", "w") as f:
	    f.write("node_type_id pop_name\n0 PN\n1 PV\n")
	with open("edge_types.csv", "w") as f:
	    f.write("edge_type_id delay\n0 2.0\n")
	parts = {s + "s": [{s + "s_file": s + "s.h5",
	                    s + "_types_file": s + "_types.csv"}]
	         for s in ("node", "edge")}
	with open("config.json", "w") as f:
	    json.dump({"networks": parts}, f)
	END
	cost "$n" population sonata-info config.json
	cost "$n" population sonata-nodes --all config.json
	cost "$n" population sonata-edges --all config.json
	cost "$n" population sonata-check config.json
	cost "$n" population conn-matrix config.json
	cost "$n" population conn-count config.json
	cost "$n" population graph-stats --stats degree config.json
	cost "$n" population graph-export config.json
	rm -- *.h5
}

spikes() {
	local n cells
	room 6500000 || return
	n=$(scaled 1e8 100000) cells=$(scaled 1e6 1000)
	echo "$n spikes of $cells cells, in no order"
	"$PYTHON" - "$n" "$cells" <<-'END' || exit
	import sys
	import h5py
	import numpy as np

	n, cells = map(int, sys.argv[1:])
	rng, most = np.random.default_rng(1), 10 ** 7
	with h5py.File("spikes.h5", "w") as f:
	    id = f.create_dataset("spikes/a/node_ids", (n,), "u8")
	    time = f.create_dataset("spikes/a/timestamps", (n,), "f8")
	    time.attrs["units"] = "ms"
	    for k in range(0, n, most):
	        m = min(most, n - k)
	        id[k:k + m] = rng.integers(0, cells, m)
	        time[k:k + m] = np.round(rng.random(m) * 10000, 1)
	END
	awk -v n="$cells" 'BEGIN {
		print "population,node_id,pop_name"
		while (i < n)
			print "a," i++ "," (i % 16)
	}' >nodes.csv
	cat spikes.h5 >/dev/null
	cost "$n" spike sonata-spikes spikes.h5
	cost "$n" spike sonata-spikes --summary spikes.h5
	cost "$n" spike sonata-spikes --sort time spikes.h5
	cost "$n" spike spike-pack -o packed.h5 spikes.h5
	rm packed.h5
	cost "$n" spike spike-rate -n nodes.csv --to 10000 spikes.h5
	cost "$n" spike spike-rate -n nodes.csv --to 10000 --bursts spikes.h5
	rm spikes.h5
}

pictures() {
	local n=200000
	echo 'pictures'
	awk -v n="$n" 'BEGIN {
		srand(1)
		print "timestamps,population,node_ids"
		while (i++ < n)
			printf "%.1f,a,%d\n", rand() * 1e4, rand() * 1000
	}' >spikes.csv
	awk 'BEGIN {
		print "source,target,rows"
		for (i = 0; i < 1000; i++)
			for (j = 0; j < 1000; j++)
				print "s" i ",t" j "," (i * j) % 97
	}' >matrix.csv
	cost "$n" spike plot-raster -o raster.png spikes.csv
	cost 1000000 field plot-matrix -y rows --no-values -o matrix.png \
		matrix.csv
}

if ! type -P make-edges >/dev/null; then
	echo "many: make-edges is not in $B/bin/bench" >&2
	exit 1
fi
for part in $MANY; do
	case $part in
	cells) cells ;;
	groups) groups ;;
	populations) populations ;;
	spikes) spikes ;;
	pictures) pictures ;;
	*) echo "many: '$part' is not a part" >&2 ;;
	esac || failed=1
done
exit $failed
