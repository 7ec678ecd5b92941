# Another program's JSON says whether one value has changed, and no other.
load common.bash

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	cat >c.json <<-'END'
	{
	  "run": { "tstop": 1000, "dt": 0.1, "cvode": false, "none": null },
	  "a.b": { "c\\d": 1, "": { "x": 2 } },
	  "list": [ "text", 5, [1, 2], { "k": "v", "k": "v" } ],
	  "name": "5"
	}
	END
}

# Values by Python after the same changes, and by sonata-config.
changed() { # statements of Python, options
	sonata-config "${@:2}" c.json >got.json
	python "$1" <<-'END'
	import json, sys
	c = json.load(open("c.json"))
	exec(sys.argv[1])
	got = json.load(open("got.json"))
	assert json.dumps(got) == json.dumps(c), (got, c)
	END
}

@test "a value of each kind, and nothing else" {
	changed 'pass'
	changed 'c["run"]["tstop"] = 5' --set run.tstop=5
	changed 'c["run"]["dt"] = 1e-05' --set run.dt=1e-5
	changed 'c["run"]["cvode"] = True' --set run.cvode=true
	changed 'c["name"] = "true"' --set name=true
	changed 'c["name"] = "7"; c["list"][0] = "[1]"' --set name=7 --set 'list.0=[1]'
	changed 'c["name"] = "a=b \"c\" \u00e9"' --set 'name=a=b "c" é'
	changed 'c["list"][2] = [3]; c["run"] = {"y": [None]}' \
		--set 'list.2=[3]' --set 'run={"y": [null]}'
	changed 'c["run"]["none"] = 3' --set run.none=3
	changed 'c["run"]["none"] = "3x"' --set run.none=3x
	changed 'c["run"]["none"] = {}' --set 'run.none={}'
}

@test "numbers are as they were, and as they are given: all digits of them" {
	local text='{"a":9007199254740993,"b":[1.0,-0.0,1E+3,{"c":0.30000000000000004}],"d":"2.50\"3.50","e":12345678901234567890,"f":1234567890,"g":"x"}'
	echo "$text" >c.json
	is "$(sonata-config c.json | tr -d '\n\t ')" "$text"
	is "$(sonata-config --set a=9007199254740995 --set b.0=2.50 \
		--set e=007 --set 'f= 1.' --add n=0123 --add m=1. --add k=' 1.0 ' \
		--add 'o=[1e-7, 18446744073709551615]' c.json | tr -d '\n\t ')" \
		'{"a":9007199254740995,"b":[2.50,-0.0,1E+3,{"c":0.30000000000000004}],"d":"2.50\"3.50","e":7,"f":1,"g":"x","n":"0123","m":"1.","k":1.0,"o":[1e-7,18446744073709551615]}'
	echo '{"l": []}' >c.json
	bad "--add 'l.0': c.json has no 'l.0': it is empty" --add l.0=1 c.json
}

@test "dots and backslashes of names, empty names, items of lists" {
	changed 'c["a.b"]["c\\d"] = 2' --set 'a\.b.c\\d=2'
	changed 'c["a.b"][""]["x"] = 3' --set 'a\.b..x=3'
	changed 'c["list"][2][1] = 9; c["list"][1] = 6' --set list.2.1=9 --set list.1=6
}

@test "a key that stands twice" {
	changed 'c["list"][3]["k"] = "w"' --set list.3.k=w
	is "$(grep -c '"k"' got.json)" 1
	sonata-config got.json >/dev/null
	echo '{"o": {"x": 1}, "o": {"x": 1}}' >c.json
	changed 'c["o"]["x"] = 2' --set o.x=2
	sonata-config got.json >/dev/null
}

@test "--add: where there is none" {
	changed 'c["output"] = {"dir": {"x": "a b"}}' --add 'output.dir.x=a b'
	changed 'c["run"]["tstop"] = 6; c["run"]["a.b"] = [1]' --add run.tstop=6 \
		--add 'run.a\.b=[1]'
	bad "--add 'list.4': c.json has no 'list.4': there are 0 to 3" --add list.4=1 c.json
	bad "--add 'name.x': c.json has no 'name.x': it is in neither an object nor a list" \
		--add name.x=1 c.json
}

@test "a row of a table, then --set, then --add" {
	printf 'run.tstop,name,list.0\r\n1,"a ""b"", c",\r\n\r\n,x,"two\nlines"\r\n' >t.csv
	changed 'c["run"]["tstop"] = 1; c["name"] = "a \"b\", c"' --table t.csv --row-number 0
	changed 'c["name"] = "x"; c["list"][0] = "two\nlines"' --table t.csv --row-number 1
	changed 'c["run"]["tstop"] = 3; c["name"] = "a"' --row-number 0 --table t.csv \
		--add run.tstop=3 --set run.tstop=2 --set name=a
	bad 't.csv: no row 2: it has 2' --table t.csv --row-number 2 c.json
	misused '--row-number needs --table' --row-number 1 c.json
	misused '--table needs --row-number' --table t.csv c.json
	printf 'run.tstop,run.tstp\n1,2\n' >t.csv
	bad "t.csv:2: column 'run.tstp': c.json has no 'run.tstp': there are tstop, dt, cvode, none" \
		--table t.csv --row-number 0 c.json
	printf 'run.tstop\nabc\n' >t.csv
	bad "t.csv:2: column 'run.tstop': not a number: 'abc'" --table t.csv --row-number 0 c.json
	printf 'name,name\na,b\n' >t.csv
	bad "t.csv: column 'name' is there twice" --table t.csv --row-number 0 c.json
}

