// Written by tools/facts.py from src/attnbook/widgets/scoring_width.py: change it there and run `make facts`.
export const FACTS = {
  slug: "scoring_width",
  tasks: [{"ask": "ten random keys share out a random query’s attention. Guess from which width on one key takes more than 90 % of it, then move the width there.", "told": "At width {width} one key has {plain} without √d, and {scaled} with it."}, {"ask": "go to width 512, and ask for a new draw a few times. Is it always the same key that wins?", "told": "The winner changes with the draw. This one has {plain} without √d, and {scaled} with it."}],
  traits: {
    width: {"kind": "ranged", "label": "Width d", "least": 1, "most": 512, "step": 1, "from": 1, "to": 512, "log": 2, "whole": true},
    seed: {"kind": "ranged", "label": "Draw", "least": 0, "most": 4294967295, "step": 0.05, "from": 0, "to": 4294967295, "whole": true},
    try_first: {"kind": "words", "most": 500},
  },
};
