# Distributions are tested at a level of 1e-4, with seeds that are fixed: a test
# that fails is no accident.  Critical values: chi-square of 7 degrees of
# freedom, 29.88; Kolmogorov and Smirnov's D, 2.225 / sqrt(n).
load common.bash

header=group,count,shape,x0,y0,z0,x1,y1,z1,min_distance_um

groups() { # lines of a table
	printf '%s\n' "$header" "$@"
}

points() { # of one group, x y z; its line, options
	groups "$1" | place-cells --seed 7 "${@:2}" | tail -n +2 |
		cut -d, -f3- | tr , ' '
}

uniform() { # numbers from 0 to 1 on the standard input: is D small enough?
	sort -g | awk '
		{ u[NR] = $1 }
		END {
			for (i = 1; i <= NR; i++) {
				d = i / NR - u[i] > d ? i / NR - u[i] : d
				e = u[i] - (i - 1) / NR
				d = e > d ? e : d
			}
			print NR, d, 2.225 / sqrt(NR)
			exit !(NR > 0 && d < 2.225 / sqrt(NR))
		}'
}

nearest() { # the least distance between two lines x y z
	awk '
		{
			for (i = 1; i < NR; i++) {
				d = ($1 - x[i]) ^ 2 + ($2 - y[i]) ^ 2 + \
					($3 - z[i]) ^ 2
				least = NR == 2 || d < least ? d : least
			}
			x[NR] = $1; y[NR] = $2; z[NR] = $3
		}
		END { printf "%.17g\n", sqrt(least) }'
}

@test "a box is filled evenly" {
	points PN,8000,box,-100,0,50,300,10,51, >p
	is "$(wc -l <p)" 8000
	awk '{ n[($1 > 100) + 2 * ($2 > 5) + 4 * ($3 > 50.5)]++ }
		END {
			for (k = 0; k < 8; k++)
				chi += (n[k] - 1000) ^ 2 / 1000
			print chi
			exit !(chi < 29.88)
		}' p
	awk '{ print ($1 + 100) / 400 }' p | uniform
	awk '{ print $2 / 10 }' p | uniform
	awk '{ print $3 - 50 }' p | uniform
}

@test "an ellipsoid is filled evenly, and no more than it" {
	points PN,6000,ellipsoid,-10,0,0,10,200,8, |
		awk '{ print $1 / 10, $2 / 100 - 1, $3 / 4 - 1 }' >p
	awk '{ print sqrt($1 ^ 2 + $2 ^ 2 + $3 ^ 2) ^ 3 }' p | uniform
	awk '{ n[($1 > 0) + 2 * ($2 > 0) + 4 * ($3 > 0)]++ }
		END {
			for (k = 0; k < 8; k++)
				chi += (n[k] - 750) ^ 2 / 750
			print chi
			exit !(chi < 29.88)
		}' p
}

# The ends of a cylinder are the faces of the box across its axis.
@test "a cylinder is filled evenly, along each axis" {
	local shape axis
	for shape in cylinder:3 cylinder-x:1 cylinder-y:2; do
		axis=${shape#*:}
		points "PN,4000,${shape%:*},0,0,0,20,30,40," |
			awk '{ print $1 / 10 - 1, $2 / 15 - 1, $3 / 20 - 1 }' >p
		awk -v a="$axis" '{ print ($a + 1) / 2 }' p | uniform
		awk -v a="$axis" '{
			$a = 0
			print $1 ^ 2 + $2 ^ 2 + $3 ^ 2
		}' p | uniform
	done
}

@test "flat shapes are discs, lines and points" {
	points PN,3000,ellipsoid,0,0,7,20,20,7, >p
	awk '$3 != 7 { exit 1 }' p
	awk '{ print ($1 / 10 - 1) ^ 2 + ($2 / 10 - 1) ^ 2 }' p | uniform
	points PN,3000,cylinder,5,0,0,5,20,10, >p
	awk '$1 != 5 { exit 1 }' p
	awk '{ print $2 / 20 }' p | uniform
	is "$(points PN,2,ellipsoid,1,2,3,1,2,3,)" $'1 2 3\n1 2 3'
}

@test "cells keep their distance, in shapes of all sorts" {
	local shape
	for shape in box cylinder ellipsoid; do
		points "PN,400,$shape,-500,-500,-500,-400,-400,-400,9" >p
		is "$(wc -l <p)" 400
		nearest <p | awk '{ print; exit !($1 >= 9 && $1 < 9.5) }'
	done
	points PN,400,box,-500,-500,-500,-400,-400,-400, | nearest |
		awk '{ print; exit !($1 < 9) }'
}

