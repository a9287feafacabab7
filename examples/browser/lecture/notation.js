// SPDX-License-Identifier: BSL-1.0
//
// The lecture's letters and equations. Names, meanings, units and restrictions are the catalog's and stand nowhere here.

"use strict";

/** The letter that the slides have for a parameter, or docs/notation.md where the slides have none; as HTML. */
lecture.letters = {
  elasticity: "σ",
  fixed_cost: "f",
  entry_cost: "f<sub>e</sub>",
  death_rate: "δ",
  labor: "L",
  partners: "n",
  iceberg_cost: "τ",
  export_fixed_cost: "f<sub>x</sub>",
  log_mean: "μ",
  log_sd: "ν",
  shape: "θ",
};

/** The parts that equations in MathML are made of. */
lecture.maths = (() => {
  const is_number = (text) => /^[\d.]+$/.test(text);
  const operators = new Set(["+", "−", "=", "(", ")", "[", "]", "{", "}", ",", "·", "≥", ">", "<", "∫", "max", "/"]);
  /** Letters, numbers and operators between blanks, "r ( φ ) = σ f"; what is made already stays. */
  const row = (...parts) => {
    const out = parts.map((part) => part.startsWith("<") ? part : part.split(" ").map((token) => {
      if (token === "") return "";
      if (token === "ln") return `<mi>ln</mi><mspace width="0.17em"/>`;
      if (is_number(token)) return `<mn>${token}</mn>`;
      if (operators.has(token)) return `<mo stretchy="false">${token === "<" ? "&lt;" : token}</mo>`;
      return `<mi>${token}</mi>`;
    }).join("")).join("");
    return `<mrow>${out}</mrow>`;
  };
  const sub = (base, below) => `<msub>${row(base)}${row(below)}</msub>`;
  const sup = (base, above) => `<msup>${row(base)}${row(above)}</msup>`;
  const both = (base, below, above) => `<msubsup>${row(base)}${row(below)}${row(above)}</msubsup>`;
  const over = (above, below) => `<mfrac>${row(above)}${row(below)}</mfrac>`;
  const hat = (base, mark) => `<mover>${row(base)}<mo>${mark}</mo></mover>`;
  const integral = (from) => `<msubsup><mo>∫</mo>${row(from)}<mi>∞</mi></msubsup>`;
  /** What grows with what is in it. */
  const group = (left, inside, right) => `<mrow><mo>${left}</mo>${row(inside)}<mo>${right}</mo></mrow>`;
  const words = (text) => `<mtext>&nbsp;${text}&nbsp;</mtext>`;
  const line = (...parts) => `<math display="block">${row(...parts)}</math>`;
  return {row, sub, sup, both, over, hat, integral, group, words, line};
})();

/** What is beside a picture: the slide it is from, its equations, and what to look at. */
lecture.pages = (() => {
  const {row, sub, sup, both, over, hat, integral, group, words, line} = lecture.maths;
  const cutoff = sup("φ", "*"), export_cutoff = both("φ", "x", "*");
  const fe = sub("f", "e"), fx = sub("f", "x");
  const mean = hat("π", "¯"), average = hat("φ", "~");
  const size = (of, at) => sup(group("(", over(of, at), ")"), "σ − 1");
  const survivors = row("1 − G (", cutoff, ")");
  const sales = row(sub("r", "d"), "( φ )");
  const gain = (from) => row(group("[", row(size("φ", from), "− 1"), "]"), "g ( φ ) d φ");
  const zero_profit = row(mean, "= f", group("[", row(size(row(average, "(", cutoff, ")"), cutoff), "− 1"), "]"));
  const free_entry = row(mean, "=", over(row("δ", fe), survivors));
  const exporting = row(export_cutoff, "= τ", sup(group("(", over(fx, "f"), ")"), row("1 / ( σ − 1 )")), cutoff);
  return {
    profits: {
      name: "Profits",
      title: "Profits, entry and exit",
      slide: "slides 11, 28 and 29",
      equations: [
        line("π ( φ ) = max", group("{", row("0 ,", over(sales, "σ"), "− f , ( 1 + n", sup("τ", "1 − σ"), ")",
          over(sales, "σ"), "− f − n", fx), "}")),
        line(sales, "=", size("φ", cutoff), "σ f"),
      ],
      look: "Profit is a straight line in φ to the power σ − 1: it starts at −f and leaves zero at the cutoff. With trade " +
        "it is the better of two lines, to sell at home or to export as well; the line of those who export is steeper " +
        "and starts lower. The bands are the groups of slide 29.",
    },
    entry: {
      name: "Free entry",
      title: "Free entry: at one cutoff only is entry worth its cost",
      slide: "slides 13, 21 and 27, equations (4) and (9)",
      equations: [
        line(sub("v", "e"), "=", over("f", "δ"), integral(cutoff), gain(cutoff), "+", over(row("n", fx), "δ"),
          integral(export_cutoff), gain(export_cutoff), "=", fe),
        line(exporting),
      ],
      look: "The value of entry falls in the cutoff and must equal the cost of entry. Trade adds the second term: the " +
        "curve shifts up, and where it crosses the line moves to the right. That is Proposition 1.",
    },
    figure1: {
      name: "Figure 1",
      title: "Zero profit and free entry without trade",
      slide: "Melitz (2003), figure 1; slides 13 and 17",
      equations: [line(zero_profit), line(free_entry)],
      look: "Two curves in the cutoff and the average profit of producers. Costs of entry and the death rate move the one " +
        "of free entry only; the law and σ move both.",
    },
    figure2: {
      name: "Figure 2",
      title: "Zero profit and free entry with trade",
      slide: "Melitz (2003), figure 2; slides 21 and 22",
      equations: [
        line(mean, "=", sub("π", "d"), "(", average, ") + χ n", sub("π", "x"), "(", sub(average, "x"), ")"),
        line(free_entry),
      ],
      look: "Trade shifts the curve of zero profit up, by what exporters earn abroad; free entry does not move. Both the " +
        "cutoff and average profit rise.",
    },
    density: {
      name: "Firms",
      title: "Who produces, and what happens to whom",
      slide: "slides 12 and 29",
      equations: [line("μ ( φ ) =", over("g ( φ )", survivors), words("if"), "φ ≥", cutoff, words("and 0 below"))],
      look: "The density of productivity among producers. Those in the first band exit; their place is taken by " +
        "firms further right, so the industry is more productive although no firm is.",
    },
    gains: {
      name: "Gains",
      title: "Gains from trade against the iceberg cost, under two laws",
      slide: "slides 29 and 32",
      equations: [
        line(over("W", sub("W", "A")), "=", over(sub("φ", "d"), both("φ", "A", "*")), words("and under a Pareto law"),
          over("W", sub("W", "A")), "=", sup("λ", "− 1 / θ")),
        line(over("d ln W", "d ln τ"), "= − ( 1 − λ )"),
      ],
      look: "Welfare over that in autarky, with the law chosen and with another one. Both laws can agree on " +
        "the share of spending on imports today and still disagree on what a large change does: away from the " +
        "Pareto law the trade elasticity moves with the cutoffs.",
    },
    cutoffs: {
      name: "Cutoffs",
      title: "The two cutoffs against the iceberg cost",
      slide: "slides 20 and 27, equation (8)",
      equations: [line(exporting), line(words("selection:"), sup("τ", "σ − 1"), fx, "> f")],
      look: "Cheaper trade lets less productive firms export and drives the least productive ones out. Where " +
        "the curves meet, every producer exports.",
    },
  };
})();
