# SPDX-License-Identifier: BSL-1.0
"""The pages that only the site has: the gallery, sources that pages link to, the ways into the references, the lecture."""

import posixpath
import re
import xml.etree.ElementTree as ElementTree

_LANGUAGES = {".cpp": "cpp", ".hpp": "cpp", ".h": "c", ".py": "python", ".R": "r", ".m": "matlab", ".1": "groff",
              ".cff": "yaml", ".sh": "sh", ".json": "json", ".csv": "text"}


def fenced(text, language):
    """A fenced block that nothing in the text can end."""
    mark = "`" * max([3, *(len(run) + 1 for run in re.findall("`+", text))])
    return f"{mark}{language}\n{text.rstrip()}\n{mark}\n"


def gallery(figures, titles):
    """Each figure with its caption, the page that explains it and the program that draws it."""
    out = ["# Gallery", "", "What the examples draw. Each is the figure of a page, which says what it shows.", "",
           "````{container} gallery"]
    for file, caption, page, program in figures:
        out += [f"```{{figure}} figures/{file}", f":alt: {caption}", f":target: {page}.html", "",
                f"{caption}. Explained in [{titles[page]}]({page}.md), drawn by [`{program}`](files/{program}.md).", "```", ""]
    return "\n".join([*out, "````", ""])


def source(path, text):
    """A file of the repository, to be read."""
    language = _LANGUAGES.get(posixpath.splitext(path)[1], "text")
    return f"---\norphan: true\nnosearch: true\n---\n\n# `{path}`\n\n{fenced(text, language)}"


class Reference:
    """What Doxygen has pages for, from its tag file; and the headers, of which that knows nothing, from its pages."""

    def __init__(self, folder):
        self._names, self.headers = {}, {}  # name -> places; header -> (place, [(name, place)])
        pages = folder / "html"
        for page in sorted(pages.glob("*_8hpp_source.html")):
            title = re.search(r"<title>[^<]*?include/(melitz/[\w/]+\.hpp) ", page.read_text(encoding="utf-8"))
            if title:
                self.headers[title[1]] = (page.name, [])
                for name in (title[1], title[1].removeprefix("melitz/")):
                    self._names.setdefault(name, [page.name])
        for compound in ElementTree.parse(folder / "melitz.tag").getroot().iter("compound"):
            kind, name, place = compound.get("kind"), compound.findtext("name"), self._place(compound.findtext("filename"))
            if "detail" in name.split("::"):
                continue
            if kind in ("class", "struct", "union", "concept") and "<" not in name:
                self._add(name, place)
                header = re.search(r"#include &lt;(?:<a[^>]*>)?(melitz/[\w/]+\.hpp)", (pages / place).read_text(encoding="utf-8"))
                if header and header[1] in self.headers:
                    self.headers[header[1]][1].append((name, place))
            if kind == "namespace" and name.startswith("melitz"):
                for member in compound.iter("member"):
                    if member.get("kind") in ("function", "enumeration", "typedef", "variable"):
                        anchor = f"{self._place(member.findtext('anchorfile'))}#{member.findtext('anchor')}"
                        self._add(f"{name}::{member.findtext('name')}", anchor)

    @staticmethod
    def _place(file):
        return file if file.endswith(".html") else file + ".html"

    def _add(self, name, place):
        for short in {name, name.rpartition("::")[2], name.removeprefix("melitz::")}:
            places = self._names.setdefault(short, [])
            if place not in places:
                places.append(place)

    def find(self, code):
        """The place in the reference of what `code` names in a page, or nothing: `closed_economy`, `solve()`,
        `melitz::pareto<>`, `economy/ces.hpp`, `#include <melitz/world.hpp>`. Overloads have one place, the first; what
        has one name in several parts of the library has none, nor has what may be another's word: a bare `solve`."""
        code = re.sub(r"^#include ", "", code.strip()).strip("<>") if ".hpp" in code else code.strip()
        called = code.endswith("()")
        name = re.sub(r"<[\w:, ]*>$", "", code.removesuffix("()"))
        if not re.fullmatch(r"[\w:]+|[\w/]+\.hpp", name):
            return None
        places = self._names.get(name, [])
        pages = {place.partition("#")[0] for place in places}
        if len(pages) != 1 or "#" in places[0] and not (called or "::" in name):
            return None
        return places[0]


def way_into_cpp(reference):
    """The page that leads to the reference of the headers: what each has, room by room."""
    rooms = {}
    for header, (place, inside) in sorted(reference.headers.items()):
        room = posixpath.dirname(header).removeprefix("melitz").strip("/") or "melitz"
        rooms.setdefault(room, []).append((header, place, inside))
    out = ["# C++ reference", "",
           "The [reference of the headers](reference:index.html) has every public name, made from the comments in the headers. "
           "[Design](design.md) says what the rooms are.", ""]
    for room, headers in rooms.items():
        out += [f"## `{room}`", ""]
        for header, place, inside in headers:
            names = ", ".join(f"[`{name.removeprefix('melitz::')}`](reference:{at})" for name, at in inside)
            out.append(f"- [`{header}`](reference:{place})" + (f": {names}" if names else ""))
        out.append("")
    return "\n".join(out)


def no_python():
    return ("# Python reference\n\nThis site was built without the Python module, from whose docstrings the reference is made. "
            "In a clone, [with what it needs](index.md#use-it-without-c), configure with `-D MELITZ_BUILD_PYTHON=ON` and build "
            "the target `site` again; or read `help(melitz)` where the module is installed. "
            "The [how-to](how-to.md#python) has examples.\n")


def lecture(there):
    """The page around the lecture in the browser, for what of it was built."""
    out = ["# The lecture in the browser", "",
           "Move a parameter and see what the lecture's pictures do. Everything is computed in your browser by this library."]
    words = {"lecture.html": "Open the lecture", "models.html": "Open all models"}
    out += ["", *(f"- [{words[file]}](lecture:{file})" for file in there), ""]
    return "\n".join(out)
