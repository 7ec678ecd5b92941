# tune.mk -- tune a cell: measure it, its gates, segregate them, fit, report
#
#	make -f pipelines/tune.mk HOC=pipelines/cells/cells.hoc \
#		TEMPLATE=FastSpiking MECHANISMS=pipelines/cells/modfiles \
#		TARGETS=targets.csv BOUNDS=bounds.csv
#
# HOC, TEMPLATE, MECHANISMS	the cell, a hoc file, as cell.mk takes it, or
# SWC, FIT	the files of a cell of the Allen Institute, which becomes a hoc
#		template by cell-import; its channels are those of bmutils
#		unless MECHANISMS says others
# TARGETS	what the cell should do, as cell-fit takes it
# BOUNDS	the parameters that may change, and how far; a segregated
#		mechanism has another name, as in soma.gbar_nafseg
# CUTS		where currents begin, as cell-segregate takes it: a table, or
#		"suggested", or "none" for a cell that stays as it is
# CELSIUS, V_INIT, INJECT, RECORD, SETTLE, CLAMP, STEP, AMPS, FORMAT, JOBS
#		as cell.mk takes them
# SEED		of the fit (1)
# FITTING	what else cell-fit --help has for the fit: ...
# OUT		where the results go (tuned)
#
# OUT/tuned.csv has the parameters, for --params of the other tools, and
# OUT/result.csv what has become of each target.  A table is made again when its
# files or the settings have changed, a picture when its tables have.

MAKEFLAGS += --keep-going

mine := $(dir $(lastword $(MAKEFILE_LIST)))

ifdef SWC
HOC := $(OUT)/cell/cell.hoc
