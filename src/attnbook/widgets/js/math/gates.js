/** attnbook.core.channel: gates on channels and a mask on places. A map is a square of numbers, row by row from the top. */
import { sigmoid, softmax } from "./softmax.js";

/** The mean of each channel over all places. */
export const squeeze = (maps) => maps.map((map) => map.reduce((sum, value) => sum + value, 0) / map.length);

const affine = (matrix, vector, bias) => matrix.map((row, i) => row.reduce((sum, weight, j) => sum + weight * vector[j], bias[i]));

/** A score for each channel: two layers that see the means of all. */
export const channelScores = (squeezed, { w1, b1, w2, b2 }) => affine(w2, affine(w1, squeezed, b1).map((unit) => Math.max(0, unit)), b2);

/** Gates that sum to one, or to less with a sink, which is one more score. */
export const softmaxGates = (scores, sink = null) => (sink === null ? softmax(scores) : softmax([...scores, sink]).slice(0, -1));

/** A gate for each place, by the mean and the maximum over the channels there and around it; beyond the border there are zeros. */
export function spatialMask(maps, kernel, bias) {
  const count = maps[0].length;
  const [side, reach] = [Math.sqrt(count), (kernel[0].length - 1) / 2];
  const seen = [new Float64Array(count), new Float64Array(count).fill(-Infinity)];
  for (const map of maps) {
    for (let i = 0; i < count; i++) {
      seen[0][i] += map[i] / maps.length;
      if (map[i] > seen[1][i]) seen[1][i] = map[i];
    }
  }
  const scores = new Float64Array(count).fill(bias);
  seen.forEach((plane, k) => kernel[k].forEach((row, i) => row.forEach((weight, j) => {
    const [down, right] = [i - reach, j - reach];
    for (let y = Math.max(0, -down); y < Math.min(side, side - down); y++) {
      for (let x = Math.max(0, -right); x < Math.min(side, side - right); x++) {
        scores[y * side + x] += weight * plane[(y + down) * side + x + right];
      }
    }
  })));
  return scores.map(sigmoid);
}

/** The maps times the gate of their channel, and, with a mask, times that of each place. */
export const scale = (maps, gates, places = null) => maps.map((map, c) => (
  map.map(places ? (value, i) => gates[c] * places[i] * value : (value) => gates[c] * value)));
