"""What the alignment explorer promises in Python: values of core, refusals in words, sentences, a still picture."""

import math
import re
import xml.etree.ElementTree as ET
from typing import Any

import ipywidgets
import numpy as np
import pytest
import torch
import traitlets
from scipy.spatial import ConvexHull

from attnbook import core
from attnbook.data.six_vectors import six_vectors
from attnbook.theme import LIGHT
from attnbook.widgets.alignment import AlignmentExplorer, convex_hull, naive_in_words
from attnbook.widgets.bundle import esm, style_sheet
from attnbook.widgets.svg import SIDE, decimal

SVG = "{http://www.w3.org/2000/svg}"

RED_BALL: dict[str, Any] = {
    "source": ["the", "red", "ball", "rolls"],
    "target": ["bola", "ruvi", "so", "vanda", "."],
    "scores": [[0, 1, 4, 0.5], [0.2, 5, 1, -1], [3, 0, 0.5, -2], [-1, 0, 1, 4.5], [0, 0, 0, 0.1]],
    "gold": [[0, 0, 1, 0], [0, 1, 0, 0], [1, 0, 0, 0], [0, 0, 0, 1], [0, 0, 0, 0]],
}
BIRDS: dict[str, Any] = {"source": ["birds", "sing"], "target": ["avi", "kantu"], "scores": [[2.5, 0], [0, 3]]}


def sentences() -> AlignmentExplorer:
    return AlignmentExplorer(sentences=[RED_BALL, BIRDS])


# --- the bench ------------------------------------------------------------------------------------------------------


def test_it_opens_where_the_chapter_on_scoring_ends() -> None:
    explorer, six = AlignmentExplorer(), six_vectors()
    assert explorer.scores == pytest.approx(core.dot(six.query, six.keys)[0], abs=0.005)
    assert explorer.values[:6] == six.values.tolist()
    assert explorer.keys_shown == list(six.names)
    assert explorer.matrix is None
    assert len({tuple(value) for value in explorer.values}) == 16


