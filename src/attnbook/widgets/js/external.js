/** Patches of a picture that ask stored colours, beside patches that ask each other: both maps, and what they cost. Declared in attnbook.widgets.external. */
import { logCurves } from "./curves.js";
import { explorer } from "./explorer.js";
import { FACTS } from "./facts/external.js";
import { chips, decimal, h, handle, percent, placeOver, plane, rove, setAttr, setHidden, setText, shaft, significant } from "./kit.js";
import { crossover, doubleNormalise, externalCost, overPositions, overSlots, selfAttentionCost } from "./math/external.js";
import { cosine, dot, scaledDot } from "./math/scorers.js";
import { order, softmax } from "./math/softmax.js";
import { length, transposedTimes, unit } from "./math/vectors.js";
import { weightTable } from "./matrix.js";
import { same } from "./state.js";

const { pictures, slots: SLOTS, traits, width: WIDTH } = FACTS;
const LETTERS = [..."ABCDEF"];
const NUMBERS = Array.from({ length: traits.positions.most }, (_, i) => String(i + 1));
const [REACH, FULL] = [2, 1.5]; // of the plane; so long, a vector's colour is as strong as can be
const [SEEN, MOVED, FAR] = [0.005, 0.05, 10]; // a change that is seen; one that counts; the length of an outlier
const WAYS = { slots: [overSlots, dot], positions: [overPositions, dot], double: [doubleNormalise, dot], cosine: [overSlots, cosine] };

const change = (a, b) => Math.max(...a.map((weight, j) => Math.abs(weight - b[j])));

function mapsOf(s, vectors) {
  const [features, stored] = [vectors.slice(0, s.positions), SLOTS.slice(0, s.slots)];
  const [normalise, score] = WAYS[s.way];
  return [[normalise(features.map((each) => score(each, stored))), stored],
    [features.map((each) => softmax(scaledDot(each, features))), features]];
}

/** Of each map its weights, what each patch reads with them, and the largest change of a weight in its row. */
export function compute(s) {
  const was = mapsOf(s, s.before);
  const [stored, own] = mapsOf(s, s.vectors).map(([weights, values], n) => ({
    weights, values, read: weights.map((row) => transposedTimes(values, row)), moved: weights.map((row, i) => change(row, was[n][0][i])),
  }));
  const counted = s.projections === "with";
  return {
    stored, own, counted, patch: Math.min(s.chosen, s.positions - 1), cross: crossover(WIDTH, s.model_slots, counted),
    external: externalCost(s.model_positions, WIDTH, s.model_slots, counted), self: selfAttentionCost(s.model_positions, WIDTH, counted),
  };
}

const mostly = (names, weights) => order(weights).slice(0, 3).filter((j) => weights[j] >= SEEN).map((j) => `${names[j]} (${percent(weights[j])})`).join(", ");
const readout = ({ stored, own }, i) => [
  `patch ${i + 1} reads slots ${mostly(LETTERS, stored.weights[i])}`, `and patches ${mostly(NUMBERS, own.weights[i])}`];
export const say = (s, r) => readout(r, r.patch).join(" ");

/** Shows the colour that a vector stands for: its direction is the hue, its length how strong. */
function paint(node, [x, y]) {
  const strong = Math.round(90 * Math.min(1, Math.hypot(x, y) / FULL));
  const colour = `hsl(${Math.round((180 / Math.PI) * Math.atan2(y, x))} ${strong}% 76%)`;
  if (node.dataset.colour !== colour) node.style.backgroundColor = node.dataset.colour = colour;
}

const beyond = ([x, y]) => Math.max(Math.abs(x), Math.abs(y)) / REACH;
/** Where a vector is shown: at the edge of the plane if it is too long. */
const shownAt = (vector) => vector.map((x) => x / Math.max(1, beyond(vector)));
const toLength = (vector, size) => (length(vector) > 0 ? unit(vector) : [1, 0]).map((x) => Number((size * x).toFixed(3)));
const moving = (kit, i, vector) => ({
  chosen: i, vectors: kit.s.vectors.map((was, j) => (j === i ? vector : was)), ...(kit.changed() ? {} : { before: kit.s.vectors }),
});

// --- the plane of colours, and both maps ----------------------------------------------------------------------------------

