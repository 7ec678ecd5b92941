# Distributions are tested at a level of 1e-4, with seeds that are fixed: a test
# that fails is no accident.  Critical values: chi-square of 1 degree of freedom,
# 15.14, and of 2, 18.42; Kolmogorov and Smirnov's D, 2.225 / sqrt(n); a
# correlation, 3.89 / sqrt(n).
load common.bash

network() { # 70 cells in a box, and all their pairs
	awk "$draws"'BEGIN {
		sow(5)
		print "node_id,x,y,z"
		for (i = 0; i < 70; i++)
			printf "%d,%s,%s,%s\n", i * 3, draw() * 1500,
				draw() * 100, draw() * 1500
	}' >n.csv
	awk 'BEGIN {
		print "source_node_id,target_node_id"
		for (i = 0; i < 70; i++)
			for (j = 0; j < 70; j++)
				print i * 3 "," j * 3
	}' >e.csv
}

last() { # the last field of each row
	tail -n +2 | sed 's/.*,//'
}

# Numbers of a distribution on the standard input; its distribution function in
# awk, of v.
fits() {
	sort -g | awk '
		function uniform(x, a, b) { return (x - a) / (b - a) }
		# The sum of Marsaglia, J. Stat. Softw. 11(4), 2004.
		function normal(x,   s, t, i) {
			s = t = x
			for (i = 3; s + t != s; i += 2)
				s += t *= x * x / i
			return .5 + s * exp(-x * x / 2 - .91893853320467274178)
		}
		{ v = $1; u[NR] = '"$1"' }
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

# Rows whose last field is not the delay by distance, in awk.
by_distance() { # velocity, least delay, low, high, flat
	awk -F, -v v="$1" -v least="$2" -v low="$3" -v high="$4" -v flat="$5" '
		FNR == 1 { next }
		NR == FNR { x[$1] = $2; y[$1] = $3; z[$1] = flat ? 0 : $4; next }
		{
			d = sqrt((x[$1] - x[$2]) ^ 2 + (y[$1] - y[$2]) ^ 2 + \
				(z[$1] - z[$2]) ^ 2) / v + least
			d = d < low ? low : d > high ? high : d
			if (d - $3 > 1e-12 || $3 - d > 1e-12) {
				print
				exit 1
			}
			n++
		}
		END { exit !(n == 4900) }' n.csv -
}

@test "a delay by distance" {
	network
	edge-delay -n n.csv --sd 0 e.csv | by_distance 1000 0.8 0.2 2
	edge-delay -n n.csv --sd 0 --velocity 300 e.csv |
		by_distance 300 0.8 0.2 2
	edge-delay -n n.csv --sd 0 --min-delay 0.1 e.csv |
		by_distance 1000 0.1 0.2 2
	edge-delay -n n.csv --sd 0 --lowest 1 --highest 1.5 e.csv |
		by_distance 1000 0.8 1 1.5
	edge-delay -n n.csv --sd 0 --metric cylindrical e.csv |
		by_distance 1000 0.8 0.2 2 flat
	is "$(edge-delay -n n.csv --sd 0 e.csv | head -n 2)" \
		$'source_node_id,target_node_id,delay\n0,0,0.8'
}

@test "what is random in a delay is normal, and has its bounds" {
	network
	local no=(--lowest -inf --highest inf)
	edge-distance -n n.csv e.csv >d.csv
	edge-delay -n n.csv --seed 1 "${no[@]}" d.csv >t
	tail -n +2 t | awk -F, '{ print $4 - $3 / 1000 - 0.8 }' |
		fits 'normal(v / 0.2)'
	edge-delay -n n.csv --seed 2 --sd 3 "${no[@]}" d.csv |
		tail -n +2 | awk -F, '{ print $4 - $3 / 1000 - 0.8 }' |
		fits 'normal(v / 3)'
	edge-delay -n n.csv --seed 1 e.csv | last >clipped
	cut -d, -f4 t | tail -n +2 | awk '{
			d = $1 < 0.2 ? 0.2 : $1 > 2 ? 2 : $1
			getline <"clipped"
			if ($1 != d)
				exit 1
		}'
	is "$(grep -cx 2 clipped)" "$(awk -F, '$4 >= 2' t | tail -n +2 | wc -l)"
	[ "$(grep -cx 2 clipped)" -gt 100 ]
}

