/**
 * The book's mathematics in the browser: the same functions as attnbook.core, with the same names in camelCase.
 *
 * Here there is one query, a vector of `d` numbers; keys are a list of `k` vectors; scores and weights are lists of
 * `k` numbers. tests/browser/test_parity.py holds every function equal to its Python original.
 *
 * @typedef {number[]} Vector
 * @typedef {number[][]} Matrix
 */

/** @param {Vector} a @param {Vector} b */
export function inner(a, b) {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

/** @param {Matrix} A @param {Vector} x */
export function times(A, x) {
  return A.map((row) => inner(row, x));
}

/** Wᵀ x @param {Matrix} W @param {Vector} x */
export function transposedTimes(W, x) {
  return W[0].map((_, column) => W.reduce((sum, row, i) => sum + row[column] * x[i], 0));
}

/** ‖x‖; the largest number is divided out first, so that squares neither overflow nor vanish. @param {Vector} x */
export function length(x) {
  let largest = 0;
  for (let i = 0; i < x.length; i++) largest = Math.max(largest, Math.abs(x[i]));
  if (largest === 0) return 0;
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += (x[i] / largest) ** 2;
  return largest * Math.sqrt(sum);
}

/** The vector made as long as 1; a zero vector stays zero. */
function unit(x) {
  const size = length(x) || 1;
  return x.map((value) => value / size);
}

const minus = (a, b) => a.map((value, i) => value - b[i]);

// --- scorers: how relevant is each key to the query? ----------------------------------------------------------------

/** vᵀ tanh(W_q q + W_k k + bias) @param {Vector} query @param {Matrix} keys */
export function additive(query, keys, W_q, W_k, v, bias = null) {
  const asked = times(W_q, query).map((value, i) => value + (bias ? bias[i] : 0)); // (h,)
  return keys.map((key) => {
    let score = 0;
    for (let i = 0; i < v.length; i++) score += v[i] * Math.tanh(asked[i] + inner(W_k[i], key));
    return score;
  });
}

/** qᵀ W k @param {Vector} query @param {Matrix} keys @param {Matrix} W */
export function bilinear(query, keys, W) {
  const turned = transposedTimes(W, query); // Wᵀq, (dk,)
  return keys.map((key) => inner(turned, key));
}

/** q · k @param {Vector} query @param {Matrix} keys */
export function dot(query, keys) {
  return keys.map((key) => inner(query, key));
}

/** q · k / √d @param {Vector} query @param {Matrix} keys */
export function scaledDot(query, keys) {
  const root = Math.sqrt(query.length);
  return keys.map((key) => inner(query, key) / root);
}

/** The cosine of the angle between q and k; a zero vector has no direction and scores 0. */
export function cosine(query, keys) {
  const direction = unit(query);
  return keys.map((key) => inner(direction, unit(key)));
}

/** Row i of W, times q: what the keys say does not enter, only how many they are. */
export function location(query, keys, W) {
  return keys.map((_, i) => inner(W[i], query));
}

/** −‖q − k‖ @param {Vector} query @param {Matrix} keys */
export function negativeDistance(query, keys) {
  return keys.map((key) => -length(minus(query, key)));
}

/** −Σⱼ ‖k − kⱼ‖ over the keys `among`; the query does not enter. */
export function summedDistance(query, keys, among = keys) {
  return keys.map((key) => -among.reduce((sum, other) => sum + length(minus(key, other)), 0));
}

// --- from scores to an answer ---------------------------------------------------------------------------------------

/** Softmax over the keys; where `mask` is false the weight is 0, and if it is false everywhere all weights are. */
export function softmax(scores, { temperature = 1, mask = null } = {}) {
  const allowed = (i) => !mask || mask[i];
  let largest = -Infinity;
  scores.forEach((score, i) => { if (allowed(i) && score > largest) largest = score; });
  const powers = scores.map((score, i) => (allowed(i) ? Math.exp((score - largest) / temperature) : 0));
  const total = powers.reduce((sum, power) => sum + power, 0);
  return total === 0 ? powers : powers.map((power) => power / total);
}

/** The weighted mean of the values, and the weights. */
export function attend(scores, values, options = {}) {
  const weights = softmax(scores, options);
  return { output: transposedTimes(values, weights), weights };
}

// --- what width does to softmax -------------------------------------------------------------------------------------

/** Standard normal numbers, the same as attnbook.data.gaussian(seed, count): mulberry32, then Box and Muller's method. */
export function gaussian(seed, count) {
  return Array.from({ length: count }, (_, n) => {
    const [u, t] = [(word(seed, 2 * n) + 1) / 2 ** 32, word(seed, 2 * n + 1) / 2 ** 32];
    return Math.sqrt(-2 * Math.log(u)) * Math.cos(2 * Math.PI * t);
  });
}

/** Numbers from 0 up to 1, the same as attnbook.data.uniform(seed, count). */
export function uniform(seed, count) {
  return Array.from({ length: count }, (_, n) => word(seed, n) / 2 ** 32);
}

/** Word i of mulberry32, 32 bits. */
function word(seed, i) {
  let a = (seed + Math.imul(i + 1, 0x6d2b79f5)) | 0;
  a = Math.imul(a ^ (a >>> 15), a | 1);
  a ^= a + Math.imul(a ^ (a >>> 7), a | 61);
  return (a ^ (a >>> 14)) >>> 0;
}

/** The corners of the smallest convex region that holds all points, counterclockwise. @param {Matrix} points */
export function convexHull(points) {
  const ordered = [...points].sort(([a, b], [c, d]) => a - c || b - d)
    .filter(([x, y], i, all) => i === 0 || x !== all[i - 1][0] || y !== all[i - 1][1]);
  if (ordered.length < 3) return ordered;
  const chain = (candidates) => { // walks along the points and keeps only left turns
    const corners = [];
    for (const [x, y] of candidates) {
      while (corners.length > 1) {
        const [[a, b], [c, d]] = corners.slice(-2);
        if ((c - a) * (y - b) - (d - b) * (x - a) > 0) break;
        corners.pop();
      }
      corners.push([x, y]);
    }
    return corners.slice(0, -1);
  };
  return [...chain(ordered), ...chain([...ordered].reverse())];
}

/** The entropy of a distribution in bits. @param {Vector} weights */
export function entropy(weights) {
  return weights.reduce((sum, weight) => (weight > 0 ? sum - weight * Math.log2(weight) : sum), 0);
}

/** ‖diag(w) − w wᵀ‖: how much the weights can still move when the scores do. @param {Vector} weights */
export function gradientSize(weights) {
  let sum = 0;
  weights.forEach((a, i) => weights.forEach((b, j) => { sum += (i === j ? a * (1 - a) : a * b) ** 2; }));
  return Math.sqrt(sum);
}

const MOST_WIDTH = 512;
const ROW = 11; // of each dimension, the query's number and those of ten keys

/** The numbers behind `saturation`, row by row of a dimension: the query's, then those of ten keys. */
export function saturationDraws(seed) {
  return gaussian(seed, MOST_WIDTH * ROW);
}

/**
 * What softmax makes of a query and ten keys of `width` independent N(0, 1) numbers, without and with √d.
 * A larger width keeps the numbers of a smaller one and adds to them.
 */
export function saturation(width, draws) {
  const query = Array.from({ length: width }, (_, i) => draws[i * ROW]);
  const keys = Array.from({ length: ROW - 1 }, (_, k) => query.map((_, i) => draws[i * ROW + 1 + k]));
  const summary = (scores) => {
    const weights = softmax(scores);
    return { scores, weights, largest: Math.max(...weights), entropy: entropy(weights), gradient: gradientSize(weights) };
  };
  return { plain: summary(dot(query, keys)), scaled: summary(scaledDot(query, keys)) };
}

// --- the scene: attnbook.data.draw ----------------------------------------------------------------------------------
//
// A map is a Float64Array of side × side numbers, row by row from the top; the side is a multiple of four. An image is
// three maps: its red, its green and its blue.

/** The colours that things may have: red, green and blue from 0 to 1. */
export const COLOURS = {
  red: [0.8, 0.12, 0.12], green: [0.22, 0.9, 0.22], blue: [0.1, 0.1, 0.78], yellow: [0.98, 0.98, 0.3],
};
export const SHAPES = ["ball", "square", "triangle"];
const GROUND = 0.6;
const ROOT3 = Math.sqrt(3);

/** How far (u, v) is from the outline of a shape of a size around (0, 0): negative inside. */
const DISTANCE = {
  ball: (u, v, size) => Math.sqrt(u * u + v * v) - size,
  square: (u, v, size) => Math.max(Math.abs(u), Math.abs(v)) - size,
  triangle: (u, v, size) => Math.max(v - (ROOT3 / 2) * size, (ROOT3 / 2) * Math.abs(u) - v / 2 - (ROOT3 / 4) * size),
};

/** Paints a shape over the image, with an edge one pixel soft; its pixels get the label, if there is one. */
function stamp({ image, labels, side }, shape, [x0, y0], size, colour, label) {
  const distance = DISTANCE[shape];
  const span = (at) => [Math.max(0, Math.floor(at - size - 1)), Math.min(side - 1, Math.ceil(at + size + 1))];
  const [[left, right], [top, bottom]] = [span(x0), span(y0)];
  for (let y = top; y <= bottom; y++) {
    for (let x = left; x <= right; x++) {
      const away = distance(x - x0, y - y0, size);
      if (away >= 0.5) continue;
      const cover = Math.min(1, 0.5 - away);
      const at = y * side + x;
      for (let c = 0; c < 3; c++) image[c][at] = image[c][at] * (1 - cover) + cover * colour[c];
      if (label && away <= 0) labels[at] = label;
    }
  }
}

/** The ground with its specks, which belong to no thing. */
export function specks({ side = 128, clutter = 0, seed = 0 } = {}) {
  const image = [0, 1, 2].map(() => new Float64Array(side * side).fill(GROUND));
  const picture = { side, image, labels: new Uint8Array(side * side) };
  const draws = uniform(seed, 4 * clutter);
  for (let i = 0; i < draws.length; i += 4) {
    const [left, above, radius, light] = draws.slice(i, i + 4);
    const grey = GROUND + 0.3 * (2 * light - 1);
    stamp(picture, "ball", [side * left - 0.5, side * above - 0.5], 1 + radius, [grey, grey, grey], 0);
  }
  return picture;
}

/** Things { shape, colour, x, y, size } on a ground, each over those before it; a pixel of thing i has the label i + 1. */
export function draw(things, ground) {
  const picture = { side: ground.side, image: ground.image.map((map) => map.slice()), labels: ground.labels.slice() };
  things.forEach(({ shape, colour, x, y, size }, i) => stamp(picture, shape, [x, y], size, COLOURS[colour], i + 1));
  return picture;
}

// --- where would somebody look? attnbook.core.cognitive -------------------------------------------------------------

const COMMON = 0.05;
const FLAT = 1e-5;
const FAINT = 0.005;

/** A rows × columns matrix whose entry (i, j) is entry(i, j); both counts are multiples of four. */
function matrixOf(rows, columns, entry) {
  const entries = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) entries[i * columns + j] = entry(i, j);
  return { rows, columns, entries };
}

