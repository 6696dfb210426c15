/**
 * The scoring explorer: a query and keys to drag in the plane, eight scorers, two of them side by side on request.
 * What can be set, and in which words, is declared in attnbook.widgets.scoring.
 */
import { explorer } from "./explorer.js";
import { FACTS } from "./facts/scoring.js";
import { DIVERGING } from "./facts/theme.js";
import {
  bar, decimal, fieldPlane, h, handle, memoize, percent, placeOver, placeUnder, roomiest, setAttr, setHidden, setText, shaft, slider
} from "./kit.js";
import { gaussian } from "./math/random.js";
import {
  additive, bilinear, cosine, dot, location, negativeDistance, scaledDot, summedDistance
} from "./math/scorers.js";
import { attend, winner } from "./math/softmax.js";
import { inner, length, transposedTimes } from "./math/vectors.js";

const { traits } = FACTS;
const REACH = traits.query.most;
const [LEAST_KEYS, MOST_KEYS] = traits.key_vectors.shape[0];
const [ADDITIVE_SEED, PLACES_SEED] = [13, 124]; // of the parameters that Python starts with
const NOTHING = "none";

const SUBSCRIPTS = ["₁", "₂", "₃", "₄", "₅", "₆", "₇", "₈", "₉", "₁₀", "₁₁", "₁₂"];
const letter = (i) => String.fromCharCode(97 + i);
const pair = (point) => point.map((value) => decimal(value)).join(", ");

/** What stands inside the tanh, multiplied by the gain. */
function timesGain({ W_q, W_k, w, bias }, gain) {
  const more = (row) => row.map((value) => gain * value);
  return [W_q.map(more), W_k.map(more), w, more(bias)];
}

/** What each scorer gives `keys` in state `s`. */
export const SCORERS = {
  additive: (s, keys) => additive(s.query, keys, ...timesGain(s.additive, s.gain)),
  bilinear: (s, keys) => bilinear(s.query, keys, s.W),
  dot: (s, keys) => dot(s.query, keys),
  scaled_dot: (s, keys) => scaledDot(s.query, keys),
  cosine: (s, keys) => cosine(s.query, keys),
  location: (s, keys) => location(s.query, keys, s.places),
  negative_distance: (s, keys) => negativeDistance(s.query, keys),
  summed_distance: (s, keys) => summedDistance(keys, keys, s.key_vectors),
};
const hasField = (scorer) => scorer !== "location"; // to which it does not matter where a key stands

export function compute(s) {
  const options = { temperature: s.temperature };
  const scores = SCORERS[s.scorer](s, s.key_vectors);
  const { output: mean, weights } = attend(scores, s.key_vectors, options);
  const other = s.compare === NOTHING ? null : attend(SCORERS[s.compare](s, s.key_vectors), s.key_vectors, options);
  return { scores, weights, mean, other, best: winner(weights) };
}

const say = (s, { best, weights }) => (
  best < 0 ? "several keys share the largest weight" : `largest weight: key ${letter(best)}, ${percent(weights[best])}`);

// --- the plane, and the bars beside it ------------------------------------------------------------------------------

