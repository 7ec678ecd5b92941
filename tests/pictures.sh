# shellcheck shell=bash
# What a picture says is read back: from the SVG itself, and, as the fonts have
# it, from the PDF with pdftotext.

table() { printf '%s\n' "$@" >t; } # a header and rows

script() { "$tool" "$@" --script t; }

# Each text of an SVG: x, y, which end of it that is, size, whether it reads
# upwards, colour, the text.
texts() {
	awk '/<g transform="translate\(/ {
		x = $0; sub(/.*translate\(/, "", x)
		y = x; sub(/^[^,]*,/, "", y); sub(/\).*/, "", y)
		sub(/,.*/, "", x)
		size = $0; sub(/.*font-size="/, "", size); sub(/".*/, "", size)
		side = $0; sub(/.*anchor="/, "", side); sub(/".*/, "", side)
		ink = $0; sub(/.*fill="/, "", ink); sub(/".*/, "", ink)
		up = /rotate\(-90/ ? "up" : "level"
	}
	/<text/ {
		s = $0; sub(/^[^>]*>/, "", s); sub(/<\/text>.*/, "", s)
		print x, y, side, size, up, ink, s
	}' "$1"
}

words() { texts "$1" | cut -d' ' -f7- | unescape; }

# A space of no width keeps "]]>" apart, which XML forbids.
unescape() {
	sed $'s/&lt;/</g; s/&gt;/>/g; s/&amp;/\\&/g; s/]]\xe2\x80\x8b>/]]>/g'
}

# Boxes, x0 y0 x1 y1 a line, that have a common point, or leave the picture.
clashes() { # width and height of the picture
	awk -v w="$1" -v h="$2" '
	$1 < 0 || $2 < 0 || $3 > w || $4 > h { print "outside:", $0 }
	{
		for (i = 1; i < NR; i++)
			if ($1 < x1[i] && x0[i] < $3 && $2 < y1[i] && y0[i] < $4)
				print "overlap:", $0, "and", s[i]
		x0[NR] = $1; y0[NR] = $2; x1[NR] = $3; y1[NR] = $4; s[NR] = $0
	}'
}

boxes() { # of the texts of an SVG, in a font of middling width
	texts "$1" | awk '{
		s = $0; for (i = 0; i < 6; i++) sub(/^[^ ]* /, "", s)
		if (s == "") next
		w = 0.5 * $4 * length(s); h = 0.9 * $4
		from = $3 == "middle" ? -w / 2 : $3 == "end" ? -w : 0
		if ($5 == "up")
			print $1 - 0.8 * h, $2 - from - w, $1 + 0.2 * h, $2 - from, s
		else
			print $1 + from, $2 - 0.8 * h, $1 + from + w, $2 + 0.2 * h, s
	}'
}

pdf_boxes() { # of the words of a PDF, as drawn
	pdftotext -bbox "$1" - | sed -n 's/.*xMin="\(.*\)" yMin="\(.*\)" xMax="\(.*\)" yMax="\(.*\)">\(.*\)<.*/\1 \2 \3 \4 \5/p'
}

size() { sed -n 's/^ viewBox="0 0 \([0-9]*\) \([0-9]*\)"$/\1 \2/p' "$1"; }

no_clash() { # a tool and its options, of a picture of the table "t"
	local page
	"$@" t >t.svg
	"$@" -T pdf t >t.pdf
	boxes t.svg >drawn
	pdf_boxes t.pdf >words
	[ -s drawn ] && [ -s words ] || return
	# shellcheck disable=SC2046 # two words
	clashes $(size t.svg) <drawn >found
	page=$(pdfinfo t.pdf | awk '/^Page size/ { print $3, $5 }')
	# shellcheck disable=SC2086 # two words
	clashes $page <words >>found
	cat found >&2
	[ ! -s found ]
}

block() { # the data of that name in a script
	sed -n "/^\\\$$1 << EOD/,/^EOD/p" "$2" | sed '1d;$d'
}

same_script() { # a tool and its options: its script draws its picture
	local terminal
	for terminal in svg png canvas; do
		"$@" -T "$terminal" t >want
		"$@" -T "$terminal" --script t | gnuplot 2>/dev/null |
			cmp - want || return
	done
}

# Labels that something might take for more than text.
# shellcheck disable=SC1003,SC2016,SC2034 # a backslash; backquotes; used there
odd=('`touch x`' '"; system("touch x"); "' '@x' '{/=50 y}' 'a_b^c' '100% %d'
	'<script>&amp;</script>' 'back\slash\n\140' "it's ''" '$x #y' 'EOD'
	'%s' '\U+00e4' 'Größe µ' '  lead' '</text>' ']]>'
	'#1 $2 "3 @4 \5 `6`')

csv() { # a field, quoted
	local s=${1//\"/\"\"}
	printf '"%s"' "$s"
}
