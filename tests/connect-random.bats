# Degrees are held against their exact laws by degree-check (chi-square, GSL),
# at a significance of 0.001: with a fixed seed a test of a right program fails
# once in a thousand seeds, and then another seed is right.  In a rule that fixes
# a sum the degrees of different cells are correlated by -1/(n-1), for which 2000
# cells are enough to be neglected.
load common.bash

# Cells of groups A and B, with ids from 10 on; as many as it says of each.
cells() {
	awk -v a="$1" -v b="$2" 'BEGIN {
		print "node_id,pop_name"
		for (i = 0; i < a + b; i++)
			print i + 10 "," (i < a ? "A" : "B")
	}' >n.csv
}

# Cells at random in a box of 400 x 400 x 100 um.
places() { # how many
	awk -v n="$1" "$draws"'BEGIN {
		sow(5)
		print "node_id,pop_name,x,y,z"
		for (i = 0; i < n; i++)
			printf "%d,%s,%.3f,%.3f,%.3f\n", i, i % 2 ? "A" : "B",
				draw() * 400, draw() * 400, draw() * 100
	}' >n.csv
}

# The degree of each cell from the first on, column 1 of sources, 2 of targets.
degrees() { # column, first cell, how many; the edges are the standard input
	awk -F, -v k="$1" -v first="$2" -v n="$3" 'NR > 1 { d[$k]++ }
		END { for (i = first; i < first + n; i++) print d[i] + 0 }'
}

follows() { # the law, on the standard input
	local p
	p=$(degree-check "$@")
	awk -v p="$p" 'BEGIN { exit !(p > 0.001) }' ||
		{ echo "$*: p = $p" && false; }
}

constant() { # all degrees are this
	is "$(sort -u)" "$1"
}

A_to_B=(--source A --target B --seed 11)

# What the edges of e.csv are, in so many words.
no_autapses() { awk -F, '$1 == $2 { exit 1 }' e.csv; }
autapses() { awk -F, '$1 == $2 { n++ } END { exit !n }' e.csv; }
no_multapses() { cut -d, -f1,2 e.csv | uniq -d | is "$(cat)" ""; }
multapses() { [ -n "$(cut -d, -f1,2 e.csv | uniq -d)" ]; }
in_order() { tail -n +2 e.csv | sort -s -t, -k1,1n -k2,2n -c; }

# bats test_tags=long
@test "pairwise_bernoulli: degrees are binomial" {
	cells 2000 1500
	connect-random --p 0.01 "${A_to_B[@]}" n.csv >e.csv
	degrees 1 10 2000 <e.csv | follows binomial 0.01 1500
	degrees 2 2010 1500 <e.csv | follows binomial 0.01 2000
	in_order
	no_multapses
	cells 600 1
	connect-random --p 0.9 --seed 3 -g pop_name --source A n.csv \
		--target A >e.csv
	degrees 1 10 600 <e.csv | follows binomial 0.9 599
	degrees 2 10 600 <e.csv | follows binomial 0.9 599
	no_autapses
	in_order
	no_multapses
}

@test "pairwise_bernoulli: nothing, and everything" {
	cells 3 2
	is "$(connect-random --p 0 "${A_to_B[@]}" n.csv)" \
		source_node_id,target_node_id
	connect-random --p 1 "${A_to_B[@]}" n.csv | tail -n +2 >e.csv
	diff e.csv - <<-'END'
	10,13
	10,14
	11,13
	11,14
	12,13
	12,14
	END
	is "$(connect-random --p 1 --seed 1 n.csv | wc -l)" 21
	is "$(connect-random --p 1 --seed 1 --autapses n.csv | wc -l)" 26
}

# bats test_tags=long
@test "fixed_indegree" {
	cells 1500 2000
	local one=(--rule fixed_indegree "${A_to_B[@]}" --indegree)
	connect-random "${one[@]}" 30 n.csv >e.csv
	degrees 2 1510 2000 <e.csv | constant 30
	degrees 1 10 1500 <e.csv | follows binomial 0.02 2000
	in_order
	no_multapses
	# More than half of all: the others are drawn.
	cells 1500 400
	connect-random "${one[@]}" 1485 n.csv >e.csv
	degrees 2 1510 400 <e.csv | constant 1485
	degrees 1 10 1500 <e.csv | awk '{ print 400 - $1 }' |
		follows binomial 0.01 400
	in_order
	no_multapses
	is "$(connect-random "${one[@]}" 1500 n.csv | wc -l)" 600001
	cells 1500 2000
	connect-random "${one[@]}" 30 --multapses n.csv >e.csv
	degrees 2 1510 2000 <e.csv | constant 30
	degrees 1 10 1500 <e.csv | follows binomial "$(awk 'BEGIN {
		print 1 / 1500 }')" 60000
	in_order
	multapses
	is "$(connect-random "${one[@]}" 0 n.csv | wc -l)" 1
}

