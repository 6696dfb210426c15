/**
 * The model that writes: a text, what each head looks at in it, and which character is expected next.
 * What can be set, and in which words, is declared in attnbook.widgets.transformer.
 */
import { explorer } from "./explorer.js";
import { FACTS } from "./facts/transformer.js";
import { SEQUENTIAL } from "./facts/theme.js";
import {
  ARROWS_TOO, bar, chips, clamp, colourScale, h, memoize, percent, rove, setAttr, setHidden, setText, slider, weightmap
} from "./kit.js";
import { uniform } from "./math/random.js";
import { softmax } from "./math/softmax.js";
import { unpack } from "./math/packed.js";
import { chosen, justBefore, mapsOf, moved, readText } from "./math/writer.js";

const { alphabet, bars: BARS, traits } = FACTS;
const [CONTEXT, MOST_HEADS, MOST_TEXT] = [traits.place.most + 1, traits.head.most + 1, traits.text.most];
const [COUNT, PACE] = [40, 40]; // so many characters are written on, one after so many milliseconds
const MARKS = { " ": "␣", "\n": "¶" };

const mark = (letter) => `“${MARKS[letter] ?? letter}”`;
const knownOf = (text) => [...text.toLowerCase()].filter((letter) => alphabet.includes(letter));

// --- what follows from the state ----------------------------------------------------------------------------------------

const parametersOf = memoize(unpack);
let kept; // what was read last: the next text mostly begins like it
function readAnew(model, text) {
  const letters = knownOf(text).slice(-CONTEXT);
  return { ...readText(parametersOf(model), letters.map((letter) => alphabet.indexOf(letter)), kept), letters };
}
const readOf = memoize((model, text) => (kept = readAnew(model, text)));
const beforeOf = memoize(readAnew);
const drawnOf = memoize(mapsOf);
const chancesAt = ({ rows }, t, temperature) => softmax([...rows[t].scores], { temperature });

export function compute(s) {
  const run = readOf(s.model, s.text);
  const [maps, n] = [drawnOf(run), run.rows.length];
  const chances = n ? chancesAt(run, n - 1, s.temperature) : alphabet.split("").map(() => 0);
  const order = chances.map((_, i) => i).sort((a, b) => chances[b] - chances[a]).slice(0, n ? BARS : 0);
  return { run, maps, n, chances, likely: order.map((i) => [mark(alphabet[i]), chances[i]]), head: Math.min(s.head, maps.length - 1), place: Math.min(s.place, n - 1) };
}

/** The text and one more character, drawn with its chance; nothing more is added to an empty or a full text. */
function written(s, text) {
  const [run, size] = [readOf(s.model, text), [...text].length];
  if (!run.rows.length || size >= MOST_TEXT) return text;
  return text + alphabet[chosen(chancesAt(run, run.rows.length - 1, s.temperature), uniform(s.seed, size + 1).at(-1))];
}

const at = ({ run }, place) => `${mark(run.letters[place])} (${place + 1})`;
const named = ({ run }, head) => {
  const heads = Math.round(run.p.heads[0]);
  return `${Math.floor(head / heads) + 1}·${(head % heads) + 1}`;
};

function looked(r, place) {
  if (!r.n) return "There is nothing to look at.";
  const row = r.run.rows[place].weights[r.head];
  const order = [...row.keys()].sort((a, b) => row[b] - row[a]).slice(0, 3).filter((j) => row[j] >= 0.01);
  return `In head ${named(r, r.head)}, ${at(r, place)} looks at ${order.map((j) => `${at(r, j)} ${percent(row[j])}`).join(", ")}`;
}

const say = (s, r) => (r.n ? `next ${r.likely.slice(0, 3).map(([name, chance]) => `${name} ${percent(chance)}`).join(", ")}` : "no text");

// --- the text, the maps, and what comes next ----------------------------------------------------------------------------

