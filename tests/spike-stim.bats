# Distributions are tested at a level of 1e-4, with seeds that are fixed: a test
# that fails is no accident.  Critical values: chi-square by Wilson and Hilferty's
# approximation, normal 3.89, Kolmogorov and Smirnov's D, 2.225 / sqrt(n).
# shellcheck disable=SC2086,SC2116 # options are several words, and lines long
load common.bash

golden=$reference/golden/synapses/bmtool

nodes() { # so many, of V
	awk -v n="$1" 'BEGIN { print "node_id,population"
		for (i = 0; i < n; i++) print i ",V" }'
}

# Tests of what is on the standard input, in awk.
tests='
function chi_limit(df) { # at 1e-4
	return df * (1 - 2 / (9 * df) + 3.719 * sqrt(2 / (9 * df))) ^ 3
}
function ks(u, n,   i, d) { # of sorted numbers from 0 to 1
	for (i = 1; i <= n; i++) {
		d = i / n - u[i] > d ? i / n - u[i] : d
		d = u[i] - (i - 1) / n > d ? u[i] - (i - 1) / n : d
	}
	print n, d, 2.225 / sqrt(n)
	return n > 100 && d < 2.225 / sqrt(n)
}
function known(x, want, n, cv) { # is a mean of n near enough to it?
	print x, want
	return (x - want) ^ 2 < (3.89 * cv * want) ^ 2 / n
}'

# The number, the mean of the intervals of each node, their CV and the least one.
intervals() {
	awk -F, '
		NR > 1 && $3 == id { d = $1 - last; n++; sum += d; square += d * d
			least = n == 1 || d < least ? d : least }
		{ id = $3; last = $1 }
		END { m = sum / n
			print n, m, sqrt(square / n - m * m) / m, least }'
}

@test "the same bytes for any jobs, shards and order" {
	awk 'BEGIN { print "population,node_id,rate_Hz,group"
		for (i = 0; i < 90; i++)
			print (i % 2 ? "B" : "\"A,\"\"x\"\"\"") "," int(i / 2) * 3 "," \
				i "," i % 3 }' >n.csv
	(head -n 1 n.csv; tail -n +2 n.csv | sort -t, -k4,4 -k3,3r) >m.csv
	run -1 cmp -s n.csv m.csv
	rate-pattern --pattern ramp --groups 3 --ramp 5:200 --to 3000 >rates.csv
	for options in '--to 2000 --process gamma:0.7' \
		'--rates rates.csv --refractory 2' '--rate-dist lognormal:20:9 --to 999'; do
		spike-stim --seed 7 $options n.csv >whole
		[ "$(wc -l <whole)" -gt 1000 ]
		spike-stim --seed 7 $options -j 4 n.csv | cmp - whole
		spike-stim --seed 7 $options <m.csv | cmp - whole
		for n in 1 3 7; do
			for ((i = 0; i < n; i++)); do
				spike-stim --seed 7 $options -j 3 --shard $i/$n m.csv |
					tail -n +$((i ? 2 : 1))
			done | cmp - whole
		done
	done
	sed 's/"A,""x"""/A/' whole | awk -F, '
		NR == 1 { next }
		$2 > p { p = $2; id = t = -1 }
		$2 < p || $3 < id || $3 == id && $1 < t { exit 1 }
		{ p = $2; id = $3 + 0; t = $1 + 0 }
		END { exit p != "B" }' # A was quoted as in the table
	spike-stim -t --seed 7 --to 100 n.csv | head -n 1 | grep -P '\t.*\t'
}

@test "trains follow from seed, stream, population and id alone" {
	nodes 4 >n.csv
	ask() { spike-stim --rate 50 --to 500 --seed "$@"; }
	ask 1 n.csv >a
	for other in '0 n.csv' '2 n.csv' '1 --stream 1 n.csv' \
		'18446744073709551615 n.csv'; do
		ask $other | cut -d, -f1 | tail -n +2 >b
		[ -s b ]
		run -1 grep -qxf b <(cut -d, -f1 a)
	done
	sed 's/V/W/' n.csv | ask 1 | cut -d, -f1 | tail -n +2 >b
	[ -s b ]
	run -1 grep -qxf b <(cut -d, -f1 a)
	ask 1 --stream 0 n.csv | cmp - a
	sed -n '1p;4p' n.csv | ask 1 | cmp - <(sed -n 1p a; grep ',2$' a)
	cut -d, -f1 n.csv | ask 1 -p V | cmp - a
	(cat n.csv; echo 1,W) | ask 1 -p V | cmp - a
	# a later end takes nothing away
	spike-stim --rate 50 --to 900 --seed 1 n.csv | awk -F, '$1 + 0 < 500' |
		cmp - a
	# rates are drawn of the same
	draw() { spike-stim --rate-dist normal:50:20 --to 500 --seed "$@" |
		cut -d, -f3 | sort | uniq -c; }
	is "$(draw 1 n.csv)" "$(draw 1 n.csv)"
	[ "$(draw 1 n.csv)" != "$(draw 2 n.csv)" ]
}

