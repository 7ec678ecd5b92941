# The reference is NEURON itself: a plain hoc script says what a section and its
# segments have.
load common.bash
load cells.sh

cell=("--hoc" "$BATS_TEST_DIRNAME/data/cell.hoc" --template Cell)
head=nseg,L_um,diam_um,area_um2,Ra,cm,mechanism,parameter,value

exactly() { # tables with empty fields for what is missing, numbers as C has them
	awk -F, -v OFS=, '{
		for (i = 1; i <= NF; i++)
			if ($i ~ /^-?[0-9.]/)
				$i = sprintf("%.17g", $i)
		print
	}'
}

varied() { # a section whose parameters vary along it, and a thick one
	cat >varied.hoc <<-'END'
	celsius = 20
	v_init = -60
	create trunk, twig[2]
	connect twig[0](0), trunk(0.25)
	connect twig[1](1), trunk(1)
	trunk {
		nseg = 5
		L = 100
		diam(0:1) = 8:2
		insert hh
		gnabar_hh(0:1) = 0:0.5
		cm(0:1) = 1:3
	}
	twig[0] { nseg = 3  insert pas  L = 7  Ra = 99 }
	END
}

plain() { # sections by NEURON itself, at x or in all; then what to print of each
	nrn <<-END
	{load_file("stdrun.hoc")}
	$1
	strdef parent
	objref r
	proc line() {
		printf("%s,%.9g,%s,%d,%.17g,%.17g,%.17g,%.17g,%.17g,%s,%.17g\n", \
			secname(), \$1, parent, nseg, L, diam(\$1), area(\$1), \
			Ra, cm(\$1), \$s2, \$3)
	}
	forall {
		r = new SectionRef()
		parent = ""
		if (r.has_parent) r.parent parent = secname()
		$2
	}
	END
}

@test "what NEURON says of each segment" {
	varied
	plain '{load_file("varied.hoc")}' '
		for (x, 0) if (ismembrane("hh")) {
			line(x, "na_ion,ena", ena(x))
			line(x, "na_ion,nai", nai(x))
			line(x, "na_ion,nao", nao(x))
			line(x, "k_ion,ek", ek(x))
			line(x, "k_ion,ki", ki(x))
			line(x, "k_ion,ko", ko(x))
			line(x, "hh,gnabar_hh", gnabar_hh(x))
			line(x, "hh,gkbar_hh", gkbar_hh(x))
			line(x, "hh,gl_hh", gl_hh(x))
			line(x, "hh,el_hh", el_hh(x))
		}
		for (x, 0) if (ismembrane("pas")) {
			line(x, "pas,g_pas", g_pas(x))
			line(x, "pas,e_pas", e_pas(x))
		}' | sort >theirs
	cell-info --hoc varied.hoc --segments >all
	is "$(head -n 1 all)" "section,x,parent,$head"
	tail -n +2 all | grep -v '^twig\[1\]' | exactly |
		awk -F, -v OFS=, '{ $2 = sprintf("%.9g", $2); print }' |
		sort >ours
	cmp theirs ours
	[ "$(cut -d, -f1,2 ours | sort -u | wc -l)" -eq 8 ]
}

@test "a section is what its middle is, but for its area" {
	varied
	cell-info --hoc varied.hoc >all
	is "$(head -n 1 all)" "section,parent,$head"
	cell-info --hoc varied.hoc --segments | awk -F, -v OFS=, '
		FNR == NR { area[$1] = $6; next }
		FNR > 1 && $2 == 0.5 { print $1, $3, $4, $5, $6, "area", $8, $9,
			$10, $11, $12 }' all - >middle
	tail -n +2 all | awk -F, -v OFS=, '{ $6 = "area"; print }' |
		cmp - middle
	cell-info --hoc varied.hoc --segments | awk -F, '
		FNR == NR { area[$1] = $6; next }
		FNR > 1 && !seen[$1, $2]++ { sum[$1] += $7 }
		END {
			for (s in sum) {
				n++
				if ((sum[s] / area[s] - 1) ^ 2 > 1e-24) exit 1
			}
			exit n != 3
		}' <(tail -n +2 all) -
}

