#!/usr/bin/python3
"""readers.py -- would those who read SONATA files read these?

usage: readers.py [--for READER,...] [FILE ...]
       readers.py --facts

A FILE is a circuit's config, whose files are looked at, or an HDF5 file of
spikes.  What a reader would stop at, or not see, is told as "file: what: READER,
where that stands", and then it fails.  Without --for a network is held to what
everyone needs who reads its dialect: BMTK where it has type files, else libsonata
and SNAP.  bionet, bmtool, libsonata and snap ask for more: not every network is
to be simulated, or has one group only.

Each requirement is a fact about a program's source, and --facts lists them.  They
were found with BMTK 1.0.8 (7e040d0), BMTool 0.8.6 (e329014), libsonata (b1953f5)
and SNAP (ee163ed).
"""
import csv
import json
import os
import sys

import h5py
import numpy as np

FACTS = []


def fact(reader, of, source):
    """Register a check of nodes, edges, a network or spikes: it yields what is
    wrong, as this reader needs it, where the source says so."""
    def register(check):
        FACTS.append((reader, of, source, check))
        return check
    return register


def is_text(dataset):
    return h5py.check_string_dtype(dataset.dtype) is not None


class Population:
    """Nodes or edges of one name, and the types that go with them."""

    def __init__(self, kind, part, name, group, config):
        self.kind, self.part, self.name, self.h5 = kind, part, name, group
        self.config = config
        self.path = part[f"{kind}s_file"]
        self.columns, self.types = [], None
        if part.get(f"{kind}_types_file"):
            self.read_types(part[f"{kind}_types_file"])
        self.groups = {int(k): v for k, v in group.items() if k.isdigit()}

    def read_types(self, path):
        # pandas.read_csv(sep=' ', na_values='NONE'), as BMTK has it
        with open(path, encoding="utf-8", newline="") as f:
            rows = list(csv.reader(f, delimiter=" "))
        self.columns = rows[0]
        missing = {"", "NULL", "NONE", "NaN", "nan", "NA", "N/A", "null"}
        self.types = {}
        for row in rows[1:]:
            row = dict(zip(rows[0], row, strict=True))
            self.types.setdefault(int(row[f"{self.kind}_type_id"]), []).append(
                {k: None if v in missing else v for k, v in row.items()})

    def attributes(self, group):
        return {k for k, v in group.items() if isinstance(v, h5py.Dataset)}

    def has(self, group, name):
        return name in group or name in self.columns

    def anywhere(self, name):
        return name in self.columns or any(name in g
                                           for g in self.groups.values())

    def type_values(self, name):
        return {rows[0][name] for rows in (self.types or {}).values()
                if name in rows[0]} - {None}

    def ids(self, name):
        return self.h5[name][()] if name in self.h5 else np.empty(0)


# ---- What everyone needs ----

@fact("bmtk", "nodes", "bmtk/utils/sonata/population.py, NodePopulation: "
      "pop_group['node_id']; BMTool's util.load_nodes_from_paths, too")
def node_ids(p):
    if "node_id" not in p.h5:
        yield "no node_id"
    elif len(set(p.ids("node_id"))) != len(p.ids("node_id")):
        yield "a node_id is there twice"


@fact("bmtk", "both", "bmtk/utils/sonata/population.py, Population.__init__: "
      "*_type_id, *_group_id, *_group_index")
def rows(p):
    length = None
    for suffix in "type_id", "group_id", "group_index":
        name = f"{p.kind}_{suffix}"
        if name not in p.h5:
            yield f"no {name}"
            continue
        if length not in (None, len(p.h5[name])):
            yield f"{name} has another length"
        length = len(p.h5[name])
    if set(p.ids(f"{p.kind}_group_id")) - set(p.groups):
        yield "rows of a group that is not there"
    for number, group in p.groups.items():
        n = np.count_nonzero(p.ids(f"{p.kind}_group_id") == number)
        for name in p.attributes(group):
            if len(group[name]) != n:
                yield f"{n} rows of group {number}, but not in {name}"


