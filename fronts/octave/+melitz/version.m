% SPDX-License-Identifier: BSL-1.0
% text = melitz.version (): that of libmelitz.
function text = version ()
  [~, text] = melitz_call ('version');
end
