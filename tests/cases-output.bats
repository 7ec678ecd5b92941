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
	run --separate-stderr sonata-pack -n n.csv --population A -o - e.csv
	is "$status ${stderr_lines[0]}" \
		"2 sonata-pack: --output: a network is a folder: '-'"
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
	said='--report and --output are the same file'
	# shellcheck disable=SC2094 # it is refused
	refuses "${random[@]}" --report /dev/fd/7 -o /dev/fd/8 7>X 8>X
	connect --report /dev/fd/7 -o /dev/fd/8 7>Y 8>X
	[ -s X ] && [ -s Y ]
	connect --report /dev/fd/7 -o /dev/fd/8 7>X 8>&7
	connect --report /dev/fd/7 -o /dev/fd/8 7>>X 8>>X
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

# ---- No room ----

tiny() { # a folder with room for 8 kB, in a place of its own: a command there
	unshare --mount true 2>/dev/null || skip 'may not mount'
	mkdir -p tiny
	# shellcheck disable=SC2016 # of the inner shell
	unshare --mount bash -c 'mount -t tmpfs -o size=8k none tiny &&
		TMPDIR=$PWD/tiny "$@"; status=$?
		[ -z "$(ls tiny)" ] && exit $status' bash "$@"
}

matrix() { # of 30 by 30 groups, whose picture takes more than 8 kB
	awk 'BEGIN {
		print "source,target,v"
		for (i = 0; i < 900; i++)
			print "a" int(i / 30) ",a" i % 30 "," 900 + i
	}'
}

@test "a picture needs no room in TMPDIR" {
	matrix >m.csv
	for type in svg png pdf canvas dumb; do
		plot-matrix -y v -T $type m.csv >right
		TMPDIR=/nonexistent plot-matrix -y v -T $type m.csv >out
		cmp right out
	done
	plot-matrix -y v m.csv >right
	tiny plot-matrix -y v m.csv >out
	cmp right out
}

@test "what needs room in TMPDIR says that there is none" {
	seq 0 1999 | sed 's/$/,0,0,0/; 1i node_id,x,y,z' >cells.csv
	awk 'BEGIN {
		print "source_node_id,target_node_id,w"
		for (i = 0; i < 50000; i++)
			printf "%d,%d,%030d\n", i % 2000, i * 7 % 2000, i
	}' >edges.csv
	sed 's/^source_node_id,target_node_id,w/timestamps,node_ids,w/' edges.csv |
		cut -d, -f1,2 >spikes.csv
	while read -r command; do
		# shellcheck disable=SC2086 # a tool and its options
		run --separate-stderr tiny $command
		[ "$status" -eq 1 ] && [ ! -e out ] || fail "$command: $stderr"
		is "$stderr" "${command%% *}: scratch file in $PWD/tiny: No space \
left on device"
		# shellcheck disable=SC2086
		TMPDIR=/nonexistent run --separate-stderr $command
		is "$status $stderr" "1 ${command%% *}: scratch file in \
/nonexistent: No such file or directory"
	done <<-'END'
	graph-export -f mtx -n cells.csv -o out edges.csv
	graph-stats -S 64K -n cells.csv -o out edges.csv
	conn-count -S 64K -n cells.csv -o out edges.csv
	sonata-pack -S 64K -n cells.csv -o out edges.csv
	connect-file --pairs edges.csv -o out cells.csv
	connect-gap --chemical edges.csv --p-non 0 --p-uni 1 --p-rec 0 --seed 1 -o out cells.csv
	spike-pack -S 64K --unnamed A -o out spikes.csv
	sonata-spikes -S 64K --sort time --unnamed A -o out spikes.csv
	END
}