@fact("bmtk", "both", "bmtk/utils/sonata/types_table.py, TypesTable: a row for "
      "each type id, and one only; simulator_network.from_config: a file of them")
def type_rows(p):
    if p.types is None:
        yield f"no {p.kind}_types_file"
        return
    for number, rows_of_it in p.types.items():
        if len(rows_of_it) > 1:
            yield f"type {number} is there twice"
    for number in set(p.ids(f"{p.kind}_type_id")) - set(p.types):
        yield f"no type {number} in the type file"


@fact("bmtk", "both", "bmtk/utils/sonata/node.py and edge.py, __getitem__: HDF5 "
      "before types, and its texts are bytes; sonata_adaptors.py looks for these")
def texts_in_types(p):
    sought = {"node": ("pop_name", "model_type", "model_template",
                       "model_processing"),
              "edge": ("model_template", "weight_function", "target_sections",
                       "distance_range")}[p.kind]
    if p.types is None or set(p.types) <= {-1}:
        return
    for number, group in p.groups.items():
        for name in sought:
            if name in group:
                yield f"{name} of group {number} is in HDF5"


@fact("bmtk", "both", "bmtk/utils/sonata/group.py, Group: dynamics_params is a "
      "group; libsonata's population.hpp lists it so, too")
def parameters(p):
    for number, group in p.groups.items():
        if isinstance(group.get("dynamics_params"), h5py.Dataset):
            yield f"dynamics_params of group {number} is a dataset"


@fact("bmtk", "edges", "bmtk/utils/sonata/population.py, get_source_population")
def ends(p):
    for end in "source_node_id", "target_node_id":
        if end not in p.h5:
            yield f"no {end}"
        elif "node_population" not in p.h5[end].attrs:
            yield f"{end} does not say of which nodes"
        elif p.h5[end].attrs["node_population"] not in p.config.nodes:
            yield f"{end} is of nodes that are not in the config"
        elif set(p.ids(end)) - set(p.config.nodes[
                p.h5[end].attrs["node_population"]].ids("node_id")):
            yield f"{end} of no node"


@fact("bmtk", "edges", "bmtk/utils/sonata/population.py, build_indicies and "
      "_get_index; SNAP's circuit_validation.py, _check_edges_indices")
def indices(p):
    for end, name in ("source", "source_to_target"), ("target",
                                                      "target_to_source"):
        index = p.h5.get(f"indices/{name}")
        if index is None:
            yield f"no index {name}"
            continue
        if "node_id_to_range" not in index or "range_to_edge_id" not in index:
            yield f"index {name} without node_id_to_range or range_to_edge_id"
            continue
        seen = 0
        ids, ranges = p.ids(f"{end}_node_id"), index["range_to_edge_id"][()]
        for node, (a, b) in enumerate(index["node_id_to_range"][()].tolist()):
            for begin, stop in ranges[a:b].tolist():
                seen += stop - begin
                if not (begin < stop and (ids[begin:stop] == node).all()):
                    yield f"{name}: rows {begin} to {stop} are not of {node}"
        if seen != len(ids):
            yield f"{name} has {seen} edges of {len(ids)}"


@fact("bmtk", "edges", "bmtk/simulator/core/sonata_reader/edge_adaptor.py, "
      "is_gap_junction: any text is true, b'false' too")
def flags(p):
    for number, group in p.groups.items():
        if "is_gap_junction" in group and is_text(group["is_gap_junction"]):
            yield f"is_gap_junction of group {number} is a text in HDF5"
    if len({v.lower() in ("true", "false") for v in
            p.type_values("is_gap_junction")}) > 1:
        yield "is_gap_junction of types is of words and numbers"


@fact("libsonata", "edges", "src/edge_index.cpp, NODE_ID_TO_RANGES_DSET")
def libsonata_indices(p):
    for name in "source_to_target", "target_to_source":
        if "node_id_to_ranges" not in p.h5.get(f"indices/{name}", ()):
            yield f"index {name} without node_id_to_ranges"


