# cluster.mk -- one command, in parts that jobs share, put together again
#
#	make -f pipelines/cluster/cluster.mk ENGINE=slurm SHARDS=8 \
#		COMMAND='conn-matrix circuit_config.json' OUT=matrix.csv
#
# COMMAND	what to run: conn-matrix, conn-count, conn-hist, conn-distance,
#		spike-rate, graph-stats, connect-..., fi-sweep, cell-couple,
#		syn-clamp, spike-stim, sonata-nodes, sonata-edges or cell-fit, as a
#		shell would have it, without -o
# OUT		where its table goes
# SHARDS	how many parts it is made in (1)
# ENGINE	who makes them: local, parallel or slurm (local)
# JOBS		how many at a time (all CPUs; with slurm, all)
# PARTITION, ACCOUNT, TIME, MEM, CPUS	those of each job
# SBATCH	what else sbatch --help has: '--qos=long --exclude=n7'
# WAIT		no: return when the jobs are in the queue
# MERGE		parts or rows, how the parts of other commands are put together
#
# The table is that of the command alone, byte for byte.  Parts are in OUT.parts,
# each with its log; what is there and whole is not made again, so that the same
# command goes on after it was stopped, by a limit of time, say.  All parts are
# made again for another COMMAND, SHARDS or version of the tool, and a part that is
# older than a file that the command or a config in it names.  "make ... clean"
# takes them away.
#
# With slurm the parts are an array of jobs, and one more job puts them together
# when all have ended well.  Folders are shared by all machines.
#
# In COMMAND, $SHARD stands for --shard I/N, which else goes to its end, and $PART
# is the file of the part: 'connect-random ... $SHARD | edge-delay ...' is made in
# parts by its first tool.  Names may have spaces and quotes.  The tools are looked
# for in PATH.

SHELL = /bin/bash

ENGINE ?= local
SHARDS ?= 1

here := $(dir $(lastword $(MAKEFILE_LIST)))
self := $(lastword $(MAKEFILE_LIST))

# As they were given: neither make nor a shell looks into them.
$(foreach v,COMMAND OUT SHARDS ENGINE JOBS PARTITION ACCOUNT TIME MEM CPUS SBATCH \
	WAIT MERGE,$(eval override $v := $$(value $v))$(eval export $v))

all:
	@bash '$(here)cluster.sh'

clean:
	@rm -rf -- "$$OUT.parts"

help:
	@sed -n '/^#/!q; s/^# \{0,1\}//p' '$(self)'

.PHONY: all clean help
