# What all plot tools share: sizes of print, type, dots, captions, colours.
# shellcheck disable=SC2016,SC2034 # names of gnuplot; tool is for common.bash
load common.bash
load pictures.sh
tool=plot-matrix

setup_file() {
	cd "$BATS_FILE_TMPDIR" || return
	printf '%s\n' source,target,v a,a,1 a,b,2 b,a,3 >matrix
	printf '%s\n' t,v 0,1 1,3 2,2 >lines
	printf '%s\n' v 1 2 2 3 >hist
	printf '%s\n' node_id,pop_name,x,y,z 0,a,1,2,3 1,b,2,3,5 >positions
	printf '%s\n' timestamps,node_ids 1,0 2,1 3,0 >raster
	printf '%s\n' source,target,v a,b,2 b,a,3 >graph
}

plot() { # what after "plot-", options
	local options=()
	[ "$1" != hist ] || options=(-x v)
	[ "$1" != graph ] || options=(-y v)
	"plot-$1" "${options[@]}" "${@:2}" "$BATS_FILE_TMPDIR/$1"
}

@test "--size is a width and a height in any unit, in all tools" {
	local what
	for what in matrix lines hist positions raster; do
		plot $what --size 120mmx4in >t.svg
		grep -qx ' width="120mm" height="101.6mm"' t.svg
		grep -qx ' viewBox="0 0 454 384"' t.svg
		plot $what --size 480x300pt >t.svg
		grep -qx ' width="480pt" height="300pt"' t.svg
		plot $what --size 480x384px --script | grep -q ' size 480,384 '
	done
	plot graph --size 120mmx4in | grep -q '<svg width="34[01]pt" height="288pt"'
	plot matrix --size 12cmx300 -T pdf >t.pdf
	pdfinfo t.pdf | grep -q '^Page size: *340 x 8504 pts'
}

@test "a width alone gets a height, in a matrix that of its own proportions" {
	local what off
	for what in matrix lines hist positions raster; do
		[ $what = matrix ] && off=1.01 || off=1.5
		plot $what >t.svg
		plot $what --size 170mm >u.svg
		# shellcheck disable=SC2046 # four numbers
		set -- $(size t.svg) $(size u.svg)
		is "$3" 643
		awk "BEGIN { r = $4 / $3 / ($2 / $1); exit r < 1 / $off || r > $off }"
	done
	plot lines --size 60 -T dumb >t.txt
	[ "$(wc -L <t.txt)" -le 60 ]
}

@test "sizes that are none, and too small ones in the unit they were in" {
	for size in 0 5x 5x5x5 -5x5 40000x5 5X5 5kmx5 1e3x5 x5 '5 x5' mm 5mm5 '' \
		9mx5m 10x40000 .x5; do
		misused "--size: must be width or widthxheight, in mm, cm, in, pt or px: '$size'" \
			--size "$size" "$BATS_FILE_TMPDIR/matrix" ||
			misused "--size: must be in [1,32767] pixels: '$size'" \
				--size "$size" "$BATS_FILE_TMPDIR/matrix"
	done
	run plot matrix --size 10mm
	[ "$status" -eq 1 ]
	[[ $output =~ ^"plot-matrix: --size: too small: "([0-9.]+mmx[0-9.]+mm)" would do"$ ]]
	plot matrix --size "${BASH_REMATCH[1]}" >t.svg
	misused "--size: -T dumb counts in characters: '85mm'" -T dumb \
		--size 85mm "$BATS_FILE_TMPDIR/matrix"
}

@test "--font-size is the size of type, in points" {
	local what
	for what in matrix lines hist positions raster; do
		plot $what --font-size 15 >t.svg
		texts t.svg | cut -d' ' -f4 | grep -qx 20.00
		texts t.svg | awk 'NF > 6 && $4 < 19' >small
		[ ! -s small ]
		plot $what --font-size 6 --size 85mm >t.svg
		is "$(texts t.svg | awk 'NF > 6 { print $4 }' | sort -u)" 8.00
	done
	run plot matrix --font-size 70 --size 85mm
	[ "$status" -eq 1 ]
	misused "--font-size: must be in [6,72]: '5'" --font-size 5
}

