# SPDX-License-Identifier: BSL-1.0
"""Sphinx's part of the site: formulas for KaTeX, code that leads to the reference of the headers, and the way back."""

import json
import posixpath
from html import escape
from pathlib import Path

from docutils import nodes
from made import Reference


def _inline_formula(self, node):
    self.body.append(f'<span class="formula">{escape(node.astext(), quote=False)}</span>')
    raise nodes.SkipNode


def _formula(self, node):
    self.body.append(f'<div class="formula">{escape(node.astext(), quote=False)}</div>\n')
    raise nodes.SkipNode


def _scripts(app, page, template, context, doctree):
    """Pages with formulas load what renders them; others do not."""
    if doctree is not None and any(True for kind in (nodes.math, nodes.math_block) for _ in doctree.findall(kind)):
        app.add_css_file("katex/katex.min.css")
        app.add_js_file("katex/katex.min.js", defer="defer")
        app.add_js_file("formulas.js", defer="defer")


def _led_elsewhere(app, doctree, page):
    """Links to what Sphinx does not make get their way from this page, and code that names what the reference has becomes a
    link to it."""
    up = posixpath.relpath(".", posixpath.dirname(page) or ".")
    for link in doctree.findall(nodes.reference):
        kind, mark, place = link.get("refuri", "").partition(":")
        if mark and kind in ("reference", "lecture"):
            link["refuri"] = f"{up}/{'api' if kind == 'reference' else kind}/{place}"
    if page.startswith(("files/", "python", "cpp")):
        return
    for code in list(doctree.findall(nodes.literal)):
        if isinstance(code.parent, (nodes.reference, nodes.title)):
            continue
        place = app.melitz_reference.find(code.astext())
        if place:
            link = nodes.reference("", "", refuri=f"{up}/api/{place}", internal=True, classes=["api"])
            code.replace_self(link)
            link += code
            app.melitz_mentions.setdefault(place.partition("#")[0], {})[page] = app.env.titles[page].astext()


def _note_mentions(app, failure):
    if failure is None:
        Path(app.config.melitz_mentions_file).write_text(json.dumps(app.melitz_mentions), encoding="utf-8")


def _start(app):
    app.melitz_reference = Reference(Path(app.config.melitz_reference))
    app.melitz_mentions = {}


def setup(app):
    app.add_config_value("melitz_reference", None, "env")
    app.add_config_value("melitz_mentions_file", None, "env")
    app.add_html_math_renderer("katex", (_inline_formula, None), (_formula, None))
    app.connect("builder-inited", _start)
    app.connect("html-page-context", _scripts)
    app.connect("doctree-resolved", _led_elsewhere)
    app.connect("build-finished", _note_mentions)
    return {"parallel_read_safe": True, "parallel_write_safe": False}
