# Mod files of our own, with one fault each; nocmodl and the compiler are the
# real ones, except where a script stands for those of another NEURON.
load common.bash

demo=/usr/share/nrn/demo/release

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	export XDG_CACHE_HOME=$PWD/cache
	unset NOCMODL CC CXX LIBNRNIV MODL_INCLUDE MODLUNIT
	mkdir m
}

remains() { # what is left of the work
	find cache -name 'tmp.*' 2>/dev/null
}

bad() { # the one line said, arguments
	run --separate-stderr mechanisms-check "${@:2}"
	is "$stderr" "mechanisms-check: $1"
	[ "$status" -eq 1 ] && [ -z "$output" ]
	is "$(remains)" ""
}

leak() { # path of a mod file, its mechanism: a current through g
	mkdir -p -- "${1%/*}"
	cat >"./$1" <<-END
	NEURON {
		SUFFIX $2
		NONSPECIFIC_CURRENT i
		RANGE g
	}
	PARAMETER { g = 0.001 }
	ASSIGNED { v i }
	BREAKPOINT { i = g*(v + 70) }
	END
}

wrong() { # the line said after the file's name; the mod file on standard input
	cat >m/f.mod
	bad "m/f.mod:$1" m
}

value() { # library, hoc to set up, expression: what NEURON makes of it
	nrniv -nogui -nopython -nobanner -c "{nrn_load_dll(\"$1\")}" \
		-c "{$2}" -c "{printf(\"%g\n\", $3)}" -c 'quit()' 2>&1
}

count() { # how many libraries there are
	find "$XDG_CACHE_HOME" -name mechanisms.so | wc -l
}

id() {
	stat -c '%i %Y %Z' "$1"
}

@test "a library that NEURON loads, with what the mod files say" {
	leak m/one.mod one
	leak m/two.mod two
	lib=$(mechanisms-check m)
	is "$(value "$lib" 'create s  insert one  insert two  g_one = 3' \
		'g_one + g_two')" 3.001
	is "$(count)" 1
}

@test "NEURON's own mod files, all of them" {
	[ -d $demo ] || skip "no demo of NEURON"
	lib=$(mechanisms-check $demo)
	is "$(value "$lib" 'create s  insert HHna  insert HHk  insert cachan' \
		gnabar_HHna)" 0.12
	[ "$(nm -D "$lib" | grep -c ' T _.*_reg$')" -eq \
		"$(find $demo -name '*.mod' | wc -l)" ]
}

@test "the library needs no libnrniv of its own" {
	leak m/one.mod one
	is "$(readelf -d "$(mechanisms-check m)" | grep -c nrniv)" 0
}

@test "no folders, no library" {
	is "$(mechanisms-check)" ""
}

@test "what is unchanged is not compiled again" {
	leak m/one.mod one
	lib=$(mechanisms-check m)
	before=$(id "$lib")
	touch m/one.mod
	cp -r m elsewhere
	is "$(mechanisms-check m)" "$lib"
	is "$(mechanisms-check elsewhere)" "$lib"
	is "$(id "$lib")" "$before"
	is "$(count)" 1
}

@test "a changed mod file, and the first again" {
	leak m/one.mod one
	lib=$(mechanisms-check m)
	sed -i 's/0.001/0.002/' m/one.mod
	new=$(mechanisms-check m)
	is "$(value "$new" 'create s  insert one' g_one)" 0.002
	sed -i 's/0.002/0.001/' m/one.mod
	is "$(mechanisms-check m)" "$lib"
	is "$(count)" 2
}

include() { # a mod file that takes g from inc/g.inc, and that from h.inc
	mkdir -p m/inc
	leak m/one.mod one
	sed -i 's/^PARAMETER.*/INCLUDE "inc\/g.inc"/' m/one.mod
	echo 'INCLUDE "h.inc"' >m/inc/g.inc
	echo 'PARAMETER { g = 0.25 }' >"$1"
}

@test "a changed file that is INCLUDEd by one that is INCLUDEd" {
	include m/inc/h.inc
	is "$(value "$(mechanisms-check m)" 'create s  insert one' g_one)" 0.25
	sed -i 's/0.25/0.75/' m/inc/h.inc
	is "$(value "$(mechanisms-check m)" 'create s  insert one' g_one)" 0.75
	is "$(count)" 2
}

@test "INCLUDE from the folder above" {
	include h.inc
	is "$(value "$(mechanisms-check m)" 'create s  insert one' g_one)" 0.25
	sed -i 's/0.25/0.75/' h.inc
	is "$(value "$(mechanisms-check m)" 'create s  insert one' g_one)" 0.75
}

