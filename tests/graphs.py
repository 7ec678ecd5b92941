#!/usr/bin/python3
"""graphs.py -- read graphs by programs that are not ours, for the tests

usage: graphs.py FORMAT FILE         the nodes and edges, one a line, sorted
       graphs.py rows NODES EDGES    the same, made of tables anew
       graphs.py igraph FILE         the same of GraphML, by igraph
       graphs.py measure N EDGES     what graph-stats measures of the rows
                                     "source,target" between N cells, the
                                     k-th of which is of group "g" k % 3
       graphs.py cells N EDGES       the same by cell

A line has the parts of a node (name, population, node_id, label, x, y, z) or
of an edge (source, target, rows, synapses, weight, is_gap_junction), with
nothing where there is none, separated by tabs.
"""
import csv
import json
import math
import subprocess
import sys

NODE = ("population", "node_id", "label", "x", "y", "z")
EDGE = ("rows", "synapses", "weight", "is_gap_junction")


def text(value):
    """Show a value whatever type a reader made of it."""
    if value is None or value == "":
        return ""
    if str(value) in ("True", "False", "true", "false"):
        return str(value).lower()
    try:
        number = float(value)
    except ValueError:
        return str(value)
    return "" if math.isnan(number) else repr(number)


def show(nodes, edges):
    """Print nodes (name, attributes) and edges (source, target, ...)."""
    lines = ["\t".join(["node", str(name)] + [text(a.get(k)) for k in NODE])
             for name, a in nodes]
    lines += ["\t".join(["edge", str(s), str(t)] + [text(a.get(k)) for k in EDGE])
              for s, t, a in edges]
    print(*sorted(lines), sep="\n")


def read_dot(path):
    """What dot itself makes of the file; the quickest layout will do."""
    graph = json.loads(subprocess.check_output(["dot", "-Kpatchwork", "-Tdot_json", path]))
    objects = graph.get("objects", [])
    names = {o["_gvid"]: o["name"] for o in objects}
    edges = graph.get("edges", [])
    for e in edges:  # lines without arrow heads are gap junctions
        plain = not graph["directed"] or e.get("dir") == "none"
        assert plain == (e["is_gap_junction"] == "true")
    show([(o["name"], o) for o in objects],
         [(names[e["tail"]], names[e["head"]], e) for e in edges])


def read_mtx(path):
    """Entries as edges between numbers, with their value as weight."""
    with open(path) as file:
        head = file.readline().split()
        rows = [line for line in file if not line.startswith("%")]
    assert head[:3] == ["%%MatrixMarket", "matrix", "coordinate"]
    assert head[3] in ("real", "integer") and head[4] in ("general", "symmetric")
    n, m, entries = map(int, rows[0].split())
    assert n == m and entries == len(rows) - 1
    edges = []
    for row, column, value in map(str.split, rows[1:]):
        assert 1 <= int(row) <= n and 1 <= int(column) <= n
        assert head[4] == "general" or int(row) >= int(column)
        edges.append((row, column, {"weight": value}))
    show([(k, {}) for k in range(1, n + 1)], edges)


def read_igraph(path):
    import igraph
    graph = igraph.Graph.Read_GraphML(path)
    name = graph.vs["id"]
    show([(v["id"], v.attributes()) for v in graph.vs],
         [(name[e.source], name[e.target], e.attributes()) for e in graph.es])


def make(nodes, edges):
    """Add the rows of tables up: a weight is that of a synapse."""
    rows = {}
    cells = []
    for n in csv.DictReader(open(nodes)):
        prefix = n["population"] + ":" if n.get("population") else ""
        n["label"] = n["pop_name"]
        cells.append((prefix + n["node_id"], n))
    places = {name: k for k, (name, _) in enumerate(cells)}
    for e in csv.DictReader(open(edges)):
        ends = [e[k + "_population"] + ":" + e[k + "_node_id"]
                if k + "_population" in e else e[k + "_node_id"]
                for k in ("source", "target")]
        gap = e.get("is_gap_junction", "") in ("True", "true", "1")
        synapses = int(e.get("nsyns") or 1)
        if gap:
            ends.sort(key=places.get)
        edge = rows.setdefault((*ends, gap), {
            "rows": 0, "synapses": 0, "weight": 0, "is_gap_junction": gap})
        edge["rows"] += 1
        edge["synapses"] += synapses
        edge["weight"] += (float(e["syn_weight"] or "nan") if "syn_weight" in e
                           else 1) * synapses
    show(cells, [(*k[:2], e) for k, e in rows.items() if e["synapses"] or k[2]])


