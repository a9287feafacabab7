// Renders every formula of the page. One that does not parse stays as it was written, and the console says why. Rows of
// fractions need room between them.
document.addEventListener("DOMContentLoaded", () => {
  for (const formula of document.querySelectorAll(".formula")) {
    const tex = formula.textContent;
    try {
      katex.render(tex, formula, {displayMode: formula.tagName === "DIV", macros: {"\\arraystretch": "1.4"}});
    } catch (error) {
      formula.textContent = tex;
      console.error(error);
    }
  }
});
