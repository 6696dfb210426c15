/**
 * The key–value explorer: rows of a dictionary as threads from the query by key and value to the answer, beside what
 * Python's dict says. What can be set, and in which words, is declared in attnbook.widgets.key_value.
 */
import { explorer } from "./explorer.js";
import { FACTS } from "./facts/key_value.js";
import {
  ARROWS_TOO, bar, decimal, h, handle, numberField, numberLines, percent, placeOver, placeUnder, rove, setAttr, setText
} from "./kit.js";
import { lookUp } from "./math/lookup.js";
import { winner } from "./math/softmax.js";
import { same } from "./state.js";

const { traits } = FACTS;
const { most: MOST, step: STEP } = traits.query;
const [LEAST_ROWS, MOST_ROWS] = traits.key_numbers.length;
const [QUERY, KEYS, VALUES, ANSWER] = [7, 32, 68, 94]; // heights of the lines, in hundredths from above
const [LEAVE, NOWHERE] = [QUERY + 4, KEYS - 8]; // where threads begin, and where the dict finds nothing
const SEEN = 0.005; // a weight that is more than 0 %
const NEAR = 0.3; // so near to a key, the query goes to it: a dict knows no nearly
const [SURE, MOVED] = [0.995, 0.01]; // a weight that is all; a difference that is seen

const ROWS = Array.from({ length: MOST_ROWS }, (_, i) => i);
const plain = (value) => String(Number(value.toFixed(4)));
const replaced = (list, i, value) => list.map((was, j) => (j === i ? value : was));
const unit = (s) => (same(s.key_numbers, s.values) ? "\u00a0h" : "\u00a0°C"); // of the values

export function compute(s) {
  const count = Math.min(s.key_numbers.length, s.values.length);
  const [keys, values] = [s.key_numbers, s.values].map((list) => list.slice(0, count).map((each) => [each]));
  const { output: [answer], weights } = lookUp([s.query], keys, values, s.sharpness);
  return { count, answer, weights, best: winner(weights), found: s.key_numbers.slice(0, count).lastIndexOf(s.query) };
}

const dictSays = (s, r) => (r.found < 0 ? `KeyError: ${plain(s.query)}` : `${plain(s.values[r.found])}${unit(s)}`);
const softSays = (s, r) => `${decimal(r.answer, 1)}${unit(s)}`;
const say = (s, r) => `dict: ${dictSays(s, r)}; soft: ${softSays(s, r)}`;

/** The answer as a sum, its largest parts first: 59 % of 16 + … */
const sum = (s, r) => {
  const order = r.weights.map((_, i) => i).filter((i) => r.weights[i] >= SEEN).sort((i, j) => r.weights[j] - r.weights[i]);
  const parts = order.slice(0, 3).map((i) => `${percent(r.weights[i])} of ${plain(s.values[i])}`);
  return `${[...parts, ...(order.length > 3 ? ["…"] : [])].join(" + ")} = ${softSays(s, r)}`;
};

/** A smooth way down through places [x, y]. */
const way = (stops) => stops.map(([x, y], i) => {
  const [u, v] = stops[i - 1] ?? [];
  const middle = (y + v) / 2;
  return (i ? ["C", u, middle, x, middle, x, y] : ["M", x, y]).map((part) => (part.toFixed ? Number(part.toFixed(3)) : part)).join(" ");
}).join("");

// --- the threads, and the rows beside them ----------------------------------------------------------------------------

