# Parts of one command, made by jobs: cluster.mk, here, by GNU parallel and by
# Slurm, which setup_file starts; and campaigns, sweep.mk.
#
# shellcheck disable=SC2016 # the shell of a part puts the variables in
load common.bash
load pipelines.sh

setup_file() {
	# shellcheck disable=SC2155 # it is there
	export SLURM_CONF=$BATS_FILE_TMPDIR/slurm/slurm.conf
	[ "$(id -u)" -eq 0 ] && command -v slurmctld munged >/dev/null || return 0
	mkfifo "$BATS_FILE_TMPDIR/hold"
	"$BATS_TEST_DIRNAME/slurm.sh" "$BATS_FILE_TMPDIR/slurm" \
		<"$BATS_FILE_TMPDIR/hold" >"$BATS_FILE_TMPDIR/said" 2>&1 3>&- &
	slurm=$!
	exec 9>"$BATS_FILE_TMPDIR/hold"
}

teardown_file() { # what a test that failed has left may hold the pipe still
	[ -n "${slurm-}" ] || return 0
	exec 9>&-
	kill "$slurm"
	wait "$slurm" || :
}

# What a test has left, if it has failed, is in the way of no other.
teardown() {
	pkill -f "$BATS_TEST_TMPDIR/" || :
	[ -z "${cluster_is_there-}" ] || {
		timeout 60 scancel --user=root
		[ -z "${lost-}" ] || timeout 60 scontrol update NodeName="$lost" State=RESUME || :
		await no_jobs
	}
}

no_jobs() {
	local said
	said=$(timeout 60 squeue -h) && [ -z "$said" ]
}

need_slurm() {
	[ "$(id -u)" -eq 0 ] || skip "Slurm needs root"
	command -v slurmctld munged >/dev/null || skip "no slurmctld and munge"
	await grep -q . "$BATS_FILE_TMPDIR/said"
	is "$(cat "$BATS_FILE_TMPDIR/said")" ready
	cluster_is_there=1
}

need_parallel() { command -v parallel >/dev/null || skip "no parallel"; }

cluster() { ends make --no-print-directory -f "$here/cluster/cluster.mk" "$@"; }

cells() { seq 0 "$1" | sed '1i node_id'; }