# A distance that is small against the box, whose boxes are so many that they
# cannot be as wide as it.
@test "cells keep a distance far away" {
	points PN,300,box,1e9,1e9,1e9,1000000010,1000000010,1000000010,1 |
		nearest | awk '{ print; exit !($1 >= 1) }'
	points PN,3,box,-1e38,-1e38,-1e38,1e38,1e38,1e38,1 | wc -l |
		grep -qx 3
	points PN,2,box,0,0,0,1e38,1,1,1e37 | sort -g |
		awk '{ x[NR] = $1 } END { exit !(x[2] - x[1] >= 1e37) }'
}

@test "--min-distance is for cells of all groups" {
	groups A,200,box,0,0,0,100,100,100,12 B,200,box,0,0,0,100,100,100, \
		C,27,lattice,0,0,0,100,100,100,25 >g.csv
	place-cells --seed 1 g.csv | tail -n +2 | cut -d, -f3- | tr , ' ' |
		nearest | awk '{ print; exit !($1 < 6) }'
	place-cells --seed 1 --min-distance 6 g.csv >t
	tail -n +2 t | cut -d, -f3- | tr , ' ' | nearest |
		awk '{ print; exit !($1 >= 6 && $1 < 7) }'
	grep ,A, t | cut -d, -f3- | tr , ' ' | nearest |
		awk '{ print; exit !($1 >= 12) }'
	is "$(grep -c ,B, t)" 200
	grep ,C, t | cut -d, -f3- | tr , '\n' |
		awk '$1 % 25 { exit 1 }'
}

# A takes most of the lattice's points, B gets those that are left over.
@test "lattices share points with --min-distance" {
	groups A,20,lattice,0,0,0,20,20,20,10 B,7,lattice,0,0,0,20,20,20,10 >g
	place-cells --seed 5 --min-distance 10 g | tail -n +2 | cut -d, -f3- |
		sort -u >t
	is "$(wc -l <t)" 27
	is "$(place-cells --seed 5 g | cut -d, -f3- | sort -u | wc -l)" 23
	sed -i s/B,7/B,8/ g
	bad "g:3: group 'B': 8 cells, but only 7 of 27 points are 10 um from those of other groups" \
		--seed 5 --min-distance 10 g
}

@test "a lattice of all points is of those that --min-distance leaves" {
	groups A,20,lattice,0,0,0,20,20,20,10 B,,lattice,0,0,0,20,20,20,10 \
		C,1,lattice,90,0,0,90,0,0, >g
	place-cells --seed 5 --min-distance 10 g >t
	is "$(tail -n +2 t | cut -d, -f2 | uniq -c | xargs)" "20 A 7 B 1 C"
	is "$(tail -n +2 t | cut -d, -f3- | sort -u | wc -l)" 28
	is "$(tail -n 1 t)" 27,C,90,0,0
	is "$(place-cells --seed 5 g | grep -c ,B,)" 27
}

@test "a lattice has x first, and needs no seed if it is full" {
	groups L,,lattice,0,-5,7,0.3,5,7,0.1 | place-cells | tail -n +2 |
		cut -d, -f3- | tr , ' ' | awk '
		{
			k = NR - 1
			x = k % 4 * 0.1 < 0.3 ? k % 4 * 0.1 : 0.3
			y = -5 + int(k / 4) * 0.1
			if ($1 != x || $2 != y || $3 != 7)
				exit 1
		}
		END { exit !(NR == 404) }'
	groups L,12,lattice,0,0,0,20,10,10, >g
	is "$(place-cells g | tail -n +2 | cut -d, -f3-)" "0,0,0
10,0,0
20,0,0
0,10,0
10,10,0
20,10,0
0,0,10
10,0,10
20,0,10
0,10,10
10,10,10
20,10,10"
	groups L,1,lattice,1,2,3,9,9,9, M,0,lattice,1,2,3,9,9,9, >g
	is "$(place-cells g | tail -n 1)" 0,L,1,2,3
}

# The widest spacing by trying all: a side of the box over 1, 2, 3 ...
@test "a lattice without a spacing has the widest that has enough points" {
	local n
	for n in 2 7 8 9 50 333; do
		groups "L,$n,lattice,0,0,0,70,30,50," |
			place-cells --seed 1 | tail -n +2 | cut -d, -f3- |
			tr , ' ' | nearest >spacing
		awk -v n="$n" '
			function points(s) {
				return (int(70 / s + 1e-9) + 1) * \
					(int(30 / s + 1e-9) + 1) * \
					(int(50 / s + 1e-9) + 1)
			}
			{
				split("70 30 50", side)
				for (a = 1; a <= 3; a++)
					for (k = 1; k <= n; k++) {
						s = side[a] / k
						if (points(s) >= n && s > best)
							best = s
					}
				print $1, best
				exit !($1 - best < 1e-9 && best - $1 < best)
			}' spacing
	done
}

