"""The channel mixer in Python: pictures as texts and in channels, the block by hand, refusals, the still."""

from __future__ import annotations

import base64
import io
import re

import numpy as np
import pytest
import torch
import traitlets
from PIL import Image

from attnbook.core import channel
from attnbook.core.spatial import ORDERS
from attnbook.widgets.channel import ChannelExplorer, examples
from attnbook.widgets.mosaic import CHANNELS, SIDE, image_of, split, written

NAMES = list(CHANNELS)
PICTURES = ("scene", "china", "flower")


def painted(maps: np.ndarray) -> np.ndarray:
    """The picture that channels sum to."""
    return np.einsum("cyx,cd->yxd", maps, list(CHANNELS.values()))


def test_the_channels_sum_to_the_picture() -> None:
    rng = np.random.default_rng(0)
    for image in (rng.random((5, 4, 3)), np.zeros((2, 2, 3)), np.ones((2, 2, 3)), image_of(examples()["flower"])):
        maps = split(image)
        assert (maps >= 0).all()
        np.testing.assert_allclose(painted(maps), image, atol=1e-12)
        np.testing.assert_allclose(maps.sum(axis=0), image.max(axis=-1), atol=1e-12)


def test_a_picture_of_any_size_becomes_a_text() -> None:
    rng = np.random.default_rng(1)
    levels = rng.integers(64, size=(SIDE, SIDE, 3))
    for times in (1, 3):
        large = levels.repeat(times, axis=0).repeat(times, axis=1) / 63
        assert (image_of(written(large)) * 63).round().astype(int).tolist() == levels.tolist()
    wide = np.zeros((100, 260, 3))
    wide[:, 80:180] = [1.0, 0.5, 0.0]  # the square in its middle
    assert {tuple(pixel) for pixel in (image_of(written(wide)) * 63).round().reshape(-1, 3).tolist()} == {(63, 32, 0)}
    assert image_of(written(rng.random((7, 5, 3)))).shape == (SIDE, SIDE, 3)
    assert not image_of("").any()


def test_it_takes_an_array_or_a_tensor_and_refuses_the_rest() -> None:
    explorer = ChannelExplorer(picture="own")
    assert not explorer.means.any()
    explorer.own = torch.ones(60, 80, 3) * 0.25
    assert explorer.means.round(2).tolist() == [0, 0, 0, 0, 0, 0, 0.25, 0]
    before = explorer.own
    for wrong, message in (
        (np.zeros((9, 9)), "own is no picture: image has shape (9, 9) but must have shape (…, y, x, 3)"),
        (np.full((9, 9, 3), 255), "own is no picture: image reaches from 255 to 255 but must stay between 0 and 1"),
        (np.full((9, 9, 3), np.nan), "own is no picture: image contain NaN"),
        (np.zeros((2, 9, 9, 3)), "own is no picture"),
        (np.array("flower"), "own is no picture"),
        (7, "own is 7; it must be a text"),
    ):
        with pytest.raises(traitlets.TraitError, match=re.escape(message)):
            explorer.own = wrong
        assert explorer.own == before


def test_at_the_opening_yellow_is_left_because_there_is_blue() -> None:
    explorer = ChannelExplorer()
    gates, means = dict(zip(NAMES, explorer.gates, strict=True)), dict(zip(NAMES, explorer.means, strict=True))
    assert gates["yellow"] > 0.9
    assert max(gates[name] for name in ("red", "green", "blue")) < 0.1
    assert means["yellow"] < min(means[name] for name in ("red", "green", "blue"))
    image = image_of(examples()["scene"])
    image[image[..., 2] > image[..., :2].max(axis=-1) + 0.1] = 0.5  # without its blue things
    without = ChannelExplorer(picture="own", own=image)
    assert without.gates[NAMES.index("yellow")] < 0.1
    for rule, end in (("shut", np.argmin), ("open", np.argmax)):
        assert NAMES[end(ChannelExplorer(rule=rule).gates)] in ("green", "grey")


def test_the_block_is_that_of_core() -> None:
    explorer = ChannelExplorer(picture="china", reduction=3, push=np.linspace(-2, 2, 8))
    weights = explorer.weights()
    assert weights["w_1"].sum(axis=1).tolist() == [3, 3, 0.4]
    gates = channel.excite(channel.squeeze(explorer.maps), **weights)
    np.testing.assert_array_equal(explorer.gates, gates)
    np.testing.assert_array_equal(explorer.output, channel.scale(explorer.maps, gates))
    explorer.kind = "sink"
    np.testing.assert_array_equal(explorer.gates, channel.softmax_gates(explorer.scores, sink=0.0))
    explorer.push = [-30] * 8
    assert explorer.gates.sum() < 1e-8
    explorer.kind = "softmax"
    assert explorer.gates.sum() == pytest.approx(1)


@pytest.mark.parametrize("picture", PICTURES)
def test_gates_do_not_see_where_and_the_mask_not_what(picture: str) -> None:
    start = ChannelExplorer(picture=picture, mask="parallel")
    shuffled = ChannelExplorer(picture=picture, mask="parallel", shuffle=7)
    turned = ChannelExplorer(picture=picture, mask="parallel", turn=2)
    np.testing.assert_allclose(shuffled.gates, start.gates, atol=1e-12)
    assert np.abs(shuffled.places - start.places).max() > 0.3
    np.testing.assert_allclose(turned.places, start.places, atol=1e-12)
    np.testing.assert_allclose(turned.means[:6], np.roll(start.means[:6], 2))
    assert sorted(map(tuple, painted(shuffled.maps).reshape(-1, 3).round(9).tolist())) == sorted(
        map(tuple, painted(start.maps).reshape(-1, 3).round(9).tolist())
    )


def test_masks_differ_by_their_turn() -> None:
    found = {order: ChannelExplorer(mask=order) for order in ORDERS}
    first, spatial, parallel = found.values()
    np.testing.assert_array_equal(spatial.places, parallel.places)
    np.testing.assert_array_equal(first.gates, parallel.gates)
    assert np.abs(first.places - parallel.places).max() > 0.1
    assert np.abs(spatial.gates - parallel.gates).max() > 0.1
    for each in found.values():
        np.testing.assert_allclose(each.output, each.places * channel.scale(each.maps, each.gates))


def test_units_that_share_a_channel_share_its_gate() -> None:
    for r in range(1, 9):
        gates = ChannelExplorer(reduction=r, rule="shut").gates
        for unit in range(-(-8 // r)):
            assert np.ptp(gates[unit * r : (unit + 1) * r]) < 1e-12
    assert np.ptp(ChannelExplorer(reduction=8).gates) < 1e-12


def test_the_still_shows_the_pictures_and_tells_the_gates() -> None:
    explorer = ChannelExplorer(mask="parallel", turn=1, shuffle=3)
    images = [
        np.asarray(Image.open(io.BytesIO(base64.b64decode(data)))) / 255
        for data in re.findall(r"base64,([^\"]+)", explorer.static_svg())
    ]
    for image, maps in zip(images, (explorer.maps, explorer.output), strict=True):
        np.testing.assert_allclose(image, painted(maps), atol=0.51 / 255)
    assert "grey 5 %" in explorer.alt
    assert "places shuffled, colours turned" in explorer.alt
    assert f"each place too, parallel: 0 % to {100 * explorer.places.max():.0f} % open" in explorer.alt
    assert "each place" not in ChannelExplorer().alt
    assert [row[0] for row in explorer.rows()] == NAMES