@test "fixed_outdegree" {
	cells 2000 1500
	local one=(--rule fixed_outdegree "${A_to_B[@]}" --outdegree)
	connect-random "${one[@]}" 30 n.csv >e.csv
	degrees 1 10 2000 <e.csv | constant 30
	degrees 2 2010 1500 <e.csv | follows binomial 0.02 2000
	in_order
	no_multapses
	connect-random "${one[@]}" 30 --multapses n.csv >e.csv
	degrees 1 10 2000 <e.csv | constant 30
	degrees 2 2010 1500 <e.csv | follows binomial "$(awk 'BEGIN {
		print 1 / 1500 }')" 60000
	in_order
	multapses
}

# A rule that takes pairs in their order has the synapses as they are drawn, and
# one that does not has them sorted: in no time, however many rows a pair has.
@test "a pair of very many rows" {
	printf '%s\n' node_id,pop_name 0,A 1,B 2,B >n.csv
	connect-random --rule pairwise_poisson --pairwise-avg-num-conns 1000 \
		--multapses --nsyn 1:9 "${A_to_B[@]}" n.csv >e.csv
	cut -d, -f1,2 e.csv | tail -n +2 | LC_ALL=C sort -c
	awk -F, '$2 == last && $3 < n { down++ } { last = $2; n = $3 }
		END { exit !(down > 500) }' e.csv
	ends connect-random --rule fixed_outdegree --outdegree 1000000 \
		--multapses --nsyn 1:9 "${A_to_B[@]}" n.csv |
		awk -F, 'NR > 1 { if ($2 == last && $3 < n) down++
			last = $2; n = $3 } END { exit !(NR == 1000001 && !down) }'
}

# Pairs of a cell and of the same edge of it are as often among the multapses as
# draws from a bag say.
@test "fixed_total_number" {
	cells 2000 1500
	local one=(--rule fixed_total_number "${A_to_B[@]}" --n)
	connect-random "${one[@]}" 60000 n.csv >e.csv
	is "$(wc -l <e.csv)" 60001
	degrees 1 10 2000 <e.csv | follows hypergeometric 1500 2998500 60000
	degrees 2 2010 1500 <e.csv | follows hypergeometric 2000 2998000 60000
	in_order
	no_multapses
	connect-random "${one[@]}" 60000 --multapses n.csv >e.csv
	is "$(wc -l <e.csv)" 60001
	degrees 1 10 2000 <e.csv | follows binomial 0.0005 60000
	degrees 2 2010 1500 <e.csv | follows binomial "$(awk 'BEGIN {
		print 1 / 1500 }')" 60000
	in_order
	multapses
	cells 2000 150
	connect-random "${one[@]}" 290000 n.csv >e.csv
	degrees 1 10 2000 <e.csv | awk '{ print 150 - $1 }' |
		follows hypergeometric 150 299850 10000
	is "$(connect-random "${one[@]}" 300000 n.csv | wc -l)" 300001
	is "$(connect-random "${one[@]}" 0 n.csv | wc -l)" 1
}

@test "pairwise_poisson: degrees and pairs are Poisson's" {
	cells 600 500
	connect-random --rule pairwise_poisson --multapses \
		--pairwise-avg-num-conns 0.3 "${A_to_B[@]}" n.csv >e.csv
	degrees 1 10 600 <e.csv | follows poisson 150
	degrees 2 610 500 <e.csv | follows poisson 180
	awk -F, 'NR > 1 { d[$1, $2]++ } END {
		for (i = 10; i < 610; i++)
			for (j = 610; j < 1110; j++)
				print d[i, j] + 0
	}' e.csv | follows poisson 0.3
	in_order
	is "$(connect-random --rule pairwise_poisson --multapses --seed 0 \
		--pairwise-avg-num-conns 0 n.csv | wc -l)" 1
}

@test "symmetric_pairwise_bernoulli: each pair both ways" {
	cells 2000 5
	connect-random --rule symmetric_pairwise_bernoulli --p 0.02 --seed 4 \
		--source A --target A n.csv >e.csv
	degrees 1 10 2000 <e.csv | follows binomial 0.02 1999
	no_autapses
	in_order
	no_multapses
	tail -n +2 e.csv | awk -F, '{ print $2 "," $1 }' |
		sort -t, -k1,1n -k2,2n | diff - <(tail -n +2 e.csv)
}

