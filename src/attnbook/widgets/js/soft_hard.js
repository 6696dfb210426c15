/**
 * The selection bench: a score for each word of a sentence, and four ways to choose among the words, one beneath the other.
 * What can be set, and in which words, is declared in attnbook.widgets.soft_hard.
 */
import { explorer } from "./explorer.js";
import { FACTS } from "./facts/soft_hard.js";
import {
  decimal, h, handle, memoize, numberField, percent, rail, rove, setAttr, setText, signed, significant, slider
} from "./kit.js";
import { uniform } from "./math/random.js";
import { hardmax, inWindow, localP, nearness, sample } from "./math/selection.js";
import { softmax } from "./math/softmax.js";
import { inner } from "./math/vectors.js";

const { traits } = FACTS;
const [MOST_WORDS, MOST_SCORE, MOST_DRAWS] = [traits.scores.shape[0][1], traits.scores.most, traits.draws.most];
const MANY = 100;
const WAYS = { soft: "all, by weight", sampled: "one, by chance", hard: "only the best", local: "" };
const [NEAR, BAD] = [0.05, -0.2]; // so near, two answers are the same; an answer that is a bad mark

const words = (text) => text.split(/\s+/).filter(Boolean);
const next = (seed) => (seed + 1) % 2 ** 32;
const replaced = (list, i, value) => list.map((was, j) => (j === i ? value : was));

const numbersOf = memoize((seed) => uniform(seed, MOST_DRAWS));

export function compute(s) {
  const given = words(s.sentence);
  const names = s.scores.map((_, i) => given[i] ?? String(i + 1));
  const values = s.scores.map((_, i) => s.values[i] ?? 0);
  const soft = softmax(s.scores, { temperature: s.temperature });
  const picks = sample(soft, numbersOf(s.seed).slice(0, s.draws));
  const sampled = soft.map(() => 0);
  for (const pick of picks) sampled[pick] += 1 / s.draws;
  const local = localP(s.scores.map((score) => score / s.temperature), s.place, s.reach);
  const weights = { soft, sampled, hard: hardmax(s.scores), local };
  const answers = Object.fromEntries(Object.entries(weights).map(([way, each]) => [way, inner(each, values)]));
  return { names, values, picks, weights, answers };
}

/** An answer for readers: there is none before the first draw. */
const told = (s, r, way) => (way === "sampled" && !s.draws ? "–" : signed(r.answers[way]));
const drawsText = (n) => (n === 1 ? "1 draw" : `${n} draws`);
const say = (s, r) => `soft ${told(s, r, "soft")}, mean of ${drawsText(s.draws)} ${told(s, r, "sampled")}, hard `
  + `${told(s, r, "hard")}, local ${told(s, r, "local")}`;

// --- the sentence with its scores and values, and four rows of weights, each with its answer --------------------------

/** How far down the n-th draw stands: a power of ten is a third of the way. */
const down = Math.log10;
const DEPTH = down(MOST_DRAWS);
/** The running means to draw a line through, as many in each power of ten. */
const STOPS = [...new Set(Array.from({ length: 121 }, (_, i) => Math.round(10 ** ((i / 120) * DEPTH))))];

function trace(values, picks) {
  let sum = 0;
  const means = picks.map((pick, n) => (sum += values[pick]) / (n + 1));
  const stops = STOPS.filter((n) => n < means.length).concat(means.length);
  return means.length ? `M${stops.map((n) => `${means[n - 1].toFixed(4)} ${down(n).toFixed(4)}`).join("L")}` : "";
}

function bell(place, reach, count) {
  const [from, to] = [Math.max(-0.5, place - reach), Math.min(count - 0.5, place + reach)];
  if (from >= to) return "";
  const points = Array.from({ length: 61 }, (_, i) => from + (i / 60) * (to - from));
  return `M${points.map((x) => `${x.toFixed(3)} ${(1 - nearness(x, place, reach)).toFixed(4)}`).join("L")}`;
}

