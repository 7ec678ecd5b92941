# The page is looked at in Chromium, which one file of tests shares: its start
# takes as long as all of them.
# shellcheck disable=SC2016 # JavaScript has $ and backquotes
load common.bash

# shellcheck source=tests/pictures.sh
. "$BATS_TEST_DIRNAME/pictures.sh" # for labels

tricky=$BATS_TEST_DIRNAME/data/tricky/config.json
export BROWSER=$BATS_FILE_TMPDIR/browser
# -IS: without what a site adds, which takes longer than what is done here
python=(/usr/bin/python3 -IS "$BATS_TEST_DIRNAME/browse.py")
browse() { "${python[@]}" "$@"; }

setup_file() {
	mkdir "$BROWSER"
	"${python[@]}" serve "$BROWSER" >"$BROWSER/log" 2>&1 3>&- &
	cd "$BATS_FILE_TMPDIR" || return
	column_of 2000 >cells.csv
	connect-random --seed 1 --p 0.021 cells.csv >edges.csv
	graph-html -n cells.csv edges.csv >page.html
}

teardown_file() {
	browse stop
	[ -e "$BROWSER/ended" ] || cat "$BROWSER/log" >&2
}

column_of() { # cells in four groups
	{
		echo group,shape,x0,y0,z0,x1,y1,z1
		printf '%s,cylinder-y,0,0,0,600,900,600\n' PNa PNc PV SOM
	} | place-cells --seed 1 --total "$1" --shares 800:800:240:160
}

js() { browse js "$@"; }

started() { [ -e "$BROWSER/session" ] || [ -s "$BROWSER/log" ]; }

look() { # at a page
	await started
	[ -e "$BROWSER/session" ] || fail "$(cat "$BROWSER/log")" || return
	browse open "$1"
}

text() { # of an element of the page, numbers without spaces
	js 'document.querySelector(arguments[0]).textContent
		.replace(/(\d)\u202f/g, "$1")' "$1"
}

holds() { [ "$(js "$1")" = true ]; }

wait_for() { await holds "$1"; } # an expression to be true

picture() { # to be looked at after the tests
	(cd "$BATS_TEST_DIRNAME/.." && browse picture "$BUILD/$1.png")
}

redrawn() { # having pressed this
	js 'performance.clearMarks("whole")'
	browse press "$1"
	wait_for 'performance.getEntriesByName("whole").length > 0'
}

quiet() { # has the page said nothing?
	is "$(browse log)" ''
}

# Four cells P (0 to 3) and two Q (4, 5): a connection of two rows and its way
# back, one in one direction, a row of no synapses, an autapse, gap junctions.
small() {
	printf '%s\n' node_id,kind,x,y,z 0,P,0,0,0 1,P,50,0,0 2,P,0,50,0 \
		3,P,50,50,0 4,Q,25,25,80 5,Q,25,25,40 >nodes.csv
	printf '%s\n' source_node_id,target_node_id,nsyns,is_gap_junction \
		0,1,2, 0,1,1, 1,0,1, 0,4,1, 2,0,0, 3,3,1, 4,5,1,true \
		5,4,1,true 4,1,1,true | graph-html -n nodes.csv -g kind "$@"
}

@test "the page is whole, and asks for nothing" {
	small >page.html
	look page.html
	is "$(browse requests)" "file://$PWD/page.html"
	quiet
	run ! js 'fetch("data:,x").then(() => 1)'
	browse log | grep -q "Content Security Policy"
	is "$(sed 's/<script>(function.*//; /three.js authors$/,/^THE SOFTWARE/d' \
		page.html | grep -cE '(src|href)="[^d]|url\(|@import')" 0
	grep -q 'Copyright (c) 2010-2019 three.js authors' page.html
	grep -q 'Permission is hereby granted, free of charge' page.html
}

@test "cells, connections and partners are those of the table" {
	local big=$BATS_FILE_TMPDIR/page.html edges=$BATS_FILE_TMPDIR/edges.csv
	look "$big"
	is "$(text '#cells')" '2000 of 2000'
	is "$(text '#connections')" "$(tail -n +2 "$edges" | wc -l |
		sed 's/.*/& of &/')"
	is "$(js '[...document.querySelectorAll("#groups li")].map(
		e => e.textContent).join(" ")')" 'PNa800 PNc800 PV240 SOM160'
	is "$(js 'net.out.join(" ")')" "$(awk -F, 'NR > 1 { n[$1]++ } END {
		for (i = 0; i < 2000; i++) printf "%d%s", n[i], i < 1999 ? OFS : ORS
		}' "$edges")"
	is "$(js 'net.in.join(" ")')" "$(awk -F, 'NR > 1 { n[$2]++ } END {
		for (i = 0; i < 2000; i++) printf "%d%s", n[i], i < 1999 ? OFS : ORS
		}' "$edges")"
	is "$(js 'partners(77).out.map(name).join(" ")')" \
		"$(grep '^77,' "$edges" | cut -d, -f2 | sort -n | xargs)"
	is "$(js 'partners(77).in.map(name).join(" ")')" \
		"$(grep ',77$' "$edges" | cut -d, -f1 | sort -n | xargs)"
	quiet
	picture graph-html
}

