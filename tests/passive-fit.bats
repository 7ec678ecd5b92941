# The references are cells whose time constants are known because we made them,
# what BMTool and AllenSDK say about the same traces, and eFEL's numbers.
load common.bash

golden=$reference/golden/cells
data=$BATS_TEST_DIRNAME/data

get() { # columns by name, of the rows of the standard input
	awk -F, -v names="$*" '
	NR == 1 { n = split(names, name, " "); for (k = 1; k <= NF; k++) at[$k] = k; next }
	{
		for (k = 1; k <= n; k++)
			printf "%s%s", name[k] in at ? $at[name[k]] : "?", k < n ? " " : "\n"
	}'
}

near() { # tolerance, numbers, as many that they have to be; relative
	awk -v tolerance="$1" -v got="$2" -v want="$3" 'BEGIN {
		n = split(got, g, " ")
		if (n == 0 || n != split(want, w, " "))
			bad = 1
		for (k = 1; k <= n; k++)
			if (g[k] !~ /^-?[0-9]/ || (g[k] - w[k]) ^ 2 > (tolerance * w[k]) ^ 2)
				bad = 1
		if (bad)
			print got "\nrather than\n" want
		exit bad
	}'
}

# A cell at -70 mV with a step of the current from 100 to 400 ms of 500, and its
# answer: R (1 - exp(-t/tau)), of up to two terms.  Sampled every dt ms, noise in
# mV, and as many sweeps with new noise.
cell() { # settings of awk such as amp=-0.1 r1=100 tau1=20
	local one said=()
	for one; do
		said+=(-v "$one")
	done
	awk -v amp=-0.1 -v r1=100 -v tau1=20 -v tau2=1 -v dt=0.1 -v seed=5 \
		"${said[@]}" "$draws"'
	function g() {
		return sqrt(-2 * log(1 - draw())) * cos(6.283185307179586 * draw())
	}
	function answer(t) {
		if (t <= 0)
			return 0
		return r1 * (1 - exp(-t / tau1)) + r2 * (1 - exp(-t / tau2))
	}
	BEGIN {
		sow(seed)
		print (sweeps ? "sweep," : "") "time_ms,v_mV,i_nA"
		for (s = 1; s <= (sweeps ? sweeps : 1); s++)
			for (k = 0; k * dt <= 500; k++) {
				t = k * dt
				v = -70 + amp * (answer(t - 100) - answer(t - 400))
				if (noise)
					v += noise * g()
				i = t > 100 && t <= 400 ? amp : 0
				printf "%s%.14g,%.17g,%s\n", sweeps ? s "," : "", t, v, i
			}
	}'
}

json() { # file, keys from the outside to the inside
	/usr/bin/python3 -c 'import json, sys
value = json.load(open(sys.argv[1]))
for key in sys.argv[2:]:
	value = value[int(key) if isinstance(value, list) else key]
print(repr(value))' "$@"
}

# ---- Cells that are known ----

@test "one exponential, either sign, every method" {
	local amp
	for amp in -0.1 0.1 -0.003 2; do
		cell amp=$amp >in
		near 1e-9 "$(passive-fit in | get tau_ms)" 20
		near 1e-6 "$(passive-fit in | get c_in_pF)" 200
		near 1e-9 "$(passive-fit --method exp --window whole in |
			get tau_ms a1_mV v_inf_mV)" \
			"20 $(awk "BEGIN { print -1 * $amp * 100, -70 + $amp * 100 }")"
		near 1e-4 "$(passive-fit --method simple --baseline 0 in |
			get tau_ms)" 20
		near 1e-9 "$(passive-fit --baseline 0 in |
			get v_rest_mV v_final_mV amp_pA r_in_MOhm)" \
			"-70 $(awk "BEGIN { printf \"%.12f %s %.12f\", \
				-70 + $amp * 100 * (1 - exp(-15)), $amp * 1000,
				100 * (1 - exp(-15)) }")"
	done
}

