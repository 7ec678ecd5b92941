#!/usr/bin/python3
"""diagram.py -- what is wrong with the SVG of a diagram, by its geometry alone

usage: diagram.py FILE ...

Says of each text of an arrow whether it touches a line, a box, another text or
the edge of the picture; of each line whether it goes through a box that is
neither of its ends; of each head whether it is as large as the others of its
shape.  Lines are taken for strokes, and texts for boxes in a font of middling
width.  Prints nothing if all is well, and "N texts" at the end.
"""
import re
import sys
import xml.dom.minidom

STEPS = 24


def numbers(s):
    return [float(v) for v in re.findall(r"-?\d+\.?\d*(?:e-?\d+)?", s)]


def pairs(s):
    v = numbers(s)
    return list(zip(v[::2], v[1::2]))


def curve(points):
    """The strokes of a chain of Bezier curves."""
    line = [points[0]]
    for i in range(0, len(points) - 3, 3):
        p = points[i:i + 4]
        for k in range(1, STEPS + 1):
            t = k / STEPS
            b = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t ** 3)
            line.append(tuple(sum(w * q[j] for w, q in zip(b, p))
                              for j in (0, 1)))
    return line


def bounds(points):
    x, y = zip(*points)
    return min(x), min(y), max(x), max(y)


def overlap(a, b):
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def touches(line, box, more=0.0):
    """Does a line go through a box?  By points close to each other."""
    box = box[0] - more, box[1] - more, box[2] + more, box[3] + more
    if not overlap(bounds(line) + (), box) and len(line) > 2:
        return False
    for a, b in zip(line, line[1:]):
        for k in range(9):
            x, y = (a[j] + (b[j] - a[j]) * k / 8 for j in (0, 1))
            if box[0] < x < box[2] and box[1] < y < box[3]:
                return True
    return False


class Diagram:
    def __init__(self, name):
        svg = xml.dom.minidom.parse(name).documentElement
        view = numbers(svg.getAttribute("viewBox"))
        move = numbers(svg.getElementsByTagName("g")[0]
                       .getAttribute("transform"))[-2:]
        self.page = (-move[0], -move[1], view[2] - move[0], view[3] - move[1])
        self.boxes, self.texts, self.lines, self.heads = {}, [], [], []
        for g in svg.getElementsByTagName("g"):
            if g.getAttribute("class") in ("node", "edge"):
                self.take(g)

    def take(self, g):
        title = g.getElementsByTagName("title")[0].firstChild.data
        texts = [(self.text_box(t), title, t.firstChild.data.strip("\u00a0 "))
                 for t in g.getElementsByTagName("text")]
        for path in g.getElementsByTagName("path"):
            points = pairs(path.getAttribute("d"))
            if g.getAttribute("class") == "node":
                self.boxes[title] = bounds(points)
            elif bounds(points)[:2] != bounds(points)[2:]:
                width = float(path.getAttribute("stroke-width") or 1)
                self.lines.append((curve(points), title, width))
        if g.getAttribute("class") == "node" and title in self.boxes:
            return
        self.texts += texts
        if g.getAttribute("class") == "edge":
            for p in g.getElementsByTagName("polygon"):
                points = pairs(p.getAttribute("points"))
                self.heads.append((points, title))

    @staticmethod
    def text_box(t):
        x, y, size = (float(t.getAttribute(a)) for a in ("x", "y", "font-size"))
        half = 0.25 * size * len(t.firstChild.data.strip("\u00a0 "))
        return x - half, y - 0.73 * size, x + half, y

    def size_of_head(self, points):
        """How far its points are apart at most, wherever it points, and its
        shape: a bar and a diamond both have four corners."""
        apart = [((a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2) ** 0.5
                 for a in points for b in points if a != b]
        return max(apart), (len(points), round(max(apart) / min(apart)))

    def problems(self):
        for i, (box, title, text) in enumerate(self.texts):
            if (box[0] < self.page[0] or box[1] < self.page[1] or
                    box[2] > self.page[2] or box[3] > self.page[3]):
                yield f"outside: {title} {text}"
            for line, other, width in self.lines:
                if touches(line, box, width / 2):
                    yield f"text on a line: {title} {text} on {other}"
            for points, other in self.heads:
                if overlap(bounds(points), box):
                    yield f"text on a head: {title} {text} on {other}"
            for other, there in self.boxes.items():
                if overlap(box, there):
                    yield f"text on a box: {title} {text} on {other}"
            for there, other, more in self.texts[:i]:
                if overlap(box, there):
                    yield f"text on a text: {title} {text} on {more}"
        for line, title, _ in self.lines:
            ends = title.split("->")
            for other, there in self.boxes.items():
                if other not in ends and touches(line, there):
                    yield f"line through a box: {title} on {other}"
        for a in self.boxes:
            for b in self.boxes:
                if a < b and overlap(self.boxes[a], self.boxes[b]):
                    yield f"boxes: {a} {b}"
        shapes = {}
        for points, title in self.heads:
            size, shape = self.size_of_head(points)
            if abs(shapes.setdefault(shape, size) - size) > 0.05 * size:
                yield f"head of another size: {title}"


if __name__ == "__main__":
    for file in sys.argv[1:]:
        diagram = Diagram(file)
        for problem in diagram.problems():
            print(problem)
        print(len([t for t in diagram.texts if "->" in t[1]]), "texts")
