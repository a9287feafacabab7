// SPDX-License-Identifier: BSL-1.0
//
// Curves in the cutoff: free entry on slides 13 and 21, and Melitz's (2003) figures 1 and 2.

"use strict";

(() => {
  const {drawn, legend, some, cutoffs} = lecture.drawing;

  /**
   * @param parts  {states: answers => those drawn, from: where the axis begins over the lowest cutoff, room: above the
   *               highest point, height: state => that of its point, left: are heights led to the axis, shown: names
   *               of curves, letters: of the cutoffs, if not the usual ones, legend, y_label, draw(chart, curve, data)}
   */
  const curve_picture = (name, parts) => {
    const heights = (answers) => parts.states(answers).map(parts.height);
    const at = (answers) => parts.states(answers).map((s) => s.results.cutoff);
    return {
      prepare: parts.prepare,

      fit(answers) {
        return {x: [parts.from * Math.min(...at(answers)), 1.4 * Math.max(...at(answers))], y: null};
      },

      ask(m, answers, state, frame) {
        if (frame.y === null) frame.y = [0, parts.room * Math.max(...heights(answers))];
        const xs = lecture.answers.range(frame.x[0], frame.x[1], 73);
        const curve = ({document}) => lecture.remembered("curve", document, xs, () => m.curve(document, null, xs));
        return {xs, curves: parts.states(answers).map((s) => ({state: s, ...curve(s)}))};
      },

      fits(frame, answers) {
        const [low, high] = frame.x, top = frame.y[1];
        return at(answers).every((x) => x > 1.02 * low && x < 0.98 * high) &&
          heights(answers).every((y) => y < 0.9 * top) && heights(answers).some((y) => y > 0.12 * top);
      },

      draw(size, frame, answers, data) {
        const chart = new lecture.Chart({
          ...size, legend: parts.legend(answers, data), name,
          x: {domain: frame.x, label: "zero-profit cutoff φ*"},
          y: {domain: frame.y, label: parts.y_label},
        });
        for (const curve of data.curves) parts.draw(chart, curve, data);
        for (const {state} of data.curves) chart.point(state.results.cutoff, parts.height(state), state.key, parts.left);
        cutoffs(chart, data.curves.map((curve) => curve.state), parts.letters);
        return chart;
      },

      table(answers, data) {
        const columns = ["cutoff"], series = [];
        for (const curve of data.curves) {
          for (const key of parts.shown) {
            columns.push(`${lecture.words.name(key)}, ${curve.state.word}`);
            series.push(curve[key]);
          }
        }
        return {columns, rows: some(data.xs, 13).map((k) => [data.xs[k], ...series.map((ys) => ys[k])])};
      },
    };
  };

  const moved = ({states: {before, now}}) => before !== null && before.values.entry_cost !== now.values.entry_cost;
  lecture.pictures.entry = curve_picture("entry", {
    states: drawn, from: 0.75, room: 2.6, left: false, y_label: "value of entry, in labor",
    shown: ["value_of_entry"],
    height: (s) => s.values.entry_cost,
    legend: (answers) => [
      ...legend(answers, "value of entry,"),
      ...(moved(answers) ? [{mark: "cost before", label: "cost of entry, before"}] : []),
      {mark: "cost now", label: {base: "cost of entry f", sub: "e"}},
    ],
    draw(chart, curve, data) {
      chart.horizontal(curve.state.values.entry_cost, `cost ${curve.state.key}`);
      chart.line(data.xs, curve.value_of_entry, curve.state.key);
    },
  });

  // Trade leaves free entry where it is: of curves that are the same only the last is drawn.
  const differ = (one, two) => one.some((y, k) => Math.abs(y - two[k]) > 1e-9 * Math.abs(y));
  const with_free_entry = ({curves}) => curves.filter((curve, k) => k + 1 === curves.length ||
    differ(curve.average_profit_required, curves.at(-1).average_profit_required));
  const average_profit = {
    from: 0.4, room: 2.4, left: true, y_label: "average profit of producers",
    shown: ["average_profit", "average_profit_required"],
    height: (s) => s.results.average_profit,
    legend: (answers, data) => [
      ...data.curves.map(({state}) => ({mark: state.key, label: `zero profit, ${state.word}`})),
      ...with_free_entry(data).map(({state}) => ({mark: `cost ${state.key}`, label: `free entry, ${state.word}`})),
    ],
    draw(chart, curve, data) {
      if (with_free_entry(data).includes(curve)) {
        chart.line(data.xs, curve.average_profit_required, `cost ${curve.state.key}`);
      }
      chart.line(data.xs, curve.average_profit, curve.state.key);
    },
  };

  lecture.pictures.figure2 = curve_picture("figure2", {...average_profit, states: drawn});

  lecture.pictures.figure1 = curve_picture("figure1", {
    ...average_profit,
    letters: {before: "B", now: "A"},
    states: (answers) => answers.without_trade,
    /** The economy now without trade and, if something is pinned, the one before. */
    prepare(m, answers) {
      const {solved, autarky} = lecture.answers, {before, autarky: now} = answers.states;
      answers.without_trade = [];
      if (before !== null) {
        const document = lecture.states.document(autarky(before.values), before.law);
        const results = lecture.remembered("solve", document, [],
          () => solved(m.run(document), "autarky before").results);
        answers.without_trade.push({...before, document, results});
      }
      answers.without_trade.push({...now, key: "now", word: "now"});
    },
  });
})();
