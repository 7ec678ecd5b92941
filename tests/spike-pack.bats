# What is packed is read back by h5py and by sonata-spikes.
# shellcheck disable=SC2016 # backquotes are what is tested
load common.bash

tricky=$BATS_TEST_DIRNAME/data/tricky/config.json
table=$BATS_TEST_DIRNAME/data/spikes.csv

rows() { # arguments: rows as time,population,id on one line
	sonata-spikes "$@" | sed 1d | paste -sd ' '
}

@test "packed, as h5py reads it" {
	spike-pack -o time.h5 "$table"
	spike-pack --sort id -o id.h5 "$table"
	read_by_all time.h5 id.h5
	python <<-'EOF'
	import h5py
	want = {"time": ([0, 7, 0, 0, 0, 3, 3], [1.25, 3.5, 9, 14.5, 18, 22, 40.125]),
	        "id": ([0, 0, 0, 0, 3, 3, 7], [1.25, 9, 14.5, 18, 22, 40.125, 3.5])}
	for name in want:
	    with h5py.File(name + ".h5", "r") as f:
	        assert f.attrs["magic"] == 0x0A7A and list(f.attrs["version"]) == [0, 1]
	        assert list(f["spikes"]) == ["A", "V"]
	        g = f["spikes/A"]
	        i, t = g["node_ids"], g["timestamps"]
	        assert i.dtype == "<u8" and t.dtype == "<f8"
	        assert (list(i), list(t)) == want[name]
	        assert t.attrs["units"] == "ms"
	        at = g.attrs.get_id("sorting")
	        codes = h5py.check_enum_dtype(at.dtype)
	        assert at.shape == () and codes == {"none": 0, "by_id": 1, "by_time": 2}
	        assert g.attrs["sorting"] == codes["by_" + name]
	EOF
	is "$(sonata-spikes --summary id.h5 | cut -d, -f1,6-)" \
		"population,sorting,by_time,by_id
A,by_id,false,true
V,by_id,false,true"
	spike-pack -o again.h5 time.h5
	cmp time.h5 again.h5
	is "$(rows -p V --from 4 time.h5)" 5,V,1
	spike-pack -p A --from 20 -n "$tricky" --where pop_name=X \
		-o x.h5 "$table"
	is "$(rows x.h5)" '22,A,3 40.125,A,3'
	sonata-spikes --summary "$table" time.h5 >/dev/null
}

@test "packed whole or not at all" {
	misused '--output is needed' "$table"
	misused '--from must be < --to: 3, 3' --from 3 --to 3 -o x.h5 "$table"
	run -2 spike-pack --sort x -o x.h5 "$table"
	echo old >x.h5
	printf '%s\n' node_ids,timestamps 7,1 >s.csv
	bad 's.csv: spikes without a population: say --unnamed' -o x.h5 s.csv
	printf '%s\n' population,node_ids,timestamps a/b,7,1 >t.csv
	bad "not a name for a population in HDF5: 'a/b'" -o x.h5 t.csv
	printf '%s\n' node_ids,timestamps 7,1 7,x >s.csv
	bad "s.csv:3: column 'timestamps': not a number: 'x'" \
		--unnamed A -o x.h5 s.csv
	printf '%s\n' population,node_id A,0 A,3 A,7 >n.csv
	bad "$table: there are no nodes of population 'V'" -n n.csv -o x.h5 "$table"
	is "$(cat x.h5)" old
	is "$(echo x.h5*)" x.h5
	run -1 spike-pack -o none/x.h5 "$table"
}

@test "names of populations stay text" {
	name='`touch x`, "y" $(touch x) <script>'
	printf 'timestamps,population,node_ids\n1,"%s",2\n' \
		"${name//\"/\"\"}" >s.csv
	spike-pack -o s.h5 s.csv
	sonata-spikes s.h5 | cmp - s.csv
	[ ! -e x ]
}

@test "no spikes: a group and no rows" {
	python <<-'EOF'
	import h5py
	with h5py.File("pop.h5", "w") as f:
	    f["spikes/v1/timestamps"], f["spikes/v1/node_ids"] = [2.5, 0.5], [3, 0]
	    f["spikes/none/timestamps"] = f["spikes/none/node_ids"] = []
	EOF
	spike-pack -p none -o none.h5 pop.h5
	is "$(sonata-spikes none.h5)" timestamps,population,node_ids
	is "$(sonata-spikes --summary none.h5 | tail -n 1)" \
		none,0,0,,,by_time,true,true
}

@test "more spikes than memory" {
	awk "$draws"'BEGIN {
		sow(1)
		print "timestamps,population,node_ids"
		for (i = 0; i < 70000; i++)
			printf "%d,%s,%d\n", draw() * 3000 - 500, \
				draw() < .3 ? "a" : "b", draw() * draw() * 900
	}' >s.csv
	spike-pack -S 64k -o s.h5 s.csv
	for p in a b; do
		sonata-spikes -p $p --sort time s.csv |
			cmp - <(sonata-spikes -p $p s.h5)
	done
	TMPDIR=/nonexistent run -1 spike-pack -S 64k -o s.h5 s.csv
	[[ $output == *": scratch file in /nonexistent: "* ]]
}

@test "SIGUSR1 counts the spikes of all files" {
	printf '%s\n' timestamps,population,node_ids 1,A,1 2,A,1 3,A,0 >s.csv
	mkfifo pipe
	exec 8<>pipe
	spike-pack -o x.h5 s.csv s.csv - <pipe 2>err 3>&- 8>&- &
	printf '%s\n' timestamps,population,node_ids 1,A,1 >&8
	answers $! err '^spike-pack: 7 spikes$'
	stop $!
	exec 8>&-
	[ ! -e x.h5 ]
}
