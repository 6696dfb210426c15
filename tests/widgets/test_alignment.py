"""What the alignment explorer promises in Python: values of core, refusals in words, a still picture."""

import math
import re
import xml.etree.ElementTree as ET
from typing import Any

import numpy as np
import pytest
import traitlets
from scipy.spatial import ConvexHull

from attnbook import core
from attnbook.data.six_vectors import six_vectors
from attnbook.theme import LIGHT
from attnbook.widgets.alignment import LETTERS, AlignmentExplorer, convex_hull, naive_in_words
from attnbook.widgets.svg import SIDE, decimal

SVG = "{http://www.w3.org/2000/svg}"

# --- the bench ------------------------------------------------------------------------------------------------------


def test_it_opens_where_the_chapter_on_scoring_ends() -> None:
    explorer, six = AlignmentExplorer(), six_vectors()
    assert explorer.scores == pytest.approx(core.dot(six.query, six.keys)[0], abs=0.005)
    assert explorer.values[:6] == six.values.tolist()
    assert LETTERS[:6] == list(six.names)
    assert len({tuple(value) for value in explorer.values}) == 16


def test_values_are_computed_by_core_at_every_change() -> None:
    explorer = AlignmentExplorer()
    changes = [
        ("scores", [1, 2, -3, 0]),
        ("temperature", 0.3),
        ("mask", [True, False, True, True]),
        ("values", [[1, 1], [0, 0], [-2, 0.5], [2, 2]]),
        ("mask", [False] * 4),
        ("scores", [1000, 1]),
    ]
    for name, value in changes:
        setattr(explorer, name, value)
        scores, count = np.array(explorer.scores), len(explorer.scores)
        values, mask = np.array(explorer.values[:count]), np.array(explorer.mask[:count])
        context, weights = core.attend(scores[None], values, mask=mask, temperature=explorer.temperature)
        np.testing.assert_array_equal(explorer.weights, weights[0])
        np.testing.assert_array_equal(explorer.context, context[0])
        assert explorer.entropy == core.entropy(weights[0])


def test_computed_traits_can_be_observed_and_not_set() -> None:
    explorer = AlignmentExplorer()
    seen: list[list[object]] = []
    names = ("weights", "entropy", "context")
    explorer.observe(lambda change: seen.append([getattr(explorer, name) for name in names]), "weights")
    explorer.temperature = 2
    assert len(seen) == 1
    assert all(value is getattr(explorer, name) for name, value in zip(names, seen[0], strict=True))
    with pytest.raises(traitlets.TraitError, match="read-only"):
        explorer.weights = np.ones(4)
    with pytest.raises(ValueError, match="read-only"):
        explorer.context[0] = 1


def test_computed_traits_stay_in_python() -> None:
    state = AlignmentExplorer().get_state()
    assert {"weights", "entropy", "context"}.isdisjoint(state)
    assert AlignmentExplorer.options() == ["scores", "values", "mask", "temperature", "try_first"]


def test_adding_the_same_to_all_scores_changes_nothing() -> None:
    explorer = AlignmentExplorer()
    before = explorer.weights
    explorer.scores = [score + 100 for score in explorer.scores]
    assert explorer.weights == pytest.approx(before, rel=1e-12)


def test_where_nothing_may_be_attended_to_there_are_zeros() -> None:
    explorer = AlignmentExplorer(mask=[False] * 6)
    assert explorer.weights.tolist() == [0] * 6
    assert explorer.context.tolist() == [0, 0]
    assert explorer.entropy == 0
    assert len(explorer.hull()) == 0
    assert "Nothing may be attended to, so every weight is zero." in explorer.alt
    assert "would divide 0 by 0" in explorer.naive
    assert "nan" not in explorer.static_svg()


def test_the_context_lies_in_the_hull_of_the_allowed_values() -> None:
    rng = np.random.default_rng(4)
    for _ in range(200):
        count = int(rng.integers(2, 17))
        mask = rng.random(count) < 0.7
        mask[0] = True
        explorer = AlignmentExplorer(
            scores=3 * rng.standard_normal(count), values=rng.uniform(-2, 2, (count, 2)), mask=mask
        )
        corners = explorer.hull()
        around = np.roll(corners, -1, axis=0) - corners
        inward = np.stack([-around[:, 1], around[:, 0]], axis=1)
        assert (((explorer.context - corners) * inward).sum(axis=1) >= -1e-12).all()


