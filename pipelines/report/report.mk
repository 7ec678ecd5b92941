# report.mk -- what the makefiles of reports share
#
# What they make are steps, each a file in OUT out of others there.  A step that is
# left out has its reason in OUT/.made/left-out, which is in its place as long as
# what it would be made of stays the same.

report := $(dir $(lastword $(MAKEFILE_LIST)))

# Words of a shell command, whatever is in them.
quote = '$(subst ','\'',$1)'

# An option with each of some words.
each = $(foreach word,$2,$1 $(call quote,$(word)))

# The two places of steps, and the one where they are now.
step = $(foreach name,$1,$(OUT)/$(name) $(OUT)/.made/left-out/$(name))
now = $(foreach name,$1,$(firstword $(wildcard $(OUT)/.made/left-out/$(name)) \
	$(OUT)/$(name)))

# Of a step, in its recipe: what it makes, and the first that it is made of.
to = $(OUT)/$(@F)
from = $(OUT)/$(<F)

# No report is made without the tools.
tools = $(foreach tool,$1,$(if $(shell command -v $(tool) 2>/dev/null),,$(error \
	no $(tool) in PATH: PATH=folder_of_the_tools:$$PATH make ...)))

# To be called where all steps are known: step.sh is their shell.  A step can do
# without those of optional, and sees to that.
comma := ,
empty :=
listed = $(subst $(empty) ,$(comma),$(strip $1))
define steps
$(call step,$1): private SHELL = /bin/bash
$(call step,$1): private .SHELLFLAGS = $(report)step.sh $(OUT) $$(@F) \
	$$(or $$(call listed,$$(filter-out $$(optional),$$(notdir \
		$$(filter $(call step,$1),$$^)))),-) \
	$$(or $$(shows.$$(basename $$(@F))),-) \
	$(if $(filter-out all $(OUT)/index.html,$(MAKECMDGOALS)),strict,-) $$(or $$(absent),-) \
	$$(or $$(vital.$$(@F)),-)
endef

# The page of steps that have a title, and what made it.
invoked = make -f $(firstword $(MAKEFILE_LIST)) $(MAKEOVERRIDES)
page = bash $(report)index.sh $(firstword $(MAKEFILE_LIST)) \
	$(OUT) $(call quote,$1) $(call quote,$(invoked)) \
	$(foreach name,$2,$(name) $(call quote,$(or $(title.$(name)),$(title.$(basename $(name))))))

# To be evaluated where all variables are known: a table is made again when what is
# said of it, settings, has changed.
define remembered
ifneq ($(file <$(OUT)/.made/settings),$(settings))
.PHONY: $(OUT)/.made/settings
endif
$(OUT)/.made/settings: | $(OUT)
	@mkdir -p $(@D) && printf '%s\n' $(call quote,$(settings)) >$@

$(OUT):
	mkdir -p $(call quote,$@)

.PHONY: all
endef
