#!/bin/sh
# page.sh -- a picture of graph-html's page, as a browser without a screen shows it
#
# usage: pipelines/page.sh picture.png 1200x700 page.html
#
# It is taken when all of the network is drawn, by the browser of the tests.  64
# colours make it a quarter as large.
set -eu

[ $# -eq 3 ] || { echo "usage: page.sh picture size page" >&2; exit 2; }
browse=$(dirname "$0")/../tests/browse.py
BROWSER=$(mktemp -d)
export BROWSER
browser=''

finish() {
	rm -f "$BROWSER/session"
	[ -z "$browser" ] || wait "$browser" || :
	rm -rf "$BROWSER"
}
trap finish EXIT
trap 'exit 1' HUP INT TERM

/usr/bin/python3 -IS "$browse" serve "$BROWSER" --hide-scrollbars 2>"$BROWSER/log" &
browser=$!
until [ -e "$BROWSER/session" ]; do
	kill -0 "$browser" 2>/dev/null || { cat "$BROWSER/log" >&2; exit 1; }
	sleep 0.1
done
/usr/bin/python3 -IS "$browse" size "${2%x*}" "${2#*x}"
/usr/bin/python3 -IS "$browse" open "$3"
/usr/bin/python3 -IS "$browse" picture "$BROWSER/page.png"
convert "$BROWSER/page.png" -strip +dither -colors 64 \
	-define png:exclude-chunks=date,time -define png:compression-level=9 "$1"
