# What bmutils-bmtool(7) says of BMTool, and of how bmutils do the same: every
# row of it is run, in a copy of tests/data, and BMTool's numbers are compared
# with what BMTool printed.
#
# Of that folder, output/spikes.h5 is what spike-pack makes of cells of
# A that spike regularly (0, 1, 2, 4), in bursts of four (5, 6, 7), or not at all.
load common.bash
load cells.sh
load reference.sh
load manual.sh

page=$BATS_TEST_DIRNAME/../man/bmutils-bmtool.7

setup_file() {
	cp -r "$BATS_TEST_DIRNAME/data" "$BATS_FILE_TMPDIR/data"
	cd "$BATS_FILE_TMPDIR/data" || return
	displays "$page" | sed "s#/usr/share/bmutils#$root/pipelines#" | replay |
		sed "s#$root/pipelines#/usr/share/bmutils#" >../printed
}

setup() { cd "$BATS_FILE_TMPDIR/data" || return; }

@test "every row runs, and prints what the page says" {
	diff <(displays "$page") ../printed
}

written() { # the files that the commands name as their output
	displays "$page" | grep -oE -e '(-o|--report) [a-z-]+[.][a-z]+5?' | cut -d' ' -f2
}

@test "what shows nothing writes a file of its own" {
	local file
	is "$(written | sort | uniq -d)" ""
	[ ! -e ../silent ]
	for file in $(written); do
		[ -s "$file" ] || fail "$file"
	done
}

@test "the pictures are SVG that says something" {
	written | grep '[.]svg$' >svg
	[ "$(wc -l <svg)" -gt 20 ]
	xargs /usr/bin/python3 -c '
import sys
import xml.etree.ElementTree as tree
for name in sys.argv[1:]:
    root = tree.parse(name).getroot()
    texts = [t for t in root.iter("{http://www.w3.org/2000/svg}text")
             if "".join(t.itertext()).strip()]
    assert root.tag == "{http://www.w3.org/2000/svg}svg", name
    assert len([t for t in texts if "no data" not in t.itertext()]) > 4, name
' <svg
}

@test "the tables have a header and rows of as many fields" {
	local file
	for file in $(written | grep '[.]csv$'); do
		awk -F, 'NR == 1 { n = NF } NF != n || n < 2 { exit 1 }
			END { exit NR < 2 }' "$file" || fail "$file"
	done
	/usr/bin/python3 -c '
import xml.etree.ElementTree as tree
ns = "{http://graphml.graphdrawing.org/xmlns}"
graph = tree.parse("a.graphml").getroot().find(ns + "graph")
assert len(graph.findall(ns + "node")) == 10'
	[[ $(tail -n 1 network.html) == *'</html>' ]]
}

rows() { # the names of each row, a row a line
	sed -n 's/^\.It Ic \(.*\)/\1/p' "$page"
}

