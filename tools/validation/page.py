#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Makes docs/validation_table.md of the numbers that the tests wrote, or says where the page does not hold.

    page.py --rows FOLDER --page FILE            # check
    page.py --rows FOLDER --page FILE --update   # write

What the page says of a number of ours is a bound on its difference and the digits that the bound leaves, so that it holds
for every compiler and processor. A check makes the page anew, keeping what it says wherever that still holds, and compares
the texts: it fails where a number is gone, new or another one, or is further from theirs than the page says. Only an update
makes bounds smaller. A number of which the tests say that its data are absent stays as the page has it, and so does one
that the page calls absent.
"""

import argparse
import difflib
import json
import math
import pathlib
import re
import sys

from sources import SOURCES

PAGE = "validation_table.md"  # as the page calls itself: in full, which every site that shows it can follow
LEAST = 1e-14  # what compilers and processors may differ by: no smaller bound is stated
HEADER = "| economy | quantity | theirs | ours | difference at most |\n|---|---|---|---|---|\n"


class Stale(Exception):
    """The page or the rows are not what they should be."""


def load(folder):
    """All rows of a folder: by source, a dictionary of names to rows; and of sources to why they are absent.

    A number that several tests compute counts once, with its largest difference.
    """
    rows, absent = {}, {}
    files = sorted(pathlib.Path(folder).glob("*.jsonl"))
    for file in files:
        for line in file.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            if "absent" in row:
                absent[row["source"]] = row["absent"]
                continue
            name = (row["case"], row["quantity"], tuple(row["place"]))
            if row["ours"] is None or row["difference"] is None:
                raise Stale(f"{row['source']}: ours is no number: {name}")
            of_source = rows.setdefault(row["source"], {})
            other = of_source.setdefault(name, row)
            if other["theirs"] != row["theirs"]:
                raise Stale(f"{row['source']}: two numbers have the name {name}: {other['theirs']}, {row['theirs']}")
            if row["difference"] > other["difference"]:
                of_source[name] = row
    if not rows and not absent:
        raise Stale(f"the tests have written nothing to {folder}: run them with ctest, which says where they write")
    unknown = (set(rows) | set(absent)) - {s["key"] for s in SOURCES}
    if unknown:
        raise Stale(f"tools/validation/sources.py does not know {', '.join(sorted(unknown))}")
    return rows, absent


def bound_of(difference):
    """The power of ten that the page states: four times the difference fit, so that another compiler's does too."""
    bound = LEAST
    while bound < 4 * difference:
        bound = float(f"{bound * 10:.0e}")
    return bound


def short(bound):
    """1e-14, and not 1e-014."""
    return re.sub(r"e-0(\d)$", r"e-\1", f"{bound:.0e}")


def to_one_digit(difference):
    """Rounded up: of what was printed with few digits, most of the difference is not ours."""
    one = 10.0 ** math.floor(math.log10(max(difference, 1e-12)))
    return f"{math.ceil(difference / one - 1e-6) * one:.1g}"


def in_words(name):
    text = name.replace("_", " ")
    text = re.sub(r"^mass (?=[a-z])", "mass of ", text)
    return text.replace("*", "\\*").replace("|", "\\|").replace("<", "&lt;").replace(">", "&gt;")


def quantity_of(row):
    place = row["place"]
    return in_words(row["quantity"]) + (f" ({', '.join(str(k) for k in place)})" if place else "")


