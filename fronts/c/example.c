#include <melitz.h>
#include <stdio.h>

int main(void) {
  char const* const model =
      "{\"model\": \"open\", \"distribution\": {\"family\": \"lognormal\", \"log_mean\": 0, \"log_sd\": 0.8},"
      " \"parameters\": {\"elasticity\": 4, \"fixed_cost\": 1, \"entry_cost\": 2, \"death_rate\": 0.05,"
      " \"labor\": 1000, \"partners\": 3, \"iceberg_cost\": 1.6, \"export_fixed_cost\": 1.3}}";
  /* One answer, or what is wrong, as JSON. */
  char* answer = NULL;
  int const code = melitz_solve_json("{\"model\": \"opne\"}", &answer);
  printf("code %d: %s", code, answer != NULL ? answer : "no memory\n");
  melitz_free(answer);
  /* Many, as numbers, on all cores. */
  char const *const parameters[] = {"iceberg_cost"}, *const fields[] = {"welfare", "share_exporting"};
  double const costs[] = {1.2, 1.4, 1.6}, *const values[] = {costs};
  double welfare[3], exporting[3], *const numbers[] = {welfare, exporting};
  int statuses[3];
  char* message = NULL;
  if (melitz_solve_arrays(model, 3, 1, parameters, values, 2, fields, numbers, statuses, 0, NULL, NULL, &message) > 1) {
    fprintf(stderr, "%s\n", message != NULL ? message : "no memory");
  }
  melitz_free(message);
  for (int k = 0; k < 3; ++k) {
    printf("%.1f  welfare %.5f  exporting %.4f  %s\n", costs[k], welfare[k], exporting[k], melitz_status_word(statuses[k]));
  }
  return 0;
}