parts() { # of an output, that are there
	local file
	for file in "$1.parts/"*.ok; do
		file=${file##*/}
		echo "${file%.ok}"
	done | sort -n | xargs
}

is_there() { # all of these files
	local file
	for file; do
		[ -e "$file" ] || return
	done
}

meanwhile() { # a process runs, a command comes to succeed
	until "${@:2}"; do
		running "$1" || fail "ended: $(cat said)" || return
		sleep 0.05
	done
}

# ---- By any engine ----

@test "parts are put together to the bytes of one run, by any engine" {
	cells 99 >"the cell's \$1.csv"
	connect-random --p 0.1 --seed 1 "the cell's \$1.csv" --name 'a "b"' >one
	local engine line="connect-random --p 0.1 --seed 1 \"the cell's \\\$1.csv\""
	for engine in local parallel; do
		[ $engine = local ] || need_parallel
		cluster ENGINE=$engine SHARDS=5 JOBS=2 COMMAND="$line --name 'a \"b\"'" \
			OUT="the \$out's $engine 100%.csv"
		cmp one "the \$out's $engine 100%.csv"
		is "$(parts "the \$out's $engine 100%.csv")" '0 1 2 3 4'
	done
}

@test "whatever takes --shard is a command for it" {
	local tool
	for tool in $TOOLS; do
		[[ $("$tool" --help) == *--shard=* ]] || continue
		run cluster SHARDS=2 COMMAND="$tool --no-such-option" OUT=x
		[[ $output != *'not a command that takes --shard'* ]] || fail "$tool"
	done
	cells 99 >c.csv
	spike-stim -p V --rate 9 --to 999 --seed 1 c.csv >one
	cluster SHARDS=3 COMMAND='spike-stim -p V --rate 9 --to 999 --seed 1 c.csv' \
		OUT=s.csv
	cmp one s.csv
}

# The third of four parts waits for what nobody writes, until its time is over.
# Slurm counts in minutes, and looks each half of one: the limit is set to a moment
# from now, as it refuses one that has passed when it reads of it.
@test "a part that its time limit ends is made again, and no other" {
	need_slurm
	local line='connect-random --p 1 --seed 1 cells.csv $SHARD |
		cat - "more $SLURM_ARRAY_TASK_ID" | edge-delay --constant 1'
	local job n
	cells 399 >cells.csv
	for n in 0 1 3; do
		: >"more $n"
	done
	mkfifo 'more 2'
	exec 8<>'more 2'
	cluster ENGINE=slurm SHARDS=4 TIME=1 COMMAND="$line" OUT="the \$out.csv" \
		>said 2>&1 3>&- 8>&- &
	meanwhile $! is_there "the \$out.csv.parts/"{0,1,3}.ok
	meanwhile $! compgen -G "the*/2.csv.??????"
	job=$(cut -d' ' -f1 the*/jobs)
	await scontrol update JobId="${job}_2" EndTime=now+5
	ended $!
	is "$status" 2
	exec 8>&-
	is "$(scontrol -o show job "${job}_2" | grep -o 'JobState=[A-Z]*')" \
		JobState=TIMEOUT
	grep -q '^cluster.mk: part 2: TIMEOUT: .* DUE TO TIME LIMIT' said ||
		fail "$(cat said the*/2.log)"
	is "$(grep -c '^cluster.mk: ' said)" 1
	is "$(parts "the \$out.csv")" '0 1 3'
	run ! compgen -G 'the*/2.csv*'
	[ ! -e "the \$out.csv" ]

	rm 'more 2'
	: >'more 2'
	stat -c '%i %y' the*/[013].csv >before
	cluster ENGINE=slurm SHARDS=4 TIME=1 COMMAND="$line" OUT="the \$out.csv"
	stat -c '%i %y' the*/[013].csv | cmp - before
	connect-random --p 1 --seed 1 cells.csv | edge-delay --constant 1 |
		cmp - "the \$out.csv"
	cluster ENGINE=slurm SHARDS=4 TIME=1 COMMAND="$line" OUT="the \$out.csv" |
		grep -q 'nothing has changed'
}

@test "what reducers count in parts is added" {
	cp -r "$data"/{config.json,tricky,output,inputs.csv} .
	local command
	for command in conn-matrix conn-count \
		conn-hist conn-distance spike-rate 'graph-stats --stats degree'; do
		cluster SHARDS=3 OUT="o ${command%% *}.csv" COMMAND="$command config.json"
		$command config.json | cmp - "o ${command%% *}.csv"
	done
}

@test "a fit is one part, with a history to go on from" {
	cp "$data"/{cell.hoc,targets.csv,bounds.csv} .
	local line='cell-fit --hoc cell.hoc --template Cell --celsius 6.3 --v-init -65'
	line+=' --delay 5 --dur 20 --targets targets.csv --bounds bounds.csv --max-evals'
	$line 3 -o one.csv --history one.history
	cluster OUT=o.csv COMMAND="$line 3"
	cmp one.csv o.csv
	cmp one.history o.csv.parts/0.history
}

@test "what parts complain about" {
	failing() { # what is said, what is given
		run --separate-stderr cluster OUT=o.csv "${@:2}"
		is "${stderr_lines[0]}" "cluster.mk: $1" && [ "$status" -eq 2 ]
	}
	cells 9 >c.csv
	failing 'give the output: OUT=table.csv' OUT=
	failing "give a command: COMMAND='conn-matrix config.json'"
	failing "not a command that takes --shard: 'cat'" COMMAND='cat c.csv'
	failing "SHARDS: must be a number from 1 on: '0'" SHARDS=0 COMMAND='fi-sweep'
	failing "MERGE: must be parts|rows: 'x'" MERGE=x COMMAND='cat c.csv'
	failing 'cell-fit shares its work by -j: SHARDS=1' SHARDS=2 COMMAND='cell-fit'
	failing 'all parts would write --report: say --report "$PART.report"' \
		COMMAND='connect-random --p 1 --seed 1 --report r c.csv'
	failing 'part 0: connect-random: no.csv: No such file or directory' \
		COMMAND='connect-random --p 1 --seed 1 no.csv'
	failing "part 0: connect-random: unrecognized option '--rho'" \
		COMMAND='connect-random --rho 1 no.csv'
	mkdir mine.parts && touch mine.parts/file
	failing "$PWD/mine.parts: not a folder of parts" OUT=mine COMMAND='connect-random c'
	[ -e mine.parts/file ]
	cluster SHARDS=2 OUT=o.csv COMMAND='connect-random --p 1 --seed 1 --report "$PART.report" c.csv'
	is "$(tail -qn 1 o.csv.parts/*.report | cut -d, -f1 | sort -u)" 'all->all'
	cluster help | grep -q '^COMMAND'
	cluster clean OUT=o.csv
	[ ! -e o.csv.parts ]
}

@test "parts are made again where something has changed" {
	local line='connect-random --p 0.5 --seed 1 c.csv'
	made() { # the numbers of those that are newer than the rest
		stat -c '%n %i %z' o.csv.parts/[0-9].csv | sort >now
		diff now "${before-/dev/null}" | sed -n 's/^< .*\/\([0-9]\)\.csv .*/\1/p' | xargs
		mv now before
		before=before
	}
	cells 19 >c.csv
	cluster SHARDS=3 OUT=o.csv COMMAND="$line"
	made >/dev/null
	before=before
	truncate -s -1 o.csv.parts/1.csv
	cluster SHARDS=3 OUT=o.csv COMMAND="$line"
	is "$(made)" 1
	connect-random --p 0.5 --seed 1 c.csv | cmp - o.csv
	touch c.csv
	cluster SHARDS=3 OUT=o.csv COMMAND="$line"
	is "$(made)" '0 1 2'
	rm o.csv
	cluster SHARDS=3 OUT=o.csv COMMAND="$line"
	is "$(made)" ''
	[ -e o.csv ]
	cluster SHARDS=2 OUT=o.csv COMMAND="$line"
	is "$(parts o.csv)" '0 1'
	cluster SHARDS=2 OUT=o.csv COMMAND="$line --name x"
	connect-random --p 0.5 --seed 1 c.csv --name x | cmp - o.csv
	# TSV, and a header of two lines.
	cluster SHARDS=2 OUT=o.tsv COMMAND="$line --property '
a=1'"
	connect-random --p 0.5 --seed 1 c.csv --property $'\na=1' -o one.tsv
	cmp one.tsv o.tsv
	# What a config names, whatever it is called.
	cp -r "$BATS_TEST_DIRNAME/data/tricky" 'a "b", c'
	line="conn-matrix 'a \"b\", c/config.json'"
	cluster OUT=q.csv COMMAND="$line"
	is "$(cluster OUT=q.csv COMMAND="$line")" \
		'cluster.mk: q.csv is there, and nothing has changed'
	touch 'a "b", c/network/A_nodes.h5'
	is "$(cluster OUT=q.csv COMMAND="$line")" ''
}

@test "make is stopped, and goes on" {
	local engine n
	cells 9 >c.csv
	: >none
	for engine in local parallel; do
		[ $engine = local ] || need_parallel
		rm -f in*
		mkfifo in0.csv
		exec 8<>in0.csv
				set -- ENGINE=$engine SHARDS=3 JOBS=3 OUT=$engine.csv \
			COMMAND='connect-random --p 1 --seed 1 c.csv $SHARD | cat - "in${PART##*/}" |
			edge-delay --constant 1'
		cp none in1.csv
		cp none in2.csv
		(exec make -f "$here/cluster/cluster.mk" "$@") >said 2>&1 3>&- 8>&- &
		meanwhile $! is_there $engine.csv.parts/{1,2}.ok
		stop $!
		[ "$status" -ne 0 ]
		exec 8>&-
		run ! pgrep -f "$PWD"
		is "$(parts $engine.csv)" '1 2'
		rm in0.csv
		cp none in0.csv
		cluster "$@"
		connect-random --p 1 --seed 1 c.csv | edge-delay --constant 1 | cmp - $engine.csv
	done
}

# ---- Campaigns ----

sweep() {
	ends make --no-print-directory -f "$here/cluster/sweep.mk" TABLE='the runs.csv' \
		CONFIG=net/config.json OUT="the 'out'.csv" "$@"
}

# A simulation that takes what its config says, and writes where that says.
simulate='dt=$(tr -d "\t" <"$CONFIG" | sed -n "s/.*\"dt\":\([^,]*\).*/\1/p")
	grep -qF "\"output_dir\":	\"$OUTPUT\"" "$CONFIG" || exit
	[ "$dt" != 0.5 ] || [ -e go ] || { echo "it diverges" >&2; exit 1; }
	mkdir "$OUTPUT"; date >"$OUTPUT/when"
	sonata-info --files "$CONFIG" >"$OUTPUT/files" || exit
	printf "%s\n" "case,\"of its
 own\"" "$CASE,$dt" "$CASE,\"a
b\""'

campaign() { # a config in its folder, and three rows
	mkdir net
	cp -r "$data/config.json" "$data/tricky" net
	printf 'run.dt,inputs.step.node_set\r\n0.25,"a ""b"", c"\r\n\r\n0.5,X\n0.125,"two\nlines"\n' \
		>'the runs.csv'
}

collected() { # of the cases whose numbers are given
	cat <<-'END'
	run.dt,inputs.step.node_set,case,"of its
	 own"
	END
	local number
	for number; do
		case $number in
		0) row='0.25,"a ""b"", c"' dt=0.25 ;;
		1) row=0.5,X dt=0.5 ;;
		2) row=$'0.125,"two\nlines"' dt=0.125 ;;
		esac
		printf '%s\n' "$row,$number,$dt" "$row,$number,\"a
