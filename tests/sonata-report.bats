load common.bash

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	# shellcheck source=tests/reports.sh
	. "$BATS_TEST_DIRNAME/reports.sh"
	reports=$BATS_TEST_DIRNAME/data/reports
}

is() { # what a command prints, a line each
	diff <(printf '%s\n' "${@:2}") <(bash -c "$1")
}

bad() { # what it says, the command: exit 1, one line, nothing written
	run --separate-stderr "${@:2}"
	echo "$status: $output: $stderr" >&2
	[ "$status" -eq 1 ] && [ -z "$output" ] &&
		[ "$stderr" = "sonata-report: $1" ]
}

misused() {
	run --separate-stderr "${@:2}"
	echo "$status: $output: $stderr" >&2
	[ "$status" -eq 2 ] && [ -z "$output" ] &&
		[ "${stderr_lines[0]}" = "sonata-report: $1" ]
}

# A report of three frames of the given elements, as lines of make-odd, with
# what stands there replaced by the arguments: sed commands.
report() {
	sed -E "${@:-}" >spec <<-'END'
	/report/A/data f8:3 1 2 3 4 5 6 7 8 9
	/report/A/mapping/node_ids u8 5 2
	/report/A/mapping/index_pointers u8 0 2 3
	/report/A/mapping/element_ids u4 0 7 0
	/report/A/mapping/element_pos f4 0.5 0.25 0.5
	/report/A/mapping/time f8 0 0.3 0.1
	END
	make-odd r.h5 <spec
}

values() { # all of them, in the order of rows
	sonata-report "$@" | sed 1d | awk -F , '{ print $NF }' | paste -sd ' '
}

column() { # of a table on the standard input
	awk -F , -v name="$1" 'NR == 1 { for (k = NF; $k != name; k--); next }
		{ print $k }' | paste -sd ' '
}

@test "the fixtures are what their program makes" {
	make_reports .
	for f in v compartments ecp synapses; do
		h5diff "$f.h5" "$reports/$f.h5"
	done
}

@test "a row for each frame and element" {
	report
	is 'sonata-report r.h5' population,node_id,element_id,element_pos,time_ms,value \
		A,5,0,0.5,0,1 A,5,7,0.25,0,2 A,2,0,0.5,0,3 \
		A,5,0,0.5,0.1,4 A,5,7,0.25,0.1,5 A,2,0,0.5,0.1,6 \
		A,5,0,0.5,0.2,7 A,5,7,0.25,0.2,8 A,2,0,0.5,0.2,9
}

@test "of a report of synapses, the cells that they come from" {
	report -e '/time/a /report/A/mapping/src_ids u8 9 4 0' \
		-e '/time/a /report/A/mapping/trg_ids u8 5 5 2'
	is 'sonata-report --to 0.1 r.h5' \
		population,node_id,source_gid,element_id,element_pos,time_ms,value \
		A,5,9,0,0.5,0,1 A,5,4,7,0.25,0,2 A,2,0,0,0.5,0,3
	is 'sonata-report --elements 7 --to 0.1 r.h5' \
		population,node_id,source_gid,element_id,element_pos,time_ms,value \
		A,5,4,7,0.25,0,2
	# No cell, and no section.
	report -e '/time/a /report/A/mapping/src_ids i8 9 -1 0' \
		-e 's/_ids u4 0 7 0/_ids i4 0 7 -1/; s/0.25 0.5$/0.25 -1/'
	is 'sonata-report --to 0.1 r.h5' \
		population,node_id,source_gid,element_id,element_pos,time_ms,value \
		A,5,9,0,0.5,0,1 A,5,,7,0.25,0,2 A,2,0,,,0,3
	report -e '/time/a /report/A/mapping/src_ids u8 9 4'
	bad "r.h5: /report/A/mapping/src_ids: 2 rows, but the data have 3 columns" \
		sonata-report r.h5
}

@test "wide: a row for each frame" {
	report
	is 'sonata-report --wide r.h5' time_ms,node5/0/0.5,node5/7/0.25,node2/0/0.5 \
		0,1,2,3 0.1,4,5,6 0.2,7,8,9
}

@test "both forms have the same values" {
	diff <(values "$reports/v.h5") <(sonata-report --wide "$reports/v.h5" |
		sed 1d | cut -d , -f 2- | tr , '\n' | paste -sd ' ')
}

# ---- Layouts ----

