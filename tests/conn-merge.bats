# Any number of parts, in any order, are held against the bytes of one run of
# the tool that made them; that run is held against others in its own tests.
load common.bash

tricky=$BATS_TEST_DIRNAME/data/tricky/config.json

seal() { # a part that has been changed gets the checksum it would have had
	python "$1" <<-'END'
	import csv, sys
	rows = list(csv.reader(open(sys.argv[1])))
	h = 14695981039346656037
	for text in (text.encode() for row in rows[1:-1] for text in row):
	    for i in range(0, len(text) + 1, 8):
	        v = int.from_bytes(text[i:i + 8], "little")
	        h = (h ^ v) * 1099511628211 % 2**64
	        h ^= h >> 32
	rows[-1][1] = f"{h:016x}"
	csv.writer(open(sys.argv[1], "w"), lineterminator="\n").writerows(rows)
	END
}

setup_file() { # 300 cells of two populations, edges unsorted and sorted
	cd "$BATS_FILE_TMPDIR" || return
	awk 'BEGIN {
		print "node_id,population,pop_name,layer,x,y,z"
		for (i = 0; i < 200; i++)
			print i * 3 ",L," (i % 3 ? "PN" : "ITN") "," i % 2 "," \
				i ",0," i % 7
		for (i = 0; i < 100; i++)
			print 500 - i ",V,in,0," i ",1,0"
	}' >n.csv
	awk 'function draw(n) {
		seed = (seed * 16807) % 2147483647
		return seed % n
	}
	BEGIN {
		seed = 7
		print "source_node_id,target_node_id,source_population," \
			"target_population,nsyns,is_gap_junction,weight"
		for (i = 0; i < 3000; i++)
			print draw(200) * 3 "," draw(200) * 3 ",L,L," \
				draw(4) "," (draw(9) ? "" : "True") "," \
				draw(1000) / 7
		for (i = 0; i < 800; i++)
			print 500 - draw(100) "," draw(200) * 3 ",V,L,1,," \
				draw(5)
	}' >e.csv
	sonata-pack -n n.csv -o sorted --compress 1 e.csv >/dev/null
	cp -r sorted unsorted
	python <<-'END'
	import h5py
	import numpy as np
	for name in "L_to_L", "V_to_L":
	    with h5py.File(f"unsorted/{name}_edges.h5", "r+") as f:
	        p = f["edges/" + name]
	        del p["indices"]
	        order = np.random.default_rng(1).permutation(len(p["0/nsyns"]))
	        for d in [p[k] for k in p if k != "0"] + list(p["0"].values()):
	            d[:] = d[:][order]
	END
}

parts() { # how many, the tool and its arguments: the files p0, p1, ...
	local i
	rm -f p[0-9]*
	for ((i = 0; i < $1; i++)); do
		"${@:2}" --partial --shard $i/"$1" -o p$i || return
	done
}

reversed() { printf '%s\n' p[0-9]* | sort -r; }

same() { # the tool and its arguments: 3 and 7 parts, the last one first
	local many
	"$@" >whole
	for many in ${few:-3 7}; do
		parts "$many" "$@"
		reversed | xargs conn-merge | cmp whole - ||
			fail "$many parts: $*"
	done
}

of_all() { # the tool and its options: on both networks
	few=3 same "$@" "$BATS_FILE_TMPDIR/sorted/circuit_config.json"
	few=7 same "$@" -j 2 "$BATS_FILE_TMPDIR/unsorted/circuit_config.json"
}

# bats test_tags=long
@test "conn-matrix: all statistics" {
	few='1 20' same conn-matrix "$tricky"
	of_all conn-matrix
	grep -q ,0, whole
	of_all conn-matrix --unit synapses --level 0.5 --include-gap
	of_all conn-matrix --unit connections --wide convergence_median -g layer
}

# bats test_tags=long
@test "conn-matrix: some statistics, populations, groups, attributes" {
	local stats few=3
	for stats in rows,autapses convergence divergence synapses connections \
		reciprocal synapses_per_connection gap; do
		same conn-matrix --stats $stats "$tricky"
	done
	same conn-matrix -e V_to_L --all --no-prepend --target-group layer \
		"$BATS_FILE_TMPDIR/unsorted/circuit_config.json"
	same conn-matrix --stats rows --attribute syn_weight "$tricky"
	of_all conn-matrix --wide projecting
}