b\""
	done
}

@test "a campaign: failed cases are named, the others are collected if asked" {
	local engine
	campaign
	for engine in local parallel; do
		[ $engine = local ] || need_parallel
		run --separate-stderr sweep ENGINE=$engine COMMAND="$simulate"
		is "$status" 2
		is "${stderr_lines[0]}" 'sweep.mk: case 1: 0.5,X: it diverges'
		[ ! -e "the 'out'.csv" ]
		run --separate-stderr sweep ENGINE=$engine COMMAND="$simulate" KEEP=1
		is "$status" 2
		diff "the 'out'.csv" <(collected 0 2)
		touch go
		stat -c %y the*/[02].output/when >before
		sweep ENGINE=$engine COMMAND="$simulate"
		stat -c %y the*/[02].output/when | cmp - before
		diff "the 'out'.csv" <(collected 0 1 2)
		is "$(sweep ENGINE=$engine COMMAND="$simulate")" \
			"sweep.mk: the 'out'.csv is there, and nothing has changed"
		is "$(ls -A net)" "$(printf '%s\n' config.json tricky)"
		sweep clean
		rm "the 'out'.csv" go
	done
}

@test "a campaign runs again what has changed, and what was added" {
	mkdir net
	echo '{"run": {"dt": 1}, "output": {"output_dir": "x"}}' >net/config.json
	printf 'run.dt\n1\n2\n' >'the runs.csv'
	local line='cat "$OUTPUT/x" 2>/dev/null; mkdir -p "$OUTPUT"; echo >>runs
		printf "n,dir\n%s," $CASE; grep -cF "$OUTPUT" "$CONFIG" || :'
	sweep COMMAND="$line"
	is "$(xargs <"the 'out'.csv")" 'run.dt,n,dir 1,0,1 2,1,1'
	printf 'run.dt\n1\n3\n4\n' >'the runs.csv'
	sweep COMMAND="$line"
	is "$(xargs <"the 'out'.csv")" 'run.dt,n,dir 1,0,1 3,1,1 4,2,1'
	is "$(wc -l <runs)" 4
	printf 'run.dt\n1\n' >'the runs.csv'
	sweep COMMAND="$line"
	is "$(xargs <"the 'out'.csv")" 'run.dt,n,dir 1,0,1'
	is "$(wc -l <runs)" 4
	touch net/config.json
	sweep COMMAND="$line"
	is "$(wc -l <runs)" 5
	# An output_dir of the table's.
	printf 'output.output_dir\na b\n' >'the runs.csv'
	sweep COMMAND="$line"
	is "$(xargs <"the 'out'.csv")" 'output.output_dir,n,dir a b,0,0'
	grep -q '"a b"' the*/0.json
}