@test "pointers: as many as nodes or one more, of both names, or none" {
	report
	sonata-report r.h5 >want
	for how in 's/0 2 3/0 2/' 's/index_pointers/index_pointer/' \
		's/index_pointers u8 0 2 3/index_pointer i4b 0 2/'; do
		report "$how"
		sonata-report r.h5 | diff want -
	done
	report '/pointers/d; s/node_ids u8 5 2/node_ids u8 5 5 2/'
	sonata-report r.h5 | diff want -
}

@test "old files: /data and /mapping, gids and element_id" {
	report 's/.report.A//; s/node_ids/gids/; s/element_ids/element_id/
		s/index_pointers/index_pointer/'
	sonata-report r.h5 >old
	[ "$(head -n 2 old | tail -n 1)" = '"",5,0,0.5,0,1' ]
	report
	diff <(sonata-report r.h5 | sed 's/^A/""/') old
}

@test "old files: a group for each variable beside the mapping" {
	report 's/.report.A.data/\/v\/data/; s/.report.A//; s/node_ids/gids/'
	sonata-report r.h5 | grep -c '^""' | grep -qx 9
	echo /cai/data f8:3 11 12 13 >>spec
	make-odd r.h5 <spec
	bad "r.h5: several variables, choose one by -p: cai, v" sonata-report r.h5
	[ "$(values -p cai r.h5)" = "11 12 13" ]
	[ "$(values -p v r.h5)" = "1 2 3 4 5 6 7 8 9" ]
}

@test "one dimension is one element" {
	make-odd r.h5 <<-'END'
	/v/data f8 1 2 3
	/mapping/gids u2 4
	/mapping/index_pointer u2 0
	/mapping/element_id u2 0
	END
	is 'sonata-report --step 0.1 --wide --column-name v r.h5' time_ms,v 0,1 0.1,2 0.2,3
	is 'sonata-report --step 0.1 r.h5 | tail -n 1' '"",4,0,,0.2,3'
	bad "r.h5: /v/data: no times in the file: say --step" sonata-report r.h5
	bad "r.h5: /v/data: no times in the file: say --step" sonata-report --wide r.h5
}

@test "a file that says its times needs no step, and takes none" {
	report
	sonata-report r.h5 | diff - <(sonata-report --step 5 r.h5)
}

@test "elements and positions that the file does not have are empty" {
	report '/element_pos/d'
	is 'sonata-report --to 0.1 --ids 2 r.h5 | tail -n 1' A,2,0,,0,3
	report '/element_/d'
	is 'sonata-report --to 0.1 --ids 2 r.h5 | tail -n 1' A,2,,,0,3
	is 'sonata-report --to 0.1 --wide r.h5 | head -n 1' time_ms,node5,node5#2,node2
}

@test "populations in alphabetical order, or as -p names them" {
	report
	sed 's/report.A/report\/B/; s/ 1 2 3 4 5/ 11 12 13 14 15/' spec >>both
	cat spec both >all
	make-odd r.h5 <all
	[ "$(values r.h5)" = "1 2 3 4 5 6 7 8 9 11 12 13 14 15 6 7 8 9" ]
	[ "$(values -p B r.h5)" = "11 12 13 14 15 6 7 8 9" ]
	[ "$(sonata-report -p B -p A r.h5 | column population)" = \
		"B B B B B B B B B A A A A A A A A A" ]
	is 'sonata-report --wide --ids 2 r.h5' time_ms,A:node2/0/0.5,B:node2/0/0.5 \
		0,3,13 0.1,6,6 0.2,9,9
	bad "r.h5: no population 'C', only: A, B" sonata-report -p C r.h5
	misused "--population: 'A' is there twice" sonata-report -p A -p A r.h5
}

@test "wide populations have the same times" {
	report
	sed 's/report.A/report\/B/; s/0.3 0.1/0.6 0.2/' spec >both
	cat spec >>both
	make-odd r.h5 <both
	sonata-report r.h5 >/dev/null
	bad "r.h5: /report/B/data: not the times of r.h5: /report/A/data: choose one by -p" \
		sonata-report --wide r.h5
	sonata-report --wide -p B r.h5 >/dev/null
}

@test "a group with nothing in it is a population without rows" {
	report 's/zzz//'
	echo /report/empty/ >>spec
	make-odd r.h5 <spec
	[ "$(values r.h5)" = "1 2 3 4 5 6 7 8 9" ]
	[ "$(sonata-report --wide r.h5 | wc -l)" -eq 4 ]
	is 'sonata-report -p empty r.h5' population,node_id,element_id,element_pos,time_ms,value
	is 'sonata-report --wide -p empty r.h5' time_ms
}

