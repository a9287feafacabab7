#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Makes one HTML file of a page: its style sheets and scripts go into it, so that it opens from the file system.

    build_page.py PAGE.html OUTPUT.html --search DIR... --limit BYTES

<link rel="stylesheet" href="FILE"> and <script src="FILE"></script> are replaced by what the files hold; a file is
looked for beside the page, then in the other folders. What a page takes from elsewhere, or a file that is not there,
is an error; so is a page above the limit.
"""

import argparse
import pathlib
import re
import sys

STYLE = re.compile(r'<link\s+rel="stylesheet"\s+href="([^"]+)"\s*/?>')
SCRIPT = re.compile(r'<script\s+src="([^"]+)"\s*>\s*</script>')
FETCHED = re.compile(r'<(?:script|link|img|iframe|source)\b[^>]*\b(?:src|href)="(?!data:|#)([^"]*)"')


def found(name, folders):
    for folder in folders:
        path = folder / name
        if path.is_file():
            return path.read_text(encoding="utf-8")
    sys.exit(f"build_page.py: {name} is in none of {', '.join(map(str, folders))}")


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("page", type=pathlib.Path)
    arguments.add_argument("output", type=pathlib.Path)
    arguments.add_argument("--search", type=pathlib.Path, nargs="*", default=[])
    arguments.add_argument("--limit", type=int, required=True, help="bytes")
    given = arguments.parse_args()
    folders = [given.page.parent, *given.search]

    def style(match):
        return "<style>\n" + found(match[1], folders).replace("</style", "<\\/style") + "</style>"

    def script(match):
        # In a script only "</script" and "<!--" mean something to the page around it.
        text = found(match[1], folders).replace("</script", "<\\/script").replace("<!--", "<\\!--")
        return "<script>\n" + text + "\n</script>"

    text = given.page.read_text(encoding="utf-8")
    shell = SCRIPT.sub("", STYLE.sub("", text))
    for place in FETCHED.findall(shell):
        sys.exit(f"build_page.py: {given.page.name} takes {place} from elsewhere; it must have everything in itself")
    out = SCRIPT.sub(script, STYLE.sub(style, text)).encode("utf-8")
    if len(out) > given.limit:
        sys.exit(f"build_page.py: {given.output.name} has {len(out)} bytes; it must have at most {given.limit}")
    given.output.parent.mkdir(parents=True, exist_ok=True)
    given.output.write_bytes(out)
    print(f"{given.output.name}: {len(out) / 1e6:.3f} MB of at most {given.limit / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
