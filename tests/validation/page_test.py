# SPDX-License-Identifier: BSL-1.0
"""What the page of validation says of rows that are known: page_test.py FOLDER, that of page.py."""

import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

TOOLS = pathlib.Path(sys.argv.pop(1))
sys.path.insert(0, str(TOOLS))
import page  # noqa: E402
import sources  # noqa: E402


def row(**changes):
    out = {"source": "published", "case": "a case", "quantity": "welfare", "place": [], "theirs": 1.25, "ours": 1.25,
           "difference": 0.0}
    return out | changes


class WithAPage(unittest.TestCase):
    """A folder of rows, the first source of the real page only, and a page."""

    def setUp(self):
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory())) if hasattr(
            self, "enterContext") else pathlib.Path(tempfile.mkdtemp())
        self.all_sources = list(sources.SOURCES)
        sources.SOURCES[:] = self.all_sources[:1]
        self.text = ""

    def tearDown(self):
        sources.SOURCES[:] = self.all_sources

    def rows(self, *rows, file="a"):
        (self.folder / f"{file}.jsonl").write_text("".join(json.dumps(r) + "\n" for r in rows))

    def made(self, update=False):
        rows, absent = page.load(self.folder)
        text, notes = page.make(rows, absent, page.Page(self.text), tighten=update)
        return text, notes

    def store(self, update=True):
        self.text, _ = self.made(update)
        return self.text

    def line(self, text, quantity="welfare"):
        lines = [line for line in text.splitlines() if line.startswith(f"| a case | {quantity} |")]
        self.assertEqual(len(lines), 1, text)
        return lines[0]


class ANumber(WithAPage):
    def test_is_printed_with_a_bound_that_another_processor_meets(self):
        self.rows(row(theirs=2 / 3, ours=2 / 3 + 1e-16, difference=1.7e-16))
        self.assertEqual(self.line(self.store()), "| a case | welfare | 0.666666666666667 | 0.66666666666667 | 1e-14 |")
        self.rows(row(theirs=2 / 3, ours=2 / 3 * (1 + 9e-15), difference=9e-15))
        self.assertEqual(self.made()[0], self.text)

    def test_that_is_further_away_than_the_page_says_changes_the_page(self):
        self.rows(row())
        self.store()
        self.rows(row(ours=1.25 + 1e-9, difference=8e-10))
        self.assertEqual(self.line(self.made()[0]), "| a case | welfare | 1.25 | 1.25 | 1e-8 |")
        self.assertIn("1e-8 relative", self.made()[0])

    def test_that_is_gone_new_or_another_one_changes_the_page(self):
        self.rows(row(), row(quantity="cutoff"))
        self.store()
        self.rows(row())
        self.assertNotEqual(self.made()[0], self.text)
        self.rows(row(), row(quantity="cutoff"), row(quantity="wage"))
        self.assertNotEqual(self.made()[0], self.text)
        self.rows(row(theirs=1.26, ours=1.26), row(quantity="cutoff"))
        self.assertNotEqual(self.made()[0], self.text)

    def test_that_comes_closer_changes_the_page_in_an_update_only(self):
        self.rows(row(ours=1.25 + 1e-9, difference=8e-10))
        self.store()
        self.rows(row())
        self.assertEqual(self.made()[0], self.text)
        self.assertIn("| 1e-14 |", self.line(self.made(update=True)[0]))

    def test_that_somebody_wrote_into_the_page_by_hand_is_seen(self):
        self.rows(row(theirs=2 / 3, ours=2 / 3))
        self.store()
        self.text = self.text.replace("0.66666666666667 |", "0.66666666676667 |")
        self.assertNotEqual(self.made()[0], self.text)
        self.store()
        self.text = self.text.replace("| 1 | 1 | 1e-14 relative |", "| 2 | 1 | 1e-14 relative |")
        self.assertNotEqual(self.made()[0], self.text)

    def test_that_two_tests_compute_counts_once_with_its_larger_difference(self):
        self.rows(row(), file="a")
        self.rows(row(ours=1.25 + 2e-13, difference=1.6e-13), file="b")
        self.assertIn("| 1e-12 |", self.line(self.store()))
        self.assertIn("| 1 | 1 | 1e-12 relative |", self.text)

    def test_has_a_name_of_its_own(self):
        self.rows(row(), row(theirs=2.5, ours=2.5))
        with self.assertRaisesRegex(page.Stale, "two numbers have the name"):
            self.made()

    def test_of_ours_that_is_none_is_an_error(self):
        self.rows(row(ours=None, difference=None))
        with self.assertRaisesRegex(page.Stale, "ours is no number"):
            self.made()

    def test_with_few_digits_keeps_them_and_has_an_absolute_difference(self):
        self.rows(row(theirs=1.83, printed="1.83", ours=1.83142921812, difference=0.00142921812))
        self.assertEqual(self.line(self.store()), "| a case | welfare | 1.83 | 1.83143 | 0.002 |")
        self.assertIn("| 1 | 1 | 0.002 in print |", self.text)
        self.assertEqual(self.made()[0], self.text)

    def test_has_places_and_names_that_are_no_markup(self):
        self.rows(row(case="phi*<x|y", quantity="mass_sellers", place=[0, 1]))
        self.assertIn("| phi\\*&lt;x\\|y | mass of sellers (0, 1) | 1.25 |", self.store())
        self.assertEqual(self.made()[0], self.text)


