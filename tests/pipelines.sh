# pipelines.sh -- what the tests of pipelines share, besides common.bash

# shellcheck disable=SC2034 # used by who loads it
here=$BATS_TEST_DIRNAME/../pipelines

# Of the make that runs the tests.
unset MAKEFLAGS MAKELEVEL

tricky() { cp -r "$BATS_TEST_DIRNAME/data/tricky/." .; }

column() { # of a table, by its name
	awk -F, -v name="$1" 'NR == 1 { for (i = 1; i <= NF; i++)
			if ($i == name) k = i }
		NR > 1 { print $k }' "$2"
}

near() { # a number, what it has to be, and how far from it
	awk -v x="$1" -v y="$2" -v d="$3" 'BEGIN {
		if (x - y > d || y - x > d) {
			print x, "is not", y; exit 1 } }'
}
