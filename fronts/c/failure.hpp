// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "../document/read_model.hpp"
#include "../document/text.hpp"
#include "melitz.h"

#include <melitz/error.hpp>

#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <new>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

// What becomes of an exception where there are none: a code, and words. And the pointers that C passes.

namespace melitz::front {

struct failure {
  int code;
  std::string_view status;  ///< the word for it in an answer
  std::string words;
};

/// Of the exception that is being handled. What is no std::exception goes on.
[[nodiscard]] inline failure failure_at_hand() {
  constexpr std::string_view ours = "internal_error";
  try {
    throw;
  } catch (input_error const& e) {
    return {MELITZ_BAD_INPUT, "domain_error", one_line(e.what())};
  } catch (melitz::domain_error const& e) {
    return {MELITZ_BAD_INPUT, "domain_error", one_line(e.what())};
  } catch (melitz::convergence_error const& e) {
    return {MELITZ_NOT_SOLVED, to_string(e.reason()), one_line(e.what())};
  } catch (std::bad_alloc const&) {
    return {MELITZ_INTERNAL, ours, "there is not enough memory for this model"};
  } catch (std::length_error const&) {
    return {MELITZ_INTERNAL, ours, "there is not enough memory for this model"};
  } catch (std::exception const& e) {
    return {MELITZ_INTERNAL, ours,
            one_line(std::string("an error that nobody thought of, please report it with the model: ") + e.what())};
  }
}

/// Calls work(), which returns a code; what it throws becomes a code and, by say(failure), words for the caller.
template <class Work, class Say>
[[nodiscard]] int without_exceptions(Work const& work, Say const& say) noexcept {
  try {
    try {
      return work();
    } catch (...) {
      auto const wrong = failure_at_hand();
      say(wrong);
      return wrong.code;
    }
  } catch (...) {  // nothing that has a name, or no memory for its name
    return MELITZ_INTERNAL;
  }
}

/// Text as melitz_free frees it. @throws bad_alloc
[[nodiscard]] inline char* given_away(std::string_view text) {
  auto* const out = static_cast<char*>(std::malloc(text.size() + 1));
  if (out == nullptr) throw std::bad_alloc();
  std::memcpy(out, text.data(), text.size());
  out[text.size()] = '\0';
  return out;
}

/// The pointer. @throws input_error for one that leads nowhere
template <class T>
[[nodiscard]] T* required(T* pointer, std::string const& name) {
  if (pointer == nullptr) throw input_error(name + " is NULL; it must be given");
  return pointer;
}

/// As many texts. @throws input_error for a pointer that leads nowhere, and for a number that can only be a mistake
[[nodiscard]] inline std::vector<std::string> required_texts(char const* const* pointers, std::size_t count,
                                                             std::string const& name) {
  constexpr std::size_t most = 65536;
  if (count > most) {
    throw input_error("the number of " + name + " is " + std::to_string(count) + "; it must be at most " +
                      std::to_string(most));
  }
  std::vector<std::string> out;
  for (std::size_t k = 0; k < count; ++k) {
    out.emplace_back(required(required(pointers, name)[k], name + '[' + std::to_string(k) + ']'));
  }
  return out;
}

/// A document as a model file; no file is read for it. @throws input_error
[[nodiscard]] inline model_file file_of(json document) {
  return with_tables(std::move(document), [](std::string const& name, std::string const& path) -> text_file {
    throw input_error(path + " is \"" + name + "\"; it must be numbers: libmelitz reads no files");
  });
}

}  // namespace melitz::front