class ASource(WithAPage):
    def test_without_rows_is_an_error(self):
        with self.assertRaisesRegex(page.Stale, "have written nothing"):
            self.made()
        sources.SOURCES[:] = self.all_sources[:2]
        self.rows(row())
        with self.assertRaisesRegex(page.Stale, "no numbers of the source us_manufacturing"):
            self.made()

    def test_that_nobody_knows_is_an_error(self):
        self.rows(row(source="none"))
        with self.assertRaisesRegex(page.Stale, "does not know none"):
            self.made()

    def test_whose_data_are_absent_says_so_or_stays_as_it_is(self):
        nothing = {"source": "published", "absent": "no file flows.csv"}
        self.rows(nothing)
        self.assertIn("Data absent: no file flows.csv", self.store())
        self.assertIn("| data absent |", self.text)
        self.rows(row())  # where the data are there the page holds, and an update prints them
        self.assertEqual(self.made()[0], self.text)
        self.store()
        self.assertIn("| a case | welfare |", self.text)
        self.rows(nothing)
        text, notes = self.made()
        self.assertEqual(text, self.text)
        self.assertEqual(notes, ["Printed in papers: stays as it is, data absent: no file flows.csv"])
        self.assertEqual(self.made(update=True)[0], self.text)

    def test_prints_what_it_is_told_to(self):
        sources.SOURCES[:] = [self.all_sources[0] | {"show": ["cutoff", "welfare"], "places": 2, "cases": "^[^x]", "every": 2}]
        self.rows(*[row(case=f"case {c}", quantity=q, place=[p]) for c in (10, 9, 2, 1) for q in ("welfare", "cutoff", "wage")
                    for p in range(3)], row(case="x"), row(case="case 9", quantity="cutoff", place=[0, 0], theirs=0, ours=0))
        lines = [line.split(" | ")[:2] for line in self.store().splitlines() if line.startswith("| case")]
        self.assertEqual(lines, [[f"| case {c}", f"{q} ({p})"] for c in (1, 9) for q in ("cutoff", "welfare") for p in (0, 1)
                                 if not (c == 9 and q == "cutoff" and p == 1)])
        self.assertIn("| 38 | 7 |", self.text)


class TheProgram(WithAPage):
    def test_fails_on_a_page_that_does_not_hold_and_says_how_it_is_written(self):
        def run(*more):
            return subprocess.run([sys.executable, "-B", TOOLS / "page.py", "--rows", self.folder, "--page",
                                   self.folder / "page.md", *more], capture_output=True, text=True)
        done = run()
        self.assertEqual(done.returncode, 1)
        self.assertIn("have written nothing", done.stderr)
        self.rows(*[row(source=s["key"], case="x") for s in self.all_sources])
        self.assertIn("update-validation writes it", run().stderr)
        self.assertEqual(run("--update").returncode, 0)
        self.assertEqual(run().returncode, 0)
        (self.folder / "page.md").write_text((self.folder / "page.md").read_text().replace("1.25", "1.24"))
        done = run()
        self.assertEqual(done.returncode, 1)
        self.assertIn("+| x | welfare | 1.25 | 1.25 | 1e-14 |", done.stdout)


if __name__ == "__main__":
    unittest.main()
