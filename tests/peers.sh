#!/bin/bash
# peers.sh -- have the programs that our networks are for open them
#
# usage: tests/peers.sh DIR [la]
#
# DIR has the sources of BMTK, BMTool, libsonata, HighFive and SNAP, as folders
# bmtk, bmtool, libsonata, HighFive and snap; libsonata is built in DIR/build, if
# it is not there.  Our tools are those in PATH.  With la, the network of
# build-la.mk is run as well, for some minutes.
#
# What each program says stands behind "ok" or "not ok"; the exit status is 1 if
# something is not.  It takes, as Debian calls them, python3-neuron, python3-h5py,
# python3-pandas, python3-scipy, python3-matplotlib, python3-jsonschema,
# python3-sympy, python3-skimage, python3-xarray, python3-more-itertools,
# neuron-dev, cmake, g++, libhdf5-dev, libfmt-dev and pybind11-dev.  None of it is
# of our tests.
set -euo pipefail

if [ ! -d "${1-}" ]; then
	sed -n 's/^# usage/usage/p' "$0" >&2
	exit 2
fi
peers=$(cd "$1" && pwd)
what=${2-}
tests=$(cd "$(dirname "$0")" && pwd)
cells=$tests/../pipelines/cells
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
export MPLBACKEND=Agg
unset DISPLAY
wrong=0
cd "$here"

version() { # a program, a file of it, what is before its version
	printf '%s %s' "$1" "$(grep -om 1 "$3.*" "$peers/$1/$2" | tr -d "'\"")"
	git -C "$peers/$1" log -1 --format=', %H' 2>/dev/null || echo
}

peer() { # program, network
	printf '\n%s of %s:\n' "$1" "$2"
	/usr/bin/python3 "$tests/peers.py" "$peers" "$1" "$2" 2>errors || {
		wrong=1
		tail -n 3 errors
	}
}

build_libsonata() {
	local build=$peers/build
	[ ! -d "$build/libsonata/libsonata" ] || return 0
	mkdir -p "$build/highfive" "$build/libsonata"
	cat >"$build/highfive/HighFiveConfig.cmake" <<-END
	find_package(HDF5 REQUIRED)
	add_library(HighFive INTERFACE IMPORTED)
	target_include_directories(HighFive INTERFACE
		$peers/HighFive/include \${HDF5_INCLUDE_DIRS})
	target_link_libraries(HighFive INTERFACE \${HDF5_C_LIBRARIES})
	END
	# Its own copy of json.hpp goes before the system's, which it does not
	# compile with.
	cmake -S "$peers/libsonata" -B "$build/made" -DSONATA_VERSION=0.0.0 \
		-DCMAKE_CXX_FLAGS="-I$peers/libsonata/extlib/nlohmann" \
		-DHighFive_DIR="$build/highfive" -DSONATA_PYTHON=ON \
		-DSONATA_TESTS=OFF -DSONATA_CXX_WARNINGS=OFF \
		-DPYTHON_EXECUTABLE=/usr/bin/python3 \
		-DPython_EXECUTABLE=/usr/bin/python3 \
		-DCMAKE_BUILD_TYPE=Release >"$build/log"
	make -C "$build/made" _libsonata >>"$build/log" 2>&1
	cp -r "$peers/libsonata/python/libsonata" "$build/libsonata/part"
	cp "$build/made/python/"_libsonata*.so "$build/libsonata/part"
	mv "$build/libsonata/part" "$build/libsonata/libsonata"
}

