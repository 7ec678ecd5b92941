# Counts are held against NEURON's own, of a hoc script that nrniv runs, and rows
# against what awk makes of the spikes of cell-clamp.
load common.bash

small=(--hoc "$BATS_TEST_DIRNAME/data/cell.hoc" --template Cell)
cells=$BATS_TEST_DIRNAME/../pipelines/cells
pyramidal=(--hoc "$cells/cells.hoc" --template Pyramidal
	--mechanisms "$cells/modfiles")
fast=(--hoc "$cells/cells.hoc" --template FastSpiking
	--mechanisms "$cells/modfiles")

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	export XDG_CACHE_HOME=$BATS_FILE_TMPDIR/cache
	cat >hh.hoc <<-'END'
	create soma, dend
	connect dend(0), soma(1)
	soma { L = 20  diam = 20  insert hh }
	dend { L = 100  diam = 2  nseg = 3  insert pas  e_pas = -65 }
	END
	hh=(--hoc hh.hoc --celsius 16 --v-init -65)
}

less() { awk "BEGIN { exit !($1 < $2) }"; }

column() { # its number, arguments
	fi-sweep "${@:2}" | tail -n +2 | cut -d, -f "$1" | xargs
}

# What a script of one's own counts: hoc files, the cell's name with a dot, the
# time before the step and its length, then the amplitudes in pA.  It fires
# nowhere but in the step.
counted() {
	local files=() sweep
	while [ -e "$1" ] || [ "$1" = -dll ]; do
		files+=("$1")
		shift
		[ "${files[-1]}" = -dll ] && { files+=("$1"); shift; }
	done
	cat >counted.hoc <<-END
	{load_file("stdrun.hoc")}
	objref clamp, count
	$1soma clamp = new IClamp(0.5)
	$1soma count = new APCount(0.5)
	count.thresh = -20
	clamp.del = $2
	clamp.dur = $3
	proc sweep() {
		clamp.amp = \$1 / 1000
		stdinit()
		continuerun($2 + $3)
		printf("%d\\n", count.n)
	}
	END
	for sweep in "${@:4}"; do echo "sweep($sweep)"; done >>counted.hoc
	nrniv -nobanner -nogui -nopython "${files[@]}" counted.hoc \
		</dev/null | xargs
}

# The rows that follow from the spikes of one cell-clamp for each amplitude: the
# time before the step and its length, the amplitudes, arguments.
rows() {
	local amp before=$1 dur=$2 amps=$3
	shift 3
	echo amp_pA,spikes,rate_Hz,first_isi_ms,last_isi_ms,adaptation,latency_ms
	for amp in $amps; do
		cell-clamp "$@" --amp "$amp" --delay "$before" --dur "$dur" \
			--tstop $((before + dur)) -o /dev/null --spikes spikes ||
			return
		awk -v amp="$amp" -v from="$before" -v dur="$dur" '
		NR > 1 && $1 >= from { t[n++] = $1 }
		END {
			for (i = 1; i < n; i++)
				isi[i] = t[i] - t[i - 1]
			for (i = 2; i < n; i++)
				sum += (isi[i] - isi[i - 1]) / (isi[i] + isi[i - 1])
			two = n > 1
			three = n > 2
			printf "%g,%d,%.9g,%s,%s,%s,%s\n", amp, n,
				n / (dur / 1000),
				two ? sprintf("%.6f", isi[1]) : "",
				two ? sprintf("%.6f", isi[n - 1]) : "",
				three ? sprintf("%.9f", sum / (n - 2) + 1e-12) : "",
				n ? sprintf("%.6f", t[0] - from) : ""
		}' spikes
	done
}

rounded() { # to so many digits as rows() has, without the last column
	awk -F, 'NR == 1 { sub(/,block$/, ""); print; next }
		# 1e-12, so that nothing is -0
		function r(v, f) { return v == "" ? "" : sprintf(f, v + 1e-12) }
		{ printf "%g,%d,%.9g,%s,%s,%s,%s\n", $1, $2, $3, r($4, "%.6f"),
			r($5, "%.6f"), r($6, "%.9f"), r($7, "%.6f") }'
}

@test "counts are those of a hoc script" {
	echo celsius = 16 >c.hoc
	is "$(column 2 "${hh[@]}" --amps 0:600:100 --delay 50 --dur 100)" \
		"$(counted hh.hoc c.hoc '' 50 100 0 100 200 300 400 500 600)"
	cat >make.hoc <<-'END'
	objref cell
	cell = new Cell()
	END
	is "$(column 2 "${small[@]}" --amps 0:600:200 --delay 50 --dur 100)" \
		"$(counted "$BATS_TEST_DIRNAME/data/cell.hoc" make.hoc cell. \
			50 100 0 200 400 600)"
}

