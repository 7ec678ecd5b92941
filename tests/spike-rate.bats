# Rates that can be counted by hand; smoothing against its definition in awk.
# ../shared/golden/spikes has BMTool's numbers, see reference.bats.
load common.bash

tricky=$BATS_TEST_DIRNAME/data/tricky/config.json
table=$BATS_TEST_DIRNAME/data/spikes.csv

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	printf '%s\n' population,node_id,pop_name A,0,X A,1,X A,2,X A,3,Y \
		B,0,X >nodes.csv
	printf '%s\n' timestamps,population,node_ids 10,A,0 30,A,0 20,A,0 \
		30,A,3 40,A,1 >s.csv
}

reads() { # arguments; the table is on the standard input
	diff - <(spike-rate "$@" 2>/dev/null)
}

column() { # name, arguments: its values on one line
	spike-rate "${@:2}" 2>/dev/null | awk -F, -v name="$1" '
		NR == 1 { for (k = NF; $k != name; k--); next }
		{ printf "%s%s", s, $k; s = " " }'
}

@test "a row for each group, silent cells among them" {
	reads -n nodes.csv --from 0 --to 1000 s.csv <<-'END'
	population,group,cells,silent,spikes,mean_Hz,sd_Hz,min_Hz,max_Hz
	A,X,3,1,4,1.3333333333333333,1.5275252316519468,0,3
	A,Y,1,0,1,1,,1,1
	END
	sed '' s.csv | spike-rate --per group -n nodes.csv --from 0 --to 1000 |
		cmp - <(spike-rate -n nodes.csv --from 0 --to 1000 s.csv)
	is "$(spike-rate -t -n nodes.csv --from 0 --to 1000 s.csv | tail -n 1)" \
		$'A\tY\t1\t0\t1\t1\t\t1\t1'
}

@test "a row for each cell" {
	reads --per cell -n nodes.csv --from 0 --to 500 s.csv <<-'END'
	population,node_id,group,spikes,rate_Hz
	A,0,X,3,6
	A,1,X,1,2
	A,2,X,0,0
	A,3,Y,1,2
	END
	run -2 spike-rate --per x -n nodes.csv s.csv
	misused '--per and --bin exclude each other' --per cell --bin 5 \
		-n nodes.csv s.csv
	misused '--per and --bursts exclude each other' --per group --bursts \
		-n nodes.csv s.csv
}

@test "a window begins at --from and ends before --to" {
	is "$(column spikes --per cell -n nodes.csv --from 20 --to 30 s.csv)" \
		'1 0 0 0'
	is "$(column rate_Hz --per cell -n nodes.csv --from 20 --to 30 s.csv)" \
		'100 0 0 0'
}

@test "the window is that of the spikes, and that is said" {
	run --separate-stderr spike-rate -n nodes.csv -p A s.csv
	is "$stderr" "spike-rate: no --from and no --to: rates are over the time from 10 to 40 ms, as the spikes have it"
	is "$(column rate_Hz --per cell -n nodes.csv s.csv)" \
		'100 33.333333333333336 0 33.333333333333336'
	run --separate-stderr spike-rate -n nodes.csv -p A --from 20 s.csv
	is "$stderr" "spike-rate: no --to: rates are over the time from 20 to 40 ms, as the spikes have it"
	is "$(column rate_Hz --per cell -n nodes.csv --from 20 s.csv)" \
		'100 50 0 50'
	run --separate-stderr spike-rate -n nodes.csv -p A --to 30 s.csv
	is "$stderr" "spike-rate: no --from: rates are over the time from 10 to 30 ms, as the spikes have it"
	is "$(column rate_Hz --per cell -n nodes.csv --to 30 s.csv)" '100 0 0 0'
	# One instant is no time.
	is "$(column rate_Hz --per cell -n nodes.csv --ids 2,3 s.csv)" ' '
}

