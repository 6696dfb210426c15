"""Checks of pointers and of the hulls they go round, and faults they must notice: see machinery.py."""

from collections.abc import Sequence

import numpy as np
import scipy.special
from scipy.spatial import ConvexHull
from tests.core.machinery import Function, close, quietly


def check_point(function: Function) -> None:
    rng = np.random.default_rng(65)
    for shape in [(5,), (3, 4), (2, 4, 4)]:
        scores = 3 * rng.normal(size=shape)
        close(quietly(function, scores), scipy.special.softmax(scores, axis=-1))
        used = rng.random(shape) < 0.5
        used[..., 1] = False
        weights = quietly(function, scores, used=used)
        for row in np.ndindex(*shape[:-1]):
            assert (weights[row][used[row]] == 0).all(), "a used place is pointed at"
            close(weights[row][~used[row]], scipy.special.softmax(scores[row][~used[row]]), what="the rest share all")


def check_follow(function: Function) -> None:
    rng = np.random.default_rng(66)
    for k in (1, 2, 3, 5, 8):
        for start in range(k):
            scores = rng.normal(size=(k, k))
            path, left = [start], set(range(k)) - {start}
            while left:
                best = max(left | ({start} if len(path) > 2 else set()), key=lambda j: scores[path[-1], j])
                if best == start:
                    break
                path.append(best)
                left.remove(best)
            assert quietly(function, scores, start) == path
    ring = np.roll(np.eye(5), 1, axis=1)
    assert function(ring, 3) == [3, 4, 0, 1, 2], "a ring is gone round once"
    assert function(ring[::-1, ::-1], 0) == [0, 4, 3, 2, 1], "and the other way round"


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


def point(scores: np.ndarray, *, used: np.ndarray | None = None, fault: str = "") -> np.ndarray:
    used = np.zeros(scores.shape, bool) if used is None or fault == "used ignored" else used
    if fault == "polarity" and used.any():
        used = ~used
    weights = scipy.special.softmax(np.where(used & (fault != "after softmax"), -np.inf, scores), axis=-1)
    return weights * ~used if fault == "after softmax" else weights


def follow(scores: np.ndarray, start: int, *, fault: str = "") -> list[int]:
    path, free = [start], np.ones(len(scores), bool)
    free[start] = False
    while free.any():
        back = len(path) > 2 and fault != "never back"
        table = scores.T if fault == "columns" else scores
        may = np.where(free | (back & (np.arange(len(scores)) == start)), table[path[-1]], -np.inf)
        if fault == "used again":
            may = table[path[-1]].copy()
            may[path[-1]] = -np.inf
        best = int(may.argmin() if fault == "lowest" else may.argmax())
        if best == start or len(path) > len(scores):
            break
        path.append(best)
        free[best] = False
    return path


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
    "point": (point, ("used ignored", "polarity", "after softmax")),
    "follow": (follow, ("columns", "used again", "never back", "lowest")),
    "hull_edges": (hull_edges, ("clockwise", "both ways", "one to the left is enough", "loops")),
    "covered": (covered, ("crossing counts", "not over the hull's", "of its own hull", "sign")),
}  # fmt: skip
