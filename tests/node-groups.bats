# shellcheck disable=SC2086,SC2116 # options are several words, and lines long
load common.bash

nodes() { # so many of A, then of B; a key that both have
	awk -v n="$1" 'BEGIN {
		print "node_id,population,key,x,y,pop_name"
		for (p = 0; p < 2; p++)
			for (i = 0; i < n; i++)
				print i "," (p ? "B" : "A") ",k" i "," i * 7 % 10 "," \
					i * 3 % 10 "," (i % 3 ? "PN" : "PV")
	}'
}

sizes() { # of the groups in the last column, of each population
	awk -F, 'NR > 1 { n[$2 "/" $NF]++ }
		END { for (k in n) print k ":" n[k] }' | LC_ALL=C sort | paste -sd ' '
}

groups() { tail -n +2 | sed 's/.*,//' | paste -sd ' '; }

@test "by chance: as equal as can be, whatever the order" {
	nodes 100 >n.csv
	node-groups --random 7 --seed 1 n.csv >g.csv
	awk -F, 'NR > 1 { n[$2 $NF]++ } END {
		for (k in n) { groups++; bad = bad || n[k] < 14 || n[k] > 15 }
		exit bad || groups != 14 }' g.csv
	cut -d, -f1-6 g.csv | cmp - n.csv
	is "$(head -n 1 g.csv)" node_id,population,key,x,y,pop_name,group
	(head -n 1 n.csv; tail -n +2 n.csv | sort -t, -k3,3 -k2,2r) >shuffled.csv
	node-groups --random 7 --seed 1 <shuffled.csv | tail -n +2 | sort |
		cmp - <(tail -n +2 g.csv | sort)
	run -1 cmp -s g.csv <(node-groups --random 7 --seed 2 n.csv)
	# populations are dealt apart, and each as if it were alone
	run -1 cmp -s <(grep ,A, g.csv | groups) <(grep ,B, g.csv | groups)
	grep -v ,A, n.csv | node-groups --random 7 --seed 1 |
		cmp - <(grep -v ,A, g.csv)
	is "$(node-groups --random 1000 --seed 1 n.csv | sizes | tr ' ' '\n' |
		grep -c ':1$')" 200
}

# Chi-square of 6 degrees of freedom at 1e-4: 27.86.
@test "each pair of neighbours is in one group as often as chance has it" {
	for seed in {1..40}; do
		nodes 50 | node-groups --random 5 --seed "$seed" | grep ,A, |
			groups
	done | awk '{ for (i = 2; i <= NF; i++) { n++; same += $i == $(i - 1) } }
		{ for (i = 1; i <= NF; i += 7) at[$i]++ }
		END {
			p = 9 / 49; z = (same - n * p) / sqrt(n * p * (1 - p))
			for (g = 0; g < 5; g++) chi += (at[g] - 64) ^ 2 / 64
			print z, chi
			exit !(z ^ 2 < 3.9 ^ 2 && chi < 27.86)
		}'
}

@test "a key links populations, also those that are not together" {
	nodes 40 >n.csv
	node-groups --random 3 --seed 1 --key key n.csv >g.csv
	is "$(grep ,A, g.csv | groups)" "$(grep ,B, g.csv | groups)"
	grep -v ,A, n.csv | node-groups --random 3 --seed 1 --key key |
		cmp - <(grep -v ,A, g.csv)
	node-groups --divide 2 --seed 3 --key key g.csv >d.csv
	is "$(grep ,A, d.csv | groups)" "$(grep ,B, d.csv | groups)"
	node-groups --by pop_name --fraction .5 --seed 3 --key key n.csv >f.csv
	is "$(grep ,A, f.csv | groups)" "$(grep ,B, f.csv | groups)"
	# all of one key are in one group
	node-groups --random 2 --seed 1 --key pop_name n.csv | awk -F, '
		NR > 1 && ($6 in g) && g[$6] != $7 { bad = 1 }
		{ g[$6] = $7 } END { exit bad || g["PV"] == g["PN"] }'
}

@test "by a column: numbers by size, texts by their bytes" {
	printf '%s\n' node_id,p,q 4,10,b 5,2,a 6,10,c 7,,B 8,1e1,b >n.csv
	is "$(node-groups --by p n.csv | groups)" "1 0 1  2"
	is "$(node-groups --by q n.csv | groups)" "2 1 3 0 2"
	is "$(node-groups --by q --fraction 0 --seed 1 n.csv | groups)" "    "
}

@test "a fraction stays, rounded down, and by chance" {
	nodes 100 >n.csv
	is "$(node-groups --random 2 --fraction .29 --seed 1 n.csv | sizes)" \
		"A/0:14 A/1:14 A/:72 B/0:14 B/1:14 B/:72"
	is "$(node-groups --by population --fraction .29 --seed 1 n.csv | sizes)" \
		"A/0:29 A/:71 B/1:29 B/:71" # 28.999... in doubles
	node-groups --random 2 --seed 1 n.csv >all.csv
	node-groups --random 2 --fraction .5 --seed 1 n.csv | paste -d, all.csv - |
		awk -F, 'NR > 1 && $14 != "" && $14 != $7 { exit 1 }'
	cmp all.csv <(node-groups --random 2 --fraction 1 --seed 1 n.csv)
}

