#!/bin/sh
# completion.sh -- what TAB completes, for bash and for zsh
#
# usage: completion/completion.sh bash|zsh TOOL ...
#
# --help is printed from the tools' tables of options, and this is made of it when
# the tools are built.  The tools have to be in PATH.
set -eu

shell=$1
shift

# A line for each option: tool, letter or "-", long name, argument or "-", its
# words "a|b|c" or "-", and what --help says.
options() {
	for tool; do
		"$tool" --help | awk -v tool="$tool" '
			function say(    i, n, part, words) {
				if (!name) return
				n = split(help, part, " ")
				words = "-"
				for (i = 1; i <= n; i++)
					if (part[i] ~ /^[^|(]+(\|[^|)]+)+$/) words = part[i]
				sub(/^;/, "\\;", words) # which ends a command
				print tool, letter, name, arg, words, help
				name = ""
			}
			/^  (-.,|   ) --/ {
				say()
				letter = substr($0, 3, 1) == "-" ? substr($0, 4, 1) : "-"
				name = $0
				sub(/^  (-.,|   ) --/, "", name)
				help = name
				sub(/ .*/, "", name)
				sub(/^[^ ]* */, "", help)
				arg = "-"
				if (name ~ /=/) {
					arg = name
					sub(/^[^=]*=/, "", arg)
					sub(/=.*/, "", name)
				}
				next
			}
			name { sub(/^ */, " "); help = help $0 }
			END { say() }'
	done | while read -r tool letter name arg words help; do
		# Where they are too many for --help, the refusal of a word has them.
		case $arg$words$help in
		name-*\(*[a-z]\))
			words=$("$tool" "--$name=?" 2>&1 </dev/null |
				sed -n "s/.*: must be \([a-z|_]*|[a-z|_]*\): .*/\1/p")
			;;
		esac
		echo "$tool" "$letter" "$name" "$arg" "${words:--}" "$help"
	done
}

for_bash() {
	cat <<-'END'
	# bash completion of bmutils: options, their words, files and folders.

	_bmutils_options() { # tool: letter, name, argument, words of each option
		case $1 in
	END
	options "$@" | awk '
		$1 != tool {
			if (tool) print "\t\tEND\n\t\t;;"
			tool = $1
			print "\t" tool ")\n\t\tcat <<-\"END\""
		}
		{ print "\t\t" $2, $3, $4, $5 }
		END { print "\t\tEND\n\t\t;;" }'
	cat <<-'END'
		esac
	}

	_bmutils() {
		local tool=${1##*/} cur=${COMP_WORDS[COMP_CWORD]} asked='' word
		local letter name argument words
		local -a names=()
		# bash splits --name=value at the "=".
		if [ "$cur" = = ]; then
			asked=${COMP_WORDS[COMP_CWORD - 1]} cur=''
		elif [ "${COMP_WORDS[COMP_CWORD - 1]}" = = ]; then
			asked=${COMP_WORDS[COMP_CWORD - 2]}
		elif [ "$COMP_CWORD" -gt 1 ]; then
			asked=${COMP_WORDS[COMP_CWORD - 1]}
		fi
		COMPREPLY=()
		while read -r letter name argument words; do
			if [ "$argument" = - ]; then
				names+=("--$name")
				continue
			fi
			names+=("--$name=")
			[ "$asked" = "--$name" ] || [ "$asked" = "-$letter" ] || continue
			case $argument in
			file) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$cur") ;;
			folder) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- "$cur") ;;
			*)
				case $words:$name in
				-:jobs|-:shard) words=auto ;;
				-:*) words= ;;
				esac
				for word in ${words//|/ }; do
					[[ $word != "$cur"* ]] || COMPREPLY+=("$word")
				done
				;;
			esac
			return
		done < <(_bmutils_options "$tool")
		case $cur in
		-*)
			for word in "${names[@]}"; do
				[[ $word != "$cur"* ]] || COMPREPLY+=("$word")
			done
			[[ ${#COMPREPLY[@]} -ne 1 || ${COMPREPLY[0]} != *= ]] || compopt -o nospace
			;;
		*) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$cur") ;;
		esac
	}

	END
	echo "complete -F _bmutils $*"
}

for_zsh() {
	echo "#compdef $*"
	cat <<-'END'
	# zsh completion of bmutils: options, their words, files and folders.

	case $service in
	END
	options "$@" | awk -v q="'" '
		function action() {
			if ($4 == "file") return "_files"
			if ($4 == "folder") return "_files -/"
			if ($5 != "-") { gsub(/\|/, " ", $5); return "(" $5 ")" }
			return $3 == "jobs" || $3 == "shard" ? "(auto)" : " "
		}
		{
			help = $0
			for (i = 1; i <= 5; i++) sub(/^[^ ]+ /, "", help)
			gsub(/[][\\:]/, "\\\\&", help)
			gsub(q, q "\\" q q, help)
			arg = $4
			gsub(/:/, "\\:", arg)
			takes = arg == "-" ? "" : ":" arg ":" action()
			repeatable = help ~ /repeatable/ ? "*" : ""
			eq = arg == "-" ? "" : "="
			plus = arg == "-" ? "" : "+"
		}
		$1 != tool {
			if (tool) print "\t\t\"*:file:_files\" ;;"
			tool = $1
			print tool ")\n\t_arguments -s -S \\"
		}
		{
			if ($2 == "-")
				print "\t\t" q repeatable "--" $3 eq "[" help "]" takes q " \\"
			else if (repeatable)
				print "\t\t" q "*" q "{-" $2 plus ",--" $3 eq "}" q "[" help "]" takes q " \\"
			else
				print "\t\t" q "(-" $2 " --" $3 ")" q "{-" $2 plus ",--" $3 eq "}" q "[" help "]" takes q " \\"
		}
		END { print "\t\t\"*:file:_files\" ;;" }'
	printf 'esac\n'
}

case $shell in
bash) for_bash "$@" ;;
zsh) for_zsh "$@" ;;
*) echo "completion.sh: bash or zsh: '$shell'" >&2; exit 2 ;;
esac
