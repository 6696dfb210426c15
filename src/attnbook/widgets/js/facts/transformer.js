// Written by tools/facts.py from src/attnbook/widgets/transformer.py: change it there and run `make facts`.
export const FACTS = {
  slug: "transformer",
  tasks: [{"ask": "the model has read the text in the field. Which character will it write next? Decide, then type it at the end, or press One step.", "told": "{verdict}It gave {typed} {share}; its first choice was {best}, with {most}."}, {"ask": "each small map is a head. Press one that looks mostly at the character just before: a line beside the diagonal.", "told": "Head {head} gives the character just before {share} of its weight, on average over this text."}, {"ask": "change one letter in the middle of the text. Which rows of the maps stay as they were?", "told": "The {same} rows above place {place} are the same, in all heads: no row sees what comes after it. Of the others, {changed} moved in this head."}],
  alphabet: "\n '(),-.0123456789:;?abcdefghijklmnopqrstuvwxyz",
  bars: 5,
  traits: {
    text: {"kind": "words", "label": "Text", "most": 400},
    head: {"kind": "ranged", "label": "Head", "least": 0, "most": 7, "step": 0.05, "from": 0, "to": 7, "whole": true},
    place: {"kind": "ranged", "label": "Place", "least": 0, "most": 127, "step": 0.05, "from": 0, "to": 127, "whole": true},
    temperature: {"kind": "ranged", "label": "Temperature", "least": 1e-06, "most": 1000000.0, "step": 0.05, "from": 0.1, "to": 10, "log": 10},
    seed: {"kind": "ranged", "label": "Seed", "least": 0, "most": 4294967295, "step": 1, "from": 0, "to": 99, "whole": true},
    model: {"kind": "model"},
    trained: {"kind": "words", "most": 160},
    try_first: {"kind": "words", "most": 500},
  },
};
