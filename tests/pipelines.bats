# What the pipelines need is there, or is named.
load common.bash
load pipelines.sh

@test "missing packages are named where none can be installed" {
	mkdir bin
	printf '#!/bin/sh\nexit 1\n' >bin/dpkg-query
	printf '#!/bin/sh\necho 1000\n' >bin/id
	chmod +x bin/*
	for tool in sh dirname; do
		ln -s "$(command -v "$tool")" "bin/$tool"
	done
	run env PATH="$PWD/bin" "$here/deps.sh" first second
	[ "$status" -eq 1 ]
	[[ $output == *"apt-get install first second" ]]
}
