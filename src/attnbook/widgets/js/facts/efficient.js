// Written by tools/facts.py from src/attnbook/widgets/efficient.py: change it there and run `make facts`.
export const FACTS = {
  slug: "efficient",
  tasks: [{"ask": "a window keeps the last 6 tokens, and what is hatched is never computed. How wide must it be for the answer of token 20 to move by less than 0.2 of its length? Decide, then move Width.", "told": "Now, with {width} of {tokens} tokens. {share} of the weight is on the first one, and any window that does not reach back to it drops that much. Such a token is called a sink."}, {"ask": "set Sinks to 1, so that the first token is never dropped, and make the window at most 8 wide. Can the answer still move by less than 0.2?", "told": "Yes. With {kept} tokens in memory, the first among them, {out} of the weight is left out and the answer moves by {moved}. The next token overwrites an old one: the memory has stopped growing."}, {"ask": "two other ways compute every score, but save something. One of them does not move the answer at all: find it, and go to the end of the row.", "told": "All {blocks} blocks are read, never more than {most} scores at a time, and the answer moves by {moved}. Only the highest score, the sum and the output so far were carried from block to block."}],
  sizes: {"tokens": 24, "heads": 4, "width": 8, "recent": 0.25, "quiet": 0.1},
  token_bytes: 524288,
  state_bytes: 33554432,
  traits: {
    way: {"kind": "one", "label": "Way", "options": {"all": {"label": "all at once", "formula": "o = Σ α_i v_i", "hint": "All scores of a row are there at the same time."}, "blocks": {"label": "in blocks", "formula": "o = (z_A o_A + z_B o_B) / (z_A + z_B)", "hint": "Part A is read, then B; exact."}, "window": {"label": "window", "formula": "o − o_A = α_B (o_B − o_A)", "hint": "A is kept; B is dropped, with its weight."}, "groups": {"label": "grouped heads", "formula": "k = (k_1 + … + k_s) / s", "hint": "Heads share the mean of their keys, and of their values. A model is trained for it; this one is not."}, "linear": {"label": "linear", "formula": "o = Mᵀφ(q) / (z · φ(q))", "hint": "A matrix M for each head, as large as d/2 tokens."}}},
    query: {"kind": "ranged", "least": 0, "most": 23, "step": 0.05, "from": 0, "to": 23, "whole": true},
    width: {"kind": "ranged", "label": "Width", "least": 1, "most": 24, "step": 1, "from": 1, "to": 24, "whole": true},
    sinks: {"kind": "ranged", "label": "Sinks", "least": 0, "most": 4, "step": 1, "from": 0, "to": 4, "whole": true},
    block: {"kind": "ranged", "label": "Block", "least": 1, "most": 24, "step": 1, "from": 1, "to": 24, "whole": true},
    steps: {"kind": "ranged", "least": 1, "most": 24, "step": 0.05, "from": 1, "to": 24, "whole": true},
    share: {"kind": "one", "label": "Heads in a group", "options": {"1": {"label": "1"}, "2": {"label": "2"}, "4": {"label": "4"}}},
    rest: {"kind": "ranged", "label": "Rest", "least": 0, "most": 4, "step": 0.1, "from": 0, "to": 4},
    seed: {"kind": "ranged", "least": 0, "most": 9999, "step": 0.05, "from": 0, "to": 9999, "whole": true},
    try_first: {"kind": "words", "most": 500},
  },
};