@test "counts are those of a hoc script for the cells of the demo" {
	local template
	fi-sweep "${pyramidal[@]}" --amps 0 --delay 0 --dur 1 >/dev/null
	for template in Pyramidal FastSpiking; do
		cat >make.hoc <<-END
		objref cell
		cell = new $template()
		v_init = cell.Vinit
		END
		is "$(column 2 --hoc "$cells/cells.hoc" --template $template \
			--mechanisms "$cells/modfiles" --amps 0,300,600 \
			--delay 100 --dur 200)" "$(counted -dll \
			"$XDG_CACHE_HOME"/bmutils/mechanisms/*/mechanisms.so \
			"$cells/cells.hoc" make.hoc cell. 100 200 0 300 600)"
	done
	[ "$(column 2 "${pyramidal[@]}" --amps 300 --dur 200)" -gt 3 ]
}

@test "counts are those of a hoc script for NEURON's demo, without a template" {
	local demo=/usr/share/nrn/demo/pyramid.nrn
	[ -e $demo ] || skip "no $demo"
	cat >more.hoc <<-'END'
	forall { insert pas  e_pas = -65  g_pas = 5e-5 }
	soma insert hh
	END
	echo celsius = 12 >c.hoc
	is "$(column 2 --hoc $demo --hoc more.hoc --celsius 12 --v-init -65 \
		--amps 0,4000,8000 --delay 20 --dur 60)" \
		"$(counted $demo more.hoc c.hoc '' 20 60 0 4000 8000)"
}

@test "rows are those of one cell-clamp for each amplitude" {
	is "$(fi-sweep "${small[@]}" --amps 0:600:120 --delay 100 --dur 100 |
		rounded)" "$(rows 100 100 "0 120 240 360 480 600" "${small[@]}")"
	is "$(fi-sweep "${pyramidal[@]}" --amps 0,200,700 --delay 60 --dur 150 |
		rounded)" "$(rows 60 150 "0 200 700" "${pyramidal[@]}")"
	is "$(fi-sweep "${fast[@]}" --amps 100,500 --delay 60 --dur 150 \
		--settle 20 | rounded)" \
		"$(rows 60 150 "100 500" "${fast[@]}" --settle 20)"
	is "$(fi-sweep "${pyramidal[@]}" --amps 200,700 --delay 60 --dur 150 \
		--cvode 1e-3 --dt 0.1 | rounded)" \
		"$(rows 60 150 "200 700" "${pyramidal[@]}" --cvode 1e-3 --dt 0.1)"
}

@test "--detect dvdt: rows are those of spike-features" {
	cell-clamp "${pyramidal[@]}" --amp 0:600:200 --delay 50 --dur 200 |
		spike-features --summary --detect dvdt --amp 1 --delay 50 --dur 200 \
			>features
	fi-sweep "${pyramidal[@]}" --amps 0:600:200 --delay 50 --dur 200 \
		--detect dvdt >sweep
	is "$(rounded <sweep)" "$(awk -F, -v OFS=, '
		NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i
			print "amp_pA,spikes,rate_Hz,first_isi_ms,last_isi_ms," \
				"adaptation,latency_ms,block"; next }
		{ print $1, $at["spikes"], $at["rate_Hz"], $at["first_isi_ms"],
			$at["last_isi_ms"], $at["adaptation"], $at["latency_ms"],
			$at["block"] }' features | rounded)"
	# spikes begin before they pass -20 mV
	fi-sweep "${pyramidal[@]}" --amps 0:600:200 --delay 50 --dur 200 >other
	less "$(tail -n 1 sweep | cut -d, -f 7)" "$(tail -n 1 other | cut -d, -f 7)"
}

@test "the same for any --jobs, and for all parts together" {
	local few=("${small[@]}" --amps 100:700:100 --delay 30 --dur 60) n i
	fi-sweep "${few[@]}" >whole
	is "$(wc -l <whole)" 8
	for i in 2 4 auto; do
		fi-sweep "${few[@]}" -j $i | cmp - whole
		fi-sweep "${few[@]}" --cvode 1e-3 --dt 0.1 -j $i |
			cmp - <(fi-sweep "${few[@]}" --cvode 1e-3 --dt 0.1)
	done
	for n in 1 2 3 9; do
		head -n 1 whole >parts
		for ((i = 0; i < n; i++)); do
			fi-sweep "${few[@]}" --shard $i/$n >part
			is "$(head -n 1 part)" "$(head -n 1 whole)"
			[ $n -eq 1 ] || [ "$(wc -l <part)" -lt 8 ]
			tail -n +2 part >>parts
		done
		cmp parts whole
	done
}

