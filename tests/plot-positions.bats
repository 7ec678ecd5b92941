# shellcheck disable=SC2016 # backquotes and the like are what is tested
load common.bash
load pictures.sh

misused() { # what is wrong, then options
	run plot-positions "${@:2}" t
	[ "$status" -eq 2 ] && [ "${lines[0]}" = "plot-positions: $1" ]
}

bad() { # what is wrong, then options
	run plot-positions "${@:2}" t
	[ "$status" -eq 1 ] && told "$output" "plot-positions: $1"
}

network() { # how many cells, how many groups, how long their names are
	awk -v n="$1" -v m="$2" -v len="$3" '
	function name(i, s) {
		s = sprintf("g%02d", i)
		while (length(s) < len)
			s = s "_interneuron"
		return substr(s, 1, len)
	}
	function draw() { # MINSTD
		return (seed = seed * 16807 % 2147483647) / 2147483647
	}
	BEGIN {
		seed = 1
		print "node_id,pop_name,x,y,z,rotation_angle_yaxis"
		for (i = 0; i < n; i++)
			printf "%d,%s,%.3f,%.3f,%.3f,%.4f\n", i,
				name(int(i * m / n)), 800 * draw(), 600 * draw(),
				500 * draw() - 200, 6.28 * draw()
	}' >t
}

cells() { block cells <(script "$@"); } # x, y, z, kind, colour

arrow() { # where the arrow of the first cell points, to six places
	block arrows <(script --arrows --length 1 "$@") |
		awk 'NR == 1 { printf "%.6f %.6f %.6f", $4 + 0, $5 + 0, $6 + 0 }' |
		sed 's/-\(0.000000\)/\1/g'
}

angles=rotation_angle_xaxis,rotation_angle_yaxis,rotation_angle_zaxis
quaternion=orientation_w,orientation_x,orientation_y,orientation_z

@test "every cell is there, in the colour of its group" {
	table pop_name,x,y,z PN,1,2,3 PV,4.5,5,6 PN,7,8,9
	cells | sort >c
	[ "$(cut -d' ' -f-3 c | paste -s -d,)" = "1 2 3,4.5 5 6,7 8 9" ]
	# Okabe and Ito's blue and orange
	[ "$(cut -d' ' -f5 c | paste -s -d,)" = "$((0x0072b2)),$((0xe69f00)),$((0x0072b2))" ]
	[ "$(cut -d' ' -f4 c | sort -u | wc -l)" -eq 2 ]
	plot-positions t >t.svg
	for text in PN PV 'x (µm)' 'y (µm)' 'z (µm)'; do
		[ "$(words t.svg | grep -cxF "$text")" -eq 1 ]
	done
}

@test "-g takes any columns; without pop_name there are no groups" {
	table layer,pop_name,x,y,z L4,PN,1,2,3 L5,PN,4,5,6
	plot-positions -g layer t >t.svg
	[ "$(words t.svg | grep -cx 'L[45]')" -eq 2 ]
	run ! grep -q '>PN<' t.svg
	plot-positions -g layer,pop_name t >t.svg
	words t.svg | grep -qx 'L4, PN'
	table x,y,z 1,2,3
	plot-positions t >t.svg
	[ "$(words t.svg | grep -c '[a-z]')" -eq 3 ]
	bad "t: no column 'layer'" -g layer
}

# Of a cube, seen from between x and y.
@test "all axes have the same scale" {
	table x,y,z 0,0,0 100,100,100
	for size in 400x300 300x500; do
		plot-positions --view 45,30 --size "$size" t >t.svg
		sed -n "s/.*use xlink.*translate(\([0-9.]*\),\([0-9.]*\)).*/\1 \2/p" t.svg >dots
		# both corners are one below the other: the diagonal of the
		# floor is away from the eye
		awk '{ x[NR] = $1; y[NR] = $2 } END {
			exit !(x[1] == x[2] && y[1] != y[2]) }' dots
	done
	table x,y 0,0 1000,100 0,100
	for size in 400x300 300x500; do
		plot-positions --project xy --size "$size" t |
			sed -n "s/.*use xlink.*translate(\([0-9.]*\),\([0-9.]*\)).*/\1 \2/p" |
			sort -n >dots
		awk '{ x[NR] = $1; y[NR] = $2 } END {
			h = y[1] > y[2] ? y[1] - y[2] : y[2] - y[1]
			printf "%.1f\n", (x[3] - x[1]) / h }' dots >ratio
		[ "$(cat ratio)" = 10.0 ]
	done
}

