/** The pointer network of the chapter on structures, the way it goes, and the true hull: attnbook.widgets.structures. */
import { convexHull } from "./hull.js";
import { linear } from "./packed.js";
import { softmax } from "./softmax.js";
import { times } from "./vectors.js";

const add = (rows, more) => rows.map((row, i) => row.map((value, j) => value + more[i][j]));

/** Every query reads with each head its own part of the values, and the parts stand next to each other. */
function multiHead(queries, keys, values, heads) {
  const [k, d] = [keys.length, queries[0].length / heads];
  const root = Math.sqrt(d);
  return queries.map((query) => {
    const read = new Float64Array(query.length);
    for (let from = 0; from < read.length; from += d) {
      const scores = new Float64Array(k);
      for (let j = 0; j < k; j++) for (let n = from; n < from + d; n++) scores[j] += (query[n] * keys[j][n]) / root;
      const weights = softmax(scores);
      for (let j = 0; j < k; j++) for (let n = from; n < from + d; n++) read[n] += weights[j] * values[j][n];
    }
    return read;
  });
}

/** How well each point follows each: row i from point i; coordinates from −1 to 1. */
export function pointScores(p, points) {
  const map = (name, rows) => rows.map((row) => linear(p, name, row));
  let x = map("enter", points);
  for (let n = 0; `widen.${n}.weight` in p; n++) {
    const [q, k, v] = ["query", "key", "value"].map((name) => map(`attention.${n}.${name}`, x));
    x = add(x, map(`attention.${n}.output`, multiHead(q, k, v, Math.round(p.heads[0]))));
    x = add(x, map(`narrow.${n}`, map(`widen.${n}`, x).map((row) => row.map((value) => Math.max(value, 0)))));
  }
  const [w, bias] = [p["score.w"], p["score.bias"]];
  const [asked, known] = [p["score.W_q"], p["score.W_k"]].map((W) => x.map((row) => times(W, row)));
  return asked.map((q) => known.map((k) => {
    let score = 0;
    for (let i = 0; i < w.length; i++) score += w[i] * Math.tanh(q[i] + k[i] + bias[i]);
    return score;
  }));
}

/** From place to place, always to the highest score of those not yet used, until back at the start; the weights of each step. */
export function walk(scores, start) {
  const [path, weights] = [[start], []];
  for (;;) {
    const row = scores[path.at(-1)];
    const free = row.map((_, j) => !path.includes(j) || (j === start && path.length > 2));
    weights.push(softmax(row, { mask: free }));
    let best = -1;
    row.forEach((score, j) => { if (free[j] && (best < 0 || score > row[best])) best = j; });
    if (best === start) return { path, weights };
    path.push(best);
  }
}

/** In millionths: there a line is a line. */
const onGrid = (points) => points.map((place) => place.map((value) => Math.floor(value * 1e6 + 0.5)));

/** Is no point in the place of another? */
export const apart = (points) => new Set(onGrid(points).map(String)).size === points.length;

/** The way round the hull, anticlockwise from the leftmost point: its corners, and all points along its edges. */
export function trueRound(points) {
  const grid = onGrid(points);
  const number = new Map(grid.map((place, i) => [String(place), i]));
  const hull = convexHull(grid);
  const corners = hull.map((place) => number.get(String(place)));
  const along = hull.flatMap(([x, y], n) => {
    const [u, v] = hull[(n + 1) % hull.length].map((value, i) => value - [x, y][i]);
    const on = grid.flatMap(([a, b], i) => {
      const far = ((a - x) * u + (b - y) * v) / (u * u + v * v);
      return u * (b - y) === v * (a - x) && far > 0 && far < 1 ? [[far, i]] : [];
    });
    return [corners[n], ...on.sort(([a], [b]) => a - b).map(([, i]) => i)];
  });
  return { corners, along };
}
