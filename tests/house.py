#!/usr/bin/python3
"""house.py -- is the house as CONTRIBUTING.md says?

usage: house.py [FLAG ...]     from the top of the tree; flags of the compiler

Every rule that is broken is told as "file: what is wrong", and then it fails.
`make lint` calls it with the compiler's flags; tests/house.bats breaks each
rule once, and has $RULE name the one that is looked at, and $ALONE those headers
that are compiled, by a pattern such as lib/*.h.
"""
import collections
import glob
import os
import re
import shlex
import subprocess
import sys

CORE_LINES = 4000
TOOL_LINES = 900

# What has no module in its name, because every file says it all the time.
VOCABULARY = {"start", "misuse", "tool", "progname"}
VOCABULARY_OF = {"util"}

FLAGS = sys.argv[1:]
CC = shlex.split(os.environ.get("CC", "cc")) + [
    "-std=c11", "-D_GNU_SOURCE", "-fsyntax-only"]


def read(path):
    with open(path, encoding="utf-8") as f:
        return f.read()


def module(path):
    return os.path.splitext(os.path.basename(path))[0]


def room(path):
    """'' for the core, 'sonata' for lib/sonata/hdf.c."""
    return os.path.dirname(path)[len("lib/"):]


LIB = sorted(glob.glob("lib/*.[ch]") + glob.glob("lib/*/*.[ch]"))
TOOLS = sorted(glob.glob("tools/*.c"))
HEADERS = [p for p in LIB if p.endswith(".h")]
COMPILED = sorted(glob.glob(os.environ.get("ALONE", ""))) or HEADERS


def rooms():
    """What each room may use: a room, or a room's module that is named; and
    in brackets behind it the modules that alone may."""
    table = {}
    for line in read("CONTRIBUTING.md").splitlines():
        row = re.match(r"\| `lib/(\w*)/?` \|.*\|(.*)\|$", line)
        if row:
            table[row[1]] = row[2].replace("–", "").strip()
    return table


def check_layers():
    uses = rooms()
    for path in LIB:
        if room(path) not in uses:
            yield path, "a room that CONTRIBUTING.md does not name"
            continue
        allowed = {what: alone.split() for what, alone in re.findall(
            r"([\w/]+)(?: \(([\w ]+) alone\))?", uses[room(path)])}
        for n, line in enumerate(read(path).splitlines(), 1):
            used = re.match(r'#include "((\w+)/\w+)\.h"', line)
            if not used or used[2] == room(path):
                continue
            alone = allowed.get(used[1], allowed.get(used[2]))
            if alone is None or (alone and module(path) not in alone):
                yield (f"{path}:{n}",
                       f"lib/{room(path)} may not use {used[1]}.h")


def check_sizes():
    core = [p for p in LIB if not room(p)]
    lines = sum(read(p).count("\n") for p in core)
    if lines > CORE_LINES:
        yield "lib", f"{lines} lines in the core, {CORE_LINES} at most"
    for path in TOOLS:
        lines = read(path).count("\n")
        if lines > TOOL_LINES:
            yield path, f"{lines} lines, {TOOL_LINES} at most in a tool"


# What is called in one place alone: the call, the files that may, the fault.
OWNERS = [
    (r"\bH5\w+\(|<hdf5\.h>", r"lib/sonata/hdf\w*\.[ch]$",
     "HDF5 outside the hdf modules"),
    (r"\bpthread_create\(", r"lib/team\.c$", "a thread outside team"),
]


def check_owners():
    for path in LIB + TOOLS:
        for n, line in enumerate(read(path).splitlines(), 1):
            for call, owner, fault in OWNERS:
                if re.search(call, line) and not re.match(owner, path):
                    yield f"{path}:{n}", fault


def ctags(kinds, paths):
    out = subprocess.run(
        ["ctags", "-x", f"--c-kinds={kinds}", "--_xformat=%K %N %n %F",
         *paths], stdout=subprocess.PIPE, text=True, check=True).stdout
    for line in out.splitlines():
        kind, name, number, path = line.split(" ", 3)
        if not name.startswith("__anon"):
            yield kind, name, number, path


def is_named_after(name, path):
    m = module(path)
    stem = re.sub("(?<=x)es$|s$", "", m)
    return (m in VOCABULARY_OF or name in VOCABULARY or
            name.startswith(stem))