# 1000 choices of 3 of 8 points: each point 375 times, give or take.  Points of
# one choice differ, so that chi-square is 7 times its usual share of 5 / 8.
@test "a lattice that is too large is chosen from evenly" {
	local i
	for i in {1..1000}; do echo "L$i,3,lattice,0,0,0,1,1,1,1"; done |
		(echo "$header"; cat) | place-cells --seed 2 >t
	tail -n +2 t | cut -d, -f2- | sort -u | wc -l | grep -qx 3000
	tail -n +2 t | cut -d, -f3- | sort | uniq -c | awk '
		{ chi += ($1 - 375) ^ 2 / 375 }
		END {
			chi *= 8 / 5 * 7 / 8
			print NR, chi
			exit !(NR == 8 && chi < 29.88)
		}'
	tail -n +2 t | awk -F, '
		{ k = $3 + 2 * $4 + 4 * $5 }
		$2 == last && k <= before { exit 1 }
		{ last = $2; before = k }'
}

@test "other columns are carried, quoted if they have to be" {
	cat >g <<-'END'
	model_type,group,count,"the ""note""",shape,x0,y0,z0,x1,y1,z1
	biophysical,PN,2,"a, b",box,1,2,3,1,2,3
	,PV,1,,box,4,5,6,4,5,6
	END
	place-cells --seed 1 g | diff - <(cat <<-'END'
	node_id,pop_name,model_type,"the ""note""",x,y,z
	0,PN,biophysical,"a, b",1,2,3
	1,PN,biophysical,"a, b",1,2,3
	2,PV,,,4,5,6
	END
	)
}

@test "pop_name goes before the name of the group" {
	groups PN_left,1,box,0,0,0,0,0,0, PN_right,1,box,1,1,1,1,1,1, |
		sed "1s/\$/,pop_name/;1!s/\$/,PN/" | place-cells --seed 1 |
		diff - <(printf '%s\n' node_id,pop_name,x,y,z 0,PN,0,0,0 \
			1,PN,1,1,1)
}

@test "ids are from 0 in each population" {
	groups PN,2,box,0,0,0,0,0,0, V,2,box,1,1,1,1,1,1, \
		PV,1,box,2,2,2,2,2,2, |
		sed '1s/$/,population/;2s/$/,LA/;3s/$/,thalamus/;4s/$/,LA/' >g
	place-cells --seed 1 g | cut -d, -f-3 | diff - <(cat <<-'END'
	population,node_id,pop_name
	LA,0,PN
	LA,1,PN
	thalamus,0,V
	thalamus,1,V
	LA,2,PV
	END
	)
	is "$(place-cells --seed 1 --first-id 100 g | tail -n +2 |
		cut -d, -f2 | tr '\n' ' ')" "100 101 100 101 102 "
}

@test "groups of one name in two populations are two" {
	groups PN,1,box,0,0,0,9,9,9, PN,1,box,0,0,0,9,9,9, |
		sed '1s/$/,population/;2s/$/,A/;3s/$/,B/' >g
	is "$(place-cells --seed 1 g | tail -n +2 | cut -d, -f4- | sort -u |
		wc -l)" 2
}

@test "what a group gets follows from the seed and its name" {
	groups A,50,box,0,0,0,9,9,9,1 B,50,ellipsoid,0,0,0,9,9,9,1 \
		C,9,lattice,0,0,0,9,9,9,3 >g
	place-cells --seed 1 g >t
	place-cells --seed 1 g | cmp - t
	for group in A B C; do
		grep -E "^group|^$group" g | place-cells --seed 1 |
			tail -n +2 | cut -d, -f2- |
			diff - <(grep ",$group," t | cut -d, -f2-)
	done
	(head -n 1 g; tail -n +2 g | tac) | place-cells --seed 1 |
		cut -d, -f2- | sort | diff - <(cut -d, -f2- t | sort)
	place-cells --seed 2 g | cut -d, -f3- | sort >other
	is "$(cut -d, -f3- t | sort | comm -12 - other | grep -vc '^[0-9],[0-9],[0-9]$')" 1
	sed 's/^B/D/' g | place-cells --seed 1 | grep ,D, | cut -d, -f3- |
		sort >other
	is "$(grep ,B, t | cut -d, -f3- | sort | comm -12 - other | wc -l)" 0
	sed 's/^A,50/A,60/' g | place-cells --seed 1 | grep ,A, | head -n 50 |
		diff - <(grep ,A, t)
	place-cells --seed 18446744073709551615 g >other
	run ! cmp other t
}