@test "what is wrong, and leaves no file" {
	bad "--set 'run.x': c.json has no 'run.x': there are tstop, dt, cvode, none" \
		--set run.x=1 -o out c.json
	bad "--set 'list.4': c.json has no 'list.4': there are 0 to 3" --set list.4=1 c.json
	bad "--set 'list.-1': c.json has no 'list.-1': there are 0 to 3" --set list.-1=1 c.json
	bad "--set 'run.dt': not a number: 'true'" --set run.dt=true c.json
	bad "--set 'run.dt': not a number: ''" --set run.dt= c.json
	bad "--set 'run.cvode': not true or false: '1'" --set run.cvode=1 c.json
	bad "--set 'run': not an object in JSON: '1'" --set run=1 c.json
	bad "--set 'list': not a list in JSON: '[1'" --set 'list=[1' c.json
	misused "--set: must be path=value: 'run.dt'" --set run.dt c.json
	misused "--set: must be path=value: 'x'" --set run.dt=1 --set x c.json
	misused "--add: must be path=value: '=1'" --add =1 c.json
	bad "--set 'run.dt': not a number: '1e999'" --set run.dt=1e999 c.json
	[ ! -e out ]
	bad 'no.json: No such file or directory' no.json
	sonata-config -o c.json --set name=z c.json
	is "$(grep -c '"z"' c.json)" 1
}

# ---- Other files ----

# shellcheck disable=SC2016 # the config's variables
network() { # a simulation, its circuit, and components in folders
	mkdir -p net/{models/sub,sets,forms}
	echo '{"manifest": {"$HERE": "${configdir}"}, "run": {"tstop": 1},
		"network": "$HERE/circuit.json"}' >net/sim.json
	echo '{"manifest": {"$M": "."}, "networks": {"nodes": []},
		"components": {"synaptic_models_dir": "$M/models", "mine": "models",
			"morphologies_dir": "forms"},
		"node_sets_file": "sets/n.json"}' >net/circuit.json
	echo '{"tau1": 1, "tau2": 5}' | tee net/models/AMPA.json >net/models/NMDA.json
	echo '{"e": {"v": -70}}' >net/models/sub/GABA.json
	echo '{"a": {"node_id": [1]}}' >net/sets/n.json
	echo '{"x": 1}' >net/alone.json
	echo x >net/models/x.mod
}

originals() { find net -type f ! -name 'one*' -exec md5sum {} + | sort -k2; }

value() { # of a file, by jq
	jq -c "$1" "$2"
}

@test "other files of a config: copies are changed, and named" {
	network
	originals >before
	printf '%s\n' 'case,models/AMPA.json:tau1,models/sub/GABA.json:e.v,sets/n.json:a.node_id,circuit.json:networks.nodes' \
		slow,3,-60,'[2]','[null]' none,,,, >t.csv
	sonata-config --table t.csv --row-number 0 --set run.tstop=2 --copies new/ \
		-o net/one.json net/sim.json
	originals | diff before -
	is "$(value '[.run.tstop, .network]' net/one.json)" "[2,\"$PWD/net/one-circuit.json\"]"
	is "$(value .components net/one-circuit.json)" \
		"{\"synaptic_models_dir\":\"$PWD/new/models\",\"mine\":\"$PWD/new/models\",\"morphologies_dir\":\"forms\"}"
	is "$(value '[.node_sets_file, .networks.nodes]' net/one-circuit.json)" \
		"[\"$PWD/new/n.json\",[null]]"
	is "$(value '[.tau1, .tau2]' new/models/AMPA.json)" '[3,5]'
	is "$(value .e.v new/models/sub/GABA.json)" -60
	is "$(value .a.node_id new/n.json)" '[2]'
	is "$(find new -type l -printf '%P %l\n' | sort)" \
		"circuit.json $PWD/net/one-circuit.json
models/NMDA.json $PWD/net/models/NMDA.json
models/x.mod $PWD/net/models/x.mod"
	is "$(find new -type f -printf '%P\n' | sort | xargs)" \
		'models/AMPA.json models/sub/GABA.json n.json'
	# An empty field changes nothing, and there is no copy.
	sonata-config --table t.csv --row-number 1 --copies none -o two.json net/sim.json
	[ ! -e none ]
	is "$(value . two.json)" "$(value . net/sim.json)"
	# The config may name itself, and a file by its path from the root.
	sonata-config --set sim.json:run.tstop=5 --set "$PWD/net/models/NMDA.json:tau2=7" \
		--copies again -o net/one.json net/sim.json
	is "$(value .run.tstop net/one.json)" 5
	is "$(value .tau2 again/models/NMDA.json)" 7
	[ -L again/models/AMPA.json ]
	originals | diff before -
}

@test "other files: what is wrong, and leaves nothing" {
	left() { find net new 2>/dev/null | sort; }
	network
	left >before
	wrong() { # message, options
		bad "$1" "${@:2}" --copies new -o net/one.json net/sim.json
		left | diff before -
	}
	wrong "--set 'models/AMPA.json:tau3': net/models/AMPA.json has no 'tau3': there are tau1, tau2" \
		--set models/AMPA.json:tau3=1
	wrong "--set 'models/AMPA.json:tau1': not a number: 'x'" --set models/AMPA.json:tau1=x
	wrong 'net/models/A.json: No such file or directory' --set models/A.json:x=1
	wrong "net/sim.json: names neither 'net/alone.json' nor, in components, a folder that has it" \
		--set alone.json:x=2
	mkdir -p new/models
	ln -s x new/models/NMDA.json
	left >before
	wrong "$PWD/new/models/NMDA.json: File exists" --set models/AMPA.json:tau1=2
	misused "--set 'alone.json:x': in another file: --copies says where its copy goes" \
		--set alone.json:x=2 net/sim.json
	misused '--copies needs --output' --copies new net/sim.json
}
