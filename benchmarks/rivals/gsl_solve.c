// SPDX-License-Identifier: BSL-1.0
// The economy with the GNU Scientific Library: free entry by Brent's method, its integrals by qagiu over the density
// (all laws) or, for laws whose integrals GSL's special functions give, in closed form.
//   gsl_solve JOB SECONDS      JOB: closed/LAW, open/LAW or sweep/LAW
#include <gsl/gsl_errno.h>
#include <gsl/gsl_integration.h>
#include <gsl/gsl_roots.h>
#include <gsl/gsl_sf.h>
#include <gsl/gsl_version.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static double const sigma = 4, f = 1, fe = 2, delta = 0.05, L = 1, n = 3, fx = 1.3, r = 3;
enum { results = 13, checked = 101, sweep_length = 10000 };

static double swept(int i) { return 1.2 + 1.8 * i / (sweep_length - 1); }

// ---- The laws.

static double normal_density(double p, double mean, double sd) {
  double const z = (log(p) - mean) / sd;
  return exp(-z * z / 2) / (p * sd * sqrt(2 * M_PI));
}
static double pareto_density(double p) { return 4.25 * pow(p, -5.25); }
static double lognormal_density(double p) { return normal_density(p, 0, 0.8); }
static double weibull_density(double p) { return 1.4 * pow(p, 0.4) * exp(-pow(p, 1.4)); }
static double frechet_density(double p) { return 4.25 * pow(p, -5.25) * exp(-pow(p, -4.25)); }
static double mixture_density(double p) {
  return 0.75 * normal_density(p, 0, 0.5) + 0.25 * normal_density(p, 0.5, 0.75);
}

// S(x) and E[phi^r; phi >= x].
typedef struct {
  double survival, moment;
} tail;
static tail pareto_tail(double x) { return (tail){pow(x, -4.25), 4.25 / (4.25 - r) * pow(x, r - 4.25)}; }
static tail normal_tail(double x, double mean, double sd) {
  double const z = (log(x) - mean) / sd;
  return (tail){gsl_sf_erfc(z / M_SQRT2) / 2,
                exp(r * mean + r * r * sd * sd / 2) * gsl_sf_erfc((z - r * sd) / M_SQRT2) / 2};
}
static tail lognormal_tail(double x) { return normal_tail(x, 0, 0.8); }
static tail weibull_tail(double x) {
  double const y = pow(x, 1.4);
  return (tail){exp(-y), gsl_sf_gamma_inc(1 + r / 1.4, y)};
}
static tail frechet_tail(double x) {
  double const y = pow(x, -4.25), a = 1 - r / 4.25;
  return (tail){-expm1(-y), gsl_sf_gamma(a) * gsl_sf_gamma_inc_P(a, y)};
}
static tail mixture_tail(double x) {
  tail const a = normal_tail(x, 0, 0.5), b = normal_tail(x, 0.5, 0.75);
  return (tail){0.75 * a.survival + 0.25 * b.survival, 0.75 * a.moment + 0.25 * b.moment};
}

typedef struct {
  char const* name;
  double (*density)(double);
  tail (*tail)(double);
  double lowest;
} law;
static law const laws[] = {
    {"pareto", pareto_density, pareto_tail, 1},      {"lognormal", lognormal_density, lognormal_tail, 0.5},
    {"weibull", weibull_density, weibull_tail, 0.5}, {"frechet", frechet_density, frechet_tail, 0.5},
    {"mixture", mixture_density, mixture_tail, 0.5}, {"density", lognormal_density, NULL, 0.5}};

// ---- One equilibrium.

typedef struct {
  law const* law;
  double tau;        // infinite: the closed economy
  double tolerance;  // of the quadrature; 0: closed forms
  gsl_integration_workspace* workspace;
  double x;  // the cutoff that an integrand is for
  long evaluations;
} problem;

static double density_at(double p, void* data) {
  problem* const q = data;
  ++q->evaluations;
  return q->law->density(p);
}
static double profit_at(double p, void* data) {
  problem const* const q = data;
  return (pow(p / q->x, r) - 1) * density_at(p, data);
}
static double moment_at(double p, void* data) { return pow(p, r) * density_at(p, data); }

static double integrate(double (*integrand)(double, void*), double x, problem* q) {
  gsl_function function = {integrand, q};
  double value, error;
  q->x = x;
  gsl_integration_qagiu(&function, x, 0, q->tolerance, 1000, q->workspace, &value, &error);
  return value;
}

static tail tail_at(double x, problem* q) {
  if (q->tolerance == 0) {
    ++q->evaluations;
    return q->law->tail(x);
  }
  return (tail){integrate(density_at, x, q), integrate(moment_at, x, q)};
}

// J(x) = E[((phi/x)^r - 1); phi >= x]
static double expected_profit(double x, problem* q) {
  if (q->tolerance > 0) return integrate(profit_at, x, q);
  tail const t = tail_at(x, q);
  return t.moment / pow(x, r) - t.survival;
}

static double free_entry(double x, void* data) {
  problem* const q = data;
  double profit = f * expected_profit(x, q);
  if (isfinite(q->tau)) profit += n * fx * expected_profit(x * q->tau * pow(fx / f, 1 / r), q);
  return profit - delta * fe;
}

