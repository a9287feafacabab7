% SPDX-License-Identifier: BSL-1.0
% The economy in Octave (and, but for argv, MATLAB): free entry by fzero, its integrals by integral over the density;
% and the sweep at once, by Newton's method in logs on the closed forms.
%   octave-cli octave_solve.m JOB SECONDS      JOB: closed/LAW, open/LAW or sweep/LAW
1;

function d = normal_density(p, mean, sd)
  d = exp(-((log(p) - mean) / sd) .^ 2 / 2) ./ (p * sd * sqrt(2 * pi));
end

% Density, and S(x) with V(x) = E[phi^3; phi >= x] where Octave has the functions.
function law = law_of(name)
  law.lowest = 0.5;
  law.tail = [];
  switch name
    case "pareto"
      law.density = @(p) 4.25 * p .^ -5.25;
      law.tail = @pareto_tail;
      law.lowest = 1;
      law.moment = 4.25 / 1.25;
    case {"lognormal", "density"}
      law.density = @(p) normal_density(p, 0, 0.8);
      if strcmp(name, "lognormal")
        law.tail = @(x) lognormal_tail(x, 0, 0.8);
      end
      law.moment = exp(9 * 0.64 / 2);
    case "weibull"
      law.density = @(p) 1.4 * p .^ 0.4 .* exp(-p .^ 1.4);
      law.tail = @weibull_tail;
      law.moment = gamma(1 + 3 / 1.4);
    case "frechet"
      law.density = @(p) 4.25 * p .^ -5.25 .* exp(-p .^ -4.25);
      law.tail = @frechet_tail;
      law.moment = gamma(1 - 3 / 4.25);
    case "mixture"
      law.density = @(p) 0.75 * normal_density(p, 0, 0.5) + 0.25 * normal_density(p, 0.5, 0.75);
      law.tail = @mixture_tail;
      law.moment = 0.75 * exp(9 * 0.25 / 2) + 0.25 * exp(1.5 + 9 * 0.5625 / 2);
    otherwise
      error("no law is called %s", name);
  end
end

function [s, v] = pareto_tail(x)
  s = x .^ -4.25;
  v = 4.25 / 1.25 * x .* x .* x .* s;
end
function [s, v] = lognormal_tail(x, mean, sd)
  z = (log(x) - mean) / (sd * sqrt(2));
  s = erfc(z) / 2;
  v = exp(3 * mean + 9 * sd ^ 2 / 2) / 2 * erfc(z - 3 * sd / sqrt(2));
end
function [s, v] = weibull_tail(x)
  y = x .^ 1.4;
  s = exp(-y);
  v = gamma(1 + 3 / 1.4) * gammainc(y, 1 + 3 / 1.4, "upper");
end
function [s, v] = frechet_tail(x)
  y = x .^ -4.25;
  s = -expm1(-y);
  v = gamma(1 - 3 / 4.25) * gammainc(y, 1 - 3 / 4.25);
end
function [s, v] = mixture_tail(x)
  [s1, v1] = lognormal_tail(x, 0, 0.5);
  [s2, v2] = lognormal_tail(x, 0.5, 0.75);
  s = 0.75 * s1 + 0.25 * s2;
  v = 0.75 * v1 + 0.25 * v2;
end

% All results from the cutoffs and the tails there; infinite tau is the closed economy.
function out = all_results(cutoff, tau, s, v, export_cutoff, sx, vx)
  sigma = 4; f = 1; L = 1; n = 3; fx = 1.3;
  size_ = v ./ s ./ cutoff .^ 3;
  productivity = cutoff .* size_ .^ (1 / 3);
  if all(isfinite(tau))
    share = sx ./ s;
    size_x = vx ./ sx ./ export_cutoff .^ 3;
    export_productivity = export_cutoff .* size_x .^ (1 / 3);
  else
    share = size_x = 0 * cutoff;
    export_productivity = NaN * cutoff;
  end
  profit = f * (size_ - 1) + share * n * fx .* (size_x - 1);
  sales = f * size_ + share * n * fx .* size_x;
  producers = L ./ (sigma * sales);
  varieties = producers .* (1 + n * share);
  all_productivity = cutoff .* (sales / f ./ (1 + n * share)) .^ (1 / 3);
  welfare = (sigma - 1) / sigma * all_productivity .* varieties .^ (1 / 3);
  out = [cutoff, export_cutoff, share, productivity, export_productivity, profit, sigma * sales, producers, ...
         share .* producers, varieties, all_productivity, 1 ./ welfare, welfare];
  if ! all(isfinite(tau))
    out(:, [2 3 5 9 10 11]) = NaN;
  end
end

function out = solve_by_quadrature(law, tau, options)
  f = 1; fe = 2; delta = 0.05; n = 3; fx = 1.3;
  gap = tau * (fx / f) ^ (1 / 3);
  profit = @(x) integral(@(p) ((p / x) .^ 3 - 1) .* law.density(p), x, Inf, options{:});
  if isfinite(tau)
    free_entry = @(x) f * profit(x) + n * fx * profit(gap * x) - delta * fe;
  else
    free_entry = @(x) f * profit(x) - delta * fe;
  end
  cutoff = fzero(free_entry, [law.lowest, 20]);
  survival = @(x) integral(law.density, x, Inf, options{:});
  moment = @(x) integral(@(p) p .^ 3 .* law.density(p), x, Inf, options{:});
  export_cutoff = gap * cutoff;
  sx = vx = NaN;
  if isfinite(tau)
    sx = survival(export_cutoff);
    vx = moment(export_cutoff);
  end
  out = all_results(cutoff, tau, survival(cutoff), moment(cutoff), export_cutoff, sx, vx);