# Every way of making intervals: number, mean, CV, least.
@test "rate, variation and least interval of each process" {
	nodes 500 >n.csv
	for row in '1 0 poisson' '0.8 5 poisson --refractory 5' \
		'0.2 20 poisson --refractory 20' '0.5 0 gamma:4' '1.4142 0 gamma:0.5' \
		'0.18257 0 gamma:30' '0 24.999 regular' '0.17321 17.5 regular:0.3' \
		'0.57735 0 regular:1'; do
		read -r cv least process <<<"$row"
		spike-stim --seed 3 --rate 40 --to 4000 --process $process n.csv >s.csv
		intervals <s.csv | awk -v cv="$cv" -v least="$least" \
			-v spikes="$(wc -l <s.csv)" "$tests"'
			# intervals near the end are missing, long ones more often
			function near(x, want, part) { return (x - want) ^ 2 <= (part * want) ^ 2 }
			{ print
			  exit !(near(spikes - 1, 80000, cv < .3 ? .003 : .015 * (cv > 1 ? 1.5 : 1)) &&
				near($3, cv, .02) + (cv == 0 && $3 < 1e-6) && $4 >= least - 1e-9 &&
				$4 < least + 10) }' || fail "$process"
	done
}

# The integral of the rate at each spike of a node is a unit-rate process, of
# which the intervals are exponential, from the first one on.
@test "intervals are exponential when the rate has been taken out" {
	nodes 300 | sed 's/$/,0/; 1s/,0/,group/' >n.csv
	printf '%s\n' group,start_ms,end_ms,rate0_Hz,rate1_Hz 0,100,300,0,90 \
		0,300,310,0,0 0,310,500,60,10 0,500,600,20,20 >rates.csv
	spike-stim --seed 5 --rates rates.csv n.csv >s.csv
	# What is cut at the end is long: taken are intervals that begin in the first 8
	# of 17.65.
	awk -F, '
		function integral(t) {
			if (t < 300) return (t - 100) ^ 2 * 90 / 400 / 1000
			if (t < 310) return 9
			if (t < 500) return 9 + ((t - 310) * 60 - (t - 310) ^ 2 * 50 / 380) / 1000
			return 15.65 + (t - 500) * .02
		}
		NR == 1 { next }
		$3 != id { id = $3; last = 0 }
		{ r = integral($1); if (last < 8) printf "%.12g\n", 1 - exp(last - r); last = r }
	' s.csv | sort -g | awk "$tests"'{ u[NR] = $1 } END { exit !ks(u, NR) }'
	awk -F, 'NR > 1 && $1 >= 300 && $1 < 310 { exit 1 }' s.csv
}

# The hazard after a jump is not that of a constant rate: with r / (1 - r tau) the
# bins after 50 ms would have 40 % too many.
@test "rates in time are those asked for, with each process" {
	nodes 4000 | sed 's/$/,0/; 1s/,0/,group/' >n.csv
	printf '%s\n' group,start_ms,end_ms,rate0_Hz,rate1_Hz 0,0,30,20,20 0,30,50,0,0 \
		0,50,90,100,20 0,90,120,20,110 0,120,150,50,50 >rates.csv
	for options in '' '--refractory 3' '--refractory 7' '--process gamma:3' \
		'--process regular:0.2'; do
		spike-stim --seed 6 --rates rates.csv $options n.csv | awk -F, "$tests"'
			function integral(t) {
				if (t < 30) return 20 * t
				if (t < 50) return 600
				if (t < 90) return 600 + (t - 50) * 100 - (t - 50) ^ 2
				if (t < 120) return 3000 + (t - 90) * 20 + (t - 90) ^ 2 * 1.5
				return 4950 + (t - 120) * 50
			}
			NR > 1 { n[int($1 / 2)]++ }
			END {
				for (k = 0; k < 75; k++) {
					want = 4 * (integral(2 * k + 2) - integral(2 * k))
					if (want == 0) { bad = bad || n[k] > 0; continue }
					chi += (n[k] - want) ^ 2 / want
					df++
				}
				print chi, df, chi_limit(df)
				exit bad || !(df == 65 && chi < chi_limit(df))
			}' || fail "$options"
	done
	spike-stim --seed 6 --rates rates.csv --refractory 7 n.csv | intervals |
		awk '{ exit !($4 > 7 - 1e-9 && $4 < 7.01) }'
}

