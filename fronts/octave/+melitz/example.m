% SPDX-License-Identifier: BSL-1.0
% model = melitz.example ('open'): a model that can be solved, to start from.
function model = example (name)
  model = melitz.ask ('example', name);
end