@test "--amps: both ends, no rounding, in the order given" {
	local short=("${hh[@]}" --delay 1 --dur 1)
	is "$(column 1 "${short[@]}" --amps 0:1:0.1)" \
		"0 0.1 0.2 0.3 0.4 0.5 0.6 0.7 0.8 0.9 1"
	is "$(column 1 "${short[@]}" --amps 10:-10:-10)" "10 0 -10"
	is "$(column 1 "${short[@]}" --amps 300,0.001,-5)" "300 0.001 -5"
	is "$(column 1 "${short[@]}" --amps 7:7:1)" 7
	is "$(column 1 "${short[@]}")" "$(seq -s ' ' 0 50 1000)"
}

@test "--delay and --dur" {
	local p=("${hh[@]}" --amps 300)
	# a spike every 6 ms or so
	is "$(column 2,3 "${p[@]}" --delay 30 --dur 4)" 1,250
	is "$(column 3 "${p[@]}" --dur 0.025)" 0
	[ "$(column 2 "${p[@]}" --delay 30 --dur 60)" -gt 5 ]
	is "$(fi-sweep "${p[@]}")" "$(fi-sweep "${p[@]}" --delay 200 --dur 1000)"
	# from -40 mV on, it has to come to rest first
	p=(--hoc hh.hoc --celsius 16 --v-init -40 --amps '100,300' --dur 40)
	[ "$(fi-sweep "${p[@]}" --delay 1)" != "$(fi-sweep "${p[@]}" --delay 90)" ]
	is "$(fi-sweep "${p[@]}" --delay 60 --settle 30)" \
		"$(fi-sweep "${p[@]}" --delay 90)"
}

@test "spikes before the step are none of it, nor is one that is under way" {
	cat >own.hoc <<-'END'
	objref own
	soma own = new IClamp(0.5)
	own.del = 10
	own.dur = 1
	own.amp = 1
	END
	cell-clamp "${hh[@]}" --hoc own.hoc --amp 0 --delay 50 --dur 10 \
		--spikes spikes -o v
	is "$(wc -l <spikes)" 2
	is "$(column 2 "${hh[@]}" --hoc own.hoc --amps 0 --delay 50 --dur 10)" 0
	is "$(column 2 "${hh[@]}" --hoc own.hoc --amps 0 --delay 5 --dur 10)" 1
	# at its peak
	is "$(column 2 "${hh[@]}" --hoc own.hoc --amps 0 --dur 10 --delay \
		"$(sort -t, -k 2g v | tail -n 1 | cut -d, -f 1)")" 0
}

@test "a column without a value is empty, whatever the rows" {
	is "$(fi-sweep "${hh[@]}" --amps 0,120,160 --delay 20 --dur 8 |
		cut -d, -f 1-6,8)" "$(printf '%s\n' \
		amp_pA,spikes,rate_Hz,first_isi_ms,last_isi_ms,adaptation,block \
		0,0,0,,,,0 120,1,125,,,,0 160,1,125,,,,0)"
}

@test "block: a voltage that stays up" {
	# Hodgkin and Huxley's membrane comes to rest far above it
	is "$(column 2,8 "${hh[@]}" --amps 0,300,3000 --dur 200)" \
		"0,0 $(column 2 "${hh[@]}" --amps 300 --dur 200),0 1,1"
	is "$(column 8 "${hh[@]}" --amps 3000 --dur 45)" 0
	# without a spike: a passive membrane, above -20 mV or not
	is "$(column 2,8 "${hh[@]}" --set soma.gnabar_hh=0 --set \
		soma.gkbar_hh=0 --amps 0,10000 --dur 200)" "0,0 1,1"
}

