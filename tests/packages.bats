# What is installed beside the tools: completion, the manual for a browser, and
# what Debian's package says of itself.
#
# shellcheck disable=SC2030,SC2031,SC2317 # subshells have what is theirs alone
load common.bash

setup_file() {
	for shell in bash zsh; do
		# shellcheck disable=SC2086 # a list of tools
		"$BATS_TEST_DIRNAME/../completion/completion.sh" $shell $TOOLS \
			>"$BATS_FILE_TMPDIR/$shell" || return
	done
}

tabs() { # words of a line: what TAB offers for the last one
	(
		# shellcheck disable=SC1091
		. "$BATS_FILE_TMPDIR/bash"
		compopt() { echo "compopt $*"; } # is there only where readline asks
		export COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
		_bmutils "$1"
		printf '%s\n' "${COMPREPLY[@]}"
	)
}

@test "bash: every option of every tool, and what it takes" {
	for tool in $TOOLS; do
		"$tool" --help | sed -n 's/^  \(-.,\|   \) --\([a-z0-9-]*=\{0,1\}\).*/--\2/p' \
			>options
		[ -s options ]
		tabs "$tool" -- | diff options -
	done
}

@test "bash: words, files, folders, auto" {
	is "$(tabs conn-matrix --un)" $'compopt -o nospace\n--unit='
	is "$(tabs conn-matrix --ts)" --tsv
	is "$(tabs conn-matrix --unit = s)" synapses
	is "$(tabs conn-matrix --unit =)" $'rows\nsynapses\nconnections'
	is "$(tabs conn-matrix --unit '')" $'rows\nsynapses\nconnections'
	is "$(tabs /usr/bin/plot-matrix -T p)" $'png\npdf'
	is "$(tabs conn-matrix --separator = '')" $'\\;\nbar\n,\nspace\ntab'
	# more words than --help lists
	is "$(tabs connect-random --rule = fixed_i)" fixed_indegree
	is "$(tabs conn-matrix -j '')" auto
	is "$(tabs connect-random --shard = '')" auto
	mkdir d
	: >'a b.json'
	is "$(tabs conn-matrix '')" $'compopt -o filenames\na b.json\nd'
	is "$(tabs conn-matrix --types = a)" $'compopt -o filenames\na b.json'
	is "$(tabs cell-info --mechanisms = '')" $'compopt -o filenames\nd'
	is "$(tabs conn-matrix --group = '')" ''
}

@test "bash and zsh complete at their prompts" {
	python </dev/null
	typed() { # lines, of which the last is completed; what its program is given
		ends "$BATS_TEST_DIRNAME/tab.py" "$1" "got $2" "${@:3}"
	}
	# shellcheck disable=SC2016 # the shells expand these
	fake='conn-matrix() { echo got $*; }\n'
	typed ". $BATS_FILE_TMPDIR/bash\n$fake"'conn-matrix --un\tsy\t' \
		--unit=synapses bash --norc -i
	command -v zsh >/dev/null || skip "no zsh"
	mkdir functions
	cp "$BATS_FILE_TMPDIR/zsh" functions/_bmutils
	# shellcheck disable=SC2016
	typed 'fpath=(functions $fpath); autoload -U compinit; compinit -D -u\n'"$fake"\
'conn-matrix --un\tsy\t --sep\tba\t -j\t' \
		'--unit=synapses --separator=bar -jauto' zsh -f -i
}

@test "make html without mandoc names it, once" {
	mkdir bin
	ln -s "$(command -v sh)" bin
	PATH=$PWD/bin run -1 "$root/man/html.sh" html
	is "$output" "html.sh: no mandoc in PATH: apt-get install mandoc"
	[ ! -e html ]
}

@test "make html: every page, and every link leads somewhere" {
	make -C "$root" -s html HTML="$PWD/html" >out
	[ -s html/index.html ]
	for page in "$root"/man/*.[157]; do
		grep -q '<title>' "html/${page##*/}.html"
	done
	python html <<-'END'
	import glob, os, re, sys
	os.chdir(sys.argv[1])
	ids = {f: set(re.findall(' id="([^"]*)"', open(f).read()))
	       for f in glob.glob("*.html")}
	links = 0
	for f in ids:
	    for link in re.findall('(?:href|src)="([^"]*)"', open(f).read()):
	        if link.startswith("http"):
	            continue
	        name, _, part = link.partition("#")
	        assert os.path.exists(name or f), (f, link)
	        assert not part or part in ids[name or f], (f, link)
	        links += 1
	assert links > 1000, links
	gallery = open("gallery.html").read()
	pictures = os.listdir("gallery")
	assert all(f'src="gallery/{p}"' in gallery for p in pictures), pictures
	assert gallery.count("<pre>") >= len(pictures)
	END
}

@test "what is installed, what man -k bmutils finds, and taken away again" {
	make -C "$root" -s -o all install DESTDIR="$PWD/to" PREFIX=/usr B="$BUILD" >out
	(cd "$root/pipelines" && find . -name '*.mk' -o -name '*.csv' -o -name '*.hoc' \
		-o -name '*.mod' -o -path './cluster/*.sh' -o -path './report/*.*' \
		-o -name mechanisms.sh -o -name synapse-table.sh |
		sort) >shipped
	(cd to/usr/share/bmutils && find . -type f | sort) | diff shipped -
	[ -x to/usr/share/bmutils/mechanisms.sh ]
	for tool in $TOOLS; do
		[ -x "to/usr/bin/$tool" ]
		[ -s "to/usr/share/man/man1/$tool.1" ]
		cmp "to/usr/share/bash-completion/completions/$tool" \
			"$BATS_FILE_TMPDIR/bash"
	done
	cmp to/usr/share/zsh/site-functions/_bmutils "$BATS_FILE_TMPDIR/zsh"
	PATH=$PATH:/usr/sbin makewhatis to/usr/share/man
	mapropos -M to/usr/share/man bmutils | sed 's/^\([^(]*\)(\(.\)).*/\1.\2/' |
		sort >found
	(cd "$root/man" && printf '%s\n' *.[157]) | diff - found
	rm to/usr/share/man/mandoc.db
	make -C "$root" -s uninstall DESTDIR="$PWD/to" PREFIX=/usr
	is "$(find to ! -type d)" ''
}

@test "debian/ says what the Makefile says" {
	cd "$root"
	version=$(sed -n 's/^VERSION = //p' Makefile)
	is "$(sed -n '1s/.*(\(.*\)).*/\1/p' debian/changelog)" "$version"
	is "$(sed -n 's/^version: "\(.*\)"/\1/p' CITATION.cff)" "$version"
	# To build takes neither what Debian always has nor what tools run.
	make -s -f - <<-'END' | tr ' ' '\n' | grep -vxE 'gcc|make|gnuplot-nox|graphviz' |
	include Makefile
	.DEFAULT_GOAL := names
	names: ; @echo $(BUILD_DEPS)
	END
		while read -r package; do
			grep -qE "[ ,]$package(,|\$)" debian/control || fail "$package"
		done
}
