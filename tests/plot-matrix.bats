# shellcheck disable=SC2016 # backquotes and the like are what is tested
load common.bash
load pictures.sh

rows() { # the rows of a table
	printf '%s\n' source,target,v "$@"
}

draw() { # the rows first, up to --, then options
	local row=()
	while [ $# -gt 0 ] && [ "$1" != -- ]; do
		row+=("$1")
		shift
	done
	rows "${row[@]}" | plot-matrix "${@:2}"
}

groups() { # rows, columns, length of the names: a full table with sd
	awk -v n="$1" -v m="$2" -v len="$3" '
	function name(i, s) {
		s = sprintf("g%02d", i)
		while (length(s) < len)
			s = s "_interneuron"
		return substr(s, 1, len)
	}
	BEGIN {
		print "source,target,v_mean,v_sd"
		for (i = 0; i < n; i++)
			for (j = 0; j < m; j++)
				printf "%s,%s,%.3g,%.3g\n", name(i), name(j),
					(i * 37 + j * 11) % 100 + i / 7, j / 9 + 0.1
	}'
}

@test "every group and every value is there, rows down and columns across" {
	draw PN,PN,0.0125 PN,PV,0.15 PV,PN,42 PV,PV,-3.14159 >t.svg
	texts t.svg | awk '$7 ~ /^[-0-9.]+$/ && $4 == 11 { print $2, $1, $7 }' |
		sort -n -k1,1 -k2,2 | cut -d' ' -f3 >values
	[ "$(paste -s -d' ' values)" = "0.0125 0.150 42.0 -3.14" ]
	[ "$(words t.svg | grep -cx PN)" -eq 2 ]
	[ "$(words t.svg | grep -cx PV)" -eq 2 ]
	words t.svg | grep -qx Source
	words t.svg | grep -qx Target
	words t.svg | grep -qx v
	xmllint --noout t.svg 2>/dev/null || rsvg-convert t.svg >/dev/null
}

@test "every number of a large table is in its place" {
	groups 12 9 6 >t
	plot-matrix -y v_mean t >t.svg
	texts t.svg | awk '$7 ~ /^[0-9.]+$/ && $6 ~ /^rgb/ && $4 == size' \
		size="$(texts t.svg | cut -d' ' -f4 | sort -n | head -n 1)" - |
		sort -n -k2,2 -k1,1 | cut -d' ' -f7 >drawn
	tail -n +2 t | cut -d, -f3 | awk '{
		printf "%." ($1 == 0 || $1 > 99.95 ? 0 : $1 < 10 ? 2 : 1) "f\n", $1 }' >wanted
	diff wanted drawn
}

@test "numbers are short and never wrong by more than their digits" {
	draw a,a,57360 a,b,1234567890 a,c,0.000123456 a,d,999.9 a,e,1234.5 \
		a,f,0.0000123 a,g,-0 a,h,12345678.9 >t.svg
	words t.svg >w
	for text in 57360 1234567890 0.000123 1000 1234 1.23e-05 0 1.23e+07; do
		grep -qxF -- "$text" w
	done
}

@test "numbers have equally many digits, as many as any of them needs" {
	even() { # numbers
		printf 'source,target,v\n' >t
		for v; do echo "a,$v,$v"; done >>t
		plot-matrix --script t | block values - |
			sed 's/.* "\(.*\)" .*/\1/' | xargs
	}
	is "$(even 0.0017 0.00184)" "0.00170 0.00184"
	is "$(even 0.3 0.25)" "0.30 0.25"
	is "$(even 1 2 30)" "1 2 30"
	is "$(even 0 1 0.5)" "0 1 0.5"
	is "$(even 12.5 3 0.1 1000)" "12.5 3.00 0.100 1000"
	is "$(even 9.996 100.4 1e-7)" "10.0 100 1.00e-07"
}

@test "same input, same bytes, for svg and for pdf" {
	groups 5 5 8 >t
	plot-matrix -y v_mean t >a.svg
	plot-matrix -y v_mean t >b.svg
	cmp a.svg b.svg
	plot-matrix -y v_mean -T pdf t >a.pdf
	sleep 1.1 # a PDF would tell the second
	plot-matrix -y v_mean -T pdf t >b.pdf
	cmp a.pdf b.pdf
}

# bats test_tags=long
@test "nothing overlaps and nothing leaves the picture" {
	groups 4 4 3 >t
	no_clash plot-matrix -y v_mean
	no_clash plot-matrix -y v_mean --with-sd
	no_clash plot-matrix -y v_mean --title 'a title that is far longer than four groups are wide'
	groups 8 4 12 >t
	no_clash plot-matrix -y v_mean
	groups 4 8 30 >t
	no_clash plot-matrix -y v_mean --with-sd
	groups 1 1 3 >t
	no_clash plot-matrix -y v_mean --label a_label_longer_than_the_picture_is_high
	no_clash plot-matrix -y v_mean --size 640x480
}

@test "neither do forty groups with names of thirty letters" {
	groups 40 40 30 >t
	no_clash plot-matrix -y v_mean
	words t.svg | grep -qx g39_interneuron_interneuron_in
	# 8 pixels are 6 points
	[ "$(texts t.svg | awk '{ print $4 }' | sort -n | head -n 1)" = 8.00 ]
}

@test "few names are level, many read upwards" {
	groups 3 3 6 | plot-matrix -y v_mean >t.svg
	texts t.svg | grep -c ' level .* g0' | grep -qx 6
	groups 3 12 30 | plot-matrix -y v_mean >t.svg
	texts t.svg | grep -c ' up .* g' | grep -qx 12
}

