// SPDX-License-Identifier: BSL-1.0
//
// The page: what moves it, one redraw for each frame, and what is said when it comes to rest.

"use strict";

/** How long each redraw took, in milliseconds, the last thousand: numbers, picture, table and their layout. */
window.melitzFrames = [];

lecture.Page = class {
  constructor(m) {
    this.m = m;
    this.catalog = m.catalog();
    this.model = this.catalog.models.find((model) => model.name === "open");
    this.frames = {};     // of each picture: where its axes end
    this.last = null;     // what is shown: {answers, data, frame, picture, state}
    this.asked = false;   // is a redraw on its way?
    this.done = false;    // has what moved come to rest?
    this.resting = 0;
    this.playing = 0;     // a timer, while it plays
    this.target = null;   // the values that it plays to
    this.link = "";       // the one that says what is shown
    this.note = "";       // what is wrong with the link that was followed, until something moves
    this.trouble = null;  // why the picture is not what the fields say
    this.widths = new Map();  // of the boxes that pictures are in, of those that are seen
    this.panels();
    this.follow_widths();
    this.effects = new lecture.EffectsTable(this.model.results);
    this.controls = new lecture.Controls(this.catalog, (how) => {
      this.target = null;  // who moves something while it plays goes on from there
      this.stop();
      this.note = "";
      this.redraw(how === "done");
    });
    this.presets();
    this.buttons();
    this.load();
    window.addEventListener("hashchange", () => {
      if (location.hash !== this.link) this.load();
    });
  }

  element(id) {
    return document.getElementById(id);
  }

  // ---- What there is to press.

  panels() {
    const {escape} = lecture.words, tabs = this.element("tabs"), box = this.element("pictures");
    for (const [id, page] of Object.entries(lecture.pages)) {
      tabs.insertAdjacentHTML("beforeend", `<button type="button" role="tab" id="tab-${id}" data-picture="${id}" ` +
        `aria-controls="panel-${id}" aria-selected="false" tabindex="-1">${escape(page.name)}</button>`);
      box.insertAdjacentHTML("beforeend", `<section role="tabpanel" id="panel-${id}" aria-labelledby="tab-${id}" hidden>` +
        `<h2>${escape(page.title)} <small>${escape(page.slide)}</small></h2>` +
        `<div class="sheet"><svg id="picture-${id}" role="img" aria-label="${escape(page.title)}" ` +
        `aria-describedby="live"></svg></div></section>`);
    }
    tabs.addEventListener("click", (event) => {
      const id = event.target.closest("[data-picture]")?.dataset.picture;
      if (id) this.choose(id);
    });
    tabs.addEventListener("keydown", (event) => {
      const all = [...tabs.children], at = all.indexOf(document.activeElement);
      const to = {ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: all.length - 1}[event.key];
      if (at < 0 || to === undefined) return;
      event.preventDefault();
      const tab = all.at(to % all.length);
      tab.focus();
      this.choose(tab.dataset.picture);
    });
  }

  /** To ask for a width in a frame is to lay out the page twice in it, so the browser tells of those that change. */
  follow_widths() {
    const observer = new ResizeObserver((changes) => {
      for (const {target, contentRect: {width}} of changes) {
        if (width === 0) {
          this.widths.delete(target);  // hidden
        } else if (this.widths.get(target) !== width) {
          this.widths.set(target, width);
          this.redraw();
        }
      }
    });
    for (const box of document.querySelectorAll(".sheet")) observer.observe(box);
  }

  width_of(box) {
    if (!this.widths.has(box)) this.widths.set(box, box.getBoundingClientRect().width);
    return this.widths.get(box);
  }

  choose(id) {
    this.stop();
    this.note = "";
    this.state.picture = id;
    this.show_panel();
    this.redraw(true);
  }

  show_panel() {
    const {picture} = this.state;
    for (const id of Object.keys(lecture.pages)) {
      const chosen = id === picture, tab = this.element(`tab-${id}`);
      this.element(`panel-${id}`).hidden = !chosen;
      tab.setAttribute("aria-selected", String(chosen));
      tab.tabIndex = chosen ? 0 : -1;
    }
    this.element("group-other").hidden = picture !== "gains";
    this.element("equations").innerHTML = lecture.pages[picture].equations.join("");
    this.element("look").textContent = lecture.pages[picture].look;
  }

  presets() {
    const box = this.element("presets");
    for (const preset of lecture.presets) {
      const button = document.createElement("button");
      button.type = "button";
      button.dataset.preset = preset.id;
      button.textContent = preset.question;
      button.addEventListener("click", () => {
        this.set(lecture.states.of_preset(preset, this.model));
        this.element("lesson").textContent = preset.lesson;
      });
      box.append(button);
    }
  }

  buttons() {
    const on = (id, work) => this.element(id).addEventListener("click", work);
    on("pin", () => this.pin(true));
    on("unpin", () => this.pin(false));
    on("fit", () => {
      this.frames = {};
      this.redraw();
    });
    on("play", () => this.playing ? this.stop() : this.play());
    on("download-svg", () => {
      const {picture} = this.state;
      const text = lecture.downloads.svg(this.element(`picture-${picture}`), lecture.pages[picture].title);
      lecture.downloads.save(text, "image/svg+xml", `melitz-${picture}.svg`);
    });
    on("download-csv", () => {
      if (this.last) lecture.downloads.save(this.effects.csv(this.last.answers), "text/csv", "melitz-effects.csv");
    });
    on("download-picture-csv", () => {
      if (!this.last) return;
      const text = lecture.picture_table.csv(this.last.table());
      lecture.downloads.save(text, "text/csv", `melitz-${this.last.picture}.csv`);
    });
  }

  pin(yes) {
    this.stop();
    if (yes && this.last === null) return;
    const {values, law} = yes ? this.last.state : {};
    this.state.before = yes ? structuredClone({values, law}) : null;
    this.frames = {};
    this.redraw(true);
  }

  // ---- What is shown.

  set(state) {
    this.stop();
    this.note = "";
    this.state = state;
    this.frames = {};
    this.controls.show(state);
    this.show_panel();
    this.redraw(true);
  }

  /** What the link says. Values that are refused are shown at their fields, beside the lecture's picture. */
  load() {
    const first = lecture.states.of_preset(lecture.presets[0], this.model);
    const {state, wrong} = lecture.link.read(location.hash, first, this.catalog);
    if (state.before !== null) {
      try {
        this.m.run(lecture.states.document(state.before.values, state.before.law));
      } catch (error) {
        wrong.push(`before: ${error.message}`);
        state.before = null;
      }
    }
    this.set({...first, picture: state.picture});
    this.draw(true);
    this.set(state);
    this.element("lesson").textContent = location.hash === "" ? lecture.presets[0].lesson : "";
    this.note = wrong.length === 0 ? "" : `The link is not understood: ${wrong.join("; ")}. That is left out.`;
  }

  /** Asks for one redraw in the next frame. @param done  whether what moved has come to rest */
  redraw(done = false) {
    this.done ||= done;
    clearTimeout(this.resting);
    this.resting = setTimeout(() => this.rest(), 300);
    if (this.asked) return;
    this.asked = true;
    requestAnimationFrame(() => {
      this.asked = false;
      const began = performance.now(), is_done = this.done;
      this.done = false;
      this.draw(is_done);
      window.melitzFrames.push(performance.now() - began);
      if (window.melitzFrames.length > 1000) window.melitzFrames.shift();
      if (!is_done) return;
      clearTimeout(this.resting);
      this.resting = setTimeout(() => this.rest());  // what is shown comes first
    });
  }

  draw(done) {
    const {m, state} = this, picture = lecture.pictures[state.picture];
    try {
      const answers = lecture.answers.of(m, state);
      picture.prepare?.(m, answers);
      const fit = () => {
        this.frames[state.picture] = picture.fit(answers, state);
        return picture.ask(m, answers, state, this.frames[state.picture]);
      };
      const known = this.frames[state.picture];
      let data = known ? picture.ask(m, answers, state, known) : fit();
      if (done && known && !picture.fits(known, answers, state, data)) data = fit();
      const frame = this.frames[state.picture];
      this.last = {
        answers, data, frame, picture: state.picture, state: structuredClone(state),
        table: () => picture.table(answers, data, state),
      };
      const svg = this.element(`picture-${state.picture}`);
      this.paint(svg, (size) => picture.draw(size, frame, answers, data, state), frame);
      this.effects.show(answers, !done);
      this.controls.clear();
      if (data.refused) this.controls.refuse(data.refused, "other-");
      this.say_status("solved", false);
      this.element("unpin").disabled = state.before === null;
      svg.getBoundingClientRect();  // the layout counts
    } catch (error) {
      this.refuse(error);
    }
  }

  paint(svg, draw, frame) {
    const width = Math.max(280, Math.floor(this.width_of(svg.parentElement)));
    const rows = 20 * (frame.rows ?? 0);  // of the legend, which takes no room from a small picture
    const size = {width, height: Math.round(Math.min(560, Math.max(300 + rows, 0.62 * width))), rows: frame.rows};
    const chart = draw(size);
    if (chart.rows > (frame.rows ?? 0)) {
      frame.rows = chart.rows;  // kept, so that a shorter legend does not move the axes
      this.paint(svg, draw, frame);
      return;
    }
    if (svg.getAttribute("viewBox") !== `0 0 ${width} ${size.height}`) {
      svg.setAttribute("width", width);
      svg.setAttribute("height", size.height);
      svg.setAttribute("viewBox", `0 0 ${width} ${size.height}`);
    }
    lecture.show_elements(svg, chart.elements());
  }

  /** The last picture stays; what is wrong is said at its field, or in the line of the status. Of what is not solved
   *  there are no numbers. */
  refuse(error) {
    if (error.name === "NotSolved") {
      this.controls.clear();
      this.effects.forget();
      this.say_status(error.message, true);
    } else if (error.name === "DomainError") {
      const at_field = this.controls.refuse(error);
      const kept = "refused, see the field; the picture is the last one that could be drawn";
      this.say_status(at_field ? kept : error.message, true);
    } else {
      this.say_status(error.message, true);
      throw error;
    }
    this.trouble = error.message;
  }

  say_status(words, is_trouble) {
    const status = this.element("status");
    if (status.textContent !== words) status.textContent = words;
    status.classList.toggle("trouble", is_trouble);
    if (!is_trouble) this.trouble = null;
  }

  /** Nothing has moved for a while: what is not needed in each frame. */
  rest() {
    const live = this.element("live");
    const result = this.trouble ?? (this.last ? lecture.answers.sentence(this.last.answers) : "");
    const refused = this.last?.data.refused?.message ?? "";
    const words = [this.note, result, refused].join(" ").trim();
    if (live.textContent !== words) live.textContent = words;
    this.effects.rest();
    if (this.trouble || !this.last) return;
    this.element("picture-table").innerHTML = lecture.picture_table.html(this.last.table());
    const link = lecture.link.of(this.state);
    this.link = link;
    this.element("link").href = link;
    try {
      if (location.hash !== link) history.replaceState(null, "", link);
    } catch {
      // A browser that forbids it for files: the link to copy is on the page.
    }
  }

  // ---- From before to now, slowly.

  play() {
    const to = structuredClone(this.state.values);
    const from = this.state.before?.values ?? {...to, iceberg_cost: Math.max(3, Number(to.iceberg_cost) || 3)};
    const moved = Object.keys(to).filter((name) => from[name] !== to[name] &&
      Number.isFinite(from[name]) && Number.isFinite(to[name]));
    if (moved.length === 0) {
      this.say_status("solved; nothing has moved since before", false);
      return;
    }
    const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    const steps = still ? 4 : 150;
    const whole = new Set(this.model.parameters.filter((p) => /whole number/.test(p.restriction)).map((p) => p.name));
    let step = 0;
    this.element("play").textContent = "Stop";
    this.target = to;
    const next = () => {
      const part = step / steps;
      for (const name of moved) {
        const value = part === 1 ? to[name] : from[name] + part * (to[name] - from[name]);
        this.state.values[name] = whole.has(name) ? Math.round(value) : value;
      }
      this.controls.refresh();
      this.redraw(part === 1);
      if (step++ === steps) {
        this.target = null;
        this.stop();
      } else {
        this.playing = setTimeout(next, still ? 700 : 16);
      }
    };
    next();
  }

  stop() {
    if (!this.playing) return;
    clearTimeout(this.playing);
    this.playing = 0;
    this.element("play").textContent = "Play";
    if (this.target) {
      Object.assign(this.state.values, this.target);
      this.target = null;
      this.controls.refresh();
      this.redraw(true);
    }
  }
};

(async () => {
  const status = document.getElementById("status");
  try {
    lecture.page = new lecture.Page(await loadMelitz());
  } catch (error) {
    status.textContent = `The page could not start: ${error.message}`;
    status.classList.add("trouble");
    throw error;
  }
})();
