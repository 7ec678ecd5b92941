# What is drawn is compared with what it should be on the average: it has to be
# within four standard errors, which for one seed in 16000 it would not be.  The
# seeds are fixed, so that a test passes always or never.
load common.bash

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	cells
}

cells() { # 400 in two groups, in a cube of 300 um
	awk "$draws"'BEGIN {
		sow(7)
		print "node_id,pop_name,x,y,z"
		for (i = 0; i < 400; i++)
			printf "%d,%s,%.2f,%.2f,%.2f\n", 2 * i,
				i % 5 < 2 ? "PV" : "PN", draw() * 300,
				draw() * 300, draw() * 300
	}' >n.csv
}

misused() { # the message, arguments
	run --separate-stderr connect-reciprocal "${@:2}" n.csv
	is "${stderr_lines[0]}" "connect-reciprocal: $1"
	[ "$status" -eq 2 ] && [ -z "$output" ]
}

connect() {
	connect-reciprocal --seed 1 "$@" n.csv
}

between() { # two groups
	connect --source PV --target PN "$@"
}

matrix() { # columns of conn-matrix: source, target, columns; of a network e.csv
	rm -rf net
	sonata-pack -n n.csv -o net e.csv
	conn-matrix net/circuit_config.json | awk -F, -v source="$1" \
		-v target="$2" -v names="${*:3}" '
		NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
		$at["source"] == source && $at["target"] == target {
			n = split(names, name, " ")
			for (i = 1; i <= n; i++)
				printf "%s%s", $at[name[i]], i < n ? " " : "\n"
		}'
}

near() { # a share, what it should be, of how many
	awk -v p="$1" -v q="$2" -v n="$3" 'BEGIN {
		z = (p - q) / sqrt(q * (1 - q) / n)
		if (p == q || (z > -4 && z < 4))
			exit
		printf "%s of %s rather than %s: %s sigma\n", p, n, q, z
		exit 1
	}'
}

# Every pair of n.csv with its distance, and what e.csv has of it: first id,
# second id, distance, forward, backward.  Of two groups, or of all cells once.
pairs() { # source and target, or nothing
	awk -F, -v source="$1" -v target="$2" '
	FNR == 1 { file++; next }
	file == 1 { edge[$1, $2] = 1; next }
	{ id[++n] = $1; group[n] = $2; x[n] = $3; y[n] = $4; z[n] = $5 }
	END {
		for (i = 1; i <= n; i++)
			for (j = source ? 1 : i + 1; j <= n; j++) {
				if (source && (group[i] != source ||
				    group[j] != target))
					continue
				a = x[i] - x[j]; b = y[i] - y[j]; c = z[i] - z[j]
				d = sqrt(a * a + b * b + c * c)
				print id[i], id[j], d, edge[id[i], id[j]] + 0,
					edge[id[j], id[i]] + 0
			}
	}' e.csv n.csv
}

# By bins of 40 um, and for all pairs: forward, backward, both and one-way are
# what functions of awk say, p0(d), p1(d) and pr(d).
follows() { # the functions; reads pairs
	awk "$1"'
	function least(a, b) { return a < b ? a : b }
	function check(what, bin, seen, sum, spread, n) {
		if (spread > 0 && (seen - sum) ^ 2 < 16 * spread)
			return
		if (spread == 0 && seen == sum)
			return
		if (spread > 0 && spread < 5 && bin != "all")
			return # too few to be normal
		printf "%s %s: %s of %s rather than %s\n", what, bin, seen, n,
			sum
		failed = 1
	}
	function take(what, bin, seen, p) {
		count[what, bin] += seen
		mean[what, bin] += p
		variance[what, bin] += p * (1 - p)
		pairs[what, bin]++
	}
	{
		a = p0($3); b = p1($3); c = pr($3)
		for (k = 0; k < 2; k++) {
			bin = k ? "all" : int($3 / 40)
			take("forward", bin, $4, a)
			take("backward", bin, $5, b)
			take("both", bin, $4 && $5, c)
			take("one way", bin, $4 != $5, a + b - 2 * c)
		}
	}
	END {
		for (key in count) {
			split(key, part, SUBSEP)
			check(part[1], part[2], count[key], mean[key],
				variance[key], pairs[key])
		}
		exit failed || NR == 0
	}'
}

@test "p0, p1 and pr of two groups, on the packed network" {
	between --p0 0.15 --p1 0.1 --pr 0.06 >e.csv
	read -r p rec one < <(matrix PV PN probability reciprocal one_way)
	near "$p" 0.15 38400
	near "$rec" 0.06 38400
	near "$one" 0.09 38400
	read -r p rec one < <(matrix PN PV probability reciprocal one_way)
	near "$p" 0.1 38400
	near "$rec" 0.06 38400
	near "$one" 0.04 38400
	is "$(matrix PV PV connections)" 0
	is "$(matrix PN PN connections)" 0
}

@test "p0 and pr of one group, on the packed network" {
	connect --source PV --target PV --p0 0.15 --pr 0.0677 >e.csv
	read -r p rec one loops < <(matrix PV PV probability pair_reciprocal \
		pair_one_way autapses)
	near "$rec" 0.0677 12720
	near "$one" 0.1646 12720
	near "$p" 0.15 12720 # directions are not independent
	is "$loops" 0
	is "$(matrix PN PV connections)" 0
}

@test "the four draws of a pair, by chi-square" {
	between --p0 0.3 --p1 0.2 --pr 0.1 >e.csv
	# three degrees of freedom: 16.27 is passed once in a thousand seeds
	pairs PV PN | awk '
		{ n[$4 $5]++ }
		END {
			p["11"] = 0.1; p["10"] = 0.2; p["01"] = 0.1
			p["00"] = 0.6
			for (k in p)
				chi += (n[k] - NR * p[k]) ^ 2 / (NR * p[k])
			print chi
			exit !(NR == 38400 && chi < 16.27)
		}'
}

