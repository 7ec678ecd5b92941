"""Cells in space, and on a plane."""
import random

import beside

CELLS = 1000


def table(names):
    """Layers of cells, with a few cells of most groups."""
    random.seed(len(names))
    share = [random.paretovariate(1) for _ in names]
    cells = []
    for group, part in enumerate(share):
        depth = 1000 * (group % 6) / 6
        for _ in range(max(1, round(part / sum(share) * CELLS))):
            cells.append((group, random.gauss(0, 200),
                          depth + random.uniform(0, 150),
                          random.gauss(0, 200)))
    with open("nodes.csv", "w", encoding="ascii") as f:
        f.write("node_id,pop_name,x,y,z\n")
        f.writelines(f"{i},{names[g]},{x:.1f},{y:.1f},{z:.1f}\n"
                     for i, (g, x, y, z) in enumerate(cells))
    return cells


def draw(name, width, names, cells, plane):
    figure, axes = beside.figure(
        width, 0.8 * width,
        subplot_kw={} if plane else {"projection": "3d"})
    for group, text in enumerate(names):
        mine = [c[1:] for c in cells if c[0] == group]
        axes.scatter(*list(zip(*mine))[:2 if plane else 3], s=4,
                     color=beside.colour(group), label=text)
    axes.set_xlabel("x (µm)")
    axes.set_ylabel("y (µm)")
    if plane:
        axes.set_aspect("equal")
    else:
        axes.set_zlabel("z (µm)")
    axes.legend(fontsize=5, loc="upper right")
    figure.tight_layout()
    beside.theirs(figure, name)


for groups, width in beside.cases():
    data = table(beside.labels(groups))
    for plane in ("", "xy"):
        picture = beside.name("positions" + plane, groups, width)
        beside.ours(picture, width, ["plot-positions", "nodes.csv"] +
                    (["--project", plane] if plane else []))
        draw(picture, width, beside.labels(groups), data, plane)