end

% Newton's method in logs, a column of economies at once.
function [out, evaluations] = solve_by_newton(law, tau)
  f = 1; fe = 2; delta = 0.05; n = 3; fx = 1.3;
  open_ = all(isfinite(tau));
  needed = log(delta * fe / f);
  weight = n * fx / f;
  t = (log(law.moment) - log(delta * fe / f + 1)) / 3 + zeros(size(tau));
  if open_
    gap = tau * (fx / f) ^ (1 / 3);
    t = max(t, (log(law.moment) + log1p(weight * gap .^ -3) - log(delta * fe / f + 1 + weight)) / 3);
  end
  sx = vx = export_cutoff = NaN * tau;
  evaluations = 0;
  for k = 1:30
    cutoff = exp(t);
    [s, v] = law.tail(cutoff);
    above = v ./ cutoff .^ 3;
    value = above - s;
    if open_
      export_cutoff = gap .* cutoff;
      [sx, vx] = law.tail(export_cutoff);
      above_x = vx ./ export_cutoff .^ 3;
      value = value + weight * (above_x - sx);
      above = above + weight * above_x;
    end
    evaluations = evaluations + 1 + open_;
    step = (log(value) - needed) .* value ./ (3 * above);
    if max(abs(step)) < 1e-14
      break
    end
    t = t + step;
  end
  out = all_results(cutoff, tau, s, v, export_cutoff, sx, vx);
end

% Nanoseconds of the processor for one call: the median of several loops.
function [ns, out] = time_of(work, seconds)
  calls = 1;
  while true
    begin = cputime();
    for k = 1:calls
      out = work();
    end
    spent = cputime() - begin;
    if spent > seconds / 10
      break
    end
    calls = calls * 2;
  end
  times = spent;
  while sum(times) < seconds
    begin = cputime();
    for k = 1:calls
      out = work();
    end
    times(end + 1) = cputime() - begin;
  end
  ns = median(times) / calls * 1e9;
end

function print_row(job, implementation, ns, evaluations, tau, answers)
  costs = strjoin(arrayfun(@(t) sprintf("\"%.17g\"", t), tau', "UniformOutput", false), ", ");
  rows = cell(1, rows(answers));
  for k = 1:numel(rows)
    numbers = arrayfun(@(x) sprintf("%.17g", x), answers(k, :), "UniformOutput", false);
    numbers(! isfinite(answers(k, :))) = "null";
    rows{k} = ["[" strjoin(numbers, ", ") "]"];
  end
  printf("{\"job\": \"%s\", \"implementation\": \"Octave %s %s\", \"ns\": %.17g, \"evaluations\": %.17g, ", ...
         job, version(), implementation, ns, evaluations);
  printf("\"iceberg_costs\": [%s], \"answers\": [%s]}\n", lower(costs), strjoin(rows, ", "));
end

function n = evaluations_of(law, tau, options)
  global counted
  counted = 0;
  plain = law.density;
  law.density = @(p) count(plain, p);
  solve_by_quadrature(law, tau, options);
  n = counted;
end
function d = count(density, p)
  global counted
  counted = counted + numel(p);
  d = density(p);
end

job = argv(){1};
seconds = str2double(argv(){2});
parts = strsplit(job, "/");
law = law_of(parts{2});
if strcmp(parts{1}, "sweep")
  tau = (1.2 + 1.8 * (0:9999) / 9999)';
  if isempty(law.tail)
    taus = num2cell(tau([1:1000:end, end]));  % by quadrature, a few of them: each is solved by itself
    solve_them = @() cell2mat(cellfun(@(t) solve_by_quadrature(law, t, {}), taus, "UniformOutput", false));
    [ns, out] = time_of(solve_them, seconds);
    print_row(job, "fzero + integral", ns / numel(taus), evaluations_of(law, 1.6, {}), cell2mat(taus), out);
  else
    [ns, out] = time_of(@() solve_by_newton(law, tau), seconds);
    [~, evaluations] = solve_by_newton(law, tau);
    shown = [1:100:10000, 10000];
    print_row(job, "vectorised, closed forms", ns / numel(tau), evaluations, tau(shown), out(shown, :));
  end
else
  tau = 1.6;
  if strcmp(parts{1}, "closed")
    tau = Inf;
  end
  [ns, out] = time_of(@() solve_by_quadrature(law, tau, {}), seconds);
  print_row(job, "fzero + integral", ns, evaluations_of(law, tau, {}), tau, out);
  tight = {"RelTol", 1e-11, "AbsTol", 1e-14};
  [ns, out] = time_of(@() solve_by_quadrature(law, tau, tight), seconds);
  print_row(job, "fzero + integral, RelTol 1e-11", ns, evaluations_of(law, tau, tight), tau, out);
end
