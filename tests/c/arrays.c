/* SPDX-License-Identifier: BSL-1.0 */
#include "check.h"

/* Arrays in and out: each element is what melitz_solve_json gives, to the last bit; and threads change nothing. */

enum { few = 20, many = 9000 };

static double few_values[few], many_values[many];

/* The open economy with another number, as JSON has it. */
static void with_number(char* text, size_t size, char const* before, double value) {
  char const* const from = strstr(open_model, before);
  if (from == NULL) exit(2);
  size_t const head = (size_t)(from - open_model) + strlen(before);
  char const* const tail = open_model + head + strcspn(open_model + head, ",}");
  snprintf(text, size, "%.*s%.17g%s", (int)head, open_model, value, tail);
}

static void check_single(char const* name, char const* in_text, double const* values) {
  char const* const fields[] = {"cutoff", "welfare", "share_exporting"};
  double found[3][few], *const numbers[] = {found[0], found[1], found[2]};
  int statuses[few];
  char* message = NULL;
  CHECK(melitz_solve_arrays(open_model, few, 1, &name, &values, 3, fields, numbers, statuses, 1, NULL, NULL, &message) ==
        MELITZ_OK);
  CHECK(message == NULL);
  for (size_t k = 0; k < few; ++k) {
    char text[1024], *answer = NULL;
    with_number(text, sizeof text, in_text, values[k]);
    CHECK(melitz_solve_json(text, &answer) == MELITZ_OK);
    CHECK(statuses[k] == MELITZ_CONVERGED);
    for (size_t f = 0; f < 3; ++f) CHECK(same(found[f][k], number_in(answer, fields[f], 0)));
    melitz_free(answer);
  }
}

static void test_single(void) {
  check_single("iceberg_cost", "\"iceberg_cost\": ", few_values);
  check_single("parameters.iceberg_cost", "\"iceberg_cost\": ", few_values);
  check_single("distribution.log_sd", "\"log_sd\": ", few_values);
  check_single("labor*", "\"labor\": ", few_values); /* it is 1 */
}

/* The same numbers whatever the number of threads: in the registers, and one by one. */
static void test_any_threads(void) {
  char const* const names[] = {"iceberg_cost", "distribution.log_sd"};
  char const* const field = "welfare";
  static double found[many], again[many];
  static int statuses[many];
  for (size_t n = 0; n < 2; ++n) {
    size_t const count = n == 0 ? many : many / 9;
    for (int threads = 0; threads < 4; ++threads) {
      double const* const values = many_values;
      double* const numbers = threads == 0 ? found : again;
      char* message = NULL;
      CHECK(melitz_solve_arrays(open_model, count, 1, &names[n], &values, 1, &field, &numbers, statuses, threads, NULL, NULL,
                                &message) == MELITZ_OK);
      CHECK(message == NULL);
      size_t differ = 0;
      for (size_t k = 0; k < count; ++k) {
        differ += statuses[k] != MELITZ_CONVERGED || isnan(numbers[k]) || !same(found[k], numbers[k]);
      }
      CHECK(differ == 0);
    }
  }
}

static void test_several(void) {
  /* Two that vary, a law among them; yes or no as 1 or 0; the same field twice; nobody wants the statuses. */
  char const *const names[] = {"iceberg_cost", "distribution.log_sd"}, *const fields[] = {"welfare", "welfare"};
  double const costs[] = {1.2, 1.8}, spreads[] = {0.5, 0.9}, *const values[] = {costs, spreads};
  double found[2][2], *const numbers[] = {found[0], found[1]};
  char* message = NULL;
  CHECK(melitz_solve_arrays(open_model, 2, 2, names, values, 2, fields, numbers, NULL, 1, NULL, NULL, &message) ==
        MELITZ_OK);
  for (size_t k = 0; k < 2; ++k) {
    char text[1024], *answer = NULL;
    snprintf(text, sizeof text,
             "{\"model\": \"open\", \"distribution\": {\"family\": \"lognormal\", \"log_mean\": 0, \"log_sd\": %.17g},"
             " \"parameters\": {\"elasticity\": 4, \"fixed_cost\": 1, \"entry_cost\": 2, \"death_rate\": 0.05,"
             " \"labor\": 1, \"partners\": 3, \"iceberg_cost\": %.17g, \"export_fixed_cost\": 1.3}}",
             spreads[k], costs[k]);
    CHECK(melitz_solve_json(text, &answer) == MELITZ_OK);
    CHECK(same(found[0][k], number_in(answer, "welfare", 0)));
    CHECK(same(found[1][k], found[0][k]));
    melitz_free(answer);
  }
  /* Nothing varies, nothing is wanted, nothing is there. */
  int status = -1;
  CHECK(melitz_solve_arrays(open_model, 1, 0, NULL, NULL, 0, NULL, NULL, &status, 1, NULL, NULL, &message) == MELITZ_OK);
  CHECK(status == MELITZ_CONVERGED);
  CHECK(melitz_solve_arrays(open_model, 0, 1, names, values, 1, fields, numbers, NULL, 1, NULL, NULL, &message) ==
        MELITZ_OK);
}

