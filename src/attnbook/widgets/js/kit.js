/**
 * What every explorer is made of: elements, colours, a plane with handles, sliders, announcements, a frame clock.
 *
 * Nothing here knows of attention. Every part that listens takes an AbortSignal, and is gone when it is aborted.
 * No element has an id, so any number of explorers can share a page: labels enclose what they name.
 */

import { lastKept } from "./math/memoize.js";

// --- elements -------------------------------------------------------------------------------------------------------

const SVG = "http://www.w3.org/2000/svg";
const SVG_TAGS = new Set(["svg", "g", "path", "line", "circle", "polygon", "text", "rect", "image", "title"]);

/** An element: h("p", { class: "note", onclick }, "text", child). Attributes that are null or false are left out. */
export function h(tag, attributes = {}, ...children) {
  const node = SVG_TAGS.has(tag) ? document.createElementNS(SVG, tag) : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === false || value === undefined) continue;
    node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children);
  return node;
}

/** Writes text only where it changed, so that an unchanged frame costs no layout; the text that is there is changed, not replaced. */
export function setText(node, text) {
  const { firstChild: only } = node;
  if (only?.nodeType === Node.TEXT_NODE && !only.nextSibling) {
    if (only.data !== text) only.data = text;
  } else if (node.textContent !== text) node.textContent = text;
}

/** The same for what is hidden or not: even writing what is there already would have its style worked out anew. */
export function setHidden(node, hidden) {
  if (node.hidden !== hidden) node.hidden = hidden;
}

/** The same for an attribute; null takes it away. */
export function setAttr(node, name, value) {
  if (value === null) {
    if (node.hasAttribute(name)) node.removeAttribute(name);
  }
  else if (node.getAttribute(name) !== String(value)) node.setAttribute(name, value);
}

/** A formula in one line as nodes: q_i becomes a subscript, single letters stand in italics. */
export function formula(text) {
  return text.split(/(_\w|[a-zA-Z]+)/).map((part) => {
    if (/^_/.test(part)) return h("sub", {}, part.slice(1));
    return /^[a-zA-Z]$/.test(part) ? h("i", {}, part) : part;
  });
}

// --- numbers for readers --------------------------------------------------------------------------------------------

/** −1.20: a true minus sign, and never −0.00. */
export function decimal(value, digits = 2) {
  const text = Math.abs(value) >= 1e5 ? value.toExponential(digits) : value.toFixed(digits);
  return (Number(text) === 0 ? text.replace("-", "") : text).replace("-", "−");
}

/** +1.20: with its sign, and zero without one. */
export const signed = (value) => (Number(value.toFixed(2)) > 0 ? `+${decimal(value)}` : decimal(value));

/** 23 % */
export function percent(fraction) {
  return `${(100 * fraction).toFixed(0)} %`;
}

/** Three digits that count: 0.126, 12.6, 1.3e-7. */
export function significant(value) {
  return String(Number(value.toPrecision(3))).replace("-", "−");
}