@test "degrees are binomial" {
	connect --p0 0.1 --pr 0.03 >e.csv
	# The sum of squares has as many degrees of freedom as there are cells;
	# a normal deviate of it below 4.
	tail -n +2 e.csv | awk -F, '
		{ out[$1]++; into[$2]++ }
		END {
			mean = 399 * 0.1
			for (i = 0; i < 800; i += 2) {
				a += (out[i] - mean) ^ 2 / (mean * 0.9)
				b += (into[i] - mean) ^ 2 / (mean * 0.9)
			}
			a = (a - 400) / sqrt(800)
			b = (b - 400) / sqrt(800)
			print a, b
			exit !(a > -4 && a < 4 && b > -4 && b < 4)
		}'
}

@test "in one group no direction is preferred, and both are there" {
	connect --p0 0.1 --pr 0 >e.csv
	awk -F, 'NR > 1 { up += $1 < $2; n++ }
		END { z = (up - n / 2) / sqrt(n / 4); exit !(z * z < 16) }' e.csv
	is "$(pairs | awk '$4 && $5' | wc -l)" 0
	connect --p0 0.1 --pr 0.1 >e.csv
	is "$(pairs | awk '$4 != $5' | wc -l)" 0
}

@test "no edge is there twice, and none from a cell to itself" {
	connect --p0 0.5 --rho 0 >e.csv
	is "$(sort e.csv | uniq -d)" ""
	is "$(awk -F, '$1 == $2' e.csv)" ""
}

@test "everything and nothing" {
	connect --p0 1 --rho 0 >e.csv
	is "$(wc -l <e.csv)" $((400 * 399 + 1))
	connect --p0 0 --rho 0 >e.csv
	is "$(cat e.csv)" source_node_id,target_node_id
	between --p0 1 --p1 0 --pr 0 >e.csv
	is "$(wc -l <e.csv)" $((160 * 240 + 1))
	between --p0 0 --p1 1 --pr 0 >f.csv
	is "$(tail -n +2 f.csv | awk -F, '{ print $2 "," $1 }' | sort)" \
		"$(tail -n +2 e.csv | sort)"
}

@test "rho is the correlation of the two directions" {
	between --p0 0.3 --p1 0.1 --rho 0.25 >e.csv
	# pr is p0 p1 + rho sqrt(p0 q0 p1 q1)
	pairs PV PN | follows 'function p0(d) { return 0.3 }
		function p1(d) { return 0.1 }
		function pr(d) { return 0.03 + 0.25 * sqrt(0.0189) }'
	pairs PV PN | awk '
		{ a += $4; b += $5; c += $4 * $5 }
		END {
			a /= NR; b /= NR; c /= NR
			rho = (c - a * b) / sqrt(a * (1 - a) * b * (1 - b))
			z = (rho - 0.25) / sqrt(1 / NR)
			print rho
			exit !(z > -4 && z < 4)
		}'
	between --p0 0.3 --p1 0.1 --rho 0 >e.csv
	pairs PV PN | follows 'function p0(d) { return 0.3 }
		function p1(d) { return 0.1 } function pr(d) { return 0.03 }'
}

@test "rho of 1 and -1 are not cut where they fit" {
	run --separate-stderr connect --p0 0.1 --rho 1
	is "$stderr" ""
	printf '%s\n' "${lines[@]}" >e.csv
	is "$(pairs | awk '$4 != $5' | wc -l)" 0
	run --separate-stderr connect --p0 0.5 --rho -1
	is "$stderr" ""
	printf '%s\n' "${lines[@]}" >e.csv
	is "$(pairs | awk '$4 == $5' | wc -l)" 0
}

@test "the normalised reciprocal rate" {
	between --p0 0.2 --p1 0.1 --nrr 3 >e.csv
	pairs PV PN | follows 'function p0(d) { return 0.2 }
		function p1(d) { return 0.1 } function pr(d) { return 0.06 }'
	printf 'distance_um,rate\n0,5\n600,0\n' >r.csv
	between --p0 0.2 --p1 0.1 --nrr table:r.csv >e.csv
	pairs PV PN | follows 'function p0(d) { return 0.2 }
		function p1(d) { return 0.1 }
		function pr(d) { return 0.02 * (5 - d / 120) }'
}

@test "pr that is too high gives way, and the directions do not" {
	run --separate-stderr between --p0 0.2 --p1 0.1 --pr 0.15
	is "$stderr" "connect-reciprocal: pr is outside [max(0, p0 + p1 - 1),\
 min(p0, p1)] for 38400 of 38400 pairs: cut to that"
	printf '%s\n' "${lines[@]}" >e.csv
	pairs PV PN | follows 'function p0(d) { return 0.2 }
		function p1(d) { return 0.1 } function pr(d) { return 0.1 }'
}

@test "pr that is too low does, too" {
	run --separate-stderr connect --p0 0.8 --pr 0.5
	is "$stderr" "connect-reciprocal: pr is outside [max(0, p0 + p1 - 1),\
 min(p0, p1)] for 79800 of 79800 pairs: cut to that"
	printf '%s\n' "${lines[@]}" >e.csv
	pairs | follows 'function p0(d) { return 0.8 }
		function p1(d) { return 0.8 } function pr(d) { return 0.6 }'
}

# Nothing is left for one way only, and rounding does not count as something.
@test "correlations of 1 and -1 are on the bounds" {
	local p
	for p in 0.1 0.3 0.7 gaussian:pmax=0.9,sigma=80; do
		rm -f r.csv
		connect --p0 $p --rho 1 --report r.csv >e.csv 2>err
		[ ! -s err ]
		is "$(report one-way unordered possible made)" "0 0"
		is "$(pairs | awk '$4 != $5' | wc -l)" 0
	done
	for p in 0.1 0.3; do
		rm -f r.csv
		connect --p0 $p --rho -1 --report r.csv >e.csv 2>err
		is "$(report reciprocal unordered possible made)" "0 0"
	done
	rm -f r.csv
	connect --p0 0.5 --rho -1 --report r.csv >e.csv 2>err
	[ ! -s err ]
	is "$(report one-way unordered possible made)" "79800 79800"
}