# The projection of numbers that are easy to do by hand: right, up.
@test "--view looks from where it says" {
	table x,y,z 1,0,0 0,2,0 0,0,3
	seen() {
		plot-positions --view "$1" --script t |
			sed -n 's/^\(across\|up\)(x, y, z) = //p' |
			awk -F'[*+xyz ]+' '{ printf "%.3f %.3f %.3f;", $1 + 0, $2 + 0, $3 + 0 }' |
			sed 's/-\(0.000\)/\1/g'
	}
	[ "$(seen 0,0)" = "0.000 1.000 0.000;0.000 0.000 1.000;" ]
	[ "$(seen 90,0)" = "-1.000 0.000 0.000;0.000 0.000 1.000;" ]
	[ "$(seen -90,90)" = "1.000 0.000 0.000;0.000 1.000 0.000;" ]
	[ "$(seen -60,30)" = "0.866 0.500 0.000;-0.250 0.433 0.866;" ]
	plot-positions t >t.svg
	plot-positions --view -60,30 t | cmp - t.svg
	for angles in 1,2,3 x,1 nan,0 ''; do
		run plot-positions --view "$angles" t
		[ "$status" -eq 2 ]
		[[ $output == "plot-positions: --view: "* ]]
	done
	misused "--view: must be azimuth,elevation: '1'" --view 1
	misused "--view: must be in [-90,90]: '91'" --view 0,91
	misused "--view: must be in [-360,360]: '361'" --view 361,0
}

@test "--project draws a plane" {
	table x,y,z 1,2,3 4,5,9
	for plane in xy xz yz; do
		plot-positions --project "$plane" t >t.svg
		[ "$(words t.svg | grep µm | sort | paste -s -d,)" = "${plane:0:1} (µm),${plane:1} (µm)" ]
	done
	[ "$(script --project yz | grep '(x, y, z) =' | paste -s -d' ')" = \
		"across(x, y, z) = 0*x + 1*y + 0*z up(x, y, z) = 0*x + 0*y + 1*z" ]
	table x,y 1,2
	plot-positions --project xy t >t.svg
	bad "t: no column 'z', which --view needs: --project xy" --view 0,0
	bad "t: no column 'z'" --project xz
	misused "--view and --project exclude each other" --project xy --view 0,0
	run plot-positions --project yx t
	[ "$status" -eq 2 ]
}

plane() { # what is said, the plane, options
	run -0 --separate-stderr plot-positions "${@:3}" t
	is "$stderr" "plot-positions: t: $1"
	is "$output" "$(plot-positions --project "$2" "${@:3}" t 2>/dev/null)"
}

@test "a layer of cells is drawn on its plane, and said" {
	table pop_name,x,y,z A,1,2,100 B,4,5,100 A,7,1,100
	plane "all cells have one 'z': drawn as by --project xy" xy
	table x,y,z 1,3,1 4,3,2 5,3,7
	plane "all cells have one 'y': drawn as by --project xz" xz
	table x,y,z 1,0,0 2,0,0 3,0,0
	plane "all cells have one 'z': drawn as by --project xy" xy
	table x,y,z 1,1,0 1,1,5
	plane "all cells have one 'y': drawn as by --project xz" xz
	# not where a view is asked for, a cell is alone, or arrows leave it
	run -0 --separate-stderr plot-positions --view -60,30 t
	is "$stderr" ""
	table x,y,z 1,2,3 1,2,3
	run -0 --separate-stderr plot-positions t
	is "$stderr" ""
	table x,y,z,rotation_angle_zaxis 1,2,3,0 5,6,3,1
	plane "all cells have one 'z': drawn as by --project xy" xy --arrows
	run -0 --separate-stderr plot-positions --arrows --axis z t
	is "$stderr" ""
}