@fact("common", "config", "libsonata's src/config.cpp, parsePopulationProperties:"
      " only populations that are named are seen, and SNAP sees what it does")
def populations(c):
    for kind in "node", "edge":
        for part in c.parts(kind):
            named = part.get("populations", {})
            with h5py.File(part[f"{kind}s_file"]) as f:
                for name in f[f"{kind}s"]:
                    if "type" not in named.get(name, {}):
                        yield f"{kind} population {name} is not named, or its type"


@fact("common", "config", "libsonata's src/config.cpp, "
      "raiseOnBiophysicalPopulationErrors: a complete config has folders")
def folders(c):
    if c.json.get("metadata", {}).get("status") == "partial":
        return
    for part in c.parts("node"):
        for name, said in part.get("populations", {}).items():
            there = {**c.json.get("components", {}), **said}
            if said.get("type", "biophysical") == "biophysical" and not (
                    {"morphologies_dir", "alternate_morphologies"} & set(there)
                    and "biophysical_neuron_models_dir" in there):
                yield f"{name} is biophysical, and there are no folders"


@fact("common", "both", "libsonata's src/population.hpp, enumerations; SNAP's "
      "nodes/node_population.py, pandas.Categorical: texts differ")
def enumerations(p):
    for number, group in p.groups.items():
        for name, library in group.get("@library", {}).items():
            texts = library.asstr()[()].tolist()
            codes = group[name][()] if name in group else np.empty(0, int)
            if name not in group or not np.issubdtype(codes.dtype, np.integer):
                yield f"@library/{name} of group {number} without its numbers"
            elif len(codes) and not 0 <= codes.min() <= codes.max() < len(texts):
                yield f"{name} of group {number} is past its @library"
            if len(set(texts)) != len(texts):
                yield f"@library/{name} of group {number} has a text twice"


# ---- What some ask for besides ----

@fact("libsonata", "both", "src/population.hpp, Population::Impl: group 0, alone;"
      " population.cpp, size: *_type_id")
def single_group(p):
    if set(p.groups) != {0}:
        yield f"groups {sorted(p.groups)}"
    if f"{p.kind}_type_id" not in p.h5:
        yield f"no {p.kind}_type_id"


@fact("libsonata", "nodes", "src/nodes.cpp, matchAttributeValues: node sets are "
      "of attributes in HDF5")
def attributes_there(p):
    for name in ("pop_name", "model_type"):
        if name in p.columns:
            yield f"{name} is in the type file alone"


@fact("snap", "edges", "bluepysnap/circuit_validation.py, "
      "_check_edge_population_data: source_to_target and target_to_source")
def snap_indices(p):
    if set(p.h5.get("indices", ())) != {"source_to_target", "target_to_source"}:
        yield "indices are not there, or others too"


@fact("bmtool", "nodes", "bmtool/util/util.py, load_nodes_from_paths: all members"
      " of groups 0, 1, ... are datasets; one population in a file")
def bmtool_nodes(p):
    if set(p.groups) != set(range(len(p.groups))):
        yield f"groups {sorted(p.groups)}"
    for number, group in p.groups.items():
        for name, member in group.items():
            if not isinstance(member, h5py.Dataset):
                yield f"{name} of group {number} is a group"
    if len(p.h5.parent) != 1:
        yield "several populations in a file"


@fact("bmtool", "nodes", "bmtool/graphs.py, generate_graph: pos_x, pos_y and "
      "pos_z, which load_nodes_from_paths makes of positions; pop_name")
def bmtool_graph(p):
    for number, group in p.groups.items():
        if not {"positions", "pos_x"} & set(group):
            yield f"group {number} has neither positions nor pos_x"
    if not p.anywhere("pop_name"):
        yield "no pop_name"


