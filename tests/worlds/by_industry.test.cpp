// SPDX-License-Identifier: BSL-1.0
#include <melitz/catalog/batch.hpp>
#include <melitz/catalog/describe.hpp>
#include <melitz/catalog/laws.hpp>
#include <melitz/countries/laws.hpp>
#include <melitz/countries/matrices.hpp>
#include <melitz/law/pareto.hpp>

#include "support/catch.hpp"

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <tuple>
#include <variant>
#include <vector>

namespace test::by_industry {

// What differs between industries, and between countries in each.

namespace catalog = melitz::catalog;
namespace told = melitz::told;
using melitz::status;
using test::contains;
using test::WithinRel;

namespace {

/// Industries that use factors of countries: its results are sums.
template <class Real = double>
struct small_economy {
  using real_type = Real;
  struct options_type {};

  Eigen::VectorX<Real> share{};      ///< by industry
  Eigen::MatrixX<Real> intensity{};  ///< [industry][factor]
  Eigen::MatrixX<Real> endowment{};  ///< [country][factor]
  Eigen::MatrixX<Real> cost{};       ///< [exporter][importer]

  [[nodiscard]] Eigen::Index industries() const { return share.size(); }
  [[nodiscard]] Eigen::Index countries() const { return endowment.rows(); }
  [[nodiscard]] Eigen::Index factors() const { return endowment.cols(); }

  static constexpr char const* name = "small";
  static constexpr char const* title = "Industries that use factors of countries";
  static constexpr auto parameters() {
    using e = small_economy;
    using enum told::by;
    using enum melitz::rule;
    return told::table{
        told::parameter("share", &e::share, positive, "of spending", "", "[0.4, 0.6]").indexed(industry),
        told::parameter("intensity", &e::intensity, share, "of costs", "", "[[0.2, 0.8], [0.7, 0.3]]")
            .indexed(industry, factor),
        told::parameter("endowment", &e::endowment, positive, "of each country", "", "[[1, 2], [3, 4], [5, 6]]")
            .indexed(country, factor),
        told::parameter("cost", &e::cost, at_least_one_or_infinite, "of trade", "", 1.5).at_home(1),
    };
  }
  void validate() const { melitz::detail::check_parameters(*this); }
};

template <class Real = double>
struct small_equilibrium {
  using real_type = Real;
  status reason = status::not_solved;
  Eigen::MatrixX<Real> output{};  ///< [industry][country]
  Eigen::VectorX<Real> reward{};  ///< by factor
  Eigen::MatrixX<Real> cutoff{};  ///< [industry][country]
  Eigen::VectorX<Real> mass_entrants{};
  Real export_cutoff = std::numeric_limits<Real>::infinity();
  Real residual = 0;
  bool every_entrant_produces = true;

