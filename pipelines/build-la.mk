# build-la.mk -- a network like the lateral amygdala of BMTool's README
#
#	make -f pipelines/build-la.mk OUT=la
#
# OUT	where it goes (la): tables of cells and edges, la/network for
#	simulators, and la/report.csv, what was asked for and what came out
# SEED	what is random follows from it (1)
# JOBS	threads of a connector (auto); the network does not depend on it
# TSTOP	ms that the simulation of la/network/simulation_config.json lasts (100)
# RATE	spikes of each thalamic cell in it, Hz, by chance (10)
#
# BMTK's BioNet runs that simulation when the mod files in la/components are
# compiled: make -f pipelines/build-la.mk OUT=la mechanisms.  The cells are the
# two of cells/, for want of the four of the model, and the synapses conductances
# of two exponentials; their weights are in uS.
#
# The cells are those of la/groups.csv: 1600 principal cells of two types, 240
# PV and 160 SOM interneurons in a cube of 600 um, and a thalamic input for each
# of them.  Principal cells connect to each other the more the nearer they are;
# a PV cell connects to another with probability 0.15, both ways with 0.0677, and
# by a gap junction with 0.1228, 0.56 or 1, if synapses connect them no, one or
# both ways.  The other numbers are near those of the model that the README
# draws.  All is made again with another SEED.  The tools are looked for in PATH.

SHELL = /bin/bash
.SHELLFLAGS = -o pipefail -c

OUT ?= la
SEED ?= 1
JOBS ?= auto
TSTOP ?= 100
RATE ?= 10

here := $(dir $(lastword $(MAKEFILE_LIST)))
cells := $(OUT)/cells.csv
models := $(OUT)/components

# A report is added to, so that each table begins one of its own.
report = --report $(OUT)/reports/$(@F)
begin = @mkdir -p $(OUT)/reports && rm -f $(OUT)/reports/$(@F)
recipe = -g cell_class --seed $(SEED) -j $(JOBS) $(report)
delay = edge-delay --any-order --seed $(SEED) -n $(cells)

# Columns that all edges of a table have: the synapse, where, and how strong; and
# what those have that go back.
columns = --$1 synapse=$2 --$1 model_template=exp2syn \
	--$1 dynamics_params=$3.json --$1 "target_sections=['$4']" \
	--$1 'distance_range=[0.0, 1000.0]' --$1 syn_weight=$5
synapse = $(call columns,property,$1,$2,$3,$4)
back = $(call columns,backward-property,$1,$2,$3,$4)

# tau1 and tau2 in ms, the reversal in mV.
EXCITATORY = PN2PN PN2PV PN2SOM BG2PN BG2INT
INHIBITORY = PV2PN SOM2PN PV2PV PV2SOM SOM2SOM
exp2syn = '{"level_of_detail": "exp2syn", "tau1": $1, "tau2": $2, "erev": $3}'
write = for s in $1; do echo $2 >$(models)/synaptic_models/$$s.json; done

EDGES = pn2pn pn2pv pn2som pv2pv pv2som som2som gap pyr_inp pv_inp som_inp
tables := $(EDGES:%=$(OUT)/%.csv)

all: $(OUT)/network/circuit_config.json $(OUT)/matrix.csv $(OUT)/report.csv

$(cells): $(here)la/groups.csv $(OUT)/settings
	place-cells --seed $(SEED) $< -o $@

$(OUT)/pn2pn.csv: $(cells)
	$(begin)
	connect-reciprocal $(recipe) --source PN --target PN $< \
		--p0 gaussian:pmax=0.014,sigma=150,max=450 --rho 0.2 \
		$(call synapse,pyr2pyr,PN2PN,apical,0.0005) | $(delay) -o $@

$(OUT)/pn2pv.csv: $(cells)
	$(begin)
	connect-reciprocal $(recipe) --source PN --target PV $< \
		--p0 0.033 --p1 0.094 --pr 0.022 \
		$(call synapse,pyr2int,PN2PV,basal,0.001) \
		$(call back,int2pyr,PV2PN,somatic,0.002) | $(delay) -o $@

$(OUT)/pn2som.csv: $(cells)
	$(begin)
	connect-reciprocal $(recipe) --source PN --target SOM $< \
		--p0 0.025 --p1 0.031 --pr 0.0043 \
		$(call synapse,pyr2int,PN2SOM,basal,0.001) \
		$(call back,int2pyr,SOM2PN,apical,0.003) | $(delay) -o $@

