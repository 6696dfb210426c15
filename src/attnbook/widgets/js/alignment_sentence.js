/**
 * The sentence explorer: a trained translator at work, the words that it looks at, and what becomes of the translation if
 * some of them are forbidden. What can be set, and in which words, is declared in attnbook.widgets.alignment_sentence.
 */
import { explorer } from "./explorer.js";
import { FACTS } from "./facts/alignment_sentence.js";
import { ARROWS_TOO, decimal, h, memoize, percent, rove, setAttr, setHidden, setText, textField } from "./kit.js";
import { entropy } from "./math/entropy.js";
import { reorder } from "./math/phrase.js";
import { winner } from "./math/softmax.js";
import { unpack } from "./math/packed.js";
import { read, write } from "./math/translator.js";
import { weightTable } from "./matrix.js";

const { examples, traits, words: kinds } = FACTS;
const [, MOST_SOURCE] = traits.sentence.length;
const MOST_TARGET = traits.word.most + 1;
const LAST = traits.word.most; // behind the end, it is the last word
const NAMES = {
  article: "articles", noun: "nouns", adjective: "adjectives", verb: "verbs with an object", verb_alone: "verbs without",
  preposition: "prepositions", conjunction: "conjunctions",
};
const NO_WORD = ["<pad>", "<start>", "<end>"];
const DICTIONARY = Object.assign({}, ...Object.entries(kinds).map(([kind, words]) => (kind === "article" ? {} : words)));
const [READ, WRITTEN] = [[...NO_WORD, ...traits.sentence.words], [...NO_WORD, ...Object.values(DICTIONARY)]];
const LETTER = 0.52; // so many times the size of the letters is one of them wide
const SMALLEST = 0.8; // so many times as large as usual may letters be, to stand side by side
const [SEEN, FAINT] = [0.01, 0.2]; // weights from which a line is drawn: of the word that is looked at, and of the others
const ALL = Array(MOST_SOURCE).fill(true);

// --- what follows from the state ----------------------------------------------------------------------------------------

const parametersOf = memoize(unpack);
const readOf = memoize((model, sentence) => read(parametersOf(model), sentence.split(" ").map((word) => READ.indexOf(word))));
const writeOf = (model, sentence, mask, temperature) => {
  const { words, weights } = write(parametersOf(model), readOf(model, sentence), { mask, temperature, most: MOST_TARGET });
  return { target: words.map((word) => WRITTEN[word]), matrix: weights };
};
const writtenOf = memoize(writeOf);
const plainOf = memoize(writeOf); // with nothing forbidden
const rulesOf = memoize((sentence) => {
  const source = sentence.split(" ");
  const { order, why } = reorder(source, kinds);
  return { source, order, why, correct: order?.map((i) => DICTIONARY[source[i]]) ?? null };
});

export function compute(s) {
  const { source, order, why, correct } = rulesOf(s.sentence);
  const { target, matrix } = writtenOf(s.model, s.sentence, s.mask, s.temperature);
  const plain = plainOf(s.model, s.sentence, null, 1);
  const chosen = Math.min(s.word, target.length - 1);
  const right = correct !== null && correct.join() === target.join();
  return {
    source, order, why, correct, target, matrix, plain, chosen, right, weights: matrix[chosen],
    best: winner(matrix[chosen]), bits: entropy(matrix[chosen]), mask: s.mask.slice(0, source.length),
  };
}

/** "red 93 %, small 4 %": what has at least one hundredth of the weight, three at most. */
function looked({ source, matrix }, row) {
  const weights = matrix[row];
  const order = weights.map((_, i) => i).sort((a, b) => weights[b] - weights[a]).filter((i) => weights[i] >= SEEN);
  return order.slice(0, 3).map((i) => `${source[i]} ${percent(weights[i])}`).join(", ") || "nothing";
}

const say = (s, r) => `${r.target[r.chosen]} looks at ${looked(r, r.chosen)}`;

// --- a sentence, its translation, and the lines between them ------------------------------------------------------------

/** Where things of these sizes, one after the other, have their middles, from 0 to 1. */
function middles(sizes) {
  const whole = sizes.reduce((sum, size) => sum + size, 0);
  let end = 0;
  return sizes.map((size) => {
    end += size;
    return ((end - size / 2) / whole).toFixed(4);
  });
}

/** How wide a word and the percentage above it are, in letters. */
const letters = (word) => Math.max(word.length, 4) + 1.4;