  static constexpr auto results() {
    using e = small_equilibrium;
    using enum told::by;
    using enum melitz::part;
    return told::table{
        told::aside(&e::reason),
        told::quantity("output", &e::output, aggregates, "goods").indexed(industry, country),
        told::quantity("reward", &e::reward, aggregates, "money").indexed(factor),
        told::quantity("cutoff", &e::cutoff, cutoffs, "productivity").indexed(industry, country),
        told::quantity("mass_entrants", &e::mass_entrants, masses, "firms"),
        told::quantity("export_cutoff", &e::export_cutoff, cutoffs, "productivity"),
        told::quantity("residual", &e::residual, solution, "relative"),
        told::quantity("every_entrant_produces", &e::every_entrant_produces, solution, ""),
    };
  }
  [[nodiscard]] explicit operator bool() const { return reason == status::converged; }
};
static_assert(melitz::detail::tells_every_member<small_economy<double>>() &&
              melitz::detail::tells_every_member<small_equilibrium<double>>());

template <class Real, melitz::productivity_law Law>
small_equilibrium<Real> try_solve(small_economy<Real> const& e, melitz::by_industry_and_country<Law> const& laws,
                                  small_economy<>::options_type const& = {}) {
  e.validate();
  melitz::detail::require_laws(small_economy<>::name, laws, static_cast<std::size_t>(e.industries()),
                               static_cast<std::size_t>(e.countries()));
  small_equilibrium<Real> out{.reason = status::converged};
  out.output = e.share.asDiagonal() * (e.intensity * e.endowment.transpose());
  out.reward = e.endowment.colwise().sum().transpose();
  out.cutoff.resize(e.industries(), e.countries());
  for (Eigen::Index i = 0; i < e.industries(); ++i) {
    for (Eigen::Index c = 0; c < e.countries(); ++c) {
      out.cutoff(i, c) = melitz::detail::law_of(laws, static_cast<std::size_t>(i), static_cast<std::size_t>(c))
                             .tail(Real(1))
                             .log_lower_bound();
    }
  }
  out.mass_entrants = Eigen::VectorX<Real>::Ones(e.countries());
  out.mass_entrants[1] = 0;
  out.residual = 2e-9;
  return out;
}

catalog::model const& small() {
  static auto const out = catalog::models_of<std::tuple<small_economy<>>, 0, 1>();
  return out[0];
}

catalog::labels names(std::vector<std::string> const& all) {
  return std::make_shared<std::vector<std::string> const>(all);
}

std::vector<catalog::array> const example{
    {2, 1, {0.4, 0.6}}, {2, 2, {0.2, 0.8, 0.7, 0.3}}, {3, 2, {1, 2, 3, 4, 5, 6}}, {3, 3, {1, 2, 2, 2, 1, 2, 2, 2, 1}}};
melitz::erased_law<> pareto(double scale) { return catalog::law_of(melitz::pareto<>{scale, 4}); }

catalog::array const& table(catalog::answer const& a, std::string_view name) {
  for (std::size_t k = 0; k < a.values.size(); ++k) {
    if (small().results[k].name == name) return std::get<catalog::array>(a.values[k]);
  }
  FAIL("no result " << name);
  return std::get<catalog::array>(a.values[0]);
}

}  // namespace

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

TEST_CASE("numbers by industry, by factor and by both, and laws by industry and country", "[catalog]") {
  auto const& m = small();
  CHECK(m.laws == catalog::laws_wanted::by_industry_and_country);
  CHECK(m.has_countries());
  using catalog::extent;
  std::vector<extent> shapes;
  for (auto const& p : m.parameters) shapes.push_back(p.extent);
  CHECK(shapes == std::vector<extent>{extent::by_indices, extent::by_indices, extent::by_indices, extent::by_pair});
  CHECK(m.parameters[1].indices.rows == told::by::industry);
  CHECK(m.parameters[1].indices.columns == told::by::factor);

  auto const a = m.solve(example, {pareto(1)}, {});
  REQUIRE(a.reason == status::converged);
  CHECK(table(a, "output").rows == 2);
  CHECK(table(a, "output").columns == 3);
  CHECK_THAT(table(a, "output")(1, 2), WithinRel(0.6 * (0.7 * 5 + 0.3 * 6), 1e-14));
  CHECK(table(a, "reward").numbers == std::vector<double>{9, 12});
  auto const b = m.solve(example, {pareto(1), pareto(2), pareto(3), pareto(4), pareto(5), pareto(6)}, {});
  CHECK_THAT(std::exp(table(b, "cutoff")(1, 0)), WithinRel(4, 1e-14));
  CHECK_THAT(std::exp(table(b, "cutoff")(0, 2)), WithinRel(3, 1e-14));
  CHECK_THROWS_WITH(m.solve(example, {pareto(1), pareto(2)}, {}),
                    contains("number of laws is 2; it must be 1, or the number of industries times that of countries"));
  auto const wrong = [&](std::size_t k, catalog::array const& x) {
    auto given = example;
    given[k] = x;
    (void)m.solve(given, {pareto(1)}, {});
  };
  CHECK_THROWS_WITH(wrong(1, {2, 3, {0, 0, 0, 0, 0, 0}}),
                    contains("shape of intensity is 2 x 3; it must be 2 x 2, a row for each industry and a column for "
                             "each factor"));
  CHECK_THROWS_WITH(wrong(1, {2, 2, {0.1, 1.2, 0, 0}}), contains("intensity(0, 1) is 1.2; it must lie in [0, 1]"));
  CHECK_THROWS_WITH(wrong(0, {2, 1, {0.4, -1}}), contains("share(1) is -1; it must be positive"));
  CHECK_THROWS_WITH(wrong(0, {0, 1, {}}), contains("number of industries is 0; it must be at least 1"));
  CHECK_THROWS_WITH(wrong(3, {3, 2, {1, 2, 2, 1, 2, 2}}), contains("shape of cost is 3 x 2; it must be 3 x 3"));
}

TEST_CASE("an answer warns of what its user should know", "[catalog]") {
  auto const a = small().solve(example, {pareto(1)}, {});
  CHECK(a.warnings == std::vector<std::string>{
                          "residual is 2e-09: fewer digits are right than usual",
                          "every_entrant_produces: the cutoff is below every productivity that is drawn",
                          "export_cutoff is infinite: no firm gets there", "mass_entrants[1] is 0: nobody enters"});
}

TEST_CASE("names of rows and columns go from parameters to answers and comparisons", "[catalog]") {
  auto const& m = small();
  auto given = example;
  given[0].row_names = names({"cars", "food"});
  given[2].row_names = names({"CAN", "USA", "MEX"});
  given[2].column_names = names({"land", "labor"});
  auto const a = m.solve(given, {pareto(1)}, {});
  REQUIRE(table(a, "output").row_names != nullptr);
  CHECK(*table(a, "output").row_names == std::vector<std::string>{"cars", "food"});
  CHECK(*table(a, "output").column_names == std::vector<std::string>{"CAN", "USA", "MEX"});
  CHECK(*table(a, "reward").row_names == std::vector<std::string>{"land", "labor"});
  CHECK(table(a, "reward").column_names == nullptr);
  CHECK(a.warnings.back() == "mass_entrants[USA] is 0: nobody enters");
  auto const changes = catalog::compare(m, a, a);
  std::vector<std::string> places;
  for (auto const& c : changes.aggregates) places.push_back(c.name);
  CHECK(std::count(places.begin(), places.end(), "output[food][MEX]") == 1);
  CHECK(std::count(places.begin(), places.end(), "reward[labor]") == 1);
  given[3].column_names = names({"CAN", "MEX", "USA"});
  CHECK_THROWS_WITH(m.solve(given, {pareto(1)}, {}),
                    contains("name 1 of cost is MEX; it must be USA, as the parameters before it have it"));
  given[3].column_names = names({"CAN"});
  CHECK_THROWS_WITH(m.solve(given, {pareto(1)}, {}),
                    contains("number of names of cost is 1; it must be that of its countries, 3"));
}

namespace {

/// An economy of several sectors, whose results are those of each, and a sum.
struct small_sector {
  using real_type = double;
  double share = melitz::detail::not_a_number<double>;
  Eigen::VectorXd size{};

