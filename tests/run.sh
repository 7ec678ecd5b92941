#!/bin/sh
# run.sh -- run the tests, and say how many ran and how many were skipped
#
# usage: tests/run.sh [file.bats ...]
#
# The files run side by side, one for each processor.  What a test is skipped
# for is what a machine or a clone does not have: it is named at the end.
set -u

dir=${BUILD:-build}/tests.out
[ $# -gt 0 ] || set -- tests/*.bats
rm -rf "$dir"
mkdir -p "$dir"

# shellcheck disable=SC2016  # expanded by the inner shell
printf '%s\n' "$@" | xargs -P "$(nproc)" -I FILE sh -c '
	log=$1/$(basename "$2").tap
	bats --tap "$2" >"$log" 2>&1 || echo "not ok  $2"
	printf "%-40s %s\n" "$2" "$(grep -c "^ok " "$log")"
' _ "$dir" FILE

for log in "$dir"/*.tap; do
	grep -q '^not ok' "$log" && grep -v '^ok ' "$log"
	# A file that ended before its last test, or has none.
	awk -v file="$log" '/^1\.\.[0-9]/ { plan = substr($0, 4) }
		/^(not )?ok / { seen++ }
		END { if (!plan || seen != plan) {
			print "not ok " file ": " seen + 0 " of " plan + 0; } }' "$log"
done >"$dir/failures"
cat "$dir/failures"
sed -n 's/^ok [0-9]* \(.*\) # skip/skipped: \1:/p' "$dir"/*.tap
cat "$dir"/*.tap | awk -v broken="$(grep -c '^not ok .*\.tap:' "$dir/failures")" '
	/^ok .* # skip/ { skipped++; next }
	/^ok /          { passed++ }
	/^not ok /      { failed++ }
	END {
		failed += broken
		printf "%d passed, %d failed, %d skipped\n", passed, failed, skipped
		exit failed > 0 || passed == 0
	}'
