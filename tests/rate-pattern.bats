# shellcheck disable=SC2086,SC2116 # options are several words, and lines long
load common.bash

golden=$reference/golden/synapses/bmtool

header=group,step,start_ms,end_ms,rate0_Hz,rate1_Hz

pieces() { # options; rows in one line, groups 0.. are there but not steps
	rate-pattern "$@" >out
	is "$(head -n 1 out)" "$header"
	sed 1d out | paste -sd ' '
}

@test "each pattern, piece by piece" {
	local t='--groups 2 --on 300 --off 100 --from 50 --to 900'
	local r='--rate-on 20 --rate-off 1 --rate-silent 0.5'

	is "$(pieces --pattern short $t $r --cycles 1)" "$(echo \
		0,,0,50,0.5,0.5 0,,50,200,20,20 0,,200,350,1,1 0,,350,900,0.5,0.5 \
		1,,0,50,0.5,0.5 1,,50,200,1,1 1,,200,350,20,20 1,,350,900,0.5,0.5)"
	is "$(pieces --pattern long $t $r)" "$(echo \
		0,,0,50,0.5,0.5 0,,50,350,20,20 0,,350,450,0.5,0.5 \
		0,,450,750,1,1 0,,750,900,0.5,0.5 \
		1,,0,50,0.5,0.5 1,,50,350,1,1 1,,350,450,0.5,0.5 \
		1,,450,750,20,20 1,,750,900,0.5,0.5)"
	is "$(pieces --pattern ramp $t --select 1 --ramp 5:20 --ramp-from 100 \
		--ramp-to 200 --cycles 1 --rate-off 2)" "$(echo \
		0,,0,50,0,0 0,,50,350,2,2 0,,350,900,0,0 \
		1,,0,50,0,0 1,,50,150,5,5 1,,150,250,5,20 1,,250,350,20,20 \
		1,,350,900,0,0)"
	is "$(pieces --pattern join $t $r --select 1 --steps 2 --cycles 1)" "$(echo \
		0,,0,50,0.5,0.5 0,,50,350,1,1 0,,350,900,0.5,0.5 \
		1,0,0,50,0.5,0.5 1,0,50,350,20,20 1,0,350,900,0.5,0.5 \
		1,1,0,200,0.5,0.5 1,1,200,350,20,20 1,1,350,900,0.5,0.5)"
	is "$(pieces --pattern quit $t $r --select 1 --steps 2 --cycles 1 \
		--ramp-from 100 | cut -d' ' -f4-)" "$(echo \
		1,0,0,50,0.5,0.5 1,0,50,250,20,20 1,0,250,900,0.5,0.5 \
		1,1,0,50,0.5,0.5 1,1,50,150,20,20 1,1,150,900,0.5,0.5)"
	is "$(pieces --pattern fade $t --groups 3 --fade 20:5:4:16 --rate-off 2 \
		--ramp-from 100 --cycles 1)" "$(echo \
		0,,0,50,0,0 0,,50,150,20,20 0,,150,350,20,5 0,,350,900,0,0 \
		1,,0,50,0,0 1,,50,150,4,4 1,,150,350,4,16 1,,350,900,0,0 \
		2,,0,50,0,0 2,,50,350,2,2 2,,350,900,0,0)"
	is "$(pieces --pattern loop --groups 2 --on 100,300 --off 100 --from 50 \
		--to 750 --ramp 5:20:7 --rate-off 1)" "$(echo \
		0,,0,50,1,1 0,,50,150,5,20 0,,150,350,20,7 0,,350,750,1,1 \
		1,,0,450,1,1 1,,450,550,5,20 1,,550,750,20,7)"
	is "$(pieces --pattern loop --groups 1 --on 100 --to 150 --rate-on 9)" \
		"0,,0,100,9,9 0,,100,150,0,0"
	is "$(pieces --pattern constant --groups 2 --select 1 --from 5 --to 10 $r)" \
		"0,,0,5,0.5,0.5 0,,5,10,1,1 1,,0,5,0.5,0.5 1,,5,10,20,20"
}

@test "the defaults are those of BMTool" {
	rate-pattern --pattern long --groups 2 --rate-on 5 >out
	rate-pattern --pattern long --groups 2 --rate-on 5 --on 1000 --off 500 \
		--from 0 --to 10000 --cycles 6 | cmp - out
	rate-pattern --pattern join --groups 2 --rate-on 5 | cmp - <(rate-pattern \
		--pattern join --groups 2 --rate-on 5 --steps 20 --ramp-from 0 \
		--ramp-to 1000)
	is "$(rate-pattern -t --pattern constant --groups 1 --rate-on 5 | tail -n 1)" \
		$'0\t\t0\t10000\t5\t5'
}