function stage(kit) {
  const { signal } = kit;
  let peek = null; // the row, and perhaps the column, that is pointed at
  const look = (row = null, column = null) => {
    peek = row === null ? null : { row, column };
    kit.frame();
  };
  const choose = (row) => kit.change({ word: row }, () => `chosen: ${kit.result.target[row]}`);
  const toSentence = (sentence) => kit.change({ sentence, mask: ALL, word: LAST }, (s, r) => `translated: ${r.target.join(" ")}`);

  const field = textField(traits.sentence, {
    onInput: toSentence, signal,
    onRefuse: (wrong) => {
      kit.frame();
      kit.announce(() => wrong);
    },
  });
  const note = h("p", { class: "attn-hint attn-note" });
  const another = kit.button("Another sentence", () => toSentence(examples[(examples.indexOf(kit.s.sentence) + 1) % examples.length]));

  const [english, other] = [{}, {}]; // each of them one stop of the Tab key
  const word = (group, onClick) => {
    const [text, share] = ["attn-text", "attn-share attn-answer"].map((name) => h("span", { class: name }));
    const node = kit.button("", onClick);
    node.className = "attn-word";
    node.append(text, share);
    rove(group, node, signal, ARROWS_TOO);
    return { node, text, share };
  };
  const sources = Array.from({ length: MOST_SOURCE }, (_, j) => word(english, () => {
    if (kit.veiled()) { // not yet: it is a guess
      kit.memo.guess = j;
      return kit.frame();
    }
    const mask = kit.s.mask.map((may, i) => (i === j ? !may : may));
    return kit.change({ mask }, (s, r) => `${r.source[j]} ${mask[j] ? "allowed" : "forbidden"}; translated: ${r.target.join(" ")}`);
  }));
  const targets = Array.from({ length: MOST_TARGET }, (_, i) => word(other, () => choose(i)));
  targets.forEach(({ node, share }, i) => {
    share.remove();
    node.addEventListener("pointerenter", (event) => { if (event.pointerType === "mouse") look(i); }, { signal });
    node.addEventListener("pointerleave", () => look(), { signal });
    node.addEventListener("focus", () => {
      look(i);
      if (!kit.veiled()) kit.announce(() => `${kit.result.target[i] ?? ""} looks at ${looked(kit.result, Math.min(i, kit.result.target.length - 1))}`);
    }, { signal });
    node.addEventListener("blur", () => look(), { signal });
  });

  const faint = h("path", { class: "attn-faint" });
  const links = sources.map(() => h("path", { class: "attn-link" }));
  const drawing = h("svg", { class: "attn-links attn-answer", viewBox: "0 0 1 1", preserveAspectRatio: "none", "aria-hidden": "true" },
    faint, ...links);
  const [above, below] = [["attn-sources", "English words: press one to forbid it", sources],
    ["attn-targets", "Translation: press a word to see what it looks at", targets]].map(([name, label, all]) => (
    h("div", { class: name, role: "toolbar", "aria-label": label }, ...all.map(({ node }) => node))));
  const pane = h("div", { class: "attn-words" }, above, drawing, below);
  const readout = h("p", { class: "attn-readout" });

  // Two rows of words with lines between them, where there is room, or lines of words as they come, shaded by weight.
  let room = innerWidth > 800 ? 100 : 0; // in letters
  const watch = new ResizeObserver(([{ contentRect }]) => {
    room = contentRect.width / parseFloat(getComputedStyle(whole).fontSize) / LETTER;
    kit.frame();
  });
  const whole = h("div", {}, h("div", { class: "attn-row attn-typing" }, field.node, another), note, pane, readout);
  watch.observe(whole);
  signal.addEventListener("abort", () => watch.disconnect(), { once: true });

  const table = weightTable({
    rows: MOST_TARGET, columns: MOST_SOURCE, outlined: "where it comes from, by the rules", look, choose, signal,
    announce: (text) => { if (!kit.veiled()) kit.announce(text); },
  });
  const trained = h("p", { class: "attn-hint" });
  const draw = (s, r) => {
    const { source, target, mask, plain } = r;
    const row = peek && peek.row < target.length ? peek.row : r.chosen;
    const column = peek?.column < source.length ? peek?.column : null;
    const weights = r.matrix[row];
    field.show(s.sentence);
    setText(note, field.trouble() || (r.why ? `No sentence by the rules: ${r.why}. The model translates it all the same.`
      : r.right ? "✓ The translation is right." : `By the rules: ${r.correct.join(" ")}`));
    const sizes = [source, target].map((words) => words.map(letters));
    const need = Math.max(...sizes.map((each) => each.reduce((sum, size) => sum + size, 0)));
    const across = need * SMALLEST <= room;
    pane.toggleAttribute("data-across", across);
    pane.style.fontSize = across && need > room ? `${(room / need).toFixed(3)}em` : "";
    [above, below].forEach((node, n) => node.style.setProperty("--sizes", sizes[n].map((size) => `minmax(0, ${size}fr)`).join(" ")));
    const [from, to] = sizes.map(middles);
    sources.forEach(({ node, text, share }, j) => {
      setHidden(node, j >= source.length);
      setAttr(links[j], "visibility", !node.hidden && weights[j] >= SEEN ? null : "hidden");
      if (node.hidden) return;
      setText(text, source[j]);
      setText(share, percent(weights[j]));
      node.style.setProperty("--weight", weights[j].toFixed(3));
      setAttr(node, "aria-pressed", !mask[j]);
      node.classList.toggle("attn-off", !mask[j]);
      node.classList.toggle("attn-lit", weights[j] >= 0.1 || j === column);
      setAttr(links[j], "d", `M${from[j]} 0L${to[row]} 1`);
      links[j].style.strokeWidth = `${(0.5 + 7 * weights[j]).toFixed(2)}px`;
    });
    targets.forEach(({ node, text }, i) => {
      setHidden(node, i >= target.length);
      if (node.hidden) return;
      setText(text, target[i]);
      setAttr(node, "aria-pressed", i === r.chosen);
      node.classList.toggle("attn-lit", i === row);
      node.classList.toggle("attn-changed", target[i] !== plain.target[i]);
    });
    setAttr(faint, "d", r.matrix.map((each, i) => (i === row ? "" : each.map((weight, j) => (
      weight >= FAINT ? `M${from[j]} 0L${to[i]} 1` : "")).join(""))).join(""));
    setText(readout, kit.veiled() ? `${target[row]} ← ?` : column === null ? `${target[row]} ← ${looked(r, row)}; entropy ${decimal(entropy(weights))} bits`
      : `${target[row]} ← ${source[column]} ${percent(weights[column])}`);
    table.show({ rows: target, columns: source, weights: r.matrix, outlined: r.right ? r.order : null, off: mask.map((may) => !may), row, column });
    const numbers = Object.values(s.model).reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b), 0);
    setText(trained, `The model (${s.trained}) runs in this page: ${numbers.toLocaleString("en")} parameters of 8 bits each.`);
  };
  return {
    node: whole,
    side: h("div", { class: "attn-weights" }, ...table.nodes, trained),
    draw,
  };
}

