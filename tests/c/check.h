/* SPDX-License-Identifier: BSL-1.0 */
#ifndef MELITZ_TESTS_C_CHECK_H
#define MELITZ_TESTS_C_CHECK_H

#include "melitz.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What the tests of libmelitz in C share. A check that fails says where, and the program goes on. */

extern int failures;

#define CHECK(condition) check_that((condition), #condition, __FILE__, __LINE__)

static inline int check_that(int holds, char const* what, char const* file, int line) {
  if (holds) return 1;
  fprintf(stderr, "%s:%d: not so: %s\n", file, line, what);
  ++failures;
  return 0;
}

/* Is `part` in the text? Shows the text if not. */
#define CHECK_SAYS(text, part) check_says((text), (part), __FILE__, __LINE__)

static inline void check_says(char const* text, char const* part, char const* file, int line) {
  if (text != NULL && strstr(text, part) != NULL) return;
  fprintf(stderr, "%s:%d: got: %s\n  wanted: %s\n", file, line, text != NULL ? text : "NULL", part);
  ++failures;
}

/* The same double, to the last bit; one NaN is like another. */
static inline int same(double a, double b) { return (isnan(a) && isnan(b)) || memcmp(&a, &b, sizeof a) == 0; }

/* The k-th number of a key of an answer in JSON, which has the key. */
static inline double number_in(char const* json, char const* key, size_t k) {
  char quoted[128];
  snprintf(quoted, sizeof quoted, "\"%s\": ", key);
  char const* at = strstr(json, quoted);
  if (at == NULL) {
    fprintf(stderr, "no %s in %s\n", key, json);
    exit(2);
  }
  at += strlen(quoted);
  for (;;) {
    at += strspn(at, "[ ,]");
    if (k-- == 0) break;
    at += strcspn(at, " ,]\n");
  }
  return strtod(*at == '"' ? at + 1 : at, NULL);
}

/* The tests, a file each. */
void test_texts(void);
void test_arrays(void);
void test_mistakes(void);
void test_threads(int rounds);

extern char const* const open_model;
extern char const* const unsolved_model;

#endif
