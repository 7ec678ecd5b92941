# What reference.bats and oracle.bats have in common: where the reference data
# are, and when two numbers agree.  Both source it.

# The reference data are not in the repository, but for data/tricky.
reference=${BM_REFERENCE:-$BATS_TEST_DIRNAME/../../shared}

need() { # a file or folder of the reference data, else the test is skipped
	[ -e "$reference/$1" ] || skip "no $1 in $reference"
}

fail() {
	printf '%s\n' "$*" >&2
	return 1
}

# For awk: are a and b the same text, or numbers that differ by no more than
# relative of the greater, or by absolute?
# shellcheck disable=SC2016,SC2034 # awk's variables, and used by who sources it
agree='
function magnitude(x) { return x < 0 ? -x : x }
function is_number(s) {
	return s ~ /^[-+]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][-+]?[0-9]+)?$/
}
function agree(a, b, relative, absolute,    d, m) {
	if (a "" == b "")
		return 1
	if (!is_number(a) || !is_number(b))
		return 0
	d = magnitude(a - b)
	m = magnitude(a) > magnitude(b) ? magnitude(a) : magnitude(b)
	return d <= relative * m || d <= absolute
}
'