@test "shares add up" {
	local header=group,shape,x0,y0,z0,x1,y1,z1
	groups P,box,0,0,0,1,1,1 Q,box,0,0,0,1,1,1 R,box,0,0,0,1,1,1 \
		S,box,0,0,0,1,1,1 >g
	counts() { # options
		place-cells --seed 1 "$@" g | tail -n +2 | cut -d, -f2 |
			uniq -c | awk '{ printf "%s%d", $2, $1 }'
	}
	is "$(counts --total 2000 --shares 800:800:240:160)" P800Q800R240S160
	is "$(counts --total 1000 --shares 800:800:240:160)" P400Q400R120S80
	is "$(counts --total 10 --shares 1:1:1:0)" P3Q4R3
	is "$(counts --total 2 --shares 1:1:1:1)" Q1R1
	is "$(counts --total 7 --shares .1:.2:.3:.4)" P1Q1R2S3
	is "$(counts --total 9 --shares 0:0:1:0)" R9
	is "$(counts --total 0 --shares 1:1:1:1)" ""
	bad "g: 4 groups, but --shares has 2" --total 9 --shares 1:1 g
	groups "P,box,0,0,0,1,1,1" | sed '1s/$/,count/;2s/$/,5/' >g
	bad "g: a column 'count', but --shares is given" --total 9 --shares 1 g
	groups "P,box,0,0,0,1,1,1" >g
	bad "g: no column 'count'" --seed 1 g
	misused "--total needs --shares" \
		--total 9 g
	misused "--shares needs --total" \
		--shares 1 g
	misused "--shares: not a number from 0 on: ''" --total 9 --shares 1: g
	misused "--shares: not a number from 0 on: '-1'" --total 9 --shares -1 g
	misused "--shares: the sum is not above 0 and finite: '0'" --total 9 \
		--shares 0 g
	misused "--total: must be in [0,4294967294]: '5000000000'" --total 5000000000 --shares 1 g
}

@test "too little room is an error, and nothing is written" {
	groups A,1,box,0,0,0,1,1,1, PN,9,box,0,0,0,10,10,10,10 >g
	run --separate-stderr place-cells --seed 1 --tries 1000 -o out g
	[ "$status" -eq 1 ] && [ ! -e out ]
	[[ $stderr =~ "g:3: group 'PN': "([0-9])" of 9 cells placed after "([0-9]+)" tries, 1000 of them for the next one: too little room for a distance of 10 um" ]]
	[ "${BASH_REMATCH[1]}" -ge 1 ] && [ "${BASH_REMATCH[2]}" -gt 1000 ]
	bad "standard input:2: group 'PN': 1 of 2 cells placed after 8 tries, 7 of them for the next one: too little room for a distance of 3 um" \
		--seed 1 --tries 7 < <(groups PN,2,box,0,0,0,1,1,1,3)
	bad "standard input:3: group 'B': 0 of 1 cells placed after 5 tries, 5 of them for the next one: too little room for a distance of 9 um" \
		--seed 1 --tries 5 --min-distance 9 < <(groups A,1,box,0,0,0,1,1,1, \
			B,1,box,0,0,0,1,1,1,2)
}

@test "lattices that cannot be" {
	one() { # the message, the group
		bad "standard input:2: group 'L': $1" --seed 1 "${@:3}" \
			< <(groups "$2")
	}
	one "a lattice needs a count or a min_distance_um" \
		L,,lattice,0,0,0,1,1,1,
	one "9 cells on a lattice of 8 points" L,9,lattice,0,0,0,1,1,1,1
	one "one point is all there is, for 2 cells" L,2,lattice,1,1,1,1,1,1,
	one "a lattice of more than 4294967294 points" \
		L,,lattice,0,0,0,1,1,1,1e-9
	one "points 1 um apart, but --min-distance is 2" \
		L,8,lattice,0,0,0,1,1,1, --min-distance 2
}

