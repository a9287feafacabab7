% SPDX-License-Identifier: BSL-1.0
% answer = melitz.gains (model): welfare over that in autarky, of the country or of each: answer.gains_from_trade.
function answer = gains (model, varargin)
  answer = melitz.ask ('gains', melitz.to_json (melitz.model (model, varargin{:})));
end
