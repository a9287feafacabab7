% SPDX-License-Identifier: BSL-1.0
% m = melitz.model (name, 'distribution', law, parameter, value, ...): a model by its name, the law that firms draw from,
% and its parameters; 'countries' gives their names. m = melitz.model (m, parameter, value, ...) is one of which something
% is different. What models there are, and what they want, says melitz.models ().
function m = model (m, varargin)
  if (ischar (m))
    m = struct ('model', m);
  end
  if (~isfield (m, 'parameters'))
    m.parameters = struct ();
  end
  if (mod (numel (varargin), 2) ~= 0 || ~iscellstr (varargin(1:2:end)))
    error ('melitz:domain', 'melitz: every parameter needs its name, as in ''iceberg_cost'', 1.6');
  end
  for k = 1:2:numel (varargin)
    if (any (strcmp (varargin{k}, {'distribution', 'countries'})))
      m.(varargin{k}) = varargin{k + 1};
    else
      m.parameters.(varargin{k}) = varargin{k + 1};
    end
  end
end