@test "one_to_one, and all_to_all" {
	cells 3 3
	connect-random --rule one_to_one --source A --target B n.csv >e.csv
	diff e.csv - <<-'END'
	source_node_id,target_node_id
	10,13
	11,14
	12,15
	END
	is "$(connect-random --rule one_to_one --autapses --source A \
		--target A n.csv | tail -n +2)" $'10,10\n11,11\n12,12'
	is "$(connect-random --rule all_to_all --source A --target A n.csv |
		tail -n +2)" $'10,11\n10,12\n11,10\n11,12\n12,10\n12,11'
	is "$(connect-random --rule all_to_all --autapses --source A \
		--target A n.csv | wc -l)" 10
	is "$(connect-random --rule all_to_all --source A --target B n.csv |
		wc -l)" 10
}

every_rule() { # rules and what they need, a line each
	cat <<-'END'
	pairwise_bernoulli --p 0.1
	pairwise_bernoulli --p gaussian:pmax=0.5,sigma=60
	fixed_indegree --indegree 20
	fixed_indegree --indegree 20 --multapses
	fixed_outdegree --outdegree 20
	fixed_outdegree --outdegree 20 --multapses
	fixed_total_number --n 4000
	fixed_total_number --n 4000 --multapses
	one_to_one --autapses
	all_to_all
	symmetric_pairwise_bernoulli --p 0.1
	symmetric_pairwise_bernoulli --p exponential:pmax=1,lambda=50
	pairwise_poisson --multapses --pairwise-avg-num-conns 0.1
	END
}

@test "autapses: none, unless asked for" {
	local rule
	places 200
	every_rule | grep -vE '^(one|symmetric)' | while read -r rule; do
		# shellcheck disable=SC2086
		connect-random --seed 8 --rule $rule n.csv >e.csv
		no_autapses
		# shellcheck disable=SC2086
		connect-random --seed 8 --rule $rule --autapses n.csv >e.csv
		autapses
	done
}

# With autapses a cell has itself as often as any other.
@test "autapses are as likely as others" {
	cells 20000 1
	connect-random --seed 8 --p 0.01 --autapses --source A --target A \
		n.csv | awk -F, '$1 == $2' >e.csv
	# 200 are expected; 4 standard deviations are 56
	[ "$(wc -l <e.csv)" -gt 144 ]
	[ "$(wc -l <e.csv)" -lt 256 ]
}

# bats test_tags=long
@test "the same bytes for any threads, shards and order" {
	local rule n k
	places 200
	(head -n 1 n.csv; tail -n +2 n.csv | sort -t, -k3) >shuffled.csv
	every_rule | while read -r rule; do
		# shellcheck disable=SC2086
		set -- $rule --seed 18446744073709551615 --nsyn 1:9
		connect-random --rule "$@" n.csv >e.csv
		in_order
		[ "$(wc -l <e.csv)" -gt 100 ]
		connect-random --rule "$@" -j 4 n.csv | cmp - e.csv
		connect-random --rule "$@" shuffled.csv | cmp - e.csv
		for n in 3 7; do
			for ((k = 0; k < n; k++)); do
				connect-random --rule "$@" -j 2 --shard $k/$n \
					n.csv >s.csv
				[ $k -eq 0 ] && head -n 1 s.csv
				tail -n +2 s.csv
			done >shards.csv
			cmp shards.csv e.csv
		done
	done
}

@test "threads that wait for each other" {
	local k
	cells 3000 1
	connect-random --p 0.05 --seed 2 n.csv | md5sum >sum
	for k in 2 3 8; do
		connect-random --p 0.05 --seed 2 -j $k n.csv | md5sum | diff sum -
	done
}

@test "what is drawn follows from the seed and the name" {
	cells 50 50
	connect-random --p 0.5 --seed 1 --source A --target B n.csv >e.csv
	connect-random --p 0.5 --seed 1 --source A --target B n.csv | cmp - e.csv
	connect-random --p 0.5 --seed 1 --source A --target B --name 'A->B' \
		n.csv | cmp - e.csv
	connect-random --p 0.5 --seed 1 --source A --target B --name other \
		n.csv >other.csv
	run -1 cmp -s other.csv e.csv
	connect-random --p 0.5 --seed 2 --source A --target B n.csv >other.csv
	run -1 cmp -s other.csv e.csv
	# Another cell among the sources changes nothing for the others.
	sed '/^25,/d' n.csv | connect-random --p 0.5 --seed 1 --source A \
		--target B | diff - <(grep -v ^25, e.csv)
}

