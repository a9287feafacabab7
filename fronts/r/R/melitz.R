# SPDX-License-Identifier: BSL-1.0
#
# Models by name. What they are called, want and answer is asked of libmelitz; nothing here knows one of them.

melitz_version <- function() .Call(r_version)

# All models and laws, with their parameters and results.
melitz_models <- function() {
  if (is.null(known$models)) known$models <- from_json(checked(.Call(r_models)))
  known$models
}
known <- new.env()

# A model: its name, the law that firms draw from, and its parameters by name. Names of countries, if it has any. `model`
# may be a model already, of which something becomes different.
melitz_model <- function(model, ..., distribution = NULL, countries = NULL) {
  if (!is.list(model)) model <- list(model = model, parameters = list())
  given <- list(...)
  if (length(given) > 0 && (is.null(names(given)) || any(names(given) == ""))) {
    stop("melitz: every parameter needs its name, as in iceberg_cost = 1.6", call. = FALSE)
  }
  if (!is.null(distribution)) model$distribution <- distribution
  if (!is.null(countries)) model$countries <- countries
  model$parameters[names(given)] <- given
  structure(model, class = "melitz_model")
}

# A model that can be solved, to start from.
melitz_example <- function(model) {
  structure(from_json(checked(.Call(r_ask, "example", model))), class = "melitz_model")
}

# A law of productivity by its family; there is a function for each family, too, as melitz_lognormal(0, 0.8).
melitz_law <- function(family, ...) list(family = family, ...)
melitz_mixture <- function(weights, components) {
  list(family = "mixture", weights = I(weights), components = unname(components))
}

# The equilibrium: a list of numbers, words, vectors by country and matrices of pairs of countries, exporters in rows. An
# error of class melitz_domain_error names what is wrong with the model, one of class melitz_convergence_error why it has
# no solution; the latter is no error of melitz_try_solve, whose `status` says it.
melitz_solve <- function(model, ..., distribution = NULL, countries = NULL) {
  out <- melitz_try_solve(model, ..., distribution = distribution, countries = countries)
  if (out$status != "converged") fail("melitz_convergence_error", out$status)
  out
}
melitz_try_solve <- function(model, ..., distribution = NULL, countries = NULL) {
  model <- melitz_model(model, ..., distribution = distribution, countries = countries)
  labelled(from_json(checked(.Call(r_ask, "solve", in_json(model)), "melitz_not_solved")), model)
}

# A data frame with a row for each of the values of what varies: iceberg_cost = seq(1.2, 3, length.out = 200), and, in
# backticks, `labor[CAN]`, `iceberg_cost*` (which multiplies) or `distribution.log_sd`. All have as many values, or one.
# Columns: these, the status of each row, and `fields`, all numbers if none are named; NaN where it was not solved.
melitz_sweep <- function(model, ..., fields = NULL, threads = 0) {
  model <- melitz_model(model)
  moved <- list(...)
  if (length(moved) == 0 || is.null(names(moved)) || any(names(moved) == "")) {
    stop("melitz: nothing varies; say what does, as in iceberg_cost = seq(1.2, 3, length.out = 200)", call. = FALSE)
  }
  moved <- as.data.frame(lapply(moved, as.double), optional = TRUE)  # as many values of each, or an error
  document <- in_json(with_first(model, moved))
  if (is.null(fields)) fields <- number_fields(model, document)
  sizes <- .Call(r_sizes, document, fields)
  if (is.character(sizes)) checked(sizes)
  lengths <- as.integer(sizes[, 1] * sizes[, 2])
  found <- .Call(r_sweep, document, nrow(moved), names(moved), unclass(moved), fields, lengths, as.integer(threads))
  if (is.character(found)) checked(found)
  out <- moved
  out$status <- .Call(r_status_words, found[[length(fields) + 1]])
  for (k in seq_along(fields)) {
    numbers <- matrix(found[[k]], ncol = lengths[k], byrow = TRUE)
    out[places(fields[k], sizes[k, ], model$countries)] <- as.data.frame(numbers)
  }
  out
}

# ---- What is asked of a model besides its equilibrium. Models that have no such thing are a melitz_domain_error.

# Before and after a change: melitz_compare(open, iceberg_cost = 1.4), or two models. `results`: a data frame of all
# numbers, with the change in percent; `firms`: one of the groups of firms, where the model has them.
melitz_compare <- function(before, after = before, ...) {
  before <- melitz_model(before)
  answer <- asked("compare", before, in_json(melitz_model(after, ...)))
  if (answer$status != "converged") return(answer)
  rows <- lapply(names(answer$results), function(name) rows_of_result(name, answer$results[[name]], before$countries))
  answer$results <- do.call(rbind, rows)
  if (!is.null(answer$firms)) answer$firms <- do.call(rbind, lapply(answer$firms, as.data.frame))
  answer
}

# Welfare over that in autarky, of the country or of each.
melitz_gains <- function(model, ...) asked("gains", melitz_model(model, ...))

# A data frame of what firms of these productivities do.
melitz_firms <- function(model, productivities, ...) {
  as_data_frame(asked("firms", melitz_model(model, ...), to_json(I(productivities))))
}

# A data frame of the equilibrium conditions at these cutoffs: Melitz's (2003) figures 1 and 2.
melitz_curve <- function(model, cutoffs, ...) {
  as_data_frame(asked("curve", melitz_model(model, ...), to_json(I(cutoffs))))
}

