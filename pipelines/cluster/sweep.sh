# sweep.sh -- a command for each row of a table of parameters; see sweep.mk
#
# In the folder of the parts are also N.row, the names and the values of case N as
# they stand in the table; N.json, its config; N.files, the copies of other files
# that it changes; and N.output.
#
# shellcheck shell=bash
set -eu -o pipefail

program=sweep.mk
# shellcheck source=pipelines/cluster/engine.sh
. "$(dirname "$0")/engine.sh"

identity() { cat -- "$parts/$1.row"; }

title() { printf 'case %s: %s' "$1" "$(tail -n +2 -- "$parts/$1.row" | paste -sd' ')"; }

# What a config says of other files is seen from its folder, where campaigns of
# other folders may have theirs.
beside() {
	printf '%s/.%s-%s-%s.json' "$(dirname -- "$CONFIG")" "${OUT##*/}" \
		"$(cksum <<<"$parts" | cut -d' ' -f1)" "$1"
}

# A config that has to name a copy is copied beside itself as well, to which the
# folder of copies has a link: the copy comes there instead.
take_back() {
	local link
	for link in "$parts/$1.files"/*; do
		[ ! -L "$link" ] || mv -fT -- "$(readlink -- "$link")" "$link"
	done
	rm -f -- "$(beside "$1")" "$(part "$1").new"
}

make_part() {
	local config output=$parts/$1.output add=()
	config=$(beside "$1")
	[[ $NAMES == *output.output_dir* ]] || add=(--add "output.output_dir=$output")
	[[ $NAMES != *.json:* ]] || add+=(--copies "$parts/$1.files")
	rm -rf -- "$output" "$parts/$1.files"
	sonata-config --table "$TABLE" --row-number "$1" "${add[@]}" -o "$config" -- \
		"$CONFIG" || return
	cp -- "$config" "$parts/$1.json"
	CONFIG=$config CASE=$1 OUTPUT=$output bash -o pipefail -c "$COMMAND" \
		>"$2.new" || return
	[ -s "$2.new" ] || {
		echo 'no table' >&2
		return 1
	}
	mv -- "$2.new" "$2"
}

# The records of a table, which may have quoted lines, each after what goes before
# it; all but the header, or the header alone.
records() { # header or rows, before, file
	before=$2 awk -v header="$([ "$1" != header ] || echo 1)" '
		{ begins = quotes % 2 == 0; quotes += gsub(/"/, "&") }
		begins && ($0 == "" || $0 == "\r") { next }
		begins { n++ }
		header ? n == 1 : n > 1 {
			printf "%s%s\n", begins ? ENVIRON["before"] : "", $0
		}' "$3"
}

finish() {
	local number first='' header between=,
	[[ $NAMES != *$'\t'* ]] || between=$'\t'
	for ((number = 0; number < nparts; number++)); do
		[[ " ${missing[*]} " != *" $number "* ]] || continue
		header=$(records header '' "$(part "$number")")
		[ "$first" ] || {
			first=$header
			printf '%s%s%s\n' "$NAMES" "$between" "$header"
		}
		[ "$header" = "$first" ] ||
			complain "case $number: other columns than those before: '$header'"
		records rows "$(tail -n +$((1 + LINES_OF_NAMES)) -- \
			"$parts/$number.row")$between" "$(part "$number")"
	done >"$parts/all"
	mv -T -- "$parts/all" "$OUT"
}

# N.row for each record of the table; says how many there are.
split_table() {
	awk '
		NR == 1 { sub(/^\357\273\277/, "") }
		{ sub(/\r+$/, ""); begins = quotes % 2 == 0; quotes += gsub(/"/, "&") }
		begins && $0 == "" { next }
		begins && named++ { n++; file = ENVIRON["parts"] "/" n - 1 ".row" }
		!n { names = names $0 "\n"; next }
		begins { printf "%s", names >file }
		{ print >file }
		quotes % 2 == 0 { close(file) }
		END { print n + 0 }' "$TABLE"
}

# The files that columns change values of, which are called from CONFIG's folder.
files_of_columns() {
	local file
	tr '\t' , <<<"$NAMES" | awk -f "$(dirname "$0")/../report/csv.awk" -f <(
		echo 'BEGIN { for (record(); i++ < fields; )
			if (sub(/[.]json:.*/, ".json", field[i])) print field[i] }'
	) | while IFS= read -r file; do
		[[ $file == /* ]] || file=$(dirname -- "$CONFIG")/$file
		printf '%s\n' "$file"
	done
}

[ "$TABLE" ] || misuse 'give a table of parameters: TABLE=runs.csv'
[ "$CONFIG" ] || misuse 'give a config: CONFIG=simulation_config.json'
[ "$COMMAND" ] || misuse "give a command: COMMAND='simulate \$CONFIG'"
for file in "$TABLE" "$CONFIG"; do
	[ -f "$file" ] || complain "$file: No such file or directory"
done
words "$COMMAND"
NAMES=$(records header '' "$TABLE" | sed '1s/^\xef\xbb\xbf//; s/\r*$//')
mapfile -t files < <(files_of_columns)
find_inputs "$CONFIG" "${words[@]}" "${files[@]}"
prepare "$COMMAND" "$CONFIG"
export parts
nparts=$(split_table)
[ "$nparts" -gt 0 ] || complain "$TABLE: no rows"
LINES_OF_NAMES=$(printf '%s\n' "$NAMES" | wc -l)
run_parts afterany COMMAND CONFIG TABLE NAMES LINES_OF_NAMES