@test "no frames, no elements" {
	report 's/data f8:3.*/data f8:3/'
	is 'sonata-report r.h5' population,node_id,element_id,element_pos,time_ms,value
	is 'sonata-report --wide r.h5' time_ms,node5/0/0.5,node5/7/0.25,node2/0/0.5
}

@test "any width, byte order and packing" {
	report
	sonata-report r.h5 >want
	for type in f4 f4b f8b i2 u1 i8b f8z f4d f8bc f4bz; do
		report "s/data f8:3/data $type:3/"
		sonata-report r.h5 | diff want -
		sonata-report --wide r.h5 | sed 1d | cut -d , -f 2- | tr , '\n' |
			diff - <(cut -d , -f 6 want | sed 1d)
	done
	for type in f4 f8b i2 u8b u4z; do
		report "s/(node_ids|index_pointers|element_ids) u./\1 $type/"
		sonata-report r.h5 | diff want -
	done
}

# The same numbers in eight bytes have the digits of doubles.
@test "a float has the shortest text that reads back as it" {
	python <<-'END'
	import h5py
	import numpy as np

	bits = np.random.default_rng(1).integers(0, 0x7f800000, 20000, "u4")
	v = np.concatenate([bits.view("f4"), np.exp2(np.arange(-149, 128)),
	    np.arange(2000) / 1e4, -65 + np.arange(4000) / 1e3,
	    [-0.0, 3e9, 16777217, 1e15, 1e-4, 1e-5, 0.1]]).astype("f4")
	for name, kind in ("four", "f4"), ("eight", "f8"):
	    f = h5py.File(name + ".h5", "w")
	    f["report/A/data"] = v.astype(kind).reshape(1, -1)
	    f["report/A/mapping/node_ids"] = np.arange(len(v))
	    f["report/A/mapping/index_pointers"] = np.arange(len(v) + 1)
	    f["report/A/mapping/time"] = [0, 1, 1.0]
	END
	sonata-report four.h5 >four.csv
	sonata-report --wide four.h5 >wide.csv
	sonata-report eight.h5 >eight.csv
	diff <(values four.h5) <(sed 1d wide.csv | cut -d , -f 2- | tr , ' ')
	python <<-'END'
	import csv
	import h5py
	import numpy as np

	def digits(s):
	    return len(s.split("e")[0].lstrip("-").replace(".", "").strip("0"))

	v = h5py.File("four.h5")["report/A/data"][0]
	four, eight = ([r["value"] for r in csv.DictReader(open(name + ".csv"))]
	    for name in ("four", "eight"))
	more = []
	for x, s, d in zip(v, four, eight):
	    assert np.float32(s) == x and float(d) == float(x), (x, s, d)
	    assert np.signbit(np.float32(s)) == np.signbit(x), (x, s)
	    if digits(s) > digits(np.format_float_scientific(x)) and "e" in s:
	        more.append(s)
	assert more == ["1.26217745e-29", "1.54742505e+26", "1.23794004e+27"], more
	END
}

# ---- Times ----

@test "the times of frames are multiples as one means them" {
	awk 'BEGIN { for (i = 0; i < 1000; i++) printf " 0" }' >zeros
	report "s/data .*/data f8:1$(<zeros)/; s/node_ids.*/node_ids u8 1/
		/element/d; /pointers/d; s/time .*/time f8 0.025 99 0.1/"
	diff <(sonata-report r.h5 | column time_ms | tr ' ' '\n') \
		<(seq 0.025 0.1 99.925 | sed 's/^\./0./')
	report "s/data .*/data f4:1$(<zeros)/; s/node_ids.*/node_ids u8 1/
		/element/d; /pointers/d; s/time .*/time f4 0 99 0.1/"
	diff <(sonata-report r.h5 | column time_ms | tr ' ' '\n') \
		<(seq 0 0.1 99.9 | sed 's/\.0$//')
	report "s/time .*/time f8 0 99 0.3333333333333333/"
	[ "$(sonata-report --wide r.h5 | column time_ms)" = \
		"0 0.3333333333333333 0.6666666666666666" ]
}

@test "times in seconds, and in what is neither" {
	report
	echo /report/A/mapping/time@units s s >>spec
	make-odd r.h5 <spec
	[ "$(sonata-report --wide r.h5 | column time_ms)" = "0 100 200" ]
	[ "$(values --from 100 --to 200 r.h5)" = "4 5 6" ]
	sed -i 's/units s s/units s h/' spec
	make-odd r.h5 <spec
	bad "r.h5: /report/A/mapping/time: neither in ms nor in s: 'h': say --units or --step" \
		sonata-report r.h5
}