/** (A M)ᵀ into `product`, by blocks of two rows of A and four of M; a block of A that is next to zero is left out. */
function timesTransposed({ rows, columns, entries }, map, product) {
  const wide = map.length / columns;
  const [upper, lower] = [new Float64Array(wide), new Float64Array(wide)];
  for (let i = 0; i < rows; i += 2) {
    upper.fill(0);
    lower.fill(0);
    for (let j = 0; j < columns; j += 4) {
      const [u, v] = [i * columns + j, (i + 1) * columns + j];
      const a = entries[u], b = entries[u + 1], c = entries[u + 2], d = entries[u + 3];
      const e = entries[v], f = entries[v + 1], g = entries[v + 2], h = entries[v + 3];
      if (a + b + c + d + e + f + g + h < 1e-8) continue;
      const p = j * wide, q = p + wide, r = q + wide, s = r + wide;
      for (let x = 0; x < wide; x++) {
        const k = map[p + x], l = map[q + x], m = map[r + x], n = map[s + x];
        upper[x] += a * k + b * l + c * m + d * n;
        lower[x] += e * k + f * l + g * m + h * n;
      }
    }
    for (let x = 0; x < wide; x++) {
      product[x * rows + i] = upper[x];
      product[x * rows + i + 1] = lower[x];
    }
  }
  return product;
}