def cells(row, old, tighten):
    """Theirs, ours and the difference, as the page prints them; as it did where that still holds."""
    if "printed" in row:
        decimals = len(row["printed"].partition(".")[2])
        fresh = (row["printed"], f"{row['ours']:.{decimals + 3}f}", to_one_digit(row["difference"]))
    else:
        bound = bound_of(row["difference"])
        digits = min(15, max(1, -round(math.log10(bound))))
        fresh = (f"{row['theirs']:.15g}", f"{row['ours']:.{digits}g}",
                 short(bound) + (" absolute" if row.get("absolute") else ""))
    if old is None or old[0] != fresh[0]:
        return fresh
    stated = float(old[2].split()[0])
    if old[2].split()[1:] != fresh[2].split()[1:] or row["difference"] > stated:
        return fresh
    # What stands there as ours is ours, as far as the bound and the digits tell.
    if "printed" in row:
        within = 10.0 ** -(decimals + 3)
    else:
        within = 2 * stated * (1.0 if row.get("absolute") else abs(row["theirs"])) + 10 * stated * abs(row["ours"])
    if not abs(float(old[1]) - row["ours"]) <= within:
        return fresh
    if tighten and stated > 20 * float(fresh[2].split()[0]):
        return fresh
    return old


def printed_rows(source, rows):
    """Those that the page prints, in order."""
    by_case = {}
    for name in sorted(rows, key=in_order):
        by_case.setdefault(name[0], []).append(name)
    cases = [c for c in by_case if re.search(source.get("cases", ""), c)][:: source.get("every", 1)]
    out = []
    for case in cases:
        seen = {}
        wanted = source["show"]
        names = by_case[case]
        if wanted is not None:
            names = sorted((n for n in names if n[1] in wanted), key=lambda n: wanted.index(n[1]))
        for name in names:
            seen[name[1]] = seen.get(name[1], 0) + 1
            # Exports of 0 in autarky and the wage of 1 of the numeraire's country tell nothing.
            if seen[name[1]] <= source.get("places", 1) and rows[name]["theirs"] not in (0, 1):
                out.append(rows[name])
    return out


def in_order(name):
    """Case 2 before case 10."""
    return [[(float(p) if p[:1].isdigit() else -1, p) for p in re.split(r"(\d+(?:\.\d+)?)", str(part))] for part in name]


class Page:
    """What a page says: the lines of its sections, the cells of its tables, the lines of its summary."""

    def __init__(self, text):
        self.summary, self.sections, self.cells = {}, {}, {}
        for part in re.split(r"(?m)^## ", text)[1:]:
            heading, _, body = part.partition("\n")
            self.sections[heading] = body
            self.cells[heading] = {}
            for line in body.splitlines():
                columns = re.split(r"(?<!\\) \| ", line.strip("|").strip())
                if len(columns) == 5 and line.startswith("| "):
                    self.cells[heading][tuple(columns[:2])] = tuple(columns[2:])
        for line in text.partition("\n## ")[0].splitlines():
            match = re.match(r"\| \[([^]]*)\]", line)
            if match:
                self.summary[match.group(1)] = line


def slug(heading):
    return re.sub(r"[^a-z0-9 -]", "", heading.lower()).replace(" ", "-")


def bounds_of_source(rows, old_line, tighten):
    """The largest difference of each kind, as the summary states it."""
    kinds = {"relative": [], "absolute": [], "in print": []}
    for row in rows:
        kind = "in print" if "printed" in row else "absolute" if row.get("absolute") else "relative"
        kinds[kind].append(row["difference"])
    old = {kind: float(bound) for bound, kind in re.findall(r"([\d.e-]+) (relative|absolute|in print)", old_line or "")}
    out = []
    for kind, differences in kinds.items():
        if not differences:
            continue
        worst = max(differences)
        text = to_one_digit(worst) if kind == "in print" else short(bound_of(worst))
        if worst <= old.get(kind, -1) and not (tighten and old[kind] > 20 * float(text)):
            text = f"{old[kind]:g}" if kind == "in print" else short(old[kind])
        out.append(f"{text} {kind}")
    return ", ".join(out)


