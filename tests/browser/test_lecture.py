# SPDX-License-Identifier: BSL-1.0
"""The lecture's page: its numbers are the library's, and nothing else is ever shown for one."""

import unittest

from lecture import LecturePage
from page import Keys, number, same, static_host


class NumbersTest(LecturePage):
    def test_numbers_are_those_of_melitz_solve(self):
        """From the file system and from a static host."""
        with static_host() as host:
            for url in (self.url, f"{host}/{self.page}"):
                with self.subTest(url=url):
                    self.start(url=url)
                    state = self.state()
                    if not state:  # a page as it is first opened need have no link
                        self.browser.type("p-iceberg_cost", "1.6")
                        state = self.state()
                    self.assert_solved(self.document(state))
                    # A law of the catalog's by its numbers, another model, and what melitz-solve says of both.
                    self.browser.type("p-iceberg_cost", "1.37")
                    document = self.document(self.state())
                    self.assertEqual(document["parameters"]["iceberg_cost"], 1.37)
                    self.assert_solved(document)

    def test_every_parameter_moves_the_numbers(self):
        self.start()
        self.browser.type("p-iceberg_cost", "1.6")
        names = self.browser.run("return Array.from(document.querySelectorAll('input[id^=\"s-\"]'), e => e.id.slice(2))")
        self.assertGreaterEqual(len(names), 9)
        for name in names:
            with self.subTest(slider=name):
                before, field = self.results(), self.browser.value(f"p-{name}")
                low, high = self.browser.run("""
                  const e = document.getElementById(arguments[0]);
                  return [Number(e.min), Number(e.max)];""", f"s-{name}")
                self.browser.set_slider(f"s-{name}", low + (high - low) * 0.4)
                self.assertNotEqual(self.browser.value(f"p-{name}"), field)
                self.assertNotEqual(self.results(), before)
                self.assert_solved(self.document(self.state()))

    def test_a_slider_by_keyboard(self):
        self.start()
        self.browser.type("p-iceberg_cost", "1.6")
        slider = self.browser.element("s-iceberg_cost")
        self.browser.run("arguments[0].focus()", slider)
        before = self.results()
        self.browser.press(Keys.ARROW_RIGHT, Keys.ARROW_RIGHT, Keys.ARROW_LEFT, Keys.ARROW_RIGHT)
        moved = float(self.browser.value("p-iceberg_cost"))
        self.assertGreater(moved, 1.6)
        self.assertNotEqual(self.results(), before)
        self.assert_solved(self.document(self.state()))
        self.assertEqual(float(self.state()["iceberg_cost"]), moved)
        words = self.browser.run("""
          const e = arguments[0];
          return [e.getAttribute('aria-valuetext'), e.labels.length + (e.getAttribute('aria-label') ?? '').length]""", slider)
        self.assertTrue(words[0], "a slider says its value in words")
        self.assertGreater(words[1], 0, "a slider has a name")

    def test_before_and_after(self):
        self.start()
        self.browser.type("p-iceberg_cost", "1.6")
        self.browser.click("#pin")
        self.browser.type("p-iceberg_cost", "1.3")
        state = self.state()
        before = self.document(state, "before.")
        self.assertEqual(before["parameters"]["iceberg_cost"], 1.6)
        self.assert_solved(before, "before")
        self.assert_solved(self.document(state), "after")
        said = self.browser.until("document.getElementById('live').textContent.trim()")
        self.assertRegex(said, r"\d", "the live region says a result in numbers")

    def test_autarky(self):
        self.start()
        self.browser.type("p-iceberg_cost", "1.6")
        shown = self.results("autarky") or self.results("before")
        document = self.document(self.state())
        closed = self.solver.results({**document, "parameters": {**document["parameters"], "partners": 0}})
        for name in ("cutoff", "welfare"):
            self.assertTrue(same(number(shown[name]), closed[name]), f"{name}: {shown[name]}, not {closed[name]}")

    def test_presets_are_questions(self):
        self.start()
        presets = self.presets()
        self.assertGreaterEqual(len(presets), 3)
        for preset in presets:
            with self.subTest(preset=preset):
                self.browser.click(f'[data-preset="{preset}"]')
                self.assertTrue(self.browser.text(f'[data-preset="{preset}"]').rstrip().endswith("?"))
                state = self.state()
                self.assert_solved(self.document(state))
                if any(key.startswith("before.") for key in state):
                    self.assert_solved(self.document(state, "before."), "before")
                # The link is all that there is.
                results, picture = self.results(), self.current_picture()
                link = self.browser.run("return location.hash")
                self.start(link)
                self.assertEqual((self.results(), self.current_picture()), (results, picture))

    def test_what_is_refused_keeps_the_picture(self):
        self.start()
        self.browser.type("p-iceberg_cost", "1.6")
        for name, text, words in (("iceberg_cost", "0.8", "be at least 1"), ("elasticity", "1", "exceed 1"),
                                  ("death_rate", "2", "lie"), ("fixed_cost", "-1", "positive"),
                                  ("labor", "nonsense", ""), ("entry_cost", "nan", "positive")):
            with self.subTest(name=name, text=text):
                field, drawn, results = self.browser.value(f"p-{name}"), self.drawn(), self.results()
                self.browser.type(f"p-{name}", text)
                message = self.browser.text(f"#message-{name}")
                self.assertTrue(message, "there is a message at the field")
                self.assertIn(words, message)
                self.assertEqual(self.browser.run("""
                  const e = document.getElementById(arguments[0]);
                  return [e.getAttribute('aria-invalid'), (e.getAttribute('aria-describedby') ?? '').split(' ')
                          .includes(arguments[1])]""", f"p-{name}", f"message-{name}"), ["true", True])
                self.assertEqual(self.drawn(), drawn)
                self.assertEqual(self.results(), results)
                self.browser.type(f"p-{name}", field)
                self.assertFalse(self.browser.text(f"#message-{name}"))
                self.assertEqual(self.results(), results)

    def test_the_librarys_own_words(self):
        """The message is what melitz-solve says, but for where the number stands."""
        self.start()
        self.browser.type("p-iceberg_cost", "1.6")
        document = self.document(self.state())
        document["parameters"]["iceberg_cost"] = 0.8
        said = self.solver(document)["error"]
        restriction = said.split("it must ", 1)[1]
        self.browser.type("p-iceberg_cost", "0.8")
        self.assertIn(restriction, self.browser.text("#message-iceberg_cost"))

    def test_a_failed_solve_shows_its_status(self):
        self.start()
        self.browser.type("p-iceberg_cost", "1.6")
        document = self.document(self.state())
        document["parameters"]["elasticity"] = 1e6
        status = self.solver(document)["status"]
        self.assertNotIn(status, ("converged", "bad_input"))
        self.browser.type("p-elasticity", "1e6")
        shown = self.browser.text("#status")
        self.assertIn(status.replace("_", " "), shown.replace("_", " "))
        self.assertTrue(self.browser.run("return document.getElementById('status').checkVisibility()"))
        self.assertFalse(any(number(v) is not None and number(v) == number(v) for v in self.results().values()),
                         "numbers of a solve that failed")
        self.browser.type("p-elasticity", "4")
        self.assertNotIn(status.replace("_", " "), self.browser.text("#status").replace("_", " "))
        self.assert_solved(self.document(self.state()))

    def test_a_link_restores(self):
        self.start("#iceberg_cost=1.45&elasticity=3.5&law.family=pareto&law.scale=1&law.shape=4.25&before.iceberg_cost=1.7")
        self.assertEqual(self.browser.value("p-iceberg_cost"), "1.45")
        document = self.document(self.state())
        self.assertEqual(document["distribution"], {"family": "pareto", "scale": 1, "shape": 4.25})
        self.assertEqual((document["parameters"]["iceberg_cost"], document["parameters"]["elasticity"]), (1.45, 3.5))
        self.assert_solved(document)
        self.assert_solved(self.document(self.state(), "before."), "before")
        results = self.results()
        self.start(self.browser.run("return location.hash"))
        self.assertEqual(self.results(), results)

    def test_going_back(self):
        self.start()
        self.browser.click(f'[data-preset="{self.presets()[0]}"]')
        first = self.results()
        self.browser.run("location.hash = '#iceberg_cost=2.5'")
        self.browser.settle()
        self.assertNotEqual(self.results(), first)
        self.assertEqual(self.browser.value("p-iceberg_cost"), "2.5")

    def test_hostile_links(self):
        self.start()
        ours = self.results()
        for link in ("#picture=<script>alert(1)</script>", "#picture=__proto__", "#picture=constructor",
                     "#law.family=__proto__", "#law.family=toString", "#law.family=<img src=x onerror=alert(1)>",
                     "#__proto__=1", "#constructor=2", "#hasOwnProperty=3", "#nonsense", "#=&=&&", "#%00%ff%zz",
                     "#" + "a" * 100_000, "#" + "&".join(f"x{k}=1" for k in range(300)), "#iceberg_cost[0]=1",
                     "#before.=1", "#before.law.family=nobody", "#<svg onload=alert(1)>=1"):
            with self.subTest(link=link[:60]):
                self.start(link)
                self.assertEqual(self.browser.run("return document.querySelectorAll('img, [onload], [onerror]').length"), 0)
                self.assertEqual(self.results(), ours, "what the page shows without a link")
                self.assertTrue(self.link_message(), "a message says that the link is not understood")

    def link_message(self):
        """What the page says of a link that it does not understand."""
        return self.browser.run("""
          return /link/i.test(['status', 'live'].map(id => document.getElementById(id).textContent).join(' '));""")

    def test_links_with_values_that_are_refused(self):
        """Shown at the field, in the library's words, as if they had been typed."""
        for link, name in (("#iceberg_cost=0.5", "iceberg_cost"), ("#elasticity=abc", "elasticity"),
                           ("#elasticity=", "elasticity"), ("#fixed_cost=nan", "fixed_cost"), ("#labor=-1e400", "labor")):
            with self.subTest(link=link):
                self.start(link)
                self.assertTrue(self.browser.text(f"#message-{name}"))


if __name__ == "__main__":
    unittest.main()
