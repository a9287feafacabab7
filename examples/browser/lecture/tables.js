// SPDX-License-Identifier: BSL-1.0
//
// The effects of trade as a table, the groups of firms, and what the picture shows as a table.

"use strict";

/** What slide 29 speaks of comes first; the other numbers are behind a button. */
lecture.first_results = [
  "cutoff", "export_cutoff", "share_exporting", "average_revenue", "average_profit", "average_productivity",
  "mass_producers", "mass_varieties", "domestic_share", "price_index", "welfare",
];

lecture.EffectsTable = class {
  /** @param results  of the open economy, as the catalog has them */
  constructor(results) {
    this.cells = [];  // {node, words: what it says, value}, of each row those of its sides
    this.results = results.filter((r) => r.part !== "solution" && r.part !== "work");
    this.regime = results.filter((r) => r.name === "regime");
    const first = lecture.first_results.map((name) => this.results.find((r) => r.name === name)).filter((r) => r);
    const others = [...this.regime, ...this.results.filter((r) => !first.includes(r))];
    this.rows = [...first, ...others];
    this.first = first.length;
    this.answers = null;  // those that are shown
    this.fill(document.getElementById("results-first"), first);
    this.fill(document.getElementById("results-all"), others);
    const button = document.getElementById("all-results");
    button.addEventListener("click", () => {
      const body = document.getElementById("results-all");
      body.hidden = !body.hidden;
      button.setAttribute("aria-expanded", String(!body.hidden));
      button.textContent = body.hidden ? "All numbers" : "Fewer numbers";
      this.rest();
    });
  }

  fill(body, results) {
    const {escape, name, symbol} = lecture.words;
    for (const r of results) {
      const row = document.createElement("tr");
      const told = [r.unit, r.equation].filter((text) => text !== "").join("; ");
      row.innerHTML = `<th scope="row">${escape(name(r.name))}` +
        (r.symbol === "" ? "" : ` <span class="letter">${symbol(r.symbol)}</span>`) +
        `<small>${escape(told)}</small></th>`;
      for (const side of ["autarky", "before", "after", "percent"]) {
        const cell = document.createElement("td");
        cell.dataset.result = r.name;
        cell.dataset.side = side;
        const words = document.createTextNode("");
        cell.append(words);
        row.append(cell);
        this.cells.push({node: cell, words, value: undefined});
      }
      body.append(row);
    }
  }

  /** The numbers of one result: autarky, before (autarky if nothing is pinned), after, and the change in %. */
  static values(answers, name) {
    const {autarky, now} = answers.states;
    return {
      autarky: autarky.results[name],
      before: answers.reference.results[name],
      after: now.results[name],
      percent: answers.percent[name],
    };
  }

  /** @param moving  whether what nobody sees may wait until it has come to rest */
  show(answers, moving = false) {
    this.answers = answers;
    document.getElementById("results").classList.toggle("pinned", answers.states.before !== null);
    const from = document.getElementById("change-from"), words = `change from ${answers.reference.word}, %`;
    if (from.textContent !== words) from.textContent = words;
    const seen = moving && document.getElementById("results-all").hidden ? this.first : this.rows.length;
    let at = 0;
    for (const {name} of this.rows.slice(0, seen)) {
      const values = lecture.EffectsTable.values(answers, name);
      for (const side of ["autarky", "before", "after", "percent"]) {
        const cell = this.cells[at++], value = values[side];
        if (Object.is(cell.value, value)) continue;
        this.write(cell, value, typeof value === "string" ? lecture.words.name(value)
          : side === "percent" ? lecture.numbers.percent(value) : lecture.numbers.short(value));
      }
    }
    this.groups(answers);
  }

  /** Shows what has waited. */
  rest() {
    if (this.answers !== null) this.show(this.answers);
  }

  write(cell, value, words) {
    cell.value = value;
    cell.node.dataset.value = lecture.numbers.exact(value);
    if (cell.words.data !== words) cell.words.data = words;
  }

  /** There are no numbers. */
  forget() {
    this.answers = null;
    for (const cell of this.cells) this.write(cell, NaN, "–");
  }

  groups(answers) {
    const {escape} = lecture.words, {short} = lecture.numbers, body = document.getElementById("groups");
    const rows = answers.groups.map((group, k) =>
      `<tr><td><span class="swatch ${lecture.drawing.kind_of(group.effect)}">${k + 1}</span></td>` +
        `<th scope="row">${escape(group.effect)}</th><td>–</td></tr>`).join("");
    const html = rows !== "" ? rows : `<tr><td colspan="3">${escape(answers.without_groups || "No firm changes.")}</td></tr>`;
    if (html !== this.shown) {
      this.shown = html;
      body.innerHTML = html;
    }
    answers.groups.forEach(({lower, upper}, k) => {
      const to = Number.isFinite(upper) ? `from ${short(lower)} to ${short(upper)}` : `from ${short(lower)} on`;
      const words = body.rows[k].cells[2].firstChild;
      if (words.data !== to) words.data = to;
    });
  }

  csv(answers) {
    const lines = ["name,symbol,unit,autarky,before,after,percent"];
    for (const r of this.rows) {
      const v = lecture.EffectsTable.values(answers, r.name);
      lines.push([r.name, r.symbol, r.unit, ...[v.autarky, v.before, v.after, v.percent].map(lecture.numbers.exact)]
        .map(lecture.csv_field).join(","));
    }
    return lines.join("\n") + "\n";
  }
};

lecture.csv_field = (text) => /[",\n]/.test(text) ? `"${text.replaceAll("\"", "\"\"")}"` : text;

/** A table of what a picture shows, as HTML and as CSV. */
lecture.picture_table = {
  html({columns, rows}) {
    const {escape} = lecture.words, {short} = lecture.numbers;
    const head = columns.map((column) => `<th scope="col">${escape(column)}</th>`).join("");
    const body = rows.map((row) => `<tr>${row.map((x) => `<td>${escape(short(x))}</td>`).join("")}</tr>`).join("");
    return `<caption class="unseen">Numbers of the picture</caption><thead><tr>${head}</tr></thead><tbody>${body}</tbody>`;
  },

  csv({columns, rows}) {
    return [columns, ...rows].map((row) => row.map((x) => lecture.csv_field(lecture.numbers.exact(x))).join(",")).join("\n") + "\n";
  },
};
