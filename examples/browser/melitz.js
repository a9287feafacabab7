// SPDX-License-Identifier: BSL-1.0
//
// The library in a page: what core.cpp compiles to WebAssembly, in the words of JavaScript.
//
//   const m = await loadMelitz();
//   const open = m.example("open");            // a model that can be solved, to start from
//   m.run(open).results.welfare                // the number that melitz-solve prints, to the last bit
//
// A classic script, so that a page with everything in it opens from the file system: it defines the global functions
// loadMelitz and DomainError, and wants the compiled core's global melitzCore before it.
//
// Documents are the JSON objects that melitz-solve reads: {model, distribution: {family, ...}, parameters: {...}}, and
// what else a model file may have. Numbers may be Infinity. In answers what JSON calls "inf", "-inf" and "nan" are
// numbers, but in "inputs", which is a document again, as melitz-solve writes it.
//
// What m has:
//   m.version                      "0.1.0"
//   m.catalog()                    {models: [...], laws: [...]}, see catalog below
//   m.example(model)               a document that can be solved
//   m.run(document)                an answer: {model, version, status, results: {...}, warnings, inputs}
//     with `operation` in it       "solve" (or without it)
//                                  "compare"   and `after`, another document of the same model: {status, results:
//                                              {welfare: {before, after, percent}}, firms: [{effect, lower, upper}]}
//                                  "gains"     {status, gains_from_trade, percent}
//                                  "firms"     and `productivities`, a list: {status, productivity, choice, ...}
//                                  "curve"     and `cutoffs`, a list: {status, cutoff, value_of_entry, ...}
//                                  "calibrate" of a document with `targets` in the place of parameters: a document
//   m.sweep(model, document, values, fields)   many solves, see sweep below
//   m.curve(document, name, cutoffs)           Float64Array, see curve below
//   m.firms(document, productivities)          {status, choice: [...], price, revenue, profit: Float64Array}
//   m.density(law, productivities)             {density, log_density, survival: Float64Array}, see density below
//
// What is refused is thrown as a DomainError: name "DomainError", message the library's words in one line, and taken
// apart from them
//   parameter    as the document spells it, without "parameters." before it: "iceberg_cost", "labor[2]",
//                "distribution.log_sd", "after.iceberg_cost" of the second document of a comparison; "" where the
//                message is about no one number
//   value        as text, "0.8"; null where it is missing
//   restriction  completes "it must ...": "be at least 1"; null where the message says it otherwise
//   element      of a sweep, which one; otherwise null
// A legal model without a solution that a double holds is no error: its answer has another status than "converged", and
// no results.

"use strict";

class DomainError extends Error {
  constructor(message, place = "") {
    super(message);
    this.name = "DomainError";
    const words = DomainError.words(message);
    this.parameter = words.parameter === "" ? "" : place + words.parameter;
    this.value = words.value;
    this.restriction = words.restriction;
    this.element = words.element;
  }

  /** "element 3: parameters.iceberg_cost is 0.8; it must be at least 1", taken apart. */
  static words(message) {
    const numbered = /^element (\d+): (.*)$/s.exec(message);
    const element = numbered ? Number(numbered[1]) : null;
    const text = numbered ? numbered[2] : message;
    const found = /^(?:[\w ]+: )?(.+?) is (.+?)(?:; it must (.+)|; .+)?$/s.exec(text);
    const unknown = /^(\S+) \((.*)\) is not a known key/s.exec(text);
    if (unknown) return {parameter: DomainError.name_of(unknown[1]), value: unknown[2], restriction: null, element};
    if (!found) return {parameter: "", value: null, restriction: null, element};
    const missing = found[2] === "missing";
    return {
      parameter: DomainError.name_of(found[1]),
      value: missing ? null : found[2],
      restriction: found[3] ?? null,
      element,
    };
  }

  static name_of(path) {
    return path.replace(/^parameters\./, "");
  }
}

/** Starts the compiled core; once for each page is enough. */
async function loadMelitz() {
  const packed = Uint8Array.from(atob(melitzCore.packed), (letter) => letter.charCodeAt(0));
  const unpacked = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Melitz(await melitzCore({wasmBinary: new Uint8Array(await new Response(unpacked).arrayBuffer())}));
}

class Melitz {
  #core;
  #catalog = null;
  #scratch = [];  // addresses that a call frees when it ends