function stage(kit) {
  const field = fieldPlane(REACH, "Plane with the query and the keys", DIVERGING, kit.scale());
  const { board } = field;
  board.roving = true;
  const here = h("p", { class: "attn-hint attn-here", "aria-hidden": "true" });

  const ghosts = Array.from({ length: MOST_KEYS }, () => (
    { arrow: shaft("attn-ghost"), label: h("span", { class: "attn-label", "aria-hidden": "true" }) }));
  const shafts = Array.from({ length: MOST_KEYS }, () => shaft("attn-key"));
  const queryShaft = shaft("attn-query");
  board.marks.append(...ghosts.map(({ arrow }) => arrow.node), ...shafts.map(({ node }) => node), queryShaft.node);

  const query = handle(board, {
    name: "query", text: "q", className: "attn-query", signal: kit.signal,
    get: () => kit.s.query,
    set: (to) => kit.change({ query: to }, () => `query at ${pair(to)}`),
    home: () => kit.start.query,
  });
  const setKey = (i, to) => kit.s.key_vectors.map((key, j) => (j === i ? to : key));
  const keys = Array.from({ length: MOST_KEYS }, (_, i) => handle(board, {
    name: `key ${letter(i)}`, text: letter(i), className: "attn-key", signal: kit.signal,
    get: () => kit.s.key_vectors[i] ?? [0, 0],
    set: (to) => kit.change({ key_vectors: setKey(i, to) }, (s, r) => (
      `key ${letter(i)} at ${pair(to)}; score ${decimal(r.scores[i])}; weight ${percent(r.weights[i])}`)),
    home: () => kit.start.key_vectors[i] ?? [0, 0],
  }));
  keys.forEach(({ node }, i) => node.addEventListener("click", () => {
    if (kit.changed()) return; // it was pulled, not pressed
    kit.memo.guess = i;
    kit.frame();
  }, { signal: kit.signal }));
  const [otherMean, mean] = ["attn-diamond attn-other", "attn-diamond"].map((name) => (
    h("span", { class: `attn-answer attn-mean ${name}`, "aria-hidden": "true" })));
  board.node.append(...ghosts.map(({ label }) => label), otherMean, mean);

  // A place that is pointed at is read; a place that is pressed takes what was chosen last.
  const chosen = () => keys.findIndex(({ node }) => node === board.chosen); // −1 is the query
  const onGround = (event) => !event.target.closest("button");
  let pointed = null;
  const read = (place) => `a key scores ${decimal(SCORERS[kit.s.scorer](kit.s, [place])[0])}`;
  const point = (place) => {
    pointed = place;
    const [at, where] = pointed ? [pointed, "here"] : query.node.matches(":focus") && !kit.veiled() ? [kit.s.query, "at q"] : [];
    setText(here, at && hasField(kit.s.scorer) ? `${where} ${read(at)}` : "");
  };
  board.node.addEventListener("pointermove", (event) => point(onGround(event) && !kit.held() ? placeUnder(board, event) : null), { signal: kit.signal });
  board.node.addEventListener("pointerleave", () => point(null), { signal: kit.signal });
  board.node.addEventListener("click", (event) => {
    if (!onGround(event)) return;
    const to = placeUnder(board, event).map((value) => board.round(Math.min(REACH, Math.max(-REACH, value))));
    const i = chosen();
    point(to); // what a finger presses is read, too
    if (i < 0) kit.preset({ query: to }, `query at ${pair(to)}`);
    else kit.preset({ key_vectors: setKey(i, to) }, `key ${letter(i)} at ${pair(to)}`);
  }, { signal: kit.signal });

  const rows = keys.map((_, i) => {
    const [scoreBar, weightBar, otherBar] = [bar(), bar(), bar()];
    const [score, weight, other] = ["attn-number", "attn-number", "attn-number attn-hint"].map((name) => h("span", { class: name }));
    const mark = h("span", { class: "attn-mark attn-answer", "aria-hidden": "true" });
    const node = h("tr", {}, h("th", { scope: "row" }, letter(i)),
      h("td", {}, h("span", { class: "attn-cell attn-signed attn-answer" }, scoreBar.node, score)),
      h("td", {}, h("span", { class: "attn-cell attn-answer" }, h("span", { class: "attn-two" }, weightBar.node, otherBar.node), weight, mark)),
      h("td", { class: "attn-answer" }, other));
    return { node, scoreBar, weightBar, otherBar, score, weight, other, mark };
  });
  const [ends, otherHead] = [h("span", { class: "attn-ends" }), h("th", { scope: "col" })];
  const bars = h("table", { class: "attn-bars" }, h("caption", { class: "attn-unseen" }, "Scores and weights"),
    h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "key"), h("th", { scope: "col" }, "score", ends),
      h("th", { scope: "col" }, "weight"), otherHead)),
    h("tbody", {}, ...rows.map(({ node }) => node)));

  const add = kit.button("Add a key", () => {
    const { key_vectors: now, query: q, places } = kit.s;
    if (now.length >= Math.min(MOST_KEYS, places.length)) return kit.announce(() => `${now.length} keys are the most`);
    const place = roomiest(board, [q, ...now]);
    return kit.change({ key_vectors: [...now, place] }, () => `added key ${letter(now.length)} at ${pair(place)}`);
  });
  const which = () => (chosen() < 0 ? kit.s.key_vectors.length - 1 : Math.min(chosen(), kit.s.key_vectors.length - 1));
  const remove = kit.button("Remove", () => {
    const { key_vectors: now } = kit.s;
    if (now.length === LEAST_KEYS) return kit.announce(() => "one key has to stay");
    const gone = which();
    return kit.change({ key_vectors: now.filter((_, i) => i !== gone) }, () => `removed key ${letter(gone)}`);
  });
  const compared = kit.control("compare");
  for (const kind of ["focusin", "focusout"]) board.node.addEventListener(kind, kit.frame, { signal: kit.signal });

  const barScale = kit.scale();
  const fieldOf = memoize((grid, scorer, ...given) => (hasField(scorer) ? SCORERS[scorer](kit.s, grid) : null));
  const draw = (s, r) => {
    const around = s.scorer === "summed_distance" ? s.key_vectors : null;
    field.show(fieldOf(kit.held() ? field.coarse : field.grid, s.scorer, s.query, s.W, s.additive, s.gain, around));
    const end = barScale(Math.max(...r.scores.map(Math.abs)));
    setText(ends, `−${decimal(end, 1)} to ${decimal(end, 1)}`);
    setText(otherHead, r.other ? traits.compare.options[s.compare].label : "");
    setHidden(otherHead, !r.other);
    rows.forEach((row, i) => {
      const there = i < s.key_vectors.length;
      for (const { node } of [row, keys[i]]) setHidden(node, !there);
      setAttr(shafts[i].node, "visibility", there ? null : "hidden");
      if (!there) return;
      shafts[i].show(s.key_vectors[i], 1.5 + 4 * r.weights[i]);
      keys[i].move(s.key_vectors[i], `; score ${decimal(r.scores[i])}; weight ${percent(r.weights[i])}`);
      keys[i].node.classList.toggle("attn-best", i === r.best);
      row.scoreBar.show(0.5, 0.5 + Math.min(1, Math.max(-1, r.scores[i] / end)) / 2, r.scores[i] < 0 ? "below" : "above");
      row.weightBar.show(0, r.weights[i], "weight");
      for (const node of [row.otherBar.node, row.other.parentNode]) setHidden(node, !r.other);
      if (r.other) row.otherBar.show(0, r.other.weights[i], "other");
      setText(row.score, decimal(r.scores[i]));
      setText(row.weight, percent(r.weights[i]));
      setText(row.other, r.other ? percent(r.other.weights[i]) : "");
      setText(row.mark, i === r.best ? "◂" : "");
      row.node.classList.toggle("attn-best", i === r.best);
    });
    queryShaft.show(s.query, 2.5);
    query.move(s.query, hasField(s.scorer) && !kit.veiled() ? `; here ${read(s.query)}` : "");
    point(pointed);
    placeOver(board, mean, r.mean);
    setHidden(otherMean, !r.other);
    if (r.other) placeOver(board, otherMean, r.other.output);
    compared.show(s);
    setText(remove, `Remove ${letter(which())}`);

    const arrows = s.scorer === "bilinear" ? [["Wᵀq", transposedTimes(s.W, s.query)]]
      : s.scorer === "location" ? s.key_vectors.map((_, i) => [`W${SUBSCRIPTS[i]}`, s.places[i]]) : [];
    ghosts.forEach(({ arrow, label }, i) => {
      const [text, tip] = arrows[i] ?? ["", [0, 0]];
      setAttr(arrow.node, "visibility", text ? null : "hidden");
      arrow.show(tip);
      const at = tip.map((value) => value * (1 + 0.25 / (Math.hypot(...tip) || 1)));
      setHidden(label, !text || Math.max(...at.map(Math.abs)) > REACH);
      setText(label, text);
      placeOver(board, label, at);
    });
  };
  return {
    node: h("div", {}, board.node, h("div", { class: "attn-under" }, field.legend, h("p", { class: "attn-key-to" },
      h("span", { class: "attn-diamond", "aria-hidden": "true" }), "mean of the keys, by weight"), here)),
    side: h("div", { class: "attn-readings" }, bars, h("div", { class: "attn-row" }, add, remove), compared.node),
    draw,
  };
}

