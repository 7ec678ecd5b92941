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
# OPTIONS	what else cell-info --help has for the cell: --set, --nseg-rule, ...; or
#		all of it instead of HOC, as '--swc cell.swc --fit fit.json' or
#		'--config circuit_config.json --node-type 100'
# SETTLE	ms before the beginning (1000)
# CLAMP		currents in pA whose traces and spikes are shown (100,200,300)
# STEP		that of the passive fit (-100)
# AMPS		those of the F-I curve (0:500:25)
# ZAP		amplitude of the chirp, so small that the cell is linear (5)
# OUT		where the results go (report)
# FORMAT	svg, png or pdf
# JOBS		currents at a time (auto)
#
# OUT/index.html has the pictures, the short tables and the commands that made
# them, for a browser.  A table is made again when the options or one of these
# files have changed (not those that a hoc file loads), a picture when its table
# has.  What a cell does not have, such as spikes or an exact impedance, is left
# out, and in the end the reasons are listed, in the page too; files that cannot be
# read end this with an error.  The tools are looked for in PATH.  Names of files
# with spaces in them are more than make can do.

include $(dir $(lastword $(MAKEFILE_LIST)))report/report.mk

HOC ?= $(if $(OPTIONS),,$(error give a cell: HOC=cells.hoc TEMPLATE=name \
	MECHANISMS=modfiles))
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

$(call tools,cell-info plot-lines)
all: $(OUT)/index.html

cell := $(strip $(call each,--hoc,$(HOC)) $(call each,--template,$(TEMPLATE)) \
	$(call each,--mechanisms,$(MECHANISMS)) \
	$(call each,--celsius,$(CELSIUS)) $(call each,--v-init,$(V_INIT)) \
	$(OPTIONS))
run := $(cell) $(call each,--inject,$(INJECT)) \
	$(call each,--record,$(RECORD)) --settle $(call quote,$(SETTLE))
