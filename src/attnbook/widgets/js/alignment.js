/**
 * The alignment explorer: a bench on which scores become weights, and weights the mean of some values.
 * What can be set, and in which words, is declared in attnbook.widgets.alignment.
 */
import { explorer } from "./explorer.js";
import { FACTS } from "./facts/alignment.js";
import {
  PAGES, bar, barSlider, checkbox, decimal, h, handle, numberField, percent, placeOver, plane, rove, setAttr, setHidden, setText, shaft,
  significant
} from "./kit.js";
import { entropy } from "./math/entropy.js";
import { convexHull } from "./math/hull.js";
import { attend, winner } from "./math/softmax.js";

const { traits } = FACTS;
const REACH = traits.values.most;
const [, MOST_KEYS] = traits.scores.shape[0];
const MOST_SCORE = traits.scores.most;
const LEAST_LIMIT = 3; // the score bars reach at least from −3 to 3
const NEAR = 0.2; // so near to a value, the context is drawn around it
const [SHIFT, HUGE] = [100, 1000];
const [COLD, HOT] = [0.05, 8]; // where the temperature has to have been for its task
const ONE_BIT = 0.005; // what is nearer to one reads 1.00

const letter = (i) => String.fromCharCode(97 + i);
const pair = (point) => point.map((value) => decimal(value)).join(", ");
/** A score for readers: two digits behind the point, none where there are six before it. */
const scoreText = (score) => (Math.abs(score) < 1e5 ? decimal(score) : String(Math.round(score)).replace("-", "−"));

const SAME = "The naive formula, without subtracting the largest score first, gives the same.";
const REMEDY = "The stable one subtracts the largest score first, and its largest power is e⁰ = 1.";
const SUPERSCRIPTS = { "-": "⁻", 0: "⁰", 1: "¹", 2: "²", 3: "³", 4: "⁴", 5: "⁵", 6: "⁶", 7: "⁷", 8: "⁸", 9: "⁹" };
const powerOfE = (power) => `e${String(Math.floor(power + 0.5)).replace(/./g, (digit) => SUPERSCRIPTS[digit])}`;

/** What the softmax as it is written would make of e to these powers, in words. */
export function naiveInWords(powers) {
  if (powers.length === 0) {
    return "The naive formula would divide 0 by 0. The stable one sees that nothing may be attended to, and says 0.";
  }
  const each = powers.map(Math.exp);
  const total = each.reduce((sum, power) => sum + power, 0);
  const largest = powerOfE(Math.max(...powers));
  let fate;
  if (each.includes(Infinity)) fate = `${largest} is too large for the computer, so it would divide infinity by infinity`;
  else if (total === Infinity) fate = "the sum of all powers is too large for the computer, so every weight would be 0";
  else if (total === 0) fate = `even ${largest} is too small for the computer, so it would divide 0 by 0`;
  else return SAME;
  return `The naive formula fails: ${fate}. ${REMEDY}`;
}

export function compute(s) {
  const mask = s.mask.slice(0, s.scores.length);
  const values = s.values.slice(0, s.scores.length);
  const { output: context, weights } = attend(s.scores, values, { temperature: s.temperature, mask });
  const naive = naiveInWords(s.scores.filter((_, i) => mask[i]).map((score) => score / s.temperature));
  return {
    mask, values, context, weights, naive, count: mask.filter(Boolean).length, best: winner(weights), bits: entropy(weights),
  };
}

function entropyInWords({ bits, count }) {
  if (!count) return "No key may be attended to: every weight is 0, and there is no distribution to be undecided about.";
  return `${decimal(bits)} bits of at most ${decimal(Math.log2(count))} = log₂ ${count}: as if looking at `
    + `${decimal(2 ** bits, 1)} of ${count} keys.`;
}

const say = (s, r) => (r.count ? `entropy ${decimal(r.bits)} bits` : entropyInWords(r));

/** A copy of a list with one entry replaced. */
const replaced = (list, i, value) => list.map((was, j) => (j === i ? value : was));

// --- the values and their mean, and the bars beside them --------------------------------------------------------------

