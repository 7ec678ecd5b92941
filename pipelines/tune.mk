# tune.mk -- tune a cell: measure it and its gates, segregate them, fit, report
#
#	make -f pipelines/tune.mk HOC=pipelines/cells/cells.hoc \
#		TEMPLATE=FastSpiking MECHANISMS=pipelines/cells/modfiles \
#		TARGETS=targets.csv BOUNDS=bounds.csv
#
# HOC, TEMPLATE, MECHANISMS	the cell, a hoc file, as cell.mk takes it, or
# SWC, FIT	the files of a cell of the Allen Institute, of which cell-import
#		makes a template; its channels are those of bmutils, if
#		MECHANISMS does not say others
# TARGETS	what the cell is to do, as cell-fit takes it
# BOUNDS	what may change, and how far.  In a segregated cell, a mechanism
#		and its parameters have another name: gbar_nafseg
# CUTS		where currents begin, as cell-segregate takes it, or
#		"suggested" (without it), or "none": the cell stays whole
# CELSIUS, V_INIT, INJECT, RECORD, SETTLE, CLAMP, AMPS, FORMAT, JOBS
#		as in cell.mk
# DUR		how long a step is, in ms (1000)
# FITTING	options of cell-fit --help: the seed, how many starts, ...
# OUT		where the results go (tuned)
#
# OUT/index.html has the pictures, the short tables and the commands that made
# them, for a browser.  What cannot be drawn is left out, with its reason.
# OUT/tuned.csv has the parameters, for --params of every tool that runs a cell,
# and OUT/result.csv what has become of each target.  A table is made again when
# its files or what is said of it have changed, a picture when its tables have.

include $(dir $(lastword $(MAKEFILE_LIST)))report/report.mk
$(call tools,cell-fit plot-lines)

CELSIUS ?=
V_INIT ?=
INJECT ?=
RECORD ?=
SETTLE ?= 1000
CLAMP ?= 100,200,300
AMPS ?= 0:500:25
DUR ?= 1000
CUTS ?= suggested
FITTING ?= --seed 1
OUT ?= tuned
FORMAT ?= svg
JOBS ?= auto
TARGETS ?= $(error what is the cell to do? TARGETS=targets.csv)
BOUNDS ?= $(error which parameters may change? BOUNDS=bounds.csv)

split = $(if $(findstring $(comma),$2)$(findstring :,$2),$1)

# Rows of several tables, each with the name of its stage before it.
stages = awk -v OFS=, 'FNR == 1 { stage = FILENAME; \
	sub(/.*-/, "", stage); sub(/[.]csv$$/, "", stage) } \
	NR == 1 { print "stage", $$0 } FNR > 1 { print stage, $$0 }'

mine := $(dir $(patsubst %/,%,$(report)))
drawn = plot-lines -T $(FORMAT) -o $(to) \
	--title $(call quote,$(title.$(basename $(@F))))

# The cell as it is given, or what cell-import makes of it.
ifdef SWC
HOC := $(OUT)/cell.hoc
TEMPLATE := Imported
MECHANISMS ?= $(mine)mechanisms
endif
HOC ?= $(error give a cell: HOC=cells.hoc TEMPLATE=name MECHANISMS=modfiles, \
	or SWC=cell.swc FIT=fit.json)
TEMPLATE ?=
MECHANISMS ?=
ifeq ($(CUTS)$(TEMPLATE),$(CUTS))
ifneq ($(HOC)$(CUTS),$(HOC)none)
$(error which template is to be segregated? TEMPLATE=name, or CUTS=none)
endif
endif

state := $(strip $(call each,--celsius,$(CELSIUS)) \
	$(call each,--v-init,$(V_INIT)))
whole := $(call each,--hoc,$(HOC)) $(call each,--template,$(TEMPLATE)) \
	$(call each,--mechanisms,$(MECHANISMS)) $(state)
