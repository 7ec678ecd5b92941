# Spikes as lib/activity/spikes.c reads them; tests/spikes-check.c prints them.
load common.bash

bad() { # what it says about a file called s
	run -1 spikes-check s
	[ "$output" = "spikes-check: s$1" ] || { echo "$output" >&2; return 1; }
}

@test "HDF5, populations in their groups" {
	python <<-'EOF'
	import h5py, numpy as np
	with h5py.File("s", "w") as f:
	    for name, units in ("b", "ms"), ("a c", "s"), ("d", None), ("e", "milliseconds"):
	        g = f.create_group("spikes/" + name)
	        g["timestamps"] = [2.5, 1.25]
	        g["node_ids"] = np.array([7, 0], "u8")
	        if units:
	            g["timestamps"].attrs["units"] = units
	    f["spikes/none/timestamps"] = f["spikes/none/node_ids"] = []
	    f.create_group("spikes/bare")
	EOF
	run -0 spikes-check s
	[ "$output" = "2500 'a c' 7
1250 'a c' 0
2.5 'b' 7
1.25 'b' 0
2.5 'd' 7
1.25 'd' 0
2.5 'e' 7
1.25 'e' 0
population 'a c'
population 'b'
population 'bare'
population 'd'
population 'e'
population 'none'
batches 4" ]
}

@test "HDF5 without populations, of other types" {
	python <<-'EOF'
	import h5py, numpy as np
	with h5py.File("s", "w") as f:
	    f["spikes/gids"] = np.array([3, -0, 65535], ">u2")
	    f["spikes/timestamp"] = np.array([-1, 0, 7], "i4")
	EOF
	run -0 spikes-check s
	[ "$output" = "-1 '' 3
0 '' 0
7 '' 65535
population ''
batches 1" ]
	python <<-'EOF'
	import h5py
	with h5py.File("s", "w") as f:
	    f.create_group("spikes")
	EOF
	run -0 spikes-check s
	[ "$output" = "batches 0" ]
}

@test "times in seconds are the decimals that they are meant as" {
	python <<-'EOF'
	import h5py, numpy as np
	n = np.arange(100000)
	odd = [2 / 3, 1e-12, -1.001, 0, 1e300]
	with h5py.File("s", "w") as f:
	    f["spikes/a/node_ids"] = np.zeros(len(n) + len(odd), "u8")
	    f["spikes/a/timestamps"] = np.concatenate([n / 10000, odd])
	    f["spikes/a/timestamps"].attrs["units"] = "s"
	with open("theirs", "w") as f:
	    for ms in [*(n / 10), 2 / 3 * 1000, 1e-9, -1001, 0, 1e303]:
	        f.write("%.17g 'a' 0\n" % ms)
	EOF
	spikes-check s | head -n 100005 | cmp - theirs
}

@test "more than a batch, packed, as h5py reads them" {
	python <<-'EOF'
	import h5py, numpy as np
	n = 200000
	ids = np.arange(n) * 31 % 12345
	times = np.random.default_rng(1).random(n) * 1e4
	with h5py.File("s", "w") as f:
	    for name in "x", "y":
	        f.create_dataset("spikes/%s/node_ids" % name, data=ids, compression=1)
	        f.create_dataset("spikes/%s/timestamps" % name, data=times,
	                         chunks=(777,), shuffle=True, compression=4)
	with open("theirs", "w") as f:
	    for name in "x", "y":
	        for t, i in zip(times, ids):
	            f.write("%.17g '%s' %d\n" % (t, name, i))
	    f.write("population 'x'\npopulation 'y'\nbatches 8\n")
	EOF
	spikes-check s | cmp - theirs
}

@test "text of all kinds" {
	printf '%s\n' 'timestamps population node_ids' '1.5 v1 3' '' '2  lgn 3 ' '4 v1 0' >s
	run -0 spikes-check s
	[ "$output" = "1.5 'v1' 3
2 'lgn' 3
4 'v1' 0
population 'v1'
population 'lgn'
batches 1" ]
	printf 'gid\ttimestamp\r\n3\t1\r\n4\t2e1' >s
	run -0 spikes-check s
	[ "$output" = "1 '' 3
20 '' 4
population ''
batches 1" ]
	echo node_ids,timestamps >s
	run -0 spikes-check s
	[ "$output" = "population ''
batches 0" ]
	{ echo node_ids,timestamps; seq 65537 | sed 's/$/,5/'; } >s
	run -0 spikes-check s
	[ "${lines[65536]}" = "5 '' 65537" ]
	[ "${lines[65538]}" = "batches 2" ]
}

@test "what cannot be spikes" {
	python <<-'EOF'
	import h5py
	nan = float("nan")
	for name, ids, times in (("no-ids", None, [1.]), ("no-times", [1], None),
	        ("fewer", [1, 2], [1.]), ("below", [1, -2], [1., 2.]),
	        ("nan", [1, 2], [nan, 2.]), ("parts", [1.5], [1.]),
	        ("texts", [1], ["x"]), ("units", [1], [1.]), ("none", None, None)):
	    with h5py.File(name, "w") as f:
	        if name == "none":
	            f["x"] = 1
	            continue
	        g = f.create_group("spikes/a")
	        if ids:
	            g["node_ids"] = ids
	        if times:
	            g["timestamps"] = times
	        if name == "units":
	            g["timestamps"].attrs["units"] = "us"
	EOF
	of() { # a file, what it says about it
		mv "$1" s
		bad "$2"
	}
	of no-ids ': /spikes/a: no node_ids'
	of no-times ': /spikes/a: no timestamps'
	of fewer ': /spikes/a/node_ids: 2 rows where there are 1 times'
	of below ": /spikes/a/node_ids: row 1: negative: '-2'"
	of nan ': /spikes/a/timestamps: row 0: not a number'
	of parts ': /spikes/a/node_ids: not integers'
	of texts ': /spikes/a/timestamps: not numbers'
	of units ": /spikes/a/timestamps: neither in ms nor in s: 'us'"
	of none ': no group /spikes in it'
	head -c 1000 "$BATS_TEST_DIRNAME/data/tricky/network/A_nodes.h5" >s
	bad ': not a whole HDF5 file: cut short, or damaged'
}