function stage(kit) {
  const { signal } = kit;
  const board = numberLines(0, MOST, STEP, "The query, the keys and the values, each on a line");
  board.roving = true;
  const path = (name, d = null) => h("path", { class: name, d });
  const hours = path("attn-axes", [KEYS, VALUES].map((y) => `M0 ${y}H${MOST}${
    Array.from({ length: MOST / 3 + 1 }, (_, i) => `M${3 * i} ${y - 1.5}v3`).join("")}`).join(""));
  const ties = ROWS.map(() => path("attn-tie"));
  const threads = ROWS.map(() => path("attn-thread attn-answer"));
  const exact = [path("attn-halo attn-answer"), path("attn-exact attn-answer")];
  board.marks.append(hours, ...ties, ...threads, ...exact);

  const point = (height, options) => {
    const made = handle(board, { text: "", signal, ...options });
    made.node.style.top = `${height}%`;
    return made;
  };
  const caught = (x) => kit.s.key_numbers.find((key) => Math.abs(key - x) < NEAR) ?? x;
  const query = point(QUERY, {
    name: "query", className: "attn-query",
    get: () => [kit.s.query],
    set: ([x]) => kit.change({ query: caught(x) }, (s) => `query ${plain(s.query)}`),
    home: () => [kit.start.query],
  });
  const guessed = () => kit.memo.guess ?? MOST / 2;
  const guess = point(ANSWER, {
    name: "your guess of the soft answer", text: "?", className: "attn-guess",
    get: () => [guessed()],
    set([x]) {
      kit.memo.guess = x;
      kit.frame();
    },
    home: () => [MOST / 2],
  });
  const setOne = (trait, i, x) => kit.change({ [trait]: replaced(kit.s[trait], i, x) }, (s, r) => (
    `${trait === "values" ? "value" : "key"} of row ${i + 1} at ${plain(x)}; weight ${percent(r.weights[i])}`));
  const points = (trait, name, height) => ROWS.map((i) => point(height, {
    name: `${name} of row ${i + 1}`, className: `attn-${name}`,
    get: () => [kit.s[trait][i] ?? 0],
    set: ([x]) => setOne(trait, i, x),
    home: () => [kit.start[trait][i] ?? 0],
  }));
  const keys = points("key_numbers", "key", KEYS);
  const values = points("values", "value", VALUES);
  const mark = (name, height, text = "") => h("span", { class: name, style: `top: ${height}%`, "aria-hidden": "true" }, text);
  const named = (text, height) => mark("attn-line-name", height, text);
  const nothing = mark("attn-nothing attn-answer", NOWHERE, "✕");
  const [mean, meanText] = ["attn-mean attn-diamond attn-answer", "attn-result attn-answer"].map((name) => mark(name, ANSWER));
  const valueName = named("", VALUES);
  board.node.append(named("query", QUERY - 4), named("keys, h", KEYS), valueName, named("answer", ANSWER - 4), nothing, mean, meanText);
  board.node.addEventListener("click", (event) => {
    if (event.target.closest("button")) return;
    const x = caught(board.round(Math.min(MOST, Math.max(0, placeUnder(board, event)[0]))));
    kit.preset({ query: x }, `query ${plain(x)}`);
  }, { signal });

  const ask = kit.button("Look it up", () => {
    kit.memo.asked = true;
    kit.frame();
  });
  const card = (kind, title) => {
    const [code, answer] = [h("code"), h("strong", { class: "attn-answer" })];
    return { node: h("p", { class: `attn-says attn-${kind}` }, h("span", { class: "attn-hint" }, title), code, answer), code, answer };
  };
  const [dict, soft] = [card("dict", "Python’s dict"), card("soft", "soft dictionary")];
  const sign = h("span", { class: "attn-sign attn-answer", "aria-hidden": "true" });

  const refused = h("p", { class: "attn-refused" });
  const [fields, bins] = [{}, {}]; // each of them one stop of the Tab key
  const field = (trait, label, i) => {
    const made = numberField(`${label} of row ${i + 1}, typed`, {
      least: 0, most: MOST, step: STEP, signal, text: plain,
      onInput(value) {
        setText(refused, "");
        setOne(trait, i, value);
      },
      onRefuse(text) {
        setText(refused, text);
        kit.announce(() => text);
      },
    });
    rove(fields, made.node, signal, { PageDown: 1, PageUp: -1 });
    return made;
  };
  const rows = ROWS.map((i) => {
    const [key, value, weight] = [field("key_numbers", "key", i), field("values", "value", i), bar()];
    const remove = kit.button("×", () => {
      const { key_numbers, values: now } = kit.s;
      if (now.length === LEAST_ROWS) return kit.announce(() => "one row has to stay");
      const [keysLeft, left] = [key_numbers, now].map((list) => list.filter((_, j) => j !== i));
      return kit.change({ key_numbers: keysLeft, values: left }, () => `removed row ${i + 1}`);
    });
    setAttr(remove, "aria-label", `remove row ${i + 1}`);
    rove(bins, remove, signal, ARROWS_TOO);
    const share = h("span", { class: "attn-number" });
    const node = h("tr", {}, h("th", { scope: "row", class: "attn-unseen" }, `row ${i + 1}`), h("td", {}, key.node),
      h("td", {}, value.node), h("td", {}, h("span", { class: "attn-cell attn-answer" }, weight.node, share)), h("td", {}, remove));
    return { node, key, value, weight, share };
  });
  const add = kit.button("Add a row", () => {
    const { key_numbers: now, values: others } = kit.s;
    if (now.length === MOST_ROWS) return kit.announce(() => `${MOST_ROWS} rows are the most`);
    const ends = [0, ...now, MOST].sort((a, b) => a - b);
    const widest = ends.slice(1).reduce((most, end, i) => (end - ends[i] > most[1] - most[0] ? [ends[i], end] : most), [0, 0]);
    const key = board.round((widest[0] + widest[1]) / 2);
    return kit.change({ key_numbers: [...now, key], values: [...others, MOST / 2] }, () => `added key ${plain(key)} with value ${MOST / 2}`);
  });
  const table = h("table", { class: "attn-bars attn-dict" }, h("caption", { class: "attn-unseen" }, "The rows of the dictionary"),
    h("thead", {}, h("tr", {}, ...["row", "key", "value", "weight"].map((text, i) => h("th", { scope: "col", class: i ? null : "attn-unseen" }, text)), h("td"))),
    h("tbody", {}, ...rows.map(({ node }) => node)));

  const total = h("p", { class: "attn-hint attn-answer" });
  const draw = (s, r) => {
    const asked = kit.task === 0 && !s.try_first;
    query.move([s.query]);
    setText(query.node.firstChild, `q = ${plain(s.query)}`);
    guess.node.hidden = !asked;
    guess.move([guessed()]);
    ask.hidden = !asked || Boolean(kit.memo.asked);
    sign.hidden = !ask.hidden;
    ROWS.forEach((i) => {
      const there = i < r.count;
      const [row, key, value] = [rows[i], s.key_numbers[i], s.values[i]];
      row.node.hidden = keys[i].node.hidden = values[i].node.hidden = !there;
      const read = r.weights[i] >= SEEN && !kit.veiled();
      setAttr(ties[i], "visibility", there && !read ? null : "hidden");
      setAttr(threads[i], "visibility", there && read ? null : "hidden");
      if (!there) return;
      const stops = [[s.query, LEAVE], [key, KEYS], [value, VALUES], [r.answer, ANSWER]];
      setAttr(ties[i], "d", way(stops.slice(1, 3)));
      setAttr(threads[i], "d", way(stops));
      threads[i].style.strokeWidth = `${(1.5 + 9.5 * r.weights[i]).toFixed(2)}px`;
      for (const [each, x] of [[keys[i], key], [values[i], value]]) {
        each.move([x], `; weight ${percent(r.weights[i])}`);
        setText(each.node.firstChild, plain(x));
        each.node.classList.toggle("attn-best", i === r.found);
      }
      row.key.show(key);
      row.value.show(value);
      row.weight.show(0, r.weights[i], "weight");
      setText(row.share, percent(r.weights[i]));
      row.node.classList.toggle("attn-best", i === r.best);
    });
    const hit = r.found >= 0;
    const looked = way([[s.query, LEAVE], ...(hit
      ? [[s.query, KEYS], ...[VALUES, ANSWER].map((y) => [s.values[r.found], y])] : [[s.query, NOWHERE]])]);
    for (const each of exact) setAttr(each, "d", looked);
    nothing.hidden = hit;
    placeOver(board, nothing, [s.query]);
    for (const each of [mean, meanText]) placeOver(board, each, [r.answer]);
    const ahead = asked ? guessed() - r.answer : -1;
    meanText.classList.toggle("attn-left", r.answer > 0.75 * MOST || (ahead > 0 && ahead < 0.25 * MOST && r.answer > 0.25 * MOST));
    setText(meanText, softSays(s, r));
    setText(valueName, `values,${unit(s)}`);
    setText(dict.code, `readings[${plain(s.query)}]`);
    setText(soft.code, `look_up(${plain(s.query)})`);
    setText(dict.answer, dictSays(s, r));
    setText(soft.answer, softSays(s, r));
    dict.node.classList.toggle("attn-fails", !hit);
    setText(total, sum(s, r));
    setText(sign, hit && Math.abs(r.answer - s.values[r.found]) < 0.05 ? "=" : "≠");
  };
  return {
    node: h("div", {}, board.node, h("div", { class: "attn-verdict" }, dict.node, ask, sign, soft.node)),
    side: h("div", { class: "attn-readings" }, table, refused, total, h("div", { class: "attn-row" }, add)),
    draw,
  };
}

