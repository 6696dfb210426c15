"""What JavaScript knows of Python's declarations is what Python declares."""

from __future__ import annotations

from pathlib import Path

import pytest
import traitlets

import facts
from attnbook.widgets.declare import Flags, OneOf, Option, Ranged, Words


def test_the_files_are_fresh() -> None:
    stale = facts.stale(facts.generate(facts.ROOT))
    assert not stale, f"run `make facts`: {[path.name for path in stale]} are not what Python declares"


def test_what_is_stale_or_declared_by_nobody_is_named(tmp_path: Path) -> None:
    texts = {tmp_path / "theme.js": "// new"}
    (tmp_path / "theme.js").write_text("// old")
    (tmp_path / "gone.js").write_text("// nobody's")
    assert facts.stale(texts, tmp_path) == [tmp_path / "theme.js", tmp_path / "gone.js"]


class Holder(traitlets.HasTraits):
    share = Ranged(0, 10, 1, slider=(0, 4), unit="°", label="Share")
    count = Ranged(1, 8, 2, whole=True)
    kind = OneOf({"dot": Option("dot product", "qᵀ k_i"), "cosine": "cosine"}, "dot")
    may = Flags([True], length=(1, 3))
    words = Words(most=5)


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("share", "much", "share is 'much'; it must be a number from 0 to 10"),
        ("share", float("nan"), "share is nan; it must be a number from 0 to 10"),
        ("share", 10.5, "share is 10.5"),
        ("share", True, "share is True"),
        ("count", 1.5, "count is 1.5; it must be a whole number from 1 to 8"),
        ("kind", "dots", "kind is 'dots': did you mean 'dot'?"),
        ("kind", "xyz", "kind is 'xyz': it must be one of dot, cosine"),
        ("may", [1], "may is [1]; it must be 1 to 3 times True or False"),
        ("may", [True] * 4, "it must be 1 to 3 times"),
        ("words", 3, "words is 3; it must be a text"),
        ("words", "abcdef", "words has 6 letters; 5 are the most"),
    ],
)
def test_a_declaration_says_what_it_refuses(name: str, value: object, message: str) -> None:
    holder = Holder()
    before = getattr(holder, name)
    with pytest.raises(traitlets.TraitError) as caught:
        setattr(holder, name, value)
    assert message in str(caught.value)
    assert getattr(holder, name) == before


def test_a_declaration_tells_its_limits() -> None:
    told = {name: trait.facts() for name, trait in Holder().traits().items()}
    assert told["share"] == {
        "kind": "ranged", "label": "Share", "least": 0, "most": 10, "step": 0.05, "from": 0, "to": 4, "unit": "°",
    }  # fmt: skip
    assert told["count"]["whole"] is True
    assert told["kind"]["options"] == {
        "dot": {"label": "dot product", "formula": "qᵀ k_i"},
        "cosine": {"label": "cosine"},
    }
    assert told["may"]["length"] == (1, 3)
    assert told["words"]["most"] == 5