dots() { # a PNG, dots in an inch that it says; every chunk has its checksum
	python "$@" <<-'END'
	import struct, sys, zlib

	png, at, found = open(sys.argv[1], "rb").read(), 8, {}
	while at < len(png):
	    n, = struct.unpack(">I", png[at:at + 4])
	    chunk = png[at + 4:at + 8 + n]
	    sum, = struct.unpack(">I", png[at + 8 + n:at + 12 + n])
	    assert sum == zlib.crc32(chunk), chunk[:4]
	    found[chunk[:4]] = chunk[4:]
	    at += 12 + n
	across, down, metre = struct.unpack(">IIB", found[b"pHYs"])
	assert across == down and metre == 1
	assert round(across * 0.0254) == int(sys.argv[2]), across
	END
}

@test "--dpi is for PNG, and 300 where a size is one of print" {
	local what
	for what in matrix graph; do
		plot $what -T png --size 170mm -o t.png
		file t.png | grep -q ' 200[89] x '
		dots t.png 300
		plot $what -T png --size 800x700 --dpi 192 -o t.png
		file t.png | grep -q ' 1600 x 1400'
	done
	plot matrix -T png --size 300x200 -o t.png
	file t.png | grep -q ' 300 x 200'
	run ! grep -q pHYs t.png
	misused "--dpi is for -T png" --dpi 300
	misused "--dpi: must be in [10,2400]: '5'" --dpi 5
	run plot matrix -T png --size 3000mm --dpi 2400
	[ "$status" -eq 1 ]
	[[ $output == "plot-matrix: a picture of "*" by "*" pixels is too large" ]]
}

caption() { # a column: what it is called beside the colour bar
	printf '%s\n' "source,target,$1" a,a,1 >t
	plot-matrix --script -y "$1" "${@:2}" t |
		sed -n 's/^set label "\(.*\)" at .* rotate by 90 .*/\1/p' |
		grep -v '^Source$'
}

@test "columns are called for people" {
	local column text
	while IFS='	' read -r column text; do
		is "$(caption "$column")" "$text" || return
	done <<-'END'
	rate_Hz	Firing rate (Hz)
	v_mV	Membrane potential (mV)
	amp_pA	Injected current (pA)
	distance_um	Distance (µm)
	probability	Connection probability
	convergence_mean	Convergence (mean)
	mean_Hz	Firing rate (Hz, mean)
	frequency_Hz	Frequency (Hz)
	impedance_MOhm	|Z| (MΩ)
	impedance_low_MOhm	|Z| (MΩ, low)
	convergence_nonzero_mean	Convergence, where not 0 (mean)
	probability_high	Connection probability (high)
	v_mV.dend	Membrane potential (mV, dend)
	conductance_S_cm2	Conductance (S/cm²)
	one_way	One-way connection probability
	gap_rows	Gap junctions
	half_se_mV	Half-maximum (mV, standard error)
	upstroke_mV_ms	Upstroke (mV/ms)
	psd_low	Power per Hz (low)
	ppc_sem	Pairwise phase consistency (standard error)
	mean_phase_rad	Mean phase (rad)
	height_log10	Height of the peak (log₁₀)
	my_own_us	my_own (µs)
	r_MOhm	r (MΩ)
	g_mS_cm2	g (mS/cm²)
	temp_degC	temp (°C)
	ms	ms
	_ms	_ms
	v	v
	some_mean	some_mean
	END
	is "$(caption v --label 'So it is')" 'So it is'
	# A column without a name has none.
	plot-lines -x a -y '' <<<$'a,\n1,2\n3,4' | grep -q '</svg>'
}

@test "35 groups have colours of their own, and all are seen on white" {
	{
		echo timestamps,node_ids,pop_name
		seq 0 34 | sed 's/.*/&,&,g&/'
	} >t
	plot-raster --script t | sed -n 's/.*\$spikes.*linecolor rgb "#\([0-9a-f]*\)".*/\1/p' >colours
	is "$(sort -u colours | wc -l)" 35
	# relative luminances, as WCAG 2.1 has them
	awk 'function digit(s) { return index("0123456789abcdef", s) - 1 }
	function linear(hex,    v) {
		v = (16 * digit(substr(hex, 1, 1)) + digit(substr(hex, 2, 1))) / 255
		return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ^ 2.4
	}
	{ l = 0.2126 * linear($1) + 0.7152 * linear(substr($1, 3))
	l += 0.0722 * linear(substr($1, 5))
	if (l > 0.5) { print $1, l; exit 1 } }' colours
}

