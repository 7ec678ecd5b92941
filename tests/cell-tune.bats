# The windows are NEURON's, on a screen of the test's own; what is done with them
# is read in --history.  Pictures of them stay in $BUILD/pictures.
# shellcheck disable=SC2154
load common.bash
load cells.sh
load windows.sh

small=(--hoc "$BATS_TEST_DIRNAME/data/cell.hoc" --template Cell)

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	unset DISPLAY WAYLAND_DISPLAY
	xvfb=
	tuner=
}

teardown() {
	[ -z "$tuner" ] || ! running "$tuner" || kill -KILL "$tuner"
	[ -z "$xvfb" ] || ! running "$xvfb" || kill "$xvfb"
}

# bats test_tags=long
@test "a slider moves, a run happens, and the values stand in a pipe" {
	screen 1280x800
	tune "${small[@]}" --param soma.gnabar_hh --param dend.g_pas:1e-5:1e-3
	for name in "cell-tune" "Parameters" "Voltage at soma(0.5)" "F-I curve"; do
		shown "$name"
	done
	is "$(value 1 soma.gnabar_hh)" 0.12
	slide 0 soma.gnabar_hh
	low=$(now soma.gnabar_hh)
	[ "$low" != 0.12 ]
	is "$(awk -v x="$low" 'BEGIN { print (x >= 0.012 && x < 0.12) }')" 1
	is "$(now dend.g_pas)" "$(value 1 dend.g_pas)"
	picture slider
	quit
	[ "$status" -eq 0 ]
	is "$(cat err)" ''
	is "$(cat tuned.csv)" "name,value
soma.gnabar_hh,$low
dend.g_pas,5e-05"
	fi-sweep "${small[@]}" --params tuned.csv --amps 100 -o a.csv
	fi-sweep "${small[@]}" --set "soma.gnabar_hh=$low" --amps 100 | cmp - a.csv
}

# bats test_tags=long
@test "what is shown of the cell at rest is what passive-fit says, and spikes are fi-sweep's" {
	screen 1024x768
	tune "${small[@]}" --param soma.gnabar_hh --fi 0:400:200 --amp 300
	is "$(row 1 | cut -d, -f6-8)" "$(cell-clamp "${small[@]}" --amp -20 |
		passive-fit | awk -F, 'NR == 2 { print $2 "," $5 "," $6 }')"
	is "$(value 1 spikes)" "$(cell-clamp "${small[@]}" --amp 300 \
		--delay 100 --dur 500 -o /dev/null --spikes /dev/stdout |
		tail -n +2 | wc -l)"
	click "F-I curve" 40 -25
	await rows 2
	is "$(tail -n 1 history | cut -d, -f9-)" "$(fi-sweep "${small[@]}" \
		--amps 0:400:200 | tail -n +2 | cut -d, -f3 | paste -sd,)"
	slide 0 soma.gnabar_hh
	is "$(last | cut -d, -f6-8)" "$(cell-clamp "${small[@]}" --amp -20 \
		--set "soma.gnabar_hh=$(now soma.gnabar_hh)" | passive-fit |
		awk -F, 'NR == 2 { print $2 "," $5 "," $6 }')"
	picture curve
	quit
}

apart() { # width, height, so many windows: on the screen, none over another
	xwininfo -root -tree | awk '/"NEURON"\)/ {
		split($(NF - 1), a, /[x+]/)
		print a[1], a[2], a[3], a[4] }' >boxes
	is "$(wc -l <boxes)" "$3"
	awk -v width="$1" -v height="$2" '
		{ w[NR] = $1; h[NR] = $2; x[NR] = $3; y[NR] = $4 }
		END { for (i = 1; i <= NR; i++) {
			if (x[i] < 0 || y[i] < 0 || x[i] + w[i] > width ||
				y[i] + h[i] > height) exit 1
			for (j = 1; j < i; j++)
				if (x[i] < x[j] + w[j] && x[j] < x[i] + w[i] &&
					y[i] < y[j] + h[j] && y[j] < y[i] + h[i]) exit 1
		} }' boxes
}