# A matrix, results in rows, parameters in columns: melitz_derivatives(open, "welfare", c("iceberg_cost",
# "distribution.log_sd")). With `elasticities`, d ln / d ln.
melitz_derivatives <- function(model, results, parameters, elasticities = FALSE, ...) {
  wanted <- list(results = I(results), parameters = I(parameters), elasticities = elasticities)
  answer <- asked("derivatives", melitz_model(model, ...), to_json(wanted))
  if (answer$status != "converged") fail("melitz_convergence_error", answer$status)
  do.call(rbind, lapply(answer[[if (elasticities) "elasticities" else "derivatives"]], unlist))
}

# The model that shows what is observed: melitz_calibrate("open", share_exporting = 0.18, ..., distribution = ...).
melitz_calibrate <- function(model, ..., distribution = NULL, countries = NULL) {
  model <- melitz_model(model, ..., distribution = distribution, countries = countries)
  names(model)[names(model) == "parameters"] <- "targets"
  answer <- from_json(checked(.Call(r_ask, "calibrate", in_json(model)), "melitz_not_solved"))
  if (!is.null(answer$status)) fail("melitz_convergence_error", answer$status)
  structure(answer, class = "melitz_model")
}

asked <- function(what, model, ...) {
  labelled(from_json(checked(.Call(r_ask, what, c(in_json(model), ...)), "melitz_not_solved")), model)
}
as_data_frame <- function(answer) {
  if (answer$status != "converged") fail("melitz_convergence_error", answer$status)
  as.data.frame(answer[!names(answer) %in% c("id", "countries", "model", "version", "status", "warnings", "inputs")])
}
# Of one result before and after, a row for each of its numbers; of a word there are none.
rows_of_result <- function(name, given, countries) {
  if (is.null(given$percent)) return(NULL)
  size <- if (is.matrix(given$before)) dim(given$before) else c(length(given$before), 1)
  in_rows <- function(x) as.vector(if (is.matrix(x)) t(x) else x)
  data.frame(name = places(name, size, countries), before = in_rows(given$before), after = in_rows(given$after),
             percent = in_rows(given$percent))
}

# ---- Of the functions above.

in_json <- function(model) to_json(unclass(model))

# The text of an answer, or the error that it is.
checked <- function(text, may_be = NULL) {
  code <- attr(text, "code")
  if (code == 0 || (code == 1 && !is.null(may_be))) return(as.vector(text))
  if (length(text) == 0) fail("melitz_error", "there is not enough memory")
  message <- if (startsWith(text, "{")) from_json(text)$error else as.vector(text)
  fail(if (code == 2) "melitz_domain_error" else if (code == 1) "melitz_convergence_error" else "melitz_error", message)
}
fail <- function(class, message) {
  stop(structure(class = c(class, "melitz_error", "error", "condition"), list(message = message, call = NULL)))
}

# What the catalog says of a model.
described <- function(model) {
  for (m in melitz_models()$models) if (identical(m$name, model$model)) return(m)
  NULL
}

# An answer with the names of the countries.
labelled <- function(answer, model) {
  countries <- model$countries
  if (is.null(countries)) return(answer)
  if (length(answer$gains_from_trade) == length(countries)) names(answer$gains_from_trade) <- countries
  for (result in described(model)$results) {
    value <- answer[[result$name]]
    if (is.null(value)) next
    if (is.matrix(value)) {
      by_country <- c(grepl("^by_(pair|country)", result$shape), grepl("(pair|_country)$", result$shape))
      dimnames(answer[[result$name]]) <- list(if (by_country[1]) countries, if (by_country[2]) countries)
    } else if (result$shape == "by_country") {
      names(answer[[result$name]]) <- countries
    }
  }
  answer
}

# The model with the first values of whole parameters that vary, which it may leave out: so that it can be read.
with_first <- function(model, moved) {
  wanted <- vapply(described(model)$parameters, function(p) p$name, "")
  for (name in intersect(setdiff(names(moved), names(model$parameters)), wanted)) {
    model$parameters[[name]] <- moved[[name]][1]
  }
  model
}

# The results that are numbers, in a solved model.
number_fields <- function(model, document) {
  answer <- from_json(checked(.Call(r_ask, "solve", document), "melitz_not_solved"))
  results <- vapply(described(model)$results, function(r) r$name, "")
  Filter(function(name) is.numeric(answer[[name]]) || is.logical(answer[[name]]), results)
}

# wage[CAN], wage[USA]; exports[CAN][USA].
places <- function(field, size, countries) {
  if (all(size == 1)) return(field)
  name <- function(n) if (length(countries) == n) countries else seq_len(n) - 1
  rows <- paste0(field, "[", name(size[1]), "]")
  if (size[2] == 1) return(rows)
  paste0(rep(rows, each = size[2]), "[", name(size[2]), "]")
}

# melitz_lognormal(log_mean, log_sd) and the like, from the catalog, when the package is loaded.
.onLoad <- function(libname, pkgname) {
  namespace <- topenv()
  for (law in melitz_models()$laws) {
    if (exists(paste0("melitz_", law$name), namespace, inherits = FALSE)) next
    assign(paste0("melitz_", law$name), law_function(law), namespace)
  }
}
law_function <- function(law) {
  family <- law$name
  keys <- vapply(law$keys, function(key) key$name, "")
  optional <- vapply(law$keys, function(key) "if_left_out" %in% names(key), NA)
  lists <- keys[vapply(law$keys, function(key) key$shape == "list", NA)]
  out <- function() {
    given <- Filter(Negate(is.null), mget(keys))
    for (key in intersect(lists, names(given))) given[[key]] <- I(given[[key]])
    do.call(melitz_law, c(list(family), given))
  }
  formals(out) <- stats::setNames(ifelse(optional, list(NULL), list(quote(expr = ))), keys)
  out
}

print.melitz_model <- function(x, ...) {
  cat("model", x$model, "\n")
  utils::str(unclass(x)[-1], give.attr = FALSE)
  invisible(x)
}
