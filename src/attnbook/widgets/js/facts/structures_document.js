// Written by tools/facts.py from src/attnbook/widgets/structures_document.py: change it there and run `make facts`.
export const FACTS = {
  slug: "structures_document",
  tasks: [{"ask": "a reader with one level has found the opinions, but not whose they are. Choose two levels. Which sentence will have the long bar?", "told": "Sentence {best} has {share} of the weight now, and the answer is “{answer}”. With one level it had {was}."}, {"ask": "ask about another thing in this review. Will the bars under the words change, or those of the sentences?", "told": "Only those of the sentences: number {best} has {share}. The words were weighed before anybody asked."}, {"ask": "press opinions of sentences that were not asked about, until one level changes its answer and two do not.", "told": "One level now says “{now}” in place of “{was}”. Two levels still say “{answer}”."}],
  things: ["room", "bed", "breakfast", "garden", "view", "staff", "price", "music", "pool", "parking"],
  opinions: ["awful", "plain", "pleasant", "superb"],
  same: {"awful": "awful", "dreadful": "awful", "nasty": "awful", "plain": "plain", "tired": "plain", "forgettable": "plain", "pleasant": "pleasant", "decent": "pleasant", "solid": "pleasant", "superb": "superb", "perfect": "superb", "splendid": "superb"},
  grades: ["bad", "dull", "good", "great"],
  traits: {
    document: {"kind": "tokens", "label": "Review", "words": ["room", "bed", "breakfast", "garden", "view", "staff", "price", "music", "pool", "parking", "awful", "dreadful", "nasty", "plain", "tired", "forgettable", "pleasant", "decent", "solid", "superb", "perfect", "splendid", "mentioned", "there", "open", "a", "all", "also", "both", "called", "day", "days", "for", "friends", "here", "in", "is", "last", "long", "my", "on", "quite", "rather", "seemed", "short", "that", "the", "thought", "was", "we", "week", "word"], "length": [48, 48]},
    question: {"kind": "one", "label": "How was the …", "options": {"room": {"label": "room"}, "bed": {"label": "bed"}, "breakfast": {"label": "breakfast"}, "garden": {"label": "garden"}, "view": {"label": "view"}, "staff": {"label": "staff"}, "price": {"label": "price"}, "music": {"label": "music"}, "pool": {"label": "pool"}, "parking": {"label": "parking"}}},
    levels: {"kind": "one", "label": "Reader", "options": {"one": {"label": "one level"}, "two": {"label": "two levels"}}},
    temperature: {"kind": "ranged", "label": "Temperature", "least": 1e-06, "most": 1000000.0, "step": 0.05, "from": 0.1, "to": 10, "log": 10},
    flat: {"kind": "model"},
    hierarchy: {"kind": "model"},
    trained: {"kind": "words", "most": 80},
    try_first: {"kind": "words", "most": 500},
  },
};