@test "two exponentials" {
	cell r1=120 tau1=30 r2=20 tau2=1.5 >in
	near 1e-7 "$(passive-fit --method exp2 in |
		get tau_ms a1_mV tau1_ms a2_mV tau2_ms v_inf_mV)" \
		"30 12 30 2 1.5 -84"
	is "$(passive-fit --method exp2 in | get tau_method status)" "exp2 ok"
	cell r1=20 tau1=1.5 r2=120 tau2=30 amp=0.05 >in
	near 1e-7 "$(passive-fit --method exp2 in |
		get tau_ms a1_mV tau1_ms a2_mV tau2_ms)" "30 -6 30 -1 1.5"
	cell r1=100 tau1=20 r2=100 tau2=10 >in
	near 1e-6 "$(passive-fit --method exp2 in | get tau1_ms tau2_ms)" "20 10"
}

@test "a sag is not the membrane, though it is slower" {
	local sign
	for sign in -0.1 0.1; do
		cell amp=$sign r1=150 tau1=12 r2=-40 tau2=60 >in
		near 1e-7 "$(passive-fit --method exp2 in |
			get tau_ms tau1_ms tau2_ms)" "12 12 60"
		near 1e-3 "$(passive-fit --peak-width 0 --baseline 0 in |
			get sag_ratio)" "$(awk 'BEGIN {
				for (t = 0; t < 300; t += 0.01) {
					v = 150 * (1 - exp(-t / 12)) - 40 * (1 - exp(-t / 60))
					if (v > peak)
						peak = v
				}
				v = 150 - 40 * (1 - exp(-5))
				print (peak - v) / peak
			}')"
	done
}

# bats test_tags=long
@test "a time constant in noise is known as well as its error says" {
	local options more
	while IFS=: read -r options more; do
		# shellcheck disable=SC2086
		cell noise=0.3 dt=0.2 sweeps=40 $more | passive-fit $options |
			get tau_ms tau_se status | awk -v what="$options $more" '
			{ z = ($1 - 20) / $2; print z; q += z * z }
			z < 2 && z > -2 { two++ }
			z < 4 && z > -4 && $3 == "ok" { four++ }
			END {
				print what, NR, two, four, q / NR >"/dev/stderr"
				exit !(NR == 40 && two >= 34 && four == 40)
			}' >>z
	done <<-'END'
	--method exp --window whole --baseline 100:seed=11
	--method exp --window whole --baseline 100:seed=22 amp=0.1
	--method exp --window whole --baseline 2:seed=33
	--method exp --window allen:seed=44 amp=0.05
	--method exp2:seed=55 r2=30 tau2=2
	--method exp2:seed=66 amp=0.1 r1=150 r2=-50 tau2=80
	END
	# Of 240 normal numbers the mean square is 1 give or take 0.09.
	awk '{ q += $1 * $1 } END { exit !(q / NR > 0.7 && q / NR < 1.3) }' z
}

# With rest from few samples, its error is the most of that of tau; with one, it
# is taken to be exact.
@test "the error of rest is in that of tau" {
	local few many one
	cell noise=0.3 >in
	many=$(passive-fit --method exp --window whole in | get tau_se)
	few=$(passive-fit --method exp --window whole --baseline 1 in | get tau_se)
	one=$(passive-fit --method exp --window whole --baseline 0 in | get tau_se)
	awk "BEGIN { exit !($few > 1.5 * $many && $one < 1.2 * $many) }"
}

@test "rss and r2 are those of the curve" {
	local options
	cell noise=0.3 r2=10 tau2=3 >in
	for options in "--method exp" "--method exp --window whole" \
		"--method exp2"; do
		# shellcheck disable=SC2086
		passive-fit $options --curve in | awk -F, 'NR > 1 && $3 != "" && $1 > 100.01 {
			n++; rss += ($2 - $3) ^ 2; s += $2; q += ($2 + 75) ^ 2
		} END {
			s = s / n + 75
			printf "%.12g %.12g\n", rss, 1 - rss / (q - n * s * s)
		}' >want
		# shellcheck disable=SC2086
		near 1e-8 "$(passive-fit $options in | get rss r2)" "$(cat want)"
	done
}

# ---- What others say ----

traces() { # the reference's traces: cell, protocol, as "in"
	need "golden/cells/$1/c34/$2/trace.csv.gz"
	zcat "$golden/$1/c34/$2/trace.csv.gz" >in
}

