% SPDX-License-Identifier: BSL-1.0
% answer = melitz.try_solve (...): as melitz.solve, but what has no solution is an answer whose status says why, and whose
% numbers are NaN.
function answer = try_solve (varargin)
  answer = melitz.ask ('solve', melitz.to_json (melitz.model (varargin{:})));
end
