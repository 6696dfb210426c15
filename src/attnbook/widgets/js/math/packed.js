/** Trained networks from the bytes that a page holds: attnbook.widgets.packed. */
import { inner } from "./vectors.js";

/** Parameters by name, as vectors and lists of rows, from bytes that count steps. */
export function unpack(packed) {
  return Object.fromEntries(Object.entries(packed).map(([name, { shape, step, numbers }]) => {
    const steps = Int8Array.from(atob(numbers), (byte) => byte.charCodeAt(0));
    const all = Float64Array.from(steps, (count) => count * step);
    const [rows, columns] = shape;
    return [name, columns ? Array.from({ length: rows }, (_, i) => all.subarray(i * columns, (i + 1) * columns)) : all];
  }));
}

/** W x + b; with plain loops, for this is done in every frame. */
export function linear(p, name, x) {
  const [W, b] = [p[`${name}.weight`], p[`${name}.bias`]];
  const y = new Float64Array(W.length);
  for (let i = 0; i < y.length; i++) y[i] = b[i] + inner(W[i], x);
  return y;
}