@test "several rows are a connection, gap junctions are apart, autapses a note" {
	small >page.html
	look page.html
	is "$(text '#connections')" '3 of 3'
	is "$(text '#gap-junctions')" '2 of 2 gap junctions'
	is "$(text '#selves')" 'Connections of cells with themselves, not shown: 1.'
	is "$(js '[...net.in] + " " + [...net.out] + " " + [...net.coupled]')" \
		'1,1,0,0,1,0 2,1,0,0,0,0 0,1,0,0,2,1'
	browse type '#search' 4
	is "$(text '#about')" "$(printf 'group Q\nconnections: 1 in, 0 out\ngap junctions: 2')"
	is "$(text '#coupled-number')" 'has gap junctions with 2'
	is "$(js '[...document.querySelectorAll("#coupled button")].map(
		e => e.textContent).join()')" 1,5
	is "$(text '#in')" 0P
	echo source_node_id,target_node_id | graph-html -n nodes.csv >page.html
	look page.html
	is "$(text '#connections')" '0 of 0'
	is "$(js '$("gap-junctions").hidden')" true
	quiet
}

@test "a table and a config give the same page" {
	graph-html "$tricky" >a.html
	sonata-edges --all "$tricky" >edges.csv
	sonata-nodes --all "$tricky" >nodes.csv
	graph-html -n nodes.csv edges.csv >b.html
	cmp a.html b.html
	graph-html -j 2 -o c.html "$tricky"
	cmp a.html c.html
	graph-html -e A_to_A "$tricky" | grep -q '^"connections":13,'
	graph-html -e A_to_A -g A=node_id "$tricky" >a.html
	look a.html
	is "$(js 'net.groups.length')" 10
	is "$(text '#connections')" '13 of 13'
}

@test "the pointer over a cell tells of it" {
	small >page.html
	look page.html
	js 'view.camera.position.set(0, 0, 300) && view.controls.update()'
	for cell in 1 4; do
		# shellcheck disable=SC2046 # two words
		browse hover $(js "view.project(new THREE.Vector3().fromArray(
			net.position, 3 * $cell)).slice(0, 2).join(' ')")
		is "$(js '$("tip").hidden')" false
		is "$(text '#tip')" "$(js "name($cell) + '\\n' + about($cell)")"
	done
	is "$(text '#tip' | head -n 2 | xargs)" '4 group Q'
	picture graph-html-small
	browse hover 3 3
	is "$(js '$("tip").hidden')" true
	quiet
}

centred() { # is a cell in the middle?
	wait_for "(p => Math.hypot(p[0] - \$('canvas').clientWidth / 2,
		p[1] - \$('canvas').clientHeight / 2) < 1)(view.project(
		new THREE.Vector3().fromArray(net.position, 3 * $1)))"
}

@test "a cell that is searched comes to the middle, with its partners" {
	small >page.html
	look page.html
	browse type '#search' ' 3 '
	centred 3
	is "$(text '#selected')" 3
	browse press '#leave'
	is "$(js '$("selection").hidden')" true
	browse type '#search' 0
	centred 0
	is "$(text '#out-number')" 'connects to 2'
	is "$(text '#out')" 1P4Q
	is "$(text '#in-number')" 'is reached by 1'
	is "$(js '[...shown.mark].join()')" 2,1,0,0,1,0
	browse press '#out li:nth-child(2) button'
	centred 4
	browse click 500 300
	browse type '#search' 17
	is "$(text '#found')" 'There is no cell 17'
	is "$(text '#selected')" 4
	browse press '#whole'
	wait_for 'view.controls.target.length() < 1e-6'
	quiet
}

