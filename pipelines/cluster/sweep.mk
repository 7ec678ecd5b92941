# sweep.mk -- run a simulation for each row of a table of parameters
#
#	make -f pipelines/cluster/sweep.mk ENGINE=slurm TABLE=runs.csv \
#		CONFIG=simulation_config.json OUT=rates.csv \
#		COMMAND='python3 run_bionet.py "$CONFIG" >&2 && spike-rate "$CONFIG"'
#
# TABLE		a column for each parameter, a row for each case; a column is
#		called by its place in the config: run.tstop, inputs.clamp.amp,
#		networks.nodes.0.nodes_file; or in another file that the config
#		leads to: components/synaptic_models/AMPA.json:tau1; a column
#		case names the rows
# CONFIG	the config that each case changes these values of; an empty field
#		leaves what is there, and a value keeps its kind (sonata-config)
# COMMAND	what to run for each, as a shell would have it: it writes a table.
#		In it $CONFIG is the config of the case, $CASE its number, from 0,
#		and $OUTPUT the output_dir, which is the case's own unless the
#		table has a column output.output_dir
# OUT		where the tables go, as one: the parameters, then what COMMAND wrote
# KEEP		1: collect the others when cases have failed
# ENGINE, JOBS, PARTITION, ACCOUNT, TIME, MEM, CPUS, SBATCH, WAIT	as cluster.mk
#
# A case has failed if its command has, or if Slurm has ended it, for whatever
# reason: those cases are named at the end, with the reason and the last line of
# their logs, and make fails.  The same command goes on: a case is run again if it
# has failed, or its row has changed, or the config or a file that the config or
# COMMAND names.  What there is of a case is in OUT.parts: its log, its config and
# its output; "make ... clean" takes them away.
#
# A case's config is beside CONFIG while it runs, so that names of files in it lead
# where they led.  Of other files it has copies of those that it changes, whose
# names are seen from CONFIG's folder: no file of yours is written.  Names may have
# spaces and quotes.

SHELL = /bin/bash

ENGINE ?= local

here := $(dir $(lastword $(MAKEFILE_LIST)))
self := $(lastword $(MAKEFILE_LIST))

# As they were given: neither make nor a shell looks into them.
$(foreach v,TABLE CONFIG COMMAND OUT KEEP ENGINE JOBS PARTITION ACCOUNT TIME MEM CPUS \
	SBATCH WAIT,$(eval override $v := $$(value $v))$(eval export $v))

all:
	@bash '$(here)sweep.sh'

clean:
	@rm -rf -- "$$OUT.parts"

help:
	@sed -n '/^#/!q; s/^# \{0,1\}//p' '$(self)'

.PHONY: all clean help
