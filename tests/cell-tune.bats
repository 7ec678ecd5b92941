# The windows are NEURON's, on a screen of the test's own; what is done with them
# is read in --history.  Pictures of them stay in $BUILD/pictures.
# shellcheck disable=SC2154
load common.bash
load cells.sh

small=(--hoc "$BATS_TEST_DIRNAME/data/cell.hoc" --template Cell)

needs() { # a program that is there where tests are complete
	command -v "$1" >/dev/null || skip "no $1"
}

screen() { # width x height: begin an X server that the tool can use
	needs Xvfb
	needs xdotool
	: >display
	Xvfb -displayfd 8 -screen 0 "$1x24" -nolisten tcp 8>display \
		>/dev/null 2>xvfb.log 3>&- &
	xvfb=$!
	await has display .
	DISPLAY=:$(cat display)
	export DISPLAY
}

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	unset DISPLAY WAYLAND_DISPLAY
	xvfb=
	tuner=
}

teardown() {
	[ -z "$tuner" ] || ! running "$tuner" || kill -KILL "$tuner"
	[ -z "$xvfb" ] || ! running "$xvfb" || kill "$xvfb"
}

tune() { # begin it, and wait for the first run
	needs Xvfb
	cell-tune --history /dev/fd/9 "$@" 9>history >tuned.csv 2>err 3>&- &
	tuner=$!
	await ready
}

ready() { has history '^1,' || gone "$tuner"; }

rows() { # at least so many, and not one of them half a row
	[ "$(wc -l <history)" -gt "$1" ]
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

click() { # window, x, y: from its upper left corner, or else from the lower one
	local X=0 Y=0 HEIGHT=0 y=$3
	await there "$1"
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

# The left arrow of the slider in a row of the parameters, from 0.
slider() { click "Parameters" 18 $((40 + 36 * $1)); }

quit() { # by the button of the first window
	click cell-tune 100 215
	ended "$tuner"
}

@test "a slider moves, a run happens, and the values stand in a pipe" {
	screen 1280x800
	tune "${small[@]}" --param soma.gnabar_hh --param dend.g_pas:1e-5:1e-3
	for name in "cell-tune" "Parameters" "Voltage at soma(0.5)" "F-I curve"; do
		await there "$name"
	done
	is "$(value 1 soma.gnabar_hh)" 0.12
	slider 0
	await has history '^2,'
	low=$(value 2 soma.gnabar_hh)
	[ "$low" != 0.12 ]
	is "$(awk -v x="$low" 'BEGIN { print (x >= 0.012 && x < 0.12) }')" 1
	is "$(value 2 dend.g_pas)" "$(value 1 dend.g_pas)"
	picture slider
	quit
	[ "$status" -eq 0 ]
	is "$(cat err)" ''
	is "$(cat tuned.csv)" "name,value
soma.gnabar_hh,$low
dend.g_pas,5e-05"
	fi-sweep "${small[@]}" --params tuned.csv --amps 100 -o a.csv
	fi-sweep "${small[@]}" --set "soma.gnabar_hh=$low" --amps 100 | cmp - a.csv
}