@test "the order of those that take turns is the one of --select" {
	turns() {
		rate-pattern --pattern long --groups 5 --on 10 --off 10 --to 60 \
			--rate-on 1 --select "$1" | awk -F, '$5 == 1 { print $1, $3 }' |
			paste -sd ,
	}
	is "$(turns 4,0-1)" '0 20,1 40,4 0'
	is "$(turns 3)" '3 0,3 20,3 40'
	is "$(turns 0,3)" '0 0,0 40,3 20'
}

@test "short bursts in rounds, also in parts of one" {
	bursts() {
		rate-pattern --pattern short --groups 10 --on 1100 --off 0 --to 1100 \
			--rate-on 1 --rounds "$1" | awk -F, '$5 == 1 { n[$1]++ }
			END { for (g = 0; g < 10; g++) printf "%d ", n[g] }'
	}
	is "$(bursts 1)" "1 1 1 1 1 1 1 1 1 1 "
	is "$(bursts 1.1)" "2 1 1 1 1 1 1 1 1 1 " # 11 in doubles is a bit more
	is "$(bursts 2.5)" "3 3 3 3 3 2 2 2 2 2 "
	is "$(bursts 0.3)" "1 1 1 0 0 0 0 0 0 0 "
}

# 1.2 / 0.4 is a little less than 3 in doubles.
@test "cycles are counted in whole microseconds" {
	is "$(rate-pattern --pattern long --groups 1 --on 300 --off 100 --to 1200 \
		--rate-on 1 | grep -c ,1,1)" 3
	is "$(rate-pattern --pattern long --groups 1 --on 0.1 --off 0.2 --to 0.9 \
		--rate-on 1 | sed 1d | paste -sd ' ')" "$(echo 0,,0,0.1,1,1 \
		0,,0.1,0.3,0,0 0,,0.3,0.4,1,1 0,,0.4,0.6,0,0 0,,0.6,0.7,1,1 \
		0,,0.7,0.9,0,0)"
}

# The rows of a line follow each other without a gap, from 0 to --to.
@test "no gaps, whatever the parts" {
	for options in '--pattern short --rounds 2.7' '--pattern join --steps 7' \
		'--pattern quit --steps 3 --ramp-from 0.001 --ramp-to 33.3' \
		'--pattern short --cycles 2'; do
		rate-pattern --groups 3 --on 33.3 --off 0.007 --from 0.5 --to 777.7 \
			--rate-on 7 --rate-off 3 $options | awk -F, '
			NR > 1 && $1 "/" $2 != line {
				if (line && last != 777.7 || $3 != 0) exit 1
				line = $1 "/" $2; last = 0; n++
			}
			NR > 1 && ($3 != last || $4 <= $3) { bad = 1 }
			NR > 1 { last = $4 }
			END { exit bad || n < 3 || last != 777.7 }' || fail "$options"
	done
}

@test "what BMTool makes of the same, to 1e-12" {
	need golden/synapses
	local t='--groups 3 --on 1000 --off 500 --from 1000 --to 10000'
	local r='--rate-off 1 --rate-on 20'

	while IFS=: read -r name options; do
		eval "rate-pattern $t $options" | sed "1d; s/^/$name,/"
	done <<-END >got
	short:--pattern short $r
	short-select:--pattern short $r --select 0,2
	short-rounds:--pattern short $r --rounds 1.5
	long:--pattern long $r --rate-silent 0.5
	ramp:--pattern ramp --rate-off 1 --ramp '5:20' --ramp-from 200 --ramp-to 800
	join:--pattern join $r --steps 4 --ramp-from 200 --ramp-to 800
	join-quit:--pattern quit $r --steps 4
	fade:--pattern fade --rate-off 2 --fade '20:5:5:20' --ramp-from 250 --ramp-to 750
	loop:--pattern loop --on 400,1000 --rate-off 1 --ramp '5:20:7'
	END
	LC_ALL=C sort -t, -k1,1 -k2,2n -k3,3n -k4,4n got >a
	sed 1d "$golden/profiles.csv" | awk -F, -v OFS=, '{
		$4 = sprintf("%.17g", $4 * 1000); $5 = sprintf("%.17g", $5 * 1000); print }' |
		LC_ALL=C sort -t, -k1,1 -k2,2n -k3,3n -k4,4n >b
	is "$(wc -l <a)" "$(wc -l <b)"
	paste -d, a b | awk -F, '
		function off(x, y) {
			return (x - y) ^ 2 > (1e-12 * (y > 1 ? y : 1)) ^ 2 }
		$1 != $8 || $2 != $9 || $3 != $10 || off($4, $11) || off($5, $12) ||
			off($6, $13) || off($7, $14) { print; bad = 1 }
		END { exit bad || NR < 600 }'
	awk -F, '{ n[$1 "," $2 "," $3] += ($5 - $4) / 1000 * ($6 + $7) / 2 }
		END { for (k in n) printf "%s,%.15g\n", k, n[k] }' a | LC_ALL=C sort >sums
	sed 1d "$golden/profiles-expected.csv" | LC_ALL=C sort | paste -d, sums - |
		awk -F, '$1 != $5 || $2 != $6 || $3 != $7 ||
			($4 - $8) ^ 2 > (1e-12 * $8) ^ 2 { print; bad = 1 }
			END { exit bad || NR < 40 }'
}

