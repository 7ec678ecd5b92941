# What reference.bats and oracle.bats have in common: when two numbers agree.

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