/** The next round number at or above `value`: the end of a scale that a reader can take in. */
export function roundUp(value) {
  if (!(value > 1e-9)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  const step = [1, 1.5, 2, 3, 4, 5, 6, 8, 10].find((candidate) => candidate * power >= value * (1 - 1e-9));
  return Number(((step ?? 10) * power).toPrecision(3));
}

/** A number as it is typed: with a true minus sign, and no more digits than count. */
export const typedText = (value) => String(Number(value.toFixed(2))).replace("-", "−");

/** What was typed as a number: "−1,5" is one too. */
export const parsed = (text) => (text.trim() === "" ? NaN : Number(text.trim().replace("−", "-").replace(",", ".")));

export function clamp(value, least, most) {
  return Math.min(most, Math.max(least, value));
}

// --- colours --------------------------------------------------------------------------------------------------------

/**
 * 256 colours between evenly spaced stops, as pixels of an ImageData (red in the lowest byte).
 * `opacity` gives how much of each covers what lies below, from 0 to 1, at its place between the first and the last.
 */
export function palette(stops, opacity = () => 1) {
  const rgb = stops.map((stop) => [1, 3, 5].map((at) => parseInt(stop.slice(at, at + 2), 16)));
  return Uint32Array.from({ length: 256 }, (_, i) => {
    const at = (i / 255) * (stops.length - 1);
    const low = Math.min(Math.floor(at), stops.length - 2);
    const [r, g, b] = rgb[low].map((value, c) => Math.round(value + (at - low) * (rgb[low + 1][c] - value)));
    const cover = Math.round(255 * opacity(i / 255));
    return ((cover << 24) | (b << 16) | (g << 8) | r) >>> 0;
  });
}

// --- a field of numbers, painted ------------------------------------------------------------------------------------

/** A canvas that shows a list of colour numbers 0…255, once for each theme: the style sheet shows the one that fits. */
export function colourCanvas(width, height, map, opacity) {
  const room = (canvas) => {
    const context = canvas.getContext("2d");
    const image = context.createImageData(canvas.width, canvas.height);
    return { canvas, context, image, pixels: new Uint32Array(image.data.buffer) };
  };
  const layers = Object.entries(map).map(([theme, stops]) => {
    const canvas = h("canvas", { class: `attn-picture attn-${theme}`, width, height, "aria-hidden": "true" });
    return { ...room(canvas), colours: palette(stops, opacity) };
  });
  return {
    nodes: layers.map((layer) => layer.canvas),
    paint(indices, side = width) { // a square field may have another side than the one before
      for (const layer of layers) {
        if (layer.canvas.width !== side) {
          layer.canvas.width = layer.canvas.height = side;
          Object.assign(layer, room(layer.canvas));
        }
        const { context, image, pixels, colours } = layer;
        for (let i = 0; i < pixels.length; i++) pixels[i] = colours[indices[i]];
        context.putImageData(image, 0, 0);
      }
    },
  };
}

/** Shows a square of up to `most` × `most` numbers between −limit and limit; the first number is the lower left one. */
function heatmap(most, map) {
  const { nodes, paint } = colourCanvas(most, most, map);
  const indices = new Uint8ClampedArray(most * most);
  return {
    nodes,
    paint(field, limit) {
      const size = Math.sqrt(field.length);
      for (let row = 0; row < size; row++) {
        const turned = (size - 1 - row) * size; // a canvas counts its rows from above
        for (let i = 0; i < size; i++) indices[turned + i] = (field[row * size + i] / limit + 1) * 127.5;
      }
      paint(indices, size);
    },
  };
}

/** Shows a square of numbers from 0 to 1, row by row from the top: more is darker on light paper, brighter on dark. */
export function weightmap(size, map, opacity) {
  const { nodes, paint } = colourCanvas(size, size, map, opacity);
  const indices = new Uint8ClampedArray(size * size);
  return {
    nodes,
    paint(weights) {
      for (let i = 0; i < weights.length; i++) indices[i] = 255 * weights[i];
      paint(indices, Math.sqrt(weights.length));
    },
  };
}

/** The SVG path of the lines where the field equals a level: marching squares. */
function contours(field, levels, reach) {
  const size = Math.sqrt(field.length);
  const unit = (2 * reach) / size;
  const place = (index) => Math.round(((index + 0.5) * unit - reach) * 1000);
  const parts = [];
  for (const level of levels) {
    for (let row = 0; row + 1 < size; row++) {
      for (let column = 0; column + 1 < size; column++) {
        const corner = row * size + column;
        const a = field[corner] - level;
        const b = field[corner + 1] - level;
        const c = field[corner + size + 1] - level;
        const d = field[corner + size] - level;
        if (a > 0 === b > 0 && b > 0 === c > 0 && c > 0 === d > 0) continue;
        const ends = []; // where the level crosses the four sides, in order
        if (a > 0 !== b > 0) ends.push([column + a / (a - b), row]);
        if (b > 0 !== c > 0) ends.push([column + 1, row + b / (b - c)]);
        if (c > 0 !== d > 0) ends.push([column + d / (d - c), row + 1]);
        if (d > 0 !== a > 0) ends.push([column, row + a / (a - d)]);
        for (let i = 0; i + 1 < ends.length; i += 2) {
          const [[x, y], [u, v]] = [ends[i], ends[i + 1]];
          parts.push("M", place(x), " ", place(y), "L", place(u), " ", place(v));
        }
      }
    }
  }
  return parts.join("");
}

/**
 * The lines of a field from −limit to limit on a board's plane: where it is zero, dashed, and at quarters of the limit, in
 * ink, where the field is light, else in paper.
 */
export function contourLines(board) {
  const kinds = [["attn-inner", [-0.5, -0.25, 0.25, 0.5]], ["attn-outer", [-0.75, 0.75]], ["attn-zero", [0]]];
  const paths = kinds.map(([name]) => h("path", { class: `attn-contours ${name}` }));
  board.layer.append(...paths);
  return {
    show(field, limit) {
      kinds.forEach(([, shares], i) => setAttr(paths[i], "d", contours(field, shares.map((share) => share * limit), board.most)));
    },
  };
}

/** A strip of colour with its numbers: what the field's colours mean. */
export function colourScale(map, name = "score") {
  const strip = colourCanvas(256, 1, map);
  strip.paint(Uint8Array.from({ length: 256 }, (_, i) => i));
  const [low, high] = [h("span"), h("span")];
  return {
    node: h("div", { class: "attn-scale" }, name, low, h("span", { class: "attn-strip" }, ...strip.nodes), high),
    show(limit) { this.label(`−${significant(limit)}`, `+${significant(limit)}`); },
    label(least, most) {
      setText(low, least);
      setText(high, most);
    },
  };
}

// --- the plane and its handles --------------------------------------------------------------------------------------

/** A square from −reach to reach with axes; x points right and y up. `under` lies below the drawing. */
export function plane(reach, label, ...under) {
  const edge = reach * 1000;
  const ticks = [];
  for (let at = -Math.floor(reach); at <= reach; at++) {
    if (at !== 0) ticks.push(`M${at * 1000} -60V60M-60 ${at * 1000}H60`);
  }
  const layer = h("g");
  const drawing = h(
    "svg",
    { viewBox: `${-edge} ${-edge} ${2 * edge} ${2 * edge}`, "aria-hidden": "true" },
    h("g", { transform: "scale(1,-1)" },
      layer,
      h("path", { class: "attn-axes", d: `M${-edge} 0H${edge}M0 ${-edge}V${edge}${ticks.join("")}` })),
  );
  const node = h("div", { class: "attn-plane", role: "group", "aria-label": label }, ...under, drawing);
  return {
    node, layer, marks: drawing.firstChild, least: -reach, most: reach, up: 1, steps: [0.1, 0.5], round: hundredths,
    digits: 2, what: "point in the plane",
  };
}

/**
 * A plane with a field of numbers: its colours, its contour lines, its legend, and the `grid` of places to compute it at, or
 * the `coarse` one, for while something is held.
 */
export function fieldPlane(reach, label, map, scale, size = 64) {
  const colours = heatmap(size, map);
  const board = plane(reach, label, ...colours.nodes);
  const [lines, legend] = [contourLines(board), colourScale(map)];
  const gridOf = (side) => { // from the lower left
    const at = (i) => ((i + 0.5) * 2 * reach) / side - reach;
    return Array.from({ length: side * side }, (_, i) => [at(i % side), at(Math.floor(i / side))]);
  };
  return {
    board,
    legend: legend.node,
    grid: gridOf(size),
    coarse: gridOf(size / 2),
    show(values) { // or null, where there is no field
      setAttr(board.node, "data-field", values ? "shown" : "none");
      setHidden(legend.node, !values);
      if (!values) return;
      const limit = scale(values.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0));
      colours.paint(values, limit);
      lines.show(values, limit);
      legend.show(limit);
    },
  };
}

