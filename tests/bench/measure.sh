# shellcheck shell=bash
# measure.sh -- time commands side by side, and print how they compare
#
# Sourced by the benches.  They set work, a directory of their own, and ROUNDS;
# failed becomes 1 when a command fails.

failed=0 # what the bench exits with

have() { type -P "$1" >/dev/null; }

sides=()
side() { # the tools it needs, what it is called, the command
	local tool
	for tool in $1; do
		have "$tool" || { echo "$tool" >"$work/$2.missing"; return; }
	done
	sides+=("$2")
	printf '%s' "$3" >"$work/$2.command"
}

fail() { # side
	cat "$work/$1.error" >&2
	echo "$1 failed: $(<"$work/$1.command")" >&2
	touch "$work/$1.failed"
	export failed=1
}

# Microseconds.  No shell or meter of its own: they cost some 5 ms.
once() { # side
	local command from to
	command=$(<"$work/$1.command")
	from=$EPOCHREALTIME
	eval "$command" >"$work/$1.output" 2>"$work/$1.error" ||
		{ fail "$1"; return; }
	to=$EPOCHREALTIME
	echo $((${to/./} - ${from/./})) >>"$work/$1.us"
}

# All sides by turns, so that what else the machine does is shared.
run_sides() {
	local name round
	for ((round = 0; round < ROUNDS; round++)); do
		for name in "${sides[@]}"; do
			[ -e "$work/$name.failed" ] || once "$name"
		done
	done
}

best() { [ -s "$work/$1.us" ] && sort -n "$work/$1.us" | head -n 1; }
median() {
	sort -n "$work/$1.us" | awk '{ us[NR] = $1 }
		END { print us[int((NR + 1) / 2)] }'
}

# Keep a goal for the table at the end of make bench (goals.sh), if $GOALS names
# a file for it.
goal() { # title, what was measured, goal, verdict
	[ -z "${GOALS:-}" ] || (IFS=$'\t' && echo "$*") >>"$GOALS"
}

# A line of the bench's own table.  One that has a gate is a goal; one whose title
# is empty, or begins with a space, goes on with the line before.
line() { # title, best s, median s, against, gate, verdict
	printf '%-32s %9s %9s  %-28s %-10s %s\n' "$@"
	[[ -z $1 || $1 = ' '* ]] || titled=$1
	[[ -z $5 || $5 = gate ]] || goal "$titled" "${4:-$2 s}" "$5" "${6:-not measured}"
}

why_not() {
	if [ -e "$work/$1.missing" ]; then
		echo "not built: $(<"$work/$1.missing")"
	else
		echo failed
	fi
}

# Is the first number at least (or with -, at most) the second?
verdict() {
	awk -v v="$1" -v gate="$2" 'BEGIN {
		met = gate ~ /^-/ ? v <= -gate : v >= gate + 0
		print gate == "" ? "" : met ? "met" : "not met"
	}'
}

gate_text() { # a gate; with -, at most
	[ "${1#-}" = "$1" ] && echo ">= $1" || echo "<= ${1#-}"
}

seconds() { awk "BEGIN { printf \"%.4f\", $1 / 1e6 }"; }

# Lines of the table: how many times as fast as the yardstick, or how much.
speed() { # title, side, yardstick ("" for none), gate
	local us other ratio=
	if ! us=$(best "$2"); then
		line "$1" - - "$(why_not "$2")" \
			"${4:+$(gate_text "$4")}" ''
		return
	fi
	if [ -n "$3" ] && other=$(best "$3"); then
		ratio=$(awk "BEGIN { printf \"%.2f\", $other / $us }")
	fi
	line "$1" "$(seconds "$us")" "$(seconds "$(median "$2")")" \
		"${ratio:+$ratio x $3}" "${4:+>= $4}" \
		"${ratio:+$(verdict "$ratio" "$4")}"
}

amount() { # title, side, a number, its unit, gate (- for at most)
	local us
	us=$(best "$2") || return
	line "$1" "$(seconds "$us")" "$(seconds "$(median "$2")")" "$3 $4" \
		"$(gate_text "$5")" "$(verdict "$3" "$5")"
}

within() { # title, side, seconds at most
	local us
	us=$(best "$2") || { speed "$1" "$2" '' "-$3"; return; }
	us=$(seconds "$us")
	line "$1" "$us" "$(seconds "$(median "$2")")" '' "<= $3 s" \
		"$(verdict "$us" "-$3")"
}