function stage(kit) {
  const { signal } = kit;
  let peek = null; // the map, the row and the column that are pointed at
  const choose = (chosen) => chosen !== kit.result.patch && kit.preset({ chosen }, `patch ${chosen + 1}`);

  const board = plane(REACH, "Colours: the direction is the hue, the distance from the middle how strong it is");
  board.roving = true;
  const shafts = SLOTS.map(() => shaft("attn-key"));
  board.layer.append(...shafts.map(({ node }) => node));
  const stored = SLOTS.map((slot, j) => {
    const node = h("span", { class: "attn-label attn-slot", "aria-hidden": "true" }, LETTERS[j]);
    paint(node, slot);
    placeOver(board, node, slot);
    return node;
  });
  board.node.append(...stored);
  const patches = NUMBERS.map((name, i) => {
    const made = handle(board, {
      name: `patch ${name}`, text: name, className: "attn-patch", signal,
      get: () => shownAt(kit.s.vectors[i]), home: () => shownAt(kit.start.vectors[i]),
      set: (to) => kit.change(moving(kit, i, to), (s) => `patch ${name} at ${s.vectors[i].map((x) => decimal(x)).join(", ")}`),
    });
    made.node.addEventListener("click", () => choose(i), { signal });
    return made;
  });
  const placed = NUMBERS.map(() => null); // the vectors that they stand for
  const said = [h("p"), h("p")];

  const roving = {}; // both maps are one stop of the Tab key
  const maps = [["stored", "slot", LETTERS.slice(0, SLOTS.length)], ["own", "patch", NUMBERS]].map(([which, what, names]) => {
    const table = weightTable({
      rows: NUMBERS.length, columns: names.length, outlined: "", choose, signal,
      look(row = null, column = null) {
        peek = row === null || kit.held() ? null : { which, row, column, name: `${what} ${names[column]}` };
        kit.frame();
      },
      announce: (text) => kit.announce(() => `patch ${text()}`),
    });
    rove(roving, table.cells, signal);
    const [grid] = table.nodes;
    const [reads, moved] = ["reads", "moved"].map((word) => {
      const cells = NUMBERS.map(() => h("span"));
      grid.append(h("div", { class: { reads: "attn-reads", moved: "attn-moved" }[word], "aria-hidden": "true" }, h("span", { class: "attn-over" }, word), ...cells));
      return cells;
    });
    const [count, title] = [h("span", { class: "attn-hint" }), which === "own" ? "Self-attention" : "External attention"];
    setAttr(table.cells, "aria-label", `${title}, weights: the arrow keys go from cell to cell`);
    return { which, names, table, count, reads, moved, node: h("div", {}, h("p", {}, h("b", {}, title), h("br"), count), grid) };
  });
  const both = h("div", { class: "attn-maps" }, ...maps.map(({ node }) => node), maps[0].table.nodes[1]);

  const draw = (s, r) => {
    if (peek && !(r[peek.which].weights[peek.row]?.length > peek.column)) peek = null;
    const [row, still] = [peek?.row ?? r.patch, same(s.vectors, s.before)];
    patches.forEach(({ node, move }, i) => {
      setHidden(node, i >= s.positions);
      node.classList.toggle("attn-best", i === row);
      if (s.vectors[i] === placed[i]) return;
      placed[i] = s.vectors[i];
      setText(node.firstChild, beyond(placed[i]) > 1 ? `${NUMBERS[i]}»` : NUMBERS[i]);
      move(shownAt(placed[i]), `; length ${decimal(length(placed[i]))}`);
      paint(node, placed[i]);
    });
    if (!board.chosen.matches(":focus")) board.choose(patches[r.patch].node); // the Tab key comes to the chosen one
    shafts.forEach(({ node, show }, j) => {
      const weight = r.stored.weights[row][j] ?? 0;
      setHidden(stored[j], j >= s.slots);
      setAttr(node, "visibility", weight >= SEEN ? null : "hidden");
      show(SLOTS[j], 1 + 8 * weight, shownAt(s.vectors[row]));
    });
    maps.forEach(({ which, names, table, count, reads, moved }) => {
      const { weights, values, read, moved: by } = r[which];
      const columns = names.slice(0, values.length);
      table.show({ rows: NUMBERS.slice(0, s.positions), columns, weights, outlined: null, off: [], row, column: peek?.which === which ? peek.column : null });
      setText(count, `N · ${which === "own" ? "N" : "S"} = ${s.positions * values.length} scores`);
      values.forEach((value, j) => paint(table.labels.columns[j], value));
      NUMBERS.forEach((_, i) => {
        for (const each of [reads[i], moved[i]]) setHidden(each, i >= s.positions);
        if (i >= s.positions) return;
        paint(table.labels.rows[i], s.vectors[i]);
        paint(reads[i], read[i]);
        setText(moved[i], still ? "?" : decimal(by[i]));
        moved[i].classList.toggle("attn-best", by[i] >= SEEN);
      });
    });
    setAttr(both, "style", `--both: ${s.positions + s.slots}`);
    const told = peek ? [`patch ${row + 1} reads ${peek.name}: ${percent(r[peek.which].weights[row][peek.column])}`, "\u00a0"] : readout(r, row);
    told.forEach((text, n) => setText(said[n], text));
  };
  return { node: h("div", { class: "attn-see" }, both, h("div", {}, board.node, ...said)), draw };
}

const written = new Intl.NumberFormat("en", { notation: "compact", compactDisplay: "long", maximumSignificantDigits: 3 });