# The command reads what its config leads to, as a simulator does.
@test "a campaign over values in other files, which stay as they are" {
	mkdir -p "net/my, models"
	echo '{"run": {"dt": 1}, "network": "circuit.json", "output": {"output_dir": "x"}}' \
		>net/config.json
	echo '{"networks": {"nodes": []}, "components": {"synaptic_models_dir": "my, models"}}' \
		>net/circuit.json
	echo '{"tau1": 1, "tau2": 5}' | tee "net/my, models/AMPA.json" >"net/my, models/NMDA.json"
	find net -type f -exec md5sum {} + >before
	printf 'case,"my, models/AMPA.json:tau1",run.dt\nslow,3,\nas it is,,2\nfast,0.5,2\n' \
		>'the runs.csv'
	local line='echo >>runs; cd net
		circuit=$(jq -r .network "../$CONFIG")
		folder=$(jq -r .components.synaptic_models_dir "$circuit")
		printf "of,dt\n\"%s\",%s\n" "$(jq -c "[.tau1, .tau2]" "$folder"/NMDA.json "$folder"/AMPA.json | xargs)" \
			"$(jq .run.dt "../$CONFIG")"'
	sweep COMMAND="$line" || fail "$(cat the*/*.log)"
	diff "the 'out'.csv" - <<-END
	case,"my, models/AMPA.json:tau1",run.dt,of,dt
	slow,3,,"[1,5] [3,5]",1
	as it is,,2,"[1,5] [1,5]",2
	fast,0.5,2,"[1,5] [0.5,5]",2
	END
	md5sum --quiet -c before
	is "$(find net | wc -l)" 6
	is "$(jq -r .components.synaptic_models_dir the*/0.files/circuit.json)" \
		"$PWD/the 'out'.csv.parts/0.files/my, models"
	# A case depends on the files that it changes.
	sweep COMMAND="$line" | grep -q 'nothing has changed'
	touch "net/my, models/AMPA.json"
	sweep COMMAND="$line"
	is "$(wc -l <runs)" 6
	sed -i 's/tau1/tau3/' 'the runs.csv'
	run --separate-stderr sweep COMMAND="$line"
	is "${stderr_lines[0]}" "sweep.mk: case 0: slow,3,: sonata-config: the runs.csv:2: column 'my, models/AMPA.json:tau3': net/my, models/AMPA.json has no 'tau3': there are tau1, tau2"
	is "$(find net | wc -l)" 6
}

