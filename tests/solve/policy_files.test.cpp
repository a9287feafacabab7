// SPDX-License-Identifier: BSL-1.0
#include "policy_study.hpp"
#include "support/catch.hpp"
#include "trade/data.hpp"
#include "trade/schedules.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace test::policy_files {

// Tables of trade with labels: what is read of them however they are written, and what is said of each that is wrong.

using namespace test;
namespace front = melitz::front;

namespace {

using files = std::map<std::string, std::string>;

front::trade_data read(json const& document, files const& given) {
  return front::read_trade_data(front::json::parse(document.dump()),
                                [&](std::string const& name, std::string const& path) {
                                  if (!given.contains(name)) throw front::input_error(path + ": no " + name);
                                  return front::text_file{name, given.at(name)};
                                });
}
std::string complaint_of(json const& document, files const& given) {
  try {
    (void)read(document, given);
  } catch (front::input_error const& e) {
    return e.what();
  }
  return "nothing is wrong";
}

/// What a table says, by labels.
double flow(front::trade_data const& d, std::string const& i, std::string const& j, std::string const& s,
            std::vector<double> const& numbers) {
  auto const at = [](std::vector<std::string> const& names, std::string const& name) {
    return static_cast<std::size_t>(std::find(names.begin(), names.end(), name) - names.begin());
  };
  return numbers.at(d.pair(at(d.countries, i), at(d.countries, j), at(d.sectors, s)));
}

void check_same(front::trade_data const& a, front::trade_data const& b) {
  REQUIRE(a.countries.size() == b.countries.size());
  REQUIRE(a.sectors.size() == b.sectors.size());
  REQUIRE(a.import_tax.size() == b.import_tax.size());
  for (auto const& i : a.countries) {
    for (auto const& j : a.countries) {
      for (auto const& s : a.sectors) {
        INFO(i << ' ' << j << ' ' << s);
        CHECK(flow(a, i, j, s, a.flows) == flow(b, i, j, s, b.flows));
        if (!a.import_tax.empty()) CHECK(flow(a, i, j, s, a.import_tax) == flow(b, i, j, s, b.import_tax));
      }
    }
  }
}

json flows_of(json const& value = "flows.csv") { return {{"flows", value}}; }

/// The lines of a table, below its header, each changed.
std::string by_line(std::string const& text, std::function<std::string(std::string const&)> const& change) {
  std::string out;
  for (auto const& line : lines(text)) out += change(line) + '\n';
  return out;
}

std::vector<std::string> fields_of(std::string const& line) {
  std::vector<std::string> out(1);
  for (char const c : line) c == ',' ? out.emplace_back() : out.back() += c;
  return out;
}

}  // namespace

TEST_CASE("A table of flows says the same however it is written", "[policy][files]") {
  auto const plain = read(flows_of(), {{"flows.csv", policy_flows}});
  CHECK(plain.countries == std::vector<std::string>{"USA", "CHN", "ROW"});
  CHECK(plain.sectors == std::vector<std::string>{"cars", "corn"});
  CHECK(flow(plain, "USA", "CHN", "cars", plain.flows) == 10);
  CHECK(flow(plain, "CHN", "USA", "cars", plain.flows) == 8);
  CHECK(flow(plain, "USA", "CHN", "cars", plain.import_tax) == 0.1);
  auto const from = [](std::string const& text) { return read(flows_of(), {{"flows.csv", text}}); };
  check_same(plain, from("\xEF\xBB\xBF" + policy_flows));
  check_same(plain, from(by_line(policy_flows, [](auto const& l) { return l + '\r'; })));
  check_same(plain, from(by_line(policy_flows, [](auto const& l) {
               std::string out;
               for (auto const& f : fields_of(l)) out += (out.empty() ? " \"" : " ,\t\"") + f + "\" ";
               return out;
             })));
  check_same(plain, from("\n\n" + policy_flows + "\n\n"));
  // Rows in another order, columns exchanged with their titles, other words for them.
  auto sorted = lines(policy_flows);
  std::reverse(sorted.begin() + 1, sorted.end());
  std::string backwards;
  for (auto const& l : sorted) backwards += l + '\n';
  check_same(plain, from(backwards));
  auto const exchanged = by_line(policy_flows, [](auto const& l) {
    auto f = fields_of(l);
    return f[1] + ',' + f[4] + ',' + f[3] + ',' + f[0] + ',' + f[2];
  });
  check_same(plain, from(exchanged));
  for (auto const* header : {"iso_o,iso_d,industry,value_musd,tariff", "Origin,Destination,Sector,FLOW,import tax",
                             "EXPORTER,importer_iso3,sector,trade-value,Tariff"}) {
    check_same(plain, from(replaced(policy_flows, "exporter,importer,sector,value,tariff", header)));
  }
  // Titles that the document explains, and a column that it leaves out.
  auto const titled = replaced(by_line(policy_flows, [](auto const& l) { return l + ",2017"; }),
                               "exporter,importer,sector,value,tariff,2017", "a,b,c,d,e,year");
  check_same(plain,
             read(flows_of({{"file", "flows.csv"},
                            {"columns",
                             {{"exporter", "a"}, {"importer", "b"}, {"sector", "c"}, {"value", "d"}, {"tariff", "e"}}},
                            {"ignore", {"year"}}}),
                  {{"flows.csv", titled}}));
}

