/** attnbook.core.self_attention: masks over places, and positions; and the weights of its heads. */
import { scaledDot } from "./scorers.js";
import { softmax } from "./softmax.js";
import { transposedTimes } from "./vectors.js";

/** The angle of each pair of a vector of this width at this place. */
const angles = (place, width, base) => Array.from({ length: width / 2 }, (_, pair) => place * base ** ((-2 * pair) / width));

/** The place as sines and cosines, neighbours of one speed. */
export const sinusoidal = (place, width, base = 1e4) => angles(place, width, base).flatMap((angle) => [Math.sin(angle), Math.cos(angle)]);

/** Each pair of neighbours of a vector, turned by an angle that grows with its place. @param {Vector} vector */
export function rotate(vector, place, base = 1e4) {
  return angles(place, vector.length, base).flatMap((angle, pair) => {
    const [x, y] = vector.slice(2 * pair, 2 * pair + 2);
    return [Math.cos(angle) * x - Math.sin(angle) * y, Math.sin(angle) * x + Math.cos(angle) * y];
  });
}

/** Each mask as a question: may the word at place i look at the one at place j? */
const MASKS = {
  none: () => true,
  causal: (i, j) => j <= i,
  window: (i, j, { window }) => Math.abs(i - j) < window,
  padding: (i, j, { length }) => j < length,
};

/** True where one of n words, in its row, may look at another. */
export function allowed(kind, n, { window, padding }) {
  const all = Array.from({ length: n }, (_, i) => i);
  return all.map((i) => all.map((j) => MASKS[kind](i, j, { window, length: n - padding })));
}

/** The weights with which each vector looks at each, for every head. @param {Matrix} inputs */
export function headWeights(inputs, maps, { heads, rotary, mask, temperature }) {
  const [query, keys] = [maps.query, maps.keys].map((map) => inputs.map((x) => transposedTimes(map, x))); // (n, h·d)
  const d = query[0].length / heads;
  return Array.from({ length: heads }, (_, head) => {
    const [q, k] = [query, keys].map((rows) => rows.map((row, place) => {
      const part = row.slice(head * d, (head + 1) * d);
      return rotary ? rotate(part, place) : part;
    }));
    return q.map((each, i) => softmax(scaledDot(each, k), { temperature, mask: mask[i] }));
  });
}
