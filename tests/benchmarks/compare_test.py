#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""The parts of benchmarks/compare that decide what its table says, on rows made up for the purpose.

    compare_test.py PATH_OF_COMPARE
"""

import contextlib
import importlib.machinery
import importlib.util
import io
import json
import sys
import tempfile
import unittest
from pathlib import Path
from unittest import mock

sys.dont_write_bytecode = True
loader = importlib.machinery.SourceFileLoader("compare", sys.argv.pop(1))
compare = importlib.util.module_from_spec(importlib.util.spec_from_loader("compare", loader))
loader.exec_module(compare)

EPS = 2.0**-52


def row(job="open/pareto", implementation="melitz", flags="no flag", ns=(100,), error=1.0, **more):
    return {"job": job, "implementation": implementation, "flags": flags, "ns": list(ns), "evaluations": 6,
            "worst_error": error} | more


def result(rows=(), compile_rows=(), missing=(), failures=()):
    machine = dict.fromkeys(("processor", "system", "compiler", "compiler_command", "boost", "flags", "date"), "some")
    return {"machine": machine | {"load": 0.5, "vectors": []}, "rows": list(rows), "compile": list(compile_rows),
            "missing": list(missing), "failures": list(failures)}


class Errors(unittest.TestCase):
    def test_are_in_eps_of_the_answer(self):
        self.assertEqual(compare.worst_error([[2.0, 3 * (1 + 4 * EPS)]], [["2", "3"]]), 4)
        self.assertEqual(compare.worst_error([[1.0], [4.0 * (1 - EPS)]], [["1"], ["4"]]), 1)

    def test_are_finer_than_a_double(self):
        self.assertAlmostEqual(compare.worst_error([[0.1]], [["0.1"]]), 0.25, delta=0.01)  # 0.1 is no double

    def test_a_missing_answer_is_infinitely_wrong_but_only_where_there_is_one(self):
        self.assertEqual(compare.worst_error([[1.0, None]], [["1", "2"]]), float("inf"))
        self.assertEqual(compare.worst_error([[1.0, None]], [["1", None]]), 0)

    def test_answers_must_come_in_full(self):
        with self.assertRaises(ValueError):
            compare.worst_error([[1.0]], [["1", "2"]])


class Rows(unittest.TestCase):
    def test_of_google_benchmark(self):
        text = json.dumps({"benchmarks": [
            {"name": "sweep/pareto/loop", "cpu_time": 5.0, "time_unit": "ms", "solves": 10000, "error_eps": 3.0},
            {"name": "menu/pareto/100", "cpu_time": 7.0, "time_unit": "us"},
            {"name": "work, wide ranges/pareto/iterations:1", "cpu_time": 1.0, "time_unit": "s", "failed": 0}]})
        loop, menu, work = compare.melitz_rows(text, "native")
        self.assertEqual((loop["job"], loop["implementation"], loop["flags"]), ("sweep/pareto", "melitz, loop", "native"))
        self.assertEqual((loop["ns"], loop["worst_error"]), ([500.0], 3.0))  # per equilibrium
        self.assertEqual((menu["job"], menu["implementation"], menu["ns"]), ("menu/pareto/100", "melitz", [7000.0]))
        self.assertEqual((work["job"], work["implementation"]), ("work, wide ranges/pareto", "melitz"))

    def test_a_benchmark_that_failed_ends_it(self):
        text = json.dumps({"benchmarks": [{"name": "menu/pareto/2", "error_occurred": True, "error_message": "no"}]})
        with self.assertRaisesRegex(SystemExit, "menu/pareto/2: no"):
            compare.melitz_rows(text, "")

    def test_a_benchmark_that_is_not_there_ends_it(self):
        with self.assertRaisesRegex(SystemExit, "not there"):
            compare.melitz_rows("", "")

    def test_of_a_rival_are_held_against_the_reference(self):
        asked = []

        def truth(job, costs):
            asked.append((job, costs))
            return [["2"]]

        line = {"job": "open/pareto", "implementation": "it", "ns": 5, "evaluations": 1, "iceberg_costs": ["1.6"],
                "answers": [[2 + 4 * EPS]]}
        (only,) = compare.rival_rows(json.dumps(line) + "\n", truth)
        self.assertEqual(asked, [("open/pareto", ("1.6",))])
        self.assertEqual(only["worst_error"], 2)

    def test_of_several_rounds_become_one(self):
        rows = []
        for ns in (100, 300, 200):
            compare.merge(rows, [row(ns=[ns]), row(flags="native", ns=[ns / 10])])
        self.assertEqual([r["ns"] for r in rows], [[100, 300, 200], [10, 30, 20]])


class Ratios(unittest.TestCase):
    def test_are_of_medians_and_for_each_set_of_flags(self):
        rows = [row(ns=[100, 900, 110]), row(flags="native", ns=[50]), row(implementation="it", flags="", ns=[1100])]
        self.assertEqual(compare.ratios(rows, rows[2]), {"no flag": 10, "x86-64-v3": None, "native": 22})

    def test_are_to_the_row_called_by_the_job_or_to_the_fastest(self):
        bound, plain = row(implementation="melitz, law bound before", ns=[50]), row(ns=[100])
        self.assertIs(compare.base_of([bound, plain], "open/pareto", "no flag"), plain)
        self.assertIs(compare.base_of([bound], "open/pareto", "no flag"), bound)

    def test_say_whether_a_target_is_reached(self):
        target = {"job": "open/pareto", "against": "it", "rival": "^it", "flags": "no flag", "at_least": 10}
        rows = [row(), row(implementation="it 1.0", flags="", ns=[1000])]
        self.assertIn("10, reached", compare.targets_table(rows, [target]))
        self.assertIn("10, missed", compare.targets_table(rows, [target | {"at_least": 11}]))
        self.assertIn("not measured", compare.targets_table(rows, [target | {"flags": "native"}]))
        wide = target | {"needs": "avx512f"}
        self.assertIn("no avx512f", compare.targets_table(rows, [wide], ["avx2"]))
        self.assertIn("10, reached", compare.targets_table(rows, [wide], ["avx512f", "avx2"]))


class Complaints(unittest.TestCase):
    def test_none_when_all_is_well(self):
        self.assertEqual(compare.complaints_about(result([row(), row(implementation="it", error=1e6)])), [])

    def test_wrong_answers(self):
        self.assertIn("it gives another answer to open/pareto",
                      compare.complaints_about(result([row(implementation="it", error=1e10)]))[0])
        self.assertEqual(len(compare.complaints_about(result([row(error=1e4)]))), 1)
        self.assertEqual(len(compare.complaints_about(result([row(error=float("nan"))]))), 1)

    def test_compile_budget(self):
        within = {"name": "a", "ratio": 1.2, "lines": 10, "most_ratio": 1.3, "most_lines": 10}
        rows = [{"name": "yardstick", "ratio": 1.0, "lines": 5}, within, within | {"name": "b", "lines": 11},
                within | {"name": "c", "ratio": 1.4}, within | {"name": "d", "ratio": None}]
        self.assertEqual(compare.over_budget(rows), ["b", "c"])

    def test_decide_the_exit_status_and_are_printed_with_what_is_missing(self):
        with tempfile.TemporaryDirectory() as folder:
            stored = Path(folder) / "rows.json"
            for rows, status in (([row()], 0), ([row(implementation="it", error=1e10)], 1)):
                stored.write_text(json.dumps(result(rows, missing=[("R", "r-base-core")])))
                out, err = io.StringIO(), io.StringIO()
                with mock.patch("sys.argv", ["compare", "--rows", str(stored)]), contextlib.redirect_stdout(out), \
                        contextlib.redirect_stderr(err):
                    self.assertEqual(compare.main(), status)
                self.assertIn("missing: R; to have it: apt install r-base-core", out.getvalue())
                self.assertEqual("another answer" in err.getvalue(), status == 1)


class Page(unittest.TestCase):
    def test_takes_the_tables_between_its_marks(self):
        with tempfile.TemporaryDirectory() as folder:
            page = Path(folder) / "page.md"
            page.write_text("before\n<!-- compare -->\nold\n<!-- /compare -->\nafter\n")
            compare.put_into(page, "new\n")
            self.assertEqual(page.read_text(), "before\n<!-- compare -->\n\nnew\n\n<!-- /compare -->\nafter\n")
            page.write_text("no marks\n")
            with self.assertRaises(SystemExit):
                compare.put_into(page, "new\n")


class Budget(unittest.TestCase):
    def test_names_headers_that_exist(self):
        budget = json.loads((compare.HERE / "compile_budget.json").read_text())
        for header in [h for g in budget["groups"] for h in g["headers"]] + list(budget["headers"]):
            self.assertTrue((compare.ROOT / "include" / header).exists(), header)
        for folder in budget["folders"]:
            self.assertTrue((compare.ROOT / "include" / folder).is_dir(), folder)

    def test_is_a_headers_own_or_its_folders(self):
        budget = {"any_header": 1, "folders": {"melitz/worlds/": 2},
                  "headers": {"melitz/worlds/melitz/solve_world.hpp": 3}}
        for header, limit in (("melitz/error.hpp", 1), ("melitz/worlds/acr/acr.hpp", 2),
                              ("melitz/worlds/melitz/solve_world.hpp", 3)):
            self.assertEqual(compare.limit_of(header, budget), limit)

    def test_of_lines_alone_decides_the_exit_status(self):
        for lines, status in ((9, 0), (10, 1)):
            budget = {"yardstick": "yard", "groups": [{"name": "both", "headers": ["a"], "ratio": 1.3, "lines": 9}],
                      "any_header": {"ratio": 1, "lines": 9}, "folders": {}, "headers": {}}
            out, err = io.StringIO(), io.StringIO()
            with mock.patch("sys.argv", ["compare", "--lines", "c++"]), mock.patch.object(
                    compare.json, "loads", lambda text: budget), mock.patch.object(
                    compare, "preprocessed", lambda command, source: lines if "error.hpp" in source else 1), \
                    contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
                self.assertEqual(compare.main(), status)
            self.assertEqual("melitz/error.hpp is over its compile budget" in err.getvalue(), status == 1)

    def test_is_held_against_the_least_time_of_the_yardstick(self):
        budget = {"yardstick": "yard", "groups": [{"name": "both", "headers": ["a", "b"], "ratio": 1.3, "lines": 9}]}
        times = iter([2.0, 5.0, 3.0] * 3)  # of the yardstick, of it again before the next file, of the group
        with mock.patch.object(compare, "compile_time", lambda command, source: next(times)), \
                mock.patch.object(compare, "preprocessed", lambda command, source: 7), \
                mock.patch.object(compare, "say", lambda text: None):
            yard, both = compare.compile_costs("c++", budget, 2, quick=True)
        self.assertEqual((yard["seconds"], both["seconds"], both["ratio"]), (2.0, 3.0, 1.5))
        self.assertEqual((both["most_ratio"], both["lines"]), (1.3, 7))


unittest.main()
