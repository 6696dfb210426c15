"""Checks of hulls and outlines, and faults they must notice: see machinery.py."""

from collections.abc import Sequence

import numpy as np
from scipy.spatial import ConvexHull
from tests.core.machinery import Function, close, quietly


def check_hull_edges(function: Function) -> None:
    rng = np.random.default_rng(71)
    for batch, k in [((), 3), ((), 6), ((4,), 5), ((2, 3), 9), ((), 40)]:
        points = rng.normal(size=(*batch, k, 2))
        edges = quietly(function, points)
        assert edges.shape == (*batch, k, k)
        for b in np.ndindex(*batch):
            corners = ConvexHull(points[b]).vertices  # anticlockwise
            expected = np.zeros((k, k), bool)
            expected[corners, np.roll(corners, -1)] = True
            assert (edges[b] == expected).all()


def check_covered(function: Function) -> None:
    rng = np.random.default_rng(72)
    for k in (3, 5, 12):
        points = rng.normal(size=(k, 2))
        hull = ConvexHull(points)
        close(quietly(function, points, hull.vertices.tolist()), 1.0)
        close(quietly(function, points, hull.vertices[::-1].tolist()), 1.0, what="clockwise")
        for _ in range(6):
            some = points[rng.permutation(k)[:3]]
            (ax, ay), (bx, by) = some[1] - some[0], some[2] - some[0]
            places = [int((points == row).all(axis=1).argmax()) for row in some]
            close(quietly(function, points, places), abs(ax * by - ay * bx) / 2 / hull.volume, what="a triangle")
    arrow = np.array([[0.0, 0.0], [2.0, 0.1], [0.5, 0.5], [0.1, 2.0]])
    close(function(arrow, [0, 1, 2, 3]), (0.5 * (2 * 0.5 - 0.1 * 0.5) + 0.5 * (0.5 * 2 - 0.5 * 0.1)) / 1.995)
    kite = np.array([[0.0, 0.0], [2.0, 0.1], [2.2, 2.0], [0.1, 2.1]])
    close(function(kite, [0, 2, 1, 3]), 0.0, what="an outline that crosses itself")


# Right in plain NumPy, with one fault at a time to choose.


def hull_edges(points: np.ndarray, *, fault: str = "") -> np.ndarray:
    *batch, k, _ = points.shape
    edges = np.zeros((*batch, k, k), bool)
    for b in np.ndindex(*batch):
        for i in range(k):
            for j in range(k):
                a, to = points[b][i], points[b][j] - points[b][i]
                turns = [to[0] * (p - a)[1] - to[1] * (p - a)[0] for m, p in enumerate(points[b]) if m not in (i, j)]
                left = all(t < 0 for t in turns) if fault == "clockwise" else all(t > 0 for t in turns)
                if fault == "both ways":
                    left = left or all(t < 0 for t in turns)
                if fault == "one to the left is enough":
                    left = any(t > 0 for t in turns)
                edges[(*b, i, j)] = left and (i != j or fault == "loops")
    if fault == "loops":
        edges |= np.eye(k, dtype=bool)
    return edges


def covered(points: np.ndarray, path: Sequence[int], *, fault: str = "") -> float:
    outline = points[list(path)]
    sides = list(zip(outline, np.roll(outline, -1, axis=0), strict=True))
    for i, (a, b) in enumerate(sides):
        for c, d in sides[i + 2 :]:
            s, t = np.linalg.solve(np.stack([b - a, c - d], axis=1), c - a)
            if 1e-9 < s < 1 - 1e-9 and 1e-9 < t < 1 - 1e-9 and fault != "crossing counts":
                return 0.0
    area = sum(a[0] * b[1] - a[1] * b[0] for a, b in sides) / 2
    whole = 1.0 if fault == "not over the hull's" else ConvexHull(points).volume
    if fault == "of its own hull":
        area = ConvexHull(outline).volume
    return float(area if fault == "sign" else abs(area)) / whole


FAULTS: dict[str, tuple[Function, tuple[str, ...]]] = {
    "hull_edges": (hull_edges, ("clockwise", "both ways", "one to the left is enough", "loops")),
    "covered": (covered, ("crossing counts", "not over the hull's", "of its own hull", "sign")),
}
