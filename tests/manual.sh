# manual.sh -- the commands of a manual page, run one after the other
#
# shellcheck shell=bash

displays() { # what the page shows
	awk '/^\.Ed/ { shown = 0 }
	     shown
	     /^\.Bd -literal/ { shown = 1 }' "$1" | sed 's/\\e/\\/g'
}

whole() { # is this a command to its end?  A comment is of the one below
	[[ $1 != *\\ && ($1 != '#'* || $1 == *$'\n'*) && $1 != *'|' ]] &&
		bash -n -c "$1" 2>/dev/null
}

is_assignment() { # and nothing else
	[[ $1 =~ ^[a-z]+=([^\ \"]*|\"[^\"]*\")$ ]]
}

replay() { # the commands of what is shown, and what they print now
	local line command output
	while IFS= read -r line; do
		[[ $line == '$ '* ]] || continue
		command=${line#'$ '}
		until whole "$command"; do
			IFS= read -r line || return
			command+=$'\n'$line
		done
		if is_assignment "$command"; then
			eval "export $command"
			printf '$ %s\n' "$command"
			continue
		fi
		output=$(run_row "$command" </dev/null 2>&1)
		printf '$ %s\n' "$command"
		[ -z "$output" ] || printf '%s\n' "$output"
		[[ -n $output || $command == *' -o '* || $command == *' > '* ]] ||
			printf '%s\n' "$command" >>../silent
	done
}

run_row() { # and say which part of a pipe failed; one may have left early
	bash -c "$1"'
		for status in "${PIPESTATUS[@]}"; do
			[[ $status == 0 || $status == 141 ]] ||
				echo "exit status $status"
		done'
}
