/** The readers of the chapter on structures, run from their numbers: attnbook.widgets.structures_document. */
import { linear } from "./packed.js";
import { attend, softmax } from "./softmax.js";
import { inner } from "./vectors.js";

const tanh = (p, name, x) => linear(p, name, x).map(Math.tanh);

/** How sure a reader is of each answer, and the weights of words and sentences; `sentences` holds the numbers of words. */
export function readDocument(p, sentences, question, levels, temperature = 1) {
  const q = p["question.weight"][question];
  const x = sentences.map((words) => words.map((word) => p["word.weight"][word]));
  const relevance = (rows) => rows.map((row) => inner(tanh(p, "between", row), q));
  let [words, between, output] = [];
  if (levels === "two") {
    const each = x.map((rows) => attend(rows.map((row) => inner(tanh(p, "within", row), p.asks)), rows, { temperature }));
    const read = each.map((sentence) => sentence.output);
    words = each.map(({ weights }) => weights);
    ({ output, weights: between } = attend(relevance(read), read, { temperature }));
  } else {
    const rows = x.flat();
    const { output: mean, weights } = attend(relevance(rows), rows, { temperature });
    output = mean;
    words = x.map((row, i) => weights.slice(i * row.length, (i + 1) * row.length));
    between = words.map((row) => row.reduce((sum, weight) => sum + weight, 0));
  }
  const state = Array.from(output, (value, i) => Math.tanh(value + q[i]));
  return { chances: softmax(Array.from(linear(p, "answer", state))), words, sentences: between };
}
