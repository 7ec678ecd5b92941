# What is fitted is known: by a formula where the cell is one compartment, else
# because the targets are what the tools measure of a cell whose parameters are
# then changed.
load common.bash

cells=$BATS_TEST_DIRNAME/../pipelines/cells
fast=(--hoc "$cells/cells.hoc" --template FastSpiking
	--mechanisms "$cells/modfiles")

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	export XDG_CACHE_HOME=$BATS_FILE_TMPDIR/cache
	# A soma of pi 400 um2, and a cell that fires.
	cat >ball.hoc <<-'END'
	create soma
	soma { L = 20  diam = 20  insert pas  e_pas = -65  g_pas = 3e-4 }
	END
	ball=(--hoc ball.hoc --celsius 20 --v-init -65 --delay 5 --dur 60)
	cat >hh.hoc <<-'END'
	create soma
	soma { L = 20  diam = 20  insert hh }
	END
	hh=(--hoc hh.hoc --celsius 16 --v-init -65 --delay 10 --dur 50)
	table feature,amp_pA,value,sd r_in_MOhm,-10,100,1 tau_ms,-10,5,0.05
	table name,low,high soma.g_pas,1e-5,1e-2 soma.cm,0.5,20 >bounds
	table feature,amp_pA,value,sd r_in_MOhm,-10,100,1 tau_ms,-10,5,0.05 \
		>targets
}

table() { printf '%s\n' "$@"; }

fit() { cell-fit --targets targets --bounds bounds "$@"; }

wrong() { bad "$1" --targets targets --bounds bounds "${@:2}"; }

near() { # a number, what it should be, by which part it may be off
	awk "BEGIN { d = ($1) / ($2) - 1; exit !(d < $3 && -d < $3) }" ||
		fail "$1 rather than $2"
}

value() { # a column of a table, its row: 1 by default
	awk -F, -v name="$1" -v row="${2:-1}" 'NR == 1 {
		for (i = 1; i <= NF; i++) at[$i] = i; next }
		NR == row + 1 { print $at[name] }'
}

rows() { wc -l <"$1"; }

# bats test_tags=long
@test "a cell of one compartment: leak and capacitance follow by a formula" {
	local way
	# R = 1 / (g A), tau = c / g
	for way in simplex cmaes; do
		fit "${ball[@]}" --search $way -o found
		is "$(value name <found)" soma.g_pas
		near "$(value value <found)" "1 / (100e6 * 3.14159265 * 400e-8)" 0.005
		near "$(value value 2 <found)" \
			"0.005 / (100e6 * 3.14159265 * 400e-8) * 1e6" 0.005
	done
}

@test "the search finds what is known, of any seed" {
	local way f seed x
	for way in simplex cmaes; do
		for f in sphere corner steps valley; do
			for seed in 1 2 3; do
				read -ra x < <(search-check $way $f $seed 900)
				awk "BEGIN { exit !(${x[3]} < 0.003) }" ||
					fail "$way $f $seed: ${x[*]}"
			done
		done
	done
	is "$(search-check simplex steps 1 200)" "$(search-check simplex steps 1 200)"
	[ "$(search-check simplex steps 1 200)" != \
		"$(search-check simplex steps 2 200)" ]
}

@test "Brent's search: a root, a least, an end, steps, and what has no error" {
	local f x
	while read -r f x; do
		is "$(search-check brent "$f" nan 500)" "$x"
	done <<-'END'
	curve 0.370000 0 14
	cup 0.370000 1 15
	end 1.000000 2 20
	stairs 0.375000 0.5 37
	piece 0.369993 6.75e-06 24
	nothing 0.000000 500 65
	END
	# the number to begin with comes first
	is "$(search-check brent end 0.2 1)" "1.000000 2 10"
}

@test "one parameter and one target are for Brent" {
	local want="1 / (100e6 * 3.14159265 * 400e-8)"
	table feature,amp_pA,value,sd r_in_MOhm,-10,100,1 >targets
	table name,low,high soma.g_pas,1e-5,1e-2 >bounds
	fit "${ball[@]}" --stop-score 1e-4 --history h >found
	near "$(value value <found)" "$want" 1e-5
	[ "$(rows h)" -lt 21 ]
	is "$(sed -n 2p h | cut -d, -f 3)" 0.0003 # the cell as it is
	fit "${ball[@]}" --stop-score 1e-4 --history h2 --search brent -j 3 |
		cmp - found
	cmp h h2
	head -n 14 h >part
	fit "${ball[@]}" --stop-score 1e-4 --history part --resume | cmp - found
	cmp h part
	# another search where it is asked for
	fit "${ball[@]}" --stop-score 1e-4 --max-evals 12 --history h3 \
		--search simplex >/dev/null
	run ! cmp -s <(head -n 13 h) h3
	fit "${ball[@]}" --stop-score 1e-4 --max-evals 12 --history h4 \
		--starts 4 >/dev/null
	cmp h3 h4
	# what cannot be met ends at the bound that is nearest
	sed -i s/100,1/20000,100/ targets
	fit "${ball[@]}" --history h5 >found
	near "$(value value <found)" 1e-5 1e-6
	[ "$(rows h5)" -lt 60 ]
	table name,low,high soma.g_pas,1e-5,1e-2 soma.cm,0.5,20 >bounds
	misused "--search=brent is for one parameter and one target: there are 2 $(:
		)and 1" --targets targets --bounds bounds "${ball[@]}" \
		--search brent
}

# Targets of the cell as it is: a deviation is 5 % of the value.
targets_of() { # feature,amp_pA ...; then --, arguments
	local rows=() more
	while [ "$1" != -- ]; do
		rows+=("$1")
		shift
	done
	{
		echo feature,amp_pA,value,sd
		for more in "${rows[@]}"; do echo "$more,1,1"; done
	} >wanted
	table name,low,high soma.L,0.1,1000 >as-is
	cell-fit --targets wanted --bounds as-is --max-evals 1 --compare is \
		-o /dev/null "${@:2}" 2>/dev/null
	awk -F, 'NR == 1 { print "feature,amp_pA,value,sd"; next }
		{ v = $8 < 0 ? -$8 : $8; print $1 "," $3 "," $8 "," v / 20 }' is
}

