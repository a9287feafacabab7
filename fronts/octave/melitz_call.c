/* SPDX-License-Identifier: BSL-1.0 */
#include <melitz.h>

#include <mex.h>
#include <stdint.h>
#include <string.h>

/* Hands text and numbers from Octave, or Matlab, to libmelitz and back. What they mean is known in +melitz.
 *
 *   [code, text] = melitz_call("version" | "models")
 *   [code, text] = melitz_call("example" | "solve" | "gains" | "calibrate", text)
 *   [code, text] = melitz_call("compare" | "firms" | "curve" | "derivatives", text, text)
 *   [code, text, sizes] = melitz_call("sizes", model, fields)          fields x 2: rows and columns
 *   [code, text, numbers, statuses] = melitz_call("sweep", model, names, values, fields, lengths, threads)
 *     names, fields: cells of words; values: a column for each name; numbers: a cell of count x lengths(k) each
 *
 *   mkoctfile --mex melitz_call.c -lmelitz */

static char* text_of(mxArray const* text) {
  char* const out = text != NULL && mxIsChar(text) ? mxArrayToString(text) : NULL;
  if (out == NULL) mexErrMsgIdAndTxt("melitz:call", "melitz_call: a word or a text is wanted");
  return out;
}

static char const** texts_of(mxArray const* cell, size_t* count) {
  *count = mxGetNumberOfElements(cell);
  char const** const out = mxCalloc(*count + 1, sizeof *out);
  for (size_t k = 0; k < *count; ++k) out[k] = text_of(mxGetCell(cell, (mwIndex)k));
  return out;
}

static void give(int outputs, mxArray* out[], int code, char* text) {
  out[0] = mxCreateDoubleScalar(code);
  if (outputs > 1) out[1] = mxCreateString(text != NULL ? text : "");
  melitz_free(text);
}

static void sizes(int outputs, mxArray* out[], mxArray const* in[]) {
  size_t count = 0;
  char const* const* const fields = texts_of(in[2], &count);
  size_t* const rows = mxCalloc(2 * count + 1, sizeof *rows);
  char* message = NULL;
  int const code = melitz_field_sizes(text_of(in[1]), count, fields, rows, rows + count, &message);
  give(outputs, out, code, message);
  if (outputs < 3) return;
  out[2] = mxCreateDoubleMatrix((mwSize)count, 2, mxREAL);
  for (size_t k = 0; k < 2 * count; ++k) mxGetPr(out[2])[k] = (double)rows[k];
}

/* An element's numbers lie one after the other in the library, and in a row here. */
static mxArray* in_rows(double const* numbers, size_t count, size_t length) {
  mxArray* const out = mxCreateDoubleMatrix((mwSize)count, (mwSize)length, mxREAL);
  for (size_t k = 0; k < count * length; ++k) mxGetPr(out)[k / length + k % length * count] = numbers[k];
  return out;
}

static void sweep(int outputs, mxArray* out[], mxArray const* in[]) {
  size_t moved = 0, wanted = 0;
  char const* const* const names = texts_of(in[2], &moved);
  char const* const* const fields = texts_of(in[4], &wanted);
  size_t const count = mxGetM(in[3]);
  if (!mxIsDouble(in[3]) || mxGetN(in[3]) != moved || !mxIsDouble(in[5]) || mxGetNumberOfElements(in[5]) != wanted) {
    mexErrMsgIdAndTxt("melitz:call", "melitz_call: a column for each name and a length for each field are wanted");
  }
  double const** const values = mxCalloc(moved + 1, sizeof *values);
  double** const numbers = mxCalloc(wanted + 1, sizeof *numbers);
  int* const statuses = mxCalloc(count + 1, sizeof *statuses);
  for (size_t k = 0; k < moved; ++k) values[k] = mxGetPr(in[3]) + k * count;
  for (size_t k = 0; k < wanted; ++k) numbers[k] = mxCalloc(count * (size_t)mxGetPr(in[5])[k] + 1, sizeof(double));
  char* message = NULL;
  int const code = melitz_solve_arrays(text_of(in[1]), count, moved, names, values, wanted, fields, numbers, statuses,
                                       (int)mxGetScalar(in[6]), NULL, NULL, &message);
  give(outputs, out, code, message);
  if (outputs > 2) {
    out[2] = mxCreateCellMatrix(1, (mwSize)wanted);
    for (size_t k = 0; k < wanted; ++k) {
      mxSetCell(out[2], (mwIndex)k, in_rows(numbers[k], count, (size_t)mxGetPr(in[5])[k]));
    }
  }
  if (outputs > 3) {
    out[3] = mxCreateCellMatrix((mwSize)count, 1);
    for (size_t k = 0; k < count; ++k) mxSetCell(out[3], (mwIndex)k, mxCreateString(melitz_status_word(statuses[k])));
  }
}

void mexFunction(int outputs, mxArray* out[], int inputs, mxArray const* in[]) {
  static struct {
    char const* name;
    int (*of_one)(char const*, char**);
    int (*of_two)(char const*, char const*, char**);
  } const functions[] = {{"example", melitz_example_json, NULL}, {"solve", melitz_solve_json, NULL},
                         {"gains", melitz_gains_json, NULL},     {"calibrate", melitz_calibrate_json, NULL},
                         {"compare", NULL, melitz_compare_json}, {"firms", NULL, melitz_firms_json},
                         {"curve", NULL, melitz_curve_json},     {"derivatives", NULL, melitz_derivatives_json}};
  char* const what = text_of(inputs > 0 ? in[0] : NULL);
  char* answer = NULL;
  if (strcmp(what, "version") == 0) {
    out[0] = mxCreateDoubleScalar(MELITZ_OK);
    if (outputs > 1) out[1] = mxCreateString(melitz_version());
    return;
  }
  if (strcmp(what, "models") == 0) {
    int const code = melitz_models_json(&answer);
    give(outputs, out, code, answer);
    return;
  }
  if (strcmp(what, "sizes") == 0 && inputs == 3 && mxIsCell(in[2])) {
    sizes(outputs, out, in);
    return;
  }
  if (strcmp(what, "sweep") == 0 && inputs == 7 && mxIsCell(in[2]) && mxIsCell(in[4])) {
    sweep(outputs, out, in);
    return;
  }
  for (size_t k = 0; k < sizeof functions / sizeof *functions; ++k) {
    int const wanted = functions[k].of_one != NULL ? 1 : 2;
    if (strcmp(what, functions[k].name) != 0 || inputs != 1 + wanted) continue;
    char* const text = text_of(in[1]);
    int const code =
        wanted == 1 ? functions[k].of_one(text, &answer) : functions[k].of_two(text, text_of(in[2]), &answer);
    give(outputs, out, code, answer);
    return;
  }
  mexErrMsgIdAndTxt("melitz:call", "melitz_call: no function %s of %d arguments", what, inputs - 1);
}
