# The house as CONTRIBUTING.md has it: tests/house.py finds no fault, and finds
# each kind of fault once it is there.  A compiler takes most of the time: of the
# headers make lint looks at all, and these tests at those of the core.

bats_require_minimum_version 1.5.0

setup_file() {
	cd "$BATS_TEST_DIRNAME/.." || return
	export HOUSE=$BATS_FILE_TMPDIR/house
	mkdir -p "$HOUSE/tests"
	mkdir "$HOUSE/man" && cp man/bmutils-formats.5 "$HOUSE/man"
	cp -R lib tools Makefile CONTRIBUTING.md "$HOUSE"
	cp tests/house.py "$HOUSE/tests"
}

house() { # a rule, or "" for all, in a fresh copy after what a command did
	rm -rf "$BATS_TEST_TMPDIR/copy"
	cp -R "$HOUSE" "$BATS_TEST_TMPDIR/copy"
	cd "$BATS_TEST_TMPDIR/copy" || return
	"${@:2}"
	RULE=$1 ALONE='lib/*.h' run --separate-stderr make -s house
}

append() { # a line to a file
	printf '%s\n' "$2" >>"$1"
}

refused() { # as the only fault
	[ "$status" -ne 0 ] && [ "$output" = "$1" ]
}

lines() { # in a file
	wc -l <"$1"
}

@test "the house is as CONTRIBUTING.md says" {
	house '' true
	echo "$output"
	[ "$status" -eq 0 ] && [ -z "$output" ]
}

@test "the core uses no room" {
	house layers append lib/labels.c '#include "sonata/hdf.h"'
	refused "lib/labels.c:$(lines lib/labels.c): lib/ may not use sonata/hdf.h"
}

@test "in lib/ there is C" {
	house kinds append lib/measure/part.s ''
	refused 'lib/measure/part.s: neither .c nor .h'
}

@test "a room uses none but those of its row" {
	house layers append lib/activity/spikes.c '#include "network/edges.h"'
	refused "lib/activity/spikes.c:$(lines lib/activity/spikes.c): \
lib/activity may not use network/edges.h"
	house layers append lib/plot/plot.c '#include "sonata/hdf.h"'
	refused "lib/plot/plot.c:$(lines lib/plot/plot.c): \
lib/plot may not use sonata/hdf.h"
}

@test "only cell/nodetype knows SONATA in the room of cells" {
	house layers append lib/cell/model.c '#include "sonata/config.h"'
	refused "lib/cell/model.c:$(lines lib/cell/model.c): \
lib/cell may not use sonata/config.h"
}

new_room() {
	mkdir lib/attic
	echo 'extern const int attic_size;' >lib/attic/attic.h
}

@test "a room that nobody has named is refused" {
	house layers new_room
	refused 'lib/attic/attic.h: a room that CONTRIBUTING.md does not name'
}

grow_core() {
	seq 4001 | sed 's|.*|/* & */|' >>lib/labels.c
}

@test "the core stays small" {
	house sizes grow_core
	[[ $output == 'lib: '*' lines in the core, 4000 at most' ]]
}

grow_tool() {
	seq 901 | sed 's|.*|/* & */|' >>tools/conn-count.c
}

@test "a tool is one sitting" {
	house sizes grow_tool
	refused "tools/conn-count.c: $(lines tools/conn-count.c) lines, \
900 at most in a tool"
}

@test "HDF5 is called by the hdf modules alone" {
	house owners append tools/sonata-info.c 'void stray(void) { H5close(); }'
	refused "tools/sonata-info.c:$(lines tools/sonata-info.c): \
HDF5 outside the hdf modules"
}

@test "threads are started by team alone" {
	house owners append tools/sonata-info.c 'int stray = pthread_create(0, 0, 0, 0);'
	refused "tools/sonata-info.c:$(lines tools/sonata-info.c): \
a thread outside team"
}

@test "public names begin with their module" {
	house names sed -i 's/^#endif$/int count_all(void);\n#endif/' lib/measure/stats.h
	refused "lib/measure/stats.h:$(grep -n count_all lib/measure/stats.h | cut -d: -f1): \
count_all does not begin with stats"
}

@test "a public name has no private namesake" {
	house names append tools/conn-count.c \
		'static int stats_wilson(void) { return 0; }'
	refused "tools/conn-count.c:$(lines tools/conn-count.c): \
stats_wilson is lib/measure/stats.h's name"
}

@test "a tag is defined once" {
	house names append tools/conn-count.c 'struct labels { int n; };'
	[[ $output == *': labels is defined twice' ]]
}

lone_header() {
	sed -i '/#include <stdint.h>/d' lib/labels.h
}

@test "a header compiles alone" {
	house headers lone_header
	[[ $output == *'lib/labels.h: does not compile alone: '* ]]
}

@test "an example in a header is C" {
	house examples sed -i '0,/^ \*\t/s// *\tthis is how\n *\t/' lib/labels.h
	[[ $output == 'lib/labels.h:'*': the example is not C: '* ]]
}

@test "an example calls what is there" {
	house examples sed -i '0,/^ \*\t/s// *\tlabel_nothing(1);\n *\t/' lib/labels.h
	refused 'lib/labels.h: the example calls label_nothing, which is not there'
}

@test "a column is in bmutils-formats(5)" {
	house columns append tools/conn-matrix.c 'void f(void) { out_header("source", "sauce"); }'
	refused "tools/conn-matrix.c:$(lines tools/conn-matrix.c): \
bmutils-formats(5) has no column 'sauce'"
}
