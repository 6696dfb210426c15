"""The run of Chapter 3 that is too long for its page gives the results that the page holds."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

PAGE = Path(__file__).resolve().parents[2] / "book" / "03_alignment.md"
CELLS = [
    re.sub(r"^(---\n.*?^---\n|:tags:.*?\n)", "", cell, flags=re.MULTILINE | re.DOTALL)
    for cell in re.findall(r"^```\{code-cell\}.*?\n(.*?)^```$", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)
]
NEEDED = ("import numpy", "train = phrases", "def make(", "def learn(", "def accuracy(")


def names(start: str, among: dict[str, Any]) -> dict[str, Any]:
    """Run the one cell of the page that has this line."""
    (cell,) = [cell for cell in CELLS if re.search(rf"^{re.escape(start)}", cell, re.MULTILINE)]
    cell = re.sub(r"^results.*?\n(?!\s)", "", cell, flags=re.MULTILINE | re.DOTALL)
    exec(cell, among)
    return among


@pytest.mark.slow
@pytest.mark.parametrize(("attention", "told"), [(False, "longer"), (True, "longer_attending")])
def test_longer_training_gives_what_the_page_says(attention: bool, told: str) -> None:
    page: dict[str, Any] = {}
    for start in NEEDED:
        names(start, page)
    (line,) = re.findall(rf"^# (learn\(make\(attention={attention}.*?steps=4_000\))", "\n".join(CELLS), re.MULTILINE)
    model = eval(line, page)
    measured = np.array([page["accuracy"](model, page["tests"][n]) for n in page["lengths"]])
    apart = np.abs(measured - names("longer = ", page)[told])
    # Processors differ in the last digit of a sum, and a training carries that far.
    assert apart[:, 0].max() < 0.05
    assert apart[:, 1].max() < 0.15
