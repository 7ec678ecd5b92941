# activity.mk -- tables and pictures of a simulation, only what has changed
#
#	make -f pipelines/activity.mk CONFIG=simulation_config.json
#
# CONFIG	the config of a simulation that has run
# OUTPUT	the folder that it wrote to (output, beside the config), which is
#		looked at only for what has changed
# OUT		where the results go (activity)
# GROUP		the column by which cells are grouped (pop_name, or else mtype)
# FROM, TO	the time to look at, in ms (that of the run)
# BIN		bins of population rates in ms; a whole number of them has to fit
#		into that time (10)
# REPORTS	reports of the config to draw, by their names (none)
# CHOICE	what else sonata-report --help has for these: --ids, --every, ...
# ECP		the report of electrodes, if there is one: its spectrum, the phases of
#		spikes in two of its rhythms, and how each group keeps to them (ecp)
# CHANNEL	the column that the phases are of, such as channel4_mV (the first)
# THETA, GAMMA	the rhythms, low:high in Hz (4:12, 30:80)
# WINDOW	of the spectrum, in ms; the shorter, the coarser (2000)
# COLORS	a table of group,colour (colors.csv in OUT, which is made): a group
#		has its colour in all pictures, and in those of network.mk, which
#		makes the same table
# FORMAT	svg, png or pdf
#
# OUT/index.html has the pictures, the short tables and the commands that made
# them, for a browser.  A table is made again when the config, a file of the
# network or of the output, or one of these variables has changed, a picture when
# its table has.  What a simulation does not have, such as spikes or a report, is
# left out, and in the end the reasons are listed, in the page too; files that
# cannot be read end this with an error.  The tools are looked for in PATH.  Names
# of files with spaces in them are more than make can do.

SHELL = /bin/bash
.SHELLFLAGS = -o pipefail -c

include $(dir $(lastword $(MAKEFILE_LIST)))report/report.mk

CONFIG ?= $(error give a simulation: CONFIG=simulation_config.json)
OUTPUT ?= $(dir $(CONFIG))output
OUT ?= activity
GROUP ?=
FROM ?=
TO ?=
BIN ?= 10
REPORTS ?=
CHOICE ?=
ECP ?= ecp
CHANNEL ?=
THETA ?= 4:12
GAMMA ?= 30:80
WINDOW ?= 2000
COLORS ?= $(OUT)/colors.csv
FORMAT ?= svg

$(call tools,sonata-info sonata-spikes plot-raster)
all: $(OUT)/index.html
include $(report)groups.mk

# What a simulation has not written yet.
absent := left-out

time := $(if $(FROM),--from $(call quote,$(FROM))) \
	$(if $(TO),--to $(call quote,$(TO)))