@test "--from is in, --to is not" {
	report
	[ "$(values --from 0.1 r.h5)" = "4 5 6 7 8 9" ]
	[ "$(values --to 0.2 r.h5)" = "1 2 3 4 5 6" ]
	[ "$(values --from 0.05 --to 0.15 r.h5)" = "4 5 6" ]
	[ "$(values --from 0.2 --to 9 r.h5)" = "7 8 9" ]
	[ -z "$(values --from 0.21 r.h5)" ]
	[ -z "$(values --to -1 r.h5)" ]
	[ "$(values --from 0.3 --to 0.4 "$reports/v.h5" | wc -w)" -eq 2 ]
	misused "--from must be < --to: 2, 1" sonata-report --from 2 --to 1 r.h5
	misused "--from must be < --to: 1, 1" sonata-report --from 1 --to 1 r.h5
}

@test "--every: frames by their number in the file" {
	sonata-report --wide "$reports/v.h5" >all
	for k in 1 2 7 199 200 1000; do
		sonata-report --wide --every $k "$reports/v.h5" |
			diff <(awk -v k=$k 'NR == 1 || (NR - 2) % k == 0' all) -
	done
	sonata-report --wide --every 7 --from 3 --to 6 "$reports/v.h5" |
		diff <(awk -F , 'NR == 1 || (NR - 2) % 7 == 0 && $1 >= 3 &&
			$1 < 6' all) -
	misused "--every: must be in [1,inf): '0'" sonata-report --every 0 "$reports/v.h5"
}

# ---- Which elements ----

@test "--ids" {
	report
	[ "$(values --ids 5 r.h5)" = "1 2 4 5 7 8" ]
	[ "$(values --ids 2-4 r.h5)" = "3 6 9" ]
	[ "$(values --ids 5,2 r.h5)" = "1 2 3 4 5 6 7 8 9" ]
	[ "$(values --ids 0-9,1-3,2,4-8,5-6 r.h5)" = "1 2 3 4 5 6 7 8 9" ]
	[ "$(values --ids 0-3,1-2 r.h5)" = "3 6 9" ]
	bad "r.h5: --ids: nothing of '3-4' is in it" sonata-report --ids 2,3-4 r.h5
	bad "r.h5: --ids: nothing of '3' is in it" sonata-report --ids 0-9,3,4-5 r.h5
	for list in '' x 3- -3 4-2 1,,2; do
		misused "--ids: neither an id nor a range such as 10-19: '${list/#1,,2/}'" \
			sonata-report "--ids=$list" r.h5
	done
}

@test "--elements and --positions" {
	report
	[ "$(values --elements 0 r.h5)" = "1 3 4 6 7 9" ]
	[ "$(values --elements 1-9 r.h5)" = "2 5 8" ]
	[ "$(values --positions 0.25 r.h5)" = "2 5 8" ]
	[ "$(values --positions 0.3:1 r.h5)" = "1 3 4 6 7 9" ]
	[ "$(values --ids 5 --elements 0 r.h5)" = "1 4 7" ]
	bad "r.h5: --elements: nothing of '1' is in it" sonata-report --elements 1 r.h5
	misused "--positions: must be low[:high], the first <= the second: '2:1'" \
		sonata-report --positions 2:1 r.h5
	report '/element_/d'
	bad "r.h5: /report/A/data: --elements: it does not say which they are" \
		sonata-report --elements 0 r.h5
	bad "r.h5: /report/A/data: --positions: it does not say where they are" \
		sonata-report --positions 0.5 r.h5
}

@test "--where and --node-set of -n" {
	nodes=$BATS_TEST_DIRNAME/data/tricky/network/A_nodes.h5
	report
	[ "$(values -n "$nodes" --where 'node_id=5' r.h5)" = "1 2 4 5 7 8" ]
	[ "$(values -n "$BATS_TEST_DIRNAME/data/tricky/config.json" \
		--where 'node_id<5' r.h5)" = "3 6 9" ]
	cp -r "$BATS_TEST_DIRNAME/data/tricky" .
	printf '%s' '{"networks": {"nodes": [{"nodes_file": "tricky/network/A_nodes.h5"}]},
		"node_sets_file": "sets.json"}' >c.json
	echo '{"few": {"population": "A", "node_id": [2, 7]}}' >sets.json
	[ "$(values -n c.json --node-set few r.h5)" = "3 6 9" ]
	[ -z "$(values -n c.json --node-set few --where node_id=5 r.h5)" ]
	misused "--nodes: needed to know the nodes" sonata-report --where a=b r.h5
	misused "--nodes: needed to know the nodes" sonata-report --listed r.h5
	run ! sonata-report -n "$nodes" --where no_such=1 r.h5
}

