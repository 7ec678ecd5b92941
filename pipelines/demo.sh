#!/bin/sh
# demo.sh -- build a network, measure it and draw it; profile two cells, tune one
#
# usage: pipelines/demo.sh directory
#
# The network is like the lateral amygdala of BMTool's README: 2000 cells in four
# groups, and as many thalamic ones that drive them.  The single cells are those
# of cells/.  No simulator runs the network: the spikes are those of the two
# cells, at a different current each time, as if each run were a cell.
#
# What is in directory/gallery is the gallery of the README, and has to be copied
# to man/gallery when it changes; made-with says which programs and fonts it is of.
#
# shellcheck disable=SC2016 # the shell of a command puts the variables in
set -eu

[ $# -eq 1 ] || { echo "usage: demo.sh directory" >&2; exit 2; }
out=$1
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$out/gallery" "$out/activity/output"
export LC_ALL=C

run() { # a command of a shell, shown
	printf '\n$ %s\n' "$*"
	sh -c "$*"
}

draw() { # a picture of the gallery, by this command
	run "$2 >gallery/$1.svg"
}

show() { # a picture of the windows that this command opens
	command -v Xvfb >/dev/null || return 0
	printf '\n$ %s  # gallery/%s.png\n' "$2" "$1"
	sh -c "'$here/windows.sh' gallery/$1.png 1280x900 $2"
}

shoot() { # a picture of network.html, which this command writes
	if command -v chromedriver && command -v convert; then :; else
		return 0
	fi >/dev/null
	printf '\n$ %s  # gallery/%s.png\n' "$2" "$1"
	sh -c "$2"
	"$here/page.sh" "gallery/$1.png" 1200x700 network.html
}

export net=la/network/circuit_config.json
export cell="--hoc $here/cells/cells.hoc --mechanisms $here/cells/modfiles"
export simulation=activity/simulation_config.json

cd "$out"
printf '$ net=%s\n' "$net"
run "make --no-print-directory -f '$here/build-la.mk' OUT=la"
run 'sonata-info $net'
run 'sonata-edges -e LA_to_LA $net | head -n 4'
run 'conn-matrix -e LA_to_LA $net | plot-matrix -T dumb -y probability'
run 'graph-stats --stats size,degree,clustering $net'
printf '\nand now all of the report, by pipelines/network.mk:\n'
make --no-print-directory -f "$here/network.mk" CONFIG="$net" OUT=. \
	SYNAPSE=synapse INHIBITORY='int2pyr int2int' \
	EXCITATORY='pyr2pyr pyr2int bg2pyr bg2int'

printf '\n$ cell="%s"\n' "$cell"
run 'cell-info $cell --template Pyramidal --tree'
run 'cell-clamp $cell --template Pyramidal --amp -100 --settle 500 |
    passive-fit | cut -d, -f2-11'
run 'fi-sweep $cell --template FastSpiking --amps 0:300:25 --settle 500 |
    plot-lines -T dumb -y rate_Hz'
run 'syn-clamp $cell --template FastSpiking --mechanisms '"'$here/mechanisms'"' \
    --synapse TsodyksMarkram --weight 0.001 --clamp -70 --settle 300 \
    --rate 1,5,20,50,100 --recovery 250 -j auto | syn-features --summary |
    plot-lines -T dumb --logx -x rate_Hz -y ppr,stp_induction'
run 'cell-couple $cell --template FastSpiking --gap 0.2,1,5 --settle 500 \
    --into both | coupling | cut -d, -f1-3,6,7'
printf '\nand now all of the reports, by pipelines/cell.mk:\n'
for template in Pyramidal FastSpiking; do
	make --no-print-directory -f "$here/cell.mk" OUT="$template" \
		HOC="$here/cells/cells.hoc" TEMPLATE="$template" \
		MECHANISMS="$here/cells/modfiles"
done

printf '\nand a cell that is to spike less, by pipelines/tune.mk:\n'
run 'cat >targets.csv <<END
feature,amp_pA,value,sd
rate_Hz,100,28,2
rate_Hz,200,70,2
rate_Hz,300,91,2
END
cat >bounds.csv <<END
name,low,high,scale
soma.gbar_nafseg,0.1,0.6,log
soma.gbar_kv3seg,0.1,0.4,log
g_pas@all,1e-4,2e-4,log
END'
make --no-print-directory -f "$here/tune.mk" OUT=tuned \
	HOC="$here/cells/cells.hoc" TEMPLATE=FastSpiking \
	MECHANISMS="$here/cells/modfiles" TARGETS=targets.csv BOUNDS=bounds.csv \
	SETTLE=100 DUR=300 AMPS=0:300:50 \
	FITTING='--seed 3 --search cmaes --max-evals 50 --stop-score 0.9'

printf '\nspikes of forty cells, each of them a run at another current:\n'
run 'awk '\''BEGIN {
        OFS = ","
        print "population,node_id,pop_name,amp_pA,model_type,model_template"
        for (k = 0; k < 20; k++) print "demo", k, "Pyramidal", 110 + 10 * k,
            "biophysical", "hoc:Pyramidal"
        for (k = 0; k < 20; k++) print "demo", 20 + k, "FastSpiking",
            40 + 10 * k, "biophysical", "hoc:FastSpiking"
    }'\'' >activity/nodes.csv'
time='--settle 200 --delay 50 --dur 200 --tstop 300'
run 'cell-clamp $cell --template Pyramidal --amp 110:300:10 -j auto \
    '"$time"' --spikes activity/Pyramidal.csv >/dev/null'
run 'cell-clamp $cell --template FastSpiking --amp 40:230:10 -j auto \
    '"$time"' --spikes activity/FastSpiking.csv >/dev/null'
run 'awk -F, '\''BEGIN { print "timestamps,population,node_ids" }
    NR == FNR { id[$3, $4] = $2; next }
    FNR > 1 { print $2 ",demo," id[template, $1] }'\'' activity/nodes.csv \
    template=Pyramidal activity/Pyramidal.csv \
    template=FastSpiking activity/FastSpiking.csv |
    spike-pack -o activity/output/spikes.h5'
run 'echo source_node_id,target_node_id |
    sonata-pack -n activity/nodes.csv -o activity/network'
run 'cat >$simulation <<END
{
  "network": "network/circuit_config.json",
  "run": { "tstart": 0, "tstop": 300, "dt": 0.025 },
  "output": { "output_dir": "output", "spikes_file": "spikes.h5" }
}
END'
printf '\n$ simulation=%s\n' "$simulation"
run 'sonata-spikes -g pop_name $simulation | head -n 4'
run 'spike-rate $simulation'
printf '\nand now all of the report, by pipelines/activity.mk:\n'
make --no-print-directory -f "$here/activity.mk" CONFIG="$simulation" \
	OUT=activity/report

printf '\na stimulus for a network: two assemblies, which take turns:\n'
run 'rate-pattern --pattern ramp --groups 2 --ramp 5:80 --rate-off 2 --to 3000 \
    -o activity/rates.csv'
run 'node-groups --random 2 --seed 1 activity/nodes.csv |
    spike-stim --rates activity/rates.csv --refractory 2 --seed 1 |
    spike-pack -o activity/stimulus.h5'
run 'spike-rate --from 0 --to 3000 -n activity/nodes.csv activity/stimulus.h5'

printf '\nwhat a simulation records, of a small file that the tests have:\n'
run "sonata-report --wide --ids 3 '$here/../tests/data/reports/v.h5' |
    plot-lines -T dumb --size 60x12"

printf '\na field potential, such as electrodes in a network record: theta, and at times\n'
printf 'gamma that follows it, 20 s at 1 kHz:\n'
run 'awk '\''BEGIN {
        random = 1; turn = 8 * atan2(1, 1); print "time_ms,channel0_mV"
        for (k = 0; k < 20000; k++) {
            random = random * 16807 % 2147483647
            noise = 0.98 * noise + (random / 2147483647 - 0.5) / 20
            theta = turn * 0.008 * k + 15 * sin(turn * k / 9000)
            gamma = k % 5000 < 3000 ? 0.04 * (1 + cos(theta)) : 0
            printf "%d,%.5f\n", k,
                0.1 * cos(theta) + gamma * cos(turn * 0.04 * k) + noise
        }
    }'\'' >field.csv'
run 'signal-phase --band 4:12 --edges blank field.csv >theta.csv'
run 'signal-spectrum --band 5:12 field.csv | head -n 4'

printf '\nthe gallery of the README:\n'
shoot page 'graph-html $net >network.html'
draw probability 'conn-matrix -e LA_to_LA $net |
    plot-matrix -y probability --with-interval'
draw diagram 'conn-matrix -e LA_to_LA -g cell_class --attribute synapse $net |
    plot-graph -y probability --label-column synapse --sign synapse \
        --excitatory pyr2pyr --excitatory pyr2int \
        --inhibitory int2pyr --inhibitory int2int'
draw positions 'sonata-nodes -p LA $net | plot-positions --max-cells 400'
draw distance 'conn-distance -e LA_to_LA -g cell_class --source PN --target PN \
    --width 25 $net |
    plot-lines -x distance_low_um,distance_high_um -y probability \
        --low probability_low --high probability_high --to 600'
draw degrees 'conn-hist -e LA_to_LA -g cell_class --unit connections --target PN $net |
    plot-hist'
draw raster 'sonata-spikes $simulation | plot-raster -n $simulation --rate 10'
draw traces 'grep -v ^100, Pyramidal/clamp.csv |
    plot-lines --panel amp_pA -y v_mV --to 500'
draw passive 'passive-fit --curve Pyramidal/step.csv |
    plot-lines -y v_mV,fit_mV --to 500'
draw rate 'awk '\''NR == 1 { print "cell," $0 }
    FNR > 1 { sub("/.*", "", FILENAME); print FILENAME "," $0 }'\'' \
    Pyramidal/fi.csv FastSpiking/fi.csv |
    plot-lines --by cell -x amp_pA -y rate_Hz'
draw impedance 'zap-impedance Pyramidal/zap.csv | plot-lines --logx'
draw gates 'cell-gates $cell --template Pyramidal nat kdr km ih |
    plot-lines -x v_mV -y inf --by mechanism,gate'
draw spectrogram 'signal-spectrogram --window 400 --step 100 --nw 2 --band 0:80 field.csv |
    plot-matrix --numeric --log'
show tune 'cell-tune $cell --template FastSpiking --targets targets.csv \
    --param soma.gbar_naf --param soma.gbar_kv3 --param g_pas@all \
    --record "soma(0.5)" --record "dend[0](0.9)" \
    --gate naf.m --gate kv3.n --fi 0:300:50'
{ gnuplot --version; dot -V 2>&1; nrniv --version; fc-match sans
	! command -v Xvfb >/dev/null || import -version | head -n 1
	! command -v chromium >/dev/null || chromium --version 2>/dev/null; } \
	>gallery/made-with

printf '\nTables and pictures are in %s; for a browser, index.html:\n' "$out"
ls ./*.csv ./*.svg ./*.html ./*.graphml ./la ./Pyramidal ./FastSpiking ./tuned \
	./activity ./activity/report ./gallery