# Ten cells with gap junctions, and six that drive them; a layer is a text.
tables() {
	local at=("--property" "distance_range=[0, 400]")
	local synapse=(--nsyn 1:3 --property model_template=exp2syn
		--property syn_weight=0.002 "${at[@]}")
	cat >groups.csv <<-END
	group,population,count,shape,x0,y0,z0,x1,y1,z1,model_type,model_template,layer
	PN,cortex,6,box,0,0,0,200,200,200,biophysical,hoc:Pyramidal,L23
	PV,cortex,4,box,0,0,0,200,200,200,biophysical,hoc:FastSpiking,L4
	inp,thalamus,6,box,0,0,-100,200,200,-100,virtual,,TH
	END
	place-cells --seed 1 groups.csv >cells.csv
	connect-random --seed 2 --source PN --target PV --p 0.5 "${synapse[@]}" \
		--property dynamics_params=exc.json \
		--property "target_sections=['dend']" cells.csv |
		edge-delay --any-order --seed 1 -n cells.csv >pn.csv
	connect-random --seed 3 --source PV --target PN --p 0.5 "${synapse[@]}" \
		--property dynamics_params=inh.json \
		--property "target_sections=['soma']" cells.csv |
		edge-delay --any-order --seed 2 -n cells.csv >pv.csv
	connect-gap --seed 4 --source PV --target PV --p 0.6 "${at[@]}" \
		--property syn_weight=0.0001 \
		--property "target_sections=['dend']" cells.csv >gap.csv
	connect-random --seed 3 --source inp --target PN --rule one_to_one \
		"${synapse[@]}" --property dynamics_params=exc.json \
		--property "target_sections=['apic', 'dend']" cells.csv |
		edge-delay --constant 1 >inp.csv
	rate-pattern --pattern short --groups 2 --rate-on 200 --rate-off 50 \
		--from 10 --on 80 --off 0 --to 90 >rates.csv
	node-groups --random 2 --seed 5 cells.csv |
		spike-stim -p thalamus --rates rates.csv --refractory 2 --seed 6 |
		spike-pack -o thalamus.h5
}

models() { # folder
	mkdir -p "$1/mechanisms/modfiles" "$1/templates" "$1/synaptic_models"
	cp "$cells"/modfiles/*.mod "$tests"/../pipelines/la/modfiles/*.mod \
		"$1/mechanisms/modfiles"
	cp "$cells/cells.hoc" "$1/templates"
	for s in exc:3:0 inh:8:-75; do
		IFS=: read -r name tau2 erev <<<"$s"
		echo "{\"tau1\": 0.5, \"tau2\": $tau2, \"erev\": $erev}" \
			>"$1/synaptic_models/$name.json"
	done
	"$cells/../mechanisms.sh" "$1/mechanisms" "$1/templates/cells.hoc" \
		Pyramidal
}

version bmtk bmtk/__init__.py '[0-9]*\.[0-9]*\.[0-9]'
version bmtool setup.py 'version=[0-9.]*'
version libsonata CHANGELOG.md 'v[0-9]'
version snap CHANGELOG.rst 'Version v[0-9]'
build_libsonata
tables
models network/components
sonata-pack -n cells.csv -o network --simulation --tstop 100 --v-init -72 \
	--input-spikes thalamus.h5 pn.csv pv.csv gap.csv inp.csv
sonata-pack -n cells.csv -o placed --positions-matrix --simulation --tstop 50 \
	--components network/components pn.csv pv.csv gap.csv inp.csv
# There can be no dynamics_params in HDF5.
sonata-edges --all -c nsyns,is_gap_junction,delay,syn_weight,model_template \
	network/circuit_config.json |
	sonata-pack -n cells.csv -o dialect --dialect libsonata
sonata-cut -p cortex --where 'node_id<8' -o cut network/simulation_config.json
sonata-cut -p cortex --where 'node_id<8' -o cut-dialect \
	dialect/circuit_config.json
peer reader network
peer reader cut
peer bionet network
peer bionet cut
peer analysis network
peer builder .
peer bionet placed
peer libsonata network
peer libsonata dialect
peer libsonata cut
peer libsonata cut-dialect
peer node_sets dialect
peer snap network
peer snap dialect
peer snap cut
peer snap cut-dialect
peer bmtool network
peer bmtool cut
peer positions placed
if [ "$what" = la ]; then
	make -s -f "$tests/../pipelines/build-la.mk" OUT=la all mechanisms >made
	peer libsonata la/network
	peer bionet la/network
fi
exit $wrong
