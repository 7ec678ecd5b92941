# make                  build every tool in tools/, into build/bin
# make check            run the tests
# make SAN=1 check      run them under the address and undefined sanitizers
# make HDF5=shared      with the HDF5 library that the system has, not a copy
# make lint             formatting, static analysis, manual pages, scripts
# make fuzz             feed the readers broken input for SECONDS=60 in all
# make bench            measure the tools against what one would write instead
# make demo             build a network, measure it and draw it, in build/demo
# make deps             install what building takes and is missing (on Debian)
# make unpack TO=DIR    or unpack it there, as who is not root
# make install          into $(DESTDIR)$(PREFIX); make uninstall takes it away
# make check INSTALLED=1    run the tests with the tools that are in PATH
# make html             the manual and the gallery for a browser, in build/html
# make deb              a Debian package of the last commit, in build/deb
# make dist             bmutils-VERSION.tar.gz, from the last commit
# make V=1 ...          show the commands
#
# To add a tool: write tools/NAME.c, man/NAME.1 and tests/NAME.bats.  Nothing
# here changes: every tool is offered all libraries, and takes those it needs.

PACKAGE = bmutils
VERSION = 0.1

CC ?= cc
PREFIX = /usr/local
BINDIR = $(PREFIX)/bin
MANDIR = $(PREFIX)/share/man
DATADIR = $(PREFIX)/share/bmutils
BASHDIR = $(PREFIX)/share/bash-completion/completions
ZSHDIR = $(PREFIX)/share/zsh/site-functions

# What building takes, what a demo takes besides, and what testing does; as Debian
# calls them.  The cell tools find NEURON when they run, and neuron-dev compiles
# mod files.
BUILD_DEPS = gcc make pkg-config libhdf5-dev libcsv-dev libcjson-dev \
	libgsl-dev libfftw3-dev libdeflate-dev librandom123-dev libigraph-dev \
	libpcre2-dev libgmp-dev libjs-three gnuplot-nox graphviz
DEMO_DEPS = neuron neuron-dev
CHECK_DEPS = perl bats mandoc bsdextrautils hdf5-tools python3-h5py \
	librsvg2-bin poppler-utils time valgrind procps \
	python3-networkx python3-igraph chromium chromium-driver \
	xvfb xdotool x11-utils imagemagick zsh jq file \
	slurmctld slurmd slurm-client munge parallel openmpi-bin
DEB_DEPS = build-essential debhelper fakeroot lintian
LINT_DEPS = clang llvm libclang-rt-dev clang-format universal-ctags clang-tidy cppcheck shellcheck

# NEURON's library, which cell tools open, calls modl_reg in their program.
LINK = -Wl,--as-needed -Wl,--export-dynamic-symbol=modl_reg

# LDLIBS and CPPFLAGS are for what is elsewhere than pkg-config knows.
MODULES = hdf5 libcjson gsl fftw3 libdeflate igraph libpcre2-8 gmp
HEADERS = csv.h Random123/philox.h
LIBS = $(patsubst -lhdf5,@$B/hdf5,$(shell pkg-config --libs $(MODULES) \
	2>/dev/null)) -lcsv -lm $(LDLIBS)

# Debian's shared HDF5 draws in curl and 30 more libraries, and to look up their
# symbols is most of what a short run does: tools start in 1.0 ms with the static
# one, and in 6.5 with the other.  A package has that (make HDF5=shared), as it is
# mended with the system.
HDF5 = static
HDF5_STATIC = -l:libhdf5.a -lsz -lz -ldl -lm

INCLUDES = -Ilib $(patsubst -I%,-isystem %,$(shell pkg-config --cflags-only-I \
	$(MODULES) 2>/dev/null))

# Where a page that a tool has embedded takes its libraries from.
JAVASCRIPT ?= /usr/share/javascript

# Valgrind 3.19 cannot read clang's DWARF 5.
CFLAGS ?= -O3 -gdwarf-4 -fstack-protector-strong
WARN = -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes \
	-Wmissing-prototypes -Wold-style-definition -Wwrite-strings -Wformat=2 \
	-Wpointer-arith -Wconversion -Wvla -Wundef
ifdef WERROR
WARN += -Werror
endif

# The one that has h5py from Debian's packages.
PYTHON = /usr/bin/python3

B = build
ifdef SAN
B = build/san
CFLAGS = -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all \
	-fno-omit-frame-pointer -DSANITIZED
