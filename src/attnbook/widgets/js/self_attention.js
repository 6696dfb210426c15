/**
 * The self-attention bench: a sentence whose words ask each other, with heads, masks and positions to choose from.
 * What can be set, in which words, and the table of words are declared in attnbook.widgets.self_attention.
 */
import { explorer } from "./explorer.js";
import { FACTS } from "./facts/self_attention.js";
import { ARROWS_TOO, chips, clamp, decimal, h, percent, rove, setAttr, setHidden, setText, textField } from "./kit.js";
import { entropy } from "./math/entropy.js";
import { allowed, headWeights, sinusoidal } from "./math/places.js";
import { order, winner } from "./math/softmax.js";
import { weightTable } from "./matrix.js";
import { sortable } from "./sorting.js";

const { examples, kinds, maps, traits } = FACTS;
const [, MOST] = traits.sentence.length;
const HEADS = Object.keys(traits.head.options);
const TABLE = Object.fromEntries(kinds.flatMap(({ asks, offers, words }) => words.map((word) => [word, [...asks, ...offers]])));
const PLACE = maps.query.length - TABLE.the.length; // so many numbers of a vector tell its place
const [SEEN, CHANGED] = [0.01, 0.005]; // from here on an arc is drawn; from here on a weight is another one

// --- what follows from the state ----------------------------------------------------------------------------------------

/** What each word asks for and offers, then its place: with sinusoidal positions its own, else that of the first. */
export const embed = (words, positions) => words.map((word, i) => [
  ...TABLE[word], ...sinusoidal(positions === "sinusoidal" ? i : 0, PLACE)]);

export function compute(s) {
  const words = s.sentence.split(" ");
  const mask = allowed(s.mask, words.length, s);
  const all = headWeights(embed(words, s.positions), maps, {
    heads: HEADS.length, rotary: s.positions === "rotary", mask, temperature: s.temperature,
  });
  return { words, mask, matrix: all[HEADS.indexOf(s.head)], chosen: Math.min(s.row, words.length - 1) };
}

/** "it looks mostly at dog (86 %), then it (7 %)": the word that asks and what it looks at, in words. */
export function readout({ words, matrix, mask }, row) {
  const weights = matrix[row];
  const some = weights.filter((_, j) => mask[row][j]);
  if (!some.length) return `${words[row]} may look at nothing`;
  if (some.length > 1 && Math.max(...some) - Math.min(...some) < 1e-9) {
    return `${words[row]} looks at ${some.length} words alike (${percent(some[0])} each)`;
  }
  const looked = order(weights).slice(0, 3).filter((j) => weights[j] >= SEEN).map((j) => `${words[j]} (${percent(weights[j])})`);
  return `${words[row]} looks mostly at ${looked[0]}${looked.length > 1 ? `, then ${looked.slice(1).join(", ")}` : ""}`;
}

/** A list with the thing at one place moved to another. */
export function moved(list, from, to) {
  const rest = list.filter((_, i) => i !== from);
  return [...rest.slice(0, to), list[from], ...rest.slice(to)];
}

// --- a sentence, arcs over it, and the table of weights -----------------------------------------------------------------