@test "BMTool's rest, steady state, input resistance and simple tau" {
	local cell run
	for cell in PV_Cell ET_Cell scnn1a; do
		for run in passive_exp2 passive_m20; do
			traces $cell $run
			j=$golden/$cell/c34/$run/result.json
			near 1e-10 "$(passive-fit --method simple --baseline 0 in |
				get v_rest_mV v_final_mV r_in_MOhm)" \
				"$(json "$j" v_rest) $(json "$j" cell_v_final) $(json "$j" r_in)"
		done
		traces $cell passive_exp2
		near 1e-9 "$(passive-fit --method simple --grid --baseline 0 in |
			get tau_ms)" \
			"$(json "$golden/$cell/c34/passive_simple/result.json" tau)"
	done
}

@test "BMTool's sag" {
	local cell run
	for cell in ET_Cell scnn1a; do
		for run in passive_exp2 passive_m20; do
			traces $cell $run
			j=$golden/$cell/c34/$run/result.json
			near 1e-4 "$(passive-fit --peak-width 0 --baseline 0 in |
				get sag_mV sag_ratio)" \
				"$(json "$j" v_sag) $(json "$j" sag_norm)"
		done
	done
}

@test "BMTool's single exponential, and its error" {
	local cell j
	for cell in PV_Cell ET_Cell scnn1a; do
		traces $cell passive_exp2
		j=$golden/$cell/c34/passive_exp/result.json
		passive-fit --method exp --window whole --baseline 0 in >out
		near 1e-5 "$(get v_inf_mV a1_mV tau_ms <out)" \
			"$(json "$j" popt 0) $(json "$j" popt 1) $(json "$j" tau)"
		near 1e-9 "$(get rss <out)" "$(json "$j" fit_rss)"
		near 1e-4 "$(get tau_se <out)" \
			"$(json "$j" pcov 1 1 | awk '{ print sqrt($1) }')"
	done
}

# bats test_tags=long
@test "BMTool's double exponential, where it is one" {
	local cell run j first second
	for cell in PV_Cell scnn1a; do
		for run in passive_exp2 passive_m20; do
			traces $cell $run
			j=$golden/$cell/c34/$run/result.json
			first=1 second=2
			[ $cell = scnn1a ] && first=2 second=1
			passive-fit --method exp2 --baseline 0 in >out
			near 2e-5 "$(get v_inf_mV a1_mV tau1_ms a2_mV tau2_ms <out)" \
				"$(for k in 0 $first $((first + 2)) $second \
					$((second + 2)); do json "$j" popt "$k"; done | xargs)"
			near 1e-5 "$(get tau_ms rss <out)" \
				"$(json "$j" tau) $(json "$j" fit_rss)"
			near 1e-3 "$(get tau_se <out)" \
				"$(json "$j" pcov $((first + 1)) $((first + 1)) |
					awk '{ print sqrt($1) }')"
			is "$(get status <out)" ok
		done
	done
}

@test "BMTool's double exponential of 3251 mV is refused" {
	local run
	for run in passive_exp2 passive_m20; do
		traces ET_Cell $run
		passive-fit --method exp2 in >out
		[[ $(get status <out) == degenerate:* ]]
		is "$(get tau_method a1_mV tau1_ms a2_mV tau2_ms v_inf_mV <out)" \
			"exp-allen     "
		is "$(get tau_ms rss tau_se <out)" \
			"$(passive-fit in | get tau_ms rss tau_se)"
	done
}

# bats test_tags=long
@test "AllenSDK's features" {
	local cell run
	allen() { json "$golden/allensdk_features.json" "$cell/c34/$run" "$1"; }
	for cell in PV_Cell ET_Cell scnn1a; do
		for run in passive_simple passive_m20; do
			traces $cell ${run/simple/exp2}
			passive-fit in >out
			near 1e-12 "$(get v_rest_mV v_final_mV <out)" \
				"$(allen v_baseline) $(allen v_ss_last100ms)"
			near 1e-7 "$(get r_in_MOhm tau_ms c_in_pF <out)" \
				"$(allen R_in_ss_MOhm) $(allen tau_ms) $(allen C_in_pF=tau/R_ss)"
			near 1e-11 "$(passive-fit --peak in | get r_in_MOhm)" \
				"$(allen R_in_peak_MOhm)"
			[ $cell = PV_Cell ] || # its sag is 1e-12
				near 1e-9 "$(get sag_ratio <out)" "$(allen sag)"
		done
	done
}

