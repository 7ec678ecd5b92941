# groups.mk -- what the reports of networks and simulations share besides
#
# The config has to be one that can be read.  files are those of its network; how
# cells are grouped is as GROUP says, unless there is no such column, for which
# there is a reason then.

config := $(call quote,$(CONFIG))
files := $(shell sonata-info --files $(config) | tail -n +2 | cut -d, -f2-)
ifneq ($(.SHELLSTATUS),0)
$(error no report of $(CONFIG))
endif

# Where cells have no pop_name, what kind they are, as their morphologists say.
columns := $(subst $(comma), ,$(shell sonata-nodes --all $(config) 2>/dev/null | \
	head -n 1))
usual := $(if $(filter pop_name,$(columns)),,$(if $(filter mtype,$(columns)),-g mtype))

group := $(if $(GROUP),-g $(call quote,$(GROUP)),$(usual))
ungrouped := $(if $(GROUP),$(shell graph-export -f csv --by group --names --all \
	$(group) $(config) 2>&1 >/dev/null | grep -F 'no column '))
ifneq ($(ungrouped),)
group := $(usual)
endif
colors := --colors $(call quote,$(COLORS))

# A row for each group, whose colour is that of its place.  Names that have two
# lines are left out.
$(OUT)/colors.csv: $(wildcard $(files)) $(CONFIG) | $(OUT)
	graph-export -f csv --by group --names --all $(group) $(config) 2>/dev/null | \
		awk ' \
		NR == 1 { print "group,colour"; next } \
		match($$0, /^("([^"]|"")*"|[^",]*),/) { \
			name = substr($$0, 1, RLENGTH); \
			if (!seen[name]++) print name }' >$@ || \
		echo group,colour >$@

# The grouping, as if it were one of the files that are left out.
ungroup = $(if $(ungrouped),printf '%s\n' $(call quote,$(ungrouped)) >,rm -f) \
	$(OUT)/.made/left-out/GROUP
