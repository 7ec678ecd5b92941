#!/bin/sh
# html.sh -- the manual and the gallery as pages for a browser
#
# usage: man/html.sh FOLDER
#
# mandoc makes each page; links between them, and to a heading or an option
# (conn-matrix.1.html#wide), are its own.  The gallery is the README's.
set -eu

command -v mandoc >/dev/null || {
	echo "html.sh: no mandoc in PATH: apt-get install mandoc" >&2
	exit 1
}
from=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1/gallery"
to=$(cd "$1" && pwd)
cp "$from/style.css" "$to/"
cp "$from"/gallery/*.svg "$from"/gallery/*.png "$to/gallery/"

# The body of a page comes from the standard input.
page() { # title
	cat <<-END
	<!DOCTYPE html>
	<html lang="en">
	<head>
	<meta charset="utf-8"/>
	<meta name="viewport" content="width=device-width, initial-scale=1"/>
	<link rel="stylesheet" href="style.css"/>
	<title>$1</title>
	</head>
	<body>
	<nav>$links</nav>
	<main>
	END
	cat
	printf '</main>\n</body>\n</html>\n'
}

# Pages of section 7 and 5 come first, then the gallery.
links='<a href="index.html">bmutils</a>'
for source in "$from"/bmutils-*.[57]; do
	name=${source##*/}
	short=${name#bmutils-}
	links="$links <a href=\"$name.html\">${short%.*}</a>"
done
links="$links <a href=\"gallery.html\">gallery</a>"

# mandoc links to the second name where the first is no file: a page of others.
cd "$to"
for source in "$from"/*.[157]; do
	: >"${source##*/}.html"
done
for source in "$from"/*.[157]; do
	name=${source##*/}
	mandoc -T html -O 'fragment,man=%N.%S.html;others:' "$source" |
		sed 's|<a class="Xr" href="others:">\([^<]*\)</a>|\1|g' |
		page "${name%.*}" >"$name.html"
done
cp "$to/bmutils.7.html" "$to/index.html"

# Of Markdown the gallery has paragraphs, code, pictures, and names as code.
sed -n '/^## Gallery/,/^## /p' "$from/../README.md" | sed '1d; $d' | awk '
	function flush() {
		if (kind) print kind == "pre" ? "</pre>" : "</p>"
		kind = ""
	}
	function begin(what) {
		if (kind == what) return
		flush()
		print "<" what ">"
		kind = what
	}
	BEGIN { print "<h1>Gallery</h1>" }
	{ gsub(/&/, "\\&amp;"); gsub(/</, "\\&lt;"); gsub(/>/, "\\&gt;") }
	/^!\[/ {
		flush()
		alt = src = $0
		sub(/^!\[/, "", alt); sub(/\]\(.*/, "", alt)
		sub(/.*\]\(man\//, "", src); sub(/\)$/, "", src)
		print "<p><img src=\"" src "\" alt=\"" alt "\"/></p>"
		next
	}
	/^    / { begin("pre"); print substr($0, 5); next }
	/^$/    { flush(); next }
	{
		begin("p")
		while (match($0, /`[^`]*`/))
			$0 = substr($0, 1, RSTART - 1) "<code>" \
				substr($0, RSTART + 1, RLENGTH - 2) "</code>" \
				substr($0, RSTART + RLENGTH)
		print
	}
	END { flush() }' | page 'bmutils: gallery' >"$to/gallery.html"
echo "$to/index.html"