# The least amplitude with a spike, by bisection in hoc: what is between low and
# high in pA, to a precision.
bisected() {
	cat >bisect.hoc <<-END
	{load_file("stdrun.hoc")}
	celsius = 16
	objref clamp, count
	soma clamp = new IClamp(0.5)
	soma count = new APCount(0.5)
	count.thresh = -20
	clamp.del = 50
	clamp.dur = 100
	proc bisect() { local low, high
		low = \$1
		high = \$2
		while (high - low > \$3) {
			clamp.amp = (low + high) / 2000
			stdinit()
			continuerun(150)
			if (count.n > 0) {
				high = (low + high) / 2
			} else {
				low = (low + high) / 2
			}
		}
		printf("%g\\n", high)
	}
	bisect($1, $2, $3)
	END
	nrniv -nobanner -nogui -nopython hh.hoc bisect.hoc </dev/null
}

@test "--rheobase is what bisection in hoc finds" {
	local p=("${hh[@]}" --amps 0:384:128 --delay 50 --dur 100) j
	fi-sweep "${p[@]}" >sweep
	for j in 1 3; do
		fi-sweep "${p[@]}" --rheobase 0.5 -j $j >found
		is "$(awk -F, 'NR > 1 && $2 > 0 { print $1; exit }' found)" \
			"$(bisected 0 128 0.5)"
	done
	# in order, with the rows that there are without it
	sort -t, -k 1,1g -c <(tail -n +2 found)
	is "$(grep -cxFf sweep found)" "$(wc -l <sweep)"
	is "$(wc -l <found)" $((5 + 8))
	# as closely as is asked for
	awk -F, 'NR > 1 && $2 > 0 { exit $1 - low > 0.5 || $1 - low <= 0.25 }
		{ low = $1 }' found
	is "$(fi-sweep "${p[@]}" --rheobase 200)" "$(<sweep)"
	is "$(fi-sweep "${p[@]}" --rheobase 64 | wc -l)" 6
	# amplitudes as they come
	is "$(fi-sweep "${p[@]}" --amps 384,0,256,128 --rheobase 0.5)" "$(<found)"
	fi-sweep "${p[@]}" --amps 116,117 --rheobase 0.001 >found
	awk -F, 'NR > 1 && $2 > 0 { exit !($1 - low < 0.0011) }
		{ low = $1 }' found
}

@test "--rheobase that is not there" {
	local p=("${hh[@]}" --delay 10 --dur 20)
	run --separate-stderr fi-sweep "${p[@]}" --amps 300,500 --rheobase 1
	is "$stderr" "fi-sweep: --rheobase: spikes at the lowest amplitude already, 300 pA"
	is "$status" 1
	is "$output" "$(fi-sweep "${p[@]}" --amps 300,500)"
	run --separate-stderr fi-sweep "${p[@]}" --amps=-10,0 --rheobase 1 -o o
	is "$stderr" "fi-sweep: --rheobase: no spikes up to 0 pA"
	is "$status" 1
	is "$(<o)" "$(fi-sweep "${p[@]}" --amps=-10,0)"
	misused "--rheobase and --shard exclude each other" "${p[@]}" \
		--rheobase 1 --shard 0/2
	misused "--rheobase: must be in [0.001,1e9]: '0'" "${p[@]}" --rheobase 0
	misused "--rheobase: must be in [0.001,1e9]: '-1'" "${p[@]}" --rheobase=-1
	misused "--rheobase: not a number: 'x'" "${p[@]}" --rheobase x
}

@test "-v: rheobase, greatest rate and gain" {
	local p=("${hh[@]}" --delay 20 --dur 100 --amps)
	said() { fi-sweep "$@" -v 2>&1 >table | tail -n 2 | cut -d ' ' -f 2-; }
	fi-sweep "${p[@]}" 0:400:100 >whole
	is "$(said "${p[@]}" 0:400:100)" "$(awk -F, 'NR == 1 { next }
		$2 > 0 && r == "" { r = $1; rate = $3; below = low }
		$3 > max { max = $3; at = $1 }
		{ low = $1 }
		END { printf "rheobase %g pA, no spikes at %g pA\n", r, below
			printf "greatest rate %g Hz at %g pA, gain from %g pA on " \
				"%g Hz/pA\n", max, at, r, (max - rate) / (at - r)
		}' whole)"
	is "$(said "${p[@]}" 400,0,300,100,200)" "$(said "${p[@]}" 0:400:100)"
	is "$(cut -d, -f 1 table | xargs)" "amp_pA 0 100 200 300 400"
	is "$(said "${p[@]}" 300)" "spikes at the lowest amplitude already, 300 pA
greatest rate $(column 3 "${p[@]}" 300) Hz at 300 pA"
	is "$(said "${p[@]}" 0,10 | tail -n 1)" "no spikes up to 10 pA"
	run ! grep -q rheobase <(said "${p[@]}" 0:400:100 --shard 0/1)
	run --separate-stderr fi-sweep "${p[@]}" 0
	is "$stderr" ""
}

