// SPDX-License-Identifier: BSL-1.0
#include <melitz/countries/laws.hpp>
#include <melitz/law/pareto.hpp>

#include "support/catch.hpp"

namespace test::by_industry {

// What differs between industries, and between countries in each.

using test::contains;

TEST_CASE("laws by industry and country are counted", "[catalog]") {
  using law = melitz::pareto<>;
  law const a{1, 4}, b{1, 5}, c{1, 6};
  auto const check = [](melitz::by_industry_and_country<law> const& laws) {
    melitz::detail::require_laws("economy", laws, 2, 3);
  };
  check({{{a}}});
  check({{{a}, {a, b, c}}});
  check({{{a, b, c}}});
  CHECK_THROWS_WITH(check({{}}), contains("number of laws is 0; it must be 1, or the number of industries, 2"));
  CHECK_THROWS_WITH(check({{{a}, {b}, {c}}}),
                    contains("number of laws is 3; it must be 1, or the number of industries, 2"));
  CHECK_THROWS_WITH(check({{{a}, {a, b}}}),
                    contains("number of laws is 2; it must be 1, or the number of countries, 3"));
  CHECK_THROWS_WITH(check({{{a}, {}}}), contains("number of laws is 0; it must be 1, or the number of countries, 3"));
  melitz::by_industry_and_country const laws{std::vector<std::vector<law>>{{a}, {a, b, c}}};
  CHECK(melitz::detail::law_of(laws, 0, 2).shape == 4);
  CHECK(melitz::detail::law_of(laws, 1, 2).shape == 6);
  CHECK(melitz::detail::law_of(melitz::by_industry_and_country<law>{{{a, b, c}}}, 1, 1).shape == 5);
}

}  // namespace test::by_industry