function stage(kit) {
  const { signal } = kit;
  let peek = null; // the row, and perhaps the column, that is pointed at
  const look = (row = null, column = null) => {
    peek = row === null || kit.held() ? null : { row, column };
    kit.frame();
  };
  const choose = (row) => kit.change({ row }, (s, r) => `${r.words[r.chosen]} asks`);
  const toSentence = (sentence) => kit.change({ sentence }, () => `the sentence: ${sentence}`);
  /** Moves the word at one place to another; the word that asks stays the same one. */
  const move = (from, to) => {
    const all = kit.s.sentence.split(" ");
    const places = moved(all.map((_, i) => i), from, to);
    peek = null;
    kit.change({ sentence: places.map((i) => all[i]).join(" "), row: places.indexOf(Math.min(kit.s.row, all.length - 1)) },
      () => `${all[from]} at place ${to + 1} of ${all.length}`);
  };

  const field = textField(traits.sentence, {
    onInput: toSentence, signal,
    onRefuse: (wrong) => {
      kit.frame();
      kit.announce(() => wrong);
    },
  });
  const note = h("p", { class: "attn-hint attn-note" });

  const sentence = {}; // one stop of the Tab key
  const words = Array.from({ length: MOST }, (_, i) => {
    const [text, share] = ["attn-text", "attn-share attn-answer"].map((name) => h("span", { class: name }));
    const node = kit.button("", () => {
      if (!kit.veiled()) return choose(i);
      kit.memo.guess = i; // not yet: it is a guess
      return kit.frame();
    });
    node.className = "attn-word";
    node.append(text, share);
    return { node, text, share };
  });
  const { held } = sortable(words.map(({ node }) => node), { move, signal }); // before an arrow goes to the next word
  words.forEach(({ node }, i) => {
    rove(sentence, node, signal, ARROWS_TOO);
    node.addEventListener("pointerenter", (event) => { if (event.pointerType === "mouse") look(i); }, { signal });
    node.addEventListener("focus", () => {
      if (!node.matches(":focus-visible") || kit.changed()) return;
      look(i);
      if (!kit.veiled()) kit.announce(() => readout(kit.result, Math.min(i, kit.result.words.length - 1)));
    }, { signal });
    for (const end of ["pointerleave", "blur"]) node.addEventListener(end, () => look(), { signal });
  });

  const arcs = words.map(() => h("path", { class: "attn-link" }));
  const drawing = h("svg", { class: "attn-links attn-answer", viewBox: "0 0 1 1", preserveAspectRatio: "none", "aria-hidden": "true" }, ...arcs);
  const row = h("div", { class: "attn-sentence", role: "toolbar", "aria-label": "Words: press one to let it ask; Shift and an arrow key move it" },
    ...words.map(({ node }) => node));
  const pane = h("div", { class: "attn-arched" }, drawing, row);
  const said = h("p", { class: "attn-readout" });

  /** Where the words have their middles, from 0 to 1, if they stand in one line; looked up anew when they have moved. */
  let [middles, measuredFor] = [[], null];
  const measure = (text) => {
    if (text === measuredFor || !row.offsetWidth) return;
    measuredFor = text;
    const shown = words.map(({ node }) => node).filter((node) => !node.hidden);
    const inLine = shown.every((node) => node.offsetTop === shown[0].offsetTop);
    middles = inLine ? shown.map((node) => (node.offsetLeft + node.offsetWidth / 2) / row.offsetWidth) : [];
    pane.toggleAttribute("data-across", inLine);
  };
  const watch = new ResizeObserver(() => {
    measuredFor = null;
    kit.frame();
  });
  watch.observe(row);
  signal.addEventListener("abort", () => watch.disconnect(), { once: true });

  const table = weightTable({
    rows: MOST, columns: MOST, outlined: "", look, choose, signal,
    announce: (text) => { if (!kit.veiled()) kit.announce(text); },
  });
  const draw = (s, r) => {
    const asks = peek && peek.row < r.words.length ? peek.row : r.chosen;
    const column = peek?.column < r.words.length ? peek?.column : null;
    const weights = r.matrix[asks];
    field.show(s.sentence);
    setText(note, field.trouble());
    words.forEach(({ node, text, share }, j) => {
      setHidden(node, j >= r.words.length);
      if (node.hidden) return;
      setText(text, r.words[j]);
      setText(share, percent(weights[j]));
      node.style.setProperty("--weight", weights[j].toFixed(3));
      setAttr(node, "aria-pressed", j === r.chosen);
      node.classList.toggle("attn-asks", j === asks);
      node.classList.toggle("attn-off", !r.mask[asks][j]);
      node.classList.toggle("attn-held", j === held());
      node.classList.toggle("attn-lit", j === column);
    });
    measure(s.sentence);
    arcs.forEach((arc, j) => {
      const seen = middles.length && j < r.words.length && j !== asks && weights[j] >= SEEN;
      setAttr(arc, "visibility", seen ? null : "hidden");
      if (!seen) return;
      const [from, to] = [middles[asks], middles[j]].map((at) => at.toFixed(4));
      const high = (1 - clamp(0.3 + 1.5 * Math.abs(to - from), 0, 1.3)).toFixed(3);
      setAttr(arc, "d", `M${from} 1C${from} ${high} ${to} ${high} ${to} 1`);
      arc.style.strokeWidth = `${(1 + 8 * weights[j]).toFixed(2)}px`;
    });
    setText(said, kit.veiled() ? `${r.words[asks]} looks mostly at ?`
      : column === null ? readout(r, asks) : `${r.words[asks]} looks at ${r.words[column]}: ${percent(weights[column])}`);
    table.show({ rows: r.words, columns: r.words, weights: r.matrix, outlined: null, off: r.mask[asks].map((may) => !may), row: asks, column });
  };
  return {
    node: h("div", {}, h("div", { class: "attn-row attn-typing" }, field.node, note), pane, said),
    side: h("div", { class: "attn-weights" }, ...table.nodes),
    draw,
  };
}

