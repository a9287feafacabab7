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
    const compared = (from, word) => {
      const answer = m.run({...from, operation: "compare", after: now});
      return solved(answer, answer.not_solved === "before" ? word : "the economy now");
    };
    const with_autarky = compared(closed, "autarky");
    const states = {
      autarky: {key: "autarky", word: "autarky", document: closed, values: closed.parameters, law: state.law,
        results: side(with_autarky, "before")},
      before: null,
      now: {key: "now", word: "now", document: now, values: state.values, law: state.law,
        results: side(with_autarky, "after")},
    };
    let changes = with_autarky;
    if (state.before) {
      const {values, law} = state.before, pinned = document(values, law);
      changes = compared(pinned, "the economy before");
      states.before = {key: "before", word: "before", document: pinned, values, law, results: side(changes, "before")};
    }
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
