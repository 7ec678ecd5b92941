#!/bin/bash
# Measure the page of graph-html in Chromium: 2000 cells and 84 000 connections.
#
# B is the build directory, ROUNDS how often (3), PYTHON one with its own
# modules.  Times are told, never failed on.  The browser draws in software here,
# with all processors, so that what others do on the machine is in the times; of
# several rounds the best counts.
set -u -o pipefail
export LC_ALL=C

B=${B:-build} ROUNDS=${ROUNDS:-3} PYTHON=${PYTHON:-python3}
B=$(cd "$B" && pwd) || exit
here=$(cd "$(dirname "$0")" && pwd) || exit
export PATH=$B/bin:$PATH

work=$(mktemp -d "${TMPDIR:-/tmp}/bmutils-bench.XXXXXX") || exit
export BROWSER=$work/browser
trap 'browse stop 2>/dev/null; rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

# shellcheck source=tests/bench/measure.sh
. "$here/measure.sh"

browse() { "$PYTHON" -IS "$here/../browse.py" "$@"; }

page() {
	{
		echo group,shape,x0,y0,z0,x1,y1,z1
		printf '%s,cylinder-y,0,0,0,600,900,600\n' PNa PNc PV SOM
	} | place-cells --seed 1 --total 2000 --shares 800:800:240:160 \
		>"$work/cells.csv"
	connect-random --seed 1 --p 0.021 "$work/cells.csv" |
		graph-html -n "$work/cells.csv" >"$work/page.html"
}

# Frames a second while it turns; milliseconds until all is drawn after it.
frames='new Promise(done => {
	const drawn = view.renderer.info.render;
	view.turn(true);
	setTimeout(() => {
		const first = drawn.frame, begin = performance.now();
		setTimeout(() => {
			done((drawn.frame - first) / (performance.now() - begin) * 1000);
		}, 1000);
	}, 200);
})'
rest='new Promise(done => {
	view.turn(false);
	performance.clearMarks("whole");
	const begin = performance.now(), wait = () => {
		const mark = performance.getEntriesByName("whole")[0];
		mark ? done(mark.startTime - begin) : setTimeout(wait, 10);
	};
	wait();
})'

look() {
	browse open "$work/page.html"
	browse js 'performance.getEntriesByName("whole")[0].startTime' \
		>>"$work/load"
	browse js "$frames" >>"$work/frames"
	browse js "$rest" >>"$work/rest"
}

row() { # title, the best, unit, the gate (- for at most)
	local best
	best=$(awk "BEGIN { printf \"%.1f\", $2 }")
	line "$1" '' '' "$best $3" "$(gate_text "$4")" "$(verdict "$best" "$4")"
}

page || exit
mkdir "$BROWSER"
browse serve "$BROWSER" >"$BROWSER/log" 2>&1 &
until [ -e "$BROWSER/session" ]; do
	kill -0 $! || { cat "$BROWSER/log" >&2; exit 1; }
	sleep 0.1
done
for ((round = 0; round < ROUNDS; round++)); do
	look || exit
done
row 'page: drawn after' "$(sort -g "$work/load" | head -n 1)" ms -3000
row 'page: while it turns' "$(sort -gr "$work/frames" | head -n 1)" frames/s \
	20
row 'page: whole after rest' "$(sort -g "$work/rest" | head -n 1)" ms -1000