@test "type on a cell is dark or light by what is under it" {
	draw a,a,1 a,b,100 a,c,0 >t.svg
	texts t.svg | grep -q ' rgb(255,255,255) 1$'
	texts t.svg | grep -q ' rgb(0,0,0) 100$'
	texts t.svg | grep -q ' rgb(0,0,0) 0$'
	draw a,a,1 a,b,100 -- --palette greys >t.svg
	texts t.svg | grep -q ' rgb(0,0,0) 1$'
	texts t.svg | grep -q ' rgb(255,255,255) 100$'
}

cells() { # the colours of the cells: boxes that are filled
	sed -n "s/.*<polygon fill = '\(rgb([0-9, ]*)\)'.*/\1/p; s/.*fill='\(rgb([0-9, ]*)\)'.*/\1/p" "$1" |
		tr -d ' '
}

@test "the colours go from 0 to the highest value, or from the lowest below 0" {
	draw a,a,0.5 a,b,1 -- --script >s
	grep -qF 'set cbrange [0:1]' s
	draw a,a,0.00001 a,b,1 >t.svg
	cells t.svg | grep -qxF 'rgb(68,1,84)'
	cells t.svg | grep -qxF 'rgb(253,231,37)'
	draw a,a,0.00001 a,b,1 -- --palette magma >t.svg
	cells t.svg | grep -qxF 'rgb(0,0,4)'
	draw a,a,0.5 a,b,1 -- --palette cividis >t.svg
	cells t.svg | grep -qxF 'rgb(254,232,56)'
	draw a,a,-3 a,b,-7 -- --script | grep -qF 'set cbrange [-7:0]'
	draw a,a,-3 a,b,7 -- --script | grep -qF 'set cbrange [-3:7]'
	draw a,a,5 -- --script | grep -qF 'set cbrange [0:5]'
	draw a,a,0 a,b,0 -- --script | grep -qF 'set cbrange [0:1]'
}

@test "0 is a pale cell of its own, beside the bar as well" {
	draw a,a,0 a,b,0.5 b,a,-0 >t.svg
	is "$(cells t.svg | grep -cxF 'rgb(240,240,240)')" 3
	is "$(cells t.svg | grep -cxF 'rgb(253,231,37)')" 1
	is "$(words t.svg | grep -cx 0)" 3
	draw a,a,0 a,b,0.5 b,a,-0 -- --script >s
	is "$(block zeros s | xargs)" "0 0 0 0 1 0"
	is "$(block cells s)" "1 0 0.5"
	draw a,a,1 a,b,0.5 >t.svg
	run ! grep -qF 'rgb(240,240,240)' t.svg
	draw a,a,0 a,b,0 >t.svg
	cells t.svg | grep -qxF 'rgb(68,1,84)' # the bar is there
}

@test "--log: colours of powers, and 0 beside them" {
	draw a,a,0 a,b,0.001 a,c,0.1 a,d,0.01 -- --log --script >s
	grep -qx 'set logscale cb' s
	grep -qF 'set cbrange [0.001:0.1]' s
	draw a,a,0 a,b,0.001 a,c,0.1 a,d,0.01 -- --log >t.svg
	# the middle of the palette, between its fifth and its sixth colour
	cells t.svg | grep -qx 'rgb(3[3-6],1[34].,1[34].)'
	for tic in 0 0.001 0.01 0.1; do
		words t.svg | grep -qx $tic
	done
	draw a,a,0 -- --log | grep -q '>0<'
	run draw a,a,1 a,b,-1 -- --log
	[ "$status" -eq 1 ]
	[ "$output" = "plot-matrix: standard input:3: column 'v': below 0, for which --log has no colour: '-1'" ]
}

@test "--range is where the colours begin and end" {
	draw a,a,0 a,b,10 -- --range -10:20.5 --script >s
	grep -qF 'set cbrange [-10:20.5]' s
	draw a,a,1 a,b,10 -- --range 9:9.5 >t.svg
	cells t.svg | grep -qxF 'rgb(68,1,84)'
	cells t.svg | grep -qxF 'rgb(253,231,37)'
	draw a,a,1 -- --range 0.1:10 --log --script | grep -qF 'cbrange [0.1:10]'
	for range in 2:1 1:1 nan:1 1 1: :1; do
		run draw a,a,1 -- --range "$range"
		[ "$status" -eq 2 ]
	done
	misused "--range: not above 0, as --log has it: '0:5'" --range 0:5 --log
}

@test "a hint at --log where the values span more than 1:50" {
	hint() { draw "$@" 2>err >s; cat err; }
	is "$(hint a,a,0.01 a,b,1 a,c,0 -- --script)" \
		"plot-matrix: the values span 1:100: --log tells small ones apart"
	is "$(hint a,a,0.02 a,b,1 a,c,0 -- --script)" ""
	is "$(hint a,a,0.01 a,b,1 -- --script --log)" ""
	is "$(hint a,a,0.01 a,b,1 -- --script --range 0:1)" ""
	is "$(hint a,a,0.01 a,b,1 a,c,-1 -- --script)" ""
}

@test "a hint at another group where it is the type of cells that have none" {
	for group in -1 cortex:-1; do
		rows $group,$group,1 | plot-matrix --script 2>err >s
		is "$(cat err)" "plot-matrix: '$group' is cells without a type: group them by what they have, as conn-matrix -g mtype"
	done
	rows VPM:-1,L4:-10,1 -1,x-1,1 | plot-matrix --script 2>err >s
	[ ! -s err ]
}

