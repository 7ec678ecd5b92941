#!/bin/sh
# unpack.sh -- Debian packages for who may not install any
#
# usage: pipelines/unpack.sh folder package ...
#
# The packages, and what they need, as far as the system lacks it, are downloaded
# by apt-get and unpacked into the folder; folder/env, which a shell reads, has what
# finds them there.  What packages do when they are installed is done by hand, of
# what this build needs.
set -eu

[ $# -gt 1 ] || { echo "usage: unpack.sh folder package ..." >&2; exit 2; }
mkdir -p "$1/debs"
root=$(cd "$1" && pwd)
shift

needed=$(apt-get install -s --no-install-recommends "$@" |
	sed -n 's/^Inst \([^ ]*\).*/\1/p')
cd "$root/debs"
# shellcheck disable=SC2086 # a list of packages
[ -z "$needed" ] || apt-get download -qq $needed >&2
for deb in *.deb; do
	[ ! -e "$deb" ] || dpkg -x "$deb" "$root"
done

cd "$root/usr"
lib=$(cd lib/*-linux-gnu* && pwd)
[ ! -e "$lib/pkgconfig/hdf5-serial.pc" ] ||
	ln -sf hdf5-serial.pc "$lib/pkgconfig/hdf5.pc"
[ ! -e bin/gnuplot-nox ] || ln -sf gnuplot-nox bin/gnuplot
cat >"$root/env" <<END
export PATH="$root/usr/bin:\$PATH"
export LD_LIBRARY_PATH="$lib:$lib/blas:$lib/lapack:$root/lib/${lib##*/}"
export LIBRARY_PATH="$lib" CPATH="$root/usr/include:$root/usr/include/${lib##*/}"
export PKG_CONFIG_PATH="$lib/pkgconfig:$root/usr/share/pkgconfig"
export PKG_CONFIG_SYSROOT_DIR="$root"
export JAVASCRIPT="$root/usr/share/javascript"
END
# shellcheck source=/dev/null
[ ! -e bin/dot ] || (. "$root/env"; dot -c)
echo ". $root/env"