@test "--colors: a group with its population and without is one" {
	printf '%s\n' timestamps,population,node_ids,pop_name 1,v1,1,PV 2,lgn,2,X >t
	printf '%s\n' group,colour X,#010203 PV,#040506 >bare
	printf '%s\n' group,colour lgn:X,#010203 v1:PV,#040506 >whole
	ink() { sed -n 's/.*\$spikes.*linecolor rgb "\(#[0-9a-f]*\)".*/\1/p' | paste -s -d' '; }
	is "$(plot-raster --colors bare --script t | ink)" "#040506 #010203"
	is "$(plot-raster --colors whole --script t | ink)" "#040506 #010203"
	sed -i 's/,v1,/,net,/; s/,lgn,/,net,/' t
	is "$(plot-raster --colors whole --script t | ink)" "#040506 #010203"
	# the population counts where both are there
	printf '%s\n' group,colour lgn:PV,#010203 net:PV,#040506 PV,#070809 >both
	is "$(plot-raster --colors both --script t | ink | cut -d' ' -f1)" "#070809"
	# --palette gives the others
	printf '%s\n' group,colour a, PV, X,#040506 >two
	plot-raster --palette magma --colors two --script t | ink >with
	is "$(cut -d' ' -f2 with)" "#040506"
	[ "$(cut -d' ' -f1 with)" != "$(plot-raster --colors two --script t | ink | cut -d' ' -f1)" ]
	sed 's/colour/color/' two >american
	is "$(plot-raster --colors american --script t | ink)" "$(plot-raster --colors two --script t | ink)"
	echo group,hue >bad
	run plot-raster --colors bad t
	[[ $output == "plot-raster: bad: no column 'colour'"* ]]
	printf '%s\n' group,colour X,#010203 X,#040506 >bad
	run plot-raster --colors bad t
	is "$output" "plot-raster: bad:3: column 'group': repeated group: 'X'"
	printf '%s\n' group,colour X,blue >bad
	run plot-raster --colors bad t
	is "$output" "plot-raster: bad:2: column 'colour': not a colour, #rrggbb: 'blue'"
}

@test "--colors: a group with a colon and without its population" {
	printf '%s\n' node_id,pop_name,x,y,z 0,L6:A,0,0,0 1,A,1,1,1 >t
	printf '%s\n' group,colour v1:L6:A,#010203 v1:A,#040506 >whole
	is "$(plot-positions --colors whole --script t | grep -o '#0[0-9]*' | xargs)" \
		"#010203 #040506"
}

@test "--colors is not the standard input, where the table is" {
	local tool
	printf '%s\n' node_id,pop_name,x,y,z 0,A,0,0,0 >t
	printf '%s\n' group,colour A,#010203 >c
	for tool in "plot-lines --by g" plot-raster plot-positions "plot-graph -y v" \
		"graph-html -n t"; do
		# shellcheck disable=SC2086 # words
		run --separate-stderr $tool --colors - <c
		[ "$status" -eq 2 ]
		is "${stderr_lines[0]}" "${tool%% *}: the table and --colors cannot both be the standard input"
	done
	plot-positions --colors - --script t <c | grep -q '#010203'
}

@test "--colors: a group looks the same in every picture" {
	inks() { grep -o '\(rgb "\|fillcolor="\)#[0-9a-f]*' | grep -o '#.*' | uniq | xargs; }
	# B has no colour and is the first of the scheme; C comes after the last
	printf '%s\n' group,colour B, A,#123456 >colours
	same="#123456 #0072b2 #009e73"
	table x,y,g 0,1,A 1,2,A 0,2,B 1,3,B 0,3,C 1,4,C
	is "$(plot-lines -x x --by g --colors colours --script t | inks |
		cut -d' ' -f1-3)" "$same"
	table timestamps,node_ids,pop_name 1,0,A 2,1,B 3,2,C
	is "$(plot-raster --colors colours --script t | inks |
		cut -d' ' -f1-3)" "$same"
	table node_id,pop_name,x,y,z 1,A,0,0,0 2,B,1,1,1 3,C,2,2,2
	is "$(plot-positions --colors colours --script t | inks)" "$same"
	table source,target,v A,B,1 B,C,2 C,A,3
	plot-graph -y v --colors colours --script t | inks >drawn
	[[ $(cat drawn) == *"$same"* ]]
}