@test "NEURON's own demo, sections at top level" {
	[ -e "$nrn_demo" ] || skip "no demo of NEURON"
	plain "{load_file(\"$nrn_demo/pyramid.nrn\")}
	{load_file(\"$nrn_demo/reconst.hoc\")}" \
		'if (ismembrane("pas")) line(0.5, "pas,g_pas", g_pas)' |
		cut -d, -f 1,3-6,8-12 >theirs
	cell-info --hoc "$nrn_demo/pyramid.nrn" --hoc "$nrn_demo/reconst.hoc" >all
	grep ,g_pas, all | cut -d, -f 1-5,7- | exactly >ours
	cmp theirs ours
	[ "$(wc -l <ours)" -gt 50 ]
}

@test "a template, and its sections without its name" {
	cell-info "${cell[@]}" >all
	is "$(cut -d, -f1,2 all | uniq)" "section,parent
soma,
dend[0],soma
dend[1],dend[0]"
	is "$(grep -c hh all)" 4
	is "$(grep 'dend.1.*g_pas' all)" \
		"dend[1],dend[0],3,150,2,942.4777960769379,150,1,pas,g_pas,5e-05"
}

names() { # of all parameters, as --set has them, and their values
	awk -F, 'NR > 1 && $10 { print $1 "." $10 "," $11 }'
}

@test "each name is one that --params takes" {
	lib=("${demo[@]}" --template Pyramidal)
	cell-info "${lib[@]}" | names >was
	{
		echo name,value
		awk -F, '{ printf "%s,%.17g\n", $1, $2 * 1.25 + 1 }' was
	} >p.csv
	cell-info "${lib[@]}" --params p.csv | names | exactly |
		cmp - <(tail -n +2 p.csv)
	[ "$(wc -l <was)" -gt 50 ]
}

@test "each column is one that --set takes" {
	cell-info "${cell[@]}" --set dend.nseg=5 --set 'dend[0].L=30' \
		--set soma.diam=9 --set dend.Ra=70 --set soma.cm=2 |
		cut -d, -f1,3,4,5,7,8 | uniq >got
	is "$(cat got)" "section,nseg,L_um,diam_um,Ra,cm
soma,1,20,9,150,2
dend[0],5,30,2,70,1
dend[1],5,150,2,70,1"
}

@test "a section without mechanisms, and a mechanism without parameters" {
	mkdir m
	echo 'NEURON { SUFFIX bare }' >m/bare.mod
	cat >two.hoc <<-'END'
	celsius = 20
	v_init = -60
	create a, b
	connect b(0), a(1)
	forall { L = 10  diam = 10 }
	b insert bare
	END
	is "$(cell-info --hoc two.hoc --mechanisms m)" "section,parent,$head
a,,1,10,10,314.1592653589793,35.4,1,,,
b,a,1,10,10,314.1592653589793,35.4,1,bare,,"
}

@test "global variables are those that --set takes" {
	cell-info "${cell[@]}" --globals >all
	is "$(head -n 4 all)" "mechanism,parameter,value
\"\",celsius,16
\"\",v_init,-65
\"\",dt,0.025"
	grep '^hh,usetable_hh,1$' all
	is "$(grep -c pas all)" 0
	cell-info "${cell[@]}" --globals --set celsius=30 --set usetable_hh=0 \
		--set nai0_na_ion=12 --set dt=0.05 --set v_init=-70 >new
	is "$(diff all new | sed -n 's/^> //p')" "\"\",celsius,30
\"\",v_init,-70
\"\",dt,0.05
na_ion,nai0_na_ion,12
hh,usetable_hh,0"
}

@test "a tree" {
	cat >tree.hoc <<-'END'
	celsius = 20
	v_init = -60
	create a, b[3], c, d
	connect b[0](0), a(0.25)
	connect c(0), b[0](1)
	connect d(0), c(1)
	connect b[1](0), a(1)
	connect b[2](0), b[1](0.5)
	forall { L = 10  diam = 1.5 }
	a { nseg = 3  insert hh  insert pas }
	END
	is "$(cell-info --hoc tree.hoc --tree)" \
'a: nseg 3, L 10 um, diam 1.5 um, pas, hh
|-- b[0] at 0.25: nseg 1, L 10 um, diam 1.5 um
|   +-- c at 1: nseg 1, L 10 um, diam 1.5 um
|       +-- d at 1: nseg 1, L 10 um, diam 1.5 um
+-- b[1] at 1: nseg 1, L 10 um, diam 1.5 um
    +-- b[2] at 0.5: nseg 1, L 10 um, diam 1.5 um'
}

@test "every section is in the tree, once" {
	[ -e "$nrn_demo" ] || skip "no demo of NEURON"
	cell-info --hoc "$nrn_demo/pyramid.nrn" --tree -o tree
	sed 's/^[-|+ ]*//; s/[ :].*//' tree | sort >ours
	cell-info --hoc "$nrn_demo/pyramid.nrn" | tail -n +2 | cut -d, -f1 | sort -u |
		cmp - ours
}

@test "more than one root section" {
	echo 'create a, b, c
	{connect c(0), a(1)}' >roots.hoc
	is "$(cell-info --hoc roots.hoc --tree | cut -d: -f1)" "a
+-- c at 1
b"
	is "$(cell-info --hoc roots.hoc | cut -d, -f1,2 | xargs)" \
		"section,parent a, b, c,a"
}

@test "a mod file at fault" {
	mkdir m
	printf 'NEURON { SUFFIX f }\nPARAMETER { x = = 1 }\n' >m/f.mod
	bad "m/f.mod:2: syntax error: name = number: PARAMETER { x = = 1 }" \
		"${cell[@]}" --mechanisms m
}

@test "a mechanism that is not there" {
	echo 'create a
	a insert nosuch' >no.hoc
	run --separate-stderr cell-info --hoc no.hoc
	[[ $stderr == *nosuch*MECHANISM* ]]
	is "${#stderr_lines[@]}" 1
	[ "$status" -eq 1 ] && [ -z "$output" ]
}

@test "called wrongly" {
	misused "--hoc or --swc or --config is needed"
	misused "--segments and --tree exclude each other" \
		"${cell[@]}" --tree --segments
	misused "no template 'Sell'; there are: Cell" \
		"${cell[@]}" --template Sell
	misused "--set: no 'gx' in soma; there are: L, Ra, nseg, diam, cm, ena, nai, nao, ek, ki, ko, gnabar_hh, gkbar_hh, gl_hh, el_hh" \
		"${cell[@]}" --set soma.gx=1
	misused "unexpected operand: 'x'" "${cell[@]}" x
}

@test "-t and -o" {
	cell-info "${cell[@]}" -t -o out
	cmp <(tr '\t' , <out) <(cell-info "${cell[@]}")
	is "$(awk -F'\t' 'NR == 2 { print $1, $10 }' out)" "soma ena"
}
