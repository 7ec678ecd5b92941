#!/bin/sh
# Draw the same tables by our tools and by matplotlib, to look at side by side.
#
# usage: tests/compare/compare.sh DIR [KIND ...]
#
# It needs python3-matplotlib and the tools in PATH.  KIND is a file KIND.py
# here; each writes its tables to DIR, and KIND-GROUPS-WIDTH-ours.png beside
# -matplotlib.png.  With montage (ImageMagick) both are put into one KIND.png.
set -eu
[ $# -gt 0 ] || {
	sed -n 's/^# usage: /usage: /p' "$0" >&2
	exit 2
}
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1"
cd "$1"
shift
[ $# -gt 0 ] || for f in "$here"/*.py; do
	f=${f##*/}
	[ "$f" = beside.py ] || set -- "$@" "${f%.py}"
done
export PYTHONDONTWRITEBYTECODE=1
for kind; do
	/usr/bin/python3 "$here/$kind.py"
	if command -v montage >/dev/null; then
		montage -tile 4x -geometry "1000x1000>+10+10" \
			"$kind"*-[0-9]*mm-*.png "$kind.png"
	fi
done
