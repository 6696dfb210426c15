/** attnbook.core.soft_hard and local, for one query: ways to choose among keys by their scores. */
import { softmax } from "./softmax.js";

/** The whole weight for the highest score; of equal ones, for the first. @param {Vector} scores */
export function hardmax(scores) {
  const best = scores.indexOf(Math.max(...scores));
  return scores.map((_, i) => (i === best ? 1 : 0));
}

/** For each number from 0 up to 1, the first key at which the running sum of the weights exceeds it. */
export function sample(weights, uniform) {
  let total = 0;
  const running = weights.map((weight) => (total += weight));
  return uniform.map((u) => running.findIndex((sum) => sum > u * total));
}

/** exp(−(i − p)² / 2σ²) with σ = D / 2: how near a key is to the middle of the window. */
export const nearness = (i, place, reach) => Math.exp(-((i - place) ** 2) / (2 * (reach / 2) ** 2));

/** Is this key in the window from p − D to p + D? */
export const inWindow = (i, place, reach) => Math.abs(i - place) <= reach;

/** Softmax within the window, times the nearness; as published, not scaled up again. */
export function localP(scores, place, reach) {
  const weights = softmax(scores, { mask: scores.map((_, i) => inWindow(i, place, reach)) });
  return weights.map((weight, i) => weight * nearness(i, place, reach));
}