function costs() {
  const chart = logCurves({
    most: traits.model_positions.most, low: 3, high: 13, names: [["self-attention", "query"], ["external", "key"]],
    below: [1, 64, 4096, 65536].map((N) => [N, N.toLocaleString("en")]),
    beside: ["thousand", "million", "billion", "trillion"].map((word, n) => [10 ** (3 * n + 3), word]),
  });
  const told = h("p", { class: "attn-hint" });
  return { node: h("div", { class: "attn-costs" }, chart.node, told), show(s, r) {
    chart.show([(N) => selfAttentionCost(N, WIDTH, r.counted), (N) => externalCost(N, WIDTH, s.model_slots, r.counted)], s.model_positions, r.cross);
    setText(told, `Multiply–adds at width ${WIDTH}: self-attention ${written.format(r.self)}, external ${written.format(r.external)}, a ratio of `
      + `${significant(r.self / r.external)}. ${r.cross < 1 ? "External costs less at every N." : `Both cost the same at N = ${r.cross}.`}`);
  } };
}

const more = (kit) => [
  kit.control("model_positions", { text: (value) => value.toLocaleString("en") }), kit.control("model_slots"),
  kit.control("projections", { as: chips }), costs(),
  { node: h("p", { class: "attn-hint" }, "Nothing here is trained: the stored colours are set by hand, and what is read at a slot is its own colour. Patches read each "
    + "other by scaled dot products. “Moved” is the largest change of a weight of the row since the last gesture began.") },
];

function another(kit) {
  const names = Object.keys(pictures);
  let shown = 0;
  return kit.button("Another picture", () => {
    const name = names[shown = (shown + 1) % names.length];
    kit.preset({ vectors: pictures[name], before: pictures[name] }, `${name}; the stored colours stay`);
  });
}

// --- the tasks --------------------------------------------------------------------------------------------------------

/** The one patch that is another than before, or −1. */
export const onlyMoved = (s) => {
  const all = s.vectors.slice(0, s.positions).flatMap((vector, i) => (vector.some((x, c) => x !== s.before[i][c]) ? [i] : []));
  return all.length === 1 ? all[0] : -1;
};
const others = (changes, row) => changes.filter((_, i) => i !== row);

/** By how much a patch moves the other rows of external attention in each way, and its own with cosine, since it had another length. */
export function outlier(s, row, was) {
  const before = s.vectors.map((vector, i) => (i === row ? toLength(vector, was) : vector));
  const found = Object.keys(WAYS).map((way) => [way, compute({ ...s, before, way }).stored.moved]);
  return { ...Object.fromEntries(found.map(([way, moved]) => [way, Math.max(0, ...others(moved, row))])), own: found.at(-1)[1][row] };
}

const done = [
  (s, r) => {
    const row = onlyMoved(s);
    const also = others(r.own.moved, row).filter((by) => by >= SEEN).length;
    return row >= 0 && s.way === "slots" && r.stored.moved[row] >= MOVED && also > 0 && { row: row + 1, own: decimal(r.stored.moved[row]), others: also };
  },
  (s, { patch }, { before, memo }) => {
    const [now, was] = [s, before].map(({ vectors }) => length(vectors[patch]));
    if (now < FAR || was > now / 3) return false;
    memo.double ||= s.way === "double";
    return memo.double && s.way === "cosine" && Object.fromEntries(Object.entries(outlier(s, patch, was)).map(([way, by]) => [way, decimal(by)]));
  },
  (s) => s.positions === 4 * s.slots && { all: s.positions ** 2, few: s.positions * s.slots },
];

export const render = explorer({
  facts: FACTS, compute, stage, more, say, done,
  main: (kit) => [
    kit.control("way", { as: chips }),
    kit.control("vectors", {
      fact: { kind: "ranged", label: "Length", from: 0.1, to: 20, step: 0.005, log: 10 },
      get: (s) => length(s.vectors[Math.min(s.chosen, s.positions - 1)]),
      set: (value) => moving(kit, kit.result.patch, toLength(kit.s.vectors[kit.result.patch], value)),
      told: () => `patch ${kit.result.patch + 1}, length ${decimal(length(kit.s.vectors[kit.result.patch]))}`,
    }),
    kit.control("positions"), kit.control("slots"),
    { node: h("div", { class: "attn-row" }, another(kit)) },
  ],
  table: {
    caption: "For each patch its colour, what it reads most of the stored colours and of the patches, and by how much its row has moved",
    columns: ["patch", "colour", "slot read most", "weight", "moved", "patch read most", "weight", "moved"],
    rows: (s, r) => r.stored.weights.map((_, i) => [NUMBERS[i], s.vectors[i].map((x) => decimal(x)).join(", "),
      ...[[LETTERS, r.stored], [NUMBERS, r.own]].flatMap(([names, { weights, moved }]) => {
        const [best] = order(weights[i]);
        return [names[best], percent(weights[i][best]), decimal(moved[i])];
      })]),
  },
});
