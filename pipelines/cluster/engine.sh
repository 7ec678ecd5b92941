# engine.sh -- what cluster.mk and sweep.mk share: parts, and who makes them
#
# Who loads it says what part N is, make_part N FILE; what it leaves when it is
# stopped, take_back N; what it is made of besides files, identity N; how a message
# calls it, title N; what becomes of all parts, finish; and calls run_parts.
#
# Parts are numbered from 0.  In the folder $OUT.parts are N.csv, or N.tsv; N.log,
# what was said; N.ok, the bytes of a part that is whole and its identity;
# settings, of which all of it is; run, what a job runs.
#
# Names are data: what the user gives comes by the environment, and becomes a part
# of no command but COMMAND, which is one.  A job has the environment of its
# cluster, or of another machine: run brings what it needs.
#
# shellcheck shell=bash disable=SC2153 # what make exports

complain() {
	printf '%s: %s\n' "$program" "$*" >&2
	exit 1
}

misuse() {
	printf '%s: %s\n' "$program" "$*" >&2
	exit 2
}

# Run a command in a group of its own, so that a signal gets to all of it; end as
# it does.
guard() {
	local child signal status=0 stopped=''
	for signal in TERM INT HUP; do
		# shellcheck disable=SC2064 # the signal is that of now
		trap "stopped=$signal; kill -$signal -- -\$child 2>/dev/null" $signal
	done
	set -m
	"$@" &
	child=$!
	set +m
	wait "$child" || status=$?
	# GNU parallel waits for its jobs until it is told twice.
	while [ "$stopped" ] && kill "-$stopped" -- "-$child" 2>/dev/null; do
		sleep 0.1
	done
	trap - TERM INT HUP
	[ -z "$stopped" ] || exit $((128 + $(kill -l "$stopped")))
	return "$status"
}

# ---- Parts ----

part() { printf '%s/%s.%s' "$parts" "$1" "$suffix"; }

seal() { # what is in N.ok of a part that is whole
	stat -c %s -- "$(part "$1")" && identity "$1"
}

make_one() {
	local made
	made=$(part "$1")
	rm -f -- "$made" "$parts/$1.ok"
	make_part "$1" "$made" || return
	seal "$1" >"$parts/$1.new" || return
	mv -- "$parts/$1.new" "$parts/$1.ok"
}

one() { # and what is half done is taken away, whatever ends it
	# shellcheck disable=SC2064 # this part
	trap "take_back $1" EXIT
	guard make_one "$1"
}

