"""peers.py -- what one other program makes of a network: called by peers.sh

usage: peers.py DIR PROGRAM NETWORK

DIR has the programs, PROGRAM is a function below, NETWORK is the folder that
sonata-pack wrote.  Each question is a line, "ok" or "not ok", with the answer.
What is asked for comes from our own tools, which are in PATH.
"""
import csv
import io
import json
import os
import subprocess
import sys
import types

WRONG = []


def short(answer):
    text = str(answer)
    return text if len(text) < 100 else f"{text[:90]} ... ({len(answer)})"


def ask(what, answer, right):
    """Are they equal?  Numbers of other kinds are."""
    same = answer == right
    print("ok    " if same else "not ok", f"{what}: {short(answer)}" +
          ("" if same else f" rather than {short(right)}"), flush=True)
    if not same:
        WRONG.append(what)


def ours(*command):
    """A table of one of our tools, a dict a row."""
    text = subprocess.run(command, check=True, capture_output=True,
                          text=True).stdout
    return list(csv.DictReader(io.StringIO(text)))


def nodes(network, population, *columns):
    return ours("sonata-nodes", "-p", population, "-c", ",".join(columns),
                network + "/circuit_config.json")


def edges(network, population, *columns):
    return ours("sonata-edges", "-e", population, "-c", ",".join(columns),
                network + "/circuit_config.json")


def listed(network, kind):
    """The populations, and their files."""
    with open(network + "/circuit_config.json", encoding="utf-8") as f:
        config = json.load(f)
    for part in config["networks"][kind]:
        files = [part.get(k, "").replace("$NETWORK_DIR", network)
                 .replace("$BASE_DIR", network)
                 for k in (kind + "_file", kind[:-1] + "_types_file")]
        for name in part["populations"]:
            yield name, *files


def reader(network):
    """bmtk.utils.sonata.File and NetworkBuilder."""
    from bmtk.builder import NetworkBuilder
    from bmtk.utils.sonata import File
    for name, h5, types_csv in listed(network, "nodes"):
        population = File(h5, types_csv).nodes[name]
        mine = nodes(network, name, "pop_name", "x")
        ask(f"File, {name}: pop_name and x of each node",
            [(str(n["pop_name"]), float(n["x"])) for n in population] ==
            [(m["pop_name"], float(m["x"])) for m in mine], True)
        group = mine[0]["pop_name"]
        ask(f"File, {name}: nodes whose pop_name is {group}",
            len(list(population.filter(pop_name=group))),
            sum(m["pop_name"] == group for m in mine))
        net = NetworkBuilder(name)
        net.import_nodes(h5, types_csv)
        ask(f"NetworkBuilder, {name}: nodes whose pop_name is {group}",
            len(list(net.nodes(pop_name=group))),
            sum(m["pop_name"] == group for m in mine))
    for name, h5, types_csv in listed(network, "edges"):
        population = File(h5, types_csv).edges[name]
        mine = edges(network, name, "syn_weight")
        ask(f"File, {name}: ends and syn_weight of each edge",
            [(int(e.source_node_id), int(e.target_node_id),
              float(e["syn_weight"])) for e in population] ==
            [(int(m["source_node_id"]), int(m["target_node_id"]),
              float(m["syn_weight"])) for m in mine], True)
        one = int(mine[0]["source_node_id"])
        ask(f"File, {name}: edges of source {one}, by the index",
            len(list(population.get_source(one))),
            sum(int(m["source_node_id"]) == one for m in mine))


