/**
 * The alignment explorer: a bench on which scores become weights and weights a context, and beneath the same bench the
 * words of a translation, each with its own row of scores.
 * The model holds the traits of attnbook.widgets.AlignmentExplorer; everything else is computed here, once a frame.
 */
import { SEQUENTIAL } from "./facts/theme.js";
import {
  announcer, bar, barSlider, button, checkbox, choice, colourCanvas, colourScale, connect, decimal, h,
  handle, numberField, percent, plane, roundUp, setAttr, setText, significant, slider
} from "./kit.js";
import { entropy } from "./math/entropy.js";
import { convexHull } from "./math/hull.js";
import { attend, softmax } from "./math/softmax.js";

const REACH = 3;
const MOST_KEYS = 16;
const MOST_SCORE = 1e6;
const [COOLEST, WARMEST] = [1e-6, 1e6];
const LEAST_LIMIT = 3; // the score bars reach at least from −3 to 3
const SHIFT = 100;
const HUGE = 1000;
const TRAITS = ["scores", "names", "values", "mask", "temperature", "sentences", "sentence", "word", "try_first"];

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

/** Everything that follows from the state `s`, whatever part of it has arrived. */
export function compute(s) {
  const shown = s.sentences[s.sentence] ?? s.sentences[0] ?? null;
  const word = shown ? Math.min(s.word, shown.target.length - 1) : 0;
  const scores = shown && s.scores.length !== shown.source.length ? shown.scores[word] : s.scores;
  const mask = scores.map((_, i) => s.mask[i] ?? true);
  const values = scores.map((_, i) => s.values[i] ?? [0, 0]);
  const names = scores.map((_, i) => (shown ? shown.source[i] : s.names[i] ?? ""));
  const options = { temperature: s.temperature, mask };
  const { output: context, weights } = attend(scores, values, options);
  // What was dragged counts in the matrix too.
  const matrix = shown && shown.scores.map((row, i) => (i === word ? weights : softmax(row, options)));
  const count = mask.filter(Boolean).length;
  const best = count ? weights.indexOf(Math.max(...weights)) : -1;
  const own = Boolean(shown) && scores.every((score, i) => score === shown.scores[word][i]);
  const naive = naiveInWords(scores.filter((_, i) => mask[i]).map((score) => score / s.temperature));
  return { shown, word, scores, mask, values, names, context, weights, matrix, count, best, own, naive, bits: entropy(weights) };
}

/** A score for readers: two digits behind the point, none where there are six before it. */
const scoreText = (score) => (Math.abs(score) < 1e5 ? decimal(score) : String(Math.round(score)).replace("-", "−"));

/** "red 93 %, small 4 %": what has at least one hundredth of the weight, three at most. */
function topWeights({ names, weights }) {
  const order = weights.map((_, i) => i).sort((a, b) => weights[b] - weights[a]).filter((i) => weights[i] >= 0.01);
  return order.slice(0, 3).map((i) => `${names[i]} ${percent(weights[i])}`).join(", ") || "nothing";
}

/** What a key is called where it is heard: of two words that are alike, each with its place in the sentence. */
const keyName = ({ names, shown }, i) => (
  names.indexOf(names[i]) === names.lastIndexOf(names[i]) ? names[i] : `${names[i]}, ${shown ? "word" : "key"} ${i + 1}`);

function entropyInWords({ bits, count }) {
  if (!count) return "No key may be attended to: every weight is 0, and there is no distribution to be undecided about.";
  return `${decimal(bits)} bits of at most ${decimal(Math.log2(count))} = log₂ ${count}: as if looking at `
    + `${decimal(2 ** bits, 1)} of ${count} keys.`;
}

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
const letters = (text) => Math.max(text.length, 4) + 1.2;
const LETTER = 0.5; // rem

/** The lines between the words, in a square of 1 × 1 that the style sheet stretches. */
function lines(kind, from, to) {
  const faint = to.map(() => h("path", { class: "attn-faint" }));
  const links = from.map(() => h("path", { class: "attn-link" }));
  return {
    node: h("svg", { class: `attn-links ${kind}`, viewBox: "0 0 1 1", preserveAspectRatio: "none", "aria-hidden": "true" },
      h("g", {}, ...faint, ...links)),
    show({ word, weights, matrix }) {
      weights.forEach((weight, j) => {
        setAttr(links[j], "d", `M${from[j]} 0L${to[word]} 1`);
        setAttr(links[j], "visibility", weight >= 0.01 ? null : "hidden");
        links[j].style.strokeWidth = `${(0.5 + 7 * weight).toFixed(2)}px`;
      });
      matrix.forEach((row, i) => setAttr(faint[i], "d", row.map((weight, j) => (
        weight >= 0.2 && i !== word ? `M${from[j]} 0L${to[i]} 1` : "")).join("")));
    },
  };
}

