% SPDX-License-Identifier: BSL-1.0
% answer = melitz.compare (model, 'iceberg_cost', 1.4, ...), answer = melitz.compare (before, after)
%
% Before and after a change: answer.results.welfare.before, .after and .percent, and so of every result; answer.firms are
% the groups of firms by what happens to them, where the model has them.
function answer = compare (before, varargin)
  before = melitz.model (before);
  if numel (varargin) == 1
    after = varargin{1};
  else
    after = melitz.model (before, varargin{:});
  end
  answer = melitz.ask ('compare', melitz.to_json (before), melitz.to_json (after));
end
