"""What every explorer promises in Python: strict options, computed traits, a still picture and words."""

import html
import re
import xml.etree.ElementTree as ET

import ipywidgets
import numpy as np
import pytest
import torch
import traitlets

from attnbook import core
from attnbook.core import SCORERS
from attnbook.data.draws import gaussian
from attnbook.data.six_vectors import six_vectors
from attnbook.nn.scoring import Additive
from attnbook.theme import DIVERGING, LIGHT
from attnbook.widgets import Explorer
from attnbook.widgets.bundle import esm, style_sheet
from attnbook.widgets.declare import Numbers
from attnbook.widgets.scoring import LOOKS, ScoringExplorer
from attnbook.widgets.scoring_width import WidthExplorer
from attnbook.widgets.svg import CELLS, SIDE, decimal

SVG = "{http://www.w3.org/2000/svg}"


def by_hand(explorer: ScoringExplorer) -> np.ndarray:
    """The scores, straight from core, with the parameters looked up here."""
    query, keys = np.array([explorer.query]), np.array(explorer.key_vectors)
    learned = {name: np.array(value) for name, value in explorer.additive.items()}
    inside = {name: explorer.gain * learned[name] for name in ("W_q", "W_k", "bias")}
    parameters = {
        "bilinear": {"W": np.array(explorer.W)},
        "location": {"W": np.array(explorer.places)},
        "additive": {**inside, "w": learned["w"]},
    }
    return SCORERS[explorer.scorer].function(query, keys, **parameters.get(explorer.scorer, {}))[0]


# --- values ---------------------------------------------------------------------------------------------------------


def test_it_opens_on_the_six_vectors() -> None:
    explorer, six = ScoringExplorer(), six_vectors()
    assert explorer.query == six.query[0].tolist()
    assert explorer.key_vectors == six.keys.tolist()
    assert explorer.scorer == "scaled_dot"
    assert explorer.weights == pytest.approx(core.softmax(core.scaled_dot(six.query, six.keys))[0])


@pytest.mark.parametrize("scorer", SCORERS)
def test_values_are_computed_by_core_at_every_change(scorer: str) -> None:
    explorer = ScoringExplorer(scorer=scorer)
    changes = [
        ("query", [-1, 2]),
        ("key_vectors", [[1, 1], [0, 0], [-2, 0.5]]),
        ("temperature", 0.3),
        ("W", [[1, 2], [3, 4]]),
        ("gain", 2),
        ("places", [[1, 0], [0, 1], [2, 2]]),
        ("additive", {"W_q": [[1, 2]], "W_k": [[-1, 1]], "w": [2], "bias": [0.5]}),
    ]
    for name, value in changes:
        setattr(explorer, name, value)
        scores = by_hand(explorer)
        output, weights = core.attend(scores[None], np.array(explorer.key_vectors), temperature=explorer.temperature)
        np.testing.assert_array_equal(explorer.scores, scores)
        np.testing.assert_array_equal(explorer.weights, weights[0])
        np.testing.assert_array_equal(explorer.output, output[0])


def test_computed_traits_can_be_observed_and_not_set() -> None:
    explorer = ScoringExplorer()
    seen: list[dict[str, np.ndarray]] = []
    explorer.observe(
        lambda change: seen.append({name: getattr(explorer, name) for name in ("scores", "weights", "output")}),
        "weights",
    )
    explorer.scorer = "cosine"
    assert len(seen) == 1
    assert all(value is getattr(explorer, name) for name, value in seen[0].items()), "one is from before"
    with pytest.raises(traitlets.TraitError, match="read-only"):
        explorer.weights = np.ones(6)
    with pytest.raises(ValueError, match="read-only"):
        explorer.weights[0] = 1


def test_computed_traits_stay_in_python() -> None:
    state = ScoringExplorer().get_state()
    assert {"scores", "weights", "output"}.isdisjoint(state)
    assert set(ScoringExplorer.options()) < set(state)


