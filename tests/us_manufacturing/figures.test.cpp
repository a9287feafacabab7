// SPDX-License-Identifier: BSL-1.0
#include "support/catch.hpp"

#include "../../examples/us_manufacturing/figures.cpp"

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>

namespace test::us_manufacturing_figures {

using namespace example;

namespace {

namespace files = std::filesystem;

/// A directory for one test, with a name that a careless command would trip over.
struct scratch {
  files::path path = files::temp_directory_path() / "melitz test; exit 1 $(false) 'figures'";
  scratch() {
    files::remove_all(path);
    files::create_directories(path);
  }
  ~scratch() { files::remove_all(path); }
  scratch(scratch const&) = delete;
  scratch& operator=(scratch const&) = delete;
};

/// The program search path, changed for one test.
struct search_path {
  std::string before;
  explicit search_path(std::string const& now) : before(std::getenv("PATH") != nullptr ? std::getenv("PATH") : "") {
    ::setenv("PATH", now.c_str(), 1);
  }
  ~search_path() { ::setenv("PATH", before.c_str(), 1); }
  search_path(search_path const&) = delete;
  search_path& operator=(search_path const&) = delete;
};

std::string text_of(files::path const& path) {
  std::ifstream in(path);
  return {std::istreambuf_iterator<char>(in), {}};
}

year_results small_year() {
  std::istringstream in(
      "# 2012: The 'Census'; `touch stolen` \"now\"\nnaics,industry,share_exporting_2012,export_sales_share_2012\n"
      "1,\"`touch stolen`, \"\"x\"\" 'y' {/:Bold z}_2^3\",20,15\n2,Wine,30,12\n3,Too open,20,60\nall,All,25,14\n");
  return analyse(read_table(in, "own.csv"), 0, {});
}

}  // namespace

TEST_CASE("figures are written as data and scripts", "[us_manufacturing]") {
  scratch const directory;
  auto const names = write_figures(small_year(), {}, directory.path);
  CHECK(names == std::vector<std::string>{"profits_2012", "gains_2012"});
  CHECK_THAT(text_of(directory.path / "gains_2012.dat"), test::contains("\tWine\n"));
  CHECK(text_of(directory.path / "gains_2012.dat").find("Too open") == std::string::npos);
  CHECK_THAT(text_of(directory.path / "gains_2012.gp"), test::contains("The ''Census''; `touch"));
}

TEST_CASE("gnuplot draws what is written, if it is there", "[us_manufacturing]") {
  scratch const directory;
  auto const here = files::current_path();
  auto const drawn = draw(write_figures(small_year(), {}, directory.path), directory.path);
  CHECK(files::current_path() == here);
  CHECK(drawn.failed.empty());
  CHECK_FALSE(files::exists(directory.path / "stolen"));
  CHECK_FALSE(files::exists(directory.path / "gnuplot.log"));
  if (!drawn.gnuplot_found) return;
  CHECK(drawn.files.size() >= 2);
  for (auto const& file : drawn.files) CHECK(files::file_size(directory.path / file) > 5000);
}

TEST_CASE("without gnuplot nothing is drawn, and nothing is wrong", "[us_manufacturing]") {
  scratch const directory;
  search_path const none("/nowhere");
  auto const drawn = draw({"gains_2012"}, directory.path);
  CHECK_FALSE(drawn.gnuplot_found);
  CHECK(drawn.files.empty());
  CHECK(drawn.failed.empty());
}

TEST_CASE("a gnuplot that fails is reported, and its words are kept", "[us_manufacturing]") {
  scratch const directory;
  auto const program = directory.path / "gnuplot";
  std::ofstream(program) << "#!/bin/sh\n[ \"$1\" = --version ] || { echo no canvas >&2; exit 3; }\n";
  files::permissions(program, files::perms::owner_all);
  search_path const fake(directory.path.string());
  auto const drawn = draw({"gains_2012"}, directory.path);
  CHECK(drawn.gnuplot_found);
  CHECK(drawn.failed == std::vector<std::string>{"gains_2012.gp"});
  CHECK(text_of(directory.path / "gnuplot.log") == "no canvas\n");
}

}  // namespace test::us_manufacturing_figures
