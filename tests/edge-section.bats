# Distributions are tested at a level of 1e-4, with seeds that are fixed: a test
# that fails is no accident.  Critical values: chi-square of 1 degree of freedom,
# 15.14, and of 2, 18.42.
load common.bash

edges() { # all pairs of 70 cells
	awk 'BEGIN {
		print "source_node_id,target_node_id"
		for (i = 0; i < 70; i++)
			for (j = 0; j < 70; j++)
				print i * 3 "," j * 3
	}' >e.csv
}

@test "a section and a place along it, with their chances" {
	edges
	edge-section --seed 1 e.csv >t
	is "$(head -n 1 t)" \
		source_node_id,target_node_id,afferent_section_id,afferent_section_pos
	is "$(tail -n +2 t | cut -d, -f3- | sort -u)" $'1,0.4\n2,0.6'
	grep -c ,1,0.4 t | awk '{
		chi = ($1 - 4410) ^ 2 / 4410 + ($1 - 4410) ^ 2 / 490
		print chi
		exit !(chi < 15.14)
	}'
	edge-section --places 7:0:0.5,0:1:0.2,7:0.25:0.3 --seed 1 \
		e.csv | tail -n +2 | cut -d, -f3- | sort | uniq -c | awk '
		BEGIN { p["7,0"] = .5; p["0,1"] = .2; p["7,0.25"] = .3 }
		{ chi += ($1 - 4900 * p[$2]) ^ 2 / (4900 * p[$2]) }
		END { print chi; exit !(NR == 3 && chi < 18.42) }'
	is "$(edge-section --places 3:0.5:1 e.csv | tail -n +2 |
		cut -d, -f3- | sort -u)" 3,0.5
}

@test "the rows of a pair differ, and no other row matters" {
	edges
	awk 'NR == 1 || FNR > 1' e.csv e.csv | (
		read -r header
		echo "$header"
		sort -t, -k1,1n -k2,2n
	) >twice.csv
	local even=--places=0:0:0.25,1:0:0.25,2:0:0.25,3:0:0.25
	edge-section "$even" --seed 1 twice.csv | tail -n +2 >t
	awk -F, '{ n += $3 == last && NR % 2 == 0; last = $3 } END {
		chi = (n - 1225) ^ 2 / 1225 + (n - 1225) ^ 2 / 3675
		print n, chi
		exit !(chi < 15.14)
	}' t
	edge-section "$even" --seed 1 e.csv | tail -n +2 |
		diff - <(awk 'NR % 2' t)
	(head -n 1 twice.csv; tail -n +2 twice.csv | sort -R) |
		edge-section "$even" --seed 1 --any-order | tail -n +2 |
		sort | diff - <(sort t)
	(head -n 1 e.csv; printf '%s\n' 0,3 3,0 0,3) >apart.csv
	bad "apart.csv:4: the rows are not in the order of their sources and targets: sort them, or use --any-order" \
		--seed 1 apart.csv
}

@test "sections say nothing of delays, whatever their names" {
	edges
	edge-delay --uniform 0:1 --name x --seed 1 e.csv |
		edge-section --places 0:0:0.5,1:0:0.5 --name x --seed 1 |
		awk -F, 'NR > 1 { n += ($3 < 0.5) == ($4 == 0) } END {
			chi = 2 * (n - 2450) ^ 2 / 2450
			print n, chi
			exit !(chi < 15.14)
		}'
	is "$(edge-section --seed 1 e.csv | cksum)" \
		"$(edge-section --seed 1 --name afferent_section_id e.csv | cksum)"
	run ! cmp <(edge-section --seed 1 e.csv) <(edge-section --seed 2 e.csv)
	run ! cmp <(edge-section --seed 1 e.csv) \
		<(edge-section --seed 1 --name x e.csv)
}

@test "other columns and populations stay as they are" {
	cat >e.csv <<-'END'
	source_population,nsyns,target_node_id,"a ""note""",source_node_id,target_population
	A,007,1,"x, y",0,B
	A,,2," z ",0,B
	END
	edge-section --places 3:0.5:1 e.csv | diff - <(cat <<-'END'
	source_population,nsyns,target_node_id,"a ""note""",source_node_id,target_population,afferent_section_id,afferent_section_pos
	A,007,1,"x, y",0,B,3,0.5
	A,,2, z ,0,B,3,0.5
	END
	)
}

@test "columns that are there already, or are not" {
	edges
	local column
	for column in afferent_section_id afferent_section_pos; do
		sed "s/$/,1/;1s/1$/$column/" e.csv >t.csv
		bad "t.csv: there is a column '$column' already" --seed 1 t.csv
	done
	cut -d, -f1 e.csv >t.csv
	bad "t.csv: no column 'target_node_id'" --seed 1 t.csv
	sed 's/$/,A/;1s/A$/source_population/' e.csv >t.csv
	bad "t.csv: one of source_population and target_population, but not both" \
		--seed 1 t.csv
	bad "standard input:2: column 'source_node_id': negative: '-3'" --seed 1 \
		< <(head -n 1 e.csv; echo -3,3)
	is "$(head -n 1 e.csv | edge-section --seed 1)" \
		source_node_id,target_node_id,afferent_section_id,afferent_section_pos
}

@test "tab separated, and into a file" {
	edges
	edge-section --seed 1 -t e.csv | tr '\t' , |
		diff - <(edge-section --seed 1 e.csv)
	edge-section --seed 1 -o out e.csv
	edge-section --seed 1 - <e.csv | diff - out
}

@test "misuse" {
	misused "--seed is needed: the same one draws the same"
	local said="--places: not an id, a place and a probability, both from 0 to 1"
	misused "$said: '1:0.5'" --places 1:0.5
	misused "$said: '1:0.5:1:1'" --places 1:0.5:1:1
	misused "$said: '1:1.5:1'" --places 1:1.5:1
	misused "$said: '-1:0.5:1'" --places -1:0.5:1
	misused "$said: '1:0.5:nan'" --places 1:0.5:nan
	misused "--places: the probabilities make 0.9, not 1" \
		--places 1:0.5:0.9
}
