# The demo draws what it is said to draw, and the same each time: what the gallery
# has was drawn before, by a run of its own.
load common.bash
load pipelines.sh

teardown() { readable; }

setup_file() {
	cd "$BATS_FILE_TMPDIR" || return
	"$here/demo.sh" demo >log
}

setup() { cd "$BATS_FILE_TMPDIR" || return; }

@test "the demo makes every table and picture" {
	grep -q '^sonata-pack -n la/cells.csv -o la/network ' log
	grep -q '^PV  *0.093' log # the matrix in the terminal
	for tool in sonata-spikes sonata-report spike-rate plot-raster plot-graph \
		plot-positions graph-export graph-stats graph-html \
		cell-couple rate-pattern node-groups; do
		grep -q "^\(.*[$|] *\)\?$tool " log
	done
	for table in types populations nodes matrix cells histogram distance \
		graph activity/report/summary activity/report/groups \
		activity/report/cells activity/report/rates field theta; do
		[ "$(wc -l <"demo/$table.csv")" -gt 1 ]
	done
	for picture in total probability convergence divergence reciprocal gap \
		histogram distance diagram positions activity/report/raster \
		activity/report/rates activity/report/cells \
		gallery/spectrogram; do
		grep -q '</svg>' "demo/$picture.svg"
		run ! grep -q 'no data' "demo/$picture.svg"
	done
	grep -q '</graphml>' demo/groups.graphml
	grep -q '</html>' demo/network.html
	# The header, and the 2000 cells that others reach.
	[ "$(wc -l <demo/cells.csv)" -eq 2001 ]
	for cell in Pyramidal FastSpiking; do
		for table in parameters clamp step 'fi' zap features summary \
			passive fit impedance exact; do
			[ "$(wc -l <"demo/$cell/$table.csv")" -gt 1 ]
		done
		for picture in clamp features passive 'fi' zap impedance; do
			grep -q '</svg>' "demo/$cell/$picture.svg"
			run ! grep -q 'no data' "demo/$cell/$picture.svg"
		done
	done
}

@test "the demo's cell comes nearer to what it is to do" {
	cd demo/tuned
	for table in cuts half conductances fi-before fi-segregated fi-tuned \
		tuned result history; do
		[ "$(wc -l <"$table.csv")" -gt 1 ]
	done
	for picture in gates 'fi' clamp score conductances; do
		grep -q '</svg>' "$picture.svg"
		run ! grep -q 'no data' "$picture.svg"
	done
	awk -F, 'FNR > 1 && $1 ~ /^[0-9]/ { rate[FILENAME, $1] = $3 }
		$1 == "rate_Hz" { n++
			was = rate["fi-before.csv", $3] - $6
			is = rate["fi-tuned.csv", $3] - $6
			if (is * is >= was * was || is * is > 9) exit 1 }
		END { exit n != 3 }' fi-before.csv fi-tuned.csv result.csv
}

# What cells.hoc promises of them.
@test "the cells of the demo are what they are said to be" {
	cd demo
	near "$(column v_rest_mV Pyramidal/passive.csv)" -72.1 0.1
	near "$(column r_in_MOhm Pyramidal/passive.csv)" 92 1
	near "$(column sag_ratio Pyramidal/passive.csv)" 0.15 0.01
	near "$(column r_in_MOhm FastSpiking/passive.csv)" 179 1
	near "$(column sag_ratio FastSpiking/passive.csv)" 0 0.001
	[ "$(column spikes Pyramidal/summary.csv | xargs)" = "0 15 32" ]
	[ "$(column spikes FastSpiking/summary.csv | xargs)" = "44 79 100" ]
	[ "$(column status Pyramidal/passive.csv)" = ok ]
	# The F-I curve counts what the traces have.
	[ "$(awk -F, '$1 == 300 { print $2 }' Pyramidal/fi.csv)" = 32 ]
}

# A cell of the simulation has the spikes of its current.
@test "the spikes of the demo are those of the cells" {
	cd demo
	[ "$(wc -l <activity/nodes.csv)" -eq 41 ]
	while IFS=, read -r _ id template amp _; do
		diff <(sonata-spikes --ids "$id" activity/simulation_config.json |
				sed 1d | cut -d, -f1) \
			<(sed -n "s/^$amp,//p" "activity/$template.csv")
	done < <(sed 1d activity/nodes.csv)
	[ "$(awk -F, '{ n += $5 } END { print n }' activity/report/groups.csv)" -eq \
		"$(cat activity/Pyramidal.csv activity/FastSpiking.csv |
			grep -vc amp_pA)" ]
}

# What the README says draws a picture, and what the demo does.
readme() {
	awk -v picture="$1" '/^## / { on = 0 }
		/^!\[/ { on = index($0, "(man/gallery/" picture ")") }
		on && /^    / { print substr($0, 5) }' "$here/../README.md"
}

drew() {
	local end=" >gallery/$1"

	[ "${1##*.}" = svg ] || end="  # gallery/$1"
	awk -v end="$end" '/^\$ / { s = ""; $0 = substr($0, 3) }
		{ s = s $0 "\n"; k = index($0, end) }
		k { print substr(s, 1, index(s, end) - 1); exit }' \
		"$BATS_FILE_TMPDIR/log"
}

@test "the README's gallery says how the demo draws it" {
	cd "$here/../man/gallery"
	set -- *.svg *.png
	is "$*" "$(grep -o '(man/gallery/[^)]*' ../../README.md | sed 's/.*[/]//' |
		sort -u | sort -t. -k2r,2 -k1,1 | xargs)"
	for picture; do
		readme "$picture" | grep .
		diff <(readme "$picture") <(drew "$picture")
		[ "$(wc -c <"$picture")" -lt 200000 ]
	done
}

@test "the README's gallery is what the demo draws" {
	cd demo/gallery
	gallery=$here/../man/gallery
	[ -s made-with ]
	cmp made-with "$gallery/made-with" ||
		skip "the gallery is of other programs: $(paste -sd ';' \
			"$gallery/made-with")"
	diff -rq -x tune.png -x page.png . "$gallery" # make demo; cp build/demo/gallery/* man/gallery
	# Of what a screen shows a hundredth may be different.
	for picture in tune page; do
		[ "$(compare -metric AE $picture.png "$gallery/$picture.png" \
			null: 2>&1)" -lt $((1200 * 700 / 100)) ]
	done
}

@test "the impedance of a chirp is NEURON's own, within 0.5 %" {
	cd demo
	for cell in Pyramidal FastSpiking; do
		paste -d, <(cut -d, -f1,2 $cell/impedance.csv) \
			<(cut -d, -f1,2 $cell/exact.csv) | awk -F, 'NR > 1 {
				n++
				d = $2 / $4 - 1
				if ($1 != $3 || d > 0.005 || d < -0.005) exit 1
			}
			END { exit n < 500 }'
	done
}
