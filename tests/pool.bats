bats_require_minimum_version 1.5.0

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	cat >n.csv <<-'END'
	node_id,pop_name,layer,x,y,z
	7,PV,2,0,1,2
	3,PN,1,3,4,5
	12,PV,1,6,7,8
	0,PN,2,9,10,11
	END
}

is() { # what, it has to be
	[ "$1" = "$2" ] || { printf '%s\nrather than\n%s\n' "$1" "$2" && false; }
}

bad() { # the one line said, arguments; the standard input is passed on
	run --separate-stderr pool-check "${@:2}"
	is "$stderr" "pool-check: $1"
	[ "$status" -eq 1 ] && [ -z "$output" ]
}

pools() { # what is printed, as one line
	pool-check "$@" | paste -sd '|'
}

@test "without groups each pool is of all cells, by id" {
	is "$(pools n.csv)" "all of none: 0 3 7 12|all of none: 0 3 7 12|same"
}

@test "groups are of pop_name" {
	is "$(pools --source PV --target PN n.csv)" \
		"PV of none: 7 12|PN of none: 0 3|different"
	is "$(pools --source PV --target PV n.csv)" \
		"PV of none: 7 12|PV of none: 7 12|same"
}

@test "-g is another column" {
	is "$(pools -g layer --source 1 --target 2 n.csv)" \
		"1 of none: 3 12|2 of none: 0 7|different"
	bad "n.csv: no column 'depth'" -g depth --source 1 --target 2 n.csv
	bad "n.csv: no column 'depth'" -g depth n.csv
}

@test "without pop_name groups are of node_type_id" {
	sed 's/pop_name/node_type_id/' n.csv >types.csv
	is "$(pools --source PV --target PN types.csv)" \
		"PV of none: 7 12|PN of none: 0 3|different"
	cut -d, -f1,4- n.csv >none.csv
	bad "none.csv: no column 'pop_name'" --source PV --target PN none.csv
	is "$(pools none.csv)" "$(pools n.csv)"
}

@test "one group that is all cells is the same as all cells" {
	grep -v PV n.csv >pn.csv
	is "$(pools --source PN pn.csv)" \
		"PN of none: 0 3|all of none: 0 3|same"
}

@test "groups that overlap" {
	bad "sources 'PV' and targets 'all' overlap, but are not the same:\
 cell 7 is in both" --source PV n.csv
}

@test "a group without cells" {
	bad "--source: no cell is of group 'pv'" --source pv --target PN n.csv
	bad "--target: no cell is of group 'X'" --source PV --target X n.csv
}

@test "cells that are not in a pool may be anything" {
	printf '0,SOM,1,,,\n-5,SOM,1,0,0,0\n' >>n.csv
	is "$(pools --positions --source PV --target PN n.csv)" \
		"PV of none: 7@0,1,2 12@6,7,8|PN of none: 0@9,10,11\
 3@3,4,5|different"
}

@test "several tables, and the standard input" {
	head -n 3 n.csv >a.csv
	sed 2,3d n.csv >b.csv
	is "$(pools a.csv b.csv)" "$(pools n.csv)"
	is "$(pools b.csv a.csv)" "$(pools n.csv)"
	is "$(pools <n.csv)" "$(pools n.csv)"
	is "$(pools b.csv - <a.csv)" "$(pools n.csv)"
}

two() { # populations with the same ids
	printf 'population,node_id,pop_name\nLA,1,PN\nLA,0,PV\n' >la.csv
	printf 'population,node_id,pop_name\nthal,0,X\nthal,1,X\n' >thal.csv
}

@test "cells of different populations are different, whatever their ids" {
	two
	is "$(pools -g population --source thal --target LA la.csv thal.csv)" \
		"thal of thal: 0 1|LA of LA: 0 1|different"
	is "$(pools --source X --target PV la.csv thal.csv)" \
		"X of thal: 0 1|PV of LA: 0|different"
	is "$(pools la.csv)" "LA of LA: 0 1|LA of LA: 0 1|same"
}

@test "a pool of several populations" {
	two
	bad "thal.csv:2: the source cells are of several populations: 'LA' and\
 'thal'" la.csv thal.csv
	sed -i s/X/PN/ thal.csv
	bad "thal.csv:2: the target cells are of several populations: 'LA' and\
 'thal'" --source PV --target PN la.csv thal.csv
	sed s/LA// la.csv >none.csv
	bad "none.csv:2: column 'population': no name: ''" none.csv
	bad "n.csv: no column 'population', unlike the table before" \
		la.csv n.csv
	bad "la.csv: a column 'population', unlike the table before" \
		n.csv la.csv
}

@test "ids that are there twice, negative, or none" {
	echo 3,PV,1,0,0,0 >>n.csv
	bad "n.csv:6: column 'node_id': there twice: '3'" n.csv
	bad "sources 'PV' and targets 'PN' overlap, but are not the same:\
 cell 3 is in both" --source PV --target PN n.csv
	printf 'node_id\n-1\n' >m.csv
	bad "m.csv:2: column 'node_id': negative: '-1'" m.csv
	printf 'node_id\nx\n' >m.csv
	bad "m.csv:2: column 'node_id': not an integer: 'x'" m.csv
	printf 'id\n1\n' >m.csv
	bad "m.csv: no column 'node_id'" m.csv
}

@test "positions" {
	is "$(pools --positions --source PV --target PV n.csv)" \
		"PV of none: 7@0,1,2 12@6,7,8|PV of none: 7@0,1,2 12@6,7,8|same"
	sed 's/,10,/,,/' n.csv >m.csv
	bad "m.csv:5: column 'y': a cell without a position: ''" \
		--positions m.csv
	sed 's/,10,/,inf,/' n.csv >m.csv
	bad "m.csv:5: column 'y': not a position: 'inf'" --positions m.csv
	sed 's/,10,/,up,/' n.csv >m.csv
	bad "m.csv:5: column 'y': not a number: 'up'" --positions m.csv
	cut -d, -f1-5 n.csv >m.csv
	bad "m.csv: no column 'z'" --positions m.csv
	is "$(pools m.csv)" "$(pools n.csv)"
}

@test "no cells at all" {
	is "$(head -n 1 n.csv | pools --source PV --target PN)" \
		"PV of none:|PN of none:|same"
	is "$(echo population,node_id | pools)" "all of :|all of :|same"
	bad "standard input: no header" </dev/null
}

@test "ids far apart are found, and those between them are not" {
	printf 'node_id\n5\n999999999999\n0\n-0\n' | sed '$d' >m.csv
	is "$(pools m.csv)" "all of none: 0 5 999999999999|all of none: 0 5\
 999999999999|same"
}