@test "rho and nrr that do not fit give way" {
	run --separate-stderr between --p0 0.4 --p1 0.1 --rho 0.9
	[[ $stderr == *" for 38400 of 38400 pairs: cut to that" ]]
	printf '%s\n' "${lines[@]}" >e.csv
	pairs PV PN | follows 'function p0(d) { return 0.4 }
		function p1(d) { return 0.1 } function pr(d) { return 0.1 }'
	run --separate-stderr between --p0 0.4 --p1 0.1 --nrr 4
	[[ $stderr == *" for 38400 of 38400 pairs: cut to that" ]]
}

@test "chances by distance, each its own" {
	printf 'distance_um,probability\n0,0.1\n200,0.02\n' >pr.csv
	between --p0 gaussian:pmax=0.4,sigma=150 \
		--p1 exponential:pmax=0.5,lambda=150,max=250 --pr table:pr.csv \
		>e.csv 2>err
	pairs PV PN | follows '
		function p0(d) { return 0.4 * exp(-d * d / 45000) }
		function p1(d) { return d > 250 ? 0 : 0.5 * exp(-d / 150) }
		function pr(d) {
			d = d > 200 ? 0 : 0.1 - 0.08 * d / 200
			return d
		}'
	[ ! -s err ]
}

@test "chances by distance in one group" {
	connect --p0 gaussian:pmax=0.4,sigma=60,mu=100 \
		--pr gaussian:pmax=0.2,sigma=60,mu=100 >e.csv
	pairs | follows '
		function p0(d) { return 0.4 * exp(-(d - 100) ^ 2 / 7200) }
		function p1(d) { return p0(d) }
		function pr(d) { return p0(d) / 2 }'
}

@test "distances in the plane" {
	connect --metric cylindrical --p0 uniform:p=0.3,max=100 \
		--pr uniform:p=0.1,max=100 >e.csv
	awk -F, -v OFS=, '{ $5 = NR > 1 ? 0 : "z" } 1' n.csv >flat.csv
	mv flat.csv n.csv
	pairs | follows 'function p0(d) { return d > 100 ? 0 : 0.3 }
		function p1(d) { return p0(d) }
		function pr(d) { return p0(d) / 3 }'
}

@test "pairs that give way are counted by distance" {
	run --separate-stderr between --p0 gaussian:pmax=0.4,sigma=100 \
		--p1 0.3 --pr 0.1
	printf '%s\n' "${lines[@]}" >e.csv
	n=$(pairs PV PN | awk '0.4 * exp(-$3 * $3 / 20000) < 0.1' | wc -l)
	is "$stderr" "connect-reciprocal: pr is outside [max(0, p0 + p1 - 1),\
 min(p0, p1)] for $n of 38400 pairs: cut to that"
	pairs PV PN | follows '
		function p0(d) { return 0.4 * exp(-d * d / 20000) }
		function p1(d) { return 0.3 }
		function pr(d) { return p0(d) < 0.1 ? p0(d) : 0.1 }'
}

@test "pairs that cannot be connected do not count as giving way" {
	run --separate-stderr connect --p0 uniform:p=0.3,max=100 --pr 0.1
	is "$stderr" ""
}

@test "a function of both directions is read once" {
	printf '%s\n' distance_um,probability 0,0.5 200,0 >t.csv
	is "$(connect --p0 table:- --rho 0.1 <t.csv)" \
		"$(connect --p0 table:t.csv --rho 0.1)"
	run --separate-stderr between --p0 gaussian:ptotal=0.5,sigma=50,max=200 \
		--rho 0
	is "${#stderr_lines[@]}" 1
	[[ $stderr == *": --p0: 'gaussian:ptotal=0.5,sigma=50,max=200' needs a pmax of "* ]]
}

@test "the correlation is estimated from the mean of pr" {
	connect --p0 gaussian:pmax=0.5,sigma=80,max=200 --pr 0.07 \
		--estimate-rho >e.csv
	# over the pairs that may be connected, as awk counts them
	rho=$(pairs | awk '$3 <= 200 {
			p = 0.5 * exp(-$3 * $3 / 12800)
			n++; square += p * p; spread += p * (1 - p)
		}
		END { print (n * 0.07 - square) / spread }')
	pairs | follows "
		function p0(d) { return d > 200 ? 0 : 0.5 * exp(-d * d / 12800) }
		function p1(d) { return p0(d) }
		function pr(d) { d = p0(d); return d * d + $rho * d * (1 - d) }"
	near "$(pairs | awk '$3 <= 200 { n++; both += $4 && $5 }
		END { print both / n }')" 0.07 \
		"$(pairs | awk '$3 <= 200' | wc -l)"
}

@test "an estimate of numbers gives pr back" {
	connect --p0 0.2 --pr 0.1 --estimate-rho >e.csv
	is "$(md5sum <e.csv)" "$(connect --p0 0.2 --rho 0.375 | md5sum)"
}

@test "an estimate beyond 1 or -1, and one of nothing" {
	run --separate-stderr connect --p0 0.2 --pr 0.5 --estimate-rho
	is "$stderr" "connect-reciprocal: --estimate-rho: a pr of 0.5 takes a\
 correlation of 2.875: it is 1"
	is "$(md5sum <<<"$output")" "$(connect --p0 0.2 --rho 1 | md5sum)"
	run --separate-stderr connect --p0 0.6 --pr 0.01 --estimate-rho
	[[ ${stderr_lines[0]} == *" takes a correlation of -1.458: it is -1" ]]
	is "$(connect --p0 1 --pr 1 --estimate-rho | wc -l)" $((400 * 399 + 1))
	is "$(connect --p0 0 --pr 0.5 --estimate-rho | wc -l)" 1
}