# bats test_tags=long
@test "three conductances that are off by up to 50 % are found again" {
	local seed short=(--delay 40 --dur 80 --dt 0.05)
	targets_of r_in_MOhm,-20 tau_ms,-20 rate_Hz,300 latency_ms,150 \
		half_width_ms,300 -- "${fast[@]}" "${short[@]}" >targets
	is "$(rows targets)" 6
	table name,low,high soma.gbar_naf,0.1,0.9 soma.gbar_kv3,0.07,0.6 \
		g_pas@all,4e-5,4e-4 >bounds
	for seed in 1 2 3; do
		awk -v seed=$seed "$draws"'BEGIN { sow(seed)
			print "name,value"
			print "soma.gbar_naf," 0.3 * (0.5 + draw())
			print "soma.gbar_kv3," 0.2 * (0.5 + draw())
			print "g_pas@all," 1.25e-4 * (0.5 + draw()) }' >off
		# All targets are within a deviation when the mean square of five
		# is below a fifth.
		fit "${fast[@]}" "${short[@]}" --params off -j 2 \
			--seed $seed --stop-score 0.44 --max-evals 300 \
			--compare reached >found 2>said
		awk -F, 'NR > 1 && !($9 < 1 && $9 > -1) { exit 1 }' reached ||
			fail "not of seed $seed"
	done
	# the tools measure of the last cell what it says
	near "$(fi-sweep "${fast[@]}" --params found --delay 40 --dur 80 \
		--dt 0.05 --amps 300 | value rate_Hz)" "$(value value 3 <reached)" 1e-9
}

# bats test_tags=long
@test "the same for any --jobs" {
	local way j
	for way in simplex cmaes; do
		fit "${ball[@]}" --search $way --max-evals 40 --history h1 \
			--compare c1 -o o1 2>e1
		for j in 3 auto; do
			fit "${ball[@]}" --search $way --max-evals 40 \
				--history h2 --compare c2 -o o2 -j $j 2>e2
			cmp h1 h2 && cmp c1 c2 && cmp o1 o2 && cmp e1 e2
			rm h2
		done
		rm h1
	done
}

@test "a column of any tool is what that tool says" {
	local protocol=(--delay 40 --dur 80) name
	cell-clamp "${fast[@]}" "${protocol[@]}" --amp 250 --tstop 120 >trace
	cell-clamp "${fast[@]}" "${protocol[@]}" --amp -30 --tstop 120 |
		passive-fit --method exp2 >passive
	fi-sweep "${fast[@]}" --delay 40 --dur 80 --amps 250 >sweep
	spike-features <trace >spikes
	spike-features --summary <trace >summary
	{
		echo feature,tool,amp_pA,spike,value,sd
		for name in r_in_MOhm tau_ms v_rest_mV v_final_mV sag_mV \
			tau1_ms tau2_ms a1_mV; do
			echo "$name,passive-fit,-30,,$(value $name <passive),1"
		done
		for name in spikes rate_Hz first_isi_ms last_isi_ms adaptation \
			latency_ms block; do
			echo "$name,fi-sweep,250,,$(value $name <sweep),1"
			echo "$name,spike-features,250,,$(value $name <summary),1"
		done
		for name in threshold_mV peak_mV upstroke_mV_ms width_ms isi_ms; do
			echo "$name,spike-features,250,3,$(value $name 3 <spikes),1"
		done
		for name in mean_isi_ms isi_cv v_rest_mV; do
			echo "$name,spike-features,250,,$(value $name <summary),1"
		done
		# without a number of a spike, the mean of all
		echo "peak_mV,spike-features,250,,$(awk -F, 'NR > 1 {
			sum += $6 } END { printf "%.15g", sum / (NR - 1) }' \
			spikes),1"
	} >targets
	table name,low,high soma.gbar_naf,0.1,0.9 >bounds
	fit "${fast[@]}" "${protocol[@]}" --method exp2 --max-evals 1 \
		--compare reached >/dev/null
	is "$(rows reached)" 32
	awk -F, 'NR > 1 && !($9 < 1e-9 && $9 > -1e-9)' reached >off
	is "$(<off)" ''
}

# bats test_tags=long
@test "an impedance is that of a chirp" {
	local f=10
	cell-zap "${fast[@]}" --dur 2000 | zap-impedance >z
	table feature,frequency_Hz,amp_pA,value,sd \
		impedance,$f,,100,1 phase_rad,$f,20,1,1 impedance,30,10,1,1 >targets
	table name,low,high soma.gbar_naf,0.1,0.9 >bounds
	fit "${fast[@]}" --chirp 2000 --max-evals 1 --compare reached -o /dev/null
	is "$(value frequency_Hz 1 <reached),$(value amp_pA 1 <reached)" 10,20
	awk -F, -v f=$f 'NR > 1 { d = $1 - f; d = d < 0 ? -d : d
		if (NR == 2 || d < least) { least = d; z = $2; phase = $3 } }
		END { print z; print phase }' z >is
	near "$(value value 1 <reached)" "$(sed -n 1p is)" 1e-9
	near "$(value value 2 <reached)" "$(sed -n 2p is)" 1e-9
	fit "${fast[@]}" --chirp 1000 --max-evals 1 --compare other -o /dev/null
	[ "$(value value 1 <other)" != "$(value value 1 <reached)" ]
}

