#!/usr/bin/python3
"""roundtrip.py -- does sonata-pack make the same network of the tables of one?

usage: roundtrip.py [-o OPTION]... FILE ...

Each FILE, a config or an HDF5 file, goes through sonata-nodes and sonata-edges
--attributes to sonata-pack, with these options, and what comes out is compared by
value: nodes, edges, all their attributes, the numbers of their types, and
conn-matrix.  A file that has neither nodes nor edges is passed over; what is
refused, and what is not the same, is told, and how many networks there were.

An edge that does not say so has one synapse, and is chemical, so that this is
the same as saying it; and so is a number that is missing, and one that is NaN, or
a type that is missing, and -1.
"""
import csv
import os
import subprocess
import sys
import tempfile

NODES = ["sonata-nodes", "--all"]
EDGES = ["sonata-edges", "--all", "--attributes"]


def run(*command):
    return subprocess.run(command, capture_output=True, text=True,
                          stdin=subprocess.DEVNULL, check=False)


def table(text):
    return list(csv.DictReader(text.splitlines()))


def number(text):
    try:
        return float(text)
    except ValueError:
        return None


def value(column, text):
    text = text or ""
    if column == "is_gap_junction":
        return text.lower() in ("true", "1")
    if column == "nsyns" and text in ("", "nan"):
        return 1.0
    if column.endswith("_type_id") and text in ("", "-1"):
        return ""
    if text in ("", "nan"):
        return ""
    # What no number would be written like is a text.
    n = number(text)
    return text if n is None or text[0] == "0" and text[1:2].isdigit() else n + 0.0


def differs(before, after):
    """The first row that is in one of two tables, in the columns of the old."""
    (columns, *old), (names, *new) = (
        list(csv.reader(text.splitlines())) or [[]] for text in (before, after))
    if len(old) != len(new):
        return f"{len(new)} rows rather than {len(old)}"
    # A column of the old, with what each of its texts means: they are few.
    places = [names.index(c) if c in names else None for c in columns]
    meaning = [{} for _ in columns]

    def column(i, texts):
        for text in set(texts):
            meaning[i].setdefault(text, repr(value(columns[i], text)))
        return [meaning[i][text] for text in texts]

    a = sorted(zip(*(column(i, [r[i] for r in old])
                     for i in range(len(columns)))))
    b = sorted(zip(*(column(i, [None if p is None else r[p] for r in new])
                     for i, p in enumerate(places))))
    for x, y in zip(a, b):
        if x != y:
            return "; ".join(f"{c}: {j} rather than {i}"
                             for c, i, j in zip(columns, x, y) if i != j)
    return None


def ends(edges):
    """A table of the nodes at the ends of edges, where no file has any."""
    ids = {(r.get(f"{e}_population", "default"), int(r[f"{e}_node_id"]))
           for r in edges for e in ("source", "target")}
    return "population,node_id\n" + "".join(f"{p},{i}\n" for p, i in sorted(ids))


def pack(folder, nodes, edges, options):
    for name, text in ("n.csv", nodes), ("e.csv", edges):
        with open(f"{folder}/{name}", "w", encoding="utf-8") as f:
            f.write(text)
    return run("sonata-pack", *options, "-n", f"{folder}/n.csv", "-o",
               f"{folder}/net", f"{folder}/e.csv")


def compare(path, folder, options):
    """What is not the same; None if there is no network."""
    nodes, edges = run(*NODES, path), run(*EDGES, path)
    if nodes.returncode and edges.returncode:
        return None
    packed = pack(folder, ends(table(edges.stdout)) if nodes.returncode
                  else nodes.stdout,
                  "source_population,target_population,source_node_id,"
                  "target_node_id\n" if edges.returncode else edges.stdout,
                  options)
    if packed.returncode:
        return packed.stderr.strip().replace(f"{folder}/", "")
    config = f"{folder}/net/circuit_config.json"
    problems = [packed.stderr.strip()]
    if not nodes.returncode:
        problems.append(differs(nodes.stdout, run(*NODES, config).stdout))
    if not edges.returncode:
        problems.append(differs(edges.stdout, run(*EDGES, config).stdout))
    if not nodes.returncode and not edges.returncode:
        old, new = run("conn-matrix", path), run("conn-matrix", config)
        # Groups come in the order of their first cells, which pack sorts.
        if not old.returncode and sorted(old.stdout.splitlines()) != sorted(
                new.stdout.splitlines()):
            problems.append("conn-matrix: " + new.stderr)
    return "; ".join(p for p in problems if p)


def main(args):
    options = []
    while args[:1] == ["-o"]:
        options += args[1].split(" ")
        args = args[2:]
    networks = bad = 0
    for path in args:
        with tempfile.TemporaryDirectory(dir=os.getcwd()) as folder:
            problem = compare(path, folder, options)
        networks += problem is not None
        if problem:
            bad += 1
            print(f"{os.path.basename(path)}: {problem}")
    print(f"{networks - bad} of {networks} networks are the same")
    return bad > 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
