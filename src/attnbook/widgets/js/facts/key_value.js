// Written by tools/facts.py from src/attnbook/widgets/key_value.py: change it there and run `make facts`.
export const FACTS = {
  slug: "key_value",
  tasks: [{"ask": "nobody read the thermometer at 13 h. What will Python’s dict answer, and what the soft dictionary? Pull the ? below to your guess, then look it up.", "told": "{dict}. The soft one reads all rows, those of near keys more: {sum}."}, {"ask": "put the query on a key, say 15, and raise the sharpness until both dictionaries answer the same.", "told": "On a key, and sharp, the soft dictionary is the dict. Key {key} has {share} of the weight, so the answer is its value, {value}."}, {"ask": "make it soft again, and pull a value along its line. Do the weights move? Then pull a key.", "told": "The value moved the answer, and no weight. The key moved the weights, its own from {was} to {now}. Keys decide which rows are read, values what is read there."}],
  traits: {
    key_numbers: {"kind": "many", "each": {"kind": "ranged", "least": 0, "most": 24, "step": 0.05, "from": 0, "to": 24}, "length": [1, 8]},
    values: {"kind": "many", "each": {"kind": "ranged", "least": 0, "most": 24, "step": 0.05, "from": 0, "to": 24}, "length": [1, 8]},
    query: {"kind": "ranged", "label": "Query", "least": 0, "most": 24, "step": 0.5, "from": 0, "to": 24},
    sharpness: {"kind": "ranged", "label": "Sharpness", "least": 1e-06, "most": 1000000.0, "step": 0.005, "from": 0.05, "to": 10, "log": 10},
    try_first: {"kind": "words", "most": 500},
  },
};