files := $(foreach f,$(HOC),$(if $(wildcard $f/.),$(wildcard $f/*.hoc),$f)) \
	$(foreach d,$(MECHANISMS),$(wildcard $d/*.mod $d/*.inc \
		$d/modfiles/*.mod $d/modfiles/*.inc))

# The cell that is fitted, and what has made it.
ifeq ($(CUTS),none)
STAGES := before tuned
cell := $(whole)
fitted :=
else
STAGES := before segregated tuned
cell := --hoc $(OUT)/seg --template $(call quote,$(TEMPLATE)Seg) \
	$(call each,--mechanisms,$(MECHANISMS) $(OUT)/seg) $(state)
fitted = $(call now,conductances.csv)
endif

sites := $(call each,--inject,$(INJECT)) $(call each,--record,$(RECORD))
sweep = fi-sweep -j $(JOBS) $(sites) --settle $(SETTLE) --dur $(DUR) \
	--amps $(call quote,$(AMPS)) -o $(to)
clamp = cell-clamp -j $(JOBS) $(sites) --settle $(SETTLE) --dur $(DUR) \
	--amp $(call quote,$(CLAMP)) -o $(to)

# What a table depends on besides files: a fit is not to be made again because a
# curve has other points.
settings := $(whole) $(sites) SETTLE=$(SETTLE) DUR=$(DUR) CUTS=$(CUTS) \
	FITTING=$(FITTING)
points := AMPS=$(AMPS) CLAMP=$(CLAMP)

# In the order of the page.  Without parameters that fit this has failed.
cut := $(if $(filter segregated,$(STAGES)),conductances)
PICTURES := fi clamp score gates $(cut)
TABLES := tuned $(STAGES:%=fi-%) clamp-before clamp-tuned gates half \
	$(if $(cut),cuts conductances)
STEPS := $(PICTURES:%=%.$(FORMAT)) $(TABLES:%=%.csv)
vital.tuned.csv := yes
vital.cuts.csv := yes
vital.conductances.csv := yes

title.fi := Rate by current
title.clamp := Response to steps of current
title.score := Best score so far
title.gates := Steady states of the gates
title.conductances := Conductances at steady state
title.result.csv := What has become of the targets
title.tuned.csv := Parameters
title.fi-before.csv := Rate by current, before
title.fi-segregated.csv := Rate by current, segregated
title.fi-tuned.csv := Rate by current, tuned
title.clamp-before.csv := Steps of current, before
title.clamp-tuned.csv := Steps of current, tuned
title.gates.csv := Steady states and time constants of the gates
title.half.csv := Where gates are half open
title.cuts.csv := Where currents begin
title.conductances.csv := Conductances at steady state

all: $(OUT)/index.html

$(OUT)/index.html: $(call now,$(STEPS)) $(OUT)/result.csv
	@$(call page,Tuned: $(or $(TEMPLATE),$(HOC)),$(PICTURES:%=%.$(FORMAT)) \
		result.csv $(TABLES:%=%.csv))

$(eval $(call steps,$(STEPS)))

$(OUT)/cell.hoc: $(SWC) $(FIT) $(OUT)/settings
	cell-import --fit $(call quote,$(FIT)) --name $(TEMPLATE) -o $@ \
		$(call quote,$(SWC))

$(call step,fi-before.csv clamp-before.csv gates.csv half.csv cuts.csv tuned.csv): \
	$(files) $(OUT)/settings

$(call step,$(STAGES:%=fi-%.csv) clamp-before.csv clamp-tuned.csv): $(OUT)/points

$(call step,fi-before.csv):
	$(sweep) $(whole)

$(call step,clamp-before.csv):
	$(clamp) $(whole)

$(call step,gates.csv):
	cell-gates $(whole) -o $(to)

$(call step,half.csv):
	cell-gates $(whole) --summary -o $(to)

ifeq ($(CUTS),suggested)
$(call step,cuts.csv):
	cell-segregate $(whole) --suggest >$(to)
else
$(call step,cuts.csv): $(CUTS)
	cp $(call quote,$(CUTS)) $(to)
endif

# The folder seg is as old as the table of its conductances.
$(call step,conductances.csv): $(call now,cuts.csv)
	cell-segregate $(whole) --cuts $(from) --report $(to) -o $(OUT)/seg

$(call step,fi-segregated.csv): $(call now,conductances.csv)
	$(sweep) $(cell)

$(call step,tuned.csv): $(fitted) $(TARGETS) $(BOUNDS)
	rm -f $(OUT)/history.csv
	cell-fit -j $(JOBS) $(cell) $(sites) --settle $(SETTLE) --dur $(DUR) \
		$(FITTING) --targets $(call quote,$(TARGETS)) \
		--bounds $(call quote,$(BOUNDS)) \
		--history $(OUT)/history.csv --compare $(OUT)/result.csv -o $(to)

$(OUT)/history.csv $(OUT)/result.csv: $(call now,tuned.csv)

$(call step,fi-tuned.csv): $(call now,tuned.csv)
	$(sweep) $(cell) --params $(OUT)/tuned.csv

$(call step,clamp-tuned.csv): $(call now,tuned.csv)
	$(clamp) $(cell) --params $(OUT)/tuned.csv

$(call step,gates.$(FORMAT)): $(call now,gates.csv)
	awk -F, '$$2 != ""' $(from) | \
		$(drawn) -x v_mV -y inf --by gate --panel mechanism

$(call step,conductances.$(FORMAT)): $(call now,conductances.csv)
	awk -F, 'NR == FNR { cut[$$1]; next } \
		FNR == 1 || $$1 in cut && $$4 > 1e-8' $(OUT)/cuts.csv $(from) | \
		$(drawn) -x v_mV -y conductance_S_cm2 --by cell --log \
		--panel mechanism

$(call step,score.$(FORMAT)): $(OUT)/history.csv $(call now,tuned.csv)
	awk -F, 'NR == 1 { print "evaluation,score"; next } \
		NR == 2 || $$2 < best { best = $$2 } \
		{ print $$1 "," best }' $(from) | \
		$(drawn) --steps --xlabel Evaluation

# F-I curves of all stages, and the targets.
$(call step,fi.$(FORMAT)): $(call now,$(STAGES:%=fi-%.csv)) $(OUT)/result.csv
	{ $(stages) $(STAGES:%=$(OUT)/fi-%.csv) | cut -d, -f 1,2,4; \
		awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) at[$$i] = i } \
		$$1 == "rate_Hz" { print "target," $$3 "," $$at["wanted"] }' \
		$(OUT)/result.csv; } | \
		$(drawn) --by stage -x amp_pA -y rate_Hz

$(call step,clamp.$(FORMAT)): $(call now,clamp-before.csv clamp-tuned.csv)
	$(stages) $(OUT)/clamp-before.csv $(OUT)/clamp-tuned.csv | \
		$(drawn) -x time_ms -y v_mV \
		--panel stage$(call split,$(comma)amp_pA,$(CLAMP))

ifneq ($(file <$(OUT)/settings),$(settings))
.PHONY: $(OUT)/settings
endif
ifneq ($(file <$(OUT)/points),$(points))
.PHONY: $(OUT)/points
endif
$(OUT)/settings $(OUT)/points: | $(OUT)
	@printf '%s\n' $(call quote,$($(notdir $@))) >$@

$(OUT):
	mkdir -p $(call quote,$@)

.PHONY: all
