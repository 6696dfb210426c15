/** The translator of the chapter on alignment, run from its numbers: attnbook.widgets.translator. */
import { linear } from "./packed.js";
import { additive } from "./scorers.js";
import { attend, sigmoid } from "./softmax.js";
import { times } from "./vectors.js";

const [START, END] = [1, 2]; // the numbers of what begins a translation, and of what ends one

/** The next state of a gated recurrent unit; its reset gate acts on the product. */
function step(p, name, way, x, state) {
  const parts = ["weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0"].map((part) => p[`${name}.${part}${way}`]);
  const [given, kept] = [x, state].map((vector, n) => times(parts[n], vector).map((value, i) => value + parts[n + 2][i]));
  const size = state.length;
  return Array.from(state, (was, i) => {
    const [reset, update] = [0, 1].map((gate) => sigmoid(given[gate * size + i] + kept[gate * size + i]));
    const fresh = Math.tanh(given[2 * size + i] + reset * kept[2 * size + i]);
    return (1 - update) * fresh + update * was;
  });
}

/** The encoder's states, one for each word, and where its two directions have ended. */
export function read(p, source) {
  const run = (words, way) => {
    let state = new Array(p[`encoder.weight_hh_l0${way}`][0].length).fill(0);
    return words.map((word) => (state = step(p, "encoder", way, p["source_word.weight"][word], state)));
  };
  const ahead = run(source, "");
  const back = run([...source].reverse(), "_reverse").reverse();
  return { states: ahead.map((state, i) => [...state, ...back[i]]), last: [...ahead.at(-1), ...back[0]] };
}

/** The words of the translation, always going on from the likeliest, and the weights with which each was chosen. */
export function write(p, { states, last }, { mask = null, temperature = 1, most }) {
  const learned = ["W_q", "W_k", "w", "bias"].map((name) => p[`score.${name}`]);
  let state = linear(p, "start", last).map(Math.tanh);
  let word = START;
  const [words, weights] = [[], []];
  while (words.length < most) {
    state = step(p, "decoder", "", p["target_word.weight"][word], state);
    const { output: context, weights: row } = attend(additive(state, states, ...learned), states, { mask, temperature });
    const chances = linear(p, "next_word", linear(p, "combine", [...state, ...context]).map(Math.tanh));
    word = words.length ? END : END + 1; // the first word is never the end
    for (let i = word + 1; i < chances.length; i++) if (chances[i] > chances[word]) word = i;
    if (word === END) break;
    words.push(word);
    weights.push(row);
  }
  return { words, weights };
}