@test "the history: what was tried, and the root of the mean square of errors" {
	fit "${ball[@]}" --history h --compare c --max-evals 30 --stop-score 0 \
		>found 2>said
	is "$(rows h)" 31
	is "$(head -n 1 h)" "evaluation,score,soma.g_pas,soma.cm,$(:
		)r_in_MOhm@-10pA,tau_ms@-10pA,$(:
		)error.r_in_MOhm@-10pA,error.tau_ms@-10pA"
	awk -F, 'NR > 1 {
		r = ($5 - 100) / 1
		t = ($6 - 5) / 0.05
		score = sqrt(($7 * $7 + $8 * $8) / 2)
		if (r > 250) r = 250
		if ($6 == "" || t > 250) t = 250
		if ($1 != NR - 1 || (r - $7) ^ 2 > 1e-12 || (t - $8) ^ 2 > 1e-12 ||
			(score - $2) ^ 2 > 1e-12) exit 1 }' h
	# first the cell as it is, then within the bounds
	is "$(sed -n 2p h | cut -d, -f 1,3,4)" 1,0.0003,1
	awk -F, 'NR > 1 && !($3 >= 1e-5 && $3 <= 1e-2 && $4 >= 0.5 &&
		$4 <= 20) { exit 1 }' h
	# the best of it comes out
	sort -t, -k 2g h | sed -n 2p >best
	is "$(cut -d, -f 3,4 best)" "$(value value 1 <found),$(value value 2 <found)"
	is "$(cut -d, -f 7,8 best)" "$(value error_sd 1 <c),$(value error_sd 2 <c)"
	grep -q "^cell-fit: score $(awk -F, '{ printf "%.4g", $2 }' best) after 30" said
}

# bats test_tags=long
@test "--resume: what is there is not run again, and the result is the same" {
	fit "${ball[@]}" --history whole --max-evals 60 -o all --stop-score 0
	head -n 26 whole >part
	printf '26,0.3,0.000' >>part # it was ended while it wrote
	fit "${ball[@]}" --history part --resume --max-evals 60 -o again \
		--stop-score 0 -j 2
	cmp whole part && cmp all again
	# all of it: NEURON takes no step
	fit "${ball[@]}" --history part --resume --max-evals 60 --stop-score 0 |
		cmp - all
	# further on
	fit "${ball[@]}" --history part --resume --max-evals 70 --stop-score 0 \
		>/dev/null
	is "$(rows part)" 71
	cmp whole <(head -n 61 part)
	# there is none yet
	fit "${ball[@]}" --history new --resume --max-evals 60 --stop-score 0 |
		cmp - all
	cmp new whole
}

@test "a history that is there is not written over, nor taken for another's" {
	fit "${ball[@]}" --history h --max-evals 5 -o found
	wrong "h: there is one already: --resume goes on with it, or remove it" \
		"${ball[@]}" --history h
	wrong "h:3: column 'soma.g_pas': of another search: other bounds, $(:
		)targets, seed or options: '$(value soma.g_pas 2 <h)'" \
		"${ball[@]}" --history h --resume --seed 5
	sed -i s/100,1/101,1/ targets
	wrong "h:2: column 'error.r_in_MOhm@-10pA': of another search: other $(:
		)bounds, targets, seed or options: '$(value \
		error.r_in_MOhm@-10pA <h)'" "${ball[@]}" --history h --resume
	table feature,amp_pA,value,sd r_in_MOhm,-10,100,1 >targets
	wrong "h:1: column 'tau_ms@-10pA': not of these bounds and targets: $(:
		)'error.r_in_MOhm@-10pA' is" "${ball[@]}" --history h --resume
	is "$(rows h)" 6
	# nor cut off
	printf 'name,value\na,1' >other
	wrong "other:1: column 'name': not of these bounds and targets: $(:
		)'evaluation' is" "${ball[@]}" --history other --resume
	is "$(wc -c <other)" 14
	for other in targets bounds c o; do
		misused "--history: another file has this name: '$other'" \
			--targets targets --bounds bounds "${ball[@]}" -o o \
			--compare c --resume --history $other
	done
}

# bats test_tags=long
@test "one that is ended leaves its history" {
	local pid
	fit "${ball[@]}" --history whole --max-evals 80 --stop-score 0 -o all
	cell-fit --targets targets --bounds bounds "${ball[@]}" --history h \
		--max-evals 100000 --stop-score 0 >found 2>said 3>&- &
	pid=$!
	await has h '^30,'
	answers $pid said '^cell-fit: [0-9]+ of 100000 evaluations, score [0-9.]+ \(0 %\)$'
	stop $pid
	is "$status,$(cat found)" 143,
	[ "$(rows h)" -gt 30 ]
	cmp <(head -n 31 h) <(head -n 31 whole)
	head -n 40 h >part
	fit "${ball[@]}" --history part --resume --max-evals 80 --stop-score 0 |
		cmp - all
}

# bats test_tags=long
@test "--stop-score and --max-evals" {
	run --separate-stderr fit "${ball[@]}" --history h --stop-score 1e9
	is "$(rows h)" $((1 + 1 + 12)) # the start, and a hypercube
	fit "${ball[@]}" --history h2 --stop-score 2 -o /dev/null
	awk -F, 'NR > 1 && $2 <= 2 { found = 1 } END { exit !found }' h2
	fit "${ball[@]}" --history h3 --max-evals 7 -o /dev/null
	is "$(rows h3)" 8
}

# bats test_tags=long
@test "--seed, --starts and --search" {
	local more
	for more in '--seed 1' '--seed 2' '--starts 2' '--search cmaes'; do
		# shellcheck disable=SC2086 # two words
		fit "${ball[@]}" --max-evals 40 --stop-score 0 $more >found
		! grep -qF "$(sum <found)" sums 2>/dev/null ||
			fail "$more: no other"
		sum <found >>sums
	done
	fit "${ball[@]}" --max-evals 40 --stop-score 0 >found
	grep -qxF "$(sum <found)" <(head -n 1 sums)
}