const kernels = new Map();

/**
 * The matrices that blur a map, each along the axis that the one before has left. A narrow Gaussian is one matrix for each
 * axis. A wide one is made of two narrower ones, between which every few pixels' number will do: half the work or less.
 */
function kernelsOf(side, sigma) {
  const name = `${side} ${sigma}`;
  if (kernels.has(name)) return kernels.get(name);
  const near = matrixOf(side, side, (i, j) => Math.exp(-((i - j) ** 2) / (2 * sigma ** 2)));
  const rowOf = (i) => near.entries.subarray(i * side, (i + 1) * side);
  const total = Array.from({ length: side }, (_, i) => rowOf(i).reduce((sum, value) => sum + value, 0));
  const step = 0.5 * sigma;
  const few = 4 * Math.ceil((side + 8 * sigma) / step / 4); // they reach 4 sigma beyond both ends
  let found;
  if (few >= side) {
    const whole = matrixOf(side, side, (i, j) => near.entries[i * side + j] / total[i]);
    found = [whole, whole];
  } else {
    const bell = (i, m) => Math.exp(-(((i - (side - 1) / 2 - (m - (few - 1) / 2) * step) / sigma) ** 2));
    const share = (Math.sqrt(2 / Math.PI) * step) / sigma; // what such bells a step apart have to be multiplied by
    const down = matrixOf(few, side, (m, j) => bell(j, m));
    const up = matrixOf(side, few, (i, m) => (share * bell(i, m)) / total[i]);
    found = [down, down, up, up];
  }
  kernels.set(name, found);
  return found;
}