@test "or that of the config, whose nodes are those of its network" {
	cp -r "${tricky%/*}" net
	mkdir net/output
	spike-pack -p A -o net/output/spikes.h5 "$table"
	spike-rate net/config.json 2>said |
		cmp - <(spike-rate -n "$tricky" -p A --from 0 --to 1000 "$table")
	is "$(cat said)" \
		'spike-rate: left out, as the spikes do not name them: V'
	is "$(column spikes --per cell -p A --where pop_name=X --from 10 \
		net/config.json)" '2 0 0 2 0'
	is "$(column rate_Hz --per cell -p A --ids 0 --from 500 --to 2000 \
		net/config.json)" 0
	sed -i 's/"tstop"/"tstart": 10, &/' net/config.json
	is "$(column spikes -p A net/config.json)" '4 0 0'
	misused '--from 1000 is not before the end of the simulation, 1000' \
		--from 1000 net/config.json
}

@test "populations without spikes" {
	run --separate-stderr spike-rate -n nodes.csv --from 0 --to 1 s.csv
	is "$stderr" 'spike-rate: left out, as the spikes do not name them: B'
	is "$(column population -n nodes.csv -p A -p B --from 0 --to 1 s.csv)" \
		'A A B'
	is "$(column cells -n nodes.csv -p B --from 0 --to 1 s.csv)" 1
	head -n 1 s.csv >none.csv
	sed '/^B/d' nodes.csv >a.csv
	reads -n a.csv none.csv <<-'END'
	population,group,cells,silent,spikes,mean_Hz,sd_Hz,min_Hz,max_Hz
	A,X,3,3,0,,,,
	A,Y,1,1,0,,,,
	END
	is "$(spike-rate --bin 5 -n a.csv none.csv)" \
		time_ms,rate_Hz,population,group,spikes
	is "$(column spikes --bin 5 --from 0 --to 10 -n a.csv none.csv)" '0 0 0 0'
	is "$(spike-rate --bursts -n a.csv none.csv)" \
		population,node_id,group,burst,start_ms,end_ms,spikes
}

@test "--top has the part of all cells that spikes most" {
	printf '%s\n' population,node_id,pop_name A,5,X A,1,X A,2,X A,7,X A,3,Y \
		A,8,Y B,0,Z >n
	printf 'timestamps,population,node_ids\n' >s
	for id in 2 2 7 7 1 5 3; do echo "10,A,$id"; done >>s
	# 4 of X, 2 of Y: of 2 and 7 the lesser comes first.
	is "$(column node_id --per cell --top 0.25 -n n --from 0 --to 100 s)" "2 3"
	is "$(column node_id --per cell --top 0.26 -n n --from 0 --to 100 s)" "2 7 3"
	is "$(column node_id --per cell --top 0.75 -n n --from 0 --to 100 s)" \
		"1 2 7 3 8"
	is "$(column node_id --per cell --top 1 -n n --from 0 --to 100 s)" \
		"$(column node_id --per cell -n n --from 0 --to 100 s)"
	# The same of parts, and for who takes the spikes of these.
	spike-rate --per cell --top 0.5 --partial -n n --from 0 --to 100 s >a \
		2>/dev/null
	is "$(conn-merge a | tail -n +2 | cut -d, -f2 | xargs)" "2 7 3"
	spike-rate --per cell --top 0.25 -n n --from 0 --to 100 s 2>/dev/null |
		sonata-spikes --listed -n - s | tail -n +2 | cut -d, -f3 >k
	is "$(xargs <k)" "2 2 3"
	misused "--top needs --per=cell" --top 0.5 -n n s
	misused "--top: must be in (0,1]: '0'" --per cell --top 0 -n n s
}

@test "cells without populations" {
	cut -d, -f2,3 nodes.csv | head -n 5 >n.csv
	is "$(column population -n n.csv --from 0 --to 1 s.csv)" 'A A'
	is "$(column population --bursts --isi 11 -n n.csv s.csv)" A
	cut -d, -f1,3 s.csv >t.csv
	is "$(column spikes -n n.csv --from 0 --to 100 t.csv)" '4 1'
	is "$(column population -n n.csv --unnamed Q --from 0 --to 1 t.csv)" \
		'Q Q'
}

