/** attnbook.core.external: weights of a table of scores, positions by slots, and what a layer costs. */
import { softmax } from "./softmax.js";
import { minus } from "./vectors.js";

const turned = (rows) => rows[0].map((_, j) => rows.map((row) => row[j]));

/** Each position shares out its attention among the slots: rows sum to one. @param {Matrix} scores */
export const overSlots = (scores) => scores.map((row) => softmax(row));

/** Each slot shares out its attention among the positions: columns sum to one. @param {Matrix} scores */
export const overPositions = (scores) => turned(turned(scores).map((column) => softmax(column)));

/** Over the positions, then each row divided by its sum; as one softmax, for a sum may be too small for a computer. */
export function doubleNormalise(scores) {
  const totals = turned(scores).map((column) => {
    const highest = Math.max(...column);
    return highest + Math.log(column.reduce((sum, score) => sum + Math.exp(score - highest), 0));
  });
  return scores.map((row) => softmax(minus(row, totals)));
}

/** Multiply–adds of N positions of width d with S slots: 2NSd, and N d² for the map of the queries. */
export const externalCost = (N, d, S, projections) => 2 * N * S * d + (projections ? N * d ** 2 : 0);

/** Multiply–adds of N positions of width d with each other: 2N²d, and 3N d² for queries, keys and values. */
export const selfAttentionCost = (N, d, projections) => 2 * N ** 2 * d + (projections ? 3 * N * d ** 2 : 0);

/** The N at which both cost the same; not above 0 if self-attention always costs more. */
export const crossover = (d, S, projections) => S - (projections ? d : 0);
