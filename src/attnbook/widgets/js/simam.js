/**
 * The SimAM painter: a channel of numbers to paint, the gate of each, and the line that tells one from all others.
 * What can be set, in which words, and the pictures to begin with are declared in attnbook.widgets.simam.
 */
import { explorer } from "./explorer.js";
import { FACTS } from "./facts/simam.js";
import { SEQUENTIAL } from "./facts/theme.js";
import { chips, clamp, colourScale, decimal, h, memoize, pixelBoard, placeUnder, setAttr, setText, significant, weightmap } from "./kit.js";
import { uniform } from "./math/random.js";
import { compared, energies, separatingLine, together } from "./math/simam.js";
import { sigmoid } from "./math/softmax.js";

const { pictures, side: SIDE, traits } = FACTS;
const { signs: SIGNS, length: COUNT } = traits.channel;
const GREY = { light: ["#000000", "#ffffff"], dark: ["#000000", "#ffffff"] };
const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1], Enter: [0, 0], " ": [0, 0] };
const TRIES = 3; // of a task
const [LEFT, WIDE, TOP, HIGH] = [-0.03, 1.06, -1.6, 3.9]; // the panel of the line: x to the right, −(w x + b) down

// --- what follows from the state ----------------------------------------------------------------------------------------

const read = memoize((channel) => Float64Array.from(channel, (sign) => SIGNS.indexOf(sign) / (SIGNS.length - 1)));

export function compute(s) {
  const values = read(s.channel);
  const others = compared(values);
  const energy = energies(s.mean === "all" ? together(others) : others, s.penalty);
  const importances = energy.map((each) => 1 / each);
  const least = Math.max(...importances) * (1 - 1e-9); // of the largest
  const largest = importances.map((each) => Number(each >= least));
  return { values, energy, importances, largest, gates: importances.map(sigmoid), line: (place) => separatingLine(values, others, place, s.penalty) };
}

/** The channel after a stroke of the brush from one place, [column, row], to another. */
export function painted(channel, from, to, { brush, size }) {
  const [signs, sign] = [[...channel], SIGNS[Math.round(brush * (SIGNS.length - 1))]];
  const steps = Math.max(1, ...to.map((at, n) => Math.abs(at - from[n])));
  for (let step = 0; step <= steps; step++) {
    const [left, top] = from.map((at, n) => Math.round(at + (step / steps) * (to[n] - at)) - Math.floor((size - 1) / 2));
    for (let row = Math.max(0, top); row < Math.min(SIDE, top + size); row++) {
      signs.fill(sign, SIDE * row + Math.max(0, left), SIDE * row + Math.min(SIDE, left + size));
    }
  }
  return signs.join("");
}

const pair = (place) => [place % SIDE, Math.floor(place / SIDE)];
const placeOf = ([column, row]) => SIDE * row + column;

/** The outline of the places with a 1. */
export function outline(flags) {
  const inside = ([x, y]) => x >= 0 && x < SIDE && flags[placeOf([x, y])];
  const sides = Object.entries({ h1: [0, -1], v1: [-1, 0], "m0 1h1": [0, 1], "m1 0v1": [1, 0] });
  return [...flags.keys()].map(pair).filter(inside).flatMap(([x, y]) => sides.map(([side, [right, down]]) => (
    inside([x + right, y + down]) ? "" : `M${x - 0.5} ${y - 0.5}${side}`))).join("");
}

const title = (r, place) => `row ${pair(place)[1] + 1}, column ${pair(place)[0] + 1}: t = ${decimal(r.values[place])}`;
const say = (s, r) => `${title(r, s.place)}, gate ${decimal(r.gates[s.place], 3)}`;

function numbersOf(r, place) {
  const { weight, bias } = r.line(place);
  return [decimal(weight), decimal(bias), decimal(r.energy[place], 3), decimal(r.importances[place]), decimal(r.gates[place], 3)];
}

/** What is told of the chosen place, in three lines. */
export function readout(s, r) {
  const [w, b, energy, importance, gate] = numbersOf(r, s.place);
  return [title(r, s.place), `mean of the others ${decimal(r.line(s.place).mean)}, w = ${w}, b = ${b}`,
    `${s.mean === "all" ? "one mean for all: " : ""}e* = ${energy}, 1/e* = ${importance}, gate ${gate}`];
}

// --- the channel, the map beside it, and the line of the chosen place -----------------------------------------------------

const paths = (...names) => names.map((name) => h("path", { class: name }));
const tried = (memo) => { memo.tries = (memo.tries ?? 0) + 1; };