@fact("bionet", "nodes", "bmtk/simulator/core/sonata_reader/network_reader.py, "
      "SonataNodes.initialize: model_type")
def model_types(p):
    for number, group in p.groups.items():
        if not p.has(group, "model_type"):
            yield f"group {number} has no model_type"


@fact("bionet", "nodes", "bmtk/simulator/bionet/sonata_adaptors.py, "
      "BioNode.morphology_file and load_cell")
def cells(p):
    if "biophysical" in p.type_values("model_type"):
        for name in "morphology", "model_template":
            if not p.anywhere(name):
                yield f"biophysical cells without {name}"


@fact("bionet", "edges", "bmtk/simulator/core/sonata_reader/edge_adaptor.py, "
      "EdgeAdaptor.patch_adaptor: a weight; biocell.py: a delay")
def weights(p):
    for number, group in p.groups.items():
        if not (p.has(group, "syn_weight") or p.has(group, "weight_function")):
            yield f"group {number} has neither syn_weight nor weight_function"


@fact("bmtk", "edges", "bmtk/simulator/bionet/biocell.py, _set_connections: "
      "target_sections and distance_range; edge_adaptor.py, patch_adaptor: nsyns")
def places(p):
    for group in p.groups.values():
        if {"sec_id", "afferent_section_id"} & (set(group) | set(p.columns)):
            continue
        if not p.type_values("target_sections"):
            continue
        for name in "distance_range", "nsyns":
            if not p.has(group, name):
                yield f"target_sections without {name}"
        for number, rows_of_it in (p.types or {}).items():
            t = rows_of_it[0]
            if t["target_sections"] and not t.get("distance_range"):
                yield f"type {number} has target_sections, no distance_range"


def gap_rows(p):
    """The source and target ids of gap junctions."""
    flag = np.zeros(len(p.ids("source_node_id")), bool)
    kinds = p.ids("edge_type_id")
    if "is_gap_junction" in p.columns:
        yes = [k for k, v in p.types.items()
               if str(v[0]["is_gap_junction"]).lower() in ("true", "1")]
        flag = np.isin(kinds, yes)
    for number, group in p.groups.items():
        if "is_gap_junction" in group and not is_text(group["is_gap_junction"]):
            mine = p.ids("edge_group_id") == number
            index = p.ids("edge_group_index")[mine]
            flag[mine] = group["is_gap_junction"][()][index] != 0
    return list(zip(p.ids("source_node_id")[flag].tolist(),
                    p.ids("target_node_id")[flag].tolist()))


@fact("bmtk", "config", "bmtk/simulator/bionet/bionetwork.py, get_gj_id, and "
      "core/simulator_network.py, load_gap_junc_files: NODES_gap_juncs.h5")
def gap_files(c):
    files, ids = {}, []
    for part in c.json["networks"].get("gap_juncs", []):
        path = c.resolve(part["gap_juncs_file"])
        name = os.path.basename(path)
        with h5py.File(path) as f:
            files[name[:name.find("_gap_juncs.h5")]] = sorted(
                zip(f["source_ids"][()].tolist(), f["target_ids"][()].tolist()))
            ids += f["src_gap_ids"][()].tolist() + f["trg_gap_ids"][()].tolist()
    for p in c.populations("edge"):
        ends_of_it = {p.h5[e].attrs.get("node_population")
                      for e in ("source_node_id", "target_node_id")
                      if e in p.h5}
        if len(ends_of_it) == 1 and p.types is not None:
            pairs = sorted(gap_rows(p))
            if pairs != files.get(*ends_of_it, []):
                yield f"gap junctions of {p.name} are not those of the file"
    if len(set(ids)) != len(ids):
        yield "a number of a gap junction's end is there twice"


@fact("bionet", "config", "bmtk/simulator/bionet/bionetwork.py, get_gj_id and "
      "build_recurrent_edges: one for two cells of a population, not of itself")
