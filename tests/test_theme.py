"""The colours can be read and told apart, and the maps run evenly: measured, not believed."""

import itertools
import re
from pathlib import Path

import numpy as np
import pytest

from attnbook import theme, widgets

# What a reader without one kind of cone sees, in linear light (Machado, Oliveira and Fernandes 2009, severity 1).
EYES = {
    "trichromat": np.eye(3),
    "deuteranope": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "protanope": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "tritanope": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}
TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
MAPS = {
    "sequential": (theme.SEQUENTIAL, theme.LIGHT),
    "sequential dark": (theme.SEQUENTIAL_DARK, theme.DARK),
    "diverging": (theme.DIVERGING, theme.LIGHT),
    "diverging dark": (theme.DIVERGING_DARK, theme.DARK),
}
both_themes = pytest.mark.parametrize("colours", [theme.LIGHT, theme.DARK], ids=["light", "dark"])


def light_of(colour: str) -> np.ndarray:
    """The red, green and blue light of a colour, each from 0 to 1."""
    signal = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(signal <= 0.04045, signal / 12.92, ((signal + 0.055) / 1.055) ** 2.4)


def lab(colour: str, eye: str = "trichromat") -> np.ndarray:
    """L*, a*, b* (CIE 1976, white point D65) as an eye sees the colour."""
    xyz = TO_XYZ @ np.clip(EYES[eye] @ light_of(colour), 0, 1) / TO_XYZ.sum(axis=1)
    x, y, z = np.where(xyz > (6 / 29) ** 3, np.cbrt(xyz), xyz / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def contrast(one: str, other: str) -> float:
    """The contrast ratio of WCAG 2."""
    dark, bright = sorted(float(light_of(colour) @ [0.2126, 0.7152, 0.0722]) for colour in (one, other))
    return (bright + 0.05) / (dark + 0.05)


def test_the_measures_themselves() -> None:
    np.testing.assert_allclose(lab("#ffffff"), [100, 0, 0], atol=0.02)
    np.testing.assert_allclose(lab("#ff0000"), [53.24, 80.09, 67.20], atol=0.05)
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_light_and_dark_name_the_same_colours() -> None:
    assert list(theme.LIGHT) == list(theme.DARK)
    for colour in [
        *theme.LIGHT.values(),
        *theme.DARK.values(),
        *itertools.chain(*(stops for stops, _ in MAPS.values())),
    ]:
        assert re.fullmatch("#[0-9a-f]{6}", colour)


@both_themes
def test_text_reads_on_its_paper(colours: dict[str, str]) -> None:
    assert contrast(colours["ink"], colours["paper"]) >= 7
    for name in ("muted", "accent", "query", "key", "value", "good", "bad"):
        assert contrast(colours[name], colours["paper"]) >= 4.5, name


def test_every_pair_of_the_explorers_is_measured() -> None:
    """A text that has no ground in its own rule stands on the paper."""
    css = "\n".join(path.read_text(encoding="utf-8") for path in Path(widgets.__file__).parent.rglob("*.css"))
    pairs = set()
    for declarations in re.findall(r"\{([^{}]*)\}", css):
        texts, grounds = (
            re.findall(rf"(?<![\w-]){name}: var\(--attn-(\w+)\)", declarations) for name in ("color", "background")
        )
        pairs |= {(text, ground) for text in texts for ground in grounds or ["paper"]}
    pairs.remove(("paper", "paper"))  # the letters on handles, whose colours are measured above
    assert {("ink", "paper"), ("muted", "paper"), ("paper", "ink")} <= pairs
    for colours in (theme.LIGHT, theme.DARK):
        for text, ground in pairs:
            assert contrast(colours[text], colours[ground]) >= 4.5, (text, ground)


@both_themes
@pytest.mark.parametrize("eye", EYES)
def test_query_key_and_value_are_told_apart_by_every_eye(colours: dict[str, str], eye: str) -> None:
    for one, other in itertools.combinations(("query", "key", "value"), 2):
        assert np.linalg.norm(lab(colours[one], eye) - lab(colours[other], eye)) > 20, (one, other)


@pytest.mark.parametrize("name", [name for name in MAPS if name.startswith("sequential")])
def test_sequential_lightness_runs_evenly_from_the_paper(name: str) -> None:
    stops, colours = MAPS[name]
    lightness = np.array([lab(stop)[0] for stop in stops])
    steps = np.diff(lightness)
    assert stops[0] == colours["paper"]
    assert abs(lightness[-1] - lightness[0]) > 60
    assert (steps < 0).all() or (steps > 0).all()
    assert np.abs(steps).max() < 1.6 * np.abs(steps).min()


@pytest.mark.parametrize("name", [name for name in MAPS if name.startswith("diverging")])
@pytest.mark.parametrize("eye", EYES)
def test_diverging_lightness_runs_evenly_to_both_sides(name: str, eye: str) -> None:
    stops, colours = MAPS[name]
    middle = len(stops) // 2
    assert len(stops) % 2 == 1
    assert stops[middle] == colours["paper"]
    seen = np.array([lab(stop, eye) for stop in stops])
    below, above = seen[middle::-1], seen[middle:]
    for side in (below, above):
        steps = np.diff(side[:, 0])
        assert (steps < 0).all() or (steps > 0).all()
        assert np.abs(steps).max() < 2 * np.abs(steps).min()
    if eye == "trichromat":
        assert np.abs(below[:, 0] - above[:, 0]).max() < 6  # the two sides weigh the same
    # The same distance below and above zero never looks the same.
    assert np.linalg.norm(below[1:] - above[1:], axis=-1).min() > 15