# eFEL interpolates to 0.1 ms, and has the first sample of the step in its rest.
@test "eFEL's rest and steady state" {
	local folder=$reference/data/o13-efel-allfeatures/tests/testdata/allfeatures
	local options=(--method simple --no-header --amp 1 --delay 700 --dur 2000)
	need "${folder#"$reference"/}"
	near 1e-4 "$(passive-fit "${options[@]}" --baseline 70 \
		"$folder/testdata.txt" | get v_rest_mV)" \
		"$(json "$folder/expectedresults.json" voltage_base 0)"
	near 1e-5 "$(passive-fit "${options[@]}" --baseline 200 \
		"$folder/testdata.txt" | get v_final_mV)" \
		"$(json "$folder/expectedresults.json" steady_state_voltage_stimend 0)"
}

# ---- Options ----

few() { # rest of -60 then -70; a step in four samples; after it
	printf '%s\n' time_ms,v_mV,i_nA 0,-60,0 10,-70,0 20,-80,-0.1 \
		30,-88,-0.1 40,-84,-0.1 50,-80,-0.1 60,-75,0 70,-70,0
}

@test "--baseline: the rest and the steady state" {
	cell >in
	awk -F, 'NR > 1 { $2 += $1 / 1000 } { print }' OFS=, in >drift
	near 1e-9 "$(for b in 0 20 40 1000; do
		passive-fit --method simple --baseline $b drift | get v_rest_mV
	done | xargs)" "-69.9 -69.91005 -69.92005 -69.95005"
	# The steady state is no more than a tenth of the step, of 30 ms.
	near 1e-6 "$(for b in 0 20 30 100; do
		passive-fit --method simple --baseline $b drift | get v_final_mV
	done | xargs)" "$(for b in 0.05 20 30 30; do
		awk "BEGIN { for (k = n = 0; k * .1 <= $b - 0.05; k++) { t = 400 - $b + .1 * k; \
			if ($b == 0.05) t = 400; n++
			s += -80 + 10 * exp(-(t - 100) / 20) + t / 1000 } print s / n }"
	done | xargs)"
	few | passive-fit --method simple | get v_rest_mV | grep -qx -e -60
	few | passive-fit --method simple --baseline 0 |
		get v_rest_mV | grep -qx -e -70
}

@test "--peak: the input resistance there" {
	few | passive-fit --method simple --baseline 0 >out
	near 1e-12 "$(get r_in_MOhm <out)" 100
	few | passive-fit --method simple --baseline 0 --peak >out
	near 1e-12 "$(get r_in_MOhm v_final_mV <out)" "180 -80"
}

@test "--peak-width: the mean round the peak, within the step" {
	few | passive-fit --method simple --baseline 0 --peak-width 0 >out
	near 1e-12 "$(get sag_mV sag_ratio <out)" \
		"-8 $(awk 'BEGIN { printf "%.15g", 8 / 18 }')"
	few | passive-fit --method simple --baseline 0 --peak-width 20 >out
	near 1e-12 "$(get sag_mV sag_ratio <out)" \
		"-4 $(awk 'BEGIN { printf "%.15g", 4 / 14 }')"
	few | passive-fit --method simple --baseline 0 --peak-width 200 >out
	near 1e-12 "$(get sag_mV <out)" -3
	is "$(cell | passive-fit --method simple --baseline 0 --peak-width 0 |
		get sag_mV sag_ratio)" "0 0"
	near 1e-6 "$(cell noise=1 | passive-fit | get sag_mV)" \
		"$(cell noise=1 | passive-fit --peak-width 5 | get sag_mV)"
}

@test "--method simple, and --grid" {
	few | passive-fit --method simple --baseline 0 >out
	near 1e-12 "$(get tau_ms <out)" \
		"$(awk 'BEGIN { printf "%.15g", 10 * (1 - exp(-1)) }')"
	is "$(get tau_method tau_se rss r2 status <out)" "simple    ok"
	few | passive-fit --method simple --grid --baseline 0 >out
	is "$(get tau_ms tau_method <out)" "10 simple-grid"
	few | sed 's/-0.1/0.1/; s/-8[0-9]/-60/' | passive-fit --method simple \
		--grid --baseline 0 >out
	is "$(get tau_ms r_in_MOhm <out)" "10 100"
}