@test "two campaigns at once whose tables are called alike" {
	local line='touch "$OUTPUT.begun"
		until [ -e a/o.csv.parts/0.output.begun ] && [ -e b/o.csv.parts/0.output.begun ]; do
			sleep 0.05
		done; echo dt; jq .run.dt "$CONFIG"'
	mkdir net a b
	echo '{"run": {"dt": 1}}' >net/config.json
	printf 'run.dt\n2\n' >a/t.csv
	printf 'case\trun.dt\nx\t3\n' >b/t.csv
	sweep TABLE=a/t.csv OUT=a/o.csv COMMAND="$line" 3>&- &
	sweep TABLE=b/t.csv OUT=b/o.csv COMMAND="$line"
	ended $!
	is "$status $(xargs <a/o.csv) $(xargs <b/o.csv)" '0 run.dt,dt 2,2 case run.dt dt x 3 3'
}

@test "what a campaign complains about" {
	campaign
	failing() { # what is said, what is given
		run --separate-stderr sweep "${@:2}"
		is "${stderr_lines[0]}" "$1" && [ "$status" -eq 2 ]
	}
	failing 'sweep.mk: give a command: COMMAND='"'simulate \$CONFIG'"
	failing 'sweep.mk: give a table of parameters: TABLE=runs.csv' TABLE=
	failing 'sweep.mk: give a config: CONFIG=simulation_config.json' CONFIG= \
		COMMAND=true
	failing 'sweep.mk: no.csv: No such file or directory' TABLE=no.csv COMMAND=true
	failing "sweep.mk: ENGINE: must be local|parallel|slurm: 'pbs'" ENGINE=pbs
	failing "sweep.mk: JOBS: must be a number from 1 on: '0'" JOBS=0
	failing "sweep.mk: case 0: 0.25,\"a \"\"b\"\", c\": no table" COMMAND=true
	failing "sweep.mk: case 0: 0.25,\"a \"\"b\"\", c\": it said nothing" COMMAND=false
	failing "sweep.mk: case 1: other columns than those before: 'c1'" \
		COMMAND='echo c$((CASE / 2 * 2 + CASE % 2))'
	printf 'run.dx\n1\n' >'the runs.csv'
	failing "sweep.mk: case 0: 1: sonata-config: the runs.csv:2: column 'run.dx': net/config.json has no 'run.dx': there are tstart, tstop, dt" \
		COMMAND='echo x'
	echo run.dt >'the runs.csv'
	failing 'sweep.mk: the runs.csv: no rows' COMMAND='echo x'
}