@test "a file that may not grow is told" {
	matrix >m.csv
	seq 0 999 | sed '1i node_id' >cells.csv
	head -c 3000 m.csv >fits
	cp fits before
	for command in 'plot-matrix -y v m.csv' \
		'connect-random --p 1 --seed 1 cells.csv' \
		'connect-random --p 1 --seed 1 -o fits cells.csv'; do
		run --separate-stderr bash -c "ulimit -f 8; $command >cut"
		[ "$status" -eq 1 ] && [ "${#stderr_lines[@]}" -eq 1 ]
		[[ $stderr == *': File too large' ||
			$stderr == *': File size limit exceeded' ]] || fail "$stderr"
		cmp fits before
	done
	is "$(echo fits*)" fits
	# A report is as it was before.
	connect --report r >e
	head -c 8000 /dev/zero | tr '\0' '\n' >>r
	cp r before
	run --separate-stderr bash -c "ulimit -f 8; connect-random --p 1 --seed 1 \
		--report r n.csv >e"
	is "$status $stderr" '1 connect-random: r: File too large'
	cmp r before
}

@test "no more files to open are told" {
	for n in 4 5 6 7 8; do
		run --separate-stderr bash -c "ulimit -n $n; plot-matrix -y v -o p.svg \
			<<<\$'source,target,v\na,a,1'"
		[ "$status" -ne 0 ] || continue
		[ "$status" -eq 1 ] && [ "${#stderr_lines[@]}" -eq 1 ]
		is "${stderr##*: }" 'Too many open files'
		[ ! -e p.svg ]
	done
}

# ---- Stopped ----

halfway() { # signal, what waits for its input and writes to a file
	mkfifo in 2>/dev/null || true
	exec 8<>in
	env --default-signal "${@:2}" in >/dev/null 2>err 3>&- 8>&- &
	seq -f '%.0f,1' 40000 | sed '1i source_node_id,target_node_id' >&8
	await compgen -G 'out.??????' >seen
	stop $! "$1"
	exec 8>&-
	is "$status" "$((128 + $(kill -l "$1")))"
	run ! compgen -G 'out*'
	[ ! -s err ]
}

@test "a signal ends a tool as that signal, and takes its output away" {
	for signal in INT TERM HUP QUIT XCPU; do
		halfway $signal edge-delay --constant 1 -o out
	done
}

@test "SIGINT ends a tool as SIGINT while NEURON runs" {
	cell
	for command in 'cell-clamp --amp 100 --dur 1e7' \
		'fi-sweep --amps 0:100:10 --dur 1e7 -j 2'; do
		# shellcheck disable=SC2086 # a tool and its options
		env --default-signal $command --hoc cell.hoc --template Cell \
			--celsius 6.3 --v-init -65 -o out >/dev/null 2>err 3>&- &
		answers $! err "^${command%% *}: [1-9][0-9]* of .* ms|amplitudes"
		stop $! INT
		is "$status" 130
		run ! grep -q NEURON err
		run ! compgen -G 'out*'
	done
}

@test "who is stopped leaves no report" {
	seq 0 99999 | sed '1i node_id' >cells.csv
	connect-random --p 1 --seed 1 --report r -o out cells.csv 2>err 3>&- &
	await compgen -G 'out.??????' >seen
	stop $! TERM
	is "$status" 143
	[ ! -e r ] && [ ! -e out ]
	# Its output fails.
	run bash -c 'connect-random --p 1 --seed 1 --report r cells.csv >/dev/full'
	[ "$status" -eq 1 ]
	[ ! -e r ]
}

@test "a reader that leaves takes the other file away, too" {
	cell
	for trap in - "''"; do
		run --separate-stderr bash -c "trap $trap PIPE
			cell-clamp --hoc cell.hoc --template Cell --celsius 6.3 \
			--v-init -65 --amp 300 --dur 2000 --spikes s | head -n 1
			exit \${PIPESTATUS[0]}"
		is "$status $output" '141 time_ms,v_mV,i_nA'
		[ ! -e s ] && run ! compgen -G 's.??????'
	done
}

# ---- Long records ----

