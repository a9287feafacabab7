/* SPDX-License-Identifier: BSL-1.0 */
#ifndef MELITZ_H
#define MELITZ_H

#include <stddef.h>

/* libmelitz: trade models with heterogeneous firms, for whoever can call C. Compile with -lmelitz.
 *
 * Text. A model goes in as the JSON text that melitz-solve reads, UTF-8 with a zero byte at its end, and the answer comes
 * out as the JSON text that melitz-solve prints: numbers read back to the same double; what JSON cannot say is "inf",
 * "-inf" or "nan". No file is read: where melitz-solve takes the name of a CSV file, give the numbers.
 *
 * Ownership. What a function puts in *answer or *message belongs to the caller, who gives it to melitz_free once. It is
 * NULL if there was no memory for it. Everything else that is passed stays the caller's, and nothing of it is kept.
 *
 * Errors. Every function that can fail returns one of the codes below; no exception leaves the library, and no state is
 * left behind. A mistake is named in the words of the model file: the parameter, its value and what it must be.
 *
 * Threads. Everything may be called from several threads at once. Memory of the arguments must not change meanwhile.
 *
 * Versions. Programs that were linked with 0.1 run with any 0.1.x; 0.2 has another soname. */

#if defined(_WIN32) && defined(MELITZ_C_BUILDS)
#define MELITZ_API __declspec(dllexport)
#elif defined(_WIN32)
#define MELITZ_API __declspec(dllimport)
#elif defined(__GNUC__)
#define MELITZ_API __attribute__((visibility("default")))
#else
#define MELITZ_API
#endif

