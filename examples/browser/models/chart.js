// SPDX-License-Identifier: BSL-1.0
//
// A picture of lines, as plain SVG.

"use strict";

/** Round numbers that cover from low to high, about as many as wanted. */
function ticks_of(low, high, wanted) {
  const raw = (high - low) / Math.max(1, wanted), power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((k) => k * power).find((size) => size >= raw * 0.999999);
  const out = [];
  for (let k = Math.ceil(low / step - 1e-9); k * step <= high + step * 1e-9 && out.length < 50; ++k) out.push(k * step);
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const text = (x) => digits > 8 || Math.abs(x) >= 1e7 ? x.toExponential(2) : x.toFixed(digits);
  return {at: out, text: (x) => text(Math.abs(x) < step * 1e-9 ? 0 : x).replace("-", "−")};
}

/** The ends of an axis for these numbers; never of no length. */
function range_of(numbers) {
  const finite = numbers.filter(Number.isFinite);
  if (finite.length === 0) return [0, 1];
  let low = Infinity, high = -Infinity;
  for (const x of finite) { low = Math.min(low, x); high = Math.max(high, x); }
  const room = high > low ? (high - low) * 0.06 : Math.max(Math.abs(high) * 0.05, 1e-12);
  return [low - room, high + room];
}

const dashes = ["", "8 4", "2 4", "10 4 2 4", "14 5", "5 5"];

/**
 * @param wanted  {width, xs, lines: [{name, ys}], x_label, y_label, now: the x at which the model stands, or null, title}
 * Lines end where a number is missing. Each has a dash of its own beside its colour, and its name at its end.
 */
function line_chart({width, xs, lines, x_label, y_label, now, title}) {
  const height = Math.round(Math.min(460, Math.max(260, width * 0.55)));
  const named = lines.length > 1, longest = Math.max(...lines.map((line) => line.name.length));
  const [low, high] = range_of(lines.flatMap((line) => Array.from(line.ys)));
  const [left_end, right_end] = xs.length > 1 && xs[0] !== xs.at(-1)
    ? [Math.min(xs[0], xs.at(-1)), Math.max(xs[0], xs.at(-1))] : range_of(Array.from(xs));
  const y_ticks = ticks_of(low, high, height / 60), y_texts = y_ticks.at.map(y_ticks.text);
  const left = 18 + 7.5 * Math.max(...y_texts.map((text) => text.length)), bottom = 46, top = 28;
  const right = named ? Math.min(width * 0.3, 16 + 7.5 * longest) : 16;
  const x_at = (x) => left + (x - left_end) / (right_end - left_end) * (width - left - right);
  const y_at = (y) => height - bottom - (y - low) / (high - low) * (height - bottom - top);
  const x_ticks = ticks_of(left_end, right_end, (width - left - right) / 80);
  const out = element("svg", {viewBox: `0 0 ${width} ${height}`, width, height, role: "img", "aria-label": title});
  for (const y of y_ticks.at) {
    out.append(element("line", {class: "grid", x1: left, x2: width - right, y1: y_at(y), y2: y_at(y)}),
               element("text", {x: left - 6, y: y_at(y) + 4, "text-anchor": "end"}, y_ticks.text(y)));
  }
  for (const x of x_ticks.at) {
    out.append(element("line", {class: "axis", x1: x_at(x), x2: x_at(x), y1: height - bottom, y2: height - bottom + 5}),
               element("text", {x: x_at(x), y: height - bottom + 19, "text-anchor": "middle"}, x_ticks.text(x)));
  }
  out.append(element("path", {class: "axis", d: `M${left} ${top}V${height - bottom}H${width - right}`}),
             element("text", {x: left, y: 16}, y_label),
             element("text", {x: width - right, y: height - 8, "text-anchor": "end"}, x_label));
  if (now !== null && now >= left_end && now <= right_end) {
    out.append(element("line", {class: "now", x1: x_at(now), x2: x_at(now), y1: top, y2: height - bottom}));
  }
  const ends = [];
  lines.forEach((line, k) => {
    let path = "", drawing = false, last = null;
    line.ys.forEach((y, i) => {
      if (!Number.isFinite(y)) { drawing = false; return; }
      path += `${drawing ? "L" : "M"}${x_at(xs[i]).toFixed(2)} ${y_at(y).toFixed(2)}`;
      drawing = true;
      last = y;
    });
    const color = `var(--line-${k % 6})`;
    out.append(element("path", {class: "curve", d: path, stroke: color, "stroke-dasharray": dashes[k % 6] || null}));
    if (xs.length === 1 && last !== null) {
      out.append(element("circle", {class: "dot", cx: x_at(xs[0]), cy: y_at(last), r: 4, fill: color}));
    }
    if (named && last !== null) ends.push({name: line.name, y: y_at(last), color});
  });
  // Names at the ends of lines, moved apart where these meet.
  ends.sort((a, b) => a.y - b.y);
  ends.forEach((end, k) => { if (k > 0) end.y = Math.max(end.y, ends[k - 1].y + 15); });
  for (const end of ends) {
    const text = element("text", {x: width - right + 6, y: end.y + 4}, end.name);
    text.style.fill = end.color;
    out.append(text);
  }
  return out;
}

/** The picture as a file: with the colours that it has on the page, since no style sheet goes with it. */
function chart_as_file(svg) {
  const copy = svg.cloneNode(true), style = getComputedStyle(document.documentElement);
  const color = (name) => style.getPropertyValue(name).trim();
  const rules = `text{fill:${color("--ink")};font:13px sans-serif}.axis{stroke:${color("--faint")};fill:none}` +
    `.grid{stroke:${color("--line")};fill:none}.now{stroke:${color("--faint")};stroke-dasharray:2 4}` +
    ".curve{fill:none;stroke-width:2.5;stroke-linejoin:round}";
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  copy.setAttribute("style", `background:${color("--paper")}`);
  const sheet = document.createElementNS("http://www.w3.org/2000/svg", "style");
  sheet.textContent = rules;
  copy.prepend(sheet);
  return new XMLSerializer().serializeToString(copy).replace(/var\((--line-\d)\)/g, (_, name) => color(name));
}
