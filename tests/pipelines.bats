# What the pipelines need is there, or is named.
load common.bash
load pipelines.sh

@test "missing packages are named where none can be installed" {
	mkdir bin
	printf '#!/bin/sh\nexit 1\n' >bin/dpkg-query
	printf '#!/bin/sh\necho 1000\n' >bin/id
	chmod +x bin/*
	for tool in sh dirname; do
		ln -s "$(command -v "$tool")" "bin/$tool"
	done
	run env PATH="$PWD/bin" "$here/deps.sh" first second
	[ "$status" -eq 1 ]
	is "$output" "deps: run as root, or see make unpack: apt-get install first second"
}

@test "a library that is missing is named, with what gets it, and once" {
	run --separate-stderr make -C "$root" -s B="$PWD/b" JAVASCRIPT=/nowhere \
		MODULES='hdf5 no-such-library' HEADERS='csv.h no/such.h' "$PWD/b/lib/util.o"
	[ "$status" -eq 2 ]
	is "${stderr_lines[0]}" "missing: no-such-library no/such.h \
/nowhere/three/three.min.js: make deps installs them on Debian and Ubuntu; \
README.md, Install, has their names elsewhere"
	[[ ${stderr_lines[1]} == 'make: *** '* ]]
	is "${#stderr_lines[@]}" 2
	mkdir bin
	ln -s "$(command -v sh)" bin
	PATH=$PWD/bin run -1 "$here/libraries.sh" cc /usr/share/javascript
	[[ $output == 'missing: cc pkg-config'* ]]
}

makes() { # nothing is; and CI's settings are not the test's
	env -u WERROR -u MAKEFLAGS make -C "$root" -n B=none "$@" 2>/dev/null
}

@test "a demo installs nothing for tests, to build takes no NEURON" {
	makes deps | grep -w libhdf5-dev
	makes deps | grep -wE 'neuron|bats|clang' && return 1
	makes demo | grep -w neuron-dev
	makes demo | grep -wE 'bats|chromium|clang' && return 1
	makes check | grep -w bats
	makes check DEPS=all | grep -w clang
}

@test "warnings are errors where WERROR says so" {
	makes none/lib/util.o WERROR=1 | grep -e -Werror
	makes none/lib/util.o | grep -e -Werror && return 1
	grep -w WERROR=1 "$root/.ci/run"
}

# A tool says of a step that there is nothing to make, or that it failed.
@test "a step that failed is told from one that has nothing to make" {
	local said
	step() { # what its command says: its status, and what OUT has
		run --separate-stderr bash "$BATS_TEST_DIRNAME/../pipelines/report/step.sh" \
			out x.csv - - - - - "printf '%s\n' \"conn-matrix: $1\" >&2; exit ${2-1}"
		rm -rf last
		mv out/.made last
	}
	for said in 'n.h5: Permission denied' 'n.h5: No such file or directory' 'out of memory' 'Disk quota exceeded' \
		'n.h5: Too many open files in system' 'n.h5: the file is damaged' \
		'c.json:1: column 2: not JSON: it ends too early' \
		'/: Is a directory: name a file in it, such as c.json'; do
		step "$said"
		is "$(cat last/x.csv.error)" "conn-matrix: $said"
	done
	step 'no such option' 2
	is "$(cat last/x.csv.error)" 'conn-matrix: no such option'
	for said in 'c.json: no edges' "group 'out of memory' has no cells" \
		"no group 'Permission denied': a, b"; do
		step "$said"
		is "$(cat last/left-out/x.csv)" "conn-matrix: $said"
		[ ! -e last/x.csv.error ]
	done
}