def bionet(network):
    """BioNet runs simulation_config.json."""
    from bmtk.simulator import bionet as b
    from bmtk.simulator.bionet.io_tools import io as bionet_io
    from bmtk.utils.reports.spike_trains import SpikeTrains
    bionet_io.log_to_console = False
    config = b.Config.from_json(network + "/simulation_config.json")
    config.build_env()
    net = b.BioNetwork.from_config(config)
    sim = b.BioSimulator.from_config(config, network=net)
    here = os.path.join(network, "circuit_config.json")
    # A node set over a text.
    column = "layer" if "layer" in ours("sonata-nodes", "--all", here)[0] \
        else "cell_class"
    virtual = [n for n, *_ in listed(network, "nodes")
               if net.get_node_population(n).virtual_nodes_only]
    for name, *_ in listed(network, "nodes"):
        mine = nodes(network, name, column)
        for text in sorted({m[column] for m in mine}):
            chosen = net.get_node_set({"population": name, column: text})
            ask(f"node set {column}: {text}",
                sorted(int(i) for i in chosen.node_ids),
                [int(m["node_id"]) for m in mine if m[column] == text])
    cells = net.get_local_cells().values()
    gaps = sum(c.is_gap_junc for cell in cells for c in cell.connections())
    synapses = sum(len(cell.connections()) for cell in cells) - gaps
    # Virtual cells are there only for spikes.
    rows = [m for name, *_ in listed(network, "edges")
            for m in ours("sonata-edges", "-e", name, here)
            if config.inputs or m.get("source_population") not in virtual]
    mine = [m for m in rows if m.get("is_gap_junction") != "true"]
    ask("ends of gap junctions", gaps, 2 * (len(rows) - len(mine)))
    ask("synapses", synapses, sum(int(m.get("nsyns") or 1) for m in mine))
    sim.run()
    simulated = network + "/simulation_config.json"
    spikes = SpikeTrains.load(network + "/output/spikes.h5").to_dataframe()
    print("     spikes:", len(spikes), flush=True)
    ask("spikes, by sonata-spikes",
        sorted((float(m["timestamps"]), m["population"], int(m["node_ids"]))
               for m in ours("sonata-spikes", simulated)) ==
        sorted(zip(spikes["timestamps"], spikes["population"],
                   spikes["node_ids"])), True)
    report = ours("sonata-report", simulated)
    ask("frames of the report, by sonata-report",
        len({m["time_ms"] for m in report}),
        round(config.tstop / config.dt))
    ask("cells in the report", len({m["node_id"] for m in report}),
        len(list(cells)))
    # The last voltage is that of NEURON after the last step.
    last = {int(m["node_id"]): float(m["value"]) for m in report}
    ask("the last voltages, within 1e-9 mV",
        all(abs(last[c.node_id] - c.hobj.soma[0](0.5).v) < 1e-9
            for c in cells), True)
    ask("virtual populations", virtual,
        [n for n, *_ in listed(network, "nodes")
         if all(m["model_type"] == "virtual"
                for m in nodes(network, n, "model_type"))])


def run(network):
    """A simulation, and nothing asked."""
    from bmtk.simulator import bionet as b
    from bmtk.simulator.bionet.io_tools import io as bionet_io
    bionet_io.log_to_console = False
    config = b.Config.from_json(network + "/simulation_config.json")
    config.build_env()
    net = b.BioNetwork.from_config(config)
    b.BioSimulator.from_config(config, network=net).run()