// --- what is folded away --------------------------------------------------------------------------------------------

/** How far Wᵀ turns the x-axis, in degrees. */
const angleOf = (W) => (Math.atan2(W[0][1], W[0][0]) * 180) / Math.PI;

/** The same W, turned so that Wᵀq points `degrees` further to the left. */
function rotated(W, degrees) {
  const [c, s] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  return W.map(([a, b]) => [a * c - b * s, a * s + b * c].map((value) => Math.round(value * 1e9) / 1e9));
}

function more(kit) {
  const turn = slider("Turn", {
    min: -180, max: 180, step: 5, signal: kit.signal,
    onInput: (degrees) => kit.change({ W: rotated(kit.s.W, degrees - angleOf(kit.s.W)) }, () => "the field turns with W"),
  });
  const rounded = (row) => row.map((value) => Math.round(1000 * value) / 1000);
  const draws = { // the first draw is the one that Python starts with
    additive: (n) => {
      const units = [0, 1, 2, 3].map((unit) => rounded(gaussian(ADDITIVE_SEED + n, 24).slice(6 * unit, 6 * unit + 6)));
      const [W_q, W_k] = [0, 2].map((at) => units.map((unit) => unit.slice(at, at + 2)));
      return { additive: { W_q, W_k, w: units.map((unit) => unit[4]), bias: units.map((unit) => unit[5]) } };
    },
    location: (n) => {
      const numbers = rounded(gaussian(PLACES_SEED + n, 2 * MOST_KEYS));
      return { places: Array.from({ length: MOST_KEYS }, (_, i) => numbers.slice(2 * i, 2 * i + 2)) };
    },
  };
  let n = 0;
  const again = kit.button("Draw new parameters", () => {
    n += 1;
    kit.preset(draws[kit.s.scorer](n), "new parameters drawn");
  });
  return [
    kit.control("temperature"),
    { node: turn.node, show({ scorer, W }) { setHidden(turn.node, scorer !== "bilinear"); turn.show(angleOf(W), `${decimal(angleOf(W), 0)}°`); } },
    kit.control("W", { shown: (s) => s.scorer === "bilinear" }),
    kit.control("gain", { shown: (s) => s.scorer === "additive" }),
    { node: again, show(s) { setHidden(again, !(s.scorer in draws)); } },
  ];
}

