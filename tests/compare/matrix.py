"""The probability of connection between groups, a third of them 0."""
import random

import beside


def table(names):
    random.seed(len(names))
    value = [[0 if random.random() < 0.3 else 10 ** random.uniform(-3, -0.5)
              for _ in names] for _ in names]
    with open("matrix.csv", "w", encoding="ascii") as f:
        f.write("source,target,probability\n")
        f.writelines(f"{a},{b},{v:.6g}\n" for a, row in zip(names, value)
                     for b, v in zip(names, row))
    return value


def draw(name, width, names, value):
    """As seaborn.heatmap(annot=True, fmt=".3g") does it."""
    figure, axes = beside.figure(width, 0.8 * width)
    mesh = axes.pcolormesh(value, edgecolors="white", linewidth=0.5)
    axes.invert_yaxis()
    ticks = [i + 0.5 for i in range(len(names))]
    axes.set_xticks(ticks, names, rotation=90)
    axes.set_yticks(ticks, names)
    axes.set_xlabel("Target")
    axes.set_ylabel("Source")
    for i, row in enumerate(value):
        for j, v in enumerate(row):
            dark = sum(mesh.cmap(mesh.norm(v))[:3]) < 1.5
            axes.text(j + 0.5, i + 0.5, f"{v:.3g}", ha="center", va="center",
                      color="white" if dark else "black")
    figure.colorbar(mesh, label="Connection probability")
    figure.tight_layout()
    beside.theirs(figure, name)


for groups, width in beside.cases():
    picture = beside.name("matrix", groups, width)
    labels = beside.labels(groups)
    cells = table(labels)
    beside.ours(picture, width, ["plot-matrix", "matrix.csv"])
    draw(picture, width, labels, cells)
