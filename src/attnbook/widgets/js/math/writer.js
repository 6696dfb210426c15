/** The model that writes, in the chapter on the Transformer, run from its numbers: attnbook.widgets.transformer. */
import { linear } from "./packed.js";
import { softmax } from "./softmax.js";

/** The vector with mean 0 and variance 1, and then stretched and moved. */
function norm(p, name, x) {
  const mean = x.reduce((sum, value) => sum + value, 0) / x.length;
  const spread = Math.sqrt(x.reduce((sum, value) => sum + (value - mean) ** 2, 0) / x.length + 1e-5);
  const [stretch, move] = [p[`${name}.weight`], p[`${name}.bias`]];
  return x.map((value, i) => ((value - mean) / spread) * stretch[i] + move[i]);
}

const add = (x, y) => x.map((value, i) => value + y[i]);

/** Each head's part of the vector turned by its place: the pairs are halves. */
function turned(x, place, heads) {
  const [y, half] = [new Float64Array(x.length), x.length / heads / 2];
  for (let from = 0; from < x.length; from += 2 * half) {
    for (let j = 0; j < half; j++) {
      const angle = place * 10_000 ** (-j / half);
      const [cos, sin, a, b] = [Math.cos(angle), Math.sin(angle), x[from + j], x[from + j + half]];
      y[from + j] = cos * a - sin * b;
      y[from + j + half] = sin * a + cos * b;
    }
  }
  return y;
}

/** One more character: what it asks, what all before it and itself answer, and the scores of what follows. */
function row(p, token, before) {
  const [heads, place] = [Math.round(p.heads[0]), before.length];
  const here = { keys: [], values: [], weights: [] };
  const all = [...before, here];
  let x = p["token.weight"][token];
  for (let n = 0; `blocks.${n}.widen.weight` in p; n++) {
    const block = `blocks.${n}`;
    const normed = norm(p, `${block}.norms.0`, x);
    const [query, key, value] = ["query", "key", "value"].map((part) => linear(p, `${block}.attention.${part}`, normed));
    const asked = turned(query, place, heads);
    here.keys.push(turned(key, place, heads));
    here.values.push(value);
    const [read, d, root] = [new Float64Array(x.length), x.length / heads, Math.sqrt(x.length / heads)];
    for (let from = 0; from < x.length; from += d) {
      const scores = new Float64Array(all.length);
      all.forEach(({ keys: { [n]: each } }, j) => { for (let i = from; i < from + d; i++) scores[j] += (asked[i] * each[i]) / root; });
      const weights = softmax(scores);
      all.forEach(({ values: { [n]: each } }, j) => { for (let i = from; i < from + d; i++) read[i] += weights[j] * each[i]; });
      here.weights.push(weights);
    }
    x = add(x, linear(p, `${block}.attention.output`, read));
    const wide = linear(p, `${block}.widen`, norm(p, `${block}.norms.1`, x)).map((value) => Math.max(value, 0));
    x = add(x, linear(p, `${block}.narrow`, wide));
  }
  here.scores = linear(p, "next_token", norm(p, "norm", x));
  return here;
}

/**
 * A row for each token: the weights of all heads, layer by layer, and the scores of what follows. As no row sees what comes
 * after it, those of an earlier reading stay, as far as the tokens are the same: a cache of keys and values.
 */
export function readText(p, tokens, earlier = { p, tokens: [], rows: [] }) {
  let same = 0;
  while (earlier.p === p && same < tokens.length && tokens[same] === earlier.tokens[same]) same++;
  const rows = earlier.rows.slice(0, same);
  for (let t = same; t < tokens.length; t++) rows.push(row(p, tokens[t], rows));
  return { p, tokens, rows };
}

/** Which one a number from 0 to 1 falls on, when the chances lie one after the other. */
export function chosen(chances, at) {
  let [i, sum] = [0, chances[0]];
  while (sum <= at && i < chances.length - 1) sum += chances[++i];
  return i;
}

/** The weights of each head as a square, row by row, with zeros where nothing may be seen. */
export function mapsOf({ p, rows }) {
  const layers = Object.keys(p).filter((name) => name.endsWith("widen.bias")).length;
  return Array.from({ length: layers * Math.round(p.heads[0]) }, (_, head) => {
    const map = new Float64Array(rows.length ** 2);
    rows.forEach(({ weights }, i) => map.set(weights[head], i * rows.length));
    return map;
  });
}

/** How much weight each head gives the character just before, on average. */
export function justBefore({ rows: [first, ...rows] }) {
  return first.weights.map((_, head) => rows.reduce((sum, { weights }, i) => sum + weights[head][i], 0) / rows.length);
}

/** The rows in which a head's weights are other ones than before, by a hundredth at least. */
export function moved(now, was, head) {
  return now.rows.flatMap(({ weights }, i) => (
    weights[head].some((weight, j) => Math.abs(weight - was.rows[i].weights[head][j]) >= 0.01) ? [i] : []));
}
