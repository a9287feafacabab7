% SPDX-License-Identifier: BSL-1.0
% [table, logs] = melitz.derivatives (model, {'welfare', 'cutoff'}, {'iceberg_cost', 'distribution.log_sd'})
%
% Derivatives, results in rows, parameters in columns; `logs` are elasticities, d ln / d ln.
function [table, logs] = derivatives (model, results, parameters, varargin)
  wanted = struct ('results', {results}, 'parameters', {parameters}, 'elasticities', nargout > 1);
  model = melitz.to_json (melitz.model (model, varargin{:}));
  answer = melitz.ask ('derivatives', model, melitz.to_json (wanted));
  if ~strcmp (answer.status, 'converged')
    error ('melitz:convergence', 'melitz: %s', answer.status);
  end
  table = in_rows (answer.derivatives);
  if nargout > 1
    logs = in_rows (answer.elasticities);
  end
end

function table = in_rows (nested)
  table = cell2mat (cellfun (@(row) cell2mat (struct2cell (row))', struct2cell (nested), 'UniformOutput', false));
end