@test "groups and choices of cells" {
	is "$(column group -g node_id -n nodes.csv -p A --from 0 --to 1 s.csv)" \
		'0 1 2 3'
	is "$(column cells -n nodes.csv --ids 0,2-3 --from 0 --to 1 s.csv)" '2 1'
	is "$(column group -n nodes.csv --ids 0-2 --from 0 --to 1 s.csv)" X
	is "$(column spikes --per cell -n nodes.csv --ids 0,3 s.csv)" '3 1'
	is "$(column spikes --bin 50 -n nodes.csv --ids 3 s.csv)" 1
	grep -v ,3, nodes.csv >few.csv
	bad "s.csv: population 'A' has no node 3" -n few.csv s.csv
	is "$(column spikes -n few.csv --listed --from 0 --to 100 s.csv)" 4
	misused '--nodes: needed to know the nodes' s.csv
	cp -r "${tricky%/*}" net
	echo '{"few": {"node_id": [3, 7]}}' >net/sets.json
	sed -i 's/"manifest"/"node_sets_file": "sets.json", "manifest"/' \
		net/config.json
	is "$(column spikes --per cell -n net/config.json -p A \
		--node-set few "$table" 2>/dev/null)" '2 1'
	cp net/network/A_nodes.h5 a.h5
	is "$(column group -n a.h5 --node-types net/network/A_node_types.csv \
		-p A --from 0 --to 1 "$table")" 'X Y Z'
}

@test "what an input of a config is like" {
	cp -r "${tricky%/*}" net
	sonata-spikes -p V "$table" | cut -d, -f1,3 >net/v.csv
	input='{"input_type": "spikes", "module": "csv", "node_set": "V", "input_file": "v.csv"}'
	sed -i "s/\"manifest\"/\"inputs\": {\"v\": $input}, &/" net/config.json
	is "$(column spikes --inputs net/config.json)" 2
}

@test "rates in bins, whose sum is all spikes" {
	reads --bin 20 -n nodes.csv --from 0 --to 60 s.csv <<-'END'
	time_ms,rate_Hz,population,group,spikes
	0,16.666666666666668,A,X,1
	20,33.333333333333336,A,X,2
	40,16.666666666666668,A,X,1
	0,0,A,Y,0
	20,50,A,Y,1
	40,0,A,Y,0
	END
	misused '--bin: from 0 to 50 ms there is no whole number of bins of 20 ms' \
		--bin 20 -n nodes.csv --from 0 --to 50 s.csv
	misused "--bin: must be in (0,inf): '0'" --bin 0 -n nodes.csv s.csv
	misused '--bin: more than 100000000 bins' --bin 1e-9 -n nodes.csv \
		--from 0 --to 1 s.csv
	misused '--bin: more than 100000000 bins' --bin 1e-9 -n nodes.csv s.csv
}

@test "a spike at a bound is in the bin that begins there" {
	# 0.7 / 0.1 is below 7, and 3 * 0.1 above 0.3.
	awk 'BEGIN {
		print "timestamps,node_ids"
		for (i = 0; i < 1000; i++)
			printf "%.17g,0\n", i * .1
	}' >s.csv
	printf '%s\n' node_id,pop_name 0,X >n.csv
	is "$(column spikes --bin .1 --from 0 --to 100 -n n.csv s.csv |
		tr -d '1 ')" ''
	is "$(column spikes --bin .1 -n n.csv s.csv | tr -d '1 ')" ''
	is "$(column spikes --bin .1 -n n.csv --from 0 --to 100 s.csv | wc -w)" \
		1000
}

