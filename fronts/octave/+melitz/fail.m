% SPDX-License-Identifier: BSL-1.0
% melitz.fail (code, text): the error that a code and a text of libmelitz are.
function fail (code, text)
  if (strncmp (text, '{', 1))
    answer = melitz.from_json (text);
    text = answer.error;
  elseif (isempty (text))
    text = 'there is not enough memory';
  end
  if (code == 2)
    error ('melitz:domain', 'melitz: %s', text);
  end
  error ('melitz:internal', 'melitz: %s', text);
end