const more = (kit) => [
  kit.control("window", { text: (value) => `< ${value}`, told: (value) => `window ${value}` }),
  kit.control("padding", { text: (value) => `${value} last` }),
  {
    node: h("div", { class: "attn-row" }, kit.button("Another sentence", () => {
      const sentence = examples[(examples.indexOf(kit.s.sentence) + 1) % examples.length];
      kit.change({ sentence, row: MOST - 1 }, () => `the sentence: ${sentence}`);
    })),
  },
  {
    node: h("div", { class: "attn-vocabulary" },
      h("p", { class: "attn-hint" }, "Words of one kind have the same numbers, chosen by hand: noun, person, female; first as they are asked for, then as they are "
        + "offered. A word's vector is these six and eight more for its place. “Who is meant” compares what is asked with what is offered, and "
        + "sinusoidal places, where there are any; “the word before” compares places alone. Without positions, all words have the place of the first."),
      ...kinds.map(({ name, asks, offers, words }) => h("p", { class: "attn-hint" },
        h("b", {}, name), ` (${[asks, offers].map((each) => each.map((x) => decimal(x, 1)).join(", ")).join(" → ")}) ${words.join(", ")}`))),
  },
];

// --- the tasks --------------------------------------------------------------------------------------------------------

const change = (a, b) => Math.max(...a.map((weight, j) => Math.abs(weight - b[j])));
/** The places of the words, by the alphabet: of the same words in another order, place n of one is place n of the other. */
const sorted = (words) => words.map((_, i) => i).sort((a, b) => (words[a] < words[b] ? -1 : words[a] > words[b] ? 1 : a - b));

/** The largest change of a weight between two words since they stood in another order; null for other words. */
export function sinceMoved(was, now) {
  const [from, to] = [was.words, now.words].map(sorted);
  if (from.map((i) => was.words[i]).join() !== to.map((i) => now.words[i]).join()) return null;
  return Math.max(...from.map((i, n) => change(from.map((j) => was.matrix[i][j]), to.map((j) => now.matrix[to[n]][j]))));
}

/** The first two rows of one word that are the most different, or nothing where no word is there twice. */
export function unlikeTwins({ words, matrix }) {
  const twins = words.flatMap((word, i) => (words.indexOf(word) < i ? [{ word, by: change(matrix[words.indexOf(word)], matrix[i]) }] : []));
  return twins.sort((a, b) => b.by - a.by)[0];
}

const done = [
  (s, r, { before, memo }) => (memo.guess !== undefined || s.row !== before.row) && (memo.told ??= { // words may move later
    verdict: memo.guess === undefined ? "" : memo.guess === winner(r.matrix[r.chosen]) ? "Yes:" : `Not ${r.words[memo.guess]}:`,
    looks: readout(r, r.chosen),
  }),
  (s, r, { before }) => {
    if (s.mask !== "none" || s.positions !== "none" || s.sentence === before.sentence) return false;
    const by = sinceMoved(compute({ ...s, sentence: before.sentence }), r);
    return by !== null && { change: decimal(by) };
  },
  (s, r, { before }) => {
    const twin = unlikeTwins(r);
    return twin && twin.by >= CHANGED && (s.mask !== before.mask || s.positions !== before.positions) && {
      choice: [s.mask === "none" ? "" : `the ${s.mask} mask`, s.positions === "none" ? "" : `${s.positions} positions`].filter(Boolean).join(" and "),
      word: twin.word, change: decimal(twin.by),
    };
  },
];

export const render = explorer({
  facts: FACTS,
  compute,
  stage,
  main: (kit) => [
    kit.control("head", { as: chips }), kit.control("mask", { as: chips }), kit.control("positions", { as: chips }),
    kit.control("temperature"), { node: h("p", { class: "attn-hint" }, "Nothing here is trained: what words ask for and offer is a table, under More.") },
  ],
  more,
  table: {
    caption: "For each word, what it looks at most, at how many it may look, and how undecided it is",
    columns: ["word", "looks most at", "weight", "may look at", "entropy in bits"],
    rows: (s, r) => r.words.map((word, i) => {
      const most = order(r.matrix[i])[0];
      return [word, r.matrix[i][most] > 0 ? r.words[most] : "–", percent(r.matrix[i][most]),
        String(r.mask[i].filter(Boolean).length), decimal(entropy(r.matrix[i]))];
    }),
  },
  say: (s, r) => readout(r, r.chosen),
  done,
  veiled: true,
  wide: true,
});
