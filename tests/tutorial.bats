# What bmutils-tutorial(7) has a newcomer do: every command is run, in an empty
# folder, and prints what the page says.
load common.bash
load cells.sh
load manual.sh

page=$BATS_TEST_DIRNAME/../man/bmutils-tutorial.7
shipped=$(realpath "$BATS_TEST_DIRNAME/../pipelines")

part() { # of the page: that of BMTK alone, or all but that
	awk -v is_bmtk="$1" '/^\.Sh / { here = /BMTK/ } here == is_bmtk' "$page" |
		displays /dev/stdin
}

try() { # a part, as if everything were installed
	part "$1" | sed "s#/usr/share/bmutils#$shipped#" | replay |
		sed "s#$shipped#/usr/share/bmutils#"
}

setup_file() {
	# Of the make that runs the tests.
	unset MAKEFLAGS MAKELEVEL DISPLAY
	mkdir "$BATS_FILE_TMPDIR/here"
	cd "$BATS_FILE_TMPDIR/here" || return
	LC_ALL=C.UTF-8 try 0 >../printed
}

setup() { cd "$BATS_FILE_TMPDIR/here" || return; }

@test "every command runs, and prints what the page says" {
	diff <(part 0) ../printed
}

@test "its pictures show something" {
	local file n=0
	for file in *.svg report/*.svg; do
		grep -q '</svg>' "$file"
		run ! grep -q 'no data' "$file"
		n=$((n + 1))
	done
	[ "$n" -gt 20 ]
	for file in figure-?.pdf; do
		pdfinfo "$file" >info
		# 85 mm
		grep -E '^Page size: +24[01]' info
	done
}

@test "the network that is built is run by BMTK" {
	mkdir "$BATS_TEST_TMPDIR/bin"
	ln -s /usr/bin/python3 "$BATS_TEST_TMPDIR/bin"
	PATH=$BATS_TEST_TMPDIR/bin:$PATH
	python3 -c 'from bmtk.simulator import bionet' >/dev/null 2>&1 ||
		skip "no BMTK"
	unset MAKEFLAGS MAKELEVEL DISPLAY
	LC_ALL=C.UTF-8 share=$shipped try 1 | diff <(part 1) -
}

@test "the README's lines for who comes from BMTool" {
	unset DISPLAY
	# shellcheck disable=SC2016 # the README's
	sed -n '/^    conn-matrix \$config | plot-matrix -y rows/,/^$/p' \
		"$root/README.md" | grep -v '^$' >lines
	[ "$(grep -c '#' lines)" -eq 11 ]
	# Nobody has run it, there is no screen, and some of the page's runs are enough.
	sed 's/ *#.*/ >>out/; /cell-tune/s/>>/--write-hoc tune.hoc &/
		s/sonata-spikes /&--inputs /; /^ *fi-sweep/d; /^ *cell-zap/d' \
		lines >readme.sh
	config=la/network/circuit_config.json population=LA \
		simulation=la/network/simulation_config.json \
		cell='--hoc cells.hoc --template FastSpiking --mechanisms modfiles'
	export config population simulation cell
	bash -e -o pipefail readme.sh
	[ "$(grep -c '</svg>' out)" -eq 6 ]
	grep -q r_in_MOhm out
	grep -q stp_recovery out
	grep -qx soma.gbar_naf,0.3 out
}
