// SPDX-License-Identifier: BSL-1.0
//
// The tables of an answer, and of a comparison of two: rows by what the catalog says of results, in its order.

"use strict";

const part_titles = {
  solution: "Solution", cutoffs: "Cutoffs", averages: "Averages and shares", masses: "Masses of firms",
  aggregates: "Aggregates", labor_uses: "Uses of labour", elasticities: "Elasticities", work: "Work",
};

/** What one place of a list is called: a country's name, or "industry 2". */
function place_name(shape, axis, k, countries) {
  const both = shape.replace(/^by_/, "").split("_and_");
  const what = shape === "by_pair" ? "country" : both[Math.min(axis, both.length - 1)];
  if (what === "country" && countries?.[k] !== undefined) return countries[k];
  return what === "number" ? String(k) : `${in_words(what)} ${k}`;
}

/** A cell for one value: a number, a word, a list as a small table, a list of lists as a matrix. */
function value_cell(value, result, countries, show = shown_number) {
  if (!Array.isArray(value)) {
    if (typeof value !== "number") return element("td", {}, value === true ? "yes" : value === false ? "no" : String(value));
    return element("td", {class: "number", "data-value": whole_number_text(value)}, show(value));
  }
  return element("td", {}, list_table(value, result, countries, show));
}

function list_table(value, result, countries, show) {
  const shape = result.shape;
  if (value.some((inner) => Array.isArray(inner) && inner.some(Array.isArray))) {
    return element("div", {}, ...value.flatMap((inner, k) => [element("div", {}, `sector ${k}`),
                                                              list_table(inner, result, countries, show)]));
  }
  const long = value.length > 12, number = (x) => value_cell(x, result, countries, show);
  const matrix = value.some(Array.isArray);
  const head = matrix && !long ? element("thead", {}, element("tr", {}, element("td", {}),
    ...value[0].map((_, k) => element("th", {scope: "col", class: "number"}, place_name(shape, 1, k, countries))))) : null;
  const rows = value.map((row, k) => element("tr", {},
    element("th", {scope: "row"}, place_name(shape, 0, k, countries)), ...(matrix ? row.map(number) : [number(row)])));
  const table = element("table", {}, ...(head ? [head] : []), element("tbody", {}, ...rows));
  if (!long) return table;
  const ends = matrix ? "" : `, from ${show(value[0])} to ${show(value.at(-1))}`;
  return element("details", {}, element("summary", {}, `${value.length} of them${ends}`), table);
}

/** A table that scrolls in itself. */
function scrolling(label, ...children) {
  return element("div", {class: "scrolls tables", tabindex: "0", role: "region", "aria-label": label}, ...children);
}

/** Tables of an answer, one for each part. */
function result_tables(model, answer) {
  return tables_by_part(model, answer.results, ["value"], (result, value) => [
    value_cell(value, result, answer.countries)]);
}

/** The same before and after, with changes in per cent; and what becomes of firms. */
function comparison_tables(model, answer) {
  const cells = (result, row) => [
    value_cell(row.before, result, answer.countries), value_cell(row.after, result, answer.countries),
    row.percent === undefined ? element("td", {}) : value_cell(row.percent, result, answer.countries, shown_percent)];
  const tables = tables_by_part(model, answer.results, ["before", "after", "change"], cells);
  if (answer.firms?.length > 0) {
    tables.push(element("h3", {}, "What happens to firms"), scrolling("What happens to firms", element("table", {},
      element("thead", {}, element("tr", {}, ...["firms that", "from productivity", "to"].map((text, k) =>
        element("th", {scope: "col", class: k > 0 ? "number" : null}, text)))),
      element("tbody", {}, ...answer.firms.map((group) => element("tr", {},
        element("th", {scope: "row"}, in_words(group.effect)),
        value_cell(group.lower, {shape: "number"}), value_cell(group.upper, {shape: "number"})))))));
  } else if (answer.without_firms) {
    tables.push(element("p", {}, `What happens to firms is not told: ${answer.without_firms}.`));
  }
  return tables;
}

function tables_by_part(model, results, columns, cells_of) {
  const out = [];
  for (const [part, title] of Object.entries(part_titles)) {
    const rows = model.results.filter((r) => r.part === part && results[r.name] !== undefined);
    if (rows.length === 0) continue;
    const head = element("tr", {}, element("th", {scope: "col"}, "result"),
      ...columns.map((text) => element("th", {scope: "col", class: "number"}, text)),
      ...["unit", "symbol", "source"].map((text) => element("th", {scope: "col"}, text)));
    const body = rows.map((r) => element("tr", {"data-name": r.name},
      element("th", {scope: "row"}, in_words(r.name)), ...cells_of(r, results[r.name]),
      element("td", {class: "unit"}, r.unit), element("td", {class: "symbol"}, r.symbol),
      element("td", {class: "symbol"}, r.equation)));
    const table = scrolling(title, element("table", {}, element("thead", {}, head), element("tbody", {}, ...body)));
    if (part === "work" || part === "solution") {
      out.push(element("details", {}, element("summary", {}, title), table));
    } else {
      out.push(element("h3", {}, title), table);
    }
  }
  return out;
}

/** Results as CSV: a line for each number. */
function results_as_csv(answer, columns) {
  const lines = [csv_line(["name", "place", ...columns, ""].slice(0, -1))];
  const walk = (name, place, values) => {
    const list = values.find(Array.isArray);
    if (list === undefined) return lines.push(csv_line([name, place, ...values.map((value) => value ?? "")]));
    list.forEach((_, k) => walk(name, `${place}[${k}]`, values.map((value) => Array.isArray(value) ? value[k] : value)));
  };
  for (const [name, value] of Object.entries(answer.results)) {
    walk(name, "", columns.length === 1 ? [value] : columns.map((column) => value[column]));
  }
  return lines.join("");
}