@test "nodes that -n does not have" {
	report
	printf 'node_id,pop_name\n2,PV\n' >one.csv
	bad "r.h5: /report/A/data: --nodes: no node 5" sonata-report -n one.csv r.h5
	[ "$(values -n one.csv --listed r.h5)" = "3 6 9" ]
	[ "$(values -n one.csv --ids 2 r.h5)" = "3 6 9" ]
	printf 'population,node_id\nB,2\nB,5\n' >other.csv
	bad "r.h5: /report/A/data: there are no nodes of population 'A'" \
		sonata-report -n other.csv r.h5
	[ -z "$(values -n other.csv --listed r.h5)" ]
}

@test "-g: a column with the group of the cell" {
	report
	printf 'node_id,pop_name,layer\n5,"a,b",4\n2,PV,\n' >n.csv
	is 'sonata-report -n n.csv -g pop_name --to 0.1 r.h5' \
		population,node_id,element_id,element_pos,time_ms,group,value \
		'A,5,0,0.5,0,"a,b",1' 'A,5,7,0.25,0,"a,b",2' A,2,0,0.5,0,PV,3
	is 'sonata-report -n n.csv -g layer --from 0.2 r.h5 | cut -d , -f 2,6' \
		node_id,group 5,4 5,4 2,
	sonata-report -n n.csv r.h5 | diff - <(sonata-report r.h5)
	sonata-report -n n.csv -g layer r.h5 |
		plot-lines -x time_ms -y value --by group | grep -q '>4<'
	misused "--group and --wide exclude each other" \
		sonata-report --wide -n n.csv -g layer r.h5
	bad "$reports/ecp.h5: /ecp/data: of channels, not of cells: say --channels" \
		sonata-report -n n.csv -g layer "$reports/ecp.h5"
	printf 'population,node_id,pop_name\nA,2,PV\nA,5,Pyr\nB,2,SOM\nB,5,VIP\n' >two.csv
	sed 's/report.A/report\/B/' spec >both
	cat spec both >all
	make-odd r.h5 <all
	[ "$(sonata-report -n two.csv -g pop_name --ids 2 --to 0.1 r.h5 |
		column group)" = "PV SOM" ]
	sed 's/.report.A.data/\/v\/data/; s/.report.A//' spec >old
	make-odd r.h5 <old
	[ "$(sonata-report -p v -n n.csv -g pop_name --ids 2 --to 0.1 r.h5 |
		column group)" = PV ]
	bad "r.h5: /v/data: it names no population, and the nodes are of 2" \
		sonata-report -n two.csv r.h5
}

@test "columns that are far apart" {
	awk 'BEGIN {
		n = 5000
		printf "/report/A/data f8z:%d", n
		for (i = 0; i < 5 * n; i++)
			printf " %d", i
		print ""
		print "/report/A/mapping/node_ids u4 0.." n - 1
		print "/report/A/mapping/element_ids u4 0*" n
		print "/report/A/mapping/time u4 0 5 1"
	}' >spec
	make-odd r.h5 <spec
	[ "$(values --ids 0,600-601,4999 r.h5)" = "$(for i in 0 1 2 3 4; do
		echo $((5000 * i)) $((5000 * i + 600)) $((5000 * i + 601)) \
			$((5000 * i + 4999)); done | paste -sd ' ')" ]
	[ "$(values r.h5)" = "$(seq 0 24999 | paste -sd ' ')" ]
	[ "$(values --every 3 --ids 4999 r.h5)" = "4999 19999" ]
}

@test "more than fits into a block" {
	awk 'BEGIN {
		printf "/report/A/data i4z:300"
		for (i = 0; i < 2250000; i++)
			printf " %d", i
		print ""
		print "/report/A/mapping/node_ids u4 0..299"
		print "/report/A/mapping/time u4 0 5 1"
	}' | make-odd r.h5
	[ "$(sonata-report --ids 7 r.h5 | sed 1d | cut -d , -f 6 | md5sum)" = \
		"$(seq 7 300 2249999 | md5sum)" ]
	sonata-report --wide r.h5 | sed 1d | cut -d , -f 2- | tr , '\n' |
		cmp - <(seq 0 2249999)
	sonata-report --wide --every 7 r.h5 | sed 1d | cut -d , -f 2 |
		cmp - <(seq 0 2100 2249999)
}

