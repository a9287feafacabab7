# SPDX-License-Identifier: BSL-1.0
"""Sphinx's configuration. build.py sets what depends on where things are: version, melitz_reference, melitz_mentions_file."""

import sys
from pathlib import Path

_here = Path(__file__).resolve().parent
sys.path.insert(0, str(_here))

project = "melitz"
author = "The melitz authors"
project_copyright = author
extensions = ["myst_parser", "melitz_site"]
nitpicky = True

myst_enable_extensions = ["dollarmath"]
myst_heading_anchors = 4
# Schemes of our own: places in the reference of the headers and in the lecture, which Sphinx does not make.
myst_url_schemes = ["http", "https", "mailto", "reference", "lecture"]
# What stands in a block need not be all that its language wants.
suppress_warnings = ["misc.highlighting_failure"]

html_theme = "furo"
html_math_renderer = "katex"
html_static_path = [str(_here / "static")]
html_css_files = ["site.css"]
html_js_files = ["search.js"]
html_favicon = str(_here / "static" / "icon.svg")
html_copy_source = False
html_show_sourcelink = False
html_show_sphinx = False
html_show_copyright = False
html_theme_options = {
    "footer_icons": [],
    "light_css_variables": {"color-brand-primary": "#0b5394", "color-brand-content": "#0b5394"},
    "dark_css_variables": {"color-brand-primary": "#8ab4f8", "color-brand-content": "#8ab4f8"},
}