function stage(kit) {
  const { signal } = kit;
  const board = plane(REACH, "Plane with the values");
  board.roving = true;
  const hull = h("polygon", { class: "attn-hull" });
  const pulls = Array.from({ length: MOST_KEYS }, () => shaft("attn-pull"));
  board.marks.append(hull, ...pulls.map(({ node }) => node));
  const points = Array.from({ length: MOST_KEYS }, (_, i) => handle(board, {
    name: `value ${letter(i)}`, text: letter(i), className: "attn-point", signal,
    get: () => kit.s.values[i] ?? [0, 0],
    set: (to) => kit.change({ values: replaced(kit.s.values, i, to) }, (s, r) => (
      `value ${letter(i)} at ${pair(to)}; context at ${pair(r.context)}`)),
    home: () => kit.start.values[i] ?? [0, 0],
  }));
  const mean = h("span", { class: "attn-mean attn-diamond", "aria-hidden": "true" });
  board.node.append(mean);
  const contextText = h("span");

  const setScore = (i, value) => kit.change({ scores: replaced(kit.s.scores, i, value) }, (s, r) => (
    `score of ${letter(i)} ${scoreText(s.scores[i])}; weight ${percent(r.weights[i])}`));
  const refused = h("p", { class: "attn-refused" });
  const [boxes, bars, fields] = [{}, {}, {}]; // each of them one stop of the Tab key
  const rows = points.map((_, i) => {
    const may = checkbox(`${letter(i)} may be attended to`, {
      onChange: (on) => kit.change({ mask: replaced(kit.s.mask, i, on) }, (s, r) => (
        `${letter(i)} ${on ? "may" : "may not"} be attended to; weight ${percent(r.weights[i])}`)),
      signal,
    });
    const score = barSlider(`score of ${letter(i)}`, { onInput: (value) => setScore(i, value), signal });
    const typed = numberField(`score of ${letter(i)}, typed`, {
      most: MOST_SCORE, step: 0.1, signal,
      onInput: (value) => {
        setText(refused, "");
        setScore(i, value);
      },
      onRefuse: (text) => {
        setText(refused, text);
        kit.announce(() => text);
      },
    });
    const stops = [[boxes, may.node], [bars, score.input], [fields, typed.node]];
    for (const [group, stop] of stops) rove(group, stop, signal, group === fields ? { PageDown: 1, PageUp: -1 } : PAGES);
    const weightBar = bar();
    const [weight, mark] = [h("span", { class: "attn-number" }), h("span", { class: "attn-mark", "aria-hidden": "true" })];
    const node = h("div", { class: "attn-key-row", role: "group", "aria-label": `key ${letter(i)}` }, may.node,
      h("span", { class: "attn-name" }, letter(i)), score.node, typed.node,
      h("span", { class: "attn-cell" }, weightBar.node, weight, mark));
    node.addEventListener("focusin", () => { for (const [group, stop] of stops) group.choose(stop); }, { signal }); // Tab stays in the row
    return { node, may, score, typed, weightBar, weight, mark };
  });
  const ends = h("span", { class: "attn-ends" });
  const bench = h("div", { class: "attn-bench" },
    h("div", { class: "attn-key-row attn-hint", "aria-hidden": "true" }, h("span", { class: "attn-may" }, "may"), h("span", {}, "key"),
      h("span", {}, "score", ends), h("span"), h("span", { class: "attn-cell" }, "weight")),
    ...rows.map(({ node }) => node));

  const gauge = bar();
  const [entropyText, naiveText] = [h("p", { class: "attn-hint" }), h("p", { class: "attn-hint attn-naive" })];
  const barScale = kit.scale();

  const draw = (s, r) => {
    setAttr(hull, "points", convexHull(r.values.filter((_, i) => r.mask[i]))
      .map((corner) => corner.map((part) => Math.round(1000 * part)).join()).join(" "));
    const limit = barScale(Math.max(LEAST_LIMIT, ...s.scores.map(Math.abs)));
    setText(ends, `−${significant(limit)} to ${significant(limit)}`);
    rows.forEach((row, i) => {
      const there = i < s.scores.length;
      for (const { node } of [row, points[i]]) setHidden(node, !there);
      const pulled = there && r.weights[i] >= 0.005;
      setAttr(pulls[i].node, "visibility", pulled ? null : "hidden");
      if (!there) return;
      points[i].move(r.values[i], r.mask[i] ? `; weight ${percent(r.weights[i])}` : "; may not be attended to");
      for (const node of [points[i].node, row.node]) node.classList.toggle("attn-off", !r.mask[i]);
      pulls[i].show(r.values[i], 1 + 6 * r.weights[i], r.context);
      row.may.show(r.mask[i]);
      row.score.show(s.scores[i], limit, scoreText(s.scores[i]));
      row.typed.show(s.scores[i]);
      row.weightBar.show(0, r.weights[i], "weight");
      setText(row.weight, percent(r.weights[i]));
      setText(row.mark, i === r.best ? "◂" : "");
      row.node.classList.toggle("attn-best", i === r.best);
    });
    placeOver(board, mean, r.context);
    const near = r.values.some(([x, y]) => Math.hypot(x - r.context[0], y - r.context[1]) < NEAR);
    mean.classList.toggle("attn-around", near);
    mean.classList.toggle("attn-off", !r.count);
    setText(contextText, r.count ? `context ${pair(r.context)}: the mean of the values, by weight`
      : "context 0, 0: zeros, because there is nothing to average");
    gauge.show(0, r.count > 1 ? r.bits / Math.log2(r.count) : 0, "weight");
    setText(entropyText, entropyInWords(r));
    setText(naiveText, r.naive === SAME ? "" : r.naive);
  };
  return {
    node: h("div", {}, board.node, h("p", { class: "attn-hint attn-under" },
      h("span", {}, h("span", { class: "attn-diamond", "aria-hidden": "true" }), contextText))),
    side: h("div", { class: "attn-readings" }, bench, refused,
      h("div", { class: "attn-gauge" }, h("span", {}, "Entropy"), gauge.node), entropyText, naiveText),
    draw,
  };
}

