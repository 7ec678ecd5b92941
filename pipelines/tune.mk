# tune.mk -- tune a cell: measure, gates, segregate, fit, report
#
#	make -f pipelines/tune.mk HOC=pipelines/cells/cells.hoc \
#		TEMPLATE=FastSpiking MECHANISMS=pipelines/cells/modfiles \
#		TARGETS=targets.csv BOUNDS=bounds.csv
#
# HOC, TEMPLATE, MECHANISMS	the cell, as cell.mk takes it, or
# SWC, FIT	the two files of one of the Allen Institute, which cell-import
#		makes OUT/cell.hoc of; its channels are those of bmutils
#		unless MECHANISMS says others
# TARGETS	what the cell should do, for cell-fit: feature,amp_pA,value,sd
# BOUNDS	what may be changed, and how far: name,low,high.  A mechanism
#		that is segregated is called as in OUT/seg: gbar_nafseg
# CUTS		where currents are to begin, for cell-segregate; without it,
#		those that it suggests; "none": the cell is not segregated
# CELSIUS, V_INIT, INJECT, RECORD, OPTIONS, SETTLE, CLAMP, STEP, AMPS, OUT,
# FORMAT, JOBS	as in cell.mk
# SEED		of the fit (1)
# FITTING	more options of cell-fit
#
# In OUT (tuned): tuned.csv, for --params; tables and pictures of the cell before,
# segregated and tuned, and targets.csv with what has become of each target.  A
# table is made again when its files or settings have changed, and never else.

MAKEFLAGS += --keep-going
