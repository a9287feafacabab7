// SPDX-License-Identifier: BSL-1.0
//
// What the lecture's page draws, without a browser: lecture.js CORE.js EXAMPLES_BROWSER
//
// Its numbers are those that the tutorial prints; its axes hold what they show; its links restore, whatever is in them.

"use strict";
const {readFileSync} = require("node:fs");
const path = require("node:path");
const vm = require("node:vm");
const [core, folder] = process.argv.slice(2);

globalThis.melitzCore = require(path.resolve(core));
const {loadMelitz} = require(path.resolve(folder, "melitz.js"));

let checks = 0;
const failures = [];
function check(holds, what) {
  ++checks;
  if (!holds) failures.push(what);
}
const same = (found, wanted, what) =>
  check(JSON.stringify(found) === JSON.stringify(wanted), `${what} is ${JSON.stringify(found)}, not ${JSON.stringify(wanted)}`);

/** The page's scripts but for those that want a document; letters are seven pixels wide. */
function lecture_of() {
  const files = ["numbers", "notation", "state", "answers", "elements", "drawing", "pictures", "pictures_entry", "pictures_law"];
  const source = files.map((file) => readFileSync(path.resolve(folder, "lecture", `${file}.js`), "utf8")).join("\n");
  const measure = {measureText: (text) => ({width: 7 * text.length})};
  const world = {structuredClone, URLSearchParams, document: {createElement: () => ({getContext: () => measure})}};
  vm.createContext(world);
  return vm.runInContext(`${source}\nlecture;`, world);
}

const lecture = lecture_of();

function numbers() {
  const {read, short, percent, exact, written} = lecture.numbers;
  for (const [text, wanted] of [["1.5", 1.5], [" .5 ", 0.5], ["−2e-3", -0.002], ["1e400", Infinity]]) {
    check(read(text) === wanted, `"${text}" reads ${read(text)}`);
  }
  // What is no number stays as it is, for the library to refuse in its own words.
  for (const text of ["", "inf", "1.5x", "0x10", "1,5", "NaN", "--1", "1e"]) same(read(text), text, `"${text}" read`);
  same(read("1, 2.5", true), [1, 2.5], "a list");
  same(read("1, two", true), "1, two", "what is no list");
  same([short(4.574049), short(0), short(NaN), short(Infinity), short(-0.05), short(1e-7), short(12345.6)],
       ["4.574", "0", "–", "∞", "−0.05000", "1.00e−7", "12346"], "numbers to read");
  same([percent(8.512), percent(-0.001), percent(Infinity), percent(undefined)], ["+8.51", "0.00", "+∞", "–"], "changes");
  for (const x of [0.1 + 0.2, 1e-300, -5, 4.96326681069389]) check(Number(exact(x)) === x, `${x} does not read back`);
  same([exact(Infinity), exact(NaN), written([1, 2])], ["inf", "nan", "1, 2"], "numbers in full");
}

function scales() {
  const {ticks, make} = lecture.scales;
  same(ticks([0, 10], 5), [0, 2, 4, 6, 8, 10], "ticks");
  same(ticks([-0.28, 1], 5), [0, 0.5, 1], "round ticks");
  same([ticks([1, 1], 5), ticks([0, NaN], 5), ticks([0, Infinity], 5)], [[], [], []], "ticks of what is no axis");
  const cube = make([0, 2], [0, 80], 3);
  check(cube(1) === 10 && cube(2) === 80, "a scale of the third power");
  // Labels keep their distance and stay inside, however crowded.
  const widths = [30, 40, 20, 30], at = lecture.spread([50, 50, 52, 195], widths, 0, 200);
  const order = at.map((x, k) => [x - widths[k] / 2, x + widths[k] / 2]).sort((a, b) => a[0] - b[0]);
  check(order.every(([from], k) => k === 0 ? from >= 0 : from >= order[k - 1][1] + 5.999), `labels overlap: ${at}`);
  check(order.at(-1)[1] <= 200, "a label sticks out");
  same(lecture.spread([20, 100], [10, 10], 0, 200), [20, 100], "labels with room");
}

