#!/bin/bash
# index.sh -- the page of a report: its pictures, its tables, what made them
#
# usage: index.sh MAKEFILE OUT TITLE COMMAND [FILE TITLE] ...
#
# Each FILE is in the folder OUT, or left out of it; OUT/.made has the command that
# made it.  The page is OUT/index.html.  Pictures are in it, so that it can be sent
# alone, but for those that are larger than a letter is to be; tables are, if they
# are short.  All texts are escaped.  What was left out, and why, is said on the
# standard error as well.  It fails if something failed.
set -u

here=$(dirname "$0")
makefile=$(basename "$1") out=$2 title=$3 command=$4
shift 4

# Bytes of a picture, rows and columns of a table, that are on the page.
LARGE=2000000 ROWS=30 COLUMNS=40

escape() { sed 's/&/\&amp;/g; s/</\&lt;/g; s/>/\&gt;/g; s/"/\&quot;/g'; }

# Of a file's name in a link.
address() {
	printf '%s' "$1" | od -An -v -tx1 | tr -d ' \n' | sed 's/../%&/g'
}

made_by() { # name: its command, as it was run
	[ -e "$out/.made/$1.command" ] || return 0
	printf '<pre><code>'
	sed 's/^\t/    /' "$out/.made/$1.command" | escape
	printf '</code></pre>\n'
	[ ! -s "$out/.made/$1.said" ] || {
		printf '<p class="note">'
		escape <"$out/.made/$1.said"
		printf '</p>\n'
	}
}

section() { # name, title, class
	printf '<section%s>\n<h2>%s</h2>\n' "${3:+ class="$3"}" \
		"$(printf '%s' "$2" | escape)"
}

link() { # name, text
	printf '<a href="%s">%s</a>' "$(address "$1")" "$(printf '%s' "$2" | escape)"
}

# Of an SVG, in pixels: what two of would not stand beside each other.
is_wide() { # name
	local width
	width=$(head -c 500 "$out/$1" | tr '\n' ' ' |
		sed -n 's/.*<svg[^>]* width="\([0-9]*\)[".].*/\1/p')
	[ "${width:-0}" -gt 850 ]
}

picture() { # name, title, type
	local src class=
	! is_wide "$1" || class=whole
	section "$1" "$2" $class
	if [ "$(stat -c %s "$out/$1")" -le $LARGE ]; then
		src="data:$3;base64,$(base64 -w 0 "$out/$1")"
	else
		src=$(address "$1")
	fi
	printf '<p class="picture"><img alt="%s" src="' \
		"$(printf '%s' "$2" | escape)"
	printf '%s"></p>\n<p class="file">' "$src"
	link "$1" "$1"
	printf '</p>\n'
	made_by "$1"
	printf '</section>\n'
}

table() { # name, title
	section "$1" "$2"
	short "$1" || printf '<p class="note">%d rows</p>\n' "$(awk -F '"' '
		{ quotes += NF ? NF - 1 : 0 }
		quotes % 2 == 0 { n++ }
		END { print n - 1 }' "$out/$1")"
	printf '<p class="file">'
	link "$1" "$1"
	printf '</p>\n'
	made_by "$1"
	printf '</section>\n'
}