// --- what is folded away ------------------------------------------------------------------------------------------------

function more(kit) {
  const all = () => kit.result.count === 0;
  const presets = [
    ["Equal scores", "No key is preferred, so all get the same share. Entropy cannot be higher.",
      () => kit.preset({ scores: kit.s.scores.map(() => 0) }, "all scores are 0")],
    ["One huge score", "e¹⁰⁰⁰ has 435 digits. What does the naive formula make of it, and what the stable one?",
      () => kit.preset({ scores: replaced(kit.s.scores, Math.max(kit.result.best, 0), HUGE) }, "one score is 1000")],
    ["Add 100 to all scores", "Softmax only sees differences: the bars move, the weights stay.", () => {
      const scores = kit.s.scores.map((score) => Number((score + SHIFT).toPrecision(12)));
      if (Math.max(...scores) > MOST_SCORE) kit.announce(() => `Scores end at ${MOST_SCORE}, so they stay as they are.`);
      else kit.preset({ scores }, "all scores are higher by 100, and all weights are what they were");
    }],
    ["Mask everything", "There is nothing to share the attention among. This book says: all weights are 0, and so is the context.",
      () => kit.preset({ mask: kit.s.mask.map(all) }, all() ? "all keys may be attended to" : "no key may be attended to")],
  ].map(([name, reason, onClick]) => {
    const node = kit.button(name, onClick);
    return { name, button: node, node: h("div", { class: "attn-preset" }, node, h("p", { class: "attn-hint" }, reason)) };
  });
  return [{
    node: h("div", { class: "attn-presets", role: "group", "aria-label": "Things to try" }, ...presets.map(({ node }) => node)),
    show(s, r) { setText(presets[3].button, r.count ? "Mask everything" : "Allow everything"); },
  }];
}

// --- the tasks ----------------------------------------------------------------------------------------------------------

const done = [
  (s, r, { before }) => {
    const [b, low] = [1, s.scores.length - 1];
    const alone = s.scores.length === before.scores.length && s.scores.every((score, i) => i === b || score === before.scores[i]);
    const was = compute(before).weights;
    return alone && low > 1 && s.scores[b] < before.scores[b] && s.scores[b] <= s.scores[low] + 0.1
      && { was: percent(was[b]), now: percent(r.weights[b]), other: `${percent(r.weights[2])} instead of ${percent(was[2])}` };
  },
  (s, r, { memo }) => {
    if (s.temperature <= COLD) memo.cold = true;
    if (s.temperature >= HOT && memo.cold) memo.hot = true;
    return memo.hot && {};
  },
  (s, r) => s.temperature !== 1 && Math.abs(r.bits - 1) < ONE_BIT && { temperature: significant(s.temperature) },
];

export const render = explorer({
  facts: FACTS,
  compute,
  stage,
  main: (kit) => [kit.control("temperature")],
  more,
  table: {
    caption: "Whether each key may be attended to, its score, its weight and its value",
    columns: ["key", "may", "score", "weight", "x", "y"],
    rows: (s, r) => s.scores.map((score, i) => [
      letter(i), r.mask[i] ? "yes" : "no", scoreText(score), percent(r.weights[i]), ...r.values[i].map((part) => decimal(part))]),
    note: (s, r) => r.naive,
  },
  say,
  done,
  fits: (s) => s.values.length >= s.scores.length && s.mask.length >= s.scores.length,
});