@test "--delay, --dur and --settle" {
	# a cell that comes from -80 mV takes its time
	sed -i 's/r_in_MOhm,-10,100,1/v_rest_mV,-10,-65,1/' targets
	ball=(--hoc ball.hoc --celsius 20 --v-init -80 --max-evals 1)
	fit "${ball[@]}" --delay 1 --dur 20 --compare c1 -o /dev/null
	fit "${ball[@]}" --delay 30 --dur 20 --compare c2 -o /dev/null
	fit "${ball[@]}" --delay 1 --dur 20 --settle 29 --compare c3 -o /dev/null
	awk "BEGIN { exit !($(value value <c1) < $(value value <c2)) }"
	awk "BEGIN { exit !($(value value <c1) < $(value value <c3)) }"
	table feature,amp_pA,value,sd spikes,300,10,1 >targets
	table name,low,high soma.gnabar_hh,0.1,0.2 >bounds
	fit "${hh[@]}" --max-evals 1 --compare c1 -o /dev/null
	fit "${hh[@]}" --dur 100 --max-evals 1 --compare c2 -o /dev/null
	awk "BEGIN { exit !($(value value <c1) < $(value value <c2)) }"
}

@test "how it is measured: options of the other tools" {
	local usual more
	table feature,amp_pA,value,sd tau_ms,-10,5,1 r_in,-10,100,1 \
		sag_mV,-10,1,1 v_rest_mV,-10,-65,1 g_leak_S_cm2,-10,1e-4,1e-5 \
		spikes,300,5,1 bursts,300,1,1 from_ms,300,10,1 >targets
	table name,low,high soma.gnabar_hh,0.1,0.2 >bounds
	first() {
		fit "${hh[@]}" --area 1257 --max-evals 1 --compare c \
			-o /dev/null "$@" 2>/dev/null
		cut -d, -f 8 c
	}
	usual=$(first)
	for more in '--method simple' '--window whole' '--baseline 1' --peak \
		'--peak-width 20' '--area 1000' '--isi 0' --whole \
		'--threshold 30' '--dt 0.05' '--cvode 1e-2'; do
		# shellcheck disable=SC2086 # two words
		[ "$(first $more)" != "$usual" ] || fail "$more changes nothing"
	done
	[ "$(first --method simple --grid)" != "$(first --method simple)" ]
	[ "$(first --detect dvdt)" != "$(first --threshold -60)" ]
	[ "$(first --detect dvdt --filter 1)" != "$(first --detect dvdt)" ]
}

@test "a rate where the cell is silent: the score says so, and leads out of it" {
	table feature,amp_pA,value,sd rate_Hz,100,100,20 latency,100,1,1 >targets
	table name,low,high,start soma.gnabar_hh,1e-4,0.4,2e-4 >bounds
	fit "${hh[@]}" --max-evals 1 --history h --compare c >/dev/null 2>said
	# the mV that the voltage lacks to -20 mV, a tenth of which is added
	lack=$(cell-clamp "${hh[@]}" --set soma.gnabar_hh=2e-4 --amp 100 \
		--tstop 60 | awk -F, 'NR == 2 || $2 > v { v = $2 }
		END { print (-20 - v) / 10 }')
	near "$(value error_sd 1 <c)" "(-5 - $lack)" 1e-5
	near "$(value error_sd 2 <c)" "(250 + $lack)" 1e-5
	is "$(value value 1 <c),$(value note 1 <c)" "0,no spikes"
	is "$(value value 2 <c),$(value note 2 <c)" ",the cell does not have it"
	is "$(head -n 2 said)" "$(cat <<-'END'
	cell-fit: targets:2: 'rate_Hz@100pA': no spikes, and no run has given it
	cell-fit: targets:3: 'latency_ms@100pA': the cell does not have it, and no run has given it
	END
	)"
	# without a spike in any of the first, it goes where there are some
	fit "${hh[@]}" --max-evals 60 --history h --resume --compare c >/dev/null
	fit "${hh[@]}" --max-evals 60 --history h --resume --compare again \
		>/dev/null
	cmp c again
	is "$(value note 1 <c),$(value note 2 <c)" ,
}

@test "a target that no run can give" {
	table feature,frequency_Hz,value,sd impedance,10,60,10 \
		coherence,10,1,1 >targets # that of one window is not known
	fit "${ball[@]}" --chirp 500 --max-evals 20 --compare c >/dev/null 2>said
	is "$(head -n 1 said)" "cell-fit: targets:3: 'coherence@20pA@10Hz': $(:
		)the cell does not have it, and no run has given it"
	grep -q 'farthest off, by 250 sd: coherence@20pA@10Hz$' said
}

@test "a run that fails costs that one" {
	# a leak that is negative makes the voltage no number
	table name,low,high,start soma.g_pas,-2e-2,1e-2,1e-4 >bounds
	table feature,amp_pA,value,sd r_in_MOhm,-10,100,5 >targets
	fit "${ball[@]}" --history h --max-evals 80 --stop-score 0.05 >found
	near "$(value value <found)" "1 / (100e6 * 3.14159265 * 400e-8)" 0.03
	awk -F, '$2 == 500 && $4 == "" { n++ } END { exit !(n > 0) }' h
	fit "${ball[@]}" --history h --max-evals 80 --stop-score 0.05 --resume |
		cmp - found
	# all of them
	sed -i s/2e-2,1e-2,1e-4/3e-2,-1.5e-2,-2e-2/ bounds
	run --separate-stderr fit "${ball[@]}" --max-evals 3
	is "$status,$output" 1,
	[[ ${stderr_lines[0]} == "cell-fit: the voltage at soma(0.5) is not a $(:
		)number from "* ]]
	is "${stderr_lines[-1]}" \
		"cell-fit: no run of any parameters comes to its end"
}

@test "parameters: of all sections, global ones, and a rule of segments" {
	table feature,amp_pA,value,sd v_rest_mV,-10,-60,1 >targets
	table name,low,high,start celsius,5,30,20 v_init,-70,-50,-61 \
		e_pas@all,-70,-50,-60 soma.L,10,30, >bounds
	fit "${ball[@]}" --max-evals 1 >found
	is "$(<found)" "$(table name,value celsius,20 v_init,-61 e_pas@all,-60 \
		soma.L,20)"
	# what it finds, the cell with these parameters has
	table feature,amp_pA,value,sd rate_Hz,300,80,1 v_rest_mV,-10,-60,1 >targets
	table name,low,high celsius,5,20 soma.L,10,200 soma.Ra,20,500 >bounds
	for rule in keep dlambda; do
		fit "${hh[@]}" --celsius 10 --nseg-rule $rule --max-evals 20 \
			--compare c >found
		near "$(fi-sweep --hoc hh.hoc --v-init -65 --delay 10 --dur 50 \
			--amps 300 --nseg-rule $rule --params found |
			value rate_Hz)" "$(value value 1 <c)" 1e-12
	done
}

