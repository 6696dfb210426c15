/** Attention put together from four choices, for one query: attnbook.core.landscape, and what the map's explorer fixes. */
import { sample } from "./selection.js";
import { additive, bilinear, cosine, dot, location, negativeDistance, scaledDot } from "./scorers.js";
import { sigmoid, softmax } from "./softmax.js";
import { inner, times, transposedTimes } from "./vectors.js";

const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);
const positive = (x) => x.map((value) => (value > 0 ? value + 1 : Math.exp(value)));

/** The score of each key; `f` is what would be learned. */
export const SCORES = {
  nothing: (q, keys) => keys.map(() => 0),
  "dot product": dot,
  "scaled dot product": scaledDot,
  cosine,
  "bilinear form": (q, keys, values, f) => bilinear(q, keys, f.turn),
  "small network": (q, keys, values, f) => additive(q, keys, f.hidden, f.hidden, f.judge),
  place: (q, keys, values, f) => location(q, keys, f.places),
  closeness: (q, keys) => negativeDistance(q, keys).map((distance) => -(distance ** 2) / 2),
  kernel: (q, keys, values, f) => negativeDistance(q, keys).map((distance) => 0.75 * Math.max(0, 1 - (distance / f.reach) ** 2)),
  "positive features": (q, keys) => dot(positive(q), keys.map(positive)),
  given: (q, keys, values, f) => f.given,
  "its own value": (q, keys, values) => values.map(([first]) => first),
  age: (q, keys, values, f) => keys.map((_, i) => (i + 1 - keys.length) * f.half_life),
  "distance from the mean"(q, keys) {
    const mean = sum(keys.map(([first]) => first)) / keys.length;
    const squares = keys.map(([first]) => (first - mean) ** 2);
    return squares.map((square) => square / (4 * (sum(squares) / (keys.length - 1) + 1e-4)) + 0.5);
  },
  "all channels": (q, keys, values, f) => times(f.excite, times(f.squeeze, keys.map(([first]) => first)).map((unit) => Math.max(0, unit))),
  "neighbouring channels": (q, keys, values, f) => keys.map((_, i) => sum(f.neighbours.map((w, j) => w * (keys[i + j - 1]?.[0] ?? 0)))),
};

/** True for the keys that may count. */
export const SELECT = {
  all: (scores) => scores.map(() => true),
  mask: (scores, f) => f.season,
  window: (scores, f) => scores.map((_, i) => Math.abs(i - f.place) <= f.near),
  best: (scores) => scores.map((_, i) => i === scores.indexOf(Math.max(...scores))),
  drawn: (scores, f, uniform) => scores.map((_, i) => i === sample(softmax(scores), [uniform])[0]),
};

const keep = (scores, chosen) => scores.map((score, i) => (chosen[i] ? score : 0));

/** The weights; null where the scores do not allow it. */
export const NORMALISE = {
  softmax: (scores, chosen) => softmax(scores, { mask: chosen }),
  "softmax with a sink": (scores, chosen) => softmax([...scores, 0], { mask: [...chosen, true] }).slice(0, -1),
  gates: (scores, chosen) => keep(scores.map(sigmoid), chosen),
  divide(scores, chosen) {
    if (scores.some((score) => score < 0)) return null;
    const kept = keep(scores, chosen);
    return kept.map((score) => score / (sum(kept) || 1));
  },
  "as it is": keep,
  powers: (scores, chosen) => keep(scores.map(Math.exp), chosen),
  double: (scores, chosen) => chosen.map((may) => Number(may) / chosen.filter(Boolean).length), // of one query
  corrected(scores, chosen, f, keys) { // from the last key to the first: w = rate (s − w · what later keys overwrite)
    const weights = keep(scores, chosen);
    for (let i = keys.length - 1; i >= 0; i -= 1) {
      for (let j = 0; j < i; j += 1) weights[j] -= f.rate * inner(keys[i], keys[j]) * weights[i];
    }
    return weights.map((weight) => f.rate * weight);
  },
  "softmax, then a Gaussian": (scores, chosen, f) => softmax(scores, { mask: chosen })
    .map((weight, i) => weight * Math.exp(-((i - f.place) ** 2) / (2 * f.spread ** 2))),
};

/** What is read: rows of numbers. */
export const READ = {
  average: (weights, values) => [transposedTimes(values, weights)],
  "each by itself": (weights, values) => values.map((value, i) => value.map((number) => weights[i] * number)),
  "the weights": (weights) => [weights],
  "average, added to the query": (weights, values, q) => [transposedTimes(values, weights).map((number, i) => number + q[i])],
};