def build(folder):
    """A network of NetworkBuilder's, in which no target has two edges of one
    type: BMTK writes those in any order, and draws their places in that."""
    from bmtk.builder import NetworkBuilder
    net = NetworkBuilder("cortex")
    for n, name, template in (8, "PN", "Pyramidal"), (4, "PV", "FastSpiking"):
        net.add_nodes(N=n, pop_name=name, model_type="biophysical",
                      model_template="hoc:" + template, morphology=None,
                      rotation_angle_yaxis=[0.1 * i for i in range(n)])
    same = {"model_template": "exp2syn", "distance_range": [0.0, 400.0]}
    net.add_edges(source={"pop_name": "PN"}, target={"pop_name": "PV"},
                  connection_rule=lambda s, t:
                  3 * (s.node_id == t.node_id - 8), syn_weight=0.004,
                  delay=1.2, dynamics_params="exc.json",
                  target_sections=["dend"], **same)
    net.add_edges(source={"pop_name": "PV"}, target={"pop_name": "PN"},
                  connection_rule=lambda s, t:
                  2 * (s.node_id == 8 + t.node_id // 2), syn_weight=0.003,
                  delay=1.3, dynamics_params="inh.json",
                  target_sections=["somatic", "basal"], **same)
    net.add_gap_junctions(source={"pop_name": "PV"},
                          target={"pop_name": "PV"}, conductance=0.0005,
                          target_sections=["dend"], distance_range=[0, 400],
                          connection_rule=lambda s, t:
                          int(s.node_id == t.node_id - 1))
    net.build()
    net.save(output_dir=folder)
    source = NetworkBuilder("thalamus")
    source.add_nodes(N=8, pop_name="inp", model_type="virtual")
    source.add_edges(source=source.nodes(),
                     target=net.nodes(pop_name="PN"),
                     connection_rule=lambda s, t:
                     4 * (s.node_id == t.node_id), syn_weight=0.01, delay=1.0,
                     dynamics_params="exc.json",
                     target_sections=["apical", "basal"], **same)
    source.build()
    source.save(output_dir=folder)
    parts = {kind: [{f"{kind}_file": f"$NETWORK_DIR/{name}_{kind}.h5",
                     f"{kind[:-1]}_types_file":
                     f"$NETWORK_DIR/{name}_{kind[:-1]}_types.csv"}
                    for name in names]
             for kind, names in (
                 ("nodes", ("cortex", "thalamus")),
                 ("edges", ("cortex_cortex", "thalamus_cortex")))}
    parts["gap_juncs"] = [
        {"gap_juncs_file": "$NETWORK_DIR/cortex_gap_juncs.h5"}]
    with open(folder + "/circuit_config.json", "w", encoding="utf-8") as f:
        json.dump({"manifest": {"$NETWORK_DIR": "."}, "networks": parts}, f)


def builder(folder):
    """A network of NetworkBuilder's, and what comes of it by sonata-nodes,
    sonata-edges and sonata-pack: BioNet runs both alike, to the bit."""
    theirs, back = folder + "/built", folder + "/back"
    again = [sys.executable, __file__, sys.argv[1]]
    subprocess.run(again + ["build", theirs], check=True,
                   stdout=subprocess.DEVNULL)
    subprocess.run(
        ["sh", "-e", "-c", """
        cd "$1"
        sonata-nodes --all built/circuit_config.json >built.csv
        sonata-edges --all --attributes built/circuit_config.json |
            sonata-pack -n built.csv -o back --simulation --tstop 100 \
                --v-init -72 --input-spikes thalamus.h5 \
                --components network/components
        """, "sh", folder], check=True)
    with open(back + "/simulation_config.json", encoding="utf-8") as f:
        config = json.load(f)
    with open(theirs + "/circuit_config.json", encoding="utf-8") as f:
        config["networks"] = json.load(f)["networks"]
    with open(theirs + "/simulation_config.json", "w",
              encoding="utf-8") as f:
        json.dump(config, f)
    for network in theirs, back:
        subprocess.run(again + ["run", network], check=True,
                       stdout=subprocess.DEVNULL)
    for tool in "sonata-spikes", "sonata-report":
        rows = [ours(tool, network + "/simulation_config.json")
                for network in (theirs, back)]
        ask(f"{tool}: {len(rows[0])} rows, the same", rows[0] == rows[1],
            True)


def bmtool(network):
    """BMTool's own functions."""
    from bmtool.util import util
    config = network + "/simulation_config.json"
    found, connected = util.load_nodes_edges_from_config(config)
    for name, *_ in listed(network, "nodes"):
        mine = nodes(network, name, "pop_name")
        ask(f"load_nodes_edges_from_config, {name}: pop_name of each node",
            list(found[name]["pop_name"]) == [m["pop_name"] for m in mine],
            True)
    for name, *_ in listed(network, "edges"):
        ask(f"load_nodes_edges_from_config, {name}: edges",
            len(connected[name]), len(edges(network, name, "syn_weight")))
    here = network + "/circuit_config.json"
    for name, *_ in listed(network, "edges"):
        of = ours("sonata-info", "--edges", here)
        ends = next(r for r in of if r["population"] == name)
        source, target = ends["source_population"], ends["target_population"]
        totals = util.connection_totals(
            config=config, sources=[source], targets=[target],
            sids=["pop_name"], tids=["pop_name"], prepend_pop=False)
        theirs = {(s, t): int(totals[1][i][j])
                  for i, s in enumerate(totals[2])
                  for j, t in enumerate(totals[3])}
        # It counts rows, gap junctions among them.
        mine = {(r["source"].split(":")[-1], r["target"].split(":")[-1]):
                int(r["rows"])
                for r in ours("conn-matrix", "-e", name, "--include-gap",
                              "--stats", "rows", here)}
        ask(f"connection_totals, {name}",
            {k: n for k, n in theirs.items() if n},
            {k: n for k, n in mine.items() if n})


def positions(network):
    """BMTool's graph, of a network of --positions-matrix."""
    from bmtool.graphs import generate_graph
    graph = generate_graph(network + "/simulation_config.json", "cortex",
                           "cortex")
    mine = nodes(network, "cortex", "x", "y", "z")
    ask("generate_graph, where the cells are",
        [graph.nodes[int(m["node_id"])]["pos"] for m in mine] ==
        [(float(m["x"]), float(m["y"]), float(m["z"])) for m in mine], True)
    ask("generate_graph, connections", graph.number_of_edges(),
        len({(m["source_node_id"], m["target_node_id"])
             for m in edges(network, "cortex_to_cortex", "syn_weight")}))


def analysis(network):
    """What BMTK and BMTool make of a simulation that has run."""
    from bmtk.analyzer.compartment import plot_traces
    from bmtk.analyzer.spike_trains import plot_raster, plot_rates
    from bmtk.analyzer.spike_trains import to_dataframe
    config = network + "/simulation_config.json"
    mine = ours("sonata-spikes", "-g", "pop_name", config)
    ask("bmtk.analyzer, spikes", len(to_dataframe(config_file=config)),
        len(mine))
    for draw in (plot_raster, plot_rates):
        draw(config_file=config, show=False, group_by="pop_name")
    plot_traces(config_file=config, report_name="v_soma", show=False,
                group_by="pop_name")
    ask("bmtk.analyzer, pictures", "drawn", "drawn")
    try:
        from bmtool.analysis.spikes import load_spikes_to_df
    except ImportError as e:
        print("       bmtool.analysis:", e)
        return
    spikes = load_spikes_to_df(network + "/output/spikes.h5", "cortex",
                               config=config)
    ask("load_spikes_to_df, spikes and their pop_name",
        sorted(spikes["pop_name"]), sorted(m["group"] for m in mine))


def libsonata(network):
    """libsonata, and our spikes."""
    import libsonata as lib
    config = lib.CircuitConfig.from_file(network + "/circuit_config.json")
    ask("populations of nodes", sorted(config.node_populations),
        sorted(n for n, *_ in listed(network, "nodes")))
    ask("populations of edges", sorted(config.edge_populations),
        sorted(n for n, *_ in listed(network, "edges")))
    for name, *_ in listed(network, "nodes"):
        population = config.node_population(name)
        every = population.select_all()
        for column in sorted(population.attribute_names):
            values = population.get_attribute(column, every)
            if column in population.enumeration_names:
                texts = population.enumeration_values(column)
                values = [texts[i] for i in
                          population.get_enumeration(column, every)]
            mine = [m[column] for m in nodes(network, name, column)]
            same = [str(v) == m or (m and str(v)[0] in "-0123456789" and
                                    float(v) == float(m))
                    for v, m in zip(values, mine)]
            ask(f"{name}.{column} of {population.size} nodes", all(same),
                True)
    for name, *_ in listed(network, "edges"):
        population = config.edge_population(name)
        every = population.select_all()
        mine = edges(network, name, "syn_weight", "delay")
        ask(f"{name}: edges", population.size, len(mine))
        ask(f"{name}: sources, targets",
            [list(map(int, population.source_nodes(every))),
             list(map(int, population.target_nodes(every)))] ==
            [[int(m[k]) for m in mine]
             for k in ("source_node_id", "target_node_id")], True)
        ask(f"{name}: syn_weight",
            list(population.get_attribute("syn_weight", every)) ==
            [float(m["syn_weight"]) for m in mine], True)
        for i in range(3):
            ask(f"{name}: edges of target {i}, by the index",
                list(map(int, population.afferent_edges([i]).flatten())),
                [k for k, m in enumerate(mine)
                 if int(m["target_node_id"]) == i])
            ask(f"{name}: edges of source {i}, by the index",
                list(map(int, population.efferent_edges([i]).flatten())),
                [k for k, m in enumerate(mine)
                 if int(m["source_node_id"]) == i])
    simulation = network + "/simulation_config.json"
    if not os.path.exists(simulation):
        return
    with open(simulation, encoding="utf-8") as f:
        inputs = json.load(f)["inputs"]
    for item in inputs.values():
        if item["input_type"] != "spikes":
            continue
        path = item["input_file"].replace("${configdir}", network)
        spikes = lib.SpikeReader(path)[item["node_set"]]
        ask("spikes of spike-pack: " + spikes.sorting + ", " +
            spikes.time_units, [(i, t) for i, t in spikes.get()] ==
            [(int(m["node_ids"]), float(m["timestamps"]))
             for m in ours("sonata-spikes", path)], True)


def node_sets(network):
    """libsonata's node sets, on a network of --dialect=libsonata."""
    import libsonata as lib
    sets = {"upper": {"layer": "L23"}, "both": {"layer": ["L23", "L4"]},
            "far": {"x": {"$gt": 100}}, "first": {"node_id": [0, 2]},
            "digits": {"layer": {"$regex": "^L\\d$"}}}
    path = network + "/node_sets.json"
    with open(path, "w", encoding="utf-8") as f:
        json.dump(sets, f)
    here = network + "/circuit_config.json"
    config = lib.CircuitConfig.from_file(here)
    with open(here, encoding="utf-8") as f:
        c = json.load(f)
    c["node_sets_file"] = "node_sets.json"
    with open(network + "/with_sets.json", "w", encoding="utf-8") as f:
        json.dump(c, f)
    theirs = lib.NodeSets.from_file(path)
    for name in sets:
        population = config.node_population("cortex")
        ask(f"node set {name}: {json.dumps(sets[name])}",
            list(map(int, theirs.materialize(name, population).flatten())),
            [int(m["node_id"]) for m in
             ours("sonata-nodes", "-p", "cortex", "--node-set", name,
                  network + "/with_sets.json")])
    population = config.node_population("cortex")
    ask("texts are enumerations", sorted(population.enumeration_names),
        ["layer", "model_template", "model_type", "pop_name"])


def snap(network):
    """SNAP.  MorphIO, which it imports for morphologies, may not be there."""
    for name in ("morphio", "morph_tool", "morph_tool.transform"):
        try:
            __import__(name)
        except ImportError:
            print(f"     no {name}: an empty module stands for it")
            sys.modules[name] = types.ModuleType(name)
    sys.modules["morph_tool"].transform = sys.modules["morph_tool.transform"]
    import bluepysnap
    circuit = bluepysnap.Circuit(network + "/circuit_config.json")
    ask("populations of nodes", sorted(circuit.nodes.population_names),
        sorted(n for n, *_ in listed(network, "nodes")))
    for name, population in circuit.nodes.items():
        mine = nodes(network, name, "x")
        ask(f"{name}: x of each node",
            list(population.get(properties="x")) ==
            [float(m["x"]) for m in mine], True)
        ask(f"{name}: nodes with 50 <= x <= 150",
            list(map(int, population.ids({"x": (50, 150)}))),
            [int(m["node_id"]) for m in mine if 50 <= float(m["x"]) <= 150])
    for name, population in circuit.edges.items():
        mine = edges(network, name, "syn_weight", "delay")
        ask(f"{name}: edges", population.size, len(mine))
        for i in range(3):
            ask(f"{name}: sources of {i}",
                sorted(map(int, population.afferent_nodes(i))),
                sorted({int(m["source_node_id"]) for m in mine
                        if int(m["target_node_id"]) == i}))
            ask(f"{name}: syn_weight of the edges of {i}",
                [float(w) for w in
                 population.afferent_edges(i, "syn_weight")],
                [float(m["syn_weight"]) for m in mine
                 if int(m["target_node_id"]) == i])


def main():
    folder, program, network = sys.argv[1:]
    sys.path[:0] = [folder + "/build/libsonata"] + [
        f"{folder}/{name}" for name in ("bmtk", "bmtool", "snap")]
    globals()[program](os.path.abspath(network))
    sys.stdout.flush()
    os._exit(bool(WRONG))  # NEURON would say goodbye


if __name__ == "__main__":
    main()