#ifdef MELITZ_TEST_WORLDS
/* What is by country, row by row; an element of a matrix that varies. */
static void test_world(void) {
  char *model = NULL, *answer = NULL, *message = NULL;
  CHECK(melitz_example_json("world", &model) == MELITZ_OK);
  char const *const fields[] = {"wage", "mass_sellers"}, *const name = "iceberg_cost[0][1]*";
  size_t rows[2], columns[2];
  CHECK(melitz_field_sizes(model, 2, fields, rows, columns, &message) == MELITZ_OK);
  size_t const n = rows[0];
  CHECK(n > 1 && columns[0] == 1 && rows[1] == n && columns[1] == n);
  double const factors[] = {1, 1.5}, *const values = factors;
  double *const wages = malloc(2 * n * sizeof(double)), *const flows = malloc(2 * n * n * sizeof(double));
  double* const numbers[] = {wages, flows};
  CHECK(melitz_solve_arrays(model, 2, 1, &name, &values, 2, fields, numbers, NULL, 1, NULL, NULL, &message) == MELITZ_OK);
  CHECK(message == NULL);
  CHECK(melitz_solve_json(model, &answer) == MELITZ_OK);
  for (size_t k = 0; k < n; ++k) CHECK(same(wages[k], number_in(answer, "wage", k)));
  for (size_t k = 0; k < n * n; ++k) CHECK(same(flows[k], number_in(answer, "mass_sellers", k)));
  CHECK(flows[n * n + 1] < flows[1]); /* what is dearer to send is sent less */
  melitz_free(answer);
  melitz_free(model);
  free(wages);
  free(flows);
}
#endif

/* How far it is, from the thread that asked; and the end at any time. */
struct progress {
  size_t calls, last, end_at;
  int wrong;
};
static int told(size_t done, size_t count, void* data) {
  struct progress* const seen = data;
  seen->wrong |= done <= seen->last || done > count;
  seen->last = done;
  ++seen->calls;
  return done < seen->end_at;
}

static void test_progress(void) {
  char const *const name = "iceberg_cost", *const field = "welfare";
  static double found[many];
  static int statuses[many];
  double const* const values = many_values;
  double* const numbers = found;
  for (int threads = 1; threads < 4; threads += 2) {
    char* message = NULL;
    struct progress seen = {0, 0, many + 1, 0};
    CHECK(melitz_solve_arrays(open_model, many, 1, &name, &values, 1, &field, &numbers, statuses, threads, told, &seen,
                              &message) == MELITZ_OK);
    CHECK(seen.calls > 0 && seen.last == many && !seen.wrong);

    struct progress ended = {0, 0, 1, 0};
    char const* const by_law = "distribution.log_sd";
    int const code = melitz_solve_arrays(open_model, many / 9, 1, &by_law, &values, 1, &field, &numbers, statuses, threads,
                                         told, &ended, &message);
    CHECK(message == NULL);
    CHECK(ended.calls == 1);
    CHECK(statuses[0] == MELITZ_CONVERGED && !isnan(found[0]));
    /* What had begun was done; of several threads, that may be all. */
    size_t solved = 0;
    for (size_t k = 0; k < many / 9; ++k) {
      CHECK(statuses[k] == MELITZ_CONVERGED || statuses[k] == MELITZ_STATUS_NOT_SOLVED);
      CHECK(isnan(found[k]) == (statuses[k] != MELITZ_CONVERGED));
      solved += statuses[k] == MELITZ_CONVERGED;
    }
    CHECK(code == (solved == many / 9 ? MELITZ_OK : MELITZ_NOT_SOLVED));
    CHECK(threads > 1 || (solved == ended.last && solved < many / 9));
  }
}

void test_arrays(void) {
  for (size_t k = 0; k < few; ++k) few_values[k] = 1.1 + 0.07 * (double)k;
  for (size_t k = 0; k < many; ++k) many_values[k] = 1.01 + 1.5 * (double)k / many;
  test_single();
  test_any_threads();
  test_several();
  test_progress();
#ifdef MELITZ_TEST_WORLDS
  test_world();
#endif
}
