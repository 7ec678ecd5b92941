# tutorial.mk -- what bmutils-tutorial(7) works on, for want of your own
#
#	make -sf pipelines/tutorial.mk
#
# OUT	the folder that it goes to (.)
#
# la			a network of 4000 cells, by build-la.mk
# recording.csv		five sweeps as the program of an amplifier exports them: a
#			column for each voltage and current, units in the header
# cells.hoc, modfiles	two cells for NEURON
#
# The recording is no cell's: a leaky integrator with a current that adapts, to
# which spikes are added by a ruler, and noise.  The tools are looked for in PATH.

OUT ?= .

here := $(dir $(lastword $(MAKEFILE_LIST)))

all: $(OUT)/recording.csv $(OUT)/cells.hoc
	$(MAKE) -f '$(here)build-la.mk' OUT='$(OUT)/la'

# 100 MOhm and 15 ms; 500 ms of current from 100 ms on, a sample in 0.1 ms.  A
# spike is 2 ms: 0.4 up, and 1.6 down.
SWEEP = ' \
	function noise() { \
		x = x * 16807 % 2147483647; \
		return (x / 2147483647 - 0.5) * 0.2 \
	} \
	BEGIN { \
		x = 4711; \
		n = split("-100 -50 240 280 320", amp, " "); \
		printf "\"Time (s)\""; \
		for (k = 1; k <= n; k++) { \
			printf ",\"Vm %d (mV)\",\"Im %d (pA)\"", k, k; \
			v[k] = -70; w[k] = 0; since[k] = 100 \
		} \
		for (s = 0; s < 7000; s++) { \
			printf "\n%.4f", s / 10000; \
			for (k = 1; k <= n; k++) { \
				i = s > 1000 && s <= 6000 ? amp[k] : 0; \
				v[k] += (-70 - v[k] + (i - w[k]) / 10) / 150; \
				w[k] += ((v[k] + 70) * 2 - w[k]) / 800; \
				u = v[k]; \
				since[k] += 0.1; \
				if (v[k] > -52 && since[k] > 2) { \
					since[k] = 0; \
					w[k] += 15 \
				} \
				if (since[k] < 2) { \
					u = since[k] < 0.4 ? \
						-52 + since[k] * 205 : \
						30 - (since[k] - 0.4) * 58; \
					v[k] = -62 \
				} \
				printf ",%.2f,%.1f", u + noise(), i + 10 * noise() \
			} \
		} \
		print "" \
	}'

$(OUT)/recording.csv: | $(OUT)
	awk $(SWEEP) >$@

$(OUT)/cells.hoc: $(here)cells/cells.hoc | $(OUT)
	cp -r $(here)cells/modfiles $(OUT)
	cp $< $@

$(OUT):
	mkdir -p $@

.DELETE_ON_ERROR:
.PHONY: all
