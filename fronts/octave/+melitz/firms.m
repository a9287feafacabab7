% SPDX-License-Identifier: BSL-1.0
% answer = melitz.firms (model, productivities): what firms do: columns productivity, revenue and profit, and the cell choice.
function answer = firms (model, productivities, varargin)
  model = melitz.to_json (melitz.model (model, varargin{:}));
  answer = melitz.ask ('firms', model, melitz.to_json (num2cell (productivities)));
end
