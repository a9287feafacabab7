#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Drives melitz-solve from another language, with nothing but a pipe and JSON.

Finds the iceberg cost at which 18 % of producers export, by bisection: the process is started once, and each model is
a line to it and its answer a line back.

    python3 drive_from_python.py [path of melitz-solve]
"""

import json
import subprocess
import sys


class Solver:
    """A running melitz-solve. Solver()(model) is its answer, a dictionary."""

    def __init__(self, program="melitz-solve"):
        self.process = subprocess.Popen(
            [program, "--batch"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8"
        )

    def __call__(self, model):
        self.process.stdin.write(json.dumps(model) + "\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        if answer["status"] != "converged":
            raise RuntimeError(answer.get("error", answer["status"]))
        return answer

    def close(self):
        self.process.stdin.close()
        return self.process.wait()


def model(iceberg_cost):
    return {
        "model": "open",
        "distribution": {"family": "lognormal", "log_mean": 0, "log_sd": 0.8},
        "parameters": {
            "elasticity": 4, "fixed_cost": 1, "entry_cost": 2, "death_rate": 0.05, "labor": 1,
            "partners": 3, "iceberg_cost": iceberg_cost, "export_fixed_cost": 1.3,
        },
    }


def main():
    solve = Solver(*sys.argv[1:2])
    low, high = 1.0, 5.0  # the share falls with the cost
    while high - low > 1e-9:
        middle = (low + high) / 2
        if solve(model(middle))["share_exporting"] > 0.18:
            low = middle
        else:
            high = middle
    answer = solve(model(low))
    print(f"iceberg_cost {low:.6f}: share_exporting {answer['share_exporting']:.6f}, welfare {answer['welfare']:.6f}")

    try:
        solve(model(0.9))
    except RuntimeError as error:  # the process lives on
        print("iceberg_cost 0.9:", error)
    return solve.close()


if __name__ == "__main__":
    sys.exit(main())