@test "what is wrong is said" {
	wrong() { # the message, the group
		bad "standard input:2: column $1" --seed 1 < <(groups "$2")
	}
	wrong "'group': empty: ''" ,1,box,0,0,0,1,1,1,
	wrong "'count': not an integer: 'x'" PN,x,box,0,0,0,1,1,1,
	wrong "'count': not an integer: ''" PN,,box,0,0,0,1,1,1,
	wrong "'count': not a number of cells: '-1'" PN,-1,box,0,0,0,1,1,1,
	wrong "'shape': none of box, cylinder, cylinder-x, cylinder-y, ellipsoid, lattice: 'cube'" \
		PN,1,cube,0,0,0,1,1,1,
	wrong "'y0': not a number: ''" PN,1,box,0,,0,1,1,1,
	wrong "'z1': not a finite number: 'inf'" PN,1,box,0,0,0,1,1,inf,
	wrong "'z1': not a finite number: 'nan'" PN,1,box,0,0,0,1,1,nan,
	wrong "'x1': below where it begins: '-1'" PN,1,box,0,0,0,-1,1,1,
	wrong "'x0': too far away: '-1e39'" PN,1,box,-1e39,0,0,1e308,1,1,
	wrong "'x1': too far away: '1e308'" PN,1,box,-1e38,0,0,1e308,1,1,
	wrong "'min_distance_um': not a distance: '1e-151'" \
		PN,1,box,0,0,0,1,1,1,1e-151
	wrong "'min_distance_um': too far away: '1e39'" \
		PN,1,box,0,0,0,1,1,1,1e39
	wrong "'min_distance_um': negative: '-2'" PN,1,box,0,0,0,1,1,1,-2
	wrong "'min_distance_um': not a finite number: 'inf'" PN,1,box,0,0,0,1,1,1,inf
	bad "standard input:3: column 'group': there is such a group already: 'PN'" \
		--seed 1 < <(groups PN,1,box,0,0,0,1,1,1, PN,2,box,0,0,0,1,1,1,)
	bad "standard input:3: more than 4294967294 cells" --seed 1 < <(
		groups A,4294967294,box,0,0,0,1,1,1, B,1,box,0,0,0,1,1,1,)
	bad "standard input: no column 'z1'" --seed 1 < <(groups | cut -d, -f-8)
	bad "standard input: no column 'shape'" --seed 1 < <(groups | cut -d, -f-2)
	bad "standard input: column 'x' is made here" --seed 1 < <(
		groups | sed 's/$/,x/')
	bad "standard input: column 'ei' is there twice" --seed 1 < <(
		groups | sed 's/$/,ei,ei/')
	bad "standard input:2: column 'population': empty: ''" --seed 1 < <(
		groups PN,1,box,0,0,0,1,1,1, | sed '1s/$/,population/;2s/$/,/')
}

@test "no groups, no cells" {
	is "$(groups | place-cells)" node_id,pop_name,x,y,z
	is "$(groups PN,0,box,0,0,0,1,1,1, | place-cells)" node_id,pop_name,x,y,z
}

@test "a network of them" {
	groups PN,80,box,0,0,0,100,100,100,10 PV,20,box,0,0,0,100,100,100,10 |
		place-cells --seed 3 >n.csv
	awk 'BEGIN {
		print "source_node_id,target_node_id"
		for (i = 0; i < 99; i++)
			print i "," i + 1
	}' | sonata-pack -n n.csv -o net
	sonata-nodes -c pop_name,x,y,z net/circuit_config.json |
		cut -d, -f1,3- | diff - n.csv
	conn-matrix net/circuit_config.json | cut -d, -f-4 | grep -qx PN,PV,80,20
}

@test "tab separated, and into a file" {
	groups PN,3,box,0,0,0,1,1,1, >g
	place-cells --seed 1 -t g | tr '\t' , | diff - <(place-cells --seed 1 g)
	place-cells --seed 1 -o out g
	place-cells --seed 1 - <g | diff - out
	tr , '\t' <g | place-cells --seed 1 | diff - out
}

@test "misuse" {
	groups PN,3,box,0,0,0,1,1,1, >g
	misused "--seed is needed: the same one draws the same" g
	groups PN,3,lattice,0,0,0,1,1,1,1 >l
	misused "--seed is needed: the same one draws the same" l
	misused "--min-distance: must be in [0,inf): '-1'" --min-distance -1 g
	misused "--min-distance: not a distance: '1e-151'" --min-distance 1e-151 g
	misused "--min-distance: must be in [0,inf): 'inf'" --min-distance inf g
	misused "--min-distance: not a distance: '1e+39'" --min-distance 1e39 g
	misused "--tries: must be in [1,inf): '0'" --tries 0 g
	misused "--first-id: must be in [0,9e18]: '-1'" --first-id -1 g
	misused "--first-id: must be in [0,9e18]: '9223372036854775807'" \
		--first-id 9223372036854775807 g
}