# bats test_tags=long
@test "patterns of BMTool: as many spikes as it expects" {
	need golden/synapses
	(echo node_id,population,group; seq 0 599 | awk '{ print $1 ",V," $1 % 3 }') >n.csv
	rate-pattern --pattern join --rate-off 1 --rate-on 20 --steps 4 --ramp-from 200 \
		--ramp-to 800 --groups 3 --on 1000 --off 500 --from 1000 --to 10000 >r.csv
	# nodes 3k + g of group g have step int(k / 50)
	spike-stim --seed 1 --rates r.csv n.csv | awk -F, 'NR > 1 {
		n["join," $3 % 3 "," int(int($3 / 3) / 50)]++ }
		END { for (k in n) print k "," n[k] }' | LC_ALL=C sort >got
	grep ^join, "$golden/profiles-expected.csv" | LC_ALL=C sort |
		paste -d, got - | awk -F, "$tests"'
		$2 != $6 || $3 != $7 { exit 1 }
		{ want = 50 * $8; chi += ($4 - want) ^ 2 / want }
		END { print chi, NR; exit !(NR == 12 && chi < chi_limit(12)) }'
}

@test "the rates that are drawn have their mean and deviation" {
	nodes 3000 >n.csv
	# 3000 rates of 20 +- 8: counts in 4 s have a variance of 80 + 32^2
	for dist in lognormal normal; do
		spike-stim --seed 4 --rate-dist $dist:20:8 --to 4000 n.csv 2>said |
			awk -F, "$tests"'NR > 1 { n[$3]++ } END {
			for (i = 0; i < 3000; i++) {
				sum += n[i]; square += n[i] ^ 2
				cube += (n[i] - 80) ^ 3 }
			m = sum / 3000; v = square / 3000 - m * m
			print m, v, cube / 3000 / v ^ 1.5
			exit !known(m, 80, 3000, sqrt(1104) / 80) ||
				!(v > 960 && v < 1260) ||
				(cube > 0 && cube / 3000 / v ^ 1.5 > .8) != ("'$dist'" == "lognormal")
		}' || fail "$dist"
	done
	grep -qE '^spike-stim: rates drawn below 0, which are 0 now: [0-9]+ of 3000 nodes$' said
	[ "$(grep -oE '[0-9]+ of' said | cut -d' ' -f1)" -lt 40 ]
}

