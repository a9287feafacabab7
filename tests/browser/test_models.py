# SPDX-License-Identifier: BSL-1.0
"""The page with every model of the catalog."""

import csv
import io
import json
import unittest
import urllib.parse
import xml.etree.ElementTree as xml

from page import CONTROLS, DESKTOP, PAGES, PHONE, Keys, PageTest, number, same, static_host

SVG = "{http://www.w3.org/2000/svg}"


def flat(value):
    """The numbers of a result, one after the other; words and what is true or false as they are."""
    if isinstance(value, list):
        return [x for inner in value for x in flat(inner)]
    return [value]


class ModelsTest(PageTest):
    page = "models.html"
    ready = "document.querySelector('#tables [data-value]') !== null"

    def link(self):
        """The documents that the page says it shows: {"model": ..., "before": ...}."""
        return json.loads(urllib.parse.unquote(self.browser.run("return location.hash").lstrip("#")))

    def rows(self):
        """The numbers of each result in the tables, with all digits."""
        return self.browser.run("""
          const out = {};
          for (const row of document.querySelectorAll('#tables tr[data-name]')) {
            out[row.dataset.name] = Array.from(row.querySelectorAll('[data-value]'), e => e.dataset.value);
          }
          return out;""")

    def said(self):
        return self.browser.text("#said")

    def change(self, name, text):
        """Types into a parameter's field."""
        self.browser.type(self.browser.run("return document.querySelector(`[data-name='${arguments[0]}'] input`).id", name),
                          text)
        self.settle()

    def settle(self):
        """The form is solved a moment after the last key."""
        self.browser.driver.execute_async_script("setTimeout(arguments[arguments.length - 1], 150)")
        self.browser.settle()

    def assert_solved(self, document):
        expected, shown = self.solver.results(document), self.rows()
        self.assertGreater(len(shown), 3)
        compared = 0
        for name, texts in shown.items():
            numbers = [x for x in flat(expected[name]) if number(x) is not None and not isinstance(x, bool)]
            self.assertEqual(len(texts), len(numbers), name)
            for text, wanted in zip(texts, numbers):
                compared += 1
                self.assertTrue(same(number(text), number(wanted), 11 if name == "residual" else 12) or
                                max(abs(number(text)), abs(number(wanted))) < 1e-9,
                                f"{name} is {text} on the page; melitz-solve says {wanted}")
        self.assertGreater(compared, 3)

    def test_every_model_is_solved_as_melitz_solve_does(self):
        with static_host() as host:
            self.start(url=f"{host}/{self.page}")
            names = self.browser.run("return Array.from(document.getElementById('model').options, e => e.value)")
            self.assertGreater(len(names), 20)
            for name in names:
                with self.subTest(model=name):
                    self.browser.choose("model", name)
                    self.settle()
                    self.assertTrue(self.said().startswith("Solved"), self.said())
                    document = self.link()["model"]
                    self.assertEqual(document["model"], name)
                    self.assert_solved(document)
                    self.assertEqual(self.browser.text("#trouble"), "")
                    # One parameter moves: there is a picture of it.
                    drawn = self.browser.run("""
                      const svg = document.querySelector('#picture svg');
                      return svg === null ? [] : [svg.querySelectorAll('path.curve').length, /NaN|undefined/.test(svg.outerHTML)];""")
                    self.assertTrue(drawn and drawn[0] > 0 and not drawn[1], f"{drawn}: {self.browser.text('#sweep-trouble')}")

    def test_from_the_file_system(self):
        self.start()
        self.change("iceberg_cost", "1.37")
        document = self.link()["model"]
        self.assertEqual(document["parameters"]["iceberg_cost"], 1.37)
        self.assert_solved(document)

    def test_a_sweep_is_so_many_solves(self):
        self.start()
        self.browser.choose("moved", "iceberg_cost")
        for field, text in (("from", "1.2"), ("to", "2"), ("count", "5")):
            self.browser.type(field, text)
        name, text = self.browser.downloaded(lambda: self.browser.click("#save-numbers"))
        rows = list(csv.DictReader(io.StringIO(text)))
        self.assertEqual([float(row["iceberg_cost"]) for row in rows], [1.2, 1.4, 1.6, 1.8, 2])
        document = self.link()["model"]
        for row in rows:
            document["parameters"]["iceberg_cost"] = float(row["iceberg_cost"])
            self.assertTrue(same(float(row["welfare"]), self.solver.results(document)["welfare"]))
        shown = self.browser.run("return Array.from(document.querySelectorAll('#numbers [data-value]'), e => e.dataset.value)")
        self.assertEqual(shown, [x for row in rows for x in (row["iceberg_cost"], row["welfare"])])

    def test_before_and_after(self):
        self.start()
        self.change("iceberg_cost", "1.6")
        self.browser.click("#keep")
        self.change("iceberg_cost", "1.3")
        link = self.link()
        before, after = (self.solver.results(link[key]) for key in ("before", "model"))
        texts = self.rows()["welfare"]
        self.assertTrue(same(number(texts[0]), before["welfare"]) and same(number(texts[1]), after["welfare"]), texts)
        self.assertTrue(same(number(texts[2]), 100 * (after["welfare"] / before["welfare"] - 1), 10))
        self.assertIn("What happens to firms", self.browser.text("#tables"))
        shown = self.rows()
        self.start(self.browser.run("return location.hash"))
        self.assertEqual(self.rows(), shown)
        self.browser.click("#forget")
        self.assert_solved(self.link()["model"])

    def test_what_is_refused_keeps_the_tables(self):
        self.start()
        for name, text in (("iceberg_cost", "0.8"), ("elasticity", "nan"), ("labor", "-1"), ("fixed_cost", "many"),
                           ("entry_cost", "")):
            with self.subTest(name=name, text=text):
                field, shown = self.browser.run("""
                  const e = document.querySelector(`[data-name='${arguments[0]}'] input`);
                  return [e.id, e.value];""", name), self.rows()
                self.change(name, text)
                message = self.browser.text(f"[data-name='{name}'] .error")
                self.assertTrue(message)
                document = self.link()["model"]
                document["parameters"][name] = number(text) if number(text) is not None and text != "nan" else text
                if text == "":
                    del document["parameters"][name]
                said = self.solver(document)["error"]
                self.assertIn(said.removeprefix("parameters."), message)
                self.assertEqual(self.rows(), shown)
                self.assertEqual(self.browser.run("return document.getElementById(arguments[0]).getAttribute('aria-invalid')",
                                                  field[0]), "true")
                self.change(name, field[1])
                self.assertEqual(self.browser.text(f"[data-name='{name}'] .error"), "")

    def test_a_failed_solve_shows_its_status(self):
        self.start()
        self.change("elasticity", "1e6")
        document = self.link()["model"]
        status = self.solver(document)["status"]
        self.assertIn(status.replace("_", " "), self.said())
        self.assertEqual(self.rows(), {})

    def test_laws(self):
        """Each by its family, and several written out."""
        self.start()
        self.browser.choose("model", "open")
        families = self.browser.run("""
          return Array.from(document.querySelector("[data-name='distribution.family'] select").options, e => e.value)""")
        self.assertGreater(len(families), 5)
        for family in families:
            with self.subTest(family=family):
                self.browser.choose("field-distribution-family", family)
                self.settle()
                if not self.said().startswith("Solved"):
                    # An example of a law by itself need not fit the model: then its field says why.
                    self.assertTrue(self.browser.run("return document.querySelector('[aria-invalid=true]') !== null") or
                                    self.browser.text("#trouble"), self.said())
                    continue
                self.assert_solved(self.link()["model"])

    def test_links(self):
        document = {"model": "closed", "distribution": {"family": "pareto", "scale": 1, "shape": 4.25},
                    "parameters": {"elasticity": 3.5, "fixed_cost": 1, "entry_cost": 2, "death_rate": 0.05, "labor": 7}}
        self.start("#" + urllib.parse.quote(json.dumps({"model": document})))
        self.assertEqual(self.link()["model"], document)
        self.assert_solved(document)
        self.start("#technology")
        self.assertEqual(self.link()["model"]["model"], "technology")

    def test_hostile_links(self):
        self.start()
        for link in ("#%00%ff%zz", "#__proto__", "#constructor", "#null", "#5", "#[]", "#{}", '#{"model":5}',
                     '#{"model":{"model":"__proto__"}}', '#{"model":{"model":"open","parameters":5}}',
                     '#{"model":{"model":"open","parameters":{"labor":{"a":1}},"distribution":7}}',
                     '#{"model":{"model":"open","__proto__":{"x":1}},"before":[1]}',
                     '#{"model":{"model":"open","distribution":{"family":"<img src=x onerror=alert(1)>"}}}',
                     '#{"model":{"model":"open","x":"<script>alert(1)</script>"}}', "#" + "[" * 20_000, "#" + "a" * 100_000):
            with self.subTest(link=link[:60]):
                self.browser.open(self.url + urllib.parse.quote(link, safe="#%"),
                                  "document.getElementById('said').textContent.trim() !== ''")
                self.assertEqual(self.browser.run("return document.querySelectorAll('img, [onload], [onerror]').length"), 0)
                said = self.said()
                self.assertTrue(said.startswith(("Solved", "Refused", "Not solved")), said)

    def test_files(self):
        self.start()
        name, text = self.browser.downloaded(lambda: self.browser.click("#save-model"))
        self.assertTrue(name.endswith(".json"))
        self.assert_solved(json.loads(text))
        name, text = self.browser.downloaded(lambda: self.browser.click("#save-results"))
        rows = list(csv.reader(io.StringIO(text)))
        self.assertEqual(rows[0], ["name", "place", "value"])
        shown = self.rows()
        for name, place, value in rows[1:]:
            if name in shown and number(value) is not None and shown[name]:
                self.assertIn(value, shown[name])
        name, text = self.browser.downloaded(lambda: self.browser.click("#save-picture"))
        root = xml.fromstring(text)
        self.assertEqual(root.tag, f"{SVG}svg")
        self.assertNotIn("var(--", text)

    def test_screens(self):
        """No page is wider than its screen, whatever the model; targets are large enough. Pictures are kept."""
        for size, of in ((DESKTOP, "desktop"), (PHONE, "phone")):
            self.browser.look(size)
            self.start()
            for name in ("open", "world", "transition", "comparative_advantage"):
                with self.subTest(model=name, size=of):
                    self.browser.choose("model", name)
                    self.settle()
                    self.assertLessEqual(self.browser.wide(), 0)
                    small = self.browser.run(CONTROLS + """
                      return out.filter(e => !(e.matches('a') && getComputedStyle(e).display === 'inline') && !e.closest('.skip'))
                        .map(e => [e, e.getBoundingClientRect()])
                        .filter(([e, box]) => Math.min(box.width, box.height) < 24).map(([e]) => e.outerHTML.slice(0, 100));""")
                    self.assertEqual(small, [])
                    self.browser.screenshot(f"models-{of}-{name}")

    def test_by_keyboard_only(self):
        self.start()
        count = self.browser.run(CONTROLS + "out.forEach((e, k) => e.dataset.testPlace = k); return out.length;")
        self.browser.run("document.activeElement?.blur()")
        seen = set()
        for _ in range(count + 5):
            self.browser.driver.switch_to.active_element.send_keys(Keys.TAB)
            place = self.browser.run("return document.activeElement?.dataset?.testPlace ?? null")
            if place is not None:
                seen.add(place)
        missed = self.browser.run(
            "return arguments[0].map(k => document.querySelector(`[data-test-place='${k}']`).outerHTML.slice(0, 120))",
            sorted({str(k) for k in range(count)} - seen))
        self.assertEqual(missed, [])

    def test_the_page_is_one_file(self):
        self.assertLessEqual((PAGES / self.page).stat().st_size, 2_500_000)


if __name__ == "__main__":
    unittest.main()
