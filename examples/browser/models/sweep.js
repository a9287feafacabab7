// SPDX-License-Identifier: BSL-1.0
//
// One number of the model moves, and a result is drawn over it.

"use strict";

class SweepView {
  #m;
  #model = null;
  #document = null;
  #numbers = [];
  #drawn = null;  // what the picture shows
  #own_range = false;  // the user's, which nothing changes

  constructor(m) {
    this.#m = m;
    by_id("moved").addEventListener("change", () => { this.#own_range = false; this.#suggest(); this.draw(); });
    by_id("shown").addEventListener("change", () => this.draw());
    for (const id of ["from", "to", "count"]) {
      by_id(id).addEventListener("input", () => { this.#own_range = true; this.draw(); });
    }
    by_id("save-picture").addEventListener("click", () => {
      const svg = by_id("picture").querySelector("svg");
      if (svg !== null) save("melitz-sweep.svg", "image/svg+xml", chart_as_file(svg));
    });
    by_id("save-numbers").addEventListener("click", () => {
      if (this.#drawn !== null) save("melitz-sweep.csv", "text/csv", this.#as_csv());
    });
    new ResizeObserver(() => { if (this.#drawn !== null) this.#paint(); }).observe(by_id("picture"));
  }

  /** Another model, or other numbers of the same. */
  show(model, document_shown, numbers) {
    const is_new = this.#model !== model;
    this.#model = model;
    this.#document = document_shown;
    this.#numbers = numbers;
    if (is_new) {
      const results = model.results.filter((r) => !["solution", "work"].includes(r.part) && r.shape !== "by_period");
      const first = ["welfare", "real_wage"].find((name) => results.some((r) => r.name === name)) ?? results[0]?.name;
      by_id("shown").replaceChildren(...results.map((r) =>
        element("option", {value: r.name, selected: r.name === first}, in_words(r.name))));
    }
    const names = numbers.map((number) => number.name), was = by_id("moved").value;
    const wanted = !is_new && names.includes(was) ? was
      : names.find((name) => /iceberg|trade_cost|tariff/.test(name)) ?? names[0];
    by_id("moved").replaceChildren(...numbers.map((number) => element("option",
      {value: number.name, selected: number.name === wanted},
      number.name.endsWith("*") ? `${in_words(number.name.slice(0, -1))}, all times` : in_words(number.name))));
    if (is_new || wanted !== was) this.#own_range = false;
    if (!this.#own_range) this.#suggest();
    this.draw();
  }

  #number() {
    return this.#numbers.find((number) => number.name === by_id("moved").value);
  }

  /** A range around what the model has, in which every value is legal. */
  #suggest() {
    const number = this.#number();
    if (number === undefined) return;
    const {value, name} = number;
    if (typeof value !== "number" || !Number.isFinite(value)) return;
    let below = name.endsWith("*") ? 0.25 : Math.max(Math.abs(value) / 3, value === 0 ? 0.5 : 0), above = below;
    const legal = (from, to) => {
      try {
        this.#m.sweep(null, this.#document, {[name]: Float64Array.of(from, to)}, []);
        return true;
      } catch (e) {
        if (e instanceof DomainError) return false;
        throw e;
      }
    };
    for (let k = 0; k < 6 && !legal(value - below, value); ++k) below = k === 5 ? 0 : below / 2;
    for (let k = 0; k < 6 && !legal(value, value + above); ++k) above = k === 5 ? 0 : above / 2;
    // Whole numbers, such as how many partners there are, move by whole steps.
    const text = (x) => String(Number(x.toPrecision(4)));
    by_id("from").value = text(value - below);
    by_id("to").value = text(value + above);
  }

  draw() {
    by_id("sweep-trouble").textContent = "";
    const number = this.#number(), field = by_id("shown").value;
    if (number === undefined || field === "") return;
    const ends = ["from", "to", "count"].map((id) => typed(by_id(id).value));
    if (typeof ends[2] === "number") ends[2] = Math.min(ends[2], 2000);
    try {
      const solved = this.#m.sweep(null, this.#document, {[number.name]: ends}, [field]);
      const xs = this.#xs(ends), size = solved[field].length / xs.length;
      const result = this.#model.results.find((r) => r.name === field), countries = this.#document.countries;
      const most = Math.min(size, 6);
      const lines = Array.from({length: most}, (_, place) => ({
        name: size === 1 ? in_words(field) : SweepView.#place(result, place, size, countries),
        ys: Float64Array.from(xs, (_, k) => solved[field][k * size + place]),
      }));
      this.#drawn = {number, field, xs, lines, status: solved.status, result};
      const failed = solved.status.filter((status) => status !== "converged");
      const said = [];
      if (failed.length > 0) said.push(`${failed.length} of ${xs.length} are not solved (${[...new Set(failed)].join(", ")}).`);
      if (size > most) said.push(`The first ${most} of ${size} numbers are drawn.`);
      by_id("sweep-trouble").textContent = said.join(" ");
      this.#paint();
    } catch (e) {
      if (!(e instanceof DomainError)) throw e;
      by_id("sweep-trouble").textContent = e.message;
    }
  }

  #xs([from, to, count]) {
    return Float64Array.from({length: count}, (_, k) =>
      k === 0 ? from : k + 1 === count ? to : from + (to - from) * k / (count - 1));
  }

  static #place(result, k, size, countries) {
    const shape = result.shape;
    if (shape === "by_pair" || shape.includes("_and_")) {
      const columns = shape === "by_pair" ? Math.round(Math.sqrt(size)) : countries?.length ?? size;
      return `${place_name(shape, 0, Math.floor(k / columns), countries)}, ${place_name(shape, 1, k % columns, countries)}`;
    }
    return place_name(shape, 0, k, countries);
  }

  #paint() {
    const {number, field, xs, lines, result} = this.#drawn;
    const many = number.name.endsWith("*"), name = in_words(many ? number.name.slice(0, -1) : number.name);
    const unit = result.unit ? `${in_words(field)}, ${result.unit}` : in_words(field);
    by_id("picture").replaceChildren(line_chart({
      width: Math.max(280, Math.min(900, by_id("picture").clientWidth)), xs, lines, y_label: unit,
      x_label: many ? `${name}, times` : name, now: typeof number.value === "number" ? number.value : null,
      title: `${in_words(field)} over ${name}; the numbers are in the table below`,
    }));
    const head = element("tr", {}, element("th", {scope: "col", class: "number"}, name),
      ...lines.map((line) => element("th", {scope: "col", class: "number"}, line.name)));
    const rows = Array.from(xs, (x, k) => element("tr", {}, value_cell(x, result),
      ...lines.map((line) => value_cell(line.ys[k], result))));
    by_id("numbers").querySelector("div").replaceChildren(
      element("table", {}, element("thead", {}, head), element("tbody", {}, ...rows)));
  }

  #as_csv() {
    const {number, xs, lines, status} = this.#drawn;
    return csv_line([number.name, "status", ...lines.map((line) => line.name)]) +
      Array.from(xs, (x, k) => csv_line([x, status[k], ...lines.map((line) => line.ys[k])])).join("");
  }
}