@test "--area: a leak, a capacitance and a reversal potential" {
	passive-fit --method simple --area 25000 "$data/steps.csv" >out
	get r_in_MOhm tau_ms v_rest_mV <out | awk '{
		g = 100 / ($1 * 25000)
		printf "%.15g %.15g %s\n", g, 1000 * $2 * g, $3
	}' | xargs >want
	near 1e-12 "$(get g_leak_S_cm2 c_m_uF_cm2 e_leak_mV <out | xargs)" \
		"$(cat want)"
	# 100 MOhm and 20 ms are 1 uF/cm2 on 20000 um2
	near 1e-6 "$(cell | passive-fit --area 20000 |
		get g_leak_S_cm2 c_m_uF_cm2)" "5e-5 1"
}

@test "--curve: rest, and the fit where it was fitted" {
	cell >in
	passive-fit --method exp --window whole --curve in >out
	is "$(sed -n '1p;2p' out | cut -d, -f1,2)" "time_ms,v_mV
0,-70"
	is "$(wc -l <out)" 4002
	awk -F, 'NR > 1 && ($3 == "" || ($2 - $3) ^ 2 > 1e-16)' out >wrong
	is "$(cat wrong)" ""
	# Allen's window begins at a tenth of the peak, and ends at it.
	cell r1=150 tau1=12 r2=-40 tau2=60 >in
	passive-fit --curve in >out
	is "$(awk -F, 'NR > 1 && $1 > 100.01 && $3 == "" { n++ }
		n && $3 != "" && !first { first = $1 }
		$3 != "" { last = $1 } END { print first, last }' out)" \
		"$(awk -F, 'NR > 1 && $2 < peak { peak = $2; at = $1 }
		{ t[NR] = $1; v[NR] = $2 } END {
			for (k = 2; v[k] > -70 + (peak + 70) / 10; k++)
				;
			for (j = k; t[j + 1] < at; j++)
				;
			print t[k], t[j]
		}' in)"
}

@test "--curve: sweeps, a refused fit, and a picture" {
	passive-fit --curve --baseline 10 "$data/steps.csv" >out
	is "$(head -n 1 out)" sweep,time_ms,v_mV,fit_mV
	is "$(cut -d, -f1 out | uniq -c | xargs)" \
		"1 sweep 161 -100 161 -50 161 50"
	plot-lines -x time_ms -y v_mV,fit_mV --panel sweep out | grep -q '<svg'
	cell >in
	run --separate-stderr passive-fit --method exp2 --curve in
	[ "$status" -eq 0 ]
	[[ $stderr == "passive-fit: in:2: degenerate: "* ]]
	is "$output" "$(passive-fit --curve in)"
}

@test "--vi: a line through all sweeps" {
	passive-fit --method simple "$data/steps.csv" | get amp_pA v_rest_mV v_final_mV |
		awk '{ x = $1 / 1000; y = $3 - $2; n++
			sx += x; sy += y; sxx += x * x; sxy += x * y; syy += y * y }
		END {
			d = sxx - sx * sx / n
			m = (sxy - sx * sy / n) / d
			c = (sy - m * sx) / n
			rss = syy - sy * sy / n - m * (sxy - sx * sy / n)
			printf "%.12g %.6g %.6g %d\n", m, sqrt(rss / (n - 2) / d), c, n
		}' >want
	near 1e-4 "$(passive-fit --vi "$data/steps.csv" |
		get r_in_MOhm r_in_se_MOhm intercept_mV sweeps)" "$(cat want)"
	near 1e-9 "$(passive-fit --vi "$data/steps.csv" | get r_in_MOhm)" \
		"$(cut -d' ' -f1 want)"
	# At the peak, a sample, and at rest and in the end with one sample each.
	[ "$(passive-fit --vi --peak "$data/steps.csv")" != \
		"$(passive-fit --vi "$data/steps.csv")" ]
	[ "$(passive-fit --vi --baseline 0 "$data/steps.csv")" != \
		"$(passive-fit --vi "$data/steps.csv")" ]
	is "$(grep -v ^50 "$data/steps.csv" | passive-fit --vi | get r_in_se_MOhm sweeps)" \
		" 2"
}