@test "where several cells have an id, the page asks" {
	graph-html "$tricky" >page.html
	look page.html
	browse type '#search' 2
	is "$(text '#found')" 'Several cells have this id:'
	is "$(js '[...document.querySelectorAll("#matches button")].map(
		e => e.textContent).join(" ")')" 'A:2 V:2'
	browse press '#matches li:nth-child(2) button'
	is "$(text '#selected')" V:2
	centred "$(js 'net.population[1].first + 2')"
	browse type '#search' A:0
	is "$(text '#selected')" A:0
	quiet
}

@test "connections and groups are shown or not" {
	small >page.html
	look page.html
	redrawn '#edges'
	browse picture none.png
	redrawn '#edges'
	browse picture all.png
	run ! cmp -s all.png none.png
	redrawn '#edges'
	browse picture again.png
	cmp none.png again.png
	redrawn '#edges'
	browse press '#groups li:nth-child(2) input'
	is "$(text '#cells'), $(text '#connections'), $(text '#gaps')" \
		'4 of 6, 2 of 3, 0 of 2'
	browse press '#none'
	is "$(text '#cells'), $(text '#connections')" '0 of 6, 0 of 3'
	browse type '#search' 5 # shows its group
	is "$(text '#cells'), $(text '#gaps')" '2 of 6, 1 of 2'
	browse press '#all'
	is "$(text '#cells'), $(text '#connections')" '6 of 6, 3 of 3'
	quiet
}

@test "cells have the colours of groups, or of their out-degree" {
	small >page.html
	look page.html
	is "$(js 'net.groups.map(g => g.colour).join()')" '#0072b2,#e69f00'
	is "$(js '[...shown.colour.slice(0, 3), ...shown.colour.slice(15)].join()')" \
		0,114,178,230,159,0
	browse press '#by-degree'
	is "$(js '[...shown.colour.slice(0, 9)].join()')" \
		"$(js '[2, 1, 0].flatMap(n => shade(n / 2)).join()')"
	is "$(js '$("scale").hidden + " " + $("most").textContent')" 'false 2'
	is "$(js 'net.shades[0] + net.shades[net.shades.length - 1]')" \
		'#440154#fde725'
	quiet
}

@test "dragging turns the picture, the wheel comes nearer" {
	small >page.html
	look page.html
	js 'old = view.camera.position.clone(), 0' >/dev/null
	browse drag 300 300 120 40
	is "$(js 'old.distanceTo(view.camera.position) > 1 &&
		Math.abs(old.length() - view.camera.position.length()) < 1e-6')" true
	browse wheel 300 300 -300
	wait_for 'view.camera.position.length() < 0.97 * old.length()'
	quiet
}

# How fast it is, is for make bench.
@test "2000 cells and 84 000 connections are drawn, a part of them while it turns" {
	look "$BATS_FILE_TMPDIR/page.html"
	is "$(text '#drawn')" ''
	js '$("turn").click()'
	wait_for '$("drawn").textContent.startsWith("5\u202f000 of them")'
	js '$("turn").click()'
	wait_for '$("drawn").textContent === ""'
}