def simple(n, edges):
    """The directed graph of distinct connections."""
    import networkx
    graph = networkx.DiGraph()
    graph.add_nodes_from((k, {"group": k % 3}) for k in range(n))
    with open(edges) as file:
        for line in list(file)[1:]:
            source, target = map(int, line.split(",")[:2])
            if source != target:
                graph.add_edge(source, target)
    return graph


def moments(values):
    import statistics
    return {"mean": statistics.mean(values), "sd": statistics.stdev(values),
            "min": min(values), "max": max(values)}


def measure(n, edges):
    import networkx as nx
    graph = simple(n, edges)
    plain = graph.to_undirected()
    weak = list(nx.weakly_connected_components(graph))
    strong = list(nx.strongly_connected_components(graph))
    local = [c for k, c in nx.clustering(plain).items() if plain.degree(k) > 1]
    found = {"nodes": n, "edges": graph.number_of_edges(), "labels": min(n, 3),
             "density": nx.density(graph),
             "reciprocity": nx.overall_reciprocity(graph),
             "weak_components": len(weak), "strong_components": len(strong),
             "largest_weak_component": max(map(len, weak)),
             "largest_strong_component": max(map(len, strong)),
             "transitivity": nx.transitivity(plain),
             "clustering_mean": sum(local) / len(local),
             "degree_assortativity":
                 nx.degree_assortativity_coefficient(graph, "out", "in"),
             "group_assortativity":
                 nx.attribute_assortativity_coefficient(graph, "group")}
    for name, view in (("in_degree", graph.in_degree()), ("degree", graph.degree()),
                       ("out_degree", graph.out_degree())):
        for moment, value in moments([d for _, d in view]).items():
            found[f"{name}_{moment}"] = value
    for name, count in nx.triadic_census(graph).items():
        found["triad_" + name] = count
    print(*sorted(f"{k},{v}" for k, v in found.items()), sep="\n")


def pagerank(graph):
    """As Brin and Page have it; networkx's needs SciPy."""
    n = graph.number_of_nodes()
    rank = dict.fromkeys(graph, 1 / n)
    for _ in range(300):
        lost = sum(r for k, r in rank.items() if graph.out_degree(k) == 0)
        rank = {k: 0.15 / n + 0.85 * (lost / n + sum(
            rank[s] / graph.out_degree(s) for s in graph.predecessors(k)))
                for k in graph}
    return rank


def measure_cells(n, edges):
    import networkx as nx
    graph = simple(n, edges)
    plain = graph.to_undirected()
    clustering = nx.clustering(plain)
    rank = pagerank(graph)
    component = {}
    for way in (nx.weakly_connected_components, nx.strongly_connected_components):
        for c in way(graph):
            for k in c:
                component[way, k] = min(c)
    for k in range(n):
        print(k, f"g{k % 3}", graph.in_degree(k), graph.out_degree(k),
              component[nx.weakly_connected_components, k],
              component[nx.strongly_connected_components, k],
              clustering[k] if plain.degree(k) > 1 else "", rank[k], sep=",")


def read_networkx(how, path):
    import networkx as nx
    if how == "json":
        with open(path) as file:
            return nx.node_link_graph(json.load(file))
    return nx.read_gexf(path) if how == "gexf" else nx.read_graphml(path)


def main():
    how, path = sys.argv[1:3]
    if how == "rows":
        make(*sys.argv[2:])
    elif how == "measure":
        measure(int(path), sys.argv[3])
    elif how == "cells":
        measure_cells(int(path), sys.argv[3])
    elif how == "dot":
        read_dot(path)
    elif how == "mtx":
        read_mtx(path)
    elif how == "igraph":
        read_igraph(path)
    elif how in ("json", "graphml", "gexf"):
        graph = read_networkx(how, path)
        show(graph.nodes(data=True), graph.edges(data=True))
    else:
        sys.exit("graphs.py: no such format: " + how)


main()
