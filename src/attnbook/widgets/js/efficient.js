/**
 * The triangle of scores: which of them each way of saving computes, what stays in memory, how far the answer moves.
 * What can be set, and in which words, is declared in attnbook.widgets.efficient.
 */
import { explorer } from "./explorer.js";
import { FACTS } from "./facts/efficient.js";
import { SEQUENTIAL } from "./facts/theme.js";
import { chips, clamp, colourScale, decimal, h, handle, memoize, percent, placeUnder, setAttr, setHidden, setText, weightmap } from "./kit.js";
import { linearWeights, online, sequence, shared } from "./math/saving.js";
import { scaledDot } from "./math/scorers.js";
import { softmax } from "./math/softmax.js";
import { length, minus, transposedTimes } from "./math/vectors.js";

const { sizes, token_bytes: TOKEN_BYTES, state_bytes: STATE_BYTES, traits } = FACTS;
const { tokens: N, heads: HEADS } = sizes;
const ALL = (N * (N + 1)) / 2; // scores up to the diagonal
const [LEAST, STRONG] = [0.005, 0.5]; // a weight that is seen; one that is as dark as can be
const [FAR, NARROW] = [0.2, 8]; // of the tasks
const places = Array.from({ length: N }, (_, i) => i);
const total = (numbers) => numbers.reduce((sum, value) => sum + value, 0);

// --- what follows from the state ----------------------------------------------------------------------------------------

const sequenceOf = memoize((seed, rest) => sequence(seed, rest, sizes));
const scoresOf = (query, keys) => query.map((rows, m) => rows.map((row) => scaledDot(row, keys[m])));
const directOf = memoize((given) => {
  const scores = scoresOf(given.query, given.keys);
  return { scores, weights: scores.map((rows) => rows.map((row, t) => softmax(row, { mask: places.map((i) => i <= t) }))) };
});

/** How many blocks the row of the query has, and how many of them are read. */
const blocksOf = ({ query, block, steps }) => {
  const count = Math.floor(query / block) + 1;
  return { count, at: Math.min(steps, count), end: Math.min(steps * block, query + 1) };
};

/** Is the score of token t for token i computed? In blocks: until now. */
function computes(s, t, i) {
  if (i > t || s.way === "linear") return false;
  if (s.way === "window") return i > t - s.width || i < s.sinks;
  const late = Math.floor(t / s.block) - Math.floor(s.query / s.block);
  return s.way !== "blocks" || late < 0 || (late === 0 && i < blocksOf(s).end);
}

const mean = (heads, t) => places.map((i) => total(heads.map((rows) => rows[t][i])) / HEADS);

export function compute(s) {
  const given = sequenceOf(s.seed, s.rest);
  const { query: t, way } = s;
  const direct = directOf(given);
  const seen = places.map((row) => places.map((i) => computes(s, row, i)));
  let [heads, values] = [direct.weights, given.values];
  if (way === "blocks" || way === "window") heads = direct.scores.map((rows) => rows.map((row, i) => softmax(row, { mask: seen[i] })));
  if (way === "groups") {
    values = shared(given.values, Number(s.share));
    heads = scoresOf(given.query, shared(given.keys, Number(s.share))).map((rows) => rows.map((row, i) => softmax(row, { mask: seen[i] })));
  }
  if (way === "linear") heads = given.query.map((rows, m) => rows.map((row, i) => linearWeights(row, given.keys[m], i)));
  const blocks = blocksOf(s);
  const carried = direct.scores.map((rows, m) => online(rows[t], given.values[m], s.block, blocks.end));
  const answer = way === "blocks" ? carried.flatMap(({ output }) => output) : values.flatMap((rows, m) => transposedTimes(rows, heads[m][t]));
  const full = given.values.flatMap((rows, m) => transposedTimes(rows, direct.weights[m][t]));
  const row = mean(direct.weights, t);
  const kept = places.map((i) => (way === "window" ? seen[t][i] : way !== "linear" && i <= t));
  const bytes = (tokens) => (way === "linear" ? STATE_BYTES : way === "window" ? Math.min(tokens, s.width + s.sinks) * TOKEN_BYTES
    : (tokens * TOKEN_BYTES) / (way === "groups" ? s.share : 1));
  return {
    seen, kept, direct: row, ...blocks, highest: carried[0].highest, total: carried[0].total,
    weights: places.map((i) => mean(heads, i)),
    scores: way === "blocks" ? ALL : total(seen.map((each) => each.filter(Boolean).length)),
    bytes: bytes(t + 1), more: bytes(t + 2) - bytes(t + 1),
    left: way === "linear" ? 0 : total(row.filter((_, i) => !seen[t][i])),
    moved: length(minus(answer, full)) / length(full),
  };
}