@test "one distance for all" {
	network
	is "$(edge-delay --distance 300 --sd 0 e.csv | last | sort -u)" 1.1
	edge-delay --distance 300 --seed 1 e.csv | last |
		fits 'normal((v - 1.1) / 0.2)'
	is "$(edge-delay --distance 300 --velocity inf --sd 0 e.csv | last |
		sort -u)" 0.8
	bad "e.csv:2: column 'delay': not a finite number: 'inf'" --distance 1e300 \
		--velocity 1e-300 --sd 0 --highest inf e.csv
	is "$(edge-delay --distance 1e300 --velocity 1e-300 --sd 0 e.csv |
		last | sort -u)" 2
}

@test "a constant delay" {
	network
	is "$(edge-delay --constant 0.7 e.csv | last | sort -u)" 0.7
	edge-delay --constant 0.7 --column-name weight e.csv | head -n 1 |
		grep -qx source_node_id,target_node_id,weight
}

@test "a uniform delay" {
	network
	edge-delay --uniform 0.5:1 --seed 1 e.csv | last | fits 'uniform(v, .5, 1)'
	edge-delay --uniform -5:5 --seed 2 e.csv | last |
		fits 'uniform(v, -5, 5)'
	is "$(edge-delay --uniform 2:2 e.csv | last | sort -u)" 2
}

@test "a normal delay, with bounds if they are given" {
	network
	edge-delay --normal 1:0.5 --seed 3 --lowest -inf e.csv | last >t
	fits 'normal((v - 1) / 0.5)' <t
	edge-delay --normal 1:0.5 --seed 3 --lowest 0.1 --highest 1.5 e.csv | last |
		paste t - | awk '{
			d = $1 < 0.1 ? 0.1 : $1 > 1.5 ? 1.5 : $1
			if ($2 != d)
				exit 1
		}'
	edge-delay --normal 1:0.5 --seed 3 --column-name w --name delay e.csv |
		last | diff - t
	is "$(edge-delay --normal 4:0 e.csv | last | sort -u)" 4
	is "$(edge-delay --normal -4:0 --lowest -9 e.csv | last | sort -u)" -4
	bad "e.csv:2: column 'delay': a negative delay, and no --lowest: '-4'" \
		--normal -4:0 e.csv
}

@test "the rows of a pair differ, and say nothing of each other" {
	network
	awk 'NR == 1 || FNR > 1' e.csv e.csv | (
		read -r header
		echo "$header"
		sort -t, -k1,1n -k2,2n
	) >twice.csv
	edge-delay --uniform 0:1 --seed 1 twice.csv >t
	last <t | paste -d ' ' - - | awk '
		{ n++; x += $1; y += $2; xx += $1 * $1; yy += $2 * $2; xy += $1 * $2 }
		$1 == $2 { exit same = 1 }
		END {
			r = (xy - x * y / n) / sqrt((xx - x * x / n) * \
				(yy - y * y / n))
			print n, r
			exit same || !(n == 4900 && r ^ 2 < 3.89 ^ 2 / n)
		}'
	edge-delay --uniform 0:1 --seed 1 e.csv | tail -n +2 |
		diff - <(tail -n +2 t | awk 'NR % 2')
}

