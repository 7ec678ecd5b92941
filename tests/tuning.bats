# What bmutils-tuning(7) has a modeller do: every step is run, in a copy of
# tests/data, and does what the page says.
load common.bash
load cells.sh
load manual.sh

page=$BATS_TEST_DIRNAME/../man/bmutils-tuning.7

setup_file() {
	cp -r "$BATS_TEST_DIRNAME/data" "$BATS_FILE_TMPDIR/data"
	cd "$BATS_FILE_TMPDIR/data" || return
	unset DISPLAY
	displays "$page" | replay >../printed
}

setup() { cd "$BATS_FILE_TMPDIR/data" || return; }

@test "every step runs, and prints what the page says" {
	diff <(displays "$page") ../printed
}

@test "the pictures of the way show something" {
	local file
	for file in clamp gates conductances score tuned; do
		grep -q '</svg>' "$file.svg"
		run ! grep -q 'no data' "$file.svg"
	done
}

# What the page promises at its end, by the tables.
@test "the tuned cell is within its targets, and in the network the same" {
	awk -F, 'NR > 1 { n++; if ($9 > 1 || $9 < -1) exit 1 }
		END { exit n != 3 }' result.csv
	# shellcheck disable=SC2046 # the options of a cell
	diff <(fi-sweep $(cat seg.opt) --params tuned.csv --amps 100:300:100 \
		--settle 300 | cut -d, -f-3) \
		<(fi-sweep --config network/simulation_config.json \
			--node-type 100 --amps 100:300:100 --settle 300 |
			cut -d, -f-3)
}

by_hand() { # what the page has for who has a screen, without its output
	sed -n '/^\.Bd -unfilled/,/^\.Ed/{/^\./!p}' "$page" |
		sed 's/\\e$/\\/; s/ > .*//'
}

@test "the windows of the page open, and show the cell" {
	local tune
	for tune in Xvfb import xdotool; do
		command -v $tune >/dev/null || skip "no $tune"
	done
	eval "$root/pipelines/windows.sh windows.png 1024x768 $(by_hand)" 3>&-
	[ "$(convert windows.png -format %k info:)" -gt 5 ] # colours
}