@test "INCLUDE from MODL_INCLUDE" {
	mkdir far
	include far/h.inc
	export MODL_INCLUDE=/nowhere:$PWD/far
	is "$(value "$(mechanisms-check m)" 'create s  insert one' g_one)" 0.25
	sed -i 's/0.25/0.75/' far/h.inc
	is "$(value "$(mechanisms-check m)" 'create s  insert one' g_one)" 0.75
}

@test "a file that comes before the one INCLUDEd until now" {
	include h.inc
	is "$(value "$(mechanisms-check m)" 'create s  insert one' g_one)" 0.25
	sed 's/0.25/0.75/' h.inc >m/h.inc
	is "$(value "$(mechanisms-check m)" 'create s  insert one' g_one)" 0.75
}

@test "a header of a VERBATIM block" {
	leak m/one.mod one
	printf 'VERBATIM\n#include "own.h"\nENDVERBATIM\n' >>m/one.mod
	printf 'FUNCTION f() {\nVERBATIM\n_lf = OWN;\nENDVERBATIM\n}\n' \
		>>m/one.mod
	echo '#define OWN 5' >m/own.h
	is "$(value "$(mechanisms-check m)" 'create s  insert one' 'f_one()')" 5
	echo '#define OWN 6' >m/own.h
	is "$(value "$(mechanisms-check m)" 'create s  insert one' 'f_one()')" 6
}

@test "another compiler, other flags, another nocmodl: another library" {
	leak m/one.mod one
	mechanisms-check m
	CC='cc -DX' mechanisms-check m
	is "$(count)" 2
	printf '#!/bin/sh\nexec %s "$@"\n' "$(command -v cc)" >'my cc'
	chmod +x 'my cc'
	mkdir bin
	mv 'my cc' bin/cc
	PATH=$PWD/bin:$PATH mechanisms-check m
	is "$(count)" 3
	printf '#!/bin/sh\nexec %s "$@"\n' "$(command -v nocmodl)" >my-nocmodl
	chmod +x my-nocmodl
	NOCMODL=./my-nocmodl mechanisms-check m
	is "$(count)" 4
	NOCMODL=./my-nocmodl mechanisms-check m
	is "$(count)" 4
}

@test "libraries with one hash are told apart by their sources" {
	leak m/one.mod one
	lib=$(mechanisms-check m)
	echo other >"${lib%/*}/sources"
	new=$(mechanisms-check m)
	is "$new" "${lib%.0/*}.1/mechanisms.so"
	is "$(mechanisms-check m)" "$new"
	is "$(count)" 2
}

@test "a library that has gone is made anew" {
	leak m/one.mod one
	lib=$(mechanisms-check m)
	rm "$lib"
	[ -s "$(mechanisms-check m)" ]
}

@test "several folders; a file that is in both is one" {
	leak m/one.mod one
	leak n/two.mod two
	cp m/one.mod n
	is "$(value "$(mechanisms-check m n)" \
		'create s  insert one  insert two' 'g_one + g_two')" 0.002
	is "$(mechanisms-check m n)" "$(mechanisms-check n m)"
	is "$(mechanisms-check m m)" "$(mechanisms-check m)"
}

@test "mod files in modfiles, where BMTK has them" {
	leak m/modfiles/one.mod one
	lib=$(mechanisms-check m)
	is "$lib" "$(mechanisms-check m/modfiles)"
	leak m/two.mod two
	is "$(value "$(mechanisms-check m)" 'create s  insert two' g_two)" 0.001
	[ "$lib" != "$(mechanisms-check m)" ]
}

@test "a hidden file is no mod file" {
	leak m/one.mod one
	echo rubbish >m/._one.mod
	mechanisms-check m
}

@test "folders with spaces, quotes and dashes in their names" {
	leak "-a b'c \$(d)/one.mod" one
	is "$(value "$(mechanisms-check -- "-a b'c \$(d)")" \
		'create s  insert one' g_one)" 0.001
	XDG_CACHE_HOME="$PWD/my cache" mechanisms-check -- -a*
}

@test "a folder that nocmodl cannot take" {
	leak 'a"b/one.mod' one
	bad "a\"b/one.mod: nocmodl cannot take a path with a '\"', a '\\' or a line break" 'a"b'
}

