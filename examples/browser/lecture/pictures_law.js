// SPDX-License-Identifier: BSL-1.0
//
// The density of productivity with the groups of firms, and what moves with the iceberg cost.

"use strict";

// Slides 12 and 29.
lecture.pictures.density = {
  fit(answers, state) {
    const {drawn, farthest} = lecture.drawing;
    const lowest = Math.min(...drawn(answers).map((s) => s.results.lowest_producing_productivity));
    const to = farthest(answers, state.values.elasticity);
    return {x: [0.8 * lowest, Math.max(1.35 * to, 1.6 * lowest)], y: null};
  },

  ask(m, answers, state, frame) {
    const {finite} = lecture.drawing;
    const series = [answers.reference, answers.states.now].map((s) => {
      // The density jumps where production begins, so that point is there twice.
      const begin = s.results.lowest_producing_productivity, low = frame.x[0];
      const xs = [...lecture.answers.range(low > 0 ? low : 1e-6 * frame.x[1], frame.x[1], 181).filter((x) => x > begin)];
      xs.unshift(begin);
      const {density, survival} = m.density(s.law, xs);
      const among_producers = density.map((g) => g / s.results.probability_of_producing);
      return {state: s, xs, density: among_producers, survival};
    });
    const highest = Math.max(...series.flatMap((one) => finite([...one.density])));
    if (frame.y === null) frame.y = [0, highest > 0 ? 1.12 * highest : 1];
    return {series, highest, groups: this.groups(m, answers)};
  },

  /** The groups, each with its share of the firms that produced before. */
  groups(m, answers) {
    const {law, results} = answers.reference;
    if (answers.groups.length === 0) return [];
    const {survival} = m.density(law, answers.groups.map((group) => group.lower));
    return answers.groups.map((group, k) => {
      const above = k + 1 < survival.length ? survival[k + 1] : 0;
      return {...group, share: (survival[k] - above) / results.probability_of_producing};
    });
  },

  fits(frame, answers, state, data) {
    const to = lecture.drawing.farthest(answers, state.values.elasticity);
    const low = Math.min(...data.series.map((one) => one.state.results.lowest_producing_productivity));
    return low > frame.x[0] && to < frame.x[1] && low < frame.x[0] + 0.4 * (frame.x[1] - frame.x[0]) &&
      data.highest < frame.y[1] && (data.highest > 0.25 * frame.y[1] || data.highest === 0);
  },

  draw(size, frame, answers, data) {
    const {band_legend, bands, cutoffs} = lecture.drawing;
    const entries = [
      ...data.series.map(({state}) => ({mark: state.key, label: `producers, ${state.word}`})), ...band_legend(answers),
    ];
    const chart = new lecture.Chart({
      ...size, legend: entries, name: "density",
      x: {domain: frame.x, label: "productivity φ"},
      y: {domain: frame.y, label: "density among producers"},
    });
    bands(chart, answers);
    for (const {state, xs, density} of data.series) chart.line([xs[0], ...xs], [0, ...density], state.key);
    if (!(data.highest > 0)) chart.note("This law has mass on points, and no density.");
    cutoffs(chart, data.series.map((one) => one.state));
    const now = answers.states.now.results;
    if (now.export_cutoff > now.cutoff) chart.mark(now.export_cutoff, {base: "φ*", sub: "Ix"}, "now");
    return chart;
  },

  table(answers, data) {
    return {
      columns: ["group", "from productivity", "to", `% of the firms that produced: ${answers.reference.word}`],
      rows: data.groups.map((g, k) =>
        [`${k + 1} ${g.effect}`, g.lower, g.upper, g.effect === "enters" ? NaN : 100 * g.share]),
    };
  },
};

