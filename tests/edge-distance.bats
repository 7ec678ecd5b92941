load common.bash

tricky=$data/tricky
golden=$reference/golden

last() { # the last field of each row, in one line
	tail -n +2 | sed 's/.*,//' | paste -sd ' '
}

@test "rows keep their order and their fields, and get a distance" {
	line
	edge-distance -n n.csv --axes x e.csv | diff - <(cat <<-'END'
	source_node_id,target_node_id,delay,distance_um
	0,1,1.5,10
	0,1,1.25,10
	0,2,,20
	1,1,0.5,0
	3,0,2,30
	END
	)
	is "$(edge-distance -n n.csv --axes z e.csv | last)" "4 4 0 0 4"
	is "$(edge-distance -n n.csv --axes y e.csv | last)" "0 0 0 0 0"
	edge-distance -n n.csv e.csv | tail -n +2 | awk -F, '
		$4 ^ 2 != ($1 * 10 - $2 * 10) ^ 2 + ($1 % 2 != $2 % 2) * 16 &&
		($4 ^ 2 - ($1 * 10 - $2 * 10) ^ 2 - 16) ^ 2 > 1e-20 {
			print
			bad = 1
		}
		END { exit bad || NR != 5 }'
	edge-distance -n n.csv --axes zyx e.csv |
		diff - <(edge-distance -n n.csv e.csv)
	edge-distance -n n.csv --axes yx e.csv |
		diff - <(edge-distance -n n.csv --metric cylindrical e.csv)
	edge-distance -n n.csv --metric spherical e.csv |
		diff - <(edge-distance -n n.csv e.csv)
}

@test "nodes of several populations and tables" {
	printf '%s\n' population,node_id,x,y,z A,0,0,0,0 B,0,3,4,12 >a.csv
	printf '%s\n' node_id,population,z,y,x 4,A,0,0,2 >b.csv
	cat >e.csv <<-'END'
	source_population,source_node_id,target_population,target_node_id
	A,0,B,0
	B,0,A,0
	A,4,A,0
	A,4,A,4
	END
	edge-distance -n a.csv --nodes b.csv e.csv |
		cut -d, -f5- | diff - <(cat <<-'END'
	distance_um
	13
	13
	2
	0
	END
	)
	is "$(edge-distance -n a.csv -n b.csv \
		--metric cylindrical e.csv | head -n 2 | cut -d, -f5 |
		tail -n 1)" 5
}

@test "nodes of tables, of a config and of HDF5 files: the same bytes" {
	local c=$tricky/config.json
	sonata-nodes --all "$c" >n.csv
	sonata-nodes -p A "$c" >a.csv
	sonata-edges --all "$c" | grep -v ',V,\|^V,' >e.csv
	edge-distance -n n.csv e.csv >t
	[ "$(wc -l <t)" -gt 20 ]
	edge-distance -n "$c" e.csv | diff - t
	edge-distance -n "$tricky/network/A_nodes.h5" e.csv | diff - t
	sonata-edges -e A_to_A "$c" | edge-distance -n a.csv | last |
		diff - <(last <t)
	sonata-edges -e A_to_A "$c" |
		edge-distance -n "$tricky/network/A_nodes.h5" | last |
		diff - <(last <t)
	sed 's/,[^,]*$//' t | diff - e.csv
}

# Distances of ten digits.
distances_are() { # network, edges, version, type of the targets
	local file=$1/bmtool-$3/connection_distance.$4.txt only=()
	[ "$4" = None ] || only=(--target-where "pop_name=$4")
	sonata-edges -e "$2" --source-where node_id=0 "${only[@]}" \
		"$1/config.json" |
		edge-distance -n <(sonata-nodes -p "${2%%_to_*}" "$1/config.json") |
		tail -n +2 | awk -F, '{ print $2 "," $NF }' | sort -u |
		cut -d, -f2 | sort -g |
		awk '{ printf "%s%.10g", s, $1; s = " " }' >ours
	is "$(cat ours)" "$(sed -n 's/^sorted distances: //p' "$file")"
}

# bats test_tags=long
@test "BMTool's distances from a cell" {
	local version
	for version in 0.5.9.5 0.8.6; do
		distances_are "$tricky" A_to_A $version None
		distances_are "$tricky" A_to_A $version Z
	done
	need golden/la/config.json
	need golden/example300/config.json
	for version in 0.5.9.5 0.8.6; do
		distances_are "$golden/la" LA_to_LA $version None
		distances_are "$golden/la" LA_to_LA $version SOM
		distances_are "$golden/example300" example_net_to_example_net \
			$version None
		distances_are "$golden/example300" example_net_to_example_net \
			$version FSI
	done
}

@test "the targets of a cell, nearest first, then by id" {
	cat >n.csv <<-'END'
	node_id,pop_name,x,y,z
	9,P,0,0,0
	7,P,3,4,0
	5,Q,-5,0,0
	2,Q,0,0,1
	END
	cat >e.csv <<-'END'
	source_node_id,target_node_id,nsyns
	9,7,2
	9,5,
	9,7,3
	7,9,1
	9,9,4
	9,2,0
	END
	is "$(edge-distance -n n.csv e.csv |
		awk -F, 'NR > 1 && $1 == 9 { print $4 "," $2 }' |
		sort -t, -k1,1g -k2,2n -u | xargs)" "0,9 1,2 5,5 5,7"
	is "$(edge-distance -n n.csv --axes yz e.csv | last)" "4 0 4 4 0 1"
}