/** Each number becomes an average of its neighbours, with Gaussian weights that sum to one. */
export function blur(map, sigma) {
  let some = false; // the map of a colour that is nowhere is all zeros
  for (let i = 0; i < map.length && !some; i++) some = map[i] !== 0;
  if (!some) return new Float64Array(map.length);
  const steps = kernelsOf(Math.sqrt(map.length), sigma);
  return steps.reduce((now, kernel, i) => {
    const size = (kernel.rows * now.length) / kernel.columns;
    return timesTransposed(kernel, now, i + 1 < steps.length ? spare(i, size) : new Float64Array(size));
  }, map);
}

const spares = new Map();

/** Room for what lies between two steps of a blur, used again by the next: asking for room takes as long as filling it. */
function spare(step, size) {
  const name = `${step} ${size}`;
  if (!spares.has(name)) spares.set(name, new Float64Array(size));
  return spares.get(name);
}

/** How red, how green, how blue and how yellow each place is. */
export function colourMaps([red, green, blue]) {
  const maps = [0, 1, 2, 3].map(() => new Float64Array(red.length));
  for (let i = 0; i < red.length; i++) {
    const [r, g, b] = [red[i], green[i], blue[i]];
    maps[0][i] = Math.max(0, r - Math.max(g, b));
    maps[1][i] = Math.max(0, g - Math.max(r, b));
    maps[2][i] = Math.max(0, b - Math.max(r, g));
    maps[3][i] = Math.max(0, Math.min(r, g) - b);
  }
  return maps;
}

