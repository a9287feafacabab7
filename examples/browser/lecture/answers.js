// SPDX-License-Identifier: BSL-1.0
//
// What the page asks of the library in each frame. Every number that it shows comes from here; pictures only draw.

"use strict";

/** A solve without an answer: not a mistake of the user, and no numbers. */
lecture.NotSolved = class extends Error {
  constructor(status, of) {
    super(`${of} is not solved: ${status}`);
    this.name = "NotSolved";
    this.status = status;
    this.of = of;
  }
};

/**
 * What was asked before and has not changed: in a frame in which a slider moves, most of what is drawn stays.
 * @param question  of the document: "curve", ...
 * @param along     numbers that it is asked for, by their ends and how many
 * @param whatever  names of parameters that do not matter for it
 */
lecture.remembered = (() => {
  const known = new Map();
  return (question, document, along, work, whatever = []) => {
    const {parameters, distribution} = document;
    const alone = parameters.partners === 0 ? ["iceberg_cost", "export_fixed_cost"] : [];  // no partner, no cost of trade
    const left_out = new Set([...whatever, ...alone]);
    const told = Object.entries(parameters).filter(([name]) => !left_out.has(name));
    const key = JSON.stringify([question, told, distribution, along[0], along.at(-1), along.length]);
    if (!known.has(key)) {
      if (known.size >= 60) known.delete(known.keys().next().value);
      known.set(key, work());
    }
    return known.get(key);
  };
})();

lecture.answers = {
  /** @throws NotSolved */
  solved(answer, of) {
    if (answer.status !== "converged") throw new lecture.NotSolved(answer.status, of);
    return answer;
  },

  autarky: (values) => ({...values, partners: 0}),

  /** One side of a comparison, as {cutoff: 4.57, ...}. */
  side(comparison, which) {
    return Object.fromEntries(Object.entries(comparison.results).map(([name, row]) => [name, row[which]]));
  },

  /**
   * Autarky, what is pinned if anything is, and now.
   * @return {states: {autarky, before or null, now}, each {key, word, document, values, law, results};
   *          reference: the one that changes are from; percent: {welfare: 8.5, ...}; groups: [{effect, lower, upper}],
   *          or why there are none in without_groups}
   * @throws DomainError  @throws NotSolved
   */
  of(m, state) {
    const {document} = lecture.states, {side, solved, autarky} = lecture.answers;
    const now = document(state.values, state.law), closed = document(autarky(state.values), state.law);
    const pinned = state.before === null ? null : document(state.before.values, state.before.law);
    const answer = m.run({...(pinned ?? closed), operation: "compare", after: now});
    const first = pinned === null ? "autarky" : "the economy before";
    const changes = solved(answer, answer.not_solved === "before" ? first : "the economy now");
    const state_of = (key, of, results) =>
      ({key, word: key, document: of, values: of.parameters, law: of.distribution, results});
    const without_trade = pinned === null ? side(changes, "before")
      : lecture.remembered("solve", closed, [], () => solved(m.run(closed), "autarky").results);
    const states = {
      autarky: state_of("autarky", closed, without_trade),
      before: pinned === null ? null : state_of("before", pinned, side(changes, "before")),
      now: state_of("now", now, side(changes, "after")),
    };
    const percent = Object.fromEntries(Object.entries(changes.results).map(([name, row]) => [name, row.percent]));
    return {
      states,
      reference: states.before ?? states.autarky,
      percent,
      groups: changes.firms ?? [],
      without_groups: changes.without_firms ?? "",
    };
  },

  /** Evenly spaced numbers, both ends among them. */
  range(from, to, count) {
    return Float64Array.from({length: count}, (_, k) => k + 1 === count ? to : from + (to - from) * k / (count - 1));
  },

  /** The result in a sentence, for those who do not see the picture. */
  sentence(answers) {
    const {short} = lecture.numbers;
    const from = answers.reference, before = from.results, after = answers.states.now.results;
    const moved = (name, percent) => {
      if (percent === 0) return `The ${name} stays at ${short(before[name], 3)}`;
      const rises = after[name] > before[name];
      return `The ${name} ${rises ? "rises" : "falls"} from ${short(before[name], 3)} to ${short(after[name], 3)}`;
    };
    const out = [];
    const stays = short(before.cutoff, 3) === short(after.cutoff, 3);
    let first = moved("cutoff", stays ? 0 : answers.percent.cutoff);
    // Under one law, so many fewer of those who draw produce.
    const exit = -answers.percent.probability_of_producing;
    if (!stays && answers.groups[0]?.effect === "exits" && exit > 0) first += `; ${short(exit, 2)} % of firms exit`;
    out.push(first);
    const welfare = answers.percent.welfare;
    if (Number.isFinite(welfare)) {
      out.push(Math.abs(welfare) < 0.005 ? "Welfare stays as it is"
        : `Welfare ${welfare > 0 ? "rises" : "falls"} by ${short(Math.abs(welfare), 2)} %`);
    }
    if (after.regime === "all_export") out.push("Every firm that produces exports");
    else if (!(after.share_exporting > 0)) out.push("Nobody exports");
    else if (after.share_exporting < 1e-4) out.push("Hardly any firm exports");
    else out.push(`${short(100 * after.share_exporting, 2)} % of firms export`);
    return out.join(". ") + ".";
  },
};
