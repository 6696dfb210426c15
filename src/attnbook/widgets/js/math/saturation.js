/** What the width of queries and keys does to softmax: ScoringExplorer.saturation. */
import { entropy } from "./entropy.js";
import { gaussian } from "./random.js";
import { dot, scaledDot } from "./scorers.js";
import { softmax } from "./softmax.js";

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