def test_the_hull_is_that_of_scipy() -> None:
    rng = np.random.default_rng(5)
    for count in (3, 4, 7, 16, 40):
        points = rng.standard_normal((count, 2))
        ours = convex_hull(points)
        theirs = points[ConvexHull(points).vertices]  # counterclockwise as well, from another corner
        start = int(np.argmin(((theirs - ours[0]) ** 2).sum(axis=1)))
        np.testing.assert_array_equal(ours, np.roll(theirs, -start, axis=0))


@pytest.mark.parametrize(
    ("points", "corners"),
    [
        (np.zeros((0, 2)), []),
        ([[1, 2]], [[1, 2]]),
        ([[1, 2], [1, 2], [1, 2]], [[1, 2]]),
        ([[1, 2], [0, 0]], [[0, 0], [1, 2]]),
        ([[0, 0], [1, 1], [2, 2]], [[0, 0], [2, 2]]),
        ([[0, 0], [1, 0], [2, 0], [0, 2], [1, 1]], [[0, 0], [2, 0], [0, 2]]),
    ],
)
def test_the_hull_of_few_points(points: Any, corners: list[list[float]]) -> None:
    assert convex_hull(np.array(points, dtype=float)).tolist() == corners


@pytest.mark.parametrize(
    ("powers", "told"),
    [
        ([0.0, 709.7, 1.0], "gives the same."),
        ([1000.0, 1.0], "e¹⁰⁰⁰ is too large for the computer, so it would divide infinity by infinity"),
        ([709.5, 709.5], "the sum of all powers is too large for the computer, so every weight would be 0"),
        ([-800.0, -745.9], "even e⁻⁷⁴⁶ is too small for the computer, so it would divide 0 by 0"),
        ([], "would divide 0 by 0"),
    ],
)
def test_the_fate_of_the_naive_formula_is_what_numpy_does(powers: list[float], told: str) -> None:
    assert told in naive_in_words(np.array(powers))
    with np.errstate(all="ignore"):
        each = np.exp(np.array(powers))
        naive = each / each.sum()
    fails = len(naive) == 0 or not (np.isfinite(naive).all() and naive.sum() == pytest.approx(1))
    assert fails == ("gives the same" not in told)
    if "every weight would be 0" in told:
        assert naive.tolist() == [0, 0]


def test_the_naive_formula_sees_temperature_and_mask() -> None:
    explorer = AlignmentExplorer(scores=[10, 1000], mask=[True, False])
    assert "gives the same" in explorer.naive
    explorer.temperature = 0.01
    assert "e¹⁰⁰⁰ is too large" in explorer.naive
    assert explorer.naive in explorer.alt


def test_changes_from_the_browser_arrive() -> None:
    explorer = AlignmentExplorer()
    explorer.set_state({"scores": [1, 1], "mask": [True, False], "values": [[2, 1], [0, 0]]})
    assert explorer.context.tolist() == [2, 1]


# --- options --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("option", "value", "message"),
    [
        ("scores", [1], "scores has shape (1,); it must be 2 to 16 numbers, one for each key"),
        ("scores", [0] * 17, "scores has shape (17,); it must be 2 to 16 numbers"),
        ("scores", "ab", "scores is 'ab'; it must be 2 to 16 numbers"),
        ("scores", [1, "many"], "scores is [1, 'many']; it must be 2 to 16 numbers"),
        ("scores", [1, np.nan], "scores must hold numbers from −1e+06 to 1e+06, but has nan"),
        ("scores", [1, np.inf], "scores must hold numbers from −1e+06 to 1e+06, but has inf"),
        ("scores", [1, -2e6], "scores must hold numbers from −1e+06 to 1e+06, but has −2e+06"),
        ("scores", [[1, 2]], "scores has shape (1, 2)"),
        ("values", [[1, 2]] * 5, "values has 5 entries but there are 6 scores"),
        ("values", [[1, 2]] * 5 + [[0, 3.5]], "values must hold numbers from −2 to 2"),
        ("mask", [True] * 5, "mask has 5 entries but there are 6 scores"),
        ("mask", [1, 0, 1, 1, 1, 1], "mask is [1, 0, 1, 1, 1, 1]; it must be 2 to 16 times True or False"),
        ("mask", [True] * 17, "it must be 2 to 16 times True or False"),
        ("mask", True, "mask is True; it must be 2 to 16 times True or False"),
        ("temperature", 0, "temperature is 0; it must be a number from 1e-06 to 1000000"),
        ("temperature", -1, "temperature is -1; it must be a number from 1e-06 to 1000000"),
        ("temperature", math.nan, "temperature is nan; it must be a number from"),
        ("temperature", math.inf, "temperature is inf; it must be a number from"),
        ("temperature", "warm", "temperature"),
    ],
)  # fmt: skip
def test_bad_values_are_refused_in_words_and_the_last_good_ones_stay(option: str, value: object, message: str) -> None:
    with pytest.raises(traitlets.TraitError) as caught:
        AlignmentExplorer(**{option: value})
    assert message in str(caught.value)
    explorer = AlignmentExplorer()
    before, weights = getattr(explorer, option), explorer.weights
    with pytest.raises(traitlets.TraitError):
        setattr(explorer, option, value)
    assert getattr(explorer, option) == before
    assert explorer.weights is weights