@test "neighbours say nothing of each other" {
	network
	edge-delay --uniform 0:1 --seed 1 e.csv | last | awk '
		NR > 1 { n++; x += last; y += $1; xx += last ^ 2
			yy += $1 * $1; xy += last * $1 }
		{ last = $1 }
		END {
			r = (xy - x * y / n) / sqrt((xx - x * x / n) * \
				(yy - y * y / n))
			print n, r
			exit !(r ^ 2 < 3.89 ^ 2 / n)
		}'
}

# Each pair is there once, twice or three times.
multiple() {
	awk 'BEGIN {
		print "source_node_id,target_node_id"
		for (i = 0; i < 40; i++)
			for (j = 0; j < 40; j++)
				for (k = (i + j) % 3; k >= 0; k--)
					print i "," j
	}' >m.csv
}

@test "the order of the rows does not matter" {
	multiple
	edge-delay --normal 1:0.1 --seed 1 m.csv >t
	is "$(tail -n +2 t | sort -u | wc -l)" "$(tail -n +2 m.csv | wc -l)"
	(head -n 1 m.csv; tail -n +2 m.csv | sort -t, -k2,2n -k1,1n) |
		edge-delay --normal 1:0.1 --seed 1 | sort | diff - <(sort t)
	(head -n 1 m.csv; tail -n +2 m.csv | sort -R) >shuffled.csv
	edge-delay --normal 1:0.1 --seed 1 --any-order shuffled.csv >s
	cut -d, -f-2 s | diff - shuffled.csv
	sort s | diff - <(sort t)
	edge-delay --normal 1:0.1 --seed 1 --any-order m.csv | diff - t
	head -n 1 m.csv >apart.csv
	printf '%s\n' 0,1 0,2 1,0 1,1 0,2 >>apart.csv
	bad "apart.csv:6: the rows are not in the order of their sources and targets: sort them, or use --any-order" \
		--normal 1:0.1 --seed 1 apart.csv
	is "$(edge-delay --constant 1 apart.csv | last | sort -u)" 1
	is "$(edge-delay --normal 1:0.1 --seed 1 --any-order apart.csv | last |
		sort -u | wc -l)" 5
	awk -F, 'NR == 1 { print; next }
		{ printf "%.0f,%.0f\n", $1 + $1 % 2 * 5000000000,
			$2 + $2 % 2 * 2147483648 }' m.csv >long.csv
	(head -n 1 m.csv; tail -n +2 long.csv | sort -t, -k1,1n -k2,2n) |
		edge-delay --normal 1:0.1 --seed 1 | sort >t
	(head -n 1 long.csv; tail -n +2 long.csv | sort -R) |
		edge-delay --normal 1:0.1 --seed 1 --any-order | sort | diff - t
}

@test "rows out and in one way are in order, pathway by pathway" {
	cat >e.csv <<-'END'
	source_population,target_population,source_node_id,target_node_id
	A,B,0,5
	B,A,5,0
	A,B,0,7
	B,A,2,1
	A,B,1,2
	B,A,2,1
	END
	edge-delay --uniform 0:1 --seed 1 e.csv >t
	is "$(last <t | sort -u | wc -l)" 6
	(head -n 1 e.csv; tail -n +2 e.csv | sort) |
		edge-delay --uniform 0:1 --seed 1 | sort | diff - <(sort t)
	sed s/B/C/g e.csv | edge-delay --uniform 0:1 --seed 1 | last |
		sort | comm -12 - <(last <t | sort) | diff - /dev/null
}

@test "numbers follow from the seed, the name and the column" {
	network
	edge-delay --uniform 0:1 --seed 0 e.csv | last | sort >t
	other() { # options
		edge-delay --uniform 0:1 "$@" e.csv | last | sort |
			comm -12 - t | wc -l
	}
	is "$(other --seed 0)" 4900
	is "$(other --seed 1)" 0
	is "$(other --seed 0 --name x)" 0
	is "$(other --seed 0 --column-name x)" 0
	is "$(other --seed 0 --column-name x --name delay)" 4900
}

