"""Connection probability by distance, a line for each group, with errors."""
import math

import beside


def table(names):
    rows = []
    with open("lines.csv", "w", encoding="ascii") as f:
        f.write("distance_um,group,probability,sd\n")
        for i, group in enumerate(names):
            for k in range(10):
                p = (0.2 + 0.8 * (i + 1) / len(names)) * math.exp(-k / 3)
                rows.append((50 * k + 25, i, p, 0.1 * p))
                f.write(f"{50 * k + 25},{group},{p:.4f},{0.1 * p:.4f}\n")
    return rows


def draw(name, width, names, rows):
    figure, axes = beside.figure(width, 0.66 * width)
    for group, text in enumerate(names):
        mine = [r for r in rows if r[1] == group]
        axes.errorbar([r[0] for r in mine], [r[2] for r in mine],
                      [r[3] for r in mine], color=beside.colour(group),
                      marker="o", markersize=2, linewidth=0.8, capsize=1.5,
                      label=text)
    axes.set_xlabel("Distance (µm)")
    axes.set_ylabel("Connection probability")
    axes.legend(fontsize=6, frameon=False)
    figure.tight_layout()
    beside.theirs(figure, name)


def panels(name, width, names, rows):
    across = min(8, math.ceil(math.sqrt(len(names))))
    down = math.ceil(len(names) / across)
    figure, axes = beside.figure(width, 0.2 * width * down, nrows=down,
                                 ncols=across, sharex=True, sharey=True,
                                 squeeze=False)
    for group, text in enumerate(names):
        at = axes[group // across][group % across]
        mine = [r for r in rows if r[1] == group]
        at.errorbar([r[0] for r in mine], [r[2] for r in mine],
                    [r[3] for r in mine], marker="o", markersize=2)
        at.set_title(text, fontsize=6)
    figure.supxlabel("Distance (µm)")
    figure.supylabel("Connection probability")
    figure.tight_layout()
    beside.theirs(figure, name)


for groups, width in beside.cases():
    labels = beside.labels(groups)
    data = table(labels)
    command = ["plot-lines", "-y", "probability", "--error", "sd", "lines.csv"]
    picture = beside.name("lines", groups, width)
    beside.ours(picture, width, command + ["--by", "group"])
    draw(picture, width, labels, data)
    picture = beside.name("lines-panels", groups, width)
    beside.ours(picture, width, command + ["--panel", "group"])
    panels(picture, width, labels, data)
