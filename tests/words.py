#!/usr/bin/python3
"""words.py -- one word for one thing, in options and in columns

usage: words.py MAN/bmutils-formats.5 TOOL ...

What --help of the tools says is held against the tables OPTIONS and COLUMNS of
the page.  A letter has one long name, and an option that is in several tools
says the same in each, or is in the table with all of its arguments.  A column
of several tables of the page is in the table of columns.  Each fault is told,
as "name: what is wrong".
"""
import collections
import re
import subprocess
import sys


class Option(collections.namedtuple("Option", "letter arg help")):
    """What one tool says of an option, without its default and its words."""


def options_of(tool):
    """{long name: Option} of what --help says."""
    text = subprocess.run([tool, "--help"], check=True, text=True,
                          stdout=subprocess.PIPE).stdout
    found = {}
    name = None
    for line in text.splitlines():
        row = re.match(r"  (?:-(.),|   ) --([^ =]+)(?:=(\S+))? +(.*)", line)
        if row:
            name = row[2]
            found[name] = Option(row[1] or "", row[3] or "", row[4])
        elif name and line.startswith(" " * 20):
            found[name] = found[name]._replace(
                help=found[name].help + " " + line.strip())
    return {k: o._replace(help=core(o.help)) for k, o in found.items()}


def core(text):
    """The meaning: no words to choose from, no default, no bounds."""
    text = re.sub(r",? in [\[(]\S+[\])].*$", "", text)
    text = re.sub(r"(: [^ ]+\|[^ ]+)?( \([^()]*\))?$", "", text)
    return text.strip()


def listed(page, section):
    """The items of the list in a section."""
    body = re.search(rf'^\.Sh {section}\n(.*?)(?=^\.Sh )', page, re.M | re.S)
    return re.findall(r"^\.It (.*)$", body[1], re.M) if body else []


def option_table(page):
    """{long name: (letter, {arguments})}"""
    table = {}
    for item in listed(page, "OPTIONS"):
        row = re.match(
            r"(?:Fl (.) , )?Fl -(\S+)( Op)?(?: Ns = Ns Ar (.*))?$", item)
        arguments = set((row[4] or "").split(" | "))
        table[row[2]] = (row[1] or "", arguments | {""} if row[3]
                         else arguments)
    return table


def option_faults(page, tools):
    table = option_table(page)
    said = collections.defaultdict(lambda: collections.defaultdict(list))
    letters = collections.defaultdict(set)
    for tool in tools:
        for name, option in options_of(tool).items():
            said[name][option].append(tool.rsplit("/", 1)[-1])
            if option.letter:
                letters[option.letter].add(name)
    for letter, names in sorted(letters.items()):
        if len(names) > 1:
            yield f"-{letter}: several names: {' '.join(sorted(names))}"
    for name, ways in sorted(said.items()):
        tools_of = sum(len(t) for t in ways.values())
        if len({o.letter for o in ways}) > 1:
            yield f"--{name}: with a letter and without"
        if name not in table:
            if len(ways) > 1:
                yield f"--{name}: not in the table, and not the same: " + \
                    "; ".join(f"{t[0]}: {o.arg}: {o.help}"
                              for o, t in ways.items())
            continue
        letter, arguments = table[name]
        there = {o.arg for o in ways}
        if tools_of < 2 and not letter:
            yield f"--{name}: in the table, and in one tool only"
        if {o.letter for o in ways} != {letter}:
            yield f"--{name}: another letter in the table"
        if there != arguments:
            yield f"--{name}: takes {sorted(there)}, not {sorted(arguments)}"
    for name in sorted(set(table) - set(said)):
        yield f"--{name}: in the table, and in no tool"
    for letter, names in sorted(letters.items()):
        if not names & set(table):
            yield f"-{letter}: not in the table"


def column_faults(page):
    """Those of several tables, but for parts, whose rows are what they say."""
    body = re.search(r"^\.Sh TABLES\n(.*?)(?=^\.Sh )", page, re.M | re.S)
    tables = collections.defaultdict(set)
    for table in re.split(r"^\.Ss ", body[1], flags=re.M)[1:]:
        title = table.split("\n", 1)[0]
        for item in re.findall(r"^\.It Cm (.*)$", table, re.M):
            for name in item.split(" , ") if title != "Parts" else []:
                tables[name].add(title)
    several = {name for name, of in tables.items() if len(of) > 1}
    there = {name for item in listed(page, "COLUMNS")
             for name in item.removeprefix("Cm ").split(" , ")}
    for name in sorted(several - there):
        yield f"{name}: in several tables, and not in that of columns: " + \
            ", ".join(sorted(tables[name]))
    for name in sorted(there - several):
        yield f"{name}: in the table of columns, and not in several others"


def main():
    with open(sys.argv[1], encoding="utf-8") as f:
        page = f.read()
    faults = [*option_faults(page, sys.argv[2:]), *column_faults(page)]
    for fault in faults:
        print(fault)
    sys.exit(1 if faults else 0)


main()