@test "what cannot be is misuse" {
	local long='--pattern long --groups 2'

	misused '--pattern is needed' --groups 2
	misused '--groups is needed' --pattern long
	misused 'all rates are 0: say --rate-on' $long
	misused 'all rates are 0: say --ramp' --pattern ramp --groups 2
	misused 'all rates are 0: say --fade' --pattern fade --groups 2
	misused 'all rates are 0: say --rate-on' --pattern long --groups 1 --rate-off 3
	misused '--cycles: 7 of 1500 ms go past --to 10000: at most 6' \
		$long --rate-on 1 --cycles 7
	misused '--cycles: 4 of 400 ms go past --to 1200: at most 3' \
		$long --rate-on 1 --cycles 4 --on 300 --off 100 --to 1200
	misused 'no cycle of 1500 ms fits between --from 9000 and --to 10000' \
		$long --rate-on 1 --from 9000
	misused '--from must be < --to: 5, 5' $long --from 5 --to 5
	misused "--on: not a whole number of microseconds: '0.0005'" \
		$long --rate-on 1 --on 0.0005
	misused "--off: not a whole number of microseconds: '0.0015'" \
		$long --rate-on 1 --off 0.0015
	misused "--on: several times need --pattern=loop: '5,6'" \
		$long --rate-on 1 --on 5,6
	misused "--on: not times above 0 that increase: '6,5'" \
		--pattern loop --groups 1 --on 6,5
	misused "--on: not times above 0 that increase: '0'" $long --on 0
	misused "--on: not in [0,1e+09]: 'x'" $long --on 1,x
	misused "--on: not in [0,1e+09]: '2e9'" $long --on 2e9
	misused "--select: there are 2 groups, from 0: '2'" $long --select 0,2
	misused "--select: it is there twice: '1'" $long --select 1,0-1
	misused "--select: not groups such as 0,2,5-9: '1-'" $long --select 1-
	misused "--ramp: 3 rates, where --pattern=ramp has 2: '1:2:3'" \
		--pattern ramp --groups 1 --ramp 1:2:3
	misused "--ramp: 2 rates, where --pattern=loop with this --on has 3: '1:2'" \
		--pattern loop --groups 1 --on 1,2 --ramp 1:2
	misused "--fade: 2 rates, where --pattern=fade has 4: '1:2'" \
		--pattern fade --groups 2 --fade 1:2
	misused "--ramp: not in [0,1e+06]: '-2'" \
		--pattern ramp --groups 1 --ramp 1:-2
	misused '--pattern=fade needs two groups that take turns' \
		--pattern fade --groups 2 --select 1 --fade 1:2:3:4
	misused '--ramp-from and --ramp-to: not within --on: 5 to 2000 of 1000 ms' \
		--pattern ramp --groups 1 --ramp 1:2 --ramp-from 5 --ramp-to 2000
	misused '--ramp-from must be <= --ramp-to: 9, 8' \
		--pattern ramp --groups 1 --ramp 1:2 --ramp-from 9 --ramp-to 8
	for options in '--ramp 1:2' '--fade 1:2:3:4' '--ramp-from 3' '--steps 3' \
		'--rounds 2'; do
		run -2 rate-pattern $long $options
	done
	run -2 rate-pattern --pattern ramp --groups 2 --ramp 1:2 --rate-on 3
	run -2 rate-pattern --pattern loop --groups 2 --rate-on 3 --rate-silent 3
	run -2 rate-pattern --pattern constant --groups 2 --rate-on 3 --cycles 3
	run -2 rate-pattern $long --rate-on -1
	run -2 rate-pattern $long --rate-on inf
}