@test "bins without a window begin at multiples of their width" {
	run --separate-stderr spike-rate --bin 15 -n nodes.csv -p A s.csv
	is "$stderr" 'spike-rate: no --from and no --to: rates are over the time from 0 to 45 ms, as the spikes have it'
	is "$(column spikes --bin 15 -n nodes.csv s.csv)" '1 1 2 0 0 1'
	is "$(column time_ms --bin 15 -n nodes.csv s.csv)" '0 15 30 0 15 30'
	is "$(column time_ms --bin 15 --from 5 -n nodes.csv s.csv)" \
		'5 20 35 5 20 35'
	is "$(column spikes --bin 15 --to 75 -n nodes.csv s.csv)" \
		'1 1 2 0 0 0 0 1 0 0'
	misused '--bin: from 0 to 70 ms there is no whole number of bins of 15 ms' \
		--bin 15 --to 70 -n nodes.csv s.csv
	# Times that go down, below 0.
	printf '%s\n' timestamps,population,node_ids 7,A,0 -3,A,3 -3,A,0 \
		-22,A,0 >t.csv
	is "$(column time_ms --bin 10 -n nodes.csv t.csv)" \
		'-30 -20 -10 0 -30 -20 -10 0'
	is "$(column spikes --bin 10 -n nodes.csv t.csv)" '1 0 1 1 0 0 1 0'
}

# Twenty bins of one cell, smoothed by a window of $window bins in awk.
smoothed() { # how, window
	awk "$draws"'BEGIN {
		sow(3)
		print "timestamps,node_ids"
		for (i = 0; i < 60; i++)
			printf "%.3f,0\n", 20 * draw() * draw()
	}' >r.csv
	printf '%s\n' node_id,pop_name 0,X >n.csv
	spike-rate --bin 1 --from 0 --to 20 --smooth "$1" --window-bins "$2" \
		-n n.csv r.csv | awk -F, -v n=0 -v how="$1" -v w="$2" '
	function at(i) {
		if (how == "boxcar")
			return x[i < 0 ? 0 : i < n ? i : n - 1]
		while (i < 0 || i >= n)
			i = i < 0 ? -1 - i : 2 * n - 1 - i
		return x[i]
	}
	function want(i,    k, sum, norm, g, r) {
		if (how == "exponential")
			return i == 0 ? x[0] : 2 / (w + 1) * x[i] + \
				(1 - 2 / (w + 1)) * want(i - 1)
		if (how == "boxcar") {
			for (k = 0; k < w; k++)
				sum += at(i - int((w - 1) / 2) + k)
			return sum / w
		}
		r = int(4 * w / 6 + .5)
		for (k = -r; k <= r; k++) {
			g = exp(-k * k / 2 / (w / 6) ^ 2)
			norm += g
			sum += g * at(i + k)
		}
		return sum / norm
	}
	NR > 1 { y[n] = $2; x[n++] = $5 * 1000 }
	END {
		for (i = 0; i < n; i++) {
			d = y[i] - want(i)
			bad += d > 1e-9 || d < -1e-9
		}
		exit(n != 20 || bad > 0)
	}'
}

@test "smoothing, as it is defined" {
	for window in 1 2 3 5 6 12 50; do
		smoothed gaussian $window
		smoothed boxcar $window
		smoothed exponential $window
	done
	# What is not said is 50 bins.
	spike-rate --bin 1 --smooth boxcar --window-bins 50 -n n.csv r.csv 2>&1 |
		cmp - <(spike-rate --bin 1 --smooth boxcar -n n.csv r.csv 2>&1)
	# Smoothing leaves the counts alone, and the sum of what is not cut off.
	is "$(column spikes --bin 1 --smooth gaussian -n n.csv r.csv)" \
		"$(column spikes --bin 1 -n n.csv r.csv)"
	run -2 spike-rate --bin 1 --smooth x -n n.csv r.csv
	misused '--smooth needs --bin' --smooth boxcar -n n.csv r.csv
	misused '--window-bins needs --smooth' --bin 1 --window-bins 3 -n n.csv r.csv
	misused "--window-bins: must be in [1,100000000]: '-1'" --bin 1 --smooth boxcar --window-bins -1 \
		-n n.csv r.csv
	misused "--window-bins: must be in [1,100000000]: '1000000000000'" --bin 1 --smooth boxcar \
		--window-bins 1000000000000 -n n.csv r.csv
}