/** The place on a board, on a grid of 9 × 9, that is farthest from all these points, each [x, y] or [x, y, radius]. */
export function roomiest({ least, most }, points) {
  const at = (i) => least + ((i + 1.5) * (most - least)) / 11;
  const gap = ([x, y]) => Math.min(...points.map(([u, v, radius = 0]) => Math.hypot(x - u, y - v) - radius));
  const places = Array.from({ length: 81 }, (_, i) => [at(i % 9), at(Math.floor(i / 9))].map(hundredths));
  return places.reduce((best, place) => (gap(place) > gap(best) ? place : best), places[40]);
}

/** A rail to put one handle on, which moves up and down only: its point's second number, from `least` to `most`. */
export function rail(least, most, what, digits = 1) {
  const node = h("span", { class: "attn-rail" });
  const round = (value) => Number(value.toFixed(digits));
  return { node, least, most, up: 1, rail: true, steps: [10 ** -digits, 5 * 10 ** -digits], round, digits, what };
}

/** A picture of `side` × `side` pixels to put handles on: x points right, y down; the middle of a pixel is a whole number. */
export function pixelBoard(side, label, ...under) {
  const marks = h("svg", { viewBox: `-0.5 -0.5 ${side} ${side}`, "aria-hidden": "true" });
  const node = h("div", { class: "attn-plane", role: "group", "aria-label": label }, ...under, marks);
  return {
    node, marks, least: -0.5, most: side - 0.5, up: -1, steps: [1, 8], round: Math.round, digits: 0,
    what: "thing in the picture",
  };
}