# ---- Names ----

@test "the unit stands in the names of columns" {
	report
	echo /report/A/data@units s nA >>spec
	make-odd r.h5 <spec
	is 'sonata-report --wide r.h5 | head -n 1' \
		time_ms,node5/0/0.5_nA,node5/7/0.25_nA,node2/0/0.5_nA
	is 'sonata-report --wide --ids 2 r.h5 | head -n 1' time_ms,value_nA
	is 'sonata-report --wide --ids 2 --column-name i_nA r.h5 | head -n 1' time_ms,i_nA
	sed -i 's/units s nA/variable s v/' spec
	make-odd r.h5 <spec
	is 'sonata-report --wide --ids 2 r.h5 | head -n 1' time_ms,v_mV
	report
	is 'sonata-report --wide --ids 2 r.h5 | head -n 1' time_ms,value
	bad "r.h5: /report/A/data: --column-name: 2 columns to be named 'v'" \
		sonata-report --wide --ids 5 --column-name v r.h5
	misused "--column-name needs --wide" sonata-report --column-name v r.h5
}

@test "elements that nothing tells apart are numbered" {
	report 's/element_ids u4 0 7 0/element_ids u4 7 7 0/; /element_pos/d'
	is 'sonata-report --wide r.h5 | head -n 1' time_ms,node5/7,node5/7#2,node2/0
}

@test "cell tools read a single column" {
	sonata-report --wide --ids 3 "$reports/v.h5" | spike-features |
		column peak_ms | grep -qx '5 12'
	sonata-report --wide "$reports/v.h5" |
		spike-features --voltage node3_mV | column peak_ms |
		grep -qx '5 12'
	sonata-report --wide "$reports/v.h5" | plot-lines -y node3_mV,node1_mV |
		grep -q '>node1<'
	sonata-report "$reports/v.h5" |
		plot-lines -x time_ms -y value --by node_id | grep -q '>3<'
}

# ---- Electrodes ----

@test "electrodes: time x channels and channels x time" {
	sonata-report "$reports/ecp.h5" >want
	is 'head -n 3 want' channel_id,x,y,z,time_ms,value 4,0,-20,50,0,0.5 \
		9,0,20,50,0,-0.25
	for type in f8 f4z f8b; do
		make-odd e.h5 <<-END
		/ecp/data $type:3 0.5 0.75 1 -0.25 -0.5 -1.25
		/ecp/data@units s mV
		/ecp/channel_id u8 4 9
		/ecp/x f8 0 0
		/ecp/y f8 -20 20
		/ecp/z f8 50 50
		/ecp/time f8 0 0.3 0.1
		END
		sonata-report e.h5 | diff want -
		sonata-report --wide e.h5 | diff - <(sonata-report --wide "$reports/ecp.h5")
		[ "$(values --channels 9 --every 2 e.h5)" = "-0.25 -1.25" ]
		[ "$(values --channels 4-8 --from 0.1 e.h5)" = "0.75 1" ]
	done
}

@test "electrodes: as many frames as channels" {
	make-odd e.h5 <<-'END'
	/ecp/data f8:2 1 2 3 4
	/ecp/channel_id u8 0 1
	/ecp/time f8 0 0.2 0.1
	END
	run --separate-stderr sonata-report e.h5
	[ "$status" -eq 0 ]
	[ "$stderr" = "sonata-report: e.h5: /ecp/data: as many frames as channels: taken as time x channels" ]
	[ "$(values e.h5 2>/dev/null)" = "1 2 3 4" ]
	is 'sonata-report e.h5 2>/dev/null | head -n 1' channel_id,time_ms,value
}

@test "electrodes: old files have data and channel_id at the root" {
	/usr/bin/python3 - <<-'END'
	import h5py
	f = h5py.File("e.h5", "w")
	f["data"] = [[1.0, 2], [3, 4], [5, 6]]
	f["channel_id"] = [0, 1]
	f.attrs["dt"] = 0.1
	END
	is 'sonata-report --wide e.h5' time_ms,channel0,channel1 0,1,2 0.1,3,4 0.2,5,6
}