/** Elements as the text of a file. */
function text_of(list) {
  return list.map(({tag, attributes, inside}) => {
    const told = Object.entries(attributes).map(([name, value]) => ` ${name}="${value}"`).join("");
    return `<${tag}${told}>${typeof inside === "string" ? inside : text_of(inside)}</${tag}>`;
  }).join("");
}

function draw(m, state, id, size = {width: 800, height: 500}, of = lecture) {
  const picture = of.pictures[id], answers = of.answers.of(m, state);
  picture.prepare?.(m, answers);
  const frame = picture.fit(answers, state), data = picture.ask(m, answers, state, frame);
  return {answers, data, frame, fits: picture.fits(frame, answers, state, data),
          text: text_of(picture.draw(size, frame, answers, data, state).elements()), table: picture.table(answers, data, state)};
}

function pictures(m) {
  const model = m.catalog().models.find((one) => one.name === "open");
  const states = lecture.presets.map((preset) => [preset.id, lecture.states.of_preset(preset, model)]);
  // Regimes: nobody exports, all do; a cost that nobody pays; and laws of every family.
  const changed = (change, law) => {
    const state = lecture.states.first(model);
    Object.assign(state.values, change);
    if (law) state.law = law;
    return state;
  };
  states.push(["no partners", changed({partners: 0})], ["infinite", changed({iceberg_cost: Infinity})],
              ["huge", changed({iceberg_cost: 1e6})], ["all export", changed({iceberg_cost: 1, export_fixed_cost: 0.05})],
              ["costly entry", changed({entry_cost: 200}, {family: "pareto", scale: 1, shape: 4.25})]);
  for (const law of m.catalog().laws) {
    states.push([law.name, changed({}, lecture.law_of(law))]);
  }
  for (const [name, state] of states) {
    for (const id of Object.keys(lecture.pages)) {
      for (const size of [{width: 800, height: 500}, {width: 360, height: 340}]) {
        const drawn = draw(m, state, id, size);
        check(!/NaN|Infinity|undefined/.test(drawn.text), `${id} of ${name} is drawn with no number`);
        check(drawn.table.rows.length > 0 && drawn.table.rows.every((row) => row.length === drawn.table.columns.length),
              `the table of ${id} of ${name}`);
        check(drawn.frame.x[1] > drawn.frame.x[0] && drawn.frame.y[1] > drawn.frame.y[0], `the axes of ${id} of ${name}`);
      }
    }
  }
  for (const [name, state] of states.slice(0, lecture.presets.length)) {
    check(draw(m, state, state.picture).fits, `the picture of the question ${name} does not fit into its axes`);
  }
}

/** What is not asked again is what would be answered: whatever moves, a picture is as if nothing had been before. */
function memory(m) {
  const model = m.catalog().models.find((one) => one.name === "open");
  const state = lecture.states.of_preset(lecture.presets.find((preset) => preset.id === "tau"), model);
  const moves = [{}, ...model.parameters.map((p) => ({values: {[p.name]: p.name === "partners" ? 2 : 1.25 * p.example}})),
                 {values: {partners: 0}}, {values: {partners: 0, iceberg_cost: 2}}, {law: {log_sd: 0.7}},
                 {before: {iceberg_cost: 1.9}}, {before: {entry_cost: 3}}, {}];
  for (const id of Object.keys(lecture.pages)) {
    for (const move of moves) {
      const moved = structuredClone(state);
      Object.assign(moved.values, move.values);
      Object.assign(moved.law, move.law);
      Object.assign(moved.before.values, move.before);
      if (move.values?.elasticity) moved.before.values.elasticity = move.values.elasticity;
      const [now, anew] = [lecture, lecture_of()].map((of) => draw(m, moved, id, {width: 800, height: 500}, of));
      check(now.text === anew.text, `${id} after ${JSON.stringify(move)} is not what it is at first`);
      same(now.table, anew.table, `the table of ${id} after ${JSON.stringify(move)}`);
    }
  }
}