@test "cells that lack an axis are counted" {
	table x,y,z 1,2,3 4,5, 7,8,
	plane "2 of 3 cells have no 'z': drawn as by --project xy" xy
	table x,z 1,2 3,4
	plane "no column 'y': drawn as by --project xz" xz
	# most of them lack the same one
	table x,y,z 1,2,3 4,5, 7,8, 9,10, 11,,12
	run -0 --separate-stderr plot-positions t
	is "${stderr_lines[0]}" "plot-positions: t: 3 of 5 cells have no 'z': drawn as by --project xy"
	is "${stderr_lines[1]}" "plot-positions: t: cells without a position, which are left out: 1"
	grep -q '>4 of 5 cells<' <<<"$output"
}

@test "what is nearer is drawn over what is behind" {
	table pop_name,x,y,z near,0,0,100 far,1,0,0 other,2,0,200
	[ "$(cells --project xy -g pop_name | cut -d' ' -f3 | paste -s -d' ')" = "0 100 200" ]
	[ "$(cells --project xz | cut -d' ' -f1 | wc -l)" -eq 3 ]
	table x,y,z 0,0,0 0,10,0 0,-10,0
	[ "$(cells --view -90,0 | cut -d' ' -f2 | paste -s -d' ')" = -10 ]
	[ "$(cells --view 90,0 | cut -d' ' -f2 | paste -s -d' ')" = 10 ]
	[ "$(cells --view 0,0 | wc -l)" -eq 3 ]
}

@test "a cell is turned by Rx(a) Ry(b) Rz(c)" {
	turned() { # angles, axis
		table "x,y,z,$angles" "0,0,0,$1"
		arrow --axis "$2"
	}
	[ "$(turned 0,0,0 x)" = "1.000000 0.000000 0.000000" ]
	[ "$(turned 0,0,0 y)" = "0.000000 1.000000 0.000000" ]
	[ "$(turned 0,0,0 z)" = "0.000000 0.000000 1.000000" ]
	# quarter turns: x to y about z, y to z about x, z to x about y
	quarter=1.5707963267948966
	[ "$(turned 0,0,$quarter x)" = "0.000000 1.000000 0.000000" ]
	[ "$(turned $quarter,0,0 y)" = "0.000000 0.000000 1.000000" ]
	[ "$(turned 0,$quarter,0 z)" = "1.000000 0.000000 0.000000" ]
	# first z, x to y; then y, which leaves it; then x, to z
	[ "$(turned $quarter,$quarter,$quarter x)" = "0.000000 0.000000 1.000000" ]
	# first z, y to -x; then y, to z; then x, to -y
	[ "$(turned $quarter,$quarter,$quarter y)" = "0.000000 -1.000000 0.000000" ]
	# a missing angle is 0, be it a column or a field
	[ "$(turned ,,$quarter x)" = "0.000000 1.000000 0.000000" ]
	table x,y,z,rotation_angle_zaxis 0,0,0,$quarter
	[ "$(arrow --axis x)" = "0.000000 1.000000 0.000000" ]
	# y is what is drawn if nothing is said
	table "x,y,z,$angles" 0,0,0,0.3,0.5,0.7
	[ "$(arrow)" = "$(arrow --axis y)" ]
}