@test "electrodes have channels, cells have nodes" {
	bad "$reports/ecp.h5: /ecp/data: of channels, not of cells: say --channels" \
		sonata-report --ids 4 "$reports/ecp.h5"
	bad "$reports/v.h5: /report/cortex/data: of cells, not of channels: say --ids" \
		sonata-report --channels 4 "$reports/v.h5"
	bad "$reports/ecp.h5: --channels: nothing of '5' is in it" \
		sonata-report --channels 5 "$reports/ecp.h5"
	make-odd e.h5 <<<$'/ecp/data f8:2 1 2 3 4\n/ecp/channel_id u8 0 1 2'
	bad "e.h5: /ecp/channel_id: 3 rows, but the data are 2 x 2" sonata-report e.h5
	make-odd e.h5 <<<'/ecp/data f8:2 1 2 3 4'
	bad "e.h5: /ecp: no channel_id" sonata-report e.h5
}

# ---- Configs ----

@test "the reports of a config" {
	mkdir -p sim/output
	report
	cp r.h5 sim/output/v_report.h5
	cp "$reports/ecp.h5" sim/output/other.h5
	cat >sim/config.json <<-'END'
	{"manifest": {"$OUT": "./output"}, "output": {"output_dir": "$OUT"},
	 "reports": {"v_report": {"variable_name": "v"},
		"lfp": {"module": "ecp", "file_name": "other.h5"}}}
	END
	sonata-report --report-name v_report sim/config.json | diff - <(sonata-report r.h5)
	sonata-report --report-name lfp sim/config.json |
		diff - <(sonata-report "$reports/ecp.h5")
	bad "sim/config.json: say --report-name: v_report, lfp" sonata-report sim/config.json
	bad "sim/config.json: no report 'x': v_report, lfp" \
		sonata-report --report-name x sim/config.json
	bad "r.h5: --report-name: no config" sonata-report --report-name x r.h5
	sed -i "s/other.h5/\$OUT\/&/" sim/config.json
	sonata-report --report-name lfp sim/config.json |
		diff - <(sonata-report "$reports/ecp.h5")
	sed -i "s/.OUT.other/o\${WHO}/; s/{\"\$OUT/{\"\$WHO\": \"ther\", \"\$OUT/" \
		sim/config.json
	sonata-report --report-name lfp sim/config.json |
		diff - <(sonata-report "$reports/ecp.h5")
	sed -i "s/{WHO}/WHY/" sim/config.json
	bad "sim/config.json: reports.lfp.file_name: unknown variable '\$WHY'" \
		sonata-report --report-name lfp sim/config.json
	sonata-report --report-name v_report sim/config.json >/dev/null
	echo '{"output": {"output_dir": "sim/output"}, "reports": {"x": {"file_name": "v_report"}}}' >c.json
	sonata-report c.json | diff - <(sonata-report r.h5)
	echo '{"reports": {"r": {}}}' >c.json # beside it
	sonata-report c.json | diff - <(sonata-report r.h5)
	echo '{"reports": {"r": 5}}' >c.json
	bad "c.json: reports.r is not an object" sonata-report c.json
	printf '%s' '{"output": {"output_dir": "."}, "reports": {"r": {}}, "networks":
		{"nodes": [{"nodes_file": "A_nodes.h5"}]}}' >c.json
	cp "$BATS_TEST_DIRNAME/data/tricky/network/"A_nodes.h5 .
	[ "$(values --where node_id=2 c.json)" = "3 6 9" ]
	echo '{"run": {}}' >c.json
	bad "c.json: no reports in it" sonata-report c.json
}

# ---- What is wrong ----

wrong() { # how the report is, what is said of it in the mapping
	report "$1"
	bad "r.h5: /report/A/mapping/$2" sonata-report r.h5
	bad "r.h5: /report/A/mapping/$2" sonata-report --wide r.h5
}

@test "pointers that are wrong" {
	wrong 's/0 2 3/0 4 3/' "index_pointers: row 1: '4', but the data have 3 columns"
	wrong 's/0 2 3/0 2 9/' "index_pointers: row 2: '9', but the data have 3 columns"
	wrong 's/0 2 3/2 0 3/' "index_pointers: row 1: '0' after '2'"
	wrong 's/u8 0 2 3/i8 -1 2 3/' "index_pointers: row 0: '-1' after '0'"
	wrong 's/0 2 3/1 2 3/' "index_pointers: column 0 of the data is no node's"
	wrong 's/0 2 3/0 2 2/' "index_pointers: column 2 of the data is no node's"
	wrong 's/0 2 3/0 1 2 3/' "index_pointers: 4 rows for 2 nodes"
	wrong 's/0 2 3/18446744073709551615 2 3/' \
		"index_pointers: row 0: too large: '18446744073709551615'"
}