// --- what is folded away ----------------------------------------------------------------------------------------------

function more(kit) {
  const presets = [
    ["K = V", "Every value becomes its key, as in chapter 3’s translator: what is matched is what is read out.",
      () => kit.preset({ values: [...kit.s.key_numbers] }, "every value is its key")],
    ["One key twice", "Row 2 gets the key of row 1. The dict keeps the last of them, the soft dictionary reads both.", () => {
      const [key] = kit.s.key_numbers;
      kit.preset({ key_numbers: kit.s.key_numbers.map((was, i) => (i === 1 ? key : was)), query: key }, "rows 1 and 2 have the same key");
    }],
  ].map(([name, reason, onClick]) => h("div", {}, kit.button(name, onClick), h("p", { class: "attn-hint" }, reason)));
  return [{ node: h("div", { class: "attn-folded", role: "group", "aria-label": "Things to try" }, ...presets) }];
}

// --- the tasks --------------------------------------------------------------------------------------------------------

const done = [
  (s, r, { memo }) => Boolean(memo.asked) && {
    dict: r.found < 0 ? `dict has no key ${plain(s.query)} and raises a KeyError` : `dict has that key and says ${dictSays(s, r)}`,
    sum: `${sum(s, r)}${memo.guess === undefined ? "" : `. You said ${plain(memo.guess)}`}`,
  },
  (s, r) => r.weights[r.found] > SURE
    && { key: plain(s.query), share: percent(r.weights[r.found]), value: dictSays(s, r) },
  (s, r, { before }) => {
    if (r.count !== before.values.length) return false;
    const [otherKeys, otherValues] = [compute({ ...s, key_numbers: before.key_numbers }), compute({ ...s, values: before.values })];
    const i = s.key_numbers.findIndex((key, j) => key !== before.key_numbers[j] && Math.abs(r.weights[j] - otherKeys.weights[j]) > MOVED);
    return i >= 0 && Math.abs(r.answer - otherValues.answer) > MOVED
      && { was: percent(otherKeys.weights[i]), now: percent(r.weights[i]) };
  },
];

export const render = explorer({
  facts: FACTS,
  compute,
  stage,
  main: (kit) => [kit.control("sharpness")],
  more,
  table: {
    caption: "Each row’s key and value, how far the key is from the query, and its weight",
    columns: ["row", "key", "value", "distance", "weight"],
    rows: (s, r) => r.weights.map((weight, i) => [
      String(i + 1), ...[s.key_numbers[i], s.values[i], Math.abs(s.query - s.key_numbers[i])].map(plain), percent(weight)]),
    note: (s, r) => `Their mean, by weight: ${softSays(s, r)}.`,
  },
  say,
  done,
  fits: (s) => s.key_numbers.length === s.values.length,
  veiled: true,
});