# The matrices of the angles multiplied, which plot-positions does not do.
@test "any angles, against the product of the three matrices" {
	{
		echo "x,y,z,$angles"
		awk 'BEGIN { for (i = 0; i < 200; i++)
			printf "%d,0,0,%.6f,%.6f,%.6f\n", i, sin(i) * 3.1,
				cos(i * 1.7) * 3.1, sin(i * 2.3 + 1) * 3.1 }'
	} >t
	for axis in 1 2 3; do
		block arrows <(script --arrows --length 1 --axis "$(cut -c$axis <<<xyz)") |
			sort -n | cut -d' ' -f4-6 >drawn
		tail -n +2 t | awk -F, -v k=$axis '
		function multiply(a, b, c,    i, j, l) {
			for (i = 1; i <= 3; i++)
				for (j = 1; j <= 3; j++) {
					c[i, j] = 0
					for (l = 1; l <= 3; l++)
						c[i, j] += a[i, l] * b[l, j]
				}
		}
		function about(m, i, angle,    j, k, l) {
			j = i % 3 + 1; k = j % 3 + 1
			for (l = 1; l <= 3; l++)
				m[i, l] = m[l, i] = l == i
			m[j, j] = m[k, k] = cos(angle)
			m[k, j] = sin(angle); m[j, k] = -sin(angle)
		}
		{
			about(x, 1, $4); about(y, 2, $5); about(z, 3, $6)
			multiply(x, y, xy); multiply(xy, z, r)
			print r[1, k], r[2, k], r[3, k]
		}' >wanted
		[ "$(wc -l <drawn)" -eq 200 ]
		paste -d' ' drawn wanted | awk '{
			for (i = 1; i <= 3; i++) {
				d = $i - $(i + 3)
				if (d > 2e-6 || d < -2e-6) { print; exit 1 }
			}
		}'
	done
}

@test "or by a quaternion, of any length" {
	turned() { # quaternion, axis
		table "x,y,z,$quaternion" "0,0,0,$1"
		arrow --axis "$2"
	}
	[ "$(turned 1,0,0,0 y)" = "0.000000 1.000000 0.000000" ]
	# a third of a turn about the diagonal: x to y to z to x
	[ "$(turned 0.5,0.5,0.5,0.5 x)" = "0.000000 1.000000 0.000000" ]
	[ "$(turned -7,-7,-7,-7 y)" = "0.000000 0.000000 1.000000" ]
	[ "$(turned 3,3,3,3 z)" = "1.000000 0.000000 0.000000" ]
	# a quarter of a turn about z
	[ "$(turned 2,0,0,2 x)" = "0.000000 1.000000 0.000000" ]
	# and what angles would say: half of 0.7 about x
	[ "$(turned 0.9393727128473789,0.34289780745545134,0,0 y)" = \
		"$(table "x,y,z,$angles" 0,0,0,0.7,0,0; arrow)" ]
	table "x,y,z,$quaternion" 0,0,0,0,0,0,0
	bad "t:2: column 'orientation_w': quaternion of no length: '0'" --arrows
	table "x,y,z,$quaternion" 0,0,0,1,0,0,
	bad "t:2: column 'orientation_w': part of a quaternion is missing: '1'" --arrows
	table x,y,z,orientation_w 0,0,0,1
	bad "t: no column 'orientation_x'" --arrows
}

@test "a quaternion goes before angles, with one warning" {
	table "x,y,z,$quaternion,rotation_angle_xaxis" 0,0,0,1,0,0,0,1.5 \
		1,0,0,1,0,0,0,1.5 2,0,0,,,,,1.5707963267948966 3,0,0,1,0,0,0,
	run -0 --separate-stderr plot-positions --arrows --length 1 --script t
	# shellcheck disable=SC2154 # set by run
	[ "$stderr" = "plot-positions: t:2: both angles and a quaternion: the quaternion counts" ]
	block arrows <(printf '%s\n' "$output") | sort -n |
		awk '{ printf "%.3f %.3f\n", $5, $6 }' >a
	[ "$(paste -s -d, a)" = "1.000 0.000,1.000 0.000,0.000 1.000,1.000 0.000" ]
	table x,y,z 0,0,0
	bad "t: no rotations: neither 'rotation_angle_yaxis' nor 'orientation_w'" --arrows
	plot-positions t >t.svg
}