/**
 * Lines one below the other, on which only x counts: `up` is 0. A handle's height is the explorer's to give, as
 * `style.top`; the drawing's y runs from 0 to 100, in hundredths of the height.
 */
export function numberLines(least, most, step, label) {
  const marks = h("svg", { viewBox: `${least} 0 ${most - least} 100`, preserveAspectRatio: "none", "aria-hidden": "true" });
  const node = h("div", { class: "attn-lines", role: "group", "aria-label": label }, marks);
  return {
    node, marks, least, most, up: 0, steps: [step, 6 * step], round: (value) => Math.round(10 * value) / 10, digits: 1,
    what: "point on a line",
  };
}

/**
 * A chart to put handles on, as wide and as high as the style sheet says. The drawing goes from 0 to 1 both ways: `across`
 * says where in it an x is, `place` where a point, `line` goes through some of them, with a gap where there is null.
 */
export function chart(label) {
  const grid = h("path", { class: "attn-axes" });
  const marks = h("svg", { viewBox: "0 0 1 1", preserveAspectRatio: "none", "aria-hidden": "true" }, grid);
  const ticks = ["left", "bottom"].map((side) => h("div", { class: "attn-ticks", "data-side": side, "aria-hidden": "true" }));
  const node = h("div", { class: "attn-plane attn-chart-plane", role: "group", "aria-label": label }, marks, ...ticks);
  const board = { node, marks, ticks, axes: [axis([0, 1]), axis([0, 1])], up: 1, what: "point in the chart" };
  const share = (value, { least, most }) => (value - least) / (most - least);
  board.across = (x) => share(x, board.axes[0]).toFixed(4);
  board.place = ([x, y]) => `${board.across(x)} ${(1 - share(y, board.axes[1])).toFixed(4)}`;
  board.line = (points) => points.map((point, i) => (point ? `${points[i - 1] ? "L" : "M"}${board.place(point)}` : "")).join("");
  /** Gives the axes round ends for these xs and ys, unless both fit and fill what is there. */
  board.fit = (numbers) => {
    const fits = grid.hasAttribute("d") && numbers.every((some, n) => {
      const [low, high, { least, most }] = [Math.min(...some), Math.max(...some), board.axes[n]];
      return low >= least && high <= most && high - low > 0.4 * (most - least);
    });
    if (fits) return;
    board.axes = numbers.map((some, n) => axis(some, n ? 0.1 : 0));
    const [across, along] = board.axes;
    setAttr(grid, "d", [...across.ticks.map((x) => `M${board.place([x, along.least])}V0`), ...along.ticks.map((y) => `M${board.place([across.least, y])}H1`)].join(""));
    ticks.forEach((each, n) => each.replaceChildren(...board.axes[1 - n].ticks.map((value) => (
      h("span", { style: `${["bottom", "left"][n]}: ${100 * share(value, board.axes[1 - n])}%` }, decimal(value, board.axes[1 - n].tick))))));
  };
  return board;
}

/** An axis with round ends for these numbers, with `spare` of their span free at both of them, and `about` so many ticks. */
function axis(numbers, spare = 0, about = 6) {
  const [low, high] = [Math.min(...numbers), Math.max(...numbers)];
  const span = Math.max(high - low, 0.01);
  const power = 10 ** Math.floor(Math.log10(span / about));
  const step = power * [1, 2, 5, 10].find((each) => each * power * about >= span * (1 - 1e-9));
  const [first, last] = [Math.floor((low - spare * span) / step), Math.ceil((high + spare * span) / step)];
  const digits = Math.max(0, -Math.floor(Math.log10(step * (1 + 1e-9))));
  const ticks = Array.from({ length: Math.max(first + 1, last) - first + 1 }, (_, i) => Number(((first + i) * step).toFixed(digits)));
  return {
    least: ticks[0], most: ticks.at(-1), ticks, tick: digits, steps: [step / 10, step / 2], digits: digits + 2,
    round: (value) => Number(value.toFixed(digits + 2)),
  };
}

/** A line, such as an arrow's shaft from the origin, with a halo of paper, so that it is seen on any field. */
export function shaft(className) {
  const [halo, line] = ["attn-halo", className].map((name) => h("line", { class: name }));
  const node = h("g", {}, halo, line);
  return {
    node,
    show([x, y], width = null, [u, v] = [0, 0]) {
      for (const each of [halo, line]) {
        Object.entries({ x1: u, y1: v, x2: x, y2: y }).forEach(([end, at]) => setAttr(each, end, Math.round(at * 1000)));
      }
      if (width !== null) [width + 3, width].forEach((w, i) => { [halo, line][i].style.strokeWidth = `${w.toFixed(2)}px`; });
    },
  };
}

