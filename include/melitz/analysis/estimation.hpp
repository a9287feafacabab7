// SPDX-License-Identifier: BSL-1.0
#pragma once

// Laws of firm size, and parameters of models by their moments, estimated from data. See each header.

#include <melitz/analysis/estimation/compare.hpp>
#include <melitz/analysis/estimation/cutoff.hpp>
#include <melitz/analysis/estimation/fit.hpp>
#include <melitz/analysis/estimation/fitted_law.hpp>
#include <melitz/analysis/estimation/gains.hpp>
#include <melitz/analysis/estimation/goodness.hpp>
#include <melitz/analysis/estimation/moments_fit.hpp>
#include <melitz/analysis/estimation/sample.hpp>
#include <melitz/analysis/estimation/tail_index.hpp>
