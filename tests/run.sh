#!/bin/sh
# run.sh -- run the tests; say how many ran, which were skipped, which took long
#
# usage: [AWK=gawk] [TAGS='!long'] tests/run.sh [file.bats ...]
#
# The files run side by side, one for each processor and two more, as there are
# always some that wait, for a window, a browser or a scheduler; those first that
# take longest, so that none of them is left for the end.  Each is told with how many
# of its tests passed, and what they took of the processors, in tools and in the
# kernel.  What a test is skipped for is what a machine or a clone does not have: it
# is named at the end.  With AWK that is the tests' awk.
set -u

dir=${BUILD:-build}/tests.out
[ $# -gt 0 ] || set -- tests/*.bats
rm -rf "$dir"
mkdir -p "$dir"
if [ "${AWK:-}" ]; then
	mkdir "$dir/bin"
	ln -s "$(command -v "$AWK")" "$dir/bin/awk"
	PATH=$(cd "$dir/bin" && pwd):$PATH
fi

# The files that take longest, from the longest on; then those with most tests.
longest='pipeline-cluster pipeline-demo cell-tune cell-fit cell-segregate cases-pack'
longest="$longest tuning conventions oracle cases-cells cell-import graph-html"
longest="$longest connect-reciprocal sonata-pack sonata-check sonata-info plot-lines"

in_order() {
	for file; do
		name=${file##*/}
		before=${longest%%"${name%.bats}"*}
		[ "$before" = "$longest" ] || before="0 ${#before}"
		[ "$before" != "$longest" ] || before="1 -$(grep -c '^@test' "$file")"
		echo "$before $file"
	done | sort -k1,1n -k2,2n | cut -d' ' -f3
}

# shellcheck disable=SC2016  # expanded by the inner shell
in_order "$@" | xargs -P $(($(nproc) + 2)) -I FILE sh -c '
	log=$1/$(basename "$2").tap
	/usr/bin/time -qf "%U + %S s" -o "$log.cpu" \
		bats --tap --timing ${TAGS:+--filter-tags "$TAGS"} "$2" >"$log" 2>&1 ||
		echo "not ok  $2"
	printf "%-36s %4d in %s\n" "$2" "$(grep -c "^ok " "$log")" "$(cat "$log.cpu")"
' _ "$dir" FILE

# A line of a test: with its time, and without.
took='s/^\(ok\|not ok\) [0-9]* \(.*\) in \([0-9]*\)ms\( # skip.*\)\{0,1\}$'

for log in "$dir"/*.tap; do
	grep -q '^not ok' "$log" && grep -v '^ok ' "$log"
	# A file that ended before its last test, or has none.
	awk -v file="$log" '/^1\.\.[0-9]/ { plan = substr($0, 4) }
		/^(not )?ok / { seen++ }
		END { if (plan == "" || seen + 0 != plan + 0) {
			print "not ok " file ": " seen + 0 " of " plan + 0; } }' "$log"
done >"$dir/failures"
cat "$dir/failures"
sed -n 's/^ok [0-9]* \(.*\) in [0-9]*ms # skip/skipped: \1:/p' "$dir"/*.tap
for log in "$dir"/*.tap; do
	sed -n "$took/\3 $(basename "$log" .bats.tap): \2/p" "$log"
done | sort -rn >"$dir/times"
awk 'NR <= 10 { ms = $1; sub(/^[0-9]* /, ""); printf "%7.1f s  %s\n", ms / 1000, $0 }' \
	"$dir/times"
cat "$dir"/*.tap | awk -v broken="$(grep -c '^not ok .*\.tap:' "$dir/failures")" '
	/^ok .* # skip/ { skipped++; next }
	/^ok /          { passed++ }
	/^not ok /      { failed++ }
	END {
		failed += broken
		printf "%d passed, %d failed, %d skipped\n", passed, failed, skipped
		exit failed > 0 || passed == 0
	}'
