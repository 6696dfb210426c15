/** The rules of the small language: attnbook.data.phrase.translate. */

const WANTED = {
  article: "an article", adjective: "an adjective", noun: "an adjective or a noun", verb: "a verb",
  preposition: "a preposition", conjunction: "a conjunction",
};

/**
 * For each word of the translation its place among the English `words`, or in `why` what is wrong with them.
 * `kinds` has the words by kind: article, noun, adjective, verb, verb_alone, preposition, conjunction.
 */
export function reorder(words, kinds) {
  let place = 0;
  const is = (kind, word) => Object.hasOwn(kinds[kind], word) || (kind === "verb" && Object.hasOwn(kinds.verb_alone, word));
  const sees = (kind) => place < words.length && is(kind, words[place]);
  const take = (kind) => {
    if (!sees(kind)) {
      const before = place ? `after '${words.slice(0, place).join(" ")}'` : "at the beginning";
      const found = place < words.length ? `stands '${words[place]}'` : "the sentence ends";
      throw new RangeError(`${before} there must be ${WANTED[kind]}, such as '${Object.keys(kinds[kind])[0]}', but there ${found}`);
    }
    place += 1;
    return place - 1;
  };
  const nounPhrase = () => {
    take("article");
    const adjectives = [];
    while (sees("adjective")) adjectives.unshift(take("adjective"));
    const order = [take("noun"), ...adjectives];
    if (!sees("preposition")) return order;
    const preposition = take("preposition");
    return [...order, ...nounPhrase(), preposition];
  };
  const clause = () => {
    const subject = nounPhrase();
    const verb = take("verb");
    return [...subject, ...(Object.hasOwn(kinds.verb, words[verb]) ? nounPhrase() : []), verb];
  };
  try {
    const order = clause();
    while (place < words.length) order.push(take("conjunction"), ...clause());
    return { order, why: "" };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { order: null, why: error.message };
  }
}