TEST_CASE("Which country is the importer is never guessed", "[policy][files]") {
  auto const plain = read(flows_of(), {{"flows.csv", policy_flows}});
  auto const first_second = replaced(policy_flows, "exporter,importer", "first,second");
  auto const without_header = policy_flows.substr(policy_flows.find('\n') + 1);
  for (auto const& text : {first_second, without_header}) {
    auto const refused = complaint_of(flows_of(), {{"flows.csv", text}});
    INFO(refused);
    CHECK(refused.find("flows.csv, line 1") == 0);
    CHECK(refused.find("importer") != std::string::npos);
    check_same(plain, read(flows_of({{"file", "flows.csv"}, {"importer", "second"}}), {{"flows.csv", text}}));
    auto const whole = read({{"flows", "flows.csv"}, {"importer", "second"}}, {{"flows.csv", text}});
    check_same(plain, whole);
    auto const other = read(flows_of({{"file", "flows.csv"}, {"importer", "first"}}), {{"flows.csv", text}});
    CHECK(flow(other, "CHN", "USA", "cars", other.flows) == 10);
    CHECK(flow(other, "CHN", "USA", "cars", other.import_tax) == 0.1);
  }
  auto const reporter = replaced(policy_flows, "exporter,importer", "reporter,partner");
  auto const refused = complaint_of(flows_of(), {{"flows.csv", reporter}});
  CHECK(refused.find("\"reporter\" may be the importer or the exporter") != std::string::npos);
  check_same(plain, read(flows_of({{"file", "flows.csv"}, {"importer", "partner"}}), {{"flows.csv", reporter}}));
  check_same(plain, read({{"flows", "flows.csv"}, {"importer", "second"}}, {{"flows.csv", reporter}}));
  // What is said of all tables is for those that do not say it themselves.
  check_same(plain, read({{"flows", "flows.csv"}, {"importer", "first"}}, {{"flows.csv", policy_flows}}));
  CHECK(complaint_of(flows_of({{"file", "flows.csv"}, {"importer", "first"}}), {{"flows.csv", policy_flows}})
            .find("flows.importer is \"first\"; flows.csv, line 1 has no such column") == 0);
}

TEST_CASE("Tariffs may stand in a file of their own, and values may be net of them", "[policy][files]") {
  auto const plain = read(flows_of(), {{"flows.csv", policy_flows}});
  auto const column = [](std::size_t k) {
    return by_line(policy_flows, [k](auto const& l) {
      auto const f = fields_of(l);
      return f[0] + ',' + f[1] + ',' + f[2] + ',' + f[k];
    });
  };
  json const both{{"flows", "flows.csv"}, {"tariffs", "tariffs.csv"}};
  check_same(plain, read(both, {{"flows.csv", column(3)}, {"tariffs.csv", column(4)}}));
  CHECK(complaint_of(both, {{"flows.csv", policy_flows}, {"tariffs.csv", column(4)}}).find("one of them") !=
        std::string::npos);
  auto net = both;
  net["value_net_of_tariff"] = true;
  auto const gross = read(net, {{"flows.csv", column(3)}, {"tariffs.csv", column(4)}});
  CHECK(flow(gross, "USA", "CHN", "cars", gross.flows) == 10 * (1 + 0.1));
  CHECK(flow(gross, "USA", "USA", "cars", gross.flows) == 80);
  auto const said =
      read(both, {{"flows.csv", replaced(column(3), "value", "value_net_of_tariff")}, {"tariffs.csv", column(4)}});
  check_same(gross, said);
}

