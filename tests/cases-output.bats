# Where the output goes, and what is said when it cannot.
#
# shellcheck disable=SC2034 # used by common.bash
load common.bash
tool=edge-delay

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	unset DISPLAY WAYLAND_DISPLAY
	printf 'source_node_id,target_node_id\n0,1\n' >e.csv
	printf 'node_id,x,y,z\n0,0,0,0\n1,10,0,0\n2,20,0,0\n' >n.csv
}

delay() { edge-delay --constant 1 "$@" e.csv; }

connect() { connect-random --p 1 --seed 1 "$@" n.csv; }

cell() { # a soma that fires at 100 pA
	cat >cell.hoc <<-'END'
	begintemplate Cell
	public soma
	create soma
	proc init() { soma { L=20 diam=20 insert hh } }
	endtemplate Cell
	END
}

clamp() {
	cell-clamp --hoc cell.hoc --template Cell --celsius 6.3 --v-init -65 \
		--amp 300 --delay 5 --dur 50 --tstop 60 "$@"
}

table='source_node_id,target_node_id,delay 0,1,1'

@test "the output that a descriptor names goes there, where it is" {
	local name
	ln -s /dev/stdout link
	ln -s link far
	for name in /dev/stdout - /dev/fd/1 /proc/self/fd/1 link far \
		/proc/thread-self/fd/1; do
		{ echo first; delay -o "$name"; echo last; } >g
		is "$name: $(xargs <g)" "$name: first $table last"
		{ echo first; delay -o "$name"; echo last; } | cat >g
		is "$name: $(xargs <g)" "$name: first $table last"
	done
	{ echo first >&7; delay -o /dev/fd/7; echo last >&7; } 7>g >other
	is "$(xargs <g)" "first $table last"
	[ ! -s other ]
	{ echo first >&2; delay -o /dev/stderr; echo last >&2; } 2>g >other
	is "$(xargs <g)" "first $table last"
	[ ! -e ./- ]
}

@test "it is the descriptor that the caller has" {
	bad "/dev/fd/9: Bad file descriptor" --constant 1 -o /dev/fd/9 e.csv
	# What the tool itself has open has no name.
	for name in /dev/fd/3 /dev/fd/4 /proc/self/fd/5; do
		run --separate-stderr bash -c "edge-delay --constant 1 \
			-o $name e.csv 3>&- 4>&- 5>&-"
		is "$status $stderr" "1 edge-delay: $name: Bad file descriptor"
	done
	run --separate-stderr bash -c 'edge-delay --constant 1 \
		-o /dev/stdout e.csv >&-'
	is "$status $stderr" "1 edge-delay: /dev/stdout: Bad file descriptor"
	echo there >g
	# shellcheck disable=SC2094 # it is not written
	bad "/proc/$$/fd/9: a file that another process has open" --constant 1 \
		-o "/proc/$$/fd/9" e.csv 9>>g
	is "$(cat g)" there
}

@test "every option that names a file to write takes a descriptor" {
	local report='connector,source,target,direction'
	{ echo first; connect --report /dev/stdout -o e; echo last; } >g
	is "$(cut -d, -f1 g | xargs)" 'first connector all->all last'
	connect --report /dev/fd/7 7>&1 >e | grep -q "^$report"
	{ echo first >&2; connect --report /dev/stderr >e; } 2>g
	is "$(cut -d, -f1 g | xargs)" 'first connector all->all'
	{
		echo first
		connect-reciprocal --p0 1 --pr 1 --seed 1 --forward - \
			--backward back n.csv
		echo last
	} >g
	is "$(xargs <g)" 'first source_node_id,target_node_id 0,1 0,2 1,2 last'
	is "$(xargs <back)" 'source_node_id,target_node_id 1,0 2,0 2,1'
	{
		echo first
		plot-graph --script -o /dev/stdout <<<$'source,target,n\nA,B,2'
		echo last
	} >g
	is "$(head -n 1 g) $(tail -n 1 g)" 'first last'
	run --separate-stderr spike-pack --unnamed x -o - <<<timestamps,node_ids
	is "$status $stderr" '1 spike-pack: -: not a regular file'
}