/** How round, how square and how triangular what lies around each place is, from the directions of its edges. */
export function shapeMaps(image, { fine = 1, pool = 6 } = {}) {
  const count = image[0].length;
  const side = Math.sqrt(count);
  const [real, imaginary] = [new Float64Array(count), new Float64Array(count)]; // of e exp(2iθ)
  for (const channel of image) {
    const map = blur(channel, fine);
    for (let y = 0, at = 0; y < side; y++) {
      const [above, below] = [y > 0 ? side : 0, y + 1 < side ? side : 0];
      for (let x = 0; x < side; x++, at++) {
        const acrossSlope = (map[x + 1 < side ? at + 1 : at] - map[x > 0 ? at - 1 : at]) / 2;
        const downSlope = (map[at + below] - map[at - above]) / 2;
        real[at] += acrossSlope * acrossSlope - downSlope * downSlope;
        imaginary[at] += 2 * acrossSlope * downSlope;
      }
    }
  }
  const [edge, four, six] = [new Float64Array(count), new Float64Array(count), new Float64Array(count)];
  for (let i = 0; i < count; i++) {
    edge[i] = Math.sqrt(real[i] * real[i] + imaginary[i] * imaginary[i]);
    if (edge[i] === 0) continue;
    const [cos, sin] = [real[i] / edge[i], imaginary[i] / edge[i]];
    four[i] = edge[i] * (cos * cos - sin * sin);
    six[i] = -edge[i] * (cos * cos * cos - 3 * cos * sin * sin);
  }
  const [e, a, b, q, t] = [edge, real, imaginary, four, six].map((map) => blur(map, pool));
  const maps = [0, 1, 2].map(() => new Float64Array(count));
  for (let i = 0; i < count; i++) {
    const line = Math.sqrt(a[i] * a[i] + b[i] * b[i]);
    const [square, triangular, all] = [Math.abs(q[i]), Math.abs(t[i]), e[i] + FAINT];
    maps[0][i] = Math.max(0, e[i] - line - square - triangular) / all;
    maps[1][i] = Math.max(0, q[i] - line - triangular) / all;
    maps[2][i] = Math.max(0, t[i] - line - square) / all;
  }
  return maps;
}

/** How much each place stands out of what surrounds it, from 0 to 1. */
export function saliency(image, { centre = 2, surround = 16 } = {}) {
  const [red, green, blue] = image;
  const count = red.length;
  const [lightness, contrast, sum] = [new Float64Array(count), new Float64Array(count), new Float64Array(count)];
  for (let i = 0; i < count; i++) lightness[i] = (red[i] + green[i] + blue[i]) / 3;
  for (const map of [lightness, ...colourMaps(image)]) {
    const [near, far] = [blur(map, centre), blur(map, surround)];
    for (let i = 0; i < count; i++) contrast[i] = near[i] - far[i];
    const common = Math.sqrt(inner(contrast, contrast) / count);
    for (let i = 0; i < count; i++) sum[i] += (contrast[i] / (COMMON + common)) ** 2;
  }
  for (let i = 0; i < count; i++) sum[i] = Math.sqrt(sum[i]);
  return scaled(sum, FLAT / COMMON);
}

function greatest(map) {
  let most = -Infinity;
  for (let i = 0; i < map.length; i++) if (map[i] > most) most = map[i];
  return most;
}

/** The map without what is below 0, divided by its greatest number; one that never rises above `least` is 0 everywhere. */
function scaled(map, least = 0) {
  const most = greatest(map);
  const share = new Float64Array(map.length);
  if (most > least) for (let i = 0; i < map.length; i++) share[i] = Math.max(0, map[i]) / most;
  return share;
}

/** How well each place answers the query: the dot product of the query and the features there. */
export function search(maps, query) {
  const scores = new Float64Array(maps[0].length);
  maps.forEach((map, f) => {
    if (query[f] === 0) return;
    for (let i = 0; i < scores.length; i++) scores[i] += query[f] * map[i];
  });
  return scores;
}

/** (1 − mix) · bottom-up + mix · top-down, each divided by its greatest number. */
export function priority(bottomUp, topDown, { mix }) {
  const [up, down] = [scaled(bottomUp), scaled(topDown)];
  for (let i = 0; i < up.length; i++) up[i] = (1 - mix) * up[i] + mix * down[i];
  return up;
}

/** The best place [y, x], then the best when its neighbourhood is suppressed, and so on; fewer if nothing is left. */
export function fixations(map, count, { radius }) {
  const side = Math.sqrt(map.length);
  const left = map.slice();
  const bell = (at) => Float64Array.from({ length: side }, (_, i) => Math.exp(-((i - at) ** 2) / (2 * radius ** 2)));
  const seen = [];
  while (seen.length < count) {
    const most = greatest(left);
    if (!(most > 0)) break;
    const place = left.indexOf(most);
    const [y, x] = [Math.floor(place / side), place % side];
    seen.push([y, x]);
    const [down, across] = [bell(y), bell(x)];
    for (let i = 0, at = 0; i < side; i++) for (let j = 0; j < side; j++, at++) left[at] *= 1 - down[i] * across[j];
  }
  return seen;
}
