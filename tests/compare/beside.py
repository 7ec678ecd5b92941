"""beside.py -- what the kinds of pictures in this folder share

    for groups, width in beside.cases():
        name = beside.name("raster", groups, width)
        beside.ours(name, width, ["plot-raster", "t.csv"])
        figure, axes = beside.figure(width, 60)
        beside.theirs(figure, name)
"""
import subprocess

import matplotlib
matplotlib.use("Agg")
import matplotlib.pyplot as pyplot  # noqa: E402

# Okabe and Ito's hues, as ours.
HUES = ["#0072b2", "#e69f00", "#009e73", "#d55e00", "#cc79a7", "#56b4e9",
        "#000000"]


def cases(groups=(4, 11, 40, 62), widths=(85, 170)):
    """Each number of groups at each width in mm."""
    return [(n, width) for n in groups for width in widths]


def name(kind, groups, width):
    return f"{kind}-{groups:02}-{width:03}mm"


def labels(n):
    """Names of 30 characters."""
    return [f"L{i:02}_layer23_interneuron_of_cortex"[:30] for i in range(n)]


def colour(i):
    return HUES[i % len(HUES)]


def ours(picture, width, command):
    done = subprocess.run(command + ["--size", f"{width}mm", "-o",
                                     picture + "-ours.png"],
                          stderr=subprocess.PIPE, text=True, check=False)
    if done.stderr:
        print(picture + ":", done.stderr, end="")


def figure(width, height, **more):
    """A figure in mm, with type of 7 points."""
    pyplot.rcParams.update({"font.size": 7, "axes.linewidth": 0.6,
                            "axes.spines.top": False,
                            "axes.spines.right": False})
    return pyplot.subplots(figsize=(width / 25.4, height / 25.4), **more)


def theirs(drawn, picture):
    drawn.savefig(picture + "-matplotlib.png", dpi=300)
    pyplot.close(drawn)