def test_saturation_is_what_it_says() -> None:
    for width in (1, 8, 512):
        explorer = WidthExplorer(width=width, seed=5)
        draws = gaussian(5, (512, 11))[:width]
        plain = draws[:, 1:].T @ draws[:, 0]
        for row, scores in zip(explorer.saturation(), (plain, plain / np.sqrt(width)), strict=True):
            tensor = torch.tensor(scores, requires_grad=True)
            weights = torch.softmax(tensor, 0)
            jacobian = torch.autograd.functional.jacobian(lambda s: torch.softmax(s, 0), tensor)
            entropy = torch.distributions.Categorical(probs=weights).entropy() / np.log(2)
            np.testing.assert_allclose(row.scores, scores)
            np.testing.assert_allclose(row.weights, weights.detach())
            assert row.largest == pytest.approx(weights.max().item())
            assert row.entropy == pytest.approx(entropy.item())
            assert row.gradient == pytest.approx(torch.linalg.norm(jacobian).item())


def test_unscaled_weights_saturate_with_the_width_and_scaled_ones_do_not() -> None:
    wide, narrow = WidthExplorer(width=512).saturation(), WidthExplorer(width=1).saturation()
    np.testing.assert_array_equal(narrow.plain.weights, narrow.scaled.weights)
    assert wide.plain.largest > 0.9 > 0.5 > wide.scaled.largest
    assert wide.plain.gradient < wide.scaled.gradient


def test_a_trained_module_can_be_looked_at() -> None:
    torch.manual_seed(0)
    module = Additive(2, 2, 5)
    explorer = ScoringExplorer(scorer="additive", additive=dict(module.named_parameters()))
    query, keys = torch.tensor([explorer.query]), torch.tensor(explorer.key_vectors)
    assert explorer.scores == pytest.approx(module(query, keys)[0].detach().numpy(), abs=1e-5)


def test_it_composes_with_other_widgets() -> None:
    explorer, slider = ScoringExplorer(), ipywidgets.FloatSlider(min=0.1, max=10, value=2)
    in_python = traitlets.link((slider, "value"), (explorer, "temperature"))
    assert explorer.temperature == 2
    explorer.temperature = 3
    assert slider.value == 3
    in_python.unlink()
    in_browser = ipywidgets.jslink((slider, "value"), (explorer, "temperature"))
    assert in_browser.target == (explorer, "temperature")
    ipywidgets.HBox([explorer, slider])


def test_changes_from_the_browser_arrive() -> None:
    explorer = ScoringExplorer()
    explorer.set_state({"query": [1, 0], "key_vectors": [[1, 0], [0, 1]], "scorer": "dot"})
    assert explorer.scores.tolist() == [1.0, 0.0]


# --- options --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("option", "hint"),
    [
        ("scorrer", "did you mean 'scorer'?"),
        ("Temperature", "did you mean 'temperature'?"),
        ("keys", "did you mean 'key_vectors'?"),
        ("zzz", "the options are query, key_vectors, scorer, compare, temperature, W, additive, gain, places"),
        ("_esm", "the options are"),
        ("scores", "did you mean"),
    ],
)  # fmt: skip
def test_unknown_options_are_refused(option: str, hint: str) -> None:
    with pytest.raises(TypeError) as caught:
        ScoringExplorer(**{option: 1})
    assert f"unknown option {option!r}: {hint}" in str(caught.value)


@pytest.mark.parametrize(
    ("option", "value", "message"),
    [
        ("scorer", "dots", "scorer is 'dots': did you mean 'dot'?"),
        ("scorer", "xyz", "scorer is 'xyz': it must be one of additive, bilinear, dot,"),
        ("query", [1, 2, 3], "query has shape (3,); it must be two numbers, a point of the plane"),
        ("query", "ab", "query is 'ab'; it must be two numbers"),
        ("query", [1, np.nan], "query must hold numbers from −3 to 3"),
        ("query", [1, 3.5], "query must hold numbers from −3 to 3"),
        ("query", [1, -3.5], "query must hold numbers from −3 to 3"),
        ("key_vectors", [], "key_vectors has shape (0,); it must be 1 to 12 rows of two numbers"),
        ("key_vectors", [[1, 2], [3]], "it must be 1 to 12 rows of two numbers"),
        ("key_vectors", [[0, 0]] * 13, "key_vectors has shape (13, 2)"),
        ("W", [[1, 2, 3]], "W has shape (1, 3); it must be 2 rows of 2 numbers"),
        ("compare", "dots", "compare is 'dots': did you mean 'dot'?"),
        ("temperature", 0, "temperature is 0; it must be a number from 1e-06 to 1000000"),
        ("temperature", float("nan"), "temperature is nan; it must be a number from"),
        ("temperature", float("inf"), "temperature is inf; it must be a number from"),
        ("gain", -1, "gain is -1; it must be a number from 0 to 10"),
        ("places", [[1, 1]], "places has 1 rows but there are 6 keys; it needs a row for every key"),
        ("additive", {}, "additive has nothing; it must have W_q, W_k, w, bias"),
        ("additive", {"W_q": [[1, 2]], "W_k": [[1, 2]], "w": [1, 2], "bias": [1]}, "of hidden units; W_q has 1"),
        ("additive", {"W_q": [[1]], "W_k": [[1, 2]], "w": [1], "bias": [1]}, "additive['W_q'] has shape (1, 1)"),
    ],
)  # fmt: skip
def test_bad_values_are_refused_in_words_and_the_last_good_ones_stay(option: str, value: object, message: str) -> None:
    with pytest.raises(traitlets.TraitError) as caught:
        ScoringExplorer(**{option: value})
    assert message in str(caught.value)
    explorer = ScoringExplorer()
    before, weights = getattr(explorer, option), explorer.weights
    with pytest.raises(traitlets.TraitError):
        setattr(explorer, option, value)
    assert getattr(explorer, option) == before
    assert explorer.weights is weights