@test "--length, --head" {
	table x,y,z,rotation_angle_zaxis 0,0,0,0 500,200,0,0
	block arrows <(script --arrows) | head -n 1 | grep -q '^0 0 0 0 50 0 '
	block arrows <(script --arrows --length 12.5) | grep -q '^0 0 0 0 12.5 0 '
	script --arrows | grep -qx 'head = 0.25'
	# the barbs in the picture are a fraction of the shaft
	table x,y,rotation_angle_zaxis 0,0,0
	plot-positions --project xy --arrows --length 100 --head 0.4 t |
		sed -n "s/.*<path stroke='rgb(  0, 114, 178)'[^>]* d='M\([0-9.]*\),\([0-9.]*\) L\([0-9.]*\),\([0-9.]*\).*/\1 \2 \3 \4/p" |
		awk '{ d[NR] = sqrt(($3 - $1) ^ 2 + ($4 - $2) ^ 2) }
		END { printf "%d %.2f %.2f", NR, d[2] / d[1], d[3] / d[1] }' >heads
	[ "$(cat heads)" = "3 0.40 0.40" ]
	plot-positions --project xy --arrows --length 100 t >t.svg
	words t.svg | grep -qx 'arrows: axis y, 100 µm'
	for option in --length --head; do
		misused "$option: must be in (0,inf): '0'" --arrows $option 0
		misused "$option: not a number: 'x'" --arrows $option x
		misused "$option needs --arrows" $option 1
	done
	misused "--axis needs --arrows" --axis x
	run plot-positions --arrows --axis w t
	[ "$status" -eq 2 ]
}

@test "--every" {
	{ echo x,y,z; seq 0 99 | sed 's/.*/&,0,0/'; } >t
	[ "$(cells --every 10 --project xy | cut -d' ' -f1 | sort -n | paste -s -d' ')" = "0 10 20 30 40 50 60 70 80 90" ]
	plot-positions --every 10 t >t.svg
	words t.svg | grep -qx '10 of 100 cells'
	plot-positions --every 1 t >t.svg
	run ! grep -q 'of 100' t.svg
	misused "--every: must be in [1,inf): '0'" --every 0
}

@test "--max-cells takes its share of each group, and says so" {
	{
		echo pop_name,x,y,z
		seq 0 59 | sed 's/.*/PN,&,0,0/'
		seq 60 89 | sed 's/.*/PV,&,0,0/'
		seq 90 99 | sed 's/.*/"a, b",&,0,0/'
		echo SST,100,0,0
	} >t
	run -0 --separate-stderr plot-positions --max-cells 10 --project xy --script t
	[ "$stderr" = "plot-positions: --max-cells: 10 of 101 cells are drawn" ]
	block cells <(printf '%s\n' "$output") | cut -d' ' -f4 | sort | uniq -c |
		awk '{ print $1 }' | sort -n | paste -s -d' ' >shares
	[ "$(cat shares)" = "1 1 3 5" ]
	run -0 --separate-stderr plot-positions --max-cells 2 --project xy t
	[ "$stderr" = "plot-positions: --max-cells: 2 of 101 cells are drawn, none of: PV, a, b" ]
	[[ $output == *'>2 of 101 cells<'* ]]
	run -0 --separate-stderr plot-positions --max-cells 101 --project xy t
	[ -z "$stderr" ]
	misused "--max-cells: must be in [1,inf): '0'" --max-cells 0
}

@test "the key lists the groups that are drawn" {
	table pop_name,x,y,z PN,,, PV,4,5,6 PV,7,8,10 SST,1,1,1
	plot-positions t 2>/dev/null >t.svg
	is "$(words t.svg | grep '^[A-Z]' | paste -s -d,)" PV,SST
	# in the colour that it has among all
	is "$(cells 2>/dev/null | cut -d' ' -f5 | sort -n | uniq | paste -s -d,)" \
		"$((0x009e73)),$((0xe69f00))"
	plot-positions --every 2 t 2>/dev/null >t.svg
	is "$(words t.svg | grep -c -e SST -e PN)" 0
}

@test "cells without a position are left out, and said" {
	table x,y,z 1,2,3 ,2,3 4,nan,6 7,8,9
	run -0 --separate-stderr plot-positions --script t
	[ "$stderr" = "plot-positions: t: cells without a position, which are left out: 2" ]
	[ "$(block cells <(printf '%s\n' "$output") | wc -l)" -eq 2 ]
	plot-positions t 2>/dev/null >t.svg
	words t.svg | grep -qx '2 of 4 cells'
}

