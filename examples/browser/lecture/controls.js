// SPDX-License-Identifier: BSL-1.0
//
// The form: for each parameter a field that takes anything, a slider for what is usual, and room for what the library
// says of a value that it refuses. What parameters there are, and what they are called, is the catalog's.

"use strict";

lecture.Controls = class {
  /**
   * @param catalog  m.catalog()
   * @param changed  called with "moving" while something moves and "done" when it has
   */
  constructor(catalog, changed) {
    this.catalog = catalog;
    this.changed = changed;
    this.refused = null;  // {field, message}: where something is said
    this.state = null;
    const open = catalog.models.find((model) => model.name === "open");
    const closed = catalog.models.find((model) => model.name === "closed");
    const without_trade = new Set(closed.parameters.map((p) => p.name));
    const place = (p) => without_trade.has(p.name) ? "economy" : "trade";
    for (const p of open.parameters) {
      document.getElementById(`fields-${place(p)}`).append(this.control(p, "", {
        read: () => this.state.values[p.name],
        write: (value) => { this.state.values[p.name] = value; },
      }));
    }
    this.law_choice("", "law");
    this.law_choice("other-", "other");
  }

  /** Shows another state; it is changed in place from here on. */
  show(state) {
    this.state = state;
    this.list_keys("", "law");
    this.list_keys("other-", "other");
    this.refresh();
    this.clear();
  }

  /** Fields and sliders say what the state does. */
  refresh() {
    for (const input of document.querySelectorAll("input[data-key]")) input.refresh();
  }

  // ---- One parameter.

  /** @param prefix  of its ids: "" or "other-" */
  control(p, prefix, access) {
    const {escape, name} = lecture.words, is_list = p.shape !== "number", id = prefix + p.name;
    const box = document.createElement("div"), unit = p.unit === "" ? "" : ` (${p.unit})`;
    box.className = is_list ? "control list" : "control";
    const letter = lecture.letters[p.name];
    const infinite = p.may_be_infinite ? ", or “inf”" : "";
    box.innerHTML =
      `<label for="${prefix}p-${p.name}">${letter ? `<span class="letter">${letter}</span> ` : ""}` +
      `${escape(name(p.name))}</label>` +
      `<input id="${prefix}p-${p.name}" type="text" inputmode="decimal" autocomplete="off" ` +
      `spellcheck="false" data-key="${id}" aria-describedby="h-${id} message-${id}">` +
      (is_list ? "" : this.slider(p, prefix)) +
      `<p class="hint" id="h-${id}">${escape(p.meaning + unit)}` +
      `<span class="unseen">; must ${escape(p.restriction + infinite)}</span></p><p class="message" id="message-${id}"></p>`;
    box.title = `${name(p.name)}: must ${p.restriction}${infinite}`;
    const field = box.querySelector("input[type=text]"), slider = box.querySelector("input[type=range]");
    const follow = (value) => {
      if (slider === null) return;
      slider.value = typeof value === "number" ? value : /^\+?inf/i.test(value) ? slider.max : slider.min;
      const words = typeof value === "number" ? lecture.numbers.plain(value) : String(value);
      slider.setAttribute("aria-valuetext", p.unit === "" ? words : `${words} ${p.unit}`);
    };
    field.refresh = () => {
      const value = access.read();
      field.value = lecture.numbers.written(value);
      follow(value);
    };
    field.addEventListener("input", () => {
      const value = lecture.numbers.read(field.value, is_list);
      access.write(value);
      follow(value);
      this.changed("moving");
    });
    field.addEventListener("change", () => this.changed("done"));
    slider?.addEventListener("input", () => {
      access.write(Number(slider.value));
      field.refresh();
      this.changed("moving");
    });
    slider?.addEventListener("change", () => this.changed("done"));
    return box;
  }

  slider(p, prefix) {
    const [from, to, step] = lecture.range_of(p.name, p.example);
    return `<input id="${prefix}s-${p.name}" type="range" min="${from}" max="${to}" step="${step}" ` +
      `aria-label="${lecture.words.escape(lecture.words.name(p.name))}" aria-describedby="message-${prefix}${p.name}">`;
  }

  // ---- The law, and the one to compare.

  law_choice(prefix, which) {
    const select = document.getElementById(`${prefix}p-family`);
    for (const law of this.catalog.laws) select.add(new Option(lecture.words.name(law.name), law.name));
    select.addEventListener("change", () => {
      const family = this.catalog.laws.find((law) => law.name === select.value);
      const ours = lecture.start[which];
      this.state[which] = ours.family === family.name ? {...ours} : lecture.law_of(family);
      this.list_keys(prefix, which);
      this.changed("done");
    });
  }

  list_keys(prefix, which) {
    const law = this.state[which], select = document.getElementById(`${prefix}p-family`);
    select.value = law.family;
    const box = document.getElementById(`fields-${prefix}law`);
    const family = this.catalog.laws.find((one) => one.name === law.family);
    box.replaceChildren(...family.keys.map((key) => this.control(key, prefix, {
      read: () => law[key.name] ?? "",
      write: (value) => {
        if (value === "" && "if_left_out" in key) delete law[key.name];
        else law[key.name] = value;
      },
    })));
    for (const input of box.querySelectorAll("input[data-key]")) input.refresh();
  }

  // ---- What the library says.

  /**
   * Shows a refusal at the field that it is about.
   * @param prefix  "other-" if that is of the law to compare
   * @return false if there is no such field
   */
  refuse(error, prefix = "") {
    const path = (error.parameter ?? "").replace(/^.* /, "").replace(/^after\./, "");
    const inside = path.startsWith("distribution.") ? path.slice("distribution.".length) : path;
    const name = inside.split(/[.[]/)[0];
    const at = document.getElementById(`${prefix}p-${name}`) ? name
      : path.startsWith("distribution") ? "family" : null;
    this.clear();
    if (at === null) return false;
    const field = document.getElementById(`${prefix}p-${at}`);
    const message = document.getElementById(`message-${prefix}${at}`);
    field.setAttribute("aria-invalid", "true");
    message.textContent = error.message;
    this.refused = {field, message};
    return true;
  }

  clear() {
    if (this.refused === null) return;
    this.refused.field.removeAttribute("aria-invalid");
    this.refused.message.textContent = "";
    this.refused = null;
  }
};
