# The network of BMTool's README, by the connectors.
load common.bash
load pipelines.sh

teardown() { readable; }

# Within 4 standard errors of what was asked for, over all pairs.
drawn() { # probability, what it has to be, of so many pairs
	near "$1" "$2" "$(awk -v p="$2" -v n="$3" \
		'BEGIN { print 4 * sqrt(p * (1 - p) / n) }')"
}

@test "the network of BMTool's README: built, packed and measured" {
	make -f "$here/build-la.mk" OUT=la >log
	grep '^LA:PV,LA:PV,' la/matrix.csv >pv
	head -n 1 la/matrix.csv | cat - pv >row
	drawn "$(column reciprocal row)" 0.0677 28680
	# p0 goes for both directions of a pair, which are not independent.
	drawn "$(column probability row)" 0.15 28680
	awk -F, '$4 == "gap" && $5 != "unordered-all" && $5 != "unordered" {
		print $5, $7, $9, $10 }' la/report.csv >gaps
	is=$(awk '{ print $1, $3 }' gaps | xargs)
	[ "$is" = "unordered-non 0.1228 unordered-uni 0.56 unordered-rec 1" ]
	while read -r _ n asked made; do
		drawn "$made" "$asked" "$n"
	done <gaps
	# One thalamic cell for each.
	for table in pyr_inp:1601 pv_inp:241 som_inp:161; do
		[ "$(wc -l <"la/${table%:*}.csv")" -eq "${table#*:}" ]
	done
	# The synapses of each direction, by types of the packed network.
	sonata-nodes -p LA -c cell_class la/network/circuit_config.json >cells
	sonata-edges -e LA_to_LA -c synapse,dynamics_params \
		la/network/circuit_config.json >edges
	awk -F, 'FNR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
		FILENAME == "cells" { class[$at["node_id"]] = $at["cell_class"]; next }
		{ print class[$at["source_node_id"]], class[$at["target_node_id"]],
			$at["synapse"], $at["dynamics_params"] }' cells edges |
		sort | uniq -c | awk -v OFS=, '{ print $2, $3, $4, $5 }' >synapses
	diff synapses - <<-END
		PN,PN,pyr2pyr,PN2PN.json
		PN,PV,pyr2int,PN2PV.json
		PN,SOM,pyr2int,PN2SOM.json
		PV,PN,int2pyr,PV2PN.json
		PV,PV,,
		PV,PV,int2int,PV2PV.json
		PV,SOM,int2int,PV2SOM.json
		SOM,PN,int2pyr,SOM2PN.json
		SOM,SOM,int2int,SOM2SOM.json
	END
	make -f "$here/build-la.mk" OUT=again JOBS=1 >log
	diff -r la again
	# A table that is made again is in the report once, and another seed
	# makes all of them again.
	rm again/pv2pv.csv
	make -f "$here/build-la.mk" OUT=again >log
	diff -r la again
	make -f "$here/build-la.mk" OUT=again SEED=2 >log
	run ! cmp -s la/pv2pv.csv again/pv2pv.csv
	[ "$(wc -l <again/report.csv)" -eq "$(wc -l <la/report.csv)" ]
}