@test "the dots of the SVG are where the cells are" {
	network 50 1 3
	cut -d, -f3-5 t >u
	plot-positions --project xz u |
		sed -n "s/.*use xlink.*translate(\([0-9.]*\),\([0-9.]*\)).*/\1 \2/p" |
		sort -n >dots
	[ "$(wc -l <dots)" -eq 50 ]
	tail -n +2 u | awk -F, '{ print $1, $3 }' | sort -n | paste -d' ' dots - | awk '
	{ px[NR] = $1; py[NR] = $2; x[NR] = $3; z[NR] = $4 }
	END {
		scale = (px[50] - px[1]) / (x[50] - x[1])
		for (i = 1; i <= 50; i++) {
			dx = px[i] - px[1] - scale * (x[i] - x[1])
			dy = py[i] - py[1] + scale * (z[i] - z[1])
			if (dx * dx + dy * dy > 0.05) { print i, dx, dy; exit 1 }
		}
	}'
}

# bats test_tags=long
@test "100 000 cells are a small picture, in which nothing is lost" {
	network 100000 4 30
	plot-positions t >t.svg
	[ "$(wc -c <t.svg)" -lt 800000 ]
	plot-positions --project xy t | wc -c >size
	[ "$(cat size)" -lt 1400000 ]
	# a cell that is drawn is one of the table, and one that is not drawn has
	# others less than a square away
	cells --project xy | awk '{ print $1, $2 }' >drawn
	awk 'NR == FNR { near[int($1 / 6), int($2 / 6)] = 1; next }
	{
		i = int($1 / 6); j = int($2 / 6)
		for (di = -1; di <= 1; di++)
			for (dj = -1; dj <= 1; dj++)
				if ((i + di, j + dj) in near)
					next
		print; exit 1
	}' drawn <(tail -n +2 t | awk -F, 'NR % 7 == 0 { print $3, $4 }')
}

@test "few groups of a crowd are squares, many have shapes" {
	network 2500 7 3
	script | grep -q 'with vectors nohead linewidth 3'
	network 2500 8 3
	script | grep -q 'with points pointtype variable'
	[ "$(cells | cut -d' ' -f4,5 | sort -u | wc -l)" -eq 8 ]
	network 2000 7 3
	script | grep -q 'with points pointtype variable'
	network 2100 40 3
	[ "$(cells | cut -d' ' -f4,5 | sort -u | wc -l)" -eq 40 ]
}

# bats test_tags=long
@test "nothing overlaps and nothing leaves the picture" {
	network 30 4 30
	no_clash plot-positions
	no_clash plot-positions --arrows --title 'a title that is far longer than the picture below it is wide, by far and more'
	no_clash plot-positions --project xy --arrows
	no_clash plot-positions --size 600x500
	network 80 40 30
	no_clash plot-positions
	words t.svg | grep -qx g39_interneuron_interneuron_in
	# 8 pixels are 6 points
	texts t.svg | awk '$4 < 8 { exit 1 }'
}

@test "in a column of print the box is large, and dots are small" {
	network 900 4 3
	no_clash plot-positions --size 85mm
	# a box whose names jump with its scale was 45 pixels wide
	for size in 321x300 321x250 85mm; do
		plot-positions --size $size t |
			sed -n "s/.*use xlink.*translate(\([0-9.]*\),.*/\1/p" | sort -n |
			awk 'NR == 1 { x = $1 } END { exit !(NR > 100 && $1 - x > 80) }'
	done
	# nor does a long key squeeze it where only a width is given
	network 900 40 30
	for plane in '' '--project xz'; do
		# shellcheck disable=SC2086 # words
		plot-positions --size 85mm $plane t >t.svg
		sed -n "s/.*use xlink.*translate(\([0-9.]*\),.*/\1/p" t.svg | sort -n |
			awk 'NR == 1 { x = $1 } END { exit $1 - x < 140 }'
		is "$(words t.svg | grep -c '^g[0-9]')" 40
	done
	network 900 4 3
	points() { script "$@" | sed -n 's/.*pointsize \([0-9.]*\) .*rgb variable.*/\1/p'; }
	is "$(points) $(points --size 321x300)" "0.5 0.34"
	network 2500 4 3
	script | grep -q 'with vectors nohead linewidth 3 '
	script --size 321x300 | grep -q 'with vectors nohead linewidth 2.04 '
	# a short axis has one round number
	table x,y,z 0,0,101.3 900,500,108.2
	plot-positions t >t.svg
	is "$(words t.svg | grep -c '^10[0-9.]*$')" 1
	words t.svg | grep -qx 100
}

