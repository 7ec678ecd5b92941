# network.mk -- tables and pictures of a network, only what has changed
#
#	make -f pipelines/network.mk CONFIG=circuit_config.json
#
# CONFIG	a SONATA circuit or simulation config
# OUT		where the results go (report)
# GROUP		how cells are grouped, as -g has it (pop_name, or else mtype)
# SYNAPSE	the attribute of edges that the diagram names, as model_template
# EXCITATORY	values of it that are excitatory, and
# INHIBITORY	those that are inhibitory, for the ends of the arrows
# COLORS	a table of group,colour (colors.csv in OUT, which is made): a group
#		has its colour in all pictures
# FORMAT	svg, png or pdf
# JOBS		threads (auto)
#
# OUT/index.html has the pictures, the short tables and the commands that made
# them, for a browser.  A table is made again when a file of the network or one of
# these variables has changed, a picture when its table has.  What a network does
# not have, such as places or edges, is left out, and in the end the reasons are
# listed, in the page too; files that cannot be read end this with an error.
# graph.csv takes 60 bytes of memory for an edge; network.html shows a million
# edges at most.  The tools are looked for in PATH.  Names of files with spaces in
# them are more than make can do.

SHELL = /bin/bash
.SHELLFLAGS = -o pipefail -c

include $(dir $(lastword $(MAKEFILE_LIST)))report/report.mk

CONFIG ?= $(error give a network: CONFIG=circuit_config.json)
OUT ?= report
GROUP ?=
SYNAPSE ?=
EXCITATORY ?=
INHIBITORY ?=
COLORS ?= $(OUT)/colors.csv
FORMAT ?= svg
JOBS ?= auto

$(call tools,sonata-info conn-matrix plot-matrix)
all: $(OUT)/index.html
include $(report)groups.mk

drawn = plot-matrix -T $(FORMAT) -o $(to) --title $(call quote,$(title.$(basename $(@F))))

# What edges of the diagram say, and what is at their ends.
synapse := $(call each,--attribute,$(SYNAPSE))
arrows := $(call each,--label-column,$(SYNAPSE)) \
	$(if $(EXCITATORY)$(INHIBITORY),$(call each,--sign,$(SYNAPSE))) \
	$(call each,--excitatory,$(EXCITATORY)) \
	$(call each,--inhibitory,$(INHIBITORY))
settings := CONFIG=$(CONFIG) $(group) $(synapse) $(arrows)

# In the order of the page.  A picture shows a column that is not all zeros.
TABLES = types populations matrix graph cells histogram distance nodes
PICTURES = diagram positions total probability convergence divergence reciprocal \
	gap histogram distance
GRAPHS = network.html groups.graphml
STEPS = $(PICTURES:%=%.$(FORMAT)) $(GRAPHS) $(TABLES:%=%.csv)

title.diagram = Connections between groups
title.positions = Positions of cells
title.total = Edges
title.probability = Probability of connection
title.convergence = Convergence (mean ± sd)
title.divergence = Divergence (mean ± sd)
title.reciprocal = Reciprocal connections
title.gap = Gap junctions
title.histogram = Convergence by group
title.distance = Probability by distance
title.network.html = The network, to turn, search and click
title.groups.graphml = Its groups, for graph programs
title.types.csv = Types of cells
title.populations.csv = Populations of edges
title.matrix.csv = Connections between groups
title.graph.csv = The network as a graph
title.cells.csv = Connections of each cell
title.histogram.csv = Convergence by group
title.distance.csv = Probability by distance
title.nodes.csv = Cells

shows.probability = probability
shows.convergence = convergence_mean
shows.divergence = divergence_mean
shows.reciprocal = reciprocal
shows.gap = gap_probability
shows.histogram = sd
shows.distance = connections

$(OUT)/index.html: $(call now,$(STEPS)) $(OUT)/.made/settings
	@$(ungroup); $(call page,Network: $(CONFIG),GROUP $(STEPS))

$(eval $(call steps,$(STEPS)))
$(eval $(value remembered))

$(call step,types.csv): | $(OUT)
	sonata-info $(config) -o $(to)

$(call step,populations.csv): | $(OUT)
	sonata-info --edges $(config) -o $(to)

$(call step,nodes.csv): | $(OUT)
	sonata-nodes --all $(config) -o $(to)

$(call step,matrix.csv): | $(OUT)
	conn-matrix -j $(JOBS) $(group) $(synapse) $(config) -o $(to)

$(call step,cells.csv): | $(OUT)
	conn-count -j $(JOBS) --wide $(group) $(config) -o $(to)

$(call step,histogram.csv): | $(OUT)
	conn-hist -j $(JOBS) $(group) $(config) -o $(to)

$(call step,distance.csv): | $(OUT)
	conn-distance -j $(JOBS) $(group) $(config) -o $(to)

$(call step,graph.csv): | $(OUT)
	graph-stats -j $(JOBS) $(group) $(config) -o $(to)

$(call step,groups.graphml): | $(OUT)
	graph-export -f graphml --by group -j $(JOBS) $(group) $(config) -o $(to)

$(call step,network.html): $(COLORS) | $(OUT)
	graph-html $(colors) -j $(JOBS) $(group) $(config) -o $(to)

$(call step,$(TABLES:%=%.csv) $(GRAPHS)): \
		$(wildcard $(files)) $(CONFIG) $(OUT)/.made/settings

$(call step,$(filter-out histogram.% distance.% diagram.% positions.%, \
		$(PICTURES:%=%.$(FORMAT)))): $(call now,matrix.csv)

$(call step,total.$(FORMAT)):
	$(drawn) -y rows $(from)

$(call step,probability.$(FORMAT)):
	$(drawn) -y probability --with-interval $(from)

$(call step,convergence.$(FORMAT)):
	$(drawn) -y convergence_mean --with-sd $(from)

$(call step,divergence.$(FORMAT)):
	$(drawn) -y divergence_mean --with-sd $(from)

$(call step,reciprocal.$(FORMAT)):
	$(drawn) -y reciprocal --label "Reciprocal connection probability" $(from)

$(call step,gap.$(FORMAT)):
	$(drawn) -y gap_probability $(from)

$(call step,histogram.$(FORMAT)): $(call now,histogram.csv)
	plot-hist -T $(FORMAT) -o $(to) --panel source,target \
		--xlabel Convergence --title $(call quote,$(title.histogram)) $(from)

$(call step,distance.$(FORMAT)): $(call now,distance.csv)
	plot-lines -T $(FORMAT) -o $(to) --panel source,target \
		-x distance_low_um,distance_high_um -y probability \
		--low probability_low --high probability_high \
		--title "Probability by distance" $(from)

$(call step,diagram.$(FORMAT)): $(call now,matrix.csv) $(COLORS)
	plot-graph -T $(FORMAT) -o $(to) $(colors) -y probability $(arrows) $(from)

# Groups have the names that they have in other pictures, if there are places.
places = graph-export -f csv --names --all $(group) $(config) | plot-positions -g label

$(call step,positions.$(FORMAT)): $(call now,nodes.csv) $(COLORS)
	$(if $(filter x,$(columns)),$(places),plot-positions $(from)) \
		-T $(FORMAT) -o $(to) $(colors) --max-cells 10000
