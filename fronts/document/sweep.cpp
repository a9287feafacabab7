// SPDX-License-Identifier: BSL-1.0
#include "sweep.hpp"

#include "document.hpp"
#include "text.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <ostream>
#include <string_view>

namespace melitz::front {

namespace {

[[nodiscard]] std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> out;
  for (;;) {
    auto const end = text.find(separator);
    out.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return out;
    text.remove_prefix(end + 1);
  }
}

/// No number may be moved twice: which of the axes a row would show is anybody's guess.
void require_apart(json const& document, std::vector<axis> const& axes) {
  for (std::size_t k = 0; k < axes.size(); ++k) {
    for (std::size_t other = 0; other < k; ++other) {
      auto const &one = axes[other].name, &two = axes[k].name;
      if (one == two) throw input_error("--sweep " + two + " is given twice");
      if (!overlap(document, one, two)) continue;
      throw input_error("--sweep " + two + " moves what --sweep " + one + " moves; each must have its own");
    }
  }
}

/// Between the words of a choice there is nothing.
void require_numbers(json const& document, std::string const& name) {
  auto const* what = model_in(document);
  auto const* p = what != nullptr ? parameter_meant(*what, name) : nullptr;
  if (p == nullptr || p->words.empty()) return;
  throw input_error("--sweep " + name + ": it is " + choices_of(*p) + ", and no number; --set takes one of them");
}

/// How many rows a grid has.
[[nodiscard]] std::size_t count_rows(std::vector<axis> const& axes) {
  std::size_t out = 1;
  std::string product;
  for (auto const& a : axes) {
    product += (product.empty() ? "" : " x ") + std::to_string(a.count);
    if (out > std::numeric_limits<std::size_t>::max() / a.count) {
      throw input_error("--sweep: " + product + " rows; their number must be below " +
                        std::to_string(std::numeric_limits<std::size_t>::max()));
    }
    out *= a.count;
  }
  return out;
}

/// What an axis gives a value has its first one from the start; what it multiplies keeps its own.
[[nodiscard]] model_file at_first_values(model_file file, std::vector<axis> const& axes) {
  require_apart(file.content, axes);
  for (auto const& a : axes) {
    require_numbers(file.content, a.name);
    if (!a.scales()) set_value(file, a.name, a.at(0));
  }
  model_file tried = file;  // for the names of the others
  for (auto const& a : axes) {
    if (a.scales()) set_value(tried, a.name, a.at(0));
  }
  file.tables = std::move(tried.tables);
  return file;
}

}  // namespace

double axis::at(std::size_t k) const {
  if (k == 0) return from;
  if (k + 1 == count) return to;  // exactly
  auto const step = static_cast<double>(k), steps = static_cast<double>(count - 1);
  double out = 0;
  if (logarithmic) {
    double const ratio = to / from;  // better than the difference of logs, where a double can hold it
    out = std::exp(std::log(from) +
                   (std::isnormal(ratio) ? std::log(ratio) : std::log(to) - std::log(from)) * step / steps);
  } else if (std::isfinite((to - from) * steps)) {
    out = from + (to - from) * step / steps;  // whole numbers stay whole: multiply before dividing
  } else {
    constexpr double unit = 0x1p64;  // above the largest count
    out = (from / unit + (to / unit - from / unit) * step / steps) * unit;
  }
  return std::clamp(out, std::min(from, to), std::max(from, to));
}

axis read_range(std::string name, std::string_view text,
                std::function<input_error(std::string const& why)> const& wrong) {
  auto const parts = split(text, ':');
  if (parts.size() != 3 && !(parts.size() == 4 && parts[3] == "log")) {
    std::string const before = name.empty() ? "" : "NAME=";
    throw wrong("it must be " + before + "FROM:TO:COUNT or " + before + "FROM:TO:COUNT:log");
  }
  auto const from = to_number(parts[0]), to = to_number(parts[1]), count = to_number(parts[2]);
  if (!from || !std::isfinite(*from))
    throw wrong("FROM is \"" + std::string(parts[0]) + "\"; it must be a finite number");
  if (!to || !std::isfinite(*to)) throw wrong("TO is \"" + std::string(parts[1]) + "\"; it must be a finite number");
  if (!count || !(*count >= 1 && *count <= 1e9) || std::floor(*count) != *count) {
    throw wrong("COUNT is \"" + std::string(parts[2]) + "\"; it must be a whole number from 1 to 1e9");
  }
  axis out{std::move(name), *from, *to, static_cast<std::size_t>(*count), parts.size() == 4};
  if (out.logarithmic && !(out.from > 0 && out.to > 0)) throw wrong("FROM and TO must be positive for log");
  return out;
}

