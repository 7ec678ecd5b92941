#!/bin/sh
# mechanisms.sh -- compile mod files for NEURON in Python, and so for BMTK
#
# usage: pipelines/mechanisms.sh directory cells.hoc template
#
# What directory/modfiles has becomes the library that neuron.load_mechanisms()
# looks for in directory.  NEURON's nrnivmodl does that.  Where it does not, as
# that of Debian's NEURON 8.2.2, which looks for its makefile where it is not,
# the library is the one that cell-info makes for a cell of cells.hoc, linked with
# NEURON's own, which Python does not show to others.
set -eu

[ $# -eq 3 ] || { sed -n 's/^# usage/usage/p' "$0" >&2; exit 2; }
directory=$1
hoc=$(realpath "$2")
template=$3

cd "$directory"
if nrnivmodl modfiles >compiled.log 2>&1; then
	rm compiled.log
	exit
fi
libs=$(uname -m)/.libs
cache=$(mktemp -d)
trap 'rm -rf "$cache"' EXIT
rm -rf "$(uname -m)" compiled.log
mkdir -p "$libs"
XDG_CACHE_HOME=$cache cell-info --hoc "$hoc" --template "$template" \
	--mechanisms modfiles >/dev/null
cp "$cache"/bmutils/mechanisms/*/mechanisms.so "$libs"
neuron=$(ldd "$(command -v nrniv)" | sed -n 's/.* => \(.*\)\/libnrniv\..*/\1/p')
cd "$libs"
# shellcheck disable=SC2016 # the linker's
echo 'int modl_no_code;' | cc -shared -x c - -o libnrnmech.so \
	-Wl,--no-as-needed -L. -l:mechanisms.so -L"$neuron" -lnrniv \
	-Wl,-rpath,'$ORIGIN' -Wl,-rpath,"$neuron"
