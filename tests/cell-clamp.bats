# The reference is NEURON itself: a plain hoc script of the same protocol, with
# stdrun's run(), has to give the same doubles.
load common.bash
load cells.sh

cell=("--hoc" "$BATS_TEST_DIRNAME/data/cell.hoc" --template Cell)

by_nrniv() { # amp_nA delay dur tstop, v_init, how to make the cell and go there
	nrn "${@:7}" <<-END
	{load_file("stdrun.hoc")}
	$6
	objref stimulus, volts, amps
	stimulus = new IClamp(0.5)
	stimulus.amp = $1
	stimulus.del = $2
	stimulus.dur = $3
	volts = new Vector()
	amps = new Vector()
	{volts.record(&v(0.5))}
	{amps.record(&stimulus.i)}
	v_init = $5
	tstop = $4
	run()
	for i = 0, volts.size() - 1 printf("%.17g,%.17g\n", volts.x[i], amps.x[i])
	END
}

exactly() { # v,i as NEURON prints them, in the form of ours
	awk -F, '{ printf "%.17g,%.17g\n", $1, $2 }'
}

same() { # what NEURON printed, a table
	is "$(wc -l <"$1")" "$(tail -n +2 "$2" | wc -l)"
	cmp <(exactly <"$1") <(tail -n +2 "$2" | cut -d, -f2- | exactly)
}

@test "the same bits as nrniv: a template" {
	by_nrniv 0.3 50 100 160 -65 "{load_file(\"$BATS_TEST_DIRNAME/data/cell.hoc\")}
	objref cell
	cell = new Cell()
	access cell.soma" >plain
	cell-clamp "${cell[@]}" --amp 300 --delay 50 --dur 100 --tstop 160 >ours
	same plain ours
}

