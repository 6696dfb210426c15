/**
 * Vectors and matrices as lists of numbers.
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
export function unit(x) {
  const size = length(x) || 1;
  return x.map((value) => value / size);
}

/** @param {Vector} a @param {Vector} b */
export const minus = (a, b) => a.map((value, i) => value - b[i]);
