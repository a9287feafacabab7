// SPDX-License-Identifier: BSL-1.0
//
// What the pictures share, and the one of profits. Each picture is
//   prepare(m, answers)                      what else it needs to know of the equilibria; may be missing
//   fit(answers, state)                      where its axes end, {x: [from, to], y}: they stay until something leaves
//   ask(m, answers, state, frame)            what it wants of the library along them; completes frame.y where it is null
//   fits(frame, answers, state, data)        whether what matters is still inside
//   draw(size, frame, answers, data, state)  a Chart
//   table(answers, data, state)              what it shows, as numbers: {columns, rows}
// In all of them autarky is dotted, what was pinned is dashed, and what the sliders say is solid.

"use strict";

lecture.pictures = {};

lecture.drawing = {
  /** The states of a picture, the last one on top. */
  drawn: (answers) => [answers.states.autarky, answers.states.before, answers.states.now].filter((s) => s !== null),

  legend(answers, what = "") {
    return lecture.drawing.drawn(answers).map((s) => ({mark: s.key, label: (what + " " + s.word).trim()}));
  },

  /** φ* of each state at the axis, with its letter: A in autarky, I now, as on the slide; B before. */
  cutoffs(chart, states, letter = {autarky: "A", before: "B", now: "I"}) {
    for (const state of states) chart.mark(state.results.cutoff, {base: "φ*", sub: letter[state.key]}, state.key);
  },

  bands(chart, answers) {
    answers.groups.forEach((group, k) => {
      chart.band(group.lower, group.upper, lecture.drawing.kind_of(group.effect), String(k + 1));
    });
  },

  band_legend(answers) {
    return answers.groups.map((group, k) => ({
      mark: `band ${lecture.drawing.kind_of(group.effect)}`, label: `${k + 1} ${group.effect}`,
    }));
  },

  kind_of: (effect) => "is-" + effect.replace(/[^a-z]+/g, "-"),

  /** Every so many of the places of a list. */
  some(list, count) {
    const step = Math.max(1, Math.floor((list.length - 1) / (count - 1)));
    return Array.from(list, (_, k) => k).filter((k) => k % step === 0);
  },

  finite: (numbers) => numbers.filter((x) => Number.isFinite(x)),

  /** The productivity up to which something happens to firms, but no size more than 20 times that at the cutoff. */
  farthest(answers, elasticity) {
    const {drawn, finite} = lecture.drawing;
    const cutoffs = finite(drawn(answers).map((s) => s.results.cutoff)), highest = Math.max(...cutoffs);
    const others = finite([...answers.groups.map((g) => g.lower), ...drawn(answers).map((s) => s.results.export_cutoff)]);
    return Math.max(highest, ...others.filter((x) => (x / highest) ** (elasticity - 1) < 20));
  },
};

// Slides 11, 28 and 29.
lecture.pictures.profits = {
  fit(answers, state) {
    const stretch = answers.groups.length > 1 ? 1.5 : 3;
    const to = stretch ** (1 / (state.values.elasticity - 1)) * lecture.drawing.farthest(answers, state.values.elasticity);
    return {x: [0, to], y: null};
  },

  ask(m, answers, state, frame) {
    const {drawn, finite} = lecture.drawing;
    const to = frame.x[1], power = state.values.elasticity - 1;
    const even = Array.from({length: 24}, (_, k) => to * ((k + 1) / 24) ** (1 / power));
    const lines = drawn(answers).map((s) => {
      const kinks = finite([s.results.cutoff, s.results.export_cutoff]).filter((x) => x > 0 && x < to);
      const xs = [...even, ...kinks].sort((a, b) => a - b);
      const firms = lecture.remembered(`firms ${kinks} ${power}`, s.document, xs, () => m.firms(s.document, xs));
      return {state: s, xs, choice: firms.choice, revenue: firms.revenue, profit: firms.profit};
    });
    const top = Math.max(...finite(lines.map((line) => line.profit.at(-1))));
    if (frame.y === null) {
      const high = 1.08 * Math.max(top, state.values.fixed_cost);
      const depth = 1.3 * state.values.fixed_cost;  // so that -f is seen, unless all else is small beside it
      frame.y = [-Math.max(0.28 * high, depth < 0.7 * high ? depth : 0), high];
    }
    return {lines, top};
  },

  fits(frame, answers, state, data) {
    const {elasticity} = state.values;
    const reached = (lecture.drawing.farthest(answers, elasticity) / frame.x[1]) ** (elasticity - 1);
    return reached > 0.12 && reached <= 1 && data.top < 2.5 * frame.y[1] && data.top > 0.2 * frame.y[1];
  },

  draw(size, frame, answers, data, state) {
    const {legend, band_legend, bands, cutoffs, drawn} = lecture.drawing;
    const trades = answers.states.now.results.regime !== "closed";
    const entries = [
      ...legend(answers, "profit,"),
      {mark: "home now", label: trades ? "now, at home only" : "now, without the choice to exit"},
      ...(trades ? [{mark: "abroad now", label: "now, exporting too"}] : []),
      ...band_legend(answers),
    ];
    const chart = new lecture.Chart({
      ...size, legend: entries, name: "profits",
      x: {domain: frame.x, power: state.values.elasticity - 1, label: "productivity φ, on the scale of φ^(σ−1)"},
      y: {domain: frame.y, label: "profit per period"},
    });
    bands(chart, answers);
    for (const line of data.lines) {
      if (line.state.key === "now") this.both_lines(chart, line, frame, state.values);
      chart.line([0, ...line.xs], [0, ...line.profit], line.state.key);
    }
    chart.word(0, -state.values.fixed_cost, "−f");
    cutoffs(chart, drawn(answers));
    const now = answers.states.now.results;
    if (now.export_cutoff > now.cutoff) chart.mark(now.export_cutoff, {base: "φ*", sub: "Ix"}, "now");
    return chart;
  },

  /** The lines that profit is the better of. On this scale they are straight, so two points tell each. */
  both_lines(chart, line, frame, {elasticity, fixed_cost}) {
    const {domestic_cutoff} = line.state.results, {choice, profit} = line;
    const xs = [0, ...line.xs], size = (x) => x ** (elasticity - 1);
    chart.line(xs, xs.map((x) => fixed_cost * (size(x / domestic_cutoff) - 1)), "home now");
    const exporters = choice.flatMap((word, k) => word === "exports" ? [k] : []);
    if (exporters.length < 2) return;
    const [a, b] = [exporters[0], exporters.at(-1)], from = size(line.xs[b]);
    const slope = (profit[b] - profit[a]) / (from - size(line.xs[a]));
    chart.line(xs, xs.map((x) => profit[b] + slope * (size(x) - from)), "abroad now");
  },

  table(answers, data) {
    const now = data.lines.at(-1), {name} = lecture.words;
    return {
      columns: ["productivity", "profit", "sales", "what the firm does now"],
      rows: lecture.drawing.some(now.xs, 14)
        .map((k) => [now.xs[k], now.profit[k], now.revenue[k], name(now.choice[k])]),
    };
  },
};
