# SPDX-License-Identifier: BSL-1.0
#
# The package melitz, held to melitz-solve: Rscript from_r.R [PROGRAM]

library(melitz)
program <- commandArgs(trailingOnly = TRUE)

same <- function(a, b) stopifnot(identical(a, b))
refused <- function(expr, class, part) {
  e <- tryCatch({ expr; NULL }, error = function(e) e)
  if (!inherits(e, class) || !grepl(part, conditionMessage(e), fixed = TRUE)) {
    stop("wanted ", class, ": ", part, "\ngot ", class(e)[1], ": ", if (!is.null(e)) conditionMessage(e))
  }
}

same(melitz_version(), as.character(utils::packageVersion("melitz")))
open <- melitz_model("open", distribution = melitz_lognormal(0, 0.8), elasticity = 4, fixed_cost = 1, entry_cost = 2,
                     death_rate = 0.05, labor = 1, partners = 3, iceberg_cost = 1.6, export_fixed_cost = 1.3)

# The numbers of the library's own test, and those of the program, which R reads itself.
answer <- melitz_solve(open)
stopifnot(abs(answer$cutoff - 4.9632668106938912) < 1e-14, abs(answer$export_cutoff - 8.6669985182795293) < 1e-14)
if (length(program) == 1) {
  for (name in c("open", "technology", "homogeneous")) {
    text <- system2(program, c("--example", name), stdout = TRUE)
    printed <- system2(program, c("--json", "-"), input = text, stdout = TRUE)
    ours <- melitz_solve(melitz_example(name))
    for (line in grep("^  \"[a-z_0-9]+\": -?[0-9.e+-]+,?$", printed, value = TRUE)) {
      key <- sub("^  \"([a-z_0-9]+)\".*", "\\1", line)
      stopifnot(ours[[key]] == as.numeric(sub(".*: ([^,]*),?$", "\\1", line)))
    }
    same(sum(grepl("^  \"", printed)), length(ours))
  }
}

# Numbers go in and come out to the last bit, and so do words.
for (x in c(0.1 + 0.2, 1 / 3, 1e-300, 123456789.12345678)) {
  same(melitz_solve(open, labor = x)$welfare, melitz_sweep(open, labor = x, fields = "welfare")$welfare)
}
same(melitz:::from_json(melitz:::to_json(list(a = c(0.1 + 0.2, Inf, -Inf, NaN), b = "\"\\\n", c = TRUE, d = diag(2)))),
     list(a = c(0.1 + 0.2, Inf, -Inf, NaN), b = "\"\\\n", c = TRUE, d = diag(2)))
same(melitz_solve(melitz_example("closed"))$export_cutoff, NULL)

# A sweep is a data frame of the same numbers.
sweep <- melitz_sweep(open, iceberg_cost = c(1.2, 1.8), distribution.log_sd = 0.7, fields = c("welfare", "cutoff"))
same(names(sweep), c("iceberg_cost", "distribution.log_sd", "status", "welfare", "cutoff"))
same(sweep$status, rep("converged", 2))
same(sweep$welfare[2], melitz_solve(open, iceberg_cost = 1.8, distribution = melitz_lognormal(0, 0.7))$welfare)
all_fields <- melitz_sweep(open, labor = 1:3)
stopifnot(nrow(all_fields) == 3, "share_exporting" %in% names(all_fields), all(is.finite(all_fields$welfare)))
unsolved <- melitz_sweep(melitz_model("closed", distribution = melitz_lognormal(0, 0.8), elasticity = 1.2,
                                      fixed_cost = 1, entry_cost = 2, death_rate = 0.05),
                         labor = c(1, 1e-300), fields = "welfare")
same(unsolved$status, c("converged", "out_of_range"))
same(is.nan(unsolved$welfare), c(FALSE, TRUE))

# Mistakes are errors that name them.
refused(melitz_solve(open, iceberg_cost = 0.8), "melitz_domain_error", "parameters.iceberg_cost is 0.8; it must be at least 1")
refused(melitz_solve(open, iceberg = 1), "melitz_domain_error", "iceberg")
refused(melitz_solve("opne"), "melitz_domain_error", "did you mean \"open\"?")
refused(melitz_solve(open, distribution = melitz_lognormal(0, -1)), "melitz_domain_error", "distribution.log_sd is -1")
refused(melitz_solve(open, labor = NA), "melitz_domain_error", "parameters.labor is nan")
refused(melitz_solve(open, labor = list()), "melitz_domain_error", "labor")
refused(melitz_sweep(open, iceberg_cost = c(1.2, 0.8), fields = "welfare"), "melitz_domain_error", "element 1: ")
refused(melitz_sweep(open, iceberg_cost = 1.2, fields = "welfair"), "melitz_domain_error", "welfair")
refused(melitz_sweep(open), "error", "nothing varies")
refused(melitz_solve(open, 1.6), "error", "needs its name")
refused(melitz_solve(melitz_model("closed", distribution = melitz_lognormal(0, 0.8), elasticity = 1.2, fixed_cost = 1,
                                  entry_cost = 2, death_rate = 0.05, labor = 1e-300)),
        "melitz_convergence_error", "out_of_range")

# Laws are functions, from the catalog.
same(names(formals(melitz_lognormal)), c("log_mean", "log_sd"))
law <- melitz_mixture(c(0.4, 0.6), list(melitz_lognormal(0, 0.8), melitz_pareto(1, 5)))
stopifnot(is.finite(melitz_solve(open, distribution = law)$welfare))
stopifnot(is.finite(melitz_solve(open, distribution = melitz_discrete(3))$welfare))

# Countries have names, and so have rows and columns.
if ("world" %in% vapply(melitz_models()$models, function(m) m$name, "")) {
  world <- melitz_example("world")
  n <- nrow(world$parameters$iceberg_cost)
  world$countries <- paste0("C", seq_len(n))
  answer <- melitz_solve(world)
  same(names(answer$wage), world$countries)
  same(dimnames(answer$mass_sellers), list(world$countries, world$countries))
  dearer <- melitz_sweep(world, `iceberg_cost[C1][C2]*` = c(1, 1.5), fields = c("wage", "mass_sellers"))
  same(dearer[["mass_sellers[C1][C2]"]][1], answer$mass_sellers[["C1", "C2"]])
  stopifnot(dearer[["mass_sellers[C1][C2]"]][2] < answer$mass_sellers[["C1", "C2"]])
}

# What is asked besides; of a model that has no such thing it is refused.
after <- melitz_compare(open, iceberg_cost = 1.4)$results
same(after$after[after$name == "welfare"], melitz_solve(open, iceberg_cost = 1.4)$welfare)
firms <- melitz_firms(open, c(1, 7, 12))
same(dim(firms), c(3L, 5L))
stopifnot(all(diff(firms$profit) >= 0))
refused(melitz_curve(melitz_example("technology"), 2), "melitz_domain_error", "which has no")
cat("all is as it must be\n")
