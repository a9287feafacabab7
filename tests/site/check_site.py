#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""check_site.py ROOT SITE PICTURES: holds the built site to what a reader can do with it; pictures are for a look.

Without a browser, of all pages: links that lead somewhere, nothing loaded from outside, no raw markup, as many formulas as
their sources have. In Chromium, of some: no wider than 400 and 1400 pixels, in light and dark; formulas rendered, on all
pages that have some; a silent console; no request beyond the site; search, from a host and from the file system.
"""

import sys
from pathlib import Path

import crawl

# A page of each kind; those of `sometimes` where they were built.
LOOKED_AT = ("index.html", "documentation.html", "tutorial.html", "models/open.html", "models/multiproduct.html",
             "models/melitz_ottaviano.html", "laws.html", "validation.html", "performance.html", "gallery.html", "cpp.html",
             "python.html", "files/examples/lecture/lecture.cpp.html", "api/index.html",
             "api/structmelitz_1_1open__economy.html", "api/namespacemelitz.html")
SOMETIMES = ("validation_table.html", "lecture.html")


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__.split("\n")[0])
    root, site, pictures = map(Path, sys.argv[1:])
    sys.path.insert(0, str(root / "docs/site"))
    import pages as repository

    wrong, built = crawl.check(site)
    formulas = {}
    for path, text in repository.read_pages(root).items():
        name = repository.place(path) + ".html"
        formulas[name] = len(repository.formulas(text))
        if name not in built:
            wrong.append(f"{path}: the site has no {name}")
        elif built[name].formulas != formulas[name]:
            wrong.append(f"{name}: {built[name].formulas} formulas, {path} has {formulas[name]}")
    if not any(formulas.values()):
        wrong.append("no page has a formula")

    from browse import SCHEMES, WIDTHS, Browser

    browser = Browser(site, pictures)
    try:
        for page in (*LOOKED_AT, *(p for p in SOMETIMES if p in built)):
            if page not in built:
                wrong.append(f"the site has no {page}")
                continue
            for width in WIDTHS:
                for scheme in SCHEMES:
                    browser.look(page, formulas.get(page, 0), width, scheme)
        for page, count in formulas.items():
            if count and page not in LOOKED_AT and page in built:
                browser.count_formulas(page, count)
        for base in (browser.served, browser.filed):
            browser.search("iceberg", "models/open", base)
        browser.open("models/open.html", base=browser.filed)
    finally:
        browser.close()
    wrong += browser.wrong
    if wrong:
        sys.exit("The site does not hold:\n  " + "\n  ".join(wrong))
    links = sum(len(page.links) for page in built.values())
    print(f"{len(built)} pages, {links} links, {sum(formulas.values())} formulas; pictures in {pictures}")


if __name__ == "__main__":
    main()
