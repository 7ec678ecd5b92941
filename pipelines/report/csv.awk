# csv.awk -- records of a CSV table for awk: awk -f csv.awk -f program table
#
# record() reads the next one into field[1] to field[fields], and is 0 at the end.

function record(	line, more, n, i, c, text, quoted) {
	if ((getline line) <= 0)
		return 0
	# Quotes that are odd in number go on in the next line.
	while (gsub(/"/, "\"", line) % 2 && (getline more) > 0)
		line = line "\n" more
	sub(/\r$/, "", line)
	fields = 0
	if (line !~ /"/) {
		fields = split(line, field, ",")
		return 1
	}
	n = length(line)
	for (i = 1; i <= n; i++) {
		c = substr(line, i, 1)
		if (c == "\"") {
			if (quoted && substr(line, i + 1, 1) == "\"") {
				text = text c
				i++
			} else
				quoted = !quoted
		} else if (c == "," && !quoted) {
			field[++fields] = text
			text = ""
		} else
			text = text c
	}
	field[++fields] = text
	return 1
}

function column(name,	i) {
	for (i = 1; i <= fields; i++)
		if (field[i] == name)
			return i
	return 0
}
