/** What the width of queries and keys does to softmax: ten random keys, without and with √d. */
import { explorer } from "./explorer.js";
import { FACTS } from "./facts/scoring_width.js";
import { decimal, formula, h, memoize, percent, setAttr, setText } from "./kit.js";
import { saturation, saturationDraws } from "./math/saturation.js";

const KINDS = { plain: "qᵀ k", scaled: "qᵀ k / √d" };
const SURE = 0.9; // of the weight, for one key

const drawsOf = memoize(saturationDraws); // the draws of one seed serve every width
const computeOnce = memoize((width, seed) => saturation(width, drawsOf(seed)));
export const compute = ({ width, seed }) => computeOnce(width, seed);

function stage() {
  const cards = Object.entries(KINDS).map(([kind, title]) => {
    const columns = Array.from({ length: 10 }, () => h("span", { class: "attn-column" }));
    const chart = h("div", { class: "attn-chart", role: "img" }, ...columns);
    const cells = ["largest weight", "entropy", "gradient"].map((name) => [name, h("dd")]);
    const node = h("div", { class: "attn-card" }, h("p", { class: "attn-formula" }, ...formula(title)), chart,
      h("dl", {}, ...cells.map(([name, value]) => h("div", {}, h("dt", {}, name), value))));
    return { kind, title, node, columns, chart, cells: cells.map(([, value]) => value) };
  });
  return {
    node: h("div", { class: "attn-cards" }, ...cards.map(({ node }) => node)),
    draw(s, r) {
      for (const { kind, title, columns, chart, cells } of cards) {
        const { weights, largest, entropy, gradient } = r[kind];
        columns.forEach((column, i) => { column.style.height = `${100 * weights[i]}%`; });
        setAttr(chart, "aria-label", `Ten weights by ${title} at width ${s.width}; the largest is ${percent(largest)}`);
        [percent(largest), `${decimal(entropy)} bits`, decimal(gradient, 3)].forEach((text, i) => setText(cells[i], text));
      }
    },
  };
}

const told = (s, { plain, scaled }) => ({ width: s.width, plain: percent(plain.largest), scaled: percent(scaled.largest) });

export const render = explorer({
  facts: FACTS,
  compute,
  stage,
  main: (kit) => [
    kit.control("width", { text: String }),
    { node: kit.button("New draw", () => kit.change({ seed: (kit.s.seed + 1) % 2 ** 32 }, () => "ten new keys")) },
  ],
  table: {
    caption: "Ten weights, without and with √d",
    columns: ["key", ...Object.values(KINDS)],
    rows: (s, r) => r.plain.weights.map((weight, i) => [String(i + 1), percent(weight), percent(r.scaled.weights[i])]),
    note: (s, r) => `The gradient, ${decimal(r.plain.gradient, 3)} and ${decimal(r.scaled.gradient, 3)}, says how much the weights `
      + "still move when the scores do.",
  },
  say: (s, r) => `largest weight ${percent(r.plain.largest)} without √d, ${percent(r.scaled.largest)} with it`,
  done: [
    (s, r, { before }) => s.width !== before.width && r.plain.largest > SURE && told(s, r),
    (s, r, { before }) => s.width === FACTS.traits.width.most && s.seed !== before.seed && told(s, r),
  ],
  wide: true,
});
