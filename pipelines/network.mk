# network.mk -- tables and pictures of a network, only what has changed
#
#	make -f pipelines/network.mk CONFIG=circuit_config.json
#
# CONFIG	a SONATA circuit or simulation config
# OUT		where the results go (report)
# GROUP		how cells are grouped, as -g has it (pop_name)
# SYNAPSE	the attribute of edges that the diagram names, as model_template
# EXCITATORY	values of it that are excitatory, and
# INHIBITORY	those that are inhibitory, for the ends of the arrows
# COLORS	a table of group,colour (colors.csv in OUT, which is made): a group
#		has its colour in all pictures
# FORMAT	svg, png or pdf
# JOBS		threads (auto)
#
# A table is made again when a file of the network has changed, a picture when
# its table has.  What is about places is left out where cells have none, and
# what is about edges where there are none; what cannot be drawn does not keep
# the rest from being drawn.
# graph.csv takes 60 bytes of memory for an edge; network.html shows a million
# edges at most.  The tools are looked for in PATH.  Names of files with spaces in
# them are more than make can do.

SHELL = /bin/bash
.SHELLFLAGS = -o pipefail -c

MAKEFLAGS += --keep-going

CONFIG ?= $(error give a network: CONFIG=circuit_config.json)
OUT ?= report
GROUP ?=
SYNAPSE ?=
EXCITATORY ?=
INHIBITORY ?=
COLORS ?= $(OUT)/colors.csv
FORMAT ?= svg
JOBS ?= auto

# Words of a shell command, whatever is in them.
quote = '$(subst ','\'',$1)'

config := $(call quote,$(CONFIG))
colors := --colors $(call quote,$(COLORS))
group := $(if $(GROUP),-g $(call quote,$(GROUP)))
files := $(shell sonata-info --files $(config) | tail -n +2 | cut -d, -f2-)
places := $(shell sonata-nodes --all $(config) | head -n 1 | tr , '\n' | grep -x x)
edges := $(shell sonata-info --edges $(config) | sed -n 2p)
drawn = plot-matrix -T $(FORMAT) -o $@

# An option with each of some words.
each = $(foreach word,$2,$1 $(call quote,$(word)))

# What edges of the diagram say, and what is at their ends.
synapse := $(call each,--attribute,$(SYNAPSE))
arrows := $(call each,--label-column,$(SYNAPSE)) \
	$(if $(EXCITATORY)$(INHIBITORY),$(call each,--sign,$(SYNAPSE))) \
	$(call each,--excitatory,$(EXCITATORY)) \
	$(call each,--inhibitory,$(INHIBITORY))

TABLES = types populations nodes graph \
	$(if $(edges),matrix cells histogram $(if $(places),distance))
PICTURES = $(if $(edges),total probability convergence divergence reciprocal \
	gap histogram diagram $(if $(places),distance)) \
	$(if $(places),positions)
GRAPHS = groups.graphml network.html

all: $(TABLES:%=$(OUT)/%.csv) $(PICTURES:%=$(OUT)/%.$(FORMAT)) \
	$(GRAPHS:%=$(OUT)/%)

# A row for each group, whose colour is that of its place.  Names that have two
# lines are left out.
$(OUT)/colors.csv: | $(OUT)
	graph-export -f csv --by group --names --all $(group) $(config) | awk ' \
		NR == 1 { print "group,colour"; next } \
		match($$0, /^("([^"]|"")*"|[^",]*),/) { \
			name = substr($$0, 1, RLENGTH); \
			if (!seen[name]++) print name }' >$@ || \
		echo group,colour >$@

$(OUT)/types.csv: | $(OUT)
	sonata-info $(config) -o $@

$(OUT)/populations.csv: | $(OUT)
	sonata-info --edges $(config) -o $@

$(OUT)/nodes.csv: | $(OUT)
	sonata-nodes --all $(config) -o $@

$(OUT)/matrix.csv: | $(OUT)
	conn-matrix -j $(JOBS) $(group) $(synapse) $(config) -o $@

$(OUT)/cells.csv: | $(OUT)
	conn-count -j $(JOBS) --wide $(group) $(config) -o $@

$(OUT)/histogram.csv: | $(OUT)
	conn-hist -j $(JOBS) $(group) $(config) -o $@

$(OUT)/distance.csv: | $(OUT)
	conn-distance -j $(JOBS) $(group) $(config) -o $@

$(OUT)/graph.csv: | $(OUT)
	graph-stats -j $(JOBS) $(group) $(config) -o $@

$(OUT)/groups.graphml: | $(OUT)
	graph-export -f graphml --by group -j $(JOBS) $(group) $(config) -o $@

$(OUT)/network.html: $(COLORS) | $(OUT)
	graph-html $(colors) -j $(JOBS) $(group) $(config) -o $@

$(TABLES:%=$(OUT)/%.csv) $(GRAPHS:%=$(OUT)/%) $(OUT)/colors.csv: \
		$(wildcard $(files)) $(CONFIG)

$(OUT)/total.$(FORMAT): $(OUT)/matrix.csv
	$(drawn) -y rows --title "Edges" $<

$(OUT)/probability.$(FORMAT): $(OUT)/matrix.csv
	$(drawn) -y probability --with-interval \
		--title "Probability of connection" $<

$(OUT)/convergence.$(FORMAT): $(OUT)/matrix.csv
	$(drawn) -y convergence_mean --with-sd \
		--title "Convergence, mean ± sd" $<

$(OUT)/divergence.$(FORMAT): $(OUT)/matrix.csv
	$(drawn) -y divergence_mean --with-sd \
		--title "Divergence, mean ± sd" $<

$(OUT)/reciprocal.$(FORMAT): $(OUT)/matrix.csv
	$(drawn) -y reciprocal --title "Reciprocal connections" $<

$(OUT)/gap.$(FORMAT): $(OUT)/matrix.csv
	$(drawn) -y gap_probability --title "Gap junctions" $<

$(OUT)/histogram.$(FORMAT): $(OUT)/histogram.csv
	plot-hist -T $(FORMAT) -o $@ --panel source,target \
		--title "Convergence" $<

$(OUT)/distance.$(FORMAT): $(OUT)/distance.csv
	plot-lines -T $(FORMAT) -o $@ --panel source,target \
		-x distance_low_um,distance_high_um -y probability \
		--low probability_low --high probability_high \
		--title "Probability by distance" $<

$(OUT)/diagram.$(FORMAT): $(OUT)/matrix.csv $(COLORS)
	plot-graph -T $(FORMAT) -o $@ $(colors) -y probability $(arrows) $<

# A grouping for each population is more than plot-positions has.
$(OUT)/positions.$(FORMAT): $(OUT)/nodes.csv $(COLORS)
	plot-positions -T $(FORMAT) -o $@ $(colors) --max-cells 10000 \
		$(if $(findstring =,$(GROUP)),,$(group)) $<

$(OUT):
	mkdir -p $(call quote,$@)

.DELETE_ON_ERROR:
.PHONY: all
