load common.bash

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	printf 'distance_um,probability\n10,0.1\n50,0.9\n50.5,0\n200,0.5\n' \
		>t.csv
}

at() { # the chance, distances
	chance-check --p "$1" "${@:2}" | paste -sd ' '
}

misused() { # the message, the chance
	run --separate-stderr chance-check --p "$2" 0
	is "${stderr_lines[0]}" "chance-check: --p: $1"
	[ "$status" -eq 2 ] && [ -z "$output" ]
}

bad() { # the one line said, the chance
	run --separate-stderr chance-check --p "$2" 0
	told "$stderr" "chance-check: $1"
	[ "$status" -eq 1 ] && [ -z "$output" ]
}

@test "a number" {
	is "$(at 0.25 0 1e9)" "0.25 0.25"
	is "$(at 1 3)" 1
	is "$(at 0 3)" 0
}

@test "uniform between min and max, both of which are within" {
	is "$(at uniform:p=0.3,min=10,max=20 9.999 10 15 20 20.001)" \
		"0 0.3 0.3 0.3 0"
	is "$(at uniform:p=0.3 0 1e9)" "0.3 0.3"
	is "$(at uniform:p=0.3,min=10,max=10 9 10 11)" "0 0.3 0"
}

@test "Gaussian" {
	is "$(at gaussian:pmax=0.5,sigma=100 0 100)" "0.5 0.303265329856"
	is "$(at gaussian:mu=100,pmax=0.5,sigma=50 0 100 150)" \
		"0.0676676416183 0.5 0.303265329856"
	is "$(at gaussian:pmax=0.5,sigma=100,min=50,max=100 49 50 100 101)" \
		"0 0.441248451292 0.303265329856 0"
}

@test "exponential" {
	is "$(at exponential:pmax=0.5,lambda=80,max=200 0 80 200 201)" \
		"0.5 0.183939720586 0.0410424993119 0"
}

@test "a table is linear between its points, and 0 outside them" {
	is "$(at table:t.csv 9.9 10 30 50 50.25 50.5 125.25 200 200.1)" \
		"0 0.1 0.5 0.9 0.45 0 0.25 0.5 0"
	printf 'probability\tdistance_um\n0.3\t10\n' >one.tsv
	is "$(at table:one.tsv 9 10 11)" "0 0.3 0"
}

@test "ptotal is the mean, by numerical integration" {
	chance-check means
	chance-check --metric cylindrical means
}

@test "ptotal in space is not that in the plane" {
	f=gaussian:ptotal=0.01,sigma=100,max=400
	is "$(at $f 0)" 0.170408613662
	is "$(chance-check --metric cylindrical --p $f 0)" 0.0800268460161
	is "$(chance-check --metric spherical --p $f 0)" 0.170408613662
}

@test "ptotal that needs more than 1 is cut, and where is said" {
	run --separate-stderr chance-check \
		--p gaussian:ptotal=0.3,sigma=100,max=500 0 214 215 600
	is "$stderr" "chance-check: --p:\
 'gaussian:ptotal=0.3,sigma=100,max=500' needs a pmax of 9.974: cut at 1 from 0\
 to 214.5 um"
	is "${lines[*]}" "1 1 0.988766306779 0"
	[ "$status" -eq 0 ]
	run --separate-stderr chance-check \
		--p gaussian:ptotal=0.5,sigma=10,mu=100,max=200,min=50 100 77 75
	[[ $stderr == *": cut at 1 from "*" to "*" um" ]]
	[ "${#stderr_lines[@]}" -eq 1 ]
}

@test "no chance is above its bound, and the bound is near" {
	chance-check --p table:t.csv bounds
}

@test "what is not a chance" {
	misused "neither a number nor a function: 'often'" often
	misused "neither a number nor a function: ''" ""
	misused "neither a number nor a function: 'normal:p=1'" normal:p=1
	misused "neither a number nor a function: 'gaussian'" gaussian
	misused "not from 0 to 1: '1.01'" 1.01
	misused "not from 0 to 1: '-0.1'" -0.1
	misused "not from 0 to 1: 'nan'" nan
	misused "not from 0 to 1: 'uniform:p=2'" uniform:p=2
	misused "not from 0 to 1: 'gaussian:pmax=1.5,sigma=1'" \
		gaussian:pmax=1.5,sigma=1
	misused "not from 0 to 1: 'gaussian:ptotal=1.5,sigma=1,max=2'" \
		gaussian:ptotal=1.5,sigma=1,max=2
	misused "not from 0 to 1: 'exponential:pmax=-1,lambda=1'" \
		exponential:pmax=-1,lambda=1
}