@test "where the current goes in and the voltage is recorded" {
	local p=("${small[@]}" --amps 450 --delay 20 --dur 100)
	[ "$(column 2 "${p[@]}")" -gt 10 ]
	# far from the soma, much of the current is lost
	[ "$(column 2 "${p[@]}" --inject 'dend[1](1)')" -lt "$(column 2 "${p[@]}")" ]
	# spikes of the soma do not go up to -20 mV at the end of a passive dendrite
	is "$(column 2 "${p[@]}" --record 'dend[1](1)')" 0
	# the first site counts
	is "$(fi-sweep "${p[@]}" --record soma --record 'dend[1](1)')" \
		"$(fi-sweep "${p[@]}")"
}

@test "what a spike is" {
	local p=("${hh[@]}" --amps 300 --delay 20 --dur 100) n
	n=$(column 2 "${p[@]}")
	is "$(column 2 "${p[@]}" --threshold 60)" 0
	is "$(column 2 "${p[@]}" --threshold=-25)" "$n"
	# it begins later further up
	less "$(column 7 "${p[@]}" --threshold=-40)" \
		"$(column 7 "${p[@]}" --threshold=-10)"
	# smoothed below 100 Hz, no slope is steep
	[ "$(column 2 "${p[@]}" --detect dvdt)" -gt 5 ]
	is "$(column 2 "${p[@]}" --detect dvdt --filter 0.1)" 0
	misused "--detect: must be threshold|dvdt: 'peak'" "${p[@]}" --detect peak
	misused "--threshold needs --detect=threshold" "${p[@]}" --detect dvdt \
		--threshold 0
}

@test "options of the model" {
	local p=(--amps 300 --delay 20 --dur 100) base
	base=$(column 2 "${hh[@]}" "${p[@]}")
	[ "$(column 2 "${hh[@]}" "${p[@]}" --celsius 6.3)" -lt "$base" ]
	[ "$(column 7 "${hh[@]}" "${p[@]}" --delay 0)" != \
		"$(column 7 "${hh[@]}" "${p[@]}" --delay 0 --v-init -60)" ]
	[ "$(column 7 "${hh[@]}" "${p[@]}" --dt 0.001)" != \
		"$(column 7 "${hh[@]}" "${p[@]}")" ]
	is "$(column 2 "${hh[@]}" "${p[@]}" --set soma.gnabar_hh=0)" 0
	printf '%s\n' name,value soma.gnabar_hh,0 >zero.csv
	is "$(column 2 "${hh[@]}" "${p[@]}" --params zero.csv)" 0
	[ "$(column 7 "${hh[@]}" "${p[@]}" --nseg-rule dlambda --set dend.diam=1)" \
		!= "$(column 7 "${hh[@]}" "${p[@]}" --set dend.diam=1 --set dend.nseg=1)" ]
	[ "$(column 2 "${small[@]}" "${p[@]}" --call 'leak(0.01)')" -lt \
		"$(column 2 "${small[@]}" "${p[@]}")" ]
	[ "$(column 7 "${pyramidal[@]}" "${p[@]}" --cvode 0.01)" != \
		"$(column 7 "${pyramidal[@]}" "${p[@]}")" ]
}

@test "-o and -t" {
	local p=("${hh[@]}" --amps '0,300' --delay 10 --dur 20)
	fi-sweep "${p[@]}" -o o -j 2
	is "$(<o)" "$(fi-sweep "${p[@]}")"
	is "$(fi-sweep "${p[@]}" -t)" "$(tr , '\t' <o)"
}

@test "called wrongly" {
	misused "--hoc or --swc or --config is needed"
	misused "--amps: not an amplitude in pA: 'x'" "${hh[@]}" --amps 0:x:1
	misused "--amps: not start:stop:step: '0:1'" "${hh[@]}" --amps 0:1
	misused "--amps: not an amplitude in pA: ''" "${hh[@]}" --amps ''
	misused "--amps: the step does not lead from start to stop: '0:100:-1'" \
		"${hh[@]}" --amps 0:100:-1
	misused "--amps: the step does not lead from start to stop: '0:100:0'" \
		"${hh[@]}" --amps 0:100:0
	misused "--amps: finer than 0.001 pA: '0.0001'" "${hh[@]}" --amps 0.0001
	misused "--amps: more than 100000 amplitudes: '0:1000:0.001'" "${hh[@]}" \
		--amps 0:1000:0.001
	misused "--shard: must be I/N, I in [0,N): '2/2'" "${hh[@]}" \
		--shard 2/2
	misused "--jobs: must be auto or in [1,1024]: '0'" "${hh[@]}" -j 0
	misused "--delay: must be in [0,inf): '-1'" "${hh[@]}" --delay=-1
	misused "--dur: must be in [0,inf): '-1'" "${hh[@]}" --dur=-1
	misused "--dur: less than a step of 0.025 ms: 0.01" "${hh[@]}" --dur 0.01
	misused "--settle: must be in [0,inf): '-1'" "${hh[@]}" --settle=-1
	run fi-sweep "${hh[@]}" operand
	is "$status" 2
}