def make(rows, absent, old, tighten):
    """The page's text, and what stays as it was because its data are absent."""
    notes, summary, sections = [], [], []
    total = shown = 0
    for source in SOURCES:
        heading, key = source["heading"], source["key"]
        line, body = old.summary.get(heading), old.sections.get(heading)
        was_absent = body is not None and "Data absent:" in body
        if key in absent or (was_absent and not tighten):
            if body is None:
                text = f"Data absent: {absent[key]}\n"
                line = f"| [{heading}]({PAGE}#{slug(heading)}) | {source['paper']} | {source['made']} | | | data absent |"
            else:
                notes.append(f"{heading}: stays as it is, data absent" + (f": {absent[key]}" if key in absent else ""))
                text = body.strip("\n") + "\n"
        elif key not in rows:
            raise Stale(f"{heading}: the tests have written no numbers of the source {key}")
        else:
            of_source = rows[key]
            table, names = "", set()
            for row in printed_rows(source, of_source):
                name = (in_words(row["case"]), quantity_of(row))
                if name in names:
                    raise Stale(f"{heading}: the page would have two lines {name}")
                names.add(name)
                table += "| " + " | ".join(name + cells(row, old.cells.get(heading, {}).get(name), tighten)) + " |\n"
            worst = bounds_of_source(list(of_source.values()), line, tighten)
            line = (f"| [{heading}]({PAGE}#{slug(heading)}) | {source['paper']} | {source['made']} | {len(of_source):,} | "
                    f"{len(names):,} | {worst} |")
            intro = source.get("intro", "")
            text = (intro + "\n\n" if intro else "") + HEADER + table
        numbers = re.findall(r"\| ([\d,]+) (?=\|)", line)
        if len(numbers) == 2:
            total += int(numbers[0].replace(",", ""))
            shown += int(numbers[1].replace(",", ""))
        summary.append(line)
        sections.append(f"## {heading}\n\n{text.strip()}\n")
    return TOP.format(total=f"{total:,}", shown=f"{shown:,}", summary="\n".join(summary), sections="\n".join(sections)), notes


TOP = """<!-- Written by tools/validation/page.py of what the tests compute: cmake --build BUILD --target update-validation -->

# Numbers that are reproduced

{total} numbers that others have published, or that were computed outside the library, beside those of the library; {shown}
of them are printed here. The tests compute all of them, and fail where one differs by more than they allow; this page is
made of what they computed. [Validation](validation.md) says what else is checked.

**Theirs** have 20 to 30 digits where mpmath has made them; 15 are printed, those that a double holds. **Ours** are printed to
the digits that agree. **Difference at most** is a bound on the relative difference, a power of ten that holds for all
compilers and processors and is never below 1e-14; the difference itself is often 0. What is a difference itself, such as a
logarithm, an elasticity or a slope, has an absolute bound. Countries, periods and other places are counted from 0, exporter
before importer. The [glossary](notation.md#glossary) has the words of quantities, with underscores. Names of economies are
those in the files of `tests/reference`, which have the inputs.

| numbers | model of | made by | compared | printed below | largest difference |
|---|---|---|---|---|---|
{summary}

{sections}"""


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", required=True, help="the folder that the tests write to")
    parser.add_argument("--page", required=True, type=pathlib.Path)
    parser.add_argument("--update", action="store_true")
    arguments = parser.parse_args()
    text = arguments.page.read_text(encoding="utf-8") if arguments.page.exists() else ""
    try:
        rows, absent = load(arguments.rows)
        fresh, notes = make(rows, absent, Page(text), tighten=arguments.update)
    except Stale as stale:
        sys.exit(f"{arguments.page}: {stale}")
    for note in notes:
        print(note)
    if fresh == text:
        print(f"{arguments.page}: holds")
        return
    if arguments.update:
        arguments.page.write_text(fresh, encoding="utf-8")
        return
    sys.stdout.writelines(difflib.unified_diff(text.splitlines(True), fresh.splitlines(True), "the page", "the tests", n=0))
    sys.exit(f"{arguments.page}: is not what the tests say; cmake --build BUILD --target update-validation writes it")


if __name__ == "__main__":
    main()