@test "a parameter that the model computes itself is said" {
	# it begins with what it computes, so that the first run says nothing
	cat >>hh.hoc <<-'END'
	soma ion_style("na_ion", 1, 2, 1, 1, 0)
	celsius = 16
	finitialize(-65)
	END
	table name,low,high soma.ena,-100,100 >bounds
	table feature,amp_pA,value,sd rate_Hz,300,80,1 >targets
	fit "${hh[@]}" --max-evals 4 >found 2>said
	is "$(grep -c '^cell-fit: bounds:2: soma.ena=.*: the model begins with' \
		said)" 1
}

# bats test_tags=long
@test "bounds: start and scale" {
	fit "${ball[@]}" --history h --max-evals 300 --stop-score 0 -o /dev/null
	# log: as many below the geometric mean as above it
	sed -n '3,14p' h | awk -F, '{ n += $3 < 3.162e-4 } END { exit n != 6 }'
	table name,low,high,scale soma.g_pas,1e-5,1e-2,linear \
		soma.cm,0.5,20,log >bounds
	fit "${ball[@]}" --history h2 --max-evals 13 --stop-score 0 -o /dev/null
	sed -n '3,14p' h2 | awk -F, '{ n += $3 < 5.005e-3 } END { exit n != 6 }'
	table name,low,high,start soma.g_pas,1e-5,1e-2,2e-3 soma.cm,0.5,20, >bounds
	fit "${ball[@]}" --max-evals 1 >found
	is "$(<found)" "$(table name,value soma.g_pas,0.002 soma.cm,1)"
	# of several values none is the start
	cat >two.hoc <<-'END'
	create soma, dend
	connect dend(0), soma(1)
	forall { insert pas  e_pas = -65 }
	dend.g_pas = 1e-4
	END
	table name,low,high g_pas@all,1e-5,1e-2 >bounds
	cell-fit --hoc two.hoc --celsius 20 --v-init -65 --dur 50 --delay 5 \
		--targets targets --bounds bounds --max-evals 6 --history h3 \
		>/dev/null
	is "$(cut -d, -f 3 h3 | grep -xE '0.001|0.0001')" ''
}

# ---- A gap junction ----

two_balls() { # two cells of one compartment each, as a template
	cat >balls.hoc <<-'END'
	begintemplate Ball
	public soma
	create soma
	proc init() {
		soma { L = 20  diam = 20  insert pas  e_pas = -65  g_pas = 3e-4 }
	}
	endtemplate Ball
	END
	balls=(--hoc balls.hoc --template Ball --celsius 20 --v-init -65
		--delay 30 --dur 60)
}

@test "a gap junction: its conductance follows by a formula, and the cell's leak" {
	# cc = g / (g + gl), and alone R = 1 / gl
	two_balls
	table feature,tool,amp_pA,value,sd r_in_MOhm,,-10,100,1 \
		cc_12,coupling,,0.25,0.0025 >targets
	table name,low,high soma.g_pas,1e-4,1e-2 gap.g_nS,0.5,50 >bounds
	fit "${balls[@]}" --gap 1 --starts 2 --stop-score 0.1 --history h \
		--compare c >found
	is "$(head -n 1 h)" "evaluation,score,soma.g_pas,gap.g_nS,$(:
		)r_in_MOhm@-10pA,cc_12@-10pA,error.r_in_MOhm@-10pA,error.cc_12@-10pA"
	near "$(value value 1 <found)" "1 / (100e6 * 3.14159265 * 400e-8)" 0.003
	near "$(value value 2 <found)" "10 * 0.25 / 0.75" 0.005
	is "$(value tool 2 <c),$(value amp_pA 2 <c)" coupling,-10
	# what it found is what the tools measure
	near "$(cell-couple --hoc balls.hoc --template Ball --celsius 20 \
		--v-init -65 --delay 30 --dur 60 --params found 2>/dev/null \
		--gap "$(value value 2 <found)" | coupling | value cc_12)" \
		"$(value value 2 <c)" 1e-9
	fit "${balls[@]}" --gap 1 --starts 2 --stop-score 0.1 --history h \
		--resume -j 2 |
		cmp - found
}

@test "a gap junction by itself, by Brent, from its own conductance" {
	two_balls
	table feature,value,sd cc_21,0.25,0.0025 >targets
	table name,low,high gap.g_nS,0,50 >bounds
	fit "${balls[@]}" --gap 2 --stop-score 1e-4 --history h >found
	# of pi 400 um2 and 3e-4 S/cm2
	near "$(value value <found)" "3.14159265 * 1.2 / 3" 1e-5
	is "$(value gap.g_nS <h)" 2
	table name,value gap.g_nS,3 >params
	fit "${balls[@]}" --gap 2 --params params --max-evals 1 >found
	is "$(value value <found)" 3
	# another place, from which less of it is seen
	table name,low,high gap.g_nS,0,50 >bounds
	fit --hoc "$BATS_TEST_DIRNAME/data/cell.hoc" --template Cell --gap 1 \
		--max-evals 1 --compare c1 --dur 200 >/dev/null
	fit --hoc "$BATS_TEST_DIRNAME/data/cell.hoc" --template Cell --gap 1 \
		--max-evals 1 --compare c2 --dur 200 --at2 'dend[1](1)' >/dev/null
	awk "BEGIN { exit !($(value value <c2) < $(value value <c1)) }"
}

