/* SPDX-License-Identifier: BSL-1.0 */
#include "check.h"

/* Tests libmelitz as a program in C calls it. [ROUNDS] is how often what may leak is called. */

int failures = 0;

char const* const open_model =
    "{\"model\": \"open\", \"id\": 7,\n"
    " \"distribution\": {\"family\": \"lognormal\", \"log_mean\": 0, \"log_sd\": 0.8},\n"
    " \"parameters\": {\"elasticity\": 4, \"fixed_cost\": 1, \"entry_cost\": 2, \"death_rate\": 0.05, \"labor\": 1,\n"
    "                  \"partners\": 3, \"iceberg_cost\": 1.6, \"export_fixed_cost\": 1.3}}";

/* It has a solution, which no double holds. */
char const* const unsolved_model =
    "{\"model\": \"closed\",\n"
    " \"distribution\": {\"family\": \"lognormal\", \"log_mean\": 0, \"log_sd\": 0.8},\n"
    " \"parameters\": {\"elasticity\": 1.2, \"fixed_cost\": 1, \"entry_cost\": 2, \"death_rate\": 0.05,\n"
    "                  \"labor\": 1e-300}}";

int main(int argc, char** argv) {
  int const rounds = argc > 1 ? atoi(argv[1]) : 25;
  test_texts();
  test_arrays();
  test_mistakes();
  test_threads(rounds);
  if (failures > 0) fprintf(stderr, "%d checks failed\n", failures);
  return failures > 0;
}