/** What is computed, kept, left out and changed, each in a few words. */
export const told = (s, r, moved = decimal(r.moved)) => [
  `${r.scores} of ${ALL} scores${s.way === "blocks" ? `, ${s.block ** 2} at a time` : ""}`,
  s.way === "linear" ? "a matrix for each head"
    : `${r.kept.filter(Boolean).length} of ${s.query + 1} tokens kept${s.way === "groups" && s.share !== "1" ? `, 1/${s.share} of each` : ""}`,
  `${(r.bytes / 1e6).toFixed(1)} MB, + ${r.more.toLocaleString("en")} B a token`,
  `${moved === "?" ? moved : percent(r.left)} of the weight ${s.way === "blocks" ? "not yet read" : "left out"}`,
  `answer moves by ${moved}`,
];

// --- the triangle, the weights of a row, and the memory -------------------------------------------------------------------

const rects = (count, ink, attributes) => Array.from({ length: count }, (_, i) => (
  h("rect", { style: `fill: var(--attn-${ink})`, x: i + 0.1, width: 0.8, ...attributes(i) })));
const place = (node, attributes) => Object.entries(attributes).forEach(([name, value]) => setAttr(node, name, value));
const strip = (high, ...parts) => h("svg", { class: "attn-below-row", viewBox: `0 0 ${N} ${high}`, preserveAspectRatio: "none", "aria-hidden": "true" }, ...parts);

function stage(kit) {
  const { signal } = kit;
  const colours = weightmap(N, SEQUENTIAL, (share) => (share > 0 ? 1 : 0));
  const shades = new Float64Array(N * N);
  const [row, square] = ["attn-asking", "attn-block"].map((name) => h("rect", { class: name }));
  const node = h("div", { class: "attn-triangle", role: "group", "aria-label": "Scores: a row for each token that asks" },
    h("span", { class: "attn-hatched" }), ...colours.nodes,
    h("svg", { viewBox: `0 0 ${N} ${N}`, "aria-hidden": "true" }, square, row));
  const board = { node, least: -0.5, most: N - 0.5, up: -1, steps: [1, 4], round: Math.round, digits: 0, what: "row of the triangle" };
  const ask = (to) => {
    const query = clamp(to, 0, N - 1);
    if (query !== kit.s.query) kit.change({ query }, () => `token ${query + 1} asks`);
  };
  const grip = handle(board, {
    name: "Token that asks", text: "", className: "attn-query", signal,
    get: () => [0, kit.s.query], set: ([, to]) => ask(to), home: () => [0, kit.start.query],
  });
  grip.node.addEventListener("keydown", ({ key, altKey, ctrlKey, metaKey, shiftKey }) => { // there is nothing to the sides
    const by = { ArrowLeft: -1, ArrowRight: 1 }[key];
    if (by && !altKey && !ctrlKey && !metaKey) ask(kit.s.query + by * (shiftKey ? 4 : 1));
  }, { signal });
  node.addEventListener("click", (event) => { if (!event.target.closest("button")) ask(Math.round(placeUnder(board, event)[1])); }, { signal });

  const here = rects(N, "accent", () => ({}));
  const wanted = rects(N, "ink", (i) => ({ x: i, width: 1, height: 5 }));
  const memory = rects(N, "key", () => ({ y: 0 }));
  const [matrix] = rects(1, "key", () => ({ width: sizes.width / 2 - 0.2, height: HEADS }));
  const gaps = rects(HEADS - 1, "paper", (i) => ({ x: 0, width: N, y: i + 0.9, height: 0.2 }));
  const lines = Array.from({ length: 5 }, () => h("span"));

  const step = kit.button("Next block", () => {
    const { at, count } = kit.result;
    kit.change({ steps: at === count ? 1 : at + 1 === count ? N : at + 1 }, (s, r) => `${r.at} of ${r.count} blocks`);
  });
  const carried = h("p", { class: "attn-hint" });
  const stepping = h("div", { class: "attn-row" }, step, carried);
  const legend = colourScale(SEQUENTIAL, "weight");
  legend.label("0", "½ or more");
  const key = (text, style, kind = "") => h("span", {}, h("span", { class: `attn-square ${kind}`, style, "aria-hidden": "true" }), text);

  const draw = (s, r) => {
    const t = s.query;
    r.weights.forEach((weights, i) => weights.forEach((weight, j) => { shades[i * N + j] = r.seen[i][j] ? clamp(weight / STRONG, LEAST, 1) : 0; }));
    colours.paint(shades);
    place(row, { x: 0, y: t, width: t + 1, height: 1 });
    const [from, top] = [(r.at - 1) * s.block, t - (t % s.block)];
    setAttr(square, "visibility", s.way === "blocks" ? null : "hidden");
    place(square, { x: from, y: top, width: Math.min(s.block, N - from), height: Math.min(s.block, N - top) });
    grip.move([-1.9, t]);
    setText(grip.node.firstChild, String(t + 1));
    place(grip.node, { "aria-valuenow": t, "aria-valuetext": `token ${t + 1} of ${N}` });
    places.forEach((i) => {
      const [high, line] = [r.weights[t][i], r.direct[i]].map((weight) => 100 * Math.min(1, weight));
      place(here[i], { y: (100 - high).toFixed(2), height: high.toFixed(2) });
      place(wanted[i], { y: (97.5 - line).toFixed(2), visibility: i > t ? "hidden" : null });
      const groups = s.way === "groups" ? HEADS / Number(s.share) : HEADS;
      place(memory[i], { height: groups, visibility: r.kept[i] ? null : "hidden" });
    });
    setAttr(matrix, "visibility", s.way === "linear" ? null : "hidden");
    told(s, r, kit.veiled() ? "?" : undefined).forEach((text, n) => setText(lines[n], text));
    setHidden(stepping, s.way !== "blocks");
    setText(step, r.at === r.count ? "Start again" : "Next block");
    setText(carried, `${r.at} of ${r.count}; head 1: highest score ${decimal(r.highest)}, sum ${decimal(r.total)}`);
  };
  return {
    node: h("div", { class: "attn-saving" }, node, h("div", { class: "attn-told" }, ...lines),
      strip(100, ...here, h("g", { class: "attn-answer" }, ...wanted)), strip(HEADS, ...memory, matrix, ...gaps)),
    side: h("div", { class: "attn-readings" }, stepping, h("p", { class: "attn-under" }, legend.node, key("not computed", null, "attn-hatched"),
      key("weight if all are", "height: 0; border-width: 1px 0; vertical-align: middle"), key("in memory, by heads", "border: 0; background: var(--attn-key)")),
    h("p", { class: "attn-hint" }, "MB and B are bytes in the page's model, with 32 layers of 32 heads of width 128. The picture has 4 heads of width 8.")),
    draw,
  };
}