@pytest.mark.parametrize(
    ("option", "value", "message"),
    [
        ("width", 0, "width is 0; it must be a whole number from 1 to 512"),
        ("width", 513, "width is 513; it must be a whole number from 1 to 512"),
        ("width", 1.5, "width is 1.5; it must be a whole number"),
        ("seed", -1, "seed is -1; it must be a whole number from 0 to 4294967295"),
    ],
)
def test_a_bad_width_is_refused_in_words(option: str, value: object, message: str) -> None:
    with pytest.raises(traitlets.TraitError) as caught:
        WidthExplorer(**{option: value})
    assert message in str(caught.value)


@pytest.mark.parametrize("scorer", SCORERS)
def test_another_scorer_is_compared(scorer: str) -> None:
    explorer = ScoringExplorer(scorer="dot", compare=scorer, temperature=0.7)
    other = ScoringExplorer(scorer=scorer, temperature=0.7)
    assert explorer.other_weights() == pytest.approx(other.weights)
    assert f"The weights by the {SCORERS[scorer].label} scorer: a {100 * other.weights[0]:.0f} %, b" in explorer.alt
    bars = ET.fromstring(explorer.static_svg()).findall(f"{SVG}g")[1]
    thin = [re.match(r"M166 [\d.]+h([\d.]+)v3", node.get("d") or "") for node in bars.iter(f"{SVG}path")]
    assert [float(found[1]) for found in thin if found] == pytest.approx(70 * other.weights, abs=0.06)
    assert ScoringExplorer().other_weights() is None


def test_keys_with_equal_weights_have_no_winner() -> None:
    explorer = ScoringExplorer(query=[0, 0], scorer="dot")
    assert "Several keys share the largest weight" in explorer.alt
    assert "◂" not in explorer.static_svg()


def test_the_still_of_the_width_shows_its_weights() -> None:
    explorer = WidthExplorer(width=64, seed=2)
    first = explorer.static_svg()
    assert first == WidthExplorer(width=64, seed=2).static_svg()
    root = ET.fromstring(first)
    for group, row in zip(root.findall(f"{SVG}g"), explorer.saturation(), strict=True):
        heights = [float(re.search(r"v-([\d.]+)h20", node.get("d"))[1]) for node in group.iter(f"{SVG}path")]
        assert heights == pytest.approx(np.maximum(1, 110 * row.weights), abs=0.06)
        assert f"largest {100 * row.largest:.0f} %" in first
        assert f"{100 * row.largest:.0f} %" in explorer.alt
        assert decimal(row.gradient, 3) in explorer.alt
    assert "width 64" in explorer.alt


def test_arrays_and_tensors_are_taken() -> None:
    explorer = ScoringExplorer(query=np.array([1, 2]), key_vectors=torch.ones(3, 2, requires_grad=True))
    assert explorer.query == [1.0, 2.0]
    assert explorer.key_vectors == [[1.0, 1.0]] * 3


def test_a_layout_is_taken() -> None:
    assert ScoringExplorer(layout={"width": "50%"}).layout.width == "50%"