// --- the tasks ------------------------------------------------------------------------------------------------------

/** Has key a become longer or shorter on its own line since the task was set? Its length then and now, or false. */
function pulled(s, before) {
  const [was, now] = [before.key_vectors[0], s.key_vectors[0]];
  const [long, short] = [length(was), length(now)];
  return long > 0 && inner(was, now) > 0.97 * long * short && { was, times: short / long };
}

const done = [
  (s, r, { memo }) => memo.guess !== undefined && r.best >= 0 && {
    verdict: memo.guess === r.best ? "Yes." : `Not ${letter(memo.guess)}.`, best: letter(r.best), share: percent(r.weights[r.best]),
  },
  (s, r, { before }) => {
    const { was, times } = pulled(s, before);
    return s.scorer === "dot" && times > 1.3 && { from: decimal(inner(s.query, was)), score: decimal(r.scores[0]) };
  },
  (s, r, { before }) => {
    const { times } = pulled(s, before);
    return s.scorer === "cosine" && Math.abs(times - 1) > 0.2 && { score: decimal(r.scores[0]) };
  },
];

export const render = explorer({
  facts: FACTS,
  compute,
  stage,
  main: (kit) => [kit.control("scorer")],
  more,
  table: {
    caption: "Where each key is, its score and its weight",
    columns: ["key", "x", "y", "score", "weight"],
    rows: (s, r) => s.key_vectors.map((key, i) => (
      [letter(i), decimal(key[0]), decimal(key[1]), decimal(r.scores[i]), percent(r.weights[i])])),
    note: (s, r) => `Their mean, by weight: ${pair(r.mean)}.`,
  },
  say,
  done,
  fits: (s) => s.places.length >= s.key_vectors.length && new Set(Object.values(s.additive).map((part) => part.length)).size === 1,
  veiled: true,
});
