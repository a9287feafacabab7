"""Runs every check: remakes the reference numbers and compares them with what is stored.

One line per file with the number of numbers compared and the worst relative
difference; the exit code is 1 if anything differs.
"""

import sys
import time

from mpmath import mp

import cutoffs
import distributions
import krugman
import law_points
import menu
import reference_files as files
import sourcing
import symmetric


def run():
    start = time.time()
    failed = 0
    for program in (distributions, symmetric, menu, krugman, sourcing):
        mp.dps = 50
        failed += files.main(program.NAME, program.remake, ["check.py", "--check"])
    for program in (law_points, cutoffs):
        mp.dps = 50
        failed += program.check()
    print("%s in %.0f s" % ("all agree" if not failed else "%d files DIFFER" % failed, time.time() - start))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(run())
