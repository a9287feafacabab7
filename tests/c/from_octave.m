% SPDX-License-Identifier: BSL-1.0
%
% The package +melitz of Octave, held to melitz-solve: octave-cli from_octave.m [PROGRAM]
1;
function refused (f, id, part)
  try
    f ();
  catch e
    if strcmp (e.identifier, id) && ~isempty (strfind (e.message, part))
      return;
    end
    error ('wanted %s: %s, got %s: %s', id, part, e.identifier, e.message);
  end
  error ('wanted %s: %s', id, part);
end

law = melitz.law ('lognormal', 'log_mean', 0, 'log_sd', 0.8);
open = melitz.model ('open', 'distribution', law, 'elasticity', 4, 'fixed_cost', 1, 'entry_cost', 2, ...
                     'death_rate', 0.05, 'labor', 1, 'partners', 3, 'iceberg_cost', 1.6, 'export_fixed_cost', 1.3);

% The numbers of the library's own test, and those of the program, which Octave reads itself.
answer = melitz.solve (open);
assert (abs (answer.cutoff - 4.9632668106938912) < 1e-14 && abs (answer.export_cutoff - 8.6669985182795293) < 1e-14);
arguments = argv ();
if numel (arguments) > 0 && exist (arguments{end}, 'file')
  for name = {'open', 'technology', 'homogeneous'}
    [status, printed] = system ([arguments{end}, ' --example ', name{1}, ' | ', arguments{end}, ' - --json']);
    assert (status == 0);
    ours = melitz.solve (melitz.example (name{1}));
    tokens = regexp (printed, '\n  "(\w+)": (-?[0-9][0-9.e+-]*)', 'tokens');
    assert (numel (tokens) > 5);
    for k = 1:numel (tokens)
      assert (ours.(tokens{k}{1}) == str2double (tokens{k}{2}), tokens{k}{1});
    end
  end
end

% Numbers go in and come out to the last bit, and so do words.
for x = [0.1 + 0.2, 1 / 3, 1e-300, 123456789.12345678]
  table = melitz.sweep (open, {'welfare'}, 'labor', x);
  assert (getfield (melitz.solve (open, 'labor', x), 'welfare') == table.welfare);
end
given = struct ('a', [0.1 + 0.2; Inf; -Inf; NaN], 'b', "\"\\\n 1.5, 2", 'c', true, 'd', [1, 2; 3, 4.5], 'e', {{'x', 'y'}});
back = melitz.from_json (melitz.to_json (given));
assert (isequaln (back.a, given.a) && strcmp (back.b, given.b) && back.c && isequal (back.d, given.d));
assert (isequal (back.e(:)', given.e));
back = melitz.from_json ('{"x": [[1, "inf"], ["nan", 2]], "y": [], "z": null}');
assert (isequaln (back.x, [1, Inf; NaN, 2]));

% A sweep is a struct of the same numbers.
table = melitz.sweep (open, {'welfare', 'cutoff'}, 'iceberg_cost', [1.2, 1.8], 'distribution.log_sd', [0.7, 0.7], 'threads', 2);
again = melitz.law ('lognormal', 'log_mean', 0, 'log_sd', 0.7);
assert (table.welfare(2) == getfield (melitz.solve (open, 'iceberg_cost', 1.8, 'distribution', again), 'welfare'));
assert (isequal (table.status, {'converged'; 'converged'}));
closed = melitz.model ('closed', 'distribution', law, 'elasticity', 1.2, 'fixed_cost', 1, 'entry_cost', 2, 'death_rate', 0.05);
unsolved = melitz.sweep (closed, {'welfare'}, 'labor', [1, 1e-300]);
assert (isequal (unsolved.status, {'converged'; 'out_of_range'}) && isequal (isnan (unsolved.welfare), [false; true]));
assert (isnan (getfield (melitz.try_solve (closed, 'labor', 1e-300), 'welfare')));

% Mistakes are errors that name them.
refused (@() melitz.solve (open, 'iceberg_cost', 0.8), 'melitz:domain', 'parameters.iceberg_cost is 0.8; it must be at least 1');
refused (@() melitz.solve (open, 'iceberg', 1), 'melitz:domain', 'iceberg');
refused (@() melitz.solve ('opne'), 'melitz:domain', 'did you mean "open"?');
refused (@() melitz.solve (open, 'labor', NaN), 'melitz:domain', 'parameters.labor is nan');
refused (@() melitz.solve (open, 'labor', []), 'melitz:domain', 'labor');
refused (@() melitz.solve (open, 'labor', @sin), 'melitz:domain', 'function_handle');
refused (@() melitz.solve (open, 1.6), 'melitz:domain', 'needs its name');
refused (@() melitz.solve (closed, 'labor', 1e-300), 'melitz:convergence', 'out_of_range');
refused (@() melitz.sweep (open, {'welfare'}, 'iceberg_cost', [1.2, 0.8]), 'melitz:domain', 'element 1: ');
refused (@() melitz.sweep (open, {'welfair'}, 'iceberg_cost', 1.2), 'melitz:domain', 'welfair');
refused (@() melitz.sweep (open, {'welfare'}, 'iceberg_cost', [1.2, 1.3], 'labor', 1), 'melitz:domain', 'as many values');
refused (@() melitz_call (), 'melitz:call', 'wanted');
refused (@() melitz_call ('nothing'), 'melitz:call', 'no function nothing');
refused (@() melitz_call ('sweep', 1, 2, 3, 4, 5, 6), 'melitz:call', 'no function sweep');

% Matrices of pairs of countries.
all_models = melitz.models ();
names = cellfun (@(m) m.name, num2cell (all_models.models), 'UniformOutput', false);
if any (strcmp (names, 'world'))
  world = melitz.example ('world');
  answer = melitz.solve (world);
  assert (rows (answer.mass_sellers) == numel (answer.wage) && columns (answer.mass_sellers) == numel (answer.wage));
  table = melitz.sweep (world, {'mass_sellers', 'wage'}, 'iceberg_cost[0][1]*', [1, 1.5]);
  assert (isequal (table.mass_sellers(1, :), answer.mass_sellers'(:)') && isequal (table.wage(1, :), answer.wage'));
  assert (table.mass_sellers(2, 2) < answer.mass_sellers(1, 2));
end

% What is asked besides; of a model that has no such thing it is refused.
after = melitz.compare (open, 'iceberg_cost', 1.4);
assert (after.results.welfare.after == getfield (melitz.solve (open, 'iceberg_cost', 1.4), 'welfare'));
firms = melitz.firms (open, [1, 7, 12]);
assert (numel (firms.profit) == 3 && all (diff (firms.profit) >= 0));
refused (@() melitz.curve (melitz.example ('technology'), 2), 'melitz:domain', 'which has no');
disp ('all is as it must be');