# bats test_tags=long
@test "one record or header of 64 MB, or 10^5 columns" {
	long() { head -c 64M /dev/zero | tr '\0' x; }
	local ends=source_node_id,target_node_id
	delay1() { edge-delay --constant 1 "$@"; }
	is "$({ echo $ends,a; echo "1,2,$(long)"; echo 3,4,5; } | delay1 |
		sed 's/xx*/x/' | xargs)" "$ends,a,delay 1,2,x,1 3,4,5,1"
	is "$({ echo "$ends,$(long)"; echo 1,2,3; } | delay1 |
		sed 's/xx*/x/' | xargs)" "$ends,x,delay 1,2,3,1"
	is "$({ printf '%s,a\n1,2,"' $ends; long | tr x '\n'; echo '"'; } | delay1 |
		wc -l)" 67108866
	seq -s , 100000 >many
	paste -d, <(echo $ends) many | cat - <(paste -d, <(echo 0,1) many) >wide.csv
	is "$(delay1 wide.csv | cut -d, -f 3,100002,100003 | xargs)" \
		'1,100000,delay 1,100000,1'
	is "$(connect-file --pairs wide.csv n.csv | cut -d, -f 3,100002 | xargs)" \
		'1,100000 1,100000'
	run --separate-stderr delay1 <many
	[ "${#stderr_lines[@]}" -eq 1 ] && [ "${#stderr}" -lt 1200 ]
	[[ $stderr == *"no column 'source_node_id': there are 1, 2, 3, "*', ...' ]]
	run --separate-stderr connect-file --pairs <(sed '1s/$/,77/' wide.csv) n.csv
	[[ $stderr == *": column '77' is there twice" ]]
}

# ---- What is said ----

@test "a column that is not there: those that are" {
	printf 'source_node_id,w\n0,1\n' >t
	bad "t: no column 'target_node_id': there are source_node_id, w" \
		--constant 1 t
	tool=sonata-spikes
	bad "t: no column 'node_ids': there are source_node_id, w" t
}

@test "a table that something else separates" {
	local but='rather than by commas or tabs'
	printf 'source_node_id;target_node_id\n0;1\n' >t
	bad "t: separated by semicolons, $but: 'source_node_id;target_node_id': say --separator ';'" \
		--constant 1 t
	printf 'source_node_id target_node_id\n0 1\n' >t
	bad "t: separated by spaces, $but: 'source_node_id target_node_id': say --separator space" \
		--constant 1 t
	printf 'source_node_id|target_node_id\n0|1\n' >t
	bad "t: separated by bars, $but: 'source_node_id|target_node_id': say --separator bar" \
		--constant 1 t
	for tool in passive-fit spike-features plot-lines plot-hist; do
		bad "standard input: separated by semicolons, $but: 't;v': say --separator ';'" \
			<<<$'t;v\n0,5;1,2'
	done
	tool=sonata-spikes
	bad "standard input: separated by semicolons, $but: 't;n': say --separator ';'" <<<$'t;n\n0,5;1'
	tool=plot-hist
	bad "standard input: no column 'x': there are my column" -x x \
		<<<$'my column\n1'
}

@test "a folder is no network, and its config is named" {
	nodes() { printf 'population,node_id\nA,0\nA,1\n'; }
	sonata-pack -n <(nodes) -o net e.csv
	local file='Is a directory: name a file in it, such as net/circuit_config.json'
	for tool in sonata-info sonata-nodes sonata-edges sonata-spikes \
		sonata-report conn-matrix conn-count graph-stats spike-rate; do
		bad "net: $file" net
	done
	tool=conn-matrix
	bad "net: $file" -n net e.csv
	rm net/circuit_config.json
	bad 'net: Is a directory' net
}

@test "progress with its total where the table goes to a file by -o" {
	cell
	# The terminal is the standard output, too.
	script -qfec "echo \$\$ >pid; exec fi-sweep --hoc cell.hoc --template Cell \
		--amps 0:1000:1 --dur 2000 -o out" tty </dev/null >/dev/null 2>&1 3>&- &
	await has tty '[1-9][0-9]* of 1001 amplitudes \([0-9]+ %\)'
	kill "$(cat pid)"
	ended $!
	[ ! -e out ]
	# Not among the lines of a table.
	is "$(script -qfec 'edge-delay --constant 1 -o - e.csv' tty </dev/null |
		tr -d '\r' | xargs)" "$table"
}
