#!/bin/sh
# page.sh -- a picture of a page, as a browser without a screen shows it
#
# usage: pipelines/page.sh picture.png 1200x700 page.html
#
# 64 colours make it a quarter as large.
set -eu

[ $# -eq 3 ] || { echo "usage: page.sh picture size page" >&2; exit 2; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

# Without a graphics processor WebGL is SwiftShader's; the time is the page's own,
# and what it draws then is waited for.
HOME=$work chromium --headless --no-sandbox --no-first-run --disable-sync \
	--disable-background-networking --disable-dev-shm-usage \
	--disable-gpu-compositing --use-gl=angle --use-angle=swiftshader \
	--enable-unsafe-swiftshader --hide-scrollbars --virtual-time-budget=10000 \
	--run-all-compositor-stages-before-draw \
	--window-size="$(echo "$2" | tr x ,)" --screenshot="$work/page.png" \
	"file://$(realpath "$3")" >"$work/log" 2>&1 || { cat "$work/log" >&2; exit 1; }
convert "$work/page.png" -strip +dither -colors 64 \
	-define png:exclude-chunks=date,time -define png:compression-level=9 "$1"
