// SPDX-License-Identifier: BSL-1.0
//
// Charts as elements of SVG: axes, lines, bands, marks whose labels do not overlap, a legend. Sizes are pixels of the
// screen, so that letters are as large on a phone. Colours and dashes are classes of the style sheet.

"use strict";

lecture.scales = {
  /** From a domain to pixels; with a power, distances are those of x^power, as on slide 11. */
  make([from, to], [start, end], power = 1) {
    const up = power === 1 ? (x) => x : (x) => Math.sign(x) * Math.abs(x) ** power;
    const low = up(from), range = up(to) - low;
    return (x) => start + (end - start) * (up(x) - low) / range;
  },

  /** Round numbers in a domain, about so many. */
  ticks([from, to], count) {
    const rough = (to - from) / Math.max(1, count), ten = 10 ** Math.floor(Math.log10(rough));
    if (!(rough > 0) || !Number.isFinite(rough)) return [];
    const step = ten * [1, 2, 5, 10].find((k) => k * ten >= rough * 0.9999);
    const out = [];
    for (let k = Math.ceil(from / step - 1e-9); k * step <= to * (1 + 1e-12) + step * 1e-9 && out.length < 50; ++k) {
      out.push(Number((k * step).toPrecision(12)));
    }
    return out;
  },
};

/** Widths of words in the font of the charts. */
lecture.width_of = (() => {
  const known = new Map();
  let context = null;
  return (text) => {
    if (!known.has(text)) {
      context ??= document.createElement("canvas").getContext("2d");
      context.font = "13px system-ui, sans-serif";
      if (known.size > 2000) known.clear();
      known.set(text, context.measureText(text).width);
    }
    return known.get(text);
  };
})();

/** A letter with what is below it: {base: "φ*", sub: "A"}, or words. */
lecture.label = {
  text: (label) => typeof label === "string" ? label : label.base + (label.sub ?? ""),
  width: (label) => typeof label === "string" ? lecture.width_of(label)
    : lecture.width_of(label.base) + 0.8 * lecture.width_of(label.sub ?? "") + 2,
  svg(label) {
    const {escape} = lecture.words;
    if (typeof label === "string") return escape(label);
    const below = label.sub ? `<tspan class="below" dy="4">${escape(label.sub)}</tspan>` : "";
    return escape(label.base) + below;
  },
};

/** Centres of intervals of these widths, near to where they want to be and a gap apart, in [from, to]. */
lecture.spread = (wanted, widths, from, to, gap = 6) => {
  const order = wanted.map((_, k) => k).sort((a, b) => wanted[a] - wanted[b]);
  const at = wanted.slice();
  let end = from;
  for (const k of order) {
    at[k] = Math.max(at[k], end + widths[k] / 2);
    end = at[k] + widths[k] / 2 + gap;
  }
  let start = to;
  for (const k of order.reverse()) {
    at[k] = Math.min(at[k], start - widths[k] / 2);
    start = at[k] - widths[k] / 2 - gap;
  }
  return at;
};

/**
 * One picture being drawn.
 * @param how  {width, height, x: {domain, power, label, text}, y: {domain, label, text}, legend: [{mark, label}],
 *             rows: how many rows of the legend there is room for at least, name: of the picture}
 */