def test_a_further_key_is_summed_over_the_keys_that_are_there() -> None:
    explorer = ScoringExplorer(scorer="summed_distance")
    place = np.array([[1.0, -2.0]])
    distances = np.linalg.norm(np.array(explorer.key_vectors) - place, axis=1)
    assert explorer.field(place) == pytest.approx([-distances.sum()])


def test_the_extremes_are_fine() -> None:
    for scorer in SCORERS:
        for temperature in (1e-6, 1e6):
            explorer = ScoringExplorer(
                scorer=scorer,
                temperature=temperature,
                query=[0, 0],
                key_vectors=[[0, 0], [3, -3]],
                W=[[10, 10], [-10, 10]],
                gain=10,
            )
            assert np.isfinite(explorer.scores).all()
            assert explorer.weights.sum() == pytest.approx(1)
            assert "nan" not in explorer.static_svg()


def test_numbers_says_what_it_wants() -> None:
    class Holder(traitlets.HasTraits):
        numbers = Numbers([1, 2], shape=(2,), most=9, meaning="a pair")

    holder = Holder(numbers=(3, 4))
    assert holder.numbers == [3.0, 4.0]
    with pytest.raises(traitlets.TraitError, match="numbers is 'two'; it must be a pair"):
        holder.numbers = "two"


# --- the front end it carries ---------------------------------------------------------------------------------------


def test_it_carries_its_own_module_and_styles() -> None:
    state = ScoringExplorer().get_state()
    assert state["_explorer"] == "scoring"
    assert state["_esm"] == esm("scoring")
    assert state["_css"] == style_sheet("scoring")


def test_an_explorer_needs_its_own_picture_and_words() -> None:
    bare = Explorer()
    with pytest.raises(NotImplementedError):
        bare.static_svg()
    with pytest.raises(NotImplementedError):
        print(bare.alt)


# --- where nothing moves --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("scorer", SCORERS)
def test_the_still_is_small_and_the_same_every_time(scorer: str) -> None:
    first, second = ScoringExplorer(scorer=scorer).static_svg(), ScoringExplorer(scorer=scorer).static_svg()
    assert first == second
    assert len(first.encode()) <= 25_000
    root = ET.fromstring(first)
    assert root.get("role") == "img"
    assert root.find(f"{SVG}title").text == f"Attention by the {SCORERS[scorer].label} scorer"
    assert root.find(f"{SVG}desc").text == ScoringExplorer(scorer=scorer).alt
    assert " id=" not in first, "many stills may share a page"


def test_the_still_shows_the_numbers_of_core() -> None:
    explorer = ScoringExplorer(scorer="negative_distance", query=[-1, 1], temperature=0.5)
    root = ET.fromstring(explorer.static_svg())
    texts = [node.text for node in root.iter(f"{SVG}text")]
    for score, weight in zip(explorer.scores, explorer.weights, strict=True):
        assert decimal(score) in texts
        assert f"{100 * weight:.0f} %" in texts
    (mark,) = [node for node in root.iter(f"{SVG}text") if node.text == "◂"]
    (best,) = [node for node in root.iter(f"{SVG}text") if node.get("y") == mark.get("y") and node.get("x") == "0"]
    assert best.text == "abcdef"[int(np.argmax(explorer.weights))]


def at(point: list[float]) -> tuple[float, float]:
    """Where a point of the plane stands in the still."""
    x, y = point
    return (x + 3) / 6 * SIDE, (3 - y) / 6 * SIDE


def test_everything_in_the_still_stands_where_it_belongs() -> None:
    explorer = ScoringExplorer(scorer="dot", query=[-1, 2], temperature=0.5)
    plane = ET.fromstring(explorer.static_svg()).find(f"{SVG}g")
    points = [*explorer.key_vectors, explorer.query]
    discs = [(float(node.get("cx")), float(node.get("cy"))) for node in plane.iter(f"{SVG}circle")]
    np.testing.assert_allclose(discs, [at(point) for point in points], atol=0.06)
    assert [node.text for node in plane.iter(f"{SVG}text")] == [*"abcdef", "q"]
    shafts = [node for node in plane.iter(f"{SVG}path") if node.get("stroke") in (LIGHT["key"], LIGHT["query"])]
    assert [node.get("stroke") for node in shafts] == [LIGHT["key"]] * 6 + [LIGHT["query"]]
    tips = [node.get("d").removeprefix("M160 160L").split() for node in shafts]
    np.testing.assert_allclose(np.array(tips, dtype=float), [at(point) for point in points], atol=0.06)
    thick = [float(node.get("stroke-width")) for node in shafts]
    np.testing.assert_allclose(thick, [*(1 + 4 * explorer.weights), 2.5], atol=0.06)
    (mean,) = [
        node for node in plane.iter(f"{SVG}path") if node.get("stroke") == LIGHT["ink"] and node.get("fill") != "none"
    ]
    x, y = mean.get("d").removeprefix("M").partition("l")[0].split()
    np.testing.assert_allclose([float(x), float(y) + 6], at(explorer.output.tolist()), atol=0.06)