@test "a campaign by Slurm: every end is an end" {
	need_slurm
	campaign
	seq -f '0.25,X%.0f' 10 >>'the runs.csv'
	local line=': >"$OUTPUT.begun"
		case $CASE in
		0) [ -e go ] || { echo "it fails" >&2; exit 3; } ;;
		1 | 11) [ -e go ] || sleep 1000 ;;
		esac; echo case; echo "$CASE"'
	sweep ENGINE=slurm COMMAND="$line" KEEP=1 >said 2>&1 3>&- &
	local pid=$!
	meanwhile $pid is_there "the 'out'.csv.parts/"{1,11}.output.begun
	local jobs
	mapfile -t jobs < <(cut -d' ' -f1 the*/jobs)
	is "${#jobs[@]}" 2
	# Who asks again, meanwhile.
	run sweep ENGINE=slurm COMMAND="$line"
	jobs+=("$(cat the*/last)")
	is "${lines[0]}" "sweep.mk: jobs ${jobs[*]} are in the queue still: wait, or scancel them"
	meanwhile $pid is_there "the 'out'.csv.parts/12.ok"
	scancel "${jobs[0]}_1"
	scancel "${jobs[1]}_1"
	ended $pid
	is "$status" 2
	is "$(sed -n 's/^sweep.mk: //p' said | cut -d: -f-3)" \
		'case 0: 0.25,"a ""b"", c": FAILED
case 1: 0.5,X: CANCELLED
case 11: 0.25,X9: CANCELLED'
	is "$(wc -l <"the 'out'.csv")" 12
	is "$(tail -n 1 "the 'out'.csv")" 0.25,X10,12

	touch go
	sed -i 's/^0.25,"a ""b"", c"/0.25,"a ""c"""/' 'the runs.csv'
	is "$(sweep ENGINE=slurm COMMAND="$line" WAIT=no | wc -l)" 3
	await is_there "the 'out'.csv.parts/finished"
	is "$(wc -l <"the 'out'.csv")" 15
	is "$(sed -n 2p "the 'out'.csv")" '0.25,"a ""c""",0'
}