/** The axes of x and of y: most boards have the same for both. */
const axesOf = (board) => board.axes ?? [board, board];

/** Puts an element that lies over a board where the board's point is. */
export function placeOver(board, node, [x, y]) {
  const [across, along] = axesOf(board);
  node.style.left = `${(100 * (x - across.least)) / (across.most - across.least)}%`;
  if (!board.up) return; // on a line
  node.style.top = `${(100 * (board.up > 0 ? along.most - y : y - along.least)) / (along.most - along.least)}%`;
}

/** Where in the board's own numbers an event happened. */
export function placeUnder(board, event) {
  const [across, along] = axesOf(board);
  const box = board.node.getBoundingClientRect();
  const down = ((event.clientY - box.top) * (along.most - along.least)) / box.height;
  return [
    across.least + ((event.clientX - box.left) * (across.most - across.least)) / box.width,
    board.up > 0 ? along.most - down : along.least + down,
  ];
}

export const PAGES = { PageDown: 1, "]": 1, PageUp: -1, "[": -1 };
/** For buttons, which have no other use for them. */
export const ARROWS_TOO = { ...PAGES, ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

/** A group whose handles, or fields, are one stop of the Tab key: `keys` go from one to the next. */
export function rove(group, node, signal, keys = PAGES) {
  const there = () => group.handles.filter((each) => each.checkVisibility());
  const choose = (next) => {
    for (const each of group.handles) setAttr(each, "tabindex", each === next ? 0 : -1);
    group.chosen = next;
  };
  (group.handles ??= []).push(node);
  group.choose ??= choose;
  setAttr(node, "tabindex", group.handles.length === 1 ? 0 : -1);
  setAttr(node, "aria-keyshortcuts", "PageUp PageDown [ ]");
  group.chosen ??= node;
  node.addEventListener("focus", () => choose(node), { signal });
  node.addEventListener("keydown", (event) => {
    const by = keys[event.key];
    if (!by || (event.key.length > 1 && (event.altKey || event.ctrlKey || event.metaKey))) return; // [ may need AltGr
    const all = there();
    all[(all.indexOf(node) + by + all.length) % all.length].focus();
    event.preventDefault();
  }, { signal });
}

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowDown: [0, -1], ArrowUp: [0, 1] };
const hundredths = (value) => Math.round(value * 100) / 100;

/**
 * A point of a board that mouse, finger and arrow keys can move. It is a button with a slider's role, so that screen
 * readers hand it the arrow keys and read out where it is.
 * `get()` gives where the point is ([x] on a line), `set([x, y])` is told where it should go, `home()` where Home takes it.
 */
export function handle(board, { name, text, className, get, set, home, signal }) {
  const node = h("button", {
    type: "button",
    class: `attn-handle ${className}`,
    role: "slider",
    "aria-label": name,
    "aria-roledescription": board.what,
    "aria-valuemin": Math.ceil(axesOf(board)[0].least),
    "aria-valuemax": Math.floor(axesOf(board)[0].most),
    "aria-orientation": board.rail ? "vertical" : null,
  }, h("span", { "aria-hidden": "true" }, text));
  const to = (place) => set(axesOf(board).map(({ round, least, most }, n) => round(clamp(place[n], least, most))));

  let [grip, before] = [null, null]; // where in the handle the pointer holds it
  node.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    const [x, y] = placeUnder(board, event);
    grip = [get()[0] - x, get()[1] - y];
    before = get();
    node.setPointerCapture(event.pointerId);
  }, { signal });
  node.addEventListener("pointermove", (event) => {
    if (!grip) return;
    const [x, y] = placeUnder(board, event);
    to([x + grip[0], y + grip[1]]);
  }, { signal });
  node.addEventListener("pointercancel", () => { // the browser took the gesture for one of its own
    if (grip) set(before);
    grip = null;
  }, { signal });
  for (const end of ["pointerup", "lostpointercapture"]) node.addEventListener(end, () => { grip = null; }, { signal });
  node.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const [x, y] = get();
    const [step, rise] = axesOf(board).map(({ steps }) => steps[event.shiftKey ? 1 : 0]);
    const [right, upward] = ARROWS[event.key] ?? [0, 0];
    if (event.key in ARROWS && board.rail) to([x, y + step * (right + upward)]);
    else if (event.key in ARROWS) to([x + step * (board.up ? right : right + upward), y + board.up * rise * upward]);
    else if (event.key === "Home") to(home());
    else return;
    event.preventDefault();
  }, { signal });

  board.node.append(node);
  if (board.roving) rove(board, node, signal);
  return {
    node,
    move([x, y], more = "") {
      placeOver(board, node, [x, y]);
      setAttr(node, "aria-valuenow", board.rail ? y : x);
      const place = board.rail ? [y] : board.up ? [x, y] : [x];
      setAttr(node, "aria-valuetext", `${place.map((value, n) => decimal(value, axesOf(board)[n].digits)).join(", ")}${more}`);
    },
  };
}

