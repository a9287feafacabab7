// SPDX-License-Identifier: BSL-1.0
#include "streams.hpp"

#include "../common/csv.hpp"

#include <melitz/error.hpp>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <iostream>
#include <new>
#include <stdexcept>

namespace melitz::front {

namespace {

[[nodiscard]] std::string system_words() { return errno == 0 ? "nobody knows why" : std::strerror(errno); }

/// Would writing to `output` destroy `input`?
[[nodiscard]] bool is_same_file(std::string const& input, std::string const& output) {
  std::error_code none;
  return std::filesystem::is_regular_file(output, none) &&
         std::filesystem::equivalent(input == "-" ? "/dev/stdin" : input, output, none);
}

[[nodiscard]] std::string read_to_end(std::istream& in, std::string const& name) {
  errno = 0;
  auto out = example::read_text(in);
  if (in.bad() || (&in == &std::cin && std::ferror(stdin) != 0)) {
    throw input_error("cannot read " + name + ": " + system_words());
  }
  return out;
}

}  // namespace

input_stream::input_stream(std::string const& name) : name_(name == "-" ? "standard input" : name) {
  if (name == "-") return;
  std::error_code none;
  if (std::filesystem::is_directory(name, none)) throw input_error(name + " is a folder; it must be a model file");
  errno = 0;
  file_.open(name, std::ios::binary);
  if (!file_) throw input_error("cannot open " + name + ": " + system_words());
}

std::istream& input_stream::stream() { return file_.is_open() ? file_ : std::cin; }

std::string input_stream::read_all() { return read_to_end(stream(), name_); }

void input_stream::require_read() {
  if (stream().bad()) throw input_error("cannot read " + name_ + ": " + system_words());
}

output_stream::output_stream(std::string name, std::vector<std::string> const& inputs) : name_(std::move(name)) {
  if (name_.empty()) return;
  for (auto const& input : inputs) {
    if (is_same_file(input, name_)) {
      throw input_error("--output " + name_ + " is the file that " + (input == "-" ? "standard input" : "the model") +
                        " comes from; it must be another");
    }
  }
  errno = 0;
  file_.open(name_, std::ios::binary);
  if (!file_) throw input_error("cannot write " + name_ + ": " + system_words());
}

std::ostream& output_stream::stream() { return file_.is_open() ? file_ : std::cout; }

void output_stream::finish() {
  auto& out = stream();
  out.flush();
  if (out && file_.is_open()) file_.close();
  if (out) return;
  std::string const where = name_.empty() ? "standard output" : name_;
  switch (errno) {
    case ENOSPC:
    case EDQUOT:
      throw write_error("the disk is full; " + where + " does not have all of the answer");
    case EPIPE:  // only where the signal is ignored that ends a program quietly
      throw write_error("nobody reads " + where + " any more, so the rest of the answer is not written");
    default:
      throw write_error("cannot write to " + where + ": " + system_words());
  }
}

file_reader files_in(std::string const& folder) {
  return [folder](std::string const& name, std::string const& path) {
    auto const file = (std::filesystem::path(folder) / name).string();
    std::error_code none;
    if (std::filesystem::is_directory(file, none))
      throw input_error(path + ": " + file + " is a folder; it must be a CSV file");
    errno = 0;
    std::ifstream in(file, std::ios::binary);
    if (!in) throw input_error(path + ": cannot open " + file + ": " + system_words());
    return text_file{file, read_to_end(in, file)};
  };
}

std::string words_of(std::exception const& e) {
  bool const ours = dynamic_cast<input_error const*>(&e) != nullptr ||
                    dynamic_cast<write_error const*>(&e) != nullptr ||
                    dynamic_cast<melitz::domain_error const*>(&e) != nullptr;
  if (ours) return e.what();
  if (dynamic_cast<std::bad_alloc const*>(&e) != nullptr || dynamic_cast<std::length_error const*>(&e) != nullptr) {
    return no_memory;
  }
  return std::string("an error that nobody thought of, please report it with the model: ") + e.what();
}

}  // namespace melitz::front