$(OUT)/pv2pv.csv: $(cells)
	$(begin)
	connect-reciprocal $(recipe) --source PV --target PV $< --p0 0.15 --pr 0.0677 \
		$(call synapse,int2int,PV2PV,basal,0.0015) | $(delay) -o $@

$(OUT)/pv2som.csv: $(cells)
	$(begin)
	connect-random $(recipe) --source PV --target SOM $< --p 0.25 \
		$(call synapse,int2int,PV2SOM,basal,0.0015) | $(delay) -o $@

$(OUT)/som2som.csv: $(cells)
	$(begin)
	connect-reciprocal $(recipe) --source SOM --target SOM $< --p0 0.05 --pr 0.0064 \
		$(call synapse,int2int,SOM2SOM,basal,0.0015) | $(delay) -o $@

$(OUT)/gap.csv: $(OUT)/pv2pv.csv $(cells)
	$(begin)
	connect-gap $(recipe) --source PV --target PV --chemical $< \
		--p-non 0.1228 --p-uni 0.56 --p-rec 1 \
		--property syn_weight=4.95e-05 \
		--property "target_sections=['basal']" \
		--property 'distance_range=[0.0, 1000.0]' $(cells) -o $@

$(OUT)/pyr_inp.csv: $(cells)
	$(begin)
	connect-sequential -g cell_class $(report) --source pyr_inp --target PN \
		$(call synapse,bg2pyr,BG2PN,basal,0.02) $< | \
		$(delay) --constant 1 -o $@

$(OUT)/pv_inp.csv: $(cells)
	$(begin)
	connect-sequential -g cell_class $(report) --source pv_inp --target PV \
		$(call synapse,bg2int,BG2INT,basal,0.02) $< | \
		$(delay) --constant 1 -o $@

$(OUT)/som_inp.csv: $(cells)
	$(begin)
	connect-sequential -g cell_class $(report) --source som_inp --target SOM \
		$(call synapse,bg2int,BG2INT,basal,0.02) $< | \
		$(delay) --constant 1 -o $@

$(OUT)/report.csv: $(tables)
	awk 'NR == 1 || FNR > 1' $(EDGES:%=$(OUT)/reports/%.csv) >$@

$(models)/templates/cells.hoc: $(here)cells/cells.hoc | $(OUT)
	mkdir -p $(@D) $(models)/mechanisms/modfiles $(models)/synaptic_models
	cp $(here)cells/modfiles/*.mod $(here)la/modfiles/*.mod \
		$(models)/mechanisms/modfiles
	$(call write,$(EXCITATORY),$(call exp2syn,0.5,3,0))
	$(call write,$(INHIBITORY),$(call exp2syn,0.5,8,-75))
	cp $< $@

mechanisms: $(models)/templates/cells.hoc
	sh '$(here)mechanisms.sh' $(models)/mechanisms $< Pyramidal

# Intervals are exponential; the random numbers are those of Park and Miller
# (1988), which are the same in every awk.
$(OUT)/thalamus.h5: $(cells)
	awk -F, -v seed=$(SEED) -v tstop=$(TSTOP) -v rate=$(RATE) ' \
		function wait() { \
			x = x * 16807 % 2147483647; \
			return -log(x / 2147483647) * 1000 / rate \
		} \
		BEGIN { \
			x = (seed * 1000003 + 4711) % 2147483646 + 1; \
			print "timestamps,population,node_ids" \
		} \
		$$1 == "thalamus" { \
			for (t = wait(); t < tstop; t += wait()) \
				printf "%.3f,%s,%s\n", t, $$1, $$2 \
		}' $< | spike-pack -o $@

$(OUT)/network/circuit_config.json: $(tables) $(cells) $(OUT)/thalamus.h5 \
		$(models)/templates/cells.hoc
	sonata-pack -n $(cells) -o $(OUT)/network $(tables) --simulation \
		--tstop $(TSTOP) --v-init -73 --input-spikes $(OUT)/thalamus.h5 \
		--components $(models)

$(OUT)/matrix.csv: $(OUT)/network/circuit_config.json
	conn-matrix -j $(JOBS) $< -o $@

settings := SEED=$(SEED) TSTOP=$(TSTOP) RATE=$(RATE)
ifneq ($(file <$(OUT)/settings),$(settings))
.PHONY: $(OUT)/settings
endif
$(OUT)/settings: | $(OUT)
	@echo '$(settings)' >$@

$(OUT):
	mkdir -p $@

.DELETE_ON_ERROR:
.PHONY: all mechanisms