@test "models that are not there or do not work" {
	bad "no.hoc: No such file or directory" --hoc no.hoc
	echo 'create soma soma {' >broken.hoc
	run --separate-stderr fi-sweep --hoc broken.hoc
	is "$status" 1
	is "${#stderr_lines[@]}" 1
	[[ $stderr == "fi-sweep: "*broken.hoc* ]] && [ -z "$output" ]
	misused "no template 'None'; there are: Cell" --hoc \
		"$BATS_TEST_DIRNAME/data/cell.hoc" --template None
}

@test "a run that diverges: one line, whatever --jobs, and no table" {
	local j
	# a leak that drives: it is at its equilibrium as long as there is no current
	echo 'create soma
		soma { insert pas  g_pas = -0.002  e_pas = -65 }' >drive.hoc
	mkdir out
	for j in 1 2 4; do
		run --separate-stderr fi-sweep --hoc drive.hoc --celsius 20 \
			--v-init -65 --amps 100:400:100 --delay 0 -j $j -o out/o
		is "$status" 1
		is "${#stderr_lines[@]}" 1
		echo "$stderr" >>said
		is "$(ls -A out)" ""
	done
	grep -cE '^fi-sweep: the voltage at soma\(0.5\) is not a number from [0-9.]+ ms on: the run diverges' \
		said | grep -qx 3
	is "$(sort -u said | wc -l)" 1
	run --separate-stderr fi-sweep --hoc drive.hoc --celsius 20 --v-init -65 \
		--amps 100:400:100 --delay 0
	is "$output" ""
}

children_are() { # how many, of which process: in "children"
	pgrep -P "$2" >children
	[ "$(wc -l <children)" -eq "$1" ]
}

@test "a tool that is stopped leaves no children" {
	local signal child
	for signal in TERM KILL INT HUP; do
		env --default-signal=HUP fi-sweep "${hh[@]}" --delay 0 \
			--dur 1e6 -j 3 -o o 2>err 3>&- & # nohup ignores it
		await children_are 3 $!
		# A job's limit of time tells all of its processes, in any order.
		[ $signal != TERM ] || xargs kill <children
		if [ $signal = INT ]; then
			# What runs in the background ignores SIGINT: it still
			# answers once it is through that.
			kill -INT $!
			answers $! err '^fi-sweep: 0 of [0-9]+ amplitudes'
			stop $!
		else
			stop $! $signal
		fi
		[ "$status" -gt 128 ]
		while read -r child; do
			await gone "$child"
		done <children
		[ ! -e o ]
	done
}

@test "it does not matter what was ignored" {
	is "$(perl -e '$SIG{CHLD} = "IGNORE"; exec @ARGV' fi-sweep "${hh[@]}" \
		--amps 0,300 --delay 10 --dur 20 -j 2)" \
		"$(fi-sweep "${hh[@]}" --amps 0,300 --delay 10 --dur 20)"
}

@test "how far it is: each second on a terminal, and whenever SIGUSR1 asks" {
	local amps=0:1000:0.1
	fi-sweep "${hh[@]}" --delay 0 --amps 1 --settle 9e7 -o o 2>err 3>&- &
	answers $! err '^fi-sweep: [1-9][0-9]* of 90000000 ms \(0 %\)$'
	stop $!
	fi-sweep "${hh[@]}" --delay 0 --amps $amps --dur 5 -o o 2>err 3>&- &
	answers $! err '^fi-sweep: [1-9][0-9]* of 10001 amplitudes \([0-9]+ %\)$'
	run ! catches $! 14 # no terminal, no alarm
	stop $!
	watch log 'fi-sweep: [1-9][0-9]* of 10001 amplitudes' \
		fi-sweep "${hh[@]}" --delay 0 --amps $amps --dur 5
	run ! grep -q fi-sweep log.out
}
