// SPDX-License-Identifier: BSL-1.0
//
// The page: a model is chosen, its form filled, solved whenever a field changes, and compared with what was kept. What
// is shown stands in the link.

"use strict";

async function start() {
  const m = await loadMelitz(), catalog = m.catalog();
  const known = new Map(catalog.models.map((model) => [model.name, model]));
  by_id("version").textContent = m.version;
  by_id("model").append(...catalog.models.map((model) =>
    element("option", {value: model.name}, in_words(model.name))));

  let model = null, before = null, answer = null, waiting = 0;
  const form = new ModelForm(by_id("fields"), catalog.laws, () => {
    clearTimeout(waiting);
    waiting = setTimeout(solve, 60);
  });
  const sweep = new SweepView(m);

  function choose(name, document_shown = m.example(name), kept = null) {
    model = known.get(name);
    before = kept;
    by_id("model").value = name;
    by_id("title").textContent = model.title;
    form.show(model, document_shown);
    solve();
  }

  /** Solves what the form says; what is refused is said at its field, and the tables stay. */
  function solve() {
    form.blame(null);
    by_id("trouble").textContent = "";
    by_id("forget").hidden = before === null;
    let asked;
    try {
      asked = form.document();
      answer = before === null ? m.run(asked) : m.run({...before, operation: "compare", after: asked});
    } catch (e) {
      if (!(e instanceof DomainError)) throw e;
      refuse(e);
      return;
    }
    document.body.classList.remove("stale");
    history.replaceState(null, "", "#" + encodeURIComponent(JSON.stringify(before === null ? {model: asked}
                                                                                       : {model: asked, before})));
    if (answer.status !== "converged") {
      const which = answer.not_solved ? ` ${answer.not_solved}` : "";
      by_id("said").textContent = `Not solved${which}: ${in_words(answer.status)}.`;
      by_id("tables").replaceChildren();
    } else {
      by_id("tables").replaceChildren(...(before === null ? result_tables(model, answer)
                                                          : comparison_tables(model, answer)));
      by_id("said").textContent = summary(asked);
    }
    const warnings = before === null ? answer.warnings : answer.warnings?.after;
    by_id("warnings").replaceChildren(...(warnings ?? []).map((text) => element("li", {}, text)));
    sweep.show(model, asked, form.numbers());
  }

  function refuse(error) {
    document.body.classList.add("stale");
    const shorter = Object.assign(new DomainError(error.message), {parameter: error.parameter.replace(/^after\./, "")});
    if (!form.blame(shorter)) by_id("trouble").textContent = error.message;
    by_id("said").textContent = `Refused: ${error.message}`;
  }

  /** The result in a sentence. */
  function summary(asked) {
    const name = ["welfare", "real_wage"].find((key) => answer.results[key] !== undefined);
    const value = answer.results[name];
    const said = [];
    if (before !== null && typeof value?.percent === "number") {
      said.push(`${in_words(name)} goes from ${shown_number(value.before)} to ${shown_number(value.after)}, ` +
                `${shown_percent(value.percent)}.`);
    } else if (before === null && typeof value === "number") {
      said.push(`${in_words(name)} is ${shown_number(value)}.`);
    }
    if (before === null && model.operations.gains) {
      const gains = m.run({...asked, operation: "gains"});
      if (typeof gains.percent === "number") said.push(`The gains from trade are ${shown_percent(gains.percent)}.`);
    }
    const text = said.join(" ");
    return text === "" ? "Solved." : `Solved: ${text}`;
  }

  by_id("model").addEventListener("change", () => choose(by_id("model").value));
  by_id("example").addEventListener("click", () => choose(model.name));
  by_id("keep").addEventListener("click", () => {
    try {
      const kept = form.document();
      m.run(kept);
      before = kept;
    } catch (e) {
      if (!(e instanceof DomainError)) throw e;
    }
    solve();
  });
  by_id("forget").addEventListener("click", () => {
    before = null;
    by_id("keep").focus();
    solve();
  });
  by_id("form").addEventListener("submit", (event) => event.preventDefault());
  by_id("save-model").addEventListener("click", () => {
    try {
      save(`${model.name}.json`, "application/json", JSON.stringify(form.document(), null, 2) + "\n");
    } catch (e) {
      if (!(e instanceof DomainError)) throw e;
      refuse(e);
    }
  });
  by_id("save-results").addEventListener("click", () => {
    if (answer?.results === undefined) return;
    save(`${model.name}.csv`, "text/csv",
         results_as_csv(answer, before === null ? ["value"] : ["before", "after", "percent"]));
  });

  /** What a link says: a name, or a model and what was kept; null where it says nothing. */
  function said_by_link() {
    try {
      const text = decodeURIComponent(location.hash.slice(1));
      return known.has(text) ? {model: m.example(text)} : JSON.parse(text);
    } catch (e) {
      if (e instanceof SyntaxError || e instanceof URIError) return null;
      throw e;
    }
  }

  function from_link() {
    const said = said_by_link(), name = said?.model?.model;
    if (known.has(name)) return choose(name, said.model, said.before ?? null);
    choose(known.has("open") ? "open" : catalog.models[0].name);
  }
  addEventListener("hashchange", from_link);
  from_link();
}

start().catch((e) => {
  by_id("trouble").textContent = `This page does not work here: ${e.message}`;
  throw e;
});