@test "--vi in noise is known as well as its error says" {
	local k
	awk "$draws"'BEGIN {
		sow(3)
		for (k = 1; k <= 60; k++) {
			file = "vi" k
			print "amp_pA,time_ms,v_mV,i_nA" >file
			for (amp = -5; amp <= 5; amp++) {
				if (amp == 0)
					continue
				e = sqrt(-2 * log(1 - draw())) * cos(6.2831853 * draw())
				for (t = 0; t <= 20; t++) {
					v = t > 10 ? amp * 2 + e - 70 : -70
					i = t > 10 ? amp / 50 : 0
					print amp * 20 "," t "," v "," i >file
				}
			}
			close(file)
		}
	}'
	for k in {1..60}; do
		passive-fit --vi vi"$k" | get r_in_MOhm r_in_se_MOhm sweeps
	done | awk '{ z = ($1 - 100) / $2 } z < 2.3 && z > -2.3 { n++ }
		$3 != 10 { wrong++ }
		END { print n; exit !(n >= 52 && n < 60 && !wrong) }'
}

@test "--vi: sweeps that make no line" {
	few >in
	bad "in: --vi: the sweeps have no two different steps" --vi in
	cell sweeps=2 >in
	bad "in: --vi: the sweeps have no two different steps" --vi in
}

@test "-o and --tsv" {
	passive-fit -t -o out "$data/steps.csv"
	is "$(tr '\t' , <out)" "$(passive-fit "$data/steps.csv")"
}

@test "the columns are those of the options, not of the rows" {
	local common=sweep,v_rest_mV,v_final_mV,amp_pA,r_in_MOhm,tau_ms,tau_method
	common+=,sag_mV,sag_ratio,c_in_pF,rss,r2,tau_se,status
	header() { few | passive-fit "$@" | head -n 1; }
	is "$(header --method simple)" "$common"
	is "$(header)" "$common,v_inf_mV,a1_mV,tau1_ms"
	is "$(header --window whole)" "$common,v_inf_mV,a1_mV,tau1_ms"
	is "$(header --method exp2 --area 3)" \
		"$common,v_inf_mV,a1_mV,tau1_ms,a2_mV,tau2_ms,g_leak_S_cm2,c_m_uF_cm2,e_leak_mV"
	few | passive-fit --method exp2 --area 3 |
		awk -F, 'NF != 22 { exit 1 } END { exit NR != 2 }'
}

@test "misuse" {
	misused "--method: must be simple|exp|exp2: 'x'" --method x
	misused "--window: must be allen|whole: 'x'" --window x
	misused "--window needs --method=exp" --method exp2 --window whole
	misused "--grid needs --method=simple" --grid
	misused "--curve and --method=simple exclude each other" --method simple --curve
	misused "--curve and --vi exclude each other" --curve --vi
	misused "--vi and --method exclude each other" \
		--vi --method exp
	misused "--curve and --peak exclude each other" --curve --peak
	misused "--vi and --area exclude each other" --vi --area 1
	misused "--curve and --peak-width exclude each other" --curve \
		--peak-width 5
	misused "--vi and --peak-width exclude each other" --vi \
		--peak-width 5
	misused "--baseline: must be in [0,inf): '-1'" --baseline -1
	misused "--baseline: not a number: 'x'" --baseline x
	misused "--peak-width: must be in [0,inf): 'inf'" --peak-width inf
	misused "--area: must be in (0,inf): '0'" --area 0
}

# ---- What cannot be measured ----

@test "fewer samples than parameters" {
	few | passive-fit --method exp2 >out
	is "$(get status tau_ms tau_method c_in_pF <out)" \
		"too few samples: 4 for 4 parameters; Allen's window: too few samples: 2 for 3 parameters   "
	is "$(few | passive-fit | get status)" "too few samples: 2 for 3 parameters"
	is "$(few | passive-fit --method simple | get status)" ok
}

@test "fits that say nothing are refused, and Allen's window is taken" {
	local tau status
	while IFS=: read -r options status; do
		# shellcheck disable=SC2086
		cell $options | passive-fit --method exp2 >out
		[[ $(get status <out) == "degenerate: $status"* ]] || {
			cat out
			false
		}
		is "$(get tau_method tau1_ms a2_mV <out)" "exp-allen  "
		tau=$(get tau_ms <out)
		[ -n "$tau" ]
	done <<-'END'
	r1=100 tau1=20 r2=100 tau2=20.5:time constants of
	r1=3000 tau1=20 r2=-2900 tau2=22:an amplitude of
	r1=100 tau1=20 r2=60 tau2=900:a time constant of 900 ms in a step of 300 ms
	r1=100 tau1=20 noise=0.5:
	END
}

