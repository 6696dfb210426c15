// Written by tools/facts.py from src/attnbook/widgets/scoring.py: change it there and run `make facts`.
export const FACTS = {
  slug: "scoring",
  tasks: [{"ask": "which of the keys, a to f, gets most of q’s attention? Decide, then press it.", "told": "{verdict} Key {best} has the largest weight, {share}."}, {"ask": "choose the dot product, then pull key a straight outwards, away from the centre. What does its score do?", "told": "a’s score rose from {from} to {score}: with the dot product, the longer of two keys scores higher."}, {"ask": "choose the cosine, and pull a outwards or inwards again.", "told": "Its score stayed at {score}: the cosine reads directions, not lengths."}],
  traits: {
    query: {"kind": "numbers", "shape": [[2, 2]], "most": 3.0},
    key_vectors: {"kind": "numbers", "shape": [[1, 12], [2, 2]], "most": 3.0},
    scorer: {"kind": "one", "label": "Scorer", "options": {"additive": {"label": "additive", "formula": "vᵀ tanh(W_q q + W_k k_i + b)", "hint": "A small network with random parameters: each of its hidden units draws one soft step across the plane."}, "bilinear": {"label": "bilinear", "formula": "qᵀ W k_i", "hint": "Turn W, under More: the whole field turns with the dashed arrow, while the query stays where it is."}, "dot": {"label": "dot product", "formula": "qᵀ k_i", "hint": "A long key scores high even when it points elsewhere."}, "scaled_dot": {"label": "scaled dot product", "formula": "qᵀ k_i / √d, here d = 2", "hint": "The dot product, made smaller by √2. That matters when d is large."}, "cosine": {"label": "cosine", "formula": "qᵀ k_i / (‖q‖ ‖k_i‖)", "hint": "Only directions count: pull a key outward along its arrow and its score stays."}, "location": {"label": "location-based", "formula": "(W q)_i", "hint": "No field: it does not matter where a key stands. Each key has its own row of W, drawn dashed."}, "negative_distance": {"label": "negative distance", "formula": "−‖q − k_i‖", "hint": "The nearest key wins, and no score is above 0."}, "summed_distance": {"label": "summed distance", "formula": "−Σ_j ‖k_i − k_j‖", "hint": "The query does not enter: the key in the middle of the others wins. Move a key, and the field moves."}}},
    compare: {"kind": "one", "label": "Compare with", "options": {"none": {"label": "nothing"}, "additive": {"label": "additive"}, "bilinear": {"label": "bilinear"}, "dot": {"label": "dot product"}, "scaled_dot": {"label": "scaled dot product"}, "cosine": {"label": "cosine"}, "location": {"label": "location-based"}, "negative_distance": {"label": "negative distance"}, "summed_distance": {"label": "summed distance"}}},
    temperature: {"kind": "ranged", "label": "Temperature", "least": 1e-06, "most": 1000000.0, "step": 0.05, "from": 0.01, "to": 10, "log": 10},
    W: {"kind": "numbers", "label": "W", "shape": [[2, 2], [2, 2]], "most": 10},
    additive: {"kind": "parts", "parts": {"W_q": {"kind": "numbers", "shape": [[1, 16], [2, 2]], "most": 100}, "W_k": {"kind": "numbers", "shape": [[1, 16], [2, 2]], "most": 100}, "w": {"kind": "numbers", "shape": [[1, 16]], "most": 100}, "bias": {"kind": "numbers", "shape": [[1, 16]], "most": 100}}},
    gain: {"kind": "ranged", "label": "Gain", "least": 0, "most": 10, "step": 0.1, "from": 0, "to": 4},
    places: {"kind": "numbers", "shape": [[1, 12], [2, 2]], "most": 100},
    try_first: {"kind": "words", "most": 500},
  },
};