# BMTool's commands, and its functions and classes without an underscore, of
# 0.5.9.5, of 0.8.6 and of its sources; but for what only serves its windows,
# notebooks, mails and command line, and what nothing calls.
inventory() {
	sed 's/^	*//' <<-'END'
	bmtool plot connection total
	bmtool plot connection percent
	bmtool plot connection divergence
	bmtool plot connection convergence
	bmtool plot connection prob
	bmtool plot connection property-histogram-matrix
	bmtool plot connection network-graph
	bmtool plot cell rotation
	bmtool plot positions
	bmtool plot raster
	bmtool plot report
	bmtool plot summary
	bmtool plot iclamp
	bmtool plot cells
	bmtool plot input
	bmtool util cell tune
	bmtool util cell fi
	bmtool util cell vhseg
	bmtool util cell vhsegbuild
	bmtool util cell passive
	bmtool util cell zap
	bmtool util synapse tune
	bmtool debug
	END
	printf 'bmplot.%s\n' total_connection_matrix connection_matrix \
		percent_connection_matrix probability_connection_matrix \
		convergence_connection_matrix divergence_connection_matrix \
		gap_junction_matrix connection_histogram connection_distance \
		edge_histogram_matrix distance_delay_plot \
		plot_synapse_location plot_connection_info \
		connector_percent_matrix plot_3d_positions cell_rotation_3d \
		plot_3d_cell_rotation plot_network_graph raster raster_old \
		plot_spikes plot_report plot_report_default sim_setup \
		plot_I_clamps plot_basic_cell_info plot_inspikes \
		plot_firing_rate_pop_stats plot_firing_rate_distribution \
		plot_firing_rate_vs_node_attribute plot_voltage_traces \
		plot_spectrogram plot_population_spike_rates_with_lfp \
		plot_spike_rate_coherence calculate_trial_statistics \
		plot_spike_power_correlation \
		plot_trial_avg_spike_power_correlation \
		plot_cycle_with_spike_histograms \
		plot_entrainment_by_population plot_entrainment_swarm_plot \
		plot_trial_avg_entrainment plot_fr_hist_phase_amplitude \
		plot_trial_avg_spike_rate_plv plot_firing_rate_histogram \
		is_notebook
	printf 'util.%s\n' connection_totals percent_connections \
		connection_divergence connection_probabilities \
		edge_property_matrix connection_graph_edge_types \
		gap_junction_connections relation_matrix load_config \
		load_nodes load_nodes_from_config load_nodes_from_paths \
		load_edges load_edges_from_config load_edges_from_paths \
		load_nodes_edges_from_config cell_positions_by_id \
		load_I_clamp_from_config load_inspikes_from_config \
		load_templates_from_config load_templates_from_paths \
		load_mechanisms_from_config CellVarsFile EdgeVarsFile \
		get_synapse_vars get_pop get_pop_id get_populations \
		df2node_id load_sonata_edges_to_dataframe \
		percent_connectivity connection_divergence_average_old \
		connection_average_synapses num_prop load_I_clamp_from_paths \
		load_inspikes_from_paths load_csv lognormal get_argparse \
		verify_parse popupmsg tk_email_input send_mail
	printf 'singlecell.%s\n' SimulationBase CurrentClamp Passive FI ZAP \
		SynapticInput Profiler run_and_plot get_target_site \
		load_biophys1 load_allen_database_cells
	printf 'Profiler.%s\n' load_templates passive_properties \
		current_injection synaptic_input fi_curve \
		impedance_amplitude_profile interactive_runner
	printf 'connectors.%s\n' num_prop decision decisions euclid_dist \
		spherical_dist cylindrical_dist_z ProbabilityFunction \
		DistantDependentProbability UniformInRange gaussian \
		GaussianDropoff NormalizedReciprocalRate pr_2_rho rho_2_pr \
		ReciprocalConnector UnidirectionConnector GapJunction \
		CorrelatedGapJunction GapJunctionConditionalReciprocalConnector \
		OneToOneSequentialConnector \
		FileBasedConnector syn_const_delay syn_dist_delay_feng \
		syn_section_PN syn_dist_delay_feng_section_PN \
		syn_uniform_delay_section syn_const_delay_feng_section_PN \
		AbstractConnector Timer is_same_pop
	printf 'synapses.%s\n' SynapseTuner SynapseOptimizer \
		GapJunctionTuner GapJunctionOptimizer \
		SynapseOptimizationResult GapOptimizationResult
	printf 'graphs.%s\n' generate_graph plot_graph \
		export_node_connections_to_csv
	printf 'analysis.spikes.%s\n' load_spikes_to_df \
		compute_firing_rate_stats get_population_spike_rate \
		average_spike_rate_over_windows compare_firing_over_times \
		find_bursting_cells find_burst_times find_highest_firing_cells
	printf 'analysis.lfp.%s\n' load_ecp_to_xarray ecp_to_lfp \
		slice_time_series fit_fooof generate_resd_from_fooof \
		get_fooof_freq_band calculate_SNR calculate_wavelet_passband \
		wavelet_filter butter_bandpass_filter get_lfp_power \
		get_lfp_phase get_windowed_data cwt_spectrogram \
		cwt_spectrogram_xarray windowed_xarray group_windows \
		average_group_windows
	printf 'analysis.entrainment.%s\n' align_spike_times_with_lfp \
		calculate_signal_signal_plv calculate_spike_lfp_plv \
		calculate_ppc calculate_ppc2 calculate_entrainment_per_cell \
		get_spikes_in_cycle compute_fr_hist_phase_amplitude
	printf 'analysis.%s\n' voltage_report.load_voltage_to_xarray \
		netcon_reports.load_synapse_report
	printf 'SLURM.%s\n' SimulationBlock BlockRunner seedSweep \
		multiSeedSweep submit_job check_job_status \
		get_relative_path globus_transfer get_synaptic_params \
		save_synaptic_params send_teams_message
	printf 'stimulus.%s\n' StimulusBuilder
	printf 'stimulus.assemblies.%s\n' assign_assembly get_assembly_ids \
		get_assemblies get_divided_assembly get_grid_assembly \
		get_assemblies_by_property
	printf 'stimulus.generators.%s\n' get_stim_cycle get_fr_short \
		get_fr_long get_fr_ramp get_fr_join get_fr_fade get_fr_loop
	printf 'commands.%s\n' Builder BaseBuilder WindowBuilder \
		ColumnBuilder SecMenuWidgetBuilder PointMenuWidgetBuilder \
		PlotWidgetBuilder check_neuron_installed
	printf 'celltuner.%s\n' Widget ValuePanel SameCellValuePanel \
		SingleButtonWidget MultiSecMenuWidget \
		SegregationSelectorWidget SegregationPassiveWidget \
		SegregationFIRFitWidget AutoVInitWidget TextWidget \
		PointMenuWidget VoltagePlotWidget PlotWidget FICurveWidget \
		SecMenuWidget ControlMenuWidget CellTunerGUI
}