@test "rates by column, by node, by group and by population" {
	counts() { awk -F, 'NR > 1 { n[$2 "/" $3]++ }
		END { for (k in n) print k ":" n[k] }' | LC_ALL=C sort | paste -sd ' '; }
	ask() { spike-stim --seed 1 --process regular "$@" | counts; }
	printf '%s\n' node_id,population,rate_Hz,pop_name 3,A,10,PN 1,A,0,PV 3,B,20,PV >n.csv
	is "$(ask --to 1000 n.csv)" "A/3:10 B/3:20"
	is "$(ask --to 1000 --rate 5 n.csv)" "A/1:5 A/3:5 B/3:5"
	is "$(ask --from 500 --to 1000 n.csv)" "A/3:5 B/3:10"
	is "$(ask --from -100 --to 0 n.csv)" "A/3:1 B/3:2"
	spike-stim --seed 1 --from -100 --to 0 --rate 500 n.csv | awk -F, '
		NR > 1 && ($1 < -100 || $1 >= 0 || $1 !~ /^-[0-9]+([.][0-9]*[1-9])?$/) { exit 1 }'
	is "$(ask --to 1000 -p B n.csv)" "B/3:20"
	printf '%s\n' rate_Hz,node_id 7,3 2,1 >r.csv
	is "$(ask --to 1000 --rates r.csv n.csv)" "A/1:2 A/3:7 B/3:7"
	printf '%s\n' rate_Hz,node_id,population 7,3,B 2,1, 4,3, >r.csv
	is "$(ask --to 1000 --rates r.csv n.csv)" "A/1:2 A/3:4 B/3:7"
	printf '%s\n' pop_name,rate_Hz,sd_Hz PN,7,0 PV,3, >r.csv
	is "$(ask --to 1000 -g pop_name --rates r.csv --rate-dist normal n.csv)" \
		"A/1:3 A/3:7 B/3:3"
	# those that are not there have none
	printf '%s\n' rate_Hz,node_id 7,3 >r.csv
	run --separate-stderr spike-stim --seed 1 --process regular --to 1000 --rates r.csv n.csv
	is "$(counts <<<"$output")" "A/3:7 B/3:7"
	is "$stderr" 'spike-stim: without a rate, and without spikes: 1 of 3 nodes'
	# pieces in any order, cut at both ends
	printf '%s\n' node_id,start_ms,end_ms,rate0_Hz,rate1_Hz 3,500,1000,100,100 \
		1,0,1000,10,10 3,0,500,40,40 >r.csv
	is "$(ask --rates r.csv n.csv)" "A/1:10 A/3:70 B/3:70"
	is "$(ask --rates r.csv --from 250 --to 600 n.csv | cut -d' ' -f2-)" \
		"A/3:20 B/3:20"
	is "$(ask --rates - n.csv <r.csv)" "A/1:10 A/3:70 B/3:70"
}

@test "the nodes of a group are parted by its steps, by their ids" {
	(echo node_id,population,group; printf '%s\n' 9,V,0 1,V,0 5,V,1 3,V,0 8,V,0 \
		2,V,0 7,V,) >n.csv
	printf '%s\n' group,step,start_ms,end_ms,rate0_Hz,rate1_Hz 0,0,0,100,50,50 \
		0,4,0,100,100,100 1,,0,100,70,70 >r.csv
	is "$(spike-stim --seed 1 --process regular --rates r.csv n.csv 2>/dev/null |
		awk -F, 'NR > 1 { n[$3]++ } END { for (i in n) print i ":" n[i] }' |
		sort | paste -sd ' ')" "1:5 2:5 3:5 5:7 8:10 9:10"
	printf '%s\n' group,step,start_ms,end_ms,rate0_Hz,rate1_Hz 0,0,0,9,50,50 \
		1,0,0,9,1,1 1,1,0,9,1,1 2,,0,9,1,1 >r.csv
	run --separate-stderr spike-stim --seed 1 --rates r.csv n.csv
	is "$stderr" "spike-stim: r.csv:3: fewer nodes than steps in this group, 1 and 2: '1'
spike-stim: r.csv:5: no node is of this group: '2'
spike-stim: without a rate, and without spikes: 1 of 7 nodes"
}

@test "packed, as an input for a simulation" {
	printf '%s\n' node_id 0 1 >n.csv
	spike-stim --seed 1 --rate 20 --to 1000 -p V -o s.csv n.csv
	spike-pack -o v.h5 s.csv
	read_by_all v.h5
	sort -t, -k1,1g <(tail -n +2 s.csv) |
		cmp - <(sonata-spikes v.h5 | tail -n +2) # each text reads back as itself
	is "$(spike-stim --seed 1 --rate 20 --to 1000 n.csv 2>said | head -n 2 |
		tail -n 1 | cut -d, -f2-)" ,0
	is "$(cat said)" "spike-stim: nodes of no population: -p names it, and their \
spikes follow from that, too"
}

@test "no nodes: a header" {
	is "$(echo node_id,population | spike-stim --rate 1 --to 1 --seed 1)" \
		timestamps,population,node_ids
	is "$(echo node_id,population,group | spike-stim --rates <(rate-pattern \
		--pattern constant --groups 1 --rate-on 5) --seed 1)" \
		timestamps,population,node_ids
}