@test "labels stay text" {
	local i
	{
		echo node_id,pop_name
		for ((i = 0; i < ${#odd[@]}; i++)); do
			echo "$i,$(csv "${odd[i]}")"
		done
		printf '%d,"</script><script>alert(1)</script>"\n' "$i"
		printf '%d,"<!--<script>\xe2\x80\xa8&lt;\\u003c"\n' "$((i + 1))"
		printf '%d,\xff\n' "$((i + 2))"
		printf '%d,"<img src=x onerror=alert(1)>"\n' "$((i + 3))"
	} >nodes.csv
	echo source_node_id,target_node_id | graph-html -n nodes.csv \
		--title '</title><script>alert(1)</script>"&amp;' >page.html
	look page.html
	js '[...document.querySelectorAll("#groups .name")].map(
		e => JSON.stringify(e.textContent)).join("\n")' >shown
	/usr/bin/python3 - >want <<-'END'
	import csv, json
	with open("nodes.csv", encoding="utf-8", errors="replace") as f:
	    for row in list(csv.reader(f))[1:]:
	        print(json.dumps(row[1].replace("\ufffd", "?"), ensure_ascii=False))
	END
	diff shown want
	is "$(js 'document.title')" '</title><script>alert(1)</script>"&amp;'
	is "$(text h1)" '</title><script>alert(1)</script>"&amp;'
	is "$(js 'document.scripts.length + document.images.length')" 4
	[ ! -e touch ] && [ ! -e x ]
	browse type '#search' $((i + 1))
	is "$(text '#about' | head -n 1)" "group $(printf '<!--<script>\xe2\x80\xa8&lt;\\u003c')"
	picture graph-html-labels
	quiet
}

@test "forty groups with long labels" {
	local i
	{
		echo node_id,pop_name
		for i in {0..399}; do
			printf '%d,a group with 30 characters #%02d\n' "$i" $((i % 40))
		done
	} >nodes.csv
	connect-random --seed 1 --p 0.02 nodes.csv >edges.csv
	graph-html -n nodes.csv edges.csv >page.html
	look page.html
	picture graph-html-forty
	# no text of the panel is cut off or beside it
	is "$(js '[...document.querySelectorAll("aside *")].filter(e =>
		e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 0 &&
		getComputedStyle(e).overflowX !== "visible" ||
		e.getBoundingClientRect().right > innerWidth).length')" 0
	is "$(js 'document.querySelectorAll("#groups li").length')" 40
	# cells without positions: those of a group are together
	is "$(js '(() => {
		const middle = net.groups.map(() => new THREE.Vector3());
		const at = i => new THREE.Vector3().fromArray(net.position, 3 * i);
		net.group.forEach((g, i) => middle[g].addScaledVector(at(i), 0.1));
		return [...net.group].every((g, i) => middle.every((m, k) => k === g ||
			at(i).distanceTo(m) > at(i).distanceTo(middle[g])));
	})()')" true
	is "$(text '#laid-out')" 'Cells without a position, placed here group by group: 400.'
	quiet
}

@test "positions far from the origin, some of them, and none" {
	printf '%s\n' node_id,x,y 0,1e7,1e7 1,10000000.5,1e7 2,1e7, 3,, >nodes.csv
	echo source_node_id,target_node_id | graph-html -n nodes.csv >page.html
	look page.html
	is "$(js 'net.position[3] - net.position[0]')" 0.5
	is "$(js 'net.laid_out')" 1
	is "$(js '[...net.position.slice(6, 9)].join()')" -0.25,-5000000,0
	is "$(js 'net.position.every(isFinite)')" true
	# round the others, not among them
	is "$(js '(r => r(9) > 1.1 * Math.max(r(0), r(3), r(6)))(i =>
		Math.hypot(...net.position.slice(i, i + 3)))')" true
	quiet
	echo node_id >nodes.csv
	echo source_node_id,target_node_id | graph-html -n nodes.csv >page.html
	look page.html
	is "$(text '#cells'), $(text '#connections')" '0 of 0, 0 of 0'
	quiet
}

@test "flat networks are looked at from where they are broad" {
	local plane
	for plane in x,y x,z y,z; do
		printf '%s\n' "node_id,$plane" 0,0,0 1,100,0 2,100,100 >nodes.csv
		echo source_node_id,target_node_id |
			graph-html -n nodes.csv >page.html
		look page.html
		is "$(js '[0, 3, 6].map(i => view.project(new THREE.Vector3(
			).fromArray(net.position, i))).every((p, i, all) =>
			Math.abs(p[2] - all[0][2]) < 1e-6)')" true
	done
	quiet
}

@test "a network of cells alone" {
	printf 'node_id,pop_name,x,y\n0,A,1,2\n1,B,2,3\n' >nodes.csv
	printf 'source_node_id,target_node_id\n' | sonata-pack -n nodes.csv -o .
	printf '{"networks": {"nodes": [{"nodes_file": "default_nodes.h5",
		"node_types_file": "default_node_types.csv"}]}}' >c.json
	graph-html -o page.html c.json
	look page.html
	is "$(text '#connections')" '0 of 0'
	is "$(browse log)" ''
}

