% SPDX-License-Identifier: BSL-1.0
% table = melitz.sweep (model, {'welfare', 'wage'}, 'iceberg_cost', linspace (1.2, 3, 200), ...)
%
% Solves a model for each of many values, on all processors. Fields are results that are numbers. What varies is a
% parameter, an element ('labor[2]'), a multiple ('iceberg_cost*') or a number of the law ('distribution.log_sd'); of each
% there are as many values. A struct with the fields, a row for each value, and `status`, a cell of words; NaN is what was
% not solved. 'threads' is how many at a time, 0 one for each processor.
function table = sweep (model, fields, varargin)
  names = varargin(1:2:end);
  values = varargin(2:2:end);
  threads = 0;
  is_option = strcmp (names, 'threads');
  if (any (is_option))
    threads = values{is_option};
  end
  names = names(~is_option);
  values = cellfun (@(x) double (x(:)), values(~is_option), 'UniformOutput', false);
  if (isempty (names) || numel (names) ~= numel (values) || numel (unique (cellfun (@numel, values))) ~= 1)
    error ('melitz:domain', 'melitz: what varies needs a name and as many values as all that varies');
  end
  model = melitz.model (model);
  for k = 1:numel (names)  % a parameter may be left out of the model if it varies
    if (isvarname (names{k}) && ~isfield (model.parameters, names{k}) && ~isempty (values{k}))
      model.parameters.(names{k}) = values{k}(1);
    end
  end
  text = melitz.to_json (model);
  [code, message, sizes] = melitz_call ('sizes', text, fields(:)');
  if (code == 0)
    [code, message, numbers, statuses] = melitz_call ('sweep', text, names, [values{:}], fields(:)', prod (sizes, 2), threads);
  end
  if (code > 1)
    melitz.fail (code, message);
  end
  table = cell2struct ([numbers(:); {statuses}], [fields(:); {'status'}]);
end
