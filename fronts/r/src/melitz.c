/* SPDX-License-Identifier: BSL-1.0 */
#include <melitz.h>

#include <R.h>
#include <R_ext/Rdynload.h>
#include <R_ext/Utils.h>
#include <Rinternals.h>
#include <string.h>

/* Hands text and numbers from R to libmelitz and back. What they mean is known in R/. */

/* The text of a function of the library, with its code as an attribute; frees the library's own. */
static SEXP given_to_r(int code, char* text) {
  SEXP out = PROTECT(text == NULL ? Rf_allocVector(STRSXP, 0) : Rf_allocVector(STRSXP, 1));
  if (text != NULL) SET_STRING_ELT(out, 0, Rf_mkCharCE(text, CE_UTF8));
  melitz_free(text);
  SEXP const name = Rf_install("code");
  Rf_setAttrib(out, name, Rf_ScalarInteger(code));
  UNPROTECT(1);
  return out;
}

static char const* text_of(SEXP text) { return Rf_translateCharUTF8(STRING_ELT(text, 0)); }

static char const** texts_of(SEXP texts) {
  char const** const out = (char const**)R_alloc((size_t)Rf_xlength(texts) + 1, sizeof *out);
  for (R_xlen_t k = 0; k < Rf_xlength(texts); ++k) out[k] = Rf_translateCharUTF8(STRING_ELT(texts, k));
  return out;
}

static SEXP r_version(void) { return Rf_mkString(melitz_version()); }

static SEXP r_models(void) {
  char* answer = NULL;
  int const code = melitz_models_json(&answer);
  return given_to_r(code, answer);
}

/* A function of one text or of two, by its name. */
static SEXP r_ask(SEXP what, SEXP texts) {
  static struct {
    char const* name;
    int (*of_one)(char const*, char**);
    int (*of_two)(char const*, char const*, char**);
  } const functions[] = {{"example", melitz_example_json, NULL}, {"solve", melitz_solve_json, NULL},
                         {"gains", melitz_gains_json, NULL},     {"calibrate", melitz_calibrate_json, NULL},
                         {"compare", NULL, melitz_compare_json}, {"firms", NULL, melitz_firms_json},
                         {"curve", NULL, melitz_curve_json},     {"derivatives", NULL, melitz_derivatives_json}};
  char const* const* const given = texts_of(texts);
  for (size_t k = 0; k < sizeof functions / sizeof *functions; ++k) {
    R_xlen_t const wanted = functions[k].of_one != NULL ? 1 : 2;
    if (strcmp(text_of(what), functions[k].name) != 0 || Rf_xlength(texts) != wanted) continue;
    char* answer = NULL;
    int const code =
        wanted == 1 ? functions[k].of_one(given[0], &answer) : functions[k].of_two(given[0], given[1], &answer);
    return given_to_r(code, answer);
  }
  Rf_error("melitz: no function %s of %d texts", text_of(what), (int)Rf_xlength(texts));
}

static SEXP r_sizes(SEXP model, SEXP fields) {
  size_t const count = (size_t)Rf_xlength(fields);
  size_t* const sizes = (size_t*)R_alloc(2 * count + 1, sizeof *sizes);
  char* message = NULL;
  int const code = melitz_field_sizes(text_of(model), count, texts_of(fields), sizes, sizes + count, &message);
  if (code != MELITZ_OK) return given_to_r(code, message);
  SEXP out = PROTECT(Rf_allocMatrix(INTSXP, (int)count, 2));
  for (size_t k = 0; k < 2 * count; ++k) INTEGER(out)[k] = (int)sizes[k];
  UNPROTECT(1);
  return out;
}

static void check_interrupt(void* unused) {
  (void)unused;
  R_CheckUserInterrupt();
}

/* Ctrl-C ends the work. */
static int told(size_t done, size_t count, void* unused) {
  (void)done, (void)count, (void)unused;
  return R_ToplevelExec(check_interrupt, NULL);
}

/* values: a list of numeric vectors of `count`; lengths: how many numbers an element has of each field. A list of the
 * fields' numbers and the statuses, or the text of an error. */
static SEXP r_sweep(SEXP model, SEXP count_in_r, SEXP names, SEXP values, SEXP fields, SEXP lengths, SEXP threads) {
  size_t const count = (size_t)Rf_asReal(count_in_r), moved = (size_t)Rf_xlength(names),
               wanted = (size_t)Rf_xlength(fields);
  double const** const values_at = (double const**)R_alloc(moved + 1, sizeof *values_at);
  double** const numbers_at = (double**)R_alloc(wanted + 1, sizeof *numbers_at);
  for (size_t k = 0; k < moved; ++k) values_at[k] = REAL(VECTOR_ELT(values, (R_xlen_t)k));
  SEXP out = PROTECT(Rf_allocVector(VECSXP, (R_xlen_t)wanted + 1));
  for (size_t k = 0; k < wanted; ++k) {
    SET_VECTOR_ELT(out, (R_xlen_t)k, Rf_allocVector(REALSXP, (R_xlen_t)count * INTEGER(lengths)[k]));
    numbers_at[k] = REAL(VECTOR_ELT(out, (R_xlen_t)k));
  }
  SET_VECTOR_ELT(out, (R_xlen_t)wanted, Rf_allocVector(INTSXP, (R_xlen_t)count));
  char* message = NULL;
  int const code = melitz_solve_arrays(text_of(model), count, moved, texts_of(names), values_at, wanted,
                                       texts_of(fields), numbers_at, INTEGER(VECTOR_ELT(out, (R_xlen_t)wanted)),
                                       Rf_asInteger(threads), told, NULL, &message);
  if (code == MELITZ_BAD_INPUT || code == MELITZ_INTERNAL) out = given_to_r(code, message);
  UNPROTECT(1);
  return out;
}

static SEXP r_status_words(SEXP statuses) {
  SEXP out = PROTECT(Rf_allocVector(STRSXP, Rf_xlength(statuses)));
  for (R_xlen_t k = 0; k < Rf_xlength(statuses); ++k) {
    SET_STRING_ELT(out, k, Rf_mkChar(melitz_status_word(INTEGER(statuses)[k])));
  }
  UNPROTECT(1);
  return out;
}

static R_CallMethodDef const functions[] = {{"r_version", (DL_FUNC)r_version, 0},
                                            {"r_models", (DL_FUNC)r_models, 0},
                                            {"r_ask", (DL_FUNC)r_ask, 2},
                                            {"r_sizes", (DL_FUNC)r_sizes, 2},
                                            {"r_sweep", (DL_FUNC)r_sweep, 7},
                                            {"r_status_words", (DL_FUNC)r_status_words, 1},
                                            {NULL, NULL, 0}};

void R_init_melitz(DllInfo* library) {
  R_registerRoutines(library, NULL, functions, NULL, NULL);
  R_useDynamicSymbols(library, FALSE);
}
