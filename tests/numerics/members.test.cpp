// SPDX-License-Identifier: BSL-1.0
#include <melitz/numerics/members.hpp>

#include "support/catch.hpp"

#include <limits>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace test::numerics_members {

using melitz::rule;
namespace told = melitz::told;

namespace {

double const infinity = std::numeric_limits<double>::infinity(), nan = std::numeric_limits<double>::quiet_NaN();

struct shop_economy {
  using real_type = double;
  double rent = nan, share = 0.5;

  static constexpr char const* name = "shop";
  static constexpr char const* title = "A shop";
  static constexpr auto parameters() {
    using e = shop_economy;
    return told::table{told::parameter("rent", &e::rent, rule::positive, "of the place", "labor", 1),
                       told::parameter("share", &e::share, rule::share, "of something", "", 0.5)};
  }
  void validate() const { melitz::detail::check_parameters(*this); }
};

struct street_economy {
  using real_type = double;
  shop_economy first{}, second{};
  double shops = 2;

  static constexpr char const* name = "street";
  static constexpr char const* title = "A street";
  static constexpr auto parameters() {
    using e = street_economy;
    return told::table{told::nested(&e::first), told::nested(&e::second, "new_", &e::first),
                       told::parameter("shops", &e::shops, rule::whole, "in it", "", 2)};
  }
  void validate() const { melitz::detail::check_parameters(*this); }
};

struct forgetful_economy {
  using real_type = double;
  double told = 1, forgotten = 2;

  static constexpr char const* name = "forgetful";
  static constexpr auto parameters() {
    return melitz::told::table{melitz::told::parameter("told", &forgetful_economy::told, rule::finite, "", "", 1)};
  }
};

template <bool Misspelt>
struct stall_economy {
  using real_type = double;
  shop_economy shop{};

  static constexpr char const* name = "stall";
  static constexpr auto parameters() {
    return told::table{told::nested(&stall_economy::shop).without(Misspelt ? "rent shares" : "rent share")};
  }
};
static_assert(melitz::detail::leaves_out_what_is_there<stall_economy<false>>() &&
              !melitz::detail::leaves_out_what_is_there<stall_economy<true>>());

struct day {
  using real_type = double;
  double sales = nan, cost = 1;
  double profit() const { return sales - cost; }

  static constexpr auto results() {
    using enum melitz::part;
    return told::table{told::positive("sales", &day::sales, aggregates, "wages"),
                       told::quantity("cost", &day::cost, aggregates, "wages"),
                       told::quantity("profit", &day::profit, aggregates, "wages")};
  }
};

struct base_result {
  using real_type = double;
  double price = 3;
  static constexpr auto results() {
    return told::table{told::positive("price", &base_result::price, melitz::part::aggregates, "wages")};
  }
};

struct year : base_result {
  day best{5, 1};
  std::vector<day> days{{2, 1}, {4, 1}};
  int left_aside = 0;

  static constexpr auto results() {
    using enum melitz::part;
    return told::table{told::base<base_result>(), told::nested(&year::best, "best_").in(cutoffs, "coins"),
                       told::periods(&year::days), told::aside(&year::left_aside)};
  }
};

}  // namespace

TEST_CASE("a table that forgets a member does not compile", "[numerics][members]") {
  STATIC_REQUIRE(melitz::detail::tells_every_member<street_economy>());
  STATIC_REQUIRE(melitz::detail::tells_every_member<day>());
  STATIC_REQUIRE(melitz::detail::tells_every_member<year>());
  STATIC_REQUIRE_FALSE(melitz::detail::tells_every_member<forgetful_economy>());
}

