// Written by tools/facts.py from src/attnbook/widgets/nadaraya_watson.py: change it there and run `make facts`.
export const FACTS = {
  slug: "nadaraya_watson",
  tasks: [{"ask": "these points are all that is known. How high is the path at q? Drag the ? to where you would put it, then press “Show the curve”.", "told": "{guess}; the curve says {answer}, an average of {read} values, in which {few} of the points have {share} of the weight. {path}The bandwidth says what counts as near."}, {"ask": "one end of the bandwidth takes the curve through every point, the other makes it their plain average. Which is which? Go to both, and watch the leave-one-out error on the way.", "told": "At {narrow} the curve knows the points by heart, at {wide} it hardly looks where the query is. Leave-one-out errors: {narrow_error} and {wide_error}. Least on the slider: {best_error}, at {best}."}, {"ask": "choose a bandwidth. If one point goes far up, which part of the curve goes with it, and how far? Decide, then lift a point.", "told": "The point went up by {by}, the curve by {most} at most, at x = {where}. From x = {start} to {end} it moved by at least a tenth of that. Try another bandwidth."}],
  walk: [[0.43, 1.35], [0.47, 2.23], [0.57, 1.99], [0.8, 2.02], [1.18, 2.91], [1.42, 3.57], [1.46, 4.31], [1.96, 3.43], [2.15, 3.4], [2.17, 4.01], [2.4, 2.93], [2.58, 3.05], [2.91, 3.25], [2.93, 3.07], [3.24, 2.41], [3.48, 2.38], [3.67, 0.4], [3.69, 2.31], [4.01, 1.03], [4.78, 0.67]],
  traits: {
    points: {"kind": "numbers", "label": "Data of your own", "shape": [[2, 50], [2, 2]], "most": 10000.0},
    query: {"kind": "ranged", "least": -10000.0, "most": 10000.0, "step": 0.05, "from": -10000.0, "to": 10000.0},
    kernel: {"kind": "one", "label": "Kernel", "options": {"gaussian": {"label": "Gaussian"}, "boxcar": {"label": "boxcar"}, "triangular": {"label": "triangular"}, "epanechnikov": {"label": "Epanechnikov"}}},
    bandwidth: {"kind": "ranged", "label": "Bandwidth", "least": 0.001, "most": 10000.0, "step": 0.01, "from": 0.005, "to": 50, "log": 10},
    try_first: {"kind": "words", "most": 500},
  },
};
