# cell.mk -- tables and pictures of one cell, only what has changed
#
#	make -f pipelines/cell.mk HOC=pipelines/cells/cells.hoc \
#		TEMPLATE=Pyramidal MECHANISMS=pipelines/cells/modfiles
#
# HOC		hoc files, or folders of them
# TEMPLATE	the template in them (none: the sections at top level)
# MECHANISMS	folders of mod files
# CELSIUS	temperature, and
# V_INIT	voltage in mV to begin with, if the cell does not say them
# INJECT	the site where the current goes in, as 'soma(0.5)', and
# RECORD	that where the voltage is recorded (both in the root section)
# OPTIONS	what else cell-info --help has for the cell: --set, --nseg-rule, ...
# SETTLE	ms before the beginning (1000)
# CLAMP		currents in pA whose traces and spikes are shown (100,200,300)
# STEP		that of the passive fit (-100)
# AMPS		those of the F-I curve (0:500:25)
# ZAP		amplitude of the chirp, so small that the cell is linear (5)
# OUT		where the results go (report)
# FORMAT	svg, png or pdf
# JOBS		currents at a time (auto)
#
# A table is made again when the options or one of these files have changed (not
# those that a hoc file loads), a picture when its table has.  What cannot be
# measured or drawn does not keep the rest from it.  The tools are looked for in
# PATH.  Names of files with spaces in them are more than make can do.

MAKEFLAGS += --keep-going

HOC ?= $(error give a cell: HOC=cells.hoc TEMPLATE=name MECHANISMS=modfiles)
TEMPLATE ?=
MECHANISMS ?=
CELSIUS ?=
V_INIT ?=
INJECT ?=
RECORD ?=
OPTIONS ?=
SETTLE ?= 1000
CLAMP ?= 100,200,300
STEP ?= -100
AMPS ?= 0:500:25
ZAP ?= 5
OUT ?= report
FORMAT ?= svg
JOBS ?= auto

# Words of a shell command, whatever is in them.
quote = '$(subst ','\'',$1)'

# An option with each of some words.
each = $(foreach word,$2,$1 $(call quote,$(word)))

cell := $(strip $(call each,--hoc,$(HOC)) $(call each,--template,$(TEMPLATE)) \
	$(call each,--mechanisms,$(MECHANISMS)) \
	$(call each,--celsius,$(CELSIUS)) $(call each,--v-init,$(V_INIT)) \
	$(OPTIONS))
run := $(cell) $(call each,--inject,$(INJECT)) \
	$(call each,--record,$(RECORD)) --settle $(call quote,$(SETTLE))
files := $(foreach f,$(HOC),$(if $(wildcard $f/.),$(wildcard $f/*.hoc),$f)) \
	$(foreach d,$(MECHANISMS),$(wildcard $d/*.mod $d/*.inc \
		$d/modfiles/*.mod $d/modfiles/*.inc))
settings := $(run) CLAMP=$(CLAMP) STEP=$(STEP) AMPS=$(AMPS) ZAP=$(ZAP)
drawn = plot-lines -T $(FORMAT) -o $@

# A panel or a line for each current, where there is more than one.
comma := ,
split = $(if $(findstring $(comma),$2)$(findstring :,$2),$1)

RUNS = clamp step fi zap
TABLES = parameters $(RUNS) features summary passive fit impedance exact
PICTURES = clamp features passive fi zap impedance

all: $(TABLES:%=$(OUT)/%.csv) $(PICTURES:%=$(OUT)/%.$(FORMAT))

$(OUT)/parameters.csv:
	cell-info $(cell) -o $@

$(OUT)/clamp.csv:
	cell-clamp -j $(JOBS) $(run) --amp $(call quote,$(CLAMP)) -o $@

$(OUT)/step.csv:
	cell-clamp -j $(JOBS) $(run) --amp $(call quote,$(STEP)) -o $@

$(OUT)/fi.csv:
	fi-sweep -j $(JOBS) $(run) --amps $(call quote,$(AMPS)) -o $@

# On cells/cells.hoc the impedance is within 0.4 % of NEURON's at 5 pA, and
# 1.1 % off at 20.  A sample in 0.25 ms is 80 in a period at least.
$(OUT)/zap.csv:
	cell-zap $(run) --amp $(call quote,$(ZAP)) --every 0.25 -o $@

$(OUT)/parameters.csv $(RUNS:%=$(OUT)/%.csv): $(files) $(OUT)/settings

$(OUT)/features.csv: $(OUT)/clamp.csv
	spike-features -o $@ $<

$(OUT)/summary.csv: $(OUT)/clamp.csv
	spike-features --summary -o $@ $<

$(OUT)/passive.csv: $(OUT)/step.csv
	passive-fit -o $@ $<

$(OUT)/fit.csv: $(OUT)/step.csv
	passive-fit --curve -o $@ $<

$(OUT)/impedance.csv: $(OUT)/zap.csv
	zap-impedance -o $@ $<

# What NEURON computes for a current without end or amplitude.  Where it cannot,
# as cell-impedance then says, there are no rows, and no line in the picture.
$(OUT)/exact.csv: $(OUT)/impedance.csv
	cell-impedance $(run) --frequencies $< -o $@ || \
		{ [ $$? -eq 1 ] && head -n 1 $< >$@; }

$(OUT)/clamp.$(FORMAT): $(OUT)/clamp.csv
	$(drawn) $(call split,--panel amp_pA,$(CLAMP)) -x time_ms -y v_mV \
		--title "Response to steps of current" $<

$(OUT)/features.$(FORMAT): $(OUT)/features.csv
	$(drawn) $(call split,--by sweep,$(CLAMP)) -x peak_ms -y isi_ms \
		--no-lines --title "Intervals between spikes" $<

$(OUT)/passive.$(FORMAT): $(OUT)/fit.csv
	$(drawn) $(call split,--panel sweep,$(STEP)) -x time_ms -y v_mV,fit_mV \
		--title "Passive response and fit" $<

$(OUT)/fi.$(FORMAT): $(OUT)/fi.csv
	$(drawn) -x amp_pA -y rate_Hz --title "Rate by current" $<

$(OUT)/zap.$(FORMAT): $(OUT)/zap.csv
	$(drawn) -x time_ms -y v_mV --title "Response to a chirp" $<

$(OUT)/impedance.$(FORMAT): $(OUT)/impedance.csv $(OUT)/exact.csv
	if [ "$$(wc -l <$(OUT)/exact.csv)" -gt 1 ]; then \
		y=impedance_MOhm,exact_MOhm; \
	else \
		y=impedance_MOhm; \
	fi; \
	cut -d, -f2 $(OUT)/exact.csv | sed '1s/.*/exact_MOhm/' | \
		paste -d, $(OUT)/impedance.csv - | \
		$(drawn) -x frequency_Hz -y $$y --logx \
		--title "Impedance by frequency"

ifneq ($(file <$(OUT)/settings),$(settings))
.PHONY: $(OUT)/settings
endif
$(OUT)/settings: | $(OUT)
	@printf '%s\n' $(call quote,$(settings)) >$@

$(OUT):
	mkdir -p $(call quote,$@)

.DELETE_ON_ERROR:
.PHONY: all
