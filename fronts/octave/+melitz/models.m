% SPDX-License-Identifier: BSL-1.0
% all = melitz.models (): all models and laws, with their parameters and results.
function all = models ()
  all = melitz.ask ('models');
end
