load common.bash

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

bad() { # the one line said, arguments; the standard input is passed on
	run --separate-stderr pool-check "${@:2}"
	told "$stderr" "pool-check: $1"
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

@test "several groups are one pool, by id" {
	set -- --groups -g layer n.csv
	printf '%s\n' 5,SOM,3,1,1,1 9,SOM,4,1,1,1 >>n.csv
	is "$(pools --source 2 --source 1 --target 4 --target 3 "$@")" \
		"2+1 of none: 0=2 3=1 7=2 12=1|4+3 of none: 5=3 9=4|different"
	is "$(pools --source 3 --target 1 --target 4 --target 2 "$@")" \
		"3 of none: 5=3|1+4+2 of none: 0=2 3=1 7=2 9=4 12=1|different"
	is "$(pools --positions --source 4 --source 1 --target 2 "$@")" \
		"4+1 of none: 3@3,4,5=1 9@1,1,1=4 12@6,7,8=1|2 of none:\
 0@9,10,11=2 7@0,1,2=2|different"
	is "$(pools "$@" | cut -d '|' -f 1)" \
		"all of none: 0=all 3=all 5=all 7=all 9=all 12=all"
}

@test "the same groups in any order are the same cells" {
	local all="0 3 7 12"
	is "$(pools --source PV --source PN --target PV --target PN n.csv)" \
		"PV+PN of none: $all|PV+PN of none: $all|same"
	is "$(pools --source PV --source PN --target PN --target PV n.csv)" \
		"PV+PN of none: $all|PN+PV of none: $all|same"
	is "$(pools --target PN --target PV n.csv)" \
		"all of none: $all|PN+PV of none: $all|same"
}

@test "several groups that overlap" {
	bad "sources 'PV+PN' and targets 'PN' overlap, but are not the same:\
 cell 0 is in both" --source PV --source PN --target PN n.csv
	echo 5,SOM,1,1,1,1 >>n.csv
	bad "sources 'PV+PN' and targets 'SOM+PV' overlap, but are not the\
 same: cell 7 is in both" --source PV --source PN --target SOM --target PV n.csv
}

@test "a group that is there twice" {
	run --separate-stderr pool-check --source PV --source PN --source PV \
		n.csv
	is "${stderr_lines[0]}" "pool-check: --source: there twice: 'PV'"
	[ "$status" -eq 2 ] && [ -z "$output" ]
	run --separate-stderr pool-check --target PV --target PV n.csv
	is "${stderr_lines[0]}" "pool-check: --target: there twice: 'PV'"
	[ "$status" -eq 2 ] && [ -z "$output" ]
}

@test "several populations are no pool, whatever the groups" {
	two
	bad "thal.csv:2: the source cells are of several populations: 'LA' and\
 'thal'" --source PN --source X --target PV la.csv thal.csv
	is "$(pools --source X --target PV --target PN la.csv thal.csv)" \
		"X of thal: 0 1|PV+PN of LA: 0 1|different"
}

@test "sequences are group after group" {
	set -- --sequences --groups n.csv
	is "$(pools --source PV --source PN --target PN --target PV "$@")" \
		"PV+PN of none: 7=PV 12=PV 0=PN 3=PN|PN+PV of none: 0=PN 3=PN\
 7=PV 12=PV|same"
	is "$(pools --source PV --target PN --target PV "$@")" \
		"PV of none: 7=PV 12=PV|PN+PV of none: 0=PN 3=PN 7=PV 12=PV|same"
	is "$(pools "$@" | cut -d '|' -f 1)" "all of none: 0=all 3=all 7=all 12=all"
	two
	is "$(pools --sequences --source X --target PN la.csv thal.csv)" \
		"X of thal: 0 1|PN of LA: 1|different"
	echo 3,SOM,1,0,0,0 >>n.csv
	bad "n.csv:6: column 'node_id': there twice: '3'" --sequences \
		--source SOM --source PN --target PV n.csv
}

pairs() { # the source and the target of each edge, of this command
	"$@" 2>said | tail -n +2 | cut -d, -f1,2 | sort -n
}

@test "every connector takes several groups" {
	local from=(--source PV --source SOM) to=(--target IN --target PN)
	local want="0,2 0,3 0,5 1,2 1,3 1,5 4,2 4,3 4,5"
	printf '%s\n' node_id,pop_name 3,PN 1,SOM 0,PV 5,IN 2,PN 4,PV >m.csv
	set -- "${from[@]}" "${to[@]}" --report r.csv m.csv
	is "$(pairs connect-random --rule all_to_all "$@" | xargs)" "$want"
	is "$(pairs connect-reciprocal --seed 1 --p0 1 --p1 0 --pr 0 \
		"$@" | xargs)" "$want"
	is "$(pairs connect-gap --seed 1 --p 1 "$@" | xargs)" \
		"0,2 0,3 0,5 1,2 1,3 1,5 2,4 3,4 4,5"
	is "$(pairs connect-file --pairs <(
		echo source_node_id,target_node_id
		tr ' ' '\n' <<<"$want 0,1 2,3 5,0"
	) "$@" | xargs)" "$want"
	is "$(pairs connect-sequential "$@" | xargs)" "0,5 1,3 4,2"
	is "$(tail -n +2 r.csv | cut -d, -f1 | sort -u)" "PV+SOM->IN+PN"
}

@test "a group without cells" {
	bad "--target: no cell is of group 'X'" --source PN --target PV \
		--target X n.csv
	bad "--source: no cell is of group 'X'" --source X --source PV \
		--target PN n.csv
	is "$(head -n 1 n.csv | pools --source PV --source PN --target X)" \
		"PV+PN of none:|X of none:|same"
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
	bad "none.csv:2: column 'population': a population's name cannot be empty: ''" none.csv
	bad "n.csv: no column 'population', unlike the table before" \
		la.csv n.csv
	bad "la.csv: a column 'population', unlike the table before" \
		n.csv la.csv
}

@test "ids that are there twice, negative, or none" {
	echo 3,PV,1,0,0,0 >>n.csv
	bad "n.csv:6: column 'node_id': there twice: '3'" n.csv
	bad "n.csv:6: column 'node_id': there twice: '3'" --source PV \
		--target PN n.csv
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
	bad "m.csv:5: column 'y': node 0 has no position" --positions m.csv
	sed 's/,10,/,inf,/' n.csv >m.csv
	bad "m.csv:5: column 'y': not a finite number: 'inf'" --positions m.csv
	sed 's/,10,/,up,/' n.csv >m.csv
	bad "m.csv:5: column 'y': not a number: 'up'" --positions m.csv
	cut -d, -f1-5 n.csv >m.csv
	bad "m.csv:5: column 'z': node 0 has no position: without z: --metric cylindrical" \
		--positions m.csv
	is "$(pools m.csv)" "$(pools n.csv)"
}

@test "carriage returns, quotes and tabs" {
	sed 's/PV/"P ""V, 1"/; s/$/\r/' n.csv >m.csv
	is "$(pools --positions --source PN --target 'P "V, 1' m.csv)" \
		"$(pools --positions --source PN --target PV n.csv |
			sed 's/PV/P "V, 1/')"
	is "$(tr , '\t' <n.csv | pools --source PN --target PV)" \
		"$(pools --source PN --target PV n.csv)"
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
