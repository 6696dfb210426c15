/** The sequence of attnbook.widgets.efficient, and attnbook.core's ways to answer with less: one row of one head at a time. */
import { gaussian } from "./random.js";
import { inner, transposedTimes } from "./vectors.js";

/** Queries, keys and values, as [head][token] lists of vectors. */
export function sequence(seed, rest, { tokens, heads, width, recent, quiet }) {
  const all = gaussian(seed, 3 * tokens * heads * width);
  const [query, keys, values] = [0, 1, 2].map((part) => Array.from({ length: heads }, (_, head) => (
    Array.from({ length: tokens }, (__, i) => {
      const from = ((part * tokens + i) * heads + head) * width;
      return all.slice(from, from + width);
    }))));
  const root = Math.sqrt(width);
  query.forEach((rows) => rows.forEach((row, i) => { [row[0], row[1]] = [root, root * (rest + recent * i)]; }));
  keys.forEach((rows) => rows.forEach((row, i) => { [row[0], row[1]] = [recent * i, i === 0 ? 1 : 0]; }));
  values.forEach(([first]) => first.forEach((value, i) => { first[i] = quiet * value; }));
  return { query, keys, values };
}

/** The mean of each group of neighbouring heads, for every head of the group. */
export const shared = (heads, size) => heads.map((_, m) => {
  const first = m - (m % size);
  const group = heads.slice(first, first + size);
  return heads[m].map((row, i) => row.map((__, c) => group.reduce((sum, head) => sum + head[i][c], 0) / size));
});

/** elu(x) + 1 */
const feature = (x) => x.map((value) => (value > 0 ? value + 1 : Math.exp(value)));

/** The weights of linear attention over keys up to the query's own place. */
export function linearWeights(query, keys, t) {
  const asked = feature(query);
  const powers = keys.map((key, i) => (i <= t ? inner(asked, feature(key)) : 0));
  const total = powers.reduce((sum, power) => sum + power, 0);
  return powers.map((power) => power / total);
}

/** An online softmax over blocks of the first `end` scores: the highest, the sum, and the output so far. */
export function online(scores, values, block, end) {
  let [highest, total, output] = [-Infinity, 0, values[0].map(() => 0)];
  for (let at = 0; at < end; at += block) {
    const here = scores.slice(at, Math.min(at + block, end));
    const before = highest;
    highest = Math.max(before, ...here);
    const [powers, shrink] = [here.map((score) => Math.exp(score - highest)), Math.exp(before - highest)];
    const read = transposedTimes(values.slice(at, at + here.length), powers);
    total = shrink * total + powers.reduce((sum, power) => sum + power, 0);
    output = output.map((value, c) => shrink * value + read[c]);
  }
  return { highest, total, output: output.map((value) => value / total) };
}
