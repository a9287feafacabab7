// SPDX-License-Identifier: BSL-1.0
#include "common/firm_files.hpp"
#include "support/catch.hpp"

#include <limits>
#include <string>
#include <vector>

namespace test::firm_files {

namespace {

constexpr double inf = std::numeric_limits<double>::infinity();

std::string classes_error(std::string const& text, example::firm_file_options how = {}) {
  how.name = "own.csv";
  try {
    (void)example::read_classes(text, how);
  } catch (example::firm_file_error const& e) {
    return e.what();
  }
  return "nothing";
}
std::string sizes_error(std::string const& text, char const* weight = "") {
  try {
    (void)example::read_sizes(text, "sales", weight, {.name = "own.csv"});
  } catch (example::firm_file_error const& e) {
    return e.what();
  }
  return "nothing";
}

}  // namespace

TEST_CASE("classes of firms in a file", "[estimation][files]") {
  std::string const mark = "\xEF\xBB\xBF";
  for (std::string const& text :
       {std::string("lower,upper,count\n1,5,10\n5,,3\n"),
        std::string("# from a census\nfirms,count,lower,upper\nx,10,1,5\nx,3,5,inf\n"),
        mark + "lower,upper,count\r\n\"1\",5,10\r\n5,inf,3\r\n", std::string("lower,upper,count\r1,5,10\r5,,3\r")}) {
    CAPTURE(text);
    auto const table = example::read_classes(text);
    CHECK(table.bounds == std::vector<double>{1, 5, inf});
    CHECK(table.counts == std::vector<double>{10, 3});
  }
  CHECK(example::read_classes("lower,upper,count\n0,5,10\n5,10,3\n", {.whole_numbers = true}).bounds ==
        std::vector<double>{0, 4.5, 9.5});
  auto const dropped = example::read_classes("lower,upper,count\n1,5,D\n5,9,4\n9,,3\n", {.drop_missing = true});
  CHECK(dropped.dropped == 1);
  CHECK(dropped.bounds == std::vector<double>{5, 9, inf});

  std::string const head = "lower,upper,count\n";
  CHECK(classes_error("") == "own.csv: it is empty; a first line must name the columns");
  CHECK(classes_error("# nothing\n") == "own.csv: it is empty; a first line must name the columns");
  CHECK_THAT(classes_error("lower,count\n1,2\n"),
             contains("own.csv:1: no column is called 'upper'; there are lower, count"));
  CHECK_THAT(classes_error("lower,lower,upper,count\n"), contains("two columns are called 'lower'"));
  CHECK_THAT(classes_error(head + "1,5,10\n5,,3\n9,,3\n"),
             contains("own.csv:4: column 'lower': '9' follows an open class"));
  CHECK_THAT(classes_error(head + "1,5,10\n6,,3\n"), contains("own.csv:3: column 'lower': '6' leaves a gap"));
  CHECK_THAT(classes_error(head + "1,5,10\n4,,3\n"), contains("overlaps the class before"));
  CHECK_THAT(classes_error(head + "1,5,\"12,5\"\n"),
             contains("own.csv:2: column 'count': '12,5' is not a number: write a decimal"));
  CHECK_THAT(classes_error(head + "1,5,1,234\n"),
             contains("there are 4 fields under 3 columns; numbers must be written"));
  CHECK_THAT(classes_error(head + "1,5,D\n"), contains("column 'count': 'D' is withheld"));
  CHECK_THAT(classes_error(head + "1,5,\n"), contains("column 'count': '' is missing"));
  CHECK_THAT(classes_error(head + "1,5,nan\n"), contains("'nan' is not a number"));
  CHECK_THAT(classes_error(head + "1,5,-1\n"), contains("'-1' must be at least 0 and finite"));
  CHECK_THAT(classes_error(head + "-1,5,1\n"), contains("'-1' must be at least 0 and finite"));
  CHECK_THAT(classes_error(head + "5,5,1\n"), contains("'5' must exceed the lower bound"));
  CHECK_THAT(classes_error(head + "inf,inf,1\n"), contains("column 'lower': 'inf'"));
  CHECK_THAT(classes_error(head + "1,,10\n"), contains("there are 1 classes"));
  CHECK_THAT(classes_error(head + "\"1,5,10\n"), contains("a quote is not closed"));
  CHECK_THAT(classes_error("\xFF\xFE"), contains("UTF-16"));
}

TEST_CASE("firms one by one in a file", "[estimation][files]") {
  auto const firms = example::read_sizes("id,sales,w\na,1.5,2\nb,0,1\nc,3e2,1\n", "sales", "w");
  CHECK(firms.sizes == std::vector<double>{1.5, 300});
  CHECK(firms.weights == std::vector<double>{2, 1});
  CHECK(firms.zeros == 1);
  CHECK(example::read_sizes("sales\n1\nNA\n2\n", "sales", "", {.drop_missing = true}).dropped == 1);
  CHECK(example::read_sizes("sales\n1\n2\n", "sales").weights.empty());
  CHECK(sizes_error("sales\n1\nx\n") == "own.csv:3: column 'sales': 'x' is not a number");
  CHECK_THAT(sizes_error("sales\n1\n-2\n"), contains("own.csv:3: column 'sales': '-2' must be at least 0"));
  CHECK_THAT(sizes_error("sales\n1\ninf\n"), contains("'inf' must be at least 0 and finite"));
  CHECK_THAT(sizes_error("sales,w\n1,-2\n", "w"), contains("column 'w': '-2'"));
  CHECK_THAT(sizes_error("sales\n1\n", "w"), contains("no column is called 'w'"));
  CHECK_THAT(sizes_error("employment\n1\n"), contains("no column is called 'sales'; there are employment"));
}

}  // namespace test::firm_files
