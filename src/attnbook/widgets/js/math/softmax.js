/** From scores to weights, and from weights to an answer: attnbook.core.softmax and attend, for one query. */
import { transposedTimes } from "./vectors.js";

/** Softmax over the keys; where `mask` is false the weight is 0, and if it is false everywhere all weights are. */
export function softmax(scores, { temperature = 1, mask = null } = {}) {
  const allowed = (i) => !mask || mask[i];
  let largest = -Infinity;
  scores.forEach((score, i) => { if (allowed(i) && score > largest) largest = score; });
  const powers = scores.map((score, i) => (allowed(i) ? Math.exp((score - largest) / temperature) : 0));
  const total = powers.reduce((sum, power) => sum + power, 0);
  return total === 0 ? powers : powers.map((power) => power / total);
}

/** How far open a gate is, by its score alone: the softmax of this score beside one of 0. */
export const sigmoid = (score) => 1 / (1 + Math.exp(-score));

/** The weighted mean of the values, and the weights. */
export function attend(scores, values, options = {}) {
  const weights = softmax(scores, options);
  return { output: transposedTimes(values, weights), weights };
}

/** The one key with the largest weight, or −1 where several share it. @param {Vector} weights */
export function winner(weights) {
  const most = Math.max(...weights);
  const all = weights.flatMap((weight, i) => (most - weight < 1e-9 ? [i] : []));
  return all.length === 1 ? all[0] : -1;
}

/** The places by their weight, the first of equal ones first. @param {Vector} weights */
export function order(weights) {
  const rounded = weights.map((weight) => Math.round(1e9 * weight));
  return weights.map((_, i) => i).sort((a, b) => rounded[b] - rounded[a]);
}
