"""Degrees of cells, a panel for each pathway between some groups."""
import random
import statistics

import beside


def table(names):
    random.seed(len(names))
    values = {}
    with open("hist.csv", "w", encoding="ascii") as f:
        f.write("source,target,degree\n")
        for source in names:
            for target in names:
                mean = random.uniform(2, 30)
                values[source, target] = [
                    sum(random.random() < mean / 40 for _ in range(40))
                    for _ in range(60)]
                f.writelines(f"{source},{target},{v}\n"
                             for v in values[source, target])
    return values


def draw(name, width, names, values):
    n = len(names)
    figure, axes = beside.figure(width, max(60, 0.7 * width), nrows=n,
                                 ncols=n, sharex=True, sharey=True,
                                 squeeze=False)
    for i, source in enumerate(names):
        for k, target in enumerate(names):
            v = values[source, target]
            axes[i][k].hist(v, bins=range(0, 42, 2))
            axes[i][k].axvline(statistics.mean(v), color="#d55e00",
                               linewidth=0.6)
            if i == 0:
                axes[i][k].set_title(target, fontsize=6)
            if i == n - 1:
                axes[i][k].set_xlabel("Degree")
        axes[i][0].set_ylabel(source, fontsize=6)
    figure.tight_layout()
    beside.theirs(figure, name)


# So many groups have their square of panels.
for groups, width in beside.cases(groups=(1, 2, 4, 8)):
    labels = [s[:3] for s in beside.labels(groups)]
    picture = beside.name("hist", groups, width)
    data = table(labels)
    beside.ours(picture, width, ["plot-hist", "-x", "degree", "--panel",
                                 "source,target", "--share", "hist.csv"])
    draw(picture, width, labels, data)
