"""The SimAM painter in Python: what can be a channel, what is told of a place, the picture."""

import re

import numpy as np
import pytest
import traitlets

from attnbook.core.simam import minimal_energy
from attnbook.widgets.painted import SIGNS, read, written
from attnbook.widgets.simam import PICTURES, SIDE, SimamExplorer


def test_a_channel_is_kept_in_steps_of_two_hundredths() -> None:
    values = np.linspace(0, 1, SIDE**2).reshape(SIDE, SIDE)
    explorer = SimamExplorer(channel=values)
    assert np.abs(explorer.values - values).max() <= 0.01 + 1e-12
    assert SimamExplorer(channel=explorer.channel).values.tolist() == explorer.values.tolist()
    assert written(read(SIGNS * 11 + SIGNS[:15])) == SIGNS * 11 + SIGNS[:15]


@pytest.mark.parametrize(
    ("channel", "told"),
    [
        (np.zeros((3, 3)), "channel has shape"),
        (np.full((SIDE, SIDE), 1.5), "channel goes from 1.5 to 1.5; it must be 24 × 24 numbers from 0 to 1"),
        (np.full((SIDE, SIDE), np.nan), "channel goes from nan to nan"),
        ("abc", "channel is 'abc'; it must be 24 × 24 numbers from 0 to 1"),
    ],
)
def test_what_is_no_channel_is_refused(channel: object, told: str) -> None:
    explorer = SimamExplorer()
    with pytest.raises(traitlets.TraitError, match=told):
        explorer.channel = channel
    assert explorer.channel == PICTURES["stripes"]


def test_the_opening_has_one_answer_and_it_is_no_odd_patch() -> None:
    explorer = SimamExplorer()
    best = np.argwhere(explorer.gates > explorer.gates.max() - 1e-9)
    assert best.tolist() == [[y, x] for y in (18, 19, 20) for x in (17, 18, 19)]
    assert (explorer.values[6:9, 4:7] == 0.7).all()
    assert (explorer.gates[6:9, 4:7] < explorer.gates[6, 0]).all()


def test_far_from_the_mean_counts_bright_or_dark_wherever() -> None:
    dark = 1 - read(PICTURES["dot"])
    found = [SimamExplorer(channel=each).gates for each in (PICTURES["dot"], dark, PICTURES["dot"][::-1])]
    assert np.allclose(found[0], found[1])
    assert np.allclose(found[0].ravel()[::-1], found[2].ravel())
    assert all(np.ptp(SimamExplorer(channel=PICTURES[name]).gates) < 1e-6 for name in ("checkers", "flat"))


def test_one_mean_for_all_is_a_choice() -> None:
    explorer = SimamExplorer(channel=PICTURES["dot"], place=8 * SIDE + 15)
    assert explorer.readout()[2] == "e* = 0.001, 1/e* = 900.50, gate 1.000"
    explorer.mean = "all"
    assert explorer.readout()[2] == "one mean for all: e* = 0.008, 1/e* = 124.21, gate 1.000"


def test_the_still_has_the_channel_in_grey_and_the_gates_in_blue() -> None:
    _, channel, gates = SimamExplorer().static_svg().split('<g transform="translate(')
    grey = [[len(set(rgb)) == 1 for rgb in re.findall('fill="#(..)(..)(..)"', part)] for part in (channel, gates)]
    assert [all(grey[0]), any(grey[1])] == [True, False]


def test_a_rare_number_at_the_mean_weighs_least() -> None:
    values = read(PICTURES["checkers"])
    values[3, 4] = 0.5
    gates = SimamExplorer(channel=values).gates
    assert (gates[3, 4] < np.delete(gates, 3 * SIDE + 4)).all()


def test_no_gate_is_below_that_of_a_flat_channel() -> None:
    rng = np.random.default_rng(0)
    for n in range(50):
        explorer = SimamExplorer(channel=rng.random((SIDE, SIDE)) ** (n / 10), penalty=10 ** rng.uniform(-5, 1))
        assert explorer.gates.min() >= 1 / (1 + np.exp(-0.5)) - 1e-12


def test_what_is_told_of_a_place() -> None:
    explorer = SimamExplorer(place=19 * SIDE + 17)
    explorer.penalty = 0.1
    energy = minimal_energy(explorer.values, penalty=0.1)[19, 17]
    assert explorer.readout()[2] == f"e* = {energy:.3f}, 1/e* = {1 / energy:.2f}, gate {explorer.gates[19, 17]:.3f}"
    assert explorer.readout()[0] in explorer.alt
    assert explorer.readout()[0] in explorer.static_svg()
    assert [row[:2] for row in explorer.rows()] == [["0.24", "9"], ["0.40", "270"], ["0.70", "297"]]