TEST_CASE("Shares of labor and inputs, of the bundle or of inputs alone, and what must be there", "[policy][files]") {
  std::string const labor =
      "country,sector,labor_share\nUSA,cars,0.5\nUSA,corn,0.6\nCHN,cars,0.4\nCHN,corn,1\n"
      "ROW,cars,0.5\nROW,corn,0.75\n";
  std::string const inputs =
      "country,input,sector,share\nUSA,cars,cars,0.3\nUSA,corn,cars,0.2\nUSA,cars,corn,0.4\n"
      "CHN,cars,cars,0.6\nROW,cars,cars,0.1\nROW,corn,cars,0.4\nROW,corn,corn,0.25\n";
  json const document{{"flows", "flows.csv"}, {"labor_shares", "labor.csv"}, {"input_shares", "inputs.csv"}};
  files const all{{"flows.csv", policy_flows}, {"labor.csv", labor}, {"inputs.csv", inputs}};
  auto const d = read(document, all);
  CHECK(d.labor_share.at(d.place(0, 1)) == 0.6);
  REQUIRE(d.input_share.size() == 3);
  CHECK(d.input_share[0].at(1 + 2 * 0) == 0.2);  // corn in the cars of the USA
  CHECK(d.input_share[0].at(0 + 2 * 1) == 0.4);
  // The same as shares of inputs: those of the bundle over what is not labor.
  std::string const within =
      "country,input,sector,share\nUSA,cars,cars,0.6\nUSA,corn,cars,0.4\nUSA,cars,corn,1\n"
      "CHN,cars,cars,1\nROW,cars,cars,0.2\nROW,corn,cars,0.8\nROW,corn,corn,1\n";
  auto of_inputs = document;
  of_inputs["input_shares"] = {{"file", "inputs.csv"}, {"of", "inputs"}};
  auto changed = all;
  changed["inputs.csv"] = within;
  auto const e = read(of_inputs, changed);
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t k = 0; k < 4; ++k) CHECK_THAT(e.input_share[i][k], WithinAbs(d.input_share[i][k], 1e-15));
  }
  auto const wrong = [&](std::string const& file, std::string const& from, std::string const& to) {
    auto bad = all;
    bad[file] = replaced(bad[file], from, to);
    return complaint_of(document, bad);
  };
  CHECK(wrong("inputs.csv", "USA,corn,cars,0.2", "USA,corn,cars,0.1") ==
        "inputs.csv: the sum of labor_share and input shares of USA, cars is 0.9; it must be 1, within 0.001");
  CHECK(wrong("labor.csv", "CHN,corn,1\n", "") ==
        "labor.csv: there is no row of CHN, corn, which flows.csv has; its labor_share must be there");
  CHECK(wrong("labor.csv", "USA,cars,0.5", "USA,cars,1.5") ==
        "labor.csv, line 2: the labor_share of USA, cars is 1.5; it must lie in (0, 1]");
  CHECK(wrong("inputs.csv", "ROW,corn,corn,0.25", "ROW,corn,corn,-0.25") ==
        "inputs.csv, line 8: the share of ROW, corn, corn is -0.25; it must lie in [0, 1]");
  CHECK(complaint_of({{"flows", "flows.csv"}, {"input_shares", "inputs.csv"}}, all) ==
        "input_shares are given; labor_shares must be too");
}

TEST_CASE("The share of firms that export, by pair", "[policy][files]") {
  front::label_set countries("country", "flows.csv");
  countries.add("A");
  countries.add("B");
  countries.close();
  auto const from = [&](std::string const& text) {
    return front::read_shares_exporting("shares.csv", "shares_exporting", countries,
                                        [&](std::string const& name, std::string const&) {
                                          return front::text_file{name, text};
                                        });
  };
  CHECK(from("exporter,importer,share_exporting\nA,B,0.25\n") == std::vector<double>{1, 0, 0.25, 1});
  CHECK_THROWS_WITH(from("exporter,importer,share_exporting\nA,B,1.25\n"),
                    "shares.csv, line 2: the share_exporting of A, B is 1.25; it must lie in (0, 1]");
}

