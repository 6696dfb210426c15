// Written by tools/facts.py from src/attnbook/widgets/external.py: change it there and run `make facts`.
export const FACTS = {
  slug: "external",
  tasks: [{"ask": "each row is a patch: it reads stored colours (external attention) or all patches (self-attention). If patch 3 changes its colour, which other rows will move? Decide, then drag 3.", "told": "With external attention no row but {row} moved, by up to {own}: over slots, a patch meets stored colours and no other patch. With self-attention {others} other rows moved, for there patch {row} is a key."}, {"ask": "make patch 3 an outlier: pull its Length to 15. Then choose double, then cosine. With which of them do other rows of external attention move, and with which not even its own?", "told": "It moves other rows by up to {slots} over slots, {positions} over positions and {double} with double. With cosine it moves them by {cosine}, and its own by {own}: only its direction counts."}, {"ask": "the cells are the scores to be computed. With which N and S has self-attention four times as many?", "told": "N · N = {all} scores against N · S = {few}: a ratio of N / S. At N = 128 · 128 and S = 64 it is 256; see the curves under More. And press Another picture: the stored colours stay."}],
  slots: [[1.5, 0.0], [-0.75, 1.3], [-0.75, -1.3], [0.75, 1.3], [-1.5, 0.0], [0.75, -1.3]],
  pictures: {"apples": [[-0.41, 1.02], [-1.15, 0.8], [1.15, 0.33], [-0.05, 1.5], [1.22, -0.44], [-0.57, 0.57], [0.45, 0.21], [0.69, -0.4], [-0.9, 0.08], [1.58, 0.64]], "beach": [[-0.93, -0.58], [-0.94, -1.04], [0.74, 0.95], [-0.51, -1.41], [0.53, 1.19], [-0.78, -0.17], [0.35, 0.35], [-0.59, -0.54], [0.23, 0.87], [1.39, 0.98]], "flowers": [[0.68, -0.87], [-0.66, 1.24], [0.74, 0.95], [0.51, -1.41], [-0.87, 0.97], [0.78, -0.17], [-0.1, 0.49], [0.61, -0.51], [0.31, 0.85], [-0.85, -1.47]]},
  width: 512,
  traits: {
    vectors: {"kind": "numbers", "shape": [[10, 10], [2, 2]], "most": 30},
    before: {"kind": "numbers", "shape": [[10, 10], [2, 2]], "most": 30},
    chosen: {"kind": "ranged", "least": 0, "most": 9, "step": 0.05, "from": 0, "to": 9, "whole": true},
    positions: {"kind": "ranged", "label": "Patches N", "least": 1, "most": 10, "step": 1, "from": 1, "to": 10, "whole": true},
    slots: {"kind": "ranged", "label": "Slots S", "least": 1, "most": 6, "step": 1, "from": 1, "to": 6, "whole": true},
    way: {"kind": "one", "label": "Normalisation", "options": {"slots": {"label": "over slots", "formula": "A = softmax(F M_kᵀ) by rows", "hint": "Rows sum to one. The stored colours are keys and values."}, "positions": {"label": "over positions", "formula": "A = softmax(F M_kᵀ) by columns", "hint": "Columns sum to one. The stored colours are keys and values."}, "double": {"label": "double", "formula": "by columns, then each row / its sum", "hint": "Rows sum to one again. The stored colours are keys and values."}, "cosine": {"label": "cosine", "formula": "A = softmax(cos(F, M_k)) by rows", "hint": "Lengths do not count. The stored colours are keys and values."}}},
    model_positions: {"kind": "ranged", "label": "N in a model", "least": 1, "most": 65536, "step": 1, "from": 1, "to": 65536, "log": 2, "whole": true},
    model_slots: {"kind": "ranged", "label": "S in a model", "least": 1, "most": 2048, "step": 1, "from": 1, "to": 2048, "log": 2, "whole": true},
    projections: {"kind": "one", "label": "Projections", "options": {"without": {"label": "without"}, "with": {"label": "with"}}},
    try_first: {"kind": "words", "most": 500},
  },
};
