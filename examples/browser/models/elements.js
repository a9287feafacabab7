// SPDX-License-Identifier: BSL-1.0
//
// What the page's other scripts make elements and numbers in words with.

"use strict";

/** An element with attributes, event listeners (functions) and children, texts among them. */
function element(tag, attributes = {}, ...children) {
  const drawn = ["svg", "g", "path", "line", "text", "circle", "title", "desc"].includes(tag);
  const out = drawn ? document.createElementNS("http://www.w3.org/2000/svg", tag) : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") out.addEventListener(name, value);
    else out.setAttribute(name, value === true ? "" : value);
  }
  out.append(...children.filter((child) => child !== null));
  return out;
}

const by_id = (id) => document.getElementById(id);

/** "iceberg_cost" as words. */
const in_words = (name) => name.replaceAll("_", " ");

/** Eight digits, as melitz-solve's tables have; what is not finite in words. */
function shown_number(x) {
  if (Number.isNaN(x)) return "undefined";
  if (!Number.isFinite(x)) return x > 0 ? "infinite" : "minus infinite";
  if (x === 0) return "0";
  const size = Math.abs(x);
  if (size < 1e-5 || size >= 1e9) return x.toExponential(7).replace(/\.?0+e/, "e");
  return String(Number(x.toPrecision(8)));
}

/** A change in per cent. */
function shown_percent(x) {
  if (!Number.isFinite(x)) return Number.isNaN(x) ? "–" : shown_number(x);
  return `${x > 0 ? "+" : ""}${Math.abs(x) < 5e-4 ? 0 : x.toFixed(Math.abs(x) < 100 ? 3 : 1)} %`;
}

/** Every digit: what a number reads back from. */
const whole_number_text = (x) => Number.isNaN(x) ? "nan" : x === Infinity ? "inf" : x === -Infinity ? "-inf" : String(x);

/** What a field holds: a number, "inf", or whatever was typed, which the library then names. */
function typed(text) {
  const plain = text.trim();
  if (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(plain)) return Number(plain);
  return plain;
}

/** Offers a text as a file. */
function save(name, type, text) {
  const address = URL.createObjectURL(new Blob([text], {type}));
  const link = element("a", {href: address, download: name});
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}

/** One line of CSV. */
const csv_line = (cells) => cells.map((cell) => {
  const text = typeof cell === "number" ? whole_number_text(cell) : String(cell);
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}).join(",") + "\n";