@test "synapses of a connection" {
	is "$(between --p0 0.1 --p1 0.1 --pr 0.05 --nsyn0 300 --nsyn1 7 |
		awk -F, 'NR == FNR { group[$1] = $2; next }
			FNR > 1 { $3 = group[$1] " " $3 }
			{ print $3 }' n.csv - |
		sort -u | paste -sd ,)" "PN 7,PV 300,nsyns"
	is "$(between --p0 0.1 --rho 0 --nsyn0 3 | cut -d, -f3 | sort -u |
		paste -sd ,)" "3,nsyns"
	is "$(between --p0 0.1 --rho 0 --nsyn1 3 | cut -d, -f3 | sort -u |
		paste -sd ,)" "1,3,nsyns"
}

@test "synapses from a range, each number as often" {
	# four degrees of freedom: 18.47 is passed once in a thousand seeds
	connect --p0 0.1 --pr 0.05 --nsyn0 298:302 | awk -F, '
		NR > 1 { n[$3]++; all++ }
		END {
			for (k = 298; k <= 302; k++)
				chi += (n[k] - all / 5) ^ 2 / (all / 5)
			exit !(chi < 18.47 && length(n) == 5)
		}'
}

@test "the same edges for any threads" {
	for rule in "--p0 0.1 --pr 0.04 --nsyn0 1:5" \
		"--p0 gaussian:pmax=0.3,sigma=60 --rho 0.2"; do
		# shellcheck disable=SC2086 # several options
		connect $rule >e.csv
		# shellcheck disable=SC2086
		is "$(connect $rule -j 4 | md5sum)" "$(md5sum <e.csv)"
	done
}

@test "shards in a row are the whole" {
	for rule in "--p0 0.1 --pr 0.04 --nsyn0 1:5" \
		"--p0 gaussian:pmax=0.3,sigma=60 --pr 0.02 --estimate-rho"; do
		# shellcheck disable=SC2086 # several options
		connect $rule >e.csv 2>/dev/null
		for n in 1 3 7; do
			head -n 1 e.csv >all.csv
			for ((i = 0; i < n; i++)); do
				# shellcheck disable=SC2086
				connect $rule --shard $i/$n 2>/dev/null |
					tail -n +2 >>all.csv
			done
			cmp all.csv e.csv
		done
	done
}

@test "the same edges for any order of the table" {
	{ head -n 1 n.csv; tail -n +2 n.csv | sort -t, -k3; } >m.csv
	for rule in "--p0 0.1 --pr 0.04 --nsyn0 1:5" \
		"--p0 gaussian:pmax=0.3,sigma=60 --rho 0.2"; do
		# shellcheck disable=SC2086 # several options
		connect $rule >e.csv
		# shellcheck disable=SC2086
		is "$(connect-reciprocal --seed 1 $rule <m.csv | md5sum)" \
			"$(md5sum <e.csv)"
	done
}

@test "edges come by pairs" {
	between --p0 0.3 --p1 0.3 --rho 0.5 | awk -F, '
		NR == FNR { group[$1] = $2; next }
		FNR == 1 { next }
		group[$1] == "PV" { print $1, $2, 0 }
		group[$1] == "PN" { print $2, $1, 1 }' n.csv - >pairs
	sort -c -k1,1n -k2,2n -k3,3n pairs
}

@test "seed and name" {
	connect --p0 0.1 --rho 0 >e.csv
	connect --p0 0.1 --rho 0 --name other >f.csv
	connect-reciprocal --seed 0 --p0 0.1 --rho 0 n.csv >g.csv
	[ "$(cat e.csv f.csv g.csv | sort | uniq -d | wc -l)" -gt 0 ]
	! cmp -s e.csv f.csv && ! cmp -s e.csv g.csv
	[ "$(wc -l <f.csv)" -gt 12000 ] && [ "$(wc -l <g.csv)" -gt 12000 ]
	run --separate-stderr connect-reciprocal --p0 0.1 --rho 0 n.csv
	[ "$status" -eq 2 ] && [[ ${stderr_lines[0]} == *seed* ]]
	[ -z "$output" ]
}

@test "a column that all edges have" {
	is "$(connect --p0 0.01 --rho 0 --property delay=0.8 | cut -d, -f3 |
		sort -u | paste -sd ,)" "0.8,delay"
}

@test "columns of each direction" {
	local f=$BATS_TEST_TMPDIR/f.csv b=$BATS_TEST_TMPDIR/b.csv
	set -- --p0 0.1 --pr 0.05 --property model=forth --property weight=2 \
		--backward-property place=soma --backward-property model=back
	between "$@" >e.csv
	is "$(head -n 1 e.csv)" \
		source_node_id,target_node_id,model,weight,place
	is "$(awk -F, 'NR == FNR { group[$1] = $2; next }
		FNR > 1 { print group[$1] "," $3 "," $4 "," $5 }' n.csv e.csv |
		sort -u | xargs)" "PN,back,2,soma PV,forth,2,"
	# The edges are those that there are without.
	is "$(cut -d, -f1,2 e.csv | md5sum)" \
		"$(between --p0 0.1 --pr 0.05 | md5sum)"
	between "$@" --forward "$f" --backward "$b"
	is "$(head -n 1 "$f")" "$(head -n 1 e.csv)"
	is "$(head -n 1 "$b")" "$(head -n 1 e.csv)"
	is "$(tail -n +2 "$f" | cut -d, -f3- | sort -u)" forth,2,
	is "$(tail -n +2 "$b" | cut -d, -f3- | sort -u)" back,2,soma
	is "$(between --p0 0.1 --pr 0.05 --nsyn0 2 \
		--backward-property 'weight=a,"b' | sed 's/^[^,]*,[^,]*,//' |
		sort -u | xargs -d '\n')" '2, 2,"a,""b" nsyns,weight'
}

