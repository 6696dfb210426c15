/**
 * attnbook.core.scoring: how relevant is each key to the query? A query is a vector of `d` numbers, keys are a list of
 * `k` vectors, and the scores are `k` numbers.
 */
import { inner, length, minus, times, transposedTimes, unit } from "./vectors.js";

/** vᵀ tanh(W_q q + W_k k + bias) @param {Vector} query @param {Matrix} keys */
export function additive(query, keys, W_q, W_k, w, bias = null) {
  const asked = times(W_q, query).map((value, i) => value + (bias ? bias[i] : 0)); // (h,)
  return keys.map((key) => {
    let score = 0;
    for (let i = 0; i < w.length; i++) score += w[i] * Math.tanh(asked[i] + inner(W_k[i], key));
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
