// SPDX-License-Identifier: BSL-1.0
//
// A form for a model, made from what the catalog says of it: a field for each parameter, and for the law of
// productivity with what its family wants.

"use strict";

class ModelForm {
  #root;
  #laws;      // the catalog's
  #changed;
  #model;     // the catalog's entry
  #fields = new Map();  // by the name that errors have: "labor", "distribution.log_sd"
  #slots = [];          // of laws: {path, read}
  #kept = {};           // what a document has that no field shows

  constructor(root, laws, changed) {
    this.#root = root;
    this.#laws = laws;
    this.#changed = changed;
    for (const event of ["input", "change"]) root.addEventListener(event, () => changed());
  }

  /** Shows a document of this model. */
  show(model, document_shown) {
    this.#model = model;
    this.#fields.clear();
    this.#slots = [];
    const {model: _, distribution, parameters, ...kept} = document_shown;
    this.#kept = kept;
    const fields = model.parameters.map((p) => this.#parameter_field(p, parameters?.[p.name]));
    this.#root.replaceChildren(element("fieldset", {}, element("legend", {}, "Parameters"),
                                       element("div", {class: "fields"}, ...fields)));
    if (model.laws === "none") return;
    const two = model.laws === "ability_and_attributes";
    for (const part of two ? ["ability", "attributes"] : [null]) {
      this.#root.append(this.#law_fields(part, part === null ? distribution : distribution?.[part]));
    }
  }

  /** The document that the fields say. @throws DomainError for what is no JSON */
  document() {
    const parameters = {};
    for (const p of this.#model.parameters) {
      const value = this.#fields.get(p.name).read();
      if (value !== undefined) parameters[p.name] = value;
    }
    const out = {model: this.#model.name, ...this.#kept};
    if (this.#slots.length === 1) out.distribution = this.#slots[0].read();
    if (this.#slots.length === 2) {
      out.distribution = Object.fromEntries(this.#slots.map((slot) => [slot.part, slot.read()]));
    }
    return {...out, parameters};
  }

  /** Says at its field what is wrong; nothing clears all. @return false if no field is to blame */
  blame(error) {
    for (const field of this.#fields.values()) {
      field.input.removeAttribute("aria-invalid");
      field.error.textContent = "";
    }
    if (error === null) return true;
    const name = error.parameter.replace(/[[(].*$/, "").replace(/^.* /, "");  // "number of distribution.values"
    const in_law = name.startsWith("distribution") ? ["distribution.JSON", "distribution.family"] : [];
    const field = [name, ...in_law].map((known) => this.#fields.get(known)).find((known) => known !== undefined);
    if (field === undefined) return false;
    field.input.setAttribute("aria-invalid", "true");
    field.error.textContent = error.message.replace(/^parameters\./, "");
    return true;
  }

  /** Numbers that can move: [{name, value, shape}], law's among them. */
  numbers() {
    const out = [];
    for (const p of this.#model.parameters) {
      if (p.words !== undefined || p.name === "periods") continue;
      const value = this.#fields.get(p.name).read() ?? p.if_left_out ?? p.example;
      if (p.shape === "number" && typeof value === "number") out.push({name: p.name, value, shape: "number"});
      else if (Array.isArray(value) || typeof value === "number") out.push({name: p.name + "*", value: 1, shape: p.shape});
    }
    for (const [name, field] of this.#fields) {
      if (name.startsWith("distribution.") && field.is_number) {
        out.push({name, value: field.read(), shape: "number"});
      }
    }
    return out;
  }

  /** A field with label, hint and room for what is wrong. */
  #field(name, label, hint, input, read, is_number) {
    const id = "field-" + name.replace(/\W/g, "-");
    input.id = id;
    input.setAttribute("aria-describedby", `${id}-hint ${id}-error`);
    const error = element("span", {class: "error", id: `${id}-error`});
    this.#fields.set(name, {input, error, read, is_number});
    return element("div", {class: input.tagName === "TEXTAREA" ? "field wide" : "field", "data-name": name},
                   element("label", {for: id}, label), input,
                   element("span", {class: "hint", id: `${id}-hint`}, hint), error);
  }

  #parameter_field(p, value) {
    const label = in_words(p.name);
    const left_out = p.if_left_out === null ? "none if left out"
      : p.if_left_out !== undefined ? `${p.if_left_out} if left out`
      : p.as_if_left_out !== undefined ? `as ${in_words(p.as_if_left_out)} if left out` : "";
    const shape = p.shape === "number" ? "" : in_words(p.shape) + (p.at_home !== undefined ? `, ${p.at_home} at home` : "");
    const rule = p.restriction ? `must ${p.restriction}${p.may_be_infinite ? " (“inf”: none)" : ""}` : "";
    const hint = [p.meaning, p.unit, shape, rule, left_out].filter((text) => text).join("; ");
    if (p.words !== undefined) {
      const given = value ?? p.if_left_out ?? p.example;
      const input = element("select", {}, ...p.words.map((word) => element("option", {
        value: JSON.stringify(word), selected: word === given}, String(word))));
      return this.#field(p.name, label, hint, input, () => JSON.parse(input.value), false);
    }
    if (p.shape === "number") return this.#number_field(p.name, label, hint, value);
    return this.#list_field(p.name, label, hint, value);
  }

  #number_field(name, label, hint, value) {
    const input = element("input", {inputmode: "decimal", autocomplete: "off", spellcheck: "false",
                                    value: value === undefined ? "" : String(value)});
    return this.#field(name, label, hint, input, () => input.value.trim() === "" ? undefined : typed(input.value), true);
  }

  /** Numbers by country, pairs of countries, ...: one for all, or a list as JSON has it. */
  #list_field(name, label, hint, value) {
    const text = value === undefined ? "" : ModelForm.#in_lines(value);
    const input = element("textarea", {rows: String(Math.min(8, text.split("\n").length)), spellcheck: "false"});
    input.value = text;
    return this.#field(name, label, hint, input, () => ModelForm.#json_of(name, input.value), false);
  }

  static #json_of(name, text) {
    if (text.trim() === "") return undefined;
    const number = typed(text);
    if (typeof number === "number" || number === "inf") return number;
    try {
      return JSON.parse(text);
    } catch (e) {
      throw new DomainError(`${name} is ${text.trim().slice(0, 60)}; it must be a number, or written as [1, 2] or [[1, 2], [3, 1]]`);
    }
  }

  /** Rows of a matrix under one another. */
  static #in_lines(value) {
    const spaced = (inner) => JSON.stringify(inner).replaceAll(",", ", ");
    if (!Array.isArray(value) || !value.some(Array.isArray)) return spaced(value);
    return "[" + value.map(spaced).join(",\n ") + "]";
  }

  // ---- Laws.

  #law_fields(part, law) {
    const path = part === null ? "distribution" : `distribution.${part}`;
    const keys = element("div", {class: "fields"});
    const is_plain = law !== undefined && !Array.isArray(law) && law.family !== "mixture" &&
      this.#laws.some((known) => known.name === law.family);
    const written = "as JSON";
    const options = [...this.#laws.filter((known) => known.name !== "mixture").map((known) => known.name), written];
    const family = element("select", {}, ...options.map((name) => element("option", {
      value: name, selected: name === (is_plain ? law.family : written)},
      name === written ? "written as JSON: mixtures, laws by country" : in_words(name))));
    let names = [];  // of its fields now
    const show_keys = (given) => {
      for (const name of names) this.#fields.delete(name);
      names = [];
      keys.replaceChildren();
      if (family.value === written) {
        names.push(`${path}.JSON`);
        keys.append(this.#list_field(names[0], "law", "an object, {\"family\": …}, or a list of one for each country",
                                     given ?? law));
        return;
      }
      for (const key of this.#laws.find((known) => known.name === family.value).keys) {
        const name = `${path}.${key.name}`, hint = [key.meaning, key.unit, key.restriction && `must ${key.restriction}`]
          .filter((text) => text).join("; ");
        const value = given?.[key.name] ?? key.example ?? undefined;
        names.push(name);
        keys.append(key.shape === "number" ? this.#number_field(name, in_words(key.name), hint, value)
                                           : this.#list_field(name, in_words(key.name), hint, value));
      }
    };
    const read = () => {
      if (family.value === written) return this.#fields.get(`${path}.JSON`).read();
      const out = {family: family.value};
      for (const name of names) {
        const value = this.#fields.get(name).read();
        if (value !== undefined) out[name.slice(path.length + 1)] = value;
      }
      return out;
    };
    family.addEventListener("change", () => show_keys(family.value === written ? law : undefined));
    const title = part === null ? "Law of productivity" : `Law of ${part}`;
    const choice = this.#field(`${path}.family`, "family", "", family, () => family.value, false);
    show_keys(law);
    this.#slots.push({part, read});
    return element("fieldset", {}, element("legend", {}, title), choice, keys);
  }
}