const along = (nodes, name = "") => h("span", { class: `attn-places ${name}` }, ...nodes);
const mood = (...parts) => h("span", { class: "attn-mood", "aria-hidden": "true" }, ...parts);
const svg = (viewBox, ...paths) => h("svg", { viewBox, preserveAspectRatio: "none", "aria-hidden": "true" }, ...paths);
const paths = (...names) => names.map((name) => h("path", { class: name }));
const lane = (name, hint, ...parts) => h("div", { class: "attn-lane", role: "group", "aria-label": name },
  h("span", { class: "attn-way" }, h("strong", {}, name), hint), ...parts);
const hint = (text = "") => h("span", { class: "attn-hint" }, text);
const PLACES = Array.from({ length: MOST_WORDS }, (_, i) => i);

/** For each word its score, to be pulled up and down, its name, and its value, to be typed. */
function profile(kit) {
  const { signal } = kit;
  const [scoreStops, valueStops] = [{}, {}]; // each of them one stop of the Tab key
  const refused = h("p", { class: "attn-refused" });
  const columns = PLACES.map((i) => {
    const [board, stem, title] = [rail(-MOST_SCORE, MOST_SCORE, "score"), h("span", { class: "attn-stem" }), h("span")];
    board.node.append(stem);
    const knob = handle(board, {
      name: `score ${i + 1}`, text: "", className: "attn-key", signal,
      get: () => [0, kit.s.scores[i]],
      set: ([, score]) => kit.change({ scores: replaced(kit.s.scores, i, score) }, (s, r) => (
        `score of ${r.names[i]} ${decimal(s.scores[i], 1)}; weight ${percent(r.weights.soft[i])}`)),
      home: () => [0, kit.start.scores[i] ?? 0],
    });
    const field = numberField(`value ${i + 1}`, {
      most: traits.values.most, step: 0.1, signal,
      onInput(value) {
        setText(refused, "");
        kit.change({ values: replaced(kit.result.values, i, value) }, (s, r) => `value of ${r.names[i]} ${signed(value)}`);
      },
      onRefuse: (text) => { setText(refused, text); kit.announce(() => text); },
    });
    rove(scoreStops, knob.node, signal);
    rove(valueStops, field.node, signal, { PageDown: 1, PageUp: -1 });
    return { board, stem, title, knob, field };
  });
  const nodes = (part) => columns.map((column) => column[part].node ?? column[part]);
  return {
    nodes: [
      lane("score", hint("as an answer to “How was it?”"), along(nodes("board"), "attn-rails")),
      lane("word", "", along(nodes("title"), "attn-titles"), mood(h("span", {}, "bad"), h("span", { class: "attn-middle" }, "answer"), h("span", {}, "good"))),
      lane("value", hint("−1 to 1"), along(nodes("field"), "attn-values")), refused],
    draw(s, r) {
      columns.forEach(({ board, stem, title, knob, field }, i) => {
        title.hidden = board.node.hidden = field.node.hidden = i >= r.names.length;
        if (title.hidden) return;
        knob.move([0, s.scores[i]], `; weight ${percent(r.weights.soft[i])}`);
        setText(knob.node.firstChild, decimal(s.scores[i], 1));
        setAttr(stem, "style", `height: ${(50 * (1 + s.scores[i] / MOST_SCORE)).toFixed(1)}%`);
        field.show(r.values[i]);
        setAttr(field.node, "style", `border-color: var(--attn-${["below", "grid", "above"][Math.sign(r.values[i]) + 1]})`);
        setText(title, r.names[i]);
        setAttr(title, "title", r.names[i]); // where it is cut off
        setAttr(knob.node, "aria-label", `score of ${r.names[i]}, word ${i + 1}`);
        setAttr(field.node, "aria-label", `value of ${r.names[i]}, word ${i + 1}`);
      });
    },
  };
}