#ifdef __cplusplus
#define MELITZ_NOEXCEPT noexcept
extern "C" {
#else
#define MELITZ_NOEXCEPT
#endif

/* What functions return. */
enum melitz_code {
  MELITZ_OK = 0,         /* solved */
  MELITZ_NOT_SOLVED = 1, /* the model is legal, but has no solution that a double holds, or none was found: a status
                            says why; or a progress function ended the work */
  MELITZ_BAD_INPUT = 2,  /* a mistake in what was passed, which a message names */
  MELITZ_INTERNAL = 3    /* not enough memory, or an error of the library's own */
};

/* Why a solve stopped: what melitz_solve_arrays says of each element. In JSON the status is a word, see
 * melitz_status_word. */
enum melitz_status {
  MELITZ_CONVERGED = 0,       /* the equilibrium conditions hold to rounding */
  MELITZ_STATUS_NOT_SOLVED,   /* nothing has been solved yet */
  MELITZ_ITERATION_LIMIT,     /* the budget of evaluations ran out first */
  MELITZ_NOT_FINITE,          /* a condition could not be evaluated */
  MELITZ_OUT_OF_RANGE,        /* the answer exists but is too large or too small for a double */
  MELITZ_DISCONNECTED,        /* countries that do not trade, directly or through others */
  MELITZ_NOT_COVERED          /* the equilibrium is none of those that the method finds */
};

/* The version, as "0.1.0". Not to be freed. */
MELITZ_API char const* melitz_version(void) MELITZ_NOEXCEPT;

/* The word for a status, "converged", or "unknown" for a number that is none. Not to be freed. */
MELITZ_API char const* melitz_status_word(int status) MELITZ_NOEXCEPT;

/* Frees what a function put in *answer or *message. NULL is fine. */
MELITZ_API void melitz_free(char* text) MELITZ_NOEXCEPT;

/* ---- JSON text in and out.
 *
 * Each returns a code and puts in *answer
 *   MELITZ_OK          what was asked for
 *   MELITZ_NOT_SOLVED  the same with another "status" than "converged"; numbers are "nan", or left out
 *   MELITZ_BAD_INPUT   {"status": "domain_error", "error": "..."}, with the "id" of the model if it has one
 *   MELITZ_INTERNAL    {"status": "internal_error", "error": "..."}, or NULL
 * `answer` must not be NULL (MELITZ_BAD_INPUT). */

/* All models and laws with their parameters and results: what `melitz-solve --models --json` prints. */
MELITZ_API int melitz_models_json(char** answer) MELITZ_NOEXCEPT;

/* A model that can be solved, to start from: what `melitz-solve --example MODEL` prints. */
MELITZ_API int melitz_example_json(char const* model, char** answer) MELITZ_NOEXCEPT;

/* The equilibrium of a model: what `melitz-solve --json` prints. */
MELITZ_API int melitz_solve_json(char const* model, char** answer) MELITZ_NOEXCEPT;

/* What is asked of a model besides its equilibrium. Models that have no such thing are MELITZ_BAD_INPUT, and the message
 * names those that do. Of two texts neither may be NULL. */

/* Two equilibria of a model, and what changes between them: {"status", "results": {"welfare": {"before", "after",
 * "percent"}, ...}}, and "firms", in groups by what happens to them, where the model has them. Both texts are models: the
 * same one, of as many countries. Where one has no solution, "not_solved" says which. */
MELITZ_API int melitz_compare_json(char const* before, char const* after, char** answer) MELITZ_NOEXCEPT;

/* Welfare over that in autarky: {"status", "gains_from_trade", "percent"}, of the country or of each. */
MELITZ_API int melitz_gains_json(char const* model, char** answer) MELITZ_NOEXCEPT;

/* What firms of some productivities do, which are a list, "[1, 2.5]": {"status", "productivity", "choice", "revenue",
 * "profit"}, lists as long. */
MELITZ_API int melitz_firms_json(char const* model, char const* productivities, char** answer) MELITZ_NOEXCEPT;

/* The equilibrium conditions at some cutoffs, "[1, 2.5]", which are Melitz's (2003) figures 1 and 2: {"status", "cutoff",
 * "export_cutoff", "value_of_entry", "average_profit", "average_profit_required"}, lists as long. */
MELITZ_API int melitz_curve_json(char const* model, char const* cutoffs, char** answer) MELITZ_NOEXCEPT;

/* Derivatives of results by numbers of the model: {"status", "results", "derivatives": {"welfare": {"iceberg_cost": ...}}}.
 * `wanted` is {"results": ["welfare", "wage[0]"], "parameters": ["iceberg_cost", "distribution.log_sd"]}, and "elasticities":
 * true for d ln / d ln as well. */
MELITZ_API int melitz_derivatives_json(char const* model, char const* wanted, char** answer) MELITZ_NOEXCEPT;

/* The parameters at which a model shows what is observed. In the model stand "targets" instead of "parameters"; the answer
 * is the model with "parameters" in their place, which can be solved; or {"status"} where none is found. */
MELITZ_API int melitz_calibrate_json(char const* model, char** answer) MELITZ_NOEXCEPT;

/* ---- Many solves at once, numbers in and out. */

/* Told how many elements are solved, of how many, with the caller's own `data`; 0 ends the work, anything else goes on.
 * It is called from the thread that called the library, never from another, and must return to it (no longjmp). */
typedef int (*melitz_progress)(size_t done, size_t count, void* data);

/* Solves a model `count` times, with other values of some of its numbers each time.
 *
 * model            JSON text; what varies may be left out of it, if it is a whole parameter
 * count            how many elements there are; 0 does nothing
 * parameter_count  how many numbers vary; 0 solves the same model `count` times
 * parameters       their names, as melitz-solve's --sweep takes them: "iceberg_cost", "labor[2]", "tariff[*][USA]",
 *                  "distribution.log_sd"; with * at the end the values multiply what the model says. A parameter that is
 *                  several numbers takes a value everywhere (of costs of trade: abroad). Each has numbers of its own
 * values           for each name the place of `count` values; NaN and infinity are as good or bad as in a model
 * field_count      how many results are wanted
 * fields           their names, as in an answer: "welfare", "wage"; numbers, or yes or no (1, 0), but no words
 * numbers          for each field where to put count * rows * columns numbers, element after element, each row by row;
 *                  see melitz_field_sizes. Of pairs of countries rows export. NaN for what is not solved
 * statuses         where to put `count` numbers of enum melitz_status; may be NULL
 * threads          at most so many at a time; 0 is one for each processor. Results do not depend on it
 * progress, data   see above; `progress` may be NULL
 * message          where to put what is wrong, in words, for MELITZ_BAD_INPUT and MELITZ_INTERNAL; NULL in all other
 *                  cases. `message` itself must not be NULL
 *
 * Returns MELITZ_OK if every element was solved; MELITZ_NOT_SOLVED if one was not, or `progress` ended the work (the
 * elements behind that have MELITZ_STATUS_NOT_SOLVED); MELITZ_BAD_INPUT for the first element that is a mistake, which
 * the message names by its number, counted from 0: what other elements hold then is solved, or NaN.
 *
 * An element is what melitz_solve_json gives, to the last bit; but closed and open economies in numbers of 64 and more
 * are solved several at a time in the registers of the processor, and may differ by a few roundings. */
MELITZ_API int melitz_solve_arrays(char const* model, size_t count, size_t parameter_count,
                                   char const* const* parameters, double const* const* values, size_t field_count,
                                   char const* const* fields, double* const* numbers, int* statuses, int threads,
                                   melitz_progress progress, void* data, char** message) MELITZ_NOEXCEPT;

/* How many numbers one answer to this model has of each field: rows * columns. One number is 1 by 1; by country, or by
 * whatever else there are several of, it is a column; of several sectors the rows of each follow those of the one before.
 *
 * rows, columns  where to put `field_count` numbers each
 * message        as above
 *
 * Nothing is solved. Returns MELITZ_OK, MELITZ_BAD_INPUT or MELITZ_INTERNAL. */
MELITZ_API int melitz_field_sizes(char const* model, size_t field_count, char const* const* fields, size_t* rows,
                                  size_t* columns, char** message) MELITZ_NOEXCEPT;

#ifdef __cplusplus
}
#endif

#endif