function stage(kit) {
  const { signal } = kit;
  let peek = null; // the row, and perhaps the column, that is pointed at
  const look = (row = null, column = null) => {
    peek = row === null ? null : { row, column };
    kit.frame();
  };
  const choose = (i) => kit.change({ place: i === kit.result.n - 1 ? CONTEXT - 1 : i }, (s, r) => looked(r, r.place));

  let left = 0; // so many characters are still to be written
  const toText = (text) => kit.change({ text }, (s, r) => (r.n ? `the text ends in ${r.run.letters.slice(-12).join("")}` : "the text is empty"));
  const field = h("input", {
    type: "text", class: "attn-number-field attn-line", "aria-label": "Text", maxlength: MOST_TEXT, autocomplete: "off", autocapitalize: "off", spellcheck: "false",
  });
  field.addEventListener("input", () => {
    left = 0;
    toText(field.value.replaceAll("¶", "\n"));
  }, { signal });
  const note = h("p", { class: "attn-hint" });

  const group = {}; // the letters are one stop of the Tab key
  const letters = Array.from({ length: CONTEXT }, (_, i) => {
    const node = h("span", { class: "attn-letter", role: "button" });
    node.addEventListener("click", () => choose(i), { signal });
    node.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      choose(i);
    }, { signal });
    rove(group, node, signal, ARROWS_TOO);
    node.addEventListener("pointerenter", (event) => { if (event.pointerType === "mouse") look(i); }, { signal });
    node.addEventListener("focus", () => {
      if (!node.matches(":focus-visible")) return;
      look(i);
      kit.announce(() => (i < kit.result.n ? looked(kit.result, i) : ""));
    }, { signal });
    for (const end of ["pointerleave", "blur"]) node.addEventListener(end, () => look(), { signal });
    return node;
  });

  const [large, small] = [weightmap(CONTEXT, SEQUENTIAL), Array.from({ length: MOST_HEADS }, () => weightmap(CONTEXT, SEQUENTIAL))];
  const [marks, changed] = ["attn-mark", "attn-moved"].map((name) => h("path", { class: name }));
  const over = h("svg", { preserveAspectRatio: "none", "aria-hidden": "true" }, changed, marks);
  const map = h("div", { class: "attn-heat" }, ...large.nodes, over);
  const under = (event) => {
    const box = map.getBoundingClientRect();
    return [(event.clientY - box.top) / box.height, (event.clientX - box.left) / box.width].map((share) => clamp(Math.floor(share * kit.result.n), 0, Math.max(0, kit.result.n - 1)));
  };
  map.addEventListener("pointermove", (event) => look(...under(event)), { signal });
  map.addEventListener("pointerleave", () => look(), { signal });
  map.addEventListener("click", (event) => choose(under(event)[0]), { signal });
  const legend = colourScale(SEQUENTIAL, "weight");
  legend.label("0", "1");

  const heads = chips("Heads, layer by layer", small.map((_, i) => [String(i), ""]), {
    signal,
    onChange: (value) => {
      kit.memo.chose = true;
      kit.change({ head: Number(value) }, (s, r) => looked(r, r.place));
    },
  });
  heads.node.classList.add("attn-heads");
  const labels = [...heads.node.querySelectorAll("label")].map((label, i) => {
    const name = h("b");
    label.lastChild.append(h("i", { class: "attn-heat" }, ...small[i].nodes), name);
    return { label, name };
  });

  const rows = Array.from({ length: BARS }, () => {
    const [name, weight, number] = [h("th", { scope: "row", class: "attn-answer" }), bar(), h("span", { class: "attn-number" })];
    return { name, weight, number, node: h("tr", {}, name, h("td", {}, h("span", { class: "attn-cell attn-answer" }, weight.node, number))) };
  });
  const next = h("table", { class: "attn-bars" }, h("caption", { class: "attn-hint", style: "text-align: left" }, "what it expects next"),
    h("tbody", {}, ...rows.map(({ node }) => node)));
  const temperature = kit.control("temperature");
  const one = kit.button("One step", () => {
    left = 0;
    kit.memo.stepped = true;
    toText(written(kit.s, kit.s.text));
  });
  const on = kit.button("Write on", () => {
    left = left ? 0 : COUNT;
    kit.memo.stepped = true;
    kit.frame();
  });
  let last = 0; // when a character was written
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const writeOn = (s) => {
    if (still.matches) {
      let text = s.text;
      for (; left; left--) text = written(s, text);
      toText(text);
    } else if (performance.now() - last < PACE) kit.frame();
    else {
      const text = written(s, s.text);
      left = text === s.text ? 0 : left - 1;
      last = performance.now();
      toText(text);
    }
  };

  const readout = h("p", { class: "attn-readout" });
  const about = h("p", { class: "attn-hint" });
  let [painted, was, now] = [[], null, null];
  const paint = (r) => {
    if (r.run !== now) [was, now] = [now, r.run];
    if (painted[0] === r.maps && painted[1] === r.head) return;
    large.paint(r.n ? r.maps[r.head] : [0]);
    if (painted[0] !== r.maps) r.maps.forEach((each, i) => small[i].paint(r.n ? each : [0]));
    painted = [r.maps, r.head];
    const rowsMoved = was && was.rows.length === r.n ? moved(r.run, was, r.head) : [];
    setAttr(over, "viewBox", `0 0 ${r.n || 1} ${r.n || 1}`);
    setAttr(changed, "d", rowsMoved.map((i) => `M${-0.012 * r.n} ${i}v1`).join(""));
  };
  const draw = (s, r) => {
    paint(r);
    const shown = s.text.replaceAll("\n", "¶");
    if (field.value !== shown) {
      field.value = shown;
      field.scrollLeft = field.scrollWidth; // its end is where it goes on
    }
    const strange = [...new Set(s.text.toLowerCase())].filter((letter) => !alphabet.includes(letter));
    const size = knownOf(s.text).length;
    setText(note, strange.length ? `It does not know ${strange.slice(0, 5).join(" ")} and leaves ${strange.length > 1 ? "them" : "it"} out.`
      : !r.n ? "Type something: it goes on from what is there." : [...s.text].length >= MOST_TEXT ? `The field is full: ${MOST_TEXT} characters. Delete some.`
        : size > CONTEXT ? `It reads the last ${CONTEXT} of ${size} characters: no more fit its context.` : `${size} of at most ${CONTEXT} characters are read.`);
    const row = peek && peek.row < r.n ? peek.row : r.place;
    const column = peek && peek.row < r.n ? peek.column : null;
    const weights = r.n ? r.run.rows[row].weights[r.head] : [];
    letters.forEach((node, i) => {
      setHidden(node, i >= r.n);
      if (i >= r.n) return;
      const letter = r.run.letters[i];
      setText(node, letter === "\n" ? "¶" : letter);
      setAttr(node, "aria-label", letter === " " ? "space" : null);
      node.style.setProperty("--weight", (weights[i] ?? 0).toFixed(3));
      setAttr(node, "aria-pressed", i === row);
      node.classList.toggle("attn-lit", i === column);
    });
    setAttr(marks, "d", r.n ? `M${-0.05 * r.n} ${row + 0.5}h${0.03 * r.n}${column === null ? "" : `M${column + 0.5} ${-0.05 * r.n}v${0.03 * r.n}`}` : "");
    setText(readout, column === null ? looked(r, row) : column > row ? `${at(r, row)} cannot see ${at(r, column)}: it comes later`
      : `In head ${named(r, r.head)}, ${at(r, row)} gives ${at(r, column)} ${percent(weights[column])}`);
    heads.show(String(r.head));
    labels.forEach(({ label, name }, i) => {
      setHidden(label, i >= r.maps.length);
      if (i < r.maps.length) setText(name, named(r, i));
    });
    rows.forEach(({ node, name, weight, number }, n) => {
      node.style.visibility = n < r.likely.length ? "" : "hidden";
      if (n >= r.likely.length) return;
      setText(name, r.likely[n][0]);
      weight.show(0, r.likely[n][1], "weight");
      setText(number, percent(r.likely[n][1]));
    });
    temperature.show(s);
    setText(on, left ? "Stop" : "Write on");
    const count = Object.values(s.model).reduce((all, { shape }) => all + shape.reduce((a, b) => a * b), 0) - 1; // without its heads
    setText(about, `The model (${s.trained}) runs in this page: ${count.toLocaleString("en")} parameters of 8 bits each.`);
    if (left) writeOn(s);
  };
  return {
    node: h("div", {}, field, h("div", { class: "attn-row attn-writes" }, one, on, note), h("div", { class: "attn-letters", role: "toolbar", "aria-label": "What is read: choose a character to see what it looks at" }, ...letters),
      map, h("div", { class: "attn-under" }, legend.node, h("span", { style: "padding-left: 0.4rem; border-left: 3px solid var(--attn-value)" }, "rows that moved"))),
    side: h("div", { class: "attn-readings" }, heads.node, readout, next, temperature.node, about),
    draw,
  };
}