def test_the_bars_of_the_still_show_sign_and_size() -> None:
    explorer = ScoringExplorer(scorer="dot", temperature=0.5)
    bars = ET.fromstring(explorer.static_svg()).findall(f"{SVG}g")[1]
    assert "temperature 0.5" in [node.text for node in bars.iter(f"{SVG}text")]
    drawn = [re.match(r"M([\d.]+) [\d.]+h([\d.]+)v11", node.get("d")) for node in bars.iter(f"{SVG}path")]
    numbers = [[float(number) for number in found.groups()] for found in drawn if found]
    colours = [node.get("fill") for node, found in zip(bars.iter(f"{SVG}path"), drawn, strict=True) if found]
    scores = 40 * explorer.scores / np.abs(explorer.scores).max()
    np.testing.assert_allclose(numbers[::2], np.stack([56 + np.minimum(scores, 0), np.abs(scores)], axis=1), atol=0.06)
    assert colours[::2] == [DIVERGING[2] if score < 0 else DIVERGING[-3] for score in scores]
    np.testing.assert_allclose(numbers[1::2], [[166, 70 * weight] for weight in explorer.weights], atol=0.06)
    assert set(colours[1::2]) == {LIGHT["accent"]}


def test_the_still_paints_the_field() -> None:
    painted = {node.get("fill") for node in ET.fromstring(ScoringExplorer().static_svg()).iter(f"{SVG}path")}
    assert {DIVERGING[0], DIVERGING[5], DIVERGING[-1]} <= painted
    flat = ScoringExplorer(scorer="location").static_svg()
    assert DIVERGING[0] not in flat
    assert ScoringExplorer(scorer="location").field(np.zeros((1, 2))) is None


def test_the_field_runs_the_right_way_up() -> None:
    """Where the dot product with (0, 3) is highest, the top row, the still is darkest rust."""
    root = ET.fromstring(ScoringExplorer(scorer="dot", query=[0, 3]).static_svg())
    (top,) = [node for node in root.iter(f"{SVG}path") if node.get("fill") == DIVERGING[-1]]
    assert top.get("d").startswith(f"M0 0h{CELLS}v1")


def test_the_words_tell_the_state() -> None:
    explorer = ScoringExplorer(scorer="cosine", query=[0, -2])
    best = int(np.argmax(explorer.weights))
    assert "scored by the cosine scorer at temperature 1." in explorer.alt
    assert "The query points down, to (0.00, −2.00)." in explorer.alt
    x, y = explorer.key_vectors[best]
    assert best > 0
    assert f"Key {'abcdef'[best]} at ({decimal(x)}, {decimal(y)}) has the largest weight" in explorer.alt
    assert f"has the largest weight; all weights: a {100 * explorer.weights[0]:.0f} %, b" in explorer.alt
    assert LOOKS["cosine"].field in explorer.alt
    for to, where in {(2, 0): "right", (-2, 0): "left", (1, 1): "up and right", (-1, -1): "down and left"}.items():
        assert f"The query points {where}, to" in ScoringExplorer(query=to).alt
    assert set(LOOKS) == set(SCORERS)
    assert "a query and 1 key, scored" in ScoringExplorer(key_vectors=[[1, 1]]).alt
    assert "The query is zero." in ScoringExplorer(query=[0, 0]).alt


def test_the_notebook_gets_all_three() -> None:
    explorer = ScoringExplorer()
    data, _ = explorer._repr_mimebundle_()
    assert data["application/vnd.jupyter.widget-view+json"]["model_id"] == explorer.model_id
    assert data["image/svg+xml"] == explorer.static_svg()
    assert html.unescape(data["text/plain"]) == explorer.alt
