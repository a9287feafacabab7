law = melitz.law ('lognormal', 'log_mean', 0, 'log_sd', 0.8);
open = melitz.model ('open', 'distribution', law, 'elasticity', 4, 'fixed_cost', 1, 'entry_cost', 2, ...
                     'death_rate', 0.05, 'labor', 1000, 'partners', 3, 'iceberg_cost', 1.6, 'export_fixed_cost', 1.3);
answer = melitz.solve (open);
printf ('%.5f %.5f\n', answer.welfare, answer.share_exporting);

% Many at once, on all cores: a struct of columns.
table = melitz.sweep (open, {'welfare', 'share_exporting'}, 'iceberg_cost', [1.2, 1.4, 1.6]);
printf ('%.5f %.5f\n', [table.welfare, table.share_exporting]');

% A mistake is an error that names it.
try
  melitz.solve (open, 'iceberg_cost', 0.8);
catch mistake
  disp (mistake.message);
end