@test "what cannot be is named" {
	printf '%s\n' node_id,population,rate_Hz,group 1,V,0,0 2,V,0,1 >n.csv
	misused '--seed is needed: the same one draws the same' --rate 1 --to 5 n.csv
	misused '--to is needed: these rates have no end' --rate 1 --seed 1 n.csv
	misused '--from must be < --to: 5, 5' --rate 1 --seed 1 --from 5 --to 5 n.csv
	misused '--from must be < --to: 0, -5' --rate 1 --seed 1 --to -5 n.csv
	run -2 spike-stim --rate 0 --to 5 --seed 1 n.csv
	run -2 spike-stim --rate inf --to 5 --seed 1 n.csv
	bad 'all rates are 0: no node would spike' --to 5 --seed 1 n.csv
	misused '--refractory: no process keeps 2 ms at --rate 500' \
		--rate 500 --refractory 2 --to 5 --seed 1 n.csv
	misused '--refractory needs --process=poisson' \
		--rate 5 --refractory 2 --process gamma:2 --to 5 --seed 1 n.csv
	misused "--process: must be poisson|gamma|regular: 'x'" \
		--rate 5 --process x --to 5 --seed 1 n.csv
	misused '--process: gamma needs a shape, as in gamma:2' \
		--rate 5 --process gamma --to 5 --seed 1 n.csv
	misused "--process: not in [0.01,1e+06]: 'gamma:0'" \
		--rate 5 --process gamma:0 --to 5 --seed 1 n.csv
	misused "--process: not in [0,1]: 'regular:1.1'" \
		--rate 5 --process regular:1.1 --to 5 --seed 1 n.csv
	misused "--process: poisson takes no number: 'poisson:2'" \
		--rate 5 --process poisson:2 --to 5 --seed 1 n.csv
	bad 'n.csv: there are no nodes of population '"'W'" \
		--rate 5 --to 5 --seed 1 -p W n.csv
	printf '%s\n' node_id,population 1,W 1, >m.csv
	bad "m.csv: some nodes are of population 'W' and some of none" \
		--rate 5 --to 5 --seed 1 -p W m.csv
	sed 's/,0,/,600,/' n.csv >m.csv
	bad "m.csv:2: column 'rate_Hz': no process keeps a refractory time of 2 ms at \
this rate: '600'" --to 5 --seed 1 --refractory 2 m.csv
	for rate in -1 x inf nan 1e7 ''; do
		sed "s/,0,/,$rate,/" n.csv >m.csv
		bad "m.csv:2: column 'rate_Hz': not a rate from 0 to 1e6 Hz: '$rate'" \
			--to 5 --seed 1 m.csv
	done
	printf 'node_id,population\n1,V\n' >m.csv
	bad "m.csv: no column 'rate_Hz': say --rate, --rates or --rate-dist" \
		--to 5 --seed 1 m.csv
	(cat n.csv; echo 1,V,0,0) >m.csv
	run -1 spike-stim --rate 1 --to 5 --seed 1 m.csv
	[[ $output == *'m.csv:4: '* ]]
	misused "--rate-dist: must be lognormal|normal: 'x'" \
		--rate-dist x:1:2 --to 5 --seed 1 n.csv
	misused "--rate-dist: not NAME or NAME:MEAN:SD: 'normal:1'" \
		--rate-dist normal:1 --to 5 --seed 1 n.csv
	misused "--rate-dist: not a mean above 0 and a deviation from 0 on: 'normal:0:1'" \
		--rate-dist normal:0:1 --to 5 --seed 1 n.csv
	misused '--rate-dist: say MEAN:SD, or --rates with rate_Hz and sd_Hz' \
		--rate-dist normal --to 5 --seed 1 n.csv
	run -1 spike-stim --rate-dist normal:600:1 --refractory 2 --to 5 --seed 1 n.csv
	[[ $output == 'spike-stim: node 1: no process keeps a refractory time of 2 ms at '\
'the rate that was drawn: '* ]]
	run -1 spike-stim --rate-dist normal:2e6:1 --to 5 --seed 1 n.csv
	[[ $output == 'spike-stim: node 1: the rate that was drawn is over 1e6 Hz: '* ]]
	misused 'the nodes and --rates cannot both be the standard input' \
		--rates - --seed 1
}