# The connections in each bin against the sum of p(d) over all pairs in it: a sum
# of independent draws, which is normal.  A bin may be 4.5 standard deviations
# off, which one in 10^5 is; one of few edges a little more, as in Bernstein's
# inequality.
by_distance() { # --p, awk's p of distance d, options
	local axes=xyz
	[[ $* == *cylindrical* ]] && axes=xy
	connect-random --p "$1" --seed 21 "${@:3}" n.csv >e.csv
	no_autapses
	in_order
	sonata-pack -n n.csv -o net e.csv
	conn-distance --axes $axes --bin-edges 0,20,40,60,80,100,150,200,300,600 \
		-n net/default_nodes.h5 net/default_to_default_edges.h5 >bins.csv
	awk -F, -v axes=$axes '
	FNR == 1 { file++; next }
	file == 1 { n += 0; g[n] = $2; x[n] = $3; y[n] = $4; z[n++] = $5 }
	file == 2 {
		k = $1 "," $2 "," $3
		made[k] = $6
		pairs[k] = $5
		if (!($3 in low)) { low[$3] = m; edge[m++] = $3 }
	}
	function bin(d, k) {
		for (k = m - 1; d < edge[k]; k--)
			;
		return edge[k]
	}
	END {
		for (i = 0; i < n; i++)
			for (j = 0; j < n; j++) {
				if (i == j)
					continue
				d = (x[i] - x[j]) ^ 2 + (y[i] - y[j]) ^ 2
				d = sqrt(d + (axes == "xy" ? 0 : (z[i] - z[j]) ^ 2))
				p = '"$2"'
				k = g[i] "," g[j] "," bin(d)
				mean[k] += p
				var[k] += p * (1 - p)
				seen[k]++
			}
		for (k in made) {
			off = made[k] - mean[k]
			total += made[k]
			few = (off < 0 ? -off : off) / 3
			if (seen[k] != pairs[k] ||
			    off * off > 20.25 * (var[k] + few)) {
				print k, made[k], mean[k], sqrt(var[k])
				failed = 1
			}
		}
		exit failed || total < 1000
	}' n.csv bins.csv
}

@test "distances: a Gaussian" {
	places 500
	by_distance gaussian:pmax=0.4,sigma=60 '0.4 * exp(-d * d / 7200)'
	by_distance gaussian:pmax=0.4,sigma=30,mu=100,min=50,max=160 \
		'd < 50 || d > 160 ? 0 : 0.4 * exp(-(d - 100) ^ 2 / 1800)'
}

@test "distances: an exponential, and in the plane" {
	places 500
	by_distance exponential:pmax=0.8,lambda=50 '0.8 * exp(-d / 50)'
	by_distance exponential:pmax=0.8,lambda=50,max=90 \
		'd > 90 ? 0 : 0.8 * exp(-d / 50)' --metric cylindrical
}

@test "distances: uniform, and a table" {
	places 500
	by_distance uniform:p=0.3,min=45,max=110 'd < 45 || d > 110 ? 0 : 0.3'
	local near='d > 50 ? (d - 50) * 0.008 : 0.5 - d * 0.01'
	printf '%s\n' distance_um,probability 0,0.5 50,0 100,0.4 200,0.1 >p.csv
	by_distance table:p.csv "d > 200 ? 0 : d > 100 ? 0.7 - d * 0.003 : $near"
}

@test "distances: symmetric pairs" {
	places 500
	connect-random --rule symmetric_pairwise_bernoulli --seed 3 \
		--p uniform:p=0.2,max=100 n.csv >e.csv
	tail -n +2 e.csv | awk -F, '{ print $2 "," $1 }' |
		sort -t, -k1,1n -k2,2n | diff - <(tail -n +2 e.csv)
	awk -F, 'FNR == 1 { file++; next }
	file == 1 { n += 0; x[n] = $3; y[n] = $4; z[n++] = $5 }
	file == 2 { made[$1, $2] = 1 }
	END {
		for (i = 0; i < n; i++)
			for (j = i + 1; j < n; j++) {
				d = (x[i] - x[j]) ^ 2 + (y[i] - y[j]) ^ 2 + \
					(z[i] - z[j]) ^ 2
				near += d <= 10000
				made_near += (i, j) in made && d <= 10000
				far += (i, j) in made && d > 10000
			}
		off = made_near - near * 0.2
		# 4 standard deviations: one in 15000
		exit far || off * off > 16 * near * 0.2 * 0.8
	}' n.csv e.csv
}

