// SPDX-License-Identifier: BSL-1.0
//
// What the page shows, as one object; the link that restores it; and the questions that set it.
//
//   {picture, values: {elasticity: 4, ...}, law: {family, ...}, other: {family, ...}, before: null or {values, law}}

"use strict";

/** Where a slider starts, ends, and by how much it moves. Its field takes whatever the library takes. */
lecture.range_of = (() => {
  const known = {
    elasticity: [1.5, 10, 0.05],
    fixed_cost: [0.1, 5, 0.05],
    entry_cost: [0.1, 20, 0.1],
    death_rate: [0.01, 0.5, 0.01],
    labor: [50, 5000, 50],
    partners: [0, 10, 1],
    iceberg_cost: [1, 4, 0.01],
    export_fixed_cost: [0.05, 10, 0.05],
    log_mean: [-1, 1, 0.02],
    log_sd: [0.2, 1.5, 0.01],
    shape: [1, 10, 0.01],
  };
  return (name, example) => {
    if (known[name]) return known[name];
    if (!(example > 0)) return [-2, 2, 0.02];
    const step = 10 ** Math.floor(Math.log10(example / 20));
    return [step, Math.ceil(5 * example / step) * step, step];
  };
})();

/** The lecture's numbers: those of the tutorial. What is not here is the catalog's example. */
lecture.start = {
  values: {labor: 1000},
  law: {family: "lognormal", log_mean: 0, log_sd: 0.8},
  // With this shape both laws agree on the share of spending on imports at the lecture's numbers, 30 %.
  other: {family: "pareto", scale: 1, shape: 3.96},
};

/** Questions; what each has besides the lecture's numbers. `before` without a value is autarky. */
lecture.presets = [
  {
    id: "open",
    question: "Who loses when trade opens?",
    picture: "profits",
    lesson: "Autarky against trade with three partners. The least productive firms exit, the next sell and earn less, and " +
      "only those that export and are productive enough earn more.",
  },
  {
    id: "tau",
    question: "What does a fall in τ do?",
    picture: "profits",
    before: {iceberg_cost: 1.6},
    values: {iceberg_cost: 1.3},
    lesson: "From an iceberg cost of 1.6 to 1.3. Competition from abroad drives more firms out, and more of those that stay " +
      "export.",
  },
  {
    id: "fixed",
    question: "What if exporting needs less paperwork?",
    picture: "density",
    before: {export_fixed_cost: 4},
    values: {export_fixed_cost: 1},
    lesson: "The fixed cost of exporting falls from 4 to 1 in each market. New exporters come in from the middle. The largest " +
      "firms, to whom the cost hardly matters, meet more competitors and sell less.",
  },
  {
    id: "partners",
    question: "What do more partners do?",
    picture: "entry",
    before: {partners: 3},
    values: {partners: 6},
    lesson: "Six partners instead of three. The export term of free entry counts once for each, so the cutoff rises.",
  },
  {
    id: "entry",
    question: "What does costly entry do?",
    picture: "figure1",
    before: {entry_cost: 2, partners: 0},
    values: {entry_cost: 6, partners: 0},
    lesson: "Without trade, the cost of entry rises from 2 to 6. Fewer try, and weaker firms survive: the cutoff falls.",
  },
  {
    id: "everyone",
    question: "Can every firm export?",
    picture: "cutoffs",
    before: {},
    values: {iceberg_cost: 1.1, export_fixed_cost: 0.5},
    lesson: "When exporting is so cheap that even the marginal producer does it, there is no selection: every firm that " +
      "produces exports, and the two cutoffs are one.",
  },
  {
    id: "pareto",
    question: "Does Pareto matter?",
    picture: "gains",
    lesson: "A log-normal and a Pareto law with the same share of spending on imports at τ = 1.6. Their gains from trade " +
      "differ there, and differently elsewhere.",
  },
];

/** Laws to start from that the catalog has no example of. */
lecture.start.laws = {
  mixture: {
    weights: [0.9, 0.1],
    components: [{family: "lognormal", log_mean: 0, log_sd: 0.8}, {family: "pareto", scale: 2, shape: 4.25}],
  },
};