def test_the_extremes_are_fine() -> None:
    for scores in ([1e6, -1e6], [0.0, 0.0], [1e6] * 16, [-1e6, -1e6, 1]):
        for temperature in (1e-6, 1e6):
            explorer = AlignmentExplorer(scores=scores, temperature=temperature)
            assert explorer.weights.sum() == pytest.approx(1)
            assert "nan" not in explorer.static_svg()
            assert "nan" not in explorer.alt


# --- where nothing moves --------------------------------------------------------------------------------------------


def test_the_still_shows_values_hull_and_context_where_they_are() -> None:
    explorer = AlignmentExplorer(mask=[True, True, False, True, True, True], temperature=0.5)
    plane, bars = ET.fromstring(explorer.static_svg()).findall(f"{SVG}g")

    def at(point: Any) -> list[float]:
        return [(point[0] + 2) / 4 * SIDE, (2 - point[1]) / 4 * SIDE]

    discs = list(plane.iter(f"{SVG}circle"))
    places = [[float(node.get("cx")), float(node.get("cy"))] for node in discs]
    np.testing.assert_allclose(places, [at(value) for value in explorer.values[:6]], atol=0.06)
    assert [node.get("fill") for node in discs] == [LIGHT["muted" if name == "c" else "value"] for name in LETTERS[:6]]
    (hull,) = [node.get("d") for node in plane.iter(f"{SVG}path") if node.get("stroke-dasharray")]
    corners = re.findall(r"([\d.]+) ([\d.]+)", hull)
    np.testing.assert_allclose(np.array(corners, float), [at(corner) for corner in explorer.hull()], atol=0.06)
    pulls = [node for node in plane.iter(f"{SVG}path") if node.get("stroke-width") and "L" in node.get("d")]
    seen = [weight for weight in explorer.weights if weight >= 0.005]
    np.testing.assert_allclose(
        [float(node.get("stroke-width")) for node in pulls], [1 + 6 * w for w in seen], atol=0.06
    )
    for node in pulls:
        np.testing.assert_allclose(
            [float(x) for x in node.get("d").split("L")[1].split()], at(explorer.context), atol=0.06
        )
    texts = [node.text for node in bars.iter(f"{SVG}text")]
    for score, weight in zip(explorer.scores, explorer.weights, strict=True):
        assert decimal(score) in texts
        assert f"{100 * weight:.0f} %" in texts
    assert "(c)" in texts
    assert texts[1] == f"temperature 0.5, entropy {decimal(explorer.entropy)} bits"


def test_the_words_tell_the_state() -> None:
    alt = AlignmentExplorer(mask=[True, True, True, False, False, True]).alt
    assert "6 scores become weights at temperature 1: a 17 %, b 47 %," in alt
    assert "Not to be attended to: d, e." in alt
    assert "bits of at most 2.00, as if looking at 3.0 keys." in alt
    assert "inside the convex hull of the allowed values." in alt
    assert "naive" not in alt


def test_keys_with_equal_weights_have_no_winner() -> None:
    assert "◂" in AlignmentExplorer().static_svg()
    assert "◂" not in AlignmentExplorer(scores=[0] * 6).static_svg()
    assert "◂" not in AlignmentExplorer(mask=[False] * 6).static_svg()
