"""What the key–value explorer promises in Python: values of core, Python's dict, refusals in words, a still picture."""

import math
import xml.etree.ElementTree as ET

import numpy as np
import pytest
import traitlets

from attnbook.core.key_value import look_up
from attnbook.theme import LIGHT
from attnbook.widgets.key_value import HOURS, MOST_ROWS, READINGS, KeyValueExplorer

SVG = "{http://www.w3.org/2000/svg}"


def by_hand(explorer: KeyValueExplorer) -> tuple[float, list[float]]:
    """The answer and the weights in plain loops."""
    powers = [math.exp(-explorer.sharpness * abs(explorer.query - key)) for key in explorer.key_numbers]
    weights = [power / sum(powers) for power in powers]
    return sum(weight * value for weight, value in zip(weights, explorer.values, strict=True)), weights


def set_together(explorer: KeyValueExplorer, options: dict[str, object]) -> None:
    with explorer.hold_trait_notifications():
        for name, value in options.items():
            setattr(explorer, name, value)


def test_it_opens_between_two_keys_where_dict_fails() -> None:
    explorer = KeyValueExplorer()
    assert dict(zip(explorer.key_numbers, explorer.values, strict=True)) == dict(zip(HOURS, READINGS, strict=True))
    assert explorer.found is None
    assert 16 < explorer.answer < 22
    assert all(key != value for key, value in zip(HOURS, READINGS, strict=True)), "keys and values are two things"


def test_values_are_computed_by_core_at_every_change() -> None:
    explorer = KeyValueExplorer()
    for name, value in (
        ("query", 12),
        ("sharpness", 0.05),
        ("key_numbers", np.array([1, 2, 3, 4, 5, 6.5])),
        ("values", [24, 0, 12, 12, 3, 1]),
        ("query", 24),
    ):
        setattr(explorer, name, value)
        answer, weights = by_hand(explorer)
        assert explorer.answer == pytest.approx(answer)
        assert explorer.weights == pytest.approx(weights)
    keys, values = np.array(explorer.key_numbers)[:, None], np.array(explorer.values)[:, None]
    output, _ = look_up(np.array([[24.0]]), keys, values, sharpness=0.05)
    assert explorer.answer == output[0, 0]


def test_values_move_no_weight_and_keys_do() -> None:
    explorer = KeyValueExplorer()
    weights, answer = explorer.weights.tolist(), explorer.answer
    explorer.values = READINGS[::-1]
    assert explorer.weights.tolist() == weights
    assert explorer.answer != answer
    explorer.key_numbers = HOURS[::-1]
    assert explorer.weights.tolist() == pytest.approx(weights[::-1])


def test_sharp_and_on_a_key_it_is_the_dict() -> None:
    for key, value in zip(HOURS, READINGS, strict=True):
        explorer = KeyValueExplorer(query=key, sharpness=20)
        assert explorer.found == value
        assert explorer.answer == pytest.approx(value)


def test_of_a_key_that_is_there_twice_dict_has_the_last_only() -> None:
    explorer = KeyValueExplorer(key_numbers=[9, 9, 20], values=[4, 8, 20], query=9, sharpness=20)
    assert explorer.found == 8
    assert explorer.answer == pytest.approx(6)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"key_numbers": [], "values": []}, "has 0 entries; it may have 1 to 8"),
        ({"key_numbers": [1, 2]}, "key_numbers has 2 entries but values has 6: each key needs exactly one value"),
        ({"values": [1] * 7}, "values has 7 entries but key_numbers has 6: each key needs exactly one value"),
        ({"key_numbers": [1] * 9, "values": [1] * 9}, "has 9 entries; it may have 1 to 8"),
        ({"sharpness": 0}, "sharpness is 0; it must be a number from 1e-06 to 1000000"),
        ({"sharpness": -1}, "sharpness is -1; it must be a number"),
        ({"sharpness": math.nan}, "sharpness is nan; it must be a number"),
        ({"query": 25}, "query is 25; it must be a number from 0 to 24"),
        ({"key_numbers": [1, 2, 3, 4, 5, "six"]}, r"key_numbers\[5\] is 'six'; it must be a number from 0 to 24"),
        ({"values": np.full(6, np.inf)}, r"values\[0\] is inf; it must be a number from 0 to 24"),
    ],
)
def test_what_makes_no_dictionary_is_refused_and_changes_nothing(options: dict[str, object], told: str) -> None:
    with pytest.raises(traitlets.TraitError, match=told):
        KeyValueExplorer(**options)
    explorer = KeyValueExplorer(query=7)
    with pytest.raises(traitlets.TraitError, match=told):
        set_together(explorer, options)
    assert (explorer.key_numbers, explorer.values) == (HOURS, READINGS)
    assert (explorer.query, explorer.sharpness) == (7, 0.7)
    assert explorer.answer == pytest.approx(by_hand(explorer)[0])


def test_rows_come_and_go_together() -> None:
    explorer = KeyValueExplorer()
    with explorer.hold_trait_notifications():
        explorer.key_numbers, explorer.values = [3], [7]
    assert (explorer.answer, explorer.weights.tolist()) == (7, [1])
    with explorer.hold_trait_notifications():
        explorer.key_numbers, explorer.values = [3] * MOST_ROWS, list(range(MOST_ROWS))
    assert explorer.answer == pytest.approx(3.5)


def test_the_picture_and_the_words_say_what_both_answer() -> None:
    explorer = KeyValueExplorer()
    root = ET.fromstring(explorer.static_svg())
    words = [node.text for node in root.iter(f"{SVG}text")]
    assert {"dict: KeyError: 13", "soft: 17.3\u00a0°C", "59 %", "29 %"} <= set(words)
    assert "Python's dict answers KeyError: 13, and the soft dictionary 17.3\u00a0°C" in explorer.alt
    assert "key 12 with value 16 has 59 %" in explorer.alt
    threads = [path for path in root.iter(f"{SVG}path") if path.get("stroke") == LIGHT["accent"]]
    assert len(threads) == 3 * sum(explorer.weights >= 0.005)
    explorer.query = 15
    assert "dict: 22\u00a0°C" in explorer.static_svg()
    explorer.values = explorer.key_numbers
    assert "dict: 15\u00a0h" in explorer.static_svg()
