# SPDX-License-Identifier: BSL-1.0
"""site_test.py ROOT: pages with one thing wrong each, and built sites with one thing wrong each; and ROOT's own pages."""

import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(sys.argv.pop()).resolve()
sys.path[:0] = [str(ROOT / "docs/site"), str(Path(__file__).parent)]

import crawl  # noqa: E402
import made  # noqa: E402
import pages  # noqa: E402
import theme  # noqa: E402


class Formulas(unittest.TestCase):
    def test_both_kinds_are_counted_and_code_is_none(self):
        text = "A $x$ and $y_1 + 1$.\n\n$$\nz\n= 1\n$$\n\n- in a list\n\n  $$\n  a\n  $$\n\n`$HOME $x$` costs 5 $.\n\n```sh\necho $A $B\n$$\n```\n"
        self.assertEqual([tex for _, tex in pages.formulas(text)], ["x", "y_1 + 1", "z\n= 1", "a"])
        self.assertEqual(pages.formulas(text)[2][0], 3)

    def test_money_is_no_formula(self):
        self.assertEqual(pages.formulas("from 5 $ to 7 $, or $5 and $6; \\$x\\$"), [])

    def test_what_some_view_would_not_show(self):
        for tex, words in ((r"a \\ b", "backslash"), (r"\{a\}", "backslash"), (r"a\,b", "backslash"), ("a < b", r"\lt"),
                           ("{a", "pair"), (r"\begin{array}{l} a", "pair"), ("a\n\nb", "empty line")):
            with self.subTest(tex=tex):
                wrong = pages.wrong_formulas(f"text\n\n$$\n{tex}\n$$\n")
                self.assertEqual(len(wrong), 1, wrong)
                self.assertIn(words, wrong[0])
                self.assertTrue(wrong[0].startswith("line 3: "), wrong)
        self.assertEqual(pages.wrong_formulas("$$\n\\begin{array}{l} a \\cr b \\end{array}\n$$\n"), [])

    def test_those_of_the_repository_show_everywhere(self):
        texts = pages.read_pages(ROOT)
        self.assertEqual({path: wrong for path, text in texts.items() if (wrong := pages.wrong_formulas(text))}, {})
        self.assertGreater(sum(len(pages.formulas(text)) for text in texts.values()), 150)


class Tree(unittest.TestCase):
    start = {"README.md": "# m\n", "docs/index.md": "# D\n## One\n[a](a.md) [a](a.md#x)\n## Two\n<!-- site: cpp, gallery -->\n",
             "docs/a.md": "# A\n"}

    def test_order_is_that_of_the_index(self):
        self.assertEqual(pages.tree(self.start),
                         ([(None, ["documentation"]), ("One", ["a"]), ("Two", ["cpp", "gallery"])], {}))

    def test_what_the_index_does_not_list_stands_below_what_links_to_it(self):
        given = {**self.start, "docs/a.md": "[b](b.md)\n```text\n[c](c.md)\n```\n", "docs/b.md": "# B\n"}
        self.assertEqual(pages.tree(given)[1], {"a": ["b"]})

    def test_a_page_that_nothing_leads_to(self):
        with self.assertRaisesRegex(pages.PageError, "docs/lost.md: docs/index.md does not lead"):
            pages.tree({**self.start, "docs/lost.md": "# L\n"})


class Links(unittest.TestCase):
    def relink(self, text, path="docs/models/open.md"):
        files = set()
        return pages.relink(path, text, pages.read_pages(ROOT), ROOT, files), files

    def test_pages_files_and_figures(self):
        text = "[a](closed.md#code) ![b](../figures/acr.png) [c](../../examples/acr/acr.cpp) [d](../../README.md) [e](https://x.y)"
        self.assertEqual(self.relink(text), (
            "[a](closed.md#code) ![b](../figures/acr.png) [c](../files/examples/acr/acr.cpp.md) [d](../index.md) [e](https://x.y)",
            {"examples/acr/acr.cpp"}))
        self.assertEqual(self.relink("[a](docs/models/open.md)", "README.md")[0], "[a](models/open.md)")

    def test_code_is_left_alone(self):
        text = "```cpp\n[](nowhere.md)\n```"
        self.assertEqual(self.relink(text), (text, set()))

    def test_a_dead_link_is_named(self):
        for link in ("nowhere.md", "../figures/nowhere.png", "../../../etc/passwd", "../models"):
            with self.subTest(link=link), self.assertRaisesRegex(pages.PageError, f"open.md: the link to {link} leads to no file"):
                self.relink(f"[a]({link})")


class Figures(unittest.TestCase):
    def test_all_of_the_repository(self):
        texts = pages.read_pages(ROOT)
        groups, below = pages.tree(texts)
        order = ["index"] + [p for _, names in groups for n in names for p in (n, *below.get(n, ()))]
        found = pages.gallery_figures(ROOT, texts, order)
        self.assertEqual(len({file for file, *_ in found}), len(found))
        drawn = {Path(file).stem for file, *_ in found}
        self.assertEqual(drawn, set(pages.drawn_by(ROOT)))
        self.assertIn("average_profit_trade", drawn)  # one of two names in one declaration
        self.assertNotIn("performance", drawn)        # no example draws it

    def test_a_figure_without_caption_or_elsewhere(self):
        for text, words in (("![](figures/a.png)", "has no caption"), ("![a](b.png)", "does not stand in docs/figures")):
            with self.subTest(text=text), self.assertRaisesRegex(pages.PageError, words):
                pages.figures({"docs/a.md": text}, ["a"])