@test "the distance of an edge is the one whose bin conn-distance puts it in" {
	need golden/la/config.json
	local c=$golden/la/config.json
	conn-distance -e LA_to_LA -g population --include-gap \
		--bin-edges 0,50,100,200,inf "$c" >bins
	sonata-edges -e LA_to_LA "$c" |
		edge-distance -n <(sonata-nodes -p LA "$c") |
		awk -F, '
		FNR == 1 { next }
		FILENAME == "bins" { low[++n] = $3; want[n] = $6; next }
		$1 != $2 && !seen[$1, $2]++ {
			for (k = n; $NF < low[k] + 0; k--)
				;
			have[k]++
		}
		END {
			for (k = 1; k <= n; k++)
				if (have[k] + 0 != want[k])
					exit 1
			exit n != 4
		}' bins -
}

@test "cells that are not there" {
	line
	wrong() { # the message, a row, options
		bad "standard input:3: column $1" "${@:3}" < <(head -n 2 e.csv
			echo "$2")
	}
	wrong "'target_node_id': there is no such node: '4'" 3,4, -n n.csv
	wrong "'source_node_id': there is no such node: '999'" 999,3, -n n.csv
	wrong "'source_node_id': negative: '-3'" -3,3, -n n.csv
	wrong "'target_node_id': not an integer: '1.5'" 3,1.5, -n n.csv
	head -n 1 n.csv >nobody.csv
	bad "e.csv:2: column 'source_node_id': there is no such node: '0'" -n nobody.csv \
		e.csv
	bad "n.csv:2: column 'node_id': there twice: '0'" -n n.csv -n n.csv e.csv
	sed 's/^/A,/;1s/A/population/' n.csv >a.csv
	sed 's/^/B,/;1s/B/population/' n.csv >b.csv
	bad "e.csv: no source_population and target_population, but the nodes are of 2 populations" \
		-n a.csv -n b.csv e.csv
	sed 's/^/A,C,/;1s/A,C/source_population,target_population/' e.csv >c.csv
	bad "c.csv:2: column 'target_population': there are no nodes of this population: 'C'" \
		-n a.csv -n b.csv c.csv
	cut -d, -f1,3- c.csv >half.csv
	bad "half.csv: one of source_population and target_population, but not both" \
		-n a.csv half.csv
}

@test "cells without a position" {
	line
	sed -i 's/^2,P,2,20,0,5/2,P,2,20,0,/' n.csv
	bad "n.csv:4: column 'z': node 2 has no position: without z: --axes xy" -n n.csv e.csv
	is "$(edge-distance -n n.csv --axes xy e.csv | last)" "10 10 20 0 30"
	is "$(grep -v '^0,2' e.csv | edge-distance -n n.csv --axes z | last)" \
		"4 4 0 4"
	cut -d, -f1-5 n.csv >flat.csv
	bad "flat.csv:2: column 'z': node 0 has no position: without z: --axes xy" -n flat.csv e.csv
	sed 's/^2,P,2,20,0,/2,P,2,20,0,inf/' n.csv >far.csv
	bad "far.csv:4: column 'z': not a finite number: 'inf'" -n far.csv e.csv
	sed 's/^3,P,2,30/3,P,2,1e200/' n.csv >far.csv
	bad "far.csv:5: column 'x': more than a float has: '1e200'" -n far.csv --axes x e.csv
	sonata-edges --all "$tricky/config.json" >all.csv
	bad "$tricky/network/V_nodes.h5: /nodes/V: row 0: column 'x': node 0 has no position" \
		-n "$tricky/config.json" all.csv
}

@test "columns that are there already, or are not" {
	line
	sed 1s/delay/distance_um/ e.csv >t.csv
	bad "t.csv: there is a column 'distance_um' already" -n n.csv t.csv
	cut -d, -f1 e.csv >t.csv
	bad "t.csv: no column 'target_node_id'" -n n.csv t.csv
	is "$(head -n 1 e.csv | edge-distance -n n.csv)" \
		source_node_id,target_node_id,delay,distance_um
}

@test "tab separated, and into a file" {
	line
	edge-distance -n n.csv -t e.csv | tr '\t' , |
		diff - <(edge-distance -n n.csv e.csv)
	edge-distance -n n.csv -o out e.csv
	edge-distance -n n.csv - <e.csv | diff - out
}

@test "misuse" {
	line
	misused "--nodes is needed" e.csv
	misused "--axes and --metric exclude each other" --axes x \
		--metric cylindrical -n n.csv
	misused "--axes: not some of x, y and z, each once: 'xq'" --axes xq \
		-n n.csv e.csv
	misused "--axes: not some of x, y and z, each once: ''" --axes '' -n n.csv
	misused "--metric: must be cylindrical|spherical: 'x'" --metric x \
		-n n.csv
}
