# network.mk -- tables and pictures of a network, only what has changed
#
#	make -f pipelines/network.mk CONFIG=circuit_config.json
#
# CONFIG	a SONATA circuit or simulation config
# OUT		where the results go (report)
# GROUP		how cells are grouped, as -g has it (pop_name)
# FORMAT	svg, png or pdf
# JOBS		threads (auto)
#
# A table is made again when a file of the network has changed, a picture when
# its table has.  The tools are looked for in PATH.  Names of files with spaces in
# them are more than make can do.

CONFIG ?= $(error give a network: CONFIG=circuit_config.json)
OUT ?= report
GROUP ?=
FORMAT ?= svg
JOBS ?= auto

# Words of a shell command, whatever is in them.
quote = '$(subst ','\'',$1)'

config := $(call quote,$(CONFIG))
group := $(if $(GROUP),-g $(call quote,$(GROUP)))
files := $(shell sonata-info --files $(config) | tail -n +2 | cut -d, -f2-)
drawn = plot-matrix -T $(FORMAT) -o $@

TABLES = types populations matrix cells histogram distance
PICTURES = total probability convergence divergence reciprocal gap histogram \
	distance

all: $(TABLES:%=$(OUT)/%.csv) $(PICTURES:%=$(OUT)/%.$(FORMAT))

$(OUT)/types.csv: | $(OUT)
	sonata-info $(config) -o $@

$(OUT)/populations.csv: | $(OUT)
	sonata-info --edges $(config) -o $@

$(OUT)/matrix.csv: | $(OUT)
	conn-matrix -j $(JOBS) $(group) $(config) -o $@

$(OUT)/cells.csv: | $(OUT)
	conn-count -j $(JOBS) --wide $(group) $(config) -o $@

$(OUT)/histogram.csv: | $(OUT)
	conn-hist -j $(JOBS) $(group) $(config) -o $@

$(OUT)/distance.csv: | $(OUT)
	conn-distance -j $(JOBS) $(group) $(config) -o $@

$(TABLES:%=$(OUT)/%.csv): $(wildcard $(files)) $(CONFIG)

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
		--low low --high high --title "Probability by distance" $<

$(OUT):
	mkdir -p $(call quote,$@)

.DELETE_ON_ERROR:
.PHONY: all
