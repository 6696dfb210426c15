/** How undecided weights are: attnbook.core.entropy. */

/** The entropy of a distribution in bits. @param {Vector} weights */
export function entropy(weights) {
  return weights.reduce((sum, weight) => (weight > 0 ? sum - weight * Math.log2(weight) : sum), 0);
}
