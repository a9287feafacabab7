# SPDX-License-Identifier: BSL-1.0
"""Builds the Python module with CMake, for pip: pip install --no-build-isolation .

Needs what the library needs (a compiler, CMake, Boost; Eigen for models of different countries) and
pybind11. The environment's CMAKE_ARGS are options for CMake. The version stands in include/melitz/version.hpp.
"""

import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys

from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext

ROOT = pathlib.Path(__file__).resolve().parent


def version():
    text = (ROOT / "include/melitz/version.hpp").read_text(encoding="utf-8")
    parts = ("MAJOR", "MINOR", "PATCH")
    return ".".join(re.search(rf"^#define MELITZ_VERSION_{part} (\d+)$", text, re.M)[1] for part in parts)


class build_with_cmake(build_ext):
    """Has CMake build the package, and takes what it compiled and generated."""

    def build_extension(self, ext):
        tree = pathlib.Path(self.build_temp).resolve() / "cmake"
        options = {
            "CMAKE_BUILD_TYPE": "Release",
            "MELITZ_BUILD_PYTHON": "ON",
            "MELITZ_INSTALL": "OFF",
            "MELITZ_MPI": "OFF",
            "Python3_EXECUTABLE": sys.executable,
        }
        options |= {f"MELITZ_BUILD_{part}": "OFF" for part in ("TESTS", "EXAMPLES", "SOLVE", "C", "BENCHMARKS")}
        arguments = [*(f"-D{k}={v}" for k, v in options.items()), *shlex.split(os.environ.get("CMAKE_ARGS", ""))]
        if shutil.which("ninja") and not os.environ.get("CMAKE_GENERATOR"):
            arguments += ["-G", "Ninja"]
        subprocess.run(["cmake", "-S", ROOT, "-B", tree, *arguments], check=True)
        build = ["cmake", "--build", tree, "--target"]
        targets = subprocess.run([*build, "help"], check=True, capture_output=True, text=True).stdout
        if "melitz.python.package" not in targets:
            sys.exit("CMake leaves out the Python module; the lines above that begin with 'Left out' say why")
        jobs = os.environ.get("CMAKE_BUILD_PARALLEL_LEVEL", str(os.cpu_count() or 1))
        subprocess.run([*build, "melitz.python.package", "--parallel", jobs], check=True)
        to = pathlib.Path(self.get_ext_fullpath(ext.name)).resolve().parent
        to.mkdir(parents=True, exist_ok=True)
        made = tree / "python/melitz"
        shutil.copy2(next(made.glob("_core.*")), self.get_ext_fullpath(ext.name))
        for stub in ("__init__.pyi", "models.pyi"):
            shutil.copy2(made / stub, to / stub)


setup(
    version=version(),
    ext_modules=[Extension("melitz._core", sources=[])],
    cmdclass={"build_ext": build_with_cmake},
    options={"build": {"build_base": "build/pip"}, "egg_info": {"egg_base": "python"}},
)