bin := $(call quote,$(BIN))
written := $(wildcard $(files)) $(CONFIG) $(wildcard $(OUTPUT)/*)
settings := CONFIG=$(CONFIG) $(group) $(time) BIN=$(BIN) $(CHOICE) \
	$(ECP) $(CHANNEL) $(THETA) $(GAMMA) $(WINDOW)

# A report that nobody named is no reason to say that it is not there.
electrodes := sonata-report --wide --report-name $(call quote,$(ECP)) $(config)
has_ecp := $(if $(filter file,$(origin ECP)),$(shell $(electrodes) 2>&1 | \
	head -n 1 | grep -v ': no report'),$(ECP))
RHYTHMS = $(if $(has_ecp),theta gamma)
band.theta = $(THETA)
band.gamma = $(GAMMA)

# In the order of the page.
TABLES = summary inputs groups cells rates
PICTURES = raster rates cells
traces := $(REPORTS:%=report-%)
fields = $(if $(has_ecp),spectrum) $(RHYTHMS:%=%-cycle)
field_tables = $(if $(has_ecp),$(RHYTHMS:%=%-lock) spectrum lfp) \
	$(foreach rhythm,$(RHYTHMS),$(rhythm)-cycle $(rhythm)-spikes $(rhythm))
STEPS = $(PICTURES:%=%.$(FORMAT)) $(fields:%=%.$(FORMAT)) $(traces:%=%.$(FORMAT)) \
	$(TABLES:%=%.csv) $(field_tables:%=%.csv) $(traces:%=%.csv)

title.raster = Spikes
title.rates = Population rates
title.cells = Rates of cells
title.spectrum = Spectrum of the field potential
title.theta-cycle = Rates in a theta cycle
title.gamma-cycle = Rates in a gamma cycle
title.lfp.csv = Field potential below 250 Hz
title.theta.csv = Theta phases
title.gamma.csv = Gamma phases
title.theta-spikes.csv = Theta phases of spikes
title.gamma-spikes.csv = Gamma phases of spikes
title.theta-lock.csv = Locking to theta
title.gamma-lock.csv = Locking to gamma
title.summary.csv = The simulation
title.inputs.csv = Inputs
title.groups.csv = Rates of groups
title.cells.csv = Rates of cells
title.rates.csv = Population rates
$(foreach report,$(REPORTS),$(eval title.report-$(report) := Report $(report)))

$(OUT)/index.html: $(call now,$(STEPS)) $(OUT)/.made/settings
	@$(ungroup); $(call page,Activity: $(CONFIG),GROUP $(STEPS))

$(eval $(call steps,$(STEPS)))
$(eval $(value remembered))

$(call step,summary.csv): | $(OUT)
	sonata-spikes --summary $(time) $(config) -o $(to)

$(call step,inputs.csv): | $(OUT)
	sonata-info --inputs $(config) -o $(to)

$(call step,groups.csv): | $(OUT)
	spike-rate $(group) $(time) $(config) -o $(to)

$(call step,cells.csv): | $(OUT)
	spike-rate --per cell $(group) $(time) $(config) -o $(to)

$(call step,rates.csv): | $(OUT)
	spike-rate --bin $(bin) $(group) $(time) $(config) -o $(to)

$(call step,$(TABLES:%=%.csv)): $(written) $(OUT)/.made/settings

# There is no raster without spikes, which is what the summary says.  Its time is
# that of the bins, as no cell may spike for long in the beginning or the end.
$(call step,raster.$(FORMAT)): $(call now,summary.csv) $(COLORS) $(written) \
		| $(call now,rates.csv)
	sonata-spikes $(time) $(config) | plot-raster -T $(FORMAT) -o $(to) \
		$(colors) -n $(config) $(group) $$([ ! -e $(OUT)/rates.csv ] || \
			awk -F, -v bin=$(bin) 'NR == 2 { from = $$1 } END { \
				if (NR > 1) printf "--from %s --to %.15g", from, $$1 + bin \
			}' $(OUT)/rates.csv) --rate $(bin)

$(call step,rates.$(FORMAT)): $(call now,rates.csv) $(COLORS)
	plot-lines -T $(FORMAT) -o $(to) $(colors) -x time_ms -y rate_Hz \
		--by population,group --steps --title $(call quote,$(title.rates)) $(from)

# A panel for each group, where they have more than two cells.
$(call step,cells.$(FORMAT)): $(call now,cells.csv)
	[ $$(wc -l <$(from)) -gt 3 ] || { \
		echo "fewer than three cells in $(<F)" >&2; exit 1; }; \
	plot-hist -T $(FORMAT) -o $(to) -x rate_Hz $$(awk -F, ' \
			!group[$$1, $$3]++ { n++ } \
			END { if (NR > 2 * n) print "--panel population,group" }' \
			$(from)) \
		--title $(call quote,$(title.cells)) $(from)

# A line for each column but that of time.
define trace
$(call step,report-$1.csv): $(written) $(OUT)/.made/settings | $(OUT)
	sonata-report --wide --report-name $(call quote,$1) $(time) $(CHOICE) \
		$(config) -o $$(to)

$(call step,report-$1.$(FORMAT)): $(call now,report-$1.csv)
	plot-lines -T $(FORMAT) -o $$(to) -x time_ms \
		-y "$$$$(head -n 1 $$(from) | cut -d, -f2-)" --title $(call quote,$1) $$(from)
endef
$(foreach report,$(REPORTS),$(eval $(call trace,$(report))))

# What is above 250 Hz is taken out, and with it all but about a sample a ms.  It is
# all of the record: what is cut before it is filtered has ends of its own.
$(call step,lfp.csv): $(written) $(OUT)/.made/settings | $(OUT)
	every=$$($(electrodes) 2>/dev/null | head -n 3 | awk -F, 'NR == 2 { from = $$1 } \
		NR == 3 && $$1 > from { n = int(1 / ($$1 - from) + 0.5); \
			print (n > 1 ? n : 1) }'); \
	if [ "$${every:-1}" = 1 ]; then $(electrodes) -o $(to); else \
		$(electrodes) | signal-filter --low 250 --order 8 --every $$every \
			-o $(to); fi

$(call step,spectrum.csv): $(call now,lfp.csv)
	$(if $(time),awk -F$(comma) -v from=$(call quote,$(FROM)) -v to=$(call quote,$(TO)) \
		'NR == 1 || (from == "" || $$1 >= from) && (to == "" || $$1 < to)' $(from) |) \
	signal-spectrum --window $(call quote,$(WINDOW)) $(if $(time),,$(from)) -o $(to)

$(call step,spectrum.$(FORMAT)): $(call now,spectrum.csv)
	plot-lines -T $(FORMAT) -o $(to) -x frequency_Hz -y psd --by signal --low low \
		--high high --bands --log --to 150 \
		--title $(call quote,$(title.spectrum)) $(from)

channel = $(if $(CHANNEL),$(call quote,$(CHANNEL)),"$$(head -n 1 $(OUT)/lfp.csv | \
	cut -d, -f2)")

# The phases of a rhythm, those of spikes, and how much each group keeps to it.
define rhythm
$(call step,$1.csv): $(call now,lfp.csv)
	signal-phase --band $(call quote,$(band.$1)) -c $$(channel) $$(from) -o $$(to)

$(call step,$1-spikes.csv): $(call now,$1.csv) $(written)
	sonata-spikes $(time) $(config) | spike-phase --signal $$(from) -o $$(to)

$(call step,$1-lock.csv): $(call now,$1-spikes.csv)
	spike-lock --per group -n $(config) $(group) $$(from) -o $$(to)

$(call step,$1-cycle.csv): $(call now,$1-spikes.csv $1.csv)
	phase-hist --bins 18 --cosine --signal $(OUT)/$1.csv -n $(config) $(group) $$(from) -o $$(to)

$(call step,$1-cycle.$(FORMAT)): $(call now,$1-cycle.csv) $(COLORS)
	plot-lines -T $(FORMAT) -o $$(to) $(colors) -x phase_low,phase_high -y rate_Hz \
		--by population,group --dashed cosine --xlabel 'Phase (rad), 0 at the peak' \
		--title $(call quote,$(title.$1-cycle)) $$(from)
endef
$(foreach name,$(RHYTHMS),$(eval $(call rhythm,$(name))))
