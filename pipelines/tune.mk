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
# OUT/tuned.csv has the parameters, for --params of every tool that runs a cell,
# and OUT/result.csv what has become of each target.  A table is made again when
# its files or what is said of it have changed, a picture when its tables have.

MAKEFLAGS += --keep-going

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

comma := ,
split = $(if $(findstring $(comma),$2)$(findstring :,$2),$1)

# Rows of several tables, each with the name of its stage before it.
stages = awk -v OFS=, 'FNR == 1 { stage = FILENAME; \
	sub(/.*-/, "", stage); sub(/[.]csv$$/, "", stage) } \
	NR == 1 { print "stage", $$0 } FNR > 1 { print stage, $$0 }'

# Words of a shell command, whatever is in them.
quote = '$(subst ','\'',$1)'

# An option with each of some words.
each = $(foreach word,$2,$1 $(call quote,$(word)))

mine := $(dir $(lastword $(MAKEFILE_LIST)))
drawn = plot-lines -T $(FORMAT) -o $@

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
fitted := $(OUT)/conductances.csv
endif

sites := $(call each,--inject,$(INJECT)) $(call each,--record,$(RECORD))
sweep = fi-sweep -j $(JOBS) $(sites) --settle $(SETTLE) --dur $(DUR) \
	--amps $(call quote,$(AMPS)) -o $@
clamp = cell-clamp -j $(JOBS) $(sites) --settle $(SETTLE) --dur $(DUR) \
	--amp $(call quote,$(CLAMP)) -o $@

# What a table depends on besides files: a fit is not to be made again because a
# curve has other points.
settings := $(whole) $(sites) SETTLE=$(SETTLE) DUR=$(DUR) CUTS=$(CUTS) \
	FITTING=$(FITTING)
points := AMPS=$(AMPS) CLAMP=$(CLAMP)

PICTURES := gates fi clamp score \
	$(if $(filter segregated,$(STAGES)),conductances)
TABLES := $(STAGES:%=fi-%) clamp-before clamp-tuned gates half tuned result

all: $(TABLES:%=$(OUT)/%.csv) $(PICTURES:%=$(OUT)/%.$(FORMAT))

$(OUT)/cell.hoc: $(SWC) $(FIT) $(OUT)/settings
	cell-import --fit $(call quote,$(FIT)) --name $(TEMPLATE) -o $@ \
		$(call quote,$(SWC))

$(OUT)/fi-before.csv $(OUT)/clamp-before.csv $(OUT)/gates.csv $(OUT)/half.csv \
	$(OUT)/cuts.csv $(OUT)/tuned.csv: $(files) $(OUT)/settings

$(STAGES:%=$(OUT)/fi-%.csv) $(OUT)/clamp-before.csv $(OUT)/clamp-tuned.csv: \
	$(OUT)/points

$(OUT)/fi-before.csv:
	$(sweep) $(whole)

$(OUT)/clamp-before.csv:
	$(clamp) $(whole)

$(OUT)/gates.csv:
	cell-gates $(whole) -o $@

$(OUT)/half.csv:
	cell-gates $(whole) --summary -o $@

ifeq ($(CUTS),suggested)
$(OUT)/cuts.csv:
	cell-segregate $(whole) --suggest >$@
else
$(OUT)/cuts.csv: $(CUTS)
	cp $(call quote,$(CUTS)) $@
endif

# The folder seg is as old as the table of its conductances.
$(OUT)/conductances.csv: $(OUT)/cuts.csv
	cell-segregate $(whole) --cuts $< --report $@ -o $(OUT)/seg

$(OUT)/fi-segregated.csv: $(OUT)/conductances.csv
	$(sweep) $(cell)

$(OUT)/tuned.csv: $(fitted) $(TARGETS) $(BOUNDS)
	rm -f $(OUT)/history.csv
	cell-fit -j $(JOBS) $(cell) $(sites) --settle $(SETTLE) --dur $(DUR) \
		$(FITTING) --targets $(call quote,$(TARGETS)) \
		--bounds $(call quote,$(BOUNDS)) \
		--history $(OUT)/history.csv --compare $(OUT)/result.csv -o $@

$(OUT)/history.csv $(OUT)/result.csv: $(OUT)/tuned.csv

$(OUT)/fi-tuned.csv: $(OUT)/tuned.csv
	$(sweep) $(cell) --params $(OUT)/tuned.csv

$(OUT)/clamp-tuned.csv: $(OUT)/tuned.csv
	$(clamp) $(cell) --params $(OUT)/tuned.csv

$(OUT)/gates.$(FORMAT): $(OUT)/gates.csv
	awk -F, '$$2 != ""' $< | \
		$(drawn) -x v_mV -y inf --by gate --panel mechanism \
		--title "Steady states of the gates"

$(OUT)/conductances.$(FORMAT): $(OUT)/conductances.csv
	awk -F, 'NR == FNR { cut[$$1]; next } \
		FNR == 1 || $$1 in cut && $$4 > 1e-8' $(OUT)/cuts.csv $< | \
		$(drawn) -x v_mV -y conductance_S_cm2 --by cell --log \
		--panel mechanism --title "Conductances at steady state"

$(OUT)/score.$(FORMAT): $(OUT)/history.csv
	awk -F, 'NR == 1 { print "evaluation,score"; next } \
		NR == 2 || $$2 < best { best = $$2 } \
		{ print $$1 "," best }' $< | \
		$(drawn) --steps --title "Best score so far"

# F-I curves of all stages, and the targets.
$(OUT)/fi.$(FORMAT): $(STAGES:%=$(OUT)/fi-%.csv) $(OUT)/result.csv
	{ $(stages) $(STAGES:%=$(OUT)/fi-%.csv) | cut -d, -f 1,2,4; \
		awk -F, '$$1 == "rate_Hz" { print "target," $$3 "," $$6 }' \
		$(OUT)/result.csv; } | \
		$(drawn) --by stage -x amp_pA -y rate_Hz --title "Rate by current"

$(OUT)/clamp.$(FORMAT): $(OUT)/clamp-before.csv $(OUT)/clamp-tuned.csv
	$(stages) $^ | $(drawn) -x time_ms -y v_mV --panel stage$(call \
		split,$(comma)amp_pA,$(CLAMP)) \
		--title "Response to steps of current"

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

.DELETE_ON_ERROR:
.PHONY: all