@test "a descriptor is the one that was there before NEURON moved any" {
	cell
	is "$(clamp -o /dev/null --spikes /dev/stdout | wc -l)" 6
	is "$(clamp -o /dev/null --spikes - | head -n 1)" time_ms
	{ echo first; clamp -o /dev/stdout --spikes s; echo last; } >g
	is "$(sed -n '1p;2p;$p' g | xargs)" 'first time_ms,v_mV,i_nA last'
	is "$(clamp -o a --spikes /dev/fd/5 5>&1 | wc -l)" 6
	cmp a <(grep -v -e first -e last g)
}

@test "a pipe or a device is written to, a directory is refused at once" {
	mkfifo pipe
	delay -o pipe &
	is "$(xargs <pipe)" "$table"
	wait $!
	connect --report pipe -o e &
	is "$(cut -d, -f1 pipe | xargs)" 'connector all->all'
	wait $!
	delay -o /dev/null
	[ -c /dev/null ]
	mkdir folder
	for name in folder . folder/ ..; do
		bad "$name: Is a directory" --constant 1 -o "$name" no-such-file
	done
	bad ': No such file or directory' --constant 1 -o '' e.csv
	bad 'no/file: No such file or directory' --constant 1 -o no/file e.csv
}

@test "-o writes through a link, and keeps the mode of a file" {
	umask 027
	delay -o new
	is "$(stat -c %a new)" 640
	chmod 604 new
	ln -s new link
	delay -o link
	is "$(stat -c %a new) $(readlink link)" '604 new'
	ln -s nothing dangling
	delay -o dangling
	cmp new nothing
	cp new before
	run delay --uniform 1
	cmp new before
	connect --report r >e
	chmod 600 r
	connect --report r >e
	is "$(stat -c %a r) $(wc -l <r)" '600 3'
}

@test "-o keeps the owner of a file, where that is allowed" {
	[ "$(id -u)" -eq 0 ] || skip 'not root'
	delay -o out
	chown 65534:65534 out
	chmod 464 out
	delay -o out
	is "$(stat -c '%u:%g %a' out)" '65534:65534 464'
	# One who may not write a file may not replace it, either.
	chmod 777 .
	chmod 444 out
	local path=$PATH
	run setpriv --reuid=65534 --regid=65534 --clear-groups \
		env PATH="$path" edge-delay --constant 2 -o out e.csv
	is "$status $output" '1 edge-delay: out: Permission denied'
}

refuses() { # options, the tool among them
	run --separate-stderr "$@" n.csv
	is "$status ${stderr_lines[0]}" "2 $1: $said"
	is "$output" ''
}

@test "two outputs of one name are refused" {
	said='--report and --output are the same file'
	local random=(connect-random --p 1 --seed 1)
	: >X
	ln X hard
	ln -s X soft
	ln -s nothing a
	ln -s ./nothing b
	mkfifo pipe
	for two in 'X X' './X X' 'hard X' 'soft X' 'Y Y' "$PWD/Y Y" 'a b' \
		'a nothing' 'pipe pipe' '- /dev/stdout' '/dev/fd/2 /dev/stderr'; do
		# shellcheck disable=SC2086 # two names
		set -- $two
		refuses "${random[@]}" --report "$1" -o "$2"
	done
	said='--forward and --backward are the same file'
	refuses connect-reciprocal --p0 1 --pr 1 --seed 1 --forward X \
		--backward ./X
	cell
	tool=cell-clamp
	misused '--spikes and --output are the same file' --hoc cell.hoc \
		--amp 1 --spikes X -o ./X
	[ ! -s X ] && [ ! -e Y ] && [ ! -e nothing ]
	connect --report /dev/null -o /dev/null
}

@test "the standard output is an output too" {
	local random=(connect-random --p 1 --seed 1)
	said='--report: that is where the output goes'
	refuses "${random[@]}" --report -
	refuses "${random[@]}" --report /dev/stdout
	# shellcheck disable=SC2094 # it is refused
	connect --report X >X 2>err || is "$?" 2
	is "$(head -n 1 err)" "connect-random: $said"
	# Two descriptors of one file do not overwrite each other.
	connect --report /dev/stderr >X 2>&1
	is "$(wc -l <X)" 9
}

@test "an input may be the output" {
	delay -o e.csv
	is "$(xargs <e.csv)" "$table"
}