/** The words of one sentence, the lines between them, and the matrix: built anew for every sentence. */
function translation({ source, target, gold = null }) {
  const word = (node, text) => {
    const share = h("span", { class: "attn-share" });
    node.append(h("span", { class: "attn-text" }, text), share);
    return { node, share };
  };
  const sources = source.map((text) => word(h("li", { class: "attn-word" }), text));
  const targets = target.map((text) => h("button", { type: "button", class: "attn-word" }, text));
  const sourceRow = h("ul", { class: "attn-sources", "aria-label": "Source words" }, ...sources.map(({ node }) => node));
  const toolbar = h("div", { class: "attn-targets", role: "toolbar", "aria-label": "Target words" }, ...targets);
  // Two columns of words, all equally high, or, where there is room, two rows of words as wide as they are long.
  const even = [source, target].map((words) => middles(words.map(() => 1)));
  const wide = [source, target].map((words) => middles(words.map(letters)));
  const drawings = [lines("attn-beside", ...even), lines("attn-across", ...wide)];
  for (const [row, words] of [[sourceRow, source], [toolbar, target]]) {
    row.style.setProperty("--across", words.map((text) => `minmax(0, ${letters(text).toFixed(1)}fr)`).join(" "));
  }
  const need = LETTER * Math.max(...[source, target].map((words) => words.reduce((sum, text) => sum + letters(text), 0)));
  const pane = h("div", { class: "attn-words", "data-room": [30, 38, 46].find((rem) => rem >= need) ?? "none" },
    sourceRow, ...drawings.map(({ node }) => node), toolbar);

  const colours = colourCanvas(source.length, target.length, SEQUENTIAL);
  const indices = new Uint8ClampedArray(source.length * target.length);
  const squares = (gold ?? []).flatMap((row, i) => row.map((link, j) => (link ? `M${j} ${i}h1v1h-1z` : ""))).join("");
  const cells = h("div", { class: "attn-cells", role: "img" }, ...colours.nodes,
    h("svg", { viewBox: `0 0 ${source.length} ${target.length}`, preserveAspectRatio: "none", "aria-hidden": "true" },
      h("path", { class: "attn-halo", d: squares }), h("path", { class: "attn-gold", d: squares })));
  const sides = { columns: source, rows: target };
  const [columns, rows] = Object.entries(sides).map(([side, words]) => {
    const labels = words.map((text) => h("span", {}, text));
    return { labels, node: h("div", { class: `attn-${side}`, "aria-hidden": "true" }, ...labels) };
  });
  const grid = h("div", { class: "attn-grid" }, columns.node, rows.node, cells);
  grid.style.setProperty("--rows", target.length);
  grid.style.setProperty("--columns", source.length);

  const numbers = target.map(() => source.map(() => h("td")));
  const head = source.map((text) => h("th", { scope: "col" }, text));
  const table = h("table", {}, h("caption", { class: "attn-unseen" }, "All weights: a row for each target word, a column for each source word"),
    h("thead", {}, h("tr", {}, h("td"), ...head)),
    h("tbody", {}, ...numbers.map((row, i) => h("tr", {}, h("th", { scope: "row" }, target[i]), ...row))));

  return {
    pane, toolbar, targets, grid, cells, table,
    show(news) {
      const { word: chosen, weights, matrix, mask } = news;
      for (const drawing of drawings) drawing.show(news);
      sources.forEach(({ node, share }, j) => {
        setText(share, percent(weights[j]));
        node.style.setProperty("--weight", weights[j].toFixed(4));
        node.classList.toggle("attn-lit", weights[j] >= 0.1);
        node.classList.toggle("attn-off", !mask[j]);
        columns.labels[j].classList.toggle("attn-off", !mask[j]);
      });
      targets.forEach((node, i) => {
        setAttr(node, "aria-pressed", i === chosen);
        setAttr(node, "tabindex", i === chosen ? 0 : -1);
        rows.labels[i].classList.toggle("attn-best", i === chosen);
        matrix[i].forEach((weight, j) => {
          indices[i * source.length + j] = 255 * weight;
          setText(numbers[i][j], percent(weight));
        });
      });
      colours.paint(indices);
    },
  };
}

