// SPDX-License-Identifier: BSL-1.0
//
// The compiled core without a browser: core.js CORE.js MELITZ.js REFERENCES [MELITZ-SOLVE]
//
// Its numbers are the independent ones of tests/reference, and those of melitz-solve, of every model that it has; its
// mistakes are named as the library names them.

"use strict";
const {spawnSync} = require("node:child_process");
const {readFileSync} = require("node:fs");
const [core, wrapper, references, melitz_solve] = process.argv.slice(2);

globalThis.melitzCore = require(core);
const {loadMelitz, DomainError} = require(wrapper);

let checks = 0;
const failures = [];
function check(holds, what) {
  ++checks;
  if (!holds) failures.push(what);
}

/** To twelve digits; the noise of a residual or of an error estimate is none. */
function check_number(found, wanted, what) {
  const close = Object.is(found, wanted) || found === wanted ||
    Math.abs(found - wanted) <= 1e-12 * Math.max(Math.abs(found), Math.abs(wanted));
  check(close, `${what} is ${found} instead of ${wanted}`);
}
function check_same(found, wanted, what) {
  if (typeof wanted === "number") return check_number(found, wanted, what);
  if (wanted === null || typeof wanted !== "object") return check(found === wanted, `${what} is ${found}, not ${wanted}`);
  check(found !== null && typeof found === "object" && Object.keys(found).join() === Object.keys(wanted).join(),
        `${what} has other keys`);
  for (const key of Object.keys(wanted)) check_same(found?.[key], wanted[key], `${what}.${key}`);
}

function refused(work, wanted, what) {
  try {
    work();
  } catch (e) {
    if (!(e instanceof DomainError)) throw e;
    for (const key of Object.keys(wanted)) check(e[key] === wanted[key], `${what}: ${key} is ${e[key]}: ${e.message}`);
    return;
  }
  check(false, `${what} was not refused`);
}

const words = {inf: Infinity, "-inf": -Infinity, nan: NaN};
const numbers_of = (value) => typeof value === "string" && value in words ? words[value]
  : Array.isArray(value) ? value.map(numbers_of)
  : value !== null && typeof value === "object"
    ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, numbers_of(inner)])) : value;

/** What says how a number was found, and not what it is. */
const of_the_work = (catalog, model) =>
  catalog.models.find((m) => m.name === model).results.filter((r) => r.part === "solution" || r.part === "work")
    .map((r) => r.name);

function against_references(m) {
  const {cases} = JSON.parse(readFileSync(`${references}/symmetric.json`, "utf8"));
  let solved = 0;
  for (const one of cases) {
    const open = "iceberg_cost" in one.params, law = one.dist;
    if (!["pareto", "lognormal"].includes(law.type)) continue;
    const distribution = law.type === "pareto" ? {family: "pareto", scale: law.scale, shape: law.shape}
                                               : {family: "lognormal", log_mean: law.mu, log_sd: law.nu};
    const answer = m.run({model: open ? "open" : "closed", distribution, parameters: one.params});
    check(answer.status === "converged", `${one.name} is ${answer.status}`);
    for (const name of ["cutoff", "welfare", "price_index", "mass_producers"]) {
      check_number(answer.results[name], numbers_of(one.outputs[name]), `${one.name}: ${name}`);
    }
    ++solved;
  }
  check(solved >= 4, `only ${solved} references`);
}

function against_melitz_solve(m, catalog) {
  for (const {name, operations} of catalog.models) {
    const document = m.example(name), found = m.run(document);
    const asked = spawnSync(melitz_solve, ["--json", "-"], {input: JSON.stringify(document), encoding: "utf8"});
    check(asked.status === 0, `melitz-solve of ${name}: ${asked.stderr}`);
    const wanted = JSON.parse(asked.stdout);
    check(found.status === wanted.status, `${name} is ${found.status}`);
    const skipped = of_the_work(catalog, name);
    const results = catalog.models.find((one) => one.name === name).results.map((r) => r.name);
    for (const key of results.filter((result) => !skipped.includes(result))) {
      check_same(found.results[key], numbers_of(wanted[key]), `${name}: ${key}`);
    }
    if (operations.gains) {
      check(m.run({...document, operation: "gains"}).status === "converged", `gains of ${name}`);
    }
  }
}

