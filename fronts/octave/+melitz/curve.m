% SPDX-License-Identifier: BSL-1.0
% answer = melitz.curve (model, cutoffs): the equilibrium conditions at these cutoffs, Melitz's (2003) figures 1 and 2:
% columns cutoff, export_cutoff, value_of_entry, average_profit and average_profit_required.
function answer = curve (model, cutoffs, varargin)
  model = melitz.to_json (melitz.model (model, varargin{:}));
  answer = melitz.ask ('curve', model, melitz.to_json (num2cell (cutoffs)));
end