  constructor(core) {
    this.#core = core;
    this.version = this.#text_at(core._melitz_version());
  }

  /**
   * Everything that the library knows of its models and laws, as `melitz-solve --models --json` prints it:
   *   models  {name, title, laws: "one" | "none" | ..., parameters, results, operations}
   *     parameters  {name, meaning, unit, restriction, may_be_infinite, shape, example}, and where it may be left out
   *                 if_left_out or as_if_left_out; a choice has `words` instead of a restriction
   *     results     {name, unit, symbol, equation, part, shape}
   *     operations  what run takes besides "solve": {compare: true, gains, firms, curve, fates, calibrate}
   *   laws    {name, keys: [{name, meaning, unit, restriction, may_be_infinite, shape: "number" | "list", example}]}
   */
  catalog() {
    if (this.#catalog === null) {
      const known = this.#ask("_melitz_models_json", []);
      const more = this.#ask("_melitz_page_json", []);
      for (const model of known.models) model.operations = more.operations[model.name];
      for (const law of known.laws) {
        for (const key of law.keys) key.example = more.examples[law.name]?.[key.name] ?? null;
      }
      this.#catalog = known;
    }
    return this.#catalog;
  }

  /** A document of this model that can be solved. */
  example(model) {
    return this.#ask("_melitz_example_json", [String(model)], false);
  }

  /** @throws DomainError */
  run(document) {
    const {operation = "solve", after, productivities, cutoffs, ...model} = document ?? {};
    const text = Melitz.#json(model);
    switch (operation) {
      case "solve": return Melitz.#nested(this.#ask("_melitz_solve_json", [text]));
      case "compare": return this.#compare(text, Melitz.#json(after));
      case "gains": return this.#ask("_melitz_gains_json", [text]);
      case "firms": return this.#ask("_melitz_firms_json", [text, Melitz.#list(productivities)]);
      case "curve": return this.#ask("_melitz_curve_json", [text, Melitz.#list(cutoffs)]);
      case "calibrate": return this.#ask("_melitz_calibrate_json", [text], false);
    }
    throw new DomainError(
      `operation is "${operation}"; it must be solve, compare, gains, firms, curve or calibrate`);
  }

