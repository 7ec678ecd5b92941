#!/bin/sh
# deps.sh -- install the Debian packages that are missing
#
# usage: pipelines/deps.sh package ...
#
# As root by apt-get, else by sudo.  On other systems it says what is needed and
# stops, unless everything the build asks for can be found.
set -eu

if ! command -v dpkg-query >/dev/null; then
	if pkg-config --exists hdf5 libcjson gsl fftw3 libdeflate igraph libpcre2-8 gmp 2>/dev/null; then
		exit 0
	fi
	echo "deps: not a Debian system: install what it calls" "$@" \
		"(README.md, Install, has other names)" >&2
	exit 1
fi

missing=
for package; do
	state=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) ||
		state=
	[ "$state" = installed ] || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

if [ "$(id -u)" -eq 0 ]; then
	root=
elif command -v sudo >/dev/null; then
	root=sudo
else
	echo "deps: run as root, or see make unpack: apt-get install$missing" >&2
	exit 1
fi
echo "deps: installing$missing" >&2
export DEBIAN_FRONTEND=noninteractive
$root apt-get update -q >&2
# shellcheck disable=SC2086  # a list of packages
$root apt-get install -qy --no-install-recommends $missing >&2