@test "--max-edges" {
	local edges=$BATS_FILE_TMPDIR/edges.csv cells=$BATS_FILE_TMPDIR/cells.csv all
	all=$(tail -n +2 "$edges" | wc -l)
	run --separate-stderr graph-html --max-edges 1000 -n "$cells" -o page.html \
		"$edges"
	is "$status $stderr" "0 graph-html: 1000 of $all edges are in the page, chosen at random: --max-edges"
	graph-html --max-edges=1000 -n "$cells" "$edges" 2>/dev/null | cmp - page.html
	look page.html
	is "$(text '#connections')" "1000 of $all"
	is "$(text '#left-out')" 'This page has only 1000 of them, chosen at random; the numbers told of a cell are of all.'
	is "$(js 'net.out.reduce((a, b) => a + b)')" "$all"
	# edges of the table, each once, and from all over it
	js '[...net.source].map((s, i) => s + "," + net.target[i]).join("\n")' |
		sort >chosen
	is "$(sort -u chosen | comm -12 - <(sort "$edges") | wc -l)" 1000
	is "$(js '(s => s > 0.45 && s < 0.55)([...net.source].filter(
		s => s < 1000).length / 1000)')" true
	run --separate-stderr graph-html --max-edges "$all" -n "$cells" -o page.html \
		"$edges"
	is "$status $stderr" '0 '
	cmp page.html "$BATS_FILE_TMPDIR/page.html"
	small --max-edges 0 2>/dev/null >page.html
	look page.html
	is "$(text '#connections'), $(js 'net.out[0]')" '0 of 3, 2'
	run graph-html --max-edges=-1 /dev/null
	is "$status ${lines[0]}" '2 graph-html: --max-edges: must be in [0,inf): '\''-1'\'''
}

colours() { # of a PNG, that are not the background
	/usr/bin/python3 - "$1" <<-'END'
	import subprocess, sys
	text = subprocess.run(["convert", sys.argv[1], "-alpha", "off", "-depth",
	    "8", "-unique-colors", "txt:"], capture_output=True, text=True).stdout
	print(*{line.split()[2][:7].lower() for line in text.split("\n")[1:] if line},
	    sep="\n")
	END
}

@test "the page prints, on light paper, with what was drawn" {
	small >page.html
	look page.html
	browse prefer prefers-color-scheme dark
	browse print page.pdf
	pdftoppm -r 60 -png page.pdf sheet
	pdftotext page.pdf words
	is "$(grep -cE '^(Drag turns|Find a cell|View|Turn by itself|light)' words)" 0
	grep -q '^Groups' words
	montage sheet-*.png -tile 1x -geometry +0+0 all.png
	colours all.png >seen
	# colours of both groups are on it, and dark paper is not
	grep -qx '#0072b2' seen
	grep -qx '#e69f00' seen
	run ! grep -qx '#1b1b1b' seen
	cp all.png "$BATS_TEST_DIRNAME/../$BUILD/graph-html-print.png"
	# partners of a cell have their ids
	browse type '#search' 0
	browse print page.pdf
	pdftotext -layout page.pdf words
	grep -qE 'connects to 2' words
	grep -qE '^ *1 +P +4 +Q *$' words
	# and back on the screen
	is "$(js '$("printed").childElementCount + " " +
		document.documentElement.className')" '0 dark'
	browse prefer prefers-color-scheme light
	wait_for 'document.documentElement.className === ""'
	quiet
}

saved() { # the file that the page's button gives, and what it is called
	js '(saved = null, HTMLAnchorElement.prototype.click = function () {
			name = this.download; },
		URL.createObjectURL = blob => (saved = blob, "blob:x"), 0)'
	browse press '#save'
	wait_for 'saved !== null'
	js 'createImageBitmap(saved).then(b => { const c = document.createElement(
		"canvas"); c.width = b.width; c.height = b.height;
		c.getContext("2d").drawImage(b, 0, 0); return c.toDataURL(); })' |
		sed 's/.*,//' | base64 -d >"$1"
}

@test "the picture is saved as PNG, with a legend, dark or light" {
	local theme
	small --title 'A/network: µ' >page.html
	look page.html
	for theme in light dark; do
		js '($("theme").value = arguments[0],
			$("theme").dispatchEvent(new Event("change")), 0)' $theme
		saved $theme.png
		is "$(js name)" 'A_network_µ.png'
		colours $theme.png >seen
		grep -qx '#0072b2' seen
		grep -qx '#e69f00' seen
	done
	is "$(convert light.png -format '%[pixel:p{2,2}]' info:)" 'srgba(255,255,255,1)'
	is "$(convert dark.png -format '%[pixel:p{2,2}]' info:)" 'srgba(27,27,27,1)'
	# beside the picture, and only of groups that are shown
	js '$("canvas").width' >width
	convert light.png -crop "+$(<width)+0" +repage legend.png
	colours legend.png >seen
	grep -qx '#e69f00' seen
	browse press '#groups li:nth-child(2) input'
	saved one.png
	colours one.png >seen
	grep -qx '#0072b2' seen
	run ! grep -qx '#e69f00' seen
	is "$(identify -format %h one.png)" "$(js '$("canvas").height')"
	cp dark.png "$BATS_TEST_DIRNAME/../$BUILD/graph-html-dark.png"
	quiet
}

