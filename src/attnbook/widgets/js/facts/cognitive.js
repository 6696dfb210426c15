// Written by tools/facts.py from src/attnbook/widgets/cognitive.py: change it there and run `make facts`.
export const FACTS = {
  slug: "cognitive",
  tasks: [{"ask": "where does your eye go first? Press that place in the picture.", "told": "{verdict} Nobody asked for anything, so it is caught by what differs most from its neighbours: {first}."}, {"ask": "now give the eye a task. Choose what to look for, so that the light leaves the odd one out.", "told": "It goes to {first}. The picture is what it was; the wish has moved the eye, and {odd} has to wait."}, {"ask": "take the task back (any colour and any shape), and let another thing win: move things, or recolour one under More.", "told": "Now {first} wins. Nothing stands out by itself, only among its neighbours."}],
  traits: {
    objects: {"kind": "many", "each": {"kind": "parts", "parts": {"shape": {"kind": "one", "label": "Its shape", "options": {"ball": {"label": "ball"}, "square": {"label": "square"}, "triangle": {"label": "triangle"}}}, "colour": {"kind": "one", "label": "Its colour", "options": {"red": {"label": "red"}, "green": {"label": "green"}, "blue": {"label": "blue"}, "yellow": {"label": "yellow"}}}, "x": {"kind": "ranged", "least": 0, "most": 127, "step": 0.05, "from": 0, "to": 127}, "y": {"kind": "ranged", "least": 0, "most": 127, "step": 0.05, "from": 0, "to": 127}, "size": {"kind": "ranged", "label": "Its size", "least": 4, "most": 24, "step": 1, "from": 4, "to": 24}}}, "length": [0, 12]},
    clutter: {"kind": "ranged", "label": "Clutter", "least": 0, "most": 200, "step": 10, "from": 0, "to": 200, "whole": true},
    seed: {"kind": "ranged", "least": 0, "most": 4294967295, "step": 0.05, "from": 0, "to": 4294967295, "whole": true},
    colour: {"kind": "one", "label": "Look for colour", "options": {"any": {"label": "any"}, "red": {"label": "red"}, "green": {"label": "green"}, "blue": {"label": "blue"}, "yellow": {"label": "yellow"}}},
    shape: {"kind": "one", "label": "Look for shape", "options": {"any": {"label": "any"}, "ball": {"label": "ball"}, "square": {"label": "square"}, "triangle": {"label": "triangle"}}},
    mix: {"kind": "ranged", "label": "Mix", "least": 0, "most": 1, "step": 0.05, "from": 0, "to": 1},
    fixations: {"kind": "ranged", "label": "Looks", "least": 0, "most": 6, "step": 1, "from": 0, "to": 6, "whole": true},
    overlay: {"kind": "one", "label": "Show", "options": {"light": {"label": "picture, lit by priority"}, "map": {"label": "priority alone"}, "none": {"label": "picture alone"}}},
    try_first: {"kind": "words", "most": 500},
  },
};
