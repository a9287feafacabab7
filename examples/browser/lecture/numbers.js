// SPDX-License-Identifier: BSL-1.0
//
// Numbers, symbols and units as text. Everything of the lecture's page is in one global object, `lecture`.

"use strict";

const lecture = {};

lecture.numbers = {
  /** For reading: so many digits, always as many, so that columns do not jump while a slider moves. */
  short(x, digits = 4) {
    if (typeof x !== "number") return String(x ?? "");
    if (Number.isNaN(x)) return "–";
    if (!Number.isFinite(x)) return x > 0 ? "∞" : "−∞";
    if (x === 0) return "0";
    const size = Math.abs(x);
    const text = size >= 1e7 || size < 1e-4 ? x.toExponential(digits - 2)
      : size >= 10 ** digits ? x.toFixed(0) : x.toPrecision(digits);
    return text.replace("-", "−").replace("e+", "e");
  },

  /** As it was typed, or as a computer would: no zeros at the end. */
  plain(x) {
    if (typeof x !== "number") return String(x ?? "");
    if (!Number.isFinite(x)) return lecture.numbers.short(x);
    return String(Number(x.toPrecision(6))).replace("-", "−");
  },

  /** A change in per cent, with its sign. */
  percent(x) {
    if (typeof x !== "number" || Number.isNaN(x)) return "–";
    if (!Number.isFinite(x)) return x > 0 ? "+∞" : "−∞";
    const text = Math.abs(x) >= 1000 ? x.toFixed(0) : x.toFixed(2);
    if (Number(text) === 0) return "0.00";
    return (x > 0 ? "+" : "") + text.replace("-", "−");
  },

  /** Every digit; reads back to the same number. */
  exact(x) {
    if (typeof x !== "number") return String(x ?? "");
    if (Number.isNaN(x)) return "nan";
    return Number.isFinite(x) ? String(x) : x > 0 ? "inf" : "-inf";
  },

  /**
   * What a field says, as a document has it: a number, a list, or else the words themselves, which the library
   * understands ("inf") or refuses in its own words.
   */
  read(text, is_list = false) {
    const trimmed = text.trim();
    if (is_list) {
      const inside = trimmed.startsWith("[") ? trimmed : `[${trimmed}]`;
      try {
        return JSON.parse(inside);
      } catch {
        return trimmed;
      }
    }
    const decimal = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(trimmed.replace("−", "-"));
    if (decimal) return Number(trimmed.replace("−", "-"));
    return trimmed;
  },

  /** A value as a field shows it. */
  written(value) {
    if (Array.isArray(value)) {
      return value.every((x) => typeof x === "number") ? value.join(", ") : JSON.stringify(value);
    }
    if (typeof value === "number") return lecture.numbers.exact(value);
    return String(value ?? "");
  },
};

lecture.words = {
  escape(text) {
    return String(text).replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
  },

  /** "export_fixed_cost" for people. */
  name(identifier) {
    return identifier.replaceAll("_", " ");
  },

  /** A symbol as the catalog spells it, "phi~_x" or "M_e/delta", as HTML. */
  symbol(spelt) {
    const greek = {phi: "φ", pi: "π", lambda: "λ", chi: "χ", delta: "δ", sigma: "σ", tau: "τ", rho: "ρ"};
    return lecture.words.escape(spelt)
      .replace(/\b(phi|pi|lambda|chi|delta|sigma|tau|rho)(?=\b|_|~)/g, (word) => greek[word])
      .replace(/~/g, "\u0303")
      .replace(/-bar/g, "\u0304")
      .replace(/-/g, "−")
      .replace(/_(\w)/g, "<sub>$1</sub>")
      .replace(/\*/g, "<sup>*</sup>");
  },
};
