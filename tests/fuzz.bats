# The corpus of the fuzzers, through the tools as they are: no input may crash one.
# What fuzzers find is added to it.
load common.bash

fuzz=$root/tests/fuzz

hdf5() { # from a folder of descriptions, to a folder
	local f to
	for f in "$1"/*.odd; do
		to=$2/$(basename "$f" .odd).h5
		make-odd "$to" <"$f"
	done
}

# As fuzz.sh does it: a tool has the files of with/, where one is the input.
setup_file() {
	cd "$BATS_FILE_TMPDIR" || return
	mkdir -p with/mods raw
	cp "$fuzz"/with/* with
	hdf5 "$fuzz/with" with
	for kind in net spikes report; do
		hdf5 "$fuzz/corpus/$kind" raw
	done
}

sound() { # input, program, arguments: it ends as a tool does
	local status=0 said
	said=$(ends "${@:2}" 2>&1 >/dev/null) || status=$?
	[ "$status" -le 2 ] || fail "$1: $2: status $status: $said" || return
	[[ $said != *Sanitizer:* && $said != *'runtime error:'* &&
		$said != *HDF5-DIAG* ]] || fail "$1: $said"
}

replay() { # program, where the input goes, the input, arguments
	local program=$1 to=$2 in=$3
	set -- "${@:4}"
	cp -r "$BATS_FILE_TMPDIR/with/." .
	case $to in
	-)
		cp "$in" stdin
		sound "$in" "$program" "$@" <stdin
		;;
	args)
		mapfile -t more < <(grep . "$in")
		sound "$in" "$program" "$@" "${more[@]}" </dev/null
		;;
	*'<odd')
		make-odd "${to%<odd}" <"$in" || return
		sound "$in" "$program" "$@" </dev/null
		;;
	*)
		cp "$in" "$to"
		sound "$in" "$program" "$@" </dev/null
		;;
	esac
}

replay_all() { # targets' rows, extended regular expression
	local program to corpus args in folder
	while read -r _ program to _ corpus args; do
		folder=$fuzz/corpus/$corpus
		[ "$corpus" != raw ] || folder=$BATS_FILE_TMPDIR/raw
		for in in "$folder"/*; do
			# shellcheck disable=SC2086 # words
			replay "$program" "$to" "$in" $args || return
		done
	done < <(grep -v '^#' "$fuzz/targets" | grep -E "$1")
}

@test "tables" { replay_all ' (edges|nodes|bins|times|matrix|parts|signals|windows|junction|phases) '; }
@test "traces" { replay_all ' trace( |$)'; }
@test "configs, types and node sets" { replay_all ' (config|types|sets) '; }
@test "HDF5 files" { replay_all ' (net|spikes|report|raw) '; }
@test "conditions and lists" { replay_all ' (where|edgewhere|ranges|pattern) '; }
@test "files about a cell" { replay_all ' (mod|hoc|swc|fit|bounds|targets) '; }

@test "every row has a corpus, and every corpus a row" {
	is "$(awk '!/^#/ && $5 != "raw" { print $5 }' "$fuzz/targets" | sort -u)" \
		"$(cd "$fuzz/corpus" && printf '%s\n' * | sort -u)"
}

@test "parts are read to their end, whose checksum is theirs" {
	cp -r "$BATS_FILE_TMPDIR/with/." .
	for of in matrix count hist; do
		run -0 conn-$of --part "$fuzz/corpus/parts/$of"
	done
	run -0 conn-distance -n n.csv --part "$fuzz/corpus/parts/distance"
}

@test "the fuzzers count what they run" {
	fuzzers=$root/build/fuzz
	[ -x "$fuzzers/fuzzers/conn-count" ] || skip 'no fuzzers: make fuzzers'
	run -0 "$fuzz/fuzz.sh" 0 conn-count
	is "${lines[0]}" 'target,seconds,cpu_s,executions,kept,hdf5,findings'
	[[ ${lines[1]} =~ ^conn-count,[0-9]+,[0-9]+,[0-9]+,[0-9]+,0,0$ ]]
	run -2 "$fuzz/fuzz.sh" 0 no-such
	is "$output" "fuzz.sh: no target 'no-such'"
}