def check_names():
    public = {}
    for kind, name, number, path in ctags("pfxsugt", HEADERS):
        if not is_named_after(name, path):
            yield (f"{path}:{number}",
                   f"{name} does not begin with {module(path)}")
        if kind in ("prototype", "function"):
            public[name] = path
    for _, name, number, path in ctags("f", [
            p for p in LIB + TOOLS if p.endswith(".c")]):
        if name in public and public[name] != path[:-1] + "h":
            yield f"{path}:{number}", f"{name} is {public[name]}'s name"
    tags = collections.defaultdict(set)
    for _, name, number, path in ctags("sug", LIB + TOOLS):
        tags[name].add(f"{path}:{number}")
    for name, places in sorted(tags.items()):
        if len(places) > 1:
            yield ", ".join(sorted(places)), f"{name} is defined twice"


def compile_text(text):
    return subprocess.run(
        CC + FLAGS + ["-Ilib", "-x", "c", "-"], input=text, text=True,
        stderr=subprocess.PIPE, check=False, env={**os.environ, "LC_ALL": "C"})


def check_headers():
    for path in COMPILED:
        done = compile_text(f'#include "{path[4:]}"\n')
        if done.returncode:
            yield path, "does not compile alone: " + first_error(done.stderr)


def first_error(text):
    return next((line for line in text.splitlines() if "error" in line), text)


def example(path):
    """The first block of a header's first comment that stands behind tabs; its
    lines keep their numbers."""
    comment = re.match(r"/\*.*?\*/", read(path), re.S)
    block = re.match(r"(?:(?! \*\t).*\n)*", comment[0] + "\n")[0]
    code = re.match(r"(?: \*\t.*\n| \*\n)*", comment[0][len(block):])[0]
    return "\n" * block.count("\n") + re.sub(r"^ \*", "", code, flags=re.M).rstrip()


# What an example need not declare: its own variables and functions.
UNDECLARED = re.compile(r"error: .(\w+). undeclared")
IMPLICIT = re.compile(r"implicit declaration of function .(\w+).")


def example_faults(path, text):
    done = compile_text(
        f'#include <stdio.h>\n#include <stdlib.h>\n#include <string.h>\n'
        f'#include "{path[4:]}"\n{text}')
    for line in done.stderr.splitlines():
        name = IMPLICIT.search(line)
        if name and is_named_after(name[1], path) and \
                module(path) not in VOCABULARY_OF:
            yield path, f"the example calls {name[1]}, which is not there"
        elif ": error:" in line and not UNDECLARED.search(line):
            place, fault = line.split(" error: ")
            yield place, f"the example is not C: {fault}"


def check_examples():
    """Examples are statements, or functions."""
    for path in COMPILED:
        text = example(path)
        if re.search(r"[;{]", text):
            inside = list(example_faults(
                path, "void example(int argc, char **argv);\n"
                "void example(int argc, char **argv)\n{"
                f'\n#line 1 "{path}"\n{text}\n}}\n'))
            outside = inside and list(example_faults(
                path, f'#line 1 "{path}"\n{text}\n'))
            yield from outside and inside


# What writes a header, or a row of a table of columns.
HEADER = re.compile(r"\bout_header\(((?:[^()]|\([^()]*\))*)\)|"
                    r"\b(?:COLUMN|SPIKE|TRACE|QUANTITY)\(\w+, (\"[^\"]*\")")


def check_columns():
    """bmutils-formats(5) names every column that the sources do."""
    page = read("man/bmutils-formats.5").split("\n.Sh TABLES\n")[1]
    named = set(re.findall(r"[A-Za-z_][\w.]*", page))
    for path in LIB + TOOLS:
        text = read(path)
        for header in HEADER.finditer(text):
            for name in re.findall(r'"([^"]*)"', header[1] or header[2]):
                if name not in named:
                    line = text.count("\n", 0, header.start()) + 1
                    yield (f"{path}:{line}",
                           f"bmutils-formats(5) has no column '{name}'")


def check_kinds():
    """lib/ is C, and nothing that a compiler has left there."""
    for path in sorted(glob.glob("lib/**", recursive=True)):
        if os.path.isfile(path) and not path.endswith((".c", ".h")):
            yield path, "neither .c nor .h"


RULES = {"layers": check_layers, "sizes": check_sizes, "kinds": check_kinds,
         "owners": check_owners,
         "names": check_names, "headers": check_headers,
         "examples": check_examples, "columns": check_columns}


def main():
    broken = 0
    only = os.environ.get("RULE")
    for check in [RULES[only]] if only else RULES.values():
        for place, what in check():
            print(f"{place.rstrip(':')}: {what}")
            broken += 1
    return broken > 0


sys.exit(main())
