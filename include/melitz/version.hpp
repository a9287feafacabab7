// SPDX-License-Identifier: BSL-1.0
#pragma once

// The one place where the version lives; CMake reads it from here.
#define MELITZ_VERSION_MAJOR 0
#define MELITZ_VERSION_MINOR 1
#define MELITZ_VERSION_PATCH 0