@test "each command and function of BMTool has one row" {
	diff <(inventory | sort) <(rows | sed 's/ , /\n/g' | sort)
}

@test "each row has a command, but for the parts of BMTool" {
	is "$(awk '/^\.Sh PARTS OF BMTOOL/ { exit }
		/^\.It Ic / { if (row != "") print row; row = $0 }
		/^[$] / { row = "" }
		END { print row }' "$page")" ""
	is "$(sed -n '/^\.Sh PARTS OF BMTOOL/,$p' "$page" | grep -c '^[$]')" 0
}

@test "the tools of the page are there, and the page has all of them" {
	local tool
	# BMTool has nothing like these.
	local alone=(conn-merge sonata-check sonata-cut sonata-diff sonata-fix sonata-index)

	displays "$page" | grep -oE '(^[$] |[|(] *|^    )[a-z]+-[a-z]+ ' |
		grep -oE '[a-z]+-[a-z]+' | sort -u >named
	[ "$(wc -l <named)" -gt 30 ]
	comm -23 named <(tr ' ' '\n' <<<"$TOOLS" | sort) |
		sed 's/^/there is no /' >wrong
	for tool in $TOOLS; do
		[[ " ${alone[*]} " == *" $tool "* ]] || grep -qw -e "$tool" "$page" ||
			echo "the page has no $tool"
	done >>wrong
	is "$(cat wrong)" ""
}

says() { # that, somewhere on the page
	[ -n "$said" ] || said=$(grep -v '^\.\(Bd\|Ed\|Pp\)' "$page" |
		sed 's/^\.[A-Z][a-z] //; s/\\-/-/g' | tr '\n' ' ')
	[[ $said == *"$1"* ]] || fail "the page does not say: $1"
}

cell() { # of a matrix: its file, the source, the target
	awk -F, -v source="$2" -v target="$3" '
		NR == 1 { for (i = 2; i <= NF; i++) if ($i == target) k = i }
		$1 == source { print $k + 0 }' "$1"
}

# BMTool's number, and where the page has it: version, matrix, source, target,
# number, words of the page.
quoted() { # the folder of the network
	local version matrix source target number words
	while IFS=, read -r version matrix source target number words; do
		is "$(cell "$1/bmtool-$version/$matrix.num.csv" \
			"$source" "$target")" "$number" &&
			says "$words" || return
	done
}

