# activity.mk -- tables and pictures of a simulation, only what has changed
#
#	make -f pipelines/activity.mk CONFIG=simulation_config.json
#
# CONFIG	the config of a simulation that has run
# OUTPUT	the folder that it wrote to (output, beside the config), which is
#		looked at only for what has changed
# OUT		where the results go (activity)
# GROUP		the column by which cells are grouped (pop_name)
# FROM, TO	the time to look at, in ms (that of the run)
# BIN		bins of population rates in ms; a whole number of them has to fit
#		into that time (10)
# REPORTS	reports of the config to draw, by their names (none)
# CHOICE	what else sonata-report --help has for these: --ids, --every, ...
# COLORS	a table of group,colour (colors.csv in OUT, which is made): a group
#		has its colour in all pictures, and in those of network.mk, which
#		makes the same table
# FORMAT	svg, png or pdf
#
# A table is made again when the config or a file of the network or of the output
# has changed, a picture when its table has.  What cannot be drawn does not keep
# the rest from being drawn.  The tools are looked for in PATH.  Names of files
# with spaces in them are more than make can do.

SHELL = /bin/bash
.SHELLFLAGS = -o pipefail -c

MAKEFLAGS += --keep-going

CONFIG ?= $(error give a simulation: CONFIG=simulation_config.json)
OUTPUT ?= $(dir $(CONFIG))output
OUT ?= activity
GROUP ?=
FROM ?=
TO ?=
BIN ?= 10
REPORTS ?=
CHOICE ?=
COLORS ?= $(OUT)/colors.csv
FORMAT ?= svg

# Words of a shell command, whatever is in them.
quote = '$(subst ','\'',$1)'

config := $(call quote,$(CONFIG))
colors := --colors $(call quote,$(COLORS))
group := $(if $(GROUP),-g $(call quote,$(GROUP)))
time := $(if $(FROM),--from $(call quote,$(FROM))) \
	$(if $(TO),--to $(call quote,$(TO)))
bin := $(call quote,$(BIN))
files := $(shell sonata-info --files $(config) | tail -n +2 | cut -d, -f2-) \
	$(wildcard $(OUTPUT)/*)

TABLES = summary groups cells rates
PICTURES = raster rates cells
traces := $(REPORTS:%=$(OUT)/report-%)

all: $(TABLES:%=$(OUT)/%.csv) $(PICTURES:%=$(OUT)/%.$(FORMAT)) \
	$(traces:%=%.csv) $(traces:%=%.$(FORMAT))

# A row for each group, whose colour is that of its place.  Names that have two
# lines are left out.
$(OUT)/colors.csv: | $(OUT)
	graph-export -f csv --by group --names --all $(group) $(config) | awk ' \
		NR == 1 { print "group,colour"; next } \
		match($$0, /^("([^"]|"")*"|[^",]*),/) { \
			name = substr($$0, 1, RLENGTH); \
			if (!seen[name]++) print name }' >$@ || \
		echo group,colour >$@

$(OUT)/summary.csv: | $(OUT)
	sonata-spikes --summary $(time) $(config) -o $@

$(OUT)/groups.csv: | $(OUT)
	spike-rate $(group) $(time) $(config) -o $@

$(OUT)/cells.csv: | $(OUT)
	spike-rate --per cell $(group) $(time) $(config) -o $@

$(OUT)/rates.csv: | $(OUT)
	spike-rate --bin $(bin) $(group) $(time) $(config) -o $@

$(OUT)/report-%.csv: | $(OUT)
	sonata-report --wide --report-name $(call quote,$*) $(time) $(CHOICE) $(config) -o $@

$(OUT)/raster.$(FORMAT): $(COLORS) | $(OUT)
	sonata-spikes $(time) $(config) | plot-raster -T $(FORMAT) -o $@ \
		$(colors) -n $(config) $(group) $(time) --rate $(bin)

$(TABLES:%=$(OUT)/%.csv) $(traces:%=%.csv) $(OUT)/raster.$(FORMAT) \
		$(OUT)/colors.csv: \
		$(wildcard $(files)) $(CONFIG)

$(OUT)/rates.$(FORMAT): $(OUT)/rates.csv $(COLORS)
	plot-lines -T $(FORMAT) -o $@ $(colors) -x time_ms -y rate_Hz \
		--by population,group --steps --title "Population rates" $<

$(OUT)/cells.$(FORMAT): $(OUT)/cells.csv
	plot-hist -T $(FORMAT) -o $@ -x rate_Hz --panel population,group \
		--title "Rates of cells" $<

# A line for each column but that of time.
$(OUT)/report-%.$(FORMAT): $(OUT)/report-%.csv
	plot-lines -T $(FORMAT) -o $@ -x time_ms \
		-y "$$(head -n 1 $< | cut -d, -f2-)" --title $(call quote,$*) $<

$(OUT):
	mkdir -p $(call quote,$@)

.DELETE_ON_ERROR:
.PHONY: all
