"""Runs every check: remakes the reference numbers and compares them with what is stored.

Every program beside this one that has a NAME takes part, and every file of tests/reference must have a program. One line
per file with the number of numbers compared and the worst relative difference; the exit code is 1 if anything differs.
"""

import importlib
import pathlib
import sys
import time

from mpmath import mp

import reference_files as files


def run():
    start = time.time()
    failed, made = 0, set()
    here = pathlib.Path(__file__).resolve().parent
    for path in sorted(here.glob("*.py")):
        if path.name == pathlib.Path(__file__).name:
            continue
        program = importlib.import_module(path.stem)
        if not hasattr(program, "NAME"):
            continue
        mp.dps = 50
        made.add(program.NAME)
        failed += program.check() if hasattr(program, "check") else files.main(program.NAME, program.remake,
                                                                               ["check.py", "--check"])
    for path in sorted((here.parent.parent / "tests" / "reference").glob("*.json")):
        if path.name not in made:
            print("%s: no program makes it" % path.name)
            failed += 1
    print("%s in %.0f s" % ("all agree" if not failed else "%d files DIFFER" % failed, time.time() - start))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(run())
