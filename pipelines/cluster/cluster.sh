# cluster.sh -- one command, in parts that are put together; see cluster.mk
#
# shellcheck shell=bash disable=SC2016 # the shell of a part puts the variables in
set -eu -o pipefail

program=cluster.mk KEEP=
# shellcheck source=pipelines/cluster/engine.sh
. "$(dirname "$0")/engine.sh"

identity() { :; }

title() { echo "part $1"; }

take_back() { :; } # as the tools do

# A shard is an option of a command, and so are a part and its file.
make_part() {
	PART=$2 SHARD="--shard $1/$SHARDS" bash -o pipefail -c "$LINE"
}

# One after the other, without the headers of all but the first, which may have
# quoted lines.
join_rows() {
	local number lines
	lines=$(awk '{ n += gsub(/"/, "") } n % 2 == 0 { print NR; exit }' \
		"$(part 0)")
	cat -- "$(part 0)"
	for ((number = 1; number < nparts; number++)); do
		tail -n +$((lines + 1)) -- "$(part "$number")"
	done
}

finish() {
	local number all=()
	for ((number = 0; number < nparts; number++)); do
		all+=("$(part "$number")")
	done
	if [ "$MERGE" = parts ]; then
		conn-merge -o "$OUT" "${all[@]}"
	else
		join_rows >"$parts/all"
		mv -T -- "$parts/all" "$OUT"
	fi
}

# ---- What the command is ----

[ "$COMMAND" ] || misuse "give a command: COMMAND='conn-matrix config.json'"
[[ $SHARDS =~ ^[1-9][0-9]{0,8}$ ]] ||
	misuse "SHARDS: must be a number from 1 on: '$SHARDS'"
words "$COMMAND"
tool=${words[0]##*/}
if [ -z "$MERGE" ]; then
	case $tool in
	conn-* | spike-rate | graph-stats) MERGE=parts ;;
	connect-* | fi-sweep | cell-couple | syn-clamp | cell-fit | spike-stim | \
		sonata-nodes | sonata-edges) MERGE=rows ;;
	*) misuse "not a command that takes --shard: '$tool'" ;;
	esac
fi
[[ $MERGE == parts || $MERGE == rows ]] ||
	misuse "MERGE: must be parts|rows: '$MERGE'"
[ "$tool" != cell-fit ] || [ "$SHARDS" -eq 1 ] ||
	misuse "cell-fit shares its work by -j: SHARDS=1"
[[ " $COMMAND" != *' --report'* || $COMMAND = *'$PART'* ]] ||
	misuse "all parts would write --report: say --report \"\$PART.report\""

LINE=$COMMAND
if [ "$tool" = cell-fit ]; then
	# The parts' folder has its history, with which it goes on.
	[[ $LINE == *--history* ]] || LINE+=' --history "${PART%.*}.history"'
	[[ $LINE == *--resume* ]] || LINE+=' --resume'
elif [[ $LINE != *'$SHARD'* ]]; then
	LINE+=' $SHARD'
fi
[ "$MERGE" != parts ] || LINE+=' --partial'
LINE+=' -o "$PART"'

nparts=$SHARDS
find_inputs "${words[@]:1}"
prepare "$LINE" "$SHARDS" "$MERGE" "$("${words[0]}" --version 2>/dev/null || :)"
run_parts afterok LINE SHARDS MERGE