def gap_pairs(c):
    for p in c.populations("edge"):
        pairs = gap_rows(p)
        if len(set(pairs)) != len(pairs):
            yield f"two cells of {p.name} have two gap junctions"
        if any(a == b for a, b in pairs):
            yield f"a cell of {p.name} has a gap junction with itself"
        if pairs and len({p.h5[e].attrs["node_population"] for e in
                          ("source_node_id", "target_node_id")}) > 1:
            yield f"gap junctions between populations: {p.name}"


# ---- Spikes ----

@fact("common", "spikes", "BMTK's utils/reports/spike_trains/"
      "spike_train_readers.py, SonataSTReader; libsonata's report_reader.cpp, "
      "SpikeReader::Population: units")
def spike_sets(p):
    for name in "timestamps", "node_ids":
        if name not in p:
            yield f"no {name}"
            return
    if len(p["timestamps"]) != len(p["node_ids"]):
        yield "as many timestamps as node_ids there are not"
    if "units" not in p["timestamps"].attrs:
        yield "timestamps without units"


@fact("common", "spikes", "libsonata's report_reader.cpp, create_enum_sorting")
def spike_order(p):
    if "sorting" not in p.attrs:
        return
    kind = h5py.check_enum_dtype(p.attrs.get_id("sorting").dtype)
    if kind != {"none": 0, "by_id": 1, "by_time": 2}:
        yield f"sorting is of {kind}"
        return
    for value, name in (1, "node_ids"), (2, "timestamps"):
        if p.attrs["sorting"] == value and (np.diff(
                p[name][()].astype(float)) < 0).any():
            yield f"{name} are not sorted, though it says so"


# ---- Files ----

class Config:
    """A circuit's config, and the populations that it names the files of."""

    def __init__(self, path):
        self.path, self.folder = path, os.path.dirname(path) or "."
        with open(path, encoding="utf-8") as f:
            self.json = json.load(f)
        self.nodes = {p.name: p for p in self.populations("node")}

    def resolve(self, path):
        for name, value in self.json.get("manifest", {}).items():
            path = path.replace(name, value)
        return os.path.normpath(os.path.join(self.folder, path))

    def parts(self, kind):
        for part in self.json["networks"][f"{kind}s"]:
            yield {k: self.resolve(v) if k.endswith("_file") else v
                   for k, v in part.items()}

    def populations(self, kind):
        for part in self.parts(kind):
            file = h5py.File(part[f"{kind}s_file"])
            for name, group in file[f"{kind}s"].items():
                yield Population(kind, part, name, group, self)


def look(readers, of, what):
    for reader, kinds, source, check in FACTS:
        if reader in readers and of in ((kinds,) if kinds != "both" else
                                        ("nodes", "edges")):
            for problem in check(what):
                yield f"{problem}: {reader}, {source}"


def look_at_network(path, readers):
    config = Config(path)
    typed = any("node_types_file" in part for part in config.parts("node"))
    readers = {"common", *(["bmtk"] if typed else ["libsonata", "snap"]),
               *readers}
    for problem in look(readers, "config", config):
        yield f"{path}: {problem}"
    for kind in "node", "edge":
        for p in config.populations(kind):
            for problem in look(readers, f"{kind}s", p):
                yield f"{p.path}: {p.name}: {problem}"


def look_at_spikes(path):
    with h5py.File(path) as f:
        for name, p in f["spikes"].items():
            for problem in look({"common"}, "spikes", p):
                yield f"{path}: {name}: {problem}"


def main(args):
    if args == ["--facts"]:
        for reader, of, source, check in FACTS:
            print(f"{reader}\t{of}\t{check.__name__}\t{source}")
        return 0
    readers = []
    if args[:1] == ["--for"]:
        readers = args[1].split(",")
        args = args[2:]
    problems = 0
    for path in args:
        found = (look_at_network(path, readers) if path.endswith(".json")
                 else look_at_spikes(path))
        for problem in found:
            print(problem)
            problems += 1
    return problems > 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
