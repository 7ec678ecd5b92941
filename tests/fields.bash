# fields.bash -- the reference's signals, and columns of tables compared
#
# shellcheck shell=bash

fields() { # a file of the reference's fields, as text
	case $1 in
	*.gz) gzip -dc "$reference/golden/fields/$1" ;;
	*) cat "$reference/golden/fields/$1" ;;
	esac
}

# Is a column as another one, in as many rows?  How far it may be off is a part of
# the largest, or with "angle" the distance on the circle in rad.
near() { # file, column, file wanted, column, how far, angle
	awk -F, -v a="$2" -v b="$4" -v most="$5" -v kind="${6-}" '
		FNR == 1 {
			for (k = 1; k <= NF; k++)
				if ($k == (NR == 1 ? a : b)) c[++files] = k
			next
		}
		NR == FNR { x[FNR] = $c[1]; n = FNR; next }
		{
			d = x[FNR] - $c[2]
			if (kind == "angle") d = atan2(sin(d), cos(d))
			d = d < 0 ? -d : d; v = $c[2] < 0 ? -$c[2] : $c[2]
			off = d > off ? d : off; top = v > top ? v : top
		}
		END {
			if (kind == "angle") top = 1
			printf "%s is off by %g of %g, %d rows, wanted %d\n",
				a, off, top, n, FNR
			exit !(files == 2 && n == FNR && n > 2 && off <= most * top)
		}' "$1" "$3" >&2
}