/** The lecture's own numbers, as the tutorial prints them. */
function tutorial(m) {
  const model = m.catalog().models.find((one) => one.name === "open");
  const state = lecture.states.of_preset(lecture.presets[0], model), answers = lecture.answers.of(m, state);
  const round = (x) => Number(x.toPrecision(6));
  same([answers.states.autarky, answers.states.now].map((s) => round(s.results.cutoff)), [4.57405, 4.96327], "the cutoffs");
  same(round(answers.states.now.results.mass_producers), 41.5169, "the mass of producers");
  same(answers.groups.map((g) => [g.effect, round(g.lower)]),
       [["exits", 4.57405], ["sells and earns less", 4.96327], ["sells more, earns less", 8.667], ["earns more", 10.1589]],
       "the groups of slide 29");
  same(lecture.answers.sentence(answers),
       "The cutoff rises from 4.57 to 4.96; 21 % of firms exit. Welfare rises by 8.5 %. 15 % of firms export.", "the sentence");
  const density = draw(m, state, "density");
  const shares = density.data.groups.map((g) => g.share);
  check(Math.abs(shares.reduce((a, b) => a + b, 0) - 1) < 1e-12, `shares of firms sum to ${shares}`);
  check(Math.abs(shares[0] - 0.211711) < 5e-7, `the share that exits is ${shares[0]}`);
  const firms = m.firms(answers.states.now.document, [9]);
  same(round(firms.profit[0]), 5.42948, "profit at productivity 9");
  // Both laws of the last question agree on what is spent at home.
  const share = (law) => m.run(lecture.states.document(state.values, law)).results.domestic_share;
  check(Math.abs(share(state.law) - share(state.other)) < 0.001, "the laws to compare");
}

function links(m) {
  const catalog = m.catalog(), model = catalog.models.find((one) => one.name === "open");
  const first = lecture.states.first(model), {link} = lecture;
  for (const preset of lecture.presets) {
    const state = lecture.states.of_preset(preset, model), back = link.read(link.of(state), first, catalog);
    same([back.state, back.wrong], [state, []], `the link of ${preset.id} and back`);
  }
  const odd = lecture.states.first(model);
  odd.values.iceberg_cost = Infinity;
  odd.law = {family: "discrete", values: [1, 2, 3], weights: [0.5, 0.25, 0.25]};
  const back = link.read(link.of(odd), first, catalog).state;
  same([back.values.iceberg_cost, back.law], ["inf", odd.law], "a link with an infinite cost and a list");
  for (const hash of ["#picture=__proto__", "#picture=constructor", "#law.family=toString", "#__proto__=1", "#nonsense",
                      "#=&=&&", "#%00%ff%zz", "#before.=1", "#" + "a".repeat(100000), "#<svg onload=alert(1)>=1"]) {
    const {state, wrong} = link.read(hash, first, catalog);
    same(state, first, `the state of ${hash.slice(0, 30)}`);
    check(wrong.length > 0 && wrong.every((words) => words.length < 100), `nothing is said of ${hash.slice(0, 30)}`);
  }
  same(link.read("", first, catalog), {state: first, wrong: []}, "no link");
  same(link.read("#iceberg_cost=abc", first, catalog).state.values.iceberg_cost, "abc", "what the library is to refuse");
}

function failing(m) {
  const model = m.catalog().models.find((one) => one.name === "open"), state = lecture.states.first(model);
  const thrown = (change) => {
    try {
      lecture.answers.of(m, {...state, values: {...state.values, ...change}});
    } catch (error) {
      return error;
    }
    return null;
  };
  const refused = thrown({iceberg_cost: 0.5});
  same([refused?.name, refused?.parameter], ["DomainError", "iceberg_cost"], "a cost below one");
  const failed = thrown({elasticity: 1e6});
  check(failed?.name === "NotSolved" && failed.status !== "converged" && failed.message.includes(failed.status),
        `an elasticity of a million: ${failed}`);
}

(async () => {
  const m = await loadMelitz();
  numbers();
  scales();
  pictures(m);
  memory(m);
  tutorial(m);
  links(m);
  failing(m);
  for (const failure of failures) console.error(`lecture.js: ${failure}`);
  console.log(`${checks} checks, ${failures.length} failures`);
  process.exitCode = failures.length === 0 && checks > 100 ? 0 : 1;
})();