files := $(foreach f,$(HOC),$(if $(wildcard $f/.),$(wildcard $f/*.hoc),$f)) \
	$(foreach d,$(MECHANISMS),$(wildcard $d/*.mod $d/*.inc \
		$d/modfiles/*.mod $d/modfiles/*.inc)) \
	$(wildcard $(filter-out --%,$(OPTIONS)))
settings := $(run) CLAMP=$(CLAMP) STEP=$(STEP) AMPS=$(AMPS) ZAP=$(ZAP)
drawn = plot-lines -T $(FORMAT) -o $(to) \
	--title $(call quote,$(title.$(basename $(@F))))

# A panel or a line for each current, where there is more than one.
split = $(if $(findstring $(comma),$2)$(findstring :,$2),$1)

optional := exact.csv

# In the order of the page.
RUNS = clamp step fi zap
TABLES = passive summary features parameters $(RUNS) fit impedance exact
PICTURES = clamp features passive fi zap impedance
STEPS = $(PICTURES:%=%.$(FORMAT)) $(TABLES:%=%.csv)

# A cell that does not run is an error.
$(foreach table,parameters $(RUNS),$(eval vital.$(table).csv := yes))

title.clamp = Response to steps of current
title.features = Intervals between spikes
title.passive = Passive response and fit
title.fi = Rate by current
title.zap = Response to a chirp
title.impedance = Impedance by frequency
title.passive.csv = Passive properties
title.summary.csv = Spikes of each step
title.features.csv = Spikes
title.parameters.csv = Parameters
title.clamp.csv = Steps of current
title.step.csv = Step of the passive fit
title.fi.csv = Rate by current
title.zap.csv = Chirp
title.fit.csv = Passive response and fit
title.impedance.csv = Impedance by frequency
title.exact.csv = Impedance that NEURON computes

$(OUT)/index.html: $(call now,$(STEPS)) $(OUT)/.made/settings
	@$(call page,Cell: $(or $(TEMPLATE),$(HOC),$(OPTIONS)),$(STEPS))

$(eval $(call steps,$(STEPS)))
$(eval $(value remembered))

$(call step,parameters.csv):
	cell-info $(cell) -o $(to)

$(call step,clamp.csv):
	cell-clamp -j $(JOBS) $(run) --amp $(call quote,$(CLAMP)) -o $(to)

$(call step,step.csv):
	cell-clamp -j $(JOBS) $(run) --amp $(call quote,$(STEP)) -o $(to)

$(call step,fi.csv):
	fi-sweep -j $(JOBS) $(run) --amps $(call quote,$(AMPS)) -o $(to)

# On cells/cells.hoc the impedance is within 0.4 % of NEURON's at 5 pA, and
# 1.1 % off at 20.  A sample in 0.25 ms is 80 in a period at least.
$(call step,zap.csv):
	cell-zap $(run) --amp $(call quote,$(ZAP)) --every 0.25 -o $(to)

$(call step,parameters.csv $(RUNS:%=%.csv)): $(files) $(OUT)/.made/settings | $(OUT)

$(call step,features.csv): $(call now,clamp.csv)
	spike-features -o $(to) $(from)

$(call step,summary.csv): $(call now,clamp.csv)
	spike-features --summary -o $(to) $(from)

$(call step,passive.csv): $(call now,step.csv)
	passive-fit -o $(to) $(from)

$(call step,fit.csv): $(call now,step.csv)
	passive-fit --curve -o $(to) $(from)

$(call step,impedance.csv): $(call now,zap.csv)
	zap-impedance -o $(to) $(from)

# What NEURON computes for a current without end or amplitude.
$(call step,exact.csv): $(call now,impedance.csv)
	cell-impedance $(run) --frequencies $(from) -o $(to)

$(call step,clamp.$(FORMAT)): $(call now,clamp.csv)
	$(drawn) $(call split,--panel amp_pA,$(CLAMP)) -x time_ms -y v_mV $(from)

$(call step,features.$(FORMAT)): $(call now,features.csv)
	$(drawn) $(call split,--by sweep,$(CLAMP)) -x peak_ms -y isi_ms \
		--no-lines --xlabel "Time of the spike (ms)" $(from)

# What the fit has found is in the frame, if it is one.
$(call step,passive.$(FORMAT)): $(call now,fit.csv passive.csv)
	$(drawn) $(call split,--panel sweep,$(STEP)) -x time_ms -y v_mV,fit_mV \
		--note "$$(awk -F, ' \
			NR == 1 { for (i = 1; i <= NF; i++) at[$$i] = i } \
			NR == 2 { \
				printf "R_in %.4g MΩ", $$at["r_in_MOhm"]; \
				if ($$at["tau_ms"] != "") printf ", τ %.3g ms", $$at["tau_ms"]; \
				if ($$at["sag_ratio"] != "") printf ", sag %.2f", $$at["sag_ratio"] \
			}' $(if $(call split,x,$(STEP)),/dev/null,$(OUT)/passive.csv))" \
		$(from)

$(call step,fi.$(FORMAT)): $(call now,fi.csv)
	$(drawn) -x amp_pA -y rate_Hz $(from)

$(call step,zap.$(FORMAT)): $(call now,zap.csv)
	$(drawn) -x time_ms -y v_mV $(from)

# Where NEURON cannot compute the impedance there are no rows, and no line.
$(call step,impedance.$(FORMAT)): $(call now,impedance.csv exact.csv)
	[ -e $(OUT)/exact.csv ] || head -n 1 $(from) >$(OUT)/exact.csv; \
	cut -d, -f2 $(OUT)/exact.csv | sed '1s/.*/exact_MOhm/' | \
		paste -d, $(from) - | \
		$(drawn) -x frequency_Hz -y impedance_MOhm --logx \
		$$(sed -n '2s/.*/--dashed exact_MOhm/p' $(OUT)/exact.csv) \
		--note "$$(awk -F, ' \
			NR == 2 { low = $$2 } \
			NR > 1 && $$2 > peak { peak = $$2; f = $$1 } \
			END { \
				if (peak > 1.005 * low) \
					printf "f_res %.3g Hz, Q %.3g", f, peak / low; \
				else \
					printf "no resonance" \
			}' $(from))"
