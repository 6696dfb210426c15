"""What the selection bench promises in Python: values of core, draws that repeat, refusals, a still picture."""

from __future__ import annotations

import math
import xml.etree.ElementTree as ET

import numpy as np
import pytest
import traitlets

from attnbook import core
from attnbook.core.local import local_p
from attnbook.core.soft_hard import hardmax, sample
from attnbook.data.draws import uniform
from attnbook.widgets.soft_hard import MOST_DRAWS, SelectionExplorer
from attnbook.widgets.svg import percent

SVG = "{http://www.w3.org/2000/svg}"
SOFT, SAMPLED, HARD, LOCAL = range(4)


def test_weights_and_answers_are_those_of_core_at_every_change() -> None:
    explorer = SelectionExplorer()
    for name, value in {
        "scores": [1, 2, -3, 0.5], "temperature": 0.3, "draws": 37, "seed": 9, "place": 0.4, "reach": 1.5,
        "values": [1, -1, 0.5, 0.25],
    }.items():  # fmt: skip
        setattr(explorer, name, value)
        scores, values = np.array(explorer.scores), np.array(explorer.values[: len(explorer.scores)])
        soft = core.softmax(scores, temperature=explorer.temperature)
        local = local_p(scores[None] / explorer.temperature, np.array([explorer.place]), reach=explorer.reach)[0]
        np.testing.assert_array_equal(explorer.weights[SOFT], soft)
        np.testing.assert_array_equal(explorer.weights[HARD], hardmax(scores))
        np.testing.assert_array_equal(explorer.weights[LOCAL], local)
        np.testing.assert_array_equal(explorer.answers, explorer.weights @ values)
        if explorer.draws:
            drawn = sample(soft, uniform(explorer.seed, explorer.draws))
            np.testing.assert_allclose(explorer.weights[SAMPLED], drawn.mean(axis=0))


def test_the_mean_of_the_draws_comes_nearer_to_the_soft_answer() -> None:
    """Over 200 seeds: with a hundred times as many draws it is about ten times as near."""
    few, many = (
        np.array([np.diff(SelectionExplorer(draws=n, seed=seed).answers[:2])[0] for seed in range(200)])
        for n in (10, MOST_DRAWS)
    )
    assert 7 < np.sqrt((few**2).mean() / (many**2).mean()) < 14
    assert abs(many.mean()) < 0.01


def test_the_opening_poses_its_question() -> None:
    """Two words compete, no draw says what soft attention says, and the window does not see the bad one."""
    explorer = SelectionExplorer()
    assert explorer.draws == 0
    assert explorer.weights[SOFT].round(2)[[3, 7]].tolist() == [0.3, 0.45]
    assert min(abs(value - explorer.answers[SOFT]) for value in explorer.values) > 0.01
    assert explorer.answers[HARD] == 0.9
    assert explorer.answers[LOCAL] > 0.4
    assert SelectionExplorer(place=3).answers[LOCAL] < -0.4


def test_more_draws_keep_the_first_ones_and_a_seed_repeats_them() -> None:
    one, two = (SelectionExplorer(draws=n, seed=5).weights[SAMPLED] * n for n in (10, 30))
    assert (two - one > -1e-9).all()
    np.testing.assert_array_equal(SelectionExplorer(draws=30, seed=5).weights[SAMPLED] * 30, two)


def test_words_and_values_may_be_missing() -> None:
    explorer = SelectionExplorer(sentence="yes", scores=[0, 0, 0], values=[0.5])
    assert explorer.names == ["yes", "2", "3"]
    assert explorer.answers[SOFT] == pytest.approx(0.5 / 3)
    assert SelectionExplorer(sentence="").names == [str(i + 1) for i in range(8)]
    assert SelectionExplorer(scores=[1]).names == ["the"]


def test_a_window_without_a_word_says_nothing() -> None:
    explorer = SelectionExplorer(place=6.5, reach=0.2)
    assert explorer.weights[LOCAL].tolist() == [0] * 8
    assert "local attention reads 0 around place 6.5" in explorer.alt


def test_before_the_first_draw_there_is_no_answer() -> None:
    assert SelectionExplorer().rows()[-1] == ["answer", "", "", "+0.18", "–", "+0.90", "+0.44"]
    assert SelectionExplorer(draws=1).rows()[-1][4] == "−0.80"


@pytest.mark.parametrize(
    ("option", "value", "message"),
    [
        ("scores", [], "scores has shape (0,); it must be 1 to 10 numbers, one for each word"),
        ("scores", [0] * 11, "scores has shape (11,); it must be 1 to 10 numbers"),
        ("scores", [4], "scores must hold numbers from −3 to 3, but has 4"),
        ("scores", [math.nan], "scores must hold numbers from −3 to 3, but has nan"),
        ("values", [0, 1.5], "values must hold numbers from −1 to 1, but has 1.5"),
        ("temperature", 0, "temperature is 0; it must be a number from 0.001 to 1000"),
        ("temperature", -1, "temperature is -1; it must be a number from"),
        ("reach", 0, "reach is 0; it must be a number from 0.1 to 20"),
        ("reach", -2, "reach is -2; it must be a number from"),
        ("draws", 1.5, "draws is 1.5; it must be a whole number from 0 to 1000"),
        ("seed", -1, "seed is -1; it must be a whole number from 0 to 4294967295"),
        ("sentence", 3, "sentence is 3; it must be a text"),
    ],
)  # fmt: skip
def test_bad_values_are_refused_and_the_last_good_ones_stay(option: str, value: object, message: str) -> None:
    explorer = SelectionExplorer(draws=10)
    before, weights = getattr(explorer, option), explorer.weights
    with pytest.raises(traitlets.TraitError) as caught:
        setattr(explorer, option, value)
    assert message in str(caught.value)
    assert getattr(explorer, option) == before
    assert explorer.weights is weights


def test_the_still_shows_words_weights_and_answers() -> None:
    explorer = SelectionExplorer(draws=100, sentence="an immeasurably long word <b> & so on")
    texts = [node.text for node in ET.fromstring(explorer.static_svg()).iter(f"{SVG}text")]
    assert any(text.startswith("imm") and text.endswith("…") for text in texts)
    for told in explorer.told():
        assert told in texts
    assert percent(explorer.weights[SOFT][7]) == "45 %"
    assert "100 draws have the mean +0.12" in explorer.alt
    assert "nothing has been drawn yet" in SelectionExplorer().alt
