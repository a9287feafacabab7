# SPDX-License-Identifier: BSL-1.0
#
# Between R's values and JSON, to the last bit: toJSON and its digits are not asked.

# A vector of one is a number, a word or a yes or no; of several a list; a matrix is a list of its rows; a list with names
# is an object. What JSON cannot say is "inf", "-inf" or "nan".
to_json <- function(x) {
  if (is.null(x)) return("null")
  if (is.list(x)) {
    elements <- vapply(x, to_json, "")
    if (is.null(names(x))) return(paste0("[", paste(elements, collapse = ", "), "]"))
    return(paste0("{", paste0(quoted(names(x)), ": ", elements, collapse = ", "), "}"))
  }
  if (is.factor(x)) x <- as.character(x)
  if (is.matrix(x)) {
    rows <- vapply(seq_len(nrow(x)), function(i) in_brackets(words(x[i, ])), "")
    return(in_brackets(rows))
  }
  if (length(x) == 1 && !inherits(x, "AsIs")) words(x) else in_brackets(words(x))
}

in_brackets <- function(elements) paste0("[", paste(elements, collapse = ", "), "]")

words <- function(x) {
  x <- unclass(unname(x))
  if (is.character(x)) return(quoted(x))
  if (is.logical(x)) return(ifelse(is.na(x), "\"nan\"", ifelse(x, "true", "false")))
  if (!is.numeric(x)) stop("melitz: no number, word or list: ", class(x)[1], call. = FALSE)
  out <- sprintf("%.17g", x)
  out[is.na(x)] <- "\"nan\""
  out[!is.na(x) & x == Inf] <- "\"inf\""
  out[!is.na(x) & x == -Inf] <- "\"-inf\""
  out
}

quoted <- function(words) {
  words <- enc2utf8(words)
  for (pair in list(c("\\", "\\\\"), c("\"", "\\\""), c("\n", "\\n"), c("\r", "\\r"), c("\t", "\\t"))) {
    words <- gsub(pair[1], pair[2], words, fixed = TRUE)
  }
  paste0("\"", words, "\"")
}

# A number is numeric; a list of numbers a vector; a list of such lists of one length a matrix.
from_json <- function(text) tidy(jsonlite::fromJSON(text, simplifyVector = FALSE))

not_finite <- c("inf" = Inf, "-inf" = -Inf, "nan" = NaN)

is_number <- function(x) is.numeric(x) || (is.character(x) && x %in% names(not_finite))
as_number <- function(x) if (is.character(x)) not_finite[[x]] else as.numeric(x)

tidy <- function(x) {
  if (is.null(x)) return(NA)
  if (!is.list(x)) return(if (is_number(x)) as_number(x) else x)
  if (!is.null(names(x))) return(lapply(x, tidy))
  if (length(x) == 0) return(numeric(0))
  if (all(vapply(x, is_number, NA))) return(vapply(x, as_number, 0))
  if (all(vapply(x, is.character, NA))) return(unlist(x))
  inside <- lapply(x, tidy)
  lengths <- unique(vapply(inside, length, 0L))
  if (all(vapply(inside, is.numeric, NA)) && length(lengths) == 1) return(do.call(rbind, inside))
  inside
}