@test "a file name that is no name in C" {
	leak m/a-b.mod ab
	bad "m/a-b.mod: its name may have letters, digits and '_' only: nocmodl makes C of it" m
	rm m/*
	leak 'm/a b.mod' ab
	bad "m/a b.mod: its name may have letters, digits and '_' only: nocmodl makes C of it" m
	rm m/*
	leak m/2ab.mod ab
	mechanisms-check m
}

@test "no folder, an empty one, an empty file" {
	bad "none: No such file or directory" none
	bad "m: no mod files" m
	mkdir m/modfiles
	bad "m: no mod files" m
	: >m/f.mod
	bad "m/f.mod: the file is empty" m
}

@test "two files of one name that differ" {
	leak m/one.mod one
	leak n/one.mod other
	bad "m/one.mod and n/one.mod differ: only one of them can be in a library" \
		n m
}

@test "one mechanism in two files" {
	leak m/a.mod one
	leak m/b.mod one
	bad "m/b.mod: mechanism 'one' is in m/a.mod, too" m
}

@test "a syntax error" {
	wrong '4: syntax error: Illegal expression: Illegal block: x = = 3' <<-'END'
	NEURON { SUFFIX f }
	PARAMETER { x }
	BREAKPOINT {
		x = = 3
	}
	END
}

@test "a syntax error in what is INCLUDEd" {
	mkdir m/inc
	printf '\nPARAMETER { x = = 1 }\n' >m/inc/x.inc
	printf 'NEURON { SUFFIX f }\nINCLUDE "inc/x.inc"\n' >m/f.mod
	bad "m/inc/x.inc:2: syntax error: name = number: PARAMETER { x = = 1 }" m
}

@test "the first file at fault, in the order of names" {
	printf 'NEURON { SUFFIX b }\nPARAMETER { x = = 1 }\n' >m/b.mod
	printf 'NEURON { SUFFIX c }\n{\n' >m/c.mod
	leak m/a.mod a
	bad "m/b.mod:2: syntax error: name = number: PARAMETER { x = = 1 }" m
}

@test "no file to INCLUDE" {
	wrong '3: no file to INCLUDE: "none.inc"' <<-'END'
	NEURON { SUFFIX f }

	INCLUDE "none.inc"
	END
}

@test "a file that includes itself" {
	wrong '1: no file to INCLUDE: "x.inc"' <<-'END'
	INCLUDE "x.inc"
	END
	echo 'INCLUDE "x.inc"' >m/x.inc
	run -1 --separate-stderr mechanisms-check m
	is "${#stderr_lines[@]}" 1
}

@test "unknown units" {
	wrong '3: Need declaration in UNITS block of the form: (parrot) (units) Cannot recognize the units: parrot: (x) = (parrot)' <<-'END'
	NEURON { SUFFIX f }
	UNITS {
		(x) = (parrot)
	}
	END
}

@test "a variable that is not declared" {
	wrong "4: 'g' undeclared (first use in this function)" <<-'END'
	NEURON { SUFFIX f NONSPECIFIC_CURRENT i }
	ASSIGNED { v i }
	BREAKPOINT {
		i = g*v
	}
	END
}

@test "an ion's variable that is not declared" {
	wrong "2: 'ena' undeclared (first use in this function)" <<-'END'
	: ena is read
	NEURON { SUFFIX f USEION na READ ena WRITE ina }
	ASSIGNED { v }
	BREAKPOINT { ina = 3*(v - ena) }
	END
}

@test "a function that is not there" {
	wrong "2: there is no function 'nosuch'" <<-'END'
	NEURON { SUFFIX f }
	FUNCTION p(x) { p = nosuch(x) }
	END
}

@test "wrong C in a VERBATIM block" {
	wrong "4: 'nosuch' undeclared (first use in this function)" <<-'END'
	NEURON { SUFFIX f }
	PROCEDURE p() {
	VERBATIM
		double x = nosuch;
	ENDVERBATIM
	}
	END
}

@test "no header for a VERBATIM block" {
	wrong "3: nosuch.h: No such file or directory" <<-'END'
	NEURON { SUFFIX f }
	VERBATIM
	#include <nosuch.h>
	ENDVERBATIM
	END
}

@test "one function in C in two files" {
	for f in a b; do
		leak $f/$f.mod $f
		printf 'VERBATIM\nvoid both(void) {}\nENDVERBATIM\n' >>$f/$f.mod
	done
	bad "b/b.mod:10: 'both' is defined in a/a.mod, too" a b
}

@test "functions as in the C of 1978" {
	leak m/one.mod one
	cat >>m/one.mod <<-'END'
	VERBATIM
	extern double *vector_vec();
	extern void *vector_arg();
	static old(x) double x; { return x > 0; }
	ENDVERBATIM
	FUNCTION f(x) {
	VERBATIM
		_lf = old(_lx) + (vector_vec != 0);
	ENDVERBATIM
	}
	END
	is "$(value "$(mechanisms-check m)" 'create s  insert one' 'f_one(3)')" 2
}

@test "no nocmodl, no compiler" {
	leak m/one.mod one
	run -1 --separate-stderr env PATH=/none "$(command -v mechanisms-check)" m
	is "$stderr" "mechanisms-check: nocmodl not found: install neuron-dev"
	NOCMODL=/none/nocmodl bad "/none/nocmodl not found: install neuron-dev" m
	CC=none bad "none not found: install gcc" m
}

@test "the nocmodl beside LIBNRNIV" {
	leak m/one.mod one
	mkdir -p nrn/bin nrn/lib
	: >nrn/lib/libnrniv.so
	printf '#!/bin/sh\necho mine >&2; exit 1\n' >nrn/bin/nocmodl
	chmod +x nrn/bin/nocmodl
	LIBNRNIV=nrn/lib/libnrniv.so bad "m/one.mod: mine" m
}

@test "a nocmodl that is killed" {
	leak m/one.mod one
	printf '#!/bin/sh\nkill -SEGV $$\n' >n
	chmod +x n
	NOCMODL=./n bad "m/one.mod: $PWD/./n: Segmentation fault" m
}

cxx() { # a nocmodl that writes C++, as that of NEURON 9 does
	cat >nine <<-'END'
	#!/bin/sh
	n=${1%.mod}
	cat >"$3/$n.cpp" <<C
	#include <type_traits>
	static_assert(std::is_same_v<int, int>);
	extern "C" void _${n}_reg() {}
	C
	END
	chmod +x nine
	export NOCMODL=./nine
}

@test "C++, which nocmodl of NEURON 9 writes" {
	cxx
	leak m/one.mod one
	leak m/two.mod two
	nm -D "$(mechanisms-check m)" >names
	grep ' T _one_reg' names
	grep ' T _two_reg' names
	grep ' T modl_reg' names
	CXX=none bad "none not found: install g++" m
}

@test "two at once" {
	leak m/one.mod one
	mechanisms-check m >first &
	first=$!
	mechanisms-check m >second &
	ended $first
	is "$status" 0
	ended $!
	is "$status" 0
	cmp first second
	is "$(count)" 1
	is "$(remains)" ""
}

# A compiler that takes long.
slow() {
	printf '#!/bin/sh\n: >%q/begun\nsleep 3600 & wait\n' "$PWD" >slow
	chmod +x slow
	export CC=./slow
}

@test "a signal takes back what there is, and ends the compilers" {
	slow
	leak m/one.mod one
	mechanisms-check m 3>&- &
	await test -e begun
	stop $!
	is "$status" 143
	is "$(find cache -type f)$(remains)" ""
	run -1 pgrep -f "$PWD/./slow"
}

@test "what a killed tool left goes after a day" {
	leak m/one.mod one
	mkdir -p cache/bmutils/mechanisms/tmp.old cache/bmutils/mechanisms/tmp.new
	: >cache/bmutils/mechanisms/tmp.old/x
	touch -d '2 days ago' cache/bmutils/mechanisms/tmp.old
	mechanisms-check m
	[ ! -e cache/bmutils/mechanisms/tmp.old ]
	[ -e cache/bmutils/mechanisms/tmp.new ]
}

@test "a cache that cannot be written to" {
	leak m/one.mod one
	: >file
	XDG_CACHE_HOME=$PWD/file bad "$PWD/file/bmutils/mechanisms: no place for compiled mechanisms: Not a directory: set XDG_CACHE_HOME to a folder that can be written to" m
	lib=$(mechanisms-check m)
	chmod -R a-w cache
	is "$(mechanisms-check m)" "$lib"
	chmod -R u+w cache
}

@test "the cache where XDG_CACHE_HOME is not set" {
	leak m/one.mod one
	unset XDG_CACHE_HOME
	HOME=$PWD/home
	[[ $(mechanisms-check m) == "$PWD"/home/.cache/bmutils/mechanisms/*.so ]]
	unset HOME
	run -1 --separate-stderr mechanisms-check m
	is "$stderr" "mechanisms-check: no place for compiled mechanisms: set XDG_CACHE_HOME to a folder that can be written to"
}

@test "a relative cache, and a path in full" {
	leak m/one.mod one
	[[ $(XDG_CACHE_HOME=rel mechanisms-check m) == "$PWD"/rel/* ]]
}

@test "a file that may not grow" {
	leak m/one.mod one
	run -1 --separate-stderr bash -c 'ulimit -f 1; exec mechanisms-check m'
	is "${#stderr_lines[@]}" 1
	[[ $stderr == *"m/one.mod: "*"nocmodl: File size limit exceeded" ]]
	is "$(count)" 0
}

@test "files are the owner's alone, and nothing else is in the cache" {
	leak m/one.mod one
	umask 022
	mechanisms-check m
	is "$(stat -c %a cache/bmutils/mechanisms)" 700
	is "$(find cache -type f -printf '%f\n' | sort | xargs)" \
		"mechanisms.so sources"
}

@test "how far it is is said on a terminal only" {
	leak m/one.mod one
	run -0 --separate-stderr mechanisms-check m
	is "$stderr" ""
	rm -r cache
	script -qec 'mechanisms-check m' /dev/null >said </dev/null
	grep 'compiling 1 mod files' said
}
