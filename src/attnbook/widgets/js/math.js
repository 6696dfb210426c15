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
  const word = (i) => {
    let a = (seed + Math.imul(i + 1, 0x6d2b79f5)) | 0;
    a = Math.imul(a ^ (a >>> 15), a | 1);
    a ^= a + Math.imul(a ^ (a >>> 7), a | 61);
    return (a ^ (a >>> 14)) >>> 0;
  };
  return Array.from({ length: count }, (_, n) => {
    const [u, t] = [(word(2 * n) + 1) / 2 ** 32, word(2 * n + 1) / 2 ** 32];
    return Math.sqrt(-2 * Math.log(u)) * Math.cos(2 * Math.PI * t);
  });
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