# Many boxes are passed on the way to a pick: 70000 edges, whose number is to be
# within 1.1 % of its mean, three standard deviations (one in 370 is not).
# bats test_tags=long
@test "distances: the number of edges among many cells" {
	places 20000
	connect-random --p exponential:pmax=0.05,lambda=15,max=100 --seed 2 \
		--report r.csv n.csv >e.csv
	awk -F, 'NR == 2 { n = $7 * $9; off = $8 - n }
		END { exit n < 50000 || off * off > 9 * n }' r.csv
}

# A box that is taken as a whole, with a chance that is too high, is thinned out:
# where cells share places there is nothing but such boxes.
@test "cells at the same place" {
	awk 'BEGIN { print "node_id,x,y,z"
		for (i = 0; i < 2000; i++) print i "," i % 2 * 30 ",5,5" }' >n.csv
	connect-random --p uniform:p=0.02,max=20 --seed 5 n.csv >e.csv
	awk -F, 'NR > 1 && $1 % 2 != $2 % 2 { exit 1 }' e.csv
	degrees 1 0 2000 <e.csv | follows binomial 0.02 999
	connect-random --p uniform:p=0.02,min=20 --seed 5 n.csv >e.csv
	degrees 2 0 2000 <e.csv | follows binomial 0.02 1000
}

@test "synapses: a number, a range, or not there" {
	cells 200 200
	local one=(--p 0.5 "${A_to_B[@]}")
	is "$(connect-random "${one[@]}" n.csv | head -n 1)" \
		source_node_id,target_node_id
	connect-random "${one[@]}" --nsyn 300 n.csv >e.csv
	is "$(head -n 1 e.csv)" source_node_id,target_node_id,nsyns
	tail -n +2 e.csv | cut -d, -f3 | constant 300
	connect-random "${one[@]}" --nsyn 3:12 n.csv | tail -n +2 | cut -d, -f3 |
		follows uniform 3 12
	connect-random --rule fixed_indegree --indegree 90 "${A_to_B[@]}" \
		--nsyn 3:12 n.csv | tail -n +2 | cut -d, -f3 | follows uniform 3 12
	connect-random --rule all_to_all "${A_to_B[@]}" --nsyn 3:12 n.csv |
		tail -n +2 | cut -d, -f3 | follows uniform 3 12
}

# With the random numbers of the other tool most pairs would be the same ones.
@test "not what connect-reciprocal draws" {
	cells 100 100
	local groups=(--source A --target B --seed 1)
	connect-random --p 0.1 "${groups[@]}" n.csv >e.csv
	connect-reciprocal --p0 0.1 --p1 0 --pr 0 "${groups[@]}" n.csv >f.csv
	# 100 of 10000 pairs are expected in both, and 60 are six sigma
	[ "$(cat e.csv f.csv | grep -v source | sort | uniq -d | wc -l)" -lt 160 ]
	is "$(connect-random --p 0.1 "${groups[@]}" --name 'A->B' n.csv |
		md5sum)" "$(md5sum <e.csv)"
}

@test "properties and populations" {
	(echo node_id,population,layer; echo 4,net,1; echo 5,net,2) >n.csv
	connect-random -g layer --source 1 --target 2 --rule one_to_one \
		--property syn_weight=0.5 --property 'dynamics_params=a,b.json' \
		--property empty= --nsyn 2 n.csv >e.csv
	diff e.csv - <<-'END'
	source_population,target_population,source_node_id,target_node_id,nsyns,syn_weight,dynamics_params,empty
	net,net,4,5,2,0.5,"a,b.json",
	END
	misused "--property: not NAME=VALUE: 'x'" --rule all_to_all \
		--property x n.csv
	misused "--property: not NAME=VALUE: '=x'" --rule all_to_all \
		--property =x n.csv
	misused "--property: there twice: 'x'" --rule all_to_all \
		--property x=1 --property x=2 n.csv
	misused "--property: a column of the connector's own: 'nsyns=1'" \
		--rule all_to_all --property nsyns=1 n.csv
}

@test "standard input, TSV, and into a file" {
	cells 20 20
	local one=(--p 0.2 "${A_to_B[@]}" --nsyn 1:3)
	connect-random "${one[@]}" n.csv >e.csv
	connect-random "${one[@]}" <n.csv | cmp - e.csv
	connect-random "${one[@]}" - <n.csv | cmp - e.csv
	connect-random "${one[@]}" -t n.csv | tr '\t' , | cmp - e.csv
	connect-random "${one[@]}" -o o.csv n.csv
	cmp o.csv e.csv
}