names() { # of rows, in the order they are drawn in; and of columns
	plot-matrix -T dumb "$@" t | awk 'NR > 2 { print $1 }' | xargs
	plot-matrix -T dumb "$@" t | sed -n 's/.*Target *//p' | xargs
}

@test "--sort: by name, by value, by what is alike" {
	rows L10,L2,1 L10,L9,5 L2,L10,9 L9,L9,2 >t
	is "$(names)" $'L10 L2 L9\nL2 L9 L10'
	# the same names on both sides are in one order
	is "$(names --sort name)" $'L2 L9 L10\nL2 L9 L10'
	is "$(names --sort value)" $'L10 L2 L9\nL10 L2 L9'
	rows a,x,1 a,y,2 b,x,4 b,y,5 >t
	is "$(names --sort value)" $'b a\ny x'
	is "$(plot-matrix -T dumb --sort value t | awk 'NR > 2 { print $2, $3 }' | xargs)" \
		"5 4 2 1"
	rows a,x,1 a,y,9 b,x,8 b,y,1 c,x,1 c,y,8 d,x,9 d,y,1 e,x,5 e,y,5 >t
	is "$(names --sort cluster | head -n 1 | grep -c 'a c.*b d\|c a.*d b\|b d.*a c\|d b.*c a\|a c.*d b\|c a.*b d\|b d.*c a\|d b.*a c')" 1
	misused "--sort: must be name|value|cluster: 'size'" --sort size t
}

@test "--sort cluster finds blocks that a shuffle has hidden" {
	awk "$draws"'BEGIN {
		sow(5)
		print "source,target,v"
		for (i = 0; i < 24; i++)
			for (j = 0; j < 24; j++)
				printf "g%d,g%d,%.3f\n", i, j,
					(i % 3 == j % 3) + 0.2 * draw()
	}' >t
	# all of a block, one block after the other, and the same on both sides
	names --sort cluster >order
	is "$(head -n 1 order)" "$(tail -n 1 order)"
	head -n 1 order | tr ' ' '\n' | tr -d g | awk '{ print $1 % 3 }' |
		uniq | wc -l | grep -qx 3
	plot-matrix -T dumb --sort cluster t >sorted
	awk 'NR > 2 { for (j = 2; j <= NF; j++) if ($j >= 1) n += j == NR - 1 ||
		j == NR }  END { exit n < 24 }' sorted
}

@test "a missing cell is blank" {
	draw a,a,1 a,b, b,a,nan b,b,2 -- --script >s
	[ "$(grep -c '^[01] [01] ' <(sed -n '/^.cells/,/^EOD/p' s))" -eq 2 ]
	draw a,a,1 b,b,2 >t.svg
	draw a,a,1 a,b, b,a, b,b,2 | cmp - t.svg
}

@test "all values equal, one cell, negative ones, none at all, huge ones" {
	draw a,a,5 a,b,5 b,a,5 >t.svg
	[ "$(words t.svg | grep -cx 5)" -ge 3 ]
	draw a,a,0 >t.svg
	words t.svg | grep -qx 0
	draw a,a,-3 a,b,-7 >t.svg
	words t.svg | grep -qx -e -7
	draw a,a, a,b, >t.svg
	[ "$(words t.svg | paste -s -d' ')" = "a a b Target Source" ]
	draw a,a,-1e308 a,b,1e308 >t.svg
	words t.svg | grep -qx 1e+308
}

@test "a header without rows is an empty frame" {
	draw >t.svg
	[ "$(words t.svg | paste -s -d' ')" = "Target Source no data" ]
	draw -- -T dumb >t
	[ "$(tail -n 1 t)" = "no data" ]
}

@test "a wide table is a matrix already" {
	printf 'group,A,B\nx,1,2\ny,,4\n' >wide
	plot-matrix wide >a.svg
	printf '%s\n' group,target,v x,A,1 x,B,2 y,A, y,B,4 |
		plot-matrix --row group --label '' >b.svg
	[ "$(words a.svg | sort)" = "$(words b.svg | sed '/^$/d' | sort)" ]
	printf '\tA\nx\t1\n' | plot-matrix -T dumb >t
	[ "$(cat t)" = $'Source \\ Target  A\nx                1' ]
}

@test "at 85 mm, eight groups: names on lines, and type of 6 points at least" {
	local n
	for n in 3 30; do
		groups 8 8 $n >t
		no_clash plot-matrix -y v_mean --size 85mm
		[[ $(size t.svg) == "321 "* ]]
		texts t.svg | awk 'NF > 6 && $4 < 8' >small
		[ ! -s small ]
		is "$(grep -c '<image' t.svg)" 0
	done
	words t.svg | grep -qx interneuron_in
}

@test "numbers leave a matrix that has no room for them, then some of the names" {
	groups 11 11 3 >t
	plot-matrix -y v_mean --size 170mm t >t.svg
	[ "$(words t.svg | grep -c '^[0-9.]*$')" -gt 121 ]
	plot-matrix -y v_mean --size 85mm t 2>err >t.svg
	[ "$(words t.svg | grep -c '^[0-9.]*$')" -lt 10 ]
	is "$(words t.svg | grep -c '^g')" 22
	[ ! -s err ]
	plot-matrix -y v_mean --with-sd --size 85mm t 2>err >t.svg
	is "$(cat err)" "plot-matrix: the numbers are left out: there is no room for them in type of 6 points"
	words t.svg | grep -qx v_mean
	# nor has a page of 1280 pixels, if nothing is said of the size
	groups 40 40 3 >t
	plot-matrix -y v_mean t >t.svg
	is "$(words t.svg | grep -c '^g')" 80
	[ "$(words t.svg | grep -c '^[0-9.]*$')" -lt 10 ]
	[ "$(size t.svg | cut -d' ' -f1)" -lt 960 ]
	plot-matrix -y v_mean --size 85mm t >t.svg
	is "$(grep -c '<image' t.svg)" 1
	words t.svg | grep -c '^g' | awk '{ exit !($1 > 8 && $1 < 40) }'
}

