# The references are the closed forms of two compartments, of traces that are
# written here.
load common.bash

# Two compartments of conductances l1 and l2 (nS) and 10 ms, coupled by g, with
# what is said besides: the current into cell c steps to i pA from 50 to 150 ms.
traces() { # g, l1, l2, cells, more awk
	awk -v g="$1" -v l1="$2" -v l2="$3" -v cells="$4" "$draws"'
	BEGIN {
		OFS = ","; i = -10; step = 0.1; n = split(cells, cell, " ")
		print (n > 1 ? "into,time_ms" : "time_ms"), "v_mV.1", "v_mV.2",
			"i_nA"
		det = (l1 + g) * (l2 + g) - g * g
		for (c = 1; c <= n; c++) for (k = 0; k <= 2000; k++) {
			t = k * step
			on = t > 50 && t <= 150.0001
			e = on && k ? 1 - exp(-(t - 50) / 2) : 0
			a = (cell[c] == 1 ? l2 + g : g) / det * 1000 * i / 1000 * e
			b = (cell[c] == 1 ? g : l1 + g) / det * 1000 * i / 1000 * e
			v = -65 + a; w = -70 + b; j = on ? i / 1000 : 0
			'"${5-}"'
			if (n > 1) printf "%d,", cell[c]
			printf "%.1f,%.15g,%.15g,%g\n", t, v, w, j
		}
	}'
}

near() { # a row of numbers, what they are to be, and how near
	printf '%s\n%s\n' "$1" "$2" | awk -F, -v part="${3-1e-9}" '
		NR == 1 { for (k = 1; k <= NF; k++) x[k] = $k; n = NF }
		NR == 2 { if (n != NF) exit 1
			for (k = 1; k <= n; k++)
				if (($k == "") != (x[k] == "") ||
				    (x[k] - $k) ^ 2 > (part * $k) ^ 2) exit 1 }' ||
		fail "$1
rather than
$2"
}

row() { tail -n 1 "$@"; }

@test "two injections give the conductance of two cells that differ" {
	traces 0.7 2 5 "1 2" | coupling >ours
	is "$(head -n 1 ours)" \
		cc_12,cc_21,r_in_MOhm,r_transfer_MOhm,g_est_nS,status
	near "$(row ours | cut -d, -f1-5)" "$(awk 'BEGIN { g = 0.7; a = 2; b = 5
		d = (a + g) * (b + g) - g * g
		printf "%.15g,%.15g,%.15g,%.15g,%g", g / (b + g), g / (a + g),
			(b + g) / d * 1000, g / d * 1000, g }')"
	is "$(row ours | cut -d, -f6)" ok
	# The order does not matter.
	traces 0.7 2 5 "2 1" | coupling | cut -d, -f1,2,4-6 |
		cmp - <(cut -d, -f1,2,4-6 ours)
}

@test "one injection takes the other cell for the same" {
	traces 0.7 2 2 1 | run --separate-stderr coupling
	run --separate-stderr coupling <(traces 0.7 2 2 1)
	is "$stderr" "coupling: the current goes into one cell: the other is \
taken to have the same input resistance"
	near "${lines[1]%,*}" "$(awk 'BEGIN { g = 0.7; a = 2; d = a * (a + 2 * g)
		printf "%.15g,,%.15g,%.15g,%g", g / (a + g), (a + g) / d * 1000,
			g / d * 1000, g }')"
	traces 0.7 2 2 2 | coupling --into 2 2>/dev/null >ours
	near "$(row ours | cut -d, -f2-5)" \
		"$(cut -d, -f1,3-5 <<<"${lines[1]}")"
	is "$(row ours | cut -d, -f1)" '""'
}

@test "--baseline averages over the last ms of rest and step" {
	# The voltage goes up by 1 mV before either ends.
	local late='if (t > 40 && t <= 50.01 || t > 143) { v += 1; w += 2 }'
	traces 0.7 2 5 1 "$late" | coupling --baseline 6 2>/dev/null | cut -d, -f1-5 >a
	traces 0.7 2 5 1 | coupling 2>/dev/null | cut -d, -f1-5 >b
	near "$(row a)" "$(row b)"
	traces 0.7 2 5 1 "$late" | coupling --baseline 20 2>/dev/null | row |
		cut -d, -f1 >c
	near "$(cat c)" "$(cut -d, -f1 b | row)" 1e-6 && fail "the same"
	# The last samples of both.
	traces 0.7 2 5 1 'if (k == 500 || k == 1500) v += 9' |
		coupling --baseline 0 2>/dev/null | row | cut -d, -f1-5 >c
	near "$(cat c)" "$(row b)"
}

said() { # what is said of traces of both
	traces 0.7 2 5 "1 2" "$@" | coupling | row | cut -d, -f6-
}

