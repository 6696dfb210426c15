// Written by tools/facts.py from src/attnbook/widgets/alignment.py: change it there and run `make facts`.
export const FACTS = {
  slug: "alignment",
  tasks: [{"ask": "pull the bar of b to the left until it is as low as f. You touch one score: which weights move?", "told": "All of them: b fell from {was} to {now}, and every other key has more than before, c {other}."}, {"ask": "move the temperature all the way to the left, then to the right. Where does the diamond go?", "told": "Cold, it went to the value with the highest score; hot, to the middle of all. It never left the dashed region."}, {"ask": "find a temperature at which the entropy is 1.00 bits.", "told": "At {temperature}, the weights are as undecided as a choice between two equal keys."}],
  traits: {
    scores: {"kind": "numbers", "shape": [[2, 16]], "most": 1000000.0},
    values: {"kind": "numbers", "shape": [[2, 16], [2, 2]], "most": 2.0},
    mask: {"kind": "flags", "length": [2, 16]},
    temperature: {"kind": "ranged", "label": "Temperature", "least": 1e-06, "most": 1000000.0, "step": 0.005, "from": 0.01, "to": 10, "log": 10},
    try_first: {"kind": "words", "most": 500},
  },
};
