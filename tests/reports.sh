# shellcheck shell=bash
# The reports that the tests and the manual read, tests/data/reports, are what
# this makes: run it with a folder to make them anew.

# Two spikes of node 3, at 5 and 12 ms, none of node 1: frames x cells.
voltages() {
	awk 'BEGIN {
		for (k = 0; k < 200; k++) {
			t = k / 10
			v = -70
			for (i = 5; i <= 12; i += 7)
				if (t >= i - 1 && t < i)
					v = -70 + 100 * exp(-7 * (i - t))
				else if (t >= i)
					v += 100 * exp(-(t - i) * 1.2) - \
						8 * (1 - exp(-(t - i))) * \
						exp(-(t - i) / 2)
			printf " %.3f %.3f", v, -65 + 2 * sin(t)
		}
	}'
}

make_voltages() {
	make-odd "$1" <<-END
	/report/cortex/data f4:2 $(voltages)
	/report/cortex/data@units s mV
	/report/cortex/mapping/node_ids u8 3 1
	/report/cortex/mapping/index_pointers u8 0..2
	/report/cortex/mapping/element_ids u4 0*2
	/report/cortex/mapping/time f8 0 20 0.1
	/report/cortex/mapping/time@units s ms
	END
}

# As BMTK writes them: no units, one pointer more, and where an element is.
make_compartments() {
	make-odd "$1" <<-'END'
	/report/cortex/data f8:5 11 12 13 14 15 21 22 23 24 25 31 32 33 34 35
	/report/cortex/mapping/node_ids u8 7 2
	/report/cortex/mapping/index_pointer u8 0 3 5
	/report/cortex/mapping/element_ids u8 0 1 1 0 1
	/report/cortex/mapping/element_pos f8 0.5 0.25 0.75 0.5 0.5
	/report/cortex/mapping/time f8 100 101.5 0.5
	END
}

make_ecp() {
	make-odd "$1" <<-'END'
	/ecp/data f8:2 0.5 -0.25 0.75 -0.5 1 -1.25
	/ecp/data@units s mV
	/ecp/channel_id u8 4 9
	/ecp/x_pos f8 0 0
	/ecp/y_pos f8 -20 20
	/ecp/z_pos f8 50 50
	/ecp/time f8 0 0.3 0.1
	END
}

# Of synapses, as BMTK's netcon_report: those of nodes 5 and 1.
make_synapses() {
	make-odd "$1" <<-'END'
	/report/A/data f8:3 0.5 1.5 4 1 2 8
	/report/A/mapping/node_ids u8 5 1
	/report/A/mapping/index_pointer u8 0 2 3
	/report/A/mapping/element_ids u8 0 2 0
	/report/A/mapping/element_pos f8 0.5 0.25 0.5
	/report/A/mapping/src_ids u8 0 3 9
	/report/A/mapping/trg_ids u8 5 5 1
	/report/A/mapping/time f8 0 0.2 0.1
	END
}

make_reports() { # a folder
	make_voltages "$1/v.h5" && make_compartments "$1/compartments.h5" &&
		make_ecp "$1/ecp.h5" && make_synapses "$1/synapses.h5"
}

[ "${BASH_SOURCE[0]}" != "$0" ] || make_reports "$@"