const more = () => [{
  node: h("div", { class: "attn-vocabulary" }, ...Object.entries(kinds).map(([kind, words]) => (
    h("p", { class: "attn-hint" }, h("b", {}, NAMES[kind]), ` ${Object.keys(words).join(", ")}`)))),
}];

// --- the tasks -------------------------------------------------------------------------------

/** What has become of one word of the translation since nothing was forbidden. */
function changed({ target, plain }, row) {
  if (target[row] === plain.target[row]) return "every word stays as it was";
  return target[row] && plain.target[row] ? `${plain.target[row]} becomes ${target[row]}` : "the translation ends elsewhere";
}

const done = [
  (s, r, { before, memo }) => r.best >= 0 && (memo.guess !== undefined || s.word !== before.word) && {
    verdict: memo.guess === undefined ? "" : memo.guess === r.best ? "Yes." : `Not ${r.source[memo.guess]}.`,
    target: r.target[r.chosen], best: r.source[r.best], share: percent(r.weights[r.best]),
  },
  (s, r) => {
    const first = r.plain.target.findIndex((word, i) => word !== r.target[i]);
    const row = first < 0 ? Math.min(r.chosen, r.plain.target.length - 1) : first;
    const gone = r.mask.findIndex((may, j) => !may && r.plain.matrix[row][j] >= FAINT);
    const weights = r.matrix[Math.min(row, r.target.length - 1)];
    const best = weights.indexOf(Math.max(...weights));
    return gone >= 0 && { word: r.source[gone], best: r.source[best], share: percent(weights[best]), change: changed(r, row) };
  },
  (s, r) => !examples.includes(s.sentence) && r.correct !== null && !r.right && s.temperature === 1 && r.mask.every(Boolean)
    && { wrote: r.target.join(" "), right: r.correct.join(" ") },
];

export const render = explorer({
  facts: FACTS,
  compute,
  stage,
  main: (kit) => [kit.control("temperature")],
  more,
  table: {
    caption: "For each word of the translation, what it looks at most",
    columns: ["word", "looks at", "comes from", "weight", "entropy in bits"],
    rows: (s, r) => r.target.map((word, i) => {
      const most = r.matrix[i].indexOf(Math.max(...r.matrix[i]));
      return [word, r.source[most], r.right ? r.source[r.order[i]] : "–", percent(r.matrix[i][most]), decimal(entropy(r.matrix[i]))];
    }),
  },
  say,
  done,
  veiled: true,
  wide: true,
});