static void solve(problem* q, gsl_root_fsolver* solver, double* out) {
  gsl_function function = {free_entry, q};
  gsl_root_fsolver_set(solver, &function, q->law->lowest, 20);
  for (int k = 0; k < 200; ++k) {
    gsl_root_fsolver_iterate(solver);
    double const a = gsl_root_fsolver_x_lower(solver), b = gsl_root_fsolver_x_upper(solver);
    if (gsl_root_test_interval(a, b, 0, 1e-15) == GSL_SUCCESS) break;
  }
  double const cutoff = gsl_root_fsolver_root(solver);
  tail const home = tail_at(cutoff, q);
  double const size = home.moment / home.survival / pow(cutoff, r);
  double const productivity = cutoff * pow(size, 1 / r);
  double share = 0, size_x = 0, export_cutoff = NAN, export_productivity = NAN;
  if (isfinite(q->tau)) {
    export_cutoff = cutoff * q->tau * pow(fx / f, 1 / r);
    tail const abroad = tail_at(export_cutoff, q);
    share = abroad.survival / home.survival;
    size_x = abroad.moment / abroad.survival / pow(export_cutoff, r);
    export_productivity = export_cutoff * pow(size_x, 1 / r);
  }
  double const profit = f * (size - 1) + share * n * fx * (size_x - 1);
  double const sales = f * size + share * n * fx * size_x;
  double const producers = L / (sigma * sales), varieties = producers * (1 + n * share);
  double const all_productivity = cutoff * pow(sales / f / (1 + n * share), 1 / r);
  double const welfare = (sigma - 1) / sigma * all_productivity * pow(varieties, 1 / r);
  int const open = isfinite(q->tau);
  double const answers[results] = {cutoff,
                                   export_cutoff,
                                   open ? share : NAN,
                                   productivity,
                                   export_productivity,
                                   profit,
                                   sigma * sales,
                                   producers,
                                   open ? share * producers : NAN,
                                   open ? varieties : NAN,
                                   open ? all_productivity : NAN,
                                   1 / welfare,
                                   welfare};
  memcpy(out, answers, sizeof answers);
}

// ---- The clock and the row.

static double nanoseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return 1e9 * (double)now.tv_sec + (double)now.tv_nsec;
}

static int ascending(void const* a, void const* b) {
  double const x = *(double const*)a, y = *(double const*)b;
  return (x > y) - (x < y);
}

static void print_number(double x) { isfinite(x) ? printf("%.17g", x) : printf("null"); }

static void run(char const* job, char const* implementation, problem q, double const* taus, int count, double seconds) {
  static double answers[checked][results];
  gsl_root_fsolver* const solver = gsl_root_fsolver_alloc(gsl_root_fsolver_brent);
  q.workspace = gsl_integration_workspace_alloc(1000);
  double loops[1000], spent = 0;
  int done = 0;
  do {  // loops of at least a tenth of the time
    double const begin = nanoseconds();
    double loop = 0;
    int passes = 0;
    do {
      q.evaluations = 0;
      for (int i = 0; i < count; ++i) {
        q.tau = taus[i];
        solve(&q, solver, answers[i]);
      }
      ++passes;
      loop = nanoseconds() - begin;
    } while (loop < seconds * 1e8);
    loops[done++] = loop / passes / count;
    spent += loop;
  } while (spent < seconds * 1e9 && done < 1000);
  qsort(loops, (size_t)done, sizeof *loops, ascending);

  printf(
      "{\"job\": \"%s\", \"implementation\": \"GSL %s %s\", \"ns\": %.17g, \"evaluations\": %.17g, \"iceberg_costs\": "
      "[",
      job, gsl_version, implementation, loops[done / 2], (double)q.evaluations / count);
  for (int i = 0; i < count; ++i) printf(isfinite(taus[i]) ? "%s\"%.17g\"" : "%s\"inf\"", i ? ", " : "", taus[i]);
  printf("], \"answers\": [");
  for (int i = 0; i < count; ++i) {
    printf(i ? ", [" : "[");
    for (int k = 0; k < results; ++k) {
      if (k) printf(", ");
      print_number(answers[i][k]);
    }
    printf("]");
  }
  printf("]}\n");
  gsl_root_fsolver_free(solver);
  gsl_integration_workspace_free(q.workspace);
}

int main(int argc, char** argv) {
  char const* const slash = argc == 3 ? strchr(argv[1], '/') : NULL;
  problem q = {0};
  for (size_t k = 0; slash && k < sizeof laws / sizeof *laws; ++k) {
    if (strcmp(slash + 1, laws[k].name) == 0) q.law = &laws[k];
  }
  if (!q.law) {
    fprintf(stderr, "usage: %s JOB SECONDS\n", argv[0]);
    return 2;
  }
  gsl_set_error_handler_off();  // qagiu complains of roundoff where the last digits are out of its reach
  double taus[checked] = {strncmp(argv[1], "closed", 6) == 0 ? INFINITY : 1.6};
  int count = 1;
  if (strncmp(argv[1], "sweep", 5) == 0) {  // a hundredth of it: each point takes as long as any other
    count = checked;
    for (int i = 0; i < checked; ++i) taus[i] = swept(i < checked - 1 ? 100 * i : sweep_length - 1);
  }
  double const seconds = atof(argv[2]);
  q.tolerance = 1e-8;
  run(argv[1], "brent + qagiu 1e-8", q, taus, count, seconds);
  q.tolerance = 1e-12;
  run(argv[1], "brent + qagiu 1e-12", q, taus, count, seconds);
  if (q.law->tail) {
    q.tolerance = 0;
    run(argv[1], "brent, closed form", q, taus, count, seconds);
  }
}
