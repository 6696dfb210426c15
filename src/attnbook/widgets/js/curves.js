/** Curves on two logarithmic axes, with a place on the one below that is read, and a mark where two of them meet. */
import { h, setAttr } from "./kit.js";

const [LEFT, BOTTOM, WIDE, HIGH] = [56, 140, 240, 130]; // of the drawing

/**
 * `most` is where the axis below ends, which begins at 1; `low` and `high` are the powers of ten between which curves are shown.
 * `names` has the name of each curve with the ink that it is drawn in; `below` and `beside` the numbers at the axes with their words.
 */
export function logCurves({ most, low, high, names, below, beside }) {
  const across = (x) => (LEFT + (WIDE * Math.log(x)) / Math.log(most)).toFixed(1);
  const up = (y) => (BOTTOM - (HIGH * (Math.log10(y) - low)) / (high - low)).toFixed(1);
  const path = (ink, more = {}) => h("path", { style: `stroke: var(--attn-${ink})`, ...more });
  const text = (x, y, words, anchor, ink = "muted") => h("text", { x, y, "text-anchor": anchor, style: `fill: var(--attn-${ink})` }, words);
  const [curves, here] = [names.map(([, ink]) => path(ink)), path("muted", { "stroke-dasharray": "3 3" })];
  const mark = h("circle", { r: 5, style: "stroke: var(--attn-ink)" });
  return {
    node: h("svg", { viewBox: "0 0 320 160", style: "fill: none; stroke-width: 2px; font-size: 11px", "aria-hidden": "true" },
      path("muted", { d: `M${LEFT} ${BOTTOM - HIGH}V${BOTTOM}H${LEFT + WIDE}` }), here, ...curves, mark,
      ...names.map(([name, ink], n) => text(LEFT + 8, 20 + 14 * n, name, "start", ink)),
      ...below.map(([x, words]) => text(across(x), BOTTOM + 14, words, "middle")),
      ...beside.map(([y, words]) => text(LEFT - 4, up(y), words, "end"))),
    /** Each curve is a function of x; `meet` is where the first two have the same value, below 1 if nowhere. */
    show(functions, at, meet) {
      const places = Array.from({ length: 17 }, (_, i) => most ** (i / 16));
      functions.forEach((f, n) => setAttr(curves[n], "d", `M${places.map((x) => `${across(x)} ${up(f(x))}`).join("L")}`));
      setAttr(here, "d", `M${across(at)} ${BOTTOM}V${BOTTOM - HIGH}`);
      const x = Math.max(1, meet);
      for (const [name, value] of [["visibility", meet < 1 ? "hidden" : null], ["cx", across(x)], ["cy", up(functions[0](x))]]) setAttr(mark, name, value);
    },
  };
}
