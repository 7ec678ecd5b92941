# common.bash -- what the tests share: "load common.bash" at the head of a file
#
# shellcheck shell=bash disable=SC2034 # used by who loads it
bats_require_minimum_version 1.5.0

# What a file tests, unless it says something else.
tool=${BATS_TEST_FILENAME##*/}
tool=${tool%.bats}

# What a test finds in its folder is its own.
export PYTHONDONTWRITEBYTECODE=1

root=$BATS_TEST_DIRNAME/..
data=$BATS_TEST_DIRNAME/data

# What others' files and other programs' numbers have to say is not in the
# repository.
reference=${BM_REFERENCE:-$root/../shared}

need() { # a file or folder of the reference data, else the test is skipped
	[ -e "$reference/$1" ] || skip "no $1 in $reference"
}

# A test that writes files has a folder of its own.  There is no screen.
setup() {
	cd "$BATS_TEST_TMPDIR" || return
	unset DISPLAY WAYLAND_DISPLAY
}

fail() { # with what is wrong
	printf '%s\n' "$*" >&2
	return 1
}

is() { # what, it has to be
	[ "$1" = "$2" ] || fail "$1
rather than
$2"
}

# ---- What a tool complains about ----

# What columns there are instead is looked at where that matters.
told() { # what it complained about, what it has to be
	[[ $2 == *'there are '* ]] || set -- "${1%: *there are *}" "$2"
	is "$1" "$2"
}

complains() { # the one line said, arguments; the standard input is passed on
	run --separate-stderr "$tool" "${@:2}"
	told "$stderr" "$tool: $1" && [ "$status" -eq 1 ]
}

bad() { # the same, and nothing is written
	complains "$@" && is "$output" ''
}

misused() { # the first line said, arguments
	run --separate-stderr "$tool" "${@:2}"
	is "${stderr_lines[0]}" "$tool: $1" && is "$output" '' &&
		[ "$status" -eq 2 ]
}

# ---- Tables ----

nodes() { # rows of node_id and group
	printf 'node_id,pop_name\n'
	printf '%s\n' "$@"
}

line() { # four cells in a row, 10 um from each other, and their edges
	cat >n.csv <<-'END'
	node_id,pop_name,layer,x,y,z
	0,P,1,0,0,5
	1,P,1,10,0,1
	2,P,2,20,0,5
	3,P,2,30,0,1
	END
	cat >e.csv <<-'END'
	source_node_id,target_node_id,delay
	0,1,1.5
	0,1,1.25
	0,2,
	1,1,0.5
	3,0,2
	END
}

# Has /usr/bin/python3 h5py? It is asked once, as the answer takes longer than most
# of the scripts.
has_h5py() {
	local said=$BATS_RUN_TMPDIR/h5py
	[ -s "$said" ] || {
		/usr/bin/python3 -c 'import h5py, numpy' 2>/dev/null &&
			echo yes || echo no
	} >"$said"
	[ "$(<"$said")" = yes ]
}

python() { # run a script from the standard input
	has_h5py || skip "no h5py for /usr/bin/python3"
	/usr/bin/python3 - "$@"
}

# Would those who read SONATA files read these?  Options may go before them.
read_by_all() {
	! has_h5py || /usr/bin/python3 "$BATS_TEST_DIRNAME/readers.py" "$@" >&2
}

# As teardown: the networks that a test has written, if it has passed, are looked
# at by one process when the file's tests are done.  Their paths have the test's
# number.
readable() {
	[ -z "${BATS_TEST_COMPLETED-}" ] ||
		find "$BATS_TEST_TMPDIR" -name circuit_config.json \
			>>"$BATS_FILE_TMPDIR/networks"
}

teardown_file() {
	local networks=()
	[ ! -s "$BATS_FILE_TMPDIR/networks" ] ||
		mapfile -t networks <"$BATS_FILE_TMPDIR/networks"
	[ ${#networks[@]} -eq 0 ] || read_by_all "${networks[@]}"
}

# For awk: numbers from 0 to 1 by chance, the same in every awk, as those of rand()
# are not; sow() begins a series.  They are MINSTD's, Park and Miller (1988).
# shellcheck disable=SC2016 # awk's
draws='
function sow(n) { minstd = (1000003 * n + 4711) % 2147483647 }
function draw() { return (minstd = minstd * 16807 % 2147483647) / 2147483647 }
'

# ---- Programs that run beside the test ----
#
# No answer depends on how long something takes: a test waits for what happens.
# It stops waiting, after ten minutes, only for what will never happen.

await() { # a command to succeed
	local i
	for ((i = 0; i < 12000; i++)); do
		"$@" && return
		sleep 0.05
	done
	fail "never: $*"
}

running() { # is this process there, and not a zombie?
	[[ -d /proc/$1 && $(ps -o stat= -p "$1") != Z* ]]
}

gone() { ! running "$1"; }

catches() { # a process, the number of a signal: has it a handler?
	local caught
	# The shell has one until it becomes the program, which has none at first.
	[ ! "/proc/$1/exe" -ef /proc/$$/exe ] || return
	caught=$(sed -n 's/^SigCgt:\t//p' "/proc/$1/status" 2>/dev/null)
	((0x${caught:-0} >> ($2 - 1) & 1))
}

has() { # a file, an extended regular expression
	[ -e "$1" ] && grep -qE "$2" "$1"
}

# Send SIGUSR1 to a process again and again until its errors, in a file, have a
# line like that.
answers() { # process, file, extended regular expression
	until has "$2" "$3"; do
		running "$1" || fail "ended: $(cat "$2")" || return
		! catches "$1" 10 || kill -USR1 "$1"
		sleep 0.05
	done
}

# A command that ends, or else is ended after ten minutes.
ends() { timeout 600 "$@"; }

stop() { # a process that the test has started, by a signal: its exit status
	kill -"${2:-TERM}" "$1" || true # it may have ended
	ended "$1"
}

ended() { # a process that the test has started: its exit status
	await gone "$1"
	status=0
	wait "$1" || status=$? # not by run, whose shell has no such child
}

# Run a command with a terminal as its standard error until that has a line like
# this; the standard output goes to a file.
watch() { # file of what the terminal shows, extended regular expression, command
	script -qfec "echo \$\$ >'$1.pid'; exec ${*:3} >'$1.out'" "$1" \
		</dev/null >/dev/null 2>&1 3>&- &
	await has "$1" "$2"
	kill "$(cat "$1.pid")"
	ended $!
}
