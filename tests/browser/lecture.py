# SPDX-License-Identifier: BSL-1.0
"""What tests of the lecture's page share: what state it is in, and what it shows."""

import urllib.parse

from page import PageTest, number, same

LAW = "law."


class LecturePage(PageTest):
    page = "lecture.html"
    ready = "document.querySelector('[data-result][data-side=after][data-value]') !== null"

    # ---- What the page is in.

    def state(self):
        """The link as a dictionary."""
        fragment = self.browser.run("return location.hash").lstrip("#")
        return dict(urllib.parse.parse_qsl(fragment, keep_blank_values=True, strict_parsing=bool(fragment)))

    def fields(self):
        """The numbers in the page's own fields, by the parameters' names."""
        return self.browser.run("""
          const out = {};
          for (const e of document.querySelectorAll('input[id^="p-"], select[id^="p-"]')) out[e.id.slice(2)] = e.value;
          return out;""")

    def document(self, state, prefix=""):
        """A model as melitz-solve reads it, of what a link says."""
        parameters, law = {}, {}
        for key, value in state.items():
            if not key.startswith(prefix) or key == "picture":
                continue
            key = key[len(prefix):]
            if key.startswith(LAW):
                key = key[len(LAW):]
                law[key] = value if key == "family" else float(value)
            elif "." not in key:
                parameters[key] = float(value)
        return {"model": "open", "distribution": law, "parameters": parameters}

    def results(self, side="after"):
        """What the table of results shows, with all digits."""
        return self.browser.run("""
          const out = {};
          for (const e of document.querySelectorAll('[data-result][data-side]')) {
            if (e.dataset.side === arguments[0]) out[e.dataset.result] = e.dataset.value;
          }
          return out;""", side)

    def assert_solved(self, document, side="after"):
        """The page shows what melitz-solve gives for the same document."""
        expected, shown = self.solver.results(document), self.results(side)
        self.assertGreater(len(shown), 5)
        for name, text in shown.items():
            self.assertIn(name, expected)
            if number(text) is None:
                self.assertEqual(text, str(expected[name]), name)
            else:
                self.assertTrue(same(number(text), number(expected[name])),
                                f"{name} is {text} on the page; melitz-solve says {expected[name]}")

    def current_picture(self):
        return self.browser.run("""
          for (const e of document.querySelectorAll('svg[id^="picture-"]')) if (e.checkVisibility()) return e.id;
          return null;""")

    def drawn(self):
        """The picture that is shown, as it is."""
        return self.browser.run("""
          for (const e of document.querySelectorAll('svg[id^="picture-"]')) if (e.checkVisibility()) return e.outerHTML;
          return null;""")

    def pictures(self):
        return self.browser.run("return Array.from(document.querySelectorAll('[data-picture]'), e => e.dataset.picture)")

    def presets(self):
        return self.browser.run("return Array.from(document.querySelectorAll('[data-preset]'), e => e.dataset.preset)")
