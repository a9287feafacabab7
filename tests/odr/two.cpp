// SPDX-License-Identifier: BSL-1.0
#include <melitz/melitz.hpp>

int other_version();
int other_version() { return MELITZ_VERSION_MINOR; }