function of_every_kind(m, catalog) {
  const open = m.example("open"), closed = m.example("closed");
  const solved = m.run(open).results;
  const changed = {...open, parameters: {...open.parameters, iceberg_cost: 1.3}};
  const effects = m.run({...open, operation: "compare", after: changed});
  check_number(effects.results.welfare.before, solved.welfare, "compare: before");
  check_number(effects.results.welfare.after, m.run(changed).results.welfare, "compare: after");
  check(effects.firms.length >= 3 && effects.firms.at(-1).upper === Infinity, "compare: groups of firms");

  const many = m.sweep(null, open, {iceberg_cost: [1.2, 2, 5]}, ["welfare", "export_cutoff"]);
  check(many.status.join() === Array(5).fill("converged").join(), `sweep: ${many.status}`);
  for (const [k, tau] of [1.2, 1.4, 1.6, 1.8, 2].entries()) {
    const one = m.run({...open, parameters: {...open.parameters, iceberg_cost: tau}}).results;
    check_number(many.welfare[k], one.welfare, `sweep: welfare at ${tau}`);
    check_number(many.export_cutoff[k], one.export_cutoff, `sweep: export_cutoff at ${tau}`);
  }
  const laws = m.sweep("open", {distribution: open.distribution, parameters: open.parameters},
                       {"distribution.log_sd": Float64Array.of(0.5, 0.8)}, ["welfare"]);
  check_number(laws.welfare[1], solved.welfare, "sweep: a law's number");

  const cutoffs = Float64Array.of(m.run(closed).results.cutoff, 6);
  const value = m.curve(closed, "value_of_entry", cutoffs);
  check(Math.abs(value[0] - closed.parameters.entry_cost) < 1e-10, `curve: the value of entry at the cutoff is ${value[0]}`);
  check(value[1] < value[0], "curve: the value of entry falls");
  const firms = m.firms(open, [solved.cutoff * 0.9, solved.export_cutoff * 1.1]);
  check(firms.choice[0] === "exits" && firms.profit[0] === 0, `firms: ${firms.choice[0]}`);
  check(firms.profit[1] > 0 && firms.revenue[1] > 0, "firms: an exporter");

  const law = {family: "lognormal", log_mean: 0, log_sd: 0.8};
  const at = m.density(law, Float64Array.of(1, 2));
  check_number(at.survival[0], 0.5, "density: survival at the median");
  check_number(at.density[0], 1 / (0.8 * Math.sqrt(2 * Math.PI)), "density at the median");
  check_number(at.log_density[1], 2 * at.density[1], "density of the logarithm");
  for (const {name, keys} of catalog.laws) {
    if (name === "mixture") continue;
    const example = Object.fromEntries(keys.map((key) => [key.name, key.example]));
    const {survival} = m.density({family: name, ...example}, Float64Array.of(0.5, 1.5, 3));
    check(survival[0] >= survival[1] && survival[1] >= survival[2] && survival[0] <= 1, `survival of ${name}`);
  }
}

function mistakes(m) {
  const open = m.example("open"), with_parameter = (change) => ({...open, parameters: {...open.parameters, ...change}});
  const wrong = {parameter: "iceberg_cost", value: "0.8", restriction: "be at least 1"};
  refused(() => m.run(with_parameter({iceberg_cost: 0.8})), wrong, "a cost below one");
  refused(() => m.run(with_parameter({iceberg_cost: NaN})), {...wrong, value: "nan"}, "a cost that is no number");
  refused(() => m.run({...open, operation: "compare", after: with_parameter({iceberg_cost: 0.8})}),
          {...wrong, parameter: "after.iceberg_cost"}, "a second document");
  refused(() => m.sweep(null, open, {iceberg_cost: Float64Array.of(1.5, 0.8)}, ["welfare"]),
          {...wrong, element: 1}, "an element of a sweep");
  refused(() => m.sweep(null, open, {iceberg_cost: [1, 2]}, ["welfare"]), {parameter: "iceberg_cost"}, "half a range");
  refused(() => m.sweep(null, open, {iceberg_cost: [1, 2, 3]}, ["wellfare"]), {}, "a result that there is not");
  refused(() => m.run({...open, distribution: {...open.distribution, log_sd: -1}}),
          {parameter: "distribution.log_sd", value: "-1", restriction: "be positive and finite"}, "a law");
  refused(() => m.density({family: "lognormal", log_mean: 0, log_sd: -1}, [1]),
          {parameter: "distribution.log_sd", value: "-1"}, "a law alone");
  refused(() => m.density(open.distribution, [0]), {parameter: "productivities[0]", value: "0"}, "no productivity");
  refused(() => m.run({...open, model: "opne"}), {parameter: "model"}, "a model that there is not");
  refused(() => m.run(null), {parameter: "model", value: null}, "nothing");
  refused(() => m.run({...open, operation: "dance"}), {parameter: "operation"}, "an operation that there is not");
  refused(() => m.run({...open, parameters: undefined}), {parameter: "parameters", value: null}, "no parameters");
  refused(() => m.run({...m.example("closed"), operation: "gains"}), {parameter: "model"}, "gains of a closed economy");

  const failed = m.run(with_parameter({fixed_cost: 1e308, entry_cost: 1e308, labor: 1e-308}));
  check(failed.status !== "converged" && failed.results === undefined, `a model beyond doubles is ${failed.status}`);
}

loadMelitz().then((m) => {
  const catalog = m.catalog();
  against_references(m);
  if (melitz_solve) against_melitz_solve(m, catalog);
  of_every_kind(m, catalog);
  mistakes(m);
  for (const failure of failures) console.error(failure);
  console.log(`${checks} checks of melitz ${m.version} with ${catalog.models.length} models, ${failures.length} failed`);
  process.exitCode = failures.length > 0 ? 1 : 0;
}).catch((e) => {
  console.error(e);
  process.exitCode = 1;
});