class ReferenceNames(unittest.TestCase):
    tags = """<tagfile>
      <compound kind="struct"><name>melitz::pareto</name><filename>structpareto.html</filename></compound>
      <compound kind="struct"><name>melitz::a::twice</name><filename>structa.html</filename></compound>
      <compound kind="struct"><name>melitz::b::twice</name><filename>structb.html</filename></compound>
      <compound kind="namespace"><name>melitz</name><filename>namespacemelitz.html</filename>
        <member kind="function"><name>solve</name><anchorfile>namespacemelitz.html</anchorfile><anchor>a1</anchor></member>
        <member kind="function"><name>solve</name><anchorfile>namespacemelitz.html</anchorfile><anchor>a2</anchor></member>
      </compound></tagfile>"""

    def test_names(self):
        with tempfile.TemporaryDirectory() as folder:
            Path(folder, "html").mkdir()
            Path(folder, "melitz.tag").write_text(self.tags)
            for name, text in (("pareto_8hpp_source", "<title>melitz: include/melitz/law/pareto.hpp Source File</title>"),
                               ("structpareto", "#include &lt;<a href=\"x\">melitz/law/pareto.hpp</a>&gt;"),
                               ("structa", ""), ("structb", "#include &lt;melitz/law/unknown.hpp&gt;")):
                Path(folder, "html", f"{name}.html").write_text(text)
            reference = made.Reference(Path(folder))
        for code, place in (("pareto", "structpareto.html"), ("melitz::pareto<>", "structpareto.html"),
                            ("law/pareto.hpp", "pareto_8hpp_source.html"), ("<melitz/law/pareto.hpp>", "pareto_8hpp_source.html"),
                            ("#include <melitz/law/pareto.hpp>", "pareto_8hpp_source.html"), ("solve()", "namespacemelitz.html#a1"),
                            ("melitz::solve", "namespacemelitz.html#a1"), ("solve", None), ("twice", None), ("", None),
                            ("a::twice", "structa.html"), ("pareto x", None), ("unknown", None), ("x.hpp", None)):
            with self.subTest(code=code):
                self.assertEqual(reference.find(code), place)
        self.assertEqual(reference.headers, {"melitz/law/pareto.hpp": ("pareto_8hpp_source.html", [("melitz::pareto", "structpareto.html")])})


class Theme(unittest.TestCase):
    def test_what_is_not_bundled(self):
        with tempfile.TemporaryDirectory() as folder:
            shared = Path(folder)
            (shared / "normalize.css").mkdir()
            (shared / "normalize.css/normalize.css").write_text("a {}")
            (shared / "gumshoe-patched.js").write_text("g();")
            for what in ("Gumshoe", "* as Gumshoe"):  # in Debian 12, in 13
                script = f'import {what} from "./gumshoe-patched.js";\nf();'
                self.assertEqual(theme.mended_script(script, shared), "g();\nf();")
            style = theme.mended_style('@import url(/javascript/normalize.css/normalize.css);\n@media (prefers-color-scheme: '
                                       'dark) { svg {} }\nbody[data-theme="dark"] { --color-background-primary: #000; }', shared)
        self.assertNotIn("@import", style)
        self.assertIn('body:not([data-theme="light"]) { --color-background-primary: #000; }', style)

    def test_what_is_whole_stays(self):
        dark = "{ --color-background-primary: #000; }"
        style = f'@media (prefers-color-scheme: dark) {{ body:not([data-theme="light"]) {dark} }} body[data-theme="dark"] {dark}'
        self.assertEqual(theme.mended_style(style, Path("nowhere")), style)
        self.assertEqual(theme.mended_script("f();", Path("nowhere")), "f();")


class Fences(unittest.TestCase):
    def test_nothing_in_a_file_ends_its_block(self):
        self.assertEqual(made.fenced("a\n````\n", "text"), "`````text\na\n````\n`````\n")


class Crawl(unittest.TestCase):
    def wrong(self, body, **more):
        with tempfile.TemporaryDirectory() as folder:
            site = Path(folder)
            (site / "index.html").write_text(f"<html><head><title>t</title></head><body>{body}</body></html>")
            for name, text in more.items():
                (site / name.replace("_", ".")).write_text(text)
            return crawl.check(site)[0]

    def test_what_is_well(self):
        self.assertEqual(self.wrong('<p id="p"><a href="#p">x</a> <a href="a.html#q">y</a> <a href="https://x.y">z</a>'
                                    '<code>$x \\f$ @ref</code><span class="formula">\\frac{1}{2}</span> 3 * 4 ** 5</p><img src="data:x">',
                                    a_html='<title>a</title><a name="q">q</a>'), [])

    def test_what_is_not(self):
        for body, words in (('<a href="no.html">x</a>', "leads nowhere"), ('<a href="#no">x</a>', "leads to no place"),
                            ('<a href="../up.html">x</a>', "leaves the site"), ('<img src="https://x.y/z.png">', "from outside"),
                            ('<script src="//x.y/z.js"></script>', "from outside"), ('<img src="no.png">', "leads nowhere"),
                            ("see @ref there", "raw markup"), ("a $x$ b", "raw markup"), (r"a \f[ b", "raw markup"),
                            (r"a \frac{1} b", "raw markup"), ("[a](b.md)", "raw markup"), ("**bold", "raw markup"),
                            ("<code>a</code> {ref}`b`", "raw markup")):
            with self.subTest(body=body):
                wrong = self.wrong(body)
                self.assertEqual(len(wrong), 1, wrong)
                self.assertIn(words, wrong[0])
        self.assertIn("no title", self.wrong("", a_html="<p>a</p>")[0])
        self.assertIn("from outside", self.wrong("", a_css="@font-face { src: url(https://x.y/z) }")[0])

    def test_an_empty_site(self):
        with tempfile.TemporaryDirectory() as folder:
            self.assertIn("no pages", crawl.check(folder)[0][0])


if __name__ == "__main__":
    unittest.main()