@test "one term that is no exponential" {
	awk 'BEGIN {
		print "time_ms,v_mV,i_nA"
		for (t = 0; t <= 300; t++)
			print t "," (t > 100 ? -70 - (t - 100) / 10 : -70) "," \
				(t > 100 ? -0.1 : 0)
	}' >in
	passive-fit in >out
	[[ $(get status <out) == "degenerate: "* ]]
	is "$(get tau_ms tau_method tau_se <out)" "  "
	passive-fit --window whole in >out
	[[ $(get status <out) == "degenerate: "*"; Allen's window: degenerate: "* ]]
	is "$(get tau_ms tau_method tau_se <out)" "  "
}

@test "no answer to the step, or one against it" {
	local method
	cell r1=0 >flat
	cell r1=-100 >against
	for method in simple exp exp2; do
		is "$(passive-fit --method $method flat |
			get status tau_ms r_in_MOhm c_in_pF)" \
			"no deflection in the direction of the step  0 "
		is "$(passive-fit --method $method against | get status tau_ms)" \
			"no deflection in the direction of the step "
	done
	# Rest of one sample in noise can be past the mean of the end.
	is "$(few | passive-fit --method simple --area 1 | get status)" ok
}

@test "numbers as large and as small as are read" {
	local method big small
	for big in 1e97 1e-90; do
		for small in 1 1e-95; do
			cell | awk -F, -v b=$big -v s=$small 'NR > 1 {
				$1 *= s; $2 *= b; $3 *= s
			} { print }' OFS=, OFMT=%.17g CONVFMT=%.17g >in
			for method in simple exp exp2; do
				passive-fit --method $method in >out
				is "$(wc -l <out) $(tail -n 1 out | grep -c -e inf -e nan)" "2 0"
			done
		done
	done
}

@test "a fit that is refused leaves no parameters, whatever is taken instead" {
	cell seed=1 noise=0.05 dt=0.5 r1=50 tau1=64 r2=-35 tau2=0.036 |
		passive-fit --window whole >out
	[[ $(get status <out) == degenerate:* ]]
	is "$(get tau_method v_inf_mV a1_mV tau1_ms <out)" "exp-allen   "
	near 0.1 "$(get tau_ms <out)" 64
}

@test "a time constant that the samples do not determine" {
	cell seed=14 noise=0.05 dt=0.5 r1=50 tau1=64 r2=-35 tau2=0.036 |
		passive-fit --method exp2 >out
	[[ $(get status <out) == "degenerate: the samples do not determine a time constant of "*" ms" ]]
}

# ---- The current before the step ----

# A pulse from 20 to 40 ms, which the voltage does not follow: its drift tells
# which samples are of the mean.
pulsed() { # current of the pulse in nA
	cell r1="${2:-100}" tau1="${3:-20}" | awk -F, -v OFS=, -v pulse="$1" \
		'NR > 1 { $2 += $1 / 1000; if ($1 > 20 && $1 <= 40) $3 = pulse }
		{ print }'
}

@test "rest is the last fifth of the time since the current changed" {
	local pulse
	for pulse in -0.1 0.02 0.5; do
		pulsed $pulse >in
		# From 88 to 99.9 ms, and less where that is asked for.
		near 1e-9 "$(passive-fit in | get v_rest_mV amp_pA)" \
			"-69.90605 -100"
		near 1e-9 "$(passive-fit --baseline 5 in | get v_rest_mV)" \
			-69.90255
		near 1e-9 "$(passive-fit --baseline 0 in | get v_rest_mV)" -69.9
	done
	# Single samples are no change, and what is said is not looked for.
	awk -F, -v OFS=, '$1 == 50 { $3 = 1 } { print }' in | passive-fit >out
	near 1e-9 "$(get v_rest_mV <out)" -69.90605
	near 1e-9 "$(passive-fit --amp -100 --delay 100 --dur 300 in |
		get v_rest_mV)" -69.95005
	awk -F, -v OFS=, 'NR > 1 { $3 += $1 > 20 && $1 <= 40 ? -0.004 : 0 } { print }' \
		<(pulsed 0) | passive-fit >out
	near 1e-9 "$(get v_rest_mV <out)" -69.95005
}