/** A row of weights, and what is read with them. */
function weighing(way) {
  const slots = PLACES.map(() => h("span", { class: "attn-slot" }, h("span", { class: "attn-column" }), h("span", { class: "attn-number" })));
  const mark = h("span", { class: "attn-mean attn-diamond attn-answer" });
  const [number, about] = [h("span", { class: "attn-number attn-answer" }), hint(WAYS[way])];
  const [bars, scale, reading] = [along(slots), mood(mark), h("span", { class: "attn-reading" }, number)];
  const node = lane(way, about, bars, scale, reading);
  node.dataset.way = way;
  return {
    node, about, bars, scale, reading, mark,
    draw(s, r) {
      slots.forEach((slot, i) => {
        const weight = r.weights[way][i] ?? 0;
        slot.hidden = i >= r.names.length;
        setAttr(slot, "style", `--weight: ${weight.toFixed(4)}`);
        setText(slot.lastChild, weight >= 0.005 ? percent(weight).replace(" ", "\u2009") : "");
        slot.classList.toggle("attn-last", way === "sampled" && r.picks.at(-1) === i);
        slot.classList.toggle("attn-out", way === "local" && !inWindow(i, s.place, s.reach));
      });
      setText(number, told(s, r, way));
      mark.hidden = number.textContent === "–";
      mark.style.left = `${50 * (1 + r.answers[way])}%`;
    },
  };
}

function stage(kit) {
  const top = profile(kit);
  const lanes = Object.fromEntries(Object.keys(WAYS).map((way) => [way, weighing(way)]));
  const { sampled, local } = lanes;
  const node = h("div", { class: "attn-lanes" }, ...top.nodes, ...Object.values(lanes).map((each) => each.node));

  const draw = (n) => kit.button(`Draw ${n}`, () => {
    const { seed, draws } = kit.s;
    const full = draws + n > MOST_DRAWS; // begin anew, with other draws
    kit.change(full ? { seed: next(seed), draws: n } : { draws: draws + n }, (s, r) => (
      `${n === 1 ? `drawn: ${r.names[r.picks.at(-1)]}` : `${n} drawn`}${full ? ", from the start" : ""}`));
  });
  const count = h("span", { class: "attn-hint attn-count" });
  const [means, goal] = [paths("attn-halo", "attn-trace"), ...paths("attn-goal")];
  sampled.node.firstChild.append(h("span", { class: "attn-row attn-acts" }, draw(1), draw(MANY)));
  sampled.reading.append(count);
  sampled.scale.prepend(svg(`-1 0 2 ${DEPTH}`, h("path", { class: "attn-axes", d: "M-1 1H1M-1 2H1" }), goal, ...means),
    ...[1, 2].map((power) => h("span", { class: "attn-decade", style: `top: ${(100 * power) / DEPTH}%` }, 10 ** power)));

  const place = slider("place p of the window", {
    min: 0, max: traits.place.most, step: traits.place.step, signal: kit.signal,
    onInput: (to) => kit.change({ place: to }, (s, r) => `window near ${r.names[Math.round(to)]}, p = ${significant(to)}`),
  });
  const bells = paths("attn-halo", "attn-bell");
  const curve = svg("0 0 1 1", ...bells);
  place.node.className = "attn-bar-slider";
  for (const each of place.node.querySelectorAll("span")) each.className = "attn-unseen"; // the name is for those who listen
  local.bars.append(curve, place.node);

  let seen = kit.s.draws; // so many of the draws are shown: many at once arrive one after the other
  return {
    node,
    draw(s, r) {
      seen = kit.calm() || s.draws < seen ? s.draws : Math.min(s.draws, seen + Math.max(1, Math.floor(seen / 12)));
      const now = { ...s, draws: seen };
      const shown = seen < s.draws ? compute(now) : r;
      if (seen < s.draws) kit.frame();
      const size = r.names.length;
      top.draw(s, r);
      for (const each of Object.values(lanes)) each.draw(now, shown);
      setAttr(node, "style", `--places: ${size}`);
      sampled.mark.style.top = `${(100 * down(Math.max(seen, 1))) / DEPTH}%`;
      setText(count, drawsText(seen));
      for (const each of means) setAttr(each, "d", kit.veiled() ? "" : trace(r.values, shown.picks));
      setAttr(goal, "d", kit.veiled() ? "" : `M${r.answers.soft} 0V${DEPTH}`);
      const middle = `p = ${significant(s.place)}, “${r.names[Math.min(Math.round(s.place), size - 1)]}”`;
      setText(local.about, `near ${middle}`);
      setAttr(curve, "viewBox", `-0.5 0 ${size} 1`);
      for (const each of bells) setAttr(each, "d", bell(s.place, s.reach, size));
      setAttr(place.input, "max", Math.max(size - 1, traits.place.step)); // an empty range has no thumb
      place.show(s.place, "", middle);
    },
  };
}