lecture.Chart = class {
  constructor(how) {
    const {width, height} = how;
    this.how = how;
    this.narrow = width < 520;
    this.id = how.name;
    this.back = [];
    this.lines = [];
    this.front = [];
    this.marks = [];
    this.legend_rows(how.legend, width);
    this.top = 10 + 20 * Math.max(this.rows, how.rows ?? 0) + 22;
    this.left = this.narrow ? 46 : 58;
    this.right = width - 14;
    this.bottom = height - 62;
    this.x = lecture.scales.make(how.x.domain, [this.left, this.right], how.x.power);
    this.y = lecture.scales.make(how.y.domain, [this.bottom, this.top]);
  }

  // Where each entry of the legend goes: rows as long as the picture is wide.
  legend_rows(entries, width) {
    let x = 8, row = 0;
    this.legend = entries.map((entry) => {
      const wide = 34 + lecture.label.width(entry.label) + 16;
      if (x > 8 && x + wide > width) {
        x = 8;
        ++row;
      }
      const place = {...entry, x, row};
      x += wide;
      return place;
    });
    this.rows = entries.length === 0 ? 0 : row + 1;
  }

  inside(x) {
    const [from, to] = this.how.x.domain;
    return x >= from && x <= to;
  }

  band(from, to, kind, word) {
    const [low, high] = this.how.x.domain;
    const a = Math.max(from, low), b = Math.min(to, high);
    if (!(b > a)) return;
    const x = this.x(a), wide = this.x(b) - x;
    this.back.push(lecture.element("rect", {
      class: `band ${kind}`, x: x.toFixed(1), y: this.top, width: wide.toFixed(1), height: this.bottom - this.top,
    }));
    if (wide > 12) this.write("band-word", (x + wide / 2).toFixed(1), this.top + 15, lecture.words.escape(word));
  }

  /** A line through points; what is no number breaks it. */
  line(xs, ys, kind) {
    let path = "", pen = "M";
    const [low, high] = this.how.y.domain, far = 4 * (high - low);
    for (let k = 0; k < xs.length; ++k) {
      if (!Number.isFinite(xs[k]) || Number.isNaN(ys[k])) {
        pen = "M";
        continue;
      }
      const y = Math.min(Math.max(ys[k], low - far), high + far);
      path += `${pen}${this.x(xs[k]).toFixed(1)} ${this.y(y).toFixed(1)}`;
      pen = "L";
    }
    if (path !== "") this.lines.push(lecture.element("path", {class: `line ${kind}`, d: path}));
  }

  horizontal(y, kind) {
    this.line(this.how.x.domain, [y, y], kind);
  }

  /** A point, with lines down to the axis, and to the left if `left`. */
  point(x, y, kind, left = false) {
    if (!this.inside(x) || !Number.isFinite(y)) return;
    const px = this.x(x).toFixed(1), py = this.y(y).toFixed(1);
    const path = `M${px} ${this.bottom}V${py}` + (left ? `H${this.left}` : "");
    this.lines.push(lecture.element("path", {class: `drop ${kind}`, d: path}),
      lecture.element("circle", {class: `dot ${kind}`, cx: px, cy: py, r: 5}));
  }

  /** A letter below the axis, where something is. */
  mark(x, label, kind) {
    if (Number.isFinite(x) && this.inside(x)) this.marks.push({x: this.x(x), label, kind});
  }

  /** A label just below and right of a point, if that is inside. */
  word(x, y, label) {
    const [low, high] = this.how.y.domain;
    if (!this.inside(x) || !(y > low + 0.03 * (high - low) && y < high)) return;
    this.write("word", (this.x(x) + 5).toFixed(1), (this.y(y) + 14).toFixed(1), lecture.label.svg(label));
  }

  /** Words for what cannot be drawn. */
  note(words) {
    this.write("note", (this.left + this.right) / 2, (this.top + this.bottom) / 2, lecture.words.escape(words));
  }

  write(kind, x, y, markup) {
    this.front.push(lecture.element("text", {class: kind, x, y}, markup));
  }

  axes() {
    const {x, y} = this.how, {escape} = lecture.words, out = [];
    const write = x.text ?? lecture.numbers.plain;
    let last = -Infinity;
    for (const at of lecture.scales.ticks(x.domain, this.narrow ? 5 : 9)) {
      const px = this.x(at), text = write(at), half = lecture.width_of(text) / 2;
      out.push(lecture.element("path", {class: "tick", d: `M${px.toFixed(1)} ${this.bottom}v5`}));
      if (px - half < last + 6 || px + half > this.right + 14) continue;
      last = px + half;
      out.push(lecture.element("text", {class: "tick-word", x: px.toFixed(1), y: this.bottom + 18}, text));
    }
    for (const at of lecture.scales.ticks(y.domain, this.narrow ? 5 : 7)) {
      const py = this.y(at).toFixed(1);
      out.push(lecture.element("path", {class: at === 0 ? "zero" : "grid", d: `M${this.left} ${py}H${this.right}`}),
        lecture.element("text", {class: "tick-word side", x: this.left - 7, y: py, dy: 4}, lecture.numbers.plain(at)));
    }
    const corner = {x: this.right, y: this.how.height - 6, "text-anchor": "end"};
    out.push(lecture.element("path", {class: "axis", d: `M${this.left} ${this.top}V${this.bottom}H${this.right}`}),
      lecture.element("text", {class: "axis-word", ...corner}, escape(x.label)),
      lecture.element("text", {class: "axis-word", x: 8, y: this.top - 9}, escape(y.label)));
    return out;
  }

  // Letters below the numbers of the axis, moved apart, each with a line to where it belongs.
  letters() {
    const widths = this.marks.map((mark) => lecture.label.width(mark.label));
    const at = lecture.spread(this.marks.map((mark) => mark.x), widths, this.left, this.right);
    return this.marks.flatMap((mark, k) => [
      lecture.element("path", {
        class: `leader ${mark.kind}`,
        d: `M${mark.x.toFixed(1)} ${this.bottom}v21L${at[k].toFixed(1)} ${this.bottom + 25}`,
      }),
      lecture.element("text", {class: `letter ${mark.kind}`, x: at[k].toFixed(1), y: this.bottom + 38},
        lecture.label.svg(mark.label)),
    ]);
  }

  keys() {
    return this.legend.flatMap((entry) => {
      const y = 16 + 20 * entry.row;
      const sample = entry.mark.startsWith("band")
        ? lecture.element("rect", {class: entry.mark, x: entry.x, y: y - 7, width: 26, height: 14})
        : lecture.element("path", {class: `line ${entry.mark}`, d: `M${entry.x} ${y}h26`});
      return [sample, lecture.element("text", {class: "key", x: entry.x + 34, y, dy: 4}, lecture.label.svg(entry.label))];
    });
  }

  /** All that is drawn, in groups, so that one more or one less of a kind moves no others. */
  elements() {
    const {left, top, right, bottom} = this, name = `inside-${this.id}`;
    const inside = {"clip-path": `url(#${name})`};
    const room = lecture.element("rect", {x: left, y: top, width: right - left, height: bottom - top});
    return [
      lecture.element("defs", {}, [lecture.element("clipPath", {id: name}, [room])]),
      lecture.element("g", inside, this.back),
      lecture.element("g", {}, this.axes()),
      lecture.element("g", inside, this.lines),
      ...[this.front, this.letters(), this.keys()].map((list) => lecture.element("g", {}, list)),
    ];
  }
};