@test "the size that would do does" {
	network 100 11 30
	for size in 321x250 85mmx40mm 170mmx50mm 50mmx50mm; do
		run plot-positions --size $size t
		[[ $output =~ ^"plot-positions: --size: too small: "([0-9.a-z]+)" would do"$ ]]
		plot-positions --size "${BASH_REMATCH[1]}" t >t.svg
	done
}

# bats test_tags=long
@test "nor does it from any side, nor of a layer, a line or a cell" {
	network 10 1 3
	for view in -180,-90 -89,-45 -45,-3 0,0 3,20 30,45 90,88 135,-30 270,90; do
		plot-positions --view="$view" t >t.svg
		boxes t.svg >drawn
		# shellcheck disable=SC2046 # two words
		clashes $(size t.svg) <drawn >found
		[ ! -s found ]
		[ "$(words t.svg | grep -c µm)" -ge 2 ]
	done
	table x,y,z 0,0,100 900,500,100
	no_clash plot-positions --view -60,30
	words t.svg | grep -qx 100
	table x,y,z 5,7,0 5,7,1000
	no_clash plot-positions
	no_clash plot-positions --project xz
	table x,y,z 1000000,-2000000,3000000
	no_clash plot-positions
	no_clash plot-positions --project yz
}

@test "a header without rows is an empty frame" {
	table pop_name,x,y,z,rotation_angle_zaxis
	plot-positions t >t.svg
	[ "$(words t.svg | grep '[a-z]' | sort | paste -s -d,)" = "no data,x (µm),y (µm),z (µm)" ]
	plot-positions --arrows --project xy t >t.svg
	words t.svg | grep -qx 'no data'
	plot-positions -T dumb t | grep -q 'no data'
}

@test "bad input is named by file, line and column" {
	table x,y,z 1,2,q
	bad "t:2: column 'z': not a number: 'q'"
	table x,y,z 1,2,inf
	bad "t:2: column 'z': not a finite number: 'inf'"
	table x,w 1,2
	bad "t: no column 'y'"
	table x,y,z,rotation_angle_xaxis 0,0,0,inf
	bad "t:2: column 'rotation_angle_xaxis': not a finite number: 'inf'" --arrows
	table x,y,z -1e308,0,0 1e308,0,0
	bad "t:2: column 'x': more than a float has: '-1e308'"
	table x,y,z -3e38,0,0 3e38,0,1
	plot-positions t >t.svg
	run ! grep -q -e nan -e inf t.svg
}

@test "--size, --palette, --title" {
	network 20 3 3
	plot-positions --size 500x400 --title 'So it is' t >t.svg
	[ "$(size t.svg)" = "500 400" ]
	words t.svg | grep -qx 'So it is'
	run plot-positions --size 100x60 t
	[ "$status" -eq 1 ]
	[[ $output == "plot-positions: --size: too small: "*x*" would do" ]]
	cells --palette magma | cut -d' ' -f5 | sort -un | head -n 1 | grep -qx 4
}

@test "--xlabel, --ylabel, --note" {
	table x,y,z 1,2,3 4,5,9
	named() { plot-positions --xlabel Deep --ylabel Far "$@" t >t.svg; words t.svg | grep '[a-z]' | sort | paste -s -d,; }
	is "$(named)" "Deep,Far,z (µm)"
	is "$(named --project yz)" "Deep,Far"
	plot-positions --note 'layer 4' --every 2 t >t.svg
	is "$(words t.svg | grep layer)" "1 of 2 cells, layer 4"
	no_clash plot-positions --size 85mm --xlabel 'from left to right (mm)' --ylabel 'from pia to white matter (mm)'
}