axis read_axis(std::string const& text) {
  auto const wrong = [&](std::string const& why) {
    return input_error("--sweep " + text + ": " + why + ", for instance iceberg_cost=1.2:3:200");
  };
  auto const equals = text.find('=');
  if (equals == 0 || equals == std::string::npos)
    throw wrong("it must be NAME=FROM:TO:COUNT or NAME=FROM:TO:COUNT:log");
  return read_range(text.substr(0, equals), std::string_view(text).substr(equals + 1), wrong);
}

sweep::sweep(model_file file, std::vector<axis> axes, std::vector<std::string> const& fields, bool numbers_in_rows)
    : axes_(std::move(axes)),
      file_(at_first_values(std::move(file), axes_)),
      input_(read_model(file_)),
      fields_(fields_named(input_, fields)),
      numbers_in_rows_(numbers_in_rows),
      columns_(numbers_in_rows ? long_columns(input_) : wide_columns(input_, fields_)),
      base_(input_.parameters),
      distribution_(input_.distribution),
      rows_(count_rows(axes_)) {
  for (std::size_t k = 0; k < axes_.size(); ++k) {
    values_.push_back(axes_[k].at(0));
    parameters_.push_back(target_of(input_, axes_[k].name));
    if (parameters_.back() && parameters_.back()->parameter == input_.what->periods()) {
      throw input_error("--sweep " + axes_[k].name + ": it says how many columns there are, the same in all rows");
    }
  }
  for (auto const& moved : parameters_) {  // what the file leaves out is what stands for it then
    if (!moved || !base_[moved->parameter].numbers.empty()) continue;
    base_[moved->parameter] = as_used(input_, moved->parameter);
  }
  for (std::size_t k = 0; k < axes_.size(); ++k) set(k, values_[k]);
}

void sweep::set(std::size_t axis_number, double value) {
  values_[axis_number] = value;
  if (!parameters_[axis_number]) {
    law_moved_ = true;
    return;
  }
  auto const moved = parameters_[axis_number]->parameter;
  input_.parameters[moved] = base_[moved];
  for (std::size_t k = 0; k < axes_.size(); ++k) {  // two axes may move elements of one parameter
    if (!parameters_[k] || parameters_[k]->parameter != moved) continue;
    change(input_.parameters[moved], input_.what->parameters[moved], parameters_[k]->indices, values_[k],
           parameters_[k]->scales);
  }
}

std::string sweep::solve_row(std::string const& values) {
  std::string begin = values + ',';
  try {
    if (law_moved_) {
      file_.content["distribution"] = distribution_;
      for (std::size_t k = 0; k < axes_.size(); ++k) {
        if (!parameters_[k]) set_value(file_, axes_[k].name, values_[k]);
      }
      input_.laws = read_laws(file_.content.at("distribution"), *input_.what, input_.countries);
    }
    law_moved_ = false;
    auto const answer = solve(input_);
    begin += csv_field(std::string(melitz::to_string(answer.reason)));
    if (answer.reason == melitz::status::converged) {
      ++solved_;
      begin += ',';
      if (!numbers_in_rows_) return begin + wide_row(answer, fields_) + '\n';
      std::string out;
      for (auto const& row : long_rows(input_, answer, fields_)) out.append(begin).append(row).append("\n");
      return out;
    }
  } catch (input_error const& e) {
    begin += csv_field("domain_error: " + one_line(e.what()));
  }
  return begin + std::string(columns_.count, ',') + '\n';
}

sweep::tally sweep::run(std::ostream& out, std::function<bool(std::size_t done)> const& so_many_done) {
  for (std::size_t k = 0; k < axes_.size(); ++k) out << (k == 0 ? "" : ",") << csv_field(axes_[k].name);
  out << ",status," << columns_.names << '\n';

  std::vector<std::size_t> position(axes_.size(), 0);
  std::size_t row = 0;
  for (; row < rows_ && out; ++row) {
    std::string text;
    for (std::size_t k = 0; k < axes_.size(); ++k) {
      if (k > 0) text += ',';
      text += to_text(axes_[k].at(position[k]));
    }
    out << solve_row(text) << std::flush;  // flushed, so that whoever reads a pipe sees it now
    if (!so_many_done(row + 1)) return {row + 1, solved_};
    for (std::size_t k = axes_.size(); k-- > 0;) {
      bool const wraps = ++position[k] == axes_[k].count;
      if (wraps) position[k] = 0;
      set(k, axes_[k].at(position[k]));
      if (!wraps) break;
    }
  }
  return {row, solved_};
}

}  // namespace melitz::front