@test "the same bits as nrniv: both cells of the demo" {
	lib=$(mechanisms-check "$root/pipelines/cells/modfiles")
	for t in Pyramidal FastSpiking; do
		vinit=$(sed -n "/^begintemplate $t/,/^endtemplate/s/.*Vinit = //p" \
			"$root/pipelines/cells/cells.hoc")
		by_nrniv 0.3 50 100 160 "$vinit" "{nrn_load_dll(\"$lib\")}
		{load_file(\"$root/pipelines/cells/cells.hoc\")}
		objref cell
		cell = new $t()
		access cell.soma" >plain
		cell-clamp "${demo[@]}" --template $t --amp 300 --delay 50 \
			--dur 100 --tstop 160 >ours
		same plain ours
		awk -F, '$2 > 0 { spikes++ } END { exit !spikes }' ours
	done
}

@test "the same bits as nrniv: NEURON's own demo, sections at top level" {
	by_nrniv 1 20 50 80 -65 "{load_file(\"$nrn_demo/pyramid.nrn\")}
	{load_file(\"$nrn_demo/reconst.hoc\")}
	access soma" >plain
	cell-clamp --hoc "$nrn_demo/pyramid.nrn" --hoc "$nrn_demo/reconst.hoc" \
		--amp 1000 --delay 20 --dur 50 --tstop 80 >ours
	same plain ours
	awk -F, '$2 > 0 { spikes++ } END { exit !spikes }' ours
}

@test "the same bits as nrniv: NEURON's demo of mod files" {
	lib=$(mechanisms-check "$nrn_demo/release")
	by_nrniv 0.01 5 10 20 -65 "{nrn_load_dll(\"$lib\")}
	{load_file(\"$nrn_demo/release.hoc\")}
	access terminal" >plain
	cell-clamp --hoc "$nrn_demo/release.hoc" --mechanisms "$nrn_demo/release" \
		--amp 10 --delay 5 --dur 10 --tstop 20 >ours
	same plain ours
}

@test "the current is on for the samples after --delay, up to its end" {
	patch
	cell-clamp --hoc patch.hoc --amp 50 --delay 1 --dur 2 --tstop 4 |
		awk -F, '$3 == 0.05 { if (!n++) print $1; last = $1 }
			END { print last, n, NR - 1, $1 }' >got
	is "$(cat got)" "1.025
3 80 161 4"
}

@test "the defaults are a step of 1 s at 200 ms, and 100 ms more" {
	patch
	cell-clamp --hoc patch.hoc --amp 50 |
		awk -F, '$3 == 0.05 { if (!n++) print $1; last = $1 }
			END { print last, $1 }' >got
	is "$(cat got)" "200.025
1200 1300"
}

@test "times are the numbers they mean" {
	patch
	cell-clamp --hoc patch.hoc --amp 0 --tstop 250 | cut -d, -f1 >samples
	is "$(sed -n '5p;1003p;9997p' samples | xargs)" "0.075 25.025 249.875"
	run ! grep -qE '[0-9]{8}' samples
}

@test "--settle is before time 0" {
	patch
	cell-clamp --hoc patch.hoc --amp 100 --delay 20 --dur 10 --tstop 40 >all
	cell-clamp --hoc patch.hoc --amp 100 --delay 5 --dur 10 --tstop 25 \
		--settle 15 >settled
	cmp <(tail -n +2 settled | cut -d, -f2,3) \
		<(tail -n +602 all | cut -d, -f2,3)
	is "$(sed -n 2p settled | cut -d, -f1)" 0
}

@test "--every writes some of the samples" {
	patch
	cell-clamp --hoc patch.hoc --amp 100 --delay 1 --dur 3 --tstop 5 >all
	cell-clamp --hoc patch.hoc --amp 100 --delay 1 --dur 3 --tstop 5 \
		--every 0.1 >some
	cmp some <(awk 'NR == 1 || (NR - 2) % 4 == 0' all)
	misused "--every: not a multiple of dt, 0.025 ms: 0.03" \
		--hoc patch.hoc --amp 1 --every 0.03
}

@test "several amplitudes are runs of their own, for any -j" {
	cell-clamp "${cell[@]}" --amp 0:300:100 --delay 20 --dur 30 --tstop 60 >all
	is "$(head -n 1 all)" "amp_pA,time_ms,v_mV,i_nA"
	for a in 0 100 200 300; do
		cell-clamp "${cell[@]}" --amp $a --delay 20 --dur 30 --tstop 60 |
			tail -n +2 | sed "s/^/$a,/"
	done | cmp - <(tail -n +2 all)
	for j in 2 4 auto; do
		cell-clamp "${cell[@]}" --amp 0:300:100 --delay 20 --dur 30 \
			--tstop 60 -j $j | cmp - all
	done
}

amps() { # the amplitudes of a range
	cell-clamp --hoc patch.hoc --amp="$1" --delay 0 --tstop 0 | tail -n +2 |
		cut -d, -f1 | xargs
}

@test "a range of amplitudes has both ends" {
	patch
	is "$(amps 0:1:0.1)" "0 0.1 0.2 0.3 0.4 0.5 0.6 0.7 0.8 0.9 1"
	is "$(amps 100:-100:-50)" "100 50 0 -50 -100"
	is "$(amps -0.5,2.25,7)" "-0.5 2.25 7"
	is "$(amps 0:10:4)" "0 4 8"
	misused "--amp: the step does not lead from start to stop: '0:10:-1'" \
		--hoc patch.hoc --amp 0:10:-1
	misused "--amp: not start:stop:step: '0:10'" --hoc patch.hoc --amp 0:10
	misused "--amp: not an amplitude in pA: 'x'" --hoc patch.hoc --amp 1,x
	misused "--amp: finer than 0.001 pA: '0.0001'" --hoc patch.hoc \
		--amp 0.0001
}

@test "--iclamp follows a table, and its own output gives the same run" {
	patch
	cell-clamp --hoc patch.hoc --amp 100 --delay 5 --dur 10 --tstop 20 >step
	cell-clamp --hoc patch.hoc --iclamp step >again
	cmp step again
	printf 'time_ms,i_nA\n1,0\n3,0.2\n4,0.2\n' >ramp
	cell-clamp --hoc patch.hoc --iclamp ramp --tstop 6 --every 0.5 |
		cut -d, -f1,3 | xargs >got
	is "$(cat got)" "time_ms,i_nA 0,0 0.5,0 1,0 1.5,0.05 2,0.1 2.5,0.15000000000000002 3,0.2 3.5,0.2 4,0.2 4.5,0 5,0 5.5,0 6,0"
	printf 'time_ms,i_nA\n1,0\n1,0.2\n' >twice
	bad "twice:3: column 'time_ms': time does not increase: '1'" \
		--hoc patch.hoc --iclamp twice
	printf 'time_ms,i_nA\n' >none
	bad "none: no samples" --hoc patch.hoc --iclamp none
	misused "--cvode goes with steps of current only" --hoc patch.hoc \
		--iclamp ramp --cvode 0.001
}

@test "--spikes has the end of the step in which the threshold is passed" {
	patch
	cell-clamp --hoc patch.hoc --amp 200 --dur 60 --spikes s >trace
	awk -F, 'NR > 2 && last <= -20 && $2 > -20 { print $1 }
		{ last = $2 }' trace | cmp - <(tail -n +2 s)
	is "$(head -n 1 s)" time_ms
	[ "$(wc -l <s)" -gt 3 ]
	cell-clamp --hoc patch.hoc --amp 200 --dur 60 --threshold 10 --spikes h \
		>/dev/null
	run ! cmp -s s h
	cell-clamp --hoc patch.hoc --amp 200 --dur 60 --detect dvdt --spikes d \
		>/dev/null
	run ! cmp -s s d
	cell-clamp --hoc patch.hoc --amp 200 --dur 60 --detect dvdt --filter 2 \
		--spikes f >/dev/null
	run ! cmp -s d f
	cell-clamp --hoc patch.hoc --amp 0,200 --dur 60 --spikes m >/dev/null
	tail -n +2 s | sed 's/^/200,/' | cmp - <(tail -n +2 m)
	is "$(head -n 1 m)" amp_pA,time_ms
}

@test "spikes are where NEURON's own counter has them" {
	patch
	nrn <<-'END' >counted
	{load_file("stdrun.hoc")}
	{load_file("patch.hoc")}
	objref stimulus, counter, times
	stimulus = new IClamp(0.5)
	stimulus.amp = 0.2
	stimulus.del = 20
	stimulus.dur = 60
	times = new Vector()
	counter = new APCount(0.5)
	counter.thresh = -20
	{counter.record(times)}
	tstop = 100
	run()
	for i = 0, times.size() - 1 printf("%g\n", times.x[i])
	END
	cell-clamp --hoc patch.hoc --amp 200 --delay 20 --dur 60 --tstop 100 \
		--spikes s >/dev/null
	is "$(wc -l <counted)" "$(tail -n +2 s | wc -l)"
	paste -d' ' counted <(tail -n +2 s) |
		awk '{ d = $1 - $2; if (d < -0.03 || d > 0.03) exit 1 }'
}

@test "--inject and --record choose sites" {
	cell-clamp "${cell[@]}" --amp 100 --dur 20 --tstop 221 --every 1 \
		--record 'dend[1](1)' --record soma --record 'dend(0.5)' >three
	is "$(head -n 1 three)" \
		"time_ms,v_mV,v_mV.soma(0.5),v_mV.dend[0](0.5),i_nA"
	cell-clamp "${cell[@]}" --amp 100 --dur 20 --tstop 221 --every 1 >soma
	cmp <(cut -d, -f3 three | tail -n +2) <(cut -d, -f2 soma | tail -n +2)
	awk -F, '$1 == 219 { exit !($2 < $4 && $4 < $3) }' three
	cell-clamp "${cell[@]}" --amp 100 --dur 20 --tstop 221 --every 1 \
		--inject 'dend[1](1)' --record 'dend[1](1)' >far
	awk -F, '$1 == 219 { exit !($2 > -50) }' far
	misused "--record: no section 'dend[2]'; there are: soma, dend[0], dend[1]" \
		"${cell[@]}" --amp 1 --record 'dend[2](0.5)'
	misused "--inject: not from 0 to 1: 'soma(1.5)'" "${cell[@]}" --amp 1 \
		--inject 'soma(1.5)'
	misused "--inject: not 'section(x)': 'soma(1'" "${cell[@]}" --amp 1 \
		--inject 'soma(1'
}

@test "without a soma, the root stands for it, and that is said" {
	printf 'celsius = 20\nv_init = -64\ncreate a, b\nconnect b(0), a(1)\nforall insert pas\n' >ab.hoc
	run --separate-stderr cell-clamp --hoc ab.hoc --amp 1 --delay 0 --tstop 1
	is "$stderr" "cell-clamp: no soma: the root section, a, is taken for it"
	[ "$status" -eq 0 ]
}

@test "--cvode is near the fixed step, and the same in a split run" {
	patch
	cell-clamp --hoc patch.hoc --amp 20 --delay 5 --dur 20 --tstop 30 \
		--dt 0.001 --every 0.1 >fine
	cell-clamp --hoc patch.hoc --amp 20 --delay 5 --dur 20 --tstop 30 \
		--cvode 1e-4 --every 0.1 >cvode
	is "$(wc -l <cvode)" "$(wc -l <fine)"
	run ! cmp -s fine cvode
	paste -d, fine cvode | awk -F, 'NR > 1 {
		d = $2 - $5; if (d < -0.3 || d > 0.3) exit 1 }'
	cell-clamp --hoc patch.hoc --amp 10,20 --delay 5 --dur 20 --tstop 30 \
		--cvode 1e-4 --every 0.1 | sed -n 's/^20,//p' |
		cmp - <(tail -n +2 cvode)
	misused "--cvode: must be in (0,1): '-1'" --hoc patch.hoc \
		--amp 1 --cvode -1
}

@test "a run that diverges says where, and leaves no output" {
	patch 'soma gl_hh = 1e308*10'
	run --separate-stderr cell-clamp --hoc patch.hoc --amp 100 --delay 1 -o out
	[[ ${stderr_lines[-1]} == "cell-clamp: the voltage at soma(0.5) is not a number from "*" ms on: the run diverges" ]]
	[ "$status" -eq 1 ] && [ ! -e out ]
	run --separate-stderr cell-clamp --hoc patch.hoc --amp 1,2,3 --delay 0 -j 2
	[ "$status" -eq 1 ]
}

worker() { # of a process: in "worker", once there is one
	pgrep -P "$1" | head -n 1 >worker
	[ -s worker ]
}

workless() { ! pgrep -f "^cell-clamp .* -o $PWD/out" >/dev/null; }

@test "a worker that is killed ends the run" {
	patch
	cell-clamp --hoc patch.hoc --amp 0:100:1 --tstop 200000 -j 2 \
		-o "$PWD/out" 2>err 3>&- &
	await worker $!
	kill -KILL "$(cat worker)"
	ended $!
	is "$status" 1
	is "$(cat err)" "cell-clamp: a worker was stopped by signal 9 (Killed)"
	[ ! -e out ]
	await workless # the others are killed, too
}

@test "what is wrong with the protocol" {
	misused "--amp or --iclamp is needed" --hoc x
	misused "--amp and --iclamp exclude each other" --hoc x --amp 1 --iclamp f
	misused "--iclamp and --dur exclude each other" --hoc x --iclamp f --dur 1
	misused "--spikes: that is where the output goes" --hoc x \
		--amp 1 --spikes -
	misused "--threshold needs --spikes" \
		--hoc x --amp 1 --threshold -10
	patch
	misused "--dur: less than a step of 0.025 ms: 0" --hoc patch.hoc --amp 1 \
		--dur 0
	printf 'time_ms,i_nA\n-2,0\n-1,1\n' >early
	bad "early: ends before time 0" --hoc patch.hoc --iclamp early
	misused "--delay: must be in [0,inf): '-1'" --hoc patch.hoc --amp 1 --delay -1
	misused "--tstop: before the step, which begins at 200 ms: 100" --hoc patch.hoc --amp 1 --tstop 100
	misused "--jobs: must be auto or in [1,1024]: '0'" --hoc patch.hoc \
		--amp 1 -j 0
	misused "--settle: must be in [0,inf): '-5'" --hoc patch.hoc --amp 1 --settle -5
}

@test "how far it is: each second on a terminal, and whenever SIGUSR1 asks" {
	local run=(--hoc patch.hoc --amp 1 --settle 9e7)
	patch
	cell-clamp "${run[@]}" -o out 2>err 3>&- &
	answers $! err '^cell-clamp: [1-9][0-9]* of 90000000 ms \(0 %\)$'
	run ! catches $! 14 # no terminal, no alarm
	stop $!
	is "$status" 143
	# before it counts, it has read 0 rows
	run ! grep -vE '^cell-clamp: (0 rows|[0-9]+ (of 90000000 )?ms)' err
	[ ! -e out ]
	watch log 'cell-clamp: [1-9][0-9]* of 90000000 ms' cell-clamp "${run[@]}"
}

@test "how far it is counts amplitudes where there are several" {
	patch
	cell-clamp --hoc patch.hoc --amp 0:999:0.01 --delay 0 --tstop 10 -j 2 -o out \
		2>err 3>&- &
	answers $! err '^cell-clamp: [1-9][0-9]* of 99901 amplitudes \([0-9]+ %\)$'
	stop $!
	run ! grep -vE '^cell-clamp: (0 rows|[0-9]+ (of [0-9]+ )?(ms|amplitudes)( \([0-9]+ %\))?)$' err
}

@test "nothing but the table is on the standard output" {
	patch 'print "hello"
	printf("%g\n", 42)'
	cell-clamp --hoc patch.hoc --amp 0 --delay 0 --tstop 0 >out
	is "$(cat out)" "time_ms,v_mV,i_nA
0,-64,0"
	run --separate-stderr cell-clamp --hoc patch.hoc --amp 0 --delay 0 --tstop 0 -v
	[[ $stderr == *hello* && $stderr == *42* ]]
}

@test "valgrind, or else the sanitizers, have nothing to say of a run" {
	local checker=(valgrind -q --error-exitcode=9)
	patch
	[ "$BUILD" != build/san ] || checker=() # they exclude each other
	"${checker[@]}" cell-clamp --hoc patch.hoc --amp 100 --delay 1 --dur 2 \
		--tstop 5 --spikes s -o out 2>err
	is "$(cat err)" ""
}

@test "it links neither NEURON nor MPI" {
	run ldd "$(command -v cell-clamp)"
	[[ $output != *libnrniv* && $output != *libmpi* ]]
}