# Eight hundred thousand edges do not fit in 64 kB.
@test "edges that exceed the memory are sorted on disk" {
	cells 1000 1000
	local one=(--rule fixed_indegree --indegree 800 "${A_to_B[@]}" --nsyn 1:9)
	connect-random "${one[@]}" n.csv | md5sum >sum
	connect-random "${one[@]}" -S 64K n.csv | md5sum | diff sum -
	run env TMPDIR=/nonexistent connect-random "${one[@]}" -S 64K n.csv
	[ "$status" -eq 1 ]
}

reported() { # awk over the report's lines, with its fields by name
	awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) name[i] = $i; next }
	{ for (i = 1; i <= NF; i++) v[name[i]] = $i }
	'"$1"'
	END { exit failed || NR < 2 }' r.csv || { cat r.csv && false; }
}

@test "a report: what was asked for and what came out" {
	local rule edges
	cells 200 100
	connect-random --p 0.1 "${A_to_B[@]}" --report r.csv n.csv >e.csv
	edges=$(($(wc -l <e.csv) - 1))
	is "$(head -n 1 r.csv)" connector,source,target,direction,kind,pairs,possible,made,requested,obtained,obtained_low,obtained_high
	[[ $(tail -n 1 r.csv) == "A->B,A,B,forward,directed,20000,20000,$edges,0.1,"* ]]
	# a second connector has its line added, under its name
	connect-random --rule all_to_all --source A --target A --name 'a,"x' \
		--report r.csv n.csv >e.csv
	is "$(tail -n 1 r.csv | cut -d, -f1-11)" \
		'"a,""x",A,A,forward,directed,39800,39800,39800,1,1'
	is "$(wc -l <r.csv)" 3
	while read -r rule; do
		rm -f r.csv
		# shellcheck disable=SC2086
		connect-random --rule $rule "${A_to_B[@]}" --report r.csv n.csv \
			>e.csv
		edges=$(($(wc -l <e.csv) - 1))
		# shellcheck disable=SC2016
		reported 'v["pairs"] != 20000 || v["made"] != '$edges' ||
			(v["requested"] - v["obtained"]) ^ 2 > 1e-20 { failed = 1 }'
	done <<-'END'
	fixed_indegree --indegree 20
	fixed_outdegree --outdegree 13 --multapses
	fixed_total_number --n 777
	END
}

