library(melitz)
open <- melitz_model("open", distribution = melitz_lognormal(log_mean = 0, log_sd = 0.8), elasticity = 4, fixed_cost = 1,
                     entry_cost = 2, death_rate = 0.05, labor = 1000, partners = 3, iceberg_cost = 1.6,
                     export_fixed_cost = 1.3)
answer <- melitz_solve(open)
c(answer$welfare, answer$share_exporting)

# Many at once, on all cores: a data frame.
melitz_sweep(open, iceberg_cost = c(1.2, 1.4, 1.6), fields = c("welfare", "share_exporting"))

# A mistake is an error that names it.
tryCatch(melitz_solve(open, iceberg_cost = 0.8), melitz_domain_error = function(e) cat(conditionMessage(e), "\n"))
