/* SPDX-License-Identifier: BSL-1.0 */
#include "check.h"

#include <stdint.h>

/* What must not be passed as arrays: each mistake has its words, and nothing is touched that is not there. */

static double const costs[] = {1.6, 1.2, 0.8, 1.4}, *const costs_at = costs;
static char const *const iceberg = "iceberg_cost", *const welfare = "welfare";
static double found[4], *const found_at = found;

static void check_refused(int code, char* message, char const* part) {
  CHECK(code == MELITZ_BAD_INPUT);
  CHECK_SAYS(message, part);
  melitz_free(message);
}

static void test_pointers(void) {
  char* message = NULL;
  char const *const none = NULL, *const unknown = "welfair", *const word = "regime";
  double const* const no_values = NULL;
  double* const nowhere = NULL;
  int code = melitz_solve_arrays(NULL, 1, 0, NULL, NULL, 0, NULL, NULL, NULL, 1, NULL, NULL, &message);
  check_refused(code, message, "model is NULL");
  code = melitz_solve_arrays(open_model, 2, 1, NULL, &costs_at, 1, &welfare, &found_at, NULL, 1, NULL, NULL, &message);
  check_refused(code, message, "parameters is NULL");
  code = melitz_solve_arrays(open_model, 2, 1, &none, &costs_at, 1, &welfare, &found_at, NULL, 1, NULL, NULL, &message);
  check_refused(code, message, "parameters[0] is NULL");
  code = melitz_solve_arrays(open_model, 2, 1, &iceberg, NULL, 1, &welfare, &found_at, NULL, 1, NULL, NULL, &message);
  check_refused(code, message, "values is NULL");
  code = melitz_solve_arrays(open_model, 2, 1, &iceberg, &no_values, 1, &welfare, &found_at, NULL, 1, NULL, NULL, &message);
  check_refused(code, message, "values[0] is NULL");
  code = melitz_solve_arrays(open_model, 2, 1, &iceberg, &costs_at, 1, NULL, &found_at, NULL, 1, NULL, NULL, &message);
  check_refused(code, message, "fields is NULL");
  code = melitz_solve_arrays(open_model, 2, 1, &iceberg, &costs_at, 1, &welfare, NULL, NULL, 1, NULL, NULL, &message);
  check_refused(code, message, "numbers is NULL");
  code = melitz_solve_arrays(open_model, 2, 1, &iceberg, &costs_at, 1, &welfare, &nowhere, NULL, 1, NULL, NULL, &message);
  check_refused(code, message, "numbers[0] is NULL");
  code = melitz_solve_arrays(open_model, 2, 1, &iceberg, &costs_at, 1, &unknown, &found_at, NULL, 1, NULL, NULL, &message);
  check_refused(code, message, "field \"welfair\" is no result of the model; did you mean \"welfare\"?");
  code = melitz_solve_arrays(open_model, 2, 1, &iceberg, &costs_at, 1, &word, &found_at, NULL, 1, NULL, NULL, &message);
  check_refused(code, message, "field regime is a word; it must be numbers");
  CHECK(melitz_solve_arrays(open_model, 1, 0, NULL, NULL, 0, NULL, NULL, NULL, 1, NULL, NULL, NULL) == MELITZ_BAD_INPUT);

  size_t rows = 0;
  code = melitz_field_sizes(open_model, 1, &unknown, &rows, &rows, &message);
  check_refused(code, message, "field \"welfair\"");
  code = melitz_field_sizes(open_model, 1, &welfare, NULL, &rows, &message);
  check_refused(code, message, "rows is NULL");
  code = melitz_field_sizes(open_model, 1, &welfare, &rows, NULL, &message);
  check_refused(code, message, "columns is NULL");
  CHECK(melitz_field_sizes(open_model, 1, &welfare, &rows, &rows, NULL) == MELITZ_BAD_INPUT);
}

static void test_counts(void) {
  char* message = NULL;
  int code = melitz_solve_arrays(open_model, SIZE_MAX, 1, &iceberg, &costs_at, 1, &welfare, &found_at, NULL, 1, NULL, NULL,
                                 &message);
  check_refused(code, message, "count is ");
  code = melitz_solve_arrays(open_model, 2, SIZE_MAX, &iceberg, &costs_at, 1, &welfare, &found_at, NULL, 1, NULL, NULL,
                             &message);
  check_refused(code, message, "the number of parameters is ");
  code = melitz_solve_arrays(open_model, 2, 1, &iceberg, &costs_at, SIZE_MAX, &welfare, &found_at, NULL, 1, NULL, NULL,
                             &message);
  check_refused(code, message, "the number of fields is ");
  code = melitz_solve_arrays(open_model, 2, 1, &iceberg, &costs_at, 1, &welfare, &found_at, NULL, -1, NULL, NULL, &message);
  check_refused(code, message, "threads is -1; it must be at least 0");
  /* More threads than anything needs are no mistake. */
  CHECK(melitz_solve_arrays(open_model, 2, 1, &iceberg, &costs_at, 1, &welfare, &found_at, NULL, 2147483647, NULL, NULL,
                            &message) == MELITZ_OK);
}