# What is requested of pairs by distance is summed up over all of them.
@test "a report by distance" {
	places 400
	connect-random --p gaussian:pmax=0.4,sigma=60,min=5,max=200 --seed 3 \
		--source A --target A --report r.csv n.csv >e.csv
	awk -F, '$2 == "A" { n += 0; x[n] = $3; y[n] = $4; z[n++] = $5 }
	END {
		for (i = 0; i < n; i++)
			for (j = 0; j < n; j++) {
				if (i == j)
					continue
				d = sqrt((x[i] - x[j]) ^ 2 + (y[i] - y[j]) ^ 2 + \
					(z[i] - z[j]) ^ 2)
				if (d < 5 || d > 200)
					continue
				possible++
				sum += 0.4 * exp(-d * d / 7200)
			}
		print possible, sum
	}' n.csv >expected
	read -r possible sum <expected
	is "$(wc -l <r.csv)" 3
	reported "
	v[\"pairs\"] != 39800 || v[\"made\"] != $(($(wc -l <e.csv) - 1)) ||
		v[\"possible\"] != (NR == 2 ? $possible : 39800) ||
		v[\"kind\"] != (NR == 2 ? \"directed\" : \"directed-all\") {
		failed = 1
	}
	{
		off = v[\"requested\"] * v[\"possible\"] / $sum - 1
		if (off * off > 1e-8 || v[\"obtained_low\"] > v[\"requested\"] ||
		    v[\"obtained_high\"] < v[\"requested\"])
			failed = 1
	}"
}

# Distances that come again and again, all at one side of their bins.
@test "a report by distance, of cells in a row" {
	awk 'BEGIN { print "node_id,x,y,z"
		for (i = 0; i < 1000; i++) print i "," i * 10 ",0,0" }' >n.csv
	printf '%s\n' distance_um,probability 0,1 100,0.2 300,0.1 >p.csv
	while read -r p f; do
		rm -f r.csv
		connect-random --p "$p" --seed 3 --report r.csv n.csv >e.csv
		reported 'BEGIN {
			for (d = 10; d <= 300; d += 10) {
				n += 2 * (1000 - d / 10)
				sum += 2 * (1000 - d / 10) * ('"$f"')
			}
		}
		NR == 2 {
			off = v["requested"] * n / sum - 1
			if (v["possible"] != n || off * off > 1e-8)
				failed = 1
		}'
	done <<-'END'
	exponential:pmax=0.9,lambda=60,max=300 0.9*exp(-d/60)
	gaussian:pmax=0.9,sigma=70,mu=40,max=300 0.9*exp(-(d-40)^2/9800)
	table:p.csv d<100?1-d*0.008:0.25-d*0.0005
	END
}

@test "a report of symmetric pairs counts pairs, in shards too" {
	local k p
	places 201
	for p in 0.1 uniform:p=0.1,max=90; do
		rm -f r.csv one.csv
		set -- --rule symmetric_pairwise_bernoulli --p $p --seed 3
		connect-random "$@" --report one.csv n.csv >e.csv
		is "$(cut -d, -f6,8 one.csv | sed -n 2p)" \
			"$((201 * 100)),$((($(wc -l <e.csv) - 1) / 2))"
		for k in 0 1 2; do
			connect-random "$@" --shard $k/3 --report r.csv n.csv \
				>e.csv
		done
		is "$(awk -F, '$5 == "unordered" { p += $6; q += $7; m += $8 }
			END { print p "," q "," m }' r.csv)" \
			"$(sed -n 2p one.csv | cut -d, -f6-8)"
	done
}

@test "a report is not added to what is none" {
	cells 10 10
	cp n.csv before.csv
	for file in n.csv short.csv; do
		echo connector,source >short.csv
		bad "$file: not empty, and not a report of connectors" \
			--p 0.1 --seed 1 --report "$file" n.csv
		[ -z "$output" ]
	done
	cmp n.csv before.csv
	: >empty.csv
	connect-random --p 0.1 --seed 1 --report empty.csv n.csv >/dev/null
	[ "$(wc -l <empty.csv)" -gt 1 ]
}

@test "reports written at the same time" {
	local k
	cells 50 50
	for k in 1 2 3 4 5 6 7 8; do
		connect-random --p 0.1 "${A_to_B[@]}" --name c$k --report r.csv \
			n.csv >/dev/null &
	done
	wait
	is "$(grep -c ^connector, r.csv)" 1
	is "$(head -n 1 r.csv | cut -d, -f1)" connector
	is "$(sed 1d r.csv | cut -d, -f1 | sort | xargs)" \
		"c1 c2 c3 c4 c5 c6 c7 c8"
	bad "/no/such/place: No such file or directory" --rule all_to_all \
		--report /no/such/place n.csv
}

@test "no cells" {
	local rule
	echo node_id,x,y,z >n.csv
	every_rule | grep -v fixed_total | while read -r rule; do
		# shellcheck disable=SC2086
		is "$(connect-random --seed 1 --rule $rule n.csv)" \
			source_node_id,target_node_id
	done
	is "$(connect-random --seed 1 --rule fixed_total_number --n 0 n.csv)" \
		source_node_id,target_node_id
	is "$(connect-random --seed 1 --p gaussian:pmax=0.5,sigma=60 \
		--report r.csv n.csv)" source_node_id,target_node_id
	is "$(tail -n 1 r.csv)" 'all->all,all,all,forward,directed-all,0,0,0,,,,'
}

@test "what the cells do not allow" {
	cells 3 2
	bad "--rule: fixed_indegree: 4 edges of each target, where there are 3 cells to connect it with" \
		--rule fixed_indegree --indegree 4 "${A_to_B[@]}" n.csv
	bad "--rule: fixed_outdegree: 5 edges of each source, where there are 4 cells to connect it with" \
		--rule fixed_outdegree --outdegree 5 --seed 1 n.csv
	connect-random --rule fixed_outdegree --outdegree 5 --seed 1 \
		--multapses n.csv >e.csv
	bad "--rule: fixed_total_number: 7 edges, where there are 6 pairs" \
		--rule fixed_total_number --n 7 "${A_to_B[@]}" n.csv
	bad "--rule: one_to_one: 3 sources 'A', but 2 targets 'B'" \
		--rule one_to_one --source A --target B n.csv
	bad "--rule: one_to_one: sources are targets: it needs --autapses" \
		--rule one_to_one n.csv
	bad "--rule: symmetric_pairwise_bernoulli: sources 'A' are not targets 'B'" \
		--rule symmetric_pairwise_bernoulli --p 0.1 "${A_to_B[@]}" n.csv
	bad "n.csv: no column 'x'" --p exponential:pmax=1,lambda=10 --seed 1 \
		n.csv
	cells 1 0
	bad "--rule: fixed_outdegree: 1 edges of each source, where there are 0 cells to connect it with" \
		--rule fixed_outdegree --outdegree 1 --seed 1 --multapses n.csv
}

# As flat as it can be: the pmax that is solved is 1, but for rounding.
@test "a Gaussian that just reaches 1" {
	awk 'BEGIN { print "node_id,x,y,z"
		for (i = 0; i < 30; i++) print i "," i ",0,0" }' >n.csv
	run --separate-stderr connect-random --seed 1 \
		--p gaussian:ptotal=1,sigma=1e9,max=100 n.csv
	is "$stderr" ""
	is "${#lines[@]}" 871
	run --separate-stderr connect-random --seed 1 \
		--p gaussian:ptotal=0.5,sigma=10,max=200 n.csv
	is "$stderr" "connect-random: --p: 'gaussian:ptotal=0.5,sigma=10,max=200' needs a pmax of 1064: cut at 1 from 0 to 37.34 um"
}

# Ids as large as they can be, tables of a point, more parts than cells.
@test "at the edge of what there may be" {
	local k
	printf '%s\n' node_id,x,y,z 9223372036854775807,0,0,0 \
		9223372036854775806,1,0,0 9007199254740993,3,0,0 >n.csv
	connect-random --seed 1 --p uniform:p=1,max=2 n.csv >e.csv
	diff e.csv - <<-'END'
	source_node_id,target_node_id
	9007199254740993,9223372036854775806
	9223372036854775806,9007199254740993
	9223372036854775806,9223372036854775807
	9223372036854775807,9223372036854775806
	END
	printf '%s\n' distance_um,probability 3,1 >p.csv
	is "$(connect-random --seed 1 --p table:p.csv n.csv | tail -n +2 |
		xargs)" "9007199254740993,9223372036854775807 9223372036854775807,9007199254740993"
	for ((k = 0; k < 7; k++)); do
		connect-random --seed 1 --p uniform:p=1,max=2 --shard $k/7 -j 9 \
			n.csv | tail -n +2
	done | diff - <(tail -n +2 e.csv)
}

@test "misuse" {
	cells 3 2
	misused "--seed is needed: the same one draws the same" --p 0.1 n.csv
	misused "--seed is needed: the same one draws the same" \
		--rule all_to_all --nsyn 1:2 n.csv
	misused "--seed: not a whole number from 0 to 2^64 - 1: '-1'" --p 0.1 \
		--seed -1 n.csv
	misused "--seed: not a whole number from 0 to 2^64 - 1: ''" --p 0.1 \
		--seed '' n.csv
	misused "--seed: not a whole number from 0 to 2^64 - 1: '18446744073709551616'" \
		--p 0.1 --seed 18446744073709551616 n.csv
	misused "--p: not from 0 to 1: '1.5'" --p 1.5 --seed 1 n.csv
	misused "--p: not from 0 to 1: '-0.1'" --p -0.1 --seed 1 n.csv
	misused "--p is needed" --seed 1 n.csv
	misused "--rule=fixed_indegree needs --indegree" --seed 1 \
		--rule fixed_indegree n.csv
	misused "--indegree needs --rule=fixed_indegree" --seed 1 \
		--p 0.1 --indegree 3 n.csv
	misused "--outdegree needs --rule=fixed_outdegree" \
		--rule all_to_all --outdegree 3 n.csv
	misused "--n: must be in [0,inf): '-1'" --rule fixed_total_number --n -1 --seed 1 n.csv
	misused "--pairwise-avg-num-conns: must be in [0,inf): '-1'" --seed 1 --multapses \
		--rule pairwise_poisson --pairwise-avg-num-conns -1 n.csv
	misused "--indegree: must be in [0,inf): '-3'" --rule fixed_indegree --indegree -3 \
		--seed 1 n.csv
	misused "--pairwise-avg-num-conns: must be in [0,inf): 'inf'" --seed 1 --multapses \
		--rule pairwise_poisson --pairwise-avg-num-conns inf n.csv
	misused "--multapses needs --rule=fixed_indegree or --rule=fixed_outdegree or --rule=fixed_total_number or --rule=pairwise_poisson" --p 0.1 \
		--seed 1 --multapses n.csv
	misused "--rule=pairwise_poisson needs --multapses" \
		--rule pairwise_poisson --pairwise-avg-num-conns 1 n.csv
	misused "--autapses and --rule=symmetric_pairwise_bernoulli exclude each other" \
		--rule symmetric_pairwise_bernoulli --p 0.1 --autapses n.csv
	misused "--nsyn: must be in [1,inf): '0'" --p 0.1 \
		--seed 1 --nsyn 0 n.csv
	misused "--nsyn: must be low[:high], the first <= the second: '5:3'" \
		--p 0.1 --seed 1 --nsyn 5:3 n.csv
	run connect-random --rule nonesuch n.csv
	[ "$status" -eq 2 ] && [[ ${lines[0]} == *"must be pairwise_bernoulli|"* ]]
}
