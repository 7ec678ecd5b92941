# The reference is the formula of the chirp.
load common.bash
load cells.sh

cell=(--hoc "$data/cell.hoc" --template Cell)
patch=(--hoc patch.hoc --celsius 20)

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	passive
}

chirp() { # how it grows, amp, low, high, delay, dur; our lines that it is not
	awk -F, -v way="$1" -v amp="$2" -v f0="$3" -v f1="$4" -v delay="$5" \
		-v dur="$6" 'NR > 1 {
		s = ($1 - delay) / 1000
		S = dur / 1000
		pi = atan2(0, -1)
		L = log(f1 / (f0 ? f0 : 1)) / S
		want = s <= 0 || s > S ? 0 : amp / 1000 * (way == "linear" \
			? sin(pi * (2 * f0 + (f1 - f0) * s / S) * s) \
			: sin(2 * pi * (f0 / L) * (exp(L * s) - 1)))
		if ($NF - want > 1e-12 || want - $NF > 1e-12)
			print $0, want
	}'
}

@test "the current is the formula at the time of the sample" {
	cell-zap "${patch[@]}" --amp 50 --band 3:90 --delay 20 --dur 400 >a
	is "$(chirp exponential 50 3 90 20 400 <a)" ""
	is "$(wc -l <a)" 20802
	cell-zap "${patch[@]}" --linear --band 3:90 --delay 20 --dur 400 >b
	is "$(chirp linear 20 3 90 20 400 <b)" ""
	cell-zap "${patch[@]}" --amp -20 --delay 10 --dur 100.01 >c
	is "$(chirp exponential -20 0.5 50 10 100 <c)" ""
}

@test "defaults: 20 pA, 0.5 to 50 Hz or 0 to 15 Hz, 1 s before 15 s" {
	cell-zap "${patch[@]}" --dt 0.25 >a
	is "$(chirp exponential 20 0.5 50 1000 15000 <a)" ""
	is "$(tail -n 1 a | cut -d, -f1)" 16100
	cell-zap "${patch[@]}" --dt 0.25 --linear >a
	is "$(chirp linear 20 0 15 1000 15000 <a)" ""
}

# BMTool plays its chirp a step later, and without its last step.
@test "BMTool's chirp is the same, a step later" {
	trace=golden/cells/PV_Cell/c34/zap_exp/trace.csv.gz
	need "$trace"
	cell-zap "${patch[@]}" >a
	paste -d, <(cut -d, -f3 a) <(gzip -dc "$reference/$trace" | tail -n +2 |
		cut -d, -f3) | awk -F, 'NR > 1 && NR < 640002 {
		d = $1 - $2
		if (d > 1e-10 || d < -1e-10) { print NR, $0; exit 1 }
		n += $1 != 0
	} END { exit n < 590000 }'
}

@test "the same bits as cell-clamp with the same current" {
	for way in "" --linear; do
		cell-zap "${cell[@]}" $way --delay 5 --dur 50 --band 5:100 \
			--amp 300 >a
		cell-clamp "${cell[@]}" --iclamp a >b
		cmp a b
	done
}

@test "each recorded site has columns" {
	sites=(--record soma --record 'dend[0](0.5)' --record 'dend[1](1)')
	cell-zap "${cell[@]}" "${sites[@]}" --delay 1 --dur 20 >a
	is "$(head -n 1 a)" "time_ms,v_mV,v_mV.dend[0](0.5),v_mV.dend[1](1),i_nA"
	cell-clamp "${cell[@]}" "${sites[@]}" --iclamp a | cmp - a
}

@test "--hold: another voltage, also while it settles" {
	options=("${demo[@]}" --template Pyramidal --dur 2000 --settle 1000)
	cell-zap "${options[@]}" --hold 50 --amp 2 >run
	# The whole current, and a voltage that has settled under it.
	awk -F, 'NR == 2 { v = $2 } NR > 1 && $1 <= 1000 {
		if ($3 != 0.05 || $2 - v > 0.02 || v - $2 > 0.02) { bad = 1; exit }
	} END { exit bad || v < -69 }' run
	cell-clamp "${demo[@]}" --template Pyramidal --amp 50 --delay 0 \
		--dur 3000 --tstop 3000 --every 1000 >step
	is "$(awk -F, '$1 == 3000 { printf "%.3f\n", $2 }' step)" \
		"$(awk -F, '$1 == 1000 { printf "%.3f\n", $2 }' run)"
}

