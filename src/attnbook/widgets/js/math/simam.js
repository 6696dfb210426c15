/** attnbook.core.simam for one map: the line of least energy of each neuron, and the energy that is left. */

const ROUNDING = 16 * Number.EPSILON; // a variance below that share of what it was the difference of is 0

/** How far each number is from the mean of all, and the sum of the squares of that. */
function centred(values) {
  const shifted = Float64Array.from(values, (value) => value - values[0]); // equal numbers become exactly 0
  const mean = shifted.reduce((sum, value) => sum + value, 0) / values.length;
  const away = shifted.map((value) => value - mean);
  return { away, total: away.reduce((sum, d) => sum + d * d, 0) };
}

/** How far each number is from the mean of all others, and the variance of these. */
export function compared(values) {
  const [n, { away, total }] = [values.length, centred(values)];
  const left = away.map((d) => total - (n / (n - 1)) * d * d);
  return {
    distance: away.map((d) => (n / (n - 1)) * d),
    variance: left.map((each) => (each > ROUNDING * total ? each / (n - 1) : 0)),
  };
}

/** The same with one mean and one variance for all numbers. */
export function together(values) {
  const { away, total } = centred(values);
  return { distance: away, variance: away.map(() => total / (values.length - 1)) };
}

/** 4 (σ² + λ) / ((t − μ)² + 2 σ² + 2 λ) of each number. */
export const energies = ({ distance, variance }, penalty) => distance.map((d, i) => (
  4 * (variance[i] + penalty)) / (d * d + 2 * (variance[i] + penalty)));

/** The slope of the line of number i and its height at 0, and the mean of the others. */
export function separatingLine(values, { distance, variance }, i, penalty) {
  const weight = (2 * distance[i]) / (distance[i] ** 2 + 2 * (variance[i] + penalty));
  return { weight, bias: -(values[i] - distance[i] / 2) * weight, mean: values[i] - distance[i] };
}
