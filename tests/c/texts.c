/* SPDX-License-Identifier: BSL-1.0 */
#include "check.h"

/* JSON text in and out: what a call returns, and what is in the answer. */

static void test_names(void) {
  CHECK(strcmp(melitz_version(), MELITZ_TEST_VERSION) == 0);
  CHECK(strcmp(melitz_status_word(MELITZ_CONVERGED), "converged") == 0);
  CHECK(strcmp(melitz_status_word(MELITZ_NOT_COVERED), "not_covered") == 0);
  CHECK(strcmp(melitz_status_word(-1), "unknown") == 0);
  CHECK(strcmp(melitz_status_word(1000), "unknown") == 0);
  melitz_free(NULL);
}

static void test_answers(void) {
  char* answer = NULL;
  CHECK(melitz_models_json(&answer) == MELITZ_OK);
  CHECK_SAYS(answer, "\"name\": \"open\"");
  melitz_free(answer);

  CHECK(melitz_example_json("technology", &answer) == MELITZ_OK);
  char* solved = NULL;
  CHECK(melitz_solve_json(answer, &solved) == MELITZ_OK);
  CHECK_SAYS(solved, "\"status\": \"converged\"");
  melitz_free(solved);
  melitz_free(answer);

  CHECK(melitz_solve_json(open_model, &answer) == MELITZ_OK);
  CHECK_SAYS(answer, "\"id\": 7");
  /* The numbers of the library's own test of this economy. */
  CHECK(fabs(number_in(answer, "cutoff", 0) - 4.9632668106938912) < 1e-14);
  CHECK(fabs(number_in(answer, "export_cutoff", 0) - 8.6669985182795293) < 1e-14);
  melitz_free(answer);

  CHECK(melitz_solve_json(unsolved_model, &answer) == MELITZ_NOT_SOLVED);
  CHECK_SAYS(answer, "\"status\": \"out_of_range\"");
  CHECK_SAYS(answer, "\"cutoff\": \"nan\"");
  melitz_free(answer);
}

/* A mistake is named. */
static void check_refused(char const* text, char const* part) {
  char* answer = NULL;
  CHECK(melitz_solve_json(text, &answer) == MELITZ_BAD_INPUT);
  CHECK_SAYS(answer, "\"status\": \"domain_error\", \"error\": \"");
  CHECK_SAYS(answer, part);
  melitz_free(answer);
}

static void test_refused(void) {
  check_refused(NULL, "model is NULL; it must be given");
  check_refused("", "there is nothing in it");
  check_refused(" \n", "there is nothing in it");
  check_refused("{", "line 1, column 2");
  check_refused("null", "it must be an object");
  check_refused("[]", "it must be an object");
  check_refused("{}", "model");
  check_refused("{\"model\": 3}", "model is 3");
  check_refused("{\"model\": \"opne\"}", "did you mean \\\"open\\\"?");
  check_refused("{\"model\": \"\xff\xfe\"}", "line 1");
  check_refused("{\"model\": \"open\", \"model\": \"open\"}", "model");
  check_refused("{\"model\": \"closed\", \"distribution\": {\"family\": \"pareto\", \"scale\": 1, \"shape\": 5},"
                " \"parameters\": {\"elasticity\": 0.5, \"fixed_cost\": 1, \"entry_cost\": 1, \"death_rate\": 1,"
                " \"labor\": 1}}",
                "parameters.elasticity is 0.5; it must exceed 1");
  check_refused("{\"model\": \"closed\", \"distribution\": {\"family\": \"pareto\", \"scale\": -1, \"shape\": 5},"
                " \"parameters\": {\"elasticity\": 4, \"fixed_cost\": 1, \"entry_cost\": 1, \"death_rate\": 1,"
                " \"labor\": 1}}",
                "distribution.scale is -1");

  char* answer = NULL;
  CHECK(melitz_solve_json("{\"id\": [1, \"a\"], \"model\": \"open\"}", &answer) == MELITZ_BAD_INPUT);
  CHECK_SAYS(answer, "{\"id\": [1,\"a\"], \"status\": \"domain_error\"");
  melitz_free(answer);

  CHECK(melitz_example_json(NULL, &answer) == MELITZ_BAD_INPUT);
  CHECK_SAYS(answer, "model is NULL");
  melitz_free(answer);
  CHECK(melitz_example_json("nobody's", &answer) == MELITZ_BAD_INPUT);
  CHECK_SAYS(answer, "nobody's");
  melitz_free(answer);

  CHECK(melitz_solve_json(open_model, NULL) == MELITZ_BAD_INPUT);
  CHECK(melitz_models_json(NULL) == MELITZ_BAD_INPUT);
}

/* Brackets in brackets, more than any reader can follow by calling itself. */
static void test_deep(void) {
  char const* const opening[] = {"[", "{\"a\":", "{\"model\":\"open\",\"parameters\":[", "[1,["};
  for (size_t k = 0; k < sizeof opening / sizeof *opening; ++k) {
    size_t const length = strlen(opening[k]), depth = 200000;
    char* const text = malloc(length * depth + 1);
    if (text == NULL) exit(2);
    for (size_t j = 0; j < depth; ++j) memcpy(text + j * length, opening[k], length);
    text[length * depth] = '\0';
    char* answer = NULL;
    CHECK(melitz_solve_json(text, &answer) == MELITZ_BAD_INPUT);
    CHECK_SAYS(answer, "domain_error");
    melitz_free(answer);
    free(text);
  }
  /* The same, closed again, where a model wants a number. */
  enum { depth = 200000 };
  char const* const before = "{\"model\": \"open\", \"distribution\": {\"family\": \"pareto\", \"scale\": ";
  char* const text = malloc(strlen(before) + 2 * depth + 8);
  if (text == NULL) exit(2);
  strcpy(text, before);
  char* at = text + strlen(before);
  memset(at, '[', depth);
  memset(at + depth, ']', depth);
  strcpy(at + 2 * depth, "}}");
  char* answer = NULL;
  CHECK(melitz_solve_json(text, &answer) == MELITZ_BAD_INPUT);
  CHECK_SAYS(answer, "domain_error");
  melitz_free(answer);
  free(text);
}

#ifdef MELITZ_TEST_WORLDS
static void test_files(void) {
  char* answer = NULL;
  CHECK(melitz_solve_json("{\"model\": \"world\", \"parameters\": {\"labor\": \"labor.csv\"}}", &answer) ==
        MELITZ_BAD_INPUT);
  CHECK_SAYS(answer, "parameters.labor is \\\"labor.csv\\\"; it must be numbers: libmelitz reads no files");
  melitz_free(answer);
}
#endif

void test_texts(void) {
  test_names();
  test_answers();
  test_refused();
  test_deep();
#ifdef MELITZ_TEST_WORLDS
  test_files();
#endif
}
