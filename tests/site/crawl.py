# SPDX-License-Identifier: BSL-1.0
"""Reads a built site as files, without a browser: links, what is loaded, and what was left as it was written."""

import posixpath
import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

# What loads without being asked, and what only a click follows.
_LOADED = {"script": ("src",), "img": ("src", "srcset"), "link": ("href",), "iframe": ("src",), "source": ("src", "srcset"),
           "video": ("src", "poster"), "audio": ("src",), "embed": ("src",), "object": ("data",), "form": ("action",)}
_SILENT = {"script", "style", "code", "pre", "svg", "textarea", "noscript"}
_EMPTY = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}

# As it was written: Doxygen's commands, TeX, directives of Markdown, fences, emphasis; and links of Markdown, unless what
# stands there is a signature in C++, `operator[](int)`.
RAW = re.compile(r"[@\\](?:ref|page|anchor|image|subpage|copydoc)\b|\\f[$\[\]]|\$|\\[a-zA-Z]+\{|\]\([^)\s]*[./#][^)\s]*\)|"
                 r"\{[a-z]+\}`|```|(?<![\w*])\*\*\w|<!--")


class Page(HTMLParser):
    """The links, places, loaded files, formulas and text of one page."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.links, self.loaded, self.places, self.formulas, self.text = [], [], set(), 0, []
        self._open, self.title, self._in_title = [], "", False
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        self.places.update(given[key] for key in ("id", "name") if given.get(key) and (key == "id" or tag == "a"))
        if tag == "a" and given.get("href") is not None:
            self.links.append(given["href"])
        for key in _LOADED.get(tag, ()):
            if given.get(key):
                self.loaded.append(given[key])
        formula = "formula" in (given.get("class") or "").split()
        self.formulas += formula
        self._in_title |= tag == "title" and "svg" not in [name for name, _ in self._open]
        if tag not in _EMPTY:
            self._open.append((tag, tag in _SILENT or formula))

    def handle_endtag(self, tag):
        self._in_title &= tag != "title"
        for k in range(len(self._open) - 1, -1, -1):
            if self._open[k][0] == tag:
                del self._open[k:]
                break

    def handle_data(self, data):
        if self._in_title:
            self.title += data
        elif not any(silent for _, silent in self._open):
            self.text.append(data)


def _outside(link):
    return bool(re.match(r"[a-zA-Z][a-zA-Z0-9+.-]*:|//", link))


def check(site):
    """All that is wrong with the site in a folder, one line each, and {path: Page}."""
    site = Path(site)
    files = {str(p.relative_to(site)) for p in site.rglob("*") if p.is_file()}
    pages = {f: Page((site / f).read_text(encoding="utf-8")) for f in sorted(files) if f.endswith(".html")}
    wrong = [] if pages else [f"{site}: there are no pages"]

    def leads(page, link, what):
        path, _, place = link.partition("#")
        path = unquote(path.split("?")[0])
        file = posixpath.normpath(posixpath.join(posixpath.dirname(page), path)) if path else page
        if path.endswith("/") or file == ".":
            file = posixpath.normpath(posixpath.join(file, "index.html"))
        if file.startswith(".."):
            wrong.append(f"{page}: the {what} {link} leaves the site")
        elif file not in files:
            wrong.append(f"{page}: the {what} {link} leads nowhere")
        elif place and file in pages and unquote(place) not in pages[file].places and place not in ("", "top"):
            wrong.append(f"{page}: the {what} {link} leads to no place in {file}")

    # Doxygen's search has a page for each letter, made for a frame of its pages; its script fills in their links.
    for name, page in pages.items():
        if name.startswith("api/search/"):
            continue
        for link in dict.fromkeys(page.links):
            if not _outside(link) and not link.startswith("javascript:"):
                leads(name, link, "link")
        for link in dict.fromkeys(page.loaded):
            if link.startswith(("data:", "javascript:")):
                continue
            if _outside(link):
                wrong.append(f"{name}: {link} is loaded from outside")
            else:
                leads(name, link, "file")
        for found in {m[0] for m in RAW.finditer(" ".join(page.text))}:
            wrong.append(f"{name}: raw markup in the text: {found}")
        if not page.title.strip():
            wrong.append(f"{name}: no title")
    for name in sorted(f for f in files if f.endswith(".css")):
        for link in re.findall(r"url\(\s*['\"]?([^'\")]+)", (site / name).read_text(encoding="utf-8")):
            if _outside(link) and not link.startswith("data:"):
                wrong.append(f"{name}: {link} is loaded from outside")
    return wrong, pages
