# What a diagram says is read back from its SVG, by a reader of XML that is not
# ours; and from its script where that is what is at stake.
# shellcheck disable=SC2016 # backquotes and the like are what is tested
load common.bash

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	# shellcheck source=tests/pictures.sh
	. "$BATS_TEST_DIRNAME/pictures.sh"
	cat >t <<-'END'
	source,target,n_source,n_target,p,model,gap_pairs
	PN,PN,1600,1600,0.0125,exc,
	PN,PV,1600,100,0.15,exc,0
	PV,PN,100,1600,0.3,inh,0
	PV,PV,100,100,0.123456,inh,31
	PV,SOM,100,1,0,,4
	SOM,PV,1,100,-0.25,exc|inh,5
	END
}

# Each text of an SVG, without the spaces round it, the sizes of their type, or
# each tooltip.  Graphviz makes no-break spaces of all but the first of several.
read_svg() { # what of it, files
	/usr/bin/python3 - "$@" <<-'END'
	import sys, xml.dom.minidom as dom
	names, how = sys.argv[2:], sys.argv[1]
	for name in names:
	    d = dom.parse(name)
	    for e in d.getElementsByTagName('text' if how == 'size' else how):
	        text = ''.join(n.data for n in e.childNodes
	            if n.nodeType == n.TEXT_NODE)
	        if how == 'size':
	            print(e.getAttribute('font-size'))
	        elif how == 'a':
	            print(e.getAttribute('xlink:title').replace('\n', '; ')
	                .replace('\u00a0', ' '))
	        else:
	            print(text.replace('\u00a0', ' ').strip(' '))
	END
}

said() { read_svg text "$@"; }
tips() { read_svg a "$@"; }
draw() { plot-graph "$@" >s.svg; }
links() { plot-graph --script "$@" | grep '^n[0-9]* ->'; }
right() { /usr/bin/python3 "$BATS_TEST_DIRNAME/diagram.py" "$@"; } # how many texts

@test "every group and every value is in the picture" {
	draw -y p --no-gap t
	is "$(said s.svg | paste -sd ' ')" \
		"0.0125 0.150 0.300 0.123 -0.250 PN 1600 PV 100 SOM 1 p"
	# the sample of the legend, its head and its text: not "page->page"
	is "$(tips s.svg | grep -cx p)" 3
	[ "$(tips s.svg | grep -vx p | uniq)" = "PN → PN; p: 0.0125
PN → PV; p: 0.15
PV → PN; p: 0.3
PV → PV; p: 0.123456
SOM → PV; p: -0.25
PN: 1600 cells
PV: 100 cells
SOM: 1 cell" ]
}

@test "numbers equal the table, of conn-matrix" {
	config=$BATS_TEST_DIRNAME/data/tricky/config.json
	conn-matrix "$config" >m
	plot-graph -y convergence_mean --no-gap m >s.svg
	awk -F, 'NR == 1 { for (i = 1; i <= NF; i++)
			if ($i == "convergence_mean") k = i }
		NR > 1 && $k > 0 { print $1 " → " $2 "; convergence_mean: " $k }' \
		m | sort >want
	[ -s want ]
	tips s.svg | grep '→' | sort -u | diff want -
}

field() { # of a box or an arrow in a script
	sed -n "s/^$1 \[\(.*, \)*$2=\"*\([^],\"]*\).*/\2/p" "$3"
}

@test "areas go by cells, and widths by values" {
	plot-graph -y p --script t >script
	# 16 times as many cells, and a name that needs more room than its share
	awk 'BEGIN { exit ARGV[1] != ARGV[2] || ARGV[3] < ARGV[1] / 4 ||
		ARGV[3] > 0.5 }' "$(field n0 width script)" \
		"$(field n0 height script)" "$(field n1 width script)"
	printf '%s\n' source,target,n_source,n_target,p a,b,400,100,1 >quarter
	plot-graph -y p --script quarter >two
	awk 'BEGIN { d = ARGV[1] - 2 * ARGV[2]; exit d * d > 1e-9 }' \
		"$(field n0 width two)" "$(field n1 width two)"
	# 1 pixel is 0.75 points, and 4 are the largest
	[ "$(field 'n1 -> n0' penwidth script)" = 3 ]
	[ "$(field 'n0 -> n1' penwidth script)" = 1.875 ]
	[ "$(field 'n2 -> n1' penwidth script)" = 2.625 ]
	printf 'source,target,p\na,b,1\n' >bare
	draw bare
	is "$(said s.svg | paste -sd ' ')" "1 a b p"
	[ "$(tips s.svg | tail -n 2 | head -n 1)" = b ]
}