@test "wide pictures beside parameters that scroll end on the screen" {
	local p=()
	for name in {soma,dend}.{cm,Ra,L,diam} soma.{gnabar,gkbar,gl,el}_hh \
		dend.{g,e}_pas; do
		p+=(--param "$name")
	done
	screen 1280x800
	tune "${small[@]}" "${p[@]}"
	shown "F-I curve"
	apart 1280 800 4
	quit
}

@test "windows of other sections, of gates and of the leak, and none covers another" {
	screen 1024x768
	tune "${small[@]}" --record 'dend[1](0.3)' --record soma --gate hh.m \
		--gate hh.n --gleak g_pas@all --eleak e_pas@all --title 'Ours'
	for name in Ours Parameters 'Voltage at soma(0.5)' \
		'Voltage at dend[1](0.3)' 'F-I curve' Leak 'Gate hh.m' 'Gate hh.n'
	do
		shown "$name"
	done
	apart 1024 768 8
	picture all
	click Ours 20 10 # Close
	ended "$tuner"
	[ "$status" -eq 0 ]
	is "$(head -n 1 tuned.csv)" name,value
}

# bats test_tags=long
@test "the leak that is proposed is passive-fit's, and the cell gets it" {
	passive
	screen 1024x768
	tune --hoc patch.hoc --celsius 20 --gleak soma.g_pas --eleak soma.e_pas \
		--param soma.g_pas --amp 10
	cell-clamp --hoc patch.hoc --celsius 20 --amp -20 |
		passive-fit --area "$(cell-info --hoc patch.hoc 2>/dev/null |
			awk -F, 'NR == 2 { print $6 }')" >fit.csv
	click Leak 60 195
	ran 2
	quit
	awk -F, 'NR == FNR { if (FNR == 2) { n = NF; g = $(n - 2); c = $(n - 1); e = $n }
		next }
		function off(a, b) { return (a - b > 1e-3 * b) || (b - a > 1e-3 * b) }
		$1 == "soma.g_pas" && off($2, g) || $1 == "soma.cm" && off($2, c) ||
		$1 == "soma.e_pas" && off(-$2, -e) { exit 1 }
		{ n++ } END { if (FNR != 4) exit 1 }' fit.csv tuned.csv
}

# bats test_tags=long
@test "where two parameters mean the same section, the last one that moved stays" {
	screen 1024x768
	tune "${small[@]}" --param 'dend[0].g_pas' --param dend.g_pas
	slide 1 dend.g_pas
	slide 0 'dend[0].g_pas'
	quit
	is "$(cut -d, -f1 tuned.csv | xargs)" "name dend.g_pas dend[0].g_pas"
	is "$(cell-clamp "${small[@]}" --params tuned.csv --amp -20 | passive-fit |
		cut -d, -f2,5,6 | tail -n 1)" "$(last | cut -d, -f7-9)"
}

# bats test_tags=long
@test "a value that is not touched keeps all its digits" {
	screen 1024x768
	tune "${small[@]}" --param soma.gnabar_hh --param dend.g_pas \
		--v-init -65.1234567 --set soma.gnabar_hh=0.123456789
	slide 1 dend.g_pas
	quit
	is "$(head -n 2 tuned.csv)" "name,value
soma.gnabar_hh,0.123456789"
	is "$(tail -n +3 tuned.csv | cut -d, -f1)" dend.g_pas
}