TEST_CASE("Each mistake in a table is named with file, line and label", "[policy][files]") {
  struct mistake {
    std::string from, to, says;
  };
  std::vector<mistake> const mistakes{
      {"value,tariff", "value,tarif",
       "flows.csv, line 1: the column \"tarif\" is not known; the columns are "
       "exporter,importer,[sector],value,[tariff],[export_tax]"},
      {"value,tariff", "amount,tariff", "flows.csv, line 1: the column \"amount\" is not known"},
      {"exporter,importer", "exporter,origin",
       "flows.csv, line 1: the columns \"exporter\" and \"origin\" both are the exporter"},
      {"CHN,ROW,corn,9,0", "CHN,ROW,cars,9,0",
       "flows.csv, line 16: CHN, ROW, cars stands there already, in line 7; it must be there once"},
      {"CHN,USA,cars,8", "CHN,USA,cars,-8",
       "flows.csv, line 5: the value of CHN, USA, cars is -8; it must be at least 0 and finite"},
      {"CHN,USA,cars,8", "CHN,USA,cars,inf",
       "flows.csv, line 5: the value of CHN, USA, cars is inf; it must be at least 0 and finite"},
      {"CHN,USA,cars,8", "CHN,USA,cars,nan", "flows.csv, line 5: the value of CHN, USA, cars is nan"},
      {"CHN,USA,cars,8", "CHN,USA,cars,1e999", "flows.csv, line 5: the value of CHN, USA, cars is inf"},
      {"CHN,USA,cars,8", "CHN,USA,cars,eight",
       "flows.csv, line 5: the value of CHN, USA, cars is \"eight\"; it must be a number"},
      {"CHN,USA,cars,8", "CHN,USA,cars,", "flows.csv, line 5: the value of CHN, USA, cars is empty"},
      {"CHN,USA,cars,8,0.02", "CHN,USA,cars,8", "flows.csv, line 5 has 4 fields; it must have 5"},
      {"CHN,USA,cars,8,0.02", "CHN,USA,cars,8,-1",
       "flows.csv, line 5: the tariff of CHN, USA, cars is -1; it must exceed -1 and be finite"},
      {"USA,USA,corn,50,0", "USA,USA,corn,50,0.01",
       "flows.csv, line 11: the tariff of USA, USA, corn is 0.01; it must be 0 at home"},
      {"USA,USA,corn,50,0\n", "", "flows.csv: what USA, corn sells at home is 0 or not there; domestic sales must"},
      {"USA,USA,corn,50,0", "USA,USA,corn,0,0", "flows.csv: what USA, corn sells at home is 0 or not there"},
      {"CHN,USA,cars,8", ",USA,cars,8", "flows.csv, line 5: the label of the country is empty"},
      {"CHN,USA,cars,8", "CH\xE9,USA,cars,8", "flows.csv, line 5: it is not in UTF-8"},
      {"CHN,USA,cars,8", "\"CHN,USA,cars,8", "flows.csv, line 5: a quote is not closed"},
      {"USA,USA,cars,80", "\xFF\xFE", "flows.csv, line 2 has 2 fields"},
  };
  for (auto const& m : mistakes) {
    auto const said = complaint_of(flows_of(), {{"flows.csv", replaced(policy_flows, m.from, m.to)}});
    INFO(m.to << "\n" << said << "\n" << m.says);
    CHECK(said.find(m.says) == 0);
  }
  CHECK(complaint_of(flows_of(), {{"flows.csv", ""}}).find("flows.csv is empty") == 0);
  auto const large = replaced(replaced(policy_flows, "USA,USA,cars,80", "USA,USA,cars,1e308"), "USA,CHN,cars,10",
                              "USA,CHN,cars,1e308");
  CHECK(complaint_of(flows_of(), {{"flows.csv", large}}) ==
        "flows.csv: the sum of all values is beyond the range of double");
  CHECK(complaint_of(flows_of(), {{"flows.csv", "exporter,importer,sector,value\n"}}) ==
        "flows.csv has a header and no rows below it");
  CHECK(complaint_of(flows_of(), {{"flows.csv", "\xFF\xFE" + policy_flows}}).find("UTF-16") != std::string::npos);
  CHECK(complaint_of(flows_of(7), {}).find("flows is 7; it must be the name of a CSV file") == 0);
  CHECK(complaint_of(flows_of({{"fil", "flows.csv"}}), {}).find("flows.fil") == 0);
  CHECK(complaint_of(flows_of({{"file", "flows.csv"}, {"columns", {{"valeu", "x"}}}}), {{"flows.csv", policy_flows}}) ==
        "flows.columns.valeu is no column of such a file; did you mean \"value\"?");
  CHECK(complaint_of(flows_of({{"file", "flows.csv"}, {"columns", {{"value", "x"}}}}), {{"flows.csv", policy_flows}})
            .find("flows.columns.value is \"x\"; flows.csv, line 1 has no such column") == 0);
  CHECK(complaint_of(json::object(), {}).find("flows is missing") == 0);
}