  static constexpr auto parameters() {
    using enum melitz::rule;
    return told::table{told::parameter("share", &small_sector::share, positive, "of spending", "", 0.4),
                       told::parameter("size", &small_sector::size, positive, "of each country", "", "[1, 2]")};
  }
};
struct sectors_economy {
  using real_type = double;
  double labor = melitz::detail::not_a_number<double>;
  std::vector<small_sector> sectors = std::vector<small_sector>(1);

  static constexpr char const* name = "sectors";
  static constexpr char const* title = "Sectors";
  static constexpr auto parameters() {
    return told::table{told::parameter("labor", &sectors_economy::labor, melitz::rule::positive, "", "", 1),
                       told::nested(&sectors_economy::sectors)};
  }
  void validate() const {}
};
struct sector_sales {
  using real_type = double;
  double sales = 0;
  Eigen::VectorXd by_country{};

  static constexpr auto results() {
    using enum melitz::part;
    return told::table{told::quantity("sales", &sector_sales::sales, aggregates, ""),
                       told::quantity("by_country", &sector_sales::by_country, aggregates, "")};
  }
};
struct sectors_equilibrium {
  using real_type = double;
  status reason = status::converged;
  std::vector<sector_sales> sectors{};
  double all = 0;

  static constexpr auto results() {
    using e = sectors_equilibrium;
    return told::table{told::aside(&e::reason), told::nested(&e::sectors),
                       told::quantity("all", &e::all, melitz::part::aggregates, "")};
  }
  [[nodiscard]] explicit operator bool() const { return true; }
};
sectors_equilibrium try_solve(sectors_economy const& e, melitz::solve_options const& = {}) {
  sectors_equilibrium out;
  for (auto const& s : e.sectors) {
    out.sectors.push_back({s.share * e.labor, s.share * s.size});
    out.all += s.share;
  }
  return out;
}

}  // namespace

TEST_CASE("an economy of several sectors", "[catalog]") {
  auto const all = catalog::models_of<std::tuple<sectors_economy>, 0, 1>();
  auto const& m = all[0];
  CHECK(!m.parameters[0].by_sector);
  CHECK(m.parameters[1].by_sector);
  CHECK(m.results[0].by_sector);
  CHECK(!m.results[2].by_sector);
  catalog::array share{1, 1, {0.2, 0.3, 0.5}}, size{2, 1, {1, 2, 3, 4, 5, 6}};
  share.layers = size.layers = 3;
  std::vector<catalog::array> given{catalog::array_of(10), share, size};
  auto const a = m.solve(given, {}, {});
  auto const& sales = std::get<catalog::array>(a.values[0]);
  CHECK(sales.layers == 3);
  CHECK(sales.numbers == std::vector<double>{2, 3, 5});
  auto const& by_country = std::get<catalog::array>(a.values[1]);
  CHECK(by_country.layers == 3);
  CHECK(by_country.rows == 2);
  CHECK_THAT(by_country(1, 1, 0), WithinRel(0.3 * 4, 1e-14));
  CHECK_THAT(std::get<double>(a.values[2]), WithinRel(1, 1e-14));
  std::vector<std::string> places;
  for (auto const& c : catalog::compare(m, a, a).aggregates) places.push_back(c.name);
  CHECK(places == std::vector<std::string>{"sales[0]", "sales[1]", "sales[2]", "by_country[0][0]", "by_country[0][1]",
                                           "by_country[1][0]", "by_country[1][1]", "by_country[2][0]",
                                           "by_country[2][1]", "all"});
  given[1] = catalog::array_of(0.4);  // one for all sectors
  CHECK(std::get<catalog::array>(m.solve(given, {}, {}).values[0]).numbers == std::vector<double>{4, 4, 4});
  given[2] = {2, 1, {1, 2}};  // one sector: plain numbers
  CHECK(std::get<double>(m.solve(given, {}, {}).values[0]) == 4);
  given[1] = share;

  given[2] = {2, 1, {1, 2, 1, 2}};
  given[2].layers = 2;
  CHECK_THROWS_WITH(m.solve(given, {}, {}), contains("number of sectors of size is 2; it must be 1, or 3"));
  given[0] = share;
  CHECK_THROWS_WITH(m.solve(given, {}, {}), contains("number of sectors of labor is 3; it must be 1: it is of all"));
}

}  // namespace test::by_industry
