# Tables as spreadsheets write them: what is read of them, and what is said.
#
# shellcheck disable=SC2034 # "bad" reads "tool"
load common.bash

but='rather than by commas or tabs'

setup_file() {
	cd "$BATS_FILE_TMPDIR" || return
	printf '%s\n' node_id,pop_name,x,y,z '0,P;N,0,0,0' 1,B,1,2,3 2,B,4,5,6 >n.csv
	printf '%s\n' source_node_id,target_node_id,w 0,1,0.5 1,2,1.5 2,0,2 >e.csv
	printf '%s\n' timestamps,node_ids 1,0 2.5,1 3,1 >s.csv
	printf '%s\n' group,count,shape,x0,y0,z0,x1,y1,z1 a,2,box,0,0,0,9,9,9 \
		'b;c,3,box,0,0,0,9,9,9' >g.csv
	printf '%s\n' run.tstop,run.dt 100,0.1 200,0.2 >c.csv
	printf '%s\n' name,value g_pas@all,1e-4 >p.csv
	printf '%s\n' distance_um,probability 0,0.25 100,1 >f.csv
	awk 'BEGIN { print "time_ms,v_mV,i_nA"
		for (t = 0; t < 400; t++) {
			on = t >= 100 && t < 300
			print t "," (on ? -70.5 : -70) "," (on ? -0.05 : 0) } }' >v.csv
	for table in *.csv; do semicolons "$table" >"${table%csv}txt"; done
}

setup() {
	cd "$BATS_TEST_TMPDIR" && cp "$BATS_FILE_TMPDIR"/* .
}

semicolons() { # where texts have some, they are quoted
	sed 's/[^,]*;[^,]*/"&"/g; s/,/;/g' "$1"
}

same() { # a command, whose tables are .csv, and .txt with semicolons
	"$@" >ours || fail "$*"
	set -- "${@//.csv/.txt}"
	"$1" --separator ';' "${@:2}" 2>err >theirs ||
		fail "$* --separator: $(<err)"
	cmp ours theirs || fail "$* --separator: other bytes"
}

@test "--separator ';' in all families of tools" {
	same conn-matrix -n n.csv e.csv
	same graph-stats -n n.csv e.csv
	same edge-delay --constant 1 e.csv
	same edge-distance -n n.csv e.csv
	same edge-section --seed 1 e.csv
	same connect-random --seed 1 --p table:f.csv n.csv
	same connect-file --pairs e.csv n.csv
	same place-cells --seed 1 g.csv
	same spike-rate -n n.csv s.csv
	same passive-fit v.csv
	same plot-lines v.csv
	same plot-raster -n n.csv s.csv
	same sonata-config --table c.csv --row-number 1 "$data/config.json"
	same cell-import --fit "$data/allen/fit.json" --params p.csv "$data/allen/cell.swc"
}

@test "--separator ';' where networks are made and cut" {
	sonata-pack -n n.csv --type-columns w -o ours e.csv
	sonata-pack -n n.txt --type-columns w -o theirs --separator ';' e.txt
	sonata-diff ours/circuit_config.json theirs/circuit_config.json
	sonata-cut -n n.txt --separator ';' -o cut ours/circuit_config.json
	is "$(sonata-nodes cut/circuit_config.json | wc -l)" 4
}

@test "--separator: each character, and a table that lacks it" {
	tool=plot-hist
	local between
	plot-hist -x w e.csv >ours
	for between in '; ;' '| bar' ', ,' $'\t tab'; do
		tr , "${between%% *}" <e.csv |
			plot-hist -x w --separator "${between##* }" | cmp - ours
	done
	tr , ' ' <e.csv | plot-hist -x w --separator space | cmp - ours
	printf '"a;b"\tw;x\n1\t2\n' | plot-hist -x 'w;x' >by_tabs
	printf 'w;x,"a b"\n2,1\n' | plot-hist -x 'w;x' --separator bar | cmp - by_tabs
	semicolons n.csv | conn-matrix --separator ';' -n /dev/stdin e.csv >mixed
	conn-matrix -n n.csv e.csv | cmp - mixed
	misused "--separator: must be ;|bar|,|space|tab: '|'" --separator '|' e.csv
}

@test "--separator: of a table without a header" {
	tool=spike-features
	tail -n +2 v.csv >bare.csv
	spike-features --summary --whole --no-header --current 3:nA bare.csv >ours
	semicolons bare.csv | spike-features --separator ';' --summary --whole \
		--no-header --current 3:nA | cmp - ours
}

@test "what is separated otherwise says so, where a tool can read it" {
	tool=plot-lines
	bad "v.txt: separated by semicolons, $but: 'time_ms;v_mV;i_nA': say --separator ';'" v.txt
	tool=conn-matrix
	bad "n.txt: separated by semicolons, $but: 'node_id;pop_name;x;y;z': say --separator ';'" \
		-n n.txt e.csv
	tool=sonata-diff
	printf '/spikes/A/node_ids u8 1\n/spikes/A/timestamps f8 1\n' | make-odd s.h5
	run sonata-diff s.h5 s.txt
	[[ $output != *--separator* ]]
}

@test "a decimal comma is told as such" {
	printf '%s\n' 't;v' '0;-70' '0,5;-70' >t
	tool=plot-lines
	bad "t:3: column 't': a decimal comma, where a point is needed: '0,5'" \
		--separator ';' t
	printf '%s\n' source_node_id,target_node_id,nsyns '"1,0",0,1' >t
	tool=conn-matrix bad "t:2: column 'source_node_id': a decimal comma, where a point is needed: '1,0'" \
		-n n.csv t
	printf '%s\n' t,v '0,"a,b"' >t
	tool=plot-lines bad "t:2: column 'v': not a number: 'a,b'" t
	tr ., ',;' <v.csv >excel.csv
	tr ';,' ',.' <excel.csv | cmp - v.csv
}

@test "a mark of UTF-8 is passed over, and UTF-16 is told as such" {
	{ printf '\357\273\277'; cat v.csv; } >marked.csv
	passive-fit v.csv >ours
	passive-fit marked.csv | cmp - ours
	{ printf '\357\273\277'; tail -n +2 v.csv; } |
		passive-fit --no-header --current 3:nA | cmp - ours
	iconv -t UTF-16LE v.csv >wide.csv
	tool=passive-fit bad "wide.csv: not text" wide.csv
	iconv -t UTF-16 v.csv >wide.csv
	tool=passive-fit bad "wide.csv: not text, or UTF-16: save it as UTF-8" wide.csv
}

@test "a table for a spreadsheet of decimal commas, as bmutils(7) makes it" {
	local line
	line=$(sed -n '/^\.Ss Spreadsheets/,/^\.Ed/{/printf/,/table.csv$/p}' \
		"$root/man/bmutils.7" | sed 's/\\(aq/'\''/g; s/\\e/\\/g; s/^\$ //')
	cp "$data/config.json" . && cp -r "$data/tricky" "$data/output" . 2>/dev/null
	(cd tricky && bash -c "$line" && [ -s table.csv ])
	tail -c +4 tricky/table.csv | tr ';,' ',.' |
		cmp - <(sonata-info tricky/config.json)
	is "$(head -c 3 tricky/table.csv | od -An -tx1)" " ef bb bf"
}
