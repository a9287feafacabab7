// SPDX-License-Identifier: BSL-1.0
//
// The picture as an SVG file that looks as it does here, and numbers as CSV.

"use strict";

lecture.downloads = {
  save(text, type, name) {
    const link = document.createElement("a"), address = URL.createObjectURL(new Blob([text], {type}));
    link.href = address;
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(address), 10000);
  },

  /** An SVG element as the text of a file: what the style sheet says of it goes into it. */
  svg(element, title) {
    const told = ["fill", "fill-opacity", "stroke", "stroke-width", "stroke-dasharray", "stroke-linejoin",
      "stroke-linecap", "font-family", "font-size", "font-weight", "font-style", "text-anchor"];
    const copy = element.cloneNode(true), originals = element.querySelectorAll("*"), copies = copy.querySelectorAll("*");
    originals.forEach((original, k) => {
      const style = getComputedStyle(original);
      copies[k].removeAttribute("class");
      if (original.closest("defs")) return;
      for (const property of told) copies[k].setAttribute(property, style.getPropertyValue(property));
    });
    const width = element.getAttribute("width"), height = element.getAttribute("height");
    for (const {name} of [...copy.attributes]) copy.removeAttribute(name);
    copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
    copy.setAttribute("width", width);
    copy.setAttribute("height", height);
    copy.setAttribute("viewBox", `0 0 ${width} ${height}`);
    const paper = document.createElementNS("http://www.w3.org/2000/svg", "rect");
    paper.setAttribute("width", "100%");
    paper.setAttribute("height", "100%");
    paper.setAttribute("fill", getComputedStyle(document.body).backgroundColor);
    const words = document.createElementNS("http://www.w3.org/2000/svg", "title");
    words.textContent = title;
    copy.prepend(words, paper);
    return new XMLSerializer().serializeToString(copy);
  },
};
