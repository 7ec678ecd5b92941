"""Groups and what leads between them: beside networkx on a circle, and Graphviz
with labels on its arrows, which is how BMTool draws them."""
import random
import subprocess

import beside
import networkx


def table(names):
    """Each group to itself and to three others, a part of which inhibits."""
    random.seed(len(names))
    n = len(names)
    rows = []
    for i in range(n):
        for j in {i} | {random.randrange(n) for _ in range(3)}:
            rows.append((i, j, random.random() ** 2, i % 3 == 2))
    size = [round(1000 / (i + 1)) + 5 for i in range(n)]
    with open("diagram.csv", "w", encoding="ascii") as f:
        f.write("source,target,n_source,n_target,probability,sign\n")
        f.writelines(f"{names[i]},{names[j]},{size[i]},{size[j]},{p:.4g},"
                     f"{'inh' if down else 'exc'}\n"
                     for i, j, p, down in rows)
    return rows


def draw_networkx(picture, width, names, rows):
    figure, axes = beside.figure(width, width)
    graph = networkx.DiGraph()
    graph.add_nodes_from(names)
    for i, j, p, down in rows:
        graph.add_edge(names[i], names[j], p=f"{p:.3g}",
                       colour="#0072b2" if down else "#d55e00")
    at = networkx.circular_layout(graph)
    networkx.draw_networkx(
        graph, at, ax=axes, node_size=300, font_size=6,
        connectionstyle="arc3,rad=0.15",
        node_color=[beside.colour(i) for i in range(len(names))],
        edge_color=[graph.edges[e]["colour"] for e in graph.edges])
    networkx.draw_networkx_edge_labels(
        graph, at, networkx.get_edge_attributes(graph, "p"), ax=axes,
        font_size=5)
    axes.axis("off")
    beside.theirs(figure, picture)


def draw_graphviz(picture, width, names, rows):
    dot = "digraph { size=" + f"{width / 25.4:g}" + ";\n"
    dot += "".join(f'n{i} [label="{name}"];\n' for i, name in enumerate(names))
    dot += "".join(f'n{i} -> n{j} [label="{p:.3g}", arrowhead='
                   f'{"tee" if down else "normal"}];\n'
                   for i, j, p, down in rows)
    subprocess.run(["dot", "-Tpng", "-Gdpi=300", "-o",
                    picture + "-graphviz.png"], input=dot + "}\n", text=True,
                   check=True)


for groups, width in beside.cases():
    data = table(beside.labels(groups))
    picture = beside.name("diagram", groups, width)
    beside.ours(picture, width, ["plot-graph", "-y", "probability", "--sign",
                                 "sign", "diagram.csv"])
    draw_networkx(picture, width, beside.labels(groups), data)
    draw_graphviz(picture, width, beside.labels(groups), data)