@test "bursts, whatever the order of the spikes" {
	cat >b.csv <<-'END'
	timestamps,population,node_ids
	109.5,A,1
	100,A,1
	105,A,1
	119.5,A,1
	300,A,1
	301,A,1
	500,A,1
	5,A,0
	8,A,2
	END
	reads --bursts -n nodes.csv b.csv <<-'END'
	population,node_id,group,burst,start_ms,end_ms,spikes
	A,1,X,1,100,109.5,3
	A,1,X,2,300,301,2
	END
	is "$(column spikes --bursts --isi 10.1 -n nodes.csv b.csv)" '4 2'
	is "$(column start_ms --bursts --isi 1.1 -n nodes.csv b.csv)" 300
	is "$(column start_ms --bursts --least 3 -n nodes.csv b.csv)" 100
	is "$(column burst --bursts --isi 200 -n nodes.csv b.csv)" 1
	is "$(column start_ms --bursts --from 101 -n nodes.csv b.csv)" '105 300'
	sort -t, -k1,1n b.csv | spike-rate --bursts -n nodes.csv |
		cmp - <(spike-rate --bursts -n nodes.csv b.csv)
	misused "--least: must be in [2,inf): '1'" --bursts --least 1 -n nodes.csv b.csv
	misused "--isi: must be in (0,inf]: '0'" --bursts --isi 0 -n nodes.csv b.csv
	misused '--isi needs --bursts' --isi 5 -n nodes.csv b.csv
	run -2 spike-rate --bursts --bin 5 -n nodes.csv b.csv
}

@test "bursts of more spikes than memory" {
	awk "$draws"'BEGIN {
		sow(2)
		print "timestamps,node_ids"
		for (i = 0; i < 30000; i++)
			printf "%d,%d\n", draw() * 1e5, draw() * 20
	}' >s.csv
	{ echo node_id; seq 0 19; } >n.csv
	spike-rate --bursts -S 64k -n n.csv s.csv >some
	spike-rate --bursts -n n.csv s.csv | cmp - some
	[ "$(wc -l <some)" -gt 1000 ]
	TMPDIR=/nonexistent run -1 spike-rate --bursts -S 64k -n n.csv s.csv
}

@test "pictures of it" {
	spike-rate --bin 10 --from 0 --to 60 -n nodes.csv s.csv |
		plot-lines --by group >p.svg
	grep -q '>X</text>' p.svg && grep -q '>Y</text>' p.svg
	spike-rate --per cell --from 0 --to 60 -n nodes.csv s.csv |
		plot-hist -x rate_Hz --panel group >h.svg
	grep -q '>Firing rate (Hz)</text>' h.svg && grep -q '>Y</text>' h.svg
}

@test "labels of groups stay text" {
	# shellcheck disable=SC2016 # backquotes are what is tested
	name='`touch x` {/=50 y} @z "q", <b>'
	printf 'population,node_id,pop_name\nA,0,"%s"\n' "${name//\"/\"\"}" \
		>n.csv
	spike-rate --listed --per cell --from 0 --to 60 -n n.csv s.csv |
		grep -qF "A,0,\"${name//\"/\"\"}\",3,50"
	[ ! -e x ]
}

@test "-o, and what cannot be read" {
	spike-rate -n nodes.csv --from 0 --to 9 -o out.csv s.csv 2>/dev/null
	spike-rate -n nodes.csv --from 0 --to 9 s.csv 2>/dev/null | cmp - out.csv
	echo 1,A,x >>s.csv
	bad "s.csv:7: column 'node_ids': not an integer: 'x'" -n nodes.csv \
		-o out.csv s.csv
	is "$(echo out.csv*)" out.csv
	bad 'none: No such file or directory' -n nodes.csv none
}
