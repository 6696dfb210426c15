"""Every mechanism, put together from four choices, is what its own chapter computes; and bad choices are refused."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from tests.budgets import CHAPTERS

from attnbook.core import attend as plain_attend
from attnbook.core import landscape, mechanisms, scaled_dot, scoring, trials
from attnbook.core.mechanisms import FITS, MECHANISMS, gap
from attnbook.core.trials import TRIALS

# What the table calls the functions of core/landscape.py; those that are made by another function, by its name.
CALLED = {
    "select": {"everything": "all", "allowed": ("mask", "window"), "best": "best", "drawn": "drawn"},
    "normalise": {"share": "softmax", "with_sink": "softmax with a sink", "gates": "gates", "divide": "divide",
        "powers": "powers", "as_it_is": "as it is"},
    "read": {"average": "average", "each_by_itself": "each by itself", "the_weights": "the weights"},
}  # fmt: skip
DEFAULT = {"select": landscape.everything, "normalise": landscape.share, "read": landscape.average}


@pytest.mark.parametrize("name", list(TRIALS))
def test_a_mechanism_put_together_is_its_chapters_own(name: str) -> None:
    assert max(gap(name, seed=seed) for seed in range(10)) < 1e-13


@pytest.mark.parametrize("name", list(TRIALS))
def test_the_table_names_the_choices_that_were_made(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[dict[str, Any]] = []

    def assemble(*given: Any, **choices: Any) -> Any:
        made.append({**DEFAULT, **choices})
        return landscape.assemble(*given, **choices)

    monkeypatch.setattr(trials, "assemble", assemble)
    gap(name, seed=0)
    mechanism = MECHANISMS[name]
    assert (len(made) > 1) == (mechanism.fits == "several" and name != "max pooling")  # which takes all windows at once
    for choices in made:
        for kind, called in CALLED.items():
            function = choices[kind].__qualname__.split(".")[0]
            if function in called:
                assert getattr(mechanism, kind) in called[function] or getattr(mechanism, kind) == called[function]
            else:
                assert getattr(mechanism, kind) not in str(called.values()), "a choice of its own has a name of its own"
        if (score := choices["score"]) in (scoring.dot, scoring.scaled_dot):
            assert mechanism.score in ("given", score.__name__.replace("_", " ").replace("dot", "dot product"))


def test_every_mechanism_has_a_trial_or_a_reason() -> None:
    assert {name for name, one in MECHANISMS.items() if one.fits != "none"} == TRIALS.keys()
    assert all(one.note for one in MECHANISMS.values() if one.fits != "one")
    assert all(one.fits in FITS for one in MECHANISMS.values())
    assert {one.chapter for one in MECHANISMS.values()} >= CHAPTERS.keys() - {"landscape", "transformer", "alignment"}


def test_what_is_no_attention_has_nothing_to_compare() -> None:
    with pytest.raises(ValueError, match=r"'REINFORCE': It is a rule of training"):
        gap("REINFORCE", seed=0)
    with pytest.raises(ValueError, match=r"'softmx': there are plain average, "):
        gap("softmx", seed=0)


def test_a_trial_that_differs_has_a_gap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mechanisms, "TRIALS", {"x": lambda draw: (np.ones(2), np.array([1.0, 1.5]))})
    assert mechanisms.gap("x", seed=0) == 0.5
    monkeypatch.setattr(mechanisms, "TRIALS", {"x": lambda draw: (np.ones(2), np.ones((2, 1)))})
    with pytest.raises(ValueError, match="shape"):
        mechanisms.gap("x", seed=0)


@pytest.mark.parametrize("kind", [np.asarray, torch.tensor])
def test_three_choices_made_are_the_books_attend(kind: Any) -> None:
    rng = np.random.default_rng(1)
    q, k, v = (kind(rng.normal(size=shape)) for shape in [(2, 3, 4), (2, 5, 4), (2, 5, 2)])
    mask = kind(rng.random((2, 3, 5)) < 0.7)
    made = landscape.assemble(q, k, v, score=scaled_dot, select=landscape.allowed(mask))
    for one, other in zip(made, plain_attend(scaled_dot(q, k), v, mask=mask), strict=True):
        np.testing.assert_array_equal(np.asarray(one), np.asarray(other))


@pytest.mark.parametrize(
    ("choice", "words"),
    [
        (lambda: landscape.divide(-np.ones((1, 2)), np.ones((1, 2), dtype=bool)), "some scores are negative"),
        (lambda: landscape.average(np.ones((1, 2)), np.ones((3, 1))), "there are 2 weights but 3 values"),
        (lambda: landscape.each_by_itself(np.ones((2, 3)), np.ones((3, 1))), "there are 2 queries"),
        (lambda: landscape.allowed(np.ones((2, 3)))(np.ones((2, 3))), "mask"),
    ],
)
def test_bad_choices_are_refused_in_words(choice: Any, words: str) -> None:
    with pytest.raises((ValueError, TypeError), match=words):
        choice()


def test_the_timeline_has_the_years_of_its_sources() -> None:
    page = (Path(__file__).resolve().parents[2] / "book" / "13_landscape.md").read_text(encoding="utf-8")
    works = re.findall(r'"([^"]+)": (\d{4})\b', page.partition("works = {")[2].partition("}\n")[0])
    sources = page.partition("The sources, in the same order: ")[2].partition("\n")[0].rstrip(".").split("; ")
    cited = [re.findall(r"\w+?(\d{4})`", each) for each in sources]
    assert len(works) == len(cited) == 31
    assert [{year} for _, year in works] == [set(years) for years in cited]