# bats test_tags=long
@test "the window manager closes it, signals do, and they all leave the values" {
	screen 1024x768
	values=$(printf 'name,value\nsoma.gnabar_hh,0.12')
	tune "${small[@]}" --param soma.gnabar_hh
	python "$(window cell-tune)" <<-'END'
	import ctypes as c, sys
	class Message(c.Structure):
	    _fields_ = [("type", c.c_int), ("serial", c.c_ulong), ("sent", c.c_int),
	                ("display", c.c_void_p), ("window", c.c_ulong),
	                ("kind", c.c_ulong), ("bits", c.c_int), ("data", c.c_long * 5),
	                ("rest", c.c_long * 24)]
	x = c.CDLL("libX11.so.6")
	x.XOpenDisplay.restype = c.c_void_p
	x.XInternAtom.restype = c.c_ulong
	x.XInternAtom.argtypes = [c.c_void_p, c.c_char_p, c.c_int]
	x.XSendEvent.argtypes = [c.c_void_p, c.c_ulong, c.c_int, c.c_long, c.c_void_p]
	x.XSync.argtypes = [c.c_void_p, c.c_int]
	d = x.XOpenDisplay(None)
	m = Message(type=33, sent=1, display=d, window=int(sys.argv[1]), bits=32,
	            kind=x.XInternAtom(d, b"WM_PROTOCOLS", 0))
	m.data[0] = x.XInternAtom(d, b"WM_DELETE_WINDOW", 0)
	x.XSendEvent(d, m.window, 0, 0, c.byref(m))
	x.XSync(d, 0)
	END
	ended "$tuner"
	[ "$status" -eq 0 ]
	is "$(cat tuned.csv)" "$values"
	for signal in TERM HUP; do
		tune "${small[@]}" --param soma.gnabar_hh
		stop "$tuner" "$signal"
		[ "$status" -gt 128 ]
		is "$(cat tuned.csv)" "$values"
	done
	cell-tune "${small[@]}" --param soma.gnabar_hh --history tried.csv \
		-o tuned.tsv 3>&- &
	tuner=$!
	shown "F-I curve"
	[ ! -e tried.csv ]
	quit
	is "$(cat tuned.tsv)" "$(tr , '\t' <<<"$values")"
	is "$(head -n 1 tried.csv | cut -d, -f1-5)" \
		run,time_s,amp_pA,soma.gnabar_hh,spikes
}

# bats test_tags=long
@test "the X server goes away" {
	screen 1024x768
	tune "${small[@]}" --param soma.gnabar_hh
	slide 0 soma.gnabar_hh
	kill "$xvfb"
	ended "$tuner"
	[ "$status" -eq 1 ]
	is "$(cat err)" "cell-tune: the X server is gone"
	is "$(cat tuned.csv)" "name,value
soma.gnabar_hh,$(now soma.gnabar_hh)"
}

@test "without a display" {
	bad "no X11 display: without one, cell-clamp --set tries values, cell-fit finds them, and --write-hoc writes the session" \
		"${small[@]}"
	DISPLAY=:12345 bad "no X11 display: ':12345': without one, cell-clamp --set tries values, cell-fit finds them, and --write-hoc writes the session" \
		"${small[@]}"
}

session() { # hoc after a session, whose numbers it prints
	cat >more.hoc
	nrniv -nogui -nopython -nobanner -notatty session.hoc more.hoc </dev/null
}

@test "a session runs in plain nrniv, as the model is here" {
	cell-tune "${small[@]}" --param soma.gnabar_hh --param g_pas@all \
		--set soma.gnabar_hh=0.1 --fi 0:400:200 --record 'dend[1]' \
		--gate hh.m --amp 300 --celsius 12 --write-hoc session.hoc >values
	is "$(cat values)" "name,value
soma.gnabar_hh,0.1
g_pas@all,5e-05"
	session >out <<-'END'
	{printf("%d %d %g\n", tune_runs, tune_spikes, celsius)}
	{printf("%.15g,%.15g,%.15g\n", tune_rest, tune_r_in, tune_tau)}
	tune_fi()
	for i = 0, 2 {printf("%g\n", tune_fi_rate.x[i])}
	tune_shown.x[0] = 0.05
	tune_typed(0)
	{printf("%d %g\n", tune_runs, tune_spikes)}
	tune_done()
	END
	with=("${small[@]}" --celsius 12)
	spikes() {
		cell-clamp "${with[@]}" --amp 300 --delay 100 --dur 500 \
			--set "soma.gnabar_hh=$1" -o /dev/null --spikes /dev/stdout |
			tail -n +2 | wc -l
	}
	is "$(sed -n 1p out)" "1 $(spikes 0.1) 12"
	awk -F, 'NR == FNR { if (FNR == 2) { rest = $2; r = $5; tau = $6 } next }
		FNR == 2 { exit !($1 - rest < 1e-9 && rest - $1 < 1e-9 &&
			$2 - r < 1e-6 && r - $2 < 1e-6 &&
			$3 - tau < 1e-6 && tau - $3 < 1e-6) }' \
		<(cell-clamp "${with[@]}" --set soma.gnabar_hh=0.1 --amp -20 |
			passive-fit --method simple) out
	is "$(sed -n 3,5p out | xargs)" "$(fi-sweep "${with[@]}" \
		--set soma.gnabar_hh=0.1 --amps 0:400:200 | tail -n +2 |
		cut -d, -f3 | xargs)"
	is "$(sed -n 6p out)" "2 $(spikes 0.05)"
	is "$(tail -n 3 out)" "name,value