# bats test_tags=long
@test "more than 100 x 100 cells are one image, with some of the names" {
	awk 'BEGIN {
		print "source,target,v"
		for (i = 0; i < 250; i++)
			for (j = 0; j < 200; j++)
				if (i != 3 || j != 4)
					print "r" i ",c" j "," (i < 125) + (j < 100) / 2
	}' >m.csv
	plot-matrix m.csv >m.svg
	[ "$(wc -c <m.svg)" -lt 40000 ]
	is "$(grep -c '<image' m.svg)" 1
	# Every fifth has room, or so: the same step from one to the next.
	grep -o '>r[0-9]*<' m.svg | tr -d '<>r' | awk '
		NR == 2 { step = $1 }
		NR > 1 && $1 != step * (NR - 1) { exit 1 }
		END { exit !(NR > 9 && NR < 60) }'
	# What is missing is transparent, and all else is where it belongs.
	python m.svg <<-'END'
	import base64, re, struct, sys, zlib

	png = base64.b64decode(re.search("base64,([^']*)", open(sys.argv[1]).read())[1])
	width, height, depth, kind = struct.unpack(">IIBB", png[16:26])
	assert (width, height, depth, kind) == (200, 250, 8, 6), (width, height)
	at, data = 8, b""
	while at < len(png):
	    n = struct.unpack(">I", png[at:at + 4])[0]
	    if png[at + 4:at + 8] == b"IDAT":
	        data += png[at + 8:at + 8 + n]
	    at += n + 12
	rows = zlib.decompress(data)
	line, above, image = 1 + 4 * width, bytes(4 * width), []
	for y in range(height):
	    how, row = rows[y * line], bytearray(rows[y * line + 1:(y + 1) * line])
	    for x in range(4 * width):
	        a = row[x - 4] if x > 3 else 0
	        b, c = above[x], above[x - 4] if x > 3 else 0
	        near = min((abs(b - c), 0, a), (abs(a - c), 1, b),
	            (abs(a + b - 2 * c), 2, c))[2]
	        row[x] = row[x] + (0, a, b, (a + b) // 2, near)[how] & 255
	    image.append(row)
	    above = row
	pixel = lambda y, x: bytes(image[y][4 * x:4 * x + 4])
	assert pixel(3, 4)[3] == 0 and pixel(4, 3)[3] == 255
	corners = [pixel(y, x) for y in (0, 249) for x in (0, 199)]
	assert corners[0][:3] == bytes.fromhex("fde725"), corners
	assert corners[3][:3] == bytes.fromhex("f0f0f0"), corners # 0
	assert len(set(corners)) == 4, corners
	END
	plot-matrix --size 643x560 m.csv >out
	plot-matrix --size 321x280 m.csv >out
	plot-matrix -T canvas m.csv >out
	[ ! -e gp_image_01.png ]
	plot-matrix -T dumb m.csv >out
	grep -q '^r0 .*1.5' out
	awk 'BEGIN {
		print "source,target,v"
		for (i = 0; i < 100; i++)
			for (j = 0; j < 101; j++)
				print "r" i ",c" j "," i + 1
	}' >m.csv
	plot-matrix m.csv | grep -c '<image' | grep -qx 1
	plot-matrix --size 1500x1500 <(grep -v c100 m.csv) >m.svg
	is "$(grep -c '<image' m.svg)" 0
	# a single row or column is one as well, and no poster; nor is a tall table
	awk 'BEGIN { print "source,target,v"
		for (j = 0; j < 12000; j++) print "r,c" j "," j % 7 }' >row.csv
	plot-matrix row.csv >m.svg
	is "$(grep -c '<image' m.svg)" 1
	awk -F, -v OFS=, '{ print $2, $1, $3 }' row.csv | sed '1s/.*/source,target,v/' |
		plot-matrix --size 85mm >m.svg
	is "$(grep -c '<image' m.svg)" 1
	[ "$(size m.svg | cut -d' ' -f2)" -lt 983 ]
	head -n 300 row.csv | plot-matrix >m.svg
	is "$(grep -c '<image' m.svg)" 1
	[ "$(size m.svg | cut -d' ' -f1)" -lt 1600 ]
	# 0 has the first colour of the palette of an image
	sed 's/,1$/,0/' m.csv | plot-matrix --log --script >s
	grep -qF 'set palette defined (0 "#f0f0f0", 1 "#f0f0f0", 1 "#440154"' s
	sed -n 's/^set cbrange \[\(.*\):100\]/\1/p' s |
		awk '$1 < 2 && $1 > 1.9 { n++ } END { exit n != 1 }'
	is "$(block cells s | head -n 1 | cut -d' ' -f1)" \
		"$(sed -n 's/^set cbrange \[\(.*\):100\]/\1/p' s)"
}

