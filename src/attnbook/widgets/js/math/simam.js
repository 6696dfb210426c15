/** attnbook.core.simam for one map: the line of least energy of each neuron, and the energy that is left. */

const ROUNDING = 16 * Number.EPSILON; // a variance below that share of what it was the difference of is 0

/** How far each number is from the mean of all others, and the variance of these. */
export function compared(values) {
  const n = values.length;
  const shifted = Float64Array.from(values, (value) => value - values[0]); // equal numbers become exactly 0
  const mean = shifted.reduce((sum, value) => sum + value, 0) / n;
  const squares = shifted.map((value) => (value - mean) ** 2);
  const total = squares.reduce((sum, square) => sum + square, 0);
  const left = squares.map((square) => total - (n / (n - 1)) * square);
  return {
    distance: shifted.map((value) => (n / (n - 1)) * (value - mean)),
    variance: left.map((each) => (each > ROUNDING * total ? each / (n - 1) : 0)),
  };
}

/** The same with one mean and one variance for all numbers. */
export const together = ({ distance, variance }, n = distance.length) => ({
  distance: distance.map((d) => d * (1 - 1 / n)), variance: variance.map((each, i) => each + distance[i] ** 2 / n),
});

/** 4 (σ² + λ) / ((t − μ)² + 2 σ² + 2 λ) of each number. */
export const energies = ({ distance, variance }, penalty) => distance.map((d, i) => (
  4 * (variance[i] + penalty)) / (d * d + 2 * (variance[i] + penalty)));

/** The slope of the line of number i and its height at 0, and the mean of the others. */
export function separatingLine(values, { distance, variance }, i, penalty) {
  const weight = (2 * distance[i]) / (distance[i] ** 2 + 2 * (variance[i] + penalty));
  return { weight, bias: -(values[i] - distance[i] / 2) * weight, mean: values[i] - distance[i] };
}