LEAKS = $B/tests/san/leaks.o
# Who calls nothing of a module but what is wrapped draws it in all the same.
LDFLAGS += -fsanitize=address,undefined -Wl,-u,config_first_bytes \
	$(shell awk -F, '/^STAYS/ { print "-Wl,--wrap=" substr($$1, 7) }' \
		tests/san/leaks.c)
export ASAN_OPTIONS = allocator_may_return_null=1
export LSAN_OPTIONS = leak_check_at_exit=0:print_suppressions=0:suppressions=$(CURDIR)/tests/leaks.supp
export UBSAN_OPTIONS = print_stacktrace=1
endif

# libFuzzer is clang's.  TARGETS are rows of tests/fuzz/targets, by default all.
SECONDS = 60
FUZZ_CC = clang
ifdef FUZZ
B = build/fuzz
CFLAGS = -O1 -g -fsanitize=address,undefined \
	-fsanitize-coverage=inline-8bit-counters,pc-table \
	-fno-sanitize-recover=all -fno-omit-frame-pointer \
	-DFUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION
LDFLAGS += -fsanitize=address,undefined
# It copies what lies between variables, and is none of what is covered.
$B/tests/fuzz/fuzz.o: CFLAGS = -O3 -g -fno-builtin
endif

TOOLS = $(patsubst tools/%.c,%,$(wildcard tools/*.c))
LIB = $(patsubst %.c,$B/%.o,$(wildcard lib/*.c lib/*/*.c))
CHECKS = $(patsubst tests/%.c,%,$(wildcard tests/*.c))
BENCH_RUNS = bench large cells connect activity reports fields pictures page
BENCHES = $(patsubst tests/bench/%.c,%,$(wildcard tests/bench/*.c))
PAGES = $(wildcard man/*.[1-8])
SHIPPED = $(sort $(shell cd pipelines && find . -name '*.mk' -o -name '*.mod' \
	-o -name '*.hoc' -o -name '*.csv' -o -path './cluster/*.sh' \
	-o -path './report/*' -type f -o -name mechanisms.sh \
	-o -name synapse-table.sh))
SOURCES = $(wildcard lib/*.[ch] lib/*/*.[ch] tools/*.c tests/*.c tests/bench/*.c \
	tests/san/*.c tests/fuzz/*.c)
SCRIPTS = $(wildcard tests/*.bats tests/*.bash tests/*.sh tests/bench/*.sh \
	tests/compare/*.sh tests/fuzz/*.sh pipelines/*.sh pipelines/*/*.sh) \
	completion/completion.sh man/html.sh .ci/run

# Tools find what is shipped with them in ../share/bmutils.
all: $(TOOLS:%=$B/bin/%) $B/share/bmutils

$B/share/bmutils:
	mkdir -p $(@D)
	ln -sfnr pipelines $@

$B/bin/%: $B/tools/%.o $(LEAKS) $B/libbm.a | $B/hdf5
	$(call say,LD)
	$(CC) $(LDFLAGS) $(LINK) -pthread -o $@ $^ $(LIBS)

$B/bin/%: $B/tests/%.o $(LEAKS) $B/libbm.a | $B/hdf5
	$(call say,LD)
	$(CC) $(LDFLAGS) $(LINK) -pthread -o $@ $^ $(LIBS)

$B/libbm.a: $(LIB)
	$(call say,AR)
	rm -f $@
	$(AR) rcs $@ $^

# A fuzzer is a tool with another main; its own is called for each input.
FUZZERS = $(addprefix $B/fuzzers/,$(shell sed -n 's/^[a-z-]* *\([a-z-]*\).*/\1/p' \
	tests/fuzz/targets | sort -u))
WRAPPED = exit _exit atexit pthread_create

# The order is that of their statics in memory.
$B/fuzzers/%: $B/tests/fuzz/fuzz.o $B/main/make-odd.o $B/tests/fuzz/begin.o \
	$B/main/%.o $B/libbm.a $B/tests/fuzz/end.o | $B/hdf5
	$(call say,LD)
	$(CC) -fsanitize=fuzzer $(LDFLAGS) $(LINK) $(WRAPPED:%=-Wl,--wrap=%) \
		-pthread -o $@ $^ $(LIBS)

$B/main/make-odd.o: $B/tests/make-odd.o
	$(call say,MAIN)
	objcopy --redefine-sym main=odd_main $< $@

$B/main/%.o: $B/tools/%.o
	$(call say,MAIN)
	objcopy --redefine-sym main=tool_main $< $@

$B/main/%.o: $B/tests/%.o
	$(call say,MAIN)
	objcopy --redefine-sym main=tool_main $< $@

# What is missing is named before a compiler stumbles over it.
$B/libraries: Makefile
	mkdir -p $(@D)
	pipelines/libraries.sh '$(CC) $(INCLUDES) $(CPPFLAGS)' '$(JAVASCRIPT)' \
		$(MODULES) $(HEADERS)
	touch $@

# What HDF5 is linked by: as HDF5 says, or as it links.
$B/hdf5: | $B/libraries
	echo 'int H5open(void); int main(void) { return H5open(); }' >$@.c
	if [ $(HDF5) = static ] && $(CC) $(LDFLAGS) -o $@.try $@.c \
		$$(pkg-config --libs-only-L hdf5) $(HDF5_STATIC) 2>/dev/null; \
	then echo '$(HDF5_STATIC)'; else echo -lhdf5; fi >$@.new
	rm -f $@.c $@.try
	mv $@.new $@

# No multiplication is fused with an addition: what comes out may depend on
# neither the machine nor the compiler.
$B/%.o: %.c | $B/libraries
	$(call say,CC)
	$(CC) -std=c11 -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64 $(INCLUDES) \
		$(CPPFLAGS) $(WARN) $(CFLAGS) -ffp-contract=off -pthread \
		-MMD -MP \
		-Wa,-I,$(JAVASCRIPT) -c -o $@ $<

# tools/NAME.html or tools/NAME.hoc is embedded in tools/NAME.c.
$(foreach f,$(wildcard tools/*.html tools/*.hoc),$(eval $B/$(basename $f).o: $f))

say = @mkdir -p $(@D); $(if $V,,echo '  $1  $@')
ifndef V
.SILENT:
endif

# Only this file knows the version, so that a new one rebuilds only this file.
$B/lib/opt.o: CPPFLAGS += -DVERSION='"$(VERSION)"'
$B/lib/opt.o: Makefile

-include $(wildcard $B/*/*.d $B/*/*/*.d)

# Everything that the tests run.
programs: all $(CHECKS:%=$B/bin/%)

# With INSTALLED the tools are those in PATH, the tests' own programs ours.
OURS = $(CURDIR)/$B/$(if $(INSTALLED),checks,bin)

$B/checks: $(CHECKS:%=$B/bin/%)
	mkdir -p $@
	ln -sfr $^ $@

# Tests say what they are doing on the standard output; what they say, and how
# many ran and were skipped, stays in build/tests.log.
check: deps
	$(MAKE) $(if $(INSTALLED),$B/checks,programs)
	PATH=$(OURS):$$PATH LC_ALL=C AWK=$(AWK) TAGS='$(TAGS)' \
		TOOLS='$(TOOLS)' BUILD=$B tests/run.sh $(TESTS)

# To build, or with DEPS=demo, DEPS=check or DEPS=all, for lint and bench too.
DEPS = build
check bench bench-many: DEPS = check
demo: DEPS = demo
deps:
	pipelines/deps.sh $(BUILD_DEPS) $(if $(filter-out build,$(DEPS)),$(DEMO_DEPS)) \
		$(if $(filter check all,$(DEPS)),$(CHECK_DEPS)) \
		$(if $(filter all,$(DEPS)),$(LINT_DEPS))

# For who is not root: TO=folder.
unpack:
	pipelines/unpack.sh '$(or $(TO),$(error give a folder: TO=...))' $(BUILD_DEPS)

# Data of 1.1 GB is made in $B/bench, and kept there; SCALE=0.01 is a quick look.
# The goals of all benches come last, met or not.
bench: deps
	$(MAKE) -s all $(BENCHES:%=$B/bin/bench/%)
	mkdir -p $B/bench
	rm -f $B/goals
	status=0; for bench in $(BENCH_RUNS); do \
		B=$(CURDIR)/$B PYTHON=$(PYTHON) GOALS=$(CURDIR)/$B/goals \
			tests/bench/$$bench.sh || status=1; \
	done; tests/bench/goals.sh $B/goals; exit $$status

# What is found stays in build/fuzz/findings, with how to repeat it.
fuzz: fuzzers
	tests/fuzz/fuzz.sh $(SECONDS) $(TARGETS)

fuzzers:
	$(MAKE) FUZZ=1 CC='$(FUZZ_CC)' all-fuzzers

all-fuzzers: $(FUZZERS) $B/bin/make-odd

# What they take of how much, as bmutils(7) says: MANY=spikes is one part of it.
bench-many: deps
	$(MAKE) -s all $B/bin/bench/make-edges
	B=$(CURDIR)/$B PYTHON=$(PYTHON) tests/bench/many.sh

demo: deps
	$(MAKE) -s $(if $(findstring jobserver,$(MAKEFLAGS)),,-j$$(nproc)) all
	PATH=$(CURDIR)/$B/bin:$$PATH pipelines/demo.sh $(CURDIR)/build/demo

# Is the house as CONTRIBUTING.md says?
house:
	$(PYTHON) tests/house.py $(INCLUDES)

# The analyzer is 95 % of clang-tidy's time.  At this depth it takes a fifteenth of
# what it takes at its own, 225000: make lint NODES=225000.  cppcheck 2.10 does
# not know what _Noreturn means.
NODES = 8000
DEPTH = $(patsubst %,--extra-arg=%,-Xclang -analyzer-config \
	-Xclang max-nodes=$(NODES))

lint: house
	clang-format --dry-run -Werror $(SOURCES)
	printf '%s\n' $(filter %.c,$(SOURCES)) | xargs -P $$(nproc) -n 1 \
		sh -c 'clang-tidy --quiet $(DEPTH) "$$0" -- -std=c11 \
		-D_GNU_SOURCE $(INCLUDES) 2>/dev/null'
	cppcheck --quiet --std=c11 --enable=warning,portability \
		--error-exitcode=1 --inline-suppr -Ilib \
		'-D_Noreturn=__attribute__((noreturn))' $(filter %.c,$(SOURCES))
	mandoc -T lint -W warning $(PAGES)
	shellcheck $(SCRIPTS)

format:
	clang-format -i $(SOURCES)

$B/completion/%: completion/completion.sh $(TOOLS:%=$B/bin/%)
	$(call say,GEN)
	PATH=$(CURDIR)/$B/bin:$$PATH completion/completion.sh $* $(TOOLS) >$@.new
	mv $@.new $@

HTML = build/html
html:
	man/html.sh $(HTML)

# Links have bash find the completion of each tool.
install: all $B/completion/bash $B/completion/zsh
	install -d $(DESTDIR)$(BINDIR) $(DESTDIR)$(MANDIR)/man1 \
		$(DESTDIR)$(MANDIR)/man5 $(DESTDIR)$(MANDIR)/man7
	install -m 755 $(TOOLS:%=$B/bin/%) $(DESTDIR)$(BINDIR)
	for n in 1 5 7; do \
		install -m 644 man/*.$$n $(DESTDIR)$(MANDIR)/man$$n || exit; \
	done
	install -d $(DESTDIR)$(BASHDIR) $(DESTDIR)$(ZSHDIR)
	install -m 644 $B/completion/bash $(DESTDIR)$(BASHDIR)/bmutils
	for t in $(TOOLS); do \
		ln -sf bmutils $(DESTDIR)$(BASHDIR)/$$t || exit; \
	done
	install -m 644 $B/completion/zsh $(DESTDIR)$(ZSHDIR)/_bmutils
	for f in $(SHIPPED); do \
		mode=644; [ ! -x pipelines/$$f ] || mode=755; \
		install -D -m $$mode pipelines/$$f $(DESTDIR)$(DATADIR)/$$f || exit; \
	done

uninstall:
	rm -f $(TOOLS:%=$(DESTDIR)$(BINDIR)/%)
	rm -f $(foreach p,$(notdir $(PAGES)),\
		$(DESTDIR)$(MANDIR)/man$(patsubst .%,%,$(suffix $p))/$p)
	rm -f $(TOOLS:%=$(DESTDIR)$(BASHDIR)/%) $(DESTDIR)$(BASHDIR)/bmutils \
		$(DESTDIR)$(ZSHDIR)/_bmutils
	rm -rf $(DESTDIR)$(DATADIR)

# Of the last commit, so that the package has what the repository has.
deb:
	pipelines/deps.sh $(BUILD_DEPS) mandoc $(DEB_DEPS)
	rm -rf build/deb
	mkdir -p build/deb
	git archive --prefix=build/deb/$(PACKAGE)-$(VERSION)/ HEAD | tar x
	cd build/deb/$(PACKAGE)-$(VERSION) && dpkg-buildpackage -b -us -uc
	lintian --fail-on error,warning build/deb/*.changes
	ls $(CURDIR)/build/deb/*.deb

dist:
	git archive --prefix=$(PACKAGE)-$(VERSION)/ \
		-o $(PACKAGE)-$(VERSION).tar.gz HEAD

clean:
	rm -rf build $(PACKAGE)-$(VERSION).tar.gz

.PHONY: all programs check deps unpack fuzz fuzzers all-fuzzers bench bench-many demo house lint \
	format install uninstall html deb dist clean
.SECONDARY:
