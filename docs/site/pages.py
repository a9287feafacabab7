# SPDX-License-Identifier: BSL-1.0
"""The repository's Markdown pages as the pages of the site: where each stands, what it links to, which formulas it has.

The pages are written for the code host's own view. Here their links are led to where the site has what they mean; the text
stays as it is. Needs no package: the tests read pages with it too.
"""

import posixpath
import re
from pathlib import Path


class PageError(Exception):
    """What is wrong with a page: one line for each mistake."""


# The front page is the README; what `docs/index.md` says to readers of the repository is a page of its own.
_PLACES = {"README.md": "index", "docs/index.md": "documentation"}
_LINK = re.compile(r"(\]\()([^)\s]+)(\))")
_IMAGE = re.compile(r"!\[([^\]]*)\]\(([^)\s]+)\)")
_FENCE = re.compile(r"^ *(`{3,}|~{3,})")
_CODE = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)", re.S)


def page_files(root):
    """The repository's pages, as paths from its root."""
    return sorted(
        str(p.relative_to(root)) for p in (*root.glob("*.md"), *root.glob("docs/*.md"), *root.glob("docs/models/*.md"))
    )


def place(path):
    """The name of the page of the site that a file of the repository becomes: docs/models/open.md is models/open."""
    return _PLACES.get(path) or path.removeprefix("docs/").removesuffix(".md").lower()


def prose(text):
    """A page's text with blank lines in the place of its fenced blocks."""
    lines, fence = [], None
    for line in text.split("\n"):
        mark = _FENCE.match(line)
        if fence is None and mark:
            fence = mark[1]
            lines.append("")
        elif fence is not None:
            if mark and mark[1].startswith(fence) and line.strip() == mark[1]:
                fence = None
            lines.append("")
        else:
            lines.append(line)
    return "\n".join(lines)


def formulas(text):
    """The formulas of a page: (line, TeX), those between $$ on lines of their own and those between $ in a line."""
    blank = lambda found: re.sub(r"[^\n]", " ", found[0])  # noqa: E731  (keeps the lines' numbers)
    rest = _CODE.sub(blank, prose(text))
    found = []

    def block(m):
        found.append((rest.count("\n", 0, m.start()) + 1, m[1].strip()))
        return blank(m)

    rest = re.sub(r"^ *\$\$ *\n(.*?)\n *\$\$ *$", block, rest, flags=re.S | re.M)
    for m in re.finditer(r"(?<![\\$])\$([^\s$](?:[^$]*[^\s$\\])?)\$(?![\d$])", rest):
        found.append((rest.count("\n", 0, m.start()) + 1, m[1]))
    return sorted(found)


def wrong_formulas(text):
    """Formulas that some view of Markdown would not show as they stand. Readers of Markdown may take a backslash before a
    mark for their own, and < for a tag; and what is open must be closed."""
    wrong = []
    for line, tex in formulas(text):
        if re.search(r"\\[^A-Za-z]", tex):
            wrong.append(f"line {line}: a backslash before what is no letter (\\cr ends a row, \\lbrace is a brace)")
        if re.search(r"[<>]", tex):
            wrong.append(f"line {line}: write \\lt and \\gt")
        if tex.count("{") != tex.count("}") or tex.count(r"\begin") != tex.count(r"\end"):
            wrong.append(f"line {line}: braces or environments that do not pair")
        if "\n\n" in tex:
            wrong.append(f"line {line}: an empty line in a formula")
    return wrong


def links(text):
    """Where a page's links within the repository lead, as they are written."""
    return [m[2] for m in _LINK.finditer(_CODE.sub("", prose(text))) if not re.match(r"[a-z]+:|#", m[2])]


def target(path, link):
    """The file of the repository that a link of the page `path` means."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(path), link.split("#")[0]))


def read_pages(root):
    """{path: text} of the repository's pages."""
    return {path: (root / path).read_text(encoding="utf-8") for path in page_files(root)}


def tree(pages):
    """The site's tree: [(caption, [names of pages])], as docs/index.md has headings and links, and
    {page: [pages below it]} for those that it does not list: they stand below the first page that links to them."""
    groups, seen = [(None, [place("docs/index.md")])], {"README.md", "docs/index.md"}
    found = re.compile(r"^## +(.+?) *$|<!-- site: ([^>]*?) -->|" + _LINK.pattern, re.M)
    for m in found.finditer(pages["docs/index.md"]):
        if m[1]:
            groups.append((m[1], []))
        elif m[2]:
            groups[-1][1].extend(re.split(r",\s*", m[2]))
        elif not re.match(r"[a-z]+:|#", m[4]):
            path = target("docs/index.md", m[4])
            if path in pages and path not in seen:
                seen.add(path)
                groups[-1][1].append(place(path))
    below, listed = {}, [p for p in pages if p in seen and p not in ("README.md", "docs/index.md")]
    for path in listed:
        for to in dict.fromkeys(target(path, link) for link in links(pages[path])):
            if to in pages and to not in seen:
                seen.add(to)
                below.setdefault(place(path), []).append(place(to))
    lost = sorted(set(pages) - seen)
    if lost:
        raise PageError("\n".join(f"{p}: docs/index.md does not lead to this page" for p in lost))
    return [g for g in groups if g[1]], below


def relink(path, text, pages, root, files):
    """The page's text with links to where the site has their targets. Adds the files that are no pages to `files`."""
    here, wrong = posixpath.dirname(place(path)), []

    def led(m):
        link = m[2]
        if re.match(r"[a-z]+:|#", link):
            return m[0]
        to, mark, anchor = link.partition("#")
        file = target(path, to)
        if file in pages:
            to = place(file) + ".md"
        elif file.startswith("docs/figures/") and (root / file).is_file():
            to = file.removeprefix("docs/")
        elif (root / file).is_file():
            files.add(file)
            to = f"files/{file}.md"
        else:
            wrong.append(f"{path}: the link to {link} leads to no file")
            return m[0]
        return m[1] + posixpath.relpath(to, here or ".") + mark + anchor + m[3]

    out, kept = [], prose(text).split("\n")
    for line, words in zip(text.split("\n"), kept):
        out.append(_LINK.sub(led, line) if words else line)
    if wrong:
        raise PageError("\n".join(wrong))
    return "\n".join(out)


def figures(pages, order):
    """The figures that the pages show, in the order of the pages: (file of docs/figures, caption, name of the page)."""
    by_place = {place(path): path for path in pages}
    found = {}
    for name in order:
        path = by_place.get(name)
        for caption, link in _IMAGE.findall(prose(pages[path])) if path else ():
            file = target(path, link)
            if not file.startswith("docs/figures/"):
                raise PageError(f"{path}: the figure {link} does not stand in docs/figures")
            if not caption.strip():
                raise PageError(f"{path}: the figure {link} has no caption")
            found.setdefault(file.removeprefix("docs/figures/"), (caption, name))
    return [(file, *words) for file, words in found.items()]


def drawn_by(root):
    """{name of a figure: the program of examples/ that draws it}, by where the name stands in the examples' sources."""
    names = {}
    for source in sorted(root.glob("examples/*/*.cpp")):
        for declared in re.findall(r"\bfigure \w+\(([^;]*)figure::", source.read_text(encoding="utf-8")):
            for name in re.findall(r'"(\w+)"', declared):
                names.setdefault(name, str(source.relative_to(root)))
    return names


def gallery_figures(root, pages, order):
    """The figures of the gallery: (file, caption, page, program), those that examples draw. All of them must be there, and
    each file of docs/figures must be shown somewhere."""
    shown, programs = figures(pages, order), drawn_by(root)
    wrong = [f"docs/figures/{p.name}: no page shows this figure" for p in sorted(Path(root, "docs/figures").iterdir())
             if p.name not in {file for file, *_ in shown}]
    wrong += [f"{source}: no page shows the figure {name}" for name, source in programs.items()
              if name not in {posixpath.splitext(file)[0] for file, *_ in shown}]
    if wrong:
        raise PageError("\n".join(wrong))
    with_program = [(*figure, programs.get(posixpath.splitext(figure[0])[0])) for figure in shown]
    return [figure for figure in with_program if figure[3]]