@test "BMTool's numbers of the small network" {
	quoted tricky <<-'END'
	0.5.9.5,total,X,X,12,The same numbers
	0.8.6,total,X,Y,5,5 rows from X to Y
	0.5.9.5,percent.total,X,X,48,48 % from X to X
	0.8.6,percent.total,Y,Y,16.67,makes 16.67 %
	0.5.9.5,percent.bi,X,X,52,52 % and -4 % in 0.5
	0.5.9.5,percent.uni,X,X,-4,52 % and -4 % in 0.5
	0.8.6,percent.bi,X,X,20,20 % and 10 % in 0.8
	0.8.6,percent.uni,X,X,10,20 % and 10 % in 0.8
	0.5.9.5,convergence.mean,X,Y,1.67,they are 1.67 and 1.25
	0.8.6,convergence.mean,X,Y,1.67,they are 1.67 and 1.25
	0.8.6,gap.convergence,X,X,1,X and X have a degree of 1
	0.8.6,gap.percent,X,X,16,16 where 2 of 10 pairs
	END
	is "$(grep '^X,X' tricky/bmtool-0.5.9.5/edge_property.syn_weight.csv |
		awk -F, '{ printf "%.2f %g", $4, $6 }')" "10.58 18"
	says 'a mean of 10.58 there, with a weight of 18'
	is "$(grep '^X,Y,5' tricky/bmtool-0.8.6/probability.xyz.csv |
		awk -F, '{ printf "%.1f %.1f %.2f", $4, $5, $8 }')" \
		"54.7 63.4 0.67"
	says 'BMTool has 0.67'
	is "$(grep -c '^X,X,,,,,,-1$' tricky/bmtool-*/probability.xyz.csv |
		cut -d: -f2 | xargs)" "1 1"
	is "$(grep '^X,Y,True' tricky/bmtool-0.5.9.5/connection_histogram.csv |
		cut -d, -f6)" "mean 1.00 median 2.00"
	says '1.00 from X to Y, where it is 1.67'
	is "$(cat tricky/bmtool-*/graph_size.txt | uniq)" "nodes 10 edges 17"
	says '17 edges here'
	is "$(sed -n 2p tricky/bmtool-0.8.6/node_connections.csv | cut -d, -f-3)" \
		0,X,2
	says 'has 2 partners of X in BMTool'
	grep -q '101 *Y .* 1$' tricky/bmtool-0.5.9.5/plot_basic_cell_info.stdout.txt
	says '1 more of Y and none of Z'
	# What comes second of the x, y and z of arrows.
	is "$(grep "quiver', 'X'" tricky/bmtool-0.8.6/positions_rotation_calls.txt |
		grep -o '\[-*[0-9.]*, [^,]*' | awk '{ printf "%.3f ", $2 }')" \
		"0.936 0.290 -0.199 "
	says 'goes to 0.936, 0.290, -0.199'
}

@test "BMTool's numbers of LA, and those that there are" {
	need golden/la
	quoted "$reference/golden/la" <<-'END'
	0.5.9.5,percent.total,PV,PV,18.81,0.5 has 18.81 % and 12.72 % both ways
	0.5.9.5,percent.bi,PV,PV,12.72,0.5 has 18.81 % and 12.72 % both ways
	0.8.6,percent.total,PV,PV,21.58,0.8 has 21.58 % and 5.89 %
	0.8.6,percent.bi,PV,PV,5.89,0.8 has 21.58 % and 5.89 %
	0.5.9.5,gap.percent,PV,PV,14.99,0.5 has 14.99 % and a degree of 35.98
	0.5.9.5,gap.convergence,PV,PV,35.98,0.5 has 14.99 % and a degree of 35.98
	0.8.6,gap.percent,PV,PV,7.64,0.8 has 7.64 % and 9.57
	0.8.6,gap.convergence,PV,PV,9.57,0.8 has 7.64 % and 9.57
	END
	is "$(conn-matrix -e LA_to_LA "$reference/golden/la/config.json" \
		--stats probability,reciprocal,gap | awk -F, '
		NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i }
		$1 == "PV" && $2 == "PV" { printf "%.2f %.2f %.2f %.2f",
			100 * $at["probability"], 100 * $at["reciprocal"],
			100 * $at["gap_probability"], $at["gap_degree_mean"] }')" \
		"15.05 6.89 7.68 18.35"
	says 'there are 15.05 % and 6.89 %'
	says 'there are 7.68 % and 18.35'
}

@test "BMTool's numbers of a cell" {
	need golden/cells/scnn1a
	is "$(sed -n 2,7p "$reference/golden/cells/scnn1a/c6.3/fi_default/fi.csv" |
		cut -d, -f2 | xargs)" "0 2 8 10 11 1"
	says 'gives 0, 2, 8, 10, 11 and 1 spikes'
}

@test "BMTool's rate is of cells that spike, between the first and the last" {
	is "$(sonata-spikes -p A -n config.json -c pop_name config.json |
		awk -F, 'NR > 1 { if (!n++) first = $1
			if ($1 > last) last = $1 }
			$4 == "X" { spikes++; cells += !seen[$3]++ }
			END { printf "%.1f",
				1000 * spikes / cells / (last - first) }')" 9.6
	says '9.6 Hz there and 7.4 here'
}