spectrogram() { # of 4 Hz less and less, with holes
	printf 'signal,time_ms,frequency_Hz,power\n'
	printf 'a,%s\n' 0,2,2 0,1,1 0,4,3 10,1,4 10,2,0 30,4,9 10,4,6 30,1,7
	printf 'b,0,1,8\n'
}

@test "--numeric: times and frequencies have axes, and low is at the bottom" {
	spectrogram | plot-matrix --numeric -y power --where signal=a --script >got
	is "$(sed -n '/^[$]cells/,/^EOD/p' got | sed 's/-[0-9.]*/0/')" '$cells << EOD
3 6 NaN 9 
NaN NaN NaN NaN 
2 0 NaN NaN 
1 4 NaN 7 
EOD'
	grep -qx 'plot $cells matrix with image notitle' got
	grep -qF 'set xtics out nomirror scale 0.3 ("" 0, "" 1, "" 2, "" 3)' got
	grep -qF 'set label "Frequency (Hz)" ' got
	grep -qF 'set label "30" at ' got
	# An axis has round numbers, wherever the cells are.
	awk 'BEGIN { print "x,y,v"; for (i = 0; i < 9; i++) for (k = 0; k < 9; k++)
		print 7 + i * 2.5 "," 3 + k "," i + k }' |
		plot-matrix --numeric --script >got
	grep -qF '("" -0.8, "" 1.2, "" 3.2, "" 5.2, "" 7.2)' got ||
		grep -qF '"" 1.2,' got
	grep -qF 'set label "10" at ' got && grep -qF 'set label "20" at ' got
	spectrogram | plot-matrix --numeric --where signal=a -y power \
		--row time_ms --column frequency_Hz --script | grep -qx '7 NaN NaN 9 '
	is "$(spectrogram | plot-matrix --numeric --where signal=a -y power -T dumb |
		tail -n 4 | sed 's/ *$//; s/  */ /g')" "$(printf '%s\n' \
		'4 3 6 9' 3 '2 2 0' '1 1 4 7')"
	spectrogram | sed 2q | plot-matrix --numeric -y power -o one.png
	# One row is drawn as two, and its axis as that.
	printf '%s\n' a,b,v 1,5,2 2,5,3 | plot-matrix --numeric --script |
		grep -qF 'set ytics out nomirror scale 0.3 ("" 1.3, "" 0.9, "" 0.5, "" 0.1, "" -0.3)'
	spectrogram | sed 1q | plot-matrix --numeric -y power -o none.svg
	grep -q 'no data' none.svg
}

@test "--numeric: numbers that are not evenly spaced" {
	for f in 1 2 4 8 16 32; do echo "0,$f,1"; echo "1,$f,2"; done |
		cat <(echo x,y,v) - | plot-matrix --numeric --script 2>said >got
	is "$(cat said)" ""
	is "$(grep -c '^1 2 $' got)" 6
	# 10 is log2(10) octaves above 1.
	grep -qE '"" 1[.]67807' got
	printf '%s\n' x,y,v 0,1,1 1,1,2 2.3,7,3 |
		plot-matrix --numeric --script 2>said >got
	is "$(cat said)" "plot-matrix: x: not evenly spaced: each has as much room"
	is "$(grep -c 'NaN NaN 3 ' got)" 1
	# What differs by rounding is even.
	awk 'BEGIN { print "x,y,v"; for (k = 0; k < 900; k++)
		printf "%.3f,1,1\n", k / 7 }' |
		plot-matrix --numeric --script 2>said >got
	is "$(cat said)" ""
	is "$(sed -n '/^[$]cells/,/^EOD/p' got | wc -w)" 1804
}

@test "--numeric: bad input" {
	spectrogram | bad "standard input:10: repeats line 3: '1', '0'" --numeric -y power
	spectrogram | sed '4s/,4,/,x,/' | bad "standard input:4: column 'frequency_Hz': not a number: 'x'" --numeric -y power
	spectrogram | sed '4s/,0,/,nan,/' | bad "standard input:4: column 'time_ms': not a finite number: 'nan'" --numeric -y power
	misused "--numeric and --sort exclude each other" --numeric --sort name
	misused "--numeric and --no-values exclude each other" --numeric --no-values
	spectrogram | cut -d, -f1,2,4 | bad "standard input:2: column 'signal': not a number: 'a'" --numeric -y power --column signal --row time_ms
	awk 'BEGIN { print "x,y,v"; for (k = 0; k < 8000; k++) print k "," 4 * k ",1" }' |
		bad "standard input: 8000 x 8000 places: draw a part of them" --numeric
}

@test "columns by name" {
	printf 'n,to,from,p,q\n1,a,b,2,3\n' >t
	run plot-matrix -T dumb --row from --column to -y q t
	[ "$output" = $'q\nfrom \\ to  a\nb          3' ]
	run plot-matrix --row from --column to t
	[ "$status" -eq 2 ]
	[ "${lines[0]}" = "plot-matrix: t: 3 columns may be the values: choose one with -y" ]
	run plot-matrix -y q t
	[ "$status" -eq 1 ]
	[[ $output == "plot-matrix: t: no column 'source': there are "* ]]
}