@test "conn-matrix: a table, which is read once, in any order" {
	local e=$BATS_FILE_TMPDIR/e.csv n=$BATS_FILE_TMPDIR/n.csv
	table() {
		{ head -n 1 "$e"; tail -n +2 "$e" | tac; } |
			conn-matrix -n "$n" "$@"
	}
	same table
	same table --stats rows
	cp whole table
	conn-matrix -n "$n" --stats rows "$e" | cmp table -
}

# bats test_tags=long
@test "conn-count" {
	few=3 same conn-count "$tricky"
	of_all conn-count --nonzero --include-gap
	of_all conn-count --wide --direction out --all
	few=3 same conn-count --direction in -n "$BATS_FILE_TMPDIR/n.csv" \
		"$BATS_FILE_TMPDIR/e.csv"
}

# bats test_tags=long
@test "conn-hist: degrees" {
	of_all conn-hist
	of_all conn-hist --unit connections --direction out --summary
	few=3 same conn-hist --unit synapses --nonzero --bins 5 "$tricky"
	few=3 same conn-hist --target PN -n "$BATS_FILE_TMPDIR/n.csv" \
		--no-prepend "$BATS_FILE_TMPDIR/e.csv"
}

@test "conn-hist: values, whose sums are exact" {
	of_all conn-hist --value weight --summary
	of_all conn-hist --value weight --bins 0:150:10 --include-gap
	few=5 same conn-hist --value weight --bins 0,2,4 \
		-n "$BATS_FILE_TMPDIR/n.csv" "$BATS_FILE_TMPDIR/e.csv"
	tool=conn-hist
	misused "--bins: LOW:HIGH:WIDTH or edges are needed with --value and --partial, whose parts see some values" \
		--value syn_weight --partial --bins 5 "$tricky"
	tool=conn-merge
	python <<-'END'
	import math
	import random
	import subprocess
	from fractions import Fraction
	random.seed(1)
	nodes = open("n.csv", "w")
	nodes.write("node_id,pop_name\n" + "".join(f"{i},P{i}\n" for i in range(9)))
	nodes.close()
	wide = [1e300, -1e300, 1e-300, 5e-324, 1.5e308, -1.7e308, 0.0, 1.0]
	sets = [[random.uniform(-1, 1) * 10.0 ** random.randint(-9, 9)
	         for _ in range(50)], [1e9 + random.random() for _ in range(50)],
	        [0.1] * 7, [-0.0, 0.0], [3.25], wide, [5e-324, 1e-323],
	        [1e16, 1.0, -1e16], [2.0 ** 1000, 2.0 ** 1000 + 2.0 ** 950]]
	with open("e.csv", "w") as f:
	    f.write("source_node_id,target_node_id,w\n")
	    for i, values in enumerate(sets):
	        for v in values:
	            f.write(f"0,{i},{v!r}\n")
	out = subprocess.run(["conn-hist", "--value", "w", "--summary", "-n",
	                      "n.csv", "--source", "P0", "e.csv"], text=True,
	                     stdout=subprocess.PIPE, check=True).stdout
	for line, v in zip(out.splitlines()[1:], sets):
	    mean, sd = line.split(",")[3:5]
	    exact = [Fraction(x) for x in v]
	    n, m = len(v), sum(exact) / len(v)
	    assert float(mean) == float(m), (line, float(m))
	    if n == 1:
	        assert sd == "", line
	        continue
	    square = sum((x - m) ** 2 for x in exact) / (n - 1)
	    e = 2 * ((square.numerator.bit_length() -
	              square.denominator.bit_length()) // 2) if square else 0
	    true = math.ldexp(math.sqrt(square / Fraction(2) ** e), e // 2)
	    assert float(sd) == true, (line, true)
	END
}

# bats test_tags=long
@test "conn-distance" {
	few=3 same conn-distance "$tricky"
	of_all conn-distance
	of_all conn-distance --width 30 --axes xy --source L:PN
	few=3 same conn-distance --bin-edges 0,20,inf --level 0.8 \
		-n "$BATS_FILE_TMPDIR/n.csv" "$BATS_FILE_TMPDIR/e.csv"
}

# bats test_tags=long
@test "graph-stats: degrees" {
	few=3 same graph-stats --stats degree --by group "$tricky"
	of_all graph-stats --stats degree
	tool=graph-stats
	misused "--partial is for --stats degree alone" --partial "$tricky"
	misused "--partial is for --stats degree alone" --partial \
		--stats degree,size "$tricky"
	tool=conn-merge
}

# bats test_tags=long
@test "spike-rate: text, HDF5, a config" {
	local n=$BATS_FILE_TMPDIR/n.csv few=4 file
	awk 'BEGIN {
		print "timestamps,node_ids,population"
		for (i = 0; i < 2000; i++)
			print i * 7919 % 1000 / 8 "," i * 31 % 190 * 3 ",L"
		for (i = 0; i < 50; i++)
			print 20 + i "," 500 - i % 9 ",V"
	}' >s.csv
	spike-pack -o s.h5 s.csv
	for file in s.csv s.h5; do
		same spike-rate -n "$n" "$file"
		same spike-rate -n "$n" --per cell --from 10 "$file"
		same spike-rate -n "$n" --bin 7 --from 30 "$file"
		same spike-rate -n "$n" --bin 4 --from 4 --to 84 --ids 0-300 \
			--smooth gaussian -p L "$file"
	done
	few=7 same spike-rate --bin 20 "$data/config.json"
	tool=spike-rate
	misused "--bursts and --partial exclude each other" --bursts --partial \
		-n "$n" s.csv
	misused "--part stands for the spikes: 's.csv'" --part p0 s.csv
	tool=conn-merge
	spike-rate -n "$n" --partial --shard 0/2 s.csv >p0
	tail -n +2 s.csv | sed 1d | cat <(head -n 1 s.csv) - |
		spike-rate -n "$n" --partial --shard 1/2 >p1
	run conn-merge p0 p1
	[[ $output == 'conn-merge: p1: is of another network than p0: here '* ]]
	spike-rate -n "$n" --partial --shard 1/2 s.csv | sed 's/^rows,,,,.*/rows,,,,3/' >p1
	seal p1
	bad "p1: all parts have 1028 rows, and the spikes 2050" p0 p1
	sed 's/^own,bins,.*/own,bins,,5,x/' p0 >x
	bad "x: not a part of spikes: no own bins" x p1
}

@test "rows are cut evenly where pairs are not needed, pairs elsewhere" {
	local net=$BATS_FILE_TMPDIR/sorted/circuit_config.json
	parts 4 conn-matrix --stats rows,convergence "$net"
	is "$(grep -h ^rows, p?)" "$(printf 'rows,,,,950\n%.0s' 1 2 3 4)"
	parts 4 conn-matrix "$net"
	is "$(grep -h ^rows, p? | awk -F, '{ n += $5; even += $5 > 800 }
		END { print n, even }')" "3800 4"
}

@test "parts through pipes, several in a file, as TSV" {
	conn-matrix "$tricky" >whole
	parts 5 conn-matrix "$tricky"
	cat p? | conn-merge | cmp whole -
	conn-merge p4 - p2 <p0 3< <(cat p3 p1) /dev/fd/3 | cmp whole -
	cat p4 p3 p2 p1 p0 >all
	conn-merge <(cat all) | cmp whole -
	conn-merge -o m.tsv all
	conn-matrix -t "$tricky" | cmp m.tsv -
	conn-merge -t all | cmp m.tsv -
	parts 5 conn-matrix -t -S 1M "$tricky"
	conn-merge p? | cmp whole -
	conn-matrix --part p0 --part p4 --part p3 --part p1 --part p2 |
		cmp whole -
}

@test "the task of an array" {
	conn-matrix "$tricky" >whole
	for SLURM_ARRAY_TASK_ID in 1 2; do
		SLURM_ARRAY_TASK_COUNT=2 SLURM_ARRAY_TASK_MIN=1 \
			SLURM_ARRAY_TASK_ID=$SLURM_ARRAY_TASK_ID \
			conn-matrix --shard auto --partial "$tricky"
	done | conn-merge | cmp whole -
}

@test "what does not belong together" {
	local other=$BATS_FILE_TMPDIR/sorted/circuit_config.json
	parts 3 conn-matrix "$tricky"
	bad "part 1/3 is missing" p0 p2
	bad "parts 0/3, 2/3 are missing" p1
	bad "p1: is part 1/3, as p1 is" p1 p0 p1
	cp p0 again
	bad "again: is part 0/3, as p0 is" p0 p1 p2 again
	conn-matrix --partial --shard 1/4 "$tricky" >four
	bad "four: is one of 4 parts, and p0 one of 3" p0 four
	conn-matrix --partial --shard 1/3 --stats rows "$tricky" >some
	bad "some: is of other options than p0: here stats rows, there nothing" \
		p0 some p2
	bad "p0: is of other options than some: here nothing, there stats rows" \
		some p0 p2
	conn-matrix --partial --shard 1/3 --include-gap "$tricky" >gap
	bad "gap: is of other options than p0: here include-gap, there nothing" \
		p0 gap p2
	sed 's/^part,version,.*/part,version,,,0.0/' p1 >old
	bad "old: is of another version than p0: here version 0.0, there version ${version:=$(conn-merge -V | cut -d' ' -f2)}" \
		p0 old p2
	bad "old: is of another version than this: here version 0.0, there version $version" \
		old p0 p2
	sed 's/^part,tool,.*/part,tool,,,conn-hist/' p1 >hist
	bad "hist: is of another tool than p0: here tool conn-hist, there tool conn-matrix" \
		p0 hist p2
	conn-matrix --partial --shard 1/3 "$other" >net
	run --separate-stderr conn-merge p0 net p2
	[[ $stderr == 'conn-merge: net: is of another network than p0: here L_to_L L_to_L_edges.h5 '*' 3000, there A_to_A A_A_edges.h5 '*' 21' ]]
	is "$status" 1
}

@test "the same files with other cells, and a table that is shorter" {
	local n=$BATS_FILE_TMPDIR/n.csv e=$BATS_FILE_TMPDIR/e.csv
	conn-matrix -n "$n" --partial --shard 0/2 "$e" >p0
	mkdir other
	sed 's/^0,L,ITN,/0,L,PN,/' "$n" >other/n.csv
	conn-matrix -n other/n.csv --partial --shard 1/2 "$e" >p1
	run --separate-stderr conn-merge p0 p1
	[[ $stderr == 'conn-merge: p1: is of another network than p0: here L 200 '*', there L 200 '* ]]
	head -n 3000 "$e" | conn-matrix -n "$n" --partial --shard 1/2 >p1
	bad "p1: is of another network than p0: here 2999, there 3800" p0 p1
	sed 's/^rows,,,,.*/rows,,,,7/' p0 >q0
	seal q0
	conn-matrix -n "$n" --partial --shard 1/2 "$e" >p1
	bad "p1: all parts have $((7 + $(sed -n 's/^rows,,,,//p' p1))) rows, and the edges 3800" \
		q0 p1
}

@test "parts that are not whole" {
	local n
	parts 2 conn-matrix "$tricky"
	for n in 1 2 20 40; do
		head -n $n p1 >short
		bad "short: ends before its last line: make this part again" \
			p0 short
		bad "short: ends before its last line: make this part again" \
			short p0
	done
	for n in 60 400 444 -1 -2 -3 -5 -6 -7 -9 -14; do
		head -c "$n" p1 >short
		bad "short: ends before its last line: make this part again" \
			p0 short
	done
	head -c 500 p1 >short
	bad "standard input: ends before its last line: make this part again" \
		p0 - < <(cat short)
	sed '$d' p1 >short
	bad "short: ends before its last line: make this part again" p0 short
	sed 40d p1 >short
	bad "short:$(wc -l <short): column 'value': another number of lines than the part has: '$(sed -n 's/^end,.*,//p' p1)'" \
		p0 short
	bad "short: No such file or directory" "$(rm short; echo short)"
	: >empty
	bad "empty: no header" empty
	bad "standard input: no header" - </dev/null
	bad "$tricky: not a part, as --partial writes it" "$tricky" p0
	echo >>p0
	{ cat p0; echo a,b,c,d,e; cat p1; } >longer
	bad "longer:$(grep -n ^a,b longer | cut -d: -f1): column 'record': something after the end of a part: 'a'" \
		longer
}

@test "a part in which something has been changed" {
	local k sum changed="not the checksum of these lines, which have been changed: make this part again"
	parts 2 conn-matrix "$tricky"
	cp p0 sealed
	seal sealed
	cmp p0 sealed
	sum=$(sed -n 's/^end,\([^,]*\),.*/\1/p' p0)
	k=$(grep -n -m 1 ^sum,in, p0 | cut -d: -f1)
	for change in "${k}s/[0-9]\$/7/" "${k}s/0>0,/0>0,1/" \
		's/^rows,,,,.*/rows,,,,1/' '/^row,node_id/s/$/0/'; do
		sed "$change" p0 >x
		run ! cmp -s p0 x
		bad "x:$(wc -l <x): column 'name': $changed: '$sum'" p1 x
	done
	sed 's/^end,[^,]*/end,/' p0 >x
	bad "x:$(wc -l <x): column 'name': $changed: ''" p1 x
	sed 's/,/\t/g' p0 | conn-merge p1 - >tsv
	conn-merge p0 p1 | cmp - tsv
}

@test "lines that no part has" {
	local k text
	parts 2 conn-matrix "$tricky"
	change() { sed "$1" p0 >x && ! cmp -s p0 x; }
	k=$(grep -n -m 1 ^sum,in, p0 | cut -d: -f1)
	change "${k}s/,in,/,on,/"
	bad "x:$k: column 'name': no such array here: 'on'" p1 x
	change "${k}s/^sum/most/"
	bad "x:$k: column 'name': no such array here: 'in'" p1 x
	change "${k}s/.*/row,node_id,0 source,0,0/" # its memory is gone
	bad "x:$k: column 'name': no such array here: 'node_id'" p1 x
	change "$(grep -n -m 1 ^row,node_id p0 | cut -d: -f1)s/.*/sum,in,0>0,0,1/"
	bad "x:$(grep -n -m 1 ^sum x | cut -d: -f1): column 'name': no such array here: 'in'" x p1
	change "${k}s/^\(sum,in,0>0\),[0-9]*,/\1,30,/"
	bad "x:$k: column 'at': past the end: '30'" p1 x
	change "${k}s/[0-9]*\$/4294967296/"
	bad "x:$k: column 'value': the sum does not fit: '4294967296'" x p1
	change "${k}s/[0-9]*\$/-1/"
	bad "x:$k: column 'value': not a number: '-1'" x p1
	change 's/^shard.*/shard,,,,2\/2/'
	bad "x: not a part: its shard is '2/2'" p1 x
	change '/^shard/d'
	bad "x: not a part: there is no line 'shard' in its head" p1 x
	change 's/^rows,,,,.*/rows,,,,-5/'
	bad "x: not a part: its rows are '-5'" p1 x
	change 's/^pathway,,0>0/pathway,,0>7/'
	bad "x: not a part of a network: pathway '' of '0>7'" p1 x
	change 's/^same,group,0 source,9,2/same,group,0 source,9,3/'
	bad "x: not a part of a network: cells of 'A' are in no group" x p1
	conn-distance --partial --shard 0/2 "$tricky" >p0
	conn-distance --partial --shard 1/2 "$tricky" >p1
	change 's/^\(bins,,0>0,,"*\).*/\10"/'
	bad "x: not a part: bins of '0>0': '0'" x p1
	change 's/^bins,,0>0/bins,,0>1/'
	run conn-merge x p1
	[[ $output == "conn-merge: x: not a part: bins of '0>1': '"* ]]
	conn-hist --value nsyns --bins 0:9:1 --partial --shard 0/2 "$tricky" >p0
	conn-hist --value nsyns --bins 0:9:1 --partial --shard 1/2 "$tricky" >p1
	for text in 'lost 1' 'lost -1 0' 'bin 9 1' 'bin 1 x' 'range 0 1 2' \
		'range 1 x 2' 'sums 2047 1 0 1 0' 'sums 5 1 0 x 0' 'value x' \
		'value 1 2' 'sums 5 1 0 1 0 0' ''; do
		k=$(grep -n -m 1 ^other, p0 | cut -d: -f1)
		change "${k}s/[^,]*\$/$text/"
		bad "x:$k: column 'value': not what a part has there: '$text'" \
			x p1
	done
	change 's/^label,,1 target/label,,9 target/'
	bad "x: not a part of a network: label '' of '9 target'" x p1
}

@test "a part names a tool and options, and runs nothing else" {
	parts 2 conn-matrix "$tricky"
	sed 's/^part,tool,.*/part,tool,,,rm/' p0 >x
	bad "x: a part of 'rm', which is not a tool that has parts" x p1
	sed 's/^part,version.*/&\noption,output,,,stolen/' p0 >x
	bad "x: is of other options than this: here output stolen, there nothing" \
		x p1
	sed 's/^part,version.*/&\nflag,no-such,,,/' p0 >x
	run --separate-stderr conn-merge x p1
	is "$status" 2
	[ ! -e stolen ]
}

@test "options of parts" {
	# shellcheck disable=SC2034 # what misused() runs
	local tool=conn-matrix
	misused "--shard needs --partial" --shard 0/2 "$tricky"
	misused "--partial and --part exclude each other" --partial --part p0
	misused "--part stands for the edges: '$tricky'" --part p0 "$tricky"
}