@test "-y chooses the values" {
	printf 'source,target,p,q\na,b,1,2\n' >two
	draw -y q two
	said s.svg | grep -qx 2
	run plot-graph two
	[ "$status" -eq 2 ]
	[ "${lines[0]}" = "plot-graph: two: 2 columns may be the values: choose one with -y" ]
	run plot-graph -y r two
	[ "$status" -eq 1 ]
	[[ $output == "plot-graph: two: no column 'r': there are "* ]]
	run plot-graph <<<$'source,target,n_source\na,b,1'
	[ "$output" = "plot-graph: standard input: no column of values" ]
}

@test "--label-column" {
	draw --label-column model --no-gap t
	is "$(said s.svg | paste -sd ' ')" \
		"exc exc inh inh exc|inh PN 1600 PV 100 SOM 1 model"
	tips s.svg | grep -qx 'PV → PN; model: inh'
	[ "$(links --label-column model --no-gap t | grep -c 'penwidth=1.125,')" -eq 5 ]
	draw --label-column model -y p --no-gap t
	is "$(said s.svg | tail -n 2 | paste -sd ' ')" "model width: p"
	tips s.svg | grep -qx 'PV → PN; model: inh; p: 0.3'
	draw --label-column model --sign model --excitatory exc --no-gap t
	said s.svg | grep -qx 'texts: model'
	[ "$(links --label-column model -y p --no-gap t | grep -c 'penwidth=3,')" -eq 1 ]
}

heads() { links "$@" | sed 's/.*arrowhead=\([a-z]*\).*/\1/' | paste -sd ' '; }