const OWN_KEYS = new Set([
  "ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End", "PageUp", "PageDown", "Enter", " ", "[", "]",
]);

/** Keeps the keys that sliders and buttons need: JupyterLab would take them to go from cell to cell. */
function keepKeys(root, signal) {
  root.addEventListener("keydown", (event) => {
    if (OWN_KEYS.has(event.key) && !event.altKey && !event.ctrlKey && !event.metaKey) event.stopPropagation();
  }, { signal });
}

// --- controls -------------------------------------------------------------------------------------------------------

/**
 * Tells `report` of what a slider is moved to, but not while a finger may still mean to scroll the page: it has to go
 * sideways, or to be lifted, first. If the browser takes the gesture for scrolling, the old value returns.
 */
function whenMoved(input, report, signal) {
  let [touch, last] = [null, input.value]; // where a finger came down; what was told last
  const tell = () => {
    last = input.value;
    report(input.valueAsNumber);
  };
  input.addEventListener("pointerdown", (event) => {
    last = input.value;
    touch = event.pointerType === "touch" ? { x: event.clientX, y: event.clientY, was: input.value, meant: false } : null;
  }, { signal, capture: true });
  input.addEventListener("pointermove", (event) => {
    if (!touch || touch.meant) return;
    const [across, along] = [Math.abs(event.clientX - touch.x), Math.abs(event.clientY - touch.y)];
    if (across > 6 && across > along) {
      touch.meant = true;
      if (input.value !== last) tell();
    }
  }, { signal });
  input.addEventListener("pointerup", () => {
    const meant = !touch || touch.meant;
    touch = null;
    if (!meant && input.value !== last) tell();
  }, { signal });
  input.addEventListener("pointercancel", () => {
    if (!touch) return;
    const told = touch.meant;
    input.value = touch.was;
    touch = null;
    if (told) tell();
  }, { signal });
  input.addEventListener("input", () => { if (!touch || touch.meant) tell(); }, { signal });
  return () => Boolean(touch); // is a finger on it?
}

/** A labelled slider that shows its value; `show(position, text, spoken)` moves it without telling anybody. */
export function slider(name, { min, max, step, onInput, signal }) {
  const input = h("input", { type: "range", min, max, step });
  const value = h("span", { class: "attn-value", "aria-hidden": "true" });
  const held = whenMoved(input, onInput, signal);
  return {
    input,
    node: h("label", { class: "attn-slider" }, h("span", {}, name), input, value),
    show(position, text, spoken = text) {
      const place = String(clamp(position, min, max));
      if (!held() && input.value !== place) input.value = place;
      setAttr(input, "aria-valuetext", spoken);
      setText(value, text);
    },
  };
}

/** A labelled choice between [value, text] pairs. */
export function choice(name, options, { onChange, signal }) {
  const select = h("select", {}, ...options.map(([value, text]) => h("option", { value }, text)));
  select.addEventListener("change", () => onChange(select.value), { signal });
  return {
    node: h("label", { class: "attn-choice" }, h("span", {}, name), select),
    show(value) { if (select.value !== value) select.value = value; },
    offer(others) { select.replaceChildren(...others.map(([value, text]) => h("option", { value }, text))); },
  };
}

let groups = 0; // radio buttons of one choice share a name, and no two choices on a page do

/** The same as buttons side by side, one of them pressed: a single stop of the Tab key. */
export function chips(name, options, { onChange, signal }) {
  const group = `attn-chips-${groups++}`;
  const inputs = options.map(([value]) => h("input", { type: "radio", name: group, value }));
  for (const input of inputs) input.addEventListener("change", () => onChange(input.value), { signal });
  return {
    node: h("fieldset", { class: "attn-chips" }, h("legend", {}, name), ...options.map(([value, text], i) => (
      h("label", { "data-value": value }, inputs[i], h("span", {}, text))))),
    show(value) { for (const input of inputs) input.checked = input.value === value; },
  };
}