soma.gnabar_hh,0.05
g_pas@all,5e-05"
}

@test "a session has windows of its own" {
	screen 1024x768
	cell-tune "${small[@]}" --param soma.gnabar_hh --record 'dend[1]' \
		--write-hoc session.hoc >/dev/null
	mkfifo in
	nrniv -nopython -nobanner session.hoc - <in >out 2>err 3>&- &
	tuner=$!
	exec 7>in
	for name in cell-tune 'Voltage at dend[1](0.5)' 'F-I curve'; do
		shown "$name" || { cat err out; false; }
	done
	printf 'tune_done()\n' >&7
	exec 7>&-
	ended "$tuner"
	is "$(grep -A 1 name,value out)" "name,value
soma.gnabar_hh,0.12"
}

@test "parameters by default, and their ranges" {
	with() { # options: the parameters of a session, with their ranges
		cell-tune "$@" --write-hoc session.hoc >values
		sed -n 's/^tune_parameter([0-9]*, "\([^"]*\)", "[^"]*", "\([^"]*\)", /\1 \2 /p' \
			session.hoc | tr -d , | sed 's/)$//'
	}
	is "$(with "${small[@]}")" "cm@all cm@all (uF/cm2) 1 0 3 0
soma.gnabar_hh soma.gnabar_hh (S/cm2) 0.12 0.012 1.2 1
soma.gkbar_hh soma.gkbar_hh (S/cm2) 0.035999999999999997 0.0035999999999999999 0.35999999999999999 1
soma.gl_hh soma.gl_hh (S/cm2) 0.00029999999999999997 2.9999999999999997e-05 0.0029999999999999996 1
soma.el_hh soma.el_hh (mV) -54.299999999999997 -84.299999999999997 -24.299999999999997 0
dend.g_pas dend.g_pas (S/cm2) 5.0000000000000002e-05 5.0000000000000004e-06 0.00050000000000000001 1
dend.e_pas dend.e_pas (mV) -65 -95 -35 0"
	is "$(with "${small[@]}" --param celsius:10:30 --param 'dend[1].g_pas' \
		--param Ra@all:50:200 --param dend.g_pas:0:1 | cut -d' ' -f1,4-)" \
		"celsius 16 10 30 0
dend[1].g_pas 5.0000000000000002e-05 5.0000000000000004e-06 0.00050000000000000001 1
Ra@all 150 50 200 0
dend.g_pas 5.0000000000000002e-05 0 1 0"
	is "$(cat values)" "name,value
celsius,16
dend[1].g_pas,5e-05
Ra@all,150
dend.g_pas,5e-05"
}

# bats test_tags=long
@test "two coupled cells: what is shown is what coupling says, and a slider of the conductance" {
	screen 1024x768
	two=("${small[@]}" --dur 80 --delay 100 --settle 50)
	printf '%s\n' feature,value,sd cc_12,0.2,0.01 >targets.csv
	tune "${two[@]}" --targets targets.csv --gap 2 --at2 'dend[0](0.5)'
	for name in "cell-tune" "Parameters" "Voltage at soma(0.5), first" \
		"Voltage at dend[0](0.5), second"; do
		shown "$name"
	done
	coupled() { # conductance: the columns of coupling
		cell-couple "${two[@]}" --at2 'dend[0](0.5)' --gap "$1" \
			--into both | coupling | tail -n 1 | cut -d, -f1-5
	}
	is "$(head -n 1 history)" "run,time_s,amp_pA,gap.g_nS,$(:
		)cc_12,cc_21,r_in_MOhm,r_transfer_MOhm,g_est_nS"
	is "$(row 1 | cut -d, -f3-)" "-10,2,$(coupled 2)"
	slide 0 gap.g_nS
	is "$(last | cut -d, -f5-)" "$(coupled "$(now gap.g_nS)")"
	picture gap
	quit
	is "$(cat tuned.csv)" "name,value