@test "--colors: the same group, the same colour and shape" {
	table g,layer,x,y,z PV,4,1,2,3 PV,5,4,5,9
	printf '%s\n' group,colour PV:5,#123456 >colors
	is "$(cells --colors colors -g g,layer | sort -n | cut -d' ' -f5 | paste -s -d,)" \
		"$((0xe69f00)),$((0x123456))"
	table pop_name,x,y,z PV,1,2,3 SST,4,5,9
	printf '%s\n' group,colour PN, v1:SST,#123456 PV, >colors
	# PV is third: green triangles
	is "$(cells --colors colors | sort -n | cut -d' ' -f4,5 | paste -s -d,)" \
		"9 $((0x009e73)),5 $((0x123456))"
	# wherever it stands, and whatever else is drawn
	sed -i 3d t
	is "$(cells --colors colors | cut -d' ' -f4,5)" "9 $((0x009e73))"
	# which is a letter in the terminal, and in its key
	plot-positions --colors colors -T dumb t >t.txt
	is "$(grep -o '[A-Z] PV' t.txt),$(grep -v PV t.txt | grep -o '[A-Z]')" "C PV,C"
}

@test "-T dumb draws with characters" {
	table pop_name,x,y,z PN,0,0,0 PV,100,100,100
	run -0 plot-positions -T dumb t
	[[ $output == *' A PN'*'B PV'* ]]
	[[ $output == *'x (µm)'* ]]
	[[ $output == *'z (µm)'* ]]
	[ "$(grep -o '[AB]' <<<"$output" | sort | uniq -c | awk '{ print $1 }' | paste -s -d' ')" = "2 2" ]
	[[ $output != *$' \n'* ]]
	network 30 2 3
	run -0 plot-positions -T dumb --project xy --arrows t
}

@test "same input, same bytes; the script draws the same picture" {
	network 300 4 8
	plot-positions --arrows t >a.svg
	plot-positions --arrows t | cmp - a.svg
	same_script plot-positions --arrows
	same_script plot-positions --project xz
	plot-positions -T pdf t >a.pdf
	[ "$(head -c 5 a.pdf)" = %PDF- ]
	network 2500 2 8
	same_script plot-positions
}

@test "windows need a display" {
	table x,y,z 1,2,3
	bad "-T qt: there is no display" -T qt
}

@test "labels are drawn as they stand, and run nothing" {
	{
		echo x,y,z,g
		for name in "${odd[@]}"; do
			echo "$((++i)),$((i * i)),$((i % 3)),$(csv "$name")"
		done
	} >t
	plot-positions -g g --title '`touch x`' t >t.svg
	words t.svg >w
	for name in "${odd[@]}"; do
		grep -qxF -- "$name" w
	done
	grep -qxF '`touch x`' w
	for terminal in png pdf canvas dumb; do
		plot-positions -g g -T "$terminal" t >/dev/null
	done
	plot-positions -g g --title '`touch x`' --script t | gnuplot 2>/dev/null | cmp - t.svg
	rsvg-convert t.svg >t.png
	[ ! -e x ]
}

@test "what sonata-nodes and place-cells write is read" {
	sonata-nodes -p A "$BATS_TEST_DIRNAME/data/tricky/config.json" >t
	[ "$(cells -g layer | wc -l)" -eq "$(tail -n +2 t | wc -l)" ]
	# R e_y of the angles 0.1 0.2 0.3, by numpy
	block arrows <(script --arrows --length 1) | grep '^10 3 5 ' |
		awk '{ printf "%.12f %.12f %.12f", $4, $5, $6 }' >a
	[ "$(cat a)" = "-0.289629477626 0.944702485995 0.153791997989" ]
}

@test "-o writes the file whole or not at all" {
	table x,y,z 1,2,3
	plot-positions -o t.svg t
	plot-positions t | cmp - t.svg
	echo old >t.svg
	run plot-positions -o t.svg <(printf 'x,y,z\n0,x,1\n')
	[ "$status" -eq 1 ]
	[ "$(cat t.svg)" = old ]
	run bash -c 'plot-positions t >/dev/full'
	[ "$output" = "plot-positions: standard output: No space left on device" ]
}

@test "cells without a group are told in the key" {
	printf '%s\n' node_id,mtype,x,y,z 0,PC,0,0,0 1,,1,1,1 >t
	plot-positions -g mtype t >t.svg
	grep -q '>no mtype<' t.svg
}
