#!/bin/bash
# Print the goals of all benches, and which of them are met: goals.sh FILE
#
# A line of the file is title, what was measured, goal and verdict, with tabs
# between them, as measure.sh keeps it.
set -u
export LC_ALL=C

awk -F '\t' '
	BEGIN { form = "%-36s %-30s %-12s %s\n"; printf form, "goal", "measured", "", "" }
	{ printf form, $1, $2, $3, $4; n[$4]++ }
	END { printf "%d met, %d not met, %d not measured\n", n["met"],
		n["not met"], n["not measured"] }' "$1"
