// SPDX-License-Identifier: BSL-1.0
//
// A picture as a list of elements of SVG, and how a document comes to hold them: what is there already moves to where it
// is now. Most of a picture stays where it was while a slider moves, and need not be made, styled and measured again.

"use strict";

/** An element. @param inside  markup, or a list of elements */
lecture.element = (tag, attributes, inside = "") => ({tag, attributes, inside});

/** Makes the children of a node those of a list. Nobody else may touch them. */
lecture.show_elements = (() => {
  const shown = new WeakMap();  // of each node, the list

  const write = (node, attributes, before) => {
    for (const name of Object.keys(attributes)) {
      if (attributes[name] !== before[name]) node.setAttribute(name, attributes[name]);
    }
    for (const name of Object.keys(before)) {
      if (!(name in attributes)) node.removeAttribute(name);
    }
  };

  const show = (parent, list) => {
    const known = shown.get(parent) ?? [];
    let node = parent.firstChild;
    list.forEach((now, k) => {
      let before = known[k];
      if (before?.tag !== now.tag || typeof before.inside !== typeof now.inside) {
        before = lecture.element(now.tag, {});
        const made = document.createElementNS("http://www.w3.org/2000/svg", now.tag);
        if (node === null) parent.append(made);
        else node.replaceWith(made);
        node = made;
      }
      write(node, now.attributes, before.attributes);
      if (typeof now.inside !== "string") show(node, now.inside);
      else if (now.inside !== before.inside) node.innerHTML = now.inside;
      node = node.nextSibling;
    });
    for (let k = list.length; k < known.length; ++k) parent.lastChild.remove();
    shown.set(parent, list);
  };
  return show;
})();