@test "other columns stay as they are" {
	cat >e.csv <<-'END'
	nsyns,target_node_id,"a ""note""",source_node_id
	007,1,"x, y",0
	,2," z ",0
	1.50,0,,3
	END
	edge-delay --constant 2 e.csv | diff - <(cat <<-'END'
	nsyns,target_node_id,"a ""note""",source_node_id,delay
	007,1,"x, y",0,2
	"",2, z ,0,2
	1.50,0,,3,2
	END
	)
}

@test "nodes that are not there" {
	network
	wrong() { # the message, a row, options
		bad "standard input:3: column $1" "${@:3}" < <(head -n 2 e.csv
			echo "$2")
	}
	wrong "'target_node_id': there is no such node: '4'" 3,4 -n n.csv --sd 0
	wrong "'source_node_id': there is no such node: '999'" 999,3 -n n.csv \
		--constant 1
	wrong "'source_node_id': negative: '-3'" -3,3 --constant 1
	wrong "'target_node_id': not an integer: '1.5'" 3,1.5 --constant 1
	head -n 1 n.csv >nobody.csv
	bad "e.csv:2: column 'source_node_id': there is no such node: '0'" \
		-n nobody.csv --sd 0 e.csv
	sed 's/^/A,/;1s/A/population/' n.csv >a.csv
	head -n 1 a.csv >none.csv
	bad "e.csv:2: column 'source_node_id': there is no such node: '0'" \
		-n none.csv --sd 0 e.csv
	edge-delay -n a.csv --sd 0 e.csv | by_distance 1000 0.8 0.2 2
	sed 's/^/B,/;1s/B/population/' n.csv >b.csv
	bad "e.csv: no source_population and target_population, but the nodes are of 2 populations" \
		-n a.csv -n b.csv --sd 0 e.csv
	sed 's/^/A,C,/;1s/A,C/source_population,target_population/' e.csv >c.csv
	bad "c.csv:2: column 'target_population': there are no nodes of this population: 'C'" \
		-n a.csv -n b.csv --sd 0 c.csv
	cut -d, -f1,3- c.csv >half.csv
	bad "half.csv: one of source_population and target_population, but not both" \
		-n a.csv --sd 0 half.csv
	bad "n.csv:2: column 'node_id': there twice: '0'" -n n.csv -n n.csv --sd 0 e.csv
	printf '%s\n' node_id 7 7 >t.csv
	bad "t.csv:3: column 'node_id': there twice: '7'" -n t.csv e.csv --sd 0
	printf '%s\n' node_id -7 >t.csv
	bad "t.csv:2: column 'node_id': negative: '-7'" -n t.csv e.csv --sd 0
}

@test "nodes without a position" {
	network
	sed -i 's/^\(6,.*,\).*/\1/' n.csv
	bad "n.csv:4: column 'z': node 6 has no position: without z: --metric cylindrical" -n n.csv --sd 0 e.csv
	edge-delay -n n.csv --sd 0 --metric cylindrical e.csv |
		by_distance 1000 0.8 0.2 2 flat
	is "$(edge-delay -n n.csv --constant 1 e.csv | wc -l)" 4901
	is "$(edge-delay -n n.csv --distance 9 --sd 0 e.csv | wc -l)" 4901
	cut -d, -f1 n.csv >bare.csv
	bad "bare.csv:2: column 'x': node 0 has no position" -n bare.csv --sd 0 \
		e.csv
	sed -i 's/^6,.*/6,0,inf,0/' n.csv
	bad "n.csv:4: column 'y': not a finite number: 'inf'" -n n.csv --sd 0 e.csv
	sed -i 's/^6,.*/6,0,1e200,0/' n.csv
	bad "n.csv:4: column 'y': more than a float has: '1e200'" -n n.csv --sd 0 e.csv
}