function stage(kit) {
  const { signal } = kit;
  const layers = [weightmap(SIDE, GREY), weightmap(SIDE, SEQUENTIAL)];
  const [paper, map] = ["Channel: arrow keys go from place to place, Enter paints; with Shift, arrows paint", "Map"].map((name, n) => (
    pixelBoard(SIDE, name, ...layers[n].nodes)));
  for (const [node, role] of [[paper.node, "application"], [map.node, "img"]]) setAttr(node, "role", role);
  setAttr(paper.node, "tabindex", 0);
  map.node.classList.add("attn-map");
  const frames = paths("attn-halo", "attn-cursor", "attn-halo", "attn-cursor");
  const largest = paths("attn-halo", "attn-largest");
  paper.marks.append(...frames.slice(2));
  map.marks.append(...largest, ...frames.slice(0, 2));

  const cursor = () => (kit.veiled() ? kit.memo.cursor ?? kit.s.place : kit.s.place);
  const look = (place) => { // for one to guess, with keys, as long as the answer is veiled
    kit.memo.cursor = place;
    kit.frame();
    kit.announce(() => title(kit.result, place));
  };
  const choose = (place) => {
    if (kit.veiled()) Object.assign(kit.memo, { guess: place, guessed: kit.s.channel });
    kit.change({ place }, () => "chosen");
  };
  const paint = (from, to) => {
    if (from === to) tried(kit.memo); // the brush has just come down
    kit.change({ channel: painted(kit.s.channel, from, to, kit.s), place: placeOf(to) }, (s) => `painted ${decimal(s.brush, 1)}`);
  };
  const under = (board, event) => placeUnder(board, event).map((at) => clamp(Math.round(at), 0, SIDE - 1));

  let last = null; // where the brush is, while it is down
  paper.node.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    const to = under(paper, event);
    if (kit.veiled()) return choose(placeOf(to));
    paper.node.setPointerCapture(event.pointerId);
    paint(last = to, to);
  }, { signal });
  paper.node.addEventListener("pointermove", (event) => {
    const to = last && under(paper, event);
    if (String(to) !== String(last)) paint(last, to);
    last = to;
  }, { signal });
  for (const end of ["pointerup", "lostpointercapture"]) paper.node.addEventListener(end, () => { last = null; }, { signal });
  paper.node.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || !(event.key in STEPS)) return;
    event.preventDefault();
    const to = pair(cursor()).map((at, n) => clamp(at + STEPS[event.key][n], 0, SIDE - 1));
    const arrow = event.key.startsWith("Arrow");
    if (arrow && kit.veiled()) look(placeOf(to));
    else if (kit.veiled() || (arrow && !event.shiftKey)) choose(placeOf(to));
    else paint(to, to);
  }, { signal });
  map.node.addEventListener("click", (event) => choose(placeOf(under(map, event))), { signal });

  const fitted = fittedLine();
  const lines = [0, 1, 2].map(() => h("p", {}, "\u00a0"));
  const [name, legend, scale] = [h("span"), colourScale(SEQUENTIAL, ""), kit.scale()];
  return {
    node: h("div", { class: "attn-neurons" },
      h("div", {}, paper.node, h("div", { class: "attn-under" }, "The channel, black 0 to white 1: paint on it")),
      h("div", {}, map.node, h("div", { class: "attn-under" }, name, legend.node)), h("div", {}, fitted.node, ...lines)),
    draw(s, r) {
      const [x, y] = pair(cursor());
      for (const each of frames) setAttr(each, "d", `M${x - 0.5} ${y - 0.5}h1v1h-1z`);
      for (const each of largest) setAttr(each, "d", outline(r.largest));
      const [shown, limit] = s.shown === "gate" ? [r.gates, 1] : [r.importances, scale(Math.max(...r.importances))];
      layers[0].paint(r.values);
      layers[1].paint(shown.map((value) => value / limit));
      legend.label("0", significant(limit));
      setText(name, s.shown);
      setAttr(map.node, "aria-label", `Map: ${s.shown}`);
      setAttr(paper.node, "aria-description", title(r, cursor()));
      fitted.draw(r, s.place);
      if (!kit.veiled()) readout(s, r).forEach((text, i) => setText(lines[i], text));
    },
  };
}