@test "a gap junction that is not there, or not as it should be" {
	two_balls
	table feature,value,sd cc_12,0.25,0.01 >targets
	table name,low,high gap.g_nS,0,50 >bounds
	wrong "targets:2: column 'feature': no run gives it without --gap: 'cc_12'" \
		"${balls[@]}"
	misused "--at1 needs --gap" --targets targets --bounds bounds \
		"${balls[@]}" --at1 soma
	misused "--gap and --cvode exclude each other" --targets targets \
		--bounds bounds "${balls[@]}" --gap 1 --cvode 0.01
	misused "--at2: no section 'dend'; there are: soma" --targets targets \
		--bounds bounds "${balls[@]}" --gap 1 --at2 dend
	table name,low,high gap.g_nS,-1,50 >bounds
	wrong "bounds:2: 'gap.g_nS' is never below 0, and its low bound is -1" \
		"${balls[@]}" --gap 1
	table name,low,high gap.g_uS,0,50 >bounds
	misused "bounds:2: no 'gap.g_uS'; there are: gap.g_nS" \
		--targets targets --bounds bounds "${balls[@]}" --gap 1
	table feature,value,sd tau_ms,5,1 >targets
	misused "bounds:2: 'gap.g_uS' needs --gap" \
		--targets targets --bounds bounds "${balls[@]}"
	# a section may be called so
	sed s/soma/gap/g balls.hoc >gap.hoc
	table name,low,high gap.cm,0.5,50 >bounds
	fit --hoc gap.hoc --template Ball --celsius 20 --v-init -65 \
		--max-evals 1 >found 2>/dev/null
	is "$(value name <found)" gap.cm
	# what a fit has found of it is left out where there is none
	table name,value gap.g_nS,3 soma.cm,2 >params
	is "$(cell-info "${balls[@]:0:8}" --params params 2>&1 >/dev/null)" \
		"cell-info: params: left out, without a synapse or a gap $(:
		)junction: gap.g_nS"
}

# ---- A synapse ----

synapse() { # the ball, and a train of pulses under a clamp
	syn=(--hoc ball.hoc --celsius 20 --v-init -65 --dt 0.1 --settle 2
		--clamp=-65)
	table feature,rate_Hz,recovery_ms,value,sd "$@" >targets
}

# bats test_tags=long
@test "a synapse reaches its targets from 9 seeds of 10" {
	local seed n=0 known=(--syn tau1=0.8 --syn tau2=6 --syn U=0.4
		--syn tau_rec=150 --syn tau_facil=0 --weight 0.002)
	mkdir mod
	cp "$BATS_TEST_DIRNAME/../pipelines/mechanisms/TsodyksMarkram.mod" mod
	synapse {ppr,stp_induction,stp_recovery,rise_20_80,decay_tau,amp},50,50,1,1
	syn+=(--dt 0.2 --mechanisms mod --synapse TsodyksMarkram "${known[@]}")
	table name,low,high syn.e,-1,1 >bounds
	fit "${syn[@]}" --max-evals 1 --compare is >/dev/null 2>&1
	awk -F, 'NR == 1 { print "feature,rate_Hz,recovery_ms,value,sd"; next }
		{ v = $10 < 0 ? -$10 : $10
		print $1 "," $6 "," $7 "," $10 "," v / 20 }' is >targets
	table name,low,high syn.tau2,3,20 syn.U,0.1,0.9 syn.tau_rec,20,1000 \
		syn.weight,1e-4,1e-2 >bounds
	# within a deviation of 5 % each when the mean square is below a sixth
	for seed in 1 2 3 4 5 6 7 8 9 10; do
		fit "${syn[@]}" --set soma.g_pas=3.1e-4 --syn U=0.7 \
			--syn tau_rec=600 --syn tau2=12 --weight 0.0005 \
			--seed $seed --starts 2 --stop-score 0.4 \
			--max-evals 250 --compare reached >found 2>/dev/null
		awk -F, 'NR > 1 && !($11 < 1 && $11 > -1) { exit 1 }' reached &&
			n=$((n + 1))
	done
	[ $n -ge 9 ]
	near "$(value value 2 <found)" 0.4 0.1
}

@test "the rise, the fall and the size of one pulse, and the leak of the cell" {
	synapse rise_20_80_ms,,,0.6,0.03 decay_tau,,,8,0.4 amp,,,-65,3
	echo r_in_MOhm,,,100,5 >>targets
	table name,low,high syn.tau1,0.1,3 syn.tau2,2,30 syn.weight,1e-4,1e-2 \
		soma.g_pas,1e-4,1e-2 >bounds
	fit "${syn[@]}" --dur 60 --synapse Exp2Syn --stop-score 0.5 --starts 2 \
		--history h --compare c >found
	is "$(head -n 1 h | cut -d, -f 7-10)" "rise_20_80_ms@1pulse,$(:
		)decay_tau_ms@1pulse,amp@1pulse,r_in_MOhm@-20pA"
	near "$(value value 4 <found)" "1 / (100e6 * 3.14159265 * 400e-8)" 0.06
	# a conductance of 1 nS at -65 mV from 0
	near "$(value value 3 <found)" 0.001 0.06
	is "$(value tool 1 <c),$(value amp_pA 1 <c),$(value rate_Hz 1 <c)" \
		syn-features,,
	head -n 20 h >part
	fit "${syn[@]}" --dur 60 --synapse Exp2Syn --stop-score 0.5 --starts 2 \
		--history part --resume -j 2 | cmp - found
	cmp h part
	# what comes out is for syn-clamp
	syn-clamp --hoc ball.hoc --celsius 20 --v-init -65 --dt 0.1 --settle 2 \
		--clamp=-65 --synapse Exp2Syn --params found \
		--syn-params found --rate 1 --n 1 2>said |
		syn-features --rate 1 --n 1 --delay 1.3 --summary >summary
	near "$(value amp <summary)" "$(value value 3 <c)" 1e-9
	near "$(value rise_20_80_ms <summary)" "$(value value 1 <c)" 1e-9
	is "$(<said)" "syn-clamp: found: left out, without a synapse or a gap $(:
		)junction: syn.tau1, syn.tau2, syn.weight"
}