@test "columns that are there already, or are not" {
	network
	sed 's/$/,1/;1s/1$/delay/' e.csv >d.csv
	bad "d.csv: there is a column 'delay' already" --constant 1 d.csv
	edge-delay --constant 1 --column-name delay2 d.csv >t
	cut -d, -f1 e.csv >t.csv
	bad "t.csv: no column 'target_node_id'" --constant 1 t.csv
}

@test "no edges" {
	network
	head -n 1 e.csv | edge-delay -n n.csv --seed 1 |
		diff - <(echo source_node_id,target_node_id,delay)
	head -n 1 n.csv >nobody.csv
	head -n 1 e.csv | edge-delay -n nobody.csv --seed 1 |
		diff - <(echo source_node_id,target_node_id,delay)
}

@test "a network of them" {
	network
	edge-delay -n n.csv --seed 1 e.csv | edge-section --seed 1 >t
	sonata-pack -n n.csv -o net t
	sonata-edges -c delay,afferent_section_id,afferent_section_pos \
		net/circuit_config.json | cut -d, -f1,2,4- |
		sort | diff - <(sort t)
	edge-delay -n n.csv --sd 0 --highest inf e.csv |
		sonata-pack -n n.csv -o net
	sonata-edges -c delay net/circuit_config.json |
		edge-distance -n net/circuit_config.json | tail -n +2 |
		awk -F, '{
			d = $4 - 0.8 - $5 / 1000
			if (d ^ 2 > 1e-20)
				exit 1
		} END { exit !(NR == 4900) }'
}

@test "tab separated, and into a file" {
	network
	edge-delay --constant 1 -t e.csv | tr '\t' , |
		diff - <(edge-delay --constant 1 e.csv)
	edge-delay --constant 1 -o out e.csv
	edge-delay --constant 1 - <e.csv | diff - out
}

@test "misuse" {
	network
	misused "--seed is needed: the same one draws the same" -n n.csv e.csv
	misused "--seed is needed: the same one draws the same" --uniform 0:1
	misused "--seed is needed: the same one draws the same" --normal 0:1
	misused "--nodes is needed" --sd 0
	local other
	for other in 'uniform 0:1' 'normal 0:1'; do
		misused "--constant and --${other% *} exclude each other" \
			--constant 1 "--${other% *}" "${other#* }"
	done
	misused "--uniform and --normal exclude each other" --uniform 0:1 \
		--normal 0:1
	misused "--velocity and --constant exclude each other" --constant 1 \
		--velocity 1
	misused "--sd and --uniform exclude each other" --uniform 0:1 --sd 1
	misused "--min-delay and --normal exclude each other" --normal 0:1 \
		--min-delay 1
	misused "--distance and --constant exclude each other" --constant 1 \
		--distance 1
	misused "--lowest and --uniform exclude each other" --uniform 0:1 --lowest 1
	misused "--highest and --constant exclude each other" --constant 0 --highest 1
	misused "--column-name: empty" --column-name '' --constant 1
	misused "--velocity: must be in (0,inf]: '0'" --velocity 0
	misused "--min-delay: must be in [0,inf): '-1'" --min-delay -1
	misused "--sd: must be in [0,inf): 'inf'" --sd inf
	misused "--distance: must be in [0,inf): '-1'" --distance -1
	misused "--lowest is above --highest: 3 and 2" --lowest 3
	misused "--constant: must be in (-inf,inf): 'inf'" --constant inf
	misused "--uniform: must be low:high: '1'" --uniform 1
	misused "--uniform: must be in (-inf,inf): 'inf'" --uniform 0:inf
	misused "--uniform: must be low:high, the first <= the second: '2:1'" \
		--uniform 2:1
	misused "--uniform: too wide: -1e+308:1e+308" --uniform -1e308:1e308
	misused "--normal: not a number: 'x'" --normal 1:x
	misused "--normal: must be in [0,inf): '-1'" --normal 1:-1
	misused "--metric: must be cylindrical|spherical: 'x'" --metric x \
		--constant 1
}
