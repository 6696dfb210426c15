/**
 * The map of attention: a table of all mechanisms, four choices to change, and six fruits that show what they do.
 * What can be set, in which words, and the table are declared in attnbook.widgets.landscape.
 */
import { explorer } from "./explorer.js";
import { FACTS } from "./facts/landscape.js";
import { ARROWS_TOO, bar, chips, clamp, decimal, formula, h, rove, setAttr, setHidden, setText } from "./kit.js";
import { NORMALISE, READ, SCORES, SELECT } from "./math/choices.js";

const { chapters, fits, fixed, fruits, keys, mechanisms, values } = FACTS;
const KINDS = ["score", "select", "normalise", "read"];
const NAMED = Object.fromEntries(mechanisms.map((each) => [each.name, each]));
const differing = (one, other) => KINDS.filter((_, i) => one[i] !== other[i]);
const LEGEND = [["━", "accent", "softmax"], ["━", "value", "gates"], ["━", "muted", "neither"], ["╍", "muted", "no attention"],
  ["□", "ink", "the same four"], ["□", "query", "one choice away"]]; // what an edge or a frame means: a sign, its colour, words
const listed = (words) => (words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`);

// --- what follows from the state ----------------------------------------------------------------------------------------

export function compute(s) {
  const query = [s.sweet, s.sour];
  const choices = KINDS.map((kind) => s[kind]);
  const scores = SCORES[s.score](query, keys, values, fixed);
  const chosen = SELECT[s.select](scores, fixed, s.uniform);
  const made = NORMALISE[s.normalise](scores, chosen, fixed, keys);
  const weights = made ?? scores.map(() => 0);
  const same = mechanisms.filter((each) => each.fits !== "none" && !differing(each.choices, choices).length).map(({ name }) => name);
  return {
    scores, chosen, weights, choices, refused: made === null,
    output: READ[s.read](weights, values, query),
    names: [...same.filter((name) => name === s.mechanism), ...same.filter((name) => name !== s.mechanism)],
    near: mechanisms.filter((each) => each.fits !== "none" && differing(each.choices, choices).length === 1).map(({ name }) => name),
  };
}

/** What these choices are called, or that they have no name. */
export function readout(r) {
  if (r.refused) return "these choices do not go together: some scores are negative";
  return r.names.length ? r.names.join(", ") : "no name in this book";
}

// --- the table, what the choices are called, and the fruits ---------------------------------------------------------------

function stage(kit) {
  const { signal } = kit;
  let [told, when] = ["", ""]; // whose name is shown, and at which choices: a reason is shown until one of them changes
  const press = ({ name, choices, fits: how, note: why }) => {
    kit.memo.pressed = [...(kit.memo.pressed ?? []), name];
    told = "";
    const made = how === "none" ? {} : Object.fromEntries(KINDS.map((kind, i) => [kind, choices[i]]));
    kit.change({ mechanism: name, ...made }, () => (how === "none" ? `${name}: ${fits.none}. ${why} The four choices stay` : name));
    kit.frame();
  };
  const group = {};
  const tiles = mechanisms.map((each) => {
    const node = kit.button(each.symbol, () => press(each));
    node.className = "attn-tile";
    setAttr(node, "aria-label", each.name);
    setAttr(node, "data-kind", each.fits === "none" ? "none" : each.choices[2].startsWith("softmax") ? "softmax" : each.choices[2] === "gates" ? "gates" : "other");
    rove(group, node, signal, ARROWS_TOO);
    return node;
  });
  const [name, line, note] = [h("p", { class: "attn-called" }), h("p", { class: "attn-formula" }), h("p", { class: "attn-hint attn-about" })];
  const legend = h("p", { class: "attn-hint" }, ...LEGEND.flatMap(([sign, tone, text]) => [
    h("strong", { style: `color: var(--attn-${tone})`, "aria-hidden": "true" }, sign), `\u00a0${text.replaceAll(" ", "\u00a0")}\u2003`]));
  const rows = fruits.map((fruit) => {
    const [score, weight] = [h("span", { class: "attn-number" }), h("span", { class: "attn-number" })];
    const track = bar();
    const node = h("div", { class: "attn-fruit" }, h("span", {}, fruit), score, track.node, weight);
    return { node, score, weight, track };
  });
  const read = h("p", { class: "attn-hint" });

  let [shown, opened] = ["", null];
  const draw = (s, r) => {
    const [picked, choices] = [NAMED[s.mechanism], r.choices.join()];
    const quiet = kit.task === 0 && !s.try_first && (opened ??= s.mechanism + choices) === s.mechanism + choices; // a first look has enough to see
    if (told !== s.mechanism) [told, when] = [s.mechanism, choices];
    const none = picked.fits === "none" && when === choices;
    tiles.forEach((tile, i) => {
      const each = mechanisms[i];
      setAttr(tile, "aria-pressed", none ? each === picked : r.names.includes(each.name));
      tile.classList.toggle("attn-same", !none && r.names.indexOf(each.name) > 0);
      tile.classList.toggle("attn-one-away", !none && !quiet && r.near.includes(each.name));
    });
    const about = none || r.names[0] === s.mechanism ? picked : NAMED[r.names[0]];
    setText(name, none ? s.mechanism : readout(r));
    const text = about && !r.refused ? `${about.name}: ${chapters[about.chapter]}${about.year ? `, ${about.year}` : ""}${about.fits === "one" ? "" : `; ${fits[about.fits]}`}. ${about.note}`
      : r.near.length ? `One choice away: ${listed(r.near.slice(0, 4))}${r.near.length > 4 ? " and others" : ""}.` : "Nothing with a name is one choice away.";
    setText(note, text);
    const wanted = about && !r.refused ? about.line : "";
    if (wanted !== shown) line.replaceChildren(...formula(wanted));
    shown = wanted;
    const most = Math.max(1, ...r.weights.map(Math.abs));
    rows.forEach((row, i) => {
      setText(row.score, decimal(r.scores[i]));
      setText(row.weight, decimal(r.weights[i]));
      row.node.classList.toggle("attn-off", !r.chosen[i]);
      row.track.show(0, clamp(Math.abs(r.weights[i]) / most, 0, 1), r.weights[i] < 0 ? "below" : "weight");
    });
    setText(read, r.refused ? "Divided by their sum, they are no shares."
      : s.read === "the weights" ? "Read: nothing. The weights are the answer."
        : `Read: ${r.output.map((row) => `(${row.map((x) => decimal(x)).join(", ")})`).join(" ")}, sweet and sour.`);
  };
  return {
    node: h("div", { class: "attn-map" }, legend,
      h("div", { class: "attn-tiles", role: "toolbar", "aria-label": "Mechanisms: press one to see its four choices" }, ...tiles), name, line, note),
    side: h("div", { class: "attn-fruits" }, h("div", { class: "attn-fruit attn-hint", "aria-hidden": "true" },
      ...["", "score", "", "weight"].map((text) => h("span", {}, text))), ...rows.map(({ node }) => node), read),
    draw,
  };
}

// --- the tasks --------------------------------------------------------------------------------------------------------

const words = (one, other) => {
  const found = differing(one, other);
  return found.length ? found.map((kind) => `${kind} (${one[KINDS.indexOf(kind)]} → ${other[KINDS.indexOf(kind)]})`).join("; ") : "none";
};

const done = [
  (s, r, { memo }) => {
    const two = (memo.pressed ?? []).filter((name) => NAMED[name].fits !== "none");
    if (two.length < 2 || two.at(-1) === two.at(-2)) return false;
    memo.told ??= { first: two.at(-2), second: two.at(-1), count: differing(NAMED[two.at(-2)].choices, NAMED[two.at(-1)].choices).length,
      what: words(NAMED[two.at(-2)].choices, NAMED[two.at(-1)].choices) };
    return memo.told;
  },
  (s, r, { memo }) => {
    const from = NAMED[s.mechanism];
    if (memo.pressed?.at(-1) === r.names[0] || from.fits === "none" || differing(from.choices, r.choices).length !== 1 || !r.names.length || r.refused) return memo.told ?? false;
    return (memo.told = { first: from.name, second: r.names[0], what: words(from.choices, r.choices) });
  },
  (s, r) => !r.names.length && !r.refused && {
    choices: r.choices.join(" · "),
    near: r.near.length ? listed(r.near.slice(0, 3)) : "nothing with a name",
  },
];

export const render = explorer({
  facts: FACTS,
  compute,
  stage,
  main: (kit) => [kit.control("score"), kit.control("select", { as: chips }), kit.control("normalise"), kit.control("read"),
    kit.control("sweet"), kit.control("sour")],
  more: (kit) => [
    kit.control("uniform", { shown: (s) => s.select === "drawn" }),
    { node: h("p", { class: "attn-hint" }, "The fruits are those of chapter 2; the wish is sweet and a little sour. What would be learned is fixed by hand. The mask leaves out "
      + "the kiwi, which is not in season; the window holds the cherry and its neighbours; the age of the fruits falls from the first to the last.") },
  ],
  table: {
    caption: "Each fruit with its score, whether it may count, and its weight",
    columns: ["fruit", "score", "may count", "weight"],
    rows: (s, r) => fruits.map((fruit, i) => [fruit, decimal(r.scores[i]), r.chosen[i] ? "yes" : "no", decimal(r.weights[i])]),
  },
  say: (s, r) => readout(r),
  done,
  wide: true,
});
