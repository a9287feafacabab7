% SPDX-License-Identifier: BSL-1.0
% answer = melitz.ask (what, text, ...): the answer of a function of libmelitz, or its error: melitz:domain for a mistake,
% which it names, melitz:internal for what should not happen. A model without a solution is an answer, whose status says so.
function answer = ask (what, varargin)
  [code, text] = melitz_call (what, varargin{:});
  if (code > 1)
    melitz.fail (code, text);
  end
  answer = melitz.from_json (text);
end
