% SPDX-License-Identifier: BSL-1.0
% law = melitz.law ('lognormal', 'log_mean', 0, 'log_sd', 0.8): a law of productivity by its family.
function law = law (family, varargin)
  law = struct ('family', family);
  for k = 1:2:numel (varargin)
    law.(varargin{k}) = varargin{k + 1};
  end
end