@test "parameters that are missing, too many, or wrong" {
	misused "no 'p': 'uniform:min=0'" uniform:min=0
	misused "no 'sigma': 'gaussian:pmax=0.1'" gaussian:pmax=0.1
	misused "no 'pmax': 'gaussian:sigma=1'" gaussian:sigma=1
	misused "no 'lambda': 'exponential:pmax=0.1'" exponential:pmax=0.1
	misused "this function has no 'sigma': 'uniform:p=0.1,sigma=2'" \
		uniform:p=0.1,sigma=2
	misused "this function has no 'height': 'uniform:height=2'" \
		uniform:height=2
	misused "'p' is there twice: 'uniform:p=0.1,p=0.2'" \
		uniform:p=0.1,p=0.2
	misused "not NAME=NUMBER: '0.1'" uniform:0.1
	misused "not NAME=NUMBER: ''" uniform:
	misused "not a number: 'p=much'" uniform:p=much
	misused "not a number: 'p=nan'" uniform:p=nan
	misused "sigma is not above 0: 'gaussian:pmax=0.1,sigma=0'" \
		gaussian:pmax=0.1,sigma=0
	misused "lambda is not above 0: 'exponential:pmax=0.1,lambda=inf'" \
		exponential:pmax=0.1,lambda=inf
	misused "mu is not finite: 'gaussian:pmax=0.1,sigma=1,mu=inf'" \
		gaussian:pmax=0.1,sigma=1,mu=inf
	misused "min and max are not 0 <= min <= max: 'uniform:p=0.1,min=-1'" \
		uniform:p=0.1,min=-1
	misused "min and max are not 0 <= min <= max:\
 'uniform:p=0.1,min=2,max=1'" uniform:p=0.1,min=2,max=1
}

@test "what cannot be solved for ptotal" {
	misused "ptotal needs a max: 'gaussian:ptotal=0.1,sigma=1'" \
		gaussian:ptotal=0.1,sigma=1
	misused "ptotal needs a max above min:\
 'gaussian:ptotal=0.1,sigma=1,min=2,max=2'" \
		gaussian:ptotal=0.1,sigma=1,min=2,max=2
	misused "pmax and ptotal exclude each other:\
 'gaussian:ptotal=0.1,pmax=0.1,sigma=1,max=2'" \
		gaussian:ptotal=0.1,pmax=0.1,sigma=1,max=2
	misused "no pmax gives this ptotal:\
 'gaussian:ptotal=0.1,sigma=1,mu=1000,max=2'" \
		gaussian:ptotal=0.1,sigma=1,mu=1000,max=2
}

@test "what is wrong in a table" {
	bad "none.csv: No such file or directory" table:none.csv
	echo distance_um,p >t.csv
	bad "t.csv: no column 'probability'" table:t.csv
	echo distance_um,probability >t.csv
	bad "t.csv: no distances" table:t.csv
	printf '5,0.1\n5,0.2\n' >>t.csv
	bad "t.csv:3: column 'distance_um': not ascending: '5'" table:t.csv
	sed -i '3s/.*/6,1.5/' t.csv
	bad "t.csv:3: column 'probability': not from 0 to 1: '1.5'" table:t.csv
	sed -i '2s/.*/-1,0/' t.csv
	bad "t.csv:2: column 'distance_um': not a distance: '-1'" table:t.csv
}

@test "a rate may be above 1" {
	is "$(chance-check --rate 3 0)" 3
	is "$(chance-check --rate gaussian:pmax=8,sigma=100 0)" 8
	printf 'distance_um,rate\n0,4\n100,2\n' >r.csv
	is "$(chance-check --rate table:r.csv 50)" 3
	run --separate-stderr chance-check \
		--rate gaussian:ptotal=0.5,sigma=1,max=2 0
	is "${stderr_lines[0]}" "chance-check: --rate: a rate has no ptotal:\
 'gaussian:ptotal=0.5,sigma=1,max=2'"
	run --separate-stderr chance-check --rate -1 0
	is "${stderr_lines[0]}" "chance-check: --rate: not from 0 on: '-1'"
	[ "$status" -eq 2 ]
}

@test "a metric that there is not" {
	run --separate-stderr chance-check --metric flat \
		--p gaussian:ptotal=0.1,sigma=1,max=2 0
	is "${stderr_lines[0]}" "chance-check: --metric: must be cylindrical|spherical: 'flat'"
	[ "$status" -eq 2 ]
}