const more = (kit) => {
  const place = slider("Place", {
    min: 1, max: CONTEXT, step: 1, signal: kit.signal,
    onInput: (to) => kit.change({ place: to >= kit.result.n ? CONTEXT - 1 : to - 1 }, (s, r) => looked(r, r.place)),
  });
  return [{ node: place.node, show(s, r) {
    setAttr(place.input, "max", Math.max(1, r.n));
    place.show(r.place + 1, String(r.place + 1));
  } }, kit.control("seed")];
};

// --- the tasks ----------------------------------------------------------------------------------------------------------

const done = [
  (s, r, { before, memo }) => {
    const was = beforeOf(s.model, before.text);
    const typed = s.text.startsWith(before.text) ? knownOf(s.text.slice(before.text.length))[0] : undefined;
    if (!typed || !was.rows.length) return false;
    const chances = chancesAt(was, was.rows.length - 1, s.temperature);
    const [most, i] = [Math.max(...chances), alphabet.indexOf(typed)];
    return {
      verdict: memo.stepped ? "" : chances[i] === most ? "Yes. " : `Not ${mark(typed)}. `, typed: mark(typed), share: percent(chances[i]),
      best: mark(alphabet[chances.indexOf(most)]), most: percent(most),
    };
  },
  (s, r, { memo }) => {
    const share = memo.chose && r.n > 1 ? justBefore(r.run)[r.head] : 0;
    return share >= 0.5 && { head: named(r, r.head), share: percent(share) };
  },
  (s, r, { before }) => {
    const was = beforeOf(s.model, before.text);
    const same = r.run.tokens.findIndex((token, i) => token !== was.tokens[i]);
    if (was.rows.length !== r.n || same < 1 || same > r.n - 2) return false;
    return { same, place: same + 1, changed: moved(r.run, was, r.head).length };
  },
];

export const render = explorer({
  facts: FACTS,
  compute,
  stage,
  main: () => [],
  more,
  table: {
    caption: "For each place, what the head looks at most, what was expected there, and how likely what came was",
    columns: ["place", "character", "looks at", "weight", "expected", "chance"],
    rows: (s, r) => r.run.letters.map((letter, i) => {
      const row = r.run.rows[i].weights[r.head];
      const best = row.indexOf(Math.max(...row));
      const chances = i ? chancesAt(r.run, i - 1, s.temperature) : null;
      return [String(i + 1), mark(letter), at(r, best), percent(row[best]),
        chances ? mark(alphabet[chances.indexOf(Math.max(...chances))]) : "–", chances ? percent(chances[alphabet.indexOf(letter)]) : "–"];
    }),
  },
  say,
  done,
  door: (get) => `Which character comes next? A whole Transformer (${get("trained")}) answers here, in this page, and shows what each of its heads looks at. Its numbers are fetched from this site when you open it.`,
  veiled: true,
});
