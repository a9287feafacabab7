"""Reading, comparing and rewriting the reference files.

Numbers of a stored file are kept as the text they were written with, so that an
input such as 0.545 means the decimal number and an output keeps its 20 digits.
`Comparison` walks over the numbers a program has remade and remembers how many
there were, the worst relative difference, and every one that is too far off.
"""

import json
import pathlib

from mpmath import mp, mpf

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "tests" / "reference"
TOLERANCE = mpf(10)**-15
SMALLEST_DOUBLE = mpf(2)**-1074


class Number:
    """A number of a JSON file with the text it was written with."""

    def __init__(self, text):
        self.text = text

    def __repr__(self):
        return self.text


def path_of(name):
    return FOLDER / name


def load_exact(name):
    """The file with every non-integer number as a `Number`."""
    return json.loads(path_of(name).read_text(), parse_float=Number)


def value(item):
    """Inputs as multiple-precision numbers, containers recursively; names and flags stay as they are."""
    if isinstance(item, Number):
        return mpf(item.text)
    if isinstance(item, bool) or item is None or isinstance(item, str):
        return item
    if isinstance(item, int):
        return mpf(item)
    if isinstance(item, list):
        return [value(i) for i in item]
    return {k: value(v) for k, v in item.items()}


def dump(item, depth=0):
    """JSON text with one space of indentation per level and numbers as they were written."""
    pad, inner = " " * depth, " " * (depth + 1)
    if isinstance(item, Number):
        return item.text
    if isinstance(item, dict):
        if not item:
            return "{}"
        return "{\n" + ",\n".join(inner + json.dumps(k) + ": " + dump(v, depth + 1) for k, v in item.items()) \
            + "\n" + pad + "}"
    if isinstance(item, list):
        if not item:
            return "[]"
        return "[\n" + ",\n".join(inner + dump(v, depth + 1) for v in item) + "\n" + pad + "]"
    return json.dumps(item, ensure_ascii=False)


def dump_in_lines(item):
    """The same in one line, but for each member of the file and each element of its lists of cases."""
    def line(x):
        if isinstance(x, dict):
            return "{" + ", ".join(json.dumps(k) + ": " + line(v) for k, v in x.items()) + "}"
        return "[" + ", ".join(map(line, x)) + "]" if isinstance(x, list) else dump(x)

    def member(x):
        return "[\n" + ",\n".join(map(line, x)) + "\n]" if isinstance(x, list) and isinstance(x[0], dict) else line(x)
    return "{\n" + ",\n".join(json.dumps(k) + ": " + member(v) for k, v in item.items()) + "\n}\n"


def as_text(x, digits):
    """A number as it is written to a file; infinities and nan as words."""
    if mp.isnan(x):
        return "nan"
    if mp.isinf(x):
        return "inf" if x > 0 else "-inf"
    return mp.nstr(x, digits)


class Comparison:
    """Counts and compares remade numbers with stored ones, and with `write` puts the remade in their place.

    A number below the range of a double (a density of 1.48e-1374) may be stored with
    fewer digits; it is compared to the digits it has and left out of the worst difference.
    """

    def __init__(self, name, write=False, tolerance=TOLERANCE):
        self.name, self.write, self.tolerance = name, write, tolerance
        self.count, self.worst, self.failures, self.changed = 0, mpf(0), [], 0

    def compare(self, holder, key, remade, where):
        stored = holder[key]
        if isinstance(remade, dict):
            for k in remade:
                self.compare(stored, k, remade[k], where + "." + str(k))
            return
        if isinstance(remade, list):
            if len(stored) != len(remade):
                self.failures.append("%s: %d entries stored, %d remade" % (where, len(stored), len(remade)))
                return
            for i, item in enumerate(remade):
                self.compare(stored, i, item, "%s[%d]" % (where, i))
            return
        self.count += 1
        if isinstance(remade, (str, bool)) or remade is None:
            if stored != remade:
                self.failures.append("%s: stored %r, remade %r" % (where, stored, remade))
                if self.write:
                    holder[key] = remade
            return
        difference = self.difference(stored, remade)
        if isinstance(stored, Number) and 0 < abs(mpf(stored.text)) < SMALLEST_DOUBLE:
            digits = sum(c.isdigit() for c in stored.text.lower().split("e")[0])
            if difference <= mpf(10)**(1 - digits):
                return
        self.worst = max(self.worst, difference)
        if not difference <= self.tolerance:
            self.failures.append("%s: stored %s, remade %s, relative difference %s"
                                 % (where, stored, mp.nstr(remade, 20), mp.nstr(difference, 3)))
            if self.write:
                self.changed += 1
                holder[key] = self.replacement(remade)

    @staticmethod
    def replacement(remade):
        text = as_text(remade, 20)
        return Number(text) if mp.isfinite(remade) else text

    @staticmethod
    def difference(stored, remade):
        x = mpf(stored.text) if isinstance(stored, Number) else mpf(stored)
        if mp.isnan(x) or mp.isnan(remade):
            return mpf(0) if mp.isnan(x) and mp.isnan(remade) else mp.inf
        if x == remade:
            return mpf(0)
        if mp.isinf(x) or mp.isinf(remade):
            return mp.inf
        return abs(x - remade) / max(abs(x), abs(remade))

    def report(self):
        """One line, then one line per number that differs; the number of failures."""
        print("%-20s %6d numbers, worst relative difference %s%s"
              % (self.name, self.count, mp.nstr(self.worst, 3), "" if not self.failures else
                 ", %d DIFFER" % len(self.failures)))
        for line in self.failures:
            print("   " + line)
        return len(self.failures)


def main(name, remake, argv, to_text=dump):
    """`--check` (default) or `--write` for a program whose `remake(data, comparison)` remakes the rows."""
    mode = argv[1] if len(argv) > 1 else "--check"
    if mode not in ("--check", "--write"):
        print("usage: %s [--check|--write]" % argv[0])
        return 2
    data = load_exact(name)
    comparison = Comparison(name, write=mode == "--write")
    remake(data, comparison)
    failures = comparison.report()
    if mode == "--write":
        path_of(name).write_text(to_text(data))
        return 0
    return 1 if failures else 0


def write_rows(name, description, rows):
    """A file of one row per line; doubles are written with the digits that give them back."""
    text = '{"description": %s,\n"rows": [\n' % json.dumps(description)
    text += ",\n".join(json.dumps(row) for row in rows) + "\n]}\n"
    path_of(name).write_text(text)
