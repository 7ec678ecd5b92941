#!/bin/bash
# step.sh -- the shell of the recipes of a report
#
# usage: step.sh OUT NAME FROM SHOWS STRICT ABSENT VITAL COMMAND
#
# COMMAND makes the file NAME in the folder OUT out of FROM, which has the names of
# others in OUT, with commas between them, or is "-".  What it was, and what it
# said, is kept in OUT/.made for the page.  If it fails as there is nothing that it
# could make, OUT/.made/left-out/NAME says why, and this is no failure.  A picture
# is left out too if the first of FROM has no rows, or, SHOWS being a column and not
# "-", no value there that is not zero; of sd, where there are panels for a page.
#
# A file that cannot be read, or a wrong option, is a failure: OUT/.made/NAME.error
# has it, and the page fails for it in the end.  So does this if STRICT is not "-":
# the file was asked for by its name.  A file that is not there is a failure if
# ABSENT is "-"; whatever keeps NAME from being made is, unless VITAL is "-".
set -u

here=$(dirname "$0")
out=$1 name=$2 from=$3 shows=$4 strict=$5 absent=$6 vital=$7 command=$8
made=$out/.made/$name
left=$out/.made/left-out/$name

# What no other network, simulation or cell would mend, too: what the system says of
# a file or of memory, which a tool puts behind the last colon; what our readers call
# damaged; and what is no program, or no table of one.
system='Permission denied|Operation not permitted|Input/output error|Is a directory'
system+='|Not a directory|No space left on device|Disk quota exceeded|File too large'
system+='|Read-only file system|Cannot allocate memory|Too many open files.*'
system+='|Too many levels of symbolic links|File name too long|Stale file handle'
system+='|No such device.*|Device or resource busy|Connection timed out|Text file busy'
system+='|Resource temporarily unavailable|Transport endpoint is not connected'
failure=": ($system|out of memory)$|: Is a directory:|damaged|not an HDF5|not JSON"
failure+='|syntax error'
[ "$absent" != - ] || failure+='|No such file or directory'

leave_out() { # reason
	rm -f "$out/$name" "$made".*
	printf '%s\n' "$1" >"$left"
	[ "$strict" = - ] || printf '%s\n' "$name is left out: $1" >&2
	exit 0
}

# The same is said once in a run of make, by whichever tool comes first to it.
say() { # lines
	local line
	while read -r line; do
		[ "$strict" = - ] && ! mkdir "$out/.made/said.$PPID.$(printf '%s' \
			"${line#*: }" | cksum | tr ' ' -)" 2>/dev/null ||
			printf '%s\n' "$line" >&2
	done <<<"$1"
}

fail() { # reason
	rm -f "$out/$name" "$left" "$made".*
	printf '%s\n' "$1" >"$made.error"
	say "$1"
	[ "$strict" = - ]
	exit
}

# The first column of rows, or that called so, has something else than zeros.
has_rows() { # table
	awk -v shows="$shows" -f "$here/csv.awk" -f - "$1" <<-'END'
	BEGIN {
		if (ARGC > 1)
			record()
		k = shows == "-" ? 1 : column(shows)
		while (!found && record() && ++n)
			found = shows == "-" || k && field[k] != "" &&
				field[k] !~ /^[-+]?(0*[.]?0*([eE].*)?|-?nan)$/
		exit !(found || shows == "sd" && n && n < 50)
	}
	END
}

mkdir -p "$out/.made" "$out/.made/left-out" || exit
if [ "$from" != - ]; then
	for other in ${from//,/ }; do
		[ ! -e "$out/.made/left-out/$other" ] ||
			leave_out "$(cat "$out/.made/left-out/$other")"
		[ ! -e "$out/.made/$other.error" ] ||
			fail "$(cat "$out/.made/$other.error")"
	done
	first=${from%%,*}
	if [ -e "$out/$first" ] && ! has_rows "$out/$first"; then
		[ "$shows" = - ] && leave_out "$first has no rows"
		[ "$shows" = sd ] && leave_out "all cells of each group are alike in $first"
		leave_out "nothing but zeros in $first"
	fi
fi

# A tool that is asked to stop ends before this does.
run() { # command
	bash -o pipefail -c "$1" 2>"$made.said" &
	trap 'kill $!; wait; rm -f "$made.said"; exit 1' HUP INT TERM
	wait $!
}

run "$command"
status=$?
if [ $status -eq 0 ] && grep -q ': --log tells small ones apart' "$made.said"; then
	command=${command/plot-matrix /plot-matrix --log }
	run "$command"
	status=$?
fi
if [ $status -eq 0 ]; then
	rm -f "$left" "$made.error"
	printf '%s\n' "$command" >"$made.command"
	said=$(cat "$made.said")
	if [ -n "$said" ]; then
		say "$said"
	else
		rm "$made.said"
	fi
	exit 0
fi
# Of several the first that complains is the cause; hints go before a complaint.
why=$(awk -F : '/^$|^Try .*--help/ { next } tool == "" { tool = $1 }
	$1 == tool { why = $0 } END { print why }' "$made.said")
why=${why:-${command%% *}: exit status $status}
[ $status -eq 1 ] && [ "$vital" = - ] && ! grep -qE "$failure" <<<"$why" && leave_out "$why"
fail "$why"
