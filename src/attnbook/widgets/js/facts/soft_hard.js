// Written by tools/facts.py from src/attnbook/widgets/soft_hard.py: change it there and run `make facts`.
export const FACTS = {
  slug: "soft_hard",
  tasks: [{"ask": "draw words by weight. Will the mean of their values end near cold, near lovely, or between? Guess, then draw 100.", "told": "{where}: the mean of {draws} draws is {mean}. Soft attention says {soft} without a single draw; that is where the mean is going."}, {"ask": "find a temperature at which soft attention says what hard attention says, to within 0.05.", "told": "At {temperature}, “{word}” has {share} of the weight, so there is hardly anything else to draw or to average. Hard attention is where soft attention ends in the cold."}, {"ask": "was the tea good? Move the window, at the bottom, until local attention gives a bad mark.", "told": "It reads {count} and says {answer}. Its weights sum to {sum}: the bell lowers them, and nothing scales them up again."}],
  traits: {
    sentence: {"kind": "words", "label": "Words of your own", "most": 80},
    scores: {"kind": "numbers", "shape": [[1, 10]], "most": 3.0},
    values: {"kind": "numbers", "shape": [[1, 10]], "most": 1.0},
    temperature: {"kind": "ranged", "label": "Temperature", "least": 0.001, "most": 1000.0, "step": 0.005, "from": 0.05, "to": 10, "log": 10},
    place: {"kind": "ranged", "label": "Place p", "least": 0, "most": 9, "step": 0.1, "from": 0, "to": 9},
    reach: {"kind": "ranged", "label": "Reach D", "least": 0.1, "most": 20, "step": 0.5, "from": 0.5, "to": 8},
    draws: {"kind": "ranged", "label": "Draws", "least": 0, "most": 1000, "step": 0.05, "from": 0, "to": 1000, "whole": true},
    seed: {"kind": "ranged", "least": 0, "most": 4294967295, "step": 0.05, "from": 0, "to": 4294967295, "whole": true},
    try_first: {"kind": "words", "most": 500},
  },
};
