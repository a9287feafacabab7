% SPDX-License-Identifier: BSL-1.0
% text = melitz.to_json (value): JSON of a model, to the last bit (jsonencode keeps 15 digits). A row or a column is a
% list, a matrix a list of its rows, a scalar a number, a struct an object, a cell a list of whatever it holds. What JSON
% cannot say is "inf", "-inf" or "nan".
function text = to_json (value)
  if ischar (value)
    from = {'\', '"', char(10), char(13), char(9)};
    to = {'\\', '\"', '\n', '\r', '\t'};
    for k = 1:numel (from)
      value = strrep (value, from{k}, to{k});
    end
    text = ['"', value, '"'];
  elseif isstruct (value) && isscalar (value)
    member = @(name) [melitz.to_json(name), ': ', melitz.to_json(value.(name))];
    members = cellfun (member, fieldnames (value), 'UniformOutput', false);
    text = ['{', strjoin(members(:)', ', '), '}'];
  elseif iscell (value)
    members = cellfun (@melitz.to_json, value(:)', 'UniformOutput', false);
    text = ['[', strjoin(members, ', '), ']'];
  elseif isstruct (value)
    text = melitz.to_json (num2cell (value));
  elseif ~(islogical (value) || (isnumeric (value) && isreal (value))) || ndims (value) > 2
    error ('melitz:domain', 'melitz: no number, word, list, table or struct: %s', class (value));
  elseif ~isscalar (value) && ~isvector (value) && ~isempty (value)
    text = melitz.to_json (mat2cell (value, ones (1, size (value, 1)), size (value, 2)));
  elseif ~isscalar (value)
    text = melitz.to_json (num2cell (value));
  elseif islogical (value)
    words = {'false', 'true'};
    text = words{1 + value};
  elseif isfinite (value)
    text = sprintf ('%.17g', value);
  else
    text = ['"', lower(sprintf ('%g', value)), '"'];
  end
end