@test "a packed network has the synapses of each direction" {
	between --p0 0.1 --p1 0.2 --pr 0.05 --property model_template=forth \
		--backward-property model_template=back >e.csv
	sonata-pack -n n.csv -o net e.csv
	sonata-edges -c model_template net/circuit_config.json | awk -F, '
		NR == FNR { group[$1] = $2; next }
		FNR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
		{ print group[$at["source_node_id"]], $at["model_template"] }
		' n.csv - | sort | uniq -c | awk '{ print $2, $3 }' >got
	diff got - <<-'END'
	PN back
	PV forth
	END
}

@test "tabs, and an output file" {
	connect --p0 0.01 --rho 0 >e.csv
	is "$(connect --p0 0.01 --rho 0 -t)" "$(tr , '\t' <e.csv)"
	is "$(connect --p0 0.01 --rho 0 -o f.csv)" ""
	cmp e.csv f.csv
}

two() { # populations with the same ids
	{ echo node_id,population; seq 0 49 | sed 's/$/,V/'; } >v.csv
	{ echo node_id,population; seq 0 39 | sed 's/$/,LA/'; } >la.csv
}

@test "two populations with the same ids" {
	two
	connect-reciprocal --seed 1 -g population --source V --target LA \
		--p0 0.4 --p1 0.2 --pr 0.1 v.csv la.csv >e.csv
	is "$(head -n 1 e.csv)" source_population,target_population,$(
	)source_node_id,target_node_id
	is "$(tail -n +2 e.csv | sort | uniq -d)" ""
	awk -F, '
		$1 == "V" && $2 == "LA" && $3 < 50 && $4 < 40 { f[$3, $4]; a++ }
		$1 == "LA" && $2 == "V" && $3 < 40 && $4 < 50 { b[$4, $3]; c++ }
		END {
			for (k in f)
				both += k in b
			print a, c, both, NR
			exit a + c + 1 != NR
		}' e.csv >counts
	read -r a b both _ <counts
	near "$(awk "BEGIN { print $a / 2000 }")" 0.4 2000
	near "$(awk "BEGIN { print $b / 2000 }")" 0.2 2000
	near "$(awk "BEGIN { print $both / 2000 }")" 0.1 2000
}

@test "two files, one for each direction" {
	two
	set -- --seed 1 -g population --source V --target LA --p0 0.4 --p1 0.2 \
		--pr 0.1 --nsyn0 1:9 v.csv la.csv
	connect-reciprocal "$@" >e.csv
	is "$(connect-reciprocal "$@" --forward f.csv --backward b.csv)" ""
	is "$(grep -v ^LA e.csv)" "$(cat f.csv)"
	is "$(grep -v ^V e.csv)" "$(cat b.csv)"
	connect --p0 0.1 --rho 0.2 >e.csv
	connect --p0 0.1 --rho 0.2 --forward f.csv --backward b.csv
	is "$(awk -F, 'NR == 1 || $1 < $2' e.csv)" "$(cat f.csv)"
	is "$(awk -F, 'NR == 1 || $1 > $2' e.csv)" "$(cat b.csv)"
	run --separate-stderr connect --p0 0.1 --rho 0 --forward /nowhere/f \
		--backward b
	is "$stderr" "connect-reciprocal: /nowhere/f: No such file or directory"
	[ "$status" -eq 1 ]
}

report() { # connector and kind of line, columns
	awk -F, -v direction="$1" -v kind="$2" -v names="${*:3}" '
		NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
		$at["direction"] == direction && $at["kind"] == kind {
			n = split(names, name, " ")
			for (i = 1; i <= n; i++)
				printf "%s%s", $at[name[i]], i < n ? " " : "\n"
		}' r.csv
}

@test "a report of numbers" {
	between --p0 0.25 --p1 0.125 --pr 0.0625 --report r.csv >e.csv
	is "$(head -n 1 r.csv)" "connector,source,target,direction,kind,pairs,$(
	)possible,made,requested,obtained,obtained_low,obtained_high"
	is "$(wc -l <r.csv)" 9
	read -r f b both one < <(pairs PV PN | awk '
		{ f += $4; b += $5; both += $4 && $5; one += $4 != $5 }
		END { print f, b, both, one }')
	what="connector source target pairs possible made requested"
	is "$(report forward directed "$what")" \
		"PV->PN PV PN 38400 38400 $f 0.25"
	is "$(report backward directed "$what")" \
		"PV->PN PN PV 38400 38400 $b 0.125"
	is "$(report reciprocal unordered "$what")" \
		"PV->PN PV PN 38400 38400 $both 0.0625"
	is "$(report one-way unordered "$what")" \
		"PV->PN PV PN 38400 38400 $one 0.25"
	is "$(report reciprocal unordered-all "$what")" \
		"PV->PN PV PN 38400 38400 $both 0.0625"
	awk -v a="$(report forward directed obtained)" -v b="$f" \
		'BEGIN { exit !((a * 38400 - b) ^ 2 < 1e-12) }'
}

@test "a report by distance, against every pair" {
	connect --p0 gaussian:pmax=0.5,sigma=70,max=150 --report r.csv \
		--pr exponential:pmax=0.3,lambda=60,max=100 >e.csv 2>/dev/null
	pairs | awk '
		$3 <= 150 {
			n++; sum += p = 0.5 * exp(-$3 * $3 / 9800)
			q = $3 > 100 ? 0 : 0.3 * exp(-$3 / 60)
			both += q = q < p ? q : p
			made += $4
			within += $3 <= 100
		}
		END { print NR, n, made, sum / n, sum / NR, within,
			both / within }' >sums
	read -r all n made mean overall within both <sums
	is "$(report forward directed pairs possible made)" "$all $n $made"
	is "$(report forward directed-all pairs possible made)" \
		"$all $all $made"
	is "$(report reciprocal unordered possible)" "$within"
	is "$(report reciprocal unordered-all possible)" "$all"
	awk -v a="$(report forward directed requested)" -v b="$mean" \
		-v c="$(report backward directed-all requested)" \
		-v d="$overall" -v e="$(report reciprocal unordered requested)" \
		-v f="$both" '
		function near(a, b) { return (a / b - 1) ^ 2 < 1e-8 }
		BEGIN { exit !(near(a, b) && near(c, d) && near(e, f)) }'
}

