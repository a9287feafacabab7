# SPDX-License-Identifier: BSL-1.0
# The economy in R: free entry by uniroot, its integrals by integrate over the density, both with tolerances that make
# the answer right to twelve digits and more (uniroot's own, eps^0.25, gives five); and the sweep at once, by Newton's
# method in logs on the closed forms.
#   Rscript r_solve.R JOB SECONDS      JOB: closed/LAW, open/LAW or sweep/LAW

sigma <- 4; f <- 1; fe <- 2; delta <- 0.05; L <- 1; n <- 3; fx <- 1.3; r <- sigma - 1

# Density, survival, moment E[phi^r; phi >= x], where the support begins, and where the search for the cutoff does.
lognormal <- function(mean, sd) list(
  density = function(p) dlnorm(p, mean, sd),
  survival = function(x) plnorm(x, mean, sd, lower.tail = FALSE),
  moment = function(x) exp(r * mean + (r * sd)^2 / 2) * plnorm(x, mean + r * sd^2, sd, lower.tail = FALSE),
  begin = 0, lowest = 0.5)
laws <- list(
  pareto = list(density = function(p) 4.25 * p^-5.25, survival = function(x) x^-4.25,
                moment = function(x) 4.25 / (4.25 - r) * x^(r - 4.25), begin = 1, lowest = 1),
  lognormal = lognormal(0, 0.8),
  weibull = list(density = function(p) dweibull(p, 1.4), survival = function(x) pweibull(x, 1.4, lower.tail = FALSE),
                 moment = function(x) gamma(1 + r / 1.4) * pgamma(x^1.4, 1 + r / 1.4, lower.tail = FALSE),
                 begin = 0, lowest = 0.5),
  frechet = list(density = function(p) 4.25 * p^-5.25 * exp(-p^-4.25), survival = function(x) -expm1(-x^-4.25),
                 moment = function(x) gamma(1 - r / 4.25) * pgamma(x^-4.25, 1 - r / 4.25), begin = 0, lowest = 0.5))
a <- lognormal(0, 0.5)
b <- lognormal(0.5, 0.75)
laws$mixture <- list(density = function(p) 0.75 * a$density(p) + 0.25 * b$density(p),
                     survival = function(x) 0.75 * a$survival(x) + 0.25 * b$survival(x),
                     moment = function(x) 0.75 * a$moment(x) + 0.25 * b$moment(x), begin = 0, lowest = 0.5)
laws$density <- lognormal(0, 0.8)

# All results from the cutoffs and the tails there; infinite tau is the closed economy.
all_results <- function(cutoff, tau, s, v, export_cutoff, sx, vx) {
  size <- v / s / cutoff^r
  productivity <- cutoff * size^(1 / r)
  open <- all(is.finite(tau))
  share <- if (open) sx / s else 0
  size_x <- if (open) vx / sx / export_cutoff^r else 0
  profit <- f * (size - 1) + share * n * fx * (size_x - 1)
  sales <- f * size + share * n * fx * size_x
  producers <- L / (sigma * sales)
  varieties <- producers * (1 + n * share)
  all_productivity <- cutoff * (sales / f / (1 + n * share))^(1 / r)
  welfare <- (sigma - 1) / sigma * all_productivity * varieties^(1 / r)
  out <- cbind(cutoff, export_cutoff, share, productivity, export_cutoff * size_x^(1 / r), profit, sigma * sales,
               producers, share * producers, varieties, all_productivity, 1 / welfare, welfare)
  if (!open) out[, c(2, 3, 5, 9, 10, 11)] <- NA
  unname(out)
}

solve_by_quadrature <- function(law, tau) {
  above <- function(g, x) integrate(g, x, Inf, rel.tol = 1e-11, abs.tol = 0, stop.on.error = FALSE)$value
  gap <- tau * (fx / f)^(1 / r)
  profit <- function(x) above(function(p) ((p / x)^r - 1) * law$density(p), x)
  free_entry <- function(x) f * profit(x) + (if (is.finite(tau)) n * fx * profit(gap * x) else 0) - delta * fe
  cutoff <- uniroot(free_entry, c(law$lowest, 20), tol = 1e-13)$root
  survival <- function(x) above(law$density, x)
  moment <- function(x) above(function(p) p^r * law$density(p), x)
  export_cutoff <- gap * cutoff
  open <- is.finite(tau)
  all_results(cutoff, tau, survival(cutoff), moment(cutoff), export_cutoff,
              if (open) survival(export_cutoff) else NA, if (open) moment(export_cutoff) else NA)
}