@test "what cannot be in a table of rates is named" {
	printf '%s\n' node_id,population,group 1,V,0 2,V,1 >n.csv
	header=group,start_ms,end_ms,rate0_Hz,rate1_Hz
	rated() { # the message, the rows with "/" between; options
		local message=$1 rows=$2
		tr / '\n' <<<"$rows" >r.csv
		bad "$message" --rates r.csv --seed 1 "${@:3}" n.csv
	}
	rated "r.csv:3: column 'start_ms': a gap after the piece before, which ends at 5 \
in line 2: '6'" "$header/0,0,5,1,1/0,6,9,1,1"
	rated "r.csv:2: column 'start_ms': it overlaps the piece before, which ends at 7 \
in line 3: '5'" "$header/0,5,9,1,1/0,0,7,1,1"
	rated "r.csv:2: column 'end_ms': not after start_ms: '5'" "$header/0,5,5,1,1"
	rated "r.csv:2: column 'rate1_Hz': negative: '-1'" "$header/0,0,5,1,-1"
	rated "r.csv:2: column 'rate0_Hz': over 1e6 Hz: '2e6'" "$header/0,0,5,2e6,1"
	rated "r.csv:2: column 'end_ms': over 1e9 ms: '2e9'" "$header/0,0,2e9,1,1"
	rated "n.csv:3: column 'group': no rates of this group in r.csv: '1'" \
		"$header/0,0,5,1,1"
	rated "r.csv:2: no process keeps a refractory time of 20 ms at these rates, at \
50 ms" "$header/0,0,50,10,10/0,50,90,90,90/1,0,90,1,1" --refractory 20
	rated "r.csv:2: no rate until --to 60: they are from 0 to 50 ms" \
		"$header/0,0,50,10,10/1,0,60,1,1" --to 60
	rated "r.csv:2: no rate until --to 10: they are from 10 to 50 ms" \
		"$header/0,10,50,10,10/1,0,60,1,1" --to 10
	rated "r.csv:2: no rate at --from 9: they are from 10 to 50 ms" \
		"$header/0,10,50,10,10/1,0,60,1,1" --from 9
	rated "r.csv:2: no rate at --from 50: they are from 10 to 50 ms" \
		"$header/0,10,50,10,10/1,0,60,1,1" --from 50
	rated "all rates are 0: no node would spike" "$header/0,0,5,0,0/1,0,5,0,0"
	rated "r.csv:3: it has a rate already, in line 2" "group,rate_Hz/0,5/0,6" --to 9
	rated "r.csv:3: column 'node_id': there is no such node: '7'" \
		"node_id,rate_Hz/1,5/7,6" --to 9
	rated "r.csv:2: column 'rate_Hz': no process keeps a refractory time of 2 ms at \
this rate: '500'" "node_id,rate_Hz/1,500" --to 9 --refractory 2
	rated "r.csv: neither a column 'node_id' nor 'group'" "x,rate_Hz/1,5" --to 9
	rated "r.csv: both of the columns 'node_id' and 'group'" \
		"node_id,group,rate_Hz/1,2,5" --to 9
	rated "r.csv: neither a column 'rate_Hz' nor 'start_ms'" "group,x/1,5" --to 9
	rated "r.csv: both of the columns 'rate_Hz' and 'start_ms'" "$header,rate_Hz" --to 9
	rated "r.csv:3: column 'step': some rates of this group have none" \
		"group,step,rate_Hz/1,,5/1,0,5/0,0,5" --to 9
	rated "r.csv: no column 'sd_Hz', which --rate-dist needs" \
		"group,rate_Hz/1,5" --to 9 --rate-dist normal
	rated "r.csv:2: column 'rate_Hz': a lognormal distribution has a mean above 0: '0'" \
		"group,rate_Hz,sd_Hz/1,0,5" --to 9 --rate-dist lognormal
	printf '%s\n' group,rate_Hz,sd_Hz 0,5,1 >r.csv
	misused "--rate-dist is needed: r.csv has a column 'sd_Hz'" \
		--rates r.csv --seed 1 --to 9 n.csv
	misused "--rate-dist: --rates has means: say no numbers: 'normal:5:1'" \
		--rates r.csv --rate-dist normal:5:1 --seed 1 --to 9 n.csv
	printf '%s\n' "$header" 0,0,5,1,1 1,0,5,1,1 >r.csv
	misused '--rate-dist needs rates that are constant: rate_Hz and sd_Hz' \
		--rates r.csv --rate-dist normal --seed 1 n.csv
	run -2 spike-stim --rate 5 --rates r.csv --seed 1 n.csv
	run -2 spike-stim --rate 5 -g group --to 9 --seed 1 n.csv
}
