"""Spikes, and the rates of groups below them."""
import random

import beside

CELLS, SPIKES, SECONDS, BIN = 1000, 20000, 1, 20


def table(names):
    """Groups of very different sizes, each with a beat of its own."""
    random.seed(len(names))
    share = [random.paretovariate(1) for _ in names]
    nodes, spikes = [], []
    for group, part in enumerate(share):
        nodes += [group] * max(1, round(part / sum(share) * CELLS))
    while len(spikes) < SPIKES:
        node = random.randrange(len(nodes))
        time = random.uniform(0, 1000 * SECONDS)
        if random.random() < 0.3 + 0.7 * (time * (2 + nodes[node] % 3) % 500
                                          < 60):
            spikes.append((time, node))
    with open("nodes.csv", "w", encoding="ascii") as f:
        f.write("node_id,pop_name\n")
        f.writelines(f"{i},{names[g]}\n" for i, g in enumerate(nodes))
    with open("spikes.csv", "w", encoding="ascii") as f:
        f.write("timestamps,node_ids\n")
        f.writelines(f"{t:.2f},{i}\n" for t, i in spikes)
    return nodes, spikes


def draw(name, width, names, nodes, spikes):
    figure, (top, low) = beside.figure(
        width, 0.75 * width, nrows=2, sharex=True,
        gridspec_kw={"height_ratios": [3, 1]})
    bins = range(0, 1000 * SECONDS + 1, BIN)
    for group, text in enumerate(names):
        mine = [(t, i) for t, i in spikes if nodes[i] == group]
        times = [t for t, _ in mine]
        top.scatter(times, [i for _, i in mine], s=0.3, linewidths=0,
                    color=beside.colour(group), label=text)
        low.hist(times, bins, histtype="step", color=beside.colour(group),
                 weights=[1000 / BIN / nodes.count(group)] * len(times))
    top.set_ylabel("Node ID")
    top.legend(fontsize=5, markerscale=8, loc="upper right")
    low.set_xlabel("Time (ms)")
    low.set_ylabel("Firing rate (Hz)")
    figure.tight_layout()
    beside.theirs(figure, name)


for groups, width in beside.cases():
    picture = beside.name("raster", groups, width)
    data = table(beside.labels(groups))
    beside.ours(picture, width, ["plot-raster", "-n", "nodes.csv", "--rate",
                                 str(BIN), "spikes.csv"])
    draw(picture, width, beside.labels(groups), *data)
