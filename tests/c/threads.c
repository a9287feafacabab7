/* SPDX-License-Identifier: BSL-1.0 */
#include "check.h"

#include <pthread.h>

/* Several threads call everything at once, again and again, and get what one gets. Nothing may leak: the sanitizers of
 * this build, or valgrind with some thousand rounds, say so. */

static char* alone[3]; /* the answers that one thread gets */

static int call_all(void) {
  char const* const models[] = {open_model, unsolved_model, "{\"model\": \"nobody's\"}"};
  int wrong = 0;
  for (size_t k = 0; k < 3; ++k) {
    char* answer = NULL;
    int const code = melitz_solve_json(models[k], &answer);
    wrong += code != (int)k || answer == NULL || (alone[k] != NULL && strcmp(answer, alone[k]) != 0);
    if (alone[k] == NULL) {
      alone[k] = answer;
    } else {
      melitz_free(answer);
    }
  }
  char const *const names[] = {"iceberg_cost", "iceberg_cost*"}, *const field = "welfare";
  double const costs[] = {1.2, 1.8, 0.1}, *const values = costs;
  double found[3], *const numbers = found;
  for (size_t k = 0; k < 2; ++k) {
    char* message = NULL;
    wrong += melitz_solve_arrays(open_model, 2, 1, &names[k], &values, 1, &field, &numbers, NULL, 2, NULL, NULL,
                                 &message) != MELITZ_OK;
    wrong += melitz_solve_arrays(open_model, 3, 1, &names[k], &values, 1, &field, &numbers, NULL, 2, NULL, NULL,
                                 &message) != MELITZ_BAD_INPUT;
    wrong += message == NULL || strstr(message, "element 2: ") == NULL;
    melitz_free(message);
  }
  return wrong;
}

static void* call_often(void* rounds) {
  size_t wrong = 0;
  for (int k = *(int*)rounds; k > 0; --k) wrong += (size_t)call_all();
  return wrong == 0 ? NULL : rounds;
}

void test_threads(int rounds) {
  pthread_t threads[4];
  CHECK(call_all() == 0);
  for (size_t k = 0; k < 4; ++k) {
    if (pthread_create(&threads[k], NULL, call_often, &rounds) != 0) exit(2);
  }
  for (size_t k = 0; k < 4; ++k) {
    void* wrong = NULL;
    CHECK(pthread_join(threads[k], &wrong) == 0);
    CHECK(wrong == NULL);
  }
  for (size_t k = 0; k < 3; ++k) melitz_free(alone[k]);
}