@test "--delay, --settle, --dur, --tstop and --every" {
	full=(--delay 2 --dur 6 --band 20:100 --amp 500)
	cell-zap "${cell[@]}" "${full[@]}" >a
	is "$(tail -n 1 a | cut -d, -f1)" 108
	is "$(awk -F, 'NR > 1 && $3 != 0 { print $1; exit }' a)" 2.025
	is "$(awk -F, '$3 != 0 { last = $1 } END { print last }' a)" 8
	cell-zap "${cell[@]}" "${full[@]}" --tstop 7 | cmp - <(head -n 282 a)
	cell-zap "${cell[@]}" "${full[@]}" --every 0.5 |
		cmp - <(awk 'NR == 1 || (NR - 2) % 20 == 0' a)
	cell-zap "${cell[@]}" --settle 30 "${full[@]}" >b
	cell-zap "${cell[@]}" "${full[@]}" --delay 32 >c
	is "$(cut -d, -f2,3 b)" "$(sed 2,1201d c | cut -d, -f2,3)"
}

@test "a chirp needs fixed steps" {
	misused "--cvode goes with steps of current only" "${cell[@]}" \
		--cvode 1e-3 --delay 1 --dur 10
}

@test "options of the model are those of cell-clamp" {
	for o in "--dt 0.1" "--celsius 30" "--nseg-rule dlambda"; do
		# shellcheck disable=SC2086
		cell-zap "${cell[@]}" --delay 1 --dur 20 $o >a
		# shellcheck disable=SC2086
		cell-clamp "${cell[@]}" --iclamp a $o | cmp - a
	done
}

@test "-o, -t and -v" {
	short=("${cell[@]}" --delay 1 --dur 5)
	cell-zap "${short[@]}" >a
	cell-zap "${short[@]}" -o b
	cmp a b
	cell-zap "${short[@]}" -t | tr '\t' , | cmp - a
	run --separate-stderr cell-zap "${short[@]}" -v
	[[ $stderr == *"the voltage at soma(0.5) before the chirp is -64.9"* ]]
}

@test "a cell that is not at rest" {
	options=("${cell[@]}" --v-init -70 --delay 10 --dur 500 --linear)
	run --separate-stderr cell-zap "${options[@]}"
	[ "$status" -eq 0 ]
	[[ $stderr == *" mV in the last 10 ms before the chirp, and is not "* ]]
	run --separate-stderr cell-zap "${options[@]}" --settle 300
	is "$stderr" ""
}

@test "misuse" {
	misused "--band: must be low:high: '50'" --band 50
	misused "--band: must be low:high, the first < the second: '50:5'" --band 50:5
	misused "--band: must be low:high, the first < the second: '5:5'" --band 5:5
	misused "--band: must be in [0,inf): '-1'" --band -1:5
	misused "--band: must be in [0,inf): 'inf'" --band 1:inf
	misused "--band: not a number: 'nan'" --band nan:5
	misused "--band: not a number: '5x'" --band 1:5x
	misused "--band: only a chirp that is --linear can begin at 0 Hz: '0:5'" \
		"${patch[@]}" --band 0:5
	misused "--band: half of the sampling rate is 20000 Hz: '1:20000'" \
		"${patch[@]}" --band 1:20000
	misused "--band: half of the sampling rate is 50 Hz: '0.5:50'" \
		"${patch[@]}" --every 10
	misused "--amp: must not be 0" "${patch[@]}" --amp 0
	misused "--amp: must be in [-1e9,1e9]: 'inf'" --amp inf
	misused "--hold: must be in [-1e9,1e9]: '1e10'" --hold 1e10
	misused "--dur: less than a step of 0.025 ms: 0.01" "${patch[@]}" --dur 0.01
	misused "--dur: must be in [0,inf): '-1'" "${patch[@]}" --dur -1
	misused "--delay: must be in [0,inf): '-1'" "${patch[@]}" --delay -1
	misused "--tstop: before the chirp: 10" "${patch[@]}" --tstop 10
	misused "--every: not a multiple of dt, 0.025 ms: 0.03" "${patch[@]}" \
		--every 0.03
	misused "--record: no section 'apic'; there are: soma, dend[0], dend[1]" \
		"${cell[@]}" --record apic
}

@test "a run that diverges" {
	cat >>patch.hoc <<-'EOF'
	soma g_pas = -1e-3
	EOF
	run --separate-stderr cell-zap "${patch[@]}" --linear --delay 2000 \
		--dur 500 --v-init -60
	[ "$status" -eq 1 ] && [ -z "$output" ]
	[[ $stderr == *"is not a number from "*": the run diverges" ]]
}
