// SPDX-License-Identifier: BSL-1.0
#include <melitz/melitz.hpp>

int other_version();

int main() { return other_version() == MELITZ_VERSION_MINOR ? 0 : 1; }
