/** The weighted average of Nadaraya and Watson: attnbook.core.nadaraya_watson, for keys and values that are numbers. */
import { softmax } from "./softmax.js";
import { inner } from "./vectors.js";

/** The logarithm of each kernel at u bandwidths, up to a number that is the same for all u. */
const LOGARITHMS = {
  gaussian: (u) => -(u * u) / 2,
  boxcar: (u) => (Math.abs(u) <= 1 ? 0 : -Infinity),
  triangular: (u) => Math.log(Math.max(0, 1 - Math.abs(u))),
  epanechnikov: (u) => Math.log(Math.max(0, 1 - u * u)),
};

/** How far each kernel looks, in bandwidths. */
export const reach = (kernel) => (kernel === "gaussian" ? Infinity : 1);

/** A kernel at u bandwidths, if it is 1 at its highest. */
export const height = (kernel, u) => Math.exp(LOGARITHMS[kernel](u));

/** The average of the values around a query, 0 if no key is within reach, and the weights; key `without` is left out. */
export function average(query, keys, values, { kernel, bandwidth }, without = -1) {
  const scores = keys.map((key) => LOGARITHMS[kernel]((query - key) / bandwidth));
  const weights = softmax(scores, { mask: scores.map((score, i) => score > -Infinity && i !== without) });
  return { answer: inner(weights, values), weights, read: weights.filter((weight) => weight > 0).length };
}

/** For each key the average of the values of all others. */
export const leaveOneOut = (keys, values, options) => keys.map((key, i) => average(key, keys, values, options, i));

export const mean = (numbers) => numbers.reduce((sum, each) => sum + each, 0) / numbers.length;

/** The numbers of the points, the one with the largest weight first. */
export const heaviest = (weights) => weights.map((_, i) => i).sort((a, b) => weights[b] - weights[a]);

/** How few points have half of the weight, and how much they have. */
export function half(weights) {
  let share = 0;
  const few = heaviest(weights).findIndex((i) => (share += weights[i]) >= 0.5) + 1;
  return [few, share];
}

/** The mean of the squares of what predictions and values differ by. */
export const meanSquare = (predicted, values) => predicted.reduce((sum, each, i) => sum + (each - values[i]) ** 2, 0) / values.length;

/** Where a query from `least` to `most` has no key within reach, as pairs of ends. */
export function gaps(keys, { kernel, bandwidth }, [least, most]) {
  const far = reach(kernel) * bandwidth;
  const sorted = [...keys].sort((a, b) => a - b);
  const ends = [least - far, ...sorted, most + far].map((key, i, all) => [key + far, all[i + 1] - far]);
  return ends.slice(0, -1).filter(([from, to]) => to - from > 1e-9).map(([from, to]) => [Math.max(least, from), Math.min(most, to)]);
}

export const span = (numbers) => Math.max(...numbers) - Math.min(...numbers);

/** The height of the book's walk after so many hours: attnbook.data.sine, first edition. */
export const walkAt = (x) => 2 * Math.sin(x) + x ** 0.8;

/** So many numbers from one to another, in equal steps. */
export const even = (least, most, count) => Array.from({ length: count }, (_, i) => least + ((most - least) * i) / (count - 1));

/** The leave-one-out error: the mean of the squares of what is missed by predicting each value from all others. */
export const leaveOneOutError = (keys, values, options) => (
  meanSquare(leaveOneOut(keys, values, options).map(({ answer }) => answer), values));

/** Of `count` bandwidths the one with the least leave-one-out error, and that error. */
export function bestBandwidth(keys, values, options, [narrow, wide], count = 81) {
  const tried = even(Math.log(narrow), Math.log(wide), count).map(Math.exp);
  const errors = tried.map((bandwidth) => leaveOneOutError(keys, values, { ...options, bandwidth }));
  return [tried[errors.indexOf(Math.min(...errors))], Math.min(...errors)];
}

/** How far and where the curve moves as points become others, and from where to where by a tenth of that. */
export function moved(was, now, options, count = 241) {
  const [before, after] = [was, now].map((points) => [0, 1].map((n) => points.map((point) => point[n])));
  const places = even(Math.min(...after[0]), Math.max(...after[0]), count);
  const by = places.map((x) => {
    const [a, b] = [before, after].map(([keys, values]) => average(x, keys, values, options));
    return a.read && b.read ? Math.abs(b.answer - a.answer) : 0;
  });
  const most = Math.max(...by);
  const some = places.filter((_, i) => by[i] >= most / 10);
  return { most, where: places[by.indexOf(most)], start: some[0], end: some.at(-1) };
}