@test "one parameter of a synapse by Brent, and options of its runs" {
	local usual more
	synapse amp,,,-65,0.65
	table name,low,high syn.weight,0,1e-2 >bounds
	fit "${syn[@]}" --synapse Exp2Syn --stop-score 1e-3 >found
	near "$(value value <found)" 0.001 0.003
	synapse {latency,rise_20_80,half_width,amp,ppr,stp_induction},20,,1,1
	echo stp_recovery,20,30,1,1 >>targets
	first() {
		fit "${syn[@]}" --synapse Exp2Syn --weight 0.001 --max-evals 1 \
			--compare c -o /dev/null "$@" 2>/dev/null
		cut -d, -f 10 c
	}
	usual=$(first)
	for more in '--syn tau2=9' '--weight 0.01' '--syn-delay 3' '--clamp none' \
		'--rs 50' '--n 9 --clamp none' '--test 5 --clamp none' \
		'--settle 50 --clamp none' '--first 40 --clamp none'; do
		# shellcheck disable=SC2086 # two words
		[ "$(first $more)" != "$usual" ] || fail "$more changes nothing"
	done
	[ "$(first --clamp none --n 9)" != "$(first --clamp none)" ]
	[ "$(first --clamp none --test 5)" != "$(first --clamp none)" ]
	table name,value tau2,9 >params
	is "$(first --syn-params params)" "$(first --syn tau2=9)"
	table name,value syn.tau2,9 >params
	is "$(first --params params)" "$(first --syn tau2=9)"
}

@test "a synapse that is not there, or not as it should be" {
	local exp
	t() { table "$@" >targets; }
	b() { table name,low,high "$1" >bounds; }
	synapse ppr,50,,1,1
	syn=(--hoc ball.hoc --celsius 20 --v-init -65)
	exp=("${syn[@]}" --synapse Exp2Syn --weight 0.001)
	b syn.tau1,0.1,5
	wrong "targets:2: column 'rate_Hz': no run has one without --synapse: '50'" \
		"${syn[@]}"
	t feature,value,sd rise_20_80_ms,1,1
	wrong "targets:2: column 'feature': no run gives it without --synapse: $(:
		)'rise_20_80_ms'" "${syn[@]}"
	t feature,value,sd ppr,1,1
	wrong "targets:2: no column 'rate_Hz', which 'ppr' needs" "${exp[@]}"
	t feature,rate_Hz,value,sd ppr,,1,1
	wrong "targets:2: column 'rate_Hz': 'ppr' needs one: ''" "${exp[@]}"
	t feature,rate_Hz,value,sd stp_recovery,50,1,1
	wrong "targets:2: no column 'recovery_ms', which 'stp_recovery' needs" \
		"${exp[@]}"
	t feature,rate_Hz,recovery_ms,value,sd stp_recovery_single,50,,1,1
	wrong "targets:2: column 'recovery_ms': 'stp_recovery_single' needs one: ''" \
		"${exp[@]}"
	t feature,rate_Hz,value,sd ppr,0,1,1
	wrong "targets:2: column 'rate_Hz': the rate is not above 0 Hz: '0'" \
		"${exp[@]}"
	t feature,rate_Hz,value,sd stp_induction,50,1,1
	wrong "targets:2: column 'feature': not measured of so few pulses: 7, $(:
		)and 0 after a pause (--n, --test): 'stp_induction'" "${exp[@]}" --n 7
	t feature,rate_Hz,recovery_ms,value,sd ppr,50,-5,1,1
	wrong "targets:2: column 'recovery_ms': the recovery is not above 0 ms: $(:
		)'-5'" "${exp[@]}"
	t feature,amp_pA,value,sd ppr,50,1,1
	wrong "targets:2: column 'amp_pA': an amplitude is not for syn-features: $(:
		)'50'" "${exp[@]}"
	t feature,tool,rate_Hz,value,sd rate_Hz,fi-sweep,50,1,1
	wrong "targets:2: column 'rate_Hz': that is for syn-features alone: '50'" \
		"${exp[@]}"
	t feature,value,sd amp,-50,1
	b syn.taux,0.1,5
	misused "bounds:2: no 'syn.taux' in Exp2Syn; there are: syn.tau1, $(:
		)syn.tau2, syn.e, syn.weight, syn.delay" --targets targets \
		--bounds bounds "${exp[@]}"
	b syn.tau1,-0.1,5
	wrong "bounds:2: 'syn.tau1' is never below 0, and its low bound is -0.1" \
		"${exp[@]}"
	b syn.weight,-0.1,5
	wrong "bounds:2: 'syn.weight' is never below 0, and its low bound is -0.1" \
		"${exp[@]}"
	b syn.tau1,0.1,5
	misused "--weight is needed" --targets targets --bounds bounds \
		"${syn[@]}" --synapse Exp2Syn
	misused "--synapse and --cvode exclude each other" --targets targets \
		--bounds bounds "${exp[@]}" --cvode 0.01
	misused "--synapse: 'Exp3Syn' is no point process; there are: ExpSyn, $(:
		)Exp2Syn" --targets targets --bounds bounds "${syn[@]}" \
		--weight 1 --synapse Exp3Syn
	misused "--clamp needs --synapse" --targets targets --bounds bounds \
		"${syn[@]}" --clamp=-70
	t feature,value,sd tau_ms,5,1
	misused "bounds:2: 'syn.tau1' needs --synapse" --targets targets \
		--bounds bounds "${syn[@]}"
}