(() => {
  /** The iceberg costs of an axis: from 1 to the slider's end, or beyond if it is. */
  const costs_to = (state) => {
    const given = state.values.iceberg_cost;
    return Number.isFinite(given) && given > 3 ? 1.2 * given : 3;
  };
  const mark_now = (chart, state) => {
    const {iceberg_cost} = state.values;
    if (Number.isFinite(iceberg_cost)) chart.mark(iceberg_cost, "τ now", "now");
    const before = state.before?.values.iceberg_cost;
    if (Number.isFinite(before) && before !== iceberg_cost) chart.mark(before, "τ before", "before");
  };
  const inside = (frame, state) => !Number.isFinite(state.values.iceberg_cost) || state.values.iceberg_cost <= frame.x[1];
  const axis = (frame) => ({domain: frame.x, label: "iceberg cost τ"});

  /** Fields of the economy along these costs; they do not move with the cost that it has now. */
  const along = (m, document, iceberg_cost, fields, others = {}) => lecture.remembered(fields.join(), document, iceberg_cost,
    () => m.sweep("open", document, {iceberg_cost, ...others}, fields), ["iceberg_cost"]);

  // Slides 29 and 32.
  const gains_curve = (m, document, xs) => {
    // In one sweep, whose first element is autarky: a question for each cost would take longer than a frame.
    const costs = Float64Array.of(1, ...xs), partners = costs.map((_, k) => k === 0 ? 0 : document.parameters.partners);
    const [autarky, ...welfare] = along(m, document, costs, ["welfare"], {partners}).welfare;
    return welfare.map((w) => 100 * (w / autarky - 1));
  };
  const gain_here = (m, document) => {
    const answer = m.run({...document, operation: "gains"});
    return answer.status === "converged" ? answer.percent : NaN;
  };

  lecture.pictures.gains = {
    fit: (answers, state) => ({x: [1, costs_to(state)], y: null}),

    ask(m, answers, state, frame) {
      const xs = lecture.answers.range(frame.x[0], frame.x[1], 41);
      const curve = (key, law) => {
        const document = lecture.states.document(state.values, law), here = gain_here(m, document);
        return {key, law, gains: gains_curve(m, document, xs), here};
      };
      const curves = [curve("now", state.law)];
      let refused = null;  // of the law to compare, which keeps nothing else from being drawn
      try {
        curves.push(curve("other", state.other));
      } catch (error) {
        if (error.name !== "DomainError") throw error;
        refused = error;
        curves.push({key: "other", law: state.other, gains: Array.from(xs, () => NaN), here: NaN});
      }
      const highest = Math.max(0, ...curves.flatMap((curve) => lecture.drawing.finite(curve.gains)));
      if (frame.y === null) frame.y = [0, highest > 0 ? 1.1 * highest : 1];
      return {xs, curves, highest, refused};
    },

    fits: (frame, answers, state, data) =>
      inside(frame, state) && data.highest < 1.05 * frame.y[1] && data.highest > 0.3 * frame.y[1],

    draw(size, frame, answers, data, state) {
      const chart = new lecture.Chart({
        ...size, name: "gains", x: axis(frame), y: {domain: frame.y, label: "welfare over autarky, %"},
        legend: data.curves.map(({key, law}) =>
          ({mark: key, label: lecture.words.name(law.family) + (key === "other" ? ", to compare" : "")})),
      });
      for (const curve of data.curves) {
        chart.line(data.xs, curve.gains, curve.key);
        if (Number.isFinite(state.values.iceberg_cost)) chart.point(state.values.iceberg_cost, curve.here, curve.key, true);
      }
      mark_now(chart, state);
      return chart;
    },

    table(answers, data, state) {
      const [one, two] = data.curves;
      return {
        columns: ["iceberg cost", `gain in % under ${one.law.family}`, `gain in % under ${two.law.family}, to compare`],
        rows: [
          [state.values.iceberg_cost, one.here, two.here],
          ...lecture.drawing.some(data.xs, 11).map((k) => [data.xs[k], one.gains[k], two.gains[k]]),
        ],
      };
    },
  };

  // Slides 20 and 27.
  lecture.pictures.cutoffs = {
    fit: (answers, state) => ({x: [1, costs_to(state)], y: null}),

    ask(m, answers, state, frame) {
      const xs = lecture.answers.range(frame.x[0], frame.x[1], 81);
      const curves = [answers.states.before, answers.states.now].filter((s) => s !== null)
        .map((s) => ({state: s, ...along(m, s.document, xs, ["cutoff", "export_cutoff"])}));
      const autarky = answers.states.autarky.results.cutoff;
      const highest = Math.max(autarky, ...curves.flatMap((c) => lecture.drawing.finite([...c.cutoff, ...c.export_cutoff])));
      if (frame.y === null) frame.y = [0, 1.05 * Math.min(highest, 5 * autarky)];
      return {xs, curves, autarky};
    },

    fits: (frame, answers, state, data) =>
      inside(frame, state) && data.autarky < 0.7 * frame.y[1] && data.autarky > 0.1 * frame.y[1],

    draw(size, frame, answers, data, state) {
      const entries = [{mark: "autarky", label: "producing in autarky"}];
      for (const {state: s} of data.curves) {
        entries.push({mark: s.key, label: `producing, ${s.word}: φ*`},
          {mark: `cost ${s.key}`, label: {base: `exporting, ${s.word}: φ*`, sub: "x"}});
      }
      const chart = new lecture.Chart({
        ...size, legend: entries, name: "cutoffs", x: axis(frame), y: {domain: frame.y, label: "productivity"},
      });
      chart.horizontal(data.autarky, "autarky");
      for (const curve of data.curves) {
        chart.line(data.xs, curve.export_cutoff, `cost ${curve.state.key}`);
        chart.line(data.xs, curve.cutoff, curve.state.key);
      }
      for (const {state: s} of data.curves) {
        if (!Number.isFinite(s.values.iceberg_cost)) continue;
        chart.point(s.values.iceberg_cost, s.results.export_cutoff, `cost ${s.key}`);
        chart.point(s.values.iceberg_cost, s.results.cutoff, s.key);
      }
      mark_now(chart, state);
      return chart;
    },

    table(answers, data) {
      const columns = ["iceberg cost"];
      for (const {state} of data.curves) columns.push(`cutoff, ${state.word}`, `export cutoff, ${state.word}`);
      return {
        columns,
        rows: lecture.drawing.some(data.xs, 11)
          .map((k) => [data.xs[k], ...data.curves.flatMap((c) => [c.cutoff[k], c.export_cutoff[k]])]),
      };
    },
  };
})();