@test "--with-sd takes the column that belongs to the mean" {
	printf '%s\n' source,target,c_mean,c_sd a,a,1.5,0.25 a,b,2, >t
	plot-matrix --with-sd -y c_mean t >t.svg
	words t.svg | grep -qx '± 0.25'
	words t.svg | grep -qx 'c (mean ± sd)'
	[ "$(words t.svg | grep -c '^±')" -eq 1 ]
	plot-matrix --with-sd -y c_mean -T dumb t | grep -q '^a  *1.5 ± 0.25  2.0$'
	run plot-matrix --with-sd -y c_sd t
	[ "$status" -eq 2 ]
	[ "${lines[0]}" = "plot-matrix: --with-sd: not a column of means, NAME_mean: 'c_sd'" ]
	sed -i 's/c_sd/d_sd/' t
	run plot-matrix --with-sd -y c_mean t
	[ "$status" -eq 1 ]
	[[ $output == "plot-matrix: t: no column 'c_sd': there are "* ]]
	sed -i 's/d_sd/c_sd/; s/0.25/-1/' t
	run plot-matrix --with-sd -y c_mean t
	[ "$output" = "plot-matrix: t:2: column 'c_sd': negative standard deviation: '-1'" ]
}

@test "--with-interval takes the columns of both ends" {
	printf '%s\n' source,target,p,p_low,p_high a,a,0.15,0.1475,0.1535 a,b,,, >t
	plot-matrix --with-interval -y p t >t.svg
	words t.svg | grep -qx '0.147–0.153'
	words t.svg | grep -qx 0.150
	plot-matrix --with-interval -y p -T dumb t | grep -q '^a  *0.150 0.147–0.153'
	run plot-matrix --with-interval --with-sd -y p t
	[ "$status" -eq 2 ]
	sed -i 's/p_low/low/' t
	run plot-matrix --with-interval -y p t
	[ "$status" -eq 1 ]
	[[ $output == "plot-matrix: t: no column 'p_low': there are "* ]]
}

@test "--format takes one number and nothing else" {
	draw a,a,0.12345 -- --format '%06.2f%%' | grep -q '>000.12%<'
	draw a,a,0.12345 -- --format '`touch x`%+G' | grep -q '>`touch x`+0.12345<'
	[ ! -e x ]
	for format in x %s %n %d %a '%f %f' '%*f' '%.*f' %lf '%1$f' %100f \
		%.100f % '%%'; do
		run draw a,a,1 -- --format "$format"
		[ "$status" -eq 2 ]
		[ "${lines[0]}" = "plot-matrix: --format: not a format of one number: '$format'" ]
	done
}

@test "--no-values" {
	groups 20 20 3 | plot-matrix -y v_mean >full.svg
	groups 20 20 3 | plot-matrix -y v_mean --no-values >t.svg
	[ "$(texts t.svg | grep -c 'rgb(255,255,255)')" -eq 0 ]
	[ "$(size t.svg | cut -d' ' -f1)" -lt "$(size full.svg | cut -d' ' -f1)" ]
	run draw -- --no-values --format %f
	[ "$status" -eq 2 ]
}

@test "--label, --xlabel, --ylabel, --title" {
	draw a,a,1 -- --label 'cells per cell' --title 'So it is' >t.svg
	words t.svg | grep -qx 'cells per cell'
	words t.svg | grep -qx 'So it is'
	run ! grep -q '>v<' t.svg
	draw a,a,1 -- --xlabel 'To here' --ylabel 'From there' >t.svg
	words t.svg | grep -qx 'To here'
	texts t.svg | grep -q ' up .* From there$'
	run ! grep -q '>Source<\|>Target<' t.svg
}

@test "--size" {
	draw a,a,1 a,b,2 -- --size 700x500 >t.svg
	grep -qx ' width="700" height="500"' t.svg
	draw a,a,1 a,b,2 -- --size 700x500 -T png >t.png
	file t.png | grep -q '700 x 500'
	draw a,a,1 a,b,2 -- --size 960x480 -T pdf >t.pdf
	pdfinfo t.pdf | grep -q '^Page size: *720 x 360 pts'
	run draw a,a,1 -- --size 30x20
	[ "$status" -eq 1 ]
	[[ $output == "plot-matrix: --size: too small: "*x*" would do" ]]
}

signature() { head -c "$1" t | od -An -c | tr -d ' '; }

@test "terminals" {
	draw a,a,1 -- -T png >t
	[ "$(signature 4)" = '211PNG' ]
	draw a,a,1 -- -T pdf >t
	[ "$(signature 5)" = '%PDF-' ]
	[ "$(pdftotext t - | grep -c Source)" -eq 1 ]
	draw a,a,1 -- -T canvas >t
	[ "$(head -n 1 t)" = '<!DOCTYPE HTML>' ]
	draw a,a,1 -- -T svg >t
	draw a,a,1 | cmp - t
	run draw a,a,1 -- -T jpeg
	[ "$status" -eq 2 ]
	run draw a,a,1 -- --palette rainbow
	[ "$status" -eq 2 ]
}

@test "only windows need a display" {
	for window in x11 qt; do
		run draw a,a,1 -- -T "$window"
		[ "$status" -eq 1 ]
		[ "$output" = "plot-matrix: -T $window: there is no display" ]
		run draw a,a,1 -- -T "$window" --script
		[[ $output == *"set terminal $window persist "* ]]
		run draw a,a,1 -- -T "$window" -o t
		[ "$status" -eq 2 ]
	done
}

