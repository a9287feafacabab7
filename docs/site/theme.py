# SPDX-License-Identifier: BSL-1.0
"""Mends what Debian's packages of the theme Furo (12 and 13) leave open: they are compiled from the theme's sources, but not
bundled. Each mend is for what is there; a theme that is whole is left as it is."""

import re
from pathlib import Path

_IMPORT = re.compile(r'^import (?:\* as )?Gumshoe from "\./(gumshoe-patched\.js)";\n', re.M)
_NORMALIZE = re.compile(r"@import url\(/javascript/(normalize\.css/normalize\.css)\);\n?")
_DARK_SYSTEM = re.compile(r':not\(\[data-theme="light"\]\) *\{[^}]*--color-background-primary')
_DARK = re.compile(r'body\[data-theme="dark"\] \{([^}]*--color-background-primary[^}]*)\}')


def mended_script(text, folder):
    """Its script imports a module, which browsers do not load from the file system; the other becomes part of it."""
    return _IMPORT.sub(lambda m: (folder / m[1]).read_text(encoding="utf-8") + "\n", text)


def mended_style(text, shared):
    """Its style imports a file of the machine it was made on, which becomes part of it; and dark pages come when asked for, but
    not when the system is dark: a rule that its compiler lost."""
    text = _NORMALIZE.sub(lambda m: (shared / m[1]).read_text(encoding="utf-8") + "\n", text)
    dark = _DARK.search(text)
    if dark and not _DARK_SYSTEM.search(text):
        rule = f'body:not([data-theme="light"]) {{{dark[1]}}}'
        text += f"\n@media (prefers-color-scheme: dark) {{ @media not print {{ {rule} }} }}\n"
    return text


def mend(static, shared=Path("/usr/share/javascript")):
    """Mends the theme's files in a site."""
    for file, mended in (("scripts/furo.js", lambda text: mended_script(text, static / "scripts")),
                         ("styles/furo.css", lambda text: mended_style(text, shared))):
        path = static / file
        path.write_text(mended(path.read_text(encoding="utf-8")), encoding="utf-8")