@test "reports of shards add up to that of the whole" {
	set -- --p0 gaussian:pmax=0.5,sigma=70,max=150 --rho 0.1
	connect "$@" --report whole.csv >e.csv
	for i in 0 1 2; do
		connect "$@" --shard $i/3 --report r.csv >/dev/null
	done
	is "$(wc -l <r.csv)" 25
	for column in 6 7 8; do
		is "$(awk -F, -v k=$column 'NR > 1 { n[$4 $5] += $k }
			END { for (l in n) print l, n[l] }' r.csv | sort)" \
			"$(awk -F, -v k=$column 'NR > 1 { print $4 $5, $k }' \
				whole.csv | sort)"
	done
}

@test "no cells, and one" {
	head -n 1 n.csv >m.csv
	for rule in "--p0 0.5 --pr 0.4" \
		"--p0 gaussian:pmax=0.5,sigma=70 --pr 0.1" \
		"--p0 exponential:pmax=0.5,lambda=7 --pr 0.1 --estimate-rho"; do
		for n in 1 2; do
			# shellcheck disable=SC2086 # several options
			is "$(head -n $n n.csv | connect-reciprocal --seed 1 \
				$rule --nsyn0 2 --report r.csv)" \
				source_node_id,target_node_id,nsyns
		done
	done
}

@test "cells at the same place" {
	sed -i '2,$s/,[0-9.]*,[0-9.]*,[0-9.]*$/,1,2,3/' n.csv
	connect --p0 uniform:p=0.2,max=10 --pr 0.1 --report r.csv >e.csv
	near "$(report reciprocal unordered obtained)" 0.1 79800
	is "$(report forward directed possible)" 79800
}

@test "positions are needed only for distances" {
	cut -d, -f1,2 n.csv >m.csv
	connect-reciprocal --seed 1 --p0 0.1 --pr 0.01 m.csv >/dev/null
	run --separate-stderr connect-reciprocal --seed 1 --p0 0.1 \
		--nrr exponential:pmax=5,lambda=10 m.csv
	told "$stderr" "connect-reciprocal: m.csv: no column 'x'"
	[ "$status" -eq 1 ]
}

within() { # PV: 160 cells, 12720 pairs
	connect --source PV --target PV "$@"
}

coupled() { # a table of gap junctions of PV
	connect-gap --seed 1 --source PV --target PV "$@" n.csv >gap.csv
}

# Of the pairs of PV without and with a gap junction: how many there are, edges,
# and pairs that have both.
by_gap() { # edges
	awk -F, '
	FILENAME == ARGV[1] { if (FNR > 1) { gap[$1, $2]; n[1]++ } next }
	FNR == 1 { next }
	{
		low = $1 < $2 ? $1 : $2; high = $1 < $2 ? $2 : $1
		k = ((low, high) in gap)
		edges[k]++
		both[k] += (($2, $1) in seen)
		seen[$1, $2]
	}
	END {
		print 12720 - n[1], edges[0], both[0]
		print n[1], edges[1], both[1]
	}' gap.csv "$1"
}

@test "chances of their own for pairs with a gap junction" {
	local kind p q n e b
	coupled --p 0.3
	within --p0 0.1 --pr 0.02 --given-gap gap.csv --gap-p0 0.4 \
		--gap-pr 0.3 --report r.csv >chem.csv
	is "$(head -n 1 chem.csv)" source_node_id,target_node_id
	by_gap chem.csv >t
	paste -d' ' <(printf '%s\n' "0.1 0.02 non" "0.4 0.3 gap") t >u
	while read -r p q kind n e b; do
		# Two directions that know of each other: their mean has the
		# variance p q (1 + rho) / 2n, of which 1 + rho <= 2.
		near "$(awk "BEGIN { print $e / $n / 2 }")" "$p" "$n"
		near "$(awk "BEGIN { print $b / $n }")" "$q" "$n"
		is "$(awk -F, -v kind="$kind" '$5 ~ "-" kind && $4 ~ /^(f|r)/ {
			printf "%s %s %s %g ", $5, $6, $7, $9 }' r.csv)" \
			"directed-$kind $n $n $p unordered-$kind $n $n $q "
		is "$(awk -F, -v kind="unordered-$kind" '$5 == kind &&
			$4 == "reciprocal" { print $8 }' r.csv)" "$b"
	done <u
	# Those without a gap junction are what they are without the table.
	within --p0 0.1 --pr 0.02 >plain.csv
	awk -F, 'FILENAME == ARGV[1] { gap[$1, $2]; gap[$2, $1]; next }
		!(($1, $2) in gap)' gap.csv chem.csv | sort >a
	awk -F, 'FILENAME == ARGV[1] { gap[$1, $2]; gap[$2, $1]; next }
		!(($1, $2) in gap)' gap.csv plain.csv | sort | cmp - a
}