export function button(text, { onClick, signal }) {
  const node = h("button", { type: "button", class: "attn-button" }, text);
  node.addEventListener("click", onClick, { signal });
  return node;
}

/**
 * A number typed in, as text, so that no wheel changes it and a true minus sign is one. What is no number from `least` to
 * `most` is refused: `onRefuse` hears of it, the last good one returns when the field is left. `text` writes a number.
 */
export function numberField(name, { most, least = -most, step, onInput, onRefuse, signal, text = typedText }) {
  const input = h("input", {
    type: "text", inputmode: least < 0 ? "text" : "decimal", role: "spinbutton", autocomplete: "off", class: "attn-number-field",
    "aria-label": name, "aria-valuemin": least, "aria-valuemax": most,
  });
  let good = 0;
  const take = (value) => {
    const fits = value >= least && value <= most; // a NaN is neither
    setAttr(input, "aria-invalid", fits ? null : "true");
    const from = String(least).replace("-", "−");
    if (fits) onInput(value);
    else onRefuse(`${input.getAttribute("aria-label")}: a number from ${from} to ${most}, please. The last good one stays, ${text(good)}.`);
  };
  input.addEventListener("input", () => take(parsed(input.value)), { signal });
  input.addEventListener("keydown", (event) => {
    const by = { ArrowUp: step, ArrowDown: -step }[event.key];
    if (!by || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const next = Number(clamp(good + by * (event.shiftKey ? 10 : 1), least, most).toFixed(6));
    input.value = text(next);
    take(next);
  }, { signal });
  input.addEventListener("change", () => {
    setAttr(input, "aria-invalid", null);
    input.value = text(good);
  }, { signal });
  return {
    node: input,
    show(value) { // what is being typed stays, unless the number has become another one meanwhile
      const typing = input.getRootNode().activeElement === input && (value === good || value === parsed(input.value));
      good = value;
      setAttr(input, "aria-valuenow", value);
      if (!typing || input.value === "") input.value = text(value);
    },
  };
}

/** A sentence as it may have been typed, without capitals and stops. */
const plainWords = (text) => (text.toLowerCase().match(/[a-z]+/g) ?? []).join(" ");

/**
 * A field for a text of known words, by its facts. What is typed stays, whatever else is moved, until there is another text;
 * with other words in it, the last good one stays in force, and `trouble` says what is wrong.
 */
export function textField({ label, words, length: [, most] }, { onInput, onRefuse, signal }) {
  const input = h("input", {
    type: "text", class: "attn-number-field attn-text-field", "aria-label": label, autocomplete: "off", spellcheck: "false",
  });
  let good = null;
  const trouble = () => {
    const given = plainWords(input.value).split(" ");
    const strange = given.find((word) => !words.includes(word));
    if (!given[0]) return "Type some words of the list under More.";
    if (strange === undefined) return given.length > most ? `${most} words are the most.` : "";
    const begun = words.filter((word) => word.startsWith(strange));
    return begun.length ? `${strange} … ${begun.join(", ")}?` : `“${strange}” is not among the words.`;
  };
  input.addEventListener("input", () => {
    const [text, wrong] = [plainWords(input.value), trouble()];
    setAttr(input, "aria-invalid", wrong ? "true" : null);
    if (wrong) onRefuse(wrong);
    else if (text !== good) onInput(text);
  }, { signal });
  return {
    node: input,
    trouble: () => (input.hasAttribute("aria-invalid") ? trouble() : ""),
    show(text) {
      if (text !== good && plainWords(input.value) !== text) {
        input.value = text;
        setAttr(input, "aria-invalid", null);
      }
      good = text;
    },
  };
}

/** A bar on a track; `show(from, to)` in shares of the track, `kind` names what it stands for. */
export function bar() {
  const fill = h("span", { class: "attn-fill" });
  const node = h("span", { class: "attn-track", "aria-hidden": "true" }, fill);
  return {
    node,
    show(from, to, kind) {
      fill.style.left = `${100 * Math.min(from, to)}%`;
      fill.style.width = `${100 * Math.abs(to - from)}%`;
      setAttr(fill, "data-kind", kind);
    },
  };
}

/** A bar to take hold of: a slider over a bar that grows from zero to the right, or to the left below zero. */
export function barSlider(name, { onInput, signal }) {
  const track = bar();
  const input = h("input", { type: "range", step: "any", "aria-label": name });
  let [now, limit] = [0, 1];
  const to = (value) => {
    const hundredth = Math.round((100 * clamp(value, -limit, limit)) / limit);
    onInput(Number(((hundredth * limit) / 100).toPrecision(6)));
  };
  const held = whenMoved(input, to, signal);
  input.addEventListener("keydown", (event) => { // with step "any" every browser would go its own way
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const [small, large] = [limit / 50, limit / 10];
    const arrow = event.shiftKey ? large : small;
    const places = {
      ArrowRight: now + arrow, ArrowUp: now + arrow, ArrowLeft: now - arrow, ArrowDown: now - arrow, Home: -limit, End: limit,
    };
    if (!(event.key in places)) return;
    to(places[event.key]);
    event.preventDefault();
  }, { signal });
  return {
    node: h("span", { class: "attn-bar-slider" }, track.node, input),
    input,
    show(value, most, text) {
      [now, limit] = [value, most];
      setAttr(input, "min", -most);
      setAttr(input, "max", most);
      if (!held() && input.valueAsNumber !== value) input.value = value;
      setAttr(input, "aria-valuetext", text);
      track.show(0.5, 0.5 + value / most / 2, value < 0 ? "below" : "above");
    },
  };
}

/** A labelled checkbox. */
export function checkbox(name, { onChange, signal }) {
  const input = h("input", { type: "checkbox", "aria-label": name });
  input.addEventListener("change", () => onChange(input.checked), { signal });
  return { node: input, show(on) { input.checked = on; } };
}

// --- time and announcements ---------------------------------------------------------------------------------------

/** A function that keeps its last answer: mathematics knows nothing of the kit, but the kit may know mathematics. */
export const memoize = lastKept;

/** Draws at most once a frame, however often it is asked. */
function frameClock(draw, signal) {
  let waiting = 0;
  signal.addEventListener("abort", () => cancelAnimationFrame(waiting), { once: true });
  return () => {
    if (signal.aborted) return;
    waiting ||= requestAnimationFrame(() => { waiting = 0; draw(); });
  };
}

/**
 * Where an explorer and its model meet: the state now and at the start, changes, which are painted at most once a frame and
 * then told to Python, and the end: `open(root, el)` shows the explorer and returns what takes it away again.
 */
export function connect(model, names, draw) {
  const life = new AbortController();
  const { signal } = life;
  const state = () => Object.fromEntries(names.map((name) => [name, model.get(name)]));
  let unsaved = false;
  const save = quietly(() => model.save_changes());
  const redraw = (root) => {
    draw();
    if (!root?.hasAttribute("data-held")) keepFocus(root); // to ask what can be seen costs a layout, which a hand would wait for
  };
  let stage = null;
  const frame = frameClock(() => {
    if (unsaved) save();
    unsaved = false;
    redraw(stage);
  }, signal);
  return {
    signal,
    state,
    frame,
    start: structuredClone(state()),
    change(news) {
      for (const [name, value] of Object.entries(news)) model.set(name, value);
      unsaved = true;
      frame();
    },
    open(root, el) {
      stage = root;
      keepKeys(root, signal);
      draw();
      el.append(root);
      for (const name of names) model.on(`change:${name}`, frame);
      return () => {
        for (const name of names) quietly(() => model.off(`change:${name}`, frame))();
        life.abort();
        root.remove();
      };
    },
  };
}

/** Elsewhere a model may have no kernel to save to, and say so by throwing; the explorer goes on without. */
const quietly = (call) => () => {
  try {
    call();
  } catch { /* nothing to be told */ }
};

/** If what has the focus is hidden now, the nearest thing before it that can have it takes it. */
function keepFocus(root) {
  const active = root.getRootNode().activeElement;
  if (!active || active === root || !root.contains(active) || active.checkVisibility?.() !== false) return;
  const all = [...root.querySelectorAll("button, input, select, summary")];
  const left = (node) => node === active || (node.checkVisibility() && !node.disabled);
  const some = all.filter(left);
  const at = some.indexOf(active);
  (some[at - 1] ?? some[at + 1])?.focus();
}

/** A polite live region that speaks when the reader pauses, not at every step of a drag. */
export function announcer(signal, pause = 500) {
  const node = h("p", { class: "attn-unseen", role: "status" });
  let timer = 0;
  signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
  return {
    node,
    announce(text) { // a function, so that the numbers are those of the moment it is said
      clearTimeout(timer);
      timer = setTimeout(() => { node.textContent = text(); }, pause);
    },
  };
}