@test "targets that are not as they should be" {
	local head=feature,amp_pA,value,sd
	t() { table "$@" >targets; }
	t $head
	wrong "targets: no targets in it" "${ball[@]}"
	t $head rate_Hz,10,5,0
	wrong "targets:2: column 'sd': a standard deviation is more than 0: '0'" \
		"${ball[@]}"
	t $head rate_Hz,10,5,-1
	wrong "targets:2: column 'sd': a standard deviation is more than 0: '-1'" \
		"${ball[@]}"
	t $head rate_Hz,10,nan,1
	wrong "targets:2: column 'value': not a finite number: 'nan'" "${ball[@]}"
	t $head rate_Hz,,5,1
	wrong "targets:2: column 'amp_pA': no amplitude: ''" "${ball[@]}"
	t feature,value,sd rate_Hz,5,1
	wrong "targets:2: no column 'amp_pA', which 'rate_Hz' needs" "${ball[@]}"
	t feature,value,sd impedance,5,1
	wrong "targets:2: no column 'frequency_Hz', which 'impedance' needs" \
		"${ball[@]}"
	t $head tau,-10,5,1 rate_Hz,10,5,1 tau_ms,-10,6,2
	wrong "targets:4: column 'feature': the same target as in line 2: 'tau_ms'" \
		"${ball[@]}"
	t $head tau,0,5,1
	wrong "targets:2: column 'amp_pA': nothing is measured of no current: '0'" \
		"${ball[@]}"
	t $head rate,0.00001,5,1
	wrong "targets:2: column 'amp_pA': finer than 0.001 pA: '0.00001'" \
		"${ball[@]}"
	t $head threshold,100,5,1
	wrong "targets:2: column 'feature': several columns are called so, with $(:
		)their units: 'threshold'" "${ball[@]}"
	t $head,spike rate,100,5,1,2
	wrong "targets:2: column 'spike': not for what is not of each spike by $(:
		)itself: '2'" "${ball[@]}"
	t $head,spike peak_mV,100,5,1,0
	wrong "targets:2: column 'spike': not a number of a spike, from 1 on: '0'" \
		"${ball[@]}"
	t $head,frequency_Hz impedance,100,5,1,100
	wrong "targets:2: column 'frequency_Hz': not from 0.5 to 50 Hz: '100'" \
		"${ball[@]}"
	t $head,tool rate,100,5,1,bmtool
	wrong "targets:2: column 'tool': not passive-fit, fi-sweep, $(:
		)spike-features, zap-impedance, syn-features or coupling: $(:
		)'bmtool'" "${ball[@]}"
	t $head nonsense,100,5,1
	run --separate-stderr fit "${ball[@]}"
	is "$status" 2
	[[ $stderr == "cell-fit: targets:2: column 'feature': no such feature: $(:
		)'nonsense'; there are: v_rest_mV, v_final_mV, amp_pA, "*", $(:
		)spikes, rate_Hz, "*", width_ms, "*", impedance_MOhm, "* ]]
	t $head,tool tau_ms,100,5,1,fi-sweep
	misused "targets:2: column 'feature': no such feature of fi-sweep: $(:
		)'tau_ms'; there are: amp_pA, spikes, rate_Hz, first_isi_ms, $(:
		)last_isi_ms, adaptation, latency_ms, block" \
		--targets targets --bounds bounds "${ball[@]}"
	t feature,frequency_Hz,value,sd impedance,10,100,5
	misused "--cvode goes with steps of current only, and $(:
		)'impedance_MOhm@20pA@10Hz' takes a chirp" --targets targets \
		--bounds bounds "${ball[@]}" --cvode 0.001
}

@test "bounds that are not as they should be" {
	local head=name,low,high
	b() { table "$@" >bounds; }
	b $head
	wrong "bounds: no parameters in it" "${ball[@]}"
	b $head soma.g_pas,1,1
	wrong "bounds:2: column 'high': not above the low one: '1'" "${ball[@]}"
	b $head soma.g_pas,inf,1
	wrong "bounds:2: column 'low': not a finite number: 'inf'" "${ball[@]}"
	b $head ,0,1
	wrong "bounds:2: column 'name': no name of a parameter: ''" "${ball[@]}"
	b $head soma.cm:1:2,0,1
	wrong "bounds:2: column 'name': no name of a parameter: 'soma.cm:1:2'" \
		"${ball[@]}"
	b $head dt,0.01,0.1
	wrong "bounds:2: column 'name': not a parameter of a cell: 'dt'" \
		"${ball[@]}"
	b $head nseg@all,1,9
	wrong "bounds:2: column 'name': not a parameter of a cell: 'nseg@all'" \
		"${ball[@]}"
	b $head soma.cm,1,2 soma.cm,1,3
	wrong "bounds:3: column 'name': the same parameter again: 'soma.cm'" \
		"${ball[@]}"
	b $head,scale soma.cm,0,2,log
	wrong "bounds:2: column 'scale': bounds of a log scale are above 0: 'log'" \
		"${ball[@]}"
	b $head,scale soma.cm,0,2,square
	wrong "bounds:2: column 'scale': neither linear nor log: 'square'" \
		"${ball[@]}"
	b $head soma.cm,2,3
	wrong "bounds:2: 'soma.cm' begins at the cell's 1, which is not from 2 $(:
		)to 3" "${ball[@]}"
	b $head,start soma.cm,2,3,4
	wrong "bounds:2: 'soma.cm' begins at its start 4, which is not from 2 $(:
		)to 3" "${ball[@]}"
	b $head soma.gnabar_hh,1,2
	misused "bounds:2: no 'gnabar_hh' in soma; there are: L, Ra, nseg, diam, $(:
		)cm, g_pas, e_pas" --targets targets --bounds bounds "${ball[@]}"
	b $head axon.cm,1,2
	misused "bounds:2: no section 'axon'; there are: soma" \
		--targets targets --bounds bounds "${ball[@]}"
	b $head soma.cm,0.5,2 cm@all,0.5,2
	wrong "bounds:3: 'cm@all' sets all of 'soma.cm', which has to come $(:
		)after it or go" "${ball[@]}"
}

@test "what is needed, and what does not go together" {
	misused "--targets is needed" --bounds bounds "${ball[@]}"
	misused "--bounds is needed" --targets targets "${ball[@]}"
	misused "--resume needs --history" --targets targets --bounds bounds \
		--resume "${ball[@]}"
	misused "--starts needs --search=simplex" --targets targets \
		--bounds bounds --starts 3 --search cmaes "${ball[@]}"
	misused "--dur: less than a step of 0.025 ms: 0" --targets targets \
		--bounds bounds --hoc ball.hoc --celsius 20 --v-init -65 --dur 0
}
