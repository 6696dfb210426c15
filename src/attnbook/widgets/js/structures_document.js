/** A review read in one level and in two. What can be set, and in which words, is declared in attnbook.widgets.structures_document. */
import { explorer } from "./explorer.js";
import { FACTS } from "./facts/structures_document.js";
import { ARROWS_TOO, bar, chips, h, memoize, percent, rove, setHidden, setText } from "./kit.js";
import { unpack } from "./math/packed.js";
import { readDocument } from "./math/reading.js";

const { traits, things, opinions, same, grades } = FACTS;
const SENTENCES = 6;
const LENGTH = traits.document.length[1] / SENTENCES;
const numberOf = new Map(traits.document.words.map((word, i) => [word, i]));

const top = (row) => row.indexOf(Math.max(...row));
const [parametersOfFlat, parametersOfHierarchy] = [memoize(unpack), memoize(unpack)];
const linesOf = (document) => {
  const all = document.split(" ");
  return Array.from({ length: SENTENCES }, (_, i) => all.slice(i * LENGTH, (i + 1) * LENGTH));
};

function readings({ document, question, temperature, flat, hierarchy }) {
  const sentences = linesOf(document).map((words) => words.map((word) => numberOf.get(word)));
  const asked = things.indexOf(question);
  return {
    one: readDocument(parametersOfFlat(flat), sentences, asked, "one", temperature),
    two: readDocument(parametersOfHierarchy(hierarchy), sentences, asked, "two", temperature),
  };
}

export function compute(s) {
  const both = readings(s);
  const { chances, words, sentences } = both[s.levels];
  return { ...both, chances, words, sentences, lines: linesOf(s.document), best: top(sentences), answer: grades[top(chances)] };
}

/** What a press makes of a word: the next thing, or an opinion of the next grade; nothing else can be changed. */
function next(word) {
  const list = things.includes(word) ? things : opinions;
  const at = list.indexOf(same[word] ?? word);
  return at < 0 ? null : list[(at + 1) % list.length];
}

const say = (s, r) => `${r.answer}, ${percent(Math.max(...r.chances))}; sentence ${r.best + 1} has ${percent(r.sentences[r.best])}`;

function stage(kit) {
  const group = {};
  const lines = Array.from({ length: SENTENCES }, (_, i) => {
    const words = Array.from({ length: LENGTH }, (_, j) => {
      const under = bar();
      const [plain, text] = [h("span"), h("span")];
      const press = kit.button("", () => {
        const [all, at] = [kit.s.document.split(" "), i * LENGTH + j];
        const news = next(all[at]);
        const document = all.map((word, n) => (n === at ? news : word)).join(" ");
        kit.change({ document }, () => `sentence ${i + 1}: ${news} in place of ${all[at]}`);
      });
      press.className = "attn-swap";
      press.append(text);
      rove(group, press, kit.signal, ARROWS_TOO);
      return { node: h("span", { class: "attn-said" }, plain, press, under.node), plain, press, text, under };
    });
    const [weight, number] = [bar(), h("span", { class: "attn-number" })];
    const node = h("div", { class: "attn-line" }, h("span", { class: "attn-hint" }, String(i + 1)),
      h("p", { class: "attn-sentence" }, ...words.map((word) => word.node)), h("span", { class: "attn-cell" }, weight.node, number));
    return { node, words, weight, number };
  });
  const answers = grades.map((grade) => {
    const [share, number] = [bar(), h("span", { class: "attn-number" })];
    const node = h("tr", {}, h("th", { scope: "row" }, grade), h("td", {}, h("span", { class: "attn-cell" }, share.node, number)));
    return { node, share, number };
  });
  const models = h("p", { class: "attn-hint" });
  return {
    node: h("div", { class: "attn-review", role: "toolbar", "aria-label": "Review: press a thing or an opinion to change it" }, ...lines.map(({ node }) => node)),
    side: h("div", { class: "attn-readings" }, h("table", { class: "attn-bars" }, h("caption", { class: "attn-hint" }, "Answer"),
      h("tbody", {}, ...answers.map(({ node }) => node))), models),
    draw(s, r) {
      lines.forEach(({ words, weight, number }, i) => {
        words.forEach(({ plain, press, text, under }, j) => {
          const word = r.lines[i][j];
          const fixed = next(word) === null;
          setHidden(plain, !fixed);
          setHidden(press, fixed);
          setText(fixed ? plain : text, word);
          under.show(0, r.words[i][j], "weight");
        });
        weight.show(0, r.sentences[i], "weight");
        setText(number, percent(r.sentences[i]));
      });
      answers.forEach(({ node, share, number }, i) => {
        share.show(0, r.chances[i], "weight");
        setText(number, percent(r.chances[i]));
        node.classList.toggle("attn-best", grades[i] === r.answer);
      });
      const parameters = Object.values(s.flat).reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b), 0);
      setText(models, `Both readers (${s.trained}) run in this page, ${parameters.toLocaleString("en")} parameters of 8 bits each. A press on a thing or an opinion changes it.`);
    },
  };
}

const done = [
  (s, r) => s.levels === "two" && {
    best: r.best + 1, share: percent(r.sentences[r.best]), answer: r.answer, was: percent(r.one.sentences[r.best]),
  },
  (s, r, { before }) => s.levels === "two" && s.question !== before.question && s.document.split(" ").includes(s.question) && {
    best: r.best + 1, share: percent(r.sentences[r.best]),
  },
  (s, r, { before }) => {
    const was = readings(before);
    const [flat, deep] = ["one", "two"].map((kind) => [was, r].map((each) => grades[top(each[kind].chances)]));
    return s.question === before.question && s.document !== before.document && flat[0] !== flat[1] && deep[0] === deep[1] && {
      now: flat[1], was: flat[0], answer: deep[1],
    };
  },
];

export const render = explorer({
  facts: FACTS,
  compute,
  stage,
  main: (kit) => [kit.control("levels", { as: chips }), kit.control("question", { as: chips }), kit.control("temperature")],
  table: {
    caption: "What each sentence weighs, and which word in it most",
    columns: ["sentence", "weight", "word", "weight of the word"],
    rows: (s, r) => r.lines.map((line, i) => {
      const most = top(r.words[i]);
      return [String(i + 1), percent(r.sentences[i]), line[most], percent(r.words[i][most])];
    }),
  },
  say,
  done,
  wide: true,
});