@test "a pulse that the voltage has forgotten changes nothing" {
	awk 'BEGIN {
		print "time_ms,v_mV,i_nA"
		for (k = 0; k <= 9000; k++) {
			t = k / 10
			v = -70
			if (t > 20) v += 50 * (1 - exp(-(t - 20) / 20))
			if (t > 30) v -= 50 * (1 - exp(-(t - 30) / 20))
			if (t > 330) v -= 10 * (1 - exp(-(t - 330) / 20))
			if (t > 630) v += 10 * (1 - exp(-(t - 630) / 20))
			print t "," v "," (t > 20 && t <= 30 ? 0.5 : t > 330 && t <= 630 ? -0.1 : 0)
		}
	}' OFMT=%.15g CONVFMT=%.15g >in
	passive-fit in >out
	near 1e-4 "$(get v_rest_mV r_in_MOhm <out)" "-70 100"
	is "$(get status <out)" ok
	# With 100 ms instead of 300 between them it is not forgotten.
	awk -F, 'NR == 1 || $1 <= 30 || $1 > 230' in >near
	passive-fit near >out
	is "$(get status <out)" ok
	awk -F, -v OFS=, '{ if ($1 > 255 && $1 <= 270) $3 = -0.02 } { print }' in |
		passive-fit >out
	is "$(get status amp_pA <out)" \
		"rest is not settled: the current changes 60 ms before the step -100"
}

@test "the amplitude is of the current next to that of rest" {
	cell | awk -F, -v OFS=, 'NR > 1 { 
		$3 = $1 <= 60 ? 0 : $1 <= 100 ? -0.04 : $1 <= 400 ? -0.14 : -0.04
	} { print }' | passive-fit >out
	near 1e-5 "$(get amp_pA r_in_MOhm <out)" "-100 100"
}

# ---- Spikes ----

spiking() { # times of spikes of a tenth of a millisecond
	awk -F, -v OFS=, -v times="$*" 'BEGIN { n = split(times, at, " ") }
	NR > 1 {
		for (k = 1; k <= n; k++)
			if ($1 == at[k])
				$2 = 20
	} { print }'
}

@test "spikes in the step leave no time constant" {
	local method
	for method in simple exp exp2; do
		is "$(cell amp=0.1 | spiking 150 200 250 |
			passive-fit --method $method | get tau_ms tau_method status)" \
			"  3 spikes in the step"
	done
	is "$(cell amp=0.1 | spiking 150 | passive-fit | get tau_ms status)" \
		" 1 spike in the step"
	is "$(cell amp=0.1 | spiking 450 | passive-fit | get status)" ok
	# A passive cell may be above it for good.
	is "$(cell amp=2 | passive-fit | get status)" ok
}

@test "--vi leaves sweeps with spikes out" {
	{
		cell sweeps=1
		cell amp=-0.05 sweeps=1 | sed '1d; s/^1,/2,/'
	} >in
	passive-fit --vi in >want
	near 1e-6 "$(get r_in_MOhm sweeps <want)" "100 2"
	{
		cat in
		cell amp=0.2 r1=50 sweeps=1 | sed '1d; s/^1,/3,/' |
			awk -F, -v OFS=, '$2 == 150 || $2 == 200 { $3 = 20 } { print }'
	} >fires
	run --separate-stderr passive-fit --vi fires
	is "$output" "$(cat want)"
	is "$stderr" "passive-fit: fires:10004: sweep '3': 2 spikes in the step: left out"
}

@test "a sweep of no current among others" {
	{
		cell sweeps=1
		cell amp=0 sweeps=1 | sed '1d; s/^1,/2,/'
	} >in
	passive-fit in >out
	is "$(get sweep status r_in_MOhm tau_ms <out | tail -n 1)" \
		"2 no step in the current  "
	awk -F, 'NF != 17 { exit 1 }' out
	is "$(passive-fit --method exp2 --area 5 in | awk -F, '{ print NF }' | uniq)" 22
	run --separate-stderr passive-fit --curve in
	is "$stderr" "passive-fit: in:5003: sweep '2': no step in the current: left out"
	is "$output" "$(passive-fit --curve in 2>/dev/null)"
	[ "$status" -eq 0 ]
	run --separate-stderr passive-fit --vi in
	is "${stderr_lines[0]}" "passive-fit: in:5003: sweep '2': no step in the current: left out"
	[ "$status" -eq 1 ]
}