gap.g_nS,$(now gap.g_nS)"
}

# bats test_tags=long
@test "a synapse: what is shown is what syn-features says of a train and of one pulse" {
	local given=("${small[@]}" --settle 50 --synapse Exp2Syn --weight 0.001)
	screen 1024x768
	printf '%s\n' feature,rate_Hz,value,sd ppr,50,0.5,0.1 >targets.csv
	tune "${given[@]}" --clamp=-65 --rate 100 --recovery 50 --n 4 --test 2 \
		--first 5 --syn-delay 2 --targets targets.csv
	for name in cell-tune Parameters Synapse Response; do
		shown "$name"
	done
	is "$(head -n 1 history)" "run,time_s,rate_Hz,recovery_ms,clamp_mV,$(:
		)syn.tau1,syn.tau2,syn.e,syn.weight,syn.delay,amp,ppr,stp_initial,$(:
		)stp_induction,stp_recovery,stp_recovery_single,latency_ms,$(:
		)rise_20_80_ms,half_width_ms,decay_tau_ms"
	driven() { # options of pulses, then --, others
		local pulses=()
		while [ "$1" != -- ]; do
			pulses+=("$1")
			shift
		done
		shift
		syn-clamp "${given[@]}" --delay 2 "${pulses[@]}" "$@" |
			syn-features --delay 2 "${pulses[@]}" --summary | tail -n 1
	}
	train=(--rate 100 --recovery 50 --n 4 --test 2 --first 5)
	is "$(row 1 | cut -d, -f3-5,11-)" "100,50,-65,$(driven "${train[@]}" -- \
		--clamp=-65)"
	slide 1 syn.tau2
	is "$(last | cut -d, -f11-)" "$(driven "${train[@]}" -- --clamp=-65 \
		--syn "tau2=$(now syn.tau2)")"
	picture synapse
	n=$(tail -n 1 history | cut -d, -f1)
	click Synapse 40 40 # Single
	ran $((n + 1))
	is "$(last | cut -d, -f3-5,11-)" ",,-65,$(driven --rate 100 --n 1 \
		--first 5 -- --clamp=-65 --syn "tau2=$(now syn.tau2)")"
	click Synapse 18 167 # Voltage clamp
	ran $((n + 2))
	click Synapse 120 40 # Train
	ran $((n + 3))
	is "$(last | cut -d, -f3-5,11-)" "100,50,,$(driven "${train[@]}" -- \
		--syn "tau2=$(now syn.tau2)")"
	quit
	is "$(cat tuned.csv)" "name,value
syn.tau1,0.1
syn.tau2,$(value 2 syn.tau2)
syn.e,0
syn.weight,0.001
syn.delay,2"
}

@test "a session has a synapse, or two cells" {
	cell-tune "${small[@]}" --settle 50 --synapse Exp2Syn --weight 0.001 \
		--rate 100 --recovery 50 --write-hoc session.hoc >values
	is "$(sed -n 5p values)" syn.weight,0.001
	session >out <<-'END'
	{printf("%d %d %d\n", tune_runs, tune_trains, tune_pulse.size())}
	{printf("%.10g\n", bm_voltage.o(0).max(50 / dt, 70 / dt))}
	tune_shown.x[3] = 0.002
	tune_typed(3)
	{printf("%d\n", bm_voltage.o(0).max(50 / dt, 70 / dt) > -60)}
	END
	is "$(sed -n 1p out)" "1 1 12"
	is "$(sed -n 2p out)" "$(syn-clamp "${small[@]}" --settle 50 \
		--synapse Exp2Syn --weight 0.001 --rate 100 --recovery 50 |
		awk -F, 'NR == 2 || NR > 1 && $1 <= 20 && $2 > v { v = $2 }
		END { printf "%.10g", v }')"
	cell-tune "${small[@]}" --gap 2 --write-hoc session.hoc >values
	is "$(cat values)" "name,value
gap.g_nS,2"
	session <<<'{printf("%d %d\n", tune_runs, tune_seconds)}' >out
	is "$(cat out)" "1 1"
}

@test "a target of a synapse is that of the train which runs" {
	local given=("${small[@]}" --settle 10 --synapse Exp2Syn --weight 0.001)
	printf '%s\n' feature,tool,rate_Hz,recovery_ms,value,sd \
		amp,,,,3,1 ppr,,50,,0.5,1 ppr,,20,,0.7,1 \
		stp_recovery,,50,50,0.2,1 stp_recovery,,50,90,0.4,1 >targets.csv
	wants() {
		cell-tune "${given[@]}" --targets targets.csv "$@" \
			--write-hoc session.hoc >/dev/null
		session <<<'{for i = 0, 4 printf("%s\n", tune_line.o(i).s)}' |
			grep '(' | xargs
	}
	is "$(wants --rate 50 --recovery 90)" \
		"amp - (3) ppr - (0.5) stp_recovery - (0.4)"
	is "$(wants --rate 20 --recovery 90)" "amp - (3) ppr - (0.7)"
	printf '%s\n' feature,value,sd cc_12,0.3,1 r_in_MOhm,400,10 >targets.csv
	run --separate-stderr cell-tune "${small[@]}" --gap 2 \
		--targets targets.csv --write-hoc session.hoc
	is "$stderr" "cell-tune: targets.csv: not drawn: r_in_MOhm@-20pA"
}

# bats test_tags=long
@test "what is not the same everywhere has no value until it is touched" {
	cat >odd.hoc <<-'END'
	celsius = 20
	v_init = -65
	create a, b
	connect b(0), a(1)
	forall { insert pas L = 100 nseg = 3 g_pas = 1e-4 e_pas = -65 }
	b for (x, 0) g_pas(x) = 1e-4 * (1 + x)
	END
	run --separate-stderr cell-tune --hoc odd.hoc --record a --inject a \
		--write-hoc session.hoc
	[[ $stderr == *'without a slider, as it is not the same everywhere: b.g_pas; --param gives it one'* ]]
	is "$output" "name,value
cm@all,1
a.g_pas,0.0001
e_pas@all,-65"
	cell-tune --hoc odd.hoc --param b.g_pas --param a.g_pas 2>/dev/null \
		--write-hoc session.hoc >values
	is "$(cat values)" "name,value
a.g_pas,0.0001"
	screen 1024x768
	tune --hoc odd.hoc --param b.g_pas --param a.g_pas
	slide 0 b.g_pas
	quit
	is "$(cut -d, -f1 tuned.csv | xargs)" "name b.g_pas a.g_pas"
	tune --hoc odd.hoc --param b.g_pas --param a.g_pas
	first=$(row 1 | cut -d, -f3-)
	slide 0 b.g_pas
	[ "$(last | cut -d, -f3-)" != "$first" ]
	back() {
		click cell-tune 200 64 # Start values
		[ "$(last | cut -d, -f3-)" = "$first" ]
	}
	await back
	quit
	is "$(cut -d, -f1 tuned.csv | xargs)" "name a.g_pas"
}

@test "each number of the session is that of its option" {
	numbers() {
		cell-tune "${small[@]}" --param soma.gnabar_hh "$@" \
			--write-hoc session.hoc >/dev/null
		session <<-'END'
		{printf("%g %g %g %g %g %g %g %g\n", tune_amp, tune_delay, tune_dur, \
			tune_tstop, tune_passive_amp, tune_threshold, tune_keep, tune_settle)}
		{printf("%d of %g to %g: %d\n", tune_fi_amp.size(), tune_fi_amp.min(), \
			tune_fi_amp.max(), tune_spikes)}
		END
	}
	is "$(numbers | xargs)" "100 100 500 700 -20 -20 3 0 11 of 0 to 500: 0"
	is "$(numbers --amp 300 --delay 10 --dur 20 --tstop 40 --passive -10 \
		--threshold 100 --keep 5 --settle 7 --fi 10,20,30 | xargs)" \
		"300 10 20 40 -10 100 5 7 3 of 10 to 30: 0"
	is "$(numbers --amp 300 --delay 10 --dur 20 --settle 7 | tail -n 1)" \
		"11 of 0 to 500: $(cell-clamp "${small[@]}" --amp 300 --delay 10 \
			--dur 20 --settle 7 -o /dev/null --spikes /dev/stdout |
			tail -n +2 | wc -l)"
	numbers --inject 'dend[1](1)' >/dev/null
	session <<<'{printf("%s\n", bm_electrode)}' >/dev/null
	cell-tune "${small[@]}" --inject 'dend[1](1)' --amp 300 \
		--write-hoc session.hoc >/dev/null
	is "$(session <<<'{printf("%d\n", tune_spikes)}')" \
		"$(cell-clamp "${small[@]}" --inject 'dend[1](1)' --amp 300 \
			--delay 100 --dur 500 -o /dev/null --spikes /dev/stdout |
			tail -n +2 | wc -l)"
	cell-tune "${small[@]}" --cvode 1e-4 --amp 300 --write-hoc session.hoc \
		>/dev/null
	is "$(session <<<'{printf("%d %d\n", using_cvode_, tune_spikes)}')" \
		"1 $(cell-clamp "${small[@]}" --cvode 1e-4 --amp 300 --delay 100 \
			--dur 500 -o /dev/null --spikes /dev/stdout | tail -n +2 | wc -l)"
}

@test "targets: rates, what there is at rest, a trace" {
	printf '%s\n' feature,amp_pA,value,sd rate_Hz,200,30,2 spikes,300,50,4 \
		r_in_MOhm,-20,90,5 tau_ms,-20,7,1 half_width,300,1,.1 >targets.csv
	cell-clamp "${small[@]}" --amp 100 --dur 20 --delay 10 -o trace.csv
	run --separate-stderr cell-tune "${small[@]}" --gleak dend.g_pas \
		--targets targets.csv --targets trace.csv --write-hoc session.hoc
	[ "$status" -eq 0 ]
	is "$stderr" "cell-tune: targets.csv: not drawn: half_width_ms@300pA"
	session >out <<-'END'
	{tune_target_amp.printf("%g ")}
	{tune_target_hz.printf("%g ")}
	{tune_target_sd.printf("%g ")}
	{printf("%g %g|%s\n", tune_want_r, tune_want_tau, tune_goals)}
	{printf("%d %.15g\n", tune_target_ys.o(0).size(), tune_target_ys.o(0).x[1000])}
	END
	is "$(xargs <out)" "200 300 30 50 2 4 90 7|Targets: R_in 90 MOhm, tau 7 ms $(
		awk -F, 'NR == 1002 { v = $2 } END { printf "%d %.15g", NR - 1, v }' trace.csv)"
	screen 1024x768
	tune "${small[@]}" --targets targets.csv --targets trace.csv 2>/dev/null
	picture targets
	quit
}

@test "windows by a table" {
	cat >layout.csv <<-'END'
	window,column,widget,argument
	Mine,left,run,
	Mine,left,slider,soma.gnabar_hh:0.01:1
	Mine,right,clamp,
	Mine,right,passive,
	Mine,right,field,dend.g_pas
	The dendrite,1,label,at its end
	The dendrite,1,voltage,dend[1](1)
	Others,1,voltage,
	Others,2,fi,
	Others,2,gate,hh.m
	END
	screen 1024x768
	tune "${small[@]}" --layout layout.csv
	for name in Mine 'The dendrite' Others; do shown "$name"; done
	is "$(xwininfo -root -tree | grep -c '"NEURON")')" 3
	picture layout
	click Mine 100 215
	ended "$tuner"
	is "$(cut -d, -f1 tuned.csv | xargs)" "name soma.gnabar_hh dend.g_pas"
	cell-tune "${small[@]}" --layout layout.csv --write-hoc session.hoc >values
	cmp values tuned.csv
	is "$(grep -c '^tune_slider(0)$\|^tune_field(1)$\|^tune_voltage(1)$\|^tune_voltage(0)$\|^tune_gate(0)$\|^tune_text_panel("at its end")$' session.hoc)" 6
}

# bats test_tags=long
@test "a run that diverges, and one that NEURON refuses, leave the windows open" {
	screen 1024x768
	tune "${small[@]}" --param soma.gnabar_hh --param soma.diam:-5:30
	click Parameters 18 76 # below 0, in the end
	for _ in 2 3 4 5; do
		click Parameters 18 76
	done
	running "$tuner"
	quit
	[ "$status" -eq 0 ]
	is "$(wc -l <tuned.csv)" 3
}

