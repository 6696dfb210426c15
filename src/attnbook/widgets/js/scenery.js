/** A picture with things in it, as explorers show it: its drawing, and what the things are called. */
import { chips, h, memoize, setAttr } from "./kit.js";
import { COLOURS, GROUND, outline, specks } from "./math/scene.js";

export const letter = (i) => String.fromCharCode(97 + i);
export const kind = ({ colour, shape }) => `${colour} ${shape}`;

/** "the red ball", or "a green square" where there are more of its kind. */
const alone = (things, i) => things.filter((thing) => kind(thing) === kind(things[i])).length === 1;
export const kindName = (things, i) => `${alone(things, i) ? "the" : "a"} ${kind(things[i])}`;
export const thingName = (things, i) => `${kindName(things, i)}${alone(things, i) ? "" : ` (${letter(i)})`}`;

const SIGNS = { ball: "●", square: "■", triangle: "▲" };
const rgb = (parts) => `rgb(${parts.map((part) => Math.round(255 * part))})`;
const grey = (light) => `fill:${rgb([light, light, light])}`;

/** A choice of a colour or a shape, each with how it looks. */
export function looksChips(name, options, how) {
  const part = chips(name, options, how);
  for (const label of part.node.querySelectorAll("label")) {
    const { value } = label.dataset;
    if (COLOURS[value]) label.style.setProperty("--swatch", rgb(COLOURS[value]));
    if (SIGNS[value]) label.style.setProperty("--sign", `"${SIGNS[value]}"`);
  }
  return part;
}

/** The picture of up to `most` things on `side` × `side` pixels, which math/scene.js draws in pixels, as an SVG that stays sharp. */
export function scenery(side, most) {
  const ground = h("g");
  const shapes = Array.from({ length: most }, () => h("path", { class: "attn-shape" }));
  const strew = memoize((clutter, seed) => ground.replaceChildren(...specks({ clutter, seed, side }).map(
    ([cx, cy, r, light]) => h("circle", { class: "attn-shape", cx, cy, r, style: grey(light) }))));
  return {
    node: h("svg", { viewBox: `-0.5 -0.5 ${side} ${side}`, "aria-hidden": "true" },
      h("rect", { x: -0.5, y: -0.5, width: side, height: side, style: grey(GROUND) }), ground, ...shapes),
    show({ objects, clutter, seed }) {
      strew(clutter, seed);
      shapes.forEach((shape, i) => {
        setAttr(shape, "d", objects[i] ? outline(objects[i]) : "");
        if (objects[i]) setAttr(shape, "style", `fill:${rgb(COLOURS[objects[i].colour])}`);
      });
    },
  };
}
