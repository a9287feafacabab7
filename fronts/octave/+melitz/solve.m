% SPDX-License-Identifier: BSL-1.0
% answer = melitz.solve ('open', 'distribution', melitz.law ('lognormal', 'log_mean', 0, 'log_sd', 0.8), 'elasticity', 4, ...)
% answer = melitz.solve (model), answer = melitz.solve (model, 'iceberg_cost', 1.4)
%
% The equilibrium of a model, see melitz.model: a struct of numbers and words, columns by country and matrices of pairs
% of countries, exporters in rows. An error melitz:domain names what is wrong with the model; one melitz:convergence says why
% it has no solution.
function answer = solve (varargin)
  answer = melitz.try_solve (varargin{:});
  if (~strcmp (answer.status, 'converged'))
    error ('melitz:convergence', 'melitz: %s', answer.status);
  end
end