/** A panel with the numbers of the channel below, and above each what the line of the chosen place makes of it. */
function fittedLine() {
  const [axes, stems, fit, misses, dots] = paths("attn-axes", "attn-stems", "attn-fit", "attn-misses", "attn-dots");
  const marks = [["hint", "+1, for t"], ["hint", "−1, for all others"], ["mean attn-diamond attn-target", ""], ["mean attn-diamond", ""]].map(
    ([name, text]) => h("span", { class: `attn-${name}`, "aria-hidden": "true" }, text));
  setAttr(axes, "d", `M${LEFT} -1h${WIDE}M${LEFT} 1h${WIDE}`);
  const drawing = h("svg", { viewBox: `${LEFT} ${TOP} ${WIDE} ${HIGH}`, preserveAspectRatio: "none", "aria-hidden": "true" }, axes, stems, fit, misses, dots);
  return {
    node: h("div", { class: "attn-plane attn-map attn-fitted" }, drawing, ...marks),
    draw(r, place) {
      const { weight, bias, mean } = r.line(place);
      const high = (x) => Number((-weight * x - bias).toFixed(4));
      const [t, counts] = [r.values[place], new Map()];
      for (const value of r.values) counts.set(value, (counts.get(value) ?? 0) + 1);
      const [all, most] = [[...counts], Math.max(...counts.values())];
      setAttr(stems, "d", all.map(([x, count]) => `M${x} ${TOP + HIGH}v${(-0.08 - 0.5 * Math.sqrt(count / most)).toFixed(3)}`).join(""));
      setAttr(fit, "d", `M${LEFT} ${high(LEFT)}L${LEFT + WIDE} ${high(LEFT + WIDE)}`);
      setAttr(dots, "d", all.filter(([x]) => Math.abs(high(x)) < -TOP).map(([x]) => `M${x} ${high(x)}h0`).join(""));
      setAttr(misses, "d", `M${t} -1V${high(t)}M${mean} 1V${high(mean)}`);
      [[LEFT, -1], [LEFT, 1], [t, high(t)], [mean, high(mean)]].forEach(([x, y], i) => (
        setAttr(marks[i], "style", `left: ${((100 * (x - LEFT)) / WIDE).toFixed(2)}%; top: ${((100 * (y - TOP)) / HIGH).toFixed(2)}%`)));
    },
  };
}

/** Pictures to begin with, and a button that shuffles the places of the one that is there. */
function beginnings(kit) {
  const names = Object.keys(pictures);
  const begin = (channel, place, text) => {
    tried(kit.memo);
    kit.preset({ channel, place }, text);
  };
  const { node, show } = chips("Begin with", names.map((name) => [name, name]), { signal: kit.signal, onChange: (name) => (
    begin(pictures[name], compute({ ...kit.s, channel: pictures[name] }).largest.indexOf(1), `picture: ${name}`)) });
  let shuffles = 0;
  node.append(kit.button("Shuffle", () => {
    const { channel, place } = kit.s;
    const drawn = uniform(shuffles++, COUNT);
    const order = drawn.map((_, i) => i).sort((a, b) => drawn[a] - drawn[b]);
    kit.memo.shuffled = { channel, order };
    begin(order.map((i) => channel[i]).join(""), order.indexOf(place), "all places are shuffled");
  }));
  return { node, show: (s) => show(names.find((name) => pictures[name] === s.channel)) };
}

// --- the tasks --------------------------------------------------------------------------------------------------------

/** What is so in any channel, and the verdict as long as it is the one that was guessed in. */
function guessed(s, r, { guess, guessed: channel }) {
  const patch = channel === pictures.stripes ? " The bright patch differs only from its neighbours." : "";
  const verdict = `${r.largest[guess] ? "Yes." : `Not there (${decimal(r.gates[guess], 3)}).`}${patch} `;
  const numbers = r.values.filter((_, i) => r.largest[i]);
  return {
    verdict: s.channel === channel ? verdict : "", gate: decimal(Math.max(...r.gates), 3), count: numbers.length,
    value: [...new Set(numbers)].map((value) => decimal(value)).join(" and "), mean: decimal(r.values.reduce((sum, value) => sum + value, 0) / COUNT),
  };
}

/** The largest change of a number's gate since the number at place order[i] has come to i. */
export const moved = (was, now, order) => Math.max(...order.map((from, to) => Math.abs(was.gates[from] - now.gates[to])));

const done = [
  (s, r, { memo }) => memo.guess !== undefined && guessed(s, r, memo),
  (s, r, { memo }) => memo.shuffled && (memo.told ??= {
    change: decimal(moved(compute({ ...s, channel: memo.shuffled.channel }), r, memo.shuffled.order), 3),
  }),
  (s, r, { memo }) => {
    memo.least = Math.min(memo.least ?? 1, ...r.gates);
    return memo.tries >= TRIES && { tries: memo.tries, least: decimal(memo.least, 3) };
  },
];

export const render = explorer({
  facts: FACTS,
  compute,
  stage,
  main: (kit) => [
    beginnings(kit), kit.control("shown", { as: chips }),
    kit.control("penalty", { text: (value) => (value < 1e-3 ? Number(value.toPrecision(2)).toExponential().replace("-", "−") : significant(value)) }),
    kit.control("brush", { text: (value) => decimal(value, 1) }),
    kit.control("size", { text: (value) => `${value} × ${value}` }),
  ],
  more: (kit) => [kit.control("mean", { as: chips })],
  table: {
    caption: "For each number of the channel, how many places have it, its line, its energy, its importance and its gate",
    columns: ["number", "places", "w", "b", "e*", "1/e*", "gate"],
    rows: (s, r) => [...SIGNS].filter((sign) => s.channel.includes(sign)).map((sign) => {
      const place = s.channel.indexOf(sign);
      return [decimal(r.values[place]), String(s.channel.split(sign).length - 1), ...numbersOf(r, place)];
    }),
  },
  say,
  done,
  veiled: true,
  wide: true,
});