static void check_names(char const* one, char const* other, char const* part) {
  char const* const names[] = {one, other};
  double const* const values[] = {costs, costs};
  char* message = NULL;
  int const code =
      melitz_solve_arrays(open_model, 2, 2, names, values, 1, &welfare, &found_at, NULL, 1, NULL, NULL, &message);
  check_refused(code, message, part);
}

static void test_names(void) {
  check_names("iceberg_cost", "iceberg_cost", "iceberg_cost varies twice");
  check_names("iceberg_cost", "parameters.iceberg_cost", "varies what iceberg_cost varies");
  check_names("labor", "iceberg", "iceberg");
  check_names("labor", "", "");
  check_names("labor", "iceberg_cost[0]", "iceberg_cost[0]");
  check_names("labor", "id", "id");
  check_names("labor", "model", "model");
  check_names("labor", "distribution", "distribution");
  check_names("labor", "distribution.scale", "scale");
  check_names("labor", "distribution.log_sd.x", "log_sd");
  check_names("labor", "\xff[", "");
}

/* The first mistake of the elements is named, by whatever way and however many threads. */
static void test_elements(void) {
  enum { many = 5000 };
  static double values[many], all[many];
  static int statuses[many];
  double const* const values_at = values;
  double* const all_at = all;
  char* message = NULL;
  int code = melitz_solve_arrays(open_model, 4, 1, &iceberg, &costs_at, 1, &welfare, &found_at, NULL, 1, NULL, NULL,
                                 &message);
  check_refused(code, message, "element 2: parameters.iceberg_cost is 0.8; it must be at least 1");
  CHECK(isnan(found[3]));
  for (int threads = 1; threads < 4; threads += 2) {
    for (size_t k = 0; k < many; ++k) values[k] = k == 4321 || k == 4500 ? 0.5 + (double)k * 1e-5 : 1.5;
    code = melitz_solve_arrays(open_model, many, 1, &iceberg, &values_at, 1, &welfare, &all_at, statuses, threads, NULL,
                               NULL, &message);
    check_refused(code, message, "element 4321: parameters.iceberg_cost is 0.54321; it must be at least 1");
    char const* const spread = "distribution.log_sd";
    for (size_t k = 0; k < many; ++k) values[k] = k == 321 || k == 400 ? -(double)k : k == 5 ? NAN : 0.5;
    values[5] = 0.5;
    code = melitz_solve_arrays(open_model, 500, 1, &spread, &values_at, 1, &welfare, &all_at, statuses, threads, NULL, NULL,
                               &message);
    check_refused(code, message, "element 321: distribution.log_sd is -321; it must");
    values[5] = NAN;
    code = melitz_solve_arrays(open_model, 500, 1, &spread, &values_at, 1, &welfare, &all_at, statuses, threads, NULL, NULL,
                               &message);
    check_refused(code, message, "element 5: distribution.log_sd is nan; it must");
  }
  double const infinite[] = {INFINITY, -INFINITY, NAN};
  char const* const words[] = {"element 0: parameters.labor is inf", "element 0: parameters.labor is -inf",
                               "element 0: parameters.labor is nan"};
  char const* const labor = "labor";
  for (size_t k = 0; k < 3; ++k) {
    double const* const at = &infinite[k];
    code = melitz_solve_arrays(open_model, 1, 1, &labor, &at, 1, &welfare, &found_at, NULL, 1, NULL, NULL, &message);
    check_refused(code, message, words[k]);
  }
}

/* What is legal and has no solution is no mistake: its status says so, and the others are solved. */
static void test_unsolved(void) {
  char const* const labor = "labor";
  double const sizes[] = {1, 1e-300, 2}, *const values = sizes;
  int statuses[3];
  char* message = NULL;
  CHECK(melitz_solve_arrays(unsolved_model, 3, 1, &labor, &values, 1, &welfare, &found_at, statuses, 1, NULL, NULL,
                            &message) == MELITZ_NOT_SOLVED);
  CHECK(message == NULL);
  CHECK(statuses[0] == MELITZ_CONVERGED && statuses[1] == MELITZ_OUT_OF_RANGE && statuses[2] == MELITZ_CONVERGED);
  CHECK(!isnan(found[0]) && isnan(found[1]) && !isnan(found[2]));
}

void test_mistakes(void) {
  test_pointers();
  test_counts();
  test_names();
  test_elements();
  test_unsolved();
}
