# Tuning a cell, tune.mk.
load common.bash
load cells.sh
load pipelines.sh

tune() { make --no-print-directory -f "$here/tune.mk" "$@"; }

small() { # a cell of Hodgkin and Huxley's channels, whose leak is fitted
	[ -e cell.hoc ] || cp "$data/cell.hoc" .
	printf '%s\n' feature,amp_pA,value,sd r_in_MOhm,-20,60,2 \
		rate_Hz,300,60,20 >targets.csv
	printf '%s\n' name,low,high g_pas@all,5e-5,3e-4 >bounds.csv
	touch -d '2001-01-01' targets.csv bounds.csv
	tune HOC=cell.hoc TEMPLATE=Cell CUTS=none TARGETS=targets.csv \
		BOUNDS=bounds.csv OUT=out SETTLE=20 DUR=50 CLAMP=300 \
		AMPS=0:300:150 JOBS=1 \
		FITTING='--seed 1 --max-evals 12 --starts 1' "$@"
}

@test "a cell is tuned again only where something has changed" {
	small >first
	is "$(small)" "make: Nothing to be done for 'all'."
	is "$(head -n 1 out/tuned.csv)" name,value
	[ "$(wc -l <out/result.csv)" -eq 3 ]
	small AMPS=0:300:100 >second
	[ "$(wc -l <out/fi-tuned.csv)" -eq 5 ]
	run ! grep -q '^cell-fit\|^cell-gates' second
	touch -d '+2 seconds' out/tuned.csv
	small AMPS=0:300:100 >third
	grep -q '^fi-sweep .*fi-tuned.csv' third
	run ! grep -q '^cell-fit\|^fi-sweep .*fi-before\|^cell-gates' third
	touch -d '+4 seconds' targets.csv
	tune -n HOC=cell.hoc TEMPLATE=Cell CUTS=none TARGETS=targets.csv \
		BOUNDS=bounds.csv OUT=out | grep -q '^cell-fit'
}

# The fit is closer than what there was, and the tables are of its parameters.
@test "what comes out is nearer to the targets" {
	small >log
	cell-clamp --hoc cell.hoc --template Cell --amp -20 --settle 20 --dur 50 |
		passive-fit --baseline 10 >before.csv
	awk -v before="$(column r_in_MOhm before.csv)" -F, '
		$1 == "r_in_MOhm" { d = $8 - 60; b = before - 60
			exit !(d * d < b * b) }' out/result.csv
	diff out/fi-tuned.csv <(fi-sweep --hoc cell.hoc --template Cell \
		--params out/tuned.csv --settle 20 --dur 50 --amps 0:300:150)
	for picture in gates 'fi' clamp score; do
		grep -q '</svg>' "out/$picture.svg"
		run ! grep -q 'no data' "out/$picture.svg"
	done
	grep -q '>target<' out/fi.svg
	grep -q '<pre><code>cell-fit ' out/index.html
	is "$(grep -c '<img ' out/index.html)" 4
	[ ! -e out/seg ]
}

@test "an Allen cell is imported, and cuts of one's own are taken" {
	printf '%s\n' feature,amp_pA,value,sd rate_Hz,100,20,5 >targets.csv
	printf '%s\n' name,low,high soma.gbar_Imseg,5e-4,2e-3 >bounds.csv
	printf '%s\n' mechanism,gate,cut_mV,width_mV Im,m,-45,0 >cuts.csv
	tune SWC="$data/allen/cell.swc" FIT="$data/allen/fit.json" \
		CUTS=cuts.csv TARGETS=targets.csv BOUNDS=bounds.csv OUT=out \
		SETTLE=20 DUR=100 CLAMP=100 AMPS=0:100:100 \
		FITTING='--seed 1 --max-evals 3 --starts 1' FORMAT=png >log
	grep -q 'begintemplate Imported' out/cell.hoc
	(cd out/seg; is "$(printf '%s ' *)" 'ImportedSeg.hoc Imseg.mod ')
	is "$(awk -F, 'NR > 1 { print $1 }' out/tuned.csv)" soma.gbar_Imseg
	is "$(head -c 4 out/conductances.png | tail -c 3)" PNG
	[ "$(wc -l <out/fi-segregated.csv)" -eq 3 ]
}

@test "what is not given is asked for" {
	run tune TEMPLATE=Cell
	[ "$status" -eq 2 ]
	[[ $output == *"give a cell: HOC=cells.hoc TEMPLATE=name MECHANISMS=modfiles"* ]]
	run tune
	[[ $output == *"give a cell: HOC=cells.hoc TEMPLATE=name MECHANISMS=modfiles"* ]]
	run tune HOC=cell.hoc
	[[ $output == *"which template is to be segregated? TEMPLATE=name"* ]]
	run tune HOC=cell.hoc TEMPLATE=Cell
	[[ $output == *"what is the cell to do? TARGETS=targets.csv"* ]]
	run tune HOC=cell.hoc TEMPLATE=Cell TARGETS=t.csv
	[[ $output == *"which parameters may change? BOUNDS=bounds.csv"* ]]
	[ ! -e tuned ]
}