@test "-T dumb is a table" {
	run draw PN,A,0.5 PN,PV,-12.25 'Größe,PV,3' -- -T dumb --title T
	[ "$output" = 'T
v
Source \ Target      A     PV
PN               0.500  -12.2
Größe                    3.00' ]
	run draw a,a,1 -- -T dumb --script
	[ "$status" -eq 2 ]
}

@test "a terminal is not told what to do by a label" {
	draw $'\e[31mred,\xc2\x9b2J\a,1' -- -T dumb >t
	run ! grep -q $'[\001-\011\013-\037]' t
	run ! grep -q $'\xc2\x9b' t
	grep -q '^?\[31mred' t
}

@test "-o writes the file whole or not at all" {
	draw a,a,1 >want
	echo old >t.svg
	run draw a,a,x -- -o t.svg
	[ "$status" -eq 1 ]
	[ "$(cat t.svg)" = old ]
	run draw a,a,1 -- -o t.svg
	[ -z "$output" ]
	cmp t.svg want
	draw a,a,1 -- --script -o s
	draw a,a,1 -- --script | cmp - s
	[ "$(find . -name '*.??????' | grep -c 'svg\.\|s\.')" -eq 0 ]
	run draw a,a,1 -- -o no/such/place
	[ "$status" -eq 1 ]
}

@test "the script draws the same picture" {
	groups 4 5 8 >t
	same_script plot-matrix -y v_mean --with-sd
}

odd_table() {
	printf 'source,target,v\n'
	for name in "${odd[@]}"; do
		echo "$(csv "$name"),$(csv "$name"),1"
	done
}

@test "labels are drawn as they stand, and run nothing" {
	odd_table >t
	plot-matrix t >t.svg
	words t.svg >w
	for name in "${odd[@]}"; do
		[ "$(grep -cxF -- "$name" w)" -eq 2 ]
	done
	for terminal in png pdf canvas dumb; do
		plot-matrix -T "$terminal" t >/dev/null
	done
	plot-matrix --script t | gnuplot 2>/dev/null | cmp - t.svg
	rsvg-convert t.svg >t.png
	[ ! -e x ]
}

# bats test_tags=long
@test "so are the title, the label and the names of columns" {
	for name in "${odd[@]}"; do
		printf '%s,%s,%s\na,b,1\n' "$(csv "$name")" \
			"$(csv "c$name")" "$(csv "v$name")" >t
		plot-matrix t --row "$name" --column "c$name" --title "t$name" >t.svg
		plot-matrix t --row "$name" --column "c$name" --title "t$name" \
			--script | gnuplot 2>/dev/null | cmp - t.svg
		words t.svg >w
		for text in "$name" "c$name" "v$name" "t$name"; do
			grep -qxF -- "$text" w
		done
	done
	draw a,a,1 -- --label '`touch x`' | grep -qF '>`touch x`<'
	[ ! -e x ]
}

@test "lines of a label, and what no picture can hold" {
	printf 'source,target,v\n"two\nlines","a\eb",1\n\xe9,\xed\xa0\x80,2\n' >t
	plot-matrix t >t.svg
	words t.svg >w
	grep -qx two w
	grep -qx lines w
	grep -qx 'a?b' w
	grep -qx '?' w
	grep -qx '???' w
	rsvg-convert t.svg >/dev/null
}

@test "a label cannot end the script of a page" {
	printf 'source,target,v\n</script><b>,<!--<script>,1\n' >t
	plot-matrix -T canvas t >t.html
	run ! grep -q '</script><b>' t.html
	run ! grep -q '<!--<script>' t.html
	plot-matrix -T canvas --script t | gnuplot 2>/dev/null | cmp - t.html
}

@test "the user's own settings of gnuplot are not ours" {
	mkdir home
	echo 'set label "mine" at screen 0.5,0.5' >home/.gnuplot
	draw a,a,1 >want
	rows a,a,1 | HOME=$PWD/home GNUTERM=x11 plot-matrix | cmp - want
}

@test "bad input is named by file, line and column" {
	rows a,b,1 b,a,2 a,b,1 >t
	run plot-matrix t
	[ "$status" -eq 1 ]
	[ "$output" = "plot-matrix: t:4: repeats line 2: 'a', 'b'" ]
	run draw a,b,x
	[ "$status" -eq 1 ]
	[ "$output" = "plot-matrix: standard input:2: column 'v': not a number: 'x'" ]
	run draw a,b,inf
	[ "$output" = "plot-matrix: standard input:2: column 'v': not a finite number: 'inf'" ]
	run plot-matrix < <(printf 'g,A,A\nx,1,2\n')
	[ "$output" = "plot-matrix: standard input:1: repeated column: 'A'" ]
	run plot-matrix < <(printf 'g,A\nx,1\nx,2\n')
	[ "$output" = "plot-matrix: standard input:3: column 'g': repeated row: 'x'" ]
	run plot-matrix < <(printf 'source,target\na,b\n')
	[ "$output" = "plot-matrix: standard input: no column of values" ]
}

@test "gnuplot's failure is ours" {
	mkdir bin
	printf '#!/bin/sh\necho "line 0: warning: odd" >&2
echo "         line 7: it broke" >&2; exit 1\n' >bin/gnuplot
	chmod +x bin/gnuplot
	rows a,a,1 >t
	PATH=$PWD/bin:$PATH run plot-matrix -o t.svg t
	[ "$status" -eq 1 ]
	[ "$output" = "plot-matrix: gnuplot: it broke" ]
	[ ! -e t.svg ]
	printf '#!/bin/sh\nkill -9 $$\n' >bin/gnuplot
	PATH=$PWD/bin:$PATH run plot-matrix t
	[ "$status" -eq 1 ]
	[ "$output" = "plot-matrix: gnuplot: Killed" ]
	printf '#!/bin/sh\nexit 0\n' >bin/gnuplot
	PATH=$PWD/bin:$PATH run plot-matrix t
	[ "$status" -eq 1 ]
	# a gnuplot that has no windows, in a place that has
	printf '#!/bin/sh\necho "line 0: unknown or ambiguous terminal type; type just" >&2
exit 1\n' >bin/gnuplot
	DISPLAY=:0 PATH=$PWD/bin:$PATH run plot-matrix -T qt t
	[ "$status" -eq 1 ]
	[ "$output" = "plot-matrix: -T qt: this gnuplot cannot draw that: install gnuplot-qt" ]
	tool=$(command -v plot-matrix)
	PATH=/nowhere run "$tool" t
	[ "$status" -eq 1 ]
	[ "$output" = "plot-matrix: gnuplot not found: install gnuplot-nox" ]
}

@test "an output that cannot be written is noticed" {
	rows a,a,1 >t
	run bash -c 'plot-matrix t >/dev/full'
	[ "$status" -eq 1 ]
	[ "$output" = "plot-matrix: standard output: No space left on device" ]
	run bash -c 'plot-matrix -o /dev/full t'
	[ "$status" -eq 1 ]
	[ "$output" = "plot-matrix: /dev/full: No space left on device" ]
	run bash -c 'plot-matrix --script t >&-'
	[ "$status" -eq 1 ]
}

report() { # of a connector between two groups, one within a group, and gaps
	printf '%s\n' connector,source,target,direction,kind,pairs,possible,made,requested,obtained,obtained_low,obtained_high \
		a,PN,PV,forward,directed,20,10,3,0.25,0.3,0.1,0.6 \
		a,PV,PN,backward,directed,20,10,2,0.25,0.2,0.05,0.5 \
		a,PN,PV,reciprocal,unordered,20,10,1,,0.1,0,0.4 \
		a,PN,PV,one-way,unordered,20,10,3,,0.3,0.1,0.6 \
		a,PN,PV,forward,directed-all,20,20,3,0.12,0.15,0.05,0.36 \
		a,PV,PN,backward,directed-all,20,20,2,0.12,0.1,0.02,0.3 \
		a,PN,PV,reciprocal,unordered-all,20,20,1,,0.05,0,0.2 \
		b,PN,PN,forward,directed,40,30,6,0.2,0.2,0.1,0.4 \
		b,PN,PN,backward,directed,40,10,6,0.6,0.6,0.3,0.8 \
		g,PV,PV,gap,unordered,9,8,2,0.3,0.25,0.07,0.6 >t
}

@test "the report of connectors: what was obtained each way" {
	report
	run plot-matrix -y obtained -T dumb t
	[ "$output" = 'Obtained (fraction of pairs)
Source \ Target   PV   PN
PN               0.3  0.3
PV                    0.2' ]
	# within a group, of the pairs of both ways: 12 of 40; numbers add up
	run plot-matrix -y made -T dumb t
	[ "${lines[2]}" = "PN                3  12" ]
	run plot-matrix -y requested -T dumb t
	[ "${lines[2]}" = "PN               0.25  0.30" ]
	# an interval is of one way
	plot-matrix -y obtained --with-interval -T dumb t >d
	grep -q '0.3 0.1–0.6  *0.3$' d
	grep -q '0.2 0.05–0.5$' d
	sed 's/^b/a/; s/,backward,directed,40/,forward,directed,40/' t >u
	run plot-matrix -y obtained u
	[ "$status" -eq 1 ]
	[ "$output" = "plot-matrix: u:10: repeats line 9: 'PN', 'PN'" ]
}

@test "--where chooses rows, of any table" {
	report
	cells() { plot-matrix -y obtained -T dumb "$@" t | tail -n +3 | xargs; }
	[ "$(cells --where direction=gap)" = "PV 0.25" ]
	[ "$(cells --where direction=reciprocal)" = "PN 0.1" ]
	[ "$(cells --where direction=reciprocal --where kind=unordered-all)" = "PN 0.05" ]
	[ "$(cells --where kind=directed-all)" = "PN 0.15 PV 0.10" ]
	[ "$(cells --where connector=g,b)" = "PN 0.3" ]
	[ "$(cells --where connector=nobody)" = "no data" ]
	rows a,b,1 c,d,2 '"x,y",b,3' | plot-matrix -T dumb --where 'source=c,x,y' >d
	[ "$(tail -n +3 d | xargs)" = "c 2" ]
	rows a,b,1 c,d,2 '"x,y",b,3' | plot-matrix -T dumb --where 'source=x,y' >d
	[ "$(tail -n +3 d | xargs)" = "x,y 3" ]
	run plot-matrix --where source t
	[ "$status" -eq 2 ]
	mapfile -t many < <(seq 65 | sed 's/.*/--where=v=&/')
	run plot-matrix "${many[@]}" <(rows a,b,1)
	[ "$output" = "plot-matrix: more than 64 conditions" ]
	run plot-matrix --where nowhere=1 -y obtained t
	[[ $output == "plot-matrix: t: no column 'nowhere': there are "* ]]
}

@test "what a connector reports is what its picture says" {
	{ echo node_id,pop_name; seq -f %g,PN 0 29; seq -f %g,PV 30 39; } >n
	connect-reciprocal --seed 1 --source PN --target PV --p0 0.3 --p1 0.2 \
		--pr 0.1 --report t -o edges n
	plot-matrix -y obtained --format %.6f t >t.svg
	words t.svg | grep '^0\.[0-9]*$' | grep -c ...... | grep -qx 2
	awk -F, '$5 == "directed" { printf "%.6f\n", $8 / $7 }' t >want
	while read -r number; do
		words t.svg | grep -qx "$number"
	done <want
}
