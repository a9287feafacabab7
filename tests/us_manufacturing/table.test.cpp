// SPDX-License-Identifier: BSL-1.0
#include "support/catch.hpp"

#include "../../examples/us_manufacturing/table.cpp"

#include <limits>
#include <sstream>

namespace test::us_manufacturing_table {

using namespace example;

namespace {

industry_table table_of(std::string const& text) {
  std::istringstream in(text);
  return read_table(in, "own.csv");
}

std::string const first_line = "naics,industry,share_exporting_2012,export_sales_share_2012\n";

}  // namespace

TEST_CASE("a table is read as spreadsheets write it", "[us_manufacturing]") {
  auto const table = table_of(
      "\xEF\xBB\xBF# 2012: Census, table 1\r\n#note: handle with care\r\n"
      "industry,\"export_sales_share_2012\",naics,share_exporting_2012,employment\r\n"
      "\"Cork, \"\"fine\"\"\", 15 ,1, 2e1,7\r\n\r\nWine,0,2,100,");
  REQUIRE(table.industries.size() == 2);
  CHECK(table.years == std::vector<int>{2012});
  CHECK(table.sources == std::vector<std::string>{"Census, table 1"});
  CHECK(table.notes == std::vector<std::string>{"handle with care"});
  CHECK(table.industries[0].name == "Cork, \"fine\"");
  CHECK(table.industries[0].by_year[0].share_exporting == 20);
  CHECK(table.industries[0].by_year[0].export_sales_share == 15);
  CHECK(table.industries[1].by_year[0].share_exporting == 100);
}

TEST_CASE("line breaks of any kind, and within quotes", "[us_manufacturing]") {
  for (std::string const end : {"\n", "\r\n", "\r"}) {
    std::string text = "# 2012: Census" + end + first_line + "1,\"Cork" + end + "and \"\"bark\"\"\",20,15" + end + end +
                       "2,W\xC3\xADno,2,x" + end;
    text.replace(text.find(first_line) + first_line.size() - 1, 1, end);
    try {
      (void)table_of(text);
      FAIL("accepted");
    } catch (table_error const& e) {
      CHECK(e.what() == std::string("own.csv, line 6, column export_sales_share_2012: \"x\" is not a number; a "
                                    "percentage from 0 to 100 should be there"));
    }
    auto const table = table_of(text.replace(text.size() - end.size() - 1, 1, "1"));
    REQUIRE(table.industries.size() == 2);
    CHECK(table.industries[0].name == "Cork" + end + "and \"bark\"");
    CHECK(table.sources == std::vector<std::string>{"Census"});
  }
}

TEST_CASE("rows of a text have fields, places and nothing else", "[us_manufacturing]") {
  std::string const text = "\xEF\xBB\xBF a ,\t\"b\r\nb\",\"\"\"c\"\"\"\n\r#\"1,2\r\n,\n5\" x,\"\"";
  csv_reader in(text, '#');
  struct row {
    std::vector<std::string_view> fields;
    std::size_t number, line;
  };
  std::vector<row> rows;
  std::vector<bool> comments;
  while (in.next()) {
    rows.push_back({{in.fields().begin(), in.fields().end()}, in.row(), in.line()});
    comments.push_back(in.is_comment());
  }
  CHECK(comments == std::vector<bool>{false, false, true, false, false});
  REQUIRE(rows.size() == 5);
  CHECK(rows[0].fields == std::vector<std::string_view>{"a", "b\r\nb", "\"c\""});  // still, after the last row
  CHECK(rows[1].fields == std::vector<std::string_view>{""});
  CHECK(rows[2].fields == std::vector<std::string_view>{"#\"1,2"});
  CHECK(rows[3].fields == std::vector<std::string_view>{"", ""});
  CHECK(rows[4].fields == std::vector<std::string_view>{"5\" x", ""});
  for (std::size_t k = 0; k < 5; ++k) {
    CHECK(rows[k].number == k + 1);
    CHECK(rows[k].line == (k == 0 ? 1 : k + 2));
  }
  try {
    csv_reader bad("1,2\n3,\"4\n\n");
    while (bad.next()) {
    }
    FAIL("accepted");
  } catch (csv_error const& e) {
    CHECK((e.row == 2 && e.column == 2 && e.line == 2));
  }
  csv_reader nothing("");
  CHECK(!nothing.next());
}

TEST_CASE("decimals beyond what a double holds are infinite or zero", "[us_manufacturing]") {
  double const infinity = std::numeric_limits<double>::infinity();
  for (auto const& [text, value] :
       std::vector<std::pair<std::string_view, double>>{{"1e999", infinity},
                                                        {"-1e999", -infinity},
                                                        {"1e-999", 0},
                                                        {"0.0001e313", infinity},
                                                        {"1000000e303", infinity},
                                                        {"0.001e-330", 0},
                                                        {"0e99999", 0},
                                                        {"1e99999999999999999999", infinity},
                                                        {"1e-99999999999999999999", 0},
                                                        {"0.1e309", 1e308},
                                                        {"Inf", infinity},
                                                        {"-INFINITY", -infinity}}) {
    CAPTURE(text);
    CHECK(to_number(text) == value);
  }
  CHECK(std::isnan(to_number("NaN").value()));
  for (std::string_view const text : {"", "1e999x", "e5", "+1", " 1", "1 ", "1,5", "0x10", "--1", "inf1"}) {
    CAPTURE(text);
    CHECK(!to_number(text));
  }
}

TEST_CASE("a mistake in a table is named in one line", "[us_manufacturing]") {
  auto const message = [](std::string const& text) {
    try {
      (void)table_of(text);
    } catch (table_error const& e) {
      return std::string(e.what());
    }
    return std::string("accepted");
  };
  CHECK(message("") == "own.csv: there are no industries in it");
  CHECK(message(first_line) == "own.csv: there are no industries in it");
  CHECK_THAT(message("industry,share_exporting_2012,export_sales_share_2012\n"),
             test::contains("line 1, column naics: there is no such"));
  CHECK_THAT(message("naics,industry\n"), test::contains("column share_exporting_YEAR: there is no such"));
  CHECK_THAT(message("naics,industry,export_sales_share_2012\n"),
             test::contains("column share_exporting_2012: there is no"));
  CHECK_THAT(message("naics,industry,share_exporting_now\n"), test::contains("\"now\" is not a year"));
  CHECK_THAT(message("naics,naics,industry\n"), test::contains("column naics: the header has it more than once"));
  CHECK_THAT(message(first_line + "1,Cork,20\n"), test::contains("own.csv, line 2: it has 3 cells, the header 4"));
  CHECK_THAT(message(first_line + "1,\"Cork,20,15\n"), test::contains("line 2: a quote is not closed"));
  CHECK_THAT(message(first_line + "1,\"Cork\" oak,20,15\n"),
             test::contains("line 2: there is something after the closing quote"));
  CHECK_THAT(message(first_line + "1,Cork,20,15\n2,W\xEDno,20,15\n"),
             test::contains("line 3, column industry: \"W?no\" is not in UTF-8"));
  CHECK_THAT(message("\xFF\xFEn"), test::contains("line 1: it is in UTF-16"));
  CHECK_THAT(message(first_line + "1,,20,15\n"), test::contains("line 2, column industry: the cell is empty"));
  CHECK_THAT(message(first_line + "1,Cork,,15\n"), test::contains("column share_exporting_2012: the cell is empty"));
  CHECK_THAT(message(first_line + "1,Cork,20,15\n1,Wine,20,15\n"),
             test::contains("line 3, column naics: \"1\" is there already"));
  for (std::string const text : {"twelve", "12%", "1e999", "nan", "inf", "0x10", "+-1"}) {
    CHECK_THAT(message(first_line + "1,Cork," + text + ",15\n"),
               test::contains("own.csv, line 2, column share_exporting_2012: \"" + text + "\" is not a number"));
  }
  for (std::string const text : {"-1", "100.001", "1e9"}) {
    CHECK_THAT(message(first_line + "1,Cork,20," + text + "\n"),
               test::contains("own.csv, line 2, column export_sales_share_2012: " + text + " is not a percentage"));
  }
}

}  // namespace test::us_manufacturing_table
