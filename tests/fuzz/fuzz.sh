#!/bin/bash
# Run the fuzzers of tests/fuzz/targets:
#
#	fuzz.sh SECONDS [TARGET ...]	for so long in all, each an equal part;
#					0: only what is in the corpus
#	fuzz.sh repeat FILE		a finding again
#
# Writes a row for each target: its seconds, by the clock and of the processor, the
# inputs it ran, how many of them are kept because they cover something of their
# own, crashes inside HDF5, and findings.  What is kept is in build/fuzz/corpus,
# and the next run goes on from there.  The first finding ends a target: it is
# written to build/fuzz/findings, and the status is 1.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
fuzz=$(realpath "${FUZZ_DIR:-$here/../../build/fuzz}")
export LC_ALL=C LD_BIND_NOW=1
export ASAN_OPTIONS=detect_leaks=0:abort_on_error=1:allocator_may_return_null=1
ASAN_OPTIONS+=:max_allocation_size_mb=1024:quarantine_size_mb=8
ASAN_OPTIONS+=:malloc_context_size=8
export UBSAN_OPTIONS=print_stacktrace=1:abort_on_error=1
memory=/dev/shm
[ -w $memory ] || memory=${TMPDIR:-/tmp}
work=$(mktemp -d "$memory/fuzz.XXXXXX")
trap 'rm -rf "$work"' EXIT

# HDF5 files of descriptions in a folder.
make_hdf5() { # from, to
	local f to
	for f in "$1"/*.odd; do
		to=$2/$(basename "$f" .odd).h5
		"$fuzz/bin/make-odd" "$to" <"$f"
	done
}

furnish() {
	mkdir -p "$fuzz/findings" "$work/with/mods" "$work/raw"
	cp "$here"/with/* "$work/with"
	make_hdf5 "$here/with" "$work/with"
	for kind in net spikes report; do
		mkdir "$work/raw/$kind"
		make_hdf5 "$here/corpus/$kind" "$work/raw/$kind"
	done
}

# Seeds that are whole HDF5 files are made of descriptions.
seeds() { # corpus
	if [ "$1" = raw ]; then
		echo "$work/raw"
	else
		echo "$here/corpus/$1"
	fi
}

row() { # target: sets program, input, takes, corpus, args
	read -r _ program input takes corpus args < <(
		grep "^$1 " "$here/targets"
	) || { echo "fuzz.sh: no target '$1'" >&2 && exit 2; }
}

# A tool has the files of with/ in its folder, where one is the input.
run() { # libFuzzer's arguments; what row has set
	rm -rf "$work/in"
	cp -r "$work/with" "$work/in"
	(cd "$work/in" && export FUZZ_INPUT=$input FUZZ_ARGS=$args &&
		{ [ "$takes" = one ] || export FUZZ_MANY=1; } &&
		exec "$fuzz/fuzzers/$program" -rss_limit_mb=4096 -timeout=600 \
		-detect_leaks=0 -print_funcs=0 -use_memmem=0 \
		-print_final_stats=1 "$@")
}

stat() { # name, log: where it ends early it is said twice
	sed -n "s/^stat::$1: *//p" "$2" | tail -n 1
}

fuzz_one() { # target, seconds
	local log=$fuzz/$1.log found=0 from=$SECONDS kept=$fuzz/corpus/$1 long=4096
	row "$1"
	mkdir -p "$kept"
	[ "$corpus" != raw ] || long=32768
	set -- "$1" "-max_total_time=$2"
	[ "$2" != -max_total_time=0 ] || set -- "$1" -runs=0
	run "$2" -max_len=$long -reload=0 \
		-artifact_prefix="$fuzz/findings/$1-" "$kept" \
		"$(seeds "$corpus")" >"$log" 2>&1 || found=1
	printf '%s,%d,%d,%d,%d,%d,%d\n' "$1" $((SECONDS - from)) \
		"$(stat processor_sec "$log")" \
		"$(stat number_of_executed_units "$log")" \
		"$(find "$kept" -type f | wc -l)" \
		"$(stat crashes_in_hdf5 "$log")" $found
	[ $found -eq 0 ] || tell "$log"
	return $found
}

# What was found, and how to see it again.
tell() { # log
	grep -E '^fuzz: finding|^SUMMARY|ERROR: libFuzzer: ' "$1" >&2 || true
	sed -n 's|^.*Test unit written to |  tests/fuzz/fuzz.sh repeat |p' "$1" |
		sort -u >&2
}

furnish
if [ "$1" = repeat ]; then
	name=${2##*/}
	file=$(realpath "$2")
	row "${name%-*-*}"
	status=0
	run "$file" || status=$?
	exit $status
fi

seconds=$1
shift
if [ $# -eq 0 ]; then
	mapfile -t all < <(sed -n 's/^\([a-z][a-z-]*\) .*/\1/p' "$here/targets")
	set -- "${all[@]}"
fi
each=$((seconds / $#))
[ "$seconds" -eq 0 ] || [ $each -gt 0 ] || each=1
for name; do
	row "$name"
done
status=0
echo target,seconds,cpu_s,executions,kept,hdf5,findings
for name; do
	fuzz_one "$name" $each || status=1
done
exit $status