@test "called wrongly, or asked for what is not there" {
	misused "--param: no 'gx' in soma; there are: L, Ra, nseg, diam, cm, ena, nai, nao, ek, ki, ko, gnabar_hh, gkbar_hh, gl_hh, el_hh" \
		"${small[@]}" --param soma.gx --write-hoc s
	misused "--param: not low:high: '1'" \
		"${small[@]}" --param soma.gnabar_hh:1 --write-hoc s
	misused "--param: not low:high: '2:1'" \
		"${small[@]}" --param soma.gnabar_hh:2:1 --write-hoc s
	misused "--param: soma.gnabar_hh is 0.12, which is not from 1 to 2" \
		"${small[@]}" --param soma.gnabar_hh:1:2 --write-hoc s
	misused "--gate: not mechanism.gate: 'hh'" \
		"${small[@]}" --gate hh --write-hoc s
	misused "--gate: no mechanism 'na'; there are: pas, hh" \
		"${small[@]}" --gate na.m --write-hoc s
	misused "--gate: no gate 'x' in hh; there are: m, h, n" \
		"${small[@]}" --gate hh.x --write-hoc s
	misused "--gleak: a global number is not a leak: 'celsius'" \
		"${small[@]}" --gleak celsius --write-hoc s
	misused "--eleak: no section 'axon'; there are: soma, dend[0], dend[1]" \
		"${small[@]}" --eleak axon.e_pas --write-hoc s
	misused "--layout and --param exclude each other" \
		"${small[@]}" --layout l --param soma.L
	misused "--write-hoc and --history exclude each other" \
		"${small[@]}" --write-hoc s --history h
	misused "--record: no section 'axon'; there are: soma, dend[0], dend[1]" \
		"${small[@]}" --record axon --write-hoc s
	printf 'window,column,widget,argument\nA,1,dial,\n' >l
	bad "l:2: column 'widget': no such widget; there are: slider, field, voltage, fi, passive, gate, clamp, run, leak, label, synapse, gap, response: 'dial'" \
		"${small[@]}" --layout l --write-hoc s
	printf 'window,column,widget,argument\nA,1,run,x\n' >l
	bad "l:2: column 'argument': this widget takes none: 'x'" \
		"${small[@]}" --layout l --write-hoc s
	printf 'window,column,widget,argument\nA,1,slider,\n' >l
	bad "l:2: column 'argument': this widget takes one: ''" \
		"${small[@]}" --layout l --write-hoc s
	printf 'window,column,widget,argument\nA,1,gap,\n' >l
	misused "l:2: this widget needs --gap" \
		"${small[@]}" --layout l --write-hoc s
	printf 'window,column,widget,argument\nA,1,response,\n' >l
	misused "l:2: this widget needs --synapse" \
		"${small[@]}" --layout l --write-hoc s
	misused "--synapse and --gap exclude each other" "${small[@]}" \
		--synapse ExpSyn --weight 1 --gap 1 --write-hoc s
	misused "--rate needs --synapse" "${small[@]}" --rate 1 --write-hoc s
	misused "--param: no 'syn.tau1' in ExpSyn; there are: syn.tau, syn.e, $(:
		)syn.weight, syn.delay" "${small[@]}" --synapse ExpSyn \
		--weight 1 --param syn.tau1 --write-hoc s
	misused "--param: 'gap.g_nS' needs --gap" \
		"${small[@]}" --param gap.g_nS --write-hoc s
	misused "--template2 needs --gap" "${small[@]}" --template2 Cell \
		--write-hoc s
	printf 'window,column,widget,argument\n' >l
	bad "l: no widgets" "${small[@]}" --layout l --write-hoc s
	printf 'window,column,widget,argument\nA,1,slider,soma.gx\n' >l
	misused "l:2: no 'gx' in soma; there are: L, Ra, nseg, diam, cm, ena, nai, nao, ek, ki, ko, gnabar_hh, gkbar_hh, gl_hh, el_hh" \
		"${small[@]}" --layout l --write-hoc s
	printf 'feature,amp_pA,value,sd\nrate_Hz,100,x,1\n' >targets
	bad "targets:2: column 'value': not a number: 'x'" \
		"${small[@]}" --targets targets --write-hoc s
	[ ! -e s ]
}