export function render({ model, el }) {
  const { signal, state, start, frame, change: changeAll, open } = connect(model, TRAITS, () => draw());
  const refused = h("p", { class: "attn-refused" });
  const change = (news) => {
    setText(refused, "");
    changeAll(news);
  };
  const { announce, node: status } = announcer(signal);
  const refuse = (text) => {
    setText(refused, text);
    announce(() => text);
  };
  let last = compute(start); // what the last frame showed

  /** A copy of a list with one entry replaced; the mask is as long as Python's, the scores are those that are shown. */
  const replaced = (list, i, value) => list.map((was, j) => (j === i ? value : was));
  const now = () => compute(state());
  const setScore = (i, value) => {
    change({ scores: replaced(now().scores, i, value) });
    announce(() => `score of ${keyName(last, i)} ${scoreText(last.scores[i])}; weight ${percent(last.weights[i])}`);
  };

  // --- the sentences ------------------------------------------------------------------------------------------------

  const sentenceChoice = choice("Sentence", [], {
    onChange: (index) => {
      const sentence = Number(index);
      const { scores } = model.get("sentences")[sentence];
      change({ sentence, word: 0, mask: Array(MOST_KEYS).fill(true), scores: scores[0] });
      announce(() => `${last.shown.target[0]} looks at ${topWeights(last)}`);
    },
    signal,
  });
  const readout = h("p", { class: "attn-readout" });
  const wordsPlace = h("div");
  const gridPlace = h("div");
  const tablePlace = h("div");
  const upper = h("div", { class: "attn-translation" }, sentenceChoice.node, wordsPlace, readout);
  let offered = null; // the list of sentences that can be chosen from
  let built = {}; // the parts of the sentence that is shown

  const choose = (word) => {
    const { shown } = now();
    change({ word, scores: shown.scores[word] });
    announce(() => `${shown.target[word]} looks at ${topWeights(last)}`);
  };
  const chooseOther = (word) => { if (word >= 0 && word !== now().word) choose(word); };
  const targetIndex = (event) => built.targets.indexOf(event.target.closest("button"));
  wordsPlace.addEventListener("focusin", (event) => chooseOther(targetIndex(event)), { signal });
  wordsPlace.addEventListener("pointerover", (event) => {
    if (event.pointerType === "mouse") chooseOther(targetIndex(event));
  }, { signal });
  wordsPlace.addEventListener("click", (event) => { // once more, and the word has the scores of the model again
    const word = targetIndex(event);
    if (word < 0) return;
    built.targets[word].focus();
    choose(word);
  }, { signal });
  wordsPlace.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || targetIndex(event) < 0) return;
    const { word, shown } = now();
    const end = shown.target.length - 1;
    const places = {
      ArrowRight: Math.min(word + 1, end), ArrowDown: Math.min(word + 1, end),
      ArrowLeft: Math.max(word - 1, 0), ArrowUp: Math.max(word - 1, 0), Home: 0, End: end,
    };
    if (!(event.key in places)) return;
    event.preventDefault();
    chooseOther(places[event.key]);
    built.targets[places[event.key]].focus();
  }, { signal });
  gridPlace.addEventListener("click", (event) => {
    const box = built.cells.getBoundingClientRect();
    const row = Math.floor(((event.clientY - box.top) / box.height) * built.targets.length);
    if (built.cells.contains(event.target) && row in built.targets) choose(row);
  }, { signal });

  function build({ shown }, sentences) {
    if (sentences !== offered) {
      offered = sentences;
      sentenceChoice.offer(sentences.map(({ source }, i) => [String(i), source.join(" ")]));
    }
    if (built.shown === shown) return;
    built = { shown, ...translation(shown) };
    wordsPlace.replaceChildren(built.pane);
    gridPlace.replaceChildren(built.grid);
    tablePlace.replaceChildren(built.table);
  }

  // --- the values ---------------------------------------------------------------------------------------------------

  const board = plane(REACH, "Plane with the values");
  const hull = h("polygon", { class: "attn-hull" });
  const pulls = Array.from({ length: MOST_KEYS }, () => h("line", { class: "attn-pull" }));
  const mean = h("polygon", { class: "attn-output", points: "0,130 130,0 0,-130 -130,0" });
  board.marks.append(hull, ...pulls, mean);
  const points = Array.from({ length: MOST_KEYS }, (_, i) => handle(board, {
    name: "value",
    text: "",
    className: "attn-point",
    get: () => model.get("values")[i],
    set: (to) => {
      change({ values: replaced(model.get("values"), i, to) });
      announce(() => `value ${keyName(last, i)} at ${to.map((part) => decimal(part)).join(", ")}; ${contextInWords(last)}`);
    },
    home: () => start.values[i] ?? [0, 0],
    signal,
  }));
  const contextText = h("span");
  const planePlace = h("div", {}, board.node, h("p", { class: "attn-hint attn-under" },
    h("span", {}, h("span", { class: "attn-diamond", "aria-hidden": "true" }), contextText)));

  function contextInWords({ context, count }) {
    const place = `(${context.map((part) => decimal(part)).join(", ")})`;
    if (!count) return `context ${place}: zeros, because there is nothing to average`;
    return `context ${place}: the mean of the values, by weight`;
  }

  const legend = colourScale(SEQUENTIAL, "weight");
  legend.label("0", "1");
  const goldKey = h("span", { class: "attn-gold-key" }, h("span", { class: "attn-square", "aria-hidden": "true" }), "gold alignment");
  const matrixPlace = h("div", { class: "attn-matrix-pane" }, gridPlace, h("div", { class: "attn-under" }, legend.node, goldKey));

  // --- the bench ----------------------------------------------------------------------------------------------------

  const temperature = slider("Temperature", {
    min: -2, max: 1, step: 0.05, signal,
    onInput: (power) => setTemperature(Number((10 ** power).toPrecision(3))),
  });
  const typedTemperature = numberField("Temperature, typed", {
    least: COOLEST, most: WARMEST, step: 0.1, signal, onInput: setTemperature, onRefuse: refuse,
    text: (value) => String(Number(value.toPrecision(3))),
  });
  function setTemperature(value) {
    change({ temperature: value });
    announce(() => `temperature ${significant(value)}; ${entropyInWords(last)}`);
  }

  let held = null; // while a bar is held, the scale of all bars stays what it was
  const rows = Array.from({ length: MOST_KEYS }, (_, i) => {
    const may = checkbox("may be attended to", {
      onChange: (on) => {
        change({ mask: replaced(model.get("mask"), i, on) });
        announce(() => `${keyName(last, i)} ${on ? "may" : "may not"} be attended to; weight ${percent(last.weights[i])}. ${entropyInWords(last)}`);
      },
      signal,
    });
    const score = barSlider("score", { onInput: (value) => setScore(i, value), signal });
    const typed = numberField("score, typed", {
      most: MOST_SCORE, step: 0.1, signal, onInput: (value) => setScore(i, value), onRefuse: refuse,
    });
    const weightBar = bar();
    const [name, weight, mark] = [h("span", { class: "attn-name" }), h("span", { class: "attn-number" }), h("span", { class: "attn-mark", "aria-hidden": "true" })];
    const node = h("div", { class: "attn-key-row", role: "group" }, may.node, name, score.node, typed.node,
      h("span", { class: "attn-cell" }, weightBar.node, weight, mark));
    const cells = Array.from({ length: 5 }, () => h("td"));
    const header = h("th", { scope: "row" });
    return { may, score, typed, weightBar, name, weight, mark, node, cells, header, line: h("tr", {}, header, ...cells) };
  });
  const bench = h("div", { class: "attn-bench" },
    h("div", { class: "attn-key-row attn-hint", "aria-hidden": "true" }, h("span", { class: "attn-may" }, "may"), h("span", { class: "attn-name" }, "key"),
      h("span", {}, "score"), h("span", { class: "attn-typed-head" }), h("span", { class: "attn-cell" }, "weight")),
    ...rows.map((row) => row.node));
  bench.addEventListener("pointerdown", (event) => {
    if (event.target.matches("input[type=range]")) held = limitOf(last.scores);
  }, { signal });
  for (const end of ["pointerup", "pointercancel"]) {
    addEventListener(end, () => {
      if (held !== null) frame();
      held = null;
    }, { signal });
  }
  const limitOf = (scores) => roundUp(Math.max(LEAST_LIMIT, ...scores.map(Math.abs)));

  const gauge = bar();
  const entropyText = h("span");
  const naiveText = h("p", { class: "attn-hint attn-naive" });
  const byHand = h("p", { class: "attn-hint" });

  // --- what to try --------------------------------------------------------------------------------------------------

  const changeAndAnnounce = (news) => {
    change(news);
    announce(() => {
      const word = last.shown ? `${last.shown.target[last.word]} looks at ${topWeights(last)}. ` : "";
      return `${word}${last.count ? "Entropy " : ""}${entropyInWords(last)} ${last.naive}`;
    });
  };
  const presets = [
    ["Equal scores", "No key is preferred, so all get the same share. Entropy cannot be higher.",
      () => changeAndAnnounce({ scores: now().scores.map(() => 0) })],
    ["One huge score", "e¹⁰⁰⁰ has 435 digits. What does the naive formula make of it, and what the stable one?",
      () => changeAndAnnounce({ scores: replaced(now().scores, Math.max(now().best, 0), HUGE) })],
    ["Add 100 to all scores", "Softmax only sees differences: the bars move, the weights stay.", () => {
      const scores = now().scores.map((score) => Number((score + SHIFT).toPrecision(12)));
      if (Math.max(...scores) > MOST_SCORE) refuse(`Scores end at ${MOST_SCORE}, so they stay as they are.`);
      else changeAndAnnounce({ scores });
    }],
    ["Mask everything", "There is nothing to share the attention among. This book says: all weights are 0, and so is the context.",
      () => changeAndAnnounce({ mask: model.get("mask").map(() => now().count === 0) })],
  ].map(([name, reason, onClick]) => {
    const node = button(name, { onClick, signal });
    return { name, button: node, node: h("div", { class: "attn-preset" }, node, h("p", { class: "attn-hint" }, reason)) };
  });
  const maskButton = presets[3].button;

  // --- all together -------------------------------------------------------------------------------------------------

  const heads = ["key", "may", "score", "weight", "x", "y"].map((name) => h("th", { scope: "col" }, name));
  const numbers = h("details", { class: "attn-numbers" }, h("summary", {}, "The numbers as a table"),
    h("div", { class: "attn-wide", role: "group", "aria-label": "The numbers", tabindex: 0 },
      h("table", {}, h("caption", { class: "attn-unseen" }, "Each key: whether it may be attended to, its score, its weight, its value"),
        h("thead", {}, h("tr", {}, ...heads)), h("tbody", {}, ...rows.map((row) => row.line))), tablePlace));
  const reset = button("Reset", {
    onClick: () => {
      const news = Object.entries(start).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(model.get(name)));
      change(structuredClone(Object.fromEntries(news)));
      announce(() => "back at the start");
    },
    signal,
  });
  const task = h("span");
  const root = h("div", { class: "attn attn-alignment" },
    h("div", { class: "attn-row attn-head" }, h("p", {}, h("strong", {}, "Try first: "), task), reset),
    upper,
    h("div", { class: "attn-main" },
      h("div", { class: "attn-left" }, planePlace, matrixPlace),
      h("div", { class: "attn-right" },
        h("div", { class: "attn-typed" }, temperature.node, typedTemperature.node), bench, refused, byHand,
        h("div", { class: "attn-gauge" }, h("span", {}, "Entropy"), gauge.node), h("p", { class: "attn-hint" }, entropyText), naiveText)),
    h("div", { class: "attn-presets", role: "group", "aria-label": "Things to try" }, ...presets.map((preset) => preset.node)),
    numbers, status);

  // --- drawing ------------------------------------------------------------------------------------------------------

  const thousandths = (point) => point.map((part) => Math.round(1000 * part));

  function drawPlane({ values, names, weights, mask, context, count }) {
    const corners = convexHull(values.filter((_, i) => mask[i]));
    setAttr(hull, "points", corners.map((corner) => thousandths(corner).join()).join(" "));
    const [u, v] = thousandths(context);
    points.forEach((handle, i) => {
      handle.node.hidden = i >= values.length;
      setAttr(pulls[i], "visibility", i < values.length && weights[i] >= 0.005 ? null : "hidden");
      if (handle.node.hidden) return;
      handle.move(values[i], mask[i] ? `; weight ${percent(weights[i])}` : "; may not be attended to");
      setAttr(handle.node, "aria-label", `value ${names[i]}`);
      setText(handle.node.firstChild, names[i].slice(0, 2));
      handle.node.classList.toggle("attn-off", !mask[i]);
      const [x, y] = thousandths(values[i]);
      for (const [name, place] of Object.entries({ x1: x, y1: y, x2: u, y2: v })) setAttr(pulls[i], name, place);
      pulls[i].style.strokeWidth = `${(1 + 6 * weights[i]).toFixed(2)}px`;
    });
    setAttr(mean, "transform", `translate(${u} ${v})`);
    mean.classList.toggle("attn-off", !count);
  }

  function drawBench(news) {
    const { scores, names, weights, mask, values, best, shown } = news;
    const limit = held ?? limitOf(scores);
    const longest = Math.max(...names.map((name) => name.length));
    bench.style.setProperty("--name", `${Math.min(4.25, Math.max(1.75, 0.4 + 0.6 * longest)).toFixed(2)}rem`);
    rows.forEach((row, i) => {
      const there = i < scores.length;
      row.node.hidden = row.line.hidden = !there;
      if (!there) return;
      const name = keyName(news, i);
      setAttr(row.node, "aria-label", `key ${name}`);
      setAttr(row.may.node, "aria-label", `${name} may be attended to`);
      setAttr(row.score.input, "aria-label", `score of ${name}`);
      setAttr(row.typed.node, "aria-label", `score of ${name}, typed`);
      setText(row.name, names[i]);
      row.may.show(mask[i]);
      row.score.show(scores[i], limit, scoreText(scores[i]));
      row.typed.show(scores[i]);
      row.weightBar.show(0, weights[i], "weight");
      setText(row.weight, percent(weights[i]));
      setText(row.mark, i === best ? "◂" : "");
      row.node.classList.toggle("attn-best", i === best);
      row.node.classList.toggle("attn-off", !mask[i]);
      setText(row.header, names[i]);
      [mask[i] ? "yes" : "no", scoreText(scores[i]), percent(weights[i]), ...values[i].map((part) => decimal(part))]
        .forEach((text, c) => setText(row.cells[c], text));
      for (const cell of row.cells.slice(3)) cell.hidden = Boolean(shown);
    });
  }

  function draw() {
    const s = state();
    last = compute(s);
    const { shown, word, bits, count, own, naive } = last;
    for (const part of [upper, matrixPlace, tablePlace]) part.hidden = !shown;
    planePlace.hidden = Boolean(shown);
    for (const cell of heads.slice(4)) cell.hidden = Boolean(shown);
    if (shown) {
      build(last, s.sentences);
      built.show(last);
      sentenceChoice.show(String(s.sentence));
      setText(readout, `${shown.target[word]} ← ${topWeights(last)}`);
      const linked = shown.source.filter((_, j) => shown.gold?.[word][j]);
      setAttr(built.cells, "aria-label", `Weights of ${shown.target.length} target words over ${shown.source.length} source words. `
        + `${shown.target[word]} looks at ${topWeights(last)}${linked.length ? `; gold: ${linked.join(", ")}` : ""}.`);
      goldKey.hidden = !shown.gold;
      setText(byHand, own ? "The scores are the model’s." : `You changed the scores. Choose ${shown.target[word]} again to get the model’s back.`);
    } else {
      drawPlane(last);
      setText(contextText, contextInWords(last));
    }
    drawBench(last);
    byHand.hidden = !shown;
    setText(task, s.try_first || (shown
      ? "go through the translated words, with the pointer or with the arrow keys. Whose sources lie elsewhere than you expected?"
      : "pull the temperature to the left, then to the right. Where does the diamond go, and why can it never leave the dashed region?"));
    temperature.show(Math.log10(s.temperature), significant(s.temperature));
    typedTemperature.show(s.temperature);
    gauge.show(0, count > 1 ? bits / Math.log2(count) : 0, "weight");
    setText(entropyText, entropyInWords(last));
    setText(naiveText, naive);
    setText(maskButton, count ? "Mask everything" : "Allow everything");
  }

  return open(root, el);
}
