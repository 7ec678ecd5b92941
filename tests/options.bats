# What a table of options says, with opt-check.c.
load common.bash

shows() { # LINE OPTION ...: opt-check --all OPTION ... prints it
	run -0 opt-check --all "${@:2}"
	grep -qxF -- "$1" <<<"$output"
}

refuses() { # MESSAGE OPTION ...
	run -2 opt-check "${@:2}"
	[ "${lines[0]}" = "opt-check: $1" ]
	[ "${lines[1]}" = "Try 'opt-check --help'." ]
}

setup() { bats_require_minimum_version 1.5.0; }

@test "a number is within its bounds" {
	shows "level 0.95"
	shows "level 0.5 given" -l .5
	shows "level 0.95 given" --level 0.95
	refuses "--level: must be in (0,1): '1'" --all --level 1
	refuses "--level: must be in (0,1): '0'" --all --level 0
	refuses "--level: not a number: 'x'" --all --level x
	refuses "--level: not a number: 'nan'" --all --level nan
	shows "digits 9" --digits 9 --smooth boxcar
	shows "digits 0" --digits 0 --smooth boxcar
	refuses "--digits: must be in [0,9]: '10'" --digits 10
	refuses "--digits: must be in [0,9]: '-1'" --digits -1
	refuses "--digits: not an integer: '1.5'" --digits 1.5
	refuses "--from: must be in (-inf,inf): 'inf'" --from inf
	refuses "--from: must be in (-inf,inf): '-inf'" --from -inf
	run -0 opt-check --all --to inf
}

@test "a pair of numbers" {
	shows "band 1 2"
	shows "band 0 15 given" --band 0:15
	refuses "--band: must be low:high: '5'" --band 5
	refuses "--band: not a number: ''" --band 5:
	refuses "--band: not a number: '2:3'" --band 1:2:3
	refuses "--band: must be in [0,inf): '-1'" --band=-1:2
	refuses "--band: must be in [0,inf): 'inf'" --band 1:inf
	refuses "--band: must be low:high, the first < the second: '2:2'" \
		--band 2:2
	shows "view -60 30" --view=-60,30
	refuses "--view: must be in [-360,360]: '361'" --view 361,0
	refuses "--view: must be in [-90,90]: '91'" --view 0,91
	refuses "--view: must be azimuth,elevation: '1:2'" --view 1:2
}

@test "a number that stands for a pair" {
	shows "positions 0.5 0.5" --positions .5
	shows "positions 0.5 1" --positions .5:1
	refuses "--positions: must be low[:high], the first <= the second: '1:0'" \
		--positions 1:0
	refuses "--positions: must be in [0,1]: '2'" --positions 2
	shows "nsyn 9007199254740993 9007199254740993" \
		--nsyn 9007199254740993
	refuses "--nsyn: not an integer: '1.5'" --nsyn 1:1.5
	refuses "--nsyn: must be in [1,inf): '0'" --nsyn 0:1
}

@test "a size in pixels" {
	shows "size 800 600" --size 800x600
	refuses "--size: must be widthxheight: '800'" --size 800
	refuses "--size: must be in [1,9999]: '0'" --size 800x0
	refuses "--size: not an integer: ' 600'" --size '800x 600'
}

@test "a word" {
	shows "method 0 smooth 0"
	shows "method 1 smooth 2" --method welch --smooth=gaussian
	refuses "--method: must be ratio|welch: 'rat'" --method rat
	refuses "--method: must be ratio|welch: 'ratio|welch'" \
		--method 'ratio|welch'
	refuses "--method: must be ratio|welch: ''" --method ''
	refuses "--smooth: must be boxcar|gaussian: ''" --smooth ''
}

@test "--jobs and --shard" {
	shows "jobs 3" -j 3
	export SLURM_CPUS_PER_TASK=7
	shows "jobs 7" --jobs auto
	for bad in 0 -1 1025 x 1.5 ''; do
		refuses "--jobs: must be auto or in [1,1024]: '$bad'" -j "$bad"
	done
	shows "shard 0 10"
	shows "shard 0 10" --shard 0/1
	shows "shard 6 10" --shard 2/3
	for bad in 3/3 -1/3 1 / 1/ /2 0/0 x/2 1/2/3; do
		refuses "--shard: must be I/N, I in [0,N): '$bad'" --shard "$bad"
	done
}

@test "--shard auto: of ten, what Slurm or mpirun give" {
	local none="--shard: nothing says what auto is, neither an array or a "
	none+="task of Slurm nor mpirun: give I/N, to GNU parallel as {}/N"
	unset "${!SLURM_@}" "${!OMPI_@}"
	refuses "$none" --shard auto
	PARALLEL_SEQ=1 PARALLEL_JOBSLOT=1 refuses "$none" --shard auto
	export SLURM_PROCID=1 # no more than one variable is nothing
	refuses "$none" --shard auto
	export SLURM_NTASKS=2
	shows "shard 5 10" --shard auto
	export OMPI_COMM_WORLD_RANK=0 OMPI_COMM_WORLD_SIZE=10
	shows "shard 0 1" --shard auto
	export SLURM_ARRAY_TASK_ID=3 SLURM_ARRAY_TASK_COUNT=5
	shows "shard 6 8" --shard auto
	export SLURM_ARRAY_TASK_MIN=1
	shows "shard 4 6" --shard auto
	SLURM_ARRAY_TASK_ID=9 refuses \
		"--shard: must be I/N, I in [0,N): '8/5'" --shard auto
	SLURM_ARRAY_TASK_ID=x shows "shard 0 1" --shard auto
	shows "shard 5 10" --shard 1/2
}

@test "options that exclude each other, one of another table" {
	refuses "--all and --edges exclude each other" --all -e a
	refuses "--wide and --to exclude each other" --all --wide --to 1
	refuses "--wide and --method=welch exclude each other" \
		--all --wide --method welch
	run -0 opt-check --all --wide --method ratio
}

@test "options that need others" {
	refuses "--digits needs --smooth or --method=welch" --all --digits 1
	run -0 opt-check --all --digits 1 --smooth boxcar
	run -0 opt-check --all --digits 1 --method welch
	run -0 opt-check --all --size 1x1
	refuses "--size needs --method=ratio" --all --size 1x1 --method welch
}

@test "options of which one is needed" {
	refuses "--edges or --all is needed"
	run -0 opt-check -e a
}

@test "the order of two options" {
	run -0 opt-check --all --from 1 --to 1.5
	run -0 opt-check --all --from 1
	refuses "--from must be < --to: 2, 1.5" --from 2 --to 1.5 --all
	refuses "--from must be < --to: 2, 2" --from 2 --to 2 --all
}

@test "--help shows words and intervals" {
	run -0 opt-check --help
	grep -q -- '--method=name .* how: ratio|welch (ratio)$' <<<"$output"
	grep -q -- '--smooth=how .* smooth it: boxcar|gaussian$' <<<"$output"
	grep -q -- '--digits=n .* of a number, in \[0,9\]$' <<<"$output"
	grep -q -- '--from=ms .* begin here$' <<<"$output"
}
