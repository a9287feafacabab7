# SPDX-License-Identifier: BSL-1.0
"""The recipe for Conan 2, of the repository that it lies in: conan create melitz/packaging/conan."""

import os
import re

from conan import ConanFile
from conan.tools.build import check_min_cppstd
from conan.tools.cmake import CMake, CMakeDeps, CMakeToolchain, cmake_layout
from conan.tools.files import copy, load, rmdir


class Melitz(ConanFile):
    name = "melitz"
    description = "Trade models with heterogeneous firms, header-only C++20"
    license = "BSL-1.0"
    topics = ("economics", "international-trade", "header-only")
    package_type = "header-library"
    settings = "os", "compiler", "build_type", "arch"
    options = {"world": [True, False], "mpi": [True, False]}
    default_options = {"world": False, "mpi": False}
    no_copy_source = True

    @property
    def _repository(self):
        return os.path.join(self.recipe_folder, os.pardir, os.pardir)

    def set_version(self):
        header = load(self, os.path.join(self._repository, "include", "melitz", "version.hpp"))
        self.version = ".".join(
            re.search(rf"#define MELITZ_VERSION_{part} (\d+)", header).group(1) for part in ("MAJOR", "MINOR", "PATCH")
        )

    def export_sources(self):
        for pattern in ("CMakeLists.txt", "LICENSE", "CHANGELOG.md", "cmake/*", "include/*", "fronts/*", "docs/man/*"):
            copy(self, pattern, src=self._repository, dst=self.export_sources_folder)

    def layout(self):
        cmake_layout(self)

    def requirements(self):
        self.requires("boost/[>=1.74]", options={"header_only": True}, transitive_headers=True)
        if self.options.world:
            self.requires("eigen/[>=3.4 <4]", transitive_headers=True)
        if self.options.mpi:
            self.requires("openmpi/[>=4]", transitive_headers=True)

    def package_id(self):
        self.info.clear()

    def validate(self):
        check_min_cppstd(self, 20)

    def generate(self):
        CMakeDeps(self).generate()
        toolchain = CMakeToolchain(self)
        for option in ("TESTS", "EXAMPLES", "SOLVE", "C", "PYTHON"):
            toolchain.cache_variables[f"MELITZ_BUILD_{option}"] = False
        toolchain.cache_variables["MELITZ_MPI"] = toolchain.cache_variables["MELITZ_EIGEN"] = False
        toolchain.generate()

    def build(self):
        CMake(self).configure()

    def package(self):
        copy(self, "LICENSE", src=self.source_folder, dst=os.path.join(self.package_folder, "licenses"))
        CMake(self).install()
        rmdir(self, os.path.join(self.package_folder, "share", "doc"))

    def package_info(self):
        self.cpp_info.bindirs = self.cpp_info.libdirs = []
        # The package brings its own files for CMake, with its components.
        self.cpp_info.set_property("cmake_find_mode", "none")
        self.cpp_info.builddirs = [os.path.join("share", "cmake", "melitz")]
