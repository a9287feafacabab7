% SPDX-License-Identifier: BSL-1.0
% model = melitz.calibrate ('open', 'distribution', law, 'share_exporting', 0.18, ...): the model that shows what is observed.
function model = calibrate (varargin)
  model = melitz.model (varargin{:});
  model.targets = model.parameters;
  model = melitz.ask ('calibrate', melitz.to_json (rmfield (model, 'parameters')));
  if isfield (model, 'status')
    error ('melitz:convergence', 'melitz: %s', model.status);
  end
end