evaluations_of <- function(law, tau) {
  count <- 0
  plain <- law$density
  law$density <- function(p) {
    count <<- count + length(p)
    plain(p)
  }
  solve_by_quadrature(law, tau)
  count
}

# Newton's method in logs, all economies at once.
solve_by_newton <- function(law, tau) {
  gap <- tau * (fx / f)^(1 / r)
  weight <- n * fx / f
  mean <- law$moment(law$begin)
  needed <- log(delta * fe / f)
  t <- pmax((log(mean) - log(delta * fe / f + 1)) / r,
            (log(mean) + log1p(weight * gap^-r) - log(delta * fe / f + 1 + weight)) / r)
  for (k in 1:30) {
    cutoff <- exp(t)
    export_cutoff <- gap * cutoff
    s <- law$survival(cutoff); v <- law$moment(cutoff)
    sx <- law$survival(export_cutoff); vx <- law$moment(export_cutoff)
    home <- v / cutoff^r
    abroad <- vx / export_cutoff^r
    value <- home - s + weight * (abroad - sx)
    step <- (log(value) - needed) * value / (r * (home + weight * abroad))
    if (max(abs(step)) < 1e-14) break
    t <- t + step
  }
  list(answers = all_results(cutoff, tau, s, v, export_cutoff, sx, vx), evaluations = 2 * k)
}

# Nanoseconds of the processor for one call: the median of several loops.
time_of <- function(work, seconds) {
  processor <- function() sum(proc.time()[1:2])
  calls <- 1
  repeat {
    begin <- processor()
    for (k in seq_len(calls)) work()
    spent <- processor() - begin
    if (spent > seconds / 10) break
    calls <- calls * 2
  }
  times <- spent
  while (sum(times) < seconds) {
    begin <- processor()
    for (k in seq_len(calls)) work()
    times <- c(times, processor() - begin)
  }
  median(times) / calls * 1e9
}

print_row <- function(job, implementation, ns, evaluations, tau, answers) {
  number <- function(x) ifelse(is.finite(x), sprintf("%.17g", x), "null")
  costs <- ifelse(is.finite(tau), sprintf("\"%.17g\"", tau), "\"inf\"")
  rows <- apply(answers, 1, function(row) paste0("[", paste(number(row), collapse = ", "), "]"))
  cat(sprintf("{\"job\": \"%s\", \"implementation\": \"R %s %s\", \"ns\": %.17g, \"evaluations\": %.17g, ", job,
              getRversion(), implementation, ns, evaluations),
      "\"iceberg_costs\": [", paste(costs, collapse = ", "), "], \"answers\": [", paste(rows, collapse = ", "), "]}\n",
      sep = "")
}

arguments <- commandArgs(trailingOnly = TRUE)
job <- arguments[1]
seconds <- as.numeric(arguments[2])
parts <- strsplit(job, "/")[[1]]
law <- laws[[parts[2]]]
if (parts[1] == "sweep") {
  tau <- 1.2 + 1.8 * (0:9999) / 9999
  shown <- c(seq(1, 10000, 100), 10000)
  if (parts[2] == "density") {  # by quadrature, a few of them: each is solved by itself
    tau <- tau[c(seq(1, 10000, 1000), 10000)]
    work <- function() do.call(rbind, lapply(tau, function(t) solve_by_quadrature(law, t)))
    print_row(job, "uniroot + integrate", time_of(work, seconds) / length(tau), evaluations_of(law, 1.6), tau, work())
  } else {
    solved <- solve_by_newton(law, tau)
    print_row(job, "vectorised, closed forms", time_of(function() solve_by_newton(law, tau), seconds) / length(tau),
              solved$evaluations, tau[shown], solved$answers[shown, ])
  }
} else {
  tau <- if (parts[1] == "closed") Inf else 1.6
  print_row(job, "uniroot + integrate", time_of(function() solve_by_quadrature(law, tau), seconds),
            evaluations_of(law, tau), tau, solve_by_quadrature(law, tau))
}