@test "groups are divided" {
	nodes 60 | node-groups --by pop_name >g.csv # 40 PN, 20 PV
	node-groups --divide 3 --seed 1 g.csv >d.csv
	is "$(sizes <d.csv)" "$(echo A/0:14 A/1:13 A/2:13 A/3:7 A/4:7 A/5:6 \
		B/0:14 B/1:13 B/2:13 B/3:7 B/4:7 B/5:6)"
	paste -d, g.csv d.csv | awk -F, 'NR > 1 && int($14 / 3) != $7 { exit 1 }'
	printf '%s\n' group,node_id ,1 5,2 >h.csv
	is "$(node-groups --divide 1 --seed 1 h.csv | paste -sd ' ')" \
		'group,node_id "",1 5,2'
}

@test "boxes of a grid: x first, the upper edge is in" {
	printf '%s\n' node_id,x,y 0,0,0 1,49.9,100 2,50,0 3,100,100 4,50,33.4 \
		5,-1,5 6,100.1,5 7,5,101 8,,5 9,5, >n.csv
	run --separate-stderr node-groups --grid 2x3 --bounds 0:100,0:100 n.csv
	is "$(groups <<<"$output")" "0 2 3 5 4     "
	is "$stderr" "node-groups: outside the grid, and in no group: 3 of 10 nodes
node-groups: without a position, and in no group: 2 of 10 nodes"
	printf '7,,2\n5 5 2\n' >grid.txt
	run --separate-stderr node-groups --grid grid.txt --bounds 0:100,0:100 n.csv
	is "$(groups <<<"$output")" "7 2 5 2 5     "
	printf '7 , , 2\n5,5,\n' >grid.txt
	run --separate-stderr node-groups --grid grid.txt --bounds 0:100,0:100 n.csv
	is "$(groups <<<"$output")" "7 2 5  5     "
	is "${stderr_lines[2]}" \
		"node-groups: in a box of no group, and in no group: 1 of 10 nodes"
}

@test "what is wrong is named" {
	printf '%s\n' node_id,x,y,group 1,2,3,0 >n.csv
	misused '--random or --by or --grid or --divide is needed' n.csv
	misused '--seed is needed: the same one draws the same' --random 2 n.csv
	misused '--seed is needed: the same one draws the same' --divide 2 n.csv
	misused '--seed is needed: the same one draws the same' \
		--by x --fraction .5 n.csv
	run -2 node-groups --random 2 --by x --seed 1 n.csv
	run -2 node-groups --grid 2x2 n.csv
	run -2 node-groups --by x --bounds 0:1,0:1 n.csv
	run -2 node-groups --by x --key y n.csv
	run -2 node-groups --random 0 --seed 1 n.csv
	for bounds in 0:1 0:1,1:0 0:1,0:1,0:1 0:x,0:1 0:inf,0:1; do
		misused "--bounds: not x0:x1,y0:y1 that increase: '$bounds'" \
			--grid 2x2 --bounds $bounds n.csv
	done
	misused "--grid: not 1 to 1000000 boxes: '0x2'" --grid 0x2 --bounds 0:1,0:1 n.csv
	misused "--grid: not 1 to 1000000 boxes: '1001x1000'" \
		--grid 1001x1000 --bounds 0:1,0:1 n.csv
	bad "n.csv: there is a column 'group' already" --by x n.csv
	sed -i 's/,[^,]*$//' n.csv
	bad "n.csv: no column 'group': there are node_id, x, y" --divide 2 --seed 1 n.csv
	bad "n.csv: no column 'z': there are node_id, x, y" --by z n.csv
	printf '%s\n' node_id,population,key 1,A,k 1,B,k 1,A, >m.csv
	bad "m.csv:4: column 'node_id': there twice: '1'" --by population m.csv
	bad "m.csv:4: column 'key': empty: ''" --random 2 --seed 1 --key key m.csv
	printf '%s\n' node_id,x,y -1,2,3 >o.csv
	bad "o.csv:2: column 'node_id': negative: '-1'" --by x o.csv
	printf '%s\n' node_id,x,y 1,inf,3 >o.csv
	run -1 node-groups --grid 2x2 --bounds 0:1,0:1 o.csv
	printf '%s\n' node_id,group 1,-2 >o.csv
	bad "o.csv:2: column 'group': negative: '-2'" --divide 2 --seed 1 o.csv
	printf '%s\n' node_id,group 1,9223372036854775807 >o.csv
	bad "o.csv:2: column 'group': too large to be divided: '9223372036854775807'" \
		--divide 2 --seed 1 o.csv
	printf '1 2\n3 -4\n' >grid.txt
	run -1 node-groups --grid grid.txt --bounds 0:1,0:1 n.csv
	[[ $output == "node-groups: grid.txt:2: column '2': negative: '-4'" ]]
	printf '1 2\n3\n' >grid.txt
	run -1 node-groups --grid grid.txt --bounds 0:1,0:1 n.csv
	: >grid.txt
	run -1 node-groups --grid grid.txt --bounds 0:1,0:1 n.csv
}

@test "no nodes: a header" {
	is "$(echo node_id,x | node-groups --random 3 --seed 1)" node_id,x,group
	is "$(echo node_id,x | node-groups --by x)" node_id,x,group
}
