#!/bin/sh
# windows.sh -- a picture of the windows of cell-tune, on a screen of their own
#
# usage: pipelines/windows.sh picture.png 1280x900 cell-tune [option ...]
#
# It is taken when the first run and the F-I curve are there, and nothing moves any
# more.
set -eu

[ $# -ge 3 ] || { echo "usage: windows.sh picture size command" >&2; exit 2; }
picture=$1 size=$2
shift 2
work=$(mktemp -d)
screen='' tuner=''

finish() {
	[ -z "$tuner" ] || kill "$tuner" 2>/dev/null || :
	[ -z "$screen" ] || kill "$screen" 2>/dev/null || :
	wait
	rm -rf "$work"
}
trap finish EXIT
trap 'exit 1' HUP INT TERM

until_it() { # is so, for a minute at most
	n=0
	while ! "$@"; do
		n=$((n + 1))
		[ $n -lt 300 ] || { echo "windows.sh: no $1" >&2; exit 1; }
		sleep 0.2
	done
}

a_screen() { [ -s "$work/display" ]; }

runs() { [ "$(wc -l <"$work/history")" -gt "$1" ] || ! kill -0 "$tuner"; }

a_first_run() { runs 1; }

an_fi_curve() { runs 2; }

press() { # the button of the F-I curve
	window=$(xdotool search --onlyvisible --name '^F-I curve$' | head -n 1)
	X=0 Y=0 HEIGHT=0
	eval "$(xdotool getwindowgeometry --shell "$window")"
	xdotool mousemove $((X + 40)) $((Y + HEIGHT - 20)) click 1
	xdotool mousemove 0 0
}

shoot() { import -window root -depth 8 +dither "$work/$1.png"; }

rest() { # of the screen, for three pictures
	shoot 1 && sleep 0.4 && shoot 2 && sleep 0.4 && shoot 3 &&
		compare -metric AE "$work/1.png" "$work/2.png" null: 2>/dev/null &&
		compare -metric AE "$work/2.png" "$work/3.png" null: 2>/dev/null
}

Xvfb -displayfd 8 -screen 0 "${size}x24" -nolisten tcp 8>"$work/display" \
	>/dev/null 2>&1 &
screen=$!
until_it a_screen
DISPLAY=:$(cat "$work/display")
export DISPLAY
: >"$work/history"
"$@" --history /dev/fd/9 9>"$work/history" >/dev/null &
tuner=$!
until_it a_first_run
press
until_it an_fi_curve
kill -0 "$tuner"
until_it rest
convert "$work/3.png" -strip -define png:exclude-chunks=date,time \
	-define png:compression-level=9 "$picture"