@test "a page of cells alone offers nothing about connections" {
	printf '%s\n' node_id,pop_name,x,y,z 0,A,1,2,3 1,B,2,3,1 >nodes.csv
	echo source_node_id,target_node_id | graph-html -n nodes.csv >page.html
	look page.html
	is "$(js '[...document.querySelectorAll(".of-edges")].map(
		e => e.getClientRects().length).join()')" 0,0
	small >page.html
	look page.html
	is "$(js '[...document.querySelectorAll(".of-edges")].every(
		e => e.getClientRects().length > 0)')" true
	quiet
}

@test "--colors" {
	printf 'group,colour\nQ,#123456\nP,\n' >colours.csv
	small --colors colours.csv >page.html
	is "$(grep -o '"colour":"[^"]*' page.html | paste -sd ' ')" \
		'"colour":"#e69f00 "colour":"#123456'
	run graph-html --colors no.csv "$tricky"
	[[ $output == *"no.csv: No such file or directory" ]]
}

@test "a browser without WebGL is told so" {
	small | sed 's|<title>|<script>HTMLCanvasElement.prototype.getContext = () => null</script>&|' >page.html
	look page.html
	text '#sorry' | grep -q 'no WebGL'
	is "$(js '$("sorry").hidden')" false
	browse type '#search' 0
	is "$(text '#out')" 1P4Q
	quiet
}

@test "the output is whole or an error" {
	run bash -c "graph-html '$tricky' >/dev/full"
	is "$status $output" '1 graph-html: standard output: No space left on device'
	run bash -c "graph-html '$tricky' >&-"
	[ "$status" -eq 1 ]
	run bash -c "graph-html '$tricky' | :; echo \${PIPESTATUS[0]}"
	is "$output" 141
	run graph-html "$tricky" -o /no/such/place
	is "$status $output" '1 graph-html: /no/such/place: No such file or directory'
}

@test "--title, --all" {
	graph-html --title 'A title' "$tricky" | grep -qF '{"title":"A title",'
	graph-html -e A_to_A --all "$tricky" | grep -q '"name":"V"'
	run ! grep -q '"name":"V"' <(graph-html -e A_to_A "$tricky")
}

groups() { # of a page
	sed -n '/^"groups"/,/\]/s/.*"name":"\([^"]*\)".*/\1/p' | paste -s -d' '
}

@test "how cells are grouped" {
	is "$(graph-html "$tricky" | groups)" 'A:X A:Y A:Z V:inp'
	is "$(graph-html --no-prepend "$tricky" | groups)" 'X Y Z inp'
	is "$(graph-html -e A_to_A -g node_type_id "$tricky" | groups)" \
		"$(graph-html -e A_to_A --source-group node_type_id \
			--target-group node_type_id "$tricky" | groups)"
	run graph-html --source-group node_id --target-group pop_name "$tricky"
	is "$status ${lines[0]}" '2 graph-html: --source-group and --target-group: in a graph each cell has one group'
}

@test "HDF5 files with types of their own" {
	local net=${tricky%/*}/network
	cp "$net/A_A_edges.h5" e.h5
	cp "$net/A_A_edge_types.csv" et.csv
	cp "$net/A_nodes.h5" n.h5
	cp "$net/A_node_types.csv" nt.csv
	graph-html -n n.h5 --node-types nt.csv --types et.csv e.h5 >a.html
	graph-html -e A_to_A "$tricky" | cmp - a.html
	run graph-html -n n.h5 --node-types nt.csv --types no.csv e.h5
	is "$status $output" '1 graph-html: no.csv: No such file or directory'
	run graph-html -n n.h5 --node-types no.csv --types et.csv e.h5
	is "$status $output" '1 graph-html: no.csv: No such file or directory'
	run graph-html -S 1q "$tricky"
	is "$status ${lines[0]}" "2 graph-html: --memory: not a size: '1q'"
}