@test "which pairs have a gap junction" {
	local few=few.csv
	printf '%s\n' node_id 1 2 3 4 >$few
	cat >e.csv <<-'END'
	source_node_id,target_node_id,is_gap_junction
	1,2,false
	2,1,0
	3,1,
	4,2,true
	2,4,1
	END
	given() { # chances without a gap junction, and with one
		connect-reciprocal --seed 1 --given-gap "$3" --p0 "$1" \
			--pr "$1" --gap-p0 "$2" --gap-pr "$2" "$few" |
			tail -n +2 | xargs
	}
	is "$(given 0 1 e.csv)" "2,4 4,2"
	is "$(given 0 1 - <e.csv)" "2,4 4,2"
	is "$(given 1 0 e.csv)" "1,2 2,1 1,3 3,1 1,4 4,1 2,3 3,2 3,4 4,3"
	cut -d, -f1,2 e.csv >plain.csv
	is "$(given 0 1 plain.csv)" "1,2 2,1 1,3 3,1 2,4 4,2"
}

@test "correlation and rate of pairs with a gap junction" {
	local n e b
	coupled --p 0.3
	set -- --p0 0 --pr 0 --given-gap gap.csv --gap-p0 0.3
	within "$@" --gap-rho 1 >chem.csv
	read -r n e b < <(by_gap chem.csv | tail -n 1)
	is "$e" $((2 * b))
	near "$(awk "BEGIN { print $b / $n }")" 0.3 "$n"
	within "$@" --gap-rho 0 >chem.csv
	read -r n e b < <(by_gap chem.csv | tail -n 1)
	near "$(awk "BEGIN { print $b / $n }")" 0.09 "$n"
	within "$@" --gap-nrr 2 >chem.csv
	read -r n e b < <(by_gap chem.csv | tail -n 1)
	near "$(awk "BEGIN { print $b / $n }")" 0.18 "$n"
}

@test "gap junctions of two groups" {
	connect-gap --seed 1 --source PV --target PN --p 0.2 n.csv >gap.csv
	between --p0 0.2 --p1 0.1 --pr 0 --given-gap gap.csv --gap-p0 0.05 \
		--gap-p1 0.5 --gap-pr 0.05 --report r.csv >t
	awk -F, '$4 ~ /ward$/ {
		printf "%s %s %s %s %g\n", $2, $3, $4, $5, $9 }' r.csv | head -n 4 |
		diff - <(
			echo PV PN forward directed-non 0.2
			echo PN PV backward directed-non 0.1
			echo PV PN forward directed-gap 0.05
			echo PN PV backward directed-gap 0.5
		)
	tail -n +2 r.csv | while IFS=, read -r _ _ _ _ _ _ n _ p q _; do
		[ "$n" -eq 0 ] || near "$q" "$p" "$n"
	done
	# Where --gap-pr is --gap-p0, none goes forward only; --pr 0: no both.
	awk -F, 'NR == FNR { group[$1] = $2; next }
	FILENAME == ARGV[2] { gap[$1, $2]; gap[$2, $1]; next }
	FNR > 1 && group[$1] == "PV" { forward[$1, $2] }
	FNR > 1 && group[$1] == "PN" { backward[$2, $1] }
	END {
		for (k in forward)
			if ((k in gap) != (k in backward))
				exit 1
	}' n.csv gap.csv t
}

@test "with gap junctions, too, what leaves no room for both is cut" {
	local of="pr is outside [max(0, p0 + p1 - 1), min(p0, p1)] for" g n
	coupled --p 0.3
	g=$(tail -n +2 gap.csv | wc -l)
	set -- --given-gap gap.csv
	run --separate-stderr within "$@" --p0 0.1 --pr 0.02 --gap-p0 0.4 \
		--gap-pr 0.5
	[ "$status" -eq 0 ]
	is "$stderr" "connect-reciprocal: $of $g of 12720 pairs: cut to that"
	within "$@" --p0 0.1 --pr 0.02 --gap-p0 0.4 --gap-pr 0.4 |
		cmp - <(printf '%s\n' "$output")
	run --separate-stderr within "$@" --p0 0.9 --pr 0.7 --gap-p0 0.4 \
		--gap-pr 0.4
	is "$stderr" "connect-reciprocal: $of $((12720 - g)) of 12720 pairs: cut to that"
	# By distance: those nearer than 50 um.
	coupled --p uniform:p=1,max=50
	n=$(tail -n +2 gap.csv | wc -l)
	coupled --p 1
	run --separate-stderr within "$@" --p0 0 --pr 0 --gap-p0 0.1 \
		--gap-pr uniform:p=0.5,max=50
	is "$stderr" "connect-reciprocal: $of $n of 12720 pairs: cut to that"
	run --separate-stderr within --given-gap <(head -n 1 gap.csv) \
		--p0 0.1 --pr uniform:p=0.5,max=50 --gap-p0 0 --gap-pr 0
	is "$stderr" "connect-reciprocal: $of $n of 12720 pairs: cut to that"
}

@test "with gap junctions: threads, shards, memory and files" {
	local n k
	coupled --p gaussian:pmax=0.5,sigma=60
	set -- --p0 gaussian:pmax=0.3,sigma=60 --pr 0.01 --given-gap gap.csv \
		--gap-p0 0.4 --gap-pr 0.3
	within "$@" >t 2>said
	within "$@" -j 4 2>&1 >u | cmp - said
	cmp t u
	within "$@" -S 64K 2>/dev/null | cmp - t
	for n in 1 3; do
		head -n 1 t >merged
		rm -f r.csv
		for ((k = 0; k < n; k++)); do
			within "$@" --shard $k/$n --report r.csv 2>/dev/null |
				tail -n +2
		done >>merged
		cmp merged t
		is "$(awk -F, '$5 == "directed-all" { n += $6; m += $8 }
			END { print n, m }' r.csv)" \
			"25440 $(tail -n +2 t | wc -l)"
	done
	within "$@" --forward f --backward b 2>/dev/null
	(tail -n +2 f; tail -n +2 b) | sort | cmp - <(tail -n +2 t | sort)
}