TEST_CASE("every rule at its ends", "[numerics][members]") {
  double const most = std::numeric_limits<double>::max();
  // What keeps it, then what does not; NaN, which a number left out is, keeps none.
  std::map<rule, std::pair<std::vector<double>, std::vector<double>>> const ends{
      {rule::finite, {{-most, 0, most}, {-infinity, infinity}}},
      {rule::positive, {{5e-324, most}, {0, -1, infinity}}},
      {rule::positive_or_infinite, {{5e-324, infinity}, {0, -1}}},
      {rule::at_least_zero, {{0, most}, {-5e-324, infinity}}},
      {rule::at_least_zero_or_infinite, {{0, infinity}, {-5e-324}}},
      {rule::above_one, {{1 + 1e-15, most}, {1, infinity}}},
      {rule::at_least_one_or_infinite, {{1, infinity}, {1 - 1e-15}}},
      {rule::above_minus_one, {{-1 + 1e-15, most}, {-1, infinity}}},
      {rule::rate, {{5e-324, 1}, {0, 1 + 1e-15}}},
      {rule::share, {{0, 1}, {-5e-324, 1 + 1e-15}}},
      {rule::share_below_one, {{0, 1 - 1e-15}, {-5e-324, 1}}},
      {rule::inner_share, {{5e-324, 1 - 1e-15}, {0, 1}}},
      {rule::whole, {{0, 1, 1e300}, {-1, 0.5, infinity}}},
  };
  for (auto const& [r, both] : ends) {
    CAPTURE(to_words(r));
    for (double const x : both.first) CHECK(holds(r, x));
    for (double const x : both.second) CHECK_FALSE(holds(r, x));
    CHECK_FALSE(holds(r, nan));
    CHECK(allows_infinity(r) == holds(r, infinity));
  }
}

TEST_CASE("a member that is out of range is named as its table names it", "[numerics][members]") {
  street_economy const good{{1, 0.5}, {2, 1}, 3};
  CHECK_NOTHROW(good.validate());
  auto const refused = [&](auto const& change, char const* message) {
    auto bad = good;
    change(bad);
    CHECK_THROWS_WITH(bad.validate(), message);
  };
  refused([](auto& e) { e.first.rent = -1; }, "shop_economy: rent is -1; it must be positive and finite");
  refused([](auto& e) { e.second.rent = nan; }, "street_economy: new_rent is nan; it must be positive and finite");
  refused([](auto& e) { e.second.share = 2; }, "street_economy: new_share is 2; it must lie in [0, 1]");
  refused([](auto& e) { e.shops = 1.5; }, "street_economy: shops is 1.5; it must be a whole number of at least 0");
  std::vector<std::string> names;
  melitz::detail::for_each_parameter<street_economy>(
      [&](auto const& row, auto const&, std::string_view prefix, bool otherwise) {
        names.push_back(std::string(prefix) + row.name + (otherwise ? "?" : ""));
      });
  CHECK(names == std::vector<std::string>{"rent", "share", "new_rent?", "new_share?", "shops"});
}

TEST_CASE("results of bases, of parts and by period", "[numerics][members]") {
  year const e{};
  std::map<std::string, std::vector<double>> seen;
  melitz::detail::for_each_result<year>([&](auto const& row, auto const& access, std::string_view prefix) {
    auto& numbers = seen[std::string(prefix) + row.name];
    melitz::detail::for_each_number(access(e), [&](double x, std::string const&) { numbers.push_back(x); });
    CHECK((row.part == melitz::part::cutoffs) == (prefix == "best_"));
    CHECK((row.unit == std::string("coins")) == (prefix == "best_"));
  });
  CHECK(seen == std::map<std::string, std::vector<double>>{{"price", {3}},
                                                           {"best_sales", {5}},
                                                           {"best_cost", {1}},
                                                           {"best_profit", {4}},
                                                           {"sales", {2, 4}},
                                                           {"cost", {1, 1}},
                                                           {"profit", {1, 3}}});
  CHECK(melitz::detail::representable(e));
  for (double const wrong : {0.0, -1.0, infinity, nan}) {
    auto bad = e;
    bad.best.sales = wrong;
    CHECK_FALSE(melitz::detail::representable(bad));
    bad = e;
    bad.best.cost = wrong;  // may be so
    CHECK(melitz::detail::representable(bad));
    bad = e;
    bad.price = wrong;
    CHECK_FALSE(melitz::detail::representable(bad));
  }
  std::string places;
  melitz::detail::for_each_number(std::vector<std::vector<double>>{{1}, {2, 3}},
                                  [&](double, std::string const& place) { places += place; });
  CHECK(places == "[0][0][1][0][1][1]");
}

TEST_CASE("an enumerator's word is the one in its place", "[numerics]") {
  enum class size { small, medium, large };
  auto const word = [](size s) { return melitz::detail::word_of(s, {"small", "medium", "large"}); };
  CHECK(word(size::small) == "small");
  CHECK(word(size::large) == "large");
  CHECK(word(size(3)) == "unknown");
  CHECK(word(size(-1)) == "unknown");
}

}  // namespace test::numerics_members