// --- what is folded away ----------------------------------------------------------------------------------------------

function more(kit) {
  const field = h("input", { type: "text", class: "attn-number-field", style: "width: 100%", autocomplete: "off", maxlength: traits.sentence.most });
  field.addEventListener("input", () => {
    const size = words(field.value).length;
    setAttr(field, "aria-invalid", size < 1 || size > MOST_WORDS ? "true" : null);
    if (size < 1 || size > MOST_WORDS) return;
    const scores = PLACES.slice(0, size).map((i) => kit.s.scores[i] ?? 0);
    kit.change({ sentence: field.value, scores, place: Math.min(kit.s.place, size - 1) }, () => `${size} words`);
  }, { signal: kit.signal });
  const again = kit.button("Other draws", () => kit.change({ seed: next(kit.s.seed) }, (s) => `other ${drawsText(s.draws)}`));
  return [{
    node: h("div", { class: "attn-folded" }, h("label", { class: "attn-choice" }, h("span", {}, traits.sentence.label), field),
      hint(`1 to ${MOST_WORDS} words; give them scores and values above.`), h("div", {}, again)),
    show(s) {
      if (field.getRootNode().activeElement !== field && field.value !== s.sentence) field.value = s.sentence;
    },
  }];
}

// --- the tasks --------------------------------------------------------------------------------------------------------

const done = [
  (s, r) => s.draws >= MANY && {
    where: Math.abs(r.answers.soft - r.answers.hard) < NEAR ? "Near the best word" : "In between",
    draws: s.draws, mean: told(s, r, "sampled"), soft: told(s, r, "soft"),
  },
  (s, r, { before }) => s.temperature !== before.temperature && Math.abs(r.answers.soft - r.answers.hard) < NEAR && {
    temperature: significant(s.temperature), word: r.names[r.weights.hard.indexOf(1)], share: percent(Math.max(...r.weights.soft)),
  },
  (s, r, { before }) => (s.place !== before.place || s.reach !== before.reach) && r.answers.local < BAD && {
    count: `${s.scores.filter((_, i) => inWindow(i, s.place, s.reach)).length} of ${s.scores.length} words`,
    answer: told(s, r, "local"), sum: percent(r.weights.local.reduce((sum, weight) => sum + weight, 0)),
  },
];

export const render = explorer({
  facts: FACTS,
  compute,
  stage,
  main: (kit) => [kit.control("temperature"), kit.control("reach")],
  more,
  table: {
    caption: "Each word with its score, its value and its four weights, and the four answers",
    columns: ["word", "score", "value", ...Object.keys(WAYS)],
    rows: (s, r) => [
      ...s.scores.map((score, i) => [r.names[i], decimal(score), signed(r.values[i]), ...Object.values(r.weights).map((each) => percent(each[i]))]),
      ["answer", "", "", ...Object.keys(WAYS).map((way) => told(s, r, way))]],
    note: (s) => `${drawsText(s.draws)}; window around place ${significant(s.place)}, counted from 0.`,
  },
  say,
  done,
  veiled: true,
  wide: true,
});