@test "--sign tells excitatory from inhibitory, in a legend too" {
	[ "$(heads -y p --no-gap --sign model t)" = \
		"normal normal tee tee diamond" ]
	[ "$(heads -y p --no-gap t)" = "vee vee vee vee vee" ]
	plot-graph -y p --no-gap --sign model --script t >script
	is "$(sed -n 's/^n.*arrowhead=.*, color="\([^"]*\).*/\1/p' script |
		paste -sd ' ')" '#d55e00 #d55e00 #0072b2 #0072b2 #aa4499'
	is "$(sed -n 's/^page.*arrowhead=\([a-z]*\), color="\([^"]*\).*/\1 \2/p' \
		script | paste -sd,)" 'normal #d55e00,tee #0072b2,diamond #aa4499'
	draw -y p --no-gap --sign model t
	tips s.svg | grep -qx 'PV → PN; p: 0.3; sign: inhibitory'
	is "$(said s.svg | tail -n 4 | paste -sd,)" \
		"excitatory,inhibitory,excitatory and inhibitory,numbers: p"
	# only what is drawn
	draw -y p --no-gap --sign model --top 1 t
	is "$(said s.svg | tail -n 2 | paste -sd,)" "inhibitory,numbers: p"
	printf 'source,target,v,s\n' >signs
	i=0
	for sign in e EXC Excitatory + 1 0.5 i inh INHIBITORY - -1 ''; do
		echo "a,b$((i++)),1,$sign" >>signs
	done
	[ "$(heads --sign s signs)" = \
		"normal normal normal normal normal normal tee tee tee tee tee vee" ]
	for sign in ampa 0 nan1 'exc|x'; do
		run plot-graph --sign s < <(printf 'source,target,v,s\na,b,1,%s\n' "$sign")
		[ "$status" -eq 1 ]
		[ "$output" = "plot-graph: standard input:2: column 's': neither excitatory nor inhibitory; say which with --excitatory or --inhibitory: '$sign'" ]
	done
}

@test "--excitatory and --inhibitory name texts" {
	printf 'source,target,v,s\na,b,1,ampa\nb,a,1,gaba\na,a,1,ampa|gaba|e\nb,b,1,nmda\n' >s
	[ "$(heads --sign s --excitatory ampa --excitatory nmda --inhibitory gaba s)" = \
		"normal tee diamond normal" ]
	printf 'source,target,v,s\na,b,1,e\n' >s # goes before what said mean
	[ "$(heads --sign s --inhibitory e s)" = tee ]
	run plot-graph --excitatory e s
	[ "$status" -eq 2 ]
	[ "${lines[0]}" = "plot-graph: --excitatory needs --sign" ]
}

@test "gap junctions are lines, drawn once" {
	links -y p t >l
	[ "$(grep -c 'style=dashed' l)" -eq 2 ]
	[ "$(grep -c '^n1 -> n1 .*style=dashed.*label="31"' l)" -eq 1 ]
	[ "$(grep -c '^n1 -> n2 .*style=dashed.*label="4 / 5"' l)" -eq 1 ]
	run ! grep -q 'style=dashed.*arrowhead' l
	draw -y p t
	[ "$(tips s.svg | grep – | uniq)" = "PV – PV; gap_pairs: 31
PV – SOM; gap_pairs: 4; gap_pairs: 5" ]
	is "$(said s.svg | tail -n 2 | paste -sd,)" "Pairs with gap junctions,p"
	plot-graph -y p --script t | grep -q '^page ->.*style=dashed'
	draw -y gap_pairs t
	run ! grep -q '→' s.svg
	is "$(said s.svg | paste -sd ' ')" \
		"31 4 / 5 PN 1600 PV 100 SOM 1 Pairs with gap junctions"
	# equal both ways, as gap_probability is
	printf 'source,target,v,g\na,b,1,0.5\nb,a,1,0.5\n' >g
	draw --gap-column g -y v g
	[ "$(said s.svg | grep -cx 0.500)" -eq 1 ]
	[ "$(links -y v g | grep -c dashed)" -eq 0 ]
	run plot-graph --gap-column h g
	[[ $output == "plot-graph: g: no column 'h': there are "* ]]
	run plot-graph --gap-column g --no-gap g
	[ "$status" -eq 2 ]
}

ends() { links "$@" | cut -d' ' -f1-3 | paste -sd,; }

@test "--min and --top drop arrows, lines, and groups that have none left" {
	is "$(ends --min 0.15 -y p --no-gap t)" "n0 -> n1,n1 -> n0"
	is "$(ends --top 1 -y p --no-gap t)" "n1 -> n0"
	draw --top 1 -y p --no-gap t
	is "$(said s.svg | paste -sd ' ')" "0.300 PN 1600 PV 100 p"
	# gap junctions by their own values
	is "$(ends --top 1 -y p t)" "n1 -> n0,n1 -> n1"
	is "$(ends --min 5 -y p t)" "n0 -> n0"
	draw --min 5 -y p t
	is "$(said s.svg | paste -sd ' ')" "31 PV 100 Pairs with gap junctions"
	is "$(ends --min 5 -y gap_pairs t)" "n0 -> n0"
	printf 'source,target,v\na,b,1\nb,a,1\na,a,1\n' >same
	is "$(ends --top 2 same)" "n0 -> n1,n1 -> n0"
	draw --min 9 same
	is "$(said s.svg)" "no data"
	draw -y p --no-gap t # without them all groups are there
	said s.svg | grep -qx SOM
	for wrong in "--top 0" "--top -3" "--min x" "--min inf" \
		"--label-column model --min 1" "--label-column model --top 1"; do
		# shellcheck disable=SC2086 # two said
		run plot-graph $wrong t
		[ "$status" -eq 2 ]
	done
}

@test "--layout-engine" {
	local engine
	plot-graph -y p t >ring.svg
	for engine in dot neato fdp sfdp circo twopi; do
		plot-graph --layout-engine $engine -y p t >$engine.svg
		said $engine.svg | grep -x 0.123 >found
		run ! cmp -s $engine.svg ring.svg
	done
	run ! cmp -s dot.svg circo.svg
	is "$(right dot.svg)" '7 texts'
	run plot-graph --layout-engine rough -y p t
	[ "$status" -eq 2 ]
}

many() { # groups, arrows, length of names
	awk -v n="$1" -v m="$2" -v len="$3" 'BEGIN {
		print "source,target,n_source,n_target,v"
		for (k = 0; k < m; k++) {
			i = k % n; j = (k * 7 + int(k / n)) % n
			printf "%s,%s,%d,%d,%g\n", name(i), name(j),
				50 + i, 50 + j, k + 1
		}
	}
	function name(i, s) {
		s = sprintf("%02d interneurons of layer", i)
		while (length(s) < len)
			s = s "_x"
		return substr(s, 1, len)
	}'
}

# Of 8 groups in two kinds, each with some others and itself, gap junctions, and
# values of very different sizes.
circuit() { # arrows from each group, length of names
	awk -v m="$1" -v len="$2" 'BEGIN {
		print "source,target,n_source,n_target,p,sign,gap_pairs"
		for (i = 0; i < 8; i++)
			for (k = 0; k < m; k++)
				printf "%s,%s,%d,%d,%.4g,%s,%s\n", name(i),
					name((i + k) % 8), n(i), n((i + k) % 8),
					0.3 / (1 + (i * 7 + k * 3) % 40),
					i % 2 ? "inh" : "exc", i % 2 && !k ? 9 : ""
	}
	function n(i) { return int(1000 / (i + 1)) }
	function name(i, s) {
		s = sprintf("%s%d", i % 2 ? "PV" : "PN", i)
		while (length(s) < len)
			s = s "_layer"
		return substr(s, 1, len > 3 ? len : 3)
	}'
}

@test "few groups: no text on a line, no line through a box, heads of one size" {
	circuit 5 3 >t
	draw -y p --sign sign t
	is "$(right s.svg)" '44 texts'
	is "$(said s.svg | grep -cx 0.0300)" 2
	circuit 1 3 >t # loops alone are outside the ring
	draw -y p --no-gap t
	is "$(right s.svg)" '8 texts'
	is "$(loops_inside s.svg)" ''
}

loops_inside() { # of which the handles are nearer to the middle than the box
	/usr/bin/python3 - "$1" "$BATS_TEST_DIRNAME" <<-'END'
	import sys
	sys.path.insert(0, sys.argv[2])
	import diagram
	d = diagram.Diagram(sys.argv[1])
	mid = lambda b: ((b[0] + b[2]) / 2, (b[1] + b[3]) / 2)
	boxes = {k: mid(b) for k, b in d.boxes.items()}
	x, y = (sum(b[j] for b in boxes.values()) / len(boxes) for j in (0, 1))
	far = lambda p: (p[0] - x) ** 2 + (p[1] - y) ** 2
	for line, title, width in d.lines:
	    a, b = title.split("->") if "->" in title else ("", None)
	    if a == b and a in boxes and far(line[len(line) // 2]) < far(boxes[a]):
	        print(title)
	END
}

# bats test_tags=long
@test "85 mm has room for eight groups, with names of 30 characters" {
	circuit 3 3 >t
	draw -y p --sign sign --size 85mm t
	is "$(right s.svg)" '28 texts'
	grep -q '<svg width="241pt"' s.svg
	circuit 3 30 >t
	draw -y p --sign sign --size 85mm t 2>said
	right s.svg | grep -qv '[0-9] texts' && return 1
	is "$(read_svg size s.svg | sort -g | head -n 1)" 6.00
	is "$(said s.svg | grep -c layer)" 24 # on three lines each
	# nor is a title cut off
	run plot-graph -y p --size 85mm t \
		--title 'A title that has no room in a column of print, however small'
	[[ $output == "plot-graph: --size: too small: "*mm*" would do" ]]
	# texts that have no room are left out and told
	circuit 8 3 >t
	run --separate-stderr plot-graph -y p --sign sign --size 85mmx70mm -o s.svg t
	[[ $stderr == "plot-graph: "*" of 68 arrows have no room for their texts: choose some with --top or --min, or a larger --size" ]]
	right s.svg | grep -qv '[0-9] texts' && return 1
	[ "$status" -eq 0 ]
}

# bats test_tags=long
@test "many groups on a page of paper: two columns, and what else to draw" {
	many 40 60 30 >t
	run --separate-stderr plot-graph --size 170mm -o s.svg t
	is "$status $stderr" '0 plot-graph: 40 groups and 60 arrows are more than a diagram of this size shows: draw them with plot-matrix, or some with --top or --min'
	grep -q '<svg width="482pt"' s.svg
	is "$(right s.svg | grep -ce 'text on' -e boxes:)" 0
	is "$(said s.svg | grep -c '^[0-9][0-9] interneurons')" 40
}

@test "40 groups with names of 30 characters, none of them cut off" {
	many 40 60 30 >t
	run --separate-stderr plot-graph -o s.svg t
	is "$status $stderr" '0 plot-graph: 40 groups and 60 arrows are more than a diagram shows: draw them with plot-matrix, or some with --top or --min'
	said s.svg | sort >w
	[ "$(grep -c '^[0-9][0-9] interneurons of layer_x_x_x$' w)" -eq 40 ]
	[ "$(grep -cxE '[0-9]+' w)" -eq 100 ]
	is "$(right s.svg | grep -v through)" '60 texts'
	[ "$(read_svg size s.svg | sort -g | head -n 1)" = 6.00 ] # points
}

@test "type is smaller where there are many groups" {
	plot-graph -y p t | grep -q 'font-size="9.00".*>PN<'
	many 25 25 5 >t
	plot-graph t | grep -q 'font-size="6.75".*>00 in<'
	plot-graph --font-size 11 t | grep -q 'font-size="11.00".*>00 in<'
}

@test "very many arrows have no texts, but tooltips" {
	many 40 151 10 >t
	plot-graph t >s.svg 2>said
	[ "$(said s.svg | grep -cxE '[0-9]+')" -eq 40 ]
	[ "$(tips s.svg | grep -c '→')" -eq 302 ] # and of their heads
	[[ $(said s.svg | tail -n 1) == "width: "* ]]
	many 15 160 4 >t # nor is a page larger for them
	draw t 2>said
	is "$(cat said)" 'plot-graph: 15 groups and 160 arrows are more than a diagram shows: draw them with plot-matrix, or some with --top or --min'
	awk -F'[="]*' '/^<svg/ { exit $2 > 490 }' s.svg
	many 62 700 12 >t
	run --separate-stderr plot-graph -o s.svg t
	is "$status $stderr" '0 plot-graph: 62 groups and 700 arrows are more than a diagram shows: draw them with plot-matrix, or some with --top or --min'
	[ "$(said s.svg | grep -c inter)" -eq 62 ]
	run --separate-stderr plot-graph --top 9 -o s.svg t
	is "$stderr" ''
}

@test "a header without rows is no error" {
	head -n 1 t | plot-graph -y p --title T >s.svg
	is "$(said s.svg | paste -sd,)" "T,no data"
	is "$(right s.svg)" '0 texts'
	echo source,target,v | plot-graph -T png | file - | grep -q PNG
	printf 'source,target,v\na,b,0\n' | plot-graph >s.svg
	is "$(said s.svg | paste -sd,)" "a,b"
}

@test "--title, --palette" {
	draw -y p --title 'So "it" \N is' t
	said s.svg | grep -qxF 'So "it" \N is'
	plot-graph -y p --script t | grep -q '^n0 .*fillcolor="#0072b2"'
	plot-graph -y p --palette magma --script t |
		grep -q '^n0 .*fillcolor="#000004"'
	run plot-graph --palette rainbow t
	[ "$status" -eq 2 ]
}

@test "--colors gives a group its colour, whatever else is drawn" {
	printf 'group,colour\nPV,#123456\nSOM,\nPN,\n' >colours.csv
	plot-graph -y p --no-gap --colors colours.csv --script t >script
	is "$(sed -n 's/^n[0-9] \[.*fillcolor="\([^"]*\).*/\1/p' script |
		paste -sd ' ')" '#009e73 #123456 #e69f00'
	[ "$(field 'n1 -> n0' color script)" = '#123456' ]
	run plot-graph -y p --colors no.csv t
	[[ $output == *"no.csv: No such file or directory" ]]
}

@test "--size" {
	draw -y p --size 700x500 t
	grep -q '<svg width="525pt" height="375pt"' s.svg
	plot-graph -y p --size 700x500 -T png t | file - | grep -q '700 x 500'
	plot-graph -y p --size 960x480 -T pdf t >s.pdf
	pdfinfo s.pdf | grep -q '^Page size: *720 x 360 pts'
	run plot-graph -y p --size 100x80 t
	[ "$status" -eq 1 ]
	[[ $output == "plot-graph: --size: too small: "*x*" would do" ]]
	least=${output% would do}
	least=${least##* }
	draw -y p --size "$least" t
	run plot-graph --size 5x t
	[ "$status" -eq 2 ]
	plot-graph -y p --size 700x500 --script t | dot -Tsvg | cmp - <(
		plot-graph -y p --size 700x500 t)
}

@test "terminals" {
	plot-graph -y p -T png t | head -c 4 | grep -q PNG
	plot-graph -y p -T pdf t >s.pdf
	[ "$(head -c 5 s.pdf)" = '%PDF-' ]
	pdftotext s.pdf - | grep -q PV
	for terminal in canvas dumb qt x11; do
		run plot-graph -y p -T $terminal t
		[ "$status" -eq 2 ]
		[ "${lines[0]}" = "plot-graph: --terminal: must be svg|png|pdf: '$terminal'" ]
	done
}

@test "the same bytes every time, in any locale" {
	for terminal in svg png pdf; do
		plot-graph -y p -T $terminal t >one
		[ $terminal != pdf ] || sleep 1
		LC_ALL=$(locale -a | grep -i 'de_DE\|utf8' | head -n 1) \
			SERVER_NAME=x plot-graph -y p -T $terminal t >two
		cmp one two
	done
	for terminal in svg png; do
		plot-graph -y p -T $terminal t >one
		plot-graph -y p --script t | dot -T$terminal | cmp - one
	done
	[ "$(plot-graph -y p -T pdf t | grep -ac 'D:20')" -eq 0 ]
}

odd_table() {
	printf 'source,target,v,s\n'
	for name in "${odd[@]}"; do
		echo "$(csv "$name"),$(csv "$name"),1,$(csv "$name")"
	done
}

# bats test_tags=long
@test "labels are drawn as they stand, and run nothing" {
	# shellcheck disable=SC1003 # a backslash
	odd+=('\N\G\L\E\T\H' 'end\' '&amp;&#65;&x' '<b>&lt;' '{a|b}' 'a:b:c' '\l\r')
	odd_table >t
	plot-graph -y v --label-column s --title "${odd[1]}" t >s.svg
	said s.svg >w
	tips s.svg >tip
	for name in "${odd[@]}"; do
		# as a group, and beside its arrow
		[ "$(sed 's/^ *//' w | grep -cxF -- "${name#"${name%%[! ]*}"}")" -ge 2 ]
		[ "$(grep -cxF -- "$name" tip)" -eq 1 ]
		[ "$(grep -cxF -- "$name → $name; s: $name; v: 1" tip)" -eq 3 ]
	done
	for terminal in png pdf; do
		plot-graph -y v --label-column s -T "$terminal" t >picture
		[ -s picture ]
	done
	rsvg-convert s.svg >/dev/null
	[ ! -e x ]
	for i in "${!odd[@]}"; do # names of columns
		printf 'source,target,%s\na,b,1\n' "$(csv "${odd[i]}")" |
			plot-graph --title "t${odd[i]}" >"$i.svg"
	done
	said [0-9]*.svg >w
	tips [0-9]*.svg >tip
	for name in "${odd[@]}"; do
		grep -qxF "a → b; $name: 1" tip
		grep -qxF "t$name" w
	done
	[ ! -e x ]
}

@test "lines of a label, and what no picture can hold" {
	printf 'source,target,v\n"two\nlines","a\eb",1\n\xe9,\xed\xa0\x80,2\n' >t
	plot-graph t >s.svg
	said s.svg >w
	for text in two lines 'a?b' '?' '???'; do
		grep -qxF "$text" w
	done
	# Different groups stay so, however they are drawn.
	printf 'source,target,v\n\xe9,\xe8,1\n' | plot-graph --script >s
	[ "$(grep -c '^n[01] \[.*label="?"' s)" -eq 2 ]
}

@test "-o writes the file whole or not at all" {
	plot-graph -y p t >want
	echo old >s.svg
	run plot-graph -y model -o s.svg t
	[ "$status" -eq 1 ]
	[ "$(cat s.svg)" = old ]
	run plot-graph -y p -o s.svg t
	[ -z "$output" ]
	cmp s.svg want
	plot-graph -y p --script -o s t
	plot-graph -y p --script t | cmp - s
}

@test "bad input is named by file, line and column" {
	local head=source,target
	bad() {
		run plot-graph <<<"$1"
		[ "$status" -eq 1 ]
		told "$output" "plot-graph: standard input$2"
	}
	bad "$head,v"$'\na,b,1\nb,a,1\na,b,2' ":4: repeats line 2: 'a', 'b'"
	bad "$head,v"$'\na,b,x' ":2: column 'v': not a number: 'x'"
	bad "$head,v"$'\na,b,inf' ":2: column 'v': not a finite number: 'inf'"
	bad "$head,n_source,v"$'\na,b,5,1\na,a,6,1' \
		":3: column 'n_source': the group has had another number of cells before: '6'"
	bad "$head,n_target,v"$'\na,b,-5,1' \
		":2: column 'n_target': negative number of cells: '-5'"
	bad source,v ": no column 'target'"
	bad "$head,v"$'\na,b' ":2: 2 fields where the header has 3"
	run plot-graph /dev/null
	[ "$output" = "plot-graph: /dev/null: no header" ]
}

@test "the failure of dot is ours" {
	mkdir bin
	printf '#!/bin/sh\necho "Warning: odd" >&2\necho "Error: it broke" >&2\nexit 1\n' >bin/dot
	chmod +x bin/dot
	PATH=$PWD/bin:$PATH run plot-graph -y p -o s.svg t
	[ "$status" -eq 1 ]
	[ "$output" = "plot-graph: dot failed: it broke" ]
	[ ! -e s.svg ]
	printf '#!/bin/sh\necho "dot: graph is too large for cairo-renderer bitmaps. Scaling by 0.5 to fit" >&2\necho x\n' >bin/dot
	PATH=$PWD/bin:$PATH run plot-graph -y p t
	[ "$output" = "plot-graph: the picture is larger than 32767 pixels" ]
	printf '#!/bin/sh\nkill -9 $$\n' >bin/dot
	PATH=$PWD/bin:$PATH run plot-graph -y p t
	[ "$status" -eq 1 ]
	[ "$output" = "plot-graph: dot: Killed" ]
	# As all that belongs to a job is told at its end, in any order.
	printf '#!/bin/sh\nkill $$\n' >bin/dot
	PATH=$PWD/bin:$PATH run plot-graph -y p -o s.svg t
	is "$status $output" '143 '
	[ ! -e s.svg ]
	printf '#!/bin/sh\nexit 0\n' >bin/dot
	PATH=$PWD/bin:$PATH run plot-graph -y p t
	[ "$status" -eq 1 ]
	[ "$output" = "plot-graph: dot failed" ]
	tool=$(command -v plot-graph)
	PATH=/nowhere run "$tool" -y p t
	[ "$status" -eq 1 ]
	[ "$output" = "plot-graph: dot not found: install graphviz" ]
}

@test "a layout ends when the tool does" {
	mkdir bin
	printf '#!/bin/sh\nsleep 3600 3>&- &\necho $! >running\nwait\n' >bin/dot
	chmod +x bin/dot
	PATH=$PWD/bin:$PATH plot-graph -y p -o s.svg t 3>&- &
	await test -s running
	stop $!
	is "$status" 143
	await gone "$(cat running)"
	[ ! -e s.svg ]
}

@test "SIGUSR1 asks the tool, and ends none of its programs" {
	mkdir bin
	plot-graph -y p t >before.svg
	# shellcheck disable=SC2016 # the script's own
	printf '#!/bin/sh\nkill -USR1 $$\nexec %s "$@"\n' \
		"$(command -v dot)" >bin/dot
	chmod +x bin/dot
	PATH=$PWD/bin:$PATH plot-graph -y p t | cmp - before.svg
}

@test "neither the time zone nor ignored signals change the picture" {
	plot-graph -y p -T pdf t >a.pdf
	TZ=Asia/Tokyo plot-graph -y p -T pdf t | cmp - a.pdf
	env --ignore-signal=CHLD plot-graph -y p -T pdf t | cmp - a.pdf
}

@test "a size that is far too small for so many groups: what else to draw" {
	awk 'BEGIN {
		print "source,target,p"
		for (i = 0; i < 60; i++)
			printf "L%d_layer23_interneuron,L%d_layer23_interneuron,0.5\n",
				i % 40, (7 * i + (i < 40 ? 9 : 4)) % 40
	}' >t
	run plot-graph -y p --layout-engine dot --size 85mm t
	[ "$status" -eq 1 ]
	is "$output" "plot-graph: --size: too small: 40 groups and 60 arrows are more than a diagram shows: draw them with plot-matrix, or some with --top or --min"
}