@test "data and mapping of different sizes" {
	wrong 's/0 7 0/0 7/' "element_ids: 2 rows, but the data have 3 columns"
	wrong 's/0 7 0/0 7 0 7/' "element_ids: 4 rows, but the data have 3 columns"
	wrong 's/0.5 0.25 0.5/0.5/' "element_pos: 1 rows, but the data have 3 columns"
	wrong 's/f8:3/f8:1/' "index_pointers: row 1: '2', but the data have 1 columns"
}

@test "numbers that are none" {
	wrong 's/time f8 0 0.3 0.1/time f8 0 0.3 nan/' "time: row 2: not a number"
	wrong 's/time f8 0 0.3 0.1/time f8 0 0.3 0/' "time: row 2: not a step: '0'"
	wrong 's/time f8 0 0.3 0.1/time f8 0 0.3/' "time: not a start, a stop and a step"
	wrong 's/0.25/nan/' "element_pos: row 1: not a number"
	wrong 's/node_ids u8 5 2/node_ids i8 5 -2/' "node_ids: row 1: negative: '-2'"
	wrong 's/node_ids u8 5 2/node_ids s a b/' "node_ids: not numbers"
	report 's/data f8:3.*/data s a b/'
	bad "r.h5: /report/A/data: not numbers" sonata-report r.h5
}

@test "values that are no numbers, before anything is written" {
	report 's/ 8 9/ nan 9/'
	said="r.h5: /report/A/data: frame 2 (0.2 ms), node 5: not a number: 'nan'"
	bad "$said" sonata-report r.h5
	bad "$said" sonata-report --wide r.h5
	[ "$(values --to 0.2 r.h5)" = "1 2 3 4 5 6" ]
	[ "$(values --ids 2 r.h5)" = "3 6 9" ]
	[ "$(values --keep-nan r.h5)" = "1 2 3 4 5 6 7 nan 9" ]
	report 's/ 2 3 / -inf 3 /'
	bad "r.h5: /report/A/data: frame 0 (0 ms), node 5: not a number: '-inf'" \
		sonata-report r.h5
	[ "$(values --keep-nan --to 0.1 r.h5)" = "1 -inf 3" ]
}

@test "parts that are not there" {
	report '/node_ids/d'
	bad "r.h5: /report/A/mapping: no node_ids" sonata-report r.h5
	report '/pointers/d'
	bad "r.h5: /report/A/mapping: no index_pointers" sonata-report r.h5
	report '/data/d'
	bad "r.h5: /report/A: no data" sonata-report r.h5
	report '/time/d'
	bad "r.h5: /report/A/data: no times in the file: say --step" sonata-report r.h5
	make-odd r.h5 <<<'/spikes/timestamps f8 1'
	bad "r.h5: no group /report in it, nor /ecp, nor /mapping" sonata-report r.h5
	make-odd r.h5 <<<'/report/'
	bad "r.h5: no report in it" sonata-report r.h5
}

@test "a file that is cut short, or damaged" {
	head -c 9000 "$reports/v.h5" >r.h5
	bad "r.h5: not a whole HDF5 file: cut short, or damaged" sonata-report r.h5
	awk "$draws"'BEGIN { printf "/report/A/data f8d:1"; sow(1)
		for (i = 0; i < 4000; i++) printf " %g", draw()
		print ""
		print "/report/A/mapping/node_ids u4 1"
		print "/report/A/mapping/time u4 0 5 1" }' | make-odd r.h5
	sonata-report r.h5 >/dev/null
	at=$(LC_ALL=C grep -obUaP '\x78\x5e' r.h5 | tail -n 1 | cut -d : -f 1)
	printf 'damaged damaged damaged' |
		dd of=r.h5 bs=1 seek="$((at + 20))" conv=notrunc status=none
	bad "r.h5: /report/A/data: cannot be read: the file is cut short, or damaged" \
		sonata-report r.h5
}

@test "-t and -o" {
	report
	sonata-report -t r.h5 | tr '\t' , | diff - <(sonata-report r.h5)
	sonata-report -o out r.h5
	diff out <(sonata-report r.h5)
	report 's/ 9/ nan/'
	rm out
	run ! sonata-report -o out r.h5
	[ ! -e out ]
}