finish_parts() {
	look
	if [ ${#missing[@]} -gt 0 ] && [ "$KEEP" != 1 ]; then
		complain "${#missing[@]} of $nparts are missing"
	fi
	[ ${#missing[@]} -lt "$nparts" ] || complain 'all of them are missing'
	guard finish
	[ ${#missing[@]} -gt 0 ] || echo "$nparts" >"$parts/finished"
}

# Is part N there, whole, and no older than the files in "inputs"?
is_whole() {
	local file made
	made=$(part "$1")
	[ -f "$made" ] && seal "$1" | cmp -s - "$parts/$1.ok" || return
	for file in "${inputs[@]}"; do
		[ ! "$file" -nt "$made" ] || return
	done
}

look() { # for what is missing: the array "missing"
	local number
	missing=()
	for ((number = 0; number < nparts; number++)); do
		is_whole "$number" || missing+=("$number")
	done
}

# The files that words of the command name, and those that configs among them
# name: a part is made again when one has changed.
find_inputs() { # words
	local word file
	inputs=()
	for word; do
		for file in "$word" "${word#--*=}"; do
			[ ! -f "$file" ] || inputs+=("$file")
		done
		[[ $word == *.json && -f $word ]] || continue
		while IFS= read -r file; do
			[[ $file != \"*\" ]] || file=${file:1:-1} file=${file//\"\"/\"}
			[ ! -f "$file" ] || inputs+=("$file")
		done < <(sonata-info --files "$word" 2>/dev/null |
			tail -n +2 | cut -d, -f2-)
	done
}

words() { # of a text, as a shell would have them
	local word
	words=()
	while IFS= read -r -d '' word; do
		words+=("$word")
	done < <(printf %s "$1" | xargs -r printf '%s\0' 2>/dev/null)
}

# Parts of another command are of no use.
prepare() { # what the parts depend on
	local at=$parts/settings
	mkdir -p -- "$parts"
	if [ ! -f "$at" ] && [ "$(ls -A -- "$parts")" ]; then
		complain "$parts: not a folder of parts"
	fi
	if ! printf '%s\n' "$@" | cmp -s - "$at"; then
		rm -rf -- "$parts"
		mkdir -- "$parts"
		printf '%s\n' "$@" >"$at"
	fi
}

write_run() { # with these variables
	local name
	printf '#!/bin/bash\nset -eu -o pipefail\ncd %q\n' "$PWD"
	for name in PATH OUT ENGINE KEEP parts suffix nparts program "$@"; do
		printf 'export %s=%q\n' "$name" "${!name}"
	done
	declare -f
	# shellcheck disable=SC2016 # the job's
	echo 'inputs=()
case $1 in
task) one $(($2 + SLURM_ARRAY_TASK_ID)) ;;
finish) finish_parts ;;
*) one "$1" ;;
esac'
}

# ---- Who makes them ----

locally() { # numbers
	local number stopped=''
	trap 'stopped=1; kill $(jobs -rp) 2>/dev/null' TERM INT HUP
	for number; do
		while [ "$(jobs -rp | wc -l)" -ge "$jobs" ]; do
			wait -n || :
		done
		[ -z "$stopped" ] || break
		bash "$parts/run" "$number" >"$parts/$number.log" 2>&1 &
	done
	while [ "$(jobs -rp)" ]; do
		wait || :
	done
	trap - TERM INT HUP
	[ -z "$stopped" ] || exit 143
}

in_parallel() { # numbers
	local at
	command -v parallel >/dev/null ||
		complain "parallel not found: install parallel"
	at=$(printf %q "$parts")
	printf '%s\n' "$@" >"$parts/todo"
	guard parallel --will-cite --termseq TERM,20000,KILL -a "$parts/todo" \
		-j "$jobs" "bash $at/run {} >$at/{}.log 2>&1" || :
}

slurm_options() { # the array "slurm"
	local name
	words "$SBATCH"
	slurm=(--export=ALL --parsable --open-mode=append --job-name="${OUT##*/}")
	for name in PARTITION ACCOUNT TIME MEM CPUS; do
		[ -z "${!name}" ] || case $name in
		CPUS) slurm+=(--cpus-per-task="$CPUS") ;;
		*) slurm+=("--${name,,}=${!name}") ;;
		esac
	done
	slurm+=("${words[@]}")
}

ranges() { # of numbers, a line each, as Slurm has them: 0-3,7
	awk 'function show() {
			printf "%s%s", (some++ ? "," : "") first,
				(last > first ? "-" last : "")
		}
		NR > 1 && $1 != last + 1 { show() }
		NR == 1 || $1 != last + 1 { first = $1 }
		{ last = $1 }
		END { if (NR) show() }'
}

# Submit them.  No array has numbers from MaxArraySize on: there is an array for
# each thousand, or whatever power of ten is allowed.
submit() { # numbers
	local digits size block list number
	digits=$(scontrol show config | sed -n 's/^MaxArraySize *= *//p')
	digits=$((${#digits} - 1))
	size=$((10 ** digits))
	for ((block = 0; block <= ${!#} / size; block++)); do
		list=$(for number; do
			[ $((number / size)) -ne $block ] ||
				echo $((number % size))
		done | ranges)
		[ "$list" ] || continue
		number=%a
		[ $block -eq 0 ] || number=$block%${digits}a
		number=$(sbatch "${slurm[@]}" --array="$list${JOBS:+%$JOBS}" \
			--output="${parts//%/%%}/$number.log" \
			"$parts/run" task $((block * size))) || exit
		echo "${number%%;*} $((block * size)) $size" >>"$parts/jobs"
	done
}

# The last job puts the parts together, after all others; who waits for it waits
# for Slurm, which tells.
by_slurm() { # afterok or afterany, numbers
	local slurm after=() wait=(--wait) status=0
	command -v sbatch >/dev/null ||
		complain "sbatch not found: this is no machine of a cluster"
	slurm_options
	rm -f -- "$parts/jobs" "$parts/last" "$parts/finish.log"
	if [ $# -gt 1 ]; then
		for number in "${@:2}"; do
			rm -f -- "$parts/$number.log"
		done
		submit "${@:2}"
		after=(--dependency="$1:$(cut -d' ' -f1 "$parts/jobs" | paste -sd:)"
			--kill-on-invalid-dep=yes)
	fi
	[ "$WAIT" != no ] || wait=()
	sbatch "${slurm[@]}" "${after[@]}" "${wait[@]}" \
		--output="${parts//%/%%}/finish.log" "$parts/run" finish \
		>"$parts/last" || status=$?
	[ "$WAIT" != no ] || {
		job_numbers
		exit $status
	}
	look
	[ ${#missing[@]} -gt 0 ] || cat -- "$parts/finish.log" >&2
}

job_numbers() { # of the last time, the one that puts the parts together too
	cat -- "$parts/jobs" "$parts/last" 2>/dev/null | sed 's/[ ;].*//'
}

# Which of the jobs of the last time are in the queue?  To submit them twice where
# Slurm does not answer is worse than to wait for it.
queued() {
	local numbers said
	numbers=$(job_numbers | paste -sd,)
	[ "$numbers" ] && command -v squeue >/dev/null || return 0
	said=$(squeue -h -o %F -j "$numbers" 2>&1) || [ "$ENGINE" != slurm ] ||
		[[ $said == *'Invalid job id'* ]] || complain "${said%%$'\n'*}"
	sed -n '/^[0-9][0-9]*$/p' <<<"$said" | sort -nu | paste -sd' '
}

# ---- All of it ----

# Slurm's word for how a part ended, if it still knows, and not yet while what a
# part was is being taken away.
state() {
	local job first size
	[ "$ENGINE" = slurm ] && [ -f "$parts/jobs" ] || return 0
	while read -r job first size; do
		[ $(($1 / size * size)) -eq "$first" ] || continue
		scontrol -o show job "${job}_$(($1 % size))" 2>/dev/null |
			sed -n '/ JobState=COMPLETING /d
				s/.* JobState=\([A-Z_]*\).*/\1: /p'
	done <"$parts/jobs"
}

# What Slurm said, or else the last line but where to find help, and what the shell
# says of a signal.
last_said() { # log
	[ -f "$1" ] || echo 'it was not run'
	[ ! -f "$1" ] || grep '^slurmstepd[^:]*: error: \*\*\* ' -- "$1" ||
		grep -v "^Try '\|: line [0-9]*: .*Terminated" -- "$1"
}

name_missing() {
	local number said
	for number in "${missing[@]}"; do
		said=$(last_said "$parts/$number.log" | tail -n 1) || : # nothing
		printf '%s: %s: %s%s\n' "$program" "$(title "$number")" \
			"$(state "$number")" "${said:-it said nothing}" >&2
	done
}

is_done() { # is OUT there, and made after the parts?
	local number
	[ -f "$OUT" ] && echo "$nparts" | cmp -s - "$parts/finished" || return
	for ((number = 0; number < nparts; number++)); do
		[ ! "$parts/$number.ok" -nt "$parts/finished" ] || return
	done
}

run_parts() { # afterok or afterany, variables of run
	local jobs=${JOBS:-$(nproc)} missing queued
	queued=$(queued)
	[ -z "$queued" ] ||
		complain "jobs $queued are in the queue still: wait, or scancel them"
	look
	[ ${#missing[@]} -gt 0 ] || ! is_done || {
		echo "$program: $OUT is there, and nothing has changed"
		return
	}
	write_run "${@:2}" >"$parts/run"
	if [ "$ENGINE" = slurm ]; then
		by_slurm "$1" "${missing[@]}"
	elif [ ${#missing[@]} -gt 0 ]; then
		[ "$ENGINE" != local ] || locally "${missing[@]}"
		[ "$ENGINE" != parallel ] || in_parallel "${missing[@]}"
	fi
	inputs=() # a clock of another machine is another one
	look
	name_missing
	if [ "$ENGINE" != slurm ] && { [ ${#missing[@]} -eq 0 ] || [ "$KEEP" = 1 ]; }; then
		finish_parts
	fi
	[ ${#missing[@]} -eq 0 ] && is_done
}

unset MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES
[ "$OUT" ] || misuse 'give the output: OUT=table.csv'
case $ENGINE in
local | parallel | slurm) ;;
*) misuse "ENGINE: must be local|parallel|slurm: '$ENGINE'" ;;
esac
[[ -z $JOBS || $JOBS =~ ^[1-9][0-9]{0,8}$ ]] ||
	misuse "JOBS: must be a number from 1 on: '$JOBS'"
parts=$(realpath -m -- "$OUT.parts")
suffix=csv
[[ $OUT != *.tsv ]] || suffix=tsv
