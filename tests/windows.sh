# windows.sh -- a screen of its own, and what is done with the windows on it, for
# tests and pictures; after common.bash
#
# shellcheck shell=bash disable=SC2034,SC2154

needs() { # a program that is there where tests are complete
	command -v "$1" >/dev/null || skip "no $1"
}

screen() { # width x height: begin an X server that the tool can use
	needs Xvfb
	needs xdotool
	: >display
	Xvfb -displayfd 8 -screen 0 "$1x24" -nolisten tcp -noreset \
		8>display >/dev/null 2>xvfb.log 3>&- &
	xvfb=$!
	await has display .
	DISPLAY=:$(cat display)
	export DISPLAY
}

tune() { # begin it, and wait for the first run
	needs Xvfb
	cell-tune --history /dev/fd/9 "$@" 9>history >tuned.csv 2>err 3>&- &
	tuner=$!
	ran 1
}

rows() { # at least so many, and not one of them half a row
	[ "$(wc -l <history)" -gt "$1" ] || gone "$tuner"
}

row() { # of a run: its first row
	grep -m 1 "^$1," history
}

value() { # run, column
	awk -F, -v run="$1" -v column="$2" '
		NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i }
		NR > 1 && $1 == run && $at[column] != "" { x = $at[column] }
		END { print x }' history
}

window() { # the number of a window, by its title
	local name=${1//[(]/\\(}
	name=${name//[)]/\\)} name=${name//[[]/\\[}
	xdotool search --onlyvisible --name "^$name\$" 2>/dev/null | head -n 1
}

there() { [ -n "$(window "$1")" ]; }

# Wait for a window, or for a run; not for one of a tool that has ended.
shown() { await shown_or_gone "$1" && running "$tuner"; }
shown_or_gone() { there "$1" || gone "$tuner"; }
ran() { await ran_or_gone "$1" && has history "^$1,"; }
ran_or_gone() { has history "^$1," || gone "$tuner"; }

click() { # window, x, y: from its upper left corner, or else from the lower one
	local X=0 Y=0 HEIGHT=0 y=$3
	shown "$1"
	eval "$(xdotool getwindowgeometry --shell "$(window "$1")")"
	((y >= 0)) || y=$((HEIGHT + y))
	xdotool mousemove $((X + $2)) $((Y + y)) click 1
}

type_into() { # window, x, y, text: in the field there, instead of what it has
	click "$1" "$2" "$3"
	xdotool click --repeat 2 1 key --clearmodifiers ctrl+u type "$4"
	xdotool key Return
}

picture() { # a screenshot, for who looks at it
	local folder=${BUILD:-build}/pictures
	[[ $folder == /* ]] || folder=$root/$folder
	mkdir -p "$folder"
	import -window root "$folder/cell-tune-$1.png"
}

# The left arrow of the slider in a row of the parameters, from 0, again until a
# run has another value of the parameter: a click may come while a window is not
# looked at.
slide() { # row, parameter
	local i k before
	before=$(now "$2")
	for ((i = 0; i < 200; i++)); do
		click Parameters 18 $((40 + 36 * $1))
		for ((k = 0; k < 60; k++)); do
			[ "$(now "$2")" = "$before" ] || return 0
			running "$tuner" || return
			sleep 0.05
		done
	done
	fail "never: $2 from $before"
}

now() { value "$(tail -n 1 history | cut -d, -f1)" "$1"; }

# The last run, when what belongs to it is there.
last() { tail -n 1 history; }

quit() { # by the button of the first window
	click cell-tune 100 215
	ended "$tuner"
}

