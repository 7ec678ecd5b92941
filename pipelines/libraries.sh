#!/bin/sh
# libraries.sh -- is what the build takes there?  Else name it, and how to get it
#
# usage: pipelines/libraries.sh compiler javascript module|header.h ...
#
# A module is as pkg-config calls it; a header is one that the compiler, which may
# be a command with options, is to find.
set -u

compiler=$1
javascript=$2
shift 2

missing=
for name in ${compiler%% *} pkg-config; do
	command -v "$name" >/dev/null || missing="$missing $name"
done
for name; do
	case $name in
	*.h) echo "#include <$name>" | $compiler -fsyntax-only -x c - ;;
	*) pkg-config --exists "$name" ;;
	esac >/dev/null 2>&1 || missing="$missing $name"
done
[ -e "$javascript/three/three.min.js" ] ||
	missing="$missing $javascript/three/three.min.js"
[ -n "$missing" ] || exit 0
echo "missing:$missing: make deps installs them on Debian and Ubuntu;" \
	"README.md, Install, has their names elsewhere" >&2
exit 1