  /**
   * Solves a model many times, with other values of some of its numbers each time.
   * @param model     its name; null for the document's own
   * @param document  what varies may be left out of it
   * @param values    {"iceberg_cost": Float64Array or [from, to, count], ...}: all as long; names as melitz-solve's
   *                  --sweep takes them: "distribution.log_sd", "labor[2]", "iceberg_cost*"
   * @param fields    names of results: ["welfare", "cutoff"]
   * @return {status: ["converged", ...], welfare: Float64Array, ...}; NaN where it is not solved. Of a result that is
   *         several numbers those of each element follow one another. A yes or no is 1 or 0
   * @throws DomainError naming the first element that is a mistake; one that has no solution is not
   */
  sweep(model, document, values, fields) {
    const named = model === null || model === undefined ? document : {...document, model};
    const names = Object.keys(values), lists = names.map((name) => Melitz.#values(name, values[name]));
    const count = lists.length === 0 ? 1 : lists[0].length;
    for (const [k, list] of lists.entries()) {
      if (list.length === count) continue;
      throw new DomainError(
        `${names[k]} is ${list.length} values; it must be ${count} values, as ${names[0]} is`);
    }
    return this.#with_scratch(() => {
      const text = this.#put_text(Melitz.#json(named)), wanted = this.#put_texts(fields);
      const moved = this.#put_texts(names);
      const at = this.#put_addresses(lists.map((list) => this.#put_numbers(list)));
      const message = this.#take(4);
      const sizes = this.#take(8 * fields.length + 8);
      // What varies may be missing in the document: sizes are those of its first element.
      const first = this.#put_text(Melitz.#json(this.#at_first(named, names, lists)));
      this.#check(this.#core._melitz_field_sizes(
        first, fields.length, wanted, sizes, sizes + 4 * fields.length, message), message);
      const each = fields.map((_, k) => this.#word(sizes + 4 * k) * this.#word(sizes + 4 * (fields.length + k)));
      const columns = each.map((size) => this.#take(8 * size * count));
      const statuses = this.#take(4 * count);
      this.#check(this.#core._melitz_solve_arrays(
        text, count, names.length, moved, at, fields.length, wanted, this.#put_addresses(columns), statuses, 1, 0, 0,
        message), message);
      const out = {status: Array.from({length: count}, (_, k) => this.#status_word(this.#word(statuses + 4 * k)))};
      fields.forEach((field, k) => { out[field] = this.#numbers_at(columns[k], each[k] * count); });
      return out;
    });
  }

  /**
   * The equilibrium conditions as curves: Melitz (2003), figures 1 and 2.
   * @param name     "value_of_entry", "average_profit", "average_profit_required" or "export_cutoff"; null for all of
   *                 them at once, {status, value_of_entry: Float64Array, ...}
   * @param cutoffs  where: positive
   * @return Float64Array, as long; NaN where there is no equilibrium
   */
  curve(document, name, cutoffs) {
    const answer = this.run({...document, operation: "curve", cutoffs});
    const names = ["export_cutoff", "value_of_entry", "average_profit", "average_profit_required"];
    if (name !== null && !names.includes(name)) {
      throw new DomainError(`name is "${name}"; it must be ${names.join(", ")}`);
    }
    const column = (key) => Melitz.#column(answer, key, cutoffs.length);
    if (name !== null) return column(name);
    return {status: answer.status, ...Object.fromEntries(names.map((key) => [key, column(key)]))};
  }

  /** What firms of these productivities do in the equilibrium; NaN and no choices where there is none. */
  firms(document, productivities) {
    const answer = this.run({...document, operation: "firms", productivities});
    const column = (key) => Melitz.#column(answer, key, productivities.length);
    return {
      status: answer.status,
      choice: answer.choice ?? [],
      price: column("price"),
      revenue: column("revenue"),
      profit: column("profit"),
    };
  }

  /**
   * A law on an array of productivities, each positive.
   * @param law  {family: "lognormal", log_mean: 0, log_sd: 0.8}, or a mixture
   * @return {density, log_density, survival: Float64Array}
   *   density      of productivity, g(phi)
   *   log_density  of log productivity, phi g(phi): what belongs above an axis in logs. 0 of a law of atoms
   *   survival     1 - G(phi), the share of entrants with at least so much
   * @throws DomainError naming what is wrong with the law
   */
  density(law, productivities) {
    const count = productivities.length;
    return this.#with_scratch(() => {
      const message = this.#take(4), of_logs = this.#take(8 * count), survival = this.#take(8 * count);
      const xs = this.#put_numbers(productivities);
      this.#check(this.#core._melitz_page_density(
        this.#put_text(Melitz.#json(law)), count, xs, of_logs, survival, message), message);
      const log_density = this.#numbers_at(of_logs, count);
      return {
        density: log_density.map((y, k) => y / productivities[k]),
        log_density,
        survival: this.#numbers_at(survival, count),
      };
    });
  }

  // ---- Text and numbers, there and back.

  static #codes = {ok: 0, not_solved: 1, bad_input: 2};

  static #json(value) {
    if (value === null || typeof value !== "object") throw new DomainError("the model is missing; it must be an object");
    return JSON.stringify(value, (_, given) => {
      if (typeof given === "number" && !Number.isFinite(given)) {
        return Number.isNaN(given) ? "nan" : given > 0 ? "inf" : "-inf";
      }
      return ArrayBuffer.isView(given) ? Array.from(given) : given;
    });
  }

  /** The answer of a solve, which has its results beside its other keys, as others have them. */
  static #nested({id, model, version, countries, status, warnings, inputs, ...results}) {
    const all = {id, model, version, countries, status, results: status === "converged" ? results : undefined, warnings,
                 inputs};
    return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
  }

  static #list(numbers) {
    return Melitz.#json(Array.from(numbers ?? []));
  }

  /** "inf", "-inf" and "nan" become numbers where an answer has numbers. */
  static #numbers_of(value) {
    if (value === "inf") return Infinity;
    if (value === "-inf") return -Infinity;
    if (value === "nan") return NaN;
    if (Array.isArray(value)) return value.map(Melitz.#numbers_of);
    if (value === null || typeof value !== "object") return value;
    for (const key of Object.keys(value)) {
      if (!["id", "model", "countries", "inputs", "warnings"].includes(key)) value[key] = Melitz.#numbers_of(value[key]);
    }
    return value;
  }

  static #column(answer, key, length) {
    return answer[key] === undefined ? new Float64Array(length).fill(NaN) : Float64Array.from(answer[key]);
  }

  /** The numbers of an array, or of a range: evenly, as melitz-solve's --sweep has them. */
  static #values(name, given) {
    if (ArrayBuffer.isView(given)) return Float64Array.from(given);
    const [from, to, count] = Array.isArray(given) && given.length === 3 ? given : [];
    if (!Number.isFinite(from) || !Number.isFinite(to) || !Number.isInteger(count) || count < 1 || count > 1e6) {
      throw new DomainError(
        `${name} is ${JSON.stringify(given)}; it must be a Float64Array, or [from, to, count] with at most 1e6 values`);
    }
    const at = (k) => k === 0 ? from : k + 1 === count ? to : from + (to - from) * k / (count - 1);
    return Float64Array.from({length: count}, (_, k) => at(k));
  }

  /** A document with the first of the values that vary, where it is a whole parameter that was left out. */
  #at_first(document, names, lists) {
    const parameters = {...document.parameters};
    names.forEach((name, k) => {
      if (/^\w+$/.test(name) && !(name in parameters) && lists[k].length > 0) parameters[name] = lists[k][0];
    });
    return {...document, parameters};
  }

  #compare(before, after) {
    try {
      return this.#ask("_melitz_compare_json", [before, after]);
    } catch (e) {
      if (!(e instanceof DomainError)) throw e;
      this.#ask("_melitz_solve_json", [before]);  // throws where the first document is the wrong one
      throw new DomainError(e.message, "after.");
    }
  }

  /** Calls a function that puts JSON text in *answer. */
  #ask(name, texts, revive = true) {
    return this.#with_scratch(() => {
      const answer = this.#take(4);
      const code = this.#core[name](...texts.map((text) => this.#put_text(text)), answer);
      const text = this.#given(answer);
      if (text === "") throw new Error("there is not enough memory for this model");
      const out = JSON.parse(text);
      if (code === Melitz.#codes.bad_input) throw new DomainError(out.error);
      if (code !== Melitz.#codes.ok && code !== Melitz.#codes.not_solved) throw new Error(out.error);
      return revive ? Melitz.#numbers_of(out) : out;
    });
  }

  /** What a function of numbers returned. */
  #check(code, message) {
    if (code === Melitz.#codes.ok || code === Melitz.#codes.not_solved) return;
    const words = this.#given(message);
    throw code === Melitz.#codes.bad_input ? new DomainError(words) : new Error(words);
  }

  #status_word(number) {
    return this.#text_at(this.#core._melitz_status_word(number));
  }

  #with_scratch(work) {
    const before = this.#scratch;
    this.#scratch = [];
    try {
      return work();
    } finally {
      for (const address of this.#scratch) this.#core._free(address);
      this.#scratch = before;
    }
  }

  #take(bytes) {
    const address = this.#core._malloc(Math.max(8, bytes));
    if (address === 0) throw new Error("there is not enough memory for this model");
    this.#scratch.push(address);
    this.#core.HEAPU8.fill(0, address, address + Math.max(8, bytes));
    return address;
  }

  #put_text(text) {
    const bytes = new TextEncoder().encode(text), address = this.#take(bytes.length + 1);
    this.#core.HEAPU8.set(bytes, address);
    return address;
  }

  #put_texts(texts) {
    return this.#put_addresses(texts.map((text) => this.#put_text(text)));
  }

  #put_addresses(addresses) {
    const out = this.#take(4 * addresses.length);
    this.#core.HEAPU32.set(addresses, out >> 2);
    return out;
  }

  #put_numbers(numbers) {
    const out = this.#take(8 * numbers.length);
    this.#core.HEAPF64.set(numbers, out >> 3);
    return out;
  }

  #numbers_at(address, count) {
    return this.#core.HEAPF64.slice(address >> 3, (address >> 3) + count);
  }

  #word(address) {
    return this.#core.HEAPU32[address >> 2];
  }

  #text_at(address) {
    const bytes = this.#core.HEAPU8, end = bytes.indexOf(0, address);
    return new TextDecoder().decode(bytes.subarray(address, end));
  }

  /** The text whose address stands there, which the library gave away. */
  #given(where) {
    const address = this.#word(where);
    if (address === 0) return "";
    const text = this.#text_at(address);
    this.#core._melitz_free(address);
    return text;
  }
}

if (typeof module === "object" && typeof window === "undefined") module.exports = {loadMelitz, DomainError};
