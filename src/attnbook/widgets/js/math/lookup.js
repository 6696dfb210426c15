/** A soft dictionary: attnbook.core.key_value.look_up, for one query. */
import { negativeDistance } from "./scorers.js";
import { attend } from "./softmax.js";

/** The mean of the values, those of near keys more, and the weights: softmax(−β ‖q − kᵢ‖). @param {Vector} query */
export function lookUp(query, keys, values, sharpness) {
  return attend(negativeDistance(query, keys).map((score) => score * sharpness), values);
}