@test "gap junctions of other cells" {
	printf '%s\n' source_node_id,target_node_id 0,2 10,4 >gap.csv
	set -- --p0 0 --pr 0 --given-gap gap.csv --gap-p0 1 --gap-pr 1
	run --separate-stderr within "$@"
	is "$stderr" "connect-reciprocal: gap.csv: 1 of 2 edges are of other cells, and left out; the first is line 3"
	is "${lines[*]:1}" "0,2 2,0"
	run --separate-stderr within --strict "$@"
	is "$stderr" "connect-reciprocal: gap.csv:3: column 'target_node_id': no such cell: '4'"
	[ "$status" -eq 1 ] && [ -z "$output" ]
	awk -F, -v OFS=, 'NR == 1 { print "population", $0; next }
		{ print "la", $0; print "lb", $0 }' n.csv >two.csv
	run --separate-stderr connect-reciprocal --seed 1 -g population \
		--source la --target lb "$@" two.csv
	is "$stderr" "connect-reciprocal: gap junctions are within a population, and these cells are of 'la' and 'lb'"
	[ "$status" -eq 1 ] && [ -z "$output" ]
}

@test "misuse" {
	misused "--p0 is needed" --seed 1 --pr 0.1
	misused "--pr or --rho or --nrr is needed" --seed 1 --p0 0.1
	misused "--pr and --rho exclude each other" --seed 1 --p0 0.1 \
		--pr 0.1 --rho 0
	misused "--rho: must be in [-1,1]: '1.5'" --seed 1 --p0 0.1 --rho 1.5
	misused "--estimate-rho needs --pr" --seed 1 --p0 0.1 --rho 0 \
		--estimate-rho
	misused "--estimate-rho: --pr is not a number: 'uniform:p=0.1'" \
		--seed 1 --p0 0.1 --pr uniform:p=0.1 --estimate-rho
	misused "--p1: not from 0 to 1: '2'" --seed 1 --p0 0.1 --p1 2 --pr 0.1
	misused "--pr: not from 0 to 1: '-1'" --seed 1 --p0 0.1 --pr -1
	misused "--nrr: not from 0 on: '-1'" --seed 1 --p0 0.1 --nrr -1
	misused "--p1: within one group it is that of --p0" --seed 1 --p0 0.1 \
		--p1 0.2 --pr 0.1
	misused "--nsyn1: within one group they are those of --nsyn0" \
		--seed 1 --p0 0.1 --pr 0.1 --nsyn0 1 --nsyn1 2
	misused "--backward-property: within one group there is only --property" \
		--seed 1 --p0 0.1 --pr 0.1 --backward-property a=1
	misused "--backward-property: not NAME=VALUE: 'a'" --source PV \
		--target PN --seed 1 --p0 0.1 --pr 0.1 --backward-property a
	misused "--backward-property: there twice: 'a'" --source PV \
		--target PN --seed 1 --p0 0.1 --pr 0.1 \
		--backward-property a=1 --backward-property a=2
	misused "--backward-property: a column of the connector's own: 'nsyns=2'" \
		--source PV --target PN --seed 1 --p0 0.1 --pr 0.1 \
		--backward-property nsyns=2
	set -- --seed 1 --p0 0.1 --pr 0.1 --given-gap gap.csv
	misused "--given-gap needs --gap-p0" "$@" --gap-pr 1
	misused "--given-gap needs --gap-pr or --gap-rho or --gap-nrr" "$@" \
		--gap-p0 1
	misused "--gap-pr and --gap-nrr exclude each other" "$@" --gap-p0 1 \
		--gap-pr 1 --gap-nrr 1
	misused "--gap-rho: must be in [-1,1]: '2'" "$@" --gap-p0 1 --gap-rho 2
	misused "--gap-p1 needs --given-gap" --seed 1 --p0 0.1 --pr 0.1 \
		--gap-p1 0
	misused "--strict needs --given-gap" --seed 1 --p0 0.1 --pr 0.1 \
		--strict
	misused "--estimate-rho and --given-gap exclude each other" "$@" \
		--gap-p0 1 --gap-pr 1 --estimate-rho
	misused "--gap-p1: within one group it is that of --gap-p0" "$@" \
		--gap-p0 0.1 --gap-p1 0.2 --gap-pr 0
	misused "the cells and --given-gap cannot both be the standard input" \
		--seed 1 --p0 0.1 --pr 0.1 --given-gap - --gap-p0 0.1 \
		--gap-pr 0 -
	misused "--forward needs --backward" --seed 1 --p0 0.1 \
		--pr 0.1 --forward f
	misused "--output and --forward exclude each other" --seed 1 \
		--p0 0.1 --pr 0.1 --forward f --backward b -o e
	misused "--forward and --backward are the same file" --seed 1 \
		--p0 0.1 --pr 0.1 --forward f --backward f
	misused "--forward and --backward are the same file" --seed 1 \
		--p0 0.1 --pr 0.1 --forward f --backward "$PWD/f"
}

@test "synapses that cannot be" {
	for n in 0 -1; do
		misused "--nsyn0: must be in [1,inf): '$n'" \
			--seed 1 --p0 0.1 --pr 0.1 --nsyn0 "$n"
	done
	for n in x 1.5 ""; do
		misused "--nsyn0: not an integer: '$n'" \
			--seed 1 --p0 0.1 --pr 0.1 --nsyn0 "$n"
	done
	misused "--nsyn0: not an integer: 'x'" \
		--seed 1 --p0 0.1 --pr 0.1 --nsyn0 1:x
	misused "--nsyn0: not an integer: ''" \
		--seed 1 --p0 0.1 --pr 0.1 --nsyn0 :
	misused "--nsyn0: must be low[:high], the first <= the second: '2:1'" \
		--seed 1 --p0 0.1 --pr 0.1 --nsyn0 2:1
	misused "--nsyn1: must be in [1,inf): '0'" --seed 1 \
		--p0 0.1 --pr 0.1 --nsyn1 0
}