// --- the tasks --------------------------------------------------------------------------------------------------------

const done = [
  (s, r, { before }) => s.way === "window" && !s.sinks && s.query === before.query && r.moved < FAR && {
    width: Math.min(s.width, s.query + 1), tokens: s.query + 1, share: percent(r.direct[0]),
  },
  (s, r) => s.way === "window" && s.sinks > 0 && s.width <= NARROW && r.left > 0 && r.moved < FAR && {
    kept: r.kept.filter(Boolean).length, out: percent(r.left), moved: decimal(r.moved),
  },
  (s, r) => s.way === "blocks" && r.at === r.count && r.count > 1 && { blocks: r.count, most: s.block ** 2, moved: decimal(r.moved) },
];

export const render = explorer({
  facts: FACTS,
  compute,
  stage,
  main: (kit) => [
    kit.control("way", { as: chips }),
    kit.control("width", { shown: (s) => s.way === "window" }),
    kit.control("sinks", { shown: (s) => s.way === "window" }),
    kit.control("block", { shown: (s) => s.way === "blocks" }),
    kit.control("share", { as: chips, shown: (s) => s.way === "groups" }),
  ],
  more: (kit) => [
    kit.control("rest"),
    { node: h("div", { class: "attn-row" }, kit.button("Another sequence", () => kit.preset({ seed: (kit.s.seed + 1) % (traits.seed.most + 1) }, "another sequence"))) },
    { node: h("p", { class: "attn-hint" }, "The numbers are drawn at random. A score falls with each token further back; Rest is by how much the first token scores above "
      + "the latest. Weights are means over the heads. Masked scores, above the diagonal, are not counted.") },
  ],
  table: {
    caption: "Each token up to the one that asks, with its weight if all scores are computed, its weight here, and whether it is kept",
    columns: ["token", "weight if all are", "weight here", "in memory"],
    rows: (s, r) => places.slice(0, s.query + 1).map((i) => [String(i + 1), decimal(r.direct[i], 3), decimal(r.weights[s.query][i], 3), r.kept[i] ? "kept" : "–"]),
  },
  say: (s, r) => told(s, r)[4],
  done,
  veiled: true,
});
