// Written by tools/facts.py from src/attnbook/widgets/structures.py: change it there and run `make facts`.
export const FACTS = {
  slug: "structures",
  tasks: [{"ask": "the network stands on the leftmost point. It is to go along a rubber band around all points, anticlockwise. Which one will it choose next? Decide, then press that point.", "told": "{verdict} From {start} it points at {best}, with {share} of the weight. Now press Step, or Go round."}, {"ask": "press Go round. Then pull a point from inside slowly out across the edge, to a place where the network hesitates: its least sure step has at most 70 % of the weight.", "told": "At {start} it gives {best} {share} and {second} {other}. It still has to point at one; the weights say how sure it is, not whether it is right."}, {"ask": "training had 5 to 10 points. Go round, then move Points to the right until the outline is wrong.", "told": "With {count} points it {verdict}. A pointer answers for any number, this one best for those of training."}],
  traits: {
    points: {"kind": "numbers", "shape": [[3, 26], [2, 2]], "most": 1.0},
    steps: {"kind": "ranged", "label": "Step", "least": 0, "most": 26, "step": 0.05, "from": 0, "to": 26, "whole": true},
    model: {"kind": "model"},
    trained: {"kind": "words", "most": 80},
    try_first: {"kind": "words", "most": 500},
  },
};