def test_values_are_computed_by_core_at_every_change() -> None:
    explorer = AlignmentExplorer()
    changes = [
        ("scores", [1, 2, -3, 0]),
        ("temperature", 0.3),
        ("mask", [True, False, True, True]),
        ("values", [[1, 1], [0, 0], [-2, 0.5], [3, 3]]),
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
    explorer = sentences()
    seen: list[list[object]] = []
    names = ("weights", "entropy", "context", "matrix")
    explorer.observe(lambda change: seen.append([getattr(explorer, name) for name in names]), "weights")
    explorer.temperature = 2
    assert len(seen) == 1
    assert all(value is getattr(explorer, name) for name, value in zip(names, seen[0], strict=True))
    with pytest.raises(traitlets.TraitError, match="read-only"):
        explorer.weights = np.ones(4)
    with pytest.raises(ValueError, match="read-only"):
        explorer.matrix[0, 0] = 1
    with pytest.raises(ValueError, match="read-only"):
        AlignmentExplorer().context[0] = 1


def test_computed_traits_stay_in_python() -> None:
    state = AlignmentExplorer().get_state()
    assert {"weights", "entropy", "context", "matrix"}.isdisjoint(state)
    assert AlignmentExplorer.options() == [
        *("scores", "names", "values", "mask", "temperature", "sentences", "sentence", "word", "try_first")
    ]


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
            scores=3 * rng.standard_normal(count), values=rng.uniform(-3, 3, (count, 2)), mask=mask
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


def test_names_are_words_without_space_around_them() -> None:
    explorer = AlignmentExplorer(scores=[1, 2], names=[" ball ", "red"])
    assert explorer.keys_shown == ["ball", "red"]
    assert "ball 27 %, red 73 %" in explorer.alt


def test_changes_from_the_browser_arrive() -> None:
    explorer = AlignmentExplorer()
    explorer.set_state({"scores": [1, 1], "mask": [True, False], "values": [[2, 1], [0, 0]]})
    assert explorer.context.tolist() == [2, 1]


def test_it_composes_with_other_widgets() -> None:
    explorer, slider = sentences(), ipywidgets.IntSlider(min=0, max=4, value=3)
    traitlets.link((slider, "value"), (explorer, "word"))
    assert explorer.scores == RED_BALL["scores"][3]
    ipywidgets.HBox([explorer, slider])


# --- the sentences --------------------------------------------------------------------------------------------------


def test_a_word_loads_its_row_of_scores() -> None:
    explorer = sentences()
    for word, row in enumerate(RED_BALL["scores"]):
        explorer.word = word
        assert explorer.scores == row
        assert explorer.keys_shown == RED_BALL["source"]
        np.testing.assert_array_equal(explorer.weights, core.softmax(np.array(row, dtype=float)))
        np.testing.assert_array_equal(explorer.matrix, core.softmax(np.array(RED_BALL["scores"])))
        assert explorer.context is None


def test_another_sentence_begins_at_its_first_word_with_nothing_masked() -> None:
    explorer = sentences()
    explorer.word = 4
    explorer.mask = [False, True, True, True]
    explorer.sentence = 1
    assert explorer.word == 0
    assert explorer.mask == [True] * 16
    assert explorer.scores == BIRDS["scores"][0]
    explorer.sentences = [RED_BALL]
    assert (explorer.sentence, explorer.scores) == (0, RED_BALL["scores"][0])
    explorer.sentences = []
    assert explorer.keys_shown == [*"abcd"]
    assert explorer.matrix is None
    assert explorer.context is not None


def test_a_sentence_and_a_word_can_be_asked_for_at_once() -> None:
    explorer = AlignmentExplorer(sentences=[BIRDS, RED_BALL], sentence=1, word=3, mask=[False, True, True, True])
    assert explorer.scores == RED_BALL["scores"][3]
    assert explorer.mask == [False, True, True, True]
    assert AlignmentExplorer(sentences=[RED_BALL], scores=[1, 2, 3, 4]).scores == [1, 2, 3, 4]


def test_mask_temperature_and_what_was_dragged_count_in_the_matrix() -> None:
    explorer = sentences()
    explorer.mask = [True, True, False, True]
    explorer.temperature = 0.5
    explorer.scores = [9, 0, 0, 0]
    rows = np.array(RED_BALL["scores"])
    rows[0] = [9, 0, 0, 0]
    mask = np.array([True, True, False, True])
    np.testing.assert_array_equal(explorer.matrix, core.softmax(rows, mask=mask, temperature=0.5))
    explorer.word = 1
    assert explorer.scores == RED_BALL["scores"][1]
    explorer.word = 0
    assert explorer.scores == RED_BALL["scores"][0], "the scores of the model are back"


def test_the_browser_may_send_a_word_with_scores_of_its_own() -> None:
    explorer = sentences()
    explorer.set_state({"word": 2, "scores": [1, 2, 3, 4]})
    assert explorer.scores == [1, 2, 3, 4]
    explorer.set_state({"sentence": 1, "word": 0, "scores": BIRDS["scores"][0], "mask": [True] * 16})
    assert explorer.scores == BIRDS["scores"][0]
    explorer.set_state({"word": 1})  # as a link of two widgets does
    assert explorer.scores == BIRDS["scores"][1]


def test_the_readout_names_what_is_looked_at() -> None:
    explorer = sentences()
    assert explorer.readout() == "bola ← ball 91 %, red 5 %, rolls 3 %"
    explorer.temperature = 0.1
    assert explorer.readout() == "bola ← ball 100 %"
    explorer.mask = [False] * 4
    assert explorer.readout() == "bola ← nothing"
    with pytest.raises(ValueError, match="there are no sentences: set sentences first"):
        AlignmentExplorer().readout()


def test_short_names_and_values_do_not_matter_while_a_sentence_is_shown() -> None:
    explorer = AlignmentExplorer(scores=[1, 2], names=["x", "y"], values=[[0, 0], [1, 1]], mask=[True, False])
    explorer.sentences = [RED_BALL]
    explorer.word = 1
    assert explorer.scores == RED_BALL["scores"][1]
    explorer.sentences = []
    assert explorer.scores == RED_BALL["scores"][1][:2]
    assert explorer.keys_shown == ["x", "y"]


def test_scores_of_a_model_are_taken() -> None:
    scores = torch.randn(5, 4, requires_grad=True)
    explorer = AlignmentExplorer(sentences=[{**RED_BALL, "scores": scores, "gold": np.eye(5, 4, dtype=bool)}])
    assert explorer.weights == pytest.approx(torch.softmax(scores[0], 0).detach().numpy(), abs=1e-6)
    assert explorer.sentences[0]["gold"] == np.eye(5, 4, dtype=int).tolist()


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
        ("names", ["a", "b"], "names has 2 entries but there are 6 scores; it needs one for every score"),
        ("names", "abcdef", "names is 'abcdef'; it must be a list of 2 to 16 words"),
        ("names", ["a"], "names has 1 words; it must be a list of 2 to 16 words"),
        ("names", [*"abcde", 6], "names has 6; each word must be a text of 1 to 20 letters"),
        ("names", [*"abcde", " "], "names has ' '; each word must be a text"),
        ("names", [*"abcde", "f" * 21], "each word must be a text of 1 to 20 letters"),
        ("values", [[1, 2]] * 5, "values has 5 entries but there are 6 scores"),
        ("values", [[1, 2]] * 5 + [[0, 3.5]], "values must hold numbers from −3 to 3"),
        ("mask", [True] * 5, "mask has 5 entries but there are 6 scores"),
        ("mask", [1, 0, 1, 1, 1, 1], "mask is [1, 0, 1, 1, 1, 1]; it must be 2 to 16 times True or False"),
        ("mask", [True] * 17, "mask has 17 entries; it must be 2 to 16 times True or False"),
        ("mask", True, "mask is True; it must be 2 to 16 times True or False"),
        ("temperature", 0, "temperature is 0.0; it must be from 1e-06 to 1000000"),
        ("temperature", -1, "temperature is -1.0; it must be from 1e-06 to 1000000"),
        ("temperature", math.nan, "temperature is nan; it must be from"),
        ("temperature", math.inf, "temperature is inf; it must be from"),
        ("temperature", "warm", "temperature"),
        ("sentence", 1, "sentence is 1; there are 0 sentences, so it must be 0"),
        ("word", -1, "word is -1; there are 0 sentences, so it must be 0"),
        ("sentences", {}, "sentences is dict; it must be a list of up to 50 dicts with source, target, scores"),
        ("sentences", [BIRDS] * 51, "sentences holds 51 sentences; it must be a list of up to 50"),
        ("sentences", [BIRDS, 3], "sentences[1] has int; it must have source, target, scores, perhaps gold"),
        ("sentences", [{"source": ["a", "b"]}], "sentences[0] has source; it must have source, target, scores"),
        ("sentences", [{**BIRDS, "golden": 1}], "sentences[0] has source, target, scores, golden; it must have"),
        ("sentences", [{**BIRDS, "source": "birds sing"}], "sentences[0]['source'] is 'birds sing'; it must be a list"),
        ("sentences", [{**BIRDS, "target": []}], "sentences[0]['target'] has 0 words; it must be a list of 1 to 24"),
        ("sentences", [{**BIRDS, "target": ["avi"]}], "sentences[0]['scores'] has shape (2, 2); it must be 1 row of 2"),
        ("sentences", [{**BIRDS, "scores": [[1, 2], [3, np.inf]]}], "sentences[0]['scores'] must hold numbers from"),
        ("sentences", [{**BIRDS, "gold": [[1, 0]]}], "sentences[0]['gold'] has shape (1, 2); it must be 2 rows"),
        ("sentences", [{**BIRDS, "gold": [[1, 0], [0, 0.5]]}], "['gold'] must hold 1 where two words belong together"),
        ("sentences", [{**BIRDS, "gold": [[1, 0], [0, 2]]}], "['gold'] must hold 1 where two words belong together"),
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


@pytest.mark.parametrize(
    ("option", "value", "message"),
    [
        ("sentence", 2, "sentence is 2; there are 2 sentences, so it must be from 0 to 1"),
        ("word", 5, "word is 5; there are 5 target words, so it must be from 0 to 4"),
        ("word", -1, "word is -1; there are 5 target words"),
        ("scores", [1, 2, 3], "scores has 3 entries but the sentence has 4 source words; it needs one for every word"),
        ("mask", [True] * 3, "mask has 3 entries but the sentence has 4 source words"),
    ],
)
def test_what_does_not_fit_the_sentence_is_refused(option: str, value: object, message: str) -> None:
    explorer = sentences()
    before, weights = getattr(explorer, option), explorer.weights
    with pytest.raises(traitlets.TraitError) as caught:
        setattr(explorer, option, value)
    assert message in str(caught.value)
    assert getattr(explorer, option) == before
    assert explorer.weights is weights


def test_unknown_options_are_refused() -> None:
    with pytest.raises(TypeError, match="unknown option 'temperatur': did you mean 'temperature'"):
        AlignmentExplorer(temperatur=1)


def test_the_extremes_are_fine() -> None:
    for scores in ([1e6, -1e6], [0.0, 0.0], [1e6] * 16, [-1e6, -1e6, 1]):
        for temperature in (1e-6, 1e6):
            explorer = AlignmentExplorer(scores=scores, temperature=temperature)
            assert explorer.weights.sum() == pytest.approx(1)
            assert "nan" not in explorer.static_svg()
            assert "nan" not in explorer.alt


def test_it_carries_its_own_module_and_styles() -> None:
    state = AlignmentExplorer().get_state()
    assert state["_explorer"] == "alignment"
    assert state["_esm"] == esm("alignment")
    assert state["_css"] == style_sheet("alignment")


# --- where nothing moves --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("make", [AlignmentExplorer, sentences])
def test_the_still_is_small_and_the_same_every_time(make: Any) -> None:
    first, second = make().static_svg(), make().static_svg()
    assert first == second
    assert len(first.encode()) <= 25_000
    root = ET.fromstring(first)
    assert root.get("role") == "img"
    assert root.get("data-kind") == ("bench" if make is AlignmentExplorer else "sentences")
    assert root.find(f"{SVG}desc").text == make().alt
    assert " id=" not in first, "many stills may share a page"


def test_the_still_shows_values_hull_and_context_where_they_are() -> None:
    explorer = AlignmentExplorer(mask=[True, True, False, True, True, True], temperature=0.5)
    plane, bars = ET.fromstring(explorer.static_svg()).findall(f"{SVG}g")

    def at(point: Any) -> list[float]:
        return [(point[0] + 3) / 6 * SIDE, (3 - point[1]) / 6 * SIDE]

    discs = list(plane.iter(f"{SVG}circle"))
    places = [[float(node.get("cx")), float(node.get("cy"))] for node in discs]
    np.testing.assert_allclose(places, [at(value) for value in explorer.values[:6]], atol=0.06)
    assert [node.get("fill") for node in discs] == [
        LIGHT["muted" if name == "c" else "value"] for name in explorer.keys_shown
    ]
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


def test_the_still_of_a_sentence_shows_the_matrix_and_the_gold() -> None:
    explorer = sentences()
    explorer.word = 1
    root = ET.fromstring(explorer.static_svg())
    assert root.find(f"{SVG}title").text == "What “ruvi” looks at"
    matrix = root.find(f"{SVG}g")
    words = [node for node in matrix.iter(f"{SVG}text")]
    assert [node.text for node in words[:9]] == [*RED_BALL["target"], *RED_BALL["source"]]
    assert [node.text for node in words if node.get("font-weight")] == ["ruvi"]
    cells = [node for node in matrix.iter(f"{SVG}path") if node.get("fill") != "none"]
    assert len(cells) == (explorer.matrix >= 0.005).sum()
    frames = [node.get("d").count("M") for node in matrix.iter(f"{SVG}path") if node.get("stroke") == LIGHT["ink"]]
    assert frames == [4]
    explorer.sentence = 1
    assert "outlined" not in explorer.static_svg()


def test_the_words_tell_the_state() -> None:
    alt = AlignmentExplorer(mask=[True, True, True, False, False, True]).alt
    assert "6 scores become weights at temperature 1: a 17 %, b 47 %," in alt
    assert "Not to be attended to: d, e." in alt
    assert "bits of at most 2.00, as if looking at 3.0 keys." in alt
    assert "inside the convex hull of the allowed values." in alt
    assert "naive" not in alt
    explorer = sentences()
    assert explorer.alt.startswith(
        "The sentence “the red ball rolls” and its translation “bola ruvi so vanda .”. bola ← "
    )
    assert f"{explorer.readout()}, at temperature 1." in explorer.alt
    assert "The gold alignment is outlined in it." in explorer.alt
    explorer.sentence = 1
    assert "gold" not in explorer.alt