@test "a campaign by Slurm: machines that are lost, or taken by others" {
	need_slurm
	echo '{"output": {}}' >c.json
	printf 'case\n%s\n%s\n%s\n' ends taken lost >'the runs.csv'
	local line='[ -e go ] || [ $CASE = 0 ] || { : >"$OUTPUT.begun"; sleep 1000; }; echo n; echo "$CASE"'
	sweep CONFIG=c.json ENGINE=slurm SBATCH='--no-requeue --exclusive' COMMAND="$line" \
		KEEP=1 >said 2>&1 3>&- &
	meanwhile $! is_there "the 'out'.csv.parts/"{1,2}.output.begun
	local job pid=$! lost
	job=$(cut -d' ' -f1 the*/jobs)
	ends srun --partition=urgent --nodelist="$(squeue -h -o %N -j "${job}_1")" true
	lost=$(squeue -h -o %N -j "${job}_2")
	scontrol update NodeName="$lost" State=DOWN Reason=test
	ended $pid
	is "$status" 2
	is "$(sed -n 's/^sweep.mk: \(case .*: .*:\).*/\1/p' said | cut -d: -f-3)" \
		'case 1: taken: PREEMPTED
case 2: lost: NODE_FAIL'
	is "$(xargs <"the 'out'.csv")" 'case,n ends,0'
	scontrol update NodeName="$lost" State=RESUME || : # it has come back
	touch go
	sweep CONFIG=c.json ENGINE=slurm COMMAND="$line"
	is "$(xargs <"the 'out'.csv")" 'case,n ends,0 taken,1 lost,2'
}

# The numbers of jobs of a cluster in use differ in length, and who asks may get
# them in any order, once for each task.
@test "jobs in the queue are named, once, by number; without an answer none is submitted" {
	mkdir bin
	printf '%s\n' '#!/bin/sh' 'echo "$*" >>asked' 'cat answer' 'exec test ! -s fails' \
		>bin/squeue
	cp bin/squeue bin/sbatch
	chmod +x bin/*
	PATH=$PWD/bin:$PATH
	: >fails
	cells 9 >c.csv
	local line='connect-random --p 1 --seed 1 c.csv'
	cluster SHARDS=2 OUT=o.csv COMMAND="$line"
	[ ! -e asked ]
	printf '%s 0 1000\n' 99998 100002 >o.csv.parts/jobs
	echo '100003;there' >o.csv.parts/last
	printf '%s\n' 100003 100002 99998 100002 >answer
	run cluster SHARDS=2 OUT=o.csv COMMAND="$line"
	is "${lines[0]}" \
		'cluster.mk: jobs 99998 100002 100003 are in the queue still: wait, or scancel them'
	is "$(cat asked)" '-h -o %F -j 99998,100002,100003'
	echo 1 >fails
	echo 'slurm_load_jobs error: Unable to contact slurm controller' >answer
	run cluster ENGINE=slurm SHARDS=2 OUT=o.csv COMMAND="$line"
	is "${lines[0]}" "cluster.mk: $(cat answer)"
	is "$(grep -c -v '^-h -o %F' asked)" 0
	cluster SHARDS=2 OUT=o.csv COMMAND="$line" | grep -q 'nothing has changed'
	echo 'slurm_load_jobs error: Invalid job id specified' >answer
	cluster ENGINE=slurm SHARDS=2 OUT=o.csv COMMAND="$line" | grep -q 'nothing has changed'
}

@test "srun and mpirun say which part is whose" {
	load cells.sh
	need_slurm
	local shell='fi-sweep --hoc "$0" --template Cell --celsius 6.3 --v-init -65 --amps 0:700:100 \
		--delay 5 --dur 20 --shard auto'
	fi-sweep --hoc "$data/cell.hoc" --template Cell --celsius 6.3 --v-init -65 --amps 0:700:100 \
		--delay 5 --dur 20 -o one.csv
	ends srun -n 3 sh -c "$shell -o s\$SLURM_PROCID.csv" "$data/cell.hoc"
	awk 'NR == 1 || FNR > 1' s[012].csv | cmp - one.csv
	command -v mpirun >/dev/null || skip "no mpirun"
	ends env -u SLURM_CONF mpirun --allow-run-as-root --oversubscribe -n 3 \
		sh -c "$shell -o m\$OMPI_COMM_WORLD_RANK.csv" "$data/cell.hoc"
	awk 'NR == 1 || FNR > 1' m[012].csv | cmp - one.csv
}

# ---- The page ----

@test "the commands of bmutils-cluster(7) do what it says" {
	load manual.sh
	local page=$root/man/bmutils-cluster.7
	cp -r "$data"/{config.json,tricky,inputs.csv} .
	mkdir files
	diff <(displays "$page") <(displays "$page" | sed "s#/usr/share/bmutils#$here#" |
		replay | sed "s#$here#/usr/share/bmutils#")
}