/** A law to start from. @param family  as the catalog has it */
lecture.law_of = (family) => {
  const law = {family: family.name, ...structuredClone(lecture.start.laws[family.name] ?? {})};
  for (const key of family.keys) {
    if (key.name in law || key.example === null || "if_left_out" in key) continue;
    law[key.name] = key.example;
  }
  return law;
};

lecture.states = {
  copy: (state) => structuredClone(state),

  /** The lecture's numbers. @param model  the open economy as the catalog has it */
  first(model) {
    const values = Object.fromEntries(model.parameters.map((p) => [p.name, p.example]));
    return {
      picture: lecture.presets[0].picture,
      values: {...values, ...lecture.start.values},
      law: {...lecture.start.law},
      other: {...lecture.start.other},
      before: null,
    };
  },

  of_preset(preset, model) {
    const state = lecture.states.first(model);
    state.picture = preset.picture;
    if (preset.before) {
      state.before = {values: {...state.values, ...preset.before}, law: {...state.law}};
    }
    Object.assign(state.values, preset.values);
    return state;
  },

  document: (values, law) => ({model: "open", distribution: law, parameters: values}),
};

/** The state as what is behind # in a link, and back. */
lecture.link = {
  of(state) {
    const out = new URLSearchParams();
    const add = (prefix, object) => {
      for (const [key, value] of Object.entries(object)) out.set(prefix + key, lecture.numbers.written(value));
    };
    out.set("picture", state.picture);
    add("", state.values);
    add("law.", state.law);
    add("other.", state.other);
    if (state.before) {
      add("before.", state.before.values);
      add("before.law.", state.before.law);
    }
    return "#" + out.toString();
  },

  longest: 4000,

  /**
   * @param state  what a link that says nothing stands for
   * @return {state, wrong}: `wrong` says in words what the link has that is not understood, and was left out
   */
  read(hash, state, catalog) {
    const out = lecture.states.copy(state), wrong = [];
    const text = hash.replace(/^#/, "");
    if (text === "") return {state: out, wrong};
    if (text.length > lecture.link.longest) return {state: out, wrong: ["it is too long"]};
    const given = new Map(new URLSearchParams(text));
    const cut = (word) => `“${word.slice(0, 40)}”`;
    const law_at = (prefix, law) => {
      const family = given.get(`${prefix}family`) ?? law.family;
      given.delete(`${prefix}family`);
      const known = catalog.laws.find((one) => one.name === family);
      if (!known) {
        wrong.push(`there is no law ${cut(family)}`);
        return law;
      }
      const made = {family};
      for (const key of known.keys) {
        const text = given.get(prefix + key.name);
        given.delete(prefix + key.name);
        const before = (law.family === family ? law : lecture.law_of(known))[key.name];
        const value = text === undefined ? before : lecture.numbers.read(text, key.shape !== "number");
        if (value !== null && value !== undefined) made[key.name] = value;
      }
      return made;
    };
    const values_at = (prefix, values) => {
      for (const name of Object.keys(values)) {
        if (!given.has(prefix + name)) continue;
        values[name] = lecture.numbers.read(given.get(prefix + name));
        given.delete(prefix + name);
      }
      return values;
    };
    if (given.has("picture")) {
      const picture = given.get("picture");
      given.delete("picture");
      if (Object.hasOwn(lecture.pages, picture)) out.picture = picture;
      else wrong.push(`there is no picture ${cut(picture)}`);
    }
    values_at("", out.values);
    out.law = law_at("law.", out.law);
    out.other = law_at("other.", out.other);
    const left = given.size;
    const before = {values: values_at("before.", {...out.values}), law: law_at("before.law.", {...out.law})};
    if (given.size < left) out.before = before;
    for (const key of given.keys()) wrong.push(`${cut(key)} is not known`);
    return {state: out, wrong: wrong.slice(0, 5)};
  },
};