TEST_CASE("A label that one file has and the flows do not", "[policy][files]") {
  json const document{{"flows", "flows.csv"}, {"export_taxes", "taxes.csv"}};
  auto const with_taxes = [&](std::string const& taxes) {
    return complaint_of(document, {{"flows.csv", policy_flows}, {"taxes.csv", taxes}});
  };
  CHECK(with_taxes("exporter,importer,sector,export_tax\nUSA,CHN,cars,0.1\nUS,CHN,corn,0.1\n") ==
        "taxes.csv, line 3: there is no country \"US\" in flows.csv; did you mean \"USA\"?");
  CHECK(with_taxes("exporter,importer,sector,export_tax\nUSA,CHN,car,0.1\n") ==
        "taxes.csv, line 2: there is no sector \"car\" in flows.csv; did you mean \"cars\"?");
  CHECK(with_taxes("exporter,importer,sector,export_tax\nUSA,USA,cars,0.1\n") ==
        "taxes.csv, line 2: the export_tax of USA, USA, cars is 0.1; it must be 0 at home");
  CHECK(
      with_taxes("exporter,importer,export_tax\nUSA,CHN,0.1\n").find("taxes.csv, line 1: there is no column sector") ==
      0);
  json const gdp{{"flows", "flows.csv"}, {"gdp", "gdp.csv"}};
  CHECK(complaint_of(gdp, {{"flows.csv", policy_flows}, {"gdp.csv", "country,gdp\nUSA,1\nCHN,2\n"}}) ==
        "gdp.csv: there is no row of ROW, which flows.csv has; its gdp must be there");
}

TEST_CASE("Countries that do not trade, or not with all others", "[policy][files]") {
  auto const refused = [](std::string const& rows) {
    return complaint_of(flows_of(), {{"flows.csv", "exporter,importer,value\nA,A,1\nB,B,1\nC,C,1\n" + rows}});
  };
  CHECK(refused("A,B,1\nB,C,1\nC,B,1\n") ==
        "flows.csv: A has no imports; every country must sell to another and buy from one");
  CHECK(refused("B,A,1\nB,C,1\nC,B,1\n") ==
        "flows.csv: A has no exports; every country must sell to another and buy from one");
  CHECK(complaint_of(
            flows_of(),
            {{"flows.csv", "exporter,importer,value\nA,A,1\nB,B,1\nC,C,1\nD,D,1\nA,B,1\nB,A,1\nC,D,1\nD,C,1\n"}}) ==
        "flows.csv: C and A do not trade, not even through others; all countries must hang together");
  auto const fine = read(flows_of(), {{"flows.csv", "exporter,importer,value\nA,A,1\nB,B,1\nA,B,1\nB,A,1\n"}});
  CHECK(fine.sectors == std::vector<std::string>{"all"});
  json allowed = flows_of();
  allowed["allow_zero_home_sales"] = true;
  auto const empty_home =
      read(allowed, {{"flows.csv", "exporter,importer,sector,value\nA,A,x,1\nB,B,x,1\nB,B,y,1\nA,B,y,1\nB,A,y,1\n"}});
  CHECK(empty_home.notes.front() == "1 of 4 countries' sectors sell nothing at home, A, y the first");
}

TEST_CASE("Tariffs read the wrong way round are odd", "[policy][files]") {
  // Each importer has a schedule of its own over sectors, much the same for all partners.
  std::size_t const n = 5, sectors = 6;
  std::vector<std::string> const names{"A", "B", "C", "D", "E"};
  std::vector<double> right(n * n * sectors, 0.0), wrong = right, one_sector(n * n, 0.0);
  for (std::size_t s = 0; s < sectors; ++s) {
    for (std::size_t j = 0; j < n; ++j) {
      for (std::size_t i = 0; i < n; ++i) {
        if (i == j) continue;
        auto const set_by = j == 1 ? 0 : j;  // A and B have one schedule
        double const t = 0.01 * static_cast<double>((7 * set_by + 3 * s * s + set_by * s) % 11);
        right[i + n * (j + n * s)] = wrong[j + n * (i + n * s)] = t;
        if (s == 1) one_sector[i + n * j] = t;
      }
    }
  }
  auto const good = front::fit_of_schedules(right, names, sectors),
             bad = front::fit_of_schedules(wrong, names, sectors);
  CHECK_THAT(good.as_read, WithinAbs(1, 1e-12));
  CHECK(!good.is_odd());
  CHECK(bad.is_odd());
  CHECK_THAT(bad.as_read, WithinAbs(good.transposed, 1e-12));
  REQUIRE(good.unions.size() == 1);
  CHECK(good.unions[0] == std::vector<std::string>{"A", "B"});
  REQUIRE(bad.unions.size() == 1);  // all are alike
  CHECK(bad.unions[0].size() == n);
  auto const single = front::fit_of_schedules(one_sector, names, 1);
  CHECK_THAT(single.as_read, WithinAbs(1, 1e-12));
  CHECK(!single.is_odd());
}

}  // namespace test::policy_files
