% SPDX-License-Identifier: BSL-1.0
% value = melitz.from_json (text): an answer as a struct, to the last bit (Octave's jsondecode reads numbers otherwise than
% the rest of it). A list of numbers is a column, a list of such lists a matrix; "inf", "-inf" and "nan" are numbers; null
% is NaN.
function value = from_json (text)
  % Numbers outside words are taken from jsondecode as words behind a mark.
  [first, last] = regexp (text, '"[^"\\]*(?:\\.[^"\\]*)*"|-?[0-9][0-9.eE+-]*', 'start', 'end');
  numeric = text(first) ~= '"';
  from = first(numeric);
  to = last(numeric);
  pieces = cell (1, 2 * numel (from) + 1);
  at = 1;
  for k = 1:numel (from)
    pieces{2 * k - 1} = text(at:from(k) - 1);
    pieces{2 * k} = ['"\u0001', text(from(k):to(k)), '"'];
    at = to(k) + 1;
  end
  pieces{end} = text(at:end);
  value = numbers (jsondecode ([pieces{:}]));
end

function out = numbers (in)
  if isstruct (in) && isscalar (in)
    out = structfun (@numbers, in, 'UniformOutput', false);
  elseif isstruct (in)
    out = arrayfun (@numbers, in);
  elseif ischar (in) && is_number (in)
    out = str2double (strrep (in, char (1), ''));
  elseif iscell (in) && ~isempty (in) && all (cellfun (@is_number, in(:)))
    out = str2double (strrep (in(:), char (1), ''));
  elseif iscell (in)
    out = cellfun (@numbers, in(:), 'UniformOutput', false);
    if ~isempty (out) && all (cellfun (@isnumeric, out)) && numel (unique (cellfun (@numel, out))) == 1
      out = cell2mat (cellfun (@(x) x(:)', out, 'UniformOutput', false));
    end
  elseif isempty (in) && ~ischar (in)
    out = NaN;  % null
  else
    out = in;
  end
end

function yes = is_number (x)
  yes = ischar (x) && (strncmp (x, char (1), 1) || any (strcmp (x, {'inf', '-inf', 'nan'})));
end