@test "what is doubtful is said" {
	is "$(said)" ok
	is "$(said 'v += e * (t - 50) * 0.01')" "not steady"
	is "$(said 'w -= e * (t - 50) * 0.01')" "not steady"
	is "$(said 'if (t <= 50) w += t * 0.01')" "not steady before the step"
	is "$(said 'if (k == 1200) v = 20; if (k == 1300) v = 20
		if (k == 700) w = 10')" '"spikes: 2 in cell 1, 1 in cell 2"'
	is "$(said 'v = -130 - v')" "no deflection in the direction of the step"
	is "$(said 'v = -65; w = -70')" "no deflection in the direction of the step"
	is "$(said 'w = v')" "the two voltages are one"
	is "$(traces 0.7 2 5 2 | coupling --into 1 2>/dev/null | row | cut -d, -f5-)" \
		",the other voltage changes by more"
	# A hundredth of what the voltage changes by is steady, and noise is.
	is "$(said 'v += e * (t - 50) * 1e-4')" ok
	is "$(said 'v += draw() - 0.5; w += draw() - 0.5')" ok
}

@test "without a deflection there is nothing, and not 0" {
	traces 0.7 2 5 1 'v = -65' | coupling 2>/dev/null | row >ours
	is "$(cut -d, -f1-5 ours)" '"",,,,'
	traces 0 2 5 "1 2" | coupling | row >ours
	is "$(cut -d, -f1,2,4- ours)" 0,0,0,0,ok
}

@test "what is a spike is for --threshold and --detect" {
	local up='if (k > 1200 && k < 1210) v = -30'
	is "$(said "$up")" '"spikes: 1 in cell 1, 0 in cell 2"'
	traces 0.7 2 5 1 "$up" | coupling --threshold 0 2>/dev/null | row |
		cut -d, -f6 >ours
	is "$(cat ours)" ok
	traces 0.7 2 5 1 "$up" | coupling --threshold -40 2>/dev/null | row |
		cut -d, -f6 >ours
	is "$(cat ours)" '"spikes: 1 in cell 1'
	traces 0.7 2 5 1 'if (k > 1200 && k < 1210) v = -25' |
		coupling --detect dvdt 2>/dev/null | row | cut -d, -f6 >ours
	is "$(cat ours)" '"spikes: 1 in cell 1'
	traces 0.7 2 5 1 'if (k > 1200 && k < 1210) v = -25' |
		coupling --detect dvdt --filter 0.05 2>/dev/null | row |
		cut -d, -f6 >ours
	is "$(cat ours)" ok
}

@test "columns before the time tell rows apart" {
	for g in 0.7 3; do
		for i in 1 2; do
			traces $g 2 5 $i | tail -n +2 | sed "s/^/$g,x,$i,/"
		done
	done | { echo 'g_nS,cell,into,time_ms,v_mV.1,v_mV.2,i_nA'; cat; } >all
	coupling all >ours
	is "$(cut -d, -f1,2,8 ours | xargs)" \
		"g_nS,cell,status 0.7,x,ok 3,x,ok"
	near "$(sed -n 3p ours | cut -d, -f7)" 3
	coupling -t -o ours.tsv all
	tr '\t' , <ours.tsv | cmp - ours
	tr , \; <all | coupling --separator ';' | cmp - ours
	# Rows come out as their sweeps end.
	sed -n '1,9p;2010,2019p' all >both
	cat both <(sed -n 5p both) >again
	run ! coupling again
	[[ $output == *"coupling: again:20: column 'g_nS': its samples are not all \
together: '0.7'" ]]
}

@test "a step that no column has" {
	traces 0.7 2 5 1 | cut -d, -f1-3 >voltages
	coupling --amp -10 --delay 50 --dur 100 voltages 2>/dev/null >ours
	traces 0.7 2 5 1 | coupling 2>/dev/null | cmp - ours
	bad "voltages: no column 'i_nA': say --amp, --delay and --dur" voltages
	misused "--amp: not a step: '0'" --amp 0 --delay 50 --dur 100 voltages
}

@test "a sweep without a step, among others" {
	{
		echo 'g_nS,time_ms,v_mV.1,v_mV.2,i_nA'
		traces 1 2 2 1 'j = 0' | tail -n +2 | sed 's/^/1,/'
		traces 1 2 2 1 | tail -n +2 | sed 's/^/2,/'
	} >all
	is "$(coupling all 2>/dev/null | cut -d, -f1,7 | xargs)" \
		"g_nS,status 1,no step in the current 2,ok"
	bad "standard input:2: no step in the current: say --amp, --delay and \
--dur" < <(traces 1 2 2 1 'j = 0')
}

@test "what is wrong with a table" {
	local head=time_ms,v_mV.1,v_mV.2,i_nA
	bad "standard input: no samples" <<<$head
	bad "standard input:2: only one sample" <<<"$head
0,1,2,0"
	bad "standard input:3: column 'time_ms': time does not increase: '0'" <<<"$head
0,1,2,0
0,1,2,0"
	bad "standard input:2: column 'v_mV.2': not a finite number: 'nan'" <<<"$head
0,1,nan,0"
	bad "standard input:2: column 'v_mV.1': not a number of a cell: '1e200'" <<<"$head
0,1e200,2,0"
	bad "standard input:2: column 'into': neither 1 nor 2: '3'" <<<"into,$head
3,0,1,2,0"
	bad "standard input:2: column 'into': not the cell that --into says: '2'" \
		--into 1 <<<"into,$head
2,0,1,2,0"
	bad "standard input: no column 'v_mV.1': there are time_ms, v_mV" <<<time_ms,v_mV
}