short() { # name: write it, unless it is long
	awk -v rows=$ROWS -v columns=$COLUMNS -f "$here/csv.awk" -f - "$out/$1" <<-'END'
	function escaped(s) {
		gsub(/&/, "\\&amp;", s)
		gsub(/</, "\\&lt;", s)
		gsub(/>/, "\\&gt;", s)
		gsub(/"/, "\\&quot;", s)
		return s
	}
	# The number of digits that a reader can use.
	function rounded(s) {
		return s ~ /^-?[0-9]+[.][0-9]+(e[-+]?[0-9]+)?$/ && length(s) > 8 ? \
			sprintf("%.5g", s) : s
	}
	function cells(tag,	i, text, number) {
		text = "<tr>"
		for (i = 1; i <= fields; i++) {
			number = field[i] ~ /^[-+]?[0-9.]+([eE][-+]?[0-9]+)?$/
			text = text "<" tag (number ? " class=\"number\"" : "") \
				">" escaped(tag == "td" ? rounded(field[i]) : field[i]) \
				"</" tag ">"
		}
		return text "</tr>\n"
	}
	BEGIN {
		record()
		class = fields > 12 ? "wide table" : "table"
		text = "<thead>" cells("th") "</thead>\n"
		long = fields > columns
		while (!long && record()) {
			long = ++n > rows
			text = text cells("td")
		}
		if (long)
			exit 1
		printf "<div class=\"%s\"><table>\n%s</table></div>\n", class, text
	}
	END
}

other() { # name, title
	section "$1" "$2"
	printf '<p class="file">'
	link "$1" "$1"
	printf '</p>\n'
	made_by "$1"
	printf '</section>\n'
}

show() { # name, title
	case $1 in
	*.svg) picture "$1" "$2" image/svg+xml ;;
	*.png) picture "$1" "$2" image/png ;;
	*.csv) table "$1" "$2" ;;
	*) other "$1" "$2" ;;
	esac
}

each() { # picture|other, name, title, ...
	local i name kind
	for ((i = 2; i < $#; i += 2)); do
		name=${!i}
		kind=other
		[[ $name != *.@(svg|png) ]] || kind=picture
		[ $kind != "$1" ] || [ -e "$out/.made/left-out/$name" ] ||
			[ ! -e "$out/$name" ] || show "$name" "${@:i+1:1}"
	done
}

# What is left out, or has failed, as "names<tab>reason".  Tools that complain of
# the same have one line, of the first.
reasons() { # left-out or ".", suffix, names
	local kind=$1 suffix=$2 name
	shift 2
	for name; do
		[ ! -e "$out/.made/$kind/$name$suffix" ] || printf '%s\t%s\n' "$name" \
			"$(tr '\n\t' '  ' <"$out/.made/$kind/$name$suffix" | sed 's/ *$//')"
	done | awk -F '\t' '
		{ key = $2; sub(/^[a-z]+(-[a-z]+)*: /, "", key) }
		!(key in names) { order[++n] = key; reason[key] = $2 }
		{ names[key] = names[key] (names[key] == "" ? "" : ", ") $1 }
		END { for (i = 1; i <= n; i++)
			print names[order[i]] "\t" reason[order[i]] }'
}

list() { # heading, what reasons() gives
	[ -n "$2" ] || return 0
	printf '<section>\n<h2>%s</h2>\n<dl>\n' "$1"
	printf '%s\n' "$2" | escape | awk -F '\t' '{
		printf "<dt>%s</dt><dd>%s</dd>\n", $1, $2 }'
	printf '</dl>\n</section>\n'
}

page() {
	local heading
	heading=$(printf '%s' "$title" | escape)
	sed "/<!-- style -->/,\$d" "$here/page.html"
	printf '<title>%s</title>\n</head>\n<body>\n<h1>%s</h1>\n' "$heading" "$heading"
	printf '<pre><code>'
	printf '%s\n' "$command" | escape
	printf '</code></pre>\n'
	printf '<p class="note">All commands are as they ran, where this one did.</p>\n'
	list Failed "$failed"
	list 'Left out' "$left"
	printf '<div class="pictures">\n'
	each picture "$@"
	printf '</div>\n'
	each other "$@"
	printf '</body>\n</html>\n'
}

names=()
for ((i = 1; i < $#; i += 2)); do
	names+=("${!i}")
done
rm -rf "$out/.made/said."*
left=$(reasons left-out '' "${names[@]}")
failed=$(reasons . .error "${names[@]}")
temporary=$(mktemp "$out/index.html.XXXXXX") || exit
trap 'rm -f "$temporary"' EXIT
trap 'exit 1' HUP INT TERM
page "$@" >"$temporary" || exit
chmod "$(printf '%o' $((0666 & ~$(umask))))" "$temporary"
mv "$temporary" "$out/index.html" || exit
if [ -n "$left" ]; then
	printf '%s\n' "$left" | awk -F '\t' -v by="$makefile" \
		'{ print by ": left out: " $1 ": " $2 }' >&2
fi
[ -z "$failed" ]
