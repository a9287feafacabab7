// SPDX-License-Identifier: BSL-1.0
#include <melitz/numerics/visit_held.hpp>

#include "support/catch.hpp"

#include <cstddef>
#include <stdexcept>
#include <string>
#include <utility>
#include <variant>

namespace test::visit_held {

using melitz::detail::visit_held;

template <std::size_t K>
struct numbered {
  std::size_t extra = 0;
};

template <std::size_t... K>
std::variant<numbered<K>...> of_many(std::index_sequence<K...>);
using many = decltype(of_many(std::make_index_sequence<23>{}));

TEST_CASE("the alternative that a variant holds is the one that is visited", "[numerics][visit_held]") {
  auto const number_of = [](auto const& held) {
    return []<std::size_t K>(numbered<K> const& one) { return 100 * K + one.extra; }(held);
  };
  auto const check = [&](std::size_t k, many const& held) { CHECK(visit_held(number_of, held) == 101 * k + 1); };
  [&]<std::size_t... K>(std::index_sequence<K...>) { (check(K, many(numbered<K>{K + 1})), ...); }
  (std::make_index_sequence<23>{});
  CHECK(visit_held([](int held) { return held; }, std::variant<int>(7)) == 7);
}

TEST_CASE("what is visited is the very one, and may be changed", "[numerics][visit_held]") {
  std::variant<int, double> held = 2.5;
  visit_held([](auto& x) { x *= 2; }, held);
  CHECK(std::get<double>(held) == 5);
  std::variant<int, long> place = 3L;
  auto&& found = visit_held([](auto& x) -> decltype(auto) { return static_cast<void const*>(&x); }, place);
  CHECK(found == &std::get<long>(place));
}

TEST_CASE("a variant that an exception has left without any is refused", "[numerics][visit_held]") {
  struct throws_when_made {
    explicit throws_when_made(int) { throw std::runtime_error("no"); }
    std::string text;  // what is trivial a library may build elsewhere first
  };
  std::variant<double, throws_when_made> held = 1.0;
  CHECK_THROWS_AS(held.emplace<throws_when_made>(1), std::runtime_error);
  REQUIRE(held.valueless_by_exception());
  CHECK_THROWS_AS(visit_held([](auto const&) {}, held), std::bad_variant_access);
}

}  // namespace test::visit_held
