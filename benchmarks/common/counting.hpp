// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/law/concepts.hpp>
#include <melitz/tail/tail.hpp>

namespace benchmarks {

/// A tail that counts how often it is evaluated. Its own type, so that what is timed counts nothing.
template <melitz::productivity_tail Tail>
struct counting_tail {
  using real_type = typename Tail::real_type;
  Tail tail;
  long* count;
  melitz::tail_point<real_type> at(real_type const& t) const {
    ++*count;
    return tail.at(t);
  }
  real_type power() const { return tail.power(); }
  real_type log_moment() const { return tail.log_moment(); }
  real_type log_lower_bound() const { return tail.log_lower_bound(); }
  real_type log_upper_bound() const { return tail.log_upper_bound(); }
};

/// A density that counts how often it is evaluated.
template <melitz::density_law Law>
struct counting_density {
  using real_type = melitz::law_real_t<Law>;
  Law law;
  long* count;
  real_type log_density(real_type const& t) const {
    ++*count;
    return law.log_density(t);
  }
  real_type log_lower_bound() const { return law.log_lower_bound(); }
  real_type log_upper_bound() const { return law.log_upper_bound(); }
};

}  // namespace benchmarks
