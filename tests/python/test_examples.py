# SPDX-License-Identifier: BSL-1.0
"""What the examples print is stored, and compared byte by byte. After a change that is meant:
MELITZ_UPDATE=1 python3 -m pytest test_examples.py, then read the difference."""

import os
import pathlib
import subprocess
import sys

import pytest

import melitz
from conftest import ROOT, needs_worlds

HERE = pathlib.Path(__file__).parent
EXAMPLES = sorted((ROOT / "python/examples").glob("*.py"))
NEEDS = {"method_of_moments": "scipy", "free_trade_area": "pandas"}


def run(example, *arguments, cwd=None):
    done = subprocess.run([sys.executable, example, *arguments], capture_output=True, text=True, cwd=cwd, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_all_are_here():
    assert [e.stem for e in EXAMPLES] == ["figures", "free_trade_area", "how_to", "method_of_moments"]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda e: e.stem)
def test_output(example):
    if example.stem in NEEDS:
        pytest.importorskip(NEEDS[example.stem])
    if example.stem == "free_trade_area":
        needs_worlds()
    if example.stem in ("figures", "method_of_moments") and not melitz.describe("open").has["derivatives"]:
        pytest.skip("the catalog was compiled without derivatives")
    stored = HERE / "examples" / f"{example.stem}.txt"
    text = run(example)
    if os.environ.get("MELITZ_UPDATE"):
        stored.write_text(text)
    assert text == stored.read_text()


def test_picture(tmp_path):
    pytest.importorskip("matplotlib")
    if not melitz.describe("open").has["curves"]:
        pytest.skip("the catalog was compiled without curves")
    run(ROOT / "python/examples/figures.py", "figures.png", cwd=tmp_path)
    assert (tmp_path / "figures.png").read_bytes().startswith(b"\x89PNG")


def test_readme_block():
    """The example in solve's help runs, and prints what it says."""
    import doctest

    finder = doctest.DocTestFinder(recurse=False)
    (found,) = finder.find(melitz.solve, "solve", globs={"melitz": melitz})
    assert doctest.DocTestRunner().run(found).failed == 0 and found.examples
